/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dataset/sample-face.h"

#include <math.h>

#define NECK 0.92 /* its foot below the middle of the head */

typedef enum
{
  HAIR_SHORT,
  HAIR_LONG,
  HAIR_CURLS,
  HAIR_BUN,
  HAIR_NONE,
  N_HAIRS
} Hair;

typedef enum
{
  COVER_NOTHING,
  COVER_GLASSES,
  COVER_SUNGLASSES,
  COVER_SCARF,
  COVER_LOCK, /* of hair over one eye */
} Cover;

/* Who is drawn, and how the head is held. */
typedef struct
{
  cairo_t *cr;
  SlRandom *random;
  double yaw, pitch, side;
  double wide, jaw; /* of the head */
  Colour skin, shade, hair, iris, cloth;
  Hair style;
  Cover cover;
  gboolean beard, hat;
} Face;

/* A place on the face: what stands out moves more when the head turns. */
static void
turn (const Face *self, double x, double y, double depth, double *out_x, double *out_y)
{
  *out_x = x * (1.0 - 0.22 * fabs (self->yaw)) + depth * self->yaw;
  *out_y = y * (1.0 - 0.10 * fabs (self->pitch)) + depth * self->pitch;
}

static void
stroke (const Face *self, Colour c, double width, double alpha)
{
  _sl_draw_source (self->cr, c, alpha);
  cairo_set_line_width (self->cr, width);
  cairo_stroke (self->cr);
}

/* ---- Head */

static void
head_path (const Face *self)
{
  double w = self->wide, j = self->jaw;

  cairo_move_to (self->cr, -w, -0.10);
  cairo_curve_to (self->cr, -w, -0.60, -0.55 * w, -0.80, 0.0, -0.80);
  cairo_curve_to (self->cr, 0.55 * w, -0.80, w, -0.60, w, -0.10);
  cairo_curve_to (self->cr, w, 0.22, j * w, 0.52, 0.42 * j * w, 0.68);
  cairo_curve_to (self->cr, 0.2 * w, 0.77, -0.2 * w, 0.77, -0.42 * j * w, 0.68);
  cairo_curve_to (self->cr, -j * w, 0.52, -w, 0.22, -w, -0.10);
  cairo_close_path (self->cr);
}

static void
draw_ears (const Face *self)
{
  for (int s = -1; s <= 1; s += 2)
    {
      double x = s * self->wide * (1.0 - 0.10 * s * self->yaw), y = 0.02 - 0.10 * self->pitch;
      double rx = 0.10 * (1.0 - 0.6 * s * self->yaw);

      _sl_draw_ball (self->cr, x, y, rx, 0.16, self->skin, self->side);
      _sl_draw_spot (self->cr, x, y + 0.01, 0.5 * rx, 0.09, self->shade, 0.6);
    }
}

static void
draw_head (const Face *self)
{
  cairo_pattern_t *light = cairo_pattern_create_radial (0.28 * self->side, -0.25, 0.1, 0.0, 0.0,
                                                        1.05);
  Colour bright = _sl_draw_shade (self->skin, 1.10);

  cairo_pattern_add_color_stop_rgb (light, 0.0, bright.r, bright.g, bright.b);
  cairo_pattern_add_color_stop_rgb (light, 0.45, self->skin.r, self->skin.g, self->skin.b);
  cairo_pattern_add_color_stop_rgb (light, 1.0, self->shade.r, self->shade.g, self->shade.b);
  head_path (self);
  cairo_set_source (self->cr, light);
  cairo_fill_preserve (self->cr);
  cairo_pattern_destroy (light);
  cairo_save (self->cr);
  cairo_clip (self->cr);
  _sl_draw_glow (self->cr, -0.75 * self->side, 0.15, 0.65, 0.95, self->shade, 0.8);
  for (int s = -1; s <= 1; s += 2) /* cheeks */
    {
      double x, y;

      turn (self, 0.34 * s, 0.24, 0.22, &x, &y);
      _sl_draw_glow (self->cr, x, y, 0.20, 0.15, (Colour){ 0.90, 0.38, 0.34 },
                     0.10 + 0.24 * self->skin.g);
    }
  cairo_restore (self->cr);
}

