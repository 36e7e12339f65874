/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project/project-private.h"

#include "project/journal.h"
#include "project/store-runs.h"
#include "review/review.h"

#include <math.h>

#include <string.h>
#include <unistd.h>

static GParamSpec *properties[SL_PROJECT_N_PROPS];
static guint signals[SL_PROJECT_N_SIGNALS];

G_DEFINE_ENUM_TYPE (SlJob, sl_job, G_DEFINE_ENUM_VALUE (SL_JOB_NONE, "none"),
                    G_DEFINE_ENUM_VALUE (SL_JOB_LR_FIND, "lr-find"),
                    G_DEFINE_ENUM_VALUE (SL_JOB_TRAIN, "train"),
                    G_DEFINE_ENUM_VALUE (SL_JOB_EVALUATE, "evaluate"),
                    G_DEFINE_ENUM_VALUE (SL_JOB_COMPARE, "compare"))

G_DEFINE_FINAL_TYPE (SlProject, sl_project, G_TYPE_OBJECT)

static void
sl_project_dispose (GObject *object)
{
  sl_project_close (SL_PROJECT (object));
  G_OBJECT_CLASS (sl_project_parent_class)->dispose (object);
}

static void
sl_project_finalize (GObject *object)
{
  SlProject *self = SL_PROJECT (object);

  g_clear_pointer (&self->context, g_main_context_unref);
  g_clear_pointer (&self->path, g_ref_string_release);
  g_clear_pointer (&self->problem, sl_problem_unref);
  g_clear_pointer (&self->texts, sl_texts_unref);
  g_free (self->title);
  g_free (self->counts);
  g_free (self->recipe);
  sl_project_forget_comparison (self);
  sl_split_spec_clear (&self->split);
  g_array_unref (self->skipped);
  g_object_unref (self->items);
  g_object_unref (self->runs);
  g_object_unref (self->sweeps);
  G_OBJECT_CLASS (sl_project_parent_class)->finalize (object);
}

