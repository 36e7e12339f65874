/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slope-start-row.h"
#include "slope-weights-dialog.h"
#include "ui-test.h"

#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <string.h>

#define CONTENT "numbers"

typedef struct
{
  SoupServer *server;
  GtkWidget *window, *job_bar;
  char *folder, *path;
  SlRecipe *recipe;
  guint n_requests, n_ready, n_freed;
  guint status;
  gboolean silent; /* the server does not answer */
} Fixture;

static void
serve (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
       gpointer data)
{
  Fixture *self = data;
  self->n_requests++;
  if (self->silent)
    {
      soup_server_message_pause (message);
      return;
    }
  soup_server_message_set_status (message, self->status, NULL);
  if (self->status == SOUP_STATUS_OK)
    soup_server_message_set_response (message, "application/octet-stream", SOUP_MEMORY_STATIC,
                                      CONTENT, strlen (CONTENT));
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoslist (GUri) uris = NULL;
  g_autofree char *sha256 = g_compute_checksum_for_string (G_CHECKSUM_SHA256, CONTENT, -1);
  g_autofree char *text = NULL, *catalogue = NULL, *weights = sl_weights_dup_folder ();

  self->status = SOUP_STATUS_OK;
  self->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (self->server, NULL, serve, self, NULL);
  g_assert_true (soup_server_listen_local (self->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, NULL));
  uris = soup_server_get_uris (self->server);
  text = g_strdup_printf (
      "{\"format\":1,\"weights\":[{\"id\":\"x\",\"architecture\":\"resnet18\",\"trained_on\":"
      "\"Pebbles\",\"address\":\"http://127.0.0.1:%d/pebbles.pth\",\"sha256\":\"%s\","
      "\"bytes\":%d,\"licence\":\"CC0-1.0\",\"terms\":\"http://localhost/terms\"}]}",
      g_uri_get_port (uris->data), sha256, (int)strlen (CONTENT));
  self->folder = g_dir_make_tmp ("slope-weights-XXXXXX", NULL);
  catalogue = g_build_filename (self->folder, "catalogue.json", NULL);
  g_assert_true (g_file_set_contents (catalogue, text, -1, NULL));
  g_setenv ("SLOPE_CATALOGUE", catalogue, TRUE);
  self->path = g_build_filename (weights, "pebbles.pth", NULL);
  g_remove (self->path);
  self->recipe = sl_recipe_new ();
  g_free (self->recipe->pretrained);
  self->recipe->pretrained = g_strdup ("auto");
  self->window = gtk_window_new ();
  self->job_bar = slope_job_bar_new ();
  gtk_window_set_child (GTK_WINDOW (self->window), self->job_bar);
  gtk_window_present (GTK_WINDOW (self->window));
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_autofree char *catalogue = g_build_filename (self->folder, "catalogue.json", NULL);

  g_assert_cmpuint (self->n_freed, ==, 1); /* what was given is freed, however it ended */
  ui_test_destroy (self->window);
  g_object_unref (self->server);
  sl_recipe_free (self->recipe);
  g_remove (catalogue);
  g_rmdir (self->folder);
  g_free (self->folder);
  g_free (self->path);
}

static void
count_ready (gpointer data, gpointer user_data)
{
  ((Fixture *)data)->n_ready++;
}

static void
count_freed (gpointer data)
{
  ((Fixture *)data)->n_freed++;
}

static void
ensure (Fixture *self)
{
  slope_weights_ensure (self->window, SLOPE_JOB_BAR (self->job_bar), self->recipe, count_ready,
                        self, count_freed);
}

static AdwMessageDialog *
find_dialog (const char *heading)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *at = windows; at; at = at->next)
    if (ADW_IS_MESSAGE_DIALOG (at->data) && gtk_widget_get_visible (at->data)
        && g_strcmp0 (adw_message_dialog_get_heading (at->data), heading) == 0)
      return at->data;
  return NULL;
}

static void
answer (const char *heading, const char *response)
{
  AdwMessageDialog *dialog = find_dialog (heading);

  g_assert_nonnull (dialog);
  ui_test_assert_named (GTK_WIDGET (dialog));
  adw_message_dialog_response (dialog, response);
}

