/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/kept.h"
#include "core/free-memory.h"
#include "train/control.h"
#include <slope/models.h>
#include <string.h>

/* At most this is spent on kept outputs: a picture's view takes 4 KiB with a ResNet-18, 16 with a
 * ResNet-50. */
#define MAX_BYTES ((gsize)1 << 30)
#define MEMORY_SHARE 0.25

struct _SlKept
{
  SlSampleSet *samples;
  SlLoaderOptions options;
  guint n_views;
  gsize n_features;
  float **features;   /* of each view: (n, n_features); %NULL: not asked for yet */
  SlTensor **targets; /* of each view, encoded: they follow the picture's transform */
  guint8 **readable;  /* of each view: whether the picture could be read */
};

guint
sl_kept_n_views (const SlRecipe *stage_recipe)
{
  return g_str_equal (stage_recipe->augment, "none") ? 1 : stage_recipe->views;
}

SlKeptState
sl_kept_judge (const SlRecipe *recipe, const SlProblem *problem, guint stage, gsize n_rows,
               gsize *bytes)
{
  g_autoptr (SlRecipe) own = sl_recipe_for_stage (recipe, stage);
  gsize most = MIN (MAX_BYTES, (gsize)((double)sl_free_memory_bytes () * MEMORY_SHARE));

  *bytes = 0;
  if (problem->task->dense)
    return SL_KEPT_DENSE;
  if (recipe->stages[stage].freeze_to < sl_arch_find (recipe->arch)->n_groups)
    return SL_KEPT_NOT_FROZEN;
  if (!recipe->freeze_norms)
    return SL_KEPT_NORMS_TRAINED;
  if (sl_kept_n_views (own) == 0)
    return SL_KEPT_NEW_VIEWS;
  if (recipe->mixup > 0)
    return SL_KEPT_MIXUP;
  *bytes = n_rows * sl_network_n_features (recipe) * sizeof (float);
  if (*bytes > most)
    return SL_KEPT_NO_MEMORY;
  return SL_KEPT_USED;
}

SlKept *
sl_kept_new (SlSampleSet *samples, const SlLoaderOptions *options, guint n_views, gsize n_features)
{
  SlKept *self = g_new0 (SlKept, 1);

  self->samples = sl_sample_set_ref (samples);
  self->options = *options;
  self->options.shuffle = self->options.drop_last = FALSE;
  self->options.order = NULL;
  self->options.weights = NULL;
  self->options.views = n_views;
  self->n_views = n_views;
  self->n_features = n_features;
  self->features = g_new0 (float *, n_views);
  self->targets = g_new0 (SlTensor *, n_views);
  self->readable = g_new0 (guint8 *, n_views);
  return self;
}

void
sl_kept_free (SlKept *self)
{
  if (self == NULL)
    return;
  for (guint v = 0; v < self->n_views; v++)
    {
      g_free (self->features[v]);
      g_free (self->readable[v]);
      g_clear_pointer (&self->targets[v], sl_tensor_unref);
    }
  g_free (self->features);
  g_free (self->targets);
  g_free (self->readable);
  sl_sample_set_unref (self->samples);
  g_free (self);
}

gboolean
sl_kept_has_view (const SlKept *self, guint view)
{
  return self->features[view] != NULL;
}

guint
sl_kept_get_n_views (const SlKept *self)
{
  return self->n_views;
}

/* ---- Asking the body */

static SlTensor *
new_targets (const SlKept *self, gsize n)
{
  const SlProblem *problem = sl_sample_set_problem (self->samples);
  SlDType dtype;
  SlShape shape;

  problem->task->target_layout (problem, n, self->options.height, self->options.width, &dtype,
                                &shape);
  return sl_tensor_new (dtype, shape);
}

static gsize
row_bytes (SlTensor *tensor)
{
  return sl_tensor_get_bytes (tensor) / sl_tensor_get_shape (tensor).dim[0];
}

static gpointer
row_at (SlTensor *tensor, gsize i)
{
  return (guint8 *)sl_tensor_get_data (tensor) + i * row_bytes (tensor);
}

static void
keep_batch (SlKept *self, guint view, const SlBatch *batch, const float *features)
{
  gsize first = batch->index * self->options.batch, n = batch->n_items;
  const float *weights = sl_tensor_f32 (batch->weights);

  memcpy (self->features[view] + first * self->n_features, features,
          n * self->n_features * sizeof *features);
  memcpy (row_at (self->targets[view], first), sl_tensor_get_data (batch->targets),
          n * row_bytes (batch->targets));
  for (gsize i = 0; i < n; i++)
    self->readable[view][first + i] = weights[i] > 0;
}

