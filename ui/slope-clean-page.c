/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-clean-page-private.h"

#include "slope-tile.h"

#include <glib/gi18n.h>

enum
{
  PROP_SHOW_SIDEBAR = 1,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (SlopeCleanPage, slope_clean_page, ADW_TYPE_BIN)

/* ---- What the page shows */

static void
update_progress (SlopeCleanPage *self)
{
  const double done = sl_project_get_job_progress (self->project);

  gtk_progress_bar_set_fraction (self->progress, CLAMP (done, 0., 1.));
  gtk_progress_bar_set_fraction (self->working_progress, CLAMP (done, 0., 1.));
}

static void
update_advice (SlopeCleanPage *self)
{
  const gint64 run = sl_project_get_evaluated_run (self->project);
  gsize removed = 0, relabelled = 0;
  g_autofree char *heading = NULL;

  if (run > 0)
    sl_project_changes_since (self->project, run, &removed, &relabelled);
  if (removed > 0 && relabelled > 0)
    /* translators: what was changed after a run was trained; the plural is that of the sum */
    heading = g_strdup_printf (ngettext ("%1$u removed and %2$u relabelled since run %3$u",
                                         "%1$u removed and %2$u relabelled since run %3$u",
                                         removed + relabelled),
                               (guint)removed, (guint)relabelled, (guint)run);
  else if (removed > 0)
    heading = g_strdup_printf (
        ngettext ("%1$u removed since run %2$u", "%1$u removed since run %2$u", removed),
        (guint)removed, (guint)run);
  else if (relabelled > 0)
    heading = g_strdup_printf (
        ngettext ("%1$u relabelled since run %2$u", "%1$u relabelled since run %2$u", relabelled),
        (guint)relabelled, (guint)run);
  gtk_widget_set_visible (GTK_WIDGET (self->advice), heading != NULL);
  if (heading != NULL)
    slope_note_set (self->advice, SLOPE_NOTE_INFO, heading,
                    _ ("Training again often gains little: it is enough that not too much is "
                       "wrong."),
                    sl_project_get_job (self->project) == SL_JOB_NONE ? _ ("Train Again") : NULL,
                    FALSE);
}

static const char *
state_name (SlopeCleanPage *self)
{
  const SlJob job = sl_project_get_job (self->project);
  g_autoptr (SlRun) run = NULL;

  if (sl_project_get_evaluated_run (self->project) > 0)
    return "grid";
  if (job == SL_JOB_EVALUATE)
    return "working";
  if (job == SL_JOB_TRAIN)
    return "training";
  run = _slope_clean_page_dup_newest_run (self);
  return run != NULL ? "look" : "empty";
}

void
_slope_clean_page_update_state (SlopeCleanPage *self)
{
  if (self->project == NULL)
    return;
  _slope_clean_page_update_look (self);
  gtk_stack_set_visible_child_name (self->stack, state_name (self));
  update_progress (self);
  update_advice (self); /* its button goes while something runs */
  _slope_clean_page_queue_heat_maps (self);
}

static void
update_counter (SlopeCleanPage *self)
{
  guint done;
  const guint n = slope_review_list_count (self->list, &done);
  g_autofree char *text = g_strdup_printf (
      /* translators: progress of looking through the pictures: "3 of 128 looked at" */
      ngettext ("%1$u of %2$u looked at", "%1$u of %2$u looked at", n), done, n);
  const char *shown = "pictures";

  gtk_label_set_text (self->counter, text);
  if (g_list_model_get_n_items (G_LIST_MODEL (self->list)) == 0)
    shown = n > 0 && !slope_review_list_has_filter (self->list) ? "done" : "no-matches";
  gtk_stack_set_visible_child_name (self->grid_stack, shown);
}

void
_slope_clean_page_refresh (SlopeCleanPage *self)
{
  if (self->refresh_id != 0)
    g_source_remove (self->refresh_id);
  self->refresh_id = 0;
  if (self->project == NULL)
    return;
  slope_review_list_refilter (self->list);
  update_counter (self);
  update_advice (self);
  slope_review_panel_update (self->panel, self->project, self->split);
  _slope_clean_page_update_actions (self);
  _slope_clean_page_queue_heat_maps (self);
}

static gboolean
refresh_idle (gpointer user_data)
{
  SlopeCleanPage *self = user_data;

  self->refresh_id = 0;
  _slope_clean_page_refresh (self);
  return G_SOURCE_REMOVE;
}

void
_slope_clean_page_fail (SlopeCleanPage *self, const char *heading, const GError *error)
{
  slope_note_set (self->failure, SLOPE_NOTE_ERROR, heading, error->message, NULL, TRUE);
  gtk_widget_set_visible (GTK_WIDGET (self->failure), TRUE);
}

/* ---- News of the project */

/* Undo, redo and other pages: many changes, one refresh. */
static void
counts_cb (SlopeCleanPage *self)
{
  if (self->acting)
    return;
  _slope_clean_page_dismiss_toast (self);
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    self->stale = TRUE;
  else if (self->refresh_id == 0)
    self->refresh_id = g_idle_add (refresh_idle, self);
}

static void
focus_grid (SlopeCleanPage *self)
{
  if (self->wants_focus && gtk_widget_get_mapped (GTK_WIDGET (self)))
    gtk_widget_grab_focus (GTK_WIDGET (self->grid));
  self->wants_focus = FALSE;
}

/* A turn for the tiles, and after it one for what goes over all pictures. */
static gboolean
fill_idle (gpointer user_data)
{
  SlopeCleanPage *self = user_data;

  self->fill_id = 0;
  if (gtk_grid_view_get_model (self->grid) == NULL)
    gtk_grid_view_set_model (self->grid, GTK_SELECTION_MODEL (self->selection));
  focus_grid (self);
  if (self->refresh_id == 0)
    self->refresh_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, refresh_idle, self, NULL);
  return G_SOURCE_REMOVE;
}

