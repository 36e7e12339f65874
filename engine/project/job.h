/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "project/run-private.h"
#include "project/store-runs.h"

#include <slope/project.h>
#include <slope/similar.h>

G_BEGIN_DECLS

/**
 * SlProjectJob:
 *
 * One job on its way: what it works on, copied from the project before it starts, and its news.
 * The worker (a thread of its own, or the caller of a synchronous function) appends news under the
 * lock and arms one source; the owner takes them out in its own context, at most 30 times a second.
 */
typedef struct _SlProjectJob SlProjectJob;

/* What has happened since the owner looked last. */
typedef struct
{
  GArray  *batches;     /* SlBatchRecord */
  GArray  *epochs;      /* SlEpochRecord */
  GArray  *points;      /* SlSweepPoint */
  GArray  *unreadable;  /* gint64: items */
  SlPlanRecord plan;    /* of the stage begun last; batch 0: none was */
  double   progress;    /* 0 … 1 */
  double   seconds_left;
} SlJobNews;

struct _SlProjectJob
{
  gatomicrefcount   ref_count;

  /* Set before the start, then only read. */
  SlJob             kind;
  char             *folder;      /* the project's */
  SlSampleSet      *train;       /* or all, for an evaluation */
  SlSampleSet      *valid;
  SlRecipe         *recipe;
  SlPictureCache   *cache;
  guint             stage;       /* of a sweep */
  char             *start_model; /* (nullable); the model of an evaluation */
  double            threshold;   /* from which an evaluation says labels */
  gboolean          tta;         /* of an evaluation: from nine views of each picture */
  guint             start_stage; /* of the run that @start_model is of */
  gboolean          resume;
  SlRunState        old_state;   /* of a resumed run */
  gint64            run_id;
  char             *run_folder;
  SlTrainControl   *control;
  GCancellable     *cancellable; /* (nullable) */
  const SlJobWatch *watch;       /* (nullable): of a synchronous call */
  SlProject        *project;     /* not owned; for @watch and the owner */
  GMainContext     *context;     /* where news go */
  gboolean          in_thread;

  /* The owner's. */
  SlRun            *run;         /* (nullable) */
  SlSweep          *sweep;       /* (nullable) */
  GTask            *task;        /* (nullable) */
  GThread          *thread;      /* (nullable) */
  double            progress, seconds_left;
  gboolean          settled;

  /* The worker's, and the owner's once it has ended. */
  SlStore          *store;
  SlCurveWriter    *writer;
  GError           *record_error; /* a record that could not be written */
  guint             n_steps;      /* of the whole run */
  guint             steps_done;
  gboolean          any_batch;
  gint64            begun_at, told_at;
  GArray           *predictions;  /* SlStoredPrediction, by item once all are there */
  GHashTable       *said;         /* GRefString: what is predicted, one of each */
  SlFeatures       *features;     /* (nullable): of a comparison */
  GArray           *similar;      /* (nullable): SlSimilar */
  SlSweepResult     sweep_result;
  SlRunState        end_state;
  GError           *error;        /* (nullable): why it did not work */

  GMutex            lock;         /* for the rest */
  SlJobNews         news;
  GSource          *source;       /* armed */
};

SlProjectJob *sl_job_new   (SlJob kind);
SlProjectJob *sl_job_ref   (SlProjectJob *self);
void          sl_job_unref (SlProjectJob *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlProjectJob, sl_job_unref)

/* Does the work on the calling thread. */
void          sl_job_run       (SlProjectJob *self);
/* Moves the news out; clear with sl_job_news_clear(). */
void          sl_job_take_news (SlProjectJob *self, SlJobNews *news);
void          sl_job_news_clear (SlJobNews *news);
/* No source will fire any more. */
void          sl_job_disarm    (SlProjectJob *self);
/* The worker: it has done so much of its work. */
void          sl_job_tell      (SlProjectJob *self, gsize done, gsize total);

/* project-jobs.c: the owner's side of a job's start. */
/* Takes the project's lock; %NULL with @error when a job cannot be started now. */
SlProjectJob *sl_project_prepare_job (SlProject *self, SlJob kind, GCancellable *cancellable,
                                      GError **error);
void          sl_project_give_up_job (SlProject *self, SlProjectJob *job);
/* The weights that run @id left; 0: none, which is no error. */
gboolean      sl_project_find_model  (SlProject *self, gint64 id, char **model, GError **error);
/* On the calling thread; takes @job. */
gboolean      sl_project_run_job     (SlProject *self, SlProjectJob *job, const SlJobWatch *watch,
                                      GError **error);
/* On a thread of its own; takes @job, or reports @error when it is %NULL. */
void          sl_project_run_job_async (SlProject *self, SlProjectJob *job, gpointer tag,
                                        GAsyncReadyCallback callback, gpointer user_data,
                                        GError *error);

/* project-compare.c */
void          sl_job_work_compare      (SlProjectJob *self);
void          sl_project_settle_compare (SlProject *self, SlProjectJob *job);

/* project-news.c; called by an armed source in the owner's context. */
void          sl_project_take_news (SlProjectJob *job);
/* The worker has ended, or will: waits for it, takes its last news, and the project is free again. */
void          sl_project_settle    (SlProject *self, SlProjectJob *job);
void          sl_project_remove_from (GListStore *list, gpointer object);

G_END_DECLS
