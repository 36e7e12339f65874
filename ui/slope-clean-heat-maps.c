/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Heat maps over the pictures of the grid: asked for where they are seen, and only there. */
#include "config.h"

#include "slope-clean-page-private.h"

#include "slope-settings.h"

#include <glib/gi18n.h>

/* A label must be one class, to show what speaks for it. */
static gboolean
has_maps (SlopeCleanPage *self)
{
  return self->project != NULL && sl_project_get_task (self->project)->one_class
         && !_slope_clean_page_has_texts (self);
}

/* Masks and points, which lie where a heat map would. */
static gboolean
has_drawn_labels (SlopeCleanPage *self)
{
  return self->project != NULL
         && slope_task_view_for (sl_project_get_task (self->project))->overlay_new != NULL;
}

/* Why there are none at the moment; %NULL: they are there, or on their way. */
static const char *
what_they_wait_for (SlopeCleanPage *self, gboolean masks)
{
  switch (sl_project_get_job (self->project))
    {
    case SL_JOB_TRAIN:
      return masks ? _ (
                 "The model’s masks wait until training has ended: it needs the whole processor.")
                   : _ ("Heat maps wait until training has ended: it needs the whole processor.");
    case SL_JOB_LR_FIND:
      return masks ? _ (
                 "The model’s masks wait until the learning rate is found: that needs the whole "
                 "processor.")
                   : _ ("Heat maps wait until the learning rate is found: that needs the whole "
                        "processor.");
    case SL_JOB_EVALUATE:
      return masks
                 ? _ ("The model’s masks wait until the newest model has looked at every picture.")
                 : _ ("Heat maps wait until the newest model has looked at every picture.");
    case SL_JOB_COMPARE:
      return masks ? _ ("The model’s masks wait until the pictures are compared.")
                   : _ ("Heat maps wait until the pictures are compared.");
    case SL_JOB_NONE:
    default:
      return slope_answers_get_problem (masks ? self->answers : self->maps);
    }
}

static void
say (SlopeCleanPage *self, gboolean on, const char *waits_for)
{
  gtk_revealer_set_reveal_child (self->heat_revealer, on);
  if (!on)
    return;
  if (waits_for == NULL)
    waits_for = _slope_clean_page_has_masks (self)
                    ? _slope_clean_page_explain_masks (self)
                    : _ ("Bright is what speaks for a picture’s label, dark what does not.");
  gtk_label_set_text (self->heat_line, waits_for);
}

/* The tile of a list item, unless it has been scrolled away. */
static SlopeTile *
seen_tile (SlopeCleanPage *self, GtkWidget *row)
{
  const graphene_rect_t view = GRAPHENE_RECT_INIT (
      0, 0, gtk_widget_get_width (GTK_WIDGET (self->scroller)),
      gtk_widget_get_height (GTK_WIDGET (self->scroller)));
  GtkWidget *tile = gtk_widget_get_first_child (row);
  graphene_rect_t place;

  if (!SLOPE_IS_TILE (tile) || slope_tile_get_item (SLOPE_TILE (tile)) == NULL
      || !gtk_widget_get_mapped (tile)
      || !gtk_widget_compute_bounds (row, GTK_WIDGET (self->scroller), &place)
      || !graphene_rect_intersection (&view, &place, NULL))
    return NULL;
  return SLOPE_TILE (tile);
}

/* What is known is laid over its tile at once; the other items are added to @missing. */
static void
show_map (SlopeCleanPage *self, SlopeTile *tile, GPtrArray *missing)
{
  SlItem *item = slope_tile_get_item (tile);
  graphene_rect_t where = GRAPHENE_RECT_INIT (0, 0, 1, 1);
  GdkTexture *map = slope_heat_maps_lookup (self->maps, item, &where);

  slope_tile_set_heat_map (tile, map, &where, slope_heat_maps_class_of (self->project, item));
  if (map == NULL)
    g_ptr_array_add (missing, item);
}

static void
show_over_tile (SlopeCleanPage *self, GtkWidget *row, gboolean shown, GPtrArray *missing)
{
  GtkWidget *tile = gtk_widget_get_first_child (row);

  if (!SLOPE_IS_TILE (tile))
    return;
  if (!shown)
    {
      slope_tile_set_heat_map (SLOPE_TILE (tile), NULL, NULL, NULL);
      slope_tile_uncover (SLOPE_TILE (tile));
    }
  else if (seen_tile (self, row) == NULL)
    return;
  else if (_slope_clean_page_has_masks (self))
    _slope_clean_page_cover_tile (self, SLOPE_TILE (tile), missing);
  else
    show_map (self, SLOPE_TILE (tile), missing);
}

