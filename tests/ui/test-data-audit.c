/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project-fixture.h"
#include "ui-test.h"

#include "slope-data-audit.h"
#include "slope-data-page.h"
#include "slope-pair.h"
#include "slope-pairs-view.h"

#include <math.h>

#define ALIKE "1 validation picture looks like one in training"
#define DIFFER "2 pictures look like one with another label"

typedef struct
{
  GtkWidget *window, *page;
  SlItem *one, *two; /* alike: validated and trained on */
} Shown;

/* A drawing in place of one of the fixture's single colours, which are like nothing. */
static void
draw (SlItem *item, guint light)
{
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, 64, 64);
  guint8 *pixels = gdk_pixbuf_get_pixels (pixbuf);
  const int stride = gdk_pixbuf_get_rowstride (pixbuf);
  g_autoptr (GError) error = NULL;

  for (int y = 0; y < 64; y++)
    for (int x = 0; x < 64; x++)
      for (int c = 0; c < 3; c++)
        pixels[y * stride + 3 * x + c] = (guint8)(light + 90
                                                  + 80 * sin (x * .2 + y * .05) * cos (y * .13));
  gdk_pixbuf_save (pixbuf, sl_item_get_path (item), "png", &error, NULL);
  g_assert_no_error (error);
}

static Shown
show (Fixture *fixture)
{
  Shown shown = { .one = fixture_item (fixture, "black/0.png"),
                  .two = fixture_item (fixture, "grizzly/1.png") };
  gint64 ids[FIXTURE_N];
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < FIXTURE_N; i++)
    {
      g_autoptr (SlItem) item = g_list_model_get_item (sl_project_get_items (fixture->project), i);

      ids[i] = sl_item_get_id (item);
    }
  sl_project_set_item_split (fixture->project, ids, FIXTURE_N, SL_SPLIT_TRAIN, &error);
  ids[0] = sl_item_get_id (shown.one);
  sl_project_set_item_split (fixture->project, ids, 1, SL_SPLIT_VALID, &error);
  g_assert_no_error (error);
  draw (shown.one, 0);
  draw (shown.two, 40);
  shown.window = gtk_window_new ();
  shown.page = slope_data_page_new ();
  gtk_window_set_default_size (GTK_WINDOW (shown.window), 1200, 700);
  gtk_window_set_child (GTK_WINDOW (shown.window), shown.page);
  slope_data_page_set_project (SLOPE_DATA_PAGE (shown.page), fixture->project);
  gtk_window_present (GTK_WINDOW (shown.window));
  return shown;
}

static GtkWidget *
find_row (const Shown *shown, const char *title)
{
  GtkWidget *label = ui_test_find (shown->page, ui_test_has_text, title);

  return label != NULL ? gtk_widget_get_ancestor (label, ADW_TYPE_ACTION_ROW) : NULL;
}

static gboolean
is_button (GtkWidget *widget, gconstpointer label)
{
  return GTK_IS_BUTTON (widget) && gtk_widget_get_mapped (widget)
         && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), label) == 0;
}

static void
press (GtkWidget *in, const char *label)
{
  GtkWidget *button = ui_test_find (in, is_button, label);

  if (button == NULL)
    g_error ("no button “%s”", label);
  g_signal_emit_by_name (button, "clicked");
}

/* One click has both on one side; undo brings them, and what was found, back. */
static void
test_keep_together (Fixture *fixture, gconstpointer data)
{
  Shown shown = show (fixture);
  g_autoptr (GError) error = NULL;

  ui_test_wait_for (find_row (&shown, ALIKE) != NULL);
  g_assert_nonnull (find_row (&shown, DIFFER));
  press (find_row (&shown, ALIKE), "Keep Together");
  g_assert_cmpint (sl_item_get_split (shown.one), ==, sl_item_get_split (shown.two));
  ui_test_wait_for (find_row (&shown, ALIKE) == NULL);
  g_assert_nonnull (find_row (&shown, DIFFER));
  g_assert_true (sl_project_undo (fixture->project, &error));
  ui_test_wait_for (find_row (&shown, ALIKE) != NULL);
  gtk_window_destroy (GTK_WINDOW (shown.window));
}

static gboolean
is_row (GtkWidget *widget, gconstpointer data)
{
  return g_str_equal (G_OBJECT_TYPE_NAME (widget), "SlopePairRow")
         && gtk_widget_get_mapped (widget);
}

static gboolean
has_pair (const Shown *shown)
{
  return ui_test_find (shown->page, is_row, NULL) != NULL;
}

