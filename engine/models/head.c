/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <slope/models.h>

#define HIDDEN_FEATURES 512

SlValue
sl_head_build (SlGraph *graph, SlValue features, guint n_outputs, double dropout, GError **error)
{
  return sl_head_build_pooled (graph, sl_concat_pool (graph, features, error), n_outputs, dropout,
                               error);
}

SlValue
sl_head_build_pooled (SlGraph *graph, SlValue pooled, guint n_outputs, double dropout,
                      GError **error)
{
  const SlBatchNormAttrs norm = { 0 };
  SlValue x;

  sl_graph_set_group (graph, sl_graph_n_groups (graph));
  sl_graph_push_prefix (graph, "head");
  /* Numbers are places in fast.ai's list of layers: pool, flatten, norm, dropout, linear, ... */
  x = sl_batch_norm (graph, "2", pooled, SL_NO_VALUE, &norm, error);
  x = sl_dropout (graph, x, dropout / 2, error);
  x = sl_linear (graph, "4", x, HIDDEN_FEATURES, TRUE, error);
  x = sl_batch_norm (graph, "6", x, SL_NO_VALUE, &norm, error);
  x = sl_dropout (graph, x, dropout, error);
  x = sl_linear (graph, "8", x, n_outputs, FALSE, error);
  sl_graph_pop_prefix (graph);
  return x;
}

SlValue
sl_pixel_head_build (SlGraph *graph, const SlArch *arch, SlValue picture, SlValue features,
                     guint n_outputs, GError **error)
{
  SlValue x;

  sl_graph_set_group (graph, sl_graph_n_groups (graph));
  sl_graph_push_prefix (graph, "head");
  x = arch->build_decoder != NULL
          ? arch->build_decoder (graph, picture, features, n_outputs, error)
          : sl_unet_build (graph, picture, features, n_outputs, FALSE, error);
  sl_graph_pop_prefix (graph);
  return x;
}