/* ---- Eyes, brows */

static void
draw_eye (const Face *self, int s, double open, FacePoints *points)
{
  cairo_t *cr = self->cr;
  const Colour white = { 0.98, 0.97, 0.95 }, black = { 0.05, 0.04, 0.04 };
  double x, y, half = 0.135 * (1.0 + 0.25 * s * self->yaw), h = 0.082 * open;
  FacePoint point = s < 0 ? FACE_LEFT_EYE : FACE_RIGHT_EYE;
  double look = 0.03 * self->yaw;

  turn (self, 0.28 * s, -0.06, 0.22, &x, &y);
  points->x[point] = x;
  points->y[point] = y;
  _sl_draw_glow (cr, x, y - 0.03, 0.22, 0.16, self->shade, 0.75);
  cairo_move_to (cr, x - half, y + 0.01);
  cairo_curve_to (cr, x - 0.5 * half, y - 1.5 * h, x + 0.5 * half, y - 1.5 * h, x + half, y);
  cairo_curve_to (cr, x + 0.5 * half, y + 1.1 * h, x - 0.5 * half, y + 1.1 * h, x - half, y + 0.01);
  cairo_close_path (cr);
  cairo_save (cr);
  cairo_clip_preserve (cr);
  _sl_draw_source (cr, white, 1.0);
  cairo_fill (cr);
  _sl_draw_ball (cr, x + look, y - 0.005, 0.075, 0.078, self->iris, self->side);
  _sl_draw_spot (cr, x + look, y - 0.005, 0.036, 0.038, black, 1.0);
  _sl_draw_spot (cr, x + look + 0.026 * self->side, y - 0.032, 0.019, 0.019, white, 0.95);
  _sl_draw_glow (cr, x, y - 1.3 * h, 1.2 * half, 0.8 * h, black, 0.5);
  cairo_restore (cr);
  cairo_move_to (cr, x - half, y + 0.01);
  cairo_curve_to (cr, x - 0.5 * half, y - 1.5 * h, x + 0.5 * half, y - 1.5 * h, x + half, y);
  stroke (self, _sl_draw_mix (self->hair, black, 0.6), 0.028, 0.95);
}

static void
draw_brow (const Face *self, int s, double lift)
{
  double x, y;
  Colour c = _sl_draw_mix (self->hair, (Colour){ 0.18, 0.12, 0.10 }, 0.35);

  turn (self, 0.28 * s, -0.27 - lift, 0.22, &x, &y);
  cairo_move_to (self->cr, x - 0.15, y + (s < 0 ? 0.05 : 0.01));
  cairo_curve_to (self->cr, x - 0.05, y - 0.04, x + 0.05, y - 0.04, x + 0.15,
                  y + (s < 0 ? 0.01 : 0.05));
  stroke (self, c, 0.055, 0.9);
}

/* ---- Nose, mouth, beard */

static void
draw_nose (const Face *self, FacePoints *points)
{
  cairo_t *cr = self->cr;
  double x, y, top_x, top_y;
  Colour deep = _sl_draw_shade (self->shade, 0.72);

  turn (self, 0.0, 0.20, 0.40, &x, &y);
  turn (self, 0.0, -0.14, 0.20, &top_x, &top_y);
  points->x[FACE_NOSE] = x;
  points->y[FACE_NOSE] = y;
  cairo_move_to (cr, top_x - 0.05 * self->side, top_y); /* the shaded flank */
  cairo_curve_to (cr, x - 0.03 * self->side, y - 0.12, x - 0.10 * self->side, y - 0.06,
                  x - 0.13 * self->side, y + 0.05);
  cairo_curve_to (cr, x - 0.06 * self->side, y + 0.09, x, y + 0.06, x, y);
  cairo_close_path (cr);
  _sl_draw_source (cr, self->shade, 0.85);
  cairo_fill (cr);
  for (int s = -1; s <= 1; s += 2)
    {
      _sl_draw_ball (cr, x + 0.085 * s, y + 0.035, 0.062, 0.052, self->skin, self->side);
      _sl_draw_spot (cr, x + 0.055 * s, y + 0.072, 0.030, 0.016, deep, 0.85);
    }
  _sl_draw_ball (cr, x, y + 0.01, 0.088, 0.080,
                 _sl_draw_mix (self->skin, (Colour){ 0.9, 0.45, 0.4 }, 0.12), self->side);
  _sl_draw_glow (cr, x + 0.03 * self->side, y - 0.03, 0.05, 0.045, (Colour){ 1.0, 1.0, 1.0 }, 0.6);
  _sl_draw_line (cr, top_x + 0.02 * self->side, top_y + 0.06, x + 0.02 * self->side, y - 0.07);
  stroke (self, _sl_draw_shade (self->skin, 1.25), 0.035, 0.5);
}

