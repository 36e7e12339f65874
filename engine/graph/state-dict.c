/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/state-dict-private.h"

static void
clear_entry (gpointer data)
{
  SlStateEntry *entry = data;

  g_free (entry->name);
  g_clear_pointer (&entry->tensor, sl_tensor_unref);
  if (entry->source.data != NULL)
    entry->source.free_data (entry->source.data);
}

SlStateDict *
sl_state_dict_new (void)
{
  SlStateDict *self = g_new0 (SlStateDict, 1);

  self->entries = g_array_new (FALSE, FALSE, sizeof (SlStateEntry));
  g_array_set_clear_func (self->entries, clear_entry);
  self->index = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->meta = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

void
sl_state_dict_free (SlStateDict *self)
{
  g_return_if_fail (self != NULL);
  g_array_unref (self->entries);
  g_hash_table_unref (self->index);
  g_hash_table_unref (self->meta);
  g_free (self);
}

void
sl_state_dict_set_meta (SlStateDict *self, const char *key, const char *value)
{
  g_return_if_fail (self != NULL && key != NULL && value != NULL);
  g_hash_table_replace (self->meta, g_strdup (key), g_strdup (value));
}

const char *
sl_state_dict_get_meta (const SlStateDict *self, const char *key)
{
  g_return_val_if_fail (self != NULL && key != NULL, NULL);
  return g_hash_table_lookup (self->meta, key);
}

static SlStateEntry *
find_entry (const SlStateDict *self, const char *name)
{
  gpointer place = g_hash_table_lookup (self->index, name);

  return place == NULL ? NULL : sl_state_dict_nth (self, GPOINTER_TO_UINT (place) - 1);
}

static void
append (SlStateDict *self, SlStateEntry entry)
{
  g_array_append_val (self->entries, entry);
  g_hash_table_insert (self->index, g_strdup (entry.name), GUINT_TO_POINTER (self->entries->len));
}

void
sl_state_dict_insert (SlStateDict *self, const char *name, SlTensor *tensor)
{
  SlStateEntry *old;

  g_return_if_fail (self != NULL && name != NULL && tensor != NULL);

  sl_tensor_ref (tensor);
  old = find_entry (self, name);
  if (old != NULL)
    {
      g_clear_pointer (&old->tensor, sl_tensor_unref);
      old->tensor = tensor;
      return;
    }
  append (self, (SlStateEntry){ .name = g_strdup (name), .tensor = tensor });
}

void
sl_state_dict_insert_source (SlStateDict *self, const char *name, SlTensorSource source)
{
  g_return_if_fail (self != NULL && find_entry (self, name) == NULL);
  append (self, (SlStateEntry){ .name = g_strdup (name), .source = source });
}

SlTensor *
sl_state_dict_lookup (SlStateDict *self, const char *name)
{
  SlStateEntry *entry;

  g_return_val_if_fail (self != NULL && name != NULL, NULL);
  entry = find_entry (self, name);
  if (entry == NULL)
    return NULL;
  if (entry->tensor == NULL)
    entry->tensor = entry->source.make (entry->source.data);
  return entry->tensor;
}

guint
sl_state_dict_n (const SlStateDict *self)
{
  g_return_val_if_fail (self != NULL, 0);
  return self->entries->len;
}

const char *
sl_state_dict_name (const SlStateDict *self, guint i)
{
  g_return_val_if_fail (self != NULL && i < self->entries->len, NULL);
  return sl_state_dict_nth (self, i)->name;
}