static gboolean
maps_idle (gpointer user_data)
{
  SlopeCleanPage *self = user_data;
  const gboolean masks = _slope_clean_page_has_masks (self);
  const gboolean on = masks ? _slope_clean_page_wants_answers (self)
                            : has_maps (self) && gtk_toggle_button_get_active (self->heat_toggle);
  const char *waits_for = what_they_wait_for (self, masks);
  const gboolean shown = on && waits_for == NULL && gtk_widget_get_mapped (GTK_WIDGET (self));
  g_autoptr (GPtrArray) missing = g_ptr_array_new ();

  self->maps_id = 0;
  say (self, on, waits_for);
  for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->grid)); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    show_over_tile (self, row, shown, missing);
  _slope_clean_page_show_selected (self, shown ? missing : NULL);
  slope_answers_want (masks ? self->answers : self->maps, (SlItem *const *)missing->pdata,
                      missing->len);
  return G_SOURCE_REMOVE;
}

static void
queue_idle (SlopeCleanPage *self)
{
  if (self->maps_id == 0)
    self->maps_id = g_idle_add (maps_idle, self);
}

static gboolean
maps_tick (GtkWidget *grid, GdkFrameClock *clock, gpointer user_data)
{
  SlopeCleanPage *self = user_data;

  self->maps_tick = 0;
  queue_idle (self);
  return G_SOURCE_REMOVE;
}

/* After the next frame: what is scrolled gets its place there. */
void
_slope_clean_page_queue_heat_maps (SlopeCleanPage *self)
{
  if (self->project == NULL || self->maps_tick != 0)
    return;
  if (gtk_widget_get_mapped (GTK_WIDGET (self->grid)))
    self->maps_tick = gtk_widget_add_tick_callback (GTK_WIDGET (self->grid), maps_tick, self, NULL);
  else
    queue_idle (self);
}

static void
drop_queued (SlopeCleanPage *self)
{
  g_clear_handle_id (&self->maps_id, g_source_remove);
  if (self->maps_tick != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self->grid), self->maps_tick);
  self->maps_tick = 0;
}

void
_slope_clean_page_forget_heat_maps (SlopeCleanPage *self)
{
  const gint64 run = self->project != NULL ? sl_project_get_evaluated_run (self->project) : 0;

  drop_queued (self);
  gtk_widget_set_visible (GTK_WIDGET (self->heat_toggle), has_maps (self));
  gtk_widget_set_visible (self->show_labels, has_drawn_labels (self));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "clean.heat-maps", has_maps (self));
  slope_answers_set_run (self->maps, self->project, run);
  _slope_clean_page_forget_answers (self);
  _slope_clean_page_queue_heat_maps (self);
}

static void
toggle_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GtkToggleButton *toggle = SLOPE_CLEAN_PAGE (widget)->heat_toggle;

  gtk_toggle_button_set_active (toggle, !gtk_toggle_button_get_active (toggle));
}

static gboolean
shortcut (GtkWidget *widget, GVariant *args, gpointer data)
{
  return gtk_widget_get_mapped (widget)
         && gtk_widget_activate_action (widget, "clean.heat-maps", NULL);
}

void
_slope_clean_page_class_bind_heat_maps (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, SlopeCleanPage, heat_toggle);
  gtk_widget_class_bind_template_child (widget_class, SlopeCleanPage, show_labels);
  gtk_widget_class_bind_template_child (widget_class, SlopeCleanPage, heat_revealer);
  gtk_widget_class_bind_template_child (widget_class, SlopeCleanPage, heat_line);
  gtk_widget_class_bind_template_child (widget_class, SlopeCleanPage, scroller);
  gtk_widget_class_install_action (widget_class, "clean.heat-maps", NULL, toggle_action);
}

void
_slope_clean_page_init_heat_maps (SlopeCleanPage *self)
{
  GtkAdjustment *scroll = gtk_scrolled_window_get_vadjustment (self->scroller);
  GtkEventController *keys = gtk_shortcut_controller_new ();

  self->maps = slope_heat_maps_new ();
  g_settings_bind (slope_settings (), "show-labels", self->show_labels, "active",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (slope_settings (), "clean-heat-maps", self->heat_toggle, "active",
                   G_SETTINGS_BIND_DEFAULT);
  g_signal_connect_object (self->heat_toggle, "toggled",
                           G_CALLBACK (_slope_clean_page_queue_heat_maps), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->maps, "ready", G_CALLBACK (_slope_clean_page_queue_heat_maps),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->maps, "notify::problem",
                           G_CALLBACK (_slope_clean_page_queue_heat_maps), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (scroll, "value-changed", G_CALLBACK (_slope_clean_page_queue_heat_maps),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (scroll, "changed", G_CALLBACK (_slope_clean_page_queue_heat_maps), self,
                           G_CONNECT_SWAPPED);
  /* Wherever the focus is in the window, while this page is seen. */
  gtk_shortcut_controller_set_scope (GTK_SHORTCUT_CONTROLLER (keys), GTK_SHORTCUT_SCOPE_GLOBAL);
  gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (keys),
      gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_h, GDK_CONTROL_MASK),
                        gtk_callback_action_new (shortcut, NULL, NULL)));
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
}
