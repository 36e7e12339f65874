/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/graph-private.h"

static void
clear_node (gpointer data)
{
  SlNode *node = data;

  g_free (node->name);
  g_free (node->attrs);
}

static void
clear_port (gpointer data)
{
  g_free (((SlPort *)data)->name);
}

static void
clear_param (gpointer data)
{
  g_free (((SlGraphParam *)data)->name);
}

SlGraph *
sl_graph_new (void)
{
  SlGraph *self = g_new0 (SlGraph, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->values = g_array_new (FALSE, FALSE, sizeof (SlValueInfo));
  self->nodes = g_array_new (FALSE, FALSE, sizeof (SlNode));
  self->inputs = g_array_new (FALSE, FALSE, sizeof (SlPort));
  self->outputs = g_array_new (FALSE, FALSE, sizeof (SlPort));
  self->params = g_array_new (FALSE, FALSE, sizeof (SlGraphParam));
  self->skips = g_array_new (FALSE, FALSE, sizeof (SlValue));
  self->ties = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->prefixes = g_ptr_array_new_with_free_func (g_free);
  self->n_groups = 1;
  g_array_set_clear_func (self->nodes, clear_node);
  g_array_set_clear_func (self->inputs, clear_port);
  g_array_set_clear_func (self->outputs, clear_port);
  g_array_set_clear_func (self->params, clear_param);
  return self;
}

SlGraph *
sl_graph_ref (SlGraph *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
sl_graph_unref (SlGraph *self)
{
  g_return_if_fail (self != NULL);
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_array_unref (self->values);
  g_array_unref (self->nodes);
  g_array_unref (self->inputs);
  g_array_unref (self->outputs);
  g_array_unref (self->params);
  g_array_unref (self->skips);
  g_hash_table_unref (self->ties);
  g_ptr_array_unref (self->prefixes);
  g_free (self);
}

static SlValue
find_port (GArray *ports, const char *name)
{
  for (guint i = 0; i < ports->len; i++)
    {
      const SlPort *port = &g_array_index (ports, SlPort, i);

      if (g_str_equal (port->name, name))
        return port->value;
    }
  return SL_NO_VALUE;
}

SlValue
sl_graph_find_input (const SlGraph *self, const char *name)
{
  return find_port (self->inputs, name);
}

SlValue
sl_graph_find_output (const SlGraph *self, const char *name)
{
  return find_port (self->outputs, name);
}

static SlValue
add_value (SlGraph *self, SlDType dtype, SlShape shape, gint producer)
{
  SlValueInfo info = { { shape, dtype }, producer, 0 };

  g_array_append_val (self->values, info);
  return self->values->len - 1;
}

SlValue
sl_graph_input (SlGraph *self, const char *name, SlDType dtype, SlShape shape)
{
  SlPort port;

  g_return_val_if_fail (self != NULL && name != NULL, SL_NO_VALUE);
  g_return_val_if_fail (sl_graph_find_input (self, name) == SL_NO_VALUE, SL_NO_VALUE);
  g_return_val_if_fail (sl_shape_n_elements (shape) > 0, SL_NO_VALUE);

  port = (SlPort){ g_strdup (name), add_value (self, dtype, shape, -1) };
  g_array_append_val (self->inputs, port);
  return port.value;
}

void
sl_graph_output (SlGraph *self, const char *name, SlValue value)
{
  SlPort port;

  g_return_if_fail (self != NULL && name != NULL);
  g_return_if_fail (value < self->values->len);
  g_return_if_fail (sl_graph_find_output (self, name) == SL_NO_VALUE);

  port = (SlPort){ g_strdup (name), value };
  g_array_append_val (self->outputs, port);
}

SlShape
sl_graph_shape (const SlGraph *self, SlValue value)
{
  g_return_val_if_fail (self != NULL && value < self->values->len, ((SlShape){ 0 }));
  return sl_graph_value (self, value)->type.shape;
}

void
sl_graph_set_group (SlGraph *self, guint group)
{
  g_return_if_fail (self != NULL);
  self->group = group;
  self->n_groups = MAX (self->n_groups, group + 1);
}

void
sl_graph_push_prefix (SlGraph *self, const char *prefix)
{
  g_return_if_fail (self != NULL && prefix != NULL);
  g_ptr_array_add (self->prefixes, g_strdup (prefix));
}

void
sl_graph_pop_prefix (SlGraph *self)
{
  g_return_if_fail (self != NULL && self->prefixes->len > 0);
  g_ptr_array_set_size (self->prefixes, (gint)self->prefixes->len - 1);
}

guint
sl_graph_n_groups (const SlGraph *self)
{
  g_return_val_if_fail (self != NULL, 0);
  return self->n_groups;
}

void
sl_graph_add_skip (SlGraph *self, SlValue value)
{
  g_return_if_fail (self != NULL);
  if (value == SL_NO_VALUE)
    return;
  g_return_if_fail (value < self->values->len);
  g_array_append_val (self->skips, value);
}

guint
sl_graph_n_skips (const SlGraph *self)
{
  g_return_val_if_fail (self != NULL, 0);
  return self->skips->len;
}

SlValue
sl_graph_skip (const SlGraph *self, guint i)
{
  g_return_val_if_fail (self != NULL && i < self->skips->len, SL_NO_VALUE);
  return g_array_index (self->skips, SlValue, i);
}

static char *
full_name (const SlGraph *self, const char *name)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < self->prefixes->len; i++)
    g_string_append_printf (text, "%s.", (const char *)g_ptr_array_index (self->prefixes, i));
  g_string_append (text, name);
  return g_string_free (text, FALSE);
}

