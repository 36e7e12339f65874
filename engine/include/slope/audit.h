/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/dataset.h>
#include <slope/picture.h>

G_BEGIN_DECLS

/* ---- What a picture looks like, in a few bytes. */

#define SL_LOOK_SIDE 16

/**
 * SlLook:
 *
 * @bits: the signs of the 64 lowest frequencies of the brightness (a 32×32 discrete cosine
 *   transform, without its mean): a few of them change when a picture is encoded anew, scaled,
 *   brightened or shifted a little, about 32 when it is another picture.  Zauner 2010,
 *   "Implementation and Benchmarking of Perceptual Image Hash Functions", with signs in place of
 *   the median, so that a mirrored picture differs in known bits alone.
 * @tiny: its brightness, mean 0, scaled so that the largest is ±127: settles what the bits suspect
 * @flat: hardly anything is to be seen: like nothing else
 */
typedef struct
{
  guint64  bits;
  gint8    tiny[SL_LOOK_SIDE * SL_LOOK_SIDE];
  gboolean flat;
} SlLook;

void     sl_look_take       (SlLook *self, const SlPicture *picture);
/* Decodes @path small.  @error: as sl_picture_load().  Threads: any. */
gboolean sl_look_take_file  (SlLook *self, const char *path, GError **error);
/* Bits that differ: 0 … 64. */
guint    sl_look_distance   (const SlLook *a, const SlLook *b, gboolean mirrored);
/* Correlation of what both look like: -1 … 1. */
double   sl_look_likeness   (const SlLook *a, const SlLook *b, gboolean mirrored);

typedef struct
{
  guint32  a, b; /* places, a < b */
  guint    distance;
  gboolean mirrored;
} SlLookPair;

/**
 * sl_look_pairs:
 * @looks: @n of them, each nullable: not known
 *
 * Pictures that show the same, or its mirror image, by bits and by likeness.  Where many are equal
 * to the bit, each is paired with the next only.  The index has four tables of 16 bits: two hashes
 * at most SL_LOOK_NEAR = 11 apart differ by at most 2 in one of them (Norouzi, Punjani and Fleet
 * 2012, "Fast Search in Hamming Space with Multi-Index Hashing"), so that 548 look-ups find them
 * all.  Pure function; any thread.
 *
 * Returns: (transfer full): SlLookPair, by a, then b
 */
#define SL_LOOK_NEAR 11
GArray  *sl_look_pairs      (const SlLook *const *looks, gsize n);

G_END_DECLS
