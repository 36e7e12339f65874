/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-mask-save.h"

#include "slope-window.h"

#include <glib/gi18n.h>
#include <string.h>

typedef struct
{
  SlPicture *mask;
  char *path;
} Save;

static void
save_free (gpointer data)
{
  Save *save = data;

  sl_picture_unref (save->mask);
  g_free (save->path);
  g_free (save);
}

/* Place @i of @n in the picture → place in what was seen of it. */
static int
place (int i, int n, double low, double high, int size)
{
  const double share = ((i + .5) / n - low) / (high - low);

  return CLAMP ((int)(share * size), 0, size - 1);
}

SlPicture *
slope_mask_stretch (const SlPrediction *prediction, int width, int height)
{
  SlPicture *mask = sl_picture_new (width, height);
  const float *seen = prediction->seen;

  for (int y = 0; y < height; y++)
    {
      const int row = place (y, height, seen[1], seen[3], prediction->mask_height);

      for (int x = 0; x < width; x++)
        {
          const int column = place (x, width, seen[0], seen[2], prediction->mask_width);

          memset (mask->pixels + 3 * ((gsize)y * (gsize)width + (gsize)x),
                  prediction->mask[(gsize)row * (gsize)prediction->mask_width + (gsize)column], 3);
        }
    }
  return mask;
}

static void
write_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Save *save = task_data;
  GError *error = NULL;

  if (sl_picture_save_png (save->mask, save->path, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  const Save *save = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_filename_display_basename (save->path);
  g_autofree char *text = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &error))
    /* translators: a file name */
    text = g_strdup_printf (_ ("Saved “%s”"), name);
  else
    text = g_strdup (error->message);
  slope_window_toast (GTK_WIDGET (source), text, NULL, NULL);
}

/* The dialog carries the task, which goes with it where nothing is saved. */
static void
response_cb (GtkFileChooserNative *chooser, int response, GTask *task)
{
  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
      Save *save = g_task_get_task_data (task);

      save->path = g_file_get_path (file);
      if (save->path != NULL)
        g_task_run_in_thread (task, write_in_thread);
    }
  g_object_unref (chooser);
}

void
slope_mask_save (GtkWidget *widget, const SlPrediction *prediction, int width, int height,
                 const char *name)
{
  GtkFileChooserNative *chooser;
  Save *save;
  GTask *task;

  g_return_if_fail (GTK_IS_WIDGET (widget) && prediction != NULL && prediction->mask != NULL);
  g_return_if_fail (width > 0 && height > 0 && name != NULL);

  task = g_task_new (widget, NULL, written_cb, NULL);
  g_task_set_source_tag (task, slope_mask_save);
  save = g_new0 (Save, 1);
  save->mask = slope_mask_stretch (prediction, width, height);
  g_task_set_task_data (task, save, save_free);
  chooser = gtk_file_chooser_native_new (_ ("Save Mask"), GTK_WINDOW (gtk_widget_get_root (widget)),
                                         GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Save"), _ ("_Cancel"));
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), name);
  g_signal_connect_data (chooser, "response", G_CALLBACK (response_cb), task,
                         (GClosureNotify)g_object_unref, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}
