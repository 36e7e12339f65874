/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <slope/transform.h>

#include <math.h>

/* One pass from the decoded picture to what the network sees.  Positions of a chunk of pixels are
 * worked out first, without branches, so that the compiler makes vectors of it; fetching and
 * mixing follows. */

#define CHUNK 64
#define FAR 1e7f
#define LIGHT_STEPS 1024

/* ---- Lighting: sigmoid (contrast · (logit (p) + brightness)), from a table over p. */

typedef struct
{
  float curve[LIGHT_STEPS + 2];
} Light;

/* The same for all pictures: half of what a picture's table would cost, which is more than the rest
 * of a picture of 28 pixels. */
static const double *
logits (void)
{
  static double table[LIGHT_STEPS + 1];
  static gsize once;

  if (g_once_init_enter (&once))
    {
      for (int i = 0; i <= LIGHT_STEPS; i++)
        {
          double p = CLAMP (i / (double)LIGHT_STEPS, 1e-7, 1.0 - 1e-7);

          table[i] = log (p / (1.0 - p));
        }
      g_once_init_leave (&once, 1);
    }
  return table;
}

static void
light_init (Light *self, const SlTransform *transform)
{
  const double *logit = logits ();

  for (int i = 0; i <= LIGHT_STEPS; i++)
    {
      double x = (logit[i] + transform->brightness) * transform->contrast;

      self->curve[i] = (float)(1.0 / (1.0 + exp (-x)));
    }
  self->curve[LIGHT_STEPS + 1] = self->curve[LIGHT_STEPS];
}

static float
light_at (const Light *self, float p)
{
  float at = p * LIGHT_STEPS;
  int i = (int)at;
  float f = at - (float)i;

  return self->curve[i] + f * (self->curve[i + 1] - self->curve[i]);
}

/* ---- Geometry */

typedef struct
{
  int left[CHUNK], right[CHUNK];  /* byte offsets in a row */
  int above[CHUNK], below[CHUNK]; /* rows */
  float x[CHUNK], y[CHUNK];       /* share of right and below */
} Taps;

/* Mirrors a continuous position into 0 … n. */
static inline float
reflect (float t, float n)
{
  float period = 2.0f * n;

  t = t < 0.0f ? -t : t;
  t = t < FAR ? t : FAR;
  t -= period * (float)(int)(t / period);
  return t < n ? t : period - t;
}

static void
split_position (const float *at, int n, int step, int *low, int *high, float *share)
{
  for (int i = 0; i < CHUNK; i++)
    {
      float t = reflect (at[i], (float)n) - 0.5f;
      int whole;

      t = t > 0.0f ? t : 0.0f;
      t = t < (float)(n - 1) ? t : (float)(n - 1);
      whole = (int)t;
      share[i] = t - (float)whole;
      low[i] = whole * step;
      high[i] = (whole < n - 1 ? whole + 1 : n - 1) * step;
    }
}

/* Positions of output pixels (from … from + CHUNK - 1, row); those beyond the row are not used. */
static void
locate (const double m[9], int row, int from, int width, int height, Taps *taps)
{
  float sx[CHUNK], sy[CHUNK];
  double x = from + 0.5, y = row + 0.5;
  float x0 = (float)(m[0] * x + m[1] * y + m[2]), dx = (float)m[0];
  float y0 = (float)(m[3] * x + m[4] * y + m[5]), dy = (float)m[3];
  float w0 = (float)(m[6] * x + m[7] * y + m[8]), dw = (float)m[6];

  for (int i = 0; i < CHUNK; i++)
    {
      float w = w0 + dw * (float)i;

      w = w > 1e-3f ? w : 1e-3f; /* beyond the horizon */
      sx[i] = (x0 + dx * (float)i) / w;
      sy[i] = (y0 + dy * (float)i) / w;
    }
  split_position (sx, width, 3, taps->left, taps->right, taps->x);
  split_position (sy, height, 1, taps->above, taps->below, taps->y);
}

