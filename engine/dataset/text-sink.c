/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dataset/text-sink.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#define TELL_EVERY_US (G_USEC_PER_SEC / 30)

static void
item_free (gpointer data)
{
  SlTextItem *self = data;

  g_free (self->name);
  g_free (self);
}

gboolean
_sl_text_sink_init (SlTextSink *self, const char *path, GError **error)
{
  self->path = g_strdup (path);
  self->items = g_ptr_array_new_with_free_func (item_free);
  self->skipped = g_ptr_array_new_with_free_func (_sl_skipped_free);
  self->targets = g_string_chunk_new (1024);
  self->encodings = g_hash_table_new (g_str_hash, g_str_equal);
  self->file = g_fopen (path, "wb");
  if (self->file == NULL)
    g_set_error (error, SL_ERROR, SL_ERROR_FAILED,
                 "%s cannot be written (%s): free some space there", path, g_strerror (errno));
  return self->file != NULL;
}

void
_sl_text_sink_clear (SlTextSink *self)
{
  g_clear_pointer (&self->file, fclose);
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->items, g_ptr_array_unref);
  g_clear_pointer (&self->skipped, g_ptr_array_unref);
  g_clear_pointer (&self->targets, g_string_chunk_free);
  g_clear_pointer (&self->encodings, g_hash_table_unref);
}

static void
set_hash (SlTextItem *item, const char *text, gsize length)
{
  g_autofree char *hash = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *)text,
                                                       length);

  g_strlcpy (item->hash, hash, sizeof item->hash);
}

static gboolean
is_blank (const char *text, gsize length)
{
  for (const char *at = text; at < text + length; at = g_utf8_next_char (at))
    if (!g_unichar_isspace (g_utf8_get_char (at)))
      return FALSE;
  return TRUE;
}

gboolean
_sl_text_sink_take (SlTextSink *self, const char *name, const char *text, gsize length,
                    const char *target, const char *part, GError **error)
{
  SlTextItem *item;

  if (is_blank (text, length) || length > SL_MAX_TEXT_BYTES)
    {
      _sl_text_sink_skip (self, name, length > SL_MAX_TEXT_BYTES ? "longer than 1 MiB" : "empty");
      return TRUE;
    }
  if (fwrite (text, 1, length, self->file) != length)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_FAILED,
                   "%s cannot be written (%s): free some space there", self->path,
                   g_strerror (errno));
      return FALSE;
    }
  item = g_new0 (SlTextItem, 1);
  item->name = _sl_display_name (name);
  item->target = target != NULL ? g_string_chunk_insert_const (self->targets, target) : NULL;
  item->part = part;
  item->offset = self->bytes;
  item->bytes = (guint32)length;
  set_hash (item, text, length);
  self->bytes += length;
  self->n_unlabelled += target == NULL;
  g_ptr_array_add (self->items, item);
  return TRUE;
}

void
_sl_text_sink_skip (SlTextSink *self, const char *name, const char *reason)
{
  g_ptr_array_add (self->skipped, _sl_skipped_new (name, reason));
}

void
_sl_text_sink_count_encoding (SlTextSink *self, const char *encoding)
{
  gpointer key = (gpointer)g_intern_string (encoding);

  if (!g_str_equal (encoding, "UTF-8"))
    g_hash_table_insert (
        self->encodings, key,
        GUINT_TO_POINTER (GPOINTER_TO_UINT (g_hash_table_lookup (self->encodings, key)) + 1));
}

gboolean
_sl_text_sink_go_on (SlTextSink *self, gsize done, gsize total, const char *what, GError **error)
{
  gint64 now = g_get_monotonic_time ();

  if (self->progress != NULL && now - self->told >= TELL_EVERY_US)
    {
      self->told = now;
      self->progress (done, total, what, self->user_data);
    }
  return !g_cancellable_set_error_if_cancelled (self->cancellable, error);
}
