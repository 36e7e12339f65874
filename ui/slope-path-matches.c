/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-path-matches.h"

#include <glib/gi18n.h>

#define N_PATHS 5

struct _SlopePathMatches
{
  AdwBin parent_instance;
  SlopeMatchesKind kind;
  GtkLabel *summary;
  GtkLabel *paths[N_PATHS];
  GtkLabel *missed;
  GCancellable *cancellable; /* of the preview that runs; owned */
};

G_DEFINE_FINAL_TYPE (SlopePathMatches, slope_path_matches, ADW_TYPE_BIN)

/* ---- What is shown */

static void
set_text (GtkLabel *label, const char *text)
{
  gtk_label_set_text (label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL);
}

/* Bold and underlined: to be told apart without colours. */
static void
show_path (GtkLabel *label, const char *path, int at, const char *found)
{
  PangoAttrList *attributes = pango_attr_list_new ();
  PangoAttribute *marks[] = { pango_attr_weight_new (PANGO_WEIGHT_BOLD),
                              pango_attr_underline_new (PANGO_UNDERLINE_SINGLE) };
  /* translators: a path, and the label that was found in it */
  g_autofree char *spoken = g_strdup_printf (_ ("%s: “%s”"), path, found);

  for (gsize i = 0; i < G_N_ELEMENTS (marks); i++)
    {
      marks[i]->start_index = (guint)at;
      marks[i]->end_index = (guint)at + (guint)strlen (found);
      pango_attr_list_insert (attributes, marks[i]);
    }
  set_text (label, path);
  gtk_label_set_attributes (label, attributes);
  gtk_widget_set_tooltip_text (GTK_WIDGET (label), path);
  gtk_accessible_update_property (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken,
                                  -1);
  pango_attr_list_unref (attributes);
}

static char *
count_found (SlopePathMatches *self, guint n)
{
  return self->kind == SLOPE_MATCHES_LABELS
             ? g_strdup_printf (ngettext ("%u label", "%u labels", n), n)
             : g_strdup_printf (ngettext ("%u group", "%u groups", n), n);
}

static void
show_preview (SlopePathMatches *self, const SlRegexPreview *preview)
{
  g_autofree char *found = count_found (self, preview->n_labels);
  const gsize n_missed = preview->n - preview->n_matched;
  g_autofree char *summary = g_strdup_printf (
      self->kind == SLOPE_MATCHES_LABELS
          ? ngettext ("%lu of %lu file fits: %s", "%lu of %lu files fit: %s", preview->n)
          : ngettext ("%lu of %lu picture fits: %s", "%lu of %lu pictures fit: %s", preview->n),
      (unsigned long)preview->n_matched, (unsigned long)preview->n, found);
  g_autofree char *missed = NULL;

  if (preview->first_missed != NULL)
    missed = g_strdup_printf (
        ngettext ("%lu does not fit: %s", "%lu do not fit, the first of them %s", n_missed),
        (unsigned long)n_missed, preview->first_missed);
  set_text (self->summary, preview->error == NULL ? summary : NULL);
  set_text (self->missed, missed);
  for (guint i = 0; i < N_PATHS; i++)
    if (i < preview->n_examples)
      show_path (self->paths[i], preview->paths[i], preview->at[i], preview->labels[i]);
    else
      set_text (self->paths[i], NULL);
}

static void
preview_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SlopePathMatches) self = user_data;
  g_autoptr (SlRegexPreview) preview = sl_import_preview_regex_finish (result, NULL);

  if (preview == NULL)
    return; /* cancelled: a newer one is on its way */
  g_clear_object (&self->cancellable);
  show_preview (self, preview);
}

static void
cancel (SlopePathMatches *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

/* ---- Class */

static GtkLabel *
add_label (GtkWidget *box, const char *css_class, PangoEllipsizeMode ellipsize)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0.f);
  gtk_label_set_ellipsize (GTK_LABEL (label), ellipsize);
  gtk_label_set_wrap (GTK_LABEL (label), ellipsize == PANGO_ELLIPSIZE_NONE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_add_css_class (label, css_class);
  gtk_widget_set_visible (label, FALSE);
  gtk_box_append (GTK_BOX (box), label);
  return GTK_LABEL (label);
}

static void
slope_path_matches_dispose (GObject *object)
{
  cancel (SLOPE_PATH_MATCHES (object));
  G_OBJECT_CLASS (slope_path_matches_parent_class)->dispose (object);
}

static void
slope_path_matches_class_init (SlopePathMatchesClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = slope_path_matches_dispose;
}

static void
slope_path_matches_init (SlopePathMatches *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);

  gtk_widget_add_css_class (box, "import-text");
  self->summary = add_label (box, "heading", PANGO_ELLIPSIZE_NONE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->summary),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  _ ("what the expression finds"), -1);
  for (guint i = 0; i < N_PATHS; i++)
    self->paths[i] = add_label (box, "monospace", PANGO_ELLIPSIZE_MIDDLE);
  self->missed = add_label (box, "dim-label", PANGO_ELLIPSIZE_NONE);
  adw_bin_set_child (ADW_BIN (self), box);
}

GtkWidget *
slope_path_matches_new (SlopeMatchesKind kind)
{
  SlopePathMatches *self = g_object_new (SLOPE_TYPE_PATH_MATCHES, NULL);

  self->kind = kind;
  return GTK_WIDGET (self);
}

void
slope_path_matches_show (SlopePathMatches *self, SlImport *import, const char *pattern)
{
  const SlRegexPreview nothing = { .error = (char *)"" };

  g_return_if_fail (SLOPE_IS_PATH_MATCHES (self));

  cancel (self);
  if (import == NULL || *pattern == '\0')
    {
      show_preview (self, &nothing);
      return;
    }
  self->cancellable = g_cancellable_new ();
  sl_import_preview_regex_async (import, pattern, self->kind == SLOPE_MATCHES_GROUPS,
                                 self->cancellable, preview_cb, g_object_ref (self));
}
