/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "slope-task-view.h"

G_BEGIN_DECLS

/**
 * SlopeClassChooser:
 *
 * The classes as a list to pick one from, with their numbers; a digit picks at once.  Above a dozen
 * classes a search entry stands over the list.
 *
 * Or with ticks, for pictures with several labels: a digit ticks, Enter or the button applies.  What is chosen
 * then is the difference, "+road;-water", for slope_labels_edit(); what was not touched stays as it is
 * in each picture.
 */
#define SLOPE_TYPE_CLASS_CHOOSER (slope_class_chooser_get_type ())
G_DECLARE_FINAL_TYPE (SlopeClassChooser, slope_class_chooser, SLOPE, CLASS_CHOOSER, GtkWidget)

GtkWidget *slope_class_chooser_new (const char *const *classes, SlopeTargetChosen chosen,
                                    gpointer user_data);
GtkWidget *slope_class_chooser_new_several (const char *const *classes, SlopeTargetChosen chosen,
                                            gpointer user_data);
/* Ticks what all @items (SlItem) have, and half ticks what some of them have. */
void       slope_class_chooser_set_items   (SlopeClassChooser *self, GPtrArray *items);
/* As the key does; %FALSE: there is no such class. */
gboolean   slope_class_chooser_press_digit (SlopeClassChooser *self, guint digit);

G_END_DECLS
