/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/session.h"
#include "core/free-memory.h"
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
  const SlProblem *problem = sl_sample_set_problem (samples);
  guint first = G_MAXUINT;

  for (gsize i = 0; i < sl_sample_set_n (samples); i++)
    {
      const char *target = sl_sample_set_get (samples, i)->target;
      guint found[2];
      guint n = target != NULL ? problem->task->classes_of (problem, target, found, 2) : 0;

      if (n > 1 || (n == 1 && first != G_MAXUINT && found[0] != first))
        return TRUE;
      if (n == 1)
        first = found[0];
    }
  return FALSE;
}

/* What the recipe asks for must make sense for this kind of problem. */
static gboolean
check_fits (const SlRecipe *recipe, const SlTask *task, GError **error)
{
  const char *what = NULL;

  if (recipe->mixup > 0 && !task->may_mix)
    what = "Pictures of this kind of problem cannot be mixed: set mixup to 0";
  else if (recipe->balance != SL_BALANCE_NONE && !task->has_classes)
    what = "Only pictures with labels have classes to balance: set the balance to none";
  if (what != NULL)
    g_set_error_literal (error, SL_ERROR, SL_ERROR_UNSUPPORTED, what);
  return what == NULL;
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
  if (sl_sample_set_problem (samples)->task->one_class && !has_two_classes (samples))
    {
      g_set_error (error, SL_ERROR, SL_ERROR_DATA,
                   "All training pictures are of one class: add pictures of another one, there is "
                   "nothing to tell apart");
      return FALSE;
    }
  return TRUE;
}

/* The batch size that an earlier run had in this stage; 0: none, or of other pictures. */
static guint
earlier_batch (const SlRecipe *earlier, const SlRecipe *recipe, guint stage)
{
  g_autoptr (SlRecipe) own = sl_recipe_for_stage (recipe, stage);
  g_autoptr (SlRecipe) old = NULL;

  if (earlier == NULL || stage >= earlier->n_stages)
    return 0;
  old = sl_recipe_for_stage (earlier, stage);
  return old->height == own->height && old->width == own->width ? old->batch : 0;
}

/* With @recipe in place of the whole one. */
static SlTrainOutline
outline_with (const SlSession *self, const SlRecipe *recipe)
{
  const SlTrainSetup *setup = self->setup;

  return (SlTrainOutline){ .recipe = recipe,
                           .problem = self->problem,
                           .n_train = sl_sample_set_n (setup->train),
                           .n_valid = setup->valid != NULL ? sl_sample_set_n (setup->valid) : 0 };
}

/* The automatic choice looks at the memory that is free now, so it is made once for all stages. */
static void
choose_batches (SlSession *self, const SlRecipe *earlier, gsize free_bytes)
{
  gsize n = sl_sample_set_n (self->setup->train);

  for (guint i = 0; i < self->recipe->n_stages; i++)
    {
      g_autoptr (SlRecipe) own = sl_recipe_for_stage (self->recipe, i);
      SlTrainOutline outline = outline_with (self, own);
      guint batch = own->batch;

      if (batch == 0)
        batch = earlier_batch (earlier, self->recipe, i);
      if (batch == 0)
        batch = sl_memory_choose_batch (&outline, free_bytes);
      /* A batch that the set cannot fill would be padded, and the padding would enter the
       * statistics of the batch norms. */
      self->recipe->stages[i].batch = (guint)MIN (batch, n);
    }
}

guint
sl_session_steps_per_epoch (const SlSession *self, guint stage)
{
  return (guint)(self->draw.n / self->recipe->stages[stage].batch);
}

double
sl_session_step_work (const SlSession *self, guint stage, double *picture)
{
  const SlStage *own = &self->recipe->stages[stage];
  gboolean frozen = own->freeze_to >= sl_arch_find (self->recipe->arch)->n_groups;

  /* For each product of the forward pass the backward pass has two. */
  *picture = (double)(own->height > 0 ? own->height : self->recipe->height)
             * (own->width > 0 ? own->width : self->recipe->width);
  return *picture * own->batch * (frozen ? 1 : 3);
}

