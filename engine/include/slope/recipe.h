/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/optim.h>
#include <slope/transform.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define SL_MAX_STAGES 16

/* One stage: everything that may change from stage to stage.  Each has its own one-cycle and
 * fresh moments, as the course's fit_one_cycle after freeze_to. */
typedef struct
{
  guint  freeze_to; /* groups below are frozen; 0: the whole network */
  guint  epochs;    /* ≥ 1 */
  double lr_low;    /* 0: "slice (high)": last group high, others high/10; equal to lr_high: one rate */
  double lr_high;   /* > 0 */
  double pct_start; /* 0.3 */
} SlStage;

/**
 * SlRecipe:
 *
 * All that a run depends on besides the data: recipe + data + seed = the same bits.  A boxed,
 * plain value; copied, never shared.
 */
typedef struct
{
  char    *arch;        /* "resnet18" */
  char    *pretrained;  /* "none", "auto" or a file */
  int      height, width;
  guint    batch;       /* 0: automatic */
  guint    n_stages;    /* ≥ 1 */
  SlStage  stages[SL_MAX_STAGES];
  char    *augment;     /* name of a preset */
  double   weight_decay;
  double   dropout;
  double   label_smoothing;
  gboolean freeze_norms;
  guint64  seed;
  guint    threads;     /* 0: all; does not change the result */
} SlRecipe;

#define SL_TYPE_RECIPE (sl_recipe_get_type ())
GType     sl_recipe_get_type  (void);
SlRecipe *sl_recipe_new       (void); /* defaults: resnet18, 128 px, batch auto, 1 stage of 4 epochs at 3e-3 */
SlRecipe *sl_recipe_copy      (const SlRecipe *self);
void      sl_recipe_free      (SlRecipe *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlRecipe, sl_recipe_free)
/* @error: %SL_ERROR_UNSUPPORTED or %SL_ERROR_DATA, naming the entry and its range. */
gboolean  sl_recipe_check     (const SlRecipe *self, GError **error);
char     *sl_recipe_to_json   (const SlRecipe *self);
SlRecipe *sl_recipe_from_json (const char *json, GError **error);
guint     sl_recipe_n_epochs  (const SlRecipe *self); /* over all stages */
/* "3e-3", "0.003", "1e-5 to 3e-4", "1e-5:3e-4", "slice(3e-3)" → low, high; and back, as "1e-5 to 3e-4". */
gboolean  sl_rate_parse       (const char *text, double *low, double *high, GError **error);
char     *sl_rate_to_string   (double low, double high);

G_END_DECLS
