/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-data-findings.h"

#include "slope-data-audit.h"
#include "slope-pair.h"
#include "slope-problem-row.h"
#include "slope-window.h"

#include <glib/gi18n.h>
#include <math.h>

struct _SlopeDataFindings
{
  GObject parent_instance;
  GtkListBox *list;
  SlProject *project;             /* owned, nullable */
  SlopeDataFilter *filter;        /* owned, nullable */
  SlopeDataAudit *audit;          /* owned, nullable */
  GPtrArray *rows;                /* of the list; not owned */
  gboolean hidden[SL_N_FINDINGS]; /* until another project is opened */
};

enum
{
  CHANGED,
  SHOW_CLASS,
  SHOW_PAIRS,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SlopeDataFindings, slope_data_findings, G_TYPE_OBJECT)

static void show_findings (SlopeDataFindings *self);

/* ---- In words */

/* Copies and small classes are told without an audit, at once: see SlopeDataProblems. */
static gboolean
is_shown (const SlFinding *finding)
{
  if (finding->kind == SL_FINDING_SMALL_VALID)
    return finding->mend != SL_MEND_LOOK; /* of a small data set that is split well, no problem */
  return finding->kind != SL_FINDING_COPIES && finding->kind != SL_FINDING_FEW;
}

/* @n: findings of this kind, of which this is the first.  (transfer full) */
static char *
title_of (const SlFinding *finding, guint n)
{
  const int count = (int)finding->count;
  const char *name = finding->name;

  switch (finding->kind)
    {
    case SL_FINDING_ALIKE:
      return g_strdup_printf (ngettext ("%d validation picture looks like one in training",
                                        "%d validation pictures look like one in training", count),
                              count);
    case SL_FINDING_BURST:
      return g_strdup_printf (ngettext ("%d validation picture is of one burst with training",
                                        "%d validation pictures are of one burst with training",
                                        count),
                              count);
    case SL_FINDING_LABELS_DIFFER:
      return g_strdup_printf (ngettext ("%d picture looks like one with another label",
                                        "%d pictures look like one with another label", count),
                              count);
    case SL_FINDING_ONE_SIDED:
      if (n > 1)
        return g_strdup_printf (ngettext ("%u class is missing on one side of the split",
                                          "%u classes are missing on one side of the split", n),
                                n);
      return g_strdup_printf (
          finding->side == SL_SPLIT_TRAIN
              ? ngettext ("“%s” is not trained: its %d picture is validated on",
                          "“%s” is not trained: its %d pictures are validated on", count)
              : ngettext ("“%s” is not validated: its %d picture is trained on",
                          "“%s” is not validated: its %d pictures are trained on", count),
          name, count);
    case SL_FINDING_NO_VALID:
      return g_strdup (_ ("There is no validation set"));
    case SL_FINDING_SMALL_VALID:
      return g_strdup_printf (ngettext ("There is only %d validation picture: figures are rough",
                                        "There are only %d validation pictures: figures are rough",
                                        count),
                              count);
    case SL_FINDING_OUT_OF_RANGE:
      return g_strdup_printf (ngettext ("“%s” is out of its range in %d picture",
                                        "“%s” is out of its range in %d pictures", count),
                              name, count);
    case SL_FINDING_OUTSIDE:
    case SL_FINDING_COPIES:
    case SL_FINDING_FEW:
    case SL_N_FINDINGS:
    default:
      return g_strdup_printf (
          ngettext ("“%s” lies outside of %d picture", "“%s” lies outside of %d pictures", count),
          name, count);
    }
}

