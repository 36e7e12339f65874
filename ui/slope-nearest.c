/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-nearest.h"

#include "slope-tile.h"
#include "slope-widgets.h"

#include <glib/gi18n.h>

#define N_NEAREST 5
#define TILE_PX 80

struct _SlopeNearest
{
  GtkWidget parent_instance;
  SlProject *project;    /* owned, nullable */
  GSignalGroup *signals; /* of it */
  gint64 run_id;
  char *path;                /* nullable */
  GCancellable *cancellable; /* of the last question; nullable */
  GtkWidget *text, *find, *pictures;
};

G_DEFINE_FINAL_TYPE (SlopeNearest, slope_nearest, GTK_TYPE_WIDGET)

static void ask (SlopeNearest *self);

/* ---- Pictures */

static void
remove_pictures (SlopeNearest *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->pictures)) != NULL)
    gtk_box_remove (GTK_BOX (self->pictures), child);
}

static void
add_picture (SlopeNearest *self, const SlNeighbour *neighbour)
{
  SlItem *item = sl_project_get_item (self->project, neighbour->id);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *tile = slope_tile_new (sl_project_get_task (self->project),
                                    sl_project_get_classes (self->project), SLOPE_CAPTION_LABEL,
                                    TILE_PX);
  g_autofree char *number = g_strdup_printf ("%.3f", neighbour->likeness);
  GtkWidget *label = gtk_label_new (number);

  slope_tile_set_item (SLOPE_TILE (tile), item);
  gtk_widget_set_tooltip_text (tile, sl_item_get_rel_path (item));
  gtk_label_set_xalign (GTK_LABEL (label), 0.f);
  gtk_widget_set_margin_start (label, 6);
  gtk_widget_add_css_class (label, "caption");
  gtk_widget_add_css_class (label, "dim-label");
  gtk_widget_add_css_class (label, "numeric");
  gtk_accessible_update_property (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  _ ("likeness, at most 1"), -1);
  gtk_box_append (GTK_BOX (box), tile);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (self->pictures), box);
}

/* @text: what is said in place of pictures, or over them. */
static void
set_state (SlopeNearest *self, const char *text, gboolean may_find, gboolean has_pictures)
{
  gtk_label_set_text (GTK_LABEL (self->text), text);
  gtk_widget_set_visible (self->find, may_find);
  gtk_widget_set_visible (self->pictures, has_pictures);
}

/* ---- Answers: who asked may be gone, or be at another picture */

typedef struct
{
  GWeakRef self;
  GCancellable *cancellable; /* owned */
} Question;

static Question *
question_new (SlopeNearest *self)
{
  Question *question = g_new0 (Question, 1);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  g_weak_ref_init (&question->self, self);
  question->cancellable = g_object_ref (self->cancellable);
  return question;
}

/* (transfer full) (nullable): who asked, if it still wants to know; takes @question. */
static SlopeNearest *
question_end (Question *question)
{
  g_autoptr (SlopeNearest) self = g_weak_ref_get (&question->self);
  const gboolean wanted = self != NULL && self->cancellable == question->cancellable;

  g_weak_ref_clear (&question->self);
  g_object_unref (question->cancellable);
  g_free (question);
  return wanted ? g_steal_pointer (&self) : NULL;
}

static void
found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) nearest = sl_project_nearest_finish (SL_PROJECT (source), result, &error);
  g_autoptr (SlopeNearest) self = question_end (user_data);

  if (self == NULL)
    return;
  remove_pictures (self);
  for (guint i = 0; nearest != NULL && i < nearest->len; i++)
    add_picture (self, &g_array_index (nearest, SlNeighbour, i));
  if (nearest != NULL)
    set_state (self, _ ("Of all it learned from, these look most like this one to the model"),
               FALSE, TRUE);
  else
    set_state (self, error->message, FALSE, FALSE);
}

