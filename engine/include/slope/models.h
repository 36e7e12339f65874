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
  /* For texts: slope/awd-lstm.h builds it, and all below is %NULL.  n_groups are those of a classifier's encoder; a
   * language model has no group besides. */
  gboolean    texts;
  /* @picture (N,H,W,3) → (N,H/stride,W/stride,n_features); sets groups 0 … n_groups-1, and adds the
   * graph's skips. */
  SlValue   (*build_body) (SlGraph *graph, SlValue picture, GError **error);
  /* The way up from @features, the body's result, to logits (N,H,W,n_outputs); its prefix and group
   * are the caller's.  %NULL: fast.ai's U-Net. */
  SlValue   (*build_decoder) (SlGraph *graph, SlValue picture, SlValue features, guint n_outputs,
                              GError **error);
} SlArch;

const SlArch        *sl_arch_find (const char *id); /* of all that there are */
const SlArch *const *sl_arch_all  (void); /* for whole pictures; %NULL-terminated */
/* For pixels: the same bodies with a way up, and those that are made for nothing else. */
const SlArch *const *sl_arch_all_for_pixels (void);
const SlArch *const *sl_arch_all_for_texts  (void);

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

/**
 * sl_pixel_head_build:
 * @arch: whose body gave @features in this graph, alone
 * @picture: (N,H,W,3), what the body saw
 *
 * What is to be said of each pixel: @arch's decoder, or sl_unet_build() without a narrow middle.
 * Parameters begin with "head." and belong to a new group after the body's.  Any size that the
 * body takes; the parameters are the same for all.
 * Returns: logits (N,H,W,n_outputs)
 */
SlValue sl_pixel_head_build (SlGraph *graph, const SlArch *arch, SlValue picture, SlValue features,
                             guint n_outputs, GError **error);

/**
 * sl_unet_build:
 * @bottle: the last pair of 3×3 convolutions is half as wide in its middle
 *
 * fast.ai's U-Net on a body that added its skips to the graph: norm, ReLU and two 3×3 convolutions
 * at the bottom; for each skip a pixel shuffle to twice the size, joined with the normed skip, and
 * two 3×3 convolutions; pixel shuffle to the picture's size, joined with the picture itself, a
 * residual pair of 3×3 convolutions and a 1×1 one.  A size that was rounded on the way down is made
 * up for by nearest pixels.  Convolutions have biases and no norms.  Parameters are numbered as in
 * fast.ai's list of layers, without prefix.  Source: Ronneberger et al. 2015; SPEC 1.7.
 * Returns: logits (N,H,W,n_outputs)
 */
SlValue sl_unet_build (SlGraph *graph, SlValue picture, SlValue features, guint n_outputs,
                       gboolean bottle, GError **error);

G_END_DECLS
