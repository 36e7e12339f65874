/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/text-import.h>

G_BEGIN_DECLS

/**
 * SlTexts:
 *
 * The texts of a project and their tokens: what trainer, evaluation and window read them by.  A text is
 * known by its row, from 0 in the order of adding.  Immutable once shared; atomic reference count; any thread.
 */
typedef struct _SlTexts SlTexts;

/* @store: file of an import's texts; @tokens: file that the tokens are kept in, made when first asked for.
 * Neither need be there yet. */
SlTexts *sl_texts_new   (const char *store, const char *tokens);
SlTexts *sl_texts_ref   (SlTexts *self);
void     sl_texts_unref (SlTexts *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlTexts, sl_texts_unref)
/* As SlTextItem has them. */
void     sl_texts_add   (SlTexts *self, guint64 offset, guint32 bytes, const char *hash);
gsize    sl_texts_n     (const SlTexts *self);
/* (transfer full): text @row.  @error: as sl_text_store_open() and sl_text_store_read() */
char    *sl_texts_read  (SlTexts *self, gsize row, GError **error);
/* (transfer full): what is in the file at @path, as UTF-8, its encoding told as imports tell it.  Any thread.
 * @error: %SL_ERROR_FORMAT: no text, or larger than 256 MiB; %G_FILE_ERROR */
char    *sl_texts_read_file (const char *path, GError **error);
/**
 * sl_texts_tokens:
 *
 * The tokens of all texts, by rows: from the file where that is of these texts and rules, else made anew, which
 * takes a second for some 5 MB of text.  The last ones asked for stay open.
 *
 * Returns: (transfer full).  @error: as sl_token_cache_build(); where the file cannot be written, it is
 *   made in a temporary folder.
 */
SlTokenCache *sl_texts_tokens (SlTexts *self, SlTokenRules rules, GCancellable *cancellable,
                               SlProgressFunc progress, gpointer user_data, GError **error);

G_END_DECLS
