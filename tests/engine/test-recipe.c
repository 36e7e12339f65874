/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <slope/models.h>
#include <slope/recipe.h>
#include <math.h>

static void
assert_same_recipe (const SlRecipe *a, const SlRecipe *b)
{
  g_assert_cmpstr (a->arch, ==, b->arch);
  g_assert_cmpstr (a->pretrained, ==, b->pretrained);
  g_assert_cmpstr (a->augment, ==, b->augment);
  g_assert_cmpint (a->height, ==, b->height);
  g_assert_cmpint (a->width, ==, b->width);
  g_assert_cmpuint (a->batch, ==, b->batch);
  g_assert_cmpfloat (a->weight_decay, ==, b->weight_decay);
  g_assert_cmpfloat (a->dropout, ==, b->dropout);
  g_assert_cmpfloat (a->part, ==, b->part);
  g_assert_cmpfloat (a->label_smoothing, ==, b->label_smoothing);
  g_assert_cmpuint (a->views, ==, b->views);
  g_assert_cmpfloat (a->mixup, ==, b->mixup);
  g_assert_cmpfloat (a->clip, ==, b->clip);
  g_assert_cmpint (a->balance, ==, b->balance);
  g_assert_cmpint (a->keep, ==, b->keep);
  g_assert_cmpuint (a->patience, ==, b->patience);
  g_assert_cmpint (a->freeze_norms, ==, b->freeze_norms);
  g_assert_cmpint (a->precision, ==, b->precision);
  g_assert_cmpuint (a->seed, ==, b->seed);
  g_assert_cmpuint (a->threads, ==, b->threads);
  g_assert_cmpuint (a->n_stages, ==, b->n_stages);
  for (guint i = 0; i < a->n_stages; i++)
    {
      g_assert_cmpuint (a->stages[i].freeze_to, ==, b->stages[i].freeze_to);
      g_assert_cmpuint (a->stages[i].epochs, ==, b->stages[i].epochs);
      g_assert_cmpfloat (a->stages[i].lr_low, ==, b->stages[i].lr_low);
      g_assert_cmpfloat (a->stages[i].lr_high, ==, b->stages[i].lr_high);
      g_assert_cmpfloat (a->stages[i].pct_start, ==, b->stages[i].pct_start);
      g_assert_cmpint (a->stages[i].height, ==, b->stages[i].height);
      g_assert_cmpint (a->stages[i].width, ==, b->stages[i].width);
      g_assert_cmpuint (a->stages[i].batch, ==, b->stages[i].batch);
      g_assert_cmpstr (a->stages[i].augment, ==, b->stages[i].augment);
    }
}

/* A recipe in which nothing is a default. */
static SlRecipe *
unusual_recipe (void)
{
  SlRecipe *recipe = sl_recipe_new ();

  g_free (recipe->arch);
  recipe->arch = g_strdup ("resnet34");
  g_free (recipe->pretrained);
  recipe->pretrained = g_strdup ("/tmp/Größe \"1\".safetensors");
  g_free (recipe->augment);
  recipe->augment = g_strdup ("noflip");
  recipe->height = 96;
  recipe->width = 160;
  recipe->batch = 48;
  recipe->weight_decay = 0.1;
  recipe->dropout = 1.0 / 3.0;
  recipe->part = 0.4;
  recipe->label_smoothing = 0.1;
  recipe->views = 4;
  recipe->mixup = 0.4;
  recipe->clip = 0.1;
  recipe->balance = SL_BALANCE_OVERSAMPLE;
  recipe->keep = SL_KEEP_MODEL_METRIC;
  recipe->patience = 3;
  recipe->freeze_norms = TRUE;
  recipe->precision = SL_PRECISION_BF16;
  recipe->seed = G_GUINT64_CONSTANT (0x7ffffffffffffffe);
  recipe->threads = 3;
  recipe->n_stages = 2;
  recipe->stages[0] = (SlStage){ 2, 1, 0, 1e-2, 0.3 };
  recipe->stages[1] = (SlStage){ 0, 7, 1e-6, 1.0 / 3e4, 0.8, 192, 320, 12, "none" };
  return recipe;
}

