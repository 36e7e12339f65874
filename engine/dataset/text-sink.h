/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "dataset/scan.h"
#include <slope/text-import.h>
#include <stdio.h>

G_BEGIN_DECLS

/* Where an import's texts go, one by one, and what it counts of them. */
typedef struct
{
  FILE         *file;      /* the store */
  char         *path;      /* of it */
  guint64       bytes;     /* written */
  GPtrArray    *items;     /* of SlTextItem */
  GPtrArray    *skipped;   /* of SlSkipped */
  GStringChunk *targets;   /* each once */
  GHashTable   *encodings; /* interned name → number of files; other than UTF-8 */
  gsize         n_unlabelled;
  GCancellable *cancellable;
  SlProgressFunc progress;
  gpointer      user_data;
  gint64        told;      /* monotonic time of the last progress */
} SlTextSink;

gboolean _sl_text_sink_init  (SlTextSink *self, const char *path, GError **error);
void     _sl_text_sink_clear (SlTextSink *self);

/* Takes a text as an item, or skips it, saying why, if it is empty.
 * @name: as SlTextItem.name; @target: (nullable); @part: static.  @error: the store cannot be written */
gboolean _sl_text_sink_take  (SlTextSink *self, const char *name, const char *text, gsize length,
                              const char *target, const char *part, GError **error);
void     _sl_text_sink_skip  (SlTextSink *self, const char *name, const char *reason);
/* A file was read, which was written in @encoding. */
void     _sl_text_sink_count_encoding (SlTextSink *self, const char *encoding);
/* Tells progress, seldom enough.  FALSE: cancelled. */
gboolean _sl_text_sink_go_on (SlTextSink *self, gsize done, gsize total, const char *what, GError **error);

/* The ways of reading; each takes or skips every text of @scan that is its matter.
 * @labels: receives the way, complete.  @error: it does not fit; what the sink says */
gboolean _sl_text_read_files  (SlTextSink *sink, const SlFolderScan *scan, gboolean by_folder, GError **error);
gboolean _sl_text_read_corpus (SlTextSink *sink, const SlFolderScan *scan, GError **error);
/* @argument: (nullable): "[FILE:]TEXT[,LABEL[,,OPTION…]]": columns by their names in the first row or as "#1" or 1, an
 * empty one is to be guessed, or no LABEL where TEXT is given; options as SlTableSpec has them.
 * @table: (nullable): rel_path of the one the user named; @split_column: (nullable): that is asked for;
 * *@found_split: (out) (transfer full): the one that was used; *@info: (out) (transfer full): what was understood:
 * name_column is that of the texts; without labels last_column stands before first_column. */
gboolean _sl_text_read_table  (SlTextSink *sink, const SlFolderScan *scan, const char *argument,
                               const char *table, const char *split_column, char **labels,
                               char **found_split, SlTableInfo **info, GError **error);
/* (transfer full) (nullable): the above, which goes on to the import that shows it. */
SlTableInfo *_sl_text_import_take_table (SlTextImport *self);

/* Whether a file beside pictures is a text of its own: .txt, and neither a table nor a camera's numbers. */
gboolean _sl_text_is_text (const SlSideFile *file);

/* Whether a folder's name says that its texts have no labels: "unsup". */
gboolean _sl_text_is_unlabelled (const char *folder);

G_END_DECLS
