/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-window-private.h"

#include "slope-files.h"
#include "slope-measure.h"
#include "slope-settings.h"
#include "slope-step-text.h"

#include <glib/gi18n.h>

G_DEFINE_FINAL_TYPE (SlopeWindow, slope_window, ADW_TYPE_APPLICATION_WINDOW)

static void
update_actions (SlopeWindow *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  const gboolean open = self->project != NULL;
  const SlJob job = open ? sl_project_get_job (self->project) : SL_JOB_NONE;
  const gboolean stopping = slope_project_view_is_stopping (self->project_view);

  gtk_widget_action_set_enabled (widget, "win.undo", open && sl_project_can_undo (self->project));
  gtk_widget_action_set_enabled (widget, "win.redo", open && sl_project_can_redo (self->project));
  gtk_widget_action_set_enabled (widget, "win.pause", job == SL_JOB_TRAIN && !stopping);
  gtk_widget_action_set_enabled (widget, "win.stop", job != SL_JOB_NONE && !stopping);
  gtk_widget_action_set_enabled (widget, "win.close-project", open);
  gtk_widget_action_set_enabled (widget, "win.show-page", open);
  gtk_widget_action_set_enabled (widget, "win.search", open);
  gtk_widget_action_set_enabled (widget, "win.toggle-sidebar", open);
  gtk_widget_action_set_enabled (widget, "win.show-in-files", open);
  gtk_widget_action_set_enabled (widget, "win.empty-bin",
                                 open && sl_project_count_removed (self->project) > 0);
}

static void
job_changed_cb (SlopeWindow *self)
{
  update_actions (self);
  _slope_window_job_changed (self);
}

void
_slope_window_set_project (SlopeWindow *self, SlProject *project)
{
  if (self->project == project)
    return;
  g_signal_group_set_target (self->signals, project);
  slope_project_view_set_project (self->project_view, project);
  if (self->project != NULL)
    {
      g_autoptr (SlProject) old = g_steal_pointer (&self->project);

      sl_project_close (old);
    }
  if (project != NULL)
    {
      self->project = g_object_ref (project);
      slope_recent_add (sl_project_get_path (project));
      gtk_window_set_title (GTK_WINDOW (self), sl_project_get_title (project));
      slope_project_view_show_page (self->project_view, "data");
      gtk_stack_set_visible_child_name (self->stack, "project");
    }
  else
    {
      gtk_window_set_title (GTK_WINDOW (self), _ ("Slope"));
      gtk_stack_set_visible_child_name (self->stack, "start");
    }
  update_actions (self);
}

/* ---- Actions */

static void
show_page_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SlopeWindow *self = SLOPE_WINDOW (widget);

  slope_project_view_show_page (self->project_view, g_variant_get_string (parameter, NULL));
}

static void
close_project_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SlopeWindow *self = SLOPE_WINDOW (widget);

  /* What trains goes on undisturbed in its own window. */
  if (sl_project_get_job (self->project) != SL_JOB_NONE)
    gtk_widget_activate_action (widget, "app.new-window", NULL);
  else
    _slope_window_set_project (self, NULL);
}

static void
undo_or_redo (SlopeWindow *self, gboolean undo)
{
  SlJournalStep step = { 0 };
  g_autoptr (GError) error = NULL;
  g_autofree char *what = NULL;
  g_autofree char *text = NULL;

  if (!(undo ? sl_project_peek_undo : sl_project_peek_redo) (self->project, &step))
    return;
  what = slope_step_to_text (&step, sl_project_get_task (self->project)->texts);
  sl_journal_step_clear (&step);
  if (!(undo ? sl_project_undo : sl_project_redo) (self->project, &error))
    {
      slope_window_toast (GTK_WIDGET (self), error->message, NULL, NULL);
      return;
    }
  /* translators: %s is a step such as "removing 3 pictures" */
  text = g_strdup_printf (undo ? _ ("Undone: %s") : _ ("Done again: %s"), what);
  slope_window_toast (GTK_WIDGET (self), text, undo ? _ ("_Redo") : _ ("_Undo"),
                      undo ? "win.redo" : "win.undo");
}

static void
undo_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  undo_or_redo (SLOPE_WINDOW (widget), TRUE);
}

static void
redo_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  undo_or_redo (SLOPE_WINDOW (widget), FALSE);
}

static void
pause_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SlProject *project = SLOPE_WINDOW (widget)->project;

  sl_project_set_paused (project, !sl_project_get_paused (project));
}

static void
stop_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  slope_project_view_stop_job (SLOPE_WINDOW (widget)->project_view);
  update_actions (SLOPE_WINDOW (widget));
}

