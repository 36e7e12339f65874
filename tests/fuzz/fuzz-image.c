/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a picture: decoded or refused with a reason, and nothing else. */
#include "fuzz.h"
#include "pipeline/picture-private.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const int sides[] = { 0, 1, 20 };

  for (gsize i = 0; i < G_N_ELEMENTS (sides); i++)
    {
      g_autoptr (GError) error = NULL;
      SlPictureInfo info = { 0 };
      SlPicture *picture = _sl_picture_decode (data, size, sides[i], &info, &error);
      guint sum = 0;

      g_assert_true ((picture == NULL) == (error != NULL));
      if (picture == NULL)
        continue;
      g_assert_cmpint ((gint64)info.width * info.height, <=, SL_PICTURE_MAX_PIXELS);
      g_assert_cmpint (picture->width, <=, info.width);
      g_assert_cmpint (picture->height, <=, info.height);
      /* Every row is there; a few bytes may stand for hundreds of millions of pixels. */
      for (gsize y = 0, width = 3 * (gsize)picture->width; y < (gsize)picture->height; y++)
        sum += picture->pixels[y * width] + picture->pixels[(y + 1) * width - 1];
      g_assert_cmpuint (sum, <, G_MAXUINT);
      sl_picture_unref (picture);
    }
  return 0;
}
