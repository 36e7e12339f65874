/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slope-words-window.h"

#include "config.h"
#include "slope-colors.h"
#include "slope-word-list.h"

#include <glib/gi18n.h>
#include <math.h>

struct _SlopeWordsWindow
{
  AdwWindow parent_instance;
  SlProject *project;   /* owned */
  SlopeWordList *words; /* owned */
  gboolean filling;     /* a row is being bound: no change by the person */
  GCancellable *saving; /* owned; NULL: not */

  GtkButton *save;
  GtkEditable *search;
  GtkStack *stack;
  GtkListView *list;
  GtkLabel *summary;
  GtkWidget *anew;
};

G_DEFINE_FINAL_TYPE (SlopeWordsWindow, slope_words_window, ADW_TYPE_WINDOW)

static guint saved_signal;

/* ---- What is known */

static void
show_summary (SlopeWordsWindow *self)
{
  const SlWordReview *review = slope_word_list_get_review (self->words);
  const double unknown = sl_word_review_unknown (review);
  g_autofree char *number = NULL, *text = NULL;
  g_autofree char *share = slope_format_percent (isnan (unknown) ? 0. : unknown);
  gsize n = 0;
  for (gsize i = 0; i < review->n; i++)
    n += review->words[i].known;
  number = g_strdup_printf ("%'" G_GSIZE_FORMAT, n);
  /* Translators: how many words a network knows, and how much of the texts are other words */
  text = g_strdup_printf (ngettext ("%s word known, %s of the text unknown",
                                    "%s words known, %s of the text unknown", (gulong)n),
                          number, share);
  gtk_label_set_text (self->summary, text);
  gtk_widget_set_sensitive (GTK_WIDGET (self->save), n > 0);
}

static void
words_changed (SlopeWordsWindow *self)
{
  show_summary (self);
}

/* ---- Rows */

static void
row_toggled (GtkCheckButton *check, GtkListItem *item)
{
  SlopeWordsWindow *self = g_object_get_data (G_OBJECT (item), "window");
  SlopeWord *word = gtk_list_item_get_item (item);
  if (!self->filling && word)
    slope_word_set_known (word, gtk_check_button_get_active (check));
}

static void
set_up_row (SlopeWordsWindow *self, GtkListItem *item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *check = gtk_check_button_new (), *count = gtk_label_new (NULL);
  g_object_set_data (G_OBJECT (item), "window", self);
  gtk_widget_set_margin_start (box, 9);
  gtk_widget_set_margin_end (box, 12);
  gtk_widget_set_hexpand (check, TRUE);
  gtk_widget_add_css_class (count, "dim-label");
  gtk_widget_add_css_class (count, "numeric");
  gtk_box_append (GTK_BOX (box), check);
  gtk_box_append (GTK_BOX (box), count);
  gtk_list_item_set_child (item, box);
  gtk_list_item_set_activatable (item, FALSE);
  g_signal_connect_object (check, "toggled", G_CALLBACK (row_toggled), item, 0);
}

/* A line break is a word, too. */
static char *
visible (const char *word)
{
  if (g_str_equal (word, "\n"))
    return g_strdup ("⏎");
  return g_strcmp0 (word, "\n\n") == 0 ? g_strdup ("⏎⏎")
                                       : g_strdelimit (g_strdup (word), "\n", ' ');
}

static void
bind_row (SlopeWordsWindow *self, GtkListItem *item)
{
  const SlReviewedWord *word = slope_word_get (gtk_list_item_get_item (item));
  GtkWidget *check = gtk_widget_get_first_child (gtk_list_item_get_child (item));
  g_autofree char *count = g_strdup_printf ("%'" G_GUINT64_FORMAT, word->count);
  g_autofree char *label = visible (word->word);
  self->filling = TRUE;
  gtk_check_button_set_label (GTK_CHECK_BUTTON (check), label);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), word->known);
  gtk_label_set_text (GTK_LABEL (gtk_widget_get_next_sibling (check)), count);
  self->filling = FALSE;
}

static void
search_cb (SlopeWordsWindow *self)
{
  slope_word_list_set_search (self->words, gtk_editable_get_text (self->search));
  gtk_stack_set_visible_child_name (
      self->stack, g_list_model_get_n_items (G_LIST_MODEL (self->words)) > 0 ? "words" : "none");
}

