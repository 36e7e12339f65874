/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-import-place.h"

#include "slope-files.h"

#include <glib/gi18n.h>

struct _SlopeImportPlace
{
  AdwPreferencesGroup parent_instance;
  char *place;                   /* folder in which the project will be */
  GtkFileChooserNative *chooser; /* owned; while it is open */
  GtkEditable *name_row;
  AdwActionRow *place_row;
  AdwActionRow *copy_row;
  GtkSwitch *copy;
};

static guint changed_signal;

G_DEFINE_FINAL_TYPE (SlopeImportPlace, slope_import_place, ADW_TYPE_PREFERENCES_GROUP)

static void
name_changed_cb (SlopeImportPlace *self)
{
  g_autofree char *path = slope_import_place_dup_path (self);
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
place_chosen_cb (SlopeImportPlace *self, int response)
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
choose_place_cb (SlopeImportPlace *self)
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
suggest (SlopeImportPlace *self, SlImport *import)
{
  const gboolean staged = sl_import_is_staged (import);
  g_autofree char *source = slope_path_for_display (sl_import_get_source (import));
  g_autofree char *stay = g_strdup_printf (_ ("Otherwise they stay in %s"), source);
  const char *base = sl_import_get_name (import);
  g_autofree char *name = g_strdup (base);
  g_autofree char *path = NULL;

  /* The first name that is free. */
  gtk_editable_set_text (self->name_row, name);
  for (guint i = 2; (path = slope_import_place_dup_path (self)) == NULL && i < 1000; i++)
    {
      g_autofree char *other = g_strdup_printf ("%s %u", base, i);

      gtk_editable_set_text (self->name_row, other);
    }
  /* Texts always are: what they were read from is no file of theirs. */
  gtk_widget_set_visible (GTK_WIDGET (self->copy_row), sl_import_get_text_store (import) == NULL);
  gtk_switch_set_active (self->copy, staged);
  gtk_widget_set_sensitive (GTK_WIDGET (self->copy_row), !staged);
  adw_action_row_set_subtitle (self->copy_row,
                               staged ? _ ("Pictures of an archive always are") : stay);
}

/* ---- Class */

static void
slope_import_place_dispose (GObject *object)
{
  g_clear_object (&SLOPE_IMPORT_PLACE (object)->chooser);
  G_OBJECT_CLASS (slope_import_place_parent_class)->dispose (object);
}

static void
slope_import_place_finalize (GObject *object)
{
  g_free (SLOPE_IMPORT_PLACE (object)->place);
  G_OBJECT_CLASS (slope_import_place_parent_class)->finalize (object);
}

static void
slope_import_place_class_init (SlopeImportPlaceClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = slope_import_place_dispose;
  G_OBJECT_CLASS (klass)->finalize = slope_import_place_finalize;
  changed_signal = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (GTK_WIDGET_CLASS (klass),
                                               "/org/slopeml/Slope/slope-import-place.ui");
  gtk_widget_class_bind_template_child (GTK_WIDGET_CLASS (klass), SlopeImportPlace, name_row);
  gtk_widget_class_bind_template_child (GTK_WIDGET_CLASS (klass), SlopeImportPlace, place_row);
  gtk_widget_class_bind_template_child (GTK_WIDGET_CLASS (klass), SlopeImportPlace, copy_row);
  gtk_widget_class_bind_template_child (GTK_WIDGET_CLASS (klass), SlopeImportPlace, copy);
  gtk_widget_class_bind_template_callback (GTK_WIDGET_CLASS (klass), name_changed_cb);
  gtk_widget_class_bind_template_callback (GTK_WIDGET_CLASS (klass), choose_place_cb);
}

static void
slope_import_place_init (SlopeImportPlace *self)
{
  const char *documents = g_get_user_special_dir (G_USER_DIRECTORY_DOCUMENTS);

  self->place = g_build_filename (documents != NULL ? documents : g_get_home_dir (), "Slope", NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
slope_import_place_new (void)
{
  return g_object_new (SLOPE_TYPE_IMPORT_PLACE, NULL);
}

void
slope_import_place_suggest (SlopeImportPlace *self, SlImport *import)
{
  g_return_if_fail (SLOPE_IS_IMPORT_PLACE (self) && import != NULL);
  suggest (self, import);
}

char *
slope_import_place_dup_path (SlopeImportPlace *self)
{
  const char *name;
  g_autofree char *file = NULL;
  g_autofree char *path = NULL;

  g_return_val_if_fail (SLOPE_IS_IMPORT_PLACE (self), NULL);

  name = gtk_editable_get_text (self->name_row);
  if (*name == '\0' || strchr (name, '/') != NULL)
    return NULL;
  file = g_strconcat (name, ".slope", NULL);
  path = g_build_filename (self->place, file, NULL);
  return g_file_test (path, G_FILE_TEST_EXISTS) ? NULL : g_steal_pointer (&path);
}

gboolean
slope_import_place_get_copy (SlopeImportPlace *self)
{
  g_return_val_if_fail (SLOPE_IS_IMPORT_PLACE (self), FALSE);
  return gtk_switch_get_active (self->copy);
}
