/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kinds of problem besides one label: their targets, what they score, what they say. */
#include <slope/loader.h>
#include <slope/task.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

static SlRecipe *recipe; /* made in main() */

static SlTensor *
tensor_f32 (SlShape shape, const float *values)
{
  SlTensor *tensor = sl_tensor_new (SL_DTYPE_F32, shape);

  memcpy (sl_tensor_f32 (tensor), values, sl_tensor_get_bytes (tensor));
  return tensor;
}

static void
assert_targets (const SlProblem *problem, const char *const *good, const char *const *bad)
{
  for (gsize i = 0; good[i] != NULL; i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_true (problem->task->check_target (problem, good[i], &error));
      g_assert_no_error (error);
    }
  for (gsize i = 0; bad[i] != NULL; i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", bad[i]);
      g_assert_false (problem->task->check_target (problem, bad[i], &error));
      g_assert_nonnull (error);
      g_assert_cmpuint (strlen (error->message), >, 20);
    }
  g_assert_false (problem->task->check_target (problem, NULL, NULL));
}

static SlTensor *
new_targets (const SlProblem *problem, gsize batch, int height, int width)
{
  SlDType dtype;
  SlShape shape;

  problem->task->target_layout (problem, batch, height, width, &dtype, &shape);
  return sl_tensor_new (dtype, shape);
}

/* ---- Several labels */

static const char *const weather[] = { "clear", "cloudy", "primary", "road", NULL };

static void
test_labels_targets (void)
{
  static const char *const good[] = { "", "clear", "clear;road", "clear;cloudy;primary;road",
                                      NULL };
  static const char *const bad[] = { "clear;",      ";clear",      "road;clear",
                                     "clear;clear", "cle",         "clear road",
                                     "clear;roads", "clear;;road", NULL };
  g_autoptr (SlProblem) problem = sl_problem_new (&sl_task_multilabel, weather, NULL);
  g_autoptr (SlTensor) targets = new_targets (problem, 3, 8, 8);
  guint found[4];

  assert_targets (problem, good, bad);
  g_assert_true (problem->task->encode (problem, "cloudy;road", NULL, targets, 1, NULL));
  g_assert_true (problem->task->encode (problem, NULL, NULL, targets, 2, NULL));
  for (gsize i = 4; i < 12; i++)
    g_assert_cmpfloat (sl_tensor_f32 (targets)[i], ==, i == 5 || i == 7);
  g_assert_cmpuint (problem->task->classes_of (problem, "cloudy;road", found, 4), ==, 2);
  g_assert_cmpuint (found[0], ==, 1);
  g_assert_cmpuint (found[1], ==, 3);
  g_assert_cmpuint (problem->task->classes_of (problem, "cloudy;road", found, 1), ==, 1);
  g_assert_cmpuint (problem->task->classes_of (problem, "", found, 4), ==, 0);
}

/* Two items: of the first all that is said is right and one of two labels is found; of the second
 * nothing.  F2 of the first: p = 1, r = 1/2, 5·p·r / (4·p + r) = 5/9. */
