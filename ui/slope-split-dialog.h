/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <slope/slope.h>

G_BEGIN_DECLS

/* Splits all pictures of a project anew: how, how many, and with which seed. */
#define SLOPE_TYPE_SPLIT_DIALOG (slope_split_dialog_get_type ())
G_DECLARE_FINAL_TYPE (SlopeSplitDialog, slope_split_dialog, SLOPE, SPLIT_DIALOG, AdwWindow)

GtkWidget *slope_split_dialog_new (GtkWindow *parent, SlProject *project);

G_END_DECLS
