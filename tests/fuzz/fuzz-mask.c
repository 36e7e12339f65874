/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a mask: a picture with one value a pixel, or a reason. */
#include "dataset/staging.h"
#include "fuzz.h"

#include <slope/picture.h>

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *folder = g_dir_make_tmp ("slope-fuzz-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "mask.png", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (SlPicture) mask = NULL;

  g_assert_true (g_file_set_contents (path, (const char *)data, (gssize)size, NULL));
  mask = sl_mask_load (path, &error);
  g_assert_true ((mask == NULL) == (error != NULL));
  for (gsize i = 0; mask != NULL && i < (gsize)mask->width * (gsize)mask->height; i++)
    g_assert_true (mask->pixels[3 * i] == mask->pixels[3 * i + 1]
                   && mask->pixels[3 * i] == mask->pixels[3 * i + 2]);
  _sl_staging_remove (folder);
  return 0;
}
