/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project-fixture.h"
#include "ui-test.h"

#include "slope-import-page.h"
#include "slope-job-bar.h"
#include "slope-web-dialog.h"

#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <string.h>

#define CATALOGUE                                                                               \
  "{\"format\":1,\"weights\":[],\"data\":["                                                     \
  "{\"id\":\"bears\",\"title\":\"Bears & more\",\"task\":\"classify\",\"licence\":\"CC0-1.0\"," \
  "\"address\":\"http://127.0.0.1:%d/bears.zip\",\"bytes\":3000000,"                            \
  "\"home\":\"http://localhost/home\"},"                                                        \
  "{\"id\":\"stars\",\"title\":\"Stars\",\"task\":\"divine\",\"licence\":\"CC0-1.0\","          \
  "\"address\":\"http://127.0.0.1:%d/stars.zip\"}]}"

typedef struct
{
  char *folder;
  SoupServer *server;
  GtkWidget *window, *dialog;
  char *chosen;
  guint n_requests, n_cancelled;
} Web;

#define MEGABYTE 1000000
#define LATE_MS 1500

/* A grey picture, another one for each path. */
static void
send_picture (SoupServerMessage *message, const char *path)
{
  g_autofree char *pixels = g_compute_checksum_for_string (G_CHECKSUM_SHA256, path, -1);
  g_autofree char *text = g_strdup_printf ("P5\n8 8\n255\n%s", pixels);

  soup_server_message_set_response (message, "image/x-portable-graymap", SOUP_MEMORY_COPY, text,
                                    strlen (text));
  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
}

static gboolean
unpause (gpointer message)
{
  soup_server_message_unpause (message);
  return G_SOURCE_REMOVE;
}

/* It has pictures, of which some come late, and sometimes does not even say that it has not; of one
 * archive it gives the first half. */
static void
serve (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
       gpointer data)
{
  Web *self = data;

  self->n_requests++;
  if (strstr (path, "silent") != NULL)
    soup_server_message_pause (message);
  else if (g_str_has_suffix (path, ".pgm"))
    {
      send_picture (message, path);
      if (strstr (path, "late") != NULL)
        {
          soup_server_message_pause (message);
          g_timeout_add_full (G_PRIORITY_DEFAULT, LATE_MS, unpause, g_object_ref (message),
                              g_object_unref);
        }
    }
  else if (g_str_has_suffix (path, "half.zip"))
    {
      g_autofree char *half = g_malloc0 (MEGABYTE);

      soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
      soup_message_headers_set_content_length (soup_server_message_get_response_headers (message),
                                               2 * MEGABYTE);
      soup_message_body_append (soup_server_message_get_response_body (message), SOUP_MEMORY_COPY,
                                half, MEGABYTE);
    }
  else
    soup_server_message_set_status (message, SOUP_STATUS_NOT_FOUND, NULL);
}

static void
set_up (Web *self, gconstpointer data)
{
  g_autoslist (GUri) uris = NULL;
  g_autofree char *catalogue = NULL, *text = NULL;
  int port;

  self->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (self->server, NULL, serve, self, NULL);
  g_assert_true (soup_server_listen_local (self->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, NULL));
  uris = soup_server_get_uris (self->server);
  port = g_uri_get_port (uris->data);
  self->folder = g_dir_make_tmp ("slope-web-XXXXXX", NULL);
  catalogue = g_build_filename (self->folder, "catalogue.json", NULL);
  text = g_strdup_printf (CATALOGUE, port, port);
  g_assert_true (g_file_set_contents (catalogue, text, -1, NULL));
  g_setenv ("SLOPE_CATALOGUE", catalogue, TRUE);
  self->window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (self->window), 1000, 700);
  gtk_window_present (GTK_WINDOW (self->window));
}

static void
tear_down (Web *self, gconstpointer data)
{
  ui_test_destroy (self->window);
  g_object_unref (self->server);
  fixture_remove_tree (self->folder);
  g_free (self->folder);
  g_free (self->chosen);
}

