/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Labels from tables: which columns, which pictures, and what is wrong with either. */
#include "import-fixture.h"

static const SlTableInfo *
table_of (const SlImport *import)
{
  const SlTableInfo *table = sl_import_get_understanding (import)->table;

  g_assert_nonnull (table);
  return table;
}

static void
expect_labels (const SlImport *import, const char *labels)
{
  g_assert_cmpstr (sl_import_get_understanding (import)->labels, ==, labels);
}

/* ---- What is guessed */

static void
test_guess (ImportFixture *self, gconstpointer data)
{
  g_autoptr (SlImport) import = NULL;
  const SlTableInfo *table;

  import_fixture_add (self, "train/p#.png", 4);
  import_fixture_text (self, "labels.csv",
                       "image,label\np0,polar bear\np1,brown bear\np2,polar bear\np3,\"a, b\"\n");
  import = import_fixture_scan (self, NULL);
  table = table_of (import);
  expect_labels (import, "csv:labels.csv:image,label,none");
  g_assert_true (sl_import_get_task (import) == &sl_task_classify);
  g_assert_cmpuint (sl_import_n_items (import), ==, 4);
  g_assert_cmpuint (sl_import_n_skipped (import), ==, 0);
  import_fixture_target (import, "train/p1.png", "brown bear");
  import_fixture_target (import, "train/p3.png", "a, b");
  g_assert_cmpstr (sl_import_get_classes (import)[0], ==, "a, b");
  g_assert_cmpstr (table->prefix, ==, "train/");
  g_assert_cmpstr (table->suffix, ==, ".png");
  g_assert_cmpstr (table->example, ==, "p0");
  g_assert_cmpuint (table->n_first, ==, 5);
  g_assert_cmpstr (table->cells[9], ==, "a, b");
  g_assert_cmpstr (table->encoding, ==, "UTF-8");
  g_assert_cmpstr (table->columns[1], ==, "label");
  g_assert_true (table->has_header);
  g_assert_cmpuint (table->n_rows, ==, 4);
  g_assert_cmpuint (table->n_matched, ==, 4);
  g_assert_cmpint (table->split_column, ==, -1);
}

/* What was understood, read as an option, means the same. */
static void
test_spelled_again (ImportFixture *self, gconstpointer data)
{
  g_autoptr (SlImport) first = NULL, again = NULL;

  import_fixture_add (self, "p#.png", 4);
  import_fixture_text (self, "a b.csv", "7;x;p0.png\n8;y;p1.png\n7;x;p2.png\n1;y;p3.png\n");
  first = import_fixture_scan (self, "csv:a b.csv:3,2");
  expect_labels (first, "csv:a b.csv:3,2,none");
  again = import_fixture_scan (self, sl_import_get_understanding (first)->labels);
  expect_labels (again, sl_import_get_understanding (first)->labels);
  import_fixture_target (again, "p3.png", "y");
  g_assert_false (table_of (again)->has_header);
  g_assert_cmpint (table_of (again)->separator, ==, ';');
}

static void
test_names (ImportFixture *self, gconstpointer data)
{
  static const char *const spellings[] = {
    "in/a/x#.png",
    "a/x#.png",
    "x#.png",
    "x#",
    "./in/a/x#.png",
    "in\\a\\x#.png",
    "/home/her/data/in/a/x#.png",
    "IN/A/X#.PNG",
  };

  import_fixture_add (self, "in/a/x#.png", 4);
  import_fixture_add (self, "in/b/y#.png", 1);
  for (gsize i = 0; i < G_N_ELEMENTS (spellings); i++)
    {
      g_autoptr (GString) text = g_string_new ("file,label\n");
      g_autoptr (SlImport) import = NULL;

      for (int k = 0; k < 4; k++)
        {
          g_autoptr (GString) name = g_string_new (spellings[i]);
          const char number[2] = { (char)('0' + k), '\0' };

          g_string_replace (name, "#", number, 0);
          g_string_append_printf (text, "%s,%s\n", name->str, k % 2 ? "odd" : "even");
        }
      import_fixture_text (self, "labels.csv", text->str);
      import = import_fixture_scan (self, "csv");
      g_assert_cmpuint (sl_import_n_items (import), ==, 4);
      import_fixture_target (import, "in/a/x3.png", "odd");
      import_fixture_skipped (import, "in/b/y0.png", "no row in labels.csv");
    }
}

