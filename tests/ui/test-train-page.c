/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Train page without and with a project, its recipe, and what it reads out of losses. */
#include "slope-advice.h"
#include "slope-more-row.h"
#include "slope-note.h"
#include "slope-recipe-panel.h"
#include "slope-stage-list.h"
#include "slope-stage-row.h"
#include "slope-train-page.h"
#include "slope-ui-resources.h"
#include "slope-when.h"

#include <glib/gstdio.h>
#include <math.h>

static void
present (GtkWidget *window, GtkWidget *child)
{
  gtk_window_set_default_size (GTK_WINDOW (window), 1280, 800);
  gtk_window_set_child (GTK_WINDOW (window), child);
  gtk_window_present (GTK_WINDOW (window));
  while (gtk_widget_get_width (child) == 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_new (void)
{
  GtkWidget *page = g_object_ref_sink (slope_train_page_new ());
  gboolean shown = FALSE;
  g_object_get (page, "show-sidebar", &shown, NULL);
  g_assert_true (shown);
  g_assert_finalize_object (page);
}

/* Actions do nothing without a project, and the page goes while it is in a window. */
static void
test_without_project (void)
{
  GtkWidget *window = gtk_window_new (), *page = slope_train_page_new ();
  g_object_ref (page);
  present (window, page);
  gtk_widget_activate_action (page, "train.start", NULL);
  gtk_widget_activate_action (page, "train.find-rate", NULL);
  gtk_widget_activate_action (page, "train.add-stage", NULL);
  gtk_window_destroy (GTK_WINDOW (window));
  g_assert_finalize_object (page);
}

/* ---- The recipe */

static void
count (guint *n)
{
  (*n)++;
}

static void
test_panel (void)
{
  GtkWidget *widget = g_object_ref_sink (slope_recipe_panel_new ());
  SlopeRecipePanel *panel = SLOPE_RECIPE_PANEL (widget);
  const SlRecipe *recipe = slope_recipe_panel_get_recipe (panel);
  g_autofree char *summary = NULL, *time = NULL;
  guint n = 0;

  g_signal_connect_swapped (panel, "changed", G_CALLBACK (count), &n);
  g_assert_cmpuint (recipe->n_stages, ==, 1);
  slope_recipe_panel_add_stage (panel);
  g_assert_cmpuint (recipe->n_stages, ==, 2);
  g_assert_cmpuint (slope_recipe_panel_get_stage (panel), ==, 1);
  g_assert_cmpuint (n, ==, 1);
  slope_recipe_panel_set_rate (panel, 1, 1e-5, 3e-4);
  g_assert_cmpfloat (recipe->stages[1].lr_low, ==, 1e-5);
  g_assert_cmpfloat (recipe->stages[1].lr_high, ==, 3e-4);
  g_assert_cmpfloat (recipe->stages[0].lr_high, ==, 3e-3);
  slope_recipe_panel_set_batch (panel, 32);
  g_assert_cmpuint (recipe->batch, ==, 32);
  g_assert_true (slope_recipe_panel_commit (panel));
  summary = slope_recipe_panel_dup_summary (panel);
  g_assert_cmpstr (summary, ==, "2 stages, 8 epochs");
  time = slope_recipe_panel_dup_time (panel);
  g_assert_cmpstr (time, ==, ""); /* nothing to tell it from */
  for (int i = 0; i < SL_MAX_STAGES + 3; i++)
    slope_recipe_panel_add_stage (panel);
  g_assert_cmpuint (recipe->n_stages, ==, SL_MAX_STAGES);
  g_assert_finalize_object (widget);
}

static GtkWidget *
find_child (GtkWidget *widget, GType type)
{
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = G_TYPE_CHECK_INSTANCE_TYPE (child, type) ? child
                                                                  : find_child (child, type);
      if (found)
        return found;
    }
  return NULL;
}

/* The options go into the recipe as they stand, and say what they do. */
static void
test_more (void)
{
  GtkWidget *widget = g_object_ref_sink (slope_more_row_new ());
  SlopeMoreRow *row = SLOPE_MORE_ROW (widget);
  g_autoptr (SlRecipe) recipe = sl_recipe_new (), read = sl_recipe_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *json = NULL, *read_json = NULL;
  guint n = 0;

  g_signal_connect_swapped (row, "changed", G_CALLBACK (count), &n);
  recipe->keep = SL_KEEP_MODEL_METRIC;
  recipe->patience = 3;
  recipe->mixup = 0.4;
  recipe->clip = 0.1;
  recipe->label_smoothing = 0.1;
  recipe->balance = SL_BALANCE_OVERSAMPLE;
  recipe->precision = SL_PRECISION_BF16;
  recipe->seed = 7;
  slope_more_row_set (row, recipe);
  slope_more_row_apply (row, read);
  json = sl_recipe_to_json (recipe);
  read_json = sl_recipe_to_json (read);
  g_assert_cmpstr (read_json, ==, json);
  g_assert_true (sl_recipe_check (read, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (adw_expander_row_get_subtitle (ADW_EXPANDER_ROW (row)), ==,
                   "Weight decay 0.01, dropout 0.5, seed 7, mixup 0.4, best model kept, "
                   "stops early, rare classes repeated");
  g_assert_cmpuint (n, ==, 0); /* nobody changed anything */
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (find_child (widget, GTK_TYPE_SPIN_BUTTON)), 5);
  g_assert_cmpuint (n, ==, 1);
  slope_more_row_apply (row, read);
  g_assert_cmpuint (read->patience, ==, 5);
  g_assert_finalize_object (widget);
}

/* (nullable): the row that is called @title, where it is shown. */
static GtkWidget *
find_shown_row (GtkWidget *widget, const char *title)
{
  if (ADW_IS_PREFERENCES_ROW (widget) && gtk_widget_get_visible (widget)
      && g_str_equal (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)), title))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_shown_row (child, title);

      if (found != NULL)
        return found;
    }
  return NULL;
}

