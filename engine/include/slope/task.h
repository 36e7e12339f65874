/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/graph.h>
#include <slope/tensor.h>
#include <slope/transform.h>

G_BEGIN_DECLS

typedef struct _SlTask SlTask;

#define SL_MAX_METRICS 6

typedef struct
{
  const char *name;           /* as in JSON: "accuracy", "error_rate" */
  gboolean    higher_is_better;
  gboolean    percent;        /* shown as a percentage */
} SlMetricDef;

/* Adds up one epoch's validation; plain data so that a run's state can be written down. */
typedef struct
{
  double weight;              /* items seen */
  double loss;                /* sum of item losses */
  double sum[SL_MAX_METRICS]; /* task-defined */
} SlScore;

/* What the model said of one item. */
typedef struct
{
  gint64 id;
  float  loss;
  float  probability;  /* of the item's own label, 0 … 1 */
  char  *predicted;    /* target text the model would write; owned */
  float *outputs;      /* n_outputs activated values (probabilities); owned */
  guint  n_outputs;
} SlPrediction;

void sl_prediction_clear (SlPrediction *self);
void sl_prediction_free  (SlPrediction *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlPrediction, sl_prediction_free)

/**
 * SlTask:
 *
 * All that differs between kinds of problem.  An item's target is a text in the project file
 * ("black"; later "clear;primary", a mask's path, "12.5,30 44,61.5"); the task reads, checks,
 * encodes, scores and rewrites it, and the rest of the program knows only this table.  A new
 * kind of problem is a new table in tasks/ and a view of it in ui/task-views/.
 *
 * All functions are pure or work on what they are given; any thread.
 */
struct _SlTask
{
  const char  *id;      /* "classify": in the project file and on the command line */
  const char  *label;   /* "One label": untranslated; marked with N_() */
  guint        n_metrics;
  SlMetricDef  metrics[SL_MAX_METRICS]; /* the first one ranks runs */

  /* A target that is fit to be stored for these classes (NULL-terminated, sorted). */
  gboolean  (*check_target)  (const SlTask *self, const char *const *classes, const char *target,
                              GError **error);
  guint     (*n_outputs)     (const SlTask *self, const char *const *classes);
  /* Type and shape of the targets of a batch. */
  void      (*target_layout) (const SlTask *self, const char *const *classes, gsize batch,
                              int height, int width, SlDType *dtype, SlShape *shape);
  /* Writes item @index of @targets, following the picture's transform. */
  gboolean  (*encode)        (const SlTask *self, const char *const *classes, const char *target,
                              const SlTransform *transform, SlTensor *targets, gsize index,
                              GError **error);
  /* Appends the loss to the graph.  @logits (N, n_outputs); @weights (N), 0 for padding.
   * Must create the graph outputs "loss" (1: mean over weights), "losses" (N) and
   * "probabilities" (N, n_outputs). */
  gboolean  (*add_loss)      (const SlTask *self, SlGraph *graph, SlValue logits, SlValue targets,
                              SlValue weights, double label_smoothing, GError **error);
  /* Fills the losses of the first @n items, as add_loss defines them, from probabilities that no
   * graph made (means over several views). */
  void      (*item_losses)   (const SlTask *self, gsize n, const SlTensor *probabilities,
                              const SlTensor *targets, double label_smoothing, SlTensor *losses);
  /* Adds the first @n items of an evaluated batch to @score. */
  void      (*score)         (const SlTask *self, SlScore *score, gsize n, const SlTensor *losses,
                              const SlTensor *probabilities, const SlTensor *targets);
  /* Metrics of what was added up; NaN where nothing was. */
  void      (*finish_score)  (const SlTask *self, const SlScore *score, double *metrics);
  /* Fills predicted, probability, outputs of item @index; @target may be %NULL (no label). */
  void      (*describe)      (const SlTask *self, const char *const *classes, const char *target,
                              const SlTensor *probabilities, gsize index, SlPrediction *prediction);
  /* The classes a target belongs to, for filters, bars and the confusion matrix: indices into
   * @classes, at most @max; returns how many. */
  guint     (*classes_of)    (const SlTask *self, const char *const *classes, const char *target,
                              guint *indices, guint max);
};

const SlTask        *sl_task_find (const char *id); /* %NULL: unknown */
const SlTask *const *sl_task_all  (void);           /* %NULL-terminated */

extern const SlTask sl_task_classify;

G_END_DECLS
