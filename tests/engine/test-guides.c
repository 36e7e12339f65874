/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/recorder.h"
#include <slope/guides.h>
#include <slope/random.h>
#include <math.h>

#define N 100

/* As the finder does it, which stops at four times the lowest loss.  Returns how many points it took. */
static gsize
fill (SlSweepPoint *points, double (*curve) (int i), double noise, guint64 seed)
{
  SlSmoother smoother = { 0 };
  SlRandom random;
  double best = INFINITY;

  sl_random_init (&random, sl_random_key (seed, SL_PURPOSE_TEST, 2, 0));
  for (int i = 0; i < N; i++)
    {
      double loss = curve (i) + noise * sl_random_normal (&random);

      points[i] = (SlSweepPoint){ .lr = 1e-7 * pow (1e8, i / 100.0),
                                  .loss = (float)loss,
                                  .smooth = (float)sl_smoother_add (&smoother, loss) };
      best = MIN (best, points[i].smooth);
      if (points[i].smooth > 4 * best)
        return (gsize)i + 1;
    }
  return N;
}

/* ---- The bank.  Index 50 is a rate of 1e-3, 25 one of 1e-5, 75 one of 1e-1. */

static double
typical (int i)
{
  return 2.3 - 1.6 * CLAMP ((i - 45) / 30.0, 0, 1) + (i > 85 ? 0.1 * (i - 85) * (i - 85) : 0);
}

static double
thawed (int i) /* falls early and a little, shoots up at 1e-3 */
{
  return 0.6 - 0.3 * CLAMP ((i - 30) / 15.0, 0, 1) + (i > 50 ? 0.02 * (i - 50) * (i - 50) : 0);
}

static double
only_explodes (int i)
{
  return 0.5 + (i > 70 ? 0.05 * (i - 70) * (i - 70) : 0);
}

static double
flat (int i)
{
  return 1.1;
}

static double
rising (int i)
{
  return 1 + 0.02 * i;
}

static double
falling (int i)
{
  return 2.3 - 0.015 * i;
}

/* Kinds as they are expected, SL_N_GUIDES at the end. */
static const struct
{
  const char *name;
  double (*curve) (int i);
  gboolean thawed;
  double frozen_rate;
  SlGuideKind kinds[5];
} bank[] = {
  { "typical, frozen",
    typical,
    FALSE,
    0,
    { SL_GUIDE_STEEPEST, SL_GUIDE_SHOOT_UP, SL_GUIDE_MINIMUM, SL_N_GUIDES } },
  { "typical, from scratch",
    typical,
    TRUE,
    0,
    { SL_GUIDE_SLICE, SL_GUIDE_STEEPEST, SL_GUIDE_SHOOT_UP, SL_GUIDE_MINIMUM, SL_N_GUIDES } },
  { "only explodes, thawed",
    only_explodes,
    TRUE,
    1e-2,
    { SL_GUIDE_SLICE_TENTH, SL_GUIDE_SLICE_FIFTH, SL_GUIDE_SHOOT_UP, SL_N_GUIDES } },
  { "only explodes, from scratch", only_explodes, TRUE, 0, { SL_GUIDE_SHOOT_UP, SL_N_GUIDES } },
  { "falls to the end", falling, FALSE, 0, { SL_GUIDE_STEEPEST, SL_GUIDE_MINIMUM, SL_N_GUIDES } },
  { "flat", flat, TRUE, 1e-2, { SL_N_GUIDES } },
  { "only rises", rising, TRUE, 1e-2, { SL_N_GUIDES } },
};

static void
test_bank (void)
{
  for (guint b = 0; b < G_N_ELEMENTS (bank); b++)
    for (guint64 seed = 0; seed < 20; seed++)
      {
        SlSweepPoint points[N];
        gsize n_points = fill (points, bank[b].curve, seed % 2 == 0 ? 0 : 0.02, seed);
        SlGuide guides[SL_N_GUIDES];
        guint n, expected = 0;

        n = sl_sweep_guides (points, n_points, bank[b].thawed, bank[b].frozen_rate, guides);
        while (bank[b].kinds[expected] != SL_N_GUIDES)
          expected++;
        g_test_message ("%s, draw %d: %u", bank[b].name, (int)seed, n);
        g_assert_cmpuint (n, ==, expected);
        for (guint i = 0; i < n; i++)
          {
            g_test_message ("  %s %g to %g", sl_guide_name (guides[i].kind), guides[i].low,
                            guides[i].high);
            g_assert_cmpint (guides[i].kind, ==, bank[b].kinds[i]);
            g_assert_cmpfloat (guides[i].low, >, 0);
            g_assert_cmpfloat (guides[i].low, <=, guides[i].high);
            g_assert_cmpint (guides[i].at, >=, 10);
            g_assert_cmpint (guides[i].at, <, N);
          }
      }
}

static const SlGuide *
find (const SlGuide *guides, guint n, SlGuideKind kind)
{
  for (guint i = 0; i < n; i++)
    if (guides[i].kind == kind)
      return &guides[i];
  g_assert_not_reached ();
}

