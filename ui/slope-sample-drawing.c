/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-sample-drawing.h"

#include <math.h>

static void
set_color (cairo_t *cr, guint32 rgb)
{
  cairo_set_source_rgb (cr, (rgb >> 16 & 0xff) / 255., (rgb >> 8 & 0xff) / 255.,
                        (rgb & 0xff) / 255.);
}

static void
disc (cairo_t *cr, double x, double y, double radius, guint32 rgb)
{
  set_color (cr, rgb);
  cairo_new_path (cr);
  cairo_arc (cr, x, y, radius, 0., 2. * G_PI);
  cairo_fill (cr);
}

/* ---- One label each */

/* A bear's face around the origin, about 40 px wide. */
static void
bear (cairo_t *cr, guint32 fur, guint32 muzzle)
{
  for (int side = -1; side <= 1; side += 2)
    {
      disc (cr, side * 13.5, -13., 8., fur);
      disc (cr, side * 13.5, -13., 4., muzzle);
    }
  disc (cr, 0., 0., 19.5, fur);
  disc (cr, 0., 6., 8.5, muzzle);
  disc (cr, 0., 4.5, 3., 0x201a17);
  for (int side = -1; side <= 1; side += 2)
    disc (cr, side * 7.5, -4., 2.2, 0x201a17);
}

static void
draw_bears (cairo_t *cr, int width, int height)
{
  static const struct
  {
    guint32 wall, fur, muzzle;
  } bears[] = {
    { 0xe8dcc8, 0x6b4423, 0xb08a63 }, /* grizzly */
    { 0xcde0d6, 0x26242a, 0x7f7a80 }, /* black */
    { 0xf6d5cd, 0xc98a4b, 0xf0d3a8 }, /* teddy */
  };
  const double share = width / 3.;

  for (guint i = 0; i < G_N_ELEMENTS (bears); i++)
    {
      set_color (cr, bears[i].wall);
      cairo_rectangle (cr, floor (i * share), 0, ceil (share) + 1, height);
      cairo_fill (cr);
      cairo_save (cr);
      cairo_translate (cr, (i + .5) * share, height / 2. + 4);
      bear (cr, bears[i].fur, bears[i].muzzle);
      cairo_restore (cr);
    }
}

/* ---- Several labels */

static void
polygon (cairo_t *cr, guint32 rgb, const double *points, guint n)
{
  set_color (cr, rgb);
  cairo_new_path (cr);
  for (guint i = 0; i < n; i++)
    cairo_line_to (cr, points[2 * i], points[2 * i + 1]);
  cairo_fill (cr);
}

static void
fir (cairo_t *cr, double x, double base, double size)
{
  const double points[] = { x - .34 * size, base, x, base - size, x + .34 * size, base };

  polygon (cr, 0x2c6a48, points, 3);
}

/* A label as the Data page shows it; returns where the next one begins. */
static double
chip (cairo_t *cr, double x, double y, const char *text)
{
  g_autoptr (PangoLayout) layout = pango_cairo_create_layout (cr);
  g_autoptr (PangoFontDescription) font = pango_font_description_from_string ("Sans 7.5");
  int width, height;

  pango_layout_set_font_description (layout, font);
  pango_layout_set_text (layout, text, -1);
  pango_layout_get_pixel_size (layout, &width, &height);
  cairo_new_path (cr);
  cairo_arc (cr, x + width + 8., y + 8., 5., -G_PI_2, 0.);
  cairo_arc (cr, x + width + 8., y + height - 1., 5., 0., G_PI_2);
  cairo_arc (cr, x + 5., y + height - 1., 5., G_PI_2, G_PI);
  cairo_arc (cr, x + 5., y + 8., 5., G_PI, 1.5 * G_PI);
  cairo_set_source_rgba (cr, 0.07, 0.15, 0.22, 0.78);
  cairo_fill (cr);
  cairo_set_source_rgb (cr, 1., 1., 1.);
  cairo_move_to (cr, x + 6.5, y + 3.5);
  pango_cairo_show_layout (cr, layout);
  return x + width + 18.;
}

static void
draw_scene (cairo_t *cr, int width, int height)
{
  const double far[] = { 0,           .72 * height, .28 * width, .30 * height,
                         .50 * width, .62 * height, .68 * width, .42 * height,
                         width,       .72 * height };
  cairo_pattern_t *sky = cairo_pattern_create_linear (0., 0., 0., height);

  cairo_pattern_add_color_stop_rgb (sky, 0., 0.62, 0.80, 0.96);
  cairo_pattern_add_color_stop_rgb (sky, .75, 0.90, 0.95, 0.99);
  cairo_set_source (cr, sky);
  cairo_paint (cr);
  cairo_pattern_destroy (sky);
  disc (cr, .78 * width, .27 * height, 13., 0xffd04a);
  polygon (cr, 0x6f9484, far, 5);
  set_color (cr, 0x3d8ec4);
  cairo_rectangle (cr, 0., .72 * height, width, .28 * height);
  cairo_fill (cr);
  fir (cr, .10 * width, .80 * height, 34.);
  fir (cr, .19 * width, .80 * height, 27.);
  fir (cr, .87 * width, .80 * height, 34.);
  chip (cr, chip (cr, 8., height - 24., "sun"), height - 24., "river");
}

