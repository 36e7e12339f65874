/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Axes and the reduction of series: pure functions. */
#include "plot/slope-series.h"

#include <math.h>

static char *
labels (const SlopeAxis *axis)
{
  SlopeTick ticks[SLOPE_AXIS_MAX_TICKS];
  guint n = slope_axis_ticks (axis, ticks);
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < n; i++)
    {
      if (i > 0)
        g_assert_cmpfloat (ticks[i].value, >, ticks[i - 1].value);
      if (ticks[i].label[0])
        g_string_append_printf (text, "%s%s", text->len ? " " : "", ticks[i].label);
    }
  return g_string_free (text, FALSE);
}

static void
assert_labels (SlopeAxis axis, const char *expected)
{
  g_autofree char *found = labels (&axis);
  g_assert_cmpstr (found, ==, expected);
}

static void
test_linear (void)
{
  assert_labels ((SlopeAxis){ 0, 1.6, FALSE, FALSE }, "0 0.4 0.8 1.2 1.6");
  assert_labels ((SlopeAxis){ 0, 1, FALSE, FALSE }, "0 0.25 0.50 0.75 1.00");
  assert_labels ((SlopeAxis){ 0.8, 1.0, FALSE, FALSE }, "0.80 0.85 0.90 0.95 1.00");
  assert_labels ((SlopeAxis){ -2, 2, FALSE, FALSE }, "-2 -1 0 1 2");
  assert_labels ((SlopeAxis){ 0, 30000, FALSE, FALSE }, "0 10000 20000 30000");
}

static void
test_integer (void)
{
  assert_labels ((SlopeAxis){ 0, 9, FALSE, TRUE }, "0 2 4 6 8");
  assert_labels ((SlopeAxis){ 0, 1, FALSE, TRUE }, "0 1");
  assert_labels ((SlopeAxis){ 0, 10, FALSE, TRUE }, "0 4 8");
  assert_labels ((SlopeAxis){ 0, 40, FALSE, TRUE }, "0 10 20 30 40");
}

static void
test_log (void)
{
  assert_labels ((SlopeAxis){ 1e-7, 10, TRUE, FALSE }, "1e-7 1e-5 1e-3 1e-1 10");
  assert_labels ((SlopeAxis){ 1e-6, 1e-2, TRUE, FALSE }, "1e-6 1e-5 1e-4 1e-3 1e-2");
  assert_labels ((SlopeAxis){ 1e-4, 1e-3, TRUE, FALSE }, "1e-4 2e-4 5e-4 1e-3");
  assert_labels ((SlopeAxis){ 3.1e-4, 4.2e-4, TRUE, FALSE }, "3.25e-4 3.5e-4 3.75e-4 4e-4");
}

/* Whatever is shown: one label at least, five at most, all inside. */
static void
test_any_range (void)
{
  for (int log = 0; log < 2; log++)
    for (double from = 1e-7; from < 5; from *= 3.7)
      for (double wide = 1.01; wide < 1e8; wide *= 1.9)
        {
          SlopeAxis axis = { from, from * wide, log, FALSE };
          SlopeTick ticks[SLOPE_AXIS_MAX_TICKS];
          guint n = slope_axis_ticks (&axis, ticks), labelled = 0;
          for (guint i = 0; i < n; i++)
            {
              double at = slope_axis_fraction (&axis, ticks[i].value);
              g_assert_cmpfloat (at, >=, -1e-5);
              g_assert_cmpfloat (at, <=, 1 + 1e-5);
              labelled += ticks[i].label[0] != '\0';
            }
          g_assert_cmpuint (labelled, >=, 1);
          g_assert_cmpuint (labelled, <=, SLOPE_AXIS_MAX_LABELS);
        }
}

static void
test_nonsense (void)
{
  SlopeTick ticks[SLOPE_AXIS_MAX_TICKS];
  SlopeAxis empty = { 1, 1, FALSE, FALSE }, infinite = { 0, INFINITY, FALSE, FALSE };
  SlopeAxis rates = { 1e-7, 10, TRUE, FALSE };
  g_assert_cmpuint (slope_axis_ticks (&empty, ticks), ==, 0);
  g_assert_cmpuint (slope_axis_ticks (&infinite, ticks), ==, 0);
  g_assert_true (isnan (slope_axis_fraction (&rates, 0)));
  g_assert_true (isnan (slope_axis_fraction (&rates, -1)));
}

static void
test_round_max (void)
{
  SlopeAxis axis = { 0, 1.625, FALSE, FALSE };
  slope_axis_round_max (&axis, 1.375);
  g_assert_cmpfloat_with_epsilon (axis.max, 1.6, 1e-9);
  axis.max = 1.03;
  slope_axis_round_max (&axis, 1.03);
  g_assert_cmpfloat (axis.max, >=, 1.03 - 1e-9);
  g_assert_cmpfloat (axis.max, <=, 1.25);
}

