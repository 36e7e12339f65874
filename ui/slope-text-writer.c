/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-text-writer.h"

#include "slope-run-choice.h"
#include "slope-widgets.h"

#include <adwaita.h>
#include <glib/gi18n.h>

struct _SlopeTextWriter
{
  GtkWidget parent_instance;
  GtkStack *stack; /* template children: not owned */
  SlopeRunChoice *run;
  GtkAdjustment *temperature;
  GtkAdjustment *length;
  GtkWidget *stop;
  GtkWidget *result;
  GtkLabel *words;
  SlProject *project;        /* owned */
  GtkTextBuffer *buffer;     /* owned */
  GCancellable *cancellable; /* while it writes */
  GString *written;          /* since it was last asked */
  gboolean failed;           /* what is shown is why */
};

enum
{
  RUN_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SlopeTextWriter, slope_text_writer, GTK_TYPE_WIDGET)

/* What belongs to one continuation. */
typedef struct
{
  SlopeTextWriter *self;     /* owned */
  GCancellable *cancellable; /* owned */
} Writing;

static void
writing_free (Writing *writing)
{
  g_object_unref (writing->self);
  g_object_unref (writing->cancellable);
  g_free (writing);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Writing, writing_free)

static void
update (SlopeTextWriter *self)
{
  const gboolean writing = self->cancellable != NULL;
  const gboolean has_run = slope_run_choice_get_run (self->run) > 0;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "writer.continue", has_run && !writing);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "writer.stop", writing);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "writer.insert",
                                 !writing && !self->failed && self->written->len > 0);
  gtk_widget_set_visible (self->stop, writing);
  gtk_widget_set_visible (self->result, writing || self->failed || self->written->len > 0);
}

static void
show_words (SlopeTextWriter *self, const char *text)
{
  gtk_label_set_text (self->words, text);
}

/* Leading spaces belong to the text, not to what is seen of it. */
static void
piece_cb (const char *piece, gpointer user_data)
{
  SlopeTextWriter *self = user_data;
  const char *seen;

  g_string_append (self->written, piece);
  for (seen = self->written->str; g_ascii_isspace (*seen); seen++)
    ;
  show_words (self, seen);
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Writing) writing = user_data;
  SlopeTextWriter *self = writing->self;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = sl_project_generate_finish (SL_PROJECT (source), result, &error);

  if (writing->cancellable != self->cancellable)
    return;
  g_clear_object (&self->cancellable);
  if (text == NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      self->failed = TRUE;
      show_words (self, error->message);
    }
  else if (self->written->len == 0)
    show_words (self, _ ("The model has nothing to add."));
  update (self);
}

/* What was written stays; what is still to come does not. */
static void
stop (SlopeTextWriter *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
forget (SlopeTextWriter *self)
{
  stop (self);
  g_string_truncate (self->written, 0);
  self->failed = FALSE;
  show_words (self, "");
}

static void
continue_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SlopeTextWriter *self = SLOPE_TEXT_WRITER (widget);
  SlGenerateOptions options = SL_GENERATE_OPTIONS_INIT;
  GtkTextIter begin, end;
  g_autofree char *text = NULL;
  Writing *writing;

  forget (self);
  gtk_text_buffer_get_bounds (self->buffer, &begin, &end);
  text = gtk_text_buffer_get_text (self->buffer, &begin, &end, FALSE);
  options.n_tokens = (guint)gtk_adjustment_get_value (self->length);
  options.temperature = gtk_adjustment_get_value (self->temperature);
  options.seed = g_random_int (); /* asked again, it writes something else */
  self->cancellable = g_cancellable_new ();
  writing = g_new (Writing, 1);
  *writing = (Writing){ g_object_ref (self), g_object_ref (self->cancellable) };
  update (self);
  sl_project_generate_async (self->project, slope_run_choice_get_run (self->run), text, &options,
                             piece_cb, self, self->cancellable, written_cb, writing);
}

static void
stop_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  stop (SLOPE_TEXT_WRITER (widget));
  update (SLOPE_TEXT_WRITER (widget));
}

