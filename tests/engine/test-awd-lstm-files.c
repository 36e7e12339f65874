/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fast.ai's archives of a language model and its words (tests/golden/make-fastai-language.py), whole and damaged. */
#include <glib/gstdio.h>
#include <slope/awd-lstm.h>
#include <slope/language.h>
#include <slope/vocabulary.h>
#include <string.h>

static char *
find_file (const char *name)
{
  return g_test_build_filename (G_TEST_DIST, "golden", "fastai", name, NULL);
}

static SlStateDict *
load (const char *name, GError **error)
{
  g_autofree char *path = find_file (name);

  return sl_awd_lstm_load_weights (path, error);
}

static SlVocabulary *
read_vocabulary (const SlStateDict *dict)
{
  const char *text = sl_state_dict_get_meta (dict, "vocabulary");
  g_autoptr (GError) error = NULL;
  SlVocabulary *self = sl_vocabulary_from_text (text, strlen (text), &error);

  g_assert_no_error (error);
  return self;
}

/* Row of @word in the vocabulary that the weights brought. */
static const float *
row_of (SlStateDict *dict, const SlVocabulary *vocabulary, const char *word)
{
  SlTensor *encoder = sl_state_dict_lookup (dict, "encoder.weight");
  guint row = sl_vocabulary_find (vocabulary, word, strlen (word));

  g_assert_cmpuint (sl_tensor_get_shape (encoder).dim[0], ==, sl_vocabulary_n_words (vocabulary));
  return sl_tensor_f32 (encoder) + row * sl_tensor_get_shape (encoder).dim[1];
}

/* Each word kept its row; the word that the list lacks has the mean of all; doubles and empty words went. */
static void
test_wikitext (void)
{
  static const struct
  {
    const char *word;
    guint row; /* in the file */
  } words[] = { { "xxpad", 1 }, { "xxfld", 3 }, { "xxwrep", 7 }, { "the", 8 },
                { ",", 9 },     { "\n", 10 },   { "a\\b", 11 },  { "café", 14 } };
  g_autoptr (GError) error = NULL;
  g_autoptr (SlStateDict) dict = load ("wikitext.tgz", &error);
  g_autoptr (SlVocabulary) vocabulary = NULL;
  const float *bias;

  g_assert_no_error (error);
  vocabulary = read_vocabulary (dict);
  g_assert_cmpuint (sl_vocabulary_n_words (vocabulary), ==, SL_N_SPECIALS + 5);
  g_assert_cmpuint (sl_vocabulary_get_rules (vocabulary), ==, SL_TOKEN_COURSE);
  bias = sl_tensor_f32 (sl_state_dict_lookup (dict, "decoder.bias"));
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      const char *word = words[i].word;

      g_assert_cmpfloat (row_of (dict, vocabulary, word)[1], ==, 10.0f * words[i].row + 1);
      g_assert_cmpfloat (bias[sl_vocabulary_find (vocabulary, word, strlen (word))], ==,
                         100.0f + words[i].row);
    }
  g_assert_cmpfloat (row_of (dict, vocabulary, "xxeos")[2], ==,
                     72); /* mean of 0, 10 … 140, and 2 */
  g_assert_cmpfloat (bias[SL_SPECIAL_END], ==, 107);
}

/* A language model of these sizes takes all of it. */
static void
test_sizes (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SlStateDict) dict = load ("wikitext.tgz", &error), none = sl_state_dict_new ();
  g_autoptr (SlParams) params = NULL;
  SlAwdLstm model;
  guint n;

  g_assert_no_error (error);
  sl_awd_lstm_preset ("small", 1, &model);
  g_assert_true (sl_awd_lstm_read_sizes (dict, &model));
  g_assert_cmpuint (model.n_words, ==, SL_N_SPECIALS + 5);
  g_assert_cmpuint (model.n_features, ==, 3);
  g_assert_cmpuint (model.n_hidden, ==, 5);
  g_assert_cmpuint (model.n_layers, ==, 2);
  params = sl_language_new_params (&model, 1, &error);
  g_assert_no_error (error);
  g_assert_true (sl_params_from_state_dict (params, dict, FALSE, TRUE, &n, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, sl_params_n (params));
  g_assert_false (sl_awd_lstm_read_sizes (none, &model));
}

/* The names from before the first version, of words and of tensors. */
static void
test_old (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SlStateDict) dict = load ("old.tgz", &error);
  g_autoptr (SlVocabulary) vocabulary = NULL;

  g_assert_no_error (error);
  vocabulary = read_vocabulary (dict);
  g_assert_cmpuint (sl_vocabulary_n_words (vocabulary), ==, SL_N_SPECIALS + 3);
  g_assert_cmpfloat (row_of (dict, vocabulary, "xxbos")[0], ==, 40);
  g_assert_cmpfloat (row_of (dict, vocabulary, "xxup")[0], ==, 50);
  g_assert_cmpfloat (row_of (dict, vocabulary, "end")[0], ==, 90);
  g_assert_nonnull (sl_state_dict_lookup (dict, "rnns.1.module.weight_hh_l0"));
  g_assert_null (sl_state_dict_lookup (dict, "decoder.bias"));
}

