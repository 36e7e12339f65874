/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/error.h>

G_BEGIN_DECLS

/* ---- Words: how a text becomes tokens */

/* Tokens with a meaning of their own, in the order in which every vocabulary begins.  Stored in
 * files: append, never renumber. */
typedef enum
{
  SL_SPECIAL_UNKNOWN = 0,      /* xxunk: a word that the vocabulary lacks */
  SL_SPECIAL_PADDING = 1,      /* xxpad: fills short texts of a batch */
  SL_SPECIAL_BEGIN = 2,        /* xxbos: before each text */
  SL_SPECIAL_END = 3,          /* xxeos: after each text, where that rule is on */
  SL_SPECIAL_FIELD = 4,        /* xxfld n: before column n of a text of several */
  SL_SPECIAL_CAPITAL = 5,      /* xxmaj: the next word is Capitalised */
  SL_SPECIAL_UPPER = 6,        /* xxup: the next word is in ALL CAPITALS */
  SL_SPECIAL_REPEAT = 7,       /* xxrep n c: character c, n times */
  SL_SPECIAL_WORD_REPEAT = 8,  /* xxwrep n w: word w, n times */
  SL_N_SPECIALS
} SlSpecial;

const char *sl_special_token (SlSpecial special);

/* What is done to a text, in this order; each can be left out. */
typedef enum
{
  SL_TOKEN_HTML = 1 << 0,       /* entities and their remnants, <br />, WikiText's " @-@ " and <unk> */
  SL_TOKEN_CHARACTERS = 1 << 1, /* !!!!! → xxrep 5 ! */
  SL_TOKEN_WORDS = 1 << 2,      /* very very very very → xxwrep 4 very */
  SL_TOKEN_MARKS = 1 << 3,      /* spaces around / # and line breaks */
  SL_TOKEN_SPACES = 1 << 4,     /* several spaces → one */
  SL_TOKEN_ENGLISH = 1 << 5,    /* do n't, it 's, ca n't; "Mr." and "U.S." stay whole */
  SL_TOKEN_UPPER = 1 << 6,      /* GREAT → xxup great */
  SL_TOKEN_CAPITAL = 1 << 7,    /* Great → xxmaj great */
  SL_TOKEN_LOWER = 1 << 8,      /* whatever else has capitals: McDonald → mcdonald */
  SL_TOKEN_FIELDS = 1 << 9,     /* xxfld 1 …  xxfld 2 … */
  SL_TOKEN_END = 1 << 10        /* xxeos after each text */
} SlTokenRules;

#define SL_TOKEN_COURSE \
  (SL_TOKEN_HTML | SL_TOKEN_CHARACTERS | SL_TOKEN_WORDS | SL_TOKEN_MARKS | SL_TOKEN_SPACES \
   | SL_TOKEN_ENGLISH | SL_TOKEN_UPPER | SL_TOKEN_CAPITAL | SL_TOKEN_LOWER)

typedef struct
{
  SlTokenRules rule;
  const char  *id;      /* "html": in files and on the command line */
  const char  *example; /* a text that the rule changes */
} SlTokenRuleInfo;

/* All rules in their order; static. */
const SlTokenRuleInfo *sl_token_rules_list (guint *n);
/* (transfer full): "html,characters,…"; "none". */
char    *sl_token_rules_to_string (SlTokenRules rules);
/* @error: %SL_ERROR_DATA: an unknown name. */
gboolean sl_token_rules_parse     (const char *text, SlTokenRules *rules, GError **error);

/**
 * SlTokeniser:
 *
 * Cuts texts into tokens: the rules on the text, Unicode's word boundaries (UAX 29, by ICU; Thai, Chinese
 * and Japanese by its dictionaries), the rules on words.  The same text gives the same tokens in every
 * locale and on any number of threads; a tokeniser belongs to one thread at a time.
 */
typedef struct _SlTokeniser SlTokeniser;

/* A token is longer than this only as several tokens: no word of any language is, and junk then fills no
 * memory. */
#define SL_MAX_TOKEN_BYTES 240

/* @token: UTF-8, @length bytes, not 0-terminated; valid during the call. */
typedef void (*SlTokenFunc) (const char *token, gsize length, gpointer user_data);

/* @error: %SL_ERROR_UNSUPPORTED: ICU has no rules for words here. */
SlTokeniser *sl_tokeniser_new  (SlTokenRules rules, GError **error);
void         sl_tokeniser_free (SlTokeniser *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlTokeniser, sl_tokeniser_free)
/**
 * sl_tokeniser_run:
 * @text: UTF-8; bytes that are none become U+FFFD
 * @length: in bytes; -1: 0-terminated
 *
 * Calls @func for each token, xxbos first.  Memory: a few times the longest text.
 */
void         sl_tokeniser_run        (SlTokeniser *self, const char *text, gssize length,
                                      SlTokenFunc func, gpointer user_data);
/* The same for a text of several columns: with the rule for fields, xxfld and its number go before each. */
void         sl_tokeniser_run_fields (SlTokeniser *self, const char *const *fields, guint n,
                                      SlTokenFunc func, gpointer user_data);
/* (transfer full): all tokens of a short text; %NULL-terminated. */
char       **sl_tokeniser_split      (SlTokeniser *self, const char *text);

/* ---- And back */

/**
 * SlDetokeniser:
 *
 * Makes a text of tokens, one after the other: special tokens are done as they say, marks are set as is usual in
 * English, "i" becomes "I".  Unknown words become "[?]", xxbos and fields begin a paragraph.  One thread.
 */
typedef struct _SlDetokeniser SlDetokeniser;

SlDetokeniser *sl_detokeniser_new  (void);
void           sl_detokeniser_free (SlDetokeniser *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlDetokeniser, sl_detokeniser_free)
/* Appends to @text what @token, UTF-8 of @length > 0 bytes, adds: its space before it; nothing yet for xxmaj and its like. */
void           sl_detokeniser_add  (SlDetokeniser *self, const char *token, gsize length, GString *text);
/* (transfer full): the text of @tokens, %NULL-terminated. */
char          *sl_tokens_to_text   (const char *const *tokens);

G_END_DECLS
