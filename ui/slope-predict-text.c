/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-predict-text.h"

#include "slope-class-bars.h"
#include "slope-colors.h"
#include "slope-columns-layout.h"
#include "slope-note.h"
#include "slope-text-files.h"
#include "slope-text-words.h"
#include "slope-text-writer.h"
#include "slope-widgets.h"
#include "slope-word-weigher.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#define PAUSE_MS 150 /* in typing, after which the model is asked */
#define N_LIKELIEST 5
#define MAX_WEIGHED 100 /* words of a text: each costs as much as an answer */

struct _SlopePredictText
{
  GtkWidget parent_instance;
  SlopeNote *failure; /* template children: not owned */
  GtkTextView *view;
  GtkWidget *placeholder;
  GtkLabel *words; /* that weighed most */
  GtkStack *answer_stack;
  GtkLabel *answer;
  GtkLabel *sure;
  GtkLabel *facts;
  SlopeClassBars *bars;
  SlopeTextWriter *writer;
  SlopeWordWeigher *weigher; /* owned */
  SlProject *project;        /* owned */
  gint64 run_id;
  guint pause_id;            /* timeout */
  GCancellable *cancellable; /* of the answer that is awaited */
  GCancellable *reading;     /* of the file that is being read */
  gint64 began_us;
};

enum
{
  WRITER_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SlopePredictText, slope_predict_text, GTK_TYPE_WIDGET)

/* What belongs to one question; an answer that comes after the next one is dropped. */
typedef struct
{
  SlopePredictText *self;    /* owned */
  GCancellable *cancellable; /* owned */
} Request;

static Request *
request_new (SlopePredictText *self, GCancellable *cancellable)
{
  Request *request = g_new (Request, 1);

  *request = (Request){ g_object_ref (self), g_object_ref (cancellable) };
  return request;
}

static void
request_free (Request *request)
{
  g_object_unref (request->self);
  g_object_unref (request->cancellable);
  g_free (request);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Request, request_free)

static void
set_failure (SlopePredictText *self, const char *heading, const char *text)
{
  gtk_widget_set_visible (GTK_WIDGET (self->failure), heading != NULL);
  if (heading != NULL)
    slope_note_set (self->failure, SLOPE_NOTE_ERROR, heading, text, NULL, TRUE);
}

static char *
dup_text (SlopePredictText *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->view);
  GtkTextIter begin, end;

  gtk_text_buffer_get_bounds (buffer, &begin, &end);
  return gtk_text_buffer_get_text (buffer, &begin, &end, FALSE);
}

static gboolean
is_blank (const char *text)
{
  while (g_unichar_isspace (g_utf8_get_char (text)))
    text = g_utf8_next_char (text);
  return *text == '\0';
}

/* ---- What the model says */

static void
weigh (SlopePredictText *self, const char *class_name)
{
  g_autofree char *text = dup_text (self);

  if (slope_text_count_words (text) <= MAX_WEIGHED)
    slope_word_weigher_ask (self->weigher, self->project, self->run_id, class_name);
}

static void
show_answer (SlopePredictText *self, const SlPrediction *prediction)
{
  const double ms = (double)(g_get_monotonic_time () - self->began_us) / 1000.;
  g_autofree char *sure = slope_format_percent (prediction->probability);
  /* translators: how long a prediction took, in thousandths of a second */
  g_autofree char *facts = g_strdup_printf (_ ("in %.0f ms"), ms);

  gtk_label_set_text (self->answer, prediction->predicted);
  gtk_label_set_text (self->sure, sure);
  gtk_label_set_text (self->facts, facts);
  slope_class_bars_set (self->bars, sl_project_get_classes (self->project), prediction->outputs,
                        prediction->n_outputs, N_LIKELIEST);
  gtk_stack_set_visible_child_name (self->answer_stack, "answer");
  weigh (self, prediction->predicted);
}

static void
predicted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Request) request = user_data;
  SlopePredictText *self = request->self;
  g_autoptr (GError) error = NULL;
  g_autoptr (SlPrediction)
      prediction = sl_project_predict_finish (SL_PROJECT (source), result, &error);

  if (request->cancellable != self->cancellable)
    return;
  g_clear_object (&self->cancellable);
  if (prediction != NULL)
    show_answer (self, prediction);
  else
    set_failure (self, _ ("The model has no answer."), error->message);
}

static void
forget_question (SlopePredictText *self)
{
  g_clear_handle_id (&self->pause_id, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  slope_word_weigher_ask (self->weigher, NULL, 0, NULL);
}

static void
ask (SlopePredictText *self)
{
  g_autofree char *text = dup_text (self);

  forget_question (self);
  if (self->project == NULL)
    return;
  if (self->run_id == 0 || is_blank (text))
    {
      gtk_stack_set_visible_child_name (self->answer_stack, self->run_id == 0 ? "train" : "empty");
      return;
    }
  set_failure (self, NULL, NULL);
  self->cancellable = g_cancellable_new ();
  self->began_us = g_get_monotonic_time ();
  sl_project_predict_text_async (self->project, self->run_id, text, NULL, self->cancellable,
                                 predicted_cb, request_new (self, self->cancellable));
}

static gboolean
pause_cb (gpointer user_data)
{
  SlopePredictText *self = user_data;

  self->pause_id = 0;
  ask (self);
  return G_SOURCE_REMOVE;
}

/* What was said stays until there is a newer answer: it would flicker. */
static void
text_changed_cb (SlopePredictText *self)
{
  g_autofree char *text = dup_text (self);

  gtk_widget_set_visible (self->placeholder, *text == '\0');
  forget_question (self);
  if (is_blank (text))
    ask (self);
  else
    self->pause_id = g_timeout_add (PAUSE_MS, pause_cb, self);
}

/* ---- Files */

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Request) request = user_data;
  SlopePredictText *self = request->self;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = slope_text_file_read_finish (result, &error);

  if (request->cancellable != self->reading)
    return;
  g_clear_object (&self->reading);
  if (text != NULL)
    gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->view), text, -1);
  else
    set_failure (self, _ ("The text could not be opened."), error->message);
}

