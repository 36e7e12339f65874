/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-table-look.h"

#include <glib/gi18n.h>

#define MAX_COLUMNS 40 /* that are drawn; columns that mean something always are */
#define MAX_CHARS 22

struct _SlopeTableLook
{
  AdwBin parent_instance;
  GtkGrid *grid;
};

G_DEFINE_FINAL_TYPE (SlopeTableLook, slope_table_look, ADW_TYPE_BIN)

static const char *
word_for (const SlopeTableMeaning *meaning, int column)
{
  if (column == meaning->name)
    return meaning->texts ? _ ("Texts") : _ ("Names");
  if (column == meaning->split)
    return _ ("Validation");
  return column >= meaning->first && column <= meaning->last ? _ ("Labels") : "";
}

static void
add_cell (SlopeTableLook *self, int place, int line, const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0.f);
  gtk_label_set_single_line_mode (GTK_LABEL (label), TRUE);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), MAX_CHARS);
  /* What is ellipsised would else be given no more than three dots in a grid that scrolls. */
  gtk_label_set_width_chars (GTK_LABEL (label), (int)MIN (g_utf8_strlen (text, -1), MAX_CHARS));
  gtk_widget_set_tooltip_text (label, text);
  gtk_widget_add_css_class (label, "look-cell");
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  gtk_grid_attach (self->grid, label, place, line, 1, 1);
}

static void
empty (SlopeTableLook *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->grid))) != NULL)
    gtk_grid_remove (self->grid, child);
}

static void
slope_table_look_class_init (SlopeTableLookClass *klass)
{
}

static void
slope_table_look_init (SlopeTableLook *self)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();

  self->grid = GTK_GRID (gtk_grid_new ());
  gtk_widget_add_css_class (GTK_WIDGET (self->grid), "table-look");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->grid), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("First rows of the table"), -1);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_AUTOMATIC,
                                  GTK_POLICY_NEVER);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), GTK_WIDGET (self->grid));
  adw_bin_set_child (ADW_BIN (self), scroller);
}

GtkWidget *
slope_table_look_new (void)
{
  return g_object_new (SLOPE_TYPE_TABLE_LOOK, NULL);
}

void
slope_table_look_set (SlopeTableLook *self, const char *const *cells, guint n_rows, guint n_columns,
                      gboolean has_header, const SlopeTableMeaning *meaning)
{
  int place = 0;

  g_return_if_fail (SLOPE_IS_TABLE_LOOK (self));

  empty (self);
  for (guint column = 0; column < n_columns; column++)
    {
      const char *word = word_for (meaning, (int)column);

      if (place >= MAX_COLUMNS && (int)column != meaning->name && (int)column != meaning->split)
        continue;
      add_cell (self, place, 0, word, "look-word");
      for (guint row = 0; row < n_rows; row++)
        add_cell (self, place, (int)row + 1, cells[row * n_columns + column],
                  row == 0 && has_header ? "look-header"
                  : *word != '\0'        ? "look-chosen"
                                         : NULL);
      place++;
    }
}
