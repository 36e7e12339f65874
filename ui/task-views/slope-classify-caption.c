/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-classify-caption.h"

#include "slope-swatch.h"
#include "slope-widgets.h"

#include <glib/gi18n.h>

#define SWATCH_PX 14

struct _SlopeClassifyCaption
{
  GtkWidget parent_instance;
  SlopeSwatch *label_swatch; /* children: not owned */
  GtkLabel *label;
  GtkLabel *between; /* arrow, or "was grizzly"; NULL, as what follows, until it is needed */
  SlopeSwatch *said_swatch;
  GtkLabel *said;
};

G_DEFINE_FINAL_TYPE (SlopeClassifyCaption, slope_classify_caption, GTK_TYPE_WIDGET)

static void
slope_classify_caption_dispose (GObject *object)
{
  slope_widget_unparent_children (GTK_WIDGET (object));
  G_OBJECT_CLASS (slope_classify_caption_parent_class)->dispose (object);
}

static void
slope_classify_caption_class_init (SlopeClassifyCaptionClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = slope_classify_caption_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "caption");
}

static GtkLabel *
add_label (SlopeClassifyCaption *self, PangoEllipsizeMode ellipsize)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_ellipsize (GTK_LABEL (label), ellipsize);
  gtk_label_set_xalign (GTK_LABEL (label), 0.f);
  gtk_widget_set_parent (label, GTK_WIDGET (self));
  return GTK_LABEL (label);
}

static SlopeSwatch *
add_swatch (SlopeClassifyCaption *self)
{
  GtkWidget *swatch = slope_swatch_new (-1, SWATCH_PX);

  gtk_widget_set_valign (swatch, GTK_ALIGN_CENTER);
  gtk_widget_set_parent (swatch, GTK_WIDGET (self));
  return SLOPE_SWATCH (swatch);
}

static void
slope_classify_caption_init (SlopeClassifyCaption *self)
{
  GtkLayoutManager *box = gtk_widget_get_layout_manager (GTK_WIDGET (self));

  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (box), 5);
  self->label_swatch = add_swatch (self);
  self->label = add_label (self, PANGO_ELLIPSIZE_END);
}

/* What the model says: most captions never need it, and there are hundreds of them. */
static void
ensure_second_half (SlopeClassifyCaption *self)
{
  if (self->between != NULL)
    return;
  self->between = add_label (self, PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (GTK_WIDGET (self->between), "dim-label");
  self->said_swatch = add_swatch (self);
  self->said = add_label (self, PANGO_ELLIPSIZE_END);
}

GtkWidget *
slope_classify_caption_new (void)
{
  return g_object_new (SLOPE_TYPE_CLASSIFY_CAPTION, NULL);
}

int
slope_class_index (const char *const *classes, const char *target)
{
  for (int i = 0; target != NULL && classes[i] != NULL; i++)
    if (g_str_equal (classes[i], target))
      return i;
  return -1;
}

static void
set_side (SlopeSwatch *swatch, GtkLabel *label, const char *const *classes, const char *target)
{
  slope_swatch_set_index (swatch, slope_class_index (classes, target));
  gtk_label_set_text (label, target != NULL ? target : "");
  gtk_widget_set_visible (GTK_WIDGET (label), target != NULL);
}

/* @between: (nullable): no second half; @said: (nullable): the class after it */
static void
set_second_half (SlopeClassifyCaption *self, const char *const *classes, const char *between,
                 const char *said)
{
  if (between == NULL && self->between == NULL)
    return;
  ensure_second_half (self);
  gtk_label_set_text (self->between, between != NULL ? between : "");
  gtk_widget_set_visible (GTK_WIDGET (self->between), between != NULL);
  set_side (self->said_swatch, self->said, classes, said);
}

static const char *
arrow (SlopeClassifyCaption *self)
{
  return gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL ? "←" : "→";
}

void
slope_classify_caption_set (SlopeClassifyCaption *self, const char *const *classes, SlItem *item,
                            SlopeCaptionKind kind)
{
  const char *target, *predicted = NULL;

  g_return_if_fail (SLOPE_IS_CLASSIFY_CAPTION (self));
  g_return_if_fail (classes != NULL && SL_IS_ITEM (item));

  target = sl_item_get_target (item);
  set_side (self->label_swatch, self->label, classes,
            target != NULL ? target : C_ ("picture", "No label"));
  if (kind != SLOPE_CAPTION_REVIEW || sl_item_get_state (item) != SL_ITEM_PRESENT)
    set_second_half (self, classes, NULL, NULL);
  else if (sl_item_get_relabelled (item))
    {
      /* translators: a picture's former label, after its new one: "black was grizzly" */
      g_autofree char *was = g_strdup_printf (_ ("was %s"), sl_item_get_original_target (item));

      set_second_half (self, classes, was, NULL);
    }
  else if (sl_item_get_prediction (item, NULL, NULL, &predicted)
           && g_strcmp0 (predicted, target) != 0)
    set_second_half (self, classes, arrow (self), predicted);
  else
    set_second_half (self, classes, NULL, NULL);
}

void
slope_classify_caption_set_pair (SlopeClassifyCaption *self, const char *const *classes,
                                 guint actual, guint predicted, const char *between)
{
  g_return_if_fail (SLOPE_IS_CLASSIFY_CAPTION (self));
  g_return_if_fail (classes != NULL);

  set_side (self->label_swatch, self->label, classes, classes[actual]);
  set_second_half (self, classes, between != NULL ? between : arrow (self), classes[predicted]);
}
