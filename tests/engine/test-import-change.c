/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a window does with an import: looks at tables, previews, and reads it in another way, while the
 * main loop turns. */
#include "import-fixture.h"

typedef struct
{
  GMainLoop *loop;
  GAsyncResult *result; /* owned */
} Wait;

static void
ready_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Wait *wait = user_data;

  wait->result = g_object_ref (result);
  g_main_loop_quit (wait->loop);
}

static void
wait_begin (Wait *self)
{
  *self = (Wait){ .loop = g_main_loop_new (NULL, FALSE) };
}

static GAsyncResult *
wait_for (Wait *self)
{
  g_main_loop_run (self->loop);
  return self->result;
}

static void
wait_end (Wait *self)
{
  g_clear_object (&self->result);
  g_main_loop_unref (self->loop);
}

static gboolean
read_anew (SlImport *import, const SlImportOptions *options, GCancellable *cancellable,
           GError **error)
{
  Wait wait;
  gboolean ok;

  wait_begin (&wait);
  sl_import_read_async (import, options, cancellable, NULL, NULL, ready_cb, &wait);
  ok = sl_import_read_finish (import, wait_for (&wait), error);
  wait_end (&wait);
  import_fixture_check (import);
  return ok;
}

static gboolean
split_anew (SlImport *import, const char *text, GError **error)
{
  SlSplitSpec spec;
  Wait wait;
  gboolean ok;

  g_assert_true (sl_split_spec_parse (&spec, text, 1, NULL));
  wait_begin (&wait);
  sl_import_set_split_async (import, &spec, NULL, ready_cb, &wait);
  ok = sl_import_set_split_finish (import, wait_for (&wait), error);
  wait_end (&wait);
  sl_split_spec_clear (&spec);
  return ok;
}

static gsize
count (const SlImport *import, SlSplit split)
{
  return sl_import_count (import, G_MAXUINT, split);
}

/* ---- Reading anew */

static SlImport *
scan_two_ways (ImportFixture *self)
{
  import_fixture_add (self, "cat/p_#.png", 3);
  import_fixture_add (self, "dog/q_#.png", 3);
  import_fixture_text (self, "more.csv",
                       "file,word,set\np_0,x,train\np_1,y,valid\np_2,x,train\n"
                       "q_0,y,train\nq_1,x,valid\nq_2,y,train\n");
  return import_fixture_scan (self, NULL);
}

