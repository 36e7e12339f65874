/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/json-depth.h"
#include "graph/element-types.h"
#include "graph/state-dict-private.h"
#include <json-glib/json-glib.h>
#include <string.h>

/* A safetensors file: 8 bytes with the length of the header, little-endian; the header, JSON:
 * { "name": { "dtype": "F32", "shape": [2, 3], "data_offsets": [begin, end] }, ... }; the data, to
 * which the offsets count, without holes or overlaps.
 * github.com/huggingface/safetensors, section "Format" */

#define LENGTH_BYTES 8
#define MAX_HEADER_BYTES (100u << 20) /* the format's own limit */
#define MAX_DEPTH 3                   /* object of objects with arrays */

typedef struct
{
  const char *name;
  const SlElementType *type;
  SlShape shape;
  gsize n, begin, end;
} Entry;

typedef struct
{
  const char *file; /* for errors */
  const guint8 *data;
  gsize n_bytes;
  GArray *entries;
} Reader;

G_GNUC_PRINTF (3, 4)
static gboolean
fail (const Reader *reader, GError **error, const char *format, ...)
{
  g_autofree char *what = NULL;
  va_list args;

  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, SL_ERROR, SL_ERROR_FORMAT,
               "%s is damaged or no safetensors file (%s): use another copy", reader->file, what);
  return FALSE;
}

/* ---- Header */

static JsonObject *
get_object (JsonNode *node)
{
  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

/* Member @key as a list of at most @max sizes; FALSE if it is anything else. */
static gboolean
get_sizes (JsonObject *object, const char *key, guint max, gsize *sizes, guint *n)
{
  JsonNode *node = json_object_get_member (object, key);
  JsonArray *array;

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return FALSE;
  array = json_node_get_array (node);
  *n = json_array_get_length (array);
  if (*n > max)
    return FALSE;
  for (guint i = 0; i < *n; i++)
    {
      JsonNode *element = json_array_get_element (array, i);
      gint64 value;

      if (!JSON_NODE_HOLDS_VALUE (element) || json_node_get_value_type (element) != G_TYPE_INT64)
        return FALSE;
      value = json_node_get_int (element);
      if (value < 0 || (guint64)value > G_MAXSSIZE)
        return FALSE;
      sizes[i] = (gsize)value;
    }
  return TRUE;
}

static const SlElementType *
get_type (JsonObject *object)
{
  JsonNode *node = json_object_get_member (object, "dtype");

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node)
      || json_node_get_value_type (node) != G_TYPE_STRING)
    return NULL;
  for (const SlElementType *type = _sl_element_types; type->size > 0; type++)
    if (g_strcmp0 (type->safetensors, json_node_get_string (node)) == 0)
      return type;
  return NULL;
}

static gboolean
read_entry (Reader *reader, const char *name, JsonNode *node, GError **error)
{
  JsonObject *object = get_object (node);
  Entry entry = { .name = name };
  gsize offsets[2], bytes;
  guint n_offsets = 0;

  if (object == NULL || !get_sizes (object, "data_offsets", 2, offsets, &n_offsets)
      || n_offsets != 2)
    return fail (reader, error, "%s has no place", name);
  entry.type = get_type (object);
  if (entry.type == NULL
      || !get_sizes (object, "shape", SL_MAX_RANK, entry.shape.dim, &entry.shape.rank))
    {
      g_set_error (error, SL_ERROR, SL_ERROR_UNSUPPORTED,
                   "%s: %s is of a type or shape that Slope does not use: save it as float32",
                   reader->file, name);
      return FALSE;
    }
  for (guint i = entry.shape.rank; i < SL_MAX_RANK; i++)
    entry.shape.dim[i] = 1;
  entry.n = sl_shape_n_elements (entry.shape);
  entry.begin = offsets[0];
  entry.end = offsets[1];
  if (entry.begin > entry.end || entry.end > reader->n_bytes)
    return fail (reader, error, "%s lies beyond its end", name);
  if (!g_size_checked_mul (&bytes, entry.n, entry.type->size) || bytes != entry.end - entry.begin)
    return fail (reader, error, "the size of %s does not fit its shape", name);
  g_array_append_val (reader->entries, entry);
  return TRUE;
}

