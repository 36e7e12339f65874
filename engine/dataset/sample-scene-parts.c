/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dataset/sample-scene.h"

#include <math.h>

static const Colour white = { 1.0, 1.0, 1.0 };

/* ---- In the sky */

void
_sl_scene_sun (const Landscape *self)
{
  gboolean low = self->light.low.b < 0.80; /* morning and evening skies are warm */
  double x = self->light.side * _sl_draw_range (self->random, 0.2, 0.8);
  double y = low ? self->horizon - _sl_draw_range (self->random, 0.15, 0.40)
                 : _sl_draw_range (self->random, -0.82, -0.50);
  double r = _sl_draw_range (self->random, 0.10, 0.15);
  Colour core = low ? (Colour){ 1.0, 0.90, 0.62 } : (Colour){ 1.0, 0.97, 0.80 };
  Colour halo = low ? (Colour){ 1.0, 0.66, 0.30 } : (Colour){ 1.0, 0.95, 0.70 };

  _sl_draw_glow (self->cr, x, y, 6.0 * r, 6.0 * r, halo, 0.55);
  _sl_draw_glow (self->cr, x, y, 2.2 * r, 2.2 * r, halo, 0.95);
  _sl_draw_spot (self->cr, x, y, r, r, core, 1.0);
}

void
_sl_scene_moon (const Landscape *self)
{
  const Colour pale = { 0.97, 0.96, 0.88 };
  double x = self->light.side * _sl_draw_range (self->random, 0.15, 0.75);
  double y = _sl_draw_range (self->random, -0.80, -0.50);
  double r = _sl_draw_range (self->random, 0.07, 0.11);
  double phase = _sl_draw_range (self->random, -0.9, 0.9);

  _sl_draw_glow (self->cr, x, y, 5.0 * r, 5.0 * r, pale, 0.28);
  cairo_new_path (self->cr);
  cairo_arc (self->cr, x, y, r, -0.5 * G_PI, 0.5 * G_PI);
  cairo_save (self->cr);
  cairo_translate (self->cr, x, y);
  cairo_scale (self->cr, phase, 1.0);
  cairo_arc (self->cr, 0.0, 0.0, r, 0.5 * G_PI, 1.5 * G_PI);
  cairo_restore (self->cr);
  _sl_draw_source (self->cr, pale, 1.0);
  cairo_fill (self->cr);
}

void
_sl_scene_clouds (const Landscape *self)
{
  for (guint n = 2 + sl_random_below (self->random, 3); n > 0; n--)
    {
      double y = _sl_draw_range (self->random, -0.80, self->horizon - 0.30);
      double near = (self->horizon - y) / (self->horizon + 1.0); /* clouds are smaller far away */
      double x = _sl_draw_range (self->random, -0.9, 0.9);

      _sl_nature_cloud (self->cr, &self->light, x, y,
                        (0.22 + 0.30 * near) * _sl_draw_range (self->random, 0.8, 1.3),
                        self->random);
    }
}

void
_sl_scene_rainbow (const Landscape *self)
{
  static const Colour bands[] = {
    { 0.93, 0.26, 0.28 }, { 0.98, 0.60, 0.22 }, { 0.99, 0.92, 0.35 },
    { 0.38, 0.80, 0.42 }, { 0.30, 0.58, 0.92 }, { 0.55, 0.36, 0.80 }
  };
  double x = -self->light.side * _sl_draw_range (self->random, 0.0, 0.5);
  double r = _sl_draw_range (self->random, 0.85, 1.15);

  cairo_save (self->cr);
  cairo_rectangle (self->cr, -1.0, -1.0, 2.0, self->horizon + 1.0);
  cairo_clip (self->cr);
  cairo_set_line_width (self->cr, 0.050);
  for (gsize i = 0; i < G_N_ELEMENTS (bands); i++)
    {
      cairo_new_path (self->cr);
      cairo_arc (self->cr, x, self->horizon + 0.25, r - 0.036 * (double)i, G_PI, 2.0 * G_PI);
      _sl_draw_source (self->cr, bands[i], 0.55);
      cairo_stroke (self->cr);
    }
  cairo_restore (self->cr);
}

/* ---- Far away */

