/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/session.h"
#include "train/memory.h"
#include "train/network.h"
#include <slope/models.h>
#include <slope/parallel.h>
#include <slope/random.h>
#include <math.h>
#include <string.h>

/* Decoded pictures are kept for the next epoch within this share of the memory that is left, and
 * never more than the second figure. */
#define CACHE_SHARE 0.5
#define CACHE_MAX_BYTES (2.0 * 1024 * 1024 * 1024)

/* ---- Checks before anything is made */

/* Whether the training pictures show at least two classes. */
static gboolean
has_two_classes (SlSampleSet *samples)
{
  const SlTask *task = sl_sample_set_task (samples);
  const char *const *classes = sl_sample_set_classes (samples);
  guint first = G_MAXUINT;

  for (gsize i = 0; i < sl_sample_set_n (samples); i++)
    {
      const char *target = sl_sample_set_get (samples, i)->target;
      guint found[2];
      guint n = target != NULL ? task->classes_of (task, classes, target, found, 2) : 0;

      if (n > 1 || (n == 1 && first != G_MAXUINT && found[0] != first))
        return TRUE;
      if (n == 1)
        first = found[0];
    }
  return FALSE;
}

static gboolean
check_data (SlSampleSet *samples, GError **error)
{
  gsize n = sl_sample_set_n (samples);

  if (n < 2)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_DATA,
                   "The training set is too small (%" G_GSIZE_FORMAT
                   "): it needs at least 2 pictures, and "
                   "some dozens to learn anything",
                   n);
      return FALSE;
    }
  if (!has_two_classes (samples))
    {
      g_set_error (error, SL_ERROR, SL_ERROR_DATA,
                   "All training pictures are of one class: add pictures of another one, there is "
                   "nothing to tell apart");
      return FALSE;
    }
  return TRUE;
}

static void
choose_batch (SlSession *self, guint batch)
{
  gsize n = sl_sample_set_n (self->setup->train);

  if (batch == 0)
    batch = self->recipe->batch;
  if (batch == 0)
    batch = sl_auto_batch (self->recipe, self->task, self->classes, n);
  /* A batch that the set cannot fill would be padded, and the padding would enter the statistics
   * of the batch norms. */
  self->recipe->batch = (guint)MIN (batch, n);
  self->steps_per_epoch = (guint)(n / self->recipe->batch);
}

static SlPictureCache *
make_cache (gsize peak_bytes)
{
  gsize free_bytes = sl_memory_free_bytes ();
  double left = free_bytes > peak_bytes ? (double)(free_bytes - peak_bytes) : 0;

  return sl_picture_cache_new ((gsize)MIN (left * CACHE_SHARE, CACHE_MAX_BYTES));
}

gboolean
sl_session_open (SlSession *self, const SlTrainSetup *setup, guint batch, GError **error)
{
  memset (self, 0, sizeof *self);
  self->setup = setup;
  self->task = sl_sample_set_task (setup->train);
  self->classes = sl_sample_set_classes (setup->train);
  self->old_threads = sl_parallel_get_threads ();
  if (setup->recipe->threads > 0)
    sl_parallel_set_threads (setup->recipe->threads);
  if (!sl_recipe_check (setup->recipe, error) || !check_data (setup->train, error))
    return FALSE;
  self->recipe = sl_recipe_copy (setup->recipe);
  choose_batch (self, batch);
  self->graph = sl_network_new (self->recipe, self->task, self->classes, self->recipe->batch,
                                error);
  if (self->graph == NULL)
    return FALSE;
  self->params = sl_params_new (self->graph, self->recipe->seed);
  if (!sl_memory_check_training (self->recipe, self->task, self->classes, self->graph, self->params,
                                 &self->peak_bytes, error))
    return FALSE;
  self->cache = setup->cache != NULL ? sl_picture_cache_ref (setup->cache)
                                     : make_cache (self->peak_bytes);
  return TRUE;
}

void
sl_session_close (SlSession *self)
{
  if (self->setup == NULL) /* never opened */
    return;
  sl_parallel_set_threads (self->old_threads);
  g_clear_pointer (&self->plan, sl_plan_free);
  g_clear_pointer (&self->params, sl_params_unref);
  g_clear_pointer (&self->graph, sl_graph_unref);
  g_clear_pointer (&self->cache, sl_picture_cache_unref);
  g_clear_pointer (&self->recipe, sl_recipe_free);
}

/* ---- Steps */

gboolean
sl_session_begin_stage (SlSession *self, guint stage, GError **error)
{
  gsize bytes = sl_params_n_elements (self->params) * sizeof (float);

  g_return_val_if_fail (stage < self->recipe->n_stages, FALSE);
  sl_params_freeze_to (self->params, self->recipe->stages[stage].freeze_to,
                       self->recipe->freeze_norms);
  g_clear_pointer (&self->plan, sl_plan_free); /* first: two arenas might not fit */
  self->plan = sl_plan_new (self->graph, self->params, SL_MODE_TRAIN, SL_PLAN_BRIEF_GRADS, error);
  if (self->plan == NULL)
    return FALSE;
  memset (sl_params_moment1 (self->params), 0, bytes);
  memset (sl_params_moment2 (self->params), 0, bytes);
  self->adam = SL_ADAMW_INIT;
  self->adam.weight_decay = self->recipe->weight_decay;
  return TRUE;
}

static gboolean
check_readable (const SlBatch *batch, GError **error)
{
  const float *weights = sl_tensor_f32 (batch->weights);

  for (gsize i = 0; i < batch->n_items; i++)
    if (weights[i] > 0)
      return TRUE;
  g_set_error (error, SL_ERROR, SL_ERROR_DATA,
               "None of the %" G_GSIZE_FORMAT " pictures of a batch can be read any more: check "
               "that their folder is still there, then resume",
               batch->n_items);
  return FALSE;
}

gboolean
sl_session_step (SlSession *self, const SlBatch *batch, guint step, const double *rates,
                 double beta1, double *loss, GError **error)
{
  if (!check_readable (batch, error) || !sl_network_set_batch (self->plan, batch, error))
    return FALSE;
  sl_plan_forward (self->plan, sl_random_key (self->recipe->seed, SL_PURPOSE_DROPOUT, step, 0));
  *loss = *sl_plan_output (self->plan, "loss", NULL);
  if (!isfinite (*loss))
    return TRUE;
  sl_adamw_backward (&self->adam, self->plan, rates, beta1);
  return TRUE;
}
