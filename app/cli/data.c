/* SPDX-License-Identifier: GPL-3.0-or-later */
/* data: pictures from the web: the catalogue's data sets, archives, lists of addresses. */
#include "cli.h"
#include <math.h>
#include <string.h>

static struct
{
  gboolean json;
} opt;

static const GOptionEntry options[] = {
  { "json", 0, 0, G_OPTION_ARG_NONE, &opt.json, N_ ("One JSON object a line"), NULL }, { NULL }
};

/* ---- Archives */

/* What is asked of the web and on which terms, before it is asked. */
static void
announce (const SlSource *source)
{
  const SlDataSet *set = source->data_set;
  g_autofree char *size = NULL;

  if (set == NULL)
    {
      g_printerr (_ ("Downloading %s\n"), source->download.address);
      return;
    }
  size = set->n_bytes > 0 ? g_format_size (set->n_bytes) : g_strdup ("?");
  g_printerr (_ ("Downloading %s (%s, licence %s)\n"), set->address, size, set->licence);
  if (set->home != NULL)
    /* Translators: name of a data set, address of the page of its makers */
    g_printerr (_ ("%s comes from %s\n"), set->title, set->home);
}

gboolean
cli_fetch_source (const char *text, char **path, GError **error)
{
  g_autoptr (SlSource) source = NULL;
  gboolean ok;

  if (!sl_source_is_web (text))
    return TRUE;
  source = sl_source_new (text, error);
  if (source == NULL)
    return FALSE;
  if (path != NULL)
    *path = g_strdup (source->download.path);
  if (sl_source_is_here (source))
    return TRUE;
  announce (source);
  ok = sl_download (&source->download, NULL, cli_progress_bytes, NULL, error);
  cli_progress_clear ();
  if (ok)
    sl_source_use (source);
  return ok;
}

/* ---- Lists of addresses */

static void
print_failure (const SlAddress *failure)
{
  JsonBuilder *builder;

  if (!opt.json)
    {
      g_printerr ("%s:%u: %s: %s\n", failure->file, failure->line, failure->reason,
                  failure->address);
      return;
    }
  builder = cli_json_begin ();
  cli_json_string (builder, "file", failure->file);
  cli_json_int (builder, "line", failure->line);
  cli_json_string (builder, "class", failure->label);
  cli_json_string (builder, "address", failure->address);
  cli_json_string (builder, "reason", failure->reason);
  cli_json_end (builder);
}

static void
print_report (const SlAddressReport *report)
{
  JsonBuilder *builder;

  for (guint i = 0; i < report->failures->len; i++)
    print_failure (report->failures->pdata[i]);
  if (!opt.json)
    {
      g_print (_ ("%u asked for: %u fetched, %u here already, %u given twice, %u failed\n"),
               report->asked, report->fetched, report->kept, report->again, report->failed);
      return;
    }
  builder = cli_json_begin ();
  cli_json_int (builder, "asked", report->asked);
  cli_json_int (builder, "fetched", report->fetched);
  cli_json_int (builder, "kept", report->kept);
  cli_json_int (builder, "again", report->again);
  cli_json_int (builder, "failed", report->failed);
  cli_json_end (builder);
}

static gboolean
get_addresses (const char *path, const char *folder, GError **error)
{
  g_autoptr (SlAddressList) list = sl_address_list_load (path, error);
  g_autoptr (SlAddressReport) report = NULL;

  if (list == NULL)
    return FALSE;
  report = sl_address_list_fetch (list, folder, NULL, NULL, cli_progress_count,
                                  (gpointer)_ ("fetching"), error);
  cli_progress_clear ();
  if (report != NULL)
    print_report (report);
  return report != NULL;
}

/* ---- The catalogue */

