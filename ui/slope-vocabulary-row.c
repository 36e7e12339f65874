/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slope-vocabulary-row.h"

#include "config.h"
#include "slope-colors.h"
#include "slope-words-window.h"

#include <glib/gi18n.h>
#include <math.h>

/* A spin button that is held down is waited for. */
#define WAIT_MS 300

struct _SlopeVocabularyRow
{
  AdwActionRow parent_instance;
  SlProject *project; /* owned; NULL: none */
  SlRecipe *recipe;   /* owned */
  gint64 from_run;
  SlWordReview *review; /* NULL: not counted yet */
  gboolean failed;      /* nor can it be, with that vocabulary */
  guint wait;           /* source */
  GCancellable *cancellable;
  GtkButton *edit;
};

G_DEFINE_FINAL_TYPE (SlopeVocabularyRow, slope_vocabulary_row, ADW_TYPE_ACTION_ROW)

static guint chosen_signal;

static gboolean
is_edited (SlopeVocabularyRow *self)
{
  return !g_str_equal (self->recipe->vocabulary, SL_VOCABULARY_AUTO);
}

/* ---- What it says */

static char *
describe (const SlWordReview *review)
{
  g_autofree char *number = g_strdup_printf ("%'" G_GSIZE_FORMAT, review->n_known), *known = NULL;
  g_autofree char *unknown = slope_format_percent (review->unknown);
  g_autofree char *unknown_valid = slope_format_percent (review->unknown_valid);
  if (isnan (review->unknown))
    return g_strdup (_ ("There are no texts to learn from"));
  known = g_strdup_printf (ngettext ("%s word", "%s words", (gulong)review->n_known), number);
  if (isnan (review->unknown_valid))
    /* Translators: "8,255 words; 2.1 % of the text is unknown" */
    return g_strdup_printf (_ ("%s; %s of the text is unknown"), known, unknown);
  /* Translators: "8,255 words; 2.1 % of the text is unknown, 5.9 % of what is held back" */
  return g_strdup_printf (_ ("%s; %s of the text is unknown, %s of what is held back"), known,
                          unknown, unknown_valid);
}

/* A run keeps the rules that its words came by, whatever was switched since. */
static char *
describe_of_run (SlopeVocabularyRow *self, const SlWordReview *review)
{
  g_autofree char *text = describe (review);
  SlTokenRules rules;
  if (self->from_run == 0 || !sl_token_rules_parse (self->recipe->tokens, &rules, NULL)
      || rules == review->rules)
    return g_steal_pointer (&text);
  /* Translators: %s: "8,255 words; 2.1 % of the text is unknown" */
  return g_strdup_printf (_ ("%s; by the token rules of what it starts from"), text);
}

static void
say (SlopeVocabularyRow *self, const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), escaped);
}

static void
update_button (SlopeVocabularyRow *self)
{
  const gboolean is_reset = self->failed && is_edited (self);
  gtk_button_set_label (self->edit, is_reset ? _ ("_Reset") : _ ("_Edit…"));
  gtk_widget_set_visible (GTK_WIDGET (self->edit), self->from_run == 0);
  gtk_widget_set_sensitive (GTK_WIDGET (self->edit), is_reset || self->review);
}

/* ---- Counting */

static void
counted (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (SlopeVocabularyRow) self = data;
  g_autoptr (GError) error = NULL;
  SlWordReview *review = sl_project_review_words_finish (SL_PROJECT (source), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_pointer (&self->review, sl_word_review_free);
  self->review = review;
  self->failed = !review;
  if (review)
    {
      g_autofree char *text = describe_of_run (self, review);
      say (self, text);
    }
  else if (g_error_matches (error, SL_ERROR, SL_ERROR_STATE))
    say (self, _ ("These words were chosen under other token rules: reset them, or switch the "
                  "rules back in Data"));
  else
    say (self, error->message);
  update_button (self);
}

static gboolean
count (gpointer data)
{
  SlopeVocabularyRow *self = data;
  self->wait = 0;
  self->cancellable = g_cancellable_new ();
  sl_project_review_words_async (self->project, self->recipe, self->from_run, self->cancellable,
                                 counted, g_object_ref (self));
  return G_SOURCE_REMOVE;
}

static void
forget (SlopeVocabularyRow *self)
{
  g_clear_handle_id (&self->wait, g_source_remove);
  if (self->cancellable)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->review, sl_word_review_free);
  self->failed = FALSE;
}

