/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project-fixture.h"
#include "ui-test.h"

#include "slope-thumbnail.h"
#include "slope-thumbnailer.h"

typedef struct
{
  char *folder;
  char *picture; /* 24 × 24 */
} Files;

static void
set_up (Files *files, gconstpointer data)
{
  files->folder = g_dir_make_tmp ("slope-thumbnail-XXXXXX", NULL);
  files->picture = g_build_filename (files->folder, "a.png", NULL);
  fixture_write_picture (files->picture, 0x336699ff);
}

static void
tear_down (Files *files, gconstpointer data)
{
  fixture_remove_tree (files->folder);
  g_free (files->folder);
  g_free (files->picture);
}

typedef struct
{
  GdkTexture *texture;
  guint n;
} Answer;

static void
answer_cb (GdkTexture *texture, gpointer user_data)
{
  Answer *answer = user_data;

  g_set_object (&answer->texture, texture);
  answer->n++;
}

static void
test_decodes_and_remembers (Files *files, gconstpointer data)
{
  const int side = slope_thumbnailer_round_side (100);
  Answer answer = { 0 };
  SlopeThumbRequest *request;
  g_autoptr (GdkTexture) cached = NULL;
  guint32 pixel;

  g_assert_cmpint (side, ==, 128);
  g_assert_null (slope_thumbnailer_lookup (files->picture, side, SLOPE_THUMB_SQUARE));
  request = slope_thumbnailer_request (files->picture, side, SLOPE_THUMB_SQUARE, answer_cb,
                                       &answer);
  ui_test_wait_for (answer.n > 0);
  g_assert_nonnull (answer.texture);
  g_assert_cmpint (gdk_texture_get_width (answer.texture), ==, 24); /* never enlarged */
  g_assert_cmpint (gdk_texture_get_height (answer.texture), ==, 24);
  slope_thumb_request_cancel (request);

  cached = slope_thumbnailer_lookup (files->picture, side, SLOPE_THUMB_SQUARE);
  g_assert_true (cached == answer.texture);
  g_assert_null (slope_thumbnailer_lookup (files->picture, side, SLOPE_THUMB_WHOLE));
  {
    guchar bytes[24 * 24 * 4];

    gdk_texture_download (cached, bytes, 24 * 4);
    memcpy (&pixel, bytes, sizeof pixel);
  }
  g_assert_cmphex (pixel & 0xffffff, ==, 0x336699);
  g_clear_object (&answer.texture);
}

static void
test_unreadable (Files *files, gconstpointer data)
{
  Answer answer = { 0 };
  SlopeThumbRequest *request;

  g_assert_true (g_file_set_contents (files->picture, "no picture", -1, NULL));
  request = slope_thumbnailer_request (files->picture, 64, SLOPE_THUMB_SQUARE, answer_cb, &answer);
  ui_test_wait_for (answer.n > 0);
  g_assert_null (answer.texture);
  slope_thumb_request_cancel (request);
}

static void
test_cancelled (Files *files, gconstpointer data)
{
  Answer never = { 0 }, answer = { 0 };
  g_autofree char *other = g_build_filename (files->folder, "b.png", NULL);
  SlopeThumbRequest *request;

  fixture_write_picture (other, 0x102030ff);
  slope_thumb_request_cancel (
      slope_thumbnailer_request (files->picture, 64, SLOPE_THUMB_SQUARE, answer_cb, &never));
  request = slope_thumbnailer_request (other, 64, SLOPE_THUMB_SQUARE, answer_cb, &answer);
  ui_test_wait_for (answer.n > 0);
  ui_test_settle ();
  g_assert_cmpuint (never.n, ==, 0);
  slope_thumb_request_cancel (request);
  g_clear_object (&answer.texture);
}

static void
test_widget (Files *files, gconstpointer data)
{
  GtkWidget *thumbnail = g_object_ref_sink (slope_thumbnail_new (80));
  g_autofree char *path = NULL;
  int natural, size;
  gboolean cover;

  slope_thumbnail_set_path (SLOPE_THUMBNAIL (thumbnail), files->picture);
  g_object_get (thumbnail, "path", &path, "size", &size, "cover", &cover, NULL);
  g_assert_cmpstr (path, ==, files->picture);
  g_assert_cmpint (size, ==, 80);
  g_assert_true (cover);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (thumbnail), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "a.png");
  gtk_widget_measure (thumbnail, GTK_ORIENTATION_VERTICAL, -1, NULL, &natural, NULL, NULL);
  g_assert_cmpint (natural, ==, 80);
  slope_thumbnail_set_size (SLOPE_THUMBNAIL (thumbnail), 96);
  gtk_widget_measure (thumbnail, GTK_ORIENTATION_VERTICAL, -1, NULL, &natural, NULL, NULL);
  g_assert_cmpint (natural, ==, 96);
  /* Gone while its picture is being decoded: nothing comes back to it. */
  g_object_unref (thumbnail);
  ui_test_settle ();
}

static void
test_recycled (Files *files, gconstpointer data)
{
  GtkWidget *thumbnail = g_object_ref_sink (slope_thumbnail_new (64));

  for (guint i = 0; i < 50; i++)
    {
      slope_thumbnail_set_path (SLOPE_THUMBNAIL (thumbnail), files->picture);
      slope_thumbnail_set_path (SLOPE_THUMBNAIL (thumbnail), NULL);
    }
  ui_test_finalize (thumbnail);
}

int
main (int argc, char **argv)
{
  ui_test_init (&argc, &argv);
  g_test_add ("/ui/thumbnail/decodes-and-remembers", Files, NULL, set_up,
              test_decodes_and_remembers, tear_down);
  g_test_add ("/ui/thumbnail/unreadable", Files, NULL, set_up, test_unreadable, tear_down);
  g_test_add ("/ui/thumbnail/cancelled", Files, NULL, set_up, test_cancelled, tear_down);
  g_test_add ("/ui/thumbnail/widget", Files, NULL, set_up, test_widget, tear_down);
  g_test_add ("/ui/thumbnail/recycled", Files, NULL, set_up, test_recycled, tear_down);
  return g_test_run ();
}
