/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-import-summary.h"

#include "slope-columns-layout.h"
#include "slope-files.h"
#include "slope-share-bar.h"
#include "slope-swatch.h"
#include "slope-thumbnail.h"
#include "slope-widgets.h"
#include "task-views/slope-task-view.h"

#include <glib/gi18n.h>

#define N_EXAMPLES 10
#define EXAMPLE_PX 102
#define MAX_CLASS_ROWS 50
#define MAX_SKIPPED_ROWS 200
#define MAX_COLORED_CLASSES 20 /* more than these: one neutral colour */
#define SPLIT_SEED 1

struct _SlopeImportSummary
{
  GtkWidget parent_instance;
  SlImport *import;              /* owned, nullable */
  GPtrArray *splits;             /* of char *: SlSplitSpec as text, one a choice of split_row */
  GPtrArray *skipped;            /* rows of skipped_row; not owned */
  char *place;                   /* folder in which the project will be */
  GtkFileChooserNative *chooser; /* owned; while it is open */
  GtkLabel *task;
  AdwActionRow *labels_row;
  AdwComboRow *split_row;
  GtkEditable *name_row;
  AdwActionRow *place_row;
  AdwActionRow *copy_row;
  GtkSwitch *copy;
  GtkWidget *skipped_group;
  AdwExpanderRow *skipped_row;
  AdwPreferencesGroup *classes_group;
  GtkListBox *classes;
  GtkFlowBox *examples;
};

static guint changed_signal;

G_DEFINE_FINAL_TYPE (SlopeImportSummary, slope_import_summary, GTK_TYPE_WIDGET)

/* ---- Right: the result */

static int
color_of (SlopeImportSummary *self, guint class_index)
{
  return g_strv_length ((char **)sl_import_get_classes (self->import)) > MAX_COLORED_CLASSES
             ? -1
             : (int)class_index;
}

static GtkWidget *
make_class_row (SlopeImportSummary *self, guint index, const char *name, gsize largest)
{
  const gsize train = sl_import_count (self->import, index, SL_SPLIT_TRAIN);
  const gsize valid = sl_import_count (self->import, index, SL_SPLIT_VALID);
  const gsize all = train + valid + sl_import_count (self->import, index, SL_SPLIT_TEST);
  g_autofree char *count = g_strdup_printf ("%'" G_GSIZE_FORMAT, all);
  g_autofree char *spoken = g_strdup_printf (
      ngettext ("%s: %lu picture, %lu for validation", "%s: %lu pictures, %lu for validation", all),
      name, (unsigned long)all, (unsigned long)valid);
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *label = gtk_label_new (name), *number = gtk_label_new (count);
  GtkWidget *bar = slope_share_bar_new ();

  slope_share_bar_set (SLOPE_SHARE_BAR (bar), color_of (self, index), train, valid, largest);
  gtk_label_set_xalign (GTK_LABEL (label), 0.f);
  gtk_label_set_width_chars (GTK_LABEL (label), 10);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 10);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_tooltip_text (label, name);
  gtk_label_set_xalign (GTK_LABEL (number), 1.f);
  gtk_label_set_width_chars (GTK_LABEL (number), 5);
  gtk_widget_add_css_class (number, "numeric");
  gtk_widget_add_css_class (box, "class-row");
  gtk_box_append (GTK_BOX (box), slope_swatch_new (index, 20));
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), bar);
  gtk_box_append (GTK_BOX (box), number);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  return row;
}

static void
empty_list (GtkListBox *list)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (list))) != NULL)
    gtk_list_box_remove (list, child);
}

static gsize
count_class (SlopeImportSummary *self, guint index)
{
  return sl_import_count (self->import, index, SL_SPLIT_TRAIN)
         + sl_import_count (self->import, index, SL_SPLIT_VALID)
         + sl_import_count (self->import, index, SL_SPLIT_TEST);
}

