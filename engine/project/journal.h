/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "project/store.h"

#include <slope/project.h>

G_BEGIN_DECLS

/**
 * The cleaning journal: steps over items, in the database, and the moves of their files.
 *
 * A step that moves files is announced first (rows "step" pending and "move", on the disk before
 * any file is touched), then the files move, then one transaction writes the items' new places and
 * ends the step.  Whoever is killed in between leaves the announcement, and sl_journal_recover()
 * completes it, or takes it back where it cannot be completed.  Steps without files are one
 * transaction.
 *
 * All functions act on what the database says, not on items in memory; the caller loads the items
 * in @touched (gint64) anew, on failure too.  One thread, under the project's cleaning lock.
 */

/* For all @ids together.  @after: what each item's target, mark or split becomes, as text; %NULL
 * for moves.  @detail (nullable) is what a list of steps shows.  @split (nullable): how the project
 * is split afterwards.  Items that are so already are left out; when none remains, no step is made.
 * A new step ends the redo branch.
 * @error: %SL_ERROR_NOT_FOUND (an id), %G_IO_ERROR_* naming the file: then nothing has changed */
gboolean sl_journal_do      (SlStore *store, const char *folder, SlStepKind kind, const gint64 *ids,
                             gsize n, const char *const *after, const char *detail,
                             const char *split, GArray *touched, GError **error);
/* @error: %SL_ERROR_STATE when there is nothing */
gboolean sl_journal_undo    (SlStore *store, const char *folder, GArray *touched, GError **error);
gboolean sl_journal_redo    (SlStore *store, const char *folder, GArray *touched, GError **error);
gboolean sl_journal_recover (SlStore *store, const char *folder, GArray *touched, GError **error);
/* %FALSE: none, or @error. */
gboolean sl_journal_peek    (SlStore *store, gboolean redo, SlJournalStep *step, GError **error);
GPtrArray *sl_journal_dup   (SlStore *store, GError **error);

/* Tests set this to end the process between any two steps. */
extern void (*sl_journal_between_steps) (void);

G_END_DECLS
