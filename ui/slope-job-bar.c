/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-job-bar.h"

#include "slope-colors.h"
#include "slope-run-stages.h"
#include "slope-widgets.h"

#include <glib/gi18n.h>

struct _SlopeJobBar
{
  GtkWidget parent_instance;
  GSignalGroup *signals; /* of the project */
  SlProject *project;    /* owned, nullable */
  gboolean stopping;
  char *download; /* name of what is on its way; NULL: nothing */
  GCancellable *cancellable;
  gboolean counts;     /* pictures, not bytes */
  guint64 done, total; /* total 0: not known */
  double rate;         /* a second; 0: not known */
  GtkRevealer *revealer;
  GtkLabel *kind;
  GtkLabel *where;
  GtkProgressBar *bar;
  GtkLabel *left;
  GtkLabel *memory;
  GtkWidget *pause;
  GtkWidget *stop;
  GtkWidget *cancel;
  AdwButtonContent *pause_content;
};

G_DEFINE_FINAL_TYPE (SlopeJobBar, slope_job_bar, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_DOWNLOADING,
  N_PROPS
};
static GParamSpec *properties[N_PROPS];

static const char *
job_name (SlJob job, gboolean texts)
{
  switch (job)
    {
    case SL_JOB_LR_FIND:
      return _ ("Finding the learning rate");
    case SL_JOB_TRAIN:
      return _ ("Training");
    case SL_JOB_EVALUATE:
      return texts ? _ ("Reading all texts") : _ ("Looking at all pictures");
    case SL_JOB_COMPARE:
      return _ ("Comparing pictures");
    case SL_JOB_NONE:
    default:
      return "";
    }
}

/* The next epoch is the one under way. */
static char *
describe_run (SlRun *run)
{
  SlopeRunStages stages;
  gsize n_epochs;

  sl_run_get_epochs (run, &n_epochs);
  slope_run_stages_of (&stages, run);
  return slope_run_stages_where (&stages, n_epochs);
}

static void
update_facts (SlopeJobBar *self)
{
  SlRun *run = sl_project_get_running (self->project);
  const gboolean training = run != NULL && sl_project_get_job (self->project) == SL_JOB_TRAIN;
  const gsize bytes = run != NULL ? sl_run_get_peak_bytes (run) : 0;
  const double seconds = sl_project_get_seconds_left (self->project);
  g_autofree char *where = training ? describe_run (run) : g_strdup ("");
  g_autofree char *size = bytes > 0 ? slope_format_memory (bytes) : g_strdup ("");
  g_autofree char *duration = slope_format_duration (seconds);
  /* translators: %s is a duration such as "28 s" or "1 min 20 s" */
  g_autofree char *left = seconds >= 0. ? g_strdup_printf (_ ("%s left"), duration) : g_strdup ("");

  gtk_label_set_text (self->where, where);
  gtk_widget_set_visible (GTK_WIDGET (self->where), *where != '\0');
  gtk_label_set_text (self->memory, size);
  if (self->stopping)
    gtk_label_set_text (self->left, "");
  else
    gtk_label_set_text (self->left, sl_project_get_paused (self->project) ? _ ("paused") : left);
}

static char *
describe_amount (SlopeJobBar *self, guint64 n)
{
  return self->counts ? g_strdup_printf ("%'" G_GUINT64_FORMAT, n) : g_format_size (n);
}

/* How much has come, and the time that the rest takes at the rate so far. */
static char *
describe_download (SlopeJobBar *self)
{
  g_autofree char *have = describe_amount (self, self->done);
  g_autofree char *all = describe_amount (self, self->total);
  g_autofree char *duration = NULL;

  if (self->total == 0)
    return g_steal_pointer (&have);
  if (self->rate <= 0. || self->done > self->total)
    /* Translators: "12.3 MB of 46.8 MB" */
    return g_strdup_printf (_ ("%s of %s"), have, all);
  duration = slope_format_duration ((double)(self->total - self->done) / self->rate);
  /* Translators: "12.3 MB of 46.8 MB, 28 s left" */
  return g_strdup_printf (_ ("%s of %s, %s left"), have, all, duration);
}

