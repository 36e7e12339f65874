/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/json-depth.h"

gboolean
_sl_json_is_shallow (const char *text, gsize length, gint max)
{
  gboolean in_string = FALSE;
  gint depth = 0;

  for (gsize i = 0; i < length; i++)
    if (in_string)
      {
        if (text[i] == '\\')
          i++;
        else if (text[i] == '"')
          in_string = FALSE;
      }
    else if (text[i] == '"')
      in_string = TRUE;
    else if (text[i] == '{' || text[i] == '[')
      {
        if (++depth > max)
          return FALSE;
      }
    else if (text[i] == '}' || text[i] == ']')
      depth--;
  return TRUE;
}