/* A hidden page takes them when it is shown: sorting them all and making tiles for them takes time.  Of 100,000
 * pictures, in milliseconds of the processor: the list 25, tiles 22, panel and counter 33; at once they were a turn of
 * 80 to 155.  All are there in the next frame, as before. */
static void
take_pictures (SlopeCleanPage *self)
{
  self->stale = !gtk_widget_get_mapped (GTK_WIDGET (self));
  if (self->stale)
    {
      self->wants_focus = FALSE;
      return;
    }
  /* Where there are tiles, what stays the same keeps focus and place. */
  if (g_list_model_get_n_items (G_LIST_MODEL (self->list)) == 0)
    gtk_grid_view_set_model (self->grid, NULL);
  slope_review_list_take (self->list, self->project);
  if (self->fill_id == 0)
    self->fill_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, fill_idle, self, NULL);
}

static gboolean
take_idle (gpointer user_data)
{
  SlopeCleanPage *self = user_data;

  self->fill_id = 0;
  take_pictures (self);
  return G_SOURCE_REMOVE;
}

/* All items have got their answers in this turn. */
static void
project_evaluated_cb (SlopeCleanPage *self)
{
  _slope_clean_page_forget_heat_maps (self);
  g_clear_handle_id (&self->fill_id, g_source_remove);
  self->fill_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, take_idle, self, NULL);
  _slope_clean_page_update_state (self);
  slope_text_reader_update (self->reader);
}

/* ---- Filters */

void
_slope_clean_page_show_filter (SlopeCleanPage *self, int actual, int predicted, const char *text)
{
  gtk_label_set_text (self->chip_label, text);
  gtk_widget_set_visible (GTK_WIDGET (self->chip), *text != '\0');
  slope_review_panel_set_selected (self->panel, actual, predicted);
  update_counter (self);
  _slope_clean_page_update_actions (self);
}

static void
show_all_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SlopeCleanPage *self = SLOPE_CLEAN_PAGE (widget);

  slope_review_list_clear_filter (self->list);
  _slope_clean_page_show_filter (self, -1, -1, "");
}

