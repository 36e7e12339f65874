/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/audit.h>
#include <slope/generate.h>
#include <slope/item.h>
#include <slope/texts.h>
#include <slope/train.h>
#include <slope/word-review.h>
#include <slope/word-weights.h>

G_BEGIN_DECLS

/**
 * SlProject:
 *
 * The document: a folder NAME.slope/ with project.db (SQLite, WAL), runs/N/, bin/, and pictures/
 * when they were copied in.  Lives on the thread that made it (the main thread); jobs run on
 * threads of their own with their own database connection and report back at most 30 times a
 * second.  Every change is written at once.
 *
 * Properties (read-only, notify): "title" (string), "job" (SlJob), "job-progress" (0 … 1),
 * "seconds-left" (double, < 0 unknown), "paused" (boolean), "can-undo", "can-redo" (boolean),
 * "read-only" (boolean), "counts" (uint: pictures not removed; notifies when any count by class,
 * split, state or mark changed).
 *
 * Signals: "runs-changed" (), "sweep-changed" (SlSweep *), "run-changed" (SlRun *): new points in
 * the object, coalesced; "evaluated" (): items have new predictions.
 */
#define SL_TYPE_PROJECT (sl_project_get_type ())
G_DECLARE_FINAL_TYPE (SlProject, sl_project, SL, PROJECT, GObject)

typedef enum
{
  SL_JOB_NONE,
  SL_JOB_LR_FIND,
  SL_JOB_TRAIN,
  SL_JOB_EVALUATE,
  SL_JOB_COMPARE
} SlJob;

#define SL_TYPE_JOB (sl_job_get_type ())
GType sl_job_get_type (void);

/* ---- Run: recipe, curves, epochs, best figure. */
#define SL_TYPE_RUN (sl_run_get_type ())
G_DECLARE_FINAL_TYPE (SlRun, sl_run, SL, RUN, GObject)

typedef enum
{
  SL_RUN_RUNNING,
  SL_RUN_DONE,
  SL_RUN_STOPPED,     /* by the user: what was learned is kept */
  SL_RUN_INTERRUPTED, /* killed: can be resumed */
  SL_RUN_FAILED       /* can be resumed where a checkpoint is left */
} SlRunState;

gint64               sl_run_get_id         (SlRun *self); /* N of runs/N, from 1 */
SlRunState           sl_run_get_state      (SlRun *self);
const SlRecipe      *sl_run_get_recipe     (SlRun *self);
gint64               sl_run_get_started    (SlRun *self); /* Unix seconds */
guint                sl_run_get_steps_per_epoch (SlRun *self);
guint                sl_run_get_batch      (SlRun *self);
gsize                sl_run_get_peak_bytes (SlRun *self);
const SlBatchRecord *sl_run_get_batches    (SlRun *self, gsize *n); /* valid until the main loop turns */
const SlEpochRecord *sl_run_get_epochs     (SlRun *self, gsize *n);
/* 1 …: the epoch whose model stays: the last one, or the best by recipe.keep; 0: none has ended. */
guint                sl_run_get_kept_epoch (SlRun *self);
/* The run that this one began with, 0: none; and with which of its stages, 0: with what it learned. */
gint64               sl_run_get_from_run   (SlRun *self);
guint                sl_run_get_from_stage (SlRun *self);
/* Of the pictures it was trained on, as sl_project_dup_fingerprint(); (nullable): not known. */
const char          *sl_run_get_fingerprint (SlRun *self);
/* (nullable): what the stage under way or last trained does, of runs of this session. */
const SlPlanRecord  *sl_run_get_plan       (SlRun *self);
/* Whether sl_project_retrain() can begin with this stage: its weights are kept of the last few runs. */
gboolean             sl_run_has_stage      (SlRun *self, guint stage);
/* Of the epoch whose model stays; NaN before the first. */
double               sl_run_get_valid_loss (SlRun *self);
double               sl_run_get_metric     (SlRun *self, guint i);
const char          *sl_run_get_error      (SlRun *self); /* (nullable): why it failed */
gboolean             sl_run_has_model      (SlRun *self);
gboolean             sl_run_can_resume     (SlRun *self); /* whether sl_project_resume() may go on with it */

