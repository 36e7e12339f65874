/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs whose stages have batches of their own: which epoch belongs to which stage, and how the plots
 * draw it. */
#include "plot/slope-loss-plot.h"
#include "plot/slope-schedule-plot.h"
#include "slope-run-stages.h"
#include "ui-test.h"

#include <math.h>

#define N_GROUPS 3

/* Two epochs of 3 steps, then three of 12. */
static const guint steps_of[] = { 3, 12 };

static SlRecipe *
new_recipe (void)
{
  SlRecipe *recipe = sl_recipe_new ();

  recipe->n_stages = 2;
  recipe->stages[1] = recipe->stages[0];
  recipe->stages[0].epochs = 2;
  recipe->stages[0].freeze_to = 2;
  recipe->stages[0].lr_low = recipe->stages[0].lr_high = 1e-2;
  recipe->stages[1].epochs = 3;
  recipe->stages[1].lr_low = 1e-5;
  recipe->stages[1].lr_high = 1e-3;
  return recipe;
}

static void
rate_at (const SlRecipe *recipe, guint stage, guint step, double *rate, double *momentum)
{
  SlOneCycle cycle = SL_ONE_CYCLE_INIT (recipe->stages[stage].epochs * steps_of[stage]);

  cycle.pct_start = recipe->stages[stage].pct_start;
  sl_one_cycle_at (&cycle, step, rate, momentum);
  *rate *= recipe->stages[stage].lr_high;
}

/* The first @n batches of the run, as the trainer records them. */
static SlBatchRecord *
new_batches (const SlRecipe *recipe, gsize n)
{
  SlBatchRecord *batches = g_new0 (SlBatchRecord, n);
  guint stage = 0, first_step = 0, first_epoch = 0;

  for (guint i = 0; i < n; i++)
    {
      double rate, momentum;

      if (i - first_step == recipe->stages[stage].epochs * steps_of[stage])
        {
          first_epoch += recipe->stages[stage++].epochs;
          first_step = i;
        }
      rate_at (recipe, stage, i - first_step, &rate, &momentum);
      batches[i] = (SlBatchRecord){ .step = i,
                                    .epoch = (float)(first_epoch
                                                     + (double)(i - first_step) / steps_of[stage]),
                                    .loss = 1,
                                    .smooth = 1,
                                    .lr = (float)rate,
                                    .momentum = (float)momentum };
    }
  return batches;
}

static const SlopeSeries *
find_series (SlopePlot *plot, SlopeSeriesKind kind)
{
  const SlopeFigure *figure = slope_plot_get_figure (plot);

  for (guint i = 0; i < figure->series->len; i++)
    {
      const SlopeSeries *series = g_ptr_array_index (figure->series, i);

      if (series->kind == kind)
        return series;
    }
  g_assert_not_reached ();
}

static const SlopePoint *
point_at (const SlopeSeries *series, guint i)
{
  g_assert_cmpuint (i, <, series->points->len);
  return &g_array_index (series->points, SlopePoint, i);
}

/* ---- Which epoch is of which stage */

static void
test_stages (void)
{
  g_autoptr (SlRecipe) recipe = new_recipe ();
  SlEpochRecord epochs[] = { { .epoch = 1 }, { .epoch = 2 }, { .epoch = 3, .stage = 1 } };
  SlPlanRecord plan = { .stage = 1, .batch = 4, .steps_per_epoch = 12 };
  SlopeRunStages stages;

  slope_run_stages_read (&stages, recipe, NULL, 0, NULL, FALSE);
  g_assert_cmpuint (stages.now, ==, 0);
  g_assert_cmpuint (stages.first[1], ==, 2);
  g_assert_cmpuint (stages.first[2], ==, 5);
  g_assert_cmpuint (stages.now_steps_per_epoch, ==, 0);
  /* The next epoch is the second stage's. */
  slope_run_stages_read (&stages, recipe, epochs, 2, NULL, FALSE);
  g_assert_cmpuint (stages.now, ==, 1);
  slope_run_stages_read (&stages, recipe, epochs, 3, &plan, FALSE);
  g_assert_cmpuint (stages.now, ==, 1);
  g_assert_cmpuint (stages.now_steps_per_epoch, ==, 12);
  g_assert_cmpuint (slope_run_stages_at (&stages, 1.99f), ==, 0);
  g_assert_cmpuint (slope_run_stages_at (&stages, 2.f), ==, 1);
  g_assert_cmpuint (slope_run_stages_at (&stages, 5.f), ==, 1);
}

