/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slope-rate-plot.h"

#include "config.h"
#include "slope-colors.h"

#include <glib/gi18n.h>
#include <math.h>
#include <slope/guides.h>

#define RATE_MIN 1e-7
#define RATE_MAX 10.0
#define DRAG_THRESHOLD 4 /* pixels: less is a click */
#define GRIP_REACH 12    /* pixels to either side of an edge */
#define TOP_OVER_START 1.3

typedef enum
{
  DRAG_NONE,
  DRAG_NEW, /* a click so far; a slice once it has moved */
  DRAG_LOW,
  DRAG_HIGH
} DragKind;

struct _SlopeRatePlot
{
  SlopePlot parent_instance;
  SlopeRateMarks *marks;
  double before_low, before_high;   /* what Escape brings back; high 0: nothing */
  double clicked_low, clicked_high; /* the pick before the last press: a double click is none */
  DragKind drag;
  gboolean moved; /* the drag has passed the threshold */
  double press_x; /* pixels */
};

G_DEFINE_FINAL_TYPE (SlopeRatePlot, slope_rate_plot, SLOPE_TYPE_PLOT)

enum
{
  PICKED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

/* ---- What a screen reader is told. */

static void
describe (SlopeRatePlot *self)
{
  const SlopeRateMarks *marks = self->marks;
  SlopeFigure *figure = slope_plot_get_figure (SLOPE_PLOT (self));
  g_autofree char *rate = NULL, *text = NULL;
  double loss;
  if (marks->high <= 0)
    {
      slope_plot_set_description (SLOPE_PLOT (self), _ ("nothing picked"));
      return;
    }
  rate = slope_rate_pick_to_string (marks->low, marks->high);
  loss = marks->curve ? slope_series_at (marks->curve, &figure->x, marks->high) : NAN;
  if (isfinite (loss))
    /* Translators: a learning rate and the loss there: "picked 3e-3, loss 0.521" */
    text = g_strdup_printf (_ ("picked %s, loss %.3f"), rate, loss);
  else
    text = g_strdup_printf (_ ("picked %s"), rate);
  slope_plot_set_description (SLOPE_PLOT (self), text);
}

static void
redraw (SlopeRatePlot *self)
{
  describe (self);
  slope_plot_changed (SLOPE_PLOT (self));
}

/* ---- Picking */

void
slope_rate_plot_pick (SlopeRatePlot *self, double low, double high)
{
  SlopeRateMarks *marks = self->marks;
  g_return_if_fail (SLOPE_IS_RATE_PLOT (self));
  g_return_if_fail (low > 0 && high >= low);
  low = CLAMP (slope_rate_round (low), RATE_MIN, RATE_MAX);
  high = CLAMP (slope_rate_round (high), RATE_MIN, RATE_MAX);
  if (low == marks->low && high == marks->high)
    return;
  if (self->before_high <= 0 && marks->high > 0)
    {
      self->before_low = marks->low;
      self->before_high = marks->high;
    }
  marks->low = low;
  marks->high = high;
  redraw (self);
  g_signal_emit (self, signals[PICKED], 0, low, high);
}

gboolean
slope_rate_plot_can_take_back (SlopeRatePlot *self)
{
  g_return_val_if_fail (SLOPE_IS_RATE_PLOT (self), FALSE);
  return self->before_high > 0;
}

gboolean
slope_rate_plot_take_back (SlopeRatePlot *self)
{
  g_return_val_if_fail (SLOPE_IS_RATE_PLOT (self), FALSE);
  if (self->before_high <= 0)
    return FALSE;
  self->marks->low = self->before_low;
  self->marks->high = self->before_high;
  self->before_high = 0;
  redraw (self);
  g_signal_emit (self, signals[PICKED], 0, self->marks->low, self->marks->high);
  return TRUE;
}

static double
rate_at (SlopeRatePlot *self, double x)
{
  SlopeFigure *figure = slope_plot_get_figure (SLOPE_PLOT (self));
  SlopeRect area = slope_plot_get_area (SLOPE_PLOT (self));
  return slope_axis_value (&figure->x, CLAMP ((x - area.x) / area.width, 0, 1));
}

static gboolean
near_edge (SlopeRatePlot *self, double rate, double x)
{
  SlopeFigure *figure = slope_plot_get_figure (SLOPE_PLOT (self));
  SlopeRect area = slope_plot_get_area (SLOPE_PLOT (self));
  return fabs (slope_figure_x_px (figure, &area, rate) - x) <= GRIP_REACH;
}

void
slope_rate_plot_press (SlopeRatePlot *self, double x, double y)
{
  const SlopeRateMarks *marks = self->marks;
  g_return_if_fail (SLOPE_IS_RATE_PLOT (self));
  self->moved = FALSE;
  self->press_x = x;
  self->clicked_low = marks->low;
  self->clicked_high = marks->high;
  self->drag = DRAG_NEW;
  if (!slope_rate_marks_is_slice (marks))
    return;
  if (near_edge (self, marks->high, x))
    self->drag = DRAG_HIGH;
  else if (near_edge (self, marks->low, x))
    self->drag = DRAG_LOW;
}

void
slope_rate_plot_drag (SlopeRatePlot *self, double x, double y)
{
  double here, other;
  g_return_if_fail (SLOPE_IS_RATE_PLOT (self));
  if (self->drag == DRAG_NONE || (!self->moved && fabs (x - self->press_x) < DRAG_THRESHOLD))
    return;
  self->moved = TRUE;
  here = rate_at (self, x);
  other = self->drag == DRAG_LOW    ? self->clicked_high
          : self->drag == DRAG_HIGH ? self->clicked_low
                                    : rate_at (self, self->press_x);
  slope_rate_plot_pick (self, MIN (here, other), MAX (here, other));
}

void
slope_rate_plot_release (SlopeRatePlot *self, double x, double y)
{
  double rate = rate_at (self, x);
  gboolean click = self->drag != DRAG_NONE && !self->moved;
  g_return_if_fail (SLOPE_IS_RATE_PLOT (self));
  self->drag = DRAG_NONE;
  if (click)
    slope_rate_plot_pick (self, rate, rate);
}

static void
slope_rate_plot_double_clicked (SlopePlot *plot)
{
  SlopeRatePlot *self = SLOPE_RATE_PLOT (plot);
  self->drag = DRAG_NONE;
}

static void
slope_rate_plot_move (SlopePlot *plot, int steps, gboolean extend)
{
  SlopeRatePlot *self = SLOPE_RATE_PLOT (plot);
  double high = self->marks->high, low;
  if (high <= 0)
    {
      high = slope_rate_plot_get_steepest (self);
      slope_rate_plot_pick (self, high > 0 ? high : 1e-3, high > 0 ? high : 1e-3);
      return;
    }
  low = self->marks->low > 0 ? self->marks->low : high;
  low = slope_rate_step (low, steps);
  if (!extend)
    high = self->marks->low > 0 && self->marks->low < high ? slope_rate_step (high, steps) : low;
  if (low >= RATE_MIN && high <= RATE_MAX)
    slope_rate_plot_pick (self, MIN (low, high), high);
}

static void
slope_rate_plot_move_to_end (SlopePlot *plot, int direction)
{
  SlopeRatePlot *self = SLOPE_RATE_PLOT (plot);
  double rate = direction < 0 ? slope_rate_plot_get_steepest (self)
                              : slope_rate_plot_get_tenth (self);
  if (rate > 0)
    slope_rate_plot_pick (self, rate, rate);
}

static gboolean
slope_rate_plot_cancel (SlopePlot *plot)
{
  return slope_rate_plot_take_back (SLOPE_RATE_PLOT (plot));
}

static char *
slope_rate_plot_describe_point (SlopePlot *plot, const SlopeSeries *series, gsize index)
{
  const SlopePoint *point = &g_array_index (series->points, SlopePoint, index);
  char rate[G_ASCII_DTOSTR_BUF_SIZE];
  int exponent = (int)floor (log10 (point->x) + 1e-9);
  g_ascii_formatd (rate, sizeof rate, "%.1f", point->x / pow (10, exponent));
  /* Translators: values under the pointer: learning rate (as 2.0e-1), loss */
  return g_strdup_printf (_ ("%se%d   loss %.3f"), rate, exponent, point->y);
}

/* ---- Widget */

static void
drag_begin (SlopeRatePlot *self, double x, double y)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
  slope_rate_plot_press (self, x, y);
}

