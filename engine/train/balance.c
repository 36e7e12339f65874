/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/balance.h"
#include <slope/loader.h>
#include <slope/random.h>
#include <string.h>

#define MAX_LABELS 64 /* of one item that are looked at */

/* How many items each class has. */
static gsize *
count_classes (SlSampleSet *samples)
{
  const SlProblem *problem = sl_sample_set_problem (samples);
  gsize *counts = g_new0 (gsize, MAX (problem->n_classes, 1));

  for (gsize i = 0; i < sl_sample_set_n (samples); i++)
    {
      const char *target = sl_sample_set_get (samples, i)->target;
      guint found[MAX_LABELS];
      guint n = target == NULL ? 0 : problem->task->classes_of (problem, target, found, MAX_LABELS);

      for (guint k = 0; k < n; k++)
        counts[found[k]]++;
    }
  return counts;
}

/* 1 / size of its class. */
static double
rarity (SlSampleSet *samples, gsize i, const gsize *counts)
{
  const SlProblem *problem = sl_sample_set_problem (samples);
  const char *target = sl_sample_set_get (samples, i)->target;
  guint found[MAX_LABELS];
  guint n = target == NULL ? 0 : problem->task->classes_of (problem, target, found, MAX_LABELS);
  double sum = 0;

  for (guint k = 0; k < n; k++)
    sum += 1.0 / (double)counts[found[k]];
  return n > 0 ? sum / n : 0;
}

static void
weigh (SlEpochDraw *self, SlSampleSet *samples, const gsize *counts)
{
  double sum = 0;
  gsize n_labelled = 0;

  for (gsize i = 0; i < self->n_samples; i++)
    {
      double rare = rarity (samples, i, counts);

      sum += rare;
      n_labelled += rare > 0;
    }
  self->weights = g_new (float, self->n_samples);
  for (gsize i = 0; i < self->n_samples; i++)
    {
      double rare = rarity (samples, i, counts);

      self->weights[i] = rare > 0 ? (float)(rare * (double)n_labelled / sum) : 1.0f;
    }
}

/* fa:callbacks/oversampling.py: an epoch is as long as if every class were as large as the
 * largest. */
static void
oversample (SlEpochDraw *self, SlSampleSet *samples, const gsize *counts, guint n_classes)
{
  gsize largest = 0, n_used = 0;
  double sum = 0;

  for (guint k = 0; k < n_classes; k++)
    {
      largest = MAX (largest, counts[k]);
      n_used += counts[k] > 0;
    }
  self->cumulative = g_new (double, self->n_samples);
  for (gsize i = 0; i < self->n_samples; i++)
    self->cumulative[i] = sum += rarity (samples, i, counts);
  self->n = n_used * largest;
}

void
sl_epoch_draw_init (SlEpochDraw *self, SlSampleSet *samples, SlBalance kind)
{
  g_autofree gsize *counts = count_classes (samples);

  memset (self, 0, sizeof *self);
  self->kind = kind;
  self->n = self->n_samples = sl_sample_set_n (samples);
  if (kind == SL_BALANCE_WEIGHTS)
    weigh (self, samples, counts);
  else if (kind == SL_BALANCE_OVERSAMPLE)
    oversample (self, samples, counts, sl_sample_set_problem (samples)->n_classes);
}

void
sl_epoch_draw_clear (SlEpochDraw *self)
{
  g_clear_pointer (&self->weights, g_free);
  g_clear_pointer (&self->cumulative, g_free);
}

double
sl_epoch_draw_weight (const SlEpochDraw *self, gsize i)
{
  if (self->weights != NULL)
    return self->weights[i];
  if (self->cumulative != NULL)
    {
      const double all = self->cumulative[self->n_samples - 1];
      const double own = self->cumulative[i] - (i > 0 ? self->cumulative[i - 1] : 0);

      return all > 0 ? own / all * (double)self->n : 0;
    }
  return 1;
}

/* The first place whose cumulative rarity is above @value. */
static guint32
find_place (const SlEpochDraw *self, double value)
{
  gsize low = 0, high = self->n_samples - 1;

  while (low < high)
    {
      gsize middle = low + (high - low) / 2;

      if (self->cumulative[middle] > value)
        high = middle;
      else
        low = middle + 1;
    }
  return (guint32)low;
}

guint32 *
sl_epoch_draw_order (const SlEpochDraw *self, guint64 seed, guint64 epoch)
{
  SlRandom random;
  guint32 *order;

  if (self->cumulative == NULL)
    return sl_loader_draw_order (self->n, seed, epoch);
  order = g_new (guint32, MAX (self->n, 1));
  sl_random_init (&random, sl_random_key (seed, SL_PURPOSE_BALANCE, epoch, 0));
  for (gsize i = 0; i < self->n; i++)
    order[i] = find_place (self,
                           sl_random_uniform (&random, 0, self->cumulative[self->n_samples - 1]));
  return order;
}
