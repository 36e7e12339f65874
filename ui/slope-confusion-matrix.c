/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-confusion-matrix.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>

#define GAP_PX 4
#define MIN_CELL_PX 2
#define MAX_CELL_W_PX 96
#define CELL_H_PX 40
#define MAX_LABEL_PX 84   /* of the row heads */
#define COLOR_CLASSES 20  /* above: one neutral colour */
#define MAX_NAME_CELLS 40 /* above: no heads, the tooltip names the cell */

struct _SlopeConfusionMatrix
{
  GtkWidget parent_instance;
  char **classes; /* owned */
  guint *counts;  /* owned; n × n, row = label */
  guint *sums;    /* owned; n, of the rows */
  guint n;
  int widest;              /* px, of the names; < 0: not measured yet */
  guint actual, predicted; /* the cursor */
  int selected_actual, selected_predicted;
};

/* Where things are, for the width at hand. */
typedef struct
{
  float left, top; /* of the first cell */
  float cell_w, cell_h, gap;
  gboolean heads;   /* room for row and column heads */
  gboolean numbers; /* columns are headed by the class's number, not its name */
} Layout;

enum
{
  CELL_ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SlopeConfusionMatrix, slope_confusion_matrix, GTK_TYPE_WIDGET)

/* ---- Layout */

static PangoLayout *
create_text (SlopeConfusionMatrix *self, const char *text, double scale, PangoWeight weight)
{
  PangoLayout *layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  g_autoptr (PangoAttrList) attrs = pango_attr_list_new ();

  pango_attr_list_insert (attrs, pango_attr_scale_new (scale));
  pango_attr_list_insert (attrs, pango_attr_weight_new (weight));
  pango_layout_set_attributes (layout, attrs);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  return layout;
}

static int
widest_name (SlopeConfusionMatrix *self)
{
  if (self->widest >= 0)
    return self->widest;
  self->widest = 0;
  for (guint i = 0; i < self->n; i++)
    {
      g_autoptr (PangoLayout) text = create_text (self, self->classes[i], .82, PANGO_WEIGHT_NORMAL);
      int width;

      pango_layout_get_pixel_size (text, &width, NULL);
      self->widest = MAX (self->widest, width);
    }
  return self->widest;
}

static void
get_layout (SlopeConfusionMatrix *self, int width, Layout *layout)
{
  const int widest = self->n <= MAX_NAME_CELLS ? widest_name (self) : 0;

  layout->heads = self->n <= MAX_NAME_CELLS;
  layout->gap = self->n <= 12 ? GAP_PX : self->n <= MAX_NAME_CELLS ? 1 : 0;
  layout->left = layout->heads ? MAX (36, MIN (widest, MAX_LABEL_PX)) + 9 : 0;
  layout->top = layout->heads ? 46 : 0;
  layout->cell_w = (width - layout->left) / MAX (self->n, 1) - layout->gap;
  layout->cell_w = CLAMP (layout->cell_w, MIN_CELL_PX, MAX_CELL_W_PX);
  layout->cell_h = MIN (CELL_H_PX, MAX (layout->cell_w, MIN_CELL_PX));
  layout->numbers = widest > layout->cell_w;
}

static graphene_rect_t
cell_rect (SlopeConfusionMatrix *self, const Layout *layout, guint actual, guint predicted)
{
  float x = layout->left + predicted * (layout->cell_w + layout->gap);

  if (gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL)
    x = gtk_widget_get_width (GTK_WIDGET (self)) - x - layout->cell_w;
  return GRAPHENE_RECT_INIT (x, layout->top + actual * (layout->cell_h + layout->gap),
                             layout->cell_w, layout->cell_h);
}

gboolean
slope_confusion_matrix_pick (SlopeConfusionMatrix *self, double x, double y, guint *actual,
                             guint *predicted)
{
  Layout layout;
  double column, row;

  g_return_val_if_fail (SLOPE_IS_CONFUSION_MATRIX (self), FALSE);

  if (self->n == 0)
    return FALSE;
  if (gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL)
    x = gtk_widget_get_width (GTK_WIDGET (self)) - x;
  get_layout (self, gtk_widget_get_width (GTK_WIDGET (self)), &layout);
  column = (x - layout.left) / (layout.cell_w + layout.gap);
  row = (y - layout.top) / (layout.cell_h + layout.gap);
  if (column < 0. || row < 0. || column >= self->n || row >= self->n)
    return FALSE;
  *actual = (guint)row;
  *predicted = (guint)column;
  return TRUE;
}

