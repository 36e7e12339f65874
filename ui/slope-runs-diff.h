/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/slope.h>

G_BEGIN_DECLS

/* A line of a table of runs. */
typedef struct
{
  const char *label;  /* translated */
  char      **values; /* of each run in turn; owned, NULL-terminated */
  int         best;   /* index of the best value, -1: none is better than the others */
} SlopeDiffRow;

void       slope_diff_row_free   (SlopeDiffRow *self);

/* In what recipes differ, entry by entry; stages one by one.  (transfer full): of SlopeDiffRow, freed
 * with g_ptr_array_unref(). */
GPtrArray *slope_recipes_diff    (const SlRecipe *const *recipes, guint n);
/* What came out of the runs; then whether they began with another run or other pictures than
 * @fingerprint (of the pictures as they are now), where not all are the same; then how their recipes
 * differ.  (transfer full), as above. */
GPtrArray *slope_runs_diff       (SlRun *const *runs, guint n, const SlTask *task /* nullable: figures of several kinds */,
                                  const char *fingerprint);

G_END_DECLS
