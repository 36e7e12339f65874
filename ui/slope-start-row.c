/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slope-start-row.h"

#include "config.h"

#include <glib/gi18n.h>
#include <inttypes.h>

/* One entry of the list. */
typedef enum
{
  START_RANDOM,
  START_PUBLIC, /* the catalogue's weights of this network */
  START_FILE,
  START_CHOOSE, /* asks for a file */
  START_RUN
} StartKind;

typedef struct
{
  StartKind kind;
  gint64 run;
} StartEntry;

struct _SlopeStartRow
{
  AdwComboRow parent_instance;
  GArray *entries;               /* of StartEntry, as the list has them */
  SlCatalogue *catalogue;        /* NULL: cannot be read */
  char *catalogue_error;         /* then, why */
  const SlWeights *weights;      /* public ones of the network; NULL: none */
  char *file;                    /* of weights, chosen last; NULL: none */
  guint selected;                /* entry that holds: choosing a file may be cancelled */
  gboolean filling;              /* no change by the person */
  GtkFileChooserNative *chooser; /* while it is open */
};

G_DEFINE_FINAL_TYPE (SlopeStartRow, slope_start_row, ADW_TYPE_COMBO_ROW)

enum
{
  CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
append (SlopeStartRow *self, GtkStringList *list, StartKind kind, gint64 run, char *label)
{
  StartEntry entry = { kind, run };
  g_array_append_val (self->entries, entry);
  gtk_string_list_take (list, label);
}

static guint
place_of (SlopeStartRow *self, StartKind kind)
{
  for (guint i = 0; i < self->entries->len; i++)
    if (g_array_index (self->entries, StartEntry, i).kind == kind)
      return i;
  return 0;
}

/* The list without runs: they follow. */
static GtkStringList *
new_list (SlopeStartRow *self)
{
  GtkStringList *list = gtk_string_list_new (NULL);
  g_array_set_size (self->entries, 0);
  append (self, list, START_RANDOM, 0, g_strdup (_ ("Random weights")));
  if (self->weights)
    append (self, list, START_PUBLIC, 0, g_strdup (self->weights->trained_on));
  if (self->file)
    append (self, list, START_FILE, 0, g_path_get_basename (self->file));
  append (self, list, START_CHOOSE, 0, g_strdup (_ ("File of weights…")));
  return list;
}

static const StartEntry *
current (SlopeStartRow *self)
{
  return self->selected < self->entries->len
             ? &g_array_index (self->entries, StartEntry, self->selected)
             : NULL;
}

/* What the chosen entry costs, or why some are missing.  Beneath the title there is room; beside it the
 * name alone has. */
static void
update_subtitle (SlopeStartRow *self)
{
  const StartEntry *entry = current (self);
  g_autofree char *size = NULL, *text = NULL, *escaped = NULL;
  if (self->catalogue_error)
    text = g_strdup (self->catalogue_error);
  else if (entry && entry->kind == START_PUBLIC && !sl_weights_is_here (self->weights))
    {
      size = g_format_size (self->weights->n_bytes);
      /* Translators: a size such as 46.8 MB */
      text = self->weights->n_bytes > 0 ? g_strdup_printf (_ ("%s to download"), size)
                                        : g_strdup (_ ("To download"));
    }
  escaped = text ? g_markup_escape_text (text, -1) : g_strdup ("");
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), escaped);
}

static void
show (SlopeStartRow *self, GtkStringList *list, guint selected)
{
  self->filling = TRUE;
  adw_combo_row_set_model (ADW_COMBO_ROW (self), G_LIST_MODEL (list));
  adw_combo_row_set_selected (ADW_COMBO_ROW (self), selected);
  self->selected = selected;
  self->filling = FALSE;
  update_subtitle (self);
}

static void
file_chosen (SlopeStartRow *self, int response)
{
  g_autoptr (GFile) file = NULL;
  g_autoptr (GtkStringList) list = NULL;
  g_autoptr (GArray) runs = NULL;
  GListModel *before;
  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser));
  g_clear_object (&self->chooser);
  if (!file)
    return;
  g_free (self->file);
  self->file = g_file_get_path (file);
  runs = g_array_copy (self->entries);
  before = adw_combo_row_get_model (ADW_COMBO_ROW (self));
  list = new_list (self);
  for (guint i = 0; i < runs->len; i++)
    {
      const StartEntry *entry = &g_array_index (runs, StartEntry, i);
      if (entry->kind == START_RUN)
        append (self, list, START_RUN, entry->run,
                g_strdup (gtk_string_list_get_string (GTK_STRING_LIST (before), i)));
    }
  show (self, list, place_of (self, START_FILE));
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
ask_for_file (SlopeStartRow *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();
  g_clear_object (&self->chooser);
  self->chooser = gtk_file_chooser_native_new (_ ("File of Weights"),
                                               root ? GTK_WINDOW (root) : NULL,
                                               GTK_FILE_CHOOSER_ACTION_OPEN, NULL, NULL);
  gtk_file_filter_set_name (filter, _ ("Weights (.safetensors, .pth)"));
  gtk_file_filter_add_pattern (filter, "*.safetensors");
  gtk_file_filter_add_pattern (filter, "*.pth");
  gtk_file_filter_add_pattern (filter, "*.pt");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (self->chooser), filter);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (file_chosen), self,
                           G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
