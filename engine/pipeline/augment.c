/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <slope/transform.h>

const SlNormalise sl_normalise_imagenet = {
  .mean = { 0.485f, 0.456f, 0.406f },
  .std = { 0.229f, 0.224f, 0.225f },
};

static const SlAugment augments[] = {
  {
      .name = "default",
      .flip = TRUE,
      .rotate_deg = 10.0,
      .max_zoom = 1.1,
      .lighting = 0.2,
      .warp = 0.2,
      .p_affine = 0.75,
      .p_lighting = 0.75,
      .random_crop = TRUE,
  },
  {
      .name = "noflip", /* digits and letters */
      .rotate_deg = 10.0,
      .max_zoom = 1.1,
      .lighting = 0.2,
      .warp = 0.2,
      .p_affine = 0.75,
      .p_lighting = 0.75,
      .random_crop = TRUE,
  },
  {
      .name = "satellite", /* seen from above: no up and down, no perspective */
      .flip = TRUE,
      .dihedral = TRUE,
      .rotate_deg = 10.0,
      .max_zoom = 1.05,
      .lighting = 0.1,
      .p_affine = 0.75,
      .p_lighting = 0.75,
      .random_crop = TRUE,
  },
  {
      .name = "tilt", /* points: nothing leaves the picture, left stays left */
      .rotate_deg = 10.0,
      .max_zoom = 1.0,
      .lighting = 0.2,
      .p_affine = 0.75,
      .p_lighting = 0.75,
  },
  { .name = "none", .max_zoom = 1.0 },
};

static const char *const names[] = { "default", "noflip", "satellite", "tilt", "none", NULL };

const SlAugment *
sl_augment_find (const char *name)
{
  g_return_val_if_fail (name != NULL, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (augments); i++)
    if (g_str_equal (augments[i].name, name))
      return &augments[i];
  return NULL;
}

const char *const *
sl_augment_names (void)
{
  return names;
}
