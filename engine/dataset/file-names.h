/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "dataset/scan.h"
#include "dataset/table.h"

G_BEGIN_DECLS

/**
 * SlFileNames:
 *
 * Finds the file that a table means.  People write "train/cat.1.jpg", "cat.1.jpg", "cat.1",
 * "./data/train/cat.1.jpg" or "train\\CAT.1.JPG": a name fits a file if it is its path or the end
 * of it from any slash on, with or without the suffix; and, for a whole table alike, if the first
 * folders of the names are dropped or letter case is ignored.
 */
typedef struct _SlFileNames SlFileNames;

#define SL_FILE_NONE    (-1)
#define SL_FILE_SEVERAL (-2)

/* @files: of SlFound; kept. */
SlFileNames *_sl_file_names_new  (GPtrArray *files);
void         _sl_file_names_free (SlFileNames *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlFileNames, _sl_file_names_free)

/* Chooses how to read the names in @column.  Returns what share of as many of them as could have
 * a file has one, 0 to 1. */
double       _sl_file_names_fit  (SlFileNames *self, const SlTable *table, guint column);

/* Index of the file, or one of the above. */
gint64       _sl_file_names_find (SlFileNames *self, const char *name);

G_END_DECLS
