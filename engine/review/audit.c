/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "review/audit-groups.h"
#include "tasks/names.h"

#include <string.h>

#define FEW 10         /* training pictures of a class */
#define SMALL_VALID 30 /* with which a share of a half is known to ± 0.18 (95 %) */
#define SHARE 0.2      /* that a new split would hold back */

typedef struct
{
  const SlAuditItem *items;
  gsize n;
  SlAudit *audit;
} Audit;

static const char *const finding_names[SL_N_FINDINGS] = {
  "copies", "alike",    "burst",       "labels-differ", "one-sided",
  "few",    "no-valid", "small-valid", "out-of-range",  "outside"
};

const char *
sl_finding_name (SlFindingKind kind)
{
  g_return_val_if_fail ((guint)kind < SL_N_FINDINGS, NULL);
  return finding_names[kind];
}

/* ---- Findings */

/* @places: guint32, ascending and without repeats; @others: (nullable) one for each. */
static void
add_finding (Audit *self, SlFinding finding, const GArray *places, const GArray *others)
{
  if (places != NULL)
    {
      finding.count = places->len;
      finding.ids = g_new (gint64, places->len);
      for (guint i = 0; i < places->len; i++)
        finding.ids[i] = self->items[g_array_index (places, guint32, i)].id;
    }
  if (others != NULL)
    {
      finding.others = g_new (gint64, others->len);
      for (guint i = 0; i < others->len; i++)
        finding.others[i] = self->items[g_array_index (others, guint32, i)].id;
    }
  g_array_append_val (self->audit->findings, finding);
}

/* For each place the one it goes with, G_MAXUINT32: none. */
static void
add_paired (Audit *self, SlFinding finding, const guint32 *with)
{
  g_autoptr (GArray) places = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autoptr (GArray) others = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (guint32 i = 0; i < self->n; i++)
    if (with[i] != G_MAXUINT32)
      {
        g_array_append_val (places, i);
        g_array_append_val (others, with[i]);
      }
  if (places->len > 0)
    add_finding (self, finding, places, others);
}

/* ---- What belongs together and does not stand together */

/* Validation pictures with a link of this kind into training, but for those in @told already. */
static void
find_across (Audit *self, const GArray *links, SlFindingKind kind, guint8 *told)
{
  g_autofree guint32 *with = g_new (guint32, self->n + 1);

  memset (with, 0xff, self->n * sizeof *with);
  for (guint i = 0; i < links->len; i++)
    {
      const SlAuditLink *link = &g_array_index (links, SlAuditLink, i);
      guint32 a = link->a, b = link->b;

      if (self->items[a].split == SL_SPLIT_TRAIN)
        {
          a = link->b;
          b = link->a;
        }
      if (link->kind == kind && self->items[a].split == SL_SPLIT_VALID
          && self->items[b].split == SL_SPLIT_TRAIN && !told[a] && with[a] == G_MAXUINT32)
        with[a] = b;
    }
  for (guint32 i = 0; i < self->n; i++)
    told[i] |= with[i] != G_MAXUINT32;
  add_paired (self, (SlFinding){ .kind = kind, .mend = SL_MEND_TOGETHER }, with);
}

/* Copies are linked in a chain: of three, the two on both sides of the split may have the third
 * between them. */
static void
find_copies_across (Audit *self, guint8 *told)
{
  g_autoptr (GHashTable) trained = g_hash_table_new (g_int64_hash, g_int64_equal);
  g_autofree guint32 *with = g_new (guint32, self->n + 1);

  for (guint32 i = 0; i < self->n; i++)
    if (self->items[i].twin != 0 && self->items[i].split == SL_SPLIT_TRAIN)
      g_hash_table_insert (trained, (gpointer)&self->items[i].twin, GUINT_TO_POINTER (i));
  for (guint32 i = 0; i < self->n; i++)
    {
      gpointer other;

      with[i] = G_MAXUINT32;
      if (self->items[i].twin == 0 || self->items[i].split != SL_SPLIT_VALID
          || !g_hash_table_lookup_extended (trained, &self->items[i].twin, NULL, &other))
        continue;
      with[i] = GPOINTER_TO_UINT (other);
      told[i] = TRUE;
    }
  add_paired (self, (SlFinding){ .kind = SL_FINDING_COPIES, .mend = SL_MEND_TOGETHER }, with);
}