static void
sl_project_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  SlProject *self = SL_PROJECT (object);

  switch (id)
    {
    case SL_PROJECT_PROP_TITLE:
      g_value_set_string (value, self->title);
      break;
    case SL_PROJECT_PROP_JOB:
      g_value_set_enum (value, sl_project_get_job (self));
      break;
    case SL_PROJECT_PROP_JOB_PROGRESS:
      g_value_set_double (value, sl_project_get_job_progress (self));
      break;
    case SL_PROJECT_PROP_SECONDS_LEFT:
      g_value_set_double (value, sl_project_get_seconds_left (self));
      break;
    case SL_PROJECT_PROP_PAUSED:
      g_value_set_boolean (value, sl_project_get_paused (self));
      break;
    case SL_PROJECT_PROP_CAN_UNDO:
      g_value_set_boolean (value, self->can_undo);
      break;
    case SL_PROJECT_PROP_CAN_REDO:
      g_value_set_boolean (value, self->can_redo);
      break;
    case SL_PROJECT_PROP_READ_ONLY:
      g_value_set_boolean (value, self->read_only);
      break;
    case SL_PROJECT_PROP_COUNTS:
      g_value_set_uint (value, sl_item_list_n (self->items) - (guint)self->n_removed);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
install_properties (GObjectClass *object_class)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  properties[SL_PROJECT_PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[SL_PROJECT_PROP_JOB] = g_param_spec_enum ("job", NULL, NULL, SL_TYPE_JOB, SL_JOB_NONE,
                                                       flags);
  properties[SL_PROJECT_PROP_JOB_PROGRESS] = g_param_spec_double ("job-progress", NULL, NULL, 0, 1,
                                                                  0, flags);
  properties[SL_PROJECT_PROP_SECONDS_LEFT] = g_param_spec_double ("seconds-left", NULL, NULL, -1,
                                                                  G_MAXDOUBLE, -1, flags);
  properties[SL_PROJECT_PROP_PAUSED] = g_param_spec_boolean ("paused", NULL, NULL, FALSE, flags);
  properties[SL_PROJECT_PROP_CAN_UNDO] = g_param_spec_boolean ("can-undo", NULL, NULL, FALSE,
                                                               flags);
  properties[SL_PROJECT_PROP_CAN_REDO] = g_param_spec_boolean ("can-redo", NULL, NULL, FALSE,
                                                               flags);
  properties[SL_PROJECT_PROP_READ_ONLY] = g_param_spec_boolean ("read-only", NULL, NULL, FALSE,
                                                                flags);
  properties[SL_PROJECT_PROP_COUNTS] = g_param_spec_uint ("counts", NULL, NULL, 0, G_MAXUINT, 0,
                                                          flags);
  g_object_class_install_properties (object_class, SL_PROJECT_N_PROPS, properties);
}

static void
sl_project_class_init (SlProjectClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = sl_project_dispose;
  object_class->finalize = sl_project_finalize;
  object_class->get_property = sl_project_get_property;
  install_properties (object_class);

  signals[SL_PROJECT_RUNS_CHANGED] = g_signal_new (
      "runs-changed", SL_TYPE_PROJECT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SL_PROJECT_SWEEP_CHANGED] = g_signal_new ("sweep-changed", SL_TYPE_PROJECT,
                                                    G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                                    G_TYPE_NONE, 1, SL_TYPE_SWEEP);
  signals[SL_PROJECT_RUN_CHANGED] = g_signal_new ("run-changed", SL_TYPE_PROJECT, G_SIGNAL_RUN_LAST,
                                                  0, NULL, NULL, NULL, G_TYPE_NONE, 1, SL_TYPE_RUN);
  signals[SL_PROJECT_EVALUATED] = g_signal_new ("evaluated", SL_TYPE_PROJECT, G_SIGNAL_RUN_LAST, 0,
                                                NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
clear_skipped (gpointer data)
{
  SlSkipped *file = data;

  g_free (file->path);
  g_free (file->reason);
}

static void
sl_project_init (SlProject *self)
{
  self->lock = -1;
  self->items = sl_item_list_new ();
  self->runs = g_list_store_new (SL_TYPE_RUN);
  self->sweeps = g_list_store_new (SL_TYPE_SWEEP);
  self->skipped = g_array_new (FALSE, FALSE, sizeof (SlSkipped));
  g_array_set_clear_func (self->skipped, clear_skipped);
}

/* ---- For the other files of this class */

void
sl_project_notify (SlProject *self, guint property)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

void
sl_project_emit (SlProject *self, guint signal, gpointer argument)
{
  g_signal_emit (self, signals[signal], 0, argument);
}

void
sl_project_count_item (SlProject *self, SlItem *item, int delta)
{
  guint classes[64], n;

  if (item->state == SL_ITEM_REMOVED)
    {
      self->n_removed += (gsize)delta;
      return;
    }
  if (item->state != SL_ITEM_PRESENT)
    return;
  if (item->kept)
    self->n_kept += (gsize)delta;
  self->counts[self->problem->n_classes * SL_N_SPLITS + item->split] += (gsize)delta;
  if (item->target == NULL)
    return;
  n = self->problem->task->classes_of (self->problem, item->target, classes,
                                       G_N_ELEMENTS (classes));
  for (guint i = 0; i < n; i++)
    self->counts[classes[i] * SL_N_SPLITS + item->split] += (gsize)delta;
}

gboolean
sl_project_check_writable (SlProject *self, GError **error)
{
  if (self->store == NULL)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_STATE, "“%s” is closed: open it again", self->title);
      return FALSE;
    }
  if (self->read_only)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_READ_ONLY,
                   "“%s” cannot be changed: copy it to a folder that you may write to",
                   self->title);
      return FALSE;
    }
  return TRUE;
}

void
sl_project_update_undo (SlProject *self)
{
  SlJournalStep step;
  gboolean undo = self->store != NULL && sl_project_peek_undo (self, &step);
  gboolean redo;

  if (undo)
    sl_journal_step_clear (&step);
  redo = self->store != NULL && sl_project_peek_redo (self, &step);
  if (redo)
    sl_journal_step_clear (&step);
  if (undo != self->can_undo)
    {
      self->can_undo = undo;
      sl_project_notify (self, SL_PROJECT_PROP_CAN_UNDO);
    }
  if (redo != self->can_redo)
    {
      self->can_redo = redo;
      sl_project_notify (self, SL_PROJECT_PROP_CAN_REDO);
    }
}

SlRun *
sl_project_find_run (SlProject *self, gint64 id)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->runs)); i++)
    {
      g_autoptr (SlRun) run = g_list_model_get_item (G_LIST_MODEL (self->runs), i);

      if (run->id == id)
        return run; /* the list holds it */
    }
  return NULL;
}

/* ---- Public */

