/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-words-group.h"

#include "slope-vocabulary-row.h"

#include <glib/gi18n.h>

enum
{
  WORDS,
  RARE,
  EMBEDDING,
  HIDDEN,
  WINDOW,
  N_FIGURES
};

static const struct
{
  const char *title, *hint,
      *fits;    /* @fits: (nullable): of one that is as much as there is text for */
  gsize offset; /* of a guint in the recipe */
  double min, max, step;
} figures[N_FIGURES] = {
  [WORDS] = { N_ ("Vocabulary"), N_ ("The most frequent words, at most so many"), NULL,
              G_STRUCT_OFFSET (SlRecipe, max_words), 100, SL_VOCABULARY_WORDS, 1000 },
  [RARE] = { N_ ("Rare words"), N_ ("Words that occur less often are unknown"), NULL,
             G_STRUCT_OFFSET (SlRecipe, min_count), 1, 1000, 1 },
  [EMBEDDING] = { N_ ("Size of a word"), N_ ("Numbers that stand for each word"),
                  N_ ("Numbers that stand for each word: as many as this much text can teach"),
                  G_STRUCT_OFFSET (SlRecipe, embedding), 4, 4096, 20 },
  [HIDDEN] = { N_ ("Size of a layer"), N_ ("Units of the layers between the first and the last"),
               N_ ("Units of the layers between the first and the last: as many as this much text "
                   "can teach"),
               G_STRUCT_OFFSET (SlRecipe, hidden), 4, 8192, 50 },
  [WINDOW] = { N_ ("Window"), N_ ("Tokens that are trained on at a time"), NULL,
               G_STRUCT_OFFSET (SlRecipe, window), 2, 1000, 10 },
};

struct _SlopeWordsGroup
{
  AdwPreferencesGroup parent_instance;
  SlProject *project; /* owned; NULL: none */
  SlRecipe *recipe;   /* not owned; NULL: none yet */
  gint64 from_run;    /* whose vocabulary the network keeps; 0: none */
  gboolean filling;   /* the widgets are being set: no change by the person */
  SlRecipe *fit;      /* owned; from random weights, what is suggested; NULL: from others */
  AdwActionRow *rows[N_FIGURES];
  GtkSpinButton *figures[N_FIGURES];
  SlopeVocabularyRow *known;
};

G_DEFINE_FINAL_TYPE (SlopeWordsGroup, slope_words_group, ADW_TYPE_PREFERENCES_GROUP)

static guint changed_signal;

static gboolean
is_size (guint i)
{
  return i == EMBEDDING || i == HIDDEN;
}

/* Why figure @i is not the person's to choose here; NULL: it is.  Words are those of a run, sizes those of any weights. */
static const char *
explain_fixed (SlopeWordsGroup *self, guint i)
{
  const gboolean starts = self->from_run > 0
                          || (is_size (i) && !g_str_equal (self->recipe->pretrained, "none"));
  if (i == WINDOW)
    return NULL;
  if (starts)
    return _ ("As what it starts from has it");
  return is_size (i) || g_str_equal (self->recipe->vocabulary, SL_VOCABULARY_AUTO)
             ? NULL
             : _ ("As chosen below");
}

/* A size of the network where the recipe has none of its own. */
static guint
usual_size (SlopeWordsGroup *self, guint i)
{
  SlAwdLstm network = { 0 };
  sl_awd_lstm_preset (g_str_equal (self->recipe->arch, "awd-lstm") ? "course" : "small", 1,
                      &network);
  return i == EMBEDDING ? network.n_features : network.n_hidden;
}

static guint *
member (SlopeWordsGroup *self, guint i)
{
  return &G_STRUCT_MEMBER (guint, self->recipe, figures[i].offset);
}

/* Where it is smaller than the network would have it, because there is little text. */
static gboolean
fits (SlopeWordsGroup *self, guint i)
{
  const guint suggested = self->fit && is_size (i)
                              ? G_STRUCT_MEMBER (guint, self->fit, figures[i].offset)
                              : 0;
  return suggested > 0 && *member (self, i) == suggested;
}

