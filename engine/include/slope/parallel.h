/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Threads of the kernels (OpenMP), in the whole process: each kernel reads the number when it
 * starts and gives it to num_threads().  Blocks of work never depend on it, so results do not
 * either.  Setting 0 means all cores; the number got is never 0.  Any thread. */
void  sl_parallel_set_threads (guint n_threads);
guint sl_parallel_get_threads (void);

/* Lowers the priority of the calling thread and of the OpenMP team that it will start, so that
 * the window's thread always gets its turn. */
void  sl_parallel_enter_background (void);

/* First call of a main(): has OpenMP's idle threads sleep soon instead of spinning, which on a busy
 * machine takes the processor from the very threads that they wait for (measured: a training step
 * seven times slower).  OpenMP reads GOMP_SPINCOUNT before main(), so the program is started
 * anew with it, unless the user has set that or OMP_WAIT_POLICY. */
void  sl_parallel_be_patient (char **argv);

G_END_DECLS
