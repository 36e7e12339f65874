/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "project/item-list.h"
#include "project/item-private.h"
#include "project/run-private.h"
#include "project/store.h"

#include <slope/project.h>
#include <slope/similar.h>
#include <slope/texts.h>

G_BEGIN_DECLS

#define SL_N_SPLITS 3

/* In a project of texts: all of them, and their tokens.  An item's stored path is below the first, where no file
 * can be. */
#define SL_TEXTS_FILE "texts"
#define SL_TOKENS_FILE "tokens"

typedef struct _SlProjectJob SlProjectJob;
typedef struct _SlPredictor SlPredictor;
typedef struct _SlComparison SlComparison;
typedef struct _SlAnswers SlAnswers;

/* Everything here belongs to the thread that made the project; a job has what it needs copied. */
struct _SlProject
{
  GObject       parent_instance;
  GMainContext *context;     /* where news are delivered */
  char         *path;        /* GRefString, absolute */
  char         *title;
  SlStore      *store;       /* %NULL once closed */
  int           lock;        /* file descriptor; -1: read-only or closed */
  gboolean      read_only;
  gboolean      closing;     /* no new jobs */

  SlProblem    *problem;
  SlSplitSpec   split;
  GArray       *skipped;     /* SlSkipped */
  SlItemList   *items;
  SlTexts      *texts;       /* (nullable): of texts; row: an item's place among all by id */
  gsize        *counts;      /* [class * SL_N_SPLITS + split]; class n_classes: all */
  gsize         n_removed, n_kept;
  gint64        evaluated_run;
  gboolean      evaluated_tta;
  char         *recipe;      /* JSON (nullable) */

  GListStore   *runs;        /* newest first */
  GListStore   *sweeps;      /* newest first */
  gboolean      can_undo, can_redo;

  SlProjectJob   *job;       /* (nullable) the one that runs */
  SlPictureCache *cache;     /* (nullable) shared by the jobs */
  SlPredictor    *predictor; /* (nullable) the model that items were tried on last */
  SlPredictor    *writer;    /* (nullable) the language model that wrote last */
  SlComparison   *comparison; /* (nullable) the last */
  SlAnswers      *answers;    /* (nullable) of the items as they are now */
  GCancellable   *moving;     /* (nullable) the threshold, to the newest that was asked for */
};

enum
{
  SL_PROJECT_PROP_0,
  SL_PROJECT_PROP_TITLE,
  SL_PROJECT_PROP_JOB,
  SL_PROJECT_PROP_JOB_PROGRESS,
  SL_PROJECT_PROP_SECONDS_LEFT,
  SL_PROJECT_PROP_PAUSED,
  SL_PROJECT_PROP_CAN_UNDO,
  SL_PROJECT_PROP_CAN_REDO,
  SL_PROJECT_PROP_READ_ONLY,
  SL_PROJECT_PROP_COUNTS,
  SL_PROJECT_N_PROPS
};

enum
{
  SL_PROJECT_RUNS_CHANGED,
  SL_PROJECT_SWEEP_CHANGED,
  SL_PROJECT_RUN_CHANGED,
  SL_PROJECT_EVALUATED,
  SL_PROJECT_N_SIGNALS
};

void     sl_project_notify       (SlProject *self, guint property);
void     sl_project_emit         (SlProject *self, guint signal, gpointer argument);
/* An item before (-1) and after (+1) it changes. */
void     sl_project_count_item   (SlProject *self, SlItem *item, int delta);
/* %SL_ERROR_STATE when closed, %G_IO_ERROR_READ_ONLY. */
gboolean sl_project_check_writable (SlProject *self, GError **error);
void     sl_project_update_undo  (SlProject *self);
SlRun   *sl_project_find_run     (SlProject *self, gint64 id); /* (transfer none) (nullable) */

/* project-load.c: opens for the owner's @context, from any thread. */
SlProject *sl_project_load       (const char *path, gboolean read_only, GMainContext *context,
                                  GError **error);
/* Reads these items anew from the database. */
gboolean sl_project_reload_items (SlProject *self, const gint64 *ids, gsize n, GError **error);

/* How the project is split, as the database holds it: "SEED SPEC". */
char    *sl_split_to_stored      (const SlSplitSpec *split);
gboolean sl_split_from_stored    (SlSplitSpec *split, const char *stored, GError **error);

/* project-runs.c: the run that began where @run's curve begins: @run, or what the run that it goes on
 * from in mid-way began with, and so on.  %NULL with @error when one of those is deleted. */
SlRun   *sl_project_find_first   (SlProject *self, SlRun *run, GError **error);
/* Who keeps the weights that stage @stage > 0 of @run began with: @run, or one that it goes on from. */
SlRun   *sl_project_find_stage   (SlProject *self, SlRun *run, guint stage, GError **error);
/* A new run is first in the list; older ones than the newest few give up the weights at
 * the beginning of their stages, but for run @used. */
void     sl_project_prune_stages (SlProject *self, gint64 used);

/* project-jobs.c: stops the job and waits for its thread. */
void     sl_project_finish_job   (SlProject *self);
/* project-words.c: (transfer full): @recipe with the whole path of its vocabulary, if that is a file of the project. */
SlRecipe *sl_project_copy_recipe (SlProject *self, const SlRecipe *recipe);
/* Once recipe and runs are loaded, of a project that may be written: removes chosen words that nothing names any more, if
 * nobody else has the project open, and says to others that this one has.  @error: %SL_ERROR_BUSY */
gboolean sl_project_tidy_words   (SlProject *self, GError **error);
/* (transfer full): what a run of @recipe learns from, or what is held back of it. */
SlSampleSet *sl_project_dup_learned (SlProject *self, const SlRecipe *recipe, gboolean train);

/* project-compare.c: the run that it is of is another now, or gone. */
void     sl_project_forget_comparison (SlProject *self);
/* (transfer full) (nullable): what run *@run sees in the pictures. */
SlFeatures *sl_project_ref_features (SlProject *self, gint64 *run);

/* project-measure.c: @item has another label: its loss, probability and distances follow it, where enough of
 * its answer is kept. */
void     sl_project_measure_item (SlProject *self, SlItem *item);

/* project-threshold.c: items have changed, or what is said of them. */
void     sl_project_forget_answers    (SlProject *self);
/* A threshold that is on its way is not set. */
void     sl_project_cancel_threshold  (SlProject *self);
/* Once items and runs are read. */
void     sl_project_load_threshold    (SlProject *self);

/* project-predict.c: run @id, or for 0 the newest that has a model and answers what the project asks. (transfer none) */
SlRun   *sl_project_find_trained (SlProject *self, gint64 id, GError **error);
/* predictor.c */
void     sl_predictor_unref      (SlPredictor *self);

G_END_DECLS
