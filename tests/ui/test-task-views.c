/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Every kind of problem has a view, and every page shows a project of every kind. */

#include "project-fixture.h"
#include "ui-test.h"

#include "slope-clean-page-private.h"
#include "slope-data-page.h"
#include "slope-item-panel.h"
#include "slope-predict-page.h"
#include "slope-prediction-row.h"
#include "slope-recent-row.h"
#include "task-views/slope-task-view.h"

#include <math.h>

typedef struct
{
  Fixture fixture;
  GtkWidget *window;
  const SlopeTaskView *view;
  const char *const *classes;
} Kind;

static void
kind_set_up (Kind *self, gconstpointer kind)
{
  fixture_set_up_kind (&self->fixture, kind);
  self->view = slope_task_view_for (sl_project_get_task (self->fixture.project));
  self->classes = sl_project_get_classes (self->fixture.project);
  self->window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (self->window), 1000, 700);
}

static void
kind_tear_down (Kind *self, gconstpointer kind)
{
  ui_test_destroy (self->window);
  fixture_tear_down (&self->fixture, kind);
}

static void
show (Kind *self, GtkWidget *widget)
{
  gtk_window_set_child (GTK_WINDOW (self->window), widget);
  gtk_window_present (GTK_WINDOW (self->window));
  ui_test_wait_for_frame (widget);
  ui_test_assert_named (widget);
}

static SlItem * /* (transfer none) */
item_at (Kind *self, guint position)
{
  g_autoptr (SlItem)
      item = g_list_model_get_item (sl_project_get_items (self->fixture.project), position);

  return item;
}

static void
test_all (void)
{
  for (const SlTask *const *task = sl_task_all (); *task != NULL; task++)
    {
      const SlopeTaskView *view = slope_task_view_for (*task);

      g_assert_nonnull (view);
      g_assert_cmpstr (view->task, ==, (*task)->id);
      g_assert_true (view->say_target != NULL && view->say_answer != NULL);
      g_assert_true (view->caption_new != NULL && view->caption_set != NULL);
      g_assert_true ((view->answer_new != NULL) == (view->answer_set != NULL));
    }
}

/* Words of targets and answers, by kind and target. */
static void
test_words (Kind *self, gconstpointer data)
{
  static const struct
  {
    const char *task, *targets[3], *answer;
  } expected[] = {
    { "multilabel", { "clear, road", "water", "none" }, "clear, water" },
    { "segment", { "mask 0.png", "mask 1.png", "mask 2.png" }, "sky, road" },
    { "points", { "3 points", "2 of 3 points", "3 points" }, "3 points" },
    { "numbers",
      { "pitch 12.5, roll −3.4, yaw 0", "pitch 1, roll 2, yaw 3", "pitch 1, roll –, yaw 3" },
      "pitch 11.9, roll −3.25, yaw 0.5" },
  };
  const FixtureKind *kind = data;
  g_autofree char *answer = slope_task_view_say (self->view, self->classes, kind->predicted);
  guint k = 0;

  while (!g_str_equal (expected[k].task, kind->task))
    g_assert_cmpuint (++k, <, G_N_ELEMENTS (expected));
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *words = self->view->say_target (self->classes, kind->targets[i]);

      g_assert_cmpstr (words, ==, expected[k].targets[i]);
    }
  g_assert_cmpstr (answer, ==, expected[k].answer);
}

static void
test_describe (Kind *self, gconstpointer data)
{
  const FixtureKind *kind = data;
  SlItem *item = item_at (self, 0);
  g_autofree char *target = self->view->say_target (self->classes, kind->targets[0]);
  g_autofree char *answer = self->view->say_answer (self->classes, kind->predicted);
  g_autofree char *plain = slope_task_view_describe (self->view, self->classes, item,
                                                     SLOPE_CAPTION_LABEL);
  g_autofree char *review = slope_task_view_describe (self->view, self->classes, item,
                                                      SLOPE_CAPTION_REVIEW);
  g_autofree char *label = g_strdup_printf ("label %s", target);
  g_autofree char *both = answer != NULL ? g_strdup_printf ("label %s, model says %s, loss 0.10",
                                                            target, answer)
                                         : g_strdup_printf ("label %s, loss 0.10", target);

  g_assert_cmpstr (plain, ==, label);
  g_assert_cmpstr (review, ==, both);
}

static void
test_data_page (Kind *self, gconstpointer data)
{
  const SlTask *task = sl_project_get_task (self->fixture.project);
  GtkWidget *page = slope_data_page_new ();

  slope_data_page_set_project (SLOPE_DATA_PAGE (page), self->fixture.project);
  show (self, page);
  g_assert_cmpint (ui_test_find (ui_test_find_type (page, "SlopeDataFilters"), ui_test_has_text,
                                 self->classes[0])
                       != NULL,
                   ==, task->has_classes);
}

static void
test_item_panel (Kind *self, gconstpointer data)
{
  const FixtureKind *kind = data;
  GtkWidget *panel = slope_item_panel_new ();
  g_autoptr (GPtrArray) items = g_ptr_array_new ();
  g_autofree char *words = self->view->say_target (self->classes, kind->targets[0]);

  g_ptr_array_add (items, item_at (self, 0));
  slope_item_panel_set_project (SLOPE_ITEM_PANEL (panel), self->fixture.project);
  slope_item_panel_set_items (SLOPE_ITEM_PANEL (panel), items);
  show (self, panel);
  g_assert_nonnull (ui_test_find (panel, ui_test_has_text, words));
}

