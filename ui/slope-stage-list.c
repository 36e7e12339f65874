/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slope-stage-list.h"

#include "config.h"
#include "slope-note.h"
#include "slope-run-text.h"
#include "slope-stage-bar.h"
#include "slope-stage-presets.h"
#include "slope-stage-row.h"

#include <glib/gi18n.h>

#define SUGGESTED "two-stages"

struct _SlopeStageList
{
  AdwBin parent_instance;
  SlRecipe *recipe; /* not owned; NULL: none yet */
  GPtrArray *rows;  /* of SlopeStageRow; children */
  guint stage;      /* open, or opened last */
  int training;     /* stage that is being trained; -1 */
  double progress;  /* of it */
  SlRun *past;      /* owned; that may be trained again from a stage; NULL: none */
  gboolean learned; /* the network begins with weights that know pictures */
  gboolean filling; /* the rows are being set: no change by the person */
  SlopeNote *suggestion;
  SlopeStageBar *bar;
  SlopeStagePresets *presets;
  GtkListBox *list;
};

G_DEFINE_FINAL_TYPE (SlopeStageList, slope_stage_list, ADW_TYPE_BIN)

enum
{
  CHANGED,
  OPENED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void fill (SlopeStageList *self);

static void
mark_stages (SlopeStageList *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    {
      SlopeStageMark mark = SLOPE_STAGE_WAITING;
      gboolean trains = (int)i == self->training;
      if (self->training >= 0 && (int)i < self->training)
        mark = SLOPE_STAGE_DONE;
      else if (trains || (self->training < 0 && i == self->stage))
        mark = SLOPE_STAGE_ACTIVE;
      slope_stage_row_set_mark (g_ptr_array_index (self->rows, i), mark,
                                trains ? self->progress : -1);
    }
  slope_stage_bar_set_recipe (self->bar, self->recipe, self->stage);
  slope_stage_bar_set_training (self->bar, self->training, self->progress);
}

/* The whole network at once unlearns what the weights know. */
static void
suggest (SlopeStageList *self)
{
  gboolean frozen = FALSE;
  for (guint i = 0; i < self->recipe->n_stages; i++)
    frozen |= self->recipe->stages[i].freeze_to > 0;
  gtk_widget_set_visible (GTK_WIDGET (self->suggestion), self->learned && !frozen);
}

/* The first stage is what Train begins with. */
static void
offer_again (SlopeStageList *self)
{
  SlRun *past = self->past && sl_run_get_state (self->past) != SL_RUN_RUNNING ? self->past : NULL;
  g_autofree char *title = past ? slope_run_title (past) : NULL;
  /* Translators: %s is a run: "With the weights that Run 4 began it with" */
  g_autofree char *text =
      past ? g_strdup_printf (_ ("With the weights that %s began it with"), title) : NULL;
  for (guint i = 0; i < self->rows->len; i++)
    {
      gboolean offered = past && i > 0 && i < sl_run_get_recipe (past)->n_stages;
      g_autofree char *why_not = offered ? slope_run_why_not_again (past, self->recipe, i) : NULL;
      slope_stage_row_set_again (g_ptr_array_index (self->rows, i), offered, text, why_not);
    }
}

static guint
row_index (SlopeStageList *self, gpointer row)
{
  guint index = 0;
  g_ptr_array_find (self->rows, row, &index);
  return index;
}

static void
stage_changed (SlopeStageList *self, SlopeStageRow *row)
{
  slope_stage_row_get_stage (row, &self->recipe->stages[row_index (self, row)]);
  suggest (self);
  mark_stages (self);
  offer_again (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
stage_expanded (SlopeStageList *self, GParamSpec *pspec, AdwExpanderRow *row)
{
  if (self->filling || !adw_expander_row_get_expanded (row))
    return;
  self->stage = row_index (self, row);
  for (guint i = 0; i < self->rows->len; i++)
    if (i != self->stage)
      adw_expander_row_set_expanded (g_ptr_array_index (self->rows, i), FALSE);
  mark_stages (self);
  g_signal_emit (self, signals[OPENED], 0);
}

/* ---- Commands */

/* After the stages are others: shows them, stage @open among them. */
static void
replaced (SlopeStageList *self, guint open)
{
  self->stage = open;
  fill (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
insert_stage (SlopeStageList *self, guint index, const SlStage *stage)
{
  SlRecipe *recipe = self->recipe;
  SlStage copy = *stage;
  memmove (&recipe->stages[index + 1], &recipe->stages[index],
           (recipe->n_stages - index) * sizeof *recipe->stages);
  recipe->stages[index] = copy;
  recipe->n_stages++;
}

static void
remove_stage (SlopeStageList *self, guint index)
{
  SlRecipe *recipe = self->recipe;
  recipe->n_stages--;
  memmove (&recipe->stages[index], &recipe->stages[index + 1],
           (recipe->n_stages - index) * sizeof *recipe->stages);
}

static void
command (SlopeStageList *self, SlopeStageCommand command, SlopeStageRow *row)
{
  guint index = row_index (self, row), n = self->recipe->n_stages;
  int tool = slope_stage_row_get_tool (row);
  switch (command)
    {
    case SLOPE_STAGE_MOVE_UP:
      if (index > 0)
        slope_stage_list_move (self, index, index - 1);
      break;
    case SLOPE_STAGE_MOVE_DOWN:
      if (index + 1 < n)
        slope_stage_list_move (self, index, index + 1);
      break;
    case SLOPE_STAGE_DUPLICATE:
      if (n == SL_MAX_STAGES)
        return;
      insert_stage (self, index + 1, &self->recipe->stages[index]);
      replaced (self, index + 1);
      break;
    case SLOPE_STAGE_REMOVE:
      if (n == 1)
        return;
      remove_stage (self, index);
      replaced (self, MIN (index, n - 2));
      tool = -1; /* a second stage should not go by a key held too long */
      break;
    }
  slope_stage_row_focus (g_ptr_array_index (self->rows, self->stage), tool);
}

static gboolean
dropped (SlopeStageRow *row, const GValue *value, double x, double y, GtkDropTarget *target)
{
  SlopeStageList *self = SLOPE_STAGE_LIST (
      gtk_widget_get_ancestor (GTK_WIDGET (row), SLOPE_TYPE_STAGE_LIST));
  SlopeStageRow *dragged = g_value_get_object (value);
  guint from;
  if (!self || !g_ptr_array_find (self->rows, dragged, &from))
    return FALSE;
  slope_stage_list_move (self, from, row_index (self, row));
  return TRUE;
}

static void
use_preset (SlopeStageList *self, const char *name)
{
  slope_stage_list_use_preset (self, name);
}

static void
suggestion_taken (SlopeStageList *self)
{
  slope_stage_list_use_preset (self, SUGGESTED);
}

static void
bar_picked (SlopeStageList *self, guint stage)
{
  slope_stage_list_open (self, stage);
}

/* ---- Rows */

static void
append_row (SlopeStageList *self)
{
  GtkWidget *row = slope_stage_row_new ();
  GtkDropTarget *target = gtk_drop_target_new (SLOPE_TYPE_STAGE_ROW, GDK_ACTION_MOVE);
  g_signal_connect_object (row, "changed", G_CALLBACK (stage_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "command", G_CALLBACK (command), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "notify::expanded", G_CALLBACK (stage_expanded), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (target, "drop", G_CALLBACK (dropped), row, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (row, GTK_EVENT_CONTROLLER (target));
  gtk_list_box_append (self->list, row);
  g_ptr_array_add (self->rows, row);
}

static void
fill (SlopeStageList *self)
{
  const SlRecipe *recipe = self->recipe;
  self->filling = TRUE;
  while (self->rows->len > recipe->n_stages)
    {
      GtkWidget *row = g_ptr_array_index (self->rows, self->rows->len - 1);
      g_ptr_array_set_size (self->rows, (int)self->rows->len - 1);
      gtk_list_box_remove (self->list, row);
    }
  while (self->rows->len < recipe->n_stages)
    append_row (self);
  for (guint i = 0; i < recipe->n_stages; i++)
    {
      slope_stage_row_set (g_ptr_array_index (self->rows, i), recipe, i);
      adw_expander_row_set_expanded (g_ptr_array_index (self->rows, i), i == self->stage);
    }
  self->filling = FALSE;
  gtk_widget_set_visible (GTK_WIDGET (self->bar), recipe->n_stages > 1);
  suggest (self);
  mark_stages (self);
  offer_again (self);
}

/* ---- Widget */

static void
slope_stage_list_dispose (GObject *object)
{
  g_clear_object (&SLOPE_STAGE_LIST (object)->past);
  adw_bin_set_child (ADW_BIN (object), NULL); /* the template would take it away from the bin */
  gtk_widget_dispose_template (GTK_WIDGET (object), SLOPE_TYPE_STAGE_LIST);
  G_OBJECT_CLASS (slope_stage_list_parent_class)->dispose (object);
}

static void
slope_stage_list_finalize (GObject *object)
{
  g_ptr_array_unref (SLOPE_STAGE_LIST (object)->rows);
  G_OBJECT_CLASS (slope_stage_list_parent_class)->finalize (object);
}

static void
slope_stage_list_class_init (SlopeStageListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = slope_stage_list_dispose;
  G_OBJECT_CLASS (klass)->finalize = slope_stage_list_finalize;
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
  signals[OPENED] = g_signal_new ("opened", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 0);
  g_type_ensure (SLOPE_TYPE_NOTE);
  g_type_ensure (SLOPE_TYPE_STAGE_BAR);
  g_type_ensure (SLOPE_TYPE_STAGE_PRESETS);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/slopeml/Slope/slope-stage-list.ui");
  gtk_widget_class_bind_template_child (widget_class, SlopeStageList, suggestion);
  gtk_widget_class_bind_template_child (widget_class, SlopeStageList, bar);
  gtk_widget_class_bind_template_child (widget_class, SlopeStageList, presets);
  gtk_widget_class_bind_template_child (widget_class, SlopeStageList, list);
  gtk_widget_class_bind_template_callback (widget_class, use_preset);
  gtk_widget_class_bind_template_callback (widget_class, suggestion_taken);
  gtk_widget_class_bind_template_callback (widget_class, bar_picked);
}

static void
slope_stage_list_init (SlopeStageList *self)
{
  self->rows = g_ptr_array_new ();
  self->training = -1;
  gtk_widget_init_template (GTK_WIDGET (self));
  slope_note_set (self->suggestion, SLOPE_NOTE_INFO, _ ("These weights know pictures already."),
                  _ ("Train the head alone first, then the whole network at small rates."),
                  _ ("Two Stages"), FALSE);
}

void
slope_stage_list_set_recipe (SlopeStageList *self, SlRecipe *recipe)
{
  g_return_if_fail (SLOPE_IS_STAGE_LIST (self));
  g_return_if_fail (recipe != NULL);
  self->recipe = recipe;
  slope_stage_presets_set_recipe (self->presets, recipe);
  self->stage = MIN (self->stage, recipe->n_stages - 1);
  fill (self);
}

guint
slope_stage_list_get_open (SlopeStageList *self)
{
  g_return_val_if_fail (SLOPE_IS_STAGE_LIST (self), 0);
  return self->stage;
}

void
slope_stage_list_open (SlopeStageList *self, guint stage)
{
  g_return_if_fail (SLOPE_IS_STAGE_LIST (self));
  if (stage < self->rows->len)
    adw_expander_row_set_expanded (g_ptr_array_index (self->rows, stage), TRUE);
}

void
slope_stage_list_set_learned (SlopeStageList *self, gboolean learned)
{
  g_return_if_fail (SLOPE_IS_STAGE_LIST (self));
  self->learned = learned;
  suggest (self);
}

void
slope_stage_list_add (SlopeStageList *self)
{
  SlStage stage;
  guint n;
  g_return_if_fail (SLOPE_IS_STAGE_LIST (self));
  n = self->recipe->n_stages;
  if (n == SL_MAX_STAGES)
    return;
  stage = self->recipe->stages[n - 1];
  stage.freeze_to = 0;
  insert_stage (self, n, &stage);
  replaced (self, n);
  slope_stage_row_focus (g_ptr_array_index (self->rows, n), -1);
}

void
slope_stage_list_move (SlopeStageList *self, guint from, guint to)
{
  SlStage stage;
  g_return_if_fail (SLOPE_IS_STAGE_LIST (self));
  g_return_if_fail (MAX (from, to) < self->recipe->n_stages);
  if (from == to)
    return;
  stage = self->recipe->stages[from];
  remove_stage (self, from);
  insert_stage (self, to, &stage);
  replaced (self, to);
}

void
slope_stage_list_use_preset (SlopeStageList *self, const char *name)
{
  g_autoptr (GError) error = NULL;
  guint n;
  const SlStagePreset *presets = sl_stage_presets (self->recipe, &n);
  g_return_if_fail (SLOPE_IS_STAGE_LIST (self));
  for (guint i = 0; i < n; i++)
    if (g_str_equal (presets[i].name, name) && presets[i].size > 0)
      self->recipe->height = self->recipe->width = presets[i].size;
  if (!sl_recipe_use_preset (self->recipe, name, &error))
    g_warning ("%s", error->message); /* both names are the engine's */
  replaced (self, 0);
}

void
slope_stage_list_set_training (SlopeStageList *self, int stage, double progress)
{
  g_return_if_fail (SLOPE_IS_STAGE_LIST (self));
  self->training = stage;
  self->progress = progress;
  mark_stages (self);
}

void
slope_stage_list_set_past (SlopeStageList *self, SlRun *run)
{
  g_return_if_fail (SLOPE_IS_STAGE_LIST (self));
  g_set_object (&self->past, run);
  offer_again (self);
}

gboolean
slope_stage_list_commit (SlopeStageList *self)
{
  g_return_val_if_fail (SLOPE_IS_STAGE_LIST (self), FALSE);
  for (guint i = 0; i < self->rows->len; i++)
    if (!slope_stage_row_commit (g_ptr_array_index (self->rows, i)))
      {
        slope_stage_list_open (self, i);
        return FALSE;
      }
  return TRUE;
}
