/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists of addresses in files: texts, tables, folders of both. */
#include "dataset/address-list.h"
#include "dataset/scan.h"
#include "dataset/table.h"
#include "pipeline/picture-format.h"

#include <glib/gstdio.h>
#include <string.h>

#define HEAD_BYTES 4096
#define SAMPLE_ROWS 1000

/* ---- Names */

/* Words that say only that the file is a list. */
static gboolean
is_list_word (const char *word)
{
  static const char *const words[] = { "url",   "urls", "address", "addresses", "link",
                                       "links", "list", "images",  "pictures",  "photos" };

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_ascii_strcasecmp (word, words[i]) == 0)
      return TRUE;
  return FALSE;
}

char *
sl_address_list_label_of (const char *path)
{
  g_autofree char *base = NULL;
  g_autofree char *name = NULL;
  const char *dot, *first, *last;

  g_return_val_if_fail (path != NULL, NULL);

  base = g_path_get_basename (path);
  name = _sl_display_name (base);
  dot = strrchr (name, '.');
  if (dot != NULL && dot > name)
    name[dot - name] = '\0';
  first = strpbrk (name, "_- ");
  last = strpbrk (name, "_- ");
  for (const char *at = last; at != NULL; at = strpbrk (at + 1, "_- "))
    last = at;
  if (first != NULL && first[1] != '\0')
    {
      g_autofree char *head = g_strndup (name, (gsize)(first - name));

      if (is_list_word (head))
        return g_strdup (first + 1);
      if (last > name && is_list_word (last + 1))
        return g_strndup (name, (gsize)(last - name));
    }
  return g_steal_pointer (&name);
}

/* ---- What a file is */

/* (transfer full): the beginning, without what stands between the letters of UTF-16. */
static char *
read_head (const char *path)
{
  char *head = g_malloc (HEAD_BYTES + 1);
  FILE *file = g_fopen (path, "rb");
  gsize size = file != NULL ? fread (head, 1, HEAD_BYTES, file) : 0, n = 0;

  if (file != NULL)
    fclose (file);
  for (gsize i = 0; i < size; i++)
    if (head[i] != '\0')
      head[n++] = head[i];
  head[n] = '\0';
  return head;
}

/* Looks at the first lines: more with an address than without.  @begins: at their beginning */
static gboolean
is_list_file (const char *path, gboolean begins)
{
  g_autofree char *head = read_head (path);
  g_auto (GStrv) lines = g_strsplit_set (head, "\r\n", -1);
  guint n = 0, n_web = 0;

  for (guint i = 0; lines[i] != NULL; i++)
    {
      const char *line = g_strstrip (lines[i]);

      if (g_str_has_prefix (line, "\xEF\xBB\xBF"))
        line += strlen ("\xEF\xBB\xBF");
      if (line[0] == '\0' || line[0] == '#')
        continue;
      n++;
      n_web += _sl_address_is_web (line + (line[0] == '"'))
               || (!begins && (strstr (line, "http://") || strstr (line, "https://")));
    }
  return n_web > 0 && 2 * n_web >= n;
}

static gboolean
is_folder_of_lists (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;
  guint n = 0;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);
      gboolean is_table;

      if (_sl_is_clutter (name))
        continue;
      if (g_file_test (file, G_FILE_TEST_IS_DIR) || sl_picture_format_is_suffix (name))
        return FALSE;
      n += _sl_is_side_file (name, &is_table) && is_list_file (file, FALSE);
    }
  return n > 0;
}

/* A table of labels may say for each picture beside it where on the web it is from: where an address
 * does not even stand first, pictures or folders beside it make it such a table. */
gboolean
sl_address_list_is (const char *path)
{
  g_autofree char *folder = NULL;
  gboolean is_table;

  g_return_val_if_fail (path != NULL, FALSE);

  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    return is_folder_of_lists (path);
  if (!g_file_test (path, G_FILE_TEST_IS_REGULAR) || !_sl_is_side_file (path, &is_table))
    return FALSE;
  folder = g_path_get_dirname (path);
  return is_list_file (path, TRUE)
         || (is_table && is_list_file (path, FALSE) && is_folder_of_lists (folder));
}

/* ---- Tables */