/* Where the target is one class, pictures that show the same should have the same. */
static void
find_labels_differ (Audit *self, const GArray *links)
{
  g_autofree guint32 *with = g_new (guint32, self->n + 1);

  if (!self->audit->problem->task->one_class)
    return;
  memset (with, 0xff, self->n * sizeof *with);
  for (guint i = 0; i < links->len; i++)
    {
      const SlAuditLink *link = &g_array_index (links, SlAuditLink, i);
      const char *a = self->items[link->a].target, *b = self->items[link->b].target;

      if (link->kind == SL_FINDING_BURST || a == NULL || b == NULL || g_str_equal (a, b))
        continue;
      with[link->a] = link->b;
      with[link->b] = link->a;
    }
  add_paired (self, (SlFinding){ .kind = SL_FINDING_LABELS_DIFFER, .mend = SL_MEND_LOOK }, with);
}

/* ---- Classes */

/* (transfer full): the places of class @class_index in @split. */
static GArray **
list_classes (const Audit *self, SlSplit split)
{
  const SlProblem *problem = self->audit->problem;
  GArray **lists = g_new (GArray *, problem->n_classes + 1);
  g_autofree guint *indices = g_new (guint, problem->n_classes + 1);

  for (guint c = 0; c < problem->n_classes; c++)
    lists[c] = g_array_new (FALSE, FALSE, sizeof (guint32));
  for (guint32 i = 0; i < self->n; i++)
    {
      guint n = self->items[i].split == split && self->items[i].target != NULL
                    ? problem->task->classes_of (problem, self->items[i].target, indices,
                                                 problem->n_classes)
                    : 0;

      for (guint k = 0; k < n; k++)
        g_array_append_val (lists[indices[k]], i);
    }
  return lists;
}

static void
free_lists (GArray **lists, guint n)
{
  for (guint i = 0; i < n; i++)
    g_array_unref (lists[i]);
  g_free (lists);
}

static gboolean
is_one_sided (const GArray *train, const GArray *valid)
{
  return (train->len == 0) != (valid->len == 0);
}

static void
check_classes (Audit *self, gboolean any_valid)
{
  const SlProblem *problem = self->audit->problem;
  GArray **train, **valid;

  if (!problem->task->has_classes || problem->task->dense)
    return;
  train = list_classes (self, SL_SPLIT_TRAIN);
  valid = list_classes (self, SL_SPLIT_VALID);
  for (guint c = 0; c < problem->n_classes; c++)
    {
      SlFinding finding = { .kind = SL_FINDING_ONE_SIDED, .name = problem->classes[c] };
      gsize n = train[c]->len + valid[c]->len;

      finding.side = train[c]->len == 0 ? SL_SPLIT_TRAIN : SL_SPLIT_VALID;
      finding.mend = n > 1 ? SL_MEND_RESPLIT : SL_MEND_LOOK;
      if (any_valid && is_one_sided (train[c], valid[c]))
        add_finding (self, finding, train[c]->len == 0 ? valid[c] : train[c], NULL);
    }
  for (guint c = 0; c < problem->n_classes; c++)
    if (train[c]->len < FEW
        && !(any_valid && train[c]->len == 0 && is_one_sided (train[c], valid[c]))) /* said above */
      add_finding (self, (SlFinding){ .kind = SL_FINDING_FEW, .name = problem->classes[c] },
                   train[c], NULL);
  free_lists (train, problem->n_classes);
  free_lists (valid, problem->n_classes);
}

static void
check_validation (Audit *self, gsize n_train, gsize n_valid)
{
  gsize would_hold = (gsize)(SHARE * (double)(n_train + n_valid));
  SlMend mend = would_hold > n_valid ? SL_MEND_RESPLIT : SL_MEND_LOOK;

  if (n_valid == 0)
    add_finding (self, (SlFinding){ .kind = SL_FINDING_NO_VALID, .mend = mend }, NULL, NULL);
  else if (n_valid < SMALL_VALID)
    add_finding (self,
                 (SlFinding){ .kind = SL_FINDING_SMALL_VALID, .mend = mend, .count = n_valid },
                 NULL, NULL);
}

/* ---- Numbers and points */

/* Reads "-", "12.5" or, of a point, "3,4.5"; whether there was one. */
static gboolean
read_values (const char **at, guint n, double *values)
{
  for (guint i = 0; i < n; i++)
    if (!sl_number_read (at, i + 1 < n ? ',' : ' ', &values[i]) || (i + 1 < n && *(*at)++ != ','))
      return FALSE;
  return TRUE;
}

