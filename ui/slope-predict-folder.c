/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-predict-folder.h"

#include "slope-note.h"
#include "slope-picture-files.h"
#include "slope-predict-columns.h"
#include "slope-prediction-row.h"
#include "slope-text-files.h"
#include "slope-widgets.h"
#include "task-views/slope-task-view.h"

#include <adwaita.h>
#include <glib/gi18n.h>

struct _SlopePredictFolder
{
  GtkWidget parent_instance;
  SlopeNote *failure; /* template children: not owned */
  GtkStack *stack;
  AdwStatusPage *empty_page;
  GtkSearchEntry *search;
  GtkLabel *status;
  GtkProgressBar *progress;
  GtkToggleButton *nine_views;
  GtkWidget *stop; /* while it works, */
  GtkWidget *save; /* and in its place then */
  GtkColumnView *table;
  SlProject *project; /* owned */
  const SlopeTaskView *view;
  gint64 run_id;
  GFile *folder;    /* (nullable): names are shown from here */
  GPtrArray *paths; /* of char *; what is to be looked at */
  GListStore *rows; /* of SlopePredictionRow; as many as are done */
  GtkFilterListModel *found;
  GCancellable *cancellable; /* while it works */
  guint n_failed;
  GtkFileChooserNative *chooser; /* while "Save as CSV" asks */
};

enum
{
  PICTURE_ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SlopePredictFolder, slope_predict_folder, GTK_TYPE_WIDGET)

/* What belongs to one pass over the files. */
typedef struct
{
  SlopePredictFolder *self;  /* owned */
  GCancellable *cancellable; /* owned */
} Pass;

static Pass *
pass_new (SlopePredictFolder *self)
{
  Pass *pass = g_new (Pass, 1);

  pass->self = g_object_ref (self);
  pass->cancellable = g_object_ref (self->cancellable);
  return pass;
}

static void
pass_free (Pass *pass)
{
  g_object_unref (pass->self);
  g_object_unref (pass->cancellable);
  g_free (pass);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Pass, pass_free)

/* ---- What is shown */

static gboolean
has_texts (SlopePredictFolder *self)
{
  return self->project != NULL && sl_project_get_task (self->project)->texts;
}

static void
search_stopped_cb (SlopePredictFolder *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  gtk_widget_grab_focus (GTK_WIDGET (self->table));
}

static void
set_failure (SlopePredictFolder *self, const char *heading, const char *text)
{
  gtk_widget_set_visible (GTK_WIDGET (self->failure), heading != NULL);
  if (heading != NULL)
    slope_note_set (self->failure, SLOPE_NOTE_ERROR, heading, text, NULL, TRUE);
}

static void
update_status (SlopePredictFolder *self)
{
  const guint done = g_list_model_get_n_items (G_LIST_MODEL (self->rows));
  const guint shown = g_list_model_get_n_items (G_LIST_MODEL (self->found));
  const gboolean working = self->cancellable != NULL;
  const gboolean searching = *gtk_editable_get_text (GTK_EDITABLE (self->search)) != '\0';
  g_autofree char *text = NULL;

  if (working && self->paths != NULL)
    text = g_strdup_printf (
        has_texts (self)
            /* translators: how many texts of a folder the model has read */
            ? ngettext ("%1$u of %2$u text", "%1$u of %2$u texts", self->paths->len)
            /* translators: how many pictures of a folder the model has looked at */
            : ngettext ("%1$u of %2$u picture", "%1$u of %2$u pictures", self->paths->len),
        done, self->paths->len);
  else if (searching)
    text = g_strdup_printf (ngettext ("%1$u of %2$u found", "%1$u of %2$u found", done), shown,
                            done);
  else
    text = g_strdup_printf (has_texts (self) ? ngettext ("%u text", "%u texts", done)
                                             : ngettext ("%u picture", "%u pictures", done),
                            done);
  gtk_label_set_text (self->status, text);
  gtk_widget_set_visible (GTK_WIDGET (self->progress), working);
  if (working && self->paths != NULL)
    gtk_progress_bar_set_fraction (self->progress, (double)done / MAX (self->paths->len, 1));
  gtk_widget_set_visible (self->stop, working);
  gtk_widget_set_visible (self->save, !working);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "folder.cancel", working);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "folder.save", !working && done > 0);
}

