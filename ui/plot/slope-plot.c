/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slope-plot.h"

#include "config.h"
#include "slope-plot-save.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#define MIN_WIDTH 180
#define NATURAL_WIDTH 294 /* what a plot beside another takes */
#define MIN_HEIGHT 240
#define ZOOM_STEP 1.25

typedef struct
{
  SlopeFigure *figure;
  char *title, *description;
  GskRenderNode *node;             /* the figure as drawn; NULL when it must be drawn anew */
  const SlopeSeries *cross_series; /* of the figure; NULL: no cross-hair */
  gsize cross_index;
  char *bubble;
  gboolean pointed; /* the pointer is over the plot, at: */
  double pointer_x, pointer_y;
  GtkWidget *menu;
} SlopePlotPrivate;

G_DEFINE_TYPE_WITH_PRIVATE (SlopePlot, slope_plot, GTK_TYPE_WIDGET)

enum
{
  CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
drop_crosshair (SlopePlot *self)
{
  SlopePlotPrivate *priv = slope_plot_get_instance_private (self);
  priv->cross_series = NULL;
  g_clear_pointer (&priv->bubble, g_free);
}

static void
set_crosshair (SlopePlot *self, const SlopeSeries *series, gsize index)
{
  SlopePlotPrivate *priv = slope_plot_get_instance_private (self);
  g_free (priv->bubble);
  priv->cross_series = series;
  priv->cross_index = index;
  priv->bubble = SLOPE_PLOT_GET_CLASS (self)->describe_point (self, series, index);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
slope_plot_hover (SlopePlot *self, double x, double y)
{
  SlopePlotPrivate *priv = slope_plot_get_instance_private (self);
  SlopeRect area = slope_plot_get_area (self);
  const SlopeSeries *series;
  gsize index;

  g_return_if_fail (SLOPE_IS_PLOT (self));
  priv->pointed = TRUE;
  priv->pointer_x = x;
  priv->pointer_y = y;
  if (x >= area.x - 6 && x <= area.x + area.width + 6
      && slope_figure_snap (priv->figure, &area, x, y, &series, &index))
    set_crosshair (self, series, index);
  else if (priv->cross_series)
    {
      drop_crosshair (self);
      gtk_widget_queue_draw (GTK_WIDGET (self));
    }
}

static void
leave (SlopePlot *self)
{
  SlopePlotPrivate *priv = slope_plot_get_instance_private (self);
  priv->pointed = FALSE;
  drop_crosshair (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static gboolean
scrolled (SlopePlot *self, double dx, double dy, GtkEventControllerScroll *scroll)
{
  SlopePlotPrivate *priv = slope_plot_get_instance_private (self);
  SlopeRect area = slope_plot_get_area (self);
  GdkModifierType state = gtk_event_controller_get_current_event_state (
      GTK_EVENT_CONTROLLER (scroll));
  if (state & GDK_SHIFT_MASK || dx != 0)
    {
      if (!slope_figure_is_zoomed (priv->figure))
        return GDK_EVENT_PROPAGATE;
      slope_axis_pan (&priv->figure->x, &priv->figure->x_limits, 0.1 * (dx != 0 ? dx : dy));
      slope_plot_changed (self);
      return GDK_EVENT_STOP;
    }
  /* Nothing left to zoom out of: what lies around the plot may scroll. */
  if (dy > 0 && !slope_figure_is_zoomed (priv->figure))
    return GDK_EVENT_PROPAGATE;
  slope_plot_zoom (self, (priv->pointer_x - area.x) / area.width,
                   dy < 0 ? ZOOM_STEP : 1 / ZOOM_STEP);
  return GDK_EVENT_STOP;
}

static void
pop_up (SlopePlot *self, double x, double y)
{
  SlopePlotPrivate *priv = slope_plot_get_instance_private (self);
  gtk_popover_set_pointing_to (GTK_POPOVER (priv->menu), &(GdkRectangle){ (int)x, (int)y, 1, 1 });
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "plot.reset-zoom",
                                 slope_figure_is_zoomed (priv->figure));
  gtk_popover_popup (GTK_POPOVER (priv->menu));
}

static void
pressed (SlopePlot *self, int n_press, double x, double y, GtkGestureClick *click)
{
  if (gtk_gesture_single_get_current_button (GTK_GESTURE_SINGLE (click)) == GDK_BUTTON_SECONDARY)
    {
      gtk_gesture_set_state (GTK_GESTURE (click), GTK_EVENT_SEQUENCE_CLAIMED);
      pop_up (self, x, y);
    }
  else if (n_press == 2)
    {
      if (SLOPE_PLOT_GET_CLASS (self)->double_clicked)
        SLOPE_PLOT_GET_CLASS (self)->double_clicked (self);
      slope_plot_reset_zoom (self);
    }
}

/* ---- Actions and keys. */

static void
save_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  SlopePlot *self = SLOPE_PLOT (widget);
  SlopePlotPrivate *priv = slope_plot_get_instance_private (self);
  SlopePlotFormat format = g_str_has_suffix (action_name, "png")   ? SLOPE_PLOT_PNG
                           : g_str_has_suffix (action_name, "svg") ? SLOPE_PLOT_SVG
                                                                   : SLOPE_PLOT_CSV;
  slope_plot_save_ask (widget, priv->figure, priv->title, format);
}

static void
reset_zoom_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  slope_plot_reset_zoom (SLOPE_PLOT (widget));
}

static void
menu_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  SlopeRect area = slope_plot_get_area (SLOPE_PLOT (widget));
  pop_up (SLOPE_PLOT (widget), area.x + area.width / 2, area.y + area.height / 2);
}

