/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/dataset.h>

G_BEGIN_DECLS

/* News of a thread for the main context of whoever waits for it: the latest, once a turn.  Atomic
 * reference count. */
typedef struct _SlImportProgress SlImportProgress;

/* For the calling thread's context. */
SlImportProgress *_sl_import_progress_new   (SlProgressFunc progress, gpointer user_data);
void              _sl_import_progress_unref (SlImportProgress *self);
/* An #SlProgressFunc.  @data: the SlImportProgress. */
void              _sl_import_progress_note  (gsize done, gsize total, const char *what, gpointer data);

void _sl_import_options_copy  (const SlImportOptions *self, SlImportOptions *to);
void _sl_import_options_clear (SlImportOptions *self);

G_END_DECLS
