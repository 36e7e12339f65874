/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slope-series.h"

#include <math.h>

SlopeSeries *
slope_series_new (SlopeSeriesKind kind, const char *name)
{
  SlopeSeries *self = g_new0 (SlopeSeries, 1);
  self->kind = kind;
  self->name = g_strdup (name);
  self->legend = name != NULL;
  self->points = g_array_new (FALSE, FALSE, sizeof (SlopePoint));
  return self;
}

void
slope_series_free (SlopeSeries *self)
{
  g_array_unref (self->points);
  g_free (self->name);
  g_free (self);
}

void
slope_series_append (SlopeSeries *self, double x, double y)
{
  SlopePoint point = { x, y };
  g_array_append_val (self->points, point);
}

/* First index whose x is not below @x. */
static gsize
lower_bound (const SlopePoint *points, gsize n, double x)
{
  gsize low = 0, high = n;
  while (low < high)
    {
      gsize middle = low + (high - low) / 2;
      if (points[middle].x < x)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static gssize
skip_gaps (const SlopePoint *points, gsize n, gssize i, int direction)
{
  while (i >= 0 && i < (gssize)n && !isfinite (points[i].y))
    i += direction;
  return i >= 0 && i < (gssize)n ? i : -1;
}

gssize
slope_series_nearest (const SlopeSeries *self, const SlopeAxis *axis, double x)
{
  const SlopePoint *points = (const SlopePoint *)(gpointer)self->points->data;
  gsize n = self->points->len, at = lower_bound (points, n, x);
  gssize after = skip_gaps (points, n, (gssize)at, 1);
  gssize before = skip_gaps (points, n, (gssize)at - 1, -1);
  double here = slope_axis_fraction (axis, x);
  if (after < 0 || before < 0)
    return MAX (after, before);
  return here - slope_axis_fraction (axis, points[before].x)
                 <= slope_axis_fraction (axis, points[after].x) - here
             ? before
             : after;
}

double
slope_series_at (const SlopeSeries *self, const SlopeAxis *axis, double x)
{
  const SlopePoint *points = (const SlopePoint *)(gpointer)self->points->data;
  gsize n = self->points->len, at = lower_bound (points, n, x);
  double from, to, part;
  if (at < n && points[at].x == x)
    return points[at].y;
  if (at == 0 || at == n)
    return NAN;
  from = slope_axis_fraction (axis, points[at - 1].x);
  to = slope_axis_fraction (axis, points[at].x);
  part = (slope_axis_fraction (axis, x) - from) / (to - from);
  return points[at - 1].y + part * (points[at].y - points[at - 1].y);
}

/* Appends the extremes of points[from … to), in the order in which they were measured. */
static void
append_column (const SlopePoint *points, gsize from, gsize to, GArray *out)
{
  gsize low = from, high = from;
  for (gsize i = from; i < to; i++)
    {
      if (!isfinite (points[i].y))
        continue;
      if (!isfinite (points[low].y) || points[i].y < points[low].y)
        low = i;
      if (!isfinite (points[high].y) || points[i].y > points[high].y)
        high = i;
    }
  g_array_append_val (out, points[MIN (low, high)]);
  if (low != high)
    g_array_append_val (out, points[MAX (low, high)]);
}

void
slope_series_reduce (const SlopePoint *points, gsize n, const SlopeAxis *axis, guint columns,
                     GArray *out)
{
  gsize from = lower_bound (points, n, axis->min), to = lower_bound (points, n, axis->max);
  g_array_set_size (out, 0);
  if (from > 0)
    from--;
  to = MIN (to + 1, n);
  if (to - from <= 2 * (gsize)columns)
    {
      g_array_append_vals (out, points + from, (guint)(to - from));
      return;
    }
  /* The columns' borders are found by value, so only as many logarithms as columns are taken. */
  for (guint column = 0; column < columns && from < to; column++)
    {
      double border = slope_axis_value (axis, (column + 1.0) / columns);
      gsize end = column + 1 == columns ? to
                                        : from + lower_bound (points + from, to - from, border);
      if (end > from)
        append_column (points, from, end, out);
      from = end;
    }
}
