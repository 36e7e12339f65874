/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/dataset.h>

G_BEGIN_DECLS

/* A file that may be a picture, as the folders tell it. */
typedef struct
{
  char *path;       /* as the file system spells it */
  char *rel_path;   /* UTF-8 */
  char *label;      /* (nullable): name of the folder it lies in; UTF-8 */
  const char *part; /* (nullable): "train", "valid", "test" */
  gint64 bytes;
  gboolean checked; /* by _sl_check_files(), as all below */
  gboolean usable;
  char *reason; /* why not */
  SlPictureInfo info;
} SlFound;

/* A table or text that lies among the pictures: .csv, .tsv, .txt, .cal (a camera's). */
typedef struct
{
  char *path;     /* as the file system spells it */
  char *rel_path; /* UTF-8 */
  gboolean is_table;
  char *label;      /* (nullable): name of the folder it lies in; UTF-8 */
  const char *part; /* (nullable): "train", "valid", "test" */
  gint64 bytes;
} SlSideFile;

typedef struct
{
  char *root;         /* the folder that rel_paths begin at */
  GPtrArray *files;   /* of SlFound, in the order of their paths */
  GPtrArray *texts;   /* of SlSideFile, likewise */
  GPtrArray *skipped; /* of SlSkipped: what is no file or no open folder */
  gboolean has_train;
  char *valid_name; /* (nullable): what the validation folder beside "train" is called */
} SlFolderScan;

/* Walks @root, following links, each folder once.  @error: cancelled, or @root cannot be opened. */
gboolean _sl_scan_folder (const char *root, SlFolderScan *scan, GCancellable *cancellable,
                          SlProgressFunc progress, gpointer user_data, GError **error);
/* As if the folder held one text file alone. */
void _sl_scan_text (const char *path, SlFolderScan *scan);
void _sl_folder_scan_clear (SlFolderScan *scan);

/* Calls @func for every index below @n on all cores.  @what: what progress tells of an index.
 * @error: cancelled; then some were not called. */
typedef void (*SlIndexFunc) (guint index, gpointer data);
typedef const char *(*SlIndexName) (guint index, gpointer data);
gboolean _sl_for_each (guint n, SlIndexFunc func, SlIndexName what, gpointer data,
                       GCancellable *cancellable, SlProgressFunc progress, gpointer user_data,
                       GError **error);

/* Decodes those of @files (SlFound) that were not checked yet.  @error: cancelled. */
gboolean _sl_check_files (GPtrArray *files, GCancellable *cancellable, SlProgressFunc progress,
                          gpointer user_data, GError **error);

/* Whether a name is that of a table or list of texts, that may tell labels. */
gboolean _sl_is_side_file (const char *name, gboolean *is_table);

/* (transfer full): @name as UTF-8; bytes that are none are written \xNN, so that two names
 * never become one. */
char *_sl_display_name (const char *name);

SlSkipped *_sl_skipped_new (const char *rel_path, const char *reason);
void _sl_skipped_free (gpointer skipped);
void _sl_side_file_free (gpointer file);
gboolean _sl_is_text_name (const char *name); /* .txt */

/* Whether a name is the desktop's or the system's own business: hidden, __MACOSX, Thumbs.db. */
gboolean _sl_is_clutter (const char *base_name);

G_END_DECLS
