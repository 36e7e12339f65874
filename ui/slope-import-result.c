/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-import-result.h"

#include "slope-colors.h"
#include "slope-share-bar.h"
#include "slope-swatch.h"
#include "slope-text-words.h"
#include "slope-thumbnail.h"
#include "slope-widgets.h"
#include "task-views/slope-task-view.h"

#include <glib/gi18n.h>

#define N_EXAMPLES 10
#define N_TEXTS 6
#define TEXT_BYTES 1000 /* that are read of each */
#define TEXT_CHARS 300
#define EXAMPLE_PX 102
#define MAX_CLASS_ROWS 50
#define MAX_COLORED_CLASSES 20 /* more than these: one neutral colour */

struct _SlopeImportResult
{
  GtkWidget parent_instance;
  SlImport *import; /* while it is being shown; not owned */
  AdwPreferencesGroup *classes_group;
  GtkListBox *classes;
  AdwPreferencesGroup *examples_group; /* of pictures */
  GtkFlowBox *examples;
  AdwPreferencesGroup *texts_group;
  GtkListBox *texts;
};

G_DEFINE_FINAL_TYPE (SlopeImportResult, slope_import_result, GTK_TYPE_WIDGET)

/* ---- Classes */

static int
color_of (SlopeImportResult *self, guint class_index)
{
  return sl_import_get_problem (self->import)->n_classes > MAX_COLORED_CLASSES ? -1
                                                                               : (int)class_index;
}

static gsize
count_class (SlopeImportResult *self, guint index)
{
  return sl_import_count (self->import, index, SL_SPLIT_TRAIN)
         + sl_import_count (self->import, index, SL_SPLIT_VALID)
         + sl_import_count (self->import, index, SL_SPLIT_TEST);
}

static GtkWidget *
make_name (const char *name)
{
  GtkWidget *label = gtk_label_new (name);

  gtk_label_set_xalign (GTK_LABEL (label), 0.f);
  gtk_label_set_width_chars (GTK_LABEL (label), 10);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 10);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_tooltip_text (label, name);
  return label;
}

static GtkWidget *
make_figure (const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 1.f);
  gtk_label_set_width_chars (GTK_LABEL (label), 5);
  gtk_widget_add_css_class (label, "numeric");
  return label;
}

static GtkWidget *
make_row (GtkWidget *box, const char *spoken)
{
  GtkWidget *row = gtk_list_box_row_new ();

  gtk_widget_add_css_class (box, "class-row");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  return row;
}

/* A class: how many pictures have it. */
static GtkWidget *
make_class_row (SlopeImportResult *self, guint index, const char *name, gsize largest)
{
  const gsize train = sl_import_count (self->import, index, SL_SPLIT_TRAIN);
  const gsize valid = sl_import_count (self->import, index, SL_SPLIT_VALID);
  const gsize all = count_class (self, index);
  g_autofree char *count = g_strdup_printf ("%'" G_GSIZE_FORMAT, all);
  g_autofree char *spoken = g_strdup_printf (
      sl_import_get_task (self->import)->texts
          ? ngettext ("%s: %lu text, %lu for validation", "%s: %lu texts, %lu for validation", all)
          : ngettext ("%s: %lu picture, %lu for validation", "%s: %lu pictures, %lu for validation",
                      all),
      name, (unsigned long)all, (unsigned long)valid);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *bar = slope_share_bar_new ();

  slope_share_bar_set (SLOPE_SHARE_BAR (bar), color_of (self, index), train, valid, largest);
  gtk_box_append (GTK_BOX (box), slope_swatch_new (index, 20));
  gtk_box_append (GTK_BOX (box), make_name (name));
  gtk_box_append (GTK_BOX (box), bar);
  gtk_box_append (GTK_BOX (box), make_figure (count));
  return make_row (box, spoken);
}

/* (transfer full): what is known of a name that is not counted: the value of a class in masks, the
 * unit of a point, the range of a number. */
