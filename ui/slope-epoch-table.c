/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slope-epoch-table.h"

#include "config.h"
#include "slope-colors.h"
#include "slope-run-stages.h"
#include "slope-run-text.h"
#include "slope-stage-row.h"

#include <glib/gi18n.h>
#include <math.h>

typedef enum
{
  COLUMN_EPOCH,
  COLUMN_TRAINING,
  COLUMN_EVALUATED,
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
  guint kept;       /* epoch that is marked; 0: none */
  int metric;
  gboolean evaluated; /* some epoch has that loss */
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
attach_loss (SlopeEpochTable *self, Column column, int row, double loss)
{
  g_autofree char *text = isfinite (loss) ? g_strdup_printf ("%.3f", loss) : g_strdup ("");
  attach (self, column, row, text);
}

/* A heading whose figures need a word. */
static void
explain (GtkLabel *heading, const char *text)
{
  gtk_widget_set_tooltip_text (GTK_WIDGET (heading), text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (heading), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  text, -1);
}

static void
attach_head (SlopeEpochTable *self, const SlTask *task)
{
  attach (self, COLUMN_EPOCH, 0, _ ("Epoch"));
  explain (attach (self, COLUMN_TRAINING, 0, _ ("Training")),
           task->texts
               ? _ ("Smoothed loss of the batches, with dropout: it is often above the validation "
                    "loss")
               : _ ("Smoothed loss of the batches, of augmented pictures and with dropout: it is "
                    "often above the validation loss"));
  if (self->evaluated)
    explain (attach (self, COLUMN_EVALUATED, 0, _ ("Evaluated")),
             task->texts
                 ? _ ("Loss of training texts measured as the validation texts are, without "
                      "dropout: this one may be compared with the validation loss. It is measured "
                      "every few epochs")
                 : _ ("Loss of training pictures measured as the validation pictures are, without "
                      "augmentation and dropout: this one may be compared with the validation "
                      "loss. It is measured every few epochs"));
  attach (self, COLUMN_VALIDATION, 0, _ ("Validation"));
  if (self->metric >= 0)
    attach (self, COLUMN_METRIC, 0, slope_metric_label (task->metrics[self->metric].name));
  attach (self, COLUMN_TIME, 0, _ ("Time"));
}

/* Over the epochs of a stage: they stand in a table without stages otherwise. */
static void
attach_stage (SlopeEpochTable *self, int row, const SlRecipe *recipe, guint stage)
{
  g_autofree char *text = NULL;
  GtkWidget *label;
  if (stage >= recipe->n_stages)
    return;
  /* Translators: a stage and what it trains: "Stage 2, whole network" */
  text = g_strdup_printf (_ ("Stage %u, %s"), stage + 1,
                          slope_stage_label_inside (&recipe->stages[stage], recipe));
  label = gtk_label_new (text);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (label, "epoch-cell");
  gtk_widget_add_css_class (label, "caption");
  gtk_widget_add_css_class (label, "dim-label");
  attach_line (self, row);
  gtk_grid_attach (self->grid, label, 0, 2 * row, N_COLUMNS, 1);
}

static void
attach_number (SlopeEpochTable *self, int row, guint epoch)
{
  g_autofree char *number = g_strdup_printf ("%u", epoch);
  GtkWidget *box, *star;
  if (epoch != self->kept)
    {
      attach (self, COLUMN_EPOCH, row, number);
      return;
    }
  box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  star = gtk_image_new_from_icon_name ("starred-symbolic");
  gtk_widget_add_css_class (box, "epoch-cell");
  gtk_widget_add_css_class (box, "numeric");
  gtk_widget_add_css_class (box, "heading");
  gtk_box_append (GTK_BOX (box), gtk_label_new (number));
  gtk_box_append (GTK_BOX (box), star);
  gtk_widget_set_tooltip_text (box, _ ("The model of this epoch is kept"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (star), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("The model of this epoch is kept"), -1);
  gtk_grid_attach (self->grid, box, COLUMN_EPOCH, 2 * row, 1, 1);
}

static void
attach_epoch (SlopeEpochTable *self, int row, const SlTask *task, const SlEpochRecord *epoch)
{
  g_autofree char *time = slope_format_clock (epoch->seconds);
  attach_line (self, row);
  attach_number (self, row, epoch->epoch);
  attach_loss (self, COLUMN_TRAINING, row, epoch->train_loss);
  if (self->evaluated)
    attach_loss (self, COLUMN_EVALUATED, row, epoch->train_eval_loss);
  attach_loss (self, COLUMN_VALIDATION, row, epoch->valid_loss);
  if (self->metric >= 0 && isfinite (epoch->metrics[self->metric]))
    {
      g_autofree char *figure = slope_format_metric (task->metrics[self->metric].name,
                                                     epoch->metrics[self->metric]);
      attach (self, COLUMN_METRIC, row, figure);
    }
  attach (self, COLUMN_TIME, row, time);
}

/* The stage that the epoch after @n whole ones belongs to: patience may have ended stages early. */
static guint
live_stage (const SlRecipe *recipe, const SlEpochRecord *epochs, gsize n)
{
  guint stage = n > 0 ? epochs[n - 1].stage : 0, done = 0;
  for (gsize i = n; i > 0 && epochs[i - 1].stage == stage; i--)
    done++;
  return stage < recipe->n_stages && done >= recipe->stages[stage].epochs ? stage + 1 : stage;
}

static void
rebuild (SlopeEpochTable *self, const SlTask *task, const SlRecipe *recipe,
         const SlEpochRecord *epochs, gsize n, gboolean live)
{
  gboolean stages = recipe->n_stages > 1;
  guint stage = G_MAXUINT;
  GtkWidget *child;
  int row = 1;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->grid))))
    gtk_grid_remove (self->grid, child);
  self->live_epoch = self->live_loss = NULL;
  attach_head (self, task);
  if (live)
    {
      stage = live_stage (recipe, epochs, n);
      if (stages)
        attach_stage (self, row++, recipe, stage);
      attach_line (self, row);
      self->live_epoch = attach (self, COLUMN_EPOCH, row, "");
      self->live_loss = attach (self, COLUMN_TRAINING, row++, "");
    }
  for (gsize i = n; i > 0; i--)
    {
      if (stages && epochs[i - 1].stage != stage)
        attach_stage (self, row++, recipe, epochs[i - 1].stage);
      stage = epochs[i - 1].stage;
      attach_epoch (self, row++, task, &epochs[i - 1]);
    }
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
slope_epoch_table_set (SlopeEpochTable *self, const SlTask *task, const SlRecipe *recipe,
                       const SlEpochRecord *epochs, gsize n, guint kept, double live)
{
  gboolean running = isfinite (live), stale;
  double last = n > 0 ? epochs[n - 1].train_loss : NAN;
  g_return_if_fail (SLOPE_IS_EPOCH_TABLE (self));
  stale = n != self->n_shown || running != (self->live_loss != NULL) || n == 0
          || last != self->last_loss || kept != self->kept;
  self->metric = slope_task_shown_metric (task);
  self->kept = kept;
  self->evaluated = FALSE;
  for (gsize i = 0; i < n; i++)
    self->evaluated |= isfinite (epochs[i].train_eval_loss);
  if (stale)
    rebuild (self, task, recipe, epochs, n, running);
  if (running)
    {
      SlopeRunStages stages;
      g_autofree char *loss = g_strdup_printf ("%.3f", live), *epoch = NULL;
      slope_run_stages_read (&stages, recipe, epochs, n, NULL, FALSE);
      /* Translators: number of the epoch under way, number of epochs */
      epoch = g_strdup_printf (_ ("%u of %u"), (guint)n + 1, stages.first[stages.n]);
      gtk_label_set_label (self->live_epoch, epoch);
      gtk_label_set_label (self->live_loss, loss);
    }
}