static void
fetch (const SlPicture *picture, const Taps *taps, int n, float *out)
{
  gsize stride = (gsize)picture->width * 3;

  for (int i = 0; i < n; i++)
    {
      const guint8 *above = picture->pixels + (gsize)taps->above[i] * stride;
      const guint8 *below = picture->pixels + (gsize)taps->below[i] * stride;
      int left = taps->left[i], right = taps->right[i];
      float x = taps->x[i], y = taps->y[i];

      for (int c = 0; c < 3; c++)
        {
          float a = above[left + c] + x * (float)(above[right + c] - above[left + c]);
          float b = below[left + c] + x * (float)(below[right + c] - below[left + c]);

          out[3 * i + c] = (a + y * (b - a)) * (1.0f / 255.0f);
        }
    }
}

/* ---- Shrinking */

/* Source pixels that one output pixel covers along a source axis, in the middle of the output. */
static double
shrink_of (const SlTransform *self, int axis)
{
  const double *m = self->matrix;
  const double *n = m + 3 * axis;
  double x = self->out_width / 2.0, y = self->out_height / 2.0;
  double w = m[6] * x + m[7] * y + m[8];
  double at = (n[0] * x + n[1] * y + n[2]) / w;

  return hypot ((n[0] - at * m[6]) / w, (n[1] - at * m[7]) / w);
}

/* (transfer full) (nullable): an area-averaged copy where bilinear taps would leave out pixels;
 * @m is changed to fit it. */
static SlPicture *
shrink_first (const SlTransform *self, const SlPicture *picture, double m[9])
{
  double by[2] = { shrink_of (self, 0), shrink_of (self, 1) };
  int size[2] = { picture->width, picture->height };

  if (!(by[0] > 2.0) && !(by[1] > 2.0))
    return NULL;
  for (int axis = 0; axis < 2; axis++)
    {
      int from = size[axis];

      if (by[axis] > 1.0)
        size[axis] = MAX ((int)ceil (from / by[axis]), 1);
      for (int k = 0; k < 3; k++)
        m[3 * axis + k] *= (double)size[axis] / from;
    }
  return sl_picture_scale (picture, size[0], size[1]);
}

/* ---- The whole */

static void
finish_row (const SlTransform *self, const Light *light, const SlNormalise *normalise, float *row)
{
  int n = 3 * self->out_width;

  if (self->lit)
    for (int i = 0; i < n; i++)
      row[i] = light_at (light, row[i]);
  if (normalise != NULL)
    {
      const float *mean = normalise->mean;
      const float scale[3] = { 1.0f / normalise->std[0], 1.0f / normalise->std[1],
                               1.0f / normalise->std[2] };

      for (int i = 0; i < n; i += 3)
        {
          row[i] = (row[i] - mean[0]) * scale[0];
          row[i + 1] = (row[i + 1] - mean[1]) * scale[1];
          row[i + 2] = (row[i + 2] - mean[2]) * scale[2];
        }
    }
}

void
sl_transform_apply (const SlTransform *self, const SlPicture *picture, const SlNormalise *normalise,
                    float *out)
{
  double m[9];
  g_autoptr (SlPicture) smaller = NULL;
  Light light;

  g_return_if_fail (self != NULL && picture != NULL && out != NULL);

  for (int i = 0; i < 9; i++)
    m[i] = self->matrix[i];
  smaller = shrink_first (self, picture, m);
  if (smaller != NULL)
    picture = smaller;
  if (self->lit)
    light_init (&light, self);
  for (int y = 0; y < self->out_height; y++)
    {
      float *row = out + (gsize)y * self->out_width * 3;
      Taps taps;

      for (int x = 0; x < self->out_width; x += CHUNK)
        {
          locate (m, y, x, picture->width, picture->height, &taps);
          fetch (picture, &taps, MIN (CHUNK, self->out_width - x), row + 3 * x);
        }
      finish_row (self, &light, normalise, row);
    }
}

SlPicture *
sl_transform_preview (const SlTransform *self, const SlPicture *picture)
{
  SlPicture *out;
  g_autofree float *values = NULL;
  gsize n;

  g_return_val_if_fail (self != NULL && picture != NULL, NULL);

  out = sl_picture_new (self->out_width, self->out_height);
  n = (gsize)self->out_width * self->out_height * 3;
  values = g_new (float, n);
  sl_transform_apply (self, picture, NULL, values);
  for (gsize i = 0; i < n; i++)
    out->pixels[i] = (guint8)(values[i] * 255.0f + 0.5f);
  return out;
}