static void
draw_mouth (const Face *self, FacePoints *points)
{
  cairo_t *cr = self->cr;
  double half = _sl_draw_range (self->random, 0.17, 0.24);
  double smile = _sl_draw_range (self->random, -0.03, 0.09);
  gboolean open = _sl_draw_chance (self->random, 0.3);
  Colour lips = _sl_draw_mix (self->skin, (Colour){ 0.74, 0.22, 0.24 },
                              _sl_draw_range (self->random, 0.45, 0.85));
  double lx, ly, rx, ry, x, y;

  turn (self, -half, 0.46 - smile, 0.24, &lx, &ly);
  turn (self, half, 0.46 - smile, 0.24, &rx, &ry);
  turn (self, 0.0, 0.46, 0.28, &x, &y);
  points->x[FACE_LEFT_MOUTH] = lx;
  points->y[FACE_LEFT_MOUTH] = ly;
  points->x[FACE_RIGHT_MOUTH] = rx;
  points->y[FACE_RIGHT_MOUTH] = ry;
  _sl_draw_glow (cr, x, y + 0.14, 0.16, 0.07, self->shade, 0.7);
  cairo_move_to (cr, lx, ly);
  cairo_curve_to (cr, x - 0.10, y - 0.07, x - 0.03, y - 0.06, x, y - 0.035);
  cairo_curve_to (cr, x + 0.03, y - 0.06, x + 0.10, y - 0.07, rx, ry);
  cairo_curve_to (cr, x + 0.10, y + 0.11 + smile, x - 0.10, y + 0.11 + smile, lx, ly);
  cairo_close_path (cr);
  _sl_draw_fill_fade (cr, y - 0.06, y + 0.1, _sl_draw_shade (lips, 0.82),
                      _sl_draw_shade (lips, 1.1));
  cairo_move_to (cr, lx, ly);
  cairo_curve_to (cr, x - 0.08, y + 0.5 * smile, x + 0.08, y + 0.5 * smile, rx, ry);
  if (open)
    {
      cairo_curve_to (cr, x + 0.08, y + 0.09 + smile, x - 0.08, y + 0.09 + smile, lx, ly);
      cairo_close_path (cr);
      _sl_draw_fill_fade (cr, y, y + 0.06, (Colour){ 0.97, 0.96, 0.93 },
                          (Colour){ 0.42, 0.12, 0.14 });
    }
  else
    stroke (self, _sl_draw_shade (lips, 0.5), 0.022, 0.9);
}

/* From ear to ear along the jaw, around the mouth. */
static void
beard_path (const Face *self, double x, double y)
{
  double w = self->wide;

  cairo_move_to (self->cr, -1.1 * w, -0.02);
  cairo_curve_to (self->cr, -0.86 * w, 0.20, x - 0.44, y - 0.16, x - 0.20, y - 0.15);
  cairo_curve_to (self->cr, x - 0.08, y - 0.18, x + 0.08, y - 0.18, x + 0.20, y - 0.15);
  cairo_curve_to (self->cr, x + 0.44, y - 0.16, 0.86 * w, 0.20, 1.1 * w, -0.02);
  cairo_line_to (self->cr, 1.1 * w, 1.0);
  cairo_line_to (self->cr, -1.1 * w, 1.0);
  cairo_close_path (self->cr);
}

