/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/models-private.h"

#define WHOLE_PICTURES                                                            \
  &sl_arch_resnet18, &sl_arch_resnet34, &sl_arch_resnet50, &sl_arch_mobilenet_v2, \
      &sl_arch_squeezenet1_0, &sl_arch_squeezenet1_1

const SlArch *const *
sl_arch_all (void)
{
  static const SlArch *const all[] = { WHOLE_PICTURES, NULL };

  return all;
}

const SlArch *const *
sl_arch_all_for_pixels (void)
{
  static const SlArch *const all[] = { WHOLE_PICTURES, &sl_arch_unet_small, NULL };

  return all;
}

const SlArch *const *
sl_arch_all_for_texts (void)
{
  static const SlArch *const all[] = { &sl_arch_awd_lstm_small, &sl_arch_awd_lstm, NULL };

  return all;
}

const SlArch *
sl_arch_find (const char *id)
{
  const SlArch *const *const lists[] = { sl_arch_all_for_pixels (), sl_arch_all_for_texts () };

  g_return_val_if_fail (id != NULL, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
    for (const SlArch *const *arch = lists[i]; *arch != NULL; arch++)
      if (g_str_equal ((*arch)->id, id))
        return *arch;
  return NULL;
}
