/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a recipe for texts begins with. */
#include <slope/models.h>
#include <slope/recipe.h>

/* SPEC 1.10: of the network's dropouts. */
#define LANGUAGE_DROPOUT 0.3
#define CLASSIFIER_DROPOUT 0.5
/* From random weights, one-cycle of the whole network: the course's frozen rate, halved. */
#define SCRATCH_RATE 5e-3
/* Few texts are soon read: they are read more often. */
#define FEW_TEXTS 2000
#define MANY_TEXTS 20000

static guint
scratch_epochs (gsize n_train)
{
  if (n_train < FEW_TEXTS)
    return 10;
  return n_train < MANY_TEXTS ? 4 : 2;
}

SlRecipe *
sl_recipe_new_for_texts (SlLearn learn, gsize n_train)
{
  SlRecipe *self = sl_recipe_new ();

  g_free (self->arch);
  self->arch = g_strdup (sl_arch_all_for_texts ()[0]->id);
  self->learn = learn;
  if (learn == SL_LEARN_TASK)
    {
      self->dropout = CLASSIFIER_DROPOUT;
      sl_recipe_use_preset (self, "gradual", NULL);
      return self;
    }
  self->dropout = LANGUAGE_DROPOUT;
  self->stages[0] = (SlStage){ .epochs = scratch_epochs (n_train),
                               .lr_low = SCRATCH_RATE,
                               .lr_high = SCRATCH_RATE,
                               .pct_start = 0.3 };
  return self;
}
