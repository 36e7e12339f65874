/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/train.h>

G_BEGIN_DECLS

/* What the curves of a run say; the most pressing first. */
typedef enum
{
  SL_ADVICE_RATE_TOO_HIGH,  /* validation ends far above where the stage began: before → after */
  SL_ADVICE_OVERFITTING,    /* the error gets worse from epoch_before on, and the loss: before → after */
  SL_ADVICE_RATE_TOO_LOW,   /* training hardly moves in the whole run: before → after */
  SL_ADVICE_UNDERFITTING,   /* training loss after above validation loss before, measured alike */
  SL_ADVICE_MORE_EPOCHS,    /* both losses still fall in the last epoch: validation before → after */
  SL_ADVICE_EARLY_RISE,     /* no fault: the loss rose with the rate, before → after, and comes down */
  SL_ADVICE_TRAINING_ABOVE, /* no fault: training loss after is above before only by how it is measured */
  SL_N_ADVICES
} SlAdviceKind;

/* The one change of a recipe that acts on it. */
typedef enum
{
  SL_ACT_NONE,
  SL_ACT_LOWER_RATE,   /* a tenth, in the stage concerned */
  SL_ACT_RAISE_RATE,   /* ten times, in all stages */
  SL_ACT_MORE_EPOCHS,  /* the last stage alone, two epochs: from the run's own weights */
  SL_ACT_FEWER_EPOCHS, /* half of them in the stage concerned */
  SL_ACT_KEEP_BEST,    /* the model of the best epoch stays */
  SL_ACT_AUGMENT,      /* pictures vary, without mirroring, which not all bear */
  SL_ACT_LESS_MIXUP,   /* none */
  SL_ACT_LESS_DROPOUT, /* half */
  SL_ACT_LESS_DECAY    /* a tenth */
} SlAdviceAct;

typedef struct
{
  SlAdviceKind kind;
  SlAdviceAct  act;
  guint        stage;        /* concerned, 0 … */
  guint        epoch_before; /* of the figures, 1 …; 0: of no epoch's end */
  guint        epoch_after;
  double       before;       /* losses */
  double       after;
  double       train;        /* smoothed training loss of epoch_after, NaN: of none */
  int          metric;       /* index of the error among the task's metrics, -1: it has none */
  double       metric_before; /* NaN: not known */
  double       metric_after;
} SlAdvice;

/**
 * sl_advice_read:
 * @epochs: (array length=n_epochs): all of the run, in order
 * @batches: (nullable) (array length=n_batches): all of the run; without them less is said
 * @ended: the run is over: some things can only be said then
 * @advice: (out caller-allocates): room for %SL_N_ADVICES
 *
 * Reads the curves as the course does (SPEC 1.6) and keeps clear of its traps: rising while the rate
 * climbs is normal in one-cycle; training loss above validation loss means something only when both are
 * measured without dropout and augmentation; overfitting is an error that gets worse, not training
 * below validation.  Pure; any thread.
 *
 * Returns: how many were written
 */
guint sl_advice_read    (const SlRecipe *recipe, const SlTask *task, const SlEpochRecord *epochs,
                         gsize n_epochs, const SlBatchRecord *batches, gsize n_batches,
                         gboolean ended, SlAdvice *advice);
/* Changes @recipe, that of the run the advice is about. */
void  sl_advice_apply   (const SlAdvice *self, SlRecipe *recipe);
/* One plain sentence and the name of the act, untranslated: callers translate them.  The act's is %NULL
 * for %SL_ACT_NONE. */
const char *sl_advice_heading   (SlAdviceKind kind);
const char *sl_advice_act_label (SlAdviceAct act);
const char *sl_advice_kind_name (SlAdviceKind kind); /* "rate-too-high": in JSON */

G_END_DECLS
