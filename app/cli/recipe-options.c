/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli.h"
#include <slope/models.h>
#include <math.h>
#include <string.h>

#define UNET_PREFIX "unet-"

/* Words as they were given; NULL, NAN and -1: not given. */
static struct
{
  char *arch, *pretrained, *size, *batch, *lr, *augment, *precision, *seed;
  char *freeze_to, *stages_file, *preset, *balance, *keep;
  char **stages;
  gint epochs, threads, views, patience, from_stage;
  gint64 from;
  gboolean unfreeze, freeze_norms;
  double weight_decay, dropout, label_smoothing, mixup, clip, threshold, part;
  char *resize, *learn, *tokens;
  gint words, min_count, embedding, hidden, window;
  char *vocabulary;
  gboolean ignore_void, output_range;
} opt = { .epochs = -1,
          .threads = -1,
          .views = -1,
          .patience = -1,
          .from_stage = -1,
          .words = -1,
          .min_count = -1,
          .embedding = -1,
          .hidden = -1,
          .window = -1,
          .mixup = NAN,
          .threshold = NAN,
          .part = NAN,
          .clip = NAN,
          .weight_decay = NAN,
          .dropout = NAN,
          .label_smoothing = NAN };

const GOptionEntry cli_recipe_options[] = {
  { "arch", 0, 0, G_OPTION_ARG_STRING, &opt.arch,
    N_ ("Network: resnet18 (default), resnet34, resnet50, mobilenet-v2, squeezenet1-0, "
        "squeezenet1-1; for masks a U-Net on it (unet-resnet34 is the same), or unet-small; for "
        "texts awd-lstm-small (default) or awd-lstm"),
    N_ ("NAME") },
  { "pretrained", 0, 0, G_OPTION_ARG_FILENAME, &opt.pretrained,
    N_ ("Weights to start from: a .safetensors or .pth file, auto (public ones, downloaded once), "
        "or none (default)"),
    N_ ("FILE") },
  { "size", 0, 0, G_OPTION_ARG_STRING, &opt.size,
    N_ ("Size of the pictures in pixels, such as 128 or 96x160; by default as suits the pictures"),
    N_ ("N|HxW") },
  { "resize", 0, 0, G_OPTION_ARG_STRING, &opt.resize,
    N_ ("How pictures come to that size: auto (a square is cropped, another shape squished), crop, "
        "squish, pad"),
    N_ ("WAY") },
  { "batch", 0, 0, G_OPTION_ARG_STRING, &opt.batch, N_ ("Pictures in a batch, or auto (default)"),
    N_ ("N") },
  { "epochs", 0, 0, G_OPTION_ARG_INT, &opt.epochs,
    N_ ("Passes over the training set (12, of many pictures 8 or 4)"), N_ ("N") },
  { "lr", 0, 0, G_OPTION_ARG_STRING, &opt.lr,
    N_ ("Learning rate (3e-3), or lowest and highest over the layer groups"), N_ ("X|X:Y") },
  { "freeze-to", 0, 0, G_OPTION_ARG_STRING, &opt.freeze_to,
    N_ ("Freeze the first G layer groups; body: all but the head"), N_ ("G") },
  { "unfreeze", 0, 0, G_OPTION_ARG_NONE, &opt.unfreeze, N_ ("Train the whole network (default)"),
    NULL },
  { "freeze-norms", 0, 0, G_OPTION_ARG_NONE, &opt.freeze_norms,
    N_ ("Freeze the batch norms of frozen groups too"), NULL },
  { "stage", 0, 0, G_OPTION_ARG_STRING_ARRAY, &opt.stages,
    N_ ("A stage of its own, in place of the three above; may be repeated"), N_ ("G:EPOCHS:LR") },
  { "stages", 0, 0, G_OPTION_ARG_FILENAME, &opt.stages_file,
    N_ ("Stages from a file: a list in JSON, as a recipe has it"), N_ ("FILE") },
  { "preset", 0, 0, G_OPTION_ARG_STRING, &opt.preset,
    N_ ("Stages of the course: two-stages, step-up, half-full, from-scratch; of texts gradual, "
        "fine-tune, from-scratch"),
    N_ ("NAME") },
  { "wd", 0, 0, G_OPTION_ARG_DOUBLE, &opt.weight_decay, N_ ("Weight decay (0.01)"), N_ ("X") },
  { "dropout", 0, 0, G_OPTION_ARG_DOUBLE, &opt.dropout,
    N_ ("Dropout of the head (0.5); of texts, what multiplies all dropouts (0.3, labels 0.5)"),
    N_ ("X") },
  { "label-smoothing", 0, 0, G_OPTION_ARG_DOUBLE, &opt.label_smoothing, N_ ("Label smoothing (0)"),
    N_ ("X") },
  { "threshold", 0, 0, G_OPTION_ARG_DOUBLE, &opt.threshold,
    N_ ("Several labels: a label is said from this probability on (0.2)"), N_ ("X") },
  { "ignore-void", 0, 0, G_OPTION_ARG_NONE, &opt.ignore_void,
    N_ ("Masks: leave pixels of the class Void out of the loss too"), NULL },
  { "output-range", 0, 0, G_OPTION_ARG_NONE, &opt.output_range,
    N_ ("Points and numbers: keep answers within the range of the data"), NULL },
  { "mixup", 0, 0, G_OPTION_ARG_DOUBLE, &opt.mixup,
    N_ ("Mix pictures in pairs; the course’s strength is 0.4 (0: none)"), N_ ("X") },
  { "clip", 0, 0, G_OPTION_ARG_DOUBLE, &opt.clip,
    N_ ("Largest norm of all gradients together (0: as they are)"), N_ ("X") },
  { "balance", 0, 0, G_OPTION_ARG_STRING, &opt.balance,
    N_ ("For classes of unequal size: none (default), weights, oversample"), N_ ("KIND") },
  { "keep", 0, 0, G_OPTION_ARG_STRING, &opt.keep,
    N_ ("The model to keep: last (default), or that of the epoch best by metric or loss"),
    N_ ("WHICH") },
  { "patience", 0, 0, G_OPTION_ARG_INT, &opt.patience,
    N_ ("End a stage after N epochs without a better one (0: never)"), N_ ("N") },
  { "views", 0, 0, G_OPTION_ARG_INT, &opt.views,
    N_ ("The same N augmented views of each picture in turn; a frozen body is then asked only "
        "once for each (0: a new view each epoch)"),
    N_ ("N") },
  { "augment", 0, 0, G_OPTION_ARG_STRING, &opt.augment,
    N_ ("What is done to training pictures: default, noflip, satellite, tilt, none"), N_ ("NAME") },
  { "precision", 0, 0, G_OPTION_ARG_STRING, &opt.precision,
    N_ ("What products are computed in while training: f32 (default), or bf16, quicker on some "
        "processors"),
    N_ ("NAME") },
  { "threads", 0, 0, G_OPTION_ARG_INT, &opt.threads,
    N_ ("Threads; all cores by default; the result is the same"), N_ ("N") },
  { "seed", 0, 0, G_OPTION_ARG_STRING, &opt.seed, N_ ("Seed of everything random (0)"), N_ ("N") },
  { "learn", 0, 0, G_OPTION_ARG_STRING, &opt.learn,
    N_ ("Texts: labels (where there are some), with the newest language model unless --from says "
        "otherwise, or language (which word comes next)"),
    N_ ("WHAT") },
  { "words", 0, 0, G_OPTION_ARG_INT, &opt.words, N_ ("Texts: most words that are known (60000)"),
    N_ ("N") },
  { "min-count", 0, 0, G_OPTION_ARG_INT, &opt.min_count, N_ ("Texts: rarer words are unknown (2)"),
    N_ ("N") },
  { "vocabulary", 0, 0, G_OPTION_ARG_FILENAME, &opt.vocabulary,
    N_ ("Texts: the words that are known, from a file of “slope-cli words --out”, or auto: chosen "
        "by the two above (default)"),
    N_ ("FILE") },
  { "embedding", 0, 0, G_OPTION_ARG_INT, &opt.embedding,
    N_ ("Texts: size of a word’s vector (as the network has it)"), N_ ("N") },
  { "hidden", 0, 0, G_OPTION_ARG_INT, &opt.hidden,
    N_ ("Texts: units of the layers between (as the network has it)"), N_ ("N") },
  { "part", 0, 0, G_OPTION_ARG_DOUBLE, &opt.part,
    N_ ("Texts: an epoch reads a random part of each labelled text, at least this share (1: all)"),
    N_ ("X") },
  { "window", 0, 0, G_OPTION_ARG_INT, &opt.window,
    N_ ("Texts: tokens that a language model is trained on at a time (70)"), N_ ("N") },
  { "tokens", 0, 0, G_OPTION_ARG_STRING, &opt.tokens,
    N_ ("Texts: rules by which they are cut into words, separated by commas; by default those of "
        "--vocabulary or the course’s; what a run starts from keeps its own"),
    N_ ("RULES") },
  { "from", 0, 0, G_OPTION_ARG_INT64, &opt.from, N_ ("Start from the weights of an earlier run"),
    N_ ("RUN") },
  { "from-stage", 0, 0, G_OPTION_ARG_INT, &opt.from_stage,
    N_ ("Train that run again from its stage N on, from 1"), N_ ("N") },
  { NULL }
};

