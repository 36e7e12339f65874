/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "backends/backend.h"
#include "core/parallel-private.h"
#include "graph/params-private.h"
#include "graph/planner.h"
#include "graph/profile.h"
#include <slope/random.h>
#include <string.h>

#define ZERO_CHUNK (256 * 1024) /* elements: 1 MiB a piece for each thread */

struct _SlPlan
{
  SlGraph *graph; /* owned, as all below */
  SlParams *params;
  SlMode mode;
  SlPlanFlags flags;
  guint serial; /* of what was frozen when this was made */
  SlMemoryPlan *memory;
  guint8 *arena;
  gpointer scratch;
  gsize scratch_bytes;
  guint scratch_threads; /* that it was sized for */
  SlStep *steps;         /* one a node */
  const SlBackend *backend;
  gpointer prepared;
  SlProfile *profile; /* (nullable) */
};

/* ---- Making */

static gboolean
check_params (const SlGraph *graph, const SlParams *params, GError **error)
{
  for (guint i = 0; i < graph->params->len; i++)
    {
      const SlGraphParam *param = sl_graph_param (graph, i);
      gint at = sl_params_find (params, param->name);

      if (at < 0 || !sl_shape_equal (sl_params_nth (params, at)->shape, param->spec.shape))
        {
          g_set_error (error, SL_ERROR, SL_ERROR_SHAPE,
                       "The parameters at hand have no %s of the network's shape: make them from "
                       "the same network",
                       param->name);
          return FALSE;
        }
    }
  return TRUE;
}

static SlView
block_view (const SlPlan *self, SlValue value, guint block)
{
  SlView view = { .shape = sl_graph_value (self->graph, value)->type.shape };

  if (block != SL_NO_BLOCK && self->arena != NULL)
    view.data = self->arena + g_array_index (self->memory->blocks, SlArenaBlock, block).offset;
  return view;
}

static void
bind_params (SlPlan *self, const SlNode *node, const SlNodePlan *own, SlCall *call)
{
  for (guint k = 0; k < node->layout.n_params; k++)
    {
      const char *name = sl_graph_param (self->graph, node->first_param + k)->name;
      const SlParamInfo *info = sl_params_nth (self->params, sl_params_find (self->params, name));

      call->param[k] = (SlView){ info->shape, self->params->values + info->offset };
      if (own->wants_dparam >> k & 1 && self->arena != NULL)
        call->dparam[k] = (SlView){ info->shape, sl_params_grads (self->params) + info->offset };
    }
}

static void
bind_step (SlPlan *self, guint i)
{
  const SlNode *node = sl_graph_node (self->graph, i);
  const SlNodePlan *own = &self->memory->nodes[i];
  SlStep *step = &self->steps[i];
  SlCall *call = &step->call;

  step->op = node->op;
  step->runs_backward = own->runs_backward;
  call->attrs = node->attrs;
  call->training = own->training;
  for (guint k = 0; k < node->n_in; k++)
    {
      call->x[k] = block_view (self, node->in[k], self->memory->value_block[node->in[k]]);
      if (own->wants_dx >> k & 1)
        call->dx[k] = block_view (self, node->in[k], self->memory->grad_block[node->in[k]]);
      call->dx_adds[k] = own->dx_adds >> k & 1;
    }
  for (guint k = 0; k < node->layout.n_outputs; k++)
    call->y[k] = block_view (self, node->first_out + k,
                             self->memory->value_block[node->first_out + k]);
  if (own->runs_backward)
    call->dy[0] = block_view (self, node->first_out, self->memory->grad_block[node->first_out]);
  if (own->workspace != SL_NO_BLOCK)
    call->workspace = block_view (self, node->first_out, own->workspace).data;
  bind_params (self, node, own, call);
}

static void
bind_steps (SlPlan *self)
{
  for (guint i = 0; i < self->memory->n_nodes; i++)
    bind_step (self, i);
}

static gboolean
check_statistics (const SlPlan *self, GError **error)
{
  for (guint i = 0; i < self->memory->n_nodes; i++)
    {
      const SlNode *node = sl_graph_node (self->graph, i);

      if (self->memory->nodes[i].training && node->layout.statistics_rows == 1)
        {
          g_set_error (error, SL_ERROR, SL_ERROR_SHAPE,
                       "%s: a batch of one has no variance to train with: use two items at least",
                       node->name);
          return FALSE;
        }
    }
  return TRUE;
}

/* Everything but the memory: enough to say how much that is. */
static SlPlan *
new_without_memory (SlGraph *graph, SlParams *params, SlMode mode, SlPlanFlags flags,
                    GError **error)
{
  g_autoptr (SlPlan) self = NULL;

  if (!check_params (graph, params, error))
    return NULL;

  self = g_new0 (SlPlan, 1);
  self->graph = sl_graph_ref (graph);
  self->params = sl_params_ref (params);
  self->mode = mode;
  self->flags = flags;
  self->serial = params->serial;
  self->backend = sl_backend_cpu ();
  self->memory = sl_memory_plan_new (graph, params, mode, flags);
  self->steps = g_new0 (SlStep, MAX (self->memory->n_nodes, 1));
  bind_steps (self);
  self->prepared = self->backend->prepare (self->steps, self->memory->n_nodes,
                                           (flags & SL_PLAN_REFERENCE) != 0, error);
  return self->prepared != NULL ? g_steal_pointer (&self) : NULL;
}

