/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/dataset.h>

G_BEGIN_DECLS

/* Where the pictures of an import are. */
typedef struct
{
  char *folder;  /* to be walked */
  char *name;    /* proposed for the project */
  char *table;   /* (nullable): rel_path of the table of labels that was named as the source */
  char *text;    /* (nullable): the one text file that was named as the source; then nothing is walked */
  char *staging; /* (nullable): made for this import, removed with it */
  gboolean is_fetched; /* @folder is one of downloads, which may be removed any time */
  char *task, *labels, *split; /* (nullable): how the catalogue says that it is to be read */
} SlImportSource;

/* Downloads, draws or unpacks where needed.  @text: as sl_import_scan()'s source; @skipped: receives what an
 * archive holds and cannot be taken.  @error: as there.  To be cleared in any case. */
gboolean _sl_import_source_open  (SlImportSource *self, const char *text, GPtrArray *skipped,
                                  GCancellable *cancellable, SlProgressFunc progress,
                                  gpointer user_data, GError **error);
void     _sl_import_source_clear (SlImportSource *self);

G_END_DECLS
