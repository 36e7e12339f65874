/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "net/download-part.h"
#include "net/plain.h"

#include <libsoup/soup.h>
#include <string.h>

#define STALL_SECONDS 30
#define MOST_TRIES 5
#define MOST_BYTES (G_GUINT64_CONSTANT (64) << 30) /* more is no data set that fits this program */
#define BLOCK (64 << 10)
#define TELL_EVERY (G_TIME_SPAN_SECOND / 10)
#define RATE_OVER (2 * G_TIME_SPAN_SECOND)

typedef struct
{
  const SlDownload *what;
  SlPart part;
  SoupSession *session;
  GCancellable *cancellable;
  SlDownloadFunc progress;
  gpointer user_data;
  guint64 total;     /* 0: unknown */
  gboolean again;    /* the attempt failed in a way that another one may mend */
  gint64 told;       /* when progress was last told */
  gint64 rate_since; /* where the measurement of the rate began, in time and bytes */
  guint64 rate_from;
  double rate;
} Transfer;

/* ---- Errors */

static gboolean
set_network_error (const Transfer *self, const char *why, GError **error)
{
  g_autofree char *path = g_filename_display_name (self->what->path);
  g_autofree char *plain = _sl_plain_text (why);

  g_set_error (error, SL_ERROR, SL_ERROR_NETWORK,
               "%s cannot be downloaded (%s): try again later, or save %s yourself as %s",
               self->part.shown, plain, self->what->address, path);
  return FALSE;
}

/* Passes a cancel on as it is. */
static gboolean
take_error (const Transfer *self, GError *cause, GError **error)
{
  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, cause);
      return FALSE;
    }
  set_network_error (self, cause->message, error);
  g_error_free (cause);
  return FALSE;
}

static gboolean
set_status_error (const Transfer *self, SoupMessage *message, GError **error)
{
  g_autofree char *why = g_strdup_printf ("the server answers %u %s",
                                          soup_message_get_status (message),
                                          soup_message_get_reason_phrase (message));

  return set_network_error (self, why, error);
}

static gboolean
set_size_error (Transfer *self, guint64 found, GError **error)
{
  g_set_error (error, SL_ERROR, SL_ERROR_FORMAT,
               "%s at %s is not the file that was expected (%" G_GUINT64_FORMAT
               " bytes, not %" G_GUINT64_FORMAT "): try again later, or get it from elsewhere",
               self->part.shown, self->what->address, found, self->what->n_bytes);
  _sl_part_begin (&self->part, NULL, NULL);
  return FALSE;
}

/* ---- Progress */

static void
tell (Transfer *self, gboolean last)
{
  gint64 now = g_get_monotonic_time ();

  if (now - self->rate_since >= RATE_OVER)
    {
      self->rate = (double)(self->part.done - self->rate_from) * G_TIME_SPAN_SECOND
                   / (double)(now - self->rate_since);
      self->rate_since = now;
      self->rate_from = self->part.done;
    }
  if (self->progress == NULL || (!last && now - self->told < TELL_EVERY))
    return;
  self->told = now;
  self->progress (self->part.done, self->total, self->rate, self->user_data);
}

/* ---- One request */

/* The server's mark of this version; weak ones do not promise the same bytes. */
static const char *
find_validator (SoupMessage *message)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);
  const char *etag = soup_message_headers_get_one (headers, "ETag");

  if (etag != NULL && !g_str_has_prefix (etag, "W/"))
    return etag;
  return soup_message_headers_get_one (headers, "Last-Modified");
}

static SoupMessage *
make_request (const Transfer *self)
{
  SoupMessage *message = soup_message_new (SOUP_METHOD_GET, self->what->address);
  SoupMessageHeaders *headers;

  if (message == NULL || self->part.done == 0)
    return message;
  headers = soup_message_get_request_headers (message);
  soup_message_headers_set_range (headers, (goffset)self->part.done, -1);
  soup_message_headers_replace (headers, "If-Range", self->part.validator);
  return message;
}

/* Whether the answer goes on where the part ends. */
static gboolean
continues (const Transfer *self, SoupMessageHeaders *headers, goffset *total)
{
  goffset start, end;

  return soup_message_headers_get_content_range (headers, &start, &end, total)
         && (guint64)start == self->part.done;
}

/* Looks at status and headers; after %TRUE the body can be written to the part. */
static gboolean
take_headers (Transfer *self, SoupMessage *message, GError **error)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);
  guint status = soup_message_get_status (message);
  goffset total = -1;

  if (status == SOUP_STATUS_REQUESTED_RANGE_NOT_SATISFIABLE
      || (status == SOUP_STATUS_PARTIAL_CONTENT && !continues (self, headers, &total)))
    {
      self->again = self->part.done > 0;
      _sl_part_begin (&self->part, NULL, NULL);
      return set_status_error (self, message, error);
    }
  if (status != SOUP_STATUS_OK && status != SOUP_STATUS_PARTIAL_CONTENT)
    return set_status_error (self, message, error);
  if (status == SOUP_STATUS_OK)
    {
      if (soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CONTENT_LENGTH)
        total = soup_message_headers_get_content_length (headers);
      if (!_sl_part_begin (&self->part, find_validator (message), error))
        return FALSE;
    }
  self->total = total > 0 ? (guint64)total : self->what->n_bytes;
  if (self->what->n_bytes > 0 && self->total != self->what->n_bytes)
    return set_size_error (self, self->total, error);
  return _sl_part_has_room (&self->part, self->total - MIN (self->total, self->part.done), error);
}

