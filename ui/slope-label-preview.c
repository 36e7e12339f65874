/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-label-preview.h"

#include "slope-settings.h"
#include "slope-swatch.h"
#include "slope-thumbnail.h"
#include "slope-widgets.h"
#include "task-views/slope-task-view.h"

#include <glib/gi18n.h>
#include <math.h>

#define HEIGHT_PX 184
#define REACH_PX 14 /* of the pointer, for a point */
#define RING_PX 9.f /* radius, around the chosen point */
#define NONE -1

struct _SlopeLabelPreview
{
  GtkWidget parent_instance;
  SlopeThumbnail *picture; /* children: not owned */
  GtkLabel *chosen_name;
  GtkWidget *opacity_row;
  GtkFlowBox *legend;
  SlProject *project; /* owned; NULL: nothing is shown */
  SlItem *item;       /* likewise */
  gboolean editable;
  char *target;           /* (nullable) owned: as it is drawn, before the item has it */
  char *predicted;        /* (nullable) owned: drawn beside the label */
  gboolean covered;       /* what slope_label_preview_cover() was given lies there, not the label */
  gboolean full_strength; /* whatever the opacity of masks is */
  gboolean has_legend;
  GArray *handles;       /* of graphene_point_t, in pixels of the picture; owned */
  int chosen;            /* of the handles, or NONE */
  graphene_point_t held; /* where the chosen one was when the drag began; in the widget */
};

enum
{
  EDITED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SlopeLabelPreview, slope_label_preview, GTK_TYPE_WIDGET)

static const SlopeTaskView *
view_of (SlopeLabelPreview *self)
{
  return slope_task_view_for (sl_project_get_task (self->project));
}

/* ---- Where things are */

/* Pixels of the screen for one of the picture's; @origin: the picture's corner in the widget. */
static double
scale_of (SlopeLabelPreview *self, graphene_point_t *origin)
{
  const double width = sl_item_get_width (self->item), height = sl_item_get_height (self->item);
  graphene_rect_t box;
  double scale;

  if (width <= 0. || height <= 0.
      || !gtk_widget_compute_bounds (GTK_WIDGET (self->picture), GTK_WIDGET (self), &box))
    return 0.;
  scale = MIN (box.size.width / width, box.size.height / height);
  *origin = GRAPHENE_POINT_INIT (box.origin.x + (box.size.width - scale * width) / 2,
                                 box.origin.y + (box.size.height - scale * height) / 2);
  return scale;
}

static gboolean
handle_place (SlopeLabelPreview *self, guint index, graphene_point_t *place)
{
  const graphene_point_t *handle = &g_array_index (self->handles, graphene_point_t, index);
  graphene_point_t origin;
  const double scale = scale_of (self, &origin);

  *place = GRAPHENE_POINT_INIT (origin.x + scale * handle->x, origin.y + scale * handle->y);
  return scale > 0. && !isnan (handle->x);
}

static int
handle_at (SlopeLabelPreview *self, double x, double y)
{
  double nearest = REACH_PX;
  int found = NONE;

  for (guint i = 0; i < self->handles->len; i++)
    {
      graphene_point_t place;

      if (!handle_place (self, i, &place) || hypot (place.x - x, place.y - y) > nearest)
        continue;
      nearest = hypot (place.x - x, place.y - y);
      found = (int)i;
    }
  return found;
}

/* ---- What is drawn */

static void
show_chosen (SlopeLabelPreview *self)
{
  const char *name = "";

  if (self->chosen != NONE)
    name = sl_project_get_classes (self->project)[self->chosen];
  else if (self->handles->len > 0)
    name = _ ("Drag a point to where it belongs");
  gtk_label_set_text (self->chosen_name, name);
  gtk_widget_set_visible (GTK_WIDGET (self->chosen_name), self->handles->len > 0);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
show_label (SlopeLabelPreview *self)
{
  g_autoptr (GdkPaintable) overlay = NULL;
  const char *target;

  if (self->item == NULL || view_of (self)->overlay_new == NULL || self->covered)
    return;
  target = self->target != NULL ? self->target : sl_item_get_target (self->item);
  if (self->target != NULL || g_settings_get_boolean (slope_settings (), "show-labels"))
    overlay = view_of (self)->overlay_new (sl_project_get_classes (self->project), target,
                                           self->predicted, sl_item_get_width (self->item),
                                           sl_item_get_height (self->item));
  slope_thumbnail_set_overlay (self->picture, overlay, &GRAPHENE_RECT_INIT (0, 0, 1, 1));
}

static void
set_opacity (SlopeLabelPreview *self)
{
  const gboolean hides = self->project != NULL && view_of (self)->overlay_hides
                         && !self->full_strength;
  const double percent = g_settings_get_double (slope_settings (), "mask-opacity");

  gtk_widget_set_sensitive (self->opacity_row, hides);
  slope_thumbnail_set_overlay_opacity (self->picture, hides ? percent / 100. : 1.);
}

static void
slope_label_preview_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  SlopeLabelPreview *self = SLOPE_LABEL_PREVIEW (widget);
  const GdkRGBA white = { 1, 1, 1, 1 };
  GskRoundedRect ring;
  graphene_point_t place;

  GTK_WIDGET_CLASS (slope_label_preview_parent_class)->snapshot (widget, snapshot);
  if (self->chosen == NONE || !handle_place (self, (guint)self->chosen, &place))
    return;
  gsk_rounded_rect_init_from_rect (
      &ring, &GRAPHENE_RECT_INIT (place.x - RING_PX, place.y - RING_PX, 2 * RING_PX, 2 * RING_PX),
      RING_PX);
  gtk_snapshot_append_border (snapshot, &ring, (float[4]){ 2, 2, 2, 2 },
                              (GdkRGBA[4]){ white, white, white, white });
}