static void
chosen_cb (Web *self, const char *source)
{
  g_free (self->chosen);
  self->chosen = g_strdup (source);
}

static void
open_dialog (Web *self, const char *page)
{
  self->dialog = slope_web_dialog_new (GTK_WINDOW (self->window), page);
  g_object_add_weak_pointer (G_OBJECT (self->dialog), (gpointer *)&self->dialog);
  g_signal_connect_swapped (self->dialog, "chosen", G_CALLBACK (chosen_cb), self);
  gtk_window_present (GTK_WINDOW (self->dialog));
  ui_test_wait_for_frame (self->dialog);
  ui_test_assert_named (self->dialog);
}

static gboolean
has_label (GtkWidget *widget, gconstpointer text)
{
  return GTK_IS_BUTTON (widget) && gtk_button_get_label (GTK_BUTTON (widget)) != NULL
         && g_str_equal (gtk_button_get_label (GTK_BUTTON (widget)), text);
}

static GtkWidget *
find_button (Web *self, const char *label)
{
  GtkWidget *button = ui_test_find (self->dialog, has_label, label);

  g_assert_nonnull (button);
  return button;
}

static void
press (Web *self, const char *label)
{
  GtkWidget *button = find_button (self, label);

  g_assert_true (gtk_widget_get_sensitive (button) && gtk_widget_get_mapped (button));
  g_signal_emit_by_name (button, "clicked");
}

/* Return in a row or field, as a person types it. */
static void
type_return (GtkWidget *entry)
{
  g_signal_emit_by_name (ui_test_find_type (entry, "GtkText"), "activate");
}

/* Sizes and licences, and only what this version can train. */
static void
test_catalogue (Web *self, gconstpointer data)
{
  open_dialog (self, "catalogue");
  g_assert_nonnull (ui_test_find (self->dialog, ui_test_has_text, "Bears & more"));
  g_assert_nonnull (
      ui_test_find (self->dialog, ui_test_has_text, "One label · 3.0\u00A0MB · licence: CC0-1.0"));
  g_assert_null (ui_test_find (self->dialog, ui_test_has_text, "Stars"));
  g_assert_false (gtk_widget_get_mapped (find_button (self, "_Fetch")));
  press (self, "Download");
  g_assert_cmpstr (self->chosen, ==, "catalogue:bears");
  ui_test_wait_for (self->dialog == NULL);
  g_assert_cmpuint (self->n_requests, ==, 0); /* that is the import's matter */
}

static void
test_archive (Web *self, gconstpointer data)
{
  GtkWidget *entry;

  open_dialog (self, "archive");
  entry = ui_test_find_type (self->dialog, "AdwEntryRow");
  g_assert_false (gtk_widget_get_sensitive (find_button (self, "_Fetch")));
  gtk_editable_set_text (GTK_EDITABLE (entry), "bears.zip");
  g_assert_false (gtk_widget_get_sensitive (find_button (self, "_Fetch")));
  gtk_editable_set_text (GTK_EDITABLE (entry), "https://example.org/bears.zip ");
  press (self, "_Fetch");
  g_assert_cmpstr (self->chosen, ==, "https://example.org/bears.zip");
}

static void
test_archive_by_return (Web *self, gconstpointer data)
{
  GtkWidget *entry;

  open_dialog (self, "archive");
  entry = ui_test_find_type (self->dialog, "AdwEntryRow");
  gtk_editable_set_text (GTK_EDITABLE (entry), "bears.zip");
  type_return (entry);
  ui_test_settle ();
  g_assert_null (self->chosen);
  gtk_editable_set_text (GTK_EDITABLE (entry), "https://example.org/bears.zip");
  type_return (entry);
  ui_test_wait_for (self->chosen != NULL);
  g_assert_cmpstr (self->chosen, ==, "https://example.org/bears.zip");
}

