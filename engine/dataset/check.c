/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dataset/scan.h"

#include <slope/parallel.h>

#define TELL_EVERY_US (G_USEC_PER_SEC / 30)

typedef struct
{
  guint n;
  SlIndexFunc func;
  gpointer data;
  GCancellable *cancellable;
  GMutex lock;
  GCond ended;
  guint next; /* guarded by lock, as all below */
  guint done;
  guint running; /* threads */
} Work;

static gpointer
work_in_thread (gpointer data)
{
  Work *self = data;

  sl_parallel_enter_background ();
  g_mutex_lock (&self->lock);
  while (self->next < self->n && !g_cancellable_is_cancelled (self->cancellable))
    {
      guint index = self->next++;

      g_mutex_unlock (&self->lock);
      self->func (index, self->data);
      g_mutex_lock (&self->lock);
      self->done++;
    }
  self->running--;
  g_cond_signal (&self->ended);
  g_mutex_unlock (&self->lock);
  return NULL;
}

/* Waits for the threads and tells how far they are, without holding the lock meanwhile. */
static void
wait_and_tell (Work *self, SlIndexName what, SlProgressFunc progress, gpointer user_data)
{
  g_mutex_lock (&self->lock);
  while (self->running > 0)
    {
      gint64 until = g_get_monotonic_time () + TELL_EVERY_US;
      guint done, next;

      while (self->running > 0 && g_cond_wait_until (&self->ended, &self->lock, until))
        ;
      done = self->done;
      next = self->next;
      g_mutex_unlock (&self->lock);
      if (progress != NULL)
        progress (done, self->n, next > 0 ? what (next - 1, self->data) : NULL, user_data);
      g_mutex_lock (&self->lock);
    }
  g_mutex_unlock (&self->lock);
}

gboolean
_sl_for_each (guint n, SlIndexFunc func, SlIndexName what, gpointer data, GCancellable *cancellable,
              SlProgressFunc progress, gpointer user_data, GError **error)
{
  Work work = { .n = n, .func = func, .data = data, .cancellable = cancellable };
  guint n_threads = MIN (sl_parallel_get_threads (), MAX (n, 1));
  g_autofree GThread **threads = g_new (GThread *, n_threads);

  g_mutex_init (&work.lock);
  g_cond_init (&work.ended);
  work.running = n_threads;
  for (guint i = 0; i < n_threads; i++)
    threads[i] = g_thread_new ("import", work_in_thread, &work);
  wait_and_tell (&work, what, progress, user_data);
  for (guint i = 0; i < n_threads; i++)
    g_thread_join (threads[i]);
  g_mutex_clear (&work.lock);
  g_cond_clear (&work.ended);
  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}

/* ---- Pictures */

static void
check_one (guint index, gpointer data)
{
  SlFound *found = g_ptr_array_index ((GPtrArray *)data, index);
  g_autoptr (GError) error = NULL;

  found->checked = TRUE;
  found->usable = sl_picture_check (found->path, &found->info, &error);
  if (found->usable)
    return;
  if (g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_ACCES)
      || g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_PERM))
    found->reason = g_strdup ("no permission to read it");
  else
    found->reason = g_strdup (error->message);
}

static const char *
name_of (guint index, gpointer data)
{
  return ((const SlFound *)g_ptr_array_index ((GPtrArray *)data, index))->rel_path;
}

gboolean
_sl_check_files (GPtrArray *files, GCancellable *cancellable, SlProgressFunc progress,
                 gpointer user_data, GError **error)
{
  g_autoptr (GPtrArray) fresh = g_ptr_array_new ();

  for (guint i = 0; i < files->len; i++)
    if (!((const SlFound *)files->pdata[i])->checked)
      g_ptr_array_add (fresh, files->pdata[i]);
  return _sl_for_each (fresh->len, check_one, name_of, fresh, cancellable, progress, user_data,
                       error);
}
