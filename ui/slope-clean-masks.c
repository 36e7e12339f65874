/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Masks, points and numbers in Clean: what lies over the pictures, the selected one at length, and how its label
 * is changed. */
#include "config.h"

#include "slope-clean-page-private.h"

#include "slope-files.h"
#include "slope-mask-answers.h"
#include "slope-settings.h"
#include "slope-tile.h"

#include <glib/gi18n.h>

gboolean
_slope_clean_page_has_masks (SlopeCleanPage *self)
{
  return self->project != NULL && sl_project_get_task (self->project)->dense;
}

gboolean
_slope_clean_page_wants_answers (SlopeCleanPage *self)
{
  return _slope_clean_page_has_masks (self) && slope_mask_view_get () != SLOPE_MASK_VIEW_LABEL
         && g_settings_get_boolean (slope_settings (), "show-labels");
}

/* ---- Over the pictures */

void
_slope_clean_page_cover_tile (SlopeCleanPage *self, SlopeTile *tile, GPtrArray *missing)
{
  const gboolean dark = adw_style_manager_get_dark (adw_style_manager_get_default ());
  const gboolean errors = slope_mask_view_get () == SLOPE_MASK_VIEW_ERRORS;
  SlItem *item = slope_tile_get_item (tile);
  const SlPrediction *answer = slope_answers_lookup (self->answers, item);
  g_autoptr (GdkTexture) cover = NULL;
  graphene_rect_t where = GRAPHENE_RECT_INIT (0, 0, 1, 1);

  if (answer == NULL)
    g_ptr_array_add (missing, item);
  else
    {
      cover = errors ? slope_mask_errors_new (answer) : slope_mask_texture_new (answer, dark);
      slope_place_in_square (item, answer->seen[0], answer->seen[1], answer->seen[2],
                             answer->seen[3], &where);
    }
  slope_tile_cover (tile, GDK_PAINTABLE (cover), &where, errors);
}

const char *
_slope_clean_page_explain_masks (SlopeCleanPage *self)
{
  if (slope_mask_view_get () == SLOPE_MASK_VIEW_ERRORS)
    return _ ("Bright is where label and model differ, dark where they agree; what is void is left "
              "out.");
  return _ ("Colours are what the model says each pixel is.");
}

/* ---- The selected picture */

SlItem *
_slope_clean_page_dup_selected (SlopeCleanPage *self)
{
  g_autoptr (GtkBitset)
      bits = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));

  if (gtk_bitset_get_size (bits) != 1)
    return NULL;
  return g_list_model_get_item (G_LIST_MODEL (self->list), gtk_bitset_get_minimum (bits));
}

void
_slope_clean_page_show_selected (SlopeCleanPage *self, GPtrArray *missing)
{
  const SlTask *task = sl_project_get_task (self->project);
  g_autoptr (SlItem) item = NULL;
  const SlPrediction *answer = NULL;
  gboolean read_only;

  if (task->has_classes)
    return;
  item = _slope_clean_page_dup_selected (self);
  g_object_get (self->project, "read-only", &read_only, NULL);
  if (item != NULL && _slope_clean_page_wants_answers (self))
    {
      answer = slope_answers_lookup (self->answers, item);
      if (answer == NULL && missing != NULL)
        g_ptr_array_insert (missing, 0, item); /* the list owns it */
    }
  slope_answer_panel_set_item (slope_review_panel_get_answers (self->panel), item, answer,
                               item != NULL && !read_only
                                   && sl_item_get_state (item) == SL_ITEM_PRESENT);
}

/* ---- From the table */

static void
class_chosen_cb (SlopeCleanPage *self, guint index)
{
  slope_review_list_set_seen (self->list, index);
  _slope_clean_page_show_filter (self, -1, -1, sl_project_get_classes (self->project)[index]);
}

/* Wherever it is, with whatever filter. */
static void
worst_chosen_cb (SlopeCleanPage *self, gint64 id)
{
  SlItem *item = sl_project_get_item (self->project, id);

  if (item == NULL)
    return;
  if (slope_review_list_find (self->list, item) == GTK_INVALID_LIST_POSITION)
    gtk_widget_activate_action (GTK_WIDGET (self), "clean.show-everything", NULL);
  _slope_clean_page_select (self, item);
}

/* ---- Labels */

