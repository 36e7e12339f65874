/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slope-schedule-plot.h"

#include "config.h"
#include "slope-colors.h"

#include <glib/gi18n.h>
#include <math.h>

#define MAX_GROUPS 32
#define FUTURE_SAMPLES 200 /* points a stage of what is still to come */
#define MAX_DECADES 5

struct _SlopeSchedulePlot
{
  SlopePlot parent_instance;
};

G_DEFINE_FINAL_TYPE (SlopeSchedulePlot, slope_schedule_plot, SLOPE_TYPE_PLOT)

static char *
slope_schedule_plot_describe_point (SlopePlot *plot, const SlopeSeries *series, gsize index)
{
  const SlopePoint *point = &g_array_index (series->points, SlopePoint, index);
  g_autofree char *rate = NULL;
  if (series->kind == SLOPE_SERIES_MOMENTUM)
    return g_strdup_printf (_ ("epoch %.2f   momentum %.3f"), point->x, point->y);
  rate = slope_format_rate (point->y);
  /* Translators: what is under the pointer: epoch, learning rate */
  return g_strdup_printf (_ ("epoch %.2f   rate %s"), point->x, rate);
}

static void
slope_schedule_plot_class_init (SlopeSchedulePlotClass *klass)
{
  SLOPE_PLOT_CLASS (klass)->describe_point = slope_schedule_plot_describe_point;
}

static void
slope_schedule_plot_init (SlopeSchedulePlot *self)
{
  SlopeFigure *figure = slope_plot_get_figure (SLOPE_PLOT (self));
  figure->x = figure->x_limits = (SlopeAxis){ 0, 1, FALSE, TRUE };
  figure->y = (SlopeAxis){ 1e-6, 1e-2, TRUE, FALSE };
  figure->y2 = (SlopeAxis){ 0.8, 1, FALSE, FALSE };
  figure->has_y2 = TRUE;
  figure->margin_right = 40;
  slope_figure_set_titles (figure, _ ("Epoch"), _ ("Rate"), _ ("Momentum"));
}

GtkWidget *
slope_schedule_plot_new (void)
{
  return g_object_new (SLOPE_TYPE_SCHEDULE_PLOT, NULL);
}

/* Rate of each group relative to the last one's, which is what is recorded. */
static void
group_shares (const SlStage *stage, guint n_groups, double *shares)
{
  sl_slice_rates (stage->lr_low, stage->lr_high, n_groups, shares);
  for (guint i = 0; i < n_groups; i++)
    shares[i] /= stage->lr_high;
}

/* Lines of what was: momentum, the last group's rate, those of the groups before it. */
typedef struct
{
  SlopeSeries *momentum, *rate, *groups[MAX_GROUPS];
  guint n_groups;
} PastLines;

static void
add_past_lines (PastLines *lines, SlopeFigure *figure, guint n_groups)
{
  lines->n_groups = n_groups;
  lines->momentum = slope_figure_add (figure, SLOPE_SERIES_MOMENTUM, _ ("Momentum"));
  lines->rate = slope_figure_add (figure, SLOPE_SERIES_MAIN, _ ("Rate"));
  lines->rate->snaps = lines->momentum->snaps = TRUE;
  lines->rate->legend = lines->momentum->legend = FALSE; /* the axes' titles have their colours */
  for (guint g = 0; g + 1 < n_groups; g++)
    {
      g_autofree char *name = g_strdup_printf (_ ("Rate of layer group %u"), g + 1);
      lines->groups[g] = slope_figure_add (figure, SLOPE_SERIES_GROUP, name);
      lines->groups[g]->legend = FALSE;
    }
}

/* Nothing is drawn between stages, where rate and momentum jump. */
static void
break_lines (PastLines *lines, double epoch)
{
  slope_series_append (lines->momentum, epoch, NAN);
  slope_series_append (lines->rate, epoch, NAN);
  for (guint g = 0; g + 1 < lines->n_groups; g++)
    slope_series_append (lines->groups[g], epoch, NAN);
}

static void
add_past (SlopeFigure *figure, const SlRecipe *recipe, guint n_groups, const SlopeRunStages *stages,
          const SlBatchRecord *batches, gsize n_batches)
{
  PastLines lines;
  double shares[MAX_GROUPS];
  guint last_stage = G_MAXUINT;
  add_past_lines (&lines, figure, n_groups);
  for (gsize i = 0; i < n_batches; i++)
    {
      const SlBatchRecord *batch = &batches[i];
      guint number = slope_run_stages_at (stages, batch->epoch);
      const SlStage *stage = &recipe->stages[number];
      if (number != last_stage)
        group_shares (stage, n_groups, shares);
      if (number != last_stage && i > 0)
        break_lines (&lines, batch->epoch);
      last_stage = number;
      slope_series_append (lines.rate, batch->epoch, batch->lr);
      slope_series_append (lines.momentum, batch->epoch, batch->momentum);
      for (guint g = 0; g + 1 < n_groups; g++)
        slope_series_append (lines.groups[g], batch->epoch,
                             g >= stage->freeze_to && shares[g] < 1 ? batch->lr * shares[g] : NAN);
    }
}

