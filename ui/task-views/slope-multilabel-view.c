/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-text-caption.h"

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
  slope_text_caption_set (caption, &slope_multilabel_view, classes, item, kind);
}

const SlopeTaskView slope_multilabel_view = {
  .task = "multilabel",
  .say_target = say,
  .say_answer = say,
  .caption_new = slope_text_caption_new,
  .caption_set = caption_set,
};
