/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <slope/slope.h>

G_BEGIN_DECLS

/* The four pages of a project under their header bar, with the job bar. */
#define SLOPE_TYPE_PROJECT_VIEW (slope_project_view_get_type ())
G_DECLARE_FINAL_TYPE (SlopeProjectView, slope_project_view, SLOPE, PROJECT_VIEW, AdwBin)

void slope_project_view_set_project (SlopeProjectView *self, SlProject *project); /* nullable */
/* "data", "train", "clean", "predict", with the focus in it; %FALSE: no such page. */
gboolean slope_project_view_show_page (SlopeProjectView *self, const char *name);
GtkWidget *slope_project_view_get_page (SlopeProjectView *self); /* the visible one */
void slope_project_view_toggle_sidebar (SlopeProjectView *self);
void slope_project_view_stop_job (SlopeProjectView *self);
gboolean slope_project_view_is_stopping (SlopeProjectView *self);

G_END_DECLS
