/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/json-depth.h"
#include "slope-engine-resources.h"
#include <json-glib/json-glib.h>
#include <slope/catalogue.h>
#include <string.h>

#define OWN_PATH "/org/slopeml/Slope/engine/catalogue.json"
#define FORMAT 1
#define LEAST_DIGITS 8
#define SHA256_DIGITS 64
#define MD5_DIGITS 32
#define MOST_DEEP 16

struct _SlCatalogue
{
  JsonParser *parser; /* owns the texts of the entries */
  GArray *weights;    /* of SlWeights */
  GArray *data_sets;  /* of SlDataSet */
};

typedef struct
{
  const char *file; /* for errors */
  const char *list; /* the member that holds the entry */
  guint i;          /* the entry, from 1; 0: none yet */
} Place;

G_GNUC_PRINTF (3, 4)
static gboolean
fail (const Place *place, GError **error, const char *format, ...)
{
  g_autofree char *what = NULL;
  va_list args;

  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);
  if (place->i > 0)
    g_set_error (error, SL_ERROR, SL_ERROR_FORMAT,
                 "%s is no catalogue that can be used (%s %u: %s): correct it", place->file,
                 place->list, place->i, what);
  else
    g_set_error (error, SL_ERROR, SL_ERROR_FORMAT,
                 "%s is no catalogue that can be used (%s): correct it", place->file, what);
  return FALSE;
}

/* ---- One entry */

/* A text without control characters; FALSE with @error, unless it is @optional and missing. */
static gboolean
get_text (const Place *place, JsonObject *object, const char *key, gboolean optional,
          const char **text, GError **error)
{
  JsonNode *node = json_object_get_member (object, key);

  *text = NULL;
  if (node == NULL && optional)
    return TRUE;
  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node)
      || json_node_get_value_type (node) != G_TYPE_STRING)
    return fail (place, error, "“%s” is missing or no text", key);
  *text = json_node_get_string (node);
  if ((*text)[0] == '\0')
    return fail (place, error, "“%s” is empty", key);
  for (const char *c = *text; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      return fail (place, error, "“%s” holds control characters", key);
  return TRUE;
}

static gboolean
is_web_address (const char *address)
{
  g_autoptr (GUri) uri = g_uri_parse (address, G_URI_FLAGS_NONE, NULL);
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;

  return host != NULL && host[0] != '\0' && g_uri_get_query (uri) == NULL
         && (g_str_equal (g_uri_get_scheme (uri), "https")
             || g_str_equal (g_uri_get_scheme (uri), "http"));
}

/* Plain characters only. */
static gboolean
is_file_name (const char *name)
{
  return name[0] != '\0' && name[0] != '.'
         && strspn (name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "._-+") == strlen (name);
}

/* The last part of the address becomes the name of a file. */
static gboolean
take_file_name (const Place *place, const char *address, const char **file_name, GError **error)
{
  if (!is_web_address (address))
    return fail (place, error, "“address” is none of the web");
  *file_name = strrchr (address, '/') + 1;
  return is_file_name (*file_name)
         || fail (place, error, "“address” does not end in a file's name");
}

/* @most: digits of a whole one; @text: (nullable): where there is none */
static gboolean
check_digits (const Place *place, const char *key, const char *text, gsize least, gsize most,
              GError **error)
{
  gsize n = text != NULL ? strlen (text) : least;

  if (n < least || n > most || (text != NULL && strspn (text, "0123456789abcdefABCDEF") != n))
    return fail (place, error,
                 "“%s” is no checksum of %" G_GSIZE_FORMAT " to %" G_GSIZE_FORMAT " digits", key,
                 least, most);
  return TRUE;
}

static gboolean
take_bytes (const Place *place, JsonObject *object, guint64 *n_bytes, GError **error)
{
  JsonNode *node = json_object_get_member (object, "bytes");

  if (node == NULL)
    return TRUE;
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_INT64
      || json_node_get_int (node) <= 0)
    return fail (place, error, "“bytes” is no size");
  *n_bytes = (guint64)json_node_get_int (node);
  return TRUE;
}

/* From where weights come, and how they are checked. */
static gboolean
read_origin (const Place *place, JsonObject *object, SlWeights *entry, GError **error)
{
  if (!get_text (place, object, "file", TRUE, &entry->file_name, error))
    return FALSE;
  if (entry->file_name != NULL)
    return is_file_name (entry->file_name) || fail (place, error, "“file” is no file's name");
  return get_text (place, object, "address", FALSE, &entry->address, error)
         && get_text (place, object, "head_md5", TRUE, &entry->head_md5, error)
         && get_text (place, object, "sha256", entry->head_md5 != NULL, &entry->sha256, error)
         && take_file_name (place, entry->address, &entry->file_name, error)
         && check_digits (place, "sha256", entry->sha256, LEAST_DIGITS, SHA256_DIGITS, error)
         && check_digits (place, "head_md5", entry->head_md5, MD5_DIGITS, MD5_DIGITS, error);
}

