/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-data-page.h"

#include "slope-data-filters.h"
#include "slope-data-list.h"
#include "slope-data-problems.h"
#include "slope-grid-columns.h"
#include "slope-item-panel.h"
#include "slope-pairs-view.h"
#include "slope-settings.h"
#include "slope-split-dialog.h"
#include "slope-text-row.h"
#include "slope-tile.h"

#include <glib/gi18n.h>

#define MIN_TILE_PX 96
#define MAX_TILE_PX 256
#define ZOOM_STEP_PX 26

struct _SlopeDataPage
{
  AdwBin parent_instance;
  SlProject *project;           /* owned, nullable */
  GSignalGroup *signals;        /* of the project */
  SlopeDataFilter *filter;      /* owned, nullable */
  SlopeDataList *list;          /* owned, nullable */
  GtkSelectionModel *selection; /* owned, nullable */
  GPtrArray *tiles;             /* SlopeTile in the grid, or SlopeTextRow in the list; not owned */
  GPtrArray *spare;             /* such of this project that wait to be used again; owned */
  guint refresh;                /* source: counts have changed */
  guint fill;     /* source: the grid, or the list, waits for its model, then problems */
  gboolean stale; /* they have, since the page last looked */
  guint next;     /* to be selected once what was selected has gone; or invalid */
  int tile_px;
  GtkStack *views; /* all pictures, or pairs */
  SlopePairsView *pairs;
  AdwFlap *sidebar_flap;
  AdwFlap *item_flap;
  SlopeDataFilters *filters;
  SlopeItemPanel *item_panel;
  SlopeDataProblems *problems;
  GtkLabel *count;
  GtkDropDown *order;
  GtkWidget *show_labels; /* where they are drawn over pictures */
  GtkWidget *zoom;
  GtkWidget *item_toggle;
  GtkStack *stack;
  AdwStatusPage *no_match, *empty;
  GtkGridView *grid;  /* of pictures */
  GtkListView *texts; /* of texts */
};

enum
{
  PROP_SHOW_SIDEBAR = 1,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (SlopeDataPage, slope_data_page, ADW_TYPE_BIN)

static gboolean
has_texts (SlopeDataPage *self)
{
  return self->project != NULL && sl_project_get_task (self->project)->texts;
}

/* ---- Tiles, or rows of texts */

static GtkWidget *
new_tile (SlopeDataPage *self)
{
  if (has_texts (self))
    return slope_text_row_new (self->project, SLOPE_CAPTION_LABEL);
  return slope_tile_new (sl_project_get_task (self->project),
                         sl_project_get_classes (self->project), SLOPE_CAPTION_LABEL,
                         self->tile_px);
}

static void
set_tile_item (GtkWidget *tile, SlItem *item)
{
  if (SLOPE_IS_TEXT_ROW (tile))
    slope_text_row_set_item (SLOPE_TEXT_ROW (tile), item);
  else
    slope_tile_set_item (SLOPE_TILE (tile), item);
}

static void
setup_tile_cb (SlopeDataPage *self, GtkListItem *list_item)
{
  g_autoptr (GtkWidget) tile = NULL;

  if (self->spare->len > 0)
    tile = g_ptr_array_steal_index_fast (self->spare, self->spare->len - 1);
  else
    tile = g_object_ref_sink (new_tile (self));
  g_ptr_array_add (self->tiles, tile);
  gtk_list_item_set_child (list_item, tile);
  g_object_set_data_full (G_OBJECT (list_item), "tile", g_steal_pointer (&tile), g_object_unref);
}

static void
bind_tile_cb (SlopeDataPage *self, GtkListItem *list_item)
{
  set_tile_item (gtk_list_item_get_child (list_item), gtk_list_item_get_item (list_item));
}

static void
unbind_tile_cb (SlopeDataPage *self, GtkListItem *list_item)
{
  set_tile_item (gtk_list_item_get_child (list_item), NULL);
}

/* A filter replaces all rows: making their tiles anew would be the most of it.  By now the row itself
 * may have let go of its child. */
static void
teardown_tile_cb (SlopeDataPage *self, GtkListItem *list_item)
{
  GtkWidget *tile = g_object_steal_data (G_OBJECT (list_item), "tile");

  gtk_list_item_set_child (list_item, NULL);
  g_ptr_array_remove_fast (self->tiles, tile);
  g_ptr_array_add (self->spare, tile);
}

static GtkListItemFactory *
make_factory (SlopeDataPage *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect_swapped (factory, "setup", G_CALLBACK (setup_tile_cb), self);
  g_signal_connect_swapped (factory, "bind", G_CALLBACK (bind_tile_cb), self);
  g_signal_connect_swapped (factory, "unbind", G_CALLBACK (unbind_tile_cb), self);
  g_signal_connect_swapped (factory, "teardown", G_CALLBACK (teardown_tile_cb), self);
  return factory;
}

static void
set_tile_size (SlopeDataPage *self, int tile_px)
{
  self->tile_px = CLAMP (tile_px, MIN_TILE_PX, MAX_TILE_PX);
  for (guint i = 0; i < self->tiles->len && !has_texts (self); i++)
    slope_tile_set_size (g_ptr_array_index (self->tiles, i), self->tile_px);
  for (guint i = 0; i < self->spare->len && !has_texts (self); i++)
    slope_tile_set_size (g_ptr_array_index (self->spare, i), self->tile_px);
  slope_grid_fit_columns (self->grid, self->tile_px);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "data.zoom-out", self->tile_px > MIN_TILE_PX);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "data.zoom-in", self->tile_px < MAX_TILE_PX);
}

