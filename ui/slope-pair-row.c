/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-pair-row.h"

#include "slope-tile.h"
#include "slope-widgets.h"

#include <glib/gi18n.h>
#include <math.h>

#define TILE_PX 160

/* One of the two. */
typedef struct
{
  GtkWidget *tile, *remove, *relabel;
} Side;

struct _SlopePairRow
{
  GtkWidget parent_instance;
  const SlopeTaskView *view;
  const char *const *classes;
  SlopePair *pair;          /* owned, nullable */
  GSignalGroup *signals[2]; /* of its items */
  Side sides[2];
  GtkWidget *heading, *facts, *keep;
};

G_DEFINE_FINAL_TYPE (SlopePairRow, slope_pair_row, GTK_TYPE_WIDGET)

/* ---- In words */

static char *
say_likeness (SlopePair *pair)
{
  const double likeness = slope_pair_get_likeness (pair);

  if (isnan (likeness))
    return g_strdup (_ ("They look alike"));
  /* translators: of two pictures, up to 1: "Likeness 0.9981" */
  return g_strdup_printf (_ ("Likeness %.4f"), likeness);
}

static const char *
say_facts (SlopePair *pair)
{
  const gboolean across = slope_pair_is_across (pair), differs = slope_pair_differs (pair);

  if (across && differs)
    return _ ("One is trained on, the other validates. Their labels differ.");
  if (across && !isnan (slope_pair_get_likeness (pair))) /* how alike, the person sees */
    return _ ("One is trained on, the other validates.");
  if (across)
    return _ ("One is trained on, the other validates: it is no test of what was learned.");
  return differs ? _ ("Their labels differ.") : "";
}

static void
update_words (SlopePairRow *self)
{
  g_autofree char *heading = NULL;

  if (self->pair == NULL)
    return;
  heading = say_likeness (self->pair);
  gtk_label_set_text (GTK_LABEL (self->heading), heading);
  gtk_label_set_text (GTK_LABEL (self->facts), say_facts (self->pair));
}

/* ---- Sides */

static void
target_chosen_cb (const char *target, gpointer user_data)
{
  Side *side = user_data;
  SlItem *item = slope_tile_get_item (SLOPE_TILE (side->tile));

  gtk_menu_button_popdown (GTK_MENU_BUTTON (side->relabel));
  gtk_widget_activate_action (side->relabel, "pairs.relabel", "(xs)", sl_item_get_id (item),
                              target);
}

/* A chooser is much: it is made for the rows where it is opened. */
static void
open_chooser_cb (GtkMenuButton *button, gpointer user_data)
{
  Side *side = user_data;
  SlopePairRow *self = SLOPE_PAIR_ROW (
      gtk_widget_get_ancestor (GTK_WIDGET (button), SLOPE_TYPE_PAIR_ROW));
  GtkPopover *popover = gtk_menu_button_get_popover (button);
  g_autoptr (GPtrArray) items = g_ptr_array_new ();

  if (popover == NULL)
    {
      popover = GTK_POPOVER (gtk_popover_new ());
      gtk_popover_set_child (popover,
                             self->view->chooser_new (self->classes, target_chosen_cb, side));
      gtk_menu_button_set_popover (button, GTK_WIDGET (popover));
    }
  g_ptr_array_add (items, slope_tile_get_item (SLOPE_TILE (side->tile)));
  if (self->view->chooser_set_items != NULL)
    self->view->chooser_set_items (gtk_popover_get_child (popover), items);
}

static GtkWidget *
make_side (SlopePairRow *self, Side *side, const SlTask *task)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  side->tile = slope_tile_new (task, self->classes, SLOPE_CAPTION_LABEL, TILE_PX);
  side->remove = gtk_button_new_with_label (_ ("Remove"));
  side->relabel = gtk_menu_button_new ();
  gtk_menu_button_set_label (GTK_MENU_BUTTON (side->relabel), _ ("Relabel"));
  gtk_widget_set_visible (side->relabel, self->view->chooser_new != NULL);
  gtk_menu_button_set_create_popup_func (GTK_MENU_BUTTON (side->relabel), open_chooser_cb, side,
                                         NULL);
  gtk_widget_set_halign (buttons, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (buttons), side->remove);
  gtk_box_append (GTK_BOX (buttons), side->relabel);
  gtk_box_append (GTK_BOX (box), side->tile);
  gtk_box_append (GTK_BOX (box), buttons);
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  return box;
}

