/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include <slope/parallel.h>
#include <sys/resource.h>
#include <unistd.h>

static void
test_threads (void)
{
  g_assert_cmpuint (sl_parallel_get_threads (), >=, 1);
  sl_parallel_set_threads (3);
  g_assert_cmpuint (sl_parallel_get_threads (), ==, 3);
  sl_parallel_set_threads (0);
  g_assert_cmpuint (sl_parallel_get_threads (), >=, 1);
}

static gint
own_nice (void)
{
  return getpriority (PRIO_PROCESS, (id_t)gettid ());
}

static gpointer
background_thread (gpointer data)
{
  gint *nice_values = data;
  gint team = G_MAXINT;

  nice_values[0] = own_nice ();
  sl_parallel_enter_background ();
#pragma omp parallel num_threads(2) reduction(min : team)
  team = own_nice ();
  nice_values[1] = team;
  return NULL;
}

static void
test_background (void)
{
  gint before = own_nice ();
  gint nice_values[2] = { 0 };

  g_thread_join (g_thread_new ("background", background_thread, nice_values));
  g_assert_cmpint (nice_values[0], ==, before);
  g_assert_cmpint (nice_values[1], >=, 10);
  g_assert_cmpint (own_nice (), ==, before);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/engine/parallel/threads", test_threads);
  g_test_add_func ("/engine/parallel/background", test_background);
  return g_test_run ();
}
