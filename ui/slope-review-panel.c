/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-review-panel.h"

#include "slope-confusion-matrix.h"
#include "slope-labels-panel.h"
#include "slope-thumbnail.h"
#include "slope-widgets.h"
#include "task-views/slope-classify-caption.h"
#include "task-views/slope-task-view.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#define N_PAIRS 6
#define N_TWINS 6
#define THUMB_PX 36

struct _SlopeReviewPanel
{
  GtkWidget parent_instance;
  GtkLabel *what;          /* template children: not owned */
  GtkWidget *matrix_group; /* where a picture has one class */
  GtkWidget *labels_group; /* where it has several */
  SlopeLabelsPanel *labels;
  SlopeConfusionMatrix *matrix;
  GtkWidget *answers_group; /* where they are masks, points or numbers */
  SlopeAnswerPanel *answers;
  GtkWidget *pairs_group;
  GtkListBox *pairs;
  GtkWidget *twins_group;
  GtkListBox *twins;
  int actual, predicted; /* the pair that filters, or -1 */
};

typedef struct
{
  guint actual, predicted, count;
} Pair;

enum
{
  PAIR_CHOSEN,
  LABEL_CHOSEN,
  THRESHOLD_SET,
  TWIN_CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SlopeReviewPanel, slope_review_panel, GTK_TYPE_WIDGET)

static void
cell_activated_cb (SlopeReviewPanel *self, guint actual, guint predicted)
{
  g_signal_emit (self, signals[PAIR_CHOSEN], 0, actual, predicted);
}

static void
label_chosen_cb (SlopeReviewPanel *self, guint index, gboolean missed)
{
  g_signal_emit (self, signals[LABEL_CHOSEN], 0, index, missed);
}

static void
threshold_set_cb (SlopeReviewPanel *self)
{
  g_signal_emit (self, signals[THRESHOLD_SET], 0);
}

static void
pair_activated_cb (SlopeReviewPanel *self, GtkListBoxRow *row)
{
  const Pair *pair = g_object_get_data (G_OBJECT (row), "pair");

  g_signal_emit (self, signals[PAIR_CHOSEN], 0, pair->actual, pair->predicted);
}

static void
twin_activated_cb (SlopeReviewPanel *self, GtkListBoxRow *row)
{
  const guint64 *twin = g_object_get_data (G_OBJECT (row), "twin");

  g_signal_emit (self, signals[TWIN_CHOSEN], 0, *twin);
}

static void
slope_review_panel_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), SLOPE_TYPE_REVIEW_PANEL);
  slope_widget_unparent_children (GTK_WIDGET (object));
  G_OBJECT_CLASS (slope_review_panel_parent_class)->dispose (object);
}