static void
test_header (ImportFixture *self, gconstpointer data)
{
  static const struct
  {
    const char *first;
    gboolean is_header;
  } cases[] = { { "name,label", TRUE }, { "gone9.png,a", FALSE }, { "p0.png,a", FALSE } };

  import_fixture_add (self, "p#.png", 3);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strdup_printf ("%s\np1.png,a\np2.png,b\n", cases[i].first);
      g_autoptr (SlImport) import = NULL;

      import_fixture_text (self, "l.csv", text);
      import = import_fixture_scan (self, NULL);
      g_assert_cmpint (table_of (import)->has_header, ==, cases[i].is_header);
      g_assert_cmpuint (table_of (import)->n_rows, ==, cases[i].is_header ? 2 : 3);
    }
}

/* ---- How it is written */

static void
test_encodings (ImportFixture *self, gconstpointer data)
{
  static const struct
  {
    const char *charset;
    const char *mark;
    gsize mark_length;
    const char *told;
  } cases[] = {
    { "UTF-8", "", 0, "UTF-8" },
    { "UTF-8", "\xEF\xBB\xBF", 3, "UTF-8" },
    { "UTF-16LE", "\xFF\xFE", 2, "UTF-16LE" },
    { "UTF-16BE", "\xFE\xFF", 2, "UTF-16BE" },
    { "UTF-16LE", "", 0, "UTF-16LE" },
    { "ISO-8859-1", "", 0, "ISO-8859-1" },
  };

  import_fixture_add (self, "b\303\244r#.png", 2);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GByteArray) bytes = g_byte_array_new ();
      g_autoptr (SlImport) import = NULL;
      gsize length;
      g_autofree char *text = g_convert ("name,label\r\nb\303\244r0.png,gr\303\274n\r\n"
                                         "b\303\244r1.png,rot\r\n",
                                         -1, cases[i].charset, "UTF-8", NULL, &length, NULL);

      g_byte_array_append (bytes, (const guint8 *)cases[i].mark, (guint)cases[i].mark_length);
      g_byte_array_append (bytes, (const guint8 *)text, (guint)length);
      picture_files_write (self->folder, "labels.csv", bytes->data, bytes->len);
      import = import_fixture_scan (self, NULL);
      import_fixture_target (import, "b\303\244r0.png", "gr\303\274n");
      g_assert_cmpstr (table_of (import)->encoding, ==, cases[i].told);
      g_assert_cmpstr (table_of (import)->columns[0], ==, "name"); /* no mark left in it */
    }
}

/* Cafe and an accent, as macOS spells file names, and as people type. */
static void
test_composed_names (ImportFixture *self, gconstpointer data)
{
  g_autoptr (SlImport) import = NULL;

  import_fixture_add (self, "cafe\314\201#.png", 2);
  import_fixture_text (self, "l.csv", "caf\303\2510.png,a\ncaf\303\2511.png,b\n");
  import = import_fixture_scan (self, "csv");
  g_assert_cmpuint (sl_import_n_items (import), ==, 2);
}

static void
test_separators (ImportFixture *self, gconstpointer data)
{
  static const char separators[] = { ',', ';', '\t', '|' };
  static const char *const ends[] = { "\n", "\r\n", "\r" };

  import_fixture_add (self, "p#.png", 2);
  for (gsize i = 0; i < G_N_ELEMENTS (separators) * G_N_ELEMENTS (ends); i++)
    {
      char c = separators[i % 4];
      const char *end = ends[i / 4];
      g_autofree char *text = g_strdup_printf ("name%clabel%s\"p0.png\"%c\"the \"\"x\"\"%c 1\"%s%s"
                                               "p1.png%c y %s",
                                               c, end, c, c, end, end, c, end);
      g_autofree char *quoted = g_strdup_printf ("the \"x\"%c 1", c);
      g_autoptr (SlImport) import = NULL;

      import_fixture_text (self, "labels.csv", text);
      import = import_fixture_scan (self, "csv:name,label,none");
      g_assert_cmpint (table_of (import)->separator, ==, c);
      import_fixture_target (import, "p0.png", quoted);
      import_fixture_target (import, "p1.png", "y");
    }
}

