/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <math.h>

#include <slope/activation.h>

/* Kernels: plain C on pointers and sizes.  Everything is float32, contiguous, channels last (what
 * bfloat16 tables round is a copy);
 * pointers do not overlap unless said.  They run in parallel by themselves (OpenMP, fixed blocks,
 * fixed order of sums: the same bits on any number of threads).  @scratch is memory of at least
 * the bytes that the matching *_scratch function gives for the current number of threads; it is
 * dead after the call.  "adds" in a comment: dst += result; otherwise dst = result. */

typedef struct
{
  gsize n, h, w, c; /* input (n,h,w,c) */
  gsize oh, ow, k;  /* output (n,oh,ow,k) */
  guint kernel, stride, pad;
} SlConvShape;

#define SL_DEPTHWISE_MAX_KERNEL 7

typedef struct
{
  gsize n, h, w, c, oh, ow;
  guint kernel, stride, pad;
} SlPoolShape;

typedef struct
{
  gsize n, h, w, c; /* input (n,h,w,c) */
  gsize oh, ow;     /* output: (n,oh,ow) pixels of c floats, */
  gsize y_step;     /* which lie this many floats apart: more than c inside a concatenation */
} SlResizeShape;

typedef struct
{
  gsize n, rows, k;  /* items, rows of an item (1, or its pixels), classes */
  float smoothing;
  gint32 void_class; /* a target that is left out of the loss; -1: there is none */
} SlXentShape;

typedef struct
{
  gsize n, cells;  /* items, numbers of an item */
  float smoothing; /* of a yes or no; not for squared errors */
} SlCellsShape;

/* The input pixel that output pixel @o of @out shows, along one axis: PyTorch's rule for "nearest",
 * in its precision. */
static inline gsize
sl_nearest_index (gsize o, gsize in, gsize out)
{
  if (in == out)
    return o;
  if (2 * in == out)
    return o / 2;
  return MIN ((gsize)floorf ((float)o * ((float)in / (float)out)), in - 1);
}

#define SL_PROBE_BYTES ((gsize)32 * 1024)

typedef struct
{
  gsize n, steps, c, h; /* input (n,steps,c), state (n,h) */
  float p;              /* share of recurrent weights dropped in this pass; 0: none */
  guint64 key;          /* of the mask */
  const gint32 *first;  /* (n) (nullable): step that a row begins with, from a state h0, c0 of zeros;
                         * what is before is padding */
} SlLstmShape;

typedef struct
{
  gsize n, steps, c;    /* sequences (n,steps,c) */
  const gint32 *first;  /* (n): step that each begins with, 0 … steps-1 */
} SlTextShape;

/* The four gates stand side by side along the last axis, in PyTorch's order: input, forget, cell,
 * output. */
typedef struct
{
  float *ih, *hh;           /* (c,4h), (h,4h) */
  float *bias_ih, *bias_hh; /* (4h) */
} SlLstmParams;

typedef struct
{
  gsize n, words, features; /* rows x (n,features), matrix w (words,features) */
} SlWordShape;

typedef struct
{
  gsize n, steps, c;   /* sequences (n,steps,c) */
  float alpha, beta;
} SlActivityShape;

/* Positions are continuous: pixel i covers i … i + 1. */
typedef struct
{
  gsize h, w;               /* picture (h,w,3) of 8 bits */
  gsize oh, ow;             /* output (oh,ow,3) */
  double matrix[9];         /* position in the output (x, y, 1) → (x·w, y·w, w) in the picture */
  gboolean lit;
  float brightness;         /* added to the logit of a value of 0 … 1 */
  float contrast;           /* multiplies it then */
  float scale[3], shift[3]; /* of each channel, last: value · scale + shift */
} SlSampleShape;

#define SL_SAMPLE_HORIZON 1e-3f /* w is no less: what lies beyond the horizon */
#define SL_SAMPLE_FAR 1e7f      /* a position is no farther from 0; so is one that is no number */
#define SL_SAMPLE_LEAST 1e-7f   /* a value of 0 … 1 and its distance from 1 are no less under light */
#define SL_PICTURE_PAD 4        /* bytes behind a picture that may be read; what they are is nothing */

