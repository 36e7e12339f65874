/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-data-filters.h"

#include "slope-length-filters.h"
#include "slope-share-bar.h"
#include "slope-swatch.h"

#include <glib/gi18n.h>

#define MAX_COLORED_CLASSES 20 /* more than these: one neutral colour */

/* A class: a button that filters. */
typedef struct
{
  GtkToggleButton *button;
  GtkLabel *count;
  SlopeShareBar *bar;
} ClassRow;

struct _SlopeDataFilters
{
  AdwBin parent_instance;
  SlProject *project;      /* owned, nullable */
  SlopeDataFilter *filter; /* owned, nullable */
  GtkSearchEntry *search;
  GtkListBox *views;
  GtkWidget *classes_group; /* only where pictures belong to classes */
  GtkBox *classes;
  SlopeLengthFilters *lengths; /* only where there are texts */
  GtkWidget *similar;
  GtkWidget *rows[SLOPE_N_VIEWS];
  GtkLabel *counts[SLOPE_N_VIEWS];
  GArray *class_rows; /* of ClassRow */
  gboolean filling;   /* what changes now is not the person's doing */
};

G_DEFINE_FINAL_TYPE (SlopeDataFilters, slope_data_filters, ADW_TYPE_BIN)

static const struct
{
  const char *label, *icon;
} views[SLOPE_N_VIEWS] = {
  [SLOPE_VIEW_ALL] = { N_ ("All"), "view-grid-symbolic" },
  [SLOPE_VIEW_TRAIN] = { N_ ("Training"), "power-profile-performance-symbolic" },
  [SLOPE_VIEW_VALID] = { N_ ("Validation"), "object-select-symbolic" },
  [SLOPE_VIEW_TEST] = { N_ ("Test"), "find-location-symbolic" },
  [SLOPE_VIEW_PROBLEMS] = { N_ ("Problems"), "dialog-warning-symbolic" },
  [SLOPE_VIEW_REMOVED] = { N_ ("Removed"), "user-trash-symbolic" },
};

/* ---- Views */

static GtkWidget *
make_view_row (SlopeDataFilters *self, SlopeDataView view)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *icon = g_object_new (GTK_TYPE_IMAGE, "icon-name", views[view].icon, "accessible-role",
                                  GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  GtkWidget *label = gtk_label_new (_ (views[view].label));

  if (view == SLOPE_VIEW_PROBLEMS)
    gtk_widget_add_css_class (icon, "warning");
  gtk_label_set_xalign (GTK_LABEL (label), 0.f);
  gtk_widget_set_hexpand (label, TRUE);
  self->counts[view] = GTK_LABEL (gtk_label_new (NULL));
  gtk_widget_add_css_class (GTK_WIDGET (self->counts[view]), "dim-label");
  gtk_widget_add_css_class (GTK_WIDGET (self->counts[view]), "numeric");
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->counts[view]));
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  return row;
}

static gboolean
has_texts (SlopeDataFilters *self)
{
  return sl_project_get_task (self->project)->texts;
}

static gsize
count_view (SlopeDataFilters *self, SlopeDataView view)
{
  switch (view)
    {
    case SLOPE_VIEW_TRAIN:
      return sl_project_count (self->project, G_MAXUINT, SL_SPLIT_TRAIN);
    case SLOPE_VIEW_VALID:
      return sl_project_count (self->project, G_MAXUINT, SL_SPLIT_VALID);
    case SLOPE_VIEW_TEST:
      return sl_project_count (self->project, G_MAXUINT, SL_SPLIT_TEST);
    case SLOPE_VIEW_PROBLEMS:
      return slope_data_filter_n_problems (self->filter);
    case SLOPE_VIEW_REMOVED:
      return sl_project_count_removed (self->project);
    case SLOPE_VIEW_ALL:
    case SLOPE_N_VIEWS:
    default:
      return sl_project_count (self->project, G_MAXUINT, SL_SPLIT_TRAIN)
             + sl_project_count (self->project, G_MAXUINT, SL_SPLIT_VALID)
             + sl_project_count (self->project, G_MAXUINT, SL_SPLIT_TEST)
             + slope_data_filter_n_unreadable (self->filter);
    }
}

static void
update_view (SlopeDataFilters *self, SlopeDataView view)
{
  const gsize n = count_view (self, view);
  g_autofree char *count = g_strdup_printf ("%'" G_GSIZE_FORMAT, n);
  g_autofree char *spoken = g_strdup_printf (
      has_texts (self)
          ? ngettext ("%s, %lu text", "%s, %lu texts", n)
          /* translators: a view of the pictures and how many it has: "Training, 103 pictures" */
          : ngettext ("%s, %lu picture", "%s, %lu pictures", n),
      _ (views[view].label), (unsigned long)n);
  const gboolean always = view <= SLOPE_VIEW_VALID;

  gtk_label_set_text (self->counts[view], count);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->rows[view]), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  spoken, -1);
  gtk_widget_set_visible (self->rows[view],
                          always || n > 0 || slope_data_filter_get_view (self->filter) == view);
}

