/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/session.h"
#include "core/free-memory.h"
#include "train/first-answer.h"
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

  const gboolean texts = sl_arch_find (recipe->arch)->texts;

  if (texts != task->texts)
    what = texts ? "This network reads texts: choose one for pictures"
                 : "This network looks at pictures: choose awd-lstm-small or awd-lstm for texts";
  else if (texts && recipe->balance != SL_BALANCE_NONE)
    what = "Classes of texts cannot be balanced: set the balance to none";
  else if (recipe->mixup > 0 && !task->may_mix)
    what = task->texts ? "Texts cannot be mixed: set mixup to 0"
                       : "Pictures of this kind of problem cannot be mixed: set mixup to 0";
  else if (recipe->balance != SL_BALANCE_NONE && !task->has_classes)
    what = "Only pictures with labels have classes to balance: set the balance to none";
  if (what != NULL)
    g_set_error_literal (error, SL_ERROR, SL_ERROR_UNSUPPORTED, what);
  return what == NULL;
}

static gboolean
check_data (SlSampleSet *samples, const SlRecipe *recipe, GError **error)
{
  const SlTask *task = sl_sample_set_problem (samples)->task;
  gsize n = sl_sample_set_n (samples);

  if (task->texts && recipe->learn == SL_LEARN_LANGUAGE)
    return TRUE; /* its words are counted, not the texts */
  if (n < 2 && task->texts)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_DATA,
                   "There are too few texts with a label to train on (%" G_GSIZE_FORMAT
                   "): label some, or train a language model",
                   n);
      return FALSE;
    }
  if (n < 2)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_DATA,
                   "The training set is too small (%" G_GSIZE_FORMAT
                   "): it needs at least 2 pictures, and "
                   "some dozens to learn anything",
                   n);
      return FALSE;
    }
  if (task->one_class && !has_two_classes (samples))
    {
      g_set_error_literal (
          error, SL_ERROR, SL_ERROR_DATA,
          task->texts
              ? "All training texts are of one class: add texts of another one, there is "
                "nothing to tell apart"
              : "All training pictures are of one class: add pictures of another one, there "
                "is nothing to tell apart");
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
  if (self->texts != NULL)
    return self->texts->way->n_steps (self->texts, self->recipe->stages[stage].batch);
  return (guint)(self->draw.n / self->recipe->stages[stage].batch);
}

double
sl_session_step_work (const SlSession *self, guint stage, double *picture)
{
  const SlStage *own = &self->recipe->stages[stage];
  gboolean frozen = own->freeze_to >= sl_arch_find (self->recipe->arch)->n_groups;

  if (self->texts != NULL) /* a tenth for an epoch's validation, which is soon timed */
    {
      *picture = 0.1 * sl_session_steps_per_epoch (self, stage) * own->batch;
      return own->batch * (frozen ? 1 : 3);
    }
  /* For each product of the forward pass the backward pass has two. */
  *picture = (double)(own->height > 0 ? own->height : self->recipe->height)
             * (own->width > 0 ? own->width : self->recipe->width);
  return *picture * own->batch * (frozen ? 1 : 3);
}

/* ---- Texts */

static gboolean
open_texts (SlSession *self, SlStateDict *checkpoint, GCancellable *cancellable, GError **error)
{
  const SlTrainSetup *setup = self->setup;
  g_autoptr (SlStateDict) start = NULL;

  if (checkpoint == NULL && setup->start_model != NULL)
    {
      start = checkpoint = sl_network_load_weights (setup->start_model, error);
      if (start == NULL)
        return FALSE;
    }
  self->texts = sl_text_session_new (setup, checkpoint, cancellable, error);
  if (self->texts == NULL)
    return FALSE;
  self->problem = sl_text_session_problem (self->texts);
  /* Before the batches, which its size decides on. */
  sl_recipe_free (self->recipe);
  self->recipe = sl_recipe_copy (self->texts->recipe);
  return TRUE;
}

static gboolean
choose_text_batches (SlSession *self, GError **error)
{
  for (guint i = 0; i < self->recipe->n_stages; i++)
    {
      SlStage *stage = &self->recipe->stages[i];

      if (stage->batch == 0)
        stage->batch = self->recipe->batch;
      if (stage->batch == 0)
        stage->batch = self->texts->way->batch (self->texts);
      if (sl_session_steps_per_epoch (self, i) > 0)
        continue;
      g_set_error (error, SL_ERROR, SL_ERROR_DATA,
                   "The texts are too short for %u rows of a batch: add texts, or use a smaller "
                   "batch",
                   stage->batch);
      return FALSE;
    }
  return TRUE;
}

/* Values, moments of what is trained, gradients where clipping wants them together, the best epoch. */
static gboolean
check_text_memory (SlSession *self, gsize free_bytes, GError **error)
{
  const SlRecipe *recipe = self->recipe;
  const gsize n_blocks = 3 + (recipe->clip > 0) + (recipe->keep != SL_KEEP_MODEL_LAST);
  const gsize params_bytes = n_blocks * sl_params_n_elements (self->params) * sizeof (float);

  for (guint i = 0; i < recipe->n_stages; i++)
    {
      const SlStage *stage = &recipe->stages[i];
      gsize bytes;

      sl_params_freeze_to (self->params, stage->freeze_to, recipe->freeze_norms);
      bytes = params_bytes
              + self->texts->way->plan_bytes (self->texts, self->params, stage->batch,
                                              sl_network_train_flags (recipe));
      self->peak_bytes = MAX (self->peak_bytes, bytes);
    }
  if (self->peak_bytes <= free_bytes)
    return TRUE;
  {
    g_autofree char *needed = g_format_size (self->peak_bytes);
    g_autofree char *free_text = g_format_size (free_bytes);

    g_set_error (
        error, SL_ERROR, SL_ERROR_MEMORY,
        "Training needs %s of memory and %s are free: use a smaller batch, fewer words or a "
        "smaller network",
        needed, free_text);
  }
  return FALSE;
}

