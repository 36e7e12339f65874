/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/kept.h"
#include <slope/text-classifier.h>
#include <slope/token-rows.h>
#include <slope/train.h>

/* A classifier of texts and the plan that batches of one shape need: what training, validation, evaluation and
 * prediction share.  Private to train/; zeroed before it is filled. */
typedef struct
{
  SlTextClassifier model;
  const SlRecipe *recipe;   /* not owned, as the next two */
  SlProblem *problem;
  SlParams *params;
  SlMode mode;
  SlPlanFlags flags;
  SlPlanMemory *memory;     /* (nullable): of the plans of all shapes */
  SlPlan *plan;             /* (nullable): of the last shape */
  guint n_rows, length;     /* of it */
  SlTensor *targets;        /* (n_rows): of it */
} SlRowRunner;

/* The network over batches of (n_rows, length), with its loss. */
SlGraph *sl_row_graph_new    (const SlTextClassifier *model, const SlRecipe *recipe,
                              const SlProblem *problem, guint n_rows, guint length, GError **error);
void     sl_row_runner_init  (SlRowRunner *self, const SlAwdLstm *encoder, const SlRecipe *recipe,
                              SlProblem *problem, SlParams *params, SlMode mode, SlPlanFlags flags);
void     sl_row_runner_clear (SlRowRunner *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SlRowRunner, sl_row_runner_clear)
/**
 * sl_row_runner_set:
 * @targets: (array) (nullable): (n_rows), each nullable: the text of each label; %NULL: none has one
 *
 * The plan for batches of this shape, with targets and weights written; the caller writes tokens and starts
 * into sl_row_runner_tokens() and _starts().
 */
gboolean sl_row_runner_set   (SlRowRunner *self, guint n_rows, guint length,
                              const char *const *targets, GError **error);
gint32  *sl_row_runner_tokens (SlRowRunner *self); /* (n_rows, length) */
gint32  *sl_row_runner_starts (SlRowRunner *self); /* (n_rows) */

/* One pass over @samples, whose order the rows have, in EVAL mode. Any function may be %NULL. */
typedef struct
{
  SlRowRunner *runner;
  SlTokenRows *rows;
  SlSampleSet *samples;
  void (*each) (const SlPrediction *prediction, gpointer data);
  gpointer each_data;
} SlRowPass;

/* @score: (out): clear it, also after a failure.  @error: %G_IO_ERROR_CANCELLED */
gboolean sl_row_pass_run     (const SlRowPass *self, SlScore *score, const SlPassWatch *watch,
                              GError **error);
/* (transfer full): rows of all @samples, by their place in the set.  @least_part: as SlTokenRowsOptions has it; 1 where answers
 * are wanted, which are of whole texts */
SlTokenRows *sl_row_pass_rows (SlSampleSet *samples, SlTokenCache *tokens, const guint32 *map, guint batch,
                               double least_part);
