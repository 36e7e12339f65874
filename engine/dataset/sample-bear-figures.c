/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dataset/sample-bears.h"

#include <math.h>

/* What a bear is drawn with. */
typedef struct
{
  cairo_t *cr;
  SlRandom *random;
  Bear bear;
  Colour fur;
  Colour tips; /* of the hairs where light falls */
  Colour muzzle;
  Colour ear;  /* inside */
  Colour pad;  /* soles and paws of a teddy */
  double hair; /* length */
} Coat;

/* ---- Parts */

static void
hairs (const Coat *self, double x, double y, double rx, double ry, double shade)
{
  guint n = (guint)(70.0 * (rx + ry));

  for (int batch = 0; batch < 3; batch++)
    {
      Colour c = _sl_draw_mix (_sl_draw_shade (self->fur, shade * (0.72 + 0.2 * batch)), self->tips,
                               batch == 2 ? 0.55 : 0.1);

      for (guint i = 0; i < n; i++)
        {
          double angle = _sl_draw_range (self->random, 0.0, 2.0 * G_PI);
          double at = batch == 0 ? _sl_draw_range (self->random, 0.80, 1.0)
                                 : sqrt (_sl_draw_range (self->random, 0.0, 1.0));
          double dx = cos (angle), dy = sin (angle);

          if (batch == 2 && dy > 0.2) /* light falls from above */
            continue;
          cairo_move_to (self->cr, x + rx * at * dx, y + ry * at * dy);
          cairo_rel_line_to (self->cr, self->hair * dx * 0.8, self->hair * (0.55 * dy + 0.5));
        }
      _sl_draw_source (self->cr, c, 0.65);
      cairo_set_line_width (self->cr, 0.014);
      cairo_stroke (self->cr);
    }
}

/* A furry ellipse, lit from the upper left. */
static void
blob (const Coat *self, double x, double y, double rx, double ry, double shade)
{
  double r = MAX (rx, ry);
  cairo_pattern_t *light = cairo_pattern_create_radial (x - 0.35 * rx, y - 0.45 * ry, 0.05 * r, x,
                                                        y, 1.25 * r);
  Colour bright = _sl_draw_shade (_sl_draw_mix (self->fur, self->tips, 0.25), shade * 1.08);
  Colour dark = _sl_draw_shade (self->fur, shade * 0.66);

  cairo_pattern_add_color_stop_rgb (light, 0.0, bright.r, bright.g, bright.b);
  cairo_pattern_add_color_stop_rgb (light, 1.0, dark.r, dark.g, dark.b);
  _sl_draw_ellipse (self->cr, x, y, rx, ry);
  cairo_set_source (self->cr, light);
  cairo_fill (self->cr);
  cairo_pattern_destroy (light);
  hairs (self, x, y, rx, ry, shade);
}

static void
limb (const Coat *self, double x0, double y0, double x1, double y1, double w0, double w1,
      double shade)
{
  for (int i = 0; i <= 4; i++)
    {
      double t = i / 4.0, w = w0 + t * (w1 - w0);

      blob (self, x0 + t * (x1 - x0), y0 + t * (y1 - y0), w, w, shade);
    }
}

static void
spot (const Coat *self, double x, double y, double rx, double ry, Colour c, double alpha)
{
  _sl_draw_source (self->cr, c, alpha);
  _sl_draw_ellipse (self->cr, x, y, rx, ry);
  cairo_fill (self->cr);
}

static void
eye (const Coat *self, double x, double y, double r)
{
  const Colour black = { 0.05, 0.04, 0.04 }, white = { 1.0, 1.0, 1.0 };

  spot (self, x, y, r, r, black, 1.0);
  spot (self, x - 0.3 * r, y - 0.35 * r, 0.35 * r, 0.35 * r, white, 0.9);
}