/* ---- Saving */

static void
kept (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (SlopeWordsWindow) self = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *name = sl_project_keep_vocabulary_finish (SL_PROJECT (source), result, &error);
  GtkWidget *dialog;
  g_clear_object (&self->saving);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return; /* the window is closed */
  if (name)
    {
      g_signal_emit (self, saved_signal, 0, name);
      gtk_window_close (GTK_WINDOW (self));
      return;
    }
  gtk_widget_set_sensitive (GTK_WIDGET (self->save), TRUE);
  dialog = adw_message_dialog_new (GTK_WINDOW (self), _ ("The Words Could Not Be Saved"),
                                   error->message);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _ ("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
save_cb (SlopeWordsWindow *self)
{
  g_autoptr (SlVocabulary)
      vocabulary = sl_word_review_vocabulary (slope_word_list_get_review (self->words));
  gtk_widget_set_sensitive (GTK_WIDGET (self->save), FALSE);
  self->saving = g_cancellable_new ();
  sl_project_keep_vocabulary_async (self->project, vocabulary, self->saving, kept,
                                    g_object_ref (self));
}

/* Whoever closes the window takes back what was being saved: it is not chosen. */
static gboolean
slope_words_window_close_request (GtkWindow *window)
{
  g_cancellable_cancel (SLOPE_WORDS_WINDOW (window)->saving);
  return GTK_WINDOW_CLASS (slope_words_window_parent_class)->close_request (window);
}

static void
anew_cb (SlopeWordsWindow *self)
{
  g_signal_emit (self, saved_signal, 0, SL_VOCABULARY_AUTO);
  gtk_window_close (GTK_WINDOW (self));
}

/* ---- The window */

static void
slope_words_window_dispose (GObject *object)
{
  SlopeWordsWindow *self = SLOPE_WORDS_WINDOW (object);
  if (self->list)
    gtk_list_view_set_model (self->list, NULL);
  g_clear_object (&self->words);
  g_clear_object (&self->project);
  G_OBJECT_CLASS (slope_words_window_parent_class)->dispose (object);
}

static void
slope_words_window_class_init (SlopeWordsWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = slope_words_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = slope_words_window_close_request;
  saved_signal = g_signal_new ("saved", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                               NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/slopeml/Slope/slope-words-window.ui");
  gtk_widget_class_bind_template_child (widget_class, SlopeWordsWindow, save);
  gtk_widget_class_bind_template_child (widget_class, SlopeWordsWindow, search);
  gtk_widget_class_bind_template_child (widget_class, SlopeWordsWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, SlopeWordsWindow, list);
  gtk_widget_class_bind_template_child (widget_class, SlopeWordsWindow, summary);
  gtk_widget_class_bind_template_child (widget_class, SlopeWordsWindow, anew);
  gtk_widget_class_bind_template_callback (widget_class, save_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_cb);
  gtk_widget_class_bind_template_callback (widget_class, anew_cb);
}

static void
slope_words_window_init (SlopeWordsWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_window_set_focus (GTK_WINDOW (self), GTK_WIDGET (self->search));
}

GtkWidget *
slope_words_window_new (SlProject *project, SlWordReview *review, gboolean edited)
{
  SlopeWordsWindow *self = g_object_new (SLOPE_TYPE_WORDS_WINDOW, NULL);
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkNoSelection) selection = NULL;
  self->project = g_object_ref (project);
  self->words = slope_word_list_new (review);
  g_signal_connect_object (self->words, "changed", G_CALLBACK (words_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "setup", G_CALLBACK (set_up_row), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "bind", G_CALLBACK (bind_row), self, G_CONNECT_SWAPPED);
  selection = gtk_no_selection_new (g_object_ref (G_LIST_MODEL (self->words)));
  gtk_list_view_set_factory (self->list, factory);
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (selection));
  gtk_widget_set_visible (self->anew, edited);
  show_summary (self);
  gtk_widget_set_sensitive (GTK_WIDGET (self->save), FALSE);
  return GTK_WIDGET (self);
}
