/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slope-rate-view.h"

#include "config.h"
#include "plot/slope-plot-card.h"
#include "plot/slope-rate-plot.h"
#include "slope-colors.h"
#include "slope-guide-list.h"
#include "slope-note.h"
#include "slope-recipe-estimate.h"
#include "slope-stage-row.h"
#include "slope-sweeps.h"
#include "slope-when.h"

#include <glib/gi18n.h>

#define MAX_CURVES 8      /* beside the bold one; the project keeps no more */
#define SIDE_WIDTH_PX 300 /* of the suggestions, beside the curve */
#define MAX_GROUPS 32
#define MOST_GROUPS_IN_LINE 3

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
  GtkWidget *content, *column, *reset;
  AdwClamp *side;
  GtkBox *beside;
  SlopePlotCard *card;
  SlopeRatePlot *plot;
  GtkBox *groups;
  SlopeGuideList *guides;
  SlopeNote *spread, *help;
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
guide_taken (SlopeRateView *self, double low, double high)
{
  slope_rate_plot_pick (self->plot, low, high);
  update_picks (self);
}

/* ---- What is shown of the pick: the rate of each layer group, the suggestions */

/* Groups of texts are the embedding, which a language model has last, the single layers, and the head. */
static char *
name_text_group (guint group, guint n_groups, SlLearn learn)
{
  const gboolean language = learn == SL_LEARN_LANGUAGE;
  const guint first_layer = language ? 0 : 1;
  if (language ? group + 1 == n_groups : group == 0)
    return g_strdup (_ ("Words"));
  return group + 1 == n_groups ? g_strdup (_ ("Head"))
                               : g_strdup_printf (_ ("Layer %u"), group - first_layer + 1);
}

static char *
name_group (guint group, const SlRecipe *recipe, gboolean compact)
{
  const SlArch *arch = sl_arch_find (recipe->arch);
  const guint n_groups = sl_recipe_n_groups (recipe);
  if (arch && arch->texts)
    return name_text_group (group, n_groups, recipe->learn);
  if (group + 1 == n_groups)
    return g_strdup (_ ("Head"));
  if (n_groups == 2)
    return g_strdup (_ ("Body"));
  if (group == 0)
    return g_strdup (compact ? _ ("Early") : _ ("Early layers"));
  if (group + 2 < n_groups)
    return g_strdup (compact ? _ ("Middle") : _ ("Middle layers"));
  return g_strdup (compact ? _ ("Late") : _ ("Late layers"));
}

/* What a group is called and its rate; of many groups one above the other, so that names are not cut. */
static void
append_group (SlopeRateView *self, guint group, double rate)
{
  const SlRecipe *recipe = slope_recipe_panel_get_recipe (self->panel);
  const gboolean many = sl_recipe_n_groups (recipe) > MOST_GROUPS_IN_LINE;
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *words = gtk_box_new (many ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL,
                                  many ? 0 : 6);
  g_autofree char *number = g_strdup_printf ("%u", group + 1);
  g_autofree char *text = slope_format_rate (rate);
  g_autofree char *says = name_group (group, recipe, self->compact || many);
  GtkWidget *badge = gtk_label_new (number);
  GtkWidget *name = gtk_label_new (says);
  GtkWidget *value = gtk_label_new (text);
  gtk_widget_add_css_class (badge, "badge");
  gtk_widget_add_css_class (badge, "accent-badge");
  gtk_widget_add_css_class (badge, "small");
  gtk_widget_set_valign (badge, GTK_ALIGN_CENTER);
  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (value, "dim-label");
  gtk_widget_add_css_class (value, "numeric");
  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_label_set_xalign (GTK_LABEL (value), 0);
  if (many)
    gtk_widget_add_css_class (name, "caption");
  gtk_box_append (GTK_BOX (words), name);
  gtk_box_append (GTK_BOX (words), value);
  gtk_box_append (GTK_BOX (box), badge);
  gtk_box_append (GTK_BOX (box), words);
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
    append_group (self, i, rates[i]);
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

/* The sweep that is drawn bold. (transfer none) (nullable) */
static SlSweep *
shown_sweep (SlopeRateView *self)
{
  GListModel *sweeps = sl_project_get_sweeps (self->project);
  for (guint i = 0; self->shown != 0 && i < g_list_model_get_n_items (sweeps); i++)
    {
      g_autoptr (SlSweep) sweep = g_list_model_get_item (sweeps, i);
      if (sl_sweep_get_id (sweep) == self->shown)
        return sweep; /* the project keeps it */
    }
  return NULL;
}

static void
update_suggestions (SlopeRateView *self, const SlRecipe *recipe, guint stage)
{
  SlSweep *sweep = shown_sweep (self);
  SlGuide guides[SL_N_GUIDES];
  guint n = 0;
  if (sweep && self->finished)
    {
      gsize n_points;
      const SlSweepPoint *points = sl_sweep_get_points (sweep, &n_points);
      n = sl_sweep_guides (points, n_points, sl_sweep_get_freeze_to (sweep) == 0,
                           sl_recipe_frozen_rate (recipe, stage), guides);
    }
  slope_guide_list_set (self->guides, guides, n, recipe->stages[stage].lr_low,
                        recipe->stages[stage].lr_high);
  show_help (self, n > 0 || !self->finished);
}

/* What repeating the sweep has shown. */
static void
update_spread (SlopeRateView *self, SlSweep *const *repeats, guint n)
{
  g_autofree char *text = NULL;
  gboolean agrees = FALSE;
  gtk_widget_set_visible (GTK_WIDGET (self->spread), n > 1);
  if (n < 2)
    return;
  text = slope_sweeps_describe_spread (repeats, n, &agrees);
  slope_note_set (self->spread, agrees ? SLOPE_NOTE_SUCCESS : SLOPE_NOTE_WARNING, text, NULL, NULL,
                  FALSE);
}

/* The sweep of a stage that is shown, as the series its pick was made on. */
static const SlopeSeries *
series_of_stage (guint stage, const SlopeSeries *const *older, const guint *older_stages,
                 guint n_older)
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
  slope_rate_plot_set_stage (self->plot, name, slope_recipe_panel_get_n_groups (self->panel),
                             stage->freeze_to);
  slope_rate_plot_set_pick (self->plot, stage->lr_low, stage->lr_high);
  gtk_widget_set_sensitive (self->reset, slope_rate_plot_can_take_back (self->plot));
  update_groups (self, stage);
  update_suggestions (self, recipe, open);
}