static void
view_selected_cb (SlopeDataFilters *self, GtkListBoxRow *row)
{
  if (row == NULL || self->filter == NULL || self->filling)
    return;
  slope_data_filter_set_view (self->filter, gtk_list_box_row_get_index (row));
}

/* A click on "All" means all, also where it is selected already; going by it with the arrow keys
 * does not. */
static void
view_activated_cb (SlopeDataFilters *self, GtkListBoxRow *row)
{
  if (self->filter != NULL && gtk_list_box_row_get_index (row) == SLOPE_VIEW_ALL)
    slope_data_filters_clear (self);
}

static void
search_changed_cb (SlopeDataFilters *self)
{
  if (self->filter != NULL)
    slope_data_filter_set_search (self->filter,
                                  gtk_editable_get_text (GTK_EDITABLE (self->search)));
}

/* Escape: everything is there again, and the focus among it. */
static void
search_stopped_cb (SlopeDataFilters *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  search_changed_cb (self);
  gtk_widget_activate_action (GTK_WIDGET (self), "data.focus", NULL);
}

/* ---- Classes */

static void
class_toggled_cb (SlopeDataFilters *self, GtkToggleButton *button)
{
  if (self->filling)
    return;
  for (guint i = 0; i < self->class_rows->len; i++)
    if (g_array_index (self->class_rows, ClassRow, i).button == button)
      slope_data_filter_set_class (self->filter, i, gtk_toggle_button_get_active (button));
}

static ClassRow
make_class_row (SlopeDataFilters *self, guint index, const char *name)
{
  GtkWidget *button = gtk_toggle_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *label = gtk_label_new (name);
  GtkWidget *count = gtk_label_new (NULL);
  GtkWidget *bar = slope_share_bar_new ();

  gtk_label_set_xalign (GTK_LABEL (label), 0.f);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_add_css_class (count, "dim-label");
  gtk_widget_add_css_class (count, "numeric");
  gtk_box_append (GTK_BOX (line), slope_swatch_new (index, 18));
  gtk_box_append (GTK_BOX (line), label);
  gtk_box_append (GTK_BOX (line), count);
  gtk_box_append (GTK_BOX (box), line);
  gtk_box_append (GTK_BOX (box), bar);
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "class-filter");
  g_signal_connect_swapped (button, "toggled", G_CALLBACK (class_toggled_cb), self);
  gtk_box_append (self->classes, button);
  return (ClassRow){ GTK_TOGGLE_BUTTON (button), GTK_LABEL (count), SLOPE_SHARE_BAR (bar) };
}

static void
fill_classes (SlopeDataFilters *self)
{
  const char *const *classes = sl_project_get_classes (self->project);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->classes))) != NULL)
    gtk_box_remove (self->classes, child);
  g_array_set_size (self->class_rows, 0);
  gtk_widget_set_visible (self->classes_group,
                          sl_project_get_task (self->project)->has_classes && classes[0] != NULL);
  if (!sl_project_get_task (self->project)->has_classes)
    return;
  for (guint i = 0; classes[i] != NULL; i++)
    {
      ClassRow row = make_class_row (self, i, classes[i]);

      g_array_append_val (self->class_rows, row);
    }
}

static void
update_class (SlopeDataFilters *self, guint index, gsize largest)
{
  const char *name = sl_project_get_classes (self->project)[index];
  const ClassRow *row = &g_array_index (self->class_rows, ClassRow, index);
  const gboolean colored = self->class_rows->len <= MAX_COLORED_CLASSES;
  const gsize train = sl_project_count (self->project, index, SL_SPLIT_TRAIN);
  const gsize valid = sl_project_count (self->project, index, SL_SPLIT_VALID);
  const gsize all = train + valid + sl_project_count (self->project, index, SL_SPLIT_TEST);
  g_autofree char *count = g_strdup_printf ("%'" G_GSIZE_FORMAT, all);
  g_autofree char *spoken = g_strdup_printf (
      has_texts (self)
          ? ngettext ("%s, %lu text, %lu for validation", "%s, %lu texts, %lu for validation", all)
          /* translators: class, its pictures, how many of these are in the validation set */
          : ngettext ("%s, %lu picture, %lu for validation", "%s, %lu pictures, %lu for validation",
                      all),
      name, (unsigned long)all, (unsigned long)valid);

  gtk_label_set_text (row->count, count);
  gtk_widget_set_tooltip_text (GTK_WIDGET (row->button), spoken);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  spoken, -1);
  slope_share_bar_set (row->bar, colored ? (int)index : -1, train, valid, largest);
}

static void
update_classes (SlopeDataFilters *self)
{
  gsize largest = 1;

  for (guint i = 0; i < self->class_rows->len; i++)
    largest = MAX (largest, sl_project_count (self->project, i, SL_SPLIT_TRAIN)
                                + sl_project_count (self->project, i, SL_SPLIT_VALID)
                                + sl_project_count (self->project, i, SL_SPLIT_TEST));
  for (guint i = 0; i < self->class_rows->len; i++)
    update_class (self, i, largest);
}