static void
test_zoom (void)
{
  const SlopeAxis limits = { 1e-7, 10, TRUE, FALSE };
  SlopeAxis axis = limits;
  double before = slope_axis_value (&axis, 0.25);
  slope_axis_zoom (&axis, &limits, 0.25, 2);
  g_assert_cmpfloat_with_epsilon (slope_axis_value (&axis, 0.25) / before, 1, 1e-9);
  g_assert_cmpfloat_with_epsilon (log10 (axis.max / axis.min), 4, 1e-9);
  slope_axis_pan (&axis, &limits, -100);
  g_assert_cmpfloat_with_epsilon (axis.min / limits.min, 1, 1e-9);
  g_assert_cmpfloat_with_epsilon (log10 (axis.max / axis.min), 4, 1e-9);
  slope_axis_zoom (&axis, &limits, 0.9, 1e-3);
  g_assert_cmpfloat_with_epsilon (axis.max / limits.max, 1, 1e-9);
  for (int i = 0; i < 200; i++)
    slope_axis_zoom (&axis, &limits, 0.5, 2);
  g_assert_cmpfloat (axis.max, >, axis.min);
}

/* ---- Series */

static void
test_nearest (void)
{
  g_autoptr (SlopeSeries) series = slope_series_new (SLOPE_SERIES_MAIN, "loss");
  SlopeAxis axis = { 0, 10, FALSE, FALSE };
  g_assert_cmpint (slope_series_nearest (series, &axis, 3), ==, -1);
  for (int i = 0; i < 10; i++)
    slope_series_append (series, i, i == 4 ? NAN : 2.0 * i);
  g_assert_cmpint (slope_series_nearest (series, &axis, -5), ==, 0);
  g_assert_cmpint (slope_series_nearest (series, &axis, 99), ==, 9);
  g_assert_cmpint (slope_series_nearest (series, &axis, 2.4), ==, 2);
  g_assert_cmpint (slope_series_nearest (series, &axis, 4.2), ==, 5); /* never a gap */
  g_assert_cmpfloat_with_epsilon (slope_series_at (series, &axis, 2.5), 5, 1e-9);
  g_assert_cmpfloat_with_epsilon (slope_series_at (series, &axis, 9), 18, 1e-9);
  g_assert_true (isnan (slope_series_at (series, &axis, 3.5)));
  g_assert_true (isnan (slope_series_at (series, &axis, 9.5)));
}

static void
test_reduce_few (void)
{
  SlopePoint points[] = { { 0, 1 }, { 1, 2 }, { 2, NAN }, { 3, 4 } };
  SlopeAxis axis = { 0, 3, FALSE, FALSE };
  g_autoptr (GArray) out = g_array_new (FALSE, FALSE, sizeof (SlopePoint));
  slope_series_reduce (points, 0, &axis, 100, out);
  g_assert_cmpuint (out->len, ==, 0);
  slope_series_reduce (points, 4, &axis, 100, out);
  g_assert_cmpuint (out->len, ==, 4);
  /* Only what is in sight, with a neighbour on each side. */
  axis = (SlopeAxis){ 0.5, 0.9, FALSE, FALSE };
  slope_series_reduce (points, 4, &axis, 100, out);
  g_assert_cmpuint (out->len, ==, 2);
  g_assert_cmpfloat (g_array_index (out, SlopePoint, 0).x, ==, 0);
  g_assert_cmpfloat (g_array_index (out, SlopePoint, 1).x, ==, 1);
}

/* A million points become two a pixel, and no peak is lost. */
static void
test_reduce_million (void)
{
  const gsize n = 1000000;
  const guint columns = 800;
  g_autofree SlopePoint *points = g_new (SlopePoint, n);
  g_autoptr (GArray) out = g_array_new (FALSE, FALSE, sizeof (SlopePoint));
  SlopeAxis axis = { 0, (double)n, FALSE, FALSE };
  double high = -INFINITY, low = INFINITY;
  gint64 began;

  for (gsize i = 0; i < n; i++)
    points[i] = (SlopePoint){ (double)i, sin ((double)i * 0.01) };
  points[123456].y = 50;
  points[777777].y = -50;
  points[500000].y = NAN;
  began = g_get_monotonic_time ();
  slope_series_reduce (points, n, &axis, columns, out);
  g_test_message ("%u of %" G_GSIZE_FORMAT " points in %.1f ms", out->len, n,
                  (double)(g_get_monotonic_time () - began) / 1000);
  g_assert_cmpuint (out->len, <=, 2 * columns);
  for (guint i = 0; i < out->len; i++)
    {
      const SlopePoint *point = &g_array_index (out, SlopePoint, i);
      if (i > 0)
        g_assert_cmpfloat (point->x, >=, g_array_index (out, SlopePoint, i - 1).x);
      high = MAX (high, point->y);
      low = MIN (low, point->y);
    }
  g_assert_cmpfloat (high, ==, 50);
  g_assert_cmpfloat (low, ==, -50);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/plot/axis/linear", test_linear);
  g_test_add_func ("/plot/axis/integer", test_integer);
  g_test_add_func ("/plot/axis/log", test_log);
  g_test_add_func ("/plot/axis/any-range", test_any_range);
  g_test_add_func ("/plot/axis/nonsense", test_nonsense);
  g_test_add_func ("/plot/axis/round-max", test_round_max);
  g_test_add_func ("/plot/axis/zoom", test_zoom);
  g_test_add_func ("/plot/series/nearest", test_nearest);
  g_test_add_func ("/plot/series/reduce-few", test_reduce_few);
  g_test_add_func ("/plot/series/reduce-million", test_reduce_million);
  return g_test_run ();
}
