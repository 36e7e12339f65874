/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "slope-task-view.h"

G_BEGIN_DECLS

/**
 * SlopeClassChooser:
 *
 * The classes as a list to pick one from, with their numbers; a digit picks at once.  Above a dozen
 * classes a search entry stands over the list.
 */
#define SLOPE_TYPE_CLASS_CHOOSER (slope_class_chooser_get_type ())
G_DECLARE_FINAL_TYPE (SlopeClassChooser, slope_class_chooser, SLOPE, CLASS_CHOOSER, GtkWidget)

GtkWidget *slope_class_chooser_new (const char *const *classes, SlopeTargetChosen chosen,
                                    gpointer user_data);

G_END_DECLS
