/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dataset/sample-draw.h"

/* ---- Colours and chance */

Colour
_sl_draw_mix (Colour a, Colour b, double t)
{
  return (Colour){ a.r + t * (b.r - a.r), a.g + t * (b.g - a.g), a.b + t * (b.b - a.b) };
}

Colour
_sl_draw_shade (Colour c, double factor)
{
  const Colour white = { 1.0, 1.0, 1.0 };

  if (factor > 1.0)
    return _sl_draw_mix (c, white, MIN (factor - 1.0, 1.0));
  return (Colour){ c.r * factor, c.g * factor, c.b * factor };
}

Colour
_sl_draw_jitter (Colour c, double amount, SlRandom *random)
{
  double all = sl_random_uniform (random, -amount, amount);
  double r = sl_random_uniform (random, -amount, amount) * 0.4 + all;
  double g = sl_random_uniform (random, -amount, amount) * 0.4 + all;
  double b = sl_random_uniform (random, -amount, amount) * 0.4 + all;

  return (Colour){ CLAMP (c.r + r, 0.0, 1.0), CLAMP (c.g + g, 0.0, 1.0),
                   CLAMP (c.b + b, 0.0, 1.0) };
}

Colour
_sl_draw_tint (Colour c, Colour light)
{
  return (Colour){ c.r * light.r, c.g * light.g, c.b * light.b };
}

Colour
_sl_draw_pick (const Colour *colours, gsize n, double amount, SlRandom *random)
{
  return _sl_draw_jitter (colours[sl_random_below (random, n)], amount, random);
}

double
_sl_draw_range (SlRandom *random, double low, double high)
{
  return sl_random_uniform (random, low, high);
}

gboolean
_sl_draw_chance (SlRandom *random, double p)
{
  return sl_random_uniform (random, 0.0, 1.0) < p;
}

/* ---- Shapes */

void
_sl_draw_source (cairo_t *cr, Colour c, double alpha)
{
  cairo_set_source_rgba (cr, c.r, c.g, c.b, alpha);
}

void
_sl_draw_ellipse (cairo_t *cr, double x, double y, double rx, double ry)
{
  cairo_save (cr);
  cairo_translate (cr, x, y);
  cairo_scale (cr, rx, ry);
  cairo_new_sub_path (cr);
  cairo_arc (cr, 0.0, 0.0, 1.0, 0.0, 2.0 * G_PI);
  cairo_close_path (cr);
  cairo_restore (cr);
}

void
_sl_draw_line (cairo_t *cr, double x0, double y0, double x1, double y1)
{
  cairo_move_to (cr, x0, y0);
  cairo_line_to (cr, x1, y1);
}

void
_sl_draw_fill_fade (cairo_t *cr, double top, double bottom, Colour from, Colour to)
{
  cairo_pattern_t *fade = cairo_pattern_create_linear (0.0, top, 0.0, bottom);

  cairo_pattern_add_color_stop_rgb (fade, 0.0, from.r, from.g, from.b);
  cairo_pattern_add_color_stop_rgb (fade, 1.0, to.r, to.g, to.b);
  cairo_set_source (cr, fade);
  cairo_fill (cr);
  cairo_pattern_destroy (fade);
}

void
_sl_draw_fade (cairo_t *cr, double top, double bottom, Colour from, Colour to)
{
  cairo_rectangle (cr, -1.5, top, 3.0, bottom - top);
  _sl_draw_fill_fade (cr, top, bottom, from, to);
}

void
_sl_draw_spot (cairo_t *cr, double x, double y, double rx, double ry, Colour c, double alpha)
{
  _sl_draw_source (cr, c, alpha);
  _sl_draw_ellipse (cr, x, y, rx, ry);
  cairo_fill (cr);
}

