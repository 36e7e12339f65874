/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slope-figure.h"

#include "config.h"

#include <glib/gi18n.h>
#include <math.h>

#define MARGIN_BOTTOM 44
#define TICK_LONG 5
#define TICK_SHORT 3
#define SNAP_REACH 60 /* along x: a point further away is not what is pointed at */

static void
span_clear (gpointer data)
{
  SlopeSpan *span = data;
  g_free (span->name);
  g_free (span->brief);
}

SlopeFigure *
slope_figure_new (void)
{
  SlopeFigure *self = g_new0 (SlopeFigure, 1);
  self->x = self->y = self->y2 = self->x_limits = (SlopeAxis){ 0, 1, FALSE, FALSE };
  self->margin_left = 44;
  self->margin_right = 14;
  self->margin_top = 30;
  self->series = g_ptr_array_new_with_free_func ((GDestroyNotify)slope_series_free);
  self->spans = g_array_new (FALSE, FALSE, sizeof (SlopeSpan));
  g_array_set_clear_func (self->spans, span_clear);
  return self;
}

void
slope_figure_free (SlopeFigure *self)
{
  g_ptr_array_unref (self->series);
  g_array_unref (self->spans);
  g_free (self->x_title);
  g_free (self->y_title);
  g_free (self->y2_title);
  g_free (self);
}

void
slope_figure_set_titles (SlopeFigure *self, const char *x, const char *y, const char *y2)
{
  g_free (self->x_title);
  g_free (self->y_title);
  g_free (self->y2_title);
  self->x_title = g_strdup (x);
  self->y_title = g_strdup (y);
  self->y2_title = g_strdup (y2);
}

SlopeSeries *
slope_figure_add (SlopeFigure *self, SlopeSeriesKind kind, const char *name)
{
  SlopeSeries *series = slope_series_new (kind, name);
  g_ptr_array_add (self->series, series);
  return series;
}

void
slope_figure_clear (SlopeFigure *self)
{
  g_ptr_array_set_size (self->series, 0);
  g_array_set_size (self->spans, 0);
}

void
slope_figure_add_span (SlopeFigure *self, double from, double to, const char *name, gboolean shaded)
{
  SlopeSpan span = { .from = from, .to = to, .name = g_strdup (name), .shaded = shaded };
  g_array_append_val (self->spans, span);
}

void
slope_figure_add_stages (SlopeFigure *self, const SlopeRunStages *stages)
{
  for (guint i = 0; stages->n > 1 && i < stages->n; i++)
    {
      g_autofree char *name = g_strdup_printf (_ ("Stage %u"), i + 1);
      slope_figure_add_span (self, stages->first[i], stages->first[i + 1], name, i % 2 == 1);
      g_array_index (self->spans, SlopeSpan, i).brief = g_strdup_printf ("%u", i + 1);
    }
}

gboolean
slope_figure_is_zoomed (const SlopeFigure *self)
{
  return self->x.min > self->x_limits.min || self->x.max < self->x_limits.max;
}

void
slope_figure_set_x_limits (SlopeFigure *self, double min, double max)
{
  gboolean zoomed = slope_figure_is_zoomed (self);
  self->x_limits = self->x;
  self->x_limits.min = min;
  self->x_limits.max = max;
  if (!zoomed || self->x.min < min || self->x.max > max)
    self->x = self->x_limits;
}

SlopeRect
slope_figure_area (const SlopeFigure *self, double width, double height)
{
  return (SlopeRect){ self->margin_left, self->margin_top,
                      MAX (1, width - self->margin_left - self->margin_right),
                      MAX (1, height - self->margin_top - MARGIN_BOTTOM) };
}

double
slope_figure_x_px (const SlopeFigure *self, const SlopeRect *area, double x)
{
  return area->x + CLAMP (slope_axis_fraction (&self->x, x), -10, 10) * area->width;
}

static double
y_on_axis (const SlopeAxis *axis, const SlopeRect *area, double y)
{
  return area->y + area->height * (1 - CLAMP (slope_axis_fraction (axis, y), -10, 10));
}

double
slope_figure_y_px (const SlopeFigure *self, const SlopeRect *area, double y)
{
  return y_on_axis (&self->y, area, y);
}

const SlopeAxis *
slope_figure_y_axis (const SlopeFigure *self, const SlopeSeries *series)
{
  return series->kind == SLOPE_SERIES_MOMENTUM || series->kind == SLOPE_SERIES_FUTURE_MOMENTUM
             ? &self->y2
             : &self->y;
}

