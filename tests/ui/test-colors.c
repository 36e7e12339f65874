/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui-test.h"

#include "slope-colors.h"

#include <math.h>
#include <slope/slope.h>

static void
assert_take (char *text, const char *expected)
{
  g_assert_cmpstr (text, ==, expected);
  g_free (text);
}

static void
test_palette (void)
{
  GdkRGBA first, eleventh, dark;
  g_autofree char *text = NULL;

  slope_class_color (0, FALSE, &first);
  slope_class_color (10, FALSE, &eleventh);
  slope_class_color (0, TRUE, &dark);
  text = gdk_rgba_to_string (&first);
  g_assert_cmpstr (text, ==, "rgb(58,106,232)");
  g_assert_true (gdk_rgba_equal (&first, &eleventh));
  g_assert_false (gdk_rgba_equal (&first, &dark));
  for (guint i = 0; i < 10; i++)
    for (guint j = 0; j < i; j++)
      {
        GdkRGBA a, b;

        slope_class_color (i, FALSE, &a);
        slope_class_color (j, FALSE, &b);
        g_assert_false (gdk_rgba_equal (&a, &b));
      }
}

static void
test_rates (void)
{
  assert_take (slope_format_rate (1e-3), "1e-3");
  assert_take (slope_format_rate (3e-3), "3e-3");
  assert_take (slope_format_rate (1.6e-3), "1.6e-3");
  assert_take (slope_format_rate (5.49e-5), "5.5e-5");
  assert_take (slope_format_rate (9.99e-4), "1e-3");
  assert_take (slope_format_rate (1e-10), "1e-10");
  assert_take (slope_format_rate (1.), "1");
  assert_take (slope_format_rate (10.), "10");
  assert_take (slope_format_rate (0.), "0");
  assert_take (slope_format_rate (NAN), "–");
}

static void
test_memory (void)
{
  assert_take (slope_format_memory (1), "1 MB");
  assert_take (slope_format_memory (56200000), "57 MB");
  assert_take (slope_format_memory (561900000), "560 MB");
  assert_take (slope_format_memory (994900000), "990 MB");
  assert_take (slope_format_memory (995100000), "1.0 GB");
  assert_take (slope_format_memory (1449000000), "1.4 GB");
  assert_take (slope_format_memory (12600000000), "13 GB");
}

/* What is written can be read again, and means the same to two digits. */
static void
test_rates_are_read (void)
{
  for (double rate = 1e-8; rate < 20.; rate *= 1.37)
    {
      g_autofree char *text = slope_format_rate (rate);
      double low = 0., high = 0.;

      g_assert_true (sl_rate_parse (text, &low, &high, NULL));
      g_assert_cmpfloat_with_epsilon (high / rate, 1., .051);
    }
}

/* A range is read back as it was written, whatever stands between its ends; so is a plain rate. */
static void
test_ranges_are_read (void)
{
  static const struct
  {
    const char *text;
    double low, high;
  } rows[] = {
    { "1e-5 to 3e-4", 1e-5, 3e-4 },
    { "3e-3", 3e-3, 3e-3 },
    { "slice(3e-3)", 0., 3e-3 },
  };
  double low, high;

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      assert_take (slope_format_rates (rows[i].low, rows[i].high), rows[i].text);
      g_assert_true (slope_parse_rates (rows[i].text, &low, &high));
      g_assert_cmpfloat (low, ==, rows[i].low);
      g_assert_cmpfloat (high, ==, rows[i].high);
    }
  g_assert_true (slope_parse_rates ("1e-5:3e-4", &low, &high));
  g_assert_cmpfloat (low, ==, 1e-5);
  g_assert_false (slope_parse_rates ("1e-5 to", &low, &high));
  g_assert_false (slope_parse_rates ("1e-5 to 2e-5 to 3e-5", &low, &high));
}

static void
test_times (void)
{
  assert_take (slope_format_clock (9.2), "0:09");
  assert_take (slope_format_clock (59.7), "1:00");
  assert_take (slope_format_clock (3723.), "1:02:03");
  assert_take (slope_format_clock (-1.), "–");
  assert_take (slope_format_duration (28.), "28 s");
  assert_take (slope_format_duration (80.), "1 min 20 s");
  assert_take (slope_format_duration (120.), "2 min");
  assert_take (slope_format_duration (1300.), "22 min");
  assert_take (slope_format_duration (7500.), "2 h 5 min");
  assert_take (slope_format_duration (INFINITY), "–");
}

static void
test_metrics (void)
{
  assert_take (slope_format_percent (.04), "4.0 %");
  assert_take (slope_format_metric ("error_rate", .04), "4.0 %");
  assert_take (slope_format_metric ("accuracy", .963), "96.3 %");
  assert_take (slope_format_metric ("something", .5), "0.500");
  assert_take (slope_format_metric ("accuracy", NAN), "–");
  g_assert_cmpstr (slope_metric_label ("error_rate"), ==, "Error");
  g_assert_cmpstr (slope_metric_label ("something"), ==, "something");
}

int
main (int argc, char **argv)
{
  ui_test_init (&argc, &argv);
  g_test_add_func ("/ui/colors/palette", test_palette);
  g_test_add_func ("/ui/colors/rates", test_rates);
  g_test_add_func ("/ui/colors/memory", test_memory);
  g_test_add_func ("/ui/colors/rates-are-read", test_rates_are_read);
  g_test_add_func ("/ui/colors/ranges-are-read", test_ranges_are_read);
  g_test_add_func ("/ui/colors/times", test_times);
  g_test_add_func ("/ui/colors/metrics", test_metrics);
  return g_test_run ();
}
