/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ops/op.h"

/* All ops.  A backend has a row for each; the attributes' types are here or in slope/graph.h. */
extern const SlOpDef sl_op_activity_loss;   /* SlActivityAttrs; in: loss, dropped, raw */
extern const SlOpDef sl_op_add;             /* SlAddAttrs; in: a, b */
extern const SlOpDef sl_op_avg_pool;        /* SlPoolAttrs; in: x */
extern const SlOpDef sl_op_batch_norm;      /* SlBatchNormAttrs; in: x, residual; workspace: mean,
                                           * 1/std (C float each) */
extern const SlOpDef sl_op_binary_cross_entropy; /* SlBinaryCrossEntropyAttrs; in: logits, targets,
                                                  * weights; out: loss, losses, probabilities */
extern const SlOpDef sl_op_concat;          /* SlConcatAttrs; in: a, b */
extern const SlOpDef sl_op_concat_pool;     /* in: x; workspace: argmax (N,C) int32 */
extern const SlOpDef sl_op_conv2d;          /* SlConv2dAttrs; in: x */
extern const SlOpDef sl_op_cross_entropy;   /* SlCrossEntropyAttrs; in: logits, targets, weights;
                                           * out: loss, losses, probabilities */
extern const SlOpDef sl_op_depthwise;       /* SlDepthwiseAttrs; in: x */
extern const SlOpDef sl_op_dropout;         /* SlDropoutAttrs; in: x */
extern const SlOpDef sl_op_embedding;       /* SlEmbeddingAttrs; in: tokens */
extern const SlOpDef sl_op_global_avg_pool; /* in: x */
extern const SlOpDef sl_op_linear;          /* SlLinearAttrs; in: x */
extern const SlOpDef sl_op_lstm; /* SlLstmAttrs; in: x, h0, c0; out: y, h, c; workspace: gates
                                  * (N,T,4H), cells (N,T,H) */
extern const SlOpDef sl_op_max_pool; /* SlPoolAttrs; in: x; workspace: argmax (N,OH,OW,C) u8 */
extern const SlOpDef sl_op_mean_squared_error; /* in: predictions, targets, weights; out: loss,
                                                * losses */
extern const SlOpDef sl_op_next_word; /* SlWordsAttrs; in: x; workspace: the last rows (N,C) */
extern const SlOpDef sl_op_output_range; /* SlOutputRangeAttrs; in: x */
extern const SlOpDef sl_op_padded_lstm; /* SlLstmAttrs; in: x, starts; workspace: gates, cells, a
                                         * state of zeros (N,H) */
extern const SlOpDef sl_op_pixel_shuffle; /* in: x */
extern const SlOpDef sl_op_relu;     /* in: x */
extern const SlOpDef sl_op_resize;   /* SlResizeAttrs; in: x */
extern const SlOpDef sl_op_text_pool; /* in: x, starts; workspace: argmax (N,C) int32 */
extern const SlOpDef sl_op_word_loss; /* SlWordsAttrs; in: x, targets, weights; out: loss, losses,
                                       * hits; gradients in the workspace: x, weight, bias */
extern const SlOpDef sl_op_repeat;   /* in: x */

typedef struct
{
  double alpha, beta;
} SlActivityAttrs;

typedef struct
{
  gboolean relu;
} SlAddAttrs;

typedef struct
{
  guint kernel, stride, pad;
  gboolean ceil_mode; /* see sl_max_pool_ceil() */
} SlPoolAttrs;

typedef struct
{
  guint n_words;
} SlWordsAttrs;

typedef struct
{
  guint out_features;
  gboolean relu;
} SlLinearAttrs;

typedef struct
{
  double p;
  gboolean locked; /* (N,T,C): one mask for all T */
} SlDropoutAttrs;

typedef struct
{
  gboolean resizes; /* a takes b's size on the way */
} SlConcatAttrs;

typedef struct
{
  gsize h, w;
} SlResizeAttrs;

typedef struct
{
  double smoothing;
  gint void_class; /* -1: none */
} SlCrossEntropyAttrs;

typedef struct
{
  double smoothing;
} SlBinaryCrossEntropyAttrs;

typedef struct
{
  double low, high;
} SlOutputRangeAttrs;

/* ---- For infer(). */

/* @what: "a picture (N,H,W,C)".  FALSE with @error unless @in is float32 of that rank. */
gboolean sl_op_check_rank (const SlValueType *in, guint rank, const char *what, GError **error);

/* @what: "targets", "weights".  FALSE with @error unless @in is float32 of @shape. */
gboolean sl_op_check_loss_input (const SlValueType *in, SlShape shape, const char *what,
                                 GError **error);

/* FALSE with @error unless @in is int32 (n): the step that each sequence begins with. */
gboolean sl_op_check_starts (const SlValueType *in, gsize n, GError **error);

/* FALSE with @error unless @share is at least 0 and less than 1. */
gboolean sl_op_check_share (double share, const char *what, GError **error);

/* Size of a sliding window's output along one axis; FALSE with @error if the window does not
 * fit.  @pad may not reach the kernel's size. */
gboolean sl_op_window_size (gsize size, guint kernel, guint stride, guint pad, gsize *out,
                            GError **error);
