/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads a run's curves: the course's diagnosis rules, each beside its trap.  The factors are chosen on
 * the course's own examples (lesson 2: rates of 0.5 and 1e-5, one epoch, forty epochs) so that those are
 * told apart and ordinary good runs are left alone. */
#include <slope/advice.h>
#include <math.h>

#define N_(text) (text) /* translated by the window and the command line */

#define TOO_HIGH 3.0       /* validation loss over the loss that the stage began with */
#define TOO_HIGH_ONE 100.0 /* the same for a single epoch, where one jump is no verdict */
#define HARDLY_MOVES 0.8   /* share of the first loss that is left: lesson 2 at 1e-5 keeps 0.9 */
#define STILL_WRONG 0.15   /* error above which something is left to be learned */
#define WORSE 1.05         /* less is noise */
#define STILL_FALLS 0.98   /* at the end of a cycle losses settle; less than this is no promise */
#define MEASURED_ABOVE 1.2 /* training over validation, measured alike, on some hundred pictures */
#define FAR_ABOVE 1.5      /* training over validation, measured differently */
#define EARLY_RISE 1.1     /* peak of the warm-up over what was before */
#define SETTLED 12 /* batches after which the smoothed loss is no longer that of the first few */
#define RATE_STEP 10.0
#define MORE_EPOCHS 2

typedef struct
{
  const SlRecipe *recipe;
  const SlTask *task;
  const SlEpochRecord *epochs;
  gsize n;
  const SlBatchRecord *batches;
  gsize n_batches;
  int metric; /* an error: 0 … 1, smaller is better; -1 */
} Curves;

static int
find_error (const SlTask *task)
{
  for (guint i = 0; i < task->n_metrics; i++)
    if (task->metrics[i].percent && !task->metrics[i].higher_is_better)
      return (int)i;
  return -1;
}

static double
error_of (const Curves *self, const SlEpochRecord *epoch)
{
  return self->metric >= 0 ? epoch->metrics[self->metric] : NAN;
}

static const SlEpochRecord *
last_epoch (const Curves *self)
{
  return &self->epochs[self->n - 1];
}

/* The epoch before the last; %NULL when that was another stage. */
static const SlEpochRecord *
epoch_before (const Curves *self)
{
  const SlEpochRecord *before = self->n > 1 ? &self->epochs[self->n - 2] : NULL;

  return before != NULL && before->stage == last_epoch (self)->stage ? before : NULL;
}

static const SlEpochRecord *
best_epoch (const Curves *self)
{
  const SlEpochRecord *best = self->epochs;

  for (gsize i = 1; i < self->n; i++)
    if (self->epochs[i].valid_loss < best->valid_loss)
      best = &self->epochs[i];
  return best;
}

/* Epochs of the last epoch's stage so far. */
static guint
epochs_in_stage (const Curves *self)
{
  guint n = 0;

  for (gsize i = self->n; i > 0 && self->epochs[i - 1].stage == last_epoch (self)->stage; i--)
    n++;
  return n;
}

/* Whether the last epoch ended while the rate of its stage still climbed. */
static gboolean
in_warm_up (const Curves *self)
{
  const SlStage *stage = &self->recipe->stages[last_epoch (self)->stage];

  return epochs_in_stage (self) <= stage->pct_start * stage->epochs;
}

static void
fill (SlAdvice *advice, const Curves *self, SlAdviceKind kind, SlAdviceAct act,
      const SlEpochRecord *from, const SlEpochRecord *to)
{
  *advice = (SlAdvice){
    .kind = kind,
    .act = act,
    .stage = to->stage,
    .epoch_before = from != NULL ? from->epoch : 0,
    .epoch_after = to->epoch,
    .before = from != NULL ? from->valid_loss : NAN,
    .after = to->valid_loss,
    .train = to->train_loss,
    .metric = self->metric,
    .metric_before = from != NULL ? error_of (self, from) : NAN,
    .metric_after = error_of (self, to),
  };
}

/* Trap: from scratch, at the top of the cycle, the running statistics of batch norm lag behind and
 * validation may jump once. */
