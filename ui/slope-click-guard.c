/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-click-guard.h"

#define ANY_BUTTON (GDK_BUTTON1_MASK | GDK_BUTTON2_MASK | GDK_BUTTON3_MASK)

/* No event that somebody caused comes without a time. */
static gboolean
is_made_up (GdkEvent *event)
{
  return gdk_event_get_event_type (event) == GDK_MOTION_NOTIFY
         && gdk_event_get_time (event) == GDK_CURRENT_TIME
         && (gdk_event_get_modifier_state (event) & ANY_BUTTON) == 0;
}

/* Comes before all of the window's gestures.  @held counts the buttons that are down. */
static gboolean
event_cb (GtkEventController *controller, GdkEvent *event, guint *held)
{
  switch ((guint)gdk_event_get_event_type (event))
    {
    case GDK_BUTTON_PRESS:
      (*held)++;
      return GDK_EVENT_PROPAGATE;
    case GDK_BUTTON_RELEASE:
      *held -= *held > 0;
      return GDK_EVENT_PROPAGATE;
    case GDK_MOTION_NOTIFY:
      if (*held > 0 && is_made_up (event))
        return GDK_EVENT_STOP;
      if ((gdk_event_get_modifier_state (event) & ANY_BUTTON) == 0)
        *held = 0; /* a release that went elsewhere */
      return GDK_EVENT_PROPAGATE;
    default:
      return GDK_EVENT_PROPAGATE;
    }
}

static void
guard (GtkWidget *window)
{
  GtkEventController *controller = gtk_event_controller_legacy_new ();
  guint *held = g_new0 (guint, 1);

  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  g_signal_connect_data (controller, "event", G_CALLBACK (event_cb), held, (GClosureNotify)g_free,
                         0);
  gtk_widget_add_controller (window, controller);
}

static void
toplevels_changed_cb (GListModel *toplevels, guint position, guint removed, guint added)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (toplevels, i);

      guard (window);
    }
}

void
slope_click_guard_start (void)
{
  GListModel *toplevels = gtk_window_get_toplevels ();

  g_signal_connect (toplevels, "items-changed", G_CALLBACK (toplevels_changed_cb), NULL);
  toplevels_changed_cb (toplevels, 0, 0, g_list_model_get_n_items (toplevels));
}
