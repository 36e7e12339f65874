/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures from lists of addresses, out of a server that does what servers do. */
#include "picture-files.h"
#include "server-fixture.h"

#include <slope/addresses.h>

#define NBSP "\u00A0"

typedef struct
{
  ServerFixture server;
  char *folder;
  SlAddressList *list;
  SlAddressLimits limits;
  GCancellable *cancellable;
  GMainLoop *loop;
  SlAddressReport *report;
  GError *error;
  gsize done, total;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  server_fixture_set_up (&self->server);
  self->folder = picture_files_new_folder ();
  self->list = sl_address_list_new ();
  self->loop = g_main_loop_new (NULL, FALSE);
  self->limits = (SlAddressLimits){ .stall_seconds = 1, .most_bytes = 4096, .pause_ms = 10 };
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_clear_pointer (&self->list, sl_address_list_free);
  g_clear_pointer (&self->report, sl_address_report_free);
  g_clear_error (&self->error);
  g_clear_object (&self->cancellable);
  g_main_loop_unref (self->loop);
  server_fixture_tear_down (&self->server);
  picture_files_remove (self->folder);
  g_free (self->folder);
}

/* @paths: on the server, a line each */
static void
add (Fixture *self, const char *label, const char *paths)
{
  g_auto (GStrv) lines = g_strsplit (paths, "\n", -1);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *file = g_strconcat (label, ".txt", NULL);

  for (guint i = 0; lines[i] != NULL; i++)
    g_string_append_printf (text, "%s%s\n", lines[i][0] == '/' ? self->server.root : "", lines[i]);
  if (self->list == NULL)
    self->list = sl_address_list_new ();
  g_assert_true (sl_address_list_add_text (self->list, text->str, label, file, NULL));
}

static void
note_progress (gsize done, gsize total, const char *what, gpointer data)
{
  Fixture *self = data;

  g_assert_cmpuint (done, <=, total);
  g_assert_cmpuint (done, >=, self->done);
  self->done = done;
  self->total = total;
}

static void
fetched_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Fixture *self = data;

  self->report = sl_address_list_fetch_finish (result, &self->error);
  g_main_loop_quit (self->loop);
}

static void
fetch (Fixture *self)
{
  g_clear_pointer (&self->report, sl_address_report_free);
  g_clear_error (&self->error);
  self->done = self->server.n_requests = 0;
  sl_address_list_fetch_async (g_steal_pointer (&self->list), self->folder, &self->limits,
                               self->cancellable, note_progress, self, fetched_cb, self);
  g_main_loop_run (self->loop);
  if (self->report == NULL)
    return;
  g_assert_no_error (self->error);
  g_assert_cmpuint (self->report->asked, ==,
                    self->report->fetched + self->report->kept + self->report->again
                        + self->report->failed + self->report->left);
  g_assert_cmpuint (self->report->failures->len, ==, self->report->failed);
}

static gboolean
has_file (Fixture *self, const char *name)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);

  return g_file_test (path, G_FILE_TEST_IS_REGULAR);
}