static gboolean
rate_too_high (const Curves *self, gboolean ended, SlAdvice *advice)
{
  const SlEpochRecord *last = last_epoch (self), *before = epoch_before (self), *from = NULL;
  double start = self->epochs[0].train_loss;

  for (gsize i = 0; i < self->n && self->epochs[i].stage != last->stage; i++)
    from = &self->epochs[i];
  if (from != NULL)
    start = MAX (from->train_loss, from->valid_loss);
  if (before == NULL)
    {
      if (!ended || !(last->valid_loss > TOO_HIGH_ONE * MAX (start, last->train_loss)))
        return FALSE;
    }
  else if (!(MIN (last->valid_loss, before->valid_loss) > TOO_HIGH * start))
    return FALSE;
  /* Losses far below 1 triple easily; then fewer pictures must be right as well. */
  if (from != NULL && error_of (self, last) <= error_of (self, from))
    return FALSE;
  fill (advice, self, SL_ADVICE_RATE_TOO_HIGH, SL_ACT_LOWER_RATE, from, last);
  advice->before = start;
  return TRUE;
}

/* Texts do not vary, whatever their recipe says of pictures. */
static SlAdviceAct
act_on_overfitting (const SlRecipe *recipe, const SlTask *task)
{
  if (recipe->keep == SL_KEEP_MODEL_LAST)
    return SL_ACT_KEEP_BEST;
  if (!task->texts && g_str_equal (recipe->augment, "none"))
    return SL_ACT_AUGMENT;
  return SL_ACT_FEWER_EPOCHS;
}

/* Traps: training below validation is how a good run ends; a loss may rise while fewer pictures are
 * wrong; while the rate climbs both may rise; and while the training loss stands above the validation
 * loss nothing has been learned by heart: what rises then is noise. */
static gboolean
overfitting (const Curves *self, SlAdvice *advice)
{
  const SlEpochRecord *last = last_epoch (self), *before = epoch_before (self);
  const SlEpochRecord *best = best_epoch (self);
  double train = isfinite (last->train_eval_loss) ? last->train_eval_loss : last->train_loss;

  if (before == NULL || best == last || in_warm_up (self) || !(train < last->valid_loss))
    return FALSE;
  if (!(last->valid_loss > WORSE * best->valid_loss) || !(last->valid_loss > before->valid_loss))
    return FALSE;
  if (self->metric >= 0 && !(error_of (self, last) > WORSE * error_of (self, best)))
    return FALSE;
  fill (advice, self, SL_ADVICE_OVERFITTING, act_on_overfitting (self->recipe, self->task), best,
        last);
  return TRUE;
}

/* Traps: a run that began with a good model has little left to learn, and one that has come to its
 * plateau has moved before, often within the first epoch: so the batches are asked. */
static gboolean
rate_too_low (const Curves *self, SlAdvice *advice)
{
  const SlEpochRecord *last = last_epoch (self), *before = epoch_before (self);
  double start;

  if (before == NULL || self->n_batches < SETTLED || !(error_of (self, last) > STILL_WRONG))
    return FALSE;
  start = self->batches[SETTLED - 1].smooth;
  if (!(last->train_loss > HARDLY_MOVES * start) || !(last->train_loss < WORSE * start))
    return FALSE;
  if (!(last->valid_loss <= self->epochs[0].valid_loss) || !(last->train_loss > last->valid_loss))
    return FALSE;
  fill (advice, self, SL_ADVICE_RATE_TOO_LOW, SL_ACT_RAISE_RATE, NULL, last);
  advice->before = start;
  advice->after = last->train_loss;
  return TRUE;
}

static SlAdviceAct
act_on_underfitting (const SlRecipe *recipe)
{
  if (recipe->mixup > 0)
    return SL_ACT_LESS_MIXUP;
  if (recipe->dropout > 0)
    return SL_ACT_LESS_DROPOUT;
  return recipe->weight_decay > 0 ? SL_ACT_LESS_DECAY : SL_ACT_MORE_EPOCHS;
}

/* Traps: the loss shown while training has dropout, augmentation and the lag of its mean in it; and
 * where no picture is wrong there is nothing to be mended. */
