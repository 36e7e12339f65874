/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the gradients of a whole plan mean. */
#include "plan-fixture.h"
#include <math.h>
#include <string.h>

static double
loss_at (SlPlan *plan)
{
  set_batch (plan, 0, 4);
  sl_plan_forward (plan, 3);
  return sl_plan_output (plan, "loss", NULL)[0];
}

/* Along the gradient itself the loss of the whole network falls by its squared length. */
static void
test_direction (void)
{
  g_autoptr (SlGraph) graph = make_graph (4);
  g_autoptr (SlParams) params = sl_params_new (graph, 5);
  g_autoptr (SlPlan) plan = new_plan (graph, params, SL_MODE_TRAIN, 0);
  gsize n = sl_params_n_elements (params);
  g_autofree float *start = NULL;
  double squares = 0, step, above, below;

  loss_at (plan);
  sl_plan_backward (plan);
  start = g_memdup2 (sl_params_values (params), n * sizeof (float));
  for (gsize i = 0; i < n; i++)
    squares += (double)sl_params_grads (params)[i] * sl_params_grads (params)[i];
  step = 2e-3 / squares;
  for (gsize i = 0; i < n; i++)
    sl_params_values (params)[i] = start[i] + (float)step * sl_params_grads (params)[i];
  above = loss_at (plan);
  for (gsize i = 0; i < n; i++)
    sl_params_values (params)[i] = start[i] - (float)step * sl_params_grads (params)[i];
  below = loss_at (plan);
  g_assert_cmpfloat_with_epsilon ((above - below) / 2, 2e-3, 1e-4);
}

/* The gradient of a batch of 8 is the mean of those of its halves. */
static void
test_accumulated (void)
{
  g_autoptr (SlGraph) whole = make_plain_graph (8), half = make_plain_graph (4);
  g_autoptr (SlParams) params = sl_params_new (whole, 5);
  g_autoptr (SlPlan) eight = new_plan (whole, params, SL_MODE_TRAIN, 0);
  g_autoptr (SlPlan) four = new_plan (half, params, SL_MODE_TRAIN, 0);
  gsize n = sl_params_n_elements (params);
  g_autofree double *mean = g_new0 (double, n);

  for (guint i = 0; i < 2; i++)
    {
      set_batch (four, 4 * i, 4);
      sl_plan_forward (four, 0);
      sl_plan_backward (four);
      for (gsize k = 0; k < n; k++)
        mean[k] += 0.5 * sl_params_grads (params)[k];
    }
  set_batch (eight, 0, 8);
  sl_plan_forward (eight, 0);
  sl_plan_backward (eight);
  for (gsize k = 0; k < n; k++)
    g_assert_cmpfloat_with_epsilon (sl_params_grads (params)[k], mean[k], 2e-6);
}

/* A short batch filled up with items of weight 0 is the short batch. */
static void
test_padding (void)
{
  g_autoptr (SlGraph) short_graph = make_plain_graph (3), long_graph = make_plain_graph (8);
  g_autoptr (SlParams) params = sl_params_new (short_graph, 5);
  g_autoptr (SlPlan) exact = new_plan (short_graph, params, SL_MODE_TRAIN, 0);
  g_autoptr (SlPlan) padded = new_plan (long_graph, params, SL_MODE_TRAIN, 0);
  gsize n = sl_params_n_elements (params);
  g_autofree float *grads = NULL;

  set_batch (exact, 0, 3);
  sl_plan_forward (exact, 0);
  sl_plan_backward (exact);
  grads = g_memdup2 (sl_params_grads (params), n * sizeof (float));
  set_batch (padded, 0, 8);
  for (guint i = 3; i < 8; i++)
    {
      ((float *)sl_plan_input_data (padded, "weight"))[i] = 0;
      ((gint32 *)sl_plan_input_data (padded, "target"))[i] = -1;
    }
  sl_plan_forward (padded, 0);
  sl_plan_backward (padded);
  g_assert_cmpfloat_with_epsilon (sl_plan_output (padded, "loss", NULL)[0],
                                  sl_plan_output (exact, "loss", NULL)[0], 1e-6);
  for (gsize k = 0; k < n; k++)
    g_assert_cmpfloat_with_epsilon (sl_params_grads (params)[k], grads[k], 2e-6);
}

/* Eight pictures of noise can be learned by heart. */
static void
test_overfit (void)
{
  const double rates[3] = { 1e-2, 1e-2, 1e-2 };
  g_autoptr (SlGraph) graph = make_plain_graph (8);
  g_autoptr (SlParams) params = sl_params_new (graph, 5);
  g_autoptr (SlPlan) plan = new_plan (graph, params, SL_MODE_TRAIN, 0);
  SlAdamW adam = SL_ADAMW_INIT;
  float loss = 10;

  for (guint step = 0; step < 300; step++)
    {
      set_batch (plan, 0, 8);
      sl_plan_forward (plan, step);
      loss = sl_plan_output (plan, "loss", NULL)[0];
      sl_plan_backward (plan);
      sl_adamw_step (&adam, params, rates, 0.9);
    }
  g_assert_cmpfloat (loss, <, 0.02);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  sl_parallel_set_threads (1); /* on a busy machine small networks only wait for each other */
  g_test_add_func ("/engine/plan-gradients/direction", test_direction);
  g_test_add_func ("/engine/plan-gradients/accumulated", test_accumulated);
  g_test_add_func ("/engine/plan-gradients/padding", test_padding);
  g_test_add_func ("/engine/plan-gradients/overfit", test_overfit);
  return g_test_run ();
}
