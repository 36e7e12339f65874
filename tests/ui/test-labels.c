/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Pictures with several labels: chips, ticks, threshold, and the labels beside the worst pictures.
 * The fixture's model gives clear 0.9, road 0.1, water 0.3 to each picture; four have "clear;road", four
 * "water", four no label. */

#include "project-fixture.h"
#include "ui-test.h"

#include "slope-class-bars.h"
#include "slope-clean-page-private.h"
#include "slope-labels-panel.h"
#include "task-views/slope-class-chooser.h"
#include "task-views/slope-labels-caption.h"
#include "task-views/slope-labels.h"

#include <math.h>

typedef struct
{
  Fixture fixture;
  GtkWidget *window;
  SlopeCleanPage *page;
} Labels;

static void
labels_set_up (Labels *self, gconstpointer data)
{
  fixture_set_up_kind (&self->fixture, &fixture_kinds[0]);
  g_assert_cmpstr (fixture_kinds[0].task, ==, "multilabel");
  self->window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (self->window), 1000, 700);
  self->page = SLOPE_CLEAN_PAGE (slope_clean_page_new ());
  gtk_window_set_child (GTK_WINDOW (self->window), GTK_WIDGET (self->page));
  slope_clean_page_set_project (self->page, self->fixture.project);
  gtk_window_present (GTK_WINDOW (self->window));
  ui_test_wait_for_frame (GTK_WIDGET (self->page));
  ui_test_wait_for (self->page->fill_id == 0 && self->page->refresh_id == 0);
}

static void
labels_tear_down (Labels *self, gconstpointer data)
{
  ui_test_destroy (self->window);
  fixture_tear_down (&self->fixture, data);
}

static SlItem * /* (transfer none): with id 1 … */
item_of (Labels *self, gint64 id)
{
  return sl_project_get_item (self->fixture.project, id);
}

static guint
n_shown (Labels *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (self->page->list));
}

/* ---- Texts */

