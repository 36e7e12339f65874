/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What may be chosen of a recipe and, for itself, of each of its stages. */

/* "Photographs", "Flips, rotates, zooms and relights": what the person reads for the engine's
 * augmentation @name; its own name and no hint where it is a new one. */
const char    *slope_augment_label    (const char *name);
const char    *slope_augment_hint     (const char *name);
/* (transfer full): @first and then all augmentations, in the order of sl_augment_names(). */
GtkStringList *slope_augment_choices  (const char *first /* nullable */);

/* (transfer full): @first, which stands for 0, and then all batch sizes. */
GtkStringList *slope_batch_choices    (const char *first);
/* Between sizes: the next smaller one. */
guint          slope_batch_to_choice  (guint batch);
guint          slope_batch_of_choice  (guint choice);

G_END_DECLS
