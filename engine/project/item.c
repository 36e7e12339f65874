/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project/item-private.h"

#include "project/files.h"

#include <string.h>

enum
{
  PROP_0,
  PROP_ID,
  PROP_PATH,
  PROP_NAME,
  PROP_TARGET,
  PROP_SPLIT,
  PROP_STATE,
  PROP_KEPT,
  PROP_LOSS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (SlItem, sl_item, G_TYPE_OBJECT)

static void
sl_item_finalize (GObject *object)
{
  SlItem *self = SL_ITEM (object);

  g_clear_pointer (&self->folder, g_ref_string_release);
  g_clear_pointer (&self->target, g_ref_string_release);
  g_clear_pointer (&self->original, g_ref_string_release);
  g_clear_pointer (&self->format, g_ref_string_release);
  g_clear_pointer (&self->predicted, g_ref_string_release);
  g_free (self->outputs);
  g_free (self->stored);
  g_free (self->bin);
  g_free (self->path);
  g_free (self->rel_path);
  g_free (self->part);
  G_OBJECT_CLASS (sl_item_parent_class)->finalize (object);
}

static void
sl_item_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  SlItem *self = SL_ITEM (object);

  switch (id)
    {
    case PROP_ID:
      g_value_set_int64 (value, self->id);
      break;
    case PROP_PATH:
      g_value_set_string (value, sl_item_get_path (self));
      break;
    case PROP_NAME:
      g_value_set_string (value, sl_item_get_name (self));
      break;
    case PROP_TARGET:
      g_value_set_string (value, self->target);
      break;
    case PROP_SPLIT:
      g_value_set_int (value, self->split);
      break;
    case PROP_STATE:
      g_value_set_int (value, self->state);
      break;
    case PROP_KEPT:
      g_value_set_boolean (value, self->kept);
      break;
    case PROP_LOSS:
      g_value_set_double (value, self->evaluated ? self->loss : -1);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
sl_item_class_init (SlItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->finalize = sl_item_finalize;
  object_class->get_property = sl_item_get_property;

  properties[PROP_ID] = g_param_spec_int64 ("id", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_PATH] = g_param_spec_string ("path", NULL, NULL, NULL, flags);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_TARGET] = g_param_spec_string ("target", NULL, NULL, NULL, flags);
  properties[PROP_SPLIT] = g_param_spec_int ("split", NULL, NULL, 0, SL_SPLIT_TEST, 0, flags);
  properties[PROP_STATE] = g_param_spec_int ("state", NULL, NULL, 0, SL_ITEM_UNREADABLE, 0, flags);
  properties[PROP_KEPT] = g_param_spec_boolean ("kept", NULL, NULL, FALSE, flags);
  properties[PROP_LOSS] = g_param_spec_double ("loss", NULL, NULL, -1, G_MAXDOUBLE, -1, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
sl_item_init (SlItem *self)
{
}

static void
take_shared (char **place, char *shared)
{
  char *old = *place;

  *place = shared;
  if (old != NULL)
    g_ref_string_release (old);
}

void
sl_item_change (SlItem *self, const SlItemChange *to)
{
  gboolean moved = g_strcmp0 (self->stored, to->stored) != 0 || g_strcmp0 (self->bin, to->bin) != 0;
  gboolean state = self->state != to->state;
  gboolean target = g_strcmp0 (self->target, to->target) != 0;
  gboolean split = self->split != to->split;
  gboolean kept = self->kept != to->kept;

  if (moved)
    {
      char *stored = g_strdup (to->stored), *bin = g_strdup (to->bin);

      g_free (self->stored);
      g_free (self->bin);
      self->stored = stored;
      self->bin = bin;
      g_clear_pointer (&self->path, g_free);
    }
  if (target)
    take_shared (&self->target, to->target != NULL ? g_ref_string_new_intern (to->target) : NULL);
  self->state = to->state;
  self->split = to->split;
  self->kept = to->kept;

  if (moved)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PATH]);
  if (state)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
  if (target)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TARGET]);
  if (split)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SPLIT]);
  if (kept)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_KEPT]);
}

void
sl_item_set_prediction (SlItem *self, double loss, double probability, char *predicted)
{
  if (!self->evaluated && predicted == NULL)
    return;
  take_shared (&self->predicted, predicted != NULL ? g_ref_string_acquire (predicted) : NULL);
  self->loss = loss;
  self->probability = probability;
  self->evaluated = predicted != NULL;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOSS]);
}

