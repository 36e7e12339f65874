/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/raw-features.h"

#include "core/free-memory.h"
#include "train/control.h"
#include "train/model.h"
#include "train/network.h"

#include <math.h>
#include <string.h>

#define BATCH 32
#define MAX_BYTES ((gsize)1 << 30)
#define MEMORY_SHARE 0.25
#define CACHE_BYTES ((gsize)64 << 20) /* where the caller has no cache: what is loaded ahead */

SlFeatures *
sl_features_new (gsize n, gsize n_features)
{
  SlFeatures *self = g_new0 (SlFeatures, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->n = n;
  self->n_features = n_features;
  self->ids = g_new0 (gint64, n + 1);
  self->rows = g_malloc0 (sizeof (float) * (n * n_features + 1));
  self->mean = g_new0 (float, n_features + 1);
  return self;
}

SlFeatures *
sl_features_ref (SlFeatures *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
sl_features_unref (SlFeatures *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->ids);
  g_free (self->rows);
  g_free (self->mean);
  g_free (self);
}

/* What is known of a picture beside its pixels is not loaded: masks would be much. */
static SlSampleSet *
without_targets (SlSampleSet *samples)
{
  SlSampleSet *bare = sl_sample_set_new (sl_sample_set_problem (samples));

  for (gsize i = 0; i < sl_sample_set_n (samples); i++)
    {
      const SlSample *sample = sl_sample_set_get (samples, i);

      sl_sample_set_add (bare, sample->id, sample->path, NULL);
    }
  return bare;
}

static void
take_batch (SlFeatures *self, const SlBatch *batch, gsize first, const float *features)
{
  const float *weights = sl_tensor_f32 (batch->weights);

  for (gsize i = 0; i < batch->n_items; i++)
    {
      self->ids[first + i] = batch->ids[i];
      if (weights[i] > 0) /* else it could not be read */
        memcpy (self->rows + (first + i) * self->n_features, features + i * self->n_features,
                self->n_features * sizeof *features);
    }
}

gboolean
sl_features_is_blank (const SlFeatures *self, gsize i)
{
  const float *row = self->rows + i * self->n_features;

  for (gsize k = 0; k < self->n_features; k++)
    if (row[k] != 0)
      return FALSE;
  return TRUE;
}

static void
take_mean (SlFeatures *self)
{
  g_autofree double *sum = g_new0 (double, self->n_features);
  gsize n = 0;

  for (gsize i = 0; i < self->n; i++)
    {
      const float *row = self->rows + i * self->n_features;

      n += !sl_features_is_blank (self, i);
      for (gsize k = 0; k < self->n_features; k++)
        sum[k] += row[k];
    }
  for (gsize k = 0; n > 0 && k < self->n_features; k++)
    self->mean[k] = (float)(sum[k] / (double)n);
}

static void
scale_row (float *row, const float *mean, gsize n)
{
  double square = 0;

  for (gsize i = 0; i < n; i++)
    {
      row[i] -= mean[i];
      square += (double)row[i] * row[i];
    }
  for (gsize i = 0; i < n && square > 0; i++)
    row[i] = (float)(row[i] / sqrt (square));
}

static SlPlan *
make_plan (SlModel *model, guint batch, GError **error)
{
  g_autoptr (SlGraph) graph = sl_network_new (
      sl_model_get_recipe (model), sl_model_get_problem (model), batch, SL_NETWORK_BODY, error);

  return graph != NULL ? sl_plan_new (graph, sl_model_get_params (model), SL_MODE_EVAL,
                                      SL_PLAN_DEFAULT, error)
                       : NULL;
}

static gboolean
check_memory (const SlRecipe *recipe, gsize n, GError **error)
{
  const gsize bytes = n * sl_network_n_features (recipe) * sizeof (float);
  const gsize most = MIN (MAX_BYTES, (gsize)((double)sl_free_memory_bytes () * MEMORY_SHARE));
  g_autofree char *size = g_format_size (bytes);

  if (bytes <= most)
    return TRUE;
  g_set_error (
      error, SL_ERROR, SL_ERROR_MEMORY,
      "To compare %zu pictures by what %s sees in them would take %s of memory: close other "
      "programs, or choose a run of a smaller network",
      n, recipe->arch, size);
  return FALSE;
}

static gboolean
run_body (SlFeatures *self, SlPlan *plan, SlLoader *loader, SlTrainControl *control,
          SlProgressFunc progress, gpointer progress_data, GCancellable *cancellable,
          GError **error)
{
  for (gsize done = 0; done < self->n;)
    {
      SlBatch *batch;

      if (!sl_train_control_wait (control, cancellable))
        {
          g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED,
                               "Stopped before all pictures were looked at");
          return FALSE;
        }
      batch = sl_loader_next (loader, cancellable, error);
      if (batch == NULL || !sl_network_set_pictures (plan, batch, error))
        return FALSE;
      sl_plan_forward (plan, 0);
      take_batch (self, batch, done, sl_plan_output (plan, "features", NULL));
      done += batch->n_items;
      sl_loader_give_back (loader, batch);
      if (progress != NULL)
        progress (done, self->n, NULL, progress_data);
    }
  return TRUE;
}

