/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-text-reader.h"

#include "slope-widgets.h"
#include "slope-word-weigher.h"
#include "task-views/slope-task-view.h"

#include <adwaita.h>

struct _SlopeTextReader
{
  GtkWidget parent_instance;
  GtkStack *stack; /* template children: not owned */
  GtkBox *head;
  GtkLabel *name;
  GtkScrolledWindow *scroller;
  GtkTextView *view;
  GtkLabel *words;
  GtkWidget *caption; /* (nullable): the task's; in head */
  SlProject *project; /* owned */
  GSignalGroup *project_signals;
  SlItem *item; /* owned */
  GSignalGroup *item_signals;
  SlopeWordWeigher *weigher; /* owned */
};

G_DEFINE_FINAL_TYPE (SlopeTextReader, slope_text_reader, GTK_TYPE_WIDGET)

static void
update_caption (SlopeTextReader *self)
{
  const SlopeTaskView *view = slope_task_view_for (sl_project_get_task (self->project));

  view->caption_set (self->caption, sl_project_get_classes (self->project), self->item,
                     SLOPE_CAPTION_REVIEW);
}

/* Why the model says what it says.  While something else needs the whole processor it waits. */
static void
weigh (SlopeTextReader *self)
{
  const char *predicted = NULL;
  gint64 run = 0;

  if (self->item != NULL && sl_project_get_job (self->project) == SL_JOB_NONE
      && sl_item_get_prediction (self->item, NULL, NULL, &predicted))
    run = sl_project_get_evaluated_run (self->project);
  slope_word_weigher_ask (self->weigher, self->project, run, predicted);
}

static void
show_text (SlopeTextReader *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->view);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = sl_project_dup_text (self->project, self->item, &error);

  gtk_label_set_text (self->name, sl_item_get_name (self->item));
  gtk_text_buffer_set_text (buffer, text != NULL ? text : error->message, -1);
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scroller), 0.);
}

/* ---- Object */

static void
slope_text_reader_dispose (GObject *object)
{
  SlopeTextReader *self = SLOPE_TEXT_READER (object);

  g_clear_object (&self->weigher);
  g_clear_object (&self->item_signals);
  g_clear_object (&self->project_signals);
  g_clear_object (&self->item);
  g_clear_object (&self->project);
  gtk_widget_dispose_template (GTK_WIDGET (self), SLOPE_TYPE_TEXT_READER);
  slope_widget_unparent_children (GTK_WIDGET (self));
  G_OBJECT_CLASS (slope_text_reader_parent_class)->dispose (object);
}

static void
slope_text_reader_class_init (SlopeTextReaderClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = slope_text_reader_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/slopeml/Slope/slope-text-reader.ui");
  gtk_widget_class_bind_template_child (widget_class, SlopeTextReader, stack);
  gtk_widget_class_bind_template_child (widget_class, SlopeTextReader, head);
  gtk_widget_class_bind_template_child (widget_class, SlopeTextReader, name);
  gtk_widget_class_bind_template_child (widget_class, SlopeTextReader, scroller);
  gtk_widget_class_bind_template_child (widget_class, SlopeTextReader, view);
  gtk_widget_class_bind_template_child (widget_class, SlopeTextReader, words);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "textreader");
}

static void
slope_text_reader_init (SlopeTextReader *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->weigher = slope_word_weigher_new (self->view, self->words);
  self->item_signals = g_signal_group_new (SL_TYPE_ITEM);
  g_signal_group_connect_swapped (self->item_signals, "notify", G_CALLBACK (update_caption), self);
  self->project_signals = g_signal_group_new (SL_TYPE_PROJECT);
  g_signal_group_connect_swapped (self->project_signals, "notify::job", G_CALLBACK (weigh), self);
}

void
slope_text_reader_set_project (SlopeTextReader *self, SlProject *project)
{
  g_return_if_fail (SLOPE_IS_TEXT_READER (self));
  g_return_if_fail (project == NULL || SL_IS_PROJECT (project));

  slope_text_reader_set_item (self, NULL);
  g_clear_pointer (&self->caption, gtk_widget_unparent);
  g_set_object (&self->project, project);
  g_signal_group_set_target (self->project_signals, project);
  if (project == NULL)
    return;
  self->caption = slope_task_view_for (sl_project_get_task (project))->caption_new ();
  gtk_box_append (self->head, self->caption);
}

void
slope_text_reader_set_item (SlopeTextReader *self, SlItem *item)
{
  g_return_if_fail (SLOPE_IS_TEXT_READER (self));
  g_return_if_fail (item == NULL || (SL_IS_ITEM (item) && self->project != NULL));

  if (!g_set_object (&self->item, item))
    return;
  g_signal_group_set_target (self->item_signals, item);
  gtk_stack_set_visible_child_name (self->stack, item != NULL ? "text" : "empty");
  if (item != NULL)
    {
      show_text (self);
      update_caption (self);
    }
  if (self->project != NULL)
    weigh (self);
}

void
slope_text_reader_update (SlopeTextReader *self)
{
  g_return_if_fail (SLOPE_IS_TEXT_READER (self));

  if (self->project != NULL)
    weigh (self);
}
