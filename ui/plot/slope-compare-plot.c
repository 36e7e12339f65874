/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slope-compare-plot.h"

#include "config.h"
#include "slope-colors.h"

#include <glib/gi18n.h>
#include <math.h>

/* Of the largest figure that a run ends with: what is above it is over, and would flatten the rest. */
#define TOP_OVER_END 10

struct _SlopeComparePlot
{
  SlopePlot parent_instance;
  const SlTask *task; /* NULL: nothing is drawn */
  int metric;         /* -1: validation loss */
  double top, end;    /* largest figure of all epochs, and of the last ones */
  guint n_epochs;
};

G_DEFINE_FINAL_TYPE (SlopeComparePlot, slope_compare_plot, SLOPE_TYPE_PLOT)

static const SlMetricDef *
shown_metric (SlopeComparePlot *self)
{
  return self->task && self->metric >= 0 ? &self->task->metrics[self->metric] : NULL;
}

static char *
slope_compare_plot_describe_point (SlopePlot *plot, const SlopeSeries *series, gsize index)
{
  const SlMetricDef *metric = shown_metric (SLOPE_COMPARE_PLOT (plot));
  const SlopePoint *point = &g_array_index (series->points, SlopePoint, index);
  g_autofree char *figure = metric ? slope_format_metric (
                                metric->name, metric->percent ? point->y / 100 : point->y)
                                   : g_strdup_printf ("%.3f", point->y);
  /* Translators: what is under the pointer: run, epoch, figure: "Run 4   epoch 3   0.312" */
  return g_strdup_printf (_ ("%s   epoch %.0f   %s"), series->name, point->x, figure);
}

static void
slope_compare_plot_class_init (SlopeComparePlotClass *klass)
{
  SLOPE_PLOT_CLASS (klass)->describe_point = slope_compare_plot_describe_point;
}

static void
slope_compare_plot_init (SlopeComparePlot *self)
{
  slope_compare_plot_reset (self, NULL, -1);
}

GtkWidget *
slope_compare_plot_new (void)
{
  return g_object_new (SLOPE_TYPE_COMPARE_PLOT, NULL);
}

void
slope_compare_plot_reset (SlopeComparePlot *self, const SlTask *task, int metric)
{
  SlopeFigure *figure = slope_plot_get_figure (SLOPE_PLOT (self));
  gboolean percent;
  g_return_if_fail (SLOPE_IS_COMPARE_PLOT (self));
  g_return_if_fail (metric < 0 || (task && (guint)metric < task->n_metrics));
  self->task = task;
  self->metric = metric;
  self->top = self->end = 0;
  self->n_epochs = 1;
  percent = shown_metric (self) && shown_metric (self)->percent;
  slope_figure_clear (figure);
  slope_figure_set_titles (figure, _ ("Epoch"), percent ? "%" : NULL, NULL);
  slope_figure_set_x_limits (figure, 0, 1);
  figure->x = figure->x_limits = (SlopeAxis){ 0, 1, FALSE, TRUE };
  figure->y = (SlopeAxis){ 0, 1, FALSE, FALSE };
  slope_plot_set_description (SLOPE_PLOT (self), _ ("no epoch yet"));
  slope_plot_changed (SLOPE_PLOT (self));
}

/* "Run 4 from 0.912 to 0.312; …" */
static void
describe (SlopeComparePlot *self, const SlopeSeries *series)
{
  const SlopePoint *points = (const SlopePoint *)(gpointer)series->points->data;
  const char *before = slope_plot_get_description (SLOPE_PLOT (self));
  /* Translators: what a screen reader says of a curve: run, first and last figure */
  g_autofree char *text = g_strdup_printf (_ ("%s from %.3g to %.3g"), series->name, points[0].y,
                                           points[series->points->len - 1].y);
  g_autofree char *all = g_strdup_printf ("%s; %s", before, text);
  GPtrArray *drawn = slope_plot_get_figure (SLOPE_PLOT (self))->series;
  slope_plot_set_description (SLOPE_PLOT (self), drawn->len > 1 ? all : text);
}

void
slope_compare_plot_add (SlopeComparePlot *self, const char *name, guint color,
                        const SlEpochRecord *epochs, gsize n)
{
  SlopeFigure *figure = slope_plot_get_figure (SLOPE_PLOT (self));
  const SlMetricDef *metric = shown_metric (self);
  SlopeSeries *series;
  double last = 0, top;
  g_return_if_fail (SLOPE_IS_COMPARE_PLOT (self));
  series = slope_figure_add (figure, SLOPE_SERIES_RUN, name);
  series->color = color;
  series->snaps = TRUE;
  for (gsize i = 0; i < n; i++)
    {
      double y = metric ? epochs[i].metrics[self->metric] : epochs[i].valid_loss;
      if (!isfinite (y))
        continue;
      last = metric && metric->percent ? 100 * y : y;
      slope_series_append (series, epochs[i].epoch, last);
      self->top = MAX (self->top, last);
      self->n_epochs = MAX (self->n_epochs, epochs[i].epoch);
    }
  if (series->points->len > 0)
    describe (self, series);
  self->end = MAX (self->end, last);
  slope_figure_set_x_limits (figure, 0, self->n_epochs);
  figure->x = figure->x_limits;
  top = self->end > 0 ? MIN (self->top, TOP_OVER_END * self->end) : self->top;
  figure->y.max = top > 0 ? top : 1;
  slope_axis_round_max (&figure->y, top);
  slope_plot_changed (SLOPE_PLOT (self));
}
