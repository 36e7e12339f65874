/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/params-private.h"
#include "graph/state-dict-private.h"

#define MOMENT1_PREFIX "optimizer.exp_avg."
#define MOMENT2_PREFIX "optimizer.exp_avg_sq."

/* One of the parameters' blocks and what its entries are called. */
typedef struct
{
  const char *prefix;
  float *values;
} Block;

typedef struct
{
  gsize out, in, taps; /* PyTorch has (out, in, taps), Slope (taps, in, out) */
} Layout;

static Layout
get_layout (const SlParamInfo *info)
{
  SlShape shape = info->shape;

  if (info->same_order)
    return (Layout){ 1, sl_shape_n_elements (shape), 1 };
  if (shape.rank == 4)
    return (Layout){ shape.dim[3], shape.dim[2], shape.dim[0] * shape.dim[1] };
  if (shape.rank == 3) /* depthwise */
    return (Layout){ shape.dim[2], 1, shape.dim[0] * shape.dim[1] };
  if (shape.rank == 2)
    return (Layout){ shape.dim[1], shape.dim[0], 1 };
  return (Layout){ 1, sl_shape_n_elements (shape), 1 };
}

static SlShape
torch_shape (const SlParamInfo *info)
{
  SlShape shape = info->shape;

  if (info->same_order)
    return shape;
  if (shape.rank == 4)
    return SL_SHAPE4 (shape.dim[3], shape.dim[2], shape.dim[0], shape.dim[1]);
  if (shape.rank == 3)
    return SL_SHAPE4 (shape.dim[2], 1, shape.dim[0], shape.dim[1]);
  if (shape.rank == 2)
    return SL_SHAPE2 (shape.dim[1], shape.dim[0]);
  return shape;
}

static void
to_torch (const SlParamInfo *info, const float *from, float *to)
{
  Layout l = get_layout (info);

  for (gsize o = 0; o < l.out; o++)
    for (gsize i = 0; i < l.in; i++)
      for (gsize t = 0; t < l.taps; t++)
        *to++ = from[(t * l.in + i) * l.out + o];
}

static void
from_torch (const SlParamInfo *info, const float *from, float *to)
{
  Layout l = get_layout (info);

  for (gsize o = 0; o < l.out; o++)
    for (gsize i = 0; i < l.in; i++)
      for (gsize t = 0; t < l.taps; t++)
        to[(t * l.in + i) * l.out + o] = *from++;
}

static guint
list_blocks (SlParams *params, gboolean moments, Block blocks[3])
{
  blocks[0] = (Block){ "", sl_params_values (params) };
  if (!moments)
    return 1;
  blocks[1] = (Block){ MOMENT1_PREFIX, sl_params_moment1 (params) };
  blocks[2] = (Block){ MOMENT2_PREFIX, sl_params_moment2 (params) };
  return 3;
}

/* Running statistics have no moments. */
static gboolean
is_in_block (const SlParamInfo *info, guint block)
{
  return block == 0 || info->kind != SL_PARAM_STATE;
}

/* One entry of a block, in PyTorch's order when it is asked for. */
typedef struct
{
  SlParams *params; /* owned */
  guint param;
  const float *values; /* of the block */
} Source;

static SlTensor *
source_make (gconstpointer data)
{
  const Source *self = data;
  const SlParamInfo *info = sl_params_nth (self->params, self->param);
  SlTensor *tensor = sl_tensor_new (SL_DTYPE_F32, torch_shape (info));

  to_torch (info, self->values + info->offset, sl_tensor_f32 (tensor));
  return tensor;
}

static void
source_free (gpointer data)
{
  Source *self = data;

  sl_params_unref (self->params);
  g_free (self);
}

void
sl_params_to_state_dict (SlParams *params, SlStateDict *dict, gboolean moments)
{
  Block blocks[3];
  guint n_blocks;

  g_return_if_fail (params != NULL && dict != NULL);

  n_blocks = list_blocks (params, moments, blocks);
  for (guint b = 0; b < n_blocks; b++)
    for (guint i = 0; i < params->infos->len; i++)
      {
        const SlParamInfo *info = sl_params_nth (params, i);
        g_autofree char *name = g_strconcat (blocks[b].prefix, info->name, NULL);
        Source source = { params, i, blocks[b].values };

        if (!is_in_block (info, b))
          continue;
        sl_params_ref (params);
        sl_state_dict_insert_source (dict, name,
                                     (SlTensorSource){ torch_shape (info), source_make,
                                                       g_memdup2 (&source, sizeof source),
                                                       source_free });
      }
}

/* The entry for a parameter in a block; NULL with @error when it is not there or does not fit. */
static SlTensor *
find_fitting (SlStateDict *dict, const Block *block, const SlParamInfo *info, GError **error)
{
  g_autofree char *name = g_strconcat (block->prefix, info->name, NULL);
  SlTensor *tensor = sl_state_dict_lookup (dict, name);
  g_autofree char *wanted = NULL, *got = NULL;

  if (tensor == NULL)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_NOT_FOUND,
                   "The weights have no %s: use weights of the same network", name);
      return NULL;
    }
  if (sl_tensor_get_dtype (tensor) == SL_DTYPE_F32
      && sl_shape_equal (sl_tensor_get_shape (tensor), torch_shape (info)))
    return tensor;
  wanted = sl_shape_to_string (torch_shape (info));
  got = sl_shape_to_string (sl_tensor_get_shape (tensor));
  g_set_error (error, SL_ERROR, SL_ERROR_SHAPE,
               "%s is %s and should be %s: use weights of the same network", name, got, wanted);
  return NULL;
}

gboolean
sl_params_from_state_dict (SlParams *params, SlStateDict *dict, gboolean moments, gboolean strict,
                           guint *n_loaded, GError **error)
{
  Block blocks[3];
  guint n_blocks, n = 0;

  g_return_val_if_fail (params != NULL && dict != NULL, FALSE);

  n_blocks = list_blocks (params, moments, blocks);
  /* All are looked at before the first is taken: an error leaves the parameters as they were. */
  for (guint b = 0; strict && b < n_blocks; b++)
    for (guint i = 0; i < params->infos->len; i++)
      if (is_in_block (sl_params_nth (params, i), b)
          && find_fitting (dict, &blocks[b], sl_params_nth (params, i), error) == NULL)
        return FALSE;

  for (guint b = 0; b < n_blocks; b++)
    for (guint i = 0; i < params->infos->len; i++)
      {
        const SlParamInfo *info = sl_params_nth (params, i);
        SlTensor *tensor = is_in_block (info, b) ? find_fitting (dict, &blocks[b], info, NULL)
                                                 : NULL;

        if (tensor == NULL)
          continue;
        from_torch (info, sl_tensor_f32 (tensor), blocks[b].values + info->offset);
        n += b == 0;
      }
  if (n_loaded != NULL)
    *n_loaded = n;
  return TRUE;
}
