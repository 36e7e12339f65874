/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project-fixture.h"
#include "slope-ui-resources.h"

#include "slope-clean-page-private.h"
#include "slope-tile.h"

typedef struct
{
  Fixture fixture;
  GtkWidget *window;
  SlopeCleanPage *page;
} Page;

static void
settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
page_set_up (Page *self, gconstpointer level)
{
  fixture_set_up (&self->fixture, level);
  self->window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (self->window), 1000, 700);
  self->page = SLOPE_CLEAN_PAGE (slope_clean_page_new ());
  gtk_window_set_child (GTK_WINDOW (self->window), GTK_WIDGET (self->page));
  slope_clean_page_set_project (self->page, self->fixture.project);
  gtk_window_present (GTK_WINDOW (self->window));
  while (!gtk_widget_get_mapped (GTK_WIDGET (self->page)))
    g_main_context_iteration (NULL, TRUE);
  settle ();
}

static void
page_tear_down (Page *self, gconstpointer level)
{
  SlopeCleanPage *page = g_object_ref (self->page);

  gtk_window_destroy (GTK_WINDOW (self->window));
  settle ();
  g_assert_finalize_object (page);
  fixture_tear_down (&self->fixture, level);
}

static const char *
state (Page *self)
{
  return gtk_stack_get_visible_child_name (self->page->stack);
}

static guint
n_shown (Page *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (self->page->list));
}

static void
select_at (Page *self, guint position, gboolean alone)
{
  gtk_selection_model_select_item (GTK_SELECTION_MODEL (self->page->selection), position, alone);
}

static gboolean
is_selected (Page *self, guint position)
{
  return gtk_selection_model_is_selected (GTK_SELECTION_MODEL (self->page->selection), position);
}

/* Runs what the grid does with a key before its tiles see it. */
static gboolean
press (Page *self, guint key)
{
  g_autoptr (GListModel)
      controllers = gtk_widget_observe_controllers (GTK_WIDGET (self->page->grid));

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (!GTK_IS_SHORTCUT_CONTROLLER (controller)
          || gtk_event_controller_get_propagation_phase (controller) != GTK_PHASE_CAPTURE)
        continue;
      for (guint j = 0; j < g_list_model_get_n_items (G_LIST_MODEL (controller)); j++)
        {
          g_autoptr (GtkShortcut) shortcut = g_list_model_get_item (G_LIST_MODEL (controller), j);
          GtkShortcutTrigger *trigger = gtk_shortcut_get_trigger (shortcut);

          if (gtk_keyval_trigger_get_keyval (GTK_KEYVAL_TRIGGER (trigger)) == key)
            return gtk_shortcut_action_activate (gtk_shortcut_get_action (shortcut), 0,
                                                 GTK_WIDGET (self->page->grid),
                                                 gtk_shortcut_get_arguments (shortcut));
        }
    }
  return FALSE;
}

static void
assert_text (GtkLabel *label, const char *text)
{
  g_assert_cmpstr (gtk_label_get_text (label), ==, text);
}

static void
test_train_first (Page *self, gconstpointer data)
{
  g_assert_cmpstr (state (self), ==, "empty");
  g_assert_cmpuint (n_shown (self), ==, 0);
}

/* A model that cannot be read: said once, with a button to try again, not over and over. */
static void
test_model_fails (Page *self, gconstpointer data)
{
  while (self->page->evaluation != NULL)
    g_main_context_iteration (NULL, TRUE);
  settle ();
  g_assert_cmpstr (state (self), ==, "look");
  g_assert_true (gtk_widget_get_mapped (GTK_WIDGET (self->page->failure)));
  g_assert_null (self->page->evaluation);
}

static void
test_worst_first (Page *self, gconstpointer data)
{
  g_autoptr (SlItem) first = NULL;

  g_assert_cmpstr (state (self), ==, "grid");
  g_assert_cmpuint (n_shown (self), ==, FIXTURE_N);
  first = g_list_model_get_item (G_LIST_MODEL (self->page->list), 0);
  g_assert_true (first == fixture_item (&self->fixture, "black/0.png"));
  assert_text (self->page->counter, "0 of 12 looked at");
  assert_text (self->page->selected, "Nothing selected");
  assert_text (self->page->hint, "1–3 relabel · Enter keeps · Delete removes");
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (self->page->advice)));
  g_assert_false (gtk_widget_get_sensitive (GTK_WIDGET (self->page->relabel)));
}

