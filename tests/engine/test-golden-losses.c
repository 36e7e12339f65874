/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Losses of cells against PyTorch: what tests/golden/make-losses.py wrote. */
#include "golden-check.h"

#define BATCH 5
#define CELLS 7
#define LOW -1.5
#define HIGH 1.25

static const float item_weights[BATCH] = { 1, 0.5f, 0, 2, 1 };

/* One pass of @graph with its inputs; its outputs and the gradient of "x" are those named NAME.… */
static void
check_pass (SlGraph *graph, const char *name, float scale, gsize salt, const float *targets,
            gsize n_targets, const char *shown)
{
  g_autoptr (SlStateDict) golden = load ("losses-golden.safetensors");
  g_autoptr (SlParams) params = sl_params_new (graph, 1);
  g_autoptr (SlTensor) grad = NULL;
  g_autoptr (SlPlan) plan = NULL;
  g_autoptr (GError) error = NULL;
  const char *const outputs[] = { "loss", "losses", shown };
  g_autofree char *grad_name = g_strconcat (name, ".grad", NULL);

  plan = sl_plan_new (graph, params, SL_MODE_TRAIN, SL_PLAN_FILL_DEAD | SL_PLAN_WANT_INPUT_GRADS,
                      &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < BATCH * CELLS; i++)
    ((float *)sl_plan_input_data (plan, "x"))[i] = scale * pattern_at (i, salt);
  memcpy (sl_plan_input_data (plan, "targets"), targets, n_targets * sizeof *targets);
  memcpy (sl_plan_input_data (plan, "weights"), item_weights, sizeof item_weights);
  sl_plan_forward (plan, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (outputs); i++)
    {
      g_autofree char *wanted = g_strconcat (name, ".", outputs[i], NULL);

      assert_output (plan, outputs[i], golden, wanted);
    }
  sl_plan_backward (plan);
  grad = sl_plan_dup_input_grad (plan, "x");
  assert_close (grad_name, sl_tensor_f32 (grad), sl_state_dict_lookup (golden, grad_name),
                GRADIENT_TOLERANCE);
}

static SlValue
add_inputs (SlGraph *graph, SlShape target_shape, SlValue *targets, SlValue *weights)
{
  *targets = sl_graph_input (graph, "targets", SL_DTYPE_F32, target_shape);
  *weights = sl_graph_input (graph, "weights", SL_DTYPE_F32, SL_SHAPE1 (BATCH));
  return sl_graph_input (graph, "x", SL_DTYPE_F32, SL_SHAPE2 (BATCH, CELLS));
}

static void
check_binary (const char *name, double smoothing)
{
  g_autoptr (SlGraph) graph = sl_graph_new ();
  SlValue targets, weights, loss, losses, probabilities;
  SlValue x = add_inputs (graph, SL_SHAPE2 (BATCH, CELLS), &targets, &weights);
  g_autoptr (GError) error = NULL;
  float wanted[BATCH * CELLS];

  for (gsize i = 0; i < G_N_ELEMENTS (wanted); i++)
    wanted[i] = i % 3 == 0;
  sl_binary_cross_entropy (graph, x, targets, weights, smoothing, &loss, &losses, &probabilities,
                           &error);
  g_assert_no_error (error);
  sl_graph_output (graph, "loss", loss);
  sl_graph_output (graph, "losses", losses);
  sl_graph_output (graph, "probabilities", probabilities);
  check_pass (graph, name, 6, 1, wanted, G_N_ELEMENTS (wanted), "probabilities");
}

static void
test_binary (void)
{
  check_binary ("bce", 0);
  check_binary ("smoothed", 0.2);
}

static void
test_squared (void)
{
  g_autoptr (SlGraph) graph = sl_graph_new ();
  SlValue targets, weights, loss, losses;
  SlValue x = add_inputs (graph, SL_SHAPE3 (BATCH, 2, CELLS), &targets, &weights);
  g_autoptr (GError) error = NULL;
  float wanted[2 * BATCH * CELLS];

  for (gsize i = 0; i < BATCH; i++)
    for (gsize j = 0; j < CELLS; j++)
      {
        gsize cell = i * CELLS + j;

        wanted[2 * i * CELLS + j] = pattern_at (cell, 3);
        wanted[(2 * i + 1) * CELLS + j] = i != 3 && cell % 4 != 1;
      }
  x = sl_output_range (graph, x, LOW, HIGH, &error);
  sl_mean_squared_error (graph, x, targets, weights, &loss, &losses, &error);
  g_assert_no_error (error);
  sl_graph_output (graph, "loss", loss);
  sl_graph_output (graph, "losses", losses);
  sl_graph_output (graph, "predictions", x);
  check_pass (graph, "mse", 3, 2, wanted, G_N_ELEMENTS (wanted), "predictions");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/engine/golden/losses/binary", test_binary);
  g_test_add_func ("/engine/golden/losses/squared", test_squared);
  return g_test_run ();
}