/* ---- What is changed */

static void
choose (SlopeLabelPreview *self, int chosen)
{
  self->chosen = chosen;
  show_chosen (self);
}

/* The chosen point, in pixels of the picture, which it does not leave. */
static void
move_chosen (SlopeLabelPreview *self, double x, double y)
{
  graphene_point_t *handle = &g_array_index (self->handles, graphene_point_t, self->chosen);
  const char *target = self->target != NULL ? self->target : sl_item_get_target (self->item);
  char *moved;

  handle->x = CLAMP (x, 0., sl_item_get_width (self->item));
  handle->y = CLAMP (y, 0., sl_item_get_height (self->item));
  moved = view_of (self)->move_handle (target, (guint)self->chosen, handle->x, handle->y);
  g_free (self->target);
  self->target = moved;
  show_label (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
give_target (SlopeLabelPreview *self)
{
  g_autofree char *target = g_steal_pointer (&self->target);

  if (target != NULL && g_strcmp0 (target, sl_item_get_target (self->item)) != 0)
    g_signal_emit (self, signals[EDITED], 0, target);
  show_label (self);
}

static void
drag_begin_cb (SlopeLabelPreview *self, double x, double y, GtkGesture *gesture)
{
  if (self->editable && self->handles->len > 0)
    gtk_widget_grab_focus (GTK_WIDGET (self)); /* beside a point too: keys go on from there */
  choose (self, self->editable ? handle_at (self, x, y) : NONE);
  if (self->chosen == NONE)
    {
      gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_DENIED);
      return;
    }
  handle_place (self, (guint)self->chosen, &self->held);
}

static void
drag_update_cb (SlopeLabelPreview *self, double across, double down, GtkGesture *gesture)
{
  graphene_point_t origin;
  const double scale = self->chosen != NONE ? scale_of (self, &origin) : 0.;

  if (scale > 0.)
    move_chosen (self, (self->held.x + across - origin.x) / scale,
                 (self->held.y + down - origin.y) / scale);
}

static void
drag_end_cb (SlopeLabelPreview *self, double across, double down, GtkGesture *gesture)
{
  if (self->item != NULL)
    give_target (self);
}

/* The next one that is known, in either direction. */
static void
choose_next (SlopeLabelPreview *self, int step)
{
  const int n = (int)self->handles->len;
  int at = self->chosen != NONE ? self->chosen : step > 0 ? -1 : n;

  for (at += step; at >= 0 && at < n; at += step)
    if (!isnan (g_array_index (self->handles, graphene_point_t, at).x))
      {
        choose (self, at);
        return;
      }
}

static gboolean
key_pressed_cb (SlopeLabelPreview *self, guint key, guint code, GdkModifierType state)
{
  const double step = (state & GDK_SHIFT_MASK) != 0 ? 10. : 1.;
  double across = 0., down = 0.;
  graphene_point_t at;

  if (self->handles->len == 0 || !self->editable)
    return FALSE;
  if (key == GDK_KEY_Page_Up || key == GDK_KEY_Page_Down)
    {
      choose_next (self, key == GDK_KEY_Page_Up ? -1 : 1);
      return TRUE;
    }
  if (self->chosen == NONE)
    return FALSE;
  if (key == GDK_KEY_Escape)
    {
      choose (self, NONE);
      return TRUE;
    }
  across = key == GDK_KEY_Left ? -step : key == GDK_KEY_Right ? step : 0.;
  down = key == GDK_KEY_Up ? -step : key == GDK_KEY_Down ? step : 0.;
  if (across == 0. && down == 0.)
    return FALSE;
  at = g_array_index (self->handles, graphene_point_t, self->chosen);
  move_chosen (self, at.x + across, at.y + down);
  return TRUE;
}

/* However long an arrow is held, it is one step to undo. */
static void
key_released_cb (SlopeLabelPreview *self, guint key, guint code, GdkModifierType state)
{
  if (self->target != NULL && self->item != NULL)
    give_target (self);
}

static void
focus_left_cb (SlopeLabelPreview *self)
{
  key_released_cb (self, 0, 0, 0);
  choose (self, NONE);
}

/* ---- Class */

static void
slope_label_preview_dispose (GObject *object)
{
  SlopeLabelPreview *self = SLOPE_LABEL_PREVIEW (object);

  g_clear_object (&self->item);
  g_clear_object (&self->project);
  slope_widget_unparent_children (GTK_WIDGET (self));
  G_OBJECT_CLASS (slope_label_preview_parent_class)->dispose (object);
}

static void
slope_label_preview_finalize (GObject *object)
{
  SlopeLabelPreview *self = SLOPE_LABEL_PREVIEW (object);

  g_array_unref (self->handles);
  g_free (self->target);
  g_free (self->predicted);
  G_OBJECT_CLASS (slope_label_preview_parent_class)->finalize (object);
}

static void
slope_label_preview_class_init (SlopeLabelPreviewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = slope_label_preview_dispose;
  G_OBJECT_CLASS (klass)->finalize = slope_label_preview_finalize;
  widget_class->snapshot = slope_label_preview_snapshot;
  signals[EDITED] = g_signal_new ("edited", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "labelpreview");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
add_opacity_row (SlopeLabelPreview *self)
{
  GtkWidget *label = gtk_label_new_with_mnemonic (_ ("Mask _opacity"));
  GtkWidget *scale = gtk_scale_new_with_range (GTK_ORIENTATION_HORIZONTAL, 0, 100, 5);
  GtkAdjustment *adjustment = gtk_range_get_adjustment (GTK_RANGE (scale));

  self->opacity_row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_widget_set_hexpand (scale, TRUE);
  gtk_label_set_mnemonic_widget (GTK_LABEL (label), scale);
  gtk_accessible_update_property (GTK_ACCESSIBLE (scale), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Mask opacity"), -1);
  gtk_box_append (GTK_BOX (self->opacity_row), label);
  gtk_box_append (GTK_BOX (self->opacity_row), scale);
  gtk_widget_set_parent (self->opacity_row, GTK_WIDGET (self));
  g_settings_bind (slope_settings (), "mask-opacity", adjustment, "value", G_SETTINGS_BIND_DEFAULT);
}

static void
add_controllers (SlopeLabelPreview *self)
{
  GtkGesture *drag = gtk_gesture_drag_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();

  g_signal_connect_swapped (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect_swapped (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  g_signal_connect_swapped (drag, "drag-end", G_CALLBACK (drag_end_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  g_signal_connect_swapped (keys, "key-released", G_CALLBACK (key_released_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  g_signal_connect_swapped (focus, "leave", G_CALLBACK (focus_left_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), focus);
}

static void
slope_label_preview_init (SlopeLabelPreview *self)
{
  GtkLayoutManager *box = gtk_widget_get_layout_manager (GTK_WIDGET (self));

  gtk_orientable_set_orientation (GTK_ORIENTABLE (box), GTK_ORIENTATION_VERTICAL);
  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (box), 6);
  self->handles = g_array_new (FALSE, FALSE, sizeof (graphene_point_t));
  self->chosen = NONE;
  self->has_legend = TRUE;
  self->picture = SLOPE_THUMBNAIL (slope_thumbnail_new (0));
  g_object_set (self->picture, "cover", FALSE, "height-request", HEIGHT_PX, NULL);
  gtk_widget_set_parent (GTK_WIDGET (self->picture), GTK_WIDGET (self));
  self->chosen_name = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_ellipsize (self->chosen_name, PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (GTK_WIDGET (self->chosen_name), "caption");
  gtk_widget_add_css_class (GTK_WIDGET (self->chosen_name), "dim-label");
  gtk_widget_set_parent (GTK_WIDGET (self->chosen_name), GTK_WIDGET (self));
  add_opacity_row (self);
  self->legend = GTK_FLOW_BOX (gtk_flow_box_new ());
  g_object_set (self->legend, "selection-mode", GTK_SELECTION_NONE, "max-children-per-line", 3,
                "row-spacing", 6, "column-spacing", 6, NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->legend), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Colours of the classes"), -1);
  gtk_widget_set_parent (GTK_WIDGET (self->legend), GTK_WIDGET (self));
  add_controllers (self);
  g_signal_connect_object (slope_settings (), "changed::show-labels", G_CALLBACK (show_label), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (slope_settings (), "changed::mask-opacity", G_CALLBACK (set_opacity),
                           self, G_CONNECT_SWAPPED);
}

/* ---- Public */

static void
fill_legend (SlopeLabelPreview *self)
{
  const gboolean hides = self->project != NULL && view_of (self)->overlay_hides;
  const char *const *classes = hides && self->has_legend ? sl_project_get_classes (self->project)
                                                         : NULL;
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->legend))) != NULL)
    gtk_flow_box_remove (self->legend, child);
  for (guint i = 0; classes != NULL && classes[i] != NULL; i++)
    {
      GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
      GtkWidget *name = gtk_label_new (classes[i]);

      gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_MIDDLE);
      gtk_widget_add_css_class (name, "caption");
      gtk_box_append (GTK_BOX (box), slope_swatch_new ((int)i, 16));
      gtk_box_append (GTK_BOX (box), name);
      gtk_flow_box_insert (self->legend, box, -1);
      child = gtk_widget_get_parent (box);
      gtk_widget_set_focusable (child, FALSE);
      gtk_accessible_update_property (GTK_ACCESSIBLE (child), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      classes[i], -1);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->legend), classes != NULL);
  gtk_widget_set_visible (self->opacity_row, hides);
}

static void
find_handles (SlopeLabelPreview *self)
{
  g_array_set_size (self->handles, 0);
  if (self->item != NULL && self->editable && view_of (self)->handles != NULL)
    {
      g_array_unref (self->handles);
      self->handles = view_of (self)->handles (sl_item_get_target (self->item));
    }
  if (self->chosen >= (int)self->handles->len)
    self->chosen = NONE;
  gtk_widget_set_focusable (GTK_WIDGET (self), self->handles->len > 0);
  show_chosen (self);
}

void
slope_label_preview_set (SlopeLabelPreview *self, SlProject *project, SlItem *item,
                         gboolean editable)
{
  g_autofree char *label = NULL;

  g_return_if_fail (SLOPE_IS_LABEL_PREVIEW (self));
  g_return_if_fail ((item == NULL) || SL_IS_PROJECT (project));

  if (item != self->item)
    {
      g_clear_pointer (&self->target, g_free);
      g_clear_pointer (&self->predicted, g_free);
      self->covered = self->full_strength = FALSE;
      self->chosen = NONE;
    }
  if (g_set_object (&self->project, project))
    fill_legend (self);
  g_set_object (&self->item, item);
  self->editable = editable;
  slope_thumbnail_set_path (self->picture, item != NULL ? sl_item_get_path (item) : NULL);
  set_opacity (self);
  find_handles (self);
  show_label (self);
  if (item != NULL)
    label = slope_task_view_describe (view_of (self), sl_project_get_classes (project), item,
                                      SLOPE_CAPTION_LABEL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label != NULL ? label : "", -1);
}

void
slope_label_preview_set_has_legend (SlopeLabelPreview *self, gboolean has_legend)
{
  g_return_if_fail (SLOPE_IS_LABEL_PREVIEW (self));

  self->has_legend = has_legend;
  fill_legend (self);
}

void
slope_label_preview_set_answer (SlopeLabelPreview *self, const char *predicted)
{
  g_return_if_fail (SLOPE_IS_LABEL_PREVIEW (self));

  if (g_strcmp0 (self->predicted, predicted) == 0)
    return;
  g_free (self->predicted);
  self->predicted = g_strdup (predicted);
  show_label (self);
}

void
slope_label_preview_cover (SlopeLabelPreview *self, GdkPaintable *cover,
                           const graphene_rect_t *where, gboolean full_strength)
{
  g_return_if_fail (SLOPE_IS_LABEL_PREVIEW (self));
  g_return_if_fail (cover == NULL || where != NULL);

  self->covered = TRUE;
  self->full_strength = full_strength;
  set_opacity (self);
  slope_thumbnail_set_overlay (self->picture, cover, where);
}

void
slope_label_preview_uncover (SlopeLabelPreview *self)
{
  g_return_if_fail (SLOPE_IS_LABEL_PREVIEW (self));

  if (!self->covered)
    return;
  self->covered = self->full_strength = FALSE;
  set_opacity (self);
  show_label (self);
}
