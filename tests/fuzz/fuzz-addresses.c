/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a list of addresses, as a text and as a table: each entry can be asked for, or says why
 * not; each class names a folder; none of the first kind is there twice. */
#include "dataset/staging.h"
#include "fuzz.h"

#include <slope/addresses.h>
#include <string.h>

static void
check (const SlAddress *entry, GHashTable *seen)
{
  g_assert_true (g_utf8_validate (entry->address, -1, NULL));
  g_assert_true (g_utf8_validate (entry->label, -1, NULL));
  g_assert_true (entry->label[0] != '\0' && entry->label[0] != '.');
  g_assert_true (strpbrk (entry->label, "/\\\n") == NULL && strlen (entry->label) <= 100);
  g_assert_cmpuint (entry->line, >, 0);
  g_assert_true (!entry->again || entry->reason != NULL);
  if (entry->reason != NULL)
    return;
  g_assert_true (g_ascii_strncasecmp (entry->address, "http", 4) == 0);
  g_assert_true (g_str_is_ascii (entry->address));
  g_assert_true (strpbrk (entry->address, " \t\r\n") == NULL);
  g_assert_true (g_hash_table_add (seen, (gpointer)entry->address));
}

static void
read_list (const char *folder, const char *name, const uint8_t *data, size_t size)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (SlAddressList) list = NULL;
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (path, (const char *)data, (gssize)size, NULL));
  sl_address_list_is (path);
  list = sl_address_list_load (path, &error);
  g_assert_true ((list == NULL) == (error != NULL));
  for (guint i = 0; list != NULL && i < sl_address_list_n (list); i++)
    check (sl_address_list_get (list, i), seen);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *folder = g_dir_make_tmp ("slope-fuzz-XXXXXX", NULL);

  read_list (folder, "urls_black.txt", data, size);
  read_list (folder, "urls_black.csv", data, size);
  _sl_staging_remove (folder);
  return 0;
}
