/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/plan-private.h"
#include <slope/optim.h>
#include <math.h>

/* One step under way. */
typedef struct
{
  SlParams *params;
  const SlBackend *backend;
  const double *lr;
  double weight_decay;
  float beta1, beta2, eps, correction1, correction2;
} Stepping;

static Stepping
begin_step (SlAdamW *self, SlParams *params, const double *lr, double beta1)
{
  double t = (double)++self->step;

  return (Stepping){ .params = params,
                     .backend = sl_backend_cpu (),
                     .lr = lr,
                     .weight_decay = self->weight_decay,
                     .beta1 = (float)beta1,
                     .beta2 = (float)self->beta2,
                     .eps = (float)self->eps,
                     .correction1 = (float)(1 - pow (beta1, t)),
                     .correction2 = (float)(1 - pow (self->beta2, t)) };
}

static void
step_stretch (const Stepping *self, gsize offset, gsize n, guint group, const float *grads)
{
  SlParams *params = self->params;

  self->backend->adamw (n, params->values + offset, grads, sl_params_moment1 (params) + offset,
                        sl_params_moment2 (params) + offset, (float)self->lr[group], self->beta1,
                        self->beta2, self->eps, (float)(1 - self->lr[group] * self->weight_decay),
                        self->correction1, self->correction2);
}

void
sl_adamw_step (SlAdamW *self, SlParams *params, const double *lr, double beta1)
{
  Stepping stepping;

  g_return_if_fail (self != NULL && params != NULL && lr != NULL);

  stepping = begin_step (self, params, lr, beta1);
  for (guint i = 0; i < params->ranges->len; i++)
    {
      const SlParamRange *range = &g_array_index (params->ranges, SlParamRange, i);

      step_stretch (&stepping, range->offset, range->n, range->group,
                    sl_params_grads (params) + range->offset);
    }
}

static void
step_param (guint param, const float *grad, gpointer data)
{
  const Stepping *self = data;
  const SlParamInfo *info = sl_params_nth (self->params, param);

  step_stretch (self, info->offset, sl_shape_n_elements (info->shape), info->group, grad);
}

void
sl_adamw_backward (SlAdamW *self, SlPlan *plan, const double *lr, double beta1)
{
  Stepping stepping;

  g_return_if_fail (self != NULL && plan != NULL && lr != NULL);

  stepping = begin_step (self, plan->params, lr, beta1);
  sl_plan_backward_brief (plan, step_param, &stepping);
}
