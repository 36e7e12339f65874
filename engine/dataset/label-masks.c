/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dataset/labeller.h"
#include "dataset/text-file.h"

#include <string.h>

#define STEM "{stem}"
#define CODES "codes.txt"
#define MAX_CLASSES 256
#define WHITE 255
#define GOOD_SHARE 0.5
#define MANY_UNUSED 64 /* values without a pixel that are worth a word */

typedef struct
{
  char *pattern;
  char **masks; /* (files): absolute, or %NULL */
  guint n_files;
  char **codes;     /* (nullable): names of the values */
  char *codes_path; /* (nullable): rel_path of the file that has them */
  guint n_codes;
  gint seen[MAX_CLASSES]; /* atomic: whether a mask has the value */
} Reading;

/* ---- Paths */

/* (transfer full): the pattern filled in for a picture, relative to the root; without "." and
 * "..", unless it leads out of it. */
static char *
mask_rel_path (const char *pattern, const char *rel_path)
{
  const char *slash = strrchr (rel_path, '/');
  const char *base = slash != NULL ? slash + 1 : rel_path;
  const char *dot = strrchr (base, '.');
  g_autofree char *stem = dot != NULL && dot > base ? g_strndup (base, (gsize)(dot - base))
                                                    : g_strdup (base);
  g_autoptr (GString) path = g_string_new_len (rel_path, base - rel_path);
  g_autoptr (GPtrArray) parts = g_ptr_array_new ();
  g_auto (GStrv) all = NULL;

  g_string_append (path, pattern);
  g_string_replace (path, STEM, stem, 0);
  all = g_strsplit (path->str, "/", -1);
  for (gsize i = 0; all[i] != NULL; i++)
    {
      const char *last = parts->len > 0 ? parts->pdata[parts->len - 1] : NULL;

      if (*all[i] == '\0' || g_str_equal (all[i], "."))
        continue;
      if (g_str_equal (all[i], "..") && last != NULL && !g_str_equal (last, ".."))
        g_ptr_array_set_size (parts, (int)parts->len - 1);
      else
        g_ptr_array_add (parts, all[i]);
    }
  g_ptr_array_add (parts, NULL);
  return g_strjoinv ("/", (char **)parts->pdata);
}

static GHashTable *
index_files (const SlLabelSource *source)
{
  GHashTable *index = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < source->files->len; i++)
    g_hash_table_insert (index, ((const SlFound *)source->files->pdata[i])->rel_path,
                         GUINT_TO_POINTER (i + 1));
  return index;
}

/* A mask may lie outside of the source, beside it; such a one is looked for on the disk.  No picture
 * is its own mask. */
static char *
find_mask (const SlLabelSource *source, GHashTable *index, guint picture, const char *rel,
           guint8 *is_label)
{
  guint found = GPOINTER_TO_UINT (g_hash_table_lookup (index, rel));
  g_autofree char *path = NULL;

  if (found == picture + 1)
    return NULL;
  if (found != 0)
    {
      is_label[found - 1] = TRUE;
      return g_strdup (((const SlFound *)source->files->pdata[found - 1])->path);
    }
  if (!g_str_has_prefix (rel, "../"))
    return NULL;
  path = g_canonicalize_filename (rel, source->root);
  return g_file_test (path, G_FILE_TEST_IS_REGULAR) ? g_steal_pointer (&path) : NULL;
}

static guint
find_masks (Reading *self, const SlLabelSource *source, guint8 *is_label)
{
  g_autoptr (GHashTable) index = index_files (source);
  guint n = 0;

  self->n_files = source->files->len;
  self->masks = g_new0 (char *, self->n_files + 1);
  for (guint i = 0; i < self->n_files; i++)
    {
      g_autofree char *rel = mask_rel_path (self->pattern,
                                            ((const SlFound *)source->files->pdata[i])->rel_path);

      self->masks[i] = find_mask (source, index, i, rel, is_label);
      n += self->masks[i] != NULL;
    }
  return n;
}

/* ---- Guessing the pattern */

static gboolean
is_mask_folder (const char *folder)
{
  static const char *const names[] = {
    "labels",     "label", "masks",       "mask",         "annotations",
    "annotation", "gt",    "groundtruth", "segmentation", "segmentationclass",
    "trimaps"
  };
  const char *slash = strrchr (folder, '/');

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_ascii_strcasecmp (slash != NULL ? slash + 1 : folder, names[i]) == 0)
      return TRUE;
  return FALSE;
}

/* (transfer full) (nullable): "../labels/{stem}_P.png", if @mask is called after @picture and lies in
 * a folder beside its. */