static gboolean
read_meta (const Reader *reader, SlStateDict *dict, JsonNode *node, GError **error)
{
  JsonObject *object = get_object (node);
  JsonObjectIter iter;
  const char *key;
  JsonNode *value;

  if (object == NULL)
    return fail (reader, error, "its metadata are not a list of texts");
  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &key, &value))
    {
      if (!JSON_NODE_HOLDS_VALUE (value) || json_node_get_value_type (value) != G_TYPE_STRING)
        return fail (reader, error, "its metadata are not a list of texts");
      sl_state_dict_set_meta (dict, key, json_node_get_string (value));
    }
  return TRUE;
}

static gint
compare_begin (gconstpointer a, gconstpointer b)
{
  const Entry *x = a, *y = b;

  if (x->begin != y->begin)
    return x->begin < y->begin ? -1 : 1;
  if (x->end != y->end)
    return x->end < y->end ? -1 : 1;
  return strcmp (x->name, y->name);
}

/* The tensors must cover the data exactly: what does not belongs to a file cut or mixed up. */
static gboolean
check_cover (Reader *reader, GError **error)
{
  gsize at = 0;

  g_array_sort (reader->entries, compare_begin);
  for (guint i = 0; i < reader->entries->len; i++)
    {
      const Entry *entry = &g_array_index (reader->entries, Entry, i);

      if (entry->begin != at)
        return fail (reader, error, "%s does not begin where the one before it ends", entry->name);
      at = entry->end;
    }
  if (at != reader->n_bytes)
    return fail (reader, error, "bytes at its end belong to nothing");
  return TRUE;
}

static gboolean
read_header (Reader *reader, JsonObject *header, SlStateDict *dict, GError **error)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init (&iter, header);
  while (json_object_iter_next (&iter, &name, &node))
    if (!(g_str_equal (name, SL_SAFETENSORS_META) ? read_meta (reader, dict, node, error)
                                                  : read_entry (reader, name, node, error)))
      return FALSE;
  return check_cover (reader, error);
}

static void
add_tensor (const Reader *reader, const Entry *entry, SlStateDict *dict)
{
  g_autoptr (SlTensor) tensor = sl_tensor_new (entry->type->dtype, entry->shape);

  _sl_element_copy (entry->type, reader->data + entry->begin, entry->n,
                    sl_tensor_get_data (tensor));
  sl_state_dict_insert (dict, entry->name, tensor);
}

static JsonParser *
parse_header (const Reader *reader, const char *text, gsize length, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) json_error = NULL;

  if (!g_utf8_validate_len (text, length, NULL))
    {
      fail (reader, error, "its header is not text");
      return NULL;
    }
  if (!_sl_json_is_shallow (text, length, MAX_DEPTH))
    {
      fail (reader, error, "its header is nested too deeply");
      return NULL;
    }
  if (!json_parser_load_from_data (parser, text, (gssize)length, &json_error))
    {
      fail (reader, error, "%s", json_error->message);
      return NULL;
    }
  if (get_object (json_parser_get_root (parser)) == NULL)
    {
      fail (reader, error, "its header lists no tensors");
      return NULL;
    }
  return g_steal_pointer (&parser);
}

SlStateDict *
_sl_safetensors_parse (GBytes *bytes, const char *name_for_errors, GError **error)
{
  g_autoptr (SlStateDict) dict = sl_state_dict_new ();
  g_autoptr (GArray) entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  g_autoptr (JsonParser) parser = NULL;
  Reader reader = { .file = name_for_errors, .entries = entries };
  const guint8 *data;
  guint64 header_bytes;
  gsize n_bytes;

  data = g_bytes_get_data (bytes, &n_bytes);
  if (n_bytes < LENGTH_BYTES)
    {
      fail (&reader, error, "it is too short");
      return NULL;
    }
  memcpy (&header_bytes, data, sizeof header_bytes);
  if (header_bytes > MAX_HEADER_BYTES || header_bytes > n_bytes - LENGTH_BYTES)
    {
      fail (&reader, error, "its header is longer than the file");
      return NULL;
    }
  reader.data = data + LENGTH_BYTES + header_bytes;
  reader.n_bytes = n_bytes - LENGTH_BYTES - (gsize)header_bytes;
  parser = parse_header (&reader, (const char *)data + LENGTH_BYTES, (gsize)header_bytes, error);
  if (parser == NULL
      || !read_header (&reader, get_object (json_parser_get_root (parser)), dict, error))
    return NULL;
  for (guint i = 0; i < entries->len; i++)
    add_tensor (&reader, &g_array_index (entries, Entry, i), dict);
  return g_steal_pointer (&dict);
}