static gboolean
parse_uint (const char *text, guint64 max, guint64 *value)
{
  return g_ascii_string_to_unsigned (text, 10, 0, max, value, NULL);
}

static gboolean
parse_size (const char *text, SlRecipe *recipe)
{
  g_auto (GStrv) parts = g_strsplit (text, "x", 2);
  guint64 height, width;

  if (!parse_uint (parts[0], G_MAXINT, &height)
      || (parts[1] != NULL && !parse_uint (parts[1], G_MAXINT, &width)))
    return FALSE;
  recipe->height = (int)height;
  recipe->width = (int)(parts[1] != NULL ? width : height);
  return TRUE;
}

static gboolean
parse_batch (const char *text, SlRecipe *recipe)
{
  guint64 batch = 0;

  if (!g_str_equal (text, "auto") && !parse_uint (text, G_MAXINT, &batch))
    return FALSE;
  recipe->batch = (guint)batch;
  return TRUE;
}

/* Layer groups to freeze; "body" is all but the last, of any network (one that there is not is refused later). */
static gboolean
parse_freeze_to (const char *text, const SlRecipe *recipe, guint *freeze_to)
{
  guint64 n = 0;

  if (g_str_equal (text, "body"))
    n = sl_arch_find (recipe->arch) != NULL ? sl_recipe_n_groups (recipe) - 1 : 0;
  else if (!parse_uint (text, G_MAXINT, &n))
    return FALSE;
  *freeze_to = (guint)n;
  return TRUE;
}