static void
update_download (SlopeJobBar *self)
{
  g_autofree char *text = describe_download (self);

  gtk_label_set_text (self->kind, _ ("Downloading"));
  gtk_label_set_text (self->where, self->download);
  gtk_widget_set_visible (GTK_WIDGET (self->where), TRUE);
  gtk_label_set_text (self->left, text);
  gtk_label_set_text (self->memory, "");
  if (self->total > 0)
    gtk_progress_bar_set_fraction (self->bar, CLAMP ((double)self->done / self->total, 0., 1.));
  else
    gtk_progress_bar_pulse (self->bar);
}

/* A job that runs meanwhile is what is shown. */
static void
update (SlopeJobBar *self)
{
  const SlJob job = self->project != NULL ? sl_project_get_job (self->project) : SL_JOB_NONE;
  const gboolean downloading = job == SL_JOB_NONE && self->download != NULL;
  gboolean paused;

  gtk_revealer_set_reveal_child (self->revealer, job != SL_JOB_NONE || downloading);
  if (job == SL_JOB_NONE)
    self->stopping = FALSE;
  if (job != SL_JOB_NONE || downloading) /* else it is on its way out, and stays as it was */
    {
      gtk_widget_set_visible (self->cancel, downloading);
      gtk_widget_set_visible (self->stop, !downloading);
      gtk_widget_set_visible (self->pause, job == SL_JOB_TRAIN);
    }
  if (downloading)
    update_download (self);
  if (job == SL_JOB_NONE)
    return;

  paused = sl_project_get_paused (self->project);
  gtk_label_set_text (self->kind, self->stopping
                                      ? _ ("Stopping…")
                                      : job_name (job, sl_project_get_task (self->project)->texts));
  gtk_progress_bar_set_fraction (self->bar,
                                 CLAMP (sl_project_get_job_progress (self->project), 0., 1.));
  adw_button_content_set_label (self->pause_content, paused ? _ ("Resume") : _ ("Pause"));
  adw_button_content_set_icon_name (self->pause_content, paused ? "media-playback-start-symbolic"
                                                                : "media-playback-pause-symbolic");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->pause), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  paused ? _ ("Resume") : _ ("Pause"), -1);
  update_facts (self);
}

/* ---- Downloads */

/* Its end is told by who began it. */
static void
cancel_download (SlopeJobBar *self)
{
  g_cancellable_cancel (self->cancellable); /* nullable */
}

static void
set_download (SlopeJobBar *self, const char *name, GCancellable *cancellable)
{
  g_free (self->download);
  self->download = g_strdup (name);
  g_set_object (&self->cancellable, cancellable);
  self->done = self->total = 0;
  self->rate = 0;
  self->counts = FALSE;
  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DOWNLOADING]);
}

void
slope_job_bar_begin_download (SlopeJobBar *self, const char *name, GCancellable *cancellable)
{
  g_return_if_fail (SLOPE_IS_JOB_BAR (self) && name != NULL && self->download == NULL);
  set_download (self, name, cancellable);
}

static void
set_progress (SlopeJobBar *self, gboolean counts, guint64 done, guint64 total, double rate)
{
  if (self->download == NULL)
    return;
  self->counts = counts;
  self->done = done;
  self->total = total;
  self->rate = rate;
  update (self);
}

void
slope_job_bar_set_download_progress (SlopeJobBar *self, guint64 done, guint64 total, double rate)
{
  g_return_if_fail (SLOPE_IS_JOB_BAR (self));
  set_progress (self, FALSE, done, total, rate);
}

void
slope_job_bar_set_download_count (SlopeJobBar *self, guint64 done, guint64 total, double rate)
{
  g_return_if_fail (SLOPE_IS_JOB_BAR (self));
  set_progress (self, TRUE, done, total, rate);
}