static void
test_labels_score (void)
{
  static const float p[] = { 0.9f, 0.1f, 0.3f, 0.0f, 0.1f, 0.6f, 0.2f, 0.4f };
  static const float t[] = { 1, 0, 1, 0, 1, 0, 0, 0 };
  static const float l[] = { 0.25f, 1 };
  g_autoptr (SlProblem) problem = sl_problem_new (&sl_task_multilabel, weather, NULL);
  g_autoptr (SlTensor) said = tensor_f32 (SL_SHAPE2 (2, 4), p);
  g_autoptr (SlTensor) targets = tensor_f32 (SL_SHAPE2 (2, 4), t);
  g_autoptr (SlTensor) losses = tensor_f32 (SL_SHAPE1 (2), l);
  g_autoptr (SlPrediction) prediction = g_new0 (SlPrediction, 1);
  g_auto (SlScore) score = { 0 };
  double metrics[SL_MAX_METRICS];

  sl_score_init (&score, problem);
  problem->task->finish_score (problem, &score, metrics);
  g_assert_true (isnan (metrics[0]) && isnan (metrics[1]));
  recipe->threshold = 0.5;
  problem->task->score (problem, recipe, &score, 2, losses, said, targets);
  problem->task->finish_score (problem, &score, metrics);
  g_assert_cmpfloat_with_epsilon (metrics[0], 5.0 / 9 / 2, 1e-6);
  g_assert_cmpfloat_with_epsilon (metrics[1], (3.0 / 4 + 2.0 / 4) / 2, 1e-9);
  g_assert_cmpfloat_with_epsilon (sl_score_loss (&score), 0.625, 1e-9);
  problem->task->describe (problem, recipe, "clear;primary", NULL, said, targets, 0, prediction);
  g_assert_cmpstr (prediction->predicted, ==, "clear");
  g_assert_cmpfloat (prediction->probability, ==, 0.3f);
  recipe->threshold = 0.2;
  problem->task->describe (problem, recipe, NULL, NULL, said, NULL, 0, prediction);
  g_assert_cmpstr (prediction->predicted, ==, "clear;primary");
  recipe->threshold = 0.95;
  problem->task->describe (problem, recipe, NULL, NULL, said, NULL, 0, prediction);
  g_assert_cmpstr (prediction->predicted, ==, "");
}

/* What is measured over views agrees with what the graph says. */
static void
test_labels_losses (void)
{
  static const float z[] = { 2, -1, 0.5f, -3 }, t[] = { 1, 0, 1, 1 };
  g_autoptr (SlProblem) problem = sl_problem_new (&sl_task_multilabel, weather, NULL);
  g_autoptr (SlGraph) graph = sl_graph_new ();
  SlValue logits = sl_graph_input (graph, "x", SL_DTYPE_F32, SL_SHAPE2 (1, 4));
  SlValue targets = sl_graph_input (graph, "t", SL_DTYPE_F32, SL_SHAPE2 (1, 4));
  SlValue weights = sl_graph_input (graph, "w", SL_DTYPE_F32, SL_SHAPE1 (1));
  g_autoptr (SlTensor) said = NULL, wanted = tensor_f32 (SL_SHAPE2 (1, 4), t);
  g_autoptr (SlTensor) losses = sl_tensor_new (SL_DTYPE_F32, SL_SHAPE1 (1));
  g_autoptr (SlParams) params = NULL;
  g_autoptr (SlPlan) plan = NULL;

  recipe->label_smoothing = 0.1;
  g_assert_true (problem->task->add_loss (problem, recipe, graph, logits, targets, weights, NULL));
  params = sl_params_new (graph, 1);
  plan = sl_plan_new (graph, params, SL_MODE_EVAL, SL_PLAN_DEFAULT, NULL);
  memcpy (sl_plan_input_data (plan, "x"), z, sizeof z);
  memcpy (sl_plan_input_data (plan, "t"), t, sizeof t);
  *(float *)sl_plan_input_data (plan, "w") = 1;
  sl_plan_forward (plan, 0);
  said = sl_plan_dup_output (plan, "probabilities");
  problem->task->item_losses (problem, recipe, 1, said, wanted, losses);
  g_assert_cmpfloat_with_epsilon (*sl_tensor_f32 (losses), *sl_plan_output (plan, "losses", NULL),
                                  1e-5);
  recipe->label_smoothing = 0;
}

/* ---- Points */

static const char *const face[] = { "Left_eye", "nose", "right_eye", NULL };

/* Of a picture of 200 × 100, decoded at half the size, as validation sees it in 50 × 50. */
static SlPictureView
look (double flip)
{
  SlPictureView view = { .width = 100, .height = 50, .scale_x = 0.5, .scale_y = 0.5 };
  const double m[9] = { 2 * flip, 0, flip < 0 ? 100 : 0, 0, 1, 0, 0, 0, 1 };

  view.transform.out_width = view.transform.out_height = 50;
  memcpy (view.transform.matrix, m, sizeof m);
  return view;
}

