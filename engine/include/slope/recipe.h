/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/optim.h>
#include <slope/transform.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define SL_MAX_STAGES 16
#define SL_LEAST_PART 0.1 /* of a text */

/* One stage: everything that may change from stage to stage.  Each has its own one-cycle and
 * fresh moments, as the course's fit_one_cycle after freeze_to.  Plain: copied by assignment. */
typedef struct
{
  guint       freeze_to; /* groups below are frozen; 0: the whole network */
  guint       epochs;    /* ≥ 1 */
  double      lr_low;    /* 0: "slice (high)": last group high, others high/10; equal to lr_high: one rate */
  double      lr_high;   /* > 0 */
  double      pct_start; /* 0.3 */
  int         height;    /* pixels; with width 0: the recipe's */
  int         width;
  guint       batch;     /* 0: the recipe's, which when 0 too is chosen anew for this stage's size */
  const char *augment;   /* interned; %NULL: the recipe's */
} SlStage;

/* What is done about classes of unequal size (SPEC 1.4). */
typedef enum
{
  SL_BALANCE_NONE,
  SL_BALANCE_WEIGHTS,   /* an item's loss counts by 1 / size of its class */
  SL_BALANCE_OVERSAMPLE /* drawn with replacement by 1 / size; an epoch is classes × largest class */
} SlBalance;

/* Whose weights a run leaves behind. */
typedef enum
{
  SL_KEEP_MODEL_LAST,   /* those of the last epoch */
  SL_KEEP_MODEL_METRIC, /* those of the epoch best by the task's first metric; equal ones: by loss */
  SL_KEEP_MODEL_LOSS    /* those of the epoch of lowest validation loss */
} SlKeepModel;

/* How a picture of another shape comes to the recipe's size. */
typedef enum
{
  SL_RECIPE_RESIZE_AUTO, /* as the course: a square is cropped, another shape squished */
  SL_RECIPE_RESIZE_CROP,
  SL_RECIPE_RESIZE_SQUISH,
  SL_RECIPE_RESIZE_PAD
} SlRecipeResize;

/* What convolutions and linear layers multiply in while training.  Weights, activations, gradients
 * and all sums are float32 either way; validation, evaluation and prediction are float32 throughout,
 * so that a model says the same wherever it was trained. */
typedef enum
{
  SL_PRECISION_F32,
  SL_PRECISION_BF16 /* operands rounded to bfloat16: quicker where the CPU has AVX512_BF16 */
} SlPrecision;

/* Texts: what a run learns. */
typedef enum
{
  SL_LEARN_TASK,    /* what the project asks */
  SL_LEARN_LANGUAGE /* which word comes next: a language model, whose encoder the other begins with */
} SlLearn;

/**
 * SlRecipe:
 *
 * All that a run depends on besides the data: recipe + data + seed = the same bits.  A boxed,
 * plain value; copied, never shared.
 */
typedef struct
{
  char       *arch;        /* "resnet18" */
  char       *pretrained;  /* "none", "auto" (the catalogue's, already fetched) or a file */
  int         height, width;
  SlRecipeResize resize;
  guint       batch;       /* 0: automatic */
  guint       n_stages;    /* ≥ 1 */
  SlStage     stages[SL_MAX_STAGES];
  char       *augment;     /* name of a preset */
  guint       views;       /* augmented views of a picture, the same in turn; 0: a new one each epoch */
  double      weight_decay;
  double      dropout;
  double      label_smoothing;
  double      threshold;   /* several labels: a label is said from this probability on */
  gboolean    ignore_void; /* masks: pixels of the class Void are left out of the loss too */
  gboolean    output_range; /* points, numbers: kept within the range of the data by a sigmoid */
  double      mixup;       /* alpha of Zhang et al. 2018: 0 none, the course's is 0.4 */
  double      clip;        /* largest norm of all gradients together; 0: as they are */
  SlBalance   balance;
  SlKeepModel keep;
  guint       patience;    /* epochs without a better one until the stage ends; 0: never */
  gboolean    freeze_norms;
  SlPrecision precision;
  guint64     seed;
  guint       threads;     /* 0: all; does not change the result */

  /* Of texts alone; what stands above of pictures is then not looked at, and dropout multiplies all
   * dropouts of the network, as the course's drop_mult. */
  SlLearn     learn;
  guint       embedding;   /* size of a word's vector; 0: as the network has it, so below */
  guint       hidden;      /* units of the layers between */
  guint       window;      /* tokens that a language model is trained on at a time */
  guint       max_words;   /* of the vocabulary, the special ones among them */
  guint       min_count;   /* words that are rarer are unknown */
  double      part;        /* labels: an epoch reads a random part of each text, from this share of its tokens on up to all;
                              SL_LEAST_PART … 1, whole texts */
  char       *tokens;      /* rules: sl_token_rules_to_string() */
  char       *vocabulary;  /* "auto": chosen by what stands above, or a file of sl_vocabulary_save(), in the project's
                              folder where no other is named.  What begins with earlier weights keeps their words */
} SlRecipe;

