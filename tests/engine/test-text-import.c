/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Texts from folders, tables, corpora and archives: what is taken, what is skipped and why, and that both add up. */
#include "picture-files.h"

#include <slope/text-import.h>
#include <slope/vocabulary.h>
#include <string.h>
#include <sys/resource.h>

typedef struct
{
  char *folder;
} Source;

static void
source_init (Source *self)
{
  self->folder = g_dir_make_tmp ("slope-texts-XXXXXX", NULL);
  g_assert_nonnull (self->folder);
}

static void
source_clear (Source *self)
{
  picture_files_remove (self->folder);
  g_free (self->folder);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Source, source_clear)

static void
write_bytes (const Source *self, const char *name, const char *data, gssize length)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);
  g_autofree char *folder = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0755), ==, 0);
  g_assert_true (g_file_set_contents (path, data, length, NULL));
}

/* @name: (nullable): a file in the folder. */
static SlTextImport *
scan (const Source *self, const char *name, const char *labels, const char *split, GError **error)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);
  SlTextImportOptions options = { .labels = (char *)labels };
  SlTextImport *import;

  if (split != NULL)
    g_assert_true (sl_split_spec_parse (&options.split, split, 1, NULL));
  import = sl_text_import_scan (path, &options, NULL, NULL, NULL, error);
  sl_split_spec_clear (&options.split);
  return import;
}

static SlTextImport *
scan_well (const Source *self, const char *name, const char *labels, const char *split)
{
  g_autoptr (GError) error = NULL;
  SlTextImport *import = scan (self, name, labels, split, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (sl_text_import_n_found (import), ==,
                    sl_text_import_n_items (import) + sl_text_import_n_skipped (import));
  return import;
}

static const SlTextItem *
find (const SlTextImport *import, const char *name, gsize *index)
{
  for (gsize i = 0; i < sl_text_import_n_items (import); i++)
    if (g_str_equal (sl_text_import_get_item (import, i)->name, name))
      {
        *index = i;
        return sl_text_import_get_item (import, i);
      }
  g_error ("There is no item %s", name);
}

static void
assert_item (const SlTextImport *import, const char *name, const char *text, const char *target,
             SlSplit split)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *found = NULL;
  gsize i;
  const SlTextItem *item = find (import, name, &i);

  found = sl_text_import_dup_text (import, i, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (found, ==, text);
  g_assert_cmpstr (item->target, ==, target);
  g_assert_cmpint (item->split, ==, split);
}

static void
assert_skipped (const SlTextImport *import, const char *name, const char *reason)
{
  for (gsize i = 0; i < sl_text_import_n_skipped (import); i++)
    if (g_str_equal (sl_text_import_get_skipped (import, i)->path, name))
      {
        g_assert_cmpstr (sl_text_import_get_skipped (import, i)->reason, ==, reason);
        return;
      }
  g_error ("%s was not skipped", name);
}

static void
assert_fails (const Source *self, const char *name, const char *labels, const char *split, int code,
              const char *message)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SlTextImport) import = scan (self, name, labels, split, &error);

  g_assert_null (import);
  g_assert_error (error, SL_ERROR, code);
  if (strstr (error->message, message) == NULL)
    g_error ("“%s” does not say “%s”", error->message, message);
  if (name != NULL)
    {
      g_autofree char *twice = g_strdup_printf ("%s: %s", name, name);

      g_assert_null (strstr (error->message, twice));
    }
}

/* ---- Folders */

