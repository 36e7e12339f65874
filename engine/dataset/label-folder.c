/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dataset/labeller.h"

static char *
folder_guess (const SlLabelSource *source)
{
  const char *first = NULL;

  for (guint i = 0; i < source->files->len; i++)
    {
      const SlFound *found = source->files->pdata[i];

      if (first == NULL)
        first = found->label;
      else if (found->label != NULL && !g_str_equal (first, found->label))
        return g_strdup ("");
    }
  return NULL;
}

static gboolean
folder_open (SlLabels *labels, const SlLabelSource *source, const char *argument, GError **error)
{
  if (argument != NULL)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_DATA,
                   "The labels “folder” take no argument, such as “%s”: leave it out", argument);
      return FALSE;
    }
  labels->task = sl_task_find ("classify");
  labels->understood->labels = g_strdup ("folder");
  return TRUE;
}

static void
folder_label (const SlLabels *labels, guint index, const SlFound *found, SlLabel *out)
{
  out->target = g_strdup (found->label);
}

const SlLabeller _sl_labeller_folder = {
  .prefix = "folder",
  .usage = "folder",
  .tasks = { "classify" },
  .guess = folder_guess,
  .open = folder_open,
  .label = folder_label,
};
