/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/item.h>

G_BEGIN_DECLS

/* Strings that many items share are GRefStrings. */
struct _SlItem
{
  GObject     parent_instance;
  gint64      id;
  char       *folder;    /* GRefString: the project's */
  char       *stored;    /* path as in the file: where the picture belongs */
  char       *bin;       /* (nullable) name in bin/ while removed */
  char       *path;      /* absolute; made when first asked for */
  char       *rel_path;
  char       *part;      /* (nullable) "train", "valid": folder above the class at import */
  char       *target;    /* GRefString (nullable) */
  char       *original;  /* GRefString (nullable) */
  char       *format;    /* GRefString */
  char       *predicted; /* GRefString (nullable) */
  float      *outputs;   /* (nullable): n_outputs */
  guint       n_outputs;
  guint64     twin;
  gsize       row;       /* of a text: in the project's SlTexts */
  gint64      bytes;
  double      loss, probability;
  int         width, height;
  SlSplit     split;
  SlItemState state;
  gboolean    kept, evaluated;
};

/* What of an item can change; @stored and @bin as in the file. */
typedef struct
{
  const char *stored, *bin, *target;
  SlSplit     split;
  SlItemState state;
  gboolean    kept;
} SlItemChange;

void sl_item_change         (SlItem *self, const SlItemChange *to); /* notifies what differs */
/* @predicted: a GRefString, of which a reference is taken; %NULL: not evaluated any more. */
void sl_item_set_prediction (SlItem *self, double loss, double probability, char *predicted);
/* @outputs: (nullable): copied. */
void sl_item_set_outputs    (SlItem *self, const float *outputs, guint n);
/* @outputs: (inout) (transfer full) (nullable): @n of them. */
void sl_item_swap_outputs   (SlItem *self, float **outputs, guint *n);

G_END_DECLS
