/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>
#include <slope/slope.h>

G_BEGIN_DECLS

/* (transfer full): a predicted mask for a picture of so many pixels, as sl_mask_load() reads it: each channel is
 * the class.  What the network did not see, at the sides of a cropped picture, is as the nearest that it saw. */
SlPicture *slope_mask_stretch (const SlPrediction *prediction, int width, int height);

/* Asks @widget's person for a name and writes that mask there as a PNG file, on another thread; a toast says what
 * came of it.  @name: that is proposed. */
void       slope_mask_save    (GtkWidget *widget, const SlPrediction *prediction, int width, int height,
                               const char *name);

G_END_DECLS
