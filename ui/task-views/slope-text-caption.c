/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-text-caption.h"

#include <glib/gi18n.h>

GtkWidget *
slope_text_caption_new (void)
{
  GtkWidget *caption = gtk_label_new (NULL);

  gtk_label_set_ellipsize (GTK_LABEL (caption), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (caption), 0.f);
  return caption;
}

/* (transfer full) (nullable): what follows the target */
static char *
second_half (GtkWidget *caption, const SlopeTaskView *view, const char *const *classes,
             SlItem *item)
{
  const char *original = sl_item_get_original_target (item);
  const char *predicted = NULL;
  g_autofree char *words = NULL;

  if (sl_item_get_relabelled (item) && original != NULL)
    {
      words = view->say_target (classes, original);
      return g_strdup_printf (_ ("was %s"), words);
    }
  if (!sl_item_get_prediction (item, NULL, NULL, &predicted)
      || g_strcmp0 (predicted, sl_item_get_target (item)) == 0)
    return NULL;
  words = view->say_answer (classes, predicted);
  if (words == NULL)
    return NULL;
  return g_strdup_printf (
      "%s %s", gtk_widget_get_direction (caption) == GTK_TEXT_DIR_RTL ? "←" : "→", words);
}

void
slope_text_caption_set (GtkWidget *caption, const SlopeTaskView *view, const char *const *classes,
                        SlItem *item, SlopeCaptionKind kind)
{
  const char *target;
  g_autofree char *label = NULL;
  g_autofree char *rest = NULL;
  g_autofree char *text = NULL;

  g_return_if_fail (GTK_IS_LABEL (caption) && view != NULL);
  g_return_if_fail (classes != NULL && SL_IS_ITEM (item));

  target = sl_item_get_target (item);
  label = target != NULL ? view->say_target (classes, target)
                         : g_strdup (C_ ("picture", "No label"));
  if (kind == SLOPE_CAPTION_REVIEW && sl_item_get_state (item) == SL_ITEM_PRESENT)
    rest = second_half (caption, view, classes, item);
  text = rest != NULL ? g_strdup_printf ("%s %s", label, rest) : g_strdup (label);
  gtk_label_set_text (GTK_LABEL (caption), text);
}