/* The pair leaves the list when one of it is removed, or both are kept, and comes back with undo. */
static void
test_pairs (Fixture *fixture, gconstpointer data)
{
  Shown shown = show (fixture);
  GtkWidget *view;
  g_autoptr (GError) error = NULL;

  ui_test_wait_for (find_row (&shown, ALIKE) != NULL);
  press (find_row (&shown, ALIKE), "Show");
  ui_test_wait_for (has_pair (&shown));
  view = ui_test_find_type (shown.page, "SlopePairsView");
  g_assert_nonnull (ui_test_find (view, ui_test_has_text,
                                  "One is trained on, the other validates. Their labels differ."));
  ui_test_assert_named (view);

  press (view, "Remove"); /* the first */
  g_assert_cmpint (sl_item_get_state (shown.one), ==, SL_ITEM_REMOVED);
  ui_test_wait_for (!has_pair (&shown));
  g_assert_true (sl_project_undo (fixture->project, &error));
  ui_test_wait_for (has_pair (&shown));

  press (view, "Keep Both");
  g_assert_true (sl_item_get_kept (shown.one) && sl_item_get_kept (shown.two));
  ui_test_wait_for (!has_pair (&shown));
  g_assert_true (sl_project_undo (fixture->project, &error)); /* one step */
  g_assert_false (sl_item_get_kept (shown.one) || sl_item_get_kept (shown.two));
  ui_test_wait_for (has_pair (&shown));

  gtk_widget_activate_action (view, "pairs.relabel", "(xs)", sl_item_get_id (shown.two), "black");
  g_assert_cmpstr (sl_item_get_target (shown.two), ==, "black");
  g_assert_nonnull (
      ui_test_find (view, ui_test_has_text,
                    "One is trained on, the other validates: it is no test of what was learned."));
  gtk_widget_activate_action (view, "pairs.close", NULL);
  ui_test_wait_for (!gtk_widget_get_mapped (view));
  gtk_window_destroy (GTK_WINDOW (shown.window));
}

/* What is found is counted and can be looked at among the problems; a row that is hidden stays hidden. */
static void
test_problems (Fixture *fixture, gconstpointer data)
{
  Shown shown = show (fixture);
  GtkWidget *grid = ui_test_find_type (shown.page, "GtkGridView");
  GListModel *model;
  GtkWidget *row;
  const gint64 id = sl_item_get_id (shown.two);

  ui_test_wait_for (gtk_grid_view_get_model (GTK_GRID_VIEW (grid)) != NULL);
  model = G_LIST_MODEL (gtk_grid_view_get_model (GTK_GRID_VIEW (grid)));
  ui_test_wait_for ((row = find_row (&shown, ALIKE)) != NULL);
  gtk_widget_activate_action (shown.page, "data.show-problems", NULL);
  ui_test_wait_for (g_list_model_get_n_items (model) == 2);
  gtk_widget_activate_action (shown.page, "data.show-all", NULL);
  ui_test_wait_for (g_list_model_get_n_items (model) == FIXTURE_N);
  g_signal_emit_by_name (ui_test_find_type (row, "GtkButton"), "clicked"); /* Show */
  ui_test_wait_for (has_pair (&shown));
  gtk_widget_activate_action (ui_test_find_type (shown.page, "SlopePairsView"), "pairs.close",
                              NULL);
  ui_test_wait_for (!has_pair (&shown));

  g_signal_emit_by_name (
      gtk_widget_get_last_child (gtk_widget_get_parent (ui_test_find (row, is_button, "Show"))),
      "clicked"); /* Hide This Problem */
  g_assert_null (find_row (&shown, ALIKE));
  sl_project_relabel (fixture->project, &id, 1, "black", NULL);
  ui_test_wait_for (find_row (&shown, DIFFER) == NULL); /* audited again by now */
  g_assert_null (find_row (&shown, ALIKE));
  gtk_window_destroy (GTK_WINDOW (shown.window));
}

static void
train (Fixture *fixture)
{
  g_autoptr (SlRecipe) recipe = sl_recipe_new ();
  g_autoptr (GError) error = NULL;

  recipe->height = recipe->width = 32;
  recipe->batch = 4;
  recipe->stages[0].epochs = 1;
  g_assert_true (sl_project_train (fixture->project, recipe, 0, NULL, NULL, NULL, &error));
  g_assert_no_error (error);
}

static gboolean
is_mapped_text (GtkWidget *widget, gconstpointer text)
{
  return gtk_widget_get_mapped (widget) && ui_test_has_text (widget, text);
}