static void
test_points_targets (void)
{
  static const char *const good[] = { "1,2 3,4 5,6", "- - -", "1.5,-2.25 - 1e2,3", NULL };
  static const char *const bad[] = { "",
                                     "1,2",
                                     "1,2 3,4",
                                     "1,2 3,4 5,6 7,8",
                                     "1,2 3,4 5",
                                     "1,2 3,4 5,",
                                     "1,2  3,4 5,6",
                                     "1,2 3,4 5,nan",
                                     "1,2 3,4 x",
                                     "1;2 3;4 5;6",
                                     "1,2 3,4 5,6x",
                                     "1,2 -3 5,6",
                                     "-- - -",
                                     "1,2 3,4 5,inf",
                                     NULL };
  g_autoptr (SlProblem) problem = sl_problem_new (&sl_task_points, face, NULL);
  g_autoptr (SlTensor) targets = new_targets (problem, 2, 50, 50);
  float *row = sl_tensor_f32 (targets) + 12;
  SlPictureView view = look (1), mirror = look (-1);
  g_autoptr (GError) error = NULL;

  assert_targets (problem, good, bad);
  /* The eye in the middle; a nose beside the picture; an eye that is not known. */
  g_assert_true (problem->task->encode (problem, "100,50 260,10 -", &view, targets, 1, &error));
  g_assert_no_error (error);
  g_assert_cmpfloat_with_epsilon (row[0], 0, 1e-6);
  g_assert_cmpfloat_with_epsilon (row[1], 0, 1e-6);
  for (int i = 6; i < 12; i++)
    g_assert_cmpfloat (row[i], ==, i < 8);
  /* In the mirror left is right. */
  g_assert_true (problem->task->encode (problem, "20,10 100,50 -", &mirror, targets, 1, &error));
  g_assert_cmpfloat_with_epsilon (row[4], 0.8, 1e-6);
  g_assert_cmpfloat_with_epsilon (row[5], -0.8, 1e-6);
  for (int i = 6; i < 12; i++)
    g_assert_cmpfloat (row[i], ==, i >= 8);
  g_assert_true (problem->task->encode (problem, NULL, &view, targets, 1, &error));
  for (int i = 0; i < 12; i++)
    g_assert_cmpfloat (row[i], ==, 0);
}

static void
test_points_answer (void)
{
  static const float said[] = { 0, 0, 0.5f, -0.5f, -1, 1 };
  static const float wanted[] = { 0.1f, 0, 0, 0, -1, 0.5f, 1, 1, 0, 0, 1, 1 };
  static const float l[] = { 0.5f };
  g_autoptr (SlProblem) problem = sl_problem_new (&sl_task_points, face, NULL);
  g_autoptr (SlTensor) outputs = tensor_f32 (SL_SHAPE2 (1, 6), said);
  g_autoptr (SlTensor) targets = tensor_f32 (SL_SHAPE3 (1, 2, 6), wanted);
  g_autoptr (SlTensor) losses = tensor_f32 (SL_SHAPE1 (1), l);
  g_autoptr (SlPrediction) prediction = g_new0 (SlPrediction, 1);
  SlPictureView view = look (1);
  g_auto (SlScore) score = { 0 };
  double metrics[SL_MAX_METRICS];

  problem->task->describe (problem, recipe, NULL, &view, outputs, NULL, 0, prediction);
  g_assert_cmpstr (prediction->predicted, ==, "100.00,50.00 150.00,25.00 0.00,100.00");
  g_assert_true (problem->task->check_target (problem, prediction->predicted, NULL));
  g_assert_cmpuint (prediction->n_outputs, ==, 6);
  g_assert_true (isnan (prediction->probability));
  g_assert_null (prediction->distances);
  problem->task->describe (problem, recipe, "103,54 - 0,100", &view, outputs, NULL, 0, prediction);
  g_assert_cmpuint (prediction->n_distances, ==, 3);
  g_assert_cmpfloat_with_epsilon (prediction->distances[0], 5, 1e-4);
  g_assert_true (isnan (prediction->distances[1]));
  g_assert_cmpfloat_with_epsilon (prediction->distances[2], 0, 1e-4);
  recipe->width = 50;
  recipe->height = 40;
  sl_score_init (&score, problem);
  problem->task->score (problem, recipe, &score, 1, losses, outputs, targets);
  problem->task->finish_score (problem, &score, metrics);
  /* 0.1 of 25 px and 0.5 of 20 px; the second point does not count. */
  g_assert_cmpfloat_with_epsilon (metrics[0], (2.5 + 10) / 2, 1e-5);
  g_assert_cmpfloat_with_epsilon (metrics[1], (0.01 + 0.25) / 4, 1e-6);
  g_assert_cmpfloat_with_epsilon (metrics[2], sqrt (metrics[1]), 1e-9);
}

