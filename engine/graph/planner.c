/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/planner.h"
#include "graph/params-private.h"

/* A value is computed again if what must be kept for that is so many times less. */
#define REPEAT_GAIN 2

/* Operations of the forward pass for each byte that is computed again in the step.
 * MobileNetV2 (16 × 224², two Zen 4 cores, best of five): all kept 0.305 s a step and 887 MiB, all
 * again 0.332 and 484, 24 operations 0.331 and 508, 40 operations 0.307 and 669.  ResNet-34, with
 * three times as much to do, stays below it: all again costs it nothing that could be measured. */
#define FLOPS_PER_BYTE 40.0

/* When a value is read. */
typedef struct
{
  guint end;                   /* time of the last reader of its first block */
  guint late_first, late_last; /* readers in the backward pass; SL_NEVER: none */
  gboolean repeated;           /* computed again for them */
} Life;

/* What is only needed while planning. */
typedef struct
{
  SlMemoryPlan *plan;
  const SlGraph *graph;
  const SlParams *params;
  SlMode mode;
  SlPlanFlags flags;
  gboolean *needs_grad; /* by value: something trained lies before it */
  Life *lives;          /* by value */
  gboolean *is_output;  /* by value */
  gboolean *stays;      /* by node: its output is kept, not computed again */
} Planner;

guint
sl_memory_plan_backward_time (const SlMemoryPlan *self, guint node)
{
  return 2 * self->n_nodes - 1 - node;
}

static guint
backward_time (const Planner *p, guint node)
{
  return sl_memory_plan_backward_time (p->plan, node);
}

static guint
add_block (Planner *p, gsize bytes, guint first, guint last)
{
  SlArenaBlock block = { bytes, first, last, 0 };

  g_array_append_val (p->plan->blocks, block);
  return p->plan->blocks->len - 1;
}

static SlArenaBlock *
get_block (const Planner *p, guint block)
{
  return &g_array_index (p->plan->blocks, SlArenaBlock, block);
}

static gsize
value_bytes (const Planner *p, SlValue v)
{
  SlValueType type = sl_graph_value (p->graph, v)->type;

  return sl_shape_n_elements (type.shape) * sl_dtype_size (type.dtype);
}

/* ---- What is differentiated */

/* Which parameters of each node are trained, and whether its norm is frozen. */
static void
look_at_params (Planner *p, guint i)
{
  const SlNode *node = sl_graph_node (p->graph, i);
  SlNodePlan *plan = &p->plan->nodes[i];
  guint trained = 0;
  gboolean frozen_norm = FALSE;

  for (guint k = 0; k < node->layout.n_params; k++)
    {
      if (sl_params_is_trained (p->params, p->plan->param[node->param[k]]))
        trained |= 1u << k;
      else if (node->layout.param[k].kind == SL_PARAM_NORM)
        frozen_norm = TRUE;
    }
  plan->training = p->mode == SL_MODE_TRAIN && !frozen_norm;
  plan->wants_dparam = p->mode == SL_MODE_TRAIN ? trained : 0;
}

static void
find_needs (Planner *p)
{
  if (p->flags & SL_PLAN_WANT_INPUT_GRADS)
    for (guint v = 0; v < p->plan->n_values; v++)
      {
        const SlValueInfo *info = sl_graph_value (p->graph, v);

        p->needs_grad[v] = info->producer < 0 && info->type.dtype == SL_DTYPE_F32;
      }
  for (guint i = 0; i < p->plan->n_nodes; i++)
    {
      const SlNode *node = sl_graph_node (p->graph, i);
      gboolean needs;

      look_at_params (p, i);
      needs = p->plan->nodes[i].wants_dparam != 0;
      for (guint k = 0; k < node->n_in; k++)
        needs |= p->needs_grad[node->in[k]] && !(node->layout.no_dx >> k & 1);
      /* Only a node's first output has a gradient. */
      p->needs_grad[node->first_out] = needs;
    }
}

/* ---- Values of the forward pass */

static void
read_late (Planner *p, SlValue v, guint time)
{
  Life *life = &p->lives[v];

  life->late_first = MIN (life->late_first, time);
  life->late_last = life->late_last == SL_NEVER ? time : MAX (life->late_last, time);
}

