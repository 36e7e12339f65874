/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/params-private.h"
#include "core/arena.h"
#include "graph/graph-private.h"
#include <slope/parallel.h>
#include <slope/random.h>
#include <math.h>
#include <string.h>

/* The block: trained groups first, each with its weights before its norms, running statistics
 * at the end.  So whatever is frozen, the rest is a few long stretches. */
static gint
compare_places (gconstpointer a, gconstpointer b, gpointer data)
{
  const SlParams *self = data;
  guint i = *(const guint *)a, j = *(const guint *)b;
  const SlParamInfo *x = sl_params_nth (self, i), *y = sl_params_nth (self, j);

  if ((x->kind == SL_PARAM_STATE) != (y->kind == SL_PARAM_STATE))
    return x->kind == SL_PARAM_STATE ? 1 : -1;
  if (x->group != y->group)
    return x->group < y->group ? -1 : 1;
  if (x->kind != y->kind)
    return x->kind < y->kind ? -1 : 1;
  return i < j ? -1 : 1;
}

static guint *
order_by_place (const SlParams *self)
{
  guint *order = g_new (guint, MAX (self->infos->len, 1));

  for (guint i = 0; i < self->infos->len; i++)
    order[i] = i;
  g_qsort_with_data (order, (gint)self->infos->len, sizeof *order, compare_places, (gpointer)self);
  return order;
}

static float *
new_block (const SlParams *self)
{
  gsize bytes = self->n_elements * sizeof (float);
  float *block = sl_arena_map (bytes);

  if (block == NULL)
    g_error ("No memory for %" G_GSIZE_FORMAT " bytes of parameters", bytes);
  return block;
}

/* FNV-1a: a parameter's first values depend on its name and the seed alone, not on what else the
 * graph holds. */
static guint64
hash_name (const char *name)
{
  guint64 hash = G_GUINT64_CONSTANT (0xcbf29ce484222325);

  for (; *name != '\0'; name++)
    hash = (hash ^ (guchar)*name) * G_GUINT64_CONSTANT (0x100000001b3);
  return hash;
}

static void
fill_normal (float *values, gsize n, double deviation, guint64 key)
{
  /* Two at a time (Box and Muller 1958), each pair from the block of its own index. */
#pragma omp parallel for num_threads(sl_parallel_get_threads()) schedule(static)
  for (gsize i = 0; i < (n + 1) / 2; i++)
    {
      guint32 bits[4];
      double radius, angle;

      sl_random_block (key, i, bits);
      radius = deviation
               * sqrt (-2.0 * log (((bits[0] | (guint64)bits[1] << 32) >> 11) * 0x1p-53 + 0x1p-54));
      angle = 2.0 * G_PI * ((bits[2] | (guint64)bits[3] << 32) >> 11) * 0x1p-53;
      values[2 * i] = (float)(radius * cos (angle));
      if (2 * i + 1 < n)
        values[2 * i + 1] = (float)(radius * sin (angle));
    }
}

/* Each value drawn for a quarter of the block, and four times there: the last axis, a multiple of
 * 4 long, stays whole. */
static void
fill_fours (float *values, gsize n, double deviation, guint64 key)
{
  fill_normal (values, n / 4, deviation, key);
  for (gsize i = n; i-- > 0;)
    values[i] = values[i / 4];
}

static void
fill_uniform (float *values, gsize n, double bound, guint64 key)
{
#pragma omp parallel for num_threads(sl_parallel_get_threads()) schedule(static)
  for (gsize i = 0; i < n; i += 4)
    {
      guint32 bits[4];

      sl_random_block (key, i / 4, bits);
      for (gsize j = i; j < MIN (i + 4, n); j++)
        values[j] = (float)(bound * (bits[j - i] * 0x1p-31 - 1));
    }
}

