/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-predict-page.h"

#include "slope-picture-files.h"
#include "slope-predict-folder.h"
#include "slope-predict-picture.h"
#include "slope-predict-text.h"
#include "slope-run-choice.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>

struct _SlopePredictPage
{
  AdwBin parent_instance;
  SlProject *project;            /* owned */
  gboolean usable;               /* there is a model to ask */
  GtkFileChooserNative *chooser; /* while "Open" asks */
  GCancellable *paste;
  char *pasted; /* file of the last pasted picture; removed with the page */

  /* template children: not owned */
  GtkStack *stack;
  GtkStack *views;
  AdwStatusPage *empty_page;
  GtkToggleButton *picture_button; /* or of a text */
  GtkWidget *folder_button;
  GtkWidget *paste_button;
  SlopeRunChoice *run;
  SlopePredictPicture *picture;
  SlopePredictText *text;
  SlopePredictFolder *folder;
};

G_DEFINE_FINAL_TYPE (SlopePredictPage, slope_predict_page, ADW_TYPE_BIN)

/* ---- Views */

static gboolean
has_texts (SlopePredictPage *self)
{
  return self->project != NULL && sl_project_get_task (self->project)->texts;
}

/* Or the text. */
static gboolean
shows_picture (SlopePredictPage *self)
{
  return g_strcmp0 (gtk_stack_get_visible_child_name (self->views), "folder") != 0;
}

static void
show_view (SlopePredictPage *self, gboolean picture)
{
  const char *view = has_texts (self) ? "text" : "picture";

  gtk_stack_set_visible_child_name (self->views, picture ? view : "folder");
  gtk_toggle_button_set_active (self->picture_button, picture);
}

static void
view_toggled_cb (SlopePredictPage *self)
{
  show_view (self, gtk_toggle_button_get_active (self->picture_button));
}

static void
open_picture (SlopePredictPage *self, const char *path, const char *name)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  show_view (self, TRUE);
  if (has_texts (self))
    slope_predict_text_open (self->text, path);
  else
    slope_predict_picture_open (self->picture, path, name);
  /* The button that was pressed may be gone. */
  if (root != NULL && gtk_root_get_focus (root) == NULL)
    gtk_widget_grab_focus (GTK_WIDGET (self->picture_button));
}

static void
picture_activated_cb (SlopePredictPage *self, const char *path, gboolean nine_views)
{
  slope_predict_picture_set_nine_views (self->picture, nine_views);
  open_picture (self, path, NULL);
}

/* One picture is shown at length; a folder, or several, go into the table. */
static void
open_files (SlopePredictPage *self, GSList *files)
{
  GPtrArray *paths;

  if (files == NULL)
    return;
  if (files->next == NULL)
    {
      g_autofree char *path = g_file_get_path (files->data);

      if (g_file_query_file_type (files->data, G_FILE_QUERY_INFO_NONE, NULL)
          == G_FILE_TYPE_DIRECTORY)
        {
          show_view (self, FALSE);
          slope_predict_folder_open (self->folder, files->data);
        }
      else if (path != NULL)
        open_picture (self, path, NULL);
      return;
    }
  paths = g_ptr_array_new_with_free_func (g_free);
  for (GSList *l = files; l != NULL; l = l->next)
    {
      char *path = g_file_get_path (l->data);

      if (path != NULL)
        g_ptr_array_add (paths, path);
    }
  show_view (self, FALSE);
  slope_predict_folder_open_files (self->folder, paths);
}

/* ---- Open */

static void
open_response_cb (SlopePredictPage *self, int response)
{
  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GListModel) chosen = gtk_file_chooser_get_files (GTK_FILE_CHOOSER (self->chooser));
      GSList *files = NULL;

      for (guint i = g_list_model_get_n_items (chosen); i-- > 0;)
        files = g_slist_prepend (files, g_list_model_get_item (chosen, i));
      open_files (self, files);
      g_slist_free_full (files, g_object_unref);
    }
  g_clear_object (&self->chooser);
}