static void
finish (SlopePredictFolder *self)
{
  g_clear_object (&self->cancellable);
  update_status (self);
}

/* Names the first file that could not be read; the table has them all. */
static void
report_failed (SlopePredictFolder *self, SlopePredictionRow *row)
{
  g_autofree char *heading = NULL;
  g_autofree char *text = NULL;

  self->n_failed++;
  if (self->n_failed == 1)
    /* translators: a file name */
    heading = g_strdup_printf (_ ("“%s” could not be used."), slope_prediction_row_get_name (row));
  else
    heading = g_strdup_printf (
        ngettext ("%u file could not be used.", "%u files could not be used.", self->n_failed),
        self->n_failed);
  if (self->n_failed == 1)
    text = g_strdup (slope_prediction_row_get_reason (row));
  else
    /* translators: the last file that could not be used, and why */
    text = g_strdup_printf (_ ("The last: “%1$s”. %2$s"), slope_prediction_row_get_name (row),
                            slope_prediction_row_get_reason (row));
  set_failure (self, heading, text);
}

/* ---- One picture, or text, after the other */

static void predict_next (SlopePredictFolder *self);

static char *
shown_name (SlopePredictFolder *self, const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autofree char *relative = self->folder != NULL ? g_file_get_relative_path (self->folder, file)
                                                   : NULL;

  return relative != NULL ? g_filename_display_name (relative) : g_filename_display_basename (path);
}

/* @prediction: (nullable): @error says why there is none.  Goes on with the next file. */
static void
take_answer (SlopePredictFolder *self, const SlPrediction *prediction, const GError *error)
{
  g_autoptr (SlopePredictionRow) row = NULL;
  g_autofree char *name = NULL;
  const char *path;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      finish (self);
      return;
    }
  path = self->paths->pdata[g_list_model_get_n_items (G_LIST_MODEL (self->rows))];
  name = shown_name (self, path);
  if (prediction != NULL)
    {
      g_autofree char *words = slope_task_view_say (
          self->view, sl_project_get_classes (self->project), prediction->predicted);

      row = slope_prediction_row_new (path, name, prediction->predicted, words,
                                      prediction->probability);
    }
  else
    row = slope_prediction_row_new_failed (path, name, error->message);
  g_list_store_append (self->rows, row);
  if (prediction == NULL)
    report_failed (self, row);
  predict_next (self);
}

static void
predicted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Pass) pass = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SlPrediction)
      prediction = sl_project_predict_finish (SL_PROJECT (source), result, &error);

  if (pass->cancellable == pass->self->cancellable)
    take_answer (pass->self, prediction, error);
}

static void
text_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Pass) pass = user_data;
  SlopePredictFolder *self = pass->self;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = slope_text_file_read_finish (result, &error);

  if (pass->cancellable != self->cancellable)
    return;
  if (text == NULL)
    take_answer (self, NULL, error);
  else
    sl_project_predict_text_async (self->project, self->run_id, text, NULL, self->cancellable,
                                   predicted_cb, pass_new (self));
}

static void
predict_next (SlopePredictFolder *self)
{
  const guint done = g_list_model_get_n_items (G_LIST_MODEL (self->rows));

  if (done == self->paths->len || g_cancellable_is_cancelled (self->cancellable))
    {
      finish (self);
      return;
    }
  update_status (self);
  if (has_texts (self))
    slope_text_file_read_async (self->paths->pdata[done], self->cancellable, text_read_cb,
                                pass_new (self));
  else
    sl_project_predict_async (self->project, self->run_id, self->paths->pdata[done],
                              gtk_toggle_button_get_active (self->nine_views), self->cancellable,
                              predicted_cb, pass_new (self));
}