/* A broken line from (x0, y0) to (x1, y1), from where the path is. */
static void
rough_line (const Landscape *self, double x0, double y0, double x1, double y1, double rough)
{
  const int steps = 7;

  for (int i = 1; i < steps; i++)
    {
      double t = i / (double)steps, dx = _sl_draw_range (self->random, -rough, rough);
      double dy = _sl_draw_range (self->random, -rough, rough);

      cairo_line_to (self->cr, x0 + t * (x1 - x0) + dx, y0 + t * (y1 - y0) + dy);
    }
  cairo_line_to (self->cr, x1, y1);
}

/* The triangle from the peak to both feet; the side away from the light lies in shade. */
static void
mountain (const Landscape *self, double x, double top, double half, double far)
{
  cairo_t *cr = self->cr;
  double base = self->horizon + 0.05, height = base - top, side = -self->light.side;
  Colour rock = _sl_draw_jitter ((Colour){ 0.52, 0.50, 0.54 }, 0.06, self->random);
  Colour high = _sl_nature_lit (&self->light, _sl_draw_shade (rock, 1.05), far);
  Colour low = _sl_nature_lit (&self->light, _sl_draw_mix (rock, self->ground, 0.4), far + 0.25);
  Colour shade = _sl_draw_mix (_sl_draw_shade (high, 0.45), self->light.top, 0.25);
  double snow = self->snow ? 0.85 : _sl_draw_range (self->random, 0.28, 0.46);

  cairo_save (cr);
  cairo_move_to (cr, x - half, base);
  rough_line (self, x - half, base, x, top, 0.035);
  rough_line (self, x, top, x + half, base, 0.035);
  cairo_close_path (cr);
  cairo_clip_preserve (cr);
  _sl_draw_fill_fade (cr, top, base, high, low);

  cairo_move_to (cr, x - half, top + snow * height); /* snow, with a ragged edge */
  for (int i = 0; i <= 14; i++)
    cairo_line_to (cr, x - half + i * half / 7.0,
                   top + snow * height * (i % 2 ? 1.0 : _sl_draw_range (self->random, 0.55, 0.8)));
  cairo_line_to (cr, x + half, top - 0.1);
  cairo_line_to (cr, x - half, top - 0.1);
  _sl_draw_source (cr, _sl_nature_lit (&self->light, white, 0.5 * far), 0.95);
  cairo_fill (cr);

  cairo_move_to (cr, x, top - 0.05);
  rough_line (self, x, top, x + side * 0.14 * half, base, 0.055);
  cairo_line_to (cr, x + side * 1.2 * half, base);
  cairo_line_to (cr, x + side * 1.2 * half, top - 0.05);
  cairo_close_path (cr);
  _sl_draw_source (cr, shade, 0.58);
  cairo_fill (cr);
  cairo_restore (cr);
}

void
_sl_scene_mountains (const Landscape *self)
{
  for (int layer = 0; layer < 2; layer++)
    for (int k = 0; k < 3; k++)
      {
        double x = -0.75 + 0.75 * k + 0.3 * layer + _sl_draw_range (self->random, -0.25, 0.25);
        double height = _sl_draw_range (self->random, 0.50, 0.85) * (1.0 - 0.30 * layer);

        mountain (self, x, MAX (self->horizon - height, -0.85),
                  height * _sl_draw_range (self->random, 0.75, 1.0), 0.34 - 0.20 * layer);
      }
}

void
_sl_scene_hills (const Landscape *self)
{
  for (int layer = 0; layer < 3; layer++)
    {
      double phase = _sl_draw_range (self->random, 0.0, 6.0);
      double wave = _sl_draw_range (self->random, 1.5, 3.2);
      double high = _sl_draw_range (self->random, 0.05, 0.15) * (1.0 - 0.2 * layer);
      double y = self->horizon - 0.05 + 0.06 * layer, far = 0.50 - 0.17 * layer;
      Colour c = _sl_draw_jitter (_sl_draw_shade (self->ground, 0.82), 0.03, self->random);

      cairo_move_to (self->cr, -1.1, 1.0);
      for (double x = -1.1; x <= 1.1; x += 0.1)
        cairo_line_to (self->cr, x, y - high * sin (wave * x + phase));
      cairo_line_to (self->cr, 1.1, 1.0);
      cairo_close_path (self->cr);
      _sl_draw_fill_fade (self->cr, y - high, y + 0.25,
                          _sl_nature_lit (&self->light, _sl_draw_shade (c, 1.06), far),
                          _sl_nature_lit (&self->light, _sl_draw_shade (c, 0.85), far + 0.12));
    }
}

/* ---- On the ground */

