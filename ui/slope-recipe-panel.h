/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <slope/slope.h>

G_BEGIN_DECLS

/**
 * SlopeRecipePanel:
 *
 * The recipe of the next run at the side of the Train page: stages, network, pictures, more; the
 * button that trains it (action train.start) and what is known of how long that takes.  The
 * project remembers the recipe.
 *
 * Signals: "changed": the recipe, the open stage or what is known about them is another.
 */
#define SLOPE_TYPE_RECIPE_PANEL (slope_recipe_panel_get_type ())
G_DECLARE_FINAL_TYPE (SlopeRecipePanel, slope_recipe_panel, SLOPE, RECIPE_PANEL, AdwBin)

GtkWidget      *slope_recipe_panel_new          (void);
void            slope_recipe_panel_set_project  (SlopeRecipePanel *self, SlProject *project); /* nullable */
/* (transfer none): valid until the recipe changes. */
const SlRecipe *slope_recipe_panel_get_recipe   (SlopeRecipePanel *self);
/* Run whose weights the network starts from; 0: none. */
gint64          slope_recipe_panel_get_from_run (SlopeRecipePanel *self);
void            slope_recipe_panel_set_from_run (SlopeRecipePanel *self, gint64 run_id);
/* Layer groups of the network, head included. */
guint           slope_recipe_panel_get_n_groups (SlopeRecipePanel *self);
/* The stage that a pick on the curve fills. */
guint           slope_recipe_panel_get_stage    (SlopeRecipePanel *self);
void            slope_recipe_panel_set_rate     (SlopeRecipePanel *self, guint stage, double low, double high);
void            slope_recipe_panel_set_batch    (SlopeRecipePanel *self, guint batch);
/* What is done about unequal classes; opens where that is chosen. */
void            slope_recipe_panel_set_balance  (SlopeRecipePanel *self, SlBalance balance);
/* The batch size that a run would use: the recipe's, or the automatic one; 0: not known yet. */
guint           slope_recipe_panel_get_batch    (SlopeRecipePanel *self);
void            slope_recipe_panel_add_stage    (SlopeRecipePanel *self);
/* Takes over what is being typed; FALSE when it is not valid: the entry is marked. */
gboolean        slope_recipe_panel_commit       (SlopeRecipePanel *self);
/* Puts another run's recipe in. */
void            slope_recipe_panel_set_recipe   (SlopeRecipePanel *self, const SlRecipe *recipe);
/* Stage that is being trained, -1: no training; @progress: 0 … 1 of the stage. */
void            slope_recipe_panel_set_training (SlopeRecipePanel *self, int stage, double progress);
/* (nullable): the run that is looked at: where its stages can be trained again, theirs say so. */
void            slope_recipe_panel_set_past     (SlopeRecipePanel *self, SlRun *run);
/* "2 stages, 6 epochs" and "about 1 min 20 s", empty when there is nothing to tell it from.  (transfer full) */
char           *slope_recipe_panel_dup_summary  (SlopeRecipePanel *self);
char           *slope_recipe_panel_dup_time     (SlopeRecipePanel *self);
/* Whether the button at the bottom is shown here (else it stands below the page). */
void            slope_recipe_panel_set_bottom   (SlopeRecipePanel *self, gboolean visible);

G_END_DECLS