/* Worst first, with the words of the target; keys and buttons as far as the kind has them. */
static void
test_clean_page (Kind *self, gconstpointer data)
{
  SlopeCleanPage *page = SLOPE_CLEAN_PAGE (slope_clean_page_new ());
  GtkWidget *matrix;

  slope_clean_page_set_project (page, self->fixture.project);
  show (self, GTK_WIDGET (page));
  ui_test_wait_for (page->fill_id == 0 && page->refresh_id == 0);
  ui_test_wait_for_frame (GTK_WIDGET (page)); /* with tiles */
  g_assert_cmpstr (gtk_stack_get_visible_child_name (page->stack), ==, "grid");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (page->list)), ==, FIXTURE_N);
  g_assert_cmpint (gtk_widget_get_visible (GTK_WIDGET (page->relabel)), ==,
                   self->view->chooser_new != NULL);
  matrix = ui_test_find_type (GTK_WIDGET (page->panel), "SlopeConfusionMatrix");
  g_assert_false (gtk_widget_get_mapped (matrix));
  g_assert_nonnull (
      ui_test_find (GTK_WIDGET (page->grid), ui_test_has_text,
                    ((const FixtureKind *)data)->sure ? "Loss 1.20 · 25.0\u00A0%" : "Loss 1.20"));
  gtk_selection_model_select_item (GTK_SELECTION_MODEL (page->selection), 0, TRUE);
  gtk_widget_activate_action (GTK_WIDGET (page), "clean.relabel-digit", "u", 1);
  gtk_widget_activate_action (GTK_WIDGET (page), "clean.keep", NULL);
  g_assert_true (sl_item_get_kept (item_at (self, FIXTURE_N - 1)));
}

static void
test_predict_page (Kind *self, gconstpointer data)
{
  GtkWidget *page = slope_predict_page_new ();

  slope_predict_page_set_project (SLOPE_PREDICT_PAGE (page), self->fixture.project);
  show (self, page);
}

static void
test_recent_row (Kind *self, gconstpointer data)
{
  GtkWidget *list = gtk_list_box_new ();
  const SlTask *task = sl_project_get_task (self->fixture.project);
  g_autofree char *text = task->has_classes
                              ? g_strdup_printf ("%s, 3 classes, 12 pictures", task->label)
                              : g_strdup_printf ("%s, 12 pictures", task->label);

  gtk_list_box_append (GTK_LIST_BOX (list),
                       slope_recent_row_new (sl_project_get_path (self->fixture.project)));
  show (self, list);
  ui_test_wait_for (ui_test_find (list, ui_test_has_text, text) != NULL);
}

/* What is not known is no number, in the table and in the file. */
static void
test_unsure_row (void)
{
  g_autoptr (GListStore) rows = g_list_store_new (SLOPE_TYPE_PREDICTION_ROW);
  g_autoptr (SlopePredictionRow)
      row = slope_prediction_row_new ("/a/1.png", "1.png", "1 2", "pitch 1, roll 2", NAN);
  g_autofree char *csv = NULL;

  g_list_store_append (rows, row);
  g_assert_cmpfloat (slope_prediction_row_get_sure (row), <, 0.);
  csv = slope_prediction_rows_to_csv (G_LIST_MODEL (rows));
  g_assert_cmpstr (csv, ==, "file,prediction,probability,error\n1.png,1 2,,\n");
}

static void
add (const char *page, void (*test) (Kind *, gconstpointer))
{
  for (gsize i = 0; i < G_N_ELEMENTS (fixture_kinds); i++)
    {
      g_autofree char *path = g_strdup_printf ("/ui/task-views/%s/%s", page, fixture_kinds[i].task);

      g_test_add (path, Kind, &fixture_kinds[i], kind_set_up, test, kind_tear_down);
    }
}

/* Units of a table's headings come behind each number. */
static void
test_units (void)
{
  static const char *const classes[] = { "roll (°)", "length [mm]", "n", NULL };
  g_autofree char *words = slope_numbers_view.say_target (classes, "12.5 -3 7");
  g_autofree char *answer = slope_numbers_view.say_answer (classes, "-83.1997 15.6128 1234.56");
  g_autofree char *small = slope_numbers_view.say_answer (classes, "0.123456 -1.23456 0");
  g_autofree char *unknown = slope_numbers_view.say_target (classes, "- 3 7");

  g_assert_cmpstr (words, ==, "roll 12.5°, length −3\u202fmm, n 7");
  g_assert_cmpstr (answer, ==, "roll −83.2°, length 15.6\u202fmm, n 1235");
  g_assert_cmpstr (small, ==, "roll 0.123°, length −1.23\u202fmm, n 0");
  g_assert_cmpstr (unknown, ==, "roll –, length 3\u202fmm, n 7");
}

int
main (int argc, char **argv)
{
  ui_test_init (&argc, &argv);
  g_test_add_func ("/ui/task-views/all", test_all);
  g_test_add_func ("/ui/task-views/unsure-row", test_unsure_row);
  g_test_add_func ("/ui/task-views/units", test_units);
  add ("words", test_words);
  add ("describe", test_describe);
  add ("data-page", test_data_page);
  add ("item-panel", test_item_panel);
  add ("clean-page", test_clean_page);
  add ("predict-page", test_predict_page);
  add ("recent-row", test_recent_row);
  return g_test_run ();
}
