/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slope-stage-row.h"

#include "config.h"
#include "slope-colors.h"

#include <glib/gi18n.h>

struct _SlopeStageRow
{
  AdwExpanderRow parent_instance;
  SlStage stage;
  guint index, n_groups;
  gboolean filling; /* the widgets are being set: no change by the person */
  GtkLabel *badge;
  AdwComboRow *trains;
  GtkSpinButton *epochs;
  GtkEntry *rate;
  GtkWidget *remove, *remove_button;
};

G_DEFINE_FINAL_TYPE (SlopeStageRow, slope_stage_row, ADW_TYPE_EXPANDER_ROW)

enum
{
  CHANGED,
  REMOVE,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

/* The choices of "Trains", from everything to the head alone, as what is frozen. */
static guint
freeze_of_choice (guint choice, guint n_groups)
{
  return choice == 0 ? 0 : n_groups > 2 ? n_groups - 3 + choice : n_groups - 1;
}

static guint
choice_of_freeze (guint freeze_to, guint n_groups)
{
  if (freeze_to == 0 || n_groups < 2)
    return 0;
  if (n_groups == 2)
    return 1;
  return freeze_to >= n_groups - 1 ? 2 : 1;
}

const char *
slope_stage_label (const SlStage *stage, guint n_groups)
{
  if (stage->freeze_to == 0)
    return _ ("Whole network");
  return stage->freeze_to + 1 >= n_groups ? _ ("Head only") : _ ("Late layers and head");
}

const char *
slope_stage_label_inside (const SlStage *stage, guint n_groups)
{
  if (stage->freeze_to == 0)
    return _ ("whole network");
  return stage->freeze_to + 1 >= n_groups ? _ ("head only") : _ ("late layers and head");
}

static void
sum_up (SlopeStageRow *self)
{
  g_autofree char *rate = slope_format_rates (self->stage.lr_low, self->stage.lr_high);
  g_autofree char *subtitle = g_strdup_printf (
      /* Translators: number of epochs and the learning rate: "4 epochs at 7e-3" */
      ngettext ("%u epoch at %s", "%u epochs at %s", self->stage.epochs), self->stage.epochs, rate);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self),
                                 slope_stage_label (&self->stage, self->n_groups));
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (self), subtitle);
}

static void
emit_changed (SlopeStageRow *self)
{
  sum_up (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
trains_changed (SlopeStageRow *self)
{
  guint choice = adw_combo_row_get_selected (self->trains);
  if (self->filling || choice == GTK_INVALID_LIST_POSITION)
    return;
  self->stage.freeze_to = freeze_of_choice (choice, self->n_groups);
  emit_changed (self);
}

static void
epochs_changed (SlopeStageRow *self)
{
  if (self->filling)
    return;
  self->stage.epochs = (guint)gtk_spin_button_get_value_as_int (self->epochs);
  emit_changed (self);
}

static void
show_rate (SlopeStageRow *self)
{
  g_autofree char *rate = slope_format_rates (self->stage.lr_low, self->stage.lr_high);
  gtk_editable_set_text (GTK_EDITABLE (self->rate), rate);
  gtk_widget_remove_css_class (GTK_WIDGET (self->rate), "error");
}

gboolean
slope_stage_row_commit (SlopeStageRow *self)
{
  g_autofree char *shown = NULL;
  const char *text;
  double low, high;
  g_return_val_if_fail (SLOPE_IS_STAGE_ROW (self), FALSE);
  shown = slope_format_rates (self->stage.lr_low, self->stage.lr_high);
  text = gtk_editable_get_text (GTK_EDITABLE (self->rate));
  if (g_str_equal (text, shown))
    {
      gtk_widget_remove_css_class (GTK_WIDGET (self->rate), "error");
      return TRUE;
    }
  if (!slope_parse_rates (text, &low, &high))
    {
      gtk_widget_add_css_class (GTK_WIDGET (self->rate), "error");
      gtk_accessible_update_state (GTK_ACCESSIBLE (self->rate), GTK_ACCESSIBLE_STATE_INVALID,
                                   GTK_ACCESSIBLE_INVALID_TRUE, -1);
      return FALSE;
    }
  gtk_accessible_reset_state (GTK_ACCESSIBLE (self->rate), GTK_ACCESSIBLE_STATE_INVALID);
  self->stage.lr_low = low;
  self->stage.lr_high = high;
  show_rate (self);
  emit_changed (self);
  return TRUE;
}

static void
rate_left (SlopeStageRow *self)
{
  slope_stage_row_commit (self);
}

static void
remove_clicked (SlopeStageRow *self)
{
  g_signal_emit (self, signals[REMOVE], 0);
}

static void
slope_stage_row_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), SLOPE_TYPE_STAGE_ROW);
  G_OBJECT_CLASS (slope_stage_row_parent_class)->dispose (object);
}