static const char *
text_of (SlFindingKind kind)
{
  switch (kind)
    {
    case SL_FINDING_ALIKE:
      return _ ("Scaled, brighter or mirrored: validation looks better than it is");
    case SL_FINDING_BURST:
      return _ ("Taken a moment before or after: validation looks better than it is");
    case SL_FINDING_LABELS_DIFFER:
      return _ ("Of two pictures that show the same, one may have the wrong label");
    case SL_FINDING_ONE_SIDED:
      return _ ("What is not trained is not learned, what is not validated is not measured");
    case SL_FINDING_NO_VALID:
      return _ ("Nothing would tell when a model learns by heart");
    case SL_FINDING_SMALL_VALID:
      return _ ("A few pictures more or less right change them much");
    case SL_FINDING_OUT_OF_RANGE:
      return _ ("The model cannot say what is out of range");
    case SL_FINDING_OUTSIDE:
    case SL_FINDING_COPIES:
    case SL_FINDING_FEW:
    case SL_N_FINDINGS:
    default:
      return _ ("The model looks for it in the picture");
    }
}

/* ---- Acts */

static SlFindingKind
kind_of (GtkButton *button)
{
  GtkWidget *row = gtk_widget_get_ancestor (GTK_WIDGET (button), ADW_TYPE_ACTION_ROW);

  return GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (row), "finding"));
}

/* The first of this kind in the newest audit, which made the row. */
static const SlFinding *
find (SlopeDataFindings *self, SlFindingKind kind)
{
  const SlAudit *audit = slope_data_audit_get (self->audit);

  for (guint i = 0; i < audit->findings->len; i++)
    if (g_array_index (audit->findings, SlFinding, i).kind == kind)
      return &g_array_index (audit->findings, SlFinding, i);
  g_assert_not_reached ();
}

/* Each pair once: pictures whose labels differ are told both ways round. */
static GListStore *
make_pairs (SlopeDataFindings *self, const SlFinding *finding)
{
  GListStore *pairs = g_list_store_new (SLOPE_TYPE_PAIR);
  g_autoptr (GHashTable) told = g_hash_table_new (g_int64_hash, g_int64_equal);

  for (gsize i = 0; i < finding->count; i++)
    {
      SlItem *a = sl_project_get_item (self->project, finding->ids[i]);
      SlItem *b = sl_project_get_item (self->project, finding->others[i]);
      const gint64 *back = g_hash_table_lookup (told, &finding->others[i]);
      g_autoptr (SlopePair) pair = NULL;

      g_hash_table_insert (told, &finding->ids[i], &finding->others[i]);
      if (a == NULL || b == NULL || (back != NULL && *back == finding->ids[i]))
        continue;
      pair = slope_pair_new (a, b, NAN);
      g_list_store_append (pairs, pair);
    }
  return pairs;
}

static void
show_clicked_cb (GtkButton *button, SlopeDataFindings *self)
{
  const SlFinding *finding = find (self, kind_of (button));
  const char *const *classes = sl_project_get_classes (self->project);

  if (finding->others != NULL)
    {
      g_autoptr (GListStore) pairs = make_pairs (self, finding);

      g_signal_emit (self, signals[SHOW_PAIRS], 0, pairs);
    }
  else if (finding->kind == SL_FINDING_ONE_SIDED)
    {
      for (guint i = 0; classes[i] != NULL; i++)
        if (g_str_equal (classes[i], finding->name))
          {
            g_signal_emit (self, signals[SHOW_CLASS], 0, i);
            return;
          }
    }
  else
    gtk_widget_activate_action (GTK_WIDGET (button), "data.show-problems", NULL);
}

/* Whether a model was trained with the pictures split otherwise. */
static gboolean
has_other_runs (SlopeDataFindings *self)
{
  GListModel *runs = sl_project_get_runs (self->project);
  g_autofree char *now = sl_project_dup_fingerprint (self->project);

  for (guint i = 0; i < g_list_model_get_n_items (runs); i++)
    {
      g_autoptr (SlRun) run = g_list_model_get_item (runs, i);

      if (g_strcmp0 (sl_run_get_fingerprint (run), now) != 0)
        return TRUE;
    }
  return FALSE;
}

