/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli.h"
#include <math.h>

static struct
{
  gboolean json;
  gboolean both;
  gint stage, repeat;
} find_opt = { .stage = 1, .repeat = 1 };

static const GOptionEntry find_options[] = {
  { "for-stage", 0, 0, G_OPTION_ARG_INT, &find_opt.stage, N_ ("Freeze as stage N does, from 1"),
    N_ ("N") },
  { "both", 0, 0, G_OPTION_ARG_NONE, &find_opt.both,
    N_ ("With the body frozen, then with nothing frozen"), NULL },
  { "repeat", 0, 0, G_OPTION_ARG_INT, &find_opt.repeat,
    N_ ("As often with other seeds: how far do the "
        "suggestions spread?"),
    N_ ("N") },
  { "json", 0, 0, G_OPTION_ARG_NONE, &find_opt.json, N_ ("One JSON object a line"), NULL },
  { NULL }
};

static void
watch_point (SlProject *project, const SlSweepPoint *point, gpointer data)
{
  guint *n = data;
  g_autofree char *rate = cli_format_rate (point->lr);

  (*n)++;
  if (!cli_stop_if_interrupted (project))
    cli_progress (_ ("batch %u  rate %s  loss %.4f"), *n, rate, point->smooth);
}

static const SlSweepPoint *
sweep_point (const SlSweepResult *sweep, gint i)
{
  return i >= 0 ? &g_array_index (sweep->points, SlSweepPoint, i) : NULL;
}

/* What the rules read off the curve, for @stage of @recipe. */
static guint
read_guides (const SlSweepResult *sweep, const SlRecipe *recipe, guint stage, SlGuide *guides)
{
  return sl_sweep_guides ((const SlSweepPoint *)(gpointer)sweep->points->data, sweep->points->len,
                          recipe->stages[stage].freeze_to == 0,
                          sl_recipe_frozen_rate (recipe, stage), guides);
}

