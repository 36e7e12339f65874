/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-labels-caption.h"

#include "slope-labels.h"
#include "slope-swatch.h"
#include "slope-widgets.h"

#include <glib/gi18n.h>

#define SWATCH_PX 14
#define GAP_PX 4

typedef enum
{
  MARK_PLAIN,
  MARK_MISSED, /* the picture has it, the model does not say it */
  MARK_EXTRA   /* the other way round */
} Mark;

struct _SlopeLabelsCaption
{
  GtkWidget parent_instance;
  GPtrArray *chips; /* of GtkBox; children, not owned; used again */
  guint n_used;     /* the first of them */
  guint n_shown;    /* that found room */
  GtkLabel *none;   /* child: where there is no label */
};

G_DEFINE_FINAL_TYPE (SlopeLabelsCaption, slope_labels_caption, GTK_TYPE_WIDGET)

/* ---- Room */

static PangoLayout *
make_more_layout (SlopeLabelsCaption *self, guint n)
{
  /* translators: so many labels of a picture found no room */
  g_autofree char *text = g_strdup_printf (_ ("+%u"), n);

  return gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
}

static int
more_width (SlopeLabelsCaption *self, guint n)
{
  g_autoptr (PangoLayout) layout = make_more_layout (self, n);
  int width;

  pango_layout_get_pixel_size (layout, &width, NULL);
  return width;
}

static int
chip_width (SlopeLabelsCaption *self, guint i)
{
  int natural;

  gtk_widget_measure (self->chips->pdata[i], GTK_ORIENTATION_HORIZONTAL, -1, NULL, &natural, NULL,
                      NULL);
  return natural;
}

/* At least one; the last of them may be cut. */
static guint
count_fitting (SlopeLabelsCaption *self, int width)
{
  int used = 0;

  for (guint i = 0; i < self->n_used; i++)
    {
      const int rest = i + 1 < self->n_used ? GAP_PX + more_width (self, self->n_used - i - 1) : 0;

      used += (i > 0 ? GAP_PX : 0) + chip_width (self, i);
      if (i > 0 && used + rest > width)
        return i;
    }
  return self->n_used;
}

static void
slope_labels_caption_measure (GtkWidget *widget, GtkOrientation orientation, int for_size,
                              int *minimum, int *natural, int *minimum_baseline,
                              int *natural_baseline)
{
  SlopeLabelsCaption *self = SLOPE_LABELS_CAPTION (widget);
  const gboolean across = orientation == GTK_ORIENTATION_HORIZONTAL;

  gtk_widget_measure (GTK_WIDGET (self->none), orientation, -1, minimum, natural, NULL, NULL);
  for (guint i = 0; i < self->n_used; i++)
    {
      int least, wanted;

      gtk_widget_measure (self->chips->pdata[i], orientation, -1, &least, &wanted, NULL, NULL);
      *minimum = MAX (*minimum, i == 0 || !across ? least : 0);
      *natural = across && i > 0 ? *natural + GAP_PX + wanted : MAX (*natural, wanted);
    }
}

static void
slope_labels_caption_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  SlopeLabelsCaption *self = SLOPE_LABELS_CAPTION (widget);
  const gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  int x = 0;

  gtk_widget_allocate (GTK_WIDGET (self->none), width, height, -1, NULL);
  self->n_shown = count_fitting (self, width);
  for (guint i = 0; i < self->chips->len; i++)
    {
      GtkWidget *chip = self->chips->pdata[i];
      int wide;

      gtk_widget_set_child_visible (chip, i < self->n_shown);
      if (i >= self->n_shown)
        continue;
      wide = MIN (chip_width (self, i), MAX (width - x, 0));
      gtk_widget_allocate (
          chip, wide, height, -1,
          gsk_transform_translate (NULL, &GRAPHENE_POINT_INIT (rtl ? width - x - wide : x, 0)));
      x += wide + GAP_PX;
    }
}

static void
slope_labels_caption_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  SlopeLabelsCaption *self = SLOPE_LABELS_CAPTION (widget);
  const guint rest = self->n_used - MIN (self->n_shown, self->n_used);
  g_autoptr (PangoLayout) layout = NULL;
  int width, height;
  GdkRGBA color;

  GTK_WIDGET_CLASS (slope_labels_caption_parent_class)->snapshot (widget, snapshot);
  if (rest == 0)
    return;
  layout = make_more_layout (self, rest);
  pango_layout_get_pixel_size (layout, &width, &height);
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &color);
  color.alpha *= .55f;
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (
      snapshot, &GRAPHENE_POINT_INIT (gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL
                                          ? 0
                                          : gtk_widget_get_width (widget) - width,
                                      (gtk_widget_get_height (widget) - height) / 2));
  gtk_snapshot_append_layout (snapshot, layout, &color);
  gtk_snapshot_restore (snapshot);
}

