/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-thumbnailer.h"

#include "slope-colors.h"

#include <math.h>
#include <slope/slope.h>

#define SIDE_STEP_PX 64
#define N_DECODERS 2
#define CACHE_BYTES (128 * 1024 * 1024)

struct _SlopeThumbRequest
{
  gatomicrefcount ref_count; /* the asker, and the queue or the idle */
  gint cancelled;            /* atomic */
  guint64 serial;            /* newest first */
  char *key;                 /* of the cache */
  char *path;
  int side_px;
  SlopeThumbFlags flags;
  SlopeThumbFunc callback;
  gpointer user_data;
  GdkTexture *texture; /* written by the decoder, read by the idle */
};

typedef struct
{
  char *key;
  GdkTexture *texture;
  gsize bytes;
} CacheEntry;

/* Main thread only. */
static struct
{
  GThreadPool *pool;
  GHashTable *links; /* key → GList of order; keys belong to the entries */
  GQueue order;      /* CacheEntry, most recently used first */
  gsize bytes;
  guint64 serial;
} state;

static void
request_unref (SlopeThumbRequest *request)
{
  if (!g_atomic_ref_count_dec (&request->ref_count))
    return;
  g_clear_object (&request->texture);
  g_free (request->path);
  g_free (request->key);
  g_free (request);
}

static char *
make_key (const char *path, int side_px, SlopeThumbFlags flags)
{
  return g_strdup_printf ("%d %u %s", side_px, flags, path);
}

static void
drop_oldest (void)
{
  CacheEntry *entry = g_queue_pop_tail (&state.order);

  g_hash_table_remove (state.links, entry->key);
  state.bytes -= entry->bytes;
  g_object_unref (entry->texture);
  g_free (entry->key);
  g_free (entry);
}

static void
cache_insert (const char *key, GdkTexture *texture)
{
  CacheEntry *entry;

  if (g_hash_table_contains (state.links, key))
    return;
  entry = g_new0 (CacheEntry, 1);
  entry->key = g_strdup (key);
  entry->texture = g_object_ref (texture);
  entry->bytes = (gsize)4 * gdk_texture_get_width (texture) * gdk_texture_get_height (texture);
  g_queue_push_head (&state.order, entry);
  g_hash_table_insert (state.links, entry->key, state.order.head);
  state.bytes += entry->bytes;
  while (state.bytes > CACHE_BYTES && state.order.length > 1)
    drop_oldest ();
}

GdkTexture *
slope_texture_new_from_rgb (const guint8 *pixels, int width, int height)
{
  const gsize n = (gsize)width * height;
  guint32 *out = g_new (guint32, n);
  g_autoptr (GBytes) bytes = NULL;

  /* Cairo's own order: nothing is converted when the texture is drawn. */
  for (gsize i = 0; i < n; i++, pixels += 3)
    out[i] = 0xffu << 24 | (guint32)pixels[0] << 16 | (guint32)pixels[1] << 8 | pixels[2];
  bytes = g_bytes_new_take (out, n * sizeof *out);
  return gdk_memory_texture_new (width, height, GDK_MEMORY_DEFAULT, bytes, (gsize)width * 4);
}

GdkTexture *
slope_texture_new_from_classes (const guint8 *classes, int width, int height, gboolean dark)
{
  const gsize n = (gsize)width * height;
  guint32 *out = g_new (guint32, n), colors[256];
  g_autoptr (GBytes) bytes = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (colors); i++)
    {
      GdkRGBA color;

      slope_class_color (i, dark, &color);
      colors[i] = 0xffu << 24 | (guint32)lrintf (255.f * color.red) << 16
                  | (guint32)lrintf (255.f * color.green) << 8
                  | (guint32)lrintf (255.f * color.blue);
    }
  for (gsize i = 0; i < n; i++)
    out[i] = colors[classes[i]];
  bytes = g_bytes_new_take (out, n * sizeof *out);
  return gdk_memory_texture_new (width, height, GDK_MEMORY_DEFAULT, bytes, (gsize)width * 4);
}

/* Pixels are picked, not averaged: between two classes there is no third. */
static GdkTexture *
decode_mask (const char *path, int side_px, SlopeThumbFlags flags)
{
  g_autoptr (SlPicture) mask = sl_mask_load (path, NULL);
  g_autofree guint8 *classes = NULL;
  double step;
  int width, height;

  if (mask == NULL)
    return NULL;
  step = MAX (1., MIN (mask->width, mask->height) / (double)side_px);
  width = MAX (1, (int)(mask->width / step));
  height = MAX (1, (int)(mask->height / step));
  classes = g_new (guint8, (gsize)width * height);
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        const gsize from = (gsize)((y + .5) * mask->height / height) * mask->width
                           + (gsize)((x + .5) * mask->width / width);
        const guint8 value = mask->pixels[3 * from];

        classes[(gsize)y * width + x] = value == 255 && (flags & SLOPE_THUMB_MASK_OF_TWO) != 0
                                            ? 1
                                            : value;
      }
  return slope_texture_new_from_classes (classes, width, height, (flags & SLOPE_THUMB_DARK) != 0);
}