void
sl_item_set_outputs (SlItem *self, const float *outputs, guint n)
{
  g_free (self->outputs);
  self->outputs = n > 0 ? g_memdup2 (outputs, n * sizeof *outputs) : NULL;
  self->n_outputs = n;
}

void
sl_item_swap_outputs (SlItem *self, float **outputs, guint *n)
{
  float *old = self->outputs;
  const guint n_old = self->n_outputs;

  self->outputs = *outputs;
  self->n_outputs = *n;
  *outputs = old;
  *n = n_old;
}

const float *
sl_item_get_outputs (SlItem *self, guint *n)
{
  g_return_val_if_fail (SL_IS_ITEM (self) && n != NULL, NULL);

  *n = self->n_outputs;
  return self->outputs;
}

gboolean
sl_item_get_overlap (SlItem *self, guint class_index, SlOverlap *overlap)
{
  const guint each = sizeof *overlap / sizeof *self->outputs;

  g_return_val_if_fail (SL_IS_ITEM (self) && overlap != NULL, FALSE);

  if ((class_index + 1) * each > self->n_outputs)
    return FALSE;
  memcpy (overlap, self->outputs + class_index * each, sizeof *overlap);
  return TRUE;
}

gint64
sl_item_get_id (SlItem *self)
{
  g_return_val_if_fail (SL_IS_ITEM (self), 0);
  return self->id;
}

const char *
sl_item_get_path (SlItem *self)
{
  g_return_val_if_fail (SL_IS_ITEM (self), NULL);

  if (self->path == NULL)
    {
      if (self->state == SL_ITEM_REMOVED && self->bin != NULL)
        self->path = g_build_filename (self->folder, "bin", self->bin, NULL);
      else
        self->path = sl_path_from_stored (self->folder, self->stored);
    }
  return self->path;
}

const char *
sl_item_get_name (SlItem *self)
{
  const char *slash;

  g_return_val_if_fail (SL_IS_ITEM (self), NULL);

  slash = strrchr (self->rel_path, '/');
  return slash != NULL ? slash + 1 : self->rel_path;
}

const char *
sl_item_get_rel_path (SlItem *self)
{
  g_return_val_if_fail (SL_IS_ITEM (self), NULL);
  return self->rel_path;
}

const char *
sl_item_get_target (SlItem *self)
{
  g_return_val_if_fail (SL_IS_ITEM (self), NULL);
  return self->target;
}

const char *
sl_item_get_original_target (SlItem *self)
{
  g_return_val_if_fail (SL_IS_ITEM (self), NULL);
  return self->original;
}

SlSplit
sl_item_get_split (SlItem *self)
{
  g_return_val_if_fail (SL_IS_ITEM (self), SL_SPLIT_TRAIN);
  return self->split;
}

SlItemState
sl_item_get_state (SlItem *self)
{
  g_return_val_if_fail (SL_IS_ITEM (self), SL_ITEM_UNREADABLE);
  return self->state;
}

gboolean
sl_item_get_kept (SlItem *self)
{
  g_return_val_if_fail (SL_IS_ITEM (self), FALSE);
  return self->kept;
}

gboolean
sl_item_get_relabelled (SlItem *self)
{
  g_return_val_if_fail (SL_IS_ITEM (self), FALSE);
  return g_strcmp0 (self->target, self->original) != 0;
}

int
sl_item_get_width (SlItem *self)
{
  g_return_val_if_fail (SL_IS_ITEM (self), 0);
  return self->width;
}

int
sl_item_get_height (SlItem *self)
{
  g_return_val_if_fail (SL_IS_ITEM (self), 0);
  return self->height;
}

gint64
sl_item_get_bytes (SlItem *self)
{
  g_return_val_if_fail (SL_IS_ITEM (self), 0);
  return self->bytes;
}

gsize
sl_item_get_row (SlItem *self)
{
  g_return_val_if_fail (SL_IS_ITEM (self), 0);
  return self->row;
}

const char *
sl_item_get_format (SlItem *self)
{
  g_return_val_if_fail (SL_IS_ITEM (self), NULL);
  return self->format;
}

guint64
sl_item_get_twin (SlItem *self)
{
  g_return_val_if_fail (SL_IS_ITEM (self), 0);
  return self->twin;
}

gboolean
sl_item_get_prediction (SlItem *self, double *loss, double *probability, const char **predicted)
{
  g_return_val_if_fail (SL_IS_ITEM (self), FALSE);

  if (!self->evaluated)
    return FALSE;
  if (loss != NULL)
    *loss = self->loss;
  if (probability != NULL)
    *probability = self->probability;
  if (predicted != NULL)
    *predicted = self->predicted;
  return TRUE;
}