static void
drag_update (SlopeRatePlot *self, double dx, double dy, GtkGestureDrag *gesture)
{
  double x, y;
  gtk_gesture_drag_get_start_point (gesture, &x, &y);
  slope_rate_plot_drag (self, x + dx, y + dy);
}

static void
drag_end (SlopeRatePlot *self, double dx, double dy, GtkGestureDrag *gesture)
{
  double x, y;
  gtk_gesture_drag_get_start_point (gesture, &x, &y);
  slope_rate_plot_release (self, x + dx, y + dy);
}

static void
drag_cancel (SlopeRatePlot *self)
{
  self->drag = DRAG_NONE;
}

static void
motion (SlopeRatePlot *self, double x, double y)
{
  const SlopeRateMarks *marks = self->marks;
  gboolean edge = slope_rate_marks_is_slice (marks)
                  && (near_edge (self, marks->low, x) || near_edge (self, marks->high, x));
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), edge ? "ew-resize" : "crosshair");
}

static void
slope_rate_plot_finalize (GObject *object)
{
  SlopeRatePlot *self = SLOPE_RATE_PLOT (object);
  g_clear_pointer (&self->marks, slope_rate_marks_free);
  G_OBJECT_CLASS (slope_rate_plot_parent_class)->finalize (object);
}

