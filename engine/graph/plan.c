/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/plan-private.h"
#include "core/free-memory.h"
#include <slope/parallel.h>
#include <string.h>

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

static guint8 *
block_data (const SlPlan *self, guint block)
{
  return self->arena + g_array_index (self->memory->blocks, SlArenaBlock, block).offset;
}

SlView
sl_plan_view (const SlPlan *self, SlValue value, guint block)
{
  SlView view = { .shape = sl_graph_value (self->graph, value)->type.shape };

  if (block != SL_NO_BLOCK && self->arena != NULL)
    view.data = block_data (self, block);
  return view;
}

float *
sl_plan_param_grad (const SlPlan *self, guint param)
{
  if (self->arena == NULL)
    return NULL;
  if (self->memory->brief != NULL)
    return (float *)(gpointer)block_data (self, self->memory->brief[param].block);
  return sl_params_grads (self->params) + sl_params_nth (self->params, param)->offset;
}

/* What both passes have.  @blocks: where they find the values. */
static SlCall
bind_call (const SlPlan *self, guint i, const guint *blocks)
{
  const SlNode *node = sl_graph_node (self->graph, i);
  const SlNodePlan *own = &self->memory->nodes[i];
  SlCall call = { .attrs = node->attrs,
                  .training = own->training,
                  .wants_dx = own->wants_dx,
                  .wants_dparam = own->wants_dparam,
                  .scratch = self->scratch };

  for (guint k = 0; k < node->n_in; k++)
    call.x[k] = sl_plan_view (self, node->in[k], blocks[node->in[k]]);
  for (guint k = 0; k < node->layout.n_outputs; k++)
    call.y[k] = sl_plan_view (self, node->first_out + k, blocks[node->first_out + k]);
  for (guint k = 0; k < node->layout.n_params; k++)
    {
      guint param = self->memory->param[node->param[k]];
      const SlParamInfo *info = sl_params_nth (self->params, param);

      call.param[k] = (SlView){ info->shape, self->params->values + info->offset };
    }
  if (own->workspace != SL_NO_BLOCK)
    call.workspace = sl_plan_view (self, node->first_out, own->workspace).data;
  return call;
}

static void
bind_gradients (const SlPlan *self, guint i, SlCall *call)
{
  const SlNode *node = sl_graph_node (self->graph, i);
  const SlNodePlan *own = &self->memory->nodes[i];

  for (guint k = 0; k < node->n_in; k++)
    {
      if (own->wants_dx >> k & 1)
        call->dx[k] = sl_plan_view (self, node->in[k], self->memory->grad_block[node->in[k]]);
      call->dx_adds[k] = own->dx_adds >> k & 1;
    }
  call->dy[0] = sl_plan_view (self, node->first_out, self->memory->grad_block[node->first_out]);
  for (guint k = 0; k < node->layout.n_params; k++)
    if (own->wants_dparam >> k & 1)
      {
        guint param = self->memory->param[node->param[k]];

        call->dparam[k] = (SlView){ sl_params_nth (self->params, param)->shape,
                                    sl_plan_param_grad (self, param) };
      }
}

static void
bind_steps (SlPlan *self)
{
  for (guint i = 0; i < self->memory->n_nodes; i++)
    {
      SlStep *step = &self->steps[i];

      step->op = sl_graph_node (self->graph, i)->op;
      step->forward = bind_call (self, i, self->memory->value_block);
      step->backward = bind_call (self, i, self->memory->late_block);
      if (self->memory->nodes[i].runs_backward)
        bind_gradients (self, i, &step->backward);
    }
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
  self->prepared = self->backend->prepare (self->steps, self->memory->n_nodes, flags, error);
  return self->prepared != NULL ? g_steal_pointer (&self) : NULL;
}

gboolean
sl_plan_fit_scratch (SlPlan *self)
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
    self->steps[i].forward.scratch = self->steps[i].backward.scratch = self->scratch;
  return self->scratch != NULL;
}

static void
borrow_memory (SlPlan *self, SlPlanMemory *lender)
{
  g_return_if_fail (!lender->is_lent);
  self->lender = lender;
  self->arena = lender->arena;
  self->arena_bytes = lender->arena_bytes;
  self->scratch = lender->scratch;
  self->scratch_bytes = lender->scratch_bytes;
  *lender = (SlPlanMemory){ .is_lent = TRUE };
}

