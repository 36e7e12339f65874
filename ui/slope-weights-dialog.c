/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slope-weights-dialog.h"

#include "config.h"
#include "slope-files.h"

#include <adwaita.h>
#include <glib/gi18n.h>

typedef struct
{
  GtkWidget *parent; /* owned */
  SlCatalogue *catalogue;
  const SlWeights *weights; /* of the catalogue */
  char *path;
  GCancellable *cancellable;
  SlopeJobBar *job_bar; /* weak: it cancels when it goes */
  GFunc ready;
  gpointer data;
  GDestroyNotify destroy;
} Fetch;

static void
fetch_free (Fetch *self)
{
  if (self->destroy)
    self->destroy (self->data);
  g_clear_weak_pointer (&self->job_bar);
  g_clear_object (&self->parent);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->catalogue, sl_catalogue_free);
  g_free (self->path);
  g_free (self);
}

static GtkWidget *
new_dialog (Fetch *self, const char *heading, const char *body)
{
  GtkRoot *root = gtk_widget_get_root (self->parent);
  return adw_message_dialog_new (root ? GTK_WINDOW (root) : NULL, heading, body);
}

/* ---- Failed */

static void
failure_answered (Fetch *self, const char *response)
{
  g_autofree char *folder = sl_weights_dup_folder ();
  if (g_str_equal (response, "folder"))
    {
      g_mkdir_with_parents (folder, 0755);
      slope_show_in_files (self->parent, self->path);
    }
  fetch_free (self);
}

static void
show_failure (Fetch *self, const GError *error)
{
  GtkWidget *dialog = new_dialog (self, _ ("The Weights Could Not Be Downloaded"), error->message);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "folder", _ ("_Open Folder"),
                                    "close", _ ("_Close"), NULL);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "close");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "close");
  g_signal_connect_swapped (dialog, "response", G_CALLBACK (failure_answered), self);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* ---- Downloading */

static void
progress (guint64 done, guint64 total, double rate, gpointer data)
{
  Fetch *self = data;
  if (self->job_bar)
    slope_job_bar_set_download_progress (self->job_bar, done, total, rate);
}

static void
download_ended (GObject *source, GAsyncResult *result, gpointer data)
{
  Fetch *self = data;
  g_autoptr (GError) error = NULL;
  const gboolean ok = sl_download_finish (result, &error);
  if (self->job_bar)
    slope_job_bar_end_download (self->job_bar);
  if (!ok && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      show_failure (self, error);
      return;
    }
  if (ok)
    self->ready (self->data, self->parent);
  fetch_free (self);
}

static void
start_download (Fetch *self)
{
  SlDownload what = sl_weights_get_download (self->weights, self->path);
  slope_job_bar_begin_download (self->job_bar, self->weights->file_name, self->cancellable);
  sl_download_async (&what, self->cancellable, progress, self, download_ended, self);
}

/* ---- Asking */

static void
question_answered (Fetch *self, const char *response)
{
  /* The window may have been closed, and what it waits for been begun elsewhere. */
  if (g_str_equal (response, "download") && self->job_bar
      && !slope_job_bar_is_downloading (self->job_bar))
    start_download (self);
  else
    fetch_free (self);
}

static void
ask (Fetch *self)
{
  const SlWeights *weights = self->weights;
  g_autoptr (GString) body = g_string_new (NULL);
  g_autofree char *size = g_format_size (weights->n_bytes);
  GtkWidget *dialog;
  /* Translators: name of a data set that a network was trained on, such as ImageNet */
  g_string_append_printf (body,
                          _ ("The network starts from public weights, trained on %s. They "
                             "are downloaded once and kept."),
                          weights->trained_on);
  g_string_append (body, "\n\n");
  if (weights->n_bytes > 0)
    g_string_append_printf (body, _ ("Size: %s"), size);
  if (weights->n_bytes > 0)
    g_string_append_c (body, '\n');
  g_string_append_printf (body, _ ("Licence: %s"), weights->licence);
  g_string_append_c (body, '\n');
  g_string_append_printf (body, _ ("Address: %s"), weights->address);
  if (weights->terms)
    {
      g_string_append (body, "\n\n");
      /* Translators: name of a data set, address of its terms */
      g_string_append_printf (body, _ ("The terms of %s may limit what you use them for: %s"),
                              weights->trained_on, weights->terms);
    }
  dialog = new_dialog (self, _ ("Download Weights?"), body->str);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"),
                                    "download", _ ("_Download"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "download",
                                              ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "download");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_swapped (dialog, "response", G_CALLBACK (question_answered), self);
  gtk_window_present (GTK_WINDOW (dialog));
}

void
slope_weights_ensure (GtkWidget *parent, SlopeJobBar *job_bar, const SlRecipe *recipe, GFunc ready,
                      gpointer data, GDestroyNotify destroy)
{
  Fetch *self = g_new0 (Fetch, 1);
  self->parent = g_object_ref (parent);
  g_set_weak_pointer (&self->job_bar, job_bar);
  self->cancellable = g_cancellable_new ();
  self->ready = ready;
  self->data = data;
  self->destroy = destroy;
  if (g_str_equal (recipe->pretrained, "auto"))
    self->catalogue = sl_catalogue_load (NULL, NULL); /* what is wrong with it the job will say */
  if (self->catalogue)
    self->weights = sl_catalogue_find_arch (self->catalogue, recipe->arch);
  if (!self->weights || sl_weights_is_here (self->weights))
    {
      ready (data, parent);
      fetch_free (self);
      return;
    }
  self->path = sl_weights_dup_path (self->weights);
  ask (self);
}
