/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/activation.h>
#include <slope/error.h>
#include <slope/tensor.h>

G_BEGIN_DECLS

/**
 * SlGraph:
 *
 * A static graph of layer-sized ops, built once and compiled by sl_plan_new().  Shapes are
 * inferred while building, so that a wrong one is an error at the line that made it.  The
 * builder belongs to one thread; a finished graph is read-only.  Reference counted.
 */
typedef struct _SlGraph SlGraph;
typedef guint           SlValue; /* handle of a value in its graph */
#define SL_NO_VALUE ((SlValue) -1)

SlGraph *sl_graph_new   (void);
SlGraph *sl_graph_ref   (SlGraph *self);
void     sl_graph_unref (SlGraph *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlGraph, sl_graph_unref)

SlValue  sl_graph_input  (SlGraph *self, const char *name, SlDType dtype, SlShape shape);
void     sl_graph_output (SlGraph *self, const char *name, SlValue value);
SlShape  sl_graph_shape  (const SlGraph *self, SlValue value);

/* Parameters made from here on are named PREFIX.weight and so on (torchvision's names) and
 * belong to layer group @group (0 = nearest the picture). */
void     sl_graph_set_group   (SlGraph *self, guint group);
void     sl_graph_push_prefix (SlGraph *self, const char *prefix);
void     sl_graph_pop_prefix  (SlGraph *self);
guint    sl_graph_n_groups    (const SlGraph *self);
/* What a body had just before it went to half the size, in order: the skips that a decoder joins on
 * its way up (Ronneberger et al. 2015).  Ignores %SL_NO_VALUE. */
void     sl_graph_add_skip    (SlGraph *self, SlValue value);
guint    sl_graph_n_skips     (const SlGraph *self);
SlValue  sl_graph_skip        (const SlGraph *self, guint i);
/* One parameter in two layers: the one that a later layer would call @name shall be @to, made
 * before; both names are complete, prefixes included.  The parameter keeps its name, group and
 * first values, stands in files once, and gets the sum of both gradients.  A layer whose parameter
 * has another shape fails with %SL_ERROR_SHAPE. */
void     sl_graph_tie_param   (SlGraph *self, const char *name, const char *to);

/* ---- Layers.  Each returns %SL_NO_VALUE with @error set where shapes do not fit; a layer given
 * %SL_NO_VALUE returns it at once without touching @error, so that a model can be written
 * straight down and checked once.  @name completes the parameters' names. */

/* Cross-correlation, weights (KH,KW,C,O) named NAME.weight; optional NAME.bias (O).  Output
 * (N, (H + 2·pad − K) / stride + 1, likewise W, O), rounded down.  Init: Kaiming normal, fan out.
 * Source: He et al. 2015; as PyTorch's Conv2d.
 * @icnr: for a convolution before sl_pixel_shuffle(): Kaiming normal, fan in, of O/4 filters, each
 * four times, so that the four pixels of a square start equal (Aitken et al. 2017).
 * @fan_in: Kaiming normal with the incoming fan, as fast.ai's decoders have it. */
typedef struct
{
  guint    out_channels, kernel, stride, pad;
  gboolean bias, icnr, fan_in;
  SlActivation activation; /* folded in: y = act (conv (x) + bias) */
} SlConv2dAttrs;
SlValue sl_conv2d (SlGraph *graph, const char *name, SlValue x, const SlConv2dAttrs *attrs,
                   GError **error);

/* Each channel by itself (Chollet 2017), as PyTorch's Conv2d with groups = C: weights (K,K,C) named
 * NAME.weight, no bias; output (N, (H + 2·pad − K) / stride + 1, likewise W, C).  K is 7 at most.
 * Init: Kaiming normal with PyTorch's fan out, K·K·C. */
typedef struct
{
  guint kernel, stride, pad;
} SlDepthwiseAttrs;
SlValue sl_depthwise_conv2d (SlGraph *graph, const char *name, SlValue x,
                             const SlDepthwiseAttrs *attrs, GError **error);

/* Batch norm over the last axis with its activation and residual add folded in:
 * y = act (norm (x) · weight + bias + residual).  Parameters NAME.weight, .bias, .running_mean,
 * .running_var.  @residual may be %SL_NO_VALUE by attrs->has_residual FALSE.
 * eps 1e-5, momentum 0.1; running_var unbiased, as PyTorch.  Source: Ioffe and Szegedy 2015. */
