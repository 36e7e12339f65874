/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-prediction-row.h"

#include <math.h>

struct _SlopePredictionRow
{
  GObject parent_instance;
  char *path;
  char *name;
  char *predicted;
  char *words;
  char *reason;
  double sure;
};

G_DEFINE_FINAL_TYPE (SlopePredictionRow, slope_prediction_row, G_TYPE_OBJECT)

static void
slope_prediction_row_finalize (GObject *object)
{
  SlopePredictionRow *self = SLOPE_PREDICTION_ROW (object);

  g_free (self->path);
  g_free (self->name);
  g_free (self->predicted);
  g_free (self->words);
  g_free (self->reason);
  G_OBJECT_CLASS (slope_prediction_row_parent_class)->finalize (object);
}

static void
slope_prediction_row_class_init (SlopePredictionRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = slope_prediction_row_finalize;
}

static void
slope_prediction_row_init (SlopePredictionRow *self)
{
  self->sure = -1.;
}

static SlopePredictionRow *
row_new (const char *path, const char *name)
{
  SlopePredictionRow *self = g_object_new (SLOPE_TYPE_PREDICTION_ROW, NULL);

  self->path = g_strdup (path);
  self->name = g_strdup (name);
  return self;
}

SlopePredictionRow *
slope_prediction_row_new (const char *path, const char *name, const char *predicted,
                          const char *words, double sure)
{
  SlopePredictionRow *self;

  g_return_val_if_fail (path != NULL && name != NULL, NULL);
  g_return_val_if_fail (predicted != NULL && words != NULL, NULL);

  self = row_new (path, name);
  self->predicted = g_strdup (predicted);
  self->words = g_strdup (words);
  self->sure = isnan (sure) ? -1. : sure;
  return self;
}

SlopePredictionRow *
slope_prediction_row_new_failed (const char *path, const char *name, const char *reason)
{
  SlopePredictionRow *self;

  g_return_val_if_fail (path != NULL && name != NULL && reason != NULL, NULL);

  self = row_new (path, name);
  self->reason = g_strdup (reason);
  return self;
}

const char *
slope_prediction_row_get_path (SlopePredictionRow *self)
{
  g_return_val_if_fail (SLOPE_IS_PREDICTION_ROW (self), NULL);
  return self->path;
}

const char *
slope_prediction_row_get_name (SlopePredictionRow *self)
{
  g_return_val_if_fail (SLOPE_IS_PREDICTION_ROW (self), NULL);
  return self->name;
}

const char *
slope_prediction_row_get_predicted (SlopePredictionRow *self)
{
  g_return_val_if_fail (SLOPE_IS_PREDICTION_ROW (self), NULL);
  return self->predicted;
}

const char *
slope_prediction_row_get_words (SlopePredictionRow *self)
{
  g_return_val_if_fail (SLOPE_IS_PREDICTION_ROW (self), NULL);
  return self->words;
}

double
slope_prediction_row_get_sure (SlopePredictionRow *self)
{
  g_return_val_if_fail (SLOPE_IS_PREDICTION_ROW (self), -1.);
  return self->sure;
}

const char *
slope_prediction_row_get_reason (SlopePredictionRow *self)
{
  g_return_val_if_fail (SLOPE_IS_PREDICTION_ROW (self), NULL);
  return self->reason;
}

static void
append_field (GString *csv, const char *text)
{
  if (text == NULL)
    return;
  if (strpbrk (text, ",\"\r\n") == NULL)
    {
      g_string_append (csv, text);
      return;
    }
  g_string_append_c (csv, '"');
  for (const char *c = text; *c != '\0'; c++)
    {
      if (*c == '"')
        g_string_append_c (csv, '"');
      g_string_append_c (csv, *c);
    }
  g_string_append_c (csv, '"');
}

char *
slope_prediction_rows_to_csv (GListModel *rows)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  GString *csv;

  g_return_val_if_fail (G_IS_LIST_MODEL (rows), NULL);

  csv = g_string_new ("file,prediction,probability,error\n");
  for (guint i = 0; i < g_list_model_get_n_items (rows); i++)
    {
      g_autoptr (SlopePredictionRow) row = g_list_model_get_item (rows, i);

      append_field (csv, row->name);
      g_string_append_c (csv, ',');
      append_field (csv, row->predicted);
      g_string_append_c (csv, ',');
      if (row->sure >= 0.)
        g_string_append (csv, g_ascii_formatd (number, sizeof number, "%.4f", row->sure));
      g_string_append_c (csv, ',');
      append_field (csv, row->reason);
      g_string_append_c (csv, '\n');
    }
  return g_string_free (csv, FALSE);
}