static void
test_defaults (void)
{
  g_autoptr (SlRecipe) recipe = sl_recipe_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (sl_recipe_check (recipe, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (recipe->arch, ==, "resnet18");
  g_assert_cmpstr (recipe->pretrained, ==, "none");
  g_assert_cmpuint (sl_recipe_n_epochs (recipe), ==, 4);
  g_assert_cmpint (recipe->precision, ==, SL_PRECISION_F32);
  g_assert_cmpfloat (recipe->part, ==,
                     1); /* as recipes of earlier versions, which do not name it */
}

static void
test_copy (void)
{
  g_autoptr (SlRecipe) recipe = unusual_recipe ();
  g_autoptr (SlRecipe) copy = sl_recipe_copy (recipe);
  SlRecipe *boxed = g_boxed_copy (SL_TYPE_RECIPE, recipe);

  assert_same_recipe (recipe, copy);
  assert_same_recipe (recipe, boxed);
  g_assert_true (copy->arch != recipe->arch);
  g_boxed_free (SL_TYPE_RECIPE, boxed);
}

static void
test_json_round_trip (void)
{
  g_autoptr (SlRecipe) recipe = unusual_recipe ();
  g_autofree char *json = sl_recipe_to_json (recipe);
  g_autoptr (GError) error = NULL;
  g_autoptr (SlRecipe) back = sl_recipe_from_json (json, &error);

  g_assert_no_error (error);
  assert_same_recipe (recipe, back);
  g_assert_cmpuint (sl_recipe_n_epochs (back), ==, 8);
  g_assert_null (strchr (json, '\n'));
}

static void
test_json_partial (void)
{
  g_autoptr (SlRecipe) defaults = sl_recipe_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (SlRecipe) recipe = sl_recipe_from_json (
      "{\"height\": 64, \"width\": 64, \"of a later version\": [1], \"dropout\": 0,"
      " \"stages\": [{\"epochs\": 2}, {\"freeze_to\": 1}]}",
      &error);

  g_assert_no_error (error);
  g_assert_cmpint (recipe->height, ==, 64);
  g_assert_cmpfloat (recipe->dropout, ==, 0);
  g_assert_cmpstr (recipe->arch, ==, defaults->arch);
  g_assert_cmpuint (recipe->n_stages, ==, 2);
  g_assert_cmpuint (recipe->stages[0].epochs, ==, 2);
  g_assert_cmpuint (recipe->stages[1].epochs, ==, defaults->stages[0].epochs);
  g_assert_cmpuint (recipe->stages[1].freeze_to, ==, 1);
}

/* Recipes of a network whose layer groups have changed since freeze what they froze. */
static void
test_json_groups (void)
{
  static const struct
  {
    const char *arch, *groups;
    guint frozen[3];
  } rows[] = {
    { "mobilenet-v2", "", { 0, 2, 4 } }, /* of before they said how many there were: three */
    { "mobilenet-v2", ", \"groups\": 3", { 0, 2, 4 } },
    { "mobilenet-v2", ", \"groups\": 5", { 0, 1, 2 } },
    { "resnet18", "", { 0, 1, 2 } },
    { "unet-small", "", { 0, 1, 2 } }, /* 2 are too many, then as now */
    { "awd-lstm-small", "", { 0, 1, 2 } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *json = g_strdup_printf (
          "{\"arch\": \"%s\"%s, \"stages\": [{}, {\"freeze_to\": 1}, {\"freeze_to\": 2}]}",
          rows[i].arch, rows[i].groups);
      g_autoptr (GError) error = NULL;
      g_autoptr (SlRecipe) recipe = sl_recipe_from_json (json, &error);
      g_autofree char *written = NULL;
      g_autoptr (SlRecipe) again = NULL;

      g_assert_no_error (error);
      written = sl_recipe_to_json (recipe);
      again = sl_recipe_from_json (written, &error);
      g_assert_no_error (error);
      for (guint stage = 0; stage < 3; stage++)
        {
          g_assert_cmpuint (recipe->stages[stage].freeze_to, ==, rows[i].frozen[stage]);
          g_assert_cmpuint (again->stages[stage].freeze_to, ==, rows[i].frozen[stage]);
        }
    }
}

/* The head alone stays the head alone, in whatever network. */
static void
test_regroup (void)
{
  for (const SlArch *const *arch = sl_arch_all_for_pixels (); *arch != NULL; arch++)
    for (guint before = 2; before < 8; before++)
      {
        g_autoptr (SlRecipe) recipe = sl_recipe_new ();

        g_free (recipe->arch);
        recipe->arch = g_strdup ((*arch)->id);
        recipe->n_stages = 2;
        recipe->stages[1] = recipe->stages[0];
        recipe->stages[0].freeze_to = before - 1;
        sl_recipe_regroup (recipe, before);
        g_assert_cmpuint (recipe->stages[0].freeze_to, ==, (*arch)->n_groups);
        g_assert_cmpuint (recipe->stages[1].freeze_to, ==, 0);
        g_assert_true (sl_recipe_check (recipe, NULL));
      }
}

/* Stages out of a whole recipe freeze what they froze in its network; a list alone is taken as it is. */
static void
test_regroup_stages (void)
{
  static const struct
  {
    const char *json;
    guint frozen;
  } cases[] = {
    { "{\"arch\": \"resnet18\", \"groups\": 3, \"stages\": [{\"freeze_to\": 2}]}", 4 },
    { "{\"arch\": \"mobilenet-v2\", \"stages\": [{\"freeze_to\": 2}]}", 4 },
    { "{\"arch\": \"mobilenet-v2\", \"groups\": 5, \"stages\": [{\"freeze_to\": 2}]}", 2 },
    { "{\"arch\": \"unet-small\", \"stages\": [{\"freeze_to\": 1}]}", 1 },
    { "{\"arch\": 18, \"stages\": [{\"freeze_to\": 2}]}", 2 },
    { "{\"stages\": [{\"freeze_to\": 2}]}", 2 },
    { "[{\"freeze_to\": 2}]", 2 },
  };
  g_autoptr (SlRecipe) recipe = sl_recipe_new ();
  g_autoptr (GError) error = NULL;

  g_free (recipe->arch);
  recipe->arch = g_strdup ("mobilenet-v2");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      sl_recipe_set_stages_json (recipe, cases[i].json, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (recipe->stages[0].freeze_to, ==, cases[i].frozen);
    }
  g_assert_false (sl_recipe_set_stages_json (
      recipe, "{\"arch\": \"resnet18\", \"groups\": 0, \"stages\": [{}]}", &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_FORMAT);
  g_assert_cmpuint (recipe->stages[0].freeze_to, ==, 2); /* as it was */
}

static void
test_json_bad (void)
{
  static const char *const bad[] = {
    "",
    "null",
    "[]",
    "3",
    "{",
    "{\"height\": \"large\"}",
    "{\"height\": 64.5}",
    "{\"height\": -64}",
    "{\"height\": 1e300}",
    "{\"height\": 99999999999999}",
    "{\"batch\": 4294967298}",
    "{\"arch\": 18}",
    "{\"arch\": null}",
    "{\"dropout\": true}",
    "{\"dropout\": 2}",
    "{\"part\": 0}",
    "{\"part\": 1.5}",
    "{\"part\": \"half\"}",
    "{\"freeze_norms\": 1}",
    "{\"precision\": \"f64\"}",
    "{\"seed\": -1}",
    "{\"stages\": {}}",
    "{\"groups\": 0, \"stages\": [{}]}",
    "{\"groups\": 65, \"stages\": [{}]}",
    "{\"groups\": \"all\", \"stages\": [{}]}",
    "{\"stages\": []}",
    "{\"stages\": [3]}",
    "{\"stages\": [null]}",
    "{\"stages\": [{\"width\": -1}]}",
    "{\"stages\": [{\"augment\": 3}]}",
    "{\"balance\": \"some\"}",
    "{\"keep\": 1}",
    "{\"mixup\": -0.4}",
    "{\"views\": 65}",
    "{\"stages\": [{\"epochs\": 0}]}",
    "{\"stages\": [{\"lr_high\": 0}]}",
    "{\"stages\": [{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}]}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (SlRecipe) recipe = sl_recipe_from_json (bad[i], &error);

      g_test_message ("%s", bad[i]);
      g_assert_null (recipe);
      g_assert_error (error, SL_ERROR, SL_ERROR_FORMAT);
    }
}

static void
assert_refused (const SlRecipe *recipe, int code, const char *word)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (sl_recipe_check (recipe, &error));
  g_assert_error (error, SL_ERROR, code);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, word));
  g_assert_nonnull (strchr (error->message, ':'));
}

static void
test_check_numbers (void)
{
  g_autoptr (SlRecipe) recipe = sl_recipe_new ();

  recipe->width = 4;
  assert_refused (recipe, SL_ERROR_DATA, "width");
  recipe->width = 128;
  recipe->batch = 5000;
  assert_refused (recipe, SL_ERROR_DATA, "batch size");
  recipe->batch = 1;
  assert_refused (recipe, SL_ERROR_DATA, "batch size");
  recipe->batch = 0;
  recipe->weight_decay = NAN;
  assert_refused (recipe, SL_ERROR_DATA, "weight decay");
  recipe->weight_decay = 0;
  recipe->dropout = 1;
  assert_refused (recipe, SL_ERROR_DATA, "dropout");
  recipe->dropout = 0;
  recipe->part = 0.05;
  assert_refused (recipe, SL_ERROR_DATA, "part of a text");
  recipe->part = NAN;
  assert_refused (recipe, SL_ERROR_DATA, "part of a text");
  recipe->part = 1;
  recipe->label_smoothing = -0.1;
  assert_refused (recipe, SL_ERROR_DATA, "label smoothing");
  recipe->label_smoothing = 0;
  recipe->n_stages = 0;
  assert_refused (recipe, SL_ERROR_DATA, "stages");
  recipe->n_stages = SL_MAX_STAGES + 1;
  assert_refused (recipe, SL_ERROR_DATA, "stages");
  recipe->n_stages = 1;
  g_assert_true (sl_recipe_check (recipe, NULL));
}

static void
test_check_stages (void)
{
  g_autoptr (SlRecipe) recipe = sl_recipe_new ();
  const SlArch *arch = sl_arch_find (recipe->arch);

  recipe->n_stages = 2;
  recipe->stages[1] = recipe->stages[0];
  recipe->stages[1].epochs = 0;
  assert_refused (recipe, SL_ERROR_DATA, "epochs of stage 2");
  recipe->stages[1].epochs = 1;
  recipe->stages[1].lr_high = 0;
  assert_refused (recipe, SL_ERROR_DATA, "learning rate of stage 2");
  recipe->stages[1].lr_high = 1e-4;
  recipe->stages[1].lr_low = 1e-3;
  assert_refused (recipe, SL_ERROR_DATA, "lower one first");
  recipe->stages[1].lr_low = 0;
  recipe->stages[1].freeze_to = arch->n_groups + 1;
  assert_refused (recipe, SL_ERROR_DATA, "layer groups");
  recipe->stages[1].freeze_to = arch->n_groups;
  g_assert_true (sl_recipe_check (recipe, NULL));
}

/* A stage's own size, batch and augmentation are looked at as the recipe's are. */
static void
test_check_own (void)
{
  g_autoptr (SlRecipe) recipe = sl_recipe_new ();
  SlStage *stage = &recipe->stages[1];

  recipe->n_stages = 2;
  *stage = recipe->stages[0];
  stage->height = 64;
  assert_refused (recipe, SL_ERROR_DATA, "of stage 2");
  stage->width = 4;
  assert_refused (recipe, SL_ERROR_DATA, "too small");
  stage->width = 96;
  g_assert_true (sl_recipe_check (recipe, NULL));
  stage->batch = 1;
  assert_refused (recipe, SL_ERROR_DATA, "of stage 2");
  stage->batch = 4;
  stage->augment = "blur";
  assert_refused (recipe, SL_ERROR_UNSUPPORTED, "satellite");
}

static void
test_for_stage (void)
{
  g_autoptr (SlRecipe) recipe = unusual_recipe ();
  g_autoptr (SlRecipe) first = sl_recipe_for_stage (recipe, 0);
  g_autoptr (SlRecipe) second = sl_recipe_for_stage (recipe, 1);

  g_assert_cmpuint (first->n_stages, ==, 1);
  g_assert_cmpuint (first->stages[0].freeze_to, ==, 2);
  g_assert_cmpint (first->height, ==, 96);
  g_assert_cmpuint (first->batch, ==, 48);
  g_assert_cmpstr (first->augment, ==, "noflip");
  g_assert_cmpint (second->height, ==, 192);
  g_assert_cmpint (second->width, ==, 320);
  g_assert_cmpuint (second->batch, ==, 12);
  g_assert_cmpstr (second->augment, ==, "none");
  g_assert_cmpuint (second->stages[0].epochs, ==, 7);
}

static void
test_stages_json (void)
{
  g_autoptr (SlRecipe) recipe = unusual_recipe ();
  g_autoptr (SlRecipe) other = sl_recipe_new ();
  g_autofree char *json = sl_recipe_stages_to_json (recipe);
  g_autofree char *object = g_strdup_printf ("{\"stages\": %s}", json);
  g_autofree char *whole = sl_recipe_to_json (recipe);
  const char *const forms[] = { json, object, whole };
  const char *const bad[] = { "", "{}", "3", "[]", "[{\"epochs\": 0}]" };

  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *back = NULL;

      other->n_stages = 1;
      sl_recipe_set_stages_json (other, forms[i], &error);
      g_assert_no_error (error);
      back = sl_recipe_stages_to_json (other);
      g_assert_cmpstr (back, ==, json);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (sl_recipe_set_stages_json (other, bad[i], &error));
      g_assert_error (error, SL_ERROR, SL_ERROR_FORMAT);
      g_assert_cmpuint (other->n_stages, ==, recipe->n_stages); /* as it was */
    }
  {
    g_autoptr (GError) error = NULL;

    sl_recipe_set_stages_json (other, "[{}, {\"pct_start\": 2}]", &error);
    g_assert_error (error, SL_ERROR, SL_ERROR_FORMAT);
    g_assert_nonnull (strstr (error->message, "warm-up of stage 2"));
    g_assert_nonnull (strstr (error->message, "from 0 to 1"));
  }
}

