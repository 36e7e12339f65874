/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Shows the file selected in the file manager; where none answers, opens its folder. */
void slope_show_in_files (GtkWidget *widget, const char *path);
/* (transfer full): "Pictures/bears" for a path in the home folder, else the path; for display. */
char *slope_path_for_display (const char *path);

G_END_DECLS