/* What is known about a table need not be guessed, and is kept when it is spelled. */
static void
test_options (ImportFixture *self, gconstpointer data)
{
  g_autoptr (SlImport) import = NULL;

  import_fixture_add (self, "p#.png", 4);
  import_fixture_text (self, "l.csv", "p0;a|x\np1;b|x\np2;a|y\np3;b|y\n");
  import = import_fixture_scan (self, "csv:l.csv:,,,header=yes");
  expect_labels (import, "csv:l.csv:p0,a|x,none,header=yes");
  g_assert_cmpuint (table_of (import)->n_rows, ==, 3);
  import_fixture_skipped (import, "p0.png", "no row in l.csv");
  g_clear_pointer (&import, sl_import_unref);

  import = import_fixture_scan (self,
                                "csv:l.csv:,,pipe,header=no,separator=semicolon,encoding=CP437");
  expect_labels (import, "csv:l.csv:1,2,pipe,header=no,separator=semicolon,encoding=CP437");
  g_assert_cmpstr (table_of (import)->encoding, ==, "CP437");
  import_fixture_target (import, "p0.png", "a;x");
  g_clear_pointer (&import, sl_import_unref);

  import_fixture_text (self, "l.csv", "p0,a\244\np1,b\np2,a\244\np3,b\n");
  import = import_fixture_scan (self, "csv:l.csv:,,,encoding=ISO-8859-15");
  import_fixture_target (import, "p2.png", "a\342\202\254"); /* where ISO-8859-1 has another sign */
  import_fixture_fails (self, "csv:l.csv:1,2,none,encoding=UTF-8", SL_ERROR_FORMAT, "UTF-8");
  import_fixture_fails (self, "csv:l.csv:1,2,none,encoding=no such", SL_ERROR_DATA, "no such");
  import_fixture_fails (self, "csv:l.csv:1,2,none,header=maybe", SL_ERROR_DATA, "header=maybe");
  import_fixture_fails (self, "csv:l.csv:1,2,none,separator=\"", SL_ERROR_DATA, "separator");
}

/* Names of columns that mean something else in an option. */
static void
test_odd_columns (ImportFixture *self, gconstpointer data)
{
  static const struct
  {
    const char *header;
    const char *labels;
  } cases[] = {
    { "file,\"la,bel\"", "csv:a:b.csv:file,2,none" },
    { "2,1", "csv:a:b.csv:2,1,none" },
    { "2,x..y", "csv:a:b.csv:2,#2,none" },
    { "same,same", "csv:a:b.csv:same,2,none" },
    { "#2,#1", "csv:a:b.csv:1,2,none" },
  };

  import_fixture_add (self, "p#.png", 4);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strconcat (cases[i].header, "\np0,v\np1,w\np2,v\np3,w\n", NULL);
      g_autoptr (SlImport) first = NULL, again = NULL;

      import_fixture_text (self, "a:b.csv", text);
      first = import_fixture_scan (self, "csv:a:b.csv:#1,#2,,header=yes");
      again = import_fixture_scan (self, sl_import_get_understanding (first)->labels);
      g_assert_cmpuint (table_of (again)->first_column, ==, 1);
      g_assert_cmpuint (table_of (again)->name_column, ==, 0);
      g_assert_cmpuint (table_of (again)->n_rows, ==, 4);
      import_fixture_target (again, "p3.png", "w");
      {
        g_autofree char *expected = g_strconcat (cases[i].labels, ",header=yes", NULL);

        expect_labels (again, expected);
      }
    }
}