static void
slope_confusion_matrix_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (slope_confusion_matrix_parent_class)->css_changed (widget, change);
  SLOPE_CONFUSION_MATRIX (widget)->widest = -1; /* the font may be another */
}

static GtkSizeRequestMode
slope_confusion_matrix_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
slope_confusion_matrix_measure (GtkWidget *widget, GtkOrientation orientation, int for_size,
                                int *minimum, int *natural, int *minimum_baseline,
                                int *natural_baseline)
{
  SlopeConfusionMatrix *self = SLOPE_CONFUSION_MATRIX (widget);
  Layout layout;

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = 180;
      *natural = 264;
      return;
    }
  get_layout (self, for_size < 0 ? 264 : for_size, &layout);
  *minimum = *natural = layout.top + self->n * (layout.cell_h + layout.gap);
}

/* ---- Drawing */

static guint
count_of (SlopeConfusionMatrix *self, guint actual, guint predicted)
{
  return self->counts[actual * self->n + predicted];
}

/* Strength by the share of the row, so that rare classes show too; never so faint that a
 * single mistake is overlooked. */
static void
cell_color (SlopeConfusionMatrix *self, guint actual, guint predicted, const GdkRGBA *fg,
            GdkRGBA *color)
{
  const gboolean dark = adw_style_manager_get_dark (adw_style_manager_get_default ());
  const guint count = count_of (self, actual, predicted);
  const float share = self->sums[actual] > 0 ? (float)count / self->sums[actual] : 0.f;

  *color = *fg;
  color->alpha = .05f;
  if (count == 0)
    return;
  if (self->n > COLOR_CLASSES)
    {
      color->alpha = .15f + .65f * share;
      return;
    }
  if (actual == predicted)
    {
      gdk_rgba_parse (color, dark ? "#3584e4" : "#3584e4");
      color->alpha = dark ? .25f + .45f * share : .2f + .42f * share;
    }
  else
    {
      gdk_rgba_parse (color, dark ? "#ff9f43" : "#ed6b1c");
      color->alpha = MIN (.75f, .4f + 3.f * share);
    }
}

static void
append_text (GtkSnapshot *snapshot, PangoLayout *text, const graphene_rect_t *box, float xalign,
             const GdkRGBA *color)
{
  int width, height;

  if (box->size.width < 4.f)
    return;
  pango_layout_set_width (text, (int)(box->size.width * PANGO_SCALE));
  pango_layout_set_alignment (text, xalign == .5f  ? PANGO_ALIGN_CENTER
                                    : xalign > .5f ? PANGO_ALIGN_RIGHT
                                                   : PANGO_ALIGN_LEFT);
  pango_layout_get_pixel_size (text, &width, &height);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (
      snapshot, &GRAPHENE_POINT_INIT (floorf (box->origin.x),
                                      floorf (box->origin.y + (box->size.height - height) / 2.f)));
  gtk_snapshot_append_layout (snapshot, text, color);
  gtk_snapshot_restore (snapshot);
}

