/* SPDX-License-Identifier: GPL-3.0-or-later */
/* turn-cost data|clean PROJECT.slope: shows a project on a page of its own and, where it has a threshold, moves that
 * three times; prints the longer turns of the main loop, each as milliseconds of the main thread's processor time, and
 * by the clock in brackets.  threshold-cost makes a project to try it with.
 *
 *   export GSETTINGS_SCHEMA_DIR=build/data GTK_A11Y=none
 *   tests/support/with-display build/tests/bench/turn-cost clean many.slope */
#include "../ui/ui-test.h"

#include "slope-clean-page.h"
#include "slope-data-page.h"

#include <stdlib.h>
#include <time.h>

#define LEAST_MS 10 /* of a turn that is printed */

static double
cpu_ms (void)
{
  struct timespec t;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &t);
  return 1e3 * (double)t.tv_sec + 1e-6 * (double)t.tv_nsec;
}

static double
wall_ms (void)
{
  return (double)g_get_monotonic_time () / 1000.;
}

static void
print_turn (double cpu, double wall)
{
  g_print (" %.0f (%.0f)", cpu, wall);
}

static void
watch_turns (const char *what, double seconds)
{
  const double end = wall_ms () + seconds * 1000.;

  g_print ("%s:", what);
  while (wall_ms () < end)
    {
      const double cpu = cpu_ms (), wall = wall_ms ();

      if (!g_main_context_iteration (NULL, FALSE))
        g_usleep (500);
      if (cpu_ms () - cpu > LEAST_MS)
        print_turn (cpu_ms () - cpu, wall_ms () - wall);
    }
  g_print ("\n");
}

static void
move_threshold (GtkWidget *page)
{
  GtkWidget *scale = ui_test_find_type (ui_test_find_type (page, "SlopeLabelsPanel"), "GtkScale");
  const double values[] = { .3, .8, .1 };

  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    {
      gtk_range_set_value (GTK_RANGE (scale), values[i]);
      watch_turns ("threshold moved", 4.);
    }
}

int
main (int argc, char **argv)
{
  const gboolean clean = argc == 3 && g_str_equal (argv[1], "clean");
  g_autoptr (SlProject) project = NULL;
  g_autoptr (GError) error = NULL;
  GtkWidget *window, *page;
  double cpu, wall;

  if (argc != 3 || (!clean && !g_str_equal (argv[1], "data")))
    {
      g_printerr ("Usage: turn-cost data|clean PROJECT.slope\n");
      return 2;
    }
  ui_test_init (&argc, &argv);
  project = sl_project_open (argv[2], &error);
  if (project == NULL)
    g_error ("%s", error->message);
  window = gtk_window_new ();
  page = clean ? slope_clean_page_new () : slope_data_page_new ();
  gtk_window_set_default_size (GTK_WINDOW (window), 1000, 700);
  gtk_window_set_child (GTK_WINDOW (window), page);
  gtk_window_present (GTK_WINDOW (window));
  watch_turns ("an empty page", 2.);
  cpu = cpu_ms ();
  wall = wall_ms ();
  if (clean)
    slope_clean_page_set_project (SLOPE_CLEAN_PAGE (page), project);
  else
    slope_data_page_set_project (SLOPE_DATA_PAGE (page), project);
  g_print ("project set:");
  print_turn (cpu_ms () - cpu, wall_ms () - wall);
  g_print ("\n");
  watch_turns ("project shown", 6.);
  if (clean && sl_project_get_task (project)->has_threshold)
    move_threshold (page);
  gtk_window_destroy (GTK_WINDOW (window));
  sl_project_close (project);
  return 0;
}
