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

/* Bytes of plans and loader of one stage, as @recipe of that one has it; 0: no such network.
 * @n_elements: (out): of the block of parameters */
static gsize
stage_bytes (const SlRecipe *recipe, const SlTask *task, const char *const *classes, guint batch,
             gsize *n_elements)
{
  gsize pictures = (gsize)batch * recipe->height * recipe->width * 3 * sizeof (float);
  g_autoptr (SlGraph) graph = NULL;
  g_autoptr (SlParams) params = NULL;

  graph = sl_network_new (recipe, task, classes, batch,
                          recipe->mixup > 0 ? SL_NETWORK_MIXED : SL_NETWORK_WHOLE, NULL);
  if (graph == NULL)
    return 0;
  params = sl_params_new_zero (graph);
  *n_elements = sl_params_n_elements (params);
  sl_params_freeze_to (params, recipe->stages[0].freeze_to, recipe->freeze_norms);
  return sl_plan_predict_bytes (graph, params, SL_MODE_TRAIN, sl_network_train_flags (recipe))
         + sl_plan_predict_bytes (graph, params, SL_MODE_EVAL, SL_PLAN_DEFAULT)
         + LOADER_BATCHES * pictures;
}

/* Of the largest stage: what is frozen keeps no activations. */
gsize
sl_predict_training_bytes (const SlRecipe *recipe, const SlTask *task, const char *const *classes,
                           guint batch)
{
  /* Values and two moments; the best so far; all gradients at a time. */
  const gsize n_blocks = 3 + (recipe->keep != SL_KEEP_MODEL_LAST) + (recipe->clip > 0);
  gsize most = 0, n_elements = 0;

  g_return_val_if_fail (task != NULL && classes != NULL && batch > 0, 0);
  for (guint i = 0; i < recipe->n_stages; i++)
    {
      g_autoptr (SlRecipe) own = sl_recipe_for_stage (recipe, i);
      guint own_batch = recipe->stages[i].batch > 0 ? recipe->stages[i].batch : batch;

      most = MAX (most, stage_bytes (own, task, classes, own_batch, &n_elements));
    }
  return most > 0 ? most + n_blocks * n_elements * sizeof (float) : 0;
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

static gboolean
refuse (const SlRecipe *own, const SlTask *task, const char *const *classes, gsize needed,
        gsize free_bytes, GError **error)
{
  g_autofree char *needed_text = g_format_size (needed);
  g_autofree char *free_text = g_format_size (free_bytes);
  guint fits = batch_that_fits (own, task, classes, own->batch - 1, free_bytes);

  if (fits > 0)
    g_set_error (error, SL_ERROR, SL_ERROR_MEMORY,
                 "A batch of %u pictures of %d×%d needs %s of memory and %s are free: use a batch "
                 "of %u",
                 own->batch, own->height, own->width, needed_text, free_text, fits);
  else
    g_set_error (error, SL_ERROR, SL_ERROR_MEMORY,
                 "Training on pictures of %d×%d needs %s of memory and %s are free: choose smaller "
                 "pictures",
                 own->height, own->width, needed_text, free_text);
  return FALSE;
}

gboolean
sl_memory_check_training (const SlRecipe *recipe, const SlTask *task, const char *const *classes,
                          gsize *peak_bytes, GError **error)
{
  gsize free_bytes = sl_memory_free_bytes ();

  *peak_bytes = 0;
  for (guint i = 0; i < recipe->n_stages; i++)
    {
      g_autoptr (SlRecipe) own = sl_recipe_for_stage (recipe, i);
      gsize needed = sl_predict_training_bytes (own, task, classes, own->batch);

      *peak_bytes = MAX (*peak_bytes, needed);
      if (needed > free_bytes)
        return refuse (own, task, classes, needed, free_bytes, error);
    }
  return TRUE;
}
