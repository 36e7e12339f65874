/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/recorder.h"
#include <slope/train.h>
#include <math.h>

#define EXPLODED 4  /* times the best smoothed loss */
#define HARMLESS 25 /* first losses of a sweep, up to a rate of 1e-5 */
#define STAYS 5     /* batches in a row that lose that much */

double
sl_smoother_add (SlSmoother *self, double loss)
{
  self->mean = SL_SMOOTHING * self->mean + (1 - SL_SMOOTHING) * loss;
  self->n++;
  return sl_smoother_get (self);
}

double
sl_smoother_get (const SlSmoother *self)
{
  return self->n > 0 ? self->mean / (1 - pow (SL_SMOOTHING, (double)self->n)) : NAN;
}

gboolean
sl_explosion_add (SlExplosion *self, double loss, double smooth)
{
  self->n++;
  if (self->n <= HARMLESS || smooth < self->best)
    self->best = smooth;
  self->n_above = loss > EXPLODED * self->best ? self->n_above + 1 : 0;
  return smooth > EXPLODED * self->best && self->n_above >= STAYS;
}

void
sl_clock_add_step (SlClock *self, double seconds)
{
  self->step_seconds = self->step_seconds > 0 ? 0.9 * self->step_seconds + 0.1 * seconds : seconds;
}

double
sl_clock_left (const SlClock *self, double steps_left, double epochs_left, guint valid_batches)
{
  /* Until a validation was timed: a forward pass is about a third of a step. */
  double valid = self->valid_seconds > 0 ? self->valid_seconds
                                         : valid_batches * self->step_seconds / 3;

  return steps_left * self->step_seconds + epochs_left * valid;
}

gboolean
sl_epoch_is_better (const SlRecipe *recipe, const SlTask *task, const SlEpochRecord *a,
                    const SlEpochRecord *b)
{
  g_return_val_if_fail (recipe != NULL && task != NULL && a != NULL && b != NULL, FALSE);
  if (recipe->keep == SL_KEEP_MODEL_METRIC && task->n_metrics > 0 && a->metrics[0] != b->metrics[0])
    return isnan (b->metrics[0])
           || (task->metrics[0].higher_is_better ? a->metrics[0] > b->metrics[0]
                                                 : a->metrics[0] < b->metrics[0]);
  return a->valid_loss < b->valid_loss;
}
