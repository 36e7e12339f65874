/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/picture.h>

G_BEGIN_DECLS

/**
 * SlAugment:
 *
 * What may be done to a training picture.  Constants of the course's get_transforms();
 * see fastai v1 vision/transform.py.
 */
typedef struct
{
  const char *name;        /* "default", "noflip", "satellite", "none" */
  gboolean    flip;        /* left-right, p = 0.5 */
  gboolean    dihedral;    /* one of the 8 symmetries of the square, always; implies flip */
  double      rotate_deg;  /* uniform in ± */
  double      max_zoom;    /* uniform in 1 … max_zoom */
  double      lighting;    /* brightness and contrast; 0 … 1 */
  double      warp;        /* symmetric perspective; uniform in ± */
  double      p_affine;    /* probability of each of rotate, zoom, warp */
  double      p_lighting;  /* probability of each of brightness, contrast */
  gboolean    random_crop; /* position of the crop is random, else centred */
} SlAugment;

const SlAugment        *sl_augment_find  (const char *name); /* %NULL: unknown */
const char *const      *sl_augment_names (void);             /* %NULL-terminated */

/* Per-channel statistics on values of 0 … 1. */
typedef struct
{
  float mean[3];
  float std[3];
} SlNormalise;

extern const SlNormalise sl_normalise_imagenet;

typedef enum
{
  SL_RESIZE_CROP,   /* scale so that the shorter side fits, then crop (the course's default) */
  SL_RESIZE_SQUISH, /* both sides to the size, aspect not kept */
  SL_RESIZE_PAD     /* whole picture, rest reflected */
} SlResize;

/**
 * SlTransform:
 *
 * One draw of geometry and lighting, for one picture of one epoch; targets (masks,
 * points) follow through the same draw.
 */
typedef struct
{
  int      out_height; /* pixels */
  int      out_width;
  double   matrix[9];  /* output pixel centre (x, y, 1) in pixels → source (x, y, w), projective */
  gboolean lit;
  double   brightness; /* added to logit(pixel) */
  double   contrast;   /* multiplies logit(pixel) */
} SlTransform;

/**
 * sl_transform_draw:
 * @augment: (nullable): %NULL for validation: centre crop only
 * @key: of the stream (sl_random_key() with %SL_PURPOSE_AUGMENT, epoch and item)
 *
 * Threads: any.
 */
void sl_transform_draw  (SlTransform *self, const SlAugment *augment, SlResize resize,
                         int source_width, int source_height, int out_width, int out_height,
                         guint64 key);

/* Views of test-time augmentation: the picture as validation sees it, and eight others. */
#define SL_TTA_CORNERS 8
#define SL_TTA_VIEWS   (1 + SL_TTA_CORNERS)

/**
 * sl_transform_draw_corner:
 * @augment: the rest of the draw: tilt, rotation, light; it flips only what training flipped
 * @corner: 0 … 7: bit 0 the lower, bit 1 the right one, bit 2 mirrored
 *
 * One of the eight other views: zoomed by 1.35 into a corner.  Source: fast.ai v1, vision/tta.py.
 * Threads: any.
 */
void sl_transform_draw_corner (SlTransform *self, const SlAugment *augment, guint corner,
                               SlResize resize, int source_width, int source_height, int out_width,
                               int out_height, guint64 key);

/**
 * sl_transform_apply:
 * @out: (out_height, out_width, 3) float32, channels last
 * @normalise: (nullable): %NULL leaves values of 0 … 1
 *
 * One resampling pass: bilinear, reflection beyond the border, area-averaged first where
 * the picture shrinks by more than 2.  Threads: any.
 */
void sl_transform_apply (const SlTransform *self, const SlPicture *picture,
                         const SlNormalise *normalise, float *out);

/* ---- Targets follow the same draw. */

/**
 * sl_transform_apply_mask:
 * @source_width, @source_height: of the picture that the transform was drawn for, pixels
 * @mask: class of each pixel in the first channel; of another size too, then it is stretched
 * @out: (out_height, out_width)
 *
 * The nearest pixel, reflected beyond the border as the picture is.  Threads: any.
 */
void     sl_transform_apply_mask  (const SlTransform *self, int source_width, int source_height,
                                   const SlPicture *mask, gint32 *out);
/* Where the source's point (@x, @y) comes to lie, in pixels.  FALSE: out of sight; then the place is
 * 0, 0 or outside of the output.  Threads: any. */
gboolean sl_transform_point       (const SlTransform *self, double x, double y, double *out_x,
                                   double *out_y);
/* The same back: from a place in the output to one in the source.  FALSE: there is none. */
gboolean sl_transform_point_back  (const SlTransform *self, double x, double y, double *source_x,
                                   double *source_y);
/* Whether left and right have changed places. */
gboolean sl_transform_is_mirrored (const SlTransform *self);

/* (transfer full): the same as a picture to look at ("What the network sees"). */
SlPicture *sl_transform_preview (const SlTransform *self, const SlPicture *picture);

G_END_DECLS
