/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-word-weigher.h"

#include "slope-word-weights.h"
#include "task-views/slope-classify-caption.h"

#include <adwaita.h>
#include <glib/gi18n.h>

struct _SlopeWordWeigher
{
  GObject parent_instance;
  GtkTextView *view;         /* owned */
  GtkLabel *words;           /* owned */
  SlProject *project;        /* owned; of what is shown or awaited */
  char *class_name;          /* likewise */
  GCancellable *cancellable; /* while an answer is awaited */
  GArray *shown;             /* (nullable) of SlopeWordWeight */
};

G_DEFINE_FINAL_TYPE (SlopeWordWeigher, slope_word_weigher, G_TYPE_OBJECT)

typedef struct
{
  SlopeWordWeigher *self;    /* owned */
  GCancellable *cancellable; /* owned */
  char *text;
} Request;

static void
request_free (Request *request)
{
  g_object_unref (request->self);
  g_object_unref (request->cancellable);
  g_free (request->text);
  g_free (request);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Request, request_free)

static void
describe (SlopeWordWeigher *self, const char *text)
{
  gtk_label_set_text (self->words, text);
  gtk_widget_set_visible (GTK_WIDGET (self->words), *text != '\0');
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  text, -1);
}

/* In the colours of the style, dark or light. */
static void
show (SlopeWordWeigher *self)
{
  if (self->shown != NULL)
    slope_word_weights_show (gtk_text_view_get_buffer (self->view),
                             (const SlopeWordWeight *)self->shown->data, self->shown->len);
}

static void
weighed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Request) request = user_data;
  SlopeWordWeigher *self = request->self;
  g_autoptr (GError) error = NULL;
  g_autoptr (SlWordWeights) weights = sl_project_weigh_finish (SL_PROJECT (source), result, &error);
  const char *const *classes;
  g_autofree char *text = NULL;

  if (request->cancellable != self->cancellable)
    return;
  g_clear_object (&self->cancellable);
  if (weights == NULL)
    {
      describe (self, error->message);
      return;
    }
  classes = sl_project_get_classes (self->project);
  self->shown = slope_word_weights_place (request->text, weights,
                                          (guint)slope_class_index (classes, self->class_name),
                                          g_strv_length ((char **)classes));
  show (self);
  text = slope_word_weights_say (gtk_text_view_get_buffer (self->view),
                                 (const SlopeWordWeight *)self->shown->data, self->shown->len,
                                 classes, self->class_name);
  describe (self, text);
}

static void
forget (SlopeWordWeigher *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->shown, g_array_unref);
  slope_word_weights_clear (gtk_text_view_get_buffer (self->view));
  describe (self, "");
}

static void
slope_word_weigher_dispose (GObject *object)
{
  SlopeWordWeigher *self = SLOPE_WORD_WEIGHER (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->shown, g_array_unref);
  g_clear_pointer (&self->class_name, g_free);
  g_clear_object (&self->project);
  g_clear_object (&self->view);
  g_clear_object (&self->words);
  G_OBJECT_CLASS (slope_word_weigher_parent_class)->dispose (object);
}

static void
slope_word_weigher_class_init (SlopeWordWeigherClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = slope_word_weigher_dispose;
}

static void
slope_word_weigher_init (SlopeWordWeigher *self)
{
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark", G_CALLBACK (show),
                           self, G_CONNECT_SWAPPED);
}

SlopeWordWeigher *
slope_word_weigher_new (GtkTextView *view, GtkLabel *words)
{
  SlopeWordWeigher *self;

  g_return_val_if_fail (GTK_IS_TEXT_VIEW (view) && GTK_IS_LABEL (words), NULL);

  self = g_object_new (SLOPE_TYPE_WORD_WEIGHER, NULL);
  self->view = g_object_ref (view);
  self->words = g_object_ref (words);
  return self;
}

void
slope_word_weigher_ask (SlopeWordWeigher *self, SlProject *project, gint64 run_id,
                        const char *class_name)
{
  GtkTextBuffer *buffer;
  GtkTextIter begin, end;
  Request *request;

  g_return_if_fail (SLOPE_IS_WORD_WEIGHER (self));
  g_return_if_fail (run_id == 0 || (SL_IS_PROJECT (project) && class_name != NULL));

  forget (self);
  if (run_id == 0)
    {
      g_clear_object (&self->project);
      return;
    }
  g_set_object (&self->project, project);
  g_free (self->class_name);
  self->class_name = g_strdup (class_name);
  self->cancellable = g_cancellable_new ();
  describe (self, _ ("Looking for the words that weighed most…"));
  buffer = gtk_text_view_get_buffer (self->view);
  gtk_text_buffer_get_bounds (buffer, &begin, &end);
  request = g_new (Request, 1);
  *request = (Request){ g_object_ref (self), g_object_ref (self->cancellable),
                        gtk_text_buffer_get_text (buffer, &begin, &end, FALSE) };
  sl_project_weigh_async (project, run_id, request->text, class_name, self->cancellable, weighed_cb,
                          request);
}
