/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a text, a corpus and a table of texts: every text that is taken can be read again, is UTF-8, and becomes
 * tokens; none comes twice from the same place. */
#include "dataset/staging.h"
#include "fuzz.h"

#include <slope/text-import.h>
#include <string.h>

static void
check_token (const char *token, gsize length, gpointer user_data)
{
  g_assert_true (length > 0 && length <= SL_MAX_TOKEN_BYTES
                 && g_utf8_validate_len (token, length, NULL));
}

static void
import_as (const char *path, const char *labels)
{
  const SlTextImportOptions options = { .labels = (char *)labels };
  g_autoptr (GError) error = NULL;
  g_autoptr (SlTextImport) import = sl_text_import_scan (path, &options, NULL, NULL, NULL, &error);
  g_autoptr (SlTokeniser) tokeniser = sl_tokeniser_new (SL_TOKEN_COURSE, NULL);
  guint64 end = 0;

  if (import == NULL)
    {
      g_assert_nonnull (error);
      return;
    }
  for (gsize i = 0; i < sl_text_import_n_items (import); i++)
    {
      const SlTextItem *item = sl_text_import_get_item (import, i);
      g_autofree char *text = sl_text_import_dup_text (import, i, &error);

      g_assert_nonnull (text);
      g_assert_cmpuint (item->offset, ==, end);
      end += item->bytes;
      sl_tokeniser_run (tokeniser, text, item->bytes, check_token, NULL);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const char *const ways[] = { "none", "corpus" };
  g_autofree char *folder = g_dir_make_tmp ("slope-fuzz-XXXXXX", NULL);
  g_autofree char *text = g_build_filename (folder, "text.txt", NULL);
  g_autofree char *table = g_build_filename (folder, "texts.csv", NULL);

  g_assert_true (g_file_set_contents (text, (const char *)data, (gssize)size, NULL));
  g_assert_true (g_file_set_contents (table, (const char *)data, (gssize)size, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (ways); i++)
    import_as (text, ways[i]);
  import_as (table, NULL);
  import_as (table, "csv:1,2");
  import_as (table, "csv:#2,,,header=no,separator=semicolon,encoding=WINDOWS-1251");
  _sl_staging_remove (folder);
  return 0;
}
