/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dataset/scan.h"
#include "pipeline/picture-format.h"
#include "pipeline/picture-private.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#define MAX_DEPTH 100

char *
_sl_display_name (const char *name)
{
  GString *out;
  const char *end;

  if (g_utf8_validate (name, -1, NULL))
    return g_strdup (name);
  out = g_string_new (NULL);
  for (; !g_utf8_validate (name, -1, &end); name = end + 1)
    {
      g_string_append_len (out, name, end - name);
      g_string_append_printf (out, "\\x%02X", (guchar)*end);
    }
  return g_string_free (g_string_append (out, name), FALSE);
}

SlSkipped *
_sl_skipped_new (const char *rel_path, const char *reason)
{
  SlSkipped *self = g_new (SlSkipped, 1);

  self->path = _sl_display_name (rel_path);
  self->reason = g_strdup (reason);
  return self;
}

void
_sl_skipped_free (gpointer skipped)
{
  SlSkipped *self = skipped;

  g_free (self->path);
  g_free (self->reason);
  g_free (self);
}

gboolean
_sl_is_clutter (const char *base_name)
{
  return base_name[0] == '.' || g_str_equal (base_name, "__MACOSX")
         || g_ascii_strcasecmp (base_name, "Thumbs.db") == 0
         || g_ascii_strcasecmp (base_name, "desktop.ini") == 0
         || g_str_has_suffix (base_name, ".slope");
}

/* ---- The walk */

typedef struct
{
  SlFolderScan *scan;
  GHashTable *visited; /* "device:inode" of folders, against loops of links */
  GCancellable *cancellable;
  SlProgressFunc progress;
  gpointer user_data;
  gint64 told; /* monotonic time of the last progress */
} Walk;

/* One folder on the way down. */
typedef struct
{
  const char *path;
  const char *rel;   /* "" at the top */
  const char *label; /* (nullable) */
  const char *part;  /* (nullable) */
  guint depth;
} Place;

static const struct
{
  const char *name;
  const char *part;
} part_names[] = {
  { "train", "train" },      { "training", "train" }, { "valid", "valid" },  { "val", "valid" },
  { "validation", "valid" }, { "test", "test" },      { "testing", "test" },
};

static const char *
part_of_name (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (part_names); i++)
    if (g_ascii_strcasecmp (name, part_names[i].name) == 0)
      return part_names[i].part;
  return NULL;
}

static void
found_free (gpointer data)
{
  SlFound *self = data;

  g_free (self->path);
  g_free (self->rel_path);
  g_free (self->label);
  g_free (self->reason);
  g_free (self);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* Sorted names of a folder, clutter left out; %NULL with errno set. */
static GPtrArray *
list_folder (const char *path)
{
  GDir *dir = g_dir_open (path, 0, NULL);
  GPtrArray *names;
  const char *name;

  if (dir == NULL)
    return NULL;
  names = g_ptr_array_new_with_free_func (g_free);
  while ((name = g_dir_read_name (dir)) != NULL)
    if (!_sl_is_clutter (name))
      g_ptr_array_add (names, g_strdup (name));
  g_dir_close (dir);
  g_ptr_array_sort (names, compare_names);
  return names;
}

void
_sl_side_file_free (gpointer data)
{
  SlSideFile *self = data;

  g_free (self->path);
  g_free (self->rel_path);
  g_free (self->label);
  g_free (self);
}

gboolean
_sl_is_side_file (const char *name, gboolean *is_table)
{
  static const char *const suffixes[] = { ".csv", ".tsv", ".txt", ".cal" };
  gsize length = strlen (name);

  for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++)
    if (length > 4 && g_ascii_strcasecmp (name + length - 4, suffixes[i]) == 0)
      {
        *is_table = i < 2;
        return TRUE;
      }
  return FALSE;
}

gboolean
_sl_is_text_name (const char *name)
{
  gsize length = strlen (name);

  return length > 4 && g_ascii_strcasecmp (name + length - 4, ".txt") == 0;
}

