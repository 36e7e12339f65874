/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tasks/names.h"
#include "tasks/regression.h"
#include <math.h>
#include <string.h>

/* Numbers of a picture, such as angles: the target is "12.5 -3.4 …" in the user's units, "-" for one
 * that is not known; the classes are the numbers' names.  The network works on -1 … 1, which are the ends
 * of each number's range in the data set. */

#define N_(text) (text) /* translated by the window */

/* Of each number. */
enum
{
  SUM_COUNT,
  SUM_ERROR,   /* absolute, in units */
  SUM_SQUARES, /* of errors, in units */
  SUM_VALUE,   /* of what is true */
  SUM_VALUE_SQUARES,
  SUM_SCALED, /* squares of errors on the scale of -1 … 1 */
  N_SUMS
};

/* @values: NaN where a number is not known. */
static gboolean
read_numbers (const char *target, double *values, guint n_classes, GError **error)
{
  const char *at = target != NULL ? target : "";
  guint n = 0;

  for (; *at != '\0' && n < n_classes; n++)
    {
      double value = NAN;

      if (*at == '-' && (at[1] == ' ' || at[1] == '\0'))
        at++;
      else if (!sl_number_read (&at, ' ', &value))
        break;
      if (values != NULL)
        values[n] = value;
      if (*at == ' ')
        at++;
    }
  if (n == n_classes && *at == '\0')
    return TRUE;
  g_set_error (error, SL_ERROR, SL_ERROR_FORMAT,
               "“%.40s” are not %u numbers: write each with a decimal point, or “-”, and blanks "
               "between them",
               target != NULL ? target : "", n_classes);
  return FALSE;
}

static gboolean
check_target (const SlProblem *problem, const char *target, GError **error)
{
  return read_numbers (target, NULL, problem->n_classes, error);
}

static gboolean
find_ranges (const char *const *classes, const char *const *targets, gsize n, SlRange *ranges,
             GError **error)
{
  guint k = g_strv_length ((char **)classes);
  g_autofree double *values = g_new (double, MAX (k, 1));

  for (guint i = 0; i < k; i++)
    ranges[i] = (SlRange){ INFINITY, -INFINITY };
  for (gsize row = 0; row < n; row++)
    {
      if (targets[row] == NULL)
        continue;
      if (!read_numbers (targets[row], values, k, error))
        return FALSE;
      for (guint i = 0; i < k; i++)
        if (!isnan (values[i]))
          {
            ranges[i].low = MIN (ranges[i].low, values[i]);
            ranges[i].high = MAX (ranges[i].high, values[i]);
          }
    }
  for (guint i = 0; i < k; i++)
    if (!(ranges[i].low < ranges[i].high))
      {
        g_set_error (error, SL_ERROR, SL_ERROR_DATA,
                     "“%s” is the same for all pictures: leave the column out, there is nothing to "
                     "learn",
                     classes[i]);
        return FALSE;
      }
  return TRUE;
}

/* What a flip does to a number nobody knows.  No dropout: the angles of 86 head poses were off by 4.3°, by
 * 4.8° with the course's 0.5 (means of two draws). */
static void
suggest (const SlProblem *problem, SlRecipe *recipe)
{
  g_free (recipe->augment);
  recipe->augment = g_strdup ("none");
  recipe->resize = SL_RECIPE_RESIZE_SQUISH;
  recipe->dropout = 0;
}

static guint
n_outputs (const SlProblem *problem)
{
  return problem->n_classes;
}

static guint
n_sums (const SlProblem *problem)
{
  return N_SUMS * problem->n_classes;
}

static void
target_layout (const SlProblem *problem, gsize batch, int height, int width, SlDType *dtype,
               SlShape *shape)
{
  *dtype = SL_DTYPE_F32;
  *shape = SL_SHAPE3 (batch, 2, problem->n_classes);
}

static double
half_width (const SlRange *range)
{
  return (range->high - range->low) / 2;
}

static double
unscale (const SlRange *range, double value)
{
  return range->low + (value + 1) * half_width (range);
}

static gboolean
encode (const SlProblem *problem, const char *target, const SlPictureView *view, SlTensor *targets,
        gsize index, GError **error)
{
  gsize n = problem->n_classes;
  float *values = sl_tensor_f32 (targets) + index * 2 * n, *counts = values + n;
  g_autofree double *numbers = g_new (double, MAX (n, 1));

  memset (values, 0, 2 * n * sizeof *values);
  if (target == NULL)
    return TRUE;
  if (!read_numbers (target, numbers, problem->n_classes, error))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    if (!isnan (numbers[i]))
      {
        const SlRange *range = &problem->ranges[i];

        values[i] = (float)((numbers[i] - range->low) / half_width (range) - 1);
        counts[i] = 1;
      }
  return TRUE;
}

/* ---- Scores */

static void
add_number (const SlRange *range, double said, double wanted, double *sums)
{
  double value = unscale (range, wanted), off = (said - wanted) * half_width (range);

  sums[SUM_COUNT]++;
  sums[SUM_ERROR] += fabs (off);
  sums[SUM_SQUARES] += off * off;
  sums[SUM_VALUE] += value;
  sums[SUM_VALUE_SQUARES] += value * value;
  sums[SUM_SCALED] += (said - wanted) * (said - wanted);
}