static gboolean
zoom_key (GtkWidget *widget, GVariant *args, gpointer data)
{
  double factor = g_variant_get_double (args);
  if (factor == 0)
    slope_plot_reset_zoom (SLOPE_PLOT (widget));
  else
    slope_plot_zoom (SLOPE_PLOT (widget), 0.5, factor);
  return TRUE;
}

static gboolean
move_key (GtkWidget *widget, GVariant *args, gpointer data)
{
  int steps;
  gboolean extend;
  g_variant_get (args, "(ib)", &steps, &extend);
  SLOPE_PLOT_GET_CLASS (widget)->move (SLOPE_PLOT (widget), steps, extend);
  return TRUE;
}

static gboolean
end_key (GtkWidget *widget, GVariant *args, gpointer data)
{
  SLOPE_PLOT_GET_CLASS (widget)->move_to_end (SLOPE_PLOT (widget), g_variant_get_int32 (args));
  return TRUE;
}

static gboolean
cancel_key (GtkWidget *widget, GVariant *args, gpointer data)
{
  return SLOPE_PLOT_GET_CLASS (widget)->cancel (SLOPE_PLOT (widget));
}

/* ---- What plots do that have nothing to pick: the keys move the cross-hair. */

static char *
slope_plot_real_describe_point (SlopePlot *self, const SlopeSeries *series, gsize index)
{
  const SlopePoint *point = &g_array_index (series->points, SlopePoint, index);
  return g_strdup_printf ("%.4g   %.3f", point->x, point->y);
}

/* The series that the keys walk along: the one of the cross-hair, else the first that snaps. */
static const SlopeSeries *
walked_series (SlopePlotPrivate *priv)
{
  if (priv->cross_series)
    return priv->cross_series;
  for (guint i = 0; i < priv->figure->series->len; i++)
    {
      const SlopeSeries *series = g_ptr_array_index (priv->figure->series, i);
      if (series->snaps && series->points->len > 0)
        return series;
    }
  return NULL;
}

