/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slope-rate-view.h"

#include "config.h"
#include "plot/slope-plot-card.h"
#include "plot/slope-rate-plot.h"
#include "slope-colors.h"
#include "slope-note.h"
#include "slope-recipe-estimate.h"
#include "slope-stage-row.h"
#include "slope-when.h"

#include <glib/gi18n.h>

#define MAX_OLDER 3
#define MAX_GROUPS 32

struct _SlopeRateView
{
  AdwBin parent_instance;
  SlProject *project; /* owned; NULL: none */
  GSignalGroup *project_signals;
  SlopeRecipePanel *panel; /* not owned */
  gboolean compact;
  gint64 shown;      /* sweep that is the current curve, 0: none */
  gboolean finished; /* it is measured to its end */

  GtkStack *stack;
  AdwStatusPage *empty;
  GtkWidget *content;
  SlopePlotCard *card;
  SlopeRatePlot *plot;
  GtkLabel *uses;
  GtkBox *groups;
  GtkWidget *reset, *suggestions, *suggested;
  GtkToggleButton *slice, *steepest, *tenth;
  SlopeNote *help;
};

G_DEFINE_FINAL_TYPE (SlopeRateView, slope_rate_view, ADW_TYPE_BIN)

static void update_picks (SlopeRateView *self);

/* ---- Picking */

static void
picked (SlopeRateView *self, double low, double high)
{
  slope_recipe_panel_set_rate (self->panel, slope_recipe_panel_get_stage (self->panel), low, high);
}

static void
reset_clicked (SlopeRateView *self)
{
  slope_rate_plot_take_back (self->plot);
}

static void
slice_clicked (SlopeRateView *self)
{
  double low, high;
  if (slope_rate_plot_get_slice (self->plot, &low, &high))
    slope_rate_plot_pick (self->plot, low, high);
  update_picks (self);
}

static void
pick_one (SlopeRateView *self, double rate)
{
  if (rate > 0)
    slope_rate_plot_pick (self->plot, rate, rate);
  update_picks (self);
}

static void
steepest_clicked (SlopeRateView *self)
{
  pick_one (self, slope_rate_plot_get_steepest (self->plot));
}

static void
tenth_clicked (SlopeRateView *self)
{
  pick_one (self, slope_rate_plot_get_tenth (self->plot));
}

/* ---- What is shown of the pick: the rate of each layer group, the suggestions */

static const char *
group_name (guint group, guint n_groups, gboolean compact)
{
  if (group + 1 == n_groups)
    return _ ("Head");
  if (n_groups == 2)
    return _ ("Body");
  if (n_groups == 3 && group == 0)
    return compact ? _ ("Early") : _ ("Early layers");
  if (n_groups == 3)
    return compact ? _ ("Late") : _ ("Late layers");
  return _ ("Layers");
}

static void
append_group (SlopeRateView *self, guint group, guint n_groups, double rate)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  g_autofree char *number = g_strdup_printf ("%u", group + 1);
  g_autofree char *text = slope_format_rate (rate);
  GtkWidget *badge = gtk_label_new (number);
  GtkWidget *name = gtk_label_new (group_name (group, n_groups, self->compact));
  GtkWidget *value = gtk_label_new (text);
  gtk_widget_add_css_class (badge, "badge");
  gtk_widget_add_css_class (badge, "accent-badge");
  gtk_widget_add_css_class (badge, "small");
  gtk_widget_set_valign (badge, GTK_ALIGN_CENTER);
  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (value, "dim-label");
  gtk_widget_add_css_class (value, "numeric");
  gtk_box_append (GTK_BOX (box), badge);
  gtk_box_append (GTK_BOX (box), name);
  gtk_box_append (GTK_BOX (box), value);
  gtk_box_append (self->groups, box);
}

static void
update_groups (SlopeRateView *self, const SlStage *stage)
{
  double rates[MAX_GROUPS];
  guint n = MIN (slope_recipe_panel_get_n_groups (self->panel), MAX_GROUPS);
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->groups))))
    gtk_box_remove (self->groups, child);
  sl_slice_rates (stage->lr_low, stage->lr_high, n, rates);
  for (guint i = MIN (stage->freeze_to, n - 1); i < n; i++)
    append_group (self, i, n, rates[i]);
}