static void
print_entry_json (const SlDataSet *set)
{
  g_autofree char *path = sl_data_set_dup_path (set);
  JsonBuilder *builder = cli_json_begin ();

  cli_json_string (builder, "data", set->id);
  cli_json_string (builder, "title", set->title);
  cli_json_string (builder, "task", set->task);
  cli_json_string (builder, "address", set->address);
  if (set->n_bytes > 0)
    cli_json_int (builder, "bytes", (gint64)set->n_bytes);
  else
    cli_json_double (builder, "bytes", NAN);
  cli_json_string (builder, "licence", set->licence);
  cli_json_string (builder, "home", set->home);
  cli_json_string (builder, "path", path);
  cli_json_boolean (builder, "here", sl_data_set_is_here (set));
  cli_json_end (builder);
}

static void
list (const SlCatalogue *catalogue)
{
  const char *const columns[] = { _ ("name"),    _ ("problem"),    _ ("of"), _ (">size"),
                                  _ ("licence"), _ ("downloaded"), NULL };
  CliTable *table = opt.json ? NULL : cli_table_new (columns);

  for (guint i = 0; i < sl_catalogue_n_data_sets (catalogue); i++)
    {
      const SlDataSet *set = sl_catalogue_get_data_set (catalogue, i);

      if (opt.json)
        {
          print_entry_json (set);
          continue;
        }
      cli_table_add (table, g_strdup (set->id));
      cli_table_add (table, g_strdup (set->task));
      cli_table_add (table, g_strdup (set->title));
      cli_table_add (table, set->n_bytes > 0 ? g_format_size (set->n_bytes) : g_strdup ("–"));
      cli_table_add (table, g_strdup (set->licence));
      cli_table_add (table, g_strdup (sl_data_set_is_here (set) ? _ ("yes") : _ ("no")));
    }
  if (table != NULL)
    cli_table_print (table);
}

/* ---- The verb */

/* @name: of the catalogue, or an address */
static char *
source_of (const char *name)
{
  return sl_source_is_web (name) ? g_strdup (name) : g_strconcat (SL_SOURCE_CATALOGUE, name, NULL);
}

static int
run_list (void)
{
  GError *error = NULL;
  g_autoptr (SlCatalogue) catalogue = sl_catalogue_load (NULL, &error);

  if (catalogue == NULL)
    return cli_fail (error);
  list (catalogue);
  return CLI_DONE;
}

static int
run_get (const char *name, const char *folder)
{
  g_autofree char *source = source_of (name);
  g_autofree char *path = NULL;
  GError *error = NULL;

  if (folder != NULL)
    return get_addresses (name, folder, &error) ? CLI_DONE : cli_fail (error);
  if (g_file_test (name, G_FILE_TEST_EXISTS) && sl_address_list_is (name))
    return cli_usage (cli_verb_data.name, "%s",
                      _ ("The folder for the pictures of the list is missing"));
  if (!cli_fetch_source (source, &path, &error))
    return cli_fail (error);
  g_print ("%s\n", path);
  return CLI_DONE;
}

static int
run_path (const char *name)
{
  g_autofree char *text = source_of (name);
  GError *error = NULL;
  g_autoptr (SlSource) source = sl_source_new (text, &error);

  if (source == NULL)
    return cli_fail (error);
  if (opt.json && source->data_set != NULL)
    print_entry_json (source->data_set);
  else
    g_print ("%s\n", source->download.path);
  return CLI_DONE;
}

static int
run (char **args)
{
  const gboolean get = g_str_equal (args[0], "get");

  if (g_str_equal (args[0], "list"))
    return run_list ();
  if (!get && !g_str_equal (args[0], "path"))
    return cli_usage (cli_verb_data.name, _ ("“%s” is none of list, get and path"), args[0]);
  if (args[1] == NULL)
    return cli_usage (cli_verb_data.name, "%s",
                      _ ("The name of a data set, an address or a list of addresses is missing"));
  return get ? run_get (args[1], args[2]) : run_path (args[1]);
}

const CliVerb cli_verb_data = {
  "data",
  N_ ("list|get|path [NAME|ADDRESS|LIST [FOLDER]]"),
  N_ ("Pictures from the web: the catalogue's data sets, archives, lists of addresses"),
  options,
  FALSE,
  1,
  3,
  run,
};
