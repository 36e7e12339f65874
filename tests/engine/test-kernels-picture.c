/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures through a matrix and under light, and scaled. */
#include "kernel-check.h"

/* A picture between guards, of which the sampling may read the first few and must use none. */
static guint8 *
picture_new (gsize h, gsize w, guint64 seed, guint8 pad)
{
  gsize n = 3 * h * w;
  guint8 *picture = g_malloc (n + SL_PICTURE_PAD);
  SlRandom random;

  sl_random_init (&random, seed);
  for (gsize i = 0; i < n; i++)
    picture[i] = i % 7 == 3 ? 255 : i % 7 == 5 ? 0 : (guint8)sl_random_below (&random, 256);
  memset (picture + n, pad, SL_PICTURE_PAD);
  return picture;
}

/* ---- Sampling */

/* Bounds are on values of 0 … 1.  Neighbours of noise differ by up to 1 a pixel, so that the error
 * is that of a position in single precision; light is steep where values are near 0 and 1. */
typedef struct
{
  const char *name;
  double matrix[9]; /* for an output of 1 × 1 and a picture of 1 × 1; scaled to both */
  float brightness, contrast;
  double bound;
} Way;

static const Way ways[] = {
  { "as it is", { 1, 0, 0, 0, 1, 0, 0, 0, 1 }, 0, 1, 4e-5 },
  { "mirrored", { -1, 0, 1, 0, 1, 0, 0, 0, 1 }, 0, 1, 4e-5 },
  { "transposed", { 0, 1, 0, 1, 0, 0, 0, 0, 1 }, 0, 1, 4e-5 },
  { "turned", { 0.9, 0.3, -0.2, -0.35, 0.8, 0.3, 0, 0, 1 }, 0, 1, 6e-5 },
  { "tilted", { 1.1, 0.1, -0.2, 0.2, 0.9, -0.1, 0.4, -0.3, 1 }, 0, 1, 1e-4 },
  { "enlarged", { 0.11, 0, 0.4, 0, 0.07, 0.6, 0, 0, 1 }, 0, 1, 4e-5 },
  { "elsewhere", { 2, 1, 41, -1.5, 1.7, -23, 0, 0, 1 }, 0, 1, 4e-3 },
  { "a point", { 0, 0, 0.3, 0, 0, 0.4, 0, 0, 1 }, 0, 1, 1e-6 },
  { "brighter", { 0.9, 0.3, -0.2, -0.35, 0.8, 0.3, 0, 0, 1 }, 0.4f, 1, 1e-4 },
  { "softer", { 0.9, 0.3, -0.2, -0.35, 0.8, 0.3, 0, 0, 1 }, -0.4f, 0.8f, 1e-4 },
  { "harder", { 1, 0, 0, 0, 1, 0, 0, 0, 1 }, -2.9f, 10, 6e-4 },
  { "flat", { 1, 0, 0, 0, 1, 0, 0, 0, 1 }, 2.9f, 0.7f, 2e-3 },
};

static const gsize sizes[][4] = {
  { 1, 1, 1, 1 },      { 1, 7, 5, 9 },       { 6, 1, 3, 64 },
  { 2, 2, 65, 16 },    { 3, 5, 1, 63 },      { 17, 33, 28, 28 },
  { 37, 50, 31, 130 }, { 130, 97, 66, 129 }, { 61, 400, 7, 300 },
};

static SlSampleShape
shape_of (const Way *way, const gsize size[4])
{
  SlSampleShape s = { size[0],
                      size[1],
                      size[2],
                      size[3],
                      .lit = way->contrast != 1.0f || way->brightness != 0.0f,
                      .brightness = way->brightness,
                      .contrast = way->contrast,
                      .scale = { 1, 0.5f, 4 },
                      .shift = { 0, -0.25f, -2 } };
  const double in[3] = { (double)s.w, (double)s.h, 1 };
  const double out[3] = { (double)s.ow, (double)s.oh, 1 };

  for (gsize i = 0; i < 9; i++)
    s.matrix[i] = way->matrix[i] * in[i / 3] / out[i % 3];
  return s;
}

static Buffer
sampled (const SlKernels *kernels, const SlSampleShape *s, guint8 pad)
{
  g_autofree guint8 *picture = picture_new (s->h, s->w, s->h + s->w, pad);
  Buffer y = buffer_new (3 * s->oh * s->ow);

  kernels->sample (s, picture, y.data);
  return y;
}

static void
check_sample (const SlKernels *kernels, gconstpointer data)
{
  const Way *way = data;

  for (gsize k = 0; k < G_N_ELEMENTS (sizes); k++)
    {
      SlSampleShape s = shape_of (way, sizes[k]);
      Buffer expected = sampled (sl_kernels_reference (), &s, 0);
      Buffer y = sampled (kernels, &s, 0), again = sampled (kernels, &s, 255);

      g_snprintf (kernel_case, sizeof kernel_case, "%s, %s, %zu×%zu to %zu×%zu", kernels->name,
                  way->name, s.h, s.w, s.oh, s.ow);
      for (gsize i = 0; i < y.n; i++)
        if (!(fabsf (y.data[i] - expected.data[i]) <= way->bound * (double)s.scale[i % 3]))
          g_error ("%s: value %zu is %g, not %g", kernel_case, i, (double)y.data[i],
                   (double)expected.data[i]);
      g_assert_cmpmem (y.data, y.n * sizeof (float), again.data, y.n * sizeof (float));
      buffer_free (&y);
      buffer_free (&again);
      buffer_free (&expected);
    }
}

static void
test_sample (gconstpointer way)
{
  for_each_table (check_sample, way);
}

