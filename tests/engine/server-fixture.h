/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A web server on this machine whose paths say how it behaves: "/cut/7.png" always cuts,
 * "/cut-once/7.png" only the first time that this very path is asked for. */

#include <libsoup/soup.h>
#include <string.h>

typedef struct
{
  SoupServer *server;
  char *root;          /* "http://127.0.0.1:1234" */
  GHashTable *asked;   /* path → how often */
  GHashTable *files;   /* path → GBytes: what is served as it is */
  GPtrArray *held;     /* connections that stall */
  guint n_requests;
} ServerFixture;

typedef struct
{
  const char *habit;
  const char *status;
  gssize promised;  /* Content-Length; -1: the picture's, 0: none is sent */
  gsize sent_share; /* of the picture, in eighths */
  const char *location;
  gboolean holds;   /* keeps the connection without a word more */
  const char *body; /* in place of the picture */
} ServerHabit;

static const ServerHabit server_habits[] = {
  { "ok", "200 OK", -1, 8 },
  { "no-length", "200 OK", 0, 8 },
  { "cut", "200 OK", -1, 4 },
  { "drop", NULL, 0, 0 },
  { "stall", "200 OK", -1, 4, NULL, TRUE },
  { "silent", NULL, 0, 0, NULL, TRUE },
  { "huge", "200 OK", 5000000000, 8, NULL, TRUE },
  { "endless", "200 OK", 0, 800 },
  { "missing", "404 Not Found", 0, 0 },
  { "odd", "418 I am\x1b[31m a \xff teapot", 0, 0 },
  { "busy", "429 Too Many Requests", 0, 0 },
  { "broken", "500 Internal Server Error", 0, 0 },
  { "empty", "200 OK", 0, 0 },
  { "page", "200 OK", -1, 8, NULL, FALSE, "<!DOCTYPE html><title>Sign in</title>" },
  { "words", "200 OK", -1, 8, NULL, FALSE, "a few words" },
  { "moved", "302 Found", 0, 0, "/ok/moved.png" },
  { "moved-to-file", "302 Found", 0, 0, "file:///etc/passwd" },
  { "circle", "302 Found", 0, 0, "/circle/again.png" },
};

/* A grey picture of 8 × 8 that needs no encoder, another one for each @key. */
static inline GBytes *
server_fixture_picture (const char *key)
{
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_MD5, key, -1);
  g_autoptr (GString) text = g_string_new ("P5\n8 8\n255\n");

  g_string_append_len (text, hash, 32);
  g_string_append_len (text, hash, 32);
  return g_string_free_to_bytes (g_steal_pointer (&text));
}

static inline void
server_fixture_send (GIOStream *stream, const ServerHabit *habit, GBytes *bytes)
{
  GOutputStream *out = g_io_stream_get_output_stream (stream);
  g_autoptr (GString) head = g_string_new (NULL);
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);
  gssize promised = habit->promised < 0 ? (gssize)size : habit->promised;

  if (habit->status == NULL)
    return;
  g_string_append_printf (head, "HTTP/1.1 %s\r\nConnection: close\r\n", habit->status);
  if (promised > 0)
    g_string_append_printf (head, "Content-Length: %" G_GSSIZE_FORMAT "\r\n", promised);
  if (habit->location != NULL)
    g_string_append_printf (head, "Location: %s\r\n", habit->location);
  g_string_append (head, "\r\n");
  g_output_stream_write_all (out, head->str, head->len, NULL, NULL, NULL);
  for (gsize i = 0; i < habit->sent_share / 8; i++)
    if (!g_output_stream_write_all (out, data, size, NULL, NULL, NULL))
      return;
  g_output_stream_write_all (out, data, size * (habit->sent_share % 8) / 8, NULL, NULL, NULL);
}

static inline const ServerHabit *
server_fixture_find_habit (const char *path, guint n_before)
{
  g_auto (GStrv) parts = g_strsplit (path + 1, "/", 2);
  const gboolean once = g_str_has_suffix (parts[0], "-once");

  if (once)
    parts[0][strlen (parts[0]) - strlen ("-once")] = '\0';
  for (gsize i = 0; i < G_N_ELEMENTS (server_habits); i++)
    if (g_str_equal (server_habits[i].habit, parts[0]))
      return &server_habits[once && n_before > 0 ? 0 : i];
  g_error ("there is no habit “%s”", parts[0]);
}

static inline void
server_fixture_serve (SoupServer *server, SoupServerMessage *message, const char *path,
                      GHashTable *query, gpointer data)
{
  ServerFixture *self = data;
  guint n_before = GPOINTER_TO_UINT (g_hash_table_lookup (self->asked, path));
  GBytes *file = g_hash_table_lookup (self->files, path);
  g_autoptr (GIOStream) stream = NULL;
  g_autoptr (GBytes) bytes = NULL;
  const ServerHabit *habit;

  self->n_requests++;
  g_hash_table_insert (self->asked, g_strdup (path), GUINT_TO_POINTER (n_before + 1));
  habit = file != NULL ? &server_habits[0] : server_fixture_find_habit (path, n_before);
  if (file != NULL)
    bytes = g_bytes_ref (file);
  else if (habit->body != NULL)
    bytes = g_bytes_new_static (habit->body, strlen (habit->body));
  else
    bytes = server_fixture_picture (path);
  stream = soup_server_message_steal_connection (message);
  server_fixture_send (stream, habit, bytes);
  if (habit->holds)
    g_ptr_array_add (self->held, g_steal_pointer (&stream));
  else
    g_io_stream_close (stream, NULL, NULL);
}

static inline void
server_fixture_set_up (ServerFixture *self)
{
  g_autoslist (GUri) uris = NULL;
  GError *error = NULL;

  self->asked = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                       (GDestroyNotify)g_bytes_unref);
  self->held = g_ptr_array_new_with_free_func (g_object_unref);
  self->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (self->server, NULL, server_fixture_serve, self, NULL);
  soup_server_listen_local (self->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (self->server);
  self->root = g_strdup_printf ("http://127.0.0.1:%d", g_uri_get_port (uris->data));
}

static inline void
server_fixture_tear_down (ServerFixture *self)
{
  g_ptr_array_unref (self->held);
  g_object_unref (self->server);
  g_hash_table_unref (self->asked);
  g_hash_table_unref (self->files);
  g_free (self->root);
}

static inline guint
server_fixture_asked (ServerFixture *self, const char *path)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (self->asked, path));
}