static void
nose (const Coat *self, double x, double y, double r)
{
  const Colour black = { 0.07, 0.06, 0.06 }, shine = { 0.8, 0.8, 0.85 };

  spot (self, x, y, r, 0.72 * r, black, 1.0);
  spot (self, x - 0.2 * r, y - 0.3 * r, 0.4 * r, 0.18 * r, shine, 0.6);
}

/* ---- Heads */

/* Seen from the front, radius about 1 at scale @s. */
static void
wild_face (const Coat *self, double x, double y, double s)
{
  gboolean grizzly = self->bear == BEAR_GRIZZLY;
  double ear_r = (grizzly ? 0.24 : 0.30) * s, ear_x = (grizzly ? 0.78 : 0.66) * s;
  double ear_y = y - (grizzly ? 0.68 : 0.84) * s;
  double open = _sl_draw_range (self->random, 0.0, 1.0) < 0.2 ? 0.14 * s : 0.0;

  for (int side = -1; side <= 1; side += 2)
    {
      blob (self, x + side * ear_x, ear_y, ear_r, ear_r, 0.92);
      spot (self, x + side * ear_x * 0.97, ear_y + 0.05 * s, 0.55 * ear_r, 0.6 * ear_r, self->ear,
            0.9);
    }
  blob (self, x, y, (grizzly ? 1.0 : 0.84) * s, 0.88 * s, 1.0);
  if (grizzly) /* broad cheeks */
    for (int side = -1; side <= 1; side += 2)
      blob (self, x + side * 0.62 * s, y + 0.30 * s, 0.42 * s, 0.42 * s, 0.98);
  spot (self, x, y + 0.42 * s + open, 0.40 * s, 0.30 * s, _sl_draw_shade (self->muzzle, 0.8), 1.0);
  if (open > 0.0)
    spot (self, x, y + 0.60 * s, 0.22 * s, 0.16 * s, (Colour){ 0.55, 0.20, 0.20 }, 1.0);
  spot (self, x, y + 0.34 * s, 0.42 * s, 0.33 * s, self->muzzle, 1.0);
  spot (self, x, y + 0.05 * s, 0.24 * s, 0.36 * s, _sl_draw_mix (self->fur, self->muzzle, 0.55),
        0.8);
  nose (self, x, y + 0.20 * s, 0.19 * s);
  eye (self, x - 0.36 * s, y - 0.12 * s, 0.075 * s);
  eye (self, x + 0.36 * s, y - 0.12 * s, 0.075 * s);
}

/* Seen from the side, looking left. */
static void
wild_profile (const Coat *self, double x, double y, double s)
{
  gboolean grizzly = self->bear == BEAR_GRIZZLY;
  double ear_r = (grizzly ? 0.24 : 0.30) * s;
  double bridge = grizzly ? 0.10 * s : -0.06 * s; /* a grizzly's face is dished */

  blob (self, x + 0.35 * s, y - 0.72 * s, ear_r, ear_r, 0.85);
  blob (self, x, y, 0.88 * s, 0.80 * s, 1.0);
  spot (self, x + 0.38 * s, y - 0.66 * s, 0.55 * ear_r, 0.6 * ear_r, self->ear, 0.8);
  for (int i = 0; i < 4; i++) /* the snout, getting thinner */
    spot (self, x - (0.62 + 0.16 * i) * s, y + (0.24 - 0.02 * i) * s + bridge * 0.6,
          (0.36 - 0.03 * i) * s, (0.33 - 0.035 * i) * s,
          _sl_draw_mix (self->fur, self->muzzle, 0.4 + 0.2 * i), 1.0);
  nose (self, x - 1.30 * s, y + 0.10 * s + bridge * 0.6, 0.15 * s);
  eye (self, x - 0.42 * s, y - 0.18 * s, 0.08 * s);
}