/* Matrices that show nothing still show something of the picture. */
static void
check_degenerate (const SlKernels *kernels, G_GNUC_UNUSED gconstpointer data)
{
  static const double matrices[][9] = {
    { 0 },
    { 1, 0, 0, 0, 1, 0, -1, -1, 0 },
    { NAN, 0, 0, 0, INFINITY, 0, 0, 0, 1 },
    { 1e30, 0, -1e30, 0, -1e300, 0, 0, 0, 1 },
    { 1, 0, 0, 0, 1, 0, NAN, INFINITY, 1 },
  };
  static const gsize size[4] = { 5, 4, 3, 66 };

  for (gsize k = 0; k < G_N_ELEMENTS (matrices); k++)
    for (gsize way = 0; way < G_N_ELEMENTS (ways); way += G_N_ELEMENTS (ways) - 1)
      {
        SlSampleShape s = shape_of (&ways[way], size);
        Buffer y;

        memcpy (s.matrix, matrices[k], sizeof s.matrix);
        y = sampled (kernels, &s, 0);
        for (gsize i = 0; i < y.n; i++)
          g_assert_true (fabsf (y.data[i] - s.shift[i % 3]) <= s.scale[i % 3]);
        buffer_free (&y);
      }
}

static void
test_degenerate (void)
{
  check_degenerate (sl_kernels_reference (), NULL);
  for_each_table (check_degenerate, NULL);
}

/* Two pixels side by side, from one's centre to the other's and beyond the border. */
static void
check_by_hand (const SlKernels *kernels, G_GNUC_UNUSED gconstpointer data)
{
  const guint8 picture[6 + SL_PICTURE_PAD] = { 0, 51, 102, 255, 51, 204 };
  SlSampleShape s = { 1,     2, 1, 4,           { 0.5, 0, 0.25, 0, 1, 0, 0, 0, 1 },
                      FALSE, 0, 1, { 1, 1, 1 }, { 0, 0, 1 } };
  const float expected[] = { 0,    0.2f, 1.4f,             /* at 0.5: the first centre */
                             0.5f, 0.2f, 1 + 153 / 255.0f, /* at 1.0: between them */
                             1,    0.2f, 1.8f,             /* at 1.5: the second centre */
                             1,    0.2f, 1.8f };           /* at 2.0: the border */
  float y[12];

  kernels->sample (&s, picture, y);
  for (gsize i = 0; i < G_N_ELEMENTS (y); i++)
    g_assert_cmpfloat_with_epsilon (y[i], expected[i], 1e-6);
  s.lit = TRUE;
  s.brightness = 0.5f;
  s.contrast = 3;
  kernels->sample (&s, picture, y);
  g_assert_cmpfloat_with_epsilon (y[3], 1 / (1 + exp (-1.5)), 1e-6);
  g_assert_cmpfloat_with_epsilon (y[1], 1 / (1 + exp (-3 * (log (0.25) + 0.5))), 1e-6);
  g_assert_cmpfloat_with_epsilon (y[0], 0, 1e-6);
}

static void
test_by_hand (void)
{
  check_by_hand (sl_kernels_reference (), NULL);
  for_each_table (check_by_hand, NULL);
}

/* ---- Scaling */

#define MOST_WEIGHTS 9

typedef struct
{
  SlSpan *spans;
  float *weights;
} Axis;

static Axis
axis_random (gsize from, gsize to, guint64 seed)
{
  Axis self = { g_new (SlSpan, to), g_new (float, MOST_WEIGHTS *to) };
  SlRandom random;

  sl_random_init (&random, seed);
  for (gsize i = 0; i < to; i++)
    {
      float *weights = self.weights + MOST_WEIGHTS * i, sum = 0;
      gsize n = 1 + sl_random_below (&random, MIN (from, MOST_WEIGHTS));

      for (gsize k = 0; k < n; k++)
        sum += weights[k] = (float)sl_random_uniform (&random, 0.01, 1);
      for (gsize k = 0; k < n; k++)
        weights[k] /= sum;
      self.spans[i] = (SlSpan){ sl_random_below (&random, from - n + 1), n, weights };
    }
  return self;
}

static void
axis_clear (Axis *self)
{
  g_free (self->spans);
  g_free (self->weights);
}

static void
check_scale (const SlKernels *kernels, G_GNUC_UNUSED gconstpointer data)
{
  for (gsize k = 0; k < G_N_ELEMENTS (sizes); k++)
    {
      gsize h = sizes[k][0], w = sizes[k][1], oh = sizes[k][2], ow = sizes[k][3];
      Axis down = axis_random (h, oh, k), across = axis_random (w, ow, k + 100);
      SlScaleShape s = { h, w, oh, ow, down.spans, across.spans };
      g_autofree guint8 *picture = picture_new (h, w, k, 0);
      g_autofree guint8 *expected = g_malloc (3 * oh * ow), *y = g_malloc (3 * oh * ow);
      Buffer scratch = buffer_new (3 * w + 1);

      sl_kernels_reference ()->scale_picture (&s, picture, NULL, expected);
      kernels->scale_picture (&s, picture, scratch.data, y);
      for (gsize i = 0; i < 3 * oh * ow; i++)
        g_assert_cmpint (ABS (y[i] - expected[i]), <=, 1); /* a sum that is nearly a half */
      buffer_free (&scratch);
      axis_clear (&down);
      axis_clear (&across);
    }
}

static void
test_scale (void)
{
  for_each_table (check_scale, NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      g_autofree char *path = g_strdup_printf ("/kernels/sample/%s", ways[i].name);

      g_test_add_data_func (path, &ways[i], test_sample);
    }
  g_test_add_func ("/kernels/sample/degenerate", test_degenerate);
  g_test_add_func ("/kernels/sample/by-hand", test_by_hand);
  g_test_add_func ("/kernels/scale-picture", test_scale);
  return g_test_run ();
}