static SlPictureCache *
make_cache (gsize free_bytes, gsize peak_bytes)
{
  double left = (double)(free_bytes - peak_bytes); /* checked before */

  return sl_picture_cache_new ((gsize)MIN (left * CACHE_SHARE, CACHE_MAX_BYTES));
}

/* Random weights for the network of the first stage; its size and batch do not matter to them. */
static gboolean
make_params (SlSession *self, GError **error)
{
  g_autoptr (SlGraph) graph = sl_network_new (
      self->recipe, self->problem, self->recipe->stages[0].batch, SL_NETWORK_WHOLE, error);

  if (graph == NULL)
    return FALSE;
  self->params = sl_params_new (graph, self->recipe->seed);
  return TRUE;
}

gboolean
sl_session_open (SlSession *self, const SlTrainSetup *setup, const SlRecipe *earlier,
                 GError **error)
{
  const gsize free_bytes = sl_free_memory_bytes ();
  SlTrainOutline outline;

  memset (self, 0, sizeof *self);
  self->setup = setup;
  self->problem = sl_sample_set_problem (setup->train);
  self->old_threads = sl_parallel_get_threads ();
  if (setup->recipe->threads > 0)
    sl_parallel_set_threads (setup->recipe->threads);
  if (!sl_recipe_check (setup->recipe, error)
      || !check_fits (setup->recipe, self->problem->task, error)
      || !check_data (setup->train, error))
    return FALSE;
  self->recipe = sl_recipe_copy (setup->recipe);
  sl_epoch_draw_init (&self->draw, setup->train, self->recipe->balance);
  choose_batches (self, earlier, free_bytes);
  outline = outline_with (self, self->recipe);
  if (!sl_memory_check_training (&outline, free_bytes, &self->peak_bytes, error)
      || !make_params (self, error))
    return FALSE;
  self->cache = setup->cache != NULL ? sl_picture_cache_ref (setup->cache)
                                     : make_cache (free_bytes, self->peak_bytes);
  return TRUE;
}

static void
end_stage (SlSession *self)
{
  g_clear_pointer (&self->plan, sl_plan_free);
  g_clear_pointer (&self->kept, sl_kept_free);
  g_clear_pointer (&self->now, sl_recipe_free);
}

void
sl_session_close (SlSession *self)
{
  if (self->setup == NULL) /* never opened */
    return;
  sl_parallel_set_threads (self->old_threads);
  end_stage (self);
  sl_epoch_draw_clear (&self->draw);
  g_clear_pointer (&self->params, sl_params_unref);
  g_clear_pointer (&self->cache, sl_picture_cache_unref);
  g_clear_pointer (&self->recipe, sl_recipe_free);
}

/* ---- Stages */

/* Of the kept outputs of this stage: a view is asked for in the epoch that shows it first. */
static void
make_kept (SlSession *self)
{
  SlLoaderOptions options;
  guint n_views = sl_kept_n_views (self->now);

  sl_network_loader_options (self->now, self->now->batch, TRUE, &options);
  self->kept = sl_kept_new (self->setup->train, &options, n_views,
                            sl_network_n_features (self->now));
}

static gboolean
make_plan (SlSession *self, GError **error)
{
  SlNetworkPart part = self->recipe->mixup > 0 ? SL_NETWORK_MIXED : SL_NETWORK_WHOLE;
  g_autoptr (SlGraph) graph = NULL;

  if (self->kept != NULL)
    part = SL_NETWORK_HEAD;
  graph = sl_network_new (self->now, self->problem, self->now->batch, part, error);
  if (graph == NULL)
    return FALSE;
  self->plan = sl_plan_new (graph, self->params, SL_MODE_TRAIN,
                            sl_network_train_flags (self->recipe), error);
  return self->plan != NULL;
}

static void
begin_optimiser (SlSession *self, guint steps_done)
{
  self->adam = SL_ADAMW_INIT;
  self->adam.weight_decay = self->recipe->weight_decay;
  self->adam.step = steps_done;
  if (steps_done == 0)
    sl_params_reset_moments (self->params);
}