static void
report (const SlPassWatch *watch, SlLoader *loader, gsize *n_reported, gsize done, gsize total)
{
  for (; *n_reported < sl_loader_n_unreadable (loader); (*n_reported)++)
    if (watch->unreadable != NULL)
      watch->unreadable (sl_loader_get_unreadable (loader, *n_reported), watch->data);
  if (watch->progress != NULL)
    watch->progress (done, total, NULL, watch->data);
}

static gboolean
run_body (SlKept *self, guint view, SlPlan *body, SlPictureCache *cache, const SlPassWatch *watch,
          GError **error)
{
  g_autoptr (SlLoader) loader = sl_loader_new (self->samples, cache, &self->options, view, 0);
  gsize n = sl_sample_set_n (self->samples), n_reported = 0, done = 0;

  while (done < n)
    {
      SlBatch *batch;

      if (!sl_train_control_wait (watch->control, watch->cancellable))
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Training was stopped");
          return FALSE;
        }
      batch = sl_loader_next (loader, watch->cancellable, error);
      if (batch == NULL || !sl_network_set_pictures (body, batch, error))
        return FALSE;
      sl_plan_forward (body, 0);
      keep_batch (self, view, batch, sl_plan_output (body, "features", NULL));
      done += batch->n_items;
      sl_loader_give_back (loader, batch);
      report (watch, loader, &n_reported, done, n);
    }
  return TRUE;
}

gboolean
sl_kept_ensure (SlKept *self, guint view, SlPlan *body, SlPictureCache *cache,
                const SlPassWatch *watch, GError **error)
{
  gsize n = sl_sample_set_n (self->samples);

  g_return_val_if_fail (view < self->n_views, FALSE);
  if (self->features[view] != NULL)
    return TRUE;
  self->features[view] = g_new (float, n * self->n_features);
  self->targets[view] = new_targets (self, n);
  self->readable[view] = g_new (guint8, n);
  if (run_body (self, view, body, cache, watch, error))
    return TRUE;
  g_clear_pointer (&self->features[view], g_free);
  g_clear_pointer (&self->targets[view], sl_tensor_unref);
  g_clear_pointer (&self->readable[view], g_free);
  return FALSE;
}

/* ---- Batches */

void
sl_kept_batch_init (const SlKept *self, SlBatch *batch, gsize n)
{
  batch->pictures = sl_tensor_new (SL_DTYPE_F32, SL_SHAPE2 (n, self->n_features));
  batch->targets = new_targets (self, n);
  batch->weights = sl_tensor_new (SL_DTYPE_F32, SL_SHAPE1 (n));
  batch->ids = g_new0 (gint64, n);
}

void
sl_kept_batch_clear (SlBatch *batch)
{
  g_clear_pointer (&batch->pictures, sl_tensor_unref);
  g_clear_pointer (&batch->targets, sl_tensor_unref);
  g_clear_pointer (&batch->weights, sl_tensor_unref);
  g_clear_pointer (&batch->ids, g_free);
}

void
sl_kept_fill_batch (const SlKept *self, guint view, const guint32 *order, const float *weights,
                    gsize first, SlBatch *batch)
{
  float *features = sl_tensor_f32 (batch->pictures), *weight = sl_tensor_f32 (batch->weights);
  gsize n = sl_tensor_get_shape (batch->pictures).dim[0];

  g_return_if_fail (view < self->n_views && self->features[view] != NULL);
  memset (features, 0, n * self->n_features * sizeof *features);
  memset (sl_tensor_get_data (batch->targets), 0, sl_tensor_get_bytes (batch->targets));
  memset (weight, 0, n * sizeof *weight);
  memset (batch->ids, 0, n * sizeof *batch->ids);
  for (gsize i = 0; i < batch->n_items; i++)
    {
      gsize at = order != NULL ? order[first + i] : first + i;

      batch->ids[i] = sl_sample_set_get (self->samples, at)->id;
      if (!self->readable[view][at]) /* as the loader has it: a row that counts for nothing */
        continue;
      memcpy (features + i * self->n_features, self->features[view] + at * self->n_features,
              self->n_features * sizeof *features);
      memcpy (row_at (batch->targets, i), row_at (self->targets[view], at),
              row_bytes (batch->targets));
      weight[i] = weights != NULL ? weights[at] : 1.0f;
    }
}
