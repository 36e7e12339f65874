/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-predict-picture.h"

#include "slope-colors.h"
#include "slope-columns-layout.h"
#include "slope-mask-answers.h"
#include "slope-mask-save.h"
#include "slope-nearest.h"
#include "slope-note.h"
#include "slope-settings.h"
#include "slope-thumbnail.h"
#include "slope-thumbnailer.h"
#include "slope-widgets.h"
#include "task-views/slope-task-view.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#define HEAT_MAP_PX 256 /* of its colours, which are stretched over the picture */

struct _SlopePredictPicture
{
  GtkWidget parent_instance;
  SlopeNote *failure; /* template children: not owned */
  GtkStack *stack;
  SlopeThumbnail *picture;
  GtkLabel *answer;
  GtkLabel *sure;
  GtkLabel *facts;
  GtkLabel *truth; /* of a picture of the project */
  GtkWidget *details;
  GtkLabel *details_heading;
  GtkWidget *more; /* nine views, heat map */
  AdwActionRow *nine_views_row;
  GtkWidget *opacity_row; /* of masks */
  GtkAdjustment *mask_opacity;
  GtkWidget *save_row;
  GtkSpinner *spinner;
  GtkSwitch *nine_views;
  AdwExpanderRow *heat_map;
  AdwComboRow *heat_class;
  GtkAdjustment *heat_opacity;
  SlopeNearest *nearest;
  GtkWidget *answer_view; /* the task's; in details; NULL: it has none */
  SlProject *project;     /* owned */
  const SlopeTaskView *view;
  gint64 run_id;
  char *path; /* of the picture at hand */
  char *name; /* as shown */
  GCancellable *cancellable;
  GCancellable *heat_cancellable; /* (nullable): of the map asked for last */
  gboolean answered;              /* the picture at hand */
  gint64 began_us;
  double seconds;           /* of the prediction; < 0: not there yet */
  SlPrediction *prediction; /* (nullable) owned: of the picture at hand */
  int width, height;
};

G_DEFINE_FINAL_TYPE (SlopePredictPicture, slope_predict_picture, GTK_TYPE_WIDGET)

/* What belongs to one picture; an answer that comes after the next picture is dropped. */
typedef struct
{
  SlopePredictPicture *self; /* owned */
  GCancellable *cancellable; /* owned */
} Request;

static Request *
request_new (SlopePredictPicture *self, GCancellable *cancellable)
{
  Request *request = g_new (Request, 1);

  request->self = g_object_ref (self);
  request->cancellable = g_object_ref (cancellable);
  return request;
}

static void
request_free (Request *request)
{
  g_object_unref (request->self);
  g_object_unref (request->cancellable);
  g_free (request);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Request, request_free)

static gboolean
request_is_current (Request *request)
{
  return request->cancellable == request->self->cancellable
         || request->cancellable == request->self->heat_cancellable;
}

/* ---- Points and masks over the picture */

static void
show_mask (SlopePredictPicture *self)
{
  const SlPrediction *answer = self->prediction;
  const gboolean dark = adw_style_manager_get_dark (adw_style_manager_get_default ());
  g_autoptr (GdkTexture) mask = slope_mask_texture_new (answer, dark);
  const graphene_rect_t where = GRAPHENE_RECT_INIT (answer->seen[0], answer->seen[1],
                                                    answer->seen[2] - answer->seen[0],
                                                    answer->seen[3] - answer->seen[1]);

  slope_thumbnail_set_overlay_opacity (self->picture,
                                       gtk_adjustment_get_value (self->mask_opacity) / 100.);
  slope_thumbnail_set_overlay (self->picture, GDK_PAINTABLE (mask), &where);
}

/* (transfer none) (nullable): the project's own picture at @path, whose label is known */
static SlItem *
find_item (SlopePredictPicture *self)
{
  GListModel *items = sl_project_get_items (self->project);

  for (guint i = 0; i < g_list_model_get_n_items (items); i++)
    {
      g_autoptr (SlItem) item = g_list_model_get_item (items, i);

      if (g_str_equal (sl_item_get_path (item), self->path) && sl_item_get_target (item) != NULL)
        return item; /* the project has it */
    }
  return NULL;
}

