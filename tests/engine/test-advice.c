/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <slope/advice.h>
#include <math.h>

#define MAX_EPOCHS 6
#define NONE SL_N_ADVICES

/* Columns: smoothed training loss, validation loss, error, training loss measured as validation is
 * (0: not measured), stage. */
typedef struct
{
  double train, valid, error, train_eval;
  guint stage;
} Epoch;

typedef struct
{
  const char *name;
  gboolean running;
  Epoch epochs[MAX_EPOCHS];
  SlAdviceKind kinds[3]; /* all that is said, NONE at its end */
  double first_loss;     /* of the batches before the first epoch; 0: no batches */
} Case;

/* The figures of the first, third, and fourth are those that the course's lesson 2 shows. */
static const Case cases[] = {
  /* ---- The rate is too high. */
  { "lesson 2 at a rate of 0.5",
    FALSE,
    { { 12.2, 1.1e9, 0.77 } },
    { SL_ADVICE_RATE_TOO_HIGH, NONE } },
  { "shot up", TRUE, { { 1.2, 90, 0.7 }, { 1.3, 1e9, 0.7 } }, { SL_ADVICE_RATE_TOO_HIGH, NONE } },
  { "shot up when thawed",
    FALSE,
    { { .5, .3, .1 }, { .4, .2, .08 }, { .9, 2, .3, 0, 1 }, { .9, 1.8, .3, 0, 1 } },
    { SL_ADVICE_RATE_TOO_HIGH, NONE } },
  { "one jump in mid-cycle", TRUE, { { 1.2, 1.1, 0.5 }, { 1.1, 8, 0.4 } }, { NONE } },
  { "small losses triple but fewer are wrong",
    FALSE,
    { { .02, .01, .01 }, { .01, .01, .01 }, { .01, .05, .01, 0, 1 }, { .01, .05, .01, 0, 1 } },
    { NONE } },
  /* ---- Too low. */
  { "lesson 2 at a rate of 1e-5",
    FALSE,
    { { 1.349, 1.063, .610 },
      { 1.373, 1.045, .546 },
      { 1.346, 1.006, .468 },
      { 1.334, .979, .454 },
      { 1.321, .978, .447 } },
    { SL_ADVICE_RATE_TOO_LOW, NONE },
    1.42 },
  { "not before its end",
    TRUE,
    { { 1.349, 1.063, .610 }, { 1.340, 1.045, .546 } },
    { NONE },
    1.42 },
  { "a good model is tuned finely",
    FALSE,
    { { .11, .101, .03 }, { .108, .1, .03 }, { .107, .0999, .029 } },
    { NONE },
    .112 },
  { "a plateau that was fallen to",
    FALSE,
    { { .62, .61, .31 }, { .615, .61, .30 }, { .612, .609, .30 } },
    { NONE },
    1.6 },
  /* ---- Too few epochs. */
  { "both still fall",
    FALSE,
    { { 1.2, 1.0, .4 }, { .8, .6, .2 } },
    { SL_ADVICE_MORE_EPOCHS, NONE } },
  { "lesson 2 after one epoch", FALSE, { { .67, .28, .1 } }, { SL_ADVICE_MORE_EPOCHS, NONE } },
  { "one ordinary epoch", FALSE, { { 1.2, 1.0, .4 } }, { NONE } },
  { "they fall as at any cycle’s end",
    FALSE,
    { { .5, .4, .1 }, { .301, .302, .05 }, { .298, .3, .05 } },
    { NONE } },
  { "not while it runs", TRUE, { { 1.2, 1.0, .4 }, { .8, .6, .2 } }, { NONE } },
  { "nothing is wrong any more", FALSE, { { .2, .15, .02 }, { .07, .05, 0 } }, { NONE } },
  { "another stage began", FALSE, { { 1.2, 1.0, .4 }, { .8, .6, .2, 0, 1 } }, { NONE } },
  /* ---- Underfitting. */
  { "measured alike it is above",
    FALSE,
    { { .9, .6, .2 }, { .89, .59, .2, .8 } },
    { SL_ADVICE_UNDERFITTING, NONE } },
  { "above only by dropout and augmentation",
    FALSE,
    { { .9, .31, .1 }, { .89, .305, .1, .25 } },
    { SL_ADVICE_TRAINING_ABOVE, NONE } },
  { "above, and not measured alike",
    FALSE,
    { { 1.2, .3, .1 }, { 1.2, .3, .1 } },
    { SL_ADVICE_TRAINING_ABOVE, NONE } },
  { "above by little more than chance",
    FALSE,
    { { .4, .31, .1 }, { .399, .309, .1, .33 } },
    { NONE } },
  { "underfits and still falls",
    FALSE,
    { { 1.1, .8, .3 }, { .9, .6, .2, .8 } },
    { SL_ADVICE_UNDERFITTING, SL_ADVICE_MORE_EPOCHS, NONE } },
  /* ---- Overfitting. */
  { "loss and error get worse",
    FALSE,
    { { 1.2, 1.0, .4 }, { .5, .5, .1 }, { .3, .7, .2 } },
    { SL_ADVICE_OVERFITTING, NONE } },
  { "the loss rises, fewer are wrong",
    FALSE,
    { { 1.2, 1.0, .4 }, { .5, .5, .2 }, { .3, .7, .1 } },
    { NONE } },
  { "training below validation, which is how it should end",
    FALSE,
    { { 1.2, 1.0, .4 }, { .5, .5, .2 }, { .2, .495, .2, .1 } },
    { NONE } },
  { "worse while the rate climbs", TRUE, { { .5, .6, .1 }, { .5, .8, .2 } }, { NONE } },
  { "training is above, measured alike",
    FALSE,
    { { 1.2, 1.0, .4 }, { .5, .5, .1 }, { .3, .55, .2, .6 } },
    { NONE } },
  /* ---- No validation set. */
  { "not validated", FALSE, { { 1.2, NAN, NAN }, { .8, NAN, NAN } }, { NONE } },
};

