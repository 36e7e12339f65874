/* SPDX-License-Identifier: GPL-3.0-or-later */
/* audit: whether the validation set tells the truth. */
#include "cli.h"

#define MAX_LISTED 10

static struct
{
  gboolean json, resplit;
} opt;

static const GOptionEntry options[] = {
  { "resplit", 0, 0, G_OPTION_ARG_NONE, &opt.resplit,
    N_ ("Split anew, with pictures that belong together on one side"), NULL },
  { "json", 0, 0, G_OPTION_ARG_NONE, &opt.json, N_ ("JSON: an object a finding"), NULL },
  { NULL }
};

static const char *const mends[] = { "look", "resplit-together", "resplit" };

/* ---- For programs */

static void
add_paths (JsonBuilder *builder, const char *name, SlProject *project, const gint64 *ids, gsize n)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (gsize i = 0; i < n; i++)
    json_builder_add_string_value (builder,
                                   sl_item_get_rel_path (sl_project_get_item (project, ids[i])));
  json_builder_end_array (builder);
}

static void
print_json (SlProject *project, const SlFinding *finding)
{
  static const char *const sides[] = { "train", "valid", "test" };
  JsonBuilder *builder = cli_json_begin ();

  cli_json_string (builder, "finding", sl_finding_name (finding->kind));
  cli_json_string (builder, "mend", mends[finding->mend]);
  cli_json_int (builder, "count", (gint64)finding->count);
  if (finding->name != NULL)
    cli_json_string (builder, "name", finding->name);
  if (finding->kind == SL_FINDING_ONE_SIDED)
    cli_json_string (builder, "missing_in", sides[finding->side]);
  if (finding->ids != NULL)
    add_paths (builder, "pictures", project, finding->ids, finding->count);
  if (finding->others != NULL)
    add_paths (builder, "others", project, finding->others, finding->count);
  cli_json_end (builder);
}

/* ---- For people */

/* (transfer full): one line. */
static char *
describe (const SlFinding *finding)
{
  const int n = (int)finding->count;
  const char *name = finding->name;

  switch (finding->kind)
    {
    case SL_FINDING_COPIES:
      return g_strdup_printf (ngettext ("%d validation picture is also in training",
                                        "%d validation pictures are also in training", n),
                              n);
    case SL_FINDING_ALIKE:
      return g_strdup_printf (ngettext ("%d validation picture looks like one in training",
                                        "%d validation pictures look like one in training", n),
                              n);
    case SL_FINDING_BURST:
      return g_strdup_printf (ngettext ("%d validation picture is of one burst with training",
                                        "%d validation pictures are of one burst with training", n),
                              n);
    case SL_FINDING_LABELS_DIFFER:
      return g_strdup_printf (ngettext ("%d picture looks like one with another label",
                                        "%d pictures look like one with another label", n),
                              n);
    case SL_FINDING_ONE_SIDED:
      return g_strdup_printf (
          finding->side == SL_SPLIT_TRAIN
              ? ngettext ("“%s” is not trained: its %d picture is validated on",
                          "“%s” is not trained: its %d pictures are validated on", n)
              : ngettext ("“%s” is not validated: its %d picture is trained on",
                          "“%s” is not validated: its %d pictures are trained on", n),
          name, n);
    case SL_FINDING_FEW:
      return g_strdup_printf (
          ngettext ("“%s” has only %d training picture", "“%s” has only %d training pictures", n),
          name, n);
    case SL_FINDING_NO_VALID:
      return g_strdup (_ ("There is no validation set"));
    case SL_FINDING_SMALL_VALID:
      return g_strdup_printf (ngettext ("There is only %d validation picture: figures are rough",
                                        "There are only %d validation pictures: figures are rough",
                                        n),
                              n);
    case SL_FINDING_OUT_OF_RANGE:
      return g_strdup_printf (ngettext ("“%s” is out of its range in %d picture",
                                        "“%s” is out of its range in %d pictures", n),
                              name, n);
    case SL_FINDING_OUTSIDE:
    case SL_N_FINDINGS:
    default:
      return g_strdup_printf (
          ngettext ("“%s” lies outside of %d picture", "“%s” lies outside of %d pictures", n), name,
          n);
    }
}

static void
print_finding (SlProject *project, const SlFinding *finding)
{
  g_autofree char *line = describe (finding);
  gsize n = finding->ids != NULL && finding->kind != SL_FINDING_ONE_SIDED
                    && finding->kind != SL_FINDING_FEW
                ? MIN (finding->count, MAX_LISTED)
                : 0;

  g_print ("%s\n", line);
  for (gsize i = 0; i < n; i++)
    {
      const char *path = sl_item_get_rel_path (sl_project_get_item (project, finding->ids[i]));

      if (finding->others == NULL)
        g_print ("  %s\n", path);
      else
        g_print ("  %s – %s\n", path,
                 sl_item_get_rel_path (sl_project_get_item (project, finding->others[i])));
    }
  if (n > 0 && n < finding->count)
    g_print (ngettext ("  … and %d more\n", "  … and %d more\n", finding->count - n),
             (int)(finding->count - n));
}

/* ---- The verb */

static SlAudit *
look (SlProject *project, GError **error)
{
  SlAudit *audit = sl_project_audit (project, NULL, cli_progress_count, (gpointer)_ ("looking"),
                                     error);

  cli_progress_clear ();
  return audit;
}

static int
run_audit (char **args)
{
  GError *error = NULL;
  g_autoptr (SlProject) project = sl_project_open (args[0], &error);
  g_autoptr (SlAudit) audit = NULL;

  if (project == NULL)
    return cli_fail (error);
  audit = look (project, &error);
  if (audit != NULL && opt.resplit)
    {
      if (!sl_project_resplit_together (project, audit, &error))
        return cli_fail (error);
      sl_audit_free (g_steal_pointer (&audit));
      audit = look (project, &error);
    }
  if (audit == NULL)
    return cli_fail (error);
  for (guint i = 0; i < audit->findings->len; i++)
    if (opt.json)
      print_json (project, &g_array_index (audit->findings, SlFinding, i));
    else
      print_finding (project, &g_array_index (audit->findings, SlFinding, i));
  if (audit->findings->len == 0 && !opt.json)
    g_print ("%s\n", _ ("Nothing was found: the validation set can be trusted"));
  return CLI_DONE;
}

const CliVerb cli_verb_audit = {
  "audit", N_ ("PROJECT"), N_ ("Look for what makes validation better than it is"),
  options, FALSE,          1,
  1,       run_audit,
};
