/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/tta.h"
#include <string.h>

#define PLAIN_SHARE 0.4f

guint32 *
sl_tta_set_options (SlLoaderOptions *options, const SlRecipe *recipe, gsize n)
{
  guint32 *order = g_new (guint32, n * SL_TTA_VIEWS);

  for (gsize i = 0; i < n * SL_TTA_VIEWS; i++)
    order[i] = (guint32)(i / SL_TTA_VIEWS);
  options->order = order;
  options->n_order = n * SL_TTA_VIEWS;
  options->corners = TRUE;
  options->augment = sl_augment_find (recipe->augment);
  return order;
}

void
sl_tensor_move_row (SlTensor *tensor, gsize from, gsize to)
{
  gsize row = sl_tensor_get_bytes (tensor) / sl_tensor_get_shape (tensor).dim[0];
  guint8 *data = sl_tensor_get_data (tensor);

  if (from != to)
    memcpy (data + to * row, data + from * row, row);
}

static float
least_weight (const float *weights)
{
  float least = weights[0];

  for (guint v = 1; v < SL_TTA_VIEWS; v++)
    least = MIN (least, weights[v]);
  return least;
}

/* Row @to may be the first of the views: each column is read before it is written. */
static void
blend_row (const float *views, gsize n_values, float *to)
{
  for (gsize j = 0; j < n_values; j++)
    {
      float sum = 0;

      for (guint v = 1; v < SL_TTA_VIEWS; v++)
        sum += views[v * n_values + j];
      to[j] = PLAIN_SHARE * views[j] + (1 - PLAIN_SHARE) / SL_TTA_CORNERS * sum;
    }
}

void
sl_tta_blend (gsize n, SlBatch *batch, SlTensor *probabilities)
{
  SlShape shape = sl_tensor_get_shape (probabilities);
  gsize n_values = sl_shape_n_elements (shape) / shape.dim[0];
  float *p = sl_tensor_f32 (probabilities), *weights = sl_tensor_f32 (batch->weights);

  for (gsize i = 0; i < n; i++)
    {
      gsize first = i * SL_TTA_VIEWS;

      blend_row (p + first * n_values, n_values, p + i * n_values);
      weights[i] = least_weight (weights + first);
      sl_tensor_move_row (batch->targets, first, i);
    }
}
