/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dataset/scan.h"

#include <slope/parallel.h>

#define TELL_EVERY_US (G_USEC_PER_SEC / 30)

typedef struct
{
  GPtrArray *files;
  GCancellable *cancellable;
  GMutex lock;
  GCond ended;
  guint next; /* guarded by lock, as all below */
  guint done;
  guint running; /* threads */
} Check;

static void
check_one (SlFound *found)
{
  g_autoptr (GError) error = NULL;

  found->usable = sl_picture_check (found->path, &found->info, &error);
  if (found->usable)
    return;
  if (g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_ACCES)
      || g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_PERM))
    found->reason = g_strdup ("no permission to read it");
  else
    found->reason = g_strdup (error->message);
}

static gpointer
check_in_thread (gpointer data)
{
  Check *self = data;

  sl_parallel_enter_background ();
  g_mutex_lock (&self->lock);
  while (self->next < self->files->len && !g_cancellable_is_cancelled (self->cancellable))
    {
      SlFound *found = self->files->pdata[self->next++];

      g_mutex_unlock (&self->lock);
      check_one (found);
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
wait_and_tell (Check *self, SlProgressFunc progress, gpointer user_data)
{
  g_mutex_lock (&self->lock);
  while (self->running > 0)
    {
      gint64 until = g_get_monotonic_time () + TELL_EVERY_US;
      guint done;
      const SlFound *now;

      while (self->running > 0 && g_cond_wait_until (&self->ended, &self->lock, until))
        ;
      done = self->done;
      now = self->next > 0 ? self->files->pdata[self->next - 1] : NULL;
      g_mutex_unlock (&self->lock);
      if (progress != NULL)
        progress (done, self->files->len, now ? now->rel_path : NULL, user_data);
      g_mutex_lock (&self->lock);
    }
  g_mutex_unlock (&self->lock);
}

gboolean
_sl_check_files (GPtrArray *files, GCancellable *cancellable, SlProgressFunc progress,
                 gpointer user_data, GError **error)
{
  Check check = { .files = files, .cancellable = cancellable };
  guint n_threads = MIN (sl_parallel_get_threads (), MAX (files->len, 1));
  g_autofree GThread **threads = g_new (GThread *, n_threads);

  g_mutex_init (&check.lock);
  g_cond_init (&check.ended);
  check.running = n_threads;
  for (guint i = 0; i < n_threads; i++)
    threads[i] = g_thread_new ("check-pictures", check_in_thread, &check);
  wait_and_tell (&check, progress, user_data);
  for (guint i = 0; i < n_threads; i++)
    g_thread_join (threads[i]);
  g_mutex_clear (&check.lock);
  g_cond_clear (&check.ended);
  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}
