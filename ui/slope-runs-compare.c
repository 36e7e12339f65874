/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slope-runs-compare.h"

#include "config.h"
#include "plot/slope-compare-plot.h"
#include "plot/slope-plot-card.h"
#include "slope-colors.h"
#include "slope-run-text.h"
#include "slope-runs-diff.h"

#include <glib/gi18n.h>

struct _SlopeRunsCompare
{
  AdwBin parent_instance;
  SlProject *project; /* owned; NULL: none */
  GPtrArray *runs;    /* of SlRun */
  gboolean filling;   /* the list of figures is being set */

  GtkDropDown *measure;
  SlopePlotCard *card;
  SlopeComparePlot *plot;
  GtkGrid *table;
};

G_DEFINE_FINAL_TYPE (SlopeRunsCompare, slope_runs_compare, ADW_TYPE_BIN)

static guint closed_signal;

/* What the figures of all runs mean; %NULL: some learn language, some labels. */
static const SlTask *
common_task (SlopeRunsCompare *self)
{
  const SlTask *task = NULL;
  for (guint i = 0; i < self->runs->len; i++)
    {
      const SlTask *own = sl_project_get_run_task (self->project,
                                                   g_ptr_array_index (self->runs, i));
      if (task && own != task)
        return NULL;
      task = own;
    }
  return task;
}

/* ---- Plot: the first figure of the list is the validation loss, then come the task's. */

static void
draw (SlopeRunsCompare *self)
{
  guint chosen = gtk_drop_down_get_selected (self->measure);
  const SlTask *task = common_task (self);
  GtkStringObject *item = gtk_drop_down_get_selected_item (self->measure);
  slope_compare_plot_reset (self->plot, task, (int)chosen - 1);
  g_object_set (self->card, "title", gtk_string_object_get_string (item), NULL);
  for (guint i = 0; i < self->runs->len; i++)
    {
      SlRun *run = g_ptr_array_index (self->runs, i);
      g_autofree char *title = slope_run_title (run);
      gsize n;
      const SlEpochRecord *epochs = sl_run_get_epochs (run, &n);
      slope_compare_plot_add (self->plot, title, i, epochs, n);
    }
}

static void
measure_chosen (SlopeRunsCompare *self)
{
  if (!self->filling && self->project)
    draw (self);
}

static void
fill_measures (SlopeRunsCompare *self)
{
  const SlTask *task = common_task (self);
  guint n_metrics = task ? task->n_metrics : 0;
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  guint chosen = gtk_drop_down_get_selected (self->measure);
  gtk_string_list_append (names, _ ("Validation loss"));
  for (guint i = 0; i < n_metrics; i++)
    gtk_string_list_append (names, slope_metric_label (task->metrics[i].name));
  self->filling = TRUE;
  gtk_drop_down_set_model (self->measure, G_LIST_MODEL (names));
  gtk_drop_down_set_selected (self->measure, chosen <= n_metrics ? chosen : 0);
  self->filling = FALSE;
}

/* ---- Table: a column a run; every second row of the grid is a line. */

static GtkWidget *
attach (SlopeRunsCompare *self, GtkWidget *cell, int column, int row)
{
  gtk_widget_add_css_class (cell, "epoch-cell");
  gtk_widget_set_hexpand (cell, column > 0);
  gtk_grid_attach (self->table, cell, column, 2 * row, 1, 1);
  return cell;
}

static GtkWidget *
new_text (const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 28);
  gtk_widget_add_css_class (label, "numeric");
  if (css_class)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

static void
draw_line (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
  GdkRGBA color;
  slope_class_color (GPOINTER_TO_UINT (data),
                     adw_style_manager_get_dark (adw_style_manager_get_default ()), &color);
  gdk_cairo_set_source_rgba (cr, &color);
  cairo_set_line_width (cr, 3);
  cairo_move_to (cr, 0, height / 2.0);
  cairo_line_to (cr, width, height / 2.0);
  cairo_stroke (cr);
}

static void
attach_heading (SlopeRunsCompare *self, guint i)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6), *line = gtk_drawing_area_new ();
  g_autofree char *title = slope_run_title (g_ptr_array_index (self->runs, i));
  gtk_drawing_area_set_content_width (GTK_DRAWING_AREA (line), 16);
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (line), draw_line, GUINT_TO_POINTER (i), NULL);
  gtk_box_append (GTK_BOX (box), line);
  gtk_box_append (GTK_BOX (box), new_text (title, "heading"));
  attach (self, box, (int)i + 1, 0);
}

static void
attach_row (SlopeRunsCompare *self, int index, const SlopeDiffRow *row)
{
  gtk_grid_attach (self->table, gtk_separator_new (GTK_ORIENTATION_HORIZONTAL), 0, 2 * index - 1,
                   (int)self->runs->len + 1, 1);
  attach (self, new_text (row->label, "dim-label"), 0, index);
  for (int i = 0; row->values[i]; i++)
    attach (self, new_text (row->values[i], i == row->best ? "heading" : NULL), i + 1, index);
}

