/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-labels-caption.h"

#include "slope-labels.h"
#include "slope-layouts.h"
#include "slope-swatch.h"

#include <adwaita.h>
#include <glib/gi18n.h>

/* A chip is a swatch and a text in a box with round ends.
 *
 * They were widgets, three a chip: where pictures have up to 17 labels, a page has more than 3,000 of them, of which
 * 400 are seen, and measuring them was 97 % of the frame after the threshold had moved: 67 to 123 ms.  Drawn, from
 * layouts that all captions share, that frame takes 10 to 35. */
#define BEFORE_PX 3 /* left of the swatch */
#define SWATCH_PX 14
#define WITHIN_PX 4 /* between swatch and text */
#define AFTER_PX 6
#define GAP_PX 4 /* between chips */
#define DIM .55f

typedef enum
{
  MARK_PLAIN,
  MARK_MISSED, /* the picture has it, the model does not say it */
  MARK_EXTRA   /* the other way round */
} Mark;

typedef struct
{
  int index;
  Mark mark;
  char *text; /* owned */
} Chip;

struct _SlopeLabelsCaption
{
  GtkWidget parent_instance;
  GArray *chips;    /* of Chip */
  guint n_shown;    /* that found room */
  const char *none; /* what is said where there is no label; NULL: there are some */
};

G_DEFINE_FINAL_TYPE (SlopeLabelsCaption, slope_labels_caption, GTK_TYPE_WIDGET)

static void
chip_clear (gpointer data)
{
  g_free (((Chip *)data)->text);
}

static const Chip *
chip_at (SlopeLabelsCaption *self, guint i)
{
  return &g_array_index (self->chips, Chip, i);
}

/* ---- Room */

/* (transfer none) */
static PangoLayout *
chip_layout (SlopeLabelsCaption *self, const Chip *chip)
{
  return slope_layouts_get (GTK_WIDGET (self), chip->text,
                            (SlopeLayoutLook){ .struck = chip->mark == MARK_MISSED });
}

/* (transfer none) */
static PangoLayout *
plain_layout (SlopeLabelsCaption *self, const char *text)
{
  return slope_layouts_get (GTK_WIDGET (self), text, (SlopeLayoutLook){ 0 });
}

static PangoLayout *
more_layout (SlopeLabelsCaption *self, guint n)
{
  /* translators: so many labels of a picture found no room */
  g_autofree char *text = g_strdup_printf (_ ("+%u"), n);

  return plain_layout (self, text);
}

static int
layout_width (PangoLayout *layout)
{
  int width;

  pango_layout_get_pixel_size (layout, &width, NULL);
  return width;
}

static int
chip_width (SlopeLabelsCaption *self, guint i)
{
  return BEFORE_PX + SWATCH_PX + WITHIN_PX + layout_width (chip_layout (self, chip_at (self, i)))
         + AFTER_PX;
}

/* At least one; the last of them may be cut. */
static guint
count_fitting (SlopeLabelsCaption *self, int width)
{
  int used = 0;

  for (guint i = 0; i < self->chips->len; i++)
    {
      const guint after = self->chips->len - i - 1;
      const int rest = after > 0 ? GAP_PX + layout_width (more_layout (self, after)) : 0;

      used += (i > 0 ? GAP_PX : 0) + chip_width (self, i);
      if (i > 0 && used + rest > width)
        return i;
    }
  return self->chips->len;
}

static void
measure_across (SlopeLabelsCaption *self, int *minimum, int *natural)
{
  *minimum = *natural = 0;
  if (self->none != NULL)
    *natural = layout_width (plain_layout (self, self->none));
  for (guint i = 0; i < self->chips->len; i++)
    *natural += (i > 0 ? GAP_PX : 0) + chip_width (self, i);
  if (self->chips->len > 0)
    *minimum = MIN (*natural, BEFORE_PX + SWATCH_PX + WITHIN_PX + AFTER_PX);
}

/* As high as a text, which may be in letters that are higher than others. */
static int
line_height (SlopeLabelsCaption *self)
{
  int height, highest = SWATCH_PX;

  pango_layout_get_pixel_size (plain_layout (self, self->none != NULL ? self->none : ""), NULL,
                               &height);
  highest = MAX (highest, height);
  for (guint i = 0; i < self->chips->len; i++)
    {
      pango_layout_get_pixel_size (chip_layout (self, chip_at (self, i)), NULL, &height);
      highest = MAX (highest, height);
    }
  return highest;
}

static void
slope_labels_caption_measure (GtkWidget *widget, GtkOrientation orientation, int for_size,
                              int *minimum, int *natural, int *minimum_baseline,
                              int *natural_baseline)
{
  SlopeLabelsCaption *self = SLOPE_LABELS_CAPTION (widget);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    measure_across (self, minimum, natural);
  else
    *minimum = *natural = line_height (self);
}