gboolean
slope_figure_snap (const SlopeFigure *self, const SlopeRect *area, double x, double y,
                   const SlopeSeries **series, gsize *index)
{
  double best = INFINITY;
  double value = slope_axis_value (&self->x, (x - area->x) / area->width);
  for (guint i = 0; i < self->series->len; i++)
    {
      const SlopeSeries *candidate = g_ptr_array_index (self->series, i);
      gssize at = candidate->snaps ? slope_series_nearest (candidate, &self->x, value) : -1;
      const SlopePoint *point;
      double distance;
      if (at < 0)
        continue;
      point = &g_array_index (candidate->points, SlopePoint, at);
      if (fabs (slope_figure_x_px (self, area, point->x) - x) > SNAP_REACH)
        continue;
      distance = hypot (slope_figure_x_px (self, area, point->x) - x,
                        y_on_axis (slope_figure_y_axis (self, candidate), area, point->y) - y);
      if (distance < best)
        {
          best = distance;
          *series = candidate;
          *index = (gsize)at;
        }
    }
  return isfinite (best);
}

/* ---- Drawing, back to front. */

/* Above the span, as far as there is room beside the next one and the right axis' title. */
static void
draw_span_name (const SlopeFigure *self, cairo_t *cr, const SlopePlotStyle *style,
                const SlopeRect *area, const SlopeSpan *span, double from, double to)
{
  const char *const names[] = { span->name, span->brief };
  if (self->has_y2 && self->y2_title)
    {
      double right = area->x + area->width + self->margin_right;
      SlopeRect title = slope_draw_measure (cr, style, self->y2_title, 0, right, area->y - 11, 1);
      to = MIN (to, title.x - 4);
    }
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      SlopeRect label;
      if (!names[i])
        continue;
      label = slope_draw_measure (cr, style, names[i], 0, from + 2, area->y - 11, 0);
      if (label.x + label.width > to + 2)
        continue;
      slope_draw_text (cr, style, names[i], SLOPE_TEXT_PLAIN, &style->fg, 0.6, from + 2,
                       area->y - 11, 0);
      return;
    }
}

static void
draw_spans (const SlopeFigure *self, cairo_t *cr, const SlopePlotStyle *style,
            const SlopeRect *area)
{
  for (guint i = 0; i < self->spans->len; i++)
    {
      const SlopeSpan *span = &g_array_index (self->spans, SlopeSpan, i);
      double from = CLAMP (slope_figure_x_px (self, area, span->from), area->x,
                           area->x + area->width);
      double to = CLAMP (slope_figure_x_px (self, area, span->to), area->x, area->x + area->width);
      if (to <= from)
        continue;
      if (span->shaded)
        {
          slope_draw_set_color (cr, &style->fg, 0.035);
          cairo_rectangle (cr, from, area->y, to - from, area->height);
          cairo_fill (cr);
        }
      if (span->from > self->x.min)
        {
          slope_draw_set_color (cr, &style->fg, 0.5);
          cairo_set_line_width (cr, 1);
          cairo_move_to (cr, floor (from) + 0.5, area->y);
          cairo_line_to (cr, floor (from) + 0.5, area->y + area->height);
          cairo_stroke (cr);
        }
      draw_span_name (self, cr, style, area, span, from, to);
    }
}

static void
draw_y_axis (const SlopeAxis *axis, cairo_t *cr, const SlopePlotStyle *style, const SlopeRect *area,
             gboolean right)
{
  SlopeTick ticks[SLOPE_AXIS_MAX_TICKS];
  guint n = slope_axis_ticks (axis, ticks);
  for (guint i = 0; i < n; i++)
    {
      double y = floor (y_on_axis (axis, area, ticks[i].value)) + 0.5;
      if (ticks[i].label[0] == '\0')
        continue;
      if (!right)
        {
          slope_draw_set_color (cr, &style->fg, 0.09);
          cairo_set_line_width (cr, 1);
          cairo_move_to (cr, area->x, y);
          cairo_line_to (cr, area->x + area->width, y);
          cairo_stroke (cr);
        }
      slope_draw_text (cr, style, ticks[i].label, SLOPE_TEXT_PLAIN, &style->fg, 0.6,
                       right ? area->x + area->width + 8 : area->x - 8, y, right ? 0 : 1);
    }
}

