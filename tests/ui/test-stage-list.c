/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The stages of a recipe: moved, doubled, removed, replaced by presets, edited. */
#include "project-fixture.h"
#include "slope-freeze-group.h"
#include "slope-run-text.h"
#include "slope-stage-bar.h"
#include "slope-stage-list.h"
#include "slope-stage-row.h"
#include "ui-test.h"

typedef struct
{
  GtkWidget *window;
  SlopeStageList *list;
  SlRecipe *recipe;
  guint n_changed;
} Stages;

static void
count (guint *n)
{
  (*n)++;
}

static guint
n_groups (void)
{
  return sl_arch_find ("resnet18")->n_groups + 1;
}

/* Three stages of 1, 2 and 3 epochs, in a window. */
static void
set_up (Stages *self, gconstpointer data)
{
  self->recipe = sl_recipe_new ();
  self->recipe->n_stages = 3;
  for (guint i = 0; i < 3; i++)
    {
      self->recipe->stages[i] = self->recipe->stages[0];
      self->recipe->stages[i].epochs = i + 1;
    }
  self->list = g_object_new (SLOPE_TYPE_STAGE_LIST, NULL);
  g_object_ref_sink (self->list);
  slope_stage_list_set_recipe (self->list, self->recipe);
  g_signal_connect_swapped (self->list, "changed", G_CALLBACK (count), &self->n_changed);
  self->window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (self->window), 360, 800);
  gtk_window_set_child (GTK_WINDOW (self->window), GTK_WIDGET (self->list));
  gtk_window_present (GTK_WINDOW (self->window));
  ui_test_wait_for (gtk_widget_get_width (GTK_WIDGET (self->list)) > 0);
}

static void
tear_down (Stages *self, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (self->window));
  g_assert_finalize_object (self->list);
  sl_recipe_free (self->recipe);
}

static void
assert_epochs (Stages *self, const char *expected)
{
  g_autoptr (GString) epochs = g_string_new (NULL);
  for (guint i = 0; i < self->recipe->n_stages; i++)
    g_string_append_printf (epochs, "%s%u", i > 0 ? " " : "", self->recipe->stages[i].epochs);
  g_assert_cmpstr (epochs->str, ==, expected);
}

static gboolean
is_row (GtkWidget *widget, gconstpointer index)
{
  return SLOPE_IS_STAGE_ROW (widget)
         && gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (widget)) == GPOINTER_TO_INT (index);
}

static GtkWidget *
row (Stages *self, int index)
{
  return ui_test_find (GTK_WIDGET (self->list), is_row, GINT_TO_POINTER (index));
}

static void
act (Stages *self, int index, const char *action)
{
  g_assert_true (gtk_widget_activate_action (row (self, index), action, NULL));
}

/* ---- Order */

static void
test_move (Stages *self, gconstpointer data)
{
  slope_stage_list_move (self->list, 0, 2);
  assert_epochs (self, "2 3 1");
  g_assert_cmpuint (slope_stage_list_get_open (self->list), ==, 2);
  slope_stage_list_move (self->list, 2, 1);
  assert_epochs (self, "2 1 3");
  g_assert_cmpuint (self->n_changed, ==, 2);
  slope_stage_list_move (self->list, 1, 1);
  g_assert_cmpuint (self->n_changed, ==, 2);
}

static void
test_commands (Stages *self, gconstpointer data)
{
  act (self, 2, "stage.move-up");
  assert_epochs (self, "1 3 2");
  act (self, 0, "stage.move-down");
  assert_epochs (self, "3 1 2");
  act (self, 1, "stage.duplicate");
  assert_epochs (self, "3 1 1 2");
  g_assert_cmpuint (slope_stage_list_get_open (self->list), ==, 2);
  act (self, 3, "stage.remove");
  act (self, 0, "stage.remove");
  assert_epochs (self, "1 1");
  g_assert_cmpuint (self->n_changed, ==, 5);
  /* The ends, and the last one, stay. */
  act (self, 0, "stage.move-up");
  act (self, 1, "stage.move-down");
  act (self, 1, "stage.remove");
  act (self, 0, "stage.remove");
  assert_epochs (self, "1");
  g_assert_cmpuint (self->n_changed, ==, 6);
}

