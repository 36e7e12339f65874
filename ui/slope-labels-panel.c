/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-labels-panel.h"

#include "slope-colors.h"
#include "slope-swatch.h"
#include "slope-widgets.h"
#include "slope-window.h"

#include <glib/gi18n.h>
#include <math.h>

#define STORE_DELAY_MS 150 /* after the last move of the threshold */
#define NAME_CHARS 10

/* One label. */
typedef struct
{
  GtkWidget *missed, *extra; /* buttons */
} Row;

/* What goes over all pictures is asked on a thread, one question at a time; what is asked meanwhile
 * is asked again. */
typedef struct
{
  gboolean asked, again;
} Ask;

struct _SlopeLabelsPanel
{
  GtkWidget parent_instance;
  SlProject *project; /* owned, nullable */
  int split;
  GtkWidget *box; /* child: not owned, as what is in it */
  GtkLabel *value;
  GtkLabel *figures;
  GtkScale *scale;
  GtkGrid *table;
  GArray *rows; /* of Row */
  gboolean filling;
  guint store_id; /* timeout */
  Ask figures_ask, counts_ask;
};

enum
{
  LABEL_CHOSEN,
  THRESHOLD_SET,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SlopeLabelsPanel, slope_labels_panel, GTK_TYPE_WIDGET)

/* ---- Questions */

/* %FALSE: the one that is under way will be asked again. */
static gboolean
ask_begins (Ask *self)
{
  self->again = self->asked;
  self->asked = TRUE;
  return !self->again;
}

/* %TRUE: the answer is out of date, and the question to be asked again. */
static gboolean
ask_ended (Ask *self)
{
  self->asked = FALSE;
  return self->again;
}

/* ---- Threshold */

static double
threshold (SlopeLabelsPanel *self)
{
  return gtk_range_get_value (GTK_RANGE (self->scale));
}

/* "Validation: F-beta 0.912 · Labels right 95.3 %" */
static void
show_figures (SlopeLabelsPanel *self, const double *metrics)
{
  const SlTask *task = sl_project_get_task (self->project);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; metrics != NULL && i < task->n_metrics; i++)
    {
      g_autofree char *figure = slope_format_metric (task->metrics[i].name, metrics[i]);

      if (i == 0)
        g_string_append_printf (
            text, "%s: ", self->split == SL_SPLIT_TRAIN ? _ ("Training") : _ ("Validation"));
      g_string_append_printf (text, "%s%s %s", i > 0 ? " · " : "",
                              slope_metric_label (task->metrics[i].name), figure);
    }
  gtk_label_set_text (self->figures, text->str);
}

static void ask_figures (SlopeLabelsPanel *self);

static void
scored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SlopeLabelsPanel) self = user_data;
  double metrics[SL_MAX_METRICS];
  const gboolean scored = sl_project_score_at_finish (result, metrics);

  if (ask_ended (&self->figures_ask))
    ask_figures (self);
  else if (self->project != NULL)
    show_figures (self, scored ? metrics : NULL);
}

static void
ask_figures (SlopeLabelsPanel *self)
{
  if (self->project != NULL && ask_begins (&self->figures_ask))
    sl_project_score_at_async (self->project, threshold (self),
                               self->split < 0 ? SL_SPLIT_VALID : self->split, scored_cb,
                               g_object_ref (self));
}

static void
update_figures (SlopeLabelsPanel *self)
{
  g_autofree char *value = g_strdup_printf ("%.2f", threshold (self));

  gtk_label_set_text (self->value, value);
  ask_figures (self);
}

static void
stored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SlopeLabelsPanel) self = user_data;
  g_autoptr (GError) error = NULL;

  if (sl_project_set_threshold_finish (SL_PROJECT (source), result, &error))
    g_signal_emit (self, signals[THRESHOLD_SET], 0);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    slope_window_toast (GTK_WIDGET (self), error->message, NULL, NULL);
}

static gboolean
store (gpointer user_data)
{
  SlopeLabelsPanel *self = user_data;

  self->store_id = 0;
  sl_project_set_threshold_async (self->project, threshold (self), stored_cb, g_object_ref (self));
  return G_SOURCE_REMOVE;
}

