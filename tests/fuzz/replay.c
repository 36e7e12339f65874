/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs a fuzz target without a fuzzer: each file of the corpus as it is, cut short, and with some
 * bytes changed by a fixed rule, so that every build tries what once was found.
 *
 *   fuzz-NAME FOLDER */
#include "fuzz.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

#define CHANGED_VERSIONS 24

static guint32
next_random (guint32 *state)
{
  *state = *state * 1664525u + 1013904223u;
  return *state >> 8;
}

static void
run_versions (const guint8 *data, gsize size)
{
  guint32 state = (guint32)size;

  LLVMFuzzerTestOneInput (data, size);
  LLVMFuzzerTestOneInput (data, size / 2);
  for (int version = 0; version < CHANGED_VERSIONS && size > 0; version++)
    {
      /* An exact copy, so that a sanitizer sees the first byte beyond. */
      g_autofree guint8 *copy = g_memdup2 (data, size);

      for (guint32 n = 1 + next_random (&state) % 6; n > 0; n--)
        copy[next_random (&state) % (version % 2 ? size : MIN (size, 64))] = (guint8)next_random (
            &state);
      LLVMFuzzerTestOneInput (copy, size);
    }
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = argc > 1 ? g_dir_open (argv[1], 0, &error) : NULL;
  const char *name;
  guint n = 0;

  if (dir == NULL)
    {
      g_printerr ("usage: %s FOLDER%s%s\n", argv[0], error ? ": " : "",
                  error ? error->message : "");
      return 2;
    }
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (argv[1], name, NULL);
      g_autofree char *data = NULL;
      gsize size;

      if (!g_file_get_contents (path, &data, &size, &error))
        {
          g_printerr ("%s\n", error->message);
          return 1;
        }
      g_print ("%s\n", name);
      run_versions ((const guint8 *)data, size);
      n++;
    }
  return n > 0 ? 0 : 1; /* an empty corpus proves nothing */
}
