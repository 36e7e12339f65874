/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What training needs, before anything is made.  tests/engine/test-memory.c holds it against what
 * real runs take. */
#include "train/memory.h"
#include "core/free-memory.h"
#include "train/kept.h"
#include "train/network.h"
#include "train/validate.h"

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

/* ---- What is alive at a time */

/* A stage of its own: a recipe of one stage and its batch. */
typedef struct
{
  const SlTrainOutline *outline;
  SlRecipe *recipe; /* owned */
  guint batch;
  gsize kept_bytes; /* of the frozen body's outputs; 0: the whole network is run each time */
} Stage;

static void
stage_init (Stage *self, const SlTrainOutline *outline, guint i, guint batch)
{
  const guint own = outline->recipe->stages[i].batch;
  gsize n_rows = outline->n_valid + sl_validation_sample_size (outline->n_train, outline->n_valid);
  gsize row_bytes = sl_network_n_features (outline->recipe) * sizeof (float);

  *self = (Stage){ .outline = outline,
                   .recipe = sl_recipe_for_stage (outline->recipe, i),
                   .batch = own > 0 ? own : batch };
  if (sl_kept_judge (outline->recipe, outline->problem, i,
                     outline->n_train * sl_kept_n_views (self->recipe), &self->kept_bytes)
      == SL_KEPT_USED)
    self->kept_bytes += n_rows * row_bytes;
  else
    self->kept_bytes = 0;
}

static SlGraph *
stage_graph (const Stage *self, SlNetworkPart part)
{
  return sl_network_new (self->recipe, self->outline->problem, self->batch, part, NULL);
}

static gsize
plan_bytes (const Stage *self, SlNetworkPart part, SlMode mode, SlParams *params)
{
  g_autoptr (SlGraph) graph = stage_graph (self, part);

  return sl_plan_predict_bytes (graph, params, mode,
                                mode == SL_MODE_TRAIN ? sl_network_train_flags (self->recipe)
                                                      : SL_PLAN_DEFAULT);
}

/* The plan for validation lives beside that for training. */
static gsize
plans_bytes (const Stage *self, SlParams *params)
{
  gboolean kept = self->kept_bytes > 0;
  SlNetworkPart valid_part = kept ? SL_NETWORK_HEAD : SL_NETWORK_WHOLE;
  SlNetworkPart train_part = self->recipe->mixup > 0 ? SL_NETWORK_MIXED : valid_part;
  gsize bytes = plan_bytes (self, train_part, SL_MODE_TRAIN, params);

  if (kept)
    bytes += plan_bytes (self, SL_NETWORK_BODY, SL_MODE_EVAL, params);
  if (self->outline->n_valid > 0)
    bytes += plan_bytes (self, valid_part, SL_MODE_EVAL, params);
  return bytes;
}

/* Batches that lie ready or in use: those of training or of validation, never both. */
static gsize
loader_bytes (const Stage *self)
{
  const SlProblem *problem = self->outline->problem;
  SlLoaderOptions options;
  SlDType dtype;
  SlShape targets;

  sl_network_loader_options (self->recipe, self->batch, TRUE, &options);
  problem->task->target_layout (problem, self->batch, options.height, options.width, &dtype,
                                &targets);
  return (options.n_ahead + 1)
         * ((gsize)self->batch * options.height * options.width * 3 * sizeof (float)
            + sl_shape_n_elements (targets) * sl_dtype_size (dtype));
}

/* Values; two moments of what is trained, which no other page of theirs is touched for; all
 * gradients where clipping wants them together; the best epoch's values.  What is written to a
 * file is made a tensor at a time. */
static gsize
params_bytes (const Stage *self, SlParams *params)
{
  gsize n_blocks = 1 + (self->recipe->clip > 0) + (self->recipe->keep != SL_KEEP_MODEL_LAST);

  return (n_blocks * sl_params_n_elements (params) + 2 * sl_params_n_values (params, TRUE))
         * sizeof (float);
}

/* 0: there is no such network. */
static gsize
stage_bytes (const Stage *self)
{
  g_autoptr (SlGraph) graph = stage_graph (self, SL_NETWORK_WHOLE);
  g_autoptr (SlParams) params = NULL;

  if (graph == NULL)
    return 0;
  params = sl_params_new_zero (graph);
  sl_params_freeze_to (params, self->recipe->stages[0].freeze_to, self->recipe->freeze_norms);
  return plans_bytes (self, params) + loader_bytes (self) + params_bytes (self, params)
         + self->kept_bytes;
}

