/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-import-split.h"

#include "slope-files.h"
#include "slope-import-rows.h"
#include "slope-path-matches.h"
#include "slope-pause.h"

#include <glib/gi18n.h>

#define DEFAULT_SHARE 20
#define DEFAULT_SEED 1
#define USUAL_GROUP "([^/]+)[_-]\\d+\\.[^./]+$" /* a name without its number */

struct _SlopeImportSplit
{
  AdwPreferencesGroup parent_instance;
  SlopeImportReader *reader; /* owned, nullable */
  AdwComboRow *kind_row;
  GArray *kinds; /* of SlSplitKind: the choices of kind_row */
  GtkSpinButton *share, *seed;
  GtkWidget *share_row, *seed_row;
  AdwComboRow *column_row;
  AdwActionRow *list_row;
  GtkWidget *group_row;
  SlopePathMatches *matches;
  GtkWidget *matches_row;
  GtkWidget *error_row;
  char *list;   /* (nullable): path */
  char *folder; /* (nullable): that the source has beside the training one */
  SlopePause *pause;
  GtkFileChooserNative *chooser; /* owned; while it is open */
  gboolean filling;
};

G_DEFINE_FINAL_TYPE (SlopeImportSplit, slope_import_split, ADW_TYPE_PREFERENCES_GROUP)

/* ---- Kinds */

static SlImport *
import_of (SlopeImportSplit *self)
{
  return slope_import_reader_get_import (self->reader);
}

static SlSplitKind
get_kind (SlopeImportSplit *self)
{
  const guint selected = adw_combo_row_get_selected (self->kind_row);

  return selected < self->kinds->len ? g_array_index (self->kinds, SlSplitKind, selected)
                                     : SL_SPLIT_BY_NONE;
}

static gboolean
has_share (SlSplitKind kind)
{
  return kind == SL_SPLIT_BY_STRATIFIED || kind == SL_SPLIT_BY_RANDOM || kind == SL_SPLIT_BY_GROUP
         || kind == SL_SPLIT_BY_TIME;
}

/* The rows that the kind needs. */
static void
show_rows (SlopeImportSplit *self)
{
  const SlSplitKind kind = get_kind (self);
  g_autofree char *list = self->list != NULL
                              ? slope_path_for_display (self->list)
                              : g_strdup (_ ("A text with a file name on each line"));

  gtk_widget_set_visible (self->share_row, has_share (kind));
  gtk_widget_set_visible (self->seed_row, has_share (kind) && kind != SL_SPLIT_BY_TIME);
  gtk_widget_set_visible (GTK_WIDGET (self->column_row), kind == SL_SPLIT_BY_COLUMN);
  gtk_widget_set_visible (GTK_WIDGET (self->list_row), kind == SL_SPLIT_BY_LIST);
  gtk_widget_set_visible (self->group_row, kind == SL_SPLIT_BY_GROUP);
  gtk_widget_set_visible (self->matches_row, kind == SL_SPLIT_BY_GROUP);
  adw_action_row_set_subtitle (self->list_row, list);
  if (kind == SL_SPLIT_BY_GROUP)
    slope_path_matches_show (self->matches, import_of (self),
                             gtk_editable_get_text (GTK_EDITABLE (self->group_row)));
}

/* ---- What the person wants */

/* (transfer full) (nullable): the columns of the table that was read, by their names in the header or their numbers. */
static char **
dup_columns (SlopeImportSplit *self)
{
  const SlUnderstanding *understood = sl_import_get_understanding (import_of (self));

  return understood != NULL && understood->table != NULL ? g_strdupv (understood->table->columns)
                                                         : NULL;
}

/* (transfer full) (nullable): the chosen column, as a split spells it. */
static char *
get_column (SlopeImportSplit *self)
{
  const guint chosen = adw_combo_row_get_selected (self->column_row);
  g_auto (GStrv) columns = dup_columns (self);

  if (columns == NULL || chosen >= g_strv_length (columns))
    return NULL;
  return sl_import_get_task (import_of (self))->texts ? g_strdup (columns[chosen])
                                                      : g_strdup_printf ("#%u", chosen + 1);
}

