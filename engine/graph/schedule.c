/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <slope/optim.h>
#include <math.h>

/* Half a cosine from @from to @to, as @t goes from 0 to 1. */
static double
cosine (double from, double to, double t)
{
  return to + (from - to) / 2 * (cos (G_PI * t) + 1);
}

void
sl_one_cycle_at (const SlOneCycle *self, guint step, double *lr_factor, double *momentum)
{
  guint rise, fall;
  double factor, moment;

  g_return_if_fail (self != NULL && step < self->n_steps);

  rise = (guint)(self->n_steps * self->pct_start);
  fall = self->n_steps - rise;
  if (step < rise)
    {
      double t = (double)step / rise;

      factor = cosine (1 / self->div, 1, t);
      moment = cosine (self->mom_high, self->mom_low, t);
    }
  else
    {
      double t = (double)(step - rise) / fall;

      factor = cosine (1, 1 / (self->div * self->final_div), t);
      moment = cosine (self->mom_low, self->mom_high, t);
    }
  if (lr_factor != NULL)
    *lr_factor = factor;
  if (momentum != NULL)
    *momentum = moment;
}

void
sl_slice_rates (double low, double high, guint n_groups, double *rates)
{
  g_return_if_fail (n_groups > 0 && rates != NULL);

  for (guint i = 0; i < n_groups; i++)
    if (i == n_groups - 1)
      rates[i] = high;
    else if (low <= 0)
      rates[i] = high / 10;
    else
      rates[i] = low * pow (high / low, (double)i / (n_groups - 1));
}
