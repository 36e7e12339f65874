/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "graph/state-dict-private.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEADER_ALIGN 8 /* the header is filled up with spaces, so that the data are aligned */
#define FILE_MODE 0644

static const char *
type_name (SlDType dtype)
{
  switch (dtype)
    {
    case SL_DTYPE_F32:
      return "F32";
    case SL_DTYPE_I32:
      return "I32";
    case SL_DTYPE_U8:
      return "U8";
    default:
      g_return_val_if_reached (NULL);
    }
}

static void
build_meta (SlStateDict *self, JsonBuilder *builder)
{
  g_autoptr (GList) keys = g_list_sort (g_hash_table_get_keys (self->meta), (GCompareFunc)strcmp);

  if (keys == NULL)
    return;
  json_builder_set_member_name (builder, SL_SAFETENSORS_META);
  json_builder_begin_object (builder);
  for (GList *l = keys; l != NULL; l = l->next)
    {
      json_builder_set_member_name (builder, l->data);
      json_builder_add_string_value (builder, g_hash_table_lookup (self->meta, l->data));
    }
  json_builder_end_object (builder);
}

static SlShape
entry_shape (const SlStateEntry *entry)
{
  return entry->tensor != NULL ? sl_tensor_get_shape (entry->tensor) : entry->source.shape;
}

static SlDType
entry_type (const SlStateEntry *entry)
{
  return entry->tensor != NULL ? sl_tensor_get_dtype (entry->tensor) : SL_DTYPE_F32;
}

static gsize
entry_bytes (const SlStateEntry *entry)
{
  return sl_shape_n_elements (entry_shape (entry)) * sl_dtype_size (entry_type (entry));
}

static void
build_entry (const SlStateEntry *entry, gsize begin, JsonBuilder *builder)
{
  SlShape shape = entry_shape (entry);

  json_builder_set_member_name (builder, entry->name);
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "dtype");
  json_builder_add_string_value (builder, type_name (entry_type (entry)));
  json_builder_set_member_name (builder, "shape");
  json_builder_begin_array (builder);
  for (guint i = 0; i < shape.rank; i++)
    json_builder_add_int_value (builder, (gint64)shape.dim[i]);
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "data_offsets");
  json_builder_begin_array (builder);
  json_builder_add_int_value (builder, (gint64)begin);
  json_builder_add_int_value (builder, (gint64)(begin + entry_bytes (entry)));
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

static GString *
build_header (SlStateDict *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *json = NULL;
  GString *text;
  gsize at = 0;

  json_builder_begin_object (builder);
  build_meta (self, builder);
  for (guint i = 0; i < self->entries->len; i++)
    {
      build_entry (sl_state_dict_nth (self, i), at, builder);
      at += entry_bytes (sl_state_dict_nth (self, i));
    }
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  json = json_to_string (root, FALSE);
  text = g_string_new (json);
  while (text->len % HEADER_ALIGN != 0)
    g_string_append_c (text, ' ');
  return text;
}

static gboolean
write_all (int fd, gconstpointer data, gsize n)
{
  const guint8 *at = data;

  while (n > 0)
    {
      gssize written = write (fd, at, n);

      if (written < 0 && errno == EINTR)
        continue;
      if (written < 0)
        return FALSE;
      at += written;
      n -= (gsize)written;
    }
  return TRUE;
}

static gboolean
write_contents (SlStateDict *self, int fd)
{
  g_autoptr (GString) header = build_header (self);
  guint64 length = GUINT64_TO_LE (header->len);
  gboolean ok;

  ok = write_all (fd, &length, sizeof length) && write_all (fd, header->str, header->len);
  for (guint i = 0; ok && i < self->entries->len; i++)
    {
      const SlStateEntry *entry = sl_state_dict_nth (self, i);
      g_autoptr (SlTensor) tensor = entry->tensor != NULL ? sl_tensor_ref (entry->tensor)
                                                          : entry->source.make (entry->source.data);

      ok = write_all (fd, sl_tensor_get_data (tensor), sl_tensor_get_bytes (tensor));
    }
  return ok && fsync (fd) == 0;
}

/* A renamed file is only sure to be found after a crash when its folder is on disk too. */
static gboolean
sync_folder (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  gboolean ok;

  if (fd < 0)
    return FALSE;
  /* Some file systems cannot: then there is nothing to be had. */
  ok = fsync (fd) == 0 || errno == EINVAL;
  close (fd);
  return ok;
}

gboolean
sl_state_dict_save (SlStateDict *self, const char *path, GError **error)
{
  g_autofree char *aside = NULL;
  gboolean ok;
  int fd, problem;

  g_return_val_if_fail (self != NULL && path != NULL, FALSE);

  aside = g_strconcat (path, ".XXXXXX", NULL);
  fd = g_mkstemp_full (aside, O_WRONLY | O_CLOEXEC, FILE_MODE);
  ok = fd >= 0 && write_contents (self, fd);
  problem = errno;
  if (fd >= 0 && close (fd) != 0 && ok)
    {
      ok = FALSE;
      problem = errno;
    }
  if (ok && (g_rename (aside, path) != 0 || !sync_folder (path)))
    {
      ok = FALSE;
      problem = errno;
    }
  if (ok)
    return TRUE;
  if (fd >= 0)
    g_unlink (aside);
  g_set_error (error, SL_ERROR, SL_ERROR_FAILED,
               "%s could not be saved (%s): make room or choose another folder", path,
               g_strerror (problem));
  return FALSE;
}
