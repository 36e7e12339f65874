/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slope-epoch-table.h"

#include "config.h"
#include "slope-colors.h"
#include "slope-run-text.h"

#include <glib/gi18n.h>
#include <math.h>

typedef enum
{
  COLUMN_EPOCH,
  COLUMN_TRAINING,
  COLUMN_VALIDATION,
  COLUMN_METRIC,
  COLUMN_TIME,
  N_COLUMNS
} Column;

struct _SlopeEpochTable
{
  AdwBin parent_instance;
  GtkGrid *grid;
  GtkLabel *live_epoch,
      *live_loss;   /* of the row under way; children of the grid, NULL: no such row */
  gsize n_shown;    /* rows of whole epochs */
  double last_loss; /* of the newest of them: another run is told by it */
  int metric;
};

G_DEFINE_FINAL_TYPE (SlopeEpochTable, slope_epoch_table, ADW_TYPE_BIN)

/* Rows of text are the even ones of the grid, lines between them the odd ones. */
static GtkLabel *
attach (SlopeEpochTable *self, Column column, int row, const char *text)
{
  GtkWidget *label = gtk_label_new (text);
  gtk_widget_add_css_class (label, "epoch-cell");
  gtk_widget_add_css_class (label, "numeric");
  gtk_label_set_xalign (GTK_LABEL (label), column == COLUMN_EPOCH ? 0 : 1);
  gtk_widget_set_hexpand (label, TRUE);
  if (row == 0)
    {
      gtk_widget_add_css_class (label, "caption-heading");
      gtk_widget_add_css_class (label, "dim-label");
    }
  gtk_grid_attach (self->grid, label, column, 2 * row, 1, 1);
  return GTK_LABEL (label);
}

static void
attach_line (SlopeEpochTable *self, int row)
{
  gtk_grid_attach (self->grid, gtk_separator_new (GTK_ORIENTATION_HORIZONTAL), 0, 2 * row - 1,
                   N_COLUMNS, 1);
}

static void
attach_head (SlopeEpochTable *self, const SlTask *task)
{
  attach (self, COLUMN_EPOCH, 0, _ ("Epoch"));
  attach (self, COLUMN_TRAINING, 0, _ ("Training"));
  attach (self, COLUMN_VALIDATION, 0, _ ("Validation"));
  if (self->metric >= 0)
    attach (self, COLUMN_METRIC, 0, slope_metric_label (task->metrics[self->metric].name));
  attach (self, COLUMN_TIME, 0, _ ("Time"));
}

static void
attach_epoch (SlopeEpochTable *self, int row, const SlTask *task, const SlEpochRecord *epoch)
{
  g_autofree char *number = g_strdup_printf ("%u", epoch->epoch);
  g_autofree char *train = g_strdup_printf ("%.3f", epoch->train_loss);
  g_autofree char *valid = isfinite (epoch->valid_loss)
                               ? g_strdup_printf ("%.3f", epoch->valid_loss)
                               : g_strdup ("");
  g_autofree char *time = slope_format_clock (epoch->seconds);
  attach_line (self, row);
  attach (self, COLUMN_EPOCH, row, number);
  attach (self, COLUMN_TRAINING, row, train);
  attach (self, COLUMN_VALIDATION, row, valid);
  if (self->metric >= 0 && isfinite (epoch->metrics[self->metric]))
    {
      g_autofree char *figure = slope_format_metric (task->metrics[self->metric].name,
                                                     epoch->metrics[self->metric]);
      attach (self, COLUMN_METRIC, row, figure);
    }
  attach (self, COLUMN_TIME, row, time);
}

static void
rebuild (SlopeEpochTable *self, const SlTask *task, const SlEpochRecord *epochs, gsize n,
         gboolean live)
{
  GtkWidget *child;
  int row = 1;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->grid))))
    gtk_grid_remove (self->grid, child);
  self->live_epoch = self->live_loss = NULL;
  attach_head (self, task);
  if (live)
    {
      attach_line (self, row);
      self->live_epoch = attach (self, COLUMN_EPOCH, row, "");
      self->live_loss = attach (self, COLUMN_TRAINING, row++, "");
    }
  for (gsize i = n; i > 0; i--)
    attach_epoch (self, row++, task, &epochs[i - 1]);
  self->n_shown = n;
  self->last_loss = n > 0 ? epochs[n - 1].train_loss : NAN;
}

static void
slope_epoch_table_class_init (SlopeEpochTableClass *klass)
{
}

static void
slope_epoch_table_init (SlopeEpochTable *self)
{
  self->grid = GTK_GRID (gtk_grid_new ());
  self->metric = -1;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->grid), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Epochs"), -1);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->grid));
}

GtkWidget *
slope_epoch_table_new (void)
{
  return g_object_new (SLOPE_TYPE_EPOCH_TABLE, NULL);
}

void
slope_epoch_table_set (SlopeEpochTable *self, const SlTask *task, const SlEpochRecord *epochs,
                       gsize n, guint total, double live)
{
  gboolean running = isfinite (live);
  double last = n > 0 ? epochs[n - 1].train_loss : NAN;
  g_return_if_fail (SLOPE_IS_EPOCH_TABLE (self));
  self->metric = slope_task_shown_metric (task);
  if (n != self->n_shown || running != (self->live_loss != NULL) || n == 0
      || last != self->last_loss)
    rebuild (self, task, epochs, n, running);
  if (running)
    {
      g_autofree char *loss = g_strdup_printf ("%.3f", live);
      /* Translators: number of the epoch under way, number of epochs */
      g_autofree char *epoch = g_strdup_printf (_ ("%u of %u"), (guint)n + 1, total);
      gtk_label_set_label (self->live_epoch, epoch);
      gtk_label_set_label (self->live_loss, loss);
    }
}