static void
snapshot_heads (SlopeConfusionMatrix *self, GtkSnapshot *snapshot, const Layout *layout,
                const GdkRGBA *fg, const GdkRGBA *dim)
{
  const graphene_rect_t first = cell_rect (self, layout, 0, 0);
  const graphene_rect_t last = cell_rect (self, layout, 0, self->n - 1);
  const gboolean rtl = first.origin.x > last.origin.x;
  const float start = MIN (first.origin.x, last.origin.x);
  const float end = MAX (first.origin.x, last.origin.x) + layout->cell_w;
  const float head_x = rtl ? end + 9 : 0;
  g_autoptr (PangoLayout) says = create_text (self, _ ("Model says"), .82, PANGO_WEIGHT_NORMAL);
  g_autoptr (PangoLayout)
      label = create_text (self, C_ ("confusion matrix", "Label"), .82, PANGO_WEIGHT_NORMAL);

  append_text (snapshot, says, &GRAPHENE_RECT_INIT (start, 0, end - start, 20), .5f, dim);
  append_text (snapshot, label, &GRAPHENE_RECT_INIT (head_x, 22, layout->left - 9, 20),
               rtl ? 0.f : 1.f, dim);
  for (guint i = 0; i < self->n; i++)
    {
      const graphene_rect_t column = cell_rect (self, layout, 0, i);
      const graphene_rect_t row = cell_rect (self, layout, i, 0);
      g_autofree char *number = g_strdup_printf ("%u", i + 1);
      g_autofree char *numbered = g_strdup_printf ("%u %s", i + 1, self->classes[i]);
      g_autoptr (PangoLayout) head = create_text (self, layout->numbers ? number : self->classes[i],
                                                  .82, PANGO_WEIGHT_NORMAL);
      g_autoptr (PangoLayout) name = create_text (
          self, layout->numbers ? numbered : self->classes[i], .82, PANGO_WEIGHT_NORMAL);

      append_text (snapshot, head, &GRAPHENE_RECT_INIT (column.origin.x, 22, column.size.width, 20),
                   .5f, fg);
      append_text (snapshot, name,
                   &GRAPHENE_RECT_INIT (head_x, row.origin.y, layout->left - 9, row.size.height),
                   rtl ? 0.f : 1.f, fg);
    }
}

static void
append_ring (GtkSnapshot *snapshot, const graphene_rect_t *rect, float radius, const GdkRGBA *color)
{
  GskRoundedRect ring;

  gsk_rounded_rect_init_from_rect (&ring, rect, radius);
  gsk_rounded_rect_shrink (&ring, -2, -2, -2, -2);
  gtk_snapshot_append_border (snapshot, &ring, (float[4]){ 2, 2, 2, 2 },
                              (GdkRGBA[4]){ *color, *color, *color, *color });
}

static void
snapshot_cell (SlopeConfusionMatrix *self, GtkSnapshot *snapshot, const Layout *layout,
               guint actual, guint predicted, const GdkRGBA *fg, const GdkRGBA *dim)
{
  const graphene_rect_t rect = cell_rect (self, layout, actual, predicted);
  const guint count = count_of (self, actual, predicted);
  const float radius = MIN (6.f, layout->cell_h / 4.f);
  GskRoundedRect rounded;
  GdkRGBA color;

  cell_color (self, actual, predicted, fg, &color);
  gsk_rounded_rect_init_from_rect (&rounded, &rect, radius);
  gtk_snapshot_push_rounded_clip (snapshot, &rounded);
  gtk_snapshot_append_color (snapshot, &color, &rect);
  gtk_snapshot_pop (snapshot);
  if (layout->cell_w >= 16.f)
    {
      g_autofree char *digits = g_strdup_printf ("%u", count);
      g_autoptr (PangoLayout)
          text = create_text (self, digits, layout->cell_w < 28.f ? .75 : 1.,
                              count > 0 ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);

      append_text (snapshot, text, &rect, .5f, count > 0 ? fg : dim);
    }
}

static void
slope_confusion_matrix_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  SlopeConfusionMatrix *self = SLOPE_CONFUSION_MATRIX (widget);
  GtkStyleContext *style = gtk_widget_get_style_context (widget);
  GdkRGBA fg, dim, accent;
  Layout layout;

  if (self->n == 0)
    return;
  gtk_style_context_get_color (style, &fg);
  dim = fg;
  dim.alpha *= .55f;
  if (!gtk_style_context_lookup_color (style, "accent_color", &accent))
    accent = fg;
  get_layout (self, gtk_widget_get_width (widget), &layout);
  if (layout.heads)
    snapshot_heads (self, snapshot, &layout, &fg, &dim);
  for (guint actual = 0; actual < self->n; actual++)
    for (guint predicted = 0; predicted < self->n; predicted++)
      snapshot_cell (self, snapshot, &layout, actual, predicted, &fg, &dim);
  if (self->selected_actual >= 0)
    {
      const graphene_rect_t rect = cell_rect (self, &layout, self->selected_actual,
                                              self->selected_predicted);

      append_ring (snapshot, &rect, 6.f, &fg);
    }
  if (gtk_widget_has_visible_focus (widget))
    {
      const graphene_rect_t rect = cell_rect (self, &layout, self->actual, self->predicted);

      append_ring (snapshot, &rect, 6.f, &accent);
    }
}