/* ---- Sweep of the learning-rate finder; the last eight are kept in the project. */
#define SL_TYPE_SWEEP (sl_sweep_get_type ())
G_DECLARE_FINAL_TYPE (SlSweep, sl_sweep, SL, SWEEP, GObject)

gint64              sl_sweep_get_id       (SlSweep *self);
gint64              sl_sweep_get_started  (SlSweep *self);
guint               sl_sweep_get_stage    (SlSweep *self);
guint               sl_sweep_get_freeze_to (SlSweep *self); /* groups below were frozen */
guint64             sl_sweep_get_seed     (SlSweep *self);
gint64              sl_sweep_get_from_run (SlSweep *self); /* whose weights it began with; 0: none */
const SlSweepPoint *sl_sweep_get_points   (SlSweep *self, gsize *n);
gint                sl_sweep_get_steepest (SlSweep *self); /* index or -1; while running too */
gint                sl_sweep_get_minimum  (SlSweep *self);
gboolean            sl_sweep_is_running   (SlSweep *self);
gboolean            sl_sweep_was_stopped  (SlSweep *self); /* by a person, since the project was opened */

/* ---- Document */

/**
 * sl_project_create:
 * @path: folder to make; ".slope" is appended when missing
 * @import: what to take; staged pictures are moved in
 * @copy: copy the user's pictures into the project (staged ones always are)
 *
 * All or nothing: on failure or cancel nothing is left behind and @import is as it was.
 * @progress of the _async function is called on the caller's main context.
 * @error: %SL_ERROR_EXISTS, %G_IO_ERROR_*
 */
SlProject *sl_project_create        (const char *path, SlImport *import, gboolean copy,
                                     GCancellable *cancellable, SlProgressFunc progress,
                                     gpointer user_data, GError **error);
void       sl_project_create_async  (const char *path, SlImport *import, gboolean copy,
                                     GCancellable *cancellable, SlProgressFunc progress,
                                     gpointer progress_data, GAsyncReadyCallback callback,
                                     gpointer user_data);
SlProject *sl_project_create_finish (GAsyncResult *result, GError **error);
/* @path: the project's folder, or project.db in it.
 * @error: %SL_ERROR_NOT_FOUND, _FORMAT (not a project, damaged), _NEWER, _BUSY (another program is
 * moving files; one that runs a job is no hindrance: starting a second job is what is refused).
 * Repairs what a killed program left: an unfinished file move is completed, a run that nobody
 * trains any more is marked interrupted.  Where nothing may be written, "read-only" is %TRUE. */
SlProject *sl_project_open          (const char *path, GError **error);
void       sl_project_open_async    (const char *path, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer user_data);
SlProject *sl_project_open_finish   (GAsyncResult *result, GError **error);
/* Stops the job, keeping what is learned, waits for it, closes the file; what was read stays
 * readable.  Also done by dispose.  Not from within a synchronous job. */
void       sl_project_close         (SlProject *self);

const char        *sl_project_get_path    (SlProject *self);
const char        *sl_project_get_title   (SlProject *self);
SlProblem         *sl_project_get_problem (SlProject *self); /* (transfer none) */
const SlTask      *sl_project_get_task    (SlProject *self);
const char *const *sl_project_get_classes (SlProject *self); /* NULL-terminated; the problem's; index = colour */
GListModel        *sl_project_get_items   (SlProject *self); /* (transfer none): SlItem, all states, by id */
SlItem            *sl_project_get_item    (SlProject *self, gint64 id); /* (transfer none) (nullable) */
SlTexts           *sl_project_get_texts    (SlProject *self); /* (transfer none) (nullable): of texts: what is in them */
/* (transfer full): what @item says.  @error: as sl_texts_read(); a file of the project is gone or damaged.  A text is
 * read in some microseconds. */
