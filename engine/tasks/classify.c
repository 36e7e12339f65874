/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tasks/names.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* One label an item, a picture or a text: the target is the name of a class. */

#define N_(text) (text) /* translated by the window */

/* Classes are sorted, so that an index is found without a table.  -1: none of them. */
static gint32
find_class (const SlProblem *problem, const char *name)
{
  gsize low = 0, high = problem->n_classes;

  while (name != NULL && low < high)
    {
      gsize middle = low + (high - low) / 2;
      int order = strcmp (name, problem->classes[middle]);

      if (order == 0)
        return (gint32)middle;
      if (order < 0)
        high = middle;
      else
        low = middle + 1;
    }
  return -1;
}

static gboolean
check_target (const SlProblem *problem, const char *target, GError **error)
{
  if (find_class (problem, target) >= 0)
    return TRUE;
  g_set_error (error, SL_ERROR, SL_ERROR_NOT_FOUND,
               "“%s” is none of the classes: choose one that exists", target ? target : "");
  return FALSE;
}

static guint
n_outputs (const SlProblem *problem)
{
  return problem->n_classes;
}

static guint
n_sums (const SlProblem *problem)
{
  return 1; /* those that are right */
}

/* Of a softmax. */
static double
logit (double probability)
{
  return log (probability);
}

static void
target_layout (const SlProblem *problem, gsize batch, int height, int width, SlDType *dtype,
               SlShape *shape)
{
  *dtype = SL_DTYPE_I32;
  *shape = SL_SHAPE1 (batch);
}

/* A picture without a label counts as class 0; whoever asks for its loss looks at the label. */
static gboolean
encode (const SlProblem *problem, const char *target, const SlPictureView *view, SlTensor *targets,
        gsize index, GError **error)
{
  gint32 class_index = target ? find_class (problem, target) : 0;

  if (class_index < 0)
    return check_target (problem, target, error);
  sl_tensor_i32 (targets)[index] = class_index;
  return TRUE;
}

static void
perfect (const SlProblem *problem, const SlTensor *targets, gsize index, float *answer,
         float *counts)
{
  for (guint j = 0; j < problem->n_classes; j++)
    {
      answer[j] = sl_tensor_i32 ((SlTensor *)targets)[index] == (gint32)j;
      counts[j] = 1;
    }
}

static gboolean
add_loss (const SlProblem *problem, const SlRecipe *recipe, SlGraph *graph, SlValue logits,
          SlValue targets, SlValue weights, GError **error)
{
  SlValue loss, losses, probabilities;

  if (!sl_cross_entropy (graph, logits, targets, weights, recipe->label_smoothing, &loss, &losses,
                         &probabilities, error))
    return FALSE;
  sl_graph_output (graph, "loss", loss);
  sl_graph_output (graph, "losses", losses);
  sl_graph_output (graph, "probabilities", probabilities);
  return TRUE;
}

static double
minus_log (float probability)
{
  return -log (MAX (probability, FLT_MIN));
}

static void
item_losses (const SlProblem *problem, const SlRecipe *recipe, gsize n,
             const SlTensor *probabilities, const SlTensor *targets, SlTensor *losses)
{
  const double smoothing = recipe->label_smoothing;
  const float *p = sl_tensor_f32 ((SlTensor *)probabilities);
  const gint32 *target = sl_tensor_i32 ((SlTensor *)targets);
  gsize k = sl_tensor_get_shape (probabilities).dim[1];

  for (gsize i = 0; i < n; i++, p += k)
    {
      double loss = (1.0 - smoothing) * minus_log (p[target[i]]);

      for (gsize j = 0; smoothing > 0 && j < k; j++)
        loss += smoothing / (double)k * minus_log (p[j]);
      sl_tensor_f32 (losses)[i] = (float)loss;
    }
}

/* The first of the largest; NaN never wins. */
static guint
largest (const float *values, guint n)
{
  guint best = 0;

  for (guint i = 1; i < n; i++)
    if (values[i] > values[best] || isnan (values[best]))
      best = i;
  return best;
}