/* "G:EPOCHS:LR", where LR may hold a colon itself. */
static gboolean
parse_stage (const char *text, const SlRecipe *recipe, SlStage *stage)
{
  g_auto (GStrv) parts = g_strsplit (text, ":", 3);
  guint64 epochs;

  if (g_strv_length (parts) != 3 || !parse_freeze_to (parts[0], recipe, &stage->freeze_to)
      || !parse_uint (parts[1], G_MAXINT, &epochs)
      || !sl_rate_parse (parts[2], &stage->lr_low, &stage->lr_high, NULL))
    return FALSE;
  stage->epochs = (guint)epochs;
  return TRUE;
}

static int
take_stages (const char *verb, SlRecipe *recipe)
{
  guint n = g_strv_length (opt.stages);
  const SlStage defaults = recipe->stages[0];

  if (n > SL_MAX_STAGES)
    return cli_usage (verb, _ ("There are at most %d stages"), SL_MAX_STAGES);
  for (guint i = 0; i < n; i++)
    {
      recipe->stages[i] = defaults;
      if (!parse_stage (opt.stages[i], recipe, &recipe->stages[i]))
        return cli_usage (verb, _ ("“%s” is not a stage such as body:4:3e-3"), opt.stages[i]);
    }
  recipe->n_stages = n;
  return CLI_DONE;
}

/* A problem with the file is one of the file, not of the command line. */
static int
take_stages_file (SlRecipe *recipe)
{
  g_autofree char *json = NULL;
  GError *error = NULL;

  if (!g_file_get_contents (opt.stages_file, &json, NULL, &error))
    g_prefix_error (&error, "%s: ", _ ("The stages can’t be read"));
  else if (!sl_recipe_set_stages_json (recipe, json, &error))
    g_prefix_error (&error, "“%s”: ", opt.stages_file);
  return error != NULL ? cli_fail (error) : CLI_DONE;
}

static int
take_preset (SlRecipe *recipe)
{
  GError *error = NULL;
  guint n;
  const SlStagePreset *presets = sl_stage_presets (recipe, &n);

  for (guint i = 0; i < n; i++)
    if (g_str_equal (presets[i].name, opt.preset) && presets[i].size != 0 && opt.size == NULL)
      recipe->height = recipe->width = presets[i].size;
  return sl_recipe_use_preset (recipe, opt.preset, &error) ? CLI_DONE : cli_fail (error);
}