/* A part of each text: where labels of texts are learned, and there alone. */
static void
test_part_of_texts (void)
{
  GtkWidget *widget = g_object_ref_sink (slope_more_row_new ()), *part;
  SlopeMoreRow *row = SLOPE_MORE_ROW (widget);
  g_autoptr (SlRecipe) pictures = sl_recipe_new (), read = sl_recipe_new ();
  g_autoptr (SlRecipe) language = sl_recipe_new_for_texts (SL_LEARN_LANGUAGE, 100);
  g_autoptr (SlRecipe) labels = sl_recipe_new_for_texts (SL_LEARN_TASK, 100);

  slope_more_row_set (row, pictures);
  g_assert_null (find_shown_row (widget, "Part of a text"));
  slope_more_row_set (row, language);
  g_assert_null (find_shown_row (widget, "Part of a text"));
  slope_more_row_set (row, labels);
  part = find_shown_row (widget, "Part of a text");
  g_assert_nonnull (part);
  slope_more_row_apply (row, read);
  g_assert_cmpfloat (read->part, ==, 1);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (find_child (part, GTK_TYPE_SPIN_BUTTON)), 0.4);
  slope_more_row_apply (row, read);
  g_assert_cmpfloat (read->part, ==, 0.4);
  g_assert_cmpstr (adw_expander_row_get_subtitle (ADW_EXPANDER_ROW (row)), ==,
                   "Weight decay 0.01, dropout 0.5, seed 0, parts of texts");
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (find_child (part, GTK_TYPE_SPIN_BUTTON)), 0);
  slope_more_row_apply (row, read);
  g_assert_true (sl_recipe_check (read, NULL)); /* no less can be chosen than there may be */
  g_assert_finalize_object (widget);
}

static void
test_balance (void)
{
  GtkWidget *window = gtk_window_new (), *page = slope_train_page_new ();
  GtkWidget *panel = find_child (page, SLOPE_TYPE_RECIPE_PANEL);
  GtkWidget *more = find_child (panel, SLOPE_TYPE_MORE_ROW);

  present (window, page);
  g_assert_false (adw_expander_row_get_expanded (ADW_EXPANDER_ROW (more)));
  gtk_widget_activate_action (page, "train.weigh-classes", NULL);
  g_assert_cmpint (slope_recipe_panel_get_recipe (SLOPE_RECIPE_PANEL (panel))->balance, ==,
                   SL_BALANCE_WEIGHTS);
  g_assert_true (adw_expander_row_get_expanded (ADW_EXPANDER_ROW (more)));
  gtk_window_destroy (GTK_WINDOW (window));
}