static void
test_full (Stages *self, gconstpointer data)
{
  while (self->recipe->n_stages < SL_MAX_STAGES)
    act (self, 0, "stage.duplicate");
  act (self, 0, "stage.duplicate");
  slope_stage_list_add (self->list);
  g_assert_cmpuint (self->recipe->n_stages, ==, SL_MAX_STAGES);
  g_assert_cmpuint (self->recipe->stages[SL_MAX_STAGES - 1].epochs, ==, 3);
}

/* The focus goes with the stage, so that the key can be pressed again. */
static void
test_focus (Stages *self, gconstpointer data)
{
  GtkWidget *up;
  slope_stage_list_open (self->list, 2);
  up = ui_test_find (row (self, 2), ui_test_has_action, "stage.move-up");
  g_assert_true (gtk_widget_grab_focus (up));
  act (self, 2, "stage.move-up");
  up = ui_test_find (row (self, 1), ui_test_has_action, "stage.move-up");
  g_assert_true (gtk_widget_has_focus (up));
  act (self, 1, "stage.move-up"); /* the first cannot go further up: its header has the focus */
  g_assert_true (
      gtk_widget_is_ancestor (gtk_root_get_focus (GTK_ROOT (self->window)), row (self, 0)));
  act (self, 0, "stage.remove");
  g_assert_true (
      gtk_widget_is_ancestor (gtk_root_get_focus (GTK_ROOT (self->window)), row (self, 0)));
}

/* ---- Dragging: by the badge, onto another row */

static gpointer
controller (GtkWidget *widget, GType type)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);
  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GObject) item = g_list_model_get_item (controllers, i);
      if (G_TYPE_CHECK_INSTANCE_TYPE (item, type))
        return item; /* the widget keeps it */
    }
  return NULL;
}

static gboolean
is_dragged (GtkWidget *widget, gconstpointer data)
{
  return controller (widget, GTK_TYPE_DRAG_SOURCE) != NULL;
}

/* What a drag that begins at the badge of @dragged carries, let go over @target. */
static gboolean
drop (GtkWidget *dragged, GtkWidget *target)
{
  GtkWidget *badge = ui_test_find (dragged, is_dragged, NULL);
  g_autoptr (GdkContentProvider) carried = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GValue) value = G_VALUE_INIT;
  gboolean taken = FALSE;
  g_signal_emit_by_name (controller (badge, GTK_TYPE_DRAG_SOURCE), "prepare", 1., 1., &carried);
  g_value_init (&value, SLOPE_TYPE_STAGE_ROW);
  g_assert_true (gdk_content_provider_get_value (carried, &value, &error));
  g_assert_no_error (error);
  g_signal_emit_by_name (controller (target, GTK_TYPE_DROP_TARGET), "drop", &value, 1., 1., &taken);
  return taken;
}

static void
test_drag (Stages *self, gconstpointer data)
{
  GtkWidget *stranger = g_object_ref_sink (slope_stage_row_new ());
  g_assert_true (drop (row (self, 2), row (self, 0)));
  assert_epochs (self, "3 1 2");
  g_assert_cmpuint (slope_stage_list_get_open (self->list), ==, 0);
  g_assert_true (drop (row (self, 0), row (self, 1)));
  assert_epochs (self, "1 3 2");
  g_assert_true (drop (row (self, 1), row (self, 1)));
  g_assert_cmpuint (self->n_changed, ==, 2);
  /* A stage of another list stays there. */
  slope_stage_row_set (SLOPE_STAGE_ROW (stranger), self->recipe, 0);
  g_assert_false (drop (stranger, row (self, 0)));
  assert_epochs (self, "1 3 2");
  g_object_unref (stranger);
}

/* ---- Presets */

static void
test_presets (Stages *self, gconstpointer data)
{
  slope_stage_list_use_preset (self->list, "two-stages");
  assert_epochs (self, "4 2");
  g_assert_cmpuint (self->recipe->stages[0].freeze_to, ==, n_groups () - 1);
  g_assert_cmpint (self->recipe->width, ==, 128);
  slope_stage_list_use_preset (self->list, "step-up");
  g_assert_cmpuint (self->recipe->n_stages, ==, 6);
  g_assert_cmpint (self->recipe->width, ==, 256);
  g_assert_cmpint (self->recipe->stages[0].width, ==, 64);
  slope_stage_list_use_preset (self->list, "from-scratch");
  g_assert_cmpuint (self->recipe->n_stages, ==, 1);
  g_assert_cmpuint (self->n_changed, ==, 3);
}

