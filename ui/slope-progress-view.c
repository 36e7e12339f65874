/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slope-progress-view.h"

#include "config.h"
#include "plot/slope-loss-plot.h"
#include "plot/slope-plot-card.h"
#include "plot/slope-schedule-plot.h"
#include "slope-advice.h"
#include "slope-baseline-row.h"
#include "slope-epoch-table.h"
#include "slope-note.h"
#include "slope-recipe-estimate.h"
#include "slope-run-stages.h"
#include "slope-run-text.h"

#include <glib/gi18n.h>
#include <inttypes.h>
#include <math.h>

#define MAX_RUNS 3 /* in the list beside the table; the Runs view has all */
#define MAX_NOTES 2

struct _SlopeProgressView
{
  AdwBin parent_instance;
  SlProject *project; /* owned; NULL: none */
  SlRun *run;         /* owned; the one shown; NULL: none */
  GArray *compared;   /* of gint64 */
  SlAdvice advice[SL_N_ADVICES];
  SlRunState shown_state;
  gsize shown_epochs; /* in the list of runs */
  gboolean compact;

  GtkStack *stack;
  GtkWidget *empty, *content, *column;
  GtkBox *plots, *tables;
  SlopePlotCard *loss_card, *schedule_card;
  SlopeLossPlot *loss_plot;
  SlopeSchedulePlot *schedule_plot;
  GtkBox *notes; /* MAX_NOTES of SlopeNote, in the order of advice */
  SlopeEpochTable *table;
  GtkListBox *runs;
  GtkWidget *baseline; /* owned: the last row of the runs */
};

G_DEFINE_FINAL_TYPE (SlopeProgressView, slope_progress_view, ADW_TYPE_BIN)

enum
{
  RUN_SELECTED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

/* ---- Advice */

/* What the note's button says; NULL: nothing can be done, or not now. */
static const char *
act_label (SlopeProgressView *self, SlAdviceAct act)
{
  if (act == SL_ACT_NONE || sl_run_get_state (self->run) == SL_RUN_RUNNING)
    return NULL;
  if (act == SL_ACT_MORE_EPOCHS && !sl_run_has_model (self->run))
    return NULL;
  return gettext (sl_advice_act_label (act));
}

static void
update_notes (SlopeProgressView *self)
{
  const SlTask *task = sl_project_get_run_task (self->project, self->run);
  gboolean ended = sl_run_get_state (self->run) != SL_RUN_RUNNING;
  GtkWidget *note = gtk_widget_get_first_child (GTK_WIDGET (self->notes));
  gsize n_epochs, n_batches;
  const SlEpochRecord *epochs = sl_run_get_epochs (self->run, &n_epochs);
  const SlBatchRecord *batches = sl_run_get_batches (self->run, &n_batches);
  guint n = sl_advice_read (sl_run_get_recipe (self->run), task, epochs, n_epochs, batches,
                            n_batches, ended, self->advice);
  for (guint i = 0; note; i++, note = gtk_widget_get_next_sibling (note))
    {
      const SlAdvice *advice = &self->advice[i];
      g_autofree char *evidence = NULL;
      gtk_widget_set_visible (note, i < n);
      if (i >= n)
        continue;
      evidence = slope_advice_evidence (advice, task);
      slope_note_set (SLOPE_NOTE (note), slope_advice_note_kind (advice->kind),
                      gettext (sl_advice_heading (advice->kind)), evidence,
                      act_label (self, advice->act), FALSE);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->notes), n > 0);
}

static void
note_activated (SlopeProgressView *self, SlopeNote *note)
{
  guint i = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (note), "index"));
  const SlAdvice *advice = &self->advice[i];
  if (advice->act == SL_ACT_MORE_EPOCHS)
    gtk_widget_activate_action (GTK_WIDGET (self), "train.add-epochs", "x",
                                sl_run_get_id (self->run));
  else
    gtk_widget_activate_action (GTK_WIDGET (self), "train.take-advice", "(xuu)",
                                sl_run_get_id (self->run), (guint)advice->act, advice->stage);
}