/* Both are needed, and either may come first: the answer, and the picture's size. */
static void
show_over_picture (SlopePredictPicture *self)
{
  g_autoptr (GdkPaintable) overlay = NULL;
  SlItem *item;

  if (self->prediction == NULL || self->view->overlay_new == NULL)
    return;
  if (self->prediction->mask != NULL)
    {
      show_mask (self);
      return;
    }
  if (self->width <= 0)
    return;
  item = find_item (self);
  overlay = self->view->overlay_new (sl_project_get_classes (self->project),
                                     item != NULL ? sl_item_get_target (item) : NULL,
                                     self->prediction->predicted, self->width, self->height);
  slope_thumbnail_set_overlay_opacity (self->picture, 1.);
  slope_thumbnail_set_overlay (self->picture, overlay, &GRAPHENE_RECT_INIT (0, 0, 1, 1));
}

static void
mask_opacity_cb (SlopePredictPicture *self)
{
  if (self->prediction != NULL && self->prediction->mask != NULL)
    show_mask (self);
}

static void
save_clicked_cb (SlopePredictPicture *self)
{
  const char *dot = strrchr (self->name, '.');
  g_autofree char *name = NULL;

  if (self->prediction == NULL || self->prediction->mask == NULL || self->width <= 0)
    return;
  /* translators: proposed name of a file with a predicted mask; %s is that of the picture */
  name = g_strdup_printf (_ ("%.*s mask.png"),
                          dot != NULL ? (int)(dot - self->name) : (int)strlen (self->name),
                          self->name);
  slope_mask_save (GTK_WIDGET (self), self->prediction, self->width, self->height, name);
}

/* ---- File name, size, time */

static char *
time_text (double seconds)
{
  if (seconds < 1.)
    /* translators: time that a prediction took, in thousandths of a second */
    return g_strdup_printf (_ ("%.0f ms"), 1000. * seconds);
  return slope_format_duration (seconds);
}

static void
update_facts (SlopePredictPicture *self)
{
  g_autofree char *size = NULL;
  g_autofree char *time = self->seconds >= 0. ? time_text (self->seconds) : NULL;
  g_autofree char *text = NULL;

  if (self->width > 0)
    /* translators: width and height of a picture in pixels */
    size = g_strdup_printf (_ ("%1$d × %2$d"), self->width, self->height);
  if (size != NULL && time != NULL)
    /* translators: file, size in pixels, time taken: "00000121.jpg, 640 × 640, in 41 ms" */
    text = g_strdup_printf (_ ("%1$s, %2$s, in %3$s"), self->name, size, time);
  else
    text = g_strdup (self->name);
  gtk_label_set_text (self->facts, text);
}

static void
check_in_thread (GTask *task, gpointer source, gpointer path, GCancellable *cancellable)
{
  g_autofree SlPictureInfo *info = g_new0 (SlPictureInfo, 1);
  GError *error = NULL;

  if (sl_picture_check (path, info, &error))
    g_task_return_pointer (task, g_steal_pointer (&info), g_free);
  else
    g_task_return_error (task, error);
}

static void
checked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Request) request = user_data;
  SlopePredictPicture *self = request->self;
  /* A file that cannot be read is reported by the prediction. */
  g_autofree SlPictureInfo *info = g_task_propagate_pointer (G_TASK (result), NULL);

  if (!request_is_current (request) || info == NULL)
    return;
  self->width = info->width;
  self->height = info->height;
  update_facts (self);
  show_over_picture (self);
}

static void
begin_check (SlopePredictPicture *self)
{
  g_autoptr (GTask) task = g_task_new (NULL, self->cancellable, checked_cb,
                                       request_new (self, self->cancellable));

  g_task_set_source_tag (task, begin_check);
  g_task_set_task_data (task, g_strdup (self->path), g_free);
  g_task_run_in_thread (task, check_in_thread);
}