/* Sizes are multiplied with 4 everywhere afterwards: refuse here what would overflow. */
static gboolean
check_sizes (const SlOpLayout *layout, GError **error)
{
  for (guint i = 0; i < layout->n_outputs + layout->n_params; i++)
    {
      SlShape shape = i < layout->n_outputs ? layout->output[i]
                                            : layout->param[i - layout->n_outputs].shape;

      if (sl_shape_n_elements (shape) > G_MAXSSIZE / 8)
        {
          g_autofree char *text = sl_shape_to_string (shape);

          g_set_error (error, SL_ERROR, SL_ERROR_SHAPE,
                       "A result of %s values is too large: use smaller pictures or batches", text);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
infer_layout (const SlGraph *self, const SlOpDef *op, const char *name, gconstpointer attrs,
              const SlValue *in, guint n_in, SlOpLayout *layout, GError **error)
{
  SlValueType types[SL_MAX_INPUTS];

  for (guint i = 0; i < n_in; i++)
    types[i] = sl_graph_value (self, in[i])->type;
  if (op->infer (attrs, types, n_in, layout, error) && check_sizes (layout, error))
    return TRUE;
  g_prefix_error (error, "%s: ", name);
  return FALSE;
}

static gint
find_param (const SlGraph *self, const char *name)
{
  for (guint i = 0; i < self->params->len; i++)
    if (g_str_equal (sl_graph_param (self, i)->name, name))
      return (gint)i;
  return -1;
}

void
sl_graph_tie_param (SlGraph *self, const char *name, const char *to)
{
  g_return_if_fail (self != NULL && name != NULL && to != NULL);
  g_return_if_fail (find_param (self, name) < 0 && find_param (self, to) >= 0);
  g_hash_table_insert (self->ties, g_strdup (name), g_strdup (to));
}

/* Finds what the node's parameters are tied to, or G_MAXUINT for each that is its own. */
static gboolean
find_tied (const SlGraph *self, SlNode *node, GError **error)
{
  for (guint i = 0; i < node->layout.n_params; i++)
    {
      const SlParamSpec *spec = &node->layout.param[i];
      g_autofree char *name = g_strconcat (node->name, ".", spec->suffix, NULL);
      const char *to = g_hash_table_lookup (self->ties, name);
      const SlGraphParam *param;

      node->param[i] = G_MAXUINT;
      if (to == NULL)
        continue;
      node->param[i] = (guint)find_param (self, to);
      param = sl_graph_param (self, node->param[i]);
      if (!sl_shape_equal (param->spec.shape, spec->shape)
          || param->spec.same_order != spec->same_order)
        {
          g_autofree char *has = sl_shape_to_string (param->spec.shape);
          g_autofree char *wants = sl_shape_to_string (spec->shape);

          g_set_error (error, SL_ERROR, SL_ERROR_SHAPE,
                       "%s is tied to %s, which has %s in place of %s: tie equal ones", name, to,
                       has, wants);
          return FALSE;
        }
    }
  return TRUE;
}

static void
add_params (SlGraph *self, SlNode *node)
{
  for (guint i = 0; i < node->layout.n_params; i++)
    {
      const SlParamSpec *spec = &node->layout.param[i];
      SlGraphParam param = { NULL, *spec, self->group };

      if (node->param[i] != G_MAXUINT)
        continue;
      param.name = g_strconcat (node->name, ".", spec->suffix, NULL);
      node->param[i] = self->params->len;
      g_array_append_val (self->params, param);
    }
}

/* What the node asks of the numbers in its int32 inputs. */
static void
narrow_indices (SlGraph *self, const SlNode *node)
{
  for (guint i = 0; i < node->n_in; i++)
    {
      SlValueInfo *info = sl_graph_value (self, node->in[i]);
      gsize end = node->layout.index_end[i];

      if (end > 0)
        info->index_end = info->index_end > 0 ? MIN (info->index_end, end) : end;
    }
}

SlValue
sl_graph_apply (SlGraph *self, const SlOpDef *op, const char *name, gconstpointer attrs,
                const SlValue *in, guint n_in, GError **error)
{
  SlNode node = { .op = op, .n_in = n_in };
  g_autofree char *label = NULL;

  g_return_val_if_fail (self != NULL && op != NULL && n_in <= SL_MAX_INPUTS, SL_NO_VALUE);

  for (guint i = 0; i < n_in; i++)
    {
      if (in[i] == SL_NO_VALUE)
        return SL_NO_VALUE;
      g_return_val_if_fail (in[i] < self->values->len, SL_NO_VALUE);
      node.in[i] = in[i];
    }
  label = full_name (self, name != NULL ? name : op->name);
  if (!infer_layout (self, op, label, attrs, in, n_in, &node.layout, error))
    return SL_NO_VALUE;
  g_return_val_if_fail (node.layout.n_params == 0 || name != NULL, SL_NO_VALUE);

  node.name = label;
  if (!find_tied (self, &node, error))
    return SL_NO_VALUE;
  node.name = g_steal_pointer (&label);
  node.attrs = g_memdup2 (attrs, op->attrs_size);
  node.first_out = self->values->len;
  for (guint i = 0; i < node.layout.n_outputs; i++)
    add_value (self, SL_DTYPE_F32, node.layout.output[i], (gint)self->nodes->len);
  add_params (self, &node);
  narrow_indices (self, &node);
  g_array_append_val (self->nodes, node);
  return node.first_out;
}
