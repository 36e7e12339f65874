/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dataset/sample-street.h"
#include "dataset/sample-write.h"

#include <math.h>
#include <string.h>

#define N_STREETS 240
#define VALID_EVERY 5
#define WRONG_EVERY 31 /* these have a mask that is shifted */
#define WRONG_SHIFT_PX 34
#define WIDTH_PX 160
#define HEIGHT_PX 120
#define ASPECT (WIDTH_PX / (double)HEIGHT_PX)

/* Lines of codes.txt. */
typedef enum
{
  CODE_SKY,
  CODE_ROAD,
  CODE_BUILDING,
  CODE_CAR,
  CODE_TREE,
  CODE_PERSON,
  CODE_VOID, /* pavement, lamps */
} Code;

static const char codes[] = "sky\nroad\nbuilding\ncar\ntree\nperson\nVoid\n";

/* ---- A picture and its mask */

/* Each thing is drawn on an empty layer; what it covers there by more than a half gets its code,
 * and then the layer is laid over the picture. */
typedef struct
{
  Street street;
  cairo_surface_t *picture, *layer, *mask;
  cairo_t *onto; /* the picture */
} Canvas;

static cairo_t *
make_context (cairo_surface_t *surface)
{
  cairo_t *cr = cairo_create (surface);

  cairo_scale (cr, HEIGHT_PX / 2.0, HEIGHT_PX / 2.0);
  cairo_translate (cr, ASPECT, 1.0);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  return cr;
}

static void
lay_down (Canvas *self, Code code)
{
  gsize stride = cairo_image_surface_get_stride (self->layer);
  gsize mask_stride = cairo_image_surface_get_stride (self->mask);
  guint8 *data, *mask = cairo_image_surface_get_data (self->mask);

  cairo_surface_flush (self->layer);
  data = cairo_image_surface_get_data (self->layer);
  for (gsize y = 0; y < HEIGHT_PX; y++)
    {
      const guint32 *row = (const guint32 *)(gconstpointer)(data + y * stride);

      for (gsize x = 0; x < WIDTH_PX; x++)
        if (row[x] >> 24 >= 128)
          mask[y * mask_stride + x] = (guint8)code;
    }
  cairo_save (self->onto);
  cairo_identity_matrix (self->onto);
  cairo_set_source_surface (self->onto, self->layer, 0.0, 0.0);
  cairo_paint (self->onto);
  cairo_restore (self->onto);
  memset (data, 0, HEIGHT_PX * stride);
  cairo_surface_mark_dirty (self->layer);
}

static void
canvas_init (Canvas *self)
{
  self->picture = cairo_image_surface_create (CAIRO_FORMAT_RGB24, WIDTH_PX, HEIGHT_PX);
  self->layer = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, WIDTH_PX, HEIGHT_PX);
  self->mask = cairo_image_surface_create (CAIRO_FORMAT_A8, WIDTH_PX, HEIGHT_PX);
  self->onto = make_context (self->picture);
  self->street.cr = make_context (self->layer);
}

static void
canvas_clear (Canvas *self)
{
  cairo_destroy (self->street.cr);
  cairo_destroy (self->onto);
  cairo_surface_destroy (self->mask);
  cairo_surface_destroy (self->layer);
  cairo_surface_destroy (self->picture);
}

/* ---- What stands in the street */

typedef struct
{
  Code code;
  double right, away, length; /* metres */
} Thing;

static gboolean
lines_street (const Thing *thing)
{
  return thing->code == CODE_BUILDING || fabs (thing->right) > STREET_HALF_STREET;
}

/* What lines the street stands behind all that is in it. */
static int
farther_first (gconstpointer a, gconstpointer b)
{
  double x = ((const Thing *)a)->away, y = ((const Thing *)b)->away;
  gboolean lines_x = lines_street (a), lines_y = lines_street (b);

  if (lines_x != lines_y)
    return lines_x ? -1 : 1;
  return x < y ? 1 : x > y ? -1 : 0;
}