static void
slope_labels_caption_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  SlopeLabelsCaption *self = SLOPE_LABELS_CAPTION (widget);

  self->n_shown = count_fitting (self, width);
}

/* ---- Drawing */

static void
chip_colors (GtkWidget *widget, Mark mark, GdkRGBA *ink, GdkRGBA *ground)
{
  GtkStyleContext *style = gtk_widget_get_style_context (widget);

  gtk_style_context_get_color (style, ink);
  if (mark == MARK_MISSED)
    gtk_style_context_lookup_color (style, "error_color", ink);
  else if (mark == MARK_EXTRA)
    gtk_style_context_lookup_color (style, "warning_color", ink);
  *ground = *ink;
  ground->alpha *= mark == MARK_MISSED ? .14f : mark == MARK_EXTRA ? .18f : .08f;
}

/* At the origin, in the middle of the line. */
static void
draw_text (GtkWidget *widget, GtkSnapshot *snapshot, float x, PangoLayout *layout,
           const GdkRGBA *ink)
{
  int height;

  pango_layout_get_pixel_size (layout, NULL, &height);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot,
                          &GRAPHENE_POINT_INIT (x, (gtk_widget_get_height (widget) - height) / 2));
  gtk_snapshot_append_layout (snapshot, layout, ink);
  gtk_snapshot_restore (snapshot);
}

/* @layout as far as it fits.  (transfer full) */
static PangoLayout *
cut_layout (PangoLayout *layout, int width)
{
  PangoLayout *cut = pango_layout_copy (layout);

  pango_layout_set_width (cut, MAX (width, 0) * PANGO_SCALE);
  pango_layout_set_ellipsize (cut, PANGO_ELLIPSIZE_END);
  return cut;
}

/* Between @x and @x + @width. */
static void
draw_chip (SlopeLabelsCaption *self, GtkSnapshot *snapshot, const Chip *chip, int x, int width)
{
  GtkWidget *widget = GTK_WIDGET (self);
  const gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  const int text_px = width - BEFORE_PX - SWATCH_PX - WITHIN_PX - AFTER_PX;
  g_autoptr (PangoLayout) cut = NULL;
  PangoLayout *layout = chip_layout (self, chip);
  GskRoundedRect box;
  GdkRGBA ink, ground;
  int height;

  pango_layout_get_pixel_size (layout, NULL, &height);
  height = MAX (height, SWATCH_PX);
  if (layout_width (layout) > text_px)
    layout = cut = cut_layout (layout, text_px);
  chip_colors (widget, chip->mark, &ink, &ground);
  gsk_rounded_rect_init_from_rect (
      &box, &GRAPHENE_RECT_INIT (x, (gtk_widget_get_height (widget) - height) / 2, width, height),
      height / 2.f);
  gtk_snapshot_push_rounded_clip (snapshot, &box);
  gtk_snapshot_append_color (snapshot, &ground, &box.bounds);
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (
      snapshot, &GRAPHENE_POINT_INIT (rtl ? x + width - BEFORE_PX - SWATCH_PX : x + BEFORE_PX,
                                      (gtk_widget_get_height (widget) - SWATCH_PX) / 2));
  slope_swatch_draw (widget, snapshot, chip->index, SWATCH_PX);
  gtk_snapshot_restore (snapshot);
  draw_text (widget, snapshot, rtl ? x + AFTER_PX : x + BEFORE_PX + SWATCH_PX + WITHIN_PX, layout,
             &ink);
}

static void
slope_labels_caption_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  SlopeLabelsCaption *self = SLOPE_LABELS_CAPTION (widget);
  const gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  const int width = gtk_widget_get_width (widget);
  const guint n_shown = MIN (self->n_shown, self->chips->len);
  const guint n_more = self->chips->len - n_shown;
  int x = 0, room = width;
  GdkRGBA dim;

  if (n_more > 0)
    room -= GAP_PX + layout_width (more_layout (self, n_more));
  for (guint i = 0; i < n_shown; i++)
    {
      const int wide = MIN (chip_width (self, i), MAX (room - x, 0));

      draw_chip (self, snapshot, chip_at (self, i), rtl ? width - x - wide : x, wide);
      x += wide + GAP_PX;
    }
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &dim);
  dim.alpha *= DIM;
  if (self->none != NULL)
    {
      g_autoptr (PangoLayout) none = cut_layout (plain_layout (self, self->none), width);

      draw_text (widget, snapshot, rtl ? width - layout_width (none) : 0, none, &dim);
    }
  if (n_more > 0)
    {
      PangoLayout *more = more_layout (self, n_more);

      draw_text (widget, snapshot, rtl ? 0 : width - layout_width (more), more, &dim);
    }
}