/* Trains with the recipe as it stands: "Train Again" of other pages. */
static void
train_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SlopeProjectView *view = SLOPE_WINDOW (widget)->project_view;

  if (slope_project_view_show_page (view, "train"))
    gtk_widget_activate_action (slope_project_view_get_page (view), "train.start", NULL);
}

/* The warning of the Data page: the recipe is changed, and seen to be. */
static void
weigh_classes_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SlopeProjectView *view = SLOPE_WINDOW (widget)->project_view;

  if (slope_project_view_show_page (view, "train"))
    gtk_widget_activate_action (slope_project_view_get_page (view), "train.weigh-classes", NULL);
}

static void
toggle_sidebar_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  slope_project_view_toggle_sidebar (SLOPE_WINDOW (widget)->project_view);
}

static void
search_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GtkWidget *page = slope_project_view_get_page (SLOPE_WINDOW (widget)->project_view);

  gtk_widget_activate_action (page, "page.search", NULL);
}

static void
show_in_files_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  slope_show_in_files (widget, sl_project_get_path (SLOPE_WINDOW (widget)->project));
}

static void
empty_bin_response_cb (SlopeWindow *self, const char *response)
{
  gsize n = 0;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (!g_str_equal (response, "empty") || self->project == NULL)
    return;
  if (sl_project_empty_bin (self->project, &n, &error))
    text = g_strdup_printf (
        sl_project_get_task (self->project)->texts
            ? ngettext ("Forgot %lu text for good", "Forgot %lu texts for good", n)
            : ngettext ("Moved %lu picture to the trash", "Moved %lu pictures to the trash", n),
        (unsigned long)n);
  slope_window_toast (GTK_WIDGET (self), error != NULL ? error->message : text, NULL, NULL);
  update_actions (self);
}

