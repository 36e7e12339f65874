/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Labels in paths, and what one sees of an expression while typing it. */
#include "import-fixture.h"

static void
test_labels (ImportFixture *self, gconstpointer data)
{
  g_autoptr (SlImport) import = NULL;

  import_fixture_add (self, "train/Great_Dane_#.png", 3);
  import_fixture_add (self, "train/pug_#.png", 3);
  import_fixture_add (self, "train/notes.png", 1);
  import_fixture_add (self, "valid/pug_1#.png", 2);
  import_fixture_add (self, "test/#.png", 2);
  import = import_fixture_scan (self, "regex:([^/]+)_\\d+.png$");
  import_fixture_target (import, "train/Great_Dane_2.png", "Great_Dane");
  import_fixture_target (import, "valid/pug_11.png", "pug");
  import_fixture_skipped (import, "train/notes.png", "its path does not fit the expression");
  g_assert_null (import_fixture_find (import, "test/1.png")->target);
  g_assert_cmpint (import_fixture_find (import, "valid/pug_10.png")->split, ==, SL_SPLIT_VALID);
}

static void
test_refusals (ImportFixture *self, gconstpointer data)
{
  import_fixture_add (self, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa#.png", 2);
  import_fixture_fails (self, "regex:(a", SL_ERROR_DATA, "(a");
  import_fixture_fails (self, "regex:a", SL_ERROR_DATA, "no group");
  import_fixture_fails (self, "regex", SL_ERROR_DATA, "no group");
  import_fixture_fails (self, "regex:(\xff)", SL_ERROR_DATA, "UTF-8");
  import_fixture_fails (self, "regex:(z)", SL_ERROR_DATA, "does not fit");
  import_fixture_fails (self, "regex:(a)", SL_ERROR_DATA, "one label, “a”");
  import_fixture_fails (self, "regex:((a+)+)+z", SL_ERROR_DATA, "None of the 2 files");
}

static void
test_guess (ImportFixture *self, gconstpointer data)
{
  static const char *const names[][2] = { { "cat.#.png", "dog.#.png" },
                                          { "cat_#.png", "big_dog_#.png" },
                                          { "cat-#.png", "dog-#.png" },
                                          { "cat#.png", "dog#.png" } };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *name = g_strdup_printf ("set%zu", i);
      ImportFixture inner = { g_build_filename (self->folder, name, NULL) };
      g_autoptr (SlImport) import = NULL;

      import_fixture_add (&inner, names[i][0], 4);
      import_fixture_add (&inner, names[i][1], 4);
      import = import_fixture_scan (&inner, NULL);
      g_assert_cmpstr (sl_import_get_classes (import)[i == 1], ==, "cat");
      g_assert_cmpuint (sl_import_get_problem (import)->n_classes, ==, 2);
      g_free (inner.folder);
    }
}

static void
test_preview (ImportFixture *self, gconstpointer data)
{
  g_autoptr (SlImport) import = NULL;
  SlRegexPreview preview;

  import_fixture_add (self, "cat/a_#.png", 8);
  import_fixture_add (self, "dog/b_#.png", 8);
  import_fixture_add (self, "dog/other#.png", 1);
  import = import_fixture_scan (self, NULL);
  sl_import_preview_regex (import, "/(\\w+)_", &preview);
  g_assert_cmpuint (preview.n, ==, 17);
  g_assert_cmpuint (preview.n_matched, ==, 16);
  g_assert_cmpuint (preview.n_labels, ==, 2);
  g_assert_cmpuint (preview.n_examples, ==, SL_N_EXAMPLES);
  g_assert_cmpstr (preview.paths[8], ==, "dog/b_0.png");
  g_assert_cmpstr (preview.labels[8], ==, "b");
  g_assert_cmpstr (preview.first_missed, ==, "dog/other0.png");
  g_assert_null (preview.error);
  sl_regex_preview_clear (&preview);
  sl_import_preview_regex (import, "(a)[z-a]", &preview);
  g_assert_nonnull (preview.error);
  g_assert_cmpint (preview.error_offset, ==, 6);
  g_assert_cmpuint (preview.n_examples, ==, 0);
  sl_regex_preview_clear (&preview);
  sl_import_preview_regex (import, "", &preview);
  g_assert_nonnull (preview.error);
  g_assert_cmpint (preview.error_offset, ==, -1);
  sl_regex_preview_clear (&preview);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  IMPORT_TEST ("/import-regex/labels", test_labels);
  IMPORT_TEST ("/import-regex/refusals", test_refusals);
  IMPORT_TEST ("/import-regex/guess", test_guess);
  IMPORT_TEST ("/import-regex/preview", test_preview);
  return g_test_run ();
}