static void
test_read (ImportFixture *self, gconstpointer data)
{
  g_autoptr (SlImport) import = scan_two_ways (self);
  const SlImportOptions by_folder = { .labels = (char *)"folder",
                                      .split = { SL_SPLIT_BY_STRATIFIED, 0.34, NULL, 7 } };
  const SlImportOptions wrong = { .labels = (char *)"csv:7,8" };
  const SlImportOptions guessed = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (count (import, SL_SPLIT_VALID), ==, 2); /* by the column */
  g_assert_true (read_anew (import, &by_folder, NULL, NULL));
  import_fixture_target (import, "dog/q_1.png", "dog");
  g_assert_cmpuint (sl_import_get_split (import)->seed, ==, 7);
  g_assert_cmpuint (sl_import_count (import, 0, SL_SPLIT_VALID), ==, 1);
  g_assert_false (read_anew (import, &wrong, NULL, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_NOT_FOUND);
  import_fixture_target (import, "dog/q_1.png", "dog"); /* as before */
  g_assert_true (read_anew (import, &guessed, NULL, NULL));
  import_fixture_target (import, "dog/q_1.png", "x");
}

static void
test_cancelled (ImportFixture *self, gconstpointer data)
{
  g_autoptr (SlImport) import = scan_two_ways (self);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  const SlImportOptions by_folder = { .labels = (char *)"folder" };
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_false (read_anew (import, &by_folder, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  import_fixture_target (import, "dog/q_1.png", "x");
  g_assert_true (read_anew (import, &by_folder, NULL, NULL)); /* not taken for busy */
}

static void
test_split (ImportFixture *self, gconstpointer data)
{
  g_autoptr (SlImport) import = scan_two_ways (self);
  g_autoptr (GError) error = NULL;

  g_assert_true (split_anew (import, "group:0.34:^(\\w+)/", NULL));
  g_assert_cmpuint (count (import, SL_SPLIT_VALID), ==, 3);
  g_assert_cmpint (import_fixture_find (import, "cat/p_0.png")->split, ==,
                   import_fixture_find (import, "cat/p_2.png")->split);
  g_assert_true (split_anew (import, "time:0.34", NULL));
  g_assert_cmpint (import_fixture_find (import, "cat/p_2.png")->split, ==, SL_SPLIT_VALID);
  g_assert_false (split_anew (import, "folder:nowhere", &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_NOT_FOUND);
  g_assert_cmpint (sl_import_get_split (import)->kind, ==, SL_SPLIT_BY_TIME); /* as before */
  g_assert_true (split_anew (import, "column:set", NULL));
  g_assert_cmpint (import_fixture_find (import, "cat/p_1.png")->split, ==, SL_SPLIT_VALID);
  g_assert_cmpuint (count (import, SL_SPLIT_TRAIN), ==, 4);
  g_assert_true (split_anew (import, "none", NULL));
  g_assert_cmpuint (count (import, SL_SPLIT_TRAIN), ==, 6);
}

/* ---- Labels that cannot be read */

static void
test_trouble (ImportFixture *self, gconstpointer data)
{
  SlImportOptions lenient = { .lenient = TRUE };
  const SlImportOptions by_column = { .labels = (char *)"csv:l.csv:who,what" };
  g_autoptr (SlImport) import = NULL, other = NULL;
  g_autofree char *none = g_build_filename (self->folder, "none", NULL);

  import_fixture_add (self, "p#.png", 4);
  import_fixture_text (self, "l.csv",
                       "a,b,c,d,e,f,g,h,who,what\n"
                       ",,,,,,,,p0,x\n,,,,,,,,p1,y\n,,,,,,,,p2,x\n,,,,,,,,p3,y\n");
  import_fixture_fails (self, NULL, SL_ERROR_DATA, "class");
  import = sl_import_scan (self->folder, &lenient, NULL, NULL, NULL, NULL);
  g_assert_nonnull (strstr (sl_import_get_trouble (import), "class"));
  g_assert_null (sl_import_get_task (import));
  g_assert_null (sl_import_get_understanding (import));
  g_assert_cmpuint (g_strv_length ((char **)sl_import_get_classes (import)), ==, 0);
  g_assert_cmpuint (sl_import_n_found (import), ==, 0);
  g_assert_cmpuint (count (import, SL_SPLIT_TRAIN), ==, 0);
  g_assert_true (read_anew (import, &by_column, NULL, NULL));
  g_assert_null (sl_import_get_trouble (import));
  import_fixture_target (import, "p3.png", "y");

  g_assert_cmpint (g_mkdir (none, 0700), ==, 0);
  g_assert_null (sl_import_scan (none, &lenient, NULL, NULL, NULL, NULL)); /* nothing to label */
}

/* ---- Looks and previews */

static void
test_tables (ImportFixture *self, gconstpointer data)
{
  g_autoptr (SlImport) import = NULL;
  const SlTableLook *looks;
  guint n;

  import_fixture_add (self, "a/p#.png", 2);
  import_fixture_add (self, "b/q#.png", 2);
  import_fixture_text (self, "1.csv", "n;l\np0;x\np1;y;more\n3\n4\n5\n6\n7\n");
  import_fixture_text (self, "2.tsv", "\"never closed");
  import_fixture_text (self, "notes.txt", "no table\n");
  import = import_fixture_scan (self, "folder");
  looks = sl_import_get_tables (import, &n);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpstr (looks[0].file, ==, "1.csv");
  g_assert_null (looks[0].error);
  g_assert_cmpuint (looks[0].n_columns, ==, 3);
  g_assert_cmpuint (looks[0].n_rows, ==, 8);
  g_assert_cmpuint (looks[0].n_first, ==, SL_N_TABLE_ROWS);
  g_assert_cmpstr (looks[0].cells[1], ==, "l");
  g_assert_cmpstr (looks[0].cells[2], ==, "");
  g_assert_cmpstr (looks[0].cells[8], ==, "more");
  g_assert_cmpstr (looks[1].file, ==, "2.tsv");
  g_assert_nonnull (strstr (looks[1].error, "quote"));
}

static SlRegexPreview *
preview (SlImport *import, const char *pattern, gboolean of_items)
{
  SlRegexPreview *found;
  Wait wait;

  wait_begin (&wait);
  sl_import_preview_regex_async (import, pattern, of_items, NULL, ready_cb, &wait);
  found = sl_import_preview_regex_finish (wait_for (&wait), NULL);
  wait_end (&wait);
  return found;
}

static void
test_preview (ImportFixture *self, gconstpointer data)
{
  g_autoptr (SlImport) import = NULL;
  g_autoptr (SlRegexPreview) files = NULL, items = NULL, broken = NULL;

  import_fixture_add (self, "cat/p_#.png", 3);
  import_fixture_add (self, "dog/q_#.png", 2);
  picture_files_write (self->folder, "dog/q_9.png", "no picture", 10);
  import = import_fixture_scan (self, "folder");
  files = preview (import, "/(q)_", FALSE);
  g_assert_cmpuint (files->n, ==, 6);
  g_assert_cmpuint (files->n_matched, ==, 3);
  g_assert_cmpint (files->at[0], ==, 4);
  g_assert_cmpstr (files->first_missed, ==, "cat/p_0.png");
  items = preview (import, "/(q)_", TRUE);
  g_assert_cmpuint (items->n, ==, 5);
  g_assert_cmpuint (items->n_matched, ==, 2);
  broken = preview (import, "(", TRUE);
  g_assert_nonnull (broken->error);
  g_assert_cmpuint (broken->n, ==, 0);
}

static void
test_fit_task (void)
{
  g_assert_true (sl_labels_fit_task ("csv:a,b", sl_task_find ("numbers")));
  g_assert_true (sl_labels_fit_task ("folder", sl_task_find ("classify")));
  g_assert_false (sl_labels_fit_task ("folder", sl_task_find ("segment")));
  g_assert_true (sl_labels_fit_task ("masks", sl_task_find ("segment")));
  g_assert_false (sl_labels_fit_task ("magic", sl_task_find ("classify")));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  IMPORT_TEST ("/import-change/read", test_read);
  IMPORT_TEST ("/import-change/cancelled", test_cancelled);
  IMPORT_TEST ("/import-change/split", test_split);
  IMPORT_TEST ("/import-change/trouble", test_trouble);
  IMPORT_TEST ("/import-change/tables", test_tables);
  IMPORT_TEST ("/import-change/preview", test_preview);
  g_test_add_func ("/import-change/fit-task", test_fit_task);
  return g_test_run ();
}