/* What is typed is taken over when it is a rate, and only then. */
static void
test_rate_entry (void)
{
  GtkWidget *widget = g_object_ref_sink (slope_stage_row_new ());
  SlopeStageRow *row = SLOPE_STAGE_ROW (widget);
  g_autoptr (SlRecipe) recipe = sl_recipe_new (); /* one stage at 3e-3 */
  SlStage stage;
  GtkEditable *entry = GTK_EDITABLE (find_child (widget, GTK_TYPE_ENTRY));

  slope_stage_row_set (row, recipe, 0);
  g_assert_cmpstr (gtk_editable_get_text (entry), ==, "3e-3");
  gtk_editable_set_text (entry, "1e-5:3e-4");
  g_assert_true (slope_stage_row_commit (row));
  g_assert_cmpstr (gtk_editable_get_text (entry), ==, "1e-5 to 3e-4");
  slope_stage_row_get_stage (row, &stage);
  g_assert_cmpfloat (stage.lr_low, ==, 1e-5);
  g_assert_cmpfloat (stage.lr_high, ==, 3e-4);
  gtk_editable_set_text (entry, "fast");
  g_assert_false (slope_stage_row_commit (row));
  g_assert_true (gtk_widget_has_css_class (GTK_WIDGET (entry), "error"));
  slope_stage_row_get_stage (row, &stage);
  g_assert_cmpfloat (stage.lr_high, ==, 3e-4);
  gtk_editable_set_text (entry, "0.003");
  g_assert_true (slope_stage_row_commit (row));
  g_assert_false (gtk_widget_has_css_class (GTK_WIDGET (entry), "error"));
  g_assert_finalize_object (widget);
}

/* ---- A project */

static SlProject *
new_project (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "bears.slope", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (SlImport) import = sl_import_scan ("sample:bears", NULL, NULL, NULL, NULL, &error);
  SlProject *project;
  g_assert_no_error (error);
  project = sl_project_create (path, import, TRUE, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  return project;
}

static gboolean
delete_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;
  while (dir && (name = g_dir_read_name (dir)))
    {
      g_autofree char *child = g_build_filename (path, name, NULL);
      delete_tree (child);
    }
  return g_remove (path) == 0;
}

/* The recipe is remembered, and the page lets the project go. */
static void
test_project (void)
{
  g_autofree char *folder = g_dir_make_tmp ("slope-train-XXXXXX", NULL);
  SlProject *project = new_project (folder);
  GtkWidget *window = gtk_window_new (), *page = slope_train_page_new ();
  g_autoptr (SlRecipe) remembered = NULL;

  g_object_ref (page);
  slope_train_page_set_project (SLOPE_TRAIN_PAGE (page), project);
  present (window, page);
  gtk_widget_activate_action (page, "train.add-stage", NULL);
  slope_train_page_set_project (SLOPE_TRAIN_PAGE (page), NULL);
  remembered = sl_project_dup_recipe (project);
  g_assert_cmpuint (remembered->n_stages, ==, 2);
  gtk_window_destroy (GTK_WINDOW (window));
  g_assert_finalize_object (page);
  sl_project_close (project);
  g_object_unref (project);
  g_assert_true (delete_tree (folder));
}

/* ---- Advice: the rules are the engine's; here is what is said of them. */

static void
test_advice (void)
{
  const SlAdvice fall = { .kind = SL_ADVICE_MORE_EPOCHS,
                          .before = 1,
                          .after = 0.6,
                          .metric = 1,
                          .metric_before = 0.4,
                          .metric_after = 0.2 };
  SlAdvice advice = fall;
  g_autofree char *two = slope_advice_evidence (&advice, &sl_task_classify);
  g_autofree char *one = NULL, *first = NULL;
  g_assert_cmpstr (two, ==,
                   "Validation 1.000 → 0.600 in the last epoch; Error 40.0\u00A0% → 20.0\u00A0%.");
  advice.metric = -1;
  one = slope_advice_evidence (&advice, &sl_task_classify);
  g_assert_cmpstr (one, ==, "Validation 1.000 → 0.600 in the last epoch.");
  advice.before = NAN;
  advice.train = 0.7;
  first = slope_advice_evidence (&advice, &sl_task_classify);
  g_assert_cmpstr (first, ==, "After one epoch training is at 0.700, validation at 0.600.");
  for (SlAdviceKind kind = 0; kind < SL_N_ADVICES; kind++)
    {
      g_autofree char *text = NULL, *of_texts = NULL, *of_language = NULL;
      advice = fall;
      advice.kind = kind;
      of_texts = slope_advice_evidence (&advice, &sl_task_text);
      of_language = slope_advice_evidence (&advice, &sl_task_language);
      g_assert_null (strstr (of_texts, "augmentation"));
      g_assert_cmpint (strstr (of_texts, "language model") != NULL, ==,
                       kind == SL_ADVICE_OVERFITTING || kind == SL_ADVICE_RATE_TOO_LOW);
      g_assert_cmpint (strstr (of_language, "more dropout") != NULL, ==,
                       kind == SL_ADVICE_OVERFITTING);
      text = slope_advice_evidence (&advice, &sl_task_classify);
      g_assert_true (g_str_has_suffix (text, "."));
      g_assert_nonnull (strstr (text, kind == SL_ADVICE_RATE_TOO_HIGH ? "0.6" : "0.600"));
    }
}

