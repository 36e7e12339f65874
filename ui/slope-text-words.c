/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-text-words.h"

#include <string.h>

/* Bytes of a line break as web pages write it, "<br>", "<br/>" or "<br />"; 0: none is here. */
static gsize
break_length (const char *text)
{
  static const char *const breaks[] = { "<br />", "<br/>", "<br>" };

  for (gsize i = 0; *text == '<' && i < G_N_ELEMENTS (breaks); i++)
    if (g_ascii_strncasecmp (text, breaks[i], strlen (breaks[i])) == 0)
      return strlen (breaks[i]);
  return 0;
}

char *
slope_text_snippet (const char *text, guint max_chars)
{
  GString *line = g_string_new (NULL);
  guint n = 0;

  g_return_val_if_fail (text != NULL, NULL);

  while (*text != '\0' && n < max_chars)
    {
      const gunichar c = g_utf8_get_char (text);
      const gsize gap = break_length (text);

      if (gap == 0 && !g_unichar_isspace (c) && !g_unichar_iscntrl (c))
        {
          g_string_append_unichar (line, c);
          n++;
        }
      else if (line->len > 0 && line->str[line->len - 1] != ' ')
        {
          g_string_append_c (line, ' ');
          n++;
        }
      text = gap > 0 ? text + gap : g_utf8_next_char (text);
    }
  if (line->len > 0 && line->str[line->len - 1] == ' ')
    g_string_truncate (line, line->len - 1);
  if (*text != '\0')
    g_string_append (line, "…");
  return g_string_free (line, FALSE);
}

guint
slope_text_count_words (const char *text)
{
  gboolean in_word = FALSE;
  guint n = 0;

  g_return_val_if_fail (text != NULL, 0);

  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      const gboolean space = (guchar)*text < 0x80 ? g_ascii_isspace (*text)
                                                  : g_unichar_isspace (g_utf8_get_char (text));

      n += !space && !in_word;
      in_word = !space;
    }
  return n;
}
