/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From decoded pictures to what the network sees, on the thread that calls: loaders have threads of
 * their own.
 *
 * A row is worked on in chunks that stay in the first-level cache, and all that can be is a loop
 * along the chunk, which becomes vectors: positions, mixing, light, normalisation.  Only fetching
 * is a pixel at a time: four words, each with the three bytes of a neighbour, which are taken apart
 * in vectors.
 *
 * Measured on a core of an AMD EPYC with AVX-512, default augmentation, thousands of pictures a
 * second of 28, 128 and 224 pixels, transform alone:
 *
 *   positions in vectors, the rest a value at a time, light from a table   35    3.3   0.7
 *   a pixel at a time as a vector of four channels, light computed        111    6.5   2.1
 *   this                                                                  148   12.9   3.7
 *   this, AVX2                                                            148    8.8   2.7
 *   this, SSE2                                                             53    3.2   0.8
 *
 * `slope-cli bench pictures:28 pictures:128 pictures:224`, all of loading once pictures are decoded:
 * 32.1, 2.6 and 0.9 before, 105, 8.0 and 2.9 since.  A table of light costs 1,024 values to make, a
 * picture of 28 pixels has 2,352, and looking up is no faster than computing where sixteen values
 * are done at a time. */
#include <math.h>

#include "kernels/tuned/functions.h"
#include "kernels/tuned/tuned.h"

#define CHUNK 64

typedef struct
{
  guint32 at[CHUNK];        /* byte of the left neighbour above */
  float x[CHUNK], y[CHUNK]; /* share of the neighbours on the right and below */
  guint32 pixel[4][CHUNK];  /* left and right above, left and right below: red in the lowest byte */
  float value[3][CHUNK];    /* of each channel: 0 … 255; as lit 0 … 1 */
} __attribute__ ((aligned (64))) Work;

/* ---- Positions */

/* One axis of a picture. */
typedef struct
{
  float n, period, per_period, end; /* pixels; 2·n; 1 / that; centre of the last pixel */
  gint32 last;                      /* last pixel with a neighbour behind it */
} Axis;

static Axis
axis_of (gsize n)
{
  return (Axis){ .n = (float)n,
                 .period = 2 * (float)n,
                 .per_period = 0.5f / (float)n,
                 .end = (float)n - 1,
                 .last = n > 1 ? (gint32)n - 2 : 0 };
}

/* Mirrors a continuous position into 0 … n, and counts from the first pixel's centre. */
static inline __attribute__ ((always_inline)) float
reflect (const Axis *axis, float t)
{
  t = fabsf (t);
  t = t < SL_SAMPLE_FAR ? t : SL_SAMPLE_FAR;
  t -= axis->period * (float)(gint32)(t * axis->per_period);
  t = (t < axis->n ? t : axis->period - t) - 0.5f;
  t = t > 0 ? t : 0;
  return t < axis->end ? t : axis->end;
}

/* Of the output pixels @from … @from + @n - 1 of row @row, and of some behind them. */
static void
locate (const SlSampleShape *s, gsize row, gsize from, gsize n, Work *work)
{
  const double *m = s->matrix, x = (double)from + 0.5, y = (double)row + 0.5;
  const float x0 = (float)(m[0] * x + m[1] * y + m[2]), dx = (float)m[0];
  const float y0 = (float)(m[3] * x + m[4] * y + m[5]), dy = (float)m[3];
  const float w0 = (float)(m[6] * x + m[7] * y + m[8]), dw = (float)m[6];
  const Axis across = axis_of (s->w), down = axis_of (s->h);
  const guint32 width = (guint32)s->w;
  gint32 end = (gint32)sl_padded (n);

#pragma omp simd
  for (gint32 i = 0; i < end; i++)
    {
      float w = w0 + dw * (float)i, per_w = 1 / (w > SL_SAMPLE_HORIZON ? w : SL_SAMPLE_HORIZON);
      float u = reflect (&across, (x0 + dx * (float)i) * per_w);
      float v = reflect (&down, (y0 + dy * (float)i) * per_w);
      gint32 left = (gint32)u, above = (gint32)v;

      left = left < across.last ? left : across.last;
      above = above < down.last ? above : down.last;
      work->x[i] = u - (float)left;
      work->y[i] = v - (float)above;
      work->at[i] = 3 * ((guint32)above * width + (guint32)left);
    }
}

/* ---- Values */

static void
fetch (const SlSampleShape *s, const guint8 *picture, gsize n, Work *work)
{
  gsize stride = s->h > 1 ? 3 * s->w : 0;

  for (gsize i = 0; i < n; i++)
    for (gsize k = 0; k < 4; k++)
      {
        guint32 bytes;

        memcpy (&bytes, picture + work->at[i] + k / 2 * stride + k % 2 * 3, sizeof bytes);
        work->pixel[k][i] = GUINT32_FROM_LE (bytes);
      }
}

