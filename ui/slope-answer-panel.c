/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-answer-panel.h"

#include "slope-colors.h"
#include "slope-label-preview.h"
#include "slope-mask-answers.h"
#include "slope-settings.h"
#include "slope-swatch.h"
#include "slope-widgets.h"
#include "task-views/slope-task-view.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>

#define MAX_ROWS 40 /* of points: the worst of them */
#define N_VALUES 3
#define VALUE_CHARS 6

/* One class, point or number. */
typedef struct
{
  guint index;
  double key;              /* the larger, the worse */
  double values[N_VALUES]; /* of the picture and of the set; NaN: none */
  gint64 worst_id;
} Entry;

struct _SlopeAnswerPanel
{
  GtkWidget parent_instance;
  SlProject *project; /* owned, nullable */
  SlItem *item;       /* likewise */
  GArray *entries;    /* of Entry, as the rows */
  float *of_item; /* (nullable) owned: one a class: overlap or distance of the selected picture */
  gboolean updating;

  /* template children: not owned */
  GtkLabel *hint;
  GtkWidget *selected;
  GtkWidget *views; /* of masks */
  GtkToggleButton *view_label;
  GtkToggleButton *view_answer;
  GtkToggleButton *view_errors;
  SlopeLabelPreview *preview;
  GtkLabel *name;
  GtkWidget *paint;
  GtkLabel *heading;
  GtkLabel *mean;
  GtkLabel *columns[N_VALUES];
  GtkListBox *list;
};

enum
{
  CLASS_CHOSEN,
  WORST_CHOSEN,
  EDITED,
  PAINT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SlopeAnswerPanel, slope_answer_panel, GTK_TYPE_WIDGET)

static gboolean
is_of_masks (SlopeAnswerPanel *self)
{
  return self->project != NULL && sl_project_get_task (self->project)->dense;
}

static guint
n_values (SlopeAnswerPanel *self)
{
  return is_of_masks (self) ? 2 : 3;
}

/* ---- Rows */

static char *
format_value (SlopeAnswerPanel *self, double value)
{
  if (is_of_masks (self))
    return slope_format_percent (value);
  if (!isfinite (value))
    return g_strdup ("–");
  return g_strdup_printf ("%.*f", fabs (value) < 100. ? 1 : 0, value);
}

/* To be said: with the unit of a number. */
static char *
say_distance (double value, const char *unit)
{
  return slope_format_quantity (round (value * 10.) / 10., unit);
}

static char *
say_number_row (const char *heading, const Entry *entry)
{
  g_autofree char *name = NULL;
  g_autofree char *unit = sl_number_split_unit (heading, &name);
  g_autofree char *picture = say_distance (entry->values[0], unit);
  g_autofree char *set = say_distance (entry->values[1], unit);
  g_autofree char *worst = say_distance (entry->values[2], unit);

  /* translators: for screen readers: a point or number, and how far off it is here, on average, at worst */
  return g_strdup_printf (_ ("%1$s, off by %2$s here, %3$s on average, %4$s at worst"), name,
                          picture, set, worst);
}

static char *
say_row (SlopeAnswerPanel *self, const Entry *entry)
{
  const char *name = sl_project_get_classes (self->project)[entry->index];
  g_autofree char *picture = format_value (self, entry->values[0]);
  g_autofree char *set = format_value (self, entry->values[1]);
  g_autofree char *worst = format_value (self, entry->values[2]);

  if (sl_project_get_task (self->project)->has_ranges)
    return say_number_row (name, entry);
  if (is_of_masks (self))
    /* translators: for screen readers: a class, and its overlap in the picture and in all of them */
    return g_strdup_printf (_ ("%1$s, overlap %2$s here, %3$s in the set"), name, picture, set);
  return g_strdup_printf (_ ("%1$s, off by %2$s here, %3$s on average, %4$s at worst"), name,
                          picture, set, worst);
}

static GtkWidget *
value_label_new (void)
{
  GtkWidget *label = gtk_label_new (NULL);

  g_object_set (label, "xalign", 1.f, "width-chars", VALUE_CHARS, NULL);
  gtk_widget_add_css_class (label, "numeric");
  return label;
}

