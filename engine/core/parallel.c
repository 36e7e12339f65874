/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "core/parallel-private.h"
#include <errno.h>
#include <omp.h>
#include <sys/resource.h>
#include <unistd.h>

#define BACKGROUND_NICE 10
#define MAX_THREADS 1024
#define SPIN_COUNT "1000" /* a few microseconds */

/* OpenMP's own setting belongs to the thread that makes it, and plans run on several threads:
 * so the number is kept here, and each kernel gives it to num_threads(). */
static gint wanted_threads = 0; /* atomic; 0: all cores */
static _Thread_local guint pinned_threads = 0;

void
sl_parallel_set_threads (guint n_threads)
{
  g_atomic_int_set (&wanted_threads, (gint)MIN (n_threads, MAX_THREADS));
}

guint
sl_parallel_get_threads (void)
{
  gint wanted;

  if (pinned_threads > 0)
    return pinned_threads;
  wanted = g_atomic_int_get (&wanted_threads);
  return wanted > 0 ? (guint)wanted : (guint)MAX (omp_get_num_procs (), 1);
}

guint
sl_parallel_pin (void)
{
  pinned_threads = 0;
  pinned_threads = sl_parallel_get_threads ();
  return pinned_threads;
}

void
sl_parallel_unpin (void)
{
  pinned_threads = 0;
}

void
sl_parallel_enter_background (void)
{
  /* On Linux the nice value belongs to a thread and is inherited by those it starts. */
  if (setpriority (PRIO_PROCESS, (id_t)gettid (), BACKGROUND_NICE) != 0)
    g_debug ("Priority stays as it is: %s", g_strerror (errno));
}

void
sl_parallel_be_patient (char **argv)
{
  if (g_getenv ("GOMP_SPINCOUNT") != NULL || g_getenv ("OMP_WAIT_POLICY") != NULL)
    return;
  g_setenv ("GOMP_SPINCOUNT", SPIN_COUNT, TRUE);
  execv ("/proc/self/exe", argv);
  g_debug ("OpenMP keeps spinning: %s", g_strerror (errno));
}
