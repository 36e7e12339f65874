/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/slope.h>

G_BEGIN_DECLS

#define SLOPE_MAX_REPEATS 3

/* Which of a project's sweeps are drawn, and how.  @sweeps: of SlSweep, newest first. */

/**
 * slope_sweeps_find_repeats:
 * @repeats: (out caller-allocates) (transfer none): room for %SLOPE_MAX_REPEATS
 *
 * The sweeps that were measured one after the other like @of, which is among them, with other seeds;
 * that of the smallest seed first.
 *
 * Returns: how many; 1 when @of stands alone
 */
guint    slope_sweeps_find_repeats (GListModel *sweeps, SlSweep *of, SlSweep **repeats);
/* The one that is drawn bold: the running one, else the newest of @stage, else the newest; of repeated
 * ones the first.  (transfer none) (nullable) */
SlSweep *slope_sweeps_find_current (GListModel *sweeps, guint stage);
/* The newest whose network was frozen where @current's was not, or the other way about.
 * (transfer none) (nullable) */
SlSweep *slope_sweeps_find_counterpart (GListModel *sweeps, SlSweep *current);
/* A sentence on whether repeated sweeps suggest the same, and whether they do.  (transfer full) */
char    *slope_sweeps_describe_spread (SlSweep *const *repeats, guint n, gboolean *agrees);

G_END_DECLS
