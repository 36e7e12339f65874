/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-import-texts.h"

#include "slope-import-rows.h"

#include <glib/gi18n.h>

struct _SlopeImportTexts
{
  AdwPreferencesGroup parent_instance;
  AdwComboRow *file_row;
  AdwComboRow *text_row;
  AdwComboRow *label_row; /* the first choice is none */
  GPtrArray *notes;       /* rows below, which come and go */
  GPtrArray *files;       /* of char *: in the order of file_row */
  gboolean filling;       /* the rows are being set: no change by the person */
};

static guint wish_signal;

G_DEFINE_FINAL_TYPE (SlopeImportTexts, slope_import_texts, ADW_TYPE_PREFERENCES_GROUP)

/* ---- What the person wants */

static const char *
chosen_file (SlopeImportTexts *self)
{
  return g_ptr_array_index (self->files, adw_combo_row_get_selected (self->file_row));
}

static void
wish (SlopeImportTexts *self, char *labels)
{
  g_signal_emit (self, wish_signal, 0, labels);
  g_free (labels);
}

/* Its columns are to be guessed. */
static void
file_changed_cb (SlopeImportTexts *self)
{
  if (!self->filling)
    wish (self, g_strdup_printf ("csv:%s:", chosen_file (self)));
}

static void
column_changed_cb (SlopeImportTexts *self)
{
  const guint text = adw_combo_row_get_selected (self->text_row);
  const guint label = adw_combo_row_get_selected (self->label_row);

  if (self->filling)
    return;
  wish (self, label > 0 ? g_strdup_printf ("csv:%s:%u,%u", chosen_file (self), text + 1, label)
                        : g_strdup_printf ("csv:%s:%u", chosen_file (self), text + 1));
}

/* ---- What is shown */

/* A column as sl_import_set_labels() spells it: by its name in the first row, or its number from 1; -1: neither. */
static int
find_column (const SlTableLook *look, const char *spelled)
{
  guint64 number;

  for (guint i = 0; i < look->n_columns; i++)
    if (g_strcmp0 (look->cells[i], spelled) == 0)
      return (int)i;
  return spelled != NULL
                 && g_ascii_string_to_unsigned (spelled, 10, 1, look->n_columns, &number, NULL)
             ? (int)number - 1
             : -1;
}

/* "csv:FILE:TEXT,LABEL" */
static const SlTableLook *
read_labels (SlImport *import, const char *labels, int *text, int *label)
{
  guint n;
  const SlTableLook *looks = sl_import_get_tables (import, &n);

  for (guint i = 0; labels != NULL && i < n; i++)
    {
      g_autofree char *prefix = g_strdup_printf ("csv:%s:", looks[i].file);
      g_auto (GStrv) columns = NULL;

      if (looks[i].error != NULL || !g_str_has_prefix (labels, prefix))
        continue;
      columns = g_strsplit (labels + strlen (prefix), ",", 2);
      *text = columns[0] != NULL ? find_column (&looks[i], columns[0]) : -1;
      *label = *text >= 0 && columns[1] != NULL ? find_column (&looks[i], columns[1]) : -1;
      return &looks[i];
    }
  return NULL;
}

static void
fill_columns (SlopeImportTexts *self, const SlTableLook *look, const char *labels, int text,
              int label)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  /* Read by numbers alone, the first row is a text like the others. */
  g_autofree char *number = g_strdup_printf ("%d", text + 1);
  const gboolean has_header = g_strcmp0 (look->cells[text], number) == 0
                              || !g_str_has_suffix (labels, number);

  g_ptr_array_add (names, g_strdup (_ ("No labels")));
  for (guint i = 0; i < look->n_columns; i++)
    g_ptr_array_add (names, has_header && *look->cells[i] != '\0'
                                ? g_strdup (look->cells[i])
                                : g_strdup_printf (_ ("Column %u"), i + 1));
  g_ptr_array_add (names, NULL);
  slope_import_combo_row_fill (self->text_row, (const char *const *)names->pdata + 1, (guint)text);
  slope_import_combo_row_fill (self->label_row, (const char *const *)names->pdata,
                               (guint)(label + 1));
}

static void
fill_files (SlopeImportTexts *self, SlImport *import, const SlTableLook *chosen)
{
  guint n, selected = 0;
  const SlTableLook *looks = sl_import_get_tables (import, &n);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  g_ptr_array_set_size (self->files, 0);
  for (guint i = 0; i < n; i++)
    {
      g_ptr_array_add (self->files, g_strdup (looks[i].file));
      g_ptr_array_add (names, g_ptr_array_index (self->files, i));
      if (&looks[i] == chosen)
        selected = i;
    }
  g_ptr_array_add (names, NULL);
  slope_import_combo_row_fill (self->file_row, (const char *const *)names->pdata, selected);
  gtk_widget_set_visible (GTK_WIDGET (self->file_row), n > 1);
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
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (self), _ ("Texts"));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), GTK_WIDGET (self->file_row));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), GTK_WIDGET (self->text_row));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), GTK_WIDGET (self->label_row));
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
  const SlTableLook *look = NULL;
  int text = -1, label = -1;

  g_return_if_fail (SLOPE_IS_IMPORT_TEXTS (self) && import != NULL && way != NULL);

  understood = sl_import_get_understanding (import);
  self->filling = TRUE;
  if (g_str_equal (way, "csv"))
    look = read_labels (import, understood != NULL ? understood->labels : NULL, &text, &label);
  fill_files (self, import, look);
  if (look != NULL && text >= 0)
    fill_columns (self, look, understood->labels, text, label);
  gtk_widget_set_visible (GTK_WIDGET (self->text_row), look != NULL && text >= 0);
  gtk_widget_set_visible (GTK_WIDGET (self->label_row), look != NULL && text >= 0);
  if (!g_str_equal (way, "csv"))
    gtk_widget_set_visible (GTK_WIDGET (self->file_row), FALSE);
  fill_notes (self, understood != NULL ? understood->notes : NULL);
  self->filling = FALSE;
  gtk_widget_set_visible (GTK_WIDGET (self), look != NULL || self->notes->len > 0);
}
