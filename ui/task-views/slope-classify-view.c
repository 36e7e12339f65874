/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-class-bars.h"
#include "slope-class-chooser.h"
#include "slope-classify-caption.h"

#include <glib/gi18n.h>

#define N_LIKELIEST 5

static void
caption_set (GtkWidget *caption, const char *const *classes, SlItem *item, SlopeCaptionKind kind)
{
  slope_classify_caption_set (SLOPE_CLASSIFY_CAPTION (caption), classes, item, kind);
}

static char *
describe (const char *const *classes, SlItem *item, SlopeCaptionKind kind)
{
  const char *target = sl_item_get_target (item);
  const char *predicted = NULL;
  double loss = 0.;

  if (target == NULL)
    return g_strdup (_ ("no label"));
  if (kind == SLOPE_CAPTION_LABEL || !sl_item_get_prediction (item, &loss, NULL, &predicted))
    /* translators: said by screen readers of a picture */
    return g_strdup_printf (_ ("label %s"), target);
  if (sl_item_get_relabelled (item))
    /* translators: said by screen readers of a picture that got another label */
    return g_strdup_printf (_ ("label %1$s, was %2$s"), target, sl_item_get_original_target (item));
  if (g_strcmp0 (target, predicted) == 0)
    return g_strdup_printf (_ ("label %1$s, the model agrees, loss %2$.2f"), target, loss);
  /* translators: said by screen readers: "label grizzly, model says black, loss 4.63" */
  return g_strdup_printf (_ ("label %1$s, model says %2$s, loss %3$.2f"), target, predicted, loss);
}

static const char *
target_for_digit (const char *const *classes, guint digit)
{
  if (digit == 0 || digit > g_strv_length ((char **)classes))
    return NULL;
  return classes[digit - 1];
}

static void
answer_set (GtkWidget *answer, const char *const *classes, const SlPrediction *prediction)
{
  slope_class_bars_set (SLOPE_CLASS_BARS (answer), classes, prediction->outputs,
                        prediction->n_outputs, N_LIKELIEST);
}

static double
confidence (const SlPrediction *prediction)
{
  float best = 0.f;

  for (guint i = 0; i < prediction->n_outputs; i++)
    best = MAX (best, prediction->outputs[i]);
  return best;
}

const SlopeTaskView slope_classify_view = {
  .task = "classify",
  .caption_new = slope_classify_caption_new,
  .caption_set = caption_set,
  .describe = describe,
  .target_for_digit = target_for_digit,
  .chooser_new = slope_class_chooser_new,
  .answer_new = slope_class_bars_new,
  .answer_set = answer_set,
  .confidence = confidence,
};
