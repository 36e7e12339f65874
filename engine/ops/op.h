/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/graph.h>

/* What the graph, the planner and the backends know of an op, and nothing more.  An op is a file
 * in ops/ with a constant SlOpDef, and a row in each backend's table. */

#define SL_MAX_INPUTS 3
#define SL_MAX_OUTPUTS 3
#define SL_MAX_PARAMS 4

typedef struct
{
  SlShape shape;
  SlDType dtype;
} SlValueType;

typedef enum
{
  SL_INIT_ZEROS,
  SL_INIT_ONES,
  SL_INIT_KAIMING_FAN_IN, /* normal, variance 2 / fan; He et al. 2015 */
  SL_INIT_KAIMING_FAN_OUT,
  SL_INIT_ICNR, /* fan in, each four neighbours along the last axis equal; Aitken et al. 2017 */
  SL_INIT_UNIFORM /* between -bound and bound */
} SlInit;

typedef struct
{
  const char *suffix; /* "weight": completes the layer's name */
  SlShape shape;
  SlParamKind kind;
  SlInit init;
  double bound;        /* of SL_INIT_UNIFORM */
  gboolean same_order; /* in files as in memory: a matrix that PyTorch, too, has by rows of words */
} SlParamSpec;

/* Which values must live until the backward step: bit i for input or output i. */
typedef struct
{
  guint inputs, outputs;
} SlKeep;

/* The answer of shape inference: all that the planner needs.  The callee of infer() gets it
 * zeroed. */
typedef struct
{
  guint n_outputs, n_params;
  SlShape output[SL_MAX_OUTPUTS]; /* float32 */
  SlParamSpec param[SL_MAX_PARAMS];
  gsize workspace_bytes;  /* written by forward, read by backward */
  gsize gradient_bytes;   /* of workspace more, where backward will run: gradients that forward
                           * makes because it has all at hand */
  SlKeep keep_for_dx;     /* read again by backward when an input's gradient is wanted */
  SlKeep keep_for_dparam; /* the same for parameters' gradients */
  guint no_dx;            /* bit i: input i has no gradient (targets) */
  gsize index_end[SL_MAX_INPUTS]; /* int32 input i must be in 0 … index_end-1; 0: anything */
  guint y_over_x;         /* bit i: output 0 may lie where input i did */
  guint dx_over_dy;       /* bit i: input i's gradient may lie where output 0's did */
  gboolean can_repeat;    /* output 0 may be computed again from its inputs, in little time */
  gsize statistics_rows;  /* rows that training takes statistics of; 0: it does not */
  gboolean is_random;     /* wants a key in each pass */
  double flops;           /* of one forward pass */
} SlOpLayout;

typedef struct
{
  const char *name; /* key of the backends' tables */
  gsize attrs_size;
  gboolean (*infer) (gconstpointer attrs, const SlValueType *in, guint n_in, SlOpLayout *layout,
                     GError **error);
} SlOpDef;

/* A place in memory: never owned, always contiguous.  data NULL: not there or not wanted. */
typedef struct
{
  SlShape shape;
  gpointer data;
} SlView;

/* One op with everything it works on, prepared when the plan is made.  Only random_key and
 * scratch change afterwards. */
typedef struct
{
  gconstpointer attrs;
  SlView x[SL_MAX_INPUTS], y[SL_MAX_OUTPUTS], param[SL_MAX_PARAMS];
  gpointer workspace;
  SlView dy[SL_MAX_OUTPUTS]; /* dead after the call, which may write them */
  SlView dx[SL_MAX_INPUTS];
  gboolean dx_adds[SL_MAX_INPUTS]; /* FALSE: store, TRUE: add; as the planner found */
  SlView dparam[SL_MAX_PARAMS];    /* always added to; zeroed once a step */
  gboolean training;               /* batch statistics, dropout */
  guint wants_dx, wants_dparam;    /* bits: gradients that backward will make; any: it follows */
  guint64 random_key;              /* of this pass and node */
  gpointer scratch;                /* dead after the call */
} SlCall;

/* A value may lie elsewhere in the backward pass than in the forward pass: hence two calls. */
typedef struct
{
  const SlOpDef *op;
  SlCall forward;
  SlCall backward; /* without gradients where nothing is differentiated */
} SlStep;

/**
 * sl_graph_apply:
 * @name: (nullable): completes the names of the parameters; needed when there are any
 * @attrs: of op->attrs_size bytes; copied
 *
 * Adds a node: what the layers of graph.h are made of.
 *
 * Returns: the first output, the others follow it; or %SL_NO_VALUE, without @error when an input
 *   is %SL_NO_VALUE
 */
SlValue sl_graph_apply (SlGraph *graph, const SlOpDef *op, const char *name, gconstpointer attrs,
                        const SlValue *in, guint n_in, GError **error);
