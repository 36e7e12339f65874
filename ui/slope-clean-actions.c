/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-clean-page-private.h"

#include <glib/gi18n.h>

#define FOCUS_TRIES 5 /* frames until a tile that was scrolled to must exist */

typedef gboolean (*ChangeFunc) (SlProject *project, const gint64 *ids, gsize n, gpointer data,
                                GError **error);

/* ---- Selection and focus */

static GPtrArray * /* of SlItem, owned */
selected_items (SlopeCleanPage *self, guint *last)
{
  GPtrArray *items = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GtkBitset)
      bits = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  GtkBitsetIter iter;
  guint position;

  for (gboolean more = gtk_bitset_iter_init_first (&iter, bits, &position); more;
       more = gtk_bitset_iter_next (&iter, &position))
    {
      g_ptr_array_add (items, g_list_model_get_item (G_LIST_MODEL (self->list), position));
      *last = position;
    }
  return items;
}

/* The next picture that nobody has looked at, after @last, else from the beginning; %NULL: none. */
static SlItem *
find_next (SlopeCleanPage *self, guint last, GPtrArray *leave_out)
{
  GListModel *model = G_LIST_MODEL (self->list);
  const guint n = g_list_model_get_n_items (model);

  for (guint i = 1; i < n; i++)
    {
      g_autoptr (SlItem) item = g_list_model_get_item (model, (last + i) % n);

      if (!slope_item_is_done (item) && !g_ptr_array_find (leave_out, item, NULL))
        return g_steal_pointer (&item);
    }
  return NULL;
}

static GtkWidget *
find_tile (SlopeCleanPage *self, SlItem *item)
{
  for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->grid)); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    {
      GtkWidget *tile = gtk_widget_get_first_child (row);

      if (tile != NULL && _slope_clean_page_row_get_item (tile) == item)
        return row;
    }
  return NULL;
}

void
_slope_clean_page_drop_focus (SlopeCleanPage *self)
{
  if (self->focus_id != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self->grid), self->focus_id);
  self->focus_id = 0;
  g_clear_object (&self->focus_item);
}

static gboolean
focus_tick_cb (GtkWidget *grid, GdkFrameClock *clock, gpointer user_data)
{
  SlopeCleanPage *self = user_data;
  GtkWidget *row = find_tile (self, self->focus_item);

  if (row != NULL && gtk_widget_get_mapped (row))
    gtk_widget_grab_focus (row);
  else if (++self->focus_tries < FOCUS_TRIES)
    return G_SOURCE_CONTINUE;
  self->focus_id = 0;
  g_clear_object (&self->focus_item);
  return G_SOURCE_REMOVE;
}

/* GTK makes tiles only near the visible ones, and at the next frame. */
static void
focus_item (SlopeCleanPage *self, SlItem *item, guint position)
{
  _slope_clean_page_drop_focus (self);
  gtk_widget_activate_action (GTK_WIDGET (self->grid), "list.scroll-to-item", "u", position);
  self->focus_tries = 0;
  self->focus_item = g_object_ref (item);
  self->focus_id = gtk_widget_add_tick_callback (GTK_WIDGET (self->grid), focus_tick_cb, self,
                                                 NULL);
}

/* Whoever works with the buttons goes on with the buttons. */
static gboolean
focus_is_on_a_button (SlopeCleanPage *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  return GTK_IS_BUTTON (focus) && gtk_widget_is_ancestor (focus, GTK_WIDGET (self))
         && !gtk_widget_is_ancestor (focus, GTK_WIDGET (self->relabel));
}

void
_slope_clean_page_select (SlopeCleanPage *self, SlItem *next)
{
  const guint position = slope_review_list_find (self->list, next);

  if (position == GTK_INVALID_LIST_POSITION)
    return;
  /* Through the grid, so that Shift extends the selection from here. */
  gtk_widget_activate_action (GTK_WIDGET (self->grid), "list.select-item", "(ubb)", position, FALSE,
                              FALSE);
  if (focus_is_on_a_button (self))
    gtk_widget_activate_action (GTK_WIDGET (self->grid), "list.scroll-to-item", "u", position);
  else
    focus_item (self, next, position);
}

/* ---- Toast */

