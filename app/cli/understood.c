/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli.h"

#include <inttypes.h>

static void
print_table (const SlTableInfo *table)
{
  g_print (ngettext ("%s: %s, %" PRIu64 " row, ", "%s: %s, %" PRIu64 " rows, ", table->n_rows),
           table->file, table->encoding, (guint64)table->n_rows);
  g_print (ngettext ("%" PRIu64 " of them for a picture", "%" PRIu64 " of them for a picture each",
                     table->n_matched),
           (guint64)table->n_matched);
  g_print ("; %s\n", table->has_header ? _ ("the first line is a header") : _ ("without a header"));
}

void
cli_print_understood (SlImport *import)
{
  const SlUnderstanding *understood = sl_import_get_understanding (import);

  g_print (_ ("Labels by %s\n"), understood->labels);
  if (understood->table != NULL)
    print_table (understood->table);
  for (gsize i = 0; understood->notes[i] != NULL; i++)
    g_print (_ ("Note: %s\n"), understood->notes[i]);
  for (gsize i = 0; understood->others[i] != NULL; i++)
    g_print (_ ("Also possible: --labels '%s'\n"), understood->others[i]);
  g_print ("\n");
}