char              *sl_project_dup_text     (SlProject *self, SlItem *item, GError **error);
GListModel        *sl_project_get_runs    (SlProject *self); /* SlRun, newest first */
/* What @run's figures mean: the project's kind of problem, or that of its language models. */
const SlTask      *sl_project_get_run_task (SlProject *self, SlRun *run);
GListModel        *sl_project_get_sweeps  (SlProject *self); /* SlSweep, newest first */
/* (transfer full) (nullable): how labels were read at the import, as SlImportOptions.labels; %NULL: not known,
 * of a project that an older version made, or its task needs none. */
char              *sl_project_dup_labels  (SlProject *self);
const SlSkipped   *sl_project_get_skipped (SlProject *self, gsize *n); /* files the import could not use */
/* Present items; @class_index G_MAXUINT: any class. */
gsize              sl_project_count         (SlProject *self, guint class_index, SlSplit split);
gsize              sl_project_count_removed (SlProject *self);
gsize              sl_project_count_kept    (SlProject *self);
const SlSplitSpec *sl_project_get_split     (SlProject *self);
/* Remembered by the project between sessions (last recipe of the Train page); before there is one,
 * the suggested one: sl_recipe_new() with a picture size and a number of epochs that suit the pictures. */
SlRecipe          *sl_project_dup_recipe    (SlProject *self); /* (transfer full) */
void               sl_project_set_recipe    (SlProject *self, const SlRecipe *recipe);
/* (transfer full): what a first click on Train does, and slope-cli train without options. */
SlRecipe          *sl_project_suggest_recipe (SlProject *self);
/* (transfer full): the same of texts, for one of the two things that can be learned of them. */
SlRecipe          *sl_project_suggest_to_learn (SlProject *self, SlLearn learn);
/* (transfer full): the same from random weights: a network as large as the texts can teach. */
SlRecipe          *sl_project_suggest_from_scratch (SlProject *self, SlLearn learn);
/* The newest run whose language model a classifier of texts can begin with; 0: none. */
gint64             sl_project_find_language_run (SlProject *self);

/* What the header of the project's list entry needs, without opening it for work. */
typedef struct
{
  char   *title;
  char   *task;        /* id */
  guint   n_classes;
  gsize   n_items;
  double  metric;      /* best of all runs, NaN */
  char   *metric_name; /* "accuracy"; (nullable) */
  char   *thumbs[4];   /* (nullable) paths of pictures */
} SlProjectSummary;
gboolean sl_project_read_summary  (const char *path, SlProjectSummary *summary, GError **error);
void     sl_project_summary_clear (SlProjectSummary *summary);

/* ---- Cleaning.  Each call is one step of the journal, for all @ids together; the journal is
 * written before any file moves.  Undo and redo work across restarts. */
gboolean    sl_project_remove   (SlProject *self, const gint64 *ids, gsize n, GError **error);
gboolean    sl_project_put_back (SlProject *self, const gint64 *ids, gsize n, GError **error);
gboolean    sl_project_relabel  (SlProject *self, const gint64 *ids, gsize n, const char *target,
                                 GError **error);
/* Each its own target; @targets: @n */
gboolean    sl_project_relabel_each (SlProject *self, const gint64 *ids, const char *const *targets,
                                     gsize n, GError **error);
gboolean    sl_project_keep     (SlProject *self, const gint64 *ids, gsize n, gboolean kept,
                                 GError **error);
/**
 * sl_project_lend_mask_async:
 * @colors: of the classes, 0xRRGGBB, no two alike
 *
 * Writes the mask of @item into the project's folder as a picture in @colors, to be painted on in any editor.
 * Threads: main; the work is done on another.
 */
void        sl_project_lend_mask_async  (SlProject *self, SlItem *item, const guint32 *colors,
                                         GCancellable *cancellable, GAsyncReadyCallback callback,
                                         gpointer user_data);
