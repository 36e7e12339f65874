/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/dataset.h>

G_BEGIN_DECLS

/* Both move items of @out from training to validation; sides are checked by the caller. */

/* Whole groups, drawn by the seed, until the fraction is met as nearly as they allow.  A path that
 * the expression does not match is a group of its own.  @error: %SL_ERROR_DATA: a bad expression, or
 * all in one group; %SL_ERROR_NOT_FOUND: it matches no path. */
gboolean _sl_split_by_group (const SlSplitSpec *spec, gsize n, const char *const *rel_paths,
                             SlSplit *out, GError **error);

/* The last of each folder by name, where numbers count by their value: frame_9 is before frame_10. */
void     _sl_split_by_time  (const SlSplitSpec *spec, gsize n, const char *const *rel_paths,
                             SlSplit *out);

G_END_DECLS
