/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-class-bars.h"
#include "slope-mask-paintable.h"
#include "slope-text-caption.h"

#include <glib/gi18n.h>

#define LEAST_SHARE .0005f /* of a picture, to be worth a row */

static char *
say_target (const char *const *classes, const char *target)
{
  g_autofree char *name = g_path_get_basename (target);

  /* translators: a picture's label is a file: "mask 0006R0.png" */
  return g_strdup_printf (_ ("mask %s"), name);
}

/* The classes that take the most of the picture. */
static char *
say_answer (const char *const *classes, const char *predicted)
{
  g_auto (GStrv) names = g_strsplit (predicted, ";", -1);

  return g_strjoinv (_ (", "), names);
}

static void
caption_set (GtkWidget *caption, const char *const *classes, SlItem *item, SlopeCaptionKind kind)
{
  slope_text_caption_set (caption, &slope_segment_view, classes, item, kind);
}

static GdkPaintable *
overlay_new (const char *const *classes, const char *target, const char *predicted, int width,
             int height)
{
  return target != NULL ? slope_mask_paintable_new (target, g_strv_length ((char **)classes))
                        : NULL;
}

/* What takes no part of the picture is left out. */
static void
answer_set (GtkWidget *answer, const char *const *classes, const SlPrediction *prediction,
            const SlRecipe *recipe)
{
  guint n_seen = 0;

  for (guint i = 0; i < prediction->n_outputs; i++)
    n_seen += prediction->outputs[i] >= LEAST_SHARE;
  slope_class_bars_set (SLOPE_CLASS_BARS (answer), classes, prediction->outputs,
                        prediction->n_outputs, n_seen);
}

const SlopeTaskView slope_segment_view = {
  .task = "segment",
  .say_target = say_target,
  .say_answer = say_answer,
  .caption_new = slope_text_caption_new,
  .caption_set = caption_set,
  .overlay_new = overlay_new,
  .overlay_hides = TRUE,
  .answer_heading = N_ ("Shares of the Picture"),
  .answer_new = slope_class_bars_new,
  .answer_set = answer_set,
};
