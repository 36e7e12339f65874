/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <slope/generate.h>

#include <math.h>
#include <slope/random.h>
#include <stdlib.h>
#include <string.h>

#define N_STATES 2 /* of a layer: h and c */
#define MOST_READ 1000

struct _SlGenerator
{
  SlAwdLstm model;
  SlVocabulary *vocabulary;
  SlTokeniser *tokeniser;
  SlGraph *graph;
  SlPlan *plan;
  float *sorted; /* (n_words) */
};

SlGenerator *
sl_generator_new (const SlAwdLstm *model, SlParams *params, SlVocabulary *vocabulary,
                  GError **error)
{
  g_autoptr (SlGenerator) self = g_new0 (SlGenerator, 1);
  SlValue tokens;

  self->model = *model;
  self->vocabulary = sl_vocabulary_ref (vocabulary);
  if (sl_vocabulary_n_words (vocabulary) != model->n_words)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_SHAPE,
                   "The language model knows %u words, its vocabulary has %u: use those that were "
                   "saved together",
                   model->n_words, sl_vocabulary_n_words (vocabulary));
      return NULL;
    }
  self->tokeniser = sl_tokeniser_new (sl_vocabulary_get_rules (vocabulary), error);
  if (self->tokeniser == NULL)
    return NULL;
  self->graph = sl_graph_new ();
  tokens = sl_graph_input (self->graph, "tokens", SL_DTYPE_I32, SL_SHAPE2 (1, 1));
  if (!sl_awd_lstm_build_writer (self->graph, model, tokens, error))
    return NULL;
  self->plan = sl_plan_new (self->graph, params, SL_MODE_EVAL, SL_PLAN_DEFAULT, error);
  if (self->plan == NULL)
    return NULL;
  self->sorted = g_new (float, model->n_words);
  return g_steal_pointer (&self);
}

void
sl_generator_free (SlGenerator *self)
{
  g_clear_pointer (&self->plan, sl_plan_free);
  g_clear_pointer (&self->graph, sl_graph_unref);
  g_clear_pointer (&self->tokeniser, sl_tokeniser_free);
  sl_vocabulary_unref (self->vocabulary);
  g_free (self->sorted);
  g_free (self);
}

/* ---- The model's steps */

static void
each_state (SlGenerator *self, gboolean carries)
{
  static const char letters[N_STATES] = { 'h', 'c' };

  for (guint i = 0; i < self->model.n_layers * N_STATES; i++)
    {
      gsize bytes = sizeof (float) * sl_awd_lstm_n_units (&self->model, i / N_STATES);
      char before[16], after[16];

      g_snprintf (before, sizeof before, "%c%u", letters[i % N_STATES], i / N_STATES);
      g_snprintf (after, sizeof after, "%s after", before);
      if (carries)
        memcpy (sl_plan_input_data (self->plan, before), sl_plan_output (self->plan, after, NULL),
                bytes);
      else
        memset (sl_plan_input_data (self->plan, before), 0, bytes);
    }
}

/* Reads one token; returns the scores of what may follow it. */
static const float *
read_token (SlGenerator *self, guint token)
{
  *(gint32 *)sl_plan_input_data (self->plan, "tokens") = (gint32)token;
  sl_plan_forward (self->plan, 0);
  each_state (self, TRUE);
  return sl_plan_output (self->plan, "next", NULL);
}

/* ---- The next word */

static gboolean
is_end (guint word)
{
  return word == SL_SPECIAL_BEGIN || word == SL_SPECIAL_END;
}

static gboolean
may_choose (const SlGenerateOptions *options, guint word)
{
  if (is_end (word))
    return options->whole_text;
  return word != SL_SPECIAL_UNKNOWN && word != SL_SPECIAL_PADDING && word != SL_SPECIAL_FIELD;
}

static int
compare_falling (gconstpointer a, gconstpointer b)
{
  float x = *(const float *)a, y = *(const float *)b;

  return (x < y) - (x > y);
}

/* The least score of the @options->top_k likeliest words. */
static double
least_of_top (SlGenerator *self, const SlGenerateOptions *options, const float *scores)
{
  guint n = 0;

  for (guint i = 0; i < self->model.n_words; i++)
    if (may_choose (options, i))
      self->sorted[n++] = scores[i];
  if (options->top_k == 0 || options->top_k >= n)
    return -INFINITY;
  qsort (self->sorted, n, sizeof *self->sorted, compare_falling);
  return self->sorted[options->top_k - 1];
}

/* The least score with which a word may be chosen: @top is the highest one. */
static double
least_score (SlGenerator *self, const SlGenerateOptions *options, const float *scores, double top)
{
  double least = least_of_top (self, options, scores), sum = 0;

  if (options->min_probability <= 0)
    return least;
  for (guint i = 0; i < self->model.n_words; i++)
    sum += exp (scores[i] - top);
  return MIN (top, MAX (least, top + log (options->min_probability * sum)));
}

/* FALSE: the scores are no numbers. */
static gboolean
find_likeliest (SlGenerator *self, const SlGenerateOptions *options, const float *scores,
                guint *word)
{
  float top = -INFINITY;

  for (guint i = 0; i < self->model.n_words; i++)
    {
      if (!isfinite (scores[i]))
        return FALSE;
      if (may_choose (options, i) && scores[i] > top)
        {
          top = scores[i];
          *word = i;
        }
    }
  return isfinite (top);
}

