/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-augment-view.h"

#include "slope-thumbnail.h"
#include "slope-thumbnailer.h"

#include <glib/gi18n.h>

#define N_DRAWS 6
#define PER_ROW 3
#define DRAW_PX 86
#define SPACING_PX 9
#define LOAD_SCALE 1.3 /* pictures are loaded this much larger, as for training */

struct _SlopeAugmentView
{
  AdwBin parent_instance;
  char *path;                /* (nullable) */
  SlRecipe *recipe;          /* owned, nullable */
  GCancellable *cancellable; /* owned; of the draws under way */
  guint64 round;             /* of draws; each gives other ones */
  GtkWidget *pictures[N_DRAWS];
};

/* What the thread needs, and nothing of the widget. */
typedef struct
{
  char *path;
  SlRecipe *recipe;
  guint64 round;
} DrawJob;

G_DEFINE_FINAL_TYPE (SlopeAugmentView, slope_augment_view, ADW_TYPE_BIN)

static void
draw_job_free (DrawJob *job)
{
  g_free (job->path);
  sl_recipe_free (job->recipe);
  g_free (job);
}

static GdkTexture *
draw_one (const DrawJob *job, const SlPicture *picture, guint draw)
{
  const SlAugment *augment = sl_augment_find (job->recipe->augment);
  const guint64 key = sl_random_key (job->recipe->seed, SL_PURPOSE_AUGMENT, job->round, draw);
  g_autoptr (SlPicture) preview = NULL;
  SlTransform transform;

  sl_transform_draw (&transform, augment, SL_RESIZE_CROP, picture->width, picture->height,
                     job->recipe->width, job->recipe->height, key);
  preview = sl_transform_preview (&transform, picture);
  return slope_texture_new_from_rgb (preview->pixels, preview->width, preview->height);
}

static void
draw_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const DrawJob *job = task_data;
  const int side = (int)(LOAD_SCALE * MIN (job->recipe->width, job->recipe->height));
  g_autoptr (GPtrArray) textures = g_ptr_array_new_with_free_func (g_object_unref);
  GError *error = NULL;
  g_autoptr (SlPicture) picture = sl_picture_load (job->path, side, &error);

  if (picture == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  for (guint i = 0; i < N_DRAWS && !g_cancellable_is_cancelled (cancellable); i++)
    g_ptr_array_add (textures, draw_one (job, picture, i));
  g_task_return_pointer (task, g_steal_pointer (&textures), (GDestroyNotify)g_ptr_array_unref);
}

static void
drawn_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  SlopeAugmentView *self = SLOPE_AUGMENT_VIEW (source);
  g_autoptr (GPtrArray) textures = g_task_propagate_pointer (G_TASK (result), NULL);

  /* Cancelled, or the file cannot be read: then the preview above says so. */
  if (textures == NULL || self->pictures[0] == NULL)
    return;
  for (guint i = 0; i < textures->len; i++)
    slope_thumbnail_set_paintable (SLOPE_THUMBNAIL (self->pictures[i]),
                                   g_ptr_array_index (textures, i));
}

static void
draw (SlopeAugmentView *self)
{
  g_autoptr (GTask) task = NULL;
  DrawJob *job;

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->path == NULL || self->recipe == NULL)
    return;
  self->cancellable = g_cancellable_new ();
  job = g_new0 (DrawJob, 1);
  job->path = g_strdup (self->path);
  job->recipe = sl_recipe_copy (self->recipe);
  job->round = self->round++;
  task = g_task_new (self, self->cancellable, drawn_cb, NULL);
  g_task_set_source_tag (task, draw);
  g_task_set_task_data (task, job, (GDestroyNotify)draw_job_free);
  g_task_run_in_thread (task, draw_in_thread);
}

static void
slope_augment_view_dispose (GObject *object)
{
  SlopeAugmentView *self = SLOPE_AUGMENT_VIEW (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->pictures[0] = NULL;
  G_OBJECT_CLASS (slope_augment_view_parent_class)->dispose (object);
}

static void
slope_augment_view_finalize (GObject *object)
{
  SlopeAugmentView *self = SLOPE_AUGMENT_VIEW (object);

  g_clear_pointer (&self->recipe, sl_recipe_free);
  g_free (self->path);
  G_OBJECT_CLASS (slope_augment_view_parent_class)->finalize (object);
}

static void
slope_augment_view_class_init (SlopeAugmentViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = slope_augment_view_dispose;
  G_OBJECT_CLASS (klass)->finalize = slope_augment_view_finalize;
}

static GtkWidget *
make_head (SlopeAugmentView *self)
{
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *title = gtk_label_new (_ ("What the network sees"));
  GtkWidget *refresh = gtk_button_new_from_icon_name ("view-refresh-symbolic");

  gtk_widget_add_css_class (title, "heading");
  gtk_label_set_xalign (GTK_LABEL (title), 0.f);
  gtk_widget_set_hexpand (title, TRUE);
  gtk_widget_add_css_class (refresh, "flat");
  gtk_widget_set_tooltip_text (refresh, _ ("Draw Others"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (refresh), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Draw Others"), -1);
  g_signal_connect_swapped (refresh, "clicked", G_CALLBACK (draw), self);
  gtk_box_append (GTK_BOX (head), title);
  gtk_box_append (GTK_BOX (head), refresh);
  return head;
}

static void
slope_augment_view_init (SlopeAugmentView *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *grid = gtk_grid_new ();

  gtk_grid_set_row_spacing (GTK_GRID (grid), SPACING_PX);
  gtk_grid_set_column_spacing (GTK_GRID (grid), SPACING_PX);
  for (int i = 0; i < N_DRAWS; i++)
    {
      self->pictures[i] = slope_thumbnail_new (DRAW_PX);
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->pictures[i]),
                                      GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Augmented picture"), -1);
      gtk_grid_attach (GTK_GRID (grid), self->pictures[i], i % PER_ROW, i / PER_ROW, 1, 1);
    }
  gtk_box_append (GTK_BOX (box), make_head (self));
  gtk_box_append (GTK_BOX (box), grid);
  adw_bin_set_child (ADW_BIN (self), box);
}

GtkWidget *
slope_augment_view_new (void)
{
  return g_object_new (SLOPE_TYPE_AUGMENT_VIEW, NULL);
}

void
slope_augment_view_set (SlopeAugmentView *self, const char *path, const SlRecipe *recipe)
{
  g_return_if_fail (SLOPE_IS_AUGMENT_VIEW (self));

  if (g_strcmp0 (self->path, path) != 0)
    for (guint i = 0; i < N_DRAWS; i++)
      slope_thumbnail_set_paintable (SLOPE_THUMBNAIL (self->pictures[i]), NULL);
  g_free (self->path);
  self->path = g_strdup (path);
  g_clear_pointer (&self->recipe, sl_recipe_free);
  self->recipe = recipe != NULL ? sl_recipe_copy (recipe) : NULL;
  draw (self);
}
