/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/models-private.h"

/* MobileNetV2 (Sandler et al. 2018), width 1, in torchvision's form and with its names.  Cut as
 * fast.ai cuts it, before the last child: the body is "features", which ends at 1280 channels.
 *
 * fast.ai names no layer groups for it, so that its body is one.  Here it is four, one for each size of picture from a
 * quarter down to a 32nd, so that rates from 1e-5 to 2e-3 reach its last blocks, which have most to learn, with 5e-4.
 * With two groups, cut at a sixteenth, the course's recipes did less well (tests/bench/course, draws with the same
 * seeds): planet F2 0.851 for 0.856 (mean of six), biwi 7.0° and 6.3° for 6.3° and 5.8°, faces 11.3 and 10.3 px for
 * 11.0 and 9.7. Seven groups, one a stage, gave no more (planet 0.857 for 0.859, mean of eight).  All of that was
 * before training began with one answer for all (train/first-answer.c). */

#define STEM_CHANNELS 32
#define N_FEATURES 1280

static const struct
{
  guint expansion, out, repeat, stride, group;
} stages[] = {
  { 1, 16, 1, 1, 0 }, { 6, 24, 2, 2, 0 },  { 6, 32, 3, 2, 1 },  { 6, 64, 4, 2, 2 },
  { 6, 96, 3, 1, 2 }, { 6, 160, 3, 2, 3 }, { 6, 320, 1, 1, 3 },
};

static gsize
channels (const SlGraph *graph, SlValue x)
{
  return sl_graph_shape (graph, x).dim[3];
}

static SlValue
depthwise_norm (SlGraph *graph, const char *name, SlValue x, guint stride, GError **error)
{
  SlBatchNormAttrs norm = { .activation = SL_ACTIVATION_RELU6 };

  sl_graph_push_prefix (graph, name);
  x = sl_depthwise_conv2d (graph, "0", x, &(SlDepthwiseAttrs){ 3, stride, 1 }, error);
  x = sl_batch_norm (graph, "1", x, SL_NO_VALUE, &norm, error);
  sl_graph_pop_prefix (graph);
  return x;
}

/* 1×1, without an activation when it is a block's end. */
static SlValue
pointwise_norm (SlGraph *graph, const char *conv, const char *norm, SlValue x, guint out,
                SlValue residual, SlActivation activation, GError **error)
{
  SlConv2dAttrs attrs = { .out_channels = out, .kernel = 1, .stride = 1 };

  return sl_conv_norm (graph, conv, norm, x, attrs, residual, activation, error);
}

SlValue
sl_inverted_residual (SlGraph *graph, const char *name, SlValue x, guint expansion, guint out,
                      guint stride, GError **error)
{
  SlValue residual;
  guint in;

  if (x == SL_NO_VALUE)
    return SL_NO_VALUE;
  in = (guint)channels (graph, x);
  residual = stride == 1 && in == out ? x : SL_NO_VALUE;
  sl_graph_push_prefix (graph, name);
  sl_graph_push_prefix (graph, "conv");
  if (expansion == 1)
    {
      x = depthwise_norm (graph, "0", x, stride, error);
      x = pointwise_norm (graph, "1", "2", x, out, residual, SL_ACTIVATION_NONE, error);
    }
  else
    {
      x = pointwise_norm (graph, "0.0", "0.1", x, in * expansion, SL_NO_VALUE, SL_ACTIVATION_RELU6,
                          error);
      x = depthwise_norm (graph, "1", x, stride, error);
      x = pointwise_norm (graph, "2", "3", x, out, residual, SL_ACTIVATION_NONE, error);
    }
  sl_graph_pop_prefix (graph);
  sl_graph_pop_prefix (graph);
  return x;
}

static SlValue
build_mobilenet_v2 (SlGraph *graph, SlValue x, GError **error)
{
  SlConv2dAttrs stem = { .out_channels = STEM_CHANNELS, .kernel = 3, .stride = 2, .pad = 1 };
  guint child = 1;

  sl_graph_set_group (graph, 0);
  sl_graph_push_prefix (graph, "features");
  x = sl_conv_norm (graph, "0.0", "0.1", x, stem, SL_NO_VALUE, SL_ACTIVATION_RELU6, error);
  for (guint stage = 0; stage < G_N_ELEMENTS (stages); stage++)
    for (guint i = 0; i < stages[stage].repeat; i++, child++)
      {
        g_autofree char *name = g_strdup_printf ("%u", child);
        guint stride = i == 0 ? stages[stage].stride : 1;

        sl_graph_set_group (graph, stages[stage].group);
        if (stride == 2)
          sl_graph_add_skip (graph, x);
        x = sl_inverted_residual (graph, name, x, stages[stage].expansion, stages[stage].out,
                                  stride, error);
      }
  x = pointwise_norm (graph, "18.0", "18.1", x, N_FEATURES, SL_NO_VALUE, SL_ACTIVATION_RELU6,
                      error);
  sl_graph_pop_prefix (graph);
  return x;
}

const SlArch sl_arch_mobilenet_v2 = {
  .id = "mobilenet-v2",
  .label = "MobileNetV2",
  .hint = N_ ("Made for phones: a sixth of ResNet-18's work; at its best from pretrained weights"),
  .n_features = N_FEATURES,
  .n_groups = 4,
  .min_size = 16,
  .stride = 32,
  .build_body = build_mobilenet_v2,
};