static void
test_folders (void)
{
  g_auto (Source) source = { 0 };
  g_autoptr (SlTextImport) import = NULL;

  source_init (&source);
  for (guint i = 0; i < 10; i++)
    {
      g_autofree char *good = g_strdup_printf ("good/%u.txt", i);
      g_autofree char *bad = g_strdup_printf ("bad/%u.txt", i);

      write_bytes (&source, good, good, -1);
      write_bytes (&source, bad, bad, -1);
    }
  write_bytes (&source, "README.txt", "About these.", -1);
  write_bytes (&source, "good/empty.txt", " \n\t", -1);
  write_bytes (&source, "good/zeros.txt", "a\0b", 3);
  write_bytes (&source, "good/rgb.cal", "1 2 3", -1);
  write_bytes (&source, "good/notes.md", "not a .txt", -1);
  import = scan_well (&source, NULL, NULL, NULL);
  g_assert_cmpstr (sl_text_import_get_labels (import), ==, "folder");
  g_assert_cmpuint (sl_text_import_n_items (import), ==, 20);
  g_assert_cmpuint (sl_text_import_n_skipped (import), ==, 3);
  assert_skipped (import, "README.txt", "lies in no class folder");
  assert_skipped (import, "good/empty.txt", "empty");
  assert_skipped (import, "good/zeros.txt", "no text that can be read");
  g_assert_cmpuint (g_strv_length ((char **)sl_text_import_get_classes (import)), ==, 2);
  g_assert_cmpstr (sl_text_import_get_classes (import)[0], ==, "bad");
  g_assert_cmpint (sl_text_import_get_split (import)->kind, ==, SL_SPLIT_BY_STRATIFIED);
  g_assert_null (sl_text_import_get_notes (import)[0]);
}

/* The films' layout: its test folder validates, as in the course; what has no label is kept for the language model. */
static void
test_films (void)
{
  g_auto (Source) source = { 0 };
  g_autoptr (SlTextImport) import = NULL, other = NULL;

  source_init (&source);
  write_bytes (&source, "imdb/README", "no suffix", -1);
  write_bytes (&source, "imdb/train/pos/0_9.txt", "Great.", -1);
  write_bytes (&source, "imdb/train/neg/0_1.txt", "Dull.", -1);
  write_bytes (&source, "imdb/train/unsup/0_0.txt", "Who knows?", -1);
  write_bytes (&source, "imdb/test/pos/1_9.txt", "Fine.", -1);
  write_bytes (&source, "imdb/test/neg/1_2.txt", "Bad.", -1);
  import = scan_well (&source, NULL, NULL, NULL);
  g_assert_cmpuint (sl_text_import_n_items (import), ==, 5);
  assert_item (import, "train/pos/0_9.txt", "Great.", "pos", SL_SPLIT_TRAIN);
  assert_item (import, "train/unsup/0_0.txt", "Who knows?", NULL, SL_SPLIT_TEST);
  assert_item (import, "test/neg/1_2.txt", "Bad.", "neg", SL_SPLIT_VALID);
  g_assert_cmpstr (sl_text_import_get_notes (import)[0], ==,
                   "1 text has no label: it teaches the language model alone");
  other = scan_well (&source, NULL, "none", NULL);
  g_assert_null (sl_text_import_get_classes (other)[0]);
  g_assert_cmpuint (sl_text_import_n_items (other), ==, 5);
}

/* ---- Tables */

