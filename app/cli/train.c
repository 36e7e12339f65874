/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli.h"
#include <math.h>

static struct
{
  gboolean json, resume, plan;
} train_opt;

static const GOptionEntry train_options[] = {
  { "resume", 0, 0, G_OPTION_ARG_NONE, &train_opt.resume,
    N_ ("Go on with the newest run that was interrupted, stopped or failed"), NULL },
  { "plan", 0, 0, G_OPTION_ARG_NONE, &train_opt.plan,
    N_ ("Only print what memory each batch size takes, and train nothing"), NULL },
  { "json", 0, 0, G_OPTION_ARG_NONE, &train_opt.json, N_ ("One JSON object a line"), NULL },
  { NULL }
};

typedef struct
{
  SlProject *project;
  const SlTask *task;
  guint n_epochs, n_stages; /* 0: not known */
  SlKeptState kept;         /* in the stage under way */
  gboolean header_done;
  gint64 last_progress; /* monotonic time */
} TrainWatch;

static const char *
kept_id (SlKeptState kept)
{
  switch (kept)
    {
    case SL_KEPT_USED:
      return "used";
    case SL_KEPT_NORMS_TRAINED:
      return "norms-trained";
    case SL_KEPT_NEW_VIEWS:
      return "new-views";
    case SL_KEPT_MIXUP:
      return "mixup";
    case SL_KEPT_NO_MEMORY:
      return "no-memory";
    case SL_KEPT_DENSE:
      return "dense";
    case SL_KEPT_NOT_FROZEN:
    default:
      return "not-frozen";
    }
}

static void
print_epoch_json (const TrainWatch *self, const SlEpochRecord *record)
{
  JsonBuilder *builder = cli_json_begin ();

  cli_json_string (builder, "event", "epoch");
  cli_json_int (builder, "epoch", record->epoch);
  cli_json_int (builder, "stage", record->stage + 1);
  cli_json_double (builder, "train_loss", record->train_loss);
  cli_json_double (builder, "train_eval_loss", record->train_eval_loss);
  cli_json_double (builder, "valid_loss", record->valid_loss);
  cli_json_metrics (builder, self->task, record->metrics);
  cli_json_boolean (builder, "kept", record->kept);
  cli_json_string (builder, "kept_outputs", kept_id (self->kept));
  cli_json_double (builder, "seconds", record->seconds);
  cli_json_end (builder);
}

/* What stands against kept outputs where they were asked for; %NULL: nothing to say. */
static const char *
kept_words (const SlPlanRecord *record)
{
  switch (record->kept)
    {
    case SL_KEPT_USED:
      return _ ("the frozen body’s outputs are kept: only the head is trained");
    case SL_KEPT_NORMS_TRAINED:
      return _ ("the frozen body runs each time, its batch norms are trained: --freeze-norms with "
                "--views 4 is much quicker");
    case SL_KEPT_NEW_VIEWS:
      return _ ("the frozen body runs each time, for new views of the pictures: --views 4 is much "
                "quicker");
    case SL_KEPT_MIXUP:
      return _ ("the frozen body runs each time, for pictures mixed anew");
    case SL_KEPT_NO_MEMORY:
      return _ ("the frozen body runs each time, there is no memory to keep its outputs");
    case SL_KEPT_DENSE:
    case SL_KEPT_NOT_FROZEN:
    default:
      return NULL;
    }
}

/* A line above the epochs of a stage, where there is something to say about it. */
static void
watch_plan (SlProject *project, const SlPlanRecord *record, gpointer data)
{
  TrainWatch *self = data;
  const char *words = kept_words (record);

  cli_progress_clear ();
  self->kept = record->kept;
  if (train_opt.json)
    return; /* each epoch says it */
  if (self->n_stages > 1 && self->task->texts)
    g_print (_ ("stage %u of %u: batches of %u\n"), record->stage + 1, self->n_stages,
             record->batch);
  else if (self->n_stages > 1)
    g_print (_ ("stage %u of %u: %d×%d pixels, batches of %u%s%s\n"), record->stage + 1,
             self->n_stages, record->width, record->height, record->batch,
             words != NULL ? "; " : "", words != NULL ? words : "");
  else if (words != NULL)
    g_print ("%s\n", words);
}

static void
print_epoch_header (TrainWatch *self)
{
  /* Translators: headings of a table, 5, 10 and 10 columns wide. */
  g_print ("%5s  %10s  %10s", _ ("epoch"), _ ("train loss"), _ ("valid loss"));
  for (guint i = 0; i < self->task->n_metrics; i++)
    g_print ("  %10s", self->task->metrics[i].name);
  g_print ("  %7s\n", _ ("time"));
  self->header_done = TRUE;
}

/* Right-aligned by what is seen: "–" is three bytes wide but one column. */
static void
print_right (int width, char *cell)
{
  g_print ("  %*s%s", width - (int)g_utf8_strlen (cell, -1), "", cell);
  g_free (cell);
}

