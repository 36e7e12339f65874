/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-web-dialog.h"

#include "slope-address-box.h"

#include <glib/gi18n.h>

#define FIRST_BOXES 2
#define MOST_NAME 60 /* bytes of what a folder of lists is called */

struct _SlopeWebDialog
{
  AdwWindow parent_instance;
  AdwViewSwitcherTitle *switcher;
  AdwViewSwitcherBar *switcher_bar;
  AdwViewStack *stack;
  AdwPreferencesGroup *catalogue;
  GtkEditable *address;
  GtkWidget *boxes; /* of SlopeAddressBox */
  GtkWidget *accept;
  GtkFileChooserNative *chooser; /* owned; while it is open */
  guint turn;                    /* idle that shows or hides the bar below */
};

static guint chosen_signal;

G_DEFINE_FINAL_TYPE (SlopeWebDialog, slope_web_dialog, ADW_TYPE_WINDOW)

static void
choose (SlopeWebDialog *self, const char *source)
{
  g_signal_emit (self, chosen_signal, 0, source);
  gtk_window_destroy (GTK_WINDOW (self));
}

/* ---- Data sets */

static void
data_set_cb (SlopeWebDialog *self, GtkWidget *button)
{
  choose (self, g_object_get_data (G_OBJECT (button), "source"));
}

static char *
describe_data_set (const SlDataSet *set)
{
  const SlTask *task = sl_task_find (set->task);
  g_autofree char *size = g_format_size (set->n_bytes);
  /* Translators: kind of problem, size, licence: "One label · 811.7 MB · licence: CC-BY-SA-4.0" */
  g_autofree char *text = g_strdup_printf (_ ("%s · %s · licence: %s"), _ (task->label), size,
                                           set->licence);

  return g_markup_escape_text (text, -1);
}

static GtkWidget *
new_home_button (const SlDataSet *set)
{
  GtkWidget *button = gtk_link_button_new_with_label (set->home, _ ("Website"));
  g_autofree char *spoken = g_strdup_printf (_ ("Website of %s"), set->title);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken,
                                  -1);
  return button;
}

static GtkWidget *
new_get_button (SlopeWebDialog *self, const SlDataSet *set)
{
  const gboolean here = sl_data_set_is_here (set);
  GtkWidget *button = gtk_button_new_with_label (here ? _ ("Import") : _ ("Download"));
  g_autofree char *spoken = g_strdup_printf (here ? _ ("Import %s") : _ ("Download %s"),
                                             set->title);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken,
                                  -1);
  g_object_set_data_full (G_OBJECT (button), "source",
                          g_strconcat (SL_SOURCE_CATALOGUE, set->id, NULL), g_free);
  g_signal_connect_object (button, "clicked", G_CALLBACK (data_set_cb), self, G_CONNECT_SWAPPED);
  return button;
}

/* Those that this version can train. */
static void
fill_catalogue (SlopeWebDialog *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SlCatalogue) catalogue = sl_catalogue_load (NULL, &error);

  if (catalogue == NULL)
    {
      g_autofree char *text = g_markup_escape_text (error->message, -1);

      adw_preferences_group_set_description (self->catalogue, text);
    }
  for (guint i = 0; catalogue != NULL && i < sl_catalogue_n_data_sets (catalogue); i++)
    {
      const SlDataSet *set = sl_catalogue_get_data_set (catalogue, i);
      g_autofree char *title = g_markup_escape_text (set->title, -1);
      g_autofree char *subtitle = NULL;
      GtkWidget *row;

      if (sl_task_find (set->task) == NULL)
        continue;
      subtitle = describe_data_set (set);
      row = adw_action_row_new ();
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
      if (set->home != NULL)
        adw_action_row_add_suffix (ADW_ACTION_ROW (row), new_home_button (set));
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), new_get_button (self, set));
      adw_preferences_group_add (self->catalogue, row);
    }
}

/* ---- Addresses of pictures */

static SlopeAddressBox *
next_box (GtkWidget *widget)
{
  return widget != NULL ? SLOPE_ADDRESS_BOX (widget) : NULL;
}

#define FOR_EACH_BOX(self, box)                                                                   \
  for (SlopeAddressBox *box = next_box (gtk_widget_get_first_child ((self)->boxes)); box != NULL; \
       box = next_box (gtk_widget_get_next_sibling (GTK_WIDGET (box))))

/* One class is no problem to learn: two of them at least, and none half filled in. */
static gboolean
are_boxes_ready (SlopeWebDialog *self)
{
  guint n = 0;

  FOR_EACH_BOX (self, box)
  {
    if (!slope_address_box_is_ready (box) && !slope_address_box_is_empty (box))
      return FALSE;
    n += slope_address_box_is_ready (box);
  }
  return n >= 2;
}

