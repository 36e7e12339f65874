/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-recent-row.h"

#include "slope-colors.h"
#include "slope-files.h"
#include "slope-thumbnail.h"

#include <glib/gi18n.h>
#include <math.h>
#include <slope/slope.h>

#define PICTURE_PX 19

struct _SlopeRecentRow
{
  AdwActionRow parent_instance;
  char *path;
  GCancellable *cancellable; /* of the summary */
  GtkGrid *pictures;
  GtkLabel *figure;
  GtkLabel *when;
  GtkWidget *forget;
  GtkWidget *arrow;
};

typedef struct
{
  SlProjectSummary facts;
  gint64 changed; /* Unix seconds */
} Summary;

enum
{
  OPENED,
  FORGOTTEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SlopeRecentRow, slope_recent_row, ADW_TYPE_ACTION_ROW)

static void
summary_free (Summary *summary)
{
  sl_project_summary_clear (&summary->facts);
  g_free (summary);
}

static gint64
time_of_change (const char *path)
{
  g_autofree char *database = g_build_filename (path, "project.db", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (database);
  g_autoptr (GFileInfo) info = g_file_query_info (file, G_FILE_ATTRIBUTE_TIME_MODIFIED,
                                                  G_FILE_QUERY_INFO_NONE, NULL, NULL);

  return info != NULL
             ? (gint64)g_file_info_get_attribute_uint64 (info, G_FILE_ATTRIBUTE_TIME_MODIFIED)
             : 0;
}

static void
read_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const char *path = task_data;
  g_autofree Summary *summary = g_new0 (Summary, 1);
  GError *error = NULL;

  if (!sl_project_read_summary (path, &summary->facts, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  summary->changed = time_of_change (path);
  g_task_return_pointer (task, g_steal_pointer (&summary), (GDestroyNotify)summary_free);
}

/* "Yesterday", "Tuesday", "3 November". (transfer full) */
static char *
describe_day (gint64 seconds)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GDateTime) then = g_date_time_new_from_unix_local (seconds);
  g_autoptr (GDateTime) midnight = NULL;
  gint64 days;

  if (then == NULL || seconds <= 0)
    return g_strdup ("");
  midnight = g_date_time_new_local (g_date_time_get_year (now), g_date_time_get_month (now),
                                    g_date_time_get_day_of_month (now), 0, 0, 0);
  if (g_date_time_compare (then, midnight) >= 0)
    return g_strdup (_ ("Today"));
  days = g_date_time_difference (midnight, then) / G_TIME_SPAN_DAY;
  if (days == 0)
    return g_strdup (_ ("Yesterday"));
  if (days < 6)
    return g_date_time_format (then, "%A");
  if (g_date_time_get_year (then) == g_date_time_get_year (now))
    /* translators: day and month, for g_date_time_format() */
    return g_date_time_format (then, _ ("%-d %B"));
  /* translators: day, month and year, for g_date_time_format() */
  return g_date_time_format (then, _ ("%-d %B %Y"));
}

static char *
describe_kind (const SlProjectSummary *facts)
{
  const SlTask *task = facts->task != NULL ? sl_task_find (facts->task) : NULL;
  g_autofree char *classes = g_strdup_printf (ngettext ("%u class", "%u classes", facts->n_classes),
                                              facts->n_classes);
  g_autofree char *pictures = g_strdup_printf (
      task != NULL && task->texts ? ngettext ("%'lu text", "%'lu texts", facts->n_items)
                                  : ngettext ("%'lu picture", "%'lu pictures", facts->n_items),
      (unsigned long)facts->n_items);

  if (task != NULL && (!task->has_classes || facts->n_classes == 0))
    /* translators: "Masks, 128 pictures" */
    return g_strdup_printf (_ ("%s, %s"), _ (task->label), pictures);
  if (task == NULL)
    /* translators: "3 classes, 128 pictures" */
    return g_strdup_printf (_ ("%s, %s"), classes, pictures);
  /* translators: "One label, 3 classes, 128 pictures" */
  return g_strdup_printf (_ ("%s, %s, %s"), _ (task->label), classes, pictures);
}

static void
show_pictures (SlopeRecentRow *self, const SlProjectSummary *facts)
{
  const SlTask *task = facts->task != NULL ? sl_task_find (facts->task) : NULL;

  if (task != NULL && task->texts)
    {
      GtkWidget *icon = gtk_image_new_from_icon_name ("text-x-generic-symbolic");

      gtk_image_set_pixel_size (GTK_IMAGE (icon), 2 * PICTURE_PX);
      gtk_grid_attach (self->pictures, icon, 0, 0, 1, 1);
      return;
    }
  for (guint i = 0; i < G_N_ELEMENTS (facts->thumbs); i++)
    if (facts->thumbs[i] != NULL)
      {
        GtkWidget *picture = slope_thumbnail_new (PICTURE_PX);

        slope_thumbnail_set_path (SLOPE_THUMBNAIL (picture), facts->thumbs[i]);
        gtk_grid_attach (self->pictures, picture, i % 2, i / 2, 1, 1);
      }
}