static void
find_lives (Planner *p)
{
  const SlMemoryPlan *plan = p->plan;

  for (guint v = 0; v < plan->n_values; v++)
    p->lives[v] = (Life){ .late_first = SL_NEVER, .late_last = SL_NEVER };
  for (guint i = 0; i < plan->n_nodes; i++)
    {
      const SlNode *node = sl_graph_node (p->graph, i);
      SlKeep keep = { 0, 0 };

      for (guint k = 0; k < node->layout.n_outputs; k++)
        p->lives[node->first_out + k].end = i;
      for (guint k = 0; k < node->n_in; k++)
        p->lives[node->in[k]].end = i;
      if (!plan->nodes[i].runs_backward)
        continue;
      if (plan->nodes[i].wants_dx != 0)
        keep = node->layout.keep_for_dx;
      if (plan->nodes[i].wants_dparam != 0)
        {
          keep.inputs |= node->layout.keep_for_dparam.inputs;
          keep.outputs |= node->layout.keep_for_dparam.outputs;
        }
      for (guint k = 0; k < node->n_in; k++)
        if (keep.inputs >> k & 1)
          read_late (p, node->in[k], backward_time (p, i));
      for (guint k = 0; k < node->layout.n_outputs; k++)
        if (keep.outputs >> k & 1)
          read_late (p, node->first_out + k, backward_time (p, i));
    }
}

/* ---- What is computed again (Chen et al. 2016, of what costs next to nothing) */

static gboolean
can_repeat (const Planner *p, gint node)
{
  return node >= 0 && !p->stays[node] && sl_graph_node (p->graph, node)->layout.can_repeat
         && !p->is_output[sl_graph_node (p->graph, node)->first_out];
}

/* Whether @v is there at @time of the backward pass without anything being done about it. */
static gboolean
is_kept_until (const Planner *p, SlValue v, guint time)
{
  const Life *life = &p->lives[v];

  return p->is_output[v]
         || (!life->repeated && life->late_last != SL_NEVER && life->late_last >= time);
}

/* Bytes to keep for the sake of computing node @i's output again at @time. */
static gsize
repeat_cost (const Planner *p, guint i, guint time)
{
  const SlNode *node = sl_graph_node (p->graph, i);
  gsize bytes = 0;

  for (guint k = 0; k < node->n_in; k++)
    {
      SlValue x = node->in[k];
      gint producer = sl_graph_value (p->graph, x)->producer;
      gsize kept = value_bytes (p, x);

      if (p->lives[x].repeated || is_kept_until (p, x, time))
        continue;
      if (can_repeat (p, producer) && p->lives[x].late_last == SL_NEVER)
        kept = MIN (kept, repeat_cost (p, (guint)producer, time));
      bytes += kept;
    }
  return bytes;
}

/* Node @i's output is wanted again at @time, and with it all that it is made of. */
static void
repeat (Planner *p, guint i, guint time)
{
  const SlNode *node = sl_graph_node (p->graph, i);
  Life *life = &p->lives[node->first_out];

  if (life->repeated && life->late_first <= time && life->late_last >= time)
    return;
  life->repeated = TRUE;
  read_late (p, node->first_out, time);
  for (guint k = 0; k < node->n_in; k++)
    {
      SlValue x = node->in[k];
      gint producer = sl_graph_value (p->graph, x)->producer;

      if (is_kept_until (p, x, life->late_first))
        continue;
      if (p->lives[x].repeated
          || (can_repeat (p, producer) && p->lives[x].late_last == SL_NEVER
              && repeat_cost (p, (guint)producer, life->late_first) < value_bytes (p, x)))
        repeat (p, (guint)producer, life->late_first);
      else
        read_late (p, x, life->late_first);
    }
}

static void
choose_repeats (Planner *p)
{
  for (guint i = 0; i < p->plan->n_nodes; i++)
    {
      SlValue y = sl_graph_node (p->graph, i)->first_out;
      guint time = p->lives[y].late_first;

      if (can_repeat (p, (gint)i) && time != SL_NEVER && !p->lives[y].repeated
          && repeat_cost (p, i, time) <= value_bytes (p, y) / REPEAT_GAIN)
        repeat (p, i, time);
    }
}

/* What is not computed again is kept for its readers in the backward pass. */
static void
finish_lives (Planner *p)
{
  for (guint v = 0; v < p->plan->n_values; v++)
    {
      Life *life = &p->lives[v];

      if (life->repeated)
        p->plan->nodes[sl_graph_value (p->graph, v)->producer].again = life->late_first;
      else if (life->late_last != SL_NEVER)
        life->end = life->late_last;
    }
}

