/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-item-panel.h"

#include "slope-augment-view.h"
#include "slope-files.h"
#include "slope-label-preview.h"
#include "slope-swatch.h"
#include "slope-text-preview.h"
#include "slope-window.h"
#include "task-views/slope-task-view.h"

#include <glib/gi18n.h>

struct _SlopeItemPanel
{
  AdwBin parent_instance;
  SlProject *project; /* owned, nullable */
  GPtrArray *items;   /* of SlItem, owned references */
  gboolean updating;  /* the rows follow the items: nothing is to be changed */
  gboolean texts;     /* the items are texts, not pictures */
  GtkStack *stack;
  AdwStatusPage *none;
  SlopeLabelPreview *preview; /* of pictures */
  SlopeTextPreview *text;     /* of texts */
  GtkLabel *name;
  GtkLabel *facts;
  GtkWidget *choices;
  AdwComboRow *label_row;  /* where a label is one of the classes */
  AdwActionRow *words_row; /* elsewhere */
  GtkMenuButton *relabel;
  GtkPopover *relabel_popover;
  const SlopeTaskView *view; /* of the project */
  SlopeSwatch *swatch;
  AdwComboRow *split_row;
  GtkWidget *show_button;
  GtkButton *remove_button;
  SlopeAugmentView *augmented;
};

G_DEFINE_FINAL_TYPE (SlopeItemPanel, slope_item_panel, ADW_TYPE_BIN)

static SlItem *
first_item (SlopeItemPanel *self)
{
  return self->items->len > 0 ? g_ptr_array_index (self->items, 0) : NULL;
}

static gboolean
all_removed (SlopeItemPanel *self)
{
  for (guint i = 0; i < self->items->len; i++)
    if (sl_item_get_state (g_ptr_array_index (self->items, i)) != SL_ITEM_REMOVED)
      return FALSE;
  return TRUE;
}

/* ---- What is shown */

static guint
class_of (SlopeItemPanel *self, SlItem *item)
{
  const char *const *classes = sl_project_get_classes (self->project);

  for (guint i = 0; classes[i] != NULL; i++)
    if (g_strcmp0 (classes[i], sl_item_get_target (item)) == 0)
      return i;
  return GTK_INVALID_LIST_POSITION;
}

/* What all selected items have in common, or nothing. */
static void
common_choices (SlopeItemPanel *self, guint *label, guint *split)
{
  *label = class_of (self, first_item (self));
  *split = sl_item_get_split (first_item (self));
  for (guint i = 1; i < self->items->len; i++)
    {
      SlItem *item = g_ptr_array_index (self->items, i);

      if (*label != GTK_INVALID_LIST_POSITION && class_of (self, item) != *label)
        *label = GTK_INVALID_LIST_POSITION;
      if (sl_item_get_split (item) != *split)
        *split = GTK_INVALID_LIST_POSITION;
    }
}

/* The label of one picture, of which the class cannot tell. */
static void
show_words (SlopeItemPanel *self)
{
  const char *target = sl_item_get_target (first_item (self));
  g_autofree char *words = NULL;

  if (self->items->len > 1)
    words = g_strdup (C_ ("labels of several pictures", "various"));
  else if (target != NULL)
    words = self->view->say_target (sl_project_get_classes (self->project), target);
  else
    words = g_strdup (C_ ("picture", "No label"));
  adw_action_row_set_subtitle (self->words_row, words);
}

static char *
describe (SlopeItemPanel *self, SlItem *item)
{
  g_autofree char *size = g_format_size (MAX (0, sl_item_get_bytes (item)));

  if (sl_item_get_state (item) == SL_ITEM_UNREADABLE)
    return g_strdup (_ ("Missing or damaged"));
  if (self->texts)
    return g_steal_pointer (&size);
  /* translators: width × height in pixels, kind of file, size of file */
  return g_strdup_printf (_ ("%d × %d, %s, %s"), sl_item_get_width (item),
                          sl_item_get_height (item), sl_item_get_format (item), size);
}

static void
show_one (SlopeItemPanel *self, SlItem *item)
{
  g_autofree char *facts = describe (self, item);
  g_autoptr (SlRecipe) recipe = NULL;

  gtk_label_set_text (self->name, sl_item_get_name (item));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->name), sl_item_get_rel_path (item));
  gtk_label_set_text (self->facts, facts);
  slope_text_preview_set (self->text, self->project, self->texts ? item : NULL);
  if (self->texts)
    return;
  recipe = sl_project_dup_recipe (self->project);
  slope_label_preview_set (self->preview, self->project, item,
                           self->items->len == 1 && sl_item_get_state (item) == SL_ITEM_PRESENT);
  slope_augment_view_set (self->augmented, sl_item_get_path (item), recipe);
}

