/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-colors.h"

#include <glib/gi18n.h>
#include <math.h>
#include <slope/slope.h>

/* Two sets, each at least 3:1 against a card.  The first ten are apart from each other for red-, green- and
 * blue-blind sight too: blue, orange, green, magenta, sky, ochre, red, violet, brown, slate.  The others were
 * found one by one, each as far as can be from all before it: any two are 0.095 apart in OKLab (0.034 for
 * the colour-blind, to whom the numbers and names beside them speak). */
static const guint32 palette_light[SLOPE_N_CLASS_COLORS] = {
  0x3a6ae8, 0xd2802b, 0x02765b, 0xf14fb2, 0x0e9fd2, 0x6e5f07, 0xc53247, 0x4c18a3,
  0x4b2000, 0x2c3a46, 0xa31fb8, 0xad70ff, 0x66a35c, 0x0000f5, 0x7a0a5c, 0x85668f,
  0x005200, 0x8f1f00, 0x1f5c8f, 0xc27a8f, 0x7a29ff, 0x66475c, 0xff5266, 0xd600e0,
  0xb8007a, 0x528500, 0x855ccc, 0xb852a3, 0x8f8566, 0x858fad, 0x995233, 0x00338f,
};
static const guint32 palette_dark[SLOPE_N_CLASS_COLORS] = {
  0x729cee, 0xfe9b34, 0xa0e2b6, 0xcb6ea3, 0x66c6eb, 0xfedc5c, 0xec4d3b, 0x8b6bf6,
  0xb8a896, 0xe3f0fe, 0x478f29, 0xff00cc, 0x00cc14, 0xff99e0, 0x33ff7a, 0x0099a3,
  0x997a66, 0x70b870, 0xeb70ff, 0xb8d600, 0xc28f00, 0xe0ff00, 0xe0c2d6, 0xcc3deb,
  0xffffc2, 0x00e099, 0xff8585, 0xccc270, 0x707ac2, 0xff66b8, 0x85ebff, 0xb8ffa3,
};

void
slope_class_color (guint index, gboolean dark, GdkRGBA *color)
{
  guint32 rgb = (dark ? palette_dark : palette_light)[index % SLOPE_N_CLASS_COLORS];

  g_return_if_fail (color != NULL);

  color->red = (rgb >> 16 & 0xff) / 255.f;
  color->green = (rgb >> 8 & 0xff) / 255.f;
  color->blue = (rgb & 0xff) / 255.f;
  color->alpha = 1.f;
}

guint32
slope_class_paint (guint index)
{
  /* Where colours come again, a few grades beside: told apart by the file, if not by the eye. */
  return palette_light[index % SLOPE_N_CLASS_COLORS] ^ (index / SLOPE_N_CLASS_COLORS);
}

/* The same in every locale: what is read can be typed, and read back. */
char *
slope_format_rate (double rate)
{
  char digits[G_ASCII_DTOSTR_BUF_SIZE];
  char *e;

  if (!isfinite (rate) || rate == 0.)
    return g_strdup (rate == 0. ? "0" : "–");
  if (rate >= 1. && rate < 999.5)
    return g_strdup (g_ascii_formatd (digits, sizeof digits, rate < 9.95 ? "%.2g" : "%.0f", rate));

  g_ascii_formatd (digits, sizeof digits, "%.1e", rate);
  e = strchr (digits, 'e');
  *e++ = '\0';
  if (g_str_has_suffix (digits, ".0"))
    digits[strlen (digits) - 2] = '\0';
  return g_strdup_printf ("%se%d", digits, atoi (e));
}

char *
slope_format_rates (double low, double high)
{
  g_autofree char *from = NULL;
  g_autofree char *to = NULL;

  if (low <= 0. || low >= high)
    return sl_rate_to_string (low, high);
  from = sl_rate_to_string (low, low);
  to = sl_rate_to_string (high, high);
  /* translators: a range of learning rates, "1e-5 to 3e-4". What stands between the two is also
   * how a person may type it; it must not be empty. */
  return g_strdup_printf (C_ ("learning rates", "%s to %s"), from, to);
}

gboolean
slope_parse_rates (const char *text, double *low, double *high)
{
  g_auto (GStrv) around = g_strsplit (C_ ("learning rates", "%s to %s"), "%s", 3);
  g_auto (GStrv) ends = NULL;
  g_autofree char *range = NULL;

  g_return_val_if_fail (text != NULL, FALSE);
  ends = g_strsplit (text, around[1], 2);
  if (g_strv_length (ends) == 2)
    range = g_strjoinv (":", ends);
  return sl_rate_parse (range != NULL ? range : text, low, high, NULL);
}

