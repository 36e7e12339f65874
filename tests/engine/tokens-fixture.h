/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A few texts, or very many, and their token cache in a folder of the test's own. */
#pragma once

#include <glib/gstdio.h>
#include <slope/parallel.h>
#include <slope/token-cache.h>
#include <string.h>

typedef struct
{
  const char *const *texts;
  gsize n_texts; /* those of the source are these, again and again */
  gsize fails_at; /* text that cannot be read; 0: none */
  char *folder;
  char *path;
  SlTextSource source;
} Texts;

static gsize
texts_bytes (gsize i, gpointer data)
{
  const Texts *self = data;

  return strlen (self->texts[i % self->n_texts]);
}

static char *
texts_read (gsize i, gsize *length, gpointer data, GError **error)
{
  const Texts *self = data;
  char *text;

  if (self->fails_at > 0 && i == self->fails_at)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_NOT_FOUND, "Text %" G_GSIZE_FORMAT " is gone", i);
      return NULL;
    }
  /* Behind the text stands which it is, so that all texts differ. */
  text = self->source.n == self->n_texts
             ? g_strdup (self->texts[i])
             : g_strdup_printf ("%s w%" G_GSIZE_FORMAT, self->texts[i % self->n_texts], i * i % 7919);
  *length = strlen (text);
  return text;
}

static void
texts_init (Texts *self, const char *const *texts, gsize n_texts, gsize n)
{
  *self = (Texts){ .texts = texts, .n_texts = n_texts };
  self->folder = g_dir_make_tmp ("slope-tokens-XXXXXX", NULL);
  self->path = g_build_filename (self->folder, "tokens", NULL);
  self->source = (SlTextSource){ n, "key of the texts", texts_bytes, texts_read, self };
}

static void
texts_clear (Texts *self)
{
  g_unlink (self->path);
  g_assert_cmpint (g_rmdir (self->folder), ==, 0); /* nothing else was left there */
  g_free (self->path);
  g_free (self->folder);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Texts, texts_clear)

static SlTokenCache *
texts_cache (Texts *self, SlTokenRules rules)
{
  g_autoptr (GError) error = NULL;
  SlTokenCache *cache;

  g_assert_true (sl_token_cache_build (self->path, &self->source, rules, NULL, NULL, NULL, &error));
  g_assert_no_error (error);
  cache = sl_token_cache_open (self->path, self->source.key, rules, &error);
  g_assert_no_error (error);
  return cache;
}

/* The words of a text with spaces between them. */
G_GNUC_UNUSED static char *
texts_line (const SlTokenCache *cache, gsize i)
{
  g_autoptr (GString) line = g_string_new (NULL);
  gsize n;
  const guint32 *tokens = sl_token_cache_get_text (cache, i, &n);

  for (gsize k = 0; k < n; k++)
    {
      gsize length;
      const char *word = sl_token_cache_get_word (cache, tokens[k], &length);

      g_string_append_printf (line, "%s%.*s", k > 0 ? " " : "", (int)length, word);
    }
  return g_string_free (g_steal_pointer (&line), FALSE);
}
