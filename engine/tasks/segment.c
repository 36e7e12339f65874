/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <slope/loader.h>
#include <math.h>
#include <string.h>

/* A class for each pixel: the target is the path of a mask, an 8-bit picture whose values are places in
 * the list of classes.  A class called Void is left out of the metrics and, by choice, of the loss. */

#define N_(text) (text)  /* translated by the window */
#define WHITE 255        /* is the second class where there are two: painters' masks */
#define LEAST_SHARE 0.01 /* of the picture, for a class to be named */

enum
{
  SUM_RIGHT, /* pixels */
  SUM_PIXELS,
  SUM_CLASSES /* of each class: right, true, said */
};

/* -1: there is none. */
static gpointer
prepare (const SlProblem *problem)
{
  static const char *const names[] = { "void", "unlabelled", "unlabeled", "ignore" };
  gint *found = g_new (gint, 1);

  *found = -1;
  for (guint i = 0; i < problem->n_classes; i++)
    for (gsize k = 0; k < G_N_ELEMENTS (names); k++)
      if (*found < 0 && g_ascii_strcasecmp (problem->classes[i], names[k]) == 0)
        *found = (gint)i;
  return found;
}

static gint
void_class (const SlProblem *problem)
{
  return *(const gint *)problem->prepared;
}

static gboolean
check_target (const SlProblem *problem, const char *target, GError **error)
{
  if (target != NULL && *target != '\0')
    return TRUE;
  g_set_error_literal (error, SL_ERROR, SL_ERROR_NOT_FOUND,
                       "There is no path of a mask: give the file whose pixels are classes");
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
  return SUM_CLASSES + 3 * problem->n_classes;
}

static void
target_layout (const SlProblem *problem, gsize batch, int height, int width, SlDType *dtype,
               SlShape *shape)
{
  *dtype = SL_DTYPE_I32;
  *shape = SL_SHAPE3 (batch, (gsize)height, (gsize)width);
}

static gboolean
encode (const SlProblem *problem, const char *target, const SlPictureView *view, SlTensor *targets,
        gsize index, GError **error)
{
  const SlTransform *transform = &view->transform;
  gsize n = (gsize)transform->out_width * (gsize)transform->out_height;
  gint32 *out = sl_tensor_i32 (targets) + index * n;
  g_autoptr (SlPicture) mask = NULL;

  memset (out, 0, n * sizeof *out);
  if (target == NULL)
    return TRUE;
  mask = sl_picture_cache_get_mask (view->cache, target, error);
  if (mask == NULL)
    {
      g_prefix_error (error, "its mask: ");
      return FALSE;
    }
  sl_transform_apply_mask (transform, view->width, view->height, mask, out);
  for (gsize i = 0; i < n && problem->n_classes == 2; i++)
    if (out[i] == WHITE)
      out[i] = 1;
  for (gsize i = 0; i < n; i++)
    if (out[i] >= (gint32)problem->n_classes)
      {
        g_set_error (error, SL_ERROR, SL_ERROR_FORMAT, "its mask has the value %d, of %u classes",
                     out[i], problem->n_classes);
        return FALSE;
      }
  return TRUE;
}

static gboolean
add_loss (const SlProblem *problem, const SlRecipe *recipe, SlGraph *graph, SlValue logits,
          SlValue targets, SlValue weights, GError **error)
{
  SlValue loss, losses, probabilities;

  if (!sl_pixel_cross_entropy (graph, logits, targets, weights,
                               recipe->ignore_void ? void_class (problem) : -1, &loss, &losses,
                               &probabilities, error))
    return FALSE;
  sl_graph_output (graph, "loss", loss);
  sl_graph_output (graph, "losses", losses);
  sl_graph_output (graph, "probabilities", probabilities);
  return TRUE;
}

/* ---- Scores */

static guint
likeliest (const float *p, guint n)
{
  guint best = 0;

  for (guint i = 1; i < n; i++)
    if (p[i] > p[best])
      best = i;
  return best;
}

static void
score (const SlProblem *problem, const SlRecipe *recipe, SlScore *score, gsize n,
       const SlTensor *losses, const SlTensor *probabilities, const SlTensor *targets)
{
  SlShape shape = sl_tensor_get_shape (probabilities);
  gsize n_pixels = n * shape.dim[1] * shape.dim[2];
  const float *p = sl_tensor_f32 ((SlTensor *)probabilities);
  const gint32 *wanted = sl_tensor_i32 ((SlTensor *)targets);
  double *classes = score->sums + SUM_CLASSES;
  guint k = problem->n_classes;

  for (gsize i = 0; i < n; i++)
    score->loss += sl_tensor_f32 ((SlTensor *)losses)[i];
  for (gsize i = 0; i < n_pixels; i++, p += k)
    {
      guint said;

      if (wanted[i] == void_class (problem))
        continue;
      said = likeliest (p, k);
      score->sums[SUM_PIXELS]++;
      score->sums[SUM_RIGHT] += said == (guint)wanted[i];
      classes[3 * wanted[i]] += said == (guint)wanted[i];
      classes[3 * wanted[i] + 1]++;
      classes[3 * said + 2]++;
    }
  score->weight += (double)n;
}