/* Whatever is computed again in one step in a chain of its own: a step then looks at no other node. */
static void
chain_repeats (SlMemoryPlan *plan)
{
  for (guint i = 0; i < plan->n_nodes; i++)
    plan->nodes[i].first_again = plan->nodes[i].next_again = SL_NEVER;
  for (guint i = plan->n_nodes; i-- > 0;)
    if (plan->nodes[i].again != SL_NEVER)
      {
        SlNodePlan *reader = &plan->nodes[plan->n_times - 1 - plan->nodes[i].again];

        plan->nodes[i].next_again = reader->first_again;
        reader->first_again = i;
      }
}

/* ---- Where values lie */

/* The input whose block output 0 of node @i may take over; SL_NO_VALUE: none. */
static SlValue
find_in_place (const Planner *p, guint i)
{
  const SlNode *node = sl_graph_node (p->graph, i);

  if (p->flags & SL_PLAN_NO_REUSE || p->is_output[node->first_out])
    return SL_NO_VALUE;
  for (guint k = 0; k < node->n_in; k++)
    {
      SlValue x = node->in[k];

      if (node->layout.y_over_x >> k & 1 && p->lives[x].end == i && !p->is_output[x]
          && sl_graph_value (p->graph, x)->producer >= 0
          && value_bytes (p, x) == value_bytes (p, node->first_out))
        return x;
    }
  return SL_NO_VALUE;
}

static guint
workspace_end (const Planner *p, guint i)
{
  const SlNodePlan *own = &p->plan->nodes[i];

  if (own->runs_backward)
    return backward_time (p, i);
  return own->again != SL_NEVER ? own->again : i;
}

static void
place_workspace (Planner *p, guint i)
{
  const SlOpLayout *layout = &sl_graph_node (p->graph, i)->layout;
  SlNodePlan *own = &p->plan->nodes[i];
  gsize bytes = layout->workspace_bytes + (own->runs_backward ? layout->gradient_bytes : 0);

  if (bytes > 0)
    own->workspace = add_block (p, bytes, i, workspace_end (p, i));
}

static void
place_values (Planner *p)
{
  SlMemoryPlan *plan = p->plan;
  guint end = plan->n_times - 1;

  for (guint v = 0; v < plan->n_values; v++)
    if (p->is_output[v])
      plan->value_block[v] = add_block (p, value_bytes (p, v), 0, end);
    else if (sl_graph_value (p->graph, v)->producer < 0)
      plan->value_block[v] = add_block (p, value_bytes (p, v), 0, p->lives[v].end);

  for (guint i = 0; i < plan->n_nodes; i++)
    {
      const SlNode *node = sl_graph_node (p->graph, i);
      SlValue x = find_in_place (p, i);

      if (x != SL_NO_VALUE)
        {
          plan->value_block[node->first_out] = plan->value_block[x];
          get_block (p, plan->value_block[x])->last = p->lives[node->first_out].end;
        }
      for (guint k = 0; k < node->layout.n_outputs; k++)
        if (plan->value_block[node->first_out + k] == SL_NO_BLOCK)
          plan->value_block[node->first_out + k] = add_block (
              p, value_bytes (p, node->first_out + k), i, p->lives[node->first_out + k].end);
      place_workspace (p, i);
    }
  for (guint v = 0; v < plan->n_values; v++)
    plan->late_block[v] = p->lives[v].repeated ? add_block (
                              p, value_bytes (p, v), p->lives[v].late_first, p->lives[v].late_last)
                                               : plan->value_block[v];
}

/* ---- Gradients */

/* From the loss back: who runs, what it computes, and whether it is the first to write it. */
static void
find_backward (Planner *p)
{
  SlMemoryPlan *plan = p->plan;
  g_autofree gboolean *written = g_new0 (gboolean, MAX (plan->n_values, 1));
  SlValue loss = sl_graph_find_output (p->graph, "loss");

  if (p->mode != SL_MODE_TRAIN || loss == SL_NO_VALUE || !p->needs_grad[loss])
    return;
  written[loss] = TRUE; /* with 1, before the pass */
  for (guint i = plan->n_nodes; i-- > 0;)
    {
      const SlNode *node = sl_graph_node (p->graph, i);
      SlNodePlan *own = &plan->nodes[i];

      own->runs_backward = written[node->first_out] && p->needs_grad[node->first_out];
      if (!own->runs_backward)
        {
          own->wants_dparam = 0;
          continue;
        }
      /* The last input first: so do the ops, as the first one's gradient may overwrite dy. */
      for (guint k = node->n_in; k-- > 0;)
        if (p->needs_grad[node->in[k]] && !(node->layout.no_dx >> k & 1))
          {
            own->wants_dx |= 1u << k;
            own->dx_adds |= written[node->in[k]] ? 1u << k : 0;
            written[node->in[k]] = TRUE;
          }
    }
}