void
_sl_scene_meadow (const Landscape *self)
{
  double top = self->horizon + 0.10;
  Colour c = _sl_nature_lit (&self->light, self->ground, 0.10);

  cairo_move_to (self->cr, -1.1, 1.1);
  for (double x = -1.1; x <= 1.1; x += 0.1)
    cairo_line_to (self->cr, x, top + 0.02 * sin (4.0 * x + 9.0 * self->horizon));
  cairo_line_to (self->cr, 1.1, 1.1);
  cairo_close_path (self->cr);
  _sl_draw_fill_fade (self->cr, top, 1.0, _sl_draw_shade (c, 1.10), _sl_draw_shade (c, 0.72));
  for (int n = 0; n < 10; n++) /* patches of light and shade */
    {
      double x = _sl_draw_range (self->random, -1.0, 1.0);
      double y = _sl_draw_range (self->random, top + 0.12, 1.0);
      double size = 0.2 + 0.5 * (y - top);

      _sl_draw_glow (self->cr, x, y, size, 0.2 * size, n % 2 ? _sl_draw_shade (c, 1.3) : c, 0.35);
    }
  if (self->snow)
    return;
  for (int shade = 0; shade < 3; shade++)
    {
      for (int n = 0; n < 90; n++)
        {
          double x = _sl_draw_range (self->random, -1.0, 1.0);
          double t = _sl_draw_range (self->random, 0.0, 1.0), y = top + 0.08 + (1.0 - top) * t;

          cairo_move_to (self->cr, x, y);
          cairo_rel_line_to (self->cr, _sl_draw_range (self->random, -0.03, 0.03),
                             -0.02 - 0.10 * t);
        }
      _sl_draw_source (self->cr, _sl_draw_shade (c, 0.68 + 0.22 * shade), 0.75);
      cairo_set_line_width (self->cr, 0.012);
      cairo_stroke (self->cr);
    }
}

/* Winds from the horizon to the foot of the picture, wider as it comes near. */
void
_sl_scene_river (const Landscape *self)
{
  const int steps = 24;
  double top = self->horizon + 0.11, left[25], right[25], ys[25];
  double start = _sl_draw_range (self->random, -0.6, 0.6);
  double end = _sl_draw_range (self->random, -0.5, 0.5);
  double sway = _sl_draw_range (self->random, 0.16, 0.34) * (start > 0 ? -1.0 : 1.0);
  Colour bank = _sl_draw_shade (_sl_nature_lit (&self->light, self->ground, 0.0), 0.55);

  for (int i = 0; i <= steps; i++)
    {
      double t = i / (double)steps, wide = 0.035 + 0.36 * t * t;
      double x = start + (end - start) * t + sway * sin (7.0 * t) * (0.35 + t);

      ys[i] = top + (1.05 - top) * pow (t, 1.35);
      left[i] = x - wide;
      right[i] = x + wide;
    }
  cairo_move_to (self->cr, left[0], ys[0]);
  for (int i = 1; i <= steps; i++)
    cairo_line_to (self->cr, left[i], ys[i]);
  for (int i = steps; i >= 0; i--)
    cairo_line_to (self->cr, right[i], ys[i]);
  cairo_close_path (self->cr);
  cairo_save (self->cr);
  cairo_set_line_width (self->cr, 0.045);
  _sl_draw_source (self->cr, bank, 0.8);
  cairo_stroke_preserve (self->cr);
  cairo_clip_preserve (self->cr);
  _sl_draw_fill_fade (self->cr, top, 1.0, _sl_draw_mix (self->light.low, self->light.top, 0.35),
                      _sl_draw_mix (self->light.top, (Colour){ 0.08, 0.22, 0.36 }, 0.35));
  for (int n = 0; n < 46; n++) /* ripples that mirror the sky */
    {
      double t = _sl_draw_range (self->random, 0.0, 1.0), y = top + (1.0 - top) * t;
      double x = _sl_draw_range (self->random, -1.0, 1.0), size = 0.02 + 0.13 * t;

      _sl_draw_glow (self->cr, x, y, size, 0.16 * size, self->light.low, 0.75);
    }
  cairo_restore (self->cr);
}

/* ---- A house, seen from a corner */

