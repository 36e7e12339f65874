/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What sweeps suggest: the rows that take a rate, and which sweeps belong together. */
#include "project-fixture.h"
#include "ui-test.h"

#include "slope-guide-list.h"
#include "slope-sweeps.h"

/* ---- The rows */

typedef struct
{
  guint n;
  double low, high;
} Taken;

static void
taken_cb (Taken *taken, double low, double high)
{
  taken->n++;
  taken->low = low;
  taken->high = high;
}

static gboolean
is_shown_toggle (GtkWidget *widget, gconstpointer label)
{
  return GTK_IS_TOGGLE_BUTTON (widget) && gtk_widget_is_visible (widget)
         && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), label) == 0;
}

static GtkToggleButton *
button (GtkWidget *list, const char *rate)
{
  GtkWidget *found = ui_test_find (list, is_shown_toggle, rate);

  return found != NULL ? GTK_TOGGLE_BUTTON (found) : NULL;
}

static void
test_rows (void)
{
  const SlGuide guides[] = { { .kind = SL_GUIDE_SLICE_TENTH, .low = 1e-5, .high = 3e-4 },
                             { .kind = SL_GUIDE_STEEPEST, .low = 3e-3, .high = 3e-3 } };
  GtkWidget *list = g_object_ref_sink (slope_guide_list_new ());
  GtkToggleButton *slice, *steepest;
  Taken taken = { 0 };

  g_signal_connect_swapped (list, "taken", G_CALLBACK (taken_cb), &taken);
  slope_guide_list_set (SLOPE_GUIDE_LIST (list), guides, 2, 3e-3, 3e-3);
  slice = button (list, "1e-5 to 3e-4");
  steepest = button (list, "3e-3");
  g_assert_true (slice != NULL && steepest != NULL);
  /* The stage has this rate already. */
  g_assert_true (gtk_toggle_button_get_active (steepest));
  g_assert_false (gtk_toggle_button_get_active (slice));
  ui_test_assert_named (list);

  g_signal_emit_by_name (slice, "clicked");
  g_assert_cmpuint (taken.n, ==, 1);
  g_assert_cmpfloat (taken.low, ==, 1e-5);
  g_assert_cmpfloat (taken.high, ==, 3e-4);
  g_assert_true (gtk_toggle_button_get_active (slice));

  /* Another curve suggests less, and one without a fall nothing. */
  slope_guide_list_set (SLOPE_GUIDE_LIST (list), guides + 1, 1, 1e-2, 1e-2);
  g_assert_null (button (list, "1e-5 to 3e-4"));
  g_assert_false (gtk_toggle_button_get_active (button (list, "3e-3")));
  slope_guide_list_set (SLOPE_GUIDE_LIST (list), NULL, 0, 1e-2, 1e-2);
  g_assert_false (gtk_widget_get_visible (list));
  g_assert_finalize_object (list);
}

/* ---- Which sweeps belong together */

/* Oldest first: one of the whole network, then the frozen first stage with three seeds, then its
 * seed 5 once more, and last the second stage. */
static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL, *file = NULL;
  sqlite3 *db;

  fixture_set_up (self, GINT_TO_POINTER (FIXTURE_NEW));
  path = g_strdup (sl_project_get_path (self->project));
  file = g_build_filename (path, "project.db", NULL);
  sl_project_close (self->project);
  g_object_unref (self->project);
  g_assert_cmpint (sqlite3_open (file, &db), ==, SQLITE_OK);
  fixture_run_sql (db, "INSERT INTO sweep (id, started, stage, freeze_to, seed, from_run) VALUES"
                       " (1, 100, 0, 0, 5, 0), (2, 101, 0, 2, 5, 0), (3, 102, 0, 2, 6, 0),"
                       " (4, 103, 0, 2, 7, 0), (5, 104, 0, 2, 5, 0), (6, 105, 1, 0, 5, 1)");
  sqlite3_close (db);
  self->project = sl_project_open (path, &error);
  g_assert_no_error (error);
}

static SlSweep *
sweep (Fixture *self, gint64 id)
{
  GListModel *sweeps = sl_project_get_sweeps (self->project);

  for (guint i = 0; i < g_list_model_get_n_items (sweeps); i++)
    {
      g_autoptr (SlSweep) found = g_list_model_get_item (sweeps, i);

      if (sl_sweep_get_id (found) == id)
        return found;
    }
  g_error ("no sweep %" G_GINT64_FORMAT, id);
}

static void
test_repeats (Fixture *self, gconstpointer data)
{
  GListModel *sweeps = sl_project_get_sweeps (self->project);
  SlSweep *repeats[SLOPE_MAX_REPEATS];

  g_assert_cmpuint (g_list_model_get_n_items (sweeps), ==, 6);
  /* Of the second: two with other seeds came after it, and the fourth repeats none of them. */
  g_assert_cmpuint (slope_sweeps_find_repeats (sweeps, sweep (self, 2), repeats), ==, 3);
  g_assert_true (repeats[0] == sweep (self, 2));
  /* The whole network's stands alone, and so does the other stage's. */
  g_assert_cmpuint (slope_sweeps_find_repeats (sweeps, sweep (self, 1), repeats), ==, 1);
  g_assert_cmpuint (slope_sweeps_find_repeats (sweeps, sweep (self, 6), repeats), ==, 1);
}

static void
test_current (Fixture *self, gconstpointer data)
{
  GListModel *sweeps = sl_project_get_sweeps (self->project);
  SlSweep *current = slope_sweeps_find_current (sweeps, 1);
  SlSweep *other;

  g_assert_true (current == sweep (self, 6));
  other = slope_sweeps_find_counterpart (sweeps, current);
  g_assert_cmpuint (sl_sweep_get_freeze_to (other), ==, 2);
  current = slope_sweeps_find_current (sweeps, 0);
  g_assert_cmpuint (sl_sweep_get_stage (current), ==, 0);
  g_assert_cmpuint (sl_sweep_get_seed (current), ==, 5); /* of repeated ones the first */
  /* A stage that has none shows what there is. */
  g_assert_true (slope_sweeps_find_current (sweeps, 7) == sweep (self, 6));
}

/* Curves without points fall nowhere: said so, and no agreement. */
static void
test_spread (Fixture *self, gconstpointer data)
{
  SlSweep *repeats[] = { sweep (self, 2), sweep (self, 3), sweep (self, 4) };
  gboolean agrees = TRUE;
  g_autofree char *text = slope_sweeps_describe_spread (repeats, 3, &agrees);

  g_assert_cmpstr (text, ==, "None of 3 seeds shows a clear fall.");
  g_assert_false (agrees);
}

int
main (int argc, char **argv)
{
  ui_test_init (&argc, &argv);
  g_test_add_func ("/ui/guide-list/rows", test_rows);
  g_test_add ("/ui/sweeps/repeats", Fixture, NULL, set_up, test_repeats, fixture_tear_down);
  g_test_add ("/ui/sweeps/current", Fixture, NULL, set_up, test_current, fixture_tear_down);
  g_test_add ("/ui/sweeps/spread", Fixture, NULL, set_up, test_spread, fixture_tear_down);
  return g_test_run ();
}
