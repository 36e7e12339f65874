/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Convolution as products of gathered rows.
 *
 * Forward: the patch under each output pixel becomes a row (kernel, kernel, c) of a tile, which is
 * multiplied by the weights, which are laid out as panels once.  A pointwise convolution of float32
 * needs no gathering.
 *
 * Data gradient: the pixels of dx with the same position modulo the stride form a phase, which
 * meets its own subset of the kernel's taps.  Each phase is a convolution of dy with stride 1, so
 * that nothing is scattered and no product is wasted; stride 1 has one phase.
 *
 * Weight gradient: see conv-gather-weights.c.
 *
 * Tried (ms on one core of a Zen 4, batch 32, 3×3 with stride 2 from 8²·256 to 512 channels): products
 * by OpenBLAS, which packs the weights anew for each tile, 15.5 forward and 23.5 for the data
 * gradient; panels packed once 12.4 and 13.2.  The price: results of few channels are computed in
 * whole panels, so the gradient of the picture itself (3 channels, wanted by heat maps alone) takes
 * about four times as long. */
#include <omp.h>

#include "kernels/activation.h"
#include "kernels/tuned/conv-gather.h"
#include "kernels/tuned/transpose.h"

static gboolean
is_pointwise (const SlConvShape *s)
{
  return s->kernel == 1 && s->stride == 1 && s->pad == 0;
}

/* ---- The product of a tile */

/* Steps that a panel has at a time: 64 KiB with AVX-512. */
#define STEPS ((gsize)512)

/* c (rows, width) = or += a (rows, steps) · b, rows of a @a_row apart, b as panels @b_panel apart.
 * The first panel brings a's rows into the cache.  @adds is a constant. */
static inline __attribute__ ((always_inline)) void
multiply_steps (gsize rows, gsize width, gsize steps, const SlWord *a, gsize a_row, const SlWord *b,
                gsize b_panel, gboolean adds, float *c)
{
  if (width > SL_LANES)
    sl_panel_vectors (rows, 2, TRUE, steps, a, a_row, 1, b, SL_PANEL, adds, c, width);
  else
    sl_panel_vectors (rows, 1, TRUE, steps, a, a_row, 1, b, SL_PANEL, adds, c, width);
  for (gsize j = SL_PANEL; j < width; j += SL_PANEL)
    {
      const SlWord *panel = b + j / SL_PANEL * b_panel;

      if (width - j > SL_LANES)
        sl_panel_column (rows, steps, a, a_row, 1, panel, SL_PANEL, adds, c + j, width);
      else
        sl_panel_vectors (rows, 1, FALSE, steps, a, a_row, 1, panel, SL_PANEL, adds, c + j, width);
    }
}

/* c (rows, width) = a (rows, steps) · b, @width whole vectors, b as panels of the whole depth. */
static void
multiply (gsize rows, gsize width, gsize steps, const SlWord *a, const SlWord *b, float *c)
{
  gsize panel = steps * SL_PANEL;

  multiply_steps (rows, width, MIN (STEPS, steps), a, steps, b, panel, FALSE, c);
  for (gsize s = STEPS; s < steps; s += STEPS)
    multiply_steps (rows, width, MIN (STEPS, steps - s), a + s, steps, b + s * SL_PANEL, panel,
                    TRUE, c);
}

/* One tile of either direction: patches @at … of @g times the @packed weights. */
static void
tile_product (const SlPatches *g, gboolean gathers, const float *x, gsize at, gsize count,
              gsize width, const SlWord *packed, SlWord *tile, float *result)
{
  gsize depth = g->rows * g->columns * g->c;

#if SL_OPERANDS_ARE_FLOATS
  if (!gathers)
    {
      multiply (count, width, depth, x + at * depth, packed, result);
      return;
    }
#endif
  sl_gather (g, x, at, count, tile);
  multiply (count, width, sl_steps (depth), tile, packed, result);
}

/* ---- Forward */

/* w (depth, k) as panels, zeros beyond k. */
static void
pack_forward (gsize depth, gsize k, const float *w, SlWord *packed)
{
  int team = sl_team (depth * k);

#pragma omp parallel for schedule(static) num_threads(team)
  for (gsize j = 0; j < k; j += SL_PANEL)
    for (gsize s = 0; s < depth; s++)
      {
        SlWord *to = packed + j * sl_steps (depth) + s / SL_PAIR * SL_PANEL;
        gsize count = MIN (SL_PANEL, k - j);

        sl_operand_copy (to, 0, w + s * k + j, count, sl_place (s));
        sl_operand_zero (to, count, SL_PANEL - count, sl_place (s));
      }
}

/* y (rows,k) = act (result (rows,width) + bias); @result may be @y where the widths are equal. */
static void
put_rows (gsize rows, gsize k, gsize width, const float *result, const float *bias,
          SlActivation activation, float *y)
{
  float floor = sl_activation_floor (activation), ceiling = sl_activation_ceiling (activation);

  for (gsize r = 0; r < rows; r++, y += k, result += width)
    {
      if (result != y)
        memcpy (y, result, k * sizeof (float));
      for (gsize i = 0; bias != NULL && i < k; i++)
        y[i] += bias[i];
      for (gsize i = 0; activation != SL_ACTIVATION_NONE && i < k; i++)
        {
          float v = y[i] < floor ? floor : y[i];

          y[i] = v > ceiling ? ceiling : v;
        }
    }
}