/* "No Matches" offers everything: all filters go. */
static void
show_everything_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SlopeCleanPage *self = SLOPE_CLEAN_PAGE (widget);

  gtk_toggle_button_set_active (self->hide_done, FALSE);
  gtk_drop_down_set_selected (self->set, 0);
  show_all_action (widget, name, parameter);
}

static void
pair_chosen_cb (SlopeCleanPage *self, guint actual, guint predicted)
{
  const char *const *classes = sl_project_get_classes (self->project);
  const gboolean rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  g_autofree char *text = NULL;

  if (actual == predicted)
    /* translators: filter: pictures or texts of a class that were recognised */
    text = g_strdup_printf (_ ("%s, recognised"), classes[actual]);
  else
    text = g_strdup_printf ("%s %s %s", classes[actual], rtl ? "←" : "→", classes[predicted]);
  slope_review_list_set_pair (self->list, actual, predicted);
  _slope_clean_page_show_filter (self, actual, predicted, text);
}

static void
label_chosen_cb (SlopeCleanPage *self, guint index, gboolean missed)
{
  const char *name = sl_project_get_classes (self->project)[index];
  g_autofree char *text = NULL;

  if (missed)
    /* translators: filter: pictures of which the model did not say a label that they have */
    text = g_strdup_printf (_ ("%s, missed"), name);
  else
    /* translators: filter: pictures of which the model said a label that they do not have */
    text = g_strdup_printf (_ ("%s, in vain"), name);
  slope_review_list_set_label (self->list, index, missed);
  _slope_clean_page_show_filter (self, -1, -1, text);
}

static gboolean
find_again_idle (gpointer user_data)
{
  SlopeCleanPage *self = user_data;

  slope_review_list_find_again (self->list);
  self->refresh_id = g_idle_add (refresh_idle, self);
  return G_SOURCE_REMOVE;
}

/* All pictures have just got their answers: what goes over them again has turns of its own. */
static void
threshold_set_cb (SlopeCleanPage *self)
{
  g_clear_handle_id (&self->refresh_id, g_source_remove);
  self->refresh_id = g_idle_add (find_again_idle, self);
}

static void
twin_chosen_cb (SlopeCleanPage *self, guint64 twin)
{
  slope_review_list_set_twin (self->list, twin);
  _slope_clean_page_show_filter (self, -1, -1, _ ("Look alike"));
}

static void
order_cb (SlopeCleanPage *self)
{
  slope_review_list_set_order (self->list, gtk_drop_down_get_selected (self->order));
}

static void
set_cb (SlopeCleanPage *self)
{
  static const int splits[] = { -1, SL_SPLIT_TRAIN, SL_SPLIT_VALID };
  const guint selected = gtk_drop_down_get_selected (self->set);

  g_return_if_fail (selected < G_N_ELEMENTS (splits));
  self->split = splits[selected];
  slope_review_list_set_split (self->list, self->split);
  _slope_clean_page_refresh (self);
}

static void
hide_done_cb (SlopeCleanPage *self)
{
  slope_review_list_set_hide_done (self->list, gtk_toggle_button_get_active (self->hide_done));
  update_counter (self);
}

/* ---- Ways out */

static void
go_to_train_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_widget_activate_action (widget, "win.show-page", "s", "train");
}

static void
train_again_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_widget_activate_action (widget, "win.train", NULL);
}

static void
advice_activated_cb (SlopeCleanPage *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "clean.train-again", NULL);
}

static void
failure_closed_cb (SlopeCleanPage *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->failure), FALSE);
}

/* ---- Tiles, or rows of texts */

static void
tile_setup_cb (SlopeCleanPage *self, GtkListItem *row)
{
  g_autoptr (GtkWidget) tile = NULL;

  if (self->spare_tiles->len > 0)
    tile = g_ptr_array_steal_index_fast (self->spare_tiles, self->spare_tiles->len - 1);
  else
    tile = g_object_ref_sink (_slope_clean_page_row_new (self));
  gtk_list_item_set_child (row, tile);
  g_object_set_data_full (G_OBJECT (row), "tile", g_steal_pointer (&tile), g_object_unref);
}

