/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/train.h>

/* Bytes that programs can still have, as the kernel estimates it; G_MAXSIZE when unknown. */
gsize sl_memory_free_bytes (void);

/**
 * sl_memory_check_training:
 * @recipe: with a batch size
 * @graph: of that batch size
 * @params: of @graph; left frozen as the last stage wants it
 * @peak_bytes: (out): what training will need
 * @error: %SL_ERROR_MEMORY, naming what is needed, what is free and the batch that would fit
 */
gboolean sl_memory_check_training (const SlRecipe *recipe, const SlTask *task,
                                   const char *const *classes, SlGraph *graph, SlParams *params,
                                   gsize *peak_bytes, GError **error);