void
_slope_clean_page_dismiss_toast (SlopeCleanPage *self)
{
  if (self->toast != NULL)
    adw_toast_dismiss (self->toast);
}

/* While a dismissed toast fades it still lives; dismissed again it would be freed twice. */
static void
toast_dismissed_cb (SlopeCleanPage *self, AdwToast *toast)
{
  if (self->toast == toast)
    g_clear_weak_pointer (&self->toast);
}

static void
show_toast (SlopeCleanPage *self, const char *text, const char *button, const char *action)
{
  g_autofree char *markup = g_markup_escape_text (text, -1);
  AdwToast *toast = adw_toast_new (markup);

  /* An older toast would undo the newer step. */
  _slope_clean_page_dismiss_toast (self);
  adw_toast_set_button_label (toast, button);
  adw_toast_set_action_name (toast, action);
  g_set_weak_pointer (&self->toast, toast);
  g_signal_connect_object (toast, "dismissed", G_CALLBACK (toast_dismissed_cb), self,
                           G_CONNECT_SWAPPED);
  adw_toast_overlay_add_toast (
      gtk_widget_get_mapped (GTK_WIDGET (self->toasts)) ? self->toasts : self->page_toasts, toast);
}

/* The window's toasts, while this page shows: over the pictures, not over the buttons. */
static void
toast_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  const char *text, *button, *action;

  g_variant_get (parameter, "(&sm&sm&s)", &text, &button, &action);
  show_toast (SLOPE_CLEAN_PAGE (widget), text, button, action);
}

/* ---- Changes */

static gboolean
change_selected (SlopeCleanPage *self, GPtrArray *items, guint last, ChangeFunc change,
                 gpointer data, const char *failed)
{
  g_autofree gint64 *ids = g_new (gint64, items->len);
  g_autoptr (SlItem) next = find_next (self, last, items);
  g_autoptr (GError) error = NULL;
  gboolean done;

  for (guint i = 0; i < items->len; i++)
    ids[i] = sl_item_get_id (items->pdata[i]);
  self->acting = TRUE;
  done = change (self->project, ids, items->len, data, &error);
  self->acting = FALSE;
  if (!done)
    {
      _slope_clean_page_fail (self, failed, error);
      return FALSE;
    }
  _slope_clean_page_refresh (self);
  if (next != NULL)
    _slope_clean_page_select (self, next);
  return TRUE;
}

static gboolean
change_remove (SlProject *project, const gint64 *ids, gsize n, gpointer data, GError **error)
{
  return sl_project_remove (project, ids, n, error);
}

static gboolean
change_relabel (SlProject *project, const gint64 *ids, gsize n, gpointer data, GError **error)
{
  return sl_project_relabel_each (project, ids, data, n, error);
}

static gboolean
change_keep (SlProject *project, const gint64 *ids, gsize n, gpointer data, GError **error)
{
  return sl_project_keep (project, ids, n, GPOINTER_TO_INT (data), error);
}

static void
drop_items (GPtrArray *items, gboolean (*unwanted) (SlItem *item, gconstpointer data),
            gconstpointer data)
{
  for (guint i = items->len; i-- > 0;)
    if (unwanted (items->pdata[i], data))
      g_ptr_array_remove_index (items, i);
}

static gboolean
is_removed (SlItem *item, gconstpointer data)
{
  return sl_item_get_state (item) == SL_ITEM_REMOVED;
}

static void
remove_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SlopeCleanPage *self = SLOPE_CLEAN_PAGE (widget);
  guint last = 0;
  g_autoptr (GPtrArray) items = selected_items (self, &last);
  g_autofree char *text = NULL;

  drop_items (items, is_removed, NULL);
  if (items->len == 0)
    return;
  if (items->len == 1)
    text = g_strdup_printf (_ ("Removed “%s”"), sl_item_get_name (items->pdata[0]));
  else
    text = g_strdup_printf (
        _slope_clean_page_has_texts (self)
            ? ngettext ("Removed %u text", "Removed %u texts", items->len)
            : ngettext ("Removed %u picture", "Removed %u pictures", items->len),
        items->len);
  if (change_selected (self, items, last, change_remove, NULL,
                       _slope_clean_page_has_texts (self)
                           ? _ ("The texts could not be removed.")
                           : _ ("The pictures could not be removed.")))
    show_toast (self, text, _ ("Undo"), "win.undo");
}