static void
fill_param (float *values, const SlParamSpec *spec, guint64 key)
{
  gsize n = sl_shape_n_elements (spec->shape);
  gsize out = spec->shape.dim[spec->shape.rank - 1];
  /* A depthwise kernel (K,K,C) has one input to each channel. */
  gsize in = spec->shape.rank == 3 ? 1 : spec->shape.dim[MAX (spec->shape.rank, 2) - 2];
  gsize taps = n / MAX (in * out, 1);

  switch (spec->init)
    {
    case SL_INIT_ZEROS:
      break; /* as the block is */
    case SL_INIT_ONES:
      for (gsize i = 0; i < n; i++)
        values[i] = 1;
      break;
    case SL_INIT_KAIMING_FAN_IN:
      fill_normal (values, n, sqrt (2.0 / (double)(taps * in)), key);
      break;
    case SL_INIT_KAIMING_FAN_OUT:
      fill_normal (values, n, sqrt (2.0 / (double)(taps * out)), key);
      break;
    case SL_INIT_ICNR:
      fill_fours (values, n, sqrt (2.0 / (double)(taps * in)), key);
      break;
    case SL_INIT_UNIFORM:
      fill_uniform (values, n, spec->bound, key);
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
find_ranges (SlParams *self)
{
  g_autofree guint *order = order_by_place (self);

  g_array_set_size (self->ranges, 0);
  for (guint i = 0; i < self->infos->len; i++)
    {
      const SlParamInfo *info = sl_params_nth (self, order[i]);
      SlParamRange range = { info->offset, sl_param_padded (info), info->group };
      SlParamRange *last = self->ranges->len == 0
                               ? NULL
                               : &g_array_index (self->ranges, SlParamRange, self->ranges->len - 1);

      if (!sl_params_is_trained (self, order[i]))
        continue;
      if (last != NULL && last->group == range.group && last->offset + last->n == range.offset)
        last->n += range.n;
      else
        g_array_append_val (self->ranges, range);
    }
}

static void
place_params (SlParams *self)
{
  g_autofree guint *order = order_by_place (self);

  for (guint i = 0; i < self->infos->len; i++)
    {
      SlParamInfo *info = sl_params_nth (self, order[i]);

      info->offset = self->n_elements;
      self->n_elements += sl_param_padded (info);
    }
}

SlParams *
sl_params_new_zero (const SlGraph *graph)
{
  SlParams *self;

  g_return_val_if_fail (graph != NULL, NULL);

  self = g_new0 (SlParams, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->infos = g_array_new (FALSE, FALSE, sizeof (SlParamInfo));
  self->ranges = g_array_new (FALSE, FALSE, sizeof (SlParamRange));
  self->names = g_string_chunk_new (1024);
  self->index = g_hash_table_new (g_str_hash, g_str_equal);
  self->n_groups = graph->n_groups;
  for (guint i = 0; i < graph->params->len; i++)
    {
      const SlGraphParam *param = sl_graph_param (graph, i);
      SlParamInfo info = { .name = g_string_chunk_insert (self->names, param->name),
                           .shape = param->spec.shape,
                           .same_order = param->spec.same_order,
                           .kind = param->spec.kind,
                           .group = param->group };

      g_array_append_val (self->infos, info);
      if (!g_hash_table_insert (self->index, (gpointer)info.name, GUINT_TO_POINTER (i + 1)))
        g_critical ("Two parameters are named %s", info.name);
    }
  place_params (self);
  find_ranges (self);

  self->values = new_block (self);
  return self;
}

SlParams *
sl_params_new (const SlGraph *graph, guint64 seed)
{
  SlParams *self;

  g_return_val_if_fail (graph != NULL, NULL);

  self = sl_params_new_zero (graph);
  for (guint i = 0; i < self->infos->len; i++)
    fill_param (
        self->values + sl_params_nth (self, i)->offset, &sl_graph_param (graph, i)->spec,
        sl_random_key (seed, SL_PURPOSE_INIT, hash_name (sl_params_nth (self, i)->name), 0));
  return self;
}

SlParams *
sl_params_ref (SlParams *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
sl_params_unref (SlParams *self)
{
  gsize bytes;

  g_return_if_fail (self != NULL);
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  bytes = self->n_elements * sizeof (float);
  sl_arena_unmap (self->values, bytes);
  sl_arena_unmap (self->grads, bytes);
  sl_arena_unmap (self->moment1, bytes);
  sl_arena_unmap (self->moment2, bytes);
  g_array_unref (self->infos);
  g_array_unref (self->ranges);
  g_hash_table_unref (self->index);
  g_string_chunk_free (self->names);
  g_free (self);
}

guint
sl_params_n (const SlParams *self)
{
  g_return_val_if_fail (self != NULL, 0);
  return self->infos->len;
}

const SlParamInfo *
sl_params_info (const SlParams *self, guint i)
{
  g_return_val_if_fail (self != NULL && i < self->infos->len, NULL);
  return sl_params_nth (self, i);
}

gint
sl_params_find (const SlParams *self, const char *name)
{
  g_return_val_if_fail (self != NULL && name != NULL, -1);
  return GPOINTER_TO_INT (g_hash_table_lookup (self->index, name)) - 1;
}

gsize
sl_params_n_elements (const SlParams *self)
{
  g_return_val_if_fail (self != NULL, 0);
  return self->n_elements;
}

gsize
sl_params_n_values (const SlParams *self, gboolean trained_only)
{
  gsize n = 0;

  g_return_val_if_fail (self != NULL, 0);
  for (guint i = 0; i < self->infos->len; i++)
    if (trained_only ? sl_params_is_trained (self, i)
                     : sl_params_nth (self, i)->kind != SL_PARAM_STATE)
      n += sl_shape_n_elements (sl_params_nth (self, i)->shape);
  return n;
}

float *
sl_params_values (SlParams *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->values;
}

static float *
get_block (SlParams *self, float **block)
{
  if (*block == NULL)
    *block = new_block (self);
  return *block;
}

float *
sl_params_grads (SlParams *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return get_block (self, &self->grads);
}

float *
sl_params_moment1 (SlParams *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return get_block (self, &self->moment1);
}

float *
sl_params_moment2 (SlParams *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return get_block (self, &self->moment2);
}

void
sl_params_reset_moments (SlParams *self)
{
  gsize bytes;

  g_return_if_fail (self != NULL);
  bytes = self->n_elements * sizeof (float);
  sl_arena_unmap (self->moment1, bytes);
  sl_arena_unmap (self->moment2, bytes);
  self->moment1 = self->moment2 = NULL;
}

void
sl_params_freeze_to (SlParams *self, guint group, gboolean freeze_norms)
{
  g_return_if_fail (self != NULL);
  if (self->frozen_below == group && self->freeze_norms == freeze_norms)
    return;
  self->frozen_below = group;
  self->freeze_norms = freeze_norms;
  self->serial++;
  find_ranges (self);
  /* What is not trained has no gradient: no stale one may stay behind. */
  if (self->grads != NULL)
    memset (self->grads, 0, self->n_elements * sizeof (float));
}

gboolean
sl_params_is_trained (const SlParams *self, guint i)
{
  const SlParamInfo *info;

  g_return_val_if_fail (self != NULL && i < self->infos->len, FALSE);
  info = sl_params_nth (self, i);
  if (info->kind == SL_PARAM_STATE)
    return FALSE;
  return info->group >= self->frozen_below || (info->kind == SL_PARAM_NORM && !self->freeze_norms);
}

guint
sl_params_n_groups (const SlParams *self)
{
  g_return_val_if_fail (self != NULL, 0);
  return self->n_groups;
}
