/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rules on whole texts do what the course's regular expressions do, in one pass each.  Where those stumble
 * over their own order ("&amp;" became "&&", "&#39;" became "&'"), the entity is read as a whole. */
#include "text/clean.h"

#include <string.h>

#define MIN_REPEATS 4

typedef void (*Rule) (const char *text, const char *end, GString *out);

/* ---- HTML and what earlier cleaning left of it */

static const struct
{
  const char *from;
  const char *to;
} remnants[] = {
  { "#39;", "'" },  { "#146;", "'" }, { "#36;", "$" },  { "amp;", "&" },  { "nbsp;", " " },
  { "quot;", "'" }, { "\\n", "\n" },  { "\\\"", "\"" }, { "\\", " \\ " }, { "<unk>", "xxunk" },
  { " @.@ ", "." }, { " @-@ ", "-" }, { " @,@ ", "," },
};

static gboolean
begins_with (const char *text, const char *end, const char *prefix, gsize length)
{
  return (gsize)(end - text) >= length && memcmp (text, prefix, length) == 0;
}

/* Bytes of a "<br>", "<br />", "<BR/>". */
static gsize
line_break (const char *text, const char *end)
{
  const char *at = text + 3;

  if (end - text < 4 || g_ascii_strncasecmp (text, "<br", 3) != 0)
    return 0;
  while (at < end && *at == ' ')
    at++;
  if (at < end && *at == '/')
    at++;
  return at < end && *at == '>' ? (gsize)(at + 1 - text) : 0;
}

static gsize
replace_remnant (const char *text, const char *end, GString *out)
{
  for (gsize i = 0; i < G_N_ELEMENTS (remnants); i++)
    {
      gsize length = strlen (remnants[i].from);

      if (remnants[i].from[0] == *text && begins_with (text, end, remnants[i].from, length))
        {
          g_string_append (out, remnants[i].to);
          return length;
        }
    }
  return 0;
}

static void
fix_html (const char *text, const char *end, GString *out)
{
  while (text < end)
    {
      const char *stop = text;
      gsize length = 0;

      while (stop < end && strchr ("&<#\\anq @", *stop) == NULL)
        stop++;
      g_string_append_len (out, text, stop - text);
      text = stop;
      if (text == end)
        return;
      if (*text == '&')
        length = _sl_read_entity (text, end, out);
      else if (*text == '<' && (length = line_break (text, end)) > 0)
        g_string_append_c (out, '\n');
      if (length == 0)
        length = replace_remnant (text, end, out);
      if (length == 0)
        {
          g_string_append_c (out, *text);
          length = 1;
        }
      text += length;
    }
}

/* ---- Repetitions */

static void
mark_repeat (GString *out, SlSpecial special, gsize n, const char *what, gsize length)
{
  g_string_append_printf (out, " %s %" G_GSIZE_FORMAT " ", sl_special_token (special), n);
  g_string_append_len (out, what, (gssize)length);
  g_string_append_c (out, ' ');
}

/* How often the @length bytes at @text stand there, one after the other. */
static gsize
count_repeats (const char *text, const char *end, gsize length)
{
  gsize n = 1;

  while (begins_with (text + n * length, end, text, length))
    n++;
  return n;
}

static void
mark_characters (const char *text, const char *end, GString *out)
{
  while (text < end)
    {
      gsize length = (gsize)(g_utf8_next_char (text) - text);
      gsize n = count_repeats (text, end, length);

      if (n >= MIN_REPEATS && !g_unichar_isspace (g_utf8_get_char (text)))
        mark_repeat (out, SL_SPECIAL_REPEAT, n, text, length);
      else
        g_string_append_len (out, text, (gssize)(n * length));
      text += n * length;
    }
}

static gboolean
is_word (gunichar c)
{
  return g_unichar_isalnum (c) || g_unichar_ismark (c) || c == '_';
}

static const char *
skip (const char *text, const char *end, gboolean words)
{
  while (text < end && is_word (g_utf8_get_char (text)) == words)
    text = g_utf8_next_char (text);
  return text;
}

/* "no, no, no, no": the last one needs no comma. */
static void
mark_words (const char *text, const char *end, GString *out)
{
  while (text < end)
    {
      const char *word_end = skip (text, end, TRUE), *next = skip (word_end, end, FALSE);
      gsize word = (gsize)(word_end - text), period = (gsize)(next - text), n, bytes;
      const char *after;

      n = word > 0 && word_end < next ? count_repeats (text, end, period) : 1;
      bytes = n * period;
      after = text + bytes;
      if (n >= MIN_REPEATS - 1 && begins_with (after, end, text, word)
          && skip (after, end, TRUE) == after + word)
        {
          n++;
          bytes += word;
        }
      if (n >= MIN_REPEATS)
        mark_repeat (out, SL_SPECIAL_WORD_REPEAT, n, text, word);
      else
        {
          bytes = period; /* the next word may begin a repetition too */
          g_string_append_len (out, text, (gssize)bytes);
        }
      text += bytes;
    }
}

/* ---- Spaces */

static void
space_marks (const char *text, const char *end, GString *out)
{
  for (; text < end; text++)
    if (*text == '/' || *text == '#' || *text == '\n')
      {
        const char spaced[3] = { ' ', *text, ' ' };

        g_string_append_len (out, spaced, sizeof spaced);
      }
    else
      g_string_append_c (out, *text);
}

static void
join_spaces (const char *text, const char *end, GString *out)
{
  for (; text < end; text++)
    if (*text != ' ' || out->len == 0 || out->str[out->len - 1] != ' ')
      g_string_append_c (out, *text);
}

void
_sl_clean_text (SlTokenRules rules, GString *text, GString *spare)
{
  static const struct
  {
    SlTokenRules rule;
    Rule apply;
  } order[] = {
    { SL_TOKEN_HTML, fix_html },      { SL_TOKEN_CHARACTERS, mark_characters },
    { SL_TOKEN_WORDS, mark_words },   { SL_TOKEN_MARKS, space_marks },
    { SL_TOKEN_SPACES, join_spaces },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (order); i++)
    {
      GString swapped;

      if (!(rules & order[i].rule))
        continue;
      g_string_truncate (spare, 0);
      order[i].apply (text->str, text->str + text->len, spare);
      swapped = *text;
      *text = *spare;
      *spare = swapped;
    }
}