static GtkWidget *
row_new (SlopeAnswerPanel *self, guint index)
{
  const char *text = sl_project_get_classes (self->project)[index];
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *name = gtk_label_new (text);

  g_object_set (name, "xalign", 0.f, "hexpand", TRUE, "ellipsize", PANGO_ELLIPSIZE_MIDDLE, NULL);
  if (is_of_masks (self))
    gtk_box_append (GTK_BOX (box), slope_swatch_new ((int)index, 16));
  gtk_box_append (GTK_BOX (box), name);
  for (guint i = 0; i < n_values (self); i++)
    gtk_box_append (GTK_BOX (box), value_label_new ());
  gtk_widget_add_css_class (box, "table-row");
  gtk_widget_set_tooltip_text (row, text);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  return row;
}

static void
fill_row (SlopeAnswerPanel *self, GtkListBoxRow *row, const Entry *entry)
{
  GtkWidget *label = gtk_widget_get_last_child (gtk_list_box_row_get_child (row));
  g_autofree char *spoken = say_row (self, entry);

  for (guint i = n_values (self); i-- > 0; label = gtk_widget_get_prev_sibling (label))
    {
      g_autofree char *text = format_value (self, entry->values[i]);

      gtk_label_set_text (GTK_LABEL (label), text);
    }
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

static int
compare_entries (gconstpointer a, gconstpointer b)
{
  const Entry *first = a, *second = b;

  if (first->key != second->key)
    return first->key > second->key ? -1 : 1;
  return first->index < second->index ? -1 : first->index > second->index;
}

/* Rows are made anew only where others come to stand there: the focus stays on the one that was pressed. */
static void
show_entries (SlopeAnswerPanel *self, GArray *entries)
{
  gboolean same = self->entries->len == entries->len
                  && gtk_list_box_get_row_at_index (self->list, 0) != NULL;
  GtkListBoxRow *row;

  for (guint i = 0; i < entries->len && same; i++)
    same = g_array_index (entries, Entry, i).index == g_array_index (self->entries, Entry, i).index;
  if (!same)
    while ((row = gtk_list_box_get_row_at_index (self->list, 0)) != NULL)
      gtk_list_box_remove (self->list, GTK_WIDGET (row));
  for (guint i = 0; i < entries->len; i++)
    {
      const Entry *entry = &g_array_index (entries, Entry, i);

      if (!same)
        gtk_list_box_append (self->list, row_new (self, entry->index));
      fill_row (self, gtk_list_box_get_row_at_index (self->list, (int)i), entry);
    }
  g_array_unref (self->entries);
  self->entries = g_array_ref (entries);
}

/* ---- What the table says */

static void
add_entry (SlopeAnswerPanel *self, GArray *entries, Entry entry)
{
  entry.values[0] = self->of_item != NULL ? self->of_item[entry.index] : NAN;
  g_array_append_val (entries, entry);
}

/* Of the classes that have one. */
static double
mean_of (const GArray *entries, guint value)
{
  double sum = 0.;
  guint n = 0;

  for (guint i = 0; i < entries->len; i++)
    if (!isnan (g_array_index (entries, Entry, i).values[value]))
      {
        sum += g_array_index (entries, Entry, i).values[value];
        n++;
      }
  return n > 0 ? sum / n : NAN;
}

static GArray *
find_overlaps (SlopeAnswerPanel *self, int split)
{
  GArray *entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  guint n;
  g_autofree double *ious = sl_project_dup_ious (self->project, split, &n);

  for (guint i = 0; i < n; i++)
    {
      const double iou = ious != NULL ? ious[i] : NAN;

      add_entry (self, entries,
                 (Entry){ .index = i, .key = isnan (iou) ? -2. : -iou, .values = { 0, iou, NAN } });
    }
  return entries;
}

static GArray *
find_distances (SlopeAnswerPanel *self, int split)
{
  GArray *entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  guint n;
  g_autofree SlDistance *distances = sl_project_dup_distances (self->project, split, &n);

  for (guint i = 0; distances != NULL && i < n; i++)
    add_entry (self, entries,
               (Entry){ .index = i,
                        .key = isnan (distances[i].mean) ? -1. : distances[i].mean,
                        .values = { 0, distances[i].mean, distances[i].worst },
                        .worst_id = distances[i].worst_id });
  return entries;
}

/* "All classes: 61.2 %" */
static char *
say_mean (SlopeAnswerPanel *self, const GArray *entries)
{
  const double mean = mean_of (entries, 1);
  g_autofree char *text = format_value (self, mean);
  g_autofree char *unit = sl_problem_dup_unit (sl_project_get_problem (self->project));

  if (isnan (mean))
    return g_strdup (_ ("The model has to look at the pictures again."));
  if (is_of_masks (self))
    /* translators: a mean of the overlaps of all classes */
    return g_strdup_printf (_ ("Intersection over union, mean %s"), text);
  if (g_str_equal (sl_project_get_task (self->project)->id, "points"))
    /* translators: a mean of the distances of all points */
    return g_strdup_printf (_ ("Pixels of the picture, mean %s"), text);
  if (unit != NULL)
    {
      g_autofree char *quantity = say_distance (mean, unit);

      /* translators: how far off numbers are on average, with their unit: "3.2°" */
      return g_strdup_printf (_ ("Off by %s on average"), quantity);
    }
  return g_strdup (_ ("In the units of each number"));
}

static void
update_table (SlopeAnswerPanel *self, int split)
{
  g_autoptr (GArray) entries = is_of_masks (self) ? find_overlaps (self, split)
                                                  : find_distances (self, split);
  g_autofree char *mean = say_mean (self, entries);

  g_array_sort (entries, compare_entries);
  if (entries->len > MAX_ROWS && !is_of_masks (self))
    g_array_set_size (entries, MAX_ROWS);
  gtk_label_set_text (self->mean, mean);
  show_entries (self, entries);
}

static void
row_activated_cb (SlopeAnswerPanel *self, GtkListBoxRow *row)
{
  const Entry *entry = &g_array_index (self->entries, Entry, gtk_list_box_row_get_index (row));

  if (is_of_masks (self))
    g_signal_emit (self, signals[CLASS_CHOSEN], 0, entry->index);
  else if (entry->worst_id != 0)
    g_signal_emit (self, signals[WORST_CHOSEN], 0, entry->worst_id);
}

/* ---- The selected picture */

static void
show_view (SlopeAnswerPanel *self)
{
  GtkToggleButton *buttons[] = { self->view_label, self->view_answer, self->view_errors };

  self->updating = TRUE;
  gtk_toggle_button_set_active (buttons[slope_mask_view_get ()], TRUE);
  self->updating = FALSE;
}

static void
view_toggled_cb (SlopeAnswerPanel *self, GtkToggleButton *button)
{
  if (self->updating || !gtk_toggle_button_get_active (button))
    return;
  slope_mask_view_set (button == self->view_label    ? SLOPE_MASK_VIEW_LABEL
                       : button == self->view_answer ? SLOPE_MASK_VIEW_ANSWER
                                                     : SLOPE_MASK_VIEW_ERRORS);
}

static void
show_cover (SlopeAnswerPanel *self, const SlPrediction *answer)
{
  const gboolean dark = adw_style_manager_get_dark (adw_style_manager_get_default ());
  const SlopeMaskView view = slope_mask_view_get ();
  g_autoptr (GdkTexture) texture = NULL;
  graphene_rect_t where = GRAPHENE_RECT_INIT (0, 0, 1, 1);

  if (view == SLOPE_MASK_VIEW_LABEL)
    {
      slope_label_preview_uncover (self->preview);
      return;
    }
  if (answer != NULL)
    {
      texture = view == SLOPE_MASK_VIEW_ANSWER ? slope_mask_texture_new (answer, dark)
                                               : slope_mask_errors_new (answer);
      where = GRAPHENE_RECT_INIT (answer->seen[0], answer->seen[1],
                                  answer->seen[2] - answer->seen[0],
                                  answer->seen[3] - answer->seen[1]);
    }
  slope_label_preview_cover (self->preview, GDK_PAINTABLE (texture), &where,
                             view == SLOPE_MASK_VIEW_ERRORS);
}

/* (transfer full) (nullable): one a class; void is nothing that could be right */
static float *
dup_overlaps (const SlProblem *problem, SlItem *item, const SlPrediction *answer)
{
  const guint n = problem->n_classes;
  const gint void_class = problem->task->void_class (problem);
  float *ious = g_new (float, n + 1);

  for (guint i = 0; i < n; i++)
    {
      SlOverlap overlap;

      if (answer != NULL && i < answer->n_overlaps)
        overlap = answer->overlaps[i];
      else if (!sl_item_get_overlap (item, i, &overlap))
        {
          g_free (ious);
          return NULL;
        }
      ious[i] = (gint)i == void_class
                    ? NAN
                    : (float)sl_overlap_iou (overlap.right, overlap.actual, overlap.said);
    }
  return ious;
}

static float *
dup_distances (SlItem *item, guint n_classes)
{
  guint n;
  const float *distances = sl_item_get_outputs (item, &n);

  return distances != NULL && n == n_classes ? g_memdup2 (distances, n * sizeof *distances) : NULL;
}

static void
edited_cb (SlopeAnswerPanel *self, const char *target)
{
  g_signal_emit (self, signals[EDITED], 0, target);
}

static void
paint_clicked_cb (SlopeAnswerPanel *self)
{
  g_signal_emit (self, signals[PAINT], 0);
}

/* ---- Object */

static void
slope_answer_panel_dispose (GObject *object)
{
  SlopeAnswerPanel *self = SLOPE_ANSWER_PANEL (object);

  g_clear_object (&self->item);
  g_clear_object (&self->project);
  gtk_widget_dispose_template (GTK_WIDGET (object), SLOPE_TYPE_ANSWER_PANEL);
  slope_widget_unparent_children (GTK_WIDGET (object));
  G_OBJECT_CLASS (slope_answer_panel_parent_class)->dispose (object);
}

static void
slope_answer_panel_finalize (GObject *object)
{
  SlopeAnswerPanel *self = SLOPE_ANSWER_PANEL (object);

  g_array_unref (self->entries);
  g_free (self->of_item);
  G_OBJECT_CLASS (slope_answer_panel_parent_class)->finalize (object);
}

static void
slope_answer_panel_class_init (SlopeAnswerPanelClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = slope_answer_panel_dispose;
  G_OBJECT_CLASS (klass)->finalize = slope_answer_panel_finalize;
  g_type_ensure (SLOPE_TYPE_LABEL_PREVIEW);
  signals[CLASS_CHOSEN] = g_signal_new ("class-chosen", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                        NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[WORST_CHOSEN] = g_signal_new ("worst-chosen", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                        NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
  signals[EDITED] = g_signal_new ("edited", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[PAINT] = g_signal_new ("paint", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                 0);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/slopeml/Slope/slope-answer-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, SlopeAnswerPanel, hint);
  gtk_widget_class_bind_template_child (widget_class, SlopeAnswerPanel, selected);
  gtk_widget_class_bind_template_child (widget_class, SlopeAnswerPanel, views);
  gtk_widget_class_bind_template_child (widget_class, SlopeAnswerPanel, view_label);
  gtk_widget_class_bind_template_child (widget_class, SlopeAnswerPanel, view_answer);
  gtk_widget_class_bind_template_child (widget_class, SlopeAnswerPanel, view_errors);
  gtk_widget_class_bind_template_child (widget_class, SlopeAnswerPanel, preview);
  gtk_widget_class_bind_template_child (widget_class, SlopeAnswerPanel, name);
  gtk_widget_class_bind_template_child (widget_class, SlopeAnswerPanel, paint);
  gtk_widget_class_bind_template_child (widget_class, SlopeAnswerPanel, heading);
  gtk_widget_class_bind_template_child (widget_class, SlopeAnswerPanel, mean);
  gtk_widget_class_bind_template_child_full (widget_class, "column_picture", FALSE,
                                             G_STRUCT_OFFSET (SlopeAnswerPanel, columns[0]));
  gtk_widget_class_bind_template_child_full (widget_class, "column_set", FALSE,
                                             G_STRUCT_OFFSET (SlopeAnswerPanel, columns[1]));
  gtk_widget_class_bind_template_child_full (widget_class, "column_worst", FALSE,
                                             G_STRUCT_OFFSET (SlopeAnswerPanel, columns[2]));
  gtk_widget_class_bind_template_child (widget_class, SlopeAnswerPanel, list);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, view_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, edited_cb);
  gtk_widget_class_bind_template_callback (widget_class, paint_clicked_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "answerpanel");
}

static void
slope_answer_panel_init (SlopeAnswerPanel *self)
{
  self->entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  gtk_widget_init_template (GTK_WIDGET (self));
  slope_label_preview_set_has_legend (self->preview, FALSE); /* the table is one */
  show_view (self);
  g_signal_connect_object (slope_settings (), "changed::clean-mask-view", G_CALLBACK (show_view),
                           self, G_CONNECT_SWAPPED);
}

/* ---- Public */

static void
set_kind (SlopeAnswerPanel *self)
{
  const gboolean masks = is_of_masks (self);
  const gboolean points = slope_task_view_for (sl_project_get_task (self->project))->handles
                          != NULL;

  gtk_widget_set_visible (self->views, masks);
  gtk_widget_set_visible (self->paint, masks);
  gtk_widget_set_visible (GTK_WIDGET (self->columns[2]), !masks);
  gtk_label_set_text (self->heading, masks ? _ ("Overlap") : points ? _ ("Distance") : _ ("Error"));
  gtk_label_set_text (self->columns[1], masks ? C_ ("pictures", "Set") : _ ("Mean"));
  gtk_label_set_text (self->hint,
                      masks ? _ ("Select a picture to compare its mask with what the model says.")
                      : points ? _ ("Select a picture to see its points, and to drag them.")
                               : _ ("Select a picture to see it at length."));
}

void
slope_answer_panel_update (SlopeAnswerPanel *self, SlProject *project, int split)
{
  g_return_if_fail (SLOPE_IS_ANSWER_PANEL (self));
  g_return_if_fail (project == NULL || SL_IS_PROJECT (project));

  if (self->project != project)
    {
      slope_answer_panel_set_item (self, NULL, NULL, FALSE);
      g_array_set_size (self->entries, 0);
      g_set_object (&self->project, project);
      if (project != NULL)
        set_kind (self);
    }
  if (project != NULL)
    update_table (self, split);
}

void
slope_answer_panel_set_item (SlopeAnswerPanel *self, SlItem *item, const SlPrediction *answer,
                             gboolean editable)
{
  const char *predicted = NULL;

  g_return_if_fail (SLOPE_IS_ANSWER_PANEL (self));
  g_return_if_fail (item == NULL || (SL_IS_ITEM (item) && self->project != NULL));

  g_set_object (&self->item, item);
  gtk_widget_set_visible (GTK_WIDGET (self->hint), item == NULL);
  gtk_widget_set_visible (self->selected, item != NULL);
  slope_label_preview_set (self->preview, item != NULL ? self->project : NULL, item, editable);
  g_clear_pointer (&self->of_item, g_free);
  if (item != NULL)
    {
      const SlProblem *problem = sl_project_get_problem (self->project);

      self->of_item = is_of_masks (self) ? dup_overlaps (problem, item, answer)
                                         : dup_distances (item, problem->n_classes);
      gtk_label_set_text (self->name, sl_item_get_name (item));
      gtk_widget_set_sensitive (self->paint, editable && sl_item_get_target (item) != NULL);
      sl_item_get_prediction (item, NULL, NULL, &predicted);
      if (is_of_masks (self))
        show_cover (self, answer);
      else
        slope_label_preview_set_answer (self->preview, predicted);
    }
  for (guint i = 0; i < self->entries->len; i++)
    {
      Entry *entry = &g_array_index (self->entries, Entry, i);

      entry->values[0] = self->of_item != NULL ? self->of_item[entry->index] : NAN;
      fill_row (self, gtk_list_box_get_row_at_index (self->list, (int)i), entry);
    }
}
