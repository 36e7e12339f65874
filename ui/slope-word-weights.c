/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-word-weights.h"

#include "slope-colors.h"
#include "slope-token-view.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>

#define N_STEPS 8     /* of strength: as many tags a class, at most */
#define MIN_ALPHA .10 /* of the faintest step that is shown */
#define MAX_ALPHA .55 /* the text stays readable on it, in both styles */
#define N_SAID 4      /* words of each class that are named */
#define LEAST_SAID .2 /* share from which on a word is worth naming */
#define TAG_PREFIX "weight-"
#define MAX_GAP 60 /* characters between two words of which the tokeniser kept nothing */

/* ---- Places */

static gunichar * /* in lower case; (transfer full) */
lower (const char *text, glong *n)
{
  gunichar *letters = g_utf8_to_ucs4_fast (text, -1, n);

  for (glong i = 0; i < *n; i++)
    letters[i] = g_unichar_tolower (letters[i]);
  return letters;
}

/* Where @word is next, from @from on; -1: not near. */
static glong
find_next (const gunichar *text, glong n, const gunichar *word, glong length, glong from)
{
  for (glong at = from; length > 0 && at + length <= n && at <= from + MAX_GAP; at++)
    if (memcmp (text + at, word, (gsize)length * sizeof *word) == 0)
      return at;
  return -1;
}

static double
largest (const SlWordWeights *weights)
{
  double most = 0.;

  for (gsize i = 0; i < weights->n; i++)
    if (!slope_token_is_special (weights->tokens[i]))
      most = MAX (most, fabs (weights->weights[i]));
  return most;
}

GArray *
slope_word_weights_place (const char *text, const SlWordWeights *weights, guint asked,
                          guint n_classes)
{
  GArray *words = g_array_new (FALSE, FALSE, sizeof (SlopeWordWeight));
  const double most = largest (weights);
  const int other = n_classes == 2 ? 1 - (int)asked : -1;
  glong n, at = 0;
  g_autofree gunichar *letters = lower (text, &n);

  for (gsize i = 0; i < weights->n && most > 0.; i++)
    {
      const double weight = weights->weights[i];
      glong length, found;
      g_autofree gunichar *word = lower (weights->tokens[i], &length);

      if (slope_token_is_special (weights->tokens[i]))
        continue;
      found = find_next (letters, n, word, length, at);
      if (found < 0)
        continue;
      at = found + length;
      if (i >= weights->first)
        g_array_append_val (words,
                            ((SlopeWordWeight){ .begin = (guint)found,
                                                .end = (guint)at,
                                                .class_index = weight > 0. ? (int)asked : other,
                                                .share = fabs (weight) / most }));
    }
  return words;
}

/* ---- Colours */

static void
collect_tag (GtkTextTag *tag, gpointer tags)
{
  g_autofree char *name = NULL;

  g_object_get (tag, "name", &name, NULL);
  if (name != NULL && g_str_has_prefix (name, TAG_PREFIX))
    g_ptr_array_add (tags, g_object_ref (tag));
}

/* The tags go too: the next ones may be of another style, dark or light. */
void
slope_word_weights_clear (GtkTextBuffer *buffer)
{
  g_autoptr (GPtrArray) tags = g_ptr_array_new_with_free_func (g_object_unref);
  GtkTextTagTable *table;

  g_return_if_fail (GTK_IS_TEXT_BUFFER (buffer));

  table = gtk_text_buffer_get_tag_table (buffer);
  gtk_text_tag_table_foreach (table, collect_tag, tags);
  for (guint i = 0; i < tags->len; i++)
    gtk_text_tag_table_remove (table, tags->pdata[i]);
}

static GtkTextTag * /* (transfer none) */
find_tag (GtkTextBuffer *buffer, int class_index, guint step)
{
  const gboolean dark = adw_style_manager_get_dark (adw_style_manager_get_default ());
  g_autofree char *name = g_strdup_printf (TAG_PREFIX "%d-%u", class_index, step);
  GtkTextTag *tag = gtk_text_tag_table_lookup (gtk_text_buffer_get_tag_table (buffer), name);
  GdkRGBA color = { .5f, .5f, .5f, 1.f };

  if (tag != NULL)
    return tag;
  if (class_index >= 0)
    slope_class_color ((guint)class_index, dark, &color);
  color.alpha = (float)(MIN_ALPHA + (MAX_ALPHA - MIN_ALPHA) * step / N_STEPS);
  return gtk_text_buffer_create_tag (buffer, name, "background-rgba", &color, NULL);
}