static gboolean
read_weights (const Place *place, JsonObject *object, SlWeights *entry, GError **error)
{
  return get_text (place, object, "id", FALSE, &entry->id, error)
         && get_text (place, object, "architecture", FALSE, &entry->arch, error)
         && get_text (place, object, "trained_on", FALSE, &entry->trained_on, error)
         && get_text (place, object, "licence", FALSE, &entry->licence, error)
         && get_text (place, object, "terms", TRUE, &entry->terms, error)
         && read_origin (place, object, entry, error)
         && take_bytes (place, object, &entry->n_bytes, error);
}

/* A folder inside an archive: no way out of it. */
static gboolean
check_inside (const Place *place, const char *inside, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (inside != NULL ? inside : "", "/", -1);

  for (gsize i = 0; inside != NULL && parts[i] != NULL; i++)
    if (parts[i][0] == '\0' || parts[i][0] == '.')
      return fail (place, error, "“inside” is no folder of an archive");
  return TRUE;
}

static gboolean
read_data_set (const Place *place, JsonObject *object, SlDataSet *entry, GError **error)
{
  return get_text (place, object, "id", FALSE, &entry->id, error)
         && get_text (place, object, "title", FALSE, &entry->title, error)
         && get_text (place, object, "task", FALSE, &entry->task, error)
         && get_text (place, object, "address", FALSE, &entry->address, error)
         && get_text (place, object, "sha256", TRUE, &entry->sha256, error)
         && get_text (place, object, "head_md5", TRUE, &entry->head_md5, error)
         && get_text (place, object, "licence", FALSE, &entry->licence, error)
         && get_text (place, object, "home", TRUE, &entry->home, error)
         && get_text (place, object, "inside", TRUE, &entry->inside, error)
         && get_text (place, object, "labels", TRUE, &entry->labels, error)
         && get_text (place, object, "split", TRUE, &entry->split, error)
         && take_file_name (place, entry->address, &entry->file_name, error)
         && check_digits (place, "sha256", entry->sha256, LEAST_DIGITS, SHA256_DIGITS, error)
         && check_digits (place, "head_md5", entry->head_md5, MD5_DIGITS, MD5_DIGITS, error)
         && check_inside (place, entry->inside, error)
         && take_bytes (place, object, &entry->n_bytes, error);
}

/* ---- The catalogue */

/* The entries of @list.  No list: %NULL without @error if it may be missing. */
static JsonArray *
find_list (JsonObject *root, Place *place, const char *list, gboolean optional, GError **error)
{
  JsonNode *node = json_object_get_member (root, list);

  place->list = list;
  place->i = 0;
  if (node == NULL && optional)
    return NULL;
  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    {
      fail (place, error, "“%s” is missing or no list", list);
      return NULL;
    }
  return json_node_get_array (node);
}

static JsonObject *
get_entry (JsonArray *array, guint i, Place *place, GError **error)
{
  JsonNode *node = json_array_get_element (array, i);

  place->i = i + 1;
  if (JSON_NODE_HOLDS_OBJECT (node))
    return json_node_get_object (node);
  fail (place, error, "not an object");
  return NULL;
}

static gboolean
is_missing (const SlWeights *weights)
{
  return weights->address == NULL && !sl_weights_is_here (weights);
}

static gboolean
read_all_weights (SlCatalogue *self, JsonArray *array, Place *place, GError **error)
{
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonObject *object = get_entry (array, i, place, error);
      SlWeights entry = { 0 };

      if (object == NULL || !read_weights (place, object, &entry, error))
        return FALSE;
      for (guint j = 0; j < self->weights->len; j++)
        if (g_str_equal (sl_catalogue_get_weights (self, j)->id, entry.id)
            || g_str_equal (sl_catalogue_get_weights (self, j)->file_name, entry.file_name))
          return fail (place, error, "its “id” or file name is there twice");
      if (!is_missing (&entry))
        g_array_append_val (self->weights, entry);
    }
  return TRUE;
}

static gboolean
read_all_data_sets (SlCatalogue *self, JsonArray *array, Place *place, GError **error)
{
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonObject *object = get_entry (array, i, place, error);
      SlDataSet entry = { 0 };

      if (object == NULL || !read_data_set (place, object, &entry, error))
        return FALSE;
      for (guint j = 0; j < i; j++)
        if (g_str_equal (sl_catalogue_get_data_set (self, j)->id, entry.id)
            || g_str_equal (sl_catalogue_get_data_set (self, j)->file_name, entry.file_name))
          return fail (place, error, "its “id” or file name is there twice");
      g_array_append_val (self->data_sets, entry);
    }
  return TRUE;
}

