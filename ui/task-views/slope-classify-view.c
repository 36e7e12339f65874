/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-class-bars.h"
#include "slope-class-chooser.h"
#include "slope-classify-caption.h"

#define N_LIKELIEST 5

static void
caption_set (GtkWidget *caption, const char *const *classes, SlItem *item, SlopeCaptionKind kind)
{
  slope_classify_caption_set (SLOPE_CLASSIFY_CAPTION (caption), classes, item, kind);
}

static char *
say (const char *const *classes, const char *target)
{
  return g_strdup (target);
}

static const char *
target_for_digit (const char *const *classes, guint digit)
{
  if (digit == 0 || digit > g_strv_length ((char **)classes))
    return NULL;
  return classes[digit - 1];
}

static void
answer_set (GtkWidget *answer, const char *const *classes, const SlPrediction *prediction,
            const SlRecipe *recipe)
{
  slope_class_bars_set (SLOPE_CLASS_BARS (answer), classes, prediction->outputs,
                        prediction->n_outputs, N_LIKELIEST);
}

/* What pictures and texts with one label have in common. */
#define ONE_LABEL                                                                  \
  .say_target = say, .say_answer = say, .caption_new = slope_classify_caption_new, \
  .caption_set = caption_set, .target_for_digit = target_for_digit,                \
  .chooser_new = slope_class_chooser_new, .answer_new = slope_class_bars_new,      \
  .answer_set = answer_set

const SlopeTaskView slope_classify_view = {
  .task = "classify",
  ONE_LABEL,
};

const SlopeTaskView slope_text_view = {
  .task = "text",
  ONE_LABEL,
};
