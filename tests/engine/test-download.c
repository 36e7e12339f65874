/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <slope/download.h>

#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#define LENGTH 300000
#define NO_LENGTH 0

/* What the server does with a request; the first one and later ones may differ. */
typedef enum
{
  SERVES,           /* with ranges */
  SERVES_WHOLE,     /* ignores Range */
  SERVES_ELSEWHERE, /* 206, but of other bytes */
  CUTS,             /* promises all, sends half of what is left */
  CUTS_AT_ONCE,     /* promises all, sends nothing */
  STALLS,           /* sends half of what is left, then nothing more */
  STALLS_AT_ONCE,   /* never answers */
  PROMISES_MORE,
  PROMISES_LESS,
  PROMISES_NOTHING, /* no length; the end of the connection is the end */
  SENDS_MORE,       /* no length, and more than the file */
  REDIRECTS,        /* to /file */
  REDIRECTS_TO_ITSELF,
  ANSWERS_404,
  ANSWERS_500
} Habit;

typedef struct
{
  SoupServer *server;
  char *address, *folder, *path;
  guint8 *data;
  char *sha256;
  GPtrArray *held; /* connections that stall */
  Habit first, later;
  const char *etag, *later_etag; /* NULL: none */
  guint n_requests, n_ranges;
  guint64 done, total; /* as progress said last */
  guint n_told;
  GMainLoop *loop;
  GError *error;
  gboolean ok;
} Fixture;

/* ---- The server */

static void
send_raw (GIOStream *stream, gconstpointer data, gsize n)
{
  g_output_stream_write_all (g_io_stream_get_output_stream (stream), data, n, NULL, NULL, NULL);
}

static void
send_head (GIOStream *stream, const char *status, const char *etag, gssize length, gsize from)
{
  g_autoptr (GString) head = g_string_new (NULL);

  g_string_append_printf (head, "HTTP/1.1 %s\r\nConnection: close\r\n", status);
  if (etag != NULL)
    g_string_append_printf (head, "ETag: %s\r\n", etag);
  if (length > 0)
    g_string_append_printf (head, "Content-Length: %" G_GSSIZE_FORMAT "\r\n", length);
  if (g_str_has_prefix (status, "206"))
    g_string_append_printf (head, "Content-Range: bytes %" G_GSIZE_FORMAT "-%d/%d\r\n", from,
                            LENGTH - 1, LENGTH);
  if (g_str_has_prefix (status, "302"))
    g_string_append_printf (head, "Location: %s\r\n", etag);
  g_string_append (head, "\r\n");
  send_raw (stream, head->str, head->len);
}

/* Sends the file from byte @from on as @habit wants it; TRUE to keep the connection. */
static gboolean
send_file (Fixture *self, GIOStream *stream, Habit habit, const char *etag, gsize from)
{
  gssize left = (gssize)(LENGTH - from);
  gssize promised = habit == PROMISES_MORE                             ? left + 1000
                    : habit == PROMISES_LESS                           ? left - 1000
                    : habit == PROMISES_NOTHING || habit == SENDS_MORE ? NO_LENGTH
                                                                       : left;
  gsize sent = habit == CUTS || habit == STALLS ? (gsize)left / 2
               : habit == CUTS_AT_ONCE          ? 0
               : habit == PROMISES_LESS         ? (gsize)promised
                                                : (gsize)left;

  if (habit == STALLS_AT_ONCE)
    return TRUE;
  if (habit == SERVES_ELSEWHERE && from > 0)
    from -= 1;
  send_head (stream, from > 0 ? "206 Partial Content" : "200 OK", etag, promised, from);
  send_raw (stream, self->data + from, sent);
  if (habit == SENDS_MORE)
    send_raw (stream, self->data, 5000);
  return habit == STALLS;
}

