/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slope-more-row.h"

#include "config.h"

#include <glib/gi18n.h>
#include <inttypes.h>

#define MAX_CHOICES 3

/* An enum of the recipe; its values are those of the list, in order. */
typedef struct
{
  const char *title;
  gsize offset;
  struct
  {
    const char *label, *hint;
  } of[MAX_CHOICES];
} Choice;

typedef enum
{
  FIGURE_DOUBLE,
  FIGURE_UINT,
  FIGURE_UINT64
} FigureType;

typedef struct
{
  const char *title, *hint;
  FigureType type;
  gsize offset;
  double max, step, page;
  guint digits;
  double min;
} Figure;

#define AT(member) G_STRUCT_OFFSET (SlRecipe, member)

enum
{
  KEEP,
  BALANCE,
  PRECISION,
  N_CHOICES
};

static const Choice choices[N_CHOICES] = {
  [KEEP] = { N_ ("Model to keep"),
             AT (keep),
             { { N_ ("Last epoch"), N_ ("The model of the last epoch stays") },
               { N_ ("Best result"), N_ ("The model of the epoch with the best result stays") },
               { N_ ("Lowest loss"),
                 N_ ("The model of the epoch with the lowest validation loss stays") } } },
  [BALANCE] = { N_ ("Unequal classes"),
                AT (balance),
                { { N_ ("As they are"), N_ ("Each picture counts the same") },
                  { N_ ("Weigh rare ones"), N_ ("A picture counts the more, the rarer its class") },
                  { N_ ("Repeat rare ones"), N_ ("Pictures of rare classes are drawn more often; "
                                                 "an epoch takes longer") } } },
  [PRECISION] = { N_ ("Precision"),
                  AT (precision),
                  { { N_ ("Single"), N_ ("Computes in float32 throughout") },
                    { N_ ("Mixed"), N_ ("Rounds what is multiplied to bfloat16: quicker on some "
                                        "processors, and the results differ slightly") } } },
};

enum
{
  PATIENCE,
  MIXUP,
  LABEL_SMOOTHING,
  WEIGHT_DECAY,
  DROPOUT,
  PART,
  CLIP,
  SEED,
  THREADS,
  N_FIGURES
};

static const Figure figures[N_FIGURES] = {
  [PATIENCE] = { N_ ("Stop early"),
                 N_ ("Ends a stage after so many epochs without a better one; 0 never does"),
                 FIGURE_UINT, AT (patience), 1000, 1, 5, 0 },
  [MIXUP] = { N_ ("Mixup"), N_ ("Trains on mixtures of two pictures: 0.4 is usual, 0 is off"),
              FIGURE_DOUBLE, AT (mixup), 10, 0.1, 0.4, 2 },
  [LABEL_SMOOTHING] = { N_ ("Label smoothing"), N_ ("For labels that may be wrong"), FIGURE_DOUBLE,
                        AT (label_smoothing), 0.5, 0.05, 0.25, 2 },
  [WEIGHT_DECAY] = { N_ ("Weight decay"), N_ ("Pulls weights towards zero"), FIGURE_DOUBLE,
                     AT (weight_decay), 1, 0.01, 0.05, 3 },
  [DROPOUT] = { N_ ("Dropout"), N_ ("Share of the head left out at random"), FIGURE_DOUBLE,
                AT (dropout), 0.9, 0.05, 0.25, 2 },
  [PART] = { N_ ("Part of a text"),
             N_ ("Each epoch reads a random part, at least this share of each text; 1 reads all"),
             FIGURE_DOUBLE, AT (part), 1, 0.1, 0.3, 2, SL_LEAST_PART },
  [CLIP] = { N_ ("Limit of gradients"),
             N_ ("Shortens steps that would be too long: 0.1 is usual, 0 is off"), FIGURE_DOUBLE,
             AT (clip), 1000, 0.1, 1, 2 },
  [SEED] = { N_ ("Seed"), N_ ("The same seed gives the same run"), FIGURE_UINT64, AT (seed),
             G_MAXINT32, 1, 4, 0 },
  [THREADS] = { N_ ("Threads"), N_ ("0 uses all; the result is the same"), FIGURE_UINT,
                AT (threads), 256, 1, 4, 0 },
};