/* (transfer full) (nullable): what the kind is told by; %NULL: nothing yet. */
static char *
get_name (SlopeImportSplit *self, SlSplitKind kind)
{
  switch ((int)kind)
    {
    case SL_SPLIT_BY_FOLDER:
      return g_strdup (self->folder);
    case SL_SPLIT_BY_LIST:
      return g_strdup (self->list);
    case SL_SPLIT_BY_COLUMN:
      return get_column (self);
    case SL_SPLIT_BY_GROUP:
      return g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->group_row)));
    default:
      return NULL;
    }
}

static void
wish (SlopeImportSplit *self)
{
  const SlSplitKind kind = get_kind (self);
  const gboolean is_named = kind == SL_SPLIT_BY_FOLDER || kind == SL_SPLIT_BY_LIST
                            || kind == SL_SPLIT_BY_COLUMN || kind == SL_SPLIT_BY_GROUP;
  SlSplitSpec spec = { .kind = kind,
                       .fraction = gtk_spin_button_get_value (self->share) / 100.,
                       .name = get_name (self, kind),
                       .seed = (guint64)gtk_spin_button_get_value (self->seed) };

  if (is_named && spec.name == NULL)
    slope_import_reader_refuse_split (self->reader, _ ("Choose a list"));
  else
    slope_import_reader_split (self->reader, &spec);
  sl_split_spec_clear (&spec);
}

static void
changed_cb (SlopeImportSplit *self)
{
  if (self->filling || self->reader == NULL)
    return;
  show_rows (self);
  wish (self);
}

/* Spin buttons and expressions are changed in many steps. */
static void
typed_cb (SlopeImportSplit *self)
{
  if (self->filling || self->reader == NULL)
    return;
  show_rows (self);
  slope_pause_begin (self->pause);
}

static void
paused_cb (gpointer data)
{
  SlopeImportSplit *self = data;

  if (self->reader != NULL)
    wish (self);
}

static void
list_chosen_cb (SlopeImportSplit *self, int response)
{
  g_autoptr (GtkFileChooserNative) chooser = g_steal_pointer (&self->chooser);
  g_autoptr (GFile) file = NULL;

  if (response != GTK_RESPONSE_ACCEPT)
    return;
  file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  g_free (self->list);
  self->list = file != NULL ? g_file_get_path (file) : NULL;
  changed_cb (self);
}

