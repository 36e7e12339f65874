/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project-fixture.h"
#include "ui-test.h"

#include "slope-class-bars.h"
#include "slope-columns-layout.h"
#include "slope-nearest.h"
#include "slope-picture-files.h"
#include "slope-predict-folder.h"
#include "slope-predict-page.h"
#include "slope-predict-picture.h"
#include "slope-prediction-row.h"
#include "slope-thumbnail.h"
#include "slope-tile.h"

#include <math.h>

/* ---- Without a window */

static void
test_csv (void)
{
  g_autoptr (GListStore) rows = g_list_store_new (SLOPE_TYPE_PREDICTION_ROW);
  g_autoptr (SlopePredictionRow)
      plain = slope_prediction_row_new ("/a/1.jpg", "1.jpg", "black", "black", .5);
  g_autoptr (SlopePredictionRow) odd = slope_prediction_row_new ("/a/2.jpg", "a \"b\", c.jpg",
                                                                 "two\nlines", "two lines", 1. / 3);
  g_autoptr (SlopePredictionRow)
      failed = slope_prediction_row_new_failed ("/a/3.jpg", "3.jpg", "cut short");
  g_autofree char *csv = NULL;

  g_list_store_append (rows, plain);
  g_list_store_append (rows, odd);
  g_list_store_append (rows, failed);
  csv = slope_prediction_rows_to_csv (G_LIST_MODEL (rows));
  g_assert_cmpstr (csv, ==,
                   "file,prediction,probability,error\n"
                   "1.jpg,black,0.5000,\n"
                   "\"a \"\"b\"\", c.jpg\",\"two\nlines\",0.3333,\n"
                   "3.jpg,,,cut short\n");
}

