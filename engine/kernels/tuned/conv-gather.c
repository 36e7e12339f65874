/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Convolution as products of gathered rows.
 *
 * Forward: the patch under each output pixel becomes a row (kernel, kernel, c) of a tile, which is
 * multiplied by the weights, which are laid out as panels once.  Where the patch is inside the
 * picture, one memcpy a kernel row.  A pointwise convolution needs no gathering.
 *
 * Data gradient: the pixels of dx with the same position modulo the stride form a phase, which
 * meets its own subset of the kernel's taps.  Each phase is a convolution of dy with stride 1, so
 * that nothing is scattered and no product is wasted; stride 1 has one phase.
 *
 * Weight gradient: (kernel row) × (part of the rows) are independent; the parts' sums are added in
 * order.
 *
 * Tried (ms on one core of a Zen 4, batch 32, 3×3 with stride 2 from 8²·256 to 512 channels): products
 * by OpenBLAS, which packs the weights anew for each tile, 15.5 forward and 23.5 for the data
 * gradient; panels packed once 12.4 and 13.2.  The price: results of few channels are computed in
 * whole panels, so the gradient of the picture itself (3 channels, wanted by heat maps alone) takes
 * about four times as long. */
#include <omp.h>

#include "kernels/tuned/conv.h"
#include "kernels/tuned/gemm.h"
#include "kernels/tuned/panel.h"
#include "kernels/tuned/transpose.h"

/* A grid of patches over a picture (n,h,w,c): patch (oh,ow) starts at row oh·step + first_h and
 * column ow·step + first_w, and has rows × columns pixels. */
typedef struct
{
  gsize n, h, w, c;
  gsize oh, ow, step;
  gssize first_h, first_w;
  gsize rows, columns;
} Patches;

#define TILE_FLOATS ((gsize)65536)
#define MIN_ROWS ((gsize)64)
#define MAX_ROWS ((gsize)1024)

/* Patches of a tile: 256 KiB of @width floats each, at least MIN_ROWS so that the weights, which
 * every product reads, are read for a purpose; fewer where @total would not fill 16 tiles. */
static gsize
tile_rows (gsize total, gsize width)
{
  gsize rows = CLAMP (TILE_FLOATS / MAX (width, 1), MIN_ROWS, MAX_ROWS);

  rows = MIN (rows, MAX (sl_ceil_div (total, 16), 16));
  return (rows + 15) & ~(gsize)15;
}

static gboolean
is_pointwise (const SlConvShape *s)
{
  return s->kernel == 1 && s->stride == 1 && s->pad == 0;
}

/* One row of @columns pixels starting at column @w0, zero outside the picture. */
static inline void
gather_pixels (const Patches *g, const float *line, gssize w0, float *to)
{
  gsize c = g->c, skip, count;

  if (w0 >= 0 && w0 + g->columns <= g->w)
    {
      memcpy (to, line + w0 * c, g->columns * c * sizeof (float));
      return;
    }
  skip = w0 < 0 ? MIN ((gsize)-w0, g->columns) : 0;
  count = w0 + (gssize)skip >= (gssize)g->w ? 0 : MIN (g->columns - skip, g->w - (w0 + skip));
  memset (to, 0, skip * c * sizeof (float));
  if (count > 0)
    memcpy (to + skip * c, line + (w0 + (gssize)skip) * (gssize)c, count * c * sizeof (float));
  memset (to + (skip + count) * c, 0, (g->columns - skip - count) * c * sizeof (float));
}

/* Patches @first … @first + @count - 1 (counted over n, oh, ow) as rows of @to. */
static void
gather (const Patches *g, const float *x, gsize first, gsize count, float *to)
{
  gsize width = g->columns * g->c, ow = first % g->ow, oh = first / g->ow % g->oh;
  gsize n = first / g->ow / g->oh;

  for (gsize i = 0; i < count; i++)
    {
      gssize h0 = (gssize)(oh * g->step) + g->first_h, w0 = (gssize)(ow * g->step) + g->first_w;

      for (gsize r = 0; r < g->rows; r++, to += width)
        if (h0 + (gssize)r < 0 || h0 + (gssize)r >= (gssize)g->h)
          memset (to, 0, width * sizeof (float));
        else
          gather_pixels (g, x + (n * g->h + h0 + r) * g->w * g->c, w0, to);
      if (++ow < g->ow)
        continue;
      ow = 0;
      if (++oh < g->oh)
        continue;
      oh = 0;
      n++;
    }
}

