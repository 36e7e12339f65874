/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ctrl-C: the first one stops at the next batch and keeps what is learned, the second kills. */
#include "cli.h"
#include <signal.h>

static volatile sig_atomic_t interrupted;

static void
note_interrupt (int number)
{
  interrupted = 1;
}

void
cli_catch_interrupts (void)
{
  struct sigaction action = { .sa_handler = note_interrupt,
                              .sa_flags = (int)SA_RESETHAND | SA_RESTART };

  sigaction (SIGINT, &action, NULL);
  sigaction (SIGTERM, &action, NULL);
}

gboolean
cli_stop_if_interrupted (SlProject *project)
{
  if (!interrupted)
    return FALSE;
  cli_progress (_ ("Stopping…"));
  sl_project_stop (project);
  return TRUE;
}