static void
test_files (Fixture *fixture, gconstpointer data)
{
  g_autofree char *hidden = g_build_filename (fixture->folder, "bears", ".hidden.png", NULL);
  g_autofree char *other = g_build_filename (fixture->folder, "bears", "notes.txt", NULL);
  g_autofree char *upper = g_build_filename (fixture->folder, "bears", "10.JPG", NULL);
  g_autofree char *folder_path = g_build_filename (fixture->folder, "bears", NULL);
  g_autofree char *missing_path = g_build_filename (fixture->folder, "nothing", NULL);
  g_autoptr (GFile) folder = g_file_new_for_path (folder_path);
  g_autoptr (GFile) missing = g_file_new_for_path (missing_path);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) paths = NULL;

  g_assert_true (g_file_set_contents (hidden, "x", 1, NULL));
  g_assert_true (g_file_set_contents (other, "x", 1, NULL));
  g_assert_true (g_file_set_contents (upper, "x", 1, NULL));
  paths = slope_picture_files_list (folder, FALSE, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (paths->len, ==, FIXTURE_N + 1);
  g_assert_cmpstr (paths->pdata[0], ==, upper);
  g_assert_true (g_str_has_suffix (paths->pdata[1], "/black/0.png"));
  g_assert_null (slope_picture_files_list (missing, FALSE, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

static GtkWidget *
nth_row (GtkWidget *bars, int n)
{
  return GTK_WIDGET (
      gtk_list_box_get_row_at_index (GTK_LIST_BOX (gtk_widget_get_first_child (bars)), n));
}

static void
assert_row (GtkWidget *bars, int n, const char *name)
{
  char *wrong = gtk_test_accessible_check_property (GTK_ACCESSIBLE (nth_row (bars, n)),
                                                    GTK_ACCESSIBLE_PROPERTY_LABEL, name);

  g_assert_cmpstr (wrong, ==, NULL);
}

static void
test_bars (void)
{
  static const char *const classes[] = { "black", "grizzly", "teddy", NULL };
  static const float values[] = { .025f, .974f, .001f };
  GtkWidget *bars = g_object_ref_sink (slope_class_bars_new ());

  slope_class_bars_set (SLOPE_CLASS_BARS (bars), classes, values, 3, 2);
  assert_row (bars, 0, "grizzly, 97.4\u00A0%");
  assert_row (bars, 1, "black, 2.5\u00A0%");
  g_assert_null (nth_row (bars, 2));
  slope_class_bars_set (SLOPE_CLASS_BARS (bars), classes, values, 3, 5);
  assert_row (bars, 2, "teddy, 0.1\u00A0%");
  slope_class_bars_set (SLOPE_CLASS_BARS (bars), classes, NULL, 0, 5);
  g_assert_null (nth_row (bars, 0));
  g_assert_finalize_object (bars);
}

/* Beside each other where there is room, else below; as high as needed in both. */
static void
test_columns (void)
{
  GtkWidget *window = gtk_window_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *first = gtk_drawing_area_new (), *second = gtk_drawing_area_new ();
  graphene_rect_t first_box, second_box;
  int minimum, height;

  gtk_widget_set_layout_manager (box, slope_columns_layout_new ());
  gtk_widget_set_size_request (first, 100, 260);
  gtk_widget_set_size_request (second, 520, 300);
  gtk_box_append (GTK_BOX (box), first);
  gtk_box_append (GTK_BOX (box), second);
  gtk_window_set_child (GTK_WINDOW (window), box);
  gtk_widget_measure (box, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  g_assert_cmpint (minimum, ==, 520);

  gtk_widget_measure (box, GTK_ORIENTATION_VERTICAL, 1200, &height, NULL, NULL, NULL);
  g_assert_cmpint (height, ==, 300);
  gtk_widget_size_allocate (box, &(GtkAllocation){ 0, 0, 1200, 400 }, -1);
  g_assert_true (gtk_widget_compute_bounds (first, box, &first_box));
  g_assert_true (gtk_widget_compute_bounds (second, box, &second_box));
  g_assert_cmpfloat (first_box.size.width, ==, 1200 - 520 - 36);
  g_assert_cmpfloat (first_box.size.height, ==, 400);
  g_assert_cmpfloat (second_box.origin.x, ==, 1200 - 520);

  gtk_widget_measure (box, GTK_ORIENTATION_VERTICAL, 600, &height, NULL, NULL, NULL);
  g_assert_cmpint (height, ==, 260 + 18 + 300);
  gtk_widget_size_allocate (box, &(GtkAllocation){ 0, 0, 600, 700 }, -1);
  g_assert_true (gtk_widget_compute_bounds (first, box, &first_box));
  g_assert_true (gtk_widget_compute_bounds (second, box, &second_box));
  g_assert_cmpfloat (first_box.size.width, ==, 600);
  g_assert_cmpfloat (first_box.size.height, ==, 700 - 18 - 300);
  g_assert_cmpfloat (second_box.origin.y, ==, 400);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* ---- The page, with a model trained for a moment */

typedef struct
{
  Fixture *fixture;
  GtkWidget *window;
  GtkWidget *page;
} Page;

/* Nothing here changes them: one project without a model and one with do for all tests. */
static Fixture projects[2];

static void
train (Fixture *fixture)
{
  g_autoptr (SlRecipe) recipe = sl_recipe_new ();
  g_autoptr (GError) error = NULL;
  gint64 run;

  g_free (recipe->pretrained);
  recipe->pretrained = g_strdup ("none");
  recipe->height = recipe->width = 32;
  recipe->batch = 4;
  recipe->stages[0].epochs = 1;
  g_assert_true (sl_project_train (fixture->project, recipe, 0, NULL, &run, NULL, &error));
  g_assert_no_error (error);
}

static void
page_set_up (Page *self, gconstpointer trained)
{
  self->fixture = &projects[GPOINTER_TO_INT (trained)];
  if (self->fixture->project == NULL)
    {
      fixture_set_up (self->fixture, GINT_TO_POINTER (FIXTURE_NEW));
      if (GPOINTER_TO_INT (trained))
        train (self->fixture);
    }
  self->window = gtk_window_new ();
  self->page = slope_predict_page_new ();
  gtk_window_set_child (GTK_WINDOW (self->window), self->page);
  slope_predict_page_set_project (SLOPE_PREDICT_PAGE (self->page), self->fixture->project);
  gtk_window_present (GTK_WINDOW (self->window));
  while (!gtk_widget_get_mapped (self->page))
    g_main_context_iteration (NULL, TRUE);
}

static void
page_tear_down (Page *self, gconstpointer trained)
{
  GtkWidget *page = g_object_ref (self->page);

  gtk_window_destroy (GTK_WINDOW (self->window));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (page);
}

static GtkWidget *
find (GtkWidget *widget, GType type, const char *css_class)
{
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = G_TYPE_CHECK_INSTANCE_TYPE (child, type)
                                 && (css_class == NULL
                                     || gtk_widget_has_css_class (child, css_class))
                             ? child
                             : find (child, type, css_class);

      if (found != NULL)
        return found;
    }
  return NULL;
}

/* The large label beside the picture. */
static GtkWidget *
find_answer (GtkWidget *view)
{
  GtkWidget *picture = find (view, SLOPE_TYPE_THUMBNAIL, NULL);

  return find (gtk_widget_get_next_sibling (picture), GTK_TYPE_LABEL, "title-1");
}

static void
wait_for_text (GtkWidget *label)
{
  const gint64 end = g_get_monotonic_time () + 20 * G_TIME_SPAN_SECOND;

  while (*gtk_label_get_text (GTK_LABEL (label)) == '\0')
    {
      g_main_context_iteration (NULL, FALSE);
      g_assert_cmpint (g_get_monotonic_time (), <, end);
    }
}

static void
test_train_first (Page *self, gconstpointer data)
{
  GtkWidget *stack = find (self->page, GTK_TYPE_STACK, NULL);

  g_assert_cmpstr (gtk_stack_get_visible_child_name (GTK_STACK (stack)), ==, "empty");
}

/* Works in a window of 600 px, its least width. */
static void
test_narrow (Page *self, gconstpointer data)
{
  SlopePredictFolder *view = SLOPE_PREDICT_FOLDER (
      find (self->page, SLOPE_TYPE_PREDICT_FOLDER, NULL));
  g_autofree char *path = g_build_filename (self->fixture->folder, "bears", "teddy", NULL);
  g_autoptr (GFile) folder = g_file_new_for_path (path);
  int minimum;

  gtk_widget_measure (self->page, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  g_assert_cmpint (minimum, <=, 600);
  /* A table that is being filled has more to say. */
  slope_predict_folder_open (view, folder);
  ui_test_wait_for (g_list_model_get_n_items (slope_predict_folder_get_rows (view)) > 0);
  g_assert_true (slope_predict_folder_is_working (view));
  gtk_widget_measure (self->page, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  g_assert_cmpint (minimum, <=, 600);
  ui_test_wait_for (!slope_predict_folder_is_working (view));
}

static void
test_picture (Page *self, gconstpointer data)
{
  GtkWidget *view = find (self->page, SLOPE_TYPE_PREDICT_PICTURE, NULL);
  GtkWidget *answer = find_answer (view);
  GtkWidget *bars = find (view, SLOPE_TYPE_CLASS_BARS, NULL);
  const char *path = sl_item_get_path (fixture_item (self->fixture, "teddy/0.png"));
  const char *const *classes = sl_project_get_classes (self->fixture->project);

  slope_predict_picture_open (SLOPE_PREDICT_PICTURE (view), path, NULL);
  g_assert_null (nth_row (bars, 0));
  wait_for_text (answer);
  g_assert_true (g_strv_contains (classes, gtk_label_get_text (GTK_LABEL (answer))));
  g_assert_nonnull (nth_row (bars, 2));
  g_assert_null (nth_row (bars, 3));
}

static guint
count_tiles (GtkWidget *widget)
{
  guint n = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    n += SLOPE_IS_TILE (child) ? 1 : count_tiles (child);
  return n;
}

/* Found when they are asked for; from then on each answer has them, and another run's has not. */
static void
test_nearest (Page *self, gconstpointer data)
{
  GtkWidget *view = find (self->page, SLOPE_TYPE_PREDICT_PICTURE, NULL);
  GtkWidget *nearest = find (view, SLOPE_TYPE_NEAREST, NULL);
  GtkWidget *button = find (nearest, GTK_TYPE_BUTTON, NULL);
  const char *path = sl_item_get_path (fixture_item (self->fixture, "teddy/0.png"));

  g_assert_false (gtk_widget_get_visible (nearest));
  slope_predict_picture_open (SLOPE_PREDICT_PICTURE (view), path, NULL);
  wait_for_text (find_answer (view));
  g_assert_true (gtk_widget_get_visible (nearest) && gtk_widget_get_visible (button));
  g_assert_cmpuint (count_tiles (nearest), ==, 0);
  g_signal_emit_by_name (button, "clicked");
  g_assert_cmpint (sl_project_get_job (self->fixture->project), ==, SL_JOB_COMPARE);
  g_assert_false (gtk_widget_get_visible (button));
  ui_test_wait_for (count_tiles (nearest) == 5);

  path = sl_item_get_path (fixture_item (self->fixture, "black/0.png"));
  slope_predict_picture_open (SLOPE_PREDICT_PICTURE (view), path, NULL);
  g_assert_cmpuint (count_tiles (nearest), ==, 0);
  g_assert_false (gtk_widget_get_visible (nearest));
  ui_test_wait_for (count_tiles (nearest) == 5);
  g_assert_false (gtk_widget_get_visible (button));
}

/* The same picture is asked about again, nine times as thoroughly. */
static void
test_nine_views (Page *self, gconstpointer data)
{
  GtkWidget *view = find (self->page, SLOPE_TYPE_PREDICT_PICTURE, NULL);
  GtkWidget *nine_views = find (view, GTK_TYPE_SWITCH, NULL);
  GtkWidget *spinner = find (view, GTK_TYPE_SPINNER, NULL);

  slope_predict_picture_open (SLOPE_PREDICT_PICTURE (view),
                              sl_item_get_path (fixture_item (self->fixture, "teddy/0.png")), NULL);
  wait_for_text (find_answer (view));
  g_assert_false (gtk_widget_get_visible (spinner));
  gtk_switch_set_active (GTK_SWITCH (nine_views), TRUE);
  g_assert_true (gtk_widget_get_visible (spinner));
  while (gtk_widget_get_visible (spinner))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (find_answer (view))), !=, "");
}

/* A model of such small pictures has no map: the row says why, and what would help. */
static void
test_heat_map (Page *self, gconstpointer data)
{
  GtkWidget *view = find (self->page, SLOPE_TYPE_PREDICT_PICTURE, NULL);
  GtkWidget *row = find (view, ADW_TYPE_EXPANDER_ROW, NULL);
  GtkWidget *classes = find (row, ADW_TYPE_COMBO_ROW, NULL);
  GtkStringObject *chosen;

  slope_predict_picture_open (SLOPE_PREDICT_PICTURE (view),
                              sl_item_get_path (fixture_item (self->fixture, "teddy/0.png")), NULL);
  wait_for_text (find_answer (view));
  chosen = adw_combo_row_get_selected_item (ADW_COMBO_ROW (classes));
  g_assert_cmpstr (gtk_string_object_get_string (chosen), ==,
                   gtk_label_get_text (GTK_LABEL (find_answer (view))));
  adw_expander_row_set_enable_expansion (ADW_EXPANDER_ROW (row), TRUE);
  while (strstr (adw_expander_row_get_subtitle (ADW_EXPANDER_ROW (row)), "128") == NULL)
    g_main_context_iteration (NULL, TRUE);
  adw_expander_row_set_enable_expansion (ADW_EXPANDER_ROW (row), FALSE);
  g_assert_null (strstr (adw_expander_row_get_subtitle (ADW_EXPANDER_ROW (row)), "128"));
}

/* Each request holds the widget until it is answered; by then the file has long been looked at. */
static void
test_heat_map_asked_once (Page *self, gconstpointer data)
{
  GtkWidget *view = find (self->page, SLOPE_TYPE_PREDICT_PICTURE, NULL);
  GtkWidget *nine_views = find (view, GTK_TYPE_SWITCH, NULL);
  GtkWidget *row = find (view, ADW_TYPE_EXPANDER_ROW, NULL);
  AdwComboRow *classes = ADW_COMBO_ROW (find (row, ADW_TYPE_COMBO_ROW, NULL));
  const char *path = sl_item_get_path (fixture_item (self->fixture, "teddy/0.png"));
  guint holders;

  gtk_switch_set_active (GTK_SWITCH (nine_views), TRUE);
  adw_expander_row_set_enable_expansion (ADW_EXPANDER_ROW (row), TRUE);
  gtk_root_set_focus (gtk_widget_get_root (view), NULL); /* which holds it too */
  ui_test_settle ();                                     /* whoever else may hold it lets go */
  holders = G_OBJECT (view)->ref_count;
  /* The list says the first class at first, and the second time what it said last. */
  for (guint i = 0; i < 2; i++)
    {
      slope_predict_picture_open (SLOPE_PREDICT_PICTURE (view), path, NULL);
      wait_for_text (find_answer (view));
      g_assert_cmpuint (G_OBJECT (view)->ref_count, ==, holders + 1);
      ui_test_wait_for (G_OBJECT (view)->ref_count == holders);
    }
  adw_combo_row_set_selected (classes, (adw_combo_row_get_selected (classes) + 1) % 3);
  g_assert_cmpuint (G_OBJECT (view)->ref_count, ==, holders + 1);
  ui_test_wait_for (G_OBJECT (view)->ref_count == holders);
}

/* A second file before the first is answered: only the second is. */
static void
test_hurry (Page *self, gconstpointer data)
{
  GtkWidget *view = find (self->page, SLOPE_TYPE_PREDICT_PICTURE, NULL);
  GtkWidget *answer = find_answer (view);
  GtkWidget *note = find (view, g_type_from_name ("SlopeNote"), NULL);
  g_autofree char *bad = g_build_filename (self->fixture->folder, "bad.png", NULL);

  g_assert_true (g_file_set_contents (bad, "no picture", -1, NULL));
  slope_predict_picture_open (SLOPE_PREDICT_PICTURE (view), bad, NULL);
  slope_predict_picture_open (SLOPE_PREDICT_PICTURE (view),
                              sl_item_get_path (fixture_item (self->fixture, "teddy/0.png")), NULL);
  wait_for_text (answer);
  g_assert_false (gtk_widget_get_visible (note));
}

static void
test_bad_picture (Page *self, gconstpointer data)
{
  GtkWidget *view = find (self->page, SLOPE_TYPE_PREDICT_PICTURE, NULL);
  GtkWidget *note = find (view, g_type_from_name ("SlopeNote"), NULL);
  g_autofree char *bad = g_build_filename (self->fixture->folder, "bad.png", NULL);
  const gint64 end = g_get_monotonic_time () + 20 * G_TIME_SPAN_SECOND;
  char *wrong;

  g_assert_true (g_file_set_contents (bad, "no picture", -1, NULL));
  g_assert_false (gtk_widget_get_visible (note));
  slope_predict_picture_open (SLOPE_PREDICT_PICTURE (view), bad, NULL);
  while (!gtk_widget_get_visible (note))
    {
      g_main_context_iteration (NULL, FALSE);
      g_assert_cmpint (g_get_monotonic_time (), <, end);
    }
  g_assert_true (gtk_widget_has_css_class (note, "error"));
  wrong = gtk_test_accessible_check_property (GTK_ACCESSIBLE (note), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                              "“bad.png” could not be used.");
  g_assert_cmpstr (wrong, ==, NULL);
}

/* A folder: every picture in order, the bad one with its reason, and the rest goes on. */
static void
test_folder (Page *self, gconstpointer data)
{
  SlopePredictFolder *view = SLOPE_PREDICT_FOLDER (
      find (self->page, SLOPE_TYPE_PREDICT_FOLDER, NULL));
  GListModel *rows = slope_predict_folder_get_rows (view);
  g_autofree char *path = g_build_filename (self->fixture->folder, "bears", NULL);
  g_autofree char *bad = g_build_filename (path, "bad.png", NULL);
  g_autoptr (GFile) folder = g_file_new_for_path (path);
  guint n_failed = 0;

  g_assert_true (g_file_set_contents (bad, "no picture", -1, NULL));
  slope_predict_folder_open (view, folder);
  g_assert_true (slope_predict_folder_is_working (view));
  while (slope_predict_folder_is_working (view))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (g_list_model_get_n_items (rows), ==, FIXTURE_N + 1);
  for (guint i = 0; i < FIXTURE_N + 1; i++)
    {
      g_autoptr (SlopePredictionRow) row = g_list_model_get_item (rows, i);

      if (slope_prediction_row_get_reason (row) != NULL)
        {
          n_failed++;
          g_assert_cmpstr (slope_prediction_row_get_name (row), ==, "bad.png");
          continue;
        }
      g_assert_cmpfloat (slope_prediction_row_get_sure (row), >=, 1. / 3 - 1e-6);
      g_assert_cmpfloat (slope_prediction_row_get_sure (row), <=, 1.);
    }
  g_assert_cmpuint (n_failed, ==, 1);
}

/* All of them again, from nine views; and a picture that is looked at closer is answered as in the table. */
static void
test_folder_nine_views (Page *self, gconstpointer data)
{
  SlopePredictFolder *view = SLOPE_PREDICT_FOLDER (
      find (self->page, SLOPE_TYPE_PREDICT_FOLDER, NULL));
  GtkWidget *picture = find (self->page, SLOPE_TYPE_PREDICT_PICTURE, NULL);
  GtkSwitch *nine_views = GTK_SWITCH (find (picture, GTK_TYPE_SWITCH, NULL));
  GtkWidget *toggle = find (GTK_WIDGET (view), GTK_TYPE_TOGGLE_BUTTON, NULL);
  GtkWidget *table = find (GTK_WIDGET (view), GTK_TYPE_COLUMN_VIEW, NULL);
  GListModel *rows = slope_predict_folder_get_rows (view);
  g_autofree char *path = g_build_filename (self->fixture->folder, "bears", "teddy", NULL);
  g_autoptr (GFile) folder = g_file_new_for_path (path);
  double sure[FIXTURE_N_TEDDY], furthest = 0;

  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (toggle), TRUE); /* nothing to ask about yet */
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (toggle), FALSE);
  g_assert_false (slope_predict_folder_is_working (view));
  slope_predict_folder_open (view, folder);
  for (guint pass = 0; pass < 2; pass++)
    {
      ui_test_wait_for (!slope_predict_folder_is_working (view));
      g_assert_cmpuint (g_list_model_get_n_items (rows), ==, FIXTURE_N_TEDDY);
      for (guint i = 0; i < FIXTURE_N_TEDDY; i++)
        {
          g_autoptr (SlopePredictionRow) row = g_list_model_get_item (rows, i);

          if (pass == 1)
            furthest = MAX (furthest, fabs (sure[i] - slope_prediction_row_get_sure (row)));
          sure[i] = slope_prediction_row_get_sure (row);
        }
      if (pass == 0)
        gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (toggle), TRUE);
    }
  g_assert_cmpfloat (furthest, >, 0.);
  g_assert_false (gtk_switch_get_active (nine_views));
  g_signal_emit_by_name (table, "activate", 0);
  g_assert_true (gtk_switch_get_active (nine_views));
}

/* Stopped in the middle: what is there stays. */
static void
test_folder_stop (Page *self, gconstpointer data)
{
  SlopePredictFolder *view = SLOPE_PREDICT_FOLDER (
      find (self->page, SLOPE_TYPE_PREDICT_FOLDER, NULL));
  GListModel *rows = slope_predict_folder_get_rows (view);
  g_autofree char *path = g_build_filename (self->fixture->folder, "bears", NULL);
  g_autoptr (GFile) folder = g_file_new_for_path (path);
  guint n;

  slope_predict_folder_open (view, folder);
  while (g_list_model_get_n_items (rows) < 2)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (view), "folder.cancel", NULL));
  g_assert_false (slope_predict_folder_is_working (view));
  n = g_list_model_get_n_items (rows);
  g_assert_cmpuint (n, <, FIXTURE_N);
  for (guint i = 0; i < 50; i++)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
  g_assert_cmpuint (g_list_model_get_n_items (rows), ==, n);
}

