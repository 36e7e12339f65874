/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/json-depth.h"
#include "slope-engine-resources.h"
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <slope/catalogue.h>
#include <string.h>

#define OWN_PATH "/org/slopeml/Slope/engine/catalogue.json"
#define FORMAT 1
#define LEAST_DIGITS 8
#define MOST_DIGITS 64
#define MOST_DEEP 16

struct _SlCatalogue
{
  JsonParser *parser; /* owns the texts of the entries */
  GArray *weights;
};

typedef struct
{
  const char *file; /* for errors */
  guint i;          /* the entry, from 1 */
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
                 "%s is no catalogue that can be used (weights %u: %s): correct it", place->file,
                 place->i, what);
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

/* The last part of the address becomes the name of a file: plain characters only. */
static gboolean
take_file_name (const Place *place, SlWeights *entry, GError **error)
{
  const char *slash = strrchr (entry->address, '/');

  if (!is_web_address (entry->address))
    return fail (place, error, "“address” is none of the web");
  entry->file_name = slash + 1;
  if (entry->file_name[0] == '\0' || entry->file_name[0] == '.'
      || strspn (entry->file_name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "._-+")
             != strlen (entry->file_name))
    return fail (place, error, "“address” does not end in a file's name");
  return TRUE;
}

static gboolean
take_sha256 (const Place *place, const SlWeights *entry, GError **error)
{
  gsize n = strlen (entry->sha256);

  if (n < LEAST_DIGITS || n > MOST_DIGITS || strspn (entry->sha256, "0123456789abcdefABCDEF") != n)
    return fail (place, error, "“sha256” is no checksum of %d to %d digits", LEAST_DIGITS,
                 MOST_DIGITS);
  return TRUE;
}

static gboolean
take_bytes (const Place *place, JsonObject *object, SlWeights *entry, GError **error)
{
  JsonNode *node = json_object_get_member (object, "bytes");

  if (node == NULL)
    return TRUE;
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_INT64
      || json_node_get_int (node) <= 0)
    return fail (place, error, "“bytes” is no size");
  entry->n_bytes = (guint64)json_node_get_int (node);
  return TRUE;
}

static gboolean
read_entry (const Place *place, JsonNode *node, SlWeights *entry, GError **error)
{
  JsonObject *object;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return fail (place, error, "not an object");
  object = json_node_get_object (node);
  return get_text (place, object, "id", FALSE, &entry->id, error)
         && get_text (place, object, "architecture", FALSE, &entry->arch, error)
         && get_text (place, object, "trained_on", FALSE, &entry->trained_on, error)
         && get_text (place, object, "address", FALSE, &entry->address, error)
         && get_text (place, object, "sha256", FALSE, &entry->sha256, error)
         && get_text (place, object, "licence", FALSE, &entry->licence, error)
         && get_text (place, object, "terms", TRUE, &entry->terms, error)
         && take_file_name (place, entry, error) && take_sha256 (place, entry, error)
         && take_bytes (place, object, entry, error);
}

/* ---- The catalogue */

static gboolean
read_weights (SlCatalogue *self, JsonObject *root, Place *place, GError **error)
{
  JsonNode *node = json_object_get_member (root, "weights");
  JsonArray *array;

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return fail (place, error, "“weights” is missing or no list");
  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      SlWeights entry = { 0 };

      place->i = i + 1;
      if (!read_entry (place, json_array_get_element (array, i), &entry, error))
        return FALSE;
      for (guint j = 0; j < i; j++)
        if (g_str_equal (sl_catalogue_get_weights (self, j)->id, entry.id)
            || g_str_equal (sl_catalogue_get_weights (self, j)->file_name, entry.file_name))
          return fail (place, error, "its “id” or file name is there twice");
      g_array_append_val (self->weights, entry);
    }
  return TRUE;
}

static gboolean
read_root (SlCatalogue *self, Place *place, GError **error)
{
  JsonNode *node = json_parser_get_root (self->parser), *format;
  JsonObject *root;

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
  return read_weights (self, root, place, error);
}

SlCatalogue *
sl_catalogue_parse (GBytes *bytes, const char *name_for_errors, GError **error)
{
  g_autoptr (SlCatalogue) self = g_new0 (SlCatalogue, 1);
  g_autoptr (GError) json_error = NULL;
  Place place = { name_for_errors, 0 };
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length), *text = data != NULL ? data : "";

  self->parser = json_parser_new_immutable ();
  self->weights = g_array_new (FALSE, FALSE, sizeof (SlWeights));
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

/* ---- Files on this machine */

char *
sl_weights_dup_folder (void)
{
  return g_build_filename (g_get_user_data_dir (), "slope", "weights", NULL);
}

char *
sl_weights_dup_path (const SlWeights *self)
{
  g_autofree char *folder = sl_weights_dup_folder ();

  g_return_val_if_fail (self != NULL, NULL);
  return g_build_filename (folder, self->file_name, NULL);
}

gboolean
sl_weights_is_here (const SlWeights *self)
{
  g_autofree char *path = sl_weights_dup_path (self);
  GStatBuf info;

  return g_stat (path, &info) == 0 && S_ISREG (info.st_mode)
         && (self->n_bytes == 0 || (guint64)info.st_size == self->n_bytes);
}

SlDownload
sl_weights_get_download (const SlWeights *self, const char *path)
{
  return (SlDownload){
    .address = self->address, .path = path, .sha256 = self->sha256, .n_bytes = self->n_bytes
  };
}