char       *sl_project_lend_mask_finish (SlProject *self, GAsyncResult *result, GError **error);
/**
 * sl_project_take_mask_async:
 * @path: what sl_project_lend_mask_finish() gave, painted on; it stays, to be painted on again
 * @colors: as they were then
 *
 * Relabels @item with a mask of its own that is read from the picture; the old one stays where it is, for
 * sl_project_undo().  *@changed: whether it differs from what the label is.
 * @error: %SL_ERROR_FORMAT: not a picture, of another size, or with colours of no class; nothing has changed
 */
void        sl_project_take_mask_async  (SlProject *self, SlItem *item, const char *path,
                                         const guint32 *colors, GCancellable *cancellable,
                                         GAsyncReadyCallback callback, gpointer user_data);
gboolean    sl_project_take_mask_finish (SlProject *self, GAsyncResult *result, gboolean *changed,
                                         GError **error);
gboolean    sl_project_set_item_split (SlProject *self, const gint64 *ids, gsize n, SlSplit split,
                                       GError **error);
/* Splits all present items anew; one journal step. */
gboolean    sl_project_resplit  (SlProject *self, const SlSplitSpec *split, GError **error);
/* Splits as before where that was by chance, else a fifth of each class, with what belongs together
 * by @audit on one side.  A group that is larger than the part to hold back is trained on. */
gboolean    sl_project_resplit_together (SlProject *self, const SlAudit *audit, GError **error);
gboolean    sl_project_undo     (SlProject *self, GError **error);
gboolean    sl_project_redo     (SlProject *self, GError **error);
gboolean    sl_project_can_undo (SlProject *self);
gboolean    sl_project_can_redo (SlProject *self);

typedef enum
{
  SL_STEP_REMOVE = 1,
  SL_STEP_PUT_BACK = 2,
  SL_STEP_RELABEL = 3,
  SL_STEP_KEEP = 4,
  SL_STEP_SPLIT = 5
} SlStepKind;

typedef struct
{
  gint64     id;
  SlStepKind kind;
  gint64     time; /* Unix seconds */
  gsize      n_items;
  char      *detail; /* new label, ... (nullable) */
  gboolean   undone;
} SlJournalStep;
/* Oldest first; free with g_ptr_array_unref(). */
GPtrArray  *sl_project_dup_journal (SlProject *self);
/* The step that undo / redo would act on; %FALSE: none.  Clear with sl_journal_step_clear(). */
gboolean    sl_project_peek_undo (SlProject *self, SlJournalStep *step);
gboolean    sl_project_peek_redo (SlProject *self, SlJournalStep *step);
void        sl_journal_step_clear (SlJournalStep *step);
/* Items removed and relabelled since run @run_id started: for "Train Again". */
void        sl_project_changes_since (SlProject *self, gint64 run_id, gsize *removed, gsize *relabelled);
/* Moves removed files to the desktop's trash for good; their items go.  Not undoable. */
gboolean    sl_project_empty_bin (SlProject *self, gsize *n_trashed, GError **error);

/**
 * sl_project_audit:
 *
 * sl_audit_run() over the present pictures, each of which is decoded small, on all cores; one that cannot be
 * read is like nothing.  What was seen is kept in the project, and a file of the same size and time of change
 * is not looked at again.  Does not count as a job, and the _async function has all it needs copied: it
 * holds no reference, and its callback gets no source.  @error: %G_IO_ERROR_CANCELLED.
 * (transfer full); valid for as long as it is kept, of the time it was asked.
 */
SlAudit    *sl_project_audit        (SlProject *self, GCancellable *cancellable,
                                     SlProgressFunc progress, gpointer user_data, GError **error);
void        sl_project_audit_async  (SlProject *self, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer user_data);
SlAudit    *sl_project_audit_finish (GAsyncResult *result, GError **error);

/* ---- Jobs: one at a time, else %SL_ERROR_STATE.  The synchronous functions run on the calling
 * thread and are what slope-cli and the tests use; the _async ones on a thread of their own. */