/* Where a network without such a body would have to say what it sees. */
static gboolean
check_pictures (SlModel *model, GError **error)
{
  if (!sl_model_get_problem (model)->task->texts)
    return TRUE;
  g_set_error_literal (error, SL_ERROR, SL_ERROR_UNSUPPORTED,
                       "Only pictures are compared by what a network sees in them: texts that are "
                       "the same are found by “audit”");
  return FALSE;
}

gsize
sl_model_n_features (SlModel *self)
{
  return sl_network_n_features (sl_model_get_recipe (self));
}

gboolean
sl_model_check_features (SlModel *self, gsize n, GError **error)
{
  return check_pictures (self, error) && check_memory (sl_model_get_recipe (self), n, error);
}

SlFeatures *
sl_model_raw_features (SlModel *self, SlSampleSet *samples, SlPictureCache *cache,
                       SlTrainControl *control, SlProgressFunc progress, gpointer progress_data,
                       GCancellable *cancellable, GError **error)
{
  const SlRecipe *recipe = sl_model_get_recipe (self);
  gsize n = sl_sample_set_n (samples);
  g_autoptr (SlSampleSet) bare = NULL;
  g_autoptr (SlPictureCache) own = NULL;
  g_autoptr (SlFeatures) features = NULL;
  g_autoptr (SlLoader) loader = NULL;
  g_autoptr (SlPlan) plan = NULL;
  SlLoaderOptions options;

  if (!sl_model_check_features (self, n, error))
    return NULL;
  bare = without_targets (samples);
  features = sl_features_new (n, sl_network_n_features (recipe));
  if (n == 0)
    return g_steal_pointer (&features);
  sl_network_loader_options (recipe, (guint)MIN (n, BATCH), FALSE, &options);
  plan = make_plan (self, options.batch, error);
  if (plan == NULL)
    return NULL;
  if (cache == NULL)
    cache = own = sl_picture_cache_new (CACHE_BYTES);
  loader = sl_loader_new (bare, cache, &options, 0, 0);
  if (!run_body (features, plan, loader, control, progress, progress_data, cancellable, error))
    return NULL;
  return g_steal_pointer (&features);
}

void
sl_features_centre (SlFeatures *self, const SlFeatures *like)
{
  if (like != NULL)
    memcpy (self->mean, like->mean, self->n_features * sizeof *like->mean);
  else
    take_mean (self);
  for (gsize i = 0; i < self->n; i++)
    if (!sl_features_is_blank (self, i))
      scale_row (self->rows + i * self->n_features, self->mean, self->n_features);
}

SlFeatures *
sl_model_features (SlModel *self, SlSampleSet *samples, const SlFeatures *like,
                   SlPictureCache *cache, SlTrainControl *control, SlProgressFunc progress,
                   gpointer progress_data, GCancellable *cancellable, GError **error)
{
  SlFeatures *features;

  g_return_val_if_fail (like == NULL || like->n_features == sl_model_n_features (self), NULL);

  features = sl_model_raw_features (self, samples, cache, control, progress, progress_data,
                                    cancellable, error);
  if (features != NULL)
    sl_features_centre (features, like);
  return features;
}
