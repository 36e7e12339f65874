/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-pairs-view.h"

#include "slope-pair-row.h"
#include "slope-window.h"
#include "task-views/slope-task-view.h"

#include <glib/gi18n.h>

#define N_SIMILAR 100

struct _SlopePairsView
{
  AdwBin parent_instance;
  SlProject *project;        /* owned, nullable */
  GSignalGroup *signals;     /* of the project */
  GtkFilterListModel *pairs; /* owned: those that are open */
  gboolean similar;          /* they are what a model sees, not copies */
  GtkLabel *title;
  GtkStack *stack;
  GtkListView *list;
  GtkProgressBar *progress; /* of the comparison */
  AdwStatusPage *failure;
  GCancellable *comparing; /* what waits for a comparison; nullable */
};

static guint closed_signal;

G_DEFINE_FINAL_TYPE (SlopePairsView, slope_pairs_view, ADW_TYPE_BIN)

/* ---- What is shown */

static void
update (SlopePairsView *self)
{
  const guint n = g_list_model_get_n_items (G_LIST_MODEL (self->pairs));
  g_autofree char *title = self->similar
                               ? g_strdup_printf (
                                   ngettext ("%u pair of pictures, most alike to the model",
                                             "%u pairs of pictures, most alike to the model", n),
                                   n)
                               : g_strdup_printf (ngettext ("%u pair of pictures looks alike",
                                                            "%u pairs of pictures look alike", n),
                                                  n);

  gtk_label_set_text (self->title, n > 0 ? title : "");
  gtk_stack_set_visible_child_name (self->stack, n > 0 ? "list" : "empty");
}

static void
refresh (SlopePairsView *self)
{
  const char *page = gtk_stack_get_visible_child_name (self->stack);

  if (!g_str_equal (page, "list") && !g_str_equal (page, "empty"))
    return;
  gtk_filter_changed (gtk_filter_list_model_get_filter (self->pairs), GTK_FILTER_CHANGE_DIFFERENT);
  update (self);
}

static void
show_pairs (SlopePairsView *self, GListModel *pairs, gboolean similar)
{
  self->similar = similar;
  gtk_filter_list_model_set_model (self->pairs, pairs);
  update (self);
}

static gboolean
is_open (gpointer item, gpointer user_data)
{
  return slope_pair_is_open (item);
}

static void
setup_row_cb (SlopePairsView *self, GtkListItem *list_item)
{
  gtk_list_item_set_activatable (list_item, FALSE);
  gtk_list_item_set_selectable (list_item, FALSE);
  gtk_list_item_set_child (list_item, slope_pair_row_new (sl_project_get_task (self->project),
                                                          sl_project_get_classes (self->project)));
}

static void
bind_row_cb (SlopePairsView *self, GtkListItem *list_item)
{
  slope_pair_row_set (SLOPE_PAIR_ROW (gtk_list_item_get_child (list_item)),
                      gtk_list_item_get_item (list_item));
}

static void
unbind_row_cb (SlopePairsView *self, GtkListItem *list_item)
{
  slope_pair_row_set (SLOPE_PAIR_ROW (gtk_list_item_get_child (list_item)), NULL);
}

static GtkListItemFactory *
make_factory (SlopePairsView *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect_swapped (factory, "setup", G_CALLBACK (setup_row_cb), self);
  g_signal_connect_swapped (factory, "bind", G_CALLBACK (bind_row_cb), self);
  g_signal_connect_swapped (factory, "unbind", G_CALLBACK (unbind_row_cb), self);
  return factory;
}

/* ---- Similar pictures: what a model sees the same in */

static void
show_found (SlopePairsView *self)
{
  g_autoptr (GListStore) pairs = g_list_store_new (SLOPE_TYPE_PAIR);
  g_autoptr (GArray) found = sl_project_dup_similar (self->project, N_SIMILAR);

  for (guint i = 0; i < found->len; i++)
    {
      const SlSimilarPair *similar = &g_array_index (found, SlSimilarPair, i);
      g_autoptr (SlopePair) pair = slope_pair_new (sl_project_get_item (self->project, similar->a),
                                                   sl_project_get_item (self->project, similar->b),
                                                   similar->likeness);

      g_list_store_append (pairs, pair);
    }
  show_pairs (self, G_LIST_MODEL (pairs), TRUE);
}

static void
show_failure (SlopePairsView *self, const char *title, const char *text)
{
  adw_status_page_set_title (self->failure, title);
  adw_status_page_set_description (self->failure, text);
  gtk_stack_set_visible_child_name (self->stack, "failure");
}

typedef struct
{
  GWeakRef view;
  GCancellable *comparing; /* owned: to tell whether it still waits */
} Comparison;

