/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/graph.h>

G_BEGIN_DECLS

/**
 * SlAdamW:
 *
 * Adam with true weight decay (Loshchilov and Hutter 2019): p ← p·(1 − lr·wd) before the step, lr
 * being the group's own.  beta1 comes from the schedule at every step.  SPEC 1.6.
 * The moments live in SlParams; @step counts from 0 and is part of a checkpoint.  As PyTorch's:
 * bias corrections 1 − beta^t with the current beta1.
 */
typedef struct
{
  double  beta2;        /* 0.99 */
  double  eps;          /* 1e-8 */
  double  weight_decay; /* 0.01 */
  guint64 step;
} SlAdamW;

#define SL_ADAMW_INIT ((SlAdamW){ 0.99, 1e-8, 0.01, 0 })

/* Scales all gradients so that their norm together is at most @most; > 0.  Sums have a fixed order, so
 * that bits do not depend on threads.  Between backward and step.  Returns: the norm before. */
double sl_params_clip_grads (SlParams *params, double most);

/* One fused pass over the trained parameters.  @lr: one a layer group (sl_params_n_groups()). */
void sl_adamw_step (SlAdamW *self, SlParams *params, const double *lr, double beta1);

/* sl_plan_backward() and sl_adamw_step() in one, to the same bits: each parameter takes its step as
 * soon as its gradient is complete, so that no more than the gradients under way need memory.  @plan
 * is made with %SL_PLAN_BRIEF_GRADS.  What looks at all gradients together, as clipping by their
 * norm does, wants the two functions instead. */
void sl_adamw_backward (SlAdamW *self, SlPlan *plan, const double *lr, double beta1);

/**
 * SlOneCycle:
 *
 * Smith 2018 as fastai v1 has it: floor(pct_start·n) steps cosine from max/div to max, then cosine
 * to max/(div·1e4); momentum mirrors it.  SPEC 1.6.
 */
typedef struct
{
  guint  n_steps;
  double pct_start;    /* 0.3 */
  double div;          /* 25 */
  double final_div;    /* 1e4, times div */
  double mom_high;     /* 0.95 */
  double mom_low;      /* 0.85 */
} SlOneCycle;

#define SL_ONE_CYCLE_INIT(n) ((SlOneCycle){ (n), 0.3, 25.0, 1e4, 0.95, 0.85 })

/* Factor to multiply the maximum rate with, and momentum, for batch @step (0 … n_steps-1). */
void sl_one_cycle_at (const SlOneCycle *self, guint step, double *lr_factor, double *momentum);

/* Rates of the groups: geometric from @low to @high; low ≤ 0 gives high to the last group and
 * high/10 to the others (the course's slice (b)); low == high gives all the same. */
void sl_slice_rates (double low, double high, guint n_groups, double *rates);

G_END_DECLS
