/* SPDX-License-Identifier: GPL-3.0-or-later */
/* train and lr-find: the verbs that run a job which Ctrl-C can end. */
#include "cli.h"
#include <math.h>
#include <signal.h>
#include <string.h>

/* ---- Ctrl-C: the first one stops at the next batch and keeps what is learned, the second kills. */

static volatile sig_atomic_t interrupted;

static void
note_interrupt (int number)
{
  interrupted = 1;
}

static void
catch_interrupts (void)
{
  struct sigaction action = { .sa_handler = note_interrupt,
                              .sa_flags = (int)SA_RESETHAND | SA_RESTART };

  sigaction (SIGINT, &action, NULL);
  action.sa_flags = (int)SA_RESETHAND | SA_RESTART;
  sigaction (SIGTERM, &action, NULL);
}

static void
stop_if_interrupted (SlProject *project)
{
  if (!interrupted)
    return;
  cli_progress (_ ("Stopping…"));
  sl_project_stop (project);
}

/* ---- train */

static struct
{
  gboolean json, resume;
} train_opt;

static const GOptionEntry train_options[] = {
  { "resume", 0, 0, G_OPTION_ARG_NONE, &train_opt.resume,
    N_ ("Go on with the newest run that was interrupted, stopped or failed"), NULL },
  { "json", 0, 0, G_OPTION_ARG_NONE, &train_opt.json, N_ ("One JSON object a line"), NULL },
  { NULL }
};

typedef struct
{
  SlProject *project;
  const SlTask *task;
  guint n_epochs; /* 0: not known */
  gboolean header_done;
  gint64 last_progress; /* monotonic time */
} TrainWatch;

static void
print_epoch_json (const TrainWatch *self, const SlEpochRecord *record)
{
  JsonBuilder *builder = cli_json_begin ();

  cli_json_string (builder, "event", "epoch");
  cli_json_int (builder, "epoch", record->epoch);
  cli_json_double (builder, "train_loss", record->train_loss);
  cli_json_double (builder, "valid_loss", record->valid_loss);
  cli_json_metrics (builder, self->task, record->metrics);
  cli_json_double (builder, "seconds", record->seconds);
  cli_json_end (builder);
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
  stop_if_interrupted (project);
}

static void
watch_batch (SlProject *project, const SlBatchRecord *record, gpointer data)
{
  TrainWatch *self = data;
  gint64 now = g_get_monotonic_time ();
  double left = sl_project_get_seconds_left (project);
  g_autofree char *time_left = NULL;

  stop_if_interrupted (project);
  if (interrupted || now - self->last_progress < G_TIME_SPAN_SECOND / 10)
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

  stop_if_interrupted (self->project);
  if (!interrupted)
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

static void
print_done_json (SlRun *run, const SlTask *task, double seconds)
{
  JsonBuilder *builder = cli_json_begin ();
  double metrics[SL_MAX_METRICS];
  gsize n_epochs;

  sl_run_get_epochs (run, &n_epochs);
  for (guint i = 0; i < SL_MAX_METRICS; i++)
    metrics[i] = sl_run_get_metric (run, i);
  cli_json_string (builder, "event", "done");
  cli_json_int (builder, "run", sl_run_get_id (run));
  cli_json_int (builder, "epochs", (gint64)n_epochs);
  cli_json_boolean (builder, "stopped", sl_run_get_state (run) == SL_RUN_STOPPED);
  cli_json_double (builder, "valid_loss", sl_run_get_valid_loss (run));
  cli_json_metrics (builder, task, metrics);
  cli_json_double (builder, "seconds", seconds);
  cli_json_end (builder);
}

static void
print_done (SlRun *run, const SlTask *task, const char *path, double seconds)
{
  g_autofree char *metric = cli_format_metric (&task->metrics[0], sl_run_get_metric (run, 0));
  g_autofree char *time = cli_format_time (seconds);

  if (train_opt.json)
    print_done_json (run, task, seconds);
  else if (sl_run_get_state (run) == SL_RUN_STOPPED)
    g_print (_ ("Run %d stopped after %s, what it learned is kept: go on with “slope-cli train %s "
                "--resume”\n"),
             (int)sl_run_get_id (run), time, path);
  else
    g_print (_ ("Run %d is done: %s %s, in %s\n"), (int)sl_run_get_id (run), task->metrics[0].name,
             metric, time);
}

/* Starts or resumes; returns the run's number, 0 with @error set. */
static gint64
train_project (SlProject *project, const SlRecipe *recipe, TrainWatch *self, GError **error)
{
  SlJobWatch watch = {
    .epoch = watch_epoch, .batch = watch_batch, .progress = watch_progress, .data = self
  };
  gint64 id = 0;
  SlRun *run;

  if (!train_opt.resume)
    {
      self->n_epochs = sl_recipe_n_epochs (recipe);
      return sl_project_train (project, recipe, cli_recipe_from_run (), &watch, &id, NULL, error)
                 ? id
                 : 0;
    }
  run = find_resumable (project, error);
  if (run == NULL)
    return 0;
  id = sl_run_get_id (run);
  self->n_epochs = sl_recipe_n_epochs (sl_run_get_recipe (run));
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

  recipe = cli_recipe_from_options (cli_verb_train.name, &code);
  if (recipe == NULL)
    return code;
  project = sl_project_open (args[0], &error);
  if (project == NULL)
    return cli_fail (error);
  if (!train_opt.resume && !cli_fetch_pretrained (recipe, &error))
    return cli_fail (error);
  watch.project = project;
  watch.task = sl_project_get_task (project);
  catch_interrupts ();
  id = train_project (project, recipe, &watch, &error);
  if (id == 0)
    return cli_fail (error);
  cli_progress_clear ();
  print_done (cli_find_run (project, id, NULL), watch.task, args[0],
              (double)(g_get_monotonic_time () - start) / G_TIME_SPAN_SECOND);
  return CLI_DONE;
}

const CliVerb cli_verb_train = {
  "train", N_ ("PROJECT"), N_ ("Train a network; a line an epoch"), train_options, TRUE, 1,
  1,       run_train,
};

/* ---- lr-find */

static struct
{
  gboolean json;
  gint stage;
} find_opt = { .stage = 1 };

static const GOptionEntry find_options[] = { { "for-stage", 0, 0, G_OPTION_ARG_INT, &find_opt.stage,
                                               N_ ("Freeze as stage N does, from 1"), N_ ("N") },
                                             { "json", 0, 0, G_OPTION_ARG_NONE, &find_opt.json,
                                               N_ ("One JSON object a line"), NULL },
                                             { NULL } };

static void
watch_point (SlProject *project, const SlSweepPoint *point, gpointer data)
{
  guint *n = data;

  stop_if_interrupted (project);
  (*n)++;
  if (!interrupted)
    {
      g_autofree char *rate = cli_format_rate (point->lr);

      cli_progress (_ ("batch %u  rate %s  loss %.4f"), *n, rate, point->smooth);
    }
}

static const SlSweepPoint *
sweep_point (const SlSweepResult *sweep, gint i)
{
  return i >= 0 ? &g_array_index (sweep->points, SlSweepPoint, i) : NULL;
}

static void
print_sweep_json (const SlSweepResult *sweep)
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
  cli_json_end (builder);
}

