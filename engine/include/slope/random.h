/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * SlRandom:
 *
 * A counter-based generator (Philox 4×32-10; Salmon et al. 2011, "Parallel random
 * numbers: as easy as 1, 2, 3").  A stream is a pure function of its key, so that
 * shuffles, augmentation and dropout repeat exactly on any number of threads and a
 * resumed run draws what the undisturbed one would have drawn.  Plain data, on the
 * stack; one thread each.
 */
typedef struct
{
  guint32 key[2];
  guint32 counter[4];
  guint32 out[4];
  guint   left;
} SlRandom;

/* What a stream is for; part of the key, so that purposes never share numbers.  Stored
 * nowhere, but recipes repeat only while the values stay: append, never renumber. */
typedef enum
{
  SL_PURPOSE_INIT = 1,
  SL_PURPOSE_SHUFFLE = 2,
  SL_PURPOSE_AUGMENT = 3,
  SL_PURPOSE_DROPOUT = 4,
  SL_PURPOSE_SPLIT = 5,
  SL_PURPOSE_SAMPLE = 6,
  SL_PURPOSE_TEST = 7,
  SL_PURPOSE_MIXUP = 8,
  SL_PURPOSE_BALANCE = 9,
  SL_PURPOSE_CHECK = 10, /* training pictures that are measured as the validation set is */
  SL_PURPOSE_VIEWS = 11, /* test-time augmentation */
  SL_PURPOSE_GENERATE = 12,
  SL_PURPOSE_WEIGH = 13 /* parts of a text */
} SlPurpose;

guint64 sl_random_key     (guint64 seed, SlPurpose purpose, guint64 a, guint64 b); /* mixes to 64 bits */
void    sl_random_init    (SlRandom *self, guint64 key);
guint32 sl_random_u32     (SlRandom *self);
double  sl_random_uniform (SlRandom *self, double low, double high); /* [low, high) */
double  sl_random_normal  (SlRandom *self);                          /* mean 0, variance 1 */
guint64 sl_random_below   (SlRandom *self, guint64 n);               /* 0 … n-1 without bias; n > 0 */
void    sl_random_shuffle (SlRandom *self, guint32 *values, gsize n);
/* The i-th 4-tuple of the stream of @key, independent of any state: for kernels. */
void    sl_random_block   (guint64 key, guint64 index, guint32 out[4]);

G_END_DECLS
