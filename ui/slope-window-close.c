/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-window-private.h"

#include <glib/gi18n.h>

static void
response_cb (SlopeWindow *self, const char *response)
{
  if (g_str_equal (response, "background"))
    {
      /* A hidden window still belongs to the application and keeps it running. */
      gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
    }
  else if (g_str_equal (response, "stop"))
    {
      self->close_when_idle = TRUE;
      slope_project_view_stop_job (self->project_view);
      _slope_window_job_changed (self); /* it may have ended while the question stood there */
    }
}

gboolean
_slope_window_must_wait (SlopeWindow *self)
{
  GtkWidget *dialog;

  if (self->project == NULL || sl_project_get_job (self->project) != SL_JOB_TRAIN)
    return FALSE;

  gtk_window_present (GTK_WINDOW (self));
  dialog = adw_message_dialog_new (GTK_WINDOW (self), _ ("Stop Training?"), NULL);
  adw_message_dialog_format_body (ADW_MESSAGE_DIALOG (dialog),
                                  _ ("“%s” is still training. It can go on without its window; "
                                     "what is learned so far is kept in any case."),
                                  sl_project_get_title (self->project));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"), "stop",
                                    _ ("_Stop and Keep"), "background", _ ("Keep _Training"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "background",
                                              ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "background");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (response_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
  return TRUE;
}

static void
announce_end (SlopeWindow *self)
{
  GApplication *app = G_APPLICATION (gtk_window_get_application (GTK_WINDOW (self)));
  g_autoptr (GNotification) notification = g_notification_new (_ ("Training has ended"));
  g_autofree char *body = g_strdup_printf (_ ("What “%s” learned is saved."),
                                           sl_project_get_title (self->project));

  g_notification_set_body (notification, body);
  if (app != NULL)
    g_application_send_notification (app, sl_project_get_path (self->project), notification);
}

void
_slope_window_job_changed (SlopeWindow *self)
{
  const gboolean hidden = !gtk_widget_get_visible (GTK_WIDGET (self));

  if (self->project == NULL || sl_project_get_job (self->project) != SL_JOB_NONE)
    return;
  if (self->close_when_idle)
    gtk_window_close (GTK_WINDOW (self));
  else if (hidden && gtk_widget_get_realized (GTK_WIDGET (self)))
    {
      announce_end (self);
      gtk_window_destroy (GTK_WINDOW (self));
    }
}
