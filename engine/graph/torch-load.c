/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/state-dict-private.h"
#include "graph/torch-private.h"

#include <string.h>

/* Tensors may share a storage and have strides of 0: what they would fill is bounded too. */
#define MAX_GROWTH 8
#define TENSOR_BYTES 128 /* what one costs besides its numbers; a file spends as much on it */

typedef struct
{
  const char *name; /* borrowed from the pickle */
  SlShape shape;
  gsize offset, n;
  gsize stride[SL_MAX_RANK]; /* elements */
  const SlTorchStorage *storage;
  SlTensor *tensor; /* NULL until its storage came */
} TorchTensor;

typedef struct
{
  SlTorchFile file;
  GPtrArray *tensors; /* TorchTensor, owned */
  gsize bytes_left;   /* of what the tensors may fill */
} Loader;

/* ---- Names that a file of weights uses */

enum
{
  ORDERED_DICT,
  REBUILD_TENSOR,
  REBUILD_TENSOR_V2,
  REBUILD_PARAMETER,
  PARAMETER,
  FLOAT_TENSOR,
  DOUBLE_TENSOR,
  HALF_TENSOR,
  LONG_TENSOR,
  INT_TENSOR,
  BYTE_TENSOR
};

static const SlPickleGlobal functions[] = {
  [ORDERED_DICT] = { "collections", "OrderedDict", .makes_dict = TRUE },
  [REBUILD_TENSOR] = { "torch._utils", "_rebuild_tensor" },
  [REBUILD_TENSOR_V2] = { "torch._utils", "_rebuild_tensor_v2" },
  [REBUILD_PARAMETER] = { "torch._utils", "_rebuild_parameter" },
  /* Before 0.4: torchvision's first ResNets are such files. */
  [PARAMETER] = { "torch.nn.parameter", "Parameter", .has_state = TRUE },
  [FLOAT_TENSOR] = { "torch", "FloatTensor", .has_state = TRUE },
  [DOUBLE_TENSOR] = { "torch", "DoubleTensor", .has_state = TRUE },
  [HALF_TENSOR] = { "torch", "HalfTensor", .has_state = TRUE },
  [LONG_TENSOR] = { "torch", "LongTensor", .has_state = TRUE },
  [INT_TENSOR] = { "torch", "IntTensor", .has_state = TRUE },
  [BYTE_TENSOR] = { "torch", "ByteTensor", .has_state = TRUE },
};

/* torch.FloatStorage and its like; their data are the element types. */
static const SlPickleGlobal *
find_storage_type (const char *name)
{
  static SlPickleGlobal globals[16];
  static gsize made;

  if (g_once_init_enter (&made))
    {
      for (gsize i = 0; _sl_element_types[i].size > 0; i++)
        {
          g_assert (i < G_N_ELEMENTS (globals));
          globals[i] = (SlPickleGlobal){ "torch", _sl_element_types[i].torch,
                                         .data = &_sl_element_types[i] };
        }
      g_once_init_leave (&made, 1);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (globals) && globals[i].name != NULL; i++)
    if (g_str_equal (globals[i].name, name))
      return &globals[i];
  return NULL;
}

static const SlPickleGlobal *
find_global (const char *module, const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (functions); i++)
    if (g_str_equal (functions[i].module, module) && g_str_equal (functions[i].name, name))
      return &functions[i];
  return g_str_equal (module, "torch") ? find_storage_type (name) : NULL;
}

/* ---- Tensors */

static void
free_tensor (gpointer data)
{
  TorchTensor *tensor = data;

  g_clear_pointer (&tensor->tensor, sl_tensor_unref);
  g_free (tensor);
}

/* The tensor in a parameter, which is @value itself where it is none.  It is what the parameter is made
 * of, or, until 0.1.9, the first of five that were laid into it; what else was is about gradients. */
static const SlPickleValue *
unwrap_parameter (const SlPickleValue *value)
{
  SlPickleValue **parts;

  if (value->kind != SL_PICKLE_CALL
      || (value->global != &functions[REBUILD_PARAMETER] && value->global != &functions[PARAMETER]))
    return value;
  parts = _sl_pickle_tuple (value->of, 1);
  if (parts == NULL && value->state != NULL)
    parts = _sl_pickle_tuple (value->state, 5);
  return parts != NULL ? parts[0] : value;
}

/* What a tensor is made of: storage, offset, size, stride; or NULL.  The first releases made an empty
 * tensor and laid them into it. */
