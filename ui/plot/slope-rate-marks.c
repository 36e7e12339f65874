/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slope-rate-marks.h"

#include "config.h"
#include "slope-colors.h"

#include <glib/gi18n.h>
#include <math.h>
#include <slope/optim.h>
#include <slope/recipe.h>

#define STEPS_A_DECADE 20
#define FLAG_RISE 14 /* the flag's middle over the area's top */
#define LABEL_DISTANCE 6
#define MAX_GROUPS 32

static void
other_clear (gpointer data)
{
  SlopeOtherPick *other = data;
  g_free (other->name);
}

SlopeRateMarks *
slope_rate_marks_new (void)
{
  SlopeRateMarks *self = g_new0 (SlopeRateMarks, 1);
  self->n_groups = 1;
  self->steepest = self->minimum = self->shoot_up = -1;
  self->others = g_array_new (FALSE, FALSE, sizeof (SlopeOtherPick));
  g_array_set_clear_func (self->others, other_clear);
  return self;
}

void
slope_rate_marks_free (SlopeRateMarks *self)
{
  g_array_unref (self->others);
  g_free (self->name);
  g_free (self);
}

void
slope_rate_marks_add_other (SlopeRateMarks *self, const char *name, double low, double high,
                            const SlopeSeries *curve)
{
  SlopeOtherPick other = { g_strdup (name), low, high, curve };
  g_array_append_val (self->others, other);
}

gboolean
slope_rate_marks_is_slice (const SlopeRateMarks *self)
{
  return self->low > 0 && self->low < self->high;
}

char *
slope_rate_pick_to_string (double low, double high)
{
  return slope_format_rates (low, high);
}

double
slope_rate_round (double rate)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  return g_ascii_strtod (g_ascii_formatd (text, sizeof text, "%.1e", rate), NULL);
}

double
slope_rate_step (double rate, int steps)
{
  double rung = round (log10 (rate) * STEPS_A_DECADE) + steps;
  return slope_rate_round (pow (10, rung / STEPS_A_DECADE));
}

/* ---- Drawing */

static void
draw_selection (const SlopeFigure *figure, cairo_t *cr, const SlopePlotStyle *style,
                const SlopeRect *area, gpointer data)
{
  const SlopeRateMarks *self = data;
  double from, to;
  if (!slope_rate_marks_is_slice (self))
    return;
  from = MAX (slope_figure_x_px (figure, area, self->low), area->x);
  to = MIN (slope_figure_x_px (figure, area, self->high), area->x + area->width);
  if (to <= from)
    return;
  slope_draw_set_color (cr, &style->accent_bg, style->dark ? 0.26 : 0.16);
  cairo_rectangle (cr, from, area->y, to - from, area->height);
  cairo_fill (cr);
}

/* The point of a curve at @rate, held inside the area; FALSE where there is none. */
static gboolean
find_on_curve (const SlopeFigure *figure, const SlopeRect *area, const SlopeSeries *curve,
               double rate, double *x, double *y)
{
  double loss = curve ? slope_series_at (curve, &figure->x, rate) : NAN;
  *x = slope_figure_x_px (figure, area, rate);
  if (!isfinite (loss) || *x < area->x - 1 || *x > area->x + area->width + 1)
    return FALSE;
  *y = MAX (slope_figure_y_px (figure, area, loss), area->y);
  return TRUE;
}

static const SlopePoint *
curve_point (const SlopeSeries *curve, gssize index)
{
  if (!curve || index < 0 || index >= (gssize)curve->points->len)
    return NULL;
  return &g_array_index (curve->points, SlopePoint, index);
}

static gboolean
in_sight (const SlopeFigure *figure, double x)
{
  return x >= figure->x.min && x <= figure->x.max;
}

/* Where the three guides stand and whether their labels have room. */
typedef struct
{
  const SlopePoint *steepest, *minimum;
  double tenth; /* x in pixels of a tenth of the minimum; NaN: out of sight */
  const char *tenth_text;
  SlopeRect steepest_label, minimum_label, tenth_label;
  gboolean show_minimum, show_tenth; /* their labels */
} Guides;

