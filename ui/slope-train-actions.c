/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the Train page does: its actions, the jobs they start, and how their failures are shown. */
#include "config.h"
#include "slope-run-text.h"
#include "slope-train-page-private.h"
#include "slope-weights-dialog.h"

#include <glib/gi18n.h>

#define SMALLEST_BATCH 4
#define SEEDS 3 /* of a repeated sweep */

SlRun *
_slope_train_page_find_run (SlopeTrainPage *self, gint64 id)
{
  GListModel *runs = self->project ? sl_project_get_runs (self->project) : NULL;
  for (guint i = 0; runs && i < g_list_model_get_n_items (runs); i++)
    {
      g_autoptr (SlRun) run = g_list_model_get_item (runs, i);
      if (sl_run_get_id (run) == id)
        return g_steal_pointer (&run);
    }
  return NULL;
}

/* ---- Failures */

/* Messages read "what happened: what to do". */
static void
split_message (const char *message, char **heading, char **text)
{
  const char *colon = strstr (message, ": ");
  g_autofree char *rest = NULL;
  if (!colon)
    {
      *heading = g_strdup (message);
      *text = g_strdup ("");
      return;
    }
  *heading = g_strdup_printf ("%.*s.", (int)(colon - message), message);
  rest = g_utf8_strup (colon + 2, g_utf8_next_char (colon + 2) - (colon + 2));
  *text = g_strdup_printf ("%s%s.", rest, g_utf8_next_char (colon + 2));
}

void
_slope_train_page_show_failure (SlopeTrainPage *self, const GError *error)
{
  g_autofree char *heading = NULL, *text = NULL, *button = NULL;
  guint batch = slope_recipe_panel_get_batch (self->panel) / 2;
  self->mend = SLOPE_MEND_NOTHING;
  if (g_error_matches (error, SL_ERROR, SL_ERROR_MEMORY) && batch >= SMALLEST_BATCH)
    {
      self->mend = SLOPE_MEND_BATCH;
      self->mend_batch = batch;
      /* Translators: button that sets a smaller batch size */
      button = g_strdup_printf (_ ("Use %u"), batch);
    }
  else if (g_error_matches (error, SL_ERROR, SL_ERROR_DIVERGED))
    {
      self->mend = SLOPE_MEND_RATE;
      button = g_strdup (_ ("Find Learning Rate"));
    }
  split_message (error->message, &heading, &text);
  slope_note_set (self->failure, SLOPE_NOTE_ERROR, heading, text, button, TRUE);
  gtk_widget_set_visible (GTK_WIDGET (self->failure), TRUE);
}

void
_slope_train_page_hide_failure (SlopeTrainPage *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->failure), FALSE);
}

static void
job_ended (SlopeTrainPage *self, gpointer project, const GError *error)
{
  /* The page may be closed, or show another project, when a job ends. */
  if (error && self->project == project
      && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    _slope_train_page_show_failure (self, error);
}

/* ---- Jobs */

static void
train_ended (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (SlopeTrainPage) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SlRun) run = sl_project_train_finish (SL_PROJECT (source), result, &error);
  job_ended (self, source, error);
}

static void
resume_ended (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (SlopeTrainPage) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SlRun) run = sl_project_resume_finish (SL_PROJECT (source), result, &error);
  job_ended (self, source, error);
}

static gboolean
can_start (SlopeTrainPage *self)
{
  return self->project && sl_project_get_job (self->project) == SL_JOB_NONE
         && !(self->job_bar && slope_job_bar_is_downloading (self->job_bar));
}

static void start_job (SlopeTrainPage *self, const SlRecipe *recipe, gint64 from_run, int stage);

/* The next of the seeds, if there is one and nobody has stopped. */
static void
repeat_sweep (SlopeTrainPage *self)
{
  if (self->repeats_left == 0 || !can_start (self))
    return;
  self->repeats_left--;
  self->repeated->seed++;
  start_job (self, self->repeated, self->repeated_run, (int)self->repeated_stage);
}