static void
show_figure (SlopeWordsGroup *self, guint i)
{
  const char *why = explain_fixed (self, i);
  const guint value = *member (self, i);
  gtk_spin_button_set_value (self->figures[i],
                             is_size (i) && value == 0 ? usual_size (self, i) : value);
  gtk_widget_set_sensitive (GTK_WIDGET (self->figures[i]), !why);
  /* Which sizes those are is known once the run has begun. */
  gtk_widget_set_visible (GTK_WIDGET (self->figures[i]), !why || !is_size (i));
  if (!why)
    why = fits (self, i) ? _ (figures[i].fits) : _ (figures[i].hint);
  adw_action_row_set_subtitle (self->rows[i], why);
}

static void
show (SlopeWordsGroup *self)
{
  const gboolean has_texts = self->project && sl_project_get_task (self->project)->texts;
  self->filling = TRUE;
  for (guint i = 0; i < N_FIGURES; i++)
    show_figure (self, i);
  self->filling = FALSE;
  gtk_widget_set_visible (GTK_WIDGET (self->rows[WINDOW]),
                          self->recipe->learn == SL_LEARN_LANGUAGE);
  slope_vocabulary_row_set (self->known, has_texts ? self->project : NULL, self->recipe,
                            self->from_run);
}

static void
changed (SlopeWordsGroup *self)
{
  if (self->filling || !self->recipe)
    return;
  for (guint i = 0; i < N_FIGURES; i++)
    {
      guint value = (guint)gtk_spin_button_get_value_as_int (self->figures[i]);
      if (!explain_fixed (self, i))
        *member (self, i) = is_size (i) && value == usual_size (self, i) ? 0 : value;
    }
  show (self);
  g_signal_emit (self, changed_signal, 0);
}

static void
add_figure (SlopeWordsGroup *self, guint i)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *spin = gtk_spin_button_new_with_range (figures[i].min, figures[i].max,
                                                    figures[i].step);
  gtk_spin_button_set_numeric (GTK_SPIN_BUTTON (spin), TRUE);
  gtk_editable_set_width_chars (GTK_EDITABLE (spin), 6);
  gtk_widget_set_valign (spin, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (spin), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ (figures[i].title), -1);
  g_signal_connect_swapped (spin, "value-changed", G_CALLBACK (changed), self);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ (figures[i].title));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), spin);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), spin);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), row);
  self->rows[i] = ADW_ACTION_ROW (row);
  self->figures[i] = GTK_SPIN_BUTTON (spin);
}

static void
words_chosen (SlopeWordsGroup *self, const char *vocabulary)
{
  if (!self->recipe)
    return;
  g_free (self->recipe->vocabulary);
  self->recipe->vocabulary = g_strdup (vocabulary);
  show (self);
  g_signal_emit (self, changed_signal, 0);
}

static void
slope_words_group_dispose (GObject *object)
{
  g_clear_object (&SLOPE_WORDS_GROUP (object)->project);
  g_clear_pointer (&SLOPE_WORDS_GROUP (object)->fit, sl_recipe_free);
  G_OBJECT_CLASS (slope_words_group_parent_class)->dispose (object);
}

static void
slope_words_group_class_init (SlopeWordsGroupClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = slope_words_group_dispose;
  changed_signal = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
}

static void
slope_words_group_init (SlopeWordsGroup *self)
{
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (self), _ ("Words and Layers"));
  for (guint i = 0; i < N_FIGURES; i++)
    add_figure (self, i);
  self->known = g_object_new (SLOPE_TYPE_VOCABULARY_ROW, NULL);
  g_signal_connect_object (self->known, "chosen", G_CALLBACK (words_chosen), self,
                           G_CONNECT_SWAPPED);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), GTK_WIDGET (self->known));
}

void
slope_words_group_set_recipe (SlopeWordsGroup *self, SlProject *project, SlRecipe *recipe,
                              gint64 from_run)
{
  const SlArch *arch;
  g_return_if_fail (SLOPE_IS_WORDS_GROUP (self) && recipe != NULL);
  arch = sl_arch_find (recipe->arch);
  g_set_object (&self->project, project);
  self->recipe = recipe;
  self->from_run = from_run;
  g_clear_pointer (&self->fit, sl_recipe_free);
  if (project && sl_project_get_task (project)->texts && arch && arch->texts && from_run == 0
      && g_str_equal (recipe->pretrained, "none"))
    self->fit = sl_project_suggest_from_scratch (project, recipe->learn);
  gtk_widget_set_visible (GTK_WIDGET (self), arch && arch->texts);
  show (self);
}
