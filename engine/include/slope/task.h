/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/graph.h>
#include <slope/recipe.h>
#include <slope/tensor.h>
#include <slope/transform.h>

G_BEGIN_DECLS

typedef struct _SlTask SlTask;
typedef struct _SlPictureCache SlPictureCache; /* slope/loader.h */

#define SL_MAX_METRICS 6

typedef struct
{
  const char *name;           /* as in JSON: "accuracy", "error_rate" */
  gboolean    higher_is_better;
  gboolean    percent;        /* shown as a percentage */
} SlMetricDef;

/* What the numbers of one output may be; low < high. */
typedef struct
{
  double low;
  double high;
} SlRange;

/**
 * SlProblem:
 *
 * What a data set asks: the kind of problem, and the names that belong to it.  A project, a model and
 * a sample set have one each.  Immutable, atomic reference count; the fields are read-only.
 */
typedef struct
{
  gatomicrefcount    ref_count;
  const SlTask      *task;
  const char *const *classes;   /* %NULL-terminated: of classes, points or numbers, as the task orders them */
  guint              n_classes;
  const SlRange     *ranges;    /* (nullable): n_classes; the task has_ranges */
  gpointer           prepared;  /* what the task's prepare() found in the names */
} SlProblem;

/* @classes: copied.  @ranges: (nullable): copied; one a class. */
SlProblem *sl_problem_new   (const SlTask *task, const char *const *classes, const SlRange *ranges);
SlProblem *sl_problem_ref   (SlProblem *self);
void       sl_problem_unref (SlProblem *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlProblem, sl_problem_unref)
/* (transfer full) (nullable): [[low, high], …]; %NULL: it has none. */
char      *sl_problem_ranges_to_json   (const SlProblem *self);
/* (transfer full): @n of them.  @error: %SL_ERROR_FORMAT: another number of them, or low ≥ high. */
SlRange   *sl_problem_ranges_from_json (const char *json, guint n, GError **error);

/**
 * sl_number_split_unit:
 * @name: of a number, as the table of labels has it: "roll (°)", "length [mm]", "yaw (deg)", "roll_degrees"
 * @plain: (out) (transfer full) (optional): "roll", "length", …
 *
 * A project needs no place of its own for units: they stay a part of the names.  Any thread.
 *
 * Returns: (transfer full) (nullable): the unit, degrees as "°"; %NULL: the name says none
 */
char      *sl_number_split_unit (const char *name, char **plain);
/* (transfer full) (nullable): the unit that all of the problem's numbers have, so that a mean over them has it. */
char      *sl_problem_dup_unit  (const SlProblem *self);

/* Adds up one epoch's validation. */
typedef struct
{
  double  weight; /* items seen */
  double  loss;   /* sum of item losses */
  double *sums;   /* as many as the task's n_sums says, its own; owned */
} SlScore;

void   sl_score_init  (SlScore *self, const SlProblem *problem); /* all 0 */
void   sl_score_clear (SlScore *self);
double sl_score_loss  (const SlScore *self); /* mean; NaN where nothing was seen */
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SlScore, sl_score_clear)

/* One class of masks, in pixels of what the network sees; what is void counts nowhere.  Whole numbers. */
typedef struct
{
  float right;  /* is it, and was said to be */
  float actual; /* is it */
  float said;   /* was said to be it */
} SlOverlap;

/* Intersection over union, 0 … 1; NaN where the class is not there and was not said to be: then there is nothing
 * to be right or wrong about. */
double sl_overlap_iou (double right, double actual, double said);

#define SL_MASK_VOID 255 /* in a prediction's truth: a pixel that does not count */

