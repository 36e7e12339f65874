/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-project-view.h"

#include "slope-clean-page.h"
#include "slope-data-page.h"
#include "slope-job-bar.h"
#include "slope-note.h"
#include "slope-predict-page.h"
#include "slope-train-page.h"

#include <glib/gi18n.h>

struct _SlopeProjectView
{
  AdwBin parent_instance;
  SlProject *project; /* owned, nullable */
  GBinding *sidebar;  /* toggle ↔ the visible page's panel; not owned */
  guint turn;         /* source: between wide and narrow */
  GtkToggleButton *sidebar_toggle;
  GtkWidget *project_button;
  GtkWidget *narrow_project_button;
  GtkLabel *title;
  AdwViewSwitcherTitle *switcher_title;
  AdwViewSwitcherBar *switcher_bar;
  GtkRevealer *read_only;
  SlopeNote *read_only_note;
  AdwViewStack *pages;
  SlopeDataPage *data_page;
  SlopeTrainPage *train_page;
  SlopeCleanPage *clean_page;
  SlopePredictPage *predict_page;
  SlopeJobBar *job_bar;
};

G_DEFINE_FINAL_TYPE (SlopeProjectView, slope_project_view, ADW_TYPE_BIN)

static gboolean
page_has_panel (GtkWidget *page)
{
  return page != NULL
         && g_object_class_find_property (G_OBJECT_GET_CLASS (page), "show-sidebar") != NULL;
}

static void
visible_page_cb (SlopeProjectView *self)
{
  GtkWidget *page = adw_view_stack_get_visible_child (self->pages);
  /* Clean's panel stands at the other side, and has its own button there. */
  const gboolean has_panel = page_has_panel (page) && page != GTK_WIDGET (self->clean_page);

  g_clear_pointer (&self->sidebar, g_binding_unbind);
  gtk_widget_set_visible (GTK_WIDGET (self->sidebar_toggle), has_panel);
  if (has_panel)
    self->sidebar = g_object_bind_property (page, "show-sidebar", self->sidebar_toggle, "active",
                                            G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL);
}

static gboolean
turn_cb (gpointer user_data)
{
  SlopeProjectView *self = user_data;
  const gboolean narrow = adw_view_switcher_title_get_title_visible (self->switcher_title);

  self->turn = 0;
  gtk_widget_set_visible (self->project_button, !narrow);
  gtk_widget_set_visible (self->narrow_project_button, narrow);
  adw_view_switcher_bar_set_reveal (self->switcher_bar, narrow);
  return G_SOURCE_REMOVE;
}

/* Comes while the header bar gives its children their places: they must not change until it is done. */
static void
title_visible_cb (SlopeProjectView *self)
{
  if (self->turn == 0)
    self->turn = g_idle_add (turn_cb, self);
}

static void
slope_project_view_dispose (GObject *object)
{
  SlopeProjectView *self = SLOPE_PROJECT_VIEW (object);

  g_clear_handle_id (&self->turn, g_source_remove);
  g_clear_pointer (&self->sidebar, g_binding_unbind);
  g_clear_object (&self->project);
  gtk_widget_dispose_template (GTK_WIDGET (object), SLOPE_TYPE_PROJECT_VIEW);
  G_OBJECT_CLASS (slope_project_view_parent_class)->dispose (object);
}