static gboolean
choose (SlGenerator *self, const SlGenerateOptions *options, const float *scores, SlRandom *random,
        guint *word)
{
  double top, least, sum = 0, at;

  if (!find_likeliest (self, options, scores, word))
    return FALSE;
  if (options->temperature <= 0)
    return TRUE;
  top = scores[*word];
  least = least_score (self, options, scores, top);
  for (guint i = 0; i < self->model.n_words; i++)
    if (may_choose (options, i) && scores[i] >= least)
      sum += exp ((scores[i] - top) / options->temperature);
  at = sl_random_uniform (random, 0, sum);
  for (guint i = 0; i < self->model.n_words; i++)
    if (may_choose (options, i) && scores[i] >= least)
      {
        double share = exp ((scores[i] - top) / options->temperature);

        if (at < share)
          {
            *word = i;
            return TRUE;
          }
        at -= share;
      }
  return TRUE; /* the likeliest, where rounding has left nothing */
}

/* ---- A text */

static gboolean
check (const SlGenerateOptions *options, GError **error)
{
  if (options->n_tokens > SL_GENERATE_MAX_TOKENS)
    g_set_error (error, SL_ERROR, SL_ERROR_DATA, "%u words at a time: ask for at most %d",
                 options->n_tokens, SL_GENERATE_MAX_TOKENS);
  else if (!(options->temperature >= 0 && options->temperature <= 100))
    g_set_error (error, SL_ERROR, SL_ERROR_DATA,
                 "%g is no temperature: use 0 (the likeliest word) to 100", options->temperature);
  else if (!(options->min_probability >= 0 && options->min_probability <= 1))
    g_set_error (error, SL_ERROR, SL_ERROR_DATA, "%g is no probability: use 0 to 1",
                 options->min_probability);
  else
    return TRUE;
  return FALSE;
}

typedef struct
{
  SlVocabulary *vocabulary;
  SlDetokeniser *detokeniser;
  GString *text;  /* of the prompt as it would be written */
  GArray *tokens; /* guint */
} Prompt;

static void
take_token (const char *token, gsize length, gpointer user_data)
{
  Prompt *prompt = user_data;
  guint word = sl_vocabulary_find (prompt->vocabulary, token, length);

  sl_detokeniser_add (prompt->detokeniser, token, length, prompt->text);
  if (word != SL_SPECIAL_END)
    g_array_append_val (prompt->tokens, word);
}

/* The scores behind the prompt; the state is that of its end. */
static const float *
read_prompt (SlGenerator *self, const char *prompt, SlDetokeniser *detokeniser,
             GCancellable *cancellable, GError **error)
{
  g_autoptr (GArray) tokens = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GString) text = g_string_new (NULL);
  Prompt reading = { self->vocabulary, detokeniser, text, tokens };
  const float *scores = NULL;

  sl_tokeniser_run (self->tokeniser, prompt, -1, take_token, &reading);
  each_state (self, FALSE);
  for (guint i = tokens->len > MOST_READ ? tokens->len - MOST_READ : 0; i < tokens->len; i++)
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return NULL;
      scores = read_token (self, g_array_index (tokens, guint, i));
    }
  return scores;
}

/* The piece that @word adds: no second space behind the prompt's own. */
static void
write_word (SlGenerator *self, guint word, SlDetokeniser *detokeniser, GString *text,
            SlGenerateFunc func, gpointer user_data)
{
  gsize length, before = text->len;
  const char *token = sl_vocabulary_get_word (self->vocabulary, word, &length);

  sl_detokeniser_add (detokeniser, token, length, text);
  if (before > 0 && text->len > before && text->str[before] == ' '
      && g_ascii_isspace (text->str[before - 1]))
    g_string_erase (text, (gssize)before, 1);
  if (func != NULL && text->len > before)
    func (text->str + before, user_data);
}

char *
sl_generator_run (SlGenerator *self, const char *prompt, const SlGenerateOptions *options,
                  SlGenerateFunc func, gpointer user_data, GCancellable *cancellable,
                  GError **error)
{
  g_autoptr (SlDetokeniser) detokeniser = sl_detokeniser_new ();
  g_autoptr (GString) text = g_string_new (prompt);
  SlRandom random;
  const float *scores;

  if (!check (options, error))
    return NULL;
  sl_random_init (&random, sl_random_key (options->seed, SL_PURPOSE_GENERATE, 0, 0));
  scores = read_prompt (self, prompt, detokeniser, cancellable, error);
  if (scores == NULL)
    return NULL;
  for (guint i = 0; i < options->n_tokens; i++)
    {
      guint word = 0;

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return NULL;
      if (!choose (self, options, scores, &random, &word))
        {
          g_set_error (error, SL_ERROR, SL_ERROR_DIVERGED,
                       "The model has no scores for words: train it again with a smaller rate");
          return NULL;
        }
      if (is_end (word))
        break;
      write_word (self, word, detokeniser, text, func, user_data);
      scores = read_token (self, word);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}
