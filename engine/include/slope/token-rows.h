/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/token-cache.h>

G_BEGIN_DECLS

/**
 * SlTokenRows:
 *
 * What a classifier of texts reads: batches of texts, whole or a part of each, at the end of its row with padding before
 * it.  Texts of about the same length come together, so that there is little of it.  One thread.
 */
typedef struct _SlTokenRows SlTokenRows;

typedef struct
{
  guint  n_rows;     /* of a batch, at most; 2 or more */
  guint  max_tokens; /* that are read of a text: its last ones */
  gsize  max_places; /* rows × length of a batch, at most; no less than 2 × max_tokens: what bounds the memory */
  double least_part; /* above 0: of each text a shuffled epoch reads this share or more; 1: whole texts */
} SlTokenRowsOptions;

/* 11 of the longest texts, or 32 of 512 tokens: with the small preset, all of it trained, 0.9 GiB. */
#define SL_TOKEN_ROWS_OPTIONS_INIT ((SlTokenRowsOptions){ 32, 1400, 16384, 1 })

typedef struct
{
  guint          n_rows;
  guint          length; /* of each row */
  const guint32 *items;  /* (n_rows): numbers of the items, the longest text's first */
} SlTokenBatch;

/**
 * sl_token_rows_new:
 * @map: (array) (transfer none): sl_vocabulary_map() of @cache; must outlive the rows
 * @texts: (array length=n_items): which text of the cache each item is; copied
 */
SlTokenRows *sl_token_rows_new  (SlTokenCache *cache, const guint32 *map, const guint32 *texts,
                                 gsize n_items, const SlTokenRowsOptions *options);
void         sl_token_rows_free (SlTokenRows *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlTokenRows, sl_token_rows_free)

/**
 * sl_token_rows_begin:
 * @shuffle: for training, by @key alone, as sl_random_key() makes it of seed and epoch
 *
 * A new epoch: every item once.  Shuffled, items are cut into chunks of 50 batches, each chunk is sorted by length
 * and cut into batches, and these come in random order; the one with the longest text is the first, so that what
 * needs too much memory fails at once (the course's way; but none is dropped).  No batch has a single row, which cannot be
 * normalised, unless there is but one item; where batches have two, the last may have three.  Otherwise: all by length, longest first.
 *
 * With @least_part below 1, a shuffled epoch reads of each text a run of tokens that lie together: how many, from
 * @least_part of them up to all, and where it begins are drawn evenly.  No run is shorter than 20 tokens, or the text where
 * that is shorter, nor longer than @max_tokens.
 *
 * Returns: batches of this epoch; shuffled, that may differ a little from one to the next
 */
gsize    sl_token_rows_begin (SlTokenRows *self, gboolean shuffle, guint64 key);
/* The next batch, valid until sl_token_rows_begin(); FALSE: there is none. */
gboolean sl_token_rows_next  (SlTokenRows *self, SlTokenBatch *batch);
/* Writes tokens (n_rows,length) and starts (n_rows), as sl_text_classifier_build() wants them. */
void     sl_token_rows_fill  (const SlTokenRows *self, const SlTokenBatch *batch, gint32 *tokens,
                              gint32 *starts);

G_END_DECLS
