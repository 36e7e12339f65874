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

/* OKLab (Ottosson 2020): distances are about what the eye sees. */
static void
oklab (const GdkRGBA *color, double *lab)
{
  static const double to_lms[3][3] = { { .4122214708, .5363325363, .0514459929 },
                                       { .2119034982, .6806995451, .1073969566 },
                                       { .0883024619, .2817188376, .6299787005 } };
  static const double to_lab[3][3] = { { .2104542553, .7936177850, -.0040720468 },
                                       { 1.9779984951, -2.4285922050, .4505937099 },
                                       { .0259040371, .7827717662, -.8086757660 } };
  const double rgb[] = { color->red, color->green, color->blue };
  double linear[3], lms[3];

  for (guint i = 0; i < 3; i++)
    linear[i] = rgb[i] <= .04045 ? rgb[i] / 12.92 : pow ((rgb[i] + .055) / 1.055, 2.4);
  for (guint i = 0; i < 3; i++)
    lms[i] = cbrt (to_lms[i][0] * linear[0] + to_lms[i][1] * linear[1] + to_lms[i][2] * linear[2]);
  for (guint i = 0; i < 3; i++)
    lab[i] = to_lab[i][0] * lms[0] + to_lab[i][1] * lms[1] + to_lab[i][2] * lms[2];
}

/* As many classes as CamVid has are told apart. */
static void
assert_apart (gboolean dark)
{
  for (guint i = 0; i < SLOPE_N_CLASS_COLORS; i++)
    for (guint j = 0; j < i; j++)
      {
        GdkRGBA a, b;
        double first[3], second[3];

        slope_class_color (i, dark, &a);
        slope_class_color (j, dark, &b);
        oklab (&a, first);
        oklab (&b, second);
        g_assert_cmpfloat (
            hypot (hypot (first[0] - second[0], first[1] - second[1]), first[2] - second[2]), >,
            .094);
      }
}

static void
test_palette (void)
{
  GdkRGBA first, again, dark;
  g_autofree char *text = NULL;

  g_assert_cmpuint (SLOPE_N_CLASS_COLORS, >=, 32);
  slope_class_color (0, FALSE, &first);
  slope_class_color (SLOPE_N_CLASS_COLORS, FALSE, &again);
  slope_class_color (0, TRUE, &dark);
  text = gdk_rgba_to_string (&first);
  g_assert_cmpstr (text, ==, "rgb(58,106,232)");
  g_assert_true (gdk_rgba_equal (&first, &again));
  g_assert_false (gdk_rgba_equal (&first, &dark));
  assert_apart (FALSE);
  assert_apart (TRUE);
}

/* Masks are read back by them. */
static void
test_paints (void)
{
  g_assert_cmphex (slope_class_paint (0), ==, 0x3a6ae8);
  for (guint i = 0; i < 256; i++)
    for (guint j = 0; j < i; j++)
      g_assert_cmphex (slope_class_paint (i), !=, slope_class_paint (j));
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
  assert_take (slope_format_percent (.04), "4.0\u00A0%");
  assert_take (slope_format_metric ("error_rate", .04), "4.0\u00A0%");
  assert_take (slope_format_metric ("accuracy", .963), "96.3\u00A0%");
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
  g_test_add_func ("/ui/colors/paints", test_paints);
  g_test_add_func ("/ui/colors/rates", test_rates);
  g_test_add_func ("/ui/colors/memory", test_memory);
  g_test_add_func ("/ui/colors/rates-are-read", test_rates_are_read);
  g_test_add_func ("/ui/colors/ranges-are-read", test_ranges_are_read);
  g_test_add_func ("/ui/colors/times", test_times);
  g_test_add_func ("/ui/colors/metrics", test_metrics);
  return g_test_run ();
}
