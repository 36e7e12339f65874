/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The stages of a recipe: one by itself, and the lists of them that the course shows. */
#include "train/recipe-texts.h"

#include <slope/models.h>
#include <slope/recipe.h>
#include <math.h>

#define N_(text) (text) /* translated by the window and the command line */

SlRecipe *
sl_recipe_for_stage (const SlRecipe *self, guint stage)
{
  SlRecipe *copy;
  SlStage *own;

  g_return_val_if_fail (self != NULL && stage < self->n_stages, NULL);
  copy = sl_recipe_copy (self);
  copy->n_stages = 1;
  own = &copy->stages[0];
  *own = self->stages[stage];
  if (own->height != 0)
    {
      copy->height = own->height;
      copy->width = own->width;
    }
  if (own->batch != 0)
    copy->batch = own->batch;
  if (own->augment != NULL)
    {
      g_free (copy->augment);
      copy->augment = g_strdup (own->augment);
    }
  own->height = own->width = 0;
  own->batch = 0;
  own->augment = NULL;
  return copy;
}

/* SPEC 1.10 */
#define TEXT_MOM_HIGH 0.8
#define TEXT_MOM_LOW 0.7

SlOneCycle
sl_recipe_cycle (const SlRecipe *self, guint stage, guint n_steps)
{
  SlOneCycle cycle = SL_ONE_CYCLE_INIT (n_steps);
  const SlArch *arch;

  g_return_val_if_fail (self != NULL && stage < self->n_stages, cycle);

  arch = sl_arch_find (self->arch);
  cycle.pct_start = self->stages[stage].pct_start;
  if (arch != NULL && arch->texts)
    {
      cycle.mom_high = TEXT_MOM_HIGH;
      cycle.mom_low = TEXT_MOM_LOW;
    }
  return cycle;
}

/* ---- Presets: rates and warm-ups of the course's notebooks, SPEC 1.6. */

#define FROM_SCRATCH(hint)                              \
  {                                                     \
    "from-scratch", N_ ("From scratch"), hint, FALSE, 0 \
  }

static const SlStagePreset of_pictures[] = {
  { "two-stages", N_ ("The course’s two stages"),
    N_ ("First the head alone, then the whole network at small rates."), TRUE, 0 },
  { "step-up", N_ ("Step up in size"),
    N_ ("Both stages on small pictures, then again on larger ones: 64, 128, 256 pixels."), TRUE,
    256 },
  { "half-full", N_ ("Half size, then full size"),
    N_ ("Masks, as in the course: both stages at half the size that is set, then again at all of "
        "it."),
    TRUE, 0 },
  FROM_SCRATCH (
      N_ ("The whole network at once, from random weights: for pictures unlike photographs.")),
};

static const SlStagePreset of_texts[] = {
  { "gradual", N_ ("Gradual unfreezing"),
    N_ ("The head alone, then one layer more, then one more, then all, each at smaller rates."),
    TRUE, 0 },
  FROM_SCRATCH (N_ ("The whole network at once, from random weights: to compare with.")),
};

static const SlStagePreset of_language[] = {
  { "fine-tune", N_ ("Fine-tune a language model"),
    N_ ("First the words alone, then the whole network at a tenth of the rate."), TRUE, 0 },
  FROM_SCRATCH (N_ ("The whole network at once, from random weights: for a language that no "
                    "other model knows.")),
};

const SlStagePreset *
sl_stage_presets (const SlRecipe *recipe, guint *n)
{
  const SlArch *arch = recipe != NULL ? sl_arch_find (recipe->arch) : NULL;

  g_return_val_if_fail (n != NULL, NULL);
  if (arch == NULL || !arch->texts)
    {
      *n = G_N_ELEMENTS (of_pictures);
      return of_pictures;
    }
  *n = recipe->learn == SL_LEARN_LANGUAGE ? G_N_ELEMENTS (of_language) : G_N_ELEMENTS (of_texts);
  return recipe->learn == SL_LEARN_LANGUAGE ? of_language : of_texts;
}

/* lesson1-pets and lesson2-download: four epochs of the frozen network at the default rate, two of
 * all of it. */
static void
use_two_stages (SlRecipe *self)
{
  const guint n_groups = sl_arch_find (self->arch)->n_groups; /* of the body */

  self->n_stages = 2;
  self->stages[0] = (SlStage){
    .freeze_to = n_groups, .epochs = 4, .lr_low = 0, .lr_high = 3e-3, .pct_start = 0.3
  };
  self->stages[1] = (SlStage){ .epochs = 2, .lr_low = 1e-5, .lr_high = 3e-4, .pct_start = 0.3 };
}

/* lesson3-planet, with a step more: frozen at 1e-2, then half of that for what is already trained;
 * unfrozen from 1e-5 to a fifth of the frozen rate. */
