/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which values the planner has computed again, which its shapes alone decide. */
#include "graph/planner.h"

#define LAYERS 8
#define CHANNELS 16
#define OPS_A_BYTE 40

/* A chain of convolutions with norms; @pools: behind the first, a quarter of the pixels. */
static SlGraph *
chain_new (guint kernel, gboolean pools)
{
  SlGraph *graph = sl_graph_new ();
  SlValue x = sl_graph_input (graph, "picture", SL_DTYPE_F32, SL_SHAPE4 (4, 32, 32, 16));
  SlValue targets = sl_graph_input (graph, "target", SL_DTYPE_I32, SL_SHAPE1 (4));
  SlValue weights = sl_graph_input (graph, "weight", SL_DTYPE_F32, SL_SHAPE1 (4));
  SlValue loss = SL_NO_VALUE;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < LAYERS; i++)
    {
      g_autofree char *conv = g_strdup_printf ("conv%u", i);
      g_autofree char *norm = g_strdup_printf ("norm%u", i);

      x = sl_conv2d (
          graph, conv, x,
          &(SlConv2dAttrs){
              .out_channels = CHANNELS, .kernel = kernel, .stride = 1, .pad = kernel / 2 },
          &error);
      x = sl_batch_norm (graph, norm, x, SL_NO_VALUE,
                         &(SlBatchNormAttrs){ .activation = SL_ACTIVATION_RELU }, &error);
      if (pools && i == 0)
        x = sl_max_pool (graph, x, 8, 8, 0, &error);
    }
  x = sl_linear (graph, "out", sl_global_avg_pool (graph, x, &error), 3, FALSE, &error);
  sl_cross_entropy (graph, x, targets, weights, 0, &loss, NULL, NULL, &error);
  g_assert_no_error (error);
  sl_graph_output (graph, "loss", loss);
  return graph;
}

typedef struct
{
  gsize arena, again;         /* bytes */
  guint n_again;              /* values */
  gboolean first_is, last_is; /* whether the first and the last norm's outputs are among them */
  double flops;
} Choice;

static Choice
choose (guint kernel, gboolean pools, SlPlanFlags flags)
{
  g_autoptr (SlGraph) graph = chain_new (kernel, pools);
  g_autoptr (SlParams) params = sl_params_new (graph, 1);
  g_autoptr (SlMemoryPlan) plan = sl_memory_plan_new (graph, params, SL_MODE_TRAIN, flags);
  Choice choice = { .arena = plan->arena_bytes };
  gboolean seen = FALSE;

  for (guint i = 0; i < plan->n_nodes; i++)
    {
      const SlNode *node = sl_graph_node (graph, i);
      gboolean again = plan->nodes[i].again != SL_NEVER;

      choice.flops += node->layout.flops;
      choice.n_again += again;
      choice.again += again ? sl_shape_n_elements (sl_graph_shape (graph, node->first_out)) * 4 : 0;
      if (!node->layout.can_repeat)
        continue;
      choice.last_is = again;
      choice.first_is = seen ? choice.first_is : again;
      seen = TRUE;
    }
  return choice;
}

/* With much to do for each byte all norms but one or the other at the ends are computed again. */
static void
test_many_operations (void)
{
  Choice kept = choose (3, FALSE, SL_PLAN_KEEP_ALL), again = choose (3, FALSE, 0);

  g_assert_cmpuint (kept.n_again, ==, 0);
  g_assert_cmpuint (again.n_again, >=, LAYERS - 2);
  g_assert_true (again.first_is);
  g_assert_cmpuint (again.arena * 10, <, kept.arena * 8);
}

/* With little to do, no more than the operations allow, and the first are kept. */
static void
test_few_operations (void)
{
  Choice kept = choose (1, FALSE, SL_PLAN_KEEP_ALL), again = choose (1, FALSE, 0);

  g_assert_cmpuint (again.n_again, >, 0);
  g_assert_cmpfloat ((double)again.again * OPS_A_BYTE, <=, again.flops);
  g_assert_false (again.first_is);
  g_assert_cmpuint (again.arena, <, kept.arena);
}

/* Most is there in the backward pass of the first layer, when all others are done: what they leave
 * is kept. */
static void
test_peak_elsewhere (void)
{
  Choice kept = choose (3, TRUE, SL_PLAN_KEEP_ALL), again = choose (3, TRUE, 0);

  g_assert_cmpuint (again.n_again, <=, 1);
  g_assert_false (again.last_is);
  g_assert_cmpuint (again.arena, <=, kept.arena);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/plan-repeat/many-operations", test_many_operations);
  g_test_add_func ("/plan-repeat/few-operations", test_few_operations);
  g_test_add_func ("/plan-repeat/peak-elsewhere", test_peak_elsewhere);
  return g_test_run ();
}