/* Sizes the scratch for the threads of now.  Does nothing when they are those of last time. */
static gboolean
fit_scratch (SlPlan *self)
{
  guint threads = sl_parallel_get_threads ();
  gsize bytes;

  if (threads == self->scratch_threads)
    return TRUE;
  bytes = self->backend->scratch_bytes (self->prepared);
  self->scratch_threads = threads;
  if (self->scratch != NULL && bytes <= self->scratch_bytes)
    return TRUE;

  sl_arena_unmap (self->scratch, self->scratch_bytes);
  self->scratch = sl_arena_map (bytes);
  self->scratch_bytes = bytes;
  for (guint i = 0; i < self->memory->n_nodes; i++)
    self->steps[i].call.scratch = self->scratch;
  return self->scratch != NULL;
}

static gboolean
get_memory (SlPlan *self, GError **error)
{
  gsize bytes = self->memory->arena_bytes, available = sl_arena_available_bytes ();
  g_autofree char *wanted = g_format_size_full (bytes, G_FORMAT_SIZE_LONG_FORMAT);

  if (bytes <= available && (self->arena = sl_arena_map (bytes)) != NULL && fit_scratch (self))
    return TRUE;
  g_set_error (error, SL_ERROR, SL_ERROR_MEMORY,
               "This network needs %s of memory, more than is free: use smaller batches or "
               "pictures",
               wanted);
  return FALSE;
}

SlPlan *
sl_plan_new (SlGraph *graph, SlParams *params, SlMode mode, SlPlanFlags flags, GError **error)
{
  g_autoptr (SlPlan) self = NULL;

  g_return_val_if_fail (graph != NULL && params != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  self = new_without_memory (graph, params, mode, flags, error);
  if (self == NULL || !check_statistics (self, error) || !get_memory (self, error))
    return NULL;
  bind_steps (self);
  if (flags & SL_PLAN_FILL_DEAD)
    memset (self->arena, 0xff, self->memory->arena_bytes);
  self->profile = sl_profile_new_if_wanted (graph, mode == SL_MODE_TRAIN ? "train" : "eval");
  return g_steal_pointer (&self);
}

void
sl_plan_free (SlPlan *self)
{
  g_return_if_fail (self != NULL);
  sl_profile_free_and_print (self->profile, self->graph);
  if (self->prepared != NULL)
    self->backend->release (self->prepared);
  sl_arena_unmap (self->arena, self->memory->arena_bytes);
  sl_arena_unmap (self->scratch, self->scratch_bytes);
  sl_memory_plan_free (self->memory);
  g_free (self->steps);
  sl_params_unref (self->params);
  sl_graph_unref (self->graph);
  g_free (self);
}

gsize
sl_plan_predict_bytes (SlGraph *graph, SlParams *params, SlMode mode)
{
  g_autoptr (SlPlan) self = NULL;
  gsize bytes;

  g_return_val_if_fail (graph != NULL && params != NULL, 0);

  self = new_without_memory (graph, params, mode, SL_PLAN_DEFAULT, NULL);
  g_return_val_if_fail (self != NULL, 0);
  if (!g_size_checked_add (&bytes, self->memory->arena_bytes,
                           self->backend->scratch_bytes (self->prepared)))
    return G_MAXSIZE;
  return bytes;
}

gsize
sl_plan_arena_bytes (const SlPlan *self)
{
  g_return_val_if_fail (self != NULL, 0);
  return self->memory->arena_bytes;
}

double
sl_plan_flops (const SlPlan *self)
{
  double flops = 0;

  g_return_val_if_fail (self != NULL, 0);
  for (guint i = 0; i < self->memory->n_nodes; i++)
    flops += sl_graph_node (self->graph, i)->layout.flops;
  return flops;
}

/* ---- Running */

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
run_one (SlPlan *self, SlPass pass, guint node)
{
  gint64 begin = self->profile != NULL ? g_get_monotonic_time () : 0;
  guint n = self->memory->n_nodes;

  self->backend->run (self->prepared, pass, node, 1);
  if (self->profile != NULL)
    sl_profile_add (self->profile, pass, node, begin);
  if (self->flags & SL_PLAN_FILL_DEAD)
    fill_dead (self, pass == SL_PASS_FORWARD ? node : 2 * n - 1 - node);
}

static void
run_pass (SlPlan *self, SlPass pass)
{
  guint n = self->memory->n_nodes;

  if (self->profile == NULL && !(self->flags & SL_PLAN_FILL_DEAD))
    self->backend->run (self->prepared, pass, 0, n);
  else
    for (guint i = 0; i < n; i++)
      run_one (self, pass, pass == SL_PASS_FORWARD ? i : n - 1 - i);
}

static void
begin_pass (SlPlan *self)
{
  sl_parallel_pin ();
  if (!fit_scratch (self))
    g_error ("No memory for %" G_GSIZE_FORMAT " bytes of scratch", self->scratch_bytes);
}

void
sl_plan_forward (SlPlan *self, guint64 key)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (self->mode == SL_MODE_EVAL || self->serial == self->params->serial);

  begin_pass (self);
  for (guint i = 0; i < self->memory->n_nodes; i++)
    if (sl_graph_node (self->graph, i)->layout.is_random)
      self->steps[i].call.random_key = sl_random_key (key, SL_PURPOSE_DROPOUT, i, 0);
  run_pass (self, SL_PASS_FORWARD);
  sl_parallel_unpin ();
}