static void
test_table (void)
{
  static const char text[] = "label,text,is_valid\n"
                             "good,\"It was, \"\"really\"\" good.\nTwo lines.\",False\n"
                             "bad,Dull,True\n\n"
                             "bad,Boring,False\n"
                             ",No label here,False\n"
                             "good,,False\n"
                             "good,What is this,maybe\n";
  g_auto (Source) source = { 0 };
  g_autoptr (SlTextImport) import = NULL, column = NULL, folder = NULL;

  source_init (&source);
  write_bytes (&source, "texts.csv", text, -1);
  column = scan_well (&source, "texts.csv", "csv:text,label", "column:is_valid");
  assert_skipped (column, "texts.csv:9",
                  "divided neither as true or false nor as train, valid or test");
  import = scan_well (&source, "texts.csv", "csv:text,label", "none");
  g_assert_cmpstr (sl_text_import_get_labels (import), ==, "csv:texts.csv:text,label");
  assert_item (import, "texts.csv:2", "It was, \"really\" good.\nTwo lines.", "good",
               SL_SPLIT_TRAIN);
  assert_item (import, "texts.csv:4", "Dull", "bad", SL_SPLIT_TRAIN);
  assert_item (import, "texts.csv:6", "Boring", "bad", SL_SPLIT_TRAIN);
  assert_item (import, "texts.csv:7", "No label here", NULL, SL_SPLIT_TEST);
  assert_skipped (import, "texts.csv:8", "empty");
  /* As a folder, and without its last row, it divides itself. */
  write_bytes (&source, "texts.csv", text, (gssize)(strstr (text, "good,What") - text));
  folder = scan_well (&source, NULL, NULL, NULL);
  g_assert_cmpint (sl_text_import_get_split (folder)->kind, ==, SL_SPLIT_BY_COLUMN);
  g_assert_cmpstr (sl_text_import_get_split (folder)->name, ==, "is_valid");
  assert_item (folder, "texts.csv:4", "Dull", "bad", SL_SPLIT_VALID);
}

/* What was guessed of how a table is written can be said otherwise: what was understood is spelled so that it means the
 * same when it is read again. */
static void
test_form (void)
{
  /* Semicolons divide as many cells as commas do; the header looks like a text; the second row is "Käse" in cp850. */
  static const char text[] = "which;text, and more\n"
                             "x;The K\x84se was good, very\n"
                             "y;The bread was not, no\n";
  static const struct
  {
    const char *labels, *first, *target, *again;
    gsize n;
  } forms[] = {
    { "csv:t.csv:#2,#1,,header=yes,separator=semicolon,encoding=CP850", "The Käse was good, very",
      "x", "csv:t.csv:#2,which,,header=yes,separator=semicolon,encoding=CP850", 2 },
    { "csv:t.csv:2,1,,header=no,separator=semicolon,encoding=CP850", "text, and more", "which",
      "csv:t.csv:2,1,,header=no,separator=semicolon,encoding=CP850", 3 },
    { "csv:t.csv:1,,,header=no,separator=comma,encoding=CP850", "which;text", NULL,
      "csv:t.csv:1,,,header=no,separator=comma,encoding=CP850", 3 },
  };
  g_auto (Source) source = { 0 };

  source_init (&source);
  write_bytes (&source, "t.csv", text, -1);
  for (gsize i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      g_autoptr (SlTextImport) import = scan_well (&source, "t.csv", forms[i].labels, "none");
      g_autoptr (SlTextImport) again = NULL;
      g_autofree char *name = g_strdup_printf ("t.csv:%u", forms[i].n == 2 ? 2 : 1);

      g_assert_cmpuint (sl_text_import_n_items (import), ==, forms[i].n);
      assert_item (import, name, forms[i].first, forms[i].target, SL_SPLIT_TRAIN);
      g_assert_cmpstr (sl_text_import_get_labels (import), ==, forms[i].again);
      again = scan_well (&source, "t.csv", forms[i].again, "none");
      assert_item (again, name, forms[i].first, forms[i].target, SL_SPLIT_TRAIN);
      g_assert_cmpstr (sl_text_import_get_labels (again), ==, forms[i].again);
    }
  assert_fails (&source, "t.csv", "csv:2,1,,encoding=UTF-8", NULL, SL_ERROR_DATA, "as UTF-8");
  assert_fails (&source, "t.csv", "csv:2,1,,header=perhaps", NULL, SL_ERROR_DATA, "header=perhaps");
  assert_fails (&source, "t.csv", "csv:2,1,space", NULL, SL_ERROR_DATA, "one label");
}

