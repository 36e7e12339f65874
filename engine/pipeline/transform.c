/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <slope/random.h>
#include <slope/transform.h>

#include <math.h>
#include <string.h>

/* The way from an output pixel back to the source, as fast.ai v1 composes it
 * (vision/image.py, vision/transform.py): position in the crop, then in the whole picture as
 * resized, where the four corners are tilted, then zoom, then rotation, then the source's own
 * pixels.  All of it is one 3×3 matrix; points are columns (x, y, 1), rows of the matrix follow
 * each other in memory.  Positions are continuous: pixel i covers i … i + 1. */

#define CORNER_ZOOM 1.35

typedef struct
{
  double m[9];
} Matrix;

static Matrix
scaling (double x, double y)
{
  return (Matrix){ { x, 0, 0, 0, y, 0, 0, 0, 1 } };
}

static Matrix
translation (double x, double y)
{
  return (Matrix){ { 1, 0, x, 0, 1, y, 0, 0, 1 } };
}

static Matrix
rotation (double radians)
{
  double c = cos (radians), s = sin (radians);

  return (Matrix){ { c, s, 0, -s, c, 0, 0, 0, 1 } };
}

/* Does @first, then @self. */
static void
after (Matrix *self, Matrix first)
{
  Matrix product = { { 0 } };

  for (int i = 0; i < 3; i++)
    for (int j = 0; j < 3; j++)
      for (int k = 0; k < 3; k++)
        product.m[3 * i + j] += self->m[3 * i + k] * first.m[3 * k + j];
  *self = product;
}

/* ---- Draws: always the same number of them, so that one setting does not shift another. */

typedef struct
{
  double crop_x, crop_y; /* 0 … 1 */
  guint symmetry;        /* 0 … 7: bit 0 left-right, bit 1 up-down, bit 2 transposed */
  double tilt[4];
  double degrees;
  double zoom, zoom_x, zoom_y;
  double brightness, contrast; /* on the logit */
} Draws;

static double
uniform_with (SlRandom *random, double p, double low, double high, double otherwise)
{
  gboolean yes = sl_random_uniform (random, 0.0, 1.0) < p;
  double value = sl_random_uniform (random, 0.0, 1.0);

  return yes ? low + value * (high - low) : otherwise;
}

static double
logit (double p)
{
  return log (p / (1.0 - p));
}

static Draws
draw_numbers (const SlAugment *augment, guint64 key)
{
  Draws d;
  SlRandom random;
  double l = augment->lighting, p = augment->p_affine;
  gboolean tilted;
  guint64 symmetry;

  sl_random_init (&random, key);
  d.crop_x = sl_random_uniform (&random, 0.0, 1.0);
  d.crop_y = sl_random_uniform (&random, 0.0, 1.0);
  symmetry = sl_random_below (&random, 8);
  d.symmetry = augment->dihedral ? (guint)symmetry : augment->flip ? (guint)symmetry & 1 : 0;
  tilted = sl_random_uniform (&random, 0.0, 1.0) < p;
  for (int i = 0; i < 4; i++)
    {
      double tilt = sl_random_uniform (&random, -1.0, 1.0) * augment->warp;

      d.tilt[i] = tilted ? tilt : 0.0;
    }
  d.degrees = uniform_with (&random, p, -augment->rotate_deg, augment->rotate_deg, 0.0);
  d.zoom = uniform_with (&random, p, 1.0, augment->max_zoom, 1.0);
  d.zoom_x = sl_random_uniform (&random, -1.0, 1.0);
  d.zoom_y = sl_random_uniform (&random, -1.0, 1.0);
  d.brightness = logit (
      uniform_with (&random, augment->p_lighting, 0.5 * (1.0 - l), 0.5 * (1.0 + l), 0.5));
  d.contrast = exp (
      uniform_with (&random, augment->p_lighting, log (1.0 - l), -log (1.0 - l), 0.0));
  if (!augment->random_crop)
    d.crop_x = d.crop_y = 0.5;
  return d;
}

/* ---- Matrices */

/* The perspective that takes quad[i] to the i-th corner (±1, ±1), counted left-top, left-bottom,
 * right-top, right-bottom: eight equations, eight unknowns, by elimination with pivots. */
static Matrix
perspective_from (const double quad[4][2])
{
  static const double corner[4][2] = { { -1, -1 }, { -1, 1 }, { 1, -1 }, { 1, 1 } };
  double a[8][9];
  Matrix out;

  for (int i = 0; i < 4; i++)
    {
      double x = quad[i][0], y = quad[i][1], u = corner[i][0], v = corner[i][1];
      const double rows[2][9] = { { x, y, 1, 0, 0, 0, -u * x, -u * y, u },
                                  { 0, 0, 0, x, y, 1, -v * x, -v * y, v } };

      memcpy (a[2 * i], rows, sizeof rows);
    }
  for (int column = 0; column < 8; column++)
    {
      int pivot = column;

      for (int row = column + 1; row < 8; row++)
        if (fabs (a[row][column]) > fabs (a[pivot][column]))
          pivot = row;
      for (int k = 0; k < 9; k++)
        {
          double t = a[column][k];

          a[column][k] = a[pivot][k];
          a[pivot][k] = t;
        }
      for (int row = 0; row < 8; row++)
        if (row != column)
          {
            double factor = a[row][column] / a[column][column];

            for (int k = column; k < 9; k++)
              a[row][k] -= factor * a[column][k];
          }
    }
  for (int i = 0; i < 8; i++)
    out.m[i] = a[i][8] / a[i][i];
  out.m[8] = 1.0;
  return out;
}