static char *
say_values (SlopeImportResult *self, guint index)
{
  const SlProblem *problem = sl_import_get_problem (self->import);

  if (problem->ranges != NULL)
    {
      g_autofree char *low = slope_format_number (problem->ranges[index].low);
      g_autofree char *high = slope_format_number (problem->ranges[index].high);

      return g_strdup_printf (_ ("%s to %s"), low, high);
    }
  return problem->task->dense ? g_strdup_printf (_ ("value %u"), index)
                              : g_strdup (_ ("in pixels"));
}

static GtkWidget *
make_value_row (SlopeImportResult *self, guint index, const char *name)
{
  g_autofree char *values = say_values (self, index);
  g_autofree char *spoken = g_strdup_printf ("%s: %s", name, values);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *label = make_name (name), *figure = make_figure (values);

  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_add_css_class (figure, "dim-label");
  gtk_box_append (GTK_BOX (box), slope_swatch_new (index, 20));
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), figure);
  return make_row (box, spoken);
}

static void
empty_list (GtkListBox *list)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (list))) != NULL)
    gtk_list_box_remove (list, child);
}

/* "3 Classes": how many of what. */
static char *
count_names (const SlTask *task, guint n)
{
  if (task->has_ranges)
    return g_strdup_printf (ngettext ("%u Number", "%u Numbers", n), n);
  return task->has_classes || task->dense
             ? g_strdup_printf (ngettext ("%u Class", "%u Classes", n), n)
             : g_strdup_printf (ngettext ("%u Point", "%u Points", n), n);
}

static void
add_more (SlopeImportResult *self, guint n)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *more = g_strdup_printf (ngettext ("and %u more", "and %u more", n), n);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), more);
  gtk_list_box_append (self->classes, row);
}

static void
fill_classes (SlopeImportResult *self)
{
  const SlTask *task = sl_import_get_task (self->import);
  const char *const *classes = sl_import_get_classes (self->import);
  const guint n = sl_import_get_problem (self->import)->n_classes;
  const gsize n_items = sl_import_n_items (self->import);
  const guint shown = MIN (n, MAX_CLASS_ROWS);
  gsize largest = 1;
  g_autofree char *n_names = count_names (task, n);
  g_autofree char *n_pictures = g_strdup_printf (
      task->texts ? ngettext ("%'lu Text", "%'lu Texts", n_items)
                  : ngettext ("%'lu Picture", "%'lu Pictures", n_items),
      (unsigned long)n_items);
  g_autofree char *title = NULL;

  if (n > 0)
    /* translators: "3 Classes, 128 Pictures" */
    title = g_strdup_printf (_ ("%s, %s"), n_names, n_pictures);
  else
    /* translators: "128 Texts Without Labels" */
    title = g_strdup_printf (_ ("%s Without Labels"), n_pictures);
  gtk_widget_set_visible (GTK_WIDGET (self->classes), n > 0);
  adw_preferences_group_set_title (self->classes_group, title);
  for (guint i = 0; i < shown; i++)
    largest = MAX (largest, count_class (self, i));
  empty_list (self->classes);
  for (guint i = 0; i < shown; i++)
    gtk_list_box_append (self->classes, task->has_classes
                                            ? make_class_row (self, i, classes[i], largest)
                                            : make_value_row (self, i, classes[i]));
  if (shown < n)
    add_more (self, n - shown);
}

/* ---- Examples */

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
fill_examples (SlopeImportResult *self)
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

/* ---- Texts */

