/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slope-loss-plot.h"

#include "config.h"

#include <glib/gi18n.h>
#include <math.h>

#define TOP_OVER_START 1.3
#define TOP_OVER_RECENT 4.
#define LEAST_RECENT 3 /* points */
#define MOST_RECENT 100

struct _SlopeLossPlot
{
  SlopePlot parent_instance;
  guint n_epochs;                    /* of the recipe */
  SlopeSeries *raw, *smooth, *valid; /* of the figure; NULL: no run */
};

G_DEFINE_FINAL_TYPE (SlopeLossPlot, slope_loss_plot, SLOPE_TYPE_PLOT)

static char *
slope_loss_plot_describe_point (SlopePlot *plot, const SlopeSeries *series, gsize index)
{
  const SlopePoint *point = &g_array_index (series->points, SlopePoint, index);
  /* Translators: what is under the pointer: curve, epoch, loss */
  return g_strdup_printf (_ ("%s   epoch %.2f   loss %.3f"), series->name, point->x, point->y);
}

static void
slope_loss_plot_class_init (SlopeLossPlotClass *klass)
{
  SLOPE_PLOT_CLASS (klass)->describe_point = slope_loss_plot_describe_point;
}

static void
slope_loss_plot_init (SlopeLossPlot *self)
{
  SlopeFigure *figure = slope_plot_get_figure (SLOPE_PLOT (self));
  figure->x = figure->x_limits = (SlopeAxis){ 0, 1, FALSE, TRUE };
  slope_figure_set_titles (figure, _ ("Epoch"), NULL, NULL);
}

GtkWidget *
slope_loss_plot_new (void)
{
  return g_object_new (SLOPE_TYPE_LOSS_PLOT, NULL);
}

static double
series_max (const SlopeSeries *series)
{
  double max = 0;
  for (guint i = 0; i < series->points->len; i++)
    {
      double y = g_array_index (series->points, SlopePoint, i).y;
      if (isfinite (y))
        max = MAX (max, y);
    }
  return max;
}

/* The newest validation loss: it is what one looks for, wherever training began. */
static double
newest_valid (const SlopeLossPlot *self)
{
  double y;
  if (self->valid->points->len == 0)
    return 0;
  y = g_array_index (self->valid->points, SlopePoint, self->valid->points->len - 1).y;
  return isfinite (y) ? y : 0;
}

static int
compare_losses (gconstpointer a, gconstpointer b)
{
  const double first = *(const double *)a, second = *(const double *)b;
  return first < second ? -1 : first > second;
}

/* The median of the last quarter of a curve, as far as that is recent. */
static double
recent_level (const SlopeSeries *series)
{
  double losses[MOST_RECENT];
  const guint n = series->points->len;
  const guint from = n - MIN (n, CLAMP (n / 4, LEAST_RECENT, MOST_RECENT));
  guint n_finite = 0;
  for (guint i = from; i < n; i++)
    {
      const double y = g_array_index (series->points, SlopePoint, i).y;
      if (isfinite (y))
        losses[n_finite++] = y;
    }
  qsort (losses, n_finite, sizeof *losses, compare_losses);
  return n_finite > 0 ? losses[n_finite / 2] : NAN;
}

/* What lies higher is an explosion, and not worth the room once it is over.  A network that was trained before
 * may begin at next to nothing: then what counts is where it is now. */
static double
highest_worth_showing (const SlopeLossPlot *self)
{
  const double start = g_array_index (self->smooth->points, SlopePoint, 0).y;
  const double recent = recent_level (self->smooth);
  const double highest = recent > start ? TOP_OVER_RECENT * recent : TOP_OVER_START * start;
  return isfinite (highest) ? MAX (highest, newest_valid (self)) : 0;
}

/* Room for the smoothed, the validation and the other runs' losses. */
static void
fit_y (SlopeLossPlot *self)
{
  SlopeFigure *figure = slope_plot_get_figure (SLOPE_PLOT (self));
  double top = 0, highest = 0;
  for (guint i = 0; i < figure->series->len; i++)
    {
      const SlopeSeries *series = g_ptr_array_index (figure->series, i);
      if (series->kind != SLOPE_SERIES_BATCHES)
        top = MAX (top, series_max (series));
    }
  if (self->smooth && self->smooth->points->len > 0)
    highest = highest_worth_showing (self);
  if (highest > 0)
    top = MIN (top, highest);
  figure->y = (SlopeAxis){ 0, top > 0 ? top : 1, FALSE, FALSE };
  slope_axis_round_max (&figure->y, top);
}