static void
find_guides (const SlopeRateMarks *self, const SlopeFigure *figure, cairo_t *cr,
             const SlopePlotStyle *style, const SlopeRect *area, Guides *guides)
{
  *guides = (Guides){ .tenth = NAN };
  guides->steepest = curve_point (self->curve, self->steepest);
  guides->minimum = curve_point (self->curve, self->minimum);
  if (guides->steepest && !in_sight (figure, guides->steepest->x))
    guides->steepest = NULL;
  if (guides->minimum && in_sight (figure, guides->minimum->x / 10))
    guides->tenth = slope_figure_x_px (figure, area, guides->minimum->x / 10);
  if (guides->minimum && !in_sight (figure, guides->minimum->x))
    guides->minimum = NULL;
  /* Translators: the short form of "Minimum ÷ 10", a tenth of the rate with the smallest loss */
  guides->tenth_text = self->compact ? _ ("÷ 10") : _ ("Minimum ÷ 10");
  if (guides->steepest)
    guides->steepest_label = slope_draw_measure (
        cr, style, _ ("Steepest"), 0, slope_figure_x_px (figure, area, guides->steepest->x) + 12,
        slope_figure_y_px (figure, area, guides->steepest->y) - 8, 0);
  if (guides->minimum)
    guides->minimum_label = slope_draw_measure (
        cr, style, _ ("Minimum"), 0, slope_figure_x_px (figure, area, guides->minimum->x),
        slope_figure_y_px (figure, area, guides->minimum->y) + 18, 0.5);
  guides->show_minimum = guides->minimum
                         && !(guides->steepest
                              && slope_rect_near (&guides->minimum_label, &guides->steepest_label,
                                                  LABEL_DISTANCE));
  if (isfinite (guides->tenth))
    guides->tenth_label = slope_draw_measure (cr, style, guides->tenth_text, 0, guides->tenth,
                                              area->y + 14, 0.5);
  guides->show_tenth =
      isfinite (guides->tenth)
      && !(guides->steepest
           && slope_rect_near (&guides->tenth_label, &guides->steepest_label, LABEL_DISTANCE))
      && !(guides->show_minimum
           && slope_rect_near (&guides->tenth_label, &guides->minimum_label, LABEL_DISTANCE));
}

static void
draw_tenth_line (const SlopeFigure *figure, cairo_t *cr, const SlopePlotStyle *style,
                 const SlopeRect *area, gpointer data)
{
  const SlopeRateMarks *self = data;
  static const double dashes[] = { 3, 4 };
  Guides guides;
  find_guides (self, figure, cr, style, area, &guides);
  if (!isfinite (guides.tenth))
    return;
  slope_draw_set_color (cr, &style->fg, 0.6);
  cairo_set_line_width (cr, 1);
  cairo_set_dash (cr, dashes, G_N_ELEMENTS (dashes), 0);
  cairo_move_to (cr, floor (guides.tenth) + 0.5, area->y + (guides.show_tenth ? 29 : 0));
  cairo_line_to (cr, floor (guides.tenth) + 0.5, area->y + area->height);
  cairo_stroke (cr);
}

static void
draw_grip (cairo_t *cr, const SlopePlotStyle *style, double x, double y)
{
  slope_draw_set_color (cr, &style->accent_bg, 1);
  slope_draw_rounded (cr, x - 4, y - 14, 8, 28, 4);
  cairo_fill (cr);
  slope_draw_set_color (cr, &style->accent_fg, 1);
  cairo_set_line_width (cr, 1);
  for (int i = -1; i <= 1; i++)
    {
      cairo_move_to (cr, x - 2, floor (y) + 4 * i + 0.5);
      cairo_line_to (cr, x + 2, floor (y) + 4 * i + 0.5);
    }
  cairo_stroke (cr);
}

static void
draw_edge (const SlopeFigure *figure, cairo_t *cr, const GdkRGBA *color, const SlopeRect *area,
           double rate)
{
  double x = slope_figure_x_px (figure, area, rate);
  slope_draw_set_color (cr, color, 1);
  cairo_set_line_width (cr, 2);
  cairo_move_to (cr, x, area->y);
  cairo_line_to (cr, x, area->y + area->height);
  cairo_stroke (cr);
}

