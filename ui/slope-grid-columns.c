/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-grid-columns.h"

#define MAX_COLUMNS 12 /* more cost more than they show */

typedef struct
{
  int tile_px;
  guint turn; /* source */
} Fit;

static Fit *
get_fit (GtkGridView *grid)
{
  return g_object_get_data (G_OBJECT (grid), "slope-fit-columns");
}

static gboolean
fit_cb (gpointer user_data)
{
  GtkGridView *grid = user_data;
  Fit *fit = get_fit (grid);
  const int width = gtk_widget_get_width (GTK_WIDGET (grid));
  const guint min = gtk_grid_view_get_min_columns (grid);

  fit->turn = 0;
  if (width > 0)
    gtk_grid_view_set_max_columns (grid, CLAMP ((guint)(width / fit->tile_px), min, MAX_COLUMNS));
  return G_SOURCE_REMOVE;
}

/* Comes while the grid gets its place: what it is made of must not change until that is done. */
static void
width_changed_cb (GtkGridView *grid)
{
  Fit *fit = get_fit (grid);

  if (fit->turn == 0)
    fit->turn = g_idle_add_full (G_PRIORITY_HIGH_IDLE, fit_cb, grid, NULL);
}

static void
fit_free (gpointer data)
{
  Fit *fit = data;

  g_clear_handle_id (&fit->turn, g_source_remove);
  g_free (fit);
}

void
slope_grid_fit_columns (GtkGridView *grid, int tile_px)
{
  Fit *fit;

  g_return_if_fail (GTK_IS_GRID_VIEW (grid));
  g_return_if_fail (tile_px > 0);

  fit = get_fit (grid);
  if (fit == NULL)
    {
      fit = g_new0 (Fit, 1);
      g_object_set_data_full (G_OBJECT (grid), "slope-fit-columns", fit, fit_free);
      g_signal_connect_object (gtk_scrollable_get_hadjustment (GTK_SCROLLABLE (grid)),
                               "notify::page-size", G_CALLBACK (width_changed_cb), grid,
                               G_CONNECT_SWAPPED);
    }
  fit->tile_px = tile_px;
  width_changed_cb (grid);
}