static void
fill_classes (SlopeImportSummary *self)
{
  const char *const *classes = sl_import_get_classes (self->import);
  const guint n = g_strv_length ((char **)classes);
  const gsize n_items = sl_import_n_items (self->import);
  const guint shown = MIN (n, MAX_CLASS_ROWS);
  gsize largest = 1;
  g_autofree char *n_classes = g_strdup_printf (ngettext ("%u Class", "%u Classes", n), n);
  g_autofree char *n_pictures = g_strdup_printf (
      ngettext ("%'lu Picture", "%'lu Pictures", n_items), (unsigned long)n_items);
  /* translators: "3 Classes, 128 Pictures" */
  g_autofree char *title = g_strdup_printf (_ ("%s, %s"), n_classes, n_pictures);
  const gboolean has_classes = sl_import_get_task (self->import)->has_classes;

  /* Of points, numbers and masks nobody knows how many pictures each has. */
  adw_preferences_group_set_title (self->classes_group, has_classes ? title : n_pictures);
  gtk_widget_set_visible (GTK_WIDGET (self->classes), has_classes);
  for (guint i = 0; i < shown; i++)
    largest = MAX (largest, count_class (self, i));
  empty_list (self->classes);
  for (guint i = 0; i < shown; i++)
    gtk_list_box_append (self->classes, make_class_row (self, i, classes[i], largest));
  if (shown < n)
    {
      GtkWidget *row = adw_action_row_new ();
      g_autofree char *more = g_strdup_printf (ngettext ("and %u more", "and %u more", n - shown),
                                               n - shown);

      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), more);
      gtk_list_box_append (self->classes, row);
    }
}

static int
class_index_of (const char *const *classes, const char *target)
{
  for (guint i = 0; classes[i] != NULL; i++)
    if (g_strcmp0 (classes[i], target) == 0)
      return (int)i;
  return -1;
}

static GtkWidget *
make_example (const SlCandidate *item, const char *words, int class_index)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *caption = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *picture = slope_thumbnail_new (EXAMPLE_PX);
  GtkWidget *label = gtk_label_new (words);

  slope_thumbnail_set_path (SLOPE_THUMBNAIL (picture), item->path);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 10);
  gtk_widget_set_halign (caption, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (caption), slope_swatch_new (class_index, 14));
  gtk_box_append (GTK_BOX (caption), label);
  gtk_box_append (GTK_BOX (box), picture);
  gtk_box_append (GTK_BOX (box), caption);
  return box;
}

static void
fill_examples (SlopeImportSummary *self)
{
  const char *const *classes = sl_import_get_classes (self->import);
  const SlopeTaskView *view = slope_task_view_for (sl_import_get_task (self->import));
  const gsize n = sl_import_n_items (self->import);
  const gsize shown = MIN (n, N_EXAMPLES);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->examples))) != NULL)
    gtk_flow_box_remove (self->examples, child);
  for (gsize i = 0; i < shown; i++)
    {
      /* Spread over all of them, and so over the classes; odd steps mix their order. */
      const SlCandidate *item = sl_import_get_item (self->import, (i * 7 % shown) * n / shown);
      g_autofree char *words = item->target != NULL ? view->say_target (classes, item->target)
                                                    : g_strdup (_ ("no label"));
      GtkWidget *example = make_example (item, words, class_index_of (classes, item->target));
      g_autofree char *spoken = g_strdup_printf ("%s, %s", item->rel_path, words);

      gtk_flow_box_append (self->examples, example);
      gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_widget_get_parent (example)),
                                      GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
    }
}

/* ---- Left: the decisions */

/* How a real path was read: "bears / grizzly / 00000074.jpg". */
static void
fill_labels (SlopeImportSummary *self)
{
  const SlCandidate *item = sl_import_get_item (self->import, sl_import_n_items (self->import) / 2);
  g_auto (GStrv) parts = g_strsplit (item->rel_path, G_DIR_SEPARATOR_S, -1);
  g_autofree char *steps = g_strjoinv (" / ", parts);
  g_autofree char *text = g_strdup_printf ("%s / %s", sl_import_get_name (self->import), steps);

  gtk_label_set_text (self->task, _ (sl_import_get_task (self->import)->label));
  adw_action_row_set_subtitle (self->labels_row, text);
}

