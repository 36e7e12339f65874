/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-predict-columns.h"

#include "slope-colors.h"
#include "slope-prediction-row.h"
#include "slope-swatch.h"
#include "task-views/slope-classify-caption.h"

#include <glib/gi18n.h>

static void
free_classes (gpointer classes, GClosure *closure)
{
  g_strfreev (classes);
}

static void
name_setup_cb (gpointer unused, GtkListItem *item)
{
  GtkWidget *label = gtk_label_new (NULL);

  g_object_set (label, "xalign", 0.f, "ellipsize", PANGO_ELLIPSIZE_MIDDLE, NULL);
  gtk_list_item_set_child (item, label);
}

/* "1.jpg, black, 97.4 %" */
static char *
spoken_row (SlopePredictionRow *row)
{
  const char *name = slope_prediction_row_get_name (row);
  const char *words = slope_prediction_row_get_words (row);
  g_autofree char *percent = NULL;

  if (words == NULL)
    /* translators: a row of the table of predictions, for screen readers; a file name */
    return g_strdup_printf (_ ("%s, could not be used"), name);
  if (slope_prediction_row_get_sure (row) < 0.)
    /* translators: a row of the table of predictions, for screen readers: file, answer */
    return g_strdup_printf (_ ("%1$s, %2$s"), name, words);
  percent = slope_format_percent (slope_prediction_row_get_sure (row));
  /* translators: a row of the table of predictions, for screen readers: file, class, how sure */
  return g_strdup_printf (_ ("%1$s, %2$s, %3$s"), name, words, percent);
}

static void
name_bind_cb (gpointer unused, GtkListItem *item)
{
  SlopePredictionRow *row = gtk_list_item_get_item (item);
  GtkWidget *label = gtk_list_item_get_child (item);
  GtkWidget *cell = gtk_widget_get_parent (label);
  GtkWidget *line = cell != NULL ? gtk_widget_get_parent (cell) : NULL;
  g_autofree char *spoken = spoken_row (row);

  gtk_label_set_text (GTK_LABEL (label), slope_prediction_row_get_name (row));
  if (line != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (line), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken,
                                    -1);
}

static void
said_setup_cb (gpointer unused, GtkListItem *item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *label = gtk_label_new (NULL);

  g_object_set (label, "xalign", 0.f, "ellipsize", PANGO_ELLIPSIZE_END, NULL);
  gtk_box_append (GTK_BOX (box), slope_swatch_new (-1, 14));
  gtk_box_append (GTK_BOX (box), label);
  gtk_list_item_set_child (item, box);
}

static void
said_bind_cb (char **classes, GtkListItem *item)
{
  SlopePredictionRow *row = gtk_list_item_get_item (item);
  const char *predicted = slope_prediction_row_get_predicted (row);
  GtkWidget *box = gtk_list_item_get_child (item);
  GtkWidget *label = gtk_widget_get_last_child (box);

  slope_swatch_set_index (SLOPE_SWATCH (gtk_widget_get_first_child (box)),
                          slope_class_index ((const char *const *)classes, predicted));
  gtk_label_set_text (GTK_LABEL (label), predicted != NULL ? slope_prediction_row_get_words (row)
                                                           : _ ("Could not be used"));
  gtk_widget_set_tooltip_text (label, slope_prediction_row_get_reason (row));
  if (predicted != NULL)
    gtk_widget_remove_css_class (label, "error");
  else
    gtk_widget_add_css_class (label, "error");
}

static void
sure_setup_cb (gpointer unused, GtkListItem *item)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 1.f);
  gtk_widget_add_css_class (label, "numeric");
  gtk_list_item_set_child (item, label);
}

static void
sure_bind_cb (gpointer unused, GtkListItem *item)
{
  const double sure = slope_prediction_row_get_sure (gtk_list_item_get_item (item));
  g_autofree char *text = sure >= 0. ? slope_format_percent (sure) : g_strdup ("");

  gtk_label_set_text (GTK_LABEL (gtk_list_item_get_child (item)), text);
}

static int
compare_names (gconstpointer a, gconstpointer b, gpointer user_data)
{
  return g_utf8_collate (slope_prediction_row_get_name ((SlopePredictionRow *)a),
                         slope_prediction_row_get_name ((SlopePredictionRow *)b));
}

static int
compare_said (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const char *first = slope_prediction_row_get_words ((SlopePredictionRow *)a);
  const char *second = slope_prediction_row_get_words ((SlopePredictionRow *)b);

  /* What could not be used comes first: that is what one looks for. */
  if (first == NULL || second == NULL)
    return (first != NULL) - (second != NULL);
  return g_utf8_collate (first, second);
}

static int
compare_sure (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const double first = slope_prediction_row_get_sure ((SlopePredictionRow *)a);
  const double second = slope_prediction_row_get_sure ((SlopePredictionRow *)b);

  return first < second   ? GTK_ORDERING_SMALLER
         : first > second ? GTK_ORDERING_LARGER
                          : GTK_ORDERING_EQUAL;
}

static void
add_column (GtkColumnView *table, const char *const *classes, const char *title, GCallback setup,
            GCallback bind, GCompareDataFunc compare, gboolean expand)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkColumnViewColumn) column = gtk_column_view_column_new (title, factory);
  g_autoptr (GtkSorter) sorter = GTK_SORTER (gtk_custom_sorter_new (compare, NULL, NULL));

  g_signal_connect_data (factory, "setup", setup, NULL, NULL, G_CONNECT_SWAPPED);
  g_signal_connect_data (factory, "bind", bind, g_strdupv ((char **)classes), free_classes,
                         G_CONNECT_SWAPPED);
  gtk_column_view_column_set_sorter (column, sorter);
  gtk_column_view_column_set_expand (column, expand);
  gtk_column_view_column_set_resizable (column, TRUE);
  gtk_column_view_append_column (table, column);
}

void
slope_predict_columns_set (GtkColumnView *table, const char *const *classes)
{
  GListModel *columns;

  g_return_if_fail (GTK_IS_COLUMN_VIEW (table));

  columns = gtk_column_view_get_columns (table);
  while (g_list_model_get_n_items (columns) > 0)
    {
      g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (columns, 0);

      gtk_column_view_remove_column (table, column);
    }
  if (classes == NULL)
    return;
  add_column (table, classes, _ ("File"), G_CALLBACK (name_setup_cb), G_CALLBACK (name_bind_cb),
              compare_names, TRUE);
  add_column (table, classes, _ ("Prediction"), G_CALLBACK (said_setup_cb),
              G_CALLBACK (said_bind_cb), compare_said, TRUE);
  add_column (table, classes, C_ ("column", "Sure"), G_CALLBACK (sure_setup_cb),
              G_CALLBACK (sure_bind_cb), compare_sure, FALSE);
}
