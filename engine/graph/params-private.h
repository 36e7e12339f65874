/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ops/op.h"

#define SL_PARAM_ALIGN 16 /* elements: one 64-byte line */

/* A stretch of the block whose parameters are all trained and of one layer group.  Gaps between
 * parameters may lie in it: they are zero, and stay so. */
typedef struct
{
  gsize offset, n;
  guint group;
} SlParamRange;

struct _SlParams
{
  gatomicrefcount ref_count;
  GArray *infos; /* SlParamInfo; in the graph's order */
  GStringChunk *names;
  GHashTable *index; /* name → position + 1 */
  gsize n_elements;  /* of each block */
  guint n_groups;
  float *values, *grads, *moment1, *moment2; /* blocks; NULL until asked for */
  guint frozen_below;
  gboolean freeze_norms;
  guint serial;   /* counts changes of what is frozen: plans are made for one */
  GArray *ranges; /* SlParamRange: what is trained, as it stands */
};

/* Elements that parameter @info takes of a block, with the gap behind it. */
static inline gsize
sl_param_padded (const SlParamInfo *info)
{
  return (sl_shape_n_elements (info->shape) + SL_PARAM_ALIGN - 1) / SL_PARAM_ALIGN * SL_PARAM_ALIGN;
}

#define sl_params_nth(self, i) (&g_array_index ((self)->infos, SlParamInfo, (i)))
