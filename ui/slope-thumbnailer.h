/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What becomes of the file's pixels. */
typedef enum
{
  SLOPE_THUMB_WHOLE = 0,
  SLOPE_THUMB_SQUARE = 1 << 0,    /* cropped to the square in the middle */
  SLOPE_THUMB_MASK = 1 << 1,      /* whole; each pixel is a class, and becomes its colour */
  SLOPE_THUMB_MASK_OF_TWO = 1 << 2, /* with SLOPE_THUMB_MASK: of two classes, and white is the second */
  SLOPE_THUMB_DARK = 1 << 3       /* with SLOPE_THUMB_MASK: colours of the dark style */
} SlopeThumbFlags;

/* One wish for a decoded picture; owned by whoever asked. */
typedef struct _SlopeThumbRequest SlopeThumbRequest;

/* On the main thread, once, unless cancelled before; @texture is %NULL when the file cannot be
 * read.  The request stays to be freed with slope_thumb_request_cancel(). */
typedef void (*SlopeThumbFunc) (GdkTexture *texture, gpointer user_data);

/* Sides are rounded up to steps, so that zooming does not decode everything again. */
int                slope_thumbnailer_round_side (int side_px);
/* (transfer full) (nullable): from the cache, without waiting.  @side_px: rounded. */
GdkTexture        *slope_thumbnailer_lookup (const char *path, int side_px, SlopeThumbFlags flags);
/**
 * slope_thumbnailer_request:
 * @path: a picture file
 * @side_px: length of the shorter side, rounded
 * @flags: what becomes of its pixels
 *
 * Decodes on a thread of its own, newest request first.  Threads: main.
 *
 * Returns: (transfer full): to be freed with slope_thumb_request_cancel()
 */
SlopeThumbRequest *slope_thumbnailer_request (const char *path, int side_px,
                                              SlopeThumbFlags flags, SlopeThumbFunc callback,
                                              gpointer user_data);
/* Afterwards the callback is not called; work not yet begun is dropped.  Main thread. */
void               slope_thumb_request_cancel (SlopeThumbRequest *request);

/* (transfer full): 3 bytes a pixel without padding, as the engine has them, to a texture that
 * draws without conversion.  Threads: any. */
GdkTexture        *slope_texture_new_from_rgb (const guint8 *pixels, int width, int height);
/* (transfer full): one class a pixel, each in its colour.  Threads: any. */
GdkTexture        *slope_texture_new_from_classes (const guint8 *classes, int width, int height,
                                                   gboolean dark);

G_END_DECLS