static void
add_notes (SlopeProgressView *self)
{
  for (guint i = 0; i < MAX_NOTES; i++)
    {
      GtkWidget *note = slope_note_new ();
      g_object_set_data (G_OBJECT (note), "index", GUINT_TO_POINTER (i));
      g_signal_connect_object (note, "activated", G_CALLBACK (note_activated), self,
                               G_CONNECT_SWAPPED);
      gtk_box_append (self->notes, note);
    }
}

/* ---- The list of runs */

/* Losses of labels and of language are not drawn beside each other. */
static gboolean
is_compared (SlopeProgressView *self, SlRun *run)
{
  if (sl_project_get_run_task (self->project, run)
      != sl_project_get_run_task (self->project, self->run))
    return FALSE;
  for (guint i = 0; i < self->compared->len; i++)
    if (g_array_index (self->compared, gint64, i) == sl_run_get_id (run))
      return TRUE;
  return FALSE;
}

static void
draw_line (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
  SlopePlotStyle style;
  SlopeStroke stroke;
  slope_plot_style_init_from_widget (&style, GTK_WIDGET (area));
  slope_plot_style_get_stroke (&style, GPOINTER_TO_INT (data), &stroke);
  slope_draw_set_color (cr, &stroke.color, 1);
  cairo_set_line_width (cr, 2);
  cairo_move_to (cr, 0, height / 2.0);
  cairo_line_to (cr, width, height / 2.0);
  cairo_stroke (cr);
}

static GtkWidget *
new_run_row (SlopeProgressView *self, SlRun *run)
{
  GtkWidget *row = adw_action_row_new (), *line = gtk_drawing_area_new ();
  g_autofree char *title = slope_run_title (run);
  g_autofree char *subtitle = slope_recipe_describe_network (sl_run_get_recipe (run));
  g_autofree char *figure = slope_run_figure (run, sl_project_get_run_task (self->project, run));
  GtkWidget *value = gtk_label_new (figure);
  gboolean shown = run == self->run;
  gtk_drawing_area_set_content_width (GTK_DRAWING_AREA (line), 16);
  gtk_drawing_area_set_content_height (GTK_DRAWING_AREA (line), 12);
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (line), draw_line,
                                  GINT_TO_POINTER (shown ? SLOPE_SERIES_MAIN : SLOPE_SERIES_OLDER),
                                  NULL);
  gtk_widget_set_valign (line, GTK_ALIGN_CENTER);
  gtk_widget_set_opacity (line, shown || is_compared (self, run) ? 1 : 0);
  gtk_widget_add_css_class (value, "numeric");
  gtk_widget_add_css_class (value, shown ? "heading" : "dim-label");
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), line);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), value);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_object_set_data_full (G_OBJECT (row), "run", g_object_ref (run), g_object_unref);
  return row;
}

static void
fill_runs (SlopeProgressView *self)
{
  GListModel *runs = sl_project_get_runs (self->project);
  gboolean shown = FALSE;
  guint n = 0;
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->runs))))
    gtk_list_box_remove (self->runs, child);
  for (guint i = 0; n < MAX_RUNS && i < g_list_model_get_n_items (runs); i++)
    {
      g_autoptr (SlRun) run = g_list_model_get_item (runs, i);
      /* The last place is kept for the run that is shown. */
      if (n + 1 == MAX_RUNS && !shown && run != self->run)
        continue;
      shown |= run == self->run;
      gtk_list_box_append (self->runs, new_run_row (self, run));
      n++;
    }
  gtk_list_box_append (self->runs, self->baseline);
}

static void
run_activated (SlopeProgressView *self, GtkListBoxRow *row)
{
  SlRun *run = g_object_get_data (G_OBJECT (row), "run");
  if (!run) /* the baseline */
    return;
  g_signal_emit (self, signals[RUN_SELECTED], 0, sl_run_get_id (run));
}