static void
draw_beard (const Face *self)
{
  double x, y;

  turn (self, 0.0, 0.46, 0.26, &x, &y);
  cairo_save (self->cr);
  head_path (self);
  cairo_clip (self->cr);
  beard_path (self, x, y);
  cairo_clip_preserve (self->cr);
  _sl_draw_fill_fade (self->cr, 0.1, 0.8, self->hair, _sl_draw_shade (self->hair, 0.62));
  for (int n = 0; n < 90; n++)
    {
      double px = _sl_draw_range (self->random, -0.65, 0.65);
      double py = _sl_draw_range (self->random, 0.05, 0.75);

      _sl_draw_line (self->cr, px, py, px + 0.10 * px, py + 0.07);
      stroke (self, _sl_draw_shade (self->hair, n % 2 ? 1.2 : 0.6), 0.018, 0.6);
    }
  cairo_restore (self->cr);
}

/* ---- Hair and hats */

static void
draw_hair_behind (const Face *self)
{
  Colour dark = _sl_draw_shade (self->hair, 0.62);

  if (self->style == HAIR_LONG)
    {
      cairo_move_to (self->cr, -self->wide - 0.16, -0.2);
      cairo_curve_to (self->cr, -self->wide - 0.14, -1.15, self->wide + 0.14, -1.15,
                      self->wide + 0.16, -0.2);
      cairo_curve_to (self->cr, self->wide + 0.24, 0.3, self->wide + 0.10, 0.8, self->wide + 0.02,
                      0.95);
      cairo_line_to (self->cr, -self->wide - 0.02, 0.95);
      cairo_curve_to (self->cr, -self->wide - 0.10, 0.8, -self->wide - 0.24, 0.3,
                      -self->wide - 0.16, -0.2);
      _sl_draw_fill_fade (self->cr, -0.9, 0.95, self->hair, dark);
    }
  else if (self->style == HAIR_BUN)
    _sl_draw_ball (self->cr, -0.2 * self->yaw, -0.92, 0.26, 0.24, self->hair, self->side);
  else if (self->style == HAIR_CURLS)
    for (int k = 0; k < 26; k++)
      {
        double angle = G_PI * (0.86 + 1.28 * k / 25.0);
        double r = _sl_draw_range (self->random, 0.13, 0.21);

        _sl_draw_ball (self->cr, (self->wide + 0.06) * cos (angle), -0.18 + 0.66 * sin (angle), r,
                       r, _sl_draw_jitter (_sl_draw_shade (self->hair, 0.85), 0.04, self->random),
                       self->side);
      }
}

static void
fringe_path (const Face *self, double parting, double low)
{
  double w = self->wide;

  cairo_move_to (self->cr, -w - 0.05, 0.02);
  cairo_curve_to (self->cr, -w - 0.08, -0.70, -0.6 * w, -0.96, 0.0, -0.95);
  cairo_curve_to (self->cr, 0.6 * w, -0.96, w + 0.08, -0.70, w + 0.05, 0.02);
  cairo_curve_to (self->cr, w - 0.02, -0.25, 0.85 * w, low - 0.05, 0.55 * w, low);
  cairo_curve_to (self->cr, 0.3 * w, low + 0.03, parting + 0.1, low - 0.12, parting, low - 0.20);
  cairo_curve_to (self->cr, parting - 0.1, low - 0.08, -0.5 * w, low + 0.03, -0.75 * w, low + 0.02);
  cairo_curve_to (self->cr, -0.9 * w, low + 0.05, -w + 0.02, -0.2, -w - 0.05, 0.02);
  cairo_close_path (self->cr);
}

