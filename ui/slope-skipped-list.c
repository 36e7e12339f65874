/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slope-skipped-list.h"

/* ---- Items */

struct _SlopeSkippedItem
{
  GObject parent_instance;
  char *path, *reason;
};

G_DEFINE_FINAL_TYPE (SlopeSkippedItem, slope_skipped_item, G_TYPE_OBJECT)

static void
slope_skipped_item_finalize (GObject *object)
{
  SlopeSkippedItem *self = SLOPE_SKIPPED_ITEM (object);

  g_free (self->path);
  g_free (self->reason);
  G_OBJECT_CLASS (slope_skipped_item_parent_class)->finalize (object);
}

static void
slope_skipped_item_class_init (SlopeSkippedItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = slope_skipped_item_finalize;
}

static void
slope_skipped_item_init (SlopeSkippedItem *self)
{
}

const char *
slope_skipped_item_get_path (SlopeSkippedItem *self)
{
  g_return_val_if_fail (SLOPE_IS_SKIPPED_ITEM (self), NULL);
  return self->path;
}

const char *
slope_skipped_item_get_reason (SlopeSkippedItem *self)
{
  g_return_val_if_fail (SLOPE_IS_SKIPPED_ITEM (self), NULL);
  return self->reason;
}

/* ---- The list */

struct _SlopeSkippedList
{
  GObject parent_instance;
  SlImport *import; /* owned, nullable */
  guint n;          /* when it was set */
};

static GType
get_item_type (GListModel *model)
{
  return SLOPE_TYPE_SKIPPED_ITEM;
}

static guint
get_n_items (GListModel *model)
{
  return SLOPE_SKIPPED_LIST (model)->n;
}

static gpointer
get_item (GListModel *model, guint position)
{
  SlopeSkippedList *self = SLOPE_SKIPPED_LIST (model);
  const SlSkipped *skipped;
  SlopeSkippedItem *item;

  /* The import may have changed and not yet been set again. */
  if (self->import == NULL || position >= MIN (self->n, sl_import_n_skipped (self->import)))
    return NULL;
  skipped = sl_import_get_skipped (self->import, position);
  item = g_object_new (SLOPE_TYPE_SKIPPED_ITEM, NULL);
  item->path = g_strdup (skipped->path);
  item->reason = g_strdup (skipped->reason);
  return item;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (SlopeSkippedList, slope_skipped_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static void
slope_skipped_list_finalize (GObject *object)
{
  g_clear_pointer (&SLOPE_SKIPPED_LIST (object)->import, sl_import_unref);
  G_OBJECT_CLASS (slope_skipped_list_parent_class)->finalize (object);
}

static void
slope_skipped_list_class_init (SlopeSkippedListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = slope_skipped_list_finalize;
}

static void
slope_skipped_list_init (SlopeSkippedList *self)
{
}

SlopeSkippedList *
slope_skipped_list_new (void)
{
  return g_object_new (SLOPE_TYPE_SKIPPED_LIST, NULL);
}

void
slope_skipped_list_set (SlopeSkippedList *self, SlImport *import)
{
  const guint before = self->n;

  g_return_if_fail (SLOPE_IS_SKIPPED_LIST (self));

  if (import != NULL)
    sl_import_ref (import);
  g_clear_pointer (&self->import, sl_import_unref);
  self->import = import;
  self->n = import != NULL ? (guint)sl_import_n_skipped (import) : 0;
  g_list_model_items_changed (G_LIST_MODEL (self), 0, before, self->n);
}