static void
update_cb (SlopeWebDialog *self)
{
  const char *page = adw_view_stack_get_visible_child_name (self->stack);
  const char *address = gtk_editable_get_text (self->address);

  if (page == NULL)
    return;
  gtk_widget_set_visible (self->accept, !g_str_equal (page, "catalogue"));
  if (gtk_widget_get_visible (self->accept)) /* hiding it, GTK forgot that it answers Return */
    gtk_window_set_default_widget (GTK_WINDOW (self), self->accept);
  if (g_str_equal (page, "archive"))
    gtk_widget_set_sensitive (self->accept, sl_source_is_web (address));
  else
    gtk_widget_set_sensitive (self->accept, are_boxes_ready (self));
}

static void
update_removable (SlopeWebDialog *self)
{
  guint n = 0;

  FOR_EACH_BOX (self, box)
  n++;
  FOR_EACH_BOX (self, box)
  slope_address_box_set_removable (box, n > FIRST_BOXES);
}

static void
box_removed_cb (SlopeWebDialog *self, GtkWidget *box)
{
  gtk_box_remove (GTK_BOX (self->boxes), box);
  update_removable (self);
  update_cb (self);
  gtk_widget_grab_focus (gtk_widget_get_last_child (self->boxes));
}

static GtkWidget *
add_box (SlopeWebDialog *self)
{
  GtkWidget *box = slope_address_box_new ();

  g_signal_connect_object (box, "changed", G_CALLBACK (update_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (box, "removed", G_CALLBACK (box_removed_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (self->boxes), box);
  update_removable (self);
  return box;
}

static void
add_class_cb (SlopeWebDialog *self)
{
  gtk_widget_grab_focus (add_box (self));
  update_cb (self);
}

/* (transfer full): a folder of its own for these very lists, so that to ask for them again is to go
 * on; its name is what the project will be called. */
static char *
dup_folder (SlopeWebDialog *self)
{
  g_autoptr (GString) name = g_string_new (NULL);
  g_autoptr (GString) all = g_string_new (NULL);
  g_autofree char *hash = NULL;

  FOR_EACH_BOX (self, box)
  {
    g_autofree char *label = slope_address_box_dup_label (box);
    g_autofree char *text = slope_address_box_dup_text (box);

    if (slope_address_box_is_empty (box))
      continue;
    g_string_append_printf (all, "%s\n%s\n", label, text);
    if (name->len + strlen (label) < MOST_NAME)
      g_string_append_printf (name, "%s%s", name->len > 0 ? " " : "", label);
  }
  hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, all->str, (gssize)all->len);
  return g_build_filename (g_get_user_cache_dir (), "slope", "lists", hash, name->str, NULL);
}

static void
show_failure (SlopeWebDialog *self, const char *heading, const GError *error)
{
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (self), heading, error->message);

  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _ ("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
accept_lists (SlopeWebDialog *self)
{
  g_autofree char *folder = dup_folder (self);
  g_autoptr (GError) error = NULL;

  g_mkdir_with_parents (folder, 0700); /* where it fails, writing says why */
  FOR_EACH_BOX (self, box)
  if (error == NULL && !slope_address_box_is_empty (box))
    slope_address_box_save (box, folder, &error);
  if (error == NULL)
    choose (self, folder);
  else
    show_failure (self, _ ("The List Cannot Be Written"), error);
}

static void
accept_cb (SlopeWebDialog *self)
{
  g_autofree char *address = g_strstrip (g_strdup (gtk_editable_get_text (self->address)));

  if (g_strcmp0 (adw_view_stack_get_visible_child_name (self->stack), "list") == 0)
    accept_lists (self);
  else
    choose (self, address);
}

/* ---- Lists in files */

/* The box of that class, else one that is free. */
static SlopeAddressBox *
find_box (SlopeWebDialog *self, const char *label)
{
  SlopeAddressBox *free_box = NULL;

  FOR_EACH_BOX (self, box)
  {
    g_autofree char *its = slope_address_box_dup_label (box);

    if (slope_address_box_is_empty (box))
      free_box = free_box != NULL ? free_box : box;
    else if (g_str_equal (its, label))
      return box;
  }
  return free_box != NULL ? free_box : SLOPE_ADDRESS_BOX (add_box (self));
}

/* Every class of the list goes into a box, to be looked at before anything is fetched. */
static void
take_list (SlopeWebDialog *self, const SlAddressList *list)
{
  g_autoptr (GHashTable) texts = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) labels = g_ptr_array_new ();

  for (guint i = 0; i < sl_address_list_n (list); i++)
    {
      const SlAddress *address = sl_address_list_get (list, i);
      GString *text = g_hash_table_lookup (texts, address->label);

      if (text == NULL)
        {
          text = g_string_new (NULL);
          g_hash_table_insert (texts, address->label, text);
          g_ptr_array_add (labels, address->label);
        }
      g_string_append_printf (text, "%s\n", address->address);
    }
  for (guint i = 0; i < labels->len; i++)
    {
      GString *text = g_hash_table_lookup (texts, labels->pdata[i]);

      slope_address_box_add (find_box (self, labels->pdata[i]), labels->pdata[i], text->str);
      g_string_free (text, TRUE);
    }
}

static void
take_file (SlopeWebDialog *self, GFile *file)
{
  g_autofree char *path = g_file_get_path (file);
  g_autoptr (GError) error = NULL;
  g_autoptr (SlAddressList) list = path != NULL ? sl_address_list_load (path, &error) : NULL;

  if (list != NULL)
    take_list (self, list);
  else if (error != NULL)
    show_failure (self, _ ("The List Cannot Be Read"), error);
}

static void
lists_chosen_cb (SlopeWebDialog *self, int response)
{
  g_autoptr (GtkFileChooserNative) chooser = g_steal_pointer (&self->chooser);
  g_autoptr (GListModel) files = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    files = gtk_file_chooser_get_files (GTK_FILE_CHOOSER (chooser));
  for (guint i = 0; files != NULL && i < g_list_model_get_n_items (files); i++)
    {
      g_autoptr (GFile) file = g_list_model_get_item (files, i);

      take_file (self, file);
    }
}

static void
choose_lists_cb (SlopeWebDialog *self)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  g_clear_object (&self->chooser);
  self->chooser = gtk_file_chooser_native_new (_ ("Choose Lists of Addresses"), GTK_WINDOW (self),
                                               GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Open"),
                                               _ ("_Cancel"));
  gtk_file_filter_set_name (filter, _ ("Lists (.txt, .csv, .tsv)"));
  gtk_file_filter_add_suffix (filter, "txt");
  gtk_file_filter_add_suffix (filter, "csv");
  gtk_file_filter_add_suffix (filter, "tsv");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (self->chooser), filter);
  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (self->chooser), TRUE);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (lists_chosen_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static gboolean
turn_cb (gpointer data)
{
  SlopeWebDialog *self = data;

  self->turn = 0;
  adw_view_switcher_bar_set_reveal (self->switcher_bar,
                                    adw_view_switcher_title_get_title_visible (self->switcher));
  return G_SOURCE_REMOVE;
}

/* Comes while the header bar gives its children their places: nothing must change until it is done. */
static void
title_visible_cb (SlopeWebDialog *self)
{
  if (self->turn == 0)
    self->turn = g_idle_add (turn_cb, self);
}

static void
page_changed_cb (SlopeWebDialog *self)
{
  const char *page = adw_view_stack_get_visible_child_name (self->stack);

  update_cb (self);
  if (g_strcmp0 (page, "archive") == 0)
    gtk_widget_grab_focus (GTK_WIDGET (self->address));
  else if (g_strcmp0 (page, "list") == 0)
    gtk_widget_grab_focus (gtk_widget_get_first_child (self->boxes));
}

/* ---- Class */

static void
slope_web_dialog_dispose (GObject *object)
{
  SlopeWebDialog *self = SLOPE_WEB_DIALOG (object);

  g_clear_handle_id (&self->turn, g_source_remove);
  g_clear_object (&self->chooser);
  gtk_widget_dispose_template (GTK_WIDGET (object), SLOPE_TYPE_WEB_DIALOG);
  G_OBJECT_CLASS (slope_web_dialog_parent_class)->dispose (object);
}

static void
slope_web_dialog_class_init (SlopeWebDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = slope_web_dialog_dispose;
  chosen_signal = g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  g_type_ensure (SLOPE_TYPE_ADDRESS_BOX);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/slopeml/Slope/slope-web-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, SlopeWebDialog, switcher);
  gtk_widget_class_bind_template_child (widget_class, SlopeWebDialog, switcher_bar);
  gtk_widget_class_bind_template_child (widget_class, SlopeWebDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, SlopeWebDialog, catalogue);
  gtk_widget_class_bind_template_child (widget_class, SlopeWebDialog, address);
  gtk_widget_class_bind_template_child (widget_class, SlopeWebDialog, boxes);
  gtk_widget_class_bind_template_child (widget_class, SlopeWebDialog, accept);
  gtk_widget_class_bind_template_callback (widget_class, title_visible_cb);
  gtk_widget_class_bind_template_callback (widget_class, page_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, update_cb);
  gtk_widget_class_bind_template_callback (widget_class, add_class_cb);
  gtk_widget_class_bind_template_callback (widget_class, choose_lists_cb);
  gtk_widget_class_bind_template_callback (widget_class, accept_cb);
}

static void
slope_web_dialog_init (SlopeWebDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  fill_catalogue (self);
  for (guint i = 0; i < FIRST_BOXES; i++)
    add_box (self);
  update_cb (self);
}

GtkWidget *
slope_web_dialog_new (GtkWindow *parent, const char *page)
{
  SlopeWebDialog *self = g_object_new (SLOPE_TYPE_WEB_DIALOG, "transient-for", parent, NULL);

  g_return_val_if_fail (page != NULL, GTK_WIDGET (self));

  adw_view_stack_set_visible_child_name (self->stack, page);
  return GTK_WIDGET (self);
}
