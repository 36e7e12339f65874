/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Linear layer: products cut into blocks of rows and columns of the result; no sum is cut. */
#include "kernels/tuned/gemm.h"
#include "kernels/tuned/linear.h"
#include "kernels/tuned/tuned.h"

#define ROWS ((gsize)256)
#define COLUMNS ((gsize)128)

/* dy behind the ReLU. */
static gsize
linear_scratch (gsize n, gsize in, gsize out)
{
  return sizeof (float) * n * out;
}

static void
add_bias (gsize rows, gsize columns, gsize out, const float *bias, gboolean relu, float *y)
{
  for (gsize r = 0; r < rows; r++, y += out)
    {
      for (gsize o = 0; bias != NULL && o < columns; o++)
        y[o] += bias[o];
      for (gsize o = 0; relu && o < columns; o++)
        y[o] = y[o] < 0 ? 0 : y[o];
    }
}

static void
linear_forward (gsize n, gsize in, gsize out, const float *x, const float *w, const float *bias,
                gboolean relu, float *y, void *scratch)
{
  int team = sl_team (n * in * out / 64);

#pragma omp parallel for collapse(2) schedule(static) num_threads(team)
  for (gsize r = 0; r < n; r += ROWS)
    for (gsize o = 0; o < out; o += COLUMNS)
      {
        gsize rows = MIN (ROWS, n - r), columns = MIN (COLUMNS, out - o);

        sl_gemm_nn (rows, columns, in, x + r * in, in, w + o, out, 0, y + r * out + o, out);
        add_bias (rows, columns, out, bias != NULL ? bias + o : NULL, relu, y + r * out + o);
      }
}

static void
linear_backward (gsize n, gsize in, gsize out, const float *x, const float *w, const float *y,
                 const float *dy, gboolean relu, float *dx, gboolean adds, float *dw, float *dbias,
                 void *scratch)
{
  float *masked = scratch;
  int team = sl_team (n * in * out / 64);

  sl_mask_gradient (n, out, y, dy, relu, masked, dbias);
  if (dx != NULL)
    {
#pragma omp parallel for collapse(2) schedule(static) num_threads(team)
      for (gsize r = 0; r < n; r += ROWS)
        for (gsize i = 0; i < in; i += COLUMNS)
          sl_gemm_nt (MIN (ROWS, n - r), MIN (COLUMNS, in - i), out, masked + r * out, out,
                      w + i * out, out, adds ? 1 : 0, dx + r * in + i, in);
    }
  if (dw == NULL) /* frozen */
    return;
#pragma omp parallel for collapse(2) schedule(static) num_threads(team)
  for (gsize i = 0; i < in; i += COLUMNS)
    for (gsize o = 0; o < out; o += ROWS)
      sl_gemm_tn (MIN (COLUMNS, in - i), MIN (ROWS, out - o), n, x + i, in, masked + o, out, 1,
                  dw + i * out + o, out);
}

void
SL_TUNED (fill_linear) (SlKernels *table)
{
  table->linear_scratch = linear_scratch;
  table->linear_forward = linear_forward;
  table->linear_backward = linear_backward;
}
