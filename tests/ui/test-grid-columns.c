/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slope-grid-columns.h"

#define WIDTH 640
#define TILE_PX 100

static void
setup_cb (GtkListItemFactory *factory, GtkListItem *row)
{
  GtkWidget *tile = gtk_label_new ("tile");

  gtk_widget_set_size_request (tile, TILE_PX, 50);
  gtk_list_item_set_child (row, tile);
}

static GtkWidget *
window_new (GtkWidget **grid)
{
  GtkWidget *window = gtk_window_new (), *scrolled = gtk_scrolled_window_new ();
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkStringList *names = gtk_string_list_new (NULL);

  for (guint i = 0; i < 1000; i++)
    gtk_string_list_append (names, "a");
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  *grid = gtk_grid_view_new (GTK_SELECTION_MODEL (gtk_no_selection_new (G_LIST_MODEL (names))),
                             factory);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER,
                                  GTK_POLICY_ALWAYS);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), *grid);
  gtk_window_set_child (GTK_WINDOW (window), scrolled);
  gtk_window_set_default_size (GTK_WINDOW (window), WIDTH, 400);
  return window;
}

static void
wait_for_columns (GtkWidget *grid, guint wanted)
{
  const gint64 end = g_get_monotonic_time () + 5 * G_USEC_PER_SEC;

  while (gtk_grid_view_get_max_columns (GTK_GRID_VIEW (grid)) != wanted
         && g_get_monotonic_time () < end)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpuint (gtk_grid_view_get_max_columns (GTK_GRID_VIEW (grid)), ==, wanted);
}

static guint
n_tiles (GtkWidget *grid)
{
  guint n = 0;

  for (GtkWidget *row = gtk_widget_get_first_child (grid); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    n++;
  return n;
}

/* As many columns as there is room for, and no more tiles than these need. */
static void
test_follows (void)
{
  GtkWidget *grid, *window = window_new (&grid);
  guint many;

  slope_grid_fit_columns (GTK_GRID_VIEW (grid), TILE_PX);
  gtk_window_present (GTK_WINDOW (window));
  wait_for_columns (grid, WIDTH / TILE_PX);
  many = n_tiles (grid);
  slope_grid_fit_columns (GTK_GRID_VIEW (grid), 2 * TILE_PX);
  wait_for_columns (grid, WIDTH / (2 * TILE_PX));
  g_assert_cmpuint (n_tiles (grid), <, many);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Never fewer than the grid's least, never more than twelve. */
static void
test_bounds (void)
{
  GtkWidget *grid, *window = window_new (&grid);

  gtk_grid_view_set_min_columns (GTK_GRID_VIEW (grid), 2);
  slope_grid_fit_columns (GTK_GRID_VIEW (grid), 10 * WIDTH);
  gtk_window_present (GTK_WINDOW (window));
  wait_for_columns (grid, 2);
  slope_grid_fit_columns (GTK_GRID_VIEW (grid), 10);
  wait_for_columns (grid, 12);
  /* A grid that goes takes what was to be done with it. */
  slope_grid_fit_columns (GTK_GRID_VIEW (grid), TILE_PX);
  gtk_window_destroy (GTK_WINDOW (window));
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv);
  g_test_add_func ("/ui/grid-columns/follows", test_follows);
  g_test_add_func ("/ui/grid-columns/bounds", test_bounds);
  return g_test_run ();
}
