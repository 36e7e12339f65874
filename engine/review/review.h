/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/item.h>

G_BEGIN_DECLS

/* ---- What the stored predictions say; functions of the items alone.
 * @items: SlItem; only those present and evaluated count.
 * @split: a SlSplit, or -1 for training and validation. */

gboolean   sl_review_counts     (SlItem *item, int split);
/* Worst loss first, ties by id; at most @max.  (transfer container): SlItem */
GPtrArray *sl_review_top_losses (GListModel *items, int split, gsize max);
/* counts[actual * n + predicted], n = number of classes; a target of several classes counts for
 * each pair of one it has and one that was predicted.  (transfer full) */
guint     *sl_review_confusion  (GListModel *items, const SlProblem *problem, int split);
/* One a class, added up: right, actual and said, in this order, three doubles a class; all 0 where
 * masks were looked at before overlaps were kept.  (transfer full) */
double    *sl_review_overlaps   (GListModel *items, const SlProblem *problem, int split);
/* (transfer full): one a class */
SlDistance *sl_review_distances (GListModel *items, const SlProblem *problem, int split);

G_END_DECLS
