/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-import-table.h"

#include "slope-import-rows.h"
#include "slope-table-form.h"
#include "slope-table-look.h"

#include <glib/gi18n.h>

struct _SlopeImportTable
{
  AdwPreferencesGroup parent_instance;
  AdwComboRow *file_row;
  AdwComboRow *name_row;
  AdwComboRow *first_row;
  AdwComboRow *last_row;
  AdwComboRow *delimiter_row;
  SlopeTableForm *form;
  SlopeTableLook *look;
  AdwActionRow *count_row;
  AdwActionRow *path_row;

  const char *way;      /* "csv" or "points:csv" */
  GPtrArray *files;     /* of char *: in the order of file_row */
  guint n_columns;      /* of the table that is shown */
  GString *dividers;    /* one byte a choice of delimiter_row; 0 stands for none */
  gboolean is_measured; /* the labels are numbers, which nothing divides */
  gboolean filling;     /* the rows are being set: no change by the person */
};

static guint wish_signal;

G_DEFINE_FINAL_TYPE (SlopeImportTable, slope_import_table, ADW_TYPE_PREFERENCES_GROUP)

/* ---- What the person wants */

typedef enum
{
  KEEP_COLUMNS = 1 << 0,
  KEEP_DELIMITER = 1 << 1
} Keep;

static gboolean
is_points (SlopeImportTable *self)
{
  return g_str_equal (self->way, "points:csv");
}

/* The first choice of last_row is "only this one", the second the column after the first one. */
static guint
get_last (SlopeImportTable *self)
{
  return adw_combo_row_get_selected (self->first_row) + adw_combo_row_get_selected (self->last_row);
}

/* "csv:labels.csv:#1,#2..#5,none,header=no"; what is not kept is left empty, to be guessed. */
static char *
spell (SlopeImportTable *self, Keep keep)
{
  const guint file = adw_combo_row_get_selected (self->file_row);
  const guint divider = adw_combo_row_get_selected (self->delimiter_row);
  const guint first = adw_combo_row_get_selected (self->first_row);
  g_autofree char *form = slope_table_form_spell (self->form);
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_printf (text, "%s:%s:", self->way, (char *)g_ptr_array_index (self->files, file));
  if (keep & KEEP_COLUMNS)
    {
      g_string_append_printf (text, "#%u,#%u", adw_combo_row_get_selected (self->name_row) + 1,
                              first + 1);
      if (get_last (self) > first)
        g_string_append_printf (text, "..#%u", get_last (self) + 1);
    }
  else
    g_string_append_c (text, ',');
  g_string_append_c (text, ',');
  if ((keep & KEEP_DELIMITER) && gtk_widget_get_visible (GTK_WIDGET (self->delimiter_row))
      && divider < self->dividers->len)
    g_string_append (text, slope_divider_word (self->dividers->str[divider]));
  g_string_append (text, form);
  return g_strdup (text->str);
}

static void
wish (SlopeImportTable *self, Keep keep, gboolean guess_task)
{
  g_autofree char *labels = spell (self, keep);

  g_signal_emit (self, wish_signal, 0, labels, guess_task);
}

static void
file_changed_cb (SlopeImportTable *self)
{
  if (self->filling)
    return;
  slope_table_form_forget (self->form);
  wish (self, 0, TRUE);
}

static void
form_changed_cb (SlopeImportTable *self, gboolean other_columns)
{
  if (!self->filling)
    wish (self, other_columns ? 0 : KEEP_COLUMNS | KEEP_DELIMITER, FALSE);
}

static void
name_changed_cb (SlopeImportTable *self)
{
  if (!self->filling)
    wish (self, KEEP_COLUMNS | KEEP_DELIMITER, FALSE);
}

static void fill_last (SlopeImportTable *self, guint last);

/* Points have at least two columns. */
static void
first_changed_cb (SlopeImportTable *self)
{
  if (self->filling)
    return;
  self->filling = TRUE;
  fill_last (self, adw_combo_row_get_selected (self->first_row) + (is_points (self) ? 1 : 0));
  self->filling = FALSE;
  wish (self, KEEP_COLUMNS, TRUE);
}

static void
last_changed_cb (SlopeImportTable *self)
{
  if (!self->filling)
    wish (self, KEEP_COLUMNS, TRUE);
}

static void
delimiter_changed_cb (SlopeImportTable *self)
{
  if (!self->filling)
    wish (self, KEEP_COLUMNS | KEEP_DELIMITER, TRUE);
}

/* ---- What is shown */

/* (transfer full): columns by their names in the header, else by their numbers. */
static char **
name_columns (const char *const *cells, guint n_columns, gboolean has_header)
{
  char **names = g_new0 (char *, n_columns + 1);

  for (guint i = 0; i < n_columns; i++)
    names[i] = has_header && *cells[i] != '\0' ? g_strdup (cells[i])
                                               : g_strdup_printf (_ ("Column %u"), i + 1);
  return names;
}

