/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <slope/audit.h>

#include <math.h>
#include <string.h>

#define SIDE 32    /* of what is transformed */
#define N_WAVES 11 /* frequencies 0 … 10 of each direction have the 64 lowest sums */
#define FLAT 2.0   /* standard deviation of the brightness, 0 … 255 */
#define DECODE_PX 64

/* ---- Frequencies */

typedef struct
{
  guint8 across[64], down[64]; /* of each bit */
  guint64 odd;                 /* bits whose sign changes in the mirror */
  float wave[N_WAVES][SIDE];
} Waves;

/* Bits go by rising sum of both frequencies. */
static const Waves *
get_waves (void)
{
  static Waves waves;
  static gsize once;

  if (g_once_init_enter (&once))
    {
      guint n = 0;

      for (guint sum = 1; n < 64; sum++)
        for (guint u = 0; u <= sum && n < 64; u++, n++)
          {
            waves.across[n] = (guint8)u;
            waves.down[n] = (guint8)(sum - u);
            if (u % 2 == 1)
              waves.odd |= G_GUINT64_CONSTANT (1) << n;
          }
      for (guint k = 0; k < N_WAVES; k++)
        for (guint i = 0; i < SIDE; i++)
          waves.wave[k][i] = (float)cos (G_PI * k * (i + 0.5) / SIDE);
      g_once_init_leave (&once, 1);
    }
  return &waves;
}

/* ---- Taking a look */

/* Luma of Rec. 601. */
static void
take_grey (const SlPicture *picture, float grey[SIDE * SIDE])
{
  g_autoptr (SlPicture) small = sl_picture_scale (picture, SIDE, SIDE);

  for (guint i = 0; i < SIDE * SIDE; i++)
    {
      const guint8 *p = small->pixels + 3 * i;

      grey[i] = 0.299f * p[0] + 0.587f * p[1] + 0.114f * p[2];
    }
}

static guint64
take_bits (const float grey[SIDE * SIDE])
{
  const Waves *waves = get_waves ();
  float across[SIDE][N_WAVES];
  guint64 bits = 0;

  for (guint y = 0; y < SIDE; y++)
    for (guint u = 0; u < N_WAVES; u++)
      {
        float sum = 0.0f;

        for (guint x = 0; x < SIDE; x++)
          sum += grey[y * SIDE + x] * waves->wave[u][x];
        across[y][u] = sum;
      }
  for (guint n = 0; n < 64; n++)
    {
      float sum = 0.0f;

      for (guint y = 0; y < SIDE; y++)
        sum += across[y][waves->across[n]] * waves->wave[waves->down[n]][y];
      if (sum > 0.0f)
        bits |= G_GUINT64_CONSTANT (1) << n;
    }
  return bits;
}

static void
take_tiny (SlLook *self, const float grey[SIDE * SIDE])
{
  float cell[SL_LOOK_SIDE * SL_LOOK_SIDE] = { 0 };
  double mean = 0.0, square = 0.0;
  float most = 0.0f;

  for (guint i = 0; i < SIDE * SIDE; i++)
    cell[i / SIDE / 2 * SL_LOOK_SIDE + i % SIDE / 2] += grey[i] / 4.0f;
  for (guint i = 0; i < G_N_ELEMENTS (cell); i++)
    mean += cell[i] / G_N_ELEMENTS (cell);
  for (guint i = 0; i < G_N_ELEMENTS (cell); i++)
    {
      cell[i] -= (float)mean;
      square += cell[i] * cell[i] / G_N_ELEMENTS (cell);
      most = MAX (most, fabsf (cell[i]));
    }
  self->flat = sqrt (square) < FLAT;
  for (guint i = 0; i < G_N_ELEMENTS (cell); i++)
    self->tiny[i] = self->flat ? 0 : (gint8)lrintf (127.0f * cell[i] / most);
}

void
sl_look_take (SlLook *self, const SlPicture *picture)
{
  float grey[SIDE * SIDE];

  g_return_if_fail (self != NULL && picture != NULL);

  take_grey (picture, grey);
  self->bits = take_bits (grey);
  take_tiny (self, grey);
}

gboolean
sl_look_take_file (SlLook *self, const char *path, GError **error)
{
  g_autoptr (SlPicture) picture = NULL;

  g_return_val_if_fail (self != NULL && path != NULL, FALSE);

  picture = sl_picture_load (path, DECODE_PX, error);
  if (picture == NULL)
    return FALSE;
  sl_look_take (self, picture);
  return TRUE;
}

/* ---- Comparing two */

guint64
sl_look_mirror_bits (void)
{
  return get_waves ()->odd;
}

guint
sl_look_distance (const SlLook *a, const SlLook *b, gboolean mirrored)
{
  return (guint)__builtin_popcountll (a->bits ^ b->bits ^ (mirrored ? get_waves ()->odd : 0));
}

double
sl_look_likeness (const SlLook *a, const SlLook *b, gboolean mirrored)
{
  gint64 both = 0, of_a = 0, of_b = 0;

  for (guint y = 0; y < SL_LOOK_SIDE; y++)
    for (guint x = 0; x < SL_LOOK_SIDE; x++)
      {
        int p = a->tiny[y * SL_LOOK_SIDE + x];
        int q = b->tiny[y * SL_LOOK_SIDE + (mirrored ? SL_LOOK_SIDE - 1 - x : x)];

        both += p * q;
        of_a += p * p;
        of_b += q * q;
      }
  return of_a == 0 || of_b == 0 ? 0.0 : both / sqrt ((double)of_a * (double)of_b);
}