static void
print_guides_json (JsonBuilder *builder, const SlSweepResult *sweep, const SlRecipe *recipe,
                   guint stage)
{
  SlGuide guides[SL_N_GUIDES];
  guint n = read_guides (sweep, recipe, stage, guides);

  json_builder_set_member_name (builder, "guides");
  json_builder_begin_array (builder);
  for (guint i = 0; i < n; i++)
    {
      json_builder_begin_object (builder);
      cli_json_string (builder, "guide", sl_guide_name (guides[i].kind));
      cli_json_double (builder, "low", guides[i].low);
      cli_json_double (builder, "high", guides[i].high);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
print_sweep_json (const SlSweepResult *sweep, const SlRecipe *recipe, guint stage)
{
  const SlSweepPoint *steepest = sweep_point (sweep, sweep->steepest);
  const SlSweepPoint *minimum = sweep_point (sweep, sweep->minimum);
  JsonBuilder *builder;

  for (guint i = 0; i < sweep->points->len; i++)
    {
      const SlSweepPoint *point = sweep_point (sweep, (gint)i);

      builder = cli_json_begin ();
      cli_json_string (builder, "event", "point");
      cli_json_double (builder, "lr", point->lr);
      cli_json_double (builder, "loss", point->loss);
      cli_json_double (builder, "smooth", point->smooth);
      cli_json_end (builder);
    }
  builder = cli_json_begin ();
  cli_json_string (builder, "event", "done");
  cli_json_double (builder, "steepest", steepest != NULL ? steepest->lr : NAN);
  cli_json_double (builder, "minimum_tenth", minimum != NULL ? minimum->lr / 10 : NAN);
  cli_json_int (builder, "seed", (gint64)recipe->seed);
  cli_json_int (builder, "freeze_to", recipe->stages[stage].freeze_to);
  print_guides_json (builder, sweep, recipe, stage);
  cli_json_end (builder);
}

/* The curve as bars: a line for every fourth point. */
static void
print_sweep (const SlSweepResult *sweep, const SlRecipe *recipe, guint stage)
{
  SlGuide guides[SL_N_GUIDES];
  guint n = read_guides (sweep, recipe, stage, guides);
  const int width = 48;
  float most = 0;

  for (guint i = 0; i < sweep->points->len; i++)
    most = MAX (most, sweep_point (sweep, (gint)i)->smooth);
  g_print ("%8s  %8s\n", _ ("rate"), _ ("loss"));
  for (guint i = 0; i < sweep->points->len; i += 4)
    {
      const SlSweepPoint *point = sweep_point (sweep, (gint)i);
      int bar = most > 0 ? (int)lroundf (point->smooth / most * width) : 0;

      g_autofree char *rate = cli_format_rate (point->lr);

      g_print ("%8s  %8.4f  %.*s\n", rate, point->smooth, MAX (bar, 0),
               "################################################");
    }
  if (n == 0)
    g_print ("%s\n", _ ("The curve has no slope to speak of: look at it, or try more data, "
                        "another network or a larger batch"));
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *rate = sl_rate_to_string (guides[i].low, guides[i].high);

      g_print ("%s: %s\n    %s\n", gettext (sl_guide_label (guides[i].kind)), rate,
               gettext (sl_guide_reason (guides[i].kind)));
    }
}

/* How far the suggestions of several seeds lie apart. */
static void
print_spread (const SlSweepSpread *spread)
{
  g_autofree char *low = NULL, *middle = NULL, *high = NULL;
  JsonBuilder *builder;

  if (find_opt.json)
    {
      builder = cli_json_begin ();
      cli_json_string (builder, "event", "spread");
      cli_json_int (builder, "sweeps", spread->n);
      cli_json_int (builder, "with_slope", spread->n_steepest);
      cli_json_double (builder, "steepest_low", spread->steepest_low);
      cli_json_double (builder, "steepest", spread->steepest);
      cli_json_double (builder, "steepest_high", spread->steepest_high);
      cli_json_end (builder);
      return;
    }
  if (spread->n_steepest == 0)
    return; /* each sweep has said so */
  low = cli_format_rate (spread->steepest_low);
  middle = cli_format_rate (spread->steepest);
  high = cli_format_rate (spread->steepest_high);
  g_print (_ ("Steepest points of %u of %u sweeps: %s to %s, in the middle %s\n"),
           spread->n_steepest, spread->n, low, high, middle);
}

/* One state of the network, as often as asked for, each time with the next seed. */
static gboolean
find_repeatedly (SlProject *project, SlRecipe *recipe, guint stage, GError **error)
{
  guint n = (guint)find_opt.repeat, n_points = 0;
  g_autofree SlSweepResult *sweeps = g_new0 (SlSweepResult, n);
  const guint64 seed = recipe->seed;
  SlJobWatch watch = { .point = watch_point, .data = &n_points };
  SlSweepSpread spread;
  gboolean fine = TRUE;

  for (guint i = 0; i < n && fine; i++)
    {
      recipe->seed = seed + i;
      n_points = 0;
      fine = sl_project_lr_find (project, recipe, stage, cli_recipe_choose_from (project, recipe),
                                 &watch, &sweeps[i], NULL, error);
      cli_progress_clear ();
      if (fine && find_opt.json)
        print_sweep_json (&sweeps[i], recipe, stage);
      else if (fine)
        print_sweep (&sweeps[i], recipe, stage);
    }
  recipe->seed = seed;
  if (fine && n > 1)
    {
      sl_sweep_spread (sweeps, n, &spread);
      print_spread (&spread);
    }
  for (guint i = 0; i < n; i++)
    sl_sweep_result_clear (&sweeps[i]);
  return fine;
}

/* Frozen first, as one would train. */
static gboolean
find_both (SlProject *project, SlRecipe *recipe, guint stage, GError **error)
{
  SlStage *own = &recipe->stages[stage];

  own->freeze_to = sl_recipe_n_groups (recipe) - 1;
  if (!find_opt.json)
    g_print ("%s\n", _ ("With the body frozen:"));
  if (!find_repeatedly (project, recipe, stage, error))
    return FALSE;
  own->freeze_to = 0;
  if (!find_opt.json)
    g_print ("\n%s\n", _ ("With nothing frozen:"));
  return find_repeatedly (project, recipe, stage, error);
}

static int
run_lr_find (char **args)
{
  g_autoptr (SlProject) project = NULL;
  g_autoptr (SlRecipe) recipe = NULL;
  GError *error = NULL;
  guint stage;
  int code;

  project = sl_project_open (args[0], &error);
  if (project == NULL)
    return cli_fail (error);
  recipe = cli_recipe_from_options (cli_verb_lr_find.name, project, &code);
  if (recipe == NULL)
    return code;
  if (find_opt.stage < 1 || find_opt.stage > (gint)recipe->n_stages)
    return cli_usage (cli_verb_lr_find.name, _ ("There is no stage %d"), find_opt.stage);
  if (find_opt.repeat < 1 || find_opt.repeat > 8)
    return cli_usage (cli_verb_lr_find.name, _ ("%d repetitions: from 1 to 8 are possible"),
                      find_opt.repeat);
  stage = (guint)find_opt.stage - 1;
  if (!cli_recipe_check_words (project, recipe, &error))
    return cli_fail (error);
  if (!find_opt.json)
    cli_recipe_print_suggested (recipe, FALSE);
  if (!cli_fetch_pretrained (recipe, &error))
    return cli_fail (error);
  cli_catch_interrupts ();
  if (find_opt.both ? find_both (project, recipe, stage, &error)
                    : find_repeatedly (project, recipe, stage, &error))
    return CLI_DONE;
  return cli_fail (error);
}

const CliVerb cli_verb_lr_find = {
  "lr-find", N_ ("PROJECT"), N_ ("Try learning rates and suggest one"), find_options, TRUE, 1,
  1,         run_lr_find,
};
