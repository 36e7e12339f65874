/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-import-pattern.h"

#include "slope-import-rows.h"
#include "slope-path-matches.h"
#include "slope-pause.h"

#include <glib/gi18n.h>

struct _SlopeImportPattern
{
  AdwPreferencesGroup parent_instance;
  GtkWidget *entry_row;
  SlopePathMatches *matches;
  GtkWidget *matches_row;
  AdwActionRow *mask_row;
  AdwActionRow *codes_row;
  const char *way;  /* "regex" or "masks" */
  SlImport *import; /* owned, nullable */
  SlopePause *pause;
  gboolean filling;
};

static guint wish_signal;

G_DEFINE_FINAL_TYPE (SlopeImportPattern, slope_import_pattern, ADW_TYPE_PREFERENCES_GROUP)

static gboolean
is_regex (SlopeImportPattern *self)
{
  return g_str_equal (self->way, "regex");
}

/* ---- What the person wants */

static void
show_matches (SlopeImportPattern *self)
{
  slope_path_matches_show (self->matches, is_regex (self) ? self->import : NULL,
                           gtk_editable_get_text (GTK_EDITABLE (self->entry_row)));
}

static void
paused_cb (gpointer data)
{
  SlopeImportPattern *self = data;
  g_autofree char *labels = g_strconcat (
      self->way, ":", gtk_editable_get_text (GTK_EDITABLE (self->entry_row)), NULL);

  g_signal_emit (self, wish_signal, 0, labels);
}

static void
text_changed_cb (SlopeImportPattern *self)
{
  if (self->filling)
    return;
  show_matches (self);
  slope_pause_begin (self->pause);
}

/* ---- What is shown */

/* The root is not told; a mask of the source lies below the folder that the picture's path begins with. */
static char *
path_of_mask (const SlCandidate *item)
{
  const gsize all = strlen (item->path), end = strlen (item->rel_path);
  g_autofree char *root = g_str_has_suffix (item->path, item->rel_path)
                              ? g_strndup (item->path, all - end)
                              : g_strdup ("");

  return g_strdup (g_str_has_prefix (item->target, root) ? item->target + strlen (root)
                                                         : item->target);
}

static void
show_mask (SlopeImportPattern *self)
{
  const SlUnderstanding *understood = sl_import_get_understanding (self->import);
  const guint n = sl_import_get_problem (self->import)->n_classes;
  const SlCandidate *item = sl_import_get_item (self->import, sl_import_n_items (self->import) / 2);
  g_autofree char *codes = g_strdup_printf (ngettext ("%u class", "%u classes", n), n);
  g_autofree char *from = understood->codes != NULL
                              ? g_strdup_printf (_ ("Named in %s, line by line from value 0"),
                                                 understood->codes)
                              : g_strdup (_ ("Named by their values: there is no codes.txt"));

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->codes_row), codes);
  adw_action_row_set_subtitle (self->codes_row, from);
  if (item->target != NULL)
    {
      g_autofree char *path = path_of_mask (item);
      g_autofree char *title = g_strdup_printf (_ ("The mask of %s"), item->rel_path);

      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->mask_row), title);
      adw_action_row_set_subtitle (self->mask_row, path);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->mask_row), item->target != NULL);
}

/* ---- Class */

static void
slope_import_pattern_dispose (GObject *object)
{
  SlopeImportPattern *self = SLOPE_IMPORT_PATTERN (object);

  g_clear_pointer (&self->pause, slope_pause_free);
  g_clear_pointer (&self->import, sl_import_unref);
  G_OBJECT_CLASS (slope_import_pattern_parent_class)->dispose (object);
}

static void
slope_import_pattern_class_init (SlopeImportPatternClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = slope_import_pattern_dispose;
  wish_signal = g_signal_new ("wish", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                              NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
slope_import_pattern_init (SlopeImportPattern *self)
{
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (self);

  self->way = "regex";
  self->pause = slope_pause_new (paused_cb, self);
  self->entry_row = adw_entry_row_new ();
  self->matches = SLOPE_PATH_MATCHES (slope_path_matches_new (SLOPE_MATCHES_LABELS));
  self->matches_row = slope_import_plain_row_new (GTK_WIDGET (self->matches));
  self->mask_row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, NULL);
  self->codes_row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, NULL);
  gtk_widget_add_css_class (self->entry_row, "monospace");
  g_signal_connect_swapped (self->entry_row, "changed", G_CALLBACK (text_changed_cb), self);
  adw_preferences_group_add (group, self->entry_row);
  adw_preferences_group_add (group, self->matches_row);
  adw_preferences_group_add (group, GTK_WIDGET (self->mask_row));
  adw_preferences_group_add (group, GTK_WIDGET (self->codes_row));
}

GtkWidget *
slope_import_pattern_new (void)
{
  return g_object_new (SLOPE_TYPE_IMPORT_PATTERN, NULL);
}

/* What is being typed is not written over by the answer to what was typed before. */
static void
fill_text (SlopeImportPattern *self, const char *text)
{
  if (slope_pause_is_on (self->pause)
      || g_str_equal (gtk_editable_get_text (GTK_EDITABLE (self->entry_row)), text))
    return;
  self->filling = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (self->entry_row), text);
  self->filling = FALSE;
}

void
slope_import_pattern_show (SlopeImportPattern *self, SlImport *import, const char *way)
{
  const SlUnderstanding *understood;
  gboolean is_read;

  g_return_if_fail (SLOPE_IS_IMPORT_PATTERN (self) && import != NULL);

  understood = sl_import_get_understanding (import);
  is_read = understood != NULL && g_str_has_prefix (understood->labels, way);
  if (!g_str_equal (way, self->way) && !is_read)
    fill_text (self, "");
  self->way = g_str_equal (way, "masks") ? "masks" : "regex";
  sl_import_ref (import);
  g_clear_pointer (&self->import, sl_import_unref);
  self->import = import;
  if (is_read && understood->labels[strlen (way)] == ':')
    fill_text (self, understood->labels + strlen (way) + 1);
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (self),
                                   is_regex (self) ? _ ("Part of the Path") : _ ("Masks"));
  adw_preferences_group_set_description (
      ADW_PREFERENCES_GROUP (self),
      is_regex (self) ? _ ("What the parentheses match is the label")
                      : _ ("Where a mask is, seen from its picture; {stem} is the picture’s name"));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->entry_row),
                                 is_regex (self) ? _ ("Regular expression") : _ ("Pattern"));
  show_matches (self);
  if (is_read && !is_regex (self))
    show_mask (self);
  gtk_widget_set_visible (self->matches_row, is_regex (self));
  gtk_widget_set_visible (GTK_WIDGET (self->codes_row), is_read && !is_regex (self));
  if (!is_read || is_regex (self))
    gtk_widget_set_visible (GTK_WIDGET (self->mask_row), FALSE);
}
