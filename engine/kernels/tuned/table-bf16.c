/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kernels/tuned/tuned.h"

/* The float32 table of the instruction set (SL_BASE) with the products replaced. */
const SlKernels *SL_PASTE (sl_kernels, SL_BASE) (void);

const SlKernels *
SL_TUNED (kernels) (void)
{
  static SlKernels table;
  static gsize once;

  if (g_once_init_enter (&once))
    {
      table = *SL_PASTE (sl_kernels, SL_BASE) ();
      table.name = SL_STRING (SL_ISA);
      SL_TUNED (fill_conv) (&table);
      SL_TUNED (fill_linear) (&table);
      SL_TUNED (fill_lstm) (&table);
      SL_TUNED (fill_words) (&table);
      g_once_init_leave (&once, 1);
    }
  return &table;
}