static SlPictureCache *
make_cache (gsize free_bytes, gsize peak_bytes)
{
  double left = (double)(free_bytes - peak_bytes); /* checked before */

  return sl_picture_cache_new ((gsize)MIN (left * CACHE_SHARE, CACHE_MAX_BYTES));
}

/* The network of the first stage: what its parameters are depends on no size. */
static SlGraph *
make_graph (const SlSession *self, GError **error)
{
  if (self->texts != NULL)
    return self->texts->way->graph (self->texts, error);
  return sl_network_new (self->recipe, self->problem, self->recipe->stages[0].batch,
                         SL_NETWORK_WHOLE, error);
}

static gboolean
make_params (SlSession *self, GError **error)
{
  g_autoptr (SlGraph) graph = make_graph (self, error);

  if (graph == NULL)
    return FALSE;
  self->params = sl_params_new (graph, self->recipe->seed);
  return TRUE;
}

SlParams *
sl_session_new_params (const SlSession *self, GError **error)
{
  g_autoptr (SlGraph) graph = make_graph (self, error);

  return graph != NULL ? sl_params_new_zero (graph) : NULL;
}

gboolean
sl_session_load_start (SlSession *self, const char *start_model, GError **error)
{
  if (self->problem->task != &sl_task_language) /* which has no layer for outputs */
    sl_first_answer_set (self->params, self->setup->train, &self->draw);
  return self->texts != NULL
             ? sl_text_session_load_start (self->texts, self->params, start_model, error)
             : sl_network_load_start (self->params, self->recipe, start_model, error);
}

static gboolean
open_text_training (SlSession *self, SlStateDict *checkpoint, gsize free_bytes,
                    GCancellable *cancellable, GError **error)
{
  return open_texts (self, checkpoint, cancellable, error) && choose_text_batches (self, error)
         && make_params (self, error) && check_text_memory (self, free_bytes, error);
}

static gboolean
open_picture_training (SlSession *self, const SlRecipe *earlier, gsize free_bytes, GError **error)
{
  const SlTrainSetup *setup = self->setup;
  SlTrainOutline outline;

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

gboolean
sl_session_open (SlSession *self, const SlTrainSetup *setup, const SlRecipe *earlier,
                 SlStateDict *checkpoint, GCancellable *cancellable, GError **error)
{
  const gsize free_bytes = sl_free_memory_bytes ();

  memset (self, 0, sizeof *self);
  self->setup = setup;
  self->problem = sl_sample_set_problem (setup->train);
  self->old_threads = sl_parallel_get_threads ();
  if (setup->recipe->threads > 0)
    sl_parallel_set_threads (setup->recipe->threads);
  if (!sl_recipe_check (setup->recipe, error)
      || !check_fits (setup->recipe, self->problem->task, error)
      || !check_data (setup->train, setup->recipe, error))
    return FALSE;
  self->recipe = sl_recipe_copy (setup->recipe);
  return sl_sample_set_texts (setup->train) != NULL
             ? open_text_training (self, checkpoint, free_bytes, cancellable, error)
             : open_picture_training (self, earlier, free_bytes, error);
}

static void
end_stage (SlSession *self)
{
  if (self->texts != NULL)
    self->texts->way->end_stage (self->texts);
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
  g_clear_pointer (&self->texts, sl_text_session_free);
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

static gboolean
begin_texts (SlSession *self, guint steps_done, GError **error)
{
  SlTextSession *texts = self->texts;

  self->kept_state = SL_KEPT_NOT_FROZEN;
  texts->now = self->now;
  texts->params = self->params;
  begin_optimiser (self, steps_done);
  return texts->way->begin_stage (texts, error);
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
  if (self->texts != NULL)
    return begin_texts (self, steps_done, error);
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

/* *@plan: the one that ran. */
static gboolean
forward (SlSession *self, const SlBatch *batch, guint step, SlPlan **plan, double *loss,
         GError **error)
{
  const guint64 key = sl_random_key (self->recipe->seed, SL_PURPOSE_DROPOUT, step, 0);

  if (self->texts != NULL)
    {
      gboolean ok = self->texts->way->forward (self->texts, key, loss, error);

      *plan = self->texts->plan;
      return ok;
    }
  if (!check_readable (batch, error) || !set_batch (self, batch, step, error))
    return FALSE;
  sl_plan_forward (self->plan, key);
  *plan = self->plan;
  *loss = *sl_plan_output (self->plan, "loss", NULL);
  return TRUE;
}

gboolean
sl_session_step (SlSession *self, const SlBatch *batch, guint step, const double *rates,
                 double beta1, double *loss, GError **error)
{
  SlPlan *plan;

  if (!forward (self, batch, step, &plan, loss, error))
    return FALSE;
  if (!isfinite (*loss))
    return TRUE;
  if (self->recipe->clip <= 0)
    {
      sl_adamw_backward (&self->adam, plan, rates, beta1);
      return TRUE;
    }
  sl_plan_backward (plan);
  sl_params_clip_grads (self->params, self->recipe->clip);
  sl_adamw_step (&self->adam, self->params, rates, beta1);
  return TRUE;
}
