/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-thumbnail.h"

#include "slope-thumbnailer.h"

#define CORNER_PX 6
#define MOSAIC_PX 32 /* smaller ones stand together in a frame that has the corners */
#define MISSING_PX 32
#define LOADING_ALPHA .06f

struct _SlopeThumbnail
{
  GtkWidget parent_instance;
  char *path;
  int size; /* px; 0: whatever it is given */
  gboolean cover;
  int side_px; /* of what is shown or asked for; 0: nothing yet */
  GdkPaintable *paintable;
  SlopeThumbRequest *request; /* while a file is decoded */
  gboolean unreadable;
  GdkPaintable *overlay; /* (nullable) owned */
  graphene_rect_t overlay_where;
  double overlay_opacity;
};

enum
{
  PROP_PATH = 1,
  PROP_SIZE,
  PROP_COVER,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (SlopeThumbnail, slope_thumbnail, GTK_TYPE_WIDGET)

static void
drop_overlay (SlopeThumbnail *self)
{
  if (self->overlay != NULL)
    g_signal_handlers_disconnect_by_data (self->overlay, self);
  g_clear_object (&self->overlay);
}

static void
forget (SlopeThumbnail *self)
{
  g_clear_pointer (&self->request, slope_thumb_request_cancel);
  g_clear_object (&self->paintable);
  drop_overlay (self);
  self->unreadable = FALSE;
  self->side_px = 0;
}

static void
picture_decoded_cb (GdkTexture *texture, gpointer user_data)
{
  SlopeThumbnail *self = user_data;

  g_clear_pointer (&self->request, slope_thumb_request_cancel);
  self->unreadable = texture == NULL;
  g_set_object (&self->paintable, GDK_PAINTABLE (texture));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* Asks for the file in the size that is on the screen now, if that is not what is there. */
static void
load (SlopeThumbnail *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  const int given = MIN (gtk_widget_get_width (widget), gtk_widget_get_height (widget));
  const int wanted = (self->size > 0 ? self->size : given) * gtk_widget_get_scale_factor (widget);
  const SlopeThumbFlags flags = self->cover ? SLOPE_THUMB_SQUARE : SLOPE_THUMB_WHOLE;
  GdkTexture *cached;
  int side_px;

  if (self->path == NULL || wanted <= 0)
    return;
  side_px = slope_thumbnailer_round_side (wanted);
  if (side_px == self->side_px)
    return;

  self->side_px = side_px;
  g_clear_pointer (&self->request, slope_thumb_request_cancel);
  cached = slope_thumbnailer_lookup (self->path, side_px, flags);
  if (cached != NULL)
    {
      g_clear_object (&self->paintable);
      self->paintable = GDK_PAINTABLE (cached);
    }
  else /* what is there in another size stays until the new one comes */
    self->request = slope_thumbnailer_request (self->path, side_px, flags, picture_decoded_cb,
                                               self);
  gtk_widget_queue_draw (widget);
}

static void
slope_thumbnail_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                         int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = *natural = SLOPE_THUMBNAIL (widget)->size;
}

static void
slope_thumbnail_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  load (SLOPE_THUMBNAIL (widget));
}

static void
snapshot_missing (SlopeThumbnail *self, GtkSnapshot *snapshot, int width, int height)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkIconTheme *theme = gtk_icon_theme_get_for_display (gtk_widget_get_display (widget));
  const int size = MIN (MISSING_PX, MIN (width, height));
  g_autoptr (GtkIconPaintable) icon = gtk_icon_theme_lookup_icon (
      theme, "image-missing-symbolic", NULL, size, gtk_widget_get_scale_factor (widget),
      gtk_widget_get_direction (widget), GTK_ICON_LOOKUP_FORCE_SYMBOLIC);
  GdkRGBA ink;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &ink);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot,
                          &GRAPHENE_POINT_INIT ((width - size) / 2.f, (height - size) / 2.f));
  gtk_symbolic_paintable_snapshot_symbolic (GTK_SYMBOLIC_PAINTABLE (icon), snapshot, size, size,
                                            &ink, 1);
  gtk_snapshot_restore (snapshot);
}