static gboolean
underfitting (const Curves *self, SlAdvice *advice)
{
  const SlEpochRecord *last = last_epoch (self);

  if (!isfinite (last->train_eval_loss) || error_of (self, last) == 0
      || !(last->train_eval_loss > MEASURED_ABOVE * last->valid_loss))
    return FALSE;
  fill (advice, self, SL_ADVICE_UNDERFITTING, act_on_underfitting (self->recipe), NULL, last);
  advice->before = last->valid_loss;
  advice->after = last->train_eval_loss;
  return TRUE;
}

/* Trap: at the end of a cycle the rate goes to nothing and each loss falls a little. */
static gboolean
more_epochs (const Curves *self, SlAdvice *advice)
{
  const SlEpochRecord *last = last_epoch (self), *before = epoch_before (self);

  if (error_of (self, last) == 0)
    return FALSE;
  /* One epoch of training and still far above validation: it has seen too little. */
  if (self->n == 1 ? !(last->train_loss > FAR_ABOVE * last->valid_loss)
                   : before == NULL || !(last->valid_loss < STILL_FALLS * before->valid_loss)
                         || !(last->train_loss < STILL_FALLS * before->train_loss))
    return FALSE;
  fill (advice, self, SL_ADVICE_MORE_EPOCHS, SL_ACT_MORE_EPOCHS, before, last);
  return TRUE;
}

/* The first stage's warm-up: what the loss came from and how high it went. */
static gboolean
early_rise (const Curves *self, SlAdvice *advice)
{
  const SlStage *stage = &self->recipe->stages[0];
  double low = INFINITY, peak = 0, from = 0, now;

  for (gsize i = SETTLED - 1;
       i < self->n_batches && self->batches[i].epoch <= stage->pct_start * stage->epochs; i++)
    {
      double loss = self->batches[i].smooth;

      low = MIN (low, loss);
      if (loss / low > peak / MAX (from, 1e-12))
        {
          peak = loss;
          from = low;
        }
    }
  if (!(from > 0) || !(peak > EARLY_RISE * from) || peak > TOO_HIGH * from)
    return FALSE;
  now = self->batches[self->n_batches - 1].smooth;
  if (now > from && self->batches[self->n_batches - 1].epoch > stage->pct_start * stage->epochs)
    return FALSE; /* it did not come down */
  *advice = (SlAdvice){ .kind = SL_ADVICE_EARLY_RISE,
                        .before = from,
                        .after = peak,
                        .train = NAN,
                        .metric = -1,
                        .metric_before = NAN,
                        .metric_after = NAN };
  return TRUE;
}

static gboolean
training_above (const Curves *self, SlAdvice *advice)
{
  const SlEpochRecord *last = last_epoch (self);

  if (self->n < 2 || !(last->train_loss > FAR_ABOVE * last->valid_loss))
    return FALSE;
  fill (advice, self, SL_ADVICE_TRAINING_ABOVE, SL_ACT_NONE, NULL, last);
  advice->before = last->valid_loss;
  advice->after = last->train_loss;
  return TRUE;
}

guint
sl_advice_read (const SlRecipe *recipe, const SlTask *task, const SlEpochRecord *epochs,
                gsize n_epochs, const SlBatchRecord *batches, gsize n_batches, gboolean ended,
                SlAdvice *advice)
{
  const Curves self = { recipe, task, epochs, n_epochs, batches, n_batches, find_error (task) };
  guint n = 0;
  gboolean underfits;

  g_return_val_if_fail (recipe != NULL && task != NULL && advice != NULL, 0);
  g_return_val_if_fail (epochs != NULL || n_epochs == 0, 0);
  if (n_epochs == 0)
    return early_rise (&self, advice);
  g_return_val_if_fail (last_epoch (&self)->stage < recipe->n_stages, 0);
  if (!isfinite (last_epoch (&self)->valid_loss) || !isfinite (last_epoch (&self)->train_loss))
    return 0;
  if (rate_too_high (&self, ended, advice) || overfitting (&self, advice)
      || (ended && rate_too_low (&self, advice)))
    return 1;
  underfits = ended && underfitting (&self, advice);
  n += underfits;
  n += ended && more_epochs (&self, advice + n);
  n += early_rise (&self, advice + n);
  n += !underfits && training_above (&self, advice + n);
  return n;
}

/* ---- Acting on it */

static void
scale_rate (SlStage *stage, double factor)
{
  stage->lr_low *= factor;
  stage->lr_high *= factor;
}