static void
sweep_ended (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (SlopeTrainPage) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SlSweep) sweep = sl_project_lr_find_finish (SL_PROJECT (source), result, &error);
  job_ended (self, source, error);
  if (!sweep || sl_sweep_was_stopped (sweep) || self->project != SL_PROJECT (source))
    self->repeats_left = 0;
  repeat_sweep (self);
}

/* A job that waits for the weights that it starts from. */
typedef struct
{
  SlopeTrainPage *self; /* owned reference */
  SlProject *project;   /* owned reference */
  SlRecipe *recipe;     /* owned */
  gint64 from_run;      /* 0: none */
  int stage;            /* whose rate is to be found; -1: train */
} Start;

static void
start_free (gpointer data)
{
  Start *start = data;
  g_object_unref (start->self);
  g_object_unref (start->project);
  sl_recipe_free (start->recipe);
  g_free (start);
}

static void
start_ready (gpointer data, gpointer user_data)
{
  Start *start = data;
  SlopeTrainPage *self = start->self;
  /* Meanwhile the project may have been closed, and another one opened. */
  if (self->project != start->project)
    return;
  if (!can_start (self)) /* the Clean page's job, begun during a download */
    {
      g_autoptr (GError) error = g_error_new_literal (
          SL_ERROR, SL_ERROR_BUSY,
          _ ("The weights are here, but something else runs: start again "
             "when it has ended"));
      _slope_train_page_show_failure (self, error);
      return;
    }
  if (start->stage < 0)
    sl_project_train_async (self->project, start->recipe, start->from_run, NULL, train_ended,
                            g_object_ref (self));
  else
    sl_project_lr_find_async (self->project, start->recipe, (guint)start->stage, start->from_run,
                              NULL, sweep_ended, g_object_ref (self));
}

static void
start_job (SlopeTrainPage *self, const SlRecipe *recipe, gint64 from_run, int stage)
{
  Start *start = g_new0 (Start, 1);
  _slope_train_page_hide_failure (self);
  start->self = g_object_ref (self);
  start->project = g_object_ref (self->project);
  start->recipe = sl_recipe_copy (recipe);
  start->from_run = from_run;
  start->stage = stage;
  if (from_run > 0) /* that run's weights are here */
    {
      start_ready (start, NULL);
      start_free (start);
    }
  else
    slope_weights_ensure (GTK_WIDGET (self), self->job_bar, recipe, start_ready, start, start_free);
}

static void
start_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SlopeTrainPage *self = SLOPE_TRAIN_PAGE (widget);
  if (!can_start (self))
    return;
  if (!slope_recipe_panel_commit (self->panel))
    {
      adw_flap_set_reveal_flap (self->flap, TRUE); /* the entry that is wrong must be seen */
      return;
    }
  start_job (self, slope_recipe_panel_get_recipe (self->panel),
             slope_recipe_panel_get_from_run (self->panel), -1);
}

static void
find_rate_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SlopeTrainPage *self = SLOPE_TRAIN_PAGE (widget);
  if (!can_start (self))
    return;
  self->repeats_left = 0;
  slope_recipe_panel_commit (self->panel); /* its rates do not matter here */
  start_job (self, slope_recipe_panel_get_recipe (self->panel),
             slope_recipe_panel_get_from_run (self->panel),
             (int)slope_recipe_panel_get_stage (self->panel));
}

/* The same with three seeds, one after the other: how far does the answer depend on chance? */
static void
repeat_rate_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SlopeTrainPage *self = SLOPE_TRAIN_PAGE (widget);
  if (!can_start (self))
    return;
  slope_recipe_panel_commit (self->panel); /* its rates do not matter here */
  g_clear_pointer (&self->repeated, sl_recipe_free);
  self->repeated = sl_recipe_copy (slope_recipe_panel_get_recipe (self->panel));
  self->repeated_run = slope_recipe_panel_get_from_run (self->panel);
  self->repeated_stage = slope_recipe_panel_get_stage (self->panel);
  self->repeats_left = SEEDS - 1;
  start_job (self, self->repeated, self->repeated_run, (int)self->repeated_stage);
}

