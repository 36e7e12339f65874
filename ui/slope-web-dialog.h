/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <slope/slope.h>

G_BEGIN_DECLS

/**
 * SlopeWebDialog:
 *
 * Asks for pictures from the web, on three pages: "catalogue" with the data sets, "archive" for an
 * address, "list" for addresses of pictures.  Nothing is fetched here: signal "chosen" (string) has what
 * sl_import_scan() takes, after which the dialog closes.
 */
#define SLOPE_TYPE_WEB_DIALOG (slope_web_dialog_get_type ())
G_DECLARE_FINAL_TYPE (SlopeWebDialog, slope_web_dialog, SLOPE, WEB_DIALOG, AdwWindow)

GtkWidget *slope_web_dialog_new (GtkWindow *parent, const char *page);

G_END_DECLS
