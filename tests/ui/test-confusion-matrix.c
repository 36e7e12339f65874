/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slope-confusion-matrix.h"

#include <adwaita.h>

static const char *const classes[] = { "black", "grizzly", "teddy", NULL };
static const guint counts[] = { 38, 4, 0, 5, 28, 1, 0, 2, 52 };

static guint last_actual, last_predicted, n_activated;

static void
activated_cb (SlopeConfusionMatrix *matrix, guint actual, guint predicted)
{
  last_actual = actual;
  last_predicted = predicted;
  n_activated++;
}

static SlopeConfusionMatrix *
matrix_new (void)
{
  SlopeConfusionMatrix *matrix = SLOPE_CONFUSION_MATRIX (
      g_object_ref_sink (slope_confusion_matrix_new ()));

  slope_confusion_matrix_set (matrix, classes, counts, 3);
  g_signal_connect (matrix, "cell-activated", G_CALLBACK (activated_cb), NULL);
  n_activated = 0;
  return matrix;
}

static void
assert_description (SlopeConfusionMatrix *matrix, const char *text)
{
  char *wrong = gtk_test_accessible_check_property (GTK_ACCESSIBLE (matrix),
                                                    GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text);

  g_assert_cmpstr (wrong, ==, NULL);
}

/* What the binding of a key does, without a window: the class's shortcuts are run by hand. */
static gboolean
press (SlopeConfusionMatrix *matrix, guint key)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (GTK_WIDGET (matrix));

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (!GTK_IS_SHORTCUT_CONTROLLER (controller))
        continue;
      for (guint j = 0; j < g_list_model_get_n_items (G_LIST_MODEL (controller)); j++)
        {
          g_autoptr (GtkShortcut) shortcut = g_list_model_get_item (G_LIST_MODEL (controller), j);
          GtkShortcutTrigger *trigger = gtk_shortcut_get_trigger (shortcut);

          if (GTK_IS_KEYVAL_TRIGGER (trigger)
              && gtk_keyval_trigger_get_keyval (GTK_KEYVAL_TRIGGER (trigger)) == key)
            return gtk_shortcut_action_activate (gtk_shortcut_get_action (shortcut), 0,
                                                 GTK_WIDGET (matrix),
                                                 gtk_shortcut_get_arguments (shortcut));
        }
    }
  return FALSE;
}

static void
test_keys (void)
{
  SlopeConfusionMatrix *matrix = matrix_new ();

  gtk_test_accessible_assert_role (GTK_ACCESSIBLE (matrix), GTK_ACCESSIBLE_ROLE_IMG);
  g_assert_true (gtk_widget_get_focusable (GTK_WIDGET (matrix)));
  assert_description (matrix, "black recognised: 38 pictures");
  g_assert_true (press (matrix, GDK_KEY_Right));
  assert_description (matrix, "black taken for grizzly: 4 pictures");
  g_assert_true (press (matrix, GDK_KEY_Down));
  g_assert_true (press (matrix, GDK_KEY_Right));
  assert_description (matrix, "grizzly taken for teddy: 1 picture");
  /* The rim: the key is not taken, so that the focus can leave. */
  g_assert_false (press (matrix, GDK_KEY_Right));
  assert_description (matrix, "grizzly taken for teddy: 1 picture");
  g_assert_true (press (matrix, GDK_KEY_Home));
  assert_description (matrix, "grizzly taken for black: 5 pictures");
  g_assert_true (press (matrix, GDK_KEY_End));
  g_assert_true (press (matrix, GDK_KEY_Return));
  g_assert_cmpuint (n_activated, ==, 1);
  g_assert_cmpuint (last_actual, ==, 1);
  g_assert_cmpuint (last_predicted, ==, 2);
  g_assert_true (press (matrix, GDK_KEY_Up));
  g_assert_true (press (matrix, GDK_KEY_space));
  g_assert_cmpuint (last_actual, ==, 0);
  g_assert_cmpuint (n_activated, ==, 2);
  g_assert_finalize_object (matrix);
}

