/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <slope/task.h>

#include <math.h>

static const char *const classes[] = { "black", "grizzly", "teddy", NULL };
static const SlTask *const task = &sl_task_classify;
static SlProblem *problem; /* made in main() */
static SlRecipe *recipe;

static SlTensor *
tensor_f32 (SlShape shape, const float *values)
{
  SlTensor *tensor = sl_tensor_new (SL_DTYPE_F32, shape);

  for (gsize i = 0; i < sl_shape_n_elements (shape); i++)
    sl_tensor_f32 (tensor)[i] = values[i];
  return tensor;
}

static void
test_registry (void)
{
  const SlTask *const *all = sl_task_all ();

  g_assert_true (sl_task_find ("classify") == task);
  g_assert_null (sl_task_find ("knit"));
  for (gsize i = 0; all[i] != NULL; i++)
    {
      g_assert_true (sl_task_find (all[i]->id) == all[i]);
      g_assert_cmpuint (all[i]->n_metrics, >, 0);
      g_assert_cmpuint (all[i]->n_metrics, <=, SL_MAX_METRICS);
    }
}

static void
test_targets (void)
{
  static const char *const bad[] = { "", "Black", "blac", "blacks", "zebra", "aardvark" };
  g_autoptr (SlTensor) targets = sl_tensor_new (SL_DTYPE_I32, SL_SHAPE1 (4));
  SlDType dtype;
  SlShape shape;
  guint index;

  task->target_layout (problem, 4, 8, 8, &dtype, &shape);
  g_assert_cmpint (dtype, ==, SL_DTYPE_I32);
  g_assert_true (sl_shape_equal (shape, SL_SHAPE1 (4)));
  g_assert_cmpuint (task->n_outputs (problem), ==, 3);
  for (gsize i = 0; i < 3; i++)
    {
      g_assert_true (task->check_target (problem, classes[i], NULL));
      g_assert_true (task->encode (problem, classes[i], NULL, targets, i, NULL));
      g_assert_cmpint (sl_tensor_i32 (targets)[i], ==, i);
      g_assert_cmpuint (task->classes_of (problem, classes[i], &index, 1), ==, 1);
      g_assert_cmpuint (index, ==, i);
    }
  g_assert_true (task->encode (problem, NULL, NULL, targets, 3, NULL)); /* to predict */
  g_assert_cmpuint (task->classes_of (problem, NULL, &index, 1), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (task->check_target (problem, bad[i], &error));
      g_assert_error (error, SL_ERROR, SL_ERROR_NOT_FOUND);
      g_assert_false (task->encode (problem, bad[i], NULL, targets, 0, NULL));
      g_assert_cmpuint (task->classes_of (problem, bad[i], &index, 1), ==, 0);
    }
}

static void
test_score (void)
{
  static const float p[] = { 0.7f, 0.2f, 0.1f, 0.1f, 0.2f, 0.7f, 0.3f, 0.4f, 0.3f, 1, 0, 0 };
  static const float l[] = { 0.5f, 1.5f, 2.0f, 100.0f };
  static const gint32 wanted[] = { 0, 0, 1, 0 };
  g_autoptr (SlTensor) probabilities = tensor_f32 (SL_SHAPE2 (4, 3), p);
  g_autoptr (SlTensor) losses = tensor_f32 (SL_SHAPE1 (4), l);
  g_autoptr (SlTensor) targets = sl_tensor_new (SL_DTYPE_I32, SL_SHAPE1 (4));
  g_auto (SlScore) score = { 0 };
  double metrics[SL_MAX_METRICS];

  sl_score_init (&score, problem);
  task->finish_score (problem, &score, metrics);
  g_assert_true (isnan (metrics[0]) && isnan (metrics[1]));
  for (int i = 0; i < 4; i++)
    sl_tensor_i32 (targets)[i] = wanted[i];
  task->score (problem, recipe, &score, 3, losses, probabilities,
               targets); /* the fourth is padding */
  task->score (problem, recipe, &score, 1, losses, probabilities, targets);
  task->finish_score (problem, &score, metrics);
  g_assert_cmpfloat (score.weight, ==, 4);
  g_assert_cmpfloat (score.loss, ==, 4.5);
  g_assert_cmpfloat (metrics[0], ==, 0.75);
  g_assert_cmpfloat (metrics[1], ==, 0.25);
  g_assert_cmpstr (task->metrics[0].name, ==, "accuracy");
  g_assert_cmpstr (task->metrics[1].name, ==, "error_rate");
}

