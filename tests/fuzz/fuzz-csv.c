/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a table of labels beside four pictures: each picture gets a label that fits the task, or
 * a reason, or neither; each row is counted once. */
#include "dataset/labeller.h"
#include "dataset/staging.h"
#include "fuzz.h"

#define N_FILES 4

static void
read_labels (const SlLabelSource *source, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SlLabels) labels = _sl_labels_open (source, text, &error);
  g_autoptr (GPtrArray) skipped = g_ptr_array_new_with_free_func (_sl_skipped_free);
  const char *targets[N_FILES] = { NULL };
  g_auto (GStrv) classes = NULL;
  const SlTableInfo *table;

  if (labels == NULL)
    {
      g_assert_nonnull (error);
      return;
    }
  for (guint i = 0; i < N_FILES; i++)
    {
      SlLabel label = { 0 };

      labels->way->label (labels, i, source->files->pdata[i], &label);
      g_assert_true (label.target == NULL || label.reason == NULL);
      targets[i] = label.target;
      g_free (label.reason);
    }
  classes = _sl_labels_classes (labels, targets, N_FILES);
  if (labels->way->leftover != NULL)
    labels->way->leftover (labels, skipped);
  table = labels->understood->table;
  if (table != NULL)
    g_assert_cmpuint (table->n_matched + table->n_repeated + table->n_missing, ==, table->n_rows);
  for (guint i = 0; i < N_FILES; i++)
    g_free ((char *)targets[i]);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const char *const names[N_FILES] = { "a/p0.png", "a/p1.png", "b/p1.jpg", "test/t.png" };
  static const char *const ways[] = { NULL,
                                      "csv",
                                      "csv:1,2",
                                      "csv:1,2..3",
                                      "points:csv:1,2..3",
                                      "csv:,,,header=no,separator=tab,encoding=ISO-8859-1",
                                      "csv:labels.csv:#1,#2,,header=yes" };
  g_autofree char *folder = g_dir_make_tmp ("slope-fuzz-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "labels.csv", NULL);
  g_autoptr (GPtrArray) files = g_ptr_array_new (), texts = g_ptr_array_new ();
  SlFound found[N_FILES];
  SlSideFile side = { path, (char *)"labels.csv", TRUE };
  SlLabelSource source = { .root = folder, .files = files, .texts = texts };

  g_assert_true (g_file_set_contents (path, (const char *)data, (gssize)size, NULL));
  g_ptr_array_add (texts, &side);
  for (guint i = 0; i < N_FILES; i++)
    {
      found[i] = (SlFound){ .rel_path = (char *)names[i], .part = i == 3 ? "test" : NULL };
      g_ptr_array_add (files, &found[i]);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (ways); i++)
    read_labels (&source, ways[i]);
  _sl_staging_remove (folder);
  return 0;
}