static void
open_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SlopePredictPage *self = SLOPE_PREDICT_PAGE (widget);
  const gboolean picture = shows_picture (self);
  GtkRoot *root = gtk_widget_get_root (widget);
  const gboolean texts = has_texts (self);
  g_autoptr (GtkFileFilter) filter = slope_picture_files_filter_new (texts);

  g_clear_object (&self->chooser);
  self->chooser = gtk_file_chooser_native_new (
      !picture ? _ ("Choose a Folder") : (texts ? _ ("Open Texts") : _ ("Open Pictures")),
      GTK_WINDOW (root),
      picture ? GTK_FILE_CHOOSER_ACTION_OPEN : GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _ ("_Open"),
      _ ("_Cancel"));
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (self->chooser), picture);
  if (picture)
    gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (self->chooser), filter);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (open_response_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

/* ---- Paste and drop */

static void
forget_pasted (SlopePredictPage *self)
{
  if (self->pasted != NULL)
    g_unlink (self->pasted);
  g_clear_pointer (&self->pasted, g_free);
}

static void
write_in_thread (GTask *task, gpointer source, gpointer texture, GCancellable *cancellable)
{
  GError *error = NULL;
  g_autofree char *path = NULL;
  const int fd = g_file_open_tmp ("slope-pasted-XXXXXX.png", &path, &error);

  if (fd < 0)
    {
      g_task_return_error (task, error);
      return;
    }
  g_close (fd, NULL);
  if (gdk_texture_save_to_png (texture, path))
    {
      g_task_return_pointer (task, g_steal_pointer (&path), g_free);
      return;
    }
  g_unlink (path);
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED,
                           _ ("The picture could not be written to the folder for temporary "
                              "files."));
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  SlopePredictPage *self = SLOPE_PREDICT_PAGE (source);
  g_autoptr (GError) error = NULL;
  char *path = g_task_propagate_pointer (G_TASK (result), &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (path == NULL)
    {
      slope_predict_picture_fail (self->picture, _ ("The picture could not be pasted."),
                                  error->message);
      return;
    }
  forget_pasted (self);
  self->pasted = path;
  /* translators: name of a picture that came from the clipboard */
  open_picture (self, path, _ ("Pasted picture"));
}

static void
open_texture (SlopePredictPage *self, GdkTexture *texture)
{
  g_autoptr (GTask) task = g_task_new (self, self->paste, written_cb, NULL);

  g_task_set_source_tag (task, open_texture);
  g_task_set_task_data (task, g_object_ref (texture), g_object_unref);
  g_task_run_in_thread (task, write_in_thread);
}

static gboolean
open_value (SlopePredictPage *self, const GValue *value)
{
  if (G_VALUE_HOLDS (value, GDK_TYPE_FILE_LIST))
    {
      open_files (self, g_value_get_boxed (value));
      return TRUE;
    }
  if (G_VALUE_HOLDS (value, GDK_TYPE_TEXTURE))
    {
      open_texture (self, g_value_get_object (value));
      return TRUE;
    }
  return FALSE;
}

static void
pasted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SlopePredictPage) self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue *value = gdk_clipboard_read_value_finish (GDK_CLIPBOARD (source), result, &error);

  if (value != NULL && self->project != NULL)
    open_value (self, value);
  else if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    slope_predict_picture_fail (self->picture, _ ("The picture could not be pasted."),
                                error->message);
}

