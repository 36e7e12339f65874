/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/token-cache.h>

G_BEGIN_DECLS

/**
 * SlTokenStreams:
 *
 * What a language model reads: texts one after the other, cut into as many streams of equal length as a batch has rows.
 * Row i of a batch goes on where row i of the one before ended, so that the state can be carried (truncated
 * backpropagation through time); each target is the token after its token.  One thread.
 */
typedef struct _SlTokenStreams SlTokenStreams;

/**
 * sl_token_streams_new:
 * @map: (array) (transfer none): sl_vocabulary_map() of @cache; must outlive the streams
 * @uses: (nullable): one a text; 0: left out
 * @n_streams: rows of a batch
 * @length: tokens of a row; 70 in the course, without jitter
 * @error: %SL_ERROR_DATA: less than two tokens a stream
 */
SlTokenStreams *sl_token_streams_new  (SlTokenCache *cache, const guint32 *map, const guint8 *uses,
                                       guint n_streams, guint length, GError **error);
void            sl_token_streams_free (SlTokenStreams *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlTokenStreams, sl_token_streams_free)

guint    sl_token_streams_n_streams (const SlTokenStreams *self);
guint    sl_token_streams_length    (const SlTokenStreams *self);
/* Tokens that are still to be foretold, of all rows. */
guint64  sl_token_streams_n_left    (const SlTokenStreams *self);
/* Of an epoch; the last one may be short, and up to @n_streams tokens of the texts are left over. */
gsize    sl_token_streams_n_batches (const SlTokenStreams *self);
/* Back to the beginning, where the state begins with zeros.  @shuffle: the texts in another order, by @key alone,
 * as sl_random_key() makes it of seed and epoch; else in the cache's. */
void     sl_token_streams_begin     (SlTokenStreams *self, gboolean shuffle, guint64 key);
/* As if so many batches had been read: where a training goes on. */
void     sl_token_streams_skip      (SlTokenStreams *self, gsize n_batches);
/**
 * sl_token_streams_next:
 * @tokens, @targets, @weights: (out): (n_streams,length) each
 *
 * The next batch.  Weights are 1, and 0 behind the end of the last batch's rows, whose tokens are padding.
 *
 * Returns: FALSE: there is none; nothing was written.
 */
gboolean sl_token_streams_next      (SlTokenStreams *self, gint32 *tokens, gint32 *targets, float *weights);

G_END_DECLS
