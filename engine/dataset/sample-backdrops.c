/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dataset/sample-bears.h"

/* ---- Pieces */

static void
draw_sky (cairo_t *cr, double horizon, SlRandom *random)
{
  static const Colour tops[] = { { 0.42, 0.63, 0.86 },
                                 { 0.62, 0.72, 0.80 },
                                 { 0.86, 0.66, 0.52 },
                                 { 0.35, 0.45, 0.66 },
                                 { 0.75, 0.83, 0.90 } };
  Colour top = _sl_draw_jitter (tops[sl_random_below (random, G_N_ELEMENTS (tops))], 0.05, random);

  _sl_draw_fade (cr, -1.0, horizon, top, _sl_draw_shade (top, 1.5));
  for (guint n = sl_random_below (random, 4); n > 0; n--)
    {
      double x = _sl_draw_range (random, -1.0, 1.0),
             y = _sl_draw_range (random, -0.95, horizon - 0.2);

      cairo_set_source_rgba (cr, 1.0, 1.0, 1.0, 0.35);
      for (int k = 0; k < 4; k++)
        {
          _sl_draw_ellipse (cr, x + 0.14 * k, y + _sl_draw_range (random, -0.03, 0.03), 0.16,
                            _sl_draw_range (random, 0.05, 0.10));
          cairo_fill (cr);
        }
    }
}

static void
draw_grass (cairo_t *cr, double top, double bottom, Colour colour, guint blades, SlRandom *random)
{
  for (guint shade = 0; shade < 3; shade++)
    {
      for (guint i = 0; i < blades / 3; i++)
        {
          double x = _sl_draw_range (random, -1.05, 1.05), y = _sl_draw_range (random, top, bottom);
          double height = 0.05 + 0.07 * (y - top + 0.2);

          cairo_move_to (cr, x, y);
          cairo_rel_line_to (cr, _sl_draw_range (random, -0.04, 0.04), -height);
        }
      _sl_draw_source (cr, _sl_draw_shade (colour, 0.75 + 0.25 * shade), 0.8);
      cairo_set_line_width (cr, 0.016);
      cairo_stroke (cr);
    }
}

static Colour
pick_ground (SlRandom *random)
{
  static const Colour grounds[] = { { 0.36, 0.52, 0.24 },
                                    { 0.50, 0.55, 0.26 },
                                    { 0.62, 0.52, 0.30 },
                                    { 0.30, 0.42, 0.25 },
                                    { 0.55, 0.42, 0.28 } };

  return _sl_draw_jitter (grounds[sl_random_below (random, G_N_ELEMENTS (grounds))], 0.06, random);
}

static void
draw_tree (cairo_t *cr, double x, double base, double size, Colour leaf, SlRandom *random)
{
  _sl_draw_source (cr, _sl_draw_jitter ((Colour){ 0.30, 0.22, 0.16 }, 0.04, random), 1.0);
  cairo_rectangle (cr, x - 0.03 * size, base - 0.3 * size, 0.06 * size, 0.3 * size);
  cairo_fill (cr);
  for (int k = 0; k < 3; k++)
    {
      double y = base - (0.2 + 0.28 * k) * size, half = (0.32 - 0.08 * k) * size;

      _sl_draw_source (cr, _sl_draw_shade (leaf, 0.85 + 0.12 * k), 1.0);
      cairo_move_to (cr, x - half, y);
      cairo_line_to (cr, x + half, y);
      cairo_line_to (cr, x, y - 0.42 * size);
      cairo_close_path (cr);
      cairo_fill (cr);
    }
}

/* ---- Places */

static void
draw_meadow (cairo_t *cr, SlRandom *random)
{
  double horizon = _sl_draw_range (random, -0.45, 0.05);
  Colour ground = pick_ground (random);

  draw_sky (cr, horizon, random);
  for (guint n = 2 + sl_random_below (random, 6); n > 0; n--)
    draw_tree (cr, _sl_draw_range (random, -1.0, 1.0), horizon + 0.03,
               _sl_draw_range (random, 0.25, 0.6), _sl_draw_shade (ground, 0.6), random);
  _sl_draw_fade (cr, horizon, 1.0, _sl_draw_shade (ground, 1.15), _sl_draw_shade (ground, 0.8));
  draw_grass (cr, horizon + 0.1, 1.05, ground, 240, random);
}