static void
add_thing (GArray *things, Code code, double right, double away, double length)
{
  const Thing thing = { code, right, away, length };

  g_array_append_val (things, thing);
}

/* One side of the street: houses and, between them, trees. */
static void
plan_side (GArray *things, double side, SlRandom *random)
{
  double trees = _sl_draw_chance (random, 0.6) ? _sl_draw_range (random, 0.3, 0.9) : 0.0;
  double away = _sl_draw_range (random, 0.5, 3.0);

  while (away < 75.0)
    {
      double length = _sl_draw_range (random, 6.0, 14.0);

      if (_sl_draw_chance (random, 0.88))
        add_thing (things, CODE_BUILDING, side, away, length);
      else
        add_thing (things, CODE_TREE, side * 9.0, away + 0.6 * length, 0.0);
      away += length;
    }
  for (away = _sl_draw_range (random, 8.0, 14.0); away < 50.0; away += 7.0)
    if (_sl_draw_chance (random, trees))
      add_thing (things, CODE_TREE, side * 4.7, away, 0.0);
  for (away = _sl_draw_range (random, 7.0, 14.0); away < 40.0; away += 14.0)
    add_thing (things, CODE_VOID, side * 4.0, away, 0.0);
  for (guint n = sl_random_below (random, 5); n > 0; n--)
    {
      away = _sl_draw_range (random, 6.0, 22.0);
      add_thing (things, CODE_PERSON, side * _sl_draw_range (random, 4.2, 5.8), away, 0.0);
    }
}

static void
plan_road (GArray *things, SlRandom *random)
{
  for (int side = -1; side <= 1; side += 2)
    {
      gboolean parking = _sl_draw_chance (random, 0.4);
      double away = _sl_draw_range (random, 6.5, 18.0);

      while (away < 50.0)
        {
          if (_sl_draw_chance (random, 0.55))
            add_thing (things, CODE_CAR, side * (parking ? 2.7 : 1.7), away, 0.0);
          away += _sl_draw_range (random, 6.0, 12.0);
        }
    }
  if (_sl_draw_chance (random, 0.25)) /* somebody crosses */
    {
      double away = _sl_draw_range (random, 5.0, 12.0);

      add_thing (things, CODE_PERSON, _sl_draw_range (random, -3.0, 3.0), away, 0.0);
    }
}

static void
draw_tree (const Street *street, const Thing *thing)
{
  static const Colour leaves[] = {
    { 0.32, 0.52, 0.20 }, { 0.24, 0.44, 0.22 }, { 0.46, 0.58, 0.22 }, { 0.80, 0.52, 0.18 }
  };
  Spot at = _sl_street_spot (street, thing->right, 0.0, thing->away);
  Colour leaf = _sl_draw_pick (leaves, G_N_ELEMENTS (leaves), 0.05, street->random);
  double size = _sl_draw_range (street->random, 4.5, 7.0);

  _sl_nature_tree (street->cr, &street->light, TREE_ROUND, at.x, at.y, size * at.scale,
                   MIN (thing->away / 140.0, 0.5), leaf, FALSE, street->random);
}

static void
draw_thing (Canvas *self, const Thing *thing)
{
  const Street *street = &self->street;
  Spot at = _sl_street_spot (street, thing->right, 0.0, thing->away);

  if (thing->code == CODE_BUILDING)
    _sl_street_building (street, thing->right, thing->away, thing->away + thing->length);
  else if (thing->code == CODE_TREE)
    draw_tree (street, thing);
  else if (thing->code == CODE_CAR)
    _sl_street_car (street, thing->right, thing->away);
  else if (thing->code == CODE_PERSON)
    _sl_street_person (street, thing->right, thing->away);
  else
    _sl_street_lamp (street, thing->right, thing->away);
  if (thing->code != CODE_BUILDING) /* its shadow belongs to the ground */
    _sl_nature_shadow (self->onto, &street->light, at.x, at.y,
                       at.scale * (thing->code == CODE_CAR ? 1.5 : 0.6));
  lay_down (self, thing->code);
}