static inline __attribute__ ((always_inline)) float
byte_of (guint32 pixel, guint c)
{
  return (float)(gint32)(pixel >> (8 * c) & 0xff);
}

static void
mix (gsize n, Work *work)
{
  gsize end = sl_padded (n);

#pragma omp simd
  for (gsize i = 0; i < end; i++)
    for (guint c = 0; c < 3; c++)
      {
        float above = byte_of (work->pixel[0][i], c), below = byte_of (work->pixel[2][i], c);

        above += work->x[i] * (byte_of (work->pixel[1][i], c) - above);
        below += work->x[i] * (byte_of (work->pixel[3][i], c) - below);
        work->value[c][i] = above + work->y[i] * (below - above);
      }
}

/* ln (a / b) of positive normal numbers, to 2e-6: the exponents apart, the mantissas by the series
 * of atanh ((a - b) / (a + b)). */
static inline __attribute__ ((always_inline)) float
log_of_ratio (float a, float b)
{
  gint32 bits_a, bits_b, mantissa_a, mantissa_b;
  float z, z2, p;

  memcpy (&bits_a, &a, sizeof a);
  memcpy (&bits_b, &b, sizeof b);
  mantissa_a = (bits_a & 0x7fffff) | 0x3f800000;
  mantissa_b = (bits_b & 0x7fffff) | 0x3f800000;
  memcpy (&a, &mantissa_a, sizeof a);
  memcpy (&b, &mantissa_b, sizeof b);
  z = (a - b) / (a + b);
  z2 = z * z;
  p = 2.0f / 9;
  p = p * z2 + 2.0f / 7;
  p = p * z2 + 2.0f / 5;
  p = p * z2 + 2.0f / 3;
  p = p * z2 + 2.0f;
  return (float)((bits_a >> 23) - (bits_b >> 23)) * 0.693147181f + z * p;
}

static void
light (const SlSampleShape *s, gsize n, float *value)
{
  const float least = 255 * SL_SAMPLE_LEAST, contrast = s->contrast, brightness = s->brightness;
  gsize end = sl_padded (n);

#pragma omp simd
  for (gsize i = 0; i < end; i++)
    {
      float v = value[i], dark = 255 - v;

      v = v > least ? v : least;
      dark = dark > least ? dark : least;
      value[i] = sl_sigmoid (contrast * (log_of_ratio (v, dark) + brightness));
    }
}

static void
put (const SlSampleShape *s, gsize n, const Work *work, float *restrict y)
{
  const float whole = s->lit ? 1.0f : 255.0f;
  const float scale[3] = { s->scale[0] / whole, s->scale[1] / whole, s->scale[2] / whole };

#pragma omp simd
  for (gsize i = 0; i < n; i++)
    for (gsize c = 0; c < 3; c++)
      y[3 * i + c] = work->value[c][i] * scale[c] + s->shift[c];
}

static void
sample (const SlSampleShape *s, const guint8 *picture, float *y)
{
  Work work;

  for (gsize row = 0; row < s->oh; row++)
    for (gsize from = 0; from < s->ow; from += CHUNK)
      {
        gsize n = MIN (CHUNK, s->ow - from);

        locate (s, row, from, n, &work);
        fetch (s, picture, n, &work);
        mix (n, &work);
        for (gsize c = 0; s->lit && c < 3; c++)
          light (s, n, work.value[c]);
        put (s, n, &work, y);
        y += 3 * n;
      }
}

/* ---- Scaling */

typedef float Four __attribute__ ((vector_size (16)));

/* Rows first: they are added up as they lie in memory. */
static void
scale_picture (const SlScaleShape *s, const guint8 *picture, float *scratch, guint8 *y)
{
  const gsize n = 3 * s->w;

  for (gsize row = 0; row < s->oh; row++)
    {
      const SlSpan *down = &s->down[row];

      memset (scratch, 0, (n + 1) * sizeof *scratch);
      for (gsize k = 0; k < down->n; k++)
        {
          const guint8 *from = picture + (down->first + k) * n;
          const float weight = down->weights[k];

#pragma omp simd
          for (gsize i = 0; i < n; i++)
            scratch[i] += weight * (float)from[i];
        }
      for (gsize i = 0; i < s->ow; i++, y += 3)
        {
          const SlSpan *across = &s->across[i];
          Four sum = { 0.5f, 0.5f, 0.5f, 0 }; /* to round */

          for (gsize k = 0; k < across->n; k++)
            {
              Four pixel;

              memcpy (&pixel, scratch + 3 * (across->first + k), sizeof pixel);
              sum += across->weights[k] * pixel;
            }
          for (gsize c = 0; c < 3; c++)
            y[c] = (guint8)CLAMP (sum[c], 0.0f, 255.0f);
        }
    }
}

void
SL_TUNED (fill_picture) (SlKernels *table)
{
  table->sample = sample;
  table->scale_picture = scale_picture;
}