static void
score (const SlProblem *problem, const SlRecipe *recipe, SlScore *score, gsize n,
       const SlTensor *losses, const SlTensor *probabilities, const SlTensor *targets)
{
  const float *item_loss = sl_tensor_f32 ((SlTensor *)losses);
  const float *p = sl_tensor_f32 ((SlTensor *)probabilities);
  const gint32 *target = sl_tensor_i32 ((SlTensor *)targets);
  guint k = (guint)sl_tensor_get_shape (probabilities).dim[1];

  for (gsize i = 0; i < n; i++)
    {
      score->loss += item_loss[i];
      score->sums[0] += largest (p + i * k, k) == (guint)target[i];
    }
  score->weight += (double)n;
}

static void
finish_score (const SlProblem *problem, const SlScore *score, double *metrics)
{
  metrics[0] = score->weight > 0.0 ? score->sums[0] / score->weight : NAN;
  metrics[1] = 1.0 - metrics[0];
}

static void
describe (const SlProblem *problem, const SlRecipe *recipe, const char *target,
          const SlPictureView *view, const SlTensor *probabilities, const SlTensor *targets,
          gsize index, SlPrediction *prediction)
{
  guint k = (guint)sl_tensor_get_shape (probabilities).dim[1];
  const float *p = sl_tensor_f32 ((SlTensor *)probabilities) + index * k;
  gint32 own = find_class (problem, target);

  sl_prediction_clear (prediction);
  prediction->predicted = g_strdup (problem->classes[largest (p, k)]);
  prediction->probability = own >= 0 ? p[own] : p[largest (p, k)];
  prediction->outputs = g_memdup2 (p, k * sizeof *p);
  prediction->n_outputs = k;
}

static guint
classes_of (const SlProblem *problem, const char *target, guint *indices, guint max)
{
  gint32 class_index = find_class (problem, target);

  if (class_index < 0 || max == 0)
    return 0;
  indices[0] = (guint)class_index;
  return 1;
}

/* What both tables below do. */
#define ONE_CLASS_OF_SEVERAL                                                                    \
  .one_class = TRUE, .has_classes = TRUE, .n_metrics = 2,                                       \
  .metrics = { { "accuracy", TRUE, TRUE }, { "error_rate", FALSE, TRUE } },                     \
  .check_target = check_target, .n_outputs = n_outputs, .n_sums = n_sums, .logit = logit,       \
  .target_layout = target_layout, .encode = encode, .add_loss = add_loss,                       \
  .item_losses = item_losses, .perfect = perfect, .score = score, .finish_score = finish_score, \
  .describe = describe, .measure = sl_classes_measure, .classes_of = classes_of

const SlTask sl_task_classify = {
  .id = "classify",
  .label = N_ ("One label"),
  .may_mix = TRUE,
  .may_blend = TRUE,
  ONE_CLASS_OF_SEVERAL,
};

const SlTask sl_task_text = {
  .id = "text",
  .label = N_ ("Texts"),
  .texts = TRUE,
  ONE_CLASS_OF_SEVERAL,
};

/* ---- Language: the texts are their own targets, see train/text-language.c */

static gboolean
refuse_target (const SlProblem *problem, const char *target, GError **error)
{
  g_set_error_literal (error, SL_ERROR, SL_ERROR_UNSUPPORTED,
                       "A language model has no labels: choose a run that learned them");
  return FALSE;
}

static guint
no_outputs (const SlProblem *problem)
{
  return 0;
}

static guint
no_classes (const SlProblem *problem, const char *target, guint *indices, guint max)
{
  return 0;
}

const SlTask sl_task_language = {
  .id = "language",
  .label = N_ ("Language model"),
  .texts = TRUE,
  .n_metrics = 2,
  .metrics = { { "accuracy", TRUE, TRUE }, { "perplexity", FALSE, FALSE } },
  .check_target = refuse_target,
  .n_outputs = no_outputs,
  .n_sums = no_outputs,
  .classes_of = no_classes,
};