static void
draw_hair_before (const Face *self)
{
  double parting = _sl_draw_range (self->random, -0.25, 0.25) + 0.15 * self->yaw;
  double low = _sl_draw_range (self->random, -0.52, -0.38) + 0.12 * self->pitch;

  fringe_path (self, parting, low);
  _sl_draw_fill_fade (self->cr, -0.95, -0.1, _sl_draw_shade (self->hair, 1.08),
                      _sl_draw_shade (self->hair, 0.70));
  cairo_save (self->cr);
  fringe_path (self, parting, low);
  cairo_clip (self->cr);
  for (int k = 0; k < 22; k++) /* strands fall away from the parting */
    {
      double x = _sl_draw_range (self->random, -0.75, 0.75);
      double start = parting + 0.25 * (x - parting);

      cairo_move_to (self->cr, start, -0.96);
      cairo_curve_to (self->cr, 0.5 * (start + x), -0.92, x, -0.70, 1.05 * x, -0.1);
      stroke (self, _sl_draw_shade (self->hair, k % 2 ? 1.22 : 0.6), 0.018, 0.45);
    }
  _sl_draw_glow (self->cr, 0.3 * self->side, -0.76, 0.34, 0.13, (Colour){ 1.0, 0.97, 0.9 }, 0.35);
  cairo_restore (self->cr);
}

static void
draw_hat (const Face *self)
{
  double w = self->wide + 0.08, brim = -0.42 + 0.10 * self->pitch;
  Colour dark = _sl_draw_shade (self->cloth, 0.7);

  cairo_move_to (self->cr, -w, brim);
  cairo_curve_to (self->cr, -w, -1.12, w, -1.12, w, brim);
  cairo_curve_to (self->cr, 0.5 * w, brim - 0.07, -0.5 * w, brim - 0.07, -w, brim);
  cairo_close_path (self->cr);
  _sl_draw_fill_fade (self->cr, -1.05, brim, _sl_draw_shade (self->cloth, 1.12), dark);
  for (double x = -0.8; x <= 0.81; x += 0.2) /* knitted */
    {
      cairo_move_to (self->cr, x * w, brim - 0.06);
      cairo_curve_to (self->cr, x * w, -0.8, 0.6 * x * w, -0.95, 0.3 * x * w, -1.0);
      stroke (self, dark, 0.022, 0.5);
    }
  cairo_move_to (self->cr, -w, brim);
  cairo_curve_to (self->cr, -0.5 * w, brim - 0.07, 0.5 * w, brim - 0.07, w, brim);
  stroke (self, _sl_draw_shade (self->cloth, 0.85), 0.17, 1.0);
  _sl_draw_ball (self->cr, 0.0, -1.06, 0.15, 0.14, _sl_draw_shade (self->cloth, 1.25), self->side);
}

/* ---- What hides points */

static void
draw_glasses (const Face *self, const FacePoints *points)
{
  gboolean dark = self->cover == COVER_SUNGLASSES;
  Colour frame = _sl_draw_jitter ((Colour){ 0.16, 0.13, 0.13 }, 0.10, self->random);

  for (int eye = FACE_LEFT_EYE; eye <= FACE_RIGHT_EYE; eye++)
    {
      double x = points->x[eye], y = points->y[eye];

      _sl_draw_ellipse (self->cr, x, y + 0.01, 0.20, 0.17);
      _sl_draw_source (self->cr, dark ? (Colour){ 0.07, 0.08, 0.10 } : (Colour){ 0.9, 0.95, 1.0 },
                       dark ? 0.97 : 0.16);
      cairo_fill_preserve (self->cr);
      stroke (self, frame, 0.035, 1.0);
      _sl_draw_glow (self->cr, x + 0.07 * self->side, y - 0.07, 0.09, 0.05,
                     (Colour){ 1.0, 1.0, 1.0 }, 0.6);
    }
  _sl_draw_line (self->cr, points->x[FACE_LEFT_EYE] + 0.19, points->y[FACE_LEFT_EYE] - 0.02,
                 points->x[FACE_RIGHT_EYE] - 0.19, points->y[FACE_RIGHT_EYE] - 0.02);
  stroke (self, frame, 0.035, 1.0);
}

