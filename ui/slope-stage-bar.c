/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slope-stage-bar.h"

#define HEIGHT_PX 24
#define GAP_PX 2
#define LEAST_PX 16 /* of a stage, however short: 16 of them fit into the recipe's panel */
#define RADIUS_PX 6
#define WAITING_ALPHA .1f
#define DONE_ALPHA .35f

struct _SlopeStageBar
{
  GtkWidget parent_instance;
  guint epochs[SL_MAX_STAGES];
  guint n, open;
  int training; /* -1: none */
  double progress;
};

G_DEFINE_FINAL_TYPE (SlopeStageBar, slope_stage_bar, GTK_TYPE_WIDGET)

enum
{
  PICKED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

/* Every stage gets the least; what is left is shared by epochs. */
static void
place (SlopeStageBar *self, guint stage, double *from, double *width)
{
  double all = 0, before = 0, whole = gtk_widget_get_width (GTK_WIDGET (self));
  double shared = MAX (whole - self->n * LEAST_PX - (self->n - 1) * GAP_PX, 0);
  for (guint i = 0; i < self->n; i++)
    {
      all += self->epochs[i];
      before += i < stage ? self->epochs[i] : 0;
    }
  *width = LEAST_PX + shared * self->epochs[stage] / all;
  *from = stage * (LEAST_PX + GAP_PX) + shared * before / all;
  if (gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL)
    *from = whole - *from - *width;
}

static void
fill (GtkSnapshot *snapshot, double from, double width, const GdkRGBA *color, float alpha)
{
  GdkRGBA pale = *color;
  pale.alpha *= alpha;
  gtk_snapshot_append_color (snapshot, &pale, &GRAPHENE_RECT_INIT (from, 0, width, HEIGHT_PX));
}

static void
snapshot_stage (SlopeStageBar *self, GtkSnapshot *snapshot, guint stage, const GdkRGBA *ink,
                const GdkRGBA *accent, const GdkRGBA *on_accent)
{
  gboolean done = self->training >= 0 && (int)stage < self->training;
  gboolean open = self->training < 0 && stage == self->open;
  g_autofree char *number = g_strdup_printf ("%u", stage + 1);
  g_autoptr (PangoLayout)
      layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), done ? "✓" : number);
  double from, width, part;
  GskRoundedRect clip;
  int text_width, text_height;
  place (self, stage, &from, &width);
  gsk_rounded_rect_init_from_rect (&clip, &GRAPHENE_RECT_INIT (from, 0, width, HEIGHT_PX),
                                   RADIUS_PX);
  gtk_snapshot_push_rounded_clip (snapshot, &clip);
  fill (snapshot, from, width, open ? accent : ink, open ? 1 : WAITING_ALPHA);
  part = done ? width : (int)stage == self->training ? width * self->progress : 0;
  if (gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL)
    fill (snapshot, from + width - part, part, accent, DONE_ALPHA);
  else
    fill (snapshot, from, part, accent, DONE_ALPHA);
  gtk_snapshot_pop (snapshot);
  pango_layout_get_pixel_size (layout, &text_width, &text_height);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (from + (width - text_width) / 2,
                                                          (HEIGHT_PX - text_height) / 2));
  gtk_snapshot_append_layout (snapshot, layout, open ? on_accent : ink);
  gtk_snapshot_restore (snapshot);
}

static void
slope_stage_bar_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  SlopeStageBar *self = SLOPE_STAGE_BAR (widget);
  GtkStyleContext *style = gtk_widget_get_style_context (widget);
  GdkRGBA ink, accent, on_accent;
  gtk_style_context_get_color (style, &ink);
  accent = on_accent = ink;
  gtk_style_context_lookup_color (style, "accent_bg_color", &accent);
  gtk_style_context_lookup_color (style, "accent_fg_color", &on_accent);
  for (guint i = 0; i < self->n; i++)
    snapshot_stage (self, snapshot, i, &ink, &accent, &on_accent);
}

static void
slope_stage_bar_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                         int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_VERTICAL ? HEIGHT_PX : LEAST_PX;
}

static void
released (SlopeStageBar *self, int n_press, double x)
{
  if (self->n > 0)
    g_signal_emit (self, signals[PICKED], 0, slope_stage_bar_at (self, x));
}

static void
slope_stage_bar_class_init (SlopeStageBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  widget_class->measure = slope_stage_bar_measure;
  widget_class->snapshot = slope_stage_bar_snapshot;
  signals[PICKED] = g_signal_new ("picked", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  gtk_widget_class_set_css_name (widget_class, "stagebar");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
slope_stage_bar_init (SlopeStageBar *self)
{
  GtkGesture *click = gtk_gesture_click_new ();
  self->training = -1;
  g_signal_connect_object (click, "released", G_CALLBACK (released), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
}

void
slope_stage_bar_set_recipe (SlopeStageBar *self, const SlRecipe *recipe, guint open)
{
  g_return_if_fail (SLOPE_IS_STAGE_BAR (self));
  g_return_if_fail (recipe != NULL);
  self->n = recipe->n_stages;
  for (guint i = 0; i < self->n; i++)
    self->epochs[i] = recipe->stages[i].epochs;
  self->open = open;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
slope_stage_bar_set_training (SlopeStageBar *self, int stage, double progress)
{
  g_return_if_fail (SLOPE_IS_STAGE_BAR (self));
  self->training = stage;
  self->progress = CLAMP (progress, 0, 1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

guint
slope_stage_bar_at (SlopeStageBar *self, double x)
{
  g_return_val_if_fail (SLOPE_IS_STAGE_BAR (self) && self->n > 0, 0);
  for (guint i = 0; i < self->n; i++)
    {
      double from, width;
      place (self, i, &from, &width);
      if (x >= from && x < from + width + GAP_PX)
        return i;
    }
  return self->n - 1;
}