static SlRecipe *
recipe_of (const Case *c, guint n)
{
  SlRecipe *recipe = sl_recipe_new ();

  recipe->n_stages = c->epochs[n - 1].stage + 1;
  for (guint i = 1; i < recipe->n_stages; i++)
    recipe->stages[i] = recipe->stages[0];
  recipe->stages[0].epochs = c->running ? 10 : n;
  return recipe;
}

static guint
read_case (const Case *c, SlRecipe **recipe, SlAdvice *advice)
{
  SlEpochRecord records[MAX_EPOCHS] = { 0 };
  SlBatchRecord batches[40] = { 0 };
  const int error = 1;
  guint n = 0;

  g_assert_cmpstr (sl_task_classify.metrics[error].name, ==, "error_rate");
  for (; n < MAX_EPOCHS && c->epochs[n].train != 0; n++)
    {
      const Epoch *epoch = &c->epochs[n];

      records[n] = (SlEpochRecord){
        .epoch = n + 1,
        .stage = epoch->stage,
        .train_loss = epoch->train,
        .valid_loss = epoch->valid,
        .train_eval_loss = epoch->train_eval > 0 ? epoch->train_eval : NAN,
      };
      records[n].metrics[error] = epoch->error;
    }
  for (guint i = 0; i < G_N_ELEMENTS (batches); i++)
    batches[i] = (SlBatchRecord){ .step = i, .epoch = i / 8.0F, .smooth = (float)c->first_loss };
  *recipe = recipe_of (c, n);
  return sl_advice_read (*recipe, &sl_task_classify, records, n, c->first_loss > 0 ? batches : NULL,
                         c->first_loss > 0 ? G_N_ELEMENTS (batches) : 0, !c->running, advice);
}

static void
test_rules (gconstpointer data)
{
  const Case *c = data;
  SlAdvice advice[SL_N_ADVICES];
  g_autoptr (SlRecipe) recipe = NULL;
  guint n = read_case (c, &recipe, advice), expected = 0;

  for (guint i = 0; i < n; i++)
    g_test_message ("%s: %g → %g", sl_advice_kind_name (advice[i].kind), advice[i].before,
                    advice[i].after);
  while (c->kinds[expected] != NONE)
    expected++;
  g_assert_cmpuint (n, ==, expected);
  for (guint i = 0; i < n; i++)
    g_assert_cmpint (advice[i].kind, ==, c->kinds[i]);
}

/* ---- Evidence */

