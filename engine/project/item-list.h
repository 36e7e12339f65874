/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/item.h>
#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * SlItemList:
 *
 * The items of a project, by id: a list model over an array, so that 100,000 of them cost no
 * tree, with binary search by id.
 */
#define SL_TYPE_ITEM_LIST (sl_item_list_get_type ())
G_DECLARE_FINAL_TYPE (SlItemList, sl_item_list, SL, ITEM_LIST, GObject)

SlItemList *sl_item_list_new    (void);
void        sl_item_list_append (SlItemList *self, SlItem *item); /* (transfer full); ids grow; before anyone looks */
SlItem *const *sl_item_list_all (SlItemList *self);               /* (transfer none): as they are now */
guint       sl_item_list_n      (SlItemList *self);
SlItem     *sl_item_list_at     (SlItemList *self, guint i);      /* (transfer none) */
SlItem     *sl_item_list_find   (SlItemList *self, gint64 id);    /* (transfer none) (nullable) */
/* Each item gets what the model said of it, one of which nothing was said loses what it had.  @predictions, of
 * SlStoredPrediction, by item, gets the outputs that the items had: no memory is asked for or given back. */
void        sl_item_list_take_predictions (SlItemList *self, GArray *predictions);
/* Takes out those with these ids. */
void        sl_item_list_remove (SlItemList *self, const gint64 *ids, gsize n);

G_END_DECLS
