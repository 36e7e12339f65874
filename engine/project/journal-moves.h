/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "project/store.h"

G_BEGIN_DECLS

/* ---- The journal's other half: the files of a step.  Stored in step.pending: never renumber. */
enum
{
  SL_PENDING_NONE = 0,
  SL_PENDING_DO = 1,
  SL_PENDING_REDO = 2,
  SL_PENDING_UNDO = 3
};

GPtrArray *sl_moves_new      (void);
/* Inside the announcing transaction: chooses where each file of the step's items goes, into bin/
 * or back to its place, and writes that down. */
gboolean   sl_moves_announce (SlStore *store, const char *folder, gint64 step, gboolean to_bin,
                              GPtrArray *moves, GError **error);
/* Those that a killed program announced. */
gboolean   sl_moves_load     (SlStore *store, const char *folder, gint64 step, gboolean to_bin,
                              GPtrArray *moves, GError **error);
/* Moves what has not moved yet and ends the step; on failure takes back what has moved and the
 * step with it. */
gboolean   sl_moves_finish   (SlStore *store, const char *folder, gint64 step, int pending,
                              gboolean to_bin, GPtrArray *moves, GError **error);
void       sl_moves_between_steps (void);

G_END_DECLS