/* ---- What is said of a cell */

static char *
describe_cell (SlopeConfusionMatrix *self, guint actual, guint predicted)
{
  const guint count = count_of (self, actual, predicted);
  const char *label = self->classes[actual];

  if (actual == predicted)
    return g_strdup_printf (
        /* translators: a cell of the confusion matrix: class, how many of it were recognised */
        ngettext ("%1$s recognised: %2$u picture", "%1$s recognised: %2$u pictures", count), label,
        count);
  return g_strdup_printf (
      /* translators: a cell of the confusion matrix: label, what the model says, how many */
      ngettext ("%1$s taken for %2$s: %3$u picture", "%1$s taken for %2$s: %3$u pictures", count),
      label, self->classes[predicted], count);
}

static void
update_description (SlopeConfusionMatrix *self)
{
  g_autofree char *text = self->n > 0 ? describe_cell (self, self->actual, self->predicted)
                                      : g_strdup ("");

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text,
                                  -1);
}

static gboolean
query_tooltip (GtkWidget *widget, int x, int y, gboolean keyboard, GtkTooltip *tooltip)
{
  SlopeConfusionMatrix *self = SLOPE_CONFUSION_MATRIX (widget);
  guint actual = self->actual, predicted = self->predicted;
  g_autofree char *text = NULL;

  if (self->n == 0)
    return FALSE;
  if (!keyboard && !slope_confusion_matrix_pick (self, x, y, &actual, &predicted))
    return FALSE;
  text = describe_cell (self, actual, predicted);
  gtk_tooltip_set_text (tooltip, text);
  return TRUE;
}

/* ---- Input */

static void
move_cursor (SlopeConfusionMatrix *self, guint actual, guint predicted)
{
  self->actual = actual;
  self->predicted = predicted;
  update_description (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static gboolean
arrow_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  SlopeConfusionMatrix *self = SLOPE_CONFUSION_MATRIX (widget);
  int down, across, actual, predicted;

  g_variant_get (args, "(ii)", &down, &across);
  if (gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL && ABS (across) == 1)
    across = -across;
  actual = (int)self->actual + down;
  predicted = (int)self->predicted + across;
  if (self->n == 0)
    return FALSE;
  if (ABS (across) > 1) /* Home and End */
    predicted = CLAMP (predicted, 0, (int)self->n - 1);
  /* At the rim the keys belong to what is around: the focus can leave by arrows too. */
  if (actual < 0 || predicted < 0 || actual >= (int)self->n || predicted >= (int)self->n)
    return FALSE;
  move_cursor (self, actual, predicted);
  return TRUE;
}

static gboolean
activate_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  SlopeConfusionMatrix *self = SLOPE_CONFUSION_MATRIX (widget);

  if (self->n == 0)
    return FALSE;
  g_signal_emit (self, signals[CELL_ACTIVATED], 0, self->actual, self->predicted);
  return TRUE;
}

static void
released_cb (SlopeConfusionMatrix *self, int n_press, double x, double y)
{
  guint actual, predicted;

  if (!slope_confusion_matrix_pick (self, x, y, &actual, &predicted))
    return;
  gtk_widget_grab_focus (GTK_WIDGET (self));
  move_cursor (self, actual, predicted);
  g_signal_emit (self, signals[CELL_ACTIVATED], 0, actual, predicted);
}

/* ---- Object */

static void
slope_confusion_matrix_finalize (GObject *object)
{
  SlopeConfusionMatrix *self = SLOPE_CONFUSION_MATRIX (object);

  g_strfreev (self->classes);
  g_free (self->counts);
  g_free (self->sums);
  G_OBJECT_CLASS (slope_confusion_matrix_parent_class)->finalize (object);
}