/* Suggested for weights that know pictures, where nothing is frozen. */
static void
test_suggestion (Stages *self, gconstpointer data)
{
  GtkWidget *note = ui_test_find_type (GTK_WIDGET (self->list), "SlopeNote");
  g_assert_false (gtk_widget_get_visible (note));
  slope_stage_list_set_learned (self->list, TRUE);
  g_assert_true (gtk_widget_get_visible (note));
  g_signal_emit_by_name (note, "activated");
  assert_epochs (self, "4 2");
  g_assert_false (gtk_widget_get_visible (note));
}

/* ---- A row */

static gboolean
is_size (GtkWidget *widget, gconstpointer data)
{
  return GTK_IS_SPIN_BUTTON (widget) && gtk_spin_button_get_value (GTK_SPIN_BUTTON (widget)) >= 8;
}

static void
test_own_size (Stages *self, gconstpointer data)
{
  GtkWidget *size = ui_test_find (row (self, 0), is_size, NULL);
  g_assert_cmpint (gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (size)), ==, 128);
  g_assert_nonnull (ui_test_find (row (self, 0), ui_test_has_text, "1 epoch · 128 px · 3e-3"));
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (size), 64);
  g_assert_cmpint (self->recipe->stages[0].width, ==, 64);
  g_assert_cmpint (self->recipe->stages[0].height, ==, 64);
  g_assert_nonnull (ui_test_find (row (self, 0), ui_test_has_text, "1 epoch · 64 px · 3e-3"));
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (size), 128); /* the recipe's: follows it again */
  g_assert_cmpint (self->recipe->stages[0].width, ==, 0);
}

static void
test_marks (Stages *self, gconstpointer data)
{
  slope_stage_list_set_training (self->list, 1, .45);
  g_assert_nonnull (ui_test_find (row (self, 0), ui_test_has_text, "✓"));
  g_assert_nonnull (ui_test_find (row (self, 1), ui_test_has_text, "45\u00A0%"));
  g_assert_null (ui_test_find (row (self, 2), ui_test_has_text, "✓"));
  slope_stage_list_set_training (self->list, -1, 0);
  g_assert_null (ui_test_find (row (self, 0), ui_test_has_text, "✓"));
}

/* Longer stages are wider, and every pixel is some stage's. */
static void
test_bar (Stages *self, gconstpointer data)
{
  GtkWidget *widget = ui_test_find_type (GTK_WIDGET (self->list), "SlopeStageBar");
  guint pixels[3] = { 0 }, before = 0;
  for (int x = 0; x < gtk_widget_get_width (widget); x++)
    {
      guint stage = slope_stage_bar_at (SLOPE_STAGE_BAR (widget), x);
      g_assert_cmpuint (stage, >=, before);
      before = stage;
      pixels[stage]++;
    }
  g_assert_cmpuint (pixels[0], >=, 16);
  g_assert_cmpuint (pixels[1], >, pixels[0]);
  g_assert_cmpuint (pixels[2], >, pixels[1]);
  g_signal_emit_by_name (widget, "picked", 2);
  g_assert_cmpuint (slope_stage_list_get_open (self->list), ==, 2);
}

/* ---- Frozen layers */

static GtkWidget *
row_switch (GtkWidget *root, const char *title)
{
  GtkWidget *row_ = gtk_widget_get_ancestor (ui_test_find (root, ui_test_has_text, title),
                                             ADW_TYPE_ACTION_ROW);
  return adw_action_row_get_activatable_widget (ADW_ACTION_ROW (row_));
}

