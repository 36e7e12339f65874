/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/train.h>

/* sl_auto_batch() with so much free memory. */
guint sl_memory_choose_batch (const SlTrainOutline *outline, gsize free_bytes);

/**
 * sl_memory_check_training:
 * @outline: each stage of its recipe with a batch size
 * @peak_bytes: (out): what training will need
 * @error: %SL_ERROR_MEMORY, naming what is needed, what is free and the batch that would fit
 */
gboolean sl_memory_check_training (const SlTrainOutline *outline, gsize free_bytes,
                                   gsize *peak_bytes, GError **error);
