/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Threads of the kernels (OpenMP).  Blocks of work never depend on this number, so results do
 * not either.  0 means all cores. */
void  sl_parallel_set_threads (guint n_threads);
guint sl_parallel_get_threads (void);

/* Lowers the priority of the calling thread and of the OpenMP team that it will start, so that
 * the window's thread always gets its turn. */
void  sl_parallel_enter_background (void);

G_END_DECLS