static void
describe (SlopeLossPlot *self, const SlEpochRecord *epochs, gsize n_epochs)
{
  g_autofree char *text = NULL;
  if (n_epochs == 0)
    text = g_strdup (_ ("no epoch yet"));
  else if (isfinite (epochs[n_epochs - 1].valid_loss))
    text = g_strdup_printf (_ ("epoch %u of %u, training loss %.3f, validation loss %.3f"),
                            epochs[n_epochs - 1].epoch, self->n_epochs,
                            epochs[n_epochs - 1].train_loss, epochs[n_epochs - 1].valid_loss);
  else
    text = g_strdup_printf (_ ("epoch %u of %u, training loss %.3f"), epochs[n_epochs - 1].epoch,
                            self->n_epochs, epochs[n_epochs - 1].train_loss);
  slope_plot_set_description (SLOPE_PLOT (self), text);
}

/* Stages that ended early move what comes after them. */
static void
set_stages (SlopeLossPlot *self, const SlopeRunStages *stages)
{
  SlopeFigure *figure = slope_plot_get_figure (SLOPE_PLOT (self));
  g_array_set_size (figure->spans, 0);
  slope_figure_add_stages (figure, stages);
  self->n_epochs = stages->first[stages->n];
  slope_figure_set_x_limits (figure, 0, MAX (self->n_epochs, 1));
}

void
slope_loss_plot_reset (SlopeLossPlot *self, const SlopeRunStages *stages)
{
  SlopeFigure *figure = slope_plot_get_figure (SLOPE_PLOT (self));
  g_return_if_fail (SLOPE_IS_LOSS_PLOT (self));
  slope_figure_clear (figure);
  self->raw = self->smooth = self->valid = NULL;
  self->n_epochs = 1;
  if (stages)
    {
      self->smooth = slope_figure_add (figure, SLOPE_SERIES_MAIN, _ ("training"));
      self->raw = slope_figure_add (figure, SLOPE_SERIES_BATCHES, _ ("each batch"));
      self->valid = slope_figure_add (figure, SLOPE_SERIES_VALIDATION, _ ("validation"));
      self->smooth->snaps = self->valid->snaps = TRUE;
      self->valid->legend = FALSE;
    }
  if (stages)
    set_stages (self, stages);
  else
    slope_figure_set_x_limits (figure, 0, 1);
  figure->x = figure->x_limits;
  fit_y (self);
  describe (self, NULL, 0);
  slope_plot_changed (SLOPE_PLOT (self));
}

void
slope_loss_plot_set_data (SlopeLossPlot *self, const SlopeRunStages *stages,
                          const SlBatchRecord *batches, gsize n_batches,
                          const SlEpochRecord *epochs, gsize n_epochs)
{
  g_return_if_fail (SLOPE_IS_LOSS_PLOT (self));
  g_return_if_fail (self->smooth != NULL);
  set_stages (self, stages);
  /* A resumed run goes back to its checkpoint: what was drawn after it is taken away. */
  if (n_batches < self->smooth->points->len)
    {
      g_array_set_size (self->smooth->points, (guint)n_batches);
      g_array_set_size (self->raw->points, (guint)n_batches);
    }
  for (gsize i = self->smooth->points->len; i < n_batches; i++)
    {
      slope_series_append (self->smooth, batches[i].epoch, batches[i].smooth);
      slope_series_append (self->raw, batches[i].epoch, batches[i].loss);
    }
  g_array_set_size (self->valid->points, 0);
  for (gsize i = 0; i < n_epochs; i++)
    if (isfinite (epochs[i].valid_loss))
      {
        slope_series_append (self->valid, epochs[i].epoch, epochs[i].valid_loss);
        self->valid->legend = TRUE;
      }
  fit_y (self);
  describe (self, epochs, n_epochs);
  slope_plot_changed (SLOPE_PLOT (self));
}

void
slope_loss_plot_add_other (SlopeLossPlot *self, const char *name, const SlEpochRecord *epochs,
                           gsize n_epochs)
{
  SlopeFigure *figure = slope_plot_get_figure (SLOPE_PLOT (self));
  SlopeSeries *series;
  g_return_if_fail (SLOPE_IS_LOSS_PLOT (self));
  series = slope_figure_add (figure, SLOPE_SERIES_OLDER, name);
  for (gsize i = 0; i < n_epochs; i++)
    slope_series_append (series, epochs[i].epoch,
                         isfinite (epochs[i].valid_loss) ? epochs[i].valid_loss
                                                         : epochs[i].train_loss);
  fit_y (self);
  slope_plot_changed (SLOPE_PLOT (self));
}
