/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "slope-clean-page.h"
#include "slope-heat-maps.h"
#include "slope-mask-editor.h"
#include "slope-note.h"
#include "slope-review-list.h"
#include "slope-review-panel.h"
#include "slope-text-reader.h"
#include "slope-tile.h"
#include "task-views/slope-task-view.h"

G_BEGIN_DECLS

struct _SlopeCleanPage
{
  AdwBin               parent_instance;
  SlProject           *project; /* owned; NULL: none */
  GSignalGroup        *project_signals;
  const SlopeTaskView *view; /* of the project's task */
  SlopeReviewList     *list;
  GtkMultiSelection   *selection;
  GCancellable        *evaluation;   /* while this page's own evaluation runs */
  gboolean             evaluation_tta; /* of that: nine views */
  gint64               declined_run; /* evaluation failed or was stopped: not begun again by itself */
  AdwToast            *toast;        /* the one that shows; weak */
  gboolean             wants_focus;  /* the pictures take it once they are there */
  guint                refresh_id;   /* idle */
  guint                fill_id;      /* idle: the grid gets its tiles */
  gboolean             stale;        /* pictures have changed while the page was hidden */
  GPtrArray           *spare_tiles;  /* or rows, of this project, to be used again; owned */
  guint                focus_id;     /* tick callback that waits for a tile to exist */
  guint                focus_tries;
  SlItem              *focus_item; /* owned; the one it waits for */
  gboolean             acting;     /* a change of the project is this page's own */
  int                  split;      /* -1: all */
  SlopeAnswers        *maps;       /* owned: heat maps */
  SlopeAnswers        *answers;    /* owned: predicted masks */
  SlopeMaskEditor     *editor;     /* owned */
  guint                maps_tick;  /* what is seen has changed, or what is known of it: one frame, */
  guint                maps_id;    /* and then an idle */

  /* template children: not owned */
  AdwToastOverlay *page_toasts; /* where there is no grid */
  GtkStack        *stack;
  GtkProgressBar  *working_progress;
  AdwFlap         *flap;
  GtkWidget       *empty_page; /* status pages, whose words depend on what the project is of */
  GtkWidget       *training_page;
  GtkWidget       *look_page;
  GtkWidget       *working_page;
  GtkWidget       *no_matches_page;
  GtkWidget       *done_page;
  GtkDropDown     *order;
  GtkDropDown     *set;
  GtkButton       *chip;
  GtkLabel        *chip_label;
  GtkLabel        *counter;
  GtkToggleButton *hide_done;
  GtkToggleButton *heat_toggle;
  GtkWidget *show_labels; /* where they are drawn over pictures */
  GtkRevealer     *heat_revealer;
  GtkLabel        *heat_line;
  GtkToggleButton *views_toggle;
  GtkRevealer     *views_revealer;
  GtkLabel        *views_line;
  GtkRevealer     *progress_revealer;
  GtkLabel        *progress_label;
  GtkProgressBar  *progress;
  SlopeNote       *failure;
  AdwToastOverlay *toasts; /* over the grid */
  GtkStack        *grid_stack;
  GtkScrolledWindow *scroller;
  GtkGridView     *grid;
  SlopeTextReader *reader; /* of the selected text, below the others */
  SlopeNote       *advice;
  GtkLabel        *selected;
  GtkLabel        *hint;
  GtkMenuButton   *relabel;
  GtkWidget       *relabel_popover;
  SlopeReviewPanel *panel;
};

/* slope-clean-actions.c: what is done to the selected pictures. */
void _slope_clean_page_class_add_actions (GtkWidgetClass *widget_class);
void _slope_clean_page_add_keys          (SlopeCleanPage *self);
void _slope_clean_page_set_chooser      (SlopeCleanPage *self); /* of a new project */
void _slope_clean_page_update_actions    (SlopeCleanPage *self);
void _slope_clean_page_dismiss_toast     (SlopeCleanPage *self);
void _slope_clean_page_drop_focus        (SlopeCleanPage *self);
void _slope_clean_page_select            (SlopeCleanPage *self, SlItem *item); /* and scrolls there */

/* slope-clean-heat-maps.c: heat maps over the pictures that are seen. */
void _slope_clean_page_class_bind_heat_maps (GtkWidgetClass *widget_class);
void _slope_clean_page_init_heat_maps       (SlopeCleanPage *self);
void _slope_clean_page_forget_heat_maps     (SlopeCleanPage *self); /* another model, or none */
void _slope_clean_page_queue_heat_maps      (SlopeCleanPage *self);

/* slope-clean-masks.c: masks, points and numbers: over the pictures, the selected one, its label. */
void     _slope_clean_page_init_masks     (SlopeCleanPage *self);
void     _slope_clean_page_forget_answers (SlopeCleanPage *self); /* another model, or none */
gboolean _slope_clean_page_has_masks      (SlopeCleanPage *self);
gboolean _slope_clean_page_wants_answers  (SlopeCleanPage *self); /* of what is seen: to lie over it */
/* What is not known is added to @missing. */
void     _slope_clean_page_cover_tile     (SlopeCleanPage *self, SlopeTile *tile, GPtrArray *missing);
const char *_slope_clean_page_explain_masks (SlopeCleanPage *self);
/* @missing: (nullable): nothing is asked at the moment. */
void     _slope_clean_page_show_selected  (SlopeCleanPage *self, GPtrArray *missing);
SlItem  *_slope_clean_page_dup_selected   (SlopeCleanPage *self); /* (transfer full) (nullable): the only one */

/* slope-clean-texts.c: a list of texts in place of the grid, the selected one at length, and what all is called. */
void     _slope_clean_page_class_bind_texts (GtkWidgetClass *widget_class);
gboolean _slope_clean_page_has_texts        (SlopeCleanPage *self);
void     _slope_clean_page_begin_texts      (SlopeCleanPage *self); /* of a new project, or pictures */
void     _slope_clean_page_end_texts        (SlopeCleanPage *self);
void     _slope_clean_page_read_selected    (SlopeCleanPage *self);
/* What stands in a place of the list. */
GtkWidget *_slope_clean_page_row_new        (SlopeCleanPage *self);
void       _slope_clean_page_row_set_item   (GtkWidget *row, SlItem *item); /* nullable */
SlItem    *_slope_clean_page_row_get_item   (GtkWidget *row); /* (transfer none) (nullable) */

/* slope-clean-look.c: the newest model looks at every picture, in one view or in nine. */
void   _slope_clean_page_class_bind_look  (GtkWidgetClass *widget_class);
void   _slope_clean_page_begin_look       (SlopeCleanPage *self); /* of a new project */
void   _slope_clean_page_end_look         (SlopeCleanPage *self);
void   _slope_clean_page_update_look      (SlopeCleanPage *self); /* begins it where it is due */
/* (transfer full) (nullable): the newest whose weights are whole */
SlRun *_slope_clean_page_dup_newest_run   (SlopeCleanPage *self);

/* slope-clean-page.c */
void _slope_clean_page_update_state (SlopeCleanPage *self); /* what is there, and what runs */
void _slope_clean_page_refresh (SlopeCleanPage *self); /* counts, notes, side panel, filters */
/* @text: on the chip; @actual, @predicted: the cell, or -1 */
void _slope_clean_page_show_filter (SlopeCleanPage *self, int actual, int predicted, const char *text);
void _slope_clean_page_fail    (SlopeCleanPage *self, const char *heading, const GError *error);

G_END_DECLS
