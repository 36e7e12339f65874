/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-batch-row.h"

#include "slope-colors.h"
#include "slope-recipe-choices.h"
#include "slope-recipe-estimate.h"

#include <glib/gi18n.h>

#define PREDICT_DELAY_MS 250

struct _SlopeBatchRow
{
  AdwComboRow parent_instance;
  SlProject *project; /* owned; NULL: none */
  SlRecipe *recipe;   /* not owned; NULL: none yet */
  gboolean filling;   /* the row is being set: no change by the person */
  guint predict_source;
  GCancellable *predicting;
  guint used;  /* 0: not known yet */
  gsize bytes; /* that training takes; 0: not known yet */
};

G_DEFINE_FINAL_TYPE (SlopeBatchRow, slope_batch_row, ADW_TYPE_COMBO_ROW)

enum
{
  CHANGED,
  PREDICTED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
show_memory (SlopeBatchRow *self)
{
  g_autofree char *size = NULL, *text = NULL;
  if (self->used > 0 && self->bytes > 0)
    {
      size = slope_format_memory (self->bytes);
      text = g_strdup_printf (
          /* Translators: pictures of a batch and the memory that training takes */
          ngettext ("%u picture, about %s", "%u pictures, about %s", self->used), self->used, size);
    }
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), text ? text : "");
}

/* Until more is known. */
static void
forget_memory (SlopeBatchRow *self)
{
  self->used = self->recipe->batch;
  self->bytes = 0;
  show_memory (self);
}

static void
predicted (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (SlopeBatchRow) self = data;
  g_autoptr (GError) error = NULL;
  guint batch;
  gsize bytes;
  if (!slope_recipe_predict_finish (result, &batch, &bytes, &error))
    return; /* a newer recipe is being looked at */
  self->used = batch;
  self->bytes = bytes;
  show_memory (self);
  g_signal_emit (self, signals[PREDICTED], 0);
}

static gboolean
predict (gpointer data)
{
  SlopeBatchRow *self = data;
  self->predict_source = 0;
  /* Batches of texts are chosen when their words are counted. */
  if (!self->project || sl_project_get_task (self->project)->texts)
    return G_SOURCE_REMOVE;
  g_cancellable_cancel (self->predicting);
  g_clear_object (&self->predicting);
  self->predicting = g_cancellable_new ();
  slope_recipe_predict_async (self->recipe, sl_project_get_problem (self->project),
                              sl_project_count (self->project, G_MAXUINT, SL_SPLIT_TRAIN),
                              sl_project_count (self->project, G_MAXUINT, SL_SPLIT_VALID),
                              self->predicting, predicted, g_object_ref (self));
  return G_SOURCE_REMOVE;
}

static void
selected (SlopeBatchRow *self)
{
  const guint choice = adw_combo_row_get_selected (ADW_COMBO_ROW (self));
  if (self->filling || !self->recipe || choice == GTK_INVALID_LIST_POSITION)
    return;
  self->recipe->batch = slope_batch_of_choice (choice);
  forget_memory (self);
  slope_batch_row_refresh (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
slope_batch_row_dispose (GObject *object)
{
  SlopeBatchRow *self = SLOPE_BATCH_ROW (object);
  g_clear_handle_id (&self->predict_source, g_source_remove);
  g_cancellable_cancel (self->predicting);
  g_clear_object (&self->predicting);
  g_clear_object (&self->project);
  G_OBJECT_CLASS (slope_batch_row_parent_class)->dispose (object);
}

static void
slope_batch_row_class_init (SlopeBatchRowClass *klass)
{
  const GType type = G_TYPE_FROM_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = slope_batch_row_dispose;
  signals[CHANGED] = g_signal_new ("changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
  signals[PREDICTED] = g_signal_new ("predicted", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                     G_TYPE_NONE, 0);
}

static void
slope_batch_row_init (SlopeBatchRow *self)
{
  g_autoptr (GtkStringList) choices = slope_batch_choices (_ ("Automatic"));
  adw_combo_row_set_model (ADW_COMBO_ROW (self), G_LIST_MODEL (choices));
  g_signal_connect (self, "notify::selected", G_CALLBACK (selected), NULL);
}

void
slope_batch_row_set_recipe (SlopeBatchRow *self, SlProject *project, SlRecipe *recipe)
{
  g_return_if_fail (SLOPE_IS_BATCH_ROW (self) && recipe != NULL);
  g_set_object (&self->project, project);
  self->recipe = recipe;
  self->filling = TRUE;
  adw_combo_row_set_selected (ADW_COMBO_ROW (self), slope_batch_to_choice (recipe->batch));
  self->filling = FALSE;
  forget_memory (self);
  slope_batch_row_refresh (self);
}

void
slope_batch_row_refresh (SlopeBatchRow *self)
{
  g_return_if_fail (SLOPE_IS_BATCH_ROW (self));
  g_clear_handle_id (&self->predict_source, g_source_remove);
  self->predict_source = g_timeout_add (PREDICT_DELAY_MS, predict, self);
}

void
slope_batch_row_choose (SlopeBatchRow *self, guint batch)
{
  g_return_if_fail (SLOPE_IS_BATCH_ROW (self));
  adw_combo_row_set_selected (ADW_COMBO_ROW (self), slope_batch_to_choice (batch));
}

guint
slope_batch_row_get_used (SlopeBatchRow *self)
{
  g_return_val_if_fail (SLOPE_IS_BATCH_ROW (self), 0);
  return self->used;
}