void
sl_project_close (SlProject *self)
{
  g_return_if_fail (SL_IS_PROJECT (self));

  if (self->store == NULL)
    return;
  self->closing = TRUE;
  sl_project_finish_job (self);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->runs)); i++)
    {
      g_autoptr (SlRun) run = g_list_model_get_item (G_LIST_MODEL (self->runs), i);

      run->store = NULL;
    }
  sl_project_cancel_threshold (self);
  sl_project_forget_answers (self);
  g_clear_pointer (&self->store, sl_store_free);
  g_clear_pointer (&self->cache, sl_picture_cache_unref);
  g_clear_pointer (&self->predictor, sl_predictor_unref);
  g_clear_pointer (&self->writer, sl_predictor_unref);
  if (self->lock >= 0)
    close (self->lock);
  self->lock = -1;
}

const char *
sl_project_get_path (SlProject *self)
{
  g_return_val_if_fail (SL_IS_PROJECT (self), NULL);
  return self->path;
}

const char *
sl_project_get_title (SlProject *self)
{
  g_return_val_if_fail (SL_IS_PROJECT (self), NULL);
  return self->title;
}

SlProblem *
sl_project_get_problem (SlProject *self)
{
  g_return_val_if_fail (SL_IS_PROJECT (self), NULL);
  return self->problem;
}

const SlTask *
sl_project_get_task (SlProject *self)
{
  g_return_val_if_fail (SL_IS_PROJECT (self), NULL);
  return self->problem->task;
}

const char *const *
sl_project_get_classes (SlProject *self)
{
  g_return_val_if_fail (SL_IS_PROJECT (self), NULL);
  return self->problem->classes;
}

GListModel *
sl_project_get_items (SlProject *self)
{
  g_return_val_if_fail (SL_IS_PROJECT (self), NULL);
  return G_LIST_MODEL (self->items);
}

SlItem *
sl_project_get_item (SlProject *self, gint64 id)
{
  g_return_val_if_fail (SL_IS_PROJECT (self), NULL);
  return sl_item_list_find (self->items, id);
}

const SlTask *
sl_project_get_run_task (SlProject *self, SlRun *run)
{
  g_return_val_if_fail (SL_IS_PROJECT (self) && SL_IS_RUN (run), NULL);
  return self->texts != NULL && run->recipe->learn == SL_LEARN_LANGUAGE ? &sl_task_language
                                                                        : self->problem->task;
}

SlTexts *
sl_project_get_texts (SlProject *self)
{
  g_return_val_if_fail (SL_IS_PROJECT (self), NULL);
  return self->texts;
}

char *
sl_project_dup_text (SlProject *self, SlItem *item, GError **error)
{
  g_return_val_if_fail (SL_IS_PROJECT (self) && self->texts != NULL && SL_IS_ITEM (item), NULL);
  return sl_texts_read (self->texts, item->row, error);
}

GListModel *
sl_project_get_runs (SlProject *self)
{
  g_return_val_if_fail (SL_IS_PROJECT (self), NULL);
  return G_LIST_MODEL (self->runs);
}

GListModel *
sl_project_get_sweeps (SlProject *self)
{
  g_return_val_if_fail (SL_IS_PROJECT (self), NULL);
  return G_LIST_MODEL (self->sweeps);
}

char *
sl_project_dup_labels (SlProject *self)
{
  g_return_val_if_fail (SL_IS_PROJECT (self), NULL);
  return self->store != NULL ? sl_store_dup_meta (self->store, "labels", NULL) : NULL;
}

const SlSkipped *
sl_project_get_skipped (SlProject *self, gsize *n)
{
  g_return_val_if_fail (SL_IS_PROJECT (self) && n != NULL, NULL);
  *n = self->skipped->len;
  return (const SlSkipped *)self->skipped->data;
}

gsize
sl_project_count (SlProject *self, guint class_index, SlSplit split)
{
  guint row;

  g_return_val_if_fail (SL_IS_PROJECT (self) && split < SL_N_SPLITS, 0);
  g_return_val_if_fail (class_index == G_MAXUINT || class_index < self->problem->n_classes, 0);

  row = class_index == G_MAXUINT ? self->problem->n_classes : class_index;
  return self->counts[row * SL_N_SPLITS + split];
}

gsize
sl_project_count_removed (SlProject *self)
{
  g_return_val_if_fail (SL_IS_PROJECT (self), 0);
  return self->n_removed;
}

gsize
sl_project_count_kept (SlProject *self)
{
  g_return_val_if_fail (SL_IS_PROJECT (self), 0);
  return self->n_kept;
}

