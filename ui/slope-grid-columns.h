/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * slope_grid_fit_columns:
 * @grid: in its scrolled window
 * @tile_px: width that a tile has at least
 *
 * Keeps @grid's max-columns at what its width has room for, also when that changes.  GtkGridView keeps
 * thirty rows of max-columns tiles alive whatever it shows: what does not fit would be made, laid out
 * and bound anew at every scroll all the same.  Can be called again with another size.
 */
void slope_grid_fit_columns (GtkGridView *grid, int tile_px);

G_END_DECLS