/* Asks with all that one should know, downloads, and goes on; the second time it goes on at once. */
static void
test_download (Fixture *self, gconstpointer data)
{
  const char *body;
  g_autofree char *contents = NULL;

  ensure (self);
  body = adw_message_dialog_get_body (find_dialog ("Download Weights?"));
  g_assert_nonnull (strstr (body, "Pebbles"));
  g_assert_nonnull (strstr (body, "7 bytes"));
  g_assert_nonnull (strstr (body, "CC0-1.0"));
  g_assert_nonnull (strstr (body, "/pebbles.pth"));
  g_assert_nonnull (strstr (body, "http://localhost/terms"));
  g_assert_cmpuint (self->n_requests, ==, 0);
  answer ("Download Weights?", "download");
  g_assert_true (slope_job_bar_is_downloading (SLOPE_JOB_BAR (self->job_bar)));
  g_assert_nonnull (ui_test_find (self->job_bar, ui_test_has_text, "Downloading"));
  g_assert_nonnull (ui_test_find (self->job_bar, ui_test_has_text, "pebbles.pth"));
  ui_test_assert_named (self->job_bar);
  ui_test_wait_for (self->n_freed == 1);
  g_assert_cmpuint (self->n_ready, ==, 1);
  g_assert_false (slope_job_bar_is_downloading (SLOPE_JOB_BAR (self->job_bar)));
  g_assert_false (gtk_revealer_get_reveal_child (
      GTK_REVEALER (ui_test_find_type (self->job_bar, "GtkRevealer"))));
  g_assert_true (g_file_get_contents (self->path, &contents, NULL, NULL));
  g_assert_cmpstr (contents, ==, CONTENT);
  ensure (self);
  g_assert_cmpuint (self->n_ready, ==, 2);
  g_assert_cmpuint (self->n_requests, ==, 1);
  self->n_freed--;
}

/* How much of how much has come, and how long the rest takes. */
static void
test_time_left (Fixture *self, gconstpointer data)
{
  SlopeJobBar *bar = SLOPE_JOB_BAR (self->job_bar);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  slope_job_bar_begin_download (bar, "pebbles.pth", cancellable);
  slope_job_bar_set_download_progress (bar, 10000000, 0, 1e6);
  g_assert_nonnull (ui_test_find (self->job_bar, ui_test_has_text, "10.0 MB"));
  slope_job_bar_set_download_progress (bar, 10000000, 40000000, 0);
  g_assert_nonnull (ui_test_find (self->job_bar, ui_test_has_text, "10.0 MB of 40.0 MB"));
  slope_job_bar_set_download_progress (bar, 10000000, 40000000, 1e6);
  g_assert_nonnull (
      ui_test_find (self->job_bar, ui_test_has_text, "10.0 MB of 40.0 MB, 30 s left"));
  slope_job_bar_end_download (bar);
  g_assert_false (g_cancellable_is_cancelled (cancellable));
  self->n_freed++; /* nothing was asked for */
}

static void
test_decline (Fixture *self, gconstpointer data)
{
  ensure (self);
  answer ("Download Weights?", "cancel");
  g_assert_cmpuint (self->n_ready, ==, 0);
  g_assert_cmpuint (self->n_requests, ==, 0);
}

static gboolean
is_cancel (GtkWidget *widget, gconstpointer data)
{
  return GTK_IS_BUTTON (widget) && gtk_widget_get_visible (widget)
         && ui_test_find (widget, ui_test_has_text, "Cancel");
}

static void
test_cancel (Fixture *self, gconstpointer data)
{
  GtkWidget *cancel;

  self->silent = TRUE;
  ensure (self);
  answer ("Download Weights?", "download");
  ui_test_wait_for (self->n_requests == 1);
  cancel = ui_test_find (self->job_bar, is_cancel, NULL);
  g_assert_nonnull (cancel);
  g_signal_emit_by_name (cancel, "clicked");
  ui_test_wait_for (self->n_freed == 1);
  g_assert_cmpuint (self->n_ready, ==, 0);
  g_assert_false (slope_job_bar_is_downloading (SLOPE_JOB_BAR (self->job_bar)));
  g_assert_null (find_dialog ("The Weights Could Not Be Downloaded"));
}

