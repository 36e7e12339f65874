/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/error.h>

G_BEGIN_DECLS

/* ---- Two programs on one project: locks on the file "lock" in its folder, which the kernel drops
 * when their owner is gone. */
typedef enum
{
  SL_LOCK_JOB,   /* held while a job runs */
  SL_LOCK_CLEAN, /* held while files move */
  SL_LOCK_WORDS  /* shared by all who may remember chosen words that no file of the project names yet */
} SlLockKind;

int      sl_lock_open    (const char *folder, GError **error); /* a file descriptor; -1: @error */
/* Waits up to @wait_ms.  @title: the project's, for @error: %SL_ERROR_BUSY */
gboolean sl_lock_take    (int fd, SlLockKind kind, guint wait_ms, const char *title,
                          GError **error);
/* As sl_lock_take(), together with others that share it; what was taken alone is shared from then on. */
gboolean sl_lock_share   (int fd, SlLockKind kind, guint wait_ms, const char *title,
                          GError **error);
void     sl_lock_release (int fd, SlLockKind kind);

G_END_DECLS