static void
draw_x_axis (const SlopeFigure *self, cairo_t *cr, const SlopePlotStyle *style,
             const SlopeRect *area)
{
  SlopeTick ticks[SLOPE_AXIS_MAX_TICKS];
  guint n = slope_axis_ticks (&self->x, ticks);
  double base = floor (area->y + area->height) + 0.5;
  cairo_set_line_width (cr, 1);
  slope_draw_set_color (cr, &style->fg, 0.3);
  cairo_move_to (cr, area->x, base);
  cairo_line_to (cr, area->x + area->width, base);
  cairo_stroke (cr);
  for (guint i = 0; i < n; i++)
    {
      double x = floor (slope_figure_x_px (self, area, ticks[i].value)) + 0.5;
      slope_draw_set_color (cr, &style->fg, 0.3);
      cairo_move_to (cr, x, base);
      cairo_line_to (cr, x, base + (ticks[i].label[0] ? TICK_LONG : TICK_SHORT));
      cairo_stroke (cr);
      slope_draw_text (cr, style, ticks[i].label, SLOPE_TEXT_PLAIN, &style->fg, 0.6, x, base + 15,
                       0.5);
    }
  if (self->x_title)
    slope_draw_text (cr, style, self->x_title, SLOPE_TEXT_PLAIN, &style->fg, 0.6,
                     area->x + area->width, base + 31, 1);
}

static void
draw_axes (const SlopeFigure *self, cairo_t *cr, const SlopePlotStyle *style, const SlopeRect *area)
{
  double title_y = area->y - (self->margin_top > 40 ? 17 : 14);
  draw_y_axis (&self->y, cr, style, area, FALSE);
  draw_x_axis (self, cr, style, area);
  if (self->has_y2)
    {
      draw_y_axis (&self->y2, cr, style, area, TRUE);
      if (self->y_title)
        slope_draw_text (cr, style, self->y_title, SLOPE_TEXT_PLAIN, &style->accent, 1, area->x - 8,
                         title_y, 1);
      if (self->y2_title)
        slope_draw_text (cr, style, self->y2_title, SLOPE_TEXT_PLAIN, &style->momentum, 1,
                         area->x + area->width + self->margin_right, title_y, 1);
    }
  else if (self->y_title)
    slope_draw_text (cr, style, self->y_title, SLOPE_TEXT_PLAIN, &style->fg, 0.6, area->x, title_y,
                     0);
}

static void
trace (const SlopeFigure *self, cairo_t *cr, const SlopeAxis *y_axis, const SlopeRect *area,
       const GArray *points)
{
  gboolean down = FALSE;
  for (guint i = 0; i < points->len; i++)
    {
      const SlopePoint *point = &g_array_index (points, SlopePoint, i);
      double fraction = slope_axis_fraction (y_axis, point->y);
      if (!isfinite (fraction))
        {
          down = FALSE;
          continue;
        }
      if (down)
        cairo_line_to (cr, slope_figure_x_px (self, area, point->x),
                       y_on_axis (y_axis, area, point->y));
      else
        cairo_move_to (cr, slope_figure_x_px (self, area, point->x),
                       y_on_axis (y_axis, area, point->y));
      down = TRUE;
    }
}

static void
draw_series (const SlopeFigure *self, cairo_t *cr, const SlopePlotStyle *style,
             const SlopeRect *area, const SlopeSeries *series)
{
  static const double dots[] = { 2, 4 };
  const SlopeAxis *y_axis = slope_figure_y_axis (self, series);
  g_autoptr (GArray) points = g_array_new (FALSE, FALSE, sizeof (SlopePoint));
  SlopeStroke stroke;
  slope_plot_style_get_series_stroke (style, series, &stroke);
  slope_series_reduce ((const SlopePoint *)(gpointer)series->points->data, series->points->len,
                       &self->x, (guint)area->width, points);
  cairo_save (cr);
  /* Half a line's width and the dots of the ends may stand over the sides, never over the top. */
  cairo_rectangle (cr, area->x - 4, area->y, area->width + 8, area->height + 4);
  cairo_clip (cr);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_line_width (cr, stroke.width);
  if (stroke.dotted)
    cairo_set_dash (cr, dots, G_N_ELEMENTS (dots), 0);
  trace (self, cr, y_axis, area, points);
  slope_draw_set_color (cr, &stroke.color, 1);
  cairo_stroke (cr);
  for (guint i = 0; stroke.dots && i < points->len; i++)
    {
      const SlopePoint *point = &g_array_index (points, SlopePoint, i);
      if (isfinite (point->y))
        slope_draw_dot (cr, style, &stroke.color, slope_figure_x_px (self, area, point->x),
                        y_on_axis (y_axis, area, point->y), 3.5, FALSE);
    }
  cairo_restore (cr);
}

