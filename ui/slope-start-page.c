/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-start-page.h"

#include "slope-note.h"
#include "slope-recent-row.h"
#include "slope-sample-card.h"
#include "slope-settings.h"
#include "slope-window.h"

#include <glib/gi18n.h>

struct _SlopeStartPage
{
  AdwBin parent_instance;
  SlopeNote *note;
  GtkWidget *content;
  GtkMenuButton *new_button;
  GtkWidget *recent_group;
  GtkListBox *recent;
  GtkFlowBox *samples;
};

G_DEFINE_FINAL_TYPE (SlopeStartPage, slope_start_page, ADW_TYPE_BIN)

static void
open_path (SlopeStartPage *self, const char *path)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (SLOPE_IS_WINDOW (root))
    slope_window_open_path (SLOPE_WINDOW (root), path);
}

static void
recent_opened_cb (SlopeStartPage *self, SlopeRecentRow *row)
{
  open_path (self, slope_recent_row_get_path (row));
}

static void
recent_forgotten_cb (SlopeStartPage *self, SlopeRecentRow *row)
{
  slope_recent_remove (slope_recent_row_get_path (row));
}

static void
sample_clicked_cb (SlopeStartPage *self, SlopeSampleCard *card)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (SLOPE_IS_WINDOW (root))
    slope_window_open_sample (SLOPE_WINDOW (root), slope_sample_card_get_name (card));
}

static void
fill_recent (SlopeStartPage *self)
{
  g_auto (GStrv) paths = slope_recent_dup ();
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->recent))) != NULL)
    gtk_list_box_remove (self->recent, child);
  for (guint i = 0; paths[i] != NULL; i++)
    {
      GtkWidget *row = slope_recent_row_new (paths[i]);

      g_signal_connect_object (row, "opened", G_CALLBACK (recent_opened_cb), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (row, "forgotten", G_CALLBACK (recent_forgotten_cb), self,
                               G_CONNECT_SWAPPED);
      gtk_list_box_append (self->recent, row);
    }
  gtk_widget_set_visible (self->recent_group, paths[0] != NULL);
}

static void
fill_samples (SlopeStartPage *self)
{
  guint n = 0;
  const SlSampleInfo *samples = sl_samples (&n);

  for (guint i = 0; i < n; i++)
    {
      GtkWidget *card;

      if (sl_task_find (samples[i].task) == NULL) /* cannot be imported */
        continue;
      card = slope_sample_card_new (&samples[i]);
      g_signal_connect_object (card, "clicked", G_CALLBACK (sample_clicked_cb), self,
                               G_CONNECT_SWAPPED);
      gtk_flow_box_append (self->samples, card);
      /* The button takes the focus, not the place it stands in. */
      gtk_widget_set_focusable (gtk_widget_get_parent (card), FALSE);
      gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_widget_get_parent (card)),
                                      GTK_ACCESSIBLE_PROPERTY_LABEL, _ (samples[i].title), -1);
    }
}

static gboolean
drop_cb (SlopeStartPage *self, const GValue *value)
{
  g_autoptr (GSList) files = NULL;
  g_autofree char *path = NULL;

  if (!G_VALUE_HOLDS (value, GDK_TYPE_FILE_LIST))
    return FALSE;
  files = gdk_file_list_get_files (g_value_get_boxed (value));
  path = files != NULL ? g_file_get_path (files->data) : NULL;
  if (path == NULL)
    return FALSE;
  open_path (self, path);
  return TRUE;
}

static void
slope_start_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), SLOPE_TYPE_START_PAGE);
  G_OBJECT_CLASS (slope_start_page_parent_class)->dispose (object);
}

static void
slope_start_page_class_init (SlopeStartPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = slope_start_page_dispose;
  g_type_ensure (SLOPE_TYPE_NOTE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/slopeml/Slope/slope-start-page.ui");
  gtk_widget_class_bind_template_child (widget_class, SlopeStartPage, note);
  gtk_widget_class_bind_template_child (widget_class, SlopeStartPage, content);
  gtk_widget_class_bind_template_child (widget_class, SlopeStartPage, new_button);
  gtk_widget_class_bind_template_child (widget_class, SlopeStartPage, recent_group);
  gtk_widget_class_bind_template_child (widget_class, SlopeStartPage, recent);
  gtk_widget_class_bind_template_child (widget_class, SlopeStartPage, samples);
  gtk_widget_class_bind_template_callback (widget_class, slope_start_page_clear_error);
}

static void
slope_start_page_init (SlopeStartPage *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);
  GtkWidget *button;

  gtk_widget_init_template (GTK_WIDGET (self));
  /* A menu button keeps its look in the button inside. */
  button = gtk_widget_get_first_child (GTK_WIDGET (self->new_button));
  gtk_widget_add_css_class (button, "pill");
  gtk_widget_add_css_class (button, "suggested-action");

  g_signal_connect_swapped (target, "drop", G_CALLBACK (drop_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
  g_signal_connect_object (slope_settings (), "changed::recent-projects", G_CALLBACK (fill_recent),
                           self, G_CONNECT_SWAPPED);
  /* Read again each time the page comes up: a project that was open has changed. */
  g_signal_connect (self, "map", G_CALLBACK (fill_recent), NULL);
  fill_samples (self);
}

GtkWidget *
slope_start_page_new (void)
{
  return g_object_new (SLOPE_TYPE_START_PAGE, NULL);
}

void
slope_start_page_show_error (SlopeStartPage *self, const char *heading, const char *text)
{
  g_return_if_fail (SLOPE_IS_START_PAGE (self));

  slope_note_set (self->note, SLOPE_NOTE_ERROR, heading, text, NULL, TRUE);
  gtk_widget_set_visible (GTK_WIDGET (self->note), TRUE);
}

void
slope_start_page_clear_error (SlopeStartPage *self)
{
  g_return_if_fail (SLOPE_IS_START_PAGE (self));
  gtk_widget_set_visible (GTK_WIDGET (self->note), FALSE);
}

void
slope_start_page_set_busy (SlopeStartPage *self, gboolean busy)
{
  g_return_if_fail (SLOPE_IS_START_PAGE (self));

  gtk_widget_set_sensitive (self->content, !busy);
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), busy ? "progress" : NULL);
}