static void
draw_scarf (const Face *self)
{
  double top = 0.32 + 0.25 * self->pitch;

  cairo_move_to (self->cr, -self->wide - 0.06, top - 0.06);
  cairo_curve_to (self->cr, -0.3, top + 0.06, 0.3, top + 0.06, self->wide + 0.06, top - 0.06);
  cairo_curve_to (self->cr, self->wide + 0.12, 0.6, 0.5, 0.98, 0.0, 0.98);
  cairo_curve_to (self->cr, -0.5, 0.98, -self->wide - 0.12, 0.6, -self->wide - 0.06, top - 0.06);
  cairo_close_path (self->cr);
  _sl_draw_fill_fade (self->cr, top, 0.95, _sl_draw_shade (self->cloth, 1.1),
                      _sl_draw_shade (self->cloth, 0.62));
  for (int k = 1; k < 4; k++)
    {
      double y = top + 0.13 * k;

      cairo_move_to (self->cr, -self->wide, y - 0.08);
      cairo_curve_to (self->cr, -0.3, y + 0.08, 0.3, y + 0.08, self->wide, y - 0.08);
      stroke (self, _sl_draw_shade (self->cloth, k % 2 ? 0.6 : 1.35), 0.03, 0.6);
    }
}

static void
draw_lock (const Face *self, FacePoints *points)
{
  FacePoint eye = self->side > 0.0 ? FACE_LEFT_EYE : FACE_RIGHT_EYE;
  double x = points->x[eye], y = points->y[eye], out = eye == FACE_LEFT_EYE ? -1.0 : 1.0;

  for (int k = 0; k < 20; k++)
    {
      double at = x + 0.34 * (k / 19.0 - 0.5), low = y + _sl_draw_range (self->random, 0.10, 0.34);

      cairo_move_to (self->cr, 0.05 * out + 0.02 * k, -0.88);
      cairo_curve_to (self->cr, at - 0.1 * out, -0.7, at + 0.04 * out, y - 0.25, at - 0.03 * out,
                      low);
      stroke (self, _sl_draw_shade (self->hair, 0.74 + 0.13 * (k % 4)), 0.042, 1.0);
    }
  points->hidden[eye] = TRUE;
}

static void
draw_cover (const Face *self, FacePoints *points)
{
  if (self->cover == COVER_GLASSES || self->cover == COVER_SUNGLASSES)
    draw_glasses (self, points);
  else if (self->cover == COVER_SCARF)
    draw_scarf (self);
  else if (self->cover == COVER_LOCK)
    draw_lock (self, points);
  if (self->cover == COVER_SUNGLASSES)
    points->hidden[FACE_LEFT_EYE] = points->hidden[FACE_RIGHT_EYE] = TRUE;
  if (self->cover == COVER_SCARF)
    points->hidden[FACE_LEFT_MOUTH] = points->hidden[FACE_RIGHT_MOUTH] = TRUE;
}

/* ---- All together */

static void
choose_face (Face *self)
{
  static const Colour skins[] = {
    { 0.97, 0.82, 0.72 }, { 0.93, 0.74, 0.60 }, { 0.84, 0.63, 0.47 },
    { 0.66, 0.46, 0.33 }, { 0.48, 0.32, 0.23 }, { 0.36, 0.24, 0.18 }
  };
  static const Colour hairs[] = {
    { 0.12, 0.09, 0.08 }, { 0.26, 0.16, 0.10 }, { 0.46, 0.28, 0.15 },
    { 0.82, 0.64, 0.36 }, { 0.66, 0.28, 0.12 }, { 0.76, 0.75, 0.74 }
  };
  static const Colour irises[] = {
    { 0.36, 0.22, 0.12 }, { 0.22, 0.42, 0.62 }, { 0.30, 0.46, 0.28 }, { 0.24, 0.15, 0.10 }
  };
  static const Colour cloths[] = {
    { 0.76, 0.24, 0.26 }, { 0.24, 0.38, 0.62 }, { 0.90, 0.72, 0.30 },
    { 0.30, 0.52, 0.42 }, { 0.56, 0.40, 0.62 }, { 0.86, 0.84, 0.80 }
  };
  SlRandom *random = self->random;
  double chance;

  self->skin = _sl_draw_pick (skins, G_N_ELEMENTS (skins), 0.03, random);
  self->shade = _sl_draw_tint (self->skin, (Colour){ 0.74, 0.64, 0.62 });
  self->hair = _sl_draw_pick (hairs, G_N_ELEMENTS (hairs), 0.04, random);
  self->iris = _sl_draw_pick (irises, G_N_ELEMENTS (irises), 0.04, random);
  self->cloth = _sl_draw_pick (cloths, G_N_ELEMENTS (cloths), 0.05, random);
  self->wide = _sl_draw_range (random, 0.56, 0.66);
  self->jaw = _sl_draw_range (random, 0.70, 0.92);
  self->style = sl_random_below (random, N_HAIRS);
  self->hat = _sl_draw_chance (random, 0.16);
  self->beard = (self->style == HAIR_SHORT || self->style == HAIR_NONE)
                && _sl_draw_chance (random, 0.4);
  chance = _sl_draw_range (random, 0.0, 1.0);
  self->cover = chance < 0.14   ? COVER_GLASSES
                : chance < 0.20 ? COVER_SUNGLASSES
                : chance < 0.25 ? COVER_SCARF
                : chance < 0.29 ? COVER_LOCK
                                : COVER_NOTHING;
}

