/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>
#include <slope/slope.h>

G_BEGIN_DECLS

/* How much a caption under a picture says. */
typedef enum
{
  SLOPE_CAPTION_LABEL, /* the item's own target: Data */
  SLOPE_CAPTION_REVIEW /* target and what the model says of it: Clean */
} SlopeCaptionKind;

typedef void (*SlopeTargetChosen) (const char *target, gpointer user_data);

/**
 * SlopeTaskView:
 *
 * The window's half of an #SlTask: how a target is drawn, edited and explained.  The pages know
 * only this table; a new kind of problem is a new table in this folder.
 *
 * @classes is everywhere the project's list: %NULL-terminated, sorted, its index is the colour.
 * All functions run on the main thread.
 */
typedef struct
{
  const char *task; /* id of the SlTask */

  /* A target in words, for captions, tables and screen readers: "clear, primary"; "roll 12.5, pitch −3.4". */
  char       *(*say_target)  (const char *const *classes, const char *target); /* (transfer full) */
  /* The same of what a model says; %NULL: words add nothing to those of the target. */
  char       *(*say_answer)  (const char *const *classes, const char *predicted); /* (nullable) */

  /* The line under a picture.  caption_set() is called again whenever the item changes. */
  GtkWidget  *(*caption_new) (void);
  void        (*caption_set) (GtkWidget *caption, const char *const *classes, SlItem *item,
                              SlopeCaptionKind kind);

  /* (nullable): @target, and beside it @predicted, drawn over the whole of a picture of these pixels;
   * each may be %NULL.  (transfer full) (nullable).  It changes its contents when they come later. */
  GdkPaintable *(*overlay_new) (const char *const *classes, const char *target,
                                const char *predicted, int width, int height);
  gboolean      overlay_hides; /* it covers the picture: the person says how much is seen through it */
  /* (nullable), both: what can be dragged: graphene_point_t in pixels of the picture, x is NaN where there
   * is nothing; and the target with one of them elsewhere.  (transfer full) */
  GArray       *(*handles)     (const char *target);
  char         *(*move_handle) (const char *target, guint index, double x, double y);

  /* (nullable): target that the key @digit (1 … 9) stands for; %NULL: none. */
  const char *(*target_for_digit) (const char *const *classes, guint digit);
  /* (nullable): what stands in the "Relabel" popover; @chosen gets the new target. */
  GtkWidget  *(*chooser_new) (const char *const *classes, SlopeTargetChosen chosen,
                              gpointer user_data);
  /* (nullable): that what is chosen is a change of a target, and what comes of it; @target is nullable.
   * (transfer full) */
  char       *(*edit)        (const char *const *classes, const char *target, const char *chosen);
  /* (nullable): before the chooser opens: shows what these pictures, SlItem, have. */
  void        (*chooser_set_items)   (GtkWidget *chooser, GPtrArray *items);
  /* (nullable): what a digit does in the open chooser, where none stands for a target. */
  gboolean    (*chooser_press_digit) (GtkWidget *chooser, guint digit);

  /* (nullable): what a model says of one picture, at length; without it the words are all. */
  const char   *answer_heading; /* (nullable): over it, marked with N_(); %NULL: how sure the model is */
  GtkWidget  *(*answer_new)  (void);
  void        (*answer_set)  (GtkWidget *answer, const char *const *classes,
                              const SlPrediction *prediction, const SlRecipe *recipe);
} SlopeTaskView;

/* The view of @task; every task has one. */
const SlopeTaskView *slope_task_view_for (const SlTask *task);

/* What a model says, in words, also where they add nothing to a label's.  (transfer full) */
char *slope_task_view_say      (const SlopeTaskView *self, const char *const *classes,
                                const char *predicted);

/* The new targets of @items (SlItem) once @chosen is chosen, as many; those of items that stay as they are
 * are dropped together with these.  (transfer full): of char * */
GPtrArray *slope_task_view_choose (const SlopeTaskView *self, const char *const *classes,
                                   GPtrArray *items, const char *chosen);

/* The item in words, for screen readers: "label grizzly, model says black, loss 4.63".
 * (transfer full) */
char *slope_task_view_describe (const SlopeTaskView *self, const char *const *classes, SlItem *item,
                                SlopeCaptionKind kind);

extern const SlopeTaskView slope_classify_view;
extern const SlopeTaskView slope_multilabel_view;
extern const SlopeTaskView slope_segment_view;
extern const SlopeTaskView slope_points_view;
extern const SlopeTaskView slope_numbers_view, slope_text_view;

G_END_DECLS
