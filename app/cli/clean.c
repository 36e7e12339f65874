/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli.h"
#include <string.h>

static struct
{
  gboolean remove, put_back, relabel, keep, undo, redo, journal, json;
} opt;

static const GOptionEntry options[] = {
  { "delete", 0, 0, G_OPTION_ARG_NONE, &opt.remove, N_ ("Move the ITEMs into the project's bin"),
    NULL },
  { "put-back", 0, 0, G_OPTION_ARG_NONE, &opt.put_back, N_ ("Take the ITEMs out of the bin"),
    NULL },
  { "relabel", 0, 0, G_OPTION_ARG_NONE, &opt.relabel, N_ ("Give each ITEM=LABEL its label"), NULL },
  { "keep", 0, 0, G_OPTION_ARG_NONE, &opt.keep, N_ ("Mark the ITEMs as looked at and right"),
    NULL },
  { "undo", 0, 0, G_OPTION_ARG_NONE, &opt.undo, N_ ("Take the last step back"), NULL },
  { "redo", 0, 0, G_OPTION_ARG_NONE, &opt.redo, N_ ("Do the step taken back last again"), NULL },
  { "journal", 0, 0, G_OPTION_ARG_NONE, &opt.journal, N_ ("List all steps"), NULL },
  { "json", 0, 0, G_OPTION_ARG_NONE, &opt.json, N_ ("The journal as JSON"), NULL },
  { NULL }
};

/* ---- Which items: by number, or by path in the source. */

static SlItem *
find_item (SlProject *project, const char *text, GError **error)
{
  GListModel *items = sl_project_get_items (project);
  SlItem *found = NULL;
  guint64 id;

  if (g_ascii_string_to_unsigned (text, 10, 1, G_MAXINT64, &id, NULL))
    found = sl_project_get_item (project, (gint64)id);
  for (guint i = 0; found == NULL && i < g_list_model_get_n_items (items); i++)
    {
      g_autoptr (SlItem) item = g_list_model_get_item (items, i);

      if (g_strcmp0 (sl_item_get_rel_path (item), text) == 0)
        found = item; /* the project keeps it */
    }
  if (found == NULL)
    g_set_error (error, SL_ERROR, SL_ERROR_NOT_FOUND,
                 _ ("There is no picture “%s”: give its number or path as top-losses lists them"),
                 text);
  return found;
}

/* (transfer full): ids of all @texts; %NULL with @error. */
static GArray *
find_items (SlProject *project, char **texts, GError **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (; *texts != NULL; texts++)
    {
      SlItem *item = find_item (project, *texts, error);
      gint64 id;

      if (item == NULL)
        return NULL;
      id = sl_item_get_id (item);
      g_array_append_val (ids, id);
    }
  return g_steal_pointer (&ids);
}

/* ---- Steps */

static gboolean
change_items (SlProject *project, char **texts, GError **error)
{
  g_autoptr (GArray) ids = find_items (project, texts, error);
  const gint64 *data;

  if (ids == NULL)
    return FALSE;
  data = (const gint64 *)(gpointer)ids->data;
  if (opt.remove)
    return sl_project_remove (project, data, ids->len, error);
  if (opt.put_back)
    return sl_project_put_back (project, data, ids->len, error);
  return sl_project_keep (project, data, ids->len, TRUE, error);
}

typedef struct
{
  gint64 id;
  const char *label; /* in the argument */
} Relabel;

static gboolean
parse_relabels (SlProject *project, char **texts, GArray *relabels, GError **error)
{
  const SlProblem *problem = sl_project_get_problem (project);

  for (; *texts != NULL; texts++)
    {
      char *equals = strrchr (*texts, '=');
      g_autofree char *name = NULL;
      Relabel relabel;
      SlItem *item;

      if (equals == NULL)
        {
          g_set_error (error, SL_ERROR, SL_ERROR_DATA, _ ("“%s” has no label: write ITEM=LABEL"),
                       *texts);
          return FALSE;
        }
      name = g_strndup (*texts, (gsize)(equals - *texts));
      item = find_item (project, name, error);
      if (item == NULL || !problem->task->check_target (problem, equals + 1, error))
        return FALSE;
      relabel = (Relabel){ sl_item_get_id (item), equals + 1 };
      g_array_append_val (relabels, relabel);
    }
  return TRUE;
}

