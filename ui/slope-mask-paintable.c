/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-mask-paintable.h"

#include "slope-thumbnailer.h"

#include <adwaita.h>

struct _SlopeMaskPaintable
{
  GObject parent_instance;
  char *path;
  SlopeThumbFlags flags; /* of the mask that is shown or asked for */
  int side_px;           /* likewise; 0: not drawn yet */
  GdkTexture *texture;   /* owned; NULL: it has not come, or cannot be read */
  SlopeThumbRequest *request;
};

static void slope_mask_paintable_iface_init (GdkPaintableInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (SlopeMaskPaintable, slope_mask_paintable, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (GDK_TYPE_PAINTABLE,
                                                      slope_mask_paintable_iface_init))

static void
decoded_cb (GdkTexture *texture, gpointer user_data)
{
  SlopeMaskPaintable *self = user_data;

  g_clear_pointer (&self->request, slope_thumb_request_cancel);
  g_set_object (&self->texture, texture);
  gdk_paintable_invalidate_contents (GDK_PAINTABLE (self));
}

/* What is there stays until the other comes. */
static void
load (SlopeMaskPaintable *self, int side_px, SlopeThumbFlags flags)
{
  GdkTexture *cached;

  if (self->side_px == side_px && self->flags == flags)
    return;
  self->side_px = side_px;
  self->flags = flags;
  g_clear_pointer (&self->request, slope_thumb_request_cancel);
  cached = slope_thumbnailer_lookup (self->path, side_px, flags);
  if (cached != NULL)
    {
      g_clear_object (&self->texture);
      self->texture = cached;
    }
  else
    self->request = slope_thumbnailer_request (self->path, side_px, flags, decoded_cb, self);
}

static void
slope_mask_paintable_snapshot (GdkPaintable *paintable, GdkSnapshot *snapshot, double width,
                               double height)
{
  SlopeMaskPaintable *self = SLOPE_MASK_PAINTABLE (paintable);
  const gboolean dark = adw_style_manager_get_dark (adw_style_manager_get_default ());

  load (self, slope_thumbnailer_round_side ((int)MIN (width, height)),
        dark ? self->flags | SLOPE_THUMB_DARK : self->flags & ~SLOPE_THUMB_DARK);
  if (self->texture != NULL)
    gdk_paintable_snapshot (GDK_PAINTABLE (self->texture), snapshot, width, height);
}

static void
slope_mask_paintable_iface_init (GdkPaintableInterface *iface)
{
  iface->snapshot = slope_mask_paintable_snapshot;
}

static void
slope_mask_paintable_finalize (GObject *object)
{
  SlopeMaskPaintable *self = SLOPE_MASK_PAINTABLE (object);

  g_clear_pointer (&self->request, slope_thumb_request_cancel);
  g_clear_object (&self->texture);
  g_free (self->path);
  G_OBJECT_CLASS (slope_mask_paintable_parent_class)->finalize (object);
}

static void
slope_mask_paintable_class_init (SlopeMaskPaintableClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = slope_mask_paintable_finalize;
}

static void
slope_mask_paintable_init (SlopeMaskPaintable *self)
{
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark",
                           G_CALLBACK (gdk_paintable_invalidate_contents), self, G_CONNECT_SWAPPED);
}

GdkPaintable *
slope_mask_paintable_new (const char *path, guint n_classes)
{
  SlopeMaskPaintable *self;

  g_return_val_if_fail (path != NULL, NULL);

  self = g_object_new (SLOPE_TYPE_MASK_PAINTABLE, NULL);
  self->path = g_strdup (path);
  self->flags = SLOPE_THUMB_MASK | (n_classes == 2 ? SLOPE_THUMB_MASK_OF_TWO : 0);
  return GDK_PAINTABLE (self);
}
