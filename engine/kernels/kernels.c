/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which table of kernels this process uses. */
#include "kernels/kernels.h"

const SlKernels *
sl_kernels_named (const char *name)
{
  return g_strcmp0 (name, "reference") == 0 ? sl_kernels_reference () : NULL;
}

const SlKernels *
sl_kernels (void)
{
  return sl_kernels_reference ();
}