/* The button of a note leaves the run's recipe in the panel, with its one change. */
static void
test_take_advice (void)
{
  g_autofree char *folder = g_dir_make_tmp ("slope-train-XXXXXX", NULL);
  SlProject *project = new_project (folder);
  GtkWidget *window = gtk_window_new (), *page = slope_train_page_new ();
  g_autoptr (SlRecipe) recipe = sl_recipe_new (), taken = NULL;
  g_autoptr (GError) error = NULL;
  gint64 id = 0;

  recipe->height = recipe->width = 32;
  recipe->batch = 16;
  recipe->stages[0].epochs = 1;
  recipe->stages[0].lr_low = recipe->stages[0].lr_high = 2e-3;
  sl_project_train (project, recipe, 0, NULL, &id, NULL, &error);
  g_assert_no_error (error);
  slope_train_page_set_project (SLOPE_TRAIN_PAGE (page), project);
  present (window, page);
  gtk_widget_activate_action (page, "train.take-advice", "(xuu)", id, SL_ACT_LOWER_RATE, 0);
  gtk_widget_activate_action (page, "train.take-advice", "(xuu)", id + 1, SL_ACT_KEEP_BEST, 0);
  slope_train_page_set_project (SLOPE_TRAIN_PAGE (page), NULL);
  taken = sl_project_dup_recipe (project);
  g_assert_cmpfloat_with_epsilon (taken->stages[0].lr_high, 2e-4, 1e-12);
  g_assert_cmpint (taken->height, ==, 32);
  g_assert_cmpint (taken->keep, ==, SL_KEEP_MODEL_LAST); /* there is no such run */
  gtk_window_destroy (GTK_WINDOW (window));
  sl_project_close (project);
  g_object_unref (project);
  g_assert_true (delete_tree (folder));
}

/* On from a run's weights: its head knows the classes, so that two stages are not suggested again. */
static void
test_continue (void)
{
  g_autofree char *folder = g_dir_make_tmp ("slope-train-XXXXXX", NULL);
  SlProject *project = new_project (folder);
  GtkWidget *window = gtk_window_new (), *page = slope_train_page_new ();
  SlopeRecipePanel *panel = SLOPE_RECIPE_PANEL (find_child (page, SLOPE_TYPE_RECIPE_PANEL));
  GtkWidget *suggestion = find_child (find_child (page, SLOPE_TYPE_STAGE_LIST), SLOPE_TYPE_NOTE);
  g_autoptr (SlRecipe) recipe = sl_recipe_new ();
  g_autoptr (GError) error = NULL;
  gint64 id = 0;

  recipe->height = recipe->width = 32;
  recipe->batch = 16;
  recipe->stages[0].epochs = 1;
  sl_project_train (project, recipe, 0, NULL, &id, NULL, &error);
  g_assert_no_error (error);
  slope_train_page_set_project (SLOPE_TRAIN_PAGE (page), project);
  present (window, page);
  g_assert_false (gtk_widget_get_visible (suggestion));
  g_free (recipe->pretrained);
  recipe->pretrained = g_strdup ("auto");
  slope_recipe_panel_set_recipe (panel, recipe);
  g_assert_true (gtk_widget_get_visible (suggestion));
  gtk_widget_activate_action (page, "train.continue-from", "x", id);
  g_assert_cmpint (slope_recipe_panel_get_from_run (panel), ==, id);
  g_assert_false (gtk_widget_get_visible (suggestion));
  slope_recipe_panel_set_from_run (panel, 0);
  slope_recipe_panel_set_recipe (panel, recipe);
  g_assert_true (gtk_widget_get_visible (suggestion));
  gtk_window_destroy (GTK_WINDOW (window));
  sl_project_close (project);
  g_object_unref (project);
  g_assert_true (delete_tree (folder));
}

