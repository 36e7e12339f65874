/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slope-stage-row.h"

#include "config.h"
#include "slope-colors.h"
#include "slope-recipe-choices.h"

#include <glib/gi18n.h>

struct _SlopeStageRow
{
  AdwExpanderRow parent_instance;
  SlStage stage;
  const SlRecipe *recipe; /* not owned; that of the list, which outlives its rows */
  guint index, n_groups;  /* layer groups, head included */
  gboolean texts;         /* no pictures: no size of them, no augmentation */
  gboolean filling;       /* the widgets are being set: no change by the person */
  GtkLabel *badge, *progress;
  AdwComboRow *trains, *batch, *augment;
  GtkSpinButton *epochs, *size;
  GtkEntry *rate;
  AdwActionRow *again;
  GtkWidget *again_button, *size_row, *tools_row;
  GtkWidget *tools; /* its children are in the order of SlopeStageCommand */
};

G_DEFINE_FINAL_TYPE (SlopeStageRow, slope_stage_row, ADW_TYPE_EXPANDER_ROW)

enum
{
  CHANGED,
  COMMAND,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

/* ---- What a stage trains */

typedef struct
{
  const char *label, *inside; /* inside: within a sentence */
} StageName;

/* By the number of groups that are trained besides the last. */
static const StageName of_pictures[] = {
  { N_ ("Head only"), N_ ("head only") },
  { N_ ("Late layers and head"), N_ ("late layers and head") },
  { N_ ("Second half and head"), N_ ("second half and head") },
  { N_ ("All but the first layers"), N_ ("all but the first layers") },
};

static const StageName of_texts[] = {
  { N_ ("Head only"), N_ ("head only") },
  { N_ ("Last layer and head"), N_ ("last layer and head") },
  { N_ ("Last two layers and head"), N_ ("last two layers and head") },
  { N_ ("All but the words"), N_ ("all but the words") },
};

static const StageName of_language[] = {
  { N_ ("Words only"), N_ ("words only") },
  { N_ ("Last layer and words"), N_ ("last layer and words") },
  { N_ ("Last two layers and words"), N_ ("last two layers and words") },
};

static const StageName of_all = { N_ ("Whole network"), N_ ("whole network") };

static const StageName *
name_stage (const SlStage *stage, const SlRecipe *recipe)
{
  const SlArch *arch = sl_arch_find (recipe->arch);
  const guint last = sl_recipe_n_groups (recipe) - 1;
  const guint more = last - MIN (stage->freeze_to, last);
  if (stage->freeze_to == 0)
    return &of_all;
  if (!arch || !arch->texts)
    return &of_pictures[MIN (more, G_N_ELEMENTS (of_pictures) - 1)];
  if (recipe->learn == SL_LEARN_LANGUAGE)
    return &of_language[MIN (more, G_N_ELEMENTS (of_language) - 1)];
  return &of_texts[MIN (more, G_N_ELEMENTS (of_texts) - 1)];
}

const char *
slope_stage_label (const SlStage *stage, const SlRecipe *recipe)
{
  return _ (name_stage (stage, recipe)->label);
}

const char *
slope_stage_label_inside (const SlStage *stage, const SlRecipe *recipe)
{
  return _ (name_stage (stage, recipe)->inside);
}

static const char *const actions[] = {
  [SLOPE_STAGE_MOVE_UP] = "stage.move-up",
  [SLOPE_STAGE_MOVE_DOWN] = "stage.move-down",
  [SLOPE_STAGE_DUPLICATE] = "stage.duplicate",
  [SLOPE_STAGE_REMOVE] = "stage.remove",
};

static void
append_size (SlopeStageRow *self, GString *text)
{
  int width = self->stage.width > 0 ? self->stage.width : self->recipe->width;
  int height = self->stage.height > 0 ? self->stage.height : self->recipe->height;
  g_string_append (text, " · ");
  if (width == height)
    g_string_append_printf (text, _ ("%d px"), width);
  else
    g_string_append_printf (text, _ ("%d × %d px"), width, height);
}

/* "4 epochs · 224 px · 3e-3", and what else it has of its own. */
static char *
describe (SlopeStageRow *self)
{
  const SlStage *stage = &self->stage;
  /* The head learns at the upper end of a slice: alone it has but that rate. */
  gboolean head = stage->freeze_to + 1 >= self->n_groups;
  g_autofree char *rate = head ? slope_format_rate (stage->lr_high)
                               : slope_format_rates (stage->lr_low, stage->lr_high);
  GString *text = g_string_new (NULL);
  g_string_append_printf (text, ngettext ("%u epoch", "%u epochs", stage->epochs), stage->epochs);
  if (!self->texts)
    append_size (self, text);
  g_string_append_printf (text, " · %s", rate);
  if (stage->batch > 0)
    {
      g_string_append (text, " · ");
      g_string_append_printf (text, _ ("batch %u"), stage->batch);
    }
  if (stage->augment)
    g_string_append_printf (text, " · %s", slope_augment_label (stage->augment));
  return g_string_free (text, FALSE);
}

static void
sum_up (SlopeStageRow *self)
{
  g_autofree char *subtitle = describe (self);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self),
                                 slope_stage_label (&self->stage, self->recipe));
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
  self->stage.freeze_to = choice;
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

