/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kernels/reference.h"

const SlKernels *
sl_kernels_reference (void)
{
  static SlKernels table;
  static gsize once;

  if (g_once_init_enter (&once))
    {
      table.name = "reference";
      sl_reference_fill_conv (&table);
      sl_reference_fill_depthwise (&table);
      sl_reference_fill_norm (&table);
      sl_reference_fill_elementwise (&table);
      sl_reference_fill_pool (&table);
      sl_reference_fill_linear (&table);
      sl_reference_fill_loss (&table);
      sl_reference_fill_cells (&table);
      sl_reference_fill_resample (&table);
      sl_reference_fill_lstm (&table);
      sl_reference_fill_words (&table);
      sl_reference_fill_activity (&table);
      sl_reference_fill_picture (&table);
      g_once_init_leave (&once, 1);
    }
  return &table;
}
