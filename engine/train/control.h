/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/train.h>

/**
 * sl_train_control_wait:
 * @self: (nullable)
 *
 * Called between batches: waits while paused.  Returns: %FALSE when the run is to stop or
 * @cancellable was cancelled; the caller finds out which.
 */
gboolean sl_train_control_wait (SlTrainControl *self, GCancellable *cancellable);
