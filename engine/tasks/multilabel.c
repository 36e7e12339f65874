/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tasks/names.h"
#include <float.h>
#include <math.h>
#include <string.h>

/* Several labels a picture, or none: the target is the names of its classes, sorted as the problem's
 * list, with ";" between them. */

#define N_(text) (text) /* translated by the window */
#define DELIMITER ';'
#define BETA 2.0 /* recall counts as much more than precision, as in the course's Planet lesson */
#define EPSILON 1e-9  /* of fa:metrics.py */
#define THRESHOLD 0.2 /* the course's, with that beta */

enum
{
  SUM_FBETA, /* over items */
  SUM_RIGHT, /* over items: share of cells that are right */
  N_SUMS
};

static gboolean
set_bad (GError **error, const char *target, const char *why)
{
  g_set_error (error, SL_ERROR, SL_ERROR_NOT_FOUND,
               "“%s” are no labels (%s): write classes that exist with “;” between them",
               target != NULL ? target : "", why);
  return FALSE;
}

/* Calls for each label of a checked target. */
static gboolean
walk (const SlProblem *problem, const char *target, guint *indices, guint max, guint *n,
      GError **error)
{
  gint32 last = -1;

  *n = 0;
  while (target != NULL && *target != '\0')
    {
      const char *end = strchr (target, DELIMITER);
      gsize length = end != NULL ? (gsize)(end - target) : strlen (target);
      gint32 found = sl_names_find (problem, target, length);

      if (found < 0)
        return set_bad (error, target, "one of them is no class");
      if (found <= last)
        return set_bad (error, target, "they are not in order, each once");
      if (end != NULL && end[1] == '\0')
        return set_bad (error, target, "nothing follows the last “;”");
      last = found;
      if (*n < max)
        indices[(*n)++] = (guint)found;
      target = end != NULL ? end + 1 : NULL;
    }
  return TRUE;
}

static gboolean
check_target (const SlProblem *problem, const char *target, GError **error)
{
  guint n;

  return target != NULL ? walk (problem, target, NULL, 0, &n, error)
                        : set_bad (error, target, "there is no text");
}

static void
suggest (const SlProblem *problem, SlRecipe *recipe)
{
  recipe->threshold = THRESHOLD;
}

static guint
n_outputs (const SlProblem *problem)
{
  return problem->n_classes;
}

static guint
n_sums (const SlProblem *problem)
{
  return N_SUMS;
}

/* Of a sigmoid. */
static double
logit (double probability)
{
  return log (probability / (1 - probability));
}

static void
target_layout (const SlProblem *problem, gsize batch, int height, int width, SlDType *dtype,
               SlShape *shape)
{
  *dtype = SL_DTYPE_F32;
  *shape = SL_SHAPE2 (batch, problem->n_classes);
}

static gboolean
encode (const SlProblem *problem, const char *target, const SlPictureView *view, SlTensor *targets,
        gsize index, GError **error)
{
  gsize n_classes = problem->n_classes;
  float *row = sl_tensor_f32 (targets) + index * n_classes;
  g_autofree guint *found = g_new (guint, MAX (n_classes, 1));
  guint n;

  memset (row, 0, n_classes * sizeof *row);
  if (!walk (problem, target, found, problem->n_classes, &n, error))
    return FALSE;
  for (guint i = 0; i < n; i++)
    row[found[i]] = 1;
  return TRUE;
}

static void
perfect (const SlProblem *problem, const SlTensor *targets, gsize index, float *answer,
         float *counts)
{
  const float *row = sl_tensor_f32 ((SlTensor *)targets) + index * problem->n_classes;

  for (guint j = 0; j < problem->n_classes; j++)
    {
      answer[j] = row[j];
      counts[j] = 1;
    }
}

static gboolean
add_loss (const SlProblem *problem, const SlRecipe *recipe, SlGraph *graph, SlValue logits,
          SlValue targets, SlValue weights, GError **error)
{
  SlValue loss, losses, probabilities;

  if (!sl_binary_cross_entropy (graph, logits, targets, weights, recipe->label_smoothing, &loss,
                                &losses, &probabilities, error))
    return FALSE;
  sl_graph_output (graph, "loss", loss);
  sl_graph_output (graph, "losses", losses);
  sl_graph_output (graph, "probabilities", probabilities);
  return TRUE;
}

