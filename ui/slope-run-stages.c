/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "slope-run-stages.h"

#include <glib/gi18n.h>

/* The stage that comes after @n_epochs epochs, as far as they tell. */
static guint
find_now (const SlRecipe *recipe, const guint *trained, const SlEpochRecord *epochs, gsize n_epochs,
          const SlPlanRecord *plan, gboolean ended)
{
  guint now = n_epochs > 0 ? MIN (epochs[n_epochs - 1].stage, recipe->n_stages - 1) : 0;

  if (!ended && now + 1 < recipe->n_stages && trained[now] >= recipe->stages[now].epochs)
    now++;
  /* Only the plan tells that patience ended a stage before an epoch of the next is over. */
  if (plan != NULL && plan->stage < recipe->n_stages)
    now = MAX (now, plan->stage);
  return now;
}

void
slope_run_stages_read (SlopeRunStages *self, const SlRecipe *recipe, const SlEpochRecord *epochs,
                       gsize n_epochs, const SlPlanRecord *plan, gboolean ended)
{
  guint trained[SL_MAX_STAGES] = { 0 };

  for (gsize i = 0; i < n_epochs; i++)
    trained[MIN (epochs[i].stage, recipe->n_stages - 1)]++;
  *self = (SlopeRunStages){ .n = recipe->n_stages };
  self->now = find_now (recipe, trained, epochs, n_epochs, plan, ended);
  for (guint i = 0; i < self->n; i++)
    {
      gboolean over = i < self->now || ended;

      self->first[i + 1] = self->first[i]
                           + (over ? trained[i] : MAX (trained[i], recipe->stages[i].epochs));
    }
  if (plan != NULL && plan->stage == self->now)
    self->now_steps_per_epoch = plan->steps_per_epoch;
}

void
slope_run_stages_of (SlopeRunStages *self, SlRun *run)
{
  gsize n;
  const SlEpochRecord *epochs = sl_run_get_epochs (run, &n);

  slope_run_stages_read (self, sl_run_get_recipe (run), epochs, n, sl_run_get_plan (run),
                         sl_run_get_state (run) == SL_RUN_DONE);
}

guint
slope_run_stages_at (const SlopeRunStages *self, float epoch)
{
  guint stage = 0;

  while (stage + 1 < self->n && epoch >= (float)self->first[stage + 1])
    stage++;
  return stage;
}

char *
slope_run_stages_where (const SlopeRunStages *self, gsize n_epochs)
{
  const guint first = self->first[self->now], n = self->first[self->now + 1] - first;
  const guint epoch = MIN ((guint)n_epochs - MIN ((guint)n_epochs, first) + 1, n);

  if (self->n > 1)
    /* Translators: number of the stage under way, of stages; of its epoch under way, of its epochs */
    return g_strdup_printf (_ ("stage %u of %u · epoch %u of %u"), self->now + 1, self->n, epoch,
                            n);
  return g_strdup_printf (_ ("epoch %u of %u"), epoch, n);
}
