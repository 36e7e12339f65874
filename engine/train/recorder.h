/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* The training loss as the course shows it: an exponential mean over the batches of the whole
 * run, with the bias of its start taken out.  Plain data: part of a checkpoint. */
#define SL_SMOOTHING 0.98

typedef struct
{
  double mean; /* biased towards 0 */
  guint64 n;   /* losses seen */
} SlSmoother;

/* Adds a loss; returns the smoothed one. */
double sl_smoother_add (SlSmoother *self, double loss);
/* NaN before the first loss. */
double sl_smoother_get (const SlSmoother *self);

/* Whether the smoothed losses of a sweep have exploded: more than four times the best, as the course has it, but not
 * before as many were seen as it leaves out of the plot.  Where a network is good already, the first batch may happen
 * to lose next to nothing, and four times nothing is soon passed. */
typedef struct
{
  double best;
  guint n; /* losses seen */
} SlExplosion;

gboolean sl_explosion_add (SlExplosion *self, double smooth);

/* How long the rest takes, from what was seen so far. */
typedef struct
{
  double step_seconds;  /* exponential mean; 0: none seen */
  double valid_seconds; /* of the last validation; 0: none seen */
} SlClock;

void sl_clock_add_step (SlClock *self, double seconds);
/* Steps and epochs left may be weighed, and so be fractions. */
double sl_clock_left (const SlClock *self, double steps_left, double epochs_left,
                      guint valid_batches);
