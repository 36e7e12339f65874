/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The peak that per-op figures are measured against: the micro-kernel where nothing waits for
 * memory. */
#include "kernels/tuned/panel.h"

#define DEPTH ((gsize)128)

static double
probe (gsize rounds, void *block)
{
  const gsize left = SL_PANEL_ROWS * DEPTH * sizeof (float);
  const gsize right = SL_PANEL * DEPTH * sizeof (float);
  void *a = block, *b = (guint8 *)block + left, *c = (guint8 *)b + right;

  G_STATIC_ASSERT ((SL_PANEL_ROWS * DEPTH + SL_PANEL * DEPTH + SL_PANEL_ROWS * SL_PANEL)
                       * sizeof (float)
                   <= SL_PROBE_BYTES);
  for (gsize i = 0; i < rounds; i++)
    sl_panel_multiply (SL_PANEL_ROWS, SL_PANEL, DEPTH, a, b, c);
  return 2.0 * SL_PANEL_ROWS * SL_PANEL * DEPTH * (double)rounds;
}

void
SL_TUNED (fill_probe) (SlKernels *table)
{
  table->probe = probe;
}
