/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-application.h"

#include <glib/gi18n.h>
#include <locale.h>
#include <slope/parallel.h>

int
main (int argc, char **argv)
{
  g_autoptr (SlopeApplication) app = NULL;

  sl_parallel_be_patient (argv);
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  g_set_application_name (_ ("Slope"));
  app = slope_application_new ();
  return g_application_run (G_APPLICATION (app), argc, argv);
}