typedef struct
{
  SlActivation activation;
  gboolean     has_residual;
  double       eps, momentum; /* 0: the defaults */
} SlBatchNormAttrs;
SlValue sl_batch_norm (SlGraph *graph, const char *name, SlValue x, SlValue residual,
                       const SlBatchNormAttrs *attrs, GError **error);

SlValue sl_relu        (SlGraph *graph, SlValue x, GError **error);
SlValue sl_add         (SlGraph *graph, SlValue a, SlValue b, gboolean relu, GError **error);
SlValue sl_max_pool    (SlGraph *graph, SlValue x, guint kernel, guint stride, guint pad,
                        GError **error);
/* The number of windows rounded up, as PyTorch's ceil_mode: the last one may end outside, but must
 * begin inside the picture or its left padding. */
SlValue sl_max_pool_ceil (SlGraph *graph, SlValue x, guint kernel, guint stride, guint pad,
                        GError **error);
SlValue sl_avg_pool    (SlGraph *graph, SlValue x, guint kernel, guint stride, guint pad,
                        GError **error); /* padding is not counted */
/* (N,H,W,C) → (N,2C): maximum over H×W first, then mean (fast.ai's order). */
SlValue sl_concat_pool (SlGraph *graph, SlValue x, GError **error);
SlValue sl_global_avg_pool (SlGraph *graph, SlValue x, GError **error); /* (N,H,W,C) → (N,C) */
/* Weights (in,out) named NAME.weight, NAME.bias; optional ReLU folded in. */
SlValue sl_linear      (SlGraph *graph, const char *name, SlValue x, guint out_features,
                        gboolean relu, GError **error);
SlValue sl_dropout     (SlGraph *graph, SlValue x, double p, GError **error); /* inverted dropout */

/* Nearest resizing to @h × @w pixels, each output pixel showing input pixel
 * min (⌊o · in / out⌋, in − 1) along each axis, as PyTorch's "nearest"; and to twice the size. */
SlValue sl_resize_nearest   (SlGraph *graph, SlValue x, gsize h, gsize w, GError **error);
SlValue sl_upsample_nearest (SlGraph *graph, SlValue x, GError **error);
/* (N,H,W,A) and (N,H,W,B) → (N,H,W,A+B), a's channels first. */
SlValue sl_concat           (SlGraph *graph, SlValue a, SlValue b, GError **error);
/* The same with @a first resized to @b's size, as sl_resize_nearest() does, in one pass: the way
 * up in a U-Net, @b being the skip. */
SlValue sl_resize_concat    (SlGraph *graph, SlValue a, SlValue b, GError **error);
/* (N,H,W,4C) → (N,2H,2W,C): channel 4c + 2i + j becomes channel c of pixel (2h + i, 2w + j).
 * Source: Shi et al. 2016; order as PyTorch's PixelShuffle(2), so that weights can be exchanged. */
SlValue sl_pixel_shuffle    (SlGraph *graph, SlValue x, GError **error);
/* All rows twice: (N,…) → (2N,…), the second half a copy of the first.  A loss over them with two
 * lists of targets is the mix of both by its item weights (mixup). */
SlValue sl_repeat      (SlGraph *graph, SlValue x, GError **error);

/* Softmax cross-entropy.  @logits (N,K), @targets (N) int32, @weights (N) float32.  Outputs:
 * mean over weights (1), each item's loss (N), probabilities (N,K).  With smoothing e the target
 * is 1 − e + e/K (Szegedy et al. 2016), as PyTorch's label_smoothing. */
gboolean sl_cross_entropy (SlGraph *graph, SlValue logits, SlValue targets, SlValue weights,
                           double smoothing, SlValue *loss, SlValue *losses, SlValue *probabilities,
                           GError **error);

/* The same over pixels.  @logits (N,H,W,K), @targets (N,H,W) int32, @weights (N) float32.  Pixels
 * whose target is @void_class (-1: there is none) are left out.  Outputs: mean over all other pixels
 * of the batch, each weighted with its item (1); each item's mean over its own (N), 0 without any;
 * probabilities of all pixels (N,H,W,K).  As PyTorch's ignore_index. */
gboolean sl_pixel_cross_entropy (SlGraph *graph, SlValue logits, SlValue targets, SlValue weights,
                                 gint void_class, SlValue *loss, SlValue *losses,
                                 SlValue *probabilities, GError **error);