/* What the model said of one item. */
typedef struct
{
  gint64  id;
  float   loss;
  float   probability;  /* of the item's own target, 0 … 1; NaN where the task knows none */
  char   *predicted;    /* target text the model would write; owned */
  float  *outputs;      /* n_outputs activated values (probabilities, numbers); owned */
  guint   n_outputs;
  guint8 *mask;         /* (nullable): class of each pixel of what the network saw; owned */
  int     mask_width;
  int     mask_height;
  guint8 *truth;        /* (nullable): the same of the item's own target, or SL_MASK_VOID; owned */
  float   seen[4];      /* of the mask: left, top, right and bottom of what was seen, in shares of the picture's sides */
  SlOverlap *overlaps;  /* (nullable): one a class, where there is a truth; owned */
  guint   n_overlaps;
  float  *distances;    /* (nullable): from the target, one a class: of points in pixels of the picture file, of numbers in
                           their units, ≥ 0; NaN where the target does not say; owned */
  guint   n_distances;
} SlPrediction;

void sl_prediction_clear (SlPrediction *self);
void sl_prediction_copy  (const SlPrediction *self, SlPrediction *to); /* all but what it had: @to is overwritten */
void sl_prediction_free  (SlPrediction *self);
/* (transfer full) (nullable): what a project keeps of it beside its words, @n numbers: probabilities of classes, where
 * there are 64 at most, or labels; overlaps of masks, distances of points and numbers. */
float *sl_prediction_dup_kept (const SlPrediction *self, const SlTask *task, guint *n);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlPrediction, sl_prediction_free)

/* How the network came to see a picture; with it targets are laid into its pixels, and back. */
typedef struct
{
  SlTransform     transform; /* in pixels of the decoded picture */
  int             width;     /* of the decoded picture, pixels */
  int             height;
  double          scale_x;   /* decoded pixels for one of the file's, whose pixels targets count */
  double          scale_y;
  SlPictureCache *cache;     /* (nullable): for targets that are pictures themselves; valid while loading */
} SlPictureView;

/**
 * SlTask:
 *
 * All that differs between kinds of problem.  An item's target is a text in the project file
 * ("black"; "clear;primary"; a mask's path; "12.5,30 44,61.5"); the task reads, checks,
 * encodes, scores and rewrites it, and the rest of the program knows only this table.  A new
 * kind of problem is a new table in tasks/ and a view of it in ui/task-views/.
 *
 * All functions are pure or work on what they are given; any thread.
 */
struct _SlTask
{
  const char  *id;      /* "classify": in the project file and on the command line */
  const char  *label;   /* "One label": untranslated; marked with N_() */

  /* What may be done with it. */
  gboolean     one_class;      /* each target is one class: strata, confusion, what is confused with what */
  gboolean     has_classes;    /* targets belong to classes; else the names are of points or numbers */
  gboolean     has_ranges;     /* numbers, whose ranges the problem knows */
  gboolean     has_threshold;  /* outputs are probabilities of classes; which are said depends on recipe.threshold */
  gboolean     dense;          /* an answer for each pixel: the network is a U-Net */
  gboolean     may_mix;        /* pictures may be mixed (recipe.mixup) */
  gboolean     may_blend;      /* answers to several views of a picture may be averaged */
  gboolean     target_is_file; /* the target is the path of a picture (a mask) */
  gboolean     texts;          /* items are texts, not pictures; recipe.learn says what a run learns of them */

  guint        n_metrics;
  SlMetricDef  metrics[SL_MAX_METRICS]; /* the first one ranks runs */

