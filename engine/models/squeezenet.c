/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/models-private.h"

/* SqueezeNet 1.0 and 1.1 (Iandola et al. 2016) in torchvision's form and with its names.  Cut as
 * fast.ai cuts them, before the last child: the body is "features".  Layer groups are fast.ai's
 * too: from child 5 of the features on, the second. */

#define N_FEATURES 512
#define FIRST_OF_GROUP_1 5

/* A child of "features": a pooling layer where squeeze is 0. */
typedef struct
{
  guint squeeze, expand;
} Child;

#define POOL \
  {          \
    0, 0     \
  }
#define FIRST_CHILD 2 /* behind the stem and its ReLU */
#define N_CHILDREN 11

typedef struct
{
  guint channels, kernel; /* of the stem */
  Child children[N_CHILDREN];
} SqueezenetSpec;

static SlValue
conv_relu (SlGraph *graph, const char *name, SlValue x, SlConv2dAttrs attrs, GError **error)
{
  attrs.bias = TRUE;
  attrs.activation = SL_ACTIVATION_RELU;
  return sl_conv2d (graph, name, x, &attrs, error);
}

/* The ReLU behind the join is a pass of its own.  Folded into both convolutions it made a step longer
 * (ms on two Zen 4 cores, 32 × 128², joins with their ReLUs: 4.7 forward and 4.1 back; folded 4.0 and
 * 5.4, and 0.9 more for masks in the convolutions), and the outputs of both had to be kept for their
 * masks beside the join (150 MiB, folded 153). */
SlValue
sl_fire (SlGraph *graph, const char *name, SlValue x, guint squeeze, guint expand, GError **error)
{
  SlConv2dAttrs small = { .out_channels = expand, .kernel = 1, .stride = 1, .bias = TRUE };
  SlConv2dAttrs large = {
    .out_channels = expand, .kernel = 3, .stride = 1, .pad = 1, .bias = TRUE
  };
  SlValue a, b;

  sl_graph_push_prefix (graph, name);
  x = conv_relu (graph, "squeeze", x,
                 (SlConv2dAttrs){ .out_channels = squeeze, .kernel = 1, .stride = 1 }, error);
  a = sl_conv2d (graph, "expand1x1", x, &small, error);
  b = sl_conv2d (graph, "expand3x3", x, &large, error);
  x = sl_relu (graph, sl_concat (graph, a, b, error), error);
  sl_graph_pop_prefix (graph);
  return x;
}

static SlValue
build_squeezenet (SlGraph *graph, const SqueezenetSpec *spec, SlValue x, GError **error)
{
  SlConv2dAttrs stem = { .out_channels = spec->channels, .kernel = spec->kernel, .stride = 2 };

  sl_graph_set_group (graph, 0);
  sl_graph_push_prefix (graph, "features");
  x = conv_relu (graph, "0", x, stem, error);
  for (guint i = 0; i < N_CHILDREN; i++)
    {
      const Child *child = &spec->children[i];
      g_autofree char *name = g_strdup_printf ("%u", FIRST_CHILD + i);

      if (FIRST_CHILD + i == FIRST_OF_GROUP_1)
        sl_graph_set_group (graph, 1);
      if (child->squeeze == 0)
        sl_graph_add_skip (graph, x);
      x = child->squeeze == 0 ? sl_max_pool_ceil (graph, x, 3, 2, 0, error)
                              : sl_fire (graph, name, x, child->squeeze, child->expand, error);
    }
  sl_graph_pop_prefix (graph);
  return x;
}

static SlValue
build_squeezenet1_0 (SlGraph *graph, SlValue x, GError **error)
{
  static const SqueezenetSpec spec = { 96,
                                       7,
                                       { POOL,
                                         { 16, 64 },
                                         { 16, 64 },
                                         { 32, 128 },
                                         POOL,
                                         { 32, 128 },
                                         { 48, 192 },
                                         { 48, 192 },
                                         { 64, 256 },
                                         POOL,
                                         { 64, 256 } } };

  return build_squeezenet (graph, &spec, x, error);
}

static SlValue
build_squeezenet1_1 (SlGraph *graph, SlValue x, GError **error)
{
  static const SqueezenetSpec spec = { 64,
                                       3,
                                       { POOL,
                                         { 16, 64 },
                                         { 16, 64 },
                                         POOL,
                                         { 32, 128 },
                                         { 32, 128 },
                                         POOL,
                                         { 48, 192 },
                                         { 48, 192 },
                                         { 64, 256 },
                                         { 64, 256 } } };

  return build_squeezenet (graph, &spec, x, error);
}

const SlArch sl_arch_squeezenet1_0 = {
  .id = "squeezenet1-0",
  .label = "SqueezeNet 1.0",
  .hint = N_ ("Tiny and without batch norm: only from pretrained weights"),
  .n_features = N_FEATURES,
  .n_groups = 2,
  .min_size = 24,
  .stride = 16,
  .build_body = build_squeezenet1_0,
};

const SlArch sl_arch_squeezenet1_1 = {
  .id = "squeezenet1-1",
  .label = "SqueezeNet 1.1",
  .hint = N_ ("As SqueezeNet 1.0 with less than half the work"),
  .n_features = N_FEATURES,
  .n_groups = 2,
  .min_size = 24,
  .stride = 16,
  .build_body = build_squeezenet1_1,
};