void
SL_TUNED (gather_forward) (const SlConvShape *s, const float *x, const float *w, const float *bias,
                           SlActivation activation, float *y, void *scratch)
{
  SlPatches g = sl_forward_patches (s);
  gsize depth = (gsize)s->kernel * s->kernel * s->c, steps = sl_steps (depth);
  gsize total = s->n * s->oh * s->ow, height = sl_tile_rows (total, steps);
  gsize width = sl_vector_width (s->k);
  SlWord *packed = scratch, *tiles = packed + steps * sl_panel_width (s->k);
  gboolean gathers = !is_pointwise (s), direct = width == s->k;

  pack_forward (depth, s->k, w, packed);
#pragma omp parallel for schedule(dynamic) num_threads(sl_parallel_get_threads())
  for (gsize at = 0; at < total; at += height)
    {
      gsize count = MIN (height, total - at);
      SlWord *tile = tiles + omp_get_thread_num () * height * (steps + width);
      float *result = direct ? y + at * s->k : (float *)(tile + height * steps);

      tile_product (&g, gathers, x, at, count, width, packed, tile, result);
      put_rows (count, s->k, width, result, bias, activation, y + at * s->k);
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

/* One tap's weights (c, k) of channels @c … to rows @depth … of a panel. */
static void
pack_tap (const SlConvShape *s, const float *w, gsize c, gsize depth, SlWord *panel)
{
  float turned[SL_LANES * SL_PANEL] = { 0 };

  for (gsize k = 0; k < s->k; k += SL_LANES)
    {
      gsize count = MIN (SL_LANES, s->k - k);

      sl_transpose (MIN (SL_PANEL, s->c - c), count, w + c * s->k + k, s->k, turned, SL_PANEL);
      for (gsize i = 0; i < count; i++)
        sl_operand_copy (panel + (depth + k + i) / SL_PAIR * SL_PANEL, 0, turned + i * SL_PANEL,
                         SL_PANEL, sl_place (depth + k + i));
    }
}

/* The phase's weights (taps, taps, k, c), highest tap first, as panels, zeros beyond c. */
static void
pack_phase (const SlConvShape *s, const Phase *ph, const Phase *pw, const float *w, SlWord *packed)
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

          pack_tap (s, w + (kh * s->kernel + kw) * s->c * s->k, c, (i * pw->taps + j) * s->k,
                    packed + c * sl_steps (depth));
        }
}

/* Pixel @i of a phase in dx; with stride 1 there is one phase, which has all pixels in order. */
static inline gsize
phase_pixel (const SlConvShape *s, const Phase *ph, const Phase *pw, gsize a, gsize b, gsize i)
{
  gsize iw, ih;

  if (s->stride == 1)
    return i;
  iw = b + i % pw->count * s->stride;
  ih = a + i / pw->count % ph->count * s->stride;
  return (i / pw->count / ph->count * s->h + ih) * s->w + iw;
}

/* Rows @at … of the phase's result, @width floats each, to their pixels of dx; @from NULL: zeros. */
static void
spread_rows (const SlConvShape *s, const Phase *ph, const Phase *pw, gsize a, gsize b, gsize at,
             gsize count, const float *from, gsize width, float *dx, gboolean adds)
{
  for (gsize i = at; i < at + count; i++)
    {
      float *restrict to = dx + phase_pixel (s, ph, pw, a, b, i) * s->c;
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
            gboolean adds, SlWord *packed, SlWord *tiles)
{
  Phase ph = phase_of (s, a, s->h), pw = phase_of (s, b, s->w);
  SlPatches g = { .n = s->n,
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
  gsize total = s->n * ph.count * pw.count, steps = sl_steps (ph.taps * pw.taps * s->k);
  gsize height = sl_tile_rows (total, steps), width = sl_vector_width (s->c);
  gboolean gathers = !is_pointwise (s), direct = s->stride == 1 && !adds && width == s->c;

  pack_phase (s, &ph, &pw, w, packed);
#pragma omp parallel for schedule(dynamic) num_threads(sl_parallel_get_threads())
  for (gsize at = 0; at < total; at += height)
    {
      gsize count = MIN (height, total - at);
      SlWord *tile = tiles + omp_get_thread_num () * height * (steps + width);
      float *result = direct ? dx + at * s->c : (float *)(tile + height * steps);

      tile_product (&g, gathers, dy, at, count, width, packed, tile, result);
      if (!direct)
        spread_rows (s, &ph, &pw, a, b, at, count, steps > 0 ? result : NULL, width, dx, adds);
    }
}

void
SL_TUNED (gather_grad_data) (const SlConvShape *s, const float *dy, const float *w, float *dx,
                             gboolean adds, void *scratch)
{
  gsize depth = (gsize)s->kernel * s->kernel * s->k;
  SlWord *packed = scratch, *tiles = packed + sl_steps (depth) * sl_panel_width (s->c);

  for (gsize a = 0; a < s->stride; a++)
    for (gsize b = 0; b < s->stride; b++)
      grad_phase (s, a, b, dy, w, dx, adds, packed, tiles);
}

/* ---- Scratch: the larger of the two, in words, as floats are */

gsize
SL_TUNED (gather_scratch) (const SlConvShape *s)
{
  gsize taps = (gsize)s->kernel * s->kernel, steps = sl_steps (taps * s->c);
  gsize threads = sl_parallel_get_threads (), total = s->n * s->oh * s->ow, data = 0;
  gsize width = sl_panel_width (s->k), data_width = sl_panel_width (s->c);
  gsize forward = steps * width + threads * sl_tile_rows (total, steps) * (steps + width);

  for (gsize a = 0; a < s->stride; a++)
    for (gsize b = 0; b < s->stride; b++)
      {
        Phase ph = phase_of (s, a, s->h), pw = phase_of (s, b, s->w);
        gsize row = sl_steps (ph.taps * pw.taps * s->k);

        data = MAX (data, sl_tile_rows (s->n * ph.count * pw.count, row) * (row + data_width));
      }
  data = sl_steps (taps * s->k) * data_width + threads * data;
  return sizeof (float) * MAX (forward, data);
}
