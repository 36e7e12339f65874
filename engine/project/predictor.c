/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project/predictor.h"

struct _SlPredictor
{
  gatomicrefcount ref_count;
  char *path; /* of the model */
  gint64 run;
  GMutex lock;    /* for the rest, and while predicting */
  SlModel *model; /* (nullable) */
  guint64 stamp;  /* of the file it was read from: a resumed run writes another */
};

SlPredictor *
sl_predictor_new (SlRun *run)
{
  SlPredictor *self = g_new0 (SlPredictor, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  self->path = sl_run_file (run, "model.safetensors");
  self->run = run->id;
  return self;
}

SlPredictor *
sl_predictor_ref (SlPredictor *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
sl_predictor_unref (SlPredictor *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_clear_pointer (&self->model, sl_model_free);
  g_mutex_clear (&self->lock);
  g_free (self->path);
  g_free (self);
}

gint64
sl_predictor_get_run (const SlPredictor *self)
{
  return self->run;
}

/* Changes whenever the file is written anew. */
static guint64
stamp_of (const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInfo)
      info = g_file_query_info (file,
                                G_FILE_ATTRIBUTE_UNIX_INODE "," G_FILE_ATTRIBUTE_TIME_MODIFIED
                                                            "," G_FILE_ATTRIBUTE_TIME_MODIFIED_USEC,
                                G_FILE_QUERY_INFO_NONE, NULL, NULL);

  if (info == NULL)
    return 0;
  return g_file_info_get_attribute_uint64 (info, G_FILE_ATTRIBUTE_UNIX_INODE) * 31
         + g_file_info_get_attribute_uint64 (info, G_FILE_ATTRIBUTE_TIME_MODIFIED) * G_USEC_PER_SEC
         + g_file_info_get_attribute_uint32 (info, G_FILE_ATTRIBUTE_TIME_MODIFIED_USEC);
}

SlModel *
sl_predictor_lock (SlPredictor *self, GCancellable *cancellable, GError **error)
{
  guint64 stamp;

  g_mutex_lock (&self->lock);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  stamp = stamp_of (self->path);
  if (self->model != NULL && stamp == self->stamp)
    return self->model;
  g_clear_pointer (&self->model, sl_model_free);
  self->model = sl_model_load (self->path, error);
  self->stamp = stamp;
  return self->model;
}

void
sl_predictor_unlock (SlPredictor *self)
{
  g_mutex_unlock (&self->lock);
}
