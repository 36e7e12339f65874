/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The names are HTML 4's 253, which libxml2 knows. */
#include "text/clean.h"

#include <libxml/HTMLparser.h>
#include <string.h>

#define MAX_NAME 8 /* thetasym */

/* What browsers show for numbers 128 to 159, which writers took from Windows-1252; 0: nothing. */
static const gunichar windows[32] = {
  0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
  0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
  0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178,
};

static gunichar
checked (guint64 code)
{
  if (code >= 128 && code < 160)
    code = windows[code - 128];
  return code != 0 && code <= 0x10FFFF && g_unichar_validate ((gunichar)code) ? (gunichar)code
                                                                              : 0xFFFD;
}

/* "#233" or "#xe9" in front of a semicolon. */
static gunichar
read_number (const char *text, gsize length)
{
  gboolean is_hex = length > 1 && (text[1] == 'x' || text[1] == 'X');
  guint64 code = 0;
  gsize first = is_hex ? 2 : 1;

  if (first >= length)
    return 0;
  for (gsize i = first; i < length; i++)
    {
      int digit = is_hex ? g_ascii_xdigit_value (text[i]) : g_ascii_digit_value (text[i]);

      if (digit < 0)
        return 0;
      code = MIN (code * (is_hex ? 16 : 10) + (guint64)digit, 0x110000);
    }
  return checked (code);
}

static gunichar
read_name (const char *text, gsize length)
{
  char name[MAX_NAME + 1];
  const htmlEntityDesc *entity;

  memcpy (name, text, length);
  name[length] = '\0';
  if (g_str_equal (name, "apos")) /* of XML and HTML 5 */
    return '\'';
  entity = htmlEntityLookup ((const xmlChar *)name);
  return entity != NULL ? entity->value : 0;
}

gsize
_sl_read_entity (const char *text, const char *end, GString *out)
{
  const char *name = text + 1, *stop = memchr (name, ';', (gsize)MIN (end - name, MAX_NAME + 2));
  gsize length = stop != NULL ? (gsize)(stop - name) : 0;
  gunichar found = 0;

  if (length > 1 && name[0] == '#')
    found = read_number (name, length);
  else if (length > 0 && length <= MAX_NAME)
    found = read_name (name, length);
  if (found == 0)
    return 0;
  g_string_append_unichar (out, found);
  return length + 2;
}
