/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/error.h>
#include <gio/gio.h>

G_BEGIN_DECLS

/* ---- Moving the user's files without ever losing or overwriting one. */

/* Renames, or where that is not possible (another file system) copies aside, syncs, renames and
 * removes the original.  Never replaces a file: %G_IO_ERROR_EXISTS. */
gboolean sl_file_move        (const char *from, const char *to, GError **error);
/* A second name for the same bytes where the file system can, else a copy.  @to must not exist. */
gboolean sl_file_link_or_copy (const char *from, const char *to, GError **error);
/* @durable: returns only once the bytes are on the disk. */
gboolean sl_file_copy        (const char *from, const char *to, gboolean durable, GError **error);
/* Whether anything has this name, a dangling link too. */
gboolean sl_file_exists      (const char *path);
gboolean sl_file_same_bytes  (const char *a, const char *b);
/* @folder/@base, or with a number before the suffix: a name that no file and no entry of @taken
 * (nullable) has; added to @taken.  (transfer full) */
char    *sl_file_free_name   (const char *folder, const char *base, GHashTable *taken);
void     sl_file_sync_folder (const char *folder);
/* Does not follow links. */
gboolean sl_file_remove_tree (const char *path, GError **error);

/* ---- Paths as the project file holds them: relative to the project's folder when the file lies
 * beside or below it, so that both may be moved together; else absolute.  (transfer full) */
char *sl_path_to_stored   (const char *project_folder, const char *absolute);
char *sl_path_from_stored (const char *project_folder, const char *stored);

G_END_DECLS
