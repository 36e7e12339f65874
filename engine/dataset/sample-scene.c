/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dataset/sample-scene.h"
#include "dataset/sample-write.h"

#include <math.h>

#define N_SCENES 280
#define WRONG_EVERY 23 /* these have a tag too few */
#define SIZE_PX 144

typedef enum
{
  TAG_CLOUDS,
  TAG_FLOWERS,
  TAG_HOUSE,
  TAG_MOUNTAINS,
  TAG_NIGHT,
  TAG_RAINBOW,
  TAG_RIVER,
  TAG_SNOW,
  TAG_SUN,
  TAG_TREES,
  N_TAGS
} Tag;

static const char *const names[N_TAGS] = { "clouds",  "flowers", "house", "mountains", "night",
                                           "rainbow", "river",   "snow",  "sun",       "trees" };

typedef guint32 Tags; /* a bit each */
#define HAS(tags, tag) (((tags) >> (tag)&1) != 0)

/* ---- What is to be seen */

static Tags
choose_tags (SlRandom *random)
{
  static const double chances[N_TAGS] = {
    0.45, 0.35, 0.45, 0.45, 0.18, 0.08, 0.40, 0.18, 0.50, 0.60
  };
  Tags tags = 0;

  for (Tag tag = 0; tag < N_TAGS; tag++)
    if (_sl_draw_chance (random, chances[tag]))
      tags |= 1u << tag;
  if (HAS (tags, TAG_NIGHT))
    tags &= ~(1u << TAG_SUN | 1u << TAG_RAINBOW);
  if (HAS (tags, TAG_SNOW))
    tags &= ~(1u << TAG_FLOWERS | 1u << TAG_RAINBOW);
  if ((tags & (tags - 1)) == 0) /* an empty meadow is no picture */
    tags |= 1u << TAG_TREES;
  return tags;
}

/* ---- Composition */

static Colour
pick_ground (gboolean snow, SlRandom *random)
{
  static const Colour greens[] = { { 0.42, 0.60, 0.24 },
                                   { 0.52, 0.62, 0.28 },
                                   { 0.34, 0.54, 0.28 },
                                   { 0.70, 0.62, 0.32 },
                                   { 0.56, 0.66, 0.38 } };
  const Colour white = { 0.92, 0.95, 1.0 };

  return snow ? _sl_draw_jitter (white, 0.02, random)
              : _sl_draw_pick (greens, G_N_ELEMENTS (greens), 0.05, random);
}

/* Trees stand in the order of their distance, some of them before the house. */
static void
draw_standing (const Landscape *self, Tags tags)
{
  static const Colour leaves[] = {
    { 0.32, 0.52, 0.20 }, { 0.24, 0.44, 0.22 }, { 0.44, 0.58, 0.22 },
    { 0.86, 0.50, 0.16 }, { 0.78, 0.30, 0.16 }, { 0.94, 0.70, 0.78 }
  };
  guint n = HAS (tags, TAG_TREES) ? 3 + sl_random_below (self->random, 6) : 0;
  Tree tree = self->snow ? TREE_FIR : (Tree)sl_random_below (self->random, N_TREES);
  Colour leaf = _sl_draw_pick (leaves, tree == TREE_FIR ? 2 : G_N_ELEMENTS (leaves), 0.04,
                               self->random);
  double house = HAS (tags, TAG_HOUSE) ? _sl_draw_range (self->random, 0.30, 0.62) : 2.0;
  double house_x = _sl_draw_range (self->random, -0.55, 0.45);

  for (guint i = 0; i <= n; i++)
    {
      double t = n > 0 ? (i + _sl_draw_range (self->random, 0.0, 0.8)) / (double)n : 1.0;
      double base = self->horizon + 0.14 + (0.86 - self->horizon) * 0.7 * t * t;
      double x = _sl_draw_range (self->random, -0.95, 0.95);
      double size = (0.42 + 0.62 * t) * _sl_draw_range (self->random, 0.8, 1.15);

      if (t >= house || (i == n && house < 1.5))
        {
          double foot = self->horizon + 0.30 + 0.35 * house;

          _sl_scene_house (self, house_x, foot, 0.62 + 0.55 * house);
          house = 2.0;
        }
      if (i == n)
        break;
      if (HAS (tags, TAG_HOUSE) && fabs (x - house_x) < 0.45) /* leaves the house to be seen */
        x += x < house_x ? -0.45 : 0.45;
      _sl_nature_shadow (self->cr, &self->light, x, base, 0.32 * size);
      _sl_nature_tree (self->cr, &self->light, tree, x, base, size, 0.22 * (1.0 - t),
                       _sl_draw_jitter (leaf, 0.05, self->random), self->snow, self->random);
    }
}

