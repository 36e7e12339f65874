/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slope-runs-view.h"

#include "config.h"
#include "slope-recipe-estimate.h"
#include "slope-run-text.h"
#include "slope-runs-compare.h"
#include "slope-when.h"
#include "slope-window.h"

#include <glib/gi18n.h>

struct _SlopeRunsView
{
  AdwBin parent_instance;
  SlProject *project; /* owned; NULL: none */
  GSignalGroup *project_signals;
  GArray *compared; /* of gint64 */
  GtkStack *stack;
  GtkWidget *empty, *content;
  GtkWidget *compare_button;
  SlopeRunsCompare *compare;
  GtkListBox *list;
};

G_DEFINE_FINAL_TYPE (SlopeRunsView, slope_runs_view, ADW_TYPE_BIN)

enum
{
  RUN_SELECTED,
  COMPARE_CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
set_compared (SlopeRunsView *self, gint64 id, gboolean compared)
{
  for (guint i = 0; i < self->compared->len; i++)
    if (g_array_index (self->compared, gint64, i) == id)
      {
        if (!compared)
          g_array_remove_index (self->compared, i);
        return;
      }
  if (compared)
    g_array_append_val (self->compared, id);
}

static gboolean
is_compared (SlopeRunsView *self, gint64 id)
{
  for (guint i = 0; i < self->compared->len; i++)
    if (g_array_index (self->compared, gint64, i) == id)
      return TRUE;
  return FALSE;
}

static void
update_button (SlopeRunsView *self)
{
  gtk_widget_set_sensitive (self->compare_button, self->compared->len >= 2);
}

static void
compare_toggled (SlopeRunsView *self, GtkCheckButton *check)
{
  SlRun *run = g_object_get_data (G_OBJECT (check), "run");
  gboolean active = gtk_check_button_get_active (check);
  if (active && self->compared->len == SLOPE_MAX_COMPARED)
    {
      g_autofree char *text = g_strdup_printf (_ ("At most %d runs can be compared"),
                                               SLOPE_MAX_COMPARED);
      gtk_check_button_set_active (check, FALSE);
      slope_window_toast (GTK_WIDGET (self), text, NULL, NULL);
      return;
    }
  set_compared (self, sl_run_get_id (run), active);
  update_button (self);
  g_signal_emit (self, signals[COMPARE_CHANGED], 0);
}

/* ---- A row */

static GtkWidget *
new_compare_check (SlopeRunsView *self, SlRun *run)
{
  GtkWidget *check = gtk_check_button_new ();
  g_autofree char *title = slope_run_title (run);
  /* Translators: accessible name of a check box: "Compare Run 4" */
  g_autofree char *name = g_strdup_printf (_ ("Compare %s"), title);
  gtk_widget_set_valign (check, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (check, _ ("Draw its losses beside the others"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (check), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), is_compared (self, sl_run_get_id (run)));
  g_object_set_data_full (G_OBJECT (check), "run", g_object_ref (run), g_object_unref);
  g_signal_connect_object (check, "toggled", G_CALLBACK (compare_toggled), self, G_CONNECT_SWAPPED);
  return check;
}

static void
append_item (GMenu *menu, const char *label, const char *action, gint64 id)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);
  g_menu_item_set_action_and_target (item, action, "x", id);
  g_menu_append_item (menu, item);
}

/* The stages that the run can be trained again from; of the others their rows in the recipe say why. */
static void
append_again (GMenu *menu, SlRun *run)
{
  const SlRecipe *recipe = sl_run_get_recipe (run);
  for (guint stage = 1; stage < recipe->n_stages; stage++)
    {
      g_autofree char *label = g_strdup_printf (_ ("Train Again from Stage %u"), stage + 1);
      g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);
      g_autofree char *why_not = slope_run_why_not_again (run, recipe, stage);
      g_menu_item_set_action_and_target (item, "train.again-from", "(xu)", sl_run_get_id (run),
                                         stage);
      if (!why_not)
        g_menu_append_item (menu, item);
    }
}