/* A filter replaces all rows; their tiles serve again. */
static void
tile_teardown_cb (SlopeCleanPage *self, GtkListItem *row)
{
  gtk_list_item_set_child (row, NULL);
  g_ptr_array_add (self->spare_tiles, g_object_steal_data (G_OBJECT (row), "tile"));
}

static void
tile_bind_cb (SlopeCleanPage *self, GtkListItem *row)
{
  GtkWidget *tile = gtk_list_item_get_child (row);

  /* The ring of a selected tile hugs it, however wide the column is. */
  gtk_widget_set_halign (gtk_widget_get_parent (tile),
                         SLOPE_IS_TILE (tile) ? GTK_ALIGN_CENTER : GTK_ALIGN_FILL);
  _slope_clean_page_row_set_item (tile, gtk_list_item_get_item (row));
  _slope_clean_page_queue_heat_maps (self);
}

static void
tile_unbind_cb (SlopeCleanPage *self, GtkListItem *row)
{
  _slope_clean_page_row_set_item (gtk_list_item_get_child (row), NULL);
}

static void
set_factory (SlopeCleanPage *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect_object (factory, "setup", G_CALLBACK (tile_setup_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "bind", G_CALLBACK (tile_bind_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (tile_unbind_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "teardown", G_CALLBACK (tile_teardown_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_grid_view_set_factory (self->grid, factory);
  g_object_unref (factory);
}

/* ---- Object */

static void
sidebar_revealed_cb (SlopeCleanPage *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SHOW_SIDEBAR]);
}

static void
slope_clean_page_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SHOW_SIDEBAR)
    g_value_set_boolean (value, adw_flap_get_reveal_flap (SLOPE_CLEAN_PAGE (object)->flap));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
slope_clean_page_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SHOW_SIDEBAR)
    adw_flap_set_reveal_flap (SLOPE_CLEAN_PAGE (object)->flap, g_value_get_boolean (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static gboolean
slope_clean_page_grab_focus (GtkWidget *widget)
{
  SlopeCleanPage *self = SLOPE_CLEAN_PAGE (widget);

  if (self->fill_id == 0 && g_list_model_get_n_items (G_LIST_MODEL (self->list)) > 0
      && gtk_widget_grab_focus (GTK_WIDGET (self->grid)))
    return TRUE;
  self->wants_focus = TRUE;
  return gtk_widget_child_focus (gtk_stack_get_visible_child (self->stack), GTK_DIR_TAB_FORWARD);
}

static void
slope_clean_page_map (GtkWidget *widget)
{
  SlopeCleanPage *self = SLOPE_CLEAN_PAGE (widget);

  GTK_WIDGET_CLASS (slope_clean_page_parent_class)->map (widget);
  if (self->stale && self->project != NULL)
    take_pictures (self);
  _slope_clean_page_update_state (self);
}

static void
slope_clean_page_unmap (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (slope_clean_page_parent_class)->unmap (widget);
  _slope_clean_page_queue_heat_maps (SLOPE_CLEAN_PAGE (widget));
}

static void
slope_clean_page_dispose (GObject *object)
{
  SlopeCleanPage *self = SLOPE_CLEAN_PAGE (object);

  if (self->grid != NULL)
    {
      slope_clean_page_set_project (self, NULL);
      gtk_grid_view_set_model (self->grid, NULL);
    }
  g_clear_object (&self->project_signals);
  g_clear_weak_pointer (&self->toast);
  g_clear_object (&self->selection);
  g_clear_object (&self->list);
  g_clear_object (&self->maps);
  g_clear_object (&self->answers);
  g_clear_object (&self->editor);
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), SLOPE_TYPE_CLEAN_PAGE);
  self->grid = NULL;
  G_OBJECT_CLASS (slope_clean_page_parent_class)->dispose (object);
}

static void
slope_clean_page_finalize (GObject *object)
{
  g_ptr_array_unref (SLOPE_CLEAN_PAGE (object)->spare_tiles);
  G_OBJECT_CLASS (slope_clean_page_parent_class)->finalize (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, SlopeCleanPage, page_toasts);
  gtk_widget_class_bind_template_child (widget_class, SlopeCleanPage, stack);
  gtk_widget_class_bind_template_child (widget_class, SlopeCleanPage, working_progress);
  gtk_widget_class_bind_template_child (widget_class, SlopeCleanPage, flap);
  gtk_widget_class_bind_template_child (widget_class, SlopeCleanPage, order);
  gtk_widget_class_bind_template_child (widget_class, SlopeCleanPage, set);
  gtk_widget_class_bind_template_child (widget_class, SlopeCleanPage, chip);
  gtk_widget_class_bind_template_child (widget_class, SlopeCleanPage, chip_label);
  gtk_widget_class_bind_template_child (widget_class, SlopeCleanPage, counter);
  gtk_widget_class_bind_template_child (widget_class, SlopeCleanPage, hide_done);
  gtk_widget_class_bind_template_child (widget_class, SlopeCleanPage, progress);
  gtk_widget_class_bind_template_child (widget_class, SlopeCleanPage, failure);
  gtk_widget_class_bind_template_child (widget_class, SlopeCleanPage, toasts);
  gtk_widget_class_bind_template_child (widget_class, SlopeCleanPage, grid_stack);
  gtk_widget_class_bind_template_child (widget_class, SlopeCleanPage, grid);
  gtk_widget_class_bind_template_child (widget_class, SlopeCleanPage, advice);
  gtk_widget_class_bind_template_child (widget_class, SlopeCleanPage, selected);
  gtk_widget_class_bind_template_child (widget_class, SlopeCleanPage, hint);
  gtk_widget_class_bind_template_child (widget_class, SlopeCleanPage, relabel);
  gtk_widget_class_bind_template_child (widget_class, SlopeCleanPage, relabel_popover);
  gtk_widget_class_bind_template_child (widget_class, SlopeCleanPage, panel);
}

static void
slope_clean_page_class_init (SlopeCleanPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = slope_clean_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = slope_clean_page_finalize;
  G_OBJECT_CLASS (klass)->get_property = slope_clean_page_get_property;
  G_OBJECT_CLASS (klass)->set_property = slope_clean_page_set_property;
  widget_class->grab_focus = slope_clean_page_grab_focus;
  widget_class->map = slope_clean_page_map;
  widget_class->unmap = slope_clean_page_unmap;
  props[PROP_SHOW_SIDEBAR] = g_param_spec_boolean ("show-sidebar", NULL, NULL, TRUE,
                                                   G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY
                                                       | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPS, props);
  g_type_ensure (SLOPE_TYPE_NOTE);
  g_type_ensure (SLOPE_TYPE_REVIEW_PANEL);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/slopeml/Slope/slope-clean-page.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, order_cb);
  gtk_widget_class_bind_template_callback (widget_class, set_cb);
  gtk_widget_class_bind_template_callback (widget_class, hide_done_cb);
  gtk_widget_class_bind_template_callback (widget_class, pair_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, label_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, threshold_set_cb);
  gtk_widget_class_bind_template_callback (widget_class, twin_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, advice_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, failure_closed_cb);
  gtk_widget_class_bind_template_callback (widget_class, sidebar_revealed_cb);
  _slope_clean_page_class_add_actions (widget_class);
  _slope_clean_page_class_bind_heat_maps (widget_class);
  _slope_clean_page_class_bind_look (widget_class);
  _slope_clean_page_class_bind_texts (widget_class);
  gtk_widget_class_install_action (widget_class, "clean.show-all", NULL, show_all_action);
  gtk_widget_class_install_action (widget_class, "clean.show-everything", NULL,
                                   show_everything_action);
  gtk_widget_class_install_action (widget_class, "clean.go-to-train", NULL, go_to_train_action);
  gtk_widget_class_install_action (widget_class, "clean.train-again", NULL, train_again_action);
}