/* Patience ends stages before their number of epochs. */
static void
test_early_end (void)
{
  g_autoptr (SlRecipe) recipe = new_recipe ();
  SlEpochRecord epochs[] = { { .epoch = 1 },
                             { .epoch = 2, .stage = 1 },
                             { .epoch = 3, .stage = 1 } };
  SlPlanRecord plan = { .stage = 1, .batch = 4, .steps_per_epoch = 12 };
  SlopeRunStages stages;

  slope_run_stages_read (&stages, recipe, epochs, 1, &plan, FALSE);
  g_assert_cmpuint (stages.now, ==, 1);
  g_assert_cmpuint (stages.first[1], ==, 1);
  g_assert_cmpuint (stages.first[2], ==, 4);
  slope_run_stages_read (&stages, recipe, epochs, 3, NULL, FALSE);
  g_assert_cmpuint (stages.first[2], ==, 4);
  slope_run_stages_read (&stages, recipe, epochs, 3, NULL, TRUE);
  g_assert_cmpuint (stages.first[1], ==, 1);
  g_assert_cmpuint (stages.first[2], ==, 3);
}

static void
test_where (void)
{
  g_autoptr (SlRecipe) recipe = new_recipe ();
  SlEpochRecord epochs[] = { { .epoch = 1 },
                             { .epoch = 2 },
                             { .epoch = 3, .stage = 1 },
                             { .epoch = 4, .stage = 1 },
                             { .epoch = 5, .stage = 1 } };
  static const char *const expected[] = {
    "stage 1 of 2 · epoch 1 of 2", "stage 1 of 2 · epoch 2 of 2", "stage 2 of 2 · epoch 1 of 3",
    "stage 2 of 2 · epoch 2 of 3", "stage 2 of 2 · epoch 3 of 3", "stage 2 of 2 · epoch 3 of 3",
  };
  SlopeRunStages stages;
  g_autofree char *single = NULL;

  for (guint n = 0; n < G_N_ELEMENTS (expected); n++)
    {
      g_autofree char *text = NULL;

      slope_run_stages_read (&stages, recipe, epochs, n, NULL, FALSE);
      text = slope_run_stages_where (&stages, n);
      g_assert_cmpstr (text, ==, expected[n]);
    }
  recipe->n_stages = 1;
  slope_run_stages_read (&stages, recipe, epochs, 1, NULL, FALSE);
  single = slope_run_stages_where (&stages, 1);
  g_assert_cmpstr (single, ==, "epoch 2 of 2");
}

/* ---- Plots */

/* Each stage's own cycle, over its own epochs, with a gap where it begins. */
static void
test_past (void)
{
  g_autoptr (SlRecipe) recipe = new_recipe ();
  GtkWidget *plot = g_object_ref_sink (slope_schedule_plot_new ());
  g_autofree SlBatchRecord *batches = new_batches (recipe, 3 * 2 + 12);
  SlEpochRecord epochs[] = { { .epoch = 1 }, { .epoch = 2 }, { .epoch = 3, .stage = 1 } };
  const SlopeSeries *rate, *group;
  SlopeRunStages stages;

  slope_run_stages_read (&stages, recipe, epochs, 3, NULL, FALSE);
  slope_schedule_plot_set_data (SLOPE_SCHEDULE_PLOT (plot), recipe, N_GROUPS, &stages, batches,
                                3 * 2 + 12, FALSE);
  rate = find_series (SLOPE_PLOT (plot), SLOPE_SERIES_MAIN);
  group = find_series (SLOPE_PLOT (plot), SLOPE_SERIES_GROUP); /* the first */
  g_assert_cmpuint (rate->points->len, ==, 6 + 1 + 12);
  g_assert_true (isnan (point_at (rate, 6)->y));
  for (guint i = 0; i < 6; i++)
    g_assert_true (isnan (point_at (group, i)->y)); /* frozen */
  for (guint i = 7; i < 6 + 1 + 12; i++)
    g_assert_cmpfloat_with_epsilon (point_at (group, i)->y, point_at (rate, i)->y / 100, 1e-9);
  g_assert_cmpfloat_with_epsilon (point_at (rate, 7)->x, 2, 1e-6);
  g_assert_cmpfloat_with_epsilon (point_at (rate, 18)->x, 2 + 11 / 12., 1e-6);
  g_object_unref (plot);
}