static void
slope_stage_row_class_init (SlopeStageRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = slope_stage_row_dispose;
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
  signals[REMOVE] = g_signal_new ("remove", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/slopeml/Slope/slope-stage-row.ui");
  gtk_widget_class_bind_template_child (widget_class, SlopeStageRow, badge);
  gtk_widget_class_bind_template_child (widget_class, SlopeStageRow, trains);
  gtk_widget_class_bind_template_child (widget_class, SlopeStageRow, epochs);
  gtk_widget_class_bind_template_child (widget_class, SlopeStageRow, rate);
  gtk_widget_class_bind_template_child (widget_class, SlopeStageRow, remove);
  gtk_widget_class_bind_template_child (widget_class, SlopeStageRow, remove_button);
  gtk_widget_class_bind_template_callback (widget_class, trains_changed);
  gtk_widget_class_bind_template_callback (widget_class, epochs_changed);
  gtk_widget_class_bind_template_callback (widget_class, slope_stage_row_commit);
  gtk_widget_class_bind_template_callback (widget_class, rate_left);
  gtk_widget_class_bind_template_callback (widget_class, remove_clicked);
}

static void
slope_stage_row_init (SlopeStageRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
slope_stage_row_new (void)
{
  return g_object_new (SLOPE_TYPE_STAGE_ROW, NULL);
}

static void
fill_choices (SlopeStageRow *self, guint n_groups)
{
  g_autoptr (GtkStringList) choices = gtk_string_list_new (NULL);
  gtk_string_list_append (choices, _ ("Whole network"));
  if (n_groups > 2)
    gtk_string_list_append (choices, _ ("Late layers and head"));
  if (n_groups > 1)
    gtk_string_list_append (choices, _ ("Head only"));
  adw_combo_row_set_model (self->trains, G_LIST_MODEL (choices));
  self->n_groups = n_groups;
}

void
slope_stage_row_set (SlopeStageRow *self, guint index, const SlStage *stage, guint n_groups,
                     gboolean removable)
{
  g_autofree char *number = g_strdup_printf ("%u", index + 1);
  g_return_if_fail (SLOPE_IS_STAGE_ROW (self));
  self->filling = TRUE;
  if (self->n_groups != n_groups)
    fill_choices (self, n_groups);
  self->stage = *stage;
  self->index = index;
  adw_combo_row_set_selected (self->trains, choice_of_freeze (stage->freeze_to, n_groups));
  gtk_spin_button_set_value (self->epochs, stage->epochs);
  show_rate (self);
  gtk_widget_set_visible (self->remove, removable);
  self->filling = FALSE;
  gtk_label_set_label (self->badge, number);
  sum_up (self);
}

void
slope_stage_row_set_mark (SlopeStageRow *self, SlopeStageMark mark)
{
  g_autofree char *number = NULL;
  g_return_if_fail (SLOPE_IS_STAGE_ROW (self));
  number = g_strdup_printf ("%u", self->index + 1);
  gtk_label_set_label (self->badge, mark == SLOPE_STAGE_DONE ? "✓" : number);
  if (mark == SLOPE_STAGE_ACTIVE)
    gtk_widget_add_css_class (GTK_WIDGET (self->badge), "accent-badge");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->badge), "accent-badge");
}

void
slope_stage_row_get_stage (SlopeStageRow *self, SlStage *stage)
{
  g_return_if_fail (SLOPE_IS_STAGE_ROW (self));
  *stage = self->stage;
}
