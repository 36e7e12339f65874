/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/state-dict-private.h"
#include "graph/torch-private.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

#define MAX_PICKLE_BYTES (64u << 20)

static const guint8 zip_magic[] = { 'P', 'K', 3, 4 };
/* The pickle of 0x1950a86a20f9469cfc6c, behind its protocol. */
static const guint8 magic_number[] = { 0x8a, 10,   0x6c, 0xfc, 0x9c, 0x46, 0xf9,
                                       0x20, 0x6a, 0xa8, 0x50, 0x19, '.' };
#define PROTO 0x80
#define FRAME 0x95
#define FRAME_BYTES 9
#define FORMAT_VERSION 1001

static gboolean
has_prefix (const guint8 *data, gsize n_bytes, const guint8 *prefix, gsize n)
{
  return n_bytes >= n && memcmp (data, prefix, n) == 0;
}

static gboolean
is_zip (const guint8 *data, gsize n_bytes)
{
  return has_prefix (data, n_bytes, zip_magic, sizeof zip_magic);
}

/* A safetensors file has '{' in byte 8; a zip there its method, a pickle never this byte. */
gboolean
_sl_torch_sniff (const guint8 *data, gsize n_bytes)
{
  if (n_bytes > 8 && data[8] == '{')
    return FALSE;
  return is_zip (data, n_bytes) || (n_bytes > 0 && data[0] == PROTO);
}

/* ---- Storages that the pickle names */

static void
free_storage (gpointer data)
{
  SlTorchStorage *storage = data;

  g_ptr_array_unref (storage->tensors);
  g_free (storage);
}

/* @id: ("storage", type, key, device, elements[, view]). */
static gboolean
add_storage (SlTorchFile *self, const SlPickleValue *id, GError **error)
{
  SlPickleValue **part = _sl_pickle_tuple (id, 5);
  const SlTorchStorage *known;
  SlTorchStorage *storage;

  if (part == NULL || part[0]->kind != SL_PICKLE_TEXT || !g_str_equal (part[0]->text, "storage")
      || part[1]->kind != SL_PICKLE_GLOBAL || part[1]->global->data == NULL
      || part[2]->kind != SL_PICKLE_TEXT || part[4]->kind != SL_PICKLE_INT || part[4]->integer < 0)
    return _sl_pickle_fail (self->file, error, "it refers to something that is no storage");
  if (id->items->len > 5 && part[5]->kind != SL_PICKLE_NONE)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_UNSUPPORTED,
                   "“%s” holds parts of storages, as PyTorch before 0.4 wrote them: load and save "
                   "it again with a newer one",
                   self->file);
      return FALSE;
    }
  known = g_hash_table_lookup (self->storages, part[2]->text);
  if (known != NULL)
    return (known->type == part[1]->global->data && known->n == (guint64)part[4]->integer)
           || _sl_pickle_fail (self->file, error, "storage %s has two sizes", known->key);
  storage = g_new0 (SlTorchStorage, 1);
  storage->key = part[2]->text;
  storage->type = part[1]->global->data;
  storage->n = (gsize)part[4]->integer;
  storage->tensors = g_ptr_array_new ();
  g_hash_table_insert (self->storages, (gpointer)storage->key, storage);
  return TRUE;
}

/* Together they cannot be larger than the file that holds them. */
static gboolean
list_storages (SlTorchFile *self, GError **error)
{
  gsize left = g_bytes_get_size (self->bytes);
  GHashTableIter iter;
  gpointer value;

  for (guint i = 0; i < self->pickle->values->len; i++)
    {
      const SlPickleValue *outside = self->pickle->values->pdata[i];

      if (outside->kind == SL_PICKLE_OUTSIDE && !add_storage (self, outside->of, error))
        return FALSE;
    }
  g_hash_table_iter_init (&iter, self->storages);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const SlTorchStorage *storage = value;

      if (storage->n > left / storage->type->size)
        return _sl_pickle_fail (self->file, error, "storage %s is larger than the file",
                                storage->key);
      left -= storage->n * storage->type->size;
    }
  return TRUE;
}

/* ---- Zip */

/* (transfer full) (nullable): the archive, opened. */
static struct archive *
open_zip (const SlTorchFile *self, GError **error)
{
  struct archive *archive = archive_read_new ();
  gsize size;
  const void *data = g_bytes_get_data (self->bytes, &size);

  archive_read_support_format_zip (archive);
  if (archive_read_open_memory (archive, data, size) == ARCHIVE_OK)
    return archive;
  _sl_pickle_fail (self->file, error, "%s", archive_error_string (archive));
  archive_read_free (archive);
  return NULL;
}