static guint
count_files (Fixture *self, const char *label)
{
  g_autofree char *path = g_build_filename (self->folder, label, NULL);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  guint n = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

/* Names, suffixes by what the files are, duplicates, and what is no address. */
static void
test_plain (Fixture *self, gconstpointer data)
{
  g_autoptr (GdkPixbuf) pixbuf = picture_files_pixbuf (9, 7, 1);
  char *png, *jpeg;
  gsize png_size, jpeg_size;

  gdk_pixbuf_save_to_buffer (pixbuf, &png, &png_size, "png", NULL, NULL);
  gdk_pixbuf_save_to_buffer (pixbuf, &jpeg, &jpeg_size, "jpeg", NULL, NULL);
  g_hash_table_insert (self->server.files, g_strdup ("/lies.jpg"),
                       g_bytes_new_take (png, png_size));
  g_hash_table_insert (self->server.files, g_strdup ("/none"), g_bytes_new_take (jpeg, jpeg_size));
  add (self, "black", "/lies.jpg\n/none?size=3\n/ok/2.png\n/ok/2.png\nftp://h/4\n/moved/5");
  add (self, "teddy", "/ok/a.png\n/no-length/b.png");
  fetch (self);
  g_assert_cmpuint (self->report->asked, ==, 8);
  g_assert_cmpuint (self->report->fetched, ==, 6);
  g_assert_cmpuint (self->report->again, ==, 1);
  g_assert_cmpuint (self->report->failed, ==, 1);
  g_assert_true (has_file (self, "black/00000000.png"));
  g_assert_true (has_file (self, "black/00000001.jpg"));
  g_assert_true (has_file (self, "black/00000002.pnm"));
  g_assert_true (has_file (self, "black/00000003.pnm"));
  g_assert_true (has_file (self, "teddy/00000001.pnm"));
  g_assert_cmpuint (count_files (self, "black"), ==, 4);
  g_assert_cmpuint (self->done, ==, 8);
  g_assert_cmpuint (self->total, ==, 8);
}

static const struct
{
  const char *path, *reason;
  guint n_requests;
} bad[] = {
  { "/missing/1", "the server answers 404 Not Found", 1 },
  { "/odd/1", "the server answers 418 I am [31m a \uFFFD teapot", 1 },
  { "/busy/1", "the server answers 429 Too Many Requests", 3 },
  { "/broken/1", "the server answers 500 Internal Server Error", 3 },
  { "/cut/1", NULL, 3 },
  { "/drop/1", NULL, 3 },
  { "/stall/1", NULL, 3 },
  { "/silent/1", NULL, 3 },
  { "/huge/1", "too large (5.0" NBSP "GB, of at most 4.1" NBSP "kB)", 1 },
  { "/endless/1", "too large (more than 4.1" NBSP "kB)", 1 },
  { "/empty/1", "empty", 1 },
  { "/page/1", "a web page", 1 },
  { "/words/1", "a text file", 1 },
  { "/circle/1", "redirected too often", 6 },
  { "/moved-to-file/1", NULL, 1 },
  { "http://127.0.0.1:1/1", NULL, 0 },
  { "http://name.invalid/1", NULL, 0 },
};

/* Each fails for its reason, and the rest goes on. */
static void
test_bad (Fixture *self, gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autofree char *paths = g_strdup_printf ("/ok/first.png\n%s\n/ok/last.png", bad[i].path);
  const SlAddress *failure;

  add (self, "a", paths);
  fetch (self);
  g_assert_cmpuint (self->report->fetched, ==, 2);
  g_assert_cmpuint (self->report->failed, ==, 1);
  failure = self->report->failures->pdata[0];
  g_test_message ("%s", failure->reason);
  g_assert_cmpuint (failure->line, ==, 2);
  g_assert_cmpstr (failure->file, ==, "a.txt");
  g_assert_cmpstr (failure->label, ==, "a");
  g_assert_true (failure->reason != NULL && failure->reason[0] != '\0');
  if (bad[i].reason != NULL)
    g_assert_cmpstr (failure->reason, ==, bad[i].reason);
  g_assert_cmpuint (self->server.n_requests, ==, 2 + bad[i].n_requests);
  g_assert_true (has_file (self, "a/00000000.pnm") && has_file (self, "a/00000002.pnm"));
  g_assert_cmpuint (count_files (self, "a"), ==, 2);
}

/* What goes wrong once is tried again. */
static void
test_again (Fixture *self, gconstpointer data)
{
  add (self, "a", "/cut-once/1\n/stall-once/2\n/busy-once/3\n/broken-once/4\n/drop-once/5");
  fetch (self);
  g_assert_cmpuint (self->report->fetched, ==, 5);
  g_assert_cmpuint (self->server.n_requests, ==, 10);
}

/* The whole time of one picture is bounded, though bytes may keep coming. */
static void
test_deadline (Fixture *self, gconstpointer data)
{
  self->limits.stall_seconds = 30;
  self->limits.most_seconds = 1;
  add (self, "a", "/silent/1\n/stall/2");
  fetch (self);
  g_assert_cmpuint (self->report->failed, ==, 2);
  for (guint i = 0; i < 2; i++)
    g_assert_cmpstr (((const SlAddress *)self->report->failures->pdata[i])->reason, ==,
                     "not here after 1 seconds");
  g_assert_cmpuint (self->server.n_requests, ==, 2);
}

static gboolean
count_held (gpointer data)
{
  Fixture *self = data;

  g_assert_cmpuint (self->server.held->len, ==, 4);
  g_cancellable_cancel (self->cancellable);
  return G_SOURCE_REMOVE;
}

/* Not more than four connections to one server, though eight may be under way. */
static void
test_polite (Fixture *self, gconstpointer data)
{
  g_autoptr (GString) paths = g_string_new ("/silent/0");

  for (guint i = 1; i < 20; i++)
    g_string_append_printf (paths, "\n/silent/%u", i);
  self->limits.stall_seconds = 30;
  self->cancellable = g_cancellable_new ();
  add (self, "a", paths->str);
  g_timeout_add (700, count_held, self);
  fetch (self);
  g_assert_cmpuint (self->report->left, ==, 20);
}

static gboolean
cancel_after_some (gpointer data)
{
  Fixture *self = data;

  if (self->server.n_requests < 5 || count_files (self, "a") < 2)
    return G_SOURCE_CONTINUE;
  g_cancellable_cancel (self->cancellable);
  return G_SOURCE_REMOVE;
}

#define FIVE "/ok/0\n/ok/1\n/stall-once/2\n/missing/3\n/stall-once/4"

/* A cancel keeps what came; the next time only the rest is asked for, and each keeps its number. */
static void
test_cancel (Fixture *self, gconstpointer data)
{
  self->limits.stall_seconds = 30;
  self->cancellable = g_cancellable_new ();
  add (self, "a", FIVE);
  g_timeout_add (5, cancel_after_some, self);
  fetch (self);
  g_assert_cmpuint (self->report->left, >=, 2);
  g_assert_cmpuint (self->report->fetched, ==, count_files (self, "a"));

  g_clear_object (&self->cancellable);
  add (self, "a", "/ok/new\n" FIVE);
  fetch (self);
  g_assert_cmpuint (self->report->kept, ==, 2);
  g_assert_cmpuint (self->report->fetched, ==, 3);
  g_assert_cmpuint (self->report->failed, ==, 1);
  g_assert_cmpuint (server_fixture_asked (&self->server, "/ok/0"), ==, 1);
  g_assert_cmpuint (count_files (self, "a"), ==, 5);

  add (self, "a", "/ok/new\n" FIVE);
  fetch (self);
  g_assert_cmpuint (self->report->kept, ==, 5);
  g_assert_cmpuint (self->server.n_requests, ==, 1); /* the missing one, again */
}

/* What was removed by hand is fetched anew; a record that says nonsense is none. */
static void
test_record (Fixture *self, gconstpointer data)
{
  static const char nonsense[] = "a/../../x\thttp://h/\nno tab\n\t\na/00000009.jpg\n"
                                 "a/1.jpg\tx\n/\t/\na/00000000.pnm";
  g_autofree char *path = NULL;

  picture_files_write (self->folder, ".slope-addresses", nonsense, strlen (nonsense));
  add (self, "a", "/ok/0\n/ok/1");
  fetch (self);
  g_assert_cmpuint (self->report->fetched, ==, 2);
  path = g_build_filename (self->folder, "a", "00000000.pnm", NULL);
  g_assert_cmpint (g_remove (path), ==, 0);
  add (self, "a", "/ok/0\n/ok/1");
  fetch (self);
  g_assert_cmpuint (self->report->kept + self->report->fetched, ==, 2);
  g_assert_cmpuint (count_files (self, "a"), ==, 2);
}

static void
test_most (Fixture *self, gconstpointer data)
{
  self->limits.most_per_class = 2;
  add (self, "a", "/ok/0\n/ok/1\n/ok/2");
  add (self, "b", "/ok/3");
  fetch (self);
  g_assert_cmpuint (self->report->fetched, ==, 3);
  g_assert_cmpstr (((const SlAddress *)self->report->failures->pdata[0])->reason, ==,
                   "beyond the first 2 of its class");
  g_assert_cmpuint (self->server.n_requests, ==, 3);
}

static void
test_disk (Fixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->folder, "a", NULL);

  g_assert_true (g_file_set_contents (path, "in the way", -1, NULL));
  add (self, "a", "/ok/0\n/ok/1");
  fetch (self);
  g_assert_null (self->report);
  g_assert_error (self->error, SL_ERROR, SL_ERROR_FAILED);
  g_assert_nonnull (strstr (self->error->message, self->folder));
}

#define TEST(name, func) g_test_add ("/engine/fetch/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_setenv ("no_proxy", "127.0.0.1", TRUE);
  g_test_init (&argc, &argv, NULL);
  TEST ("plain", test_plain);
  TEST ("again", test_again);
  TEST ("deadline", test_deadline);
  TEST ("polite", test_polite);
  TEST ("cancel", test_cancel);
  TEST ("record", test_record);
  TEST ("most", test_most);
  TEST ("disk", test_disk);
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_auto (GStrv) parts = g_strsplit (bad[i].path, "/", -1);
      g_autofree char *path = g_strdup_printf ("/engine/fetch/bad/%s",
                                               parts[1][0] != '\0' ? parts[1] : parts[2]);

      g_test_add (path, Fixture, GSIZE_TO_POINTER (i), set_up, test_bad, tear_down);
    }
  return g_test_run ();
}
