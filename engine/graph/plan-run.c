/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/parallel-private.h"
#include "graph/plan-private.h"
#include <slope/parallel.h>
#include <slope/random.h>
#include <string.h>

#define ZERO_CHUNK (256 * 1024) /* elements: 1 MiB a piece for each thread */

static gboolean
outlives_pass (const SlPlan *self, guint block)
{
  const SlGraph *graph = self->graph;

  for (guint i = 0; i < graph->outputs->len; i++)
    if (self->memory->value_block[g_array_index (graph->outputs, SlPort, i).value] == block)
      return TRUE;
  for (guint i = 0; i < graph->inputs->len; i++)
    if (self->memory->grad_block[g_array_index (graph->inputs, SlPort, i).value] == block)
      return TRUE;
  return FALSE;
}

/* Whatever died at @time becomes NaN (all bits set), and the scratch too. */
static void
fill_dead (SlPlan *self, guint time)
{
  for (guint b = 0; b < self->memory->blocks->len; b++)
    {
      const SlArenaBlock *block = &g_array_index (self->memory->blocks, SlArenaBlock, b);

      if (block->last == time && !outlives_pass (self, b))
        memset (self->arena + block->offset, 0xff, block->bytes);
    }
  memset (self->scratch, 0xff, self->scratch_bytes);
}

static void
run_step (SlPlan *self, SlPass pass, guint node)
{
  gint64 begin = self->profile != NULL ? g_get_monotonic_time () : 0;

  self->backend->run (self->prepared, pass, node);
  if (self->profile != NULL)
    sl_profile_add (self->profile, pass, node, begin);
}

static void
begin_pass (SlPlan *self)
{
  sl_parallel_pin ();
  if (!sl_plan_fit_scratch (self))
    g_error ("No memory for %" G_GSIZE_FORMAT " bytes of scratch", self->scratch_bytes);
}

/* ---- Forward */

void
sl_plan_forward (SlPlan *self, guint64 key)
{
  guint n_random = 0; /* counted among their kind: a part of a network draws as the whole */

  g_return_if_fail (self != NULL);
  g_return_if_fail (self->mode == SL_MODE_EVAL || self->serial == self->params->serial);

  begin_pass (self);
  for (guint i = 0; i < self->memory->n_nodes; i++)
    {
      SlStep *step = &self->steps[i];

      if (sl_graph_node (self->graph, i)->layout.is_random)
        step->forward.random_key = step->backward.random_key = sl_random_key (
            key, SL_PURPOSE_DROPOUT, n_random++, 0);
      run_step (self, SL_PASS_FORWARD, i);
      if (self->flags & SL_PLAN_FILL_DEAD)
        fill_dead (self, i);
    }
  sl_parallel_unpin ();
}

/* ---- Backward */

static void
zero (float *numbers, gsize n)
{
#pragma omp parallel for num_threads(sl_parallel_get_threads()) schedule(static) if (n > ZERO_CHUNK)
  for (gsize at = 0; at < n; at += ZERO_CHUNK)
    memset (numbers + at, 0, MIN (n - at, ZERO_CHUNK) * sizeof (float));
}

static void
zero_grads (SlPlan *self)
{
  for (guint i = 0; i < self->params->ranges->len; i++)
    {
      const SlParamRange *range = &g_array_index (self->params->ranges, SlParamRange, i);

      zero (sl_params_grads (self->params) + range->offset, range->n);
    }
}

/* The brief gradients that begin with the backward step of node @i. */
static void
begin_grads (SlPlan *self, guint i)
{
  const SlNode *node = sl_graph_node (self->graph, i);
  const SlCall *call = &self->steps[i].backward;

  for (guint k = 0; k < node->layout.n_params; k++)
    {
      guint param = self->memory->param[node->param[k]];

      if (call->dparam[k].data != NULL
          && self->memory->brief[param].first == sl_memory_plan_backward_time (self->memory, i))
        zero (call->dparam[k].data, sl_param_padded (sl_params_nth (self->params, param)));
    }
}

/* Those that end with it. */
static void
end_grads (SlPlan *self, guint i, SlGradFunc complete, gpointer data)
{
  const SlNode *node = sl_graph_node (self->graph, i);

  for (guint k = 0; k < node->layout.n_params; k++)
    {
      guint param = self->memory->param[node->param[k]];
      const SlGradPlan *grad = &self->memory->brief[param];

      if (grad->block != SL_NO_BLOCK
          && grad->last == sl_memory_plan_backward_time (self->memory, i))
        complete (param, sl_plan_param_grad (self, param), data);
    }
}

/* Before the backward step of node @i: the values that it and others to come find gone. */
static void
repeat_values (SlPlan *self, guint i)
{
  const SlNodePlan *nodes = self->memory->nodes;

  for (guint k = nodes[i].first_again; k != SL_NEVER; k = nodes[k].next_again)
    run_step (self, SL_PASS_AGAIN, k);
}

/* @complete: with brief gradients only. */
static void
run_backward (SlPlan *self, SlGradFunc complete, gpointer data)
{
  for (guint i = self->memory->n_nodes; i-- > 0;)
    {
      if (self->memory->nodes[i].runs_backward)
        {
          repeat_values (self, i);
          if (complete != NULL)
            begin_grads (self, i);
          run_step (self, SL_PASS_BACKWARD, i);
          if (complete != NULL)
            end_grads (self, i, complete, data);
        }
      if (self->flags & SL_PLAN_FILL_DEAD)
        fill_dead (self, sl_memory_plan_backward_time (self->memory, i));
    }
}

static void
backward (SlPlan *self, SlGradFunc complete, gpointer data)
{
  SlValue loss = sl_graph_find_output (self->graph, "loss");
  float *seed;

  g_return_if_fail (self->mode == SL_MODE_TRAIN && loss != SL_NO_VALUE);
  g_return_if_fail (self->serial == self->params->serial);

  begin_pass (self);
  if (complete == NULL)
    zero_grads (self);
  seed = sl_plan_view (self, loss, self->memory->grad_block[loss]).data;
  if (seed != NULL)
    {
      for (gsize i = 0; i < sl_shape_n_elements (sl_graph_shape (self->graph, loss)); i++)
        seed[i] = 1;
      run_backward (self, complete, data);
    }
  sl_parallel_unpin ();
}

void
sl_plan_backward (SlPlan *self)
{
  g_return_if_fail (self != NULL && !(self->flags & SL_PLAN_BRIEF_GRADS));
  backward (self, NULL, NULL);
}

void
sl_plan_backward_brief (SlPlan *self, SlGradFunc complete, gpointer data)
{
  g_return_if_fail (self != NULL && self->flags & SL_PLAN_BRIEF_GRADS && complete != NULL);
  backward (self, complete, data);
}