static void
add_split (SlopeImportSummary *self, GtkStringList *model, const char *label, char *spec)
{
  gtk_string_list_append (model, label);
  g_ptr_array_add (self->splits, spec);
}

static void
fill_splits (SlopeImportSummary *self)
{
  g_autoptr (GtkStringList) model = gtk_string_list_new (NULL);
  g_autofree char *now = sl_split_spec_to_string (sl_import_get_split (self->import));
  const char *folder = NULL;
  guint selected = GTK_INVALID_LIST_POSITION;

  g_ptr_array_set_size (self->splits, 0);
  if (sl_import_has_parts (self->import, &folder) && folder != NULL)
    {
      g_autofree char *label = g_strdup_printf (_ ("The folder “%s”"), folder);

      add_split (self, model, label, g_strconcat ("folder:", folder, NULL));
    }
  add_split (self, model, _ ("A random tenth"), g_strdup ("stratified:0.1"));
  add_split (self, model, _ ("A random fifth"), g_strdup ("stratified:0.2"));
  add_split (self, model, _ ("A random third"), g_strdup ("stratified:0.33"));
  add_split (self, model, _ ("Nothing"), g_strdup ("none"));

  for (guint i = 0; i < self->splits->len; i++)
    if (g_strcmp0 (g_ptr_array_index (self->splits, i), now) == 0)
      selected = i;
  if (selected == GTK_INVALID_LIST_POSITION)
    {
      selected = self->splits->len;
      add_split (self, model, now, g_strdup (now));
    }
  adw_combo_row_set_model (self->split_row, G_LIST_MODEL (model));
  adw_combo_row_set_selected (self->split_row, selected);
}

static void
describe_split (SlopeImportSummary *self)
{
  const gsize n = sl_import_n_items (self->import);
  const SlSplitSpec *spec = sl_import_get_split (self->import);
  g_autofree char *text = NULL;
  gsize valid = 0;

  for (gsize i = 0; i < n; i++)
    valid += sl_import_get_item (self->import, i)->split == SL_SPLIT_VALID;
  if (valid == 0)
    text = g_strdup (_ ("No way to tell how good the network is"));
  else if (spec->kind == SL_SPLIT_BY_STRATIFIED && sl_import_get_task (self->import)->one_class)
    text = g_strdup_printf (_ ("%lu of %lu, the same share of each class"), (unsigned long)valid,
                            (unsigned long)n);
  else
    text = g_strdup_printf (_ ("%lu of %lu"), (unsigned long)valid, (unsigned long)n);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->split_row), text);
}

static void
split_selected_cb (SlopeImportSummary *self)
{
  const guint selected = adw_combo_row_get_selected (self->split_row);
  g_autoptr (GError) error = NULL;
  SlSplitSpec spec = { 0 };

  if (self->import == NULL || selected >= self->splits->len)
    return;
  if (sl_split_spec_parse (&spec, g_ptr_array_index (self->splits, selected), SPLIT_SEED, &error)
      && sl_import_set_split (self->import, &spec, &error))
    {
      describe_split (self);
      fill_classes (self);
    }
  else
    adw_action_row_set_subtitle (ADW_ACTION_ROW (self->split_row), error->message);
  sl_split_spec_clear (&spec);
}