/* What a model sees the same in takes a model, and a look at all pictures, once. */
static void
test_similar (Fixture *fixture, gconstpointer data)
{
  Shown shown = show (fixture);
  GtkWidget *view = ui_test_find_type (shown.page, "SlopePairsView");

  gtk_widget_activate_action (shown.page, "data.similar", NULL);
  ui_test_wait_for (ui_test_find (view, is_mapped_text, "Train First") != NULL);
  gtk_widget_activate_action (view, "pairs.close", NULL);
  train (fixture);
  gtk_widget_activate_action (shown.page, "data.similar", NULL);
  ui_test_wait_for (ui_test_find (view, is_mapped_text, "Comparing Pictures") != NULL);
  ui_test_wait_for (has_pair (&shown));
  g_assert_cmpint (sl_project_get_compared_run (fixture->project), ==, 1);
  ui_test_assert_named (view);
  gtk_widget_activate_action (view, "pairs.close", NULL);
  gtk_widget_activate_action (shown.page, "data.similar", NULL);
  g_assert_cmpint (sl_project_get_job (fixture->project), ==, SL_JOB_NONE); /* it is known */
  ui_test_wait_for (has_pair (&shown));
  gtk_window_destroy (GTK_WINDOW (shown.window));
}

/* Going back ends the job; the page may go while it runs. */
static void
test_similar_cancelled (Fixture *fixture, gconstpointer data)
{
  Shown shown = show (fixture);
  GtkWidget *view = ui_test_find_type (shown.page, "SlopePairsView");

  train (fixture);
  gtk_widget_activate_action (shown.page, "data.similar", NULL);
  g_assert_cmpint (sl_project_get_job (fixture->project), ==, SL_JOB_COMPARE);
  gtk_widget_activate_action (view, "pairs.close", NULL);
  ui_test_wait_for (sl_project_get_job (fixture->project) == SL_JOB_NONE);
  g_assert_cmpint (sl_project_get_compared_run (fixture->project), ==, 0);
  gtk_widget_activate_action (shown.page, "data.similar", NULL);
  gtk_window_destroy (GTK_WINDOW (shown.window));
  ui_test_wait_for (sl_project_get_job (fixture->project) == SL_JOB_NONE);
}

static void
count_cb (guint *n)
{
  (*n)++;
}

/* However often it is wanted, one answer comes; none where nobody is left to hear it. */
static void
test_restarts_and_ends (Fixture *fixture, gconstpointer data)
{
  SlopeDataAudit *audit = slope_data_audit_new (fixture->project);
  guint n = 0;

  g_signal_connect_swapped (audit, "changed", G_CALLBACK (count_cb), &n);
  slope_data_audit_want (audit);
  slope_data_audit_want (audit);
  ui_test_wait_for (n > 0);
  g_assert_nonnull (slope_data_audit_get (audit));
  for (guint i = 0; i < 5; i++)
    ui_test_settle ();
  g_assert_cmpuint (n, ==, 1);
  slope_data_audit_want (audit);
  for (guint i = 0; i < 3; i++)
    ui_test_settle (); /* it is just under way, or about to be */
  g_assert_finalize_object (audit);
  ui_test_settle ();
  g_assert_cmpuint (n, <=, 2);
}

static void
test_pair (Fixture *fixture, gconstpointer data)
{
  SlItem *one = fixture_item (fixture, "black/0.png"), *two = fixture_item (fixture, "teddy/0.png");
  const gint64 ids[] = { sl_item_get_id (one), sl_item_get_id (two) };
  g_autoptr (SlopePair) pair = slope_pair_new (one, two, .5);

  sl_project_set_item_split (fixture->project, ids, 2, SL_SPLIT_TRAIN, NULL);
  g_assert_false (slope_pair_is_across (pair));
  sl_project_set_item_split (fixture->project, ids, 1, SL_SPLIT_TEST, NULL);
  g_assert_false (slope_pair_is_across (pair)); /* no figure is of the test set */
  sl_project_set_item_split (fixture->project, ids, 1, SL_SPLIT_VALID, NULL);
  g_assert_true (slope_pair_is_across (pair));
  g_assert_true (slope_pair_differs (pair));
  sl_project_keep (fixture->project, ids, 2, TRUE, NULL);
  g_assert_true (
      slope_pair_is_open (pair)); /* kept one by one: nobody has seen them side by side */
  slope_pair_set_judged (pair, TRUE);
  g_assert_false (slope_pair_is_open (pair));
  sl_project_keep (fixture->project, ids, 1, FALSE, NULL);
  g_assert_true (slope_pair_is_open (pair));
}

#define ADD(name, func)                                                                       \
  g_test_add ("/ui/data-audit/" name, Fixture, GINT_TO_POINTER (FIXTURE_NEW), fixture_set_up, \
              func, fixture_tear_down)

int
main (int argc, char **argv)
{
  ui_test_init (&argc, &argv);
  ADD ("keep-together", test_keep_together);
  ADD ("pairs", test_pairs);
  ADD ("problems", test_problems);
  ADD ("restarts-and-ends", test_restarts_and_ends);
  ADD ("pair", test_pair);
  ADD ("similar", test_similar);
  ADD ("similar-cancelled", test_similar_cancelled);
  return g_test_run ();
}
