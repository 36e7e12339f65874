/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <slope/audit.h>

#include <string.h>

/* Measured with SL_LOOK_NEAR and this likeness: of 1,228 pictures (photographs of bears, dogs and cats;
 * Slope's landscapes, streets and faces) every copy is found that was encoded anew at quality 35,
 * scaled to 0.6, darkened with less contrast, or mirrored: at most 6 bits differ.  One that has lost
 * 3 % at two of its sides differs in at most 9 to 11 bits in nine cases of ten.  Among the 59,168
 * pairs of different photographs, as they are and mirrored, none is taken for one (by bits alone the
 * first is at 12); among 146,260 of drawn pictures one is, two faces. */
#define ALIKE 0.93

#define N_BANDS 4
#define BAND_BITS 16
#define N_CELLS (1u << BAND_BITS)
#define BAND_NEAR 2 /* SL_LOOK_NEAR / N_BANDS */
#define N_PROBES (1 + BAND_BITS + BAND_BITS * (BAND_BITS - 1) / 2)

G_STATIC_ASSERT (SL_LOOK_NEAR / N_BANDS == BAND_NEAR);

/* ---- The index */

/* Places by the value of one band: those of cell c are order[start[c]] … order[start[c + 1] - 1]. */
typedef struct
{
  guint32 *start, *order;
} Band;

static guint
band_of (guint64 bits, guint band)
{
  return bits >> (band * BAND_BITS) & (N_CELLS - 1);
}

static void
band_init (Band *self, guint band, const SlLook *const *looks, const guint32 *places, gsize n)
{
  self->start = g_new0 (guint32, N_CELLS + 2);
  self->order = g_new (guint32, MAX (n, 1));
  for (gsize i = 0; i < n; i++)
    self->start[band_of (looks[places[i]]->bits, band) + 2]++;
  for (guint c = 2; c < N_CELLS + 2; c++)
    self->start[c] += self->start[c - 1];
  for (gsize i = 0; i < n; i++)
    self->order[self->start[band_of (looks[places[i]]->bits, band) + 1]++] = places[i];
}

static void
band_clear (Band *self)
{
  g_free (self->start);
  g_free (self->order);
}

/* All values of a band with at most BAND_NEAR bits set. */
static void
list_probes (guint16 probes[N_PROBES])
{
  guint n = 0;

  probes[n++] = 0;
  for (guint i = 0; i < BAND_BITS; i++)
    {
      probes[n++] = (guint16)(1u << i);
      for (guint k = 0; k < i; k++)
        probes[n++] = (guint16)(1u << i | 1u << k);
    }
}

/* ---- Search */

typedef struct
{
  const SlLook *const *looks;
  Band bands[N_BANDS];
  guint16 probes[N_PROBES];
  GArray *pairs;
} Search;

static void
add_pair (Search *self, guint32 a, guint32 b, gboolean mirrored)
{
  const SlLook *x = self->looks[a], *y = self->looks[b];
  SlLookPair pair = { MIN (a, b), MAX (a, b), sl_look_distance (x, y, mirrored), mirrored };

  if (pair.distance <= SL_LOOK_NEAR && sl_look_likeness (x, y, mirrored) >= ALIKE)
    g_array_append_val (self->pairs, pair);
}

/* Whether an earlier band has found this pair. */
static gboolean
found_before (guint64 differ, guint band)
{
  for (guint b = 0; b < band; b++)
    if (__builtin_popcount (band_of (differ, b)) <= BAND_NEAR)
      return TRUE;
  return FALSE;
}

/* Later places that look like @place. */
static void
search (Search *self, guint32 place, gboolean mirrored)
{
  guint64 bits = self->looks[place]->bits;

  if (mirrored)
    bits ^= sl_look_mirror_bits ();
  for (guint b = 0; b < N_BANDS; b++)
    for (guint p = 0; p < N_PROBES; p++)
      {
        guint cell = band_of (bits, b) ^ self->probes[p];

        for (guint32 i = self->bands[b].start[cell]; i < self->bands[b].start[cell + 1]; i++)
          {
            guint32 other = self->bands[b].order[i];
            guint64 differ = bits ^ self->looks[other]->bits;

            if (other <= place || __builtin_popcountll (differ) > SL_LOOK_NEAR
                || found_before (differ, b))
              continue;
            if (!mirrored
                || sl_look_distance (self->looks[place], self->looks[other], FALSE) > SL_LOOK_NEAR)
              add_pair (self, place, other, mirrored);
          }
      }
}

static int
compare_pairs (gconstpointer a, gconstpointer b)
{
  const SlLookPair *x = a, *y = b;

  if (x->a != y->a)
    return x->a < y->a ? -1 : 1;
  if (x->b != y->b)
    return x->b < y->b ? -1 : 1;
  return x->mirrored - y->mirrored;
}

static int
compare_bits (gconstpointer a, gconstpointer b, gpointer looks)
{
  const SlLook *const *all = looks;
  guint32 i = *(const guint32 *)a, k = *(const guint32 *)b;

  if (all[i]->bits != all[k]->bits)
    return all[i]->bits < all[k]->bits ? -1 : 1;
  return i < k ? -1 : i > k;
}

/* The first of each bits; the others are paired with the one before them, so that a thousand copies
 * are not half a million pairs. */
static GArray *
pair_equals (Search *self, gsize n)
{
  GArray *places = g_array_new (FALSE, FALSE, sizeof (guint32));
  gsize n_first = 0;

  for (guint32 i = 0; i < n; i++)
    if (self->looks[i] != NULL && !self->looks[i]->flat)
      g_array_append_val (places, i);
  g_array_sort_with_data (places, compare_bits, (gpointer)self->looks);
  for (guint i = 0; i < places->len; i++)
    {
      guint32 place = g_array_index (places, guint32, i);
      guint32 before = i > 0 ? g_array_index (places, guint32, i - 1) : place;

      if (i > 0 && self->looks[before]->bits == self->looks[place]->bits)
        add_pair (self, before, place, FALSE);
      else
        g_array_index (places, guint32, n_first++) = place;
    }
  g_array_set_size (places, n_first);
  return places;
}

GArray *
sl_look_pairs (const SlLook *const *looks, gsize n)
{
  Search search_all = { .looks = looks };
  g_autoptr (GArray) places = NULL;
  const guint32 *first;

  g_return_val_if_fail (looks != NULL || n == 0, NULL);
  g_return_val_if_fail (n < G_MAXUINT32, NULL);

  search_all.pairs = g_array_new (FALSE, FALSE, sizeof (SlLookPair));
  places = pair_equals (&search_all, n);
  first = (const guint32 *)(gconstpointer)places->data;
  list_probes (search_all.probes);
  for (guint b = 0; b < N_BANDS; b++)
    band_init (&search_all.bands[b], b, looks, first, places->len);
  for (guint i = 0; i < places->len; i++)
    {
      search (&search_all, first[i], FALSE);
      search (&search_all, first[i], TRUE);
    }
  for (guint b = 0; b < N_BANDS; b++)
    band_clear (&search_all.bands[b]);
  g_array_sort (search_all.pairs, compare_pairs);
  return search_all.pairs;
}
