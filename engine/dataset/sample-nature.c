/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dataset/sample-nature.h"

#include <math.h>

/* ---- Light */

static const Light days[] = {
  { { 0.24, 0.50, 0.86 }, { 0.78, 0.90, 0.97 }, { 1.00, 1.00, 0.96 }, 1.0, FALSE }, /* noon */
  { { 0.36, 0.60, 0.90 }, { 0.88, 0.94, 0.97 }, { 1.00, 0.99, 0.94 }, 1.0, FALSE },
  { { 0.48, 0.68, 0.86 }, { 0.99, 0.89, 0.74 }, { 1.00, 0.94, 0.82 }, 1.0, FALSE }, /* morning */
  { { 0.34, 0.40, 0.66 }, { 0.99, 0.68, 0.42 }, { 0.98, 0.80, 0.64 }, 1.0, FALSE }, /* evening */
  { { 0.50, 0.52, 0.78 }, { 0.99, 0.79, 0.76 }, { 0.98, 0.88, 0.88 }, 1.0, FALSE },
  { { 0.60, 0.67, 0.74 }, { 0.86, 0.89, 0.90 }, { 0.90, 0.93, 0.96 }, 1.0, FALSE }, /* dull */
};

static const Light nights[] = {
  { { 0.04, 0.07, 0.20 }, { 0.17, 0.25, 0.45 }, { 0.34, 0.42, 0.66 }, 1.0, TRUE },
  { { 0.07, 0.06, 0.22 }, { 0.36, 0.26, 0.46 }, { 0.40, 0.38, 0.62 }, 1.0, TRUE },
};

static Light
pick_light (const Light *lights, gsize n, SlRandom *random)
{
  Light light = lights[sl_random_below (random, n)];

  light.top = _sl_draw_jitter (light.top, 0.05, random);
  light.low = _sl_draw_jitter (light.low, 0.03, random);
  light.side = _sl_draw_chance (random, 0.5) ? 1.0 : -1.0;
  return light;
}

Light
_sl_nature_day (gboolean sunny, SlRandom *random)
{
  return pick_light (days, G_N_ELEMENTS (days) - (sunny ? 1 : 0), random);
}

Light
_sl_nature_night (SlRandom *random)
{
  return pick_light (nights, G_N_ELEMENTS (nights), random);
}

Colour
_sl_nature_lit (const Light *light, Colour c, double far)
{
  return _sl_draw_mix (_sl_draw_tint (c, light->tint), light->low, far);
}

/* ---- Sky */

static void
draw_stars (cairo_t *cr, double horizon, SlRandom *random)
{
  const Colour white = { 1.0, 1.0, 0.94 };

  for (int n = 0; n < 55; n++)
    {
      double x = _sl_draw_range (random, -1.0, 1.0), y = _sl_draw_range (random, -1.0, horizon);
      double r = _sl_draw_range (random, 0.004, 0.014);

      _sl_draw_spot (cr, x, y, r, r, white, 0.9 * (horizon - y) / (horizon + 1.0));
    }
}

void
_sl_nature_sky (cairo_t *cr, const Light *light, double horizon, SlRandom *random)
{
  _sl_draw_source (cr, light->low, 1.0);
  cairo_paint (cr);
  _sl_draw_fade (cr, -1.0, horizon, light->top, light->low);
  if (light->night)
    draw_stars (cr, horizon, random);
}

/* Heaps of soft balls on a flat bottom: the lower ones in shade, the upper ones in the light. */
void
_sl_nature_cloud (cairo_t *cr, const Light *light, double x, double y, double size,
                  SlRandom *random)
{
  const Colour white = light->night ? (Colour){ 0.40, 0.45, 0.60 } : (Colour){ 1.0, 0.99, 0.97 };
  Colour shade = _sl_draw_mix (light->top, white, light->night ? 0.3 : 0.55);

  for (int layer = 0; layer < 3; layer++)
    {
      Colour c = _sl_draw_mix (shade, white, layer / 2.0);

      for (int k = 0; k < 9; k++)
        {
          double along = _sl_draw_range (random, -1.0, 1.0);
          double high = (1.0 - along * along) * 0.42 * size;
          double up = _sl_draw_range (random, 0.0, 1.0) * high * (0.5 + 0.25 * layer);
          double r = size * _sl_draw_range (random, 0.16, 0.34) * (1.0 - 0.4 * fabs (along));

          _sl_draw_glow (cr, x + (along + 0.06 * layer * light->side) * size,
                         y - up - 0.05 * size * layer, r * 1.25, r * 0.85, c, 0.85);
        }
    }
}

/* ---- Trees */

void
_sl_nature_shadow (cairo_t *cr, const Light *light, double x, double y, double width)
{
  const Colour dark = { 0.02, 0.04, 0.08 };

  _sl_draw_glow (cr, x - 0.25 * width * light->side, y, width, 0.22 * width, dark, 0.5);
}

