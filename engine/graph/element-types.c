/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/element-types.h"
#include <string.h>

G_STATIC_ASSERT (G_BYTE_ORDER == G_LITTLE_ENDIAN); /* the data are copied as they lie */

static float
float_from_bits (guint32 bits)
{
  float value;

  memcpy (&value, &bits, sizeof value);
  return value;
}

static void
copy_bf16 (const guint8 *from, gsize n, gpointer to)
{
  float *values = to;

  for (gsize i = 0; i < n; i++)
    values[i] = float_from_bits ((guint32)(from[2 * i] | from[2 * i + 1] << 8) << 16);
}

/* IEEE 754 half precision: 1 sign, 5 exponent (bias 15), 10 fraction. */
static float
float_from_half (guint16 half)
{
  guint32 sign = (guint32)(half & 0x8000) << 16;
  guint32 exponent = half >> 10 & 0x1f, fraction = half & 0x3ff;

  if (exponent == 0)
    return (sign != 0 ? -1.0f : 1.0f) * (float)fraction * 0x1p-24f;
  if (exponent == 31)
    return float_from_bits (sign | 0x7f800000 | fraction << 13);
  return float_from_bits (sign | (exponent + 127 - 15) << 23 | fraction << 13);
}

static void
copy_f16 (const guint8 *from, gsize n, gpointer to)
{
  float *values = to;

  for (gsize i = 0; i < n; i++)
    values[i] = float_from_half ((guint16)(from[2 * i] | from[2 * i + 1] << 8));
}

static void
copy_f64 (const guint8 *from, gsize n, gpointer to)
{
  float *values = to;

  for (gsize i = 0; i < n; i++)
    {
      double value;

      memcpy (&value, from + 8 * i, sizeof value);
      values[i] = (float)value;
    }
}

/* Counters such as PyTorch's num_batches_tracked: what is too large becomes the largest. */
static void
copy_i64 (const guint8 *from, gsize n, gpointer to)
{
  gint32 *values = to;

  for (gsize i = 0; i < n; i++)
    {
      gint64 value;

      memcpy (&value, from + 8 * i, sizeof value);
      values[i] = (gint32)CLAMP (value, G_MININT32, G_MAXINT32);
    }
}

static void
copy_i16 (const guint8 *from, gsize n, gpointer to)
{
  gint32 *values = to;

  for (gsize i = 0; i < n; i++)
    values[i] = (gint16)(from[2 * i] | from[2 * i + 1] << 8);
}

static void
copy_i8 (const guint8 *from, gsize n, gpointer to)
{
  gint32 *values = to;

  for (gsize i = 0; i < n; i++)
    values[i] = (gint8)from[i];
}

const SlElementType _sl_element_types[] = {
  { "F32", "FloatStorage", 4, SL_DTYPE_F32, NULL },
  { "F16", "HalfStorage", 2, SL_DTYPE_F32, copy_f16 },
  { "BF16", "BFloat16Storage", 2, SL_DTYPE_F32, copy_bf16 },
  { NULL, "DoubleStorage", 8, SL_DTYPE_F32, copy_f64 },
  { "I32", "IntStorage", 4, SL_DTYPE_I32, NULL },
  { "I64", "LongStorage", 8, SL_DTYPE_I32, copy_i64 },
  { NULL, "ShortStorage", 2, SL_DTYPE_I32, copy_i16 },
  { NULL, "CharStorage", 1, SL_DTYPE_I32, copy_i8 },
  { "U8", "ByteStorage", 1, SL_DTYPE_U8, NULL },
  { NULL, "BoolStorage", 1, SL_DTYPE_U8, NULL },
  { 0 },
};

void
_sl_element_copy (const SlElementType *type, const guint8 *from, gsize n, gpointer to)
{
  if (type->copy != NULL)
    type->copy (from, n, to);
  else if (n > 0)
    memcpy (to, from, n * type->size);
}
