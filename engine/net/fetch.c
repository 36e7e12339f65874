/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "net/fetch.h"
#include "net/plain.h"

#include <libsoup/soup.h>
#include <slope/error.h>

#define BLOCK (32 << 10)
#define LOOK_BYTES 512
#define TOO_MANY_REQUESTS 429

typedef struct
{
  const char *const *addresses;
  guint n, next;
  const SlFetchLimits *limits;
  const SlFetchFuncs *funcs;
  GMainContext *context;
  SoupSession *session;
  GPtrArray *running; /* of Transfer; each frees itself */
  gboolean ending;    /* nothing new is begun */
  GError *error;
} Fetch;

/* One address, all its attempts. */
typedef struct
{
  Fetch *fetch;
  guint index, n_tries, n_redirects;
  gboolean again, looked;
  GCancellable *cancellable; /* of this attempt, as all below */
  SoupMessage *message;
  GInputStream *stream;
  GByteArray *bytes;
  GSource *deadline;
  char *reason; /* why it was given up; NULL: the next error says it */
} Transfer;

static void begin_attempt (Transfer *self);

static void
add_timeout (Fetch *self, guint ms, GSourceFunc func, gpointer data, GSource **out)
{
  GSource *source = g_timeout_source_new (ms);

  g_source_set_callback (source, func, data, NULL);
  g_source_attach (source, self->context);
  *out = source;
}

static void
clear_source (GSource **source)
{
  if (*source == NULL)
    return;
  g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
clear_attempt (Transfer *self)
{
  clear_source (&self->deadline);
  g_clear_object (&self->message);
  g_clear_object (&self->stream);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->bytes, g_byte_array_unref);
}

/* ---- The end of an address */

/* Whatever runs ends soon, and tells nobody. */
static void
end_all (Fetch *self)
{
  self->ending = TRUE;
  for (guint i = 0; i < self->running->len; i++)
    {
      Transfer *transfer = self->running->pdata[i];

      g_cancellable_cancel (transfer->cancellable);
      if (transfer->message == NULL && transfer->deadline != NULL) /* waits for its next attempt */
        g_source_set_ready_time (transfer->deadline, 0);
    }
}

static void
finish (Transfer *self, GBytes *bytes)
{
  Fetch *fetch = self->fetch;

  if (!fetch->ending
      && !fetch->funcs->done (self->index, bytes, bytes != NULL ? NULL : self->reason,
                              fetch->funcs->user_data, &fetch->error))
    end_all (fetch);
  g_ptr_array_remove_fast (fetch->running, self);
  clear_attempt (self);
  g_free (self->reason);
  g_free (self);
}

static gboolean
pause_over (gpointer data)
{
  Transfer *self = data;

  clear_source (&self->deadline);
  if (self->fetch->ending)
    finish (self, NULL);
  else
    begin_attempt (self);
  return G_SOURCE_REMOVE;
}

/* @reason: (transfer full): of no weight where the transfer was given up for a reason of its own */
static void
fail (Transfer *self, char *reason)
{
  Fetch *fetch = self->fetch;

  if (self->reason == NULL)
    self->reason = _sl_plain_text (reason);
  g_free (reason);
  if (fetch->ending || !self->again || self->n_tries >= fetch->limits->most_tries)
    {
      finish (self, NULL);
      return;
    }
  g_clear_pointer (&self->reason, g_free);
  clear_attempt (self);
  self->cancellable = g_cancellable_new (); /* while it waits, so that it can be ended */
  add_timeout (fetch, fetch->limits->pause_ms << (self->n_tries - 1), pause_over, self,
               &self->deadline);
}

/* Stops the attempt; the operation under way ends with an error. */
static void
give_up (Transfer *self, gboolean again, char *reason)
{
  g_free (self->reason);
  self->reason = reason;
  self->again = again;
  g_cancellable_cancel (self->cancellable);
}

