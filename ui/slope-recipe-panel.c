/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slope-recipe-panel.h"

#include "config.h"
#include "slope-batch-row.h"
#include "slope-colors.h"
#include "slope-freeze-group.h"
#include "slope-learn-row.h"
#include "slope-more-row.h"
#include "slope-recipe-choices.h"
#include "slope-recipe-estimate.h"
#include "slope-stage-list.h"
#include "slope-start-row.h"
#include "slope-text-start.h"
#include "slope-words-group.h"

#include <glib/gi18n.h>

#define SAVE_DELAY_MS 300

struct _SlopeRecipePanel
{
  AdwBin parent_instance;
  SlProject *project; /* owned; NULL: none */
  GSignalGroup *project_signals;
  SlRecipe *recipe; /* owned */
  gint64 from_run;  /* 0: none */
  int training;     /* stage that is being trained; -1 */
  gboolean filling; /* the widgets are being set: no change by the person */
  guint save_source;

  SlopeLearnRow *learn; /* of texts */
  SlopeStageList *stages;
  SlopeFreezeGroup *freeze;
  SlopeWordsGroup *words; /* of texts */
  GtkWidget *size_row, *pictures;
  AdwPreferencesGroup *network;
  SlopeStartRow *start;
  AdwComboRow *arch, *augment;
  SlopeBatchRow *batch;
  GtkSpinButton *size;
  SlopeMoreRow *more;
  GtkWidget *bottom;
  GtkLabel *summary, *time;
};

G_DEFINE_FINAL_TYPE (SlopeRecipePanel, slope_recipe_panel, ADW_TYPE_BIN)