static void
draw_street (Canvas *self, SlRandom *random)
{
  Street *street = &self->street;
  g_autoptr (GArray) things = g_array_new (FALSE, FALSE, sizeof (Thing));

  street->random = random;
  street->light = _sl_draw_chance (random, 0.15) ? _sl_nature_night (random)
                                                 : _sl_nature_day (FALSE, random);
  street->x = _sl_draw_range (random, -0.35, 0.35);
  street->y = _sl_draw_range (random, -0.20, 0.06);
  street->height = _sl_draw_range (random, 2.3, 3.3);
  for (int side = -1; side <= 1; side += 2)
    plan_side (things, side, random);
  plan_road (things, random);
  g_array_sort (things, farther_first);

  _sl_nature_sky (street->cr, &street->light, street->y, random);
  if (_sl_draw_chance (random, 0.6))
    for (guint n = 1 + sl_random_below (random, 3); n > 0; n--)
      {
        double x = _sl_draw_range (random, -1.2, 1.2), y = _sl_draw_range (random, -0.9, -0.4);

        _sl_nature_cloud (street->cr, &street->light, x, y, 0.4, random);
      }
  lay_down (self, CODE_SKY);
  _sl_street_pavement (street);
  lay_down (self, CODE_VOID);
  _sl_street_road (street);
  lay_down (self, CODE_ROAD);
  for (guint i = 0; i < things->len; i++)
    draw_thing (self, &g_array_index (things, Thing, i));
}

/* ---- Writing */

/* Everything @by pixels to the right. */
static void
shift_mask (cairo_surface_t *mask, gsize by)
{
  gsize stride = cairo_image_surface_get_stride (mask);
  guint8 *data;

  cairo_surface_flush (mask);
  data = cairo_image_surface_get_data (mask);
  for (gsize y = 0; y < HEIGHT_PX; y++)
    {
      memmove (data + y * stride + by, data + y * stride, WIDTH_PX - by);
      memset (data + y * stride, CODE_VOID, by);
    }
  cairo_surface_mark_dirty (mask);
}

static gboolean
write_street (const SampleWriter *self, guint i, gpointer valid, GError **error)
{
  g_autofree char *image = g_strdup_printf ("images/street_%03u.png", i + 1);
  g_autofree char *label = g_strdup_printf ("labels/street_%03u_P.png", i + 1);
  Canvas canvas = { 0 };
  SlRandom random;
  gboolean ok;

  _sl_sample_random (&random, i, SAMPLE_STREET);
  canvas_init (&canvas);
  draw_street (&canvas, &random);
  _sl_draw_light (canvas.onto, 0.4, &random);
  _sl_draw_grain (canvas.picture, _sl_draw_range (&random, 0.01, 0.04), &random);
  cairo_surface_mark_dirty (canvas.mask);
  if (i % WRONG_EVERY == WRONG_EVERY - 1)
    {
      shift_mask (canvas.mask, WRONG_SHIFT_PX);
      _sl_sample_add_wrong (self, image);
    }
  if (i % VALID_EVERY == VALID_EVERY - 1)
    g_string_append_printf (valid, "street_%03u.png\n", i + 1);
  ok = _sl_sample_save_png (self, canvas.picture, image, error)
       && _sl_sample_save_mask (self, canvas.mask, label, error);
  canvas_clear (&canvas);
  return ok;
}

gboolean
_sl_sample_write_street (const SampleWriter *self, GError **error)
{
  g_autoptr (GString) valid = g_string_new (NULL);

  return _sl_sample_write_all (self, N_STREETS, write_street, valid, error)
         && _sl_sample_save_text (self, codes, "codes.txt", error)
         && _sl_sample_save_text (self, valid->str, "valid.txt", error);
}