/* ---- Curves */

static void
add_compared (SlopeProgressView *self)
{
  GListModel *runs = sl_project_get_runs (self->project);
  for (guint i = 0; i < g_list_model_get_n_items (runs); i++)
    {
      g_autoptr (SlRun) run = g_list_model_get_item (runs, i);
      g_autofree char *name = NULL;
      gsize n;
      const SlEpochRecord *epochs = sl_run_get_epochs (run, &n);
      if (run == self->run || n == 0 || !is_compared (self, run))
        continue;
      /* Translators: in a legend */
      name = g_strdup_printf (_ ("run %" PRId64), sl_run_get_id (run));
      slope_loss_plot_add_other (self->loss_plot, name, epochs, n);
    }
}

static void
update_data (SlopeProgressView *self)
{
  const SlRecipe *recipe = sl_run_get_recipe (self->run);
  gboolean running = sl_run_get_state (self->run) == SL_RUN_RUNNING;
  SlopeRunStages stages;
  gsize n_batches, n_epochs;
  const SlBatchRecord *batches = sl_run_get_batches (self->run, &n_batches);
  const SlEpochRecord *epochs = sl_run_get_epochs (self->run, &n_epochs);
  double live = running && n_batches > 0 && n_epochs < sl_recipe_n_epochs (recipe)
                    ? batches[n_batches - 1].smooth
                    : NAN;
  slope_run_stages_of (&stages, self->run);
  slope_loss_plot_set_data (self->loss_plot, &stages, batches, n_batches, epochs, n_epochs);
  slope_schedule_plot_set_data (self->schedule_plot, recipe, sl_recipe_n_groups (recipe), &stages,
                                batches, n_batches, running);
  /* That the last one stays goes without saying. */
  slope_epoch_table_set (
      self->table, sl_project_get_run_task (self->project, self->run), recipe, epochs, n_epochs,
      recipe->keep == SL_KEEP_MODEL_LAST ? 0 : sl_run_get_kept_epoch (self->run), live);
  update_notes (self);
  if (n_epochs != self->shown_epochs)
    fill_runs (self);
  self->shown_epochs = n_epochs;
  self->shown_state = sl_run_get_state (self->run);
}

static void
rebuild (SlopeProgressView *self)
{
  gboolean any = self->project && self->run;
  SlopeRunStages stages;
  gtk_stack_set_visible_child (self->stack, any ? self->content : self->empty);
  if (!any)
    return;
  slope_run_stages_of (&stages, self->run);
  slope_loss_plot_reset (self->loss_plot, &stages);
  add_compared (self);
  update_data (self);
  fill_runs (self);
  slope_baseline_row_update (SLOPE_BASELINE_ROW (self->baseline), self->project,
                             sl_run_get_recipe (self->run));
}

/* ---- Widget */

static void
slope_progress_view_dispose (GObject *object)
{
  SlopeProgressView *self = SLOPE_PROGRESS_VIEW (object);
  g_clear_object (&self->run);
  g_clear_object (&self->project);
  g_clear_object (&self->baseline);
  adw_bin_set_child (ADW_BIN (object), NULL); /* the template would take it away from the bin */
  gtk_widget_dispose_template (GTK_WIDGET (object), SLOPE_TYPE_PROGRESS_VIEW);
  G_OBJECT_CLASS (slope_progress_view_parent_class)->dispose (object);
}

static void
slope_progress_view_finalize (GObject *object)
{
  g_array_unref (SLOPE_PROGRESS_VIEW (object)->compared);
  G_OBJECT_CLASS (slope_progress_view_parent_class)->finalize (object);
}