enum
{
  CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static gboolean
has_texts (SlopeRecipePanel *self)
{
  return self->project && sl_project_get_task (self->project)->texts;
}

/* The networks that this kind of problem can have. */
static const SlArch *const *
all_archs (SlopeRecipePanel *self)
{
  const SlTask *task = self->project ? sl_project_get_task (self->project) : NULL;

  if (has_texts (self))
    return sl_arch_all_for_texts ();
  return task && task->dense ? sl_arch_all_for_pixels () : sl_arch_all ();
}

static const SlArch *
current_arch (SlopeRecipePanel *self)
{
  const SlArch *arch = sl_arch_find (self->recipe->arch);
  return arch ? arch : all_archs (self)[0];
}

guint
slope_recipe_panel_get_n_groups (SlopeRecipePanel *self)
{
  g_return_val_if_fail (SLOPE_IS_RECIPE_PANEL (self), 1);
  return sl_recipe_n_groups (self->recipe);
}

/* ---- What follows from the recipe: sums, time */

static gboolean
save (gpointer data)
{
  SlopeRecipePanel *self = data;
  self->save_source = 0;
  if (self->project)
    sl_project_set_recipe (self->project, self->recipe);
  return G_SOURCE_REMOVE;
}

/* The two parts of a recipe that other pages set: Clean, which knows what the threshold leads to, and Data, which
 * shows what the rules of tokens do. */
static void
slope_recipe_panel_map (GtkWidget *widget)
{
  SlopeRecipePanel *self = SLOPE_RECIPE_PANEL (widget);

  GTK_WIDGET_CLASS (slope_recipe_panel_parent_class)->map (widget);
  if (self->project != NULL)
    {
      g_autoptr (SlRecipe) recipe = sl_project_dup_recipe (self->project);

      self->recipe->threshold = recipe->threshold;
      g_free (self->recipe->tokens);
      self->recipe->tokens = g_strdup (recipe->tokens);
    }
}

static void
save_now (SlopeRecipePanel *self)
{
  if (self->save_source == 0)
    return;
  g_clear_handle_id (&self->save_source, g_source_remove);
  save (self);
}

char *
slope_recipe_panel_dup_summary (SlopeRecipePanel *self)
{
  g_return_val_if_fail (SLOPE_IS_RECIPE_PANEL (self), NULL);
  if (self->training >= 0)
    return g_strdup (_ ("The recipe can be changed for the next run."));
  return slope_recipe_describe_stages (self->recipe);
}

char *
slope_recipe_panel_dup_time (SlopeRecipePanel *self)
{
  double seconds = -1;
  g_autofree char *duration = NULL;
  g_return_val_if_fail (SLOPE_IS_RECIPE_PANEL (self), NULL);
  if (self->project && self->training < 0)
    seconds = slope_recipe_estimate_seconds (self->project, self->recipe);
  if (seconds < 0)
    return g_strdup ("");
  duration = slope_format_duration (seconds);
  /* Translators: how long training will take: "about 1 min 20 s" */
  return g_strdup_printf (_ ("about %s"), duration);
}

static void
sum_up (SlopeRecipePanel *self)
{
  g_autofree char *summary = slope_recipe_panel_dup_summary (self);
  g_autofree char *time = slope_recipe_panel_dup_time (self);
  gtk_label_set_label (self->summary, summary);
  gtk_label_set_label (self->time, time);
}

/* After every change by the person. */
static void
changed (SlopeRecipePanel *self)
{
  g_clear_handle_id (&self->save_source, g_source_remove);
  self->save_source = g_timeout_add (SAVE_DELAY_MS, save, self);
  sum_up (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void fill (SlopeRecipePanel *self);

/* ---- Stages */

static void
stages_changed (SlopeRecipePanel *self)
{
  self->filling = TRUE;
  gtk_spin_button_set_value (self->size, self->recipe->width); /* a preset may have its own */
  self->filling = FALSE;
  slope_freeze_group_set_recipe (self->freeze, self->recipe);
  slope_batch_row_refresh (self->batch);
  changed (self);
}

static void
freeze_changed (SlopeRecipePanel *self)
{
  slope_batch_row_refresh (self->batch);
  changed (self);
}

/* Of the recipe something else is shown or known; there is nothing to be saved. */
static void
looks_changed (SlopeRecipePanel *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
fill_stages (SlopeRecipePanel *self)
{
  slope_stage_list_set_recipe (self->stages, self->recipe);
  slope_freeze_group_set_recipe (self->freeze, self->recipe);
}

void
slope_recipe_panel_add_stage (SlopeRecipePanel *self)
{
  g_return_if_fail (SLOPE_IS_RECIPE_PANEL (self));
  slope_stage_list_add (self->stages);
}

/* ---- Network */

/* Over the rows: beneath its title it would leave the network's name no room. */
static void
show_hint (SlopeRecipePanel *self)
{
  g_autofree char *hint = g_markup_escape_text (_ (current_arch (self)->hint), -1);
  adw_preferences_group_set_description (self->network, hint);
}

/* A run's weights know pictures too, but its head has been trained already. */
static void
show_learned (SlopeRecipePanel *self)
{
  gboolean pretrained = !g_str_equal (self->recipe->pretrained, "none");
  slope_stage_list_set_learned (self->stages,
                                self->from_run == 0 && pretrained && !has_texts (self));
  /* Public weights bring vectors of words, which those of these texts are given. */
  slope_words_group_set_recipe (self->words, self->project, self->recipe, self->from_run);
}

static void
fill_start (SlopeRecipePanel *self)
{
  slope_start_row_set (self->start, self->project, self->recipe, self->from_run);
  self->from_run = slope_start_row_get_from_run (self->start);
  show_learned (self);
}

static gboolean
is_from_scratch (SlopeRecipePanel *self)
{
  return self->from_run == 0 && g_str_equal (self->recipe->pretrained, "none");
}

static void
start_changed (SlopeRecipePanel *self)
{
  char *pretrained = g_strdup (slope_start_row_get_pretrained (self->start));
  const gboolean was_from_scratch = is_from_scratch (self);
  g_free (self->recipe->pretrained);
  self->recipe->pretrained = pretrained;
  self->from_run = slope_start_row_get_from_run (self->start);
  if (has_texts (self) && is_from_scratch (self) != was_from_scratch)
    {
      slope_text_start_follow (self->project, self->recipe, is_from_scratch (self));
      slope_more_row_set (self->more, self->recipe);
      slope_batch_row_set_recipe (self->batch, self->project, self->recipe);
      fill_stages (self);
    }
  show_learned (self);
  changed (self);
}

/* ---- Texts: what is learned */

static void
learn_changed (SlopeRecipePanel *self)
{
  self->recipe = slope_learn_row_switch (self->learn, self->recipe);
  self->from_run = slope_learn_row_find_beginning (self->learn, self->recipe);
  fill (self);
  changed (self);
}

static void
arch_changed (SlopeRecipePanel *self)
{
  const SlArch *arch;
  guint choice = adw_combo_row_get_selected (self->arch), before;
  if (self->filling || choice == GTK_INVALID_LIST_POSITION)
    return;
  before = slope_recipe_panel_get_n_groups (self);
  arch = all_archs (self)[choice];
  g_free (self->recipe->arch);
  self->recipe->arch = g_strdup (arch->id);
  self->recipe->embedding = self->recipe->hidden = 0; /* as it has them */
  if (has_texts (self) && is_from_scratch (self))
    slope_text_start_size (self->project, self->recipe);
  sl_recipe_regroup (self->recipe, before); /* "Head only" stays that */
  show_hint (self);
  fill_stages (self);
  fill_start (self);
  slope_batch_row_refresh (self->batch);
  changed (self);
}

static void
size_changed (SlopeRecipePanel *self)
{
  if (self->filling)
    return;
  self->recipe->height = self->recipe->width = gtk_spin_button_get_value_as_int (self->size);
  fill_stages (self);
  slope_batch_row_refresh (self->batch);
  changed (self);
}

/* ---- Pictures, more */

static void
show_augment_hint (SlopeRecipePanel *self)
{
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->augment),
                               slope_augment_hint (self->recipe->augment));
}

static void
augment_changed (SlopeRecipePanel *self)
{
  guint choice = adw_combo_row_get_selected (self->augment);
  if (self->filling || choice == GTK_INVALID_LIST_POSITION)
    return;
  g_free (self->recipe->augment);
  self->recipe->augment = g_strdup (sl_augment_names ()[choice]);
  show_augment_hint (self);
  changed (self);
}

static void
more_changed (SlopeRecipePanel *self)
{
  slope_more_row_apply (self->more, self->recipe);
  changed (self);
}

static guint
find_string (const char *const *names, const char *name)
{
  for (guint i = 0; names[i]; i++)
    if (g_str_equal (names[i], name))
      return i;
  return GTK_INVALID_LIST_POSITION;
}

/* Sets every widget from the recipe. */
static void
fill (SlopeRecipePanel *self)
{
  const SlRecipe *recipe = self->recipe;
  guint arch = 0;
  self->filling = TRUE;
  for (guint i = 0; all_archs (self)[i]; i++)
    if (g_str_equal (all_archs (self)[i]->id, recipe->arch))
      arch = i;
  adw_combo_row_set_selected (self->arch, arch);
  gtk_spin_button_set_value (self->size, recipe->width);
  adw_combo_row_set_selected (self->augment, find_string (sl_augment_names (), recipe->augment));
  slope_more_row_set (self->more, recipe);
  self->filling = FALSE;
  show_hint (self);
  show_augment_hint (self);
  fill_stages (self);
  fill_start (self);
  slope_learn_row_show (self->learn, recipe);
  slope_batch_row_set_recipe (self->batch, self->project, self->recipe);
  sum_up (self);
}

/* ---- Widget */

static void
runs_changed (SlopeRecipePanel *self)
{
  fill_start (self);
  sum_up (self);
}

static void
counts_changed (SlopeRecipePanel *self)
{
  slope_batch_row_refresh (self->batch);
}

static void
slope_recipe_panel_dispose (GObject *object)
{
  SlopeRecipePanel *self = SLOPE_RECIPE_PANEL (object);
  save_now (self);
  g_clear_object (&self->project_signals);
  g_clear_object (&self->project);
  gtk_widget_dispose_template (GTK_WIDGET (object), SLOPE_TYPE_RECIPE_PANEL);
  G_OBJECT_CLASS (slope_recipe_panel_parent_class)->dispose (object);
}

static void
slope_recipe_panel_finalize (GObject *object)
{
  SlopeRecipePanel *self = SLOPE_RECIPE_PANEL (object);
  sl_recipe_free (self->recipe);
  G_OBJECT_CLASS (slope_recipe_panel_parent_class)->finalize (object);
}

static void
slope_recipe_panel_class_init (SlopeRecipePanelClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = slope_recipe_panel_dispose;
  G_OBJECT_CLASS (klass)->finalize = slope_recipe_panel_finalize;
  widget_class->map = slope_recipe_panel_map;
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/slopeml/Slope/slope-recipe-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, SlopeRecipePanel, learn);
  gtk_widget_class_bind_template_child (widget_class, SlopeRecipePanel, words);
  gtk_widget_class_bind_template_child (widget_class, SlopeRecipePanel, size_row);
  gtk_widget_class_bind_template_child (widget_class, SlopeRecipePanel, pictures);
  gtk_widget_class_bind_template_child (widget_class, SlopeRecipePanel, stages);
  gtk_widget_class_bind_template_child (widget_class, SlopeRecipePanel, freeze);
  gtk_widget_class_bind_template_child (widget_class, SlopeRecipePanel, network);
  gtk_widget_class_bind_template_child (widget_class, SlopeRecipePanel, arch);
  gtk_widget_class_bind_template_child (widget_class, SlopeRecipePanel, start);
  gtk_widget_class_bind_template_child (widget_class, SlopeRecipePanel, size);
  gtk_widget_class_bind_template_child (widget_class, SlopeRecipePanel, batch);
  gtk_widget_class_bind_template_child (widget_class, SlopeRecipePanel, augment);
  gtk_widget_class_bind_template_child (widget_class, SlopeRecipePanel, more);
  gtk_widget_class_bind_template_child (widget_class, SlopeRecipePanel, bottom);
  gtk_widget_class_bind_template_child (widget_class, SlopeRecipePanel, summary);
  gtk_widget_class_bind_template_child (widget_class, SlopeRecipePanel, time);
  gtk_widget_class_bind_template_callback (widget_class, learn_changed);
  gtk_widget_class_bind_template_callback (widget_class, changed);
  gtk_widget_class_bind_template_callback (widget_class, arch_changed);
  gtk_widget_class_bind_template_callback (widget_class, stages_changed);
  gtk_widget_class_bind_template_callback (widget_class, freeze_changed);
  gtk_widget_class_bind_template_callback (widget_class, start_changed);
  gtk_widget_class_bind_template_callback (widget_class, size_changed);
  gtk_widget_class_bind_template_callback (widget_class, looks_changed);
  gtk_widget_class_bind_template_callback (widget_class, augment_changed);
  gtk_widget_class_bind_template_callback (widget_class, more_changed);
}

static void
fill_models (SlopeRecipePanel *self)
{
  g_autoptr (GtkStringList) archs = gtk_string_list_new (NULL);
  g_autoptr (GtkStringList) augments = slope_augment_choices (NULL);
  self->filling = TRUE;
  for (guint i = 0; all_archs (self)[i]; i++)
    gtk_string_list_append (archs, _ (all_archs (self)[i]->label));
  adw_combo_row_set_model (self->arch, G_LIST_MODEL (archs));
  adw_combo_row_set_model (self->augment, G_LIST_MODEL (augments));
  self->filling = FALSE;
}

static void
slope_recipe_panel_init (SlopeRecipePanel *self)
{
  self->recipe = sl_recipe_new ();
  self->training = -1;
  self->project_signals = g_signal_group_new (SL_TYPE_PROJECT);
  g_signal_group_connect_swapped (self->project_signals, "runs-changed", G_CALLBACK (runs_changed),
                                  self);
  g_signal_group_connect_swapped (self->project_signals, "notify::counts",
                                  G_CALLBACK (counts_changed), self);
  g_type_ensure (SLOPE_TYPE_BATCH_ROW);
  g_type_ensure (SLOPE_TYPE_LEARN_ROW);
  g_type_ensure (SLOPE_TYPE_WORDS_GROUP);
  g_type_ensure (SLOPE_TYPE_MORE_ROW);
  g_type_ensure (SLOPE_TYPE_STAGE_LIST);
  g_type_ensure (SLOPE_TYPE_FREEZE_GROUP);
  g_type_ensure (SLOPE_TYPE_START_ROW);
  gtk_widget_init_template (GTK_WIDGET (self));
  fill_models (self);
  fill (self);
}

/* ---- Public */

GtkWidget *
slope_recipe_panel_new (void)
{
  return g_object_new (SLOPE_TYPE_RECIPE_PANEL, NULL);
}

void
slope_recipe_panel_set_project (SlopeRecipePanel *self, SlProject *project)
{
  g_return_if_fail (SLOPE_IS_RECIPE_PANEL (self));
  save_now (self);
  if (!g_set_object (&self->project, project))
    return;
  g_signal_group_set_target (self->project_signals, project);
  sl_recipe_free (self->recipe);
  self->recipe = project ? sl_project_dup_recipe (project) : sl_recipe_new ();
  slope_learn_row_set_project (self->learn, project);
  gtk_widget_set_visible (self->size_row, !has_texts (self));
  gtk_widget_set_visible (self->pictures, !has_texts (self));
  self->from_run = slope_learn_row_find_beginning (self->learn, self->recipe);
  fill_models (self);
  fill (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

const SlRecipe *
slope_recipe_panel_get_recipe (SlopeRecipePanel *self)
{
  g_return_val_if_fail (SLOPE_IS_RECIPE_PANEL (self), NULL);
  return self->recipe;
}

gint64
slope_recipe_panel_get_from_run (SlopeRecipePanel *self)
{
  g_return_val_if_fail (SLOPE_IS_RECIPE_PANEL (self), 0);
  return self->from_run;
}

void
slope_recipe_panel_set_from_run (SlopeRecipePanel *self, gint64 run_id)
{
  g_return_if_fail (SLOPE_IS_RECIPE_PANEL (self));
  self->from_run = run_id;
  fill_start (self);
  changed (self);
}

guint
slope_recipe_panel_get_stage (SlopeRecipePanel *self)
{
  g_return_val_if_fail (SLOPE_IS_RECIPE_PANEL (self), 0);
  return slope_stage_list_get_open (self->stages);
}

guint
slope_recipe_panel_get_batch (SlopeRecipePanel *self)
{
  g_return_val_if_fail (SLOPE_IS_RECIPE_PANEL (self), 0);
  return slope_batch_row_get_used (self->batch);
}

void
slope_recipe_panel_set_rate (SlopeRecipePanel *self, guint stage, double low, double high)
{
  g_return_if_fail (SLOPE_IS_RECIPE_PANEL (self));
  g_return_if_fail (stage < self->recipe->n_stages && high > 0);
  self->recipe->stages[stage].lr_low = low;
  self->recipe->stages[stage].lr_high = high;
  fill_stages (self);
  changed (self);
}

void
slope_recipe_panel_set_batch (SlopeRecipePanel *self, guint batch)
{
  g_return_if_fail (SLOPE_IS_RECIPE_PANEL (self));
  slope_batch_row_choose (self->batch, batch);
}

void
slope_recipe_panel_set_balance (SlopeRecipePanel *self, SlBalance balance)
{
  g_return_if_fail (SLOPE_IS_RECIPE_PANEL (self));
  self->recipe->balance = balance;
  slope_more_row_set (self->more, self->recipe);
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (self->more), TRUE);
  changed (self);
}

gboolean
slope_recipe_panel_commit (SlopeRecipePanel *self)
{
  g_return_val_if_fail (SLOPE_IS_RECIPE_PANEL (self), FALSE);
  if (!slope_stage_list_commit (self->stages))
    return FALSE;
  save_now (self);
  return TRUE;
}

void
slope_recipe_panel_set_recipe (SlopeRecipePanel *self, const SlRecipe *recipe)
{
  SlRecipe *copy;
  g_return_if_fail (SLOPE_IS_RECIPE_PANEL (self));
  copy = sl_recipe_copy (recipe);
  sl_recipe_free (self->recipe);
  self->recipe = copy;
  fill (self);
  changed (self);
}

void
slope_recipe_panel_set_training (SlopeRecipePanel *self, int stage, double progress)
{
  g_return_if_fail (SLOPE_IS_RECIPE_PANEL (self));
  slope_stage_list_set_training (self->stages, stage, progress);
  if (self->training == stage)
    return;
  self->training = stage;
  sum_up (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

void
slope_recipe_panel_set_past (SlopeRecipePanel *self, SlRun *run)
{
  g_return_if_fail (SLOPE_IS_RECIPE_PANEL (self));
  slope_stage_list_set_past (self->stages, run);
}

void
slope_recipe_panel_set_bottom (SlopeRecipePanel *self, gboolean visible)
{
  g_return_if_fail (SLOPE_IS_RECIPE_PANEL (self));
  gtk_widget_set_visible (self->bottom, visible);
}