/* ---- What is shown and selected */

static void
update_count (SlopeDataPage *self)
{
  const guint n = g_list_model_get_n_items (G_LIST_MODEL (self->selection));
  const SlopeDataView view = slope_data_filter_get_view (self->filter);
  const gboolean nothing_there = view == SLOPE_VIEW_ALL
                                 && slope_data_filter_is_wide_open (self->filter);
  g_autofree char *text = g_strdup_printf (has_texts (self)
                                               ? ngettext ("%'u text", "%'u texts", n)
                                               : ngettext ("%'u picture", "%'u pictures", n),
                                           n);
  const char *shown = has_texts (self) ? "texts" : "grid";

  gtk_label_set_text (self->count,
                      slope_data_filter_is_searching (self->filter) ? _ ("Searching…") : text);
  gtk_stack_set_visible_child_name (self->stack, n > 0           ? shown
                                                 : nothing_there ? "empty"
                                                                 : "no-match");
}

static void
selection_changed_cb (SlopeDataPage *self)
{
  g_autoptr (GtkBitset) selected = gtk_selection_model_get_selection (self->selection);
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  GtkBitsetIter iter;
  guint position;

  for (gboolean more = gtk_bitset_iter_init_first (&iter, selected, &position); more;
       more = gtk_bitset_iter_next (&iter, &position))
    g_ptr_array_add (items, g_list_model_get_item (G_LIST_MODEL (self->selection), position));
  slope_item_panel_set_items (self->item_panel, items);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "data.remove", items->len > 0);
}

static void
items_changed_cb (SlopeDataPage *self)
{
  update_count (self);
  selection_changed_cb (self);
}

/* The picture that moved up into the place of the removed one comes next. */
static void
select_next (SlopeDataPage *self)
{
  const guint n = g_list_model_get_n_items (G_LIST_MODEL (self->selection));
  g_autoptr (GtkBitset) selected = gtk_selection_model_get_selection (self->selection);

  if (self->next != GTK_INVALID_LIST_POSITION && n > 0 && gtk_bitset_is_empty (selected))
    gtk_selection_model_select_item (self->selection, MIN (self->next, n - 1), TRUE);
  self->next = GTK_INVALID_LIST_POSITION;
}

static gboolean
refresh_cb (gpointer user_data)
{
  SlopeDataPage *self = user_data;

  self->refresh = 0;
  self->stale = FALSE;
  slope_data_filter_refresh (self->filter);
  select_next (self);
  slope_data_filters_update (self->filters);
  slope_data_problems_update (self->problems);
  return G_SOURCE_REMOVE;
}