/* The rest of a stage from epoch @done of the run on, by the same schedule as the trainer's. */
static void
add_cycle (SlopeSeries *rate, SlopeSeries *momentum, const SlRecipe *recipe, guint index,
           guint steps, double first, double done)
{
  const SlStage *stage = &recipe->stages[index];
  guint stride = MAX (1, steps / FUTURE_SAMPLES);
  const SlOneCycle cycle = sl_recipe_cycle (recipe, index, steps);
  for (guint k = 0; k < steps + stride - 1; k += stride)
    {
      guint at = MIN (k, steps - 1);
      double epoch = first + (double)at / steps * stage->epochs, factor, beta;
      if (epoch + 0.5 * stage->epochs / steps < done) /* @done is a float */
        continue;
      sl_one_cycle_at (&cycle, at, &factor, &beta);
      slope_series_append (rate, epoch, stage->lr_high * factor);
      slope_series_append (momentum, epoch, beta);
    }
}

/* What is still to come.  How many steps a stage has that did not begin yet is not known: its cycle
 * has the same form over any number. */
static void
add_future (SlopeFigure *figure, const SlRecipe *recipe, const SlopeRunStages *stages, double done)
{
  SlopeSeries *rate = slope_figure_add (figure, SLOPE_SERIES_FUTURE, NULL);
  SlopeSeries *momentum = slope_figure_add (figure, SLOPE_SERIES_FUTURE_MOMENTUM, NULL);
  for (guint i = stages->now; i < recipe->n_stages; i++)
    {
      guint known = i == stages->now ? stages->now_steps_per_epoch : 0;
      if (i > stages->now)
        {
          slope_series_append (rate, stages->first[i], NAN);
          slope_series_append (momentum, stages->first[i], NAN);
        }
      add_cycle (rate, momentum, recipe, i,
                 known > 0 ? known * recipe->stages[i].epochs : FUTURE_SAMPLES, stages->first[i],
                 done);
    }
}

static void
fit_rates (SlopeFigure *figure, const SlRecipe *recipe)
{
  double top = 0, low = INFINITY, bottom;
  for (guint i = 0; i < recipe->n_stages; i++)
    {
      const SlStage *stage = &recipe->stages[i];
      top = MAX (top, stage->lr_high);
      low = MIN (low, (stage->lr_low > 0 ? stage->lr_low : stage->lr_high / 10) / 25);
    }
  top = pow (10, ceil (log10 (top) - 1e-9));
  bottom = pow (10, floor (log10 (low) + 1e-9));
  figure->y.max = top;
  figure->y.min = MAX (bottom, top * pow (10, -MAX_DECADES));
}

static void
describe (SlopeSchedulePlot *self, const SlBatchRecord *batches, gsize n)
{
  g_autofree char *text = NULL, *rate = NULL;
  if (n == 0)
    {
      slope_plot_set_description (SLOPE_PLOT (self), _ ("no batch yet"));
      return;
    }
  rate = slope_format_rate (batches[n - 1].lr);
  text = g_strdup_printf (_ ("rate %s, momentum %.2f"), rate, batches[n - 1].momentum);
  slope_plot_set_description (SLOPE_PLOT (self), text);
}

void
slope_schedule_plot_set_data (SlopeSchedulePlot *self, const SlRecipe *recipe, guint n_groups,
                              const SlopeRunStages *stages, const SlBatchRecord *batches,
                              gsize n_batches, gboolean more)
{
  SlopeFigure *figure = slope_plot_get_figure (SLOPE_PLOT (self));
  g_return_if_fail (SLOPE_IS_SCHEDULE_PLOT (self));
  slope_figure_clear (figure);
  describe (self, batches, n_batches);
  if (recipe)
    {
      slope_figure_add_stages (figure, stages);
      slope_figure_set_x_limits (figure, 0, MAX (stages->first[stages->n], 1));
      fit_rates (figure, recipe);
      /* A tenth that leaves room beneath the lowest momentum: 0.8, of texts 0.6. */
      figure->y2.min = floor (10 * (sl_recipe_cycle (recipe, 0, 1).mom_low - 0.04)) / 10;
      add_past (figure, recipe, CLAMP (n_groups, 1, MAX_GROUPS), stages, batches, n_batches);
      if (more)
        add_future (figure, recipe, stages, n_batches ? batches[n_batches - 1].epoch : 0);
    }
  slope_plot_changed (SLOPE_PLOT (self));
}