static const Case *
find_case (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    if (g_str_equal (cases[i].name, name))
      return &cases[i];
  g_assert_not_reached ();
}

static void
test_evidence (void)
{
  SlAdvice advice[SL_N_ADVICES];
  g_autoptr (SlRecipe) first = NULL, second = NULL, third = NULL;

  g_assert_cmpuint (read_case (find_case ("loss and error get worse"), &first, advice), ==, 1);
  g_assert_cmpfloat (advice->before, ==, 0.5);
  g_assert_cmpfloat (advice->after, ==, 0.7);
  g_assert_cmpfloat (advice->metric_before, ==, 0.1);
  g_assert_cmpfloat (advice->metric_after, ==, 0.2);
  g_assert_cmpuint (advice->epoch_before, ==, 2);
  g_assert_cmpuint (advice->epoch_after, ==, 3);
  g_assert_cmpuint (read_case (find_case ("shot up when thawed"), &second, advice), ==, 1);
  g_assert_cmpuint (advice->stage, ==, 1);
  g_assert_cmpfloat (advice->before, ==, 0.4);
  g_assert_cmpuint (read_case (find_case ("measured alike it is above"), &third, advice), ==, 1);
  g_assert_cmpfloat (advice->before, ==, 0.59);
  g_assert_cmpfloat (advice->after, ==, 0.8);
  g_assert_cmpfloat (advice->train, ==, 0.89);
}

/* ---- The warm-up */

/* A run of four epochs of 25 batches whose smoothed loss is @loss (batch). */
static guint
read_batches (double (*loss) (guint i), guint n_batches, SlAdvice *advice)
{
  g_autoptr (SlRecipe) recipe = sl_recipe_new ();
  SlBatchRecord batches[100];

  for (guint i = 0; i < n_batches; i++)
    batches[i] = (SlBatchRecord){ .step = i, .epoch = i / 25.0F, .smooth = (float)loss (i) };
  g_assert_cmpuint (recipe->stages[0].epochs, ==, 4);
  return sl_advice_read (recipe, &sl_task_classify, NULL, 0, batches, n_batches, FALSE, advice);
}

static double
rises_then_falls (guint i)
{
  return i < 30 ? 1 + 0.02 * i : 1.6 - 0.018 * (i - 30);
}

static double
rises_and_stays (guint i)
{
  return i < 30 ? 1 + 0.02 * i : 1.6;
}

static double
explodes (guint i)
{
  return exp (0.1 * i);
}

static double
falls (guint i)
{
  return 2 - 0.01 * i;
}

static double
first_batches_jump (guint i)
{
  return i < 8 ? 0.5 + 0.1 * i : 1.3 - 0.01 * i;
}

static void
test_early_rise (void)
{
  SlAdvice advice[SL_N_ADVICES];

  g_assert_cmpuint (read_batches (rises_then_falls, 25, advice), ==, 1); /* under way */
  g_assert_cmpint (advice->kind, ==, SL_ADVICE_EARLY_RISE);
  g_assert_cmpint (advice->act, ==, SL_ACT_NONE);
  g_assert_cmpfloat_with_epsilon (advice->before, 1.22, 1e-6);
  g_assert_cmpfloat_with_epsilon (advice->after, 1.48, 1e-6);
  g_assert_cmpuint (read_batches (rises_then_falls, 100, advice), ==, 1); /* over */
  g_assert_cmpuint (read_batches (rises_and_stays, 100, advice), ==, 0);
  g_assert_cmpuint (read_batches (explodes, 30, advice), ==, 0);
  g_assert_cmpuint (read_batches (falls, 100, advice), ==, 0);
  g_assert_cmpuint (read_batches (first_batches_jump, 100, advice), ==, 0);
  g_assert_cmpuint (read_batches (falls, 0, advice), ==, 0);
}

/* ---- Acts: each leaves a recipe that may be trained, and another one. */