static gboolean
take_body (Transfer *self, GInputStream *stream, GError **error)
{
  g_autofree guint8 *block = g_malloc (BLOCK);
  guint64 limit = self->what->n_bytes > 0 ? self->what->n_bytes : MOST_BYTES;
  GError *cause = NULL;
  gssize n;

  while ((n = g_input_stream_read (stream, block, BLOCK, self->cancellable, &cause)) > 0)
    {
      if (!_sl_part_write (&self->part, block, (gsize)n, error))
        return FALSE;
      if (self->part.done > limit)
        return set_size_error (self, self->part.done, error);
      self->again = TRUE; /* something came: if it breaks now, the rest may come as well */
      tell (self, FALSE);
    }
  if (n < 0)
    return take_error (self, cause, error);
  if (self->total > 0 && self->part.done < self->total)
    return set_network_error (self, "the connection was cut", error);
  return TRUE;
}

static gboolean
attempt (Transfer *self, GError **error)
{
  g_autoptr (SoupMessage) message = NULL;
  g_autoptr (GInputStream) stream = NULL;
  GError *cause = NULL;

  self->again = FALSE;
  /* Without the server's mark nobody knows whether what is left is of the same file. */
  if (self->part.validator == NULL && !_sl_part_begin (&self->part, NULL, error))
    return FALSE;
  message = make_request (self);
  if (message == NULL)
    return set_network_error (self, "not an address", error);
  stream = soup_session_send (self->session, message, self->cancellable, &cause);
  if (stream == NULL)
    return take_error (self, cause, error);
  return take_headers (self, message, error) && take_body (self, stream, error);
}

static gboolean
transfer (Transfer *self, GError **error)
{
  for (guint i = 1; i <= MOST_TRIES; i++)
    {
      g_autoptr (GError) failure = NULL;

      if (attempt (self, &failure))
        {
          tell (self, TRUE);
          return _sl_part_commit (&self->part, error);
        }
      if (!self->again || i == MOST_TRIES || failure->domain != SL_ERROR
          || failure->code != SL_ERROR_NETWORK)
        {
          g_propagate_error (error, g_steal_pointer (&failure));
          return FALSE;
        }
    }
  g_assert_not_reached ();
}

gboolean
sl_download (const SlDownload *what, GCancellable *cancellable, SlDownloadFunc progress,
             gpointer user_data, GError **error)
{
  Transfer self = { .what = what,
                    .cancellable = cancellable,
                    .progress = progress,
                    .user_data = user_data,
                    .rate_since = g_get_monotonic_time () };
  gboolean ok;

  g_return_val_if_fail (what != NULL && what->address != NULL && what->path != NULL, FALSE);

  if (!_sl_part_open (&self.part, what, error))
    {
      _sl_part_close (&self.part);
      return FALSE;
    }
  self.rate_from = self.part.done;
  self.session = soup_session_new_with_options (
      "timeout", what->stall_seconds > 0 ? what->stall_seconds : STALL_SECONDS, "user-agent",
      "Slope/" SLOPE_VERSION, NULL);
  /* The bytes as they lie on the server: ranges and checksums are of these. */
  soup_session_remove_feature_by_type (self.session, SOUP_TYPE_CONTENT_DECODER);
  ok = transfer (&self, error);
  g_object_unref (self.session);
  _sl_part_close (&self.part);
  return ok;
}

/* ---- On a thread */

typedef struct
{
  SlDownload what;
  SlDownloadFunc progress;
  gpointer progress_data;
} Job;

static void
free_job (gpointer data)
{
  Job *job = data;

  g_free ((char *)job->what.address);
  g_free ((char *)job->what.path);
  g_free ((char *)job->what.sha256);
  g_free ((char *)job->what.head_md5);
  g_free (job);
}

typedef struct
{
  GTask *task;
  guint64 done, total;
  double rate;
} News;

static void
free_news (gpointer data)
{
  News *news = data;

  g_object_unref (news->task);
  g_free (news);
}

static gboolean
bring_news (gpointer data)
{
  News *news = data;
  Job *job = g_task_get_task_data (news->task);

  if (!g_task_get_completed (news->task))
    job->progress (news->done, news->total, news->rate, job->progress_data);
  return G_SOURCE_REMOVE;
}

static void
send_news (guint64 done, guint64 total, double rate, gpointer data)
{
  GTask *task = data;
  News *news = g_new (News, 1);
  g_autoptr (GSource) source = g_idle_source_new ();

  *news = (News){ g_object_ref (task), done, total, rate };
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, bring_news, news, free_news);
  g_source_attach (source, g_task_get_context (task));
}

static void
run_job (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Job *job = task_data;
  GError *error = NULL;

  if (sl_download (&job->what, cancellable, job->progress != NULL ? send_news : NULL, task, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
sl_download_async (const SlDownload *what, GCancellable *cancellable, SlDownloadFunc progress,
                   gpointer progress_data, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Job *job = g_new0 (Job, 1);

  g_return_if_fail (what != NULL && what->address != NULL && what->path != NULL);

  job->what = *what;
  job->what.address = g_strdup (what->address);
  job->what.path = g_strdup (what->path);
  job->what.sha256 = g_strdup (what->sha256);
  job->what.head_md5 = g_strdup (what->head_md5);
  job->progress = progress;
  job->progress_data = progress_data;
  g_task_set_source_tag (task, sl_download_async);
  g_task_set_task_data (task, job, free_job);
  g_task_run_in_thread (task, run_job);
}

gboolean
sl_download_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, sl_download_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
