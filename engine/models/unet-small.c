/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/models-private.h"

/* A plain U-Net (Ronneberger et al. 2015) for training from scratch: four levels of two 3×3
 * convolutions with batch norm and ReLU, 32 to 256 channels, halved by max-pooling; up again by
 * nearest pixels joined with the skip.  1.9 million parameters. */

#define N_DOWN 3
#define WIDTH 32 /* channels of the first level; each next one has twice as many */

/* Named like the modules of a PyTorch Sequential: convolutions 0 and 3, their norms 1 and 4. */
static SlValue
build_pair (SlGraph *graph, guint place, SlValue x, guint channels, GError **error)
{
  const SlConv2dAttrs conv = { .out_channels = channels, .kernel = 3, .stride = 1, .pad = 1 };
  char name[12];

  g_snprintf (name, sizeof name, "%u", place);
  sl_graph_push_prefix (graph, name);
  x = sl_conv_norm (graph, "0", "1", x, conv, SL_NO_VALUE, SL_ACTIVATION_RELU, error);
  x = sl_conv_norm (graph, "3", "4", x, conv, SL_NO_VALUE, SL_ACTIVATION_RELU, error);
  sl_graph_pop_prefix (graph);
  return x;
}

static SlValue
build_down (SlGraph *graph, SlValue x, GError **error)
{
  sl_graph_set_group (graph, 0);
  sl_graph_push_prefix (graph, "down");
  for (guint level = 0; level <= N_DOWN; level++)
    {
      if (level > 0)
        {
          sl_graph_add_skip (graph, x);
          x = sl_max_pool (graph, x, 2, 2, 0, error);
        }
      x = build_pair (graph, level, x, WIDTH << level, error);
    }
  sl_graph_pop_prefix (graph);
  return x;
}

static SlValue
build_up (SlGraph *graph, SlValue picture, SlValue x, guint n_outputs, GError **error)
{
  SlConv2dAttrs last = { .out_channels = n_outputs, .kernel = 1, .stride = 1, .bias = TRUE };

  if (x == SL_NO_VALUE)
    return SL_NO_VALUE;
  sl_graph_push_prefix (graph, "up");
  for (guint i = 0; i < N_DOWN; i++)
    {
      guint level = N_DOWN - 1 - i;

      x = sl_resize_concat (graph, x, sl_graph_skip (graph, level), error);
      x = build_pair (graph, i, x, WIDTH << level, error);
    }
  sl_graph_pop_prefix (graph);
  return sl_conv2d (graph, "out", x, &last, error);
}

const SlArch sl_arch_unet_small = {
  .id = "unet-small",
  .label = N_ ("Small U-Net"),
  .hint = N_ ("Light, and trained from scratch: for small pictures and for drawings"),
  .n_features = WIDTH << N_DOWN,
  .n_groups = 1,
  .min_size = 16,
  .stride = 1 << N_DOWN,
  .build_body = build_down,
  .build_decoder = build_up,
};