/* Whatever says what the stages are, but for one that is told by its parts. */
static int
take_many_stages (const char *verb, SlRecipe *recipe)
{
  if ((opt.stages != NULL) + (opt.stages_file != NULL) + (opt.preset != NULL) > 1)
    return cli_usage (verb, "%s", _ ("--stage, --stages and --preset exclude each other"));
  if (opt.lr != NULL || opt.epochs >= 0 || opt.freeze_to != NULL || opt.unfreeze)
    return cli_usage (verb, "%s",
                      _ ("--stage, --stages and --preset stand in place of --lr, --epochs, "
                         "--freeze-to and --unfreeze"));
  if (opt.stages_file != NULL)
    return take_stages_file (recipe);
  return opt.preset != NULL ? take_preset (recipe) : take_stages (verb, recipe);
}

/* The place of @text among @names; -1: none of them. */
static int
find_word (const char *text, const char *const *names)
{
  for (int i = 0; names[i] != NULL; i++)
    if (g_str_equal (text, names[i]))
      return i;
  return -1;
}

/* Options of the craft that are words or counts. */
static int
take_words (const char *verb, SlRecipe *recipe)
{
  static const char *const balances[] = { "none", "weights", "oversample", NULL };
  static const char *const keeps[] = { "last", "metric", "loss", NULL };
  int balance = opt.balance != NULL ? find_word (opt.balance, balances) : SL_BALANCE_NONE;
  int keep = opt.keep != NULL ? find_word (opt.keep, keeps) : SL_KEEP_MODEL_LAST;

  if (balance < 0)
    return cli_usage (verb, _ ("“%s” is not none, weights or oversample"), opt.balance);
  if (keep < 0)
    return cli_usage (verb, _ ("“%s” is not last, metric or loss"), opt.keep);
  recipe->balance = (SlBalance)balance;
  recipe->keep = (SlKeepModel)keep;
  if (opt.views >= 0)
    recipe->views = (guint)opt.views;
  if (opt.patience >= 0)
    recipe->patience = (guint)opt.patience;
  return CLI_DONE;
}

static int
take_single_stage (const char *verb, SlRecipe *recipe)
{
  SlStage *stage = &recipe->stages[0];

  if (opt.unfreeze && opt.freeze_to != NULL && !g_str_equal (opt.freeze_to, "0"))
    return cli_usage (verb, "%s", _ ("--freeze-to and --unfreeze contradict each other"));
  if (opt.unfreeze || opt.freeze_to != NULL || opt.epochs >= 0 || opt.lr != NULL)
    {
      *stage = recipe->stages[recipe->n_stages - 1]; /* the whole network, of several suggested */
      recipe->n_stages = 1;
    }
  if (opt.freeze_to != NULL && !parse_freeze_to (opt.freeze_to, recipe, &stage->freeze_to))
    return cli_usage (verb, _ ("“%s” is not a number of layer groups, nor body"), opt.freeze_to);
  if (opt.epochs >= 0)
    stage->epochs = (guint)opt.epochs;
  if (opt.lr != NULL && !sl_rate_parse (opt.lr, &stage->lr_low, &stage->lr_high, NULL))
    return cli_usage (verb, _ ("“%s” is not a learning rate such as 3e-3 or 1e-5:1e-3"), opt.lr);
  return CLI_DONE;
}

static void
take_string (char **to, const char *text)
{
  if (text == NULL)
    return;
  g_free (*to);
  *to = g_strdup (text);
}

static void
take_double (double *to, double value)
{
  if (!isnan (value))
    *to = value;
}

/* For masks the network is a U-Net on what is named: “unet-resnet34” says so in one word. */
static void
take_arch (SlRecipe *recipe, gboolean dense)
{
  const guint n_groups = sl_recipe_n_groups (recipe);
  const char *name = opt.arch;

  if (name != NULL && dense && sl_arch_find (name) == NULL && g_str_has_prefix (name, UNET_PREFIX))
    name += strlen (UNET_PREFIX);
  take_string (&recipe->arch, name);
  if (sl_arch_find (recipe->arch) != NULL)
    sl_recipe_regroup (recipe, n_groups);
}

static void
take_count (guint *to, gint value)
{
  if (value >= 0)
    *to = (guint)value;
}

/* Whether the options ask for random weights, where others may have been suggested to begin with. */
static gboolean
asks_for_random (const SlRecipe *suggested)
{
  const gboolean none = g_strcmp0 (opt.pretrained, "none") == 0;

  if (opt.from != 0 || (opt.pretrained != NULL && !none))
    return FALSE;
  if (g_strcmp0 (opt.preset, "from-scratch") == 0)
    return TRUE;
  return g_str_equal (suggested->pretrained, "auto")
         && (none || opt.arch != NULL || opt.embedding >= 0 || opt.hidden >= 0);
}