/* Works in a window of 600 px, its least width. */
static void
test_narrow (Page *self, gconstpointer data)
{
  int minimum;

  gtk_widget_measure (GTK_WIDGET (self->page), GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL,
                      NULL);
  g_assert_cmpint (minimum, <=, 600);
}

/* Every tile's list item says what it is. */
static void
test_names (Page *self, gconstpointer data)
{
  GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->page->grid));
  char *wrong;

  g_assert_nonnull (row);
  wrong = gtk_test_accessible_check_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                              "0.png, label black, model says grizzly, loss 4.00");
  g_assert_cmpstr (wrong, ==, NULL);
}

static void
test_keep (Page *self, gconstpointer data)
{
  SlItem *first = fixture_item (&self->fixture, "black/0.png");

  g_assert_false (press (self, GDK_KEY_Return)); /* nothing is selected */
  select_at (self, 0, TRUE);
  assert_text (self->page->selected, "1 selected");
  g_assert_true (press (self, GDK_KEY_Return));
  g_assert_true (sl_item_get_kept (first));
  g_assert_cmpuint (n_shown (self), ==, FIXTURE_N);
  assert_text (self->page->counter, "1 of 12 looked at");
  g_assert_true (is_selected (self, 1) && !is_selected (self, 0));

  /* Once more on the kept one takes the mark back. */
  select_at (self, 0, TRUE);
  g_assert_true (press (self, GDK_KEY_Return));
  g_assert_false (sl_item_get_kept (first));
}

static void
test_relabel (Page *self, gconstpointer data)
{
  SlItem *first = fixture_item (&self->fixture, "black/0.png");

  select_at (self, 0, TRUE);
  g_assert_true (press (self, GDK_KEY_9)); /* there is no ninth class */
  g_assert_cmpstr (sl_item_get_target (first), ==, "black");
  g_assert_null (self->page->toast);
  g_assert_true (press (self, GDK_KEY_KP_2));
  g_assert_cmpstr (sl_item_get_target (first), ==, "grizzly");
  g_assert_nonnull (self->page->toast);
  g_assert_cmpstr (adw_toast_get_title (self->page->toast), ==, "“0.png” is now grizzly");
  g_assert_true (is_selected (self, 1));
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (self->page->advice)));
}

static void
test_remove_many (Page *self, gconstpointer data)
{
  gsize removed, relabelled;

  select_at (self, 0, TRUE);
  select_at (self, 2, FALSE);
  assert_text (self->page->selected, "2 selected");
  g_assert_true (press (self, GDK_KEY_Delete));
  g_assert_cmpuint (sl_project_count_removed (self->fixture.project), ==, 2);
  g_assert_cmpuint (n_shown (self), ==, FIXTURE_N);
  g_assert_cmpstr (adw_toast_get_title (self->page->toast), ==, "Removed 2 pictures");
  /* On to the next after the last of them. */
  g_assert_true (is_selected (self, 3));
  assert_text (self->page->selected, "1 selected");
  sl_project_changes_since (self->fixture.project, 1, &removed, &relabelled);
  g_assert_cmpuint (removed, ==, 2);
  /* What is removed already is left alone. */
  select_at (self, 0, TRUE);
  press (self, GDK_KEY_BackSpace);
  g_assert_cmpuint (sl_project_count_removed (self->fixture.project), ==, 2);
}

/* Undo comes from the window: the page hears of it, and the toast that offered it goes. */
static void
test_undo (Page *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  select_at (self, 0, TRUE);
  press (self, GDK_KEY_Delete);
  assert_text (self->page->counter, "1 of 12 looked at");
  g_assert_true (sl_project_undo (self->fixture.project, &error));
  g_assert_no_error (error);
  settle ();
  assert_text (self->page->counter, "0 of 12 looked at");
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (self->page->advice)));
}

