/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nearest resizing and pixel shuffle: memory-bound copies along the channels, a row of the picture
 * at a time.  Backward passes gather: each pixel of dx belongs to one row, which looks up the
 * outputs that showed it. */
#include "kernels/tuned/tuned.h"

static void
resize_forward (const SlResizeShape *s, const float *x, float *y)
{
  int team = sl_team (s->n * s->oh * s->ow * s->c);

#pragma omp parallel for schedule(static) num_threads(team)
  for (gsize row = 0; row < s->n * s->oh; row++)
    {
      gsize h = sl_nearest_index (row % s->oh, s->h, s->oh);
      const float *line = x + (row / s->oh * s->h + h) * s->w * s->c;
      float *to = y + row * s->ow * s->y_step;

      for (gsize ow = 0; ow < s->ow; ow++, to += s->y_step)
        memcpy (to, line + sl_nearest_index (ow, s->w, s->ow) * s->c, s->c * sizeof (float));
    }
}

/* The first output that shows input pixel @i or one behind it. */
static gsize
first_output (gsize i, gsize in, gsize out)
{
  gsize o = MIN (i * out / in, out);

  while (o > 0 && sl_nearest_index (o - 1, in, out) >= i)
    o--;
  while (o < out && sl_nearest_index (o, in, out) < i)
    o++;
  return o;
}

/* to = or += from */
static inline void
put_pixel (gsize c, const float *restrict from, float *restrict to, gboolean adds)
{
  if (adds)
    for (gsize i = 0; i < c; i++)
      to[i] += from[i];
  else
    memcpy (to, from, c * sizeof (float));
}

static void
resize_backward (const SlResizeShape *s, const float *dy, float *dx, gboolean adds)
{
  int team = sl_team (s->n * s->oh * s->ow * s->c);

#pragma omp parallel for schedule(static) num_threads(team)
  for (gsize row = 0; row < s->n * s->h; row++)
    {
      gsize begin = first_output (row % s->h, s->h, s->oh);
      gsize end = first_output (row % s->h + 1, s->h, s->oh), ow = 0;
      const float *lines = dy + row / s->h * s->oh * s->ow * s->y_step;

      for (gsize w = 0; w < s->w; w++)
        {
          float *to = dx + (row * s->w + w) * s->c;
          gboolean add = adds;

          for (; ow < s->ow && sl_nearest_index (ow, s->w, s->ow) == w; ow++)
            for (gsize oh = begin; oh < end; oh++, add = TRUE)
              put_pixel (s->c, lines + (oh * s->ow + ow) * s->y_step, to, add);
          if (!add)
            memset (to, 0, s->c * sizeof (float));
        }
    }
}

static void
shuffle_forward (gsize n, gsize h, gsize w, gsize c, const float *x, float *y)
{
  int team = sl_team (n * h * w * 4 * c);

#pragma omp parallel for schedule(static) num_threads(team)
  for (gsize pixel = 0; pixel < n * h * w; pixel++)
    {
      const float *restrict from = x + pixel * 4 * c;
      float *restrict top = y + (pixel / w * 4 * w + pixel % w * 2) * c;
      float *restrict low = top + 2 * w * c;

      for (gsize j = 0; j < c; j++)
        {
          top[j] = from[4 * j];
          top[c + j] = from[4 * j + 1];
          low[j] = from[4 * j + 2];
          low[c + j] = from[4 * j + 3];
        }
    }
}

static void
shuffle_backward (gsize n, gsize h, gsize w, gsize c, const float *dy, float *dx, gboolean adds)
{
  int team = sl_team (n * h * w * 4 * c);

#pragma omp parallel for schedule(static) num_threads(team)
  for (gsize pixel = 0; pixel < n * h * w; pixel++)
    {
      const float *restrict top = dy + (pixel / w * 4 * w + pixel % w * 2) * c;
      const float *restrict low = top + 2 * w * c;
      float *restrict to = dx + pixel * 4 * c;

      for (gsize j = 0; j < c; j++)
        {
          to[4 * j] = top[j] + (adds ? to[4 * j] : 0);
          to[4 * j + 1] = top[c + j] + (adds ? to[4 * j + 1] : 0);
          to[4 * j + 2] = low[j] + (adds ? to[4 * j + 2] : 0);
          to[4 * j + 3] = low[c + j] + (adds ? to[4 * j + 3] : 0);
        }
    }
}

void
SL_TUNED (fill_resample) (SlKernels *table)
{
  table->resize_forward = resize_forward;
  table->resize_backward = resize_backward;
  table->shuffle_forward = shuffle_forward;
  table->shuffle_backward = shuffle_backward;
}