static void
show_suggestion (GtkToggleButton *button, const char *name, double low, double high,
                 const SlStage *stage)
{
  g_autofree char *rate = NULL, *markup = NULL;
  GtkWidget *label = gtk_button_get_child (GTK_BUTTON (button));
  gtk_widget_set_visible (GTK_WIDGET (button), high > 0);
  if (high <= 0)
    return;
  rate = slope_rate_pick_to_string (low, high);
  markup = g_markup_printf_escaped ("%s  <span alpha='55%%'>%s</span>", name, rate);
  if (!GTK_IS_LABEL (label))
    {
      label = gtk_label_new (NULL);
      gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
      gtk_button_set_child (GTK_BUTTON (button), label);
    }
  gtk_label_set_markup (GTK_LABEL (label), markup);
  gtk_toggle_button_set_active (button, stage->lr_low == low && stage->lr_high == high);
}

/* How to pick; or, where the curve suggests nothing, why. */
static void
show_help (SlopeRateView *self, gboolean suggests)
{
  if (!suggests)
    slope_note_set (self->help, SLOPE_NOTE_WARNING, _ ("This curve shows no clear fall."),
                    _ ("Pick well before it turns up, or find again with a larger batch: that "
                       "makes it calmer."),
                    NULL, FALSE);
  else
    slope_note_set (self->help, SLOPE_NOTE_INFO,
                    _ ("Pick where the loss falls fastest, well before it turns up."),
                    self->compact ? _ ("Click for one rate, drag for a slice.")
                                  : _ ("Click for one rate. Drag for a slice: early layers learn "
                                       "at its low end, the head at its high end."),
                    NULL, FALSE);
}

static void
update_suggestions (SlopeRateView *self, const SlStage *stage)
{
  double low = 0, high = 0, steepest = slope_rate_plot_get_steepest (self->plot);
  double tenth = slope_rate_plot_get_tenth (self->plot);
  if (!slope_rate_plot_get_slice (self->plot, &low, &high))
    high = 0;
  show_suggestion (self->slice, _ ("Slice"), low, high, stage);
  show_suggestion (self->steepest, _ ("Steepest"), steepest, steepest, stage);
  show_suggestion (self->tenth, self->compact ? _ ("Min ÷ 10") : _ ("Minimum ÷ 10"), tenth, tenth,
                   stage);
  gtk_widget_set_visible (self->suggestions, high > 0 || steepest > 0 || tenth > 0);
  show_help (self, high > 0 || steepest > 0 || tenth > 0 || !self->finished);
}

/* The sweep of a stage that is shown, as the series its pick was made on. */
static const SlopeSeries *
series_of_stage (SlopeRateView *self, guint stage, const SlopeSeries *const *older,
                 const guint *older_stages, guint n_older)
{
  for (guint i = 0; i < n_older; i++)
    if (older_stages[i] == stage)
      return older[i];
  return NULL;
}

static void
update_picks (SlopeRateView *self)
{
  const SlRecipe *recipe = slope_recipe_panel_get_recipe (self->panel);
  guint open = slope_recipe_panel_get_stage (self->panel);
  const SlStage *stage = &recipe->stages[open];
  g_autofree char *name = g_strdup_printf (_ ("Stage %u"), open + 1);
  g_autofree char *uses = g_strdup_printf (_ ("Stage %u uses"), open + 1);
  slope_rate_plot_set_stage (self->plot, name, slope_recipe_panel_get_n_groups (self->panel),
                             stage->freeze_to);
  slope_rate_plot_set_pick (self->plot, stage->lr_low, stage->lr_high);
  gtk_label_set_label (self->uses, uses);
  gtk_widget_set_visible (GTK_WIDGET (self->uses), !self->compact);
  gtk_widget_set_sensitive (self->reset, slope_rate_plot_can_take_back (self->plot));
  update_groups (self, stage);
  update_suggestions (self, stage);
}

/* ---- Curves */

static char *
sweep_name (SlopeRateView *self, SlSweep *sweep, gboolean current)
{
  const SlRecipe *recipe = slope_recipe_panel_get_recipe (self->panel);
  guint stage = sl_sweep_get_stage (sweep);
  g_autofree char *when = slope_format_when (sl_sweep_get_started (sweep));
  if (self->compact && !current)
    return g_strdup_printf (_ ("Stage %u"), stage + 1);
  if (!current || stage >= recipe->n_stages)
    /* Translators: a stage and when its curve was measured: "Stage 1, 4 minutes ago" */
    return g_strdup_printf (_ ("Stage %u, %s"), stage + 1, when);
  /* Translators: a stage and what it trains: "Stage 2, whole network" */
  return g_strdup_printf (_ ("Stage %u, %s"), stage + 1,
                          slope_stage_label_inside (&recipe->stages[stage],
                                                    slope_recipe_panel_get_n_groups (self->panel)));
}