static void
resume_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SlopeTrainPage *self = SLOPE_TRAIN_PAGE (widget);
  if (!can_start (self))
    return;
  _slope_train_page_hide_failure (self);
  sl_project_resume_async (self->project, g_variant_get_int64 (parameter), NULL, resume_ended,
                           g_object_ref (self));
}

/* A new run that goes on where this one ended: its last stage, for two epochs more. */
static void
add_epochs_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SlopeTrainPage *self = SLOPE_TRAIN_PAGE (widget);
  g_autoptr (SlRun) run = _slope_train_page_find_run (self, g_variant_get_int64 (parameter));
  g_autoptr (SlRecipe) recipe = NULL;
  const SlAdvice advice = { .act = SL_ACT_MORE_EPOCHS };
  if (!run || !can_start (self))
    return;
  recipe = sl_recipe_copy (sl_run_get_recipe (run));
  sl_advice_apply (&advice, recipe);
  start_job (self, recipe, sl_run_get_id (run), -1);
}

/* From a stage of a run on: with that run's recipe, or with the panel's from there on. */
static void
train_again (SlopeTrainPage *self, const SlRecipe *recipe, gint64 run, guint stage)
{
  if (!can_start (self))
    return;
  _slope_train_page_hide_failure (self);
  sl_project_retrain_async (self->project, recipe, run, stage, NULL, train_ended,
                            g_object_ref (self));
}

static void
again_from_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gint64 run;
  guint stage;
  g_variant_get (parameter, "(xu)", &run, &stage);
  train_again (SLOPE_TRAIN_PAGE (widget), NULL, run, stage);
}

static void
again_here_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SlopeTrainPage *self = SLOPE_TRAIN_PAGE (widget);
  if (self->run && slope_recipe_panel_commit (self->panel))
    train_again (self, slope_recipe_panel_get_recipe (self->panel), sl_run_get_id (self->run),
                 g_variant_get_uint32 (parameter));
}

/* ---- The recipe */

static void
add_stage_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  slope_recipe_panel_add_stage (SLOPE_TRAIN_PAGE (widget)->panel);
}

static void
weigh_classes_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SlopeTrainPage *self = SLOPE_TRAIN_PAGE (widget);
  slope_recipe_panel_set_balance (self->panel, SL_BALANCE_WEIGHTS);
  adw_flap_set_reveal_flap (self->flap, TRUE);
}

static void
show_recipe (SlopeTrainPage *self, const SlRecipe *recipe, gint64 from_run)
{
  slope_recipe_panel_set_recipe (self->panel, recipe);
  slope_recipe_panel_set_from_run (self->panel, from_run);
  adw_flap_set_reveal_flap (self->flap, TRUE);
}

static void
continue_from_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SlopeTrainPage *self = SLOPE_TRAIN_PAGE (widget);
  gint64 id = g_variant_get_int64 (parameter);
  g_autoptr (SlRun) run = _slope_train_page_find_run (self, id);
  if (run)
    show_recipe (self, sl_run_get_recipe (run), id);
}

/* The weights that @run began with: what it was trained with is then trained again to the same curve. Where they
 * are gone it is said, and the recipe's own stand in. */
static gint64
find_beginning (SlopeTrainPage *self, SlRun *run)
{
  g_autoptr (GError) error = NULL;
  gint64 from_run;
  _slope_train_page_hide_failure (self);
  if (!sl_project_find_beginning (self->project, run, &from_run, &error))
    _slope_train_page_show_failure (self, error);
  return from_run;
}

static void
use_recipe_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SlopeTrainPage *self = SLOPE_TRAIN_PAGE (widget);
  g_autoptr (SlRun) run = _slope_train_page_find_run (self, g_variant_get_int64 (parameter));
  if (run)
    show_recipe (self, sl_run_get_recipe (run), find_beginning (self, run));
}

