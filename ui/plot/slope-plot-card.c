/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slope-plot-card.h"

#define SAMPLE_WIDTH 20
#define SAMPLE_HEIGHT 12

struct _SlopePlotCard
{
  GtkBox parent_instance;
  GtkWidget *head, *heading, *legend;
  SlopePlot *plot;
  char *legend_key; /* what the legend shows: it is rebuilt only when that changes */
  gboolean compact;
};

G_DEFINE_FINAL_TYPE (SlopePlotCard, slope_plot_card, GTK_TYPE_BOX)

enum
{
  PROP_0,
  PROP_PLOT,
  PROP_TITLE,
  PROP_COMPACT,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

/* The series may be gone while its entry is still there: what is drawn of it goes along. */
static gpointer
sample_of (const SlopeSeries *series)
{
  return GUINT_TO_POINTER (series->color << 8 | series->kind);
}

static void
draw_sample (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
  static const double dots[] = { 2, 4 };
  guint sample = GPOINTER_TO_UINT (data);
  SlopeSeries series = { .kind = sample & 0xff, .color = sample >> 8 };
  SlopePlotStyle style;
  SlopeStroke stroke;
  slope_plot_style_init_from_widget (&style, GTK_WIDGET (area));
  slope_plot_style_get_series_stroke (&style, &series, &stroke);
  slope_draw_set_color (cr, &stroke.color, 1);
  cairo_set_line_width (cr, stroke.width);
  if (stroke.dotted)
    cairo_set_dash (cr, dots, G_N_ELEMENTS (dots), 0);
  cairo_move_to (cr, 0, height / 2.0);
  cairo_line_to (cr, width, height / 2.0);
  cairo_stroke (cr);
  if (stroke.dots)
    slope_draw_dot (cr, &style, &stroke.color, width / 2.0, height / 2.0, 3.5, FALSE);
}

static GtkWidget *
new_entry (const SlopeSeries *series)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *sample = gtk_drawing_area_new (), *label = gtk_label_new (series->name);
  gtk_drawing_area_set_content_width (GTK_DRAWING_AREA (sample), SAMPLE_WIDTH);
  gtk_drawing_area_set_content_height (GTK_DRAWING_AREA (sample), SAMPLE_HEIGHT);
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (sample), draw_sample, sample_of (series), NULL);
  gtk_widget_set_valign (sample, GTK_ALIGN_CENTER);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (label, "caption");
  gtk_widget_add_css_class (label, "dim-label");
  gtk_box_append (GTK_BOX (box), sample);
  gtk_box_append (GTK_BOX (box), label);
  return box;
}

static void
update_legend (SlopePlotCard *self)
{
  SlopeFigure *figure = slope_plot_get_figure (self->plot);
  GString *key = g_string_new (NULL);
  GtkWidget *child;
  for (guint i = 0; i < figure->series->len; i++)
    {
      const SlopeSeries *series = g_ptr_array_index (figure->series, i);
      if (series->name && series->legend)
        g_string_append_printf (key, "%u %s\n", GPOINTER_TO_UINT (sample_of (series)),
                                series->name);
    }
  if (g_strcmp0 (key->str, self->legend_key) == 0)
    {
      g_string_free (key, TRUE);
      return;
    }
  g_free (self->legend_key);
  self->legend_key = g_string_free (key, FALSE);
  while ((child = gtk_widget_get_first_child (self->legend)))
    gtk_box_remove (GTK_BOX (self->legend), child);
  for (guint i = 0; i < figure->series->len; i++)
    {
      const SlopeSeries *series = g_ptr_array_index (figure->series, i);
      if (series->name && series->legend)
        gtk_box_append (GTK_BOX (self->legend), new_entry (series));
    }
}

void
slope_plot_card_set_compact (SlopePlotCard *self, gboolean compact)
{
  g_return_if_fail (SLOPE_IS_PLOT_CARD (self));
  if (self->compact == compact)
    return;
  self->compact = compact;
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->head),
                                  compact ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
  gtk_widget_set_halign (self->legend, compact ? GTK_ALIGN_START : GTK_ALIGN_END);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_COMPACT]);
}

static void
slope_plot_card_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  SlopePlotCard *self = SLOPE_PLOT_CARD (object);
  switch (id)
    {
    case PROP_PLOT:
      g_value_set_object (value, self->plot);
      break;
    case PROP_TITLE:
      g_value_set_string (value, gtk_label_get_label (GTK_LABEL (self->heading)));
      break;
    case PROP_COMPACT:
      g_value_set_boolean (value, self->compact);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
slope_plot_card_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  SlopePlotCard *self = SLOPE_PLOT_CARD (object);
  switch (id)
    {
    case PROP_PLOT:
      self->plot = g_value_get_object (value);
      break;
    case PROP_TITLE:
      gtk_label_set_label (GTK_LABEL (self->heading), g_value_get_string (value));
      if (self->plot)
        slope_plot_set_title (self->plot, g_value_get_string (value));
      break;
    case PROP_COMPACT:
      slope_plot_card_set_compact (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
slope_plot_card_constructed (GObject *object)
{
  SlopePlotCard *self = SLOPE_PLOT_CARD (object);
  GtkWidget *plot = GTK_WIDGET (self->plot);
  G_OBJECT_CLASS (slope_plot_card_parent_class)->constructed (object);
  gtk_widget_set_margin_start (plot, 12);
  gtk_widget_set_margin_end (plot, 12);
  gtk_box_append (GTK_BOX (self), plot);
  slope_plot_set_title (self->plot, gtk_label_get_label (GTK_LABEL (self->heading)));
  g_signal_connect_object (self->plot, "changed", G_CALLBACK (update_legend), self,
                           G_CONNECT_SWAPPED);
}

static void
slope_plot_card_finalize (GObject *object)
{
  g_free (SLOPE_PLOT_CARD (object)->legend_key);
  G_OBJECT_CLASS (slope_plot_card_parent_class)->finalize (object);
}

static void
slope_plot_card_class_init (SlopePlotCardClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  object_class->get_property = slope_plot_card_get_property;
  object_class->set_property = slope_plot_card_set_property;
  object_class->constructed = slope_plot_card_constructed;
  object_class->finalize = slope_plot_card_finalize;
  props[PROP_PLOT] = g_param_spec_object ("plot", NULL, NULL, SLOPE_TYPE_PLOT,
                                          G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY
                                              | G_PARAM_STATIC_STRINGS);
  props[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, "",
                                           G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  props[PROP_COMPACT] = g_param_spec_boolean ("compact", NULL, NULL, FALSE,
                                              G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY
                                                  | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
slope_plot_card_init (SlopePlotCard *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_widget_add_css_class (GTK_WIDGET (self), "card");
  self->head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  self->heading = gtk_label_new (NULL);
  self->legend = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 18);
  gtk_widget_add_css_class (self->heading, "heading");
  gtk_widget_set_halign (self->heading, GTK_ALIGN_START);
  gtk_widget_set_hexpand (self->heading, TRUE);
  gtk_widget_set_halign (self->legend, GTK_ALIGN_END);
  gtk_widget_set_margin_start (self->head, 12);
  gtk_widget_set_margin_end (self->head, 12);
  gtk_widget_set_margin_top (self->head, 12);
  gtk_box_append (GTK_BOX (self->head), self->heading);
  gtk_box_append (GTK_BOX (self->head), self->legend);
  gtk_box_append (GTK_BOX (self), self->head);
}