static void
item_losses (const SlProblem *problem, const SlRecipe *recipe, gsize n,
             const SlTensor *probabilities, const SlTensor *targets, SlTensor *losses)
{
  const float *p = sl_tensor_f32 ((SlTensor *)probabilities);
  const float *t = sl_tensor_f32 ((SlTensor *)targets);
  const double smoothing = recipe->label_smoothing;
  gsize k = problem->n_classes;

  for (gsize i = 0; i < n; i++, p += k, t += k)
    {
      double sum = 0;

      for (gsize j = 0; j < k; j++)
        {
          double wanted = t[j] * (1 - smoothing) + smoothing / 2;

          sum -= wanted * log (MAX (p[j], FLT_MIN)) + (1 - wanted) * log (MAX (1 - p[j], FLT_MIN));
        }
      sl_tensor_f32 (losses)[i] = (float)(sum / (double)k);
    }
}

/* F-beta of one item, as fa:metrics.py has it: 0 where nothing is right. */
static double
item_fbeta (const float *p, const float *t, gsize k, double threshold, double *right)
{
  double both = 0, said = 0, there = 0, same = 0, precision, recall;

  for (gsize j = 0; j < k; j++)
    {
      gboolean yes = p[j] > threshold, wanted = t[j] > 0.5f;

      both += yes && wanted;
      said += yes;
      there += wanted;
      same += yes == wanted;
    }
  *right = same / (double)k;
  precision = both / (said + EPSILON);
  recall = both / (there + EPSILON);
  return precision * recall / (precision * BETA * BETA + recall + EPSILON) * (1 + BETA * BETA);
}

static void
score (const SlProblem *problem, const SlRecipe *recipe, SlScore *score, gsize n,
       const SlTensor *losses, const SlTensor *probabilities, const SlTensor *targets)
{
  const float *p = sl_tensor_f32 ((SlTensor *)probabilities);
  const float *t = sl_tensor_f32 ((SlTensor *)targets);
  gsize k = problem->n_classes;

  for (gsize i = 0; i < n; i++)
    {
      double right;

      score->sums[SUM_FBETA] += item_fbeta (p + i * k, t + i * k, k, recipe->threshold, &right);
      score->sums[SUM_RIGHT] += right;
      score->loss += sl_tensor_f32 ((SlTensor *)losses)[i];
    }
  score->weight += (double)n;
}

static void
finish_score (const SlProblem *problem, const SlScore *score, double *metrics)
{
  for (guint i = 0; i < N_SUMS; i++)
    metrics[i] = score->weight > 0 ? score->sums[i] / score->weight : NAN;
}

/* Names of the classes above the threshold. (transfer full) */
static char *
name_labels (const SlProblem *problem, const float *p, double threshold)
{
  GString *text = g_string_new (NULL);

  for (guint j = 0; j < problem->n_classes; j++)
    if (p[j] > threshold)
      {
        if (text->len > 0)
          g_string_append_c (text, DELIMITER);
        g_string_append (text, problem->classes[j]);
      }
  return g_string_free (text, FALSE);
}

/* The probability is that of the cell that fits the label least: where a mistake shows. */
static void
describe (const SlProblem *problem, const SlRecipe *recipe, const char *target,
          const SlPictureView *view, const SlTensor *probabilities, const SlTensor *targets,
          gsize index, SlPrediction *prediction)
{
  gsize k = problem->n_classes;
  const float *p = sl_tensor_f32 ((SlTensor *)probabilities) + index * k;
  const float *t = targets != NULL ? sl_tensor_f32 ((SlTensor *)targets) + index * k : NULL;
  float least = 1;

  sl_prediction_clear (prediction);
  for (gsize j = 0; j < k; j++)
    {
      gboolean yes = t != NULL ? t[j] > 0.5f : p[j] > recipe->threshold;

      least = MIN (least, yes ? p[j] : 1 - p[j]);
    }
  prediction->probability = least;
  prediction->predicted = name_labels (problem, p, recipe->threshold);
  prediction->outputs = g_memdup2 (p, k * sizeof *p);
  prediction->n_outputs = (guint)k;
}

static guint
classes_of (const SlProblem *problem, const char *target, guint *indices, guint max)
{
  guint n;

  return walk (problem, target, indices, max, &n, NULL) ? n : 0;
}

const SlTask sl_task_multilabel = {
  .id = "multilabel",
  .label = N_ ("Several labels"),
  .has_classes = TRUE,
  .has_threshold = TRUE,
  .may_mix = TRUE,
  .may_blend = TRUE,
  .n_metrics = 2,
  .metrics = { { "fbeta", TRUE, FALSE }, { "accuracy_thresh", TRUE, TRUE } },
  .check_target = check_target,
  .suggest = suggest,
  .n_outputs = n_outputs,
  .n_sums = n_sums,
  .logit = logit,
  .target_layout = target_layout,
  .encode = encode,
  .add_loss = add_loss,
  .item_losses = item_losses,
  .perfect = perfect,
  .score = score,
  .finish_score = finish_score,
  .describe = describe,
  .measure = sl_classes_measure,
  .classes_of = classes_of,
};
