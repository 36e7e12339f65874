/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tasks/names.h"
#include <math.h>
#include <string.h>

gint32
sl_names_find (const SlProblem *problem, const char *name, gsize length)
{
  gsize low = 0, high = problem->n_classes;

  while (low < high)
    {
      gsize middle = low + (high - low) / 2;
      const char *other = problem->classes[middle];
      int order = strncmp (name, other, length);

      if (order == 0 && other[length] == '\0')
        return (gint32)middle;
      if (order < 0 || (order == 0 && other[length] != '\0'))
        high = middle;
      else
        low = middle + 1;
    }
  return -1;
}

gboolean
sl_number_read (const char **text, char stop, double *value)
{
  char *end = NULL;

  *value = g_ascii_strtod (*text, &end);
  if (end == *text || !isfinite (*value) || g_ascii_isspace (**text)
      || (*end != '\0' && *end != ' ' && *end != stop))
    return FALSE;
  *text = end;
  return TRUE;
}
