/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-tile.h"

#include "slope-settings.h"
#include "slope-thumbnail.h"
#include "slope-widgets.h"

#include <glib/gi18n.h>

struct _SlopeTile
{
  GtkWidget parent_instance;
  SlopeThumbnail *thumbnail; /* template children: not owned */
  GtkImage *mark;
  GtkWidget *split;
  GtkWidget *text;
  GtkLabel *detail;
  GtkWidget *caption; /* made by the view */
  const SlopeTaskView *view;
  char **classes; /* owned */
  SlopeCaptionKind kind;
  char *heat_class;           /* owned; NULL: no heat map lies over the picture */
  gboolean covered;           /* what slope_tile_cover() was given lies there, not the label */
  gboolean full_strength;     /* whatever the opacity of masks is */
  SlItem *item;               /* owned; NULL while the row waits to be used again */
  GSignalGroup *item_signals; /* owned */
};

G_DEFINE_FINAL_TYPE (SlopeTile, slope_tile, GTK_TYPE_WIDGET)

void
slope_place_in_square (SlItem *item, double left, double top, double right, double bottom,
                       graphene_rect_t *where)
{
  const int width = sl_item_get_width (item), height = sl_item_get_height (item);
  const double side = MAX (1, MIN (width, height));
  const double across = MAX (1., width / side), down = MAX (1., height / side);

  g_return_if_fail (SL_IS_ITEM (item) && where != NULL);

  *where = GRAPHENE_RECT_INIT (left * across - (across - 1.) / 2., top * down - (down - 1.) / 2.,
                               (right - left) * across, (bottom - top) * down);
}

/* Kinds of problem whose labels are classes have none; heat maps are theirs. */
static void
show_label (SlopeTile *self)
{
  g_autoptr (GdkPaintable) overlay = NULL;
  const char *predicted = NULL;
  graphene_rect_t where;

  if (self->view->overlay_new == NULL || self->item == NULL || self->covered)
    return;
  if (self->kind == SLOPE_CAPTION_REVIEW)
    sl_item_get_prediction (self->item, NULL, NULL, &predicted);
  if (g_settings_get_boolean (slope_settings (), "show-labels"))
    overlay = self->view->overlay_new (
        (const char *const *)self->classes, sl_item_get_target (self->item), predicted,
        sl_item_get_width (self->item), sl_item_get_height (self->item));
  /* The label belongs to the whole. */
  slope_place_in_square (self->item, 0., 0., 1., 1., &where);
  slope_thumbnail_set_overlay (self->thumbnail, overlay, &where);
}

static void
set_label_opacity (SlopeTile *self)
{
  const double percent = g_settings_get_double (slope_settings (), "mask-opacity");

  slope_thumbnail_set_overlay_opacity (self->thumbnail, self->full_strength ? 1. : percent / 100.);
}

static void
follow_settings (SlopeTile *self)
{
  if (self->view->overlay_new == NULL)
    return;
  g_signal_connect_object (slope_settings (), "changed::show-labels", G_CALLBACK (show_label), self,
                           G_CONNECT_SWAPPED);
  slope_thumbnail_set_overlay_opacity (self->thumbnail, 1.);
  if (!self->view->overlay_hides)
    return;
  set_label_opacity (self);
  g_signal_connect_object (slope_settings (), "changed::mask-opacity",
                           G_CALLBACK (set_label_opacity), self, G_CONNECT_SWAPPED);
}

