/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-item-mark.h"

#include "slope-colors.h"

#include <glib/gi18n.h>
#include <math.h>

static const struct
{
  const char *css, *icon;
} marks[] = {
  [SLOPE_MARK_KEPT] = { "kept", "object-select-symbolic" },
  [SLOPE_MARK_RELABELLED] = { "relabelled", "document-edit-symbolic" },
  [SLOPE_MARK_REMOVED] = { "removed", "user-trash-symbolic" },
};

SlopeMark
slope_item_get_mark (SlItem *item)
{
  g_return_val_if_fail (SL_IS_ITEM (item), SLOPE_MARK_NONE);

  if (sl_item_get_state (item) == SL_ITEM_REMOVED)
    return SLOPE_MARK_REMOVED;
  if (sl_item_get_relabelled (item))
    return SLOPE_MARK_RELABELLED;
  return sl_item_get_kept (item) ? SLOPE_MARK_KEPT : SLOPE_MARK_NONE;
}

gboolean
slope_item_is_done (SlItem *item)
{
  return slope_item_get_mark (item) != SLOPE_MARK_NONE;
}

void
slope_mark_show (SlopeMark mark, GtkImage *image)
{
  g_return_if_fail (mark < G_N_ELEMENTS (marks));

  for (gsize i = SLOPE_MARK_KEPT; i < G_N_ELEMENTS (marks); i++)
    gtk_widget_remove_css_class (GTK_WIDGET (image), marks[i].css);
  gtk_widget_set_visible (GTK_WIDGET (image), mark != SLOPE_MARK_NONE);
  if (mark == SLOPE_MARK_NONE)
    return;
  gtk_image_set_from_icon_name (image, marks[mark].icon);
  gtk_widget_add_css_class (GTK_WIDGET (image), marks[mark].css);
}

static char *
say_figures (double loss, double probability)
{
  g_autofree char *percent = NULL;

  if (isnan (probability))
    /* translators: loss of a picture */
    return g_strdup_printf (_ ("Loss %.2f"), loss);
  percent = slope_format_percent (probability);
  /* translators: loss of a picture, and the probability the model gives to its label */
  return g_strdup_printf (_ ("Loss %1$.2f · %2$s"), loss, percent);
}

void
slope_item_show_detail (SlItem *item, GtkLabel *label)
{
  const SlopeMark mark = slope_item_get_mark (item);
  const gboolean stands_out = mark == SLOPE_MARK_RELABELLED;
  double loss, probability;
  g_autofree char *text = NULL;

  gtk_widget_remove_css_class (GTK_WIDGET (label), stands_out ? "dim-label" : "accent");
  gtk_widget_add_css_class (GTK_WIDGET (label), stands_out ? "accent" : "dim-label");
  if (mark == SLOPE_MARK_REMOVED)
    text = g_strdup (C_ ("picture", "Removed"));
  else if (mark == SLOPE_MARK_RELABELLED)
    text = g_strdup (C_ ("picture", "Relabelled"));
  else if (sl_item_get_prediction (item, &loss, &probability, NULL))
    text = say_figures (loss, probability);
  gtk_label_set_text (label, text != NULL ? text : "");
}

char *
slope_item_describe (SlItem *item, const SlopeTaskView *view, const char *const *classes,
                     SlopeCaptionKind kind)
{
  g_autofree char *says = slope_task_view_describe (view, classes, item, kind);
  const char *name = sl_item_get_name (item);

  switch (slope_item_get_mark (item))
    {
    case SLOPE_MARK_KEPT:
      /* translators: name of a picture for screen readers: file, what is known of it, mark */
      return g_strdup_printf (_ ("%1$s, %2$s, kept"), name, says);
    case SLOPE_MARK_RELABELLED:
      return g_strdup_printf (_ ("%1$s, %2$s, relabelled"), name, says);
    case SLOPE_MARK_REMOVED:
      return g_strdup_printf (_ ("%1$s, %2$s, removed"), name, says);
    case SLOPE_MARK_NONE:
    default:
      /* translators: name of a picture for screen readers: file, what is known of it */
      return g_strdup_printf (_ ("%1$s, %2$s"), name, says);
    }
}