static Patches
forward_patches (const SlConvShape *s)
{
  return (Patches){ .n = s->n,
                    .h = s->h,
                    .w = s->w,
                    .c = s->c,
                    .oh = s->oh,
                    .ow = s->ow,
                    .step = s->stride,
                    .first_h = -(gssize)s->pad,
                    .first_w = -(gssize)s->pad,
                    .rows = s->kernel,
                    .columns = s->kernel };
}

/* ---- The product of a tile */

/* Depth that a panel has at a time: 64 KiB with AVX-512. */
#define DEPTH ((gsize)512)

/* c (rows, width) = a (rows, depth) · b, b as panels of the whole depth. */
static void
multiply (gsize rows, gsize width, gsize depth, const float *a, const float *b, float *c)
{
  for (gsize s = 0; s < depth; s += DEPTH)
    for (gsize j = 0; j < width; j += SL_PANEL)
      {
        const float *panel = b + j * depth + s * SL_PANEL;

        if (s > 0)
          sl_panel_column (rows, MIN (DEPTH, depth - s), a + s, depth, 1, panel, SL_PANEL, TRUE,
                           c + j, width);
        else
          sl_panel_column (rows, MIN (DEPTH, depth - s), a + s, depth, 1, panel, SL_PANEL, FALSE,
                           c + j, width);
      }
}

/* ---- Forward */

/* w (depth, k) as panels, zeros beyond k. */
static void
pack_forward (gsize depth, gsize k, const float *w, float *packed)
{
  int team = sl_team (depth * k);

#pragma omp parallel for schedule(static) num_threads(team)
  for (gsize j = 0; j < k; j += SL_PANEL)
    for (gsize s = 0; s < depth; s++)
      {
        float *to = packed + j * depth + s * SL_PANEL;
        gsize count = MIN (SL_PANEL, k - j);

        memcpy (to, w + s * k + j, count * sizeof (float));
        memset (to + count, 0, (SL_PANEL - count) * sizeof (float));
      }
}

/* y (rows,k) = result (rows,width) + bias; @result may be @y where the widths are equal. */
static void
put_rows (gsize rows, gsize k, gsize width, const float *result, const float *bias, float *y)
{
  for (gsize r = 0; r < rows; r++, y += k, result += width)
    {
      if (result != y)
        memcpy (y, result, k * sizeof (float));
      for (gsize i = 0; bias != NULL && i < k; i++)
        y[i] += bias[i];
    }
}

void
SL_TUNED (gather_forward) (const SlConvShape *s, const float *x, const float *w, const float *bias,
                           float *y, void *scratch)
{
  Patches g = forward_patches (s);
  gsize depth = (gsize)s->kernel * s->kernel * s->c, total = s->n * s->oh * s->ow;
  gsize height = tile_rows (total, depth), width = sl_panel_width (s->k);
  float *packed = scratch, *tiles = packed + depth * width;
  gboolean pointwise = is_pointwise (s), direct = width == s->k;

  pack_forward (depth, s->k, w, packed);
#pragma omp parallel for schedule(dynamic) num_threads(sl_parallel_get_threads())
  for (gsize at = 0; at < total; at += height)
    {
      gsize count = MIN (height, total - at);
      float *tile = tiles + omp_get_thread_num () * height * (depth + width);
      float *result = direct ? y + at * s->k : tile + height * depth;

      if (!pointwise)
        gather (&g, x, at, count, tile);
      multiply (count, width, depth, pointwise ? x + at * depth : tile, packed, result);
      put_rows (count, s->k, width, result, bias, y + at * s->k);
    }
}

/* ---- Data gradient */

/* Pixels @a, @a + stride, … of dx along one axis. */
typedef struct
{
  gsize count; /* pixels */
  gsize taps;  /* kernel positions that they meet: lowest, lowest + stride, … */
  gsize lowest;
  gssize first; /* the dy of pixel @a at the highest tap */
} Phase;