/* ---- Object */

static void
slope_labels_caption_dispose (GObject *object)
{
  slope_widget_unparent_children (GTK_WIDGET (object));
  g_ptr_array_set_size (SLOPE_LABELS_CAPTION (object)->chips, 0);
  G_OBJECT_CLASS (slope_labels_caption_parent_class)->dispose (object);
}

static void
slope_labels_caption_finalize (GObject *object)
{
  g_ptr_array_unref (SLOPE_LABELS_CAPTION (object)->chips);
  G_OBJECT_CLASS (slope_labels_caption_parent_class)->finalize (object);
}

static void
slope_labels_caption_class_init (SlopeLabelsCaptionClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = slope_labels_caption_dispose;
  G_OBJECT_CLASS (klass)->finalize = slope_labels_caption_finalize;
  widget_class->measure = slope_labels_caption_measure;
  widget_class->size_allocate = slope_labels_caption_size_allocate;
  widget_class->snapshot = slope_labels_caption_snapshot;
  gtk_widget_class_set_css_name (widget_class, "labelscaption");
}

static void
slope_labels_caption_init (SlopeLabelsCaption *self)
{
  self->chips = g_ptr_array_new ();
  self->none = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->none, 0.f);
  gtk_label_set_ellipsize (self->none, PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (GTK_WIDGET (self->none), "dim-label");
  gtk_widget_set_parent (GTK_WIDGET (self->none), GTK_WIDGET (self));
}

GtkWidget *
slope_labels_caption_new (void)
{
  return g_object_new (SLOPE_TYPE_LABELS_CAPTION, NULL);
}

/* ---- Chips */

static GtkWidget *
chip_new (void)
{
  GtkWidget *chip = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 4);
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_box_append (GTK_BOX (chip), slope_swatch_new (-1, SWATCH_PX));
  gtk_box_append (GTK_BOX (chip), label);
  gtk_widget_set_valign (chip, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (chip, "label-chip");
  return chip;
}

static void
chip_set (GtkWidget *chip, int index, const char *name, Mark mark)
{
  GtkLabel *label = GTK_LABEL (gtk_widget_get_last_child (chip));
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();
  g_autofree char *text = mark == MARK_EXTRA
                              /* translators: a label that the model says and the picture has not */
                              ? g_strdup_printf (_ ("+ %s"), name)
                              : g_strdup (name);

  slope_swatch_set_index (SLOPE_SWATCH (gtk_widget_get_first_child (chip)), index);
  pango_attr_list_insert (attributes, pango_attr_strikethrough_new (mark == MARK_MISSED));
  gtk_label_set_attributes (label, attributes);
  gtk_label_set_text (label, text);
  gtk_widget_remove_css_class (chip, "missed");
  gtk_widget_remove_css_class (chip, "extra");
  if (mark != MARK_PLAIN)
    gtk_widget_add_css_class (chip, mark == MARK_MISSED ? "missed" : "extra");
}

static void
add_chip (SlopeLabelsCaption *self, int index, const char *name, Mark mark)
{
  if (self->n_used == self->chips->len)
    {
      GtkWidget *chip = chip_new ();

      gtk_widget_set_parent (chip, GTK_WIDGET (self));
      g_ptr_array_add (self->chips, chip);
    }
  chip_set (self->chips->pdata[self->n_used], index, name, mark);
  gtk_widget_set_visible (self->chips->pdata[self->n_used++], TRUE);
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

static void
set_labels (SlopeLabelsCaption *self, const char *const *classes, const char *target,
            const char *predicted)
{
  self->n_used = 0;
  if (target != NULL)
    {
      add_marked (self, classes, target, predicted, MARK_MISSED);
      add_marked (self, classes, target, predicted, MARK_EXTRA);
      add_marked (self, classes, target, predicted, MARK_PLAIN);
    }
  for (guint i = self->n_used; i < self->chips->len; i++)
    gtk_widget_set_visible (self->chips->pdata[i], FALSE);
  gtk_label_set_text (self->none, self->n_used > 0 ? ""
                                  : target == NULL ? C_ ("picture", "No label")
                                                   : C_ ("labels", "none"));
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
