/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-text-row.h"

#include "slope-text-words.h"
#include "slope-widgets.h"

#include <glib/gi18n.h>

#define SNIPPET_CHARS 400 /* more than two lines of the widest window */
/* Laying out a snippet takes 5 ms, and GTK asks for the height of 200 rows at once: opened with all their texts,
 * they took a frame of 1.1 s; with texts that came later, but label, words and name at once, one of 114 ms of the
 * processor.  So a row shows all that it has in a later frame, some rows in each, and is empty and as high as others
 * before: that frame takes 44. */
#define ROWS_A_FRAME 4

struct _SlopeTextRow
{
  GtkWidget parent_instance;
  GtkWidget
      *content; /* template children: not owned; hidden, and without a style, while the row waits */
  GtkLabel *snippet;
  GtkWidget *facts;
  GtkWidget *split;
  GtkLabel *detail;
  GtkLabel *name;
  GtkImage *mark;
  GtkWidget *caption; /* made by the view */
  const SlopeTaskView *view;
  SlopeCaptionKind kind;
  SlProject *project;         /* owned */
  SlItem *item;               /* owned; NULL while the row waits to be used again */
  GSignalGroup *item_signals; /* owned */
  guint fill_id;              /* tick callback: the row waits */
};

G_DEFINE_FINAL_TYPE (SlopeTextRow, slope_text_row, GTK_TYPE_WIDGET)

/* Of the row that was measured last with its text: those that wait ask for as much. */
static int last_height;

/* What does not change while the item is shown. */
static void
show_text (SlopeTextRow *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = sl_project_dup_text (self->project, self->item, &error);
  g_autofree char *snippet = slope_text_snippet (text != NULL ? text : error->message,
                                                 SNIPPET_CHARS);

  gtk_label_set_text (self->name, sl_item_get_name (self->item));
  gtk_label_set_text (self->snippet, *snippet != '\0' ? snippet : C_ ("text", "Empty"));
  if (self->kind == SLOPE_CAPTION_LABEL)
    {
      const guint n = text != NULL ? slope_text_count_words (text) : 0;
      g_autofree char *words = g_strdup_printf (ngettext ("%'u word", "%'u words", n), n);

      gtk_label_set_text (self->detail, words);
    }
}

static void
show_facts (SlopeTextRow *self)
{
  const char *const *classes = sl_project_get_classes (self->project);
  const SlopeMark mark = slope_item_get_mark (self->item);

  self->view->caption_set (self->caption, classes, self->item, self->kind);
  slope_mark_show (mark, self->mark);
  gtk_widget_set_opacity (GTK_WIDGET (self->snippet), mark == SLOPE_MARK_REMOVED ? .5 : 1.);
  gtk_widget_set_opacity (self->facts, mark == SLOPE_MARK_REMOVED ? .7 : 1.);
  if (self->kind == SLOPE_CAPTION_REVIEW)
    slope_item_show_detail (self->item, self->detail);
  gtk_widget_set_visible (self->split, sl_item_get_split (self->item) == SL_SPLIT_VALID
                                           && sl_item_get_state (self->item) == SL_ITEM_PRESENT);
}

/* Rows are asked in the order in which they came, from the top: those that are seen are the first. */
static gboolean
fill_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  static gint64 frame = -1;
  static guint n_filled;
  SlopeTextRow *self = SLOPE_TEXT_ROW (widget);

  if (gdk_frame_clock_get_frame_counter (clock) != frame)
    n_filled = 0;
  frame = gdk_frame_clock_get_frame_counter (clock);
  /* The first frame of all has enough to do. */
  if (n_filled == (last_height > 0 ? ROWS_A_FRAME : 1))
    return G_SOURCE_CONTINUE;
  n_filled++;
  self->fill_id = 0;
  show_text (self);
  show_facts (self);
  gtk_widget_set_visible (self->content, TRUE);
  return G_SOURCE_REMOVE;
}

static void
wait_for_text (SlopeTextRow *self)
{
  gtk_widget_set_visible (self->content, FALSE);
  if (self->fill_id == 0)
    self->fill_id = gtk_widget_add_tick_callback (GTK_WIDGET (self), fill_cb, NULL, NULL);
}

static void
stop_waiting (SlopeTextRow *self)
{
  if (self->fill_id != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->fill_id);
  self->fill_id = 0;
}