/* What is to come goes on from the last batch, at the rates that the trainer will take. */
static void
test_future (void)
{
  g_autoptr (SlRecipe) recipe = new_recipe ();
  GtkWidget *plot = g_object_ref_sink (slope_schedule_plot_new ());
  g_autofree SlBatchRecord *batches = new_batches (recipe, 6 + 36);
  SlEpochRecord epochs[] = { { .epoch = 1 }, { .epoch = 2 }, { .epoch = 3, .stage = 1 } };
  SlPlanRecord plan = { .stage = 1, .batch = 4, .steps_per_epoch = 12 };
  const SlopeSeries *rate, *momentum;
  const gsize n = 6 + 15;
  SlopeRunStages stages;

  slope_run_stages_read (&stages, recipe, epochs, 3, &plan, FALSE);
  slope_schedule_plot_set_data (SLOPE_SCHEDULE_PLOT (plot), recipe, N_GROUPS, &stages, batches, n,
                                TRUE);
  rate = find_series (SLOPE_PLOT (plot), SLOPE_SERIES_FUTURE);
  momentum = find_series (SLOPE_PLOT (plot), SLOPE_SERIES_FUTURE_MOMENTUM);
  g_assert_cmpuint (rate->points->len, ==, 36 - 14);
  for (guint i = 0; i < rate->points->len; i++)
    {
      const SlBatchRecord *batch = &batches[n - 1 + i];

      g_assert_cmpfloat_with_epsilon (point_at (rate, i)->x, batch->epoch, 1e-5);
      g_assert_cmpfloat_with_epsilon (point_at (rate, i)->y, batch->lr, 1e-8);
      g_assert_cmpfloat_with_epsilon (point_at (momentum, i)->y, batch->momentum, 1e-6);
    }
  g_object_unref (plot);
}

/* Before its first step a stage's cycle is drawn whole, over its epochs. */
static void
test_stage_to_come (void)
{
  g_autoptr (SlRecipe) recipe = new_recipe ();
  GtkWidget *plot = g_object_ref_sink (slope_schedule_plot_new ());
  SlPlanRecord plan = { .stage = 0, .batch = 16, .steps_per_epoch = 3 };
  const SlopeSeries *rate;
  double top = 0, top_at = 0, start, momentum;
  SlopeRunStages stages;

  slope_run_stages_read (&stages, recipe, NULL, 0, &plan, FALSE);
  slope_schedule_plot_set_data (SLOPE_SCHEDULE_PLOT (plot), recipe, N_GROUPS, &stages, NULL, 0,
                                TRUE);
  rate = find_series (SLOPE_PLOT (plot), SLOPE_SERIES_FUTURE);
  for (guint i = 0; i < 6; i++)
    {
      rate_at (recipe, 0, i, &start, &momentum);
      g_assert_cmpfloat_with_epsilon (point_at (rate, i)->y, start, 1e-9);
    }
  g_assert_true (isnan (point_at (rate, 6)->y));
  for (guint i = 7; i < rate->points->len; i++)
    {
      g_assert_cmpfloat (point_at (rate, i)->x, >=, 2);
      g_assert_cmpfloat (point_at (rate, i)->x, <, 5);
      if (point_at (rate, i)->y > top)
        {
          top = point_at (rate, i)->y;
          top_at = point_at (rate, i)->x;
        }
    }
  g_assert_cmpfloat_with_epsilon (top, 1e-3, 1e-9);
  g_assert_cmpfloat_with_epsilon (top_at, 2 + 0.3 * 3, 0.02);
  g_object_unref (plot);
}

static void
assert_spans (SlopePlot *plot, double border, double end)
{
  const SlopeFigure *figure = slope_plot_get_figure (plot);
  const SlopeSpan *spans = (const SlopeSpan *)(gpointer)figure->spans->data;

  g_assert_cmpuint (figure->spans->len, ==, 2);
  g_assert_cmpstr (spans[0].name, ==, "Stage 1");
  g_assert_cmpstr (spans[1].name, ==, "Stage 2");
  g_assert_cmpfloat (spans[0].from, ==, 0);
  g_assert_cmpfloat (spans[0].to, ==, border);
  g_assert_cmpfloat (spans[1].from, ==, border);
  g_assert_cmpfloat (spans[1].to, ==, end);
  g_assert_cmpfloat (figure->x.max, ==, end);
}