static void
threshold_moved_cb (SlopeLabelsPanel *self)
{
  if (self->filling || self->project == NULL)
    return;
  update_figures (self);
  g_clear_handle_id (&self->store_id, g_source_remove);
  self->store_id = g_timeout_add (STORE_DELAY_MS, store, self);
}

static void
show_threshold (SlopeLabelsPanel *self)
{
  const double now = sl_project_get_threshold (self->project);

  self->filling = TRUE;
  if (!isnan (now) && self->store_id == 0)
    gtk_range_set_value (GTK_RANGE (self->scale), now);
  self->filling = FALSE;
  update_figures (self);
}

/* ---- Table */

static void
count_clicked_cb (SlopeLabelsPanel *self, GtkWidget *button)
{
  for (guint i = 0; i < self->rows->len; i++)
    {
      const Row *row = &g_array_index (self->rows, Row, i);

      if (row->missed == button || row->extra == button)
        g_signal_emit (self, signals[LABEL_CHOSEN], 0, i, row->missed == button);
    }
}

static GtkWidget *
count_button_new (SlopeLabelsPanel *self)
{
  GtkWidget *button = gtk_button_new_with_label ("");

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "numeric");
  g_signal_connect_swapped (button, "clicked", G_CALLBACK (count_clicked_cb), self);
  return button;
}

static void
add_row (SlopeLabelsPanel *self, guint index, const char *name)
{
  GtkWidget *label = gtk_label_new (name);
  const Row row = { count_button_new (self), count_button_new (self) };

  g_object_set (label, "xalign", 0.f, "hexpand", TRUE, "ellipsize", PANGO_ELLIPSIZE_END,
                "width-chars", NAME_CHARS, "tooltip-text", name, NULL);
  gtk_grid_attach (self->table, slope_swatch_new ((int)index, 18), 0, (int)index + 1, 1, 1);
  gtk_grid_attach (self->table, label, 1, (int)index + 1, 1, 1);
  gtk_grid_attach (self->table, row.missed, 2, (int)index + 1, 1, 1);
  gtk_grid_attach (self->table, row.extra, 3, (int)index + 1, 1, 1);
  g_array_append_val (self->rows, row);
}

static GtkWidget *
heading_new (const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_widget_add_css_class (label, "caption-heading");
  gtk_widget_add_css_class (label, "dim-label");
  return label;
}

static void
fill_table (SlopeLabelsPanel *self)
{
  const char *const *classes = sl_project_get_classes (self->project);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->table))) != NULL)
    gtk_grid_remove (self->table, child);
  g_array_set_size (self->rows, 0);
  /* translators: heading: how often a label was missed */
  gtk_grid_attach (self->table, heading_new (_ ("Missed")), 2, 0, 1, 1);
  /* translators: heading: how often a label was said of pictures that do not have it */
  gtk_grid_attach (self->table, heading_new (_ ("In Vain")), 3, 0, 1, 1);
  for (guint i = 0; classes[i] != NULL; i++)
    add_row (self, i, classes[i]);
}

static void
show_count (GtkWidget *button, guint n, char *spoken)
{
  g_autofree char *text = g_strdup_printf ("%u", n);

  gtk_button_set_label (GTK_BUTTON (button), text);
  gtk_widget_set_sensitive (button, n > 0);
  gtk_widget_set_tooltip_text (button, spoken);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken,
                                  -1);
  g_free (spoken);
}

static void
show_counts (SlopeLabelsPanel *self, const SlLabelErrors *errors)
{
  const char *const *classes = sl_project_get_classes (self->project);

  for (guint i = 0; i < self->rows->len; i++)
    {
      const Row *row = &g_array_index (self->rows, Row, i);

      show_count (row->missed, errors[i].missed,
                  /* translators: a label, how often the model missed it, and of how many */
                  g_strdup_printf (_ ("%1$s: missed in %2$u of %3$u"), classes[i], errors[i].missed,
                                   errors[i].missed + errors[i].right));
      show_count (row->extra, errors[i].extra,
                  /* translators: a label, how often the model said it wrongly, and of how often */
                  g_strdup_printf (_ ("%1$s: in vain in %2$u of %3$u"), classes[i], errors[i].extra,
                                   errors[i].extra + errors[i].right));
    }
}

static void ask_counts (SlopeLabelsPanel *self);