/* ---- Class */

static void
slope_data_filters_dispose (GObject *object)
{
  SlopeDataFilters *self = SLOPE_DATA_FILTERS (object);

  self->filling = TRUE;
  g_clear_object (&self->project);
  g_clear_object (&self->filter);
  gtk_widget_dispose_template (GTK_WIDGET (object), SLOPE_TYPE_DATA_FILTERS);
  G_OBJECT_CLASS (slope_data_filters_parent_class)->dispose (object);
}

static void
slope_data_filters_finalize (GObject *object)
{
  g_array_unref (SLOPE_DATA_FILTERS (object)->class_rows);
  G_OBJECT_CLASS (slope_data_filters_parent_class)->finalize (object);
}

static void
slope_data_filters_class_init (SlopeDataFiltersClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = slope_data_filters_dispose;
  G_OBJECT_CLASS (klass)->finalize = slope_data_filters_finalize;
  g_type_ensure (SLOPE_TYPE_LENGTH_FILTERS);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/slopeml/Slope/slope-data-filters.ui");
  gtk_widget_class_bind_template_child (widget_class, SlopeDataFilters, search);
  gtk_widget_class_bind_template_child (widget_class, SlopeDataFilters, views);
  gtk_widget_class_bind_template_child (widget_class, SlopeDataFilters, classes_group);
  gtk_widget_class_bind_template_child (widget_class, SlopeDataFilters, classes);
  gtk_widget_class_bind_template_child (widget_class, SlopeDataFilters, lengths);
  gtk_widget_class_bind_template_child (widget_class, SlopeDataFilters, similar);
  gtk_widget_class_bind_template_callback (widget_class, view_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, view_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_stopped_cb);
}

static void
slope_data_filters_init (SlopeDataFilters *self)
{
  self->class_rows = g_array_new (FALSE, FALSE, sizeof (ClassRow));
  gtk_widget_init_template (GTK_WIDGET (self));
  for (SlopeDataView view = 0; view < SLOPE_N_VIEWS; view++)
    {
      self->rows[view] = make_view_row (self, view);
      gtk_list_box_append (self->views, self->rows[view]);
    }
}

static void
set_words (SlopeDataFilters *self)
{
  const char *search = has_texts (self) ? _ ("Search texts") : _ ("Search names");

  g_object_set (self->search, "placeholder-text", search, NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->search), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  search, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->views), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  has_texts (self) ? _ ("Which texts") : _ ("Which pictures"), -1);
  gtk_widget_set_visible (self->similar, !has_texts (self));
}

GtkWidget *
slope_data_filters_new (void)
{
  return g_object_new (SLOPE_TYPE_DATA_FILTERS, NULL);
}

void
slope_data_filters_set_filter (SlopeDataFilters *self, SlProject *project, SlopeDataFilter *filter)
{
  g_return_if_fail (SLOPE_IS_DATA_FILTERS (self));
  g_return_if_fail ((project == NULL) == (filter == NULL));

  g_set_object (&self->project, project);
  g_set_object (&self->filter, filter);
  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  slope_length_filters_set_filter (self->lengths, filter);
  if (project == NULL)
    return;
  set_words (self);
  fill_classes (self);
  slope_data_filters_show (self, SLOPE_VIEW_ALL);
  slope_data_filters_update (self);
}

void
slope_data_filters_update (SlopeDataFilters *self)
{
  g_return_if_fail (SLOPE_IS_DATA_FILTERS (self));

  if (self->project == NULL)
    return;
  for (SlopeDataView view = 0; view < SLOPE_N_VIEWS; view++)
    update_view (self, view);
  update_classes (self);
  slope_length_filters_update (self->lengths);
}

void
slope_data_filters_focus_search (SlopeDataFilters *self)
{
  g_return_if_fail (SLOPE_IS_DATA_FILTERS (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->search));
}

void
slope_data_filters_show (SlopeDataFilters *self, SlopeDataView view)
{
  g_return_if_fail (SLOPE_IS_DATA_FILTERS (self));
  g_return_if_fail (view < SLOPE_N_VIEWS);

  gtk_list_box_select_row (self->views, GTK_LIST_BOX_ROW (self->rows[view]));
}

void
slope_data_filters_clear (SlopeDataFilters *self)
{
  g_return_if_fail (SLOPE_IS_DATA_FILTERS (self));

  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  for (guint i = 0; i < self->class_rows->len; i++)
    gtk_toggle_button_set_active (g_array_index (self->class_rows, ClassRow, i).button, FALSE);
  slope_length_filters_clear (self->lengths);
  slope_data_filters_show (self, SLOPE_VIEW_ALL);
}

void
slope_data_filters_show_class (SlopeDataFilters *self, guint index)
{
  g_return_if_fail (SLOPE_IS_DATA_FILTERS (self));
  g_return_if_fail (index < self->class_rows->len);

  slope_data_filters_clear (self);
  gtk_toggle_button_set_active (g_array_index (self->class_rows, ClassRow, index).button, TRUE);
}