selected_changed (SlopeStartRow *self)
{
  guint selected = adw_combo_row_get_selected (ADW_COMBO_ROW (self));
  if (self->filling || selected >= self->entries->len)
    return;
  if (g_array_index (self->entries, StartEntry, selected).kind == START_CHOOSE)
    {
      self->filling = TRUE;
      adw_combo_row_set_selected (ADW_COMBO_ROW (self), self->selected);
      self->filling = FALSE;
      ask_for_file (self);
      return;
    }
  self->selected = selected;
  update_subtitle (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
slope_start_row_finalize (GObject *object)
{
  SlopeStartRow *self = SLOPE_START_ROW (object);
  g_clear_object (&self->chooser);
  g_array_unref (self->entries);
  g_clear_pointer (&self->catalogue, sl_catalogue_free);
  g_free (self->catalogue_error);
  g_free (self->file);
  G_OBJECT_CLASS (slope_start_row_parent_class)->finalize (object);
}

static void
slope_start_row_class_init (SlopeStartRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = slope_start_row_finalize;
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
slope_start_row_init (SlopeStartRow *self)
{
  g_autoptr (GError) error = NULL;
  self->entries = g_array_new (FALSE, FALSE, sizeof (StartEntry));
  self->catalogue = sl_catalogue_load (NULL, &error);
  if (!self->catalogue)
    self->catalogue_error = g_strdup (error->message);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (self), 0); /* as many as it takes */
  g_signal_connect (self, "notify::selected", G_CALLBACK (selected_changed), NULL);
}

/* Whether a run by @past leaves what one by @recipe can begin with: a language model goes on as one. */
static gboolean
fits (const SlRecipe *past, const SlRecipe *recipe)
{
  return g_str_equal (past->arch, recipe->arch)
         && (recipe->learn == SL_LEARN_TASK || past->learn == SL_LEARN_LANGUAGE);
}

static char *
say_run (gint64 id, const SlRecipe *recipe)
{
  if (recipe->learn == SL_LEARN_LANGUAGE)
    /* Translators: a run that has learned which word comes next */
    return g_strdup_printf (_ ("Run %" PRId64 ", language model"), id);
  return g_strdup_printf (_ ("Run %" PRId64), id);
}

void
slope_start_row_set (SlopeStartRow *self, SlProject *project, const SlRecipe *recipe,
                     gint64 from_run)
{
  const char *pretrained = recipe->pretrained;
  GListModel *runs = project ? sl_project_get_runs (project) : NULL;
  g_autoptr (GtkStringList) list = NULL;
  StartKind kind = START_RANDOM;
  guint selected;
  g_return_if_fail (SLOPE_IS_START_ROW (self));
  self->weights = self->catalogue ? sl_catalogue_find_arch (self->catalogue, recipe->arch) : NULL;
  if (g_str_equal (pretrained, "auto"))
    kind = START_PUBLIC;
  else if (!g_str_equal (pretrained, "none"))
    {
      char *file = g_strdup (pretrained); /* may be our own */
      g_free (self->file);
      self->file = file;
      kind = START_FILE;
    }
  list = new_list (self);
  selected = place_of (self, kind);
  for (guint i = 0; runs && i < g_list_model_get_n_items (runs); i++)
    {
      g_autoptr (SlRun) run = g_list_model_get_item (runs, i);
      gint64 id = sl_run_get_id (run);
      if (!sl_run_has_model (run) || sl_run_get_state (run) == SL_RUN_RUNNING
          || !fits (sl_run_get_recipe (run), recipe))
        continue;
      if (id == from_run)
        selected = self->entries->len;
      append (self, list, START_RUN, id, say_run (id, sl_run_get_recipe (run)));
    }
  show (self, list, selected);
}

const char *
slope_start_row_get_pretrained (SlopeStartRow *self)
{
  const StartEntry *entry;
  g_return_val_if_fail (SLOPE_IS_START_ROW (self), NULL);
  entry = current (self);
  if (entry && entry->kind == START_PUBLIC)
    return "auto";
  return entry && entry->kind == START_FILE ? self->file : "none";
}

gint64
slope_start_row_get_from_run (SlopeStartRow *self)
{
  const StartEntry *entry;
  g_return_val_if_fail (SLOPE_IS_START_ROW (self), 0);
  entry = current (self);
  return entry && entry->kind == START_RUN ? entry->run : 0;
}
