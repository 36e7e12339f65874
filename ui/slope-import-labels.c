/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-import-labels.h"

#include "slope-import-pattern.h"
#include "slope-import-rows.h"
#include "slope-import-table.h"
#include "slope-import-texts.h"

#include <glib/gi18n.h>

struct _SlopeImportLabels
{
  AdwBin parent_instance;
  SlopeImportReader *reader; /* owned, nullable */
  AdwComboRow *task_row;
  AdwComboRow *way_row;
  GtkWidget *error_row;
  SlopeImportTable *table;
  SlopeImportPattern *pattern;
  SlopeImportTexts *texts; /* what the two above are of pictures */
  GPtrArray *ways;         /* of Way: the choices of way_row */
  const SlTask *task;      /* that way_row is for */
  const SlTask *chosen;    /* (nullable): by the person */
  char *way;               /* prefix of the way that is shown */
  GHashTable *known;       /* prefix → labels: what each way was last read with */
  gboolean filling;
};

G_DEFINE_FINAL_TYPE (SlopeImportLabels, slope_import_labels, ADW_TYPE_BIN)

/* A way of reading labels, as the engine spells it. */
typedef struct
{
  const char *prefix;
  const char *name;
} Way;

static const Way all_ways[] = {
  { "folder", N_ ("Folder names") },
  { "regex", N_ ("A part of the path") },
  { "csv", N_ ("A table") },
  { "masks", N_ ("Pictures of masks") },
  { "points:csv", N_ ("A table") },
  { "points:biwi", N_ ("Files of head poses") },
  { "none", N_ ("Nowhere: a text is a file") },
  { "corpus", N_ ("Nowhere: blank lines divide texts") },
};

static const Way *
way_of (const char *labels)
{
  for (gsize i = 0; i < G_N_ELEMENTS (all_ways); i++)
    {
      const gsize length = strlen (all_ways[i].prefix);

      if (strncmp (labels, all_ways[i].prefix, length) == 0
          && (labels[length] == ':' || labels[length] == '\0'))
        return &all_ways[i];
    }
  return NULL;
}

/* ---- What is shown */

static SlImport *
import_of (SlopeImportLabels *self)
{
  return slope_import_reader_get_import (self->reader);
}

static gboolean
has_tables (SlopeImportLabels *self)
{
  guint n;

  sl_import_get_tables (import_of (self), &n);
  return n > 0;
}

/* How much a way suggests itself: it is shown; the import was read so; it was found to fit. */
static int
merit_of (SlopeImportLabels *self, const Way *way)
{
  const SlUnderstanding *understood = sl_import_get_understanding (import_of (self));

  if (g_strcmp0 (way->prefix, self->way) == 0)
    return 3;
  if (understood != NULL && way_of (understood->labels) == way)
    return 2;
  return g_hash_table_contains (self->known, way->prefix);
}

/* Of texts, those that the source was found to have. */
static gboolean
is_offered (SlopeImportLabels *self, const Way *way)
{
  if (self->task->texts)
    return g_str_equal (way->prefix, "csv") ? has_tables (self) : merit_of (self, way) > 0;
  return sl_labels_fit_task (way->prefix, self->task)
         && (!g_str_has_suffix (way->prefix, "csv") || has_tables (self));
}

/* The ways that labels of the task can be read by; without a table none that needs one. */
static void
fill_ways (SlopeImportLabels *self)
{
  const char *names[G_N_ELEMENTS (all_ways) + 1] = { NULL };
  guint selected = 0;
  int best = 0;

  g_ptr_array_set_size (self->ways, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (all_ways); i++)
    {
      const Way *way = &all_ways[i];

      if (!is_offered (self, way))
        continue;
      if (merit_of (self, way) > best)
        {
          best = merit_of (self, way);
          selected = self->ways->len;
        }
      names[self->ways->len] = _ (way->name);
      g_ptr_array_add (self->ways, (gpointer)way);
    }
  slope_import_combo_row_fill (self->way_row, names, selected);
  g_free (self->way);
  self->way = self->ways->len > 0
                  ? g_strdup (((const Way *)g_ptr_array_index (self->ways, selected))->prefix)
                  : NULL;
  gtk_widget_set_visible (GTK_WIDGET (self->way_row), self->ways->len > 0);
}

