/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "text/vocabulary-private.h"

#include <string.h>

#define MAGIC "slope-vocabulary "
#define VERSION 1

/* ---- Writing */

/* A carriage return is spelled as a line break is: at a line's end it would be taken for an editor's. */
static void
append_word (GString *text, const char *word, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (word[i] == '\n')
      g_string_append (text, "\\n");
    else if (word[i] == '\r')
      g_string_append (text, "\\r");
    else if (word[i] == '\\')
      g_string_append (text, "\\\\");
    else
      g_string_append_c (text, word[i]);
}

char *
sl_vocabulary_to_text (const SlVocabulary *self)
{
  g_autofree char *rules = sl_token_rules_to_string (self->rules);
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, MAGIC "%d %s\n", VERSION, rules);
  for (guint i = 0; i < self->words->n; i++)
    {
      gsize length;
      const char *word = _sl_lexicon_word (self->words, i, &length);

      g_string_append_printf (text, "%" G_GUINT64_FORMAT "\t", sl_vocabulary_get_count (self, i));
      append_word (text, word, length);
      g_string_append_c (text, '\n');
    }
  return g_string_free (text, FALSE);
}

gboolean
sl_vocabulary_save (const SlVocabulary *self, const char *path, GError **error)
{
  g_autofree char *text = sl_vocabulary_to_text (self);

  return g_file_set_contents_full (
      path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0644, error);
}

/* ---- Reading */

G_GNUC_PRINTF (3, 4)
static gboolean
set_wrong (GError **error, guint line, const char *format, ...)
{
  g_autofree char *what = NULL;
  va_list args;

  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, SL_ERROR, SL_ERROR_FORMAT,
               "Line %u of the vocabulary %s: mend it, or take another one", line, what);
  return FALSE;
}

static gboolean
read_header (const char *line, SlTokenRules *rules, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (line, " ", 3);
  guint64 version;

  if (!g_str_has_prefix (line, MAGIC) || g_strv_length (parts) != 3
      || !g_ascii_string_to_unsigned (parts[1], 10, 1, G_MAXUINT32, &version, NULL))
    return set_wrong (error, 1, "does not begin with “" MAGIC "%d”", VERSION);
  if (version > VERSION)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_NEWER,
                   "The vocabulary was written by a newer Slope: open it with that one");
      return FALSE;
    }
  return sl_token_rules_parse (parts[2], rules, error);
}

/* In place. @error set: a backslash that is not followed by n, r or another. */
static gboolean
undo_escapes (char *word, guint line, GError **error)
{
  char *to = word;

  for (const char *at = word; *at != '\0'; at++, to++)
    if (*at != '\\')
      *to = *at;
    else if (at[1] == 'n' || at[1] == 'r' || at[1] == '\\')
      {
        at++;
        *to = *at == 'n' ? '\n' : *at == 'r' ? '\r' : '\\';
      }
    else
      return set_wrong (error, line, "has a single backslash");
  *to = '\0';
  return TRUE;
}

static gboolean
check_new (const SlVocabulary *self, const char *word, guint line, GError **error)
{
  guint32 next = self->words->n;

  if (*word == '\0')
    return set_wrong (error, line, "has no word");
  if (strlen (word) > SL_MAX_TOKEN_BYTES)
    return set_wrong (error, line, "has a word of more than %d bytes", SL_MAX_TOKEN_BYTES);
  if (_sl_lexicon_find (self->words, word, strlen (word)) != SL_NO_WORD)
    return set_wrong (error, line, "has “%s” again", word);
  if (next < SL_N_SPECIALS && !g_str_equal (word, sl_special_token (next)))
    return set_wrong (error, line, "must have “%s”", sl_special_token (next));
  if (next >= SL_VOCABULARY_MAX_WORDS)
    return set_wrong (error, line, "is one of more than %d words", SL_VOCABULARY_MAX_WORDS);
  return TRUE;
}

static gboolean
read_word (SlVocabulary *self, char *text, guint line, GError **error)
{
  char *tab = strchr (text, '\t');
  guint64 count;

  if (tab != NULL)
    *tab = '\0';
  if (tab == NULL || !g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT64, &count, NULL))
    return set_wrong (error, line, "does not begin with a number and a tab");
  if (!undo_escapes (tab + 1, line, error) || !check_new (self, tab + 1, line, error))
    return FALSE;
  _sl_lexicon_add (self->words, tab + 1, strlen (tab + 1));
  g_array_append_val (self->counts, count);
  return TRUE;
}

SlVocabulary *
sl_vocabulary_from_text (const char *text, gsize length, GError **error)
{
  g_autoptr (SlVocabulary) self = NULL;
  const char *end = text + length;
  guint line = 0;

  if (!g_utf8_validate_len (text, length, NULL))
    {
      g_set_error (error, SL_ERROR, SL_ERROR_FORMAT,
                   "The vocabulary is no UTF-8 text: take another one");
      return NULL;
    }
  while (text < end)
    {
      const char *stop = memchr (text, '\n', (gsize)(end - text));
      g_autofree char *copy = g_strndup (text, (gsize)((stop != NULL ? stop : end) - text));
      SlTokenRules rules = 0;

      if (g_str_has_suffix (copy, "\r"))
        copy[strlen (copy) - 1] = '\0';
      if (++line > 1 && !read_word (self, copy, line, error))
        return NULL;
      if (line == 1 && !read_header (copy, &rules, error))
        return NULL;
      if (line == 1)
        self = _sl_vocabulary_new (rules);
      text = stop != NULL ? stop + 1 : end;
    }
  if (self != NULL && self->words->n >= SL_N_SPECIALS)
    return g_steal_pointer (&self);
  set_wrong (error, line + 1, "is missing: the special words come first");
  return NULL;
}

SlVocabulary *
sl_vocabulary_load (const char *path, GError **error)
{
  g_autofree char *text = NULL;
  g_autofree char *shown = g_filename_display_basename (path);
  SlVocabulary *self;
  gsize length;

  if (!g_file_get_contents (path, &text, &length, error))
    return NULL;
  self = sl_vocabulary_from_text (text, length, error);
  if (self == NULL)
    g_prefix_error (error, "%s: ", shown);
  return self;
}