/* The next entry's name without its first folder: *@name %NULL at the end. */
static gboolean
next_entry (const SlTorchFile *self, struct archive *archive, struct archive_entry **entry,
            const char **name, GError **error)
{
  const char *path;
  int result = archive_read_next_header (archive, entry);

  *name = NULL;
  if (result == ARCHIVE_EOF)
    return TRUE;
  if (result < ARCHIVE_WARN)
    return _sl_pickle_fail (self->file, error, "%s", archive_error_string (archive));
  path = archive_entry_pathname (*entry);
  *name = path != NULL ? strchr (path, '/') : NULL;
  *name = *name != NULL ? *name + 1 : "";
  return TRUE;
}

/* (transfer full) (nullable): the entry's bytes, which must be @expected in number. */
static guint8 *
read_entry (const SlTorchFile *self, struct archive *archive, const char *name, gsize expected,
            GError **error)
{
  g_autofree guint8 *data = g_try_malloc (MAX (expected, 1));
  guint8 more;

  if (data == NULL)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_MEMORY,
                   "There is no memory for %s of “%s”: close other programs", name, self->file);
      return NULL;
    }
  /* The read that finds the end also compares the checksum. */
  if (archive_read_data (archive, data, expected) == (la_ssize_t)expected
      && archive_read_data (archive, &more, 1) == 0)
    return g_steal_pointer (&data);
  _sl_pickle_fail (self->file, error, "%s has another size or checksum", name);
  return NULL;
}

static gboolean
check_byte_order (const SlTorchFile *self, gboolean little, GError **error)
{
  if (!little)
    g_set_error (error, SL_ERROR, SL_ERROR_UNSUPPORTED,
                 "“%s” was written on a machine with another byte order: save it again on a "
                 "little-endian one",
                 self->file);
  return little;
}

/* Of an entry that must be read before the storages. */
static gboolean
read_head_entry (SlTorchFile *self, struct archive *archive, struct archive_entry *entry,
                 const char *name, SlPickleFind find, GError **error)
{
  gsize limit = MIN (g_bytes_get_size (self->bytes), MAX_PICKLE_BYTES), at = 0;
  gint64 size = archive_entry_size_is_set (entry) ? archive_entry_size (entry) : -1;
  g_autofree guint8 *data = NULL;

  if (!g_str_equal (name, "byteorder") && !g_str_equal (name, "data.pkl"))
    return TRUE;
  if (size < 0 || (guint64)size > limit)
    return _sl_pickle_fail (self->file, error, "%s is too large", name);
  data = read_entry (self, archive, name, (gsize)size, error);
  if (data == NULL)
    return FALSE;
  if (g_str_equal (name, "byteorder"))
    return check_byte_order (self, size == 6 && memcmp (data, "little", 6) == 0, error);
  if (self->pickle != NULL)
    return _sl_pickle_fail (self->file, error, "data.pkl is there twice");
  self->pickle = _sl_pickle_read (data, (gsize)size, &at, find, self->file, error);
  return self->pickle != NULL;
}

static gboolean
open_zipped (SlTorchFile *self, SlPickleFind find, GError **error)
{
  struct archive *archive = open_zip (self, error);
  struct archive_entry *entry;
  const char *name = NULL;
  gboolean ok = archive != NULL;

  while (ok && (ok = next_entry (self, archive, &entry, &name, error)) && name != NULL)
    ok = read_head_entry (self, archive, entry, name, find, error);
  if (ok && self->pickle == NULL)
    ok = _sl_pickle_fail (self->file, error, "it holds no data.pkl");
  if (archive != NULL)
    archive_read_free (archive);
  return ok;
}

static gboolean
read_zipped (SlTorchFile *self, struct archive *archive, const char *name, SlTorchStorageFunc func,
             gpointer user_data, GError **error)
{
  g_autofree guint8 *data = NULL;
  SlTorchStorage *storage;

  if (!g_str_has_prefix (name, "data/"))
    return TRUE;
  storage = g_hash_table_lookup (self->storages, name + strlen ("data/"));
  if (storage == NULL || storage->tensors->len == 0)
    return TRUE;
  if (storage->seen)
    return _sl_pickle_fail (self->file, error, "%s is there twice", name);
  storage->seen = TRUE;
  data = read_entry (self, archive, name, storage->n * storage->type->size, error);
  return data != NULL && func (storage, data, user_data, error);
}

static gboolean
each_zipped (SlTorchFile *self, SlTorchStorageFunc func, gpointer user_data, GError **error)
{
  struct archive *archive = open_zip (self, error);
  struct archive_entry *entry;
  const char *name = NULL;
  gboolean ok = archive != NULL;

  while (ok && (ok = next_entry (self, archive, &entry, &name, error)) && name != NULL)
    ok = read_zipped (self, archive, name, func, user_data, error);
  if (archive != NULL)
    archive_read_free (archive);
  return ok;
}

/* ---- The older format */

static SlPickle *
next_pickle (SlTorchFile *self, gsize *at, SlPickleFind find, GError **error)
{
  gsize n_bytes;
  const guint8 *data = g_bytes_get_data (self->bytes, &n_bytes);

  return _sl_pickle_read (data, n_bytes, at, find, self->file, error);
}