static void
test_empty (void)
{
  SlopeConfusionMatrix *matrix = matrix_new ();
  guint actual, predicted;

  slope_confusion_matrix_set (matrix, NULL, NULL, 0);
  assert_description (matrix, "");
  g_assert_false (press (matrix, GDK_KEY_Right));
  g_assert_false (press (matrix, GDK_KEY_Return));
  g_assert_false (slope_confusion_matrix_pick (matrix, 100, 100, &actual, &predicted));
  g_assert_cmpuint (n_activated, ==, 0);
  g_assert_finalize_object (matrix);
}

/* Every cell is found at its place, in a row for each label, and nothing outside. */
static void
check_places (SlopeConfusionMatrix *matrix, guint n, gboolean rtl)
{
  const int width = gtk_widget_get_width (GTK_WIDGET (matrix));
  const int height = gtk_widget_get_height (GTK_WIDGET (matrix));
  g_autofree guint *hits = g_new0 (guint, n * n);
  guint actual, predicted, last_column = 0;

  g_assert_cmpint (width, >, 0);
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      if (slope_confusion_matrix_pick (matrix, x + .5, y + .5, &actual, &predicted))
        {
          g_assert_cmpuint (actual, <, n);
          g_assert_cmpuint (predicted, <, n);
          hits[actual * n + predicted]++;
          last_column = predicted; /* of the last pixel */
        }
  for (guint i = 0; i < n * n; i++)
    g_assert_cmpuint (hits[i], >, 0);
  g_assert_cmpuint (last_column, ==, rtl ? 0 : n - 1);
  g_assert_false (slope_confusion_matrix_pick (matrix, -5, -5, &actual, &predicted));
  g_assert_false (slope_confusion_matrix_pick (matrix, width + 5, height + 5, &actual, &predicted));
}

static void
show_at (GtkWidget *widget, int width)
{
  int height;

  gtk_widget_measure (widget, GTK_ORIENTATION_VERTICAL, width, &height, NULL, NULL, NULL);
  gtk_widget_size_allocate (widget, &(GtkAllocation){ 0, 0, width, height }, -1);
}

static void
test_places (void)
{
  static const guint sizes[] = { 1, 2, 3, 12, 25, 60 };

  for (guint s = 0; s < G_N_ELEMENTS (sizes); s++)
    for (guint rtl = 0; rtl < 2; rtl++)
      {
        const guint n = sizes[s];
        GtkWidget *window = gtk_window_new ();
        GtkWidget *widget = slope_confusion_matrix_new ();
        g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
        g_autofree guint *many = g_new0 (guint, n * n);

        for (guint i = 0; i < n; i++)
          g_ptr_array_add (names, g_strdup_printf ("a class with a long name %u", i));
        g_ptr_array_add (names, NULL);
        gtk_widget_set_direction (widget, rtl ? GTK_TEXT_DIR_RTL : GTK_TEXT_DIR_LTR);
        gtk_window_set_child (GTK_WINDOW (window), widget);
        slope_confusion_matrix_set (SLOPE_CONFUSION_MATRIX (widget),
                                    (const char *const *)names->pdata, many, n);
        show_at (widget, 264);
        check_places (SLOPE_CONFUSION_MATRIX (widget), n, rtl);
        gtk_window_destroy (GTK_WINDOW (window));
      }
}

/* Setting other counts keeps the cursor; another number of classes starts anew. */
static void
test_set_again (void)
{
  static const guint changed[] = { 38, 3, 0, 5, 29, 1, 0, 2, 52 };
  static const char *const two[] = { "a", "b", NULL };
  static const guint four[] = { 1, 2, 3, 4 };
  SlopeConfusionMatrix *matrix = matrix_new ();

  g_assert_true (press (matrix, GDK_KEY_Right));
  slope_confusion_matrix_set (matrix, classes, changed, 3);
  assert_description (matrix, "black taken for grizzly: 3 pictures");
  slope_confusion_matrix_set (matrix, two, four, 2);
  assert_description (matrix, "a recognised: 1 picture");
  g_assert_finalize_object (matrix);
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv);
  adw_init ();
  g_test_add_func ("/ui/confusion-matrix/keys", test_keys);
  g_test_add_func ("/ui/confusion-matrix/empty", test_empty);
  g_test_add_func ("/ui/confusion-matrix/places", test_places);
  g_test_add_func ("/ui/confusion-matrix/set-again", test_set_again);
  return g_test_run ();
}