static void
slope_rate_plot_class_init (SlopeRatePlotClass *klass)
{
  SlopePlotClass *plot_class = SLOPE_PLOT_CLASS (klass);
  G_OBJECT_CLASS (klass)->finalize = slope_rate_plot_finalize;
  plot_class->describe_point = slope_rate_plot_describe_point;
  plot_class->move = slope_rate_plot_move;
  plot_class->move_to_end = slope_rate_plot_move_to_end;
  plot_class->cancel = slope_rate_plot_cancel;
  plot_class->double_clicked = slope_rate_plot_double_clicked;
  signals[PICKED] = g_signal_new ("picked", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 2, G_TYPE_DOUBLE, G_TYPE_DOUBLE);
}

static void
slope_rate_plot_init (SlopeRatePlot *self)
{
  SlopeFigure *figure = slope_plot_get_figure (SLOPE_PLOT (self));
  GtkGesture *drag = gtk_gesture_drag_new ();
  GtkEventController *pointer = gtk_event_controller_motion_new ();

  self->marks = slope_rate_marks_new ();
  slope_rate_marks_install (self->marks, figure);
  figure->x = figure->x_limits = (SlopeAxis){ RATE_MIN, RATE_MAX, TRUE, FALSE };
  figure->margin_left = 52;
  figure->margin_right = 18;
  figure->margin_top = 52;
  slope_figure_set_titles (figure, _ ("Learning rate"), _ ("Loss"), NULL);
  g_signal_connect_swapped (drag, "drag-begin", G_CALLBACK (drag_begin), self);
  g_signal_connect_swapped (drag, "drag-update", G_CALLBACK (drag_update), self);
  g_signal_connect_swapped (drag, "drag-end", G_CALLBACK (drag_end), self);
  g_signal_connect_swapped (drag, "cancel", G_CALLBACK (drag_cancel), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  g_signal_connect_swapped (pointer, "motion", G_CALLBACK (motion), self);
  gtk_widget_add_controller (GTK_WIDGET (self), pointer);
  describe (self);
}

GtkWidget *
slope_rate_plot_new (void)
{
  return g_object_new (SLOPE_TYPE_RATE_PLOT, NULL);
}

/* ---- Curves */

/* Mean of the first smoothed losses: where the curve starts, whatever the first batch was. */
static double
curve_start (const SlopeSeries *series)
{
  double sum = 0;
  guint n = MIN (series->points->len, 5);
  for (guint i = 0; i < n; i++)
    sum += g_array_index (series->points, SlopePoint, i).y;
  return n > 0 ? sum / n : NAN;
}

static int
compare_losses (gconstpointer a, gconstpointer b)
{
  const double first = *(const double *)a, second = *(const double *)b;
  return first < second ? -1 : first > second;
}

/* What three quarters of a curve lie below: more than its start where that happened to be a good batch of a
 * network that was trained before. */
static double
curve_level (const SlopeSeries *series)
{
  g_autoptr (GArray) losses = g_array_new (FALSE, FALSE, sizeof (double));
  for (guint i = 0; i < series->points->len; i++)
    {
      const double y = g_array_index (series->points, SlopePoint, i).y;
      if (isfinite (y))
        g_array_append_val (losses, y);
    }
  if (losses->len == 0)
    return NAN;
  g_array_sort (losses, compare_losses);
  return g_array_index (losses, double, 3 * losses->len / 4);
}

/* A loss that shoots up leaves through the top; the axis ends at 1.3 × the start of any sweep, or where most
 * of one lies. */
static void
fit_y (SlopeRatePlot *self)
{
  SlopeFigure *figure = slope_plot_get_figure (SLOPE_PLOT (self));
  double top = 0, start_max = 0;
  for (guint i = 0; i < figure->series->len; i++)
    {
      const SlopeSeries *series = g_ptr_array_index (figure->series, i);
      double start = series->kind == SLOPE_SERIES_BATCHES
                         ? NAN
                         : fmax (curve_start (series), curve_level (series));
      if (!isfinite (start) || start <= 0)
        continue;
      start_max = MAX (start_max, start);
      top = MAX (top, TOP_OVER_START * start);
    }
  figure->y = (SlopeAxis){ 0, top > 0 ? top : 1, FALSE, FALSE };
  slope_axis_round_max (&figure->y, 1.1 * start_max);
}

static void
fill_series (SlopeSeries *series, const SlSweepPoint *points, gsize n, gboolean smooth)
{
  g_array_set_size (series->points, 0);
  for (gsize i = 0; i < n; i++)
    slope_series_append (series, points[i].lr, smooth ? points[i].smooth : points[i].loss);
}

void
slope_rate_plot_clear (SlopeRatePlot *self)
{
  g_return_if_fail (SLOPE_IS_RATE_PLOT (self));
  self->marks->curve = NULL;
  self->marks->steepest = self->marks->minimum = self->marks->shoot_up = -1;
  g_array_set_size (self->marks->others, 0);
  slope_figure_clear (slope_plot_get_figure (SLOPE_PLOT (self)));
  redraw (self);
}

void
slope_rate_plot_set_sweep (SlopeRatePlot *self, const char *name, const SlSweepPoint *points,
                           gsize n, gint steepest, gint minimum)
{
  SlopeFigure *figure = slope_plot_get_figure (SLOPE_PLOT (self));
  SlopeSeries *smooth, *raw;
  g_return_if_fail (SLOPE_IS_RATE_PLOT (self));
  if (self->marks->curve)
    {
      /* It grows: the two series of the current sweep are the first. */
      smooth = g_ptr_array_index (figure->series, 0);
      raw = g_ptr_array_index (figure->series, 1);
    }
  else
    {
      smooth = slope_series_new (SLOPE_SERIES_MAIN, name);
      raw = slope_series_new (SLOPE_SERIES_BATCHES, _ ("each batch"));
      g_ptr_array_insert (figure->series, 0, raw);
      g_ptr_array_insert (figure->series, 0, smooth);
      smooth->snaps = TRUE;
      self->marks->curve = smooth;
    }
  g_free (smooth->name);
  smooth->name = g_strdup (name);
  fill_series (smooth, points, n, TRUE);
  fill_series (raw, points, n, FALSE);
  self->marks->steepest = steepest;
  self->marks->minimum = minimum;
  self->marks->shoot_up = sl_sweep_shoot_up (points, n);
  fit_y (self);
  redraw (self);
}

const SlopeSeries *
slope_rate_plot_add_sweep (SlopeRatePlot *self, SlopeSeriesKind kind, const char *name,
                           const SlSweepPoint *points, gsize n)
{
  SlopeSeries *series;
  g_return_val_if_fail (SLOPE_IS_RATE_PLOT (self), NULL);
  series = slope_figure_add (slope_plot_get_figure (SLOPE_PLOT (self)), kind, name);
  fill_series (series, points, n, TRUE);
  fit_y (self);
  redraw (self);
  return series;
}

void
slope_rate_plot_set_stage (SlopeRatePlot *self, const char *name, guint n_groups, guint first_group)
{
  g_return_if_fail (SLOPE_IS_RATE_PLOT (self));
  g_free (self->marks->name);
  self->marks->name = g_strdup (name);
  self->marks->n_groups = n_groups;
  self->marks->first_group = first_group;
  redraw (self);
}

void
slope_rate_plot_clear_others (SlopeRatePlot *self)
{
  g_return_if_fail (SLOPE_IS_RATE_PLOT (self));
  g_array_set_size (self->marks->others, 0);
  redraw (self);
}

void
slope_rate_plot_add_other (SlopeRatePlot *self, const char *name, double low, double high,
                           const SlopeSeries *curve)
{
  g_return_if_fail (SLOPE_IS_RATE_PLOT (self));
  slope_rate_marks_add_other (self->marks, name, low, high, curve);
  redraw (self);
}

void
slope_rate_plot_set_pick (SlopeRatePlot *self, double low, double high)
{
  SlopeRateMarks *marks = self->marks;
  g_return_if_fail (SLOPE_IS_RATE_PLOT (self));
  if (marks->low == low && marks->high == high)
    return;
  marks->low = low;
  marks->high = high;
  self->before_high = 0;
  redraw (self);
}

void
slope_rate_plot_get_pick (SlopeRatePlot *self, double *low, double *high)
{
  g_return_if_fail (SLOPE_IS_RATE_PLOT (self));
  *low = self->marks->low;
  *high = self->marks->high;
}

void
slope_rate_plot_set_compact (SlopeRatePlot *self, gboolean compact)
{
  g_return_if_fail (SLOPE_IS_RATE_PLOT (self));
  self->marks->compact = compact;
  redraw (self);
}

/* ---- Guides */

static const SlopePoint *
guide (SlopeRatePlot *self, gssize index)
{
  const SlopeSeries *curve = self->marks->curve;
  if (!curve || index < 0 || index >= (gssize)curve->points->len)
    return NULL;
  return &g_array_index (curve->points, SlopePoint, index);
}

double
slope_rate_plot_get_steepest (SlopeRatePlot *self)
{
  const SlopePoint *point;
  g_return_val_if_fail (SLOPE_IS_RATE_PLOT (self), 0);
  point = guide (self, self->marks->steepest);
  return point ? slope_rate_round (point->x) : 0;
}

double
slope_rate_plot_get_tenth (SlopeRatePlot *self)
{
  const SlopePoint *point;
  g_return_val_if_fail (SLOPE_IS_RATE_PLOT (self), 0);
  point = guide (self, self->marks->minimum);
  return point ? slope_rate_round (point->x / 10) : 0;
}