static void
give_memory_back (SlPlan *self)
{
  SlPlanMemory memory = { self->arena, self->arena_bytes, self->scratch, self->scratch_bytes,
                          FALSE };

  if (self->lender != NULL)
    {
      *self->lender = memory;
      return;
    }
  sl_arena_unmap (memory.arena, memory.arena_bytes);
  sl_arena_unmap (memory.scratch, memory.scratch_bytes);
}

static gboolean
fit_arena (SlPlan *self)
{
  gsize bytes = self->memory->arena_bytes;

  if (self->arena != NULL && bytes <= self->arena_bytes)
    return TRUE;
  sl_arena_unmap (self->arena, self->arena_bytes);
  self->arena = NULL;
  if (bytes <= sl_free_memory_bytes ())
    self->arena = sl_arena_map (bytes);
  self->arena_bytes = self->arena != NULL ? bytes : 0;
  return self->arena != NULL;
}

static gboolean
get_memory (SlPlan *self, GError **error)
{
  g_autofree char *wanted = g_format_size (self->memory->arena_bytes);

  if (fit_arena (self) && sl_plan_fit_scratch (self))
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
  return sl_plan_new_in (graph, params, mode, flags, NULL, error);
}

SlPlan *
sl_plan_new_in (SlGraph *graph, SlParams *params, SlMode mode, SlPlanFlags flags,
                SlPlanMemory *memory, GError **error)
{
  g_autoptr (SlPlan) self = NULL;

  g_return_val_if_fail (graph != NULL && params != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  self = new_without_memory (graph, params, mode, flags, error);
  if (self == NULL || !check_statistics (self, error))
    return NULL;
  if (memory != NULL)
    borrow_memory (self, memory);
  if (!get_memory (self, error))
    return NULL;
  bind_steps (self);
  if (flags & SL_PLAN_FILL_DEAD)
    memset (self->arena, 0xff, self->memory->arena_bytes);
  self->profile = sl_profile_new_if_wanted (self);
  return g_steal_pointer (&self);
}

void
sl_plan_free (SlPlan *self)
{
  g_return_if_fail (self != NULL);
  sl_profile_free (self->profile, self);
  if (self->prepared != NULL)
    self->backend->release (self->prepared);
  give_memory_back (self);
  sl_memory_plan_free (self->memory);
  g_free (self->steps);
  sl_params_unref (self->params);
  sl_graph_unref (self->graph);
  g_free (self);
}

gsize
sl_plan_predict_bytes (SlGraph *graph, SlParams *params, SlMode mode, SlPlanFlags flags)
{
  g_autoptr (SlPlan) self = NULL;
  gsize bytes;

  g_return_val_if_fail (graph != NULL && params != NULL, 0);

  self = new_without_memory (graph, params, mode, flags, NULL);
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

/* ---- In and out */

gpointer
sl_plan_input_data (SlPlan *self, const char *name)
{
  SlValue value;

  g_return_val_if_fail (self != NULL && name != NULL, NULL);
  value = sl_graph_find_input (self->graph, name);
  g_return_val_if_fail (value != SL_NO_VALUE, NULL);
  return sl_plan_view (self, value, self->memory->value_block[value]).data;
}

/* Numbers of words and classes from outside: none may lie beyond its table. */
static gboolean
check_indices (const SlTensor *data, gsize end, const char *name, GError **error)
{
  const gint32 *index;

  if (end == 0)
    return TRUE;
  index = sl_tensor_i32 ((SlTensor *)data);
  for (gsize i = 0; i < sl_shape_n_elements (sl_tensor_get_shape (data)); i++)
    if (index[i] < 0 || (gsize)index[i] >= end)
      {
        g_set_error (error, SL_ERROR, SL_ERROR_DATA,
                     "Input %s has %d at place %" G_GSIZE_FORMAT
                     ": give it numbers from 0 to %" G_GSIZE_FORMAT,
                     name, index[i], i, end - 1);
        return FALSE;
      }
  return TRUE;
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
  if (!check_indices (data, sl_graph_value (self->graph, value)->index_end, name, error))
    return FALSE;
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
  return sl_plan_view (self, value, self->memory->value_block[value]).data;
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
  return dup_view (sl_plan_view (self, value, self->memory->value_block[value]));
}

SlTensor *
sl_plan_dup_input_grad (SlPlan *self, const char *name)
{
  SlValue value;

  g_return_val_if_fail (self != NULL && name != NULL, NULL);
  value = sl_graph_find_input (self->graph, name);
  g_return_val_if_fail (value != SL_NO_VALUE, NULL);
  g_return_val_if_fail (self->memory->grad_block[value] != SL_NO_BLOCK, NULL);
  return dup_view (sl_plan_view (self, value, self->memory->grad_block[value]));
}
