/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui-test.h"

#include "slope-note.h"

static void
count (guint *n)
{
  (*n)++;
}

static gboolean
is_button_with (GtkWidget *widget, gconstpointer label)
{
  return GTK_IS_BUTTON (widget)
         && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), label) == 0;
}

static gboolean
is_close (GtkWidget *widget, gconstpointer data)
{
  return GTK_IS_BUTTON (widget)
         && g_strcmp0 (gtk_button_get_icon_name (GTK_BUTTON (widget)), "window-close-symbolic")
                == 0;
}

static void
test_kinds (void)
{
  GtkWidget *note = g_object_ref_sink (slope_note_new ());

  g_assert_true (gtk_widget_has_css_class (note, "info"));
  slope_note_set (SLOPE_NOTE (note), SLOPE_NOTE_ERROR, "It broke.", "5 < 6", NULL, FALSE);
  g_assert_true (gtk_widget_has_css_class (note, "error"));
  g_assert_false (gtk_widget_has_css_class (note, "info"));
  g_assert_nonnull (ui_test_find (note, ui_test_has_text, "It broke."));
  g_assert_nonnull (ui_test_find (note, ui_test_has_text, "5 < 6")); /* not markup */
  g_assert_false (gtk_widget_get_visible (ui_test_find (note, is_close, NULL)));
  g_assert_finalize_object (note);
}

static void
test_buttons (void)
{
  GtkWidget *note = g_object_ref_sink (slope_note_new ());
  GtkWidget *button, *close;
  guint activated = 0, closed = 0;

  g_signal_connect_swapped (note, "activated", G_CALLBACK (count), &activated);
  g_signal_connect_swapped (note, "closed", G_CALLBACK (count), &closed);
  slope_note_set (SLOPE_NOTE (note), SLOPE_NOTE_WARNING, "Too large", NULL, "Use 32", TRUE);
  button = ui_test_find (note, is_button_with, "Use 32");
  close = ui_test_find (note, is_close, NULL);
  g_assert_true (gtk_widget_get_visible (button));
  g_assert_true (gtk_widget_get_visible (close));
  g_signal_emit_by_name (button, "clicked");
  g_assert_cmpuint (activated, ==, 1);
  g_assert_cmpuint (closed, ==, 0);
  g_signal_emit_by_name (close, "clicked");
  g_assert_cmpuint (closed, ==, 1);
  ui_test_assert_named (note);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (note), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Too large");
  g_assert_finalize_object (note);
}

int
main (int argc, char **argv)
{
  ui_test_init (&argc, &argv);
  g_test_add_func ("/ui/note/kinds", test_kinds);
  g_test_add_func ("/ui/note/buttons", test_buttons);
  return g_test_run ();
}
