/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What each word does for an answer: the text is asked with parts of it left out, and a line is fitted through what came of it.
 *
 * Leaving out one word at a time, as was done first, says little where several say the same: without "loved" a review that
 * also has "wonderful" and "brilliant" is as good, and what is left is noise (a full stop weighed most, and "wonderful" spoke
 * for the bad).  With half of the words left out at random each has its turn at being the only one that says it.
 * Left out, not hidden behind xxunk: models of few texts have hardly seen that, so any word may weigh something.
 * Gradients times inputs would take one pass back in place of hundreds forward, but say little of a network that is sure of
 * itself: its gradients are then near 0 everywhere. */
#include "train/model.h"
#include "train/text-model.h"
#include <math.h>
#include <slope/random.h>
#include <slope/word-weights.h>
#include <string.h>

#define MOST_GROUPS 96
#define ROWS 16 /* asked at a time */
/* Parts of the text that are asked: for each group this many, and a multiple of ROWS between these bounds. */
#define PARTS_A_GROUP 4
#define FEWEST_PARTS 128
#define MOST_PARTS 256
/* Of the groups a part keeps between these shares: many alone, many together. */
#define LEAST_KEPT 0.2
#define MOST_KEPT 0.8
#define RIDGE 10.0
/* What is left of the largest change of a weight, in nats, when a fit has settled; and steps at most. */
#define SETTLED 1e-4
#define MOST_STEPS 1000
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

/* Words that are left out together: tokens before @end, from where the last group ends. */
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

/* The words of the groups that @kept has, at the end of @row.  Returns: where they begin. */
static gint32
write_row (const Weighing *self, const guint8 *kept, gint32 *row)
{
  gsize at = self->n, group = self->groups->len - 1;

  for (gsize i = self->n; i-- > 0;)
    {
      while (group > 0 && i < g_array_index (self->groups, Group, group - 1).end)
        group--;
      if (kept[group] || self->numbers[i] == SL_SPECIAL_BEGIN)
        row[--at] = self->numbers[i];
    }
  for (gsize i = 0; i < at; i++)
    row[i] = SL_SPECIAL_PADDING;
  return (gint32)at;
}

/* @kept: (ROWS, groups).  @odds: (ROWS): of the class. */
static gboolean
ask (Weighing *self, const guint8 *kept, double *odds, GError **error)
{
  SlRowRunner *runner = &self->model->runner;
  const guint n_classes = runner->problem->n_classes;
  const float *probabilities;

  if (g_cancellable_set_error_if_cancelled (self->cancellable, error)
      || !sl_row_runner_set (runner, ROWS, (guint)self->n, NULL, error))
    return FALSE;
  for (guint i = 0; i < ROWS; i++)
    sl_row_runner_starts (runner)[i] = write_row (self, kept + i * self->groups->len,
                                                  sl_row_runner_tokens (runner) + i * self->n);
  sl_plan_forward (runner->plan, 0);
  probabilities = sl_plan_output (runner->plan, "probabilities", NULL);
  for (guint i = 0; i < ROWS; i++)
    odds[i] = log_odds (probabilities[i * n_classes + self->class_index]);
  return TRUE;
}

/* ---- Parts, and the line through them */

/* The first part is the whole text.  @kept: (n_parts, groups). */
static void
draw_parts (guint8 *kept, gsize n_parts, gsize n_groups)
{
  SlRandom random;

  sl_random_init (&random, sl_random_key (0, SL_PURPOSE_WEIGH, n_parts, n_groups));
  memset (kept, TRUE, n_groups);
  for (gsize part = 1; part < n_parts; part++)
    {
      const double share = sl_random_uniform (&random, LEAST_KEPT, MOST_KEPT);

      for (gsize i = 0; i < n_groups; i++)
        kept[part * n_groups + i] = sl_random_uniform (&random, 0., 1.) < share;
    }
}

/* Gauss and Seidel: each weight in turn takes what the others leave unexplained. @columns: (groups, n_parts), of
 * mean 0; @rest: (n_parts), the odds with mean 0; changed: what no weight explains. */
static void
fit (GArray *groups, const double *columns, double *rest, gsize n_parts)
{
  double largest = HUGE_VAL;

  for (guint step = 0; step < MOST_STEPS && largest > SETTLED; step++)
    {
      largest = 0.;
      for (gsize i = 0; i < groups->len; i++)
        {
          Group *group = &g_array_index (groups, Group, i);
          const double *column = columns + i * n_parts;
          double along = 0., square = 0., change;

          for (gsize part = 0; part < n_parts; part++)
            {
              along += column[part] * rest[part];
              square += column[part] * column[part];
            }
          change = (along - RIDGE * group->weight) / (square + RIDGE);
          group->weight += change;
          for (gsize part = 0; part < n_parts; part++)
            rest[part] -= change * column[part];
          largest = MAX (largest, fabs (change));
        }
    }
}

static void
take_mean (double *values, gsize n)
{
  double sum = 0.;

  for (gsize i = 0; i < n; i++)
    sum += values[i];
  for (gsize i = 0; i < n; i++)
    values[i] -= sum / (double)n;
}

/* All rows of a batch are parts, so that one plan serves. */
static gboolean
weigh_groups (Weighing *self, GError **error)
{
  const gsize n_groups = self->groups->len;
  const gsize n_parts = CLAMP (n_groups * PARTS_A_GROUP / ROWS * ROWS, FEWEST_PARTS, MOST_PARTS);
  g_autofree guint8 *kept = g_new (guint8, n_parts * n_groups);
  g_autofree double *odds = g_new (double, n_parts);
  g_autofree double *columns = g_new (double, n_groups *n_parts);

  draw_parts (kept, n_parts, n_groups);
  for (gsize first = 0; first < n_parts; first += ROWS)
    if (!ask (self, kept + first * n_groups, odds + first, error))
      return FALSE;
  for (gsize i = 0; i < n_groups; i++)
    {
      for (gsize part = 0; part < n_parts; part++)
        columns[i * n_parts + part] = kept[part * n_groups + i];
      take_mean (columns + i * n_parts, n_parts);
    }
  take_mean (odds, n_parts);
  fit (self->groups, columns, odds, n_parts);
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
