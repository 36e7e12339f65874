/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/graph.h>

G_BEGIN_DECLS

/* What the ops of a plan cost; peak.h says what this computer could do at best. */

/* Of one op in one pass. */
typedef struct
{
  guint  calls;
  double seconds; /* mean of a call */
  double flops;   /* by direct count: Winograd's convolutions do fewer multiplications */
  double bytes;   /* that must be read and written at least, each once */
} SlOpCost;

typedef struct
{
  const char *layer, *op;
  SlShape     input, weights, output; /* the first of each; rank 0: none */
  SlOpCost    forward, backward; /* backward: with computing its output again, where it does */
} SlOpProfile;

/* Of a plan made with %SL_PLAN_PROFILE, over its passes since sl_plan_forget_times(). */
guint sl_plan_n_ops        (const SlPlan *self);
void  sl_plan_get_op       (const SlPlan *self, guint i, SlOpProfile *op);
void  sl_plan_forget_times (SlPlan *self);

G_END_DECLS