/* ---- What is wrong */

static void
test_rows (ImportFixture *self, gconstpointer data)
{
  g_autoptr (SlImport) import = NULL;

  import_fixture_add (self, "p#.png", 6);
  import_fixture_add (self, "a/twin#.png", 1);
  import_fixture_add (self, "b/twin#.png", 1);
  picture_files_write (self->folder, "p5.png", "no picture", 10);
  import_fixture_text (self, "labels.csv",
                       "name,text,label\n"
                       "p0.png,,x\n"
                       "\n"
                       "p1.png,\"two\nlines\",y\n"
                       "gone.png,,y\n"
                       "p0.png,,x\n"
                       "p1.png,,x\n"
                       "p2.png,,\n"
                       "p3.png\n"
                       ",,x\n"
                       "p5.png,,x\n"
                       "twin0.png,,x\n");
  import = import_fixture_scan (self, "csv:name,label");
  g_assert_cmpuint (sl_import_n_items (import), ==, 2);
  import_fixture_target (import, "p1.png", "y");
  import_fixture_skipped (import, "gone.png", "labels.csv, line 6: there is no such picture");
  import_fixture_skipped (
      import, "p1.png",
      "labels.csv, line 8: another row for the same picture; the first one counts");
  import_fixture_skipped (import, "p2.png", "labels.csv, line 9: the label is empty");
  import_fixture_skipped (import, "p3.png", "labels.csv, line 10: the label is empty");
  import_fixture_skipped (import, "p4.png", "no row in labels.csv");
  import_fixture_skipped (import, "labels.csv", "labels.csv, line 11: names no picture");
  import_fixture_skipped (import, "p5.png", "a text file");
  import_fixture_skipped (import, "twin0.png",
                          "labels.csv, line 13: several pictures have this name");
  import_fixture_skipped (import, "a/twin0.png", "no row in labels.csv");
  g_assert_cmpuint (sl_import_n_skipped (import), ==, 10);
  g_assert_cmpuint (table_of (import)->n_rows, ==, 10);
  g_assert_cmpuint (table_of (import)->n_matched, ==, 5);
  g_assert_cmpuint (table_of (import)->n_repeated, ==, 2);
  g_assert_cmpuint (table_of (import)->n_missing, ==, 3);
}

static void
test_refusals (ImportFixture *self, gconstpointer data)
{
  import_fixture_add (self, "p#.png", 2);
  import_fixture_fails (self, "csv", SL_ERROR_NOT_FOUND, ".csv");
  import_fixture_text (self, "labels.csv", "name,label\np0.png,a\np1.png,b\n");
  import_fixture_fails (self, "csv:name,tag", SL_ERROR_NOT_FOUND, "“name”, “label”");
  import_fixture_fails (self, "csv:0,1", SL_ERROR_NOT_FOUND, "“0”");
  import_fixture_fails (self, "csv:3,1", SL_ERROR_NOT_FOUND, "“3”");
  import_fixture_fails (self, "csv:label,name", SL_ERROR_DATA, "No row of labels.csv");
  import_fixture_fails (self, "csv:name,label..name", SL_ERROR_DATA, "ends before");
  import_fixture_fails (self, "csv:name,name..label", SL_ERROR_DATA, "“name”");
  import_fixture_fails (self, "csv:name,label,and", SL_ERROR_DATA, "“and”");
  import_fixture_fails (self, "csv:labels.txt:name,label", SL_ERROR_NOT_FOUND, "labels.txt");
  import_fixture_text (self, "labels.csv", "name,label\np0.png,a\np1.png,\"b\n");
  import_fixture_fails (self, "csv:labels.csv", SL_ERROR_FORMAT, "line 3");
  import_fixture_text (self, "labels.csv", "");
  import_fixture_fails (self, "csv:labels.csv", SL_ERROR_FORMAT, "empty");
  picture_files_write (self->folder, "labels.csv", "p0.png,a\0b\n", 11);
  import_fixture_fails (self, "csv:labels.csv", SL_ERROR_FORMAT, "no text");
  import_fixture_text (self, "labels.csv", "p0.png\np1.png\n");
  import_fixture_fails (self, "csv:labels.csv", SL_ERROR_DATA, "no column of labels");
  import_fixture_text (self, "labels.csv", "p0.png,a\np1.png,a\n");
  import_fixture_fails (self, "csv:labels.csv", SL_ERROR_DATA, "one label, “a”");
}

