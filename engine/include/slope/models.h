/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/graph.h>

G_BEGIN_DECLS

typedef struct
{
  const char *id;         /* "resnet18": recipe, command line, model file */
  const char *label;      /* "ResNet-18" */
  const char *hint;       /* N_() one plain sentence */
  guint       n_features; /* channels of the body's last map */
  guint       n_groups;   /* layer groups of the body; the head is one more */
  guint       min_size;   /* smallest picture side, pixels */
  guint       stride;     /* body's total stride; sizes are rounded at every step of it */
  /* @picture (N,H,W,3) → (N,H/stride,W/stride,n_features); sets groups 0 … n_groups-1. */
  SlValue   (*build_body) (SlGraph *graph, SlValue picture, GError **error);
} SlArch;

const SlArch        *sl_arch_find (const char *id);
const SlArch *const *sl_arch_all  (void); /* %NULL-terminated */

/**
 * sl_head_build:
 * @features: (N,H,W,F)
 * @dropout: p; the first dropout has p/2
 *
 * fast.ai's head: concat pool → BN → dropout p/2 → linear 512, ReLU → BN → dropout p → linear.
 * Parameters are numbered as in fast.ai's list of layers (norm head.2, linear head.4, norm
 * head.6, linear head.8) and belong to a new group after the body's.  SPEC 1.5.
 * Returns: logits (N, n_outputs)
 */
SlValue sl_head_build (SlGraph *graph, SlValue features, guint n_outputs, double dropout,
                       GError **error);
/* The same from its second layer on.  @pooled: (N,2F) of sl_concat_pool() */
SlValue sl_head_build_pooled (SlGraph *graph, SlValue pooled, guint n_outputs, double dropout,
                              GError **error);

G_END_DECLS