static GtkWidget *
new_menu_button (SlRun *run)
{
  GtkWidget *button = gtk_menu_button_new ();
  g_autoptr (GMenu) menu = g_menu_new (), use = g_menu_new (), delete = g_menu_new ();
  g_autofree char *title = slope_run_title (run);
  /* Translators: accessible name of a menu: "More for Run 4" */
  g_autofree char *name = g_strdup_printf (_ ("More for %s"), title);
  gint64 id = sl_run_get_id (run);
  if (sl_run_has_model (run))
    append_item (use, _ ("Train On From Its Weights"), "train.continue-from", id);
  append_again (use, run);
  append_item (use, _ ("Use This Recipe"), "train.use-recipe", id);
  append_item (delete, _ ("Delete…"), "train.delete-run", id);
  g_menu_append_section (menu, NULL, G_MENU_MODEL (use));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (delete));
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button), "view-more-symbolic");
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (button), G_MENU_MODEL (menu));
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  return button;
}

static char *
describe (SlRun *run)
{
  const SlRecipe *recipe = sl_run_get_recipe (run);
  g_autofree char *network = slope_recipe_describe_network (recipe);
  g_autofree char *stages = slope_recipe_describe_stages (recipe);
  g_autofree char *when = slope_format_when (sl_run_get_started (run));
  const char *error = sl_run_get_error (run);
  if (error)
    /* Translators: state of a run, why it failed */
    return g_strdup_printf (_ ("%s: %s"), slope_run_state_label (sl_run_get_state (run)), error);
  /* Translators: network, stages, state of the run, when: "ResNet-18, 128 px · 1 stage, 4 epochs · Done · yesterday" */
  return g_strdup_printf (_ ("%s · %s · %s · %s"), network, stages,
                          slope_run_state_label (sl_run_get_state (run)), when);
}

static GtkWidget *
new_row (gpointer item, gpointer data)
{
  SlopeRunsView *self = data;
  SlRun *run = item;
  SlRunState state = sl_run_get_state (run);
  GtkWidget *row = adw_action_row_new (), *value, *check = new_compare_check (self, run);
  g_autofree char *title = slope_run_title (run);
  g_autofree char *subtitle = describe (run);
  g_autofree char *figure = slope_run_figure (run, sl_project_get_run_task (self->project, run));
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 2);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), check);
  g_object_set_data (G_OBJECT (row), "check", check); /* a child of the row */
  value = gtk_label_new (figure);
  gtk_widget_add_css_class (value, "heading");
  gtk_widget_add_css_class (value, "numeric");
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), value);
  if (sl_run_can_resume (run))
    {
      GtkWidget *resume = gtk_button_new_with_label (_ ("Resume"));
      gtk_widget_set_valign (resume, GTK_ALIGN_CENTER);
      gtk_actionable_set_action_name (GTK_ACTIONABLE (resume), "train.resume");
      gtk_actionable_set_action_target (GTK_ACTIONABLE (resume), "x", sl_run_get_id (run));
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), resume);
    }
  if (state != SL_RUN_RUNNING)
    adw_action_row_add_suffix (ADW_ACTION_ROW (row), new_menu_button (run));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  return row;
}

/* ---- Comparison */

/* The ticked runs that are there, newest first. */
static void
fill_compare (SlopeRunsView *self)
{
  g_autoptr (GPtrArray) runs = g_ptr_array_new_with_free_func (g_object_unref);
  GListModel *all = sl_project_get_runs (self->project);
  for (guint i = 0; i < g_list_model_get_n_items (all); i++)
    {
      g_autoptr (SlRun) run = g_list_model_get_item (all, i);
      if (is_compared (self, sl_run_get_id (run)))
        g_ptr_array_add (runs, g_steal_pointer (&run));
    }
  slope_runs_compare_set (self->compare, self->project, (SlRun *const *)runs->pdata, runs->len);
}

