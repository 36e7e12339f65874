/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-import-texts.h"

#include "slope-import-rows.h"
#include "slope-table-form.h"
#include "slope-table-look.h"

#include <glib/gi18n.h>

struct _SlopeImportTexts
{
  AdwPreferencesGroup parent_instance;
  AdwComboRow *file_row;
  AdwComboRow *text_row;
  AdwComboRow *label_row; /* the first choice is none */
  SlopeTableLook *look;
  GtkWidget *look_row;
  SlopeTableForm *form;
  GPtrArray *notes; /* rows below, which come and go */
  GPtrArray *files; /* of char *: in the order of file_row */
  gboolean filling; /* the rows are being set: no change by the person */
};

static guint wish_signal;

G_DEFINE_FINAL_TYPE (SlopeImportTexts, slope_import_texts, ADW_TYPE_PREFERENCES_GROUP)

/* ---- What the person wants */

static const char *
chosen_file (SlopeImportTexts *self)
{
  return g_ptr_array_index (self->files, adw_combo_row_get_selected (self->file_row));
}

/* "csv:texts.csv:#2,#1,,header=no"; columns that are not kept are left empty, to be guessed. */
static void
wish (SlopeImportTexts *self, gboolean keep_columns)
{
  const guint text = adw_combo_row_get_selected (self->text_row);
  const guint label = adw_combo_row_get_selected (self->label_row);
  g_autofree char *form = slope_table_form_spell (self->form);
  g_autoptr (GString) labels = g_string_new (NULL);

  g_string_printf (labels, "csv:%s:", chosen_file (self));
  if (keep_columns)
    g_string_append_printf (labels, "#%u", text + 1);
  if (keep_columns ? label > 0 || *form != '\0' : *form != '\0')
    g_string_append_c (labels, ',');
  if (keep_columns && label > 0)
    g_string_append_printf (labels, "#%u", label);
  if (*form != '\0')
    g_string_append_printf (labels, ",%s", form); /* no delimiter: a text has one label */
  g_signal_emit (self, wish_signal, 0, labels->str);
}

static void
file_changed_cb (SlopeImportTexts *self)
{
  if (self->filling)
    return;
  slope_table_form_forget (self->form);
  wish (self, FALSE);
}

static void
column_changed_cb (SlopeImportTexts *self)
{
  if (!self->filling)
    wish (self, TRUE);
}

static void
form_changed_cb (SlopeImportTexts *self, gboolean other_columns)
{
  if (!self->filling)
    wish (self, !other_columns);
}

/* ---- What is shown */

static void
fill_columns (SlopeImportTexts *self, const SlTableInfo *table)
{
  const gboolean has_label = table->last_column >= table->first_column;
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (names, g_strdup (_ ("No labels")));
  for (guint i = 0; i < table->n_columns; i++)
    g_ptr_array_add (names, table->has_header && *table->cells[i] != '\0'
                                ? g_strdup (table->cells[i])
                                : g_strdup_printf (_ ("Column %u"), i + 1));
  g_ptr_array_add (names, NULL);
  slope_import_combo_row_fill (self->text_row, (const char *const *)names->pdata + 1,
                               table->name_column);
  slope_import_combo_row_fill (self->label_row, (const char *const *)names->pdata,
                               has_label ? table->first_column + 1 : 0);
}

static void
fill_look (SlopeImportTexts *self, const SlTableInfo *table)
{
  const SlopeTableMeaning meaning = { (int)table->name_column, (int)table->first_column,
                                      (int)table->last_column, table->split_column, TRUE };

  slope_table_look_set (self->look, (const char *const *)table->cells, table->n_first,
                        table->n_columns, table->has_header, &meaning);
  slope_table_form_set (self->form, table->separator, table->encoding, table->has_bom,
                        table->has_header);
}

