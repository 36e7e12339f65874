/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <slope/item.h>

G_BEGIN_DECLS

/**
 * SlAnswers:
 *
 * What was answered to a project's evaluated items, and what their labels are, copied from them: made where
 * the items are, in some ten milliseconds for 100,000, and asked on any thread.  Of a kind of problem with a
 * threshold.  Immutable, atomic reference count.
 */
typedef struct _SlAnswers SlAnswers;

SlAnswers *sl_answers_new   (SlItem *const *items, guint n, SlProblem *problem);
SlAnswers *sl_answers_ref   (SlAnswers *self);
void       sl_answers_unref (SlAnswers *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlAnswers, sl_answers_unref)

/* @split below: a SlSplit, or -1 for training and validation; only items that are present count. */

/* Figures that the stored outputs give with @recipe.  %FALSE: no item counts.  @metrics: SL_MAX_METRICS */
gboolean       sl_answers_score        (SlAnswers *self, const SlRecipe *recipe, int split,
                                        double *metrics);
/* (transfer full): one a class, of what is said now */
SlLabelErrors *sl_answers_label_errors (SlAnswers *self, int split);

typedef struct
{
  gint64 id;
  char  *target;    /* GRefString (nullable), owned: the item's when it was answered */
  char  *predicted; /* GRefString, owned */
  double probability;
} SlAnswer;

/* (transfer full): of SlAnswer, by id: the items of which @recipe says something else than is said now.  One whose
 * outputs are not stored stays as it is.  %NULL: cancelled. */
GArray        *sl_answers_read         (SlAnswers *self, const SlRecipe *recipe,
                                        GCancellable *cancellable);

G_END_DECLS