static void
add_arrow (GtkWidgetClass *widget_class, guint key, guint keypad_key, int down, int across)
{
  gtk_widget_class_add_binding (widget_class, key, 0, arrow_cb, "(ii)", down, across);
  gtk_widget_class_add_binding (widget_class, keypad_key, 0, arrow_cb, "(ii)", down, across);
}

static void
slope_confusion_matrix_class_init (SlopeConfusionMatrixClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  static const guint activate_keys[] = { GDK_KEY_Return, GDK_KEY_KP_Enter, GDK_KEY_ISO_Enter,
                                         GDK_KEY_space, GDK_KEY_KP_Space };

  G_OBJECT_CLASS (klass)->finalize = slope_confusion_matrix_finalize;
  widget_class->get_request_mode = slope_confusion_matrix_get_request_mode;
  widget_class->measure = slope_confusion_matrix_measure;
  widget_class->css_changed = slope_confusion_matrix_css_changed;
  widget_class->snapshot = slope_confusion_matrix_snapshot;
  widget_class->query_tooltip = query_tooltip;

  signals[CELL_ACTIVATED] = g_signal_new ("cell-activated", G_TYPE_FROM_CLASS (klass),
                                          G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                                          G_TYPE_UINT, G_TYPE_UINT);
  add_arrow (widget_class, GDK_KEY_Up, GDK_KEY_KP_Up, -1, 0);
  add_arrow (widget_class, GDK_KEY_Down, GDK_KEY_KP_Down, 1, 0);
  add_arrow (widget_class, GDK_KEY_Left, GDK_KEY_KP_Left, 0, -1);
  add_arrow (widget_class, GDK_KEY_Right, GDK_KEY_KP_Right, 0, 1);
  add_arrow (widget_class, GDK_KEY_Home, GDK_KEY_KP_Home, 0, -G_MAXINT16);
  add_arrow (widget_class, GDK_KEY_End, GDK_KEY_KP_End, 0, G_MAXINT16);
  for (gsize i = 0; i < G_N_ELEMENTS (activate_keys); i++)
    gtk_widget_class_add_binding (widget_class, activate_keys[i], 0, activate_cb, NULL);
  gtk_widget_class_set_css_name (widget_class, "confusionmatrix");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
slope_confusion_matrix_init (SlopeConfusionMatrix *self)
{
  GtkGesture *click = gtk_gesture_click_new ();

  self->selected_actual = self->selected_predicted = -1;
  g_signal_connect_swapped (click, "released", G_CALLBACK (released_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Confusion matrix"), -1);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark",
                           G_CALLBACK (gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
}

GtkWidget *
slope_confusion_matrix_new (void)
{
  return g_object_new (SLOPE_TYPE_CONFUSION_MATRIX, NULL);
}

void
slope_confusion_matrix_set (SlopeConfusionMatrix *self, const char *const *classes,
                            const guint *counts, guint n)
{
  g_return_if_fail (SLOPE_IS_CONFUSION_MATRIX (self));
  g_return_if_fail (n == 0 || (classes != NULL && counts != NULL));
  g_return_if_fail (n == 0 || g_strv_length ((char **)classes) == n);

  g_strfreev (self->classes);
  self->classes = n > 0 ? g_strdupv ((char **)classes) : NULL;
  g_free (self->counts);
  self->counts = g_memdup2 (counts, (gsize)n * n * sizeof *counts);
  g_free (self->sums);
  self->sums = g_new0 (guint, n);
  for (guint i = 0; i < n * n; i++)
    self->sums[i / n] += counts[i];
  if (self->n != n)
    self->actual = self->predicted = 0;
  self->n = n;
  self->widest = -1;
  update_description (self);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

void
slope_confusion_matrix_set_selected (SlopeConfusionMatrix *self, int actual, int predicted)
{
  g_return_if_fail (SLOPE_IS_CONFUSION_MATRIX (self));
  g_return_if_fail (actual < (int)self->n && predicted < (int)self->n);

  self->selected_actual = actual;
  self->selected_predicted = predicted;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