/* One look for all changes of a step; a hidden page looks when it is shown. */
static void
counts_changed_cb (SlopeDataPage *self)
{
  self->stale = TRUE;
  if (self->refresh == 0 && self->filter != NULL && gtk_widget_get_mapped (GTK_WIDGET (self)))
    self->refresh = g_idle_add (refresh_cb, self);
}

static void
order_selected_cb (SlopeDataPage *self)
{
  if (self->list != NULL)
    slope_data_list_set_order (self->list, gtk_drop_down_get_selected (self->order));
}

static void
item_activated_cb (SlopeDataPage *self)
{
  adw_flap_set_reveal_flap (self->item_flap, TRUE);
}

static void
show_class_cb (SlopeDataPage *self, guint index)
{
  slope_data_filters_show_class (self->filters, index);
}

static void
show_pairs_cb (SlopeDataPage *self, GListModel *pairs)
{
  slope_pairs_view_show (self->pairs, pairs);
  gtk_stack_set_visible_child_name (self->views, "pairs");
  gtk_widget_child_focus (GTK_WIDGET (self->pairs), GTK_DIR_TAB_FORWARD);
}

static void
similar_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SlopeDataPage *self = SLOPE_DATA_PAGE (widget);

  gtk_stack_set_visible_child_name (self->views, "pairs");
  slope_pairs_view_show_similar (self->pairs);
}

static void
pairs_closed_cb (SlopeDataPage *self)
{
  gtk_stack_set_visible_child_name (self->views, "all");
  gtk_widget_grab_focus (GTK_WIDGET (self));
}

static void
found_cb (SlopeDataPage *self)
{
  slope_data_filters_update (self->filters);
}

static void
sidebar_revealed_cb (SlopeDataPage *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SHOW_SIDEBAR]);
}

/* ---- Actions */

static void
zoom_in_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SlopeDataPage *self = SLOPE_DATA_PAGE (widget);

  set_tile_size (self, self->tile_px + ZOOM_STEP_PX);
  g_settings_set_int (slope_settings (), "tile-size", self->tile_px);
}

static void
zoom_out_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SlopeDataPage *self = SLOPE_DATA_PAGE (widget);

  set_tile_size (self, self->tile_px - ZOOM_STEP_PX);
  g_settings_set_int (slope_settings (), "tile-size", self->tile_px);
}

static void
remove_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SlopeDataPage *self = SLOPE_DATA_PAGE (widget);
  g_autoptr (GtkBitset) selected = gtk_selection_model_get_selection (self->selection);

  self->next = gtk_bitset_get_minimum (selected);
  slope_item_panel_remove (self->item_panel);
}

static void
show_all_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  slope_data_filters_clear (SLOPE_DATA_PAGE (widget)->filters);
}

static void
show_removed_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  slope_data_filters_show (SLOPE_DATA_PAGE (widget)->filters, SLOPE_VIEW_REMOVED);
}

static void
show_problems_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  slope_data_filters_show (SLOPE_DATA_PAGE (widget)->filters, SLOPE_VIEW_PROBLEMS);
}

static void
split_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GtkRoot *root = gtk_widget_get_root (widget);

  gtk_window_present (GTK_WINDOW (slope_split_dialog_new (
      GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, SLOPE_DATA_PAGE (widget)->project)));
}

static void
focus_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_widget_grab_focus (widget);
}

static void
search_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SlopeDataPage *self = SLOPE_DATA_PAGE (widget);

  adw_flap_set_reveal_flap (self->sidebar_flap, TRUE);
  slope_data_filters_focus_search (self->filters);
}

/* ---- Class */