/* The window that waits for it goes: nothing is fetched for nobody. */
static void
test_window_closed (Fixture *self, gconstpointer data)
{
  self->silent = TRUE;
  ensure (self);
  answer ("Download Weights?", "download");
  ui_test_wait_for (self->n_requests == 1);
  gtk_window_set_child (GTK_WINDOW (self->window), NULL);
  ui_test_wait_for (self->n_freed == 1);
  g_assert_cmpuint (self->n_ready, ==, 0);
}

/* Where weights are to be fetched the row says how much; where the catalogue cannot be used, why. */
static void
test_start_row (Fixture *self, gconstpointer data)
{
  g_autofree char *catalogue = g_build_filename (self->folder, "catalogue.json", NULL);
  GtkWidget *row = g_object_ref_sink (g_object_new (SLOPE_TYPE_START_ROW, NULL));
  g_autoptr (SlRecipe) scratch = sl_recipe_new (), public = sl_recipe_new ();

  g_free (public->pretrained);
  public->pretrained = g_strdup ("auto");
  slope_start_row_set (SLOPE_START_ROW (row), NULL, public, 0);
  g_assert_cmpstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (row)), ==, "7 bytes to download");
  slope_start_row_set (SLOPE_START_ROW (row), NULL, scratch, 0);
  g_assert_cmpstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (row)), ==, "");
  g_object_unref (row);

  g_assert_true (g_file_set_contents (catalogue, "{ & }", -1, NULL));
  row = g_object_ref_sink (g_object_new (SLOPE_TYPE_START_ROW, NULL));
  slope_start_row_set (SLOPE_START_ROW (row), NULL, scratch, 0);
  g_assert_nonnull (strstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (row)), catalogue));
  g_assert_nonnull (strstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (row)), "correct it"));
  g_object_unref (row);
  self->n_freed = 1; /* nothing was given */
}

static void
test_failure (Fixture *self, gconstpointer data)
{
  const char *body;

  self->status = SOUP_STATUS_NOT_FOUND;
  ensure (self);
  answer ("Download Weights?", "download");
  ui_test_wait_for (find_dialog ("The Weights Could Not Be Downloaded") != NULL);
  body = adw_message_dialog_get_body (find_dialog ("The Weights Could Not Be Downloaded"));
  g_assert_nonnull (strstr (body, "404"));
  g_assert_nonnull (strstr (body, "/pebbles.pth"));
  g_assert_nonnull (strstr (body, self->path));
  answer ("The Weights Could Not Be Downloaded", "close");
  g_assert_cmpuint (self->n_ready, ==, 0);
}

/* Random weights, a file, or a network that the catalogue does not know: nothing is asked. */
static void
test_not_needed (Fixture *self, gconstpointer data)
{
  g_free (self->recipe->pretrained);
  self->recipe->pretrained = g_strdup ("none");
  ensure (self);
  g_free (self->recipe->pretrained);
  self->recipe->pretrained = g_strdup ("auto");
  g_free (self->recipe->arch);
  self->recipe->arch = g_strdup ("resnet34");
  ensure (self);
  g_assert_cmpuint (self->n_ready, ==, 2);
  g_assert_null (find_dialog ("Download Weights?"));
  self->n_freed--;
}

int
main (int argc, char **argv)
{
  g_autofree char *home = g_dir_make_tmp ("slope-home-XXXXXX", NULL);

  g_setenv ("XDG_DATA_HOME", home, TRUE);
  g_setenv ("GIO_USE_PROXY_RESOLVER", "dummy", TRUE);
  ui_test_init (&argc, &argv);
#define ADD(name, func) \
  g_test_add ("/ui/weights-dialog/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("download", test_download);
  ADD ("time-left", test_time_left);
  ADD ("decline", test_decline);
  ADD ("cancel", test_cancel);
  ADD ("failure", test_failure);
  ADD ("not-needed", test_not_needed);
  ADD ("window-closed", test_window_closed);
  ADD ("start-row", test_start_row);
  return g_test_run ();
}