static void
connect_project_signals (SlopeCleanPage *self)
{
  self->project_signals = g_signal_group_new (SL_TYPE_PROJECT);
  g_signal_group_connect_swapped (self->project_signals, "notify::counts", G_CALLBACK (counts_cb),
                                  self);
  g_signal_group_connect_swapped (self->project_signals, "notify::job-progress",
                                  G_CALLBACK (update_progress), self);
  g_signal_group_connect_swapped (self->project_signals, "notify::job",
                                  G_CALLBACK (_slope_clean_page_update_state), self);
  g_signal_group_connect_swapped (self->project_signals, "runs-changed",
                                  G_CALLBACK (_slope_clean_page_update_state), self);
  g_signal_group_connect_swapped (self->project_signals, "evaluated",
                                  G_CALLBACK (project_evaluated_cb), self);
}

static void
slope_clean_page_init (SlopeCleanPage *self)
{
  self->split = -1;
  self->list = slope_review_list_new ();
  self->spare_tiles = g_ptr_array_new_with_free_func (g_object_unref);
  gtk_widget_init_template (GTK_WIDGET (self));
  self->selection = gtk_multi_selection_new (G_LIST_MODEL (g_object_ref (self->list)));
  g_signal_connect_object (self->selection, "selection-changed",
                           G_CALLBACK (_slope_clean_page_update_actions), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->selection, "items-changed",
                           G_CALLBACK (_slope_clean_page_update_actions), self, G_CONNECT_SWAPPED);
  _slope_clean_page_add_keys (self);
  _slope_clean_page_update_actions (self);
  _slope_clean_page_init_heat_maps (self);
  _slope_clean_page_init_masks (self);
  _slope_clean_page_begin_texts (self);
  connect_project_signals (self);
}