static void
add_file (Walk *walk, const Place *place, const char *path, const char *rel, gint64 bytes)
{
  SlFound *found;
  gboolean is_table;

  if (_sl_is_side_file (path, &is_table))
    {
      SlSideFile *file = g_new (SlSideFile, 1);

      *file = (SlSideFile){ g_strdup (path), _sl_display_name (rel),
                            is_table,        NULL,
                            place->part,     bytes };
      file->label = place->label ? _sl_display_name (place->label) : NULL;
      g_ptr_array_add (walk->scan->texts, file);
    }
  if (!sl_picture_format_is_suffix (path) && !_sl_picture_sniff (path))
    return;
  found = g_new0 (SlFound, 1);
  found->path = g_strdup (path);
  found->rel_path = _sl_display_name (rel);
  found->label = place->label ? _sl_display_name (place->label) : NULL;
  found->part = place->part;
  found->bytes = bytes;
  g_ptr_array_add (walk->scan->files, found);
}

static void
tell (Walk *walk, const char *what)
{
  gint64 now = g_get_monotonic_time ();

  if (walk->progress == NULL || now - walk->told < G_USEC_PER_SEC / 30)
    return;
  walk->told = now;
  walk->progress (walk->scan->files->len, 0, what, walk->user_data);
}

/* Whether the folders among @names divide the pictures: "train" beside "valid" or "test".  A
 * folder called "train" beside "plane" and "ship" is a class. */
static gboolean
are_parts (Walk *walk, const char *path, GPtrArray *names)
{
  gboolean has_train = FALSE, has_other = FALSE;
  const char *valid_name = NULL;

  for (guint i = 0; i < names->len; i++)
    {
      const char *part = part_of_name (names->pdata[i]);
      g_autofree char *full = part ? g_build_filename (path, names->pdata[i], NULL) : NULL;

      if (part == NULL || !g_file_test (full, G_FILE_TEST_IS_DIR))
        continue;
      if (g_str_equal (part, "train"))
        has_train = TRUE;
      else
        has_other = TRUE;
      if (g_str_equal (part, "valid"))
        valid_name = names->pdata[i];
    }
  if (!has_train || !has_other)
    return FALSE;
  walk->scan->has_train = TRUE;
  if (valid_name != NULL && walk->scan->valid_name == NULL)
    walk->scan->valid_name = _sl_display_name (valid_name);
  return TRUE;
}

static gboolean walk_folder (Walk *walk, const Place *place);

static gboolean
walk_entry (Walk *walk, const Place *place, const char *name, gboolean parts)
{
  g_autofree char *path = g_build_filename (place->path, name, NULL);
  g_autofree char *rel = *place->rel ? g_strconcat (place->rel, "/", name, NULL) : g_strdup (name);
  const char *part = parts ? part_of_name (name) : NULL;
  GStatBuf info;

  if (g_stat (path, &info) != 0)
    {
      if (sl_picture_format_is_suffix (name))
        g_ptr_array_add (
            walk->scan->skipped,
            _sl_skipped_new (rel, errno == ENOENT ? "a link to nothing" : g_strerror (errno)));
      return TRUE;
    }
  if (S_ISDIR (info.st_mode))
    {
      Place inside = { path, rel, part ? NULL : name, part ? part : place->part, place->depth + 1 };

      return walk_folder (walk, &inside);
    }
  if (S_ISREG (info.st_mode))
    add_file (walk, place, path, rel, info.st_size);
  else if (sl_picture_format_is_suffix (name))
    g_ptr_array_add (walk->scan->skipped, _sl_skipped_new (rel, "not a file"));
  tell (walk, rel);
  return TRUE;
}