static SlPickleValue **
tensor_arguments (const SlPickleValue *value)
{
  value = unwrap_parameter (value);
  if (value->kind != SL_PICKLE_CALL)
    return NULL;
  if (value->global == &functions[REBUILD_TENSOR] || value->global == &functions[REBUILD_TENSOR_V2])
    return _sl_pickle_tuple (value->of, 4);
  if (value->global >= &functions[FLOAT_TENSOR] && value->global <= &functions[BYTE_TENSOR]
      && value->state != NULL)
    return _sl_pickle_tuple (value->state, 4);
  return NULL;
}

static gboolean
take_sizes (const SlPickleValue *value, gsize *sizes, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      const SlPickleValue *item = value->items->pdata[i];

      if (item->kind != SL_PICKLE_INT || item->integer < 0)
        return FALSE;
      sizes[i] = (gsize)item->integer;
    }
  return TRUE;
}

static gboolean
take_layout (const Loader *self, TorchTensor *tensor, SlPickleValue **arguments, GError **error)
{
  const SlPickleValue *offset = arguments[1], *size = arguments[2], *stride = arguments[3];

  if (offset->kind != SL_PICKLE_INT || offset->integer < 0 || size->kind != SL_PICKLE_TUPLE
      || stride->kind != SL_PICKLE_TUPLE || size->items->len != stride->items->len)
    return _sl_pickle_fail (self->file.file, error, "%s has no shape", tensor->name);
  if (size->items->len > SL_MAX_RANK)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_UNSUPPORTED,
                   "“%s”: %s has %u axes, more than Slope uses: use the weights of another network",
                   self->file.file, tensor->name, size->items->len);
      return FALSE;
    }
  tensor->offset = (gsize)offset->integer;
  tensor->shape = (SlShape){ size->items->len, { 1, 1, 1, 1 } };
  if (!take_sizes (size, tensor->shape.dim, tensor->shape.rank)
      || !take_sizes (stride, tensor->stride, tensor->shape.rank))
    return _sl_pickle_fail (self->file.file, error, "%s has no shape", tensor->name);
  tensor->n = sl_shape_n_elements (tensor->shape);
  return TRUE;
}

/* Whether the last element that the strides lead to lies within the storage. */
static gboolean
fits_storage (const TorchTensor *tensor)
{
  gsize last = tensor->offset, way;

  if (tensor->n == 0)
    return TRUE;
  for (guint i = 0; i < tensor->shape.rank; i++)
    if (!g_size_checked_mul (&way, tensor->shape.dim[i] - 1, tensor->stride[i])
        || !g_size_checked_add (&last, last, way))
      return FALSE;
  return last < tensor->storage->n;
}

static gboolean
add_tensor (Loader *self, const char *name, SlPickleValue **arguments, GError **error)
{
  TorchTensor *tensor = g_new0 (TorchTensor, 1);
  const SlPickleValue *outside = arguments[0];
  SlTorchStorage *storage;
  gsize bytes;

  tensor->name = name;
  g_ptr_array_add (self->tensors, tensor);
  if (g_str_has_suffix (name, SL_SAFETENSORS_META))
    return _sl_pickle_fail (self->file.file, error, "a tensor has no good name");
  if (outside->kind != SL_PICKLE_OUTSIDE)
    return _sl_pickle_fail (self->file.file, error, "%s has no storage", name);
  storage = g_hash_table_lookup (self->file.storages, _sl_pickle_tuple (outside->of, 5)[2]->text);
  tensor->storage = storage;
  if (!take_layout (self, tensor, arguments, error))
    return FALSE;
  if (!fits_storage (tensor))
    return _sl_pickle_fail (self->file.file, error, "%s lies beyond its storage", name);
  if (!g_size_checked_mul (&bytes, tensor->n, sl_dtype_size (storage->type->dtype))
      || !g_size_checked_add (&bytes, bytes, TENSOR_BYTES) || bytes > self->bytes_left)
    return _sl_pickle_fail (self->file.file, error, "%s is larger than the file", name);
  self->bytes_left -= bytes;
  g_ptr_array_add (storage->tensors, tensor);
  return TRUE;
}

/* ---- Numbers */

static gboolean
is_contiguous (const TorchTensor *tensor)
{
  gsize expected = 1;

  for (guint i = tensor->shape.rank; i > 0; i--)
    {
      if (tensor->shape.dim[i - 1] != 1 && tensor->stride[i - 1] != expected)
        return FALSE;
      expected *= tensor->shape.dim[i - 1];
    }
  return TRUE;
}