gboolean
sl_session_begin_stage (SlSession *self, guint stage, gboolean may_keep, guint steps_done,
                        GError **error)
{
  gsize n_rows = sl_sample_set_n (self->setup->train);

  g_return_val_if_fail (stage < self->recipe->n_stages, FALSE);
  end_stage (self); /* first: two arenas might not fit */
  self->stage = stage;
  self->now = sl_recipe_for_stage (self->recipe, stage);
  self->steps_per_epoch = sl_session_steps_per_epoch (self, stage);
  sl_params_freeze_to (self->params, self->now->stages[0].freeze_to, self->recipe->freeze_norms);
  self->kept_state = sl_kept_judge (self->recipe, self->problem, stage,
                                    n_rows * sl_kept_n_views (self->now), &self->kept_bytes);
  if (may_keep && self->kept_state == SL_KEPT_USED)
    make_kept (self);
  begin_optimiser (self, steps_done);
  return make_plan (self, error);
}

/* The body's plan lives only while it is asked: its arena is the larger part. */
gboolean
sl_session_ensure_kept (SlSession *self, SlKept *kept, guint view, guint batch,
                        const SlPassWatch *watch, GError **error)
{
  /* Training pictures as the whole network would have them; what is validated is float32. */
  SlPlanFlags flags = kept == self->kept ? sl_network_train_flags (self->recipe) & SL_PLAN_BF16
                                         : SL_PLAN_DEFAULT;
  g_autoptr (SlGraph) graph = NULL;
  g_autoptr (SlPlan) body = NULL;

  if (sl_kept_has_view (kept, view))
    return TRUE;
  graph = sl_network_new (self->now, self->problem, batch, SL_NETWORK_BODY, error);
  if (graph == NULL)
    return FALSE;
  body = sl_plan_new (graph, self->params, SL_MODE_EVAL, flags, error);
  return body != NULL && sl_kept_ensure (kept, view, body, self->cache, watch, error);
}

void
sl_session_epoch_options (const SlSession *self, guint64 epoch, SlLoaderOptions *options,
                          guint32 **order)
{
  sl_network_loader_options (self->now, self->now->batch, TRUE, options);
  *order = sl_epoch_draw_order (&self->draw, self->recipe->seed, epoch);
  options->order = *order;
  options->n_order = self->draw.n;
  options->weights = self->draw.weights;
  options->shuffle = FALSE;
}

/* ---- Steps */

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

static gboolean
set_batch (SlSession *self, const SlBatch *batch, guint step, GError **error)
{
  SlMixup mixup;

  if (self->recipe->mixup <= 0)
    return sl_network_set_batch (self->plan, batch, error);
  sl_mixup_draw (&mixup, sl_tensor_get_shape (batch->pictures).dim[0], self->recipe->mixup,
                 sl_random_key (self->recipe->seed, SL_PURPOSE_MIXUP, step, 0));
  sl_network_set_mixed (self->plan, batch, &mixup);
  sl_mixup_clear (&mixup);
  return TRUE;
}

gboolean
sl_session_step (SlSession *self, const SlBatch *batch, guint step, const double *rates,
                 double beta1, double *loss, GError **error)
{
  if (!check_readable (batch, error) || !set_batch (self, batch, step, error))
    return FALSE;
  sl_plan_forward (self->plan, sl_random_key (self->recipe->seed, SL_PURPOSE_DROPOUT, step, 0));
  *loss = *sl_plan_output (self->plan, "loss", NULL);
  if (!isfinite (*loss))
    return TRUE;
  if (self->recipe->clip <= 0)
    {
      sl_adamw_backward (&self->adam, self->plan, rates, beta1);
      return TRUE;
    }
  sl_plan_backward (self->plan);
  sl_params_clip_grads (self->params, self->recipe->clip);
  sl_adamw_step (&self->adam, self->params, rates, beta1);
  return TRUE;
}