static void
slope_review_panel_class_init (SlopeReviewPanelClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = slope_review_panel_dispose;
  signals[PAIR_CHOSEN] = g_signal_new ("pair-chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                       0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_UINT,
                                       G_TYPE_UINT);
  signals[LABEL_CHOSEN] = g_signal_new ("label-chosen", G_TYPE_FROM_CLASS (klass),
                                        G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                                        G_TYPE_UINT, G_TYPE_BOOLEAN);
  signals[THRESHOLD_SET] = g_signal_new ("threshold-set", G_TYPE_FROM_CLASS (klass),
                                         G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[TWIN_CHOSEN] = g_signal_new ("twin-chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                       0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT64);

  g_type_ensure (SLOPE_TYPE_CONFUSION_MATRIX);
  g_type_ensure (SLOPE_TYPE_ANSWER_PANEL);
  g_type_ensure (SLOPE_TYPE_LABELS_PANEL);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/slopeml/Slope/slope-review-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, SlopeReviewPanel, what);
  gtk_widget_class_bind_template_child (widget_class, SlopeReviewPanel, matrix_group);
  gtk_widget_class_bind_template_child (widget_class, SlopeReviewPanel, labels_group);
  gtk_widget_class_bind_template_child (widget_class, SlopeReviewPanel, labels);
  gtk_widget_class_bind_template_child (widget_class, SlopeReviewPanel, matrix);
  gtk_widget_class_bind_template_child (widget_class, SlopeReviewPanel, answers_group);
  gtk_widget_class_bind_template_child (widget_class, SlopeReviewPanel, answers);
  gtk_widget_class_bind_template_child (widget_class, SlopeReviewPanel, pairs_group);
  gtk_widget_class_bind_template_child (widget_class, SlopeReviewPanel, pairs);
  gtk_widget_class_bind_template_child (widget_class, SlopeReviewPanel, twins_group);
  gtk_widget_class_bind_template_child (widget_class, SlopeReviewPanel, twins);
  gtk_widget_class_bind_template_callback (widget_class, cell_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, label_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, threshold_set_cb);
  gtk_widget_class_bind_template_callback (widget_class, pair_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, twin_activated_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "reviewpanel");
}

static void
slope_review_panel_init (SlopeReviewPanel *self)
{
  self->actual = self->predicted = -1;
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* ---- Matrix and pairs */

/* What the confusion matrix counts.  (transfer full) */
static char *
what_of_texts (guint run, int split)
{
  if (split == SL_SPLIT_TRAIN)
    /* translators: what the confusion matrix counts: texts of a set, by a run's model */
    return g_strdup_printf (_ ("Training texts, by run %u"), run);
  if (split == SL_SPLIT_VALID)
    return g_strdup_printf (_ ("Validation texts, by run %u"), run);
  return g_strdup_printf (_ ("All texts, by run %u"), run);
}

static char *
what_of_pictures (guint run, int split, gboolean nine_views)
{
  if (split == SL_SPLIT_TRAIN && nine_views)
    /* translators: what the confusion matrix counts: a run's model has seen nine views of each */
    return g_strdup_printf (_ ("Training pictures in nine views, by run %u"), run);
  if (split == SL_SPLIT_VALID && nine_views)
    return g_strdup_printf (_ ("Validation pictures in nine views, by run %u"), run);
  if (nine_views)
    return g_strdup_printf (_ ("All pictures in nine views, by run %u"), run);
  if (split == SL_SPLIT_TRAIN)
    /* translators: what the confusion matrix counts: pictures of a set, by a run's model */
    return g_strdup_printf (_ ("Training pictures, by run %u"), run);
  if (split == SL_SPLIT_VALID)
    return g_strdup_printf (_ ("Validation pictures, by run %u"), run);
  return g_strdup_printf (_ ("All pictures, by run %u"), run);
}

static void
set_what (SlopeReviewPanel *self, SlProject *project, int split)
{
  const guint run = sl_project_get_evaluated_run (project);
  g_autofree char *text = NULL;

  if (sl_project_get_task (project)->texts)
    text = what_of_texts (run, split);
  else
    text = what_of_pictures (run, split, sl_project_get_evaluated_tta (project));
  gtk_label_set_text (self->what, text);
}

static int
compare_pairs (gconstpointer a, gconstpointer b)
{
  const Pair *first = a, *second = b;

  if (first->count != second->count)
    return first->count > second->count ? -1 : 1;
  if (first->actual != second->actual)
    return first->actual < second->actual ? -1 : 1;
  return first->predicted < second->predicted ? -1 : first->predicted > second->predicted;
}

static GtkWidget *
pair_row_new (const char *const *classes, const Pair *pair)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *caption = slope_classify_caption_new ();
  g_autofree char *count = g_strdup_printf ("%u", pair->count);
  GtkWidget *number = gtk_label_new (count);
  /* translators: two classes and how often the first was taken for the second, for screen readers */
  g_autofree char *spoken = g_strdup_printf (_ ("%1$s taken for %2$s, %3$u"), classes[pair->actual],
                                             classes[pair->predicted], pair->count);

  slope_classify_caption_set_pair (SLOPE_CLASSIFY_CAPTION (caption), classes, pair->actual,
                                   pair->predicted,
                                   /* translators: between two classes: "black taken for grizzly" */
                                   _ ("taken for"));
  gtk_widget_set_hexpand (caption, TRUE);
  gtk_widget_add_css_class (number, "dim-label");
  gtk_widget_add_css_class (number, "numeric");
  gtk_box_append (GTK_BOX (box), caption);
  gtk_box_append (GTK_BOX (box), number);
  gtk_widget_add_css_class (box, "panel-row");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  g_object_set_data_full (G_OBJECT (row), "pair", g_memdup2 (pair, sizeof *pair), g_free);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  return row;
}

static void
empty_list (GtkListBox *list)
{
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (list, 0)) != NULL)
    gtk_list_box_remove (list, GTK_WIDGET (row));
}

