/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slope-plot-save.h"

#include "config.h"
#include "slope-window.h"

#include <cairo-svg.h>
#include <glib/gi18n.h>

#define TITLE_HEIGHT 36
#define PNG_SCALE 2

static cairo_status_t
append_bytes (void *closure, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

static void
draw_page (const SlopeFigure *self, cairo_surface_t *surface, const SlopePlotStyle *style,
           const char *title, int width, int height)
{
  cairo_t *cr = cairo_create (surface);
  slope_draw_set_color (cr, &style->card, 1);
  cairo_paint (cr);
  slope_draw_text (cr, style, title, SLOPE_TEXT_BOLD, &style->fg, 0.85, 14, TITLE_HEIGHT / 2.0, 0);
  cairo_translate (cr, 0, TITLE_HEIGHT);
  slope_figure_draw (self, cr, style, width, height - TITLE_HEIGHT);
  cairo_destroy (cr);
}

GBytes *
slope_figure_export (const SlopeFigure *self, SlopePlotFormat format, const SlopePlotStyle *style,
                     const char *title, int width, int height)
{
  GByteArray *bytes;
  cairo_surface_t *surface;

  g_return_val_if_fail (width > 0 && height > TITLE_HEIGHT, NULL);
  if (format == SLOPE_PLOT_CSV)
    {
      char *csv = slope_figure_to_csv (self);
      return g_bytes_new_take (csv, strlen (csv));
    }
  bytes = g_byte_array_new ();
  if (format == SLOPE_PLOT_SVG)
    surface = cairo_svg_surface_create_for_stream (append_bytes, bytes, width, height);
  else
    {
      surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, PNG_SCALE * width,
                                            PNG_SCALE * height);
      cairo_surface_set_device_scale (surface, PNG_SCALE, PNG_SCALE);
    }
  draw_page (self, surface, style, title, width, height);
  if (format == SLOPE_PLOT_PNG)
    cairo_surface_write_to_png_stream (surface, append_bytes, bytes);
  cairo_surface_finish (surface);
  cairo_surface_destroy (surface);
  return g_byte_array_free_to_bytes (bytes);
}

/* ---- The question where to, and the writing. */

typedef struct
{
  GtkWidget *widget;             /* owned reference */
  GtkFileChooserNative *chooser; /* owned: it must live until its response */
  GBytes *bytes;                 /* owned */
} Saving;

static void
saving_free (Saving *saving)
{
  g_object_unref (saving->widget);
  g_object_unref (saving->chooser);
  g_bytes_unref (saving->bytes);
  g_free (saving);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Saving, saving_free)

static void
written (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Saving) saving = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_file_get_basename (G_FILE (source));
  g_autofree char *text = NULL;
  if (g_file_replace_contents_finish (G_FILE (source), result, NULL, &error))
    /* Translators: %s is a file name */
    text = g_strdup_printf (_ ("Saved %s"), name);
  else
    /* Translators: file name, reason */
    text = g_strdup_printf (_ ("%s can’t be saved: %s"), name, error->message);
  slope_window_toast (saving->widget, text, NULL, NULL);
}

static void
chosen (GtkNativeDialog *dialog, int response, gpointer data)
{
  g_autoptr (Saving) saving = data;
  g_autoptr (GFile) file = NULL;
  if (response != GTK_RESPONSE_ACCEPT)
    return;
  file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  g_file_replace_contents_bytes_async (file, saving->bytes, NULL, FALSE, G_FILE_CREATE_NONE, NULL,
                                       written, saving);
  g_steal_pointer (&saving);
}

void
slope_plot_save_ask (GtkWidget *widget, const SlopeFigure *figure, const char *title,
                     SlopePlotFormat format)
{
  static const char *const suffixes[] = { "png", "svg", "csv" };
  Saving *saving = g_new0 (Saving, 1);
  GtkRoot *root = gtk_widget_get_root (widget);
  g_autofree char *name = g_strdup_printf ("%s.%s", title, suffixes[format]);
  SlopePlotStyle style;

  slope_plot_style_init_from_widget (&style, widget);
  saving->widget = g_object_ref (widget);
  saving->bytes = slope_figure_export (figure, format, &style, title,
                                       MAX (gtk_widget_get_width (widget), 400),
                                       MAX (gtk_widget_get_height (widget), 300) + TITLE_HEIGHT);
  saving->chooser = gtk_file_chooser_native_new (_ ("Save Plot"), root ? GTK_WINDOW (root) : NULL,
                                                 GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Save"),
                                                 _ ("_Cancel"));
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (saving->chooser), TRUE);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (saving->chooser), name);
  g_signal_connect (saving->chooser, "response", G_CALLBACK (chosen), saving);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (saving->chooser));
}