static gboolean
deadline_over (gpointer data)
{
  Transfer *self = data;

  clear_source (&self->deadline);
  give_up (self, FALSE,
           g_strdup_printf ("not here after %u seconds", self->fetch->limits->most_seconds));
  return G_SOURCE_REMOVE;
}

/* ---- The body */

static void read_more (Transfer *self);

static char *
too_large (const Transfer *self, goffset size)
{
  g_autofree char *most = g_format_size (self->fetch->limits->most_bytes);
  g_autofree char *its = size > 0 ? g_format_size ((guint64)size) : NULL;

  return its != NULL ? g_strdup_printf ("too large (%s, of at most %s)", its, most)
                     : g_strdup_printf ("too large (more than %s)", most);
}

/* FALSE: what came cannot be used. */
static gboolean
look (Transfer *self, gboolean whole)
{
  const char *reason;

  if (self->looked || (!whole && self->bytes->len < LOOK_BYTES))
    return TRUE;
  self->looked = TRUE;
  reason = self->fetch->funcs->look (self->bytes->data, self->bytes->len);
  if (reason == NULL)
    return TRUE;
  self->again = FALSE;
  fail (self, g_strdup (reason));
  return FALSE;
}

static void
end_body (Transfer *self)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (self->message);
  g_autoptr (GBytes) bytes = NULL;

  if (soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CONTENT_LENGTH
      && soup_message_headers_get_content_length (headers) != (goffset)self->bytes->len)
    {
      fail (self, g_strdup ("the connection was cut"));
      return;
    }
  if (!look (self, TRUE))
    return;
  bytes = g_byte_array_free_to_bytes (g_steal_pointer (&self->bytes));
  finish (self, bytes);
}

static void
block_read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Transfer *self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes)
      block = g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, &error);
  gsize size;
  const guint8 *bytes;

  if (block == NULL || self->reason != NULL)
    {
      fail (self, g_strdup (error != NULL ? error->message : NULL));
      return;
    }
  bytes = g_bytes_get_data (block, &size);
  if (size == 0)
    {
      end_body (self);
      return;
    }
  if (self->bytes->len + size > self->fetch->limits->most_bytes)
    {
      self->again = FALSE;
      fail (self, too_large (self, 0));
      return;
    }
  g_byte_array_append (self->bytes, bytes, (guint)size);
  if (look (self, FALSE))
    read_more (self);
}

static void
read_more (Transfer *self)
{
  g_input_stream_read_bytes_async (self->stream, BLOCK, G_PRIORITY_DEFAULT, self->cancellable,
                                   block_read_cb, self);
}

/* ---- The request */

/* Whether another attempt may end otherwise. */
static gboolean
may_pass (const GError *error)
{
  return error->domain != G_TLS_ERROR
         && !g_error_matches (error, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND)
         && !g_error_matches (error, SOUP_SESSION_ERROR, SOUP_SESSION_ERROR_TOO_MANY_REDIRECTS)
         && !g_error_matches (error, SOUP_SESSION_ERROR, SOUP_SESSION_ERROR_REDIRECT_NO_LOCATION)
         && !g_error_matches (error, SOUP_SESSION_ERROR, SOUP_SESSION_ERROR_REDIRECT_BAD_URI);
}

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Transfer *self = data;
  g_autoptr (GError) error = NULL;
  guint status;
  goffset size;

  self->stream = soup_session_send_finish (SOUP_SESSION (source), result, &error);
  if (self->stream == NULL || self->reason != NULL)
    {
      self->again = self->again && error != NULL && may_pass (error);
      fail (self, g_strdup (error != NULL ? error->message : NULL));
      return;
    }
  status = soup_message_get_status (self->message);
  size = soup_message_headers_get_content_length (
      soup_message_get_response_headers (self->message));
  if (status == SOUP_STATUS_OK && size <= (goffset)self->fetch->limits->most_bytes)
    {
      self->bytes = g_byte_array_new ();
      read_more (self);
      return;
    }
  if (status == SOUP_STATUS_OK)
    {
      self->again = FALSE;
      fail (self, too_large (self, size));
      return;
    }
  self->again = status == TOO_MANY_REQUESTS || SOUP_STATUS_IS_SERVER_ERROR (status);
  fail (self, g_strdup_printf ("the server answers %u %s", status,
                               soup_message_get_reason_phrase (self->message)));
}

