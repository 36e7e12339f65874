/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slope-runs-diff.h"

#include "config.h"
#include "slope-colors.h"
#include "slope-recipe-choices.h"
#include "slope-run-text.h"
#include "slope-stage-row.h"

#include <glib/gi18n.h>
#include <inttypes.h>
#include <math.h>

void
slope_diff_row_free (SlopeDiffRow *self)
{
  g_strfreev (self->values);
  g_free (self);
}

static GPtrArray *
new_rows (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify)slope_diff_row_free);
}

static SlopeDiffRow *
new_row (const char *label, guint n)
{
  SlopeDiffRow *row = g_new0 (SlopeDiffRow, 1);
  row->label = label;
  row->values = g_new0 (char *, n + 1);
  row->best = -1;
  return row;
}

/* Takes @row; one that says the same of all is of no use. */
static void
add_differing (GPtrArray *rows, SlopeDiffRow *row)
{
  for (guint i = 1; row->values[0] && row->values[i]; i++)
    if (!g_str_equal (row->values[i], row->values[0]))
      {
        g_ptr_array_add (rows, row);
        return;
      }
  slope_diff_row_free (row);
}

/* ---- Entries of a recipe */

static char *
say_network (const SlRecipe *recipe)
{
  const SlArch *arch = sl_arch_find (recipe->arch);
  return g_strdup (arch ? arch->label : recipe->arch);
}

static char *
say_pretrained (const SlRecipe *recipe)
{
  if (g_str_equal (recipe->pretrained, "none"))
    return g_strdup (_ ("Random weights"));
  if (g_str_equal (recipe->pretrained, "auto"))
    return g_strdup (_ ("Public weights"));
  return g_path_get_basename (recipe->pretrained);
}

static char *
say_size (const SlRecipe *recipe)
{
  if (recipe->width == recipe->height)
    return g_strdup_printf (_ ("%d px"), recipe->width);
  return g_strdup_printf (_ ("%d × %d px"), recipe->width, recipe->height);
}

static char *
say_batch (const SlRecipe *recipe)
{
  return recipe->batch > 0 ? g_strdup_printf ("%u", recipe->batch) : g_strdup (_ ("Automatic"));
}

static char *
say_augment (const SlRecipe *recipe)
{
  return g_strdup (slope_augment_label (recipe->augment));
}

static char *
say_figure (double value)
{
  return value > 0 ? g_strdup_printf ("%g", value) : g_strdup (_ ("None"));
}

static char *
say_views (const SlRecipe *recipe)
{
  return recipe->views > 0 ? g_strdup_printf ("%u", recipe->views) : g_strdup (_ ("Always new"));
}

static char *
say_balance (const SlRecipe *recipe)
{
  return g_strdup (recipe->balance == SL_BALANCE_WEIGHTS      ? _ ("Weigh rare ones")
                   : recipe->balance == SL_BALANCE_OVERSAMPLE ? _ ("Repeat rare ones")
                                                              : _ ("As they are"));
}

static char *
say_keep (const SlRecipe *recipe)
{
  return g_strdup (recipe->keep == SL_KEEP_MODEL_METRIC ? _ ("Best result")
                   : recipe->keep == SL_KEEP_MODEL_LOSS ? _ ("Lowest loss")
                                                        : _ ("Last epoch"));
}

static char *
say_patience (const SlRecipe *recipe)
{
  if (recipe->patience == 0)
    return g_strdup (_ ("Never"));
  return g_strdup_printf (ngettext ("After %u epoch", "After %u epochs", recipe->patience),
                          recipe->patience);
}

static char *
say_mixup (const SlRecipe *recipe)
{
  return say_figure (recipe->mixup);
}

static char *
say_label_smoothing (const SlRecipe *recipe)
{
  return say_figure (recipe->label_smoothing);
}

static char *
say_weight_decay (const SlRecipe *recipe)
{
  return say_figure (recipe->weight_decay);
}

static char *
say_dropout (const SlRecipe *recipe)
{
  return say_figure (recipe->dropout);
}

static char *
say_part (const SlRecipe *recipe)
{
  return recipe->part < 1 ? g_strdup_printf (_ ("%g or more"), recipe->part)
                          : g_strdup (_ ("Whole texts"));
}

