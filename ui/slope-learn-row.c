/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-learn-row.h"

#include <glib/gi18n.h>

struct _SlopeLearnRow
{
  AdwBin parent_instance;
  SlProject *project; /* owned; NULL: none */
  SlRecipe *kept;     /* owned; of what is not chosen; NULL: not met yet */
  gboolean filling;   /* the widgets are being set: no change by the person */
  GtkToggleButton *language, *task;
};

G_DEFINE_FINAL_TYPE (SlopeLearnRow, slope_learn_row, ADW_TYPE_BIN)

static guint changed_signal;

static void
toggled (SlopeLearnRow *self)
{
  if (!self->filling)
    g_signal_emit (self, changed_signal, 0);
}

static void
slope_learn_row_dispose (GObject *object)
{
  SlopeLearnRow *self = SLOPE_LEARN_ROW (object);
  g_clear_object (&self->project);
  g_clear_pointer (&self->kept, sl_recipe_free);
  G_OBJECT_CLASS (slope_learn_row_parent_class)->dispose (object);
}

static void
slope_learn_row_class_init (SlopeLearnRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = slope_learn_row_dispose;
  changed_signal = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
}

static void
slope_learn_row_init (SlopeLearnRow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  self->language = GTK_TOGGLE_BUTTON (gtk_toggle_button_new_with_label (_ ("Language Model")));
  self->task = GTK_TOGGLE_BUTTON (gtk_toggle_button_new_with_label (_ ("Labels")));
  gtk_toggle_button_set_group (self->task, self->language);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->language),
                               _ ("Learns from all texts which word comes next: labels are learned "
                                  "best on top of it"));
  gtk_box_set_homogeneous (GTK_BOX (box), TRUE);
  gtk_widget_add_css_class (box, "linked");
  gtk_accessible_update_property (GTK_ACCESSIBLE (box), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("What is learned"), -1);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->language));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->task));
  g_signal_connect_object (self->task, "toggled", G_CALLBACK (toggled), self, G_CONNECT_SWAPPED);
  adw_bin_set_child (ADW_BIN (self), box);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

void
slope_learn_row_set_project (SlopeLearnRow *self, SlProject *project)
{
  gboolean texts, labels;
  g_return_if_fail (SLOPE_IS_LEARN_ROW (self));
  g_set_object (&self->project, project);
  g_clear_pointer (&self->kept, sl_recipe_free);
  texts = project && sl_project_get_task (project)->texts;
  labels = texts && sl_project_get_classes (project)[0];
  gtk_widget_set_visible (GTK_WIDGET (self), texts);
  gtk_widget_set_sensitive (GTK_WIDGET (self->task), labels);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->task), labels
                                                            ? _ ("Learns to tell the classes apart")
                                                            : _ ("These texts have no labels"));
}

void
slope_learn_row_show (SlopeLearnRow *self, const SlRecipe *recipe)
{
  g_return_if_fail (SLOPE_IS_LEARN_ROW (self) && recipe != NULL);
  self->filling = TRUE;
  gtk_toggle_button_set_active (recipe->learn == SL_LEARN_LANGUAGE ? self->language : self->task,
                                TRUE);
  self->filling = FALSE;
}

SlRecipe *
slope_learn_row_switch (SlopeLearnRow *self, SlRecipe *recipe)
{
  SlLearn wanted;
  SlRecipe *other;
  g_return_val_if_fail (SLOPE_IS_LEARN_ROW (self) && recipe != NULL, NULL);
  g_return_val_if_fail (self->project != NULL, recipe);
  wanted = gtk_toggle_button_get_active (self->task) ? SL_LEARN_TASK : SL_LEARN_LANGUAGE;
  if (recipe->learn == wanted)
    return recipe;
  other = g_steal_pointer (&self->kept);
  if (!other || other->learn != wanted)
    {
      g_clear_pointer (&other, sl_recipe_free);
      other = sl_project_suggest_to_learn (self->project, wanted);
    }
  /* Public weights stood in for a language model that has been trained by now. */
  if (wanted == SL_LEARN_TASK && g_str_equal (other->pretrained, "auto")
      && sl_project_find_language_run (self->project) > 0)
    {
      g_free (other->pretrained);
      other->pretrained = g_strdup ("none");
    }
  g_free (other->tokens);
  other->tokens = g_strdup (recipe->tokens);
  self->kept = recipe;
  return other;
}

gint64
slope_learn_row_find_beginning (SlopeLearnRow *self, SlRecipe *recipe)
{
  GListModel *runs = self->project ? sl_project_get_runs (self->project) : NULL;
  gint64 id;
  g_return_val_if_fail (SLOPE_IS_LEARN_ROW (self) && recipe != NULL, 0);
  if (!runs || !sl_project_get_task (self->project)->texts || recipe->learn != SL_LEARN_TASK
      || !g_str_equal (recipe->pretrained, "none"))
    return 0;
  id = sl_project_find_language_run (self->project);
  for (guint i = 0; id > 0 && i < g_list_model_get_n_items (runs); i++)
    {
      g_autoptr (SlRun) run = g_list_model_get_item (runs, i);
      if (sl_run_get_id (run) != id)
        continue;
      g_free (recipe->arch);
      recipe->arch = g_strdup (sl_run_get_recipe (run)->arch);
    }
  return id;
}
