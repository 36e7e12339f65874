/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-measure.h"

#include <glib-unix.h>
#include <signal.h>
#include <time.h>

#define BEAT_MS 8

/* Microseconds throughout. */
static struct
{
  GArray *beats;  /* of gint64: how late; NULL: nothing is measured */
  GArray *busy;   /* of gint64: processor time since the beat before */
  GArray *frames; /* of gint64: what it cost */
  gint64 last_beat;
  gint64 last_busy;
  gint64 frame_begin;
  gint64 open_begin; /* 0: nothing is being opened */
  gboolean open_done;
} state;

static int
compare_times (gconstpointer a, gconstpointer b)
{
  const gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;

  return (x > y) - (x < y);
}

static double
quantile_ms (const GArray *sorted, double part)
{
  return g_array_index (sorted, gint64, (guint)(part * (sorted->len - 1))) / 1000.;
}

static void
print_times (const char *what, GArray *times)
{
  if (times->len == 0)
    return;
  g_array_sort (times, compare_times);
  g_print ("measure %s n=%u p50=%.1f p90=%.1f p99=%.1f max=%.1f ms\n", what, times->len,
           quantile_ms (times, .5), quantile_ms (times, .9), quantile_ms (times, .99),
           quantile_ms (times, 1.));
  g_array_set_size (times, 0);
}

static gint64
processor_time (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

static gboolean
beat_cb (gpointer user_data)
{
  const gint64 now = g_get_monotonic_time ();
  const gint64 late = MAX (0, now - state.last_beat - BEAT_MS * 1000);
  const gint64 busy = processor_time (), used = busy - state.last_busy;

  g_array_append_val (state.beats, late);
  g_array_append_val (state.busy, used);
  state.last_beat = now;
  state.last_busy = busy;
  return G_SOURCE_CONTINUE;
}

static gboolean
print_cb (gpointer user_data)
{
  slope_measure_print ();
  return G_SOURCE_CONTINUE;
}

void
slope_measure_start (void)
{
  if (g_strcmp0 (g_getenv ("SLOPE_MEASURE"), "1") != 0 || state.beats != NULL)
    return;
  state.beats = g_array_new (FALSE, FALSE, sizeof (gint64));
  state.frames = g_array_new (FALSE, FALSE, sizeof (gint64));
  state.busy = g_array_new (FALSE, FALSE, sizeof (gint64));
  state.last_beat = g_get_monotonic_time ();
  state.last_busy = processor_time ();
  g_timeout_add_full (G_PRIORITY_DEFAULT, BEAT_MS, beat_cb, NULL, NULL);
  g_unix_signal_add (SIGUSR2, print_cb, NULL);
}

static void
before_paint_cb (GdkFrameClock *clock)
{
  state.frame_begin = g_get_monotonic_time ();
}

static void
after_paint_cb (GdkFrameClock *clock)
{
  const gint64 now = g_get_monotonic_time (), cost = now - state.frame_begin;

  g_array_append_val (state.frames, cost);
  if (!state.open_done)
    return;
  g_print ("measure open %.0f ms\n", (now - state.open_begin) / 1000.);
  state.open_done = FALSE;
  state.open_begin = 0;
}

static void
realized_cb (GtkWidget *window)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (window);

  g_signal_connect (clock, "before-paint", G_CALLBACK (before_paint_cb), NULL);
  g_signal_connect (clock, "after-paint", G_CALLBACK (after_paint_cb), NULL);
}

void
slope_measure_window (GtkWidget *window)
{
  if (state.beats != NULL)
    g_signal_connect (window, "realize", G_CALLBACK (realized_cb), NULL);
}

void
slope_measure_open_begin (void)
{
  if (state.beats != NULL)
    state.open_begin = g_get_monotonic_time ();
}

void
slope_measure_open_done (GtkWidget *window)
{
  if (state.open_begin == 0)
    return;
  state.open_done = TRUE;
  gtk_widget_queue_draw (window);
}

void
slope_measure_print (void)
{
  if (state.beats == NULL)
    return;
  print_times ("heartbeat", state.beats);
  print_times ("busy", state.busy);
  print_times ("frames", state.frames);
}
