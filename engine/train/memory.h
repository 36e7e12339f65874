/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/train.h>

/* Bytes that programs can still have, as the kernel estimates it; G_MAXSIZE when unknown. */
gsize sl_memory_free_bytes (void);

/**
 * sl_memory_check_training:
 * @recipe: each of its stages with a batch size
 * @peak_bytes: (out): what training will need
 * @error: %SL_ERROR_MEMORY, naming what is needed, what is free and the batch that would fit
 */
gboolean sl_memory_check_training (const SlRecipe *recipe, const SlTask *task,
                                   const char *const *classes, gsize *peak_bytes, GError **error);