static void
fill_files (SlopeImportTexts *self, SlImport *import, const char *chosen)
{
  guint n, selected = 0;
  const SlTableLook *looks = sl_import_get_tables (import, &n);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  g_ptr_array_set_size (self->files, 0);
  for (guint i = 0; i < n; i++)
    {
      g_ptr_array_add (self->files, g_strdup (looks[i].file));
      g_ptr_array_add (names, g_ptr_array_index (self->files, i));
      if (g_strcmp0 (looks[i].file, chosen) == 0)
        selected = i;
    }
  g_ptr_array_add (names, NULL);
  slope_import_combo_row_fill (self->file_row, (const char *const *)names->pdata, selected);
  gtk_widget_set_visible (GTK_WIDGET (self->file_row), chosen != NULL && n > 1);
}

static void
fill_notes (SlopeImportTexts *self, char **notes)
{
  for (guint i = 0; i < self->notes->len; i++)
    adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self), self->notes->pdata[i]);
  g_ptr_array_set_size (self->notes, 0);
  for (gsize i = 0; notes != NULL && notes[i] != NULL; i++)
    {
      GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", notes[i],
                                     "title-lines", 0, NULL);

      adw_action_row_add_prefix (ADW_ACTION_ROW (row),
                                 gtk_image_new_from_icon_name ("dialog-information-symbolic"));
      adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), row);
      g_ptr_array_add (self->notes, row);
    }
}

/* ---- Class */

static void
slope_import_texts_finalize (GObject *object)
{
  SlopeImportTexts *self = SLOPE_IMPORT_TEXTS (object);

  g_ptr_array_unref (self->notes);
  g_ptr_array_unref (self->files);
  G_OBJECT_CLASS (slope_import_texts_parent_class)->finalize (object);
}

static void
slope_import_texts_class_init (SlopeImportTextsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = slope_import_texts_finalize;
  wish_signal = g_signal_new ("wish", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                              NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
slope_import_texts_init (SlopeImportTexts *self)
{
  self->notes = g_ptr_array_new ();
  self->files = g_ptr_array_new_with_free_func (g_free);
  self->file_row = slope_import_combo_row (_ ("File"), G_CALLBACK (file_changed_cb), self);
  self->text_row = slope_import_combo_row (_ ("Texts"), G_CALLBACK (column_changed_cb), self);
  self->label_row = slope_import_combo_row (_ ("Labels"), G_CALLBACK (column_changed_cb), self);
  self->look = SLOPE_TABLE_LOOK (slope_table_look_new ());
  self->look_row = slope_import_plain_row_new (GTK_WIDGET (self->look));
  self->form = SLOPE_TABLE_FORM (slope_table_form_new ());
  g_signal_connect_swapped (self->form, "changed", G_CALLBACK (form_changed_cb), self);
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (self), _ ("Texts"));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), GTK_WIDGET (self->file_row));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), self->look_row);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), GTK_WIDGET (self->text_row));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), GTK_WIDGET (self->label_row));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), GTK_WIDGET (self->form));
}

GtkWidget *
slope_import_texts_new (void)
{
  return g_object_new (SLOPE_TYPE_IMPORT_TEXTS, NULL);
}

void
slope_import_texts_show (SlopeImportTexts *self, SlImport *import, const char *way)
{
  const SlUnderstanding *understood;
  const SlTableInfo *table = NULL;

  g_return_if_fail (SLOPE_IS_IMPORT_TEXTS (self) && import != NULL && way != NULL);

  understood = sl_import_get_understanding (import);
  if (g_str_equal (way, "csv") && understood != NULL && sl_import_get_task (import)->texts)
    table = understood->table;
  self->filling = TRUE;
  fill_files (self, import, table != NULL ? table->file : NULL);
  if (table != NULL)
    {
      fill_columns (self, table);
      fill_look (self, table);
    }
  gtk_widget_set_visible (self->look_row, table != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->text_row), table != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->label_row), table != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->form), table != NULL);
  fill_notes (self, understood != NULL ? understood->notes : NULL);
  self->filling = FALSE;
  gtk_widget_set_visible (GTK_WIDGET (self), table != NULL || self->notes->len > 0);
}