typedef struct
{
  void (*epoch) (SlProject *self, const SlEpochRecord *record, gpointer data);
  void (*batch) (SlProject *self, const SlBatchRecord *record, gpointer data);
  void (*point) (SlProject *self, const SlSweepPoint *point, gpointer data);
  void (*plan)  (SlProject *self, const SlPlanRecord *record, gpointer data);
  SlProgressFunc progress;
  gpointer data;
} SlJobWatch; /* for the synchronous functions; called on their thread; any may be NULL */

/* @from_run: start from that run's weights; 0: none.  @run_id: (out): the new run. */
gboolean  sl_project_train         (SlProject *self, const SlRecipe *recipe, gint64 from_run,
                                    const SlJobWatch *watch, gint64 *run_id,
                                    GCancellable *cancellable, GError **error);
void      sl_project_train_async   (SlProject *self, const SlRecipe *recipe, gint64 from_run,
                                    GCancellable *cancellable, GAsyncReadyCallback callback,
                                    gpointer user_data);
/* A stopped run is a success, but for one stopped before its first batch: %G_IO_ERROR_CANCELLED.  A run
 * of which nothing was trained leaves no entry. */
SlRun    *sl_project_train_finish  (SlProject *self, GAsyncResult *result, GError **error); /* (transfer full) */
/**
 * sl_project_retrain:
 * @recipe: (nullable): that run's own
 * @run_id: an earlier run
 * @stage: 0 …: its stage to begin with
 * @new_id: (out): the new run
 *
 * A new run that begins as @run_id's stage @stage did; what lies before is that run's, recipe and curve.
 * With an unchanged recipe and pictures it is that run again, to the bit.  Where @run_id itself began with a stage
 * of another run, that stage repeats it; an earlier one begins as that other run did, and stage 0 as
 * sl_project_find_beginning() says: the same curve as long as nothing but later stages was changed
 * between the two.
 * @error: %SL_ERROR_NOT_FOUND: the weights at the beginning of the stage are not kept
 */
gboolean  sl_project_retrain       (SlProject *self, const SlRecipe *recipe, gint64 run_id,
                                    guint stage, const SlJobWatch *watch, gint64 *new_id,
                                    GCancellable *cancellable, GError **error);
/* Ends with sl_project_train_finish(). */
void      sl_project_retrain_async (SlProject *self, const SlRecipe *recipe, gint64 run_id,
                                    guint stage, GCancellable *cancellable,
                                    GAsyncReadyCallback callback, gpointer user_data);
/* Whose weights the first stage of @run began with, *@from_run 0: those that its recipe names.  Follows the
 * runs that it goes on from in mid-way: this and @run's recipe train it from the beginning.
 * @error: %SL_ERROR_NOT_FOUND: one of those runs is deleted */
gboolean  sl_project_find_beginning (SlProject *self, SlRun *run, gint64 *from_run, GError **error);
/* Goes on where the checkpoint of an interrupted, stopped or failed run is. */
gboolean  sl_project_resume        (SlProject *self, gint64 run_id, const SlJobWatch *watch,
                                    GCancellable *cancellable, GError **error);
void      sl_project_resume_async  (SlProject *self, gint64 run_id, GCancellable *cancellable,
                                    GAsyncReadyCallback callback, gpointer user_data);
SlRun    *sl_project_resume_finish (SlProject *self, GAsyncResult *result, GError **error);
gboolean  sl_project_lr_find        (SlProject *self, const SlRecipe *recipe, guint stage,
                                     gint64 from_run, const SlJobWatch *watch, SlSweepResult *sweep,
                                     GCancellable *cancellable, GError **error);
void      sl_project_lr_find_async  (SlProject *self, const SlRecipe *recipe, guint stage,
                                     gint64 from_run, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer user_data);
SlSweep  *sl_project_lr_find_finish (SlProject *self, GAsyncResult *result, GError **error);
/* Losses and predictions of all present items by run @run_id; stored, and items notify.  @tta: from nine views
 * of each, see sl_model_set_tta(); only where the task may_blend.  Stopped or failed, those before stay. */