static void
teddy_head (const Coat *self, double x, double y, double s)
{
  double ear_x = _sl_draw_range (self->random, 0.66, 0.80) * s;
  double eye_r = _sl_draw_range (self->random, 0.09, 0.13) * s;

  for (int side = -1; side <= 1; side += 2)
    {
      blob (self, x + side * ear_x, y - 0.70 * s, 0.36 * s, 0.36 * s, 0.95);
      spot (self, x + side * ear_x, y - 0.67 * s, 0.22 * s, 0.22 * s, self->ear, 1.0);
    }
  blob (self, x, y, s, 0.90 * s, 1.03);
  spot (self, x, y + 0.34 * s, 0.46 * s, 0.36 * s, self->muzzle, 1.0);
  nose (self, x, y + 0.18 * s, 0.14 * s);
  eye (self, x - 0.36 * s, y - 0.10 * s, eye_r);
  eye (self, x + 0.36 * s, y - 0.10 * s, eye_r);
  cairo_set_line_cap (self->cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_width (self->cr, 0.05 * s);
  cairo_move_to (self->cr, x, y + 0.28 * s); /* the stitched smile */
  cairo_line_to (self->cr, x, y + 0.42 * s);
  cairo_move_to (self->cr, x - 0.18 * s, y + 0.44 * s);
  cairo_curve_to (self->cr, x - 0.10 * s, y + 0.54 * s, x + 0.10 * s, y + 0.54 * s, x + 0.18 * s,
                  y + 0.44 * s);
  _sl_draw_source (self->cr, (Colour){ 0.15, 0.10, 0.08 }, 0.9);
  cairo_stroke (self->cr);
}

/* ---- Poses of wild bears */

static void
walking (const Coat *self)
{
  gboolean grizzly = self->bear == BEAR_GRIZZLY;
  double step = _sl_draw_range (self->random, -0.12, 0.12);
  double head_y = _sl_draw_range (self->random, -0.25, 0.28);

  cairo_translate (self->cr, 0.1, 0.0); /* the head is part of the picture */
  limb (self, -0.16, 0.20, -0.22 - step, 0.66, 0.15, 0.10, 0.72);
  limb (self, 0.50, 0.20, 0.44 + step, 0.66, 0.16, 0.10, 0.72);
  blob (self, 0.46, -0.02, 0.38, 0.36, 0.95);
  blob (self, 0.12, 0.04, 0.56, 0.34, 1.0);
  blob (self, -0.26, 0.0, 0.36, 0.38, 1.0);
  if (grizzly)
    blob (self, -0.22, -0.30, 0.27, 0.19, 1.06);
  limb (self, -0.36, 0.24, -0.38 + step, 0.68, 0.17, 0.11, 0.95);
  limb (self, 0.60, 0.20, 0.64 - step, 0.68, 0.19, 0.11, 0.95);
  spot (self, -0.44 + step, 0.76, 0.15, 0.06, _sl_draw_shade (self->fur, 0.6), 1.0);
  spot (self, 0.58 - step, 0.76, 0.15, 0.06, _sl_draw_shade (self->fur, 0.6), 1.0);
  limb (self, -0.42, -0.06, -0.64, head_y - 0.04, 0.26, 0.22, 1.0);
  if (_sl_draw_chance (self->random, 0.35))
    wild_face (self, -0.70, head_y, 0.26);
  else
    wild_profile (self, -0.70, head_y, 0.26);
}

static void
upright (const Coat *self)
{
  gboolean grizzly = self->bear == BEAR_GRIZZLY;
  double arms = _sl_draw_range (self->random, -0.12, 0.22);

  limb (self, -0.22, 0.55, -0.26, 0.86, 0.19, 0.14, 0.85);
  limb (self, 0.22, 0.55, 0.26, 0.86, 0.19, 0.14, 0.85);
  blob (self, 0.0, 0.34, 0.44, 0.46, 1.0);
  blob (self, 0.0, -0.08, grizzly ? 0.44 : 0.36, 0.38, 1.0);
  if (grizzly)
    blob (self, 0.0, -0.28, 0.44, 0.20, 1.05);
  limb (self, -0.34, -0.16, -0.52, 0.30 - arms, 0.15, 0.11, 0.9);
  limb (self, 0.34, -0.16, 0.52, 0.30 - arms, 0.15, 0.11, 0.9);
  if (self->bear == BEAR_BLACK && _sl_draw_chance (self->random, 0.3)) /* a pale chest */
    spot (self, 0.0, -0.10, 0.12, 0.07, self->muzzle, 0.7);
  wild_face (self, 0.0, -0.52, 0.30);
}

static void
portrait (const Coat *self)
{
  double turn = _sl_draw_range (self->random, -0.08, 0.08);

  blob (self, 0.0, 0.86, self->bear == BEAR_GRIZZLY ? 0.96 : 0.76, 0.54, 0.9);
  if (self->bear == BEAR_GRIZZLY)
    blob (self, 0.46, 0.42, 0.46, 0.34, 0.95);
  wild_face (self, turn, -0.02, 0.58);
}

/* ---- The teddy */

static void
bow (const Coat *self, double x, double y, double s)
{
  Colour c = { _sl_draw_range (self->random, 0.3, 0.95), _sl_draw_range (self->random, 0.1, 0.5),
               _sl_draw_range (self->random, 0.1, 0.8) };

  for (int side = -1; side <= 1; side += 2)
    {
      cairo_move_to (self->cr, x, y);
      cairo_curve_to (self->cr, x + side * 0.5 * s, y - 0.7 * s, x + side * 1.2 * s, y - 0.4 * s,
                      x + side * 1.1 * s, y);
      cairo_curve_to (self->cr, x + side * 1.2 * s, y + 0.4 * s, x + side * 0.5 * s, y + 0.7 * s, x,
                      y);
      _sl_draw_source (self->cr, c, 1.0);
      cairo_fill (self->cr);
    }
  spot (self, x, y, 0.28 * s, 0.30 * s, _sl_draw_shade (c, 0.75), 1.0);
}

static void
stitches (const Coat *self, double x, double top, double bottom)
{
  static const double dashes[] = { 0.035, 0.03 };

  cairo_save (self->cr);
  cairo_set_dash (self->cr, dashes, 2, 0.0);
  cairo_set_line_width (self->cr, 0.014);
  cairo_move_to (self->cr, x, top);
  cairo_line_to (self->cr, x, bottom);
  _sl_draw_source (self->cr, _sl_draw_shade (self->fur, 0.5), 0.8);
  cairo_stroke (self->cr);
  cairo_restore (self->cr);
}

static void
teddy (const Coat *self)
{
  double wave = _sl_draw_chance (self->random, 0.3) ? -0.42 : 0.0;
  double spread = _sl_draw_range (self->random, 0.36, 0.50);

  blob (self, 0.0, 0.32, 0.44, 0.44, 0.97);
  spot (self, 0.0, 0.36, 0.28, 0.30, self->muzzle, 0.55);
  stitches (self, 0.0, 0.10, 0.62);
  limb (self, -0.34, 0.06, -0.60, 0.30 + wave, 0.14, 0.13, 0.95);
  limb (self, 0.34, 0.06, 0.60, 0.30, 0.14, 0.13, 0.95);
  for (int side = -1; side <= 1; side += 2)
    {
      limb (self, side * 0.26, 0.58, side * spread, 0.72, 0.17, 0.19, 1.0);
      blob (self, side * (spread + 0.04), 0.74, 0.22, 0.23, 0.98);
      spot (self, side * (spread + 0.05), 0.76, 0.13, 0.15, self->pad, 1.0);
    }
  teddy_head (self, 0.0, -0.40, 0.42);
  if (_sl_draw_chance (self->random, 0.45))
    bow (self, 0.0, 0.02, 0.16);
}

static void
teddy_portrait (const Coat *self)
{
  blob (self, 0.0, 0.88, 0.62, 0.46, 0.95);
  limb (self, -0.50, 0.70, -0.80, 0.86, 0.17, 0.16, 0.92);
  limb (self, 0.50, 0.70, 0.80, 0.86, 0.17, 0.16, 0.92);
  teddy_head (self, 0.0, -0.02, 0.62);
  if (_sl_draw_chance (self->random, 0.5))
    bow (self, 0.0, 0.58, 0.20);
}

/* ---- Coats */

static void
choose_coat (Coat *self)
{
  static const Colour black[] = {
    { 0.10, 0.10, 0.11 }, { 0.15, 0.13, 0.13 }, { 0.08, 0.08, 0.10 }, { 0.16, 0.12, 0.10 }
  };
  static const Colour grizzly[] = { { 0.48, 0.33, 0.21 },
                                    { 0.58, 0.43, 0.28 },
                                    { 0.38, 0.26, 0.17 },
                                    { 0.68, 0.54, 0.37 },
                                    { 0.42, 0.29, 0.19 } };
  static const Colour plush[] = { { 0.76, 0.56, 0.36 }, { 0.88, 0.77, 0.60 }, { 0.55, 0.36, 0.22 },
                                  { 0.93, 0.91, 0.87 }, { 0.90, 0.62, 0.66 }, { 0.50, 0.64, 0.78 },
                                  { 0.34, 0.24, 0.19 }, { 0.28, 0.46, 0.30 }, { 0.62, 0.55, 0.66 },
                                  { 0.18, 0.16, 0.17 } };
  SlRandom *random = self->random;
  const Colour tan = { 0.66, 0.51, 0.36 };

  self->hair = _sl_draw_range (random, 0.05, 0.08);
  if (self->bear == BEAR_BLACK)
    {
      self->fur = _sl_draw_jitter (black[sl_random_below (random, G_N_ELEMENTS (black))], 0.03,
                                   random);
      self->tips = _sl_draw_shade (self->fur, 1.12);
      self->muzzle = _sl_draw_jitter (tan, 0.08, random);
      self->ear = _sl_draw_shade (self->fur, 1.15);
    }
  else if (self->bear == BEAR_GRIZZLY)
    {
      self->fur = _sl_draw_jitter (grizzly[sl_random_below (random, G_N_ELEMENTS (grizzly))], 0.05,
                                   random);
      self->tips = _sl_draw_mix (_sl_draw_shade (self->fur, 1.3), (Colour){ 0.86, 0.76, 0.58 },
                                 0.5);
      self->muzzle = _sl_draw_mix (self->fur, tan, _sl_draw_range (random, 0.2, 0.7));
      self->ear = _sl_draw_shade (self->fur, 0.65);
    }
  else
    {
      self->fur = _sl_draw_jitter (plush[sl_random_below (random, G_N_ELEMENTS (plush))], 0.05,
                                   random);
      self->tips = _sl_draw_shade (self->fur, 1.18);
      self->muzzle = _sl_draw_mix (self->fur, (Colour){ 0.97, 0.92, 0.84 },
                                   _sl_draw_range (random, 0.45, 0.85));
      self->ear = _sl_draw_mix (self->fur, (Colour){ 0.96, 0.82, 0.78 }, 0.55);
      self->hair = _sl_draw_range (random, 0.018, 0.035);
    }
  self->pad = _sl_draw_mix (self->ear, self->muzzle, 0.5);
}

void
_sl_bear_figure (cairo_t *cr, Bear bear, SlRandom *random)
{
  static void (*const wild[]) (const Coat *) = { walking, walking, upright, portrait, portrait };
  static void (*const toy[]) (const Coat *) = { teddy, teddy, teddy_portrait };
  Coat coat = { .cr = cr, .random = random, .bear = bear };

  choose_coat (&coat);
  if (bear == BEAR_TEDDY)
    toy[sl_random_below (random, G_N_ELEMENTS (toy))](&coat);
  else
    wild[sl_random_below (random, G_N_ELEMENTS (wild))](&coat);
}
