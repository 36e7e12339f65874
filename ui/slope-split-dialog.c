/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-split-dialog.h"

#include "slope-note.h"
#include "slope-window.h"

#include <glib/gi18n.h>

struct _SlopeSplitDialog
{
  AdwWindow parent_instance;
  SlProject *project; /* owned */
  SlopeNote *note;
  AdwPreferencesGroup *group;
  AdwComboRow *kind_row;
  GtkSpinButton *share;
  GtkSpinButton *seed;
  GtkWidget *apply;
};

G_DEFINE_FINAL_TYPE (SlopeSplitDialog, slope_split_dialog, ADW_TYPE_WINDOW)

/* In the order of the row's choices. */
static const SlSplitKind kinds[] = { SL_SPLIT_BY_STRATIFIED, SL_SPLIT_BY_RANDOM };

static void
apply_clicked_cb (SlopeSplitDialog *self)
{
  const guint kind = MIN (adw_combo_row_get_selected (self->kind_row), G_N_ELEMENTS (kinds) - 1);
  const SlSplitSpec spec = { .kind = kinds[kind],
                             .fraction = gtk_spin_button_get_value (self->share) / 100.,
                             .seed = (guint64)gtk_spin_button_get_value (self->seed) };
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (self));
  g_autoptr (GError) error = NULL;

  if (!sl_project_resplit (self->project, &spec, &error))
    {
      slope_note_set (self->note, SLOPE_NOTE_ERROR,
                      sl_project_get_task (self->project)->texts
                          ? _ ("The texts could not be split.")
                          : _ ("The pictures could not be split."),
                      error->message, NULL, FALSE);
      gtk_widget_set_visible (GTK_WIDGET (self->note), TRUE);
      return;
    }
  if (parent != NULL)
    slope_window_toast (GTK_WIDGET (parent), _ ("Split anew"), _ ("_Undo"), "win.undo");
  gtk_window_destroy (GTK_WINDOW (self));
}

static void
slope_split_dialog_dispose (GObject *object)
{
  g_clear_object (&SLOPE_SPLIT_DIALOG (object)->project);
  gtk_widget_dispose_template (GTK_WIDGET (object), SLOPE_TYPE_SPLIT_DIALOG);
  G_OBJECT_CLASS (slope_split_dialog_parent_class)->dispose (object);
}

static void
slope_split_dialog_class_init (SlopeSplitDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = slope_split_dialog_dispose;
  g_type_ensure (SLOPE_TYPE_NOTE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/slopeml/Slope/slope-split-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, SlopeSplitDialog, note);
  gtk_widget_class_bind_template_child (widget_class, SlopeSplitDialog, group);
  gtk_widget_class_bind_template_child (widget_class, SlopeSplitDialog, kind_row);
  gtk_widget_class_bind_template_child (widget_class, SlopeSplitDialog, share);
  gtk_widget_class_bind_template_child (widget_class, SlopeSplitDialog, seed);
  gtk_widget_class_bind_template_child (widget_class, SlopeSplitDialog, apply);
  gtk_widget_class_bind_template_callback (widget_class, apply_clicked_cb);
}

static void
slope_split_dialog_init (SlopeSplitDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
set_words (SlopeSplitDialog *self, gboolean texts)
{
  const char *const kinds_of[] = { _ ("The same share of each class"),
                                   texts ? _ ("Any texts") : _ ("Any pictures"), NULL };
  g_autoptr (GtkStringList) names = gtk_string_list_new (kinds_of);

  gtk_window_set_title (GTK_WINDOW (self),
                        texts ? _ ("Split the Texts") : _ ("Split the Pictures"));
  adw_preferences_group_set_description (
      self->group, texts ? _ ("Validation texts are never trained on: they tell how good the "
                              "network is on texts it has not seen. Copies always stay together.")
                         : _ ("Validation pictures are never trained on: they tell how good the "
                              "network is on pictures it has not seen. Copies always stay "
                              "together."));
  adw_combo_row_set_model (self->kind_row, G_LIST_MODEL (names));
}

GtkWidget *
slope_split_dialog_new (GtkWindow *parent, SlProject *project)
{
  SlopeSplitDialog *self = g_object_new (SLOPE_TYPE_SPLIT_DIALOG, "transient-for", parent, NULL);
  const SlSplitSpec *spec = sl_project_get_split (project);

  self->project = g_object_ref (project);
  set_words (self, sl_project_get_task (project)->texts);
  adw_combo_row_set_selected (self->kind_row, spec->kind == SL_SPLIT_BY_RANDOM ? 1 : 0);
  gtk_spin_button_set_value (self->share, spec->fraction > 0. ? 100. * spec->fraction : 20.);
  gtk_spin_button_set_value (self->seed, (double)spec->seed);
  return GTK_WIDGET (self);
}