static void
test_edit (void)
{
  static const char *const classes[] = { "clear", "road", "water", NULL };
  static const struct
  {
    const char *target, *edit, *expected;
  } cases[] = {
    { "clear;road", "", "clear;road" },
    { "clear;road", "+water", "clear;road;water" },
    { "clear;road", "-road", "clear" },
    { "clear;road", "-clear;-road", "" },
    { "water", "+clear;-water;+road", "clear;road" },
    { NULL, "+road", "road" },
    { "", "-road", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *edited = slope_labels_edit (classes, cases[i].target, cases[i].edit);

      g_assert_cmpstr (edited, ==, cases[i].expected);
    }
  g_assert_true (slope_labels_have ("clear;road", "road"));
  g_assert_false (slope_labels_have ("clear;roads", "road"));
  g_assert_false (slope_labels_have ("broad;clear", "road"));
  g_assert_false (slope_labels_have (NULL, "road"));
}

/* ---- Chips */

/* Each is a stroke of the caption, not a widget: pages have hundreds of captions, and a picture may have 20 labels. */
static void
assert_chips (Labels *self, gint64 id, SlopeCaptionKind kind, const char *expected)
{
  GtkWidget *caption = g_object_ref_sink (slope_labels_caption_new ());
  g_autofree char *wrong = NULL;

  slope_labels_caption_set (SLOPE_LABELS_CAPTION (caption),
                            sl_project_get_classes (self->fixture.project), item_of (self, id),
                            kind);
  wrong = gtk_test_accessible_check_property (GTK_ACCESSIBLE (caption),
                                              GTK_ACCESSIBLE_PROPERTY_LABEL, expected);
  g_assert_cmpstr (wrong, ==, NULL);
  g_assert_null (gtk_widget_get_first_child (caption));
  g_assert_finalize_object (caption);
}

static void
test_chips (Labels *self, gconstpointer data)
{
  assert_chips (self, 1, SLOPE_CAPTION_LABEL, "clear, road");
  assert_chips (self, 1, SLOPE_CAPTION_REVIEW, "− road, + water, clear");
  assert_chips (self, 2, SLOPE_CAPTION_REVIEW, "+ clear, water");
  assert_chips (self, 3, SLOPE_CAPTION_LABEL, "none");
  assert_chips (self, 3, SLOPE_CAPTION_REVIEW, "+ clear, + water");
}

/* A little too narrow, the second label finds no room. */
static void
test_no_room (Labels *self, gconstpointer data)
{
  SlopeLabelsCaption *caption = g_object_ref_sink (
      SLOPE_LABELS_CAPTION (slope_labels_caption_new ()));
  int natural;

  slope_labels_caption_set_target (caption, sl_project_get_classes (self->fixture.project),
                                   "clear;road");
  gtk_widget_measure (GTK_WIDGET (caption), GTK_ORIENTATION_HORIZONTAL, -1, NULL, &natural, NULL,
                      NULL);
  gtk_widget_allocate (GTK_WIDGET (caption), natural, 24, -1, NULL);
  g_assert_cmpuint (slope_labels_caption_get_n_shown (caption), ==, 2);
  gtk_widget_allocate (GTK_WIDGET (caption), natural - 4, 24, -1, NULL);
  g_assert_cmpuint (slope_labels_caption_get_n_shown (caption), ==, 1);
  g_assert_finalize_object (caption);
}

/* ---- Threshold */

static void
test_threshold (Labels *self, gconstpointer data)
{
  SlProject *project = self->fixture.project;
  const char *predicted;
  double probability, metrics[SL_MAX_METRICS];
  guint n;
  g_autoptr (GError) error = NULL;
  g_autoptr (SlRecipe) recipe = NULL;
  g_autofree char *path = g_strdup (sl_project_get_path (project));
  g_autofree SlLabelErrors *errors = NULL;

  g_assert_cmpfloat (sl_project_get_threshold (project), ==, 0.5);
  /* At 0.2 "water" of the second is right, "clear" is too much: two of three cells. */
  g_assert_true (sl_project_score_at (project, 0.2, -1, metrics));
  g_assert_cmpfloat_with_epsilon (metrics[1], (4 * 1 / 3. + 4 * 2 / 3. + 4 * 1 / 3.) / 12, 1e-6);
  sl_item_get_prediction (item_of (self, 2), NULL, NULL, &predicted);
  g_assert_cmpstr (predicted, ==, "clear;water"); /* nothing has changed */

  g_assert_true (sl_project_set_threshold (project, 0.5, &error));
  g_assert_no_error (error);
  sl_item_get_prediction (item_of (self, 2), NULL, &probability, &predicted);
  g_assert_cmpstr (predicted, ==, "clear");
  g_assert_cmpfloat_with_epsilon (probability, 1 - 0.9,
                                  1e-6); /* the cell that fits least: "clear" */
  errors = sl_project_label_errors (project, -1, &n);
  g_assert_cmpuint (n, ==, 3);
  g_assert_true (errors[0].right == 4 && errors[0].missed == 0 && errors[0].extra == 8);
  g_assert_true (errors[1].right == 0 && errors[1].missed == 4 && errors[1].extra == 0);
  g_assert_true (errors[2].right == 0 && errors[2].missed == 4 && errors[2].extra == 0);
  recipe = sl_project_dup_recipe (project);
  g_assert_cmpfloat (recipe->threshold, ==, 0.5);

  /* It is on the disk. */
  g_assert_true (sl_project_set_threshold (project, 0.25, &error));
  slope_clean_page_set_project (self->page, NULL);
  sl_project_close (project);
  g_object_unref (project);
  self->fixture.project = sl_project_open (path, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (sl_project_get_threshold (self->fixture.project), ==, 0.25);
  sl_item_get_prediction (item_of (self, 2), NULL, NULL, &predicted);
  g_assert_cmpstr (predicted, ==, "clear;water");
}

typedef struct
{
  guint n_done, n_cancelled;
} Moves;

static void
moved_cb (GObject *project, GAsyncResult *result, gpointer user_data)
{
  Moves *moves = user_data;
  g_autoptr (GError) error = NULL;

  if (sl_project_set_threshold_finish (SL_PROJECT (project), result, &error))
    {
      moves->n_done++;
      return;
    }
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  moves->n_cancelled++;
}

static void
assert_said (SlProject *project, gint64 id, const char *said, double probability)
{
  const char *predicted;
  double found;

  sl_item_get_prediction (sl_project_get_item (project, id), NULL, &found, &predicted);
  g_assert_cmpstr (predicted, ==, said);
  g_assert_cmpfloat_with_epsilon (found, probability, 1e-6);
}

/* The last of several wins; what is relabelled meanwhile is answered by its new label. */
static void
test_moves (Labels *self, gconstpointer data)
{
  SlProject *project = self->fixture.project;
  const gint64 relabelled = 2;
  Moves moves = { 0 };
  double metrics[SL_MAX_METRICS];

  g_assert_true (sl_project_set_threshold (project, 0.95, NULL));
  for (guint i = 0; i < 3; i++)
    sl_project_set_threshold_async (project, 0.05 + 0.2 * i, moved_cb, &moves);
  g_assert_true (sl_project_relabel (project, &relabelled, 1, "clear;road", NULL));
  g_assert_cmpfloat (sl_project_get_threshold (project), ==, 0.95);
  assert_said (project, 1, "", 0.1);
  ui_test_wait_for (moves.n_done + moves.n_cancelled == 3);
  g_assert_cmpuint (moves.n_done, ==, 1);
  g_assert_cmpfloat (sl_project_get_threshold (project), ==, 0.45);
  assert_said (project, 1, "clear", 0.1); /* of road */
  assert_said (project, 2, "clear", 0.1);
  g_assert_true (sl_project_score_at (project, 0.45, -1, metrics));
  g_assert_cmpfloat_with_epsilon (metrics[1], (5 * 2 / 3. + 3 * 1 / 3. + 4 * 2 / 3.) / 12, 1e-6);
}

/* Closed while the answers are read: nothing of them is kept. */
static void
test_closed (Labels *self, gconstpointer data)
{
  SlProject *project = self->fixture.project;
  g_autofree char *path = g_strdup (sl_project_get_path (project));
  g_autoptr (GError) error = NULL;
  Moves moves = { 0 };

  slope_clean_page_set_project (self->page, NULL);
  sl_project_set_threshold_async (project, 0.05, moved_cb, &moves);
  sl_project_close (project);
  ui_test_wait_for (moves.n_cancelled == 1);
  g_assert_finalize_object (project);
  self->fixture.project = sl_project_open (path, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (sl_project_get_threshold (self->fixture.project), ==, 0.5);
}

/* What is asked on a thread is what is asked at once. */
typedef struct
{
  guint n;
  double metrics[SL_MAX_METRICS];
  SlLabelErrors *errors;
} Asked;

static void
asked_score_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Asked *asked = user_data;

  g_assert_true (sl_project_score_at_finish (result, asked->metrics));
  asked->n++;
}

static void
asked_errors_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Asked *asked = user_data;

  asked->errors = sl_project_label_errors_finish (result);
  asked->n++;
}

static void
test_asked (Labels *self, gconstpointer data)
{
  SlProject *project = self->fixture.project;
  double metrics[SL_MAX_METRICS];
  Asked asked = { 0 };
  guint n;
  g_autofree SlLabelErrors *errors = sl_project_label_errors (project, SL_SPLIT_TRAIN, &n);

  g_assert_true (sl_project_score_at (project, 0.2, SL_SPLIT_TRAIN, metrics));
  sl_project_score_at_async (project, 0.2, SL_SPLIT_TRAIN, asked_score_cb, &asked);
  sl_project_label_errors_async (project, SL_SPLIT_TRAIN, asked_errors_cb, &asked);
  ui_test_wait_for (asked.n == 2);
  for (guint i = 0; i < sl_project_get_task (project)->n_metrics; i++)
    g_assert_cmpfloat (asked.metrics[i], ==, metrics[i]);
  g_assert_cmpmem (asked.errors, n * sizeof *errors, errors, n * sizeof *errors);
  g_free (asked.errors);
}

/* The scale of the side panel: figures at once, the pictures a moment later. */
static void
test_scale (Labels *self, gconstpointer data)
{
  GtkWidget *panel = ui_test_find_type (GTK_WIDGET (self->page), "SlopeLabelsPanel");
  GtkWidget *scale = ui_test_find_type (panel, "GtkScale");
  const char *predicted;

  g_assert_true (gtk_widget_get_mapped (panel));
  g_assert_cmpfloat (gtk_range_get_value (GTK_RANGE (scale)), ==, 0.5);
  gtk_range_set_value (GTK_RANGE (scale), 0.95);
  g_assert_nonnull (ui_test_find (panel, ui_test_has_text, "0.95"));
  ui_test_wait_for (sl_project_get_threshold (self->fixture.project) == 0.95);
  sl_item_get_prediction (item_of (self, 2), NULL, NULL, &predicted);
  g_assert_cmpstr (predicted, ==, "");
}

/* ---- Filter, and ticks */

static void
test_filter (Labels *self, gconstpointer data)
{
  g_assert_cmpuint (n_shown (self), ==, FIXTURE_N);
  g_signal_emit_by_name (self->page->panel, "label-chosen", 1, TRUE);
  g_assert_cmpuint (n_shown (self), ==, 4);
  g_assert_cmpstr (gtk_label_get_text (self->page->chip_label), ==, "road, missed");
  g_signal_emit_by_name (self->page->panel, "label-chosen", 2, FALSE);
  g_assert_cmpuint (n_shown (self), ==, 8);
  g_assert_cmpstr (gtk_label_get_text (self->page->chip_label), ==, "water, in vain");
}

static SlopeClassChooser *
chooser_of (Labels *self)
{
  return SLOPE_CLASS_CHOOSER (gtk_popover_get_child (GTK_POPOVER (self->page->relabel_popover)));
}

static gboolean
is_check_of (GtkWidget *widget, gconstpointer name)
{
  return GTK_IS_CHECK_BUTTON (widget)
         && gtk_test_accessible_check_property (GTK_ACCESSIBLE (widget),
                                                GTK_ACCESSIBLE_PROPERTY_LABEL, name)
                == NULL;
}

static GtkCheckButton *
check_of (Labels *self, const char *name)
{
  GtkWidget *check = ui_test_find (GTK_WIDGET (chooser_of (self)), is_check_of, name);

  g_assert_nonnull (check);
  return GTK_CHECK_BUTTON (check);
}

/* Two pictures: what both have is ticked, what one has half; what is not touched stays in each. */
static void
test_ticks (Labels *self, gconstpointer data)
{
  GPtrArray *items = g_ptr_array_new ();
  GtkWidget *apply;

  gtk_drop_down_set_selected (self->page->order, SLOPE_REVIEW_BY_NAME);
  gtk_selection_model_select_all (GTK_SELECTION_MODEL (self->page->selection));
  g_ptr_array_add (items, item_of (self, 1));
  g_ptr_array_add (items, item_of (self, 2));
  slope_class_chooser_set_items (chooser_of (self), items);
  g_assert_true (gtk_check_button_get_inconsistent (check_of (self, "clear")));
  g_assert_false (gtk_check_button_get_active (check_of (self, "road")));
  g_assert_true (slope_class_chooser_press_digit (chooser_of (self), 3)); /* water: half, then on */
  g_assert_true (gtk_check_button_get_active (check_of (self, "water")));
  g_assert_false (slope_class_chooser_press_digit (chooser_of (self), 4));
  apply = ui_test_find_type (GTK_WIDGET (chooser_of (self)), "GtkButton");
  g_signal_emit_by_name (apply, "clicked");
  g_assert_cmpstr (sl_item_get_target (item_of (self, 1)), ==, "clear;road;water");
  g_assert_cmpstr (sl_item_get_target (item_of (self, 2)), ==, "water");
  g_assert_cmpstr (sl_item_get_target (item_of (self, 3)), ==, "water");
  g_assert_false (sl_item_get_relabelled (item_of (self, 2)));
  g_assert_true (sl_project_undo (self->fixture.project, NULL)); /* one step */
  g_assert_cmpstr (sl_item_get_target (item_of (self, 1)), ==, "clear;road");
  g_assert_cmpstr (sl_item_get_target (item_of (self, 3)), ==, "");
  g_ptr_array_unref (items);
}

/* A digit in the grid opens the chooser with that label ticked. */
static void
test_digit (Labels *self, gconstpointer data)
{
  gtk_drop_down_set_selected (self->page->order, SLOPE_REVIEW_BY_NAME);
  gtk_selection_model_select_item (GTK_SELECTION_MODEL (self->page->selection), 0, TRUE);
  g_assert_true (
      gtk_widget_activate_action (GTK_WIDGET (self->page), "clean.relabel-digit", "u", 3));
  g_assert_true (gtk_widget_get_visible (self->page->relabel_popover));
  g_assert_true (gtk_check_button_get_active (check_of (self, "water")));
  gtk_menu_button_popdown (self->page->relabel);
}

static void
add (const char *path, void (*test) (Labels *, gconstpointer))
{
  g_test_add (path, Labels, NULL, labels_set_up, test, labels_tear_down);
}

int
main (int argc, char **argv)
{
  ui_test_init (&argc, &argv);
  g_test_add_func ("/ui/labels/edit", test_edit);
  add ("/ui/labels/chips", test_chips);
  add ("/ui/labels/no-room", test_no_room);
  add ("/ui/labels/threshold", test_threshold);
  add ("/ui/labels/moves", test_moves);
  add ("/ui/labels/closed", test_closed);
  add ("/ui/labels/asked", test_asked);
  add ("/ui/labels/scale", test_scale);
  add ("/ui/labels/filter", test_filter);
  add ("/ui/labels/ticks", test_ticks);
  add ("/ui/labels/digit", test_digit);
  return g_test_run ();
}