static void
test_presets (void)
{
  g_autoptr (SlRecipe) recipe = sl_recipe_new ();
  g_autoptr (GError) error = NULL;
  guint n;
  const SlStagePreset *presets = sl_stage_presets (recipe, &n);

  g_assert_cmpuint (n, ==, 4);
  for (guint i = 0; i < n; i++)
    {
      recipe->height = recipe->width = presets[i].size != 0 ? presets[i].size : 128;
      g_assert_true (sl_recipe_use_preset (recipe, presets[i].name, &error));
      g_assert_true (sl_recipe_check (recipe, &error));
      g_assert_no_error (error);
    }
  recipe->height = recipe->width = 256;
  g_assert_true (sl_recipe_use_preset (recipe, "step-up", NULL));
  g_assert_cmpuint (recipe->n_stages, ==, 6);
  for (guint i = 0; i < 6; i++)
    {
      g_assert_cmpint (recipe->stages[i].height, ==, 64 << i / 2);
      g_assert_cmpuint (recipe->stages[i].freeze_to, ==, i % 2 == 0 ? 2 : 0);
    }
  recipe->height = 360;
  recipe->width = 480;
  g_assert_true (sl_recipe_use_preset (recipe, "half-full", NULL));
  g_assert_cmpuint (recipe->n_stages, ==, 4);
  for (guint i = 0; i < 4; i++)
    {
      g_assert_cmpint (recipe->stages[i].height, ==, i < 2 ? 180 : 0);
      g_assert_cmpint (recipe->stages[i].width, ==, i < 2 ? 240 : 0);
      g_assert_cmpuint (recipe->stages[i].freeze_to, ==, i % 2 == 0 ? 2 : 0);
    }
  g_assert_true (sl_recipe_use_preset (recipe, "two-stages", NULL));
  g_assert_cmpuint (recipe->n_stages, ==, 2);
  g_assert_cmpuint (recipe->stages[0].epochs, ==, 4);
  g_assert_cmpfloat (recipe->stages[1].lr_low, ==, 1e-5);
  g_assert_false (sl_recipe_use_preset (recipe, "magic", &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_UNSUPPORTED);
  g_assert_nonnull (strstr (error->message, "step-up"));
}

static void
test_check_names (void)
{
  g_autoptr (SlRecipe) recipe = sl_recipe_new ();

  g_free (recipe->arch);
  recipe->arch = g_strdup ("resnet19");
  assert_refused (recipe, SL_ERROR_UNSUPPORTED, "resnet18");
  g_free (recipe->arch);
  recipe->arch = g_strdup ("");
  assert_refused (recipe, SL_ERROR_DATA, "network");
  g_free (recipe->arch);
  recipe->arch = g_strdup ("resnet34");
  g_free (recipe->augment);
  recipe->augment = g_strdup ("blur");
  assert_refused (recipe, SL_ERROR_UNSUPPORTED, "noflip");
}

static void
test_rate_parse (void)
{
  static const struct
  {
    const char *text;
    double low, high;
  } rows[] = {
    { "3e-3", 3e-3, 3e-3 },
    { "  0.003 ", 3e-3, 3e-3 },
    { "1", 1, 1 },
    { "1e-5 to 3e-4", 1e-5, 3e-4 },
    { "1e-5:3e-4", 1e-5, 3e-4 },
    { "1e-5 : 3e-4", 1e-5, 3e-4 },
    { "1e-5 – 3e-4", 1e-5, 3e-4 },
    { "slice(3e-3)", 0, 3e-3 },
    { "slice( 1e-5, 3e-4 )", 1e-5, 3e-4 },
    { "slice(1e-5:3e-4)", 1e-5, 3e-4 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      double low, high;

      g_test_message ("%s", rows[i].text);
      g_assert_true (sl_rate_parse (rows[i].text, &low, &high, &error));
      g_assert_no_error (error);
      g_assert_cmpfloat (low, ==, rows[i].low);
      g_assert_cmpfloat (high, ==, rows[i].high);
    }
}

static void
test_rate_bad (void)
{
  static const char *const bad[] = { "",          "fast",     "0",       "-1e-3",     "3e-3x",
                                     "1e-3 to",   "to 1e-3",  "nan",     "inf",       "1e-3:0",
                                     "1:2:3",     "slice(",   "slice()", "slice(1,)", "0,003",
                                     "1e-3 to x", "1e-3:1e-5" };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      double low, high;

      g_test_message ("“%s”", bad[i]);
      g_assert_false (sl_rate_parse (bad[i], &low, &high, &error));
      g_assert_error (error, SL_ERROR, SL_ERROR_DATA);
    }
}

static void
test_rate_to_string (void)
{
  static const struct
  {
    double low, high;
    const char *text;
  } rows[] = {
    { 3e-3, 3e-3, "3e-3" },
    { 1.25e-5, 1.25e-5, "1.25e-5" },
    { 0, 1e-2, "slice(1e-2)" },
    { 1e-5, 3e-4, "1e-5 to 3e-4" },
    { 1, 1, "1" },
    { 2.5, 2.5, "2.5" },
    { 10, 10, "10" },
    { 1e6, 1e6, "1e6" },
    { 0.5, 0.5, "5e-1" },
    { 0.99999, 0.99999, "1" },
    { 999.9, 999.9, "1e3" },
    { 1e-10, 1e-10, "1e-10" },
    { 3.14159e-3, 3.14159e-3, "3.14e-3" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = sl_rate_to_string (rows[i].low, rows[i].high);
      double low, high;

      g_assert_cmpstr (text, ==, rows[i].text);
      g_assert_true (sl_rate_parse (text, &low, &high, NULL)); /* what is read can be typed */
      g_assert_cmpfloat_with_epsilon (high, rows[i].high, rows[i].high * 5e-3);
    }
}

/* Pictures and texts rise and fall between other momenta, in whichever stage. */
static void
test_cycle (void)
{
  g_autoptr (SlRecipe) pictures = sl_recipe_new ();
  g_autoptr (SlRecipe) texts = sl_recipe_new_for_texts (SL_LEARN_LANGUAGE, 100);
  SlOneCycle cycle;

  pictures->n_stages = 2;
  pictures->stages[1] = pictures->stages[0];
  pictures->stages[1].pct_start = 0.9;
  cycle = sl_recipe_cycle (pictures, 1, 40);
  g_assert_cmpuint (cycle.n_steps, ==, 40);
  g_assert_cmpfloat (cycle.pct_start, ==, 0.9);
  g_assert_cmpfloat (cycle.mom_high, ==, 0.95);
  g_assert_cmpfloat (cycle.mom_low, ==, 0.85);
  cycle = sl_recipe_cycle (texts, 0, 40);
  g_assert_cmpfloat (cycle.mom_high, ==, 0.8);
  g_assert_cmpfloat (cycle.mom_low, ==, 0.7);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/train/recipe/defaults", test_defaults);
  g_test_add_func ("/train/recipe/copy", test_copy);
  g_test_add_func ("/train/recipe/json/round-trip", test_json_round_trip);
  g_test_add_func ("/train/recipe/json/partial", test_json_partial);
  g_test_add_func ("/train/recipe/json/groups", test_json_groups);
  g_test_add_func ("/train/recipe/json/bad", test_json_bad);
  g_test_add_func ("/train/recipe/regroup", test_regroup);
  g_test_add_func ("/train/recipe/stages/regroup", test_regroup_stages);
  g_test_add_func ("/train/recipe/check/numbers", test_check_numbers);
  g_test_add_func ("/train/recipe/check/stages", test_check_stages);
  g_test_add_func ("/train/recipe/check/own", test_check_own);
  g_test_add_func ("/train/recipe/check/names", test_check_names);
  g_test_add_func ("/train/recipe/stages/one", test_for_stage);
  g_test_add_func ("/train/recipe/stages/json", test_stages_json);
  g_test_add_func ("/train/recipe/stages/presets", test_presets);
  g_test_add_func ("/train/recipe/stages/cycle", test_cycle);
  g_test_add_func ("/train/rate/parse", test_rate_parse);
  g_test_add_func ("/train/rate/bad", test_rate_bad);
  g_test_add_func ("/train/rate/to-string", test_rate_to_string);
  return g_test_run ();
}