/* libsoup itself stops after twenty. */
static void
restarted_cb (Transfer *self)
{
  if (++self->n_redirects > self->fetch->limits->most_redirects)
    give_up (self, FALSE, g_strdup ("redirected too often"));
}

static void
begin_attempt (Transfer *self)
{
  Fetch *fetch = self->fetch;

  self->n_tries++;
  self->n_redirects = 0;
  self->looked = FALSE;
  self->again = TRUE;
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  self->message = soup_message_new (SOUP_METHOD_GET, fetch->addresses[self->index]);
  if (self->message == NULL)
    {
      self->again = FALSE;
      fail (self, g_strdup ("no address"));
      return;
    }
  g_signal_connect_swapped (self->message, "restarted", G_CALLBACK (restarted_cb), self);
  add_timeout (fetch, fetch->limits->most_seconds * 1000, deadline_over, self, &self->deadline);
  soup_session_send_async (fetch->session, self->message, G_PRIORITY_DEFAULT, self->cancellable,
                           sent_cb, self);
}

/* ---- All */

static void
begin_next (Fetch *self)
{
  Transfer *transfer = g_new0 (Transfer, 1);

  transfer->fetch = self;
  transfer->index = self->next++;
  g_ptr_array_add (self->running, transfer);
  begin_attempt (transfer);
}

static gboolean
cancelled_cb (GCancellable *cancellable, gpointer data)
{
  Fetch *self = data;

  if (self->error == NULL)
    g_cancellable_set_error_if_cancelled (cancellable, &self->error);
  end_all (self);
  return G_SOURCE_REMOVE;
}

static SoupSession *
new_session (const SlFetchLimits *limits)
{
  SoupSession *session = soup_session_new_with_options (
      "timeout", limits->stall_seconds, "max-conns", limits->most_at_once, "max-conns-per-host",
      limits->most_per_host, "user-agent", "Slope/" SLOPE_VERSION, NULL);

  soup_session_remove_feature_by_type (session, SOUP_TYPE_CONTENT_DECODER);
  return session;
}

gboolean
_sl_fetch (const char *const *addresses, guint n, const SlFetchLimits *limits,
           const SlFetchFuncs *funcs, GCancellable *cancellable, GError **error)
{
  Fetch self = { .addresses = addresses, .n = n, .limits = limits, .funcs = funcs };
  GSource *cancelled = NULL;

  self.context = g_main_context_new ();
  g_main_context_push_thread_default (self.context);
  self.session = new_session (limits);
  self.running = g_ptr_array_new ();
  if (cancellable != NULL)
    {
      cancelled = g_cancellable_source_new (cancellable);
      g_source_set_callback (cancelled, G_SOURCE_FUNC (cancelled_cb), &self, NULL);
      g_source_attach (cancelled, self.context);
    }
  for (;;)
    {
      while (!self.ending && self.next < n && self.running->len < limits->most_at_once)
        begin_next (&self);
      if (self.running->len == 0)
        break;
      g_main_context_iteration (self.context, TRUE);
    }
  clear_source (&cancelled);
  soup_session_abort (self.session);
  g_object_unref (self.session);
  while (g_main_context_iteration (self.context, FALSE))
    ;
  g_ptr_array_unref (self.running);
  g_main_context_pop_thread_default (self.context);
  g_main_context_unref (self.context);
  if (self.error != NULL)
    g_propagate_error (error, self.error);
  return self.error == NULL;
}