static void
score (const SlProblem *problem, const SlRecipe *recipe, SlScore *score, gsize n,
       const SlTensor *losses, const SlTensor *probabilities, const SlTensor *targets)
{
  gsize k = problem->n_classes;

  for (gsize i = 0; i < n; i++)
    {
      const float *said = sl_tensor_f32 ((SlTensor *)probabilities) + i * k;
      const float *values = sl_tensor_f32 ((SlTensor *)targets) + i * 2 * k, *counts = values + k;

      score->loss += sl_tensor_f32 ((SlTensor *)losses)[i];
      for (gsize j = 0; j < k; j++)
        if (counts[j] > 0)
          add_number (&problem->ranges[j], said[j], values[j], score->sums + j * N_SUMS);
    }
  score->weight += (double)n;
}

/* Means over the numbers; of each alone first, since their units differ. */
static void
finish_score (const SlProblem *problem, const SlScore *score, double *metrics)
{
  double mae = 0, rmse = 0, r2 = 0, mse = 0, n_seen = 0, n_vary = 0;

  for (guint j = 0; j < problem->n_classes; j++)
    {
      const double *sums = score->sums + (gsize)j * N_SUMS;
      double n = sums[SUM_COUNT], spread;

      if (n <= 0)
        continue;
      n_seen++;
      mae += sums[SUM_ERROR] / n;
      rmse += sqrt (sums[SUM_SQUARES] / n);
      mse += sums[SUM_SCALED] / n;
      spread = sums[SUM_VALUE_SQUARES] - sums[SUM_VALUE] * sums[SUM_VALUE] / n;
      if (spread > 0) /* R² of one value, or of equal ones, is none */
        {
          r2 += 1 - sums[SUM_SQUARES] / spread;
          n_vary++;
        }
    }
  metrics[0] = n_seen > 0 ? mae / n_seen : NAN;
  metrics[1] = n_seen > 0 ? rmse / n_seen : NAN;
  metrics[2] = n_vary > 0 ? r2 / n_vary : NAN;
  metrics[3] = n_seen > 0 ? mse / n_seen : NAN;
}

static void
find_distances (const SlProblem *problem, const char *target, SlPrediction *prediction)
{
  g_autofree double *wanted = g_new (double, MAX (problem->n_classes, 1));

  if (target == NULL || !read_numbers (target, wanted, problem->n_classes, NULL))
    return;
  prediction->n_distances = problem->n_classes;
  prediction->distances = g_new (float, MAX (problem->n_classes, 1));
  for (guint i = 0; i < problem->n_classes; i++) /* NaN stays NaN */
    prediction->distances[i] = (float)fabs (prediction->outputs[i] - wanted[i]);
}

static void
describe (const SlProblem *problem, const SlRecipe *recipe, const char *target,
          const SlPictureView *view, const SlTensor *probabilities, const SlTensor *targets,
          gsize index, SlPrediction *prediction)
{
  guint n = problem->n_classes;
  const float *said = sl_tensor_f32 ((SlTensor *)probabilities) + index * n;
  GString *text = g_string_new (NULL);

  sl_prediction_clear (prediction);
  prediction->n_outputs = n;
  prediction->outputs = g_new (float, MAX (n, 1));
  prediction->probability = NAN;
  for (guint i = 0; i < n; i++)
    {
      char number[G_ASCII_DTOSTR_BUF_SIZE];

      prediction->outputs[i] = (float)unscale (&problem->ranges[i], said[i]);
      g_ascii_formatd (number, sizeof number, "%.6g", prediction->outputs[i]);
      g_string_append_printf (text, "%s%s", i > 0 ? " " : "", number);
    }
  prediction->predicted = g_string_free (text, FALSE);
  find_distances (problem, target, prediction);
}

/* The answer's words are its numbers to six digits. */
static gboolean
measure (const SlProblem *problem, const SlRecipe *recipe, const char *target,
         const SlPictureView *view, SlPrediction *prediction)
{
  const guint n = problem->n_classes;
  g_autoptr (SlTensor) wanted = sl_tensor_new (SL_DTYPE_F32, SL_SHAPE3 (1, 2, n));
  g_autoptr (SlTensor) said = sl_tensor_new (SL_DTYPE_F32, SL_SHAPE3 (1, 2, n));
  float *answer = sl_tensor_f32 (said);

  if (!encode (problem, prediction->predicted, view, said, 0, NULL)
      || !encode (problem, target, view, wanted, 0, NULL))
    return FALSE;
  prediction->loss = sl_regression_loss (problem, wanted, answer);
  g_free (prediction->outputs);
  prediction->outputs = g_new (float, MAX (n, 1));
  prediction->n_outputs = n;
  for (guint i = 0; i < n; i++)
    prediction->outputs[i] = (float)unscale (&problem->ranges[i], answer[i]);
  g_clear_pointer (&prediction->distances, g_free);
  find_distances (problem, target, prediction);
  return TRUE;
}

static guint
classes_of (const SlProblem *problem, const char *target, guint *indices, guint max)
{
  return 0;
}

const SlTask sl_task_numbers = {
  .id = "numbers",
  .label = N_ ("Numbers"),
  .has_ranges = TRUE,
  .n_metrics = 4,
  .metrics = { { "mae", FALSE, FALSE },
               { "rmse", FALSE, FALSE },
               { "r2", TRUE, FALSE },
               { "mse", FALSE, FALSE } },
  .check_target = check_target,
  .suggest = suggest,
  .find_ranges = find_ranges,
  .n_outputs = n_outputs,
  .n_sums = n_sums,
  .target_layout = target_layout,
  .encode = encode,
  .add_loss = sl_regression_add_loss,
  .perfect = sl_regression_perfect,
  .score = score,
  .finish_score = finish_score,
  .describe = describe,
  .measure = measure,
  .classes_of = classes_of,
};