static void
stop (SlopePredictFolder *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  update_status (self);
}

static void
begin (SlopePredictFolder *self)
{
  stop (self);
  g_list_store_remove_all (self->rows);
  self->n_failed = 0;
  set_failure (self, NULL, NULL);
  if (self->project == NULL || self->paths == NULL || self->run_id == 0)
    return;
  gtk_stack_set_visible_child_name (self->stack, "table");
  self->cancellable = g_cancellable_new ();
  predict_next (self);
}

/* All pictures are asked about again: a table says either the one or the other. */
static void
nine_views_toggled_cb (SlopePredictFolder *self)
{
  if (self->paths != NULL)
    begin (self);
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Pass) pass = user_data;
  SlopePredictFolder *self = pass->self;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) paths = slope_picture_files_list_finish (result, &error);
  g_autofree char *name = NULL;
  g_autofree char *heading = NULL;

  if (pass->cancellable != self->cancellable)
    return;
  finish (self);
  name = g_file_get_parse_name (self->folder);
  if (paths != NULL && paths->len > 0)
    {
      self->paths = g_steal_pointer (&paths);
      begin (self);
      return;
    }
  gtk_stack_set_visible_child_name (self->stack, "empty");
  if (paths == NULL)
    /* translators: a folder's name */
    heading = g_strdup_printf (_ ("“%s” could not be read."), name);
  else if (has_texts (self))
    heading = g_strdup_printf (_ ("There is no text file (.txt) in “%s”."), name);
  else
    heading = g_strdup_printf (_ ("There is no picture in “%s”."), name);
  set_failure (self, heading, paths == NULL ? error->message : _ ("Choose another folder."));
}

/* ---- Search, cancel, save */

static gboolean
row_matches (gpointer item, gpointer user_data)
{
  SlopePredictFolder *self = user_data;
  const char *words = slope_prediction_row_get_words (item);
  g_autofree char *key = g_utf8_casefold (gtk_editable_get_text (GTK_EDITABLE (self->search)), -1);
  g_autofree char *name = g_utf8_casefold (slope_prediction_row_get_name (item), -1);
  g_autofree char *said = g_utf8_casefold (words != NULL ? words : "", -1);

  return strstr (name, key) != NULL || strstr (said, key) != NULL;
}

static void
search_changed_cb (SlopePredictFolder *self)
{
  gtk_filter_changed (gtk_filter_list_model_get_filter (self->found), GTK_FILTER_CHANGE_DIFFERENT);
  update_status (self);
}

static void
cancel_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  stop (SLOPE_PREDICT_FOLDER (widget));
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SlopePredictFolder) self = user_data;
  g_autoptr (GError) error = NULL;

  if (g_file_replace_contents_finish (G_FILE (source), result, NULL, &error))
    return;
  if (self->stack != NULL)
    set_failure (self, _ ("The table could not be saved."), error->message);
}

static void
save_response_cb (SlopePredictFolder *self, int response)
{
  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser));
      char *csv = slope_prediction_rows_to_csv (G_LIST_MODEL (self->rows));
      g_autoptr (GBytes) bytes = g_bytes_new_take (csv, strlen (csv));

      g_file_replace_contents_bytes_async (file, bytes, NULL, FALSE, G_FILE_CREATE_NONE, NULL,
                                           saved_cb, g_object_ref (self));
    }
  g_clear_object (&self->chooser);
}

