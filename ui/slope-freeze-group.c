/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slope-freeze-group.h"

#include "config.h"

/* Each costs an epoch of the body: half of the four that the course trains the head for. */
#define VIEWS 2

struct _SlopeFreezeGroup
{
  AdwPreferencesGroup parent_instance;
  SlRecipe *recipe; /* not owned; NULL: none yet */
  gboolean filling; /* the widgets are being set: no change by the person */
  GtkSwitch *norms, *keep;
  GtkWidget *views_row;
  GtkSpinButton *views;
};

G_DEFINE_FINAL_TYPE (SlopeFreezeGroup, slope_freeze_group, ADW_TYPE_PREFERENCES_GROUP)

enum
{
  CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static gboolean
keeps (const SlRecipe *recipe)
{
  return recipe->freeze_norms && recipe->views > 0;
}

static void
fill (SlopeFreezeGroup *self)
{
  self->filling = TRUE;
  gtk_switch_set_active (self->norms, self->recipe->freeze_norms);
  gtk_switch_set_active (self->keep, keeps (self->recipe));
  gtk_widget_set_visible (self->views_row, keeps (self->recipe));
  if (self->recipe->views > 0)
    gtk_spin_button_set_value (self->views, self->recipe->views);
  self->filling = FALSE;
}

static void
changed (SlopeFreezeGroup *self)
{
  fill (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* Outputs of norms that learn are other ones every time: they cannot be kept. */
static void
norms_changed (SlopeFreezeGroup *self)
{
  if (self->filling)
    return;
  self->recipe->freeze_norms = gtk_switch_get_active (self->norms);
  if (!self->recipe->freeze_norms)
    self->recipe->views = 0;
  changed (self);
}

static void
keep_changed (SlopeFreezeGroup *self)
{
  gboolean keep = gtk_switch_get_active (self->keep);
  if (self->filling)
    return;
  self->recipe->views = keep ? VIEWS : 0;
  self->recipe->freeze_norms |= keep;
  changed (self);
}

static void
views_changed (SlopeFreezeGroup *self)
{
  if (self->filling)
    return;
  self->recipe->views = (guint)gtk_spin_button_get_value_as_int (self->views);
  changed (self);
}

static void
slope_freeze_group_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), SLOPE_TYPE_FREEZE_GROUP);
  G_OBJECT_CLASS (slope_freeze_group_parent_class)->dispose (object);
}

static void
slope_freeze_group_class_init (SlopeFreezeGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = slope_freeze_group_dispose;
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/slopeml/Slope/slope-freeze-group.ui");
  gtk_widget_class_bind_template_child (widget_class, SlopeFreezeGroup, norms);
  gtk_widget_class_bind_template_child (widget_class, SlopeFreezeGroup, keep);
  gtk_widget_class_bind_template_child (widget_class, SlopeFreezeGroup, views_row);
  gtk_widget_class_bind_template_child (widget_class, SlopeFreezeGroup, views);
  gtk_widget_class_bind_template_callback (widget_class, norms_changed);
  gtk_widget_class_bind_template_callback (widget_class, keep_changed);
  gtk_widget_class_bind_template_callback (widget_class, views_changed);
}

static void
slope_freeze_group_init (SlopeFreezeGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
slope_freeze_group_set_recipe (SlopeFreezeGroup *self, SlRecipe *recipe)
{
  const SlArch *arch;
  gboolean frozen = FALSE;
  g_return_if_fail (SLOPE_IS_FREEZE_GROUP (self));
  g_return_if_fail (recipe != NULL);
  arch = sl_arch_find (recipe->arch);
  self->recipe = recipe;
  for (guint i = 0; i < recipe->n_stages; i++)
    frozen |= recipe->stages[i].freeze_to > 0;
  /* Networks for texts have no batch norms, and their outputs are as many as their words. */
  gtk_widget_set_visible (GTK_WIDGET (self), frozen && !(arch && arch->texts));
  fill (self);
}
