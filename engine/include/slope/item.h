/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/dataset.h>

G_BEGIN_DECLS

/**
 * SlItem:
 *
 * One picture of a project, as the window and the command line see it.  Read-only outside
 * project/; main thread.  Properties, read-only: "id" (int64), "name", "path", "target" (string),
 * "split", "state" (int: SlSplit, SlItemState), "kept" (boolean), "loss" (double; -1: not
 * evaluated).  "path", "target", "split", "state", "kept" and "loss" notify.
 */
#define SL_TYPE_ITEM (sl_item_get_type ())
G_DECLARE_FINAL_TYPE (SlItem, sl_item, SL, ITEM, GObject)

typedef enum
{
  SL_ITEM_PRESENT = 0,
  SL_ITEM_REMOVED = 1,   /* in the project's bin */
  SL_ITEM_UNREADABLE = 2 /* missing or damaged since import; opening the project looks again */
} SlItemState;

/* How far answers are from their targets, of one point (pixels of the picture file) or number (its units). */
typedef struct
{
  guint  n;        /* pictures whose target says it */
  double mean;     /* NaN without any */
  double worst;    /* likewise */
  gint64 worst_id; /* of its picture */
} SlDistance;

/* Of one label, in pictures. */
typedef struct
{
  guint right;
  guint missed; /* the picture has it, the model does not say it */
  guint extra;  /* the model says it in vain */
} SlLabelErrors;

gint64      sl_item_get_id          (SlItem *self);
const char *sl_item_get_path        (SlItem *self); /* absolute, where the file is now */
const char *sl_item_get_name        (SlItem *self); /* base name at import */
const char *sl_item_get_rel_path    (SlItem *self); /* in its source */
const char *sl_item_get_target      (SlItem *self); /* (nullable) */
const char *sl_item_get_original_target (SlItem *self); /* at import; differs once relabelled */
SlSplit     sl_item_get_split       (SlItem *self);
SlItemState sl_item_get_state       (SlItem *self);
gboolean    sl_item_get_kept        (SlItem *self); /* marked as looked at and right */
gboolean    sl_item_get_relabelled  (SlItem *self); /* target differs from the original */
int         sl_item_get_width       (SlItem *self);
int         sl_item_get_height      (SlItem *self);
gint64      sl_item_get_bytes       (SlItem *self);
gsize       sl_item_get_row         (SlItem *self); /* of a text: in sl_project_get_texts(); stays as it is */
const char *sl_item_get_format      (SlItem *self);
guint64     sl_item_get_twin        (SlItem *self); /* equal for byte-equal files; 0: none */
/* Of the newest evaluated run; FALSE: not evaluated. @probability: NaN where the kind of problem knows
 * none; @predicted (transfer none). */
gboolean    sl_item_get_prediction  (SlItem *self, double *loss, double *probability,
                                     const char **predicted);
/* (nullable): what is kept of the answer beside its words, @n values: sl_prediction_dup_kept().  Valid until the
 * item is evaluated again or relabelled. */
const float *sl_item_get_outputs    (SlItem *self, guint *n);
/* Of masks: how what was said lies on what is.  %FALSE: that is not known. */
gboolean     sl_item_get_overlap    (SlItem *self, guint class_index, SlOverlap *overlap);

G_END_DECLS
