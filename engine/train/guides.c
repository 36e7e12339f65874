/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The course's notes on reading a sweep, as rules. */
#include <slope/guides.h>
#include <math.h>

#define N_(text) (text) /* translated by the window and the command line */

#define SKIP_START 10    /* as sl_sweep_suggest() */
#define RISE_SHARE 0.1   /* over the lowest loss, as a share of it or of the fall: it shoots up */
#define RISE_NOISE 2.0   /* the same in standard deviations of a smoothed loss */
#define BEGINS 0.05      /* share of the way down at which the fall begins */
#define TO_THE_RIGHT 1.5 /* "a little": a quarter of what a factor of ten is on the axis, or less */
#define NARROWEST 3.0    /* slices are at least so wide … */
#define WIDEST 100.0     /* … and at most */
#define AGREES 3.0

static double
two_figures (double rate)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  return g_ascii_strtod (g_ascii_formatd (text, sizeof text, "%.1e", rate), NULL);
}

static gsize
lowest (const SlSweepPoint *points, gsize n)
{
  gsize at = SKIP_START;

  for (gsize i = SKIP_START; i < n; i++)
    if (points[i].smooth < points[at].smooth)
      at = i;
  return at;
}

/* Root mean square of the smoothed loss's changes from point to point, before @end. */
static double
jitter (const SlSweepPoint *points, gsize end)
{
  double sum = 0;

  for (gsize i = SKIP_START + 1; i < end; i++)
    {
      double change = (double)points[i].smooth - (double)points[i - 1].smooth;

      sum += change * change;
    }
  return end > SKIP_START + 1 ? sqrt (sum / (double)(end - SKIP_START - 1)) : 0;
}

/* A curve shoots up when it ends well above its lowest point and spends most of its way below: one
 * that rises from the beginning has no such point. */
gint
sl_sweep_shoot_up (const SlSweepPoint *points, gsize n)
{
  gsize low, at;
  double base, fall, rise;

  g_return_val_if_fail (points != NULL || n == 0, -1);
  if (n < 2 * SKIP_START)
    return -1;
  low = lowest (points, n);
  base = points[low].smooth;
  fall = (double)points[SKIP_START].smooth - base;
  rise = MAX (RISE_SHARE * MAX (fabs (base), fall), RISE_NOISE * sqrt (n) * jitter (points, low));
  if (!(points[n - 1].smooth > base + 2 * rise))
    return -1;
  for (at = n - 1; at > low && points[at - 1].smooth > base + rise; at--)
    ;
  return n - at <= (at - MIN (at, SKIP_START)) / 2 ? (gint)at : -1;
}

/* Where the fall to @steepest begins. */
static gsize
top_of_fall (const SlSweepPoint *points, gsize steepest, gsize minimum)
{
  double start = 0;
  gsize at = steepest;

  for (gsize i = SKIP_START; i <= steepest; i++)
    start = MAX (start, points[i].smooth);
  while (at > SKIP_START
         && points[at].smooth < start - BEGINS * (start - (double)points[minimum].smooth))
    at--;
  return at;
}

static void
add (SlGuide *guides, guint *n, SlGuideKind kind, double low, double high, gint at)
{
  guides[(*n)++] = (SlGuide){ kind, two_figures (low), two_figures (high), at };
}

static void
add_slices (const SlSweepPoint *points, gint steepest, gint minimum, gint shoot_up,
            double frozen_rate, SlGuide *guides, guint *n)
{
  gint at = shoot_up;
  double low;

  if (steepest < 0 && (shoot_up < 0 || frozen_rate <= 0))
    return;
  if (steepest >= 0)
    at = (gint)top_of_fall (points, (gsize)steepest, (gsize)minimum);
  low = steepest >= 0 ? TO_THE_RIGHT * points[at].lr : points[at].lr / 10;
  for (int part = 10; frozen_rate > 0 && part >= 5; part -= 5)
    {
      double high = frozen_rate / part;

      add (guides, n, part == 10 ? SL_GUIDE_SLICE_TENTH : SL_GUIDE_SLICE_FIFTH,
           CLAMP (low, high / WIDEST, high / NARROWEST), high, at);
    }
  if (frozen_rate <= 0)
    add (guides, n, SL_GUIDE_SLICE,
         CLAMP (low, points[steepest].lr / WIDEST, points[steepest].lr / NARROWEST),
         points[steepest].lr, at);
}

