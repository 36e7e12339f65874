/* SPDX-License-Identifier: GPL-3.0-or-later */
/* train --plan: what memory training would take, before any is taken. */
#include "cli.h"

#define BATCH_LEAST 2
#define BATCH_MOST 64

typedef struct
{
  gboolean json;
  CliTable *table; /* %NULL: JSON */
} Output;

static void
add_row (const Output *self, guint stage, guint batch, gsize bytes, gboolean chosen)
{
  if (self->json)
    {
      JsonBuilder *builder = cli_json_begin ();

      cli_json_string (builder, "event", "plan");
      cli_json_int (builder, "stage", stage + 1);
      cli_json_int (builder, "batch", batch);
      cli_json_int (builder, "bytes", (gint64)bytes);
      cli_json_boolean (builder, "chosen", chosen);
      cli_json_end (builder);
      return;
    }
  cli_table_add (self->table, g_strdup_printf ("%u", stage + 1));
  cli_table_add (self->table, g_strdup_printf ("%u", batch));
  cli_table_add (self->table, g_format_size (bytes));
  /* Translators: behind the batch size that training would use, in a table of several. */
  cli_table_add (self->table, g_strdup (chosen ? _ ("chosen") : ""));
}

static void
add_stage (const Output *self, const SlTrainOutline *outline, guint stage)
{
  g_autoptr (SlRecipe) recipe = sl_recipe_for_stage (outline->recipe, stage);
  SlTrainOutline own = *outline;
  guint chosen;

  own.recipe = recipe;
  chosen = recipe->batch > 0 ? recipe->batch : sl_auto_batch (&own);
  chosen = (guint)MIN (chosen, own.n_train); /* as training does */
  for (guint batch = BATCH_LEAST; batch <= BATCH_MOST; batch *= 2)
    {
      if (chosen < batch && (batch == BATCH_LEAST || chosen > batch / 2))
        add_row (self, stage, chosen, sl_predict_training_bytes (&own, chosen), TRUE);
      add_row (self, stage, batch, sl_predict_training_bytes (&own, batch), batch == chosen);
    }
  if (chosen > BATCH_MOST)
    add_row (self, stage, chosen, sl_predict_training_bytes (&own, chosen), TRUE);
}

/* What comes to all rows, below them. */
static void
print_pictures (const Output *self, gsize bytes)
{
  g_autofree char *size = g_format_size (bytes);

  if (self->json)
    {
      JsonBuilder *builder = cli_json_begin ();

      cli_json_string (builder, "event", "plan_pictures");
      cli_json_int (builder, "bytes", (gint64)bytes);
      cli_json_end (builder);
      return;
    }
  cli_table_print (self->table);
  g_print (_ ("Decoded pictures are kept beside it, up to %s.\n"), size);
}

int
cli_print_train_plan (SlProject *project, const SlRecipe *recipe, gboolean json)
{
  /* Translators: headings of columns; keep the ">", which stands for "aligned to the right". */
  const char *const columns[] = { _ (">stage"), _ (">batch"), _ (">memory"), "", NULL };
  const SlTrainOutline outline = {
    .recipe = recipe,
    .problem = sl_project_get_problem (project),
    .n_train = sl_project_count (project, G_MAXUINT, SL_SPLIT_TRAIN),
    .n_valid = sl_project_count (project, G_MAXUINT, SL_SPLIT_VALID),
  };
  Output output = { json, NULL };

  if (outline.n_train < 2)
    return cli_fail (g_error_new (SL_ERROR, SL_ERROR_DATA, "%s",
                                  _ ("There are no pictures to train with: add some first")));
  if (!json)
    output.table = cli_table_new (columns);
  for (guint stage = 0; stage < recipe->n_stages; stage++)
    add_stage (&output, &outline, stage);
  print_pictures (&output, sl_predict_picture_bytes (&outline));
  return CLI_DONE;
}
