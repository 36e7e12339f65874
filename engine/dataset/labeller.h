/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "dataset/scan.h"

G_BEGIN_DECLS

/* Where labels are looked for. */
typedef struct
{
  const char   *root;         /* the folder that rel_paths begin at */
  GPtrArray    *files;        /* of SlFound: what may be a picture, not yet decoded */
  GPtrArray    *texts;        /* of SlSideFile: tables and lists that lie beside the pictures */
  const char   *table;        /* (nullable): rel_path of the one that the user named */
  const SlTask *task;         /* (nullable): the kind of problem that was asked for */
  const char   *split_column; /* (nullable): the column that divides the pictures */
} SlLabelSource;

/* What one file's label is; all %NULL: it has none, and stays without. */
typedef struct
{
  char       *target; /* as the task writes it */
  char       *reason; /* why the picture cannot be used for want of a label */
  const char *part;   /* "train", "valid", "test", where the labels say so; static */
} SlLabel;

typedef struct _SlLabeller SlLabeller;

/* A source's labels as one labeller read them. */
typedef struct
{
  const SlLabeller *way;
  gpointer          reading;  /* the labeller's own */
  const SlTask     *task;     /* what the labels are fit for */
  guint8           *is_label; /* (nullable): for each file, whether it is part of the labels (a mask) */
  SlUnderstanding  *understood;
} SlLabels;

/**
 * SlLabeller:
 *
 * One way of reading labels: a file label-NAME.c and a line in the table of labels.c.
 */
struct _SlLabeller
{
  const char *prefix;   /* "csv": what an option begins with */
  const char *usage;    /* "csv:NAME_COL,LABEL_COL[,DELIM]" */
  const char *tasks[4]; /* ids of the tasks that its labels are for; %NULL-terminated unless full */

  /* (transfer full) (nullable): the argument that suits the source; %NULL: no sign of such labels. */
  char    *(*guess)    (const SlLabelSource *source);
  /* Reads what is needed before the first label and fills all of @labels but the way.
   * @argument: (nullable): what follows the colon.  Calls free itself if it fails. */
  gboolean (*open)     (SlLabels *labels, const SlLabelSource *source, const char *argument,
                        GError **error);
  /* Fills @out, which is zeroed.  Threads: any, at the same time. */
  void     (*label)    (const SlLabels *labels, guint index, const SlFound *found, SlLabel *out);
  /* (nullable) (transfer full): the names in the task's order, given all targets that will be used;
   * without it they are the targets themselves, each once, sorted. */
  char   **(*classes)  (const SlLabels *labels, const char *const *targets, gsize n);
  /* (nullable): appends an SlSkipped for each label without a picture. */
  void     (*leftover) (const SlLabels *labels, GPtrArray *skipped);
  void     (*free)     (gpointer reading); /* (nullable) */
};

extern const SlLabeller _sl_labeller_folder, _sl_labeller_regex, _sl_labeller_csv, _sl_labeller_points,
    _sl_labeller_masks;

/* @text: (nullable): "folder", "csv:…"; %NULL: guessed from the source.
 * @error: %SL_ERROR_DATA: no such way, or it does not fit the source; what the labeller says. */
SlLabels *_sl_labels_open (const SlLabelSource *source, const char *text, GError **error);
void      _sl_labels_free (SlLabels *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlLabels, _sl_labels_free)

/* (transfer full): the names of the classes of @targets. */
char    **_sl_labels_classes (const SlLabels *self, const char *const *targets, gsize n);

/* (transfer full): each of @n texts once, sorted, NULL-terminated; %NULL ones are left out. */
char    **_sl_sorted_set (const char *const *texts, gsize n);

/* A sentence for the person who imports. */
void      _sl_table_info_free    (SlTableInfo *self);
void      _sl_understanding_note (SlUnderstanding *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* Whether the task may be chosen: asked for, or nothing was, and this program knows it. */
gboolean  _sl_label_source_wants (const SlLabelSource *self, const char *task_id);

G_END_DECLS