static void
window_at (const Landscape *self, double x, double y, double w, double h)
{
  gboolean lamp = self->light.night || _sl_draw_chance (self->random, 0.12);
  Colour pane = lamp ? (Colour){ 1.0, 0.82, 0.42 } : _sl_draw_shade (self->light.top, 0.62);

  if (lamp)
    _sl_draw_glow (self->cr, x + w / 2, y + h / 2, 2.2 * w, 2.2 * h, pane, 0.35);
  cairo_rectangle (self->cr, x, y, w, h);
  _sl_draw_fill_fade (self->cr, y, y + h, pane, _sl_draw_shade (pane, 1.25));
  cairo_rectangle (self->cr, x, y, w, h);
  cairo_move_to (self->cr, x + w / 2, y);
  cairo_rel_line_to (self->cr, 0.0, h);
  _sl_draw_source (self->cr, _sl_nature_lit (&self->light, (Colour){ 0.96, 0.95, 0.92 }, 0.0), 1.0);
  cairo_set_line_width (self->cr, 0.13 * w);
  cairo_stroke (self->cr);
}

static void
smoke (const Landscape *self, double x, double y, double size)
{
  for (int k = 0; k < 9; k++)
    {
      double t = k / 8.0, r = size * (0.04 + 0.10 * t);

      _sl_draw_glow (self->cr, x + size * (0.35 * t * t + 0.05 * sin (6.0 * t)), y - 0.6 * size * t,
                     r, r, _sl_nature_lit (&self->light, white, 0.2), 0.5 * (1.0 - 0.7 * t));
    }
}

static void
roof (const Landscape *self, double x, double eave, double size, Colour tiles)
{
  cairo_t *cr = self->cr;
  double over = 0.05 * size, ridge = eave - 0.34 * size;

  cairo_move_to (cr, x - 0.14 * size, ridge); /* the long side */
  cairo_line_to (cr, x + 0.44 * size, ridge);
  cairo_line_to (cr, x + 0.62 * size + over, eave + over);
  cairo_line_to (cr, x + 0.05 * size, eave + over);
  cairo_close_path (cr);
  _sl_draw_fill_fade (cr, ridge, eave, _sl_draw_shade (tiles, 1.08), _sl_draw_shade (tiles, 0.86));
  _sl_draw_source (cr, _sl_draw_shade (tiles, 0.7), 0.6);
  cairo_set_line_width (cr, 0.012 * size);
  for (int row = 1; row < 5; row++)
    {
      double t = row / 5.0;

      _sl_draw_line (cr, x + (-0.14 + 0.19 * t) * size, ridge + t * (eave - ridge),
                     x + (0.44 + 0.2 * t) * size, ridge + t * (eave - ridge));
    }
  cairo_stroke (cr);
  cairo_move_to (cr, x - 0.36 * size - over, eave + over); /* the verge of the gable */
  cairo_line_to (cr, x - 0.14 * size, ridge);
  cairo_line_to (cr, x + 0.06 * size, eave + over);
  _sl_draw_source (cr, _sl_draw_shade (tiles, 0.72), 1.0);
  cairo_set_line_width (cr, 0.045 * size);
  cairo_stroke (cr);
}

