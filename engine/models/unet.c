/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/models-private.h"

/* fast.ai's U-Net.  Its list of layers, whose places name the parameters: 0 the body, 1 norm, 2 ReLU,
 * 3 the middle, then a block for each skip, and the tail: pixel shuffle, join with the picture,
 * residual block, 1×1 convolution.
 *
 * It joins first and then cuts below zero; what comes up was cut already, so that here the norm of
 * the skip cuts alone.  It also cuts before it shuffles the pixels, which is the same. */

#define FIRST_BLOCK 4

static gsize
channels (const SlGraph *graph, SlValue x)
{
  return sl_graph_shape (graph, x).dim[3];
}

static void
push_place (SlGraph *graph, guint place)
{
  char name[12];

  g_snprintf (name, sizeof name, "%u", place);
  sl_graph_push_prefix (graph, name);
}

static SlValue
conv_relu (SlGraph *graph, const char *name, SlValue x, gsize out, GError **error)
{
  const SlConv2dAttrs attrs = { .out_channels = (guint)out,
                                .kernel = 3,
                                .stride = 1,
                                .pad = 1,
                                .bias = TRUE,
                                .fan_in = TRUE,
                                .activation = SL_ACTIVATION_RELU };

  return sl_conv2d (graph, name, x, &attrs, error);
}

static SlValue
norm_relu (SlGraph *graph, const char *name, SlValue x, GError **error)
{
  return sl_batch_norm (graph, name, x, SL_NO_VALUE,
                        &(SlBatchNormAttrs){ .activation = SL_ACTIVATION_RELU }, error);
}

/* To twice the size and @out channels. */
static SlValue
shuffle_up (SlGraph *graph, const char *name, SlValue x, gsize out, GError **error)
{
  const SlConv2dAttrs attrs = { .out_channels = (guint)(4 * out),
                                .kernel = 1,
                                .stride = 1,
                                .bias = TRUE,
                                .icnr = TRUE,
                                .activation = SL_ACTIVATION_RELU };

  return sl_pixel_shuffle (graph, sl_conv2d (graph, name, x, &attrs, error), error);
}

static SlValue
build_middle (SlGraph *graph, SlValue x, GError **error)
{
  gsize width = channels (graph, x);

  x = norm_relu (graph, "1", x, error);
  sl_graph_push_prefix (graph, "3");
  x = conv_relu (graph, "0.0", x, 2 * width, error);
  x = conv_relu (graph, "1.0", x, width, error);
  sl_graph_pop_prefix (graph);
  return x;
}

/* @narrow: the last block has half the width. */
static SlValue
build_block (SlGraph *graph, SlValue x, SlValue skip, gboolean narrow, GError **error)
{
  gsize up, width;
  SlValue side;

  if (x == SL_NO_VALUE)
    return SL_NO_VALUE;
  up = channels (graph, x) / 2;
  width = (up + channels (graph, skip)) / (narrow ? 2 : 1);
  x = shuffle_up (graph, "shuf.conv.0", x, up, error);
  side = norm_relu (graph, "bn", skip, error);
  x = sl_resize_concat (graph, x, side, error);
  x = conv_relu (graph, "conv1.0", x, width, error);
  return conv_relu (graph, "conv2.0", x, width, error);
}

/* Layers @place … @place + 3. */
static SlValue
build_tail (SlGraph *graph, guint place, SlValue x, SlValue picture, guint n_outputs,
            gboolean bottle, GError **error)
{
  SlConv2dAttrs last = {
    .out_channels = n_outputs, .kernel = 1, .stride = 1, .bias = TRUE, .fan_in = TRUE
  };
  SlValue inner;
  gsize width;

  if (x == SL_NO_VALUE)
    return SL_NO_VALUE;
  push_place (graph, place);
  x = shuffle_up (graph, "conv.0", x, channels (graph, x), error);
  sl_graph_pop_prefix (graph);
  x = sl_resize_concat (graph, x, picture, error);
  if (x == SL_NO_VALUE)
    return SL_NO_VALUE;
  width = channels (graph, x);
  push_place (graph, place + 2);
  sl_graph_push_prefix (graph, "layers");
  inner = conv_relu (graph, "0.0", x, bottle ? width / 2 : width, error);
  inner = conv_relu (graph, "1.0", inner, width, error);
  sl_graph_pop_prefix (graph);
  sl_graph_pop_prefix (graph);
  x = sl_add (graph, x, inner, FALSE, error);
  push_place (graph, place + 3);
  x = sl_conv2d (graph, "0", x, &last, error);
  sl_graph_pop_prefix (graph);
  return x;
}

SlValue
sl_unet_build (SlGraph *graph, SlValue picture, SlValue features, guint n_outputs, gboolean bottle,
               GError **error)
{
  guint n = sl_graph_n_skips (graph);
  SlValue x;

  if (features == SL_NO_VALUE)
    return SL_NO_VALUE;
  g_return_val_if_fail (n > 0, SL_NO_VALUE);
  x = build_middle (graph, features, error);
  for (guint i = 0; i < n; i++)
    {
      push_place (graph, FIRST_BLOCK + i);
      x = build_block (graph, x, sl_graph_skip (graph, n - 1 - i), i == n - 1, error);
      sl_graph_pop_prefix (graph);
    }
  return build_tail (graph, FIRST_BLOCK + n, x, picture, n_outputs, bottle, error);
}
