/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Picking on the learning-rate curve: by pointer and by keys. */
#include "plot/slope-rate-plot.h"

#include <adwaita.h>
#include <math.h>

typedef struct
{
  GtkWidget *window;
  SlopeRatePlot *plot;
  guint n_picked;
  double low, high; /* of the last "picked" */
} Fixture;

static void
picked (Fixture *fixture, double low, double high)
{
  fixture->n_picked++;
  fixture->low = low;
  fixture->high = high;
}

/* Falls from 1.5 at 1e-5 to 0.5 at 1e-1, then explodes. */
static void
fill (SlopeRatePlot *plot, guint n)
{
  SlSweepPoint points[100];
  for (guint i = 0; i < n; i++)
    {
      double lr = 1e-7 * pow (1e8, i / 100.0);
      float loss = (float)(i < 25 ? 1.5 : i < 75 ? 1.5 - (i - 25) / 50.0 : 0.5 + (i - 75) * 0.5);
      points[i] = (SlSweepPoint){ lr, loss, loss };
    }
  slope_rate_plot_set_sweep (plot, "Stage 1", points, n, n > 50 ? 50 : -1, n > 75 ? 75 : -1);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->window = gtk_window_new ();
  fixture->plot = SLOPE_RATE_PLOT (slope_rate_plot_new ());
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 800, 400);
  gtk_window_set_child (GTK_WINDOW (fixture->window), GTK_WIDGET (fixture->plot));
  gtk_window_present (GTK_WINDOW (fixture->window));
  while (gtk_widget_get_width (GTK_WIDGET (fixture->plot)) == 0)
    g_main_context_iteration (NULL, TRUE);
  fill (fixture->plot, 100);
  slope_rate_plot_set_stage (fixture->plot, "Stage 1", 3, 0);
  slope_rate_plot_set_pick (fixture->plot, 3e-3, 3e-3);
  g_signal_connect_swapped (fixture->plot, "picked", G_CALLBACK (picked), fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  GtkWidget *plot = g_object_ref (GTK_WIDGET (fixture->plot));
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  g_assert_finalize_object (plot);
}

static double
x_of (Fixture *fixture, double rate)
{
  SlopeRect area = slope_plot_get_area (SLOPE_PLOT (fixture->plot));
  return slope_figure_x_px (slope_plot_get_figure (SLOPE_PLOT (fixture->plot)), &area, rate);
}

static void
drag (Fixture *fixture, double from, double to)
{
  slope_rate_plot_press (fixture->plot, from, 200);
  slope_rate_plot_drag (fixture->plot, (from + to) / 2, 200);
  slope_rate_plot_drag (fixture->plot, to, 200);
  slope_rate_plot_release (fixture->plot, to, 200);
}

static void
assert_pick (Fixture *fixture, double low, double high)
{
  double is_low, is_high;
  slope_rate_plot_get_pick (fixture->plot, &is_low, &is_high);
  g_assert_cmpfloat_with_epsilon (is_low / low, 1, 1e-9);
  g_assert_cmpfloat_with_epsilon (is_high / high, 1, 1e-9);
  g_assert_cmpfloat (fixture->low, ==, is_low);
  g_assert_cmpfloat (fixture->high, ==, is_high);
}

/* A key as the plot's bindings get it. */
static void
press_key (Fixture *fixture, const char *trigger)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (GTK_WIDGET (fixture->plot));
  g_autoptr (GtkShortcutTrigger) wanted = gtk_shortcut_trigger_parse_string (trigger);
  gboolean found = FALSE;
  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);
      for (guint k = 0; GTK_IS_SHORTCUT_CONTROLLER (controller)
                        && k < g_list_model_get_n_items (G_LIST_MODEL (controller));
           k++)
        {
          g_autoptr (GtkShortcut) shortcut = g_list_model_get_item (G_LIST_MODEL (controller), k);
          if (!gtk_shortcut_trigger_equal (gtk_shortcut_get_trigger (shortcut), wanted))
            continue;
          found = TRUE;
          gtk_shortcut_action_activate (gtk_shortcut_get_action (shortcut), 0,
                                        GTK_WIDGET (fixture->plot),
                                        gtk_shortcut_get_arguments (shortcut));
        }
    }
  g_assert_true (found);
}

