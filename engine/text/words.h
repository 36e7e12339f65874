/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/text.h>

G_BEGIN_DECLS

/* A word or mark of a text, in bytes. */
typedef struct
{
  guint32 begin;
  guint32 end;
} SlPiece;

/* What cuts texts at Unicode's word boundaries; one thread. */
typedef struct _SlWordCutter SlWordCutter;

SlWordCutter *_sl_word_cutter_new  (GError **error);
void          _sl_word_cutter_free (SlWordCutter *self);

/* Fills @pieces (SlPiece) with the words, marks and line breaks of @text, which is valid UTF-8 below 2 GiB;
 * other space is left out.  Marks that are one are joined ("...", "--", "10:30", ":-)"). */
void _sl_word_cutter_cut (SlWordCutter *self, const char *text, gsize length, GArray *pieces);

/* Fills @out with the @pieces as English divides and joins them. */
void _sl_english_pieces (const char *text, const GArray *pieces, GArray *out);

/* Whether no space lies in front of piece @i. */
static inline gboolean
_sl_piece_touches (const GArray *pieces, guint i)
{
  return i > 0 && i < pieces->len
         && g_array_index (pieces, SlPiece, i - 1).end == g_array_index (pieces, SlPiece, i).begin;
}

G_END_DECLS
