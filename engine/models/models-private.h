/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/models.h>

/* Marks text for translation by the window; the engine itself does not translate. */
#define N_(text) (text)

extern const SlArch sl_arch_resnet18;
extern const SlArch sl_arch_resnet34;
extern const SlArch sl_arch_resnet50;

/* One residual block, named @name: two 3×3 convolutions, or a bottleneck of @width with four
 * times as many channels at its end. */
SlValue sl_resnet_block (SlGraph *graph, const char *name, gboolean bottleneck, SlValue x,
                         guint width, guint stride, GError **error);
