/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dataset/split-private.h"

#include <slope/random.h>

#include <errno.h>
#include <math.h>
#include <string.h>

#define MAX_FRACTION 0.9
#define DEFAULT_FRACTION 0.2

/* ---- The spec as a text */

static const struct
{
  SlSplitKind kind;
  const char *name;
} kinds[] = {
  { SL_SPLIT_BY_STRATIFIED, "stratified" },
  { SL_SPLIT_BY_RANDOM, "random" },
  { SL_SPLIT_BY_FOLDER, "folder" },
  { SL_SPLIT_BY_LIST, "list" },
  { SL_SPLIT_BY_COLUMN, "column" },
  { SL_SPLIT_BY_GROUP, "group" },
  { SL_SPLIT_BY_TIME, "time" },
  { SL_SPLIT_BY_NONE, "none" },
};

/* A share and nothing else. */
static gboolean
has_only_fraction (SlSplitKind kind)
{
  return kind == SL_SPLIT_BY_STRATIFIED || kind == SL_SPLIT_BY_RANDOM || kind == SL_SPLIT_BY_TIME;
}

static gboolean
parse_fraction (const char *text, gsize length, double *fraction)
{
  g_autofree char *number = g_strndup (text, length);
  char *end;

  *fraction = g_ascii_strtod (number, &end);
  return end != number && *end == '\0' && *fraction > 0.0 && *fraction <= MAX_FRACTION;
}

/* "0.3:([a-z]+)_" or the expression alone. */
static const char *
strip_fraction (SlSplitSpec *self, const char *argument)
{
  const char *colon = strchr (argument, ':');
  double fraction;

  if (colon == NULL || !parse_fraction (argument, (gsize)(colon - argument), &fraction))
    return argument;
  self->fraction = fraction;
  return colon + 1;
}

static gboolean
parse_argument (SlSplitSpec *self, const char *argument, GError **error)
{
  if (has_only_fraction (self->kind))
    {
      if (argument == NULL || parse_fraction (argument, strlen (argument), &self->fraction))
        return TRUE;
      g_set_error (error, SL_ERROR, SL_ERROR_DATA,
                   "“%s” is no share to hold back: give a number between 0 and 0.9", argument);
      return FALSE;
    }
  if (self->kind == SL_SPLIT_BY_GROUP && argument != NULL)
    argument = strip_fraction (self, argument);
  if (self->kind == SL_SPLIT_BY_NONE ? argument == NULL : argument != NULL && *argument != '\0')
    {
      self->name = g_strdup (argument);
      return TRUE;
    }
  g_set_error (
      error, SL_ERROR, SL_ERROR_DATA,
      self->kind == SL_SPLIT_BY_NONE
          ? "The split “none” takes no argument: leave it out"
          : "The split lacks a name: write folder:NAME, list:FILE, column:NAME or group:RE");
  return FALSE;
}

gboolean
sl_split_spec_parse (SlSplitSpec *self, const char *text, guint64 seed, GError **error)
{
  const char *colon;
  gsize length;

  g_return_val_if_fail (self != NULL && text != NULL, FALSE);

  *self = (SlSplitSpec){ .fraction = DEFAULT_FRACTION, .seed = seed };
  colon = strchr (text, ':');
  length = colon ? (gsize)(colon - text) : strlen (text);
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (strlen (kinds[i].name) == length && strncmp (text, kinds[i].name, length) == 0)
      {
        self->kind = kinds[i].kind;
        return parse_argument (self, colon ? colon + 1 : NULL, error);
      }
  g_set_error (error, SL_ERROR, SL_ERROR_DATA,
               "“%s” is no way to split: write stratified:0.2, random:0.2, folder:NAME, list:FILE, "
               "column:NAME, group:RE, time:0.2 or none",
               text);
  return FALSE;
}