static void
draw_landscape (Landscape *self, Tags tags)
{
  self->light = HAS (tags, TAG_NIGHT) ? _sl_nature_night (self->random)
                                      : _sl_nature_day (HAS (tags, TAG_SUN), self->random);
  self->horizon = _sl_draw_range (self->random, -0.18, 0.14);
  self->snow = HAS (tags, TAG_SNOW);
  if (self->snow) /* it is blue in the shade of any sky */
    self->light.tint = _sl_draw_mix (self->light.tint, (Colour){ 0.88, 0.94, 1.0 },
                                     self->light.night ? 0.25 : 0.75);
  self->ground = pick_ground (self->snow, self->random);

  _sl_nature_sky (self->cr, &self->light, self->horizon, self->random);
  if (HAS (tags, TAG_NIGHT))
    _sl_scene_moon (self);
  if (HAS (tags, TAG_SUN))
    _sl_scene_sun (self);
  if (HAS (tags, TAG_CLOUDS))
    _sl_scene_clouds (self);
  if (HAS (tags, TAG_RAINBOW))
    _sl_scene_rainbow (self);
  if (HAS (tags, TAG_MOUNTAINS))
    _sl_scene_mountains (self);
  _sl_scene_hills (self);
  _sl_scene_meadow (self);
  if (HAS (tags, TAG_RIVER))
    _sl_scene_river (self);
  draw_standing (self, tags);
  if (HAS (tags, TAG_FLOWERS))
    _sl_scene_flowers (self);
  if (self->snow)
    _sl_scene_snowfall (self);
}

static cairo_surface_t *
draw_picture (guint i, Tags *tags)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, SIZE_PX, SIZE_PX);
  cairo_t *cr = cairo_create (surface);
  SlRandom random;
  Landscape landscape = { .cr = cr, .random = &random };

  _sl_sample_random (&random, i, SAMPLE_SCENE);
  *tags = choose_tags (&random);
  cairo_scale (cr, SIZE_PX / 2.0, SIZE_PX / 2.0);
  cairo_translate (cr, 1.0, 1.0);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  draw_landscape (&landscape, *tags);
  _sl_draw_light (cr, 0.5, &random);
  cairo_destroy (cr);
  _sl_draw_grain (surface, _sl_draw_range (&random, 0.01, 0.05), &random);
  return surface;
}

/* ---- Writing */

/* Without one of its tags. */
static Tags
lose_tag (Tags tags, guint i)
{
  Tag tag = i % N_TAGS;

  while (!HAS (tags, tag))
    tag = (tag + 1) % N_TAGS;
  return tags & ~(1u << tag);
}

static gboolean
write_scene (const SampleWriter *self, guint i, gpointer csv, GError **error)
{
  g_autofree char *name = g_strdup_printf ("scene_%03u.jpg", i + 1);
  g_autofree char *rel_path = g_build_filename ("images", name, NULL);
  Tags tags, told;
  cairo_surface_t *surface = draw_picture (i, &tags);
  gboolean ok = _sl_sample_save_jpeg (self, surface, rel_path, error);

  cairo_surface_destroy (surface);
  told = i % WRONG_EVERY == 0 ? lose_tag (tags, i) : tags;
  if (told != tags)
    _sl_sample_add_wrong (self, rel_path);
  g_string_append_printf (csv, "%s,", name);
  for (Tag tag = 0; tag < N_TAGS; tag++)
    if (HAS (told, tag))
      {
        g_string_append (csv, names[tag]);
        told &= ~(1u << tag);
        g_string_append (csv, told != 0 ? " " : "\n");
      }
  return ok;
}

gboolean
_sl_sample_write_scene (const SampleWriter *self, GError **error)
{
  g_autoptr (GString) csv = g_string_new ("image_name,tags\n");

  return _sl_sample_write_all (self, N_SCENES, write_scene, csv, error)
         && _sl_sample_save_text (self, csv->str, "labels.csv", error);
}
