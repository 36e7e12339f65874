/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <slope/awd-lstm.h>
#include <slope/vocabulary.h>

G_BEGIN_DECLS

#define SL_GENERATE_MAX_TOKENS 10000

/* How a text is continued. */
typedef struct
{
  guint    n_tokens;        /* most words and marks, special ones with them; 0 … SL_GENERATE_MAX_TOKENS */
  double   temperature;     /* scores are divided by it: below 1 likely words become likelier; 0: the likeliest only */
  guint    top_k;           /* only so many of the likeliest words; 0: all */
  double   min_probability; /* only words that the model itself gives so much, 0 … 1; the likeliest always */
  gboolean whole_text;      /* ends where the model ends a text; else that is never chosen */
  guint64  seed;            /* the same seed, the same text */
} SlGenerateOptions;

/* The course's. */
#define SL_GENERATE_OPTIONS_INIT ((SlGenerateOptions){ 40, 0.75, 0, 0.0, FALSE, 0 })

/* Each piece as it comes: a word with the space before it, or marks.  Called from the thread that generates. */
typedef void (*SlGenerateFunc) (const char *piece, gpointer user_data);

/**
 * SlGenerator:
 *
 * Continues texts with a language model.  One thread at a time.
 */
typedef struct _SlGenerator SlGenerator;

/**
 * sl_generator_new:
 * @params: of sl_language_new_params() or the same by name; kept, and may go on being trained between two runs
 * @error: %SL_ERROR_SHAPE: @vocabulary has not @model's number of words; as sl_plan_new()
 */
SlGenerator *sl_generator_new  (const SlAwdLstm *model, SlParams *params, SlVocabulary *vocabulary,
                                GError **error);
void         sl_generator_free (SlGenerator *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlGenerator, sl_generator_free)
/**
 * sl_generator_run:
 * @prompt: what the text begins with, of which the last thousand tokens are read; "": nothing
 * @func: (nullable)
 * @error: %SL_ERROR_DATA: an option out of its range; %SL_ERROR_DIVERGED: the model's scores are no numbers;
 *   %G_IO_ERROR_CANCELLED, between two words
 *
 * One token a step, the state carried.  Unknown words are never chosen.  Memory: that of one step.
 *
 * Returns: (transfer full): @prompt, to the letter, and its continuation
 */
char        *sl_generator_run  (SlGenerator *self, const char *prompt, const SlGenerateOptions *options,
                                SlGenerateFunc func, gpointer user_data, GCancellable *cancellable,
                                GError **error);

G_END_DECLS
