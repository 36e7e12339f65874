/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "project-fixture.h"

#include <unistd.h>

#define N_EACH 8 /* 12 to train on, 4 to validate: 3 steps an epoch */
#define STEPS_PER_EPOCH 3

/* Models are written and synced all the time: where there is a file system in memory, there. */
static inline void
use_memory_for_files (void)
{
  if (access ("/dev/shm", W_OK) == 0)
    g_setenv ("TMPDIR", "/dev/shm", FALSE);
}

typedef struct
{
  guint n_batches, n_epochs, n_points, n_progress;
  GThread *thread;
} Watched;

static inline void
watch_batch (SlProject *project, const SlBatchRecord *record, gpointer data)
{
  Watched *watched = data;

  g_assert_true (g_thread_self () == watched->thread);
  g_assert_cmpuint (record->step, ==, watched->n_batches);
  watched->n_batches++;
}

static inline void
watch_epoch (SlProject *project, const SlEpochRecord *record, gpointer data)
{
  ((Watched *)data)->n_epochs++;
}

static inline void
watch_point (SlProject *project, const SlSweepPoint *point, gpointer data)
{
  ((Watched *)data)->n_points++;
}

static inline void
watch_progress (gsize done, gsize total, const char *what, gpointer data)
{
  ((Watched *)data)->n_progress++;
}

static inline SlJobWatch
watch_all (Watched *watched)
{
  watched->thread = g_thread_self ();
  return (SlJobWatch){ .batch = watch_batch,
                       .epoch = watch_epoch,
                       .point = watch_point,
                       .progress = watch_progress,
                       .data = watched };
}

static inline SlProject *
trained (Fixture *fixture, guint epochs)
{
  g_autoptr (SlRecipe) recipe = fixture_recipe (epochs);
  g_autoptr (GError) error = NULL;
  SlProject *project;

  fixture_set_up (fixture, N_EACH);
  project = fixture_create (fixture);
  sl_project_train (project, recipe, 0, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  return project;
}

static inline SlRun *
nth_run (SlProject *project, guint i)
{
  g_autoptr (SlRun) run = g_list_model_get_item (sl_project_get_runs (project), i);

  return run;
}

typedef struct
{
  GAsyncResult *result;
} Waiter;

static inline void
on_done (GObject *source, GAsyncResult *result, gpointer data)
{
  ((Waiter *)data)->result = g_object_ref (result);
}

static inline void
wait_for (Waiter *waiter)
{
  while (waiter->result == NULL)
    g_main_context_iteration (NULL, TRUE);
}

static inline void
on_notify (GObject *object, GParamSpec *pspec, guint *n)
{
  (*n)++;
}
