/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Texts as an import's contents: what SlTextImport found, in the form that pictures have. */
#include "dataset/import-private.h"
#include "dataset/text-sink.h"
#include <string.h>

gboolean
_sl_import_has_text_files (const SlImport *import)
{
  const GPtrArray *texts = import->scan.texts;

  for (guint i = 0; i < texts->len; i++)
    if (_sl_text_is_text (texts->pdata[i]))
      return TRUE;
  return FALSE;
}

gboolean
_sl_import_has_texts_alone (const SlImport *import)
{
  return import->scan.files->len == 0 && import->scan.texts->len > 0;
}

static SlCandidate *
candidate_new (const SlTextItem *item)
{
  SlCandidate *self = g_new0 (SlCandidate, 1);

  self->path = g_strdup (item->name);
  self->rel_path = g_strdup (item->name);
  self->target = g_strdup (item->target);
  self->part = g_strdup (item->part);
  self->split = item->split;
  self->bytes = item->bytes;
  self->offset = item->offset;
  g_strlcpy (self->info.format, SL_TEXT_FORMAT, sizeof self->info.format);
  g_strlcpy (self->info.content_hash, item->hash, sizeof self->info.content_hash);
  return self;
}

static void
take_items (SlContents *self, const SlImport *import)
{
  for (gsize i = 0; i < sl_text_import_n_items (self->texts); i++)
    g_ptr_array_add (self->items, candidate_new (sl_text_import_get_item (self->texts, i)));
  for (gsize i = 0; i < sl_text_import_n_skipped (self->texts); i++)
    {
      const SlSkipped *file = sl_text_import_get_skipped (self->texts, i);

      g_ptr_array_add (self->skipped, _sl_skipped_new (file->path, file->reason));
    }
  for (guint i = 0; i < import->left_out->len; i++)
    {
      const SlSkipped *file = import->left_out->pdata[i];

      g_ptr_array_add (self->skipped, _sl_skipped_new (file->path, file->reason));
    }
}

/* Ways of reading that would find texts in the source too. */
static char **
other_ways (const SlImport *import, const char *taken)
{
  static const char *const of_files[] = { "folder", "none", "corpus" };
  GStrvBuilder *builder = g_strv_builder_new ();
  char **ways;

  for (gsize i = 0; i < G_N_ELEMENTS (of_files) && _sl_import_has_text_files (import); i++)
    if (!g_str_equal (of_files[i], taken))
      g_strv_builder_add (builder, of_files[i]);
  ways = g_strv_builder_end (builder);
  g_strv_builder_unref (builder);
  return ways;
}

static SlLabels *
labels_new (const SlImport *import, SlTextImport *texts)
{
  SlLabels *self = g_new0 (SlLabels, 1);

  self->task = &sl_task_text;
  self->understood = g_new0 (SlUnderstanding, 1);
  self->understood->labels = g_strdup (sl_text_import_get_labels (texts));
  self->understood->table = _sl_text_import_take_table (texts);
  self->understood->others = other_ways (import, self->understood->labels);
  self->understood->notes = g_strdupv ((char **)sl_text_import_get_notes (texts));
  return self;
}

/* (transfer full): what SlTextImport is to read: what was unpacked need not be unpacked again. */
static char *
dup_source (const SlImportSource *source)
{
  if (source->text != NULL)
    return g_strdup (source->text);
  return g_build_filename (source->folder, source->table, NULL);
}

SlContents *
_sl_contents_new_of_texts (const SlImport *import, const SlImportOptions *options,
                           GCancellable *cancellable, SlProgressFunc progress, gpointer user_data,
                           GError **error)
{
  g_autoptr (SlContents) self = _sl_contents_new_empty ();
  g_autofree char *source = dup_source (&import->source);
  SlTextImportOptions wanted = { .labels = options->labels, .split = options->split };

  if (_sl_split_is_default (&wanted.split))
    wanted.split.seed = import->seed;
  self->texts = sl_text_import_scan (source, &wanted, cancellable, progress, user_data, error);
  if (self->texts == NULL)
    return NULL;
  self->problem = sl_problem_new (&sl_task_text, sl_text_import_get_classes (self->texts), NULL);
  self->labels = labels_new (import, self->texts);
  take_items (self, import);
  sl_split_spec_clear (&self->split);
  sl_split_spec_copy (sl_text_import_get_split (self->texts), &self->split);
  _sl_contents_count (self);
  return g_steal_pointer (&self);
}

const char *
sl_import_get_text_store (const SlImport *self)
{
  return self->now->texts != NULL ? sl_text_import_get_store (self->now->texts) : NULL;
}

char *
sl_import_dup_text (const SlImport *self, gsize i, gsize most, GError **error)
{
  const SlContents *now = self->now;
  g_autofree char *text = NULL;
  const char *end;

  g_return_val_if_fail (now->texts != NULL && i < now->items->len, NULL);

  text = sl_text_import_dup_text (now->texts, i, error);
  if (text == NULL || strlen (text) <= most)
    return g_steal_pointer (&text);
  end = g_utf8_find_prev_char (text, text + most + 1);
  return g_strndup (text, end != NULL ? (gsize)(end - text) : 0);
}
