/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plot-cost CSV FOLDER: draws what measure-cost found as FOLDER/{batch,pixels,pictures}.svg, and
 * prints the straight line through each curve. */
#include "plot/slope-figure.h"

#include <cairo-svg.h>
#include <math.h>
#include <stdlib.h>

#define PANEL_WIDTH 400
#define HEIGHT 330
#define TITLE_HEIGHT 40
#define LEGEND_ROW 18
#define LEGEND_ROOM 1.35 /* of the largest value: the curves pass under the legend */

typedef struct
{
  char *sweep, *precision; /* owned */
  double batch, size_px, pictures, seconds, peak_mib;
} Row;

static void
row_clear (gpointer data)
{
  Row *row = data;
  g_free (row->sweep);
  g_free (row->precision);
}

/* ---- What is drawn: a page a sweep, with one or two panels side by side. */

typedef double (*Quantity) (const Row *row);

static double
get_batch (const Row *row)
{
  return row->batch;
}

static double
get_kilopixels (const Row *row)
{
  return row->size_px * row->size_px / 1000;
}

static double
get_pictures (const Row *row)
{
  return row->pictures;
}

static double
get_milliseconds_a_picture (const Row *row)
{
  return row->seconds * 1000 / row->pictures;
}

static double
get_mebibytes (const Row *row)
{
  return row->peak_mib;
}

static double
get_seconds (const Row *row)
{
  return row->seconds;
}

typedef struct
{
  const char *title;
  Quantity get;
  const char *unit; /* of the line's figures, */
  double per_axis;  /* so many to the axis' unit */
  const char *per;  /* what the slope of the line is for one of; NULL: of a whole step's time */
} Panel;

typedef struct
{
  const char *sweep, *title, *x_title;
  Quantity get_x;
  Panel panel[2];
} Page;

static const Page pages[] = {
  { "batch",
    "A training step of ResNet-34 at 128 × 128 pixels",
    "Pictures in a batch",
    get_batch,
    { { "Time a picture (ms)", get_milliseconds_a_picture, "ms", 1, NULL },
      { "Peak memory (MiB)", get_mebibytes, "MiB", 1, "picture" } } },
  { "pixels",
    "A training step of ResNet-34 with 8 pictures of 28 to 448 pixels square",
    "Pixels in a picture (thousands)",
    get_kilopixels,
    { { "Time a picture (ms)", get_milliseconds_a_picture, "ms", 1, "thousand pixels" },
      { "Peak memory (MiB)", get_mebibytes, "MiB", 1, "thousand pixels" } } },
  { "pictures",
    "An epoch of ResNet-18 at 64 × 64 pixels",
    "Pictures",
    get_pictures,
    { { "Time an epoch (s)", get_seconds, "ms", 1000, "picture" } } },
};

static const struct
{
  const char *precision, *name;
} curves[] = { { "f32", "float32" }, { "bf16", "bfloat16" } };

/* ---- Lines */

/* y = base + slope · x, by least squares of the distances as shares of y, which are of many sizes;
 * @off: the largest of them. */
typedef struct
{
  double base, slope, off;
} Line;

static Line
fit_line (const GArray *points)
{
  double n = 0, sx = 0, sy = 0, sxx = 0, sxy = 0;
  Line line = { 0 };

  for (guint i = 0; i < points->len; i++)
    {
      SlopePoint p = g_array_index (points, SlopePoint, i);
      double weight = 1 / (p.y * p.y);

      n += weight;
      sx += weight * p.x;
      sy += weight * p.y;
      sxx += weight * p.x * p.x;
      sxy += weight * p.x * p.y;
    }
  line.slope = (n * sxy - sx * sy) / (n * sxx - sx * sx);
  line.base = (sy - line.slope * sx) / n;
  for (guint i = 0; i < points->len; i++)
    {
      SlopePoint p = g_array_index (points, SlopePoint, i);
      line.off = MAX (line.off, fabs (line.base + line.slope * p.x - p.y) / p.y);
    }
  return line;
}