/* Both plots name the stages; one that ended early moves the border. */
static void
test_borders (void)
{
  g_autoptr (SlRecipe) recipe = new_recipe ();
  GtkWidget *loss = g_object_ref_sink (slope_loss_plot_new ());
  GtkWidget *schedule = g_object_ref_sink (slope_schedule_plot_new ());
  SlEpochRecord epochs[] = { { .epoch = 1 }, { .epoch = 2, .stage = 1 } };
  SlopeRunStages stages;

  slope_run_stages_read (&stages, recipe, NULL, 0, NULL, FALSE);
  slope_loss_plot_reset (SLOPE_LOSS_PLOT (loss), &stages);
  assert_spans (SLOPE_PLOT (loss), 2, 5);
  slope_run_stages_read (&stages, recipe, epochs, 2, NULL, FALSE);
  slope_loss_plot_set_data (SLOPE_LOSS_PLOT (loss), &stages, NULL, 0, epochs, 2);
  slope_schedule_plot_set_data (SLOPE_SCHEDULE_PLOT (schedule), recipe, N_GROUPS, &stages, NULL, 0,
                                FALSE);
  assert_spans (SLOPE_PLOT (loss), 1, 4);
  assert_spans (SLOPE_PLOT (schedule), 1, 4);
  g_object_unref (loss);
  g_object_unref (schedule);
}

/* Shown of a run whose smoothed losses are @losses, twenty an epoch, and whose validation losses are @valid. */
static double
shown_up_to (const double *losses, guint n, const double *valid, guint n_epochs)
{
  g_autoptr (SlRecipe) recipe = new_recipe ();
  g_autofree SlBatchRecord *batches = g_new0 (SlBatchRecord, n);
  SlEpochRecord epochs[4] = { 0 };
  GtkWidget *plot = g_object_ref_sink (slope_loss_plot_new ());
  SlopeRunStages stages;
  double max;

  for (guint i = 0; i < n; i++)
    batches[i] = (SlBatchRecord){
      .step = i, .epoch = (float)i / 20, .loss = (float)(3 * losses[i]), .smooth = (float)losses[i]
    };
  for (guint i = 0; i < n_epochs; i++)
    epochs[i] = (SlEpochRecord){ .epoch = i + 1, .valid_loss = valid[i] };
  slope_run_stages_read (&stages, recipe, epochs, n_epochs, NULL, FALSE);
  slope_loss_plot_reset (SLOPE_LOSS_PLOT (plot), &stages);
  slope_loss_plot_set_data (SLOPE_LOSS_PLOT (plot), &stages, batches, n, epochs, n_epochs);
  max = slope_plot_get_figure (SLOPE_PLOT (plot))->y.max;
  g_object_unref (plot);
  return max;
}

/* The curve is on the picture, also where training began with next to nothing; what exploded and is over is
 * not. */
static void
test_loss_range (void)
{
  double losses[80];
  const double valid[] = { .12, .4, .01, .004 }, exploded[] = { 1.9, 1e9, .6, .5 };

  for (guint i = 0; i < 80; i++) /* from a trained head: up from nothing, and there it stays */
    losses[i] = i < 6 ? 5e-4 : .11;
  g_assert_cmpfloat (shown_up_to (losses, 80, valid, 4), >=, .4);
  g_assert_cmpfloat (shown_up_to (losses, 80, valid, 4), <, .6);
  g_assert_cmpfloat (shown_up_to (losses, 8, valid, 0), >=, .11); /* as it goes up */
  for (guint i = 0; i < 80; i++)
    losses[i] = 2.4 - i * .02 + (i > 30 && i < 36 ? 1000 : 0);
  g_assert_cmpfloat (shown_up_to (losses, 80, exploded, 4), >=, 2.4);
  g_assert_cmpfloat (shown_up_to (losses, 80, exploded, 4), <, 4);
}

int
main (int argc, char **argv)
{
  ui_test_init (&argc, &argv);
  g_test_add_func ("/run-stages/stages", test_stages);
  g_test_add_func ("/run-stages/loss-range", test_loss_range);
  g_test_add_func ("/run-stages/early-end", test_early_end);
  g_test_add_func ("/run-stages/where", test_where);
  g_test_add_func ("/run-stages/past", test_past);
  g_test_add_func ("/run-stages/future", test_future);
  g_test_add_func ("/run-stages/stage-to-come", test_stage_to_come);
  g_test_add_func ("/run-stages/borders", test_borders);
  return g_test_run ();
}