static void
tell_split (SlopeDataFindings *self, gboolean done, const GError *error)
{
  const char *text = has_other_runs (self)
                         ? _ ("Split anew. Figures of earlier runs do not compare with new ones.")
                         : _ ("Split anew");

  slope_window_toast (GTK_WIDGET (self->list), done ? text : error->message,
                      done ? _ ("_Undo") : NULL, done ? "win.undo" : NULL);
}

static void
together_clicked_cb (GtkButton *button, SlopeDataFindings *self)
{
  g_autoptr (GError) error = NULL;
  const gboolean done = sl_project_resplit_together (self->project,
                                                     slope_data_audit_get (self->audit), &error);

  tell_split (self, done, error);
}

/* By class, so that each is on both sides. */
static void
even_clicked_cb (GtkButton *button, SlopeDataFindings *self)
{
  const SlSplitSpec *now = sl_project_get_split (self->project);
  const gboolean by_chance = now->kind == SL_SPLIT_BY_RANDOM || now->kind == SL_SPLIT_BY_STRATIFIED;
  const SlSplitSpec spec = { .kind = SL_SPLIT_BY_STRATIFIED,
                             .fraction = by_chance ? now->fraction : 0.2,
                             .seed = now->seed };
  g_autoptr (GError) error = NULL;
  const gboolean done = sl_project_resplit (self->project, &spec, &error);

  tell_split (self, done, error);
}

static void
split_clicked_cb (GtkButton *button, SlopeDataFindings *self)
{
  gtk_widget_activate_action (GTK_WIDGET (button), "data.split", NULL);
}

static void
close_clicked_cb (GtkButton *button, SlopeDataFindings *self)
{
  self->hidden[kind_of (button)] = TRUE;
  show_findings (self);
}

/* ---- Rows */

static SlopeProblemButton
mend_button (const SlFinding *finding)
{
  switch (finding->mend)
    {
    case SL_MEND_TOGETHER:
      return (SlopeProblemButton){ _ ("Keep Together"), G_CALLBACK (together_clicked_cb) };
    case SL_MEND_RESPLIT:
      if (finding->kind == SL_FINDING_ONE_SIDED)
        return (SlopeProblemButton){ _ ("Split by Class"), G_CALLBACK (even_clicked_cb) };
      return (SlopeProblemButton){ _ ("Split…"), G_CALLBACK (split_clicked_cb) };
    case SL_MEND_LOOK:
    default:
      return (SlopeProblemButton){ NULL, NULL };
    }
}

/* @n: how many there are of this kind. */
static void
add_row (SlopeDataFindings *self, const SlFinding *finding, guint n)
{
  const SlopeProblemButton show = { _ ("Show"), G_CALLBACK (show_clicked_cb) };
  const SlopeProblemButton buttons[2] = { finding->ids != NULL ? show : (SlopeProblemButton){ 0 },
                                          mend_button (finding) };
  GtkWidget *row = slope_problem_row_new (buttons, G_CALLBACK (close_clicked_cb), self);
  g_autofree char *title = title_of (finding, n);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), text_of (finding->kind));
  g_object_set_data (G_OBJECT (row), "finding", GUINT_TO_POINTER (finding->kind));
  gtk_list_box_append (self->list, row);
  g_ptr_array_add (self->rows, row);
}

static void
remove_rows (SlopeDataFindings *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    gtk_list_box_remove (self->list, g_ptr_array_index (self->rows, i));
  g_ptr_array_set_size (self->rows, 0);
}

/* One row a kind. */
static void
show_findings (SlopeDataFindings *self)
{
  const GArray *findings = slope_data_audit_get (self->audit)->findings;

  remove_rows (self);
  for (guint i = 0, n; i < findings->len; i += n)
    {
      const SlFinding *finding = &g_array_index (findings, SlFinding, i);

      for (n = 1; i + n < findings->len
                  && g_array_index (findings, SlFinding, i + n).kind == finding->kind;)
        n++;
      if (is_shown (finding) && !self->hidden[finding->kind])
        add_row (self, finding, n);
    }
  g_signal_emit (self, signals[CHANGED], 0);
}