static void
draw_forest (cairo_t *cr, SlRandom *random)
{
  Colour ground = pick_ground (random);
  Colour deep = _sl_draw_shade (ground, _sl_draw_range (random, 0.3, 0.6));

  _sl_draw_fade (cr, -1.0, 0.3, _sl_draw_shade (deep, 1.12), deep);
  for (int layer = 0; layer < 2; layer++)
    for (guint n = 4 + sl_random_below (random, 4); n > 0; n--)
      {
        double x = _sl_draw_range (random, -1.1, 1.1);
        double width = _sl_draw_range (random, 0.04, 0.09) * (1 + layer);
        Colour bark = _sl_draw_jitter ((Colour){ 0.34, 0.27, 0.21 }, 0.06, random);

        _sl_draw_source (cr, _sl_draw_mix (deep, bark, 0.35 + 0.4 * layer), 1.0);
        cairo_rectangle (cr, x - width / 2, -1.0, width, 1.35 + 0.1 * layer);
        cairo_fill (cr);
      }
  for (guint n = 50; n > 0; n--)
    {
      double x = _sl_draw_range (random, -1.0, 1.0), y = _sl_draw_range (random, -1.0, -0.3);

      _sl_draw_source (cr, _sl_draw_jitter (ground, 0.12, random), 0.5);
      _sl_draw_ellipse (cr, x, y, _sl_draw_range (random, 0.04, 0.14), 0.07);
      cairo_fill (cr);
    }
  _sl_draw_fade (cr, 0.3, 1.0, _sl_draw_shade (ground, 0.7), _sl_draw_shade (ground, 0.95));
  draw_grass (cr, 0.35, 1.05, ground, 150, random);
}

static void
draw_mountains (cairo_t *cr, SlRandom *random)
{
  double horizon = _sl_draw_range (random, -0.15, 0.15);
  Colour rock = _sl_draw_jitter ((Colour){ 0.45, 0.48, 0.56 }, 0.08, random);
  Colour ground = pick_ground (random);

  draw_sky (cr, horizon, random);
  for (int n = 0; n < 4; n++)
    {
      double x = _sl_draw_range (random, -1.1, 1.1), half = _sl_draw_range (random, 0.4, 0.8);
      double top = horizon - _sl_draw_range (random, 0.4, 0.8);

      _sl_draw_source (cr, _sl_draw_jitter (rock, 0.05, random), 1.0);
      cairo_move_to (cr, x - half, horizon);
      cairo_line_to (cr, x, top);
      cairo_line_to (cr, x + half, horizon);
      cairo_fill (cr);
      cairo_set_source_rgba (cr, 0.95, 0.96, 0.98, 0.9);
      cairo_move_to (cr, x, top);
      cairo_rel_line_to (cr, half * 0.22, (horizon - top) * 0.22);
      cairo_rel_line_to (cr, -half * 0.16, -0.02);
      cairo_rel_line_to (cr, -half * 0.10, 0.06);
      cairo_rel_line_to (cr, -half * 0.18, -0.04);
      cairo_fill (cr);
    }
  _sl_draw_fade (cr, horizon, 1.0, _sl_draw_shade (ground, 1.1), _sl_draw_shade (ground, 0.75));
  draw_grass (cr, horizon + 0.15, 1.05, ground, 160, random);
}

static void
draw_river (cairo_t *cr, SlRandom *random)
{
  double shore = _sl_draw_range (random, -0.35, 0.0);
  Colour water = _sl_draw_jitter ((Colour){ 0.36, 0.52, 0.60 }, 0.08, random);
  Colour ground = pick_ground (random);

  _sl_draw_fade (cr, -1.0, shore, _sl_draw_shade (ground, 0.65), _sl_draw_shade (ground, 0.95));
  draw_grass (cr, -0.9, shore, ground, 150, random);
  _sl_draw_fade (cr, shore, 1.0, _sl_draw_shade (water, 1.2), _sl_draw_shade (water, 0.75));
  for (int n = 0; n < 45; n++)
    {
      double y = _sl_draw_range (random, shore + 0.03, 1.0), x = _sl_draw_range (random, -1.1, 1.0);

      cairo_move_to (cr, x, y);
      cairo_rel_curve_to (cr, 0.06, -0.03, 0.12, 0.03, 0.08 + 0.2 * (y - shore), 0.0);
    }
  cairo_set_source_rgba (cr, 1.0, 1.0, 1.0, 0.35);
  cairo_set_line_width (cr, 0.018);
  cairo_stroke (cr);
}

static Colour
pick_wall (SlRandom *random)
{
  static const Colour walls[] = {
    { 0.88, 0.82, 0.72 }, { 0.72, 0.80, 0.84 }, { 0.84, 0.73, 0.74 },
    { 0.76, 0.82, 0.70 }, { 0.60, 0.56, 0.62 }, { 0.90, 0.88, 0.86 }
  };

  return _sl_draw_jitter (walls[sl_random_below (random, G_N_ELEMENTS (walls))], 0.06, random);
}

