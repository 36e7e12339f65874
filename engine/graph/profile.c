/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/profile.h"

typedef struct
{
  double seconds[SL_N_PASSES];
  guint calls[SL_N_PASSES];
} NodeTimes;

struct _SlProfile
{
  char *title;
  guint n;
  NodeTimes nodes[];
};

SlProfile *
sl_profile_new_if_wanted (const SlGraph *graph, const char *title)
{
  SlProfile *self;

  if (g_strcmp0 (g_getenv ("SLOPE_PROFILE"), "1") != 0)
    return NULL;
  self = g_malloc0 (sizeof *self + graph->nodes->len * sizeof (NodeTimes));
  self->title = g_strdup (title);
  self->n = graph->nodes->len;
  return self;
}

void
sl_profile_add (SlProfile *self, SlPass pass, guint node, gint64 begin_us)
{
  self->nodes[node].seconds[pass] += (double)(g_get_monotonic_time () - begin_us) * 1e-6;
  self->nodes[node].calls[pass]++;
}

static double
mean_ms (const NodeTimes *times, SlPass pass)
{
  return 1e3 * times->seconds[pass] / MAX (times->calls[pass], 1);
}

static gint
compare_times (gconstpointer a, gconstpointer b, gpointer data)
{
  const SlProfile *self = data;
  const NodeTimes *x = &self->nodes[*(const guint *)a], *y = &self->nodes[*(const guint *)b];
  double difference = y->seconds[0] + y->seconds[1] - x->seconds[0] - x->seconds[1];

  return (difference > 0) - (difference < 0);
}

static void
print_table (SlProfile *self, const SlGraph *graph)
{
  g_autofree guint *order = g_new (guint, MAX (self->n, 1));
  double sums[2] = { 0, 0 };

  for (guint i = 0; i < self->n; i++)
    order[i] = i;
  g_qsort_with_data (order, (gint)self->n, sizeof *order, compare_times, self);

  g_printerr ("%s: milliseconds a pass\n%-32s %-16s %-18s %9s %9s %9s\n", self->title, "layer",
              "op", "output", "forward", "GFLOP/s", "backward");
  for (guint i = 0; i < self->n; i++)
    {
      const SlNode *node = sl_graph_node (graph, order[i]);
      g_autofree char *shape = sl_shape_to_string (node->layout.output[0]);
      double forward = mean_ms (&self->nodes[order[i]], SL_PASS_FORWARD);
      double backward = mean_ms (&self->nodes[order[i]], SL_PASS_BACKWARD);

      sums[0] += forward;
      sums[1] += backward;
      g_printerr ("%-32s %-16s %-18s %9.3f %9.1f %9.3f\n", node->name, node->op->name, shape,
                  forward, forward > 0 ? node->layout.flops / forward * 1e-6 : 0, backward);
    }
  g_printerr ("%-68s %9.3f %9s %9.3f\n", "all", sums[0], "", sums[1]);
}

void
sl_profile_free_and_print (SlProfile *self, const SlGraph *graph)
{
  if (self == NULL)
    return;
  print_table (self, graph);
  g_free (self->title);
  g_free (self);
}
