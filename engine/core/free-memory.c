/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/free-memory.h"
#include <string.h>

/* One version of control groups: how a line of /proc/self/cgroup names it ("ID:CONTROLLERS:PATH"),
 * where its tree lies, and what its files are called.  The first version writes a number of bytes
 * beyond any memory for "no limit", the second "max". */
typedef struct
{
  const char *controllers;
  const char *tree;
  const char *limit, *usage;
  const char *file_cache[2]; /* lines of memory.stat */
} Version;

static const Version versions[] = {
  { "", "sys/fs/cgroup", "memory.max", "memory.current", { "inactive_file ", "active_file " } },
  { "memory",
    "sys/fs/cgroup/memory",
    "memory.limit_in_bytes",
    "memory.usage_in_bytes",
    { "total_inactive_file ", "total_active_file " } },
};

/* The number after @key at the beginning of a line of @text. */
static gboolean
find_number (const char *text, const char *key, guint64 *value)
{
  const gsize n = strlen (key);

  for (const char *line = text; line != NULL; line = strchr (line, '\n'))
    {
      line += *line == '\n';
      if (strncmp (line, key, n) != 0)
        continue;
      line += n + strspn (line + n, " \t");
      if (!g_ascii_isdigit (*line))
        return FALSE;
      *value = g_ascii_strtoull (line, NULL, 10);
      return TRUE;
    }
  return FALSE;
}

static char *
read_text (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  char *text = NULL;

  return g_file_get_contents (path, &text, NULL, NULL) ? text : NULL;
}

static gboolean
read_number (const char *folder, const char *name, guint64 *value)
{
  g_autofree char *text = read_text (folder, name);

  return text != NULL && find_number (text, "", value);
}

static gsize
available_bytes (const char *root)
{
  g_autofree char *text = read_text (root, "proc/meminfo");
  guint64 kib;

  if (text == NULL || !find_number (text, "MemAvailable:", &kib) || kib > G_MAXSIZE / 1024)
    return G_MAXSIZE;
  return (gsize)kib * 1024;
}

/* What one group leaves.  Its usage counts the files that the kernel has cached for it, which go
 * when memory is wanted. */
static gsize
group_bytes (const Version *version, const char *folder)
{
  g_autofree char *stat = NULL;
  guint64 limit, usage, cached, dropped = 0;

  if (!read_number (folder, version->limit, &limit)
      || !read_number (folder, version->usage, &usage))
    return G_MAXSIZE;
  stat = read_text (folder, "memory.stat");
  for (guint i = 0; stat != NULL && i < G_N_ELEMENTS (version->file_cache); i++)
    if (find_number (stat, version->file_cache[i], &cached))
      dropped += cached;
  usage -= MIN (usage, dropped);
  return limit > usage ? (gsize)(limit - usage) : 0;
}

/* The least that the group at @path and those above it leave.  A container sees its own group as
 * the tree's root and may be told a path that is not there: what is missing sets no limit. */
static gsize
groups_bytes (const Version *version, const char *root, const char *path)
{
  g_autofree char *tree = g_build_filename (root, version->tree, NULL);
  g_autofree char *folder = g_build_filename (tree, path, NULL);
  gsize least = G_MAXSIZE;

  while (strlen (folder) >= strlen (tree))
    {
      char *parent = g_path_get_dirname (folder);

      least = MIN (least, group_bytes (version, folder));
      g_free (folder);
      folder = parent;
    }
  return least;
}

static gboolean
has_controllers (const Version *version, const char *list)
{
  g_auto (GStrv) names = g_strsplit (list, ",", -1);

  return *version->controllers == '\0'
             ? *list == '\0'
             : g_strv_contains ((const char *const *)names, version->controllers);
}

gsize
sl_free_memory_under (const char *root)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  gsize least;

  g_return_val_if_fail (root != NULL, 0);
  least = available_bytes (root);
  text = read_text (root, "proc/self/cgroup");
  lines = g_strsplit (text != NULL ? text : "", "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    {
      g_auto (GStrv) fields = g_strsplit (*line, ":", 3);

      for (guint i = 0; g_strv_length (fields) == 3 && i < G_N_ELEMENTS (versions); i++)
        if (has_controllers (&versions[i], fields[1]))
          least = MIN (least, groups_bytes (&versions[i], root, fields[2]));
    }
  return least;
}

gsize
sl_free_memory_bytes (void)
{
  return sl_free_memory_under ("/");
}