/* Source: Image._symmetric_warp of fast.ai v1. */
static Matrix
warp (const double tilt[4])
{
  const double quad[4][2] = { { -1 - tilt[3], -1 - tilt[1] },
                              { -1 - tilt[2], 1 + tilt[1] },
                              { 1 + tilt[3], -1 - tilt[0] },
                              { 1 + tilt[2], 1 + tilt[0] } };

  return perspective_from (quad);
}

static Matrix
symmetry_of_crop (guint symmetry)
{
  double x = symmetry & 1 ? -1.0 : 1.0, y = symmetry & 2 ? -1.0 : 1.0;

  return symmetry & 4 ? (Matrix){ { 0, y, 0, x, 0, 0, 0, 0, 1 } } : scaling (x, y);
}

/* The whole source, scaled, of which the output is a window. */
static void
resized_size (SlResize resize, double source_width, double source_height, double out_width,
              double out_height, double *width, double *height)
{
  double x = out_width / source_width, y = out_height / source_height;

  if (resize == SL_RESIZE_SQUISH)
    {
      *width = out_width;
      *height = out_height;
      return;
    }
  x = resize == SL_RESIZE_CROP ? MAX (x, y) : MIN (x, y);
  *width = source_width * x;
  *height = source_height * x;
}

static void
compose (SlTransform *self, Draws d, SlResize resize, int source_width, int source_height,
         int out_width, int out_height)
{
  double width, height, zoomed;
  Matrix m;

  resized_size (resize, source_width, source_height, out_width, out_height, &width, &height);

  m = scaling (source_width / width, source_height / height);
  after (&m, translation (width / 2, height / 2));
  after (&m, rotation (d.degrees * G_PI / 180.0));
  zoomed = 1.0 - 1.0 / d.zoom; /* what the zoom leaves to move in */
  after (&m, translation (d.zoom_x * zoomed * width / 2, d.zoom_y * zoomed * height / 2));
  after (&m, scaling (1.0 / d.zoom, 1.0 / d.zoom));
  after (&m, scaling (width / 2, height / 2));
  after (&m, warp (d.tilt));
  after (&m, scaling (2 / width, 2 / height));
  after (&m, translation (d.crop_x * (width - out_width) + (out_width - width) / 2.0,
                          d.crop_y * (height - out_height) + (out_height - height) / 2.0));
  after (&m, symmetry_of_crop (d.symmetry));
  after (&m, translation (-out_width / 2.0, -out_height / 2.0));

  *self = (SlTransform){ .out_height = out_height,
                         .out_width = out_width,
                         .lit = d.brightness != 0.0 || d.contrast != 1.0,
                         .brightness = d.brightness,
                         .contrast = d.contrast };
  memcpy (self->matrix, m.m, sizeof self->matrix);
}

void
sl_transform_draw (SlTransform *self, const SlAugment *augment, SlResize resize, int source_width,
                   int source_height, int out_width, int out_height, guint64 key)
{
  Draws d = { .crop_x = 0.5, .crop_y = 0.5, .zoom = 1.0, .contrast = 1.0 };

  g_return_if_fail (self != NULL && source_width > 0 && source_height > 0);
  g_return_if_fail (out_width > 0 && out_height > 0);

  if (augment != NULL)
    d = draw_numbers (augment, key);
  compose (self, d, resize, source_width, source_height, out_width, out_height);
}

void
sl_transform_draw_corner (SlTransform *self, const SlAugment *augment, guint corner,
                          SlResize resize, int source_width, int source_height, int out_width,
                          int out_height, guint64 key)
{
  Draws d;

  g_return_if_fail (self != NULL && augment != NULL && corner < SL_TTA_CORNERS);
  g_return_if_fail (source_width > 0 && source_height > 0 && out_width > 0 && out_height > 0);

  d = draw_numbers (augment, key);
  d.zoom = CORNER_ZOOM;
  d.crop_x = corner & 2 ? 1.0 : 0.0;
  d.crop_y = corner & 1 ? 1.0 : 0.0;
  d.zoom_x = 2.0 * d.crop_x - 1.0;
  d.zoom_y = 2.0 * d.crop_y - 1.0;
  if (augment->flip || augment->dihedral)
    d.symmetry = (d.symmetry & ~1u) | (corner & 4 ? 1 : 0);
  compose (self, d, resize, source_width, source_height, out_width, out_height);
}
