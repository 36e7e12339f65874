/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slope-guide-list.h"

#include "config.h"
#include "slope-colors.h"

#include <glib/gi18n.h>

typedef struct
{
  GtkWidget *row;
  GtkToggleButton *button;
  double low, high;
} GuideRow;

/* A row for each rule, made once, so that a button keeps the focus while the rates change. */
struct _SlopeGuideList
{
  AdwBin parent_instance;
  GtkListBox *list;
  GuideRow rows[SL_N_GUIDES];
};

G_DEFINE_FINAL_TYPE (SlopeGuideList, slope_guide_list, ADW_TYPE_BIN)

enum
{
  TAKEN,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
clicked (SlopeGuideList *self, GtkToggleButton *button)
{
  for (guint kind = 0; kind < SL_N_GUIDES; kind++)
    if (self->rows[kind].button == button)
      {
        /* The one that has been taken stays down. */
        gtk_toggle_button_set_active (button, TRUE);
        g_signal_emit (self, signals[TAKEN], 0, self->rows[kind].low, self->rows[kind].high);
      }
}

static void
add_row (SlopeGuideList *self, SlGuideKind kind)
{
  GuideRow *row = &self->rows[kind];
  row->row = adw_action_row_new ();
  row->button = GTK_TOGGLE_BUTTON (gtk_toggle_button_new ());
  gtk_widget_set_valign (GTK_WIDGET (row->button), GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (GTK_WIDGET (row->button), "numeric");
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row->row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row->row), gettext (sl_guide_label (kind)));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row->row), gettext (sl_guide_reason (kind)));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row->row), GTK_WIDGET (row->button));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row->row), FALSE);
  gtk_widget_set_visible (row->row, FALSE);
  g_signal_connect_object (row->button, "clicked", G_CALLBACK (clicked), self, G_CONNECT_SWAPPED);
  gtk_list_box_append (self->list, row->row);
}

static void
slope_guide_list_class_init (SlopeGuideListClass *klass)
{
  signals[TAKEN] = g_signal_new ("taken", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 2, G_TYPE_DOUBLE, G_TYPE_DOUBLE);
}

static void
slope_guide_list_init (SlopeGuideList *self)
{
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Suggested rates"), -1);
  for (guint kind = 0; kind < SL_N_GUIDES; kind++)
    add_row (self, kind);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->list));
}

GtkWidget *
slope_guide_list_new (void)
{
  return g_object_new (SLOPE_TYPE_GUIDE_LIST, NULL);
}

static void
show_guide (GuideRow *row, const SlGuide *guide, double low, double high)
{
  g_autofree char *rate = slope_format_rates (guide->low, guide->high);
  /* Translators: a rule and the rate it suggests: "Steepest slope: 3e-3" */
  g_autofree char *name = g_strdup_printf (_ ("%s: %s"), gettext (sl_guide_label (guide->kind)),
                                           rate);
  row->low = guide->low;
  row->high = guide->high;
  gtk_button_set_label (GTK_BUTTON (row->button), rate);
  gtk_toggle_button_set_active (row->button, guide->low == low && guide->high == high);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row->button), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  -1);
}

void
slope_guide_list_set (SlopeGuideList *self, const SlGuide *guides, guint n, double low, double high)
{
  gboolean shown[SL_N_GUIDES] = { FALSE };
  g_return_if_fail (SLOPE_IS_GUIDE_LIST (self));
  for (guint i = 0; i < n; i++)
    {
      shown[guides[i].kind] = TRUE;
      show_guide (&self->rows[guides[i].kind], &guides[i], low, high);
    }
  for (guint kind = 0; kind < SL_N_GUIDES; kind++)
    gtk_widget_set_visible (self->rows[kind].row, shown[kind]);
  gtk_widget_set_visible (GTK_WIDGET (self), n > 0);
}
