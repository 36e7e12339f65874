/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a run's curves say, for people and as JSON. */
#include "cli.h"
#include <math.h>

static guint
read_advice (SlRun *run, const SlTask *task, SlAdvice *advice)
{
  gsize n_epochs, n_batches;
  const SlEpochRecord *epochs = sl_run_get_epochs (run, &n_epochs);
  const SlBatchRecord *batches = sl_run_get_batches (run, &n_batches);

  return sl_advice_read (sl_run_get_recipe (run), task, epochs, n_epochs, batches, n_batches,
                         sl_run_get_state (run) != SL_RUN_RUNNING, advice);
}

void
cli_print_advice (SlRun *run, const SlTask *task)
{
  SlAdvice advice[SL_N_ADVICES];
  guint n = read_advice (run, task, advice);

  for (guint i = 0; i < n; i++)
    {
      const char *act = sl_advice_act_label (advice[i].act);

      g_print ("%s", gettext (sl_advice_heading (advice[i].kind)));
      if (isfinite (advice[i].before))
        g_print (" (%.3g → %.3g)", advice[i].before, advice[i].after);
      if (act != NULL)
        /* Translators: what to do about it, as on the window's button: "Try: Half the Dropout" */
        g_print (_ (" Try: %s"), gettext (act));
      g_print ("\n");
    }
}

void
cli_json_advice (JsonBuilder *builder, SlRun *run, const SlTask *task)
{
  SlAdvice advice[SL_N_ADVICES];
  guint n = read_advice (run, task, advice);

  json_builder_set_member_name (builder, "advice");
  json_builder_begin_array (builder);
  for (guint i = 0; i < n; i++)
    {
      json_builder_begin_object (builder);
      cli_json_string (builder, "kind", sl_advice_kind_name (advice[i].kind));
      cli_json_int (builder, "stage", advice[i].stage + 1);
      cli_json_double (builder, "before", advice[i].before);
      cli_json_double (builder, "after", advice[i].after);
      cli_json_string (builder, "try", sl_advice_act_label (advice[i].act));
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}
