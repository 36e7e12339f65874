/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a network answers before its first step: how frequent each class is, and little else. */
#include "train/first-answer.h"
#include "train/network.h"
#include "tiny-pictures.h"
#include <math.h>

typedef struct
{
  SlSampleSet *samples;
  SlParams *drawn, *params; /* as drawn, and as they begin */
  guint n;                  /* outputs */
} Fixture;

/* @targets: %NULL-terminated; "?": no label. */
static void
fixture_init (Fixture *self, const SlTask *task, const char *const *classes, const SlRange *ranges,
              const char *const *targets, SlBalance balance)
{
  g_autoptr (SlProblem) problem = sl_problem_new (task, classes, ranges);
  g_autoptr (SlRecipe) recipe = tiny_recipe (1);
  g_autoptr (SlGraph) graph = sl_network_new (recipe, problem, 2, SL_NETWORK_WHOLE, NULL);
  SlEpochDraw draw;

  self->samples = sl_sample_set_new (problem);
  for (guint i = 0; targets[i] != NULL; i++)
    sl_sample_set_add (self->samples, i, "nowhere.png",
                       g_str_equal (targets[i], "?") ? NULL : targets[i]);
  self->drawn = sl_params_new (graph, recipe->seed);
  self->params = sl_params_new (graph, recipe->seed);
  self->n = task->n_outputs (problem);
  sl_epoch_draw_init (&draw, self->samples, balance);
  sl_first_answer_set (self->params, self->samples, &draw);
  sl_epoch_draw_clear (&draw);
}

static void
fixture_clear (Fixture *self)
{
  sl_sample_set_unref (self->samples);
  sl_params_unref (self->drawn);
  sl_params_unref (self->params);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_clear)

static const float *
biases (const Fixture *self)
{
  const SlParamInfo *info = sl_params_info (self->params, sl_params_n (self->params) - 1);

  g_assert_true (g_str_has_suffix (info->name, "bias"));
  g_assert_cmpuint (sl_shape_n_elements (info->shape), ==, self->n);
  return sl_params_values (self->params) + info->offset;
}

/* The weights of the last layer are a tenth, all that is before it is as it was drawn. */
static void
assert_weights (const Fixture *self)
{
  const guint last = sl_params_n (self->params) - 2;
  double sum = 0;

  for (guint i = 0; i <= last; i++)
    {
      const SlParamInfo *info = sl_params_info (self->params, i);
      const float factor = i < last ? 1.0f : 0.1f;

      for (gsize k = 0; k < sl_shape_n_elements (info->shape); k++)
        {
          const float drawn = sl_params_values (self->drawn)[info->offset + k];

          g_assert_cmpfloat (sl_params_values (self->params)[info->offset + k], ==, factor * drawn);
          sum += i == last ? fabsf (drawn) : 0;
        }
    }
  g_assert_cmpfloat (sum, >, 0);
}

static void
assert_softmax (const Fixture *self, double a, double b, double c)
{
  const double wanted[] = { a, b, c };
  const float *bias = biases (self);
  double sum = 0;

  for (guint k = 0; k < 3; k++)
    sum += exp (bias[k]);
  for (guint k = 0; k < 3; k++)
    g_assert_cmpfloat_with_epsilon (exp (bias[k]) / sum, wanted[k], 1e-6);
}

static const char *const colours[] = { "blue", "blue", "?", "red", "blue", NULL };

/* Half an item more of each. */
static void
test_classes (void)
{
  g_auto (Fixture) self = { 0 };

  fixture_init (&self, &sl_task_classify, tiny_classes, NULL, colours, SL_BALANCE_NONE);
  assert_softmax (&self, 3.5 / 5.5, 0.5 / 5.5, 1.5 / 5.5);
  assert_weights (&self);
}

/* Three and one, of which as much is seen: as if they were 2 and 2, or 3 and 3 where they are drawn. */
static void
test_balanced (void)
{
  g_auto (Fixture) weighed = { 0 }, drawn = { 0 };

  fixture_init (&weighed, &sl_task_classify, tiny_classes, NULL, colours, SL_BALANCE_WEIGHTS);
  assert_softmax (&weighed, 2.5 / 5.5, 0.5 / 5.5, 2.5 / 5.5);
  fixture_init (&drawn, &sl_task_classify, tiny_classes, NULL, colours, SL_BALANCE_OVERSAMPLE);
  assert_softmax (&drawn, 3.5 / 7.5, 0.5 / 7.5, 3.5 / 7.5);
}

static void
test_labels (void)
{
  static const char *const targets[] = { "blue;red", "", "blue", "blue;green", NULL };
  static const double wanted[] = { 3.5 / 5, 1.5 / 5, 1.5 / 5 };
  g_auto (Fixture) self = { 0 };

  fixture_init (&self, &sl_task_multilabel, tiny_classes, NULL, targets, SL_BALANCE_NONE);
  for (guint k = 0; k < 3; k++)
    g_assert_cmpfloat_with_epsilon (1 / (1 + exp (-biases (&self)[k])), wanted[k], 1e-6);
  assert_weights (&self);
}

/* The middle of the picture, and of the numbers' ranges. */
static void
test_regression (void)
{
  static const char *const points[] = { "3,4 5,6 7,8", "3,4 5,6 -", NULL };
  static const char *const numbers[] = { "1 2 3", "4 5 6", NULL };
  static const SlRange ranges[] = { { 1, 4 }, { 2, 5 }, { 3, 6 } };
  g_auto (Fixture) of_points = { 0 }, of_numbers = { 0 };

  fixture_init (&of_points, &sl_task_points, tiny_classes, NULL, points, SL_BALANCE_NONE);
  for (guint k = 0; k < 6; k++)
    g_assert_cmpfloat (biases (&of_points)[k], ==, 0);
  assert_weights (&of_points);
  fixture_init (&of_numbers, &sl_task_numbers, tiny_classes, ranges, numbers, SL_BALANCE_NONE);
  for (guint k = 0; k < 3; k++)
    g_assert_cmpfloat (biases (&of_numbers)[k], ==, 0);
  assert_weights (&of_numbers);
}

static void
test_masks (void)
{
  static const char *const masks[] = { "a.png", "b.png", NULL };
  g_auto (Fixture) self = { 0 };

  fixture_init (&self, &sl_task_segment, tiny_classes, NULL, masks, SL_BALANCE_NONE);
  g_assert_cmpmem (
      sl_params_values (self.params), sl_params_n_elements (self.params) * sizeof (float),
      sl_params_values (self.drawn), sl_params_n_elements (self.drawn) * sizeof (float));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/train/first-answer/classes", test_classes);
  g_test_add_func ("/train/first-answer/balanced", test_balanced);
  g_test_add_func ("/train/first-answer/labels", test_labels);
  g_test_add_func ("/train/first-answer/regression", test_regression);
  g_test_add_func ("/train/first-answer/masks", test_masks);
  return g_test_run ();
}