static gboolean
skip_magic (SlTorchFile *self, gsize *at, GError **error)
{
  gsize n_bytes;
  const guint8 *data = g_bytes_get_data (self->bytes, &n_bytes);

  *at = 2; /* PROTO and its number */
  if (n_bytes > 2 + FRAME_BYTES && data[2] == FRAME)
    *at += FRAME_BYTES;
  if (n_bytes < *at || !has_prefix (data + *at, n_bytes - *at, magic_number, sizeof magic_number))
    return _sl_pickle_fail (self->file, error, "a pickle, not written by torch.save()");
  *at += sizeof magic_number;
  return TRUE;
}

static gboolean
open_older (SlTorchFile *self, SlPickleFind find, GError **error)
{
  g_autoptr (SlPickle) version = NULL;
  g_autoptr (SlPickle) machine = NULL;
  const SlPickleValue *little;
  gsize at;

  if (!skip_magic (self, &at, error) || (version = next_pickle (self, &at, find, error)) == NULL)
    return FALSE;
  if (version->root->kind != SL_PICKLE_INT || version->root->integer != FORMAT_VERSION)
    return _sl_pickle_fail (self->file, error, "a version of the format that is not known");
  machine = next_pickle (self, &at, find, error);
  if (machine == NULL)
    return FALSE;
  little = _sl_pickle_lookup (machine->root, "little_endian");
  if (!check_byte_order (self, little == NULL || little->integer != 0, error))
    return FALSE;
  self->pickle = next_pickle (self, &at, find, error);
  self->after = at;
  return self->pickle != NULL;
}

/* The storage with @key, whose bytes begin at *@at behind their number. */
static gboolean
read_older (SlTorchFile *self, const SlPickleValue *key, gsize *at, SlTorchStorageFunc func,
            gpointer user_data, GError **error)
{
  gsize n_bytes, bytes;
  const guint8 *data = g_bytes_get_data (self->bytes, &n_bytes);
  SlTorchStorage *storage = key->kind == SL_PICKLE_TEXT
                                ? g_hash_table_lookup (self->storages, key->text)
                                : NULL;
  guint64 n;

  if (storage == NULL)
    return _sl_pickle_fail (self->file, error, "a storage belongs to nothing");
  if (storage->seen)
    return _sl_pickle_fail (self->file, error, "storage %s is there twice", storage->key);
  storage->seen = TRUE;
  if (n_bytes - *at < sizeof n)
    return _sl_pickle_fail (self->file, error, "storage %s is missing", storage->key);
  memcpy (&n, data + *at, sizeof n);
  *at += sizeof n;
  bytes = storage->n * storage->type->size;
  if (n != storage->n || bytes > n_bytes - *at)
    return _sl_pickle_fail (self->file, error, "storage %s has another size", storage->key);
  *at += bytes;
  return storage->tensors->len == 0 || func (storage, data + *at - bytes, user_data, error);
}

static const SlPickleGlobal *
find_nothing (const char *module, const char *name)
{
  return NULL;
}

static gboolean
each_older (SlTorchFile *self, SlTorchStorageFunc func, gpointer user_data, GError **error)
{
  gsize at = self->after;
  g_autoptr (SlPickle) keys = next_pickle (self, &at, find_nothing, error);

  if (keys == NULL)
    return FALSE;
  if (keys->root->kind != SL_PICKLE_LIST)
    return _sl_pickle_fail (self->file, error, "it has no list of storages");
  for (guint i = 0; i < keys->root->items->len; i++)
    if (!read_older (self, keys->root->items->pdata[i], &at, func, user_data, error))
      return FALSE;
  return TRUE;
}

/* ---- Either */

static gboolean
is_zipped (const SlTorchFile *self)
{
  gsize n_bytes;
  const guint8 *data = g_bytes_get_data (self->bytes, &n_bytes);

  return is_zip (data, n_bytes);
}

gboolean
_sl_torch_open (SlTorchFile *self, SlPickleFind find, GError **error)
{
  self->storages = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, free_storage);
  return (is_zipped (self) ? open_zipped (self, find, error) : open_older (self, find, error))
         && list_storages (self, error);
}

gboolean
_sl_torch_each_storage (SlTorchFile *self, SlTorchStorageFunc func, gpointer user_data,
                        GError **error)
{
  GHashTableIter iter;
  gpointer value;

  if (!(is_zipped (self) ? each_zipped (self, func, user_data, error)
                         : each_older (self, func, user_data, error)))
    return FALSE;
  g_hash_table_iter_init (&iter, self->storages);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const SlTorchStorage *storage = value;

      if (storage->tensors->len > 0 && !storage->seen)
        return _sl_pickle_fail (self->file, error, "storage %s is missing", storage->key);
    }
  return TRUE;
}

void
_sl_torch_clear (SlTorchFile *self)
{
  g_clear_pointer (&self->storages, g_hash_table_unref);
  g_clear_pointer (&self->pickle, _sl_pickle_free);
}