  /* (nullable) (transfer full): what the names say once for all, freed with g_free(): SlProblem.prepared */
  gpointer  (*prepare)       (const SlProblem *problem);
  /* A target that is fit to be stored. */
  gboolean  (*check_target)  (const SlProblem *problem, const char *target, GError **error);
  /* (nullable): changes what suggestions begin with: augmentation, threshold, … */
  void      (*suggest)       (const SlProblem *problem, SlRecipe *recipe);
  /* (nullable): the ranges of numbers, from the targets of a data set.  @ranges: one a class.
   * @error: %SL_ERROR_DATA */
  gboolean  (*find_ranges)   (const char *const *classes, const char *const *targets, gsize n,
                              SlRange *ranges, GError **error);
  guint     (*n_outputs)     (const SlProblem *problem);
  guint     (*n_sums)        (const SlProblem *problem);
  /* (nullable): what the network's output of a class must be, before it is made a probability, for it to become
   * @probability, above 0 and below 1; up to a constant.  %NULL where the labels alone do not tell how frequent classes are. */
  double    (*logit)         (double probability);
  /* Type and shape of the targets of a batch. */
  void      (*target_layout) (const SlProblem *problem, gsize batch, int height, int width,
                              SlDType *dtype, SlShape *shape);
  /* Writes item @index of @targets, following the picture into @view.  @target %NULL: no label;
   * what is written then must be harmless.  @error: a reason fit for a list. */
  gboolean  (*encode)        (const SlProblem *problem, const char *target, const SlPictureView *view,
                              SlTensor *targets, gsize index, GError **error);
  /* Appends the loss to the graph.  @logits (N, n_outputs), of a dense task (N, H, W, n_outputs);
   * @weights (N), 0 for padding.  Must create the graph outputs "loss" (1: mean over weights),
   * "losses" (N) and "probabilities" (shape of @logits). */
  gboolean  (*add_loss)      (const SlProblem *problem, const SlRecipe *recipe, SlGraph *graph,
                              SlValue logits, SlValue targets, SlValue weights, GError **error);
  /* Fills the losses of the first @n items, as add_loss defines them, from probabilities that no
   * graph made (means over several views); %NULL unless may_blend. */
  void      (*item_losses)   (const SlProblem *problem, const SlRecipe *recipe, gsize n,
                              const SlTensor *probabilities, const SlTensor *targets,
                              SlTensor *losses);
  /* (nullable): the answer (n_outputs) that fits target @index exactly, and of each of its numbers
   * whether the target says anything of it (1 or 0). */
  void      (*perfect)       (const SlProblem *problem, const SlTensor *targets, gsize index,
                              float *answer, float *counts);
  /* Adds the first @n items of an evaluated batch to @score. */
  void      (*score)         (const SlProblem *problem, const SlRecipe *recipe, SlScore *score,
                              gsize n, const SlTensor *losses, const SlTensor *probabilities,
                              const SlTensor *targets);
  /* Metrics of what was added up; NaN where nothing was. */
  void      (*finish_score)  (const SlProblem *problem, const SlScore *score, double *metrics);
  /* Fills predicted, probability, outputs (and mask) of item @index; @target and @targets are %NULL
   * where there is no label. */
  void      (*describe)      (const SlProblem *problem, const SlRecipe *recipe, const char *target,
                              const SlPictureView *view, const SlTensor *probabilities,
                              const SlTensor *targets, gsize index, SlPrediction *prediction);
  /* (nullable): what an answer that was given earlier is worth when the target is @target, which is laid into
   * @view: fills loss, probability and distances of @prediction.  Of it predicted is known, and outputs, where they
   * are kept (sl_prediction_dup_kept()).  %FALSE: that is too little, and nothing changes. */
  gboolean  (*measure)       (const SlProblem *problem, const SlRecipe *recipe, const char *target,
                              const SlPictureView *view, SlPrediction *prediction);
  /* (nullable): the class that does not count, or -1. */
  gint      (*void_class)    (const SlProblem *problem);
  /* The classes a target belongs to, for filters, bars and the confusion matrix: indices into
   * the problem's classes, at most @max; returns how many. */
  guint     (*classes_of)    (const SlProblem *problem, const char *target, guint *indices, guint max);
};

const SlTask        *sl_task_find (const char *id); /* %NULL: unknown */
const SlTask *const *sl_task_all  (void);           /* that a project may be of; %NULL-terminated */

extern const SlTask sl_task_classify;
extern const SlTask sl_task_multilabel;
extern const SlTask sl_task_segment;
extern const SlTask sl_task_points;
extern const SlTask sl_task_numbers;
extern const SlTask sl_task_text;
/* Which word comes next: no project's, but what some runs of texts learn.  It has no targets beside the texts
 * themselves: what encodes, scores and describes is not for it. */
extern const SlTask sl_task_language;

G_END_DECLS