/* ---- Heat map */

static void
opacity_cb (SlopePredictPicture *self)
{
  slope_thumbnail_set_overlay_opacity (self->picture,
                                       gtk_adjustment_get_value (self->heat_opacity) / 100.);
}

static void
describe_picture (SlopePredictPicture *self, const char *text)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->picture),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
}

static void
show_heat_map (SlopePredictPicture *self, const SlHeatMap *map)
{
  GtkStringObject *chosen = adw_combo_row_get_selected_item (self->heat_class);
  g_autofree char *text = NULL;
  g_autoptr (SlPicture) colors = sl_heat_map_render (map, HEAT_MAP_PX, HEAT_MAP_PX);
  g_autoptr (GdkTexture)
      texture = slope_texture_new_from_rgb (colors->pixels, colors->width, colors->height);
  graphene_rect_t where = GRAPHENE_RECT_INIT (map->left, map->top, map->right - map->left,
                                              map->bottom - map->top);

  slope_thumbnail_set_overlay (self->picture, GDK_PAINTABLE (texture), &where);
  /* translators: for screen readers; %s is a class */
  text = g_strdup_printf (_ ("With the heat map for %s"), gtk_string_object_get_string (chosen));
  describe_picture (self, text);
}

static void
heat_mapped_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Request) request = user_data;
  SlopePredictPicture *self = request->self;
  g_autoptr (GError) error = NULL;
  g_autoptr (SlHeatMap) map = sl_project_heat_map_finish (SL_PROJECT (source), result, &error);

  if (!request_is_current (request))
    return;
  if (map != NULL)
    show_heat_map (self, map);
  else
    adw_expander_row_set_subtitle (self->heat_map, error->message);
}

static void
forget_heat_map (SlopePredictPicture *self)
{
  g_cancellable_cancel (self->heat_cancellable);
  g_clear_object (&self->heat_cancellable);
  slope_thumbnail_set_overlay (self->picture, NULL, NULL);
  describe_picture (self, "");
  adw_expander_row_set_subtitle (self->heat_map,
                                 _ ("Bright is what speaks for a class, dark what does not"));
}

static void
ask_heat_map (SlopePredictPicture *self)
{
  GtkStringObject *chosen = adw_combo_row_get_selected_item (self->heat_class);

  forget_heat_map (self);
  if (!self->answered || chosen == NULL || !adw_expander_row_get_enable_expansion (self->heat_map))
    return;
  self->heat_cancellable = g_cancellable_new ();
  sl_project_heat_map_async (self->project, self->run_id, self->path,
                             gtk_string_object_get_string (chosen), self->heat_cancellable,
                             heat_mapped_cb, request_new (self, self->heat_cancellable));
}

static gboolean
has_heat_map (SlProject *project)
{
  const SlTask *task = sl_project_get_task (project);

  return task->has_classes && !task->dense;
}

/* The map of a new picture is that of the likeliest class.  Where that is another one than before,
 * the row says so, and the map is asked for then. */
static void
choose_heat_class (SlopePredictPicture *self, const SlPrediction *prediction)
{
  guint best = 0;

  if (!has_heat_map (self->project))
    return;
  for (guint i = 1; i < prediction->n_outputs; i++)
    if (prediction->outputs[i] > prediction->outputs[best])
      best = i;
  if (best == adw_combo_row_get_selected (self->heat_class))
    ask_heat_map (self);
  else
    adw_combo_row_set_selected (self->heat_class, best);
}

/* ---- Prediction */

static void
set_failure (SlopePredictPicture *self, const char *heading, const char *text)
{
  gtk_widget_set_visible (GTK_WIDGET (self->failure), heading != NULL);
  if (heading != NULL)
    slope_note_set (self->failure, SLOPE_NOTE_ERROR, heading, text, NULL, TRUE);
}

static void
set_working (SlopePredictPicture *self, gboolean working)
{
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), working);
  gtk_spinner_set_spinning (self->spinner, working);
}

