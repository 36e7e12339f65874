/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dataset/labeller.h"

#include <string.h>

/* In the order in which they are tried: what is more particular comes first. */
static const SlLabeller *const labellers[] = {
  &_sl_labeller_points, &_sl_labeller_masks, &_sl_labeller_csv,
  &_sl_labeller_folder, &_sl_labeller_regex,
};

/* ---- What was understood */

void
_sl_understanding_note (SlUnderstanding *self, const char *format, ...)
{
  guint n = self->notes != NULL ? g_strv_length (self->notes) : 0;
  va_list args;

  va_start (args, format);
  self->notes = g_renew (char *, self->notes, n + 2);
  self->notes[n] = g_strdup_vprintf (format, args);
  self->notes[n + 1] = NULL;
  va_end (args);
}

void
_sl_table_info_free (SlTableInfo *self)
{
  g_free (self->file);
  g_free (self->encoding);
  g_strfreev (self->columns);
  g_free (self->prefix);
  g_free (self->suffix);
  g_free (self->example);
  g_strfreev (self->cells);
  g_free (self);
}

static void
understanding_free (SlUnderstanding *self)
{
  g_clear_pointer (&self->table, _sl_table_info_free);
  g_strfreev (self->others);
  g_strfreev (self->notes);
  g_free (self->labels);
  g_free (self->codes);
  g_free (self);
}

/* ---- Choosing the way */

gboolean
_sl_label_source_wants (const SlLabelSource *self, const char *task_id)
{
  const SlTask *task = sl_task_find (task_id);

  return task != NULL && (self->task == NULL || self->task == task);
}

static gboolean
fits_task (const SlLabeller *way, const SlLabelSource *source)
{
  for (gsize i = 0; i < G_N_ELEMENTS (way->tasks) && way->tasks[i] != NULL; i++)
    if (_sl_label_source_wants (source, way->tasks[i]))
      return TRUE;
  return FALSE;
}

static gboolean
check_task (const SlLabels *self, const SlLabelSource *source, GError **error)
{
  if (self->task != NULL && (source->task == NULL || self->task == source->task))
    return TRUE;
  g_set_error (error, SL_ERROR, SL_ERROR_UNSUPPORTED,
               "The labels “%s” are not for the task “%s”: choose another task or other labels",
               self->understood->labels, source->task != NULL ? source->task->id : "?");
  return FALSE;
}

static SlLabels *
open_way (const SlLabeller *way, const SlLabelSource *source, const char *argument, GError **error)
{
  g_autoptr (SlLabels) self = g_new0 (SlLabels, 1);

  self->understood = g_new0 (SlUnderstanding, 1);
  if (!way->open (self, source, argument != NULL && *argument != '\0' ? argument : NULL, error))
    {
      self->reading = NULL;
      return NULL;
    }
  self->way = way;
  return check_task (self, source, error) ? g_steal_pointer (&self) : NULL;
}

static char *
spell (const SlLabeller *way, const char *argument)
{
  return *argument != '\0' ? g_strconcat (way->prefix, ":", argument, NULL)
                           : g_strdup (way->prefix);
}

/* The first way that shows signs of fitting and opens; the others that do are kept for a choice.
 * Without any, folders, whose lack is then explained. */
static SlLabels *
guess (const SlLabelSource *source, GError **error)
{
  g_autoptr (GPtrArray) others = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (SlLabels) self = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (labellers); i++)
    {
      g_autofree char *argument = fits_task (labellers[i], source) ? labellers[i]->guess (source)
                                                                   : NULL;

      if (argument == NULL)
        continue;
      if (self == NULL)
        self = open_way (labellers[i], source, argument, NULL);
      else
        g_ptr_array_add (others, spell (labellers[i], argument));
    }
  if (self == NULL)
    self = open_way (&_sl_labeller_folder, source, NULL, error);
  if (self == NULL)
    return NULL;
  g_ptr_array_add (others, NULL);
  self->understood->others = g_strdupv ((char **)others->pdata);
  return g_steal_pointer (&self);
}

static gboolean
set_unknown (const char *text, GError **error)
{
  g_autoptr (GString) usages = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (labellers); i++)
    g_string_append_printf (usages, "%s%s", i > 0 ? ", " : "", labellers[i]->usage);
  g_set_error (error, SL_ERROR, SL_ERROR_DATA, "Labels cannot be read by “%s”: write one of %s",
               text, usages->str);
  return FALSE;
}

/* Empty lists where nothing was noted, so that readers need not ask. */
static SlLabels *
complete (SlLabels *self)
{
  if (self != NULL && self->understood->others == NULL)
    self->understood->others = g_new0 (char *, 1);
  if (self != NULL && self->understood->notes == NULL)
    self->understood->notes = g_new0 (char *, 1);
  return self;
}

/* (nullable) (transfer none); *@argument: (nullable): what follows the colon. */
static const SlLabeller *
find_way (const char *text, const char **argument)
{
  for (gsize i = 0; i < G_N_ELEMENTS (labellers); i++)
    {
      gsize length = strlen (labellers[i]->prefix);

      if (strncmp (text, labellers[i]->prefix, length) != 0
          || (text[length] != ':' && text[length] != '\0'))
        continue;
      *argument = text[length] == ':' ? text + length + 1 : NULL;
      return labellers[i];
    }
  return NULL;
}

SlLabels *
_sl_labels_open (const SlLabelSource *source, const char *text, GError **error)
{
  const char *argument;
  const SlLabeller *way = text != NULL ? find_way (text, &argument) : NULL;

  if (text == NULL)
    return complete (guess (source, error));
  if (way != NULL)
    return complete (open_way (way, source, argument, error));
  set_unknown (text, error);
  return NULL;
}

gboolean
sl_labels_fit_task (const char *labels, const SlTask *task)
{
  const char *argument;
  const SlLabeller *way;
  const SlLabelSource source = { .task = task };

  g_return_val_if_fail (labels != NULL && task != NULL, FALSE);

  way = find_way (labels, &argument);
  return way != NULL && fits_task (way, &source);
}

void
_sl_labels_free (SlLabels *self)
{
  if (self->reading != NULL && self->way != NULL && self->way->free != NULL)
    self->way->free (self->reading);
  g_clear_pointer (&self->understood, understanding_free);
  g_free (self->is_label);
  g_free (self);
}

/* ---- Classes */

static int
compare_texts (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

char **
_sl_sorted_set (const char *const *texts, gsize n)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray *names = g_ptr_array_new ();

  for (gsize i = 0; i < n; i++)
    if (texts[i] != NULL && g_hash_table_add (seen, (gpointer)texts[i]))
      g_ptr_array_add (names, g_strdup (texts[i]));
  g_ptr_array_sort (names, compare_texts);
  g_ptr_array_add (names, NULL);
  return (char **)g_ptr_array_free (names, FALSE);
}

char **
_sl_labels_classes (const SlLabels *self, const char *const *targets, gsize n)
{
  return self->way->classes != NULL ? self->way->classes (self, targets, n)
                                    : _sl_sorted_set (targets, n);
}