static void
paste_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SlopePredictPage *self = SLOPE_PREDICT_PAGE (widget);
  GdkClipboard *clipboard = gtk_widget_get_clipboard (widget);
  GdkContentFormats *formats = gdk_clipboard_get_formats (clipboard);
  g_autoptr (GdkContentFormats)
      readable = gdk_content_formats_union_deserialize_gtypes (gdk_content_formats_ref (formats));
  GType type = G_TYPE_INVALID;

  /* The key works wherever the focus is, but not on other pages. */
  if (!self->usable || has_texts (self) || !gtk_widget_get_mapped (widget))
    return;
  if (gdk_content_formats_contain_gtype (readable, GDK_TYPE_FILE_LIST))
    type = GDK_TYPE_FILE_LIST;
  else if (gdk_content_formats_contain_gtype (readable, GDK_TYPE_TEXTURE))
    type = GDK_TYPE_TEXTURE;
  if (type == G_TYPE_INVALID)
    {
      show_view (self, TRUE);
      slope_predict_picture_fail (self->picture, _ ("There is no picture to paste."),
                                  _ ("Copy a picture, or a picture's file, first."));
      return;
    }
  gdk_clipboard_read_value_async (clipboard, type, G_PRIORITY_DEFAULT, self->paste, pasted_cb,
                                  g_object_ref (self));
}

static gboolean
drop_cb (SlopePredictPage *self, const GValue *value)
{
  if (!self->usable || (has_texts (self) && !G_VALUE_HOLDS (value, GDK_TYPE_FILE_LIST)))
    return FALSE;
  return open_value (self, value);
}

static void
add_drop_target (SlopePredictPage *self)
{
  GtkDropTarget *drop = gtk_drop_target_new (G_TYPE_INVALID, GDK_ACTION_COPY);
  GType types[] = { GDK_TYPE_FILE_LIST, GDK_TYPE_TEXTURE };

  gtk_drop_target_set_gtypes (drop, types, G_N_ELEMENTS (types));
  g_signal_connect_swapped (drop, "drop", G_CALLBACK (drop_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drop));
}

static void
add_paste_key (SlopePredictPage *self)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_shortcut_controller_set_scope (GTK_SHORTCUT_CONTROLLER (controller),
                                     GTK_SHORTCUT_SCOPE_GLOBAL);
  gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (controller),
      gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_v, GDK_CONTROL_MASK),
                        gtk_named_action_new ("predict.paste")));
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
}

/* ---- Runs */

/* Of texts there is something to do with either kind of model. */
static void
run_changed_cb (SlopePredictPage *self)
{
  const gint64 run = slope_run_choice_get_run (self->run);
  const gint64 writer = slope_predict_text_get_writer (self->text);

  if (self->project == NULL)
    return;
  self->usable = run > 0 || writer > 0;
  gtk_stack_set_visible_child_name (self->stack, self->usable ? "views" : "empty");
  gtk_widget_set_visible (GTK_WIDGET (self->run), run > 0);
  gtk_widget_set_sensitive (self->folder_button, run > 0);
  slope_predict_folder_set_run (self->folder, run);
  if (!has_texts (self))
    slope_predict_picture_set_run (self->picture, run);
  else
    slope_predict_text_set_run (self->text, run);
}

static void
go_to_train_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_widget_activate_action (widget, "win.show-page", "s", "train");
}

/* There is something to search in the table only. */
static void
search_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SlopePredictPage *self = SLOPE_PREDICT_PAGE (widget);

  if (slope_run_choice_get_run (self->run) == 0)
    return;
  show_view (self, FALSE);
  slope_predict_folder_focus (self->folder, TRUE);
}

/* ---- Object */

static gboolean
slope_predict_page_grab_focus (GtkWidget *widget)
{
  SlopePredictPage *self = SLOPE_PREDICT_PAGE (widget);

  if (self->usable && !shows_picture (self) && slope_predict_folder_focus (self->folder, FALSE))
    return TRUE;
  if (self->usable && shows_picture (self) && has_texts (self))
    return gtk_widget_grab_focus (GTK_WIDGET (self->text));
  return gtk_widget_child_focus (GTK_WIDGET (self->usable ? self->views : self->stack),
                                 GTK_DIR_TAB_FORWARD);
}

static void
slope_predict_page_dispose (GObject *object)
{
  SlopePredictPage *self = SLOPE_PREDICT_PAGE (object);

  if (self->stack != NULL)
    slope_predict_page_set_project (self, NULL);
  g_cancellable_cancel (self->paste);
  g_clear_object (&self->paste);
  g_clear_object (&self->chooser);
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), SLOPE_TYPE_PREDICT_PAGE);
  self->stack = NULL;
  forget_pasted (self);
  G_OBJECT_CLASS (slope_predict_page_parent_class)->dispose (object);
}