static void
forget_models (SlopeDataPage *self)
{
  g_clear_handle_id (&self->refresh, g_source_remove);
  g_clear_handle_id (&self->fill, g_source_remove);
  if (self->selection != NULL)
    g_signal_handlers_disconnect_by_data (self->selection, self);
  if (self->filter != NULL)
    g_signal_handlers_disconnect_by_data (self->filter, self);
  gtk_grid_view_set_model (self->grid, NULL);
  gtk_grid_view_set_factory (self->grid, NULL);
  gtk_list_view_set_model (self->texts, NULL);
  gtk_list_view_set_factory (self->texts, NULL);
  g_ptr_array_set_size (self->spare, 0); /* they know the classes */
  g_clear_object (&self->selection);
  g_clear_object (&self->list);
  g_clear_object (&self->filter);
}

static gboolean
fill_problems_cb (gpointer user_data)
{
  SlopeDataPage *self = user_data;

  self->fill = 0;
  slope_data_problems_set_filter (self->problems, self->project, self->filter);
  return G_SOURCE_REMOVE;
}

/* In turns of their own, still before the next frame: grid and list make all their tiles at once, and problems go
 * over all items: 20 ms of the processor for 100,000. */
static gboolean
fill_cb (gpointer user_data)
{
  SlopeDataPage *self = user_data;

  if (has_texts (self))
    gtk_list_view_set_model (self->texts, self->selection);
  else
    gtk_grid_view_set_model (self->grid, self->selection);
  self->fill = g_idle_add_full (G_PRIORITY_HIGH_IDLE, fill_problems_cb, self, NULL);
  return G_SOURCE_REMOVE;
}

static void
make_models (SlopeDataPage *self)
{
  g_autoptr (GtkListItemFactory) factory = make_factory (self);

  self->filter = slope_data_filter_new (self->project);
  self->list = slope_data_list_new (sl_project_get_items (self->project), self->filter,
                                    gtk_drop_down_get_selected (self->order));
  self->selection = GTK_SELECTION_MODEL (
      gtk_multi_selection_new (g_object_ref (G_LIST_MODEL (self->list))));
  g_signal_connect_swapped (self->selection, "selection-changed", G_CALLBACK (selection_changed_cb),
                            self);
  g_signal_connect_swapped (self->selection, "items-changed", G_CALLBACK (items_changed_cb), self);
  g_signal_connect_swapped (self->filter, "scanned", G_CALLBACK (update_count), self);
  if (has_texts (self))
    gtk_list_view_set_factory (self->texts, factory);
  else
    gtk_grid_view_set_factory (self->grid, factory);
  self->fill = g_idle_add_full (G_PRIORITY_HIGH_IDLE, fill_cb, self, NULL);
}

static gboolean
slope_data_page_grab_focus (GtkWidget *widget)
{
  SlopeDataPage *self = SLOPE_DATA_PAGE (widget);
  const char *shown = gtk_stack_get_visible_child_name (self->stack);

  if (g_strcmp0 (gtk_stack_get_visible_child_name (self->views), "pairs") == 0)
    return gtk_widget_child_focus (GTK_WIDGET (self->pairs), GTK_DIR_TAB_FORWARD);
  if (g_strcmp0 (shown, "grid") == 0)
    return gtk_widget_grab_focus (GTK_WIDGET (self->grid));
  return g_strcmp0 (shown, "texts") == 0
             ? gtk_widget_grab_focus (GTK_WIDGET (self->texts))
             : gtk_widget_child_focus (GTK_WIDGET (self->stack), GTK_DIR_TAB_FORWARD);
}

static void
slope_data_page_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SHOW_SIDEBAR)
    g_value_set_boolean (value, adw_flap_get_reveal_flap (SLOPE_DATA_PAGE (object)->sidebar_flap));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