/* A dot on the curve for each trained layer group; for a slice a numbered tick as well. */
static void
draw_groups (const SlopeRateMarks *self, const SlopeFigure *figure, cairo_t *cr,
             const SlopePlotStyle *style, const SlopeRect *area)
{
  double rates[MAX_GROUPS], x, y, base = area->y + area->height;
  guint n = CLAMP (self->n_groups, 1, MAX_GROUPS);
  gboolean slice = slope_rate_marks_is_slice (self);
  if (!slice)
    {
      if (find_on_curve (figure, area, self->curve, self->high, &x, &y))
        slope_draw_dot (cr, style, &style->accent_bg, x, y, 5, FALSE);
      return;
    }
  sl_slice_rates (self->low, self->high, n, rates);
  for (guint i = MIN (self->first_group, n - 1); i < n; i++)
    {
      g_autofree char *number = g_strdup_printf ("%u", i + 1);
      if (find_on_curve (figure, area, self->curve, rates[i], &x, &y))
        slope_draw_dot (cr, style, &style->accent_bg, x, y, 5, FALSE);
      x = slope_figure_x_px (figure, area, rates[i]);
      if (!in_sight (figure, rates[i]))
        continue;
      slope_draw_set_color (cr, &style->accent_bg, 1);
      cairo_set_line_width (cr, 2);
      cairo_move_to (cr, x, base - 10);
      cairo_line_to (cr, x, base);
      cairo_stroke (cr);
      slope_draw_text (cr, style, number, SLOPE_TEXT_BOLD | SLOPE_TEXT_HALO, &style->accent, 1, x,
                       base - 22, 0.5);
    }
}

static void
draw_others (const SlopeRateMarks *self, const SlopeFigure *figure, cairo_t *cr,
             const SlopePlotStyle *style, const SlopeRect *area)
{
  GdkRGBA grey = style->fg;
  float under = style->dark ? 0.3F : 0.25F;
  grey.red = grey.red * (1 - under) + style->card.red * under;
  grey.green = grey.green * (1 - under) + style->card.green * under;
  grey.blue = grey.blue * (1 - under) + style->card.blue * under;
  for (guint i = 0; i < self->others->len; i++)
    {
      const SlopeOtherPick *other = &g_array_index (self->others, SlopeOtherPick, i);
      double rates[2] = { other->low > 0 ? other->low : other->high, other->high };
      for (int k = rates[0] == rates[1]; k < 2; k++)
        {
          double x, y;
          if (!in_sight (figure, rates[k]))
            continue;
          draw_edge (figure, cr, &grey, area, rates[k]);
          if (find_on_curve (figure, area, other->curve, rates[k], &x, &y))
            slope_draw_dot (cr, style, &grey, x, y, 5, FALSE);
        }
    }
}

/* Where the loss shoots up: a triangle that points there, and its name. */
static void
draw_shoot_up (const SlopeRateMarks *self, const SlopeFigure *figure, cairo_t *cr,
               const SlopePlotStyle *style, const SlopeRect *area)
{
  const SlopePoint *point = curve_point (self->curve, self->shoot_up);
  double x, y;
  if (!point || !in_sight (figure, point->x)
      || !find_on_curve (figure, area, self->curve, point->x, &x, &y))
    return;
  cairo_move_to (cr, x - 6.5, y + 5);
  cairo_line_to (cr, x + 6.5, y + 5);
  cairo_line_to (cr, x, y - 6);
  cairo_close_path (cr);
  slope_draw_set_color (cr, &style->accent, 1);
  cairo_fill (cr);
  if (!self->compact)
    slope_draw_text (cr, style, _ ("Shoot-up"), SLOPE_TEXT_HALO, &style->fg, 0.85, x - 12, y - 10,
                     1);
}

static void
draw_picks (const SlopeFigure *figure, cairo_t *cr, const SlopePlotStyle *style,
            const SlopeRect *area, gpointer data)
{
  const SlopeRateMarks *self = data;
  Guides guides;
  find_guides (self, figure, cr, style, area, &guides);
  draw_others (self, figure, cr, style, area);
  if (guides.steepest)
    {
      double x = slope_figure_x_px (figure, area, guides.steepest->x);
      double y = slope_figure_y_px (figure, area, guides.steepest->y);
      cairo_move_to (cr, x - 6.5, y - 5);
      cairo_line_to (cr, x + 6.5, y - 5);
      cairo_line_to (cr, x, y + 6);
      cairo_close_path (cr);
      slope_draw_set_color (cr, &style->accent, 1);
      cairo_fill (cr);
    }
  draw_shoot_up (self, figure, cr, style, area);
  if (guides.minimum)
    slope_draw_dot (cr, style, &style->accent, slope_figure_x_px (figure, area, guides.minimum->x),
                    slope_figure_y_px (figure, area, guides.minimum->y), 5, TRUE);
  if (self->high <= 0)
    return;
  if (in_sight (figure, self->high))
    draw_edge (figure, cr, &style->accent_bg, area, self->high);
  if (slope_rate_marks_is_slice (self) && in_sight (figure, self->low))
    draw_edge (figure, cr, &style->accent_bg, area, self->low);
  draw_groups (self, figure, cr, style, area);
  if (!slope_rate_marks_is_slice (self))
    return;
  for (int k = 0; k < 2; k++)
    if (in_sight (figure, k ? self->high : self->low))
      draw_grip (cr, style, slope_figure_x_px (figure, area, k ? self->high : self->low),
                 area->y + area->height / 2 + 10);
}

