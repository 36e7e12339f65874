/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "slope-recipe-estimate.h"
#include "slope-run-stages.h"
#include "slope-run-text.h"
#include "slope-stage-row.h"
#include "slope-train-page-private.h"

#include <glib/gi18n.h>

#define COMPACT_WIDTH 700 /* of the middle: less, and legends stand on a line of their own */
#define NARROW_WIDTH 560  /* what the compact layout can do with */

G_DEFINE_FINAL_TYPE (SlopeTrainPage, slope_train_page, ADW_TYPE_BIN)

enum
{
  PROP_0,
  PROP_SHOW_SIDEBAR,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

static void view_changed (SlopeTrainPage *self);

/* ---- Which run is shown */

/* The ticked runs; without a tick the one before. */
static void
show_compared (SlopeTrainPage *self)
{
  gsize n;
  const gint64 *ids = slope_runs_view_get_compared (self->runs_view, &n);
  GListModel *runs = sl_project_get_runs (self->project);
  gint64 before = 0;
  for (guint i = 0; n == 0 && before == 0 && i < g_list_model_get_n_items (runs); i++)
    {
      g_autoptr (SlRun) run = g_list_model_get_item (runs, i);
      if (self->run && sl_run_get_id (run) < sl_run_get_id (self->run))
        before = sl_run_get_id (run);
    }
  slope_progress_view_set_compared (self->progress_view, n > 0 ? ids : &before,
                                    n > 0 ? n : before > 0);
}

static void
fill_chooser (SlopeTrainPage *self)
{
  GListModel *runs = sl_project_get_runs (self->project);
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);
  guint selected = GTK_INVALID_LIST_POSITION;
  for (guint i = 0; i < g_list_model_get_n_items (runs); i++)
    {
      g_autoptr (SlRun) run = g_list_model_get_item (runs, i);
      gtk_string_list_take (titles, slope_run_title_state (run));
      if (run == self->run)
        selected = i;
    }
  self->filling = TRUE;
  gtk_drop_down_set_model (self->run_chooser, G_LIST_MODEL (titles));
  gtk_drop_down_set_selected (self->run_chooser, selected);
  self->filling = FALSE;
}

/* What may be trained again from a stage, and whether a stage trains from kept outputs. */
static void
show_stages (SlopeTrainPage *self)
{
  g_autofree char *kept = self->run ? slope_run_describe_kept (self->run) : NULL;
  slope_recipe_panel_set_past (self->panel, self->run);
  gtk_label_set_label (self->kept, kept ? kept : "");
  gtk_widget_set_visible (GTK_WIDGET (self->kept), kept
                                                       && gtk_stack_get_visible_child (self->views)
                                                              == GTK_WIDGET (self->progress_view));
}

static void
show_run (SlopeTrainPage *self, SlRun *run)
{
  g_set_object (&self->run, run);
  slope_progress_view_set_run (self->progress_view, run);
  show_compared (self);
  fill_chooser (self);
  view_changed (self);
}

static void
run_chosen (SlopeTrainPage *self)
{
  guint selected = gtk_drop_down_get_selected (self->run_chooser);
  g_autoptr (SlRun) run = NULL;
  if (self->filling || !self->project)
    return;
  run = g_list_model_get_item (sl_project_get_runs (self->project), selected);
  if (run && run != self->run)
    show_run (self, run);
}

static void
run_selected (SlopeTrainPage *self, gint64 id)
{
  g_autoptr (SlRun) run = _slope_train_page_find_run (self, id);
  if (run)
    show_run (self, run);
}

static void
run_opened (SlopeTrainPage *self, gint64 id)
{
  run_selected (self, id);
  gtk_stack_set_visible_child_name (self->views, "progress");
}

static void
compare_changed (SlopeTrainPage *self)
{
  show_compared (self);
}

/* ---- News of the project */

/* The stage that the run under way has come to, and how far it is with it. */
static int
running_stage (SlRun *run, double *progress)
{
  SlopeRunStages stages;
  const SlBatchRecord *batches;
  gsize n;
  slope_run_stages_of (&stages, run);
  batches = sl_run_get_batches (run, &n);
  /* The last batch may still be the stage's before. */
  *progress = n > 0 ? MAX (batches[n - 1].epoch - (double)stages.first[stages.now], 0)
                          / sl_run_get_recipe (run)->stages[stages.now].epochs
                    : 0;
  return (int)stages.now;
}

