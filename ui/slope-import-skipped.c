/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-import-skipped.h"

#include "slope-import-rows.h"
#include "slope-skipped-list.h"

#include <glib/gi18n.h>

#define ROW_PX 54 /* about: a list that scrolls does not say how high it would like to be */
#define MAX_HEIGHT_PX 320

struct _SlopeImportSkipped
{
  AdwPreferencesGroup parent_instance;
  AdwExpanderRow *row;
  GtkScrolledWindow *scroller;
  SlopeSkippedList *list; /* owned by the view's model */
  SlImport *import;       /* owned, nullable */
};

G_DEFINE_FINAL_TYPE (SlopeImportSkipped, slope_import_skipped, ADW_TYPE_PREFERENCES_GROUP)

/* ---- One of them */

/* One label for both lines: a list makes some 200 rows at once, and each widget costs. */
static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0.f);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_widget_add_css_class (label, "import-text");
  gtk_list_item_set_child (item, label);
  gtk_list_item_set_activatable (item, FALSE);
}

/* The reason is smaller and paler than the path above it. */
static PangoAttrList *
make_attributes (const char *path)
{
  PangoAttrList *attributes = pango_attr_list_new ();
  PangoAttribute *marks[] = { pango_attr_scale_new (PANGO_SCALE_SMALL),
                              pango_attr_foreground_alpha_new (G_MAXUINT16 * 55 / 100) };

  for (gsize i = 0; i < G_N_ELEMENTS (marks); i++)
    {
      marks[i]->start_index = (guint)strlen (path);
      pango_attr_list_insert (attributes, marks[i]);
    }
  return attributes;
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  SlopeSkippedItem *skipped = gtk_list_item_get_item (item);
  GtkWidget *label = gtk_list_item_get_child (item), *row = gtk_widget_get_parent (label);
  const char *path = slope_skipped_item_get_path (skipped);
  const char *reason = slope_skipped_item_get_reason (skipped);
  PangoAttrList *attributes = make_attributes (path);
  g_autofree char *text = g_strdup_printf ("%s\n%s", path, reason);
  g_autofree char *spoken = g_strdup_printf ("%s: %s", path, reason);

  gtk_label_set_text (GTK_LABEL (label), text);
  gtk_label_set_attributes (GTK_LABEL (label), attributes);
  gtk_widget_set_tooltip_text (label, spoken);
  if (row != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken,
                                    -1);
  pango_attr_list_unref (attributes);
}

/* The rows are made when they are to be seen. */
static void
fill (SlopeImportSkipped *self)
{
  const gboolean is_open = adw_expander_row_get_expanded (self->row);
  const gsize n = self->import != NULL ? sl_import_n_skipped (self->import) : 0;

  slope_skipped_list_set (self->list, is_open ? self->import : NULL);
  gtk_scrolled_window_set_min_content_height (self->scroller, (int)MIN (n * ROW_PX, MAX_HEIGHT_PX));
}

/* ---- Class */

static void
slope_import_skipped_dispose (GObject *object)
{
  g_clear_pointer (&SLOPE_IMPORT_SKIPPED (object)->import, sl_import_unref);
  G_OBJECT_CLASS (slope_import_skipped_parent_class)->dispose (object);
}

static void
slope_import_skipped_class_init (SlopeImportSkippedClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = slope_import_skipped_dispose;
}

static void
make_view (SlopeImportSkipped *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkWidget *view;

  self->list = slope_skipped_list_new ();
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);
  view = gtk_list_view_new (GTK_SELECTION_MODEL (gtk_no_selection_new (G_LIST_MODEL (self->list))),
                            factory);
  gtk_widget_add_css_class (view, "skipped");
  gtk_accessible_update_property (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("What cannot be used"), -1);
  self->scroller = GTK_SCROLLED_WINDOW (gtk_scrolled_window_new ());
  gtk_scrolled_window_set_policy (self->scroller, GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (self->scroller, view);
}

static void
slope_import_skipped_init (SlopeImportSkipped *self)
{
  GtkWidget *icon = g_object_new (GTK_TYPE_IMAGE, "icon-name", "dialog-warning-symbolic",
                                  "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);

  self->row = ADW_EXPANDER_ROW (adw_expander_row_new ());
  gtk_widget_add_css_class (icon, "warning");
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self->row), FALSE);
  adw_expander_row_add_prefix (self->row, icon);
  make_view (self);
  g_signal_connect_swapped (self->row, "notify::expanded", G_CALLBACK (fill), self);
  adw_expander_row_add_row (self->row, slope_import_plain_row_new (GTK_WIDGET (self->scroller)));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), GTK_WIDGET (self->row));
}

GtkWidget *
slope_import_skipped_new (void)
{
  return g_object_new (SLOPE_TYPE_IMPORT_SKIPPED, NULL);
}

void
slope_import_skipped_show (SlopeImportSkipped *self, SlImport *import)
{
  const SlUnderstanding *understood = import != NULL ? sl_import_get_understanding (import) : NULL;
  gsize n;
  g_autofree char *title = NULL;

  g_return_if_fail (SLOPE_IS_IMPORT_SKIPPED (self));

  n = import != NULL ? sl_import_n_skipped (import) : 0;
  if (import != NULL)
    sl_import_ref (import);
  g_clear_pointer (&self->import, sl_import_unref);
  self->import = import;
  fill (self);
  gtk_widget_set_visible (GTK_WIDGET (self), n > 0);
  title = understood != NULL && understood->table != NULL
              ? g_strdup_printf (ngettext ("%'lu file or row cannot be used",
                                           "%'lu files and rows cannot be used", n),
                                 (unsigned long)n)
              : g_strdup_printf (
                  ngettext ("%'lu file cannot be used", "%'lu files cannot be used", n),
                  (unsigned long)n);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->row), title);
}
