/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <slope/optim.h>
#include <math.h>

/* ---- One-cycle: SPEC 1.6, as fastai v1 has it. */

static void
test_one_cycle (void)
{
  const SlOneCycle cycle = SL_ONE_CYCLE_INIT (100);
  double factor, momentum, last = 0;

  sl_one_cycle_at (&cycle, 0, &factor, &momentum);
  g_assert_cmpfloat_with_epsilon (factor, 1.0 / 25, 1e-12);
  g_assert_cmpfloat_with_epsilon (momentum, 0.95, 1e-12);
  sl_one_cycle_at (&cycle, 15, &factor, &momentum);
  g_assert_cmpfloat_with_epsilon (factor, (1.0 / 25 + 1) / 2, 1e-12);
  g_assert_cmpfloat_with_epsilon (momentum, 0.9, 1e-12);
  sl_one_cycle_at (&cycle, 30, &factor, &momentum);
  g_assert_cmpfloat_with_epsilon (factor, 1, 1e-12);
  g_assert_cmpfloat_with_epsilon (momentum, 0.85, 1e-12);
  sl_one_cycle_at (&cycle, 65, &factor, NULL);
  g_assert_cmpfloat_with_epsilon (factor, (1 + 1 / 2.5e5) / 2, 1e-12);
  /* The step after the last would have max / 2.5e5. */
  sl_one_cycle_at (&cycle, 99, &factor, &momentum);
  g_assert_cmpfloat_with_epsilon (
      factor, 1 / 2.5e5 + (1 - 1 / 2.5e5) / 2 * (cos (G_PI * 69 / 70) + 1), 1e-12);
  g_assert_cmpfloat (momentum, >, 0.949);
  for (guint i = 0; i < 100; i++)
    {
      sl_one_cycle_at (&cycle, i, &factor, NULL);
      g_assert_true (i == 0 || (factor > last) == (i <= 30));
      last = factor;
    }
}

static void
test_one_cycle_corners (void)
{
  /* 0.3 of 3 steps is none: the fall alone. */
  const SlOneCycle three = SL_ONE_CYCLE_INIT (3), one = SL_ONE_CYCLE_INIT (1);
  SlOneCycle text = SL_ONE_CYCLE_INIT (10);
  double factor, momentum;

  sl_one_cycle_at (&three, 0, &factor, &momentum);
  g_assert_cmpfloat (factor, ==, 1);
  g_assert_cmpfloat (momentum, ==, 0.85);
  sl_one_cycle_at (&one, 0, &factor, &momentum);
  g_assert_cmpfloat (factor, ==, 1);
  text.mom_high = 0.8;
  text.mom_low = 0.7;
  text.pct_start = 0.9;
  sl_one_cycle_at (&text, 9, &factor, &momentum);
  g_assert_cmpfloat (factor, ==, 1);
  g_assert_cmpfloat (momentum, ==, 0.7);
}

static void
test_slice (void)
{
  double rates[3];

  sl_slice_rates (1e-6, 1e-4, 3, rates);
  g_assert_cmpfloat_with_epsilon (rates[0], 1e-6, 1e-15);
  g_assert_cmpfloat_with_epsilon (rates[1], 1e-5, 1e-14);
  g_assert_cmpfloat (rates[2], ==, 1e-4);
  sl_slice_rates (0, 3e-3, 3, rates);
  g_assert_cmpfloat_with_epsilon (rates[0], 3e-4, 1e-15);
  g_assert_cmpfloat_with_epsilon (rates[1], 3e-4, 1e-15);
  g_assert_cmpfloat (rates[2], ==, 3e-3);
  sl_slice_rates (0.1, 0.1, 3, rates);
  g_assert_cmpfloat_with_epsilon (rates[0], 0.1, 1e-15);
  g_assert_cmpfloat_with_epsilon (rates[1], 0.1, 1e-15);
  sl_slice_rates (1e-6, 1e-4, 1, rates);
  g_assert_cmpfloat (rates[0], ==, 1e-4);
}

/* ---- AdamW */

