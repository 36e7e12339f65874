/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Clean: the newest model looks at every picture, in one view or in nine. */
#include "project-fixture.h"
#include "ui-test.h"

#include "slope-clean-page-private.h"

#define SIDE_PX 64

typedef struct
{
  Fixture fixture;
  GtkWidget *window;
  SlopeCleanPage *page;
} Page;

static SlRecipe *
small_recipe (void)
{
  SlRecipe *recipe = sl_recipe_new ();

  g_free (recipe->arch);
  recipe->arch = g_strdup ("squeezenet1-1");
  g_free (recipe->pretrained);
  recipe->pretrained = g_strdup ("none");
  recipe->height = recipe->width = SIDE_PX;
  recipe->batch = 4;
  recipe->stages[0].epochs = 1;
  return recipe;
}

static void
show_page (Page *self)
{
  self->window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (self->window), 1000, 700);
  self->page = SLOPE_CLEAN_PAGE (slope_clean_page_new ());
  gtk_window_set_child (GTK_WINDOW (self->window), GTK_WIDGET (self->page));
  slope_clean_page_set_project (self->page, self->fixture.project);
  gtk_window_present (GTK_WINDOW (self->window));
  ui_test_wait_for (gtk_widget_get_mapped (GTK_WIDGET (self->page)));
}

static void
close_page (Page *self)
{
  SlopeCleanPage *page = g_object_ref (self->page);

  ui_test_destroy (self->window);
  ui_test_finalize (page);
}

static gboolean
is_idle (Page *self)
{
  return self->page->evaluation == NULL
         && sl_project_get_job (self->fixture.project) == SL_JOB_NONE;
}

/* A project with a model that the page has looked at all pictures with. */
static void
set_up (Page *self, gconstpointer data)
{
  g_autoptr (SlRecipe) recipe = small_recipe ();
  g_autoptr (GError) error = NULL;

  fixture_set_up (&self->fixture, GINT_TO_POINTER (FIXTURE_NEW));
  g_assert_true (sl_project_train (self->fixture.project, recipe, 0, NULL, NULL, NULL, &error));
  g_assert_no_error (error);
  show_page (self);
  ui_test_wait_for (sl_project_get_evaluated_run (self->fixture.project) == 1 && is_idle (self));
}

static void
tear_down (Page *self, gconstpointer data)
{
  close_page (self);
  fixture_tear_down (&self->fixture, NULL);
}

static gboolean
is_on (Page *self)
{
  return gtk_toggle_button_get_active (self->page->views_toggle);
}

static void
press (Page *self)
{
  gtk_toggle_button_set_active (self->page->views_toggle, !is_on (self));
}

static gboolean
says (Page *self, const char *beginning)
{
  return gtk_revealer_get_reveal_child (self->page->views_revealer)
         && g_str_has_prefix (gtk_label_get_text (self->page->views_line), beginning);
}

static gboolean
panel_says (Page *self, const char *text)
{
  return ui_test_find (GTK_WIDGET (self->page->panel), ui_test_has_text, text) != NULL;
}

static gboolean
shows_nine_views (Page *self)
{
  return is_idle (self) && sl_project_get_evaluated_tta (self->fixture.project);
}

/* (transfer full): probabilities of all items */
static GArray *
dup_probabilities (Page *self)
{
  GListModel *items = sl_project_get_items (self->fixture.project);
  GArray *found = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint i = 0; i < g_list_model_get_n_items (items); i++)
    {
      g_autoptr (SlItem) item = g_list_model_get_item (items, i);
      double probability;

      g_assert_true (sl_item_get_prediction (item, NULL, &probability, NULL));
      g_array_append_val (found, probability);
    }
  return found;
}