/* Binary cross-entropy of each cell by itself: several labels, or none.  @logits and @targets (N,C),
 * targets float32 in 0 … 1, @weights (N) float32, 0 for padding, whose targets are not read.  Outputs:
 * mean over weights (1), each item's mean over its cells (N), probabilities sigmoid (logits) (N,C).
 * With smoothing e the target t is t · (1 − e) + e/2.  As PyTorch's binary_cross_entropy_with_logits,
 * and as it without overflow: max (z, 0) − z·t + log (1 + exp (−|z|)). */
gboolean sl_binary_cross_entropy (SlGraph *graph, SlValue logits, SlValue targets, SlValue weights,
                                  double smoothing, SlValue *loss, SlValue *losses,
                                  SlValue *probabilities, GError **error);

/* Mean squared error.  @predictions (N,C), @targets (N,2,C) float32: first the values, then how
 * much each counts: 1, or 0 for what is not to be seen (a point beside the picture), whose value is
 * then not read; not negative.  @weights (N) float32, 0 for padding.  Outputs: mean over weights (1);
 * each item's mean over the cells that count (N), 0 without any, and then the item does not count
 * either.  What is shown as probabilities elsewhere is here @predictions itself. */
gboolean sl_mean_squared_error (SlGraph *graph, SlValue predictions, SlValue targets,
                                SlValue weights, SlValue *loss, SlValue *losses, GError **error);

/* Numbers that stay between bounds: low + (high − low) · sigmoid (x), of any shape.  @low must be
 * less than @high, both finite.  Leave some room: bounds are reached at infinity only. */
SlValue sl_output_range (SlGraph *graph, SlValue x, double low, double high, GError **error);

/* ---- Sequences (N,T,C), tokens (N,T) int32: N texts that go on from batch to batch. */

/* (N,T) → (N,T,n_features): rows of NAME.weight (n_words, n_features), uniform in ±0.1 at first.  In
 * training a word's row is dropped for a whole pass with probability @dropout, wherever the word
 * stands, and the others are scaled by 1/(1-dropout) (Gal and Ghahramani 2016).  Tokens from outside
 * are checked by sl_plan_set_input(); whoever writes them into sl_plan_input_data() vouches for
 * them, and a token beyond the vocabulary is then a vector of zeros. */
typedef struct
{
  guint  n_words, n_features;
  double dropout; /* 0 … 1, exclusively */
} SlEmbeddingAttrs;
SlValue sl_embedding (SlGraph *graph, const char *name, SlValue tokens,
                      const SlEmbeddingAttrs *attrs, GError **error);

/* One layer of long short-term memory over all T: (N,T,C) → (N,T,n_hidden), from the state @h0, @c0
 * (N,n_hidden).  Parameters, as PyTorch names and orders them: NAME.weight_ih_l0, .weight_hh_l0,
 * .bias_ih_l0, .bias_hh_l0, gates input, forget, cell, output; uniform in ±1/√n_hidden at first.
 * In training the recurrent weights are dropped with probability @weight_dropout, one mask a pass,
 * the others scaled by 1/(1-weight_dropout) (DropConnect; Merity et al. 2017).  *@h and *@c
 * (nullable) are the state behind the last step: made outputs of the graph and written into h0
 * and c0 of the next pass, they carry it on.  No gradient goes into the earlier pass (truncated
 * backpropagation through time).  Source: Hochreiter and Schmidhuber 1997. */
typedef struct
{
  guint  n_hidden;
  double weight_dropout; /* 0 … 1, exclusively */
} SlLstmAttrs;
SlValue sl_lstm (SlGraph *graph, const char *name, SlValue x, SlValue h0, SlValue c0,
                 const SlLstmAttrs *attrs, SlValue *h, SlValue *c, GError **error);

/* The same layer over whole texts of different lengths, each at the end of its row: @starts (N) int32,
 * checked by sl_plan_set_input(), is the step that a text begins with, from a state of zeros.  Before it all
 * is padding, whose outputs are zeros: how much of it there is changes nothing, and it has no
 * gradient.  Fast where the longest text is the first. */
SlValue sl_padded_lstm (SlGraph *graph, const char *name, SlValue x, SlValue starts,
                        const SlLstmAttrs *attrs, GError **error);
/* (N,T,C) with @starts as above → (N,3C): the last step, then maximum and mean over the text.  Source:
 * Howard and Ruder 2018, section 3.3 (concat pooling). */
SlValue sl_text_pool (SlGraph *graph, SlValue x, SlValue starts, GError **error);

/* Dropout of (N,T,C) whose mask is (N,C): the same at all times (Gal and Ghahramani 2016). */
SlValue sl_locked_dropout (SlGraph *graph, SlValue x, double p, GError **error);