static void
save_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SlopePredictFolder *self = SLOPE_PREDICT_FOLDER (widget);
  GtkRoot *root = gtk_widget_get_root (widget);

  g_clear_object (&self->chooser);
  self->chooser = gtk_file_chooser_native_new (_ ("Save as CSV"), GTK_WINDOW (root),
                                               GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Save"),
                                               _ ("_Cancel"));
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), _ ("predictions.csv"));
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (save_response_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
row_activated_cb (SlopePredictFolder *self, guint position)
{
  GListModel *model = G_LIST_MODEL (gtk_column_view_get_model (self->table));
  g_autoptr (SlopePredictionRow) row = g_list_model_get_item (model, position);

  g_signal_emit (self, signals[PICTURE_ACTIVATED], 0, slope_prediction_row_get_path (row),
                 gtk_toggle_button_get_active (self->nine_views));
}

static void
failure_closed_cb (SlopePredictFolder *self)
{
  set_failure (self, NULL, NULL);
}

/* ---- Object */

static void
slope_predict_folder_dispose (GObject *object)
{
  SlopePredictFolder *self = SLOPE_PREDICT_FOLDER (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->table != NULL)
    gtk_column_view_set_model (self->table, NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), SLOPE_TYPE_PREDICT_FOLDER);
  slope_widget_unparent_children (GTK_WIDGET (self));
  g_clear_object (&self->chooser);
  g_clear_object (&self->found);
  g_clear_object (&self->rows);
  g_clear_object (&self->project);
  g_clear_object (&self->folder);
  g_clear_pointer (&self->paths, g_ptr_array_unref);
  G_OBJECT_CLASS (slope_predict_folder_parent_class)->dispose (object);
}

static void
slope_predict_folder_class_init (SlopePredictFolderClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = slope_predict_folder_dispose;
  signals[PICTURE_ACTIVATED] = g_signal_new ("picture-activated", G_TYPE_FROM_CLASS (klass),
                                             G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                                             G_TYPE_STRING, G_TYPE_BOOLEAN);
  g_type_ensure (SLOPE_TYPE_NOTE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/slopeml/Slope/slope-predict-folder.ui");
  gtk_widget_class_bind_template_child (widget_class, SlopePredictFolder, failure);
  gtk_widget_class_bind_template_child (widget_class, SlopePredictFolder, stack);
  gtk_widget_class_bind_template_child (widget_class, SlopePredictFolder, empty_page);
  gtk_widget_class_bind_template_child (widget_class, SlopePredictFolder, search);
  gtk_widget_class_bind_template_child (widget_class, SlopePredictFolder, status);
  gtk_widget_class_bind_template_child (widget_class, SlopePredictFolder, progress);
  gtk_widget_class_bind_template_child (widget_class, SlopePredictFolder, nine_views);
  gtk_widget_class_bind_template_child (widget_class, SlopePredictFolder, stop);
  gtk_widget_class_bind_template_child (widget_class, SlopePredictFolder, save);
  gtk_widget_class_bind_template_child (widget_class, SlopePredictFolder, table);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_stopped_cb);
  gtk_widget_class_bind_template_callback (widget_class, nine_views_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, failure_closed_cb);
  gtk_widget_class_install_action (widget_class, "folder.cancel", NULL, cancel_action);
  gtk_widget_class_install_action (widget_class, "folder.save", NULL, save_action);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "predictfolder");
}