static void
update (SlopeTile *self, SlItem *item)
{
  const SlopeMark mark = slope_item_get_mark (item);
  g_autofree char *name = slope_item_describe (item, self->view, (const char *const *)self->classes,
                                               self->kind);
  GtkWidget *row = gtk_widget_get_parent (GTK_WIDGET (self));

  slope_thumbnail_set_path (self->thumbnail, sl_item_get_path (item));
  show_label (self);
  self->view->caption_set (self->caption, (const char *const *)self->classes, item, self->kind);
  slope_mark_show (mark, self->mark);
  gtk_widget_set_opacity (GTK_WIDGET (self->thumbnail), mark == SLOPE_MARK_REMOVED ? .35 : 1.);
  gtk_widget_set_opacity (self->caption, mark == SLOPE_MARK_REMOVED ? .7 : 1.);
  gtk_widget_set_visible (GTK_WIDGET (self->detail), self->kind == SLOPE_CAPTION_REVIEW);
  slope_item_show_detail (item, self->detail);
  gtk_widget_set_visible (self->split, sl_item_get_split (item) == SL_SPLIT_VALID
                                           && sl_item_get_state (item) == SL_ITEM_PRESENT);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  if (row != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
item_notify_cb (SlopeTile *self, GParamSpec *pspec, SlItem *item)
{
  update (self, item);
}

/* Only when it is asked for: setting a text costs more than all else that a new item changes. */
static gboolean
slope_tile_query_tooltip (GtkWidget *widget, int x, int y, gboolean keyboard, GtkTooltip *tooltip)
{
  SlopeTile *self = SLOPE_TILE (widget);

  g_autofree char *text = NULL;

  if (self->item == NULL)
    return FALSE;
  if (self->heat_class != NULL)
    /* translators: a file, and the class that its heat map explains */
    text = g_strdup_printf (_ ("%1$s\nHeat map: bright is what speaks for %2$s"),
                            sl_item_get_rel_path (self->item), self->heat_class);
  gtk_tooltip_set_text (tooltip, text != NULL ? text : sl_item_get_rel_path (self->item));
  return TRUE;
}

static void
slope_tile_dispose (GObject *object)
{
  SlopeTile *self = SLOPE_TILE (object);

  g_clear_object (&self->item_signals);
  g_clear_object (&self->item);
  gtk_widget_dispose_template (GTK_WIDGET (self), SLOPE_TYPE_TILE);
  slope_widget_unparent_children (GTK_WIDGET (self));
  g_clear_pointer (&self->classes, g_strfreev);
  g_clear_pointer (&self->heat_class, g_free);
  G_OBJECT_CLASS (slope_tile_parent_class)->dispose (object);
}

static void
slope_tile_class_init (SlopeTileClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = slope_tile_dispose;
  widget_class->query_tooltip = slope_tile_query_tooltip;
  g_type_ensure (SLOPE_TYPE_THUMBNAIL);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/slopeml/Slope/slope-tile.ui");
  gtk_widget_class_bind_template_child (widget_class, SlopeTile, thumbnail);
  gtk_widget_class_bind_template_child (widget_class, SlopeTile, mark);
  gtk_widget_class_bind_template_child (widget_class, SlopeTile, split);
  gtk_widget_class_bind_template_child (widget_class, SlopeTile, text);
  gtk_widget_class_bind_template_child (widget_class, SlopeTile, detail);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "tile");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
slope_tile_init (SlopeTile *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  slope_thumbnail_set_overlay_opacity (self->thumbnail, SL_HEAT_MAP_ALPHA);
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  self->item_signals = g_signal_group_new (SL_TYPE_ITEM);
  g_signal_group_connect_closure (
      self->item_signals, "notify",
      g_cclosure_new_object_swap (G_CALLBACK (item_notify_cb), G_OBJECT (self)), FALSE);
}

GtkWidget *
slope_tile_new (const SlTask *task, const char *const *classes, SlopeCaptionKind kind, int size_px)
{
  SlopeTile *self;

  g_return_val_if_fail (task != NULL && classes != NULL, NULL);

  self = g_object_new (SLOPE_TYPE_TILE, NULL);
  self->view = slope_task_view_for (task);
  self->classes = g_strdupv ((char **)classes);
  self->kind = kind;
  self->caption = self->view->caption_new ();
  gtk_widget_insert_before (self->caption, self->text, GTK_WIDGET (self->detail));
  slope_tile_set_size (self, size_px);
  follow_settings (self);
  return GTK_WIDGET (self);
}

void
slope_tile_set_item (SlopeTile *self, SlItem *item)
{
  g_return_if_fail (SLOPE_IS_TILE (self));
  g_return_if_fail (item == NULL || SL_IS_ITEM (item));

  if (g_set_object (&self->item, item))
    {
      slope_tile_set_heat_map (self, NULL, NULL, NULL);
      self->covered = FALSE;
    }
  g_signal_group_set_target (self->item_signals, item);
  if (item != NULL)
    update (self, item);
  else
    slope_thumbnail_set_path (self->thumbnail, NULL);
}

SlItem *
slope_tile_get_item (SlopeTile *self)
{
  g_return_val_if_fail (SLOPE_IS_TILE (self), NULL);

  return self->item;
}

void
slope_tile_set_size (SlopeTile *self, int size_px)
{
  g_return_if_fail (SLOPE_IS_TILE (self));
  g_return_if_fail (size_px > 0);

  slope_thumbnail_set_size (self->thumbnail, size_px);
  /* Long names give way to the picture, and the columns stay even. */
  gtk_widget_set_size_request (self->text, size_px, -1);
}

void
slope_tile_set_heat_map (SlopeTile *self, GdkTexture *map, const graphene_rect_t *where,
                         const char *class_name)
{
  g_autofree char *text = NULL;

  g_return_if_fail (SLOPE_IS_TILE (self));
  g_return_if_fail (map == NULL || (where != NULL && class_name != NULL));

  /* A label may lie there. */
  if (map == NULL && self->heat_class == NULL)
    return;
  slope_thumbnail_set_overlay (self->thumbnail, GDK_PAINTABLE (map), where);
  if (g_strcmp0 (self->heat_class, map != NULL ? class_name : NULL) == 0)
    return;
  g_free (self->heat_class);
  self->heat_class = map != NULL ? g_strdup (class_name) : NULL;
  /* translators: for screen readers; %s is a class */
  text = map != NULL ? g_strdup_printf (_ ("With the heat map for %s"), class_name) : g_strdup ("");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text,
                                  -1);
}

void
slope_tile_cover (SlopeTile *self, GdkPaintable *cover, const graphene_rect_t *where,
                  gboolean full_strength)
{
  g_return_if_fail (SLOPE_IS_TILE (self));
  g_return_if_fail (cover == NULL || where != NULL);

  self->covered = TRUE;
  self->full_strength = full_strength;
  set_label_opacity (self);
  slope_thumbnail_set_overlay (self->thumbnail, cover, where);
}

void
slope_tile_uncover (SlopeTile *self)
{
  g_return_if_fail (SLOPE_IS_TILE (self));

  if (!self->covered)
    return;
  self->covered = self->full_strength = FALSE;
  set_label_opacity (self);
  show_label (self);
}