char *
sl_split_spec_to_string (const SlSplitSpec *self)
{
  const char *name = "none";
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (kinds[i].kind == self->kind)
      name = kinds[i].name;
  g_ascii_formatd (number, sizeof number, "%.10g", self->fraction);
  if (has_only_fraction (self->kind))
    return g_strdup_printf ("%s:%s", name, number);
  if (self->kind == SL_SPLIT_BY_GROUP)
    return g_strdup_printf ("%s:%s:%s", name, number, self->name);
  return self->name ? g_strdup_printf ("%s:%s", name, self->name) : g_strdup (name);
}

void
sl_split_spec_copy (const SlSplitSpec *self, SlSplitSpec *to)
{
  *to = *self;
  to->name = g_strdup (self->name);
}

void
sl_split_spec_clear (SlSplitSpec *self)
{
  g_clear_pointer (&self->name, g_free);
}

/* ---- Random and stratified */

typedef struct
{
  gsize n;
  SlSplit *out;
  const guint32 *next_twin; /* ring of items with equal contents */
  const guint32 *n_twins;   /* of each ring, itself among them */
  const guint32 *stratum;   /* of each item */
  gsize *taken;             /* validation items of each stratum */
} Draw;

/* Rings of items with the same hash; an item alone points to itself.  @size: of each item's ring. */
static guint32 *
link_twins (gsize n, const char *const *hashes, guint32 *size)
{
  guint32 *next = g_new (guint32, MAX (n, 1));
  g_autofree guint32 *first_of = g_new (guint32, MAX (n, 1));
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint32 i = 0; i < n; i++)
    {
      gpointer first;

      next[i] = first_of[i] = i;
      size[i] = 1;
      if (hashes == NULL || hashes[i] == NULL)
        continue;
      if (g_hash_table_lookup_extended (seen, hashes[i], NULL, &first))
        {
          first_of[i] = GPOINTER_TO_UINT (first);
          next[i] = next[first_of[i]];
          next[first_of[i]] = i;
          size[first_of[i]]++;
        }
      else
        g_hash_table_insert (seen, (gpointer)hashes[i], GUINT_TO_POINTER (i));
    }
  for (guint32 i = 0; i < n; i++)
    size[i] = size[first_of[i]];
  return next;
}

/* Moves @item and its twins to validation unless that is more than is still wanted. */
static void
take (Draw *self, guint32 item, gsize wanted)
{
  guint32 i = item;

  if (self->out[item] != SL_SPLIT_TRAIN || self->n_twins[item] > wanted)
    return;
  do
    {
      if (self->out[i] == SL_SPLIT_TRAIN)
        {
          self->out[i] = SL_SPLIT_VALID;
          self->taken[self->stratum[i]]++;
        }
      i = self->next_twin[i];
    }
  while (i != item);
}

/* Strata are numbered in the order of their names, so that the draw does not depend on which
 * picture came first. */
static guint32 *
number_strata (const SlSplitSpec *spec, gsize n, const char *const *targets, gsize *n_strata)
{
  guint32 *stratum = g_new0 (guint32, MAX (n, 1));
  g_autoptr (GHashTable) numbers = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GList) names = NULL;
  gsize count = 0;

  *n_strata = 1;
  if (spec->kind != SL_SPLIT_BY_STRATIFIED)
    return stratum;
  for (gsize i = 0; i < n; i++)
    if (targets[i] != NULL)
      g_hash_table_add (numbers, (gpointer)targets[i]);
  names = g_list_sort (g_hash_table_get_keys (numbers), (GCompareFunc)strcmp);
  for (GList *l = names; l != NULL; l = l->next)
    g_hash_table_insert (numbers, l->data, GSIZE_TO_POINTER (count++));
  for (gsize i = 0; i < n; i++)
    if (targets[i] != NULL)
      stratum[i] = GPOINTER_TO_UINT (g_hash_table_lookup (numbers, targets[i]));
  *n_strata = MAX (count, 1);
  return stratum;
}

