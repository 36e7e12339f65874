/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-pair.h"

struct _SlopePair
{
  GObject parent_instance;
  SlItem *items[2]; /* owned */
  double likeness;
  gboolean judged;
};

G_DEFINE_FINAL_TYPE (SlopePair, slope_pair, G_TYPE_OBJECT)

static void
slope_pair_finalize (GObject *object)
{
  SlopePair *self = SLOPE_PAIR (object);

  g_clear_object (&self->items[0]);
  g_clear_object (&self->items[1]);
  G_OBJECT_CLASS (slope_pair_parent_class)->finalize (object);
}

static void
slope_pair_class_init (SlopePairClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = slope_pair_finalize;
}

static void
slope_pair_init (SlopePair *self)
{
}

SlopePair *
slope_pair_new (SlItem *a, SlItem *b, double likeness)
{
  SlopePair *self;

  g_return_val_if_fail (SL_IS_ITEM (a) && SL_IS_ITEM (b) && a != b, NULL);

  self = g_object_new (SLOPE_TYPE_PAIR, NULL);
  self->items[0] = g_object_ref (a);
  self->items[1] = g_object_ref (b);
  self->likeness = likeness;
  return self;
}

SlItem *
slope_pair_get (SlopePair *self, guint i)
{
  g_return_val_if_fail (SLOPE_IS_PAIR (self) && i < 2, NULL);
  return self->items[i];
}

double
slope_pair_get_likeness (SlopePair *self)
{
  g_return_val_if_fail (SLOPE_IS_PAIR (self), 0);
  return self->likeness;
}

gboolean
slope_pair_is_across (SlopePair *self)
{
  guint sides = 0;

  g_return_val_if_fail (SLOPE_IS_PAIR (self), FALSE);

  for (guint i = 0; i < 2; i++)
    sides |= 1u << sl_item_get_split (self->items[i]);
  return sides == (1u << SL_SPLIT_TRAIN | 1u << SL_SPLIT_VALID);
}

gboolean
slope_pair_differs (SlopePair *self)
{
  const char *a, *b;

  g_return_val_if_fail (SLOPE_IS_PAIR (self), FALSE);

  a = sl_item_get_target (self->items[0]);
  b = sl_item_get_target (self->items[1]);
  return a != NULL && b != NULL && !g_str_equal (a, b);
}

void
slope_pair_set_judged (SlopePair *self, gboolean judged)
{
  g_return_if_fail (SLOPE_IS_PAIR (self));
  self->judged = judged;
}

gboolean
slope_pair_is_open (SlopePair *self)
{
  g_return_val_if_fail (SLOPE_IS_PAIR (self), FALSE);

  for (guint i = 0; i < 2; i++)
    if (sl_item_get_state (self->items[i]) != SL_ITEM_PRESENT)
      return FALSE;
  return !self->judged || !sl_item_get_kept (self->items[0]) || !sl_item_get_kept (self->items[1]);
}
