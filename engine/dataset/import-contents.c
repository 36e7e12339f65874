/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What one reading of the labels makes of the files: items, what is skipped, the problem. */
#include "dataset/import-private.h"

static void
candidate_free (gpointer data)
{
  SlCandidate *self = data;

  g_free (self->path);
  g_free (self->rel_path);
  g_free (self->target);
  g_free (self->part);
  g_free (self);
}

SlContents *
_sl_contents_ref (SlContents *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
_sl_contents_unref (SlContents *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_clear_pointer (&self->labels, _sl_labels_free);
  g_clear_pointer (&self->texts, sl_text_import_unref);
  g_clear_pointer (&self->items, g_ptr_array_unref);
  g_clear_pointer (&self->skipped, g_ptr_array_unref);
  g_clear_pointer (&self->problem, sl_problem_unref);
  sl_split_spec_clear (&self->split);
  g_free (self->counts);
  g_free (self->trouble);
  g_free (self);
}

/* ---- Items and what is skipped */

/* One pass over the files that are pictures. */
typedef struct
{
  const SlLabels *labels;
  GPtrArray *files;
  SlLabel *found; /* of each file */
} LabelPass;

static void
label_one (guint index, gpointer data)
{
  LabelPass *self = data;
  const SlFound *file = self->files->pdata[index];

  if (file->usable && (self->labels->is_label == NULL || !self->labels->is_label[index]))
    self->labels->way->label (self->labels, index, file, &self->found[index]);
}

static const char *
name_of (guint index, gpointer data)
{
  const LabelPass *self = data;

  return ((const SlFound *)self->files->pdata[index])->rel_path;
}

static void
skip (SlContents *self, const char *rel_path, const char *reason)
{
  g_ptr_array_add (self->skipped, _sl_skipped_new (rel_path, reason));
}

static void
take_file (SlContents *self, const SlFound *file, SlLabel *label)
{
  SlCandidate *item;

  if (!file->usable || label->reason != NULL)
    {
      skip (self, file->rel_path, file->usable ? label->reason : file->reason);
      return;
    }
  item = g_new0 (SlCandidate, 1);
  item->path = g_strdup (file->path);
  item->rel_path = g_strdup (file->rel_path);
  item->target = g_steal_pointer (&label->target);
  item->part = g_strdup (label->part != NULL ? label->part : file->part);
  item->bytes = file->bytes;
  item->info = file->info;
  g_ptr_array_add (self->items, item);
}

static void
copy_skipped (SlContents *self, GPtrArray *from)
{
  for (guint i = 0; i < from->len; i++)
    {
      const SlSkipped *file = from->pdata[i];

      skip (self, file->path, file->reason);
    }
}

static void
take_files (SlContents *self, const SlImport *import, SlLabel *found)
{
  const guint8 *is_label = self->labels->is_label;

  for (guint i = 0; i < import->scan.files->len; i++)
    if (is_label == NULL || !is_label[i])
      take_file (self, import->scan.files->pdata[i], &found[i]);
  copy_skipped (self, import->left_out);
  copy_skipped (self, import->scan.skipped);
  if (self->labels->way->leftover != NULL)
    self->labels->way->leftover (self->labels, self->skipped);
}

/* Decodes the pictures where that has not been done, and asks for the label of each. */
static gboolean
label_files (SlContents *self, const SlImport *import, GCancellable *cancellable,
             SlProgressFunc progress, gpointer user_data, GError **error)
{
  GPtrArray *files = import->scan.files;
  const guint8 *is_label = self->labels->is_label;
  g_autoptr (GPtrArray) pictures = g_ptr_array_new ();
  g_autofree SlLabel *found = g_new0 (SlLabel, MAX (files->len, 1));
  LabelPass pass = { self->labels, files, found };
  gboolean ok;

  for (guint i = 0; i < files->len; i++)
    if (is_label == NULL || !is_label[i])
      g_ptr_array_add (pictures, files->pdata[i]);
  ok = _sl_check_files (pictures, cancellable, progress, user_data, error)
       && _sl_for_each (files->len, label_one, name_of, &pass, cancellable, progress, user_data,
                        error);
  if (ok)
    take_files (self, import, found);
  for (guint i = 0; i < files->len; i++)
    {
      g_free (found[i].target);
      g_free (found[i].reason);
    }
  return ok;
}

static gboolean
check_items (const SlContents *self, const char *name, GError **error)
{
  const SlSkipped *first = self->skipped->len > 0 ? self->skipped->pdata[0] : NULL;

  if (self->items->len > 0)
    return TRUE;
  if (first != NULL)
    g_set_error (error, SL_ERROR, SL_ERROR_DATA,
                 "None of the %u files in %s can be used (%s: %s): choose another source",
                 self->skipped->len, name, first->path, first->reason);
  else
    g_set_error (error, SL_ERROR, SL_ERROR_DATA,
                 "There are no pictures in %s: choose a folder or archive with a folder of "
                 "pictures for each class",
                 name);
  return FALSE;
}

/* ---- The problem */

static gboolean
find_problem (SlContents *self, GError **error)
{
  const SlTask *task = self->labels->task;
  g_autofree const char **targets = g_new (const char *, MAX (self->items->len, 1));
  g_auto (GStrv) classes = NULL;
  g_autofree SlRange *ranges = NULL;

  for (guint i = 0; i < self->items->len; i++)
    targets[i] = ((const SlCandidate *)self->items->pdata[i])->target;
  classes = _sl_labels_classes (self->labels, targets, self->items->len);
  if (task->has_ranges)
    {
      ranges = g_new (SlRange, g_strv_length (classes) + 1);
      if (!task->find_ranges ((const char *const *)classes, targets, self->items->len, ranges,
                              error))
        return FALSE;
    }
  self->problem = sl_problem_new (task, (const char *const *)classes, ranges);
  return TRUE;
}

/* All pictures of one class, or of none. */
static void
set_too_few_classes (const SlContents *self, const char *name, GError **error)
{
  const char *first = self->problem->classes[0];

  if (self->labels->way == &_sl_labeller_folder)
    g_set_error (error, SL_ERROR, SL_ERROR_DATA,
                 "All %u pictures in %s %s%s%s: put those of each class into a folder named after "
                 "it, such as cat/1.jpg and dog/2.jpg, or say where their labels are (regex:… "
                 "finds them in file names, csv:… in a table)",
                 self->items->len, name,
                 first == NULL ? "lie outside of any class folder" : "are in one class folder, “",
                 first == NULL ? "" : first, first == NULL ? "" : "”");
  else if (first == NULL)
    g_set_error (error, SL_ERROR, SL_ERROR_DATA,
                 "No picture in %s has a label by “%s”: say where labels are in another way", name,
                 self->labels->understood->labels);
  else
    g_set_error (error, SL_ERROR, SL_ERROR_DATA,
                 "All %u pictures in %s have one label, “%s”, by “%s”: say where labels are in "
                 "another way",
                 self->items->len, name, first, self->labels->understood->labels);
}

static gboolean
check_classes (const SlContents *self, const char *name, GError **error)
{
  if (self->problem->n_classes >= (self->labels->task->one_class ? 2 : 1))
    return TRUE;
  set_too_few_classes (self, name, error);
  return FALSE;
}

static gboolean
check_targets (const SlContents *self, GError **error)
{
  const SlTask *task = self->labels->task;

  for (guint i = 0; i < self->items->len; i++)
    {
      const SlCandidate *item = self->items->pdata[i];

      if (item->target != NULL && !task->check_target (self->problem, item->target, error))
        {
          g_prefix_error (error, "%s: ", item->rel_path);
          return FALSE;
        }
    }
  return TRUE;
}

/* ---- All together */

SlContents *
_sl_contents_new_empty (void)
{
  SlContents *self = g_new0 (SlContents, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->items = g_ptr_array_new_with_free_func (candidate_free);
  self->skipped = g_ptr_array_new_with_free_func (_sl_skipped_free);
  self->split.kind = SL_SPLIT_BY_NONE;
  return self;
}

static SlContents *
read_contents (const SlImport *import, const SlImportOptions *options, GCancellable *cancellable,
               SlProgressFunc progress, gpointer user_data, GError **error)
{
  g_autoptr (SlContents) self = _sl_contents_new_empty ();
  const SlSplitSpec *split = &options->split;
  const char *name = import->source.name;
  SlLabelSource source = {
    .root = import->scan.root,
    .files = import->scan.files,
    .texts = import->scan.texts,
    .table = import->source.table,
    .task = options->task,
    .split_column = split->kind == SL_SPLIT_BY_COLUMN ? split->name : NULL,
  };

  self->labels = _sl_labels_open (&source, options->labels, error);
  if (self->labels == NULL || !label_files (self, import, cancellable, progress, user_data, error))
    return NULL;
  if (!check_items (self, name, error) || !find_problem (self, error)
      || !check_classes (self, name, error) || !check_targets (self, error)
      || !_sl_contents_split (self, import, split, error))
    return NULL;
  return g_steal_pointer (&self);
}

/* A table that was named as the source, and that says nothing of the pictures beside it, is one of texts. */
static gboolean
leaves_table_out (const SlContents *self, const SlImport *import)
{
  return import->source.table != NULL && (self == NULL || self->labels->understood->table == NULL);
}

/* Where nobody says what it is, a source without pictures may be one of texts. */
static SlContents *
read_pictures_or_texts (const SlImport *import, const SlImportOptions *options,
                        GCancellable *cancellable, SlProgressFunc progress, gpointer user_data,
                        GError **error)
{
  const gboolean asked = options->task != NULL || options->labels != NULL;
  g_autoptr (SlContents) pictures = NULL;
  g_autoptr (GError) of_pictures = NULL, of_texts = NULL;
  SlContents *texts = NULL;

  if (options->task != NULL ? options->task->texts : import->source.text != NULL)
    return _sl_contents_new_of_texts (import, options, cancellable, progress, user_data, error);
  pictures = read_contents (import, options, cancellable, progress, user_data, &of_pictures);
  if (options->task == NULL
      && (asked ? pictures == NULL : leaves_table_out (pictures, import) || pictures == NULL)
      && (of_pictures == NULL || of_pictures->domain == SL_ERROR)
      && (_sl_import_has_texts_alone (import) || import->source.table != NULL))
    texts = _sl_contents_new_of_texts (import, options, cancellable, progress, user_data,
                                       &of_texts);
  if (texts != NULL)
    return texts;
  if (pictures != NULL)
    return g_steal_pointer (&pictures);
  /* Of a source with text files alone, what they lack says more. */
  if (of_texts != NULL && (of_texts->domain != SL_ERROR || _sl_import_has_text_files (import)))
    g_propagate_error (error, g_steal_pointer (&of_texts));
  else
    g_propagate_error (error, g_steal_pointer (&of_pictures));
  return NULL;
}

/* Where there is nothing to label, another way of reading labels does not help. */
SlContents *
_sl_contents_new (const SlImport *import, const SlImportOptions *options, GCancellable *cancellable,
                  SlProgressFunc progress, gpointer user_data, GError **error)
{
  g_autoptr (GError) local = NULL;
  SlContents *self = read_pictures_or_texts (import, options, cancellable, progress, user_data,
                                             &local);

  if (self == NULL && options->lenient && import->scan.files->len > 0 && local->domain == SL_ERROR)
    {
      self = _sl_contents_new_empty ();
      self->trouble = g_strdup (local->message);
    }
  else if (self == NULL)
    g_propagate_error (error, g_steal_pointer (&local));
  return self;
}