/* All arguments are checked before the first is carried out; one step a label. */
static gboolean
relabel_items (SlProject *project, char **texts, GError **error)
{
  g_autoptr (GArray) relabels = g_array_new (FALSE, FALSE, sizeof (Relabel));

  if (!parse_relabels (project, texts, relabels, error))
    return FALSE;
  while (relabels->len > 0)
    {
      const char *label = g_array_index (relabels, Relabel, 0).label;
      g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));

      for (guint i = 0; i < relabels->len;)
        {
          Relabel relabel = g_array_index (relabels, Relabel, i);

          if (!g_str_equal (relabel.label, label))
            {
              i++;
              continue;
            }
          g_array_append_val (ids, relabel.id);
          g_array_remove_index (relabels, i);
        }
      if (!sl_project_relabel (project, (const gint64 *)(gpointer)ids->data, ids->len, label,
                               error))
        return FALSE;
    }
  return TRUE;
}

/* ---- Journal */

static const char *
kind_id (SlStepKind kind)
{
  static const char *const ids[] = { "", "remove", "put-back", "relabel", "keep", "split" };

  return (gsize)kind < G_N_ELEMENTS (ids) ? ids[kind] : "";
}

static void
print_step_json (const SlJournalStep *step)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (step->time);
  g_autofree char *text = time != NULL ? g_date_time_format_iso8601 (time) : NULL;
  JsonBuilder *builder = cli_json_begin ();

  cli_json_int (builder, "step", step->id);
  cli_json_string (builder, "kind", kind_id (step->kind));
  cli_json_string (builder, "time", text);
  cli_json_int (builder, "items", (gint64)step->n_items);
  cli_json_string (builder, "detail", step->detail);
  cli_json_boolean (builder, "undone", step->undone);
  cli_json_end (builder);
}

static void
add_step_row (CliTable *table, const SlJournalStep *step)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (step->time);

  cli_table_add (table, g_strdup_printf ("%d", (int)step->id));
  cli_table_add (table, time != NULL ? g_date_time_format (time, "%Y-%m-%d %H:%M") : g_strdup (""));
  cli_table_add (table, g_strdup (kind_id (step->kind)));
  cli_table_add (table, g_strdup_printf ("%d", (int)step->n_items));
  cli_table_add (table, g_strdup (step->detail != NULL ? step->detail : ""));
  cli_table_add (table, g_strdup (step->undone ? _ ("undone") : ""));
}

static void
print_journal (SlProject *project)
{
  g_autoptr (GPtrArray) steps = sl_project_dup_journal (project);
  /* Translators: headings of columns; keep the ">", which stands for "aligned to the right". */
  const char *const columns[] = { _ (">step"),  _ ("time"), _ ("kind"), _ (">pictures"),
                                  _ ("detail"), "",         NULL };
  CliTable *table = opt.json ? NULL : cli_table_new (columns);

  for (guint i = 0; i < steps->len; i++)
    {
      if (opt.json)
        print_step_json (steps->pdata[i]);
      else
        add_step_row (table, steps->pdata[i]);
    }
  if (table != NULL)
    cli_table_print (table);
}

/* A success that says nothing looks like nothing done. */
static void
print_done (SlProject *project, guint n)
{
  if (sl_project_get_texts (project) != NULL)
    g_print (ngettext ("%u text changed; “slope-cli clean PROJECT --undo” takes it back\n",
                       "%u texts changed; “slope-cli clean PROJECT --undo” takes it back\n", n),
             n);
  else
    g_print (ngettext ("%u picture changed; “slope-cli clean PROJECT --undo” takes it back\n",
                       "%u pictures changed; “slope-cli clean PROJECT --undo” takes it back\n", n),
             n);
}

static int
run_clean (char **args)
{
  int n_wishes = opt.remove + opt.put_back + opt.relabel + opt.keep + opt.undo + opt.redo
                 + opt.journal;
  gboolean wants_items = opt.remove || opt.put_back || opt.relabel || opt.keep;
  g_autoptr (SlProject) project = NULL;
  GError *error = NULL;
  gboolean done = TRUE;

  if (n_wishes != 1)
    return cli_usage (cli_verb_clean.name, "%s", _ ("Give one of the options"));
  if (wants_items != (args[1] != NULL))
    return cli_usage (cli_verb_clean.name, "%s",
                      wants_items ? _ ("Which pictures?") : _ ("This option takes no pictures"));
  project = sl_project_open (args[0], &error);
  if (project == NULL)
    return cli_fail (error);
  if (opt.journal)
    print_journal (project);
  else if (opt.undo)
    done = sl_project_undo (project, &error);
  else if (opt.redo)
    done = sl_project_redo (project, &error);
  else if (opt.relabel)
    done = relabel_items (project, args + 1, &error);
  else
    done = change_items (project, args + 1, &error);
  if (!done)
    return cli_fail (error);
  if (wants_items)
    print_done (project, g_strv_length (args + 1));
  return CLI_DONE;
}

const CliVerb cli_verb_clean = {
  "clean",
  N_ ("PROJECT [ITEM…]"),
  N_ ("Remove, relabel or keep pictures; undo"),
  options,
  FALSE,
  1,
  G_MAXUINT,
  run_clean,
};
