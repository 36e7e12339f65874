/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "slope-axis.h"

G_BEGIN_DECLS

/* What a series is: says its colour, width, dots and place in the drawing order. */
typedef enum
{
  SLOPE_SERIES_OLDER,      /* earlier sweeps and other runs */
  SLOPE_SERIES_REPEAT,     /* the main curve's with another seed */
  SLOPE_SERIES_COUNTERPART, /* the sweep of the frozen network beside the thawed one's, or the other way about */
  SLOPE_SERIES_BATCHES,    /* each batch as it was measured */
  SLOPE_SERIES_MAIN,       /* the smoothed loss, the rate */
  SLOPE_SERIES_GROUP,      /* rate of another layer group */
  SLOPE_SERIES_VALIDATION, /* a dot an epoch */
  SLOPE_SERIES_MOMENTUM,   /* against the second axis */
  SLOPE_SERIES_FUTURE,     /* still to come: dotted */
  SLOPE_SERIES_FUTURE_MOMENTUM,
  SLOPE_SERIES_RUN         /* one of several runs, each with a colour of its own */
} SlopeSeriesKind;

/* NaN as y is a gap in the line. */
typedef struct
{
  double x, y;
} SlopePoint;

/**
 * SlopeSeries:
 *
 * A curve: raw points with ascending x, and how it is to be read.  Owned by a figure.
 */
typedef struct
{
  SlopeSeriesKind kind;
  char *name;      /* (nullable): not in the legend, nor in the CSV file */
  gboolean legend; /* named in the legend; others only in the CSV file */
  gboolean snaps;  /* the cross-hair may rest on its points */
  guint color;     /* of SLOPE_SERIES_RUN: index of slope_class_color() */
  GArray *points;  /* of SlopePoint */
} SlopeSeries;

SlopeSeries *slope_series_new (SlopeSeriesKind kind, const char *name);
void slope_series_free (SlopeSeries *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlopeSeries, slope_series_free)
void slope_series_append (SlopeSeries *self, double x, double y);

/* Index of the point whose place along @axis is nearest to @x, gaps left out; -1: none. */
gssize slope_series_nearest (const SlopeSeries *self, const SlopeAxis *axis, double x);
/* y at @x between two points, even along @axis; NaN outside and in gaps. */
double slope_series_at (const SlopeSeries *self, const SlopeAxis *axis, double x);

/**
 * slope_series_reduce:
 * @points: @n points with ascending x
 * @columns: pixels that the axis is wide
 * @out: (element-type SlopePoint): receives what is worth drawing, in values
 *
 * What the axis shows of the points, with one neighbour on each side.  More than two points a
 * pixel column are reduced to that column's smallest and largest, in their order, so that a
 * million points cost no more than @columns.
 */
void slope_series_reduce (const SlopePoint *points, gsize n, const SlopeAxis *axis, guint columns,
                          GArray *out);

G_END_DECLS
