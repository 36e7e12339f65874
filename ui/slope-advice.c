/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slope-advice.h"

#include "config.h"
#include "slope-colors.h"

#include <glib/gi18n.h>
#include <math.h>

#define RISE 1.05     /* of the best validation loss: less is noise */
#define FAR_ABOVE 1.5 /* training over validation loss */
#define TOO_HIGH 3.0  /* validation over the first training loss */

/* " the error 8.0 % → 4.0 %" is part of several sentences. */
static char *
describe_metric (const SlTask *task, int metric, const SlEpochRecord *from, const SlEpochRecord *to)
{
  g_autofree char *before = NULL, *after = NULL;
  if (metric < 0 || !isfinite (from->metrics[metric]) || !isfinite (to->metrics[metric]))
    return NULL;
  before = slope_format_metric (task->metrics[metric].name, from->metrics[metric]);
  after = slope_format_metric (task->metrics[metric].name, to->metrics[metric]);
  /* Translators: a figure, before and after: "Error 8.0 % → 4.0 %" */
  return g_strdup_printf (_ ("%s %s → %s"), slope_metric_label (task->metrics[metric].name), before,
                          after);
}

static char *
join (const char *losses, const char *metric)
{
  if (!metric)
    return g_strdup_printf ("%s.", losses);
  /* Translators: two pieces of evidence: "Validation 0.187 → 0.149 in the last epoch; Error 8.0 % → 4.0 %." */
  return g_strdup_printf (_ ("%s; %s."), losses, metric);
}

static gsize
best_epoch (const SlEpochRecord *epochs, gsize n)
{
  gsize best = 0;
  for (gsize i = 1; i < n; i++)
    if (epochs[i].valid_loss < epochs[best].valid_loss)
      best = i;
  return best;
}

static gboolean
metric_worse (const SlEpochRecord *from, const SlEpochRecord *to, int metric)
{
  return metric < 0 || to->metrics[metric] > from->metrics[metric];
}

void
slope_advice_read (SlopeAdvice *self, const SlEpochRecord *epochs, gsize n, const SlTask *task,
                   int metric)
{
  const SlEpochRecord *last = n > 0 ? &epochs[n - 1] : NULL, *before, *best;
  g_autofree char *losses = NULL, *figure = NULL;
  *self = (SlopeAdvice){ SLOPE_ADVICE_NONE, NULL, NULL };
  if (n < 2 || !isfinite (last->valid_loss) || !isfinite (last->train_loss))
    return;
  before = &epochs[n - 2];
  best = &epochs[best_epoch (epochs, n)];
  if (metric >= 0 && task->metrics[metric].higher_is_better)
    metric = -1;
  /* One such epoch is no verdict: from scratch, at the top of the cycle, the running statistics of
   * batch norm lag behind and validation may jump once. */
  if (MIN (last->valid_loss, before->valid_loss) > TOO_HIGH * epochs[0].train_loss)
    {
      self->kind = SLOPE_ADVICE_RATE_TOO_HIGH;
      self->heading = g_strdup (_ ("The loss has shot up: the learning rate is too high."));
      self->evidence = g_strdup_printf (_ ("Validation %.3g, and training began at %.3g."),
                                        last->valid_loss, epochs[0].train_loss);
    }
  /* While training loss stands above validation loss the network has not learned its own pictures
   * by heart: what rises then is noise. */
  else if (last->train_loss < last->valid_loss && last->valid_loss > RISE * best->valid_loss
           && last->valid_loss > before->valid_loss && metric_worse (best, last, metric))
    {
      self->kind = SLOPE_ADVICE_OVERFITTING;
      self->heading = g_strdup (_ ("It gets worse on pictures it has not seen: train less."));
      losses = g_strdup_printf (_ ("Validation %.3f → %.3f since epoch %u"), best->valid_loss,
                                last->valid_loss, best->epoch);
      figure = describe_metric (task, metric, best, last);
      self->evidence = join (losses, figure);
    }
  else if (last->valid_loss < before->valid_loss && last->train_loss < before->train_loss)
    {
      self->kind = SLOPE_ADVICE_MORE_EPOCHS;
      self->heading = g_strdup (_ ("Both losses still fall: more epochs will help."));
      losses = g_strdup_printf (_ ("Validation %.3f → %.3f in the last epoch"), before->valid_loss,
                                last->valid_loss);
      figure = describe_metric (task, metric, before, last);
      self->evidence = join (losses, figure);
    }
  else if (last->train_loss > FAR_ABOVE * last->valid_loss)
    {
      self->kind = SLOPE_ADVICE_TRAINING_ABOVE;
      self->heading = g_strdup (_ ("Training loss is above validation loss."));
      self->evidence = g_strdup_printf (_ ("%.3f against %.3f: dropout and augmentation make "
                                           "training harder than validation."),
                                        last->train_loss, last->valid_loss);
    }
}

void
slope_advice_clear (SlopeAdvice *self)
{
  g_clear_pointer (&self->heading, g_free);
  g_clear_pointer (&self->evidence, g_free);
}

SlopeNoteKind
slope_advice_note_kind (SlopeAdviceKind kind)
{
  switch (kind)
    {
    case SLOPE_ADVICE_MORE_EPOCHS:
      return SLOPE_NOTE_SUCCESS;
    case SLOPE_ADVICE_RATE_TOO_HIGH:
    case SLOPE_ADVICE_OVERFITTING:
      return SLOPE_NOTE_WARNING;
    default:
      return SLOPE_NOTE_INFO;
    }
}
