/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-points-paintable.h"

#include "slope-colors.h"

#include <math.h>

#define MANY 12      /* points: more of them have one colour */
#define SHARE .022f  /* of the picture's shorter side, for the radius of a dot */
#define LEAST_PX 2.f /* its radius */
#define MOST_PX 5.f
#define RIM_PX 1.f     /* the dark rim that sets a mark off from the picture */
#define HOLLOW 2.f     /* radius of a predicted point, in dots */
#define HOLLOW_PX 1.5f /* width of its line */

struct _SlopePointsPaintable
{
  GObject parent_instance;
  GArray *points;    /* of graphene_point_t; owned */
  GArray *predicted; /* likewise; maybe empty */
  int width, height; /* of the picture */
};

static void slope_points_paintable_iface_init (GdkPaintableInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (SlopePointsPaintable, slope_points_paintable, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (GDK_TYPE_PAINTABLE,
                                                      slope_points_paintable_iface_init))

/* ---- Text */

GArray *
slope_points_parse (const char *target)
{
  GArray *points = g_array_new (FALSE, FALSE, sizeof (graphene_point_t));
  g_auto (GStrv) words = g_strsplit (target != NULL ? target : "", " ", -1);

  for (guint i = 0; words[i] != NULL; i++)
    {
      graphene_point_t point = GRAPHENE_POINT_INIT (NAN, NAN);
      char *comma;

      if (!g_str_equal (words[i], "-"))
        {
          point.x = (float)g_ascii_strtod (words[i], &comma);
          if (comma == words[i] || *comma != ',')
            break;
          point.y = (float)g_ascii_strtod (comma + 1, NULL);
        }
      g_array_append_val (points, point);
    }
  return points;
}

char *
slope_points_move (const char *target, guint index, double x, double y)
{
  g_auto (GStrv) words = g_strsplit (target != NULL ? target : "", " ", -1);
  char across[G_ASCII_DTOSTR_BUF_SIZE], down[G_ASCII_DTOSTR_BUF_SIZE];

  g_return_val_if_fail (index < g_strv_length (words), NULL);

  g_ascii_formatd (across, sizeof across, "%.2f", x);
  g_ascii_formatd (down, sizeof down, "%.2f", y);
  g_free (words[index]);
  words[index] = g_strdup_printf ("%s,%s", across, down);
  return g_strjoinv (" ", words);
}

/* ---- Drawing */

static gboolean
point_at (SlopePointsPaintable *self, const GArray *points, guint index, double width,
          double height, graphene_point_t *point)
{
  if (index >= points->len)
    return FALSE;
  *point = g_array_index (points, graphene_point_t, index);
  if (isnan (point->x) || isnan (point->y))
    return FALSE;
  point->x *= width / self->width;
  point->y *= height / self->height;
  return TRUE;
}

static void
snapshot_disc (GtkSnapshot *snapshot, const graphene_point_t *middle, float radius,
               const GdkRGBA *color)
{
  GskRoundedRect disc;

  gsk_rounded_rect_init_from_rect (
      &disc, &GRAPHENE_RECT_INIT (middle->x - radius, middle->y - radius, 2 * radius, 2 * radius),
      radius);
  gtk_snapshot_push_rounded_clip (snapshot, &disc);
  gtk_snapshot_append_color (snapshot, color, &disc.bounds);
  gtk_snapshot_pop (snapshot);
}

static void
snapshot_ring (GtkSnapshot *snapshot, const graphene_point_t *middle, float radius, float line,
               const GdkRGBA *color)
{
  GskRoundedRect ring;

  gsk_rounded_rect_init_from_rect (
      &ring, &GRAPHENE_RECT_INIT (middle->x - radius, middle->y - radius, 2 * radius, 2 * radius),
      radius);
  gtk_snapshot_append_border (snapshot, &ring, (float[4]){ line, line, line, line },
                              (GdkRGBA[4]){ *color, *color, *color, *color });
}

static void
snapshot_line (GtkSnapshot *snapshot, const graphene_point_t *from, const graphene_point_t *to,
               const GdkRGBA *color)
{
  const float across = to->x - from->x, down = to->y - from->y;

  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, from);
  gtk_snapshot_rotate (snapshot, atan2f (down, across) * 180.f / G_PI);
  gtk_snapshot_append_color (snapshot, color,
                             &GRAPHENE_RECT_INIT (0, -.5f, hypotf (across, down), 1.f));
  gtk_snapshot_restore (snapshot);
}

/* The colours of the dark style: they lie over a picture, with a dark rim, in either style. */
static void
slope_points_paintable_snapshot (GdkPaintable *paintable, GdkSnapshot *snapshot, double width,
                                 double height)
{
  SlopePointsPaintable *self = SLOPE_POINTS_PAINTABLE (paintable);
  const GdkRGBA rim = { 0, 0, 0, .75f };
  const float radius = CLAMP ((float)MIN (width, height) * SHARE, LEAST_PX, MOST_PX);
  const guint n = MAX (self->points->len, self->predicted->len);

  for (guint i = 0; i < n; i++)
    {
      graphene_point_t labelled, said;
      const gboolean has_label = point_at (self, self->points, i, width, height, &labelled);
      const gboolean is_said = point_at (self, self->predicted, i, width, height, &said);
      GdkRGBA color;

      slope_class_color (n > MANY ? 4 : i, TRUE, &color);
      if (has_label && is_said)
        snapshot_line (snapshot, &labelled, &said, &color);
      if (has_label)
        {
          snapshot_disc (snapshot, &labelled, radius + RIM_PX, &rim);
          snapshot_disc (snapshot, &labelled, radius, &color);
        }
      if (is_said)
        {
          snapshot_ring (snapshot, &said, HOLLOW * radius + RIM_PX, HOLLOW_PX + 2 * RIM_PX, &rim);
          snapshot_ring (snapshot, &said, HOLLOW * radius, HOLLOW_PX, &color);
        }
    }
}

static void
slope_points_paintable_iface_init (GdkPaintableInterface *iface)
{
  iface->snapshot = slope_points_paintable_snapshot;
}

static void
slope_points_paintable_finalize (GObject *object)
{
  SlopePointsPaintable *self = SLOPE_POINTS_PAINTABLE (object);

  g_array_unref (self->points);
  g_array_unref (self->predicted);
  G_OBJECT_CLASS (slope_points_paintable_parent_class)->finalize (object);
}

static void
slope_points_paintable_class_init (SlopePointsPaintableClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = slope_points_paintable_finalize;
}

static void
slope_points_paintable_init (SlopePointsPaintable *self)
{
}

GdkPaintable *
slope_points_paintable_new (const char *target, const char *predicted, int width, int height)
{
  SlopePointsPaintable *self;

  g_return_val_if_fail (width > 0 && height > 0, NULL);

  self = g_object_new (SLOPE_TYPE_POINTS_PAINTABLE, NULL);
  self->points = slope_points_parse (target);
  self->predicted = slope_points_parse (predicted);
  self->width = width;
  self->height = height;
  return GDK_PAINTABLE (self);
}
