/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slope-sweeps.h"

#include "config.h"
#include "slope-colors.h"

#include <glib/gi18n.h>

/* The project keeps its sweeps: what is found needs no reference. */
static SlSweep *
sweep_at (GListModel *sweeps, guint i)
{
  g_autoptr (SlSweep) sweep = g_list_model_get_item (sweeps, i);
  return sweep;
}

static gboolean
is_frozen (SlSweep *sweep)
{
  return sl_sweep_get_freeze_to (sweep) > 0;
}

/* Measured on the same network, but other pictures came first. */
static gboolean
repeats_one (SlSweep *sweep, SlSweep *const *repeats, guint n)
{
  for (guint i = 0; i < n; i++)
    if (sl_sweep_get_seed (sweep) == sl_sweep_get_seed (repeats[i]))
      return FALSE;
  return sl_sweep_get_stage (sweep) == sl_sweep_get_stage (repeats[0])
         && sl_sweep_get_freeze_to (sweep) == sl_sweep_get_freeze_to (repeats[0])
         && sl_sweep_get_from_run (sweep) == sl_sweep_get_from_run (repeats[0]);
}

guint
slope_sweeps_find_repeats (GListModel *sweeps, SlSweep *of, SlSweep **repeats)
{
  guint n = g_list_model_get_n_items (sweeps), at = 0, found = 1;
  g_return_val_if_fail (SL_IS_SWEEP (of) && repeats != NULL, 0);
  while (at < n && sweep_at (sweeps, at) != of)
    at++;
  repeats[0] = of;
  for (guint i = at; found < SLOPE_MAX_REPEATS && i > 0; i--, found++)
    if (repeats_one (sweep_at (sweeps, i - 1), repeats, found))
      repeats[found] = sweep_at (sweeps, i - 1);
    else
      break;
  for (guint i = at + 1; found < SLOPE_MAX_REPEATS && i < n; i++, found++)
    if (repeats_one (sweep_at (sweeps, i), repeats, found))
      repeats[found] = sweep_at (sweeps, i);
    else
      break;
  for (guint i = 1; i < found; i++)
    if (sl_sweep_get_seed (repeats[i]) < sl_sweep_get_seed (repeats[0]))
      {
        SlSweep *first = repeats[i];
        repeats[i] = repeats[0];
        repeats[0] = first;
      }
  return found;
}

SlSweep *
slope_sweeps_find_current (GListModel *sweeps, guint stage)
{
  SlSweep *repeats[SLOPE_MAX_REPEATS], *newest;
  guint n = g_list_model_get_n_items (sweeps);
  if (n == 0)
    return NULL;
  newest = sweep_at (sweeps, 0);
  for (guint i = 0; i < n && !sl_sweep_is_running (newest); i++)
    if (sl_sweep_get_stage (sweep_at (sweeps, i)) == stage)
      {
        newest = sweep_at (sweeps, i);
        break;
      }
  slope_sweeps_find_repeats (sweeps, newest, repeats);
  return sl_sweep_is_running (newest) ? newest : repeats[0];
}

SlSweep *
slope_sweeps_find_counterpart (GListModel *sweeps, SlSweep *current)
{
  SlSweep *repeats[SLOPE_MAX_REPEATS];
  for (guint i = 0; i < g_list_model_get_n_items (sweeps); i++)
    if (is_frozen (sweep_at (sweeps, i)) != is_frozen (current))
      {
        slope_sweeps_find_repeats (sweeps, sweep_at (sweeps, i), repeats);
        return repeats[0];
      }
  return NULL;
}

static void
compute_spread (SlSweep *const *repeats, guint n, SlSweepSpread *spread)
{
  SlSweepResult results[SLOPE_MAX_REPEATS];
  for (guint i = 0; i < n; i++)
    {
      gsize n_points;
      const SlSweepPoint *points = sl_sweep_get_points (repeats[i], &n_points);
      results[i].points = g_array_new (FALSE, FALSE, sizeof *points);
      g_array_append_vals (results[i].points, points, (guint)n_points);
      results[i].steepest = sl_sweep_get_steepest (repeats[i]);
      results[i].minimum = sl_sweep_get_minimum (repeats[i]);
    }
  sl_sweep_spread (results, n, spread);
  for (guint i = 0; i < n; i++)
    sl_sweep_result_clear (&results[i]);
}

char *
slope_sweeps_describe_spread (SlSweep *const *repeats, guint n, gboolean *agrees)
{
  g_autofree char *rates = NULL;
  SlSweepSpread spread;
  g_return_val_if_fail (n > 0 && n <= SLOPE_MAX_REPEATS, NULL);
  compute_spread (repeats, n, &spread);
  *agrees = sl_sweep_spread_agrees (&spread);
  if (spread.n_steepest == 0)
    return g_strdup_printf (_ ("None of %u seeds shows a clear fall."), n);
  rates = slope_format_rates (spread.steepest_low, spread.steepest_high);
  if (*agrees)
    return g_strdup_printf (_ ("%u seeds agree: steepest at %s."), n, rates);
  return g_strdup_printf (_ ("The seeds disagree: %u of %u show a fall, steepest at %s. Take the "
                             "lower rate, or find again with a larger batch."),
                          spread.n_steepest, n, rates);
}