static void
compared_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Comparison *comparison = user_data;
  g_autoptr (SlopePairsView) self = g_weak_ref_get (&comparison->view);
  g_autoptr (GError) error = NULL;
  const gboolean done = sl_project_compare_finish (SL_PROJECT (source), result, &error);
  const gboolean waits = self != NULL && self->comparing == comparison->comparing;

  g_weak_ref_clear (&comparison->view);
  g_object_unref (comparison->comparing);
  g_free (comparison);
  if (!waits)
    return;
  g_clear_object (&self->comparing);
  if (done)
    show_found (self);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_signal_emit (self, closed_signal, 0);
  else
    show_failure (self, _ ("The Pictures Could Not Be Compared"), error->message);
}

static void
progress_cb (SlopePairsView *self)
{
  gtk_progress_bar_set_fraction (self->progress, sl_project_get_job_progress (self->project));
}

/* (transfer full) (nullable) */
static SlRun *
find_trained (SlopePairsView *self)
{
  GListModel *runs = sl_project_get_runs (self->project);

  for (guint i = 0; i < g_list_model_get_n_items (runs); i++)
    {
      g_autoptr (SlRun) run = g_list_model_get_item (runs, i);

      if (sl_run_has_model (run) && sl_run_get_state (run) != SL_RUN_RUNNING)
        return g_steal_pointer (&run);
    }
  return NULL;
}

static void
compare (SlopePairsView *self, gint64 run_id)
{
  Comparison *comparison = g_new0 (Comparison, 1);

  g_clear_object (&self->comparing);
  self->comparing = g_cancellable_new ();
  comparison->comparing = g_object_ref (self->comparing);
  g_weak_ref_init (&comparison->view, self);
  gtk_label_set_text (self->title, "");
  gtk_stack_set_visible_child_name (self->stack, "working");
  sl_project_compare_async (self->project, run_id, self->comparing, compared_cb, comparison);
}

void
slope_pairs_view_show_similar (SlopePairsView *self)
{
  g_autoptr (SlRun) run = NULL;

  g_return_if_fail (SLOPE_IS_PAIRS_VIEW (self) && self->project != NULL);

  run = find_trained (self);
  gtk_label_set_text (self->title, "");
  if (run == NULL)
    show_failure (self, _ ("Train First"),
                  _ ("A trained model tells which pictures show the same."));
  else if (sl_project_get_compared_run (self->project) == sl_run_get_id (run))
    show_found (self);
  else if (self->comparing == NULL)
    compare (self, sl_run_get_id (run));
}

/* ---- Acts: each is a step of the journal */

static void
tell (SlopePairsView *self, const char *text, const GError *error)
{
  slope_window_toast (GTK_WIDGET (self), error != NULL ? error->message : text,
                      error != NULL ? NULL : _ ("_Undo"), error != NULL ? NULL : "win.undo");
  refresh (self);
}

static void
remove_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SlopePairsView *self = SLOPE_PAIRS_VIEW (widget);
  const gint64 id = g_variant_get_int64 (parameter);
  SlItem *item = sl_project_get_item (self->project, id);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = g_strdup_printf (_ ("Removed “%s”"), sl_item_get_name (item));

  sl_project_remove (self->project, &id, 1, &error);
  tell (self, text, error);
}

static void
relabel_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SlopePairsView *self = SLOPE_PAIRS_VIEW (widget);
  const SlopeTaskView *view = slope_task_view_for (sl_project_get_task (self->project));
  const char *const *classes = sl_project_get_classes (self->project);
  g_autoptr (GPtrArray) items = g_ptr_array_new ();
  g_autoptr (GPtrArray) targets = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *words = NULL, *text = NULL;
  const char *chosen;
  gint64 id;

  g_variant_get (parameter, "(x&s)", &id, &chosen);
  g_ptr_array_add (items, sl_project_get_item (self->project, id));
  targets = slope_task_view_choose (view, classes, items, chosen);
  if (items->len == 0) /* it has that label */
    {
      gtk_widget_error_bell (widget);
      return;
    }
  words = view->say_target (classes, targets->pdata[0]);
  /* translators: a file name and its new label */
  text = g_strdup_printf (_ ("“%1$s” is now %2$s"), sl_item_get_name (items->pdata[0]), words);
  sl_project_relabel (self->project, &id, 1, targets->pdata[0], &error);
  tell (self, text, error);
}