static void
draw_fraction (const SlSplitSpec *spec, gsize n, const char *const *targets,
               const char *const *hashes, SlSplit *out)
{
  gsize n_strata;
  g_autofree guint32 *stratum = number_strata (spec, n, targets, &n_strata);
  g_autofree guint32 *n_twins = g_new (guint32, MAX (n, 1));
  g_autofree guint32 *twins = link_twins (n, hashes, n_twins);
  g_autofree guint32 *order = g_new (guint32, MAX (n, 1));
  g_autofree gsize *size = g_new0 (gsize, n_strata);
  g_autofree gsize *taken = g_new0 (gsize, n_strata);
  Draw draw = { n, out, twins, n_twins, stratum, taken };
  SlRandom random;
  gsize m = 0;

  for (guint32 i = 0; i < n; i++)
    if (out[i] == SL_SPLIT_TRAIN)
      {
        order[m++] = i;
        size[stratum[i]]++;
      }
  sl_random_init (&random, sl_random_key (spec->seed, SL_PURPOSE_SPLIT, 0, 0));
  sl_random_shuffle (&random, order, m);
  for (gsize i = 0; i < m; i++)
    {
      guint32 s = stratum[order[i]];
      gsize wanted = (gsize)floor (spec->fraction * size[s] + 0.5);

      wanted = size[s] < 2 ? 0 : CLAMP (wanted, 1, size[s] - 1);
      if (taken[s] < wanted)
        take (&draw, order[i], wanted - taken[s]);
    }
}

/* ---- By folder, list and column */

/* Whether one of the folders of @rel_path is called @name. */
static gboolean
has_folder (const char *rel_path, const char *name)
{
  gsize length = strlen (name);
  const char *at = rel_path;

  for (const char *slash = strchr (at, '/'); slash != NULL; slash = strchr (at, '/'))
    {
      if ((gsize)(slash - at) == length && strncmp (at, name, length) == 0)
        return TRUE;
      at = slash + 1;
    }
  return FALSE;
}

static gboolean
assign_by_folder (const SlSplitSpec *spec, gsize n, const char *const *targets,
                  const char *const *parts, const char *const *rel_paths, SlSplit *out,
                  GError **error)
{
  gboolean found = FALSE;

  for (gsize i = 0; i < n; i++)
    {
      gboolean inside = (parts && g_strcmp0 (parts[i], spec->name) == 0)
                        || has_folder (rel_paths[i], spec->name);

      if (inside && targets[i] != NULL)
        out[i] = SL_SPLIT_VALID;
      found |= inside;
    }
  if (!found)
    g_set_error (error, SL_ERROR, SL_ERROR_NOT_FOUND,
                 "There is no folder “%s” among the pictures: choose one that exists", spec->name);
  return found;
}

/* The set of a list's lines. */
static GHashTable *
read_list (const char *file, GError **error)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  GHashTable *set;

  if (!g_file_get_contents (file, &text, NULL, error))
    return NULL;
  set = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  lines = g_strsplit (text, "\n", -1);
  for (gsize i = 0; lines[i] != NULL; i++)
    {
      g_strstrip (lines[i]);
      if (lines[i][0] != '\0')
        g_hash_table_add (set, g_strdup (lines[i]));
    }
  return set;
}

/* Whether @rel_path, or what is left of it from any of its slashes on, is in @list, with or
 * without the suffix. */
static gboolean
is_listed (GHashTable *list, const char *rel_path)
{
  const char *slash = strrchr (rel_path, '/'), *dot = strrchr (rel_path, '.');
  g_autofree char *bare = dot != NULL && dot > (slash ? slash + 1 : rel_path)
                              ? g_strndup (rel_path, (gsize)(dot - rel_path))
                              : NULL;

  for (const char *at = rel_path; at != NULL; at = strchr (at, '/') ? strchr (at, '/') + 1 : NULL)
    if (g_hash_table_contains (list, at)
        || (bare != NULL && g_hash_table_contains (list, bare + (at - rel_path))))
      return TRUE;
  return FALSE;
}

