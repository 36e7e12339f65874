/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What one answer for all pictures reaches, under the runs. */
#include "project-fixture.h"
#include "slope-baseline-row.h"
#include "slope-colors.h"
#include "ui-test.h"

static gboolean
has_text (GtkWidget *widget, gconstpointer data)
{
  return GTK_IS_LABEL (widget) && g_str_equal (gtk_label_get_label (GTK_LABEL (widget)), data);
}

static void
test_shown (void)
{
  Fixture fixture;
  GtkWidget *row = slope_baseline_row_new ();
  double metrics[SL_MAX_METRICS];
  g_autofree char *expected = NULL;

  fixture_set_up (&fixture, GINT_TO_POINTER (FIXTURE_NEW));
  g_assert_true (sl_project_baseline (fixture.project, NULL, metrics));
  g_assert_cmpfloat (metrics[1], >, 0); /* three classes: no answer fits all */
  expected = slope_format_metric ("error_rate", metrics[1]);
  g_assert_false (gtk_widget_get_visible (row));
  slope_baseline_row_update (SLOPE_BASELINE_ROW (row), fixture.project, NULL);
  slope_baseline_row_update (SLOPE_BASELINE_ROW (row), fixture.project, NULL);
  ui_test_wait_for (gtk_widget_get_visible (row));
  g_assert_nonnull (ui_test_find (row, has_text, expected));
  g_object_unref (row);
  fixture_tear_down (&fixture, NULL);
}

/* Nobody waits for the answer: it must not touch what is gone. */
static void
test_gone (void)
{
  Fixture fixture;
  GtkWidget *row = slope_baseline_row_new ();
  gpointer watched = row;

  fixture_set_up (&fixture, GINT_TO_POINTER (FIXTURE_NEW));
  g_object_add_weak_pointer (G_OBJECT (row), &watched);
  slope_baseline_row_update (SLOPE_BASELINE_ROW (row), fixture.project, NULL);
  g_object_run_dispose (G_OBJECT (row));
  g_object_unref (row);
  ui_test_wait_for (watched == NULL);
  fixture_tear_down (&fixture, NULL);
}

int
main (int argc, char **argv)
{
  ui_test_init (&argc, &argv);
  g_test_add_func ("/baseline-row/shown", test_shown);
  g_test_add_func ("/baseline-row/gone", test_gone);
  return g_test_run ();
}
