/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/recorder.h"
#include <slope/random.h>
#include <slope/train.h>
#include <math.h>

#define N 100

/* A sweep whose batch losses are given; rates and smoothing as the finder makes them. */
static void
fill (SlSweepPoint *points, const double *losses, gsize n)
{
  SlSmoother smoother = { 0 };

  for (gsize i = 0; i < n; i++)
    points[i] = (SlSweepPoint){ .lr = 1e-7 * pow (1e8, i / 100.0),
                                .loss = (float)losses[i],
                                .smooth = (float)sl_smoother_add (&smoother, losses[i]) };
}

/* The shape that everyone hopes for: flat, falling between 45 and 75, exploding after 85. */
static void
typical (double *losses, double noise, guint64 seed)
{
  SlRandom random;

  sl_random_init (&random, sl_random_key (seed, SL_PURPOSE_TEST, 0, 0));
  for (int i = 0; i < N; i++)
    {
      double fall = CLAMP ((i - 45) / 30.0, 0, 1);

      losses[i] = 2.3 - 1.6 * fall + (i > 85 ? 0.1 * (i - 85) * (i - 85) : 0)
                  + noise * sl_random_normal (&random);
    }
}

static void
test_typical (void)
{
  for (guint64 seed = 0; seed < 50; seed++)
    {
      SlSweepPoint points[N];
      double losses[N];
      gint steepest, minimum;

      typical (losses, 0.1, seed);
      fill (points, losses, N);
      sl_sweep_suggest (points, N, &steepest, &minimum);
      g_test_message ("seed %d: steepest %d, minimum %d", (int)seed, steepest, minimum);
      g_assert_cmpint (steepest, >=, 45);
      g_assert_cmpint (steepest, <, minimum);
      g_assert_cmpint (minimum, >=, 75);
      g_assert_cmpint (minimum, <, N - 5);
    }
}

/* Batches as different as those of a small set: the far left, where the smoothed loss jumps most, is (nearly)
 * never taken for the fall. */
static void
test_noisy (void)
{
  int fooled = 0;

  for (guint64 seed = 0; seed < 200; seed++)
    {
      SlSweepPoint points[N];
      double losses[N];
      gint steepest, minimum;

      typical (losses, 0.5, seed);
      fill (points, losses, N);
      sl_sweep_suggest (points, N, &steepest, &minimum);
      fooled += steepest < 45;
    }
  g_test_message ("%d of 200", fooled);
  g_assert_cmpint (fooled, <=, 4);
}

/* Without noise the answer is the course's: the most negative difference of the smoothed loss. */
static void
test_as_the_course (void)
{
  SlSweepPoint points[N];
  double losses[N], best = 0;
  gint steepest, minimum, expected = -1;

  typical (losses, 0, 0);
  fill (points, losses, N);
  for (gint i = 10; i < N - 5; i++)
    {
      double slope = (points[i + 1].smooth - points[i - 1].smooth) / 2.0;

      if (slope < best)
        {
          best = slope;
          expected = i;
        }
    }
  sl_sweep_suggest (points, N, &steepest, &minimum);
  g_assert_cmpint (steepest, ==, expected);
}

/* One bad batch early makes the smoothed loss fall for a long time after it. */
static void
test_early_spike (void)
{
  for (int at = 0; at < 20; at++)
    {
      SlSweepPoint points[N];
      double losses[N];
      gint steepest, minimum;

      typical (losses, 0.05, (guint64)at);
      losses[at] += 12;
      fill (points, losses, N);
      sl_sweep_suggest (points, N, &steepest, &minimum);
      g_test_message ("spike at %d: steepest %d", at, steepest);
      g_assert_cmpint (steepest, >=, 45);
    }
}

static void
assert_silent (const double *losses, gsize n)
{
  SlSweepPoint points[N];
  gint steepest = 7, minimum = 7;

  fill (points, losses, n);
  sl_sweep_suggest (points, n, &steepest, &minimum);
  g_assert_cmpint (steepest, ==, -1);
  g_assert_cmpint (minimum, ==, -1);
}

static void
test_no_slope (void)
{
  double losses[N];

  for (int i = 0; i < N; i++)
    losses[i] = 1.1;
  assert_silent (losses, N);
  for (int i = 0; i < N; i++)
    losses[i] = 1 + 0.02 * i; /* nothing but a rise */
  assert_silent (losses, N);
}