static void
serve (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
       gpointer data)
{
  Fixture *self = data;
  Habit habit = self->n_requests++ == 0 ? self->first : self->later;
  const char *etag = self->n_requests == 1 ? self->etag : self->later_etag;
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  const char *range = soup_message_headers_get_one (headers, "Range");
  const char *version = soup_message_headers_get_one (headers, "If-Range");
  gsize from = 0;
  g_autoptr (GIOStream) stream = NULL;

  self->n_ranges += range != NULL;
  if (range != NULL && habit != SERVES_WHOLE && g_strcmp0 (version, etag) == 0)
    from = (gsize)g_ascii_strtoull (range + strlen ("bytes="), NULL, 10);
  if (habit == REDIRECTS && g_str_equal (path, "/file"))
    habit = SERVES;
  stream = soup_server_message_steal_connection (message);
  if (habit == REDIRECTS || habit == REDIRECTS_TO_ITSELF)
    send_head (stream, "302 Found", habit == REDIRECTS ? "/file" : "/elsewhere", 0, 0);
  else if (habit == ANSWERS_404)
    send_head (stream, "404 Not Found", NULL, 0, 0);
  else if (habit == ANSWERS_500)
    send_head (stream, "500 Internal Server Error", NULL, 0, 0);
  else if (send_file (self, stream, habit, etag, from))
    {
      g_ptr_array_add (self->held, g_steal_pointer (&stream));
      return;
    }
  g_io_stream_close (stream, NULL, NULL);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoslist (GUri) uris = NULL;
  GError *error = NULL;
  guint32 state = 1;

  self->data = g_malloc (LENGTH);
  for (gsize i = 0; i < LENGTH; i++)
    self->data[i] = (guint8)((state = state * 1664525u + 1013904223u) >> 24);
  self->sha256 = g_compute_checksum_for_data (G_CHECKSUM_SHA256, self->data, LENGTH);
  self->folder = g_dir_make_tmp ("slope-download-XXXXXX", NULL);
  self->path = g_build_filename (self->folder, "deep", "file.pth", NULL);
  self->held = g_ptr_array_new_with_free_func (g_object_unref);
  self->loop = g_main_loop_new (NULL, FALSE);
  self->etag = self->later_etag = "\"v1\"";
  self->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (self->server, NULL, serve, self, NULL);
  soup_server_listen_local (self->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (self->server);
  self->address = g_strdup_printf ("http://127.0.0.1:%d/first", g_uri_get_port (uris->data));
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_remove (path);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_ptr_array_unref (self->held);
  g_object_unref (self->server);
  g_main_loop_unref (self->loop);
  remove_tree (self->folder);
  g_clear_error (&self->error);
  g_free (self->address);
  g_free (self->folder);
  g_free (self->path);
  g_free (self->data);
  g_free (self->sha256);
}

/* ---- The client */

static void
note_progress (guint64 done, guint64 total, double rate, gpointer data)
{
  Fixture *self = data;

  g_assert_cmpuint (done, <=, total > 0 ? total : G_MAXUINT64);
  self->done = done;
  self->total = total;
  self->n_told++;
}

static void
note_done (GObject *source, GAsyncResult *result, gpointer data)
{
  Fixture *self = data;

  g_clear_error (&self->error);
  self->ok = sl_download_finish (result, &self->error);
  g_assert_true (self->ok == (self->error == NULL));
  if (self->error != NULL)
    g_test_message ("%s", self->error->message);
  g_main_loop_quit (self->loop);
}

static SlDownload
usual (Fixture *self)
{
  return (SlDownload){ self->address, self->path, self->sha256, LENGTH, 1 };
}

static void
fetch (Fixture *self, SlDownload what, GCancellable *cancellable)
{
  self->n_requests = self->n_ranges = 0;
  sl_download_async (&what, cancellable, note_progress, self, note_done, self);
  g_main_loop_run (self->loop);
}

static gboolean
part_exists (Fixture *self)
{
  g_autofree char *part = g_strconcat (self->path, ".part", NULL);

  return g_file_test (part, G_FILE_TEST_EXISTS);
}

static void
assert_fetched (Fixture *self)
{
  g_autofree char *from = g_strconcat (self->path, ".part.from", NULL);
  g_autofree char *contents = NULL;
  gsize length;

  g_assert_no_error (self->error);
  g_assert_true (g_file_get_contents (self->path, &contents, &length, NULL));
  g_assert_cmpmem (contents, length, self->data, LENGTH);
  g_assert_false (part_exists (self));
  g_assert_false (g_file_test (from, G_FILE_TEST_EXISTS));
}

static void
assert_failed (Fixture *self, SlError code, const char *says)
{
  g_assert_error (self->error, SL_ERROR, (int)code);
  g_assert_nonnull (strstr (self->error->message, "file.pth"));
  g_assert_nonnull (strstr (self->error->message, says));
  g_assert_false (g_file_test (self->path, G_FILE_TEST_EXISTS));
}

/* ---- Tests */

typedef struct
{
  const char *name;
  Habit first, later;
  const char *etag, *later_etag;
  gboolean size_unknown;
  SlError code; /* with @says */
  const char *says;
  guint n_requests, n_ranges;
} Case;

#define V1 "\"v1\""
#define V2 "\"v2\""
static const Case cases[] = {
  { "plain", SERVES, SERVES, V1, V1, FALSE, 0, NULL, 1, 0 },
  { "size-unknown", SERVES, SERVES, V1, V1, TRUE, 0, NULL, 1, 0 },
  { "no-length", PROMISES_NOTHING, SERVES, V1, V1, TRUE, 0, NULL, 1, 0 },
  { "redirected", REDIRECTS, SERVES, V1, V1, FALSE, 0, NULL, 2, 0 },
  { "cut", CUTS, SERVES, V1, V1, FALSE, 0, NULL, 2, 1 },
  { "cut-without-mark", CUTS, SERVES, NULL, NULL, FALSE, 0, NULL, 2, 0 },
  { "cut-with-weak-mark", CUTS, SERVES, "W/" V1, "W/" V1, FALSE, 0, NULL, 2, 0 },
  { "cut-and-changed", CUTS, SERVES, V1, V2, FALSE, 0, NULL, 2, 1 },
  { "cut-and-no-ranges", CUTS, SERVES_WHOLE, V1, V1, FALSE, 0, NULL, 2, 1 },
  { "cut-and-other-range", CUTS, SERVES_ELSEWHERE, V1, V1, FALSE, 0, NULL, 3, 1 },
  { "cut-always", CUTS, CUTS, V1, V1, FALSE, SL_ERROR_NETWORK, "save http", 5, 4 },
  { "cut-at-once", CUTS_AT_ONCE, SERVES, V1, V1, FALSE, SL_ERROR_NETWORK, "save http", 1, 0 },
  { "stalled", STALLS, SERVES, V1, V1, FALSE, 0, NULL, 2, 1 },
  { "silent", STALLS_AT_ONCE, SERVES, V1, V1, FALSE, SL_ERROR_NETWORK, "timed out", 1, 0 },
  { "promises-more", PROMISES_MORE, PROMISES_MORE, V1, V1, FALSE, SL_ERROR_FORMAT,
    "301000 bytes, not 300000", 1, 0 },
  { "promises-less", PROMISES_LESS, SERVES, V1, V1, FALSE, SL_ERROR_FORMAT,
    "299000 bytes, not 300000", 1, 0 },
  { "less-unnoticed", PROMISES_LESS, SERVES, V1, V1, TRUE, SL_ERROR_FORMAT, "SHA-256", 1, 0 },
  { "more-than-the-file", SENDS_MORE, SERVES, V1, V1, FALSE, SL_ERROR_FORMAT, "bytes, not 300000",
    1, 0 },
  { "redirected-in-circles", REDIRECTS_TO_ITSELF, REDIRECTS_TO_ITSELF, V1, V1, FALSE,
    SL_ERROR_NETWORK, "save http", 0, 0 },
  { "not-found", ANSWERS_404, SERVES, V1, V1, FALSE, SL_ERROR_NETWORK, "404 Not Found", 1, 0 },
  { "server-broken", ANSWERS_500, SERVES, V1, V1, FALSE, SL_ERROR_NETWORK, "500 Internal", 1, 0 },
  { "cut-then-not-found", CUTS, ANSWERS_404, V1, V1, FALSE, SL_ERROR_NETWORK, "404", 2, 1 },
};

static void
test_case (Fixture *self, gconstpointer data)
{
  const Case *c = data;
  SlDownload what = usual (self);

  self->first = c->first;
  self->later = c->later;
  self->etag = c->etag;
  self->later_etag = c->later_etag;
  if (c->size_unknown)
    what.n_bytes = 0;
  fetch (self, what, NULL);
  if (c->says != NULL)
    assert_failed (self, c->code, c->says);
  else
    {
      assert_fetched (self);
      g_assert_cmpuint (self->done, ==, LENGTH);
    }
  if (c->n_requests > 0)
    g_assert_cmpuint (self->n_requests, ==, c->n_requests);
  g_assert_cmpuint (self->n_ranges, ==, c->n_ranges);
}

static gboolean
cancel_when_begun (gpointer data)
{
  Fixture *self = g_object_get_data (data, "fixture");

  if (self->done == 0)
    return G_SOURCE_CONTINUE;
  g_cancellable_cancel (data);
  return G_SOURCE_REMOVE;
}

static void
cancel_on_the_way (Fixture *self)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  self->first = STALLS;
  g_object_set_data (G_OBJECT (cancellable), "fixture", self);
  g_timeout_add (5, cancel_when_begun, cancellable);
  fetch (self, usual (self), cancellable);
  g_assert_error (self->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_true (part_exists (self));
  g_assert_false (g_file_test (self->path, G_FILE_TEST_EXISTS));
}

static void
test_cancel (Fixture *self, gconstpointer data)
{
  cancel_on_the_way (self);
  self->first = SERVES;
  self->done = 0;
  fetch (self, usual (self), NULL);
  assert_fetched (self);
  g_assert_cmpuint (self->n_ranges, ==, 1);
}

/* What is left of one address is not the beginning of another's. */
static void
test_other_address (Fixture *self, gconstpointer data)
{
  g_autofree char *other = g_strconcat (self->address, "-other", NULL);
  SlDownload what = usual (self);

  cancel_on_the_way (self);
  self->first = SERVES;
  what.address = other;
  fetch (self, what, NULL);
  assert_fetched (self);
  g_assert_cmpuint (self->n_ranges, ==, 0);
}

/* A part that was changed is noticed, and the attempt after that succeeds. */
static void
test_changed_part (Fixture *self, gconstpointer data)
{
  g_autofree char *part = g_strconcat (self->path, ".part", NULL);
  FILE *file;

  cancel_on_the_way (self);
  file = fopen (part, "r+");
  fputc (self->data[0] ^ 1, file);
  fclose (file);
  self->first = SERVES;
  fetch (self, usual (self), NULL);
  assert_failed (self, SL_ERROR_FORMAT, "SHA-256");
  g_assert_false (part_exists (self));
  fetch (self, usual (self), NULL);
  assert_fetched (self);
}

static void
test_checksum (Fixture *self, gconstpointer data)
{
  SlDownload what = usual (self);

  what.sha256 = "01234567";
  fetch (self, what, NULL);
  assert_failed (self, SL_ERROR_FORMAT, "not 01234567");
  g_assert_false (part_exists (self));
  self->sha256[8] = '\0'; /* the first eight digits are enough, whichever case */
  what.sha256 = self->sha256;
  for (char *c = self->sha256; *c != '\0'; c++)
    *c = g_ascii_toupper (*c);
  fetch (self, what, NULL);
  assert_fetched (self);
}

/* The beginning alone, as fast.ai publishes it. */
static void
test_head (Fixture *self, gconstpointer data)
{
  g_autofree char *md5 = g_compute_checksum_for_data (G_CHECKSUM_MD5, self->data, LENGTH);
  SlDownload what = usual (self);

  what.sha256 = NULL;
  what.head_md5 = "0123456789abcdef0123456789abcdef";
  fetch (self, what, NULL);
  assert_failed (self, SL_ERROR_FORMAT, "not 01234567");
  g_assert_false (part_exists (self));
  what.head_md5 = md5;
  self->first = CUTS;
  fetch (self, what, NULL);
  assert_fetched (self);
}

/* The first download says what later ones must be. */
static void
test_remember (Fixture *self, gconstpointer data)
{
  g_autofree char *note = g_strconcat (self->path, ".sha256", NULL);
  g_autofree char *line = g_strconcat (self->sha256, "  file.pth\n", NULL);
  g_autofree char *text = NULL;
  SlDownload what = usual (self);

  what.sha256 = NULL;
  what.remember = TRUE;
  fetch (self, what, NULL);
  assert_fetched (self);
  g_assert_true (g_file_get_contents (note, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, line);
  g_assert_cmpint (g_remove (self->path), ==, 0);
  fetch (self, what, NULL);
  assert_fetched (self);
  g_assert_cmpint (g_remove (self->path), ==, 0);
  self->data[7] ^= 1;
  fetch (self, what, NULL);
  assert_failed (self, SL_ERROR_FORMAT, note);
  g_assert_cmpint (g_remove (note), ==, 0);
  fetch (self, what, NULL);
  assert_fetched (self);
}

static void
test_busy (Fixture *self, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  SlDownload what = usual (self);
  g_autoptr (GError) error = NULL;

  self->first = STALLS;
  sl_download_async (&what, cancellable, note_progress, self, note_done, self);
  while (self->n_told == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (sl_download (&what, NULL, NULL, NULL, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_BUSY);
  g_cancellable_cancel (cancellable);
  g_main_loop_run (self->loop);
  g_assert_error (self->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_disk_full (Fixture *self, gconstpointer data)
{
  struct rlimit before, small;

  getrlimit (RLIMIT_FSIZE, &before);
  small = before;
  small.rlim_cur = 100000;
  signal (SIGXFSZ, SIG_IGN);
  setrlimit (RLIMIT_FSIZE, &small);
  fetch (self, usual (self), NULL);
  setrlimit (RLIMIT_FSIZE, &before);
  assert_failed (self, SL_ERROR_FAILED, "no room left");
  fetch (self, usual (self), NULL);
  assert_fetched (self);
  g_assert_cmpuint (self->n_ranges, ==, 1); /* what had arrived was kept */
}

static void
test_no_folder (Fixture *self, gconstpointer data)
{
  g_autofree char *parent = g_path_get_dirname (self->path);

  g_assert_true (g_file_set_contents (parent, "a file", -1, NULL));
  fetch (self, usual (self), NULL);
  assert_failed (self, SL_ERROR_FAILED, "permissions");
  g_assert_cmpuint (self->n_requests, ==, 0);
}

/* Nobody listens: the message says what to fetch by hand, and as what to save it. */
static void
test_offline (Fixture *self, gconstpointer data)
{
  SlDownload what = usual (self);

  soup_server_disconnect (self->server);
  fetch (self, what, NULL);
  assert_failed (self, SL_ERROR_NETWORK, self->address);
  g_assert_nonnull (strstr (self->error->message, self->path));
  g_assert_false (part_exists (self));
  what.address = "nonsense";
  fetch (self, what, NULL);
  assert_failed (self, SL_ERROR_NETWORK, "not an address");
}

int
main (int argc, char **argv)
{
  g_unsetenv ("http_proxy"); /* the server is on this machine */
  g_setenv ("GIO_USE_PROXY_RESOLVER", "dummy", TRUE);
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/engine/download/%s", cases[i].name);

      g_test_add (path, Fixture, &cases[i], set_up, test_case, tear_down);
    }
#define ADD(name, func) \
  g_test_add ("/engine/download/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("cancel-and-resume", test_cancel);
  ADD ("other-address", test_other_address);
  ADD ("changed-part", test_changed_part);
  ADD ("checksum", test_checksum);
  ADD ("head", test_head);
  ADD ("remember", test_remember);
  ADD ("busy", test_busy);
  ADD ("disk-full", test_disk_full);
  ADD ("no-folder", test_no_folder);
  ADD ("offline", test_offline);
  return g_test_run ();
}
