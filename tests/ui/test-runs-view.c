/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of runs, their comparison, and the table of epochs. */
#include "project-fixture.h"
#include "ui-test.h"

#include "plot/slope-compare-plot.h"
#include "slope-epoch-table.h"
#include "slope-runs-compare.h"
#include "slope-runs-diff.h"
#include "slope-runs-view.h"

#include <math.h>

/* ---- What differs */

static const SlopeDiffRow *
find_row (GPtrArray *rows, const char *label)
{
  for (guint i = 0; i < rows->len; i++)
    {
      const SlopeDiffRow *row = g_ptr_array_index (rows, i);
      if (g_str_equal (row->label, label))
        return row;
    }
  return NULL;
}

static void
assert_row (GPtrArray *rows, const char *label, const char *a, const char *b)
{
  const SlopeDiffRow *row = find_row (rows, label);
  if (!row)
    g_error ("no row “%s”", label);
  g_assert_cmpstr (row->values[0], ==, a);
  g_assert_cmpstr (row->values[1], ==, b);
  g_assert_null (row->values[2]);
}

static void
test_recipes (void)
{
  g_autoptr (SlRecipe) a = sl_recipe_new (), b = sl_recipe_new ();
  const SlRecipe *both[] = { a, b };
  g_autoptr (GPtrArray) none = slope_recipes_diff (both, 2), rows = NULL;

  g_assert_cmpuint (none->len, ==, 0);
  b->threads = 7; /* does not change the result */
  b->mixup = 0.4;
  b->balance = SL_BALANCE_WEIGHTS;
  b->patience = 2;
  b->height = b->width = 224;
  b->stages[0].epochs = 2;
  b->stages[1] = b->stages[0];
  b->stages[1].lr_low = 1e-5;
  b->stages[1].lr_high = 3e-4;
  b->n_stages = 2;
  rows = slope_recipes_diff (both, 2);
  g_assert_cmpuint (rows->len, ==, 6);
  assert_row (rows, "Mixup", "None", "0.4");
  assert_row (rows, "Unequal classes", "As they are", "Weigh rare ones");
  assert_row (rows, "Stop early", "Never", "After 2 epochs");
  assert_row (rows, "Picture size", "128 px", "224 px");
  assert_row (rows, "Stage 1", "Whole network, 4 epochs at 3e-3",
              "Whole network, 2 epochs at 3e-3");
  assert_row (rows, "Stage 2", "–", "Whole network, 2 epochs at 1e-5 to 3e-4");
}

/* ---- Two runs: that of the fixture, and a better one with mixup, trained on the pictures as they are. */

static void
add_run (Fixture *fixture)
{
  g_autoptr (SlRecipe) recipe = sl_recipe_new ();
  g_autofree char *path = g_strdup (sl_project_get_path (fixture->project));
  g_autofree char *file = g_build_filename (path, "project.db", NULL);
  g_autofree char *fingerprint = sl_project_dup_fingerprint (fixture->project);
  g_autofree char *json = NULL;
  g_autoptr (GError) error = NULL;
  sqlite3 *db;
  char *sql;

  recipe->mixup = 0.4;
  json = sl_recipe_to_json (recipe);
  sql = sqlite3_mprintf ("INSERT INTO run (id, state, recipe, started, from_run, steps_per_epoch,"
                         " batch, peak_bytes, last_change, fingerprint)"
                         " VALUES (2, 1, %Q, 1700000100, 1, 3, 4, 1000000, 0, %Q);"
                         "INSERT INTO epoch (run, epoch, stage, step, train_loss, valid_loss,"
                         " m0, m1, seconds) VALUES (2, 1, 0, 3, 0.5, 0.5, 0.75, 0.25, 2),"
                         " (2, 2, 0, 6, 0.4, 0.3, 1.0, 0.0, 3);",
                         json, fingerprint);
  sl_project_close (fixture->project);
  g_object_unref (fixture->project);
  g_assert_cmpint (sqlite3_open (file, &db), ==, SQLITE_OK);
  fixture_run_sql (db, sql);
  sqlite3_free (sql);
  sqlite3_close (db);
  fixture->project = sl_project_open (path, &error);
  g_assert_no_error (error);
}