static SlGraph *
make_graph (void)
{
  SlGraph *graph = sl_graph_new ();
  SlValue x = sl_graph_input (graph, "x", SL_DTYPE_F32, SL_SHAPE2 (4, 5));

  x = sl_linear (graph, "first", x, 7, FALSE, NULL);
  x = sl_batch_norm (graph, "norm", x, SL_NO_VALUE, &(SlBatchNormAttrs){ 0 }, NULL);
  sl_graph_set_group (graph, 1);
  x = sl_linear (graph, "second", x, 3, FALSE, NULL);
  g_assert_cmpuint (x, !=, SL_NO_VALUE);
  return graph;
}

/* Loshchilov and Hutter 2019 in double, one number at a time. */
static void
step_one (double *p, double g, double *m, double *v, double lr, double beta1, guint t)
{
  *p *= 1 - lr * 0.01;
  *m = beta1 * *m + (1 - beta1) * g;
  *v = 0.99 * *v + (1 - 0.99) * g * g;
  *p -= lr * (*m / (1 - pow (beta1, t))) / (sqrt (*v / (1 - pow (0.99, t))) + 1e-8);
}

static void
test_adamw (void)
{
  g_autoptr (SlGraph) graph = make_graph ();
  g_autoptr (SlParams) params = sl_params_new (graph, 1), start = sl_params_new (graph, 1);
  const double lr[2] = { 1e-3, 1e-2 }, betas[4] = { 0.95, 0.9, 0.85, 0.87 };
  SlAdamW adam = SL_ADAMW_INIT;
  gsize n = sl_params_n_elements (params);

  for (guint t = 0; t < 4; t++)
    {
      for (gsize k = 0; k < n; k++)
        sl_params_grads (params)[k] = (float)sin ((double)(k + 1) * (t + 1));
      sl_adamw_step (&adam, params, lr, betas[t]);
    }
  g_assert_cmpuint (adam.step, ==, 4);
  for (guint i = 0; i < sl_params_n (params); i++)
    {
      const SlParamInfo *info = sl_params_info (params, i);

      for (gsize k = info->offset; k < info->offset + sl_shape_n_elements (info->shape); k++)
        {
          double p = sl_params_values (start)[k], m = 0, v = 0;

          for (guint t = 0; info->kind != SL_PARAM_STATE && t < 4; t++)
            step_one (&p, (float)sin ((double)(k + 1) * (t + 1)), &m, &v, lr[info->group], betas[t],
                      t + 1);
          g_assert_cmpfloat_with_epsilon (sl_params_values (params)[k], p, 2e-6);
          g_assert_cmpfloat_with_epsilon (sl_params_moment1 (params)[k], m, 1e-6);
          g_assert_cmpfloat_with_epsilon (sl_params_moment2 (params)[k], v, 1e-6);
        }
    }
}

/* What is frozen does not move, by decay neither; batch norms do, unless they are frozen too. */
static void
check_frozen (gboolean freeze_norms)
{
  g_autoptr (SlGraph) graph = make_graph ();
  g_autoptr (SlParams) params = sl_params_new (graph, 1), start = sl_params_new (graph, 1);
  SlAdamW adam = SL_ADAMW_INIT;

  sl_params_freeze_to (params, 1, freeze_norms);
  for (gsize k = 0; k < sl_params_n_elements (params); k++)
    sl_params_grads (params)[k] = 1;
  sl_adamw_step (&adam, params, (double[]){ 1e-3, 1e-2 }, 0.9);
  for (guint i = 0; i < sl_params_n (params); i++)
    {
      const SlParamInfo *info = sl_params_info (params, i);
      gboolean moves = info->group == 1 || (info->kind == SL_PARAM_NORM && !freeze_norms);

      g_assert_true (sl_params_is_trained (params, i) == (moves && info->kind != SL_PARAM_STATE));
      for (gsize k = info->offset; k < info->offset + sl_shape_n_elements (info->shape); k++)
        g_assert_true ((sl_params_values (params)[k] != sl_params_values (start)[k]) == moves);
    }
}

static void
test_adamw_frozen (void)
{
  check_frozen (FALSE);
  check_frozen (TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/engine/optim/one-cycle", test_one_cycle);
  g_test_add_func ("/engine/optim/one-cycle-corners", test_one_cycle_corners);
  g_test_add_func ("/engine/optim/slice", test_slice);
  g_test_add_func ("/engine/optim/adamw", test_adamw);
  g_test_add_func ("/engine/optim/adamw-frozen", test_adamw_frozen);
  return g_test_run ();
}