static SlRun * /* (transfer full) (nullable) */
find_run (SlopePredictPicture *self)
{
  GListModel *runs = sl_project_get_runs (self->project);

  for (guint i = 0; i < g_list_model_get_n_items (runs); i++)
    {
      g_autoptr (SlRun) run = g_list_model_get_item (runs, i);

      if (sl_run_get_id (run) == self->run_id)
        return g_steal_pointer (&run);
    }
  return NULL;
}

static void
show_details (SlopePredictPicture *self, gboolean show)
{
  gtk_widget_set_visible (self->details, show && self->answer_view != NULL);
  gtk_widget_set_visible (self->more, show);
}

/* What a picture of the project is labelled with, where words say it. */
static void
show_truth (SlopePredictPicture *self)
{
  SlItem *item = sl_project_get_task (self->project)->target_is_file ? NULL : find_item (self);
  g_autofree char *words = NULL;
  g_autofree char *text = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->truth), item != NULL);
  if (item == NULL)
    return;
  words = self->view->say_target (sl_project_get_classes (self->project),
                                  sl_item_get_target (item));
  /* translators: the label of a picture, below what the model says */
  text = g_strdup_printf (_ ("Its label: %s"), words);
  gtk_label_set_text (self->truth, text);
}

/* @prediction: (transfer full) */
static void
show_answer (SlopePredictPicture *self, SlPrediction *prediction)
{
  const char *const *classes = sl_project_get_classes (self->project);
  g_autoptr (SlRun) run = find_run (self);
  g_autofree char *words = slope_task_view_say (self->view, classes, prediction->predicted);
  g_autofree char *sure = slope_format_percent (prediction->probability);

  gtk_label_set_text (self->answer, words);
  gtk_label_set_text (self->sure, sure);
  /* Of several labels each has its own. */
  gtk_widget_set_visible (GTK_WIDGET (self->sure), sl_project_get_task (self->project)->one_class);
  if (self->answer_view != NULL && run != NULL)
    self->view->answer_set (self->answer_view, classes, prediction, sl_run_get_recipe (run));
  show_details (self, TRUE);
  self->answered = TRUE;
  choose_heat_class (self, prediction);
  g_clear_pointer (&self->prediction, sl_prediction_free);
  self->prediction = prediction;
  show_truth (self);
  show_over_picture (self);
  slope_nearest_show (self->nearest, self->project, self->run_id, self->path);
  gtk_stack_set_visible_child_name (self->stack, "answer");
}

static void
predicted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Request) request = user_data;
  SlopePredictPicture *self = request->self;
  g_autoptr (GError) error = NULL;
  g_autoptr (SlPrediction)
      prediction = sl_project_predict_finish (SL_PROJECT (source), result, &error);

  if (!request_is_current (request))
    return;
  set_working (self, FALSE);
  if (prediction == NULL)
    {
      /* translators: a file name */
      g_autofree char *heading = g_strdup_printf (_ ("“%s” could not be used."), self->name);

      gtk_stack_set_visible_child_name (self->stack, "empty");
      set_failure (self, heading, error->message);
      return;
    }
  self->seconds = (g_get_monotonic_time () - self->began_us) / 1e6;
  update_facts (self);
  show_answer (self, g_steal_pointer (&prediction));
}

static void
forget_request (SlopePredictPicture *self)
{
  self->answered = FALSE;
  g_clear_pointer (&self->prediction, sl_prediction_free);
  slope_nearest_show (self->nearest, self->project, 0, NULL);
  forget_heat_map (self);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  set_working (self, FALSE);
}

static void
predict (SlopePredictPicture *self)
{
  forget_request (self);
  if (self->project == NULL || self->path == NULL || self->run_id == 0)
    return;
  self->cancellable = g_cancellable_new ();
  self->began_us = g_get_monotonic_time ();
  self->seconds = -1.;
  set_failure (self, NULL, NULL);
  set_working (self, TRUE);
  update_facts (self);
  begin_check (self);
  sl_project_predict_async (self->project, self->run_id, self->path,
                            gtk_switch_get_active (self->nine_views), self->cancellable,
                            predicted_cb, request_new (self, self->cancellable));
}

