/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the items of an import are divided. */
#include "dataset/import-private.h"

#include <string.h>

/* ---- Counts */

/* (transfer full): (classes + 1, SL_N_SPLITS) */
static gsize *
count_items (const SlContents *self, const SlSplit *sides)
{
  const SlTask *task = self->problem->task;
  const guint n_classes = self->problem->n_classes;
  gsize *counts = g_new0 (gsize, ((gsize)n_classes + 1) * SL_N_SPLITS);
  g_autofree guint *indices = g_new (guint, MAX (n_classes, 1));

  for (guint i = 0; i < self->items->len; i++)
    {
      const SlCandidate *item = self->items->pdata[i];
      guint n = item->target ? task->classes_of (self->problem, item->target, indices, n_classes)
                             : 0;

      for (guint k = 0; k < n; k++)
        counts[indices[k] * SL_N_SPLITS + sides[i]]++;
      counts[n_classes * SL_N_SPLITS + sides[i]]++;
    }
  return counts;
}

void
_sl_contents_count (SlContents *self)
{
  g_autofree SlSplit *sides = g_new (SlSplit, MAX (self->items->len, 1));

  for (guint i = 0; i < self->items->len; i++)
    sides[i] = ((const SlCandidate *)self->items->pdata[i])->split;
  g_free (self->counts);
  self->counts = count_items (self, sides);
}

/* ---- Plans */

SlSplitPlan *
_sl_split_plan_new (const SlContents *self, const SlSplitSpec *split, GError **error)
{
  g_autoptr (SlSplitPlan) plan = g_new0 (SlSplitPlan, 1);
  const guint n = self->items->len;
  g_autofree const char **targets = g_new (const char *, MAX (n, 1));
  g_autofree const char **parts = g_new (const char *, MAX (n, 1));
  g_autofree const char **rel_paths = g_new (const char *, MAX (n, 1));
  g_autofree const char **hashes = g_new (const char *, MAX (n, 1));

  for (guint i = 0; i < n; i++)
    {
      const SlCandidate *item = self->items->pdata[i];

      /* Where there are no labels at all, each text may be on any side. */
      targets[i] = self->texts != NULL && self->problem->n_classes == 0 ? "" : item->target;
      parts[i] = item->part;
      rel_paths[i] = item->rel_path;
      hashes[i] = item->info.content_hash;
    }
  plan->sides = g_new (SlSplit, MAX (n, 1));
  if (!sl_split_assign (split, n, targets, parts, rel_paths, hashes, plan->sides, error))
    return NULL;
  sl_split_spec_copy (split, &plan->spec);
  plan->counts = count_items (self, plan->sides);
  return g_steal_pointer (&plan);
}

void
_sl_split_plan_take (SlSplitPlan *self, SlContents *contents)
{
  for (guint i = 0; i < contents->items->len; i++)
    ((SlCandidate *)contents->items->pdata[i])->split = self->sides[i];
  sl_split_spec_clear (&contents->split);
  sl_split_spec_copy (&self->spec, &contents->split);
  g_free (contents->counts);
  contents->counts = g_steal_pointer (&self->counts);
}

void
_sl_split_plan_free (SlSplitPlan *self)
{
  sl_split_spec_clear (&self->spec);
  g_free (self->sides);
  g_free (self->counts);
  g_free (self);
}

static gboolean
assign_split (SlContents *self, const SlSplitSpec *split, GError **error)
{
  g_autoptr (SlSplitPlan) plan = _sl_split_plan_new (self, split, error);

  if (plan == NULL)
    return FALSE;
  _sl_split_plan_take (plan, self);
  return TRUE;
}

/* ---- What the source says */

/* (transfer none) (nullable): a list of the validation pictures that lies beside them. */
static const char *
find_list (const SlImport *import)
{
  static const char *const names[] = { "valid.txt", "val.txt", "validation.txt" };

  for (guint i = 0; i < import->scan.texts->len; i++)
    for (gsize k = 0; k < G_N_ELEMENTS (names); k++)
      {
        const SlSideFile *file = import->scan.texts->pdata[i];

        if (g_ascii_strcasecmp (file->rel_path, names[k]) == 0)
          return file->path;
      }
  return NULL;
}

/* What the source itself says, by a column, by folders, by a list; else a fifth; a handful of
 * pictures that cannot be divided is taken whole. */
static gboolean
split_by_default (SlContents *self, const SlImport *import, GError **error)
{
  const SlTableInfo *table = self->labels->understood->table;
  const char *column = table != NULL && table->split_column >= 0
                           ? table->columns[table->split_column]
                           : NULL;
  const char *folder = import->scan.has_train ? import->scan.valid_name : NULL;
  const struct
  {
    SlSplitKind kind;
    const char *name;
  } own[] = { { SL_SPLIT_BY_COLUMN, column },
              { SL_SPLIT_BY_FOLDER, folder },
              { SL_SPLIT_BY_LIST, find_list (import) } };
  SlSplitSpec spec = { .fraction = 0.2, .seed = import->seed };

  for (gsize i = 0; i < G_N_ELEMENTS (own); i++)
    {
      spec.kind = own[i].kind;
      spec.name = (char *)own[i].name;
      if (spec.name != NULL && assign_split (self, &spec, NULL))
        return TRUE;
    }
  spec.name = NULL;
  spec.kind = self->labels->task->one_class ? SL_SPLIT_BY_STRATIFIED : SL_SPLIT_BY_RANDOM;
  if (assign_split (self, &spec, NULL))
    return TRUE;
  spec.kind = SL_SPLIT_BY_NONE;
  return assign_split (self, &spec, error);
}

gboolean
_sl_split_is_default (const SlSplitSpec *split)
{
  return split == NULL || (split->kind == SL_SPLIT_BY_STRATIFIED && split->fraction == 0.0);
}

gboolean
_sl_contents_split (SlContents *self, const SlImport *import, const SlSplitSpec *split,
                    GError **error)
{
  return _sl_split_is_default (split) ? split_by_default (self, import, error)
                                      : assign_split (self, split, error);
}

gboolean
_sl_contents_split_needs_labels (const SlContents *self, const SlSplitSpec *split)
{
  return split->kind == SL_SPLIT_BY_COLUMN
         && (self->texts != NULL || self->labels->understood->table != NULL);
}