/* The middle square, or the whole. */
static SlPicture *
crop_square (SlPicture *picture)
{
  const int side = MIN (picture->width, picture->height);
  const int x = (picture->width - side) / 2, y = (picture->height - side) / 2;
  SlPicture *square;

  if (picture->width == picture->height)
    return sl_picture_ref (picture);
  square = sl_picture_new (side, side);
  for (int row = 0; row < side; row++)
    memcpy (square->pixels + (gsize)3 * row * side,
            picture->pixels + 3 * ((gsize)(y + row) * picture->width + x), (gsize)3 * side);
  return square;
}

static GdkTexture *
decode (const char *path, int side_px, SlopeThumbFlags flags)
{
  g_autoptr (SlPicture) whole = sl_picture_load (path, side_px, NULL);
  g_autoptr (SlPicture) part = NULL;
  g_autoptr (SlPicture) small = NULL;
  int shorter;

  if (whole == NULL)
    return NULL;
  part = (flags & SLOPE_THUMB_SQUARE) != 0 ? crop_square (whole) : sl_picture_ref (whole);
  shorter = MIN (part->width, part->height);
  if (shorter > side_px)
    small = sl_picture_scale (part, MAX (1, (int)((gint64)part->width * side_px / shorter)),
                              MAX (1, (int)((gint64)part->height * side_px / shorter)));
  else
    small = sl_picture_ref (part);
  return slope_texture_new_from_rgb (small->pixels, small->width, small->height);
}

static gboolean
deliver (gpointer data)
{
  SlopeThumbRequest *request = data;

  if (request->texture != NULL)
    cache_insert (request->key, request->texture);
  if (!g_atomic_int_get (&request->cancelled))
    request->callback (request->texture, request->user_data);
  return G_SOURCE_REMOVE;
}

static void
decode_in_thread (gpointer data, gpointer user_data)
{
  SlopeThumbRequest *request = data;

  if (g_atomic_int_get (&request->cancelled))
    {
      request_unref (request);
      return;
    }
  request->texture = ((request->flags & SLOPE_THUMB_MASK) != 0 ? decode_mask : decode) (
      request->path, request->side_px, request->flags);
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, deliver, request, (GDestroyNotify)request_unref);
}

static int
newest_first (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const SlopeThumbRequest *left = a, *right = b;

  return (left->serial < right->serial) - (left->serial > right->serial);
}

static void
ensure_state (void)
{
  if (state.pool != NULL)
    return;
  state.pool = g_thread_pool_new (decode_in_thread, NULL, N_DECODERS, FALSE, NULL);
  g_thread_pool_set_sort_function (state.pool, newest_first, NULL);
  state.links = g_hash_table_new (g_str_hash, g_str_equal);
  g_queue_init (&state.order);
}

int
slope_thumbnailer_round_side (int side_px)
{
  return MAX (1, (side_px + SIDE_STEP_PX - 1) / SIDE_STEP_PX) * SIDE_STEP_PX;
}

GdkTexture *
slope_thumbnailer_lookup (const char *path, int side_px, SlopeThumbFlags flags)
{
  g_autofree char *key = make_key (path, side_px, flags);
  GList *link;

  ensure_state ();
  link = g_hash_table_lookup (state.links, key);
  if (link == NULL)
    return NULL;
  g_queue_unlink (&state.order, link);
  g_queue_push_head_link (&state.order, link);
  return g_object_ref (((CacheEntry *)link->data)->texture);
}

SlopeThumbRequest *
slope_thumbnailer_request (const char *path, int side_px, SlopeThumbFlags flags,
                           SlopeThumbFunc callback, gpointer user_data)
{
  SlopeThumbRequest *request;

  g_return_val_if_fail (path != NULL && side_px > 0 && callback != NULL, NULL);

  ensure_state ();
  request = g_new0 (SlopeThumbRequest, 1);
  g_atomic_ref_count_init (&request->ref_count);
  g_atomic_ref_count_inc (&request->ref_count);
  request->serial = ++state.serial;
  request->key = make_key (path, side_px, flags);
  request->path = g_strdup (path);
  request->side_px = side_px;
  request->flags = flags;
  request->callback = callback;
  request->user_data = user_data;
  g_thread_pool_push (state.pool, request, NULL);
  return request;
}

void
slope_thumb_request_cancel (SlopeThumbRequest *request)
{
  g_return_if_fail (request != NULL);

  g_atomic_int_set (&request->cancelled, TRUE);
  request_unref (request);
}