static void
print_epoch_line (TrainWatch *self, const SlEpochRecord *record)
{
  if (!self->header_done)
    print_epoch_header (self);
  g_print ("%5u", record->epoch);
  print_right (10, cli_format_loss (record->train_loss));
  print_right (10, cli_format_loss (record->valid_loss));
  for (guint i = 0; i < self->task->n_metrics; i++)
    print_right (10, cli_format_metric (&self->task->metrics[i], record->metrics[i]));
  print_right (7, cli_format_time (record->seconds));
  if (!isnan (record->train_eval_loss))
    {
      g_autofree char *loss = cli_format_loss (record->train_eval_loss);

      /* Translators: after a line of the table, when it was measured. */
      g_print (_ ("  (%s on training pictures)"), loss);
    }
  g_print ("\n");
}

static void
watch_epoch (SlProject *project, const SlEpochRecord *record, gpointer data)
{
  TrainWatch *self = data;

  cli_progress_clear ();
  if (train_opt.json)
    print_epoch_json (self, record);
  else
    print_epoch_line (self, record);
  cli_stop_if_interrupted (project);
}

static void
watch_batch (SlProject *project, const SlBatchRecord *record, gpointer data)
{
  TrainWatch *self = data;
  gint64 now = g_get_monotonic_time ();
  double left = sl_project_get_seconds_left (project);
  g_autofree char *time_left = NULL;

  if (cli_stop_if_interrupted (project) || now - self->last_progress < G_TIME_SPAN_SECOND / 10)
    return;
  self->last_progress = now;
  time_left = left >= 0 ? cli_format_time (left) : g_strdup ("…");
  cli_progress (_ ("epoch %u of %u  %3.0f %%  loss %.4f  %s left"), (guint)record->epoch + 1,
                self->n_epochs, 100 * (record->epoch - floorf (record->epoch)), record->smooth,
                time_left);
}

static void
watch_progress (gsize done, gsize total, const char *what, gpointer data)
{
  TrainWatch *self = data;

  if (!cli_stop_if_interrupted (self->project))
    cli_progress_count (done, total, NULL, (gpointer)_ ("validating"));
}

/* The newest run that can go on. */
static SlRun *
find_resumable (SlProject *project, GError **error)
{
  GListModel *runs = sl_project_get_runs (project);

  for (guint i = 0; i < g_list_model_get_n_items (runs); i++)
    {
      g_autoptr (SlRun) run = g_list_model_get_item (runs, i);

      if (sl_run_can_resume (run))
        return run; /* the project keeps it */
    }
  g_set_error (error, SL_ERROR, SL_ERROR_NOT_FOUND, "%s",
               _ ("No run is left to go on with: train without --resume"));
  return NULL;
}

/* The run's last stage counts: the figures of points are in its pixels. */
static void
add_baseline_json (JsonBuilder *builder, SlProject *project, SlRun *run)
{
  const SlTask *task = sl_project_get_task (project);
  double metrics[SL_MAX_METRICS];

  if (!sl_project_baseline (project, sl_run_get_recipe (run), metrics))
    return;
  json_builder_set_member_name (builder, "one_answer_for_all");
  json_builder_begin_object (builder);
  for (guint i = 0; i < task->n_metrics; i++)
    cli_json_double (builder, task->metrics[i].name, metrics[i]);
  json_builder_end_object (builder);
}

static void
print_baseline (SlProject *project, SlRun *run)
{
  const SlMetricDef *metric = &sl_project_get_task (project)->metrics[0];
  double metrics[SL_MAX_METRICS];
  g_autofree char *value = NULL;

  if (!sl_project_baseline (project, sl_run_get_recipe (run), metrics) || isnan (metrics[0]))
    return;
  value = cli_format_metric (metric, metrics[0]);
  g_print (sl_project_get_task (project)->texts
               ? _ ("One and the same answer for every text would reach: %s %s\n")
               : _ ("One and the same answer for every picture would reach: %s %s\n"),
           metric->name, value);
}

static void
print_done_json (SlProject *project, SlRun *run, double seconds)
{
  const SlTask *task = sl_project_get_run_task (project, run);
  JsonBuilder *builder = cli_json_begin ();
  double metrics[SL_MAX_METRICS];
  gsize n_epochs;

  sl_run_get_epochs (run, &n_epochs);
  for (guint i = 0; i < SL_MAX_METRICS; i++)
    metrics[i] = sl_run_get_metric (run, i);
  cli_json_string (builder, "event", "done");
  cli_json_int (builder, "run", sl_run_get_id (run));
  cli_json_int (builder, "epochs", (gint64)n_epochs);
  cli_json_int (builder, "kept_epoch", sl_run_get_kept_epoch (run));
  cli_json_boolean (builder, "stopped", sl_run_get_state (run) == SL_RUN_STOPPED);
  cli_json_double (builder, "valid_loss", sl_run_get_valid_loss (run));
  cli_json_metrics (builder, task, metrics);
  add_baseline_json (builder, project, run);
  cli_json_double (builder, "seconds", seconds);
  cli_json_advice (builder, run, task);
  cli_json_end (builder);
}