static void
slope_progress_view_class_init (SlopeProgressViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = slope_progress_view_dispose;
  G_OBJECT_CLASS (klass)->finalize = slope_progress_view_finalize;
  signals[RUN_SELECTED] = g_signal_new ("run-selected", G_TYPE_FROM_CLASS (klass),
                                        G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                        G_TYPE_INT64);
  g_type_ensure (SLOPE_TYPE_PLOT_CARD);
  g_type_ensure (SLOPE_TYPE_LOSS_PLOT);
  g_type_ensure (SLOPE_TYPE_SCHEDULE_PLOT);
  g_type_ensure (SLOPE_TYPE_EPOCH_TABLE);
  g_type_ensure (SLOPE_TYPE_NOTE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/slopeml/Slope/slope-progress-view.ui");
  gtk_widget_class_bind_template_child (widget_class, SlopeProgressView, stack);
  gtk_widget_class_bind_template_child (widget_class, SlopeProgressView, empty);
  gtk_widget_class_bind_template_child (widget_class, SlopeProgressView, content);
  gtk_widget_class_bind_template_child (widget_class, SlopeProgressView, column);
  gtk_widget_class_bind_template_child (widget_class, SlopeProgressView, plots);
  gtk_widget_class_bind_template_child (widget_class, SlopeProgressView, tables);
  gtk_widget_class_bind_template_child (widget_class, SlopeProgressView, loss_card);
  gtk_widget_class_bind_template_child (widget_class, SlopeProgressView, schedule_card);
  gtk_widget_class_bind_template_child (widget_class, SlopeProgressView, loss_plot);
  gtk_widget_class_bind_template_child (widget_class, SlopeProgressView, schedule_plot);
  gtk_widget_class_bind_template_child (widget_class, SlopeProgressView, notes);
  gtk_widget_class_bind_template_child (widget_class, SlopeProgressView, table);
  gtk_widget_class_bind_template_child (widget_class, SlopeProgressView, runs);
  gtk_widget_class_bind_template_callback (widget_class, run_activated);
}

static void
slope_progress_view_init (SlopeProgressView *self)
{
  self->compared = g_array_new (FALSE, FALSE, sizeof (gint64));
  gtk_widget_init_template (GTK_WIDGET (self));
  self->baseline = slope_baseline_row_new ();
  add_notes (self);
}

GtkWidget *
slope_progress_view_new (void)
{
  return g_object_new (SLOPE_TYPE_PROGRESS_VIEW, NULL);
}

void
slope_progress_view_set_project (SlopeProgressView *self, SlProject *project)
{
  g_return_if_fail (SLOPE_IS_PROGRESS_VIEW (self));
  if (!g_set_object (&self->project, project))
    return;
  g_clear_object (&self->run);
  rebuild (self);
}

void
slope_progress_view_set_run (SlopeProgressView *self, SlRun *run)
{
  g_return_if_fail (SLOPE_IS_PROGRESS_VIEW (self));
  g_set_object (&self->run, run);
  rebuild (self);
}

void
slope_progress_view_set_compared (SlopeProgressView *self, const gint64 *ids, gsize n)
{
  g_return_if_fail (SLOPE_IS_PROGRESS_VIEW (self));
  g_array_set_size (self->compared, 0);
  if (n > 0)
    g_array_append_vals (self->compared, ids, (guint)n);
  rebuild (self);
}

void
slope_progress_view_run_changed (SlopeProgressView *self, SlRun *run)
{
  g_return_if_fail (SLOPE_IS_PROGRESS_VIEW (self));
  if (run != self->run)
    return;
  if (sl_run_get_state (run) != self->shown_state)
    rebuild (self);
  else
    update_data (self);
}

void
slope_progress_view_set_compact (SlopeProgressView *self, gboolean compact)
{
  GtkOrientation orientation = compact ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL;
  g_return_if_fail (SLOPE_IS_PROGRESS_VIEW (self));
  if (self->compact == compact)
    return;
  self->compact = compact;
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->plots), orientation);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->tables), orientation);
  gtk_widget_set_margin_start (self->column, compact ? 12 : 18);
  gtk_widget_set_margin_end (self->column, compact ? 12 : 18);
  slope_plot_card_set_compact (self->loss_card, compact);
}