static void
walk_to (SlopePlot *self, const SlopeSeries *series, gssize index)
{
  SlopePlotPrivate *priv = slope_plot_get_instance_private (self);
  set_crosshair (self, series, (gsize)CLAMP (index, 0, (gssize)series->points->len - 1));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  priv->bubble, -1);
}

static void
slope_plot_real_move (SlopePlot *self, int steps, gboolean extend)
{
  SlopePlotPrivate *priv = slope_plot_get_instance_private (self);
  const SlopeSeries *series = walked_series (priv);
  if (!series)
    return;
  if (!priv->cross_series)
    walk_to (self, series, (gssize)series->points->len - 1);
  else
    walk_to (self, series, (gssize)priv->cross_index + steps * (extend ? 10 : 1));
}

static void
slope_plot_real_move_to_end (SlopePlot *self, int direction)
{
  const SlopeSeries *series = walked_series (slope_plot_get_instance_private (self));
  if (series)
    walk_to (self, series, direction < 0 ? 0 : (gssize)series->points->len - 1);
}

static gboolean
slope_plot_real_cancel (SlopePlot *self)
{
  SlopePlotPrivate *priv = slope_plot_get_instance_private (self);
  if (!priv->cross_series)
    return FALSE;
  leave (self);
  slope_plot_set_description (self, priv->description);
  return TRUE;
}

/* ---- Widget. */

static void
slope_plot_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  SlopePlotPrivate *priv = slope_plot_get_instance_private (SLOPE_PLOT (widget));
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, (float)width, (float)height);
  SlopePlotStyle style;

  if (width <= 0 || height <= 0)
    return;
  slope_plot_style_init_from_widget (&style, widget);
  if (!priv->node)
    {
      cairo_t *cr;
      priv->node = gsk_cairo_node_new (&bounds);
      cr = gsk_cairo_node_get_draw_context (priv->node);
      slope_figure_draw (priv->figure, cr, &style, width, height);
      cairo_destroy (cr);
    }
  gtk_snapshot_append_node (snapshot, priv->node);
  if (priv->cross_series)
    {
      cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &bounds);
      slope_figure_draw_crosshair (priv->figure, cr, &style, width, height, priv->cross_series,
                                   priv->cross_index, priv->bubble);
      cairo_destroy (cr);
    }
}

static void
slope_plot_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                    int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? MIN_WIDTH : MIN_HEIGHT;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? NATURAL_WIDTH : MIN_HEIGHT;
}

static void
slope_plot_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  SlopePlotPrivate *priv = slope_plot_get_instance_private (SLOPE_PLOT (widget));
  g_clear_pointer (&priv->node, gsk_render_node_unref);
  gtk_popover_present (GTK_POPOVER (priv->menu));
}

static void
slope_plot_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  SlopePlotPrivate *priv = slope_plot_get_instance_private (SLOPE_PLOT (widget));
  GTK_WIDGET_CLASS (slope_plot_parent_class)->css_changed (widget, change);
  g_clear_pointer (&priv->node, gsk_render_node_unref);
  gtk_widget_queue_draw (widget);
}

static void
slope_plot_dispose (GObject *object)
{
  SlopePlotPrivate *priv = slope_plot_get_instance_private (SLOPE_PLOT (object));
  g_clear_pointer (&priv->menu, gtk_widget_unparent);
  g_clear_pointer (&priv->node, gsk_render_node_unref);
  G_OBJECT_CLASS (slope_plot_parent_class)->dispose (object);
}

static void
slope_plot_finalize (GObject *object)
{
  SlopePlotPrivate *priv = slope_plot_get_instance_private (SLOPE_PLOT (object));
  slope_figure_free (priv->figure);
  g_free (priv->title);
  g_free (priv->description);
  g_free (priv->bubble);
  G_OBJECT_CLASS (slope_plot_parent_class)->finalize (object);
}

