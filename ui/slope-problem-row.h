/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* A button of such a row; @label %NULL: none. */
typedef struct
{
  const char *label;
  GCallback   clicked; /* (GtkButton *, data) */
} SlopeProblemButton;

/**
 * slope_problem_row_new:
 *
 * A row with a warning sign, up to two buttons and one that hides it; title and subtitle are set by
 * whoever made it.  @closed is a GtkButton's "clicked", as are the buttons'; all get @data.
 */
GtkWidget *slope_problem_row_new (const SlopeProblemButton buttons[2], GCallback closed,
                                  gpointer data);

G_END_DECLS