/* Outputs can be kept of norms that are frozen, and only then. */
static void
test_freeze (Stages *self, gconstpointer data)
{
  GtkWidget *group = g_object_ref_sink (g_object_new (SLOPE_TYPE_FREEZE_GROUP, NULL));
  GtkSwitch *norms, *keep;
  guint n = 0;
  slope_freeze_group_set_recipe (SLOPE_FREEZE_GROUP (group), self->recipe);
  g_assert_false (gtk_widget_get_visible (group));
  slope_stage_list_use_preset (self->list, "two-stages");
  slope_freeze_group_set_recipe (SLOPE_FREEZE_GROUP (group), self->recipe);
  g_assert_true (gtk_widget_get_visible (group));
  g_signal_connect_swapped (group, "changed", G_CALLBACK (count), &n);
  norms = GTK_SWITCH (row_switch (group, "Freeze batch norms too"));
  keep = GTK_SWITCH (row_switch (group, "Keep the body’s outputs"));
  g_assert_false (gtk_switch_get_active (norms));
  gtk_switch_set_active (keep, TRUE);
  g_assert_true (self->recipe->freeze_norms);
  g_assert_cmpuint (self->recipe->views, ==, 2);
  g_assert_true (gtk_switch_get_active (norms));
  gtk_switch_set_active (norms, FALSE);
  g_assert_cmpuint (self->recipe->views, ==, 0);
  g_assert_false (gtk_switch_get_active (keep));
  gtk_switch_set_active (norms, TRUE);
  g_assert_true (self->recipe->freeze_norms);
  g_assert_cmpuint (self->recipe->views, ==, 0);
  g_assert_cmpuint (n, ==, 3);
  g_assert_finalize_object (group);
}

/* ---- Training again */

/* A run of two stages, the second of the head alone and from kept outputs. */
static SlRun *
train (Fixture *project)
{
  g_autoptr (SlRecipe) recipe = sl_recipe_new ();
  g_autoptr (GError) error = NULL;
  recipe->height = recipe->width = 16;
  recipe->n_stages = 2;
  recipe->stages[0].epochs = 1;
  recipe->stages[1] = recipe->stages[0];
  recipe->stages[1].freeze_to = n_groups () - 1;
  recipe->freeze_norms = TRUE;
  recipe->views = 1;
  recipe->batch = 4;
  g_assert_true (sl_project_train (project->project, recipe, 0, NULL, NULL, NULL, &error));
  g_assert_no_error (error);
  return g_list_model_get_item (sl_project_get_runs (project->project), 0);
}

static gboolean
has_prefix (char *text, const char *prefix)
{
  g_autofree char *owned = text;
  return text && g_str_has_prefix (text, prefix);
}

static void
test_again (Stages *self, gconstpointer data)
{
  Fixture project = { 0 };
  SlRun *run;
  GtkWidget *button;
  fixture_set_up (&project, GINT_TO_POINTER (FIXTURE_NEW));
  run = train (&project);
  sl_recipe_free (self->recipe);
  self->recipe = sl_recipe_copy (sl_run_get_recipe (run));
  slope_stage_list_set_recipe (self->list, self->recipe);
  slope_stage_list_set_past (self->list, run);
  button = ui_test_find (row (self, 1), ui_test_has_action, "train.again-here");
  g_assert_null (slope_run_why_not_again (run, self->recipe, 1));
  g_assert_true (gtk_widget_is_sensitive (gtk_widget_get_parent (button)));
  g_assert_true (
      has_prefix (slope_run_describe_kept (run), "Stage 2 trains the head from kept outputs"));
  /* What comes after may be other; what lies before may not. */
  self->recipe->stages[1].epochs = 7;
  g_assert_null (slope_run_why_not_again (run, self->recipe, 1));
  self->recipe->stages[0].epochs = 7;
  g_assert_true (has_prefix (slope_run_why_not_again (run, self->recipe, 1), "Run 1 had other"));
  slope_stage_list_set_recipe (self->list, self->recipe);
  g_assert_false (gtk_widget_is_sensitive (gtk_widget_get_parent (button)));
  self->recipe->stages[0].epochs = 1;
  g_assert_true (has_prefix (slope_run_why_not_again (run, self->recipe, 2), "Run 1 has no such"));
  g_assert_true (sl_project_forget_stages (project.project, 1, NULL, NULL));
  g_assert_true (has_prefix (slope_run_why_not_again (run, self->recipe, 1), "The weights"));
  slope_stage_list_set_past (self->list, NULL);
  g_object_unref (run);
  fixture_tear_down (&project, NULL);
}