static void
fill_skipped (SlopeImportSummary *self)
{
  const gsize n = sl_import_n_skipped (self->import);
  const gsize shown = MIN (n, MAX_SKIPPED_ROWS);
  g_autofree char *title = g_strdup_printf (
      ngettext ("%lu file cannot be used", "%lu files cannot be used", n), (unsigned long)n);

  for (guint i = 0; i < self->skipped->len; i++)
    adw_expander_row_remove (self->skipped_row, g_ptr_array_index (self->skipped, i));
  g_ptr_array_set_size (self->skipped, 0);
  gtk_widget_set_visible (self->skipped_group, n > 0);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->skipped_row), title);
  adw_expander_row_set_expanded (self->skipped_row, FALSE);
  adw_expander_row_set_subtitle (self->skipped_row,
                                 n > shown ? _ ("The first ones are listed") : "");
  for (gsize i = 0; i < shown; i++)
    {
      const SlSkipped *file = sl_import_get_skipped (self->import, i);
      GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", file->path,
                                     "subtitle", file->reason, NULL);

      adw_expander_row_add_row (self->skipped_row, row);
      g_ptr_array_add (self->skipped, row);
    }
}

static void
name_changed_cb (SlopeImportSummary *self)
{
  g_autofree char *path = slope_import_summary_dup_path (self);
  g_autofree char *place = slope_path_for_display (self->place);
  const gboolean empty = *gtk_editable_get_text (self->name_row) == '\0';

  if (path != NULL || empty)
    adw_action_row_set_subtitle (self->place_row, place);
  else
    {
      g_autofree char *text = g_strdup_printf (
          strchr (gtk_editable_get_text (self->name_row), '/') != NULL
              ? _ ("%s: a name has no slash")
              : _ ("%s: a project of this name is there already"),
          place);

      adw_action_row_set_subtitle (self->place_row, text);
    }
  (path != NULL ? gtk_widget_remove_css_class
                : gtk_widget_add_css_class) (GTK_WIDGET (self->name_row), "error");
  g_signal_emit (self, changed_signal, 0);
}

static void
place_chosen_cb (SlopeImportSummary *self, int response)
{
  g_autoptr (GtkFileChooserNative) chooser = g_steal_pointer (&self->chooser);
  g_autoptr (GFile) folder = NULL;
  char *path;

  if (response != GTK_RESPONSE_ACCEPT)
    return;
  folder = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  path = folder != NULL ? g_file_get_path (folder) : NULL;
  if (path == NULL)
    return;
  g_free (self->place);
  self->place = path;
  name_changed_cb (self);
}