/* Pictures that somebody should look at, in the view of problems. */
static void
audited_cb (SlopeDataFindings *self)
{
  const GArray *findings = slope_data_audit_get (self->audit)->findings;
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = 0; i < findings->len; i++)
    {
      const SlFinding *finding = &g_array_index (findings, SlFinding, i);

      if (!is_shown (finding) || finding->kind == SL_FINDING_ONE_SIDED)
        continue;
      if (finding->ids != NULL)
        g_array_append_vals (ids, finding->ids, (guint)finding->count);
      if (finding->others != NULL)
        g_array_append_vals (ids, finding->others, (guint)finding->count);
    }
  slope_data_filter_set_found (self->filter, (const gint64 *)ids->data, ids->len);
  show_findings (self);
}

/* ---- Object */

static void
slope_data_findings_dispose (GObject *object)
{
  SlopeDataFindings *self = SLOPE_DATA_FINDINGS (object);

  g_clear_object (&self->audit);
  g_clear_object (&self->project);
  g_clear_object (&self->filter);
  G_OBJECT_CLASS (slope_data_findings_parent_class)->dispose (object);
}

static void
slope_data_findings_finalize (GObject *object)
{
  g_ptr_array_unref (SLOPE_DATA_FINDINGS (object)->rows);
  G_OBJECT_CLASS (slope_data_findings_parent_class)->finalize (object);
}

static void
slope_data_findings_class_init (SlopeDataFindingsClass *klass)
{
  const GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = slope_data_findings_dispose;
  G_OBJECT_CLASS (klass)->finalize = slope_data_findings_finalize;
  signals[CHANGED] = g_signal_new ("changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
  signals[SHOW_CLASS] = g_signal_new ("show-class", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                      G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[SHOW_PAIRS] = g_signal_new ("show-pairs", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                      G_TYPE_NONE, 1, G_TYPE_LIST_MODEL);
}

static void
slope_data_findings_init (SlopeDataFindings *self)
{
  self->rows = g_ptr_array_new ();
}

SlopeDataFindings *
slope_data_findings_new (GtkListBox *list)
{
  SlopeDataFindings *self;

  g_return_val_if_fail (GTK_IS_LIST_BOX (list), NULL);

  self = g_object_new (SLOPE_TYPE_DATA_FINDINGS, NULL);
  self->list = list;
  return self;
}

void
slope_data_findings_set_project (SlopeDataFindings *self, SlProject *project,
                                 SlopeDataFilter *filter)
{
  g_return_if_fail (SLOPE_IS_DATA_FINDINGS (self));
  g_return_if_fail ((project == NULL) == (filter == NULL));

  if (self->audit != NULL)
    g_signal_handlers_disconnect_by_data (self->audit, self);
  g_clear_object (&self->audit);
  g_set_object (&self->project, project);
  g_set_object (&self->filter, filter);
  for (guint i = 0; i < SL_N_FINDINGS; i++)
    self->hidden[i] = FALSE;
  remove_rows (self);
  /* An audit looks at pictures. */
  if (project == NULL || sl_project_get_task (project)->texts)
    return;
  self->audit = slope_data_audit_new (project);
  g_signal_connect_swapped (self->audit, "changed", G_CALLBACK (audited_cb), self);
  slope_data_audit_want (self->audit);
}

void
slope_data_findings_update (SlopeDataFindings *self)
{
  g_return_if_fail (SLOPE_IS_DATA_FINDINGS (self));

  if (self->audit != NULL)
    slope_data_audit_want (self->audit);
}

gboolean
slope_data_findings_has_any (SlopeDataFindings *self)
{
  g_return_val_if_fail (SLOPE_IS_DATA_FINDINGS (self), FALSE);
  return self->rows->len > 0;
}