static void
test_runs (Fixture *fixture, gconstpointer data)
{
  g_autofree char *fingerprint = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  SlRun *runs[2];

  add_run (fixture);
  fingerprint = sl_project_dup_fingerprint (fixture->project);
  for (guint i = 0; i < 2; i++)
    runs[i] = g_list_model_get_item (sl_project_get_runs (fixture->project), i);
  g_assert_cmpint (sl_run_get_id (runs[0]), ==, 2);
  rows = slope_runs_diff (runs, 2, &sl_task_classify, fingerprint);
  assert_row (rows, "Validation loss", "0.300", "0.600");
  g_assert_cmpint (find_row (rows, "Validation loss")->best, ==, 0);
  assert_row (rows, "Epoch kept", "2 of 2", "1 of 1");
  assert_row (rows, "Time", "0:05", "0:02");
  assert_row (rows, "Pictures", "As they are now", "Not known");
  assert_row (rows, "Goes on from", "Run 1", "–");
  assert_row (rows, "Mixup", "0.4", "None");
  g_assert_null (find_row (rows, "Dropout"));
  for (guint i = 0; i < 2; i++)
    g_object_unref (runs[i]);
}

/* ---- The view */

static gboolean
is_labelled (GtkWidget *widget, gconstpointer label)
{
  return GTK_IS_BUTTON (widget)
         && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), label) == 0;
}

static gboolean
is_check (GtkWidget *widget, gconstpointer data)
{
  return GTK_IS_CHECK_BUTTON (widget) && !gtk_check_button_get_active (GTK_CHECK_BUTTON (widget));
}

static void
test_compare (Fixture *fixture, gconstpointer data)
{
  GtkWidget *window = gtk_window_new (), *view = slope_runs_view_new (), *button, *plot, *compare;
  g_autoptr (GError) error = NULL;
  gsize n = 0;

  add_run (fixture);
  gtk_window_set_default_size (GTK_WINDOW (window), 900, 700);
  gtk_window_set_child (GTK_WINDOW (window), view);
  gtk_window_present (GTK_WINDOW (window));
  slope_runs_view_set_project (SLOPE_RUNS_VIEW (view), fixture->project);
  ui_test_wait_for_frame (view);
  button = ui_test_find (view, is_labelled, "Compare");
  g_assert_false (gtk_widget_get_sensitive (button));
  for (int i = 0; i < 2; i++)
    gtk_check_button_set_active (GTK_CHECK_BUTTON (ui_test_find (view, is_check, NULL)), TRUE);
  slope_runs_view_get_compared (SLOPE_RUNS_VIEW (view), &n);
  g_assert_cmpuint (n, ==, 2);
  g_assert_true (gtk_widget_get_sensitive (button));
  g_signal_emit_by_name (button, "clicked");
  compare = ui_test_find_type (view, "SlopeRunsCompare");
  ui_test_wait_for (gtk_widget_get_mapped (compare));
  plot = ui_test_find_type (compare, "SlopeComparePlot");
  g_assert_cmpstr (slope_plot_get_description (SLOPE_PLOT (plot)), ==,
                   "Run 2 from 0.5 to 0.3; Run 1 from 0.6 to 0.6");
  g_assert_nonnull (ui_test_find (compare, ui_test_has_text, "Mixup"));
  ui_test_assert_named (compare);

  /* The error of the task instead, in percent. */
  gtk_drop_down_set_selected (GTK_DROP_DOWN (ui_test_find_type (compare, "GtkDropDown")), 2);
  g_assert_cmpstr (slope_plot_get_description (SLOPE_PLOT (plot)), ==,
                   "Run 2 from 25 to 0; Run 1 from 25 to 25");

  /* One alone is not compared. */
  g_assert_true (sl_project_delete_run (fixture->project, 1, &error));
  g_assert_no_error (error);
  ui_test_wait_for (!gtk_widget_get_mapped (compare));
  slope_runs_view_get_compared (SLOPE_RUNS_VIEW (view), &n);
  g_assert_cmpuint (n, ==, 1);
  g_object_ref (view);
  ui_test_destroy (window);
  ui_test_finalize (view);
}

