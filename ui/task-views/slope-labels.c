/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* strchrnul() */
#include "config.h"

#include "slope-labels.h"

#include <string.h>

/* Whether @list has the entry @sign @name; @sign '\0': the name alone. */
static gboolean
has_entry (const char *list, char sign, const char *name)
{
  const gsize length = strlen (name);
  const gsize before = sign != '\0';

  for (const char *at = list; at != NULL && *at != '\0';)
    {
      const char *end = strchrnul (at, ';');

      if ((gsize)(end - at) == length + before && (!before || *at == sign)
          && strncmp (at + before, name, length) == 0)
        return TRUE;
      at = *end != '\0' ? end + 1 : NULL;
    }
  return FALSE;
}

gboolean
slope_labels_have (const char *target, const char *name)
{
  g_return_val_if_fail (name != NULL, FALSE);

  return has_entry (target, '\0', name);
}

char *
slope_labels_edit (const char *const *classes, const char *target, const char *edit)
{
  GString *labels;

  g_return_val_if_fail (classes != NULL && edit != NULL, NULL);

  labels = g_string_new (NULL);
  for (guint i = 0; classes[i] != NULL; i++)
    if (has_entry (edit, '+', classes[i])
        || (slope_labels_have (target, classes[i]) && !has_entry (edit, '-', classes[i])))
      g_string_append_printf (labels, "%s%s", labels->len > 0 ? ";" : "", classes[i]);
  return g_string_free (labels, FALSE);
}
