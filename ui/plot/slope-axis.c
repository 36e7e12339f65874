/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slope-axis.h"

#include <math.h>

/* Ends of the axis in the space in which it is even: the value or its decimal logarithm. */
static double
to_even (const SlopeAxis *self, double value)
{
  if (!self->log)
    return value;
  return value > 0 ? log10 (value) : NAN;
}

static double
from_even (const SlopeAxis *self, double even)
{
  return self->log ? pow (10, even) : even;
}

double
slope_axis_fraction (const SlopeAxis *self, double value)
{
  double low = to_even (self, self->min);
  return (to_even (self, value) - low) / (to_even (self, self->max) - low);
}

double
slope_axis_value (const SlopeAxis *self, double fraction)
{
  double low = to_even (self, self->min);
  return from_even (self, low + fraction * (to_even (self, self->max) - low));
}

/* How many multiples of @step lie within the axis; rounding errors of an end do not count. */
static int
count_multiples (double min, double max, double step)
{
  return (int)(floor (max / step + 1e-6) - ceil (min / step - 1e-6)) + 1;
}

/* Smallest nice step with at most five multiples between @min and @max. */
static double
nice_step (double min, double max, gboolean integer)
{
  static const double nice[] = { 1, 2, 2.5, 4, 5 };
  double decade = pow (10, floor (log10 ((max - min) / SLOPE_AXIS_MAX_LABELS)));
  if (integer)
    decade = MAX (decade, 1);
  for (;; decade *= 10)
    for (guint i = 0; i < G_N_ELEMENTS (nice); i++)
      {
        double step = decade * nice[i];
        if (integer && step != floor (step))
          continue;
        if (count_multiples (min, max, step) <= SLOPE_AXIS_MAX_LABELS)
          return step;
      }
}

/* Digits after the point that tell multiples of @step apart. */
static int
step_decimals (double step)
{
  for (int decimals = 0; decimals < 12; decimals++)
    {
      double scaled = step * pow (10, decimals);
      if (fabs (scaled - round (scaled)) < 1e-6 * scaled)
        return decimals;
    }
  return 12;
}

static guint
linear_ticks (const SlopeAxis *self, SlopeTick *ticks)
{
  double step = nice_step (self->min, self->max, self->integer);
  double minor = self->integer && step <= 1 ? step : step / 2;
  int decimals = step_decimals (step);
  long first, last;
  guint n = 0;
  if (self->integer)
    minor = MAX (1, floor (minor));
  if (fabs (step / minor - round (step / minor)) > 1e-9)
    minor = step;
  first = (long)ceil (self->min / minor - 1e-6);
  last = (long)floor (self->max / minor + 1e-6);
  for (long i = first; i <= last && n < SLOPE_AXIS_MAX_TICKS; i++)
    {
      long per_label = lround (step / minor);
      double value = i * minor;
      ticks[n].value = value;
      ticks[n].label[0] = '\0';
      if (i % per_label == 0)
        {
          if (value == 0)
            g_strlcpy (ticks[n].label, "0", sizeof ticks[n].label);
          else
            g_snprintf (ticks[n].label, sizeof ticks[n].label, "%.*f", decimals, value);
        }
      n++;
    }
  return n;
}

/* 1e-5 below one, plain figures up to a thousand: what is read can be typed. */
static void
label_power (SlopeTick *tick, int digit, int exponent)
{
  if (exponent >= 0 && exponent <= 2)
    g_snprintf (tick->label, sizeof tick->label, "%d", (int)lround (digit * pow (10, exponent)));
  else
    g_snprintf (tick->label, sizeof tick->label, "%de%d", digit, exponent);
}