static void
test_hide_done (Page *self, gconstpointer data)
{
  gtk_toggle_button_set_active (self->page->hide_done, TRUE);
  for (guint i = 0; i < FIXTURE_N; i++)
    {
      select_at (self, 0, TRUE);
      g_assert_true (press (self, GDK_KEY_Return));
      g_assert_cmpuint (n_shown (self), ==, FIXTURE_N - 1 - i);
    }
  g_assert_cmpstr (gtk_stack_get_visible_child_name (self->page->grid_stack), ==, "done");
  assert_text (self->page->counter, "12 of 12 looked at");
  gtk_toggle_button_set_active (self->page->hide_done, FALSE);
  g_assert_cmpstr (gtk_stack_get_visible_child_name (self->page->grid_stack), ==, "pictures");
}

static void
test_filter (Page *self, gconstpointer data)
{
  GtkWidget *page = GTK_WIDGET (self->page);

  g_signal_emit_by_name (self->page->panel, "pair-chosen", 1, 0);
  g_assert_cmpuint (n_shown (self), ==, 2);
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (self->page->chip)));
  assert_text (self->page->chip_label, "grizzly → black");
  assert_text (self->page->counter, "0 of 2 looked at");
  g_signal_emit_by_name (self->page->panel, "pair-chosen", 2, 0);
  g_assert_cmpstr (gtk_stack_get_visible_child_name (self->page->grid_stack), ==, "no-matches");
  g_assert_true (gtk_widget_activate_action (page, "clean.show-everything", NULL));
  g_assert_cmpuint (n_shown (self), ==, FIXTURE_N);
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (self->page->chip)));

  gtk_drop_down_set_selected (self->page->set, 2);
  g_assert_cmpuint (n_shown (self), ==,
                    sl_project_count (self->fixture.project, G_MAXUINT, SL_SPLIT_VALID));
}

/* Closing a project while its page shows, and opening it again. */
static void
test_close (Page *self, gconstpointer data)
{
  const gint64 shown = g_get_monotonic_time () + G_USEC_PER_SEC;

  select_at (self, 0, TRUE);
  press (self, GDK_KEY_Delete);
  /* libadwaita 1.2 frees a toast twice whose coming and going end in the same frame. */
  while (g_get_monotonic_time () < shown)
    g_main_context_iteration (NULL, FALSE);
  slope_clean_page_set_project (self->page, NULL);
  settle ();
  g_assert_cmpuint (n_shown (self), ==, 0);
  slope_clean_page_set_project (self->page, self->fixture.project);
  settle ();
  g_assert_cmpuint (n_shown (self), ==, FIXTURE_N);
}

static void
add (const char *path, int level, void (*test) (Page *, gconstpointer))
{
  g_test_add (path, Page, GINT_TO_POINTER (level), page_set_up, test, page_tear_down);
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv);
  adw_init ();
  g_resources_register (slope_ui_get_resource ());
  add ("/ui/clean-page/train-first", FIXTURE_NEW, test_train_first);
  add ("/ui/clean-page/model-fails", FIXTURE_TRAINED, test_model_fails);
  add ("/ui/clean-page/worst-first", FIXTURE_EVALUATED, test_worst_first);
  add ("/ui/clean-page/narrow", FIXTURE_EVALUATED, test_narrow);
  add ("/ui/clean-page/names", FIXTURE_EVALUATED, test_names);
  add ("/ui/clean-page/keep", FIXTURE_EVALUATED, test_keep);
  add ("/ui/clean-page/relabel", FIXTURE_EVALUATED, test_relabel);
  add ("/ui/clean-page/remove-many", FIXTURE_EVALUATED, test_remove_many);
  add ("/ui/clean-page/undo", FIXTURE_EVALUATED, test_undo);
  add ("/ui/clean-page/hide-done", FIXTURE_EVALUATED, test_hide_done);
  add ("/ui/clean-page/filter", FIXTURE_EVALUATED, test_filter);
  add ("/ui/clean-page/close", FIXTURE_EVALUATED, test_close);
  return g_test_run ();
}
