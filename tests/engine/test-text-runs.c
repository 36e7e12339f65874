/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Texts from import to answer: a language model, a classifier that begins with it, and what is asked of them. */
#include "text-project.h"
#include "train/model.h"
#include <math.h>
#include <string.h>

static gint64
train (SlProject *project, SlLearn learn, guint epochs, double rate, gint64 from)
{
  g_autoptr (SlRecipe) recipe = text_project_recipe (learn, epochs, rate);
  g_autoptr (GError) error = NULL;
  gint64 id = 0;

  sl_project_train (project, recipe, from, NULL, &id, NULL, &error);
  g_assert_no_error (error);
  return id;
}

static SlRun *
newest_run (SlProject *project)
{
  g_autoptr (SlRun) run = g_list_model_get_item (sl_project_get_runs (project), 0);

  return run; /* the project keeps it */
}

/* ---- What is in a project */

static void
test_project (void)
{
  TextProject fixture = { 0 };
  g_autoptr (SlProject) project = text_project_create_opinions (&fixture);
  g_autoptr (SlImport) import = NULL;
  g_autoptr (GError) error = NULL;
  const gint64 ids[] = { 3, 4 };

  import = sl_import_scan (fixture.source, NULL, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (sl_import_get_task (import) == &sl_task_text);
  g_assert_cmpuint (sl_import_n_items (import), ==, N_OPINIONS + N_OPINIONS_UNLABELLED);
  g_assert_cmpuint (sl_import_count (import, G_MAXUINT, SL_SPLIT_VALID), ==, N_OPINIONS_HELD_BACK);
  for (guint i = 0; i < 2; i++) /* as it was made, and as it is opened */
    {
      SlItem *item = sl_project_get_item (project, 2);
      g_autofree char *text = sl_project_dup_text (project, item, &error);

      g_assert_no_error (error);
      g_assert_true (g_str_has_prefix (text, "The "));
      g_assert_cmpuint (strlen (text), ==, sl_item_get_bytes (item));
      g_assert_cmpstr (sl_item_get_target (item), ==, "plus");
      g_assert_cmpstr (sl_item_get_rel_path (item), ==, "texts.csv:3");
      g_clear_object (&project);
      project = sl_project_open (fixture.project, &error);
      g_assert_no_error (error);
    }
  /* Nothing on the disk moves, and it comes back. */
  g_assert_true (sl_project_remove (project, ids, 2, &error));
  g_assert_cmpuint (sl_project_count_removed (project), ==, 2);
  g_assert_true (sl_project_undo (project, &error));
  g_assert_cmpuint (sl_project_count_removed (project), ==, 0);
  g_assert_cmpint (sl_item_get_state (sl_project_get_item (project, 3)), ==, SL_ITEM_PRESENT);
  g_assert_true (sl_project_redo (project, &error));
  g_assert_true (sl_project_put_back (project, ids, 1, &error));
  g_assert_cmpint (sl_item_get_state (sl_project_get_item (project, 3)), ==, SL_ITEM_PRESENT);
  g_assert_true (sl_project_empty_bin (project, NULL, &error));
  g_assert_null (sl_project_get_item (project, 4));
  g_assert_no_error (error);
  /* Those behind it are still what they were. */
  {
    g_autofree char *text = sl_project_dup_text (project, sl_project_get_item (project, 5), &error);

    g_assert_no_error (error);
    g_assert_cmpuint (strlen (text), ==, sl_item_get_bytes (sl_project_get_item (project, 5)));
  }
  text_project_clear (&fixture);
}

/* ---- Runs */

static void
count_right (gpointer data, gpointer right)
{
  const char *predicted;
  SlItem *item = data;

  g_assert_true (sl_item_get_prediction (item, NULL, NULL, &predicted));
  *(guint *)right += g_strcmp0 (predicted, sl_item_get_target (item)) == 0;
}

static void
assert_answers (SlProject *project, gint64 run)
{
  g_autoptr (SlModel) model = sl_project_load_model (project, run, NULL);
  g_autoptr (SlPrediction) good = NULL, bad = NULL;
  g_autoptr (GPtrArray) hardest = NULL;
  g_autoptr (GError) error = NULL;
  guint right = 0;

  good = sl_model_predict_text (model, "The music is great. The film is warm.", "plus", &error);
  g_assert_no_error (error);
  bad = sl_model_predict_text (model, "The film is dull. The music is weak.", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (good->predicted, ==, "plus");
  g_assert_cmpfloat (good->probability, >, 0.8);
  g_assert_true (good->loss >= 0);
  g_assert_cmpstr (bad->predicted, ==, "minus");
  g_assert_true (isnan (bad->loss));
  g_assert_true (sl_project_evaluate (project, run, FALSE, NULL, NULL, &error));
  g_assert_no_error (error);
  hardest = sl_project_top_losses (project, SL_SPLIT_VALID, 1000);
  g_assert_cmpuint (hardest->len, ==, N_OPINIONS_HELD_BACK);
  g_ptr_array_foreach (hardest, count_right, &right);
  g_assert_cmpuint (right, >, N_OPINIONS_HELD_BACK * 9 / 10);
}

/* The adjectives decide, whatever stands around them. */
static void
assert_weights (SlProject *project, gint64 run)
{
  static const char opinion[] = "The film is great. The story is warm.";
  g_autoptr (SlModel) model = sl_project_load_model (project, run, NULL);
  g_autoptr (SlWordWeights) weights = NULL, other = NULL, whole = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  double least_adjective = INFINITY, most_else = -INFINITY;

  weights = sl_model_weigh_words (model, opinion, 1, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (weights->n, ==, g_strv_length (weights->tokens));
  g_assert_cmpuint (weights->first, ==, 0);
  for (gsize i = 0; i < weights->n; i++)
    {
      const char *token = weights->tokens[i];

      g_test_message ("%s: %+.3f", token, weights->weights[i]);
      if (g_str_equal (token, "great") || g_str_equal (token, "warm"))
        least_adjective = MIN (least_adjective, weights->weights[i]);
      else
        most_else = MAX (most_else, weights->weights[i]);
    }
  g_assert_cmpfloat (least_adjective, >, most_else);
  other = sl_model_weigh_words (model, opinion, 0, NULL, &error);
  for (gsize i = 0; i < weights->n; i++) /* of two classes one loses what the other gains */
    g_assert_cmpfloat_with_epsilon (weights->weights[i], -other->weights[i], 0.02);
  /* More than can be read, in groups. */
  for (guint i = 0; i < 900; i++)
    g_string_append (text, "dull film ");
  whole = sl_model_weigh_words (model, text->str, 0, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (whole->first, ==, whole->n - 1400);
  g_assert_cmpfloat (whole->weights[0], ==, 0.0f);
  g_cancellable_cancel (cancellable);
  g_assert_null (sl_model_weigh_words (model, text->str, 0, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_runs (void)
{
  TextProject fixture = { 0 };
  g_autoptr (SlProject) project = NULL;
  g_autoptr (SlModel) language_model = NULL;
  g_autoptr (SlGenerator) generator = NULL;
  g_autoptr (SlPrediction) none = NULL;
  g_autofree char *written = NULL;
  g_autoptr (GError) error = NULL;
  gint64 language, labels;
  SlRun *run;

  project = text_project_create_opinions (&fixture);
  language = train (project, SL_LEARN_LANGUAGE, 8, 2e-2, 0);
  run = newest_run (project);
  g_assert_true (sl_project_get_run_task (project, run) == &sl_task_language);
  g_assert_cmpint (sl_project_find_language_run (project), ==, language);
  g_assert_cmpfloat (sl_run_get_metric (run, 0), >, 0.5);
  g_assert_cmpfloat_with_epsilon (sl_run_get_metric (run, 1), exp (sl_run_get_valid_loss (run)),
                                  1e-9);
  g_assert_cmpfloat (sl_run_get_metric (run, 1), <, 4.0);
  language_model = sl_project_load_model (project, language, &error);
  g_assert_no_error (error);
  generator = sl_model_new_generator (language_model, &error);
  g_assert_no_error (error);
  written = sl_generator_run (generator, "The film",
                              &(SlGenerateOptions){ .n_tokens = 3, .temperature = 0 }, NULL, NULL,
                              NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (written, "The film is "));
  none = sl_model_predict_text (language_model, "The film", NULL, &error);
  g_assert_error (error, SL_ERROR, SL_ERROR_UNSUPPORTED);
  g_assert_null (none);
  g_clear_error (&error);
  labels = train (project, SL_LEARN_TASK, 12, 2e-2, language);
  run = newest_run (project);
  g_assert_cmpfloat (sl_run_get_metric (run, 0), >, 0.9);
  g_assert_cmpint (sl_run_get_from_run (run), ==, language);
  /* The encoder's sizes and words came with it. */
  {
    g_autoptr (SlModel) model = sl_project_load_model (project, labels, NULL);

    g_assert_cmpuint (sl_vocabulary_n_words (sl_model_get_vocabulary (model)), ==,
                      sl_vocabulary_n_words (sl_model_get_vocabulary (language_model)));
    g_assert_null (sl_model_new_generator (model, NULL));
  }
  assert_answers (project, labels);
  assert_weights (project, labels);
  text_project_clear (&fixture);
}

/* ---- Going on in mid-epoch */

typedef struct
{
  guint at; /* the batch to stop at */
  GArray *losses;
} Stop;

static void
note_batch (SlProject *project, const SlBatchRecord *record, gpointer data)
{
  Stop *self = data;

  g_array_append_val (self->losses, record->loss);
  if (record->step == self->at)
    sl_project_stop (project);
}

static void
test_resume (void)
{
  const SlLearn kinds[] = { SL_LEARN_LANGUAGE, SL_LEARN_TASK };
  TextProject fixture = { 0 };
  g_autoptr (SlProject) project = NULL;

  project = text_project_create_opinions (&fixture);
  for (gsize k = 0; k < G_N_ELEMENTS (kinds); k++)
    {
      g_autoptr (SlRecipe) recipe = text_project_recipe (kinds[k], 2, 1e-2);
      g_autoptr (GArray) whole = g_array_new (FALSE, FALSE, sizeof (float));
      g_autoptr (GArray) parts = g_array_new (FALSE, FALSE, sizeof (float));
      Stop never = { G_MAXUINT, whole }, soon = { 5, parts };
      SlJobWatch watch = { .batch = note_batch, .data = &never };
      g_autoptr (GError) error = NULL;
      double loss;
      gint64 id;

      recipe->part = 0.5; /* of labels: the parts of an epoch come again */
      g_assert_true (sl_project_train (project, recipe, 0, &watch, NULL, NULL, &error));
      g_assert_no_error (error);
      loss = sl_run_get_valid_loss (newest_run (project));
      watch.data = &soon;
      g_assert_true (sl_project_train (project, recipe, 0, &watch, &id, NULL, &error));
      g_assert_cmpint (sl_run_get_state (newest_run (project)), ==, SL_RUN_STOPPED);
      g_assert_cmpuint (parts->len, ==, 6);
      soon.at = G_MAXUINT;
      g_assert_true (sl_project_resume (project, id, &watch, NULL, &error));
      g_assert_no_error (error);
      g_assert_cmpmem (parts->data, parts->len * sizeof (float), whole->data,
                       whole->len * sizeof (float));
      g_assert_cmpfloat (sl_run_get_valid_loss (newest_run (project)), ==, loss);
    }
  text_project_clear (&fixture);
}

/* ---- Parts of texts */

/* What each batch of a run cost. */
static GArray *
train_parts (SlProject *project, double part, guint threads)
{
  g_autoptr (SlRecipe) recipe = text_project_recipe (SL_LEARN_TASK, 2, 1e-2);
  GArray *losses = g_array_new (FALSE, FALSE, sizeof (float));
  Stop never = { G_MAXUINT, losses };
  SlJobWatch watch = { .batch = note_batch, .data = &never };
  g_autoptr (GError) error = NULL;

  recipe->part = part;
  recipe->threads = threads;
  sl_project_train (project, recipe, 0, &watch, NULL, NULL, &error);
  g_assert_no_error (error);
  return losses;
}

static void
add_loss (gpointer data, gpointer sum)
{
  double loss;

  g_assert_true (sl_item_get_prediction (data, &loss, NULL, NULL));
  *(double *)sum += loss;
}

/* Training reads parts, the same on any number of threads; validation and evaluation read all. */
static void
test_parts (void)
{
  TextProject fixture = { 0 };
  g_autoptr (SlProject) project = text_project_create_opinions (&fixture);
  g_autoptr (GArray) whole = train_parts (project, 1, 1), one = train_parts (project, 0.4, 1);
  g_autoptr (GArray) two = train_parts (project, 0.4, 2);
  g_autoptr (GPtrArray) held_back = NULL;
  g_autoptr (GError) error = NULL;
  SlRun *run = newest_run (project);
  double sum = 0;

  g_assert_cmpmem (one->data, one->len * sizeof (float), two->data, two->len * sizeof (float));
  g_assert_true (one->len != whole->len
                 || memcmp (one->data, whole->data, one->len * sizeof (float)) != 0);
  g_assert_cmpfloat (sl_run_get_recipe (run)->part, ==, 0.4);
  g_assert_true (sl_project_evaluate (project, sl_run_get_id (run), FALSE, NULL, NULL, &error));
  g_assert_no_error (error);
  held_back = sl_project_top_losses (project, SL_SPLIT_VALID, 1000);
  g_ptr_array_foreach (held_back, add_loss, &sum);
  g_assert_cmpuint (held_back->len, ==, N_OPINIONS_HELD_BACK);
  g_assert_cmpfloat_with_epsilon (sum / N_OPINIONS_HELD_BACK, sl_run_get_valid_loss (run), 1e-5);
  text_project_clear (&fixture);
}

/* ---- The finder, and what cannot be */

static void
test_finder (void)
{
  TextProject fixture = { 0 };
  g_autoptr (SlProject) project = NULL;
  g_autoptr (SlRecipe) recipe = text_project_recipe (SL_LEARN_LANGUAGE, 1, 1e-2);
  SlSweepResult sweep = { 0 };
  g_autoptr (GError) error = NULL;

  project = text_project_create_opinions (&fixture);
  g_assert_true (sl_project_lr_find (project, recipe, 0, 0, NULL, &sweep, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (sweep.points->len, >, 60);
  g_assert_cmpint (sweep.steepest, >, 0);
  sl_sweep_result_clear (&sweep);
  text_project_clear (&fixture);
}

static void
test_refusals (void)
{
  TextProject fixture = { 0 };
  g_autoptr (SlProject) project = NULL;
  g_autoptr (SlRecipe) pictures = sl_recipe_new ();
  g_autoptr (SlRecipe) recipe = text_project_recipe (SL_LEARN_TASK, 1, 1e-2);
  g_autoptr (GError) error = NULL;

  project = text_project_create_opinions (&fixture);
  g_assert_false (sl_project_train (project, pictures, 0, NULL, NULL, NULL, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_UNSUPPORTED);
  g_clear_error (&error);
  recipe->balance = SL_BALANCE_WEIGHTS;
  g_assert_false (sl_project_train (project, recipe, 0, NULL, NULL, NULL, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_UNSUPPORTED);
  g_clear_error (&error);
  recipe->balance = SL_BALANCE_NONE;
  recipe->stages[0].freeze_to = sl_recipe_n_groups (recipe);
  g_assert_false (sl_project_train (project, recipe, 0, NULL, NULL, NULL, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_DATA);
  g_clear_error (&error);
  recipe->learn = SL_LEARN_LANGUAGE;
  recipe->stages[0].freeze_to = 0;
  recipe->batch = 4000; /* rows: more than there are words for */
  g_assert_false (sl_project_train (project, recipe, 0, NULL, NULL, NULL, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_DATA);
  text_project_clear (&fixture);
}

/* A project's tokens are made once, and anew where the file is damaged or cannot be written. */
static void
test_tokens (void)
{
  TextProject fixture = { 0 };
  g_autoptr (SlProject) project = NULL;
  g_autofree char *file = NULL, *written = NULL, *again = NULL;
  g_autoptr (GError) error = NULL;
  gsize length, length_again;

  project = text_project_create_opinions (&fixture);
  file = g_build_filename (fixture.project, "tokens", NULL);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (SlTokenCache) tokens = sl_texts_tokens (sl_project_get_texts (project),
                                                         SL_TOKEN_COURSE, NULL, NULL, NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (sl_token_cache_n_texts (tokens), ==, N_OPINIONS + N_OPINIONS_UNLABELLED);
      if (i == 0)
        {
          g_assert_true (g_file_get_contents (file, &written, &length, NULL));
          g_assert_true (g_file_set_contents (file, "damaged", -1, NULL));
        }
      else if (i == 1)
        {
          g_assert_true (g_file_get_contents (file, &again, &length_again, NULL));
          g_assert_cmpmem (again, length_again, written, length);
          g_unlink (file);
          g_assert_cmpint (g_mkdir (file, 0755), ==, 0); /* no file can be there */
        }
      g_clear_object (&project);
      project = sl_project_open (fixture.project, NULL);
    }
  text_project_clear (&fixture);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/text-runs/project", test_project);
  g_test_add_func ("/text-runs/tokens", test_tokens);
  g_test_add_func ("/text-runs/runs", test_runs);
  g_test_add_func ("/text-runs/resume", test_resume);
  g_test_add_func ("/text-runs/parts", test_parts);
  g_test_add_func ("/text-runs/finder", test_finder);
  g_test_add_func ("/text-runs/refusals", test_refusals);
  return g_test_run ();
}