static gboolean
read_root (SlCatalogue *self, Place *place, GError **error)
{
  JsonNode *node = json_parser_get_root (self->parser), *format;
  JsonArray *weights, *data_sets;
  JsonObject *root;
  GError *list_error = NULL;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return fail (place, error, "not an object");
  root = json_node_get_object (node);
  format = json_object_get_member (root, "format");
  if (format == NULL || !JSON_NODE_HOLDS_VALUE (format)
      || json_node_get_value_type (format) != G_TYPE_INT64)
    return fail (place, error, "“format” is missing or no number");
  if (json_node_get_int (format) != FORMAT)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_NEWER,
                   "%s is a catalogue for another version of Slope: use one of format %d",
                   place->file, FORMAT);
      return FALSE;
    }
  weights = find_list (root, place, "weights", FALSE, error);
  if (weights == NULL || !read_all_weights (self, weights, place, error))
    return FALSE;
  data_sets = find_list (root, place, "data", TRUE, &list_error);
  if (list_error != NULL)
    {
      g_propagate_error (error, list_error);
      return FALSE;
    }
  return data_sets == NULL || read_all_data_sets (self, data_sets, place, error);
}

SlCatalogue *
sl_catalogue_parse (GBytes *bytes, const char *name_for_errors, GError **error)
{
  g_autoptr (SlCatalogue) self = g_new0 (SlCatalogue, 1);
  g_autoptr (GError) json_error = NULL;
  Place place = { name_for_errors, NULL, 0 };
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length), *text = data != NULL ? data : "";

  self->parser = json_parser_new_immutable ();
  self->weights = g_array_new (FALSE, FALSE, sizeof (SlWeights));
  self->data_sets = g_array_new (FALSE, FALSE, sizeof (SlDataSet));
  if (!g_utf8_validate_len (text, length, NULL))
    {
      fail (&place, error, "not text");
      return NULL;
    }
  if (!_sl_json_is_shallow (text, length, MOST_DEEP))
    {
      fail (&place, error, "nested too deeply");
      return NULL;
    }
  if (!json_parser_load_from_data (self->parser, text, (gssize)length, &json_error))
    {
      fail (&place, error, "%s", json_error->message);
      return NULL;
    }
  return read_root (self, &place, error) ? g_steal_pointer (&self) : NULL;
}

SlCatalogue *
sl_catalogue_load (const char *path, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) file_error = NULL;
  char *contents;
  gsize length;

  if (path == NULL)
    path = g_getenv ("SLOPE_CATALOGUE");
  if (path == NULL || path[0] == '\0')
    {
      bytes = g_resource_lookup_data (slope_engine_get_resource (), OWN_PATH,
                                      G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
      return sl_catalogue_parse (bytes, "catalogue.json", error);
    }
  if (!g_file_get_contents (path, &contents, &length, &file_error))
    {
      g_set_error (error, SL_ERROR, SL_ERROR_NOT_FOUND,
                   "The catalogue cannot be read (%s): check $SLOPE_CATALOGUE",
                   file_error->message);
      return NULL;
    }
  bytes = g_bytes_new_take (contents, length);
  return sl_catalogue_parse (bytes, path, error);
}

void
sl_catalogue_free (SlCatalogue *self)
{
  g_clear_object (&self->parser);
  g_array_unref (self->weights);
  g_array_unref (self->data_sets);
  g_free (self);
}

guint
sl_catalogue_n_weights (const SlCatalogue *self)
{
  g_return_val_if_fail (self != NULL, 0);
  return self->weights->len;
}

const SlWeights *
sl_catalogue_get_weights (const SlCatalogue *self, guint i)
{
  g_return_val_if_fail (self != NULL && i < self->weights->len, NULL);
  return &g_array_index (self->weights, SlWeights, i);
}

const SlWeights *
sl_catalogue_find_weights (const SlCatalogue *self, const char *id)
{
  g_return_val_if_fail (self != NULL && id != NULL, NULL);
  for (guint i = 0; i < self->weights->len; i++)
    if (g_str_equal (sl_catalogue_get_weights (self, i)->id, id))
      return sl_catalogue_get_weights (self, i);
  return NULL;
}

const SlWeights *
sl_catalogue_find_arch (const SlCatalogue *self, const char *arch)
{
  g_return_val_if_fail (self != NULL && arch != NULL, NULL);
  for (guint i = 0; i < self->weights->len; i++)
    if (g_str_equal (sl_catalogue_get_weights (self, i)->arch, arch))
      return sl_catalogue_get_weights (self, i);
  return NULL;
}

guint
sl_catalogue_n_data_sets (const SlCatalogue *self)
{
  g_return_val_if_fail (self != NULL, 0);
  return self->data_sets->len;
}

const SlDataSet *
sl_catalogue_get_data_set (const SlCatalogue *self, guint i)
{
  g_return_val_if_fail (self != NULL && i < self->data_sets->len, NULL);
  return &g_array_index (self->data_sets, SlDataSet, i);
}

const SlDataSet *
sl_catalogue_find_data_set (const SlCatalogue *self, const char *id)
{
  g_return_val_if_fail (self != NULL && id != NULL, NULL);
  for (guint i = 0; i < self->data_sets->len; i++)
    if (g_str_equal (sl_catalogue_get_data_set (self, i)->id, id))
      return sl_catalogue_get_data_set (self, i);
  return NULL;
}