static void
fill_last (SlopeImportTable *self, guint last)
{
  const guint first = adw_combo_row_get_selected (self->first_row);
  GListModel *columns = adw_combo_row_get_model (self->first_row);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  g_ptr_array_add (names, (gpointer)_ ("Only this one"));
  for (guint i = first + 1; i < self->n_columns; i++)
    g_ptr_array_add (names, (gpointer)gtk_string_list_get_string (GTK_STRING_LIST (columns), i));
  g_ptr_array_add (names, NULL);
  slope_import_combo_row_fill (self->last_row, (const char *const *)names->pdata,
                               MIN (last, self->n_columns - 1) - first);
}

static void
fill_columns (SlopeImportTable *self, const char *const *cells, gboolean has_header,
              const SlopeTableMeaning *meaning)
{
  g_auto (GStrv) names = name_columns (cells, self->n_columns, has_header);

  slope_import_combo_row_fill (self->name_row, (const char *const *)names, (guint)meaning->name);
  slope_import_combo_row_fill (self->first_row, (const char *const *)names, (guint)meaning->first);
  fill_last (self, (guint)meaning->last);
}

static void
fill_delimiter (SlopeImportTable *self, char delimiter)
{
  static const char usual[] = { '\0', ' ', ',', ';', '|', '\t' };
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  guint selected = GTK_INVALID_LIST_POSITION;

  g_string_truncate (self->dividers, 0);
  g_string_append_len (self->dividers, usual, sizeof usual);
  if (memchr (usual, delimiter, sizeof usual) == NULL)
    g_string_append_c (self->dividers, delimiter);
  for (gsize i = 0; i < self->dividers->len; i++)
    {
      const char divider = self->dividers->str[i];

      g_ptr_array_add (words, (gpointer)(divider == '\0' ? _ ("Nothing: one label")
                                                         : slope_divider_name (divider)));
      if (divider == delimiter)
        selected = (guint)i;
    }
  g_ptr_array_add (words, NULL);
  slope_import_combo_row_fill (self->delimiter_row, (const char *const *)words->pdata, selected);
}

/* Every row is in one of the counts. */
static void
fill_counts (SlopeImportTable *self, const SlTableInfo *table)
{
  g_autofree char *title = g_strdup_printf (ngettext ("%'lu row", "%'lu rows", table->n_rows),
                                            (unsigned long)table->n_rows);
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_append_printf (
      text, ngettext ("%'lu names a picture", "%'lu name a picture each", table->n_matched),
      (unsigned long)table->n_matched);
  if (table->n_repeated > 0)
    g_string_append_printf (
        text, ngettext (", %'lu names one again", ", %'lu name one again", table->n_repeated),
        (unsigned long)table->n_repeated);
  if (table->n_missing > 0)
    g_string_append_printf (text,
                            ngettext (", %'lu names none", ", %'lu name none", table->n_missing),
                            (unsigned long)table->n_missing);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->count_row), title);
  adw_action_row_set_subtitle (self->count_row, text->str);
}

/* What was added to a name, to find its picture. */
static void
fill_path (SlopeImportTable *self, const SlTableInfo *table)
{
  g_autofree char *title = g_strdup_printf (_ ("“%s” means"), table->example);
  g_autofree char *path = g_strconcat (table->prefix, table->example, table->suffix, NULL);
  const gboolean added = *table->prefix != '\0' || *table->suffix != '\0';

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->path_row), title);
  adw_action_row_set_subtitle (self->path_row, path);
  gtk_widget_set_visible (GTK_WIDGET (self->path_row), added && *table->example != '\0');
}

/* The table of @import, as its labels were read. */
static void
show_table (SlopeImportTable *self, const SlTableInfo *table)
{
  const char *const *cells = (const char *const *)table->cells;
  const SlopeTableMeaning meaning = { (int)table->name_column, (int)table->first_column,
                                      (int)table->last_column, table->split_column, FALSE };

  self->n_columns = table->n_columns;
  fill_columns (self, cells, table->has_header, &meaning);
  fill_delimiter (self, table->delimiter);
  fill_counts (self, table);
  fill_path (self, table);
  slope_table_form_set (self->form, table->separator, table->encoding, table->has_bom,
                        table->has_header);
  slope_table_look_set (self->look, cells, table->n_first, table->n_columns, table->has_header,
                        &meaning);
}

/* A table whose columns are not yet understood. */
static void
show_beginning (SlopeImportTable *self, const SlTableLook *look)
{
  const SlopeTableMeaning meaning = { 0, look->n_columns > 1, look->n_columns > 1, -1, FALSE };
  const SlopeTableMeaning unknown = { -1, -1, -2, -1, FALSE };

  self->n_columns = MAX (look->n_columns, 1);
  if (look->error == NULL)
    fill_columns (self, (const char *const *)look->cells, TRUE, &meaning);
  fill_delimiter (self, '\0');
  slope_table_look_set (self->look, (const char *const *)look->cells,
                        look->error == NULL ? look->n_first : 0, look->n_columns, FALSE, &unknown);
}

