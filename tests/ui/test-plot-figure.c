/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Figures drawn without a window: the same picture twice, and what must be seen in it. */
#include "plot/slope-plot-save.h"
#include "plot/slope-rate-marks.h"

#include <math.h>

#define WIDTH 640
#define HEIGHT 360

static SlopeFigure *
new_sweep_figure (SlopeSeries **curve)
{
  SlopeFigure *figure = slope_figure_new ();
  figure->x = figure->x_limits = (SlopeAxis){ 1e-7, 10, TRUE, FALSE };
  figure->y = (SlopeAxis){ 0, 2, FALSE, FALSE };
  figure->margin_top = 52;
  slope_figure_set_titles (figure, "Learning rate", "Loss", NULL);
  *curve = slope_figure_add (figure, SLOPE_SERIES_MAIN, "Stage 1");
  (*curve)->snaps = TRUE;
  for (int i = 0; i <= 100; i++)
    {
      double lr = 1e-7 * pow (1e8, i / 100.0);
      slope_series_append (*curve, lr,
                           i < 40   ? 1.5
                           : i < 80 ? 1.5 - (i - 40) / 40.0
                                    : 0.5 + (i - 80));
    }
  return figure;
}

static cairo_surface_t *
render (const SlopeFigure *figure, gboolean dark)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, WIDTH, HEIGHT);
  cairo_t *cr = cairo_create (surface);
  SlopePlotStyle style;
  slope_plot_style_init (&style, dark);
  slope_draw_set_color (cr, &style.card, 1);
  cairo_paint (cr);
  slope_figure_draw (figure, cr, &style, WIDTH, HEIGHT);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  return surface;
}

static guint32
pixel (cairo_surface_t *surface, double x, double y)
{
  const guint8 *data = cairo_image_surface_get_data (surface);
  const guint32 *row =
      (const guint32 *)(gconstpointer)(data + cairo_image_surface_get_stride (surface) * (int)y);
  return row[(int)x] & 0xffffff;
}

static guint32
rgb (const GdkRGBA *color)
{
  return (guint32)lround (color->red * 255) << 16 | (guint32)lround (color->green * 255) << 8
         | (guint32)lround (color->blue * 255);
}

static void
test_repeats (void)
{
  SlopeSeries *curve;
  g_autoptr (SlopeFigure) figure = new_sweep_figure (&curve);
  for (int dark = 0; dark < 2; dark++)
    {
      cairo_surface_t *a = render (figure, dark), *b = render (figure, dark);
      g_assert_cmpmem (
          cairo_image_surface_get_data (a), (gsize)cairo_image_surface_get_stride (a) * HEIGHT,
          cairo_image_surface_get_data (b), (gsize)cairo_image_surface_get_stride (b) * HEIGHT);
      cairo_surface_destroy (a);
      cairo_surface_destroy (b);
    }
}

static void
test_curve_is_where_it_belongs (void)
{
  SlopeSeries *curve;
  g_autoptr (SlopeFigure) figure = new_sweep_figure (&curve);
  SlopeRect area = slope_figure_area (figure, WIDTH, HEIGHT);
  SlopePlotStyle style;
  cairo_surface_t *surface = render (figure, FALSE);
  double x = slope_figure_x_px (figure, &area, 1e-6), y = slope_figure_y_px (figure, &area, 1.5);
  slope_plot_style_init (&style, FALSE);
  g_assert_cmphex (pixel (surface, x, y), ==, rgb (&style.accent));
  /* Nothing there: the card. */
  g_assert_cmphex (pixel (surface, x, y + 12), ==, rgb (&style.card));
  /* The explosion leaves through the top and is not drawn above it. */
  for (int column = (int)area.x; column < area.x + area.width; column++)
    g_assert_cmphex (pixel (surface, column, area.y - 2), ==, rgb (&style.card));
  cairo_surface_destroy (surface);
}

/* Slice: tinted inside, not outside; its edges in the accent colour; grey lines of other stages. */
static void
test_slice (void)
{
  SlopeSeries *curve;
  g_autoptr (SlopeFigure) figure = new_sweep_figure (&curve);
  g_autoptr (SlopeRateMarks) marks = slope_rate_marks_new ();
  SlopeRect area = slope_figure_area (figure, WIDTH, HEIGHT);
  SlopePlotStyle style;
  cairo_surface_t *surface;
  double y = area.y + area.height * 0.9, inside, outside, edge;

  slope_plot_style_init (&style, FALSE);
  marks->curve = curve;
  marks->name = g_strdup ("Stage 2");
  marks->n_groups = 3;
  marks->low = 1e-5;
  marks->high = 1e-3;
  marks->steepest = 60;
  marks->minimum = 80;
  slope_rate_marks_add_other (marks, "Stage 1", 1e-1, 1e-1, curve);
  slope_rate_marks_install (marks, figure);
  surface = render (figure, FALSE);
  inside = slope_figure_x_px (figure, &area, 3e-5);
  outside = slope_figure_x_px (figure, &area, 3e-6);
  edge = slope_figure_x_px (figure, &area, 1e-5);
  g_assert_cmphex (pixel (surface, inside, y), !=, rgb (&style.card));
  g_assert_cmphex (pixel (surface, outside, y), ==, rgb (&style.card));
  g_assert_cmphex (pixel (surface, edge, area.y + 8), ==, rgb (&style.accent_bg));
  /* The middle group's dot lies on the curve at the geometric mean. */
  g_assert_cmphex (pixel (surface, slope_figure_x_px (figure, &area, 1e-4),
                          slope_figure_y_px (figure, &area, 1.5)),
                   ==, rgb (&style.accent_bg));
  g_assert_cmphex (pixel (surface, slope_figure_x_px (figure, &area, 1e-1), area.y + 8), !=,
                   rgb (&style.card));
  cairo_surface_destroy (surface);
}