/* The run's recipe with the one change that was advised, ready to be trained. */
static void
take_advice_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SlopeTrainPage *self = SLOPE_TRAIN_PAGE (widget);
  g_autoptr (SlRun) run = NULL;
  g_autoptr (SlRecipe) recipe = NULL;
  SlAdvice advice = { 0 };
  guint act;
  gint64 id;
  g_variant_get (parameter, "(xuu)", &id, &act, &advice.stage);
  advice.act = act;
  run = _slope_train_page_find_run (self, id);
  if (!run)
    return;
  recipe = sl_recipe_copy (sl_run_get_recipe (run));
  sl_advice_apply (&advice, recipe);
  show_recipe (self, recipe, find_beginning (self, run));
}

/* ---- Deleting */

typedef struct
{
  SlopeTrainPage *self; /* owned reference */
  gint64 id;
} Deleting;

static void
delete_answered (Deleting *deleting, const char *response)
{
  g_autoptr (GError) error = NULL;
  if (g_str_equal (response, "delete") && deleting->self->project
      && !sl_project_delete_run (deleting->self->project, deleting->id, &error))
    _slope_train_page_show_failure (deleting->self, error);
}

static void
deleting_free (gpointer data, GClosure *closure)
{
  Deleting *deleting = data;
  g_object_unref (deleting->self);
  g_free (deleting);
}

static void
delete_run_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SlopeTrainPage *self = SLOPE_TRAIN_PAGE (widget);
  g_autoptr (SlRun) run = _slope_train_page_find_run (self, g_variant_get_int64 (parameter));
  GtkRoot *root = gtk_widget_get_root (widget);
  g_autofree char *title = NULL, *heading = NULL;
  GtkWidget *dialog;
  Deleting *deleting;
  if (!run || sl_run_get_state (run) == SL_RUN_RUNNING)
    return;
  title = slope_run_title (run);
  /* Translators: %s is a run: "Delete Run 4?" */
  heading = g_strdup_printf (_ ("Delete %s?"), title);
  dialog = adw_message_dialog_new (root ? GTK_WINDOW (root) : NULL, heading,
                                   _ ("Its curves and what it has learned are gone for good."));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"), "delete",
                                    _ ("_Delete"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "delete",
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  deleting = g_new0 (Deleting, 1);
  deleting->self = g_object_ref (self);
  deleting->id = sl_run_get_id (run);
  g_signal_connect_data (dialog, "response", G_CALLBACK (delete_answered), deleting, deleting_free,
                         G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* ---- */

void
_slope_train_page_update_actions (SlopeTrainPage *self)
{
  static const char *const starting[] = { "train.start",       "train.find-rate",
                                          "train.repeat-rate", "train.resume",
                                          "train.add-epochs",  "train.again-from",
                                          "train.again-here" };
  gboolean read_only = FALSE;
  if (self->project)
    g_object_get (self->project, "read-only", &read_only, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (starting); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), starting[i], can_start (self) && !read_only);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "train.delete-run",
                                 self->project && !read_only);
}

void
_slope_train_page_install_actions (GtkWidgetClass *klass)
{
  gtk_widget_class_install_action (klass, "train.start", NULL, start_action);
  gtk_widget_class_install_action (klass, "train.find-rate", NULL, find_rate_action);
  gtk_widget_class_install_action (klass, "train.repeat-rate", NULL, repeat_rate_action);
  gtk_widget_class_install_action (klass, "train.add-stage", NULL, add_stage_action);
  gtk_widget_class_install_action (klass, "train.weigh-classes", NULL, weigh_classes_action);
  gtk_widget_class_install_action (klass, "train.resume", "x", resume_action);
  gtk_widget_class_install_action (klass, "train.add-epochs", "x", add_epochs_action);
  gtk_widget_class_install_action (klass, "train.take-advice", "(xuu)", take_advice_action);
  gtk_widget_class_install_action (klass, "train.again-from", "(xu)", again_from_action);
  gtk_widget_class_install_action (klass, "train.again-here", "u", again_here_action);
  gtk_widget_class_install_action (klass, "train.continue-from", "x", continue_from_action);
  gtk_widget_class_install_action (klass, "train.use-recipe", "x", use_recipe_action);
  gtk_widget_class_install_action (klass, "train.delete-run", "x", delete_run_action);
}