static void
insert_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SlopeTextWriter *self = SLOPE_TEXT_WRITER (widget);
  GtkTextIter end;

  gtk_text_buffer_get_end_iter (self->buffer, &end);
  gtk_text_buffer_begin_user_action (self->buffer);
  gtk_text_buffer_insert (self->buffer, &end, self->written->str, -1);
  gtk_text_buffer_end_user_action (self->buffer);
  gtk_text_buffer_get_end_iter (self->buffer, &end);
  gtk_text_buffer_place_cursor (self->buffer, &end);
  forget (self);
  update (self);
}

static void
go_to_train_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_widget_activate_action (widget, "win.show-page", "s", "train");
}

static void
run_changed_cb (SlopeTextWriter *self)
{
  gtk_stack_set_visible_child_name (self->stack,
                                    slope_run_choice_get_run (self->run) > 0 ? "write" : "empty");
  /* With one alone there is nothing to choose. */
  gtk_widget_set_visible (GTK_WIDGET (self->run), slope_run_choice_get_n (self->run) > 1);
  update (self);
  g_signal_emit (self, signals[RUN_CHANGED], 0);
}

/* ---- Object */

static void
slope_text_writer_dispose (GObject *object)
{
  SlopeTextWriter *self = SLOPE_TEXT_WRITER (object);

  stop (self);
  gtk_widget_dispose_template (GTK_WIDGET (self), SLOPE_TYPE_TEXT_WRITER);
  slope_widget_unparent_children (GTK_WIDGET (self));
  g_clear_object (&self->project);
  g_clear_object (&self->buffer);
  G_OBJECT_CLASS (slope_text_writer_parent_class)->dispose (object);
}

static void
slope_text_writer_finalize (GObject *object)
{
  g_string_free (SLOPE_TEXT_WRITER (object)->written, TRUE);
  G_OBJECT_CLASS (slope_text_writer_parent_class)->finalize (object);
}

static void
slope_text_writer_class_init (SlopeTextWriterClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = slope_text_writer_dispose;
  G_OBJECT_CLASS (klass)->finalize = slope_text_writer_finalize;
  signals[RUN_CHANGED] = g_signal_new ("run-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                       0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  g_type_ensure (SLOPE_TYPE_RUN_CHOICE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/slopeml/Slope/slope-text-writer.ui");
  gtk_widget_class_bind_template_child (widget_class, SlopeTextWriter, stack);
  gtk_widget_class_bind_template_child (widget_class, SlopeTextWriter, run);
  gtk_widget_class_bind_template_child (widget_class, SlopeTextWriter, temperature);
  gtk_widget_class_bind_template_child (widget_class, SlopeTextWriter, length);
  gtk_widget_class_bind_template_child (widget_class, SlopeTextWriter, stop);
  gtk_widget_class_bind_template_child (widget_class, SlopeTextWriter, result);
  gtk_widget_class_bind_template_child (widget_class, SlopeTextWriter, words);
  gtk_widget_class_bind_template_callback (widget_class, run_changed_cb);
  gtk_widget_class_install_action (widget_class, "writer.continue", NULL, continue_action);
  gtk_widget_class_install_action (widget_class, "writer.stop", NULL, stop_action);
  gtk_widget_class_install_action (widget_class, "writer.insert", NULL, insert_action);
  gtk_widget_class_install_action (widget_class, "writer.go-to-train", NULL, go_to_train_action);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "textwriter");
}

static void
slope_text_writer_init (SlopeTextWriter *self)
{
  self->written = g_string_new (NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
  slope_run_choice_set_label (self->run, _ ("Language model"));
  update (self);
}

void
slope_text_writer_set_project (SlopeTextWriter *self, SlProject *project)
{
  g_return_if_fail (SLOPE_IS_TEXT_WRITER (self));
  g_return_if_fail (project == NULL || SL_IS_PROJECT (project));

  forget (self);
  g_set_object (&self->project, project);
  slope_run_choice_set_project (self->run, project, project != NULL ? &sl_task_language : NULL);
  update (self);
}

void
slope_text_writer_set_buffer (SlopeTextWriter *self, GtkTextBuffer *buffer)
{
  g_return_if_fail (SLOPE_IS_TEXT_WRITER (self));
  g_return_if_fail (GTK_IS_TEXT_BUFFER (buffer));

  g_set_object (&self->buffer, buffer);
}

gint64
slope_text_writer_get_run (SlopeTextWriter *self)
{
  g_return_val_if_fail (SLOPE_IS_TEXT_WRITER (self), 0);
  return slope_run_choice_get_run (self->run);
}