static void
slope_predict_page_class_init (SlopePredictPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = slope_predict_page_dispose;
  widget_class->grab_focus = slope_predict_page_grab_focus;
  g_type_ensure (SLOPE_TYPE_PREDICT_PICTURE);
  g_type_ensure (SLOPE_TYPE_PREDICT_FOLDER);
  g_type_ensure (SLOPE_TYPE_PREDICT_TEXT);
  g_type_ensure (SLOPE_TYPE_RUN_CHOICE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/slopeml/Slope/slope-predict-page.ui");
  gtk_widget_class_bind_template_child (widget_class, SlopePredictPage, stack);
  gtk_widget_class_bind_template_child (widget_class, SlopePredictPage, views);
  gtk_widget_class_bind_template_child (widget_class, SlopePredictPage, picture_button);
  gtk_widget_class_bind_template_child (widget_class, SlopePredictPage, empty_page);
  gtk_widget_class_bind_template_child (widget_class, SlopePredictPage, folder_button);
  gtk_widget_class_bind_template_child (widget_class, SlopePredictPage, paste_button);
  gtk_widget_class_bind_template_child (widget_class, SlopePredictPage, run);
  gtk_widget_class_bind_template_child (widget_class, SlopePredictPage, text);
  gtk_widget_class_bind_template_child (widget_class, SlopePredictPage, picture);
  gtk_widget_class_bind_template_child (widget_class, SlopePredictPage, folder);
  gtk_widget_class_bind_template_callback (widget_class, view_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, run_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, picture_activated_cb);
  gtk_widget_class_install_action (widget_class, "page.search", NULL, search_action);
  gtk_widget_class_install_action (widget_class, "predict.open", NULL, open_action);
  gtk_widget_class_install_action (widget_class, "predict.paste", NULL, paste_action);
  gtk_widget_class_install_action (widget_class, "predict.go-to-train", NULL, go_to_train_action);
  gtk_widget_class_set_css_name (widget_class, "predictpage");
}

static void
slope_predict_page_init (SlopePredictPage *self)
{
  self->paste = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  slope_run_choice_set_label (self->run, _ ("Model"));
  add_drop_target (self);
  add_paste_key (self);
}

GtkWidget *
slope_predict_page_new (void)
{
  return g_object_new (SLOPE_TYPE_PREDICT_PAGE, NULL);
}

/* What is called otherwise of texts, and what there is of pictures alone. */
static void
begin_kind (SlopePredictPage *self)
{
  const gboolean texts = has_texts (self);

  gtk_button_set_label (GTK_BUTTON (self->picture_button),
                        texts ? C_ ("view", "Text") : _ ("Picture"));
  gtk_widget_set_visible (self->paste_button, !texts);
  adw_status_page_set_description (
      self->empty_page,
      texts ? _ ("A trained model says here what it makes of a text of yours, or writes on.")
            : _ ("A trained model says here what it sees in a picture of yours."));
  show_view (self, TRUE);
}

void
slope_predict_page_set_project (SlopePredictPage *self, SlProject *project)
{
  g_return_if_fail (SLOPE_IS_PREDICT_PAGE (self));
  g_return_if_fail (project == NULL || SL_IS_PROJECT (project));

  if (self->project == project)
    return;
  slope_run_choice_set_project (self->run, NULL, NULL);
  self->usable = FALSE;
  forget_pasted (self);
  g_set_object (&self->project, project);
  slope_predict_picture_set_project (self->picture, has_texts (self) ? NULL : project);
  slope_predict_text_set_project (self->text, has_texts (self) ? project : NULL);
  slope_predict_folder_set_project (self->folder, project);
  if (project == NULL)
    return;
  begin_kind (self);
  slope_run_choice_set_project (self->run, project, sl_project_get_task (project));
  run_changed_cb (self);
}