static void
update (SlopeItemPanel *self)
{
  const guint n = self->items->len;
  const gboolean removed = all_removed (self);
  guint label, split;

  gtk_stack_set_visible_child_name (self->stack, n > 0 ? "item" : "none");
  if (n == 0)
    {
      slope_label_preview_set (self->preview, NULL, NULL, FALSE);
      slope_augment_view_set (self->augmented, NULL, NULL);
      slope_text_preview_set (self->text, NULL, NULL);
      return;
    }
  show_one (self, first_item (self));
  if (n > 1)
    {
      g_autofree char *text = g_strdup_printf (
          self->texts ? ngettext ("%u text selected", "%u texts selected", n)
                      : ngettext ("%u picture selected", "%u pictures selected", n),
          n);

      gtk_label_set_text (self->name, text);
      gtk_widget_set_tooltip_text (GTK_WIDGET (self->name), NULL);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->facts), n == 1);
  gtk_widget_set_visible (self->show_button, n == 1 && !self->texts);

  self->updating = TRUE;
  common_choices (self, &label, &split);
  adw_combo_row_set_selected (self->label_row, label);
  slope_swatch_set_index (self->swatch, label != GTK_INVALID_LIST_POSITION ? (int)label : -1);
  show_words (self);
  adw_combo_row_set_selected (self->split_row, split);
  gtk_widget_set_sensitive (self->choices, !removed);
  gtk_button_set_label (self->remove_button, removed ? _ ("Put Back") : _ ("Remove"));
  self->updating = FALSE;
}

/* ---- What is changed */

static gint64 *
dup_ids (SlopeItemPanel *self)
{
  gint64 *ids = g_new (gint64, self->items->len);

  for (guint i = 0; i < self->items->len; i++)
    ids[i] = sl_item_get_id (g_ptr_array_index (self->items, i));
  return ids;
}

/* Takes @text: what was done; with @error, that it was not. */
static void
tell (SlopeItemPanel *self, char *text, const GError *error)
{
  slope_window_toast (GTK_WIDGET (self), error != NULL ? error->message : text,
                      error == NULL ? _ ("_Undo") : NULL, error == NULL ? "win.undo" : NULL);
  g_free (text);
}

static void
label_selected_cb (SlopeItemPanel *self)
{
  const guint selected = adw_combo_row_get_selected (self->label_row);
  const unsigned long n = self->items->len;
  g_autofree gint64 *ids = NULL;
  g_autoptr (GError) error = NULL;
  const char *target;

  if (self->updating || n == 0 || selected == GTK_INVALID_LIST_POSITION)
    return;
  ids = dup_ids (self);
  target = sl_project_get_classes (self->project)[selected];
  sl_project_relabel (self->project, ids, n, target, &error);
  tell (self,
        g_strdup_printf (self->texts
                             ? ngettext ("%lu text is now “%s”", "%lu texts are now “%s”", n)
                             : ngettext ("%lu picture is now “%s”", "%lu pictures are now “%s”", n),
                         n, target),
        error);
  update (self);
}

/* Drawn anew over the picture. */
static void
label_edited_cb (SlopeItemPanel *self, const char *target)
{
  const gint64 id = sl_item_get_id (first_item (self));
  g_autoptr (GError) error = NULL;

  sl_project_relabel (self->project, &id, 1, target, &error);
  tell (self, g_strdup (_ ("Changed the picture’s label")), error);
  update (self);
}

static void
target_chosen_cb (const char *chosen, gpointer user_data)
{
  SlopeItemPanel *self = user_data;
  g_autoptr (GPtrArray) items = g_ptr_array_copy (self->items, (GCopyFunc)g_object_ref, NULL);
  g_autoptr (GPtrArray) targets = slope_task_view_choose (
      self->view, sl_project_get_classes (self->project), items, chosen);
  g_autofree gint64 *ids = g_new (gint64, items->len + 1);
  g_autoptr (GError) error = NULL;

  gtk_menu_button_popdown (self->relabel);
  if (items->len == 0)
    return;
  for (guint i = 0; i < items->len; i++)
    ids[i] = sl_item_get_id (items->pdata[i]);
  sl_project_relabel_each (self->project, ids, (const char *const *)targets->pdata, items->len,
                           &error);
  tell (self,
        g_strdup_printf (ngettext ("Relabelled %u picture", "Relabelled %u pictures", items->len),
                         items->len),
        error);
  update (self);
}