static void
test_acts (void)
{
  for (SlAdviceAct act = SL_ACT_LOWER_RATE; act <= SL_ACT_LESS_DECAY; act++)
    {
      g_autoptr (SlRecipe) recipe = sl_recipe_new ();
      SlAdvice advice = { .act = act, .stage = 1 };
      g_autofree char *before = NULL, *after = NULL;
      g_autoptr (GError) error = NULL;

      recipe->n_stages = 2;
      recipe->stages[1] = recipe->stages[0];
      recipe->stages[1].lr_low = 1e-5;
      recipe->stages[1].lr_high = 3e-4;
      recipe->dropout = 0.5;
      recipe->mixup = 0.4;
      before = sl_recipe_to_json (recipe);
      sl_advice_apply (&advice, recipe);
      after = sl_recipe_to_json (recipe);
      g_assert_cmpstr (before, !=, after);
      g_assert_true (sl_recipe_check (recipe, &error));
      g_assert_no_error (error);
      g_assert_nonnull (sl_advice_act_label (act));
    }
}

static void
test_act_on_rate (void)
{
  g_autoptr (SlRecipe) recipe = sl_recipe_new ();
  SlAdvice advice = { .act = SL_ACT_LOWER_RATE, .stage = 1 };

  recipe->n_stages = 2;
  recipe->stages[0].lr_high = recipe->stages[0].lr_low = 1e-2;
  recipe->stages[1] = recipe->stages[0];
  sl_advice_apply (&advice, recipe);
  g_assert_cmpfloat (recipe->stages[0].lr_high, ==, 1e-2);
  g_assert_cmpfloat_with_epsilon (recipe->stages[1].lr_high, 1e-3, 1e-12);
  g_assert_cmpfloat_with_epsilon (recipe->stages[1].lr_low, 1e-3, 1e-12);
  advice.act = SL_ACT_RAISE_RATE;
  sl_advice_apply (&advice, recipe);
  g_assert_cmpfloat_with_epsilon (recipe->stages[0].lr_high, 1e-1, 1e-12);
}

/* What acts on overfitting and underfitting is what the recipe has to offer. */
static void
test_chosen_act (void)
{
  const Case *over = find_case ("loss and error get worse");
  SlAdvice advice[SL_N_ADVICES];
  g_autoptr (SlRecipe) recipe = NULL;
  SlEpochRecord epochs[3] = { { .epoch = 1, .train_loss = 1.2, .valid_loss = 1 },
                              { .epoch = 2, .train_loss = .5, .valid_loss = .5 },
                              { .epoch = 3, .train_loss = .3, .valid_loss = .7 } };

  read_case (over, &recipe, advice);
  g_assert_cmpint (advice->act, ==, SL_ACT_KEEP_BEST);
  for (guint i = 0; i < 3; i++)
    {
      epochs[i].metrics[1] = over->epochs[i].error;
      epochs[i].train_eval_loss = NAN;
    }
  recipe->keep = SL_KEEP_MODEL_METRIC;
  sl_advice_read (recipe, &sl_task_classify, epochs, 3, NULL, 0, TRUE, advice);
  g_assert_cmpint (advice->act, ==, SL_ACT_FEWER_EPOCHS);
  g_free (recipe->augment);
  recipe->augment = g_strdup ("none");
  sl_advice_read (recipe, &sl_task_classify, epochs, 3, NULL, 0, TRUE, advice);
  g_assert_cmpint (advice->act, ==, SL_ACT_AUGMENT);
  /* A text is what it is. */
  sl_advice_read (recipe, &sl_task_text, epochs, 3, NULL, 0, TRUE, advice);
  g_assert_cmpint (advice->act, ==, SL_ACT_FEWER_EPOCHS);
}

static void
test_words (void)
{
  for (SlAdviceKind kind = 0; kind < SL_N_ADVICES; kind++)
    {
      g_assert_true (g_str_has_suffix (sl_advice_heading (kind), "."));
      g_assert_nonnull (sl_advice_kind_name (kind));
    }
  g_assert_null (sl_advice_act_label (SL_ACT_NONE));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/advice/rules/%s", cases[i].name);

      g_strdelimit (path, " ", '-');
      g_test_add_data_func (path, &cases[i], test_rules);
    }
  g_test_add_func ("/advice/evidence", test_evidence);
  g_test_add_func ("/advice/early-rise", test_early_rise);
  g_test_add_func ("/advice/acts", test_acts);
  g_test_add_func ("/advice/act-on-rate", test_act_on_rate);
  g_test_add_func ("/advice/chosen-act", test_chosen_act);
  g_test_add_func ("/advice/words", test_words);
  return g_test_run ();
}
