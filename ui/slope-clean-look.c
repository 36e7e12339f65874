/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The newest model's look at every picture, in one view or in nine. */
#include "config.h"

#include "slope-clean-page-private.h"

#include <glib/gi18n.h>

/* Language models say nothing of labels. */
SlRun *
_slope_clean_page_dup_newest_run (SlopeCleanPage *self)
{
  const SlTask *task = sl_project_get_task (self->project);
  GListModel *runs = sl_project_get_runs (self->project);

  for (guint i = 0; i < g_list_model_get_n_items (runs); i++)
    {
      g_autoptr (SlRun) run = g_list_model_get_item (runs, i);

      if (sl_run_has_model (run) && sl_run_get_state (run) != SL_RUN_RUNNING
          && sl_project_get_run_task (self->project, run) == task)
        return g_steal_pointer (&run);
    }
  return NULL;
}

static gboolean
wants_nine_views (SlopeCleanPage *self)
{
  return sl_project_get_task (self->project)->may_blend
         && gtk_toggle_button_get_active (self->views_toggle);
}

static void views_toggled_cb (SlopeCleanPage *self);

/* As what is shown was answered. */
static void
reset_toggle (SlopeCleanPage *self)
{
  g_signal_handlers_block_by_func (self->views_toggle, views_toggled_cb, self);
  gtk_toggle_button_set_active (self->views_toggle, sl_project_get_evaluated_tta (self->project));
  g_signal_handlers_unblock_by_func (self->views_toggle, views_toggled_cb, self);
}

static void
evaluated_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SlopeCleanPage) self = user_data;
  g_autoptr (GError) error = NULL;
  const gboolean done = sl_project_evaluate_finish (SL_PROJECT (source), result, &error);
  gboolean superseded;

  if (self->project != SL_PROJECT (source))
    return;
  /* By the toggle; “Stop” leaves the cancellable alone. */
  superseded = g_cancellable_is_cancelled (self->evaluation);
  g_clear_object (&self->evaluation);
  if (done || superseded)
    self->declined_run = 0;
  else
    reset_toggle (self);
  if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    _slope_clean_page_fail (self,
                            _slope_clean_page_has_texts (self)
                                ? _ ("The texts could not be read.")
                                : _ ("The pictures could not be looked at."),
                            error);
  _slope_clean_page_update_state (self);
}

static void
evaluate (SlopeCleanPage *self, SlRun *run)
{
  if (self->evaluation != NULL || sl_project_get_job (self->project) != SL_JOB_NONE)
    return;
  /* Until it has ended well: a failure or a stop must not start it over and over. */
  self->declined_run = sl_run_get_id (run);
  self->evaluation = g_cancellable_new ();
  self->evaluation_tta = wants_nine_views (self);
  gtk_widget_set_visible (GTK_WIDGET (self->failure), FALSE);
  sl_project_evaluate_async (self->project, sl_run_get_id (run), self->evaluation_tta,
                             self->evaluation, evaluated_cb, g_object_ref (self));
}

static gboolean
is_evaluated (SlopeCleanPage *self, SlRun *run)
{
  return sl_run_get_id (run) == sl_project_get_evaluated_run (self->project)
         && wants_nine_views (self) == sl_project_get_evaluated_tta (self->project);
}

/* When the page is on the screen, the newest model looks at the pictures without being asked. */
static void
maybe_evaluate (SlopeCleanPage *self)
{
  g_autoptr (SlRun) run = NULL;

  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  run = _slope_clean_page_dup_newest_run (self);
  if (run != NULL && !is_evaluated (self, run) && sl_run_get_id (run) != self->declined_run)
    evaluate (self, run);
}

static void
look_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SlopeCleanPage *self = SLOPE_CLEAN_PAGE (widget);
  g_autoptr (SlRun) run = NULL;

  if (self->project != NULL)
    run = _slope_clean_page_dup_newest_run (self);
  if (run != NULL)
    evaluate (self, run);
}

/* ---- Nine views */

/* A look that is not wanted like that any more is given up; its end begins the one that is. */
static void
views_toggled_cb (SlopeCleanPage *self)
{
  if (self->project == NULL)
    return;
  self->declined_run = 0;
  if (self->evaluation != NULL && self->evaluation_tta != wants_nine_views (self))
    g_cancellable_cancel (self->evaluation);
  _slope_clean_page_update_state (self);
}

/* Of the answers that are shown, or why there are none from nine views yet; %NULL: nothing to say. */
static const char *
what_to_say (SlopeCleanPage *self)
{
  const SlJob job = sl_project_get_job (self->project);

  if (sl_project_get_evaluated_tta (self->project))
    return _ ("Each answer is blended from nine views of the picture.");
  if (wants_nine_views (self) && job == SL_JOB_TRAIN)
    return _ ("Nine views wait until training has ended: it needs the whole processor.");
  if (wants_nine_views (self) && job == SL_JOB_LR_FIND)
    return _ ("Nine views wait until the learning rate is found: that needs the whole processor.");
  return NULL;
}

static void
update_line (SlopeCleanPage *self)
{
  const char *text = what_to_say (self);

  gtk_revealer_set_reveal_child (self->views_revealer, text != NULL);
  if (text != NULL)
    gtk_label_set_text (self->views_line, text);
}

/* ---- For the page */

static const char *
what_the_model_does (SlopeCleanPage *self)
{
  if (_slope_clean_page_has_texts (self))
    return _ ("The newest model reads every text");
  if (self->evaluation != NULL && self->evaluation_tta)
    return _ ("The newest model looks at nine views of every picture");
  return _ ("The newest model looks at every picture");
}

void
_slope_clean_page_update_look (SlopeCleanPage *self)
{
  gboolean evaluating;

  maybe_evaluate (self);
  evaluating = sl_project_get_job (self->project) == SL_JOB_EVALUATE;
  gtk_revealer_set_reveal_child (self->progress_revealer, evaluating);
  if (evaluating)
    gtk_label_set_text (self->progress_label, what_the_model_does (self));
  update_line (self);
}

void
_slope_clean_page_begin_look (SlopeCleanPage *self)
{
  const gboolean may_blend = sl_project_get_task (self->project)->may_blend;

  self->declined_run = 0;
  gtk_widget_set_sensitive (GTK_WIDGET (self->views_toggle), may_blend);
  gtk_widget_set_tooltip_text (
      GTK_WIDGET (self->views_toggle),
      may_blend ? _ ("Nine Views of Each Picture: slower, often a little more accurate")
                : _ ("Nine views are averaged, which goes with labels alone"));
  reset_toggle (self);
}

void
_slope_clean_page_end_look (SlopeCleanPage *self)
{
  g_cancellable_cancel (self->evaluation);
  g_clear_object (&self->evaluation);
}

void
_slope_clean_page_class_bind_look (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, SlopeCleanPage, views_toggle);
  gtk_widget_class_bind_template_child (widget_class, SlopeCleanPage, views_revealer);
  gtk_widget_class_bind_template_child (widget_class, SlopeCleanPage, views_line);
  gtk_widget_class_bind_template_child (widget_class, SlopeCleanPage, progress_revealer);
  gtk_widget_class_bind_template_child (widget_class, SlopeCleanPage, progress_label);
  gtk_widget_class_bind_template_callback (widget_class, views_toggled_cb);
  gtk_widget_class_install_action (widget_class, "clean.look", NULL, look_action);
}
