/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What each word does for an answer, by leaving it out.  Hidden behind xxunk, which models of few texts have hardly seen, any
 * word may weigh something.  Gradients times inputs would take one pass back in place of a hundred
 * forward, but say little of a network that is sure of itself: its gradients are then near 0 everywhere. */
#include "train/model.h"
#include "train/text-model.h"
#include <math.h>
#include <slope/word-weights.h>
#include <string.h>

#define MOST_GROUPS 128
#define ROWS 16
/* Probabilities of float32 are no surer than this. */
#define LEAST_DOUBT 1e-7

void
sl_word_weights_free (SlWordWeights *self)
{
  if (self == NULL)
    return;
  g_strfreev (self->tokens);
  g_free (self->weights);
  g_free (self);
}

/* Words that are hidden together: tokens before @end, from where the last group ends. */
typedef struct
{
  gsize end;
  double weight;
} Group;

typedef struct
{
  SlTextModel *model;
  guint class_index;
  GCancellable *cancellable;
  const gint32 *numbers; /* (n): what is read of the text */
  const guint8 *special; /* (n) */
  gsize n;
  GArray *groups; /* of Group */
} Weighing;

/* ---- Groups */

/* A special token says something of the word behind it. */
static void
make_groups (Weighing *self)
{
  gsize n_words = 0, each, in_group = 0;

  for (gsize i = 0; i < self->n; i++)
    n_words += !self->special[i];
  each = MAX ((n_words + MOST_GROUPS - 1) / MOST_GROUPS, 1);
  for (gsize i = 0; i < self->n; i++)
    {
      const Group group = { .end = i + 1 };

      in_group += !self->special[i];
      if (in_group < each && i + 1 < self->n)
        continue;
      g_array_append_val (self->groups, group);
      in_group = 0;
    }
}

/* ---- Asking */

static double
log_odds (double probability)
{
  probability = CLAMP (probability, LEAST_DOUBT, 1.0 - LEAST_DOUBT);
  return log (probability / (1.0 - probability));
}

/* The text without group @hidden, at the end of @row; behind the last group nothing is left out.  Returns: where it
 * begins. */
static gint32
write_row (const Weighing *self, gsize hidden, gint32 *row)
{
  gsize from = 0, to = 0, at = self->n;

  if (hidden < self->groups->len)
    {
      from = hidden > 0 ? g_array_index (self->groups, Group, hidden - 1).end : 0;
      to = g_array_index (self->groups, Group, hidden).end;
    }
  for (gsize i = self->n; i-- > 0;)
    if (i < from || i >= to || self->numbers[i] == SL_SPECIAL_BEGIN)
      row[--at] = self->numbers[i];
  for (gsize i = 0; i < at; i++)
    row[i] = SL_SPECIAL_PADDING;
  return (gint32)at;
}

/* @odds: (n_rows): of the class where groups @first … are hidden. */
static gboolean
ask (Weighing *self, gsize first, guint n_rows, double *odds, GError **error)
{
  SlRowRunner *runner = &self->model->runner;
  const guint n_classes = runner->problem->n_classes;
  const float *probabilities;

  if (g_cancellable_set_error_if_cancelled (self->cancellable, error)
      || !sl_row_runner_set (runner, n_rows, (guint)self->n, NULL, error))
    return FALSE;
  for (guint i = 0; i < n_rows; i++)
    sl_row_runner_starts (runner)[i] = write_row (self, first + i,
                                                  sl_row_runner_tokens (runner) + i * self->n);
  sl_plan_forward (runner->plan, 0);
  probabilities = sl_plan_output (runner->plan, "probabilities", NULL);
  for (guint i = 0; i < n_rows; i++)
    odds[i] = log_odds (probabilities[i * n_classes + self->class_index]);
  return TRUE;
}

/* All rows of a batch are made, also those behind the last group, so that one plan serves. */
static gboolean
weigh_groups (Weighing *self, GError **error)
{
  const guint n_rows = (guint)MIN (self->groups->len + 1, ROWS);
  double odds[ROWS], whole;

  if (!ask (self, self->groups->len, n_rows, odds, error))
    return FALSE;
  whole = odds[0];
  for (gsize first = 0; first < self->groups->len; first += n_rows)
    {
      if (!ask (self, first, n_rows, odds, error))
        return FALSE;
      for (guint i = 0; i < n_rows && first + i < self->groups->len; i++)
        g_array_index (self->groups, Group, first + i).weight = whole - odds[i];
    }
  return TRUE;
}

/* ---- One text */

typedef struct
{
  const SlVocabulary *vocabulary;
  GPtrArray *tokens;
  GArray *numbers; /* of gint32 */
  GByteArray *special;
} Reading;

static void
read_token (const char *token, gsize length, gpointer user_data)
{
  Reading *self = user_data;
  const gint32 number = (gint32)sl_vocabulary_find (self->vocabulary, token, length);
  const guint8 special = number != SL_SPECIAL_UNKNOWN && number < SL_N_SPECIALS;

  g_ptr_array_add (self->tokens, g_strndup (token, length));
  g_array_append_val (self->numbers, number);
  g_byte_array_append (self->special, &special, 1);
}

static SlWordWeights *
collect (const Weighing *weighing, Reading *reading)
{
  SlWordWeights *self = g_new0 (SlWordWeights, 1);
  gsize group = 0;

  self->n = reading->tokens->len;
  self->first = self->n - weighing->n;
  self->weights = g_new0 (float, self->n + 1);
  for (gsize i = 0; i < weighing->n; i++)
    {
      const Group *own = &g_array_index (weighing->groups, Group, group);

      self->weights[self->first + i] = (float)own->weight;
      if (i + 1 == own->end)
        group++;
    }
  g_ptr_array_add (reading->tokens, NULL);
  self->tokens = (char **)g_ptr_array_steal (reading->tokens, NULL);
  return self;
}

SlWordWeights *
sl_text_model_weigh (SlTextModel *model, const char *text, guint class_index,
                     GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) tokens = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (gint32));
  g_autoptr (GArray) groups = g_array_new (FALSE, FALSE, sizeof (Group));
  g_autoptr (GByteArray) special = g_byte_array_new ();
  Reading reading = { model->vocabulary, tokens, numbers, special };
  Weighing weighing = {
    .model = model, .class_index = class_index, .cancellable = cancellable, .groups = groups
  };
  gsize first;

  sl_tokeniser_run (model->tokeniser, text, -1, read_token, &reading);
  first = numbers->len - MIN (numbers->len, SL_TEXT_CLASSIFIER_MAX_TOKENS);
  weighing.n = numbers->len - first;
  weighing.numbers = &g_array_index (numbers, gint32, first);
  weighing.special = special->data + first;
  make_groups (&weighing);
  return weigh_groups (&weighing, error) ? collect (&weighing, &reading) : NULL;
}
