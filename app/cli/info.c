/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli.h"

/* Fewer training pictures of a class than this are too few to learn from. */
#define TINY_CLASS 10
/* Largest class over smallest, from which on it is worth a word. */
#define IMBALANCE 5

static struct
{
  gboolean json;
} opt;

static const GOptionEntry options[] = {
  { "json", 0, 0, G_OPTION_ARG_NONE, &opt.json, N_ ("One JSON object"), NULL }, { NULL }
};

/* ---- Warnings */

/* Byte-equal pictures of which one is trained on and another one scored. */
static gsize
count_twins_across (SlProject *project)
{
  GListModel *items = sl_project_get_items (project);
  guint n_items = g_list_model_get_n_items (items);
  g_autoptr (GHashTable)
      trained = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  gsize n = 0;

  for (int pass = SL_SPLIT_TRAIN; pass <= SL_SPLIT_VALID; pass++)
    for (guint i = 0; i < n_items; i++)
      {
        g_autoptr (SlItem) item = g_list_model_get_item (items, i);
        gint64 twin = (gint64)sl_item_get_twin (item);

        if (twin == 0 || sl_item_get_state (item) != SL_ITEM_PRESENT
            || sl_item_get_split (item) != (SlSplit)pass)
          continue;
        if (pass == SL_SPLIT_TRAIN)
          g_hash_table_add (trained, g_memdup2 (&twin, sizeof twin));
        else
          n += g_hash_table_contains (trained, &twin);
      }
  return n;
}

/* (transfer full) */
static char *
say_tiny (SlProject *project, const char *name, gsize n)
{
  if (sl_project_get_texts (project) != NULL)
    return g_strdup_printf (ngettext ("“%s” has only %d training text: add more, or remove the "
                                      "class",
                                      "“%s” has only %d training texts: add more, or remove the "
                                      "class",
                                      n),
                            name, (int)n);
  return g_strdup_printf (ngettext ("“%s” has only %d training picture: add more, "
                                    "or remove the class",
                                    "“%s” has only %d training pictures: add "
                                    "more, or remove the class",
                                    n),
                          name, (int)n);
}

static void
warn_of_classes (SlProject *project, GPtrArray *warnings)
{
  const char *const *classes = sl_project_get_classes (project);
  gsize least = G_MAXSIZE, most = 0;

  if (!sl_project_get_task (project)->has_classes)
    return;
  for (guint i = 0; classes[i] != NULL; i++)
    {
      gsize n = sl_project_count (project, i, SL_SPLIT_TRAIN);

      least = MIN (least, n);
      most = MAX (most, n);
      if (n < TINY_CLASS)
        g_ptr_array_add (warnings, say_tiny (project, classes[i], n));
    }
  if (least > 0 && most >= IMBALANCE * least)
    g_ptr_array_add (
        warnings,
        g_strdup_printf (sl_project_get_texts (project) != NULL
                             ? _ ("The largest class has %d times as many training texts as the "
                                  "smallest: accuracy alone will flatter")
                             : _ ("The largest class has %d times as many training pictures "
                                  "as the smallest: accuracy alone will flatter"),
                         (int)(most / least)));
}

static GPtrArray *
find_warnings (SlProject *project)
{
  GPtrArray *warnings = g_ptr_array_new_with_free_func (g_free);
  gsize n_twins = count_twins_across (project);

  warn_of_classes (project, warnings);
  if (sl_project_count (project, G_MAXUINT, SL_SPLIT_VALID) == 0)
    g_ptr_array_add (warnings,
                     g_strdup (sl_project_get_texts (project) != NULL
                                   ? _ ("There is no validation set: nothing tells how well the "
                                        "model does on new texts")
                                   : _ ("There is no validation set: nothing tells how well "
                                        "the model does on new pictures")));
  if (n_twins > 0 && sl_project_get_texts (project) != NULL)
    g_ptr_array_add (warnings,
                     g_strdup_printf (ngettext ("%d validation text is also in the training set: "
                                                "figures will flatter",
                                                "%d validation texts are also in the training "
                                                "set: figures will flatter",
                                                n_twins),
                                      (int)n_twins));
  else if (n_twins > 0)
    g_ptr_array_add (warnings,
                     g_strdup_printf (ngettext ("%d validation picture is also in the training "
                                                "set: figures will flatter",
                                                "%d validation pictures are also in the training "
                                                "set: figures will flatter",
                                                n_twins),
                                      (int)n_twins));
  return warnings;
}

/* ---- Output */

static gsize
count_class (SlProject *project, guint class_index)
{
  return sl_project_count (project, class_index, SL_SPLIT_TRAIN)
         + sl_project_count (project, class_index, SL_SPLIT_VALID)
         + sl_project_count (project, class_index, SL_SPLIT_TEST);
}