static char *
pattern_of (const char *picture, const char *mask)
{
  g_autofree char *folder = g_path_get_dirname (picture), *above = g_path_get_dirname (folder);
  g_autofree char *mask_folder = g_path_get_dirname (mask);
  g_autofree char *mask_above = g_path_get_dirname (mask_folder);
  g_autofree char *base = g_path_get_basename (picture), *mask_base = g_path_get_basename (mask);
  g_autofree char *folder_name = g_path_get_basename (mask_folder);
  char *dot = strrchr (base, '.'), *found;

  if (dot != NULL && dot > base)
    *dot = '\0';
  found = strstr (mask_base, base);
  if (found == NULL || !g_str_equal (above, mask_above) || g_str_equal (folder, mask_folder))
    return NULL;
  return g_strdup_printf ("../%s/%.*s" STEM "%s", folder_name, (int)(found - mask_base), mask_base,
                          found + strlen (base));
}

/* Most files that are no masks have one by the pattern. */
static gboolean
suits (const char *pattern, const SlLabelSource *source, GHashTable *index)
{
  guint n = 0, n_pictures = 0;

  for (guint i = 0; i < source->files->len; i++)
    {
      const char *rel_path = ((const SlFound *)source->files->pdata[i])->rel_path;
      g_autofree char *folder = g_path_get_dirname (rel_path);
      g_autofree char *mask = mask_rel_path (pattern, rel_path);

      if (is_mask_folder (folder))
        continue;
      n_pictures++;
      n += g_hash_table_contains (index, mask);
    }
  return n > 0 && n >= GOOD_SHARE * n_pictures;
}

static char *
masks_guess (const SlLabelSource *source)
{
  g_autoptr (GHashTable) index = index_files (source), tried = NULL;
  const char *mask = NULL;

  for (guint i = 0; i < source->files->len && mask == NULL; i++)
    {
      const char *rel_path = ((const SlFound *)source->files->pdata[i])->rel_path;
      g_autofree char *folder = g_path_get_dirname (rel_path);

      if (is_mask_folder (folder))
        mask = rel_path;
    }
  tried = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; mask != NULL && i < source->files->len; i++)
    {
      char *pattern = pattern_of (((const SlFound *)source->files->pdata[i])->rel_path, mask);

      if (pattern != NULL && g_hash_table_add (tried, pattern) && suits (pattern, source, index))
        return g_strdup (pattern);
    }
  return NULL;
}

/* ---- Codes */

static gboolean
check_codes (const Reading *self, GError **error)
{
  g_auto (GStrv) each = _sl_sorted_set ((const char *const *)self->codes, self->n_codes);

  if (self->n_codes >= 2 && self->n_codes <= MAX_CLASSES && g_strv_length (each) == self->n_codes)
    return TRUE;
  g_set_error (error, SL_ERROR, SL_ERROR_DATA,
               CODES " has %u lines, %u of them different: it names 2 to 256 classes, each once",
               self->n_codes, g_strv_length (each));
  return FALSE;
}

static gboolean
read_codes (Reading *self, const SlLabelSource *source, GError **error)
{
  const SlSideFile *file = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GPtrArray) codes = g_ptr_array_new ();
  g_auto (GStrv) lines = NULL;
  SlTextEncoding encoding;
  gsize length;

  for (guint i = 0; i < source->texts->len && file == NULL; i++)
    {
      const SlSideFile *side = source->texts->pdata[i];

      if (g_str_has_suffix (side->rel_path, CODES)
          && (strlen (side->rel_path) == strlen (CODES) || strstr (side->rel_path, "/" CODES)))
        file = side;
    }
  if (file == NULL)
    return TRUE;
  self->codes_path = g_strdup (file->rel_path);
  text = _sl_text_read (file->path, &length, &encoding, error);
  if (text == NULL)
    return FALSE;
  lines = g_strsplit_set (text, "\r\n", -1);
  for (gsize i = 0; lines[i] != NULL; i++)
    if (*g_strstrip (lines[i]) != '\0')
      g_ptr_array_add (codes, g_strdup (lines[i]));
  self->n_codes = codes->len;
  g_ptr_array_add (codes, NULL);
  self->codes = (char **)g_ptr_array_free (g_steal_pointer (&codes), FALSE);
  return check_codes (self, error);
}

/* ---- The labeller */

static void
reading_free (gpointer data)
{
  Reading *self = data;

  for (guint i = 0; i < self->n_files; i++)
    g_free (self->masks[i]);
  g_free (self->masks);
  g_strfreev (self->codes);
  g_free (self->codes_path);
  g_free (self->pattern);
  g_free (self);
}

static gboolean
open_pattern (Reading *self, SlLabels *labels, const SlLabelSource *source, GError **error)
{
  if (self->pattern == NULL || strstr (self->pattern, STEM) == NULL
      || g_str_has_prefix (self->pattern, "/"))
    {
      g_set_error (error, SL_ERROR, SL_ERROR_DATA,
                   "“%s” is no pattern for masks: write where one is seen from its picture, as in "
                   "masks:../labels/{stem}_P.png",
                   self->pattern != NULL ? self->pattern : "");
      return FALSE;
    }
  labels->is_label = g_new0 (guint8, MAX (source->files->len, 1));
  if (find_masks (self, source, labels->is_label) == 0)
    {
      const char *first = source->files->len > 0
                              ? ((const SlFound *)source->files->pdata[0])->rel_path
                              : "a.jpg";
      g_autofree char *rel = mask_rel_path (self->pattern, first);

      g_set_error (error, SL_ERROR, SL_ERROR_NOT_FOUND,
                   "No picture has a mask (that of %s would be %s): correct the pattern", first,
                   rel);
      return FALSE;
    }
  return read_codes (self, source, error);
}