#define SL_TYPE_RECIPE (sl_recipe_get_type ())
GType     sl_recipe_get_type  (void);
SlRecipe *sl_recipe_new       (void); /* defaults: resnet18, 128 px, batch auto, 1 stage of 4 epochs at 3e-3 */
/* For texts: the small network, and the course's way to train its language model or a classifier.  @n_train:
 * texts that are trained on, which epochs are counted by */
SlRecipe *sl_recipe_new_for_texts (SlLearn learn, gsize n_train);
SlRecipe *sl_recipe_copy      (const SlRecipe *self);
void      sl_recipe_free      (SlRecipe *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlRecipe, sl_recipe_free)
/* @error: %SL_ERROR_UNSUPPORTED or %SL_ERROR_DATA, naming the entry and its range. */
gboolean  sl_recipe_check     (const SlRecipe *self, GError **error);
gboolean  sl_resize_parse     (const char *text, SlRecipeResize *resize); /* "auto", "crop", "squish", "pad" */
gboolean  sl_precision_parse  (const char *text, SlPrecision *precision); /* "f32", "bf16" */
char     *sl_recipe_to_json   (const SlRecipe *self);
SlRecipe *sl_recipe_from_json (const char *json, GError **error);
guint     sl_recipe_n_epochs  (const SlRecipe *self); /* over all stages */
/* Layer groups of the network with its head: at most one less may be frozen. */
guint     sl_recipe_n_groups  (const SlRecipe *self);
/* Freezes what was frozen of a network of @n_groups_before groups in the present one, which may have another number: all
 * but the head stays that, and in between the same share or less.  Stages that freeze more than there was are left alone. */
void      sl_recipe_regroup   (SlRecipe *self, guint n_groups_before);

/* ---- Stages */

/* (transfer full): the recipe as stage @stage sees it: a recipe of this one stage, with its size,
 * batch and augmentation; what is 0 in both stays 0. */
SlRecipe *sl_recipe_for_stage (const SlRecipe *self, guint stage);
/* One-cycle of a stage over @n_steps batches; texts are trained with less momentum than pictures, as in the course. */
SlOneCycle sl_recipe_cycle    (const SlRecipe *self, guint stage, guint n_steps);
/* Stages as text, in the form of the entry "stages" of a recipe: a list of objects. */
char     *sl_recipe_stages_to_json  (const SlRecipe *self);
/* Replaces the stages; entries that are not there get defaults.  @json: such a list, or an object with
 * an entry "stages".  Those of a recipe with an entry "groups", or "arch" of this network, freeze here what they froze there:
 * sl_recipe_regroup().  Before recipes had "groups", there were three at most.
 * @error: %SL_ERROR_FORMAT, naming stage, entry and range; then nothing changes. */
gboolean  sl_recipe_set_stages_json (SlRecipe *self, const char *json, GError **error);

/* Ways to train that the course shows, as lists of stages. */
typedef struct
{
  const char *name;       /* "two-stages": on the command line */
  const char *label;      /* N_("The course’s two stages") */
  const char *hint;       /* N_() one plain sentence */
  gboolean    pretrained; /* needs pretrained weights, or an earlier run to start from, to make sense */
  int         size;       /* pixels to end with unless the user says otherwise; 0: any */
} SlStagePreset;

/* Those that fit the network of @recipe and what it learns.  @recipe: (nullable): for pictures */
const SlStagePreset *sl_stage_presets (const SlRecipe *recipe, guint *n);
/* Replaces the stages of @self by those of the preset, for its network; sizes that a preset steps
 * through end at the recipe's.  @error: %SL_ERROR_UNSUPPORTED, naming the presets or networks. */
gboolean  sl_recipe_use_preset (SlRecipe *self, const char *name, GError **error);

/* ---- Rates */
/* "3e-3", "0.003", "1e-5 to 3e-4", "1e-5:3e-4", "slice(3e-3)" → low, high; and back, as "1e-5 to 3e-4". */
gboolean  sl_rate_parse       (const char *text, double *low, double *high, GError **error);
char     *sl_rate_to_string   (double low, double high);

G_END_DECLS
