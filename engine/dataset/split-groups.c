/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dataset/split-private.h"
#include "dataset/path-regex.h"

#include <slope/random.h>

#include <math.h>
#include <string.h>

/* ---- Groups */

typedef struct
{
  char *key;
  gsize size; /* training items */
  gboolean valid;
} Group;

static void
group_free (gpointer data)
{
  Group *self = data;

  g_free (self->key);
  g_free (self);
}

static int
compare_groups (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(const Group *const *)a)->key, (*(const Group *const *)b)->key);
}

/* Groups in the order of their keys, so that the draw does not depend on which picture came first;
 * @of: the group of each item. */
static GPtrArray *
find_groups (const GRegex *regex, gsize n, const char *const *rel_paths, const SlSplit *out,
             Group **of, gsize *n_matched, GError **error)
{
  g_autoptr (GPtrArray) groups = g_ptr_array_new_with_free_func (group_free);
  g_autoptr (GHashTable) by_key = g_hash_table_new (g_str_hash, g_str_equal);

  *n_matched = 0;
  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GError) local = NULL;
      g_autofree char *key = NULL;

      if (out[i] != SL_SPLIT_TRAIN)
        continue;
      key = _sl_path_regex_match (regex, rel_paths[i], NULL, &local);
      if (local != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return NULL;
        }
      *n_matched += key != NULL;
      if (key == NULL)
        key = g_strconcat ("/", rel_paths[i], NULL); /* no match begins so: paths are relative */
      of[i] = g_hash_table_lookup (by_key, key);
      if (of[i] == NULL)
        {
          of[i] = g_new0 (Group, 1);
          of[i]->key = g_steal_pointer (&key);
          g_hash_table_insert (by_key, of[i]->key, of[i]);
          g_ptr_array_add (groups, of[i]);
        }
      of[i]->size++;
    }
  g_ptr_array_sort (groups, compare_groups);
  return g_steal_pointer (&groups);
}

/* A group is taken if that comes nearer to @wanted; one is left, and one taken. */
static void
draw_groups (GPtrArray *groups, guint64 seed, double wanted)
{
  g_autofree guint32 *order = g_new (guint32, groups->len);
  SlRandom random;
  gsize taken = 0;
  guint n_taken = 0;

  for (guint32 i = 0; i < groups->len; i++)
    order[i] = i;
  sl_random_init (&random, sl_random_key (seed, SL_PURPOSE_SPLIT, 0, 0));
  sl_random_shuffle (&random, order, groups->len);
  for (guint i = 0; i < groups->len && n_taken + 1 < groups->len; i++)
    {
      Group *group = groups->pdata[order[i]];

      if (fabs ((double)(taken + group->size) - wanted) < fabs ((double)taken - wanted))
        {
          group->valid = TRUE;
          taken += group->size;
          n_taken++;
        }
    }
  if (n_taken == 0)
    {
      Group *least = groups->pdata[order[0]];

      for (guint i = 1; i < groups->len; i++)
        if (((Group *)groups->pdata[order[i]])->size < least->size)
          least = groups->pdata[order[i]];
      least->valid = TRUE;
    }
}

gboolean
_sl_split_by_group (const SlSplitSpec *spec, gsize n, const char *const *rel_paths, SlSplit *out,
                    GError **error)
{
  g_autoptr (GRegex) regex = _sl_path_regex_new (spec->name, error);
  g_autofree Group **of = g_new0 (Group *, MAX (n, 1));
  g_autoptr (GPtrArray) groups = NULL;
  gsize n_matched, n_train = 0;

  if (regex == NULL)
    return FALSE;
  groups = find_groups (regex, n, rel_paths, out, of, &n_matched, error);
  if (groups == NULL)
    return FALSE;
  if (n_matched == 0 || groups->len < 2)
    {
      g_set_error (error, SL_ERROR, n_matched == 0 ? SL_ERROR_NOT_FOUND : SL_ERROR_DATA,
                   "The expression “%s” %s: change it so that it finds what pictures of one group "
                   "have in common in their paths",
                   spec->name,
                   n_matched == 0 ? "matches no picture" : "puts all pictures into one group");
      return FALSE;
    }
  for (gsize i = 0; i < n; i++)
    n_train += of[i] != NULL;
  draw_groups (groups, spec->seed, spec->fraction * (double)n_train);
  for (gsize i = 0; i < n; i++)
    if (of[i] != NULL && of[i]->valid)
      out[i] = SL_SPLIT_VALID;
  return TRUE;
}

/* ---- Time */

typedef struct
{
  const char *path;
  gsize folder; /* length */
  gsize item;
} Moment;

static const char *
skip_zeros (const char *text)
{
  while (*text == '0')
    text++;
  return text;
}

/* Runs of digits by value: the longer one without zeros in front is larger. */
static int
compare_natural (const char *a, const char *b)
{
  while (*a != '\0' && *b != '\0')
    {
      if (g_ascii_isdigit (*a) && g_ascii_isdigit (*b))
        {
          gsize n, m;
          int order;

          a = skip_zeros (a);
          b = skip_zeros (b);
          n = strspn (a, "0123456789");
          m = strspn (b, "0123456789");
          order = n != m ? (n < m ? -1 : 1) : strncmp (a, b, n);
          if (order != 0)
            return order;
          a += n;
          b += m;
        }
      else if (*a != *b)
        return (guchar)*a < (guchar)*b ? -1 : 1;
      else
        {
          a++;
          b++;
        }
    }
  return (*a != '\0') - (*b != '\0');
}

static int
compare_moments (gconstpointer first, gconstpointer second)
{
  const Moment *a = first, *b = second;
  int order = strncmp (a->path, b->path, MIN (a->folder, b->folder));

  if (order == 0 && a->folder != b->folder)
    order = a->folder < b->folder ? -1 : 1;
  if (order == 0)
    order = compare_natural (a->path + a->folder, b->path + b->folder);
  return order != 0 ? order : strcmp (a->path, b->path);
}

static gboolean
same_folder (const Moment *a, const Moment *b)
{
  return a->folder == b->folder && strncmp (a->path, b->path, a->folder) == 0;
}

void
_sl_split_by_time (const SlSplitSpec *spec, gsize n, const char *const *rel_paths, SlSplit *out)
{
  g_autofree Moment *moments = g_new (Moment, MAX (n, 1));
  gsize m = 0, end;

  for (gsize i = 0; i < n; i++)
    if (out[i] == SL_SPLIT_TRAIN)
      {
        const char *slash = strrchr (rel_paths[i], '/');

        moments[m++] = (Moment){ rel_paths[i], slash ? (gsize)(slash - rel_paths[i]) : 0, i };
      }
  qsort (moments, m, sizeof *moments, compare_moments);
  for (gsize begin = 0; begin < m; begin = end)
    {
      gsize size, n_valid;

      for (end = begin + 1; end < m && same_folder (&moments[begin], &moments[end]);)
        end++;
      size = end - begin;
      n_valid = (gsize)floor (spec->fraction * (double)size + 0.5);
      n_valid = size < 2 ? 0 : CLAMP (n_valid, 1, size - 1);
      for (gsize i = end - n_valid; i < end; i++)
        out[moments[i].item] = SL_SPLIT_VALID;
    }
}
