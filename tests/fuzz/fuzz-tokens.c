/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a token cache: of one that opens, every text has words, and every word is spelled. */
#include "fuzz.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <slope/token-cache.h>

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *folder = g_dir_make_tmp ("slope-fuzz-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "tokens", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (SlTokenCache) cache = NULL;

  g_assert_true (g_file_set_contents (path, (const char *)data, (gssize)size, NULL));
  cache = sl_token_cache_open (path, "key of the texts", SL_TOKEN_COURSE, &error);
  g_assert_true ((cache == NULL) == (error != NULL));
  for (gsize i = 0; cache != NULL && i < sl_token_cache_n_texts (cache); i++)
    {
      gsize n, length;
      const guint32 *tokens = sl_token_cache_get_text (cache, i, &n);

      for (gsize k = 0; k < n; k++)
        g_assert_nonnull (sl_token_cache_get_word (cache, tokens[k], &length));
    }
  g_unlink (path);
  g_rmdir (folder);
  return 0;
}
