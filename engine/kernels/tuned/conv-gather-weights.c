/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Weight gradient of gathered rows: (patches)ᵀ · dy.
 *
 * The rows are cut into parts, whose sums are added in order.  A worker takes a part through in
 * tiles, of which dy is laid out as panels.  Where the sums are many, a part is cut again by kernel
 * rows, so that they stay in the caches and all workers have a share.
 *
 * Tried (ms on two Zen 4 cores, batch 32, 3×3 with stride 2 from 32²·64, 16²·128, 8²·256 to twice the
 * channels): products by OpenBLAS, tiles of a sixteenth of a part 11.7, 15.5, 13.5; panels and tiles
 * of 256 KiB 6.3, 6.4, 7.1, with pairs of bfloat16 3.6, 3.8, 4.1; tiles of 64, 128 or 512 KiB are no
 * faster. */
#include <omp.h>

#include "kernels/tuned/conv-gather.h"

#define PARTS_FLOATS ((gsize)4 << 20)
#define MAX_PARTS ((gsize)16)
#define TILE_WORDS ((gsize)1 << 16)
#define SUMS_FLOATS ((gsize)1 << 16)

typedef struct
{
  const SlConvShape *s;
  SlPatches patches; /* of the first task's kernel rows */
  gsize tasks;       /* 1, or one a kernel row */
  gsize depth;       /* patch elements of a task */
  gsize row;         /* words of a row of the tile: a line more, as in winograd-weights.c */
  gsize width;       /* k in whole panels */
  gsize total, parts, per_part, height;
} Pass;

static Pass
weights_pass (const SlConvShape *s)
{
  Pass a = { .s = s, .patches = sl_forward_patches (s), .tasks = 1 };
  gsize size;

  a.width = sl_panel_width (s->k);
  size = (gsize)s->kernel * s->kernel * s->c * a.width;
  if (size > SUMS_FLOATS)
    {
      a.tasks = s->kernel;
      a.patches.rows = 1;
    }
  a.depth = a.patches.rows * s->kernel * s->c;
  a.row = sl_padded (a.depth) + 16;
  a.total = s->n * s->oh * s->ow;
  /* As many parts as 16 MiB of sums allow. */
  a.parts = MAX (1, MIN (MIN (PARTS_FLOATS / size, MAX_PARTS), a.total / 64));
  a.per_part = sl_ceil_div (a.total, a.parts);
  a.height = CLAMP (TILE_WORDS * SL_PAIR / a.row, 64, 1024);
  a.height = MIN (a.height, a.per_part);
  return a;
}

static gsize
tile_words (const Pass *a)
{
  return sl_padded (sl_steps (a->height) * (a->row + a->width));
}

/* dy's rows @first … as panels (width / SL_PANEL, steps, SL_PANEL), zeros beyond k. */
static void
pack_rows (const Pass *a, const float *dy, gsize first, gsize count, SlWord *panels)
{
  gsize k = a->s->k, steps = sl_steps (count);

  for (gsize j = 0; j < k; j += SL_PANEL)
    for (gsize i = 0; i < count; i++)
      {
        SlWord *to = panels + j * steps + i / SL_PAIR * SL_PANEL;
        gsize columns = MIN (SL_PANEL, k - j);

        sl_operand_copy (to, 0, dy + (first + i) * k + j, columns, sl_place (i));
        sl_operand_zero (to, columns, SL_PANEL - columns, sl_place (i));
      }
}

/* The rows @at … @end - 1 give @sum (depth, width) of the task's kernel rows. */
static void
sum_part (const Pass *a, gsize task, const float *x, const float *dy, gsize at, gsize end,
          SlWord *tile, float *sum)
{
  SlPatches patches = a->patches;
  SlWord *panels = tile + sl_steps (a->height) * a->row;

  patches.first_h += (gssize)task;
  for (gsize first = at; first < end; first += a->height)
    {
      gsize count = MIN (a->height, end - first);

      sl_gather_across (&patches, x, first, count, tile, a->row);
      pack_rows (a, dy, first, count, panels);
      sl_panel_multiply_tn (a->depth, a->width, sl_steps (count), tile, a->row, panels, first > at,
                            sum);
    }
}

/* dw += the sums of all parts. */
static void
add_parts (const Pass *a, const float *sums, float *dw)
{
  gsize rows = a->depth * a->tasks, k = a->s->k;
  int team = sl_team (rows * k * a->parts);

#pragma omp parallel for schedule(static) num_threads(team)
  for (gsize r = 0; r < rows; r++)
    for (gsize part = 0; part < a->parts; part++)
      for (gsize i = 0; i < k; i++)
        dw[r * k + i] += sums[(part * rows + r) * a->width + i];
}

void
SL_TUNED (gather_grad_weights) (const SlConvShape *s, const float *x, const float *dy, float *dw,
                                void *scratch)
{
  Pass a = weights_pass (s);
  gsize size = a.depth * a.width;
  float *sums = scratch;
  SlWord *tiles = (SlWord *)(sums + sl_padded (a.parts * a.tasks * size));

#pragma omp parallel for schedule(dynamic) num_threads(sl_parallel_get_threads())
  for (gsize i = 0; i < a.parts * a.tasks; i++)
    {
      gsize at = i / a.tasks * a.per_part;

      if (at >= a.total)
        memset (sums + i * size, 0, size * sizeof (float));
      else
        sum_part (&a, i % a.tasks, x, dy, at, MIN (at + a.per_part, a.total),
                  tiles + omp_get_thread_num () * tile_words (&a), sums + i * size);
    }
  add_parts (&a, sums, dw);
}

gsize
SL_TUNED (gather_weights_scratch) (const SlConvShape *s)
{
  Pass a = weights_pass (s);

  return sizeof (float)
         * (sl_padded (a.parts * a.tasks * a.depth * a.width)
            + sl_parallel_get_threads () * tile_words (&a));
}