/* Three digits, never a power of ten. */
static char *
format_number (double value)
{
  int before = value != 0 ? (int)floor (log10 (fabs (value))) : 0;

  return g_strdup_printf ("%.*f", CLAMP (2 - before, 0, 6), value);
}

/* The time of a step where the curve is that of a picture. */
static GArray *
whole_steps (const GArray *points)
{
  GArray *steps = g_array_new (FALSE, FALSE, sizeof (SlopePoint));

  for (guint i = 0; i < points->len; i++)
    {
      SlopePoint p = g_array_index (points, SlopePoint, i);
      p.y *= p.x;
      g_array_append_val (steps, p);
    }
  return steps;
}

static Line
fit_panel (const Panel *panel, const GArray *points)
{
  g_autoptr (GArray) steps = panel->per == NULL ? whole_steps (points) : NULL;

  return fit_line (steps != NULL ? steps : points);
}

static char *
describe (const Panel *panel, const GArray *points)
{
  Line line = fit_panel (panel, points);
  g_autofree char *base = format_number (fabs (line.base) * panel->per_axis);
  g_autofree char *slope = format_number (line.slope * panel->per_axis);

  if (panel->per == NULL)
    return g_strdup_printf ("%s %s a picture and %s a step", slope, panel->unit, base);
  if (line.base < 0)
    return g_strdup_printf ("%s %s a %s − %s", slope, panel->unit, panel->per, base);
  return g_strdup_printf ("%s + %s %s a %s", base, slope, panel->unit, panel->per);
}

/* ---- Drawing */

static void
draw_legend (const SlopeFigure *figure, cairo_t *cr, const SlopePlotStyle *style,
             const SlopeRect *area, gpointer data)
{
  const Panel *panel = data;

  for (guint i = 0; i < figure->series->len; i++)
    {
      const SlopeSeries *series = g_ptr_array_index (figure->series, i);
      g_autofree char *what = describe (panel, series->points);
      g_autofree char *text = g_strdup_printf ("%s: %s", series->name, what);
      double y = area->y + 12 + LEGEND_ROW * i;
      SlopeStroke stroke;

      slope_plot_style_get_series_stroke (style, series, &stroke);
      slope_draw_dot (cr, style, &stroke.color, area->x + 14, y, 3.5, FALSE);
      slope_draw_text (cr, style, text, SLOPE_TEXT_PLAIN, &style->fg, 0.85, area->x + 24, y, 0);
    }
}

static SlopeFigure *
new_figure (const Page *page, const Panel *panel, const GArray *rows)
{
  SlopeFigure *figure = slope_figure_new ();
  double x_max = 0, y_max = 0;

  for (guint c = 0; c < G_N_ELEMENTS (curves); c++)
    {
      SlopeSeries *series = slope_series_new (SLOPE_SERIES_RUN, curves[c].name);

      series->color = c;
      for (guint i = 0; i < rows->len; i++)
        {
          const Row *row = &g_array_index (rows, Row, i);

          if (!g_str_equal (row->sweep, page->sweep)
              || !g_str_equal (row->precision, curves[c].precision))
            continue;
          slope_series_append (series, page->get_x (row), panel->get (row));
          x_max = MAX (x_max, page->get_x (row));
          y_max = MAX (y_max, panel->get (row));
        }
      if (series->points->len > 1)
        {
          g_autofree char *what = describe (panel, series->points);
          g_print ("%s, %s, %s: %s; at most %.0f %% off\n", page->sweep, series->name, panel->title,
                   what, 100 * fit_panel (panel, series->points).off);
          g_ptr_array_add (figure->series, series);
        }
      else
        slope_series_free (series);
    }
  figure->x = figure->x_limits = (SlopeAxis){ 0, MAX (x_max, 1) * 1.04, FALSE, FALSE };
  figure->y = (SlopeAxis){ 0, MAX (y_max, 1e-3) * LEGEND_ROOM, FALSE, FALSE };
  slope_axis_round_max (&figure->y, figure->y.max);
  figure->margin_left = 52;
  figure->layer[SLOPE_LAYER_LABELS] = draw_legend;
  figure->layer_data = (gpointer)panel;
  slope_figure_set_titles (figure, page->x_title, panel->title, NULL);
  return figure;
}