static void
add (const char *path, gboolean trained, void (*test) (Page *, gconstpointer))
{
  g_test_add (path, Page, GINT_TO_POINTER (trained), page_set_up, test, page_tear_down);
}

int
main (int argc, char **argv)
{
  int result;

  gtk_test_init (&argc, &argv);
  adw_init ();
  g_resources_register (slope_ui_get_resource ());
  g_test_add_func ("/ui/prediction-row/csv", test_csv);
  g_test_add ("/ui/picture-files/list", Fixture, GINT_TO_POINTER (FIXTURE_NEW), fixture_set_up,
              test_files, fixture_tear_down);
  g_test_add_func ("/ui/class-bars/rows", test_bars);
  g_test_add_func ("/ui/columns-layout/both-ways", test_columns);
  add ("/ui/predict-page/train-first", FALSE, test_train_first);
  add ("/ui/predict-page/narrow", TRUE, test_narrow);
  add ("/ui/predict-page/picture", TRUE, test_picture);
  add ("/ui/predict-page/nearest", TRUE, test_nearest);
  add ("/ui/predict-page/nine-views", TRUE, test_nine_views);
  add ("/ui/predict-page/heat-map", TRUE, test_heat_map);
  add ("/ui/predict-page/heat-map-asked-once", TRUE, test_heat_map_asked_once);
  add ("/ui/predict-page/hurry", TRUE, test_hurry);
  add ("/ui/predict-page/bad-picture", TRUE, test_bad_picture);
  add ("/ui/predict-page/folder", TRUE, test_folder);
  add ("/ui/predict-page/folder-nine-views", TRUE, test_folder_nine_views);
  add ("/ui/predict-page/folder-stop", TRUE, test_folder_stop);
  result = g_test_run ();
  for (guint i = 0; i < G_N_ELEMENTS (projects); i++)
    if (projects[i].project != NULL)
      fixture_tear_down (&projects[i], NULL);
  return result;
}
