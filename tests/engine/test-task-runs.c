/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each kind of problem learns: pictures that a few dozen steps are enough for, from file to score. */
#include "tiny-pictures.h"
#include <math.h>
#include <string.h>

#define N_PICTURES 24
#define N_EPOCHS \
  40 /* at 24 the rounding of the products decided whether numbers came near enough: 235 to 557 */

/* How a picture of a kind is drawn, and its target (transfer full). */
typedef struct
{
  const char *name;
  const SlTask *task;
  const char *const *classes;
  double before, after; /* the first metric: no better at first, at least as good in the end */
  char *(*draw) (SlPicture *picture, const char *folder, guint i);
} Kind;

static void
fill (SlPicture *picture, int x0, int y0, int x1, int y1, int channel)
{
  for (int y = MAX (y0, 0); y < MIN (y1, picture->height); y++)
    for (int x = MAX (x0, 0); x < MIN (x1, picture->width); x++)
      {
        guint8 *pixel = picture->pixels + 3 * ((gsize)y * (gsize)picture->width + (gsize)x);

        memset (pixel, 30, 3);
        pixel[channel] = 220;
      }
}

static const char *const colours[] = { "blue", "green", "red", NULL };

/* Each colour is there or not: the three bits of the number.  Where none is, F-beta is 0, so that the best
 * that can be had is 7/8. */
static char *
draw_labels (SlPicture *picture, const char *folder, guint i)
{
  GString *text = g_string_new (NULL);

  for (guint c = 0; c < 3; c++)
    if (i >> c & 1)
      {
        fill (picture, 10 * (int)c, 4, 10 * (int)c + 9, 28, 2 - (int)c);
        g_string_append_printf (text, "%s%s", text->len > 0 ? ";" : "", colours[c]);
      }
  return g_string_free (text, FALSE);
}

static const char *const spots[] = { "spot", "never", NULL };

static char *
draw_point (SlPicture *picture, const char *folder, guint i)
{
  int x = 4 + (int)(i * 7 % 24), y = 4 + (int)(i * 11 % 24);

  fill (picture, x - 4, y - 4, x + 4, y + 4, 0);
  return g_strdup_printf ("%d,%d -", x, y);
}

static const char *const heights[] = { "height", NULL };

static char *
draw_number (SlPicture *picture, const char *folder, guint i)
{
  int height = (int)(i * 5 % 30) + 1;

  fill (picture, 0, 0, picture->width, height, 0);
  return g_strdup_printf ("%d.5", 100 * height);
}

static const char *const grounds[] = { "sky", "ground", "Void", NULL };

/* The lower part is ground; the first row is nothing. */
static char *
draw_mask (SlPicture *picture, const char *folder, guint i)
{
  g_autoptr (SlPicture) mask = sl_picture_new (picture->width, picture->height);
  g_autofree char *name = g_strdup_printf ("mask-%u.png", i);
  char *path = g_build_filename (folder, name, NULL);
  int horizon = 8 + (int)(i % 16);
  g_autoptr (GError) error = NULL;

  fill (picture, 0, 0, picture->width, horizon, 2);
  fill (picture, 0, horizon, picture->width, picture->height, 1);
  for (int y = 0; y < mask->height; y++)
    memset (mask->pixels + 3 * (gsize)y * (gsize)mask->width, y == 0 ? 2 : y >= horizon,
            3 * (gsize)mask->width);
  g_assert_true (sl_picture_save_png (mask, path, &error));
  return path;
}

static const Kind kinds[] = {
  { "multilabel", &sl_task_multilabel, colours, 0.8, 0.87, draw_labels },
  { "points", &sl_task_points, spots, 9, 7, draw_point },
  { "numbers", &sl_task_numbers, heights, 1000, 500, draw_number },
  { "segment", &sl_task_segment, grounds, 0.9, 0.9, draw_mask },
};

/* (transfer full) */
static SlSampleSet *
draw_set (const Kind *kind, const char *folder)
{
  g_autofree char **targets = g_new0 (char *, N_PICTURES);
  g_autoptr (SlProblem) problem = NULL;
  g_autoptr (GError) error = NULL;
  SlRange range;
  SlSampleSet *set;

  for (guint i = 0; i < N_PICTURES; i++)
    {
      g_autoptr (SlPicture) picture = sl_picture_new (TINY_SIDE, TINY_SIDE);
      g_autofree char *name = g_strdup_printf ("%u.png", i);
      g_autofree char *path = g_build_filename (folder, name, NULL);

      targets[i] = kind->draw (picture, folder, i);
      g_assert_true (sl_picture_save_png (picture, path, &error));
    }
  if (kind->task->has_ranges)
    g_assert_true (kind->task->find_ranges (kind->classes, (const char *const *)targets, N_PICTURES,
                                            &range, &error));
  problem = sl_problem_new (kind->task, kind->classes, kind->task->has_ranges ? &range : NULL);
  set = sl_sample_set_new (problem);
  for (guint i = 0; i < N_PICTURES; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.png", i);
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_assert_true (kind->task->check_target (problem, targets[i], &error));
      sl_sample_set_add (set, i + 1, path, targets[i]);
      g_free (targets[i]);
    }
  return set;
}

typedef struct
{
  const SlProblem *problem;
  guint n;
} Heard;