static gsize
predict_stage (const SlTrainOutline *outline, guint i, guint batch)
{
  Stage stage;
  gsize bytes;

  stage_init (&stage, outline, i, batch);
  bytes = stage_bytes (&stage);
  sl_recipe_free (stage.recipe);
  return bytes;
}

/* Of the largest stage: between two of them plans, moments and kept outputs go. */
gsize
sl_predict_training_bytes (const SlTrainOutline *outline, guint batch)
{
  gsize most = 0;

  g_return_val_if_fail (outline != NULL && batch > 0, 0);
  for (guint i = 0; i < outline->recipe->n_stages; i++)
    most = MAX (most, predict_stage (outline, i, batch));
  return most;
}

/* ---- Decoded pictures */

static int
stage_side (const SlTrainOutline *outline, guint i)
{
  g_autoptr (SlRecipe) recipe = sl_recipe_for_stage (outline->recipe, i);

  return MAX (recipe->height, recipe->width);
}

static gboolean
is_new_side (const SlTrainOutline *outline, guint i)
{
  for (guint k = 0; k < i; k++)
    if (stage_side (outline, k) == stage_side (outline, i))
      return FALSE;
  return TRUE;
}

gsize
sl_predict_picture_bytes (const SlTrainOutline *outline)
{
  gsize bytes = 0;

  g_return_val_if_fail (outline != NULL, 0);
  for (guint i = 0; i < outline->recipe->n_stages; i++)
    if (is_new_side (outline, i))
      bytes += sl_picture_cache_estimate (outline->n_train + outline->n_valid,
                                          stage_side (outline, i));
  return MIN (bytes, SL_PICTURE_CACHE_BYTES);
}

/* ---- Batches */

/* The largest power of two up to @most that stays within @bytes; 0: not even the smallest. */
static guint
batch_that_fits (const SlTrainOutline *outline, guint most, gsize bytes)
{
  guint batch = 1;

  while (batch * 2 <= most)
    batch *= 2;
  for (; batch >= AUTO_BATCH_MIN; batch /= 2)
    if (sl_predict_training_bytes (outline, batch) <= bytes)
      return batch;
  return 0;
}

guint
sl_memory_choose_batch (const SlTrainOutline *outline, gsize free_bytes)
{
  gsize most = MAX (outline->n_train / AUTO_BATCHES_PER_EPOCH,
                    MIN (AUTO_BATCH_WANTED, outline->n_train / AUTO_BATCHES_LEAST));
  guint batch = batch_that_fits (outline, (guint)CLAMP (most, AUTO_BATCH_MIN, AUTO_BATCH_MAX),
                                 (gsize)((double)free_bytes * AUTO_MEMORY_SHARE));

  return MAX (batch, AUTO_BATCH_MIN);
}

guint
sl_auto_batch (const SlTrainOutline *outline)
{
  g_return_val_if_fail (outline != NULL, AUTO_BATCH_MIN);
  return sl_memory_choose_batch (outline, sl_free_memory_bytes ());
}

/* ---- Refusals */

static gboolean
refuse (const SlTrainOutline *own, gsize needed, gsize free_bytes, GError **error)
{
  const SlRecipe *recipe = own->recipe;
  g_autofree char *needed_text = g_format_size (needed);
  g_autofree char *free_text = g_format_size (free_bytes);
  guint fits = batch_that_fits (own, recipe->batch - 1, free_bytes);

  if (fits > 0)
    g_set_error (error, SL_ERROR, SL_ERROR_MEMORY,
                 "A batch of %u pictures of %d×%d needs %s of memory and %s are free: use a batch "
                 "of %u",
                 recipe->batch, recipe->height, recipe->width, needed_text, free_text, fits);
  else
    g_set_error (error, SL_ERROR, SL_ERROR_MEMORY,
                 "Training on pictures of %d×%d needs %s of memory and %s are free: choose smaller "
                 "pictures",
                 recipe->height, recipe->width, needed_text, free_text);
  return FALSE;
}

gboolean
sl_memory_check_training (const SlTrainOutline *outline, gsize free_bytes, gsize *peak_bytes,
                          GError **error)
{
  *peak_bytes = 0;
  for (guint i = 0; i < outline->recipe->n_stages; i++)
    {
      g_autoptr (SlRecipe) recipe = sl_recipe_for_stage (outline->recipe, i);
      SlTrainOutline own = *outline;
      gsize needed;

      own.recipe = recipe;
      needed = sl_predict_training_bytes (&own, recipe->batch);
      *peak_bytes = MAX (*peak_bytes, needed);
      if (needed > free_bytes)
        return refuse (&own, needed, free_bytes, error);
    }
  return TRUE;
}