void
_sl_scene_house (const Landscape *self, double x, double base, double size)
{
  static const Colour walls[] = {
    { 0.93, 0.89, 0.80 }, { 0.70, 0.26, 0.20 }, { 0.95, 0.94, 0.92 },
    { 0.90, 0.74, 0.45 }, { 0.55, 0.68, 0.78 }, { 0.62, 0.47, 0.34 }
  };
  static const Colour roofs[] = {
    { 0.66, 0.31, 0.22 }, { 0.36, 0.38, 0.43 }, { 0.45, 0.30, 0.22 }, { 0.74, 0.42, 0.28 }
  };
  cairo_t *cr = self->cr;
  Colour wall = _sl_draw_pick (walls, G_N_ELEMENTS (walls), 0.04, self->random);
  Colour tiles = _sl_draw_pick (roofs, G_N_ELEMENTS (roofs), 0.04, self->random);
  double eave = base - 0.34 * size, ridge = eave - 0.34 * size;
  Colour gable, long_side;

  if (self->snow)
    tiles = _sl_draw_mix (tiles, white, 0.82);
  tiles = _sl_nature_lit (&self->light, tiles, 0.04);
  wall = _sl_nature_lit (&self->light, wall, 0.04);
  gable = _sl_draw_shade (wall, self->light.side < 0 ? 1.0 : 0.72);
  long_side = _sl_draw_shade (wall, self->light.side < 0 ? 0.72 : 1.0);

  _sl_nature_shadow (cr, &self->light, x + 0.1 * size, base, 0.85 * size);
  cairo_rectangle (cr, x + 0.24 * size, ridge - 0.10 * size, 0.10 * size, 0.2 * size);
  _sl_draw_source (cr, _sl_nature_lit (&self->light, (Colour){ 0.55, 0.36, 0.30 }, 0.0), 1.0);
  cairo_fill (cr);
  if (_sl_draw_chance (self->random, 0.6))
    smoke (self, x + 0.29 * size, ridge - 0.12 * size, size);
  cairo_rectangle (cr, x + 0.05 * size, eave, 0.57 * size, 0.34 * size);
  _sl_draw_fill_fade (cr, eave, base, _sl_draw_shade (long_side, 0.84), long_side);
  cairo_move_to (cr, x - 0.36 * size, base);
  cairo_line_to (cr, x - 0.36 * size, eave);
  cairo_line_to (cr, x - 0.14 * size, ridge);
  cairo_line_to (cr, x + 0.05 * size, eave);
  cairo_line_to (cr, x + 0.05 * size, base);
  cairo_close_path (cr);
  _sl_draw_fill_fade (cr, ridge, base, gable, _sl_draw_shade (gable, 0.92));
  roof (self, x, eave, size, tiles);
  window_at (self, x - 0.20 * size, eave - 0.10 * size, 0.10 * size, 0.11 * size);
  window_at (self, x + 0.13 * size, eave + 0.10 * size, 0.12 * size, 0.12 * size);
  window_at (self, x + 0.40 * size, eave + 0.10 * size, 0.12 * size, 0.12 * size);
  cairo_rectangle (cr, x - 0.22 * size, base - 0.22 * size, 0.12 * size, 0.22 * size);
  _sl_draw_source (cr, _sl_nature_lit (&self->light, (Colour){ 0.36, 0.22, 0.15 }, 0.0), 1.0);
  cairo_fill (cr);
}

/* ---- In front */

void
_sl_scene_flowers (const Landscape *self)
{
  static const Colour kinds[] = {
    { 0.90, 0.16, 0.18 }, { 0.98, 0.82, 0.20 }, { 0.96, 0.95, 0.97 },
    { 0.62, 0.36, 0.82 }, { 0.96, 0.48, 0.68 }, { 0.32, 0.42, 0.90 }
  };
  Colour two[] = { _sl_draw_pick (kinds, G_N_ELEMENTS (kinds), 0.03, self->random),
                   _sl_draw_pick (kinds, G_N_ELEMENTS (kinds), 0.03, self->random) };
  Colour heart = _sl_nature_lit (&self->light, (Colour){ 0.98, 0.80, 0.25 }, 0.0);
  Colour stem = _sl_nature_lit (&self->light, (Colour){ 0.26, 0.46, 0.18 }, 0.0);
  double top = self->horizon + 0.35;

  for (int n = 0; n < 70; n++) /* from far to near */
    {
      double t = pow (n / 70.0, 0.8), y = top + (1.0 - top) * t;
      double x = _sl_draw_range (self->random, -1.0, 1.0), r = 0.012 + 0.042 * t;
      double turn = _sl_draw_range (self->random, 0.0, 1.2);
      Colour c = _sl_nature_lit (&self->light, two[sl_random_below (self->random, 2)], 0.0);

      _sl_draw_line (self->cr, x, y, x + 0.3 * r, y + 3.0 * r);
      _sl_draw_source (self->cr, stem, 0.9);
      cairo_set_line_width (self->cr, 0.35 * r);
      cairo_stroke (self->cr);
      for (int petal = 0; petal < 5; petal++)
        {
          double angle = turn + petal * 0.4 * G_PI;

          _sl_draw_spot (self->cr, x + 0.62 * r * cos (angle), y + 0.5 * r * sin (angle), 0.55 * r,
                         0.45 * r, _sl_draw_shade (c, 0.82 + 0.07 * petal), 1.0);
        }
      _sl_draw_spot (self->cr, x, y, 0.3 * r, 0.26 * r, heart, 1.0);
    }
}

void
_sl_scene_snowfall (const Landscape *self)
{
  for (int n = 0; n < 110; n++)
    {
      double x = _sl_draw_range (self->random, -1.0, 1.0);
      double y = _sl_draw_range (self->random, -1.0, 1.0);
      double r = _sl_draw_range (self->random, 0.006, 0.022);

      _sl_draw_spot (self->cr, x, y, r, r, white, 0.75);
    }
}