static void
test_click (Fixture *fixture, gconstpointer data)
{
  double x = x_of (fixture, 1e-2);
  slope_rate_plot_press (fixture->plot, x, 200);
  slope_rate_plot_drag (fixture->plot, x + 2, 200); /* a trembling hand is no drag */
  slope_rate_plot_release (fixture->plot, x, 200);
  g_assert_cmpuint (fixture->n_picked, ==, 1);
  assert_pick (fixture, 1e-2, 1e-2);
  gtk_test_accessible_assert_property (fixture->plot, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                       "picked 1e-2, loss 0.750");
}

static void
test_drag (Fixture *fixture, gconstpointer data)
{
  drag (fixture, x_of (fixture, 3e-4), x_of (fixture, 1e-5)); /* either way */
  assert_pick (fixture, 1e-5, 3e-4);
  gtk_test_accessible_assert_property (fixture->plot, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                       "picked 1e-5 to 3e-4, loss 1.131");
  /* A grip moves one end, beyond the other too. */
  drag (fixture, x_of (fixture, 3e-4) + 5, x_of (fixture, 1e-3));
  assert_pick (fixture, 1e-5, 1e-3);
  drag (fixture, x_of (fixture, 1e-5) - 5, x_of (fixture, 1e-2));
  assert_pick (fixture, 1e-3, 1e-2);
}

static void
test_drag_outside (Fixture *fixture, gconstpointer data)
{
  drag (fixture, x_of (fixture, 1e-4), 5000);
  assert_pick (fixture, 1e-4, 10);
  drag (fixture, x_of (fixture, 1e-6), -5000);
  assert_pick (fixture, 1e-7, 1e-6);
}

static void
test_keys (Fixture *fixture, gconstpointer data)
{
  press_key (fixture, "Right");
  assert_pick (fixture, 3.5e-3, 3.5e-3);
  press_key (fixture, "Left");
  press_key (fixture, "Left");
  assert_pick (fixture, 2.8e-3, 2.8e-3);
  press_key (fixture, "<Shift>Left");
  assert_pick (fixture, 2.5e-3, 2.8e-3);
  for (int i = 0; i < 19; i++)
    press_key (fixture, "<Shift>Left");
  assert_pick (fixture, 2.8e-4, 2.8e-3);
  press_key (fixture, "Right"); /* the slice as a whole */
  assert_pick (fixture, 3.2e-4, 3.2e-3);
  for (int i = 0; i < 40; i++)
    press_key (fixture, "<Shift>Right"); /* narrows down to one rate, never inside out */
  assert_pick (fixture, 3.2e-3, 3.2e-3);
  press_key (fixture, "Home");
  assert_pick (fixture, 1e-3, 1e-3);
  press_key (fixture, "End");
  assert_pick (fixture, 1e-2, 1e-2);
}

static void
test_take_back (Fixture *fixture, gconstpointer data)
{
  g_assert_false (slope_rate_plot_can_take_back (fixture->plot));
  press_key (fixture, "Escape");
  g_assert_cmpuint (fixture->n_picked, ==, 0);
  drag (fixture, x_of (fixture, 1e-5), x_of (fixture, 1e-3));
  press_key (fixture, "Right");
  g_assert_true (slope_rate_plot_can_take_back (fixture->plot));
  press_key (fixture, "Escape");
  assert_pick (fixture, 3e-3, 3e-3);
  g_assert_false (slope_rate_plot_can_take_back (fixture->plot));
}

/* Keys stop at the ends of the axis. */
static void
test_ends (Fixture *fixture, gconstpointer data)
{
  for (int i = 0; i < 200; i++)
    press_key (fixture, "Right");
  assert_pick (fixture, 10, 10);
  for (int i = 0; i < 200; i++)
    press_key (fixture, "Left");
  assert_pick (fixture, 1e-7, 1e-7);
}

