/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/slope.h>

G_BEGIN_DECLS

/**
 * SlopeImportReader:
 *
 * An import that a person is changing: reads its labels and splits it anew, off the main thread, one
 * after the other, the newest wish first.  What cannot be read leaves the import as it was, and the
 * reason is kept until the next wish.
 * Signals: "changed" (): the import, or a reason, may be another; nothing is being read.
 *   "busy" (): is_busy() is another.
 */
#define SLOPE_TYPE_IMPORT_READER (slope_import_reader_get_type ())
G_DECLARE_FINAL_TYPE (SlopeImportReader, slope_import_reader, SLOPE, IMPORT_READER, GObject)

SlopeImportReader *slope_import_reader_new        (SlImport *import);
SlImport          *slope_import_reader_get_import (SlopeImportReader *self); /* (transfer none) */
/* Both nullable: to be guessed. */
void               slope_import_reader_read       (SlopeImportReader *self, const char *labels,
                                                   const SlTask *task);
/* Also taken again when the labels are read in another way. */
void               slope_import_reader_split      (SlopeImportReader *self, const SlSplitSpec *split);
/* What the person wants lacks something: no project can be made until another split is wished for. */
void               slope_import_reader_refuse_split (SlopeImportReader *self, const char *reason);
void               slope_import_reader_cancel     (SlopeImportReader *self);
gboolean           slope_import_reader_is_busy    (SlopeImportReader *self);
/* (nullable): why the labels, or the split, are not what was wished for. */
const char        *slope_import_reader_get_labels_error (SlopeImportReader *self);
const char        *slope_import_reader_get_split_error  (SlopeImportReader *self);
/* The import is as it was wished for, and a project can be made of it. */
gboolean           slope_import_reader_is_ready   (SlopeImportReader *self);

G_END_DECLS
