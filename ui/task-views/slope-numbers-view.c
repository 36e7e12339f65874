/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-colors.h"
#include "slope-text-caption.h"

#include <glib/gi18n.h>
#include <math.h>

/* What a model says is never meant to more than three digits. */
static double
round_answer (double value)
{
  const double step = fabs (value) < 1.     ? 1e-3
                      : fabs (value) < 10.  ? .01
                      : fabs (value) < 100. ? .1
                                            : 1.;

  return round (value / step) * step;
}

/* "roll 12.5°, length −3.4 mm" of "roll (°)" and "length [mm]" */
static char *
say (const char *const *classes, const char *target, gboolean answer)
{
  g_auto (GStrv) numbers = g_strsplit (target, " ", -1);
  GString *words = g_string_new (NULL);

  for (guint i = 0; classes[i] != NULL && numbers[i] != NULL; i++)
    {
      const double value = g_str_equal (numbers[i], "-") ? NAN : g_ascii_strtod (numbers[i], NULL);
      g_autofree char *name = NULL;
      g_autofree char *unit = sl_number_split_unit (classes[i], &name);
      g_autofree char *number = slope_format_quantity (answer ? round_answer (value) : value, unit);

      if (words->len > 0)
        g_string_append (words, _ (", "));
      g_string_append_printf (words, "%s %s", name, number);
    }
  return g_string_free (words, FALSE);
}

static char *
say_target (const char *const *classes, const char *target)
{
  return say (classes, target, FALSE);
}

static char *
say_answer (const char *const *classes, const char *answer)
{
  return say (classes, answer, TRUE);
}

static void
caption_set (GtkWidget *caption, const char *const *classes, SlItem *item, SlopeCaptionKind kind)
{
  slope_text_caption_set (caption, &slope_numbers_view, classes, item, kind);
}

const SlopeTaskView slope_numbers_view = {
  .task = "numbers",
  .say_target = say_target,
  .say_answer = say_answer,
  .caption_new = slope_text_caption_new,
  .caption_set = caption_set,
};