/* Where the paintable goes: cropped to the square, or whole in the middle. */
static graphene_rect_t
place (SlopeThumbnail *self, graphene_rect_t box)
{
  const double ratio = gdk_paintable_get_intrinsic_aspect_ratio (self->paintable);
  double width = box.size.width, height = box.size.height;

  if (ratio <= 0.)
    return box;
  if ((width / height > ratio) == self->cover)
    height = width / ratio;
  else
    width = height * ratio;
  return GRAPHENE_RECT_INIT (box.origin.x + (box.size.width - width) / 2,
                             box.origin.y + (box.size.height - height) / 2, width, height);
}

static void
snapshot_overlay (SlopeThumbnail *self, GtkSnapshot *snapshot, float width, float height)
{
  const graphene_rect_t *where = &self->overlay_where;

  gtk_snapshot_push_opacity (snapshot, self->overlay_opacity);
  gtk_snapshot_translate (snapshot,
                          &GRAPHENE_POINT_INIT (where->origin.x * width, where->origin.y * height));
  gdk_paintable_snapshot (self->overlay, snapshot, where->size.width * width,
                          where->size.height * height);
  gtk_snapshot_pop (snapshot);
}

static void
slope_thumbnail_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  SlopeThumbnail *self = SLOPE_THUMBNAIL (widget);
  const int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  const int side = self->size > 0 ? self->size : MIN (width, height);
  const gboolean square = self->cover && self->size > 0;
  graphene_rect_t box = square ? GRAPHENE_RECT_INIT ((width - side) / 2, (height - side) / 2, side,
                                                     side)
                               : GRAPHENE_RECT_INIT (0, 0, width, height);
  graphene_rect_t picture = box;
  GskRoundedRect clip;

  if (width <= 0 || height <= 0)
    return;
  if (self->paintable != NULL)
    picture = place (self, box);
  graphene_rect_intersection (&box, &picture, &box);
  gsk_rounded_rect_init_from_rect (&clip, &box, side < MOSAIC_PX ? 0 : CORNER_PX);
  gtk_snapshot_push_rounded_clip (snapshot, &clip);
  if (self->paintable != NULL)
    {
      gtk_snapshot_translate (snapshot, &picture.origin);
      gdk_paintable_snapshot (self->paintable, snapshot, picture.size.width, picture.size.height);
      if (self->overlay != NULL)
        snapshot_overlay (self, snapshot, picture.size.width, picture.size.height);
    }
  else
    {
      GdkRGBA faint;

      gtk_style_context_get_color (gtk_widget_get_style_context (widget), &faint);
      faint.alpha *= LOADING_ALPHA;
      gtk_snapshot_append_color (snapshot, &faint, &box);
    }
  gtk_snapshot_pop (snapshot);
  if (self->unreadable)
    snapshot_missing (self, snapshot, width, height);
}

static void
slope_thumbnail_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  SlopeThumbnail *self = SLOPE_THUMBNAIL (object);

  switch (id)
    {
    case PROP_PATH:
      g_value_set_string (value, self->path);
      break;
    case PROP_SIZE:
      g_value_set_int (value, self->size);
      break;
    case PROP_COVER:
      g_value_set_boolean (value, self->cover);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
slope_thumbnail_set_cover (SlopeThumbnail *self, gboolean cover)
{
  if (self->cover == cover)
    return;
  self->cover = cover;
  forget (self);
  load (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_COVER]);
}