/* Rows are made anew only when they differ: the focus stays on the one that was pressed. */
static gboolean
same_pairs (SlopeReviewPanel *self, const GArray *pairs)
{
  const guint n = MIN (pairs->len, N_PAIRS);

  for (guint i = 0; i < n; i++)
    {
      GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->pairs, i);
      const Pair *old = row != NULL ? g_object_get_data (G_OBJECT (row), "pair") : NULL;

      if (old == NULL || memcmp (old, &g_array_index (pairs, Pair, i), sizeof *old) != 0)
        return FALSE;
    }
  return gtk_list_box_get_row_at_index (self->pairs, n) == NULL;
}

static void
update_confusion (SlopeReviewPanel *self, SlProject *project, int split)
{
  const char *const *classes = sl_project_get_classes (project);
  guint n;
  g_autofree guint *counts = sl_project_confusion (project, split, &n);
  g_autoptr (GArray) pairs = g_array_new (FALSE, FALSE, sizeof (Pair));

  slope_confusion_matrix_set (self->matrix, classes, counts, n);
  for (guint i = 0; i < n * n; i++)
    if (i / n != i % n && counts[i] > 0)
      {
        const Pair pair = { i / n, i % n, counts[i] };

        g_array_append_val (pairs, pair);
      }
  g_array_sort (pairs, compare_pairs);
  gtk_widget_set_visible (self->pairs_group, pairs->len > 0);
  if (same_pairs (self, pairs))
    return;
  empty_list (self->pairs);
  for (guint i = 0; i < MIN (pairs->len, N_PAIRS); i++)
    gtk_list_box_append (self->pairs, pair_row_new (classes, &g_array_index (pairs, Pair, i)));
}

/* ---- Byte-equal files */

static char *
twin_title (SlProject *project, SlItem *first, SlItem *second)
{
  if (g_strcmp0 (sl_item_get_target (first), sl_item_get_target (second)) != 0)
    return g_strdup (sl_project_get_task (project)->texts ? _ ("Same text, two labels")
                                                          : _ ("Same picture, two labels"));
  if (sl_item_get_split (first) != sl_item_get_split (second))
    return g_strdup (_ ("Across the split"));
  return g_strdup (_ ("Exactly the same"));
}

static char *
label_of (SlProject *project, SlItem *item)
{
  const SlopeTaskView *view = slope_task_view_for (sl_project_get_task (project));
  const char *target = sl_item_get_target (item);

  return target != NULL ? view->say_target (sl_project_get_classes (project), target)
                        : g_strdup ("–");
}

static GtkWidget *
thumbs_new (SlItem *first, SlItem *second)
{
  GtkWidget *thumbs = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  SlItem *items[] = { first, second };

  for (gsize i = 0; i < G_N_ELEMENTS (items); i++)
    {
      GtkWidget *thumb = slope_thumbnail_new (THUMB_PX);

      slope_thumbnail_set_path (SLOPE_THUMBNAIL (thumb), sl_item_get_path (items[i]));
      gtk_widget_set_valign (thumb, GTK_ALIGN_CENTER);
      gtk_box_append (GTK_BOX (thumbs), thumb);
    }
  return thumbs;
}