static void
test_toggle (Page *self, gconstpointer data)
{
  g_autoptr (GArray) plain = dup_probabilities (self), nine = NULL, again = NULL;

  g_assert_false (is_on (self));
  g_assert_true (gtk_widget_get_sensitive (GTK_WIDGET (self->page->views_toggle)));
  g_assert_false (gtk_revealer_get_reveal_child (self->page->views_revealer));
  ui_test_wait_for (panel_says (self, "All pictures, by run 1")); /* in a turn of its own */
  press (self);
  g_assert_cmpint (sl_project_get_job (self->fixture.project), ==, SL_JOB_EVALUATE);
  g_assert_true (gtk_revealer_get_reveal_child (self->page->progress_revealer));
  g_assert_cmpstr (gtk_label_get_text (self->page->progress_label), ==,
                   "The newest model looks at nine views of every picture");
  g_assert_false (says (self, "Each answer")); /* not yet */
  ui_test_wait_for (shows_nine_views (self));
  g_assert_true (says (self, "Each answer is blended from nine views"));
  ui_test_wait_for (panel_says (self, "All pictures in nine views, by run 1"));
  g_assert_false (gtk_revealer_get_reveal_child (self->page->progress_revealer));
  nine = dup_probabilities (self);
  g_assert_cmpint (memcmp (nine->data, plain->data, plain->len * sizeof (double)), !=, 0);

  press (self);
  g_assert_cmpstr (gtk_label_get_text (self->page->progress_label), ==,
                   "The newest model looks at every picture");
  ui_test_wait_for (is_idle (self) && !sl_project_get_evaluated_tta (self->fixture.project));
  again = dup_probabilities (self);
  g_assert_cmpmem (again->data, again->len * sizeof (double), plain->data,
                   plain->len * sizeof (double));
  g_assert_false (gtk_revealer_get_reveal_child (self->page->views_revealer));
  ui_test_wait_for (panel_says (self, "All pictures, by run 1"));
}

/* Pressed again while it works, and once more: what was wanted last is what comes. */
static void
test_changed_mind (Page *self, gconstpointer data)
{
  press (self);
  g_assert_nonnull (self->page->evaluation);
  press (self);
  ui_test_wait_for (is_idle (self));
  g_assert_false (is_on (self));
  g_assert_false (sl_project_get_evaluated_tta (self->fixture.project));
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (self->page->failure)));

  press (self);
  press (self);
  press (self);
  ui_test_wait_for (shows_nine_views (self));
  g_assert_true (is_on (self));
}

/* The job bar's Stop: the answers before stay, the toggle says so, nothing begins by itself. */
static void
test_stopped (Page *self, gconstpointer data)
{
  press (self);
  sl_project_stop (self->fixture.project);
  ui_test_wait_for (is_idle (self));
  ui_test_settle (); /* and stays so */
  g_assert_true (is_idle (self));
  g_assert_false (is_on (self));
  g_assert_false (sl_project_get_evaluated_tta (self->fixture.project));
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (self->page->failure)));

  press (self); /* it can be asked for again, */
  ui_test_wait_for (shows_nine_views (self));
  press (self); /* and given up on the way back */
  sl_project_stop (self->fixture.project);
  ui_test_wait_for (is_idle (self));
  g_assert_true (is_on (self));
  g_assert_true (says (self, "Each answer"));
}

/* Pictures that are taken out or get another label meanwhile are still so afterwards. */
static void
test_cleaned_meanwhile (Page *self, gconstpointer data)
{
  SlItem *item = fixture_item (&self->fixture, "black/0.png");
  SlItem *other = fixture_item (&self->fixture, "black/1.png");
  const gint64 id = sl_item_get_id (item), other_id = sl_item_get_id (other);

  press (self);
  g_assert_true (sl_project_remove (self->fixture.project, &id, 1, NULL));
  g_assert_true (sl_project_relabel (self->fixture.project, &other_id, 1, "teddy", NULL));
  ui_test_wait_for (shows_nine_views (self));
  ui_test_settle (); /* nothing is taken back */
  g_assert_cmpint (sl_item_get_state (item), ==, SL_ITEM_REMOVED);
  g_assert_cmpstr (sl_item_get_target (other), ==, "teddy");
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (self->page->failure)));
  /* The file may have gone to the bin before the model came to it. */
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (self->page->list)), >=, FIXTURE_N - 1);
}