/* (transfer full): the elements one after another. */
static guint8 *
gather (const TorchTensor *tensor, const guint8 *data)
{
  gsize size = tensor->storage->type->size;
  const gsize *dim = tensor->shape.dim, *stride = tensor->stride;
  guint8 *elements = g_malloc (tensor->n * size), *to = elements;

  for (gsize i = 0; i < dim[0]; i++)
    for (gsize j = 0; j < dim[1]; j++)
      for (gsize k = 0; k < dim[2]; k++)
        for (gsize l = 0; l < dim[3]; l++, to += size)
          memcpy (to, data + (i * stride[0] + j * stride[1] + k * stride[2] + l * stride[3]) * size,
                  size);
  return elements;
}

static gboolean
fill_tensors (const SlTorchStorage *storage, const guint8 *data, gpointer user_data, GError **error)
{
  for (guint i = 0; i < storage->tensors->len; i++)
    {
      TorchTensor *tensor = storage->tensors->pdata[i];
      g_autofree guint8 *gathered = NULL;
      const guint8 *from = data;

      tensor->tensor = sl_tensor_new (storage->type->dtype, tensor->shape);
      if (tensor->n == 0)
        continue;
      from += tensor->offset * storage->type->size;
      if (!is_contiguous (tensor))
        from = gathered = gather (tensor, from);
      _sl_element_copy (storage->type, from, tensor->n, sl_tensor_get_data (tensor->tensor));
    }
  return TRUE;
}

/* ---- The dictionary of tensors */

static gboolean
holds_tensors (const SlPickleValue *dict)
{
  if (dict == NULL || dict->kind != SL_PICKLE_DICT)
    return FALSE;
  for (guint i = 1; i < dict->items->len; i += 2)
    if (tensor_arguments (dict->items->pdata[i]) != NULL)
      return TRUE;
  return FALSE;
}

/* The file's own dictionary, or that of the network in a checkpoint of a training. */
static const SlPickleValue *
find_tensors (const Loader *self, GError **error)
{
  static const char *const keys[] = { "state_dict", "model_state_dict", "model" };
  const SlPickleValue *root = self->file.pickle->root;

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      const SlPickleValue *inner = _sl_pickle_lookup (root, keys[i]);

      if (holds_tensors (inner))
        return inner;
    }
  if (holds_tensors (root))
    return root;
  _sl_pickle_fail (self->file.file, error, "it holds no dictionary of tensors");
  return NULL;
}

static gboolean
list_tensors (Loader *self, GError **error)
{
  const SlPickleValue *dict = find_tensors (self, error);

  for (guint i = 0; dict != NULL && i < dict->items->len; i += 2)
    {
      const SlPickleValue *key = dict->items->pdata[i];
      SlPickleValue **arguments = tensor_arguments (dict->items->pdata[i + 1]);

      if (key->kind == SL_PICKLE_TEXT && arguments != NULL
          && !add_tensor (self, key->text, arguments, error))
        return FALSE;
    }
  return dict != NULL;
}

/* nn.DataParallel's prefix, if every name has it. */
static gsize
common_prefix (const Loader *self)
{
  const char *prefix = "module.";

  for (guint i = 0; i < self->tensors->len; i++)
    if (!g_str_has_prefix (((TorchTensor *)self->tensors->pdata[i])->name, prefix))
      return 0;
  return strlen (prefix);
}

static SlStateDict *
make_dict (const Loader *self)
{
  SlStateDict *dict = sl_state_dict_new ();
  gsize skipped = common_prefix (self);

  for (guint i = 0; i < self->tensors->len; i++)
    {
      const TorchTensor *tensor = self->tensors->pdata[i];

      sl_state_dict_insert (dict, tensor->name + skipped, tensor->tensor);
    }
  return dict;
}

SlStateDict *
_sl_torch_parse (GBytes *bytes, const char *name_for_errors, GError **error)
{
  g_autoptr (GPtrArray) tensors = g_ptr_array_new_with_free_func (free_tensor);
  Loader self = { .file = { .file = name_for_errors, .bytes = bytes }, .tensors = tensors };
  SlStateDict *dict = NULL;

  if (!g_size_checked_mul (&self.bytes_left, g_bytes_get_size (bytes), MAX_GROWTH))
    self.bytes_left = G_MAXSIZE;
  if (_sl_torch_open (&self.file, find_global, error) && list_tensors (&self, error)
      && _sl_torch_each_storage (&self.file, fill_tensors, NULL, error))
    dict = make_dict (&self);
  _sl_torch_clear (&self.file);
  return dict;
}
