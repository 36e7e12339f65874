/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What this computer could do at best, for per-op figures (profile.h) to be measured against:
 * a second, by all threads together. */
typedef struct
{
  const char *kernels; /* name of the table in use, such as "avx512" */
  double      flops;   /* of the micro-kernel of the products, in the first-level cache */
  double      bytes;   /* two large blocks read and a third one written */
} SlPeak;

/* Measures for about half a second, in 192 MiB. */
void sl_measure_peak (SlPeak *peak);

G_END_DECLS