static void
trained_cb (GObject *source, GAsyncResult *result, gpointer done)
{
  g_autoptr (SlRun) run = sl_project_train_finish (SL_PROJECT (source), result, NULL);

  *(gboolean *)done = run != NULL;
}

/* Asked for during training, they come with the new run; and with the next one. */
static void
test_while_training (Page *self, gconstpointer data)
{
  g_autoptr (SlRecipe) recipe = small_recipe ();
  gboolean done = FALSE;

  sl_project_train_async (self->fixture.project, recipe, 0, NULL, trained_cb, &done);
  press (self);
  g_assert_true (says (self, "Nine views wait until training has ended"));
  g_assert_null (self->page->evaluation);
  ui_test_wait_for (done && shows_nine_views (self));
  g_assert_cmpint (sl_project_get_evaluated_run (self->fixture.project), ==, 2);

  done = FALSE;
  sl_project_train_async (self->fixture.project, recipe, 0, NULL, trained_cb, &done);
  g_assert_true (says (self, "Each answer")); /* of run 2, which is what is shown */
  ui_test_wait_for (done && sl_project_get_evaluated_run (self->fixture.project) == 3
                    && shows_nine_views (self));
  g_assert_true (is_on (self));
}

static void
test_reopened (Page *self, gconstpointer data)
{
  g_autofree char *path = g_strdup (sl_project_get_path (self->fixture.project));
  g_autoptr (GError) error = NULL;

  press (self);
  ui_test_wait_for (shows_nine_views (self));
  close_page (self);
  sl_project_close (self->fixture.project);
  g_assert_finalize_object (self->fixture.project);
  self->fixture.project = sl_project_open (path, &error);
  g_assert_no_error (error);
  show_page (self);
  ui_test_settle (); /* nothing is asked again */
  g_assert_true (is_idle (self));
  g_assert_true (is_on (self));
  g_assert_true (says (self, "Each answer"));
  ui_test_wait_for (panel_says (self, "All pictures in nine views, by run 1"));
}

/* Masks, points and numbers cannot be averaged over views that show other parts of a picture. */
static void
test_cannot_blend (gconstpointer kind)
{
  Page self = { 0 };
  const gboolean may_blend = g_str_equal (((const FixtureKind *)kind)->task, "multilabel");
  const char *tooltip;

  fixture_set_up_kind (&self.fixture, kind);
  show_page (&self);
  ui_test_wait_for (self.page->fill_id == 0 && self.page->refresh_id == 0);
  g_assert_cmpint (gtk_widget_get_sensitive (GTK_WIDGET (self.page->views_toggle)), ==, may_blend);
  tooltip = gtk_widget_get_tooltip_text (GTK_WIDGET (self.page->views_toggle));
  g_assert_cmpint (strstr (tooltip, "goes with labels alone") == NULL, ==, may_blend);
  if (!may_blend)
    {
      gtk_toggle_button_set_active (self.page->views_toggle, TRUE);
      g_assert_null (self.page->evaluation);
    }
  tear_down (&self, NULL);
}

static void
add (const char *path, void (*test) (Page *, gconstpointer))
{
  g_test_add (path, Page, NULL, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  ui_test_init (&argc, &argv);
  add ("/ui/clean-look/toggle", test_toggle);
  add ("/ui/clean-look/changed-mind", test_changed_mind);
  add ("/ui/clean-look/stopped", test_stopped);
  add ("/ui/clean-look/cleaned-meanwhile", test_cleaned_meanwhile);
  add ("/ui/clean-look/while-training", test_while_training);
  add ("/ui/clean-look/reopened", test_reopened);
  for (guint i = 0; i < G_N_ELEMENTS (fixture_kinds); i++)
    {
      g_autofree char *path = g_strdup_printf ("/ui/clean-look/cannot-blend/%s",
                                               fixture_kinds[i].task);

      g_test_add_data_func (path, &fixture_kinds[i], test_cannot_blend);
    }
  return g_test_run ();
}