static void
choose_list_cb (SlopeImportSplit *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (self->chooser != NULL)
    return;
  self->chooser = gtk_file_chooser_native_new (
      _ ("List of Validation Pictures"), GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL,
      GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Choose"), _ ("_Cancel"));
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (list_chosen_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

/* ---- What is shown */

static void
add_kind (SlopeImportSplit *self, GPtrArray *names, SlSplitKind kind, char *name)
{
  g_array_append_val (self->kinds, kind);
  g_ptr_array_add (names, name);
}

/* What the source can be divided by, likeliest first. */
static void
fill_kinds (SlopeImportSplit *self, SlSplitKind chosen)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_auto (GStrv) columns = dup_columns (self);
  guint selected = 0;

  g_array_set_size (self->kinds, 0);
  if (self->folder != NULL)
    add_kind (self, names, SL_SPLIT_BY_FOLDER,
              g_strdup_printf (_ ("The folder “%s”"), self->folder));
  if (columns != NULL)
    add_kind (self, names, SL_SPLIT_BY_COLUMN, g_strdup (_ ("As a column says")));
  if (sl_import_get_task (import_of (self))->one_class)
    add_kind (self, names, SL_SPLIT_BY_STRATIFIED, g_strdup (_ ("A share of each class")));
  add_kind (self, names, SL_SPLIT_BY_RANDOM,
            g_strdup (sl_import_get_task (import_of (self))->texts ? _ ("Any texts")
                                                                   : _ ("Any pictures")));
  add_kind (self, names, SL_SPLIT_BY_GROUP, g_strdup (_ ("Whole groups")));
  add_kind (self, names, SL_SPLIT_BY_TIME, g_strdup (_ ("The end of each folder")));
  add_kind (self, names, SL_SPLIT_BY_LIST, g_strdup (_ ("What a list names")));
  add_kind (self, names, SL_SPLIT_BY_NONE, g_strdup (_ ("Nothing")));
  g_ptr_array_add (names, NULL);
  for (guint i = 0; i < self->kinds->len; i++)
    if (g_array_index (self->kinds, SlSplitKind, i) == chosen)
      selected = i;
  slope_import_combo_row_fill (self->kind_row, (const char *const *)names->pdata, selected);
}

static void
fill_columns (SlopeImportSplit *self)
{
  const SlUnderstanding *understood = sl_import_get_understanding (import_of (self));
  const SlTableInfo *table = understood != NULL ? understood->table : NULL;
  g_auto (GStrv) columns = dup_columns (self);
  const char *none[] = { NULL };
  const guint selected = table != NULL && table->split_column >= 0 ? (guint)table->split_column : 0;

  slope_import_combo_row_fill (self->column_row,
                               columns != NULL ? (const char *const *)columns : none, selected);
}

static void
fill_name (SlopeImportSplit *self, const SlSplitSpec *spec)
{
  if (spec->kind == SL_SPLIT_BY_LIST && g_strcmp0 (self->list, spec->name) != 0)
    {
      g_free (self->list);
      self->list = g_strdup (spec->name);
    }
  if (spec->kind == SL_SPLIT_BY_GROUP && !slope_pause_is_on (self->pause)
      && g_strcmp0 (gtk_editable_get_text (GTK_EDITABLE (self->group_row)), spec->name) != 0)
    gtk_editable_set_text (GTK_EDITABLE (self->group_row), spec->name);
}

static void
describe (SlopeImportSplit *self)
{
  SlImport *import = import_of (self);
  const gsize n = sl_import_n_items (import);
  const gsize n_valid = sl_import_count (import, G_MAXUINT, SL_SPLIT_VALID);
  const gsize n_test = sl_import_count (import, G_MAXUINT, SL_SPLIT_TEST);
  g_autoptr (GString) text = g_string_new (NULL);

  if (n_valid == 0)
    g_string_assign (text, _ ("No way to tell how good the network is"));
  else if (sl_import_get_split (import)->kind == SL_SPLIT_BY_STRATIFIED
           && sl_import_get_task (import)->one_class)
    g_string_printf (text, _ ("%'lu of %'lu, the same share of each class"), (unsigned long)n_valid,
                     (unsigned long)n);
  else
    g_string_printf (text, _ ("%'lu of %'lu"), (unsigned long)n_valid, (unsigned long)n);
  if (n_test > 0)
    g_string_append_printf (text, ngettext ("; %'lu stays aside", "; %'lu stay aside", n_test),
                            (unsigned long)n_test);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->kind_row), text->str);
}

/* Takes over what was read; what could not be done stays as the person wanted it. */
static void
read_cb (SlopeImportSplit *self)
{
  const char *error = slope_import_reader_get_split_error (self->reader);
  SlImport *import = import_of (self);
  const gboolean is_read = sl_import_get_task (import) != NULL;
  const SlSplitSpec *spec = sl_import_get_split (import);

  gtk_widget_set_visible (GTK_WIDGET (self), is_read);
  if (!is_read)
    return;
  self->filling = TRUE;
  if (error == NULL)
    {
      fill_kinds (self, spec->kind);
      fill_columns (self);
      fill_name (self, spec);
      if (has_share (spec->kind) && !slope_pause_is_on (self->pause))
        gtk_spin_button_set_value (self->share, 100. * spec->fraction);
      describe (self);
      show_rows (self);
    }
  else
    adw_action_row_set_subtitle (ADW_ACTION_ROW (self->kind_row), "");
  slope_import_error_row_set (self->error_row, error);
  self->filling = FALSE;
}

/* ---- Class */

static void
slope_import_split_dispose (GObject *object)
{
  SlopeImportSplit *self = SLOPE_IMPORT_SPLIT (object);

  slope_import_split_set_reader (self, NULL);
  g_clear_object (&self->chooser);
  g_clear_pointer (&self->pause, slope_pause_free);
  G_OBJECT_CLASS (slope_import_split_parent_class)->dispose (object);
}

