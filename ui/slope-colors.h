/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SLOPE_N_CLASS_COLORS 32

/* Colour of class @index (from 0); repeats from the first after %SLOPE_N_CLASS_COLORS. */
void slope_class_color (guint index, gboolean dark, GdkRGBA *color);
/* 0xRRGGBB to paint class @index with, up to 255: its colour in the light style, no two alike. */
guint32 slope_class_paint (guint index);

/* "1e-3", "3e-3", "1.6e-3": as rates are read and typed everywhere.  (transfer full) */
char *slope_format_rate (double rate);
/* A stage's rates as sl_rate_to_string() writes them, "1e-5 to 3e-4", in the person's language.  (transfer full) */
char *slope_format_rates (double low, double high);
/* Reads what slope_format_rates() writes, and all that sl_rate_parse() reads; %FALSE if @text is no rate. */
gboolean slope_parse_rates (const char *text, double *low, double *high);
/* "4.0 %" in the locale, from 0 … 1.  (transfer full) */
char *slope_format_percent (double value);
/* "12.5", "−3.4": six digits at most, in the locale.  (transfer full) */
char *slope_format_number (double value);
/* "12.5°", "3.4 mm"; @unit nullable. */
char *slope_format_quantity (double value, const char *unit);
/* "0:09", "1:02:03".  (transfer full) */
char *slope_format_clock (double seconds);
/* "about 1 min 20 s", "28 s left" take this: "1 min 20 s", "28 s", "2 h 5 min".  (transfer full) */
char *slope_format_duration (double seconds);
/* Two digits of it: "57 MB", "560 MB", "1.4 GB".  More would be made up.  (transfer full) */
char *slope_format_memory (gsize bytes);
/* A metric of the task as the window shows it: error_rate → "Error", "4.0 %".  (transfer full) */
char *slope_format_metric (const char *name, double value);
const char *slope_metric_label (const char *name);

G_END_DECLS