/* Consecutive rows or columns of a picture, weighted: what a row or column of another shows. */
typedef struct
{
  gsize first, n;
  const float *weights; /* n of them, which add up to 1 */
} SlSpan;

typedef struct
{
  gsize h, w, oh, ow;
  const SlSpan *down, *across; /* oh, ow of them */
} SlScaleShape;

/* Gradients for a loss whose own gradient is 1; each NULL: not wanted. */
typedef struct
{
  float *x, *w, *bias;
} SlWordGrads;

typedef struct
{
  const char *name; /* "reference", "baseline", "avx2", "avx512"; of bfloat16: see below */

  /* ---- Convolution: y = act (x * w + bias), w (kernel,kernel,c,k), bias (k) or NULL. */
  gsize (*conv_scratch) (const SlConvShape *s); /* largest of all four, bytes */
  void (*conv_forward) (const SlConvShape *s, const float *x, const float *w, const float *bias,
                        SlActivation activation, float *y, void *scratch);
  /* From the gradient of y to that of the sums, in place: dy is zero where y does not let it pass;
   * without an activation dy stays and y is not read.  Adds to dbias (nullable). */
  void (*conv_grad_sums) (const SlConvShape *s, const float *y, SlActivation activation, float *dy,
                          float *dbias, void *scratch);
  /* These two take the gradient of the sums. */
  void (*conv_grad_data) (const SlConvShape *s, const float *dy, const float *w, float *dx,
                          gboolean adds, void *scratch);
  /* adds to dw */
  void (*conv_grad_weights) (const SlConvShape *s, const float *x, const float *dy, float *dw,
                             void *scratch);

  /* ---- Depthwise convolution: channel c of y from channel c of x; s->k is s->c, w (kernel,kernel,c),
   * kernels up to SL_DEPTHWISE_MAX_KERNEL. */
  gsize (*depthwise_scratch) (const SlConvShape *s); /* of both gradients, bytes */
  void (*depthwise_forward) (const SlConvShape *s, const float *x, const float *w, float *y);
  void (*depthwise_grad_data) (const SlConvShape *s, const float *dy, const float *w, float *dx,
                               gboolean adds, void *scratch);
  /* adds to dw */
  void (*depthwise_grad_weights) (const SlConvShape *s, const float *x, const float *dy, float *dw,
                                  void *scratch);

  /* ---- Batch norm over rows of c channels, with residual (nullable) and activation folded
   * in.  Forward, y may be the same memory as x or as residual. */
  gsize (*norm_scratch) (gsize rows, gsize c);
  /* saves mean and 1/sqrt(var+eps) (c each); updates the running statistics (unbiased variance) */
  void (*norm_forward_train) (gsize rows, gsize c, const float *x, const float *residual,
                              const float *weight, const float *bias, float eps, float momentum,
                              SlActivation activation, float *running_mean, float *running_var,
                              float *saved_mean, float *saved_invstd, float *y, void *scratch);
  /* norm_forward_train()'s y once more, to the same bits, from what it saved */
  void (*norm_again) (gsize rows, gsize c, const float *x, const float *residual,
                      const float *weight, const float *bias, SlActivation activation,
                      const float *saved_mean, const float *saved_invstd, float *y, void *scratch);
  void (*norm_forward_eval) (gsize rows, gsize c, const float *x, const float *residual,
                             const float *weight, const float *bias, float eps,
                             SlActivation activation, const float *running_mean,
                             const float *running_var, float *y, void *scratch);
  /* y: the forward's output, the activation's mask; read only where there is one.  dx, dresidual nullable, each stored
   * or added to; adds to dweight and dbias (nullable).  dx may be the same memory as dy. */
  void (*norm_backward) (gsize rows, gsize c, const float *x, const float *y, const float *dy,
                         const float *weight, const float *saved_mean, const float *saved_invstd,
                         SlActivation activation, float *dx, gboolean dx_adds, float *dresidual,
                         gboolean dresidual_adds, float *dweight, float *dbias, void *scratch);
  /* Behind norm_forward_eval(): the running statistics have no gradient, nor do the frozen weight
   * and bias.  dx may be the same memory as dy. */
  void (*norm_backward_eval) (gsize rows, gsize c, const float *y, const float *dy,
                              const float *weight, float eps, SlActivation activation,
                              const float *running_var, float *dx, gboolean dx_adds,
                              float *dresidual, gboolean dresidual_adds, void *scratch);

  /* ---- Element-wise.  In place is allowed.  A NaN goes through a ReLU. */
  void (*relu_forward) (gsize n, const float *x, float *y);
  void (*relu_backward) (gsize n, const float *y, const float *dy, float *dx, gboolean adds);
  void (*add_forward) (gsize n, const float *a, const float *b, gboolean relu, float *y);
  void (*accumulate) (gsize n, const float *x, float *dst); /* dst += x */
  /* y = x · mask / (1-p); element i's mask comes from sl_random_block (key, i / 4) */
  void (*dropout_forward) (gsize n, const float *x, float p, guint64 key, float *y);
  void (*dropout_backward) (gsize n, const float *dy, float p, guint64 key, float *dx,
                            gboolean adds);

  /* ---- Pooling.  argmax (n·oh·ow·c) holds the index inside the window: kernels up to 15.  Padding
   * is never a maximum and does not count in a mean. */
  void (*max_pool_forward) (const SlPoolShape *s, const float *x, float *y, guint8 *argmax);
  void (*max_pool_backward) (const SlPoolShape *s, const float *dy, const guint8 *argmax, float *dx,
                             gboolean adds);
  void (*avg_pool_forward) (const SlPoolShape *s, const float *x, float *y);
  void (*avg_pool_backward) (const SlPoolShape *s, const float *dy, float *dx, gboolean adds);
  /* (n,hw,c) → (n,2c): maximum, then mean; argmax (n,c) int32 over hw */
  void (*concat_pool_forward) (gsize n, gsize hw, gsize c, const float *x, float *y,
                               gint32 *argmax);
  void (*concat_pool_backward) (gsize n, gsize hw, gsize c, const float *dy, const gint32 *argmax,
                                float *dx, gboolean adds);
  /* (n,steps,c) → (n,3c): the last step, then maximum and mean over all but padding; argmax (n,c) int32
   * over steps.  Padding gets no gradient. */
  void (*text_pool_forward) (const SlTextShape *s, const float *x, float *y, gint32 *argmax);
  void (*text_pool_backward) (const SlTextShape *s, const float *dy, const gint32 *argmax,
                              float *dx, gboolean adds);
  void (*mean_pool_forward) (gsize n, gsize hw, gsize c, const float *x, float *y);
  void (*mean_pool_backward) (gsize n, gsize hw, gsize c, const float *dy, float *dx,
                              gboolean adds);

  /* ---- Resampling.  Nearest pixel, any sizes; of equal sizes this copies, which with y_step is
   * one side of a concatenation: backward reads dy as forward writes y. */
  void (*resize_forward) (const SlResizeShape *s, const float *x, float *y);
  void (*resize_backward) (const SlResizeShape *s, const float *dy, float *dx, gboolean adds);
  /* (n,h,w,4c) → (n,2h,2w,c): channel 4j + 2a + b becomes channel j of pixel (2h + a, 2w + b) */
  void (*shuffle_forward) (gsize n, gsize h, gsize w, gsize c, const float *x, float *y);
  void (*shuffle_backward) (gsize n, gsize h, gsize w, gsize c, const float *dy, float *dx,
                            gboolean adds);

  /* ---- Linear: y (n,out) = x (n,in) · w (in,out) + bias (nullable), optional ReLU. */
  gsize (*linear_scratch) (gsize n, gsize in, gsize out);
  void (*linear_forward) (gsize n, gsize in, gsize out, const float *x, const float *w,
                          const float *bias, gboolean relu, float *y, void *scratch);
  /* y masks the ReLU; dx nullable, stored or added; adds to dw, dbias (each nullable) */
  void (*linear_backward) (gsize n, gsize in, gsize out, const float *x, const float *w,
                           const float *y, const float *dy, gboolean relu, float *dx, gboolean adds,
                           float *dw, float *dbias, void *scratch);

  /* ---- Softmax cross-entropy.  logits, probabilities (n,rows,k), target (n,rows) in 0 … k-1 or
   * the void class, weight and losses (n).  Of an item's rows that are not void, losses has the
   * mean, and loss is the mean over those of all items, each with its item's weight.  probabilities
   * are of all rows; an item of weight 0 has no targets to read, the loss 0 and no gradient. */
  gsize (*xent_scratch) (const SlXentShape *s);
  void (*xent_forward) (const SlXentShape *s, const float *logits, const gint32 *target,
                        const float *weight, float *loss, float *losses, float *probabilities,
                        void *scratch);
  void (*xent_backward) (const SlXentShape *s, const float *probabilities, const gint32 *target,
                         const float *weight, float dloss, float *dlogits, gboolean adds);

  /* ---- Losses of cells (n,cells).  weight, losses (n): losses has each item's mean over its cells,
   * loss the mean of these over the weights.  An item of weight 0 has no targets to read, the loss 0
   * and no gradient. */

  /* Binary cross-entropy; target in 0 … 1.  probabilities (n,cells) are of all items. */
  void (*binary_forward) (const SlCellsShape *s, const float *logits, const float *target,
                          const float *weight, float *loss, float *losses, float *probabilities);
  void (*binary_backward) (const SlCellsShape *s, const float *probabilities, const float *target,
                           const float *weight, float dloss, float *dlogits, gboolean adds);
  /* Squared error; target (n,2,cells): values, then how much each counts, 0 or more; a value that
   * counts 0 is not read.  An item of which nothing counts is as one of weight 0. */
  void (*squared_forward) (const SlCellsShape *s, const float *x, const float *target,
                           const float *weight, float *loss, float *losses);
  void (*squared_backward) (const SlCellsShape *s, const float *x, const float *target,
                            const float *weight, float dloss, float *dx, gboolean adds);
  /* y = low + (high - low) · sigmoid (x).  In place is allowed. */
  void (*range_forward) (gsize n, float low, float high, const float *x, float *y);
  void (*range_backward) (gsize n, float low, float high, const float *y, const float *dy,
                          float *dx, gboolean adds);

  /* ---- Sequences.  Tokens outside 0 … words-1 can do no harm: they have zeros for a vector, or the
   * loss 0, and no gradient. */

  /* y (n,features) = rows of w; a word's row is dropped with probability p, else scaled by 1/(1-p):
   * word v's chance comes from sl_random_block (key, v / 4). */
  void (*embedding_forward) (const SlWordShape *s, const gint32 *token, const float *w, float p,
                             guint64 key, float *y);
  /* adds to the rows of dw whose words occur, and touches no other */
  void (*embedding_backward) (const SlWordShape *s, const gint32 *token, const float *dy, float p,
                              guint64 key, float *dw);
  /* y (n,steps,c) = or += x · mask / (1-p) with one mask for all steps; element (i,·,j)'s comes from
   * sl_random_block (key, (i·c + j) / 4 with c in whole fours).  Both directions. */
  void (*locked_dropout) (gsize n, gsize steps, gsize c, const float *x, float p, guint64 key,
                          float *y, gboolean adds);

  /* gates = x · ih + bias_ih + h' · hh + bias_hh, c = sigmoid (f) · c' + sigmoid (i) · tanh (g),
   * h = sigmoid (o) · tanh (c), from the state h0, c0 (n,h); y (n,steps,h) is all h, hn and cn
   * (n,h; nullable) the last state.  gates (n,steps,4h), behind their functions, and cells (n,steps,h)
   * are for backward.  hh's element i is dropped as dropout_forward() would.  Of padding, y, gates and
   * cells are zeros, and so are all its gradients. */
  gsize (*lstm_scratch) (const SlLstmShape *s);
  void (*lstm_forward) (const SlLstmShape *s, const SlLstmParams *w, const float *x,
                        const float *h0, const float *c0, float *y, float *hn, float *cn,
                        float *gates, float *cells, void *scratch);
  /* Overwrites gates.  dx nullable, stored or added; adds to what is not NULL in dw. */
  void (*lstm_backward) (const SlLstmShape *s, const SlLstmParams *w, const float *x,
                         const float *h0, const float *c0, const float *y, const float *dy,
                         float *gates, const float *cells, float *dx, gboolean adds,
                         const SlLstmParams *dw, void *scratch);

  /* logits (n,words) = x · wᵀ + bias */
  void (*word_logits) (const SlWordShape *s, const float *x, const float *w, const float *bias,
                       float *logits);
  void (*word_logits_backward) (const SlWordShape *s, const float *x, const float *w,
                                const float *dlogits, float *dx, gboolean adds, float *dw,
                                float *dbias);
  /* Softmax cross-entropy over those logits, which are never there as a whole.  loss: mean over
   * weights; losses (n); hits (n): 1 where no word is likelier than the target.  grads (nullable)
   * are stored. */
  gsize (*word_loss_scratch) (const SlWordShape *s);
  void (*word_loss) (const SlWordShape *s, const float *x, const float *w, const float *bias,
                     const gint32 *target, const float *weight, float *loss, float *losses,
                     float *hits, const SlWordGrads *grads, void *scratch);
  /* *y = loss + alpha · mean (dropped²) + beta · mean of (raw_t - raw_t-1)² from the second step on */
  void (*activity_forward) (const SlActivityShape *s, float loss, const float *dropped,
                            const float *raw, float *y);
  /* ddropped and draw nullable, stored or added */
  void (*activity_backward) (const SlActivityShape *s, float dloss, const float *dropped,
                             const float *raw, float *ddropped, gboolean dropped_adds, float *draw,
                             gboolean raw_adds);
  /* dst = or += a · x */
  void (*scale) (gsize n, float a, const float *x, float *dst, gboolean adds);

  /* ---- AdamW over n consecutive parameters: decay is 1 - lr·wd; bias corrections are given. */
  void (*adamw) (gsize n, float *p, const float *g, float *m, float *v, float lr, float beta1,
                 float beta2, float eps, float decay, float correction1, float correction2);

  /* ---- Pictures of 8 bits, followed by SL_PICTURE_PAD bytes; on one thread, the caller's. */

  /* y (oh,ow,3) = the picture through the matrix: bilinear between centres of pixels, reflected at
   * its borders; then light, contrast · (logit + brightness), then scale and shift. */
  void (*sample) (const SlSampleShape *s, const guint8 *picture, float *y);
  /* y (oh,ow,3) = sums of what the spans say, rounded.  scratch: 3·w + 1 floats. */
  void (*scale_picture) (const SlScaleShape *s, const guint8 *picture, float *scratch, guint8 *y);

  /* ---- The peak: multiply-adds of the products' micro-kernel on @block (SL_PROBE_BYTES of zeros,
   * aligned to 64: no more than a first-level cache), on one thread.  Returns the operations done. */
  double (*probe) (gsize rounds, void *block);
} SlKernels;

/* Sets are "reference", "baseline", "avx2", "avx512", "avx512bf16". */
const SlKernels *sl_kernels (void); /* tuned for this CPU, or the set that SLOPE_KERNELS names */
const SlKernels *sl_kernels_reference (void);
const SlKernels *sl_kernels_named (const char *name); /* NULL: unknown or the CPU lacks it */

/* The same with the operands of convolutions and linear layers rounded to bfloat16 (nearest even)
 * and multiplied into float32 sums; biases and their gradients are not rounded.  The tables are
 * "reference-bf16", "baseline_bf16", "avx2_bf16", "avx512_bf16" (rounded operands in float32's
 * arithmetic) and "avx512bf16" (the set of that name, by VDPBF16PS; its float32 is avx512's). */
const SlKernels *sl_kernels_bf16 (void);
const SlKernels *sl_kernels_reference_bf16 (void);
const SlKernels *sl_kernels_bf16_named (const char *set);
