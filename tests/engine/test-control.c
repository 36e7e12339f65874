/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/control.h"

static void
test_flags (void)
{
  g_autoptr (SlTrainControl) control = sl_train_control_new ();

  g_assert_false (sl_train_control_is_paused (control));
  g_assert_true (sl_train_control_wait (control, NULL));
  sl_train_control_pause (control, TRUE);
  g_assert_true (sl_train_control_is_paused (control));
  sl_train_control_pause (control, FALSE);
  g_assert_true (sl_train_control_wait (control, NULL));
  sl_train_control_pause (control, TRUE);
  sl_train_control_stop (control);
  g_assert_false (sl_train_control_is_paused (control)); /* a stop ends the pause */
  g_assert_true (sl_train_control_is_stopped (control));
  g_assert_false (sl_train_control_wait (control, NULL));
}

static gpointer
wait_in_thread (gpointer data)
{
  return GINT_TO_POINTER (sl_train_control_wait (data, NULL));
}

static void
test_wake (gconstpointer stop)
{
  g_autoptr (SlTrainControl) control = sl_train_control_new ();
  GThread *thread;

  sl_train_control_pause (control, TRUE);
  thread = g_thread_new ("waiter", wait_in_thread, control);
  g_usleep (10 * G_TIME_SPAN_MILLISECOND);
  if (stop != NULL)
    sl_train_control_stop (control);
  else
    sl_train_control_pause (control, FALSE);
  g_assert_cmpint (GPOINTER_TO_INT (g_thread_join (thread)), ==, stop == NULL);
}

static gpointer
cancel_in_thread (gpointer data)
{
  g_usleep (10 * G_TIME_SPAN_MILLISECOND);
  g_cancellable_cancel (data);
  return NULL;
}

static void
test_cancel_while_paused (void)
{
  g_autoptr (SlTrainControl) control = sl_train_control_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  GThread *thread = g_thread_new ("canceller", cancel_in_thread, cancellable);

  sl_train_control_pause (control, TRUE);
  g_assert_false (sl_train_control_wait (control, cancellable));
  g_assert_false (sl_train_control_is_stopped (control));
  g_thread_join (thread);
}

static void
test_without_control (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  g_assert_true (sl_train_control_wait (NULL, NULL));
  g_assert_true (sl_train_control_wait (NULL, cancellable));
  g_cancellable_cancel (cancellable);
  g_assert_false (sl_train_control_wait (NULL, cancellable));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/train/control/flags", test_flags);
  g_test_add_data_func ("/train/control/resume", NULL, test_wake);
  g_test_add_data_func ("/train/control/stop", "stop", test_wake);
  g_test_add_func ("/train/control/cancel-while-paused", test_cancel_while_paused);
  g_test_add_func ("/train/control/without", test_without_control);
  return g_test_run ();
}
