/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Threads and style; every change is applied at once. */
#define SLOPE_TYPE_PREFERENCES (slope_preferences_get_type ())
G_DECLARE_FINAL_TYPE (SlopePreferences, slope_preferences, SLOPE, PREFERENCES, AdwPreferencesWindow)

GtkWidget *slope_preferences_new (GtkWindow *parent /* nullable */);

G_END_DECLS
