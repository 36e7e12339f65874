/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/generate.h>
#include <slope/heat-map.h>
#include <slope/loader.h>
#include <slope/recipe.h>
#include <slope/vocabulary.h>
#include <gio/gio.h>

G_BEGIN_DECLS

/* ---- What a run records. */

typedef struct
{
  guint step;      /* 0 … over the whole run */
  float epoch;     /* step / steps of an epoch: the plot's x */
  float loss;      /* of the batch */
  float smooth;    /* EMA 0.98, bias-corrected */
  float lr;        /* of the last group */
  float lr_first;  /* of the first group */
  float momentum;  /* beta1 */
} SlBatchRecord;

typedef struct
{
  guint  epoch;      /* 1 … */
  guint  stage;      /* 0 … */
  double train_loss; /* the smoothed one, as the course prints it */
  double valid_loss; /* NaN without a validation set */
  double metrics[SL_MAX_METRICS];
  double seconds;    /* training and validation */
  /* Of training pictures measured as the validation set is: un-augmented, without dropout, the same
   * ones each time, at most 256 and no more than are validated.  So it may be compared with valid_loss,
   * which train_loss may not (SPEC 1.6).  Measured at a stage's end and every few epochs, so that it
   * takes a twentieth of the time at most; NaN in between. */
  double   train_eval_loss;
  gboolean kept;     /* the model that stays so far is this epoch's: see recipe.keep */
} SlEpochRecord;

/* Whether a stage's head trains from kept outputs of the frozen body, or what stands against it. */
typedef enum
{
  SL_KEPT_DENSE,         /* an answer for each pixel needs more than the body's pooled outputs */
  SL_KEPT_NOT_FROZEN,    /* not all of the body is frozen: there is nothing to keep */
  SL_KEPT_NORMS_TRAINED, /* its batch norms change: recipe.freeze_norms would allow it */
  SL_KEPT_NEW_VIEWS,     /* each epoch draws new views: recipe.views would allow it */
  SL_KEPT_MIXUP,         /* pictures are mixed anew in each batch */
  SL_KEPT_NO_MEMORY,     /* they would need more than a quarter of the free memory, or than 1 GiB */
  SL_KEPT_USED
} SlKeptState;

/* What a stage is about to do. */
typedef struct
{
  guint       stage;           /* 0 … */
  int         height, width;
  guint       batch, steps_per_epoch;
  guint       n_steps;         /* of the whole run, as it looks now: patience may end a stage early */
  gsize       peak_bytes;      /* of the whole run: sl_predict_training_bytes() */
  SlKeptState kept;
  guint       kept_views;      /* the body runs in the first so many epochs of the stage only */
  gsize       kept_bytes;
} SlPlanRecord;

/* ---- Control from other threads; looked at once a batch. */
typedef struct _SlTrainControl SlTrainControl;

SlTrainControl *sl_train_control_new    (void);
SlTrainControl *sl_train_control_ref    (SlTrainControl *self);
void            sl_train_control_unref  (SlTrainControl *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlTrainControl, sl_train_control_unref)
void            sl_train_control_pause  (SlTrainControl *self, gboolean paused);
gboolean        sl_train_control_is_paused (SlTrainControl *self);
void            sl_train_control_stop   (SlTrainControl *self); /* keep what is learned; also ends a pause */
gboolean        sl_train_control_is_stopped (SlTrainControl *self);

/* ---- Where news go: called on the training thread.  Any may be %NULL. */
typedef struct
{
  /* At the beginning of each stage, resumed ones too. */
  void (*plan)       (const SlPlanRecord *record, gpointer data);
  void (*batch)      (const SlBatchRecord *record, double seconds_left, gpointer data);
  void (*epoch)      (const SlEpochRecord *record, gpointer data);
  /* Validation or evaluation under way, or a frozen body being asked for outputs to keep. */
  void (*progress)   (gsize done, gsize total, gpointer data);
  /* A checkpoint of step @step is whole on disk: records before it will never be recorded again.
   * The receiver commits its records up to here. */
  gboolean (*checkpoint) (guint step, gpointer data, GError **error);
  void (*unreadable) (const SlSkipped *file, gpointer data);
} SlTrainSink;

