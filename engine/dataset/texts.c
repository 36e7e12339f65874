/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <slope/texts.h>

#include "dataset/staging.h"
#include "dataset/text-file.h"

struct _SlTexts
{
  gatomicrefcount ref_count;
  char *store_path;
  char *tokens_path;
  GArray *items; /* of SlTextItem, of which offset, bytes and hash are set */
  GMutex lock;
  SlTextStore *store;   /* (nullable): guarded by @lock, as all below; opened when first read */
  SlTokenCache *tokens; /* (nullable): the last */
  char *staging;        /* (nullable): where they are when they cannot lie in the project */
};

SlTexts *
sl_texts_new (const char *store, const char *tokens)
{
  SlTexts *self = g_new0 (SlTexts, 1);

  g_return_val_if_fail (store != NULL && tokens != NULL, NULL);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  self->store_path = g_strdup (store);
  self->tokens_path = g_strdup (tokens);
  self->items = g_array_new (FALSE, TRUE, sizeof (SlTextItem));
  return self;
}

SlTexts *
sl_texts_ref (SlTexts *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
sl_texts_unref (SlTexts *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_clear_pointer (&self->tokens, sl_token_cache_unref);
  g_clear_pointer (&self->store, sl_text_store_unref);
  if (self->staging != NULL)
    _sl_staging_remove (self->staging);
  g_free (self->staging);
  g_array_unref (self->items);
  g_mutex_clear (&self->lock);
  g_free (self->store_path);
  g_free (self->tokens_path);
  g_free (self);
}

void
sl_texts_add (SlTexts *self, guint64 offset, guint32 bytes, const char *hash)
{
  SlTextItem item = { .offset = offset, .bytes = bytes };

  g_strlcpy (item.hash, hash, sizeof item.hash);
  g_array_append_val (self->items, item);
}

gsize
sl_texts_n (const SlTexts *self)
{
  return self->items->len;
}

/* (transfer full) */
static SlTextStore *
ref_store (SlTexts *self, GError **error)
{
  SlTextStore *store = NULL;

  g_mutex_lock (&self->lock);
  if (self->store == NULL)
    self->store = sl_text_store_open (self->store_path, error);
  if (self->store != NULL)
    store = sl_text_store_ref (self->store);
  g_mutex_unlock (&self->lock);
  return store;
}

char *
sl_texts_read (SlTexts *self, gsize row, GError **error)
{
  g_autoptr (SlTextStore) store = NULL;
  const SlTextItem *item;

  g_return_val_if_fail (row < self->items->len, NULL);

  item = &g_array_index (self->items, SlTextItem, row);
  store = ref_store (self, error);
  return store != NULL ? sl_text_store_read (store, item->offset, item->bytes, error) : NULL;
}

char *
sl_texts_read_file (const char *path, GError **error)
{
  SlTextEncoding encoding;
  gsize length;

  g_return_val_if_fail (path != NULL, NULL);

  return _sl_text_read (path, &length, &encoding, error);
}

/* ---- Tokens */

typedef struct
{
  SlTokenRules rules;
  GCancellable *cancellable;
  SlProgressFunc progress;
  gpointer user_data;
} Request;

static SlTokenCache *
open_or_build (const char *path, const SlTextSource *source, const Request *request, GError **error)
{
  SlTokenCache *tokens = sl_token_cache_open (path, source->key, request->rules, NULL);

  if (tokens != NULL)
    return tokens;
  if (!sl_token_cache_build (path, source, request->rules, request->cancellable, request->progress,
                             request->user_data, error))
    return NULL;
  return sl_token_cache_open (path, source->key, request->rules, error);
}

/* Under the lock.  A project that may only be read can be looked at too. */
static SlTokenCache *
find_tokens (SlTexts *self, const SlTextSource *source, const Request *request, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autofree char *path = NULL;
  SlTokenCache *tokens;

  if (self->staging == NULL)
    {
      tokens = open_or_build (self->tokens_path, source, request, &local);
      if (tokens != NULL || local->domain != G_FILE_ERROR)
        {
          if (tokens == NULL)
            g_propagate_error (error, g_steal_pointer (&local));
          return tokens;
        }
      self->staging = _sl_staging_new (error);
      if (self->staging == NULL)
        return NULL;
    }
  path = g_build_filename (self->staging, "tokens", NULL);
  return open_or_build (path, source, request, error);
}

SlTokenCache *
sl_texts_tokens (SlTexts *self, SlTokenRules rules, GCancellable *cancellable,
                 SlProgressFunc progress, gpointer user_data, GError **error)
{
  const Request request = { rules, cancellable, progress, user_data };
  g_autoptr (SlTextStore) store = ref_store (self, error);
  g_autoptr (SlTextSource) source = NULL;
  g_autofree const SlTextItem **items = NULL;
  SlTokenCache *tokens = NULL;

  if (store == NULL)
    return NULL;
  items = g_new (const SlTextItem *, self->items->len + 1);
  for (guint i = 0; i < self->items->len; i++)
    items[i] = &g_array_index (self->items, SlTextItem, i);
  source = sl_text_source_new (store, items, self->items->len);
  g_mutex_lock (&self->lock);
  if (self->tokens == NULL || sl_token_cache_get_rules (self->tokens) != rules)
    {
      g_clear_pointer (&self->tokens, sl_token_cache_unref);
      self->tokens = find_tokens (self, source, &request, error);
    }
  if (self->tokens != NULL)
    tokens = sl_token_cache_ref (self->tokens);
  g_mutex_unlock (&self->lock);
  return tokens;
}
