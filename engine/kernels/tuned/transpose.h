/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <string.h>

/* Four floats, whatever the instruction set: transposing is a matter of memory. */
typedef float SlVec4 __attribute__ ((vector_size (16)));

static inline void
sl_transpose_4x4 (const float *from, gsize from_stride, float *to, gsize to_stride)
{
  SlVec4 r[4], s[4];

  for (gsize i = 0; i < 4; i++)
    memcpy (&r[i], from + i * from_stride, sizeof r[i]);
  for (gsize i = 0; i < 2; i++)
    {
      s[2 * i] = __builtin_shufflevector (r[i], r[i + 2], 0, 4, 1, 5);
      s[2 * i + 1] = __builtin_shufflevector (r[i], r[i + 2], 2, 6, 3, 7);
    }
  for (gsize i = 0; i < 2; i++)
    {
      r[2 * i] = __builtin_shufflevector (s[i], s[i + 2], 0, 4, 1, 5);
      r[2 * i + 1] = __builtin_shufflevector (s[i], s[i + 2], 2, 6, 3, 7);
    }
  for (gsize i = 0; i < 4; i++)
    memcpy (to + i * to_stride, &r[i], sizeof r[i]);
}

/* to (columns,rows) = transpose of from (rows,columns); strides in floats. */
static inline void
sl_transpose (gsize rows, gsize columns, const float *from, gsize from_stride, float *to,
              gsize to_stride)
{
  gsize whole_rows = rows & ~(gsize)3, whole_columns = columns & ~(gsize)3;

  for (gsize i = 0; i < whole_rows; i += 4)
    for (gsize j = 0; j < whole_columns; j += 4)
      sl_transpose_4x4 (from + i * from_stride + j, from_stride, to + j * to_stride + i, to_stride);
  for (gsize i = 0; i < rows; i++)
    for (gsize j = i < whole_rows ? whole_columns : 0; j < columns; j++)
      to[j * to_stride + i] = from[i * from_stride + j];
}
