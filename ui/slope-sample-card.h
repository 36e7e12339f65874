/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>
#include <slope/slope.h>

G_BEGIN_DECLS

/* A button with a drawing of the sample, its title and what it shows. */
#define SLOPE_TYPE_SAMPLE_CARD (slope_sample_card_get_type ())
G_DECLARE_FINAL_TYPE (SlopeSampleCard, slope_sample_card, SLOPE, SAMPLE_CARD, GtkButton)

GtkWidget *slope_sample_card_new (const SlSampleInfo *sample);
const char *slope_sample_card_get_name (SlopeSampleCard *self); /* "bears" */

G_END_DECLS