static GtkWidget *
nth_box (Web *self, guint n)
{
  GtkWidget *box = ui_test_find_type (self->dialog, "SlopeAddressBox");

  for (; n > 0; n--)
    box = gtk_widget_get_next_sibling (box);
  return box;
}

static void
fill (GtkWidget *box, const char *label, const char *text)
{
  GtkWidget *view = ui_test_find_type (box, "GtkTextView");

  gtk_editable_set_text (GTK_EDITABLE (ui_test_find_type (box, "GtkEntry")), label);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (view)), text, -1);
}

/* What is pasted becomes a folder of lists, always the same for the same lists. */
static void
test_list (Web *self, gconstpointer data)
{
  g_autofree char *first = NULL;
  g_autoptr (SlAddressList) list = NULL;

  for (guint round = 0; round < 2; round++)
    {
      open_dialog (self, "list");
      g_assert_false (gtk_widget_get_sensitive (find_button (self, "_Fetch")));
      fill (nth_box (self, 0), "black", "http://h/1\nhttp://h/1\nhttp://h/2\nnonsense\n");
      g_assert_nonnull (ui_test_find (nth_box (self, 0), ui_test_has_text,
                                      "2 addresses, 1 given twice, 1 line that is no address"));
      g_assert_false (gtk_widget_get_sensitive (find_button (self, "_Fetch")));
      press (self, "_Add Class");
      fill (nth_box (self, 2), "teddy/bear", "http://h/3");
      g_assert_true (gtk_widget_get_sensitive (find_button (self, "_Fetch")));
      fill (nth_box (self, 1), "half", "");
      g_assert_false (gtk_widget_get_sensitive (find_button (self, "_Fetch")));
      fill (nth_box (self, 1), "", "");
      press (self, "_Fetch");
      ui_test_wait_for (self->dialog == NULL);
      if (round == 0)
        first = g_strdup (self->chosen);
    }
  g_assert_cmpstr (self->chosen, ==, first);
  g_assert_true (g_str_has_suffix (first, "/black teddy_bear"));
  g_assert_true (sl_address_list_is (first));
  list = sl_address_list_load (first, NULL);
  g_assert_cmpuint (sl_address_list_n (list), ==, 5);
  g_assert_cmpstr (sl_address_list_get (list, 0)->label, ==, "black");
  g_assert_cmpstr (sl_address_list_get (list, 4)->label, ==, "teddy_bear");
}

static void
test_remove (Web *self, gconstpointer data)
{
  GtkWidget *bin;

  open_dialog (self, "list");
  press (self, "_Add Class");
  fill (nth_box (self, 1), "grizzly", "http://h/1");
  bin = ui_test_find_type (nth_box (self, 0), "GtkButton");
  g_assert_true (gtk_widget_get_mapped (bin));
  g_signal_emit_by_name (bin, "clicked");
  g_assert_cmpstr (
      gtk_editable_get_text (GTK_EDITABLE (ui_test_find_type (nth_box (self, 0), "GtkEntry"))), ==,
      "grizzly");
  bin = ui_test_find_type (nth_box (self, 0), "GtkButton");
  g_assert_false (gtk_widget_get_mapped (bin)); /* two stay */
  gtk_window_destroy (GTK_WINDOW (self->dialog));
}

static SlopeJobBar *
find_job_bar (GtkWidget *page)
{
  return SLOPE_JOB_BAR (ui_test_find_type (page, "SlopeJobBar"));
}

/* "0.9 MB of 2.0 MB, 3 s left", or the first half of that: how fast it comes may not be known yet. */
static gboolean
has_progress (GtkWidget *widget, gconstpointer data)
{
  return GTK_IS_LABEL (widget)
         && strstr (gtk_label_get_text (GTK_LABEL (widget)), " of 2.0 MB") != NULL;
}