static void
failure_closed_cb (SlopePredictPicture *self)
{
  set_failure (self, NULL, NULL);
}

/* ---- Object */

static void
slope_predict_picture_dispose (GObject *object)
{
  SlopePredictPicture *self = SLOPE_PREDICT_PICTURE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_cancellable_cancel (self->heat_cancellable);
  g_clear_object (&self->heat_cancellable);
  g_clear_object (&self->project);
  gtk_widget_dispose_template (GTK_WIDGET (self), SLOPE_TYPE_PREDICT_PICTURE);
  slope_widget_unparent_children (GTK_WIDGET (self));
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->prediction, sl_prediction_free);
  G_OBJECT_CLASS (slope_predict_picture_parent_class)->dispose (object);
}

static void
slope_predict_picture_class_init (SlopePredictPictureClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = slope_predict_picture_dispose;
  g_type_ensure (SLOPE_TYPE_COLUMNS_LAYOUT);
  g_type_ensure (SLOPE_TYPE_NEAREST);
  g_type_ensure (SLOPE_TYPE_NOTE);
  g_type_ensure (SLOPE_TYPE_THUMBNAIL);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/slopeml/Slope/slope-predict-picture.ui");
  gtk_widget_class_bind_template_child (widget_class, SlopePredictPicture, failure);
  gtk_widget_class_bind_template_child (widget_class, SlopePredictPicture, stack);
  gtk_widget_class_bind_template_child (widget_class, SlopePredictPicture, picture);
  gtk_widget_class_bind_template_child (widget_class, SlopePredictPicture, answer);
  gtk_widget_class_bind_template_child (widget_class, SlopePredictPicture, sure);
  gtk_widget_class_bind_template_child (widget_class, SlopePredictPicture, facts);
  gtk_widget_class_bind_template_child (widget_class, SlopePredictPicture, truth);
  gtk_widget_class_bind_template_child (widget_class, SlopePredictPicture, details);
  gtk_widget_class_bind_template_child (widget_class, SlopePredictPicture, details_heading);
  gtk_widget_class_bind_template_child (widget_class, SlopePredictPicture, opacity_row);
  gtk_widget_class_bind_template_child (widget_class, SlopePredictPicture, mask_opacity);
  gtk_widget_class_bind_template_child (widget_class, SlopePredictPicture, save_row);
  gtk_widget_class_bind_template_child (widget_class, SlopePredictPicture, more);
  gtk_widget_class_bind_template_child (widget_class, SlopePredictPicture, nine_views_row);
  gtk_widget_class_bind_template_child (widget_class, SlopePredictPicture, spinner);
  gtk_widget_class_bind_template_child (widget_class, SlopePredictPicture, nine_views);
  gtk_widget_class_bind_template_child (widget_class, SlopePredictPicture, heat_map);
  gtk_widget_class_bind_template_child (widget_class, SlopePredictPicture, heat_class);
  gtk_widget_class_bind_template_child (widget_class, SlopePredictPicture, heat_opacity);
  gtk_widget_class_bind_template_child (widget_class, SlopePredictPicture, nearest);
  gtk_widget_class_bind_template_callback (widget_class, failure_closed_cb);
  gtk_widget_class_bind_template_callback (widget_class, predict);
  gtk_widget_class_bind_template_callback (widget_class, ask_heat_map);
  gtk_widget_class_bind_template_callback (widget_class, opacity_cb);
  gtk_widget_class_bind_template_callback (widget_class, mask_opacity_cb);
  gtk_widget_class_bind_template_callback (widget_class, save_clicked_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "predictpicture");
}

static void
slope_predict_picture_init (SlopePredictPicture *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_settings_bind (slope_settings (), "mask-opacity", self->mask_opacity, "value",
                   G_SETTINGS_BIND_DEFAULT);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark",
                           G_CALLBACK (mask_opacity_cb), self, G_CONNECT_SWAPPED);
  opacity_cb (self);
  forget_heat_map (self);
}

