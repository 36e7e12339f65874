/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui-test.h"

#include "slope-click-guard.h"

/* A window with one button, and another one whose frames keep all events waiting. */
typedef struct
{
  GtkWidget *window, *button, *busy;
  guint n_clicks, n_laid_out;
} Fixture;

static gboolean
has_xdotool (void)
{
  g_autofree char *path = g_find_program_in_path ("xdotool");

  if (path == NULL)
    g_test_skip ("xdotool is not installed");
  return path != NULL;
}

/* Returns when the server knows of it. */
static void
xdotool (const char *verb, const char *argument, const char *more)
{
  const char *argv[] = { "xdotool", verb, argument, more, NULL };
  g_autoptr (GError) error = NULL;
  int status;

  g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status,
                &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
}

static gboolean
is_pressed (Fixture *fixture)
{
  return gtk_widget_get_state_flags (fixture->button) & GTK_STATE_FLAG_ACTIVE;
}

static void
count (guint *n)
{
  (*n)++;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->busy = gtk_window_new ();
  fixture->window = gtk_window_new ();
  fixture->button = gtk_button_new_with_label ("Here");
  g_signal_connect_swapped (fixture->button, "clicked", G_CALLBACK (count), &fixture->n_clicks);
  gtk_window_set_decorated (GTK_WINDOW (fixture->window), FALSE);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 300, 200);
  gtk_window_set_child (GTK_WINDOW (fixture->window), fixture->button);
  gtk_window_present (GTK_WINDOW (fixture->busy));
  ui_test_wait_for_frame (fixture->busy);
  gtk_window_present (GTK_WINDOW (fixture->window));
  ui_test_wait_for_frame (fixture->button);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  gtk_window_destroy (GTK_WINDOW (fixture->busy));
}

/* What a motion of the pointer asks for. */
static void
flush_events (GtkWidget *window)
{
  gdk_frame_clock_request_phase (gtk_widget_get_frame_clock (window),
                                 GDK_FRAME_CLOCK_PHASE_FLUSH_EVENTS);
}

/* Within a frame of the busy window, events wait.  Meanwhile the button of the mouse goes up, and the
 * other window is laid out twice: the second time begins with the motion that nobody made. */
static gboolean
release_in_frame_cb (GtkWidget *busy, GdkFrameClock *clock, gpointer data)
{
  Fixture *fixture = data;

  xdotool ("mouseup", "1", NULL);
  for (guint i = 0; i < 20; i++)
    {
      gtk_widget_queue_resize (fixture->button);
      flush_events (fixture->window);
      g_usleep (5000);
      while (g_main_context_iteration (NULL, FALSE))
        ;
    }
  fixture->n_laid_out++;
  return G_SOURCE_REMOVE;
}

static void
click_while_laid_out (Fixture *fixture)
{
  xdotool ("mousemove", "60", "60");
  ui_test_settle (); /* whether it had to move or not: nothing tells where it is */
  xdotool ("mousedown", "1", NULL);
  ui_test_wait_for (is_pressed (fixture));
  flush_events (fixture->busy);
  gtk_widget_add_tick_callback (fixture->busy, release_in_frame_cb, fixture, NULL);
  ui_test_wait_for (fixture->n_laid_out > 0);
  ui_test_settle (); /* no further click */
}

/* That what follows tests something. */
static void
test_lost (Fixture *fixture, gconstpointer data)
{
  if (!has_xdotool ())
    return;
  click_while_laid_out (fixture);
  if (fixture->n_clicks > 0)
    g_test_skip ("This GTK loses no click: the guard can go.");
}

static void
test_kept (Fixture *fixture, gconstpointer data)
{
  if (!has_xdotool ())
    return;
  slope_click_guard_start ();
  click_while_laid_out (fixture);
  g_assert_cmpuint (fixture->n_clicks, ==, 1);
  g_assert_false (is_pressed (fixture));
}

int
main (int argc, char *argv[])
{
  ui_test_init (&argc, &argv);
  g_test_add ("/ui/click-guard/lost-without", Fixture, NULL, set_up, test_lost, tear_down);
  g_test_add ("/ui/click-guard/kept", Fixture, NULL, set_up, test_kept, tear_down);
  return g_test_run ();
}