/* How many of the first rows have an address in @column. */
static gsize
count_web (const SlTable *table, guint column)
{
  gsize n = 0;

  for (gsize row = 0; row < MIN (table->n_rows, SAMPLE_ROWS); row++)
    n += _sl_address_is_web (_sl_table_cell (table, row, column));
  return n;
}

static guint
find_addresses (const SlTable *table)
{
  guint best = 0;

  for (guint column = 1; column < table->n_columns; column++)
    if (count_web (table, column) > count_web (table, best))
      best = column;
  return best;
}

/* The column of classes: by its name, else the one beside the addresses.  -1: none. */
static int
find_labels (const SlTable *table, guint addresses)
{
  static const char *const names[] = { "label",    "labels", "class", "classes",
                                       "category", "tag",    "tags" };

  for (guint column = 0; column < table->n_columns; column++)
    for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
      if (column != addresses
          && g_ascii_strcasecmp (_sl_table_cell (table, 0, column), names[i]) == 0)
        return (int)column;
  if (table->n_columns < 2)
    return -1;
  return addresses == 0 ? 1 : (int)addresses - 1;
}

/* Whether the separator divides most rows: where it divides few it belongs to the addresses. */
static gboolean
is_divided (const SlTable *table)
{
  gsize sample = MIN (table->n_rows, SAMPLE_ROWS), n = 0;

  for (gsize row = 0; row < sample; row++)
    n += _sl_table_cell (table, row, 1)[0] != '\0';
  return 2 * n > sample;
}

static gboolean
add_table (SlAddressList *self, const SlTable *table, const char *label, GError **error)
{
  guint addresses = find_addresses (table);
  int labels = find_labels (table, addresses);
  gsize row = _sl_address_is_web (_sl_table_cell (table, 0, addresses)) ? 0 : 1;

  for (; row < table->n_rows; row++)
    {
      const char *own = labels >= 0 ? _sl_table_cell (table, row, (guint)labels) : NULL;
      g_autofree char *address = g_strstrip (g_strdup (_sl_table_cell (table, row, addresses)));

      if (address[0] == '#' || (address[0] == '\0' && (own == NULL || own[0] == '\0')))
        continue;
      if (!_sl_address_list_add (self, address, own, label, table->shown,
                                 _sl_table_line (table, row), error))
        return FALSE;
    }
  return TRUE;
}

/* ---- Files */

static gboolean
add_file (SlAddressList *self, const char *path, GError **error)
{
  g_autofree char *label = sl_address_list_label_of (path);
  g_autofree char *shown = g_filename_display_basename (path);
  g_autofree char *text = NULL;
  g_autoptr (SlTable) table = NULL;
  SlTextEncoding encoding;
  gboolean is_table;
  gsize length;

  if (_sl_is_side_file (path, &is_table) && is_table)
    table = _sl_table_read (path, NULL);
  if (table != NULL && is_divided (table))
    return add_table (self, table, label, error);
  text = _sl_text_read (path, &length, &encoding, error);
  return text != NULL && sl_address_list_add_text (self, text, label, shown, error);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

static gboolean
add_folder (SlAddressList *self, const char *path, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = g_dir_open (path, 0, error);
  const char *name;
  gboolean ok = dir != NULL;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);
      gboolean is_table;

      if (!_sl_is_clutter (name) && g_file_test (file, G_FILE_TEST_IS_REGULAR)
          && _sl_is_side_file (name, &is_table) && is_list_file (file, FALSE))
        g_ptr_array_add (names, g_steal_pointer (&file));
    }
  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; ok && i < names->len; i++)
    ok = add_file (self, names->pdata[i], error);
  return ok;
}

SlAddressList *
sl_address_list_load (const char *path, GError **error)
{
  g_autoptr (SlAddressList) self = sl_address_list_new ();
  g_autofree char *shown = NULL;
  gboolean ok;

  g_return_val_if_fail (path != NULL, NULL);

  ok = g_file_test (path, G_FILE_TEST_IS_DIR) ? add_folder (self, path, error)
                                              : add_file (self, path, error);
  if (!ok)
    return NULL;
  if (g_hash_table_size (self->places) > 0)
    return g_steal_pointer (&self);
  shown = g_filename_display_basename (path);
  g_set_error (error, SL_ERROR, SL_ERROR_DATA,
               "There is no address of the web in %s: write one in each line, such as "
               "https://example.org/bear.jpg",
               shown);
  return NULL;
}