/* Noise alone must (nearly) never be read as a slope. */
static void
test_noise_only (void)
{
  int fooled = 0;

  for (guint64 seed = 0; seed < 200; seed++)
    {
      SlSweepPoint points[N];
      double losses[N];
      SlRandom random;
      gint steepest, minimum;

      sl_random_init (&random, sl_random_key (seed, SL_PURPOSE_TEST, 1, 0));
      for (int i = 0; i < N; i++)
        losses[i] = 1.1 + 0.2 * sl_random_normal (&random);
      fill (points, losses, N);
      sl_sweep_suggest (points, N, &steepest, &minimum);
      fooled += steepest >= 0;
    }
  g_test_message ("%d of 200", fooled);
  g_assert_cmpint (fooled, <=, 6);
}

/* ---- A bank of curves: where one may read a rate off, and where not. */

typedef double (*Curve) (int i);

static double
flat (int i)
{
  return 2.3;
}

static double
falling (int i)
{
  return 2.3 - 0.015 * i;
}

static double
rising (int i)
{
  return 1 + 0.02 * i;
}

/* It was high to begin with, and only explodes. */
static double
only_explodes (int i)
{
  return i > 80 ? 2.3 + 0.2 * (i - 80) : 2.3;
}

static double
late_fall (int i)
{
  return i < 70 ? 2.3 : MAX (2.3 - 0.12 * (i - 70), 0.6);
}

static double
early_spikes (int i)
{
  return (i == 3 || i == 12 || i == 17 ? 9 : 2.3) - 1.5 * CLAMP ((i - 50) / 25.0, 0, 1);
}

static void
test_bank (void)
{
  static const struct
  {
    const char *name;
    Curve curve;
    gboolean has_slope;
    gint from; /* the steepest point lies no earlier */
  } bank[] = {
    { "flat", flat, FALSE, 0 },           { "falling", falling, TRUE, 10 },
    { "rising", rising, FALSE, 0 },       { "only explodes", only_explodes, FALSE, 0 },
    { "late fall", late_fall, TRUE, 70 }, { "early spikes", early_spikes, TRUE, 45 },
  };
  const double noises[] = { 0, 0.02, 0.1 };

  for (guint b = 0; b < G_N_ELEMENTS (bank); b++)
    for (guint64 draw = 0; draw < 30; draw++)
      {
        SlSweepPoint points[N];
        double losses[N];
        gint steepest, minimum;
        SlRandom random;

        sl_random_init (&random, sl_random_key (draw, SL_PURPOSE_TEST, b, 1));
        for (int i = 0; i < N; i++)
          losses[i] = bank[b].curve (i) + noises[draw % 3] * sl_random_normal (&random);
        fill (points, losses, N);
        sl_sweep_suggest (points, N, &steepest, &minimum);
        g_test_message ("%s, noise %g: %d", bank[b].name, noises[draw % 3], steepest);
        g_assert_cmpint (steepest >= 0, ==, bank[b].has_slope);
        g_assert_cmpint (minimum >= 0, ==, bank[b].has_slope);
        if (bank[b].has_slope)
          g_assert_cmpint (steepest, >=, bank[b].from);
      }
}

static void
test_spread (void)
{
  SlSweepPoint points[3] = { { .lr = 1e-4 }, { .lr = 1e-3 }, { .lr = 1e-2 } };
  SlSweepResult sweeps[3];
  SlSweepSpread spread;

  for (guint i = 0; i < 3; i++)
    {
      sweeps[i].points = g_array_new (FALSE, FALSE, sizeof (SlSweepPoint));
      g_array_append_vals (sweeps[i].points, points, 3);
      sweeps[i].steepest = i == 1 ? -1 : (gint)i;
    }
  sl_sweep_spread (sweeps, 3, &spread);
  g_assert_cmpuint (spread.n, ==, 3);
  g_assert_cmpuint (spread.n_steepest, ==, 2);
  g_assert_cmpfloat (spread.steepest_low, ==, 1e-4);
  g_assert_cmpfloat (spread.steepest_high, ==, 1e-2);
  g_assert_cmpfloat_with_epsilon (spread.steepest, 1e-3, 1e-9);
  sl_sweep_spread (sweeps + 1, 1, &spread);
  g_assert_cmpuint (spread.n_steepest, ==, 0);
  g_assert_true (isnan (spread.steepest));
  for (guint i = 0; i < 3; i++)
    sl_sweep_result_clear (&sweeps[i]);
}