/* Without telling names: the longest column, the one whose cells repeat; other separators, no header. */
static void
test_guessed_columns (void)
{
  g_auto (Source) source = { 0 };
  g_autoptr (SlTextImport) import = NULL;
  g_autoptr (GString) text = g_string_new (NULL);

  source_init (&source);
  for (guint i = 0; i < 40; i++)
    g_string_append_printf (text, "%u;%s;Some longer text of number %u that somebody wrote\r\n", i,
                            i % 3 ? "yes" : "no", i);
  write_bytes (&source, "rows.csv", text->str, -1);
  import = scan_well (&source, "rows.csv", NULL, NULL);
  g_assert_cmpstr (sl_text_import_get_labels (import), ==, "csv:rows.csv:3,2");
  g_assert_cmpuint (sl_text_import_n_items (import), ==, 40);
  {
    gsize i;

    g_assert_cmpstr (find (import, "rows.csv:40", &i)->target, ==, "no");
  }
}

static void
test_bad_tables (void)
{
  static const struct
  {
    const char *text;
    const char *labels;
    int code;
    const char *message;
  } cases[] = {
    { "", NULL, SL_ERROR_FORMAT, "empty" },
    { "\n\n", NULL, SL_ERROR_FORMAT, "empty" },
    { "a,b\n1,2\n", NULL, SL_ERROR_DATA, "no column of texts" },
    { "text,label\n\"open,a\nb,c\n", NULL, SL_ERROR_FORMAT, "line 2" },
    { "text,label\nx,a\ny,a\n", NULL, SL_ERROR_DATA, "have one, “a”" },
    { "text,label\nx,a\n", "csv:text,colour", SL_ERROR_NOT_FOUND, "“colour”" },
    { "text,label\nx,a\n", "csv:7", SL_ERROR_NOT_FOUND, "“7”" },
    { "text,label\n,a\n,b\n", NULL, SL_ERROR_DATA, "None of the 2 texts" },
    { "text,label\nx,a\ny,b\n", "regex:(.)", SL_ERROR_DATA, "“regex:(.)”" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (Source) source = { 0 };

      source_init (&source);
      write_bytes (&source, "t.csv", cases[i].text, -1);
      assert_fails (&source, "t.csv", cases[i].labels, NULL, cases[i].code, cases[i].message);
    }
}

/* ---- Encodings */

static const struct
{
  const char *charset;
  const char *text;
} written[] = {
  { "UTF-8", "Ça va, naïve façade: 東京" },
  { "UTF-16LE", "Wide letters, little end first" },
  { "UTF-16BE", "Wide letters, big end first" },
  { "ISO-8859-1", "Une fête où l'été était très long, et où le café était déjà à moitié fermé." },
  { "WINDOWS-1251", "В начале было слово, и слово это было длинным; никто не знал, зачем оно было "
                    "сказано, но все его слушали." },
  { "SHIFT_JIS", "吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。何でも薄暗いじ"
                 "めじめした所で泣いていた。" },
  { "KOI8-R", "Это было в то время, когда он не мог ничего сказать о том, что произошло в этом "
              "городе после войны. "
              "Никто из нас не знал, почему она приехала сюда и что она хотела сделать, но все "
              "говорили, что это было "
              "хорошо для дома." },
};

/* The same sentence, however it was written. */
static void
test_encodings (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (written); i++)
    {
      g_auto (Source) source = { 0 };
      g_autoptr (SlTextImport) import = NULL;
      g_autofree char *data = NULL;
      gsize length;

      source_init (&source);
      data = g_convert (written[i].text, -1, written[i].charset, "UTF-8", NULL, &length, NULL);
      g_assert_nonnull (data);
      write_bytes (&source, "one.txt", data, (gssize)length);
      import = scan_well (&source, "one.txt", "none", NULL);
      assert_item (import, "one.txt", written[i].text, NULL, SL_SPLIT_TRAIN);
      if (i == 0)
        g_assert_null (sl_text_import_get_notes (import)[0]);
      else
        g_assert_true (
            g_str_has_prefix (sl_text_import_get_notes (import)[0], "1 file is not UTF-8 but "));
    }
}

