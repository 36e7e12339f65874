/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/memory.h"
#include "train/network.h"
#include <stdio.h>
#include <string.h>

/* Batches that the loader holds at a time: ahead, in use, and being filled. */
#define LOADER_BATCHES 6
/* Automatic batch size. */
#define AUTO_BATCH_MAX 64
#define AUTO_BATCH_MIN 2
/* A small set learns in its few epochs only if they have steps enough ... */
#define AUTO_BATCHES_PER_EPOCH 16
/* ... but a batch norm wants this many pictures to compare, if that leaves four batches. */
#define AUTO_BATCH_WANTED 8
#define AUTO_BATCHES_LEAST 4
/* Share of the free memory that the automatic choice takes at most; the rest is for the
 * pictures and everything else that runs. */
#define AUTO_MEMORY_SHARE 0.6

gsize
sl_memory_free_bytes (void)
{
  g_autofree char *text = NULL;
  const char *line;
  unsigned long long kib;

  if (!g_file_get_contents ("/proc/meminfo", &text, NULL, NULL))
    return G_MAXSIZE;
  line = strstr (text, "MemAvailable:");
  if (line == NULL || sscanf (line, "MemAvailable: %llu kB", &kib) != 1)
    return G_MAXSIZE;
  return (gsize)kib * 1024;
}

/* The largest plan of all stages: what is frozen keeps no activations. */
static gsize
largest_train_plan (SlGraph *graph, SlParams *params, const SlRecipe *recipe)
{
  gsize most = 0;

  for (guint i = 0; i < recipe->n_stages; i++)
    {
      sl_params_freeze_to (params, recipe->stages[i].freeze_to, recipe->freeze_norms);
      most = MAX (most, sl_plan_predict_bytes (graph, params, SL_MODE_TRAIN, SL_PLAN_BRIEF_GRADS));
    }
  return most;
}

static gsize
training_bytes (SlGraph *graph, SlParams *params, const SlRecipe *recipe, guint batch)
{
  gsize pictures = (gsize)batch * recipe->height * recipe->width * 3 * sizeof (float);
  gsize blocks = 3 * sl_params_n_elements (params) * sizeof (float); /* values, two moments */

  return largest_train_plan (graph, params, recipe)
         + sl_plan_predict_bytes (graph, params, SL_MODE_EVAL, SL_PLAN_DEFAULT) + blocks
         + LOADER_BATCHES * pictures;
}

gsize
sl_predict_training_bytes (const SlRecipe *recipe, const SlTask *task, const char *const *classes,
                           guint batch)
{
  g_autoptr (SlGraph) graph = NULL;
  g_autoptr (SlParams) params = NULL;

  g_return_val_if_fail (recipe != NULL && task != NULL && classes != NULL && batch > 0, 0);
  graph = sl_network_new (recipe, task, classes, batch, NULL);
  if (graph == NULL)
    return 0;
  params = sl_params_new_zero (graph);
  return training_bytes (graph, params, recipe, batch);
}

/* The largest power of two up to @most that stays within @bytes; 0: not even the smallest. */
static guint
batch_that_fits (const SlRecipe *recipe, const SlTask *task, const char *const *classes, guint most,
                 gsize bytes)
{
  guint batch = 1;

  while (batch * 2 <= most)
    batch *= 2;
  for (; batch >= AUTO_BATCH_MIN; batch /= 2)
    if (sl_predict_training_bytes (recipe, task, classes, batch) <= bytes)
      return batch;
  return 0;
}

guint
sl_auto_batch (const SlRecipe *recipe, const SlTask *task, const char *const *classes,
               gsize n_train)
{
  gsize most = MAX (n_train / AUTO_BATCHES_PER_EPOCH,
                    MIN (AUTO_BATCH_WANTED, n_train / AUTO_BATCHES_LEAST));
  guint batch;

  g_return_val_if_fail (recipe != NULL && task != NULL && classes != NULL, AUTO_BATCH_MIN);
  batch = batch_that_fits (recipe, task, classes,
                           (guint)CLAMP (most, AUTO_BATCH_MIN, AUTO_BATCH_MAX),
                           (gsize)((double)sl_memory_free_bytes () * AUTO_MEMORY_SHARE));
  return MAX (batch, AUTO_BATCH_MIN);
}

gboolean
sl_memory_check_training (const SlRecipe *recipe, const SlTask *task, const char *const *classes,
                          SlGraph *graph, SlParams *params, gsize *peak_bytes, GError **error)
{
  gsize free_bytes = sl_memory_free_bytes ();
  g_autofree char *needed = NULL;
  g_autofree char *free_text = NULL;
  guint fits;

  *peak_bytes = training_bytes (graph, params, recipe, recipe->batch);
  if (*peak_bytes <= free_bytes)
    return TRUE;
  needed = g_format_size (*peak_bytes);
  free_text = g_format_size (free_bytes);
  fits = batch_that_fits (recipe, task, classes, recipe->batch - 1, free_bytes);
  if (fits > 0)
    g_set_error (error, SL_ERROR, SL_ERROR_MEMORY,
                 "A batch of %u pictures of %d×%d needs %s of memory and %s are free: use a batch "
                 "of %u",
                 recipe->batch, recipe->height, recipe->width, needed, free_text, fits);
  else
    g_set_error (error, SL_ERROR, SL_ERROR_MEMORY,
                 "Training on pictures of %d×%d needs %s of memory and %s are free: choose smaller "
                 "pictures",
                 recipe->height, recipe->width, needed, free_text);
  return FALSE;
}