static void
choose_place_cb (SlopeImportSummary *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (self->chooser != NULL)
    return;
  self->chooser = gtk_file_chooser_native_new (
      _ ("Save the Project In"), GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL,
      GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _ ("_Choose"), _ ("_Cancel"));
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (place_chosen_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
fill_project (SlopeImportSummary *self)
{
  const gboolean staged = sl_import_is_staged (self->import);
  g_autofree char *source = slope_path_for_display (sl_import_get_source (self->import));
  g_autofree char *stay = g_strdup_printf (_ ("Otherwise they stay in %s"), source);
  const char *base = sl_import_get_name (self->import);
  g_autofree char *name = g_strdup (base);
  g_autofree char *path = NULL;

  /* The first name that is free. */
  gtk_editable_set_text (self->name_row, name);
  for (guint i = 2; (path = slope_import_summary_dup_path (self)) == NULL && i < 1000; i++)
    {
      g_autofree char *other = g_strdup_printf ("%s %u", base, i);

      gtk_editable_set_text (self->name_row, other);
    }
  gtk_switch_set_active (self->copy, staged);
  gtk_widget_set_sensitive (GTK_WIDGET (self->copy_row), !staged);
  adw_action_row_set_subtitle (self->copy_row,
                               staged ? _ ("Pictures of an archive always are") : stay);
}

/* ---- Class */

static void
slope_import_summary_dispose (GObject *object)
{
  SlopeImportSummary *self = SLOPE_IMPORT_SUMMARY (object);

  g_clear_pointer (&self->import, sl_import_unref);
  g_clear_object (&self->chooser);
  gtk_widget_dispose_template (GTK_WIDGET (object), SLOPE_TYPE_IMPORT_SUMMARY);
  slope_widget_unparent_children (GTK_WIDGET (object));
  G_OBJECT_CLASS (slope_import_summary_parent_class)->dispose (object);
}

static void
slope_import_summary_finalize (GObject *object)
{
  SlopeImportSummary *self = SLOPE_IMPORT_SUMMARY (object);

  g_ptr_array_unref (self->splits);
  g_ptr_array_unref (self->skipped);
  g_free (self->place);
  G_OBJECT_CLASS (slope_import_summary_parent_class)->finalize (object);
}

static void
slope_import_summary_class_init (SlopeImportSummaryClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = slope_import_summary_dispose;
  G_OBJECT_CLASS (klass)->finalize = slope_import_summary_finalize;
  changed_signal = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (SLOPE_TYPE_COLUMNS_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/slopeml/Slope/slope-import-summary.ui");
  gtk_widget_class_bind_template_child (widget_class, SlopeImportSummary, task);
  gtk_widget_class_bind_template_child (widget_class, SlopeImportSummary, labels_row);
  gtk_widget_class_bind_template_child (widget_class, SlopeImportSummary, split_row);
  gtk_widget_class_bind_template_child (widget_class, SlopeImportSummary, name_row);
  gtk_widget_class_bind_template_child (widget_class, SlopeImportSummary, place_row);
  gtk_widget_class_bind_template_child (widget_class, SlopeImportSummary, copy_row);
  gtk_widget_class_bind_template_child (widget_class, SlopeImportSummary, copy);
  gtk_widget_class_bind_template_child (widget_class, SlopeImportSummary, skipped_group);
  gtk_widget_class_bind_template_child (widget_class, SlopeImportSummary, skipped_row);
  gtk_widget_class_bind_template_child (widget_class, SlopeImportSummary, classes_group);
  gtk_widget_class_bind_template_child (widget_class, SlopeImportSummary, classes);
  gtk_widget_class_bind_template_child (widget_class, SlopeImportSummary, examples);
  gtk_widget_class_bind_template_callback (widget_class, split_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, name_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, choose_place_cb);
}

static void
slope_import_summary_init (SlopeImportSummary *self)
{
  const char *documents = g_get_user_special_dir (G_USER_DIRECTORY_DOCUMENTS);

  self->splits = g_ptr_array_new_with_free_func (g_free);
  self->skipped = g_ptr_array_new ();
  self->place = g_build_filename (documents != NULL ? documents : g_get_home_dir (), "Slope", NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
slope_import_summary_new (void)
{
  return g_object_new (SLOPE_TYPE_IMPORT_SUMMARY, NULL);
}

void
slope_import_summary_set_import (SlopeImportSummary *self, SlImport *import)
{
  g_return_if_fail (SLOPE_IS_IMPORT_SUMMARY (self));

  g_clear_pointer (&self->import, sl_import_unref);
  if (import == NULL)
    return;
  self->import = sl_import_ref (import);
  fill_labels (self);
  fill_splits (self); /* selects one, which describes it and fills the classes */
  describe_split (self);
  fill_classes (self);
  fill_examples (self);
  fill_skipped (self);
  fill_project (self);
}

char *
slope_import_summary_dup_path (SlopeImportSummary *self)
{
  const char *name;
  g_autofree char *file = NULL;
  g_autofree char *path = NULL;

  g_return_val_if_fail (SLOPE_IS_IMPORT_SUMMARY (self), NULL);

  name = gtk_editable_get_text (self->name_row);
  if (*name == '\0' || strchr (name, '/') != NULL)
    return NULL;
  file = g_strconcat (name, ".slope", NULL);
  path = g_build_filename (self->place, file, NULL);
  return g_file_test (path, G_FILE_TEST_EXISTS) ? NULL : g_steal_pointer (&path);
}

gboolean
slope_import_summary_get_copy (SlopeImportSummary *self)
{
  g_return_val_if_fail (SLOPE_IS_IMPORT_SUMMARY (self), FALSE);
  return gtk_switch_get_active (self->copy);
}
