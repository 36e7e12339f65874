/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Learning rates as people write them. */
#include <slope/recipe.h>
#include <math.h>
#include <string.h>

/* A positive number with nothing but space around it. */
static gboolean
parse_number (const char *text, double *value)
{
  g_autofree char *stripped = g_strstrip (g_strdup (text));
  char *end = NULL;

  *value = g_ascii_strtod (stripped, &end);
  return end != stripped && *end == '\0' && isfinite (*value) && *value > 0;
}

/* "slice(a)" or "slice(a, b)": the text between the brackets, else %NULL. */
static char *
unwrap_slice (const char *text)
{
  gsize n = strlen (text);

  if (!g_str_has_prefix (text, "slice(") || text[n - 1] != ')')
    return NULL;
  return g_strndup (text + strlen ("slice("), n - strlen ("slice(") - 1);
}

/* Cuts @text in two at the first separator that it has. */
static char **
split_range (const char *text, gboolean sliced)
{
  static const char *const separators[] = { "…", "–", " to ", ":", "," };
  gsize n = G_N_ELEMENTS (separators) - (sliced ? 0 : 1); /* a comma may be a decimal's */

  for (gsize i = 0; i < n; i++)
    if (strstr (text, separators[i]) != NULL)
      return g_strsplit (text, separators[i], 2);
  return NULL;
}

gboolean
sl_rate_parse (const char *text, double *low, double *high, GError **error)
{
  g_autofree char *stripped = NULL;
  g_autofree char *inner = NULL;
  g_auto (GStrv) parts = NULL;
  gboolean fits;

  g_return_val_if_fail (text != NULL && low != NULL && high != NULL, FALSE);
  stripped = g_strstrip (g_strdup (text));
  inner = unwrap_slice (stripped);
  parts = split_range (inner != NULL ? inner : stripped, inner != NULL);
  if (parts != NULL)
    fits = parse_number (parts[0], low) && parse_number (parts[1], high);
  else
    {
      fits = parse_number (inner != NULL ? inner : stripped, high);
      *low = inner != NULL ? 0 : *high;
    }
  if (!fits)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_DATA,
                   "“%s” is not a learning rate: write 3e-3, or 1e-5 to 3e-4", text);
      return FALSE;
    }
  if (*low > *high)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_DATA,
                   "The learning rates “%s” fall: write the lower one first", text);
      return FALSE;
    }
  return TRUE;
}

/* Three figures, as short as can be: 3e-3, 1.25e-5, 0 … 999 plain. */
static char *
format_number (double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  int exponent;
  char *e, *end;

  if (value >= 0.9995 && value < 999.5)
    return g_strdup (g_ascii_formatd (text, sizeof text, "%.3g", value));
  g_ascii_formatd (text, sizeof text, "%.2e", value);
  e = strchr (text, 'e');
  exponent = (int)g_ascii_strtoll (e + 1, NULL, 10);
  for (end = e; end[-1] == '0'; end--)
    ;
  if (end[-1] == '.')
    end--;
  return g_strdup_printf ("%.*se%d", (int)(end - text), text, exponent);
}

char *
sl_rate_to_string (double low, double high)
{
  g_autofree char *from = NULL;
  g_autofree char *to = NULL;

  g_return_val_if_fail (high > 0, NULL);
  to = format_number (high);
  if (low == high)
    return g_steal_pointer (&to);
  if (low <= 0)
    return g_strdup_printf ("slice(%s)", to);
  from = format_number (low);
  return g_strdup_printf ("%s to %s", from, to);
}
