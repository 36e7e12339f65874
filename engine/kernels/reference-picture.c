/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From decoded pictures to what the network sees. */
#include "kernels/reference.h"

/* Mirrors a continuous position into 0 … n, and counts from the first pixel's centre. */
static double
reflect (double t, double n)
{
  t = fabs (t) < (double)SL_SAMPLE_FAR ? fabs (t) : (double)SL_SAMPLE_FAR;
  t = fmod (t, 2 * n);
  t = (t < n ? t : 2 * n - t) - 0.5;
  return CLAMP (t, 0, n - 1);
}

/* Channel @c at the position, of 0 … 255. */
static double
mix (const SlSampleShape *s, const guint8 *picture, double x, double y, gsize c)
{
  gsize left = (gsize)x, above = (gsize)y;
  gsize right = MIN (left + 1, s->w - 1), below = MIN (above + 1, s->h - 1);
  double high = picture[3 * (above * s->w + left) + c] * (left + 1 - x)
                + picture[3 * (above * s->w + right) + c] * (x - left);
  double low = picture[3 * (below * s->w + left) + c] * (left + 1 - x)
               + picture[3 * (below * s->w + right) + c] * (x - left);

  return high * (above + 1 - y) + low * (y - above);
}

static double
light (const SlSampleShape *s, double p)
{
  const double least = (double)SL_SAMPLE_LEAST;
  double logit;

  p = CLAMP (p, least, 1 - least);
  logit = log (p / (1 - p));
  return 1 / (1 + exp (-(double)s->contrast * (logit + (double)s->brightness)));
}

static void
sample (const SlSampleShape *s, const guint8 *picture, float *y)
{
  const double *m = s->matrix;

  for (gsize i = 0; i < s->oh * s->ow; i++)
    {
      double u = (double)(i % s->ow) + 0.5, v = (double)(i / s->ow) + 0.5;
      double w = MAX (m[6] * u + m[7] * v + m[8], (double)SL_SAMPLE_HORIZON);
      double from_x = reflect ((m[0] * u + m[1] * v + m[2]) / w, (double)s->w);
      double from_y = reflect ((m[3] * u + m[4] * v + m[5]) / w, (double)s->h);

      for (gsize c = 0; c < 3; c++)
        {
          double value = mix (s, picture, from_x, from_y, c) / 255;

          if (s->lit)
            value = light (s, value);
          y[3 * i + c] = (float)(value * (double)s->scale[c] + (double)s->shift[c]);
        }
    }
}

static void
scale_picture (const SlScaleShape *s, const guint8 *picture, G_GNUC_UNUSED float *scratch,
               guint8 *y)
{
  for (gsize i = 0; i < s->oh * s->ow * 3; i++)
    {
      const SlSpan *down = &s->down[i / 3 / s->ow], *across = &s->across[i / 3 % s->ow];
      double sum = 0;

      for (gsize j = 0; j < down->n; j++)
        for (gsize k = 0; k < across->n; k++)
          sum += (double)down->weights[j] * (double)across->weights[k]
                 * picture[3 * ((down->first + j) * s->w + across->first + k) + i % 3];
      y[i] = (guint8)CLAMP (sum + 0.5, 0, 255);
    }
}

void
sl_reference_fill_picture (SlKernels *table)
{
  table->sample = sample;
  table->scale_picture = scale_picture;
}