static void
chooser_opens_cb (SlopeItemPanel *self)
{
  if (self->view->chooser_set_items != NULL)
    self->view->chooser_set_items (gtk_popover_get_child (self->relabel_popover), self->items);
}

static void
set_chooser (SlopeItemPanel *self)
{
  const gboolean has_chooser = self->view->chooser_new != NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->relabel), has_chooser);
  gtk_popover_set_child (self->relabel_popover,
                         has_chooser ? self->view->chooser_new (
                             sl_project_get_classes (self->project), target_chosen_cb, self)
                                     : NULL);
}

static void
split_selected_cb (SlopeItemPanel *self)
{
  const guint selected = adw_combo_row_get_selected (self->split_row);
  const unsigned long n = self->items->len;
  g_autofree gint64 *ids = NULL;
  g_autoptr (GError) error = NULL;

  if (self->updating || n == 0 || selected == GTK_INVALID_LIST_POSITION)
    return;
  ids = dup_ids (self);
  sl_project_set_item_split (self->project, ids, n, (SlSplit)selected, &error);
  tell (self,
        g_strdup_printf (self->texts ? ngettext ("Changed what %lu text is used for",
                                                 "Changed what %lu texts are used for", n)
                                     : ngettext ("Changed what %lu picture is used for",
                                                 "Changed what %lu pictures are used for", n),
                         n),
        error);
  update (self);
}

void
slope_item_panel_remove (SlopeItemPanel *self)
{
  const unsigned long n = self->items->len;
  g_autofree gint64 *ids = NULL;
  g_autoptr (GError) error = NULL;
  char *text;

  g_return_if_fail (SLOPE_IS_ITEM_PANEL (self));

  if (n == 0)
    return;
  ids = dup_ids (self);
  if (all_removed (self))
    {
      sl_project_put_back (self->project, ids, n, &error);
      text = g_strdup_printf (self->texts
                                  ? ngettext ("Put back %lu text", "Put back %lu texts", n)
                                  : ngettext ("Put back %lu picture", "Put back %lu pictures", n),
                              n);
    }
  else
    {
      sl_project_remove (self->project, ids, n, &error);
      text = g_strdup_printf (self->texts
                                  ? ngettext ("Removed %lu text", "Removed %lu texts", n)
                                  : ngettext ("Removed %lu picture", "Removed %lu pictures", n),
                              n);
    }
  tell (self, text, error);
}

static void
show_clicked_cb (SlopeItemPanel *self)
{
  slope_show_in_files (GTK_WIDGET (self), sl_item_get_path (first_item (self)));
}

/* ---- Class */

static void
forget_items (SlopeItemPanel *self)
{
  for (guint i = 0; i < self->items->len; i++)
    g_signal_handlers_disconnect_by_data (g_ptr_array_index (self->items, i), self);
  g_ptr_array_set_size (self->items, 0);
}

static void
slope_item_panel_dispose (GObject *object)
{
  SlopeItemPanel *self = SLOPE_ITEM_PANEL (object);

  self->updating = TRUE;
  forget_items (self);
  g_clear_object (&self->project);
  adw_bin_set_child (ADW_BIN (self), NULL); /* a bound child of its own must not go before */
  gtk_widget_dispose_template (GTK_WIDGET (object), SLOPE_TYPE_ITEM_PANEL);
  G_OBJECT_CLASS (slope_item_panel_parent_class)->dispose (object);
}

static void
slope_item_panel_finalize (GObject *object)
{
  g_ptr_array_unref (SLOPE_ITEM_PANEL (object)->items);
  G_OBJECT_CLASS (slope_item_panel_parent_class)->finalize (object);
}