/* ---- Numbers */

static const char *const angles[] = { "roll", "yaw", NULL };

static void
test_numbers (void)
{
  static const char *const good[] = { "1 2", "-1.5 1e2", "- 3", NULL };
  static const char *const bad[] = { "", "1", "1 2 3", "1  2", "1,5 2", "1 x", "1 inf", NULL };
  static const char *const seen[] = { "-10 5", NULL, "30 -", "0 25" };
  static const char *const flat[] = { "1 2", "3 2" };
  static const float said[] = { 0, 0, 1, 1 }, l[] = { 1, 1 };
  SlRange ranges[2];
  g_autoptr (SlProblem) problem = NULL;
  g_autoptr (SlTensor) targets = NULL, outputs = tensor_f32 (SL_SHAPE2 (2, 2), said);
  g_autoptr (SlTensor) losses = tensor_f32 (SL_SHAPE1 (2), l);
  g_autoptr (SlPrediction) prediction = g_new0 (SlPrediction, 1);
  g_autoptr (GError) error = NULL;
  g_autofree char *json = NULL;
  g_autofree SlRange *again = NULL;
  g_auto (SlScore) score = { 0 };
  double metrics[SL_MAX_METRICS];

  g_assert_false (sl_task_numbers.find_ranges (angles, flat, 2, ranges, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_DATA);
  g_assert_nonnull (strstr (error->message, "yaw"));
  g_clear_error (&error);
  g_assert_true (sl_task_numbers.find_ranges (angles, seen, 4, ranges, &error));
  g_assert_no_error (error);
  problem = sl_problem_new (&sl_task_numbers, angles, ranges);
  assert_targets (problem, good, bad);
  json = sl_problem_ranges_to_json (problem);
  again = sl_problem_ranges_from_json (json, 2, &error);
  g_assert_cmpmem (again, sizeof ranges, ranges, sizeof ranges);

  targets = new_targets (problem, 2, 8, 8);
  g_assert_true (problem->task->encode (problem, "20 25", NULL, targets, 0, &error));
  g_assert_true (problem->task->encode (problem, "30 -", NULL, targets, 1, &error));
  g_assert_cmpfloat_with_epsilon (sl_tensor_f32 (targets)[0], 0.5, 1e-6);
  g_assert_cmpfloat_with_epsilon (sl_tensor_f32 (targets)[1], 1, 1e-6);
  g_assert_cmpfloat (sl_tensor_f32 (targets)[6], ==, 1);
  g_assert_cmpfloat (sl_tensor_f32 (targets)[7], ==, 0);
  problem->task->describe (problem, recipe, NULL, NULL, outputs, NULL, 0, prediction);
  g_assert_cmpstr (prediction->predicted, ==, "10 15");
  problem->task->describe (problem, recipe, "12.5 -", NULL, outputs, NULL, 0, prediction);
  g_assert_cmpuint (prediction->n_distances, ==, 2);
  g_assert_cmpfloat_with_epsilon (prediction->distances[0], 2.5, 1e-5);
  g_assert_true (isnan (prediction->distances[1]));
  sl_score_init (&score, problem);
  problem->task->score (problem, recipe, &score, 2, losses, outputs, targets);
  problem->task->finish_score (problem, &score, metrics);
  /* Roll: said 10, 30 of 20, 30; yaw: said 15 of 25. */
  g_assert_cmpfloat_with_epsilon (metrics[0], (5 + 10) / 2.0, 1e-5);
  g_assert_cmpfloat_with_epsilon (metrics[1], (sqrt (50) + 10) / 2, 1e-5);
  g_assert_cmpfloat_with_epsilon (metrics[2], 1 - 100 / 50.0, 1e-5);
  g_assert_cmpfloat_with_epsilon (metrics[3], (0.125 + 1) / 2, 1e-5);
}

static void
test_ranges_bad (void)
{
  static const char *const bad[] = { "",
                                     "{}",
                                     "[]",
                                     "[[1,2]]",
                                     "[[1,2],[3]]",
                                     "[[1,2],[3,3]]",
                                     "[[1,2],[4,3]]",
                                     "[[1,2],[\"a\",3]]",
                                     "[[1,2],3]",
                                     "[[1,2],[3,4],[5,6]]" };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (sl_problem_ranges_from_json (bad[i], 2, &error));
      g_assert_error (error, SL_ERROR, SL_ERROR_FORMAT);
    }
}