/* A stage of the recipe's size has none of its own, and follows it. */
static void
size_changed (SlopeStageRow *self)
{
  int size = gtk_spin_button_get_value_as_int (self->size);
  if (self->filling)
    return;
  if (size == self->recipe->width && size == self->recipe->height)
    size = 0;
  self->stage.height = self->stage.width = size;
  emit_changed (self);
}

static void
batch_changed (SlopeStageRow *self)
{
  guint choice = adw_combo_row_get_selected (self->batch);
  if (self->filling || choice == GTK_INVALID_LIST_POSITION)
    return;
  self->stage.batch = slope_batch_of_choice (choice);
  emit_changed (self);
}

static void
augment_changed (SlopeStageRow *self)
{
  guint choice = adw_combo_row_get_selected (self->augment);
  if (self->filling || choice == GTK_INVALID_LIST_POSITION)
    return;
  self->stage.augment = choice == 0 ? NULL : g_intern_string (sl_augment_names ()[choice - 1]);
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
command_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    if (g_str_equal (name, actions[i]))
      {
        g_signal_emit (widget, signals[COMMAND], 0, i);
        return;
      }
}

static GdkContentProvider *
drag_prepared (SlopeStageRow *self)
{
  return gdk_content_provider_new_typed (SLOPE_TYPE_STAGE_ROW, self);
}