static gboolean
draw_page (const Page *page, const GArray *rows, const char *folder)
{
  guint n_panels = page->panel[1].get != NULL ? 2 : 1;
  g_autofree char *name = g_strdup_printf ("%s.svg", page->sweep);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  cairo_surface_t *surface = cairo_svg_surface_create (path, n_panels * PANEL_WIDTH, HEIGHT);
  cairo_t *cr = cairo_create (surface);
  SlopePlotStyle style;
  cairo_status_t status;

  slope_plot_style_init (&style, FALSE);
  slope_draw_set_color (cr, &style.card, 1);
  cairo_paint (cr);
  slope_draw_text (cr, &style, page->title, SLOPE_TEXT_BOLD, &style.fg, 0.85, 14,
                   TITLE_HEIGHT / 2.0, 0);
  cairo_translate (cr, 0, TITLE_HEIGHT);
  for (guint i = 0; i < n_panels; i++, cairo_translate (cr, PANEL_WIDTH, 0))
    {
      g_autoptr (SlopeFigure) figure = new_figure (page, &page->panel[i], rows);
      slope_figure_draw (figure, cr, &style, PANEL_WIDTH, HEIGHT - TITLE_HEIGHT);
    }
  cairo_destroy (cr);
  cairo_surface_finish (surface);
  status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);
  if (status != CAIRO_STATUS_SUCCESS)
    g_printerr ("plot-cost: %s can’t be drawn: %s\n", path, cairo_status_to_string (status));
  return status == CAIRO_STATUS_SUCCESS;
}

/* ---- Reading */

/* sweep,network,precision,threads,batch,size_px,pictures,seconds,peak_mib; the last may be empty */
static gboolean
read_row (const char *line, Row *row)
{
  g_auto (GStrv) cell = g_strsplit (line, ",", -1);
  double *const number[] = { &row->batch, &row->size_px, &row->pictures, &row->seconds,
                             &row->peak_mib };

  if (g_strv_length (cell) != 4 + G_N_ELEMENTS (number))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (number); i++)
    {
      const char *text = cell[4 + i];
      char *end;

      *number[i] = g_ascii_strtod (text, &end);
      if (*end != '\0' || !(*number[i] >= 0 && *number[i] <= 1e9)
          || (*number[i] == 0 && number[i] != &row->peak_mib))
        return FALSE;
    }
  row->sweep = g_strdup (cell[0]);
  row->precision = g_strdup (cell[2]);
  return TRUE;
}

/* Ascending within a sweep, as measure-cost sorts them. */
static GArray * /* (transfer full) (nullable): of Row; a message is out */
read_rows (const char *path)
{
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (Row));
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  g_array_set_clear_func (rows, row_clear);
  if (!g_file_get_contents (path, &text, NULL, &error))
    {
      g_printerr ("plot-cost: %s\n", error->message);
      return NULL;
    }
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 1; lines[0] != NULL && lines[i] != NULL && lines[i][0] != '\0'; i++)
    {
      Row row = { 0 };

      if (!read_row (lines[i], &row))
        {
          g_printerr ("plot-cost: %s:%u is no row of figures: %s\n", path, i + 1, lines[i]);
          return NULL;
        }
      g_array_append_val (rows, row);
    }
  return g_steal_pointer (&rows);
}

int
main (int argc, char **argv)
{
  g_autoptr (GArray) rows = NULL;
  gboolean drawn = TRUE;

  if (argc != 3)
    {
      g_printerr ("usage: plot-cost CSV FOLDER\n");
      return 2;
    }
  rows = read_rows (argv[1]);
  for (guint i = 0; rows != NULL && i < G_N_ELEMENTS (pages); i++)
    drawn = draw_page (&pages[i], rows, argv[2]) && drawn;
  return rows != NULL && drawn ? EXIT_SUCCESS : EXIT_FAILURE;
}