/* ---- Curves */

static char *
sweep_name (SlopeRateView *self, SlSweep *sweep, gboolean current)
{
  guint stage = sl_sweep_get_stage (sweep);
  /* As the network was then: the recipe's stage may be frozen otherwise by now. */
  const SlStage then = { .freeze_to = sl_sweep_get_freeze_to (sweep) };
  g_autofree char *when = slope_format_when (sl_sweep_get_started (sweep));
  if (self->compact && !current)
    return g_strdup_printf (_ ("Stage %u"), stage + 1);
  if (!current)
    /* Translators: a stage and when its curve was measured: "Stage 1, 4 minutes ago" */
    return g_strdup_printf (_ ("Stage %u, %s"), stage + 1, when);
  /* Translators: a stage and what it trains: "Stage 2, whole network" */
  return g_strdup_printf (
      _ ("Stage %u, %s"), stage + 1,
      slope_stage_label_inside (&then, slope_recipe_panel_get_recipe (self->panel)));
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

static gboolean
is_among (SlSweep *sweep, SlSweep *const *sweeps, guint n)
{
  for (guint i = 0; i < n; i++)
    if (sweeps[i] == sweep)
      return TRUE;
  return FALSE;
}

/* How a sweep that is not the bold one is drawn. */
static SlopeSeriesKind
kind_of (SlSweep *sweep, SlSweep *counterpart, SlSweep *const *repeats, guint n_repeats)
{
  if (sweep == counterpart)
    return SLOPE_SERIES_COUNTERPART;
  return is_among (sweep, repeats, n_repeats) ? SLOPE_SERIES_REPEAT : SLOPE_SERIES_OLDER;
}

/* The other curves, and what the other stages have picked on them. */
static void
add_others (SlopeRateView *self, SlSweep *current)
{
  GListModel *sweeps = sl_project_get_sweeps (self->project);
  const SlRecipe *recipe = slope_recipe_panel_get_recipe (self->panel);
  guint open = slope_recipe_panel_get_stage (self->panel), n_curves = 0, n_repeats = 0;
  SlSweep *counterpart = current ? slope_sweeps_find_counterpart (sweeps, current) : NULL;
  SlSweep *repeats[SLOPE_MAX_REPEATS], *hidden[SLOPE_MAX_REPEATS];
  guint n_hidden = counterpart ? slope_sweeps_find_repeats (sweeps, counterpart, hidden) : 0;
  const SlopeSeries *curves[MAX_CURVES];
  guint stages[MAX_CURVES];
  if (current)
    n_repeats = slope_sweeps_find_repeats (sweeps, current, repeats);
  for (guint i = 0; i < g_list_model_get_n_items (sweeps) && n_curves < MAX_CURVES; i++)
    {
      g_autoptr (SlSweep) sweep = g_list_model_get_item (sweeps, i);
      SlopeSeriesKind kind = kind_of (sweep, counterpart, repeats, n_repeats);
      g_autofree char *name = NULL;
      gsize n;
      const SlSweepPoint *points = sl_sweep_get_points (sweep, &n);
      if (sweep == current || n == 0)
        continue;
      if (sweep != counterpart && is_among (sweep, hidden, n_hidden))
        continue; /* the counterpart stands for its repetitions */
      if (kind != SLOPE_SERIES_REPEAT)
        name = sweep_name (self, sweep, kind == SLOPE_SERIES_COUNTERPART);
      stages[n_curves] = sl_sweep_get_stage (sweep);
      curves[n_curves++] = slope_rate_plot_add_sweep (self->plot, kind, name, points, n);
    }
  update_spread (self, repeats, self->finished ? n_repeats : 0);
  for (guint i = 0; i < recipe->n_stages; i++)
    {
      g_autofree char *name = g_strdup_printf (_ ("Stage %u"), i + 1);
      if (i != open)
        slope_rate_plot_add_other (self->plot, name, recipe->stages[i].lr_low,
                                   recipe->stages[i].lr_high,
                                   series_of_stage (i, curves, stages, n_curves));
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
  SlSweep *current;
  if (!self->panel || !self->project)
    return;
  current = slope_sweeps_find_current (sl_project_get_sweeps (self->project),
                                       slope_recipe_panel_get_stage (self->panel));
  slope_rate_plot_clear (self->plot);
  self->shown = current ? sl_sweep_get_id (current) : 0;
  if (current)
    show_current (self, current);
  add_others (self, current);
  update_picks (self);
  update_empty (self);
  show_content (self, current != NULL);
}

static void
sweep_changed (SlopeRateView *self, SlSweep *sweep)
{
  if (sl_sweep_get_id (sweep) != self->shown || sl_sweep_is_running (sweep) == self->finished)
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
  g_type_ensure (SLOPE_TYPE_GUIDE_LIST);
  g_type_ensure (SLOPE_TYPE_NOTE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/slopeml/Slope/slope-rate-view.ui");
  gtk_widget_class_bind_template_child (widget_class, SlopeRateView, stack);
  gtk_widget_class_bind_template_child (widget_class, SlopeRateView, empty);
  gtk_widget_class_bind_template_child (widget_class, SlopeRateView, content);
  gtk_widget_class_bind_template_child (widget_class, SlopeRateView, card);
  gtk_widget_class_bind_template_child (widget_class, SlopeRateView, plot);
  gtk_widget_class_bind_template_child (widget_class, SlopeRateView, groups);
  gtk_widget_class_bind_template_child (widget_class, SlopeRateView, reset);
  gtk_widget_class_bind_template_child (widget_class, SlopeRateView, column);
  gtk_widget_class_bind_template_child (widget_class, SlopeRateView, beside);
  gtk_widget_class_bind_template_child (widget_class, SlopeRateView, side);
  gtk_widget_class_bind_template_child (widget_class, SlopeRateView, guides);
  gtk_widget_class_bind_template_child (widget_class, SlopeRateView, spread);
  gtk_widget_class_bind_template_child (widget_class, SlopeRateView, help);
  gtk_widget_class_bind_template_callback (widget_class, picked);
  gtk_widget_class_bind_template_callback (widget_class, reset_clicked);
  gtk_widget_class_bind_template_callback (widget_class, guide_taken);
}

static void
slope_rate_view_init (SlopeRateView *self)
{
  self->project_signals = g_signal_group_new (SL_TYPE_PROJECT);
  g_signal_group_connect_swapped (self->project_signals, "sweep-changed",
                                  G_CALLBACK (sweep_changed), self);
  gtk_widget_init_template (GTK_WIDGET (self));
  /* Beside the suggestions the legend has no room in the title's line. */
  slope_plot_card_set_compact (self->card, TRUE);
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
  slope_rate_plot_set_compact (self->plot, compact);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->beside),
                                  compact ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
  adw_clamp_set_maximum_size (self->side, compact ? G_MAXINT16 : SIDE_WIDTH_PX);
  gtk_widget_set_margin_start (self->column, compact ? 12 : 18);
  gtk_widget_set_margin_end (self->column, compact ? 12 : 18);
  rebuild (self);
}