static void
test_guides (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpfloat (slope_rate_plot_get_steepest (fixture->plot), ==, 1e-3);
  g_assert_cmpfloat (slope_rate_plot_get_tenth (fixture->plot), ==, 1e-2);
  /* A sweep that has only begun has none. */
  slope_rate_plot_clear (fixture->plot);
  fill (fixture->plot, 12);
  g_assert_cmpfloat (slope_rate_plot_get_steepest (fixture->plot), ==, 0);
  press_key (fixture, "Home");
  g_assert_cmpuint (fixture->n_picked, ==, 0);
}

static void
test_y_range (Fixture *fixture, gconstpointer data)
{
  const SlopeFigure *figure = slope_plot_get_figure (SLOPE_PLOT (fixture->plot));
  SlSweepPoint high = { 1e-7, 3, 3 };
  /* 1.3 × the start, whatever the explosion of 12. */
  g_assert_cmpfloat (figure->y.max, >=, 1.5 * 1.1);
  g_assert_cmpfloat (figure->y.max, <=, 1.5 * 1.5);
  slope_rate_plot_add_sweep (fixture->plot, SLOPE_SERIES_OLDER, "Stage 1, yesterday", &high, 1);
  g_assert_cmpfloat (figure->y.max, >=, 3);
}

static void
test_hover (Fixture *fixture, gconstpointer data)
{
  SlopePlot *plot = SLOPE_PLOT (fixture->plot);
  g_assert_null (slope_plot_get_bubble (plot));
  slope_plot_hover (plot, x_of (fixture, 1e-6), 300);
  g_assert_cmpstr (slope_plot_get_bubble (plot), ==, "9.1e-7   loss 1.500");
  /* New points do not leave the bubble on a curve that is gone. */
  slope_rate_plot_clear (fixture->plot);
  g_assert_null (slope_plot_get_bubble (plot));
}

static void
test_zoom (Fixture *fixture, gconstpointer data)
{
  const SlopeFigure *figure = slope_plot_get_figure (SLOPE_PLOT (fixture->plot));
  press_key (fixture, "plus");
  g_assert_true (slope_figure_is_zoomed (figure));
  slope_rate_plot_press (fixture->plot, x_of (fixture, 1e-3), 200);
  slope_rate_plot_release (fixture->plot, x_of (fixture, 1e-3), 200);
  assert_pick (fixture, 1e-3, 1e-3);
  g_assert_true (slope_figure_is_zoomed (figure));
  gtk_widget_activate_action (GTK_WIDGET (fixture->plot), "plot.reset-zoom", NULL);
  g_assert_false (slope_figure_is_zoomed (figure));
}

static void
test_accessible (Fixture *fixture, gconstpointer data)
{
  slope_plot_set_title (SLOPE_PLOT (fixture->plot), "Loss while the rate rises");
  gtk_test_accessible_assert_role (fixture->plot, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_test_accessible_assert_property (fixture->plot, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Loss while the rate rises");
  g_assert_true (gtk_widget_get_focusable (GTK_WIDGET (fixture->plot)));
}

/* From a network that was trained before: next to nothing at first, and then what its batches lose. */
static void
test_y_range_trained (Fixture *fixture, gconstpointer data)
{
  SlopeFigure *figure = slope_plot_get_figure (SLOPE_PLOT (fixture->plot));
  SlSweepPoint points[100];

  for (guint i = 0; i < 100; i++)
    {
      const float loss = i < 15 ? 1e-3f : i < 90 ? .3f : (float)(i - 89) * 5;
      points[i] = (SlSweepPoint){ 1e-7 * pow (1e8, i / 100.0), loss, loss };
    }
  slope_rate_plot_set_sweep (fixture->plot, "Stage 1", points, 100, -1, -1);
  g_assert_cmpfloat (figure->y.max, >=, .3);
  g_assert_cmpfloat (figure->y.max, <, 1);
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
#define ADD(name, function) \
  g_test_add ("/rate-plot/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("click", test_click);
  ADD ("drag", test_drag);
  ADD ("drag-outside", test_drag_outside);
  ADD ("keys", test_keys);
  ADD ("take-back", test_take_back);
  ADD ("ends", test_ends);
  ADD ("guides", test_guides);
  ADD ("y-range", test_y_range);
  ADD ("y-range/trained", test_y_range_trained);
  ADD ("hover", test_hover);
  ADD ("zoom", test_zoom);
  ADD ("accessible", test_accessible);
  return g_test_run ();
}
