/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-task-view.h"

#include <glib/gi18n.h>

static const SlopeTaskView *const views[] = {
  &slope_classify_view, &slope_multilabel_view, &slope_segment_view,
  &slope_points_view,   &slope_numbers_view,    &slope_text_view,
};

const SlopeTaskView *
slope_task_view_for (const SlTask *task)
{
  g_return_val_if_fail (task != NULL, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (views); i++)
    if (g_str_equal (views[i]->task, task->id))
      return views[i];
  g_return_val_if_reached (NULL);
}

char *
slope_task_view_say (const SlopeTaskView *self, const char *const *classes, const char *predicted)
{
  char *words;

  g_return_val_if_fail (self != NULL && classes != NULL && predicted != NULL, NULL);

  words = self->say_answer (classes, predicted);
  return words != NULL ? words : self->say_target (classes, predicted);
}

GPtrArray *
slope_task_view_choose (const SlopeTaskView *self, const char *const *classes, GPtrArray *items,
                        const char *chosen)
{
  GPtrArray *targets;

  g_return_val_if_fail (self != NULL && classes != NULL, NULL);
  g_return_val_if_fail (items != NULL && chosen != NULL, NULL);

  targets = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < items->len;)
    {
      const char *old = sl_item_get_target (items->pdata[i]);
      char *target = self->edit != NULL ? self->edit (classes, old, chosen) : g_strdup (chosen);

      if (g_strcmp0 (old, target) != 0)
        {
          g_ptr_array_add (targets, target);
          i++;
        }
      else
        {
          g_ptr_array_remove_index (items, i);
          g_free (target);
        }
    }
  return targets;
}

/* What there is to say beyond the label. */
static char *
describe_prediction (const char *label, const char *target, const char *predicted,
                     const char *answer, double loss)
{
  if (answer == NULL)
    /* translators: said by screen readers of a picture: its label and the model's loss */
    return g_strdup_printf (_ ("label %1$s, loss %2$.2f"), label, loss);
  if (g_strcmp0 (target, predicted) == 0)
    return g_strdup_printf (_ ("label %1$s, the model agrees, loss %2$.2f"), label, loss);
  /* translators: said by screen readers: "label grizzly, model says black, loss 4.63" */
  return g_strdup_printf (_ ("label %1$s, model says %2$s, loss %3$.2f"), label, answer, loss);
}

char *
slope_task_view_describe (const SlopeTaskView *self, const char *const *classes, SlItem *item,
                          SlopeCaptionKind kind)
{
  const char *target, *predicted = NULL;
  double loss = 0.;
  g_autofree char *label = NULL;
  g_autofree char *other = NULL;

  g_return_val_if_fail (self != NULL && classes != NULL, NULL);
  g_return_val_if_fail (SL_IS_ITEM (item), NULL);

  target = sl_item_get_target (item);
  if (target == NULL)
    return g_strdup (_ ("no label"));
  label = self->say_target (classes, target);
  if (kind == SLOPE_CAPTION_LABEL || !sl_item_get_prediction (item, &loss, NULL, &predicted))
    /* translators: said by screen readers of a picture */
    return g_strdup_printf (_ ("label %s"), label);
  if (sl_item_get_relabelled (item))
    {
      const char *original = sl_item_get_original_target (item);

      other = original != NULL ? self->say_target (classes, original) : g_strdup (_ ("no label"));
      /* translators: said by screen readers of a picture that got another label */
      return g_strdup_printf (_ ("label %1$s, was %2$s"), label, other);
    }
  other = self->say_answer (classes, predicted);
  return describe_prediction (label, target, predicted, other, loss);
}