typedef struct
{
  SlSampleSet    *train;
  SlSampleSet    *valid;       /* (nullable) or empty: no validation */
  const SlRecipe *recipe;
  const char     *folder;      /* of the run: model.safetensors, checkpoint.safetensors; must exist */
  const char     *start_model; /* (nullable): model.safetensors of another run to start from */
  /* Begin with this stage: then @start_model is the stage-K.safetensors that another run left at its
   * beginning (sl_stage_file_name()), and the stages before must be the same as that run's.  With an
   * unchanged recipe and data the curve from there is that run's.  The file is copied to @folder. */
  guint           start_stage; /* 0 … */
  /* Go on from folder/checkpoint.safetensors.  When there is none yet the run begins anew, which
   * gives the same curve: give the same @start_model. */
  gboolean        resume;
  SlPictureCache *cache;       /* (nullable): one of its own */
  /* (nullable): texts are being cut into words, which comes before all else and is done once. */
  SlProgressFunc  preparing;
  gpointer        preparing_data;
} SlTrainSetup;

typedef struct
{
  guint         steps, epochs;  /* done in all, resumed ones included */
  gboolean      stopped;        /* by control, not at the end */
  SlEpochRecord last;           /* last epoch's record */
  guint         kept_epoch;     /* whose model stays: the last or the best; 0: none was ended */
  double        seconds;        /* of this call */
  gsize         peak_bytes;     /* predicted by the plan */
} SlTrainResult;

/* (transfer full): "stage-2.safetensors" for @stage 1: the weights at its beginning, in the run's folder.
 * Stage 0 begins with what the recipe says and leaves no such file. */
char    *sl_stage_file_name (guint stage);
/* Whether @a ended better than @b, by what the recipe keeps (the loss when it keeps the last). */
gboolean sl_epoch_is_better (const SlRecipe *recipe, const SlTask *task, const SlEpochRecord *a,
                             const SlEpochRecord *b);

/**
 * sl_train:
 *
 * Runs the stages of the recipe.  Writes model.safetensors and checkpoint.safetensors after an
 * epoch (seldom enough that writing takes a twentieth of the time at most), every two minutes, and
 * when stopped; at the end the model stays, and the weights at the beginning of each stage but the
 * first.  Same setup, same bits: on any number of threads,
 * and whether it was killed and resumed or not.
 *
 * @error: %SL_ERROR_DATA (training set smaller than 2, one class), %SL_ERROR_MEMORY (the batch does
 *   not fit: names what would), %SL_ERROR_DIVERGED (the loss is not a number; the last checkpoint
 *   stays), %SL_ERROR_FORMAT (checkpoint), %G_IO_ERROR_CANCELLED.  Threads: any one.
 */
gboolean sl_train (const SlTrainSetup *setup, SlTrainControl *control, const SlTrainSink *sink,
                   gpointer sink_data, SlTrainResult *result, GCancellable *cancellable,
                   GError **error);

/* What is to be trained on how much: enough to say what memory that takes. */
typedef struct
{
  const SlRecipe  *recipe;
  const SlProblem *problem;
  gsize            n_train, n_valid; /* pictures */
} SlTrainOutline;

/* Batch size for recipe->batch 0: the largest power of two up to 64 that memory allows and that
 * leaves 16 batches an epoch; of small sets 8 where that leaves 4. */
guint    sl_auto_batch (const SlTrainOutline *outline);
/* Peak bytes of training, stages without a batch of their own at @batch: plans for training and
 * validation, parameters, moments, the best epoch's values, batches that are loaded ahead, kept
 * outputs of a frozen body.  Not the decoded pictures that are kept for the next epoch. */
gsize    sl_predict_training_bytes (const SlTrainOutline *outline, guint batch);
/* What those take beside that when a project trains: about what all pictures take in the sizes of
 * all stages, as photographs, and no more than %SL_PICTURE_CACHE_BYTES.  A run is not refused
 * for it: fewer pictures kept are only more decoding. */
gsize    sl_predict_picture_bytes  (const SlTrainOutline *outline);

/* ---- Learning-rate finder (Smith 2015; constants of SPEC 1.6). */

typedef struct
{
  double lr;
  float  loss;   /* of the batch */
  float  smooth; /* EMA 0.98, bias-corrected */
} SlSweepPoint;

typedef struct
{
  GArray *points;   /* of SlSweepPoint; owned */
  gint    steepest; /* index; -1: the curve has no slope to speak of */
  gint    minimum;  /* index of the smallest smoothed loss; -1 */
} SlSweepResult;

