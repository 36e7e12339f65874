/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slope-stage-list.h"

#include "slope-stage-row.h"

struct _SlopeStageList
{
  AdwPreferencesGroup parent_instance;
  SlRecipe *recipe; /* not owned; NULL: none yet */
  guint n_groups;
  GPtrArray *rows;  /* of SlopeStageRow; children */
  guint stage;      /* open, or opened last */
  int training;     /* stage that is being trained; -1 */
  gboolean filling; /* the rows are being set: no change by the person */
};

G_DEFINE_FINAL_TYPE (SlopeStageList, slope_stage_list, ADW_TYPE_PREFERENCES_GROUP)

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
      if (self->training >= 0 && (int)i < self->training)
        mark = SLOPE_STAGE_DONE;
      else if ((int)i == (self->training >= 0 ? self->training : (int)self->stage))
        mark = SLOPE_STAGE_ACTIVE;
      slope_stage_row_set_mark (g_ptr_array_index (self->rows, i), mark);
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

static void
remove_stage (SlopeStageList *self, SlopeStageRow *row)
{
  SlRecipe *recipe = self->recipe;
  guint index = row_index (self, row);
  if (recipe->n_stages <= 1)
    return;
  for (guint i = index; i + 1 < recipe->n_stages; i++)
    recipe->stages[i] = recipe->stages[i + 1];
  recipe->n_stages--;
  self->stage = MIN (index, recipe->n_stages - 1);
  fill (self);
  gtk_widget_grab_focus (g_ptr_array_index (self->rows, self->stage));
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
append_row (SlopeStageList *self)
{
  GtkWidget *row = slope_stage_row_new ();
  g_signal_connect_object (row, "changed", G_CALLBACK (stage_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "remove", G_CALLBACK (remove_stage), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "notify::expanded", G_CALLBACK (stage_expanded), self,
                           G_CONNECT_SWAPPED);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), row);
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
      adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self), row);
    }
  while (self->rows->len < recipe->n_stages)
    append_row (self);
  for (guint i = 0; i < recipe->n_stages; i++)
    {
      slope_stage_row_set (g_ptr_array_index (self->rows, i), i, &recipe->stages[i], self->n_groups,
                           recipe->n_stages > 1);
      adw_expander_row_set_expanded (g_ptr_array_index (self->rows, i), i == self->stage);
    }
  self->filling = FALSE;
  mark_stages (self);
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
  G_OBJECT_CLASS (klass)->finalize = slope_stage_list_finalize;
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
  signals[OPENED] = g_signal_new ("opened", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 0);
}

static void
slope_stage_list_init (SlopeStageList *self)
{
  self->rows = g_ptr_array_new ();
  self->training = -1;
}

void
slope_stage_list_set_recipe (SlopeStageList *self, SlRecipe *recipe, guint n_groups)
{
  g_return_if_fail (SLOPE_IS_STAGE_LIST (self));
  g_return_if_fail (recipe != NULL);
  self->recipe = recipe;
  self->n_groups = n_groups;
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
slope_stage_list_add (SlopeStageList *self)
{
  SlRecipe *recipe = self->recipe;
  g_return_if_fail (SLOPE_IS_STAGE_LIST (self));
  if (recipe->n_stages == SL_MAX_STAGES)
    return;
  recipe->stages[recipe->n_stages] = recipe->stages[recipe->n_stages - 1];
  recipe->stages[recipe->n_stages].freeze_to = 0;
  self->stage = recipe->n_stages++;
  fill (self);
  gtk_widget_grab_focus (g_ptr_array_index (self->rows, self->stage));
  g_signal_emit (self, signals[CHANGED], 0);
}

void
slope_stage_list_set_training (SlopeStageList *self, int stage)
{
  g_return_if_fail (SLOPE_IS_STAGE_LIST (self));
  self->training = stage;
  mark_stages (self);
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
