/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-data-problems.h"

#include "slope-data-findings.h"
#include "slope-problem-row.h"
#include "slope-window.h"

#include <glib/gi18n.h>

#define TINY_CLASS 10 /* training pictures below which a class hardly teaches anything */
/* The course finds that 200 pictures of one class beside 50 of another still teach both. */
#define UNEQUAL_CLASSES 4
#define MAX_FILES 1000

typedef enum
{
  PROBLEM_TWINS,
  PROBLEM_UNREADABLE,
  PROBLEM_TINY,
  PROBLEM_UNEQUAL,
  N_PROBLEMS
} Problem;

struct _SlopeDataProblems
{
  AdwBin parent_instance;
  SlProject *project;      /* owned, nullable */
  SlopeDataFilter *filter; /* owned, nullable */
  GtkWidget *rows[N_PROBLEMS];
  gboolean dismissed[N_PROBLEMS]; /* until another project is opened */
  guint tiny_class;               /* the smallest one */
  SlopeDataFindings *findings;    /* owned: what takes longer to find, in rows of its own */
};

enum
{
  SHOW_CLASS,
  SHOW_PAIRS,
  FOUND,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SlopeDataProblems, slope_data_problems, ADW_TYPE_BIN)

static void show_rows (SlopeDataProblems *self);

/* ---- Unreadable files */

static void
append_file (GtkListBox *list, const char *path, const char *reason)
{
  gtk_list_box_append (list, g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", path,
                                           "subtitle", reason, NULL));
}

static GtkWidget *
make_file_list (SlopeDataProblems *self)
{
  GtkWidget *list = gtk_list_box_new ();
  GListModel *items = sl_project_get_items (self->project);
  gsize n = 0, left = MAX_FILES;
  const SlSkipped *skipped = sl_project_get_skipped (self->project, &n);

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_widget_set_valign (list, GTK_ALIGN_START);
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Files that cannot be read"), -1);
  for (gsize i = 0; i < n && left > 0; i++, left--)
    append_file (GTK_LIST_BOX (list), skipped[i].path, skipped[i].reason);
  for (guint i = 0; left > 0 && i < g_list_model_get_n_items (items); i++)
    {
      g_autoptr (SlItem) item = g_list_model_get_item (items, i);

      if (sl_item_get_state (item) != SL_ITEM_UNREADABLE)
        continue;
      append_file (GTK_LIST_BOX (list), sl_item_get_rel_path (item),
                   _ ("Missing or damaged since the import"));
      left--;
    }
  return list;
}

static void
show_files (SlopeDataProblems *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *window = g_object_new (ADW_TYPE_WINDOW, "title", _ ("Files That Cannot Be Read"),
                                    "modal", TRUE, "transient-for", root, "default-width", 520,
                                    "default-height", 480, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *list = make_file_list (self);
  GtkEventController *keys = gtk_shortcut_controller_new ();

  gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (keys), gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Escape, 0),
                                                        gtk_named_action_new ("window.close")));
  gtk_widget_add_controller (window, keys);
  gtk_widget_set_margin_top (list, 18);
  gtk_widget_set_margin_bottom (list, 18);
  gtk_widget_set_margin_start (list, 18);
  gtk_widget_set_margin_end (list, 18);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), list);
  gtk_widget_set_vexpand (scrolled, TRUE);
  gtk_box_append (GTK_BOX (box), adw_header_bar_new ());
  gtk_box_append (GTK_BOX (box), scrolled);
  adw_window_set_content (ADW_WINDOW (window), box);
  gtk_window_present (GTK_WINDOW (window));
}

static gboolean
has_texts (SlopeDataProblems *self)
{
  return sl_project_get_task (self->project)->texts;
}

/* ---- Twins */

/* Copies on the validation side move to training, in one step that can be undone. */
static void
keep_together (SlopeDataProblems *self)
{
  GListModel *items = sl_project_get_items (self->project);
  const guint n = g_list_model_get_n_items (items);
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (SlItem) item = g_list_model_get_item (items, i);
      const gint64 id = sl_item_get_id (item);

      if (sl_item_get_split (item) != SL_SPLIT_TRAIN
          && slope_data_filter_has_far_twin (self->filter, item))
        g_array_append_val (ids, id);
    }
  if (ids->len == 0)
    return;
  if (sl_project_set_item_split (self->project, (const gint64 *)ids->data, ids->len, SL_SPLIT_TRAIN,
                                 &error))
    text = g_strdup_printf (
        has_texts (self)
            ? ngettext ("%u text moved to training", "%u texts moved to training", ids->len)
            : ngettext ("%u picture moved to training", "%u pictures moved to training", ids->len),
        ids->len);
  slope_window_toast (GTK_WIDGET (self), text != NULL ? text : error->message,
                      text != NULL ? _ ("_Undo") : NULL, text != NULL ? "win.undo" : NULL);
}

