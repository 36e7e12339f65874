/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "kernels/tuned/tuned.h"

/* ---- Gathered rows and one product: any kernel, stride and padding. */

gsize SL_TUNED (gather_scratch) (const SlConvShape *s); /* both of these */
void SL_TUNED (gather_forward) (const SlConvShape *s, const float *x, const float *w,
                                const float *bias, SlActivation activation, float *y,
                                void *scratch);
void SL_TUNED (gather_grad_data) (const SlConvShape *s, const float *dy, const float *w, float *dx,
                                  gboolean adds, void *scratch);
gsize SL_TUNED (gather_weights_scratch) (const SlConvShape *s);
void SL_TUNED (gather_grad_weights) (const SlConvShape *s, const float *x, const float *dy,
                                     float *dw, void *scratch);

/* ---- Winograd F(m×m, 3×3), m 2 or 4: kernel 3, stride 1, padding 0 to 2. */

gsize SL_TUNED (winograd_scratch) (const SlConvShape *s, guint m); /* both of these */
void SL_TUNED (winograd_forward) (const SlConvShape *s, guint m, const float *x, const float *w,
                                  const float *bias, SlActivation activation, float *y,
                                  void *scratch);
void SL_TUNED (winograd_grad_data) (const SlConvShape *s, guint m, const float *dy, const float *w,
                                    float *dx, gboolean adds, void *scratch);
gsize SL_TUNED (winograd_weights_scratch) (const SlConvShape *s, guint m);
void SL_TUNED (winograd_grad_weights) (const SlConvShape *s, guint m, const float *x,
                                       const float *dy, float *dw, void *scratch);
