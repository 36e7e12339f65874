/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-table-form.h"

#include "slope-import-rows.h"

#include <glib/gi18n.h>

struct _SlopeTableForm
{
  AdwExpanderRow parent_instance;
  AdwComboRow *separator_row;
  AdwComboRow *encoding_row;
  GtkSwitch *header;
  gboolean touched; /* by the person, since the table was chosen */
  gboolean filling;
};

static guint changed_signal;

G_DEFINE_FINAL_TYPE (SlopeTableForm, slope_table_form, ADW_TYPE_EXPANDER_ROW)

/* ---- Dividers */

static const struct
{
  char character;
  const char *word;
  const char *name;
} dividers[] = {
  { '\0', "none", N_ ("Nothing") },        { ',', "comma", N_ ("Commas") },
  { ';', "semicolon", N_ ("Semicolons") }, { '\t', "tab", N_ ("Tabs") },
  { '|', "pipe", N_ ("Bars |") },          { ' ', "space", N_ ("Spaces") },
};

/* The character itself, where there is no word for it. */
static const char *
as_text (char divider)
{
  const char text[2] = { divider, '\0' };

  return g_intern_string (text);
}

const char *
slope_divider_word (char divider)
{
  for (gsize i = 0; i < G_N_ELEMENTS (dividers); i++)
    if (dividers[i].character == divider)
      return dividers[i].word;
  return as_text (divider);
}

const char *
slope_divider_name (char divider)
{
  for (gsize i = 0; i < G_N_ELEMENTS (dividers); i++)
    if (dividers[i].character == divider)
      return _ (dividers[i].name);
  return as_text (divider);
}

/* ---- Choices */

static const char separators[] = { ',', ';', '\t', '|' };

/* Those that tables of labels are met in; what was found joins them. */
static const char *const encodings[] = { "UTF-8",        "ISO-8859-1",   "ISO-8859-15",
                                         "WINDOWS-1252", "WINDOWS-1251", "UTF-16LE",
                                         "UTF-16BE",     "SHIFT_JIS",    "GB18030",
                                         "MACINTOSH" };

static void
change (SlopeTableForm *self, gboolean other_columns)
{
  if (self->filling)
    return;
  self->touched = TRUE;
  g_signal_emit (self, changed_signal, 0, other_columns);
}

static void
separator_changed_cb (SlopeTableForm *self)
{
  change (self, TRUE);
}

static void
changed_cb (SlopeTableForm *self)
{
  change (self, FALSE);
}

static void
fill_separator (SlopeTableForm *self, char separator)
{
  const char *names[G_N_ELEMENTS (separators) + 1] = { NULL };
  guint selected = GTK_INVALID_LIST_POSITION;

  for (guint i = 0; i < G_N_ELEMENTS (separators); i++)
    {
      names[i] = slope_divider_name (separators[i]);
      if (separators[i] == separator)
        selected = i;
    }
  slope_import_combo_row_fill (self->separator_row, names, selected);
}

static void
fill_encoding (SlopeTableForm *self, const char *encoding)
{
  const char *names[G_N_ELEMENTS (encodings) + 2] = { NULL };
  guint n = G_N_ELEMENTS (encodings), selected = n;

  for (guint i = 0; i < n; i++)
    {
      names[i] = encodings[i];
      if (g_ascii_strcasecmp (encodings[i], encoding) == 0)
        selected = i;
    }
  if (selected == n)
    names[n] = encoding;
  slope_import_combo_row_fill (self->encoding_row, names, selected);
}

/* "Commas between cells, ISO-8859-1, the first row is a header" */
static void
sum_up (SlopeTableForm *self, char separator, const char *encoding, gboolean has_bom,
        gboolean has_header)
{
  g_autofree char *written = has_bom ? g_strdup_printf (_ ("%s with a byte order mark"), encoding)
                                     : g_strdup (encoding);
  g_autofree char *text = g_strdup_printf (
      _ ("%s between cells, %s, %s"), slope_divider_name (separator), written,
      has_header ? _ ("the first row is a header") : _ ("no header"));

  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (self), text);
}

/* ---- Class */

static void
slope_table_form_class_init (SlopeTableFormClass *klass)
{
  changed_signal = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
}

static void
slope_table_form_init (SlopeTableForm *self)
{
  GtkWidget *header_row = adw_action_row_new ();

  self->separator_row = slope_import_combo_row (_ ("Between cells"),
                                                G_CALLBACK (separator_changed_cb), self);
  self->encoding_row = slope_import_combo_row (_ ("Encoding"), G_CALLBACK (changed_cb), self);
  self->header = GTK_SWITCH (gtk_switch_new ());
  gtk_widget_set_valign (GTK_WIDGET (self->header), GTK_ALIGN_CENTER);
  g_signal_connect_swapped (self->header, "notify::active", G_CALLBACK (changed_cb), self);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (header_row), _ ("The first row is a header"));
  adw_action_row_add_suffix (ADW_ACTION_ROW (header_row), GTK_WIDGET (self->header));
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (header_row), GTK_WIDGET (self->header));
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), _ ("How it is written"));
  adw_expander_row_add_row (ADW_EXPANDER_ROW (self), GTK_WIDGET (self->separator_row));
  adw_expander_row_add_row (ADW_EXPANDER_ROW (self), GTK_WIDGET (self->encoding_row));
  adw_expander_row_add_row (ADW_EXPANDER_ROW (self), header_row);
}

GtkWidget *
slope_table_form_new (void)
{
  return g_object_new (SLOPE_TYPE_TABLE_FORM, NULL);
}

void
slope_table_form_set (SlopeTableForm *self, char separator, const char *encoding, gboolean has_bom,
                      gboolean has_header)
{
  g_return_if_fail (SLOPE_IS_TABLE_FORM (self));

  self->filling = TRUE;
  fill_separator (self, separator);
  fill_encoding (self, encoding);
  gtk_switch_set_active (self->header, has_header);
  sum_up (self, separator, encoding, has_bom, has_header);
  self->filling = FALSE;
}

char *
slope_table_form_spell (SlopeTableForm *self)
{
  const guint separator = adw_combo_row_get_selected (self->separator_row);
  GObject *encoding = adw_combo_row_get_selected_item (self->encoding_row);

  g_return_val_if_fail (SLOPE_IS_TABLE_FORM (self), NULL);

  if (!self->touched || separator >= G_N_ELEMENTS (separators) || encoding == NULL)
    return g_strdup ("");
  return g_strdup_printf (",header=%s,separator=%s,encoding=%s",
                          gtk_switch_get_active (self->header) ? "yes" : "no",
                          slope_divider_word (separators[separator]),
                          gtk_string_object_get_string (GTK_STRING_OBJECT (encoding)));
}

void
slope_table_form_forget (SlopeTableForm *self)
{
  g_return_if_fail (SLOPE_IS_TABLE_FORM (self));
  self->touched = FALSE;
}