const SlSplitSpec *
sl_project_get_split (SlProject *self)
{
  g_return_val_if_fail (SL_IS_PROJECT (self), NULL);
  return &self->split;
}

SlRecipe *
sl_project_dup_recipe (SlProject *self)
{
  g_autoptr (GError) error = NULL;
  SlRecipe *recipe = NULL;

  g_return_val_if_fail (SL_IS_PROJECT (self), NULL);

  if (self->recipe != NULL)
    recipe = sl_recipe_from_json (self->recipe, &error);
  if (error != NULL)
    g_info ("The remembered recipe is not used: %s", error->message);
  return recipe != NULL ? recipe : sl_project_suggest_recipe (self);
}

void
sl_project_set_recipe (SlProject *self, const SlRecipe *recipe)
{
  g_autofree char *json = NULL;
  g_autoptr (GError) error = NULL;

  g_return_if_fail (SL_IS_PROJECT (self) && recipe != NULL);

  json = sl_recipe_to_json (recipe);
  if (g_strcmp0 (json, self->recipe) == 0)
    return;
  g_free (self->recipe);
  self->recipe = g_steal_pointer (&json);
  /* A comfort only: without it the next start shows an older recipe. */
  if (sl_project_check_writable (self, NULL)
      && !sl_store_set_meta (self->store, "recipe", self->recipe, &error))
    g_info ("The recipe was not remembered: %s", error->message);
}

gint64
sl_project_get_evaluated_run (SlProject *self)
{
  g_return_val_if_fail (SL_IS_PROJECT (self), 0);
  return self->evaluated_run;
}

gboolean
sl_project_get_evaluated_tta (SlProject *self)
{
  g_return_val_if_fail (SL_IS_PROJECT (self), FALSE);
  return self->evaluated_tta;
}

void
sl_project_changes_since (SlProject *self, gint64 run_id, gsize *removed, gsize *relabelled)
{
  g_autoptr (GError) error = NULL;

  g_return_if_fail (SL_IS_PROJECT (self) && removed != NULL && relabelled != NULL);

  *removed = *relabelled = 0;
  if (self->store != NULL
      && !sl_store_changes_since (self->store, run_id, removed, relabelled, &error))
    g_info ("Changes since run %" G_GINT64_FORMAT " could not be counted: %s", run_id,
            error->message);
}

GPtrArray *
sl_project_top_losses (SlProject *self, int split, gsize max)
{
  g_return_val_if_fail (SL_IS_PROJECT (self), NULL);
  return sl_review_top_losses (G_LIST_MODEL (self->items), split, max);
}

/* Whether the answers are of numbers, with something to measure. */
static gboolean
has_distances (SlProject *self)
{
  const SlTask *task = self->problem->task;

  return !task->has_classes && !task->dense;
}

double *
sl_project_dup_ious (SlProject *self, int split, guint *n)
{
  g_autofree double *sums = NULL;
  const SlTask *task = self->problem->task;
  double *ious, all = 0;

  g_return_val_if_fail (SL_IS_PROJECT (self) && n != NULL, NULL);

  *n = self->problem->n_classes;
  if (!task->dense)
    return NULL;
  sums = sl_review_overlaps (G_LIST_MODEL (self->items), self->problem, split);
  ious = g_new (double, *n + 1);
  for (guint i = 0; i < *n; i++)
    {
      all += sums[3 * i + 1] + sums[3 * i + 2];
      ious[i] = (gint)i == task->void_class (self->problem)
                    ? NAN
                    : sl_overlap_iou (sums[3 * i], sums[3 * i + 1], sums[3 * i + 2]);
    }
  if (all <= 0)
    g_clear_pointer (&ious, g_free);
  return ious;
}

SlDistance *
sl_project_dup_distances (SlProject *self, int split, guint *n)
{
  g_return_val_if_fail (SL_IS_PROJECT (self) && n != NULL, NULL);

  *n = self->problem->n_classes;
  return has_distances (self)
             ? sl_review_distances (G_LIST_MODEL (self->items), self->problem, split)
             : NULL;
}

guint *
sl_project_confusion (SlProject *self, int split, guint *n_classes)
{
  g_return_val_if_fail (SL_IS_PROJECT (self), NULL);

  if (n_classes != NULL)
    *n_classes = self->problem->n_classes;
  return sl_review_confusion (G_LIST_MODEL (self->items), self->problem, split);
}
