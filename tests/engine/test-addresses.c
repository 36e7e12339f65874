/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading lists of addresses; nothing is asked for. */
#include "picture-files.h"

#include <slope/addresses.h>

typedef struct
{
  char *folder;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = picture_files_new_folder ();
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  picture_files_remove (self->folder);
  g_free (self->folder);
}

static char *
write_list (Fixture *self, const char *name, const char *text)
{
  picture_files_write (self->folder, name, text, strlen (text));
  return g_build_filename (self->folder, name, NULL);
}

static SlAddressList *
load (const char *path)
{
  g_autoptr (GError) error = NULL;
  SlAddressList *list;

  g_assert_true (sl_address_list_is (path));
  list = sl_address_list_load (path, &error);
  g_assert_no_error (error);
  return list;
}

/* "black https://h/1.jpg" */
static void
assert_entry (const SlAddressList *list, guint i, guint line, const char *label,
              const char *address, const char *reason)
{
  const SlAddress *entry = sl_address_list_get (list, i);

  g_assert_cmpuint (entry->line, ==, line);
  g_assert_cmpstr (entry->label, ==, label);
  g_assert_cmpstr (entry->address, ==, address);
  g_assert_cmpstr (entry->reason, ==, reason);
}

static void
test_text (Fixture *self, gconstpointer data)
{
  g_autofree char *path = write_list (self, "urls_black.txt",
                                      "\xEF\xBB\xBF"
                                      "https://h.org/1.jpg\r\n"
                                      "\r\n"
                                      "# from the second page\n"
                                      "  http://h.org/a%20b.png?x=1,2#top  \n"
                                      "HTTPS://h.org/Bär 3.jpg\n"
                                      "https://h.org/1.jpg\n"
                                      "ftp://h.org/1.jpg\n"
                                      "data:image/png;base64,AAAA\n"
                                      "https:///none.jpg\n"
                                      "https://h.org/2.jpg\tgrizzly bear\n"
                                      "https://h.org/1.jpg ../teddy");
  g_autoptr (SlAddressList) list = load (path);

  g_assert_cmpuint (sl_address_list_n (list), ==, 9);
  assert_entry (list, 0, 1, "black", "https://h.org/1.jpg", NULL);
  assert_entry (list, 1, 4, "black", "http://h.org/a%20b.png?x=1,2", NULL);
  assert_entry (list, 2, 5, "3.jpg", "HTTPS://h.org/B%C3%A4r", NULL);
  assert_entry (list, 3, 6, "black", "https://h.org/1.jpg", "the same as line 1 of urls_black.txt");
  g_assert_true (sl_address_list_get (list, 3)->again);
  assert_entry (list, 4, 7, "black", "ftp://h.org/1.jpg",
                "no address that begins with http:// or https://");
  assert_entry (list, 5, 8, "black", "data:image/png;base64,AAAA",
                "no address that begins with http:// or https://");
  assert_entry (list, 6, 9, "black", "https:///none.jpg", "an address without a server");
  assert_entry (list, 7, 10, "grizzly bear", "https://h.org/2.jpg", NULL);
  assert_entry (list, 8, 11, "_._teddy", "https://h.org/1.jpg",
                "the same as line 1 of urls_black.txt, which says “black”");
  g_assert_false (sl_address_list_get (list, 8)->again);
}

static const struct
{
  const char *file, *label;
} names[] = {
  { "urls_black.txt", "black" },      { "black_urls.csv", "black" },
  { "black.txt", "black" },           { "/a/b/urls-polar bear.txt", "polar bear" },
  { "URLS_Grizzly.TXT", "Grizzly" },  { "addresses.txt", "addresses" },
  { "polar_bear.txt", "polar_bear" }, { "urls_.txt", "urls_" },
};

static void
test_names (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *label = sl_address_list_label_of (names[i].file);

      g_assert_cmpstr (label, ==, names[i].label);
    }
}

/* The course's .csv holds an address a line, commas and all. */
static void
test_csv_of_lines (Fixture *self, gconstpointer data)
{
  g_autofree char *path = write_list (self, "urls_teddys.csv",
                                      "https://h.org/1.jpg\nhttps://h.org/a,b,c.jpg\n"
                                      "https://h.org/3.jpg\n");
  g_autoptr (SlAddressList) list = load (path);

  g_assert_cmpuint (sl_address_list_n (list), ==, 3);
  assert_entry (list, 1, 2, "teddys", "https://h.org/a,b,c.jpg", NULL);
}

static void
test_csv_with_classes (Fixture *self, gconstpointer data)
{
  g_autofree char *first = write_list (self, "bears.csv",
                                       "Class;Picture\nblack;\"https://h.org/a;b.jpg\"\n"
                                       "teddy;https://h.org/2.jpg\n;https://h.org/3.jpg\n"
                                       "teddy;\n");
  g_autofree char *second = write_list (self, "more.tsv",
                                        "https://h.org/5.jpg\tblack\nhttps://h.org/6.jpg\tteddy\n");
  g_autoptr (SlAddressList) list = load (first);
  g_autoptr (SlAddressList) more = load (second);

  g_assert_cmpuint (sl_address_list_n (list), ==, 4);
  assert_entry (list, 0, 2, "black", "https://h.org/a;b.jpg", NULL);
  assert_entry (list, 1, 3, "teddy", "https://h.org/2.jpg", NULL);
  assert_entry (list, 2, 4, "bears", "https://h.org/3.jpg", NULL);
  assert_entry (list, 3, 5, "teddy", "", "no address that begins with http:// or https://");
  assert_entry (more, 0, 1, "black", "https://h.org/5.jpg", NULL);
  assert_entry (more, 1, 2, "teddy", "https://h.org/6.jpg", NULL);
}