static void
use_step_up (SlRecipe *self)
{
  const guint n_groups = sl_arch_find (self->arch)->n_groups; /* of the body */

  const int divisors[] = { 4, 2, 1 };

  self->n_stages = 0;
  for (guint i = 0; i < G_N_ELEMENTS (divisors); i++)
    {
      const double rate = i == 0 ? 1e-2 : 5e-3;
      SlStage stage = { .epochs = 3,
                        .pct_start = 0.3,
                        .height = self->height / divisors[i],
                        .width = self->width / divisors[i] };

      stage.freeze_to = n_groups;
      stage.lr_low = 0;
      stage.lr_high = rate;
      self->stages[self->n_stages++] = stage;
      stage.freeze_to = 0;
      stage.lr_low = 1e-5;
      stage.lr_high = rate / 5;
      self->stages[self->n_stages++] = stage;
    }
}

/* lesson3-camvid: 3e-3 frozen, warmed up for most of the time as the decoder is new, then a quarter of
 * that; at full size 1e-3 and a tenth.  Its ten or twelve epochs a stage are for an accelerator. */
static void
use_half_full (SlRecipe *self)
{
  const guint n_groups = sl_arch_find (self->arch)->n_groups; /* of the body */

  const SlStage stages[] = {
    { .freeze_to = n_groups, .epochs = 6, .lr_high = 3e-3, .pct_start = 0.9 },
    { .epochs = 4, .lr_low = 3e-3 / 400, .lr_high = 3e-3 / 4, .pct_start = 0.8 },
    { .freeze_to = n_groups, .epochs = 4, .lr_high = 1e-3, .pct_start = 0.8 },
    { .epochs = 4, .lr_low = 1e-6, .lr_high = 1e-4, .pct_start = 0.3 },
  };

  self->n_stages = G_N_ELEMENTS (stages);
  for (guint i = 0; i < self->n_stages; i++)
    {
      self->stages[i] = stages[i];
      if (i < 2)
        {
          self->stages[i].height = self->height / 2;
          self->stages[i].width = self->width / 2;
        }
    }
}

static void
use_from_scratch (SlRecipe *self)
{
  const SlArch *arch = sl_arch_find (self->arch);

  self->n_stages = 1;
  if (arch != NULL && arch->texts)
    {
      const double rate = sl_recipe_scratch_rate (self);

      self->stages[0] =
          (SlStage){ .epochs = 10, .lr_low = rate, .lr_high = rate, .pct_start = 0.3 };
      return;
    }
  self->stages[0] = (SlStage){ .epochs = 12, .lr_low = 3e-3, .lr_high = 3e-3, .pct_start = 0.3 };
}

/* lesson3-imdb: rates fall by 2.6 from each group to the one below; SPEC 1.10. */
static void
use_gradual (SlRecipe *self)
{
  const guint n_groups = sl_recipe_n_groups (self);
  const double highest[] = { 2e-2, 1e-2, 5e-3, 1e-3 };
  const double divisor = pow (2.6, 4);

  self->n_stages = G_N_ELEMENTS (highest);
  for (guint i = 0; i < self->n_stages; i++)
    self->stages[i] = (SlStage){ .freeze_to = n_groups - 1 - i,
                                 .epochs = 1,
                                 .lr_low = i == 0 ? highest[i] : highest[i] / divisor,
                                 .lr_high = highest[i],
                                 .pct_start = 0.3 };
  self->stages[self->n_stages - 1].freeze_to = 0;
  self->stages[self->n_stages - 1].epochs = 2;
}

/* lesson3-imdb; its ten epochs of the second stage are for an accelerator. */
static void
use_fine_tune (SlRecipe *self)
{
  self->n_stages = 2;
  self->stages[0] = (SlStage){ .freeze_to = sl_recipe_n_groups (self) - 1,
                               .epochs = 1,
                               .lr_low = 1e-2,
                               .lr_high = 1e-2,
                               .pct_start = 0.3 };
  self->stages[1] = (SlStage){ .epochs = 3, .lr_low = 1e-3, .lr_high = 1e-3, .pct_start = 0.3 };
}

static const struct
{
  const char *name;
  void (*use) (SlRecipe *recipe);
} ways[] = {
  { "two-stages", use_two_stages },     { "step-up", use_step_up }, { "half-full", use_half_full },
  { "from-scratch", use_from_scratch }, { "gradual", use_gradual }, { "fine-tune", use_fine_tune },
};

static gboolean
refuse_preset (const char *name, const SlStagePreset *presets, guint n, GError **error)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", presets[i].name);
  g_set_error (error, SL_ERROR, SL_ERROR_UNSUPPORTED, "There is no preset “%s”: choose one of %s",
               name, names->str);
  return FALSE;
}

gboolean
sl_recipe_use_preset (SlRecipe *self, const char *name, GError **error)
{
  const SlStagePreset *presets;
  gboolean found = FALSE;
  guint n;

  g_return_val_if_fail (self != NULL && name != NULL, FALSE);
  if (sl_arch_find (self->arch) == NULL)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_UNSUPPORTED,
                   "There is no network “%s”: choose one that this version has", self->arch);
      return FALSE;
    }
  presets = sl_stage_presets (self, &n);
  for (guint i = 0; i < n; i++)
    found |= g_str_equal (presets[i].name, name);
  if (!found)
    return refuse_preset (name, presets, n, error);
  for (gsize i = 0; i < G_N_ELEMENTS (ways); i++)
    if (g_str_equal (ways[i].name, name))
      ways[i].use (self);
  return TRUE;
}
