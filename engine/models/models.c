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

const SlArch *
sl_arch_find (const char *id)
{
  g_return_val_if_fail (id != NULL, NULL);

  for (const SlArch *const *arch = sl_arch_all_for_pixels (); *arch != NULL; arch++)
    if (g_str_equal ((*arch)->id, id))
      return *arch;
  return NULL;
}
