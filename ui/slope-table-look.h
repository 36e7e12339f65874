/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* What the columns of a table mean; numbers from 0, -1: none. */
typedef struct
{
  int name;        /* of pictures; or the texts themselves */
  int first, last; /* labels */
  int split;       /* training or validation */
  gboolean texts;
} SlopeTableMeaning;

/**
 * SlopeTableLook:
 *
 * The first rows of a table, with a word above the columns that mean something.  Scrolls sideways.
 */
#define SLOPE_TYPE_TABLE_LOOK (slope_table_look_get_type ())
G_DECLARE_FINAL_TYPE (SlopeTableLook, slope_table_look, SLOPE, TABLE_LOOK, AdwBin)

GtkWidget *slope_table_look_new (void);
/* @cells: (n_rows, n_columns), the header among them if there is one. */
void       slope_table_look_set (SlopeTableLook *self, const char *const *cells, guint n_rows,
                                 guint n_columns, gboolean has_header,
                                 const SlopeTableMeaning *meaning);

G_END_DECLS
