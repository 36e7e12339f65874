/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/models-private.h"

/* Residual networks (He et al. 2016) in torchvision's form and with its names: the stride of a
 * bottleneck is in its 3×3 convolution. */

#define STEM_CHANNELS 64
#define N_STAGES 4
#define BOTTLENECK_EXPANSION 4

typedef struct
{
  gboolean bottleneck;
  guint blocks[N_STAGES];
} ResnetSpec;

static gsize
channels (const SlGraph *graph, SlValue x)
{
  return sl_graph_shape (graph, x).dim[3];
}

/* What is added to a block's result: its input, through a 1×1 convolution where shapes differ. */
static SlValue
shortcut (SlGraph *graph, SlValue x, guint out, guint stride, GError **error)
{
  if (stride == 1 && channels (graph, x) == out)
    return x;
  sl_graph_push_prefix (graph, "downsample");
  x = sl_conv_norm (graph, "0", "1", x,
                    (SlConv2dAttrs){ .out_channels = out, .kernel = 1, .stride = stride },
                    SL_NO_VALUE, SL_ACTIVATION_NONE, error);
  sl_graph_pop_prefix (graph);
  return x;
}

static SlValue
basic_block (SlGraph *graph, SlValue x, guint width, guint stride, GError **error)
{
  SlConv2dAttrs first = { .out_channels = width, .kernel = 3, .stride = stride, .pad = 1 };
  SlConv2dAttrs second = { .out_channels = width, .kernel = 3, .stride = 1, .pad = 1 };
  SlValue residual = shortcut (graph, x, width, stride, error);

  if (residual == SL_NO_VALUE)
    return SL_NO_VALUE;
  x = sl_conv_norm (graph, "conv1", "bn1", x, first, SL_NO_VALUE, SL_ACTIVATION_RELU, error);
  return sl_conv_norm (graph, "conv2", "bn2", x, second, residual, SL_ACTIVATION_RELU, error);
}

static SlValue
bottleneck_block (SlGraph *graph, SlValue x, guint width, guint stride, GError **error)
{
  guint out = width * BOTTLENECK_EXPANSION;
  SlConv2dAttrs narrow = { .out_channels = width, .kernel = 1, .stride = 1 };
  SlConv2dAttrs middle = { .out_channels = width, .kernel = 3, .stride = stride, .pad = 1 };
  SlConv2dAttrs widen = { .out_channels = out, .kernel = 1, .stride = 1 };
  SlValue residual = shortcut (graph, x, out, stride, error);

  if (residual == SL_NO_VALUE)
    return SL_NO_VALUE;
  x = sl_conv_norm (graph, "conv1", "bn1", x, narrow, SL_NO_VALUE, SL_ACTIVATION_RELU, error);
  x = sl_conv_norm (graph, "conv2", "bn2", x, middle, SL_NO_VALUE, SL_ACTIVATION_RELU, error);
  return sl_conv_norm (graph, "conv3", "bn3", x, widen, residual, SL_ACTIVATION_RELU, error);
}

SlValue
sl_resnet_block (SlGraph *graph, const char *name, gboolean bottleneck, SlValue x, guint width,
                 guint stride, GError **error)
{
  if (x == SL_NO_VALUE)
    return SL_NO_VALUE;
  sl_graph_push_prefix (graph, name);
  x = (bottleneck ? bottleneck_block : basic_block) (graph, x, width, stride, error);
  sl_graph_pop_prefix (graph);
  return x;
}

static SlValue
build_stage (SlGraph *graph, const ResnetSpec *spec, guint stage, SlValue x, GError **error)
{
  guint width = STEM_CHANNELS << stage;
  g_autofree char *prefix = g_strdup_printf ("layer%u", stage + 1);

  sl_graph_push_prefix (graph, prefix);
  for (guint i = 0; i < spec->blocks[stage]; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u", i);

      x = sl_resnet_block (graph, name, spec->bottleneck, x, width, i == 0 && stage > 0 ? 2 : 1,
                           error);
    }
  sl_graph_pop_prefix (graph);
  return x;
}

static SlValue
build_resnet (SlGraph *graph, const ResnetSpec *spec, SlValue x, GError **error)
{
  sl_graph_set_group (graph, 0);
  x = sl_conv_norm (
      graph, "conv1", "bn1", x,
      (SlConv2dAttrs){ .out_channels = STEM_CHANNELS, .kernel = 7, .stride = 2, .pad = 3 },
      SL_NO_VALUE, SL_ACTIVATION_RELU, error);
  sl_graph_add_skip (graph, x);
  x = sl_max_pool (graph, x, 3, 2, 1, error);
  for (guint stage = 0; stage < N_STAGES; stage++)
    {
      /* fast.ai's cut: stem to second stage, and the two deep ones. */
      sl_graph_set_group (graph, stage < 2 ? 0 : 1);
      if (stage > 0)
        sl_graph_add_skip (graph, x);
      x = build_stage (graph, spec, stage, x, error);
    }
  return x;
}

static SlValue
build_resnet18 (SlGraph *graph, SlValue picture, GError **error)
{
  return build_resnet (graph, &(ResnetSpec){ FALSE, { 2, 2, 2, 2 } }, picture, error);
}

static SlValue
build_resnet34 (SlGraph *graph, SlValue picture, GError **error)
{
  return build_resnet (graph, &(ResnetSpec){ FALSE, { 3, 4, 6, 3 } }, picture, error);
}

static SlValue
build_resnet50 (SlGraph *graph, SlValue picture, GError **error)
{
  return build_resnet (graph, &(ResnetSpec){ TRUE, { 3, 4, 6, 3 } }, picture, error);
}

const SlArch sl_arch_resnet18 = {
  .id = "resnet18",
  .label = "ResNet-18",
  .hint = N_ ("Small and quick: the one to begin with"),
  .n_features = 512,
  .n_groups = 2,
  .min_size = 16,
  .stride = 32,
  .build_body = build_resnet18,
};

const SlArch sl_arch_resnet34 = {
  .id = "resnet34",
  .label = "ResNet-34",
  .hint = N_ ("The course's favourite: twice the work, often a little more accurate"),
  .n_features = 512,
  .n_groups = 2,
  .min_size = 16,
  .stride = 32,
  .build_body = build_resnet34,
};

const SlArch sl_arch_resnet50 = {
  .id = "resnet50",
  .label = "ResNet-50",
  .hint = N_ ("Large and slow: for when there is much data and patience"),
  .n_features = 512 * BOTTLENECK_EXPANSION,
  .n_groups = 2,
  .min_size = 16,
  .stride = 32,
  .build_body = build_resnet50,
};