static gboolean
is_cancel (GtkWidget *widget, gconstpointer data)
{
  return GTK_IS_BUTTON (widget) && gtk_widget_get_mapped (widget)
         && ui_test_find (widget, ui_test_has_text, "Cancel");
}

static guint
count_cancels (GtkWidget *widget)
{
  guint n = is_cancel (widget, NULL);

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    n += count_cancels (child);
  return n;
}

static void
count_cancelled (Web *self)
{
  self->n_cancelled++;
}

/* The one of the job bar, or of the header. */
static void
press_cancel (GtkWidget *page)
{
  ui_test_wait_for (count_cancels (page) == 1);
  g_signal_emit_by_name (ui_test_find (page, is_cancel, NULL), "clicked");
}

/* The import page downloads, says what went wrong, and can be turned away from. */
static void
test_download (Web *self, gconstpointer data)
{
  GtkWidget *page = slope_import_page_new ();
  g_autoslist (GUri) uris = soup_server_get_uris (self->server);
  g_autofree char *silent = g_strdup_printf ("http://127.0.0.1:%d/silent.zip",
                                             g_uri_get_port (uris->data));

  gtk_window_set_child (GTK_WINDOW (self->window), page);
  g_signal_connect_swapped (page, "cancelled", G_CALLBACK (count_cancelled), self);
  slope_import_page_scan (SLOPE_IMPORT_PAGE (page), "catalogue:bears");
  ui_test_wait_for (ui_test_find (page, ui_test_has_text, "The Download Failed") != NULL);
  g_assert_cmpuint (self->n_requests, ==, 1);
  g_assert_nonnull (ui_test_find (page, ui_test_has_text, "Bears & more"));
  press_cancel (page);
  g_assert_cmpuint (self->n_cancelled, ==, 1);
  slope_import_page_scan (SLOPE_IMPORT_PAGE (page), "catalogue:birds");
  ui_test_settle ();
  g_assert_cmpuint (self->n_requests, ==, 1);
  slope_import_page_scan (SLOPE_IMPORT_PAGE (page), silent);
  ui_test_wait_for (self->n_requests == 2);
  g_assert_nonnull (ui_test_find (page, ui_test_has_text, "Downloading"));
  press_cancel (page);
  ui_test_wait_for (!slope_job_bar_is_downloading (find_job_bar (page)));
}

/* Like every long job, a download has its place in the job bar, and is cancelled there alone. */
static void
test_job_bar (Web *self, gconstpointer data)
{
  GtkWidget *page = slope_import_page_new (), *bar;
  g_autoslist (GUri) uris = soup_server_get_uris (self->server);
  g_autofree char *half = g_strdup_printf ("http://127.0.0.1:%d/half.zip",
                                           g_uri_get_port (uris->data));

  gtk_window_set_child (GTK_WINDOW (self->window), page);
  g_signal_connect_swapped (page, "cancelled", G_CALLBACK (count_cancelled), self);
  bar = GTK_WIDGET (find_job_bar (page));
  slope_import_page_scan (SLOPE_IMPORT_PAGE (page), half);
  ui_test_wait_for (ui_test_find (bar, has_progress, NULL) != NULL);
  g_assert_nonnull (ui_test_find (bar, ui_test_has_text, "Downloading"));
  g_assert_nonnull (ui_test_find (bar, ui_test_has_text, half));
  ui_test_assert_named (bar);
  gtk_widget_activate_action (page, "import.cancel", NULL); /* Escape */
  g_assert_cmpuint (self->n_cancelled, ==, 0);
  ui_test_wait_for (ui_test_find (bar, is_cancel, NULL) != NULL);
  press_cancel (page);
  ui_test_wait_for (self->n_cancelled == 1);
  g_assert_false (slope_job_bar_is_downloading (SLOPE_JOB_BAR (bar)));
  g_assert_null (ui_test_find (page, ui_test_has_text, "The Download Failed"));
}

