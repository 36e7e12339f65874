/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dataset/sample-bears.h"
#include "dataset/sample-face.h"
#include "dataset/sample-write.h"

#define N_FACES 260
#define WRONG_EVERY 26 /* these have a nose that is far off */
#define SIZE_PX 144

static const char *const names[N_FACE_POINTS] = { "left_eye", "right_eye", "left_mouth",
                                                  "right_mouth", "nose" };

static cairo_surface_t *
draw_picture (guint i, FacePoints *points)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, SIZE_PX, SIZE_PX);
  cairo_t *cr = cairo_create (surface);
  SlRandom random;
  FacePose pose;
  double scale, x, y;

  _sl_sample_random (&random, i, SAMPLE_NOSE);
  scale = _sl_draw_range (&random, 0.52, 0.86);
  pose.yaw = _sl_draw_range (&random, -0.8, 0.8);
  pose.pitch = _sl_draw_range (&random, -0.5, 0.5);
  pose.roll = _sl_draw_range (&random, -0.60, 0.60);
  pose.side = _sl_draw_chance (&random, 0.5) ? 1.0 : -1.0;
  x = _sl_draw_range (&random, -1.0, 1.0) * (0.95 - 0.75 * scale);
  y = _sl_draw_range (&random, -1.0, 1.0) * (0.75 - 0.60 * scale);
  if (i % 20 == 7) /* half out of the picture */
    x = x < 0.0 ? -0.80 : 0.80;
  cairo_scale (cr, SIZE_PX / 2.0, SIZE_PX / 2.0);
  cairo_translate (cr, 1.0, 1.0);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  _sl_backdrop_behind (cr, sl_random_below (&random, N_BACKDROPS), &random);
  _sl_draw_source (cr, (Colour){ 0.92, 0.90, 0.86 }, 0.25); /* stands back behind the face */
  cairo_paint (cr);
  cairo_translate (cr, x, y);
  cairo_scale (cr, scale, scale);
  _sl_face_draw (cr, &pose, points, &random);
  for (int k = 0; k < N_FACE_POINTS; k++)
    cairo_user_to_device (cr, &points->x[k], &points->y[k]);
  cairo_identity_matrix (cr);
  cairo_scale (cr, SIZE_PX / 2.0, SIZE_PX / 2.0);
  cairo_translate (cr, 1.0, 1.0);
  _sl_draw_light (cr, 0.5, &random);
  cairo_destroy (cr);
  _sl_draw_grain (surface, _sl_draw_range (&random, 0.01, 0.05), &random);
  return surface;
}

/* ",x,y" in pixels, or two empty cells for what is hidden or outside. */
static void
append_point (GString *csv, const FacePoints *points, int k)
{
  double x = points->x[k], y = points->y[k];
  char text[2][G_ASCII_DTOSTR_BUF_SIZE];

  if (points->hidden[k] || x < 0.0 || y < 0.0 || x >= SIZE_PX || y >= SIZE_PX)
    g_string_append (csv, ",,");
  else
    g_string_append_printf (csv, ",%s,%s", g_ascii_formatd (text[0], sizeof text[0], "%.1f", x),
                            g_ascii_formatd (text[1], sizeof text[1], "%.1f", y));
}

static gboolean
write_face (const SampleWriter *self, guint i, gpointer csv, GError **error)
{
  g_autofree char *name = g_strdup_printf ("face_%03u.jpg", i + 1);
  g_autofree char *rel_path = g_build_filename ("images", name, NULL);
  FacePoints points;
  cairo_surface_t *surface = draw_picture (i, &points);
  gboolean ok = _sl_sample_save_jpeg (self, surface, rel_path, error);

  cairo_surface_destroy (surface);
  if (i % WRONG_EVERY == WRONG_EVERY - 1)
    {
      points.x[FACE_NOSE] += points.x[FACE_NOSE] < SIZE_PX / 2 ? 55.0 : -55.0;
      _sl_sample_add_wrong (self, rel_path);
    }
  g_string_append (csv, name);
  for (int k = 0; k < N_FACE_POINTS; k++)
    append_point (csv, &points, k);
  g_string_append_c (csv, '\n');
  return ok;
}

gboolean
_sl_sample_write_nose (const SampleWriter *self, GError **error)
{
  g_autoptr (GString) csv = g_string_new ("image_name");

  for (int k = 0; k < N_FACE_POINTS; k++)
    g_string_append_printf (csv, ",%s_x,%s_y", names[k], names[k]);
  g_string_append_c (csv, '\n');
  return _sl_sample_write_all (self, N_FACES, write_face, csv, error)
         && _sl_sample_save_text (self, csv->str, "keypoints.csv", error);
}