slope_data_page_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SHOW_SIDEBAR)
    adw_flap_set_reveal_flap (SLOPE_DATA_PAGE (object)->sidebar_flap, g_value_get_boolean (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
slope_data_page_map (GtkWidget *widget)
{
  SlopeDataPage *self = SLOPE_DATA_PAGE (widget);

  GTK_WIDGET_CLASS (slope_data_page_parent_class)->map (widget);
  if (self->stale)
    counts_changed_cb (self);
}

static void
slope_data_page_dispose (GObject *object)
{
  SlopeDataPage *self = SLOPE_DATA_PAGE (object);

  if (self->grid != NULL)
    forget_models (self);
  g_clear_object (&self->signals);
  g_clear_object (&self->project);
  adw_bin_set_child (ADW_BIN (self), NULL); /* a bound child of its own must not go before */
  gtk_widget_dispose_template (GTK_WIDGET (object), SLOPE_TYPE_DATA_PAGE);
  self->grid = NULL;
  G_OBJECT_CLASS (slope_data_page_parent_class)->dispose (object);
}

static void
slope_data_page_finalize (GObject *object)
{
  g_ptr_array_unref (SLOPE_DATA_PAGE (object)->tiles);
  g_ptr_array_unref (SLOPE_DATA_PAGE (object)->spare);
  G_OBJECT_CLASS (slope_data_page_parent_class)->finalize (object);
}

static void
install_actions (GtkWidgetClass *klass)
{
  gtk_widget_class_install_action (klass, "data.zoom-in", NULL, zoom_in_action);
  gtk_widget_class_install_action (klass, "data.zoom-out", NULL, zoom_out_action);
  gtk_widget_class_install_action (klass, "data.remove", NULL, remove_action);
  gtk_widget_class_install_action (klass, "data.show-all", NULL, show_all_action);
  gtk_widget_class_install_action (klass, "data.show-removed", NULL, show_removed_action);
  gtk_widget_class_install_action (klass, "data.similar", NULL, similar_action);
  gtk_widget_class_install_action (klass, "data.show-problems", NULL, show_problems_action);
  gtk_widget_class_install_action (klass, "data.split", NULL, split_action);
  gtk_widget_class_install_action (klass, "data.focus", NULL, focus_action);
  gtk_widget_class_install_action (klass, "page.search", NULL, search_action);
  for (guint i = 0; i < 3; i++)
    {
      const guint larger[] = { GDK_KEY_plus, GDK_KEY_equal, GDK_KEY_KP_Add };

      gtk_widget_class_add_binding_action (klass, larger[i], GDK_CONTROL_MASK, "data.zoom-in",
                                           NULL);
    }
  gtk_widget_class_add_binding_action (klass, GDK_KEY_minus, GDK_CONTROL_MASK, "data.zoom-out",
                                       NULL);
  gtk_widget_class_add_binding_action (klass, GDK_KEY_KP_Subtract, GDK_CONTROL_MASK,
                                       "data.zoom-out", NULL);
}

static void
slope_data_page_class_init (SlopeDataPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = slope_data_page_get_property;
  object_class->set_property = slope_data_page_set_property;
  object_class->dispose = slope_data_page_dispose;
  object_class->finalize = slope_data_page_finalize;
  widget_class->grab_focus = slope_data_page_grab_focus;
  widget_class->map = slope_data_page_map;
  props[PROP_SHOW_SIDEBAR] = g_param_spec_boolean ("show-sidebar", NULL, NULL, TRUE,
                                                   G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY
                                                       | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  g_type_ensure (SLOPE_TYPE_DATA_FILTERS);
  g_type_ensure (SLOPE_TYPE_DATA_PROBLEMS);
  g_type_ensure (SLOPE_TYPE_ITEM_PANEL);
  g_type_ensure (SLOPE_TYPE_PAIRS_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/slopeml/Slope/slope-data-page.ui");
  gtk_widget_class_bind_template_child (widget_class, SlopeDataPage, views);
  gtk_widget_class_bind_template_child (widget_class, SlopeDataPage, pairs);
  gtk_widget_class_bind_template_child (widget_class, SlopeDataPage, sidebar_flap);
  gtk_widget_class_bind_template_child (widget_class, SlopeDataPage, item_flap);
  gtk_widget_class_bind_template_child (widget_class, SlopeDataPage, filters);
  gtk_widget_class_bind_template_child (widget_class, SlopeDataPage, item_panel);
  gtk_widget_class_bind_template_child (widget_class, SlopeDataPage, problems);
  gtk_widget_class_bind_template_child (widget_class, SlopeDataPage, count);
  gtk_widget_class_bind_template_child (widget_class, SlopeDataPage, order);
  gtk_widget_class_bind_template_child (widget_class, SlopeDataPage, show_labels);
  gtk_widget_class_bind_template_child (widget_class, SlopeDataPage, stack);
  gtk_widget_class_bind_template_child (widget_class, SlopeDataPage, zoom);
  gtk_widget_class_bind_template_child (widget_class, SlopeDataPage, item_toggle);
  gtk_widget_class_bind_template_child (widget_class, SlopeDataPage, no_match);
  gtk_widget_class_bind_template_child (widget_class, SlopeDataPage, empty);
  gtk_widget_class_bind_template_child (widget_class, SlopeDataPage, grid);
  gtk_widget_class_bind_template_child (widget_class, SlopeDataPage, texts);
  gtk_widget_class_bind_template_callback (widget_class, sidebar_revealed_cb);
  gtk_widget_class_bind_template_callback (widget_class, order_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, item_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, show_class_cb);
  gtk_widget_class_bind_template_callback (widget_class, show_pairs_cb);
  gtk_widget_class_bind_template_callback (widget_class, pairs_closed_cb);
  gtk_widget_class_bind_template_callback (widget_class, found_cb);
  install_actions (widget_class);
}

static void
slope_data_page_init (SlopeDataPage *self)
{
  self->tiles = g_ptr_array_new ();
  self->spare = g_ptr_array_new_with_free_func (g_object_unref);
  self->next = GTK_INVALID_LIST_POSITION;
  gtk_widget_init_template (GTK_WIDGET (self));
  self->signals = g_signal_group_new (SL_TYPE_PROJECT);
  g_signal_group_connect_swapped (self->signals, "notify::counts", G_CALLBACK (counts_changed_cb),
                                  self);
  set_tile_size (self, g_settings_get_int (slope_settings (), "tile-size"));
  g_settings_bind (slope_settings (), "show-labels", self->show_labels, "active",
                   G_SETTINGS_BIND_DEFAULT);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "data.remove", FALSE);
}

/* What there is for pictures alone, and what is called otherwise of texts. */
static void
set_words (SlopeDataPage *self)
{
  const gboolean texts = has_texts (self);
  const char *selected = texts ? _ ("Selected Text") : _ ("Selected Picture");

  gtk_widget_set_visible (self->show_labels,
                          slope_task_view_for (sl_project_get_task (self->project))->overlay_new
                              != NULL);
  gtk_widget_set_visible (self->zoom, !texts);
  gtk_widget_set_tooltip_text (self->item_toggle, selected);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->item_toggle), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  selected, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->count), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  texts ? _ ("texts shown") : _ ("pictures shown"), -1);
  adw_status_page_set_description (
      self->no_match, texts ? _ ("No text is in this view, of these classes and lengths, and with "
                                 "these words.")
                            : _ ("No picture is in this view, of these classes and with this "
                                 "name."));
  adw_status_page_set_title (self->empty,
                             texts ? _ ("Put Some Texts Back") : _ ("Put Some Pictures Back"));
  adw_status_page_set_description (
      self->empty, texts ? _ ("All texts of this project are removed. They can be put back.")
                         : _ ("All pictures of this project are removed. They wait in its bin."));
}

GtkWidget *
slope_data_page_new (void)
{
  return g_object_new (SLOPE_TYPE_DATA_PAGE, NULL);
}

void
slope_data_page_set_project (SlopeDataPage *self, SlProject *project)
{
  g_return_if_fail (SLOPE_IS_DATA_PAGE (self));

  if (self->project == project)
    return;
  forget_models (self);
  g_set_object (&self->project, project);
  g_signal_group_set_target (self->signals, project);
  if (project != NULL)
    make_models (self);
  slope_data_filters_set_filter (self->filters, project, self->filter);
  slope_data_problems_set_filter (self->problems, NULL, NULL);
  slope_item_panel_set_project (self->item_panel, project);
  slope_pairs_view_set_project (self->pairs, project);
  gtk_stack_set_visible_child_name (self->views, "all");
  if (project == NULL)
    return;
  set_words (self);
  items_changed_cb (self);
}