/* The notes' own example: frozen at 3e-3, thawed a slice of 3e-5 to 3e-4. */
static void
test_thawed (void)
{
  SlSweepPoint points[N];
  SlGuide guides[SL_N_GUIDES];
  gsize n_points = fill (points, thawed, 0, 0);
  guint n = sl_sweep_guides (points, n_points, TRUE, 3e-3, guides);

  g_assert_cmpfloat (find (guides, n, SL_GUIDE_SLICE_TENTH)->high, ==, 3e-4);
  g_assert_cmpfloat (find (guides, n, SL_GUIDE_SLICE_FIFTH)->high, ==, 6e-4);
  /* The fall begins at index 30, a rate of 2.5e-5, and is at its steepest past it. */
  g_assert_cmpfloat (find (guides, n, SL_GUIDE_SLICE_TENTH)->low, >=, 2.5e-5);
  g_assert_cmpfloat (find (guides, n, SL_GUIDE_SLICE_TENTH)->low, <=, 1e-4);
  g_assert_cmpfloat (find (guides, n, SL_GUIDE_SHOOT_UP)->high, >=, 1e-4);
  g_assert_cmpfloat (find (guides, n, SL_GUIDE_SHOOT_UP)->high, <=, 1e-3);
}

/* Slices stay between a factor 3 and 100 wide, whatever the frozen rate. */
static void
test_width (void)
{
  SlSweepPoint points[N];
  gsize n_points = fill (points, thawed, 0, 0);

  for (double frozen = 1e-6; frozen < 100; frozen *= 10)
    {
      SlGuide guides[SL_N_GUIDES];
      guint n = sl_sweep_guides (points, n_points, TRUE, frozen, guides);
      const SlGuide *slice = find (guides, n, SL_GUIDE_SLICE_TENTH);

      g_assert_cmpfloat (slice->high / slice->low, >=, 2.7);
      g_assert_cmpfloat (slice->high / slice->low, <=, 105);
    }
}

static void
test_shoot_up (void)
{
  SlSweepPoint points[N];
  gsize n_points = fill (points, only_explodes, 0, 0);

  g_assert_cmpint (sl_sweep_shoot_up (points, n_points), >=, 71);
  g_assert_cmpint (sl_sweep_shoot_up (points, n_points), <=, 85);
  for (gsize n = 0; n < 72; n++)
    g_assert_cmpint (sl_sweep_shoot_up (points, n), ==, -1);
}

/* Noise alone is never read as anything, or next to never. */
static void
test_noise (void)
{
  int fooled = 0;

  for (guint64 seed = 0; seed < 200; seed++)
    {
      SlSweepPoint points[N];
      SlGuide guides[SL_N_GUIDES];
      gsize n_points = fill (points, flat, 0.2, seed);

      fooled += sl_sweep_guides (points, n_points, TRUE, 1e-2, guides) > 0;
    }
  g_test_message ("%d of 200", fooled);
  g_assert_cmpint (fooled, <=, 6);
}

static void
test_frozen_rate (void)
{
  g_autoptr (SlRecipe) recipe = sl_recipe_new ();

  recipe->n_stages = 3;
  recipe->stages[1] = recipe->stages[2] = recipe->stages[0];
  recipe->stages[0].freeze_to = 2;
  recipe->stages[0].lr_high = 7e-3;
  recipe->stages[2].freeze_to = 0;
  g_assert_cmpfloat (sl_recipe_frozen_rate (recipe, 0), ==, 0);
  g_assert_cmpfloat (sl_recipe_frozen_rate (recipe, 1), ==, 7e-3);
  g_assert_cmpfloat (sl_recipe_frozen_rate (recipe, 2), ==, 7e-3);
  recipe->stages[0].freeze_to = 0;
  g_assert_cmpfloat (sl_recipe_frozen_rate (recipe, 2), ==, 0);
}

static void
test_agrees (void)
{
  SlSweepSpread spread = { .n = 3, .n_steepest = 3, .steepest_low = 1e-3, .steepest_high = 2e-3 };

  g_assert_true (sl_sweep_spread_agrees (&spread));
  spread.steepest_high = 4e-3;
  g_assert_false (sl_sweep_spread_agrees (&spread));
  spread.steepest_high = 2e-3;
  spread.n_steepest = 2; /* one has no slope at all */
  g_assert_false (sl_sweep_spread_agrees (&spread));
  spread = (SlSweepSpread){ .steepest_low = NAN, .steepest_high = NAN };
  g_assert_false (sl_sweep_spread_agrees (&spread));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/guides/bank", test_bank);
  g_test_add_func ("/guides/thawed", test_thawed);
  g_test_add_func ("/guides/width", test_width);
  g_test_add_func ("/guides/shoot-up", test_shoot_up);
  g_test_add_func ("/guides/noise", test_noise);
  g_test_add_func ("/guides/frozen-rate", test_frozen_rate);
  g_test_add_func ("/guides/agrees", test_agrees);
  return g_test_run ();
}
