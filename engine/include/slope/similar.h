/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/features.h>

G_BEGIN_DECLS

/* Two pictures, as rows of features, and the cosine of the angle between them: 1: the same. */
typedef struct
{
  guint32 a, b;     /* a < b */
  double  likeness; /* summed in double precision */
} SlSimilar;

#define SL_SIMILAR_NEIGHBOURS 4

/**
 * sl_similar_pairs:
 * @count: at most so many
 * @control: (nullable): a stop ends the search as a cancel does
 * @progress: (nullable): by rows
 *
 * The pairs that are most alike, each picture with its SL_SIMILAR_NEIGHBOURS nearest at most: of a
 * thousand frames of one scene not half a million.  n² / 2 products in blocks, of which only the nearest
 * are kept: 10 MiB and 32 bytes a picture.  Same bits on any number of threads.  Any thread.
 *
 * Returns: (transfer full): SlSimilar, most alike first, ties by a, then b; %NULL: %G_IO_ERROR_CANCELLED
 */
GArray *sl_similar_pairs   (const SlFeatures *self, guint count, SlTrainControl *control,
                            SlProgressFunc progress, gpointer progress_data,
                            GCancellable *cancellable, GError **error);

/* A row of features, and how like it is. */
typedef struct
{
  guint32 row;
  double  likeness;
} SlNearest;

/* The @count rows most like row @at of @query, of the same model; nearest first, ties by row.  @among:
 * (nullable): (n): whether a row counts; one that is all 0 never does.  (transfer full): SlNearest.  Any thread. */
GArray *sl_similar_nearest (const SlFeatures *self, const SlFeatures *query, gsize at,
                            const guint8 *among, guint count);

G_END_DECLS