static void
zero_grads (SlPlan *self)
{
  for (guint i = 0; i < self->params->ranges->len; i++)
    {
      const SlParamRange *range = &g_array_index (self->params->ranges, SlParamRange, i);
      float *grads = sl_params_grads (self->params) + range->offset;

#pragma omp parallel for num_threads(sl_parallel_get_threads()) schedule(static)
      for (gsize at = 0; at < range->n; at += ZERO_CHUNK)
        memset (grads + at, 0, MIN (range->n - at, ZERO_CHUNK) * sizeof (float));
    }
}

void
sl_plan_backward (SlPlan *self)
{
  SlValue loss;
  float *seed;

  g_return_if_fail (self != NULL && self->mode == SL_MODE_TRAIN);
  g_return_if_fail (self->serial == self->params->serial);
  loss = sl_graph_find_output (self->graph, "loss");
  g_return_if_fail (loss != SL_NO_VALUE);

  begin_pass (self);
  zero_grads (self);
  seed = block_view (self, loss, self->memory->grad_block[loss]).data;
  if (seed != NULL)
    {
      for (gsize i = 0; i < sl_shape_n_elements (sl_graph_shape (self->graph, loss)); i++)
        seed[i] = 1;
      run_pass (self, SL_PASS_BACKWARD);
    }
  sl_parallel_unpin ();
}

/* ---- In and out */

gpointer
sl_plan_input_data (SlPlan *self, const char *name)
{
  SlValue value;

  g_return_val_if_fail (self != NULL && name != NULL, NULL);
  value = sl_graph_find_input (self->graph, name);
  g_return_val_if_fail (value != SL_NO_VALUE, NULL);
  return block_view (self, value, self->memory->value_block[value]).data;
}

gboolean
sl_plan_set_input (SlPlan *self, const char *name, const SlTensor *data, GError **error)
{
  SlValue value;
  SlValueType type;

  g_return_val_if_fail (self != NULL && name != NULL && data != NULL, FALSE);
  value = sl_graph_find_input (self->graph, name);
  if (value == SL_NO_VALUE)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_NOT_FOUND,
                   "The network has no input %s: use a name it was made with", name);
      return FALSE;
    }
  type = sl_graph_value (self->graph, value)->type;
  if (type.dtype != sl_tensor_get_dtype (data)
      || !sl_shape_equal (type.shape, sl_tensor_get_shape (data)))
    {
      g_autofree char *wanted = sl_shape_to_string (type.shape);
      g_autofree char *got = sl_shape_to_string (sl_tensor_get_shape (data));

      g_set_error (error, SL_ERROR, SL_ERROR_SHAPE,
                   "Input %s got %s: give it %s of the type it was made with", name, got, wanted);
      return FALSE;
    }
  memcpy (sl_plan_input_data (self, name), sl_tensor_get_data ((SlTensor *)data),
          sl_tensor_get_bytes (data));
  return TRUE;
}

const float *
sl_plan_output (SlPlan *self, const char *name, gsize *n_elements)
{
  SlValue value;

  g_return_val_if_fail (self != NULL && name != NULL, NULL);
  value = sl_graph_find_output (self->graph, name);
  g_return_val_if_fail (value != SL_NO_VALUE, NULL);
  if (n_elements != NULL)
    *n_elements = sl_shape_n_elements (sl_graph_shape (self->graph, value));
  return block_view (self, value, self->memory->value_block[value]).data;
}

static SlTensor *
dup_view (SlView view)
{
  SlTensor *tensor = sl_tensor_new (SL_DTYPE_F32, view.shape);

  memcpy (sl_tensor_f32 (tensor), view.data, sl_tensor_get_bytes (tensor));
  return tensor;
}

SlTensor *
sl_plan_dup_output (SlPlan *self, const char *name)
{
  SlValue value;

  g_return_val_if_fail (self != NULL && name != NULL, NULL);
  value = sl_graph_find_output (self->graph, name);
  g_return_val_if_fail (value != SL_NO_VALUE, NULL);
  return dup_view (block_view (self, value, self->memory->value_block[value]));
}

SlTensor *
sl_plan_dup_input_grad (SlPlan *self, const char *name)
{
  SlValue value;

  g_return_val_if_fail (self != NULL && name != NULL, NULL);
  value = sl_graph_find_input (self->graph, name);
  g_return_val_if_fail (value != SL_NO_VALUE, NULL);
  g_return_val_if_fail (self->memory->grad_block[value] != SL_NO_BLOCK, NULL);
  return dup_view (block_view (self, value, self->memory->grad_block[value]));
}