/* Linear layer to a vocabulary and softmax cross-entropy in one, so that the (N·T, n_words) matrix of
 * probabilities is never there.  NAME.weight (n_words,C), usually tied to an embedding's with
 * sl_graph_tie_param(); NAME.bias (n_words).  @targets (N,T) int32, checked by sl_plan_set_input();
 * @weights (N,T) float32, 0 for what shall not count.  Outputs: mean over weights (1), each token's
 * loss (N,T), and 1 where the target was the likeliest word, otherwise 0 (N,T). */
gboolean sl_word_loss (SlGraph *graph, const char *name, SlValue x, SlValue targets,
                       SlValue weights, guint n_words, SlValue *loss, SlValue *losses,
                       SlValue *hits, GError **error);
/* @loss (1), in training with alpha · mean (@dropped²) + beta · mean ((@raw_t - @raw_t-1)²) more, both sequences
 * (N,T,C): what an LSTM said, with and without its dropout.  Source: Merity, McCann and Socher 2017. */
SlValue sl_activity_loss (SlGraph *graph, SlValue loss, SlValue dropped, SlValue raw, double alpha,
                          double beta, GError **error);
/* sl_word_loss()'s layer: its scores for the word after the last one: (N,T,C) → logits (N,n_words).  To write
 * text with: tie NAME.weight and NAME.bias, or give it the parameters of the network above. */
SlValue sl_next_word (SlGraph *graph, const char *name, SlValue x, guint n_words, GError **error);

/* ---- Parameters: one block of values and equal blocks for gradients and moments. */

typedef enum
{
  SL_PARAM_WEIGHT, /* trained with its group */
  SL_PARAM_NORM,   /* weight or bias of a batch norm: trained although its group is frozen */
  SL_PARAM_STATE   /* running statistics: never trained */
} SlParamKind;

typedef struct
{
  const char *name;  /* torchvision's, such as "layer1.0.conv1.weight" */
  SlShape     shape; /* ours: channels last */
  SlParamKind kind;
  guint       group;
  gsize       offset; /* elements from the start of the block; multiple of 16 */
  gboolean    same_order; /* in files as here; otherwise matrices and kernels are turned */
} SlParamInfo;

/**
 * SlParams:
 *
 * All parameters of a graph in one block, gradients and the optimiser's two moments in blocks of
 * the same layout (allocated by the first use), so that the optimiser is one loop.  Several plans
 * share one SlParams; only one thread at a time runs them.  Reference counted.
 */
typedef struct _SlParams SlParams;

SlParams          *sl_params_new        (const SlGraph *graph, guint64 seed);
/* All zero, and no memory touched: for asking what a plan needs, and before a file is loaded. */
SlParams          *sl_params_new_zero   (const SlGraph *graph);
SlParams          *sl_params_ref        (SlParams *self);
void               sl_params_unref      (SlParams *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlParams, sl_params_unref)
guint              sl_params_n          (const SlParams *self);
const SlParamInfo *sl_params_info       (const SlParams *self, guint i);
gint               sl_params_find       (const SlParams *self, const char *name); /* -1: none */
gsize              sl_params_n_elements (const SlParams *self); /* of the block, gaps included */
/* How many numbers a network has, as PyTorch counts: without running statistics. */
gsize              sl_params_n_values   (const SlParams *self, gboolean trained_only);
float             *sl_params_values     (SlParams *self); /* the block */
float             *sl_params_grads      (SlParams *self); /* zeroed by sl_plan_backward() first */
float             *sl_params_moment1    (SlParams *self);
float             *sl_params_moment2    (SlParams *self);
/* Both moments are zero and take no memory until they are written: pointers to them are stale. */
void               sl_params_reset_moments (SlParams *self);

/* Freezing is data: groups below @group are frozen.  Their batch norms are not, unless
 * @freeze_norms: then they use their running statistics, unchanged, in training too.  Plans for
 * training are compiled for what is frozen at that moment: those made before a change must not
 * run again. */
void               sl_params_freeze_to  (SlParams *self, guint group, gboolean freeze_norms);
gboolean           sl_params_is_trained (const SlParams *self, guint i);
guint              sl_params_n_groups   (const SlParams *self);

/* ---- Plan */

typedef struct _SlPlan SlPlan;

/**
 * SlPlanMemory:
 *
 * Memory that many plans use, one after the other: compiling a plan for each shape of batch takes half a millisecond, but
 * fresh memory must be touched first.  It grows to the largest need.  One thread.
 */
