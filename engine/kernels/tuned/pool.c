/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pooling, vectorised along the channels.  Backward passes gather: each row of dx belongs to one
 * block, which looks up the windows that its pixels lie in. */
#include <math.h>

#include "kernels/tuned/tuned.h"

/* Channels that are kept in registers at a time. */
#define CHUNK ((gsize)64)

/* Kernel positions *first … *last - 1 of output @o's window that lie inside. */
static inline void
window (gsize o, const SlPoolShape *s, gsize limit, gsize *first, gsize *last)
{
  gsize at = o * s->stride;

  *first = at < s->pad ? s->pad - at : 0;
  *last = MIN (s->kernel, limit + s->pad - at);
}

/* Outputs *first … *last - 1 whose windows hold input @i. */
static inline void
windows_of (gsize i, const SlPoolShape *s, gsize limit, gsize *first, gsize *last)
{
  gsize at = i + s->pad;

  *first = at < s->kernel ? 0 : (at - s->kernel) / s->stride + 1;
  *last = MIN (limit, at / s->stride + 1);
}

static inline gsize
input_index (const SlPoolShape *s, gsize n, gsize oh, gsize kh, gsize ow, gsize kw)
{
  return ((n * s->h + oh * s->stride + kh - s->pad) * s->w + ow * s->stride + kw - s->pad) * s->c;
}

/* One window, @count ≤ CHUNK channels. */
static void
max_window (const SlPoolShape *s, const float *x, gsize n, gsize oh, gsize ow, gsize count,
            float *restrict y, guint8 *restrict argmax)
{
  float best[CHUNK];
  gint32 where[CHUNK];
  gsize h0, h1, w0, w1;

  window (oh, s, s->h, &h0, &h1);
  window (ow, s, s->w, &w0, &w1);
  for (gsize c = 0; c < count; c++)
    {
      best[c] = -INFINITY;
      where[c] = (gint32)(h0 * s->kernel + w0);
    }
  for (gsize kh = h0; kh < h1; kh++)
    for (gsize kw = w0; kw < w1; kw++)
      {
        const float *from = x + input_index (s, n, oh, kh, ow, kw);
        gint32 here = (gint32)(kh * s->kernel + kw);

        for (gsize c = 0; c < count; c++)
          {
            gboolean better = (from[c] > best[c]) | (from[c] != from[c]);

            best[c] = better ? from[c] : best[c];
            where[c] = better ? here : where[c];
          }
      }
  for (gsize c = 0; c < count; c++)
    {
      y[c] = best[c];
      argmax[c] = (guint8)where[c];
    }
}

static void
max_pool_forward (const SlPoolShape *s, const float *x, float *y, guint8 *argmax)
{
  int team = sl_team (s->n * s->h * s->w * s->c);

#pragma omp parallel for schedule(static) num_threads(team)
  for (gsize row = 0; row < s->n * s->oh; row++)
    for (gsize ow = 0; ow < s->ow; ow++)
      for (gsize c = 0; c < s->c; c += CHUNK)
        {
          gsize out = (row * s->ow + ow) * s->c + c;

          max_window (s, x + c, row / s->oh, row % s->oh, ow, MIN (CHUNK, s->c - c), y + out,
                      argmax + out);
        }
}

static void
max_pool_backward (const SlPoolShape *s, const float *dy, const guint8 *argmax, float *dx,
                   gboolean adds)
{
  int team = sl_team (s->n * s->h * s->w * s->c);

#pragma omp parallel for schedule(static) num_threads(team)
  for (gsize row = 0; row < s->n * s->h; row++)
    {
      gsize n = row / s->h, ih = row % s->h, h0, h1, w0, w1;

      windows_of (ih, s, s->oh, &h0, &h1);
      for (gsize iw = 0; iw < s->w; iw++)
        {
          float *restrict to = dx + (row * s->w + iw) * s->c;

          if (!adds)
            memset (to, 0, s->c * sizeof (float));
          windows_of (iw, s, s->ow, &w0, &w1);
          for (gsize oh = h0; oh < h1; oh++)
            for (gsize ow = w0; ow < w1; ow++)
              {
                gsize out = ((n * s->oh + oh) * s->ow + ow) * s->c;
                gsize kh = ih + s->pad - oh * s->stride, kw = iw + s->pad - ow * s->stride;
                const float *restrict d = dy + out;
                const guint8 *restrict where = argmax + out;
                guint8 here = (guint8)(kh * s->kernel + kw);

                for (gsize c = 0; c < s->c; c++)
                  to[c] += where[c] == here ? d[c] : 0;
              }
        }
    }
}

