/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The table beside masks, points and numbers, and saving a predicted mask. */

#include "project-fixture.h"
#include "ui-test.h"

#include "slope-answer-panel.h"
#include "slope-mask-save.h"
#include "slope-window.h"

enum
{
  KIND_SEGMENT = 1,
  KIND_POINTS,
  KIND_NUMBERS
};

typedef struct
{
  Fixture fixture;
  GtkWidget *window;
  SlopeAnswerPanel *panel;
} Desk;

/* right, actual and said of each class, in float32: 1 2 4, 0 0 0, 3 3 3 */
#define OVERLAPS "x'0000803f0000004000008040000000000000000000000000000040400000404000004040'"

/* Closed, changed by @sql and opened anew. */
static void
change_project (Desk *self, const char *sql)
{
  g_autofree char *path = g_strdup (sl_project_get_path (self->fixture.project));
  g_autofree char *file = g_build_filename (path, "project.db", NULL);
  g_autoptr (GError) error = NULL;
  sqlite3 *db;

  sl_project_close (self->fixture.project);
  g_object_unref (self->fixture.project);
  g_assert_cmpint (sqlite3_open (file, &db), ==, SQLITE_OK);
  fixture_run_sql (db, sql);
  sqlite3_close (db);
  self->fixture.project = sl_project_open (path, &error);
  g_assert_no_error (error);
}

static void
set_up (Desk *self, gconstpointer kind)
{
  fixture_set_up_kind (&self->fixture, &fixture_kinds[GPOINTER_TO_INT (kind)]);
  if (GPOINTER_TO_INT (kind) == KIND_SEGMENT)
    change_project (self, "UPDATE prediction SET outputs = " OVERLAPS);
  self->window = gtk_window_new ();
  self->panel = SLOPE_ANSWER_PANEL (g_object_new (SLOPE_TYPE_ANSWER_PANEL, NULL));
  gtk_window_set_child (GTK_WINDOW (self->window), GTK_WIDGET (self->panel));
  gtk_window_present (GTK_WINDOW (self->window));
  slope_answer_panel_update (self->panel, self->fixture.project, -1);
  ui_test_wait_for_frame (GTK_WIDGET (self->panel));
}

static void
tear_down (Desk *self, gconstpointer data)
{
  ui_test_destroy (self->window);
  fixture_tear_down (&self->fixture, data);
}

static void
relabel (Desk *self, gint64 id, const char *target)
{
  g_autoptr (GError) error = NULL;

  sl_project_relabel (self->fixture.project, &id, 1, target, &error);
  g_assert_no_error (error);
}

static SlItem * /* (transfer none) */
item_of (Desk *self, gint64 id)
{
  return sl_project_get_item (self->fixture.project, id);
}

static GtkListBoxRow *
row_at (Desk *self, int i)
{
  GtkWidget *list = ui_test_find_type (GTK_WIDGET (self->panel), "GtkListBox");

  return gtk_list_box_get_row_at_index (GTK_LIST_BOX (list), i);
}

/* "name picture set worst" */
static void
assert_row (Desk *self, int i, const char *expected)
{
  g_autoptr (GString) text = g_string_new (NULL);
  GtkWidget *box;

  g_assert_nonnull (row_at (self, i));
  box = gtk_list_box_row_get_child (row_at (self, i));
  for (GtkWidget *child = gtk_widget_get_first_child (box); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (GTK_IS_LABEL (child))
      g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "",
                              gtk_label_get_text (GTK_LABEL (child)));
  g_assert_cmpstr (text->str, ==, expected);
}

static void
activate_row (Desk *self, int i)
{
  GtkWidget *list = ui_test_find_type (GTK_WIDGET (self->panel), "GtkListBox");

  g_signal_emit_by_name (list, "row-activated", row_at (self, i));
}

static void
note_int64 (SlopeAnswerPanel *panel, gint64 value, gint64 *to)
{
  *to = value;
}

static void
note_uint (SlopeAnswerPanel *panel, guint value, guint *to)
{
  *to = value;
}

static gboolean
is_shown (Desk *self, const char *text)
{
  GtkWidget *label = ui_test_find (GTK_WIDGET (self->panel), ui_test_has_text, text);

  return label != NULL && gtk_widget_get_mapped (label);
}

/* ---- Points: what was answered is "1.10,2.20 3.30,4.40 5.50,6.60" */

