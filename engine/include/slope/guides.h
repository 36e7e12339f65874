/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/train.h>

G_BEGIN_DECLS

/* The course's rules for reading a learning rate off a sweep (SPEC 1.6). */
typedef enum
{
  SL_GUIDE_SLICE_TENTH, /* thawed network: from the top of the strongest fall, a little to the right, to … */
  SL_GUIDE_SLICE_FIFTH, /* … a tenth or a fifth of the rate that the frozen stage has */
  SL_GUIDE_SLICE,       /* without a frozen stage: from there to the steepest point */
  SL_GUIDE_STEEPEST,    /* where the loss falls fastest */
  SL_GUIDE_SHOOT_UP,    /* a tenth of the rate at which the loss shoots up */
  SL_GUIDE_MINIMUM,     /* a tenth of the rate with the lowest loss */
  SL_N_GUIDES
} SlGuideKind;

typedef struct
{
  SlGuideKind kind;
  double      low;  /* the rates to take, two figures; equal to @high for one rate */
  double      high;
  gint        at;   /* index of the point that it is read at */
} SlGuide;

/**
 * sl_sweep_guides:
 * @points: (array length=n): a sweep, in order
 * @thawed: the whole network was trained
 * @frozen_rate: the rate of the stage that trains the head before it; 0: there is none
 * @guides: (out caller-allocates): room for %SL_N_GUIDES
 *
 * What the curve suggests, the likeliest first.  A curve without a fall that its noise could not have
 * made has no steepest point and no minimum; one that neither falls nor shoots up suggests nothing.
 * Pure; any thread.
 *
 * Returns: how many were written; 0: look at the curve
 */
guint sl_sweep_guides   (const SlSweepPoint *points, gsize n, gboolean thawed, double frozen_rate,
                         SlGuide *guides);
/* Index of the point where the loss begins to shoot up; -1: it does not. */
gint  sl_sweep_shoot_up (const SlSweepPoint *points, gsize n);
/* The rate of the last stage before @stage that trains the head alone; 0: there is none. */
double sl_recipe_frozen_rate (const SlRecipe *recipe, guint stage);
/* Whether sweeps of several seeds suggest much the same: each has a slope, and the steepest points lie
 * within a factor of three. */
gboolean sl_sweep_spread_agrees (const SlSweepSpread *spread);
/* Name and one plain sentence, untranslated: callers translate them. */
const char *sl_guide_label  (SlGuideKind kind);
const char *sl_guide_reason (SlGuideKind kind);
const char *sl_guide_name   (SlGuideKind kind); /* "shoot-up": in JSON */

G_END_DECLS