GtkWidget *
slope_clean_page_new (void)
{
  return g_object_new (SLOPE_TYPE_CLEAN_PAGE, NULL);
}

/* The grid goes first: its tiles know the project's classes. */
static void
leave_project (SlopeCleanPage *self)
{
  _slope_clean_page_end_look (self);
  g_clear_handle_id (&self->refresh_id, g_source_remove);
  g_clear_handle_id (&self->fill_id, g_source_remove);
  _slope_clean_page_drop_focus (self);
  _slope_clean_page_dismiss_toast (self);
  gtk_grid_view_set_model (self->grid, NULL);
  gtk_grid_view_set_factory (self->grid, NULL);
  g_ptr_array_set_size (self->spare_tiles, 0);
  _slope_clean_page_end_texts (self);
  self->stale = FALSE;
  slope_review_list_clear_filter (self->list);
  slope_review_list_take (self->list, NULL);
  slope_review_panel_update (self->panel, NULL, -1);
  gtk_popover_set_child (GTK_POPOVER (self->relabel_popover), NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->failure), FALSE);
}

void
slope_clean_page_set_project (SlopeCleanPage *self, SlProject *project)
{
  g_return_if_fail (SLOPE_IS_CLEAN_PAGE (self));
  g_return_if_fail (project == NULL || SL_IS_PROJECT (project));

  if (self->project == project)
    return;
  leave_project (self);
  g_set_object (&self->project, project);
  g_signal_group_set_target (self->project_signals, project);
  _slope_clean_page_forget_heat_maps (self);
  if (project == NULL)
    return;
  self->view = slope_task_view_for (sl_project_get_task (project));
  _slope_clean_page_begin_texts (self);
  _slope_clean_page_show_filter (self, -1, -1, "");
  _slope_clean_page_begin_look (self);
  _slope_clean_page_set_chooser (self);
  set_factory (self);
  take_pictures (self);
  _slope_clean_page_update_state (self);
}
