/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Patches of pictures as rows of an operand, for the convolutions that are plain products. */

#include "kernels/tuned/conv.h"
#include "kernels/tuned/panel.h"

/* A grid of patches over a picture (n,h,w,c): patch (oh,ow) starts at row oh·step + first_h and
 * column ow·step + first_w, and has rows × columns pixels. */
typedef struct
{
  gsize n, h, w, c;
  gsize oh, ow, step;
  gssize first_h, first_w;
  gsize rows, columns;
} SlPatches;

static inline SlPatches
sl_forward_patches (const SlConvShape *s)
{
  return (SlPatches){ .n = s->n,
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

#define SL_TILE_WORDS ((gsize)65536)
#define SL_MIN_ROWS ((gsize)64)
#define SL_MAX_ROWS ((gsize)1024)

/* Patches of a tile: 256 KiB of @width words each, at least SL_MIN_ROWS so that the weights, which
 * every product reads, are read for a purpose; fewer where @total would not fill 16 tiles. */
static inline gsize
sl_tile_rows (gsize total, gsize width)
{
  gsize rows = CLAMP (SL_TILE_WORDS / MAX (width, 1), SL_MIN_ROWS, SL_MAX_ROWS);

  rows = MIN (rows, MAX (sl_ceil_div (total, 16), 16));
  return (rows + 15) & ~(gsize)15;
}

/* One row of columns pixels starting at column @w0, zero outside the picture, to number @at. */
static inline __attribute__ ((always_inline)) void
sl_gather_pixels (const SlPatches *g, const float *line, gssize w0, SlWord *to, gsize at,
                  SlPlace place)
{
  gsize c = g->c, skip, count;

  if (w0 >= 0 && w0 + g->columns <= g->w)
    {
      sl_operand_copy (to, at, line + w0 * c, g->columns * c, place);
      return;
    }
  skip = w0 < 0 ? MIN ((gsize)-w0, g->columns) : 0;
  count = w0 + (gssize)skip >= (gssize)g->w ? 0 : MIN (g->columns - skip, g->w - (w0 + skip));
  sl_operand_zero (to, at, skip * c, place);
  if (count > 0)
    sl_operand_copy (to, at + skip * c, line + (w0 + (gssize)skip) * (gssize)c, count * c, place);
  sl_operand_zero (to, at + (skip + count) * c, (g->columns - skip - count) * c, place);
}

/* The patch (n,oh,ow) to the row @to. */
static inline __attribute__ ((always_inline)) void
sl_gather_patch (const SlPatches *g, const float *x, gsize n, gsize oh, gsize ow, SlWord *to,
                 SlPlace place)
{
  gssize h0 = (gssize)(oh * g->step) + g->first_h, w0 = (gssize)(ow * g->step) + g->first_w;
  gsize width = g->columns * g->c;

  for (gsize r = 0; r < g->rows; r++)
    if (h0 + (gssize)r < 0 || h0 + (gssize)r >= (gssize)g->h)
      sl_operand_zero (to, r * width, width, place);
    else
      sl_gather_pixels (g, x + (n * g->h + h0 + r) * g->w * g->c, w0, to, r * width, place);
}

/* The next patch in the order of n, oh, ow. */
static inline void
sl_next_patch (const SlPatches *g, gsize *n, gsize *oh, gsize *ow)
{
  if (++*ow < g->ow)
    return;
  *ow = 0;
  if (++*oh < g->oh)
    return;
  *oh = 0;
  ++*n;
}

/* Patches @first … @first + @count - 1 as rows of @to, the depth along them. */
static inline void
sl_gather (const SlPatches *g, const float *x, gsize first, gsize count, SlWord *to)
{
  gsize depth = g->rows * g->columns * g->c, ow = first % g->ow, oh = first / g->ow % g->oh;
  gsize n = first / g->ow / g->oh;

  for (gsize i = 0; i < count; i++, to += sl_steps (depth))
    {
      sl_gather_patch (g, x, n, oh, ow, to, SL_ALONG);
      if (depth % SL_PAIR != 0)
        sl_operand_zero (to, depth, 1, SL_ALONG);
      sl_next_patch (g, &n, &oh, &ow);
    }
}

/* The same with the depth across them: (steps, row) words. */
static inline void
sl_gather_across (const SlPatches *g, const float *x, gsize first, gsize count, SlWord *to,
                  gsize row)
{
  gsize ow = first % g->ow, oh = first / g->ow % g->oh, n = first / g->ow / g->oh;

  for (gsize i = 0; i < count; i++)
    {
      if (sl_place (i) == SL_FIRST)
        sl_gather_patch (g, x, n, oh, ow, to + i / SL_PAIR * row, SL_FIRST);
      else
        sl_gather_patch (g, x, n, oh, ow, to + i / SL_PAIR * row, SL_SECOND);
      sl_next_patch (g, &n, &oh, &ow);
    }
}
