/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "slope-figure.h"

G_BEGIN_DECLS

/* What another stage has picked. */
typedef struct
{
  char *name;               /* "Stage 1"; owned */
  double low, high;         /* low ≤ 0 or low == high: one rate */
  const SlopeSeries *curve; /* (nullable): the sweep it was made on, of the same figure */
} SlopeOtherPick;

/**
 * SlopeRateMarks:
 *
 * All that a learning-rate plot shows besides its curves: the pick of the open stage with the
 * rates of its layer groups, the picks of other stages, the guides.
 */
typedef struct
{
  char *name;        /* of the open stage: "Stage 2"; owned */
  double low, high;  /* the pick; high 0: none */
  guint n_groups;    /* layer groups of the network */
  guint first_group; /* groups below are frozen */
  gssize steepest;   /* indices into @curve, -1: unknown */
  gssize minimum;
  gssize shoot_up;
  gboolean compact;         /* narrow window: short labels */
  GArray *others;           /* of SlopeOtherPick */
  const SlopeSeries *curve; /* (nullable): the current sweep, of the same figure */
} SlopeRateMarks;

SlopeRateMarks *slope_rate_marks_new (void);
void slope_rate_marks_free (SlopeRateMarks *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlopeRateMarks, slope_rate_marks_free)
void slope_rate_marks_add_other (SlopeRateMarks *self, const char *name, double low, double high,
                                 const SlopeSeries *curve);
gboolean slope_rate_marks_is_slice (const SlopeRateMarks *self);
/* Lets @figure draw the marks; @self must outlive it. */
void slope_rate_marks_install (SlopeRateMarks *self, SlopeFigure *figure);

/* "1e-5 to 3e-4" or "3e-3".  (transfer full) */
char *slope_rate_pick_to_string (double low, double high);
/* Two figures, as rates are written: what is used is what is read. */
double slope_rate_round (double rate);
/* @steps twentieths of a decade further, on the ladder 1, 1.1, 1.3, 1.4, 1.6, 1.8, 2 … */
double slope_rate_step (double rate, int steps);

G_END_DECLS
