/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-import-page.h"

#include "slope-import-summary.h"
#include "slope-job-bar.h"
#include "slope-source-fetch.h"

#include <glib/gi18n.h>

#define SPLIT_SEED 1
#define RATE_AFTER_S 1. /* of fetching: before that it says little */

struct _SlopeImportPage
{
  AdwBin parent_instance;
  GtkWidget *cancel;
  GtkWidget *import;
  GtkSpinner *spinner; /* while labels are read in another way */
  AdwWindowTitle *title;
  GtkStack *stack;
  AdwStatusPage *working;
  AdwStatusPage *failed;
  GtkProgressBar *progress;
  GtkLabel *progress_text;
  SlopeJobBar *job_bar; /* of what is downloaded before it can be read */
  gint64 fetch_since;   /* when the first picture of a list came, of how many; 0: none did */
  gsize fetch_from;
  SlopeImportSummary *summary;
  SlImport *found;           /* owned, nullable: what the scan found */
  char *make_path;           /* without asking: the project to make; (nullable) */
  GCancellable *cancellable; /* owned; of the job that runs */

  /* News of the job: written by its thread, read by the idle. */
  GMutex lock;
  gsize done, total;
  char *what;
  guint idle;
};

enum
{
  CANCELLED,
  CREATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SlopeImportPage, slope_import_page, ADW_TYPE_BIN)

/* The page is gone, or the person has turned away. */
static gboolean
is_over (SlopeImportPage *self)
{
  return self->cancellable == NULL || g_cancellable_is_cancelled (self->cancellable);
}

/* ---- What runs */

static void
set_work (SlopeImportPage *self, const char *title)
{
  gtk_progress_bar_set_fraction (self->progress, 0.);
  gtk_label_set_text (self->progress_text, "");
  gtk_widget_set_visible (GTK_WIDGET (self->progress), TRUE);
  gtk_widget_set_visible (GTK_WIDGET (self->progress_text), TRUE);
  adw_status_page_set_title (self->working, title);
}

static void
begin_work (SlopeImportPage *self, const char *title)
{
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  set_work (self, title);
  gtk_widget_set_visible (self->import, FALSE);
  gtk_stack_set_visible_child_name (self->stack, "working");
}

static void
end_download (SlopeImportPage *self)
{
  if (slope_job_bar_is_downloading (self->job_bar))
    slope_job_bar_end_download (self->job_bar);
}

/* Told in the job bar, as wherever something is downloaded. */
static void
begin_download (SlopeImportPage *self, const char *name)
{
  end_download (self);
  self->fetch_since = 0;
  gtk_widget_set_visible (GTK_WIDGET (self->progress), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->progress_text), FALSE);
  slope_job_bar_begin_download (self->job_bar, name, self->cancellable);
}

/* The pictures of a list are here: now for what is in them. */
static void
end_fetching (SlopeImportPage *self)
{
  if (!slope_job_bar_is_downloading (self->job_bar))
    return;
  end_download (self);
  set_work (self, _ ("Looking at Every File"));
}

/* ---- Progress */

/* By the mean rate since the first came: single pictures are too unlike each other. */
static void
show_fetched (SlopeImportPage *self, gsize done, gsize total)
{
  const gint64 now = g_get_monotonic_time ();
  double seconds;

  if (self->fetch_since == 0)
    {
      self->fetch_since = now;
      self->fetch_from = done;
    }
  seconds = (double)(now - self->fetch_since) / G_USEC_PER_SEC;
  slope_job_bar_set_download_count (
      self->job_bar, done, total,
      seconds >= RATE_AFTER_S ? ((double)done - (double)self->fetch_from) / seconds : 0.);
}

static void
show_done (SlopeImportPage *self, gsize done, gsize total, const char *what)
{
  g_autofree char *text = NULL;

  if (total > 0)
    {
      gtk_progress_bar_set_fraction (self->progress, MIN (1., (double)done / total));
      text = what != NULL
                 ? g_strdup_printf (_ ("%'lu of %'lu: %s"), (unsigned long)done,
                                    (unsigned long)total, what)
                 : g_strdup_printf (_ ("%'lu of %'lu"), (unsigned long)done, (unsigned long)total);
    }
  else
    {
      gtk_progress_bar_pulse (self->progress);
      text = what != NULL ? g_strdup_printf ("%'lu: %s", (unsigned long)done, what)
                          : g_strdup_printf ("%'lu", (unsigned long)done);
    }
  gtk_label_set_text (self->progress_text, text);
}

static gboolean
show_progress (gpointer data)
{
  SlopeImportPage *self = data;
  g_autofree char *what = NULL;
  gsize done, total;

  g_mutex_lock (&self->lock);
  self->idle = 0;
  done = self->done;
  total = self->total;
  what = g_steal_pointer (&self->what);
  g_mutex_unlock (&self->lock);
  if (is_over (self))
    return G_SOURCE_REMOVE;
  if (what != NULL && sl_source_is_web (what))
    show_fetched (self, done, total);
  else
    {
      end_fetching (self);
      show_done (self, done, total, what);
    }
  return G_SOURCE_REMOVE;
}

