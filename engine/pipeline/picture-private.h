/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/picture.h>

G_BEGIN_DECLS

/* Pixels undefined; %NULL when there is no memory. */
SlPicture *_sl_picture_try_new (int width, int height);

/* As sl_picture_load() from memory; the error is a reason alone. */
SlPicture *_sl_picture_decode (const guint8 *data, gsize size, int min_side, SlPictureInfo *info,
                               GError **error);

/* sl_picture_load() whose error is a reason alone. */
SlPicture *_sl_picture_read (const char *path, int min_side, GError **error);

/* Whether the file's first bytes are those of a picture that is read. */
gboolean _sl_picture_sniff (const char *path);

G_END_DECLS