void
sl_advice_apply (const SlAdvice *self, SlRecipe *recipe)
{
  SlStage *stage;

  g_return_if_fail (self != NULL && recipe != NULL);
  g_return_if_fail (self->stage < recipe->n_stages);
  stage = &recipe->stages[self->stage];
  switch (self->act)
    {
    case SL_ACT_NONE:
      break;
    case SL_ACT_LOWER_RATE:
      scale_rate (stage, 1 / RATE_STEP);
      break;
    case SL_ACT_RAISE_RATE:
      for (guint i = 0; i < recipe->n_stages; i++)
        scale_rate (&recipe->stages[i], RATE_STEP);
      break;
    case SL_ACT_MORE_EPOCHS:
      recipe->stages[0] = recipe->stages[recipe->n_stages - 1];
      recipe->stages[0].epochs = MORE_EPOCHS;
      recipe->n_stages = 1;
      break;
    case SL_ACT_FEWER_EPOCHS:
      stage->epochs = MAX (stage->epochs / 2, 1);
      break;
    case SL_ACT_KEEP_BEST:
      recipe->keep = SL_KEEP_MODEL_METRIC;
      break;
    case SL_ACT_AUGMENT:
      g_free (recipe->augment);
      recipe->augment = g_strdup ("noflip");
      break;
    case SL_ACT_LESS_MIXUP:
      recipe->mixup = 0;
      break;
    case SL_ACT_LESS_DROPOUT:
      recipe->dropout /= 2;
      break;
    case SL_ACT_LESS_DECAY:
      recipe->weight_decay /= 10;
      break;
    }
}

/* ---- Words */

static const struct
{
  const char *name, *heading;
} kinds[SL_N_ADVICES] = {
  [SL_ADVICE_RATE_TOO_HIGH] = { "rate-too-high",
                                N_ ("The loss has shot up: the learning rate is too high.") },
  [SL_ADVICE_OVERFITTING] = { "overfitting",
                              N_ ("It gets worse on what it has not seen: it overfits.") },
  [SL_ADVICE_RATE_TOO_LOW] = { "rate-too-low",
                               N_ ("The loss hardly moves: the learning rate is too low.") },
  [SL_ADVICE_UNDERFITTING] = { "underfitting",
                               N_ ("It does worse on what it learns from: it underfits.") },
  [SL_ADVICE_MORE_EPOCHS] = { "more-epochs",
                              N_ ("Both losses still fall: more epochs will help.") },
  [SL_ADVICE_EARLY_RISE] = { "early-rise", N_ ("The loss rises at first: that is normal while the "
                                               "rate climbs.") },
  [SL_ADVICE_TRAINING_ABOVE] = { "training-above", N_ ("Training loss is above validation loss: no "
                                                       "fault by itself.") },
};

static const char *const acts[] = {
  [SL_ACT_NONE] = NULL,
  [SL_ACT_LOWER_RATE] = N_ ("A Tenth of the Rate"),
  [SL_ACT_RAISE_RATE] = N_ ("Ten Times the Rate"),
  [SL_ACT_MORE_EPOCHS] = N_ ("Add 2 Epochs"),
  [SL_ACT_FEWER_EPOCHS] = N_ ("Half the Epochs"),
  [SL_ACT_KEEP_BEST] = N_ ("Keep the Best Epoch"),
  [SL_ACT_AUGMENT] = N_ ("Vary the Pictures"),
  [SL_ACT_LESS_MIXUP] = N_ ("No Mixup"),
  [SL_ACT_LESS_DROPOUT] = N_ ("Half the Dropout"),
  [SL_ACT_LESS_DECAY] = N_ ("Less Weight Decay"),
};

const char *
sl_advice_heading (SlAdviceKind kind)
{
  g_return_val_if_fail ((guint)kind < SL_N_ADVICES, NULL);
  return kinds[kind].heading;
}

const char *
sl_advice_act_label (SlAdviceAct act)
{
  g_return_val_if_fail ((guint)act < G_N_ELEMENTS (acts), NULL);
  return acts[act];
}

const char *
sl_advice_kind_name (SlAdviceKind kind)
{
  g_return_val_if_fail ((guint)kind < SL_N_ADVICES, NULL);
  return kinds[kind].name;
}
