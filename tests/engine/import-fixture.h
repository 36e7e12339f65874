/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A folder of small pictures with labels beside them, and what an import makes of it. */

#include "picture-files.h"

#include <slope/dataset.h>

typedef struct
{
  char *folder;
} ImportFixture;

static inline void
import_fixture_set_up (ImportFixture *self, gconstpointer data)
{
  self->folder = picture_files_new_folder ();
}

static inline void
import_fixture_tear_down (ImportFixture *self, gconstpointer data)
{
  picture_files_remove (self->folder);
  g_free (self->folder);
}

#define IMPORT_TEST(path, function)                                                       \
  g_test_add (path, ImportFixture, NULL, import_fixture_set_up, function, import_fixture_tear_down)

/* @n pictures, named by @format with numbers from 0. */
static inline void
import_fixture_add (const ImportFixture *self, const char *format, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GString) name = g_string_new (format);
      g_autofree char *number = g_strdup_printf ("%u", i);

      g_string_replace (name, "#", number, 0);
      picture_files_make (self->folder, name->str, "png", 12, 10, g_str_hash (name->str));
    }
}

static inline void
import_fixture_text (const ImportFixture *self, const char *name, const char *text)
{
  picture_files_write (self->folder, name, text, strlen (text));
}

static inline void
import_fixture_check (const SlImport *import)
{
  g_assert_cmpuint (sl_import_n_found (import), ==,
                    sl_import_n_items (import) + sl_import_n_skipped (import));
}

/* @labels: (nullable); (transfer full) */
static inline SlImport *
import_fixture_scan (const ImportFixture *self, const char *labels)
{
  SlImportOptions options = { .labels = (char *)labels };
  g_autoptr (GError) error = NULL;
  SlImport *import = sl_import_scan (self->folder, &options, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  import_fixture_check (import);
  return import;
}

static inline void
import_fixture_fails (const ImportFixture *self, const char *labels, int code, const char *word)
{
  SlImportOptions options = { .labels = (char *)labels };
  g_autoptr (GError) error = NULL;

  if (sl_import_scan (self->folder, &options, NULL, NULL, NULL, &error) != NULL)
    g_error ("“%s” was not refused", labels);
  g_assert_error (error, SL_ERROR, code);
  if (strstr (error->message, word) == NULL)
    g_error ("“%s” does not say “%s”", error->message, word);
  g_assert_nonnull (strchr (error->message, ':'));
}

static inline const SlCandidate *
import_fixture_find (const SlImport *import, const char *rel_path)
{
  for (gsize i = 0; i < sl_import_n_items (import); i++)
    if (g_str_equal (sl_import_get_item (import, i)->rel_path, rel_path))
      return sl_import_get_item (import, i);
  g_error ("%s was not found", rel_path);
}

static inline void
import_fixture_target (const SlImport *import, const char *rel_path, const char *target)
{
  g_assert_cmpstr (import_fixture_find (import, rel_path)->target, ==, target);
}

static inline void
import_fixture_skipped (const SlImport *import, const char *path, const char *reason)
{
  for (gsize i = 0; i < sl_import_n_skipped (import); i++)
    {
      const SlSkipped *file = sl_import_get_skipped (import, i);

      if (g_str_equal (file->path, path) && g_str_equal (file->reason, reason))
        return;
      if (g_str_equal (file->path, path))
        g_printerr ("%s was skipped because “%s”\n", path, file->reason);
    }
  g_error ("%s was not skipped because “%s”", path, reason);
}