struct _SlopeMoreRow
{
  AdwExpanderRow parent_instance;
  AdwComboRow *choices[N_CHOICES];
  GtkSpinButton *figures[N_FIGURES];
  GtkWidget *rows[N_FIGURES];
  gboolean filling; /* the widgets are being set: no change by the person */
};

G_DEFINE_FINAL_TYPE (SlopeMoreRow, slope_more_row, ADW_TYPE_EXPANDER_ROW)

static guint changed_signal;

/* ---- Recipe and widgets */

static double
get_figure (const SlRecipe *recipe, const Figure *figure)
{
  switch (figure->type)
    {
    case FIGURE_DOUBLE:
      return G_STRUCT_MEMBER (double, recipe, figure->offset);
    case FIGURE_UINT:
      return G_STRUCT_MEMBER (guint, recipe, figure->offset);
    case FIGURE_UINT64:
      return (double)G_STRUCT_MEMBER (guint64, recipe, figure->offset);
    }
  g_assert_not_reached ();
}

static void
set_figure (SlRecipe *recipe, const Figure *figure, double value)
{
  switch (figure->type)
    {
    case FIGURE_DOUBLE:
      G_STRUCT_MEMBER (double, recipe, figure->offset) = value;
      break;
    case FIGURE_UINT:
      G_STRUCT_MEMBER (guint, recipe, figure->offset) = (guint)value;
      break;
    case FIGURE_UINT64:
      G_STRUCT_MEMBER (guint64, recipe, figure->offset) = (guint64)value;
      break;
    }
}

/* What the closed row says: what is usually looked at, then what is out of the ordinary. */
static void
sum_up (SlopeMoreRow *self)
{
  g_autoptr (SlRecipe) recipe = sl_recipe_new ();
  g_autoptr (GString) text = g_string_new (NULL);
  slope_more_row_apply (self, recipe);
  g_string_printf (text, _ ("Weight decay %g, dropout %g, seed %" PRIu64), recipe->weight_decay,
                   recipe->dropout, recipe->seed);
  if (recipe->part < 1 && gtk_widget_get_visible (self->rows[PART]))
    g_string_append (text, _ (", parts of texts"));
  if (recipe->mixup > 0)
    g_string_append_printf (text, _ (", mixup %g"), recipe->mixup);
  if (recipe->keep != SL_KEEP_MODEL_LAST)
    g_string_append (text, _ (", best model kept"));
  if (recipe->patience > 0)
    g_string_append (text, _ (", stops early"));
  if (recipe->balance == SL_BALANCE_WEIGHTS)
    g_string_append (text, _ (", rare classes weighed"));
  else if (recipe->balance == SL_BALANCE_OVERSAMPLE)
    g_string_append (text, _ (", rare classes repeated"));
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (self), text->str);
}

static void
show_hint (SlopeMoreRow *self, guint i)
{
  guint chosen = adw_combo_row_get_selected (self->choices[i]);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->choices[i]),
                               chosen < MAX_CHOICES ? _ (choices[i].of[chosen].hint) : "");
}

static void
changed (SlopeMoreRow *self)
{
  if (self->filling)
    return;
  for (guint i = 0; i < N_CHOICES; i++)
    show_hint (self, i);
  sum_up (self);
  g_signal_emit (self, changed_signal, 0);
}

/* ---- Rows */

static void
add_choice (SlopeMoreRow *self, guint i)
{
  const Choice *choice = &choices[i];
  g_autoptr (GtkStringList) labels = gtk_string_list_new (NULL);
  GtkWidget *row = adw_combo_row_new ();
  for (guint c = 0; c < MAX_CHOICES && choice->of[c].label; c++)
    gtk_string_list_append (labels, _ (choice->of[c].label));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ (choice->title));
  adw_combo_row_set_model (ADW_COMBO_ROW (row), G_LIST_MODEL (labels));
  g_signal_connect_swapped (row, "notify::selected", G_CALLBACK (changed), self);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (self), row);
  self->choices[i] = ADW_COMBO_ROW (row);
}

