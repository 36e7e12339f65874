/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slope-stage-presets.h"

#include "config.h"

#include <glib/gi18n.h>

struct _SlopeStagePresets
{
  AdwBin parent_instance;
  GtkMenuButton *button;
  GtkPopover *popover;
  const SlStagePreset *presets; /* static; as the list has them */
};

G_DEFINE_FINAL_TYPE (SlopeStagePresets, slope_stage_presets, ADW_TYPE_BIN)

enum
{
  PICKED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
row_activated (SlopeStagePresets *self, GtkListBoxRow *row)
{
  gtk_menu_button_popdown (self->button);
  g_signal_emit (self, signals[PICKED], 0, self->presets[gtk_list_box_row_get_index (row)].name);
}

static GtkWidget *
new_list (SlopeStagePresets *self, guint n)
{
  GtkWidget *list = gtk_list_box_new ();
  for (guint i = 0; i < n; i++)
    {
      GtkWidget *row = adw_action_row_new ();
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ (self->presets[i].label));
      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), _ (self->presets[i].hint));
      gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
      gtk_list_box_append (GTK_LIST_BOX (list), row);
    }
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_set_size_request (list, 320, -1);
  gtk_widget_add_css_class (list, "presets");
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Presets"), -1);
  g_signal_connect_object (list, "row-activated", G_CALLBACK (row_activated), self,
                           G_CONNECT_SWAPPED);
  return list;
}

static void
slope_stage_presets_class_init (SlopeStagePresetsClass *klass)
{
  signals[PICKED] = g_signal_new ("picked", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
slope_stage_presets_init (SlopeStagePresets *self)
{
  self->popover = GTK_POPOVER (gtk_popover_new ());
  self->button = GTK_MENU_BUTTON (gtk_menu_button_new ());
  gtk_menu_button_set_label (self->button, _ ("Presets"));
  gtk_menu_button_set_popover (self->button, GTK_WIDGET (self->popover));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->button), _ ("Ways to train: replaces the stages"));
  gtk_widget_add_css_class (GTK_WIDGET (self->button), "flat");
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->button));
}

void
slope_stage_presets_set_recipe (SlopeStagePresets *self, const SlRecipe *recipe)
{
  guint n;
  const SlStagePreset *presets = sl_stage_presets (recipe, &n);
  g_return_if_fail (SLOPE_IS_STAGE_PRESETS (self));
  if (presets == self->presets)
    return;
  self->presets = presets;
  gtk_popover_set_child (self->popover, new_list (self, n));
}
