/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-import-reader.h"

#define SPLIT_SEED 1

struct _SlopeImportReader
{
  GObject parent_instance;
  SlImport *import;
  GCancellable *cancellable; /* of what is being read */
  gboolean busy;
  gboolean over;         /* cancelled for good */
  gboolean reads_labels; /* now */
  gboolean wants_labels, wants_split;
  char *labels;
  const SlTask *task;
  gboolean has_split; /* the person has chosen one */
  SlSplitSpec split;
  char *labels_error, *split_error;
};

enum
{
  CHANGED,
  BUSY,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SlopeImportReader, slope_import_reader, G_TYPE_OBJECT)

static void go_on (SlopeImportReader *self);

/* ---- What is running */

/* TRUE: the answer is to be shown.  What was cancelled for a newer wish is not. */
static gboolean
take_answer (SlopeImportReader *self, gboolean ok, GError *error, char **reason)
{
  g_clear_object (&self->cancellable);
  if (error != NULL && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return FALSE;
  g_free (*reason);
  *reason = error != NULL ? g_strdup (error->message) : NULL;
  return ok;
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SlopeImportReader) self = user_data;
  g_autoptr (GError) error = NULL;
  const gboolean ok = sl_import_read_finish (self->import, result, &error);

  self->reads_labels = FALSE;
  if (take_answer (self, ok, error, &self->labels_error))
    {
      g_clear_pointer (&self->split_error, g_free);
      self->wants_split |= self->has_split;
    }
  go_on (self);
}

static void
split_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SlopeImportReader) self = user_data;
  g_autoptr (GError) error = NULL;
  const gboolean ok = sl_import_set_split_finish (self->import, result, &error);

  take_answer (self, ok, error, &self->split_error);
  go_on (self);
}

static void
begin_labels (SlopeImportReader *self)
{
  const SlImportOptions options = { .labels = self->labels,
                                    .task = self->task,
                                    .split.seed = SPLIT_SEED };

  self->wants_labels = FALSE;
  self->reads_labels = TRUE;
  self->cancellable = g_cancellable_new ();
  sl_import_read_async (self->import, &options, self->cancellable, NULL, NULL, read_cb,
                        g_object_ref (self));
}

static void
begin_split (SlopeImportReader *self)
{
  self->wants_split = FALSE;
  self->cancellable = g_cancellable_new ();
  sl_import_set_split_async (self->import, &self->split, self->cancellable, split_cb,
                             g_object_ref (self));
}

static void
set_busy (SlopeImportReader *self, gboolean busy)
{
  if (self->busy == busy)
    return;
  self->busy = busy;
  g_signal_emit (self, signals[BUSY], 0);
}

/* A split is of no use where there are no labels. */
static void
go_on (SlopeImportReader *self)
{
  if (self->over || self->cancellable != NULL)
    return;
  if (self->wants_labels)
    begin_labels (self);
  else if (self->wants_split && sl_import_get_trouble (self->import) == NULL)
    begin_split (self);
  set_busy (self, self->cancellable != NULL);
  if (!self->busy)
    g_signal_emit (self, signals[CHANGED], 0);
}

static void
stop_for_newer (SlopeImportReader *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  go_on (self);
}

/* ---- Class */

static void
slope_import_reader_finalize (GObject *object)
{
  SlopeImportReader *self = SLOPE_IMPORT_READER (object);

  sl_split_spec_clear (&self->split);
  g_free (self->labels);
  g_free (self->labels_error);
  g_free (self->split_error);
  sl_import_unref (self->import);
  G_OBJECT_CLASS (slope_import_reader_parent_class)->finalize (object);
}

static void
slope_import_reader_class_init (SlopeImportReaderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = slope_import_reader_finalize;
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
  signals[BUSY] = g_signal_new ("busy", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 0);
}

static void
slope_import_reader_init (SlopeImportReader *self)
{
}

SlopeImportReader *
slope_import_reader_new (SlImport *import)
{
  SlopeImportReader *self = g_object_new (SLOPE_TYPE_IMPORT_READER, NULL);

  self->import = sl_import_ref (import);
  self->labels_error = g_strdup (sl_import_get_trouble (import));
  return self;
}

SlImport *
slope_import_reader_get_import (SlopeImportReader *self)
{
  g_return_val_if_fail (SLOPE_IS_IMPORT_READER (self), NULL);
  return self->import;
}

void
slope_import_reader_read (SlopeImportReader *self, const char *labels, const SlTask *task)
{
  char *copy;

  g_return_if_fail (SLOPE_IS_IMPORT_READER (self));

  copy = g_strdup (labels); /* may be our own */
  g_free (self->labels);
  self->labels = copy;
  self->task = task;
  self->wants_labels = TRUE;
  stop_for_newer (self);
}

void
slope_import_reader_split (SlopeImportReader *self, const SlSplitSpec *split)
{
  SlSplitSpec old;

  g_return_if_fail (SLOPE_IS_IMPORT_READER (self) && split != NULL);

  old = self->split;
  sl_split_spec_copy (split, &self->split);
  sl_split_spec_clear (&old);
  self->has_split = self->wants_split = TRUE;
  if (self->reads_labels || self->wants_labels)
    return; /* after the labels */
  stop_for_newer (self);
}

void
slope_import_reader_refuse_split (SlopeImportReader *self, const char *reason)
{
  g_return_if_fail (SLOPE_IS_IMPORT_READER (self));

  self->has_split = self->wants_split = FALSE;
  g_free (self->split_error);
  self->split_error = g_strdup (reason);
  go_on (self);
}

void
slope_import_reader_cancel (SlopeImportReader *self)
{
  g_return_if_fail (SLOPE_IS_IMPORT_READER (self));

  self->over = TRUE;
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
}

gboolean
slope_import_reader_is_busy (SlopeImportReader *self)
{
  g_return_val_if_fail (SLOPE_IS_IMPORT_READER (self), FALSE);
  return self->busy;
}

const char *
slope_import_reader_get_labels_error (SlopeImportReader *self)
{
  g_return_val_if_fail (SLOPE_IS_IMPORT_READER (self), NULL);
  return self->labels_error;
}

const char *
slope_import_reader_get_split_error (SlopeImportReader *self)
{
  g_return_val_if_fail (SLOPE_IS_IMPORT_READER (self), NULL);
  return self->split_error;
}

gboolean
slope_import_reader_is_ready (SlopeImportReader *self)
{
  g_return_val_if_fail (SLOPE_IS_IMPORT_READER (self), FALSE);
  return !self->busy && self->labels_error == NULL && self->split_error == NULL;
}