static void
test_named (Stages *self, gconstpointer data)
{
  ui_test_assert_named (GTK_WIDGET (self->list));
}

/* ---- Names */

static void
assert_names (const SlRecipe *recipe, const char *const *expected)
{
  for (guint freeze_to = 0; freeze_to < sl_recipe_n_groups (recipe); freeze_to++)
    {
      const SlStage stage = { .freeze_to = freeze_to };
      g_assert_cmpstr (slope_stage_label (&stage, recipe), ==, expected[freeze_to]);
      for (guint other = 0; other < freeze_to; other++)
        {
          const SlStage before = { .freeze_to = other };
          g_assert_cmpstr (slope_stage_label_inside (&before, recipe), !=,
                           slope_stage_label_inside (&stage, recipe));
        }
    }
}

static gboolean
is_trains (GtkWidget *widget, gconstpointer data)
{
  return ADW_IS_COMBO_ROW (widget)
         && g_strcmp0 (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)), "Trains") == 0;
}

/* No two stages that train different parts are called the same. */
static void
test_names (Stages *self, gconstpointer data)
{
  g_autoptr (SlRecipe) pictures = sl_recipe_new ();
  g_autoptr (SlRecipe) mobile = sl_recipe_new ();
  g_autoptr (SlRecipe) labels = sl_recipe_new ();
  g_autoptr (SlRecipe) language = NULL;
  g_free (mobile->arch);
  mobile->arch = g_strdup ("mobilenet-v2");
  g_free (labels->arch);
  labels->arch = g_strdup ("awd-lstm-small");
  labels->learn = SL_LEARN_TASK;
  language = sl_recipe_copy (labels);
  language->learn = SL_LEARN_LANGUAGE;
  assert_names (pictures,
                (const char *const[]){ "Whole network", "Late layers and head", "Head only" });
  assert_names (mobile, (const char *const[]){ "Whole network", "All but the first layers",
                                               "Second half and head", "Late layers and head",
                                               "Head only" });
  assert_names (labels, (const char *const[]){ "Whole network", "All but the words",
                                               "Last two layers and head", "Last layer and head",
                                               "Head only" });
  assert_names (language, (const char *const[]){ "Whole network", "Last two layers and words",
                                                 "Last layer and words", "Words only" });
}

/* What "Trains" offers is what the stage is frozen to. */
static void
test_trains (Stages *self, gconstpointer data)
{
  g_autoptr (SlRecipe) texts = sl_recipe_new ();
  AdwComboRow *trains;
  GListModel *names;
  g_free (texts->arch);
  texts->arch = g_strdup ("awd-lstm-small");
  texts->learn = SL_LEARN_TASK;
  texts->stages[0].freeze_to = 2;
  slope_stage_list_set_recipe (self->list, texts);
  trains = ADW_COMBO_ROW (ui_test_find (row (self, 0), is_trains, NULL));
  names = adw_combo_row_get_model (trains);
  g_assert_cmpuint (g_list_model_get_n_items (names), ==, 5);
  g_assert_cmpstr (gtk_string_object_get_string (adw_combo_row_get_selected_item (trains)), ==,
                   "Last two layers and head");
  adw_combo_row_set_selected (trains, 3);
  g_assert_cmpuint (texts->stages[0].freeze_to, ==, 3);
  slope_stage_list_set_recipe (self->list, self->recipe);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *path;
    void (*test) (Stages *self, gconstpointer data);
  } tests[] = {
    { "/stage-list/move", test_move },
    { "/stage-list/commands", test_commands },
    { "/stage-list/full", test_full },
    { "/stage-list/focus", test_focus },
    { "/stage-list/drag", test_drag },
    { "/stage-list/presets", test_presets },
    { "/stage-list/suggestion", test_suggestion },
    { "/stage-list/own-size", test_own_size },
    { "/stage-list/names", test_names },
    { "/stage-list/trains", test_trains },
    { "/stage-list/marks", test_marks },
    { "/stage-list/bar", test_bar },
    { "/stage-list/freeze", test_freeze },
    { "/stage-list/again", test_again },
    { "/stage-list/named", test_named },
  };
  ui_test_init (&argc, &argv);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Stages, NULL, set_up, tests[i].test, tear_down);
  return g_test_run ();
}