static void
test_points (Desk *self, gconstpointer data)
{
  gint64 worst = 0;

  g_signal_connect (self->panel, "worst-chosen", G_CALLBACK (note_int64), &worst);
  assert_row (self, 0, "left_eye – – –");
  g_assert_true (is_shown (self, "The model has to look at the pictures again."));
  g_assert_true (is_shown (self, "Select a picture to see its points, and to drag them."));

  /* Points that are moved are measured at once, from the answer that is kept. */
  relabel (self, 1, "1.1,2.2 3.3,8.4 -");
  relabel (self, 2, "4.1,6.2 3.3,2.4 5.5,6.6");
  slope_answer_panel_update (self->panel, self->fixture.project, -1);
  assert_row (self, 0, "right_eye – 3.0 4.0");
  assert_row (self, 1, "left_eye – 2.5 5.0");
  assert_row (self, 2, "nose – 0.0 0.0");
  g_assert_true (is_shown (self, "Pixels of the picture, mean 1.8"));
  ui_test_assert_named (GTK_WIDGET (self->panel));

  slope_answer_panel_set_item (self->panel, item_of (self, 1), NULL, TRUE);
  ui_test_wait_for (is_shown (self, sl_item_get_name (item_of (self, 1))));
  assert_row (self, 0, "right_eye 4.0 3.0 4.0");
  assert_row (self, 1, "left_eye 0.0 2.5 5.0");
  assert_row (self, 2, "nose – 0.0 0.0");
  g_assert_false (is_shown (self, "Select a picture to see its points, and to drag them."));
  activate_row (self, 1);
  g_assert_cmpint (worst, ==, 2);
  slope_answer_panel_set_item (self->panel, NULL, NULL, FALSE);
  assert_row (self, 0, "right_eye – 3.0 4.0");
}

/* The loss follows too, on the scale of -1 … 1 of 24 pixels; undone, the picture is as far off as before; all
 * of it is on the disk. */
static void
test_relabelled (Desk *self, gconstpointer data)
{
  double loss, before;
  const float *distances;
  guint n;

  relabel (self, 1, "1.1,2.2 3.3,4.4 5.5,6.6");
  sl_item_get_prediction (item_of (self, 1), &before, NULL, NULL);
  g_assert_cmpfloat_with_epsilon (before, 0, 1e-6);
  relabel (self, 1, "1.1,2.2 3.3,10.4 -");
  sl_item_get_prediction (item_of (self, 1), &loss, NULL, NULL);
  g_assert_cmpfloat_with_epsilon (loss, 6. / 12 * 6 / 12 / 4, 1e-6);
  change_project (self, "SELECT 1");
  sl_item_get_prediction (item_of (self, 1), &before, NULL, NULL);
  g_assert_cmpfloat_with_epsilon (before, loss, 1e-6);
  distances = sl_item_get_outputs (item_of (self, 1), &n);
  g_assert_cmpuint (n, ==, 3);
  g_assert_cmpfloat_with_epsilon (distances[1], 6, 1e-5);
  g_assert_true (sl_project_undo (self->fixture.project, NULL));
  distances = sl_item_get_outputs (item_of (self, 1), &n);
  g_assert_cmpfloat_with_epsilon (distances[1], 0, 1e-5);
  slope_answer_panel_update (self->panel, NULL, -1);
}

/* ---- Numbers: "11.9 -3.25 0.5" */

static void
test_numbers (Desk *self, gconstpointer data)
{
  relabel (self, 1, "- -13.25 1");
  slope_answer_panel_update (self->panel, self->fixture.project, -1);
  assert_row (self, 0, "roll – 10.0 10.0");
  assert_row (self, 1, "yaw – 0.5 0.5");
  assert_row (self, 2, "pitch – – –");
  g_assert_true (is_shown (self, "In the units of each number"));
}

/* ---- Masks */

static void
test_masks (Desk *self, gconstpointer data)
{
  guint chosen = 99;

  g_signal_connect (self->panel, "class-chosen", G_CALLBACK (note_uint), &chosen);
  assert_row (self, 0, "road – 20.0\u00A0%");
  assert_row (self, 1, "sky – –");
  assert_row (self, 2, "void – –"); /* is nothing that could be right */
  g_assert_true (is_shown (self, "Intersection over union, mean 20.0\u00A0%"));
  slope_answer_panel_set_item (self->panel, item_of (self, 1), NULL, TRUE);
  assert_row (self, 0, "road 20.0\u00A0% 20.0\u00A0%");
  activate_row (self, 0);
  g_assert_cmpuint (chosen, ==, 0);
  ui_test_assert_named (GTK_WIDGET (self->panel));
}

/* ---- Saving a mask */

static GtkWidget *
find_dialog (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      if (GTK_IS_FILE_CHOOSER_DIALOG (window))
        return window; /* GTK holds it */
    }
  return NULL;
}

typedef struct
{
  char *folder;
  AdwApplication *app;
  GtkWidget *window;
} Saver;