/* ---- Object */

static void
slope_labels_caption_finalize (GObject *object)
{
  g_array_unref (SLOPE_LABELS_CAPTION (object)->chips);
  G_OBJECT_CLASS (slope_labels_caption_parent_class)->finalize (object);
}

static void
slope_labels_caption_class_init (SlopeLabelsCaptionClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = slope_labels_caption_finalize;
  widget_class->measure = slope_labels_caption_measure;
  widget_class->size_allocate = slope_labels_caption_size_allocate;
  widget_class->snapshot = slope_labels_caption_snapshot;
  gtk_widget_class_set_css_name (widget_class, "labelscaption");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_LABEL);
}

static void
slope_labels_caption_init (SlopeLabelsCaption *self)
{
  self->chips = g_array_new (FALSE, FALSE, sizeof (Chip));
  g_array_set_clear_func (self->chips, chip_clear);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark",
                           G_CALLBACK (gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
}

GtkWidget *
slope_labels_caption_new (void)
{
  return g_object_new (SLOPE_TYPE_LABELS_CAPTION, NULL);
}

/* ---- Chips */

static void
add_chip (SlopeLabelsCaption *self, int index, const char *name, Mark mark)
{
  const Chip chip = { .index = index,
                      .mark = mark,
                      .text =
                          mark == MARK_EXTRA
                              /* translators: a label that the model says and the picture has not */
                              ? g_strdup_printf (_ ("+ %s"), name)
                              : g_strdup (name) };

  g_array_append_val (self->chips, chip);
}

/* Those with @mark. @predicted: (nullable): the picture's alone are shown. */
static void
add_marked (SlopeLabelsCaption *self, const char *const *classes, const char *target,
            const char *predicted, Mark mark)
{
  for (int i = 0; classes[i] != NULL; i++)
    {
      const gboolean has = slope_labels_have (target, classes[i]);
      const gboolean says = predicted != NULL ? slope_labels_have (predicted, classes[i]) : has;

      if ((has || says) && mark == (has == says ? MARK_PLAIN : has ? MARK_MISSED : MARK_EXTRA))
        add_chip (self, i, classes[i], mark);
    }
}

/* For screen readers: what the strokes say to the eye, too. */
static void
name_chips (SlopeLabelsCaption *self)
{
  g_autoptr (GString) name = g_string_new (self->none);

  for (guint i = 0; i < self->chips->len; i++)
    {
      const Chip *chip = chip_at (self, i);

      g_string_append (name, i > 0 ? _ (", ") : "");
      if (chip->mark == MARK_MISSED)
        /* translators: for screen readers: a label that a picture has and the model does not say */
        g_string_append_printf (name, _ ("− %s"), chip->text);
      else
        g_string_append (name, chip->text);
    }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name->str,
                                  -1);
}

static void
set_labels (SlopeLabelsCaption *self, const char *const *classes, const char *target,
            const char *predicted)
{
  g_array_set_size (self->chips, 0);
  if (target != NULL)
    {
      add_marked (self, classes, target, predicted, MARK_MISSED);
      add_marked (self, classes, target, predicted, MARK_EXTRA);
      add_marked (self, classes, target, predicted, MARK_PLAIN);
    }
  self->none = self->chips->len > 0 ? NULL
               : target == NULL     ? C_ ("picture", "No label")
                                    : C_ ("labels", "none");
  name_chips (self);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

void
slope_labels_caption_set (SlopeLabelsCaption *self, const char *const *classes, SlItem *item,
                          SlopeCaptionKind kind)
{
  const char *predicted = NULL;

  g_return_if_fail (SLOPE_IS_LABELS_CAPTION (self));
  g_return_if_fail (classes != NULL && SL_IS_ITEM (item));

  if (kind == SLOPE_CAPTION_REVIEW && sl_item_get_state (item) == SL_ITEM_PRESENT
      && !sl_item_get_relabelled (item))
    sl_item_get_prediction (item, NULL, NULL, &predicted);
  set_labels (self, classes, sl_item_get_target (item), predicted);
}

void
slope_labels_caption_set_target (SlopeLabelsCaption *self, const char *const *classes,
                                 const char *target)
{
  g_return_if_fail (SLOPE_IS_LABELS_CAPTION (self));
  g_return_if_fail (classes != NULL && target != NULL);

  set_labels (self, classes, target, NULL);
}

guint
slope_labels_caption_get_n_shown (SlopeLabelsCaption *self)
{
  g_return_val_if_fail (SLOPE_IS_LABELS_CAPTION (self), 0);
  return self->n_shown;
}