static void
fill_files (SlopeImportTable *self, SlImport *import, const char *chosen)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  guint n, selected = 0;
  const SlTableLook *looks = sl_import_get_tables (import, &n);
  gboolean known = chosen == NULL;

  g_ptr_array_set_size (self->files, 0);
  for (guint i = 0; i < n; i++)
    {
      if (g_strcmp0 (looks[i].file, chosen) == 0)
        {
          selected = i;
          known = TRUE;
        }
      g_ptr_array_add (self->files, g_strdup (looks[i].file));
    }
  if (!known) /* one of very many */
    {
      selected = self->files->len;
      g_ptr_array_add (self->files, g_strdup (chosen));
    }
  for (guint i = 0; i < self->files->len; i++)
    g_ptr_array_add (names, g_ptr_array_index (self->files, i));
  g_ptr_array_add (names, NULL);
  slope_import_combo_row_fill (self->file_row, (const char *const *)names->pdata, selected);
}

/* ---- Class */

static void
slope_import_table_finalize (GObject *object)
{
  SlopeImportTable *self = SLOPE_IMPORT_TABLE (object);

  g_ptr_array_unref (self->files);
  g_string_free (self->dividers, TRUE);
  G_OBJECT_CLASS (slope_import_table_parent_class)->finalize (object);
}

static void
slope_import_table_class_init (SlopeImportTableClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = slope_import_table_finalize;
  wish_signal = g_signal_new ("wish", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                              NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_BOOLEAN);
}

static void
add_row (SlopeImportTable *self, gpointer row)
{
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), GTK_WIDGET (row));
}

static void
slope_import_table_init (SlopeImportTable *self)
{
  self->way = "csv";
  self->files = g_ptr_array_new_with_free_func (g_free);
  self->dividers = g_string_new (NULL);
  self->file_row = slope_import_combo_row (_ ("File"), G_CALLBACK (file_changed_cb), self);
  self->name_row = slope_import_combo_row (_ ("Names of pictures"), G_CALLBACK (name_changed_cb),
                                           self);
  self->first_row = slope_import_combo_row (_ ("Labels"), G_CALLBACK (first_changed_cb), self);
  self->last_row = slope_import_combo_row (_ ("Labels up to"), G_CALLBACK (last_changed_cb), self);
  self->delimiter_row = slope_import_combo_row (_ ("Between labels"),
                                                G_CALLBACK (delimiter_changed_cb), self);
  self->form = SLOPE_TABLE_FORM (slope_table_form_new ());
  g_signal_connect_swapped (self->form, "changed", G_CALLBACK (form_changed_cb), self);
  self->look = SLOPE_TABLE_LOOK (slope_table_look_new ());
  self->count_row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, NULL);
  self->path_row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, NULL);
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (self), _ ("Table"));
  add_row (self, self->file_row);
  add_row (self, slope_import_plain_row_new (GTK_WIDGET (self->look)));
  add_row (self, self->name_row);
  add_row (self, self->first_row);
  add_row (self, self->last_row);
  add_row (self, self->delimiter_row);
  add_row (self, self->form);
  add_row (self, self->path_row);
  add_row (self, self->count_row);
}

GtkWidget *
slope_import_table_new (void)
{
  return g_object_new (SLOPE_TYPE_IMPORT_TABLE, NULL);
}

void
slope_import_table_show (SlopeImportTable *self, SlImport *import, const char *way)
{
  const SlUnderstanding *understood;
  const SlTableInfo *table;
  const SlTableLook *looks;
  guint n;

  g_return_if_fail (SLOPE_IS_IMPORT_TABLE (self) && import != NULL);

  understood = sl_import_get_understanding (import);
  table = understood != NULL && g_str_has_prefix (understood->labels, way) ? understood->table
                                                                           : NULL;
  looks = sl_import_get_tables (import, &n);
  self->filling = TRUE;
  self->way = g_str_equal (way, "points:csv") ? "points:csv" : "csv";
  self->is_measured = table != NULL && sl_import_get_task (import)->has_ranges;
  fill_files (self, import, table != NULL ? table->file : NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->count_row), table != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->path_row), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->form), table != NULL);
  if (table != NULL)
    show_table (self, table);
  else if (n > 0)
    show_beginning (self, &looks[0]);
  gtk_widget_set_visible (GTK_WIDGET (self->file_row), self->files->len > 1);
  gtk_widget_set_visible (GTK_WIDGET (self->delimiter_row),
                          !is_points (self) && !self->is_measured
                              && adw_combo_row_get_selected (self->last_row) == 0);
  self->filling = FALSE;
}

char *
slope_import_table_dup_columns (SlopeImportTable *self)
{
  g_return_val_if_fail (SLOPE_IS_IMPORT_TABLE (self), NULL);
  return spell (self, KEEP_COLUMNS);
}