static void
draw_trunk (cairo_t *cr, const Light *light, double x, double base, double height, double width,
            double far, SlRandom *random)
{
  static const Colour barks[] = {
    { 0.36, 0.27, 0.19 }, { 0.45, 0.38, 0.31 }, { 0.30, 0.24, 0.21 }, { 0.80, 0.78, 0.72 }
  };
  Colour bark = _sl_draw_pick (barks, G_N_ELEMENTS (barks), 0.04, random);
  Colour lit = _sl_nature_lit (light, bark, far);
  Colour dark = _sl_draw_shade (lit, 0.62);
  cairo_pattern_t *round = cairo_pattern_create_linear (x - light->side * width, 0.0,
                                                        x + light->side * width, 0.0);

  cairo_pattern_add_color_stop_rgb (round, 0.2, dark.r, dark.g, dark.b);
  cairo_pattern_add_color_stop_rgb (round, 0.8, lit.r, lit.g, lit.b);
  cairo_move_to (cr, x - width, base);
  cairo_curve_to (cr, x - 0.5 * width, base - 0.3 * height, x - 0.5 * width, base - 0.6 * height,
                  x - 0.4 * width, base - height);
  cairo_line_to (cr, x + 0.4 * width, base - height);
  cairo_curve_to (cr, x + 0.5 * width, base - 0.6 * height, x + 0.5 * width, base - 0.3 * height,
                  x + width, base);
  cairo_close_path (cr);
  cairo_set_source (cr, round);
  cairo_fill (cr);
  cairo_pattern_destroy (round);
}

/* Leaves in an ellipse: clumps from dark inside to bright where the light falls. */
static void
draw_crown (cairo_t *cr, const Light *light, double x, double y, double rx, double ry, double far,
            Colour leaf, gboolean snow, SlRandom *random)
{
  const guint n = 60;

  for (guint k = 0; k < n; k++)
    {
      double angle = _sl_draw_range (random, 0.0, 2.0 * G_PI);
      double at = sqrt (_sl_draw_range (random, 0.0, 1.0)) * 0.86;
      double dx = at * cos (angle), dy = at * sin (angle);
      double lit = 0.5 + 0.32 * dx * light->side - 0.45 * dy + 0.12 * k / n;
      double r = _sl_draw_range (random, 0.13, 0.26);
      Colour c = _sl_draw_jitter (_sl_draw_shade (leaf, 0.50 + 0.62 * lit), 0.04, random);

      if (snow && lit > 0.62)
        c = _sl_draw_mix (c, (Colour){ 0.95, 0.97, 1.0 }, 0.75);
      c = _sl_nature_lit (light, c, far);
      _sl_draw_spot (cr, x + dx * rx, y + dy * ry, r * rx, r * ry, c, 0.92);
    }
}

static void
draw_fir (cairo_t *cr, const Light *light, double x, double base, double size, double far,
          Colour leaf, gboolean snow, SlRandom *random)
{
  const int layers = 6;

  for (int k = 0; k < layers; k++)
    {
      double t = k / (double)layers, half = (0.30 - 0.25 * t) * size;
      double y = base - (0.12 + 0.78 * t) * size, top = y - 0.26 * size;

      for (int side = -1; side <= 1; side += 2)
        {
          Colour c = _sl_draw_shade (leaf, (side * light->side > 0 ? 0.98 : 0.66) + 0.12 * t);
          double reach = half * _sl_draw_range (random, 0.88, 1.12);
          double droop = _sl_draw_range (random, 0.02, 0.06) * size;

          c = _sl_draw_jitter (c, 0.03, random);
          if (snow)
            c = _sl_draw_mix (c, (Colour){ 0.93, 0.96, 1.0 }, 0.45 + 0.2 * side * light->side);
          cairo_move_to (cr, x, top);
          cairo_curve_to (cr, x + side * 0.3 * reach, y - 0.10 * size, x + side * 0.7 * reach,
                          y - 0.02 * size, x + side * reach, y + droop);
          cairo_curve_to (cr, x + side * 0.6 * reach, y + 0.5 * droop, x + side * 0.3 * reach,
                          y + droop, x, y + 0.02 * size);
          cairo_close_path (cr);
          _sl_draw_source (cr, _sl_nature_lit (light, c, far), 1.0);
          cairo_fill (cr);
        }
    }
}

void
_sl_nature_tree (cairo_t *cr, const Light *light, Tree tree, double x, double base, double size,
                 double far, Colour leaf, gboolean snow, SlRandom *random)
{
  if (tree == TREE_FIR)
    {
      draw_trunk (cr, light, x, base, 0.2 * size, 0.03 * size, far, random);
      draw_fir (cr, light, x, base, size, far, leaf, snow, random);
    }
  else if (tree == TREE_POPLAR)
    {
      draw_trunk (cr, light, x, base, 0.4 * size, 0.03 * size, far, random);
      draw_crown (cr, light, x, base - 0.55 * size, 0.15 * size, 0.48 * size, far, leaf, snow,
                  random);
    }
  else
    {
      draw_trunk (cr, light, x, base, 0.6 * size, 0.05 * size, far, random);
      draw_crown (cr, light, x, base - 0.64 * size, 0.36 * size, 0.36 * size, far, leaf, snow,
                  random);
    }
}
