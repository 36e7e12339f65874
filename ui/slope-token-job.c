/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-token-job.h"

typedef struct
{
  char *text;
  SlTokenRules rules;
  gboolean effects;
} Job;

static void
job_free (Job *job)
{
  g_free (job->text);
  g_free (job);
}

void
slope_tokens_free (SlopeTokens *self)
{
  g_strfreev (self->tokens);
  for (guint i = 0; i < SLOPE_MAX_TOKEN_RULES; i++)
    g_free (self->examples[i]);
  g_free (self);
}

/* (transfer full) */
static char **
split (const char *text, SlTokenRules rules, GError **error)
{
  g_autoptr (SlTokeniser) tokeniser = sl_tokeniser_new (rules, error);

  return tokeniser != NULL ? sl_tokeniser_split (tokeniser, text) : NULL;
}

/* How many of @a find no equal in @b. */
static guint
count_lacking (char **a, char **b)
{
  g_autoptr (GHashTable) there = g_hash_table_new (g_str_hash, g_str_equal);
  guint lacking = 0;

  for (; *b != NULL; b++)
    g_hash_table_insert (there, *b,
                         GUINT_TO_POINTER (GPOINTER_TO_UINT (g_hash_table_lookup (there, *b)) + 1));
  for (; *a != NULL; a++)
    {
      const guint left = GPOINTER_TO_UINT (g_hash_table_lookup (there, *a));

      lacking += left == 0;
      if (left > 0)
        g_hash_table_insert (there, *a, GUINT_TO_POINTER (left - 1));
    }
  return lacking;
}

/* "GREAT → xxup great", by this rule alone; xxbos goes without saying. */
static char *
say_example (const SlTokenRuleInfo *rule, GError **error)
{
  g_auto (GStrv) tokens = split (rule->example, rule->rule, error);
  g_autofree char *words = tokens != NULL ? g_strjoinv (" ", tokens + 1) : NULL;

  if (words != NULL)
    g_strdelimit (words, "\n", ' '); /* a token too */
  return words != NULL ? g_strdup_printf ("%s → %s", rule->example, words) : NULL;
}

static gboolean
find_effects (SlopeTokens *self, const Job *job, GCancellable *cancellable, GError **error)
{
  guint n;
  const SlTokenRuleInfo *rules = sl_token_rules_list (&n);

  g_return_val_if_fail (n <= SLOPE_MAX_TOKEN_RULES, FALSE);

  for (guint i = 0; i < n; i++)
    {
      g_auto (GStrv) others = NULL;

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      others = split (job->text, job->rules ^ rules[i].rule, error);
      self->examples[i] = others != NULL ? say_example (&rules[i], error) : NULL;
      if (self->examples[i] == NULL)
        return FALSE;
      self->changes[i] = MAX (count_lacking (self->tokens, others),
                              count_lacking (others, self->tokens));
    }
  self->has_effects = TRUE;
  return TRUE;
}

static void
split_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Job *job = task_data;
  g_autoptr (SlopeTokens) self = g_new0 (SlopeTokens, 1);
  GError *error = NULL;

  self->tokens = split (job->text, job->rules, &error);
  self->n_tokens = self->tokens != NULL ? g_strv_length (self->tokens) : 0;
  if (self->tokens == NULL || (job->effects && !find_effects (self, job, cancellable, &error)))
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_steal_pointer (&self), (GDestroyNotify)slope_tokens_free);
}

void
slope_tokens_async (const char *text, SlTokenRules rules, gboolean effects,
                    GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Job *job = g_new0 (Job, 1);

  g_return_if_fail (text != NULL);

  job->text = g_strdup (text);
  job->rules = rules;
  job->effects = effects;
  g_task_set_source_tag (task, slope_tokens_async);
  g_task_set_task_data (task, job, (GDestroyNotify)job_free);
  g_task_run_in_thread (task, split_in_thread);
}

SlopeTokens *
slope_tokens_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, slope_tokens_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
