/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "project/project-private.h"

G_BEGIN_DECLS

/**
 * SlPredictor:
 *
 * A run's model that stays loaded while single items are tried on it, one after the other.  Atomic reference
 * count; any thread.
 */
SlPredictor *sl_predictor_new     (SlRun *run);
SlPredictor *sl_predictor_ref     (SlPredictor *self);
gint64       sl_predictor_get_run (const SlPredictor *self);
/* Waits for its turn, and reads the model where that was not done, or where a resumed run has written it anew.
 * (transfer none) (nullable): until sl_predictor_unlock(), which is called in any case.  @error: as
 * sl_model_load(); %G_IO_ERROR_CANCELLED */
SlModel     *sl_predictor_lock    (SlPredictor *self, GCancellable *cancellable, GError **error);
void         sl_predictor_unlock  (SlPredictor *self);

G_END_DECLS