static Phase
phase_of (const SlConvShape *s, gsize a, gsize size)
{
  Phase p = { 0 };

  p.lowest = (a + s->pad) % s->stride;
  p.count = a < size ? sl_ceil_div (size - a, s->stride) : 0;
  p.taps = p.lowest < s->kernel ? sl_ceil_div (s->kernel - p.lowest, s->stride) : 0;
  p.first = (gssize)((a + s->pad - p.lowest) / s->stride) - (gssize)p.taps + 1;
  return p;
}

/* The phase's weights (taps, taps, k, c), highest tap first, as panels; beyond c nothing is set. */
static void
pack_phase (const SlConvShape *s, const Phase *ph, const Phase *pw, const float *w, float *packed)
{
  gsize depth = ph->taps * pw->taps * s->k;
  int team = sl_team (s->c * depth);

#pragma omp parallel for schedule(static) num_threads(team)
  for (gsize c = 0; c < s->c; c += SL_PANEL)
    for (gsize i = 0; i < ph->taps; i++)
      for (gsize j = 0; j < pw->taps; j++)
        {
          gsize kh = ph->lowest + (ph->taps - 1 - i) * s->stride;
          gsize kw = pw->lowest + (pw->taps - 1 - j) * s->stride;

          sl_transpose (MIN (SL_PANEL, s->c - c), s->k,
                        w + ((kh * s->kernel + kw) * s->c + c) * s->k, s->k,
                        packed + c * depth + (i * pw->taps + j) * s->k * SL_PANEL, SL_PANEL);
        }
}

/* Rows @at … of the phase's result, @width floats each, to their pixels of dx; @from NULL: zeros. */
static void
spread_rows (const SlConvShape *s, const Phase *ph, const Phase *pw, gsize a, gsize b, gsize at,
             gsize count, const float *from, gsize width, float *dx, gboolean adds)
{
  for (gsize i = at; i < at + count; i++)
    {
      gsize iw = b + i % pw->count * s->stride, ih = a + i / pw->count % ph->count * s->stride;
      float *restrict to = dx + ((i / pw->count / ph->count * s->h + ih) * s->w + iw) * s->c;
      const float *restrict row = from != NULL ? from + (i - at) * width : NULL;

      if (!adds && row == NULL)
        memset (to, 0, s->c * sizeof (float));
      else if (!adds)
        memcpy (to, row, s->c * sizeof (float));
      else
        for (gsize c = 0; row != NULL && c < s->c; c++)
          to[c] += row[c];
    }
}

static void
grad_phase (const SlConvShape *s, gsize a, gsize b, const float *dy, const float *w, float *dx,
            gboolean adds, float *packed, float *tiles)
{
  Phase ph = phase_of (s, a, s->h), pw = phase_of (s, b, s->w);
  Patches g = { .n = s->n,
                .h = s->oh,
                .w = s->ow,
                .c = s->k,
                .oh = ph.count,
                .ow = pw.count,
                .step = 1,
                .first_h = ph.first,
                .first_w = pw.first,
                .rows = ph.taps,
                .columns = pw.taps };
  gsize total = s->n * ph.count * pw.count, depth = ph.taps * pw.taps * s->k;
  gsize height = tile_rows (total, depth), width = sl_panel_width (s->c);
  gboolean pointwise = is_pointwise (s), direct = s->stride == 1 && !adds && width == s->c;

  pack_phase (s, &ph, &pw, w, packed);
#pragma omp parallel for schedule(dynamic) num_threads(sl_parallel_get_threads())
  for (gsize at = 0; at < total; at += height)
    {
      gsize count = MIN (height, total - at);
      float *tile = tiles + omp_get_thread_num () * height * (depth + width);
      float *result = direct ? dx + at * s->c : tile + height * depth;

      if (!pointwise)
        gather (&g, dy, at, count, tile);
      multiply (count, width, depth, pointwise ? dy + at * depth : tile, packed, result);
      if (!direct)
        spread_rows (s, &ph, &pw, a, b, at, count, depth > 0 ? result : NULL, width, dx, adds);
    }
}