/* Any thread.  The page lives until the job's callback has dropped its reference, and the first
 * piece of news arms one idle that the later ones ride along with. */
static void
progress_cb (gsize done, gsize total, const char *what, gpointer user_data)
{
  SlopeImportPage *self = user_data;

  g_mutex_lock (&self->lock);
  self->done = done;
  self->total = total;
  if (what != NULL)
    {
      g_autofree char *name = g_filename_display_name (what);

      g_free (self->what);
      self->what = g_steal_pointer (&name);
    }
  if (self->idle == 0)
    self->idle = g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, show_progress, g_object_ref (self),
                                  g_object_unref);
  g_mutex_unlock (&self->lock);
}

static void
show_failure (SlopeImportPage *self, const char *title, const GError *error)
{
  g_autofree char *text = g_markup_escape_text (error->message, -1);

  adw_status_page_set_title (self->failed, title);
  adw_status_page_set_description (self->failed, text);
  gtk_widget_set_visible (self->import, FALSE);
  gtk_stack_set_visible_child_name (self->stack, "failed");
}

/* ---- Letting go */

static gpointer
free_import (gpointer import)
{
  sl_import_unref (import);
  return NULL;
}

/* Of 100,000 pictures that takes longer than a frame. */
static void
drop_import (SlopeImportPage *self)
{
  slope_import_summary_set_import (self->summary, NULL);
  if (self->found != NULL)
    g_thread_unref (g_thread_new ("import", free_import, g_steal_pointer (&self->found)));
}

/* ---- Making the project */

static void
created_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SlopeImportPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SlProject) project = sl_project_create_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || is_over (self))
    return;
  if (project != NULL)
    {
      drop_import (self);
      g_signal_emit (self, signals[CREATED], 0, project);
    }
  else
    show_failure (self, _ ("The Project Cannot Be Made"), error);
}

static void
create (SlopeImportPage *self, const char *path, gboolean copy)
{
  g_autofree char *folder = g_path_get_dirname (path);

  begin_work (self, _ ("Making the Project"));
  g_mkdir_with_parents (folder, 0755); /* where it fails, making the project says why */
  sl_project_create_async (path, self->found, copy, self->cancellable, progress_cb, self,
                           created_cb, g_object_ref (self));
}

static void
accept_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SlopeImportPage *self = SLOPE_IMPORT_PAGE (widget);
  g_autofree char *path = slope_import_summary_dup_path (self->summary);

  if (path != NULL)
    create (self, path, slope_import_summary_get_copy (self->summary));
}

static void
leave (SlopeImportPage *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  end_download (self);
  drop_import (self);
  g_signal_emit (self, signals[CANCELLED], 0);
}

/* In the job bar: else the page has turned away, perhaps to another download. */
static void
leave_if_cancelled (SlopeImportPage *self)
{
  if (self->cancellable != NULL && g_cancellable_is_cancelled (self->cancellable)
      && slope_job_bar_is_downloading (self->job_bar))
    leave (self);
}

static void
cancel_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  leave (SLOPE_IMPORT_PAGE (widget));
}

/* What is in the job bar is cancelled there, and nowhere else: Escape stops no job. */
static void
downloading_cb (SlopeImportPage *self)
{
  const gboolean downloading = slope_job_bar_is_downloading (self->job_bar);

  gtk_widget_set_visible (self->cancel, !downloading);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "import.cancel", !downloading);
}

/* ---- Reading the source */

static void
summary_changed_cb (SlopeImportPage *self)
{
  g_autofree char *path = slope_import_summary_dup_path (self->summary);

  gtk_spinner_set_spinning (self->spinner, slope_import_summary_is_busy (self->summary));
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), slope_import_summary_is_busy (self->summary));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "import.accept", path != NULL);
}

static void
scanned_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SlopeImportPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SlImport) found = sl_import_scan_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || is_over (self))
    {
      leave_if_cancelled (self);
      return;
    }
  end_download (self);
  if (found == NULL)
    {
      show_failure (self, _ ("Nothing to Import Here"), error);
      return;
    }
  g_clear_pointer (&self->found, sl_import_unref);
  self->found = g_steal_pointer (&found);
  if (self->make_path != NULL && sl_import_get_trouble (self->found) == NULL)
    {
      create (self, self->make_path, TRUE);
      return;
    }
  slope_import_summary_set_import (self->summary, self->found);
  summary_changed_cb (self);
  adw_window_title_set_title (self->title, _ ("What Slope Understood"));
  gtk_widget_set_visible (self->import, TRUE);
  gtk_stack_set_visible_child_name (self->stack, "ready");
  gtk_widget_grab_focus (self->import);
}