typedef struct _SlPlanMemory SlPlanMemory;

SlPlanMemory *sl_plan_memory_new   (void);
void          sl_plan_memory_free  (SlPlanMemory *self); /* no plan has it any more */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlPlanMemory, sl_plan_memory_free)
gsize         sl_plan_memory_bytes (const SlPlanMemory *self); /* of the arena; 0 while a plan has it */

typedef enum
{
  SL_MODE_TRAIN, /* forward keeps what backward needs; batch statistics; dropout */
  SL_MODE_EVAL   /* forward only; running statistics; no dropout */
} SlMode;

typedef enum
{
  SL_PLAN_DEFAULT = 0,
  SL_PLAN_NO_REUSE = 1 << 0,  /* every value its own memory: to check the planner */
  SL_PLAN_FILL_DEAD = 1 << 1, /* dead ranges become NaN: to find who reads them */
  SL_PLAN_REFERENCE = 1 << 2, /* reference kernels, whatever the CPU has */
  SL_PLAN_WANT_INPUT_GRADS = 1 << 3, /* also gradients of float inputs (tests, heat maps) */
  SL_PLAN_BRIEF_GRADS = 1 << 4, /* gradients live only until sl_adamw_backward() has used them */
  SL_PLAN_PROFILE = 1 << 5, /* times its ops: see profile.h */
  SL_PLAN_BF16 = 1 << 6, /* products of bfloat16; what is kept, sums and the rest stay float32 */
  SL_PLAN_KEEP_ALL = 1 << 7,  /* nothing is computed again in the backward pass; same bits */
  SL_PLAN_REPEAT_ALL = 1 << 8 /* all that can be is computed again, whether it pays or not; same bits */
} SlPlanFlags;

/**
 * sl_plan_new:
 * @graph: finished; kept alive by the plan, like @params
 * @params: made from this graph or from one with the same parameters (another batch size)
 * @error: %SL_ERROR_MEMORY when the arena cannot be had, naming the bytes; %SL_ERROR_SHAPE when
 *   @params are of another network, or batch statistics would be taken of a single row;
 *   %SL_ERROR_UNSUPPORTED for an op that the backend lacks
 *
 * Compiles the graph for one batch shape and mode: order, lifetimes, offsets in one arena.
 * Nothing is allocated during a step.  With SLOPE_PROFILE=1 in the environment, sl_plan_free()
 * prints the time of each op.
 */
SlPlan   *sl_plan_new         (SlGraph *graph, SlParams *params, SlMode mode, SlPlanFlags flags,
                               GError **error);
void      sl_plan_free        (SlPlan *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlPlan, sl_plan_free)
/* The same in memory that is lent to this one plan until it is freed. @memory: (nullable): as above */
SlPlan   *sl_plan_new_in      (SlGraph *graph, SlParams *params, SlMode mode, SlPlanFlags flags,
                               SlPlanMemory *memory, GError **error);
/* Bytes that a plan of this graph would need (arena, workspace, scratch), without making it. */
gsize     sl_plan_predict_bytes (SlGraph *graph, SlParams *params, SlMode mode, SlPlanFlags flags);
gsize     sl_plan_arena_bytes (const SlPlan *self);
double    sl_plan_flops       (const SlPlan *self); /* one forward pass */
/* Errors: %SL_ERROR_NOT_FOUND, %SL_ERROR_SHAPE (or type), %SL_ERROR_DATA: a token or class that no
 * table of the network has. */
gboolean  sl_plan_set_input   (SlPlan *self, const char *name, const SlTensor *data, GError **error);
/* Where the input lies in the arena: write the batch there and save the copy.  Its memory is used
 * again during a pass, so that every input is written before every forward pass. */
gpointer  sl_plan_input_data  (SlPlan *self, const char *name);
/* @key: of dropout, from sl_random_key() with run, step. */
void      sl_plan_forward     (SlPlan *self, guint64 key);
/* From output "loss", gradient 1; zeroes sl_params_grads() first.  Not with BRIEF_GRADS. */
void      sl_plan_backward    (SlPlan *self);
/* The output's values; valid until the next pass.  Outputs are kept alive by the planner. */
const float *sl_plan_output   (SlPlan *self, const char *name, gsize *n_elements);
SlTensor *sl_plan_dup_output  (SlPlan *self, const char *name);
SlTensor *sl_plan_dup_input_grad (SlPlan *self, const char *name); /* with WANT_INPUT_GRADS */

G_END_DECLS
