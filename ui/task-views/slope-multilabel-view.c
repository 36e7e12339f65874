/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-class-bars.h"
#include "slope-class-chooser.h"
#include "slope-labels-caption.h"
#include "slope-labels.h"

#include <glib/gi18n.h>

static char *
say (const char *const *classes, const char *target)
{
  g_auto (GStrv) names = g_strsplit (target, ";", -1);

  if (*target == '\0')
    return g_strdup (C_ ("labels", "none"));
  return g_strjoinv (_ (", "), names);
}

static void
caption_set (GtkWidget *caption, const char *const *classes, SlItem *item, SlopeCaptionKind kind)
{
  slope_labels_caption_set (SLOPE_LABELS_CAPTION (caption), classes, item, kind);
}

static void
chooser_set_items (GtkWidget *chooser, GPtrArray *items)
{
  slope_class_chooser_set_items (SLOPE_CLASS_CHOOSER (chooser), items);
}

static gboolean
chooser_press_digit (GtkWidget *chooser, guint digit)
{
  return slope_class_chooser_press_digit (SLOPE_CLASS_CHOOSER (chooser), digit);
}

/* All classes: the ones just below the threshold are what one wants to know. */
static void
answer_set (GtkWidget *answer, const char *const *classes, const SlPrediction *prediction,
            const SlRecipe *recipe)
{
  slope_class_bars_set (SLOPE_CLASS_BARS (answer), classes, prediction->outputs,
                        prediction->n_outputs, prediction->n_outputs);
  slope_class_bars_set_threshold (SLOPE_CLASS_BARS (answer), recipe->threshold);
}

const SlopeTaskView slope_multilabel_view = {
  .task = "multilabel",
  .say_target = say,
  .say_answer = say,
  .caption_new = slope_labels_caption_new,
  .caption_set = caption_set,
  .chooser_new = slope_class_chooser_new_several,
  .edit = slope_labels_edit,
  .chooser_set_items = chooser_set_items,
  .chooser_press_digit = chooser_press_digit,
  .answer_new = slope_class_bars_new,
  .answer_set = answer_set,
};