static void
drag_began (SlopeStageRow *self, GdkDrag *drag, GtkDragSource *source)
{
  g_autoptr (GdkPaintable) picture = gtk_widget_paintable_new (GTK_WIDGET (self->badge));
  gtk_drag_source_set_icon (source, picture, 0, 0);
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
  signals[COMMAND] = g_signal_new ("command", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i], NULL, command_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Up, GDK_ALT_MASK, "stage.move-up",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Down, GDK_ALT_MASK, "stage.move-down",
                                       NULL);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/slopeml/Slope/slope-stage-row.ui");
  gtk_widget_class_bind_template_child (widget_class, SlopeStageRow, badge);
  gtk_widget_class_bind_template_child (widget_class, SlopeStageRow, trains);
  gtk_widget_class_bind_template_child (widget_class, SlopeStageRow, epochs);
  gtk_widget_class_bind_template_child (widget_class, SlopeStageRow, rate);
  gtk_widget_class_bind_template_child (widget_class, SlopeStageRow, size);
  gtk_widget_class_bind_template_child (widget_class, SlopeStageRow, batch);
  gtk_widget_class_bind_template_child (widget_class, SlopeStageRow, augment);
  gtk_widget_class_bind_template_child (widget_class, SlopeStageRow, progress);
  gtk_widget_class_bind_template_child (widget_class, SlopeStageRow, again);
  gtk_widget_class_bind_template_child (widget_class, SlopeStageRow, again_button);
  gtk_widget_class_bind_template_child (widget_class, SlopeStageRow, size_row);
  gtk_widget_class_bind_template_child (widget_class, SlopeStageRow, tools_row);
  gtk_widget_class_bind_template_child (widget_class, SlopeStageRow, tools);
  gtk_widget_class_bind_template_callback (widget_class, trains_changed);
  gtk_widget_class_bind_template_callback (widget_class, epochs_changed);
  gtk_widget_class_bind_template_callback (widget_class, slope_stage_row_commit);
  gtk_widget_class_bind_template_callback (widget_class, rate_left);
  gtk_widget_class_bind_template_callback (widget_class, size_changed);
  gtk_widget_class_bind_template_callback (widget_class, batch_changed);
  gtk_widget_class_bind_template_callback (widget_class, augment_changed);
  gtk_widget_class_bind_template_callback (widget_class, drag_prepared);
  gtk_widget_class_bind_template_callback (widget_class, drag_began);
}

static void
slope_stage_row_init (SlopeStageRow *self)
{
  g_autoptr (GtkStringList) batches = slope_batch_choices (_ ("As the recipe"));
  g_autoptr (GtkStringList) augments = slope_augment_choices (_ ("As the recipe"));
  gtk_widget_init_template (GTK_WIDGET (self));
  self->filling = TRUE;
  adw_combo_row_set_model (self->batch, G_LIST_MODEL (batches));
  adw_combo_row_set_model (self->augment, G_LIST_MODEL (augments));
  self->filling = FALSE;
}

GtkWidget *
slope_stage_row_new (void)
{
  return g_object_new (SLOPE_TYPE_STAGE_ROW, NULL);
}

/* From everything to the last group alone: a choice's place is how many groups are frozen. */
static void
fill_choices (SlopeStageRow *self)
{
  const guint n = sl_recipe_n_groups (self->recipe);
  g_autoptr (GtkStringList) choices = gtk_string_list_new (NULL);
  for (guint freeze_to = 0; freeze_to < n; freeze_to++)
    {
      const SlStage stage = { .freeze_to = freeze_to };
      gtk_string_list_append (choices, slope_stage_label (&stage, self->recipe));
    }
  adw_combo_row_set_model (self->trains, G_LIST_MODEL (choices));
  self->n_groups = n;
}

static guint
choice_of_augment (const char *augment)
{
  for (guint i = 0; augment && sl_augment_names ()[i]; i++)
    if (g_str_equal (sl_augment_names ()[i], augment))
      return i + 1;
  return 0;
}

static void
enable_command (SlopeStageRow *self, SlopeStageCommand command, gboolean enabled)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), actions[command], enabled);
}

/* What the recipe says is enough where there is but one stage. */
static void
show_own (SlopeStageRow *self, gboolean several)
{
  gtk_widget_set_visible (self->size_row, !self->texts && (several || self->stage.width > 0));
  gtk_widget_set_visible (GTK_WIDGET (self->batch), several || self->stage.batch > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->augment),
                          !self->texts && (several || self->stage.augment));
  gtk_widget_set_visible (self->tools_row, several);
}

