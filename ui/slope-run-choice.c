/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-run-choice.h"

#include "slope-colors.h"
#include "slope-run-text.h"
#include "slope-widgets.h"

#include <glib/gi18n.h>
#include <math.h>

struct _SlopeRunChoice
{
  GtkWidget parent_instance;
  GtkDropDown *choice; /* child: not owned */
  SlProject *project;  /* owned */
  GSignalGroup *project_signals;
  const SlTask *task;
  GtkFilterListModel *runs; /* owned */
  gint64 newest;            /* of @runs; 0: none */
  gint64 run;               /* the chosen one, as it was last told */
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SlopeRunChoice, slope_run_choice, GTK_TYPE_WIDGET)

static gboolean
run_is_usable (gpointer item, gpointer user_data)
{
  SlopeRunChoice *self = user_data;

  return sl_run_has_model (item) && sl_run_get_state (item) != SL_RUN_RUNNING
         && sl_project_get_run_task (self->project, item) == self->task;
}

static char *
run_text (SlopeRunChoice *self, SlRun *run)
{
  const int metric = slope_task_shown_metric (self->task);
  g_autofree char *figure = NULL;

  if (run == NULL)
    return g_strdup ("");
  if (metric < 0 || isnan (sl_run_get_metric (run, (guint)metric)))
    return g_strdup_printf (_ ("Run %u"), (guint)sl_run_get_id (run));
  figure = slope_format_metric (self->task->metrics[metric].name,
                                sl_run_get_metric (run, (guint)metric));
  if (g_str_equal (self->task->metrics[metric].name, "error_rate"))
    /* translators: a run and the share of validation pictures it gets wrong: "Run 4, error 4.0 %" */
    return g_strdup_printf (_ ("Run %1$u, error %2$s"), (guint)sl_run_get_id (run), figure);
  /* translators: a run, the name of its figure and the figure: "Run 4, F-beta 0.912" */
  return g_strdup_printf (_ ("Run %1$u, %2$s %3$s"), (guint)sl_run_get_id (run),
                          slope_metric_label (self->task->metrics[metric].name), figure);
}

static void
setup_cb (SlopeRunChoice *self, GtkListItem *item)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0.f);
  gtk_widget_add_css_class (label, "numeric");
  gtk_list_item_set_child (item, label);
}

static void
bind_cb (SlopeRunChoice *self, GtkListItem *item)
{
  g_autofree char *text = run_text (self, gtk_list_item_get_item (item));

  gtk_label_set_text (GTK_LABEL (gtk_list_item_get_child (item)), text);
}

static void
selected_cb (SlopeRunChoice *self)
{
  SlRun *run = gtk_drop_down_get_selected_item (self->choice);
  g_autofree char *text = self->task != NULL ? run_text (self, run) : NULL;
  const gint64 id = run != NULL ? sl_run_get_id (run) : 0;

  if (text != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (self->choice),
                                    GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
  if (self->run == id)
    return;
  self->run = id;
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
runs_changed_cb (SlopeRunChoice *self)
{
  g_autoptr (SlRun) newest = NULL;
  gint64 id;

  gtk_filter_changed (gtk_filter_list_model_get_filter (self->runs), GTK_FILTER_CHANGE_DIFFERENT);
  newest = g_list_model_get_item (G_LIST_MODEL (self->runs), 0);
  id = newest != NULL ? sl_run_get_id (newest) : 0;
  if (id > self->newest)
    gtk_drop_down_set_selected (self->choice, 0);
  self->newest = id;
  selected_cb (self);
}

/* ---- Object */

static void
slope_run_choice_dispose (GObject *object)
{
  SlopeRunChoice *self = SLOPE_RUN_CHOICE (object);

  if (self->choice != NULL)
    slope_run_choice_set_project (self, NULL, NULL);
  g_clear_object (&self->project_signals);
  self->choice = NULL;
  slope_widget_unparent_children (GTK_WIDGET (self));
  G_OBJECT_CLASS (slope_run_choice_parent_class)->dispose (object);
}

static void
slope_run_choice_class_init (SlopeRunChoiceClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = slope_run_choice_dispose;
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
slope_run_choice_init (SlopeRunChoice *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  g_signal_connect_object (factory, "setup", G_CALLBACK (setup_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "bind", G_CALLBACK (bind_cb), self, G_CONNECT_SWAPPED);
  self->choice = GTK_DROP_DOWN (gtk_drop_down_new (NULL, NULL));
  gtk_drop_down_set_factory (self->choice, factory);
  gtk_widget_set_parent (GTK_WIDGET (self->choice), GTK_WIDGET (self));
  g_signal_connect_object (self->choice, "notify::selected-item", G_CALLBACK (selected_cb), self,
                           G_CONNECT_SWAPPED);
  self->project_signals = g_signal_group_new (SL_TYPE_PROJECT);
  g_signal_group_connect_swapped (self->project_signals, "runs-changed",
                                  G_CALLBACK (runs_changed_cb), self);
  g_signal_group_connect_swapped (self->project_signals, "notify::job",
                                  G_CALLBACK (runs_changed_cb), self);
}

void
slope_run_choice_set_project (SlopeRunChoice *self, SlProject *project, const SlTask *task)
{
  g_return_if_fail (SLOPE_IS_RUN_CHOICE (self));
  g_return_if_fail (project == NULL || (SL_IS_PROJECT (project) && task != NULL));

  g_signal_group_set_target (self->project_signals, project);
  gtk_drop_down_set_model (self->choice, NULL);
  g_clear_object (&self->runs);
  self->newest = self->run = 0;
  self->task = task;
  g_set_object (&self->project, project);
  if (project == NULL)
    return;
  self->runs = gtk_filter_list_model_new (
      g_object_ref (sl_project_get_runs (project)),
      GTK_FILTER (gtk_custom_filter_new (run_is_usable, self, NULL)));
  gtk_drop_down_set_model (self->choice, G_LIST_MODEL (self->runs));
  runs_changed_cb (self);
}

gint64
slope_run_choice_get_run (SlopeRunChoice *self)
{
  g_return_val_if_fail (SLOPE_IS_RUN_CHOICE (self), 0);
  return self->run;
}

guint
slope_run_choice_get_n (SlopeRunChoice *self)
{
  g_return_val_if_fail (SLOPE_IS_RUN_CHOICE (self), 0);
  return self->runs != NULL ? g_list_model_get_n_items (G_LIST_MODEL (self->runs)) : 0;
}

void
slope_run_choice_set_label (SlopeRunChoice *self, const char *label)
{
  g_return_if_fail (SLOPE_IS_RUN_CHOICE (self));

  gtk_accessible_update_property (GTK_ACCESSIBLE (self->choice), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label, -1);
}
