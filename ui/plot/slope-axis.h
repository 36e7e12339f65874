/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define SLOPE_AXIS_MAX_LABELS 5
#define SLOPE_AXIS_MAX_TICKS 64

/**
 * SlopeAxis:
 * @min: value at the low end
 * @max: value at the high end; > @min
 * @log: logarithmic; then @min > 0
 * @integer: labels only whole numbers (epochs)
 *
 * The part of a quantity that a plot shows.  A plain value; functions are pure.
 */
typedef struct
{
  double min, max;
  gboolean log;
  gboolean integer;
} SlopeAxis;

/* A mark on an axis; unlabelled ones have an empty label. */
typedef struct
{
  double value;
  char label[24];
} SlopeTick;

/* 0 at the low end, 1 at the high one; beyond for values outside; NaN where a log axis has none. */
double slope_axis_fraction (const SlopeAxis *self, double value);
double slope_axis_value (const SlopeAxis *self, double fraction);

/**
 * slope_axis_ticks:
 * @ticks: (out caller-allocates): %SLOPE_AXIS_MAX_TICKS entries, ascending
 *
 * Nice numbers: multiples of 1, 2, 2.5, 4 or 5 × 10ⁿ with at most five labels, decades on a
 * logarithmic axis (every k-th one labelled), written as `1e-5`; unlabelled ticks between.
 *
 * Returns: how many
 */
guint slope_axis_ticks (const SlopeAxis *self, SlopeTick *ticks);

/* Rounds the high end to a half step of its ticks, to the nearest that is at least @least. */
void slope_axis_round_max (SlopeAxis *self, double least);

/* Shows 1/@factor of what is shown, keeping the value at @fraction in place, within @limits. */
void slope_axis_zoom (SlopeAxis *self, const SlopeAxis *limits, double fraction, double factor);
/* Moves by @fraction of what is shown, as far as @limits allow. */
void slope_axis_pan (SlopeAxis *self, const SlopeAxis *limits, double fraction);

G_END_DECLS
