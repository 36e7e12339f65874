/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dataset/path-regex.h"

#include <string.h>

GRegex *
_sl_path_regex_new (const char *pattern, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (GRegex) regex = NULL;

  if (g_utf8_validate (pattern, -1, NULL))
    regex = g_regex_new (pattern, G_REGEX_OPTIMIZE, 0, &local);
  if (regex == NULL)
    g_set_error (error, SL_ERROR, SL_ERROR_DATA, "%s: correct it",
                 local != NULL ? local->message : "The regular expression is not UTF-8");
  else if (g_regex_get_capture_count (regex) < 1)
    g_set_error (error, SL_ERROR, SL_ERROR_DATA,
                 "The regular expression “%s” has no group: put the part that is meant into "
                 "parentheses, as in ([a-z]+)_[0-9]+",
                 pattern);
  else
    return g_steal_pointer (&regex);
  return NULL;
}

char *
_sl_path_regex_match (const GRegex *self, const char *rel_path, int *at, GError **error)
{
  g_autoptr (GMatchInfo) match = NULL;
  g_autoptr (GError) local = NULL;
  g_autofree char *text = NULL;

  if (g_regex_match_full (self, rel_path, -1, 0, 0, &match, &local))
    text = g_match_info_fetch (match, 1);
  if (text != NULL && at != NULL)
    g_match_info_fetch_pos (match, 1, at, NULL);
  if (local != NULL)
    g_set_error (error, SL_ERROR, SL_ERROR_DATA, "The regular expression gives up on %s: %s",
                 rel_path, local->message);
  return text != NULL && *text != '\0' ? g_steal_pointer (&text) : NULL;
}

/* ---- Preview */

/* GLib tells the place only in words, "… ‘PATTERN’ at char 7: …".  -1: it does not. */
static int
error_offset (const char *pattern, const GError *error)
{
  const char *quoted = *pattern != '\0' ? strstr (error->message, pattern) : NULL;
  const char *digits = quoted != NULL ? strpbrk (quoted + strlen (pattern), "0123456789") : NULL;
  guint64 offset = digits != NULL ? g_ascii_strtoull (digits, NULL, 10) : G_MAXUINT64;

  return offset <= strlen (pattern) ? (int)offset : -1;
}

static void
add_example (SlRegexPreview *self, const char *path, const char *label, int at)
{
  if (self->n_examples == SL_N_EXAMPLES)
    return;
  self->paths[self->n_examples] = g_strdup (path);
  self->at[self->n_examples] = at;
  self->labels[self->n_examples++] = g_strdup (label);
}

static void
preview_error (SlRegexPreview *self, const char *pattern, const GError *error)
{
  sl_regex_preview_clear (self);
  self->error = g_strdup (error->message);
  self->error_offset = error_offset (pattern, error);
}

static const char *
path_of (gconstpointer file, SlPathsOf of)
{
  return of == SL_PATHS_OF_FILES ? ((const SlFound *)file)->rel_path
                                 : ((const SlCandidate *)file)->rel_path;
}

void
_sl_path_regex_preview (const char *pattern, GPtrArray *files, SlPathsOf of,
                        GCancellable *cancellable, SlRegexPreview *preview)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GRegex) regex = _sl_path_regex_new (pattern, &error);
  g_autoptr (GHashTable) labels = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  *preview = (SlRegexPreview){ .error_offset = -1 };
  for (guint i = 0; error == NULL && i < files->len && !g_cancellable_is_cancelled (cancellable);
       i++)
    {
      const char *path = path_of (files->pdata[i], of);
      int at = 0;
      char *label = _sl_path_regex_match (regex, path, &at, &error);

      preview->n++;
      if (label == NULL)
        {
          if (preview->first_missed == NULL)
            preview->first_missed = g_strdup (path);
          continue;
        }
      preview->n_matched++;
      add_example (preview, path, label, at);
      g_hash_table_add (labels, label);
    }
  preview->n_labels = g_hash_table_size (labels);
  if (error != NULL)
    preview_error (preview, pattern, error);
}

void
sl_regex_preview_clear (SlRegexPreview *self)
{
  for (guint i = 0; i < self->n_examples; i++)
    {
      g_free (self->paths[i]);
      g_free (self->labels[i]);
    }
  g_free (self->first_missed);
  g_free (self->error);
  *self = (SlRegexPreview){ .error_offset = -1 };
}

void
sl_regex_preview_free (SlRegexPreview *self)
{
  sl_regex_preview_clear (self);
  g_free (self);
}