static char *
say_clip (const SlRecipe *recipe)
{
  return say_figure (recipe->clip);
}

static char *
say_norms (const SlRecipe *recipe)
{
  return g_strdup (recipe->freeze_norms ? _ ("Frozen too") : _ ("Trained"));
}

static char *
say_precision (const SlRecipe *recipe)
{
  return g_strdup (recipe->precision == SL_PRECISION_BF16 ? _ ("Mixed") : _ ("Single"));
}

static const struct
{
  const char *label;
  char *(*say) (const SlRecipe *recipe);
} entries[] = {
  { N_ ("Architecture"), say_network },
  { N_ ("Starts from"), say_pretrained },
  { N_ ("Picture size"), say_size },
  { N_ ("Batch size"), say_batch },
  { N_ ("Augmentation"), say_augment },
  { N_ ("Views of a picture"), say_views },
  { N_ ("Model to keep"), say_keep },
  { N_ ("Stop early"), say_patience },
  { N_ ("Unequal classes"), say_balance },
  { N_ ("Mixup"), say_mixup },
  { N_ ("Label smoothing"), say_label_smoothing },
  { N_ ("Weight decay"), say_weight_decay },
  { N_ ("Dropout"), say_dropout },
  { N_ ("Part of a text"), say_part },
  { N_ ("Limit of gradients"), say_clip },
  { N_ ("Norms of frozen layers"), say_norms },
  { N_ ("Precision"), say_precision },
};