/* ---- Epochs */

static gboolean
is_star (GtkWidget *widget, gconstpointer data)
{
  return GTK_IS_IMAGE (widget)
         && g_strcmp0 (gtk_image_get_icon_name (GTK_IMAGE (widget)), "starred-symbolic") == 0;
}

static void
test_epochs (void)
{
  GtkWidget *widget = g_object_ref_sink (slope_epoch_table_new ()), *star;
  SlopeEpochTable *table = SLOPE_EPOCH_TABLE (widget);
  g_autoptr (SlRecipe) recipe = sl_recipe_new ();
  SlEpochRecord epochs[3] = { 0 };

  recipe->stages[0].epochs = 2;
  recipe->stages[0].freeze_to = sl_arch_find (recipe->arch)->n_groups;
  recipe->stages[1] = recipe->stages[0];
  recipe->stages[1].freeze_to = 0;
  for (guint i = 0; i < 3; i++)
    epochs[i] = (SlEpochRecord){
      .epoch = i + 1, .stage = i / 2, .train_loss = 0.5, .valid_loss = 0.4, .train_eval_loss = NAN
    };
  slope_epoch_table_set (table, &sl_task_classify, recipe, epochs, 3, 0, NAN);
  g_assert_null (ui_test_find (widget, ui_test_has_text, "Stage 1, head only"));
  g_assert_null (ui_test_find (widget, ui_test_has_text, "Evaluated"));
  g_assert_null (ui_test_find (widget, is_star, NULL));

  recipe->n_stages = 2;
  epochs[1].train_eval_loss = 0.321;
  slope_epoch_table_set (table, &sl_task_classify, recipe, epochs, 3, 2, NAN);
  g_assert_nonnull (ui_test_find (widget, ui_test_has_text, "Stage 1, head only"));
  g_assert_nonnull (ui_test_find (widget, ui_test_has_text, "Stage 2, whole network"));
  g_assert_nonnull (ui_test_find (widget, ui_test_has_text, "Evaluated"));
  g_assert_nonnull (ui_test_find (widget, ui_test_has_text, "0.321"));
  star = ui_test_find (widget, is_star, NULL);
  g_assert_nonnull (ui_test_find (gtk_widget_get_parent (star), ui_test_has_text, "2"));

  /* The first epoch of the second stage is under way. */
  slope_epoch_table_set (table, &sl_task_classify, recipe, epochs, 2, 2, 0.45);
  g_assert_nonnull (ui_test_find (widget, ui_test_has_text, "Stage 2, whole network"));
  g_assert_nonnull (ui_test_find (widget, ui_test_has_text, "3 of 4"));
  g_assert_finalize_object (widget);
}

int
main (int argc, char **argv)
{
  ui_test_init (&argc, &argv);
  g_test_add_func ("/ui/runs-view/recipes", test_recipes);
  g_test_add_func ("/ui/runs-view/epochs", test_epochs);
  g_test_add ("/ui/runs-view/runs", Fixture, GINT_TO_POINTER (FIXTURE_TRAINED), fixture_set_up,
              test_runs, fixture_tear_down);
  g_test_add ("/ui/runs-view/compare", Fixture, GINT_TO_POINTER (FIXTURE_TRAINED), fixture_set_up,
              test_compare, fixture_tear_down);
  return g_test_run ();
}