static void
compare_clicked (SlopeRunsView *self)
{
  fill_compare (self);
  gtk_stack_set_visible_child (self->stack, GTK_WIDGET (self->compare));
  gtk_widget_child_focus (GTK_WIDGET (self->compare), GTK_DIR_TAB_FORWARD);
}

static void
compare_closed (SlopeRunsView *self)
{
  gtk_stack_set_visible_child (self->stack, self->content);
  gtk_widget_grab_focus (self->compare_button);
}

/* Runs that were deleted cannot be compared any more. */
static void
forget_deleted (SlopeRunsView *self)
{
  GListModel *runs = sl_project_get_runs (self->project);
  for (guint c = self->compared->len; c > 0; c--)
    {
      gint64 id = g_array_index (self->compared, gint64, c - 1);
      gboolean there = FALSE;
      for (guint i = 0; !there && i < g_list_model_get_n_items (runs); i++)
        {
          g_autoptr (SlRun) run = g_list_model_get_item (runs, i);
          there = sl_run_get_id (run) == id;
        }
      if (!there)
        g_array_remove_index (self->compared, c - 1);
    }
}

/* ---- Keys: space ticks the run that has the focus, Delete asks to delete it. */

static gboolean
key_pressed (SlopeRunsView *self, guint key, guint code, GdkModifierType state)
{
  GtkWidget *row = gtk_root_get_focus (gtk_widget_get_root (GTK_WIDGET (self)));
  g_autoptr (SlRun) run = NULL;
  if (!GTK_IS_LIST_BOX_ROW (row) || state & gtk_accelerator_get_default_mod_mask ())
    return GDK_EVENT_PROPAGATE;
  run = g_list_model_get_item (sl_project_get_runs (self->project),
                               (guint)gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (row)));
  if (run && key == GDK_KEY_space)
    {
      GtkCheckButton *check = g_object_get_data (G_OBJECT (row), "check");
      gtk_check_button_set_active (check, !gtk_check_button_get_active (check));
      return GDK_EVENT_STOP;
    }
  if (run && (key == GDK_KEY_Delete || key == GDK_KEY_KP_Delete))
    {
      gtk_widget_activate_action (GTK_WIDGET (self), "train.delete-run", "x", sl_run_get_id (run));
      return GDK_EVENT_STOP;
    }
  return GDK_EVENT_PROPAGATE;
}

/* ---- Widget */

static void
row_activated (SlopeRunsView *self, GtkListBoxRow *row)
{
  GListModel *runs = sl_project_get_runs (self->project);
  g_autoptr (SlRun) run = g_list_model_get_item (runs, (guint)gtk_list_box_row_get_index (row));
  if (run)
    g_signal_emit (self, signals[RUN_SELECTED], 0, sl_run_get_id (run));
}

/* States and figures are other than when the rows were made. */
static void
runs_changed (SlopeRunsView *self)
{
  GListModel *runs = self->project ? sl_project_get_runs (self->project) : NULL;
  gboolean any = runs && g_list_model_get_n_items (runs) > 0;
  GtkWidget *focus = gtk_widget_get_focus_child (GTK_WIDGET (self->list));
  int focused = focus ? gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (focus)) : -1;
  gboolean comparing = gtk_stack_get_visible_child (self->stack) == GTK_WIDGET (self->compare);
  if (self->project)
    forget_deleted (self);
  gtk_list_box_bind_model (self->list, any ? runs : NULL, any ? new_row : NULL, self, NULL);
  update_button (self);
  if (any && focused >= 0)
    gtk_widget_grab_focus (GTK_WIDGET (gtk_list_box_get_row_at_index (
        self->list, MIN (focused, (int)g_list_model_get_n_items (runs) - 1))));
  comparing &= any && self->compared->len >= 2;
  if (comparing)
    fill_compare (self);
  else
    gtk_stack_set_visible_child (self->stack, any ? self->content : self->empty);
}

