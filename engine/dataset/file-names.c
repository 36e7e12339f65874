/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dataset/file-names.h"

#include <string.h>

#define SAMPLE_ROWS 2000
#define MAX_DROP 4 /* folders: "/home/somebody/data/train/1.jpg" */
#define GOOD_SHARE 0.9

struct _SlFileNames
{
  GPtrArray *files;
  GHashTable *index[2]; /* name → file + 1, or SEVERAL; the second one without letter case */
  gboolean fold;
  guint drop;
};

static const gsize SEVERAL = G_MAXSIZE;

/* (transfer full): as keys are spelled. */
static char *
normalise (const char *name, gboolean fold)
{
  g_autofree char *plain = NULL;
  char *composed;

  while (*name == '/' || *name == '\\' || (*name == '.' && (name[1] == '/' || name[1] == '\\')))
    name++;
  plain = g_strdup (name);
  g_strdelimit (plain, "\\", '/');
  if (fold)
    {
      char *folded = g_utf8_casefold (plain, -1);

      g_free (plain);
      plain = folded;
    }
  if (g_str_is_ascii (plain))
    return g_steal_pointer (&plain);
  composed = g_utf8_normalize (plain, -1, G_NORMALIZE_NFC);
  return composed != NULL ? composed : g_steal_pointer (&plain);
}

/* ---- The index */

static void
add_key (GHashTable *index, const char *key, gsize length, gsize value)
{
  char *copy = g_strndup (key, length);
  gsize old = GPOINTER_TO_SIZE (g_hash_table_lookup (index, copy));

  g_hash_table_replace (index, copy, GSIZE_TO_POINTER (old == 0 || old == value ? value : SEVERAL));
}

/* The path's ends from each slash on, with and without the suffix. */
static void
add_ends (GHashTable *index, const char *path, gsize value)
{
  const char *slash = strrchr (path, '/'), *dot = strrchr (path, '.');
  gsize length = strlen (path);
  gsize bare = dot != NULL && dot > path && (slash == NULL || dot > slash + 1) ? (gsize)(dot - path)
                                                                               : length;

  for (gsize from = 0; from < length;)
    {
      const char *next = strchr (path + from, '/');

      add_key (index, path + from, length - from, value);
      if (bare > from && bare < length)
        add_key (index, path + from, bare - from, value);
      from = next != NULL ? (gsize)(next - path) + 1 : length;
    }
}

static GHashTable *
make_index (GPtrArray *files, gboolean fold)
{
  GHashTable *index = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < files->len; i++)
    {
      const SlFound *found = files->pdata[i];

      g_ptr_array_add (paths, normalise (found->rel_path, fold));
      add_ends (index, paths->pdata[i], (gsize)i + 1);
    }
  /* A whole path means that file, even if it is the end of another one's. */
  for (guint i = 0; i < files->len; i++)
    g_hash_table_replace (index, g_strdup (paths->pdata[i]), GSIZE_TO_POINTER ((gsize)i + 1));
  return index;
}

SlFileNames *
_sl_file_names_new (GPtrArray *files)
{
  SlFileNames *self = g_new0 (SlFileNames, 1);

  self->files = g_ptr_array_ref (files);
  return self;
}

void
_sl_file_names_free (SlFileNames *self)
{
  g_clear_pointer (&self->index[0], g_hash_table_unref);
  g_clear_pointer (&self->index[1], g_hash_table_unref);
  g_ptr_array_unref (self->files);
  g_free (self);
}

/* ---- Looking up */

gint64
_sl_file_names_find (SlFileNames *self, const char *name)
{
  g_autofree char *key = NULL;
  const char *at;
  gsize value;

  if (self->index[self->fold] == NULL)
    self->index[self->fold] = make_index (self->files, self->fold);
  key = normalise (name, self->fold);
  at = key;
  for (guint i = 0; i < self->drop && at != NULL; i++)
    {
      at = strchr (at, '/');
      at = at != NULL ? at + 1 : NULL;
    }
  if (at == NULL || *at == '\0')
    return SL_FILE_NONE;
  value = GPOINTER_TO_SIZE (g_hash_table_lookup (self->index[self->fold], at));
  return value == 0 ? SL_FILE_NONE : value == SEVERAL ? SL_FILE_SEVERAL : (gint64)(value - 1);
}

/* Rows evenly spread, the first left out: it may be a header. */
static double
share (SlFileNames *self, const SlTable *table, guint column)
{
  gsize begin = table->n_rows > 1 ? 1 : 0, n = table->n_rows - begin;
  gsize sample = MIN (n, SAMPLE_ROWS);
  double possible = MIN ((double)sample, (double)self->files->len * (double)sample / (double)n);
  gsize found = 0;

  for (gsize i = 0; i < sample; i++)
    found += _sl_file_names_find (self, _sl_table_cell (table, begin + i * n / sample, column))
             >= 0;
  return MIN ((double)found / MAX (possible, 1.0), 1.0);
}

double
_sl_file_names_fit (SlFileNames *self, const SlTable *table, guint column)
{
  guint best_drop = 0;
  gboolean best_fold = FALSE;
  double best = 0.0;

  if (table->n_rows == 0 || self->files->len == 0)
    return 0.0;
  for (int fold = 0; fold < 2 && best < GOOD_SHARE; fold++)
    for (guint drop = 0; drop <= MAX_DROP && best < GOOD_SHARE; drop++)
      {
        double now;

        self->fold = fold != 0;
        self->drop = drop;
        now = share (self, table, column);
        if (now > best)
          {
            best = now;
            best_drop = drop;
            best_fold = self->fold;
          }
      }
  self->fold = best_fold;
  self->drop = best_drop;
  return best;
}