static void
bind_keys (GtkWidgetClass *klass)
{
  static const struct
  {
    guint key;
    int direction;
  } arrows[] = {
    { GDK_KEY_Left, -1 }, { GDK_KEY_KP_Left, -1 }, { GDK_KEY_Right, 1 }, { GDK_KEY_KP_Right, 1 }
  };
  for (guint i = 0; i < G_N_ELEMENTS (arrows); i++)
    {
      gtk_widget_class_add_binding (klass, arrows[i].key, 0, move_key, "(ib)", arrows[i].direction,
                                    FALSE);
      gtk_widget_class_add_binding (klass, arrows[i].key, GDK_SHIFT_MASK, move_key, "(ib)",
                                    arrows[i].direction, TRUE);
    }
  gtk_widget_class_add_binding (klass, GDK_KEY_Home, 0, end_key, "i", -1);
  gtk_widget_class_add_binding (klass, GDK_KEY_End, 0, end_key, "i", 1);
  gtk_widget_class_add_binding (klass, GDK_KEY_Escape, 0, cancel_key, NULL);
  gtk_widget_class_add_binding (klass, GDK_KEY_plus, 0, zoom_key, "d", ZOOM_STEP);
  gtk_widget_class_add_binding (klass, GDK_KEY_KP_Add, 0, zoom_key, "d", ZOOM_STEP);
  gtk_widget_class_add_binding (klass, GDK_KEY_minus, 0, zoom_key, "d", 1 / ZOOM_STEP);
  gtk_widget_class_add_binding (klass, GDK_KEY_KP_Subtract, 0, zoom_key, "d", 1 / ZOOM_STEP);
  gtk_widget_class_add_binding (klass, GDK_KEY_0, 0, zoom_key, "d", 0.0);
  gtk_widget_class_add_binding_action (klass, GDK_KEY_Menu, 0, "plot.menu", NULL);
  gtk_widget_class_add_binding_action (klass, GDK_KEY_F10, GDK_SHIFT_MASK, "plot.menu", NULL);
}

static void
slope_plot_class_init (SlopePlotClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = slope_plot_dispose;
  G_OBJECT_CLASS (klass)->finalize = slope_plot_finalize;
  widget_class->snapshot = slope_plot_snapshot;
  widget_class->measure = slope_plot_measure;
  widget_class->size_allocate = slope_plot_size_allocate;
  widget_class->css_changed = slope_plot_css_changed;
  klass->describe_point = slope_plot_real_describe_point;
  klass->move = slope_plot_real_move;
  klass->move_to_end = slope_plot_real_move_to_end;
  klass->cancel = slope_plot_real_cancel;
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_css_name (widget_class, "plot");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_install_action (widget_class, "plot.save-png", NULL, save_action);
  gtk_widget_class_install_action (widget_class, "plot.save-svg", NULL, save_action);
  gtk_widget_class_install_action (widget_class, "plot.save-csv", NULL, save_action);
  gtk_widget_class_install_action (widget_class, "plot.reset-zoom", NULL, reset_zoom_action);
  gtk_widget_class_install_action (widget_class, "plot.menu", NULL, menu_action);
  bind_keys (widget_class);
}

static GtkWidget *
new_menu (void)
{
  g_autoptr (GMenu) menu = g_menu_new (), save = g_menu_new (), view = g_menu_new ();
  GtkWidget *popover;
  g_menu_append (save, _ ("Save as PNG…"), "plot.save-png");
  g_menu_append (save, _ ("Save as SVG…"), "plot.save-svg");
  g_menu_append (save, _ ("Save as CSV…"), "plot.save-csv");
  g_menu_append (view, _ ("Show All"), "plot.reset-zoom");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (save));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (view));
  popover = gtk_popover_menu_new_from_model (G_MENU_MODEL (menu));
  gtk_popover_set_has_arrow (GTK_POPOVER (popover), FALSE);
  gtk_widget_set_halign (popover, GTK_ALIGN_START);
  return popover;
}