static void
avg_pool_forward (const SlPoolShape *s, const float *x, float *y)
{
  int team = sl_team (s->n * s->h * s->w * s->c);

#pragma omp parallel for schedule(static) num_threads(team)
  for (gsize row = 0; row < s->n * s->oh; row++)
    {
      gsize h0, h1, w0, w1;

      window (row % s->oh, s, s->h, &h0, &h1);
      for (gsize ow = 0; ow < s->ow; ow++)
        {
          float *restrict to = y + (row * s->ow + ow) * s->c, scale;

          window (ow, s, s->w, &w0, &w1);
          scale = 1.0f / ((h1 - h0) * (w1 - w0));
          memset (to, 0, s->c * sizeof (float));
          for (gsize kh = h0; kh < h1; kh++)
            for (gsize kw = w0; kw < w1; kw++)
              {
                const float *restrict from =
                    x + input_index (s, row / s->oh, row % s->oh, kh, ow, kw);

                for (gsize c = 0; c < s->c; c++)
                  to[c] += from[c] * scale;
              }
        }
    }
}

static void
avg_pool_backward (const SlPoolShape *s, const float *dy, float *dx, gboolean adds)
{
  int team = sl_team (s->n * s->h * s->w * s->c);

#pragma omp parallel for schedule(static) num_threads(team)
  for (gsize row = 0; row < s->n * s->h; row++)
    {
      gsize n = row / s->h, h0, h1, w0, w1, in_h0, in_h1, in_w0, in_w1;

      windows_of (row % s->h, s, s->oh, &h0, &h1);
      for (gsize iw = 0; iw < s->w; iw++)
        {
          float *restrict to = dx + (row * s->w + iw) * s->c;

          if (!adds)
            memset (to, 0, s->c * sizeof (float));
          windows_of (iw, s, s->ow, &w0, &w1);
          for (gsize oh = h0; oh < h1; oh++)
            for (gsize ow = w0; ow < w1; ow++)
              {
                const float *restrict d = dy + ((n * s->oh + oh) * s->ow + ow) * s->c;
                float scale;

                window (oh, s, s->h, &in_h0, &in_h1);
                window (ow, s, s->w, &in_w0, &in_w1);
                scale = 1.0f / ((in_h1 - in_h0) * (in_w1 - in_w0));
                for (gsize c = 0; c < s->c; c++)
                  to[c] += d[c] * scale;
              }
        }
    }
}

/* Mean and, where @top is not NULL, maximum over hw rows for @count ≤ CHUNK channels. */
static void
reduce_rows (gsize hw, gsize c, gsize count, const float *x, float *restrict mean,
             float *restrict top, gint32 *restrict argmax)
{
  float sum[CHUNK] = { 0 }, best[CHUNK];
  gint32 where[CHUNK] = { 0 };
  float scale = 1.0f / hw;

  for (gsize i = 0; i < count; i++)
    best[i] = -INFINITY;
  for (gsize r = 0; r < hw; r++)
    for (gsize i = 0; i < count; i++)
      {
        float v = x[r * c + i];
        gboolean better = (v > best[i]) | (v != v);

        sum[i] += v;
        best[i] = better ? v : best[i];
        where[i] = better ? (gint32)r : where[i];
      }
  for (gsize i = 0; i < count; i++)
    mean[i] = sum[i] * scale;
  if (top == NULL)
    return;
  memcpy (top, best, count * sizeof (float));
  memcpy (argmax, where, count * sizeof (gint32));
}

static void
concat_pool_forward (gsize n, gsize hw, gsize c, const float *x, float *y, gint32 *argmax)
{
  int team = sl_team (n * hw * c);

#pragma omp parallel for schedule(static) num_threads(team)
  for (gsize i = 0; i < n; i++)
    for (gsize j = 0; j < c; j += CHUNK)
      reduce_rows (hw, c, MIN (CHUNK, c - j), x + i * hw * c + j, y + i * 2 * c + c + j,
                   y + i * 2 * c + j, argmax + i * c + j);
}