/* ---- Unequal classes */

/* Training then takes care of them; the person sees where. */
static void
weigh_classes (SlopeDataProblems *self)
{
  self->dismissed[PROBLEM_UNEQUAL] = TRUE;
  show_rows (self);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.weigh-classes", NULL);
}

/* ---- Rows */

static void
button_clicked_cb (GtkButton *button, SlopeDataProblems *self)
{
  if (gtk_widget_is_ancestor (GTK_WIDGET (button), self->rows[PROBLEM_TWINS]))
    keep_together (self);
  else if (gtk_widget_is_ancestor (GTK_WIDGET (button), self->rows[PROBLEM_UNREADABLE]))
    show_files (self);
  else if (gtk_widget_is_ancestor (GTK_WIDGET (button), self->rows[PROBLEM_UNEQUAL]))
    weigh_classes (self);
  else
    g_signal_emit (self, signals[SHOW_CLASS], 0, self->tiny_class);
}

static void
close_clicked_cb (GtkButton *button, SlopeDataProblems *self)
{
  for (Problem i = 0; i < N_PROBLEMS; i++)
    if (gtk_widget_is_ancestor (GTK_WIDGET (button), self->rows[i]))
      self->dismissed[i] = TRUE;
  show_rows (self);
}

static GtkWidget *
make_row (SlopeDataProblems *self, const char *button_label)
{
  const SlopeProblemButton buttons[2] = { { button_label, G_CALLBACK (button_clicked_cb) } };

  return slope_problem_row_new (buttons, G_CALLBACK (close_clicked_cb), self);
}

static void
set_row (SlopeDataProblems *self, Problem problem, gboolean there, const char *title,
         const char *subtitle)
{
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->rows[problem]), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->rows[problem]), subtitle);
  gtk_widget_set_visible (self->rows[problem], there && !self->dismissed[problem]);
}

static void
update_twins (SlopeDataProblems *self)
{
  const gsize n = slope_data_filter_n_far_twins (self->filter);
  g_autofree char *title = g_strdup_printf (
      has_texts (self)
          ? ngettext ("%lu text is a copy of another", "%lu texts are copies of each other", n)
          : ngettext ("%lu picture is a copy of another", "%lu pictures are copies of each other",
                      n),
      (unsigned long)n);

  set_row (self, PROBLEM_TWINS, n > 0, title,
           _ ("Some are on both sides of the split: validation looks better than it is"));
}

static void
update_unreadable (SlopeDataProblems *self)
{
  gsize n = 0;
  g_autofree char *title = NULL;

  sl_project_get_skipped (self->project, &n);
  n += slope_data_filter_n_unreadable (self->filter);
  title = g_strdup_printf (ngettext ("%lu file cannot be read", "%lu files cannot be read", n),
                           (unsigned long)n);
  set_row (self, PROBLEM_UNREADABLE, n > 0, title, _ ("They are left out of training"));
}

static void
update_tiny (SlopeDataProblems *self)
{
  const char *const *classes = sl_project_get_classes (self->project);
  gsize smallest = TINY_CLASS;
  guint n = 0;
  g_autofree char *title = NULL;
  g_autofree char *text = NULL;

  self->tiny_class = 0;
  for (guint i = 0; classes[i] != NULL; i++)
    {
      const gsize count = sl_project_count (self->project, i, SL_SPLIT_TRAIN);

      n += count < TINY_CLASS;
      if (count < smallest)
        {
          smallest = count;
          self->tiny_class = i;
        }
    }
  title = g_strdup_printf (ngettext ("%u class is very small", "%u classes are very small", n), n);
  if (n > 0)
    text = g_strdup_printf (has_texts (self)
                                ? ngettext ("“%s” has only %lu text to learn from",
                                            "“%s” has only %lu texts to learn from", smallest)
                                : ngettext ("“%s” has only %lu picture to learn from",
                                            "“%s” has only %lu pictures to learn from", smallest),
                            classes[self->tiny_class], (unsigned long)smallest);
  set_row (self, PROBLEM_TINY, n > 0 && sl_project_get_task (self->project)->has_classes, title,
           text);
}

