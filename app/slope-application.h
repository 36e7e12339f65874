/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * SlopeApplication:
 *
 * `slope [PATH|sample:NAME]…`: a window a project, folder or archive; without arguments the start
 * page.  Actions (app.): quit, about, preferences, help, new-window.
 */
#define SLOPE_TYPE_APPLICATION (slope_application_get_type ())
G_DECLARE_FINAL_TYPE (SlopeApplication, slope_application, SLOPE, APPLICATION, AdwApplication)

SlopeApplication *slope_application_new (void);

G_END_DECLS
