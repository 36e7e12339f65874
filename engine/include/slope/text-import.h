/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/dataset.h>
#include <slope/token-cache.h>

G_BEGIN_DECLS

/* A text longer than this is none that a person wrote: it is skipped, or a corpus that is cut. */
#define SL_MAX_TEXT_BYTES (1 << 20)

/* SlPictureInfo.format of a text. */
#define SL_TEXT_FORMAT "text"

/* One text that will become an item. */
typedef struct
{
  char       *name;   /* from the source's root, with the line: "train/pos/0_9.txt", "texts.csv:17" */
  const char *target; /* (nullable): its class; without one it teaches the language model alone */
  const char *part;   /* (nullable): "train", "valid", "test": the folder above the class, or a column */
  SlSplit     split;
  guint64     offset; /* in the store, bytes */
  guint32     bytes;
  char        hash[33]; /* hex of 128 bits over the text: exact twins */
} SlTextItem;

typedef struct
{
  char       *labels; /* (nullable): as below; %NULL: guess */
  SlSplitSpec split;  /* stratified with fraction 0: as without options, with this seed */
} SlTextImportOptions;

/**
 * SlTextImport:
 *
 * What Slope understood of texts, before anything is part of a project: the items, what cannot be used and why, the
 * classes, the split.  n_found = items + skipped, always.  All texts lie as UTF-8 in one file, the store, in a
 * staging folder, wherever and however they were written; sl_text_import_take_store() moves it into a project, and
 * freeing the import removes it.  Atomic reference count; one thread at a time.
 */
typedef struct _SlTextImport SlTextImport;

/**
 * sl_text_import_scan:
 * @source: a folder, .zip / .tar.gz / .tgz / .tar, .csv / .tsv or .txt
 * @options: (nullable): options.labels says where labels are:
 *   "folder": the name of the folder that a .txt file lies in; "unsup" and its like are no class;
 *   "csv:[FILE:]TEXT[,LABEL[,,OPTION…]]": columns of a table, by the name in its header or the number from 1, with or
 *   without a # before it; options as tables of pictures have them: header=no, separator=tab, encoding=CP850;
 *   "none": each .txt file is a text without a label;
 *   "corpus": .txt files of any size, cut into texts at blank lines
 * @error: %SL_ERROR_NOT_FOUND, %SL_ERROR_FORMAT, %SL_ERROR_DATA (no usable text, one class alone, labels or a
 *   split that do not fit), %SL_ERROR_FAILED: no space for the store; %G_IO_ERROR_CANCELLED
 *
 * Splits by default as a column of the table says (is_valid), by train and valid folders, train and test
 * folders where that is all there is, as the course does; else stratified:0.2, or random:0.1 without labels.
 * Texts are read one after the other and not kept.  Threads: any.
 */
SlTextImport *sl_text_import_scan  (const char *source, const SlTextImportOptions *options,
                                    GCancellable *cancellable, SlProgressFunc progress,
                                    gpointer user_data, GError **error);
SlTextImport *sl_text_import_ref   (SlTextImport *self);
void          sl_text_import_unref (SlTextImport *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlTextImport, sl_text_import_unref)

const char        *sl_text_import_get_name    (const SlTextImport *self); /* proposed project name */
const char        *sl_text_import_get_labels  (const SlTextImport *self); /* complete, as above */
const char *const *sl_text_import_get_notes   (const SlTextImport *self); /* sentences; NULL-terminated */
const char *const *sl_text_import_get_classes (const SlTextImport *self); /* sorted, NULL-terminated */
gsize              sl_text_import_n_items     (const SlTextImport *self);
const SlTextItem  *sl_text_import_get_item    (const SlTextImport *self, gsize i);
gsize              sl_text_import_n_skipped   (const SlTextImport *self);
const SlSkipped   *sl_text_import_get_skipped (const SlTextImport *self, gsize i);
gsize              sl_text_import_n_found     (const SlTextImport *self);
const SlSplitSpec *sl_text_import_get_split   (const SlTextImport *self);
/* (transfer full): text @i.  @error: %SL_ERROR_FORMAT: the store is not what it was; %G_FILE_ERROR */
char              *sl_text_import_dup_text    (const SlTextImport *self, gsize i, GError **error);
/* (transfer none): the store's path; gone with the import. */
const char        *sl_text_import_get_store   (const SlTextImport *self);
/* Moves the store to @path, on the same disk or another.  The import has no texts afterwards. */
gboolean           sl_text_import_take_store  (SlTextImport *self, const char *path, GError **error);

/**
 * SlTextStore:
 *
 * The texts of an import or a project.  Immutable; atomic reference count; any thread.
 */
typedef struct _SlTextStore SlTextStore;

SlTextStore *sl_text_store_open  (const char *path, GError **error); /* @error: %G_FILE_ERROR */
SlTextStore *sl_text_store_ref   (SlTextStore *self);
void         sl_text_store_unref (SlTextStore *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlTextStore, sl_text_store_unref)
/* (transfer full): @bytes bytes from @offset on, as a text.  @error: %SL_ERROR_FORMAT: the store is shorter, or
 * has something else there */
char        *sl_text_store_read  (const SlTextStore *self, guint64 offset, guint32 bytes, GError **error);
/* (transfer full): what sl_token_cache_build() reads the @n items of @store by; the items must outlive it. */
SlTextSource *sl_text_source_new  (SlTextStore *store, const SlTextItem *const *items, gsize n);
void          sl_text_source_free (SlTextSource *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlTextSource, sl_text_source_free)

G_END_DECLS