static void
attach_buttons (SlopeRunsCompare *self, int index)
{
  for (guint i = 0; i < self->runs->len; i++)
    {
      SlRun *run = g_ptr_array_index (self->runs, i);
      GtkWidget *button = gtk_button_new_with_label (_ ("Use This Recipe"));
      g_autofree char *title = slope_run_title (run);
      /* Translators: accessible name of a button: "Use the recipe of Run 4" */
      g_autofree char *name = g_strdup_printf (_ ("Use the recipe of %s"), title);
      gtk_widget_set_halign (button, GTK_ALIGN_START);
      gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                      -1);
      gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "train.use-recipe");
      gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "x", sl_run_get_id (run));
      gtk_widget_set_margin_top (button, 6);
      gtk_widget_set_margin_bottom (button, 12);
      gtk_widget_set_margin_start (button, 12);
      gtk_widget_set_margin_end (button, 12);
      gtk_grid_attach (self->table, button, (int)i + 1, 2 * index, 1, 1);
    }
}

static void
fill_table (SlopeRunsCompare *self)
{
  g_autofree char *fingerprint = sl_project_dup_fingerprint (self->project);
  g_autoptr (GPtrArray) rows = slope_runs_diff ((SlRun *const *)self->runs->pdata, self->runs->len,
                                                common_task (self), fingerprint);
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->table))))
    gtk_grid_remove (self->table, child);
  for (guint i = 0; i < self->runs->len; i++)
    attach_heading (self, i);
  for (guint i = 0; i < rows->len; i++)
    attach_row (self, (int)i + 1, g_ptr_array_index (rows, i));
  attach_buttons (self, (int)rows->len + 1);
}

/* ---- Widget */

static void
close_clicked (SlopeRunsCompare *self)
{
  g_signal_emit (self, closed_signal, 0);
}

static void
slope_runs_compare_dispose (GObject *object)
{
  SlopeRunsCompare *self = SLOPE_RUNS_COMPARE (object);
  g_ptr_array_set_size (self->runs, 0);
  g_clear_object (&self->project);
  adw_bin_set_child (ADW_BIN (object), NULL); /* the template would take it away from the bin */
  gtk_widget_dispose_template (GTK_WIDGET (object), SLOPE_TYPE_RUNS_COMPARE);
  G_OBJECT_CLASS (slope_runs_compare_parent_class)->dispose (object);
}

static void
slope_runs_compare_finalize (GObject *object)
{
  g_ptr_array_unref (SLOPE_RUNS_COMPARE (object)->runs);
  G_OBJECT_CLASS (slope_runs_compare_parent_class)->finalize (object);
}

static void
slope_runs_compare_class_init (SlopeRunsCompareClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = slope_runs_compare_dispose;
  G_OBJECT_CLASS (klass)->finalize = slope_runs_compare_finalize;
  closed_signal = g_signal_new ("closed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                NULL, NULL, G_TYPE_NONE, 0);
  g_type_ensure (SLOPE_TYPE_PLOT_CARD);
  g_type_ensure (SLOPE_TYPE_COMPARE_PLOT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/slopeml/Slope/slope-runs-compare.ui");
  gtk_widget_class_bind_template_child (widget_class, SlopeRunsCompare, measure);
  gtk_widget_class_bind_template_child (widget_class, SlopeRunsCompare, card);
  gtk_widget_class_bind_template_child (widget_class, SlopeRunsCompare, plot);
  gtk_widget_class_bind_template_child (widget_class, SlopeRunsCompare, table);
  gtk_widget_class_bind_template_callback (widget_class, close_clicked);
  gtk_widget_class_bind_template_callback (widget_class, measure_chosen);
}

static void
slope_runs_compare_init (SlopeRunsCompare *self)
{
  self->runs = g_ptr_array_new_with_free_func (g_object_unref);
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
slope_runs_compare_new (void)
{
  return g_object_new (SLOPE_TYPE_RUNS_COMPARE, NULL);
}

void
slope_runs_compare_set (SlopeRunsCompare *self, SlProject *project, SlRun *const *runs, guint n)
{
  g_return_if_fail (SLOPE_IS_RUNS_COMPARE (self));
  g_return_if_fail (n <= SLOPE_MAX_COMPARED && (n == 0 || project));
  g_set_object (&self->project, project);
  g_ptr_array_set_size (self->runs, 0);
  for (guint i = 0; i < n; i++)
    g_ptr_array_add (self->runs, g_object_ref (runs[i]));
  if (n == 0)
    return;
  fill_measures (self);
  draw (self);
  fill_table (self);
}
