/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "project/store.h"

#include <slope/project.h>

G_BEGIN_DECLS

/* Written by the project on its own thread only. */
struct _SlRun
{
  GObject    parent_instance;
  gint64     id;
  SlRunState state;
  SlRecipe  *recipe;
  char      *folder;  /* runs/N, absolute */
  gint64     started;
  gint64     from_run;
  guint      from_stage;  /* of @from_run */
  char      *fingerprint; /* (nullable): of the pictures, see sl_project_dup_fingerprint() */
  guint      steps_per_epoch, batch;
  gsize      peak_bytes;
  GArray    *batches; /* SlBatchRecord; %NULL until asked for */
  GArray    *epochs;  /* SlEpochRecord */
  char      *error;
  SlPlanRecord plan;      /* of the stage told of last; batch 0: of none */
  SlStore   *store;   /* the project's, cleared when it closes; where the batches wait */
};

struct _SlSweep
{
  GObject  parent_instance;
  gint64   id;
  gint64   started;
  guint    stage, freeze_to;
  guint64  seed;
  gint64   from_run;
  GArray  *points; /* SlSweepPoint */
  gint     steepest, minimum;
  gboolean running, stopped;
};

SlRun   *sl_run_new        (SlStore *store, const SlRecipe *recipe);
void     sl_run_set_id     (SlRun *self, const char *project_folder, gint64 id);
SlSweep *sl_sweep_new      (gint64 id, guint stage, gint64 started);
/* Appends and works out the suggestions. */
void     sl_sweep_append   (SlSweep *self, const SlSweepPoint *points, gsize n);
/* Absolute path of a file in the run's folder. (transfer full) */
char    *sl_run_file       (SlRun *self, const char *name);
gboolean sl_run_has_checkpoint (SlRun *self);

G_END_DECLS