static gboolean
assign_by_list (const SlSplitSpec *spec, gsize n, const char *const *targets,
                const char *const *rel_paths, SlSplit *out, GError **error)
{
  g_autoptr (GHashTable) list = read_list (spec->name, error);
  gboolean found = FALSE;

  if (list == NULL)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    if (targets[i] != NULL && is_listed (list, rel_paths[i]))
      {
        out[i] = SL_SPLIT_VALID;
        found = TRUE;
      }
  if (!found)
    g_set_error (error, SL_ERROR, SL_ERROR_NOT_FOUND,
                 "No picture is named in %s: it should have a file name on each line", spec->name);
  return found;
}

/* What the column says stands in @parts since the labels were read. */
static gboolean
assign_by_column (const SlSplitSpec *spec, gsize n, const char *const *targets,
                  const char *const *parts, SlSplit *out, GError **error)
{
  gboolean found = FALSE;

  for (gsize i = 0; i < n; i++)
    if (targets[i] != NULL && parts != NULL && g_strcmp0 (parts[i], "valid") == 0)
      {
        out[i] = SL_SPLIT_VALID;
        found = TRUE;
      }
  if (!found)
    g_set_error (error, SL_ERROR, SL_ERROR_NOT_FOUND,
                 "No column “%s” marks a picture for validation: choose a column of the table of "
                 "labels that has true or false, or train and valid",
                 spec->name);
  return found;
}

/* ---- All together */

static gboolean
check_sides (const SlSplitSpec *spec, gsize n, const SlSplit *out, GError **error)
{
  gsize count[3] = { 0 };
  gboolean no_train, no_valid;

  for (gsize i = 0; i < n; i++)
    count[out[i]]++;
  no_train = count[SL_SPLIT_TRAIN] == 0;
  no_valid = count[SL_SPLIT_VALID] == 0 && spec->kind != SL_SPLIT_BY_NONE;
  if (no_train || no_valid)
    {
      g_autofree char *text = sl_split_spec_to_string (spec);

      g_set_error (error, SL_ERROR, SL_ERROR_DATA,
                   "The split “%s” leaves no picture for %s: choose another share or folder", text,
                   no_train ? "training" : "validation");
      return FALSE;
    }
  return TRUE;
}

static gboolean
assign (const SlSplitSpec *spec, gsize n, const char *const *targets, const char *const *parts,
        const char *const *rel_paths, const char *const *hashes, SlSplit *out, GError **error)
{
  switch (spec->kind)
    {
    case SL_SPLIT_BY_STRATIFIED:
    case SL_SPLIT_BY_RANDOM:
      draw_fraction (spec, n, targets, hashes, out);
      return TRUE;
    case SL_SPLIT_BY_FOLDER:
      return assign_by_folder (spec, n, targets, parts, rel_paths, out, error);
    case SL_SPLIT_BY_LIST:
      return assign_by_list (spec, n, targets, rel_paths, out, error);
    case SL_SPLIT_BY_COLUMN:
      return assign_by_column (spec, n, targets, parts, out, error);
    case SL_SPLIT_BY_GROUP:
      return _sl_split_by_group (spec, n, rel_paths, out, error);
    case SL_SPLIT_BY_TIME:
      _sl_split_by_time (spec, n, rel_paths, out);
      return TRUE;
    case SL_SPLIT_BY_NONE:
    default:
      return TRUE;
    }
}

gboolean
sl_split_assign (const SlSplitSpec *spec, gsize n, const char *const *targets,
                 const char *const *parts, const char *const *rel_paths, const char *const *hashes,
                 SlSplit *out, GError **error)
{
  g_return_val_if_fail (spec != NULL && n <= G_MAXUINT32, FALSE);

  for (gsize i = 0; i < n; i++)
    out[i] = targets[i] == NULL || (parts && g_strcmp0 (parts[i], "test") == 0) ? SL_SPLIT_TEST
                                                                                : SL_SPLIT_TRAIN;
  return assign (spec, n, targets, parts, rel_paths, hashes, out, error)
         && check_sides (spec, n, out, error);
}