static void
update (SlopeTextRow *self)
{
  g_autofree char *name = slope_item_describe (self->item, self->view,
                                               sl_project_get_classes (self->project), self->kind);
  GtkWidget *row = gtk_widget_get_parent (GTK_WIDGET (self));

  if (self->fill_id == 0)
    show_facts (self);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  if (row != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

/* ---- Size */

/* The first rows have their texts before any is measured. */
static void
slope_text_row_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                        int *natural, int *minimum_baseline, int *natural_baseline)
{
  SlopeTextRow *self = SLOPE_TEXT_ROW (widget);
  const gboolean across = orientation == GTK_ORIENTATION_HORIZONTAL;

  if (self->fill_id != 0)
    {
      *minimum = *natural = across ? 0 : last_height;
      return;
    }
  gtk_widget_measure (self->content, orientation, for_size, minimum, natural, NULL, NULL);
  if (!across)
    last_height = *natural;
}

static void
slope_text_row_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  SlopeTextRow *self = SLOPE_TEXT_ROW (widget);

  if (self->fill_id == 0)
    gtk_widget_allocate (self->content, width, height, baseline, NULL);
}

static GtkSizeRequestMode
slope_text_row_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

/* ---- Class */

static void
slope_text_row_dispose (GObject *object)
{
  SlopeTextRow *self = SLOPE_TEXT_ROW (object);

  stop_waiting (self);
  g_clear_object (&self->item_signals);
  g_clear_object (&self->item);
  g_clear_object (&self->project);
  gtk_widget_dispose_template (GTK_WIDGET (self), SLOPE_TYPE_TEXT_ROW);
  slope_widget_unparent_children (GTK_WIDGET (self));
  G_OBJECT_CLASS (slope_text_row_parent_class)->dispose (object);
}

static void
slope_text_row_class_init (SlopeTextRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = slope_text_row_dispose;
  widget_class->measure = slope_text_row_measure;
  widget_class->size_allocate = slope_text_row_size_allocate;
  widget_class->get_request_mode = slope_text_row_get_request_mode;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/slopeml/Slope/slope-text-row.ui");
  gtk_widget_class_bind_template_child (widget_class, SlopeTextRow, content);
  gtk_widget_class_bind_template_child (widget_class, SlopeTextRow, snippet);
  gtk_widget_class_bind_template_child (widget_class, SlopeTextRow, facts);
  gtk_widget_class_bind_template_child (widget_class, SlopeTextRow, split);
  gtk_widget_class_bind_template_child (widget_class, SlopeTextRow, detail);
  gtk_widget_class_bind_template_child (widget_class, SlopeTextRow, name);
  gtk_widget_class_bind_template_child (widget_class, SlopeTextRow, mark);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
slope_text_row_init (SlopeTextRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->item_signals = g_signal_group_new (SL_TYPE_ITEM);
  g_signal_group_connect_swapped (self->item_signals, "notify", G_CALLBACK (update), self);
}

GtkWidget *
slope_text_row_new (SlProject *project, SlopeCaptionKind kind)
{
  SlopeTextRow *self;

  g_return_val_if_fail (SL_IS_PROJECT (project), NULL);
  g_return_val_if_fail (sl_project_get_task (project)->texts, NULL);

  self = g_object_new (SLOPE_TYPE_TEXT_ROW, NULL);
  self->project = g_object_ref (project);
  self->view = slope_task_view_for (sl_project_get_task (project));
  self->kind = kind;
  self->caption = self->view->caption_new ();
  gtk_box_prepend (GTK_BOX (self->facts), self->caption);
  return GTK_WIDGET (self);
}

void
slope_text_row_set_item (SlopeTextRow *self, SlItem *item)
{
  g_return_if_fail (SLOPE_IS_TEXT_ROW (self));
  g_return_if_fail (item == NULL || SL_IS_ITEM (item));

  g_set_object (&self->item, item);
  g_signal_group_set_target (self->item_signals, item);
  if (item == NULL)
    {
      stop_waiting (self);
      return;
    }
  wait_for_text (self);
  update (self);
}

SlItem *
slope_text_row_get_item (SlopeTextRow *self)
{
  g_return_val_if_fail (SLOPE_IS_TEXT_ROW (self), NULL);
  return self->item;
}