/* What the model says is what a target may be. */
static void
hear (const SlPrediction *prediction, gpointer data)
{
  Heard *heard = data;

  heard->n++;
  g_assert_true (isfinite (prediction->loss));
  g_assert_cmpuint (prediction->n_outputs, >, 0);
  if (heard->problem->task->dense)
    {
      g_assert_cmpint (prediction->mask_width, ==, TINY_SIDE);
      g_assert_cmpint (prediction->mask[TINY_SIDE * TINY_SIDE - 1], ==, 1);
    }
  else
    g_assert_true (
        heard->problem->task->check_target (heard->problem, prediction->predicted, NULL));
}

/* A picture alone, its target known or not, is answered as in its set; and it knows what the target says. */
static void
check_alone (SlModel *model, SlSampleSet *set)
{
  const SlSample *sample = sl_sample_set_get (set, 3);
  const SlProblem *problem = sl_model_get_problem (model);
  g_autoptr (GError) error = NULL;
  g_autoptr (SlPrediction) plain = sl_model_predict (model, sample->path, &error);
  g_autoptr (SlPrediction)
      known = sl_model_predict_target (model, sample->path, sample->target, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (plain->predicted, ==, known->predicted);
  g_assert_true (isnan (plain->loss));
  g_assert_true (isfinite (known->loss));
  g_assert_cmpuint (plain->n_overlaps + plain->n_distances, ==, 0);
  if (!problem->task->has_classes)
    g_assert_cmpuint (known->n_overlaps + known->n_distances, ==, problem->n_classes);
  if (!problem->task->dense)
    return;
  /* The first row is void, the last one ground. */
  g_assert_cmpint (known->truth[0], ==, SL_MASK_VOID);
  g_assert_cmpint (known->truth[TINY_SIDE * TINY_SIDE - 1], ==, 1);
  g_assert_cmpfloat_with_epsilon (known->seen[2] - known->seen[0], 1, 1e-5);
  g_assert_null (sl_model_predict_target (model, sample->path, "/nowhere.png", &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_FORMAT);
}

static double
measure (const char *folder, SlSampleSet *set)
{
  g_autofree char *path = g_build_filename (folder, "model.safetensors", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (SlModel) model = sl_model_load (path, &error);
  g_auto (SlScore) score = { 0 };
  Heard heard = { 0 };
  double metrics[SL_MAX_METRICS];

  g_assert_no_error (error);
  heard.problem = sl_model_get_problem (model);
  g_assert_true (
      sl_model_evaluate (model, set, NULL, hear, &heard, &score, NULL, NULL, NULL, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (heard.n, ==, N_PICTURES);
  check_alone (model, set);
  heard.problem->task->finish_score (heard.problem, &score, metrics);
  return metrics[0];
}

static double
train (const char *folder, SlSampleSet *set, guint epochs)
{
  g_autoptr (SlRecipe) recipe = tiny_recipe (epochs);
  SlTrainSetup setup = { .train = set, .recipe = recipe, .folder = folder };
  g_autoptr (GError) error = NULL;
  SlTrainResult result;

  recipe->batch = 8;
  recipe->dropout = 0;
  recipe->threads = 2;
  g_free (recipe->augment);
  recipe->augment = g_strdup ("none");
  g_assert_true (sl_train (&setup, NULL, NULL, NULL, &result, NULL, &error));
  g_assert_no_error (error);
  return measure (folder, set);
}

static void
test_learns (gconstpointer data)
{
  const Kind *kind = data;
  g_autofree char *pictures = tiny_folder (), *first = tiny_folder (), *last = tiny_folder ();
  g_autoptr (SlSampleSet) set = draw_set (kind, pictures);
  double before = train (first, set, 1), after = train (last, set, N_EPOCHS);

  g_test_message ("%s: %g, then %g", kind->task->metrics[0].name, before, after);
  if (kind->task->metrics[0].higher_is_better)
    {
      g_assert_cmpfloat (before, <, kind->before);
      g_assert_cmpfloat (after, >, kind->after);
    }
  else
    {
      g_assert_cmpfloat (before, >, kind->before);
      g_assert_cmpfloat (after, <, kind->after);
    }
  tiny_remove (pictures);
  tiny_remove (first);
  tiny_remove (last);
}

/* What makes no sense for a kind of problem is refused in words. */
static void
test_refused (void)
{
  g_autofree char *folder = tiny_folder ();
  g_autoptr (SlSampleSet) set = draw_set (&kinds[1], folder);
  g_autoptr (SlRecipe) recipe = tiny_recipe (1);
  SlTrainSetup setup = { .train = set, .recipe = recipe, .folder = folder };
  g_autoptr (GError) error = NULL;
  SlTrainResult result;

  recipe->mixup = 0.4;
  g_assert_false (sl_train (&setup, NULL, NULL, NULL, &result, NULL, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_UNSUPPORTED);
  g_clear_error (&error);
  recipe->mixup = 0;
  recipe->balance = SL_BALANCE_WEIGHTS;
  g_assert_false (sl_train (&setup, NULL, NULL, NULL, &result, NULL, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_UNSUPPORTED);
  tiny_remove (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *path = g_strconcat ("/task-runs/", kinds[i].name, NULL);

      g_test_add_data_func (path, &kinds[i], test_learns);
    }
  g_test_add_func ("/task-runs/refused", test_refused);
  return g_test_run ();
}
