/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures compared by what a trained model sees in them. */
#include "project/job.h"
#include "project/kept-features.h"
#include "project/project-private.h"
#include "train/raw-features.h"

#include <string.h>

#define FEATURES_SHARE 0.9 /* of the progress; the rest is the search */
#define STEPS 1000

struct _SlComparison
{
  gint64 run;
  SlFeatures *features; /* owned */
  GArray *similar;      /* SlSimilar, most alike first */
};

/* ---- The worker */

static void
on_features (gsize done, gsize total, const char *what, gpointer data)
{
  sl_job_tell (data, (gsize)(STEPS * FEATURES_SHARE * (double)done / (double)total), STEPS);
}

static void
on_rows (gsize done, gsize total, const char *what, gpointer data)
{
  const double share = (double)done / (double)total;

  sl_job_tell (data, (gsize)(STEPS * (FEATURES_SHARE + (1 - FEATURES_SHARE) * share)), STEPS);
}

/* Looks at the pictures whose rows are not known. */
static gboolean
fill_rows (SlProjectJob *self, SlModel *model, SlFeatures *raw, const guint8 *known)
{
  g_autoptr (SlSampleSet) unknown = sl_sample_set_new (sl_sample_set_problem (self->train));
  g_autoptr (SlFeatures) found = NULL;
  gsize at = 0;

  for (gsize i = 0; i < raw->n; i++)
    {
      const SlSample *sample = sl_sample_set_get (self->train, i);

      raw->ids[i] = sample->id;
      if (!known[i])
        sl_sample_set_add (unknown, sample->id, sample->path, NULL);
    }
  found = sl_model_raw_features (model, unknown, self->cache, self->control, on_features, self,
                                 self->cancellable, &self->error);
  if (found == NULL)
    return FALSE;
  for (gsize i = 0; i < raw->n; i++)
    if (!known[i])
      memcpy (raw->rows + i * raw->n_features, found->rows + at++ * raw->n_features,
              raw->n_features * sizeof *raw->rows);
  return TRUE;
}

/* Those that are kept of this very model and these very files; all others are looked at, and kept. */
static SlFeatures *
find_features (SlProjectJob *self, SlModel *model)
{
  const gsize n = sl_sample_set_n (self->train), n_features = sl_model_n_features (model);
  g_autoptr (GError) error = NULL;
  g_autofree guint8 *known = g_new0 (guint8, n + 1);
  g_autoptr (SlKeptFeatures) kept = NULL;
  g_autoptr (SlFeatures) raw = sl_features_new (n, n_features);

  kept = sl_kept_features_open (self->folder, self->run_id, self->start_model, n_features, &error);
  if (kept != NULL && !sl_kept_features_read (kept, self->train, raw, known, &error))
    {
      memset (known, 0, n);
      g_clear_pointer (&kept, sl_kept_features_free);
    }
  if (!fill_rows (self, model, raw, known))
    return NULL;
  if (kept != NULL)
    sl_kept_features_write (kept, self->train, raw, known, &error);
  if (error != NULL)
    g_info ("What the model sees in pictures is not kept: %s", error->message);
  sl_features_centre (raw, NULL);
  return g_steal_pointer (&raw);
}

void
sl_job_work_compare (SlProjectJob *self)
{
  g_autoptr (SlModel) model = sl_model_load (self->start_model, &self->error);

  if (model == NULL
      || !sl_model_check_features (model, sl_sample_set_n (self->train), &self->error))
    return;
  self->features = find_features (self, model);
  if (self->features != NULL)
    self->similar = sl_similar_pairs (self->features, SL_SIMILAR_MOST, self->control, on_rows, self,
                                      self->cancellable, &self->error);
}

/* ---- The owner */

void
sl_project_forget_comparison (SlProject *self)
{
  if (self->comparison == NULL)
    return;
  sl_features_unref (self->comparison->features);
  g_array_unref (self->comparison->similar);
  g_clear_pointer (&self->comparison, g_free);
}

void
sl_project_settle_compare (SlProject *self, SlProjectJob *job)
{
  if (job->error != NULL)
    return;
  sl_project_forget_comparison (self);
  self->comparison = g_new (SlComparison, 1);
  self->comparison->run = job->run_id;
  self->comparison->features = g_steal_pointer (&job->features);
  self->comparison->similar = g_steal_pointer (&job->similar);
}