/* In this thread. */
static void
show_bytes (guint64 done, guint64 total, double rate, gpointer user_data)
{
  SlopeImportPage *self = user_data;

  if (!is_over (self))
    slope_job_bar_set_download_progress (self->job_bar, done, total, rate);
}

static void
fetched_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SlopeImportPage) self = user_data;
  const SlImportOptions options = { .split.seed = SPLIT_SEED, .lenient = TRUE };
  g_autoptr (GError) error = NULL;
  g_autofree char *source = slope_source_fetch_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || is_over (self))
    {
      leave_if_cancelled (self);
      return;
    }
  end_download (self);
  if (source == NULL)
    {
      show_failure (self, _ ("The Download Failed"), error);
      return;
    }
  if (sl_source_is_web (source))
    begin_work (self, _ ("Looking at Every File"));
  else if (sl_address_list_is (source))
    {
      g_autofree char *name = g_filename_display_basename (source);

      begin_download (self, name); /* which the scan does */
    }
  sl_import_scan_async (source, &options, self->cancellable, progress_cb, self, scanned_cb,
                        g_object_ref (self));
}

static void
scan (SlopeImportPage *self, const char *source, const char *make_path)
{
  g_autofree char *place = slope_source_for_display (source);

  g_clear_pointer (&self->found, sl_import_unref);
  g_free (self->make_path);
  self->make_path = g_strdup (make_path);
  adw_window_title_set_title (self->title, _ ("New Project"));
  adw_window_title_set_subtitle (self->title, place);
  begin_work (self, slope_source_say_work (source));
  if (slope_source_is_to_fetch (source))
    begin_download (self, *place != '\0' ? place : source);
  slope_source_fetch_async (source, self->cancellable, show_bytes, self, fetched_cb,
                            g_object_ref (self));
}

/* ---- Class */

static void
slope_import_page_dispose (GObject *object)
{
  SlopeImportPage *self = SLOPE_IMPORT_PAGE (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->found, sl_import_unref);
  gtk_widget_dispose_template (GTK_WIDGET (object), SLOPE_TYPE_IMPORT_PAGE);
  G_OBJECT_CLASS (slope_import_page_parent_class)->dispose (object);
}

static void
slope_import_page_finalize (GObject *object)
{
  SlopeImportPage *self = SLOPE_IMPORT_PAGE (object);

  g_mutex_clear (&self->lock);
  g_free (self->what);
  g_free (self->make_path);
  G_OBJECT_CLASS (slope_import_page_parent_class)->finalize (object);
}

static void
slope_import_page_class_init (SlopeImportPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = slope_import_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = slope_import_page_finalize;
  signals[CANCELLED] = g_signal_new ("cancelled", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                     NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[CREATED] = g_signal_new ("created", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, SL_TYPE_PROJECT);

  g_type_ensure (SLOPE_TYPE_IMPORT_SUMMARY);
  g_type_ensure (SLOPE_TYPE_JOB_BAR);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/slopeml/Slope/slope-import-page.ui");
  gtk_widget_class_bind_template_child (widget_class, SlopeImportPage, cancel);
  gtk_widget_class_bind_template_child (widget_class, SlopeImportPage, import);
  gtk_widget_class_bind_template_child (widget_class, SlopeImportPage, spinner);
  gtk_widget_class_bind_template_child (widget_class, SlopeImportPage, title);
  gtk_widget_class_bind_template_child (widget_class, SlopeImportPage, stack);
  gtk_widget_class_bind_template_child (widget_class, SlopeImportPage, working);
  gtk_widget_class_bind_template_child (widget_class, SlopeImportPage, failed);
  gtk_widget_class_bind_template_child (widget_class, SlopeImportPage, progress);
  gtk_widget_class_bind_template_child (widget_class, SlopeImportPage, progress_text);
  gtk_widget_class_bind_template_child (widget_class, SlopeImportPage, job_bar);
  gtk_widget_class_bind_template_child (widget_class, SlopeImportPage, summary);
  gtk_widget_class_bind_template_callback (widget_class, summary_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, downloading_cb);
  gtk_widget_class_install_action (widget_class, "import.accept", NULL, accept_action);
  gtk_widget_class_install_action (widget_class, "import.cancel", NULL, cancel_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "import.cancel", NULL);
}

static void
slope_import_page_init (SlopeImportPage *self)
{
  g_mutex_init (&self->lock);
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
slope_import_page_new (void)
{
  return g_object_new (SLOPE_TYPE_IMPORT_PAGE, NULL);
}

void
slope_import_page_scan (SlopeImportPage *self, const char *source)
{
  g_return_if_fail (SLOPE_IS_IMPORT_PAGE (self));
  g_return_if_fail (source != NULL);
  scan (self, source, NULL);
}

void
slope_import_page_make (SlopeImportPage *self, const char *source, const char *path)
{
  g_return_if_fail (SLOPE_IS_IMPORT_PAGE (self));
  g_return_if_fail (source != NULL && path != NULL);
  scan (self, source, path);
}
