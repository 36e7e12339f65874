/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a language model pays for large and for restless activations. */
#include "kernels/reference.h"

/* The number of differences between neighbouring steps. */
static gsize
n_differences (const SlActivityShape *s)
{
  return s->n * (s->steps - 1) * s->c;
}

static void
activity_forward (const SlActivityShape *s, float loss, const float *dropped, const float *raw,
                  float *y)
{
  gsize n = s->n * s->steps * s->c;
  double squares = 0, differences = 0;

  for (gsize i = 0; i < n; i++)
    {
      gsize step = i / s->c % s->steps;
      double change = step > 0 ? (double)raw[i] - raw[i - s->c] : 0;

      squares += (double)dropped[i] * dropped[i];
      differences += change * change;
    }
  *y = (float)(loss + s->alpha * squares / (double)n
               + (s->steps > 1 ? s->beta * differences / (double)n_differences (s) : 0));
}

static void
activity_backward (const SlActivityShape *s, float dloss, const float *dropped, const float *raw,
                   float *ddropped, gboolean dropped_adds, float *draw, gboolean raw_adds)
{
  gsize n = s->n * s->steps * s->c;
  double squares = 2.0 * s->alpha * dloss / (double)n;
  double differences = s->steps > 1 ? 2.0 * s->beta * dloss / (double)n_differences (s) : 0;

  for (gsize i = 0; i < n; i++)
    {
      gsize step = i / s->c % s->steps;
      double change = step > 0 ? (double)raw[i] - raw[i - s->c] : 0;

      change -= step + 1 < s->steps ? (double)raw[i + s->c] - raw[i] : 0;
      if (ddropped != NULL)
        sl_reference_put (ddropped + i, squares * dropped[i], dropped_adds);
      if (draw != NULL)
        sl_reference_put (draw + i, differences * change, raw_adds);
    }
}

void
sl_reference_fill_activity (SlKernels *table)
{
  table->activity_forward = activity_forward;
  table->activity_backward = activity_backward;
}