guint
sl_sweep_guides (const SlSweepPoint *points, gsize n, gboolean thawed, double frozen_rate,
                 SlGuide *guides)
{
  gint steepest, minimum, shoot_up;
  guint n_guides = 0;

  g_return_val_if_fail (guides != NULL, 0);
  sl_sweep_suggest (points, n, &steepest, &minimum);
  shoot_up = sl_sweep_shoot_up (points, n);
  if (thawed)
    add_slices (points, steepest, minimum, shoot_up, frozen_rate, guides, &n_guides);
  if (steepest >= 0)
    add (guides, &n_guides, SL_GUIDE_STEEPEST, points[steepest].lr, points[steepest].lr, steepest);
  if (shoot_up >= 0)
    add (guides, &n_guides, SL_GUIDE_SHOOT_UP, points[shoot_up].lr / 10, points[shoot_up].lr / 10,
         shoot_up);
  if (minimum >= 0)
    add (guides, &n_guides, SL_GUIDE_MINIMUM, points[minimum].lr / 10, points[minimum].lr / 10,
         minimum);
  return n_guides;
}

double
sl_recipe_frozen_rate (const SlRecipe *recipe, guint stage)
{
  g_return_val_if_fail (recipe != NULL && stage < recipe->n_stages, 0);
  if (recipe->stages[stage].freeze_to > 0)
    return 0;
  while (stage-- > 0)
    if (recipe->stages[stage].freeze_to > 0)
      return recipe->stages[stage].lr_high;
  return 0;
}

gboolean
sl_sweep_spread_agrees (const SlSweepSpread *spread)
{
  g_return_val_if_fail (spread != NULL, FALSE);
  return spread->n > 0 && spread->n_steepest == spread->n
         && spread->steepest_high <= AGREES * spread->steepest_low;
}

/* ---- Words */

static const struct
{
  const char *name, *label, *reason;
} kinds[SL_N_GUIDES] = {
  [SL_GUIDE_SLICE_TENTH] = { "slice-tenth", N_ ("Slice to a tenth"),
                             N_ ("From just past the top of the fall to a tenth of the frozen "
                                 "stage’s rate.") },
  [SL_GUIDE_SLICE_FIFTH] = { "slice-fifth", N_ ("Slice to a fifth"),
                             N_ ("The same to a fifth of the frozen stage’s rate: bolder.") },
  [SL_GUIDE_SLICE] = { "slice", N_ ("Slice"),
                       N_ ("From just past the top of the fall to its steepest point.") },
  [SL_GUIDE_STEEPEST] = { "steepest", N_ ("Steepest slope"),
                          N_ ("Where the loss falls fastest, the network learns most a step.") },
  [SL_GUIDE_SHOOT_UP] = { "shoot-up", N_ ("Shoot-up ÷ 10"),
                          N_ ("A tenth of the rate at which the loss shoots up: a safe "
                              "distance.") },
  [SL_GUIDE_MINIMUM] = { "minimum", N_ ("Minimum ÷ 10"),
                         N_ ("A tenth of the rate with the lowest loss, where it still falls.") },
};

const char *
sl_guide_name (SlGuideKind kind)
{
  g_return_val_if_fail ((guint)kind < SL_N_GUIDES, NULL);
  return kinds[kind].name;
}

const char *
sl_guide_label (SlGuideKind kind)
{
  g_return_val_if_fail ((guint)kind < SL_N_GUIDES, NULL);
  return kinds[kind].label;
}

const char *
sl_guide_reason (SlGuideKind kind)
{
  g_return_val_if_fail ((guint)kind < SL_N_GUIDES, NULL);
  return kinds[kind].reason;
}
