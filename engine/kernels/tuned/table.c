/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kernels/tuned/tuned.h"

/* Starts from the reference, so that the table is complete whatever is laid over it. */
const SlKernels *
SL_TUNED (kernels) (void)
{
  static SlKernels table;
  static gsize once;

  if (g_once_init_enter (&once))
    {
      table = *sl_kernels_reference ();
      table.name = SL_STRING (SL_ISA);
      SL_TUNED (fill_conv) (&table);
      SL_TUNED (fill_depthwise) (&table);
      SL_TUNED (fill_norm) (&table);
      SL_TUNED (fill_elementwise) (&table);
      SL_TUNED (fill_pool) (&table);
      SL_TUNED (fill_linear) (&table);
      SL_TUNED (fill_loss) (&table);
      SL_TUNED (fill_cells) (&table);
      SL_TUNED (fill_probe) (&table);
      SL_TUNED (fill_resample) (&table);
      SL_TUNED (fill_embedding) (&table);
      SL_TUNED (fill_lstm) (&table);
      SL_TUNED (fill_words) (&table);
      SL_TUNED (fill_activity) (&table);
      SL_TUNED (fill_picture) (&table);
      g_once_init_leave (&once, 1);
    }
  return &table;
}
