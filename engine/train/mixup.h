/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/loader.h>
#include <slope/random.h>

/* Mixup (Zhang et al. 2018; constants of SPEC 1.4): each picture with another of its batch, and the
 * loss is the same mix of the losses for both targets.  Private to train/. */

/* How much of row i stays, and who it is mixed with. */
typedef struct
{
  guint32 *partner; /* a permutation of the batch */
  float *share;     /* of the row itself: max (l, 1 - l), l from Beta (alpha, alpha) */
} SlMixup;

/* A draw of Beta (@alpha, @alpha). */
double sl_random_beta (SlRandom *random, double alpha);

/* @key: of the step; the draw is a function of it, the size of the batch and @alpha. */
void sl_mixup_draw (SlMixup *self, gsize batch, double alpha, guint64 key);
void sl_mixup_clear (SlMixup *self);

/**
 * sl_mixup_apply:
 * @pictures: (out): as @batch->pictures
 * @targets: (out): twice as many rows: those of the batch, then those of the partners
 * @weights: (out): twice as many: each row's by its share, then the partner's by the rest
 */
void sl_mixup_apply (const SlMixup *self, const SlBatch *batch, float *pictures, gpointer targets,
                     float *weights);
