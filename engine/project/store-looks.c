/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project/store-looks.h"

#include <glib/gstdio.h>
#include <string.h>

#define NS_PER_SEC G_GINT64_CONSTANT (1000000000)

gboolean
sl_stored_look_stat (SlStoredLook *self, const char *path)
{
  GStatBuf file;

  if (g_stat (path, &file) != 0)
    return FALSE;
  self->modified = (gint64)file.st_mtim.tv_sec * NS_PER_SEC + file.st_mtim.tv_nsec;
  self->bytes = file.st_size;
  return TRUE;
}

GHashTable *
sl_store_read_looks (SlStore *self, GError **error)
{
  g_autoptr (GHashTable) looks = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, g_free);
  g_autoptr (SlQuery)
      query = sl_query_new (self, "SELECT item, modified, bytes, bits, flat, tiny FROM look");
  g_autoptr (GError) local = NULL;

  while (sl_query_next (query, &local))
    {
      gsize n;
      gconstpointer tiny = sl_query_bytes (query, 5, &n);
      SlStoredLook *look;

      if (n != sizeof look->look.tiny) /* not ours: it is looked at again */
        continue;
      look = g_new (SlStoredLook, 1);
      look->item = sl_query_int (query, 0);
      look->modified = sl_query_int (query, 1);
      look->bytes = sl_query_int (query, 2);
      look->look.bits = (guint64)sl_query_int (query, 3);
      look->look.flat = sl_query_int (query, 4) != 0;
      memcpy (look->look.tiny, tiny, n);
      g_hash_table_insert (looks, &look->item, look);
    }
  if (local == NULL)
    return g_steal_pointer (&looks);
  g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}

gboolean
sl_store_write_looks (SlStore *self, const GArray *looks, GError **error)
{
  g_autoptr (SlQuery)
      insert = sl_query_new (self, "INSERT OR REPLACE INTO look VALUES (?, ?, ?, ?, ?, ?)");

  if (!sl_store_begin (self, FALSE, error))
    return FALSE;
  for (guint i = 0; i < looks->len; i++)
    {
      const SlStoredLook *look = &g_array_index (looks, SlStoredLook, i);

      sl_query_bind_int (insert, 1, look->item);
      sl_query_bind_int (insert, 2, look->modified);
      sl_query_bind_int (insert, 3, look->bytes);
      sl_query_bind_int (insert, 4, (gint64)look->look.bits);
      sl_query_bind_int (insert, 5, look->look.flat);
      sl_query_bind_bytes (insert, 6, look->look.tiny, sizeof look->look.tiny);
      if (!sl_query_run (insert, error))
        {
          sl_store_rollback (self);
          return FALSE;
        }
    }
  return sl_store_commit (self, error);
}
