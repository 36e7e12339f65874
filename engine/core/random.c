/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <slope/random.h>

#include "core/philox.h"
#include <math.h>

static void
philox (const guint32 key[2], const guint32 counter[4], guint32 out[4])
{
  guint32 k0 = key[0], k1 = key[1];
  guint32 c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3];

  for (guint round = 0; round < SL_PHILOX_ROUNDS; round++)
    {
      guint64 p0 = (guint64)SL_PHILOX_M0 * c0;
      guint64 p1 = (guint64)SL_PHILOX_M1 * c2;

      c0 = (guint32)(p1 >> 32) ^ c1 ^ k0;
      c1 = (guint32)p1;
      c2 = (guint32)(p0 >> 32) ^ c3 ^ k1;
      c3 = (guint32)p0;
      k0 += SL_PHILOX_W0;
      k1 += SL_PHILOX_W1;
    }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

static guint64
philox_u64 (guint64 key, guint64 low, guint64 high)
{
  guint32 key_words[2] = { (guint32)key, (guint32)(key >> 32) };
  guint32 counter[4] = { (guint32)low, (guint32)(low >> 32), (guint32)high, (guint32)(high >> 32) };
  guint32 out[4];

  philox (key_words, counter, out);
  return out[0] | (guint64)out[1] << 32;
}

guint64
sl_random_key (guint64 seed, SlPurpose purpose, guint64 a, guint64 b)
{
  return philox_u64 (philox_u64 (seed, purpose, G_MAXUINT64), a, b);
}

void
sl_random_init (SlRandom *self, guint64 key)
{
  *self = (SlRandom){ .key = { (guint32)key, (guint32)(key >> 32) } };
}

guint32
sl_random_u32 (SlRandom *self)
{
  if (self->left == 0)
    {
      philox (self->key, self->counter, self->out);
      self->left = 4;
      for (guint i = 0; i < 4 && ++self->counter[i] == 0; i++)
        ;
    }
  return self->out[4 - self->left--];
}

static guint64
random_u64 (SlRandom *self)
{
  guint64 low = sl_random_u32 (self);

  return low | (guint64)sl_random_u32 (self) << 32;
}

double
sl_random_uniform (SlRandom *self, double low, double high)
{
  double unit = (double)(random_u64 (self) >> 11) * 0x1p-53;
  double value = low + (high - low) * unit;

  /* Rounding may reach the open end. */
  return value < high || high <= low ? value : nextafter (high, low);
}

double
sl_random_normal (SlRandom *self)
{
  /* Box and Muller 1958; the second value is dropped, so that there is no state to forget. */
  double u = 1.0 - sl_random_uniform (self, 0, 1);
  double v = sl_random_uniform (self, 0, 1);

  return sqrt (-2.0 * log (u)) * cos (2.0 * G_PI * v);
}

guint64
sl_random_below (SlRandom *self, guint64 n)
{
  guint64 limit, value;

  g_return_val_if_fail (n > 0, 0);

  /* The multiples of n that fit into 64 bits; what lies above them is drawn again. */
  limit = G_MAXUINT64 - (G_MAXUINT64 % n + 1) % n;
  do
    value = random_u64 (self);
  while (value > limit);
  return value % n;
}

void
sl_random_shuffle (SlRandom *self, guint32 *values, gsize n)
{
  /* Fisher and Yates. */
  for (gsize i = n; i > 1; i--)
    {
      gsize j = sl_random_below (self, i);
      guint32 swap = values[i - 1];

      values[i - 1] = values[j];
      values[j] = swap;
    }
}

void
sl_random_block (guint64 key, guint64 index, guint32 out[4])
{
  guint32 key_words[2] = { (guint32)key, (guint32)(key >> 32) };
  guint32 counter[4] = { (guint32)index, (guint32)(index >> 32), 0, 0 };

  philox (key_words, counter, out);
}
