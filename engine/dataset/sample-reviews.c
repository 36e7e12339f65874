/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reviews of places, written by a small grammar: what is said of a place is mostly good or mostly bad, with "not"
 * and "but" among it, so that a list of good and bad words is not quite enough. */
#include "dataset/sample-write.h"

#include <string.h>

#define N_REVIEWS 1200
#define N_LABELLED 900  /* the others teach the language model alone */
#define WRONG_EVERY 31  /* of those with a label; odd, so that both labels are wrong at times */
#define OTHER_SIDE 0.15 /* sentences that say the opposite */

typedef const char *const Words;

static Words places[] = { "café",     "hotel",  "museum",     "bakery",
                          "bookshop", "cinema", "restaurant", "guest house" };
static Words aspects[] = { "the staff",      "the food",    "the room",  "the view",
                           "the coffee",     "the service", "the music", "the breakfast",
                           "the exhibition", "the bread",   "the price", "the garden" };
static Words adjectives[2][14] = {
  { "awful", "dirty", "slow", "cold", "rude", "boring", "stale", "noisy", "dreadful", "tasteless",
    "overpriced", "shabby", "disappointing", "sloppy" },
  { "lovely", "clean", "quick", "warm", "friendly", "fascinating", "fresh", "quiet", "wonderful",
    "delicious", "fair", "charming", "delightful", "careful" },
};
static Words degrees[] = { "", "", "", "very ", "really ", "quite ", "surprisingly " };
static Words feelings[2][4] = {
  { "I hated", "We did not like", "I was annoyed by", "Nobody enjoyed" },
  { "I loved", "We really liked", "I was delighted by", "Everybody enjoyed" },
};
static Words endings[2][6] = {
  { "We will never come back.", "Save your money.", "I can not recommend it to anyone.",
    "It was a waste of an afternoon.", "Two stars, and that is generous.", "Stay away!" },
  { "We will certainly come back.", "It was worth every penny.", "I can recommend it to everyone.",
    "It made our weekend.", "Five stars!", "Do not miss it." },
};
static Words days[] = { "Monday",   "Tuesday",      "Friday",
                        "Saturday", "rainy Sunday", "warm evening in May" };
static Words company[] = { "my sister",  "two friends", "the children",
                           "my parents", "a colleague", "our dog" };
static Words streets[] = { "the station", "the river", "the old market", "the park",
                           "the town hall" };

#define PICK(random, words) ((words)[sl_random_below ((random), G_N_ELEMENTS (words))])

static void
add_capitalised (GString *text, const char *words)
{
  g_string_append_c (text, g_ascii_toupper (words[0]));
  g_string_append (text, words + 1);
}

static void
add_neutral (GString *text, SlRandom *random)
{
  const char *place = PICK (random, places);

  switch (sl_random_below (random, 4))
    {
    case 0:
      g_string_append_printf (text, "We went to this %s on a %s with %s. ", place,
                              PICK (random, days), PICK (random, company));
      break;
    case 1:
      g_string_append_printf (text, "The %s is near %s. ", place, PICK (random, streets));
      break;
    case 2:
      g_string_append_printf (text, "A %s near %s, open since %u. ", place, PICK (random, streets),
                              1950 + (guint)sl_random_below (random, 70));
      break;
    default:
      g_string_append_printf (text, "I'd read about this %s before, so I took %s there. ", place,
                              PICK (random, company));
    }
}

/* @good: 1 or 0 */
static void
add_opinion (GString *text, SlRandom *random, guint good)
{
  const char *aspect = PICK (random, aspects);

  switch (sl_random_below (random, 5))
    {
    case 0:
      g_string_append_printf (text, "%s %s", PICK (random, feelings[good]), aspect);
      break;
    case 1:
      add_capitalised (text, aspect);
      g_string_append_printf (text, " wasn't %s at all", PICK (random, adjectives[!good]));
      break;
    case 2:
      add_capitalised (text, aspect);
      g_string_append_printf (text, " was %s, but %s was %s and that is what counts",
                              PICK (random, adjectives[!good]), PICK (random, aspects),
                              PICK (random, adjectives[good]));
      break;
    default:
      add_capitalised (text, aspect);
      g_string_append_printf (text, " was %s%s", PICK (random, degrees),
                              PICK (random, adjectives[good]));
    }
  g_string_append (text, _sl_draw_chance (random, 0.1) ? "! " : ". ");
}

static char *
write_text (SlRandom *random, guint good)
{
  GString *text = g_string_new (NULL);
  guint n = 2 + (guint)sl_random_below (random, 5);

  for (guint i = 0; i < n; i++)
    {
      if (i == 0 || _sl_draw_chance (random, 0.15))
        add_neutral (text, random);
      add_opinion (text, random, _sl_draw_chance (random, OTHER_SIDE) ? !good : good);
    }
  g_string_append (text, PICK (random, endings[good]));
  return g_string_free (text, FALSE);
}

/* Commas and quotation marks are in what is written, line breaks are not. */
static void
add_row (GString *csv, const char *label, const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, "\"", -1);
  g_autofree char *quoted = g_strjoinv ("\"\"", parts);

  g_string_append_printf (csv, "%s,\"%s\"\n", label, quoted);
}

static gboolean
write_review (const SampleWriter *self, guint i, gpointer csv, GError **error)
{
  static Words labels[] = { "negative", "positive" };
  const guint good = i % 2;
  g_autofree char *text = NULL;
  SlRandom random;
  gboolean wrong = i % WRONG_EVERY == WRONG_EVERY - 1;

  _sl_sample_random (&random, i, SAMPLE_REVIEWS);
  text = write_text (&random, good);
  if (i < N_LABELLED && wrong)
    {
      g_autofree char *name = g_strdup_printf ("texts.csv:%u", i + 2); /* behind the header */

      _sl_sample_add_wrong (self, name);
    }
  add_row (csv, i < N_LABELLED ? labels[wrong ? !good : good] : "", text);
  return TRUE;
}

gboolean
_sl_sample_write_reviews (const SampleWriter *self, GError **error)
{
  g_autoptr (GString) csv = g_string_new ("label,text\n");

  return _sl_sample_write_all (self, N_REVIEWS, write_review, csv, error)
         && _sl_sample_save_text (self, csv->str, "texts.csv", error);
}