/* All that are there: one without a label may be the copy of one that has it. */
static SlSampleSet *
dup_present (SlProject *self)
{
  SlSampleSet *samples = sl_sample_set_new (self->problem);

  for (guint i = 0; i < sl_item_list_n (self->items); i++)
    {
      SlItem *item = sl_item_list_at (self->items, i);

      if (item->state == SL_ITEM_PRESENT)
        sl_sample_set_add (samples, item->id, sl_item_get_path (item), NULL);
    }
  return samples;
}

static SlProjectJob *
prepare (SlProject *self, gint64 run_id, GCancellable *cancellable, GError **error)
{
  SlProjectJob *job = sl_project_prepare_job (self, SL_JOB_COMPARE, cancellable, error);

  if (job == NULL)
    return NULL;
  if (!sl_project_find_model (self, run_id, &job->start_model, error))
    {
      sl_project_give_up_job (self, job);
      return NULL;
    }
  if (self->texts == NULL) /* of texts there is nothing to compare, which the job says */
    {
      g_clear_pointer (&job->train, sl_sample_set_unref);
      job->train = dup_present (self);
    }
  job->run_id = run_id;
  return job;
}

gboolean
sl_project_compare (SlProject *self, gint64 run_id, const SlJobWatch *watch,
                    GCancellable *cancellable, GError **error)
{
  SlProjectJob *job;

  g_return_val_if_fail (SL_IS_PROJECT (self) && run_id > 0, FALSE);

  job = prepare (self, run_id, cancellable, error);
  return job != NULL && sl_project_run_job (self, job, watch, error);
}

void
sl_project_compare_async (SlProject *self, gint64 run_id, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  GError *error = NULL;
  SlProjectJob *job;

  g_return_if_fail (SL_IS_PROJECT (self) && run_id > 0);

  job = prepare (self, run_id, cancellable, &error);
  sl_project_run_job_async (self, job, sl_project_compare_async, callback, user_data, error);
}

gboolean
sl_project_compare_finish (SlProject *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

gint64
sl_project_get_compared_run (SlProject *self)
{
  g_return_val_if_fail (SL_IS_PROJECT (self), 0);
  return self->comparison != NULL ? self->comparison->run : 0;
}

SlFeatures *
sl_project_ref_features (SlProject *self, gint64 *run)
{
  *run = sl_project_get_compared_run (self);
  return self->comparison != NULL ? sl_features_ref (self->comparison->features) : NULL;
}

/* ---- Pairs */

static gboolean
read_pair (SlProject *self, const SlSimilar *similar, SlSimilarPair *pair)
{
  const gint64 *ids = self->comparison->features->ids;
  SlItem *a = sl_item_list_find (self->items, ids[similar->a]);
  SlItem *b = sl_item_list_find (self->items, ids[similar->b]);

  if (a == NULL || b == NULL || a->state != SL_ITEM_PRESENT || b->state != SL_ITEM_PRESENT)
    return FALSE;
  *pair = (SlSimilarPair){ .a = a->id,
                           .b = b->id,
                           .likeness = similar->likeness,
                           .across = MIN (a->split, b->split) == SL_SPLIT_TRAIN
                                     && MAX (a->split, b->split) == SL_SPLIT_VALID,
                           .differs = a->target != NULL && b->target != NULL
                                      && !g_str_equal (a->target, b->target) };
  return TRUE;
}

GArray *
sl_project_dup_similar (SlProject *self, guint count)
{
  GArray *pairs = g_array_new (FALSE, FALSE, sizeof (SlSimilarPair));
  g_autoptr (GArray) others = g_array_new (FALSE, FALSE, sizeof (SlSimilarPair));

  g_return_val_if_fail (SL_IS_PROJECT (self), pairs);

  for (guint i = 0; self->comparison != NULL && i < self->comparison->similar->len; i++)
    {
      SlSimilarPair pair;

      if (pairs->len + others->len >= count)
        break;
      if (read_pair (self, &g_array_index (self->comparison->similar, SlSimilar, i), &pair))
        g_array_append_val (pair.across || pair.differs ? pairs : others, pair);
    }
  g_array_append_vals (pairs, others->data, others->len);
  return pairs;
}