/* ---- The finder, repeated */

static SlSweep *
sweep_at (SlProject *project, guint index)
{
  g_autoptr (SlSweep) sweep = g_list_model_get_item (sl_project_get_sweeps (project), index);
  return sweep; /* the project keeps it */
}

static void
wait_for_no_job (SlProject *project)
{
  while (sl_project_get_job (project) != SL_JOB_NONE)
    g_main_context_iteration (NULL, TRUE);
}

/* Three sweeps of the open stage, each with the next seed; where one is stopped, the others do not come. */
static void
test_repeat (void)
{
  g_autofree char *folder = g_dir_make_tmp ("slope-train-XXXXXX", NULL);
  SlProject *project = new_project (folder);
  GtkWidget *window = gtk_window_new (), *page = slope_train_page_new ();
  SlopeRecipePanel *panel = SLOPE_RECIPE_PANEL (find_child (page, SLOPE_TYPE_RECIPE_PANEL));
  g_autoptr (SlRecipe) recipe = sl_recipe_new ();
  guint n_stopped;

  g_free (recipe->arch);
  recipe->arch = g_strdup ("squeezenet1-1"); /* the lightest */
  recipe->height = recipe->width = 32;
  recipe->batch = 4;
  recipe->seed = 7;
  slope_train_page_set_project (SLOPE_TRAIN_PAGE (page), project);
  slope_recipe_panel_set_recipe (panel, recipe);
  slope_recipe_panel_add_stage (panel); /* and opens it */
  present (window, page);
  gtk_widget_activate_action (page, "train.repeat-rate", NULL);
  sl_project_stop (project);
  wait_for_no_job (project);
  n_stopped = g_list_model_get_n_items (sl_project_get_sweeps (project));
  g_assert_cmpuint (n_stopped, <=, 1); /* what was measured of it, if anything */
  gtk_widget_activate_action (page, "train.repeat-rate", NULL);
  g_assert_cmpint (sl_project_get_job (project), ==, SL_JOB_LR_FIND);
  wait_for_no_job (project);
  g_assert_cmpuint (g_list_model_get_n_items (sl_project_get_sweeps (project)), ==, n_stopped + 3);
  for (guint i = 0; i < 3; i++) /* newest first */
    {
      g_assert_cmpuint (sl_sweep_get_seed (sweep_at (project, i)), ==, 9 - i);
      g_assert_cmpuint (sl_sweep_get_stage (sweep_at (project, i)), ==, 1);
    }
  g_assert_cmpuint (slope_recipe_panel_get_recipe (panel)->seed, ==, 7);
  gtk_window_destroy (GTK_WINDOW (window));
  sl_project_close (project);
  g_object_unref (project);
  g_assert_true (delete_tree (folder));
}

static void
test_when (void)
{
  static const struct
  {
    gint64 ago;
    const char *text;
  } cases[] = { { -5, "just now" },         { 59, "just now" },      { 60, "1 minute ago" },
                { 240, "4 minutes ago" },   { 7200, "2 hours ago" }, { 86400, "yesterday" },
                { 3 * 86400, "3 days ago" } };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = slope_format_when_at (1700000000 - cases[i].ago, 1700000000);
      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  g_resources_register (slope_ui_get_resource ());
  g_test_add_func ("/train-page/new", test_new);
  g_test_add_func ("/train-page/without-project", test_without_project);
  g_test_add_func ("/train-page/panel", test_panel);
  g_test_add_func ("/train-page/more", test_more);
  g_test_add_func ("/train-page/part-of-texts", test_part_of_texts);
  g_test_add_func ("/train-page/balance", test_balance);
  g_test_add_func ("/train-page/rate-entry", test_rate_entry);
  g_test_add_func ("/train-page/project", test_project);
  g_test_add_func ("/train-page/advice", test_advice);
  g_test_add_func ("/train-page/take-advice", test_take_advice);
  g_test_add_func ("/train-page/continue", test_continue);
  g_test_add_func ("/train-page/repeat", test_repeat);
  g_test_add_func ("/train-page/when", test_when);
  return g_test_run ();
}
