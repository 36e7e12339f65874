/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <slope/text.h>

G_BEGIN_DECLS

#define SLOPE_MAX_TOKEN_RULES 16

/* A text as tokens, and what each rule, by its place in sl_token_rules_list(), does. */
typedef struct
{
  char **tokens;  /* NULL-terminated */
  gsize  n_tokens;
  gboolean has_effects; /* whether what follows is known */
  guint  changes[SLOPE_MAX_TOKEN_RULES];  /* tokens that are others with the rule than without it */
  char  *examples[SLOPE_MAX_TOKEN_RULES]; /* "GREAT → xxup great" */
} SlopeTokens;

void         slope_tokens_free     (SlopeTokens *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlopeTokens, slope_tokens_free)

/**
 * slope_tokens_async:
 * @effects: whether the rules are asked for too, which takes a dozen times as long
 *
 * Cuts @text into tokens on a thread.  @callback gets no source.
 */
void         slope_tokens_async    (const char *text, SlTokenRules rules, gboolean effects,
                                    GCancellable *cancellable, GAsyncReadyCallback callback,
                                    gpointer user_data);
/* (transfer full).  @error: as sl_tokeniser_new(), %G_IO_ERROR_CANCELLED */
SlopeTokens *slope_tokens_finish   (GAsyncResult *result, GError **error);

G_END_DECLS