static void
test_describe (void)
{
  static const float p[] = { 0.1f, 0.6f, 0.3f, 0.2f, 0.2f, 0.6f };
  g_autoptr (SlTensor) probabilities = tensor_f32 (SL_SHAPE2 (2, 3), p);
  g_autoptr (SlPrediction) prediction = g_new0 (SlPrediction, 1);

  task->describe (problem, recipe, "teddy", NULL, probabilities, NULL, 0, prediction);
  g_assert_cmpstr (prediction->predicted, ==, "grizzly");
  g_assert_cmpfloat (prediction->probability, ==, 0.3f); /* of its own label */
  g_assert_cmpuint (prediction->n_outputs, ==, 3);
  g_assert_cmpmem (prediction->outputs, sizeof p / 2, p, sizeof p / 2);
  task->describe (problem, recipe, NULL, NULL, probabilities, NULL, 1, prediction);
  g_assert_cmpstr (prediction->predicted, ==, "teddy");
  g_assert_cmpfloat (prediction->probability, ==, 0.6f);
}

/* The outputs that trainer and evaluation read are there, with the right numbers in them. */
static void
test_loss (void)
{
  g_autoptr (SlGraph) graph = sl_graph_new ();
  g_autoptr (GError) error = NULL;
  SlValue logits = sl_graph_input (graph, "x", SL_DTYPE_F32, SL_SHAPE2 (2, 3));
  SlValue targets = sl_graph_input (graph, "targets", SL_DTYPE_I32, SL_SHAPE1 (2));
  SlValue weights = sl_graph_input (graph, "weights", SL_DTYPE_F32, SL_SHAPE1 (2));
  g_autoptr (SlParams) params = NULL;
  g_autoptr (SlPlan) plan = NULL;
  gsize n;

  g_assert_true (task->add_loss (problem, recipe, graph, logits, targets, weights, &error));
  g_assert_no_error (error);
  params = sl_params_new (graph, 1);
  plan = sl_plan_new (graph, params, SL_MODE_EVAL, SL_PLAN_DEFAULT, &error);
  g_assert_no_error (error);
  for (int i = 0; i < 6; i++)
    ((float *)sl_plan_input_data (plan, "x"))[i] = i == 1 ? logf (2.0f) : 0.0f;
  ((gint32 *)sl_plan_input_data (plan, "targets"))[0] = 1;
  ((gint32 *)sl_plan_input_data (plan, "targets"))[1] = 0;
  ((float *)sl_plan_input_data (plan, "weights"))[0] = 1.0f;
  ((float *)sl_plan_input_data (plan, "weights"))[1] = 0.0f; /* padding */
  sl_plan_forward (plan, 0);
  g_assert_cmpfloat_with_epsilon (sl_plan_output (plan, "loss", &n)[0], log (2.0), 1e-6);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpfloat_with_epsilon (sl_plan_output (plan, "losses", &n)[0], log (2.0), 1e-6);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpfloat_with_epsilon (sl_plan_output (plan, "probabilities", &n)[1], 0.5, 1e-6);
  g_assert_cmpuint (n, ==, 6);
}

int
main (int argc, char **argv)
{
  int code;

  g_test_init (&argc, &argv, NULL);
  problem = sl_problem_new (task, classes, NULL);
  recipe = sl_recipe_new ();
  g_test_add_func ("/classify/registry", test_registry);
  g_test_add_func ("/classify/targets", test_targets);
  g_test_add_func ("/classify/score", test_score);
  g_test_add_func ("/classify/describe", test_describe);
  g_test_add_func ("/classify/loss", test_loss);
  code = g_test_run ();
  sl_recipe_free (recipe);
  sl_problem_unref (problem);
  return code;
}