gboolean  sl_project_evaluate        (SlProject *self, gint64 run_id, gboolean tta,
                                      const SlJobWatch *watch, GCancellable *cancellable,
                                      GError **error);
void      sl_project_evaluate_async  (SlProject *self, gint64 run_id, gboolean tta,
                                      GCancellable *cancellable, GAsyncReadyCallback callback,
                                      gpointer user_data);
gboolean  sl_project_evaluate_finish (SlProject *self, GAsyncResult *result, GError **error);
gint64    sl_project_get_evaluated_run (SlProject *self); /* 0: none */
gboolean  sl_project_get_evaluated_tta (SlProject *self); /* whether it saw nine views of each picture */
/* @tta: from nine views, see sl_model_set_tta() */
void      sl_project_predict_async   (SlProject *self, gint64 run_id, const char *path, gboolean tta,
                                      GCancellable *cancellable, GAsyncReadyCallback callback,
                                      gpointer user_data); /* does not count as a job */
/* The same of a project's own picture: what is said of it is compared with its target as it is now (loss, truth,
 * overlaps).  Ends with sl_project_predict_finish().  @error: %SL_ERROR_FORMAT: its target cannot be read, too */
void      sl_project_predict_item_async (SlProject *self, gint64 run_id, SlItem *item,
                                         GCancellable *cancellable, GAsyncReadyCallback callback,
                                         gpointer user_data);
SlPrediction *sl_project_predict_finish (SlProject *self, GAsyncResult *result, GError **error);
/* The same of a text, typed or an item's.  @target: (nullable): its label.  Ends with sl_project_predict_finish(). */
void      sl_project_predict_text_async (SlProject *self, gint64 run_id, const char *text, const char *target,
                                         GCancellable *cancellable, GAsyncReadyCallback callback,
                                         gpointer user_data);
/* What each word of a text does for class @class_name, by run @run_id's model: sl_model_weigh_words().  One after the
 * other, on a thread of their own; one that was cancelled before its turn costs nothing. */
void      sl_project_weigh_async     (SlProject *self, gint64 run_id, const char *text,
                                      const char *class_name, GCancellable *cancellable,
                                      GAsyncReadyCallback callback, gpointer user_data);
SlWordWeights *sl_project_weigh_finish (SlProject *self, GAsyncResult *result, GError **error); /* (transfer full) */
/**
 * sl_project_review_words_async:
 * @recipe: what it learns says which texts count, and with @run_id 0 it also chooses the words
 * @run_id: the run whose model's words are asked about; 0: those that @recipe would choose
 * @error: as sl_vocabulary_load(), sl_texts_tokens(), those of weights that cannot be read; %SL_ERROR_NOT_FOUND: no model
 *
 * Of projects of texts.  Cuts the texts into words if that was not done.  Does not count as a job.
 */
void      sl_project_review_words_async (SlProject *self, const SlRecipe *recipe, gint64 run_id,
                                         GCancellable *cancellable, GAsyncReadyCallback callback,
                                         gpointer user_data);
SlWordReview *sl_project_review_words_finish (SlProject *self, GAsyncResult *result, GError **error); /* (transfer full) */
/* Keeps @vocabulary in a file of the project, named by its contents, so that an earlier run can be trained again with its
 * own.  Returns: (transfer full): what a recipe calls it.  @error: %SL_ERROR_STATE, %G_IO_ERROR_READ_ONLY, %G_FILE_ERROR */
void      sl_project_keep_vocabulary_async (SlProject *self, SlVocabulary *vocabulary,
                                            GCancellable *cancellable, GAsyncReadyCallback callback,
                                            gpointer user_data);
