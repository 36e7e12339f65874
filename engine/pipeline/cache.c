/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pipeline/picture-private.h"

#include <slope/loader.h>

#include <errno.h>
#include <glib/gstdio.h>
#include <math.h>

/* Room around the training size for rotation, zoom and the crop's position. */
#define MARGIN 1.3
#define MASK (-1) /* in place of a side */

typedef struct
{
  char *path;
  int min_side;
  gint64 mtime_ns; /* a changed file is read again */
  gint64 file_bytes;
  SlPicture *picture;
  gsize bytes;
  GList link; /* in the order of use; data points back */
} Entry;

struct _SlPictureCache
{
  gatomicrefcount ref_count;
  gsize max_bytes;
  GMutex lock;
  GHashTable *entries; /* Entry → Entry; guarded by lock, as all below */
  GQueue recent;       /* newest first */
  gsize bytes;
};

static guint
entry_hash (gconstpointer data)
{
  const Entry *self = data;

  return g_str_hash (self->path) ^ ((guint)self->min_side * 2654435761u);
}

static gboolean
entry_equal (gconstpointer a, gconstpointer b)
{
  const Entry *left = a, *right = b;

  return left->min_side == right->min_side && g_str_equal (left->path, right->path);
}

static void
entry_free (gpointer data)
{
  Entry *self = data;

  sl_picture_unref (self->picture);
  g_free (self->path);
  g_free (self);
}

SlPictureCache *
sl_picture_cache_new (gsize max_bytes)
{
  SlPictureCache *self = g_new0 (SlPictureCache, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  g_queue_init (&self->recent);
  self->max_bytes = max_bytes;
  self->entries = g_hash_table_new_full (entry_hash, entry_equal, entry_free, NULL);
  return self;
}

SlPictureCache *
sl_picture_cache_ref (SlPictureCache *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
sl_picture_cache_unref (SlPictureCache *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_hash_table_unref (self->entries);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* With the lock held. */
static void
drop (SlPictureCache *self, Entry *entry)
{
  g_queue_unlink (&self->recent, &entry->link);
  self->bytes -= entry->bytes;
  g_hash_table_remove (self->entries, entry);
}

static SlPicture *
look_up (SlPictureCache *self, const Entry *key)
{
  SlPicture *picture = NULL;
  Entry *entry;

  g_mutex_lock (&self->lock);
  entry = g_hash_table_lookup (self->entries, key);
  if (entry != NULL && (entry->mtime_ns != key->mtime_ns || entry->file_bytes != key->file_bytes))
    {
      drop (self, entry);
      entry = NULL;
    }
  if (entry != NULL)
    {
      g_queue_unlink (&self->recent, &entry->link);
      g_queue_push_head_link (&self->recent, &entry->link);
      picture = sl_picture_ref (entry->picture);
    }
  g_mutex_unlock (&self->lock);
  return picture;
}

static void
insert (SlPictureCache *self, const Entry *key, SlPicture *picture)
{
  gsize bytes = (gsize)picture->width * picture->height * 3 + sizeof (Entry) + sizeof (SlPicture);
  Entry *entry;

  if (bytes > self->max_bytes)
    return;
  g_mutex_lock (&self->lock);
  if (!g_hash_table_contains (self->entries, key)) /* another thread may have been faster */
    {
      while (self->bytes + bytes > self->max_bytes)
        drop (self, g_queue_peek_tail (&self->recent));
      entry = g_memdup2 (key, sizeof *key);
      entry->path = g_strdup (key->path);
      entry->picture = sl_picture_ref (picture);
      entry->bytes = bytes;
      entry->link = (GList){ .data = entry };
      g_hash_table_add (self->entries, entry);
      g_queue_push_head_link (&self->recent, &entry->link);
      self->bytes += bytes;
    }
  g_mutex_unlock (&self->lock);
}

/* Decoded, and scaled where decoding alone leaves it clearly larger than wanted. */
static SlPicture *
load (const char *path, int min_side, GError **error)
{
  int wanted = (int)ceil (min_side * MARGIN);
  SlPicture *picture = _sl_picture_read (path, wanted, error);
  SlPicture *smaller;
  int shorter;

  if (picture == NULL || min_side == 0)
    return picture;
  shorter = MIN (picture->width, picture->height);
  if (shorter * 4 < wanted * 5)
    return picture;
  smaller = sl_picture_scale (picture, (int)round (picture->width * (double)wanted / shorter),
                              (int)round (picture->height * (double)wanted / shorter));
  sl_picture_unref (picture);
  return smaller;
}

static SlPicture *
get (SlPictureCache *self, const char *path, int min_side, GError **error)
{
  Entry key = { .path = (char *)path, .min_side = min_side };
  GStatBuf info;
  SlPicture *picture;

  if (g_stat (path, &info) == 0)
    {
      key.mtime_ns = (gint64)info.st_mtim.tv_sec * 1000000000 + info.st_mtim.tv_nsec;
      key.file_bytes = info.st_size;
      picture = look_up (self, &key);
      if (picture != NULL)
        return picture;
    }
  picture = min_side == MASK ? sl_mask_load (path, error) : load (path, min_side, error);
  if (picture != NULL)
    insert (self, &key, picture);
  return picture;
}

SlPicture *
sl_picture_cache_get (SlPictureCache *self, const char *path, int min_side, GError **error)
{
  g_return_val_if_fail (self != NULL && path != NULL && min_side >= 0, NULL);
  return get (self, path, min_side, error);
}

SlPicture *
sl_picture_cache_get_mask (SlPictureCache *self, const char *path, GError **error)
{
  g_return_val_if_fail (self != NULL && path != NULL, NULL);
  return get (self, path, MASK, error);
}

gsize
sl_picture_cache_bytes (SlPictureCache *self)
{
  gsize bytes;

  g_mutex_lock (&self->lock);
  bytes = self->bytes;
  g_mutex_unlock (&self->lock);
  return bytes;
}

gsize
sl_picture_cache_estimate (gsize n, int min_side)
{
  double side;

  g_return_val_if_fail (min_side > 0, 0);

  side = ceil (min_side * MARGIN);
  return (gsize)((double)n
                 * (3 * side * ceil (side * 4 / 3) + sizeof (Entry) + sizeof (SlPicture)));
}