static void
fill_tasks (SlopeImportLabels *self)
{
  const SlTask *const *tasks = sl_task_all ();
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  guint selected = 0;

  for (guint i = 0; tasks[i] != NULL; i++)
    {
      g_ptr_array_add (names, (gpointer)_ (tasks[i]->label));
      if (tasks[i] == self->task)
        selected = i;
    }
  g_ptr_array_add (names, NULL);
  slope_import_combo_row_fill (self->task_row, (const char *const *)names->pdata, selected);
}

/* How a real path was read, where its folders are the labels: "bears / grizzly / 00000074.jpg". */
static char *
say_example (SlopeImportLabels *self)
{
  SlImport *import = import_of (self);
  const gsize n = sl_import_n_items (import);
  const SlCandidate *item = n > 0 ? sl_import_get_item (import, n / 2) : NULL;
  g_auto (GStrv) parts = NULL;
  g_autofree char *steps = NULL;

  if (item == NULL || g_strcmp0 (self->way, "folder") != 0)
    return g_strdup ("");
  parts = g_strsplit (item->rel_path, G_DIR_SEPARATOR_S, -1);
  steps = g_strjoinv (" / ", parts);
  return g_strdup_printf ("%s / %s", sl_import_get_name (import), steps);
}

static void
show_way (SlopeImportLabels *self)
{
  const gboolean texts = self->task->texts;
  const gboolean by_table = !texts && self->way != NULL && g_str_has_suffix (self->way, "csv");
  const gboolean by_pattern = g_strcmp0 (self->way, "regex") == 0
                              || g_strcmp0 (self->way, "masks") == 0;
  g_autofree char *example = say_example (self);

  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->way_row), example);
  if (by_table)
    slope_import_table_show (self->table, import_of (self), self->way);
  if (by_pattern)
    slope_import_pattern_show (self->pattern, import_of (self), self->way);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->task_row),
                                 texts ? _ ("These are") : _ ("Each picture has"));
  gtk_widget_set_visible (GTK_WIDGET (self->texts), FALSE);
  if (texts && self->way != NULL)
    slope_import_texts_show (self->texts, import_of (self), self->way);
  gtk_widget_set_visible (GTK_WIDGET (self->table), by_table);
  gtk_widget_set_visible (GTK_WIDGET (self->pattern), by_pattern);
}

static void
remember (SlopeImportLabels *self, const char *labels)
{
  const Way *way = way_of (labels);

  if (way != NULL)
    g_hash_table_insert (self->known, (gpointer)way->prefix, g_strdup (labels));
}

/* Takes over what was read; what could not be read stays as the person wanted it. */
static void
changed_cb (SlopeImportLabels *self)
{
  const char *error = slope_import_reader_get_labels_error (self->reader);
  const SlUnderstanding *understood = sl_import_get_understanding (import_of (self));

  self->filling = TRUE;
  if (error == NULL && understood != NULL)
    {
      remember (self, understood->labels);
      for (gsize i = 0; understood->others[i] != NULL; i++)
        remember (self, understood->others[i]);
      self->task = sl_import_get_task (import_of (self));
      g_free (self->way);
      self->way = g_strdup (way_of (understood->labels)->prefix);
      fill_tasks (self);
      fill_ways (self);
      show_way (self);
    }
  slope_import_error_row_set (self->error_row, error);
  self->filling = FALSE;
}

/* ---- What the person wants */

/* As this way was read the last time. */
static void
read_way (SlopeImportLabels *self)
{
  const char *known = self->way != NULL ? g_hash_table_lookup (self->known, self->way) : NULL;

  show_way (self);
  slope_import_reader_read (self->reader, known != NULL ? known : self->way, self->chosen);
}

/* Columns stay as they are; what divides labels follows from the kind of problem. */
static void
task_chosen_cb (SlopeImportLabels *self)
{
  const guint selected = adw_combo_row_get_selected (self->task_row);
  const SlUnderstanding *understood;

  if (self->filling || self->reader == NULL)
    return;
  self->filling = TRUE;
  self->task = self->chosen = sl_task_all ()[selected];
  fill_ways (self);
  self->filling = FALSE;
  understood = sl_import_get_understanding (import_of (self));
  if (g_strcmp0 (self->way, "csv") == 0 && understood != NULL
      && g_str_has_prefix (understood->labels, "csv"))
    g_hash_table_insert (self->known, (gpointer) "csv",
                         slope_import_table_dup_columns (self->table));
  read_way (self);
}