/* From the neck's foot at the origin downwards. */
static void
draw_shoulders (const Face *self)
{
  cairo_move_to (self->cr, -1.10, 3.5);
  cairo_curve_to (self->cr, -1.25, 0.50, -0.9, 0.22, -0.26, 0.02);
  cairo_line_to (self->cr, 0.26, 0.02);
  cairo_curve_to (self->cr, 0.9, 0.22, 1.25, 0.50, 1.10, 3.5);
  cairo_close_path (self->cr);
  _sl_draw_fill_fade (self->cr, 0.0, 1.4, self->cloth, _sl_draw_shade (self->cloth, 0.55));
  for (int s = -1; s <= 1; s += 2) /* where the sleeves begin */
    {
      cairo_move_to (self->cr, 0.72 * s, 0.42);
      cairo_curve_to (self->cr, 0.68 * s, 0.7, 0.66 * s, 1.0, 0.68 * s, 1.6);
      stroke (self, _sl_draw_shade (self->cloth, 0.5), 0.03, 0.5);
    }
}

static void
draw_neck (const Face *self)
{
  cairo_move_to (self->cr, -0.27, 0.40 - NECK);
  cairo_curve_to (self->cr, -0.24, -0.2, -0.25, -0.1, -0.30, 0.05);
  cairo_curve_to (self->cr, -0.15, 0.16, 0.15, 0.16, 0.30, 0.05);
  cairo_curve_to (self->cr, 0.25, -0.1, 0.24, -0.2, 0.27, 0.40 - NECK);
  cairo_close_path (self->cr);
  _sl_draw_fill_fade (self->cr, -0.32, 0.06, _sl_draw_shade (self->shade, 0.70), self->shade);
  cairo_move_to (self->cr, -0.34, 0.0);
  cairo_curve_to (self->cr, -0.2, 0.17, 0.2, 0.17, 0.34, 0.0);
  stroke (self, _sl_draw_shade (self->cloth, 0.82), 0.09, 1.0);
}

void
_sl_face_draw (cairo_t *cr, const FacePose *pose, FacePoints *points, SlRandom *random)
{
  Face face = {
    .cr = cr, .random = random, .yaw = pose->yaw, .pitch = pose->pitch, .side = pose->side
  };
  double open, lift;

  *points = (FacePoints){ 0 };
  choose_face (&face);
  open = _sl_draw_range (random, 0.7, 1.1);
  lift = _sl_draw_range (random, -0.02, 0.05);
  cairo_translate (cr, 0.0, NECK);
  cairo_save (cr);
  cairo_rotate (cr, pose->roll);
  cairo_translate (cr, 0.0, -NECK);
  draw_hair_behind (&face);
  cairo_restore (cr);
  draw_shoulders (&face);
  cairo_rotate (cr, pose->roll);
  draw_neck (&face);
  cairo_translate (cr, 0.0, -NECK);
  draw_ears (&face);
  draw_head (&face);
  if (face.beard)
    draw_beard (&face);
  for (int s = -1; s <= 1; s += 2)
    {
      draw_eye (&face, s, open, points);
      draw_brow (&face, s, lift);
    }
  draw_mouth (&face, points);
  draw_nose (&face, points);
  if (face.style != HAIR_NONE)
    draw_hair_before (&face);
  if (face.hat)
    draw_hat (&face);
  draw_cover (&face, points);
}