static void
test_utf16 (Fixture *self, gconstpointer data)
{
  const char *text = "https://h.org/1.jpg\r\nhttps://h.org/2.jpg\r\n";
  gsize size;
  g_autofree char *wide = g_convert (text, -1, "UTF-16", "UTF-8", NULL, &size, NULL);
  g_autofree char *path = g_build_filename (self->folder, "teddy.txt", NULL);
  g_autoptr (SlAddressList) list = NULL;

  picture_files_write (self->folder, "teddy.txt", wide, size);
  list = load (path);
  g_assert_cmpuint (sl_address_list_n (list), ==, 2);
  assert_entry (list, 1, 2, "teddy", "https://h.org/2.jpg", NULL);
}

static void
test_folder (Fixture *self, gconstpointer data)
{
  g_autoptr (SlAddressList) list = NULL;

  g_free (write_list (self, "urls_teddy.txt", "https://h.org/1.jpg\nhttps://h.org/2.jpg\n"));
  g_free (write_list (self, "urls_black.txt", "https://h.org/3.jpg\nhttps://h.org/1.jpg\n"));
  g_free (write_list (self, "README.txt", "Found with a search engine.\n"));
  g_free (write_list (self, ".hidden.txt", "https://h.org/9.jpg\n"));
  list = load (self->folder);
  g_assert_cmpuint (sl_address_list_n (list), ==, 4);
  assert_entry (list, 0, 1, "black", "https://h.org/3.jpg", NULL);
  assert_entry (list, 3, 2, "teddy", "https://h.org/2.jpg", NULL);
  assert_entry (list, 2, 1, "teddy", "https://h.org/1.jpg",
                "the same as line 2 of urls_black.txt, which says “black”");
  /* Where pictures are, the folder is one of pictures. */
  picture_files_make (self->folder, "black/1.png", "png", 8, 8, 1);
  g_assert_false (sl_address_list_is (self->folder));
}

/* What says for pictures that are here where they are from is a table of labels. */
static void
test_no_list (Fixture *self, gconstpointer data)
{
  g_autofree char *table = write_list (self, "labels.csv",
                                       "name,label,url\n1.png,black,https://h.org/1.png\n"
                                       "2.png,teddy,https://h.org/2.png\n");
  g_autofree char *words = write_list (self, "words.txt", "black\nteddy\nsee https://h.org\n");
  g_autofree char *none = write_list (self, "none.txt", "");
  g_autofree char *gone = g_build_filename (self->folder, "gone.txt", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (sl_address_list_is (table));
  picture_files_make (self->folder, "1.png", "png", 8, 8, 1);
  g_assert_false (sl_address_list_is (table));
  g_assert_false (sl_address_list_is (words));
  g_assert_false (sl_address_list_is (none));
  g_assert_false (sl_address_list_is (gone));
  g_assert_null (sl_address_list_load (words, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_DATA);
  g_assert_nonnull (strstr (error->message, "words.txt"));
}

static void
test_too_many (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (SlAddressList) list = sl_address_list_new ();
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i <= SL_ADDRESSES_MOST; i++)
    g_string_append_printf (text, "http://h/%u\n", i);
  g_assert_false (sl_address_list_add_text (list, text->str, "a", "long.txt", &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_DATA);
  g_assert_nonnull (strstr (error->message, "long.txt"));
}

/* A class becomes a folder: none leads out of it, hides or is too long. */
static void
test_classes (void)
{
  static const char *const labels[][2] = {
    { "a/b", "a_b" },   { "..", "_." },    { ".git", "_git" },  { "  x  ", "x" },
    { "", "pictures" }, { "a\nb", "a_b" }, { "C:\\x", "C:_x" },
  };
  g_autofree char *name = g_strnfill (200, 'x');

  for (gsize i = 0; i < G_N_ELEMENTS (labels); i++)
    {
      g_autoptr (SlAddressList) list = sl_address_list_new ();

      g_assert_true (sl_address_list_add_text (list, "http://h/1", labels[i][0], "f", NULL));
      g_assert_cmpstr (sl_address_list_get (list, 0)->label, ==, labels[i][1]);
    }
  {
    g_autoptr (SlAddressList) list = sl_address_list_new ();

    g_assert_true (sl_address_list_add_text (list, "http://h/1", name, "f", NULL));
    g_assert_cmpuint (strlen (sl_address_list_get (list, 0)->label), ==, 100);
  }
}

#define TEST(name, func) \
  g_test_add ("/engine/addresses/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  TEST ("text", test_text);
  TEST ("csv-of-lines", test_csv_of_lines);
  TEST ("csv-with-classes", test_csv_with_classes);
  TEST ("utf16", test_utf16);
  TEST ("folder", test_folder);
  TEST ("no-list", test_no_list);
  g_test_add_func ("/engine/addresses/names", test_names);
  g_test_add_func ("/engine/addresses/too-many", test_too_many);
  g_test_add_func ("/engine/addresses/classes", test_classes);
  return g_test_run ();
}
