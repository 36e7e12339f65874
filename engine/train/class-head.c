/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/class-head.h"
#include <slope/models.h>
#include <string.h>

#define INPUT "features"

struct _SlClassHead
{
  SlParams *network, *params;
  SlPlan *plan;
  SlShape shape;
};

void
sl_class_head_free (SlClassHead *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->plan, sl_plan_free);
  g_clear_pointer (&self->params, sl_params_unref);
  g_clear_pointer (&self->network, sl_params_unref);
  g_free (self);
}

SlClassHead *
sl_class_head_new (SlParams *network, SlShape features, GError **error)
{
  g_autoptr (SlClassHead) self = g_new0 (SlClassHead, 1);
  g_autoptr (SlGraph) graph = sl_graph_new ();
  SlValue x;

  g_return_val_if_fail (features.rank == 4 && features.dim[0] == 1, NULL);

  self->network = sl_params_ref (network);
  self->shape = features;
  x = sl_graph_input (graph, INPUT, SL_DTYPE_F32, features);
  x = sl_head_build (graph, x, 1, 0, error);
  if (x == SL_NO_VALUE)
    return NULL;
  sl_graph_output (graph, "loss", x); /* what is differentiated */
  self->params = sl_params_new_zero (graph);
  /* A plan that can go back, with norms as in evaluation; dropout is left out above. */
  sl_params_freeze_to (self->params, sl_params_n_groups (self->params), TRUE);
  self->plan = sl_plan_new (graph, self->params, SL_MODE_TRAIN, SL_PLAN_WANT_INPUT_GRADS, error);
  return self->plan != NULL ? g_steal_pointer (&self) : NULL;
}

/* The last layer's parameters have a column for each class: of them only @column. */
static void
take_param (SlClassHead *self, guint i, guint column)
{
  const SlParamInfo *own = sl_params_info (self->params, i);
  gint at = sl_params_find (self->network, own->name);
  const SlParamInfo *theirs;
  const float *from;
  float *to = sl_params_values (self->params) + own->offset;
  gsize n = sl_shape_n_elements (own->shape), n_columns;

  g_return_if_fail (at >= 0);
  theirs = sl_params_info (self->network, (guint)at);
  from = sl_params_values (self->network) + theirs->offset;
  n_columns = sl_shape_n_elements (theirs->shape) / n;
  g_return_if_fail (n_columns == 1 || column < n_columns);
  if (n_columns == 1)
    memcpy (to, from, n * sizeof *to);
  else
    for (gsize row = 0; row < n; row++)
      to[row] = from[row * n_columns + column];
}

static void
add_up (SlShape shape, const float *features, const float *gradient, float *map)
{
  gsize n_channels = shape.dim[3], n_cells = shape.dim[1] * shape.dim[2];
  g_autofree double *weights = g_new0 (double, n_channels);

  for (gsize cell = 0; cell < n_cells; cell++)
    for (gsize c = 0; c < n_channels; c++)
      weights[c] += gradient[cell * n_channels + c] / (double)n_cells;
  for (gsize cell = 0; cell < n_cells; cell++)
    {
      double sum = 0;

      for (gsize c = 0; c < n_channels; c++)
        sum += weights[c] * features[cell * n_channels + c];
      map[cell] = (float)MAX (sum, 0);
    }
}

void
sl_class_head_map (SlClassHead *self, const float *features, guint class_index, float *map)
{
  g_autoptr (SlTensor) gradient = NULL;

  for (guint i = 0; i < sl_params_n (self->params); i++)
    take_param (self, i, class_index);
  memcpy (sl_plan_input_data (self->plan, INPUT), features,
          sl_shape_n_elements (self->shape) * sizeof *features);
  sl_plan_forward (self->plan, 0);
  sl_plan_backward (self->plan);
  gradient = sl_plan_dup_input_grad (self->plan, INPUT);
  add_up (self->shape, features, sl_tensor_f32 (gradient), map);
}