static char *
flag_text (const SlopeRateMarks *self, const char *name, double low, double high)
{
  g_autofree char *rate = slope_rate_pick_to_string (low, high);
  if (self->compact)
    return g_strdup (name);
  /* Translators: a stage and its learning rate: "Stage 2: 1e-5 to 3e-4" */
  return g_strdup_printf (_ ("%s: %s"), name, rate);
}

static gboolean
place_flag (const SlopeRateMarks *self, const SlopeFigure *figure, cairo_t *cr,
            const SlopePlotStyle *style, const SlopeRect *area, const char *text, double low,
            double high, SlopeRect *place)
{
  double from = low > 0 ? low : high, middle = sqrt (from * high);
  if (!in_sight (figure, middle))
    return FALSE;
  *place = slope_draw_flag_place (cr, style, text, slope_figure_x_px (figure, area, middle),
                                  area->y - FLAG_RISE, area->x - 8, area->x + area->width + 8);
  return TRUE;
}

/* The open stage's flag first; one that would cover another is left out, its line stays. */
static void
draw_flags (const SlopeRateMarks *self, const SlopeFigure *figure, cairo_t *cr,
            const SlopePlotStyle *style, const SlopeRect *area)
{
  g_autoptr (GArray) taken = g_array_new (FALSE, FALSE, sizeof (SlopeRect));
  GdkRGBA grey = style->fg;
  SlopeRect place;
  if (self->high > 0 && self->name)
    {
      g_autofree char *text = flag_text (self, self->name, self->low, self->high);
      if (place_flag (self, figure, cr, style, area, text, self->low, self->high, &place))
        {
          slope_draw_flag (cr, style, text, &place, &style->accent_bg, &style->accent_fg);
          g_array_append_val (taken, place);
        }
    }
  grey.alpha = style->dark ? 0.65F : 0.75F;
  for (guint i = 0; i < self->others->len; i++)
    {
      const SlopeOtherPick *other = &g_array_index (self->others, SlopeOtherPick, i);
      g_autofree char *text = flag_text (self, other->name, other->low, other->high);
      gboolean covers = FALSE;
      if (!place_flag (self, figure, cr, style, area, text, other->low, other->high, &place))
        continue;
      for (guint k = 0; k < taken->len; k++)
        covers |= slope_rect_near (&place, &g_array_index (taken, SlopeRect, k), LABEL_DISTANCE);
      if (covers)
        continue;
      slope_draw_flag (cr, style, text, &place, &grey, &style->card);
      g_array_append_val (taken, place);
    }
}

static void
draw_labels (const SlopeFigure *figure, cairo_t *cr, const SlopePlotStyle *style,
             const SlopeRect *area, gpointer data)
{
  const SlopeRateMarks *self = data;
  const SlopeTextFlags flags = SLOPE_TEXT_HALO;
  Guides guides;
  find_guides (self, figure, cr, style, area, &guides);
  draw_flags (self, figure, cr, style, area);
  if (guides.steepest)
    slope_draw_text (cr, style, _ ("Steepest"), flags, &style->fg, 0.85, guides.steepest_label.x,
                     guides.steepest_label.y + guides.steepest_label.height / 2, 0);
  if (guides.show_minimum)
    slope_draw_text (cr, style, _ ("Minimum"), flags, &style->fg, 0.85, guides.minimum_label.x,
                     guides.minimum_label.y + guides.minimum_label.height / 2, 0);
  if (guides.show_tenth)
    slope_draw_text (cr, style, guides.tenth_text, flags, &style->fg, 0.85, guides.tenth_label.x,
                     guides.tenth_label.y + guides.tenth_label.height / 2, 0);
}

void
slope_rate_marks_install (SlopeRateMarks *self, SlopeFigure *figure)
{
  figure->layer[SLOPE_LAYER_SELECTION] = draw_selection;
  figure->layer[SLOPE_LAYER_GUIDES] = draw_tenth_line;
  figure->layer[SLOPE_LAYER_PICKS] = draw_picks;
  figure->layer[SLOPE_LAYER_LABELS] = draw_labels;
  figure->layer_data = self;
}