static void
slope_thumbnail_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  SlopeThumbnail *self = SLOPE_THUMBNAIL (object);

  switch (id)
    {
    case PROP_PATH:
      slope_thumbnail_set_path (self, g_value_get_string (value));
      break;
    case PROP_SIZE:
      slope_thumbnail_set_size (self, g_value_get_int (value));
      break;
    case PROP_COVER:
      slope_thumbnail_set_cover (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
slope_thumbnail_finalize (GObject *object)
{
  SlopeThumbnail *self = SLOPE_THUMBNAIL (object);

  forget (self);
  g_free (self->path);
  G_OBJECT_CLASS (slope_thumbnail_parent_class)->finalize (object);
}

static void
slope_thumbnail_class_init (SlopeThumbnailClass *klass)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = slope_thumbnail_get_property;
  object_class->set_property = slope_thumbnail_set_property;
  object_class->finalize = slope_thumbnail_finalize;
  widget_class->measure = slope_thumbnail_measure;
  widget_class->size_allocate = slope_thumbnail_size_allocate;
  widget_class->snapshot = slope_thumbnail_snapshot;

  props[PROP_PATH] = g_param_spec_string ("path", NULL, NULL, NULL, flags);
  props[PROP_SIZE] = g_param_spec_int ("size", NULL, NULL, 0, 4096, 0, flags);
  props[PROP_COVER] = g_param_spec_boolean ("cover", NULL, NULL, TRUE, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
  gtk_widget_class_set_css_name (widget_class, "thumbnail");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
slope_thumbnail_init (SlopeThumbnail *self)
{
  self->cover = TRUE;
  self->overlay_opacity = 1.;
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  g_signal_connect (self, "notify::scale-factor", G_CALLBACK (load), NULL);
}

GtkWidget *
slope_thumbnail_new (int size)
{
  return g_object_new (SLOPE_TYPE_THUMBNAIL, "size", size, NULL);
}

void
slope_thumbnail_set_path (SlopeThumbnail *self, const char *path)
{
  g_autofree char *name = NULL;

  g_return_if_fail (SLOPE_IS_THUMBNAIL (self));

  if (g_strcmp0 (self->path, path) == 0)
    return;
  forget (self);
  g_free (self->path);
  self->path = g_strdup (path);
  name = path != NULL ? g_filename_display_basename (path) : g_strdup ("");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  load (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_PATH]);
}

void
slope_thumbnail_set_size (SlopeThumbnail *self, int size)
{
  g_return_if_fail (SLOPE_IS_THUMBNAIL (self));
  g_return_if_fail (size >= 0);

  if (self->size == size)
    return;
  self->size = size;
  load (self);
  gtk_widget_queue_resize (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SIZE]);
}

void
slope_thumbnail_set_paintable (SlopeThumbnail *self, GdkPaintable *paintable)
{
  g_return_if_fail (SLOPE_IS_THUMBNAIL (self));
  g_return_if_fail (paintable == NULL || GDK_IS_PAINTABLE (paintable));

  slope_thumbnail_set_path (self, NULL);
  g_set_object (&self->paintable, paintable);
  self->unreadable = FALSE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
slope_thumbnail_set_overlay (SlopeThumbnail *self, GdkPaintable *overlay,
                             const graphene_rect_t *where)
{
  g_return_if_fail (SLOPE_IS_THUMBNAIL (self));
  g_return_if_fail (overlay == NULL || (GDK_IS_PAINTABLE (overlay) && where != NULL));

  if (overlay == self->overlay
      && (overlay == NULL || graphene_rect_equal (&self->overlay_where, where)))
    return;
  if (overlay != self->overlay)
    {
      drop_overlay (self);
      if (overlay != NULL)
        g_signal_connect_swapped (overlay, "invalidate-contents",
                                  G_CALLBACK (gtk_widget_queue_draw), self);
      g_set_object (&self->overlay, overlay);
    }
  if (overlay != NULL)
    self->overlay_where = *where;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
slope_thumbnail_set_overlay_opacity (SlopeThumbnail *self, double opacity)
{
  g_return_if_fail (SLOPE_IS_THUMBNAIL (self));

  self->overlay_opacity = CLAMP (opacity, 0., 1.);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
