/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dataset/sample-draw.h"

#include <string.h>

/* Wild bears are mostly outdoors and teddies mostly indoors, but not so surely that a network
 * could learn the place instead of the bear. */
static Scene
choose_scene (Bear bear, SlRandom *random)
{
  static const Scene wild[] = { SCENE_MEADOW, SCENE_FOREST, SCENE_MOUNTAINS, SCENE_RIVER };
  static const Scene home[] = { SCENE_ROOM, SCENE_SHELF, SCENE_STUDIO, SCENE_LIGHTS };
  gboolean at_home = _sl_draw_chance (random, bear == BEAR_TEDDY ? 0.75 : 0.2);
  guint64 which = sl_random_below (random, 4);

  return at_home ? home[which] : wild[which];
}

/* A soft shadow on the ground. */
static void
draw_shadow (cairo_t *cr)
{
  cairo_pattern_t *soft = cairo_pattern_create_radial (0.0, 0.0, 0.1, 0.0, 0.0, 1.0);

  cairo_pattern_add_color_stop_rgba (soft, 0.0, 0.0, 0.0, 0.0, 0.45);
  cairo_pattern_add_color_stop_rgba (soft, 1.0, 0.0, 0.0, 0.0, 0.0);
  cairo_save (cr);
  cairo_translate (cr, 0.0, 0.84);
  cairo_scale (cr, 0.95, 0.22);
  _sl_draw_ellipse (cr, 0.0, 0.0, 1.0, 1.0);
  cairo_set_source (cr, soft);
  cairo_fill (cr);
  cairo_restore (cr);
  cairo_pattern_destroy (soft);
}

static void
draw_bear (cairo_t *cr, Bear bear, SlRandom *random)
{
  double scale = _sl_draw_range (random, 0.76, 1.05);
  double tilt = bear == BEAR_TEDDY ? 0.28 : 0.12;

  cairo_save (cr);
  cairo_translate (cr, _sl_draw_range (random, -1.0, 1.0) * (0.06 + 0.5 * MAX (1.0 - scale, 0.0)),
                   _sl_draw_range (random, -0.05, 0.2) + 0.3 * (1.0 - scale));
  cairo_rotate (cr, _sl_draw_range (random, -tilt, tilt));
  cairo_scale (cr, _sl_draw_chance (random, 0.5) ? scale : -scale,
               scale * _sl_draw_range (random, 0.92, 1.08));
  draw_shadow (cr);
  _sl_bear_figure (cr, bear, random);
  cairo_restore (cr);
}

/* Evening, morning, shade: a wash of colour and a darker edge. */
static void
draw_light (cairo_t *cr, SlRandom *random)
{
  static const Colour washes[] = {
    { 1.0, 0.75, 0.45 }, { 0.35, 0.45, 0.75 }, { 0.1, 0.1, 0.15 }, { 1.0, 1.0, 0.95 }
  };
  cairo_pattern_t *edge = cairo_pattern_create_radial (0.0, 0.0, 0.7, 0.0, 0.0, 1.6);
  Colour wash = washes[sl_random_below (random, G_N_ELEMENTS (washes))];

  _sl_draw_source (cr, wash, _sl_draw_range (random, 0.0, 0.15));
  cairo_paint (cr);
  cairo_pattern_add_color_stop_rgba (edge, 0.0, 0.0, 0.0, 0.0, 0.0);
  cairo_pattern_add_color_stop_rgba (edge, 1.0, 0.0, 0.0, 0.0, _sl_draw_range (random, 0.0, 0.5));
  cairo_set_source (cr, edge);
  cairo_paint (cr);
  cairo_pattern_destroy (edge);
}

/* Grain of the film: the sum of two uniform numbers is round enough. */
static void
add_grain (cairo_surface_t *surface, double strength, SlRandom *random)
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

cairo_surface_t *
_sl_bear_picture (Bear bear, guint64 key, int size)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, size, size);
  cairo_t *cr = cairo_create (surface);
  SlRandom random;
  Scene scene;

  sl_random_init (&random, key);
  scene = choose_scene (bear, &random);
  cairo_scale (cr, size / 2.0, size / 2.0);
  cairo_translate (cr, 1.0, 1.0);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  _sl_scene_behind (cr, scene, &random);
  draw_bear (cr, bear, &random);
  _sl_scene_before (cr, scene, &random);
  draw_light (cr, &random);
  cairo_destroy (cr);
  add_grain (surface, _sl_draw_range (&random, 0.02, 0.10), &random);
  return surface;
}