/* Goes to a run once, when it begins; after that only the person changes what is shown. */
static void
follow_running (SlopeTrainPage *self)
{
  SlRun *running = sl_project_get_running (self->project);
  if (!running || sl_run_get_id (running) == self->followed)
    return;
  self->followed = sl_run_get_id (running);
  show_run (self, running);
}

static void
run_changed (SlopeTrainPage *self, SlRun *run)
{
  follow_running (self);
  if (run == sl_project_get_running (self->project))
    {
      double progress;
      int stage = running_stage (run, &progress);
      slope_recipe_panel_set_training (self->panel, stage, progress);
    }
  slope_progress_view_run_changed (self->progress_view, run);
  if (run == self->run)
    show_stages (self);
}

static void
runs_changed (SlopeTrainPage *self)
{
  GListModel *runs = sl_project_get_runs (self->project);
  g_autoptr (SlRun) shown = self->run ? _slope_train_page_find_run (self, sl_run_get_id (self->run))
                                      : NULL;
  g_autoptr (SlRun) newest = g_list_model_get_item (runs, 0);
  show_run (self, shown ? shown : newest);
  follow_running (self);
}

static void
job_changed (SlopeTrainPage *self)
{
  SlJob job = sl_project_get_job (self->project), before = self->job;
  self->job = job;
  if (job == SL_JOB_TRAIN && before != job)
    {
      gtk_stack_set_visible_child_name (self->views, "progress");
      follow_running (self);
    }
  else if (job == SL_JOB_LR_FIND && before != job)
    gtk_stack_set_visible_child_name (self->views, "rate");
  view_changed (self);
  if (job == SL_JOB_NONE)
    self->followed = 0;
  slope_recipe_panel_set_training (self->panel, job == SL_JOB_TRAIN ? 0 : -1, 0);
  _slope_train_page_update_actions (self);
}

/* ---- Failures */

static void
failure_activated (SlopeTrainPage *self)
{
  SlopeMend mend = self->mend;
  _slope_train_page_hide_failure (self);
  if (mend == SLOPE_MEND_BATCH)
    slope_recipe_panel_set_batch (self->panel, self->mend_batch);
  else if (mend == SLOPE_MEND_RATE)
    gtk_widget_activate_action (GTK_WIDGET (self), "train.find-rate", NULL);
}

static void
failure_closed (SlopeTrainPage *self)
{
  _slope_train_page_hide_failure (self);
}

/* ---- Layout */

static void
view_toggled (SlopeTrainPage *self, GtkToggleButton *button)
{
  if (!gtk_toggle_button_get_active (button))
    return;
  gtk_stack_set_visible_child_name (self->views, button == self->view_rate       ? "rate"
                                                 : button == self->view_progress ? "progress"
                                                                                 : "runs");
}

static void
view_changed (SlopeTrainPage *self)
{
  GtkWidget *view = gtk_stack_get_visible_child (self->views);
  GListModel *sweeps = self->project ? sl_project_get_sweeps (self->project) : NULL;
  gboolean rate = view == GTK_WIDGET (self->rate_view);
  gboolean progress = view == GTK_WIDGET (self->progress_view);
  gtk_toggle_button_set_active (rate       ? self->view_rate
                                : progress ? self->view_progress
                                           : self->view_runs,
                                TRUE);
  /* Empty views have a button of their own. */
  gtk_widget_set_visible (self->find_again,
                          rate && sweeps && g_list_model_get_n_items (sweeps) > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->run_chooser), progress && self->run);
  show_stages (self);
}

