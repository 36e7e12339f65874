/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A language model from random weights on one file of WikiText, tested on another, and what wikitext-torch.py needs to
 * do the same.
 *
 * usage: wikitext TRAIN.txt TEST.txt FOLDER [--epochs N] [--seed N] [--texts N] [--bf16] [--only-write]
 *
 * FOLDER gets the tokens and the recipe.  --texts: only so many articles of either file, for the speed alone.  Prints
 * one object of JSON: perplexity of the test's texts, seconds, tokens a second. */
#include <slope/language.h>
#include <slope/parallel.h>
#include <slope/vocabulary.h>
#include <string.h>

#define N_STREAMS 20
#define LENGTH 70
#define RATE 6e-3
#define CLIP 0.4

typedef struct
{
  char *folder;
  int n_epochs;
  int seed;    /* of what is random here and there */
  int n_texts; /* of either part; 0: all */
  gboolean bf16;
  gboolean only_writes;
  GPtrArray *texts; /* of the training part, then of the test's */
  guint n_train;
  SlTokenCache *cache;
  guint8 *uses[2]; /* of each part: which texts are its */
  guint32 *map;
  SlAwdLstm model;
  SlLanguageRecipe recipe;
} Job;

static void
fail_on (const GError *error)
{
  if (error != NULL)
    g_error ("%s", error->message);
}

/* ---- Texts */

/* Articles begin with " = Title = ", their sections with " = = Title = = ". */
static gboolean
is_title (const char *line)
{
  return g_str_has_prefix (line, " = ") && line[3] != '=';
}

static void
read_articles (Job *self, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *data = NULL;
  g_auto (GStrv) lines = NULL;
  GString *text = NULL;
  guint first = self->texts->len;

  g_file_get_contents (path, &data, NULL, &error);
  fail_on (error);
  lines = g_strsplit (data, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      if (is_title (lines[i]) && text != NULL)
        g_ptr_array_add (self->texts, g_string_free (g_steal_pointer (&text), FALSE));
      if (self->n_texts > 0 && self->texts->len - first == (guint)self->n_texts)
        break;
      if (text == NULL)
        text = g_string_new (NULL);
      g_string_append_printf (text, "%s\n", lines[i]);
    }
  if (text != NULL)
    g_ptr_array_add (self->texts, g_string_free (text, FALSE));
}

static gsize
text_bytes (gsize i, gpointer data)
{
  return strlen (g_ptr_array_index ((GPtrArray *)data, i));
}

static char *
read_text (gsize i, gsize *length, gpointer data, GError **error)
{
  char *text = g_strdup (g_ptr_array_index ((GPtrArray *)data, i));

  *length = strlen (text);
  return text;
}

static void
make_tokens (Job *self)
{
  SlTextSource source = { self->texts->len, "articles", text_bytes, read_text, self->texts };
  g_autofree char *path = g_build_filename (self->folder, "tokens", NULL);
  g_autofree guint64 *counts = NULL;
  g_autoptr (SlVocabulary) vocabulary = NULL;
  g_autoptr (GError) error = NULL;

  sl_token_cache_build (path, &source, SL_TOKEN_COURSE, NULL, NULL, NULL, &error);
  fail_on (error);
  self->cache = sl_token_cache_open (path, source.key, SL_TOKEN_COURSE, &error);
  fail_on (error);
  for (guint part = 0; part < 2; part++)
    {
      self->uses[part] = g_new0 (guint8, source.n);
      for (guint i = 0; i < source.n; i++)
        self->uses[part][i] = (i >= self->n_train) == part;
    }
  counts = sl_token_cache_count (self->cache, self->uses[0]);
  vocabulary = sl_vocabulary_choose (self->cache, counts, SL_VOCABULARY_WORDS,
                                     SL_VOCABULARY_MIN_COUNT);
  self->map = sl_vocabulary_map (vocabulary, self->cache);
  sl_awd_lstm_preset ("small", sl_vocabulary_n_words (vocabulary), &self->model);
}

/* ---- For the other program */

static void
write_tokens (const Job *self, const char *name, const guint8 *uses)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autofree char *path = g_build_filename (self->folder, name, NULL);
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < self->texts->len; i++)
    {
      gsize n;
      const guint32 *text = sl_token_cache_get_text (self->cache, i, &n);

      for (gsize k = 0; uses[i] && k < n; k++)
        g_byte_array_append (bytes, (const guint8 *)&self->map[text[k]], sizeof *self->map);
    }
  g_file_set_contents (path, (const char *)bytes->data, (gssize)bytes->len, &error);
  fail_on (error);
}

