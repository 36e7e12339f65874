/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "models/models-private.h"
#include <slope/optim.h>
#include <slope/parallel.h>
#include <slope/random.h>

#define SIZE 17
#define CLASSES 5

/* ---- A small network with all that makes planning hard: skips, downsampling, dropout */

static inline SlGraph *
make_graph (guint batch)
{
  SlGraph *graph = sl_graph_new ();
  SlValue x = sl_graph_input (graph, "picture", SL_DTYPE_F32, SL_SHAPE4 (batch, SIZE, SIZE, 3));
  SlValue targets = sl_graph_input (graph, "target", SL_DTYPE_I32, SL_SHAPE1 (batch));
  SlValue weights = sl_graph_input (graph, "weight", SL_DTYPE_F32, SL_SHAPE1 (batch));
  SlValue loss = SL_NO_VALUE, losses = SL_NO_VALUE, probabilities = SL_NO_VALUE, skip;
  const SlValue picture = x;
  g_autoptr (GError) error = NULL;

  x = sl_conv2d (graph, "conv1", x,
                 &(SlConv2dAttrs){ .out_channels = 6, .kernel = 3, .stride = 1, .pad = 1 }, &error);
  x = sl_batch_norm (graph, "bn1", x, SL_NO_VALUE,
                     &(SlBatchNormAttrs){ .activation = SL_ACTIVATION_RELU }, &error);
  x = sl_max_pool (graph, x, 3, 2, 1, &error);
  x = sl_resnet_block (graph, "layer1.0", FALSE, x, 6, 1, &error);
  x = sl_resnet_block (graph, "layer1.1", FALSE, x, 6, 1, &error);
  skip = sl_conv2d (graph, "side", picture, &(SlConv2dAttrs){ 6, 3, 2, 1, TRUE }, &error);
  x = sl_add (graph, x, skip, FALSE, &error);
  sl_graph_set_group (graph, 1);
  x = sl_resnet_block (graph, "layer2.0", FALSE, x, 8, 2, &error);
  skip = sl_avg_pool (graph, x, 3, 1, 1, &error);
  x = sl_add (graph, x, skip, TRUE, &error);
  x = sl_relu (graph, sl_add (graph, x, skip, FALSE, &error), &error);
  x = sl_resnet_block (graph, "layer2.1", TRUE, x, 2, 1, &error);
  x = sl_head_build (graph, x, CLASSES, 0.5, &error);
  sl_cross_entropy (graph, x, targets, weights, 0.1, &loss, &losses, &probabilities, &error);
  g_assert_no_error (error);
  sl_graph_output (graph, "logits", x);
  sl_graph_output (graph, "loss", loss);
  sl_graph_output (graph, "losses", losses);
  return graph;
}

/* Without batch norm, so that items do not know of each other. */
static inline SlGraph *
make_plain_graph (guint batch)
{
  SlGraph *graph = sl_graph_new ();
  SlValue x = sl_graph_input (graph, "picture", SL_DTYPE_F32, SL_SHAPE4 (batch, SIZE, SIZE, 3));
  SlValue targets = sl_graph_input (graph, "target", SL_DTYPE_I32, SL_SHAPE1 (batch));
  SlValue weights = sl_graph_input (graph, "weight", SL_DTYPE_F32, SL_SHAPE1 (batch));
  SlValue loss = SL_NO_VALUE;
  g_autoptr (GError) error = NULL;

  x = sl_conv2d (graph, "conv", x, &(SlConv2dAttrs){ 8, 3, 2, 1, TRUE }, &error);
  x = sl_relu (graph, x, &error);
  x = sl_global_avg_pool (graph, x, &error);
  x = sl_linear (graph, "hidden", x, 32, TRUE, &error);
  x = sl_linear (graph, "out", x, CLASSES, FALSE, &error);
  sl_cross_entropy (graph, x, targets, weights, 0, &loss, NULL, NULL, &error);
  g_assert_no_error (error);
  sl_graph_output (graph, "loss", loss);
  return graph;
}

/* Items @first … of an endless set. */
static inline void
set_batch (SlPlan *plan, guint first, guint batch)
{
  float *picture = sl_plan_input_data (plan, "picture");
  gint32 *targets = sl_plan_input_data (plan, "target");
  float *weights = sl_plan_input_data (plan, "weight");
  const gsize pixels = SIZE * SIZE * 3;

  for (guint i = 0; i < batch; i++)
    {
      SlRandom random;

      sl_random_init (&random, sl_random_key (1, SL_PURPOSE_TEST, first + i, 0));
      for (gsize k = 0; k < pixels; k++)
        picture[i * pixels + k] = (float)sl_random_uniform (&random, -1, 1);
      targets[i] = (gint32)((first + i) * 7 % CLASSES);
      weights[i] = 1;
    }
}

static inline SlPlan *
new_plan (SlGraph *graph, SlParams *params, SlMode mode, SlPlanFlags flags)
{
  g_autoptr (GError) error = NULL;
  SlPlan *plan = sl_plan_new (graph, params, mode, flags, &error);

  g_assert_no_error (error);
  return plan;
}