void
slope_stage_row_set (SlopeStageRow *self, const SlRecipe *recipe, guint index)
{
  const SlArch *arch;
  const SlStage *stage;
  g_autofree char *number = g_strdup_printf ("%u", index + 1);
  g_return_if_fail (SLOPE_IS_STAGE_ROW (self));
  g_return_if_fail (recipe != NULL && index < recipe->n_stages);
  arch = sl_arch_find (recipe->arch);
  stage = &recipe->stages[index];
  self->filling = TRUE;
  self->stage = *stage;
  self->recipe = recipe;
  self->index = index;
  self->texts = arch && arch->texts;
  fill_choices (self);
  adw_combo_row_set_selected (self->trains, MIN (stage->freeze_to, self->n_groups - 1));
  gtk_spin_button_set_value (self->epochs, stage->epochs);
  gtk_spin_button_set_value (self->size, stage->width > 0 ? stage->width : recipe->width);
  adw_combo_row_set_selected (self->batch, slope_batch_to_choice (stage->batch));
  adw_combo_row_set_selected (self->augment, choice_of_augment (stage->augment));
  show_rate (self);
  show_own (self, recipe->n_stages > 1);
  self->filling = FALSE;
  enable_command (self, SLOPE_STAGE_MOVE_UP, index > 0);
  enable_command (self, SLOPE_STAGE_MOVE_DOWN, index + 1 < recipe->n_stages);
  enable_command (self, SLOPE_STAGE_DUPLICATE, recipe->n_stages < SL_MAX_STAGES);
  enable_command (self, SLOPE_STAGE_REMOVE, recipe->n_stages > 1);
  gtk_label_set_label (self->badge, number);
  sum_up (self);
}

void
slope_stage_row_set_mark (SlopeStageRow *self, SlopeStageMark mark, double progress)
{
  g_autofree char *number = NULL, *percent = NULL;
  g_return_if_fail (SLOPE_IS_STAGE_ROW (self));
  number = g_strdup_printf ("%u", self->index + 1);
  gtk_label_set_label (self->badge, mark == SLOPE_STAGE_DONE ? "✓" : number);
  if (mark == SLOPE_STAGE_ACTIVE)
    gtk_widget_add_css_class (GTK_WIDGET (self->badge), "accent-badge");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->badge), "accent-badge");
  /* Translators: how far a stage has come, in percent; the space is one that no line ends at */
  percent = g_strdup_printf (_ ("%d\u00A0%%"), (int)(100 * MAX (progress, 0)));
  gtk_label_set_label (self->progress, percent);
  gtk_widget_set_visible (GTK_WIDGET (self->progress), progress >= 0);
}

void
slope_stage_row_set_again (SlopeStageRow *self, gboolean visible, const char *text,
                           const char *why_not)
{
  g_return_if_fail (SLOPE_IS_STAGE_ROW (self));
  gtk_widget_set_visible (GTK_WIDGET (self->again), visible);
  if (!visible)
    return;
  adw_action_row_set_subtitle (self->again, why_not ? why_not : text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->again), why_not);
  gtk_widget_set_sensitive (GTK_WIDGET (self->again), why_not == NULL);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->again_button), "u", self->index);
}

int
slope_stage_row_get_tool (SlopeStageRow *self)
{
  int tool = 0;
  g_return_val_if_fail (SLOPE_IS_STAGE_ROW (self), -1);
  for (GtkWidget *button = gtk_widget_get_first_child (self->tools); button;
       button = gtk_widget_get_next_sibling (button), tool++)
    if (gtk_widget_has_focus (button))
      return tool;
  return -1;
}

void
slope_stage_row_focus (SlopeStageRow *self, int tool)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *button;
  g_return_if_fail (SLOPE_IS_STAGE_ROW (self));
  button = tool >= 0 ? gtk_widget_get_first_child (self->tools) : NULL;
  for (; button && tool > 0; tool--)
    button = gtk_widget_get_next_sibling (button);
  if (button && gtk_widget_grab_focus (button)) /* not where it is insensitive */
    return;
  if (root) /* else a focus within the row would go on from where it is */
    gtk_root_set_focus (root, NULL);
  gtk_widget_child_focus (GTK_WIDGET (self), GTK_DIR_TAB_FORWARD);
}

void
slope_stage_row_get_stage (SlopeStageRow *self, SlStage *stage)
{
  g_return_if_fail (SLOPE_IS_STAGE_ROW (self));
  *stage = self->stage;
}