void
slope_word_weights_show (GtkTextBuffer *buffer, const SlopeWordWeight *words, gsize n)
{
  g_return_if_fail (GTK_IS_TEXT_BUFFER (buffer));
  g_return_if_fail (words != NULL || n == 0);

  slope_word_weights_clear (buffer);
  for (gsize i = 0; i < n; i++)
    {
      const guint step = (guint)lrint (CLAMP (words[i].share, 0., 1.) * N_STEPS);
      GtkTextIter begin, end;

      if (step == 0)
        continue;
      gtk_text_buffer_get_iter_at_offset (buffer, &begin, (int)words[i].begin);
      gtk_text_buffer_get_iter_at_offset (buffer, &end, (int)words[i].end);
      gtk_text_buffer_apply_tag (buffer, find_tag (buffer, words[i].class_index, step), &begin,
                                 &end);
    }
}

/* ---- Words */

static int
compare_shares (gconstpointer a, gconstpointer b)
{
  const SlopeWordWeight *const *first = a, *const *second = b;

  if ((*first)->share != (*second)->share)
    return (*first)->share > (*second)->share ? -1 : 1;
  return (*first)->begin < (*second)->begin ? -1 : (*first)->begin > (*second)->begin;
}

/* "wonderful, love": the heaviest that speak for @class_index, each once; NULL: none does. */
static char *
join_heaviest (GtkTextBuffer *buffer, GPtrArray *sorted, int class_index)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < sorted->len && names->len < N_SAID; i++)
    {
      const SlopeWordWeight *word = sorted->pdata[i];
      GtkTextIter begin, end;
      g_autofree char *name = NULL;

      if (word->class_index != class_index || word->share < LEAST_SAID)
        continue;
      gtk_text_buffer_get_iter_at_offset (buffer, &begin, (int)word->begin);
      gtk_text_buffer_get_iter_at_offset (buffer, &end, (int)word->end);
      if (!g_unichar_isalnum (gtk_text_iter_get_char (&begin)))
        continue; /* marks have a colour, but say nothing in a list */
      name = gtk_text_buffer_get_text (buffer, &begin, &end, FALSE);
      if (!g_ptr_array_find_with_equal_func (names, name, g_str_equal, NULL))
        g_ptr_array_add (names, g_steal_pointer (&name));
    }
  if (names->len == 0)
    return NULL;
  g_ptr_array_add (names, NULL);
  /* translators: between words in a list */
  return g_strjoinv (_ (", "), (char **)names->pdata);
}

char *
slope_word_weights_say (GtkTextBuffer *buffer, const SlopeWordWeight *words, gsize n,
                        const char *const *classes, const char *asked)
{
  g_autoptr (GPtrArray) sorted = g_ptr_array_sized_new ((guint)n);
  g_autoptr (GString) text = g_string_new (NULL);
  const int n_classes = (int)g_strv_length ((char **)classes);

  g_return_val_if_fail (GTK_IS_TEXT_BUFFER (buffer), NULL);
  g_return_val_if_fail (words != NULL || n == 0, NULL);

  for (gsize i = 0; i < n; i++)
    g_ptr_array_add (sorted, (gpointer)&words[i]);
  g_ptr_array_sort (sorted, compare_shares);
  for (int i = 0; i <= n_classes; i++)
    {
      const int class_index = i < n_classes ? i : -1;
      g_autofree char *names = join_heaviest (buffer, sorted, class_index);

      if (names == NULL)
        continue;
      if (text->len > 0)
        g_string_append (text, " · ");
      if (class_index >= 0)
        /* translators: a class, and the words of a text that speak most for it */
        g_string_append_printf (text, _ ("For %1$s: %2$s"), classes[class_index], names);
      else
        /* translators: a class, and the words of a text that speak most against it */
        g_string_append_printf (text, _ ("Against %1$s: %2$s"), asked, names);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}