/* The curve as bars: a line for every fourth point. */
static void
print_sweep (const SlSweepResult *sweep)
{
  const SlSweepPoint *steepest = sweep_point (sweep, sweep->steepest);
  const SlSweepPoint *minimum = sweep_point (sweep, sweep->minimum);
  const int width = 48;
  g_autofree char *steepest_rate = NULL;
  g_autofree char *tenth = NULL;
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
  if (steepest == NULL)
    {
      g_print ("%s\n", _ ("The curve has no slope to speak of: look at it, or try more data, "
                          "another network or a larger batch"));
      return;
    }
  steepest_rate = cli_format_rate (steepest->lr);
  tenth = cli_format_rate (minimum->lr / 10);
  g_print (_ ("Steepest point: %s\n"), steepest_rate);
  g_print (_ ("A tenth of the minimum: %s\n"), tenth);
}

static int
run_lr_find (char **args)
{
  g_autoptr (SlProject) project = NULL;
  g_autoptr (SlRecipe) recipe = NULL;
  SlSweepResult sweep = { 0 };
  guint n_points = 0;
  SlJobWatch watch = { .point = watch_point, .data = &n_points };
  GError *error = NULL;
  int code;

  recipe = cli_recipe_from_options (cli_verb_lr_find.name, &code);
  if (recipe == NULL)
    return code;
  if (find_opt.stage < 1 || find_opt.stage > (gint)recipe->n_stages)
    return cli_usage (cli_verb_lr_find.name, _ ("There is no stage %d"), find_opt.stage);
  project = sl_project_open (args[0], &error);
  if (project == NULL)
    return cli_fail (error);
  if (!cli_fetch_pretrained (recipe, &error))
    return cli_fail (error);
  catch_interrupts ();
  if (!sl_project_lr_find (project, recipe, (guint)find_opt.stage - 1, cli_recipe_from_run (),
                           &watch, &sweep, NULL, &error))
    return cli_fail (error);
  cli_progress_clear ();
  if (find_opt.json)
    print_sweep_json (&sweep);
  else
    print_sweep (&sweep);
  sl_sweep_result_clear (&sweep);
  return CLI_DONE;
}

const CliVerb cli_verb_lr_find = {
  "lr-find", N_ ("PROJECT"), N_ ("Try learning rates and suggest one"), find_options, TRUE, 1,
  1,         run_lr_find,
};