/* ---- Splits, sources, other ways */

static void
test_column (ImportFixture *self, gconstpointer data)
{
  SlSplitSpec by_fold = { SL_SPLIT_BY_COLUMN, 0, (char *)"fold", 0 };
  SlSplitSpec by_set = { SL_SPLIT_BY_COLUMN, 0, (char *)"set", 0 };
  SlSplitSpec by_other = { SL_SPLIT_BY_COLUMN, 0, (char *)"other", 0 };
  g_autoptr (SlImport) import = NULL;
  g_autoptr (GError) error = NULL;

  import_fixture_add (self, "p#.png", 4);
  import_fixture_text (
      self, "labels.csv",
      "name,label,is_valid,set,fold\np0.png,a,True,train,1\np1.png,b,False,valid,2\n"
      "p2.png,a,0,train,3\np3.png,b,no,test,1\n");
  import = import_fixture_scan (self, NULL);
  expect_labels (import, "csv:labels.csv:name,label,none");
  g_assert_cmpint (sl_import_get_split (import)->kind, ==, SL_SPLIT_BY_COLUMN);
  g_assert_cmpint (import_fixture_find (import, "p0.png")->split, ==, SL_SPLIT_VALID);
  g_assert_cmpint (import_fixture_find (import, "p3.png")->split, ==, SL_SPLIT_TRAIN);
  g_assert_true (sl_import_set_split (import, &by_set, NULL));
  g_assert_cmpint (import_fixture_find (import, "p0.png")->split, ==, SL_SPLIT_TRAIN);
  g_assert_cmpint (import_fixture_find (import, "p1.png")->split, ==, SL_SPLIT_VALID);
  g_assert_cmpint (import_fixture_find (import, "p3.png")->split, ==, SL_SPLIT_TEST);
  g_assert_false (sl_import_set_split (import, &by_fold, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_DATA);
  g_assert_nonnull (strstr (error->message, "line 3"));
  g_clear_error (&error);
  g_assert_false (sl_import_set_split (import, &by_other, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_NOT_FOUND);
  g_assert_cmpstr (sl_import_get_split (import)->name, ==, "set"); /* as before */
}

static void
test_table_as_source (ImportFixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->folder, "set", "b.csv", NULL);
  g_autoptr (SlImport) import = NULL;

  import_fixture_add (self, "set/p#.png", 2);
  import_fixture_text (self, "set/a.csv", "p0.png,x\np1.png,y\n");
  import_fixture_text (self, "set/b.csv", "p0.png,v\np1.png,w\n");
  import = sl_import_scan (path, NULL, NULL, NULL, NULL, NULL);
  g_assert_cmpstr (sl_import_get_name (import), ==, "set");
  import_fixture_target (import, "p1.png", "w");
}

static void
test_set_labels (ImportFixture *self, gconstpointer data)
{
  g_autoptr (SlImport) import = NULL;
  g_autoptr (GError) error = NULL;

  import_fixture_add (self, "cat/p_#.png", 3);
  import_fixture_add (self, "dog/q_#.png", 3);
  import_fixture_text (self, "more.csv", "p_0,x\np_1,y\np_2,x\nq_0,y\nq_1,x\nq_2,y\n");
  import = import_fixture_scan (self, NULL);
  g_assert_cmpstr (sl_import_get_understanding (import)->others[0], ==, "folder");
  g_assert_true (g_str_has_prefix (sl_import_get_understanding (import)->others[1], "regex:"));
  import_fixture_target (import, "dog/q_1.png", "x");
  g_assert_true (sl_import_set_labels (import, "folder", NULL, NULL, NULL, NULL, NULL));
  import_fixture_check (import);
  import_fixture_target (import, "dog/q_1.png", "dog");
  g_assert_null (sl_import_get_understanding (import)->table);
  g_assert_false (sl_import_set_labels (import, "csv:7,8", NULL, NULL, NULL, NULL, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_NOT_FOUND);
  import_fixture_target (import, "dog/q_1.png", "dog"); /* as before */
}

/* A table about something else does not stand in the way of folders. */
static void
test_unrelated (ImportFixture *self, gconstpointer data)
{
  g_autoptr (SlImport) import = NULL;

  import_fixture_add (self, "cat/#.png", 2);
  import_fixture_add (self, "dog/#.png", 2);
  import_fixture_text (self, "prices.csv", "id,price\n1,20\n2,30\n");
  import = import_fixture_scan (self, NULL);
  expect_labels (import, "folder");
}

static void
test_unlabelled_part (ImportFixture *self, gconstpointer data)
{
  g_autoptr (SlImport) import = NULL;

  import_fixture_add (self, "train/p#.png", 4);
  import_fixture_add (self, "test/t#.png", 2);
  import_fixture_text (self, "train.csv", "p0,a\np1,b\np2,a\np3,b\n");
  import = import_fixture_scan (self, NULL);
  g_assert_cmpuint (sl_import_n_items (import), ==, 6);
  g_assert_cmpuint (sl_import_n_skipped (import), ==, 0);
  g_assert_null (import_fixture_find (import, "test/t1.png")->target);
  g_assert_cmpint (import_fixture_find (import, "test/t1.png")->split, ==, SL_SPLIT_TEST);
}

static void
test_many_rows (ImportFixture *self, gconstpointer data)
{
  const guint n = 100000;
  g_autoptr (GString) text = g_string_new ("\xEF\xBB\xBFname;label\r\n");
  g_autoptr (SlImport) import = NULL;

  import_fixture_add (self, "deep/in/img_#.png", 20);
  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "img_%u;%s\r\n", i, i % 3 ? "some" : "other");
  picture_files_write (self->folder, "labels.csv", text->str, text->len);
  import = import_fixture_scan (self, "csv");
  g_assert_cmpuint (sl_import_n_items (import), ==, 20);
  g_assert_cmpuint (sl_import_n_skipped (import), ==, n - 20);
  g_assert_cmpuint (table_of (import)->n_rows, ==, n);
  import_fixture_target (import, "deep/in/img_15.png", "other");
  import_fixture_skipped (import, "img_99999", "labels.csv, line 100001: there is no such picture");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  IMPORT_TEST ("/import-csv/guess", test_guess);
  IMPORT_TEST ("/import-csv/spelled-again", test_spelled_again);
  IMPORT_TEST ("/import-csv/names", test_names);
  IMPORT_TEST ("/import-csv/header", test_header);
  IMPORT_TEST ("/import-csv/encodings", test_encodings);
  IMPORT_TEST ("/import-csv/composed-names", test_composed_names);
  IMPORT_TEST ("/import-csv/separators", test_separators);
  IMPORT_TEST ("/import-csv/options", test_options);
  IMPORT_TEST ("/import-csv/odd-columns", test_odd_columns);
  IMPORT_TEST ("/import-csv/rows", test_rows);
  IMPORT_TEST ("/import-csv/refusals", test_refusals);
  IMPORT_TEST ("/import-csv/column", test_column);
  IMPORT_TEST ("/import-csv/table-as-source", test_table_as_source);
  IMPORT_TEST ("/import-csv/set-labels", test_set_labels);
  IMPORT_TEST ("/import-csv/unrelated", test_unrelated);
  IMPORT_TEST ("/import-csv/unlabelled-part", test_unlabelled_part);
  IMPORT_TEST ("/import-csv/many-rows", test_many_rows);
  return g_test_run ();
}