void
_sl_draw_glow (cairo_t *cr, double x, double y, double rx, double ry, Colour c, double alpha)
{
  cairo_pattern_t *soft = cairo_pattern_create_radial (0.0, 0.0, 0.0, 0.0, 0.0, 1.0);

  cairo_pattern_add_color_stop_rgba (soft, 0.0, c.r, c.g, c.b, alpha);
  cairo_pattern_add_color_stop_rgba (soft, 0.5, c.r, c.g, c.b, alpha * 0.55);
  cairo_pattern_add_color_stop_rgba (soft, 1.0, c.r, c.g, c.b, 0.0);
  cairo_save (cr);
  cairo_translate (cr, x, y);
  cairo_scale (cr, rx, ry);
  _sl_draw_ellipse (cr, 0.0, 0.0, 1.0, 1.0);
  cairo_set_source (cr, soft);
  cairo_fill (cr);
  cairo_restore (cr);
  cairo_pattern_destroy (soft);
}

void
_sl_draw_ball (cairo_t *cr, double x, double y, double rx, double ry, Colour c, double side)
{
  cairo_pattern_t *light = cairo_pattern_create_radial (0.4 * side, -0.5, 0.05, 0.0, 0.0, 1.2);
  Colour bright = _sl_draw_shade (c, 1.12), dark = _sl_draw_shade (c, 0.68);

  cairo_pattern_add_color_stop_rgb (light, 0.0, bright.r, bright.g, bright.b);
  cairo_pattern_add_color_stop_rgb (light, 0.45, c.r, c.g, c.b);
  cairo_pattern_add_color_stop_rgb (light, 1.0, dark.r, dark.g, dark.b);
  cairo_save (cr);
  cairo_translate (cr, x, y);
  cairo_scale (cr, rx, ry);
  _sl_draw_ellipse (cr, 0.0, 0.0, 1.0, 1.0);
  cairo_set_source (cr, light);
  cairo_fill (cr);
  cairo_restore (cr);
  cairo_pattern_destroy (light);
}

/* ---- The whole picture */

void
_sl_draw_light (cairo_t *cr, double strength, SlRandom *random)
{
  static const Colour washes[] = {
    { 1.0, 0.75, 0.45 }, { 0.35, 0.45, 0.75 }, { 0.1, 0.1, 0.15 }, { 1.0, 1.0, 0.95 }
  };
  cairo_pattern_t *edge = cairo_pattern_create_radial (0.0, 0.0, 0.7, 0.0, 0.0, 1.6);
  Colour wash = washes[sl_random_below (random, G_N_ELEMENTS (washes))];

  _sl_draw_source (cr, wash, strength * _sl_draw_range (random, 0.0, 0.15));
  cairo_paint (cr);
  cairo_pattern_add_color_stop_rgba (edge, 0.0, 0.0, 0.0, 0.0, 0.0);
  cairo_pattern_add_color_stop_rgba (edge, 1.0, 0.0, 0.0, 0.0,
                                     strength * _sl_draw_range (random, 0.0, 0.5));
  cairo_set_source (cr, edge);
  cairo_paint (cr);
  cairo_pattern_destroy (edge);
}

void
_sl_draw_grain (cairo_surface_t *surface, double strength, SlRandom *random)
{
  int width = cairo_image_surface_get_width (surface);
  int height = cairo_image_surface_get_height (surface);
  int stride = cairo_image_surface_get_stride (surface);
  guint8 *data = cairo_image_surface_get_data (surface);

  cairo_surface_flush (surface);
  for (int y = 0; y < height; y++)
    {
      guint32 *row = (guint32 *)(gpointer)(data + (gsize)y * stride);

      for (int x = 0; x < width; x++)
        {
          guint32 bits = sl_random_u32 (random), pixel = 0;

          for (int shift = 0; shift <= 16; shift += 8)
            {
              int noise = (int)((bits >> shift) & 0xff) - 128;
              int value = (int)((row[x] >> shift) & 0xff) + (int)(strength * noise);

              pixel |= (guint32)CLAMP (value, 0, 255) << shift;
            }
          row[x] = pixel;
        }
    }
  cairo_surface_mark_dirty (surface);
}
