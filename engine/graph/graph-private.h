/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ops/op.h"

/* Read-only to all but graph.c. */

typedef struct
{
  SlValueType type;
  gint producer;   /* node; -1: an input */
  gsize index_end; /* of int32: readers want 0 … index_end-1; 0: anything */
} SlValueInfo;

typedef struct
{
  const SlOpDef *op;
  char *name;     /* full name of the layer, or the op's name */
  gpointer attrs; /* owned */
  guint n_in;
  SlValue in[SL_MAX_INPUTS];
  SlValue first_out;
  guint param[SL_MAX_PARAMS]; /* of the graph; several nodes may have the same one */
  SlOpLayout layout;
} SlNode;

typedef struct
{
  char *name;
  SlValue value;
} SlPort;

typedef struct
{
  char *name; /* full */
  SlParamSpec spec;
  guint group;
} SlGraphParam;

struct _SlGraph
{
  gatomicrefcount ref_count;
  GArray *values;  /* SlValueInfo */
  GArray *nodes;   /* SlNode, in an order in which they can run */
  GArray *inputs;  /* SlPort */
  GArray *outputs; /* SlPort */
  GArray *params;  /* SlGraphParam */
  GArray *skips;   /* SlValue */
  GHashTable *ties; /* name of a parameter to come → name of the one that it is */
  GPtrArray *prefixes;
  guint group; /* of parameters to come */
  guint n_groups;
};

#define sl_graph_value(graph, v) (&g_array_index ((graph)->values, SlValueInfo, (v)))
#define sl_graph_node(graph, i) (&g_array_index ((graph)->nodes, SlNode, (i)))
#define sl_graph_param(graph, i) (&g_array_index ((graph)->params, SlGraphParam, (i)))

/* SL_NO_VALUE when there is none of that name. */
SlValue sl_graph_find_input (const SlGraph *self, const char *name);
SlValue sl_graph_find_output (const SlGraph *self, const char *name);