static void
test_marks (void)
{
  static const struct
  {
    const char *bytes;
    gssize length;
    const char *text;
  } cases[] = {
    { "\xEF\xBB\xBFhello", 8, "hello" }, { "\xFF\xFEh\0i\0", 6, "hi" },
    { "\xFE\xFF\0h\0i", 6, "hi" },       { "caf\xE9", 4, "café" },
    { "\x93quoted\x94", 8, "“quoted”" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (Source) source = { 0 };
      g_autoptr (SlTextImport) import = NULL;

      source_init (&source);
      write_bytes (&source, "a.txt", cases[i].bytes, cases[i].length);
      import = scan_well (&source, "a.txt", "none", NULL);
      assert_item (import, "a.txt", cases[i].text, NULL, SL_SPLIT_TRAIN);
    }
}

/* A table whose first odd letter comes late, and whose characters lie across the chunks that are read. */
static void
test_late_letters (void)
{
  g_auto (Source) source = { 0 };
  g_autoptr (SlTextImport) import = NULL;
  g_autoptr (GString) text = g_string_new ("text,label\n");
  g_autofree char *latin = NULL;
  gsize length, i;

  source_init (&source);
  for (guint row = 0; row < 3000; row++)
    g_string_append_printf (text, "This is the plain English text of row %u which is long,%s\n",
                            row, row % 2 ? "a" : "b");
  for (guint row = 0; row < 3000; row++)
    g_string_append_printf (text, "Était-ce déjà l'été à la fête du café numéro %u,%s\n", row,
                            row % 2 ? "a" : "b");
  write_bytes (&source, "utf8.csv", text->str, (gssize)text->len);
  latin = g_convert (text->str, -1, "ISO-8859-1", "UTF-8", NULL, &length, NULL);
  write_bytes (&source, "latin.csv", latin, (gssize)length);
  import = scan_well (&source, "latin.csv", NULL, NULL);
  g_assert_cmpuint (sl_text_import_n_items (import), ==, 6000);
  find (import, "latin.csv:6001", &i);
  {
    g_autofree char *last = sl_text_import_dup_text (import, i, NULL);
    g_autoptr (SlTextImport) other = scan_well (&source, "utf8.csv", NULL, NULL);

    g_assert_cmpstr (last, ==, "Était-ce déjà l'été à la fête du café numéro 2999");
    g_assert_null (sl_text_import_get_notes (other)[0]);
    for (i = 0; i < 6000; i++)
      g_assert_cmpstr (sl_text_import_get_item (import, i)->hash, ==,
                       sl_text_import_get_item (other, i)->hash);
  }
}

/* ---- Corpora */

/* Nothing is lost but blank lines in front of texts, and texts end where lines are blank. */
static void
test_corpus (void)
{
  g_auto (Source) source = { 0 };
  g_autoptr (SlTextImport) import = NULL;
  g_autoptr (GString) text = g_string_new ("\n\n"), all = g_string_new (NULL);

  source_init (&source);
  for (guint i = 0; i < 4000; i++)
    g_string_append_printf (text, "Line %u of the corpus, as long as lines are.\n%s", i,
                            i % 10 == 9 ? "\n" : "");
  write_bytes (&source, "corpus.txt", text->str, (gssize)text->len);
  import = scan_well (&source, "corpus.txt", NULL, NULL);
  g_assert_cmpstr (sl_text_import_get_labels (import), ==, "corpus");
  g_assert_cmpuint (sl_text_import_n_items (import), >, 20);
  g_assert_cmpstr (sl_text_import_get_item (import, 0)->name, ==, "corpus.txt:3");
  for (gsize i = 0; i < sl_text_import_n_items (import); i++)
    {
      g_autofree char *one = sl_text_import_dup_text (import, i, NULL);

      if (i + 1 < sl_text_import_n_items (import))
        g_assert_true (g_str_has_suffix (one, "\n\n"));
      g_string_append (all, one);
    }
  g_assert_cmpstr (all->str, ==, text->str + 2);
}

/* One line of 3 MiB, of letters with three bytes. */
static void
test_endless_line (void)
{
  g_auto (Source) source = { 0 };
  g_autoptr (SlTextImport) import = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  gsize sum = 0;

  source_init (&source);
  for (guint i = 0; i < 1 << 20; i++)
    g_string_append (text, "東");
  write_bytes (&source, "line.txt", text->str, (gssize)text->len);
  import = scan_well (&source, "line.txt", NULL, "none");
  for (gsize i = 0; i < sl_text_import_n_items (import); i++)
    {
      g_autofree char *one = sl_text_import_dup_text (import, i, NULL);

      g_assert_nonnull (one); /* valid UTF-8: no letter was cut */
      sum += sl_text_import_get_item (import, i)->bytes;
    }
  g_assert_cmpuint (sum, ==, text->len);
  g_clear_pointer (&import, sl_text_import_unref);
  assert_fails (&source, "line.txt", "none", NULL, SL_ERROR_DATA, "larger than 1 MiB");
}

/* ---- Sources */

static void
test_archive (void)
{
  g_auto (Source) source = { 0 };
  g_autoptr (SlTextImport) import = NULL;
  g_autofree char *archive = NULL, *inside = NULL;
  const char *argv[] = { "tar", "-czf", NULL, "-C", NULL, "imdb", NULL };
  int status = 1;

  source_init (&source);
  write_bytes (&source, "imdb/train/pos/0.txt", "Great.", -1);
  write_bytes (&source, "imdb/train/neg/0.txt", "Dull.", -1);
  write_bytes (&source, "imdb/test/pos/1.txt", "Fine.", -1);
  write_bytes (&source, "imdb/test/neg/1.txt", "Bad.", -1);
  argv[2] = archive = g_build_filename (source.folder, "films.tgz", NULL);
  argv[4] = source.folder;
  if (!g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL,
                     &status, NULL)
      || status != 0)
    {
      g_test_skip ("There is no tar");
      return;
    }
  import = scan_well (&source, "films.tgz", NULL, NULL);
  g_assert_cmpstr (sl_text_import_get_name (import), ==, "films");
  g_assert_cmpuint (sl_text_import_n_items (import), ==, 4);
  assert_item (import, "test/pos/1.txt", "Fine.", "pos", SL_SPLIT_VALID);
}