static void
slope_import_split_finalize (GObject *object)
{
  SlopeImportSplit *self = SLOPE_IMPORT_SPLIT (object);

  g_array_unref (self->kinds);
  g_free (self->list);
  g_free (self->folder);
  G_OBJECT_CLASS (slope_import_split_parent_class)->finalize (object);
}

static void
slope_import_split_class_init (SlopeImportSplitClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = slope_import_split_dispose;
  G_OBJECT_CLASS (klass)->finalize = slope_import_split_finalize;
}

static void
make_list_row (SlopeImportSplit *self)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("document-open-symbolic");

  self->list_row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", _ ("List"),
                                 "activatable-widget", button, NULL);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (button, _ ("Choose a List"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Choose a List"), -1);
  gtk_widget_add_css_class (button, "flat");
  g_signal_connect_swapped (button, "clicked", G_CALLBACK (choose_list_cb), self);
  adw_action_row_add_suffix (self->list_row, button);
}

static void
slope_import_split_init (SlopeImportSplit *self)
{
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (self);

  self->kinds = g_array_new (FALSE, FALSE, sizeof (SlSplitKind));
  self->pause = slope_pause_new (paused_cb, self);
  self->kind_row = slope_import_combo_row (_ ("Held back"), G_CALLBACK (changed_cb), self);
  self->share = slope_import_spin_row (_ ("Validation share, in per cent"), NULL, 1, 90, 1,
                                       G_CALLBACK (typed_cb), self, &self->share_row);
  self->seed = slope_import_spin_row (_ ("Seed"), _ ("The same number gives the same split"), 0,
                                      1000000, 1, G_CALLBACK (typed_cb), self, &self->seed_row);
  self->column_row = slope_import_combo_row (_ ("Column"), G_CALLBACK (changed_cb), self);
  make_list_row (self);
  self->group_row = adw_entry_row_new ();
  self->matches = SLOPE_PATH_MATCHES (slope_path_matches_new (SLOPE_MATCHES_GROUPS));
  self->matches_row = slope_import_plain_row_new (GTK_WIDGET (self->matches));
  self->error_row = slope_import_error_row_new ();
  self->filling = TRUE;
  gtk_spin_button_set_value (self->share, DEFAULT_SHARE);
  gtk_spin_button_set_value (self->seed, DEFAULT_SEED);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->group_row),
                                 _ ("Regular expression that finds the group"));
  gtk_editable_set_text (GTK_EDITABLE (self->group_row), USUAL_GROUP);
  gtk_widget_add_css_class (self->group_row, "monospace");
  g_signal_connect_swapped (self->group_row, "changed", G_CALLBACK (typed_cb), self);
  self->filling = FALSE;
  adw_preferences_group_set_title (group, _ ("Validation"));
  adw_preferences_group_add (group, GTK_WIDGET (self->kind_row));
  adw_preferences_group_add (group, self->share_row);
  adw_preferences_group_add (group, self->seed_row);
  adw_preferences_group_add (group, GTK_WIDGET (self->column_row));
  adw_preferences_group_add (group, GTK_WIDGET (self->list_row));
  adw_preferences_group_add (group, self->group_row);
  adw_preferences_group_add (group, self->matches_row);
  adw_preferences_group_add (group, self->error_row);
}

GtkWidget *
slope_import_split_new (void)
{
  return g_object_new (SLOPE_TYPE_IMPORT_SPLIT, NULL);
}

void
slope_import_split_set_reader (SlopeImportSplit *self, SlopeImportReader *reader)
{
  const char *folder = NULL;

  g_return_if_fail (SLOPE_IS_IMPORT_SPLIT (self));

  if (self->reader != NULL)
    g_signal_handlers_disconnect_by_data (self->reader, self);
  g_set_object (&self->reader, reader);
  g_clear_pointer (&self->folder, g_free);
  g_clear_pointer (&self->list, g_free);
  if (reader == NULL)
    return;
  g_signal_connect_swapped (reader, "changed", G_CALLBACK (read_cb), self);
  sl_import_has_parts (import_of (self), &folder);
  self->folder = g_strdup (folder);
  read_cb (self);
}