static gboolean
may_take_dy (const Planner *p, guint i, guint k)
{
  const SlNode *node = sl_graph_node (p->graph, i);

  return !(p->flags & SL_PLAN_NO_REUSE) && node->layout.dx_over_dy >> k & 1
         && value_bytes (p, node->in[k]) == value_bytes (p, node->first_out);
}

static void
place_gradients (Planner *p)
{
  SlMemoryPlan *plan = p->plan;
  SlValue loss = sl_graph_find_output (p->graph, "loss");

  for (guint i = plan->n_nodes; i-- > 0;)
    {
      const SlNode *node = sl_graph_node (p->graph, i);
      const SlNodePlan *own = &plan->nodes[i];
      guint now;

      if (!own->runs_backward)
        continue;
      now = backward_time (p, i);
      if (node->first_out == loss)
        plan->grad_block[loss] = add_block (p, value_bytes (p, loss), plan->n_nodes, now);
      get_block (p, plan->grad_block[node->first_out])->last = now;
      for (guint k = node->n_in; k-- > 0;)
        {
          SlValue x = node->in[k];

          if (!(own->wants_dx >> k & 1) || own->dx_adds >> k & 1)
            continue;
          /* Its producer, when it comes to it, shortens this to its own time. */
          if (may_take_dy (p, i, k))
            plan->grad_block[x] = plan->grad_block[node->first_out];
          else
            plan->grad_block[x] = add_block (p, value_bytes (p, x), now, now);
          get_block (p, plan->grad_block[x])->last = plan->n_times - 1;
        }
    }
}

/* Two nodes may share a parameter: it is done with when the later one is. */
static void
place_brief (Planner *p)
{
  SlMemoryPlan *plan = p->plan;

  plan->brief = g_new0 (SlGradPlan, MAX (plan->n_params, 1));
  for (guint k = 0; k < plan->n_params; k++)
    plan->brief[k].block = SL_NO_BLOCK;
  for (guint i = plan->n_nodes; i-- > 0;)
    {
      const SlNode *node = sl_graph_node (p->graph, i);

      for (guint k = 0; plan->nodes[i].runs_backward && k < node->layout.n_params; k++)
        {
          guint param = p->plan->param[node->param[k]];
          SlGradPlan *grad = &plan->brief[param];
          gsize n = sl_param_padded (sl_params_nth (p->params, param));

          if (grad->block == SL_NO_BLOCK && plan->nodes[i].wants_dparam >> k & 1)
            {
              grad->first = backward_time (p, i);
              grad->block = add_block (p, n * sizeof (float), grad->first, grad->first);
            }
          if (grad->block != SL_NO_BLOCK)
            get_block (p, grad->block)->last = grad->last = backward_time (p, i);
        }
    }
}

/* ---- The whole, until it is good */

static void
forget_places (SlMemoryPlan *plan)
{
  g_array_set_size (plan->blocks, 0);
  g_clear_pointer (&plan->brief, g_free);
  for (guint v = 0; v < plan->n_values; v++)
    plan->value_block[v] = plan->grad_block[v] = SL_NO_BLOCK;
  for (guint i = 0; i < plan->n_nodes; i++)
    {
      plan->nodes[i].workspace = SL_NO_BLOCK;
      plan->nodes[i].again = SL_NEVER;
    }
}

/* The most bytes that live at one time: what the arena can do with, but for gaps. */
static gsize
peak_bytes (const SlMemoryPlan *plan)
{
  g_autofree gsize *change = g_new0 (gsize, plan->n_times + 1);
  gsize now = 0, peak = 0;

  for (guint i = 0; i < plan->blocks->len; i++)
    {
      const SlArenaBlock *block = &g_array_index (plan->blocks, SlArenaBlock, i);

      change[block->first] += block->bytes;
      change[block->last + 1] -= block->bytes; /* wraps, and wraps back in the sum */
    }
  for (guint t = 0; t < plan->n_times; t++)
    {
      now += change[t];
      peak = MAX (peak, now);
    }
  return peak;
}

