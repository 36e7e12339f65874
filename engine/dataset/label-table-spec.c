/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dataset/label-table-spec.h"

#include <string.h>

/* ---- Dividers */

static const struct
{
  const char *word;
  char character;
} dividers[] = {
  { "none", '\0' },     { "space", ' ' }, { "comma", ',' },
  { "semicolon", ';' }, { "tab", '\t' },  { "pipe", '|' },
};

gboolean
_sl_divider_parse (const char *text, char *divider, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (dividers); i++)
    if (g_str_equal (text, dividers[i].word))
      {
        *divider = dividers[i].character;
        return TRUE;
      }
  *divider = text[0];
  if (g_ascii_isprint (text[0]) && text[1] == '\0')
    return TRUE;
  g_set_error (error, SL_ERROR, SL_ERROR_DATA,
               "“%s” cannot stand between labels: write one character, or space, comma, semicolon, "
               "tab, pipe or none",
               text);
  return FALSE;
}

char *
_sl_divider_spell (char divider)
{
  for (gsize i = 0; i < G_N_ELEMENTS (dividers); i++)
    if (dividers[i].character == divider)
      return g_strdup (dividers[i].word);
  return g_strdup_printf ("%c", divider);
}

/* ---- Options */

static gboolean
is_charset (const char *name)
{
  GIConv conversion;

  for (const char *at = name; *at != '\0'; at++)
    if (!g_ascii_isalnum (*at) && strchr ("-_:.", *at) == NULL)
      return FALSE;
  conversion = *name != '\0' ? g_iconv_open ("UTF-8", name) : (GIConv)-1;
  if (conversion == (GIConv)-1)
    return FALSE;
  g_iconv_close (conversion);
  return TRUE;
}

static gboolean
parse_option (SlTableSpec *self, const char *text)
{
  const char *equals = strchr (text, '=');
  const char *value = equals != NULL ? equals + 1 : "";

  if (g_str_equal (text, "header=yes") || g_str_equal (text, "header=no"))
    self->header = g_str_equal (value, "yes");
  else if (g_str_has_prefix (text, "encoding=") && is_charset (value))
    self->charset = g_intern_string (value);
  else if (!g_str_has_prefix (text, "separator=")
           || !_sl_divider_parse (value, &self->separator, NULL)
           || strchr ("\"\r\n", self->separator) != NULL)
    return FALSE;
  return TRUE;
}

static gboolean
parse_options (SlTableSpec *self, const char *text, GError **error)
{
  g_auto (GStrv) options = g_strsplit (text, ",", -1);

  for (gsize i = 0; options[i] != NULL; i++)
    if (*options[i] != '\0' && !parse_option (self, options[i]))
      {
        g_set_error (
            error, SL_ERROR, SL_ERROR_DATA,
            "“%s” says nothing about a table: write header=yes, header=no, separator=comma "
            "(semicolon, tab, pipe), or encoding=UTF-8 or another",
            options[i]);
        return FALSE;
      }
  return TRUE;
}

void
_sl_table_spec_append_rest (const SlTableSpec *self, const char *delimiter, GString *text)
{
  const gboolean any = self->header >= 0 || self->separator != '\0' || self->charset != NULL;
  g_autofree char *separator = _sl_divider_spell (self->separator);

  if (delimiter != NULL || any)
    g_string_append_printf (text, ",%s", delimiter != NULL ? delimiter : "");
  if (self->header >= 0)
    g_string_append (text, self->header ? ",header=yes" : ",header=no");
  if (self->separator != '\0')
    g_string_append_printf (text, ",separator=%s", separator);
  if (self->charset != NULL)
    g_string_append_printf (text, ",encoding=%s", self->charset);
}

/* ---- All together */

static char *
copy_unless_empty (const char *text)
{
  return text != NULL && *text != '\0' ? g_strdup (text) : NULL;
}

static void
parse_range (SlTableSpec *self, const char *text)
{
  const char *dots = strstr (text, "..");
  g_autofree char *first = dots != NULL ? g_strndup (text, (gsize)(dots - text)) : NULL;

  self->first = copy_unless_empty (first != NULL ? first : text);
  self->last = dots != NULL ? g_strdup (dots + 2) : NULL;
}

gboolean
_sl_table_spec_parse (SlTableSpec *self, const char *text, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (text != NULL ? text : "", ",", 4);
  guint n = g_strv_length (parts);

  *self = (SlTableSpec){ .header = -1 };
  self->name = n > 0 ? copy_unless_empty (parts[0]) : NULL;
  if (n > 1)
    parse_range (self, parts[1]);
  if (n == 4 && *parts[2] == '\0' && *parts[3] == '\0')
    self->delimiter = g_strdup (","); /* written as itself */
  else if (n > 2)
    self->delimiter = copy_unless_empty (parts[2]);
  return n < 4 || parse_options (self, parts[3], error);
}

void
_sl_table_spec_clear (SlTableSpec *self)
{
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->first, g_free);
  g_clear_pointer (&self->last, g_free);
  g_clear_pointer (&self->delimiter, g_free);
}
