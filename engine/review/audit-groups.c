/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "review/audit-groups.h"

#include <string.h>

#define BURST_NEAR 16
#define BURST_LIKENESS 0.90
#define BURST_REACH 2 /* the next frame, and the one after it */
#define MAX_DIGITS 18

static void
add_link (GArray *links, SlFindingKind kind, guint32 a, guint32 b)
{
  const SlAuditLink link = { MIN (a, b), MAX (a, b), kind };

  g_array_append_val (links, link);
}

/* ---- Copies */

/* Each with the one before it. */
static void
link_copies (GArray *links, const SlAuditItem *items, gsize n)
{
  g_autoptr (GHashTable) last = g_hash_table_new (g_int64_hash, g_int64_equal);

  for (guint32 i = 0; i < n; i++)
    {
      gpointer before;

      if (items[i].twin == 0)
        continue;
      if (g_hash_table_lookup_extended (last, &items[i].twin, NULL, &before))
        add_link (links, SL_FINDING_COPIES, GPOINTER_TO_UINT (before), i);
      g_hash_table_insert (last, (gpointer)&items[i].twin, GUINT_TO_POINTER (i));
    }
}

static void
link_alike (GArray *links, const SlAuditItem *items, gsize n)
{
  g_autofree const SlLook **looks = g_new (const SlLook *, n + 1);
  g_autoptr (GArray) pairs = NULL;

  for (gsize i = 0; i < n; i++)
    looks[i] = items[i].look;
  pairs = sl_look_pairs (looks, n);
  for (guint i = 0; i < pairs->len; i++)
    {
      const SlLookPair *pair = &g_array_index (pairs, SlLookPair, i);

      if (items[pair->a].twin == 0 || items[pair->a].twin != items[pair->b].twin)
        add_link (links, SL_FINDING_ALIKE, pair->a, pair->b);
    }
}

/* ---- Bursts */

/* "walk/frame_0012.png": what is before the last number of the file's name, the number, the rest. */
typedef struct
{
  const char *path, *rest;
  gsize before; /* bytes */
  guint64 number;
  guint32 place;
} Frame;

static gboolean
read_frame (const char *path, guint32 place, Frame *frame)
{
  const char *slash = strrchr (path, '/'), *name = slash != NULL ? slash + 1 : path;
  const char *dot = strrchr (name, '.'), *end = dot != NULL ? dot : name + strlen (name), *start;

  while (end > name && !g_ascii_isdigit (end[-1]))
    end--;
  for (start = end; start > name && g_ascii_isdigit (start[-1]);)
    start--;
  if (start == end || end - start > MAX_DIGITS)
    return FALSE;
  *frame = (Frame){ path, end, (gsize)(start - path), g_ascii_strtoull (start, NULL, 10), place };
  return TRUE;
}

static int
compare_series (const Frame *a, const Frame *b)
{
  int order = strncmp (a->path, b->path, MIN (a->before, b->before));

  if (order != 0 || a->before != b->before)
    return order != 0 ? order : a->before < b->before ? -1 : 1;
  return strcmp (a->rest, b->rest);
}

static int
compare_frames (gconstpointer a, gconstpointer b)
{
  const Frame *x = a, *y = b;
  int order = compare_series (x, y);

  if (order != 0)
    return order;
  if (x->number != y->number)
    return x->number < y->number ? -1 : 1;
  return x->place < y->place ? -1 : x->place > y->place;
}

static gboolean
is_burst (const SlLook *a, const SlLook *b)
{
  return a != NULL && b != NULL && !a->flat && !b->flat
         && sl_look_distance (a, b, FALSE) <= BURST_NEAR
         && sl_look_likeness (a, b, FALSE) >= BURST_LIKENESS;
}

static void
link_bursts (GArray *links, const SlAuditItem *items, gsize n)
{
  g_autoptr (GArray) frames = g_array_new (FALSE, FALSE, sizeof (Frame));

  for (guint32 i = 0; i < n; i++)
    {
      Frame frame;

      if (read_frame (items[i].rel_path, i, &frame))
        g_array_append_val (frames, frame);
    }
  g_array_sort (frames, compare_frames);
  for (guint i = 0; i < frames->len; i++)
    for (guint k = i + 1; k < frames->len && k <= i + BURST_REACH; k++)
      {
        const Frame *a = &g_array_index (frames, Frame, i);
        const Frame *b = &g_array_index (frames, Frame, k);

        if (compare_series (a, b) == 0 && is_burst (items[a->place].look, items[b->place].look))
          add_link (links, SL_FINDING_BURST, a->place, b->place);
      }
}

GArray *
sl_audit_links (const SlAuditItem *items, gsize n)
{
  GArray *links = g_array_new (FALSE, FALSE, sizeof (SlAuditLink));

  link_copies (links, items, n);
  link_alike (links, items, n);
  link_bursts (links, items, n);
  return links;
}

/* ---- Groups: union by the smaller place, with halved paths. */

static guint32
find_first (guint32 *groups, guint32 i)
{
  while (groups[i] != i)
    {
      groups[i] = groups[groups[i]];
      i = groups[i];
    }
  return i;
}

guint32 *
sl_audit_groups (const GArray *links, gsize n)
{
  guint32 *groups = g_new (guint32, MAX (n, 1));

  for (guint32 i = 0; i < n; i++)
    groups[i] = i;
  for (guint i = 0; i < links->len; i++)
    {
      const SlAuditLink *link = &g_array_index (links, SlAuditLink, i);
      guint32 a = find_first (groups, link->a), b = find_first (groups, link->b);

      groups[MAX (a, b)] = MIN (a, b);
    }
  for (guint32 i = 0; i < n; i++)
    groups[i] = find_first (groups, i);
  return groups;
}
