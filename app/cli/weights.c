/* SPDX-License-Identifier: GPL-3.0-or-later */
/* weights: the public files that networks can start from. */
#include "cli.h"
#include <math.h>

static struct
{
  gboolean json;
} opt;

static const GOptionEntry options[] = {
  { "json", 0, 0, G_OPTION_ARG_NONE, &opt.json, N_ ("One JSON object a line"), NULL }, { NULL }
};

/* ---- Fetching */

static gboolean
fetch (const SlWeights *weights, GError **error)
{
  g_autofree char *path = sl_weights_dup_path (weights);
  g_autofree char *size = weights->n_bytes > 0 ? g_format_size (weights->n_bytes) : g_strdup ("?");
  SlDownload what = sl_weights_get_download (weights, path);
  gboolean ok;

  if (sl_weights_is_here (weights))
    return TRUE;
  /* Translators: an address, a size and the name of a licence */
  g_printerr (_ ("Downloading %s (%s, licence %s)\n"), weights->address, size, weights->licence);
  if (weights->terms != NULL)
    /* Translators: name of a data set, address of its terms */
    g_printerr (_ ("They were trained on %s, whose terms may limit what you use them for: %s\n"),
                weights->trained_on, weights->terms);
  ok = sl_download (&what, NULL, cli_progress_bytes, NULL, error);
  cli_progress_clear ();
  return ok;
}

gboolean
cli_fetch_pretrained (const SlRecipe *recipe, GError **error)
{
  g_autoptr (SlCatalogue) catalogue = NULL;
  const SlWeights *weights;

  if (!g_str_equal (recipe->pretrained, "auto"))
    return TRUE;
  catalogue = sl_catalogue_load (NULL, error);
  if (catalogue == NULL)
    return FALSE;
  weights = sl_catalogue_find_arch (catalogue, recipe->arch);
  return weights == NULL || fetch (weights, error); /* without any, the job says so */
}

/* ---- The verb */

static void
print_entry_json (const SlWeights *weights)
{
  g_autofree char *path = sl_weights_dup_path (weights);
  JsonBuilder *builder = cli_json_begin ();

  cli_json_string (builder, "weights", weights->id);
  cli_json_string (builder, "arch", weights->arch);
  cli_json_string (builder, "trained_on", weights->trained_on);
  cli_json_string (builder, "address", weights->address);
  if (weights->n_bytes > 0)
    cli_json_int (builder, "bytes", (gint64)weights->n_bytes);
  else
    cli_json_double (builder, "bytes", NAN);
  cli_json_string (builder, "licence", weights->licence);
  cli_json_string (builder, "terms", weights->terms);
  cli_json_string (builder, "path", path);
  cli_json_boolean (builder, "here", sl_weights_is_here (weights));
  cli_json_end (builder);
}

static void
list (const SlCatalogue *catalogue)
{
  const char *const columns[] = { _ ("name"),  _ ("network"), _ ("trained on"),
                                  _ (">size"), _ ("licence"), _ ("downloaded"),
                                  NULL };
  CliTable *table = opt.json ? NULL : cli_table_new (columns);

  for (guint i = 0; i < sl_catalogue_n_weights (catalogue); i++)
    {
      const SlWeights *weights = sl_catalogue_get_weights (catalogue, i);

      if (opt.json)
        {
          print_entry_json (weights);
          continue;
        }
      cli_table_add (table, g_strdup (weights->id));
      cli_table_add (table, g_strdup (weights->arch));
      cli_table_add (table, g_strdup (weights->trained_on));
      cli_table_add (table,
                     weights->n_bytes > 0 ? g_format_size (weights->n_bytes) : g_strdup ("–"));
      cli_table_add (table, g_strdup (weights->licence));
      cli_table_add (table, g_strdup (sl_weights_is_here (weights) ? _ ("yes") : _ ("no")));
    }
  if (table != NULL)
    cli_table_print (table);
}

static const SlWeights *
find (const SlCatalogue *catalogue, const char *name, GError **error)
{
  const SlWeights *weights = sl_catalogue_find_weights (catalogue, name);

  if (weights == NULL)
    weights = sl_catalogue_find_arch (catalogue, name);
  if (weights == NULL)
    g_set_error (error, SL_ERROR, SL_ERROR_NOT_FOUND,
                 _ ("There are no weights “%s”: see “slope-cli weights list”"), name);
  return weights;
}

static void
print_path (const SlWeights *weights)
{
  g_autofree char *path = weights != NULL ? sl_weights_dup_path (weights)
                                          : sl_weights_dup_folder ();

  if (opt.json && weights != NULL)
    print_entry_json (weights);
  else
    g_print ("%s\n", path);
}

static int
run (char **args)
{
  g_autoptr (SlCatalogue) catalogue = NULL;
  const SlWeights *weights = NULL;
  const gboolean get = g_str_equal (args[0], "get");
  GError *error = NULL;

  if (!get && !g_str_equal (args[0], "list") && !g_str_equal (args[0], "path"))
    return cli_usage (cli_verb_weights.name, _ ("“%s” is none of list, get and path"), args[0]);
  if (get && args[1] == NULL)
    return cli_usage (cli_verb_weights.name, "%s", _ ("The name of the weights is missing"));
  catalogue = sl_catalogue_load (NULL, &error);
  if (catalogue == NULL)
    return cli_fail (error);
  if (args[1] != NULL && (weights = find (catalogue, args[1], &error)) == NULL)
    return cli_fail (error);
  if (g_str_equal (args[0], "list"))
    {
      list (catalogue);
      return CLI_DONE;
    }
  if (get && !fetch (weights, &error))
    return cli_fail (error);
  print_path (weights);
  return CLI_DONE;
}

const CliVerb cli_verb_weights = {
  "weights",
  N_ ("list|get|path [NAME]"),
  N_ ("Public weights to start from: list, download, say where they are"),
  options,
  FALSE,
  1,
  2,
  run,
};