static void
slope_project_view_class_init (SlopeProjectViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = slope_project_view_dispose;
  g_type_ensure (SLOPE_TYPE_DATA_PAGE);
  g_type_ensure (SLOPE_TYPE_TRAIN_PAGE);
  g_type_ensure (SLOPE_TYPE_CLEAN_PAGE);
  g_type_ensure (SLOPE_TYPE_PREDICT_PAGE);
  g_type_ensure (SLOPE_TYPE_JOB_BAR);
  g_type_ensure (SLOPE_TYPE_NOTE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/slopeml/Slope/slope-project-view.ui");
  gtk_widget_class_bind_template_child (widget_class, SlopeProjectView, sidebar_toggle);
  gtk_widget_class_bind_template_child (widget_class, SlopeProjectView, project_button);
  gtk_widget_class_bind_template_child (widget_class, SlopeProjectView, narrow_project_button);
  gtk_widget_class_bind_template_child (widget_class, SlopeProjectView, title);
  gtk_widget_class_bind_template_child (widget_class, SlopeProjectView, switcher_title);
  gtk_widget_class_bind_template_child (widget_class, SlopeProjectView, switcher_bar);
  gtk_widget_class_bind_template_child (widget_class, SlopeProjectView, read_only);
  gtk_widget_class_bind_template_child (widget_class, SlopeProjectView, read_only_note);
  gtk_widget_class_bind_template_child (widget_class, SlopeProjectView, pages);
  gtk_widget_class_bind_template_child (widget_class, SlopeProjectView, data_page);
  gtk_widget_class_bind_template_child (widget_class, SlopeProjectView, train_page);
  gtk_widget_class_bind_template_child (widget_class, SlopeProjectView, clean_page);
  gtk_widget_class_bind_template_child (widget_class, SlopeProjectView, predict_page);
  gtk_widget_class_bind_template_child (widget_class, SlopeProjectView, job_bar);
  gtk_widget_class_bind_template_callback (widget_class, visible_page_cb);
  gtk_widget_class_bind_template_callback (widget_class, title_visible_cb);
}

static void
slope_project_view_init (SlopeProjectView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  slope_train_page_set_job_bar (self->train_page, self->job_bar);
  visible_page_cb (self);
  slope_note_set (self->read_only_note, SLOPE_NOTE_WARNING, _ ("This project can only be read."),
                  _ ("Changes are not possible here. Copy the project's folder to a place where "
                     "you may write, and open it there."),
                  NULL, FALSE);
}

void
slope_project_view_set_project (SlopeProjectView *self, SlProject *project)
{
  const char *title = project != NULL ? sl_project_get_title (project) : "";
  gboolean read_only = FALSE;

  g_return_if_fail (SLOPE_IS_PROJECT_VIEW (self));

  if (!g_set_object (&self->project, project))
    return;
  gtk_label_set_text (self->title, title);
  adw_view_switcher_title_set_title (self->switcher_title, title);
  if (project != NULL)
    g_object_get (project, "read-only", &read_only, NULL);
  gtk_revealer_set_reveal_child (self->read_only, read_only);
  slope_data_page_set_project (self->data_page, project);
  slope_train_page_set_project (self->train_page, project);
  slope_clean_page_set_project (self->clean_page, project);
  slope_predict_page_set_project (self->predict_page, project);
  slope_job_bar_set_project (self->job_bar, project);
}

gboolean
slope_project_view_show_page (SlopeProjectView *self, const char *name)
{
  g_return_val_if_fail (SLOPE_IS_PROJECT_VIEW (self), FALSE);

  if (adw_view_stack_get_child_by_name (self->pages, name) == NULL)
    return FALSE;
  adw_view_stack_set_visible_child_name (self->pages, name);
  gtk_widget_grab_focus (adw_view_stack_get_visible_child (self->pages));
  return TRUE;
}

GtkWidget *
slope_project_view_get_page (SlopeProjectView *self)
{
  g_return_val_if_fail (SLOPE_IS_PROJECT_VIEW (self), NULL);
  return adw_view_stack_get_visible_child (self->pages);
}

void
slope_project_view_toggle_sidebar (SlopeProjectView *self)
{
  GtkWidget *page;
  gboolean shown;

  g_return_if_fail (SLOPE_IS_PROJECT_VIEW (self));

  page = adw_view_stack_get_visible_child (self->pages);
  if (!page_has_panel (page))
    return;
  g_object_get (page, "show-sidebar", &shown, NULL);
  g_object_set (page, "show-sidebar", !shown, NULL);
}

void
slope_project_view_stop_job (SlopeProjectView *self)
{
  g_return_if_fail (SLOPE_IS_PROJECT_VIEW (self));
  slope_job_bar_stop (self->job_bar);
}

gboolean
slope_project_view_is_stopping (SlopeProjectView *self)
{
  g_return_val_if_fail (SLOPE_IS_PROJECT_VIEW (self), FALSE);
  return slope_job_bar_is_stopping (self->job_bar);
}
