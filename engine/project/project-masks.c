/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project/files.h"
#include "project/project-private.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

/* Masks that are out in a picture editor.  What a person paints on is a copy in the classes' colours,
 * masks/open/ID-NAME.png; what comes back is a new mask, masks/ID-NAME.png, and the picture's label.  No mask is
 * ever written again: the old one is there to go back to. */

typedef struct
{
  char *folder; /* of the project */
  char *name;   /* of its files, without a suffix */
  char *target; /* the mask as it is */
  char *path;   /* what was painted, when it comes back */
  guint32 *colors;
  guint n_colors;
  gint64 item;
} MaskData;

static void
mask_data_free (gpointer data)
{
  MaskData *self = data;

  g_free (self->folder);
  g_free (self->name);
  g_free (self->target);
  g_free (self->path);
  g_free (self->colors);
  g_free (self);
}

static MaskData *
mask_data_new (SlProject *self, SlItem *item, const char *path, const guint32 *colors)
{
  MaskData *data = g_new0 (MaskData, 1);
  const char *name = sl_item_get_name (item);
  const char *dot = strrchr (name, '.');

  data->folder = g_strdup (self->path);
  data->item = sl_item_get_id (item);
  data->name = g_strdup_printf ("%" G_GINT64_FORMAT "-%.*s", data->item,
                                dot != NULL ? (int)(dot - name) : (int)strlen (name), name);
  data->target = g_strdup (sl_item_get_target (item));
  data->path = g_strdup (path);
  data->n_colors = self->problem->n_classes;
  data->colors = g_memdup2 (colors, data->n_colors * sizeof *colors);
  return data;
}

static gboolean
make_folder (const char *folder, GError **error)
{
  int code;

  if (g_mkdir_with_parents (folder, 0777) == 0)
    return TRUE;
  code = errno;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code),
               "“%s” could not be made (%s): check the folder's permissions", folder,
               g_strerror (code));
  return FALSE;
}

/* The mask as it is, painted. */
static SlPicture *
paint (const MaskData *self, GError **error)
{
  g_autoptr (SlPicture) mask = sl_mask_load (self->target, error);
  SlPicture *painted = mask != NULL ? sl_mask_paint (mask, self->colors, self->n_colors, error)
                                    : NULL;

  if (painted == NULL)
    g_prefix_error (error, "“%s” cannot be used: ", self->target);
  return painted;
}

/* ---- Out */

/* (transfer full) (nullable): the file to paint on */
static char *
lend (const MaskData *self, GError **error)
{
  g_autoptr (SlPicture) painted = paint (self, error);
  g_autofree char *folder = g_build_filename (self->folder, "masks", "open", NULL);
  g_autofree char *base = g_strconcat (self->name, ".png", NULL);
  g_autofree char *path = g_build_filename (folder, base, NULL);

  if (painted == NULL || !make_folder (folder, error)
      || !sl_picture_save_png (painted, path, error))
    return NULL;
  return g_steal_pointer (&path);
}

static void
lend_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  GError *error = NULL;
  char *path = lend (task_data, &error);

  if (path != NULL)
    g_task_return_pointer (task, path, g_free);
  else
    g_task_return_error (task, error);
}

/* (transfer full) (nullable): with what the thread needs; %NULL: it has ended already. */
static GTask *
begin (SlProject *self, SlItem *item, const char *path, const guint32 *colors, gpointer tag,
       GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  GError *error = NULL;

  g_task_set_source_tag (task, tag);
  if (!sl_project_check_writable (self, &error))
    g_task_return_error (task, error);
  else if (!self->problem->task->target_is_file || sl_item_get_target (item) == NULL)
    g_task_return_new_error (task, SL_ERROR, SL_ERROR_STATE,
                             "“%s” has no mask: there is nothing to paint on",
                             sl_item_get_name (item));
  else
    {
      g_task_set_task_data (task, mask_data_new (self, item, path, colors), mask_data_free);
      return g_steal_pointer (&task);
    }
  return NULL;
}

void
sl_project_lend_mask_async (SlProject *self, SlItem *item, const guint32 *colors,
                            GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (SL_IS_PROJECT (self) && SL_IS_ITEM (item) && colors != NULL);

  task = begin (self, item, NULL, colors, sl_project_lend_mask_async, cancellable, callback,
                user_data);
  if (task != NULL)
    g_task_run_in_thread (task, lend_in_thread);
}

char *
sl_project_lend_mask_finish (SlProject *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- And back */

/* (transfer full) (nullable): the new mask's file; %NULL without @error: nothing was painted */
static char *
take (const MaskData *self, GError **error)
{
  g_autoptr (SlPicture) old = paint (self, error);
  g_autoptr (SlPicture) painted = old != NULL ? sl_picture_load (self->path, 0, error) : NULL;
  g_autoptr (SlPicture) mask = NULL;
  g_autofree char *folder = g_build_filename (self->folder, "masks", NULL);
  g_autofree char *base = g_strconcat (self->name, ".png", NULL);
  g_autofree char *path = NULL;

  if (painted == NULL)
    return NULL;
  if (painted->width != old->width || painted->height != old->height)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_FORMAT,
                   "it is %d × %d pixels now, the mask is %d × %d: keep its size and save it again",
                   painted->width, painted->height, old->width, old->height);
      return NULL;
    }
  if (memcmp (painted->pixels, old->pixels, 3 * (gsize)old->width * (gsize)old->height) == 0)
    return NULL;
  mask = sl_mask_unpaint (painted, self->colors, self->n_colors, error);
  if (mask == NULL || !make_folder (folder, error))
    return NULL;
  path = sl_file_free_name (folder, base, NULL);
  return sl_picture_save_png (mask, path, error) ? g_steal_pointer (&path) : NULL;
}

static void
take_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  GError *error = NULL;
  char *path = take (task_data, &error);

  if (error == NULL)
    g_task_return_pointer (task, path, g_free);
  else
    g_task_return_error (task, error);
}

void
sl_project_take_mask_async (SlProject *self, SlItem *item, const char *path, const guint32 *colors,
                            GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (SL_IS_PROJECT (self) && SL_IS_ITEM (item) && path != NULL && colors != NULL);

  task = begin (self, item, path, colors, sl_project_take_mask_async, cancellable, callback,
                user_data);
  if (task != NULL)
    g_task_run_in_thread (task, take_in_thread);
}

gboolean
sl_project_take_mask_finish (SlProject *self, GAsyncResult *result, gboolean *changed,
                             GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autofree char *path = NULL;
  const MaskData *data;

  g_return_val_if_fail (g_task_is_valid (result, self) && changed != NULL, FALSE);

  *changed = FALSE;
  path = g_task_propagate_pointer (G_TASK (result), &local);
  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  if (path == NULL)
    return TRUE;
  data = g_task_get_task_data (G_TASK (result));
  *changed = sl_project_relabel (self, &data->item, 1, path, error);
  if (!*changed)
    g_unlink (path);
  return *changed;
}
