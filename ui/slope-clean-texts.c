/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Texts in Clean: rows in place of tiles, the selected one at length, and words that do not speak of pictures. */
#include "config.h"

#include "slope-clean-page-private.h"

#include "slope-grid-columns.h"
#include "slope-text-row.h"

#include <glib/gi18n.h>

#define TILE_PX 168

gboolean
_slope_clean_page_has_texts (SlopeCleanPage *self)
{
  return self->project != NULL && sl_project_get_task (self->project)->texts;
}

/* ---- What stands in a place of the list */

GtkWidget *
_slope_clean_page_row_new (SlopeCleanPage *self)
{
  if (_slope_clean_page_has_texts (self))
    return slope_text_row_new (self->project, SLOPE_CAPTION_REVIEW);
  return slope_tile_new (sl_project_get_task (self->project),
                         sl_project_get_classes (self->project), SLOPE_CAPTION_REVIEW, TILE_PX);
}

void
_slope_clean_page_row_set_item (GtkWidget *row, SlItem *item)
{
  if (SLOPE_IS_TEXT_ROW (row))
    slope_text_row_set_item (SLOPE_TEXT_ROW (row), item);
  else
    slope_tile_set_item (SLOPE_TILE (row), item);
}

SlItem *
_slope_clean_page_row_get_item (GtkWidget *row)
{
  if (SLOPE_IS_TEXT_ROW (row))
    return slope_text_row_get_item (SLOPE_TEXT_ROW (row));
  return SLOPE_IS_TILE (row) ? slope_tile_get_item (SLOPE_TILE (row)) : NULL;
}

/* ---- Words */

static void
set_page_words (SlopeCleanPage *self, gboolean texts)
{
  const struct
  {
    GtkWidget *page;
    const char *pictures, *texts;
  } words[] = {
    { self->empty_page,
      N_ ("A trained model shows here which pictures it gets most wrong: often their labels are "
          "the mistake."),
      N_ ("A model trained on the labels shows here which texts it gets most wrong: often their "
          "labels are the mistake.") },
    { self->training_page,
      N_ ("When the run ends, its model looks at every picture and shows here what it gets most "
          "wrong."),
      N_ ("When the run ends, its model reads every text and shows here what it gets most "
          "wrong.") },
    { self->look_page,
      N_ ("The newest model looks at every picture once and brings up what it gets most wrong."),
      N_ ("The newest model reads every text once and brings up what it gets most wrong.") },
    { self->working_page, N_ ("The worst come up here in a moment."),
      N_ ("The worst come up here in a moment.") },
    { self->no_matches_page, N_ ("No picture fits what is chosen above."),
      N_ ("No text fits what is chosen above.") },
    { self->done_page, N_ ("Every picture is kept, relabelled or removed."),
      N_ ("Every text is kept, relabelled or removed.") },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    adw_status_page_set_description (ADW_STATUS_PAGE (words[i].page),
                                     _ (texts ? words[i].texts : words[i].pictures));
  adw_status_page_set_title (ADW_STATUS_PAGE (self->working_page),
                             texts ? _ ("Reading Every Text") : _ ("Looking at Every Picture"));
}

static void
name (gpointer widget, GtkAccessibleProperty property, const char *text)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), property, text, -1);
}

static void
set_words (SlopeCleanPage *self, gboolean texts)
{
  const char *looked_at = texts ? _ ("Texts read by the model")
                                : _ ("Pictures looked at by the model");

  set_page_words (self, texts);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->chip),
                               texts ? _ ("Show all texts again") : _ ("Show all pictures again"));
  name (self->working_progress, GTK_ACCESSIBLE_PROPERTY_LABEL, looked_at);
  name (self->progress, GTK_ACCESSIBLE_PROPERTY_LABEL, looked_at);
  name (self->grid, GTK_ACCESSIBLE_PROPERTY_LABEL, texts ? _ ("Texts") : _ ("Pictures"));
  name (self->selected, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
        texts ? _ ("Selected texts") : _ ("Selected pictures"));
  name (self->counter, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
        texts ? _ ("Texts looked at") : _ ("Pictures looked at"));
}

/* ---- For the page */

void
_slope_clean_page_begin_texts (SlopeCleanPage *self)
{
  const gboolean texts = _slope_clean_page_has_texts (self);

  set_words (self, texts);
  /* One below the other, however wide the window is. */
  gtk_grid_view_set_min_columns (self->grid, texts ? 1 : 2);
  if (texts)
    gtk_grid_view_set_max_columns (self->grid, 1);
  slope_grid_fit_columns (self->grid, texts ? G_MAXINT : TILE_PX);
  gtk_widget_set_visible (GTK_WIDGET (self->reader), texts);
  gtk_widget_set_visible (GTK_WIDGET (self->views_toggle), !texts);
  slope_text_reader_set_project (self->reader, texts ? self->project : NULL);
}

void
_slope_clean_page_end_texts (SlopeCleanPage *self)
{
  slope_text_reader_set_project (self->reader, NULL);
}

void
_slope_clean_page_read_selected (SlopeCleanPage *self)
{
  g_autoptr (SlItem) item = NULL;

  if (!_slope_clean_page_has_texts (self))
    return;
  item = _slope_clean_page_dup_selected (self);
  slope_text_reader_set_item (self->reader, item);
}

void
_slope_clean_page_class_bind_texts (GtkWidgetClass *widget_class)
{
  g_type_ensure (SLOPE_TYPE_TEXT_READER);
  gtk_widget_class_bind_template_child (widget_class, SlopeCleanPage, empty_page);
  gtk_widget_class_bind_template_child (widget_class, SlopeCleanPage, training_page);
  gtk_widget_class_bind_template_child (widget_class, SlopeCleanPage, look_page);
  gtk_widget_class_bind_template_child (widget_class, SlopeCleanPage, working_page);
  gtk_widget_class_bind_template_child (widget_class, SlopeCleanPage, no_matches_page);
  gtk_widget_class_bind_template_child (widget_class, SlopeCleanPage, done_page);
  gtk_widget_class_bind_template_child (widget_class, SlopeCleanPage, reader);
}