/* @name: (transfer full) */
static void
name_button (GtkWidget *button, char *name)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_free (name);
}

static void
set_side (Side *side, SlItem *item)
{
  slope_tile_set_item (SLOPE_TILE (side->tile), item);
  if (item == NULL)
    return;
  gtk_actionable_set_action_target (GTK_ACTIONABLE (side->remove), "x", sl_item_get_id (item));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (side->remove), "pairs.remove");
  gtk_widget_set_tooltip_text (side->tile, sl_item_get_rel_path (item));
  name_button (side->remove, g_strdup_printf (_ ("Remove %s"), sl_item_get_name (item)));
  name_button (side->relabel, g_strdup_printf (_ ("Relabel %s"), sl_item_get_name (item)));
}

static GtkWidget *
make_middle (SlopePairRow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  self->heading = g_object_new (GTK_TYPE_LABEL, "xalign", 0.f, "wrap", TRUE, NULL);
  self->facts = g_object_new (GTK_TYPE_LABEL, "xalign", 0.f, "wrap", TRUE, NULL);
  self->keep = gtk_button_new_with_label (_ ("Keep Both"));
  gtk_widget_set_halign (self->keep, GTK_ALIGN_START);
  gtk_widget_set_margin_top (self->keep, 6);
  gtk_widget_add_css_class (self->heading, "heading");
  gtk_widget_add_css_class (self->heading, "numeric");
  gtk_widget_add_css_class (self->facts, "dim-label");
  gtk_box_append (GTK_BOX (box), self->heading);
  gtk_box_append (GTK_BOX (box), self->facts);
  gtk_box_append (GTK_BOX (box), self->keep);
  gtk_widget_set_hexpand (box, TRUE);
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  return box;
}

/* ---- Class */

static void
slope_pair_row_dispose (GObject *object)
{
  SlopePairRow *self = SLOPE_PAIR_ROW (object);

  g_clear_object (&self->pair);
  g_clear_object (&self->signals[0]);
  g_clear_object (&self->signals[1]);
  slope_widget_unparent_children (GTK_WIDGET (object));
  G_OBJECT_CLASS (slope_pair_row_parent_class)->dispose (object);
}

static void
slope_pair_row_class_init (SlopePairRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = slope_pair_row_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "pairrow");
}

static void
slope_pair_row_init (SlopePairRow *self)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));

  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (layout), 12);
  for (guint i = 0; i < 2; i++)
    {
      self->signals[i] = g_signal_group_new (SL_TYPE_ITEM);
      g_signal_group_connect_swapped (self->signals[i], "notify", G_CALLBACK (update_words), self);
    }
}

GtkWidget *
slope_pair_row_new (const SlTask *task, const char *const *classes)
{
  SlopePairRow *self = g_object_new (SLOPE_TYPE_PAIR_ROW, NULL);

  self->view = slope_task_view_for (task);
  self->classes = classes;
  for (guint i = 0; i < 2; i++)
    gtk_widget_set_parent (make_side (self, &self->sides[i], task), GTK_WIDGET (self));
  gtk_widget_set_parent (make_middle (self), GTK_WIDGET (self));
  return GTK_WIDGET (self);
}

void
slope_pair_row_set (SlopePairRow *self, SlopePair *pair)
{
  g_return_if_fail (SLOPE_IS_PAIR_ROW (self));

  g_set_object (&self->pair, pair);
  for (guint i = 0; i < 2; i++)
    {
      SlItem *item = pair != NULL ? slope_pair_get (pair, i) : NULL;

      g_signal_group_set_target (self->signals[i], item);
      set_side (&self->sides[i], item);
    }
  update_words (self);
  if (pair == NULL)
    return;
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->keep), "(xx)",
                                    sl_item_get_id (slope_pair_get (pair, 0)),
                                    sl_item_get_id (slope_pair_get (pair, 1)));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->keep), "pairs.keep");
}