static void
write_recipe (const Job *self)
{
  const SlAwdLstm *m = &self->model;
  const SlLanguageRecipe *r = &self->recipe;
  double p = m->drop_mult;
  const SlOneCycle cycle = SL_ONE_CYCLE_INIT (1);
  g_autofree char *path = g_build_filename (self->folder, "recipe.json", NULL);
  g_autofree char *json = g_strdup_printf (
      "{\"n_words\": %u, \"n_features\": %u, \"n_hidden\": %u, \"n_layers\": %u,\n"
      " \"embedding_dropout\": %g, \"input_dropout\": %g, \"hidden_dropout\": %g,\n"
      " \"output_dropout\": %g, \"weight_dropout\": %g, \"alpha\": %g, \"beta\": %g,\n"
      " \"n_streams\": %d, \"length\": %d, \"n_epochs\": %u, \"lr\": %g, \"clip\": %g,\n"
      " \"weight_decay\": %g, \"mom_high\": %g, \"mom_low\": %g, \"pct_start\": %g, \"seed\": "
      "%d}\n",
      m->n_words, m->n_features, m->n_hidden, m->n_layers, p * m->embedding_dropout,
      p * m->input_dropout, p * m->hidden_dropout, p * m->output_dropout, p * m->weight_dropout,
      m->alpha, m->beta, N_STREAMS, LENGTH, r->n_epochs, r->lr_high, r->clip, r->weight_decay,
      r->mom_high, r->mom_low, cycle.pct_start, self->seed);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, json, -1, &error);
  fail_on (error);
}

/* ---- Training */

static void
run (const Job *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SlTokenStreams) train = sl_token_streams_new (self->cache, self->map, self->uses[0],
                                                           N_STREAMS, LENGTH, &error);
  g_autoptr (SlTokenStreams) test = NULL;
  g_autoptr (SlParams) params = NULL;
  SlLanguageScore score;
  guint64 n;
  gint64 begun;
  double seconds;

  fail_on (error);
  test = sl_token_streams_new (self->cache, self->map, self->uses[1], N_STREAMS, LENGTH, &error);
  fail_on (error);
  params = sl_language_new_params (&self->model, self->recipe.seed, &error);
  fail_on (error);
  sl_token_streams_begin (train, FALSE, 0);
  n = self->recipe.n_epochs * sl_token_streams_n_left (train);
  begun = g_get_monotonic_time ();
  sl_language_train (&self->model, params, train, NULL, &self->recipe, NULL, NULL, NULL, &error);
  fail_on (error);
  seconds = (double)(g_get_monotonic_time () - begun) * 1e-6;
  sl_language_evaluate (&self->model, params, test, NULL, &score, &error);
  fail_on (error);
  g_print ("{\"tokens_per_second\": %.0f, \"seconds\": %.1f, \"perplexity\": %.2f, \"accuracy\": "
           "%.4f}\n",
           (double)n / seconds, seconds, score.perplexity, score.accuracy);
}

static void
job_clear (Job *self)
{
  g_ptr_array_unref (self->texts);
  g_clear_pointer (&self->cache, sl_token_cache_unref);
  g_free (self->uses[0]);
  g_free (self->uses[1]);
  g_free (self->map);
}

int
main (int argc, char *argv[])
{
  Job job = { .n_epochs = 4, .texts = g_ptr_array_new_with_free_func (g_free) };
  const GOptionEntry entries[] = {
    { "epochs", 0, 0, G_OPTION_ARG_INT, &job.n_epochs, NULL, "N" },
    { "seed", 0, 0, G_OPTION_ARG_INT, &job.seed, NULL, "N" },
    { "texts", 0, 0, G_OPTION_ARG_INT, &job.n_texts, NULL, "N" },
    { "bf16", 0, 0, G_OPTION_ARG_NONE, &job.bf16, NULL, NULL },
    { "only-write", 0, 0, G_OPTION_ARG_NONE, &job.only_writes, NULL, NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("TRAIN.txt TEST.txt FOLDER");
  g_autoptr (GError) error = NULL;

  sl_parallel_be_patient (argv);
  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_parse (context, &argc, &argv, &error);
  fail_on (error);
  if (argc != 4 || job.n_epochs < 1 || job.seed < 0 || job.n_texts < 0)
    {
      g_autofree char *help = g_option_context_get_help (context, TRUE, NULL);

      g_printerr ("%s", help);
      return 2;
    }
  job.folder = argv[3];
  g_mkdir_with_parents (job.folder, 0777);
  job.recipe = SL_LANGUAGE_RECIPE_INIT ((guint)job.n_epochs, RATE);
  job.recipe.clip = CLIP;
  job.recipe.seed = (guint64)job.seed;
  job.recipe.precision = job.bf16 ? SL_PRECISION_BF16 : SL_PRECISION_F32;
  read_articles (&job, argv[1]);
  job.n_train = job.texts->len;
  read_articles (&job, argv[2]);
  make_tokens (&job);
  write_tokens (&job, "train.i32", job.uses[0]);
  write_tokens (&job, "test.i32", job.uses[1]);
  write_recipe (&job);
  if (!job.only_writes)
    run (&job);
  job_clear (&job);
  return 0;
}