static void
slope_item_panel_class_init (SlopeItemPanelClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = slope_item_panel_dispose;
  G_OBJECT_CLASS (klass)->finalize = slope_item_panel_finalize;
  g_type_ensure (SLOPE_TYPE_AUGMENT_VIEW);
  g_type_ensure (SLOPE_TYPE_SWATCH);
  g_type_ensure (SLOPE_TYPE_LABEL_PREVIEW);
  g_type_ensure (SLOPE_TYPE_TEXT_PREVIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/slopeml/Slope/slope-item-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, SlopeItemPanel, stack);
  gtk_widget_class_bind_template_child (widget_class, SlopeItemPanel, none);
  gtk_widget_class_bind_template_child (widget_class, SlopeItemPanel, preview);
  gtk_widget_class_bind_template_child (widget_class, SlopeItemPanel, text);
  gtk_widget_class_bind_template_child (widget_class, SlopeItemPanel, name);
  gtk_widget_class_bind_template_child (widget_class, SlopeItemPanel, facts);
  gtk_widget_class_bind_template_child (widget_class, SlopeItemPanel, choices);
  gtk_widget_class_bind_template_child (widget_class, SlopeItemPanel, label_row);
  gtk_widget_class_bind_template_child (widget_class, SlopeItemPanel, words_row);
  gtk_widget_class_bind_template_child (widget_class, SlopeItemPanel, relabel);
  gtk_widget_class_bind_template_child (widget_class, SlopeItemPanel, relabel_popover);
  gtk_widget_class_bind_template_callback (widget_class, chooser_opens_cb);
  gtk_widget_class_bind_template_child (widget_class, SlopeItemPanel, swatch);
  gtk_widget_class_bind_template_child (widget_class, SlopeItemPanel, split_row);
  gtk_widget_class_bind_template_child (widget_class, SlopeItemPanel, show_button);
  gtk_widget_class_bind_template_child (widget_class, SlopeItemPanel, remove_button);
  gtk_widget_class_bind_template_child (widget_class, SlopeItemPanel, augmented);
  gtk_widget_class_bind_template_callback (widget_class, label_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, label_edited_cb);
  gtk_widget_class_bind_template_callback (widget_class, split_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, show_clicked_cb);
}

static void
slope_item_panel_init (SlopeItemPanel *self)
{
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
  self->updating = TRUE; /* no project yet */
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
slope_item_panel_new (void)
{
  return g_object_new (SLOPE_TYPE_ITEM_PANEL, NULL);
}

/* What there is for pictures alone, and what is called otherwise of texts. */
static void
set_words (SlopeItemPanel *self)
{
  adw_status_page_set_icon_name (self->none, self->texts ? "text-x-generic-symbolic"
                                                         : "image-x-generic-symbolic");
  adw_status_page_set_title (self->none,
                             self->texts ? _ ("Select a Text") : _ ("Select a Picture"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->name), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  self->texts ? _ ("selected text") : _ ("selected picture"), -1);
  gtk_widget_set_visible (GTK_WIDGET (self->preview), !self->texts);
  gtk_widget_set_visible (GTK_WIDGET (self->augmented), !self->texts);
  gtk_widget_set_visible (GTK_WIDGET (self->text), self->texts);
}

void
slope_item_panel_set_project (SlopeItemPanel *self, SlProject *project)
{
  g_return_if_fail (SLOPE_IS_ITEM_PANEL (self));

  forget_items (self);
  self->updating = TRUE;
  g_set_object (&self->project, project);
  if (project != NULL)
    {
      g_autoptr (GtkStringList) classes = gtk_string_list_new (sl_project_get_classes (project));
      const gboolean one_class = sl_project_get_task (project)->one_class;

      self->texts = sl_project_get_task (project)->texts;
      set_words (self);
      adw_combo_row_set_model (self->label_row, G_LIST_MODEL (classes));
      gtk_widget_set_visible (GTK_WIDGET (self->label_row), one_class);
      gtk_widget_set_visible (GTK_WIDGET (self->words_row), !one_class);
      self->view = slope_task_view_for (sl_project_get_task (project));
      set_chooser (self);
    }
  self->updating = project == NULL;
  update (self);
}

void
slope_item_panel_set_items (SlopeItemPanel *self, GPtrArray *items)
{
  g_return_if_fail (SLOPE_IS_ITEM_PANEL (self));
  g_return_if_fail (items != NULL);

  if (self->project == NULL)
    return;
  forget_items (self);
  for (guint i = 0; i < items->len; i++)
    g_ptr_array_add (self->items, g_object_ref (g_ptr_array_index (items, i)));
  /* The others follow in the same step. */
  if (items->len > 0)
    g_signal_connect_swapped (first_item (self), "notify", G_CALLBACK (update), self);
  update (self);
}
