/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "dataset/label-table-spec.h"
#include "dataset/labeller.h"
#include "dataset/table.h"

G_BEGIN_DECLS

/* What csv: and points: share: a table of which each row names a picture. */
typedef struct
{
  SlTable *table;
  char    *file;      /* rel_path */
  gsize    first_row; /* 1 with a header */
  guint    name_column;
  guint    first;     /* columns of the labels */
  guint    last;
  int      split_column; /* -1: none */
  SlTableSpec spec;      /* as it was asked for */
  guint32 *row_of;       /* (files): first row that names it, + 1; 0: none */
  guint32 *next_row;     /* (rows): the next one that names the same file, or 0 */
  guint8  *fate;         /* (rows): SlRowFate */
} SlLabelTable;

typedef enum
{
  SL_ROW_MATCHED,
  SL_ROW_REPEATED,  /* the same picture and labels as above */
  SL_ROW_CONFLICT,  /* the same picture with other labels */
  SL_ROW_NAMELESS,
  SL_ROW_MISSING,
  SL_ROW_AMBIGUOUS
} SlRowFate;

/* Chooses the columns of labels where the argument names none: sets first, last; @error: none fit. */
typedef gboolean (*SlChooseColumns) (SlLabelTable *self, GError **error);

/**
 * _sl_label_table_open:
 * @argument: (nullable): "[FILE:]NAME,FIRST[..LAST][,DELIMITER[,OPTION…]]"
 * @choose: asked when the argument names no columns
 * @info: filled, but for the delimiter
 * @error: %SL_ERROR_NOT_FOUND: no such file, column; %SL_ERROR_DATA: no row names a picture; what
 *   _sl_table_read() says
 */
gboolean    _sl_label_table_open     (SlLabelTable *self, const SlLabelSource *source,
                                      const char *argument, SlChooseColumns choose,
                                      SlUnderstanding *understood, GError **error);
void        _sl_label_table_clear    (SlLabelTable *self);

/* (transfer full) (nullable): rel_path of the table whose rows name the pictures of @source. */
char       *_sl_label_table_guess    (const SlLabelSource *source);

/* Fills part and reason of @out; returns the row that speaks of the file, -1: none does. */
gint64      _sl_label_table_row      (const SlLabelTable *self, guint index, const SlFound *found,
                                      SlLabel *out);
void        _sl_label_table_leftover (const SlLabelTable *self, gboolean conflicts, GPtrArray *skipped);

/* "train", "valid", "test": what a cell of a column that divides says; %NULL: nothing. */
const char *_sl_label_table_part     (const char *cell);
/* (transfer full): names of the columns of labels, each once. */
char      **_sl_label_table_names    (const SlLabelTable *self);
/* (transfer full): the name in the header, or the number from 1. */
char       *_sl_label_table_column   (const SlLabelTable *self, guint column);
/* (transfer full): the argument that means what was found.  @delimiter: (nullable) */
char       *_sl_label_table_spell    (const SlLabelTable *self, const char *delimiter);

G_END_DECLS