/* What is suggested for texts is for what they begin with: who asks for random weights, another network or sizes gets
 * what suits random weights, as in the window, and who begins with a run no public weights.  @recipe: (transfer full) */
static SlRecipe *
follow_start (SlProject *project, SlRecipe *recipe)
{
  if (asks_for_random (recipe))
    {
      SlRecipe *scratch = sl_project_suggest_from_scratch (project, recipe->learn);

      sl_recipe_free (recipe);
      recipe = scratch;
    }
  else if (opt.from != 0 && g_str_equal (recipe->pretrained, "auto"))
    take_string (&recipe->pretrained, "none");
  if (opt.arch != NULL)
    recipe->embedding = recipe->hidden = 0; /* as it has them */
  return recipe;
}

/* Whoever names words alone means the rules that these came by; of rules that are named too, the engine says whether they
 * are the same. */
static int
take_vocabulary (SlRecipe *recipe)
{
  g_autoptr (SlVocabulary) vocabulary = NULL;
  GError *error = NULL;

  if (opt.vocabulary == NULL)
    return CLI_DONE;
  g_free (recipe->vocabulary);
  if (g_str_equal (opt.vocabulary, SL_VOCABULARY_AUTO))
    {
      recipe->vocabulary = g_strdup (SL_VOCABULARY_AUTO);
      return CLI_DONE;
    }
  recipe->vocabulary = g_canonicalize_filename (opt.vocabulary, NULL);
  if (opt.tokens != NULL)
    return CLI_DONE;
  vocabulary = sl_vocabulary_load (recipe->vocabulary, &error);
  if (vocabulary == NULL)
    return cli_fail (error);
  g_free (recipe->tokens);
  recipe->tokens = sl_token_rules_to_string (sl_vocabulary_get_rules (vocabulary));
  return CLI_DONE;
}

static int
take_text_options (SlRecipe *recipe)
{
  take_count (&recipe->max_words, opt.words);
  take_count (&recipe->min_count, opt.min_count);
  take_count (&recipe->embedding, opt.embedding);
  take_count (&recipe->hidden, opt.hidden);
  take_count (&recipe->window, opt.window);
  take_double (&recipe->part, opt.part);
  take_string (&recipe->tokens, opt.tokens);
  return take_vocabulary (recipe);
}

static int
take_all (const char *verb, const SlTask *task, SlRecipe *recipe)
{
  guint64 seed = 0;
  int code;

  take_arch (recipe, task->dense);
  code = take_text_options (recipe);
  if (code != CLI_DONE)
    return code;
  take_string (&recipe->pretrained, opt.pretrained);
  take_string (&recipe->augment, opt.augment);
  take_double (&recipe->weight_decay, opt.weight_decay);
  take_double (&recipe->dropout, opt.dropout);
  take_double (&recipe->label_smoothing, opt.label_smoothing);
  take_double (&recipe->mixup, opt.mixup);
  take_double (&recipe->threshold, opt.threshold);
  recipe->ignore_void = opt.ignore_void;
  recipe->output_range = opt.output_range;
  take_double (&recipe->clip, opt.clip);
  recipe->freeze_norms = opt.freeze_norms;
  if (opt.size != NULL && !parse_size (opt.size, recipe))
    return cli_usage (verb, _ ("“%s” is not a size such as 128 or 96x160"), opt.size);
  if (opt.resize != NULL && !sl_resize_parse (opt.resize, &recipe->resize))
    return cli_usage (verb, _ ("“%s” is not auto, crop, squish or pad"), opt.resize);
  if (opt.batch != NULL && !parse_batch (opt.batch, recipe))
    return cli_usage (verb, _ ("“%s” is not a batch size such as 32 or auto"), opt.batch);
  if (opt.precision != NULL && !sl_precision_parse (opt.precision, &recipe->precision))
    return cli_usage (verb, _ ("“%s” is not a precision: write f32 or bf16"), opt.precision);
  if (opt.seed != NULL && !parse_uint (opt.seed, G_MAXINT64, &seed))
    return cli_usage (verb, _ ("“%s” is not a seed such as 2"), opt.seed);
  recipe->seed = seed;
  if (opt.threads >= 0)
    recipe->threads = (guint)opt.threads;
  code = take_words (verb, recipe);
  if (code != CLI_DONE)
    return code;
  return opt.stages != NULL || opt.stages_file != NULL || opt.preset != NULL
             ? take_many_stages (verb, recipe)
             : take_single_stage (verb, recipe);
}