static void
empty_bin_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SlopeWindow *self = SLOPE_WINDOW (widget);
  const gsize n = sl_project_count_removed (self->project);
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (self), _ ("Empty the Bin?"), NULL);

  adw_message_dialog_format_body (
      ADW_MESSAGE_DIALOG (dialog),
      sl_project_get_task (self->project)->texts
          ? ngettext ("%lu removed text is forgotten. It can no longer be put back.",
                      "%lu removed texts are forgotten. They can no longer be put back.", n)
          : ngettext ("%lu removed picture moves to the desktop's trash. It can no longer be put "
                      "back here.",
                      "%lu removed pictures move to the desktop's trash. They can no longer be put "
                      "back here.",
                      n),
      (unsigned long)n);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"), "empty",
                                    _ ("_Empty Bin"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "empty",
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (empty_bin_response_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* ---- Class */

static void
import_cancelled_cb (SlopeWindow *self)
{
  _slope_window_import_cancelled (self);
}

static void
import_created_cb (SlopeWindow *self, SlProject *project)
{
  _slope_window_import_created (self, project);
}

static gboolean
slope_window_close_request (GtkWindow *window)
{
  SlopeWindow *self = SLOPE_WINDOW (window);
  GSettings *settings = slope_settings ();
  int width, height;

  if (_slope_window_must_wait (self))
    return TRUE;
  gtk_window_get_default_size (window, &width, &height);
  g_settings_set_int (settings, "window-width", width);
  g_settings_set_int (settings, "window-height", height);
  g_settings_set_boolean (settings, "window-maximized", gtk_window_is_maximized (window));
  return GTK_WINDOW_CLASS (slope_window_parent_class)->close_request (window);
}

static void
slope_window_dispose (GObject *object)
{
  SlopeWindow *self = SLOPE_WINDOW (object);

  if (self->opening != NULL)
    g_cancellable_cancel (self->opening);
  g_clear_object (&self->opening);
  g_clear_object (&self->chooser);
  g_clear_pointer (&self->pending, g_free);
  g_clear_object (&self->signals);
  if (self->project != NULL)
    {
      slope_project_view_set_project (self->project_view, NULL);
      sl_project_close (self->project);
      g_clear_object (&self->project);
    }
  G_OBJECT_CLASS (slope_window_parent_class)->dispose (object);
}

static void
install_actions (GtkWidgetClass *klass)
{
  gtk_widget_class_install_action (klass, "win.show-page", "s", show_page_action);
  gtk_widget_class_install_action (klass, "win.new-project", NULL,
                                   _slope_window_new_project_action);
  gtk_widget_class_install_action (klass, "win.new-project-archive", NULL,
                                   _slope_window_new_archive_action);
  gtk_widget_class_install_action (klass, "win.new-project-file", NULL,
                                   _slope_window_new_file_action);
  gtk_widget_class_install_action (klass, "win.new-project-web", "s", _slope_window_new_web_action);
  gtk_widget_class_install_action (klass, "win.open-project", NULL,
                                   _slope_window_open_project_action);
  gtk_widget_class_install_action (klass, "win.close-project", NULL, close_project_action);
  gtk_widget_class_install_action (klass, "win.undo", NULL, undo_action);
  gtk_widget_class_install_action (klass, "win.redo", NULL, redo_action);
  gtk_widget_class_install_action (klass, "win.pause", NULL, pause_action);
  gtk_widget_class_install_action (klass, "win.stop", NULL, stop_action);
  gtk_widget_class_install_action (klass, "win.train", NULL, train_action);
  gtk_widget_class_install_action (klass, "win.weigh-classes", NULL, weigh_classes_action);
  gtk_widget_class_install_action (klass, "win.toggle-sidebar", NULL, toggle_sidebar_action);
  gtk_widget_class_install_action (klass, "win.search", NULL, search_action);
  gtk_widget_class_install_action (klass, "win.show-in-files", NULL, show_in_files_action);
  gtk_widget_class_install_action (klass, "win.empty-bin", NULL, empty_bin_action);
}

static void
slope_window_class_init (SlopeWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = slope_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = slope_window_close_request;

  g_type_ensure (SLOPE_TYPE_START_PAGE);
  g_type_ensure (SLOPE_TYPE_IMPORT_PAGE);
  g_type_ensure (SLOPE_TYPE_PROJECT_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/slopeml/Slope/slope-window.ui");
  gtk_widget_class_bind_template_child (widget_class, SlopeWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, SlopeWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, SlopeWindow, start_page);
  gtk_widget_class_bind_template_child (widget_class, SlopeWindow, import_page);
  gtk_widget_class_bind_template_child (widget_class, SlopeWindow, project_view);
  gtk_widget_class_bind_template_callback (widget_class, import_cancelled_cb);
  gtk_widget_class_bind_template_callback (widget_class, import_created_cb);
  install_actions (widget_class);
}

static void
slope_window_init (SlopeWindow *self)
{
  GSettings *settings = slope_settings ();

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_window_set_default_size (GTK_WINDOW (self), g_settings_get_int (settings, "window-width"),
                               g_settings_get_int (settings, "window-height"));
  if (g_settings_get_boolean (settings, "window-maximized"))
    gtk_window_maximize (GTK_WINDOW (self));
  slope_measure_window (GTK_WIDGET (self));

  self->signals = g_signal_group_new (SL_TYPE_PROJECT);
  g_signal_group_connect_swapped (self->signals, "notify::can-undo", G_CALLBACK (update_actions),
                                  self);
  g_signal_group_connect_swapped (self->signals, "notify::can-redo", G_CALLBACK (update_actions),
                                  self);
  g_signal_group_connect_swapped (self->signals, "notify::counts", G_CALLBACK (update_actions),
                                  self);
  g_signal_group_connect_swapped (self->signals, "notify::job", G_CALLBACK (job_changed_cb), self);
  update_actions (self);
}

/* ---- Public */

GtkWidget *
slope_window_new (AdwApplication *application)
{
  return g_object_new (SLOPE_TYPE_WINDOW, "application", application, NULL);
}

SlProject *
slope_window_get_project (SlopeWindow *self)
{
  g_return_val_if_fail (SLOPE_IS_WINDOW (self), NULL);
  return self->project;
}

gboolean
slope_window_is_empty (SlopeWindow *self)
{
  g_return_val_if_fail (SLOPE_IS_WINDOW (self), FALSE);
  return self->project == NULL && self->pending == NULL;
}

void
slope_window_toast (GtkWidget *descendant, const char *text, const char *button, const char *action)
{
  GtkRoot *root;
  g_autofree char *markup = NULL;
  AdwToast *toast;

  g_return_if_fail (GTK_IS_WIDGET (descendant));
  g_return_if_fail (text != NULL);

  root = gtk_widget_get_root (descendant);
  if (!SLOPE_IS_WINDOW (root))
    return;
  /* A page may have a better place for it. */
  if (SLOPE_WINDOW (root)->project != NULL
      && gtk_widget_activate_action (
          slope_project_view_get_page (SLOPE_WINDOW (root)->project_view), "page.toast", "(smsms)",
          text, button, action))
    return;
  markup = g_markup_escape_text (text, -1);
  toast = adw_toast_new (markup);
  adw_toast_set_button_label (toast, button);
  adw_toast_set_action_name (toast, action);
  adw_toast_overlay_add_toast (SLOPE_WINDOW (root)->toasts, toast);
}
