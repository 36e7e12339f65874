/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define SL_ERROR (sl_error_quark ())

/**
 * SlError:
 * @SL_ERROR_FAILED: something else; the message says what
 * @SL_ERROR_SHAPE: sizes that do not fit together
 * @SL_ERROR_UNSUPPORTED: a valid wish that this build or backend cannot fulfil
 * @SL_ERROR_FORMAT: a file is damaged or of another kind than its name says
 * @SL_ERROR_DATA: a data set cannot be used (empty, one class, ...)
 * @SL_ERROR_NOT_FOUND: a file, item, run or class that does not exist
 * @SL_ERROR_EXISTS: the target is already there
 * @SL_ERROR_MEMORY: the plan needs more memory than is free
 * @SL_ERROR_STATE: asked at the wrong time (nothing to undo, a job is running)
 * @SL_ERROR_NEWER: written by a newer version of Slope
 * @SL_ERROR_BUSY: another program holds the project
 * @SL_ERROR_DIVERGED: the loss is no longer a number
 * @SL_ERROR_NETWORK: offline, or the server does not give what was asked for
 *
 * Every message reads "what happened: what to do" and names the file or row.
 */
typedef enum
{
  SL_ERROR_FAILED,
  SL_ERROR_SHAPE,
  SL_ERROR_UNSUPPORTED,
  SL_ERROR_FORMAT,
  SL_ERROR_DATA,
  SL_ERROR_NOT_FOUND,
  SL_ERROR_EXISTS,
  SL_ERROR_MEMORY,
  SL_ERROR_STATE,
  SL_ERROR_NEWER,
  SL_ERROR_BUSY,
  SL_ERROR_DIVERGED,
  SL_ERROR_NETWORK
} SlError;

GQuark sl_error_quark (void);

/**
 * SlProgressFunc:
 * @done: units finished so far
 * @total: units in all, 0 while unknown
 * @what: (nullable): the thing being worked on, such as a file name
 * @user_data: as given
 *
 * Called from the thread that does the work, at most about 30 times a second.
 */
typedef void (*SlProgressFunc) (gsize done, gsize total, const char *what, gpointer user_data);

G_END_DECLS
