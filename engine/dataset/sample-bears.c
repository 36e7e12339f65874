/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dataset/sample-bears.h"
#include "dataset/sample-write.h"

#define BEARS_PER_CLASS 100
#define WRONG_PER_CLASS 4
#define SIZE_PX 160

/* Wild bears are mostly outdoors and teddies mostly indoors, but not so surely that a network
 * could learn the place instead of the bear. */
static Backdrop
choose_backdrop (Bear bear, SlRandom *random)
{
  static const Backdrop wild[] = { BACKDROP_MEADOW, BACKDROP_FOREST, BACKDROP_MOUNTAINS,
                                   BACKDROP_RIVER };
  static const Backdrop home[] = { BACKDROP_ROOM, BACKDROP_SHELF, BACKDROP_STUDIO,
                                   BACKDROP_LIGHTS };
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

static cairo_surface_t *
draw_picture (Bear bear, guint i)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, SIZE_PX, SIZE_PX);
  cairo_t *cr = cairo_create (surface);
  SlRandom random;
  Backdrop backdrop;

  _sl_sample_random (&random, i, SAMPLE_BEARS);
  backdrop = choose_backdrop (bear, &random);
  cairo_scale (cr, SIZE_PX / 2.0, SIZE_PX / 2.0);
  cairo_translate (cr, 1.0, 1.0);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  _sl_backdrop_behind (cr, backdrop, &random);
  draw_bear (cr, bear, &random);
  _sl_backdrop_before (cr, backdrop, &random);
  _sl_draw_light (cr, 1.0, &random);
  cairo_destroy (cr);
  _sl_draw_grain (surface, _sl_draw_range (&random, 0.02, 0.10), &random);
  return surface;
}

/* Picture @i is number order[i], so that neither the name nor its place tells the class; the
 * first WRONG_PER_CLASS of each class show another bear. */
static gboolean
write_bear (const SampleWriter *self, guint i, gpointer order, GError **error)
{
  static const char *const names[N_BEARS] = { "black", "grizzly", "teddy" };
  Bear label = i / BEARS_PER_CLASS, shown = label;
  guint nth = i % BEARS_PER_CLASS;
  g_autofree char *rel_path = g_strdup_printf ("%s/%03u.jpg", names[label],
                                               ((const guint32 *)order)[i]);
  cairo_surface_t *surface;
  gboolean ok;

  if (nth < WRONG_PER_CLASS)
    {
      shown = (label + 1 + nth % (N_BEARS - 1)) % N_BEARS;
      _sl_sample_add_wrong (self, rel_path);
    }
  surface = draw_picture (shown, i);
  ok = _sl_sample_save_jpeg (self, surface, rel_path, error);
  cairo_surface_destroy (surface);
  return ok;
}

gboolean
_sl_sample_write_bears (const SampleWriter *self, GError **error)
{
  guint32 order[N_BEARS * BEARS_PER_CLASS];

  _sl_sample_order (order, G_N_ELEMENTS (order), SAMPLE_BEARS);
  return _sl_sample_write_all (self, G_N_ELEMENTS (order), write_bear, order, error);
}