/* Less than two decades in sight: 1, 2 and 5 of each are ticks, as many labelled as may be. */
static guint
narrow_log_ticks (const SlopeAxis *self, SlopeTick *ticks)
{
  static const int digits[] = { 1, 2, 5 };
  int first = (int)floor (log10 (self->min)), last = (int)ceil (log10 (self->max));
  guint n = 0;
  for (int e = first; e <= last; e++)
    for (guint i = 0; i < G_N_ELEMENTS (digits); i++)
      {
        double value = digits[i] * pow (10, e), at = slope_axis_fraction (self, value);
        if (at < -1e-6 || at > 1 + 1e-6 || n == SLOPE_AXIS_MAX_TICKS)
          continue;
        ticks[n].value = value;
        label_power (&ticks[n++], digits[i], e);
      }
  for (guint i = 0; n > SLOPE_AXIS_MAX_LABELS && i < n; i++)
    if (i % 2 == 1)
      ticks[i].label[0] = '\0';
  return n;
}

/* Zoomed in so far that no power of ten helps: even steps of the value itself. */
static guint
tiny_log_ticks (const SlopeAxis *self, SlopeTick *ticks)
{
  SlopeAxis even = { self->min, self->max, FALSE, FALSE };
  guint n = linear_ticks (&even, ticks);
  int exponent = (int)floor (log10 (self->min));
  for (guint i = 0; i < n; i++)
    if (ticks[i].label[0] != '\0')
      g_snprintf (ticks[i].label, sizeof ticks[i].label, "%.3ge%d",
                  ticks[i].value / pow (10, exponent), exponent);
  return n;
}

static guint
log_ticks (const SlopeAxis *self, SlopeTick *ticks)
{
  int first = (int)ceil (log10 (self->min) - 1e-6);
  int last = (int)floor (log10 (self->max) + 1e-6);
  double decades = log10 (self->max) - log10 (self->min);
  int step = 1;
  guint n = 0;
  if (decades < 2)
    {
      n = narrow_log_ticks (self, ticks);
      return n >= 2 ? n : tiny_log_ticks (self, ticks);
    }
  while ((last - first) / step + 1 > SLOPE_AXIS_MAX_LABELS)
    step++;
  for (int e = first; e <= last && n < SLOPE_AXIS_MAX_TICKS; e++, n++)
    {
      ticks[n].value = pow (10, e);
      ticks[n].label[0] = '\0';
      if ((e - first) % step == 0)
        label_power (&ticks[n], 1, e);
    }
  return n;
}

guint
slope_axis_ticks (const SlopeAxis *self, SlopeTick *ticks)
{
  if (!(self->max > self->min) || !isfinite (self->max - self->min))
    return 0;
  return self->log ? log_ticks (self, ticks) : linear_ticks (self, ticks);
}

void
slope_axis_round_max (SlopeAxis *self, double least)
{
  double half;
  g_return_if_fail (!self->log);
  if (!(self->max > self->min))
    return;
  half = nice_step (self->min, self->max, self->integer) / 2;
  self->max = MAX (round (self->max / half), ceil (least / half - 1e-6)) * half;
}

static void
set_even_range (SlopeAxis *self, const SlopeAxis *limits, double low, double span)
{
  double least = to_even (limits, limits->min), most = to_even (limits, limits->max);
  span = MIN (span, most - least);
  low = CLAMP (low, least, most - span);
  self->min = from_even (self, low);
  self->max = from_even (self, low + span);
}

void
slope_axis_zoom (SlopeAxis *self, const SlopeAxis *limits, double fraction, double factor)
{
  double low = to_even (self, self->min), span = to_even (self, self->max) - low;
  double least = (to_even (limits, limits->max) - to_even (limits, limits->min)) / 1e4;
  double new_span = MAX (span / factor, least);
  set_even_range (self, limits, low + fraction * (span - new_span), new_span);
}

void
slope_axis_pan (SlopeAxis *self, const SlopeAxis *limits, double fraction)
{
  double low = to_even (self, self->min), span = to_even (self, self->max) - low;
  set_even_range (self, limits, low + fraction * span, span);
}
