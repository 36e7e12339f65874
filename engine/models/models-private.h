/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/models.h>

/* Marks text for translation by the window; the engine itself does not translate. */
#define N_(text) (text)

extern const SlArch sl_arch_awd_lstm;
extern const SlArch sl_arch_awd_lstm_small;
extern const SlArch sl_arch_mobilenet_v2;
extern const SlArch sl_arch_resnet18;
extern const SlArch sl_arch_resnet34;
extern const SlArch sl_arch_resnet50;
extern const SlArch sl_arch_squeezenet1_0;
extern const SlArch sl_arch_squeezenet1_1;
extern const SlArch sl_arch_unet_small;

/* A convolution named @conv and the batch norm behind it, named @norm. */
SlValue sl_conv_norm (SlGraph *graph, const char *conv, const char *norm, SlValue x,
                      SlConv2dAttrs attrs, SlValue residual, SlActivation activation,
                      GError **error);

/* One residual block, named @name: two 3×3 convolutions, or a bottleneck of @width with four
 * times as many channels at its end. */
SlValue sl_resnet_block (SlGraph *graph, const char *name, gboolean bottleneck, SlValue x,
                         guint width, guint stride, GError **error);

/* One inverted residual of MobileNetV2, named @name: 1×1 to @expansion times the channels (not
 * where that is 1), depthwise 3×3, 1×1 to @out channels, and the input again where shapes allow. */
SlValue sl_inverted_residual (SlGraph *graph, const char *name, SlValue x, guint expansion,
                              guint out, guint stride, GError **error);

/* One Fire module of SqueezeNet, named @name: 1×1 to @squeeze channels, then 1×1 and 3×3 to
 * @expand channels each, beside each other. */
SlValue sl_fire (SlGraph *graph, const char *name, SlValue x, guint squeeze, guint expand,
                 GError **error);
