/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slope-baseline-row.h"

#include "config.h"
#include "slope-colors.h"
#include "slope-run-text.h"

#include <glib/gi18n.h>
#include <math.h>

struct _SlopeBaselineRow
{
  AdwActionRow parent_instance;
  GtkLabel *value;
  GCancellable *cancellable; /* owned; of what is asked; NULL: nothing is */
};

G_DEFINE_FINAL_TYPE (SlopeBaselineRow, slope_baseline_row, ADW_TYPE_ACTION_ROW)

static void
stop (SlopeBaselineRow *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
known (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (SlopeBaselineRow) self = data;
  SlProject *project = SL_PROJECT (source);
  const SlTask *task = sl_project_get_task (project);
  int metric = slope_task_shown_metric (task);
  g_autofree char *figure = NULL;
  double metrics[SL_MAX_METRICS];
  gboolean any = sl_project_baseline_finish (project, result, metrics, NULL);
  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return; /* asked again since, or gone */
  any = any && metric >= 0 && !isnan (metrics[metric]);
  if (any)
    figure = slope_format_metric (task->metrics[metric].name, metrics[metric]);
  gtk_label_set_label (self->value, figure ? figure : "");
  gtk_widget_set_visible (GTK_WIDGET (self), any);
}

static void
say_what (SlopeBaselineRow *self, gboolean texts)
{
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self),
                               texts ? _ ("The same answer for every text")
                                     : _ ("The same answer for every picture"));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self),
                               texts ? _ ("What the most usual answer reaches, given to every "
                                          "text: a run that does no better has learned nothing "
                                          "from them")
                                     : _ ("What the most usual answer reaches, given to every "
                                          "picture: a run that does no better has learned nothing "
                                          "from them"));
}

void
slope_baseline_row_update (SlopeBaselineRow *self, SlProject *project, const SlRecipe *recipe)
{
  g_return_if_fail (SLOPE_IS_BASELINE_ROW (self) && SL_IS_PROJECT (project));
  stop (self);
  if (sl_project_get_task (project)->texts && recipe->learn == SL_LEARN_LANGUAGE)
    {
      gtk_widget_set_visible (GTK_WIDGET (self), FALSE); /* there is no one answer */
      return;
    }
  say_what (self, sl_project_get_task (project)->texts);
  self->cancellable = g_cancellable_new ();
  sl_project_baseline_async (project, recipe, self->cancellable, known, g_object_ref (self));
}

static void
slope_baseline_row_dispose (GObject *object)
{
  stop (SLOPE_BASELINE_ROW (object));
  G_OBJECT_CLASS (slope_baseline_row_parent_class)->dispose (object);
}

static void
slope_baseline_row_class_init (SlopeBaselineRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = slope_baseline_row_dispose;
}

static void
slope_baseline_row_init (SlopeBaselineRow *self)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  self->value = GTK_LABEL (gtk_label_new (NULL));
  gtk_widget_add_css_class (GTK_WIDGET (self->value), "numeric");
  gtk_widget_add_css_class (GTK_WIDGET (self->value), "dim-label");
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), _ ("Without Looking"));
  gtk_widget_set_size_request (line, 16, -1); /* runs have their curve's line here */
  adw_action_row_add_prefix (ADW_ACTION_ROW (self), line);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), GTK_WIDGET (self->value));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

GtkWidget *
slope_baseline_row_new (void)
{
  return g_object_ref_sink (g_object_new (SLOPE_TYPE_BASELINE_ROW, NULL));
}