char     *sl_project_keep_vocabulary_finish (SlProject *self, GAsyncResult *result, GError **error);
/**
 * sl_project_generate_async:
 * @run_id: of a language model; 0: the newest
 * @func: (nullable): each word as it comes, on the caller's main context, all before @callback; none after @cancellable
 *
 * How @prompt goes on, as sl_generator_run() writes.  Does not count as a job.
 */
void      sl_project_generate_async  (SlProject *self, gint64 run_id, const char *prompt,
                                      const SlGenerateOptions *options, SlGenerateFunc func,
                                      gpointer func_data, GCancellable *cancellable,
                                      GAsyncReadyCallback callback, gpointer user_data);
char     *sl_project_generate_finish (SlProject *self, GAsyncResult *result, GError **error); /* (transfer full) */
/**
 * sl_project_compare:
 *
 * What run @run_id's model sees in the present pictures, labelled or not, and which of them are most alike
 * in that: a job.  It stays in memory for as long as the project is open, in place of an earlier one.
 * @error: as sl_model_features()
 */
gboolean  sl_project_compare         (SlProject *self, gint64 run_id, const SlJobWatch *watch,
                                      GCancellable *cancellable, GError **error);
void      sl_project_compare_async   (SlProject *self, gint64 run_id, GCancellable *cancellable,
                                      GAsyncReadyCallback callback, gpointer user_data);
gboolean  sl_project_compare_finish  (SlProject *self, GAsyncResult *result, GError **error);
gint64    sl_project_get_compared_run (SlProject *self); /* 0: none */

typedef struct
{
  gint64   a, b;
  double   likeness; /* cosine: 1: the same */
  gboolean across;   /* one is trained on, the other validated */
  gboolean differs;  /* both have a label, not the same one */
} SlSimilarPair;
/* (transfer full): of the @count most alike (at most SL_SIMILAR_MOST) those that are across or differ come
 * first, then by likeness; none of a removed picture. */
#define SL_SIMILAR_MOST 2000
GArray   *sl_project_dup_similar     (SlProject *self, guint count);

typedef struct
{
  gint64 id;
  double likeness;
} SlNeighbour;
/* The @n training pictures that the compared run's model sees most like the one at @path, nearest first; not
 * that file itself.  A moment, on a thread.  @error: %SL_ERROR_STATE: no run is compared; %SL_ERROR_FORMAT */
void      sl_project_nearest_async   (SlProject *self, const char *path, guint n,
                                      GCancellable *cancellable, GAsyncReadyCallback callback,
                                      gpointer user_data);
GArray   *sl_project_nearest_finish  (SlProject *self, GAsyncResult *result, GError **error); /* (transfer full) */
/* (transfer full): present pictures of SL_SPLIT_TRAIN, SL_SPLIT_VALID, or with -1 of both. */
SlSampleSet *sl_project_dup_samples  (SlProject *self, int split);
/* Where @path speaks for class @class_name, by run @run_id's model: sl_model_heat_map().  One after
 * the other, on a thread of their own; one that was cancelled before its turn costs nothing. */
void      sl_project_heat_map_async  (SlProject *self, gint64 run_id, const char *path,
                                      const char *class_name, GCancellable *cancellable,
                                      GAsyncReadyCallback callback, gpointer user_data);
SlHeatMap *sl_project_heat_map_finish (SlProject *self, GAsyncResult *result, GError **error);
SlModel  *sl_project_load_model      (SlProject *self, gint64 run_id, GError **error); /* 0: newest */
gboolean  sl_project_delete_run      (SlProject *self, gint64 run_id, GError **error);
/* Frees the weights that a run keeps to be trained again from its stages; *@bytes: (nullable). */
gboolean  sl_project_forget_stages   (SlProject *self, gint64 run_id, gsize *bytes, GError **error);
/* (transfer full): a hash over the pictures that are trained and validated on: number, label, side. */
char     *sl_project_dup_fingerprint (SlProject *self);