static gboolean
is_outside (const SlAuditItem *item, const SlProblem *problem, guint c, const double *values)
{
  if (problem->ranges != NULL)
    return values[0] < problem->ranges[c].low || values[0] > problem->ranges[c].high;
  return values[0] < 0.0 || values[1] < 0.0 || values[0] > item->width || values[1] > item->height;
}

/* Adds the place to the list of each number or point of it that is not where it may be. */
static void
check_values (Audit *self, guint32 place, GArray **lists)
{
  const SlProblem *problem = self->audit->problem;
  const SlAuditItem *item = &self->items[place];
  const char *at = item->target;

  for (guint c = 0; at != NULL && c < problem->n_classes; c++)
    {
      double values[2];

      if (*at == '-' && (at[1] == ' ' || at[1] == '\0'))
        at++;
      else if (!read_values (&at, problem->ranges != NULL ? 1 : 2, values))
        return;
      else if (is_outside (item, problem, c, values))
        g_array_append_val (lists[c], place);
      if (*at == ' ')
        at++;
    }
}

static void
find_values (Audit *self)
{
  const SlProblem *problem = self->audit->problem;
  GArray **lists;

  if (problem->task->has_classes || (problem->task->has_ranges && problem->ranges == NULL))
    return;
  lists = g_new (GArray *, problem->n_classes + 1);
  for (guint c = 0; c < problem->n_classes; c++)
    lists[c] = g_array_new (FALSE, FALSE, sizeof (guint32));
  for (guint32 i = 0; i < self->n; i++)
    check_values (self, i, lists);
  for (guint c = 0; c < problem->n_classes; c++)
    if (lists[c]->len > 0)
      add_finding (self,
                   (SlFinding){ .kind = problem->ranges != NULL ? SL_FINDING_OUT_OF_RANGE
                                                                : SL_FINDING_OUTSIDE,
                                .name = problem->classes[c] },
                   lists[c], NULL);
  free_lists (lists, problem->n_classes);
}

/* ---- All together */

static void
clear_finding (gpointer finding)
{
  g_free (((SlFinding *)finding)->ids);
  g_free (((SlFinding *)finding)->others);
}

static void
note_groups (SlAudit *self)
{
  g_autofree guint8 *shared = g_new0 (guint8, self->n + 1);

  for (gsize i = 0; i < self->n; i++)
    if (self->groups[i] != i)
      shared[i] = shared[self->groups[i]] = TRUE;
  for (gsize i = 0; i < self->n; i++)
    self->n_grouped += shared[i];
}

SlAudit *
sl_audit_run (SlProblem *problem, const SlAuditItem *items, gsize n)
{
  SlAudit *audit;
  Audit self = { .items = items, .n = n };
  g_autoptr (GArray) links = NULL;
  g_autofree guint8 *told = NULL;
  gsize counts[3] = { 0 };

  g_return_val_if_fail (problem != NULL && (items != NULL || n == 0), NULL);
  g_return_val_if_fail (n < G_MAXUINT32, NULL);

  self.audit = audit = g_new0 (SlAudit, 1);
  audit->problem = sl_problem_ref (problem);
  audit->findings = g_array_new (FALSE, FALSE, sizeof (SlFinding));
  g_array_set_clear_func (audit->findings, clear_finding);
  audit->n = n;
  audit->ids = g_new (gint64, n + 1);
  for (gsize i = 0; i < n; i++)
    {
      audit->ids[i] = items[i].id;
      counts[items[i].split]++;
    }
  links = sl_audit_links (items, n);
  audit->groups = sl_audit_groups (links, n);
  note_groups (audit);
  told = g_new0 (guint8, n + 1);
  find_copies_across (&self, told);
  find_across (&self, links, SL_FINDING_ALIKE, told);
  find_across (&self, links, SL_FINDING_BURST, told);
  find_labels_differ (&self, links);
  check_classes (&self, counts[SL_SPLIT_VALID] > 0);
  check_validation (&self, counts[SL_SPLIT_TRAIN], counts[SL_SPLIT_VALID]);
  find_values (&self);
  return audit;
}

void
sl_audit_free (SlAudit *self)
{
  if (self == NULL)
    return;
  sl_problem_unref (self->problem);
  g_array_unref (self->findings);
  g_free (self->ids);
  g_free (self->groups);
  g_free (self);
}
