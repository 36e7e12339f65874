/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "backends/backend.h"
#include "graph/params-private.h"
#include "graph/planner.h"
#include "graph/profile.h"

/* What is not lent to a plan at the moment. */
struct _SlPlanMemory
{
  guint8 *arena;
  gsize arena_bytes;
  gpointer scratch;
  gsize scratch_bytes;
  gboolean is_lent;
};

/* Made by plan.c, run by plan-run.c. */
struct _SlPlan
{
  SlGraph *graph; /* owned, as all below */
  SlParams *params;
  SlMode mode;
  SlPlanFlags flags;
  guint serial; /* of what was frozen when this was made */
  SlMemoryPlan *memory;
  SlPlanMemory *lender; /* (nullable) (not owned): whom the two below go back to */
  guint8 *arena;
  gsize arena_bytes; /* as many as the plan needs, or more */
  gpointer scratch;
  gsize scratch_bytes;
  guint scratch_threads; /* that it was sized for */
  SlStep *steps;         /* one a node */
  const SlBackend *backend;
  gpointer prepared;
  SlProfile *profile; /* (nullable) */
};

/* @value in its block of the arena; without memory, its shape alone. */
SlView sl_plan_view (const SlPlan *self, SlValue value, guint block);

/* Gradient of parameter @param of SlParams: in the arena when it is brief.  NULL without memory. */
float *sl_plan_param_grad (const SlPlan *self, guint param);

/* Sizes the scratch for the threads of now.  Does nothing when they are those of last time.
 * FALSE: there is not so much memory. */
gboolean sl_plan_fit_scratch (SlPlan *self);

/* Told in the backward pass when nothing of that pass reads parameter @param (of SlParams) or
 * adds to its gradient any more: @grad, of its shape, is dead after the call. */
typedef void (*SlGradFunc) (guint param, const float *grad, gpointer data);

/* sl_plan_backward() for a plan made with SL_PLAN_BRIEF_GRADS. */
void sl_plan_backward_brief (SlPlan *self, SlGradFunc complete, gpointer data);