SlJob     sl_project_get_job          (SlProject *self);
SlRun    *sl_project_get_running      (SlProject *self); /* (transfer none) (nullable) */
double    sl_project_get_job_progress (SlProject *self);
double    sl_project_get_seconds_left (SlProject *self);
gboolean  sl_project_get_paused       (SlProject *self);
void      sl_project_set_paused       (SlProject *self, gboolean paused);
void      sl_project_stop             (SlProject *self); /* the running job, keeping what is learned */

/**
 * sl_project_baseline:
 * @recipe: (nullable): what is asked of; %NULL: that of the next run.  Its last stage's size counts
 * @metrics: (out) (array fixed-size=SL_MAX_METRICS)
 *
 * sl_baseline_score() of the pictures that are there now.  Does not count as a job.  %FALSE: the kind of problem has
 * none (no @error), or %G_IO_ERROR_CANCELLED.
 */
gboolean   sl_project_baseline        (SlProject *self, const SlRecipe *recipe, double *metrics);
void       sl_project_baseline_async  (SlProject *self, const SlRecipe *recipe, GCancellable *cancellable,
                                       GAsyncReadyCallback callback, gpointer user_data);
gboolean   sl_project_baseline_finish (SlProject *self, GAsyncResult *result, double *metrics,
                                       GError **error);

/* ---- Review of the stored predictions. */
/* (transfer full): one a class, of @n: where pictures have several labels; split -1: training and validation.
 * On a thread: @result is all that _finish needs, so that the project may be gone. */
SlLabelErrors *sl_project_label_errors (SlProject *self, int split, guint *n);
void           sl_project_label_errors_async (SlProject *self, int split, GAsyncReadyCallback callback,
                                              gpointer user_data);
SlLabelErrors *sl_project_label_errors_finish (GAsyncResult *result);
/* (transfer full): intersection over union of each class, of @n, all pictures' pixels together; NaN where a class is
 * not there and was not said to be, or is void; split as above.  %NULL: the kind of problem has no masks, or
 * no picture was looked at since overlaps are kept. */
double    *sl_project_dup_ious      (SlProject *self, int split, guint *n);
/* (transfer full) (nullable): one a class, of @n, where classes are points or numbers. */
SlDistance *sl_project_dup_distances (SlProject *self, int split, guint *n);
/* From which probability on the evaluated run says a label; NaN: none is evaluated, or the kind of problem
 * has no threshold. */
double     sl_project_get_threshold (SlProject *self);
/* Figures, SL_MAX_METRICS, that the evaluated run would have with another threshold, from its stored outputs:
 * nothing is asked again, nothing changes.  %FALSE: there are none. */
gboolean   sl_project_score_at      (SlProject *self, double threshold, int split, double *metrics);
void       sl_project_score_at_async (SlProject *self, double threshold, int split,
                                      GAsyncReadyCallback callback, gpointer user_data);
gboolean   sl_project_score_at_finish (GAsyncResult *result, double *metrics);
/**
 * sl_project_set_threshold:
 * @threshold: 0 … 1
 *
 * The evaluated run says labels from there on: in its stored predictions, whose items notify, and in those
 * to come; the project's recipe for the next run takes it over.  _async reads the answers on a thread, and
 * _finish puts them in the place of the old ones.
 * @error: %SL_ERROR_STATE: no run is evaluated; %G_IO_ERROR_CANCELLED: another was set meanwhile, pictures were
 * looked at anew, or the project was closed; as other changes
 */
gboolean   sl_project_set_threshold (SlProject *self, double threshold, GError **error);
void       sl_project_set_threshold_async  (SlProject *self, double threshold,
                                            GAsyncReadyCallback callback, gpointer user_data);
gboolean   sl_project_set_threshold_finish (SlProject *self, GAsyncResult *result, GError **error);
/* (transfer container): SlItem, worst loss first; split -1: training and validation. */
GPtrArray *sl_project_top_losses (SlProject *self, int split, gsize max);
/* counts[actual * n + predicted] over present, evaluated items; n = number of classes. */
guint     *sl_project_confusion  (SlProject *self, int split, guint *n_classes); /* (transfer full) */

G_END_DECLS