/* Nine views are no different question for a kind of problem whose answers have no mean: it says why. */
static void
set_rows (SlopePredictPicture *self, const SlTask *task)
{
  const char *heading = self->view->answer_heading;

  gtk_widget_set_sensitive (GTK_WIDGET (self->nine_views_row), task->may_blend);
  if (!task->may_blend)
    gtk_switch_set_active (self->nine_views, FALSE);
  adw_action_row_set_subtitle (
      self->nine_views_row,
      task->may_blend ? _ ("The answer is blended from nine views of the picture: slower, often a "
                           "little more accurate")
      : task->dense   ? _ ("Not for masks: each view sees another part of the picture")
                      : _ ("Not for points and numbers: they are measured in the whole picture"));
  gtk_widget_set_visible (self->opacity_row, task->dense);
  gtk_widget_set_visible (self->save_row, task->dense);
  gtk_label_set_text (self->details_heading, heading != NULL ? _ (heading) : _ ("How Sure"));
}

void
slope_predict_picture_set_project (SlopePredictPicture *self, SlProject *project)
{
  g_autoptr (GtkStringList) classes = NULL;

  g_return_if_fail (SLOPE_IS_PREDICT_PICTURE (self));
  g_return_if_fail (project == NULL || SL_IS_PROJECT (project));

  forget_request (self);
  set_failure (self, NULL, NULL);
  g_set_object (&self->project, project);
  slope_nearest_show (self->nearest, project, 0, NULL);
  g_clear_pointer (&self->path, g_free);
  self->run_id = 0;
  opacity_cb (self);
  gtk_stack_set_visible_child_name (self->stack, "empty");
  if (self->answer_view != NULL)
    gtk_box_remove (GTK_BOX (self->details), self->answer_view);
  self->answer_view = NULL;
  if (project == NULL)
    return;
  classes = gtk_string_list_new (sl_project_get_classes (project));
  adw_combo_row_set_model (self->heat_class, G_LIST_MODEL (classes));
  self->view = slope_task_view_for (sl_project_get_task (project));
  set_rows (self, sl_project_get_task (project));
  gtk_widget_set_visible (GTK_WIDGET (self->heat_map), has_heat_map (project));
  if (self->view->answer_new == NULL)
    return;
  self->answer_view = self->view->answer_new ();
  gtk_box_append (GTK_BOX (self->details), self->answer_view);
}

void
slope_predict_picture_set_run (SlopePredictPicture *self, gint64 run_id)
{
  g_return_if_fail (SLOPE_IS_PREDICT_PICTURE (self));

  if (self->run_id == run_id)
    return;
  self->run_id = run_id;
  predict (self);
}

void
slope_predict_picture_set_nine_views (SlopePredictPicture *self, gboolean nine_views)
{
  g_return_if_fail (SLOPE_IS_PREDICT_PICTURE (self));

  gtk_switch_set_active (self->nine_views, nine_views);
}

void
slope_predict_picture_open (SlopePredictPicture *self, const char *path, const char *name)
{
  g_return_if_fail (SLOPE_IS_PREDICT_PICTURE (self));
  g_return_if_fail (path != NULL);

  g_free (self->path);
  self->path = g_strdup (path);
  g_free (self->name);
  self->name = name != NULL ? g_strdup (name) : g_filename_display_basename (path);
  self->width = self->height = 0;
  slope_thumbnail_set_path (self->picture, path);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->picture), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  self->name, -1);
  gtk_label_set_text (self->answer, "");
  gtk_label_set_text (self->sure, "");
  show_details (self, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->truth), FALSE);
  gtk_stack_set_visible_child_name (self->stack, "answer");
  predict (self);
}

void
slope_predict_picture_fail (SlopePredictPicture *self, const char *heading, const char *text)
{
  g_return_if_fail (SLOPE_IS_PREDICT_PICTURE (self));
  g_return_if_fail (heading != NULL);

  set_failure (self, heading, text);
}
