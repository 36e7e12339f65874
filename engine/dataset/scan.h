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
  gboolean usable; /* after _sl_check_files() */
  char *reason;    /* why not */
  SlPictureInfo info;
} SlFound;

typedef struct
{
  GPtrArray *files;   /* of SlFound, in the order of their paths */
  GPtrArray *skipped; /* of SlSkipped: what is no file or no open folder */
  gboolean has_train;
  char *valid_name; /* (nullable): what the validation folder beside "train" is called */
} SlFolderScan;

/* Walks @root, following links, each folder once.  @error: cancelled, or @root cannot be opened. */
gboolean _sl_scan_folder (const char *root, SlFolderScan *scan, GCancellable *cancellable,
                          SlProgressFunc progress, gpointer user_data, GError **error);
void _sl_folder_scan_clear (SlFolderScan *scan);

/* Decodes every file on all cores and fills usable, reason and info.  @error: cancelled. */
gboolean _sl_check_files (GPtrArray *files, GCancellable *cancellable, SlProgressFunc progress,
                          gpointer user_data, GError **error);

/* (transfer full): @name as UTF-8; bytes that are none are written \xNN, so that two names
 * never become one. */
char *_sl_display_name (const char *name);

SlSkipped *_sl_skipped_new (const char *rel_path, const char *reason);
void _sl_skipped_free (gpointer skipped);

/* Whether a name is the desktop's or the system's own business: hidden, __MACOSX, Thumbs.db. */
gboolean _sl_is_clutter (const char *base_name);

G_END_DECLS
