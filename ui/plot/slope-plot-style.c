/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slope-plot-style.h"

#include "slope-colors.h"

#include <adwaita.h>

/* libadwaita's caption class is 82 % of the font's size. */
#define CAPTION_SCALE 0.82

static GdkRGBA
color (const char *spec)
{
  GdkRGBA rgba = { 0, 0, 0, 1 };
  gdk_rgba_parse (&rgba, spec);
  return rgba;
}

void
slope_plot_style_init (SlopePlotStyle *self, gboolean dark)
{
  *self = (SlopePlotStyle){ .dark = dark, .text_px = 12 };
  self->fg = color (dark ? "#ffffff" : "#323232");
  self->card = color (dark ? "#363636" : "#ffffff");
  self->accent = color (dark ? "#78aeed" : "#1c71d8");
  self->accent_bg = color ("#3584e4");
  self->accent_fg = color ("#ffffff");
  self->validation = color (dark ? "#ffa348" : "#c64600");
  self->momentum = color (dark ? "#dc8add" : "#9141ac");
  g_strlcpy (self->family, "Sans", sizeof self->family);
}

/* @over on @under as one opaque colour. */
static GdkRGBA
blend (const GdkRGBA *over, const GdkRGBA *under)
{
  float a = over->alpha;
  return (GdkRGBA){ over->red * a + under->red * (1 - a), over->green * a + under->green * (1 - a),
                    over->blue * a + under->blue * (1 - a), 1 };
}

static void
look_up (GtkStyleContext *context, const char *name, GdkRGBA *rgba)
{
  GdkRGBA found;
  if (gtk_style_context_lookup_color (context, name, &found))
    *rgba = found;
}

void
slope_plot_style_init_from_widget (SlopePlotStyle *self, GtkWidget *widget)
{
  GtkStyleContext *context = gtk_widget_get_style_context (widget);
  PangoContext *pango = gtk_widget_get_pango_context (widget);
  const PangoFontDescription *font = pango_context_get_font_description (pango);
  GdkRGBA window, card, fg;

  slope_plot_style_init (self, adw_style_manager_get_dark (adw_style_manager_get_default ()));
  window = card = self->card;
  look_up (context, "accent_color", &self->accent);
  look_up (context, "accent_bg_color", &self->accent_bg);
  look_up (context, "accent_fg_color", &self->accent_fg);
  look_up (context, "window_bg_color", &window);
  look_up (context, "card_bg_color", &card);
  self->card = blend (&card, &window);
  gtk_style_context_get_color (context, &fg);
  self->fg = blend (&fg, &self->card);
  if (font && pango_font_description_get_family (font))
    g_strlcpy (self->family, pango_font_description_get_family (font), sizeof self->family);
  if (font && pango_font_description_get_size (font) > 0)
    {
      double size = pango_font_description_get_size (font) / (double)PANGO_SCALE;
      double dpi = pango_cairo_context_get_resolution (pango);
      if (!pango_font_description_get_size_is_absolute (font))
        size *= (dpi > 0 ? dpi : 96) / 72;
      self->text_px = size * CAPTION_SCALE;
    }
}

static GdkRGBA
share (GdkRGBA rgba, float alpha)
{
  rgba.alpha *= alpha;
  return rgba;
}

void
slope_plot_style_get_stroke (const SlopePlotStyle *self, SlopeSeriesKind kind, SlopeStroke *stroke)
{
  *stroke = (SlopeStroke){ self->accent, 2.25, FALSE, FALSE };
  switch (kind)
    {
    case SLOPE_SERIES_MAIN:
      break;
    case SLOPE_SERIES_OLDER:
      stroke->color = share (self->fg, 0.3F);
      stroke->width = 1.5;
      break;
    case SLOPE_SERIES_REPEAT:
      stroke->color = share (self->accent, 0.7F);
      stroke->width = 1.25;
      break;
    case SLOPE_SERIES_COUNTERPART:
      stroke->color = self->validation;
      stroke->width = 2;
      stroke->dotted = TRUE;
      break;
    case SLOPE_SERIES_BATCHES:
      stroke->color = share (self->accent, self->dark ? 0.5F : 0.38F);
      stroke->width = 1;
      break;
    case SLOPE_SERIES_GROUP:
      stroke->color = share (self->accent, 0.5F);
      stroke->width = 1.5;
      break;
    case SLOPE_SERIES_VALIDATION:
      stroke->color = self->validation;
      stroke->dots = TRUE;
      break;
    case SLOPE_SERIES_MOMENTUM:
      stroke->color = self->momentum;
      break;
    case SLOPE_SERIES_FUTURE:
      stroke->width = 1.5;
      stroke->dotted = TRUE;
      break;
    case SLOPE_SERIES_FUTURE_MOMENTUM:
      stroke->color = self->momentum;
      stroke->width = 1.5;
      stroke->dotted = TRUE;
      break;
    case SLOPE_SERIES_RUN:
      stroke->dots = TRUE;
      break;
    }
}

void
slope_plot_style_get_series_stroke (const SlopePlotStyle *self, const SlopeSeries *series,
                                    SlopeStroke *stroke)
{
  slope_plot_style_get_stroke (self, series->kind, stroke);
  if (series->kind == SLOPE_SERIES_RUN)
    slope_class_color (series->color, self->dark, &stroke->color);
}