static void
saver_set_up (Saver *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("slope-ui-XXXXXX", &error);
  g_assert_no_error (error);
  self->app = g_object_new (ADW_TYPE_APPLICATION, "application-id", "org.slopeml.Slope.Test",
                            "resource-base-path", "/org/slopeml/Slope", "flags",
                            G_APPLICATION_NON_UNIQUE, NULL);
  g_assert_true (g_application_register (G_APPLICATION (self->app), NULL, &error));
  self->window = slope_window_new (self->app);
  gtk_window_present (GTK_WINDOW (self->window));
  ui_test_wait_for (gtk_widget_get_mapped (self->window));
}

static void
saver_tear_down (Saver *self, gconstpointer data)
{
  ui_test_destroy (self->window);
  g_clear_object (&self->app);
  fixture_remove_tree (self->folder);
  g_free (self->folder);
}

static gboolean
is_toast (GtkWidget *widget, gconstpointer part)
{
  return GTK_IS_LABEL (widget) && gtk_widget_get_ancestor (widget, ADW_TYPE_TOAST_OVERLAY) != NULL
         && strstr (gtk_label_get_text (GTK_LABEL (widget)), part) != NULL;
}

/* (transfer none) (nullable): what the toast says that names a file */
static const char *
find_toast (Saver *self)
{
  GtkWidget *label = ui_test_find (self->window, is_toast, "1-mask.png");

  return label != NULL ? gtk_label_get_text (GTK_LABEL (label)) : NULL;
}

static void
ask_for_name (Saver *self)
{
  guint8 classes[] = { 3, 7 };
  const SlPrediction prediction = {
    .mask = classes, .mask_width = 2, .mask_height = 1, .seen = { 0, 0, 1, 1 }
  };

  slope_mask_save (self->window, &prediction, 6, 4, "1-mask.png");
  ui_test_wait_for (find_dialog () != NULL && gtk_widget_get_mapped (find_dialog ()));
  ui_test_settle (); /* it goes to a folder of its own first, of which nothing tells */
}

static gboolean
is_chosen (const char *path)
{
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (find_dialog ()));

  return file != NULL && g_str_equal (g_file_peek_path (file), path);
}

/* Its name stays what was proposed; the dialog reads a folder on a thread of its own. */
static void
choose_folder (const char *folder)
{
  g_autoptr (GFile) file = g_file_new_for_path (folder);
  g_autofree char *path = g_build_filename (folder, "1-mask.png", NULL);

  g_assert_true (
      gtk_file_chooser_set_current_folder (GTK_FILE_CHOOSER (find_dialog ()), file, NULL));
  ui_test_wait_for (is_chosen (path));
  ui_test_settle (); /* and it stays that */
  g_assert_true (is_chosen (path));
}

static void
test_saved (Saver *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->folder, "1-mask.png", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (SlPicture) mask = NULL;

  ask_for_name (self);
  choose_folder (self->folder);
  gtk_dialog_response (GTK_DIALOG (find_dialog ()), GTK_RESPONSE_ACCEPT);
  ui_test_wait_for (find_toast (self) != NULL);
  g_assert_cmpstr (find_toast (self), ==, "Saved “1-mask.png”");
  mask = sl_mask_load (path, &error);
  g_assert_no_error (error);
  g_assert_cmpint (mask->width, ==, 6);
  g_assert_cmpint (mask->height, ==, 4);
  for (int i = 0; i < 24; i++)
    g_assert_cmpint (mask->pixels[3 * i], ==, i % 6 < 3 ? 3 : 7);
}

static void
test_cancelled (Saver *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->folder, "1-mask.png", NULL);

  ask_for_name (self);
  gtk_dialog_response (GTK_DIALOG (find_dialog ()), GTK_RESPONSE_CANCEL);
  ui_test_wait_for (find_dialog () == NULL);
  ui_test_settle (); /* nothing is written */
  g_assert_null (find_toast (self));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
add (const char *path, int kind, void (*test) (Desk *, gconstpointer))
{
  g_test_add (path, Desk, GINT_TO_POINTER (kind), set_up, test, tear_down);
}

int
main (int argc, char *argv[])
{
  ui_test_init (&argc, &argv);
  add ("/ui/answer-panel/points", KIND_POINTS, test_points);
  add ("/ui/answer-panel/relabelled", KIND_POINTS, test_relabelled);
  add ("/ui/answer-panel/numbers", KIND_NUMBERS, test_numbers);
  add ("/ui/answer-panel/masks", KIND_SEGMENT, test_masks);
  g_test_add ("/ui/mask-save/saved", Saver, NULL, saver_set_up, test_saved, saver_tear_down);
  g_test_add ("/ui/mask-save/cancelled", Saver, NULL, saver_set_up, test_cancelled,
              saver_tear_down);
  return g_test_run ();
}
