/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "backends/backend.h"
#include "graph/params-private.h"
#include <slope/optim.h>
#include <math.h>

void
sl_adamw_step (SlAdamW *self, SlParams *params, const double *lr, double beta1)
{
  float *grads, *moment1, *moment2;
  double t;

  g_return_if_fail (self != NULL && params != NULL && lr != NULL);

  grads = sl_params_grads (params);
  moment1 = sl_params_moment1 (params);
  moment2 = sl_params_moment2 (params);
  t = (double)++self->step;
  for (guint i = 0; i < params->ranges->len; i++)
    {
      const SlParamRange *range = &g_array_index (params->ranges, SlParamRange, i);
      double rate = lr[range->group];

      sl_backend_cpu ()->adamw (range->n, params->values + range->offset, grads + range->offset,
                                moment1 + range->offset, moment2 + range->offset, (float)rate,
                                (float)beta1, (float)self->beta2, (float)self->eps,
                                (float)(1 - rate * self->weight_decay), (float)(1 - pow (beta1, t)),
                                (float)(1 - pow (self->beta2, t)));
    }
}
