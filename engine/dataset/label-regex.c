/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dataset/labeller.h"
#include "dataset/path-regex.h"

#define MIN_SHARE 0.9     /* of the names that a guessed expression must fit */
#define MIN_PER_CLASS 2.0 /* pictures a class: names that are all different are no classes */

/* How people number pictures: "cat.4001.jpg", "yorkshire_terrier_12.jpg", "3-0017.png", "dog7.jpg". */
static const char *const usual[] = {
  "([^/]+)\\.\\d+\\.[^./]+$",
  "([^/]+)_\\d+\\.[^./]+$",
  "([^/]+)-\\d+\\.[^./]+$",
  "([^/0-9]+)\\d+\\.[^./]+$",
};

static gboolean
suits (const char *pattern, const SlLabelSource *source)
{
  g_autoptr (GRegex) regex = _sl_path_regex_new (pattern, NULL);
  g_autoptr (GHashTable) classes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint n = 0;

  for (guint i = 0; i < source->files->len; i++)
    {
      const SlFound *found = source->files->pdata[i];
      char *label = _sl_path_regex_match (regex, found->rel_path, NULL, NULL);

      if (label != NULL)
        g_hash_table_add (classes, label);
      n += label != NULL;
    }
  return n >= MIN_SHARE * source->files->len && g_hash_table_size (classes) > 1
         && n >= MIN_PER_CLASS * g_hash_table_size (classes);
}

static char *
regex_guess (const SlLabelSource *source)
{
  for (gsize i = 0; i < G_N_ELEMENTS (usual); i++)
    if (suits (usual[i], source))
      return g_strdup (usual[i]);
  return NULL;
}

static gboolean
regex_open (SlLabels *labels, const SlLabelSource *source, const char *argument, GError **error)
{
  g_autofree char *guessed = argument == NULL ? regex_guess (source) : NULL;
  GRegex *regex;

  if (argument == NULL)
    argument = guessed != NULL ? guessed : "";
  regex = _sl_path_regex_new (argument, error);
  if (regex == NULL)
    return FALSE;
  labels->reading = regex;
  labels->task = sl_task_find ("classify");
  labels->understood->labels = g_strconcat ("regex:", argument, NULL);
  return TRUE;
}

static void
regex_label (const SlLabels *labels, guint index, const SlFound *found, SlLabel *out)
{
  g_autoptr (GError) error = NULL;

  out->target = _sl_path_regex_match (labels->reading, found->rel_path, NULL, &error);
  if (error != NULL)
    out->reason = g_strdup ("the expression takes too long on its path");
  else if (out->target == NULL && g_strcmp0 (found->part, "test") != 0)
    out->reason = g_strdup ("its path does not fit the expression");
}

static void
regex_free (gpointer reading)
{
  g_regex_unref (reading);
}

const SlLabeller _sl_labeller_regex = {
  .prefix = "regex",
  .usage = "regex:RE",
  .tasks = { "classify" },
  .guess = regex_guess,
  .open = regex_open,
  .label = regex_label,
  .free = regex_free,
};