/* What is to be learned of texts decides on all the rest. */
static SlRecipe *
suggest (const char *verb, SlProject *project, int *code)
{
  const gboolean labels = g_strcmp0 (opt.learn, "labels") == 0;

  if (opt.learn == NULL)
    return sl_project_suggest_recipe (project);
  if (!sl_project_get_task (project)->texts)
    *code = cli_usage (verb, "%s", _ ("--learn goes with texts alone"));
  else if (!labels && !g_str_equal (opt.learn, "language"))
    *code = cli_usage (verb, _ ("“%s” is not language or labels"), opt.learn);
  else
    return sl_project_suggest_to_learn (project, labels ? SL_LEARN_TASK : SL_LEARN_LANGUAGE);
  return NULL;
}

/* A classifier of texts begins with the newest language model, unless the options say with what. */
gint64
cli_recipe_choose_from (SlProject *project, const SlRecipe *recipe)
{
  const gboolean scratch = g_strcmp0 (opt.preset, "from-scratch") == 0;

  if (opt.from != 0 || !sl_project_get_task (project)->texts || recipe->learn != SL_LEARN_TASK
      || !g_str_equal (recipe->pretrained, "none") || scratch)
    return opt.from;
  return sl_project_find_language_run (project);
}

gboolean
cli_recipe_check_words (SlProject *project, const SlRecipe *recipe, GError **error)
{
  const gint64 from = cli_recipe_choose_from (project, recipe);

  if (from == 0 || opt.vocabulary == NULL || g_str_equal (opt.vocabulary, SL_VOCABULARY_AUTO))
    return TRUE;
  if (opt.from != 0)
    g_set_error (error, SL_ERROR, SL_ERROR_STATE,
                 _ ("Run %d keeps its own words, and none of --vocabulary: leave out that or "
                    "--from"),
                 (int)from);
  else
    g_set_error (error, SL_ERROR, SL_ERROR_STATE,
                 _ ("Labels begin with the language model of run %d, which keeps its own words: "
                    "leave out --vocabulary, or begin anew with --preset from-scratch"),
                 (int)from);
  return FALSE;
}

SlRecipe *
cli_recipe_from_options (const char *verb, SlProject *project, int *code)
{
  g_autoptr (SlRecipe) recipe = suggest (verb, project, code);
  GError *error = NULL;

  if (recipe == NULL)
    return NULL;
  if (sl_project_get_task (project)->texts)
    recipe = follow_start (project, g_steal_pointer (&recipe));
  *code = take_all (verb, sl_project_get_task (project), recipe);
  if (*code != CLI_DONE)
    return NULL;
  if (!sl_recipe_check (recipe, &error))
    {
      *code = cli_fail (error);
      return NULL;
    }
  return g_steal_pointer (&recipe);
}

void
cli_recipe_print_suggested (const SlRecipe *recipe, gboolean epochs)
{
  const gboolean texts = sl_arch_find (recipe->arch)->texts;
  const gboolean size_is = !texts && opt.size == NULL && opt.preset == NULL
                           && opt.stages_file == NULL;
  const gboolean epochs_are = epochs && opt.epochs < 0 && !cli_recipe_has_stages ();

  if (size_is && epochs_are)
    g_print (_ ("suggested for these pictures: %d×%d pixels, %u epochs\n"), recipe->width,
             recipe->height, recipe->stages[0].epochs);
  else if (size_is)
    g_print (_ ("suggested for these pictures: %d×%d pixels\n"), recipe->width, recipe->height);
  else if (epochs_are && texts)
    g_print (_ ("suggested for these texts: %u epochs in %u stages\n"), sl_recipe_n_epochs (recipe),
             recipe->n_stages);
  else if (epochs_are)
    g_print (_ ("suggested for these pictures: %u epochs\n"), recipe->stages[0].epochs);
  if (texts && opt.pretrained == NULL && g_str_equal (recipe->pretrained, "auto"))
    g_print (_ ("begins with public weights, which know most of the words (--pretrained auto)\n"));
}

guint
cli_recipe_from_stage (void)
{
  return (guint)MAX (opt.from_stage, 0);
}

gboolean
cli_recipe_has_stages (void)
{
  return opt.stages != NULL || opt.stages_file != NULL || opt.preset != NULL;
}

gint64
cli_recipe_from_run (void)
{
  return opt.from;
}