static void
slope_runs_view_dispose (GObject *object)
{
  SlopeRunsView *self = SLOPE_RUNS_VIEW (object);
  if (self->list)
    gtk_list_box_bind_model (self->list, NULL, NULL, NULL, NULL);
  if (self->compare)
    slope_runs_compare_set (self->compare, NULL, NULL, 0);
  g_clear_object (&self->project_signals);
  g_clear_object (&self->project);
  adw_bin_set_child (ADW_BIN (object), NULL); /* the template would take it away from the bin */
  gtk_widget_dispose_template (GTK_WIDGET (object), SLOPE_TYPE_RUNS_VIEW);
  G_OBJECT_CLASS (slope_runs_view_parent_class)->dispose (object);
}

static void
slope_runs_view_finalize (GObject *object)
{
  g_array_unref (SLOPE_RUNS_VIEW (object)->compared);
  G_OBJECT_CLASS (slope_runs_view_parent_class)->finalize (object);
}

static void
slope_runs_view_class_init (SlopeRunsViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = slope_runs_view_dispose;
  G_OBJECT_CLASS (klass)->finalize = slope_runs_view_finalize;
  signals[RUN_SELECTED] = g_signal_new ("run-selected", G_TYPE_FROM_CLASS (klass),
                                        G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                        G_TYPE_INT64);
  signals[COMPARE_CHANGED] = g_signal_new ("compare-changed", G_TYPE_FROM_CLASS (klass),
                                           G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  g_type_ensure (SLOPE_TYPE_RUNS_COMPARE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/slopeml/Slope/slope-runs-view.ui");
  gtk_widget_class_bind_template_child (widget_class, SlopeRunsView, stack);
  gtk_widget_class_bind_template_child (widget_class, SlopeRunsView, empty);
  gtk_widget_class_bind_template_child (widget_class, SlopeRunsView, content);
  gtk_widget_class_bind_template_child (widget_class, SlopeRunsView, compare);
  gtk_widget_class_bind_template_child (widget_class, SlopeRunsView, compare_button);
  gtk_widget_class_bind_template_child (widget_class, SlopeRunsView, list);
  gtk_widget_class_bind_template_callback (widget_class, compare_clicked);
  gtk_widget_class_bind_template_callback (widget_class, compare_closed);
  gtk_widget_class_bind_template_callback (widget_class, key_pressed);
  gtk_widget_class_bind_template_callback (widget_class, row_activated);
}

static void
slope_runs_view_init (SlopeRunsView *self)
{
  self->compared = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->project_signals = g_signal_group_new (SL_TYPE_PROJECT);
  g_signal_group_connect_swapped (self->project_signals, "runs-changed", G_CALLBACK (runs_changed),
                                  self);
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
slope_runs_view_new (void)
{
  return g_object_new (SLOPE_TYPE_RUNS_VIEW, NULL);
}

void
slope_runs_view_set_project (SlopeRunsView *self, SlProject *project)
{
  g_return_if_fail (SLOPE_IS_RUNS_VIEW (self));
  if (!g_set_object (&self->project, project))
    return;
  g_array_set_size (self->compared, 0);
  slope_runs_compare_set (self->compare, NULL, NULL, 0);
  gtk_stack_set_visible_child (self->stack, self->empty);
  g_signal_group_set_target (self->project_signals, project);
  runs_changed (self);
}

const gint64 *
slope_runs_view_get_compared (SlopeRunsView *self, gsize *n)
{
  g_return_val_if_fail (SLOPE_IS_RUNS_VIEW (self), NULL);
  *n = self->compared->len;
  return (const gint64 *)(gpointer)self->compared->data;
}

void
slope_runs_view_set_compared (SlopeRunsView *self, gint64 id, gboolean compared)
{
  g_return_if_fail (SLOPE_IS_RUNS_VIEW (self));
  set_compared (self, id, compared);
  runs_changed (self);
}
