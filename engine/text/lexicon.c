/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "text/lexicon.h"

#include <string.h>

#define FIRST_SLOTS 1024

static void
set_slots (SlLexicon *self, guint32 n)
{
  self->slots = g_renew (guint32, self->slots, n);
  self->n_slots = n;
  memset (self->slots, 0xFF, (gsize)n * sizeof *self->slots);
}

SlLexicon *
_sl_lexicon_new (void)
{
  SlLexicon *self = g_new0 (SlLexicon, 1);
  guint32 zero = 0;

  self->bytes = g_byte_array_new ();
  self->offsets = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_array_append_val (self->offsets, zero);
  set_slots (self, FIRST_SLOTS);
  return self;
}

void
_sl_lexicon_free (SlLexicon *self)
{
  g_byte_array_unref (self->bytes);
  g_array_unref (self->offsets);
  g_free (self->slots);
  g_free (self);
}

void
_sl_lexicon_clear (SlLexicon *self)
{
  g_byte_array_set_size (self->bytes, 0);
  g_array_set_size (self->offsets, 1);
  memset (self->slots, 0xFF, (gsize)self->n_slots * sizeof *self->slots);
  self->n = 0;
}

const char *
_sl_lexicon_word (const SlLexicon *self, guint32 number, gsize *length)
{
  guint32 begin = g_array_index (self->offsets, guint32, number);

  *length = g_array_index (self->offsets, guint32, number + 1) - begin;
  return (const char *)self->bytes->data + begin;
}

/* FNV-1a, mixed once more since only its low bits are used. */
static guint32
hash_word (const char *word, gsize length)
{
  guint32 hash = 2166136261u;

  for (gsize i = 0; i < length; i++)
    hash = (hash ^ (guchar)word[i]) * 16777619u;
  hash ^= hash >> 15;
  return hash * 0x2C1B3C6Du;
}

/* The slot that holds the word, or the free one where it belongs. */
static guint32
find_slot (const SlLexicon *self, const char *word, gsize length)
{
  guint32 mask = self->n_slots - 1;

  for (guint32 slot = hash_word (word, length) & mask;; slot = (slot + 1) & mask)
    {
      gsize known_length;
      const char *known;

      if (self->slots[slot] == SL_NO_WORD)
        return slot;
      known = _sl_lexicon_word (self, self->slots[slot], &known_length);
      if (known_length == length && memcmp (known, word, length) == 0)
        return slot;
    }
}

static void
grow (SlLexicon *self)
{
  set_slots (self, self->n_slots * 2);
  for (guint32 i = 0; i < self->n; i++)
    {
      gsize length;
      const char *word = _sl_lexicon_word (self, i, &length);

      self->slots[find_slot (self, word, length)] = i;
    }
}

guint32
_sl_lexicon_find (const SlLexicon *self, const char *word, gsize length)
{
  return self->slots[find_slot (self, word, length)];
}

guint32
_sl_lexicon_add (SlLexicon *self, const char *word, gsize length)
{
  guint32 slot = find_slot (self, word, length), end;

  if (self->slots[slot] != SL_NO_WORD)
    return self->slots[slot];
  if (self->n >= G_MAXINT32 / 2 || length > (gsize)G_MAXUINT32 - self->bytes->len)
    return SL_NO_WORD;
  g_byte_array_append (self->bytes, (const guint8 *)word, (guint)length);
  end = self->bytes->len;
  g_array_append_val (self->offsets, end);
  self->slots[slot] = self->n++;
  if (self->n > self->n_slots / 2)
    grow (self);
  return self->n - 1;
}