static void
concat_pool_backward (gsize n, gsize hw, gsize c, const float *dy, const gint32 *argmax, float *dx,
                      gboolean adds)
{
  float scale = 1.0f / hw;
  int team = sl_team (n * hw * c);

#pragma omp parallel for schedule(static) num_threads(team)
  for (gsize row = 0; row < n * hw; row++)
    {
      gint32 here = (gint32)(row % hw);
      const float *restrict top = dy + row / hw * 2 * c, *restrict mean = top + c;
      const gint32 *restrict where = argmax + row / hw * c;
      float *restrict to = dx + row * c;

      if (!adds)
        memset (to, 0, c * sizeof (float));
      for (gsize j = 0; j < c; j++)
        to[j] += mean[j] * scale + (where[j] == here ? top[j] : 0);
    }
}

static void
text_pool_forward (const SlTextShape *s, const float *x, float *y, gint32 *argmax)
{
  int team = sl_team (s->n * s->steps * s->c);

#pragma omp parallel for schedule(static) num_threads(team)
  for (gsize i = 0; i < s->n; i++)
    {
      gsize first = (gsize)s->first[i], rows = s->steps - first;
      const float *from = x + (i * s->steps + first) * s->c;
      float *last = y + i * 3 * s->c, *top = last + s->c, *mean = top + s->c;
      gint32 *where = argmax + i * s->c;

      memcpy (last, from + (rows - 1) * s->c, s->c * sizeof (float));
      for (gsize j = 0; j < s->c; j += CHUNK)
        reduce_rows (rows, s->c, MIN (CHUNK, s->c - j), from + j, mean + j, top + j, where + j);
      for (gsize j = 0; j < s->c; j++)
        where[j] += s->first[i];
    }
}

static void
text_pool_backward (const SlTextShape *s, const float *dy, const gint32 *argmax, float *dx,
                    gboolean adds)
{
  int team = sl_team (s->n * s->steps * s->c);

#pragma omp parallel for collapse(2) schedule(static) num_threads(team)
  for (gsize i = 0; i < s->n; i++)
    for (gsize t = 0; t < s->steps; t++)
      {
        const float *restrict last = dy + i * 3 * s->c, *restrict top = last + s->c;
        const float *restrict mean = top + s->c;
        const gint32 *restrict where = argmax + i * s->c;
        float *restrict to = dx + (i * s->steps + t) * s->c;
        float scale = 1.0f / (float)(s->steps - (gsize)s->first[i]);

        if (!adds)
          memset (to, 0, s->c * sizeof (float));
        for (gsize j = 0; (gint32)t >= s->first[i] && j < s->c; j++)
          to[j] += mean[j] * scale + (where[j] == (gint32)t ? top[j] : 0)
                   + (t + 1 == s->steps ? last[j] : 0);
      }
}

static void
mean_pool_forward (gsize n, gsize hw, gsize c, const float *x, float *y)
{
  int team = sl_team (n * hw * c);

#pragma omp parallel for schedule(static) num_threads(team)
  for (gsize i = 0; i < n; i++)
    for (gsize j = 0; j < c; j += CHUNK)
      reduce_rows (hw, c, MIN (CHUNK, c - j), x + i * hw * c + j, y + i * c + j, NULL, NULL);
}

static void
mean_pool_backward (gsize n, gsize hw, gsize c, const float *dy, float *dx, gboolean adds)
{
  float scale = 1.0f / hw;
  int team = sl_team (n * hw * c);

#pragma omp parallel for schedule(static) num_threads(team)
  for (gsize row = 0; row < n * hw; row++)
    {
      const float *restrict mean = dy + row / hw * c;
      float *restrict to = dx + row * c;

      if (!adds)
        memset (to, 0, c * sizeof (float));
      for (gsize j = 0; j < c; j++)
        to[j] += mean[j] * scale;
    }
}

void
SL_TUNED (fill_pool) (SlKernels *table)
{
  table->max_pool_forward = max_pool_forward;
  table->max_pool_backward = max_pool_backward;
  table->avg_pool_forward = avg_pool_forward;
  table->avg_pool_backward = avg_pool_backward;
  table->concat_pool_forward = concat_pool_forward;
  table->concat_pool_backward = concat_pool_backward;
  table->text_pool_forward = text_pool_forward;
  table->text_pool_backward = text_pool_backward;
  table->mean_pool_forward = mean_pool_forward;
  table->mean_pool_backward = mean_pool_backward;
}