static void
add_figure (SlopeMoreRow *self, guint i)
{
  const Figure *figure = &figures[i];
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *spin = gtk_spin_button_new_with_range (figure->min, figure->max, figure->step);
  gtk_spin_button_set_digits (GTK_SPIN_BUTTON (spin), figure->digits);
  gtk_spin_button_set_increments (GTK_SPIN_BUTTON (spin), figure->step, figure->page);
  gtk_spin_button_set_numeric (GTK_SPIN_BUTTON (spin), TRUE);
  gtk_editable_set_width_chars (GTK_EDITABLE (spin), 5);
  gtk_widget_set_valign (spin, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (spin), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ (figure->title), -1);
  g_signal_connect_swapped (spin, "value-changed", G_CALLBACK (changed), self);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ (figure->title));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), _ (figure->hint));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), spin);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), spin);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (self), row);
  self->figures[i] = GTK_SPIN_BUTTON (spin);
  self->rows[i] = row;
}

static void
slope_more_row_class_init (SlopeMoreRowClass *klass)
{
  changed_signal = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
}

static void
slope_more_row_init (SlopeMoreRow *self)
{
  g_autoptr (SlRecipe) recipe = sl_recipe_new ();
  self->filling = TRUE;
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), _ ("More"));
  add_choice (self, KEEP);
  add_figure (self, PATIENCE);
  add_choice (self, BALANCE);
  for (guint i = PATIENCE + 1; i < SEED; i++)
    add_figure (self, i);
  add_choice (self, PRECISION);
  add_figure (self, SEED);
  add_figure (self, THREADS);
  slope_more_row_set (self, recipe);
}

GtkWidget *
slope_more_row_new (void)
{
  return g_object_new (SLOPE_TYPE_MORE_ROW, NULL);
}

/* Of texts: no mixtures, no balance, but parts; a language model has no labels, and reads on from text to text. */
static void
show_rows (SlopeMoreRow *self, const SlRecipe *recipe)
{
  const SlArch *arch = sl_arch_find (recipe->arch);
  gboolean texts = arch && arch->texts;
  gboolean language = texts && recipe->learn == SL_LEARN_LANGUAGE;
  gtk_widget_set_visible (GTK_WIDGET (self->choices[BALANCE]), !texts);
  gtk_widget_set_visible (self->rows[MIXUP], !texts);
  gtk_widget_set_visible (self->rows[LABEL_SMOOTHING], !language);
  gtk_widget_set_visible (self->rows[PART], texts && !language);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->rows[DROPOUT]),
                               texts ? _ ("Multiplies all dropouts of the network")
                                     : _ (figures[DROPOUT].hint));
}

void
slope_more_row_set (SlopeMoreRow *self, const SlRecipe *recipe)
{
  g_return_if_fail (SLOPE_IS_MORE_ROW (self));
  show_rows (self, recipe);
  self->filling = TRUE;
  for (guint i = 0; i < N_CHOICES; i++)
    {
      adw_combo_row_set_selected (self->choices[i],
                                  G_STRUCT_MEMBER (guint, recipe, choices[i].offset));
      show_hint (self, i);
    }
  for (guint i = 0; i < N_FIGURES; i++)
    gtk_spin_button_set_value (self->figures[i], get_figure (recipe, &figures[i]));
  self->filling = FALSE;
  sum_up (self);
}

void
slope_more_row_apply (SlopeMoreRow *self, SlRecipe *recipe)
{
  g_return_if_fail (SLOPE_IS_MORE_ROW (self));
  for (guint i = 0; i < N_CHOICES; i++)
    G_STRUCT_MEMBER (guint, recipe,
                     choices[i].offset) = adw_combo_row_get_selected (self->choices[i]);
  for (guint i = 0; i < N_FIGURES; i++)
    set_figure (recipe, &figures[i], gtk_spin_button_get_value (self->figures[i]));
}