/* The sweep that is drawn bold: the running one, else the newest of the open stage, else the newest. */
static SlSweep *
find_current (SlopeRateView *self)
{
  GListModel *sweeps = sl_project_get_sweeps (self->project);
  guint open = slope_recipe_panel_get_stage (self->panel), n = g_list_model_get_n_items (sweeps);
  g_autoptr (SlSweep) newest = n > 0 ? g_list_model_get_item (sweeps, 0) : NULL;
  if (!newest || sl_sweep_is_running (newest))
    return g_steal_pointer (&newest);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (SlSweep) sweep = g_list_model_get_item (sweeps, i);
      if (sl_sweep_get_stage (sweep) == open)
        return g_steal_pointer (&sweep);
    }
  return g_steal_pointer (&newest);
}

static void
show_current (SlopeRateView *self, SlSweep *sweep)
{
  gsize n;
  const SlSweepPoint *points = sl_sweep_get_points (sweep, &n);
  g_autofree char *name = sweep_name (self, sweep, TRUE);
  self->finished = !sl_sweep_is_running (sweep);
  slope_rate_plot_set_sweep (self->plot, name, points, n, sl_sweep_get_steepest (sweep),
                             sl_sweep_get_minimum (sweep));
}

static void
add_older_and_others (SlopeRateView *self)
{
  GListModel *sweeps = sl_project_get_sweeps (self->project);
  const SlRecipe *recipe = slope_recipe_panel_get_recipe (self->panel);
  guint open = slope_recipe_panel_get_stage (self->panel), n_older = 0;
  const SlopeSeries *older[MAX_OLDER];
  guint older_stages[MAX_OLDER];
  for (guint i = 0; i < g_list_model_get_n_items (sweeps) && n_older < MAX_OLDER; i++)
    {
      g_autoptr (SlSweep) sweep = g_list_model_get_item (sweeps, i);
      g_autofree char *name = NULL;
      gsize n;
      const SlSweepPoint *points = sl_sweep_get_points (sweep, &n);
      if (sl_sweep_get_id (sweep) == self->shown || n == 0)
        continue;
      name = sweep_name (self, sweep, FALSE);
      older_stages[n_older] = sl_sweep_get_stage (sweep);
      older[n_older++] = slope_rate_plot_add_older (self->plot, name, points, n);
    }
  for (guint i = 0; i < recipe->n_stages; i++)
    {
      g_autofree char *name = g_strdup_printf (_ ("Stage %u"), i + 1);
      if (i != open)
        slope_rate_plot_add_other (self->plot, name, recipe->stages[i].lr_low,
                                   recipe->stages[i].lr_high,
                                   series_of_stage (self, i, older, older_stages, n_older));
    }
}

static void
update_empty (SlopeRateView *self)
{
  const SlRecipe *recipe = slope_recipe_panel_get_recipe (self->panel);
  double seconds = slope_recipe_estimate_sweep (self->project, recipe,
                                                slope_recipe_panel_get_stage (self->panel));
  g_autofree char *duration = NULL, *text = NULL;
  const char *what = _ ("Slope raises the rate from tiny to huge over a hundred batches and draws "
                        "the loss. You pick where it falls fastest.");
  if (seconds >= 0)
    {
      duration = slope_format_duration (seconds);
      /* Translators: what the learning-rate finder does, and how long it takes */
      text = g_strdup_printf (_ ("%s Takes about %s."), what, duration);
    }
  adw_status_page_set_description (self->empty, text ? text : what);
}

/* The button of the empty view goes: the focus it had passes to the curve. */
static void
show_content (SlopeRateView *self, gboolean curve)
{
  const gboolean focused = gtk_widget_get_focus_child (GTK_WIDGET (self->stack)) != NULL;
  GtkWidget *child = curve ? self->content : GTK_WIDGET (self->empty);

  if (gtk_stack_get_visible_child (self->stack) == child)
    return;
  gtk_stack_set_visible_child (self->stack, child);
  if (focused)
    gtk_widget_grab_focus (curve ? GTK_WIDGET (self->plot) : child);
}

/* Draws everything anew: the sweeps, the stage or the recipe are others. */
static void
rebuild (SlopeRateView *self)
{
  g_autoptr (SlSweep) current = NULL;
  if (!self->panel || !self->project)
    return;
  current = find_current (self);
  slope_rate_plot_clear (self->plot);
  self->shown = current ? sl_sweep_get_id (current) : 0;
  if (current)
    show_current (self, current);
  add_older_and_others (self);
  update_picks (self);
  update_empty (self);
  show_content (self, current != NULL);
}

static void
sweep_changed (SlopeRateView *self, SlSweep *sweep)
{
  if (sl_sweep_get_id (sweep) != self->shown)
    {
      rebuild (self);
      return;
    }
  show_current (self, sweep);
  update_picks (self);
}

static void
sweeps_changed (SlopeRateView *self)
{
  rebuild (self);
}

