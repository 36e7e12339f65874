/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What one answer for all pictures scores, against figures worked out by hand. */
#include <math.h>
#include <slope/slope.h>

#define N_ITEMS(items) (items), G_N_ELEMENTS (items)

static SlRecipe *recipe; /* made in main() */

#define ITEM(text)                            \
  {                                           \
    .target = text, .width = 40, .height = 20 \
  }

static void
test_classes (void)
{
  static const char *const classes[] = { "bear", "cat", "dog", NULL };
  static const SlBaselineItem train[] = { ITEM ("cat"), ITEM ("dog"), ITEM ("cat"), ITEM (NULL),
                                          ITEM ("wolf") };
  static const SlBaselineItem valid[] = { ITEM ("cat"), ITEM ("dog"), ITEM ("dog"), ITEM ("dog"),
                                          ITEM ("wolf") };
  g_autoptr (SlProblem) problem = sl_problem_new (&sl_task_classify, classes, NULL);
  double metrics[SL_MAX_METRICS];

  g_assert_true (sl_baseline_score (problem, recipe, N_ITEMS (train), N_ITEMS (valid), metrics));
  g_assert_cmpfloat_with_epsilon (metrics[0], 0.25, 1e-12);
  g_assert_cmpfloat_with_epsilon (metrics[1], 0.75, 1e-12);
}

/* Said is what more than the threshold of the training pictures have: "a" and "b". */
static void
test_labels (void)
{
  static const char *const classes[] = { "a", "b", "c", NULL };
  static const SlBaselineItem train[] = { ITEM ("a"),   ITEM ("a;b"), ITEM ("a"),
                                          ITEM ("a;b"), ITEM ("c"),   ITEM ("") };
  static const SlBaselineItem valid[] = { ITEM ("a;b"), ITEM ("c") };
  g_autoptr (SlProblem) problem = sl_problem_new (&sl_task_multilabel, classes, NULL);
  double metrics[SL_MAX_METRICS];

  recipe->threshold = 0.2;
  g_assert_true (sl_baseline_score (problem, recipe, N_ITEMS (train), N_ITEMS (valid), metrics));
  g_assert_cmpfloat_with_epsilon (metrics[0], 0.5, 1e-6); /* F2: 1 and 0 */
  g_assert_cmpfloat_with_epsilon (metrics[1], 0.5, 1e-12);
}

static void
test_numbers (void)
{
  static const char *const names[] = { "roll", "yaw", NULL };
  static const SlRange ranges[] = { { -10, 30 }, { 0, 1 } };
  static const SlBaselineItem train[] = { ITEM ("0 0.5"), ITEM ("12 0.5"), ITEM ("- 0.2") };
  static const SlBaselineItem valid[] = { ITEM ("6 0.4"), ITEM ("10 0.6"), ITEM ("-2 -") };
  g_autoptr (SlProblem) problem = sl_problem_new (&sl_task_numbers, names, ranges);
  double metrics[SL_MAX_METRICS];

  g_assert_true (sl_baseline_score (problem, recipe, N_ITEMS (train), N_ITEMS (valid), metrics));
  /* Means 6 and 0.4: off by 0, 4, 8 and by 0, 0.2. */
  g_assert_cmpfloat_with_epsilon (metrics[0], (4.0 + 0.1) / 2, 1e-5);
}

/* Pictures of 40×20 pixels squished to 100×100: a pixel of theirs is 2.5 and 5 of those. */
static void
test_points (void)
{
  static const char *const names[] = { "nose", "chin", NULL };
  static const SlBaselineItem train[] = { ITEM ("10,10 -"), ITEM ("14,10 20,4") };
  static const SlBaselineItem valid[] = { ITEM ("12,12 20,4"), ITEM ("- 24,4") };
  g_autoptr (SlProblem) problem = sl_problem_new (&sl_task_points, names, NULL);
  double metrics[SL_MAX_METRICS];

  recipe->height = recipe->width = 100;
  recipe->resize = SL_RECIPE_RESIZE_SQUISH;
  g_assert_true (sl_baseline_score (problem, recipe, N_ITEMS (train), N_ITEMS (valid), metrics));
  g_assert_cmpfloat_with_epsilon (metrics[0], (10.0 + 0.0 + 10.0) / 3, 1e-3);
}

static void
test_nothing (void)
{
  static const char *const classes[] = { "sky", "road", NULL };
  static const SlBaselineItem one[] = { ITEM ("sky") };
  g_autoptr (SlProblem) masks = sl_problem_new (&sl_task_segment, classes, NULL);
  g_autoptr (SlProblem) labels = sl_problem_new (&sl_task_classify, classes, NULL);
  double metrics[SL_MAX_METRICS] = { 7 };

  g_assert_false (sl_baseline_score (masks, recipe, N_ITEMS (one), N_ITEMS (one), metrics));
  g_assert_cmpfloat (metrics[0], ==, 7);
  g_assert_true (sl_baseline_score (labels, recipe, N_ITEMS (one), NULL, 0, metrics));
  g_assert_true (isnan (metrics[0]));
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  recipe = sl_recipe_new ();
  g_test_add_func ("/baseline/classes", test_classes);
  g_test_add_func ("/baseline/labels", test_labels);
  g_test_add_func ("/baseline/numbers", test_numbers);
  g_test_add_func ("/baseline/points", test_points);
  g_test_add_func ("/baseline/nothing", test_nothing);
  result = g_test_run ();
  sl_recipe_free (recipe);
  return result;
}
