/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* For widget tests: waiting for the main loop, finding widgets, and the walk that finds a control
 * without a name. */

#include "slope-ui-resources.h"

#include <adwaita.h>

#define UI_TEST_WAIT_S 20

static inline void
ui_test_init (int *argc, char ***argv)
{
  gtk_test_init (argc, argv);
  adw_init ();
  g_resources_register (slope_ui_get_resource ());
}

/* Turns the main loop until @condition holds; a test that waits for nothing fails. */
#define ui_test_wait_for(condition)                                                  \
  G_STMT_START                                                                       \
  {                                                                                  \
    const gint64 ui_end = g_get_monotonic_time () + UI_TEST_WAIT_S * G_USEC_PER_SEC; \
    while (!(condition))                                                             \
      {                                                                              \
        g_assert_cmpint (g_get_monotonic_time (), <, ui_end);                        \
        if (!g_main_context_iteration (NULL, FALSE))                                 \
          g_usleep (1000);                                                           \
      }                                                                              \
  }                                                                                  \
  G_STMT_END

/* A fifth of a second, for what must not happen: what must is waited for. */
static inline void
ui_test_settle (void)
{
  const gint64 end = g_get_monotonic_time () + G_USEC_PER_SEC / 5;

  while (g_get_monotonic_time () < end)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (1000);
}

static inline void
ui_test_count_frame (guint *n)
{
  ++*n;
}

/* Until a frame that begins now has been laid out and painted.  @widget: in a window that was presented */
static inline void
ui_test_wait_for_frame (GtkWidget *widget)
{
  GdkFrameClock *clock;
  gulong handler;
  guint n = 0;

  ui_test_wait_for (gtk_widget_get_mapped (widget));
  clock = gtk_widget_get_frame_clock (widget);
  handler = g_signal_connect_swapped (clock, "after-paint", G_CALLBACK (ui_test_count_frame), &n);
  gdk_frame_clock_request_phase (clock, GDK_FRAME_CLOCK_PHASE_PAINT);
  ui_test_wait_for (n > 0);
  g_signal_handler_disconnect (clock, handler);
}

/* Destroys @window and waits until nothing holds it any more. */
static inline void
ui_test_destroy (GtkWidget *window)
{
  gpointer watched = window;

  g_object_add_weak_pointer (G_OBJECT (window), &watched);
  gtk_window_destroy (GTK_WINDOW (window));
  ui_test_wait_for (watched == NULL);
}

/* Waits until only the caller holds @object, which a thread may do a moment longer, and frees it. */
#define ui_test_finalize(object)                                                      \
  G_STMT_START                                                                        \
  {                                                                                   \
    ui_test_wait_for (g_atomic_int_get ((gint *)&G_OBJECT (object)->ref_count) == 1); \
    g_assert_finalize_object (object);                                                \
  }                                                                                   \
  G_STMT_END

typedef gboolean (*UiTestMatch) (GtkWidget *widget, gconstpointer data);

static inline GtkWidget *
ui_test_find (GtkWidget *widget, UiTestMatch match, gconstpointer data)
{
  if (match (widget, data))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = ui_test_find (child, match, data);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static inline gboolean
ui_test_is_a (GtkWidget *widget, gconstpointer type_name)
{
  return g_type_is_a (G_OBJECT_TYPE (widget), g_type_from_name (type_name));
}

/* The first widget of a type that exists; fails the test where there is none. */
static inline GtkWidget *
ui_test_find_type (GtkWidget *root, const char *type_name)
{
  GtkWidget *found = ui_test_find (root, ui_test_is_a, type_name);

  if (found == NULL)
    g_error ("no %s", type_name);
  return found;
}

static inline gboolean
ui_test_has_action (GtkWidget *widget, gconstpointer name)
{
  return GTK_IS_ACTIONABLE (widget)
         && g_strcmp0 (gtk_actionable_get_action_name (GTK_ACTIONABLE (widget)), name) == 0;
}

static inline gboolean
ui_test_has_text (GtkWidget *widget, gconstpointer text)
{
  return GTK_IS_LABEL (widget) && g_strcmp0 (gtk_label_get_text (GTK_LABEL (widget)), text) == 0;
}

static inline gboolean
ui_test_is_text (GtkWidget *widget, gconstpointer data)
{
  return GTK_IS_LABEL (widget) && *gtk_label_get_text (GTK_LABEL (widget)) != '\0';
}

/* Said by the widget itself, or by text inside it. */
static inline gboolean
ui_test_is_named (GtkWidget *widget)
{
  GtkAccessible *accessible = GTK_ACCESSIBLE (widget);

  return gtk_test_accessible_has_property (accessible, GTK_ACCESSIBLE_PROPERTY_LABEL)
         || gtk_test_accessible_has_relation (accessible, GTK_ACCESSIBLE_RELATION_LABELLED_BY)
         || ui_test_find (widget, ui_test_is_text, NULL) != NULL;
}

/* What a person can press, type into or choose from.  Parts of GTK's own controls are not asked:
 * the control as a whole has the name. */
static inline gboolean
ui_test_is_control (GtkWidget *widget)
{
  return GTK_IS_BUTTON (widget) || GTK_IS_SWITCH (widget) || GTK_IS_SPIN_BUTTON (widget)
         || GTK_IS_SEARCH_ENTRY (widget) || GTK_IS_ENTRY (widget) || GTK_IS_DROP_DOWN (widget)
         || GTK_IS_GRID_VIEW (widget) || GTK_IS_SCALE (widget) || GTK_IS_PROGRESS_BAR (widget)
         || GTK_IS_MENU_BUTTON (widget);
}

static inline gboolean
ui_test_is_closed (GtkWidget *widget)
{
  return GTK_IS_SPIN_BUTTON (widget) || GTK_IS_SEARCH_ENTRY (widget) || GTK_IS_DROP_DOWN (widget)
         || GTK_IS_MENU_BUTTON (widget) || GTK_IS_POPOVER (widget)
         || GTK_IS_WINDOW_CONTROLS (widget) || ADW_IS_COMBO_ROW (widget)
         || ADW_IS_ENTRY_ROW (widget) || ADW_IS_EXPANDER_ROW (widget);
}

/* Fails the test at the first shown control that a screen reader could not name.  A switch in a row is
 * named by the row that it is the activatable widget of. */
static inline void
ui_test_assert_named (GtkWidget *widget)
{
  GtkWidget *row = gtk_widget_get_ancestor (widget, ADW_TYPE_ACTION_ROW);
  const gboolean by_row = row != NULL
                          && adw_action_row_get_activatable_widget (ADW_ACTION_ROW (row)) == widget;

  if (!gtk_widget_get_visible (widget))
    return;
  if (ui_test_is_control (widget) && !by_row && !ui_test_is_named (widget))
    {
      g_autoptr (GString) place = g_string_new (NULL);

      for (GtkWidget *w = widget; w != NULL; w = gtk_widget_get_parent (w))
        g_string_append_printf (place, "%s%s", w == widget ? "" : " in ", G_OBJECT_TYPE_NAME (w));
      g_error ("no accessible name: %s", place->str);
    }
  if (ui_test_is_closed (widget))
    return;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    ui_test_assert_named (child);
}