static void
stop_reading (SlopePredictText *self)
{
  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
}

/* ---- Object */

static void
failure_closed_cb (SlopePredictText *self)
{
  set_failure (self, NULL, NULL);
}

static void
writer_changed_cb (SlopePredictText *self)
{
  g_signal_emit (self, signals[WRITER_CHANGED], 0);
}

static void
go_to_train_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_widget_activate_action (widget, "win.show-page", "s", "train");
}

static gboolean
slope_predict_text_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (SLOPE_PREDICT_TEXT (widget)->view));
}

static void
slope_predict_text_dispose (GObject *object)
{
  SlopePredictText *self = SLOPE_PREDICT_TEXT (object);

  if (self->weigher != NULL)
    forget_question (self);
  g_clear_object (&self->weigher);
  stop_reading (self);
  gtk_widget_dispose_template (GTK_WIDGET (self), SLOPE_TYPE_PREDICT_TEXT);
  slope_widget_unparent_children (GTK_WIDGET (self));
  g_clear_object (&self->project);
  G_OBJECT_CLASS (slope_predict_text_parent_class)->dispose (object);
}

static void
slope_predict_text_class_init (SlopePredictTextClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = slope_predict_text_dispose;
  widget_class->grab_focus = slope_predict_text_grab_focus;
  signals[WRITER_CHANGED] = g_signal_new ("writer-changed", G_TYPE_FROM_CLASS (klass),
                                          G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  g_type_ensure (SLOPE_TYPE_CLASS_BARS);
  g_type_ensure (SLOPE_TYPE_COLUMNS_LAYOUT);
  g_type_ensure (SLOPE_TYPE_NOTE);
  g_type_ensure (SLOPE_TYPE_TEXT_WRITER);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/slopeml/Slope/slope-predict-text.ui");
  gtk_widget_class_bind_template_child (widget_class, SlopePredictText, failure);
  gtk_widget_class_bind_template_child (widget_class, SlopePredictText, view);
  gtk_widget_class_bind_template_child (widget_class, SlopePredictText, placeholder);
  gtk_widget_class_bind_template_child (widget_class, SlopePredictText, words);
  gtk_widget_class_bind_template_child (widget_class, SlopePredictText, answer_stack);
  gtk_widget_class_bind_template_child (widget_class, SlopePredictText, answer);
  gtk_widget_class_bind_template_child (widget_class, SlopePredictText, sure);
  gtk_widget_class_bind_template_child (widget_class, SlopePredictText, facts);
  gtk_widget_class_bind_template_child (widget_class, SlopePredictText, bars);
  gtk_widget_class_bind_template_child (widget_class, SlopePredictText, writer);
  gtk_widget_class_bind_template_callback (widget_class, failure_closed_cb);
  gtk_widget_class_bind_template_callback (widget_class, writer_changed_cb);
  gtk_widget_class_install_action (widget_class, "text.go-to-train", NULL, go_to_train_action);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "predicttext");
}

/* Ctrl+Return in the text: the language model goes on. */
static gboolean
continue_shortcut (GtkWidget *view, GVariant *args, gpointer writer)
{
  return gtk_widget_activate_action (writer, "writer.continue", NULL);
}

static void
slope_predict_text_init (SlopePredictText *self)
{
  GtkEventController *keys = gtk_shortcut_controller_new ();
  GtkTextBuffer *buffer;

  gtk_widget_init_template (GTK_WIDGET (self));
  self->weigher = slope_word_weigher_new (self->view, self->words);
  buffer = gtk_text_view_get_buffer (self->view);
  slope_text_writer_set_buffer (self->writer, buffer);
  g_signal_connect_object (buffer, "changed", G_CALLBACK (text_changed_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (keys),
      gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Return, GDK_CONTROL_MASK),
                        gtk_callback_action_new (continue_shortcut, self->writer, NULL)));
  gtk_widget_add_controller (GTK_WIDGET (self->view), keys);
}

void
slope_predict_text_set_project (SlopePredictText *self, SlProject *project)
{
  g_return_if_fail (SLOPE_IS_PREDICT_TEXT (self));
  g_return_if_fail (project == NULL || sl_project_get_task (project)->texts);

  stop_reading (self);
  forget_question (self);
  self->run_id = 0;
  g_set_object (&self->project, project);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->view), "", -1);
  set_failure (self, NULL, NULL);
  slope_text_writer_set_project (self->writer, project);
  ask (self);
}

void
slope_predict_text_set_run (SlopePredictText *self, gint64 run_id)
{
  g_return_if_fail (SLOPE_IS_PREDICT_TEXT (self));

  if (self->run_id == run_id)
    return;
  self->run_id = run_id;
  ask (self);
}

gint64
slope_predict_text_get_writer (SlopePredictText *self)
{
  g_return_val_if_fail (SLOPE_IS_PREDICT_TEXT (self), 0);
  return slope_text_writer_get_run (self->writer);
}

void
slope_predict_text_open (SlopePredictText *self, const char *path)
{
  g_return_if_fail (SLOPE_IS_PREDICT_TEXT (self));
  g_return_if_fail (path != NULL);

  stop_reading (self);
  set_failure (self, NULL, NULL);
  self->reading = g_cancellable_new ();
  slope_text_file_read_async (path, self->reading, read_cb, request_new (self, self->reading));
}