static void
add_skipped_json (JsonBuilder *builder, SlProject *project)
{
  gsize n;
  const SlSkipped *skipped = sl_project_get_skipped (project, &n);

  json_builder_set_member_name (builder, "skipped");
  json_builder_begin_array (builder);
  for (gsize i = 0; i < n; i++)
    {
      json_builder_begin_object (builder);
      cli_json_string (builder, "path", skipped[i].path);
      cli_json_string (builder, "reason", skipped[i].reason);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
print_json (SlProject *project, GPtrArray *warnings)
{
  const char *const *classes = sl_project_get_classes (project);
  JsonBuilder *builder = cli_json_begin ();
  g_autofree char *labels = sl_project_dup_labels (project);

  cli_json_string (builder, "title", sl_project_get_title (project));
  cli_json_string (builder, "task", sl_project_get_task (project)->id);
  if (labels != NULL)
    cli_json_string (builder, "labels", labels);
  cli_json_int (builder, "items", (gint64)count_class (project, G_MAXUINT));
  json_builder_set_member_name (builder, "classes");
  json_builder_begin_object (builder);
  for (guint i = 0; classes[i] != NULL; i++)
    cli_json_int (builder, classes[i], (gint64)count_class (project, i));
  json_builder_end_object (builder);
  cli_json_int (builder, "train", (gint64)sl_project_count (project, G_MAXUINT, SL_SPLIT_TRAIN));
  cli_json_int (builder, "valid", (gint64)sl_project_count (project, G_MAXUINT, SL_SPLIT_VALID));
  cli_json_int (builder, "test", (gint64)sl_project_count (project, G_MAXUINT, SL_SPLIT_TEST));
  cli_json_int (builder, "removed", (gint64)sl_project_count_removed (project));
  add_skipped_json (builder, project);
  json_builder_set_member_name (builder, "warnings");
  json_builder_begin_array (builder);
  for (guint i = 0; i < warnings->len; i++)
    json_builder_add_string_value (builder, warnings->pdata[i]);
  json_builder_end_array (builder);
  cli_json_end (builder);
}

static void
add_count_row (CliTable *table, SlProject *project, const char *name, guint class_index)
{
  cli_table_add (table, g_strdup (name));
  cli_table_add (table, g_strdup_printf ("%" G_GSIZE_FORMAT,
                                         sl_project_count (project, class_index, SL_SPLIT_TRAIN)));
  cli_table_add (table, g_strdup_printf ("%" G_GSIZE_FORMAT,
                                         sl_project_count (project, class_index, SL_SPLIT_VALID)));
}

static void
print_text (SlProject *project, GPtrArray *warnings)
{
  const char *const *classes = sl_project_get_classes (project);
  /* Translators: headings of columns; keep the ">", which stands for "aligned to the right". */
  const char *const columns[] = { _ ("class"), _ (">training"), _ (">validation"), NULL };
  CliTable *table = cli_table_new (columns);
  gsize n_skipped, n_aside, n_removed = sl_project_count_removed (project);
  const SlSkipped *skipped = sl_project_get_skipped (project, &n_skipped);
  g_autofree char *labels = sl_project_dup_labels (project);

  for (guint i = 0; sl_project_get_task (project)->has_classes && classes[i] != NULL; i++)
    add_count_row (table, project, classes[i], i);
  add_count_row (table, project, _ ("all"), G_MAXUINT);
  n_aside = sl_project_count (project, G_MAXUINT, SL_SPLIT_TEST);
  g_print ("%s\n\n", sl_project_get_path (project));
  if (!sl_project_get_task (project)->has_classes)
    {
      g_autofree char *names = g_strjoinv (", ", (char **)classes);

      g_print ("%s: %s\n\n", _ (sl_project_get_task (project)->label), names);
    }
  cli_table_print (table);
  if (labels != NULL)
    /* Translators: how labels were read, as --labels of “new” has it: "csv:labels.csv:name,tags" */
    g_print (_ ("\nLabels: %s\n"), labels);
  if (n_aside > 0 && sl_project_get_texts (project) != NULL)
    g_print (ngettext ("\n%d text without a label, or to test with\n",
                       "\n%d texts without a label, or to test with\n", n_aside),
             (int)n_aside);
  if (n_removed > 0 && sl_project_get_texts (project) != NULL)
    g_print (ngettext ("\n%d text is removed\n", "\n%d texts are removed\n", n_removed),
             (int)n_removed);
  else if (n_removed > 0)
    g_print (ngettext ("\n%d picture is removed\n", "\n%d pictures are removed\n", n_removed),
             (int)n_removed);
  if (n_skipped > 0)
    g_print (
        ngettext ("\n%d file could not be used:\n", "\n%d files could not be used:\n", n_skipped),
        (int)n_skipped);
  for (gsize i = 0; i < n_skipped; i++)
    g_print ("  %s: %s\n", skipped[i].path, skipped[i].reason);
  for (guint i = 0; i < warnings->len; i++)
    g_print (_ ("\nNote: %s\n"), (const char *)warnings->pdata[i]);
}

void
cli_print_info (SlProject *project, gboolean json)
{
  g_autoptr (GPtrArray) warnings = find_warnings (project);

  if (json)
    print_json (project, warnings);
  else
    print_text (project, warnings);
}

static int
run_info (char **args)
{
  GError *error = NULL;
  g_autoptr (SlProject) project = sl_project_open (args[0], &error);

  if (project == NULL)
    return cli_fail (error);
  cli_print_info (project, opt.json);
  return CLI_DONE;
}

const CliVerb cli_verb_info = {
  "info", N_ ("PROJECT"), N_ ("Count pictures by class and split, and warn"), options, FALSE, 1,
  1,      run_info,
};