void     sl_sweep_result_clear (SlSweepResult *self);
/* Suggestions for a curve as it stands (first 10 and last 5 points left out as in the course). */
void     sl_sweep_suggest (const SlSweepPoint *points, gsize n, gint *steepest, gint *minimum);

/* How far the suggestions of several sweeps lie apart, of other seeds for instance. */
typedef struct
{
  guint  n;             /* sweeps */
  guint  n_steepest;    /* those whose curve has a slope; the rates are of these, NaN without any */
  double steepest_low;
  double steepest;      /* geometric mean */
  double steepest_high;
} SlSweepSpread;
void     sl_sweep_spread (const SlSweepResult *sweeps, guint n, SlSweepSpread *spread);

/* @stage: whose freezing is used.  The sweep works on parameters of its own: nothing is changed,
 * nothing is written.  @point is called on this thread, for each batch. */
gboolean sl_lr_find (const SlTrainSetup *setup, guint stage, SlTrainControl *control,
                     void (*point) (const SlSweepPoint *point, guint index, guint total, gpointer data),
                     gpointer data, SlSweepResult *result, GCancellable *cancellable, GError **error);

/* ---- A trained model, for evaluation and prediction. */
typedef struct _SlModel SlModel;

/* @path: model.safetensors; metadata say architecture, classes, size, task. */
SlModel           *sl_model_load    (const char *path, GError **error);
void               sl_model_free    (SlModel *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlModel, sl_model_free)
SlProblem         *sl_model_get_problem (const SlModel *self); /* (transfer none) */
const SlRecipe    *sl_model_get_recipe  (const SlModel *self);

/* One picture file: fills a prediction (id 0, loss NaN). One thread at a time. */
SlPrediction *sl_model_predict (SlModel *self, const char *path, GError **error);
/* The same of a picture whose target is known: loss, truth and overlaps too.  @target: (nullable) */
SlPrediction *sl_model_predict_target (SlModel *self, const char *path, const char *target,
                                       GError **error);

/**
 * sl_model_predict_text:
 * @target: (nullable): what is known of it; then the loss too is filled
 *
 * One text: its last 1,400 tokens are read.  Of a model of texts; id 0.  @error: %SL_ERROR_UNSUPPORTED: of pictures, or
 * a language model.  One thread at a time.
 */
SlPrediction *sl_model_predict_text (SlModel *self, const char *text, const char *target,
                                     GError **error);
/* (transfer full): writes with a language model, which must outlive it.  @error: %SL_ERROR_UNSUPPORTED: it is none */
SlGenerator  *sl_model_new_generator (SlModel *self, GError **error);
/* (transfer none) (nullable): the words that a model of texts knows. */
SlVocabulary *sl_model_get_vocabulary (const SlModel *self);

/* From now on each picture is looked at in nine views (sl_transform_draw_corner()) and the answers are
 * blended: 0.4 of the plain one, 0.6 of the mean of the others.  The same answer each time, for a
 * picture alone as in a set, in nine times the time. */
void          sl_model_set_tta (SlModel *self, gboolean tta);
/* Instead of its recipe's, 0 … 1: from which probability on a label is said (SlTask.has_threshold). */
void          sl_model_set_threshold (SlModel *self, double threshold);

/**
 * sl_model_heat_map:
 * @class_index: of the problem's classes: which class shall be explained
 *
 * Where the picture speaks for a class, by Grad-CAM (Selvaraju et al. 2017); see train/class-head.h.
 *
 * @error: %SL_ERROR_FORMAT (the picture can't be read), %SL_ERROR_UNSUPPORTED (the network's last map
 *   has fewer than 16 cells: says which size would do).  One thread at a time.
 */
SlHeatMap    *sl_model_heat_map (SlModel *self, const char *path, guint class_index,
                                 GError **error);

/* Every sample once, un-augmented but for sl_model_set_tta(); @each gets each in order (its strings are the callee's only
 * for the call).  @score: (out) (nullable): clear it, also after a failure. */
gboolean sl_model_evaluate (SlModel *self, SlSampleSet *samples, SlPictureCache *cache,
                            void (*each) (const SlPrediction *prediction, gpointer data), gpointer data,
                            SlScore *score, SlTrainControl *control,
                            SlProgressFunc progress, gpointer progress_data,
                            GCancellable *cancellable, GError **error);

G_END_DECLS