static void
counted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SlopeLabelsPanel) self = user_data;
  g_autofree SlLabelErrors *errors = sl_project_label_errors_finish (result);

  if (ask_ended (&self->counts_ask))
    ask_counts (self);
  else if (self->project != NULL)
    show_counts (self, errors);
}

static void
ask_counts (SlopeLabelsPanel *self)
{
  if (self->project != NULL && ask_begins (&self->counts_ask))
    sl_project_label_errors_async (self->project, self->split, counted_cb, g_object_ref (self));
}

/* ---- Class */

static void
slope_labels_panel_dispose (GObject *object)
{
  SlopeLabelsPanel *self = SLOPE_LABELS_PANEL (object);

  g_clear_handle_id (&self->store_id, g_source_remove);
  g_clear_object (&self->project);
  slope_widget_unparent_children (GTK_WIDGET (object));
  G_OBJECT_CLASS (slope_labels_panel_parent_class)->dispose (object);
}

static void
slope_labels_panel_finalize (GObject *object)
{
  g_array_unref (SLOPE_LABELS_PANEL (object)->rows);
  G_OBJECT_CLASS (slope_labels_panel_parent_class)->finalize (object);
}

static void
slope_labels_panel_class_init (SlopeLabelsPanelClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = slope_labels_panel_dispose;
  G_OBJECT_CLASS (klass)->finalize = slope_labels_panel_finalize;
  signals[LABEL_CHOSEN] = g_signal_new ("label-chosen", G_TYPE_FROM_CLASS (klass),
                                        G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                                        G_TYPE_UINT, G_TYPE_BOOLEAN);
  signals[THRESHOLD_SET] = g_signal_new ("threshold-set", G_TYPE_FROM_CLASS (klass),
                                         G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "labelspanel");
}

static void
add_threshold (SlopeLabelsPanel *self)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  /* translators: the probability from which on a label is said */
  GtkWidget *title = gtk_label_new (_ ("Threshold"));

  gtk_label_set_xalign (GTK_LABEL (title), 0.f);
  gtk_widget_set_hexpand (title, TRUE);
  self->value = GTK_LABEL (gtk_label_new (NULL));
  gtk_widget_add_css_class (GTK_WIDGET (self->value), "numeric");
  gtk_box_append (GTK_BOX (line), title);
  gtk_box_append (GTK_BOX (line), GTK_WIDGET (self->value));
  self->scale = GTK_SCALE (gtk_scale_new_with_range (GTK_ORIENTATION_HORIZONTAL, .01, .99, .01));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->scale), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Threshold"), -1);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->scale),
                               _ ("A label is said from this probability on"));
  g_signal_connect_swapped (self->scale, "value-changed", G_CALLBACK (threshold_moved_cb), self);
  self->figures = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->figures, 0.f);
  gtk_label_set_wrap (self->figures, TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->figures), "numeric");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->figures),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  _ ("Figures with this threshold"), -1);
  gtk_box_append (GTK_BOX (self->box), line);
  gtk_box_append (GTK_BOX (self->box), GTK_WIDGET (self->scale));
  gtk_box_append (GTK_BOX (self->box), GTK_WIDGET (self->figures));
}

static void
slope_labels_panel_init (SlopeLabelsPanel *self)
{
  self->rows = g_array_new (FALSE, FALSE, sizeof (Row));
  self->split = -1;
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  self->filling = TRUE;
  add_threshold (self);
  self->filling = FALSE;
  self->table = GTK_GRID (gtk_grid_new ());
  gtk_grid_set_column_spacing (self->table, 8);
  gtk_widget_set_margin_top (GTK_WIDGET (self->table), 12);
  gtk_box_append (GTK_BOX (self->box), GTK_WIDGET (self->table));
}

void
slope_labels_panel_update (SlopeLabelsPanel *self, SlProject *project, int split)
{
  g_return_if_fail (SLOPE_IS_LABELS_PANEL (self));
  g_return_if_fail (project == NULL || SL_IS_PROJECT (project));

  self->split = split;
  if (self->project != project)
    {
      g_clear_handle_id (&self->store_id, g_source_remove);
      g_set_object (&self->project, project);
      if (project != NULL)
        fill_table (self);
    }
  if (project == NULL)
    return;
  show_threshold (self);
  ask_counts (self);
}