static void
show_missing (SlopeRecentRow *self, const GError *error)
{
  g_autofree char *place = slope_path_for_display (self->path);
  const gboolean gone = g_error_matches (error, SL_ERROR, SL_ERROR_NOT_FOUND)
                        || !g_file_test (self->path, G_FILE_TEST_IS_DIR);
  g_autofree char *text = gone ? g_strdup_printf (_ ("No longer in %s"), place)
                               : g_strdup (error->message);

  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), text);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), !gone);
  gtk_widget_add_css_class (GTK_WIDGET (self), "missing");
  gtk_widget_set_visible (self->forget, TRUE);
  gtk_widget_set_visible (self->arrow, !gone);
}

static void
summary_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  SlopeRecentRow *self = SLOPE_RECENT_ROW (source);
  g_autoptr (GError) error = NULL;
  Summary *summary = g_task_propagate_pointer (G_TASK (result), &error);
  g_autofree char *kind = NULL;
  g_autofree char *day = NULL;

  if (summary == NULL)
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        show_missing (self, error);
      return;
    }
  if (summary->facts.title != NULL)
    adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), summary->facts.title);
  kind = describe_kind (&summary->facts);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), kind);
  if (summary->facts.metric_name != NULL && isfinite (summary->facts.metric))
    {
      g_autofree char *value = slope_format_metric (summary->facts.metric_name,
                                                    summary->facts.metric);
      g_autofree char *figure = g_strdup_printf (
          /* translators: name and value of a figure: "Error 4.0 %" */
          _ ("%s %s"), slope_metric_label (summary->facts.metric_name), value);

      gtk_label_set_text (self->figure, figure);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->figure), *gtk_label_get_text (self->figure) != '\0');
  day = describe_day (summary->changed);
  gtk_label_set_text (self->when, day);
  show_pictures (self, &summary->facts);
  summary_free (summary);
}

static void
forget_clicked_cb (SlopeRecentRow *self)
{
  g_signal_emit (self, signals[FORGOTTEN], 0);
}

static void
slope_recent_row_activate (AdwActionRow *row)
{
  g_signal_emit (row, signals[OPENED], 0);
}

static void
slope_recent_row_dispose (GObject *object)
{
  SlopeRecentRow *self = SLOPE_RECENT_ROW (object);

  g_cancellable_cancel (self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (object), SLOPE_TYPE_RECENT_ROW);
  G_OBJECT_CLASS (slope_recent_row_parent_class)->dispose (object);
}

static void
slope_recent_row_finalize (GObject *object)
{
  SlopeRecentRow *self = SLOPE_RECENT_ROW (object);

  g_clear_object (&self->cancellable);
  g_free (self->path);
  G_OBJECT_CLASS (slope_recent_row_parent_class)->finalize (object);
}

static void
slope_recent_row_class_init (SlopeRecentRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = slope_recent_row_dispose;
  G_OBJECT_CLASS (klass)->finalize = slope_recent_row_finalize;
  ADW_ACTION_ROW_CLASS (klass)->activate = slope_recent_row_activate;
  signals[OPENED] = g_signal_new ("opened", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 0);
  signals[FORGOTTEN] = g_signal_new ("forgotten", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                     NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/slopeml/Slope/slope-recent-row.ui");
  gtk_widget_class_bind_template_child (widget_class, SlopeRecentRow, pictures);
  gtk_widget_class_bind_template_child (widget_class, SlopeRecentRow, figure);
  gtk_widget_class_bind_template_child (widget_class, SlopeRecentRow, when);
  gtk_widget_class_bind_template_child (widget_class, SlopeRecentRow, forget);
  gtk_widget_class_bind_template_child (widget_class, SlopeRecentRow, arrow);
  gtk_widget_class_bind_template_callback (widget_class, forget_clicked_cb);
}

static void
slope_recent_row_init (SlopeRecentRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->cancellable = g_cancellable_new ();
}

GtkWidget *
slope_recent_row_new (const char *path)
{
  SlopeRecentRow *self = g_object_new (SLOPE_TYPE_RECENT_ROW, NULL);
  g_autofree char *name = g_filename_display_basename (path);
  g_autoptr (GTask) task = g_task_new (self, self->cancellable, summary_read_cb, NULL);

  if (g_str_has_suffix (name, ".slope"))
    name[strlen (name) - strlen (".slope")] = '\0';
  self->path = g_strdup (path);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), name);
  g_task_set_source_tag (task, slope_recent_row_new);
  g_task_set_task_data (task, g_strdup (path), g_free);
  g_task_run_in_thread (task, read_in_thread);
  return GTK_WIDGET (self);
}

const char *
slope_recent_row_get_path (SlopeRecentRow *self)
{
  g_return_val_if_fail (SLOPE_IS_RECENT_ROW (self), NULL);
  return self->path;
}
