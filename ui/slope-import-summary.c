/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-import-summary.h"

#include "slope-columns-layout.h"
#include "slope-import-labels.h"
#include "slope-import-place.h"
#include "slope-import-reader.h"
#include "slope-import-result.h"
#include "slope-import-skipped.h"
#include "slope-import-split.h"
#include "slope-widgets.h"

struct _SlopeImportSummary
{
  GtkWidget parent_instance;
  SlopeImportReader *reader; /* owned, nullable */
  SlopeImportLabels *labels;
  SlopeImportSplit *split;
  SlopeImportPlace *place;
  SlopeImportSkipped *skipped;
  SlopeImportResult *result;
};

static guint changed_signal;

G_DEFINE_FINAL_TYPE (SlopeImportSummary, slope_import_summary, GTK_TYPE_WIDGET)

static void
emit_changed (SlopeImportSummary *self)
{
  g_signal_emit (self, changed_signal, 0);
}

/* Without labels there is no result; beside a reason why they cannot be read it is the former one. */
static void
show_result (SlopeImportSummary *self)
{
  SlImport *import = slope_import_reader_get_import (self->reader);

  slope_import_result_show (self->result, import);
  slope_import_skipped_show (self->skipped, import);
  gtk_widget_set_visible (GTK_WIDGET (self->result), sl_import_get_task (import) != NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->result),
                            slope_import_reader_get_labels_error (self->reader) == NULL);
  emit_changed (self);
}

/* ---- Class */

static void
let_go (SlopeImportSummary *self)
{
  if (self->reader == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->reader, self);
  slope_import_reader_cancel (self->reader);
  slope_import_labels_set_reader (self->labels, NULL);
  slope_import_split_set_reader (self->split, NULL);
  slope_import_skipped_show (self->skipped, NULL);
  g_clear_object (&self->reader);
}

static void
slope_import_summary_dispose (GObject *object)
{
  let_go (SLOPE_IMPORT_SUMMARY (object));
  slope_widget_unparent_children (GTK_WIDGET (object));
  G_OBJECT_CLASS (slope_import_summary_parent_class)->dispose (object);
}

static void
slope_import_summary_class_init (SlopeImportSummaryClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = slope_import_summary_dispose;
  changed_signal = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), SLOPE_TYPE_COLUMNS_LAYOUT);
}

static void
slope_import_summary_init (SlopeImportSummary *self)
{
  GtkWidget *decisions = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);

  self->labels = SLOPE_IMPORT_LABELS (slope_import_labels_new ());
  self->split = SLOPE_IMPORT_SPLIT (slope_import_split_new ());
  self->place = SLOPE_IMPORT_PLACE (slope_import_place_new ());
  self->skipped = SLOPE_IMPORT_SKIPPED (slope_import_skipped_new ());
  self->result = SLOPE_IMPORT_RESULT (slope_import_result_new ());
  g_signal_connect_swapped (self->place, "changed", G_CALLBACK (emit_changed), self);
  gtk_box_append (GTK_BOX (decisions), GTK_WIDGET (self->labels));
  gtk_box_append (GTK_BOX (decisions), GTK_WIDGET (self->split));
  gtk_box_append (GTK_BOX (decisions), GTK_WIDGET (self->place));
  gtk_box_append (GTK_BOX (decisions), GTK_WIDGET (self->skipped));
  gtk_widget_set_parent (decisions, GTK_WIDGET (self));
  gtk_widget_set_parent (GTK_WIDGET (self->result), GTK_WIDGET (self));
}

GtkWidget *
slope_import_summary_new (void)
{
  return g_object_new (SLOPE_TYPE_IMPORT_SUMMARY, NULL);
}

void
slope_import_summary_set_import (SlopeImportSummary *self, SlImport *import)
{
  g_return_if_fail (SLOPE_IS_IMPORT_SUMMARY (self));

  let_go (self);
  if (import == NULL)
    return;
  self->reader = slope_import_reader_new (import);
  slope_import_labels_set_reader (self->labels, self->reader);
  slope_import_split_set_reader (self->split, self->reader);
  slope_import_place_suggest (self->place, import);
  g_signal_connect_swapped (self->reader, "changed", G_CALLBACK (show_result), self);
  g_signal_connect_swapped (self->reader, "busy", G_CALLBACK (emit_changed), self);
  show_result (self);
}

char *
slope_import_summary_dup_path (SlopeImportSummary *self)
{
  g_return_val_if_fail (SLOPE_IS_IMPORT_SUMMARY (self), NULL);
  return self->reader != NULL && slope_import_reader_is_ready (self->reader)
             ? slope_import_place_dup_path (self->place)
             : NULL;
}

gboolean
slope_import_summary_get_copy (SlopeImportSummary *self)
{
  g_return_val_if_fail (SLOPE_IS_IMPORT_SUMMARY (self), FALSE);
  return slope_import_place_get_copy (self->place);
}

gboolean
slope_import_summary_is_busy (SlopeImportSummary *self)
{
  g_return_val_if_fail (SLOPE_IS_IMPORT_SUMMARY (self), FALSE);
  return self->reader != NULL && slope_import_reader_is_busy (self->reader);
}
