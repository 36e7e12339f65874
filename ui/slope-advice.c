/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slope-advice.h"

#include "config.h"
#include "slope-colors.h"

#include <glib/gi18n.h>
#include <math.h>

/* "Error 8.0 % → 4.0 %" is part of several sentences; NULL where the task has no such figure. */
static char *
describe_metric (const SlAdvice *self, const SlTask *task)
{
  g_autofree char *before = NULL, *after = NULL;
  const char *name;
  if (self->metric < 0 || !isfinite (self->metric_before) || !isfinite (self->metric_after))
    return NULL;
  name = task->metrics[self->metric].name;
  before = slope_format_metric (name, self->metric_before);
  after = slope_format_metric (name, self->metric_after);
  /* Translators: a figure, before and after: "Error 8.0 % → 4.0 %" */
  return g_strdup_printf (_ ("%s %s → %s"), slope_metric_label (name), before, after);
}

static char *
describe_losses (const SlAdvice *self, const SlTask *task)
{
  switch (self->kind)
    {
    case SL_ADVICE_RATE_TOO_HIGH:
      return g_strdup_printf (_ ("Validation %.3g, and the stage began at %.3g"), self->after,
                              self->before);
    case SL_ADVICE_OVERFITTING:
      return g_strdup_printf (_ ("Validation %.3f → %.3f since epoch %u"), self->before,
                              self->after, self->epoch_before);
    case SL_ADVICE_RATE_TOO_LOW:
      return g_strdup_printf (_ ("Training %.3f → %.3f in the whole run"), self->before,
                              self->after);
    case SL_ADVICE_UNDERFITTING:
      return g_strdup_printf (_ ("Measured alike, training %.3f against validation %.3f"),
                              self->after, self->before);
    case SL_ADVICE_MORE_EPOCHS:
      if (!isfinite (self->before))
        return g_strdup_printf (_ ("After one epoch training is at %.3f, validation at %.3f"),
                                self->train, self->after);
      return g_strdup_printf (_ ("Validation %.3f → %.3f in the last epoch"), self->before,
                              self->after);
    case SL_ADVICE_EARLY_RISE:
      return g_strdup_printf (_ ("%.3f → %.3f in the warm-up of one-cycle"), self->before,
                              self->after);
    case SL_ADVICE_TRAINING_ABOVE:
    default:
      return task->texts
                 ? g_strdup_printf (_ ("%.3f against %.3f: dropout makes training harder than "
                                       "validation"),
                                    self->after, self->before)
                 : g_strdup_printf (_ ("%.3f against %.3f: dropout and augmentation make training "
                                       "harder than validation"),
                                    self->after, self->before);
    }
}

static char *
describe_figures (const SlAdvice *self, const SlTask *task)
{
  g_autofree char *losses = describe_losses (self, task);
  g_autofree char *metric = describe_metric (self, task);
  if (!metric)
    return g_strdup_printf ("%s.", losses);
  /* Translators: two pieces of evidence: "Validation 0.187 → 0.149 in the last epoch; Error 8.0 % → 4.0 %." */
  return g_strdup_printf (_ ("%s; %s."), losses, metric);
}

/* What helps texts, which cannot be varied as pictures are, beyond the act on the button; NULL: nothing more. */
static const char *
hint_at_texts (SlAdviceKind kind, const SlTask *task)
{
  const gboolean labels = task->has_classes;
  if (!task->texts)
    return NULL;
  switch (kind)
    {
    case SL_ADVICE_OVERFITTING:
      return labels ? _ ("More texts help most, then more dropout, and a language model to start "
                         "from: trained on all of these texts first, or a pretrained one.")
                    : _ ("More texts help most, with labels or without, then more dropout.");
    case SL_ADVICE_RATE_TOO_LOW:
      return labels ? _ ("From random weights few texts teach a large network nothing: start from "
                         "a language model, trained on all of these texts first, or a pretrained "
                         "one.")
                    : NULL;
    default:
      return NULL;
    }
}

char *
slope_advice_evidence (const SlAdvice *self, const SlTask *task)
{
  g_autofree char *figures = NULL;
  const char *hint;
  g_return_val_if_fail (self != NULL && task != NULL, NULL);
  figures = describe_figures (self, task);
  hint = hint_at_texts (self->kind, task);
  return hint ? g_strdup_printf ("%s %s", figures, hint) : g_steal_pointer (&figures);
}

SlopeNoteKind
slope_advice_note_kind (SlAdviceKind kind)
{
  switch (kind)
    {
    case SL_ADVICE_MORE_EPOCHS:
      return SLOPE_NOTE_SUCCESS;
    case SL_ADVICE_RATE_TOO_HIGH:
    case SL_ADVICE_RATE_TOO_LOW:
    case SL_ADVICE_OVERFITTING:
    case SL_ADVICE_UNDERFITTING:
      return SLOPE_NOTE_WARNING;
    default:
      return SLOPE_NOTE_INFO;
    }
}
