/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <slope/error.h>

G_BEGIN_DECLS

/* One file from the web to a place on the disk.  Strings are borrowed for the call. */
typedef struct
{
  const char *address;       /* http or https */
  const char *path;          /* where it goes; its folder is made */
  const char *sha256;        /* hexadecimal, or its first digits; NULL: not checked */
  guint64     n_bytes;       /* 0: not known */
  guint       stall_seconds; /* without a byte until it counts as cut; 0: 30 */
  const char *head_md5;      /* hexadecimal, of the first MiB; NULL: not checked */
  gboolean    remember;      /* without @sha256: the first one is written to PATH.sha256, as
                                sha256sum does, and must be met by later ones */
} SlDownload;

/**
 * SlDownloadFunc:
 * @done: bytes that are here, those of earlier attempts with them
 * @total: bytes in all, 0 while unknown
 * @rate: bytes a second over the last seconds, 0 while unknown
 */
typedef void (*SlDownloadFunc) (guint64 done, guint64 total, double rate, gpointer user_data);

/**
 * sl_download:
 * @progress: (nullable) (scope call): called from this thread, at most about 10 times a second
 *
 * Fetches a file and renames it into place when it is whole and its checksum is right; until then
 * it is PATH.part.  What a cut, a stall or a cancel leaves there is gone on with, if the server
 * still has the same file (HTTP ranges, If-Range); a connection that breaks is tried again at once
 * a few times.  Goes through the proxy of the desktop.  Blocks; for any thread.
 *
 * @error: %SL_ERROR_NETWORK (offline, refused, not found, cut: the message says how to put the
 *   file in place by hand), %SL_ERROR_FORMAT (another file than was expected), %SL_ERROR_BUSY (is
 *   being downloaded already), %SL_ERROR_FAILED (disk full, folder not writable) or
 *   %G_IO_ERROR_CANCELLED
 */
gboolean sl_download (const SlDownload *what, GCancellable *cancellable, SlDownloadFunc progress,
                      gpointer user_data, GError **error);

/* The same on a thread of its own; @progress and @callback come in the caller's main context. */
void     sl_download_async  (const SlDownload *what, GCancellable *cancellable,
                             SlDownloadFunc progress, gpointer progress_data,
                             GAsyncReadyCallback callback, gpointer user_data);
gboolean sl_download_finish (GAsyncResult *result, GError **error);

G_END_DECLS