static void
panel_changed (SlopeTrainPage *self)
{
  const SlRecipe *recipe = slope_recipe_panel_get_recipe (self->panel);
  guint stage = slope_recipe_panel_get_stage (self->panel);
  guint batch = slope_recipe_panel_get_batch (self->panel);
  const char *trains = slope_stage_label_inside (&recipe->stages[stage], recipe);
  /* Translators: number of the stage, number of stages, what it trains */
  g_autofree char *title = g_strdup_printf (_ ("Stage %u of %u: %s"), stage + 1, recipe->n_stages,
                                            trains);
  g_autofree char *network = slope_recipe_describe_network (recipe);
  g_autofree char *subtitle
      /* Translators: network and picture size, batch size: "ResNet-18, 128 px, batch 16" */
      = batch > 0 ? g_strdup_printf (_ ("%s, batch %u"), network, batch) : g_strdup (network);
  g_autofree char *summary = slope_recipe_panel_dup_summary (self->panel);
  g_autofree char *time = slope_recipe_panel_dup_time (self->panel);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->recipe_row), title);
  adw_action_row_set_subtitle (self->recipe_row, subtitle);
  gtk_label_set_label (self->bottom_summary, summary);
  gtk_label_set_label (self->bottom_time, time);
  gtk_widget_set_visible (GTK_WIDGET (self->bottom_time), time[0] != '\0');
}

static void
recipe_row_activated (SlopeTrainPage *self)
{
  adw_flap_set_reveal_flap (self->flap, TRUE);
}

static void
folded_changed (SlopeTrainPage *self)
{
  gboolean folded = adw_flap_get_folded (self->flap);
  gtk_widget_set_visible (self->recipe_list, folded);
  gtk_widget_set_visible (self->bottom, folded);
  slope_recipe_panel_set_bottom (self->panel, !folded);
}

static void
set_compact (SlopeTrainPage *self, gboolean compact)
{
  self->compact = compact;
  g_object_ref (self->switcher);
  gtk_center_box_set_start_widget (self->toolbar, NULL);
  gtk_center_box_set_center_widget (self->toolbar, NULL);
  if (compact)
    gtk_center_box_set_start_widget (self->toolbar, self->switcher);
  else
    gtk_center_box_set_center_widget (self->toolbar, self->switcher);
  g_object_unref (self->switcher);
  adw_button_content_set_label (self->find_again_content, compact ? "" : _ ("Find Again"));
  slope_rate_view_set_compact (self->rate_view, compact);
  slope_progress_view_set_compact (self->progress_view, compact);
}

static gboolean
apply_compact (gpointer data)
{
  SlopeTrainPage *self = data;
  int width = gtk_widget_get_width (self->middle);
  self->compact_source = 0;
  if (width > 0 && self->compact != (width < COMPACT_WIDTH))
    set_compact (self, width < COMPACT_WIDTH);
  return G_SOURCE_REMOVE;
}

static void
slope_train_page_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                          int *natural, int *minimum_baseline, int *natural_baseline)
{
  gtk_widget_measure (adw_bin_get_child (ADW_BIN (widget)), orientation, for_size, minimum, natural,
                      minimum_baseline, natural_baseline);
  /* The wide layout must not keep the page from becoming so narrow that it is given up. */
  if (orientation == GTK_ORIENTATION_HORIZONTAL && !SLOPE_TRAIN_PAGE (widget)->compact)
    *minimum = MIN (*minimum, NARROW_WIDTH);
}

/* What the widgets look like may not change while they are being given their place. */
static void
slope_train_page_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  SlopeTrainPage *self = SLOPE_TRAIN_PAGE (widget);
  GtkWidget *child = adw_bin_get_child (ADW_BIN (widget));
  int middle, least;
  gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
  gtk_widget_allocate (child, MAX (width, least), height, baseline, NULL);
  middle = gtk_widget_get_width (self->middle);
  if (middle > 0 && self->compact != (middle < COMPACT_WIDTH) && self->compact_source == 0)
    self->compact_source = g_idle_add_full (G_PRIORITY_HIGH_IDLE, apply_compact, self, NULL);
}

/* ---- Keys: wherever the focus is in the window, while this page is seen. */

static gboolean
shortcut (GtkWidget *widget, GVariant *args, gpointer data)
{
  if (!gtk_widget_get_mapped (widget))
    return FALSE;
  return gtk_widget_activate_action (widget, g_variant_get_string (args, NULL), NULL);
}

static void
add_shortcut (GtkShortcutController *controller, guint key, GdkModifierType modifiers,
              const char *action)
{
  GtkShortcut *shortcut_ = gtk_shortcut_new_with_arguments (
      gtk_keyval_trigger_new (key, modifiers), gtk_callback_action_new (shortcut, NULL, NULL), "s",
      action);
  gtk_shortcut_controller_add_shortcut (controller, shortcut_);
}