/* "head only, 4 epochs at 3e-3", and what the stage has of its own. */
static char *
say_stage (const SlRecipe *recipe, guint index)
{
  const SlStage *stage = &recipe->stages[index];
  g_autofree char *rate = NULL, *epochs = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  if (index >= recipe->n_stages)
    return g_strdup ("–");
  rate = slope_format_rates (stage->lr_low, stage->lr_high);
  epochs = g_strdup_printf (ngettext ("%u epoch at %s", "%u epochs at %s", stage->epochs),
                            stage->epochs, rate);
  g_string_printf (text, "%s, %s", slope_stage_label (stage, recipe), epochs);
  if (stage->width > 0)
    {
      g_autofree char *size = g_strdup_printf (_ ("%d px"), stage->width);
      g_string_append_printf (text, ", %s", size);
    }
  if (stage->batch > 0)
    g_string_append_printf (text, _ (", batch %u"), stage->batch);
  if (stage->augment)
    g_string_append_printf (text, ", %s", slope_augment_label (stage->augment));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* A label of a stage lives as long as the program: there are few. */
static const char *
stage_label (guint index)
{
  g_autofree char *label = g_strdup_printf (_ ("Stage %u"), index + 1);
  return g_intern_string (label);
}

static void
add_recipes (GPtrArray *rows, const SlRecipe *const *recipes, guint n)
{
  guint n_stages = 0;
  for (guint e = 0; e < G_N_ELEMENTS (entries); e++)
    {
      SlopeDiffRow *row = new_row (_ (entries[e].label), n);
      for (guint i = 0; i < n; i++)
        row->values[i] = entries[e].say (recipes[i]);
      add_differing (rows, row);
    }
  for (guint i = 0; i < n; i++)
    n_stages = MAX (n_stages, recipes[i]->n_stages);
  for (guint s = 0; s < n_stages; s++)
    {
      SlopeDiffRow *row = new_row (stage_label (s), n);
      for (guint i = 0; i < n; i++)
        row->values[i] = say_stage (recipes[i], s);
      add_differing (rows, row);
    }
}

GPtrArray *
slope_recipes_diff (const SlRecipe *const *recipes, guint n)
{
  GPtrArray *rows = new_rows ();
  add_recipes (rows, recipes, n);
  return rows;
}

/* ---- Runs */

static int
find_best (const double *values, guint n, gboolean higher)
{
  int best = -1;
  gboolean alike = TRUE;
  for (guint i = 0; i < n; i++)
    {
      if (!isfinite (values[i]))
        continue;
      if (best >= 0 && values[i] != values[best])
        alike = FALSE;
      if (best < 0 || (higher ? values[i] > values[best] : values[i] < values[best]))
        best = (int)i;
    }
  return alike ? -1 : best;
}

static void
add_results (GPtrArray *rows, SlRun *const *runs, guint n, const SlTask *task)
{
  int metric = task ? slope_task_shown_metric (task) : -1;
  g_autofree double *values = g_new (double, n);
  SlopeDiffRow *row;
  if (metric >= 0)
    {
      row = new_row (slope_metric_label (task->metrics[metric].name), n);
      for (guint i = 0; i < n; i++)
        {
          values[i] = sl_run_get_metric (runs[i], (guint)metric);
          row->values[i] = slope_format_metric (task->metrics[metric].name, values[i]);
        }
      row->best = find_best (values, n, task->metrics[metric].higher_is_better);
      g_ptr_array_add (rows, row);
    }
  row = new_row (_ ("Validation loss"), n);
  for (guint i = 0; i < n; i++)
    {
      values[i] = sl_run_get_valid_loss (runs[i]);
      row->values[i] = isfinite (values[i]) ? g_strdup_printf ("%.3f", values[i]) : g_strdup ("–");
    }
  row->best = find_best (values, n, FALSE);
  g_ptr_array_add (rows, row);
}

static double
run_seconds (SlRun *run)
{
  gsize n;
  const SlEpochRecord *epochs = sl_run_get_epochs (run, &n);
  double seconds = 0;
  for (gsize i = 0; i < n; i++)
    seconds += epochs[i].seconds;
  return seconds;
}

static void
add_course (GPtrArray *rows, SlRun *const *runs, guint n)
{
  SlopeDiffRow *kept = new_row (_ ("Epoch kept"), n);
  SlopeDiffRow *seconds = new_row (_ ("Time"), n);
  SlopeDiffRow *seed = new_row (_ ("Seed"), n);
  for (guint i = 0; i < n; i++)
    {
      gsize n_epochs;
      sl_run_get_epochs (runs[i], &n_epochs);
      /* Translators: number of an epoch, number of epochs */
      kept->values[i] = g_strdup_printf (_ ("%u of %u"), sl_run_get_kept_epoch (runs[i]),
                                         (guint)n_epochs);
      seconds->values[i] = slope_format_clock (run_seconds (runs[i]));
      seed->values[i] = g_strdup_printf ("%" PRIu64, sl_run_get_recipe (runs[i])->seed);
    }
  g_ptr_array_add (rows, kept);
  g_ptr_array_add (rows, seconds);
  g_ptr_array_add (rows, seed);
}

static void
add_beginnings (GPtrArray *rows, SlRun *const *runs, guint n, const char *fingerprint)
{
  const SlArch *arch = sl_arch_find (sl_run_get_recipe (runs[0])->arch);
  SlopeDiffRow *pictures = new_row (arch && arch->texts ? _ ("Texts") : _ ("Pictures"), n);
  SlopeDiffRow *from = new_row (_ ("Goes on from"), n);
  gboolean changed = FALSE;
  for (guint i = 0; i < n; i++)
    {
      const char *then = sl_run_get_fingerprint (runs[i]);
      gint64 id = sl_run_get_from_run (runs[i]);
      gboolean same = g_strcmp0 (then, fingerprint) == 0;
      changed |= !same;
      pictures->values[i] = g_strdup (!then  ? _ ("Not known")
                                      : same ? _ ("As they are now")
                                             : _ ("Changed since"));
      from->values[i] = id > 0 ? g_strdup_printf (_ ("Run %" PRId64), id) : g_strdup ("–");
    }
  /* Even when all are of the same old pictures: the next run will not be. */
  if (changed)
    g_ptr_array_add (rows, pictures);
  else
    slope_diff_row_free (pictures);
  add_differing (rows, from);
}

GPtrArray *
slope_runs_diff (SlRun *const *runs, guint n, const SlTask *task, const char *fingerprint)
{
  GPtrArray *rows = new_rows ();
  g_autofree const SlRecipe **recipes = g_new (const SlRecipe *, n);
  for (guint i = 0; i < n; i++)
    recipes[i] = sl_run_get_recipe (runs[i]);
  add_results (rows, runs, n, task);
  add_course (rows, runs, n);
  add_beginnings (rows, runs, n, fingerprint);
  add_recipes (rows, recipes, n);
  return rows;
}