static GtkWidget *
twin_row_new (SlProject *project, SlItem *first, SlItem *second)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *chevron = gtk_image_new_from_icon_name ("go-next-symbolic");
  guint64 twin = sl_item_get_twin (first);
  g_autofree char *title = twin_title (project, first, second);
  g_autofree char *first_label = label_of (project, first);
  g_autofree char *second_label = label_of (project, second);
  g_autofree char *labels = g_strdup_printf (
      /* translators: the labels of two equal pictures or texts */
      C_ ("two labels", "%1$s, %2$s"), first_label, second_label);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), labels);
  if (!sl_project_get_task (project)->texts)
    adw_action_row_add_prefix (ADW_ACTION_ROW (row), thumbs_new (first, second));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), chevron);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_object_set_data_full (G_OBJECT (row), "twin", g_memdup2 (&twin, sizeof twin), g_free);
  return row;
}

static void
update_twins (SlopeReviewPanel *self, SlProject *project)
{
  GListModel *items = sl_project_get_items (project);
  /* twin → its first item, and twins that have a row */
  g_autoptr (GHashTable) firsts = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  g_autoptr (GHashTable) listed = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  guint n_rows = 0;

  empty_list (self->twins);
  for (guint i = 0; i < g_list_model_get_n_items (items) && n_rows < N_TWINS; i++)
    {
      g_autoptr (SlItem) item = g_list_model_get_item (items, i);
      const guint64 twin = sl_item_get_twin (item);
      SlItem *first;

      if (twin == 0 || sl_item_get_state (item) != SL_ITEM_PRESENT
          || g_hash_table_contains (listed, &twin))
        continue;
      first = g_hash_table_lookup (firsts, &twin);
      if (first == NULL)
        g_hash_table_insert (firsts, g_memdup2 (&twin, sizeof twin), item);
      else
        {
          gtk_list_box_append (self->twins, twin_row_new (project, first, item));
          g_hash_table_add (listed, g_memdup2 (&twin, sizeof twin));
          n_rows++;
        }
    }
  gtk_widget_set_visible (self->twins_group, n_rows > 0);
}

/* ---- Public */

void
slope_review_panel_update (SlopeReviewPanel *self, SlProject *project, int split)
{
  g_return_if_fail (SLOPE_IS_REVIEW_PANEL (self));
  g_return_if_fail (project == NULL || SL_IS_PROJECT (project));

  if (project == NULL)
    {
      slope_confusion_matrix_set (self->matrix, NULL, NULL, 0);
      empty_list (self->pairs);
      empty_list (self->twins);
      slope_labels_panel_update (self->labels, NULL, -1);
      slope_answer_panel_update (self->answers, NULL, -1);
      return;
    }
  gtk_widget_set_visible (self->matrix_group, sl_project_get_task (project)->one_class);
  gtk_widget_set_visible (self->labels_group, sl_project_get_task (project)->has_threshold);
  gtk_widget_set_visible (self->pairs_group, FALSE);
  set_what (self, project, split);
  gtk_widget_set_visible (self->answers_group, !sl_project_get_task (project)->has_classes);
  if (!sl_project_get_task (project)->has_classes)
    slope_answer_panel_update (self->answers, project, split);
  if (sl_project_get_task (project)->has_threshold)
    slope_labels_panel_update (self->labels, project, split);
  if (sl_project_get_task (project)->one_class)
    {
      update_confusion (self, project, split);
      slope_confusion_matrix_set_selected (self->matrix, self->actual, self->predicted);
    }
  update_twins (self, project);
}

void
slope_review_panel_set_selected (SlopeReviewPanel *self, int actual, int predicted)
{
  g_return_if_fail (SLOPE_IS_REVIEW_PANEL (self));

  self->actual = actual;
  self->predicted = predicted;
  slope_confusion_matrix_set_selected (self->matrix, actual, predicted);
}

SlopeAnswerPanel *
slope_review_panel_get_answers (SlopeReviewPanel *self)
{
  g_return_val_if_fail (SLOPE_IS_REVIEW_PANEL (self), NULL);
  return self->answers;
}
