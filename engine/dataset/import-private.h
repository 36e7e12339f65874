/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "dataset/import-source.h"
#include "dataset/labeller.h"
#include <slope/text-import.h>

G_BEGIN_DECLS

#define SL_N_SPLITS 3

/* What one reading of the labels makes of the files.  Does not change but for its split; atomic
 * reference count. */
typedef struct
{
  gatomicrefcount ref_count;
  char *trouble;      /* (nullable): why the labels could not be read; then all below is empty */
  SlLabels *labels;   /* (nullable) */
  SlProblem *problem; /* (nullable) */
  SlTextImport *texts; /* (nullable): of texts, whose store it holds */
  GPtrArray *items;   /* of SlCandidate */
  GPtrArray *skipped; /* of SlSkipped */
  SlSplitSpec split;
  gsize *counts; /* (classes + 1, SL_N_SPLITS); the last row: all items */
} SlContents;

/* A split that was worked out and is not yet taken. */
typedef struct
{
  SlSplitSpec spec;
  SlSplit *sides; /* one an item */
  gsize *counts;
} SlSplitPlan;

struct _SlImport
{
  gatomicrefcount ref_count;
  char *text; /* the source, as given */
  SlImportSource source;
  SlFolderScan scan;
  GPtrArray *left_out; /* of SlSkipped, that an archive could not give */
  GArray *tables;      /* of SlTableLook */
  guint64 seed;
  SlContents *now;
  gboolean busy; /* a change is being worked out; main thread */
};

/* Reads the labels of @import.  @options, @error: as sl_import_scan() has them.  Threads: any, one at a
 * time. */
SlContents *_sl_contents_new   (const SlImport *import, const SlImportOptions *options,
                                GCancellable *cancellable, SlProgressFunc progress,
                                gpointer user_data, GError **error);
SlContents *_sl_contents_new_empty (void);
/* import-texts.c: whether the source has texts and nothing else; the same as above for texts. */
gboolean    _sl_import_has_texts_alone (const SlImport *import); /* or tables of them */
gboolean    _sl_import_has_text_files (const SlImport *import);
SlContents *_sl_contents_new_of_texts (const SlImport *import, const SlImportOptions *options,
                                       GCancellable *cancellable, SlProgressFunc progress,
                                       gpointer user_data, GError **error);
SlContents *_sl_contents_ref   (SlContents *self);
void        _sl_contents_unref (SlContents *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlContents, _sl_contents_unref)

/* Whether @split is %NULL or stratified with fraction 0: what the source itself says. */
gboolean    _sl_split_is_default (const SlSplitSpec *split);
/* @split: as it may be the default. */
gboolean    _sl_contents_split (SlContents *self, const SlImport *import, const SlSplitSpec *split,
                                GError **error);

/* What a column says stands in the items once the labels are read with it. */
gboolean    _sl_contents_split_needs_labels (const SlContents *self, const SlSplitSpec *split);

/* Counts items of each class by their split. */
void        _sl_contents_count (SlContents *self);
/* (transfer full): what the split would be; reads @self only. */
SlSplitPlan *_sl_split_plan_new  (const SlContents *self, const SlSplitSpec *split, GError **error);
void         _sl_split_plan_take (SlSplitPlan *self, SlContents *contents);
void         _sl_split_plan_free (SlSplitPlan *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlSplitPlan, _sl_split_plan_free)

/* (transfer full): of SlTableLook: the beginnings of the tables among @texts (SlSideFile). */
GArray *_sl_table_looks_new (GPtrArray *texts);

G_END_DECLS
