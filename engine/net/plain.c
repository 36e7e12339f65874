/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/plain.h"

char *
_sl_plain_text (const char *text)
{
  char *plain = g_utf8_make_valid (text, -1);

  for (char *c = plain; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      *c = ' ';
  return plain;
}