/* ---- Masks */

static const char *const codes[] = { "sky", "VOID", "road", NULL };

static void
test_mask_encode (void)
{
  g_autofree char *folder = g_dir_make_tmp ("slope-tasks-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "mask.png", NULL);
  g_autoptr (SlPicture) picture = sl_picture_new (4, 2);
  g_autoptr (SlPictureCache) cache = sl_picture_cache_new (1 << 20);
  g_autoptr (SlProblem) problem = sl_problem_new (&sl_task_segment, codes, NULL);
  g_autoptr (SlTensor) targets = new_targets (problem, 2, 2, 4);
  SlPictureView view = { .width = 8, .height = 4, .scale_x = 1, .scale_y = 1, .cache = cache };
  const double m[9] = { 2, 0, 0, 0, 2, 0, 0, 0, 1 };
  g_autoptr (GError) error = NULL;

  view.transform.out_width = 4;
  view.transform.out_height = 2;
  memcpy (view.transform.matrix, m, sizeof m);
  for (int i = 0; i < 8; i++)
    memset (picture->pixels + 3 * i, i % 3, 3);
  g_assert_true (sl_picture_save_png (picture, path, &error));
  g_assert_true (problem->task->encode (problem, path, &view, targets, 1, &error));
  g_assert_no_error (error);
  for (int i = 0; i < 8; i++)
    g_assert_cmpint (sl_tensor_i32 (targets)[8 + i], ==, i % 3);
  g_unlink (path);
  g_assert_true (problem->task->encode (problem, NULL, &view, targets, 1, &error));
  g_assert_false (problem->task->encode (problem, path, &view, targets, 1, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  memset (picture->pixels, 3, 3);
  g_assert_true (sl_picture_save_png (picture, path, &error));
  g_assert_false (problem->task->encode (problem, path, &view, targets, 1, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_FORMAT);
  g_assert_nonnull (strstr (error->message, "3"));
  g_unlink (path);
  g_rmdir (folder);
}

/* Of test_mask_score(): the pixel of Void was said to be sky, which is no mistake. */
static void
assert_overlaps (const SlPrediction *prediction)
{
  static const guint8 truth[] = { 0, 0, 2, SL_MASK_VOID };
  static const SlOverlap overlaps[] = { { 1, 2, 1 }, { 0, 0, 0 }, { 1, 1, 2 } };

  g_assert_cmpmem (prediction->truth, 4, truth, sizeof truth);
  g_assert_cmpuint (prediction->n_overlaps, ==, 3);
  g_assert_cmpmem (prediction->overlaps, sizeof overlaps, overlaps, sizeof overlaps);
  g_assert_cmpfloat_with_epsilon (sl_overlap_iou (1, 2, 2), 1 / 3., 1e-9);
  g_assert_cmpfloat (sl_overlap_iou (0, 1, 0), ==, 0);
  g_assert_true (isnan (sl_overlap_iou (0, 0, 0)));
}

/* Four pixels, one of them Void.  Right: two of three.  Sky: 1 of 2 either; road: 1 of 2. */
static void
test_mask_score (void)
{
  static const float p[] = { 0.8f, 0.1f, 0.1f, 0.2f, 0.1f, 0.7f, 0.2f, 0.1f, 0.7f, 0.9f, 0, 0.1f };
  static const gint32 wanted[] = { 0, 0, 2, 1 };
  static const float l[] = { 2 };
  g_autoptr (SlProblem) problem = sl_problem_new (&sl_task_segment, codes, NULL);
  g_autoptr (SlTensor) said = tensor_f32 (SL_SHAPE4 (1, 2, 2, 3), p);
  g_autoptr (SlTensor) losses = tensor_f32 (SL_SHAPE1 (1), l);
  g_autoptr (SlTensor) targets = new_targets (problem, 1, 2, 2);
  g_autoptr (SlPrediction) prediction = g_new0 (SlPrediction, 1);
  g_autoptr (SlPrediction) copy = g_new0 (SlPrediction, 1);
  g_auto (SlScore) score = { 0 };
  double metrics[SL_MAX_METRICS];

  memcpy (sl_tensor_i32 (targets), wanted, sizeof wanted);
  sl_score_init (&score, problem);
  problem->task->finish_score (problem, &score, metrics);
  g_assert_true (isnan (metrics[0]) && isnan (metrics[1]));
  problem->task->score (problem, recipe, &score, 1, losses, said, targets);
  problem->task->finish_score (problem, &score, metrics);
  g_assert_cmpfloat_with_epsilon (metrics[0], 2.0 / 3, 1e-9);
  g_assert_cmpfloat_with_epsilon (metrics[1], 0.5, 1e-9);
  problem->task->describe (problem, recipe, "x", NULL, said, targets, 0, prediction);
  g_assert_cmpstr (prediction->predicted, ==, "sky;road");
  g_assert_cmpfloat_with_epsilon (prediction->probability, 2.0 / 3, 1e-6);
  g_assert_cmpint (prediction->mask_width, ==, 2);
  g_assert_cmpint (prediction->mask[2], ==, 2);
  assert_overlaps (prediction);
  sl_prediction_copy (prediction, copy);
  problem->task->describe (problem, recipe, NULL, NULL, said, NULL, 0, prediction);
  g_assert_true (isnan (prediction->probability));
  g_assert_null (prediction->truth);
  g_assert_cmpuint (prediction->n_overlaps, ==, 0);
  assert_overlaps (copy);
}

/* The middle half of a wide picture: what is cropped away at the sides was not seen. */
static void
test_mask_seen (void)
{
  static const float p[] = { 1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0 };
  static const float expected[] = { 0.25f, 0, 0.75f, 1 };
  g_autoptr (SlProblem) problem = sl_problem_new (&sl_task_segment, codes, NULL);
  g_autoptr (SlTensor) said = tensor_f32 (SL_SHAPE4 (1, 2, 2, 3), p);
  g_autoptr (SlPrediction) prediction = g_new0 (SlPrediction, 1);
  SlPictureView view = { .width = 80, .height = 40, .scale_x = 1, .scale_y = 1 };

  sl_transform_draw (&view.transform, NULL, SL_RESIZE_CROP, 80, 40, 2, 2, 0);
  problem->task->describe (problem, recipe, NULL, &view, said, NULL, 0, prediction);
  for (guint i = 0; i < 4; i++)
    g_assert_cmpfloat_with_epsilon (prediction->seen[i], expected[i], 1e-6);
}

/* ---- Units */

static void
test_units (void)
{
  static const struct
  {
    const char *name, *plain, *unit;
  } rows[] = {
    { "roll (°)", "roll", "°" },
    { "yaw(deg)", "yaw", "°" },
    { "pitch [ Degrees ]", "pitch", "°" },
    { "roll_deg", "roll", "°" },
    { "length [mm]", "length", "mm" },
    { "speed (km/h) [kn]", "speed (km/h)", "kn" },
    { "roll", "roll", NULL },
    { "max_m", "max_m", NULL },
    { "_deg", "_deg", NULL },
    { "(mm)", "(mm)", NULL },
    { "x ()", "x ()", NULL },
    { "x )", "x )", NULL },
    { "x ]mm]", "x ]mm]", NULL },
    { "", "", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *plain = NULL;
      g_autofree char *unit = sl_number_split_unit (rows[i].name, &plain);

      g_assert_cmpstr (plain, ==, rows[i].plain);
      g_assert_cmpstr (unit, ==, rows[i].unit);
    }
}

static void
test_common_unit (void)
{
  static const char *const same[] = { "roll (°)", "yaw_deg", NULL };
  static const char *const mixed[] = { "roll (°)", "length [mm]", NULL };
  static const SlRange ranges[] = { { -1, 1 }, { -1, 1 } };
  g_autoptr (SlProblem) degrees = sl_problem_new (&sl_task_numbers, same, ranges);
  g_autoptr (SlProblem) both = sl_problem_new (&sl_task_numbers, mixed, ranges);
  g_autoptr (SlProblem) names = sl_problem_new (&sl_task_classify, same, NULL);
  g_autofree char *unit = sl_problem_dup_unit (degrees);

  g_assert_cmpstr (unit, ==, "°");
  g_assert_null (sl_problem_dup_unit (both));
  g_assert_null (sl_problem_dup_unit (names));
}

/* ---- An answer held against another target */

/* Of what counts, the mean square. */
static double
mean_square (const SlProblem *problem, const SlTensor *targets, const float *said)
{
  const gsize n = problem->task->n_outputs (problem);
  const float *wanted = sl_tensor_f32 ((SlTensor *)targets);
  double sum = 0, counted = 0;

  for (gsize i = 0; i < n; i++)
    if (wanted[n + i] > 0)
      {
        sum += (said[i] - wanted[i]) * (said[i] - wanted[i]);
        counted++;
      }
  return sum / counted;
}

/* Described with one target and measured with another, an answer is what it is described with the other. */
static void
check_measured (const SlProblem *problem, const float *said, const char *first, const char *second,
                double near)
{
  const SlTask *task = problem->task;
  const guint n = task->n_outputs (problem);
  g_autoptr (SlTensor) outputs = tensor_f32 (SL_SHAPE2 (1, n), said);
  g_autoptr (SlTensor) targets = new_targets (problem, 1, 50, 50);
  g_autoptr (SlTensor) losses = sl_tensor_new (SL_DTYPE_F32, SL_SHAPE1 (1));
  g_autoptr (SlPrediction) measured = g_new0 (SlPrediction, 1), wanted = g_new0 (SlPrediction, 1);
  SlPictureView view = look (1);
  double loss;

  g_assert_true (task->encode (problem, first, &view, targets, 0, NULL));
  task->describe (problem, recipe, first, &view, outputs, targets, 0, measured);
  g_assert_true (task->encode (problem, second, &view, targets, 0, NULL));
  task->describe (problem, recipe, second, &view, outputs, targets, 0, wanted);
  if (task->item_losses != NULL)
    task->item_losses (problem, recipe, 1, outputs, targets, losses);
  loss = task->item_losses != NULL ? sl_tensor_f32 (losses)[0]
                                   : mean_square (problem, targets, said);
  g_assert_true (task->measure (problem, recipe, second, &view, measured));
  g_assert_cmpstr (measured->predicted, ==, wanted->predicted);
  g_assert_cmpfloat_with_epsilon (measured->loss, loss, near);
  g_assert_true (isnan (wanted->probability) || measured->probability == wanted->probability);
  g_assert_cmpuint (measured->n_outputs, ==, n);
  g_assert_cmpuint (measured->n_distances, ==, wanted->n_distances);
  for (guint i = 0; i < wanted->n_distances; i++)
    if (isnan (wanted->distances[i]))
      g_assert_true (isnan (measured->distances[i]));
    else
      g_assert_cmpfloat_with_epsilon (measured->distances[i], wanted->distances[i], 0.02);
  /* What no target is cannot be measured with. */
  g_assert_false (task->measure (problem, recipe, "no such", &view, measured));
  g_assert_cmpfloat_with_epsilon (measured->loss, loss, near);
}

static void
test_measure (void)
{
  static const float p[] = { 0.7f, 0.1f, 0.15f, 0.05f }, two[] = { 0.25f, -0.5f };
  /* One of them is a little beside the picture. */
  static const float places[] = { 0.013f, 0, 0.5f, -0.5f, -1.04f, 1 };
  static const SlRange ranges[] = { { -90, 90 }, { -90, 90 } };
  g_autoptr (SlProblem) classify = sl_problem_new (&sl_task_classify, weather, NULL);
  g_autoptr (SlProblem) labels = sl_problem_new (&sl_task_multilabel, weather, NULL);
  g_autoptr (SlProblem) points = sl_problem_new (&sl_task_points, face, NULL);
  g_autoptr (SlProblem) numbers = sl_problem_new (&sl_task_numbers, angles, ranges);
  SlPictureView view = look (1);
  SlPrediction without = { .predicted = g_strdup ("clear") };

  check_measured (classify, p, "clear", "road", 1e-6);
  check_measured (labels, p, "clear;road", "cloudy", 1e-6);
  check_measured (points, places, "100,50 150,25 0,100", "90,40 - 10,80", 1e-3);
  check_measured (numbers, two, "1 2", "- 40.5", 1e-6);
  g_assert_null (sl_task_segment.measure);
  /* Of a class, its probability would have to be kept. */
  g_assert_false (classify->task->measure (classify, recipe, "road", &view, &without));
  sl_prediction_clear (&without);
}

static void
test_kept (void)
{
  float values[65] = { 0.5f };
  SlOverlap overlap = { 1, 2, 3 };
  SlPrediction prediction = { .outputs = values, .n_outputs = 64 };
  guint n;
  g_autofree float *classes = sl_prediction_dup_kept (&prediction, &sl_task_classify, &n);

  g_assert_cmpuint (n, ==, 64);
  g_assert_cmpfloat (classes[0], ==, 0.5f);
  prediction.n_outputs = 65; /* of many classes a large project would keep too much */
  g_assert_null (sl_prediction_dup_kept (&prediction, &sl_task_classify, &n));
  g_assert_cmpuint (n, ==, 0);
  prediction.overlaps = &overlap;
  prediction.n_overlaps = 1;
  g_free (g_steal_pointer (&classes));
  classes = sl_prediction_dup_kept (&prediction, &sl_task_segment, &n);
  g_assert_cmpuint (n, ==, 3);
  g_assert_cmpfloat (classes[2], ==, 3);
}

int
main (int argc, char **argv)
{
  int code;

  g_test_init (&argc, &argv, NULL);
  recipe = sl_recipe_new ();
  g_test_add_func ("/tasks/labels/targets", test_labels_targets);
  g_test_add_func ("/tasks/labels/score", test_labels_score);
  g_test_add_func ("/tasks/labels/losses", test_labels_losses);
  g_test_add_func ("/tasks/points/targets", test_points_targets);
  g_test_add_func ("/tasks/points/answer", test_points_answer);
  g_test_add_func ("/tasks/numbers", test_numbers);
  g_test_add_func ("/tasks/ranges-bad", test_ranges_bad);
  g_test_add_func ("/tasks/numbers/units", test_units);
  g_test_add_func ("/tasks/numbers/common-unit", test_common_unit);
  g_test_add_func ("/tasks/mask/encode", test_mask_encode);
  g_test_add_func ("/tasks/mask/score", test_mask_score);
  g_test_add_func ("/tasks/mask/seen", test_mask_seen);
  g_test_add_func ("/tasks/measure", test_measure);
  g_test_add_func ("/tasks/kept", test_kept);
  code = g_test_run ();
  sl_recipe_free (recipe);
  return code;
}
