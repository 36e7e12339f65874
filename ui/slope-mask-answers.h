/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "slope-answers.h"

G_BEGIN_DECLS

/* ---- What a model says each pixel is, of a project's own pictures, beside their masks; 96 answers are kept. */

/* What lies over a picture in Clean: an enum of the setting "clean-mask-view", in this order. */
typedef enum
{
  SLOPE_MASK_VIEW_LABEL,
  SLOPE_MASK_VIEW_ANSWER,
  SLOPE_MASK_VIEW_ERRORS /* where the two differ */
} SlopeMaskView;

SlopeMaskView  slope_mask_view_get   (void); /* as it is set */
void           slope_mask_view_set   (SlopeMaskView view);

/* Answers are #SlPrediction with a mask, and a truth where the label can be read. */
SlopeAnswers  *slope_mask_answers_new (void);
/* (transfer full): a predicted mask, each class in its colour. */
GdkTexture    *slope_mask_texture_new (const SlPrediction *prediction, gboolean dark);
/* (transfer full) (nullable): wrong pixels in a bright yellow, right ones darkened, so that it is told by
 * brightness alone; what is void stays as it is.  %NULL: there is no truth. */
GdkTexture    *slope_mask_errors_new  (const SlPrediction *prediction);

G_END_DECLS