static void
test_snap (void)
{
  SlopeSeries *curve;
  g_autoptr (SlopeFigure) figure = new_sweep_figure (&curve);
  SlopeRect area = slope_figure_area (figure, WIDTH, HEIGHT);
  const SlopeSeries *series = NULL;
  gsize index = 0;
  g_assert_true (slope_figure_snap (figure, &area, slope_figure_x_px (figure, &area, 1.1e-3),
                                    area.y + 10, &series, &index));
  g_assert_true (series == curve);
  g_assert_cmpuint (index, ==, 51); /* 1e-7 · 10^(0.08 · 51) = 1.2e-3 is nearer than 1e-3 */
  curve->snaps = FALSE;
  g_assert_false (slope_figure_snap (figure, &area, area.x + 50, area.y, &series, &index));
}

static void
test_zoom_keeps_its_place (void)
{
  g_autoptr (SlopeFigure) figure = slope_figure_new ();
  slope_figure_set_x_limits (figure, 0, 4);
  g_assert_false (slope_figure_is_zoomed (figure));
  slope_axis_zoom (&figure->x, &figure->x_limits, 0, 2);
  g_assert_true (slope_figure_is_zoomed (figure));
  slope_figure_set_x_limits (figure, 0, 8);
  g_assert_cmpfloat_with_epsilon (figure->x.max, 2, 1e-9);
  figure->x = figure->x_limits;
  slope_figure_set_x_limits (figure, 0, 10);
  g_assert_cmpfloat_with_epsilon (figure->x.max, 10, 1e-9);
}

static void
test_export (void)
{
  SlopeSeries *curve, *hidden;
  g_autoptr (SlopeFigure) figure = new_sweep_figure (&curve);
  SlopePlotStyle style;
  g_autoptr (GBytes) png = NULL, svg = NULL, csv = NULL;
  g_auto (GStrv) lines = NULL;
  gsize n;

  hidden = slope_figure_add (figure, SLOPE_SERIES_FUTURE, NULL);
  slope_series_append (hidden, 1, 1);
  g_free (curve->name);
  curve->name = g_strdup ("the \"first\"");
  g_array_index (curve->points, SlopePoint, 1).y = NAN;
  slope_plot_style_init (&style, FALSE);
  png = slope_figure_export (figure, SLOPE_PLOT_PNG, &style, "Loss", 400, 300);
  svg = slope_figure_export (figure, SLOPE_PLOT_SVG, &style, "Loss", 400, 300);
  csv = slope_figure_export (figure, SLOPE_PLOT_CSV, &style, "Loss", 400, 300);
  g_assert_cmpmem (g_bytes_get_data (png, &n), 8, "\x89PNG\r\n\x1a\n", 8);
  g_assert_nonnull (
      g_strstr_len (g_bytes_get_data (svg, &n), (gssize)g_bytes_get_size (svg), "<svg"));
  lines = g_strsplit (g_bytes_get_data (csv, &n), "\n", -1);
  g_assert_cmpstr (lines[0], ==, "series,x,y");
  g_assert_cmpstr (lines[1], ==, "\"the \"\"first\"\"\",1e-07,1.5");
  g_assert_true (g_str_has_suffix (lines[2], ",")); /* a gap has no value */
  g_assert_cmpuint (g_strv_length (lines), ==, 1 + 101 + 1);
}

static void
test_rates (void)
{
  double rate = 1e-3;
  g_assert_cmpfloat (slope_rate_round (1.5849e-3), ==, 1.6e-3);
  for (int i = 0; i < 20; i++)
    {
      double next = slope_rate_step (rate, 1);
      g_assert_cmpfloat (next, >, rate);
      g_assert_cmpfloat (slope_rate_step (next, -1), ==, rate);
      rate = next;
    }
  g_assert_cmpfloat (rate, ==, 1e-2); /* twenty steps are a decade, without drift */
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/plot/figure/repeats", test_repeats);
  g_test_add_func ("/plot/figure/curve", test_curve_is_where_it_belongs);
  g_test_add_func ("/plot/figure/slice", test_slice);
  g_test_add_func ("/plot/figure/snap", test_snap);
  g_test_add_func ("/plot/figure/zoom", test_zoom_keeps_its_place);
  g_test_add_func ("/plot/figure/export", test_export);
  g_test_add_func ("/plot/rates", test_rates);
  return g_test_run ();
}
