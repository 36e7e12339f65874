/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dataset/label-pose.h"
#include "dataset/text-file.h"

#include <math.h>
#include <string.h>

#define PICTURE_ENDING "_rgb"
#define POSE_ENDING "_pose.txt"
#define CAMERA_FILE "rgb.cal"
#define N_NUMBERS 12 /* rotation, then centre */
#define GOOD_SHARE 0.5

/* Of the data base's own recordings, where there is no file. */
static const double usual_camera[4] = { 517.679, 320, 517.679, 240.5 };

struct _SlPoseFiles
{
  GHashTable *texts;   /* rel_path → path; both of the source's */
  GHashTable *cameras; /* folder → double[4] */
  GPtrArray *sides;
};

/* ---- Numbers */

/* Up to @max finite numbers between blanks; returns how many. */
static guint
read_numbers (const char *text, double *numbers, guint max)
{
  guint n = 0;

  while (n < max)
    {
      char *end;

      numbers[n] = g_ascii_strtod (text, &end);
      if (end == text || !isfinite (numbers[n]))
        break;
      n++;
      text = end;
    }
  return n;
}

gboolean
_sl_pose_project (const char *text, const double camera[4], double *x, double *y)
{
  double numbers[N_NUMBERS];
  const double *centre = numbers + 9;

  if (read_numbers (text, numbers, N_NUMBERS) < N_NUMBERS || centre[2] <= 0.0)
    return FALSE;
  *x = centre[0] * camera[0] / centre[2] + camera[1];
  *y = centre[1] * camera[2] / centre[2] + camera[3];
  return isfinite (*x) && isfinite (*y);
}

gboolean
_sl_pose_camera (const char *text, double camera[4])
{
  double matrix[9];

  if (read_numbers (text, matrix, 9) < 9 || matrix[0] <= 0.0 || matrix[4] <= 0.0)
    return FALSE;
  camera[0] = matrix[0];
  camera[1] = matrix[2];
  camera[2] = matrix[4];
  camera[3] = matrix[5];
  return TRUE;
}

/* ---- Files */

/* (transfer full) (nullable): where the pose of a picture is, if it is called as these are. */
static char *
pose_of (const char *rel_path)
{
  const char *dot = strrchr (rel_path, '.');
  gsize length = dot != NULL ? (gsize)(dot - rel_path) : 0, tail = strlen (PICTURE_ENDING);

  if (length <= tail || strncmp (dot - tail, PICTURE_ENDING, tail) != 0)
    return NULL;
  return g_strdup_printf ("%.*s" POSE_ENDING, (int)(length - tail), rel_path);
}

static GHashTable *
index_texts (const SlLabelSource *source)
{
  GHashTable *texts = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < source->texts->len; i++)
    {
      const SlSideFile *file = source->texts->pdata[i];

      g_hash_table_insert (texts, file->rel_path, file->path);
    }
  return texts;
}

static guint
count_poses (const SlLabelSource *source, GHashTable *texts)
{
  guint n = 0;

  for (guint i = 0; i < source->files->len; i++)
    {
      g_autofree char *pose = pose_of (((const SlFound *)source->files->pdata[i])->rel_path);

      n += pose != NULL && g_hash_table_contains (texts, pose);
    }
  return n;
}

gboolean
_sl_pose_files_suit (const SlLabelSource *source)
{
  g_autoptr (GHashTable) texts = index_texts (source);
  guint n = count_poses (source, texts);

  return n > 0 && n >= GOOD_SHARE * source->files->len;
}

static gboolean
read_cameras (SlPoseFiles *self, GError **error)
{
  for (guint i = 0; i < self->sides->len; i++)
    {
      const SlSideFile *file = self->sides->pdata[i];
      g_autofree char *base = g_path_get_basename (file->rel_path), *text = NULL;
      double *camera;
      SlTextEncoding encoding;
      gsize length;

      if (!g_str_equal (base, CAMERA_FILE))
        continue;
      text = _sl_text_read (file->path, &length, &encoding, error);
      if (text == NULL)
        return FALSE;
      camera = g_new (double, 4);
      g_hash_table_insert (self->cameras, g_path_get_dirname (file->rel_path), camera);
      if (_sl_pose_camera (text, camera))
        continue;
      g_set_error (error, SL_ERROR, SL_ERROR_FORMAT,
                   "%s does not begin with a camera's matrix of nine numbers: copy it again, or "
                   "remove it for the usual camera",
                   file->rel_path);
      return FALSE;
    }
  return TRUE;
}

SlPoseFiles *
_sl_pose_files_new (const SlLabelSource *source, GError **error)
{
  g_autoptr (SlPoseFiles) self = g_new0 (SlPoseFiles, 1);

  self->sides = g_ptr_array_ref (source->texts);
  self->texts = index_texts (source);
  self->cameras = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  if (count_poses (source, self->texts) == 0)
    g_set_error (error, SL_ERROR, SL_ERROR_NOT_FOUND,
                 "No picture has a file of its pose beside it: 1_pose.txt belongs to 1_rgb.png");
  else if (read_cameras (self, error))
    return g_steal_pointer (&self);
  return NULL;
}

void
_sl_pose_files_free (SlPoseFiles *self)
{
  g_hash_table_unref (self->texts);
  g_hash_table_unref (self->cameras);
  g_ptr_array_unref (self->sides);
  g_free (self);
}

void
_sl_pose_files_label (const SlPoseFiles *self, const SlFound *found, SlLabel *out)
{
  g_autofree char *pose = pose_of (found->rel_path), *text = NULL;
  g_autofree char *folder = g_path_get_dirname (found->rel_path);
  const char *path = pose != NULL ? g_hash_table_lookup (self->texts, pose) : NULL;
  const double *camera = g_hash_table_lookup (self->cameras, folder);
  char numbers[2][G_ASCII_DTOSTR_BUF_SIZE];
  SlTextEncoding encoding;
  double x, y;
  gsize length;

  if (path == NULL)
    {
      if (g_strcmp0 (found->part, "test") != 0)
        out->reason = g_strdup ("no file of its pose");
      return;
    }
  text = _sl_text_read (path, &length, &encoding, NULL);
  if (text == NULL || !_sl_pose_project (text, camera != NULL ? camera : usual_camera, &x, &y))
    out->reason = g_strdup_printf ("%s holds no pose", pose);
  else
    out->target = g_strdup_printf ("%s,%s",
                                   g_ascii_formatd (numbers[0], sizeof numbers[0], "%.9g", x),
                                   g_ascii_formatd (numbers[1], sizeof numbers[1], "%.9g", y));
}