static void
compared_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  const gboolean done = sl_project_compare_finish (SL_PROJECT (source), result, &error);
  g_autoptr (SlopeNearest) self = question_end (user_data);

  if (self == NULL)
    return;
  ask (self);
  if (!done && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    set_state (self, error->message, TRUE, FALSE);
}

static void
find_clicked_cb (SlopeNearest *self)
{
  /* The job goes on when another picture is looked at: that one will want it too. */
  sl_project_compare_async (self->project, self->run_id, NULL, compared_cb, question_new (self));
  ask (self);
}

static void
ask (SlopeNearest *self)
{
  const SlJob job = sl_project_get_job (self->project);

  remove_pictures (self);
  if (sl_project_get_compared_run (self->project) == self->run_id)
    {
      set_state (self, "", FALSE, FALSE);
      sl_project_nearest_async (self->project, self->path, N_NEAREST, NULL, found_cb,
                                question_new (self));
    }
  else if (job == SL_JOB_COMPARE)
    set_state (self, _ ("The model looks at all pictures of the project…"), FALSE, FALSE);
  else
    set_state (self, _ ("The model looks at all pictures of the project once."), TRUE, FALSE);
  gtk_widget_set_sensitive (self->find, job == SL_JOB_NONE);
}

static void
job_changed_cb (SlopeNearest *self)
{
  if (self->path != NULL)
    ask (self);
}

/* ---- Class */

static void
slope_nearest_dispose (GObject *object)
{
  SlopeNearest *self = SLOPE_NEAREST (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->signals);
  g_clear_object (&self->project);
  g_clear_pointer (&self->path, g_free);
  slope_widget_unparent_children (GTK_WIDGET (object));
  G_OBJECT_CLASS (slope_nearest_parent_class)->dispose (object);
}

static void
slope_nearest_class_init (SlopeNearestClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = slope_nearest_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BOX_LAYOUT);
}

static void
slope_nearest_init (SlopeNearest *self)
{
  GtkWidget *heading = g_object_new (GTK_TYPE_LABEL, "label", _ ("Nearest Training Pictures"),
                                     "xalign", 0.f, NULL);
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));

  gtk_orientable_set_orientation (GTK_ORIENTABLE (layout), GTK_ORIENTATION_VERTICAL);
  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (layout), 6);
  gtk_widget_add_css_class (heading, "heading");
  self->text = g_object_new (GTK_TYPE_LABEL, "xalign", 0.f, "wrap", TRUE, NULL);
  gtk_widget_add_css_class (self->text, "dim-label");
  self->find = gtk_button_new_with_label (_ ("Find Nearest"));
  gtk_widget_set_halign (self->find, GTK_ALIGN_START);
  g_signal_connect_swapped (self->find, "clicked", G_CALLBACK (find_clicked_cb), self);
  self->pictures = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_set_parent (heading, GTK_WIDGET (self));
  gtk_widget_set_parent (self->text, GTK_WIDGET (self));
  gtk_widget_set_parent (self->find, GTK_WIDGET (self));
  gtk_widget_set_parent (self->pictures, GTK_WIDGET (self));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  self->signals = g_signal_group_new (SL_TYPE_PROJECT);
  g_signal_group_connect_swapped (self->signals, "notify::job", G_CALLBACK (job_changed_cb), self);
}

GtkWidget *
slope_nearest_new (void)
{
  return g_object_new (SLOPE_TYPE_NEAREST, NULL);
}

void
slope_nearest_show (SlopeNearest *self, SlProject *project, gint64 run_id, const char *path)
{
  g_return_if_fail (SLOPE_IS_NEAREST (self));
  g_return_if_fail (path == NULL || project != NULL);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  remove_pictures (self);
  g_set_object (&self->project, project);
  g_signal_group_set_target (self->signals, project);
  self->run_id = run_id;
  g_free (self->path);
  self->path = g_strdup (path);
  gtk_widget_set_visible (GTK_WIDGET (self), path != NULL);
  if (path != NULL)
    ask (self);
}