/* ---- Masks */

static void
draw_street (cairo_t *cr, int width, int height)
{
  const double w = width, h = height;
  const double road[] = { .14 * w, h, .42 * w, .56 * h, .58 * w, .56 * h, .88 * w, h };

  set_color (cr, 0x62c0e2);
  cairo_paint (cr);
  set_color (cr, 0xf77bc6);
  cairo_rectangle (cr, 0., .64 * h, w, h);
  cairo_fill (cr);
  set_color (cr, 0x8b8437);
  cairo_rectangle (cr, 0., .16 * h, .28 * w, .5 * h);
  cairo_rectangle (cr, .74 * w, .06 * h, .26 * w, .6 * h);
  cairo_fill (cr);
  polygon (cr, 0x6b757f, road, 4);
  disc (cr, .35 * w, .44 * h, 16., 0x00795b);
  cairo_rectangle (cr, .35 * w - 2.5, .5 * h, 5., .2 * h);
  cairo_fill (cr);
  set_color (cr, 0x3e68e8);
  cairo_rectangle (cr, .52 * w, .66 * h, 30., 15.);
  cairo_rectangle (cr, .52 * w + 6., .66 * h - 9., 18., 12.);
  cairo_fill (cr);
}

/* ---- Points */

static void
draw_nose (cairo_t *cr, int width, int height)
{
  static const double points[][2] = { { -11., -7. }, { 11., -7. }, { 0., 6. } };

  cairo_save (cr);
  cairo_translate (cr, width / 2., height / 2. + 6.);
  cairo_rotate (cr, .16);
  cairo_save (cr);
  cairo_scale (cr, 1., 1.22);
  disc (cr, 0., 0., 31., 0xefc09b);
  cairo_restore (cr);
  set_color (cr, 0x4a2f24);
  cairo_new_path (cr);
  cairo_arc (cr, 0., -12., 33., G_PI, 2. * G_PI);
  cairo_fill (cr);
  for (int side = -1; side <= 1; side += 2)
    disc (cr, side * 11., -7., 3., 0x33241e);
  cairo_new_path (cr);
  cairo_arc (cr, 0., 12., 9., .15 * G_PI, .85 * G_PI);
  set_color (cr, 0xa04a3c);
  cairo_set_line_width (cr, 2.2);
  cairo_stroke (cr);
  for (gsize i = 0; i < G_N_ELEMENTS (points); i++)
    {
      disc (cr, points[i][0], points[i][1], 5.5, 0xffffff);
      disc (cr, points[i][0], points[i][1], 4., 0xc64151);
    }
  cairo_restore (cr);
}

/* ---- Texts */

/* A sheet of lines around the origin, and what it is: a coloured dot. */
static void
sheet (cairo_t *cr, guint32 rgb)
{
  static const double lengths[] = { 30., 36., 26., 34., 18. };

  set_color (cr, 0xffffff);
  cairo_rectangle (cr, -24., -29., 48., 58.);
  cairo_fill (cr);
  cairo_set_line_width (cr, 3.);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  set_color (cr, 0x9aa3b2);
  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      cairo_move_to (cr, -17., -19. + 8. * (double)i);
      cairo_rel_line_to (cr, lengths[i] - 2., 0.);
    }
  cairo_stroke (cr);
  disc (cr, 15., 20., 6., rgb);
}

static void
draw_reviews (cairo_t *cr, int width, int height)
{
  static const guint32 colors[] = { 0x2f8f5b, 0xc64151 };

  for (guint i = 0; i < G_N_ELEMENTS (colors); i++)
    {
      cairo_save (cr);
      cairo_translate (cr, width / 2. + (i == 0 ? -32. : 32.), height / 2. + (i == 0 ? 3. : -2.));
      cairo_rotate (cr, i == 0 ? -.07 : .05);
      sheet (cr, colors[i]);
      cairo_restore (cr);
    }
}

static const struct
{
  const char *name;
  void (*draw) (cairo_t *cr, int width, int height);
} drawings[] = {
  { "bears", draw_bears }, { "scene", draw_scene },     { "street", draw_street },
  { "nose", draw_nose },   { "reviews", draw_reviews },
};

void
slope_sample_drawing_cb (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer name)
{
  set_color (cr, 0xe0e4ec);
  cairo_paint (cr);
  for (gsize i = 0; i < G_N_ELEMENTS (drawings); i++)
    if (g_str_equal (drawings[i].name, name))
      drawings[i].draw (cr, width, height);
}