static gsize
lay_out (Planner *p)
{
  forget_places (p->plan);
  find_lives (p);
  if (!(p->flags & SL_PLAN_KEEP_ALL))
    choose_repeats (p);
  finish_lives (p);
  chain_repeats (p->plan);
  place_values (p);
  place_gradients (p);
  if (p->mode == SL_MODE_TRAIN && p->flags & SL_PLAN_BRIEF_GRADS)
    place_brief (p);
  return peak_bytes (p->plan);
}

static gsize
bytes_again (const Planner *p)
{
  gsize bytes = 0;

  for (guint v = 0; v < p->plan->n_values; v++)
    bytes += p->lives[v].repeated ? value_bytes (p, v) : 0;
  return bytes;
}

static double
flops (const Planner *p)
{
  double sum = 0;

  for (guint i = 0; i < p->plan->n_nodes; i++)
    sum += sl_graph_node (p->graph, i)->layout.flops;
  return sum;
}

static gboolean
is_repeated (const Planner *p, guint node)
{
  return p->lives[sl_graph_node (p->graph, node)->first_out].repeated;
}

/* What is computed again, before all that could be: the first values, which are the largest and
 * outlive the caches, are kept until the rest takes little time (FLOPS_PER_BYTE); and so is whatever
 * is not there at the peak, as computing that again gains nothing. */
static void
lay_out_best (Planner *p)
{
  double most = flops (p) / FLOPS_PER_BYTE;
  gsize peak = lay_out (p);

  if (p->flags & SL_PLAN_REPEAT_ALL)
    return;
  for (guint i = 0; i < p->plan->n_nodes && (double)bytes_again (p) > most; i++)
    if (is_repeated (p, i))
      {
        p->stays[i] = TRUE;
        peak = lay_out (p);
      }
  for (guint i = 0; i < p->plan->n_nodes; i++)
    if (is_repeated (p, i))
      {
        p->stays[i] = TRUE;
        if (lay_out (p) > peak)
          {
            p->stays[i] = FALSE;
            lay_out (p);
          }
      }
}

SlMemoryPlan *
sl_memory_plan_new (const SlGraph *graph, const SlParams *params, SlMode mode, SlPlanFlags flags)
{
  SlMemoryPlan *self = g_new0 (SlMemoryPlan, 1);
  Planner planner = {
    .plan = self, .graph = graph, .params = params, .mode = mode, .flags = flags
  };

  self->n_nodes = graph->nodes->len;
  self->n_values = graph->values->len;
  self->n_params = sl_params_n (params);
  self->n_times = MAX (self->n_nodes * (mode == SL_MODE_TRAIN ? 2 : 1), 1);
  self->nodes = g_new0 (SlNodePlan, MAX (self->n_nodes, 1));
  self->value_block = g_new (guint, MAX (self->n_values, 1));
  self->late_block = g_new (guint, MAX (self->n_values, 1));
  self->grad_block = g_new (guint, MAX (self->n_values, 1));
  self->blocks = g_array_new (FALSE, FALSE, sizeof (SlArenaBlock));
  self->param = g_new (guint, MAX (graph->params->len, 1));
  for (guint i = 0; i < graph->params->len; i++)
    self->param[i] = (guint)sl_params_find (params, sl_graph_param (graph, i)->name);

  planner.needs_grad = g_new0 (gboolean, MAX (self->n_values, 1));
  planner.lives = g_new0 (Life, MAX (self->n_values, 1));
  planner.is_output = g_new0 (gboolean, MAX (self->n_values, 1));
  planner.stays = g_new0 (gboolean, MAX (self->n_nodes, 1));
  for (guint i = 0; i < graph->outputs->len; i++)
    planner.is_output[g_array_index (graph->outputs, SlPort, i).value] = TRUE;

  find_needs (&planner);
  find_backward (&planner);
  lay_out_best (&planner);
  self->arena_bytes = sl_arena_place ((SlArenaBlock *)(gpointer)self->blocks->data,
                                      self->blocks->len, !(flags & SL_PLAN_NO_REUSE));
  g_free (planner.needs_grad);
  g_free (planner.lives);
  g_free (planner.is_output);
  g_free (planner.stays);
  return self;
}

void
sl_memory_plan_free (SlMemoryPlan *self)
{
  g_return_if_fail (self != NULL);
  g_free (self->nodes);
  g_free (self->param);
  g_free (self->value_block);
  g_free (self->late_block);
  g_free (self->grad_block);
  g_free (self->brief);
  g_array_unref (self->blocks);
  g_free (self);
}
