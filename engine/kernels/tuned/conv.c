/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which way a convolution is computed, a pure function of its shape and of the operands.
 *
 * Operands in bfloat16 take Winograd's F(2×2) and never F(4×4), whose transforms amplify their
 * rounding.  Normalised error against float64, 256 channels of normal numbers, forward and weight
 * gradient alike, the transforms in float32 and only their results rounded:
 *
 *   direct product of rounded operands     0.0023 (0.0028 where the result is rounded too, as in
 *                                          PyTorch's autocast)
 *   F(2×2)                                 0.0038
 *   F(4×4) at 0, ±1, ±2                    0.026
 *   F(4×4) at 0, ±0.625, ±1.5              0.011, the best points found
 *
 * It costs little (ms on two Zen 4 cores, forward + data gradient + weight gradient, batch 32, layers
 * 32²·64, 16²·128, 8²·256, 4²·512): direct 23, 29, 27, 31; F(2×2) 12, 9.5, 9.1, 11.6; F(4×4) 11.9,
 * 8.6, 11.0, 18.8; float32 16, 13.9, 16.8, 25.6. */
#include "kernels/activation.h"
#include "kernels/tuned/conv.h"
#include "kernels/tuned/operand.h"

/* On one pixel only the tap of a padded kernel that meets it counts: a ninth of a 3×3 kernel's
 * weights.  @live becomes the convolution of that tap, whose weights begin at the returned offset.
 * (The last blocks of a ResNet at 28 pixels, 512 channels, batch 32, two Zen 4 cores: with all nine
 * taps 3.9 ms forward and 8.6 ms back each, with the one 0.3 and 0.7.) */
static gsize
live_tap (const SlConvShape *s, SlConvShape *live)
{
  gboolean one_pixel = s->h * s->w == 1 && s->oh * s->ow == 1 && s->pad < s->kernel;

  *live = *s;
  if (!one_pixel)
    return 0;
  live->kernel = live->stride = 1;
  live->pad = 0;
  return ((gsize)s->pad * s->kernel + s->pad) * s->c * s->k;
}

/* 0: gathered rows; 2 or 4: Winograd with tiles of that size. */
static guint
plan_of (const SlConvShape *s)
{
  if (s->kernel != 3 || s->stride != 1 || s->pad > 2 || s->c < 16 || s->k < 16)
    return 0;
  if (!SL_OPERANDS_ARE_FLOATS)
    return 2;
  return s->n * sl_ceil_div (s->oh, 4) * sl_ceil_div (s->ow, 4) * 8 <= s->c ? 2 : 4;
}

static gsize
bias_parts (const SlConvShape *s)
{
  return MIN (64, sl_ceil_div (s->n * s->oh * s->ow, 64));
}

static gsize
conv_scratch (const SlConvShape *s)
{
  SlConvShape live;
  gsize bias = sizeof (float) * bias_parts (s) * s->k, work;
  guint m;

  live_tap (s, &live);
  s = &live;
  m = plan_of (s);
  if (m == 0)
    work = MAX (SL_TUNED (gather_scratch) (s), SL_TUNED (gather_weights_scratch) (s));
  else
    work = MAX (SL_TUNED (winograd_scratch) (s, m), SL_TUNED (winograd_weights_scratch) (s, m));
  return MAX (work, bias);
}

static void
conv_forward (const SlConvShape *s, const float *x, const float *w, const float *bias,
              SlActivation activation, float *y, void *scratch)
{
  SlConvShape live;
  guint m;

  w += live_tap (s, &live);
  s = &live;
  m = plan_of (s);
  if (m == 0)
    SL_TUNED (gather_forward) (s, x, w, bias, activation, y, scratch);
  else
    SL_TUNED (winograd_forward) (s, m, x, w, bias, activation, y, scratch);
}

static void
conv_grad_data (const SlConvShape *s, const float *dy, const float *w, float *dx, gboolean adds,
                void *scratch)
{
  SlConvShape live;
  guint m;

  w += live_tap (s, &live);
  s = &live;
  m = plan_of (s);
  if (m == 0)
    SL_TUNED (gather_grad_data) (s, dy, w, dx, adds, scratch);
  else
    SL_TUNED (winograd_grad_data) (s, m, dy, w, dx, adds, scratch);
}

/* @rows rows of the gradient and what y lets pass of them, and their @sum.  @activation is a
 * constant. */
static inline __attribute__ ((always_inline)) void
sum_rows (gsize rows, gsize k, const float *restrict y, SlActivation activation, float *restrict dy,
          float *restrict sum)
{
  memset (sum, 0, k * sizeof (float));
  for (gsize at = 0; at < rows * k; at += k)
    for (gsize i = 0; i < k; i++)
      {
        if (activation != SL_ACTIVATION_NONE)
          dy[at + i] = sl_activation_passes (activation, y[at + i]) ? dy[at + i] : 0;
        sum[i] += dy[at + i];
      }
}

/* One pass over dy for the mask and the bias, by parts. */
static void
conv_grad_sums (const SlConvShape *s, const float *y, SlActivation activation, float *dy,
                float *dbias, void *scratch)
{
  gsize total = s->n * s->oh * s->ow, parts = bias_parts (s), height = sl_ceil_div (total, parts);
  float *sums = scratch;
  int team = sl_team (total * s->k);

#pragma omp parallel for schedule(static) num_threads(team)
  for (gsize part = 0; part < parts; part++)
    {
      gsize first = MIN (part * height, total), rows = MIN (height, total - first);
      gsize at = first * s->k;

      switch (activation)
        {
        case SL_ACTIVATION_NONE:
          sum_rows (rows, s->k, NULL, SL_ACTIVATION_NONE, dy + at, sums + part * s->k);
          break;
        case SL_ACTIVATION_RELU:
          sum_rows (rows, s->k, y + at, SL_ACTIVATION_RELU, dy + at, sums + part * s->k);
          break;
        case SL_ACTIVATION_RELU6:
          sum_rows (rows, s->k, y + at, SL_ACTIVATION_RELU6, dy + at, sums + part * s->k);
          break;
        }
    }
  for (gsize part = 0; dbias != NULL && part < parts; part++)
    for (gsize k = 0; k < s->k; k++)
      dbias[k] += sums[part * s->k + k];
}

static void
conv_grad_weights (const SlConvShape *s, const float *x, const float *dy, float *dw, void *scratch)
{
  SlConvShape live;
  guint m;

  dw += live_tap (s, &live);
  s = &live;
  m = plan_of (s);
  if (m == 0)
    SL_TUNED (gather_grad_weights) (s, x, dy, dw, scratch);
  else
    SL_TUNED (winograd_grad_weights) (s, m, x, dy, dw, scratch);
}

void
SL_TUNED (fill_conv) (SlKernels *table)
{
  table->conv_scratch = conv_scratch;
  table->conv_forward = conv_forward;
  table->conv_grad_sums = conv_grad_sums;
  table->conv_grad_data = conv_grad_data;
  table->conv_grad_weights = conv_grad_weights;
}
