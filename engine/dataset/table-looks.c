/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dataset/import-private.h"
#include "dataset/table.h"

#define MAX_TABLES 16

static void
look_clear (gpointer data)
{
  SlTableLook *self = data;

  g_free (self->file);
  g_free (self->error);
  g_strfreev (self->cells);
}

static void
take_rows (SlTableLook *self, const SlTable *table)
{
  self->n_columns = table->n_columns;
  self->n_rows = table->n_rows;
  self->cells = _sl_table_first_cells (table, SL_N_TABLE_ROWS, &self->n_first);
}

GArray *
_sl_table_looks_new (GPtrArray *texts)
{
  GArray *looks = g_array_new (FALSE, TRUE, sizeof (SlTableLook));

  g_array_set_clear_func (looks, look_clear);
  for (guint i = 0; i < texts->len && looks->len < MAX_TABLES; i++)
    {
      const SlSideFile *file = texts->pdata[i];
      SlTableLook look = { .file = g_strdup (file->rel_path) };
      g_autoptr (GError) error = NULL;
      g_autoptr (SlTable) table = file->is_table ? _sl_table_read (file->path, &error) : NULL;

      if (table != NULL)
        take_rows (&look, table);
      else if (error != NULL)
        look.error = g_strdup (error->message);
      if (table != NULL || error != NULL)
        g_array_append_val (looks, look);
      else
        g_free (look.file);
    }
  return looks;
}