static SlopeLayer
layer_of (SlopeSeriesKind kind)
{
  switch (kind)
    {
    case SLOPE_SERIES_OLDER:
    case SLOPE_SERIES_REPEAT:
    case SLOPE_SERIES_COUNTERPART:
      return SLOPE_LAYER_OLDER;
    case SLOPE_SERIES_BATCHES:
    case SLOPE_SERIES_GROUP:
      return SLOPE_LAYER_BATCHES;
    default:
      return SLOPE_LAYER_MAIN;
    }
}

void
slope_figure_draw (const SlopeFigure *self, cairo_t *cr, const SlopePlotStyle *style, double width,
                   double height)
{
  SlopeRect area = slope_figure_area (self, width, height);
  for (int layer = 0; layer < SLOPE_N_LAYERS; layer++)
    {
      cairo_save (cr);
      if (layer == SLOPE_LAYER_SHADING)
        draw_spans (self, cr, style, &area);
      if (layer == SLOPE_LAYER_GRID)
        draw_axes (self, cr, style, &area);
      for (guint i = 0; i < self->series->len; i++)
        {
          const SlopeSeries *series = g_ptr_array_index (self->series, i);
          if ((int)layer_of (series->kind) == layer)
            draw_series (self, cr, style, &area, series);
        }
      if (self->layer[layer])
        self->layer[layer](self, cr, style, &area, self->layer_data);
      cairo_restore (cr);
    }
}

void
slope_figure_draw_crosshair (const SlopeFigure *self, cairo_t *cr, const SlopePlotStyle *style,
                             double width, double height, const SlopeSeries *series, gsize index,
                             const char *text)
{
  SlopeRect area = slope_figure_area (self, width, height);
  const SlopePoint *point = &g_array_index (series->points, SlopePoint, index);
  double x = slope_figure_x_px (self, &area, point->x);
  double y = y_on_axis (slope_figure_y_axis (self, series), &area, point->y);
  SlopeStroke stroke;
  if (!(x >= area.x - 1 && x <= area.x + area.width + 1))
    return;
  slope_plot_style_get_series_stroke (style, series, &stroke);
  y = MAX (y, area.y);
  cairo_save (cr);
  slope_draw_set_color (cr, &style->fg, 0.35);
  cairo_set_line_width (cr, 1);
  cairo_move_to (cr, floor (x) + 0.5, area.y);
  cairo_line_to (cr, floor (x) + 0.5, area.y + area.height);
  cairo_move_to (cr, area.x, floor (y) + 0.5);
  cairo_line_to (cr, area.x + area.width, floor (y) + 0.5);
  cairo_stroke (cr);
  cairo_restore (cr);
  slope_draw_dot (cr, style, &stroke.color, x, y, 3.5, FALSE);
  slope_draw_bubble (cr, style, text, x, y, &area);
}

char *
slope_figure_to_csv (const SlopeFigure *self)
{
  GString *csv = g_string_new ("series,x,y\n");
  for (guint i = 0; i < self->series->len; i++)
    {
      const SlopeSeries *series = g_ptr_array_index (self->series, i);
      for (guint k = 0; series->name && k < series->points->len; k++)
        {
          const SlopePoint *point = &g_array_index (series->points, SlopePoint, k);
          char x[G_ASCII_DTOSTR_BUF_SIZE], y[G_ASCII_DTOSTR_BUF_SIZE];
          g_auto (GStrv) parts = g_strsplit (series->name, "\"", -1);
          g_autofree char *quoted = g_strjoinv ("\"\"", parts);
          g_string_append_printf (
              csv, "\"%s\",%s,%s\n", quoted, g_ascii_formatd (x, sizeof x, "%.9g", point->x),
              isfinite (point->y) ? g_ascii_formatd (y, sizeof y, "%.9g", point->y) : "");
        }
    }
  return g_string_free (csv, FALSE);
}
