/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <slope/error.h>
#include <slope/task.h>
#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

#define MAX_KEPT 64 /* probabilities of classes that are kept of an answer */

SlProblem *
sl_problem_new (const SlTask *task, const char *const *classes, const SlRange *ranges)
{
  SlProblem *self;
  guint n;

  g_return_val_if_fail (task != NULL && classes != NULL, NULL);

  n = g_strv_length ((char **)classes);
  self = g_new0 (SlProblem, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->task = task;
  self->classes = (const char *const *)g_strdupv ((char **)classes);
  self->n_classes = n;
  self->ranges = ranges != NULL ? g_memdup2 (ranges, n * sizeof *ranges) : NULL;
  if (task->prepare != NULL)
    self->prepared = task->prepare (self);
  return self;
}

SlProblem *
sl_problem_ref (SlProblem *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
sl_problem_unref (SlProblem *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_strfreev ((char **)self->classes);
  g_free ((SlRange *)self->ranges);
  g_free (self->prepared);
  g_free (self);
}

/* ---- Ranges */

char *
sl_problem_ranges_to_json (const SlProblem *self)
{
  g_autoptr (JsonBuilder) builder = NULL;
  g_autoptr (JsonNode) root = NULL;

  if (self->ranges == NULL)
    return NULL;
  builder = json_builder_new ();
  json_builder_begin_array (builder);
  for (guint i = 0; i < self->n_classes; i++)
    {
      json_builder_begin_array (builder);
      json_builder_add_double_value (builder, self->ranges[i].low);
      json_builder_add_double_value (builder, self->ranges[i].high);
      json_builder_end_array (builder);
    }
  json_builder_end_array (builder);
  root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}

static gboolean
read_bound (JsonArray *pair, guint i, double *value)
{
  JsonNode *node = json_array_get_element (pair, i);
  GType type = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : G_TYPE_INVALID;

  if (type != G_TYPE_DOUBLE && type != G_TYPE_INT64)
    return FALSE;
  *value = json_node_get_double (node);
  return isfinite (*value);
}

static gboolean
read_range (JsonNode *node, SlRange *range)
{
  JsonArray *pair;

  if (!JSON_NODE_HOLDS_ARRAY (node))
    return FALSE;
  pair = json_node_get_array (node);
  return json_array_get_length (pair) == 2 && read_bound (pair, 0, &range->low)
         && read_bound (pair, 1, &range->high) && range->low < range->high;
}

SlRange *
sl_problem_ranges_from_json (const char *json, guint n, GError **error)
{
  g_autoptr (JsonNode) root = json_from_string (json, NULL);
  g_autofree SlRange *ranges = g_new0 (SlRange, MAX (n, 1));
  JsonArray *array = root != NULL && JSON_NODE_HOLDS_ARRAY (root) ? json_node_get_array (root)
                                                                  : NULL;
  gboolean fine = array != NULL && json_array_get_length (array) == n;

  for (guint i = 0; fine && i < n; i++)
    fine = read_range (json_array_get_element (array, i), &ranges[i]);
  if (fine)
    return g_steal_pointer (&ranges);
  g_set_error (
      error, SL_ERROR, SL_ERROR_FORMAT,
      "The ranges of its numbers cannot be read: they must be %u pairs, the lower one first", n);
  return NULL;
}

/* ---- Scores and predictions */

void
sl_score_init (SlScore *self, const SlProblem *problem)
{
  *self = (SlScore){ .sums = g_new0 (double, MAX (problem->task->n_sums (problem), 1)) };
}

void
sl_score_clear (SlScore *self)
{
  g_clear_pointer (&self->sums, g_free);
}

double
sl_score_loss (const SlScore *self)
{
  return self->weight > 0 ? self->loss / self->weight : NAN;
}

double
sl_overlap_iou (double right, double actual, double said)
{
  double either = actual + said - right;

  return either > 0 ? right / either : NAN;
}

void
sl_prediction_clear (SlPrediction *self)
{
  g_clear_pointer (&self->predicted, g_free);
  g_clear_pointer (&self->outputs, g_free);
  g_clear_pointer (&self->mask, g_free);
  g_clear_pointer (&self->truth, g_free);
  g_clear_pointer (&self->overlaps, g_free);
  g_clear_pointer (&self->distances, g_free);
  self->n_outputs = self->n_overlaps = self->n_distances = 0;
  self->mask_width = self->mask_height = 0;
}

void
sl_prediction_copy (const SlPrediction *self, SlPrediction *to)
{
  const gsize n_pixels = (gsize)self->mask_width * (gsize)self->mask_height;

  *to = *self;
  to->predicted = g_strdup (self->predicted);
  to->outputs = g_memdup2 (self->outputs, self->n_outputs * sizeof *self->outputs);
  to->mask = g_memdup2 (self->mask, n_pixels);
  to->truth = g_memdup2 (self->truth, n_pixels);
  to->overlaps = g_memdup2 (self->overlaps, self->n_overlaps * sizeof *self->overlaps);
  to->distances = g_memdup2 (self->distances, self->n_distances * sizeof *self->distances);
}

float *
sl_prediction_dup_kept (const SlPrediction *self, const SlTask *task, guint *n)
{
  const float *kept = (const float *)self->overlaps;

  *n = self->n_overlaps * sizeof *self->overlaps / sizeof *kept;
  if (task->has_threshold || (task->one_class && self->n_outputs <= MAX_KEPT))
    {
      kept = self->outputs;
      *n = self->n_outputs;
    }
  else if (self->n_distances > 0)
    {
      kept = self->distances;
      *n = self->n_distances;
    }
  return g_memdup2 (kept, *n * sizeof *kept);
}

void
sl_prediction_free (SlPrediction *self)
{
  sl_prediction_clear (self);
  g_free (self);
}