static void
slope_predict_folder_init (SlopePredictFolder *self)
{
  GtkFilter *filter = GTK_FILTER (gtk_custom_filter_new (row_matches, self, NULL));

  self->rows = g_list_store_new (SLOPE_TYPE_PREDICTION_ROW);
  self->found = gtk_filter_list_model_new (G_LIST_MODEL (g_object_ref (self->rows)), NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_filter_list_model_set_filter (self->found, filter);
  g_object_unref (filter);
  update_status (self);
}

/* ---- Public */

static void
set_words (SlopePredictFolder *self)
{
  const gboolean texts = has_texts (self);

  adw_status_page_set_description (
      self->empty_page,
      texts ? _ ("The model reads every text file in it, and the answers can be saved as a table.")
            : _ ("The model looks at every picture in it, and the answers can be saved as a "
                 "table."));
  gtk_accessible_update_property (
      GTK_ACCESSIBLE (self->status), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
      texts ? _ ("Texts in the table") : _ ("Pictures in the table"), -1);
  gtk_accessible_update_property (
      GTK_ACCESSIBLE (self->progress), GTK_ACCESSIBLE_PROPERTY_LABEL,
      texts ? _ ("Texts read by the model") : _ ("Pictures looked at by the model"), -1);
}

void
slope_predict_folder_set_project (SlopePredictFolder *self, SlProject *project)
{
  GtkSorter *sorter = gtk_column_view_get_sorter (self->table);
  GtkSingleSelection *selection;
  GtkSortListModel *sorted;

  g_return_if_fail (SLOPE_IS_PREDICT_FOLDER (self));
  g_return_if_fail (project == NULL || SL_IS_PROJECT (project));

  stop (self);
  gtk_column_view_set_model (self->table, NULL);
  g_list_store_remove_all (self->rows);
  g_clear_pointer (&self->paths, g_ptr_array_unref);
  g_clear_object (&self->folder);
  g_set_object (&self->project, project);
  self->run_id = 0;
  set_failure (self, NULL, NULL);
  gtk_stack_set_visible_child_name (self->stack, "empty");
  slope_predict_columns_set (self->table,
                             project != NULL ? sl_project_get_classes (project) : NULL);
  if (project == NULL)
    return;
  self->view = slope_task_view_for (sl_project_get_task (project));
  set_words (self);
  gtk_widget_set_visible (GTK_WIDGET (self->nine_views), sl_project_get_task (project)->may_blend);
  sorted = gtk_sort_list_model_new (G_LIST_MODEL (g_object_ref (self->found)),
                                    g_object_ref (sorter));
  selection = gtk_single_selection_new (NULL);
  gtk_single_selection_set_autoselect (selection, FALSE);
  gtk_single_selection_set_model (selection, G_LIST_MODEL (sorted));
  gtk_column_view_set_model (self->table, GTK_SELECTION_MODEL (selection));
  g_object_unref (selection);
  g_object_unref (sorted);
}

void
slope_predict_folder_set_run (SlopePredictFolder *self, gint64 run_id)
{
  g_return_if_fail (SLOPE_IS_PREDICT_FOLDER (self));

  if (self->run_id == run_id)
    return;
  self->run_id = run_id;
  begin (self);
}

void
slope_predict_folder_open (SlopePredictFolder *self, GFile *folder)
{
  g_return_if_fail (SLOPE_IS_PREDICT_FOLDER (self));
  g_return_if_fail (G_IS_FILE (folder));

  stop (self);
  g_set_object (&self->folder, folder);
  g_clear_pointer (&self->paths, g_ptr_array_unref);
  g_list_store_remove_all (self->rows);
  set_failure (self, NULL, NULL);
  self->cancellable = g_cancellable_new ();
  update_status (self);
  slope_picture_files_list_async (folder, has_texts (self), self->cancellable, listed_cb,
                                  pass_new (self));
}

void
slope_predict_folder_open_files (SlopePredictFolder *self, GPtrArray *paths)
{
  g_return_if_fail (SLOPE_IS_PREDICT_FOLDER (self));
  g_return_if_fail (paths != NULL);

  stop (self);
  g_clear_object (&self->folder);
  g_clear_pointer (&self->paths, g_ptr_array_unref);
  self->paths = paths;
  begin (self);
}

GListModel *
slope_predict_folder_get_rows (SlopePredictFolder *self)
{
  g_return_val_if_fail (SLOPE_IS_PREDICT_FOLDER (self), NULL);

  return G_LIST_MODEL (self->rows);
}

gboolean
slope_predict_folder_is_working (SlopePredictFolder *self)
{
  g_return_val_if_fail (SLOPE_IS_PREDICT_FOLDER (self), FALSE);

  return self->cancellable != NULL;
}

gboolean
slope_predict_folder_focus (SlopePredictFolder *self, gboolean search)
{
  g_return_val_if_fail (SLOPE_IS_PREDICT_FOLDER (self), FALSE);

  if (g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "table") != 0)
    return gtk_widget_child_focus (GTK_WIDGET (self->stack), GTK_DIR_TAB_FORWARD);
  return gtk_widget_grab_focus (search ? GTK_WIDGET (self->search) : GTK_WIDGET (self->table));
}