static void
tell_changed (SlopeCleanPage *self, SlItem *item)
{
  g_autofree char *text = g_strdup_printf (
      /* translators: a file name */
      _ ("Changed the label of “%s”"), sl_item_get_name (item));

  _slope_clean_page_refresh (self);
  gtk_widget_activate_action (GTK_WIDGET (self), "page.toast", "(smsms)", text, _ ("Undo"),
                              "win.undo");
}

static void
edited_cb (SlopeCleanPage *self, const char *target)
{
  g_autoptr (SlItem) item = _slope_clean_page_dup_selected (self);
  g_autoptr (GError) error = NULL;
  gboolean done;
  gint64 id;

  if (item == NULL)
    return;
  id = sl_item_get_id (item);
  self->acting = TRUE;
  done = sl_project_relabel (self->project, &id, 1, target, &error);
  self->acting = FALSE;
  if (done)
    tell_changed (self, item);
  else
    _slope_clean_page_fail (self, _ ("The pictures could not be relabelled."), error);
}

static void
paint_cb (SlopeCleanPage *self)
{
  g_autoptr (SlItem) item = _slope_clean_page_dup_selected (self);

  if (item != NULL)
    slope_mask_editor_open (self->editor, item, GTK_WIDGET (self));
}

/* Without a program for it one may still paint on the file. */
static void
lent_cb (SlopeCleanPage *self, SlItem *item, const char *path, const GError *error)
{
  g_autoptr (GError) rest = NULL;

  if (error == NULL)
    {
      gtk_widget_activate_action (GTK_WIDGET (self), "page.toast", "(smsms)",
                                  _ ("Save the mask in the editor: it comes back by itself"), NULL,
                                  NULL);
      return;
    }
  rest = g_error_new (
      error->domain, error->code,
      /* translators: a reason, and a file */
      _ ("%s Paint on “%s” with a program of your own and save it: it comes back by "
         "itself."),
      error->message, path);
  _slope_clean_page_fail (self, _ ("No picture editor was opened."), rest);
}

static void
taken_cb (SlopeCleanPage *self, SlItem *item)
{
  tell_changed (self, item);
}

static void
refused_cb (SlopeCleanPage *self, SlItem *item, const GError *error)
{
  g_autofree char *heading = g_strdup_printf (
      /* translators: a file name */
      _ ("The mask of “%s” was not taken over."), sl_item_get_name (item));

  _slope_clean_page_fail (self, heading, error);
}

static void
window_active_cb (SlopeCleanPage *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (GTK_IS_WINDOW (root) && gtk_window_is_active (GTK_WINDOW (root)))
    slope_mask_editor_look (self->editor);
}

static void
root_cb (SlopeCleanPage *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (GTK_IS_WINDOW (root))
    g_signal_connect_object (root, "notify::is-active", G_CALLBACK (window_active_cb), self,
                             G_CONNECT_SWAPPED);
}

/* ---- Object */

void
_slope_clean_page_forget_answers (SlopeCleanPage *self)
{
  const gint64 run = self->project != NULL ? sl_project_get_evaluated_run (self->project) : 0;

  slope_answers_set_run (self->answers, self->project, run);
  slope_mask_editor_set_project (self->editor, self->project);
}

void
_slope_clean_page_init_masks (SlopeCleanPage *self)
{
  SlopeAnswerPanel *panel = slope_review_panel_get_answers (self->panel);
  GCallback queue = G_CALLBACK (_slope_clean_page_queue_heat_maps);

  self->answers = slope_mask_answers_new ();
  self->editor = slope_mask_editor_new (NULL);
  g_signal_connect_object (self->answers, "ready", queue, self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->answers, "notify::problem", queue, self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->selection, "selection-changed", queue, self, G_CONNECT_SWAPPED);
  g_signal_connect_object (slope_settings (), "changed::clean-mask-view", queue, self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (slope_settings (), "changed::show-labels", queue, self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark", queue, self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (panel, "class-chosen", G_CALLBACK (class_chosen_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (panel, "worst-chosen", G_CALLBACK (worst_chosen_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (panel, "edited", G_CALLBACK (edited_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (panel, "paint", G_CALLBACK (paint_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->editor, "lent", G_CALLBACK (lent_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->editor, "taken", G_CALLBACK (taken_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->editor, "refused", G_CALLBACK (refused_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect (self, "notify::root", G_CALLBACK (root_cb), NULL);
}