/* @targets: of @items; where they differ, only how many pictures there are can be said. */
static char *
tell_relabelled (SlopeCleanPage *self, GPtrArray *items, GPtrArray *targets)
{
  const char *const *classes = sl_project_get_classes (self->project);
  const gboolean texts = _slope_clean_page_has_texts (self);
  g_autofree char *words = self->view->say_target (classes, targets->pdata[0]);
  gboolean same = TRUE;

  for (guint i = 1; i < targets->len; i++)
    same = same && g_str_equal (targets->pdata[i], targets->pdata[0]);
  if (items->len == 1)
    /* translators: a file name and its new label */
    return g_strdup_printf (_ ("“%1$s” is now %2$s"), sl_item_get_name (items->pdata[0]), words);
  if (same)
    return g_strdup_printf (
        texts ? ngettext ("%1$u text is now %2$s", "%1$u texts are now %2$s", items->len)
              : ngettext ("%1$u picture is now %2$s", "%1$u pictures are now %2$s", items->len),
        items->len, words);
  return g_strdup_printf (
      texts ? ngettext ("Relabelled %u text", "Relabelled %u texts", items->len)
            : ngettext ("Relabelled %u picture", "Relabelled %u pictures", items->len),
      items->len);
}

static void
relabel_selected (SlopeCleanPage *self, const char *chosen)
{
  guint last = 0;
  g_autoptr (GPtrArray) items = selected_items (self, &last);
  g_autoptr (GPtrArray) targets = NULL;
  g_autofree char *text = NULL;

  drop_items (items, is_removed, NULL);
  targets = slope_task_view_choose (self->view, sl_project_get_classes (self->project), items,
                                    chosen);
  if (items->len == 0)
    {
      gtk_widget_error_bell (GTK_WIDGET (self));
      return;
    }
  text = tell_relabelled (self, items, targets);
  if (change_selected (self, items, last, change_relabel, targets->pdata,
                       _slope_clean_page_has_texts (self)
                           ? _ ("The texts could not be relabelled.")
                           : _ ("The pictures could not be relabelled.")))
    show_toast (self, text, _ ("Undo"), "win.undo");
}

static void
relabel_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  relabel_selected (SLOPE_CLEAN_PAGE (widget), g_variant_get_string (parameter, NULL));
}

/* Relabels at once, or ticks in the chooser, which opens. */
static void
relabel_digit_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SlopeCleanPage *self = SLOPE_CLEAN_PAGE (widget);
  GtkPopover *popover = GTK_POPOVER (self->relabel_popover);
  const guint digit = g_variant_get_uint32 (parameter);
  const char *target = NULL;

  if (self->view->target_for_digit != NULL)
    target = self->view->target_for_digit (sl_project_get_classes (self->project), digit);
  if (target != NULL)
    {
      relabel_selected (self, target);
      return;
    }
  if (self->view->chooser_press_digit != NULL)
    {
      gtk_menu_button_popup (self->relabel);
      if (self->view->chooser_press_digit (gtk_popover_get_child (popover), digit))
        return;
    }
  gtk_widget_error_bell (widget);
}

/* ---- The chooser */

static void
target_chosen_cb (const char *target, gpointer user_data)
{
  SlopeCleanPage *self = user_data;

  gtk_menu_button_popdown (self->relabel);
  gtk_widget_activate_action (GTK_WIDGET (self), "clean.relabel", "s", target);
}

static void
chooser_opens_cb (SlopeCleanPage *self)
{
  guint last = 0;
  g_autoptr (GPtrArray) items = NULL;

  if (self->project == NULL || self->view->chooser_set_items == NULL)
    return;
  items = selected_items (self, &last);
  drop_items (items, is_removed, NULL);
  self->view->chooser_set_items (gtk_popover_get_child (GTK_POPOVER (self->relabel_popover)),
                                 items);
}