static GtkWidget *
make_text (SlopeImportResult *self, gsize i)
{
  const SlCandidate *item = sl_import_get_item (self->import, i);
  const char *label = item->target != NULL ? item->target : _ ("no label");
  g_autofree char *text = sl_import_dup_text (self->import, i, TEXT_BYTES, NULL);
  g_autofree char *snippet = slope_text_snippet (text != NULL ? text : "", TEXT_CHARS);
  g_autofree char *spoken = g_strdup_printf ("%s, %s", item->rel_path, label);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *caption = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *words = gtk_label_new (snippet), *name = gtk_label_new (label);
  const int index = class_index_of (sl_import_get_classes (self->import), item->target);

  gtk_label_set_xalign (GTK_LABEL (words), 0.f);
  gtk_label_set_wrap (GTK_LABEL (words), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (words), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_lines (GTK_LABEL (words), 3);
  gtk_label_set_ellipsize (GTK_LABEL (words), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (name, "caption");
  if (index >= 0)
    gtk_box_append (GTK_BOX (caption), slope_swatch_new (index, 14));
  gtk_box_append (GTK_BOX (caption), name);
  gtk_box_append (GTK_BOX (box), words);
  gtk_box_append (GTK_BOX (box), caption);
  return make_row (box, spoken);
}

static void
fill_texts (SlopeImportResult *self)
{
  const gsize n = sl_import_n_items (self->import);
  const gsize shown = MIN (n, N_TEXTS);

  empty_list (self->texts);
  for (gsize i = 0; i < shown; i++)
    gtk_list_box_append (self->texts, make_text (self, i * n / shown));
}

/* ---- Class */

static void
slope_import_result_dispose (GObject *object)
{
  slope_widget_unparent_children (GTK_WIDGET (object));
  G_OBJECT_CLASS (slope_import_result_parent_class)->dispose (object);
}

static void
slope_import_result_class_init (SlopeImportResultClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = slope_import_result_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BOX_LAYOUT);
}

static void
make_classes (SlopeImportResult *self)
{
  self->classes_group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  self->classes = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->classes, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->classes), "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->classes), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Classes"), -1);
  adw_preferences_group_add (self->classes_group, GTK_WIDGET (self->classes));
}

static void
make_examples (SlopeImportResult *self)
{
  self->examples_group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  self->examples = GTK_FLOW_BOX (gtk_flow_box_new ());
  gtk_flow_box_set_selection_mode (self->examples, GTK_SELECTION_NONE);
  gtk_flow_box_set_homogeneous (self->examples, TRUE);
  gtk_flow_box_set_min_children_per_line (self->examples, 2);
  gtk_flow_box_set_max_children_per_line (self->examples, 5);
  gtk_flow_box_set_row_spacing (self->examples, 6);
  gtk_widget_add_css_class (GTK_WIDGET (self->examples), "card");
  gtk_widget_add_css_class (GTK_WIDGET (self->examples), "examples");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->examples), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Examples"), -1);
  adw_preferences_group_set_title (self->examples_group, _ ("Some of Them"));
  adw_preferences_group_add (self->examples_group, GTK_WIDGET (self->examples));
}

static void
make_texts (SlopeImportResult *self)
{
  self->texts_group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  self->texts = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->texts, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->texts), "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->texts), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Examples"), -1);
  adw_preferences_group_set_title (self->texts_group, _ ("Some of Them"));
  adw_preferences_group_add (self->texts_group, GTK_WIDGET (self->texts));
}

static void
slope_import_result_init (SlopeImportResult *self)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));

  gtk_orientable_set_orientation (GTK_ORIENTABLE (layout), GTK_ORIENTATION_VERTICAL);
  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (layout), 18);
  make_classes (self);
  make_examples (self);
  make_texts (self);
  gtk_widget_set_parent (GTK_WIDGET (self->classes_group), GTK_WIDGET (self));
  gtk_widget_set_parent (GTK_WIDGET (self->examples_group), GTK_WIDGET (self));
  gtk_widget_set_parent (GTK_WIDGET (self->texts_group), GTK_WIDGET (self));
}

GtkWidget *
slope_import_result_new (void)
{
  return g_object_new (SLOPE_TYPE_IMPORT_RESULT, NULL);
}

void
slope_import_result_show (SlopeImportResult *self, SlImport *import)
{
  const SlTask *task;

  g_return_if_fail (SLOPE_IS_IMPORT_RESULT (self) && import != NULL);

  self->import = import;
  task = sl_import_get_task (import);
  if (task != NULL)
    {
      fill_classes (self);
      if (task->texts)
        fill_texts (self);
      else
        fill_examples (self);
      gtk_widget_set_visible (GTK_WIDGET (self->examples_group), !task->texts);
      gtk_widget_set_visible (GTK_WIDGET (self->texts_group), task->texts);
    }
  self->import = NULL;
}