/* For other words: known ones keep their rows, new ones get the mean; the LSTMs stay as they are. */
static void
test_translate (void)
{
  static const char words[] =
      "slope-vocabulary 1 lower\n"
      "0\txxunk\n0\txxpad\n0\txxbos\n0\txxeos\n0\txxfld\n0\txxmaj\n0\txxup\n"
      "0\txxrep\n0\txxwrep\n9\tcafé\n3\tnew\n2\tthe\n";
  g_autoptr (GError) error = NULL;
  g_autoptr (SlStateDict) dict = load ("wikitext.tgz", &error), out = NULL, none = NULL;
  g_autoptr (SlVocabulary) from = NULL, to = NULL, kept = NULL;
  const char *layer = "rnns.1.module.weight_hh_l0";
  SlTensor *bias;

  g_assert_no_error (error);
  from = read_vocabulary (dict);
  to = sl_vocabulary_from_text (words, strlen (words), &error);
  g_assert_no_error (error);
  out = sl_awd_lstm_translate (dict, from, to, &error);
  g_assert_no_error (error);
  kept = read_vocabulary (out);
  g_assert_cmpuint (sl_vocabulary_n_words (kept), ==, SL_N_SPECIALS + 3);
  g_assert_cmpfloat (row_of (out, kept, "xxunk")[0], ==, 0);
  g_assert_cmpfloat (row_of (out, kept, "xxmaj")[0], ==, 40);
  g_assert_cmpfloat (row_of (out, kept, "café")[1], ==, 141);
  g_assert_cmpfloat (row_of (out, kept, "the")[2], ==, 82);
  /* 14 rows: those of the file but for its empty word and its second "the", and the mean of its 15 for xxeos */
  g_assert_cmpfloat_with_epsilon (row_of (out, kept, "new")[0], (1050 - 120 - 130 + 70) / 14.0,
                                  1e-4);
  bias = sl_state_dict_lookup (out, "decoder.bias");
  g_assert_cmpfloat (sl_tensor_f32 (bias)[SL_N_SPECIALS], ==, 114);
  g_assert_true (sl_state_dict_lookup (out, layer) == sl_state_dict_lookup (dict, layer));
  none = sl_awd_lstm_translate (dict, to, from, &error);
  g_assert_null (none);
  g_assert_error (error, SL_ERROR, SL_ERROR_FORMAT);
}

static void
test_bad (void)
{
  static const struct
  {
    const char *file;
    int code;
    const char *says;
  } bad[] = { { "short.tgz", SL_ERROR_FORMAT, "not for its 14 words" },
              { "run.tgz", SL_ERROR_UNSUPPORTED, "getcwd" },
              { "text.tgz", SL_ERROR_FORMAT, "no list" } };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (load (bad[i].file, &error));
      g_assert_error (error, SL_ERROR, bad[i].code);
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, bad[i].file));
      g_assert_nonnull (strstr (error->message, bad[i].says));
    }
}

/* Cut anywhere, and with any byte changed, it is an error or a dictionary, and no crash. */
static void
test_damaged (void)
{
  g_autofree char *whole = find_file ("wikitext.tgz"), *data = NULL;
  g_autofree char *folder = g_dir_make_tmp ("slope-awd-lstm-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "wikitext.tgz", NULL);
  guint n_failed = 0;
  gsize size;

  g_assert_true (g_file_get_contents (whole, &data, &size, NULL));
  for (gsize at = 0; at < size; at += 13)
    {
      g_autoptr (GError) error = NULL, other = NULL;
      g_autoptr (SlStateDict) cut = NULL, changed = NULL;

      g_assert_true (g_file_set_contents (path, data, (gssize)at, NULL));
      cut = sl_awd_lstm_load_weights (path, &error);
      g_assert_true ((cut == NULL) == (error != NULL));
      n_failed += cut == NULL;
      data[at] ^= 0x55;
      g_assert_true (g_file_set_contents (path, data, (gssize)size, NULL));
      changed = sl_awd_lstm_load_weights (path, &other);
      g_assert_true ((changed == NULL) == (other != NULL));
      data[at] ^= 0x55;
    }
  g_assert_cmpuint (n_failed, >, size / 13 * 9 / 10);
  g_unlink (path);
  g_rmdir (folder);
}

/* Other files are read as any weights are. */
static void
test_others (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "golden",
                                                 "awd-lstm-weights.safetensors", NULL);
  g_autoptr (GError) error = NULL, missing = NULL;
  g_autoptr (SlStateDict) dict = sl_awd_lstm_load_weights (path, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (sl_state_dict_n (dict), >, 0);
  g_assert_null (sl_awd_lstm_load_weights ("/nowhere/x.tgz", &missing));
  g_assert_error (missing, SL_ERROR, SL_ERROR_NOT_FOUND);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/awd-lstm-files/wikitext", test_wikitext);
  g_test_add_func ("/awd-lstm-files/sizes", test_sizes);
  g_test_add_func ("/awd-lstm-files/old", test_old);
  g_test_add_func ("/awd-lstm-files/translate", test_translate);
  g_test_add_func ("/awd-lstm-files/bad", test_bad);
  g_test_add_func ("/awd-lstm-files/damaged", test_damaged);
  g_test_add_func ("/awd-lstm-files/others", test_others);
  return g_test_run ();
}