static void
slope_plot_init (SlopePlot *self)
{
  SlopePlotPrivate *priv = slope_plot_get_instance_private (self);
  GtkWidget *widget = GTK_WIDGET (self);
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *scroll = gtk_event_controller_scroll_new (
      GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);
  GtkGesture *click = gtk_gesture_click_new ();

  priv->figure = slope_figure_new ();
  priv->title = g_strdup ("");
  priv->description = g_strdup ("");
  priv->menu = new_menu ();
  gtk_widget_set_parent (priv->menu, widget);
  gtk_widget_set_focusable (widget, TRUE);
  gtk_widget_set_hexpand (widget, TRUE);
  gtk_widget_set_vexpand (widget, TRUE);
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (slope_plot_hover), self);
  g_signal_connect_swapped (motion, "enter", G_CALLBACK (slope_plot_hover), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (leave), self);
  gtk_widget_add_controller (widget, motion);
  g_signal_connect_swapped (scroll, "scroll", G_CALLBACK (scrolled), self);
  gtk_widget_add_controller (widget, scroll);
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), 0);
  g_signal_connect_swapped (click, "pressed", G_CALLBACK (pressed), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (click));
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark",
                           G_CALLBACK (slope_plot_changed), self, G_CONNECT_SWAPPED);
}

/* ---- Public. */

SlopeFigure *
slope_plot_get_figure (SlopePlot *self)
{
  SlopePlotPrivate *priv = slope_plot_get_instance_private (self);
  return priv->figure;
}

void
slope_plot_changed (SlopePlot *self)
{
  SlopePlotPrivate *priv = slope_plot_get_instance_private (self);
  g_return_if_fail (SLOPE_IS_PLOT (self));
  g_clear_pointer (&priv->node, gsk_render_node_unref);
  drop_crosshair (self); /* its series may be gone */
  if (priv->pointed)
    slope_plot_hover (self, priv->pointer_x, priv->pointer_y);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_signal_emit (self, signals[CHANGED], 0);
}

void
slope_plot_set_title (SlopePlot *self, const char *title)
{
  SlopePlotPrivate *priv = slope_plot_get_instance_private (self);
  g_free (priv->title);
  priv->title = g_strdup (title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
}

const char *
slope_plot_get_title (SlopePlot *self)
{
  SlopePlotPrivate *priv = slope_plot_get_instance_private (self);
  return priv->title;
}

void
slope_plot_set_description (SlopePlot *self, const char *description)
{
  SlopePlotPrivate *priv = slope_plot_get_instance_private (self);
  char *copy = g_strdup (description);
  g_free (priv->description);
  priv->description = copy;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, copy,
                                  -1);
}

const char *
slope_plot_get_description (SlopePlot *self)
{
  SlopePlotPrivate *priv = slope_plot_get_instance_private (self);
  return priv->description;
}

const char *
slope_plot_get_bubble (SlopePlot *self)
{
  SlopePlotPrivate *priv = slope_plot_get_instance_private (self);
  return priv->bubble;
}

SlopeRect
slope_plot_get_area (SlopePlot *self)
{
  SlopePlotPrivate *priv = slope_plot_get_instance_private (self);
  return slope_figure_area (priv->figure, gtk_widget_get_width (GTK_WIDGET (self)),
                            gtk_widget_get_height (GTK_WIDGET (self)));
}

void
slope_plot_zoom (SlopePlot *self, double fraction, double factor)
{
  SlopePlotPrivate *priv = slope_plot_get_instance_private (self);
  slope_axis_zoom (&priv->figure->x, &priv->figure->x_limits, CLAMP (fraction, 0, 1), factor);
  slope_plot_changed (self);
}

void
slope_plot_reset_zoom (SlopePlot *self)
{
  SlopePlotPrivate *priv = slope_plot_get_instance_private (self);
  priv->figure->x = priv->figure->x_limits;
  slope_plot_changed (self);
}