/* Intersection over union, the mean over the classes that are there or were said to be. */
static void
finish_score (const SlProblem *problem, const SlScore *score, double *metrics)
{
  double sum = 0, n = 0;

  for (guint i = 0; i < problem->n_classes; i++)
    {
      const double *own = score->sums + SUM_CLASSES + 3 * (gsize)i;
      double iou = sl_overlap_iou (own[0], own[1], own[2]);

      if ((gint)i == void_class (problem) || isnan (iou))
        continue;
      sum += iou;
      n++;
    }
  metrics[0] = score->sums[SUM_PIXELS] > 0 ? score->sums[SUM_RIGHT] / score->sums[SUM_PIXELS] : NAN;
  metrics[1] = n > 0 ? sum / n : NAN;
}

/* ---- Answers */

/* (transfer full): classes that take a hundredth of the picture, the largest first. */
static char *
name_shares (const SlProblem *problem, const float *shares)
{
  GString *text = g_string_new (NULL);
  g_autofree gboolean *named = g_new0 (gboolean, MAX (problem->n_classes, 1));

  for (;;)
    {
      gint best = -1;

      for (guint i = 0; i < problem->n_classes; i++)
        if (!named[i] && shares[i] >= LEAST_SHARE && (best < 0 || shares[i] > shares[best]))
          best = (gint)i;
      if (best < 0)
        return g_string_free (text, FALSE);
      named[best] = TRUE;
      g_string_append_printf (text, "%s%s", text->len > 0 ? ";" : "", problem->classes[best]);
    }
}

/* Which part of the picture the network saw, in shares of its sides.  Without augmentation the matrix only
 * scales and shifts. */
static void
find_seen (const SlPictureView *view, float *seen)
{
  const double *m = view->transform.matrix;

  seen[0] = (float)(m[2] / view->width);
  seen[1] = (float)(m[5] / view->height);
  seen[2] = (float)((m[0] * view->transform.out_width + m[2]) / view->width);
  seen[3] = (float)((m[4] * view->transform.out_height + m[5]) / view->height);
}

/* Returns: the share of pixels that are right; NaN where none counts. */
static float
compare (const SlProblem *problem, const gint32 *wanted, gsize n, SlPrediction *prediction)
{
  gsize n_right = 0, n_known = 0;

  prediction->truth = g_malloc (n);
  prediction->overlaps = g_new0 (SlOverlap, MAX (problem->n_classes, 1));
  prediction->n_overlaps = problem->n_classes;
  for (gsize i = 0; i < n; i++)
    {
      guint said = prediction->mask[i];

      prediction->truth[i] = SL_MASK_VOID;
      if (wanted[i] == void_class (problem))
        continue;
      prediction->truth[i] = (guint8)wanted[i];
      n_known++;
      n_right += said == (guint)wanted[i];
      prediction->overlaps[said].right += said == (guint)wanted[i];
      prediction->overlaps[said].said++;
      prediction->overlaps[wanted[i]].actual++;
    }
  return n_known > 0 ? (float)n_right / (float)n_known : NAN;
}

/* Outputs are the shares of the picture; the probability is the share of pixels that are right. */
static void
describe (const SlProblem *problem, const SlRecipe *recipe, const char *target,
          const SlPictureView *view, const SlTensor *probabilities, const SlTensor *targets,
          gsize index, SlPrediction *prediction)
{
  SlShape shape = sl_tensor_get_shape (probabilities);
  gsize n = shape.dim[1] * shape.dim[2];
  guint k = problem->n_classes;
  const float *p = sl_tensor_f32 ((SlTensor *)probabilities) + index * n * k;

  sl_prediction_clear (prediction);
  prediction->mask = g_new (guint8, n);
  prediction->mask_height = (int)shape.dim[1];
  prediction->mask_width = (int)shape.dim[2];
  prediction->outputs = g_new0 (float, MAX (k, 1));
  prediction->n_outputs = k;
  for (gsize i = 0; i < n; i++)
    {
      guint said = likeliest (p + i * k, k);

      prediction->mask[i] = (guint8)said;
      prediction->outputs[said] += 1.0f / (float)n;
    }
  if (view != NULL)
    find_seen (view, prediction->seen);
  prediction->probability = NAN;
  if (targets != NULL)
    prediction->probability = compare (problem, sl_tensor_i32 ((SlTensor *)targets) + index * n, n,
                                       prediction);
  prediction->predicted = name_shares (problem, prediction->outputs);
}

static guint
classes_of (const SlProblem *problem, const char *target, guint *indices, guint max)
{
  return 0;
}

/* From scratch: a U-Net on a large body has tens of millions of parameters to learn. */
static void
suggest (const SlProblem *problem, SlRecipe *recipe)
{
  g_free (recipe->arch);
  recipe->arch = g_strdup ("unet-small");
}

const SlTask sl_task_segment = {
  .id = "segment",
  .label = N_ ("Masks"),
  .dense = TRUE,
  .target_is_file = TRUE,
  .n_metrics = 2,
  .metrics = { { "pixel_accuracy", TRUE, TRUE }, { "mean_iou", TRUE, TRUE } },
  .prepare = prepare,
  .check_target = check_target,
  .suggest = suggest,
  .n_outputs = n_outputs,
  .n_sums = n_sums,
  .target_layout = target_layout,
  .encode = encode,
  .add_loss = add_loss,
  .score = score,
  .finish_score = finish_score,
  .describe = describe,
  .void_class = void_class,
  .classes_of = classes_of,
};
