/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Gives a table of #SlopePredictionRow its columns: file, prediction, how sure; each can be
 * sorted by.  Those of before are removed; @classes %NULL: none are added. */
void slope_predict_columns_set (GtkColumnView *table, const char *const *classes);

G_END_DECLS