static SlopePair *
find_pair (SlopePairsView *self, const gint64 ids[2])
{
  GListModel *model = G_LIST_MODEL (self->pairs);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (SlopePair) pair = g_list_model_get_item (model, i);

      if (sl_item_get_id (slope_pair_get (pair, 0)) == ids[0]
          && sl_item_get_id (slope_pair_get (pair, 1)) == ids[1])
        return g_steal_pointer (&pair);
    }
  return NULL;
}

static void
keep_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SlopePairsView *self = SLOPE_PAIRS_VIEW (widget);
  gint64 ids[2];
  g_autoptr (SlopePair) pair = NULL;
  g_autoptr (GError) error = NULL;

  g_variant_get (parameter, "(xx)", &ids[0], &ids[1]);
  pair = find_pair (self, ids);
  if (pair == NULL)
    return;
  slope_pair_set_judged (pair, TRUE);
  if (!sl_project_keep (self->project, ids, 2, TRUE, &error))
    slope_pair_set_judged (pair, FALSE);
  tell (self, _ ("Both pictures are kept"), error);
}

static void
back_clicked_cb (SlopePairsView *self)
{
  g_cancellable_cancel (self->comparing);
  g_signal_emit (self, closed_signal, 0);
}

static void
close_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  back_clicked_cb (SLOPE_PAIRS_VIEW (widget));
}

/* ---- Class */

static void
slope_pairs_view_dispose (GObject *object)
{
  SlopePairsView *self = SLOPE_PAIRS_VIEW (object);

  if (self->stack != NULL)
    slope_pairs_view_set_project (self, NULL);
  g_clear_object (&self->signals);
  g_clear_object (&self->pairs);
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), SLOPE_TYPE_PAIRS_VIEW);
  self->stack = NULL;
  G_OBJECT_CLASS (slope_pairs_view_parent_class)->dispose (object);
}

static void
slope_pairs_view_class_init (SlopePairsViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = slope_pairs_view_dispose;
  closed_signal = g_signal_new ("closed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/slopeml/Slope/slope-pairs-view.ui");
  gtk_widget_class_bind_template_child (widget_class, SlopePairsView, title);
  gtk_widget_class_bind_template_child (widget_class, SlopePairsView, stack);
  gtk_widget_class_bind_template_child (widget_class, SlopePairsView, list);
  gtk_widget_class_bind_template_child (widget_class, SlopePairsView, progress);
  gtk_widget_class_bind_template_child (widget_class, SlopePairsView, failure);
  gtk_widget_class_bind_template_callback (widget_class, back_clicked_cb);
  gtk_widget_class_install_action (widget_class, "pairs.remove", "x", remove_action);
  gtk_widget_class_install_action (widget_class, "pairs.relabel", "(xs)", relabel_action);
  gtk_widget_class_install_action (widget_class, "pairs.keep", "(xx)", keep_action);
  gtk_widget_class_install_action (widget_class, "pairs.close", NULL, close_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "pairs.close", NULL);
}

static void
slope_pairs_view_init (SlopePairsView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->pairs = gtk_filter_list_model_new (
      NULL, GTK_FILTER (gtk_custom_filter_new (is_open, NULL, NULL)));
  self->signals = g_signal_group_new (SL_TYPE_PROJECT);
  g_signal_group_connect_swapped (self->signals, "notify::counts", G_CALLBACK (refresh), self);
  g_signal_group_connect_swapped (self->signals, "notify::job-progress", G_CALLBACK (progress_cb),
                                  self);
}

GtkWidget *
slope_pairs_view_new (void)
{
  return g_object_new (SLOPE_TYPE_PAIRS_VIEW, NULL);
}

void
slope_pairs_view_set_project (SlopePairsView *self, SlProject *project)
{
  g_autoptr (GtkNoSelection) selection = NULL;
  g_autoptr (GtkListItemFactory) factory = NULL;

  g_return_if_fail (SLOPE_IS_PAIRS_VIEW (self));

  if (project == self->project)
    return;
  gtk_list_view_set_model (self->list, NULL);
  gtk_list_view_set_factory (self->list, NULL);
  gtk_filter_list_model_set_model (self->pairs, NULL);
  g_cancellable_cancel (self->comparing);
  g_clear_object (&self->comparing);
  g_set_object (&self->project, project);
  g_signal_group_set_target (self->signals, project);
  if (project == NULL)
    return;
  factory = make_factory (self);
  selection = gtk_no_selection_new (g_object_ref (G_LIST_MODEL (self->pairs)));
  gtk_list_view_set_factory (self->list, factory);
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (selection));
}

void
slope_pairs_view_show (SlopePairsView *self, GListModel *pairs)
{
  g_return_if_fail (SLOPE_IS_PAIRS_VIEW (self) && self->project != NULL);

  show_pairs (self, pairs, FALSE);
}
