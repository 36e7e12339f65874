/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <slope/task.h>

#include <string.h>

/* Names of degrees, which tables seldom write with their sign. */
static const char *const degrees[] = { "deg", "degs", "degree", "degrees", "grad", "°", NULL };

static gboolean
is_degrees (const char *word)
{
  for (guint i = 0; degrees[i] != NULL; i++)
    if (g_ascii_strcasecmp (word, degrees[i]) == 0)
      return TRUE;
  return FALSE;
}

/* "roll_deg": after an underline, degrees alone are meant for sure: "max_m" may be anything. */
static const char *
find_degrees (const char *name)
{
  const char *line = strrchr (name, '_');

  return line != NULL && line > name && is_degrees (line + 1) ? line : NULL;
}

/* Where the bracket opens that ends the name; something stands before it and in it. */
static const char *
find_bracket (const char *name)
{
  const gsize length = strlen (name);
  const char *open;

  if (length < 4 || (name[length - 1] != ')' && name[length - 1] != ']'))
    return NULL;
  open = strrchr (name, name[length - 1] == ')' ? '(' : '[');
  return open != NULL && open > name && open < name + length - 2 ? open : NULL;
}

char *
sl_number_split_unit (const char *name, char **plain)
{
  const char *at;
  char *unit = NULL;

  g_return_val_if_fail (name != NULL, NULL);

  if ((at = find_bracket (name)) != NULL)
    unit = g_strstrip (g_strndup (at + 1, strlen (at) - 2));
  else if ((at = find_degrees (name)) != NULL)
    unit = g_strdup (at + 1);
  if (plain != NULL)
    *plain = at != NULL ? g_strchomp (g_strndup (name, at - name)) : g_strdup (name);
  if (unit != NULL && is_degrees (unit))
    {
      g_free (unit);
      unit = g_strdup ("°");
    }
  return unit;
}

char *
sl_problem_dup_unit (const SlProblem *self)
{
  g_autofree char *unit = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  if (!self->task->has_ranges || self->n_classes == 0)
    return NULL;
  unit = sl_number_split_unit (self->classes[0], NULL);
  for (guint i = 1; i < self->n_classes && unit != NULL; i++)
    {
      g_autofree char *other = sl_number_split_unit (self->classes[i], NULL);

      if (g_strcmp0 (unit, other) != 0)
        return NULL;
    }
  return g_steal_pointer (&unit);
}