char *
slope_format_percent (double value)
{
  if (!isfinite (value))
    return g_strdup ("–");
  /* translators: a share of a hundred, such as "4.0 %"; the space is one that no line ends at */
  return g_strdup_printf (_ ("%.1f\u00A0%%"), 100. * value);
}

char *
slope_format_number (double value)
{
  if (!isfinite (value))
    return g_strdup ("–");
  return g_strdup_printf ("%s%.6g", signbit (value) && value != 0. ? "−" : "", fabs (value));
}

char *
slope_format_quantity (double value, const char *unit)
{
  g_autofree char *number = slope_format_number (value);

  if (unit == NULL || !isfinite (value))
    return g_steal_pointer (&number);
  /* A sign of degrees stands close; before a word is a narrow space that no line ends at. */
  return g_strconcat (number, g_str_equal (unit, "°") ? "" : "\u202f", unit, NULL);
}

char *
slope_format_clock (double seconds)
{
  guint64 s;

  if (!isfinite (seconds) || seconds < 0.)
    return g_strdup ("–");
  s = (guint64)(seconds + 0.5);
  if (s >= 3600)
    return g_strdup_printf ("%" G_GUINT64_FORMAT ":%02u:%02u", s / 3600, (guint)(s / 60 % 60),
                            (guint)(s % 60));
  return g_strdup_printf ("%u:%02u", (guint)(s / 60), (guint)(s % 60));
}

char *
slope_format_duration (double seconds)
{
  guint64 s;

  if (!isfinite (seconds) || seconds < 0.)
    return g_strdup ("–");
  s = (guint64)(seconds + 0.5);
  if (s < 60)
    /* translators: a duration in seconds */
    return g_strdup_printf (_ ("%u s"), (guint)s);
  if (s < 600 && s % 60 != 0)
    /* translators: a duration in minutes and seconds */
    return g_strdup_printf (_ ("%u min %u s"), (guint)(s / 60), (guint)(s % 60));
  if (s < 3600)
    /* translators: a duration in minutes */
    return g_strdup_printf (_ ("%u min"), (guint)((s + 30) / 60));
  /* translators: a duration in hours and minutes */
  return g_strdup_printf (_ ("%u h %u min"), (guint)(s / 3600), (guint)(s / 60 % 60));
}

char *
slope_format_memory (gsize bytes)
{
  const double mb = (double)bytes / 1e6;

  if (mb >= 9950.)
    /* translators: an amount of memory */
    return g_strdup_printf (_ ("%.0f GB"), mb / 1000.);
  if (mb >= 995.)
    /* translators: an amount of memory */
    return g_strdup_printf (_ ("%.1f GB"), mb / 1000.);
  /* translators: an amount of memory */
  return g_strdup_printf (_ ("%.0f MB"), mb >= 99.5 ? round (mb / 10.) * 10. : ceil (mb));
}

static gboolean
metric_is_percent (const char *name)
{
  for (const SlTask *const *task = sl_task_all (); *task != NULL; task++)
    for (guint i = 0; i < (*task)->n_metrics; i++)
      if (g_strcmp0 ((*task)->metrics[i].name, name) == 0)
        return (*task)->metrics[i].percent;
  return FALSE;
}

char *
slope_format_metric (const char *name, double value)
{
  g_return_val_if_fail (name != NULL, NULL);

  if (metric_is_percent (name))
    return slope_format_percent (value);
  if (!isfinite (value))
    return g_strdup ("–");
  /* A number of words. */
  return g_strdup_printf (g_str_equal (name, "perplexity") ? "%.1f" : "%.3f", value);
}

const char *
slope_metric_label (const char *name)
{
  static const struct
  {
    const char *name, *label;
  } labels[] = {
    { "accuracy", N_ ("Accuracy") },
    { "error_rate", N_ ("Error") },
    { "fbeta", N_ ("F-beta") },
    { "accuracy_thresh", N_ ("Labels right") },
    { "pixel_accuracy", N_ ("Pixels right") },
    { "mean_iou", N_ ("Overlap") },
    { "distance_px", N_ ("Distance, px") },
    { "mae", N_ ("Mean error") },
    { "rmse", N_ ("RMSE") },
    { "r2", N_ ("R²") },
    { "mse", N_ ("MSE") },
    { "perplexity", N_ ("Perplexity") },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (labels); i++)
    if (g_strcmp0 (labels[i].name, name) == 0)
      return _ (labels[i].label);
  return name;
}
