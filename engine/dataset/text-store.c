/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <slope/text-import.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

struct _SlTextStore
{
  gatomicrefcount ref_count;
  char *shown;
  int file;
};

SlTextStore *
sl_text_store_open (const char *path, GError **error)
{
  g_autofree char *shown = g_filename_display_basename (path);
  int file = open (path, O_RDONLY | O_CLOEXEC);
  SlTextStore *self;

  if (file < 0)
    {
      g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (errno),
                   "%s, which has the texts, cannot be opened (%s): check that it is there", shown,
                   g_strerror (errno));
      return NULL;
    }
  self = g_new0 (SlTextStore, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->shown = g_steal_pointer (&shown);
  self->file = file;
  return self;
}

SlTextStore *
sl_text_store_ref (SlTextStore *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
sl_text_store_unref (SlTextStore *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  close (self->file);
  g_free (self->shown);
  g_free (self);
}

/* FALSE with errno 0: the file is shorter. */
static gboolean
read_fully (int file, char *to, gsize n, guint64 offset)
{
  while (n > 0)
    {
      ssize_t done = pread (file, to, n, (off_t)offset);

      if (done < 0 && errno == EINTR)
        continue;
      if (done <= 0)
        {
          errno = done == 0 ? 0 : errno;
          return FALSE;
        }
      to += done;
      n -= (gsize)done;
      offset += (guint64)done;
    }
  return TRUE;
}

char *
sl_text_store_read (const SlTextStore *self, guint64 offset, guint32 bytes, GError **error)
{
  g_autofree char *text = NULL;

  if (bytes > SL_MAX_TEXT_BYTES || offset > G_MAXINT64 - SL_MAX_TEXT_BYTES)
    errno = 0;
  else
    {
      text = g_malloc (bytes + 1);
      text[bytes] = '\0';
      if (read_fully (self->file, text, bytes, offset))
        {
          if (g_utf8_validate_len (text, bytes, NULL))
            return g_steal_pointer (&text);
          errno = 0;
        }
    }
  if (errno != 0)
    g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (errno),
                 "%s cannot be read (%s): check its disk", self->shown, g_strerror (errno));
  else
    g_set_error (error, SL_ERROR, SL_ERROR_FORMAT,
                 "%s has no text of %u bytes at %" G_GUINT64_FORMAT ": import the texts anew",
                 self->shown, bytes, offset);
  return NULL;
}

/* ---- What the token cache reads by */

typedef struct
{
  SlTextSource source; /* first: it is what is handed out */
  SlTextStore *store;
  const SlTextItem *const *items;
  char *key;
} StoreSource;

static gsize
source_bytes (gsize i, gpointer data)
{
  const StoreSource *self = data;

  return self->items[i]->bytes;
}

static char *
source_read (gsize i, gsize *length, gpointer data, GError **error)
{
  const StoreSource *self = data;
  const SlTextItem *item = self->items[i];

  *length = item->bytes;
  return sl_text_store_read (self->store, item->offset, item->bytes, error);
}

/* Whose texts they are is the order of their hashes. */
static char *
make_key (const SlTextItem *const *items, gsize n)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);

  for (gsize i = 0; i < n; i++)
    g_checksum_update (sum, (const guchar *)items[i]->hash, (gssize)strlen (items[i]->hash));
  return g_strdup (g_checksum_get_string (sum));
}

SlTextSource *
sl_text_source_new (SlTextStore *store, const SlTextItem *const *items, gsize n)
{
  StoreSource *self = g_new0 (StoreSource, 1);

  self->store = sl_text_store_ref (store);
  self->items = items;
  self->key = make_key (items, n);
  self->source = (SlTextSource){ n, self->key, source_bytes, source_read, self };
  return &self->source;
}

void
sl_text_source_free (SlTextSource *self)
{
  StoreSource *own = (StoreSource *)self;

  sl_text_store_unref (own->store);
  g_free (own->key);
  g_free (own);
}