static void
panel_changed (SlopeRateView *self)
{
  if (!self->project)
    return;
  rebuild (self);
}

/* ---- Widget */

static void
slope_rate_view_dispose (GObject *object)
{
  SlopeRateView *self = SLOPE_RATE_VIEW (object);
  if (self->project)
    g_signal_handlers_disconnect_by_data (sl_project_get_sweeps (self->project), self);
  g_clear_object (&self->project_signals);
  g_clear_object (&self->project);
  adw_bin_set_child (ADW_BIN (object), NULL); /* the template would take it away from the bin */
  gtk_widget_dispose_template (GTK_WIDGET (object), SLOPE_TYPE_RATE_VIEW);
  G_OBJECT_CLASS (slope_rate_view_parent_class)->dispose (object);
}

static void
slope_rate_view_class_init (SlopeRateViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = slope_rate_view_dispose;
  g_type_ensure (SLOPE_TYPE_PLOT_CARD);
  g_type_ensure (SLOPE_TYPE_RATE_PLOT);
  g_type_ensure (SLOPE_TYPE_NOTE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/slopeml/Slope/slope-rate-view.ui");
  gtk_widget_class_bind_template_child (widget_class, SlopeRateView, stack);
  gtk_widget_class_bind_template_child (widget_class, SlopeRateView, empty);
  gtk_widget_class_bind_template_child (widget_class, SlopeRateView, content);
  gtk_widget_class_bind_template_child (widget_class, SlopeRateView, card);
  gtk_widget_class_bind_template_child (widget_class, SlopeRateView, plot);
  gtk_widget_class_bind_template_child (widget_class, SlopeRateView, uses);
  gtk_widget_class_bind_template_child (widget_class, SlopeRateView, groups);
  gtk_widget_class_bind_template_child (widget_class, SlopeRateView, reset);
  gtk_widget_class_bind_template_child (widget_class, SlopeRateView, suggestions);
  gtk_widget_class_bind_template_child (widget_class, SlopeRateView, suggested);
  gtk_widget_class_bind_template_child (widget_class, SlopeRateView, slice);
  gtk_widget_class_bind_template_child (widget_class, SlopeRateView, steepest);
  gtk_widget_class_bind_template_child (widget_class, SlopeRateView, tenth);
  gtk_widget_class_bind_template_child (widget_class, SlopeRateView, help);
  gtk_widget_class_bind_template_callback (widget_class, picked);
  gtk_widget_class_bind_template_callback (widget_class, reset_clicked);
  gtk_widget_class_bind_template_callback (widget_class, slice_clicked);
  gtk_widget_class_bind_template_callback (widget_class, steepest_clicked);
  gtk_widget_class_bind_template_callback (widget_class, tenth_clicked);
}

static void
slope_rate_view_init (SlopeRateView *self)
{
  self->project_signals = g_signal_group_new (SL_TYPE_PROJECT);
  g_signal_group_connect_swapped (self->project_signals, "sweep-changed",
                                  G_CALLBACK (sweep_changed), self);
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
slope_rate_view_new (void)
{
  return g_object_new (SLOPE_TYPE_RATE_VIEW, NULL);
}

void
slope_rate_view_set_panel (SlopeRateView *self, SlopeRecipePanel *panel)
{
  g_return_if_fail (SLOPE_IS_RATE_VIEW (self));
  g_return_if_fail (self->panel == NULL);
  self->panel = panel;
  g_signal_connect_object (panel, "changed", G_CALLBACK (panel_changed), self, G_CONNECT_SWAPPED);
}

void
slope_rate_view_set_project (SlopeRateView *self, SlProject *project)
{
  g_return_if_fail (SLOPE_IS_RATE_VIEW (self));
  if (self->project == project)
    return;
  if (self->project)
    g_signal_handlers_disconnect_by_data (sl_project_get_sweeps (self->project), self);
  g_set_object (&self->project, project);
  g_signal_group_set_target (self->project_signals, project);
  if (!project)
    return;
  g_signal_connect_swapped (sl_project_get_sweeps (project), "items-changed",
                            G_CALLBACK (sweeps_changed), self);
  rebuild (self);
}

void
slope_rate_view_set_compact (SlopeRateView *self, gboolean compact)
{
  g_return_if_fail (SLOPE_IS_RATE_VIEW (self));
  if (self->compact == compact)
    return;
  self->compact = compact;
  slope_plot_card_set_compact (self->card, compact);
  slope_rate_plot_set_compact (self->plot, compact);
  gtk_widget_set_visible (self->suggested, !compact);
  gtk_widget_set_margin_start (self->content, compact ? 12 : 18);
  gtk_widget_set_margin_end (self->content, compact ? 12 : 18);
  rebuild (self);
}