static void
test_short (void)
{
  double losses[N];

  typical (losses, 0, 0);
  for (gsize n = 0; n < 18; n++)
    assert_silent (losses + 40, n);
}

/* A first batch that loses next to nothing does not end a sweep. */
/* At which of @n losses a sweep ends; @n: it does not. */
static guint
explodes_at (const double *losses, guint n)
{
  SlExplosion explosion = { 0 };
  SlSmoother smoother = { 0 };

  for (guint i = 0; i < n; i++)
    if (sl_explosion_add (&explosion, losses[i], sl_smoother_add (&smoother, losses[i])))
      return i;
  return n;
}

/* The fifth batch in a row that loses four times the best, if so does the smoothed loss. */
static void
test_explosion (void)
{
  double losses[N];

  for (guint i = 0; i < N; i++)
    losses[i] = i < 60 ? 1 : 100;
  g_assert_cmpuint (explodes_at (losses, N), ==, 64);
  losses[63] = 3.9; /* one that loses less: it begins again */
  g_assert_cmpuint (explodes_at (losses, N), ==, 68);
  for (guint i = 0; i < N; i++)
    losses[i] = i < 60 ? 1 : 3.9; /* of 1: not enough, however often */
  g_assert_cmpuint (explodes_at (losses, N), ==, N);
  for (guint i = 0; i < N; i++)
    losses[i] = i < 60 ? 1 - i / 60. : 3; /* but of less than a half */
  g_assert_cmpuint (explodes_at (losses, N), <, N);
}

/* A network that is good already: nearly nothing, and a bad batch now and then, whenever it comes. */
static void
test_explosion_bad_batch (void)
{
  double losses[N];

  for (guint at = 0; at < N; at++)
    {
      for (guint i = 0; i < N; i++)
        losses[i] = i == at || i == at + 3 ? 4 : i == at + 1 ? 2 : 0.002;
      g_assert_cmpuint (explodes_at (losses, N), ==, N);
      for (guint i = 80; i < N; i++)
        losses[i] = 50;
      g_assert_cmpuint (explodes_at (losses, N), <=, 84);
    }
}

static void
test_smoother (void)
{
  SlSmoother smoother = { 0 };

  g_assert_true (isnan (sl_smoother_get (&smoother)));
  g_assert_cmpfloat_with_epsilon (sl_smoother_add (&smoother, 3), 3, 1e-12); /* no bias to 0 */
  /* (0.98·0.02·3 + 0.02·1) / (1 − 0.98²) */
  g_assert_cmpfloat_with_epsilon (sl_smoother_add (&smoother, 1), 0.0788 / 0.0396, 1e-12);
  for (int i = 0; i < 2000; i++)
    sl_smoother_add (&smoother, 0.25);
  g_assert_cmpfloat_with_epsilon (sl_smoother_get (&smoother), 0.25, 1e-12);
}

static void
test_clock (void)
{
  SlClock clock = { 0 };

  g_assert_cmpfloat (sl_clock_left (&clock, 10, 1, 3), ==, 0);
  sl_clock_add_step (&clock, 0.6);
  g_assert_cmpfloat_with_epsilon (sl_clock_left (&clock, 10, 2, 3), 6 + 2 * 0.6, 1e-9);
  clock.valid_seconds = 5;
  g_assert_cmpfloat_with_epsilon (sl_clock_left (&clock, 10, 2, 3), 16, 1e-9);
  sl_clock_add_step (&clock, 1.6);
  g_assert_cmpfloat_with_epsilon (sl_clock_left (&clock, 10, 0, 3), 7, 1e-9);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/train/suggest/typical", test_typical);
  g_test_add_func ("/train/suggest/noisy", test_noisy);
  g_test_add_func ("/train/suggest/as-the-course", test_as_the_course);
  g_test_add_func ("/train/suggest/early-spike", test_early_spike);
  g_test_add_func ("/train/suggest/no-slope", test_no_slope);
  g_test_add_func ("/train/suggest/noise-only", test_noise_only);
  g_test_add_func ("/train/suggest/bank", test_bank);
  g_test_add_func ("/train/suggest/spread", test_spread);
  g_test_add_func ("/train/suggest/short", test_short);
  g_test_add_func ("/train/recorder/smoother", test_smoother);
  g_test_add_func ("/train/recorder/explosion", test_explosion);
  g_test_add_func ("/train/recorder/explosion/bad-batch", test_explosion_bad_batch);
  g_test_add_func ("/train/recorder/clock", test_clock);
  return g_test_run ();
}
