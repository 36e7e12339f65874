/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slope-recipe-choices.h"

#include "config.h"

#include <glib/gi18n.h>
#include <slope/slope.h>

static const guint batches[] = { 0, 4, 8, 16, 32, 64, 128 };

static const struct
{
  const char *name, *label, *hint;
} augments[] = {
  { "default", N_ ("Photographs"), N_ ("Flips, rotates, zooms and relights") },
  { "noflip", N_ ("Not mirrored"), N_ ("Rotates, zooms and relights: digits, letters, signs") },
  { "satellite", N_ ("From above"), N_ ("Every quarter turn and mirror image") },
  { "tilt", N_ ("Tilt and light"), N_ ("Turned a little; nothing leaves the picture") },
  { "none", N_ ("None"), N_ ("Pictures are used as they are") },
};

const char *
slope_augment_label (const char *name)
{
  g_return_val_if_fail (name != NULL, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (augments); i++)
    if (g_str_equal (augments[i].name, name))
      return _ (augments[i].label);
  return name;
}

const char *
slope_augment_hint (const char *name)
{
  g_return_val_if_fail (name != NULL, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (augments); i++)
    if (g_str_equal (augments[i].name, name))
      return _ (augments[i].hint);
  return "";
}

GtkStringList *
slope_augment_choices (const char *first)
{
  GtkStringList *choices = gtk_string_list_new (NULL);
  if (first)
    gtk_string_list_append (choices, first);
  for (guint i = 0; sl_augment_names ()[i]; i++)
    gtk_string_list_append (choices, slope_augment_label (sl_augment_names ()[i]));
  return choices;
}

GtkStringList *
slope_batch_choices (const char *first)
{
  GtkStringList *choices = gtk_string_list_new (NULL);
  gtk_string_list_append (choices, first);
  for (guint i = 1; i < G_N_ELEMENTS (batches); i++)
    gtk_string_list_take (choices, g_strdup_printf ("%u", batches[i]));
  return choices;
}

guint
slope_batch_to_choice (guint batch)
{
  guint best = 0;
  for (guint i = 0; i < G_N_ELEMENTS (batches); i++)
    if (batches[i] <= batch)
      best = i;
  return best;
}

guint
slope_batch_of_choice (guint choice)
{
  g_return_val_if_fail (choice < G_N_ELEMENTS (batches), 0);
  return batches[choice];
}
