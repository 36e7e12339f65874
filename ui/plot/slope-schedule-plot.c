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

/* The stage that a step belongs to, and how far it is in it. */
static guint
find_stage (const SlRecipe *recipe, guint steps_per_epoch, guint step, guint *in_stage)
{
  for (guint i = 0; i < recipe->n_stages; i++)
    {
      guint steps = recipe->stages[i].epochs * steps_per_epoch;
      if (step < steps || i + 1 == recipe->n_stages)
        {
          *in_stage = step;
          return i;
        }
      step -= steps;
    }
  return 0;
}

/* Rate of each group relative to the last one's, which is what is recorded. */
static void
group_shares (const SlStage *stage, guint n_groups, double *shares)
{
  sl_slice_rates (stage->lr_low, stage->lr_high, n_groups, shares);
  for (guint i = 0; i < n_groups; i++)
    shares[i] /= stage->lr_high;
}

/* What was: a gap between stages, where the rate jumps. */
static void
add_past (SlopeFigure *figure, const SlRecipe *recipe, guint n_groups, guint steps_per_epoch,
          const SlBatchRecord *batches, gsize n_batches)
{
  SlopeSeries *groups[MAX_GROUPS];
  SlopeSeries *momentum = slope_figure_add (figure, SLOPE_SERIES_MOMENTUM, _ ("Momentum"));
  SlopeSeries *rate = slope_figure_add (figure, SLOPE_SERIES_MAIN, _ ("Rate"));
  double shares[MAX_GROUPS];
  guint last_stage = G_MAXUINT;
  rate->snaps = momentum->snaps = TRUE;
  rate->legend = momentum->legend = FALSE; /* the axes' titles have their colours */
  for (guint g = 0; g + 1 < n_groups; g++)
    {
      g_autofree char *name = g_strdup_printf (_ ("Rate of layer group %u"), g + 1);
      groups[g] = slope_figure_add (figure, SLOPE_SERIES_GROUP, name);
      groups[g]->legend = FALSE;
    }
  for (gsize i = 0; i < n_batches; i++)
    {
      const SlBatchRecord *batch = &batches[i];
      guint in_stage = 0, stage = find_stage (recipe, steps_per_epoch, batch->step, &in_stage);
      if (stage != last_stage)
        group_shares (&recipe->stages[stage], n_groups, shares);
      last_stage = stage;
      slope_series_append (rate, batch->epoch, batch->lr);
      slope_series_append (momentum, batch->epoch, batch->momentum);
      for (guint g = 0; g + 1 < n_groups; g++)
        slope_series_append (groups[g], batch->epoch,
                             in_stage > 0 && g >= recipe->stages[stage].freeze_to && shares[g] < 1
                                 ? batch->lr * shares[g]
                                 : NAN);
    }
}

/* What is still to come, by the same schedule as the trainer's. */
static void
add_future (SlopeFigure *figure, const SlRecipe *recipe, guint steps_per_epoch, guint done)
{
  SlopeSeries *rate = slope_figure_add (figure, SLOPE_SERIES_FUTURE, NULL);
  SlopeSeries *momentum = slope_figure_add (figure, SLOPE_SERIES_FUTURE_MOMENTUM, NULL);
  guint first = 0;
  for (guint i = 0; i < recipe->n_stages; i++)
    {
      const SlStage *stage = &recipe->stages[i];
      guint steps = stage->epochs * steps_per_epoch, stride = MAX (1, steps / FUTURE_SAMPLES);
      SlOneCycle cycle = SL_ONE_CYCLE_INIT (steps);
      cycle.pct_start = stage->pct_start;
      for (guint k = 0; k < steps + stride; k += stride)
        {
          guint at = MIN (k, steps - 1);
          double factor, beta;
          if (first + at + 1 < done)
            continue;
          sl_one_cycle_at (&cycle, at, &factor, &beta);
          slope_series_append (rate, (double)(first + at) / steps_per_epoch,
                               stage->lr_high * factor);
          slope_series_append (momentum, (double)(first + at) / steps_per_epoch, beta);
        }
      first += steps;
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
                              guint steps_per_epoch, const SlBatchRecord *batches, gsize n_batches,
                              gboolean more)
{
  SlopeFigure *figure = slope_plot_get_figure (SLOPE_PLOT (self));
  guint from = 0;
  g_return_if_fail (SLOPE_IS_SCHEDULE_PLOT (self));
  slope_figure_clear (figure);
  describe (self, batches, n_batches);
  if (recipe && steps_per_epoch > 0)
    {
      for (guint i = 0; recipe->n_stages > 1 && i < recipe->n_stages; i++)
        {
          slope_figure_add_span (figure, from, from + recipe->stages[i].epochs, NULL, i % 2 == 1);
          from += recipe->stages[i].epochs;
        }
      slope_figure_set_x_limits (figure, 0, sl_recipe_n_epochs (recipe));
      fit_rates (figure, recipe);
      add_past (figure, recipe, CLAMP (n_groups, 1, MAX_GROUPS), steps_per_epoch, batches,
                n_batches);
      if (more)
        add_future (figure, recipe, steps_per_epoch,
                    n_batches ? batches[n_batches - 1].step + 1 : 0);
    }
  slope_plot_changed (SLOPE_PLOT (self));
}