static void
print_done (SlProject *project, SlRun *run, const char *path, double seconds)
{
  const SlTask *task = sl_project_get_run_task (project, run);
  g_autofree char *metric = cli_format_metric (&task->metrics[0], sl_run_get_metric (run, 0));
  g_autofree char *time = cli_format_time (seconds);

  if (train_opt.json)
    print_done_json (project, run, seconds);
  else if (sl_run_get_state (run) == SL_RUN_STOPPED)
    g_print (_ ("Run %d stopped after %s, what it learned is kept: go on with “slope-cli train %s "
                "--resume”\n"),
             (int)sl_run_get_id (run), time, path);
  else
    g_print (_ ("Run %d is done: %s %s, in %s\n"), (int)sl_run_get_id (run), task->metrics[0].name,
             metric, time);
  if (!train_opt.json && sl_run_get_recipe (run)->keep != SL_KEEP_MODEL_LAST)
    g_print (_ ("Kept is the model of epoch %u\n"), sl_run_get_kept_epoch (run));
  if (!train_opt.json)
    {
      print_baseline (project, run);
      cli_print_advice (run, task);
    }
}

static void
set_recipe (TrainWatch *self, const SlRecipe *recipe)
{
  const SlTask *task = sl_project_get_task (self->project);

  self->task = task->texts && recipe->learn == SL_LEARN_LANGUAGE ? sl_task_find ("language") : task;
  self->n_epochs = sl_recipe_n_epochs (recipe);
  self->n_stages = recipe->n_stages;
}

/* --from RUN --from-stage N: that run's recipe, or the one of the options where they say what the stages
 * are. */
static gint64
retrain_project (SlProject *project, const SlRecipe *recipe, TrainWatch *self,
                 const SlJobWatch *watch, GError **error)
{
  SlRun *run = cli_find_run (project, cli_recipe_from_run (), error);
  gint64 id = 0;

  if (run == NULL)
    return 0;
  if (!cli_recipe_has_stages ())
    recipe = sl_run_get_recipe (run);
  set_recipe (self, recipe);
  return sl_project_retrain (project, recipe, sl_run_get_id (run), cli_recipe_from_stage () - 1,
                             watch, &id, NULL, error)
             ? id
             : 0;
}

/* Starts or resumes; returns the run's number, 0 with @error set. */
static gint64
train_project (SlProject *project, const SlRecipe *recipe, TrainWatch *self, GError **error)
{
  SlJobWatch watch = { .epoch = watch_epoch,
                       .batch = watch_batch,
                       .plan = watch_plan,
                       .progress = watch_progress,
                       .data = self };
  gint64 id = 0;
  SlRun *run;

  if (!train_opt.resume && cli_recipe_from_stage () > 0)
    return retrain_project (project, recipe, self, &watch, error);
  if (!train_opt.resume)
    {
      gint64 from = cli_recipe_choose_from (project, recipe);

      set_recipe (self, recipe);
      if (from != cli_recipe_from_run () && !train_opt.json)
        g_print (_ ("begins with the language model of run %d\n"), (int)from);
      return sl_project_train (project, recipe, from, &watch, &id, NULL, error) ? id : 0;
    }
  run = find_resumable (project, error);
  if (run == NULL)
    return 0;
  id = sl_run_get_id (run);
  set_recipe (self, sl_run_get_recipe (run));
  return sl_project_resume (project, id, &watch, NULL, error) ? id : 0;
}

static int
run_train (char **args)
{
  g_autoptr (SlProject) project = NULL;
  g_autoptr (SlRecipe) recipe = NULL;
  TrainWatch watch = { 0 };
  GError *error = NULL;
  gint64 start = g_get_monotonic_time ();
  gint64 id;
  int code;

  if (train_opt.plan && train_opt.resume)
    return cli_usage (cli_verb_train.name, "%s", _ ("--plan and --resume contradict each other"));
  project = sl_project_open (args[0], &error);
  if (project == NULL)
    return cli_fail (error);
  recipe = cli_recipe_from_options (cli_verb_train.name, project, &code);
  if (recipe == NULL)
    return code;
  if (train_opt.plan && sl_project_get_task (project)->texts)
    return cli_usage (cli_verb_train.name, "%s", _ ("--plan goes with pictures alone"));
  if (train_opt.plan)
    return cli_print_train_plan (project, recipe, train_opt.json);
  if (!train_opt.resume
      && (!cli_recipe_check_words (project, recipe, &error)
          || !cli_fetch_pretrained (recipe, &error)))
    return cli_fail (error);
  if (!train_opt.json && !train_opt.resume && cli_recipe_from_stage () == 0)
    cli_recipe_print_suggested (recipe, TRUE);
  watch.project = project;
  cli_catch_interrupts ();
  id = train_project (project, recipe, &watch, &error);
  if (id == 0)
    return cli_fail (error);
  cli_progress_clear ();
  print_done (project, cli_find_run (project, id, NULL), args[0],
              (double)(g_get_monotonic_time () - start) / G_TIME_SPAN_SECOND);
  return CLI_DONE;
}

const CliVerb cli_verb_train = {
  "train", N_ ("PROJECT"), N_ ("Train a network; a line an epoch"), train_options, TRUE, 1,
  1,       run_train,
};
