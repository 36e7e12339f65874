/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/arena.h"
#include "graph/graph-private.h"

#define SL_NO_BLOCK G_MAXUINT
#define SL_NEVER G_MAXUINT

/* What the planner found out about a node. */
typedef struct
{
  gboolean runs_backward;
  guint wants_dx;     /* bit i: input i's gradient is computed here */
  guint dx_adds;      /* bit i: somebody has written it before */
  guint wants_dparam; /* bit i: parameter i's gradient */
  gboolean training;  /* batch statistics and dropout; FALSE for a frozen norm */
  guint workspace;    /* block */
  guint again;        /* time in whose step output 0 is computed again first, or SL_NEVER */
  guint first_again;  /* the first node that is computed again before this one's backward step, ... */
  guint next_again;   /* ... and the next one after this, in the order of the forward pass; SL_NEVER: none */
} SlNodePlan;

/* Gradient of a parameter that lives in the arena: see SL_PLAN_BRIEF_GRADS. */
typedef struct
{
  guint block;       /* SL_NO_BLOCK: none is computed */
  guint first, last; /* times of the backward steps that it lives through */
} SlGradPlan;

/**
 * SlMemoryPlan:
 *
 * Which block of the arena holds what, and when.  Time runs from 0 to n-1 over the forward steps
 * and from n to 2n-1 over the backward steps (node i at 2n-1-i).
 *
 * - A value lives from its node to its last reader: forward, or the backward step of whoever
 *   keeps it.  One that is cheap to compute again is not kept in between: it has a second block,
 *   from its first reader in the backward pass to the last.  Kept all the same is what is not there
 *   when most is, and the first values of a network which does so little with each byte that
 *   computing them again would be felt (MobileNetV2).
 * - A gradient lives from its first writer, who stores while the later ones add, to the
 *   backward step of the node that made the value.
 * - A parameter's gradient, where it is brief, lives from the first backward step that adds to it
 *   to the last one that adds to it or reads the parameter.
 * - An output of the graph lives throughout, so that nothing lies on it between two passes.
 * - Values that may be computed in place share a block.
 */
typedef struct
{
  guint n_nodes, n_values, n_params;
  guint n_times;
  SlNodePlan *nodes;
  guint *param;       /* by the graph's parameter: which of SlParams */
  guint *value_block; /* by value; SL_NO_BLOCK: none */
  guint *late_block;  /* the same in the backward pass */
  guint *grad_block;
  SlGradPlan *brief; /* by parameter; %NULL: gradients are whole, and not in the arena */
  GArray *blocks;    /* SlArenaBlock */
  gsize arena_bytes; /* G_MAXSIZE: more than can be counted */
} SlMemoryPlan;

/* @graph: values' sizes and ops.  @params: what is trained.
 * @flags: NO_REUSE, WANT_INPUT_GRADS, BRIEF_GRADS, KEEP_ALL */
SlMemoryPlan *sl_memory_plan_new (const SlGraph *graph, const SlParams *params, SlMode mode,
                                  SlPlanFlags flags);
void sl_memory_plan_free (SlMemoryPlan *self);
/* When the backward step of @node runs. */
guint sl_memory_plan_backward_time (const SlMemoryPlan *self, guint node);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlMemoryPlan, sl_memory_plan_free)