void
_slope_clean_page_set_chooser (SlopeCleanPage *self)
{
  const char *const *classes = sl_project_get_classes (self->project);
  const guint n = MIN (g_strv_length ((char **)classes), 9);
  g_autofree char *hint = NULL;

  g_signal_handlers_disconnect_by_func (self->relabel_popover, chooser_opens_cb, self);
  g_signal_connect_object (self->relabel_popover, "show", G_CALLBACK (chooser_opens_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_set_visible (GTK_WIDGET (self->relabel), self->view->chooser_new != NULL);
  if (self->view->chooser_new != NULL)
    gtk_popover_set_child (GTK_POPOVER (self->relabel_popover),
                           self->view->chooser_new (classes, target_chosen_cb, self));
  if (self->view->target_for_digit != NULL || self->view->chooser_press_digit != NULL)
    /* translators: keys that work on the selected pictures or texts; %u is the number of the last class */
    hint = g_strdup_printf (_ ("1–%u relabel · Enter keeps · Delete removes"), n);
  else
    hint = g_strdup (_ ("Enter keeps · Delete removes"));
  gtk_label_set_text (self->hint, hint);
}

/* Keeps; and when all of them are kept already, takes the marks back. */
static void
keep_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SlopeCleanPage *self = SLOPE_CLEAN_PAGE (widget);
  guint last = 0;
  g_autoptr (GPtrArray) items = selected_items (self, &last);
  gboolean keep = FALSE;

  drop_items (items, is_removed, NULL);
  if (items->len == 0)
    return;
  for (guint i = 0; i < items->len && !keep; i++)
    keep = !sl_item_get_kept (items->pdata[i]);
  change_selected (self, items, last, change_keep, GINT_TO_POINTER (keep),
                   _slope_clean_page_has_texts (self)
                       ? _ ("The texts could not be marked as kept.")
                       : _ ("The pictures could not be marked as kept."));
}

void
_slope_clean_page_update_actions (SlopeCleanPage *self)
{
  g_autoptr (GtkBitset)
      bits = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  const guint n = gtk_bitset_get_size (bits);
  gboolean read_only = FALSE;
  g_autofree char *text = NULL;

  if (self->project != NULL)
    g_object_get (self->project, "read-only", &read_only, NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "clean.keep", n > 0 && !read_only);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "clean.remove", n > 0 && !read_only);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "clean.relabel", n > 0 && !read_only);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "clean.relabel-digit", n > 0 && !read_only);
  gtk_widget_set_sensitive (GTK_WIDGET (self->relabel), n > 0 && !read_only);
  text = g_strdup_printf (ngettext ("%u selected", "%u selected", n), n);
  gtk_label_set_text (self->selected, n > 0 ? text : _ ("Nothing selected"));
  _slope_clean_page_read_selected (self);
}

/* ---- Keys: before the grid sees them, which would take Enter to activate a tile. */

static void
add_key (GtkEventController *controller, guint key, const char *action, guint digit)
{
  GtkShortcut *shortcut = gtk_shortcut_new (gtk_keyval_trigger_new (key, 0),
                                            gtk_named_action_new (action));

  if (digit > 0)
    gtk_shortcut_set_arguments (shortcut, g_variant_new_uint32 (digit));
  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller), shortcut);
}

void
_slope_clean_page_add_keys (SlopeCleanPage *self)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  add_key (controller, GDK_KEY_Delete, "clean.remove", 0);
  add_key (controller, GDK_KEY_KP_Delete, "clean.remove", 0);
  add_key (controller, GDK_KEY_BackSpace, "clean.remove", 0);
  add_key (controller, GDK_KEY_Return, "clean.keep", 0);
  add_key (controller, GDK_KEY_KP_Enter, "clean.keep", 0);
  add_key (controller, GDK_KEY_ISO_Enter, "clean.keep", 0);
  for (guint digit = 1; digit <= 9; digit++)
    {
      add_key (controller, GDK_KEY_0 + digit, "clean.relabel-digit", digit);
      add_key (controller, GDK_KEY_KP_0 + digit, "clean.relabel-digit", digit);
    }
  gtk_widget_add_controller (GTK_WIDGET (self->grid), controller);
}

void
_slope_clean_page_class_add_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "clean.remove", NULL, remove_action);
  gtk_widget_class_install_action (widget_class, "page.toast", "(smsms)", toast_action);
  gtk_widget_class_install_action (widget_class, "clean.keep", NULL, keep_action);
  gtk_widget_class_install_action (widget_class, "clean.relabel", "s", relabel_action);
  gtk_widget_class_install_action (widget_class, "clean.relabel-digit", "u", relabel_digit_action);
}