static void
draw_room (cairo_t *cr, SlRandom *random)
{
  double floor_y = _sl_draw_range (random, 0.15, 0.55);
  Colour wall = pick_wall (random);
  Colour wood = _sl_draw_jitter ((Colour){ 0.62, 0.45, 0.30 }, 0.10, random);

  _sl_draw_fade (cr, -1.0, floor_y, _sl_draw_shade (wall, 1.1), _sl_draw_shade (wall, 0.9));
  if (_sl_draw_chance (random, 0.6)) /* a window, or a picture on the wall */
    {
      double x = _sl_draw_range (random, -0.95, 0.35), y = _sl_draw_range (random, -0.95, -0.6);

      cairo_rectangle (cr, x, y, 0.6, 0.55);
      _sl_draw_source (cr, _sl_draw_jitter ((Colour){ 0.70, 0.82, 0.92 }, 0.15, random), 1.0);
      cairo_fill_preserve (cr);
      _sl_draw_source (cr, _sl_draw_shade (wood, 0.8), 1.0);
      cairo_set_line_width (cr, 0.05);
      cairo_stroke (cr);
    }
  _sl_draw_fade (cr, floor_y, 1.0, wood, _sl_draw_shade (wood, 0.7));
  for (double x = -1.6; x < 1.6; x += 0.22)
    {
      cairo_move_to (cr, x * 0.75, floor_y);
      cairo_line_to (cr, x * 1.2, 1.0);
    }
  _sl_draw_source (cr, _sl_draw_shade (wood, 0.6), 0.5);
  cairo_set_line_width (cr, 0.012);
  cairo_stroke (cr);
}

static void
draw_shelf (cairo_t *cr, SlRandom *random)
{
  Colour wood = _sl_draw_jitter ((Colour){ 0.50, 0.36, 0.25 }, 0.08, random);

  _sl_draw_fade (cr, -1.0, 1.0, _sl_draw_shade (wood, 0.55), _sl_draw_shade (wood, 0.45));
  for (double board = -0.42; board < 0.8; board += 0.62)
    {
      for (double x = -1.0; x < 1.0;)
        {
          double width = _sl_draw_range (random, 0.06, 0.14);
          double height = _sl_draw_range (random, 0.36, 0.52);
          Colour book = { _sl_draw_range (random, 0.2, 0.85), _sl_draw_range (random, 0.2, 0.75),
                          _sl_draw_range (random, 0.2, 0.75) };

          _sl_draw_source (cr, _sl_draw_mix (book, wood, 0.35), 1.0);
          cairo_rectangle (cr, x, board - height, width * 0.94, height);
          cairo_fill (cr);
          x += width;
        }
      _sl_draw_source (cr, _sl_draw_shade (wood, 1.05), 1.0);
      cairo_rectangle (cr, -1.0, board, 2.0, 0.08);
      cairo_fill (cr);
    }
  _sl_draw_fade (cr, 0.75, 1.0, _sl_draw_shade (wood, 1.15), wood);
}

static void
draw_studio (cairo_t *cr, SlRandom *random)
{
  Colour wall = pick_wall (random);

  _sl_draw_fade (cr, -1.0, 0.5, _sl_draw_shade (wall, 1.15), wall);
  _sl_draw_fade (cr, 0.5, 1.0, _sl_draw_shade (wall, 0.92), _sl_draw_shade (wall, 1.05));
}

static void
draw_lights (cairo_t *cr, SlRandom *random)
{
  Colour dark = _sl_draw_jitter ((Colour){ 0.22, 0.18, 0.20 }, 0.10, random);

  _sl_draw_fade (cr, -1.0, 1.0, dark, _sl_draw_shade (dark, 1.2));
  for (int n = 0; n < 34; n++)
    {
      double x = _sl_draw_range (random, -1.1, 1.1), y = _sl_draw_range (random, -1.1, 1.1);
      double radius = _sl_draw_range (random, 0.05, 0.20);
      Colour light = { _sl_draw_range (random, 0.6, 1.0), _sl_draw_range (random, 0.4, 0.9),
                       _sl_draw_range (random, 0.2, 0.6) };

      _sl_draw_source (cr, light, _sl_draw_range (random, 0.15, 0.45));
      _sl_draw_ellipse (cr, x, y, radius, radius);
      cairo_fill (cr);
    }
}

void
_sl_backdrop_behind (cairo_t *cr, Backdrop backdrop, SlRandom *random)
{
  static void (*const draw[N_BACKDROPS]) (
      cairo_t *, SlRandom *) = { draw_meadow, draw_forest, draw_mountains, draw_river,
                                 draw_room,   draw_shelf,  draw_studio,    draw_lights };

  draw[backdrop](cr, random);
}

void
_sl_backdrop_before (cairo_t *cr, Backdrop backdrop, SlRandom *random)
{
  double edge = _sl_draw_range (random, 0.72, 0.95);

  if (backdrop > BACKDROP_RIVER)
    return;
  if (backdrop == BACKDROP_RIVER)
    for (guint n = 1 + sl_random_below (random, 4); n > 0; n--)
      {
        double x = _sl_draw_range (random, -1.0, 1.0);
        Colour stone = _sl_draw_jitter ((Colour){ 0.48, 0.46, 0.44 }, 0.10, random);

        _sl_draw_source (cr, stone, 1.0);
        _sl_draw_ellipse (cr, x, 0.98, _sl_draw_range (random, 0.12, 0.30), 0.16);
        cairo_fill (cr);
      }
  else
    draw_grass (cr, edge, 1.15, pick_ground (random), 150, random);
}