/* Empty classes are another problem. */
static void
update_unequal (SlopeDataProblems *self)
{
  const char *const *classes = sl_project_get_classes (self->project);
  g_autoptr (SlRecipe) recipe = sl_project_dup_recipe (self->project);
  gsize least = G_MAXSIZE, most = 0;
  guint rare = 0, frequent = 0;
  g_autofree char *text = NULL;

  for (guint i = 0; classes[i] != NULL; i++)
    {
      const gsize count = sl_project_count (self->project, i, SL_SPLIT_TRAIN);

      if (count > 0 && count < least)
        {
          least = count;
          rare = i;
        }
      if (count > most)
        {
          most = count;
          frequent = i;
        }
    }
  if (most > 0)
    /* translators: two classes and how many pictures they have to train on */
    text = g_strdup_printf (_ ("“%s” has %lu to learn from, “%s” only %lu"), classes[frequent],
                            (unsigned long)most, classes[rare], (unsigned long)least);
  set_row (self, PROBLEM_UNEQUAL,
           sl_project_get_task (self->project)->one_class && !has_texts (self) && most > 0
               && most > UNEQUAL_CLASSES * least && recipe->balance == SL_BALANCE_NONE,
           _ ("Some classes are much rarer than others"), text);
}

static void
show_rows (SlopeDataProblems *self)
{
  gboolean any = slope_data_findings_has_any (self->findings);

  if (self->project != NULL)
    {
      update_twins (self);
      update_unreadable (self);
      update_tiny (self);
      update_unequal (self);
      for (Problem i = 0; i < N_PROBLEMS; i++)
        any |= gtk_widget_get_visible (self->rows[i]);
    }
  gtk_widget_set_visible (GTK_WIDGET (self), any);
}

/* ---- What was found */

static void
found_cb (SlopeDataProblems *self)
{
  show_rows (self);
  g_signal_emit (self, signals[FOUND], 0);
}

static void
found_class_cb (SlopeDataProblems *self, guint index)
{
  g_signal_emit (self, signals[SHOW_CLASS], 0, index);
}

static void
found_pairs_cb (SlopeDataProblems *self, GListModel *pairs)
{
  g_signal_emit (self, signals[SHOW_PAIRS], 0, pairs);
}

static void
slope_data_problems_dispose (GObject *object)
{
  SlopeDataProblems *self = SLOPE_DATA_PROBLEMS (object);

  g_clear_object (&self->findings);
  g_clear_object (&self->project);
  g_clear_object (&self->filter);
  G_OBJECT_CLASS (slope_data_problems_parent_class)->dispose (object);
}

static void
slope_data_problems_class_init (SlopeDataProblemsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = slope_data_problems_dispose;
  signals[SHOW_CLASS] = g_signal_new ("show-class", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                      NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[SHOW_PAIRS] = g_signal_new ("show-pairs", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                      NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_LIST_MODEL);
  signals[FOUND] = g_signal_new ("found", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
}

static void
slope_data_problems_init (SlopeDataProblems *self)
{
  GtkWidget *list = gtk_list_box_new ();

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Problems"), -1);
  self->rows[PROBLEM_TWINS] = make_row (self, _ ("Keep Together"));
  self->rows[PROBLEM_UNREADABLE] = make_row (self, _ ("Show"));
  self->rows[PROBLEM_TINY] = make_row (self, _ ("Show"));
  self->rows[PROBLEM_UNEQUAL] = make_row (self, _ ("Weigh Rare Classes"));
  for (Problem i = 0; i < N_PROBLEMS; i++)
    gtk_list_box_append (GTK_LIST_BOX (list), self->rows[i]);
  self->findings = slope_data_findings_new (GTK_LIST_BOX (list));
  g_signal_connect_swapped (self->findings, "changed", G_CALLBACK (found_cb), self);
  g_signal_connect_swapped (self->findings, "show-class", G_CALLBACK (found_class_cb), self);
  g_signal_connect_swapped (self->findings, "show-pairs", G_CALLBACK (found_pairs_cb), self);
  adw_bin_set_child (ADW_BIN (self), list);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

GtkWidget *
slope_data_problems_new (void)
{
  return g_object_new (SLOPE_TYPE_DATA_PROBLEMS, NULL);
}

void
slope_data_problems_set_filter (SlopeDataProblems *self, SlProject *project,
                                SlopeDataFilter *filter)
{
  g_return_if_fail (SLOPE_IS_DATA_PROBLEMS (self));
  g_return_if_fail ((project == NULL) == (filter == NULL));

  g_set_object (&self->project, project);
  g_set_object (&self->filter, filter);
  memset (self->dismissed, 0, sizeof self->dismissed);
  slope_data_findings_set_project (self->findings, project, filter);
  show_rows (self);
}

void
slope_data_problems_update (SlopeDataProblems *self)
{
  g_return_if_fail (SLOPE_IS_DATA_PROBLEMS (self));

  show_rows (self);
  slope_data_findings_update (self->findings);
}
