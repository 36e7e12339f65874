/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "config.h"
#include <glib/gi18n.h>
#include <slope/slope.h>

/* What every verb shares.  A verb is one row: its options are the table that both reads the
 * command line and prints --help. */

#define CLI_DONE 0
#define CLI_FAILED 1
#define CLI_USAGE 2

typedef struct
{
  const char *name;
  const char *arguments;       /* "PROJECT FILE…": after the options in the usage line */
  const char *summary;         /* N_() */
  const GOptionEntry *options; /* NULL-terminated */
  gboolean takes_recipe;       /* also the options of recipe-options.c */
  guint min_args, max_args;
  /* @args: what is left besides options, NULL-terminated.  Returns an exit code. */
  int (*run) (char **args);
} CliVerb;

extern const CliVerb cli_verb_new, cli_verb_info, cli_verb_lr_find, cli_verb_train, cli_verb_runs,
    cli_verb_top_losses, cli_verb_confusion, cli_verb_clean, cli_verb_predict, cli_verb_weights,
    cli_verb_bench, cli_verb_audit, cli_verb_data, cli_verb_similar, cli_verb_generate,
    cli_verb_words;

/* ---- Messages (output.c).  One line each on stderr. */

/* "slope-cli: MESSAGE"; frees @error.  Returns %CLI_FAILED. */
int cli_fail (GError *error);
/* "slope-cli: what is wrong: see “slope-cli VERB --help”".  Returns %CLI_USAGE. */
int cli_usage (const char *verb, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* ---- Ctrl-C (interrupt.c): for verbs that run a job. */
void cli_catch_interrupts (void);
/* Whether it was pressed: then the job stops at its next batch.  Called from the job's news. */
gboolean cli_stop_if_interrupted (SlProject *project);

/* ---- Progress: one line on stderr that overwrites itself, on a terminal only. */
void cli_progress (const char *format, ...) G_GNUC_PRINTF (1, 2);
void cli_progress_clear (void);
/* An SlProgressFunc; @data: (type utf8): a translated word for what is being done. */
void cli_progress_count (gsize done, gsize total, const char *what, gpointer data);
/* An SlDownloadFunc. */
void cli_progress_bytes (guint64 done, guint64 total, double rate, gpointer data);

/* ---- JSON, one object a line on stdout.  Numbers that are none become null. */
void cli_json_double (JsonBuilder *builder, const char *name, double value);
void cli_json_int (JsonBuilder *builder, const char *name, gint64 value);
void cli_json_string (JsonBuilder *builder, const char *name, const char *value); /* (nullable) */
void cli_json_boolean (JsonBuilder *builder, const char *name, gboolean value);
/* "metrics": an object of the task's metrics. */
void cli_json_metrics (JsonBuilder *builder, const SlTask *task, const double *metrics);
/* Begins / ends and prints the object. */
JsonBuilder *cli_json_begin (void);
void cli_json_end (JsonBuilder *builder); /* frees it */

/* ---- Tables for people: columns as wide as their widest cell. */
typedef struct _CliTable CliTable;

/* @columns: headings; one that begins with '>' is set flush right. */
CliTable *cli_table_new (const char *const *columns);
void cli_table_add (CliTable *self, char *cell); /* (transfer full); row by row */
void cli_table_print (CliTable *self);           /* frees it */
char *cli_format_time (double seconds);          /* "0:09", "1:02:03" */
/* A metric as its definition wants it: "98.4 %" or "0.1234"; "–" for none. */
char *cli_format_metric (const SlMetricDef *def, double value);
char *cli_format_loss (double loss);
char *cli_format_rate (double rate); /* "3.0e-03", in every locale as --lr reads it */

/* ---- What a run's curves say (advice.c): a line each; or the entry "advice" of an object. */
void cli_print_advice (SlRun *run, const SlTask *task);
void cli_json_advice (JsonBuilder *builder, SlRun *run, const SlTask *task);

/* ---- Projects */
/* The run with number @id; 0: the newest with a model. (transfer none) */
SlRun *cli_find_run (SlProject *project, gint64 id, GError **error);
/* "train", "valid", "all" (-1). */
gboolean cli_parse_split (const char *text, int *split);
/* Counts by class and split, skipped files, warnings: after new, and for info. */
void cli_print_info (SlProject *project, gboolean json);
/* How labels were found, after new. */
void cli_print_understood (SlImport *import);

/* ---- Sources */
/* Downloads the archive that an address or catalogue:NAME means and that is not here yet, saying so
 * on stderr; other sources are left alone (data.c).  @path: (out) (optional): where it is */
gboolean cli_fetch_source (const char *text, char **path, GError **error);

/* ---- Recipes from options (recipe-options.c): shared by train and lr-find. */
extern const GOptionEntry cli_recipe_options[];
/* What the options leave out is as sl_project_suggest_recipe() has it.  %NULL with *@code set when an
 * option cannot be read; the message is out by then. */
SlRecipe *cli_recipe_from_options (const char *verb, SlProject *project, int *code);
/* A line that says which of size and epochs (@epochs: they matter) the suggestion chose, if any. */
void cli_recipe_print_suggested (const SlRecipe *recipe, gboolean epochs);
gint64 cli_recipe_from_run (void); /* --from; 0: none */
/* The same, or of texts the language model that a classifier begins with. */
gint64 cli_recipe_choose_from (SlProject *project, const SlRecipe *recipe);
/* That the words of --vocabulary are not passed over for those of that run: %SL_ERROR_STATE. */
gboolean cli_recipe_check_words (SlProject *project, const SlRecipe *recipe, GError **error);
/* Prints what training takes at each batch size, stage by stage, and which size it would use
 * (train-plan.c).  Returns an exit code. */
int cli_print_train_plan (SlProject *project, const SlRecipe *recipe, gboolean json);
/* Downloads the public weights that the recipe wants ("auto") and that are not here yet, saying so
 * on stderr (weights.c). */
gboolean cli_fetch_pretrained (const SlRecipe *recipe, GError **error);
guint cli_recipe_from_stage (void); /* --from-stage, 1 …; 0: none */
gboolean cli_recipe_has_stages (void); /* whether --stage, --stages or --preset was given */
