/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/profile.h"
#include "graph/plan-private.h"
#include <slope/profile.h>
#include <string.h>

typedef struct
{
  double seconds[SL_N_PASSES];
  guint calls[SL_N_PASSES];
} NodeTimes;

struct _SlProfile
{
  gboolean prints;
  guint n;
  NodeTimes nodes[];
};

SlProfile *
sl_profile_new_if_wanted (const SlPlan *plan)
{
  gboolean prints = g_strcmp0 (g_getenv ("SLOPE_PROFILE"), "1") == 0;
  guint n = plan->memory->n_nodes;
  SlProfile *self;

  if (!prints && !(plan->flags & SL_PLAN_PROFILE))
    return NULL;
  self = g_malloc0 (sizeof *self + n * sizeof (NodeTimes));
  self->prints = prints;
  self->n = n;
  return self;
}

void
sl_profile_add (SlProfile *self, SlPass pass, guint node, gint64 begin_us)
{
  self->nodes[node].seconds[pass] += (double)(g_get_monotonic_time () - begin_us) * 1e-6;
  self->nodes[node].calls[pass]++;
}

/* ---- What an op must do and move */

static double
bytes_of (SlShape shape)
{
  return 4.0 * (double)sl_shape_n_elements (shape); /* float32 and int32 */
}

static double
bytes_of_value (const SlPlan *plan, SlValue value)
{
  return bytes_of (sl_graph_value (plan->graph, value)->type.shape);
}

static double
bytes_of_params (const SlPlan *plan, const SlNode *node, guint which)
{
  double bytes = 0;

  for (guint k = 0; k < node->layout.n_params; k++)
    if (which >> k & 1)
      bytes += bytes_of (sl_graph_param (plan->graph, node->param[k])->spec.shape);
  return bytes;
}

static double
forward_bytes (const SlPlan *plan, const SlNode *node)
{
  double bytes = bytes_of_params (plan, node, G_MAXUINT) + (double)node->layout.workspace_bytes;

  for (guint k = 0; k < node->n_in; k++)
    bytes += bytes_of_value (plan, node->in[k]);
  for (guint k = 0; k < node->layout.n_outputs; k++)
    bytes += bytes_of_value (plan, node->first_out + k);
  return bytes;
}

/* The output's gradient and what was kept are read, gradients written; where they are added to,
 * read as well. */
static double
backward_bytes (const SlPlan *plan, const SlNode *node, const SlNodePlan *own)
{
  const SlOpLayout *layout = &node->layout;
  double bytes = bytes_of_value (plan, node->first_out) + (double)layout->workspace_bytes;
  guint inputs = 0, outputs = 0;

  if (own->wants_dx != 0)
    {
      inputs |= layout->keep_for_dx.inputs;
      outputs |= layout->keep_for_dx.outputs;
      bytes += bytes_of_params (plan, node, G_MAXUINT);
    }
  if (own->wants_dparam != 0)
    {
      inputs |= layout->keep_for_dparam.inputs;
      outputs |= layout->keep_for_dparam.outputs;
      bytes += 2 * bytes_of_params (plan, node, own->wants_dparam);
    }
  for (guint k = 0; k < node->n_in; k++)
    bytes += bytes_of_value (plan, node->in[k])
             * ((inputs >> k & 1) + (own->wants_dx >> k & 1) + (own->dx_adds >> k & 1));
  for (guint k = 0; k < layout->n_outputs; k++)
    bytes += bytes_of_value (plan, node->first_out + k) * (outputs >> k & 1);
  return bytes;
}

/* Each of the two gradients of a product is a product of the same size. */
static double
backward_flops (const SlNode *node, const SlNodePlan *own)
{
  return node->layout.flops * ((own->wants_dx != 0) + (own->wants_dparam != 0));
}

static SlOpCost
cost_of (const NodeTimes *times, SlPass pass, double flops, double bytes)
{
  guint calls = times->calls[pass];

  return (SlOpCost){ calls, times->seconds[pass] / MAX (calls, 1), flops, bytes };
}

