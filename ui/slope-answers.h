/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>
#include <slope/slope.h>

G_BEGIN_DECLS

/* What is asked of a model about a picture, and what is kept of its answer. */
typedef struct
{
  guint max; /* answers that are kept, the last used first */
  /* What the question depends on beside the picture: its label, mostly.  (nullable): there is nothing to ask. */
  const char *(*key)         (SlProject *project, SlItem *item);
  void        (*ask)         (SlProject *project, gint64 run, SlItem *item, const char *key,
                              GCancellable *cancellable, GAsyncReadyCallback callback,
                              gpointer user_data);
  /* (transfer full): %NULL with @error */
  gpointer    (*finish)      (SlProject *project, SlItem *item, GAsyncResult *result, GError **error);
  void        (*answer_free) (gpointer answer);
} SlopeAnswerKind;

/**
 * SlopeAnswers:
 *
 * What a model says of a project's pictures beyond what is stored: heat maps, predicted masks.  Asks the
 * project for one at a time, and only of pictures that are wanted at the moment; what came is kept, the
 * newest first, in bounds.  Main thread; the project asks its models on others.
 *
 * Properties: "problem" (string, nullable): why this run has no answers at all.
 * Signals: "ready": an answer that was wanted has come, or it is known that there is none.
 */
#define SLOPE_TYPE_ANSWERS (slope_answers_get_type ())
G_DECLARE_FINAL_TYPE (SlopeAnswers, slope_answers, SLOPE, ANSWERS, GObject)

SlopeAnswers *slope_answers_new     (const SlopeAnswerKind *kind); /* static */
/* The answers of @run's model; all that is known of another is forgotten, and of the same one too: it
 * may have been trained on.  @project %NULL: none. */
void          slope_answers_set_run (SlopeAnswers *self, SlProject *project, gint64 run);
/* What is seen now, the first first.  All that was wanted before is not any more; the one that is
 * being asked for is left unfinished if it is not among them. */
void          slope_answers_want    (SlopeAnswers *self, SlItem *const *items, guint n);
/* Of @item as it is labelled now; valid until the main loop runs.  (transfer none) (nullable): it has not
 * come, or there is none */
gpointer      slope_answers_lookup  (SlopeAnswers *self, SlItem *item);
const char   *slope_answers_get_problem (SlopeAnswers *self);

G_END_DECLS