static void
way_chosen_cb (SlopeImportLabels *self)
{
  const guint selected = adw_combo_row_get_selected (self->way_row);

  if (self->filling || self->reader == NULL || selected >= self->ways->len)
    return;
  g_free (self->way);
  self->way = g_strdup (((const Way *)g_ptr_array_index (self->ways, selected))->prefix);
  self->filling = TRUE;
  read_way (self);
  self->filling = FALSE;
}

static void
table_wish_cb (SlopeImportLabels *self, const char *labels, gboolean guess_task)
{
  if (guess_task)
    self->chosen = NULL;
  slope_import_reader_read (self->reader, labels, self->chosen);
}

static void
pattern_wish_cb (SlopeImportLabels *self, const char *labels)
{
  slope_import_reader_read (self->reader, labels, self->chosen);
}

static void
texts_wish_cb (SlopeImportLabels *self, const char *labels)
{
  slope_import_reader_read (self->reader, labels, self->task);
}

/* ---- Class */

static void
slope_import_labels_dispose (GObject *object)
{
  slope_import_labels_set_reader (SLOPE_IMPORT_LABELS (object), NULL);
  G_OBJECT_CLASS (slope_import_labels_parent_class)->dispose (object);
}

static void
slope_import_labels_finalize (GObject *object)
{
  SlopeImportLabels *self = SLOPE_IMPORT_LABELS (object);

  g_ptr_array_unref (self->ways);
  g_hash_table_unref (self->known);
  g_free (self->way);
  G_OBJECT_CLASS (slope_import_labels_parent_class)->finalize (object);
}

static void
slope_import_labels_class_init (SlopeImportLabelsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = slope_import_labels_dispose;
  G_OBJECT_CLASS (klass)->finalize = slope_import_labels_finalize;
}

static void
slope_import_labels_init (SlopeImportLabels *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());

  self->ways = g_ptr_array_new ();
  self->known = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  self->task_row = slope_import_combo_row (_ ("Each picture has"), G_CALLBACK (task_chosen_cb),
                                           self);
  self->way_row = slope_import_combo_row (_ ("Labels come from"), G_CALLBACK (way_chosen_cb), self);
  self->error_row = slope_import_error_row_new ();
  self->table = SLOPE_IMPORT_TABLE (slope_import_table_new ());
  self->pattern = SLOPE_IMPORT_PATTERN (slope_import_pattern_new ());
  g_signal_connect_swapped (self->table, "wish", G_CALLBACK (table_wish_cb), self);
  g_signal_connect_swapped (self->pattern, "wish", G_CALLBACK (pattern_wish_cb), self);
  self->texts = SLOPE_IMPORT_TEXTS (slope_import_texts_new ());
  g_signal_connect_swapped (self->texts, "wish", G_CALLBACK (texts_wish_cb), self);
  adw_preferences_group_set_title (group, _ ("Problem"));
  adw_preferences_group_add (group, GTK_WIDGET (self->task_row));
  adw_preferences_group_add (group, GTK_WIDGET (self->way_row));
  adw_preferences_group_add (group, self->error_row);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (group));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->table));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->pattern));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->texts));
  adw_bin_set_child (ADW_BIN (self), box);
}

GtkWidget *
slope_import_labels_new (void)
{
  return g_object_new (SLOPE_TYPE_IMPORT_LABELS, NULL);
}

/* Labels that could not be guessed are most often in a table, else somewhere in the paths. */
static void
show_unread (SlopeImportLabels *self)
{
  self->filling = TRUE;
  self->task = sl_task_all ()[0];
  self->way = g_strdup (has_tables (self) ? "csv" : "regex");
  fill_tasks (self);
  fill_ways (self);
  show_way (self);
  self->filling = FALSE;
}

void
slope_import_labels_set_reader (SlopeImportLabels *self, SlopeImportReader *reader)
{
  g_return_if_fail (SLOPE_IS_IMPORT_LABELS (self));

  if (self->reader != NULL)
    g_signal_handlers_disconnect_by_data (self->reader, self);
  g_set_object (&self->reader, reader);
  g_hash_table_remove_all (self->known);
  g_clear_pointer (&self->way, g_free);
  self->chosen = NULL;
  if (reader == NULL)
    return;
  g_signal_connect_swapped (reader, "changed", G_CALLBACK (changed_cb), self);
  if (sl_import_get_trouble (import_of (self)) != NULL)
    show_unread (self);
  changed_cb (self);
}