/* ---- For programs */

guint
sl_plan_n_ops (const SlPlan *self)
{
  g_return_val_if_fail (self != NULL, 0);
  return self->memory->n_nodes;
}

void
sl_plan_get_op (const SlPlan *self, guint i, SlOpProfile *op)
{
  const SlNodePlan *own;
  const SlNode *node;
  const NodeTimes *times;

  g_return_if_fail (self != NULL && self->profile != NULL && i < self->memory->n_nodes);
  node = sl_graph_node (self->graph, i);
  own = &self->memory->nodes[i];
  times = &self->profile->nodes[i];
  *op = (SlOpProfile){ .layer = node->name, .op = node->op->name };
  op->output = node->layout.output[0];
  if (node->n_in > 0)
    op->input = sl_graph_shape (self->graph, node->in[0]);
  if (node->layout.n_params > 0)
    op->weights = sl_graph_param (self->graph, node->param[0])->spec.shape;
  op->forward = cost_of (times, SL_PASS_FORWARD, node->layout.flops, forward_bytes (self, node));
  if (own->runs_backward)
    op->backward = cost_of (times, SL_PASS_BACKWARD, backward_flops (node, own),
                            backward_bytes (self, node, own));
  if (own->again != SL_NEVER)
    {
      op->backward.seconds += cost_of (times, SL_PASS_AGAIN, 0, 0).seconds;
      op->backward.flops += op->forward.flops;
      op->backward.bytes += op->forward.bytes;
    }
}

void
sl_plan_forget_times (SlPlan *self)
{
  g_return_if_fail (self != NULL && self->profile != NULL);
  memset (self->profile->nodes, 0, self->profile->n * sizeof (NodeTimes));
}

/* ---- The table of SLOPE_PROFILE=1 */

static gint
compare_times (gconstpointer a, gconstpointer b, gpointer data)
{
  const SlProfile *self = data;
  const NodeTimes *x = &self->nodes[*(const guint *)a], *y = &self->nodes[*(const guint *)b];
  double difference = y->seconds[0] + y->seconds[1] - x->seconds[0] - x->seconds[1];

  return (difference > 0) - (difference < 0);
}

static double
giga_a_second (double amount, double seconds)
{
  return seconds > 0 ? amount / seconds * 1e-9 : 0;
}

static void
print_table (SlProfile *self, const SlPlan *plan)
{
  g_autofree guint *order = g_new (guint, MAX (self->n, 1));
  double sums[2] = { 0, 0 };

  for (guint i = 0; i < self->n; i++)
    order[i] = i;
  g_qsort_with_data (order, (gint)self->n, sizeof *order, compare_times, self);

  g_printerr ("%s: milliseconds a pass\n%-32s %-16s %-18s %9s %9s %9s %9s\n",
              plan->mode == SL_MODE_TRAIN ? "train" : "eval", "layer", "op", "output", "forward",
              "GFLOP/s", "backward", "GFLOP/s");
  for (guint i = 0; i < self->n; i++)
    {
      SlOpProfile op;
      g_autofree char *shape = NULL;

      sl_plan_get_op (plan, order[i], &op);
      shape = sl_shape_to_string (op.output);
      sums[0] += op.forward.seconds;
      sums[1] += op.backward.seconds;
      g_printerr ("%-32s %-16s %-18s %9.3f %9.1f %9.3f %9.1f\n", op.layer, op.op, shape,
                  1e3 * op.forward.seconds, giga_a_second (op.forward.flops, op.forward.seconds),
                  1e3 * op.backward.seconds,
                  giga_a_second (op.backward.flops, op.backward.seconds));
    }
  g_printerr ("%-68s %9.3f %9s %9.3f\n", "all", 1e3 * sums[0], "", 1e3 * sums[1]);
}

void
sl_profile_free (SlProfile *self, const SlPlan *plan)
{
  if (self != NULL && self->prints)
    print_table (self, plan);
  g_free (self);
}