/* FALSE: cancelled. */
static gboolean
walk_folder (Walk *walk, const Place *place)
{
  g_autoptr (GPtrArray) names = NULL;
  GStatBuf info;
  char *key;
  gboolean parts;

  if (g_cancellable_is_cancelled (walk->cancellable))
    return FALSE;
  if (g_stat (place->path, &info) != 0)
    return TRUE;
  key = g_strdup_printf ("%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT, (guint64)info.st_dev,
                         (guint64)info.st_ino);
  if (!g_hash_table_add (walk->visited, key))
    return TRUE;
  names = place->depth < MAX_DEPTH ? list_folder (place->path) : NULL;
  if (names == NULL)
    {
      g_ptr_array_add (walk->scan->skipped,
                       _sl_skipped_new (place->rel, "a folder that cannot be opened"));
      return TRUE;
    }
  parts = are_parts (walk, place->path, names);
  for (guint i = 0; i < names->len; i++)
    if (!walk_entry (walk, place, names->pdata[i], parts))
      return FALSE;
  return TRUE;
}

/* (transfer full): the folder where the classes or parts begin: a single folder that wraps all
 * the others is stepped into. */
static char *
unwrap (const char *root)
{
  char *path = g_strdup (root);

  for (guint depth = 0; depth < MAX_DEPTH; depth++)
    {
      g_autoptr (GPtrArray) names = list_folder (path);
      g_autoptr (GPtrArray) inner = NULL;
      g_autofree char *only = NULL;
      gboolean has_folder = FALSE;

      if (names == NULL || names->len != 1)
        break;
      only = g_build_filename (path, names->pdata[0], NULL);
      inner = g_file_test (only, G_FILE_TEST_IS_DIR) ? list_folder (only) : NULL;
      for (guint i = 0; inner != NULL && i < inner->len && !has_folder; i++)
        {
          g_autofree char *entry = g_build_filename (only, inner->pdata[i], NULL);

          has_folder = g_file_test (entry, G_FILE_TEST_IS_DIR);
        }
      if (!has_folder)
        break;
      g_free (path);
      path = g_steal_pointer (&only);
    }
  return path;
}

static void
scan_init (SlFolderScan *scan, const char *root)
{
  *scan = (SlFolderScan){ .root = g_strdup (root),
                          .files = g_ptr_array_new_with_free_func (found_free),
                          .texts = g_ptr_array_new_with_free_func (_sl_side_file_free),
                          .skipped = g_ptr_array_new_with_free_func (_sl_skipped_free) };
}

void
_sl_scan_text (const char *path, SlFolderScan *scan)
{
  g_autofree char *root = g_path_get_dirname (path);
  g_autofree char *base = g_path_get_basename (path);
  SlSideFile *file = g_new0 (SlSideFile, 1);
  GStatBuf info;

  scan_init (scan, root);
  *file = (SlSideFile){ .path = g_strdup (path),
                        .rel_path = _sl_display_name (base),
                        .bytes = g_stat (path, &info) == 0 ? info.st_size : 0 };
  g_ptr_array_add (scan->texts, file);
}

gboolean
_sl_scan_folder (const char *root, SlFolderScan *scan, GCancellable *cancellable,
                 SlProgressFunc progress, gpointer user_data, GError **error)
{
  g_autofree char *top = unwrap (root);
  g_autoptr (GHashTable) visited = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Walk walk = { scan, visited, cancellable, progress, user_data, 0 };
  Place place = { top, "", NULL, NULL, 0 };
  GDir *dir = g_dir_open (root, 0, error);

  scan_init (scan, top);
  if (dir == NULL)
    return FALSE;
  g_dir_close (dir);
  if (walk_folder (&walk, &place))
    return TRUE;
  g_cancellable_set_error_if_cancelled (cancellable, error);
  return FALSE;
}

void
_sl_folder_scan_clear (SlFolderScan *scan)
{
  g_clear_pointer (&scan->root, g_free);
  g_clear_pointer (&scan->files, g_ptr_array_unref);
  g_clear_pointer (&scan->texts, g_ptr_array_unref);
  g_clear_pointer (&scan->skipped, g_ptr_array_unref);
  g_clear_pointer (&scan->valid_name, g_free);
}