void
SL_TUNED (gather_grad_data) (const SlConvShape *s, const float *dy, const float *w, float *dx,
                             gboolean adds, void *scratch)
{
  gsize depth = (gsize)s->kernel * s->kernel * s->k;
  float *packed = scratch, *tiles = packed + depth * sl_panel_width (s->c);

  for (gsize a = 0; a < s->stride; a++)
    for (gsize b = 0; b < s->stride; b++)
      grad_phase (s, a, b, dy, w, dx, adds, packed, tiles);
}

/* ---- Weight gradient */

#define PARTS_FLOATS ((gsize)4 << 20)
#define MAX_PARTS ((gsize)16)

/* Parts that the rows are cut into: as many as 16 MiB of sums allow. */
static gsize
n_parts (const SlConvShape *s)
{
  gsize size = (gsize)s->kernel * s->kernel * s->c * s->k, total = s->n * s->oh * s->ow;

  return MAX (1, MIN (MIN (PARTS_FLOATS / size, MAX_PARTS), total / 64));
}

/* The rows @at … @end - 1 give sum (kernel·c, k) of kernel row @kh, or of c channels from @first
 * where nothing is gathered. */
static void
weight_part (const SlConvShape *s, const Patches *row, gsize height, const float *x,
             const float *dy, gsize at, gsize end, float *tile, float *sum)
{
  gsize width = s->kernel * s->c;
  gboolean pointwise = is_pointwise (s);

  for (gsize first = at; first < end; first += height)
    {
      gsize count = MIN (height, end - first);

      if (!pointwise)
        gather (row, x, first, count, tile);
      sl_gemm_tn (width, s->k, count, pointwise ? x + first * width : tile, width,
                  dy + first * s->k, s->k, first > at ? 1 : 0, sum, s->k);
    }
}

void
SL_TUNED (gather_grad_weights) (const SlConvShape *s, const float *x, const float *dy, float *dw,
                                void *scratch)
{
  gsize width = s->kernel * s->c, size = s->kernel * width * s->k, total = s->n * s->oh * s->ow;
  gsize parts = n_parts (s), per_part = sl_ceil_div (total, parts);
  gsize height = tile_rows (per_part, width);
  float *sums = scratch, *tiles = sums + sl_padded (parts * size);
  int team = sl_team (size * parts);

#pragma omp parallel for schedule(dynamic) num_threads(sl_parallel_get_threads())
  for (gsize task = 0; task < parts * s->kernel; task++)
    {
      gsize part = task / s->kernel, kh = task % s->kernel, at = part * per_part;
      Patches row = forward_patches (s);
      float *sum = sums + part * size + kh * width * s->k;

      row.rows = 1;
      row.first_h += kh;
      if (at >= total)
        memset (sum, 0, width * s->k * sizeof (float));
      else
        weight_part (s, &row, height, x, dy, at, MIN (at + per_part, total),
                     tiles + omp_get_thread_num () * height * width, sum);
    }
#pragma omp parallel for schedule(static) num_threads(team)
  for (gsize at = 0; at < size; at += SL_BLOCK)
    for (gsize part = 0; part < parts; part++)
      for (gsize i = at; i < MIN (at + SL_BLOCK, size); i++)
        dw[i] += sums[part * size + i];
}

/* ---- Scratch: the largest of the three */

gsize
SL_TUNED (gather_scratch) (const SlConvShape *s)
{
  gsize taps = (gsize)s->kernel * s->kernel, depth = taps * s->c, total = s->n * s->oh * s->ow;
  gsize threads = sl_parallel_get_threads (), parts = n_parts (s), data = 0, weights;
  gsize width = sl_panel_width (s->k), data_width = sl_panel_width (s->c);
  gsize forward = depth * width + threads * tile_rows (total, depth) * (depth + width);

  for (gsize a = 0; a < s->stride; a++)
    for (gsize b = 0; b < s->stride; b++)
      {
        Phase ph = phase_of (s, a, s->h), pw = phase_of (s, b, s->w);
        gsize row = ph.taps * pw.taps * s->k;

        data = MAX (data, tile_rows (s->n * ph.count * pw.count, row) * (row + data_width));
      }
  data = taps * s->k * data_width + threads * data;
  weights = sl_padded (parts * depth * s->k)
            + threads * tile_rows (sl_ceil_div (total, parts), s->kernel * s->c) * s->kernel * s->c;
  return sizeof (float) * MAX (MAX (forward, data), weights);
}