static void
test_nothing (void)
{
  g_auto (Source) source = { 0 };

  source_init (&source);
  assert_fails (&source, NULL, NULL, NULL, SL_ERROR_DATA, "There are no texts in");
  assert_fails (&source, "missing", NULL, NULL, SL_ERROR_NOT_FOUND, "does not exist");
  assert_fails (&source, NULL, "csv", NULL, SL_ERROR_NOT_FOUND, "There is no .csv file");
}

static void
cancel (gsize done, gsize total, const char *what, gpointer user_data)
{
  g_cancellable_cancel (user_data);
}

static void
test_cancel (void)
{
  g_auto (Source) source = { 0 };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;

  source_init (&source);
  write_bytes (&source, "t.csv", "text,label\nx,a\ny,b\n", -1);
  path = g_build_filename (source.folder, "t.csv", NULL);
  g_assert_null (sl_text_import_scan (path, NULL, cancellable, cancel, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* ---- From texts to numbers */

static void
test_tokens (void)
{
  g_auto (Source) source = { 0 };
  g_autoptr (SlTextImport) import = NULL;
  g_autoptr (SlTextStore) store = NULL;
  g_autoptr (SlTextSource) texts = NULL, other = NULL;
  g_autoptr (SlTokenCache) cache = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *taken = NULL, *tokens = NULL;
  const SlTextItem *items[2], *swapped[2];
  gsize n;

  source_init (&source);
  write_bytes (&source, "t.csv", "text,label\nIt's good.,a\nDull,b\n", -1);
  import = scan_well (&source, "t.csv", NULL, NULL);
  taken = g_build_filename (source.folder, "texts", NULL);
  tokens = g_build_filename (source.folder, "tokens", NULL);
  g_assert_true (sl_text_import_take_store (import, taken, &error));
  store = sl_text_store_open (taken, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 2; i++)
    items[i] = swapped[1 - i] = sl_text_import_get_item (import, i);
  texts = sl_text_source_new (store, items, 2);
  other = sl_text_source_new (store, swapped, 2);
  g_assert_cmpstr (texts->key, !=, other->key);
  g_assert_true (sl_token_cache_build (tokens, texts, SL_TOKEN_COURSE, NULL, NULL, NULL, &error));
  cache = sl_token_cache_open (tokens, texts->key, SL_TOKEN_COURSE, &error);
  g_assert_no_error (error);
  sl_token_cache_get_text (cache, 0, &n);
  g_assert_cmpuint (n, ==, 6); /* xxbos xxmaj it 's good . */
  /* What is no longer there is not read. */
  g_assert_null (sl_text_store_read (store, 13, 4, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_FORMAT);
  g_clear_error (&error);
  g_assert_null (sl_text_store_read (store, G_MAXUINT64, 4, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_FORMAT);
}

/* Of 100,000 rows none is kept: only what is known of each. */
static void
test_memory (void)
{
  g_auto (Source) source = { 0 };
  g_autoptr (SlTextImport) import = NULL;
  g_autofree char *path = NULL;
  struct rusage before, after;
  FILE *file;

  source_init (&source);
  path = g_build_filename (source.folder, "many.csv", NULL);
  file = g_fopen (path, "w");
  fputs ("label,text\n", file);
  for (guint i = 0; i < 100000; i++)
    {
      fprintf (file, "%s,\"%u: ", i % 2 ? "good" : "bad", i);
      for (guint k = 0; k < 10; k++)
        fputs ("what somebody wrote of a film that was seen, ", file);
      fputs ("\"\n", file);
    }
  g_assert_cmpint (fclose (file), ==, 0);
  getrusage (RUSAGE_SELF, &before);
  import = scan_well (&source, "many.csv", NULL, NULL);
  getrusage (RUSAGE_SELF, &after);
  g_assert_cmpuint (sl_text_import_n_items (import), ==, 100000);
  g_test_message ("%ld KiB more at the peak", after.ru_maxrss - before.ru_maxrss);
#if !defined(__SANITIZE_ADDRESS__)
  g_assert_cmpint (after.ru_maxrss - before.ru_maxrss, <, 40 * 1024); /* the file has 47 MiB */
#endif
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/engine/text-import/folders", test_folders);
  g_test_add_func ("/engine/text-import/films", test_films);
  g_test_add_func ("/engine/text-import/table", test_table);
  g_test_add_func ("/engine/text-import/form", test_form);
  g_test_add_func ("/engine/text-import/guessed-columns", test_guessed_columns);
  g_test_add_func ("/engine/text-import/bad-tables", test_bad_tables);
  g_test_add_func ("/engine/text-import/encodings", test_encodings);
  g_test_add_func ("/engine/text-import/marks", test_marks);
  g_test_add_func ("/engine/text-import/late-letters", test_late_letters);
  g_test_add_func ("/engine/text-import/corpus", test_corpus);
  g_test_add_func ("/engine/text-import/endless-line", test_endless_line);
  g_test_add_func ("/engine/text-import/archive", test_archive);
  g_test_add_func ("/engine/text-import/nothing", test_nothing);
  g_test_add_func ("/engine/text-import/cancel", test_cancel);
  g_test_add_func ("/engine/text-import/tokens", test_tokens);
  g_test_add_func ("/engine/text-import/memory", test_memory);
  return g_test_run ();
}