void
slope_job_bar_end_download (SlopeJobBar *self)
{
  g_return_if_fail (SLOPE_IS_JOB_BAR (self));
  set_download (self, NULL, NULL);
}

gboolean
slope_job_bar_is_downloading (SlopeJobBar *self)
{
  g_return_val_if_fail (SLOPE_IS_JOB_BAR (self), FALSE);
  return self->download != NULL;
}

/* ---- */

static void
slope_job_bar_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_DOWNLOADING)
    g_value_set_boolean (value, slope_job_bar_is_downloading (SLOPE_JOB_BAR (object)));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
slope_job_bar_dispose (GObject *object)
{
  SlopeJobBar *self = SLOPE_JOB_BAR (object);

  cancel_download (self);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->download, g_free);
  g_clear_object (&self->signals);
  g_clear_object (&self->project);
  gtk_widget_dispose_template (GTK_WIDGET (object), SLOPE_TYPE_JOB_BAR);
  slope_widget_unparent_children (GTK_WIDGET (object));
  G_OBJECT_CLASS (slope_job_bar_parent_class)->dispose (object);
}

static void
slope_job_bar_class_init (SlopeJobBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = slope_job_bar_dispose;
  G_OBJECT_CLASS (klass)->get_property = slope_job_bar_get_property;
  properties[PROP_DOWNLOADING] = g_param_spec_boolean ("downloading", NULL, NULL, FALSE,
                                                       G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPS, properties);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/slopeml/Slope/slope-job-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, SlopeJobBar, revealer);
  gtk_widget_class_bind_template_child (widget_class, SlopeJobBar, kind);
  gtk_widget_class_bind_template_child (widget_class, SlopeJobBar, where);
  gtk_widget_class_bind_template_child (widget_class, SlopeJobBar, bar);
  gtk_widget_class_bind_template_child (widget_class, SlopeJobBar, left);
  gtk_widget_class_bind_template_child (widget_class, SlopeJobBar, memory);
  gtk_widget_class_bind_template_child (widget_class, SlopeJobBar, pause);
  gtk_widget_class_bind_template_child (widget_class, SlopeJobBar, pause_content);
  gtk_widget_class_bind_template_child (widget_class, SlopeJobBar, stop);
  gtk_widget_class_bind_template_child (widget_class, SlopeJobBar, cancel);
  gtk_widget_class_bind_template_callback (widget_class, cancel_download);
  gtk_widget_class_set_css_name (widget_class, "jobbar");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
slope_job_bar_init (SlopeJobBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Running job"), -1);
  self->signals = g_signal_group_new (SL_TYPE_PROJECT);
  g_signal_group_connect_swapped (self->signals, "notify::job", G_CALLBACK (update), self);
  g_signal_group_connect_swapped (self->signals, "notify::job-progress", G_CALLBACK (update), self);
  g_signal_group_connect_swapped (self->signals, "notify::seconds-left", G_CALLBACK (update), self);
  g_signal_group_connect_swapped (self->signals, "notify::paused", G_CALLBACK (update), self);
}

GtkWidget *
slope_job_bar_new (void)
{
  return g_object_new (SLOPE_TYPE_JOB_BAR, NULL);
}

void
slope_job_bar_set_project (SlopeJobBar *self, SlProject *project)
{
  g_return_if_fail (SLOPE_IS_JOB_BAR (self));

  if (!g_set_object (&self->project, project))
    return;
  cancel_download (self); /* nobody waits for it any more */
  g_signal_group_set_target (self->signals, project);
  update (self);
}

void
slope_job_bar_stop (SlopeJobBar *self)
{
  g_return_if_fail (SLOPE_IS_JOB_BAR (self));

  if (self->project == NULL || sl_project_get_job (self->project) == SL_JOB_NONE)
    return;
  self->stopping = TRUE;
  sl_project_stop (self->project);
  update (self);
}

gboolean
slope_job_bar_is_stopping (SlopeJobBar *self)
{
  g_return_val_if_fail (SLOPE_IS_JOB_BAR (self), FALSE);
  return self->stopping;
}