/* ---- Widget */

/* Into what the view is about: the plot, or the button that fills it. */
static gboolean
slope_train_page_grab_focus (GtkWidget *widget)
{
  return gtk_widget_child_focus (GTK_WIDGET (SLOPE_TRAIN_PAGE (widget)->views),
                                 GTK_DIR_TAB_FORWARD);
}

static void
slope_train_page_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SHOW_SIDEBAR)
    g_value_set_boolean (value, SLOPE_TRAIN_PAGE (object)->show_sidebar);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
slope_train_page_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  SlopeTrainPage *self = SLOPE_TRAIN_PAGE (object);
  if (id != PROP_SHOW_SIDEBAR)
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  else if (self->show_sidebar != g_value_get_boolean (value))
    {
      self->show_sidebar = g_value_get_boolean (value);
      g_object_notify_by_pspec (object, pspec);
    }
}

static void
slope_train_page_dispose (GObject *object)
{
  SlopeTrainPage *self = SLOPE_TRAIN_PAGE (object);
  g_clear_handle_id (&self->compact_source, g_source_remove);
  g_clear_object (&self->project_signals);
  g_clear_weak_pointer (&self->job_bar);
  g_clear_object (&self->run);
  g_clear_pointer (&self->repeated, sl_recipe_free);
  g_clear_object (&self->project);
  gtk_widget_dispose_template (GTK_WIDGET (object), SLOPE_TYPE_TRAIN_PAGE);
  G_OBJECT_CLASS (slope_train_page_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/slopeml/Slope/slope-train-page.ui");
  gtk_widget_class_bind_template_child (widget_class, SlopeTrainPage, flap);
  gtk_widget_class_bind_template_child (widget_class, SlopeTrainPage, panel);
  gtk_widget_class_bind_template_child (widget_class, SlopeTrainPage, middle);
  gtk_widget_class_bind_template_child (widget_class, SlopeTrainPage, recipe_list);
  gtk_widget_class_bind_template_child (widget_class, SlopeTrainPage, recipe_row);
  gtk_widget_class_bind_template_child (widget_class, SlopeTrainPage, toolbar);
  gtk_widget_class_bind_template_child (widget_class, SlopeTrainPage, switcher);
  gtk_widget_class_bind_template_child (widget_class, SlopeTrainPage, find_again);
  gtk_widget_class_bind_template_child (widget_class, SlopeTrainPage, find_again_content);
  gtk_widget_class_bind_template_child (widget_class, SlopeTrainPage, run_chooser);
  gtk_widget_class_bind_template_child (widget_class, SlopeTrainPage, kept);
  gtk_widget_class_bind_template_child (widget_class, SlopeTrainPage, failure);
  gtk_widget_class_bind_template_child (widget_class, SlopeTrainPage, views);
  gtk_widget_class_bind_template_child (widget_class, SlopeTrainPage, view_rate);
  gtk_widget_class_bind_template_child (widget_class, SlopeTrainPage, view_progress);
  gtk_widget_class_bind_template_child (widget_class, SlopeTrainPage, view_runs);
  gtk_widget_class_bind_template_child (widget_class, SlopeTrainPage, rate_view);
  gtk_widget_class_bind_template_child (widget_class, SlopeTrainPage, progress_view);
  gtk_widget_class_bind_template_child (widget_class, SlopeTrainPage, runs_view);
  gtk_widget_class_bind_template_child (widget_class, SlopeTrainPage, bottom);
  gtk_widget_class_bind_template_child (widget_class, SlopeTrainPage, bottom_summary);
  gtk_widget_class_bind_template_child (widget_class, SlopeTrainPage, bottom_time);
  gtk_widget_class_bind_template_callback (widget_class, folded_changed);
  gtk_widget_class_bind_template_callback (widget_class, panel_changed);
  gtk_widget_class_bind_template_callback (widget_class, recipe_row_activated);
  gtk_widget_class_bind_template_callback (widget_class, run_chosen);
  gtk_widget_class_bind_template_callback (widget_class, failure_activated);
  gtk_widget_class_bind_template_callback (widget_class, failure_closed);
  gtk_widget_class_bind_template_callback (widget_class, view_changed);
  gtk_widget_class_bind_template_callback (widget_class, view_toggled);
  gtk_widget_class_bind_template_callback (widget_class, run_selected);
  gtk_widget_class_bind_template_callback (widget_class, run_opened);
  gtk_widget_class_bind_template_callback (widget_class, compare_changed);
}

static void
slope_train_page_class_init (SlopeTrainPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  object_class->get_property = slope_train_page_get_property;
  object_class->set_property = slope_train_page_set_property;
  object_class->dispose = slope_train_page_dispose;
  widget_class->grab_focus = slope_train_page_grab_focus;
  widget_class->measure = slope_train_page_measure;
  widget_class->size_allocate = slope_train_page_size_allocate;
  props[PROP_SHOW_SIDEBAR] = g_param_spec_boolean ("show-sidebar", NULL, NULL, TRUE,
                                                   G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY
                                                       | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  g_type_ensure (SLOPE_TYPE_RECIPE_PANEL);
  g_type_ensure (SLOPE_TYPE_RATE_VIEW);
  g_type_ensure (SLOPE_TYPE_PROGRESS_VIEW);
  g_type_ensure (SLOPE_TYPE_RUNS_VIEW);
  g_type_ensure (SLOPE_TYPE_NOTE);
  bind_template (widget_class);
  _slope_train_page_install_actions (widget_class);
}

static void
slope_train_page_init (SlopeTrainPage *self)
{
  GtkEventController *keys = gtk_shortcut_controller_new ();
  self->show_sidebar = TRUE;
  self->project_signals = g_signal_group_new (SL_TYPE_PROJECT);
  g_signal_group_connect_swapped (self->project_signals, "run-changed", G_CALLBACK (run_changed),
                                  self);
  g_signal_group_connect_swapped (self->project_signals, "runs-changed", G_CALLBACK (runs_changed),
                                  self);
  g_signal_group_connect_swapped (self->project_signals, "notify::job", G_CALLBACK (job_changed),
                                  self);
  gtk_widget_init_template (GTK_WIDGET (self));
  /* The page sees its own width: AdwBin's layout manager would not tell it. */
  gtk_widget_set_layout_manager (GTK_WIDGET (self), NULL);
  slope_rate_view_set_panel (self->rate_view, self->panel);
  gtk_shortcut_controller_set_scope (GTK_SHORTCUT_CONTROLLER (keys), GTK_SHORTCUT_SCOPE_GLOBAL);
  add_shortcut (GTK_SHORTCUT_CONTROLLER (keys), GDK_KEY_Return, GDK_CONTROL_MASK, "train.start");
  add_shortcut (GTK_SHORTCUT_CONTROLLER (keys), GDK_KEY_l, GDK_CONTROL_MASK, "train.find-rate");
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  _slope_train_page_update_actions (self);
  panel_changed (self);
}

GtkWidget *
slope_train_page_new (void)
{
  return g_object_new (SLOPE_TYPE_TRAIN_PAGE, NULL);
}

void
slope_train_page_set_project (SlopeTrainPage *self, SlProject *project)
{
  g_return_if_fail (SLOPE_IS_TRAIN_PAGE (self));
  if (!g_set_object (&self->project, project))
    return;
  g_clear_object (&self->run);
  self->followed = 0;
  self->job = SL_JOB_NONE;
  _slope_train_page_hide_failure (self);
  g_signal_group_set_target (self->project_signals, project);
  slope_recipe_panel_set_project (self->panel, project);
  slope_rate_view_set_project (self->rate_view, project);
  slope_progress_view_set_project (self->progress_view, project);
  slope_runs_view_set_project (self->runs_view, project);
  gtk_stack_set_visible_child_name (self->views, "rate");
  if (project)
    {
      runs_changed (self);
      job_changed (self);
    }
  _slope_train_page_update_actions (self);
}

void
slope_train_page_set_job_bar (SlopeTrainPage *self, SlopeJobBar *job_bar)
{
  g_return_if_fail (SLOPE_IS_TRAIN_PAGE (self));
  g_set_weak_pointer (&self->job_bar, job_bar);
  g_signal_connect_object (job_bar, "notify::downloading",
                           G_CALLBACK (_slope_train_page_update_actions), self, G_CONNECT_SWAPPED);
}
