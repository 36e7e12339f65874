/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-points-paintable.h"
#include "slope-text-caption.h"

#include <glib/gi18n.h>

static char *
say_target (const char *const *classes, const char *target)
{
  g_auto (GStrv) points = g_strsplit (target, " ", -1);
  const guint n = g_strv_length (points);
  guint known = 0;

  for (guint i = 0; i < n; i++)
    known += !g_str_equal (points[i], "-");
  if (known == n)
    return g_strdup_printf (ngettext ("%u point", "%u points", n), n);
  /* translators: a picture's points, of which some are not known: "66 of 68 points" */
  return g_strdup_printf (ngettext ("%1$u of %2$u point", "%1$u of %2$u points", n), known, n);
}

/* Where they are takes a picture. */
static char *
say_answer (const char *const *classes, const char *predicted)
{
  return NULL;
}

static void
caption_set (GtkWidget *caption, const char *const *classes, SlItem *item, SlopeCaptionKind kind)
{
  slope_text_caption_set (caption, &slope_points_view, classes, item, kind);
}

static GdkPaintable *
overlay_new (const char *const *classes, const char *target, const char *predicted, int width,
             int height)
{
  if (width <= 0 || height <= 0 || (target == NULL && predicted == NULL))
    return NULL;
  return slope_points_paintable_new (target, predicted, width, height);
}

const SlopeTaskView slope_points_view = {
  .task = "points",
  .say_target = say_target,
  .say_answer = say_answer,
  .caption_new = slope_text_caption_new,
  .caption_set = caption_set,
  .overlay_new = overlay_new,
  .handles = slope_points_parse,
  .move_handle = slope_points_move,
};