/* A folder of lists, as the dialog leaves it; ~ stands for the server's port. */
static char *
write_lists (Web *self, const char *name, const char *black, const char *teddy)
{
  g_autoslist (GUri) uris = soup_server_get_uris (self->server);
  g_autofree char *port = g_strdup_printf ("%d", g_uri_get_port (uris->data));
  char *folder = g_build_filename (self->folder, name, NULL);
  const char *texts[] = { black, teddy };
  const char *files[] = { "black.txt", "teddy.txt" };

  g_assert_cmpint (g_mkdir (folder, 0755), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GString) text = g_string_new (texts[i]);
      g_autofree char *path = g_build_filename (folder, files[i], NULL);

      g_string_replace (text, "~", port, 0);
      g_assert_true (g_file_set_contents (path, text->str, -1, NULL));
    }
  return folder;
}

/* "2 of 4, 2 s left" */
static gboolean
has_time_left (GtkWidget *widget, gconstpointer total)
{
  const char *text = GTK_IS_LABEL (widget) ? gtk_label_get_text (GTK_LABEL (widget)) : "";

  return strstr (text, total) != NULL && g_str_has_suffix (text, " left");
}

/* So has what a list of addresses names, until all is here and is looked at. */
static void
test_pictures (Web *self, gconstpointer data)
{
  g_autofree char *stuck = write_lists (
      self, "stuck bears", "http://127.0.0.1:~/a1.pgm\nhttp://127.0.0.1:~/a2-late.pgm\n",
      "http://127.0.0.1:~/a3.pgm\nhttp://127.0.0.1:~/silent.pgm\n");
  g_autofree char *bears = write_lists (
      self, "bears", "http://127.0.0.1:~/b1.pgm\nhttp://127.0.0.1:~/b2.pgm\n",
      "http://127.0.0.1:~/b3.pgm\nhttp://127.0.0.1:~/b4-late.pgm\n");
  GtkWidget *page = slope_import_page_new ();
  GtkWidget *bar = GTK_WIDGET (find_job_bar (page));

  gtk_window_set_child (GTK_WINDOW (self->window), page);
  g_signal_connect_swapped (page, "cancelled", G_CALLBACK (count_cancelled), self);
  slope_import_page_scan (SLOPE_IMPORT_PAGE (page), stuck);
  ui_test_wait_for (ui_test_find (bar, has_time_left, " of 4, ") != NULL);
  g_assert_nonnull (ui_test_find (bar, ui_test_has_text, "stuck bears"));
  g_assert_nonnull (ui_test_find (page, ui_test_has_text, "Fetching Pictures"));
  press_cancel (page);
  ui_test_wait_for (self->n_cancelled == 1);
  g_assert_false (slope_job_bar_is_downloading (SLOPE_JOB_BAR (bar)));

  slope_import_page_scan (SLOPE_IMPORT_PAGE (page), bears);
  ui_test_wait_for (slope_job_bar_is_downloading (SLOPE_JOB_BAR (bar)));
  ui_test_wait_for (ui_test_find (page, ui_test_has_text, "2 Classes, 4 Pictures") != NULL);
  g_assert_false (slope_job_bar_is_downloading (SLOPE_JOB_BAR (bar)));
  press_cancel (page);
  g_assert_cmpuint (self->n_cancelled, ==, 2);
}

#define TEST(name, func) g_test_add ("/ui/web-dialog/" name, Web, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_setenv ("no_proxy", "127.0.0.1", TRUE);
  ui_test_init (&argc, &argv);
  TEST ("catalogue", test_catalogue);
  TEST ("archive", test_archive);
  TEST ("archive-by-return", test_archive_by_return);
  TEST ("list", test_list);
  TEST ("remove", test_remove);
  TEST ("download", test_download);
  TEST ("job-bar", test_job_bar);
  TEST ("pictures", test_pictures);
  return g_test_run ();
}
