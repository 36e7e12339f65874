/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/dataset.h>

G_BEGIN_DECLS

/**
 * _sl_archive_extract:
 * @path: a .zip, .tar, .tar.gz or .tgz; told by its contents
 * @folder: an existing, empty folder
 * @skipped: receives #SlSkipped: entries that lead out of the archive, links and devices
 * @max_bytes: most that may be unpacked; 0: a bound that no archive of pictures reaches
 * @error: %SL_ERROR_FORMAT: no archive, damaged, locked by a password; %SL_ERROR_DATA: too much
 *   inside; %SL_ERROR_FAILED: the disk is full; %G_IO_ERROR_CANCELLED
 *
 * Unpacks regular files that are pictures by name or by contents, tables and lists of texts, and
 * nothing else.  Whatever the archive says, nothing is written outside @folder.  Threads: any.
 */
gboolean _sl_archive_extract (const char *path, const char *folder, GPtrArray *skipped,
                              guint64 max_bytes, GCancellable *cancellable, SlProgressFunc progress,
                              gpointer user_data, GError **error);

G_END_DECLS