static void
count_soon (SlopeVocabularyRow *self)
{
  if (!self->project || !gtk_widget_get_mapped (GTK_WIDGET (self)) || self->wait
      || self->cancellable)
    return;
  say (self, _ ("Counting the words…"));
  self->wait = g_timeout_add (WAIT_MS, count, self);
}

static void
begin_anew (SlopeVocabularyRow *self)
{
  forget (self);
  update_button (self);
  count_soon (self);
}

/* ---- Choosing */

static void
saved (SlopeVocabularyRow *self, const char *vocabulary)
{
  g_signal_emit (self, chosen_signal, 0, vocabulary);
}

static void
edit_clicked (SlopeVocabularyRow *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *window;
  if (self->failed)
    {
      saved (self, SL_VOCABULARY_AUTO);
      return;
    }
  window = slope_words_window_new (self->project, g_steal_pointer (&self->review),
                                   is_edited (self));
  g_signal_connect_object (window, "saved", G_CALLBACK (saved), self, G_CONNECT_SWAPPED);
  gtk_window_set_transient_for (GTK_WINDOW (window), GTK_WINDOW (root));
  gtk_window_present (GTK_WINDOW (window));
  begin_anew (self);
}

/* ---- The row */

static void
slope_vocabulary_row_map (GtkWidget *widget)
{
  SlopeVocabularyRow *self = SLOPE_VOCABULARY_ROW (widget);
  GTK_WIDGET_CLASS (slope_vocabulary_row_parent_class)->map (widget);
  if (!self->review)
    count_soon (self);
}

static void
slope_vocabulary_row_dispose (GObject *object)
{
  SlopeVocabularyRow *self = SLOPE_VOCABULARY_ROW (object);
  forget (self);
  g_clear_object (&self->project);
  g_clear_pointer (&self->recipe, sl_recipe_free);
  G_OBJECT_CLASS (slope_vocabulary_row_parent_class)->dispose (object);
}

static void
slope_vocabulary_row_class_init (SlopeVocabularyRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = slope_vocabulary_row_dispose;
  GTK_WIDGET_CLASS (klass)->map = slope_vocabulary_row_map;
  chosen_signal = g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
slope_vocabulary_row_init (SlopeVocabularyRow *self)
{
  GtkWidget *edit = gtk_button_new_with_mnemonic (_ ("_Edit…"));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), _ ("Known words"));
  gtk_widget_set_valign (edit, GTK_ALIGN_CENTER);
  g_signal_connect_swapped (edit, "clicked", G_CALLBACK (edit_clicked), self);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), edit);
  self->edit = GTK_BUTTON (edit);
}

/* Whether other words would be counted, or in other texts. */
static gboolean
is_same (SlopeVocabularyRow *self, const SlRecipe *recipe)
{
  const SlRecipe *own = self->recipe;
  return own && own->learn == recipe->learn && own->max_words == recipe->max_words
         && own->min_count == recipe->min_count && g_str_equal (own->tokens, recipe->tokens)
         && g_str_equal (own->vocabulary, recipe->vocabulary)
         /* Whose words a classifier knows besides. */
         && g_str_equal (own->pretrained, recipe->pretrained)
         && g_str_equal (own->arch, recipe->arch);
}

void
slope_vocabulary_row_set (SlopeVocabularyRow *self, SlProject *project, const SlRecipe *recipe,
                          gint64 from_run)
{
  gboolean same;
  g_return_if_fail (SLOPE_IS_VOCABULARY_ROW (self) && recipe != NULL);
  same = is_same (self, recipe) && self->from_run == from_run && self->project == project;
  g_clear_pointer (&self->recipe, sl_recipe_free);
  self->recipe = sl_recipe_copy (recipe);
  self->from_run = from_run;
  g_set_object (&self->project, project);
  if (!same)
    begin_anew (self);
}
