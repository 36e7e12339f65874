/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "slope-note.h"
#include "slope-progress-view.h"
#include "slope-rate-view.h"
#include "slope-recipe-panel.h"
#include "slope-runs-view.h"
#include "slope-train-page.h"

G_BEGIN_DECLS

/* What the button of the failure note mends. */
typedef enum
{
  SLOPE_MEND_NOTHING,
  SLOPE_MEND_BATCH,
  SLOPE_MEND_RATE
} SlopeMend;

struct _SlopeTrainPage
{
  AdwBin             parent_instance;
  SlProject         *project;   /* owned; NULL: none */
  GSignalGroup      *project_signals;
  SlopeJobBar       *job_bar;   /* weak; NULL: none */
  SlRun             *run;       /* owned; shown in Progress; NULL: none */
  gint64             followed;  /* run that the view went to when it began */
  SlJob              job;       /* as last seen */
  gboolean           show_sidebar, compact;
  gboolean           filling;   /* the chooser is being set */
  guint              compact_source;
  SlopeMend          mend;
  guint              mend_batch;
  SlRecipe          *repeated;     /* owned: of the sweep that is being repeated; NULL: none */
  gint64             repeated_run; /* whose weights it begins with, 0: none */
  guint              repeated_stage, repeats_left;

  AdwFlap           *flap;
  SlopeRecipePanel  *panel;
  GtkWidget         *middle, *recipe_list, *find_again, *bottom, *switcher;
  AdwActionRow      *recipe_row;
  GtkCenterBox      *toolbar;
  AdwButtonContent  *find_again_content;
  GtkDropDown       *run_chooser;
  SlopeNote         *failure;
  GtkStack          *views;
  GtkToggleButton   *view_rate, *view_progress, *view_runs;
  SlopeRateView     *rate_view;
  SlopeProgressView *progress_view;
  SlopeRunsView     *runs_view;
  GtkLabel          *kept;
  GtkLabel          *bottom_summary, *bottom_time;
};

/* slope-train-actions.c */
void   _slope_train_page_install_actions (GtkWidgetClass *klass);
void   _slope_train_page_update_actions  (SlopeTrainPage *self);
/* Red note: what happened, what to do, and the button that mends it. */
void   _slope_train_page_show_failure    (SlopeTrainPage *self, const GError *error);
void   _slope_train_page_hide_failure    (SlopeTrainPage *self);
SlRun *_slope_train_page_find_run        (SlopeTrainPage *self, gint64 id); /* (transfer full) (nullable) */

G_END_DECLS
