/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * SlPictureFormat:
 *
 * A kind of picture file that is read, told by its first bytes.  Vector formats and icons are
 * left out on purpose: how they look depends on the machine.
 */
typedef struct
{
  const char *name;   /* "JPEG" */
  const char *loader; /* gdk-pixbuf's name for it */
  /* Whether the data reach the end that the format itself announces; %NULL where gdk-pixbuf's
   * own answer can be trusted. */
  gboolean (*is_whole) (const guint8 *data, gsize size);
  /* Pixels that the header promises, where gdk-pixbuf cannot be stopped in time; else %NULL. */
  guint64 (*n_pixels) (const guint8 *data, gsize size);
  /* EXIF orientation 1 … 8 where gdk-pixbuf does not find it; %NULL where it does. */
  int (*orientation) (const guint8 *data, gsize size);
} SlPictureFormat;

/* %NULL: not a picture that is read; then *@kind says what it looks like, or is %NULL. */
const SlPictureFormat *sl_picture_format_find (const guint8 *data, gsize size, const char **kind);

/* Whether the name ends as pictures' names do (".jpg", ".PNG", also ".heic" and ".svg", which
 * are not read but must not be passed over in silence). */
gboolean sl_picture_format_is_suffix (const char *file_name);

G_END_DECLS