static gboolean
masks_open (SlLabels *labels, const SlLabelSource *source, const char *argument, GError **error)
{
  Reading *self = g_new0 (Reading, 1);

  self->pattern = argument != NULL ? g_strdup (argument) : masks_guess (source);
  labels->reading = self;
  labels->task = sl_task_find ("segment");
  labels->understood->labels = g_strconcat ("masks:", self->pattern, NULL);
  if (!open_pattern (self, labels, source, error))
    {
      reading_free (self);
      return FALSE;
    }
  labels->understood->codes = g_strdup (self->codes_path);
  if (self->codes == NULL)
    _sl_understanding_note (labels->understood,
                            "There is no codes.txt with a class on each line: classes are named by "
                            "their values");
  return TRUE;
}

/* (transfer full) (nullable): what keeps the mask from being used. */
static char *
check_mask (Reading *self, const char *path, const SlFound *found)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SlPicture) mask = sl_mask_load (path, &error);
  g_autofree char *shown = g_filename_display_basename (path);
  gboolean here[MAX_CLASSES] = { FALSE };
  guint limit = self->codes != NULL ? self->n_codes : MAX_CLASSES;
  gsize n;

  if (mask == NULL)
    return g_strdup_printf ("its mask %s: %s", shown, error->message);
  if (mask->width != found->info.width || mask->height != found->info.height)
    return g_strdup_printf ("its mask %s is %d × %d pixels, not %d × %d", shown, mask->width,
                            mask->height, found->info.width, found->info.height);
  n = (gsize)mask->width * (gsize)mask->height;
  for (gsize i = 0; i < n; i++)
    here[mask->pixels[3 * i]] = TRUE;
  for (guint i = 0; i < MAX_CLASSES; i++)
    if (here[i] && i >= limit && !(limit == 2 && i == WHITE))
      return g_strdup_printf ("its mask %s has the value %u; " CODES " names 0 to %u", shown, i,
                              limit - 1);
  for (guint i = 0; i < MAX_CLASSES; i++)
    if (here[i])
      g_atomic_int_set (&self->seen[i], TRUE);
  return NULL;
}

static void
masks_label (const SlLabels *labels, guint index, const SlFound *found, SlLabel *out)
{
  Reading *self = labels->reading;
  const char *path = self->masks[index];

  if (path == NULL)
    {
      g_autofree char *rel = mask_rel_path (self->pattern, found->rel_path);

      if (g_strcmp0 (found->part, "test") != 0)
        out->reason = g_strdup_printf ("its mask %s is not there", rel);
      return;
    }
  if (!g_utf8_validate (path, -1, NULL))
    out->reason = g_strdup ("the path of its mask is not UTF-8: rename it");
  else
    out->reason = check_mask (self, path, found);
  if (out->reason == NULL)
    out->target = g_strdup (path);
}

/* The lines of codes.txt; else black and white, or all values up to the largest that was seen. */
static char **
masks_classes (const SlLabels *labels, const char *const *targets, gsize n)
{
  const Reading *self = labels->reading;
  guint n_seen = 0, largest = 0;
  char **names;

  if (self->codes != NULL)
    return g_strdupv (self->codes);
  for (guint i = 0; i < MAX_CLASSES; i++)
    if (g_atomic_int_get (&self->seen[i]))
      {
        n_seen++;
        largest = i;
      }
  if (n_seen <= 2 && largest == WHITE && (n_seen == 1 || g_atomic_int_get (&self->seen[0])))
    {
      static const char *const black_white[] = { "0", "255", NULL };

      return g_strdupv ((char **)black_white);
    }
  if (largest + 1 - n_seen >= MANY_UNUSED)
    _sl_understanding_note (
        labels->understood,
        "The masks have %u values, the largest of which is %u: a class's value is "
        "its place in the list, from 0, so that %u classes have no pixel",
        n_seen, largest, largest + 1 - n_seen);
  names = g_new0 (char *, largest + 2);
  for (guint i = 0; i <= largest; i++)
    names[i] = g_strdup_printf ("%u", i);
  return names;
}

const SlLabeller _sl_labeller_masks = {
  .prefix = "masks",
  .usage = "masks:PATTERN",
  .tasks = { "segment" },
  .guess = masks_guess,
  .open = masks_open,
  .label = masks_label,
  .classes = masks_classes,
  .free = reading_free,
};
