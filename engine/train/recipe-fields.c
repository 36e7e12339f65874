/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/recipe-fields.h"
#include <math.h>

static double
get_number (const SlField *field, gconstpointer record)
{
  gconstpointer at = (const guint8 *)record + field->offset;

  switch (field->kind)
    {
    case SL_FIELD_INT:
      return *(const int *)at;
    case SL_FIELD_UINT:
    case SL_FIELD_CHOICE:
      return *(const guint *)at;
    case SL_FIELD_UINT64:
      return (double)*(const guint64 *)at;
    case SL_FIELD_DOUBLE:
      return *(const double *)at;
    case SL_FIELD_BOOLEAN:
      return *(const gboolean *)at;
    case SL_FIELD_STRING:
    case SL_FIELD_NAME:
    default:
      return NAN;
    }
}

/* ---- Checks */

static gboolean
check_number (const SlField *field, double value, const char *where, int code, GError **error)
{
  if (value >= field->min && value <= field->max)
    return TRUE;
  g_set_error (error, SL_ERROR, code, "The %s%s is %g: choose a value from %g to %g", field->what,
               where, value, field->min, field->max);
  return FALSE;
}

static gboolean
check_string (const SlField *field, gconstpointer record, GError **error)
{
  const char *text = G_STRUCT_MEMBER (char *, record, field->offset);

  if (text != NULL && *text != '\0')
    return TRUE;
  g_set_error (error, SL_ERROR, SL_ERROR_DATA, "The %s is empty: choose one", field->what);
  return FALSE;
}

gboolean
sl_fields_check (const SlField *fields, gsize n, gconstpointer record, const char *where,
                 GError **error)
{
  for (gsize i = 0; i < n; i++)
    switch (fields[i].kind)
      {
      case SL_FIELD_STRING:
        if (!check_string (&fields[i], record, error))
          return FALSE;
        break;
      case SL_FIELD_NAME:
      case SL_FIELD_CHOICE:
        break;
      case SL_FIELD_INT:
      case SL_FIELD_UINT:
      case SL_FIELD_UINT64:
      case SL_FIELD_DOUBLE:
      case SL_FIELD_BOOLEAN:
      default:
        if (!check_number (&fields[i], get_number (&fields[i], record), where, SL_ERROR_DATA,
                           error))
          return FALSE;
      }
  return TRUE;
}

/* ---- Writing */

static void
write_field (const SlField *field, gconstpointer record, JsonBuilder *builder)
{
  const char *text;

  switch (field->kind)
    {
    case SL_FIELD_STRING:
    case SL_FIELD_NAME:
      text = G_STRUCT_MEMBER (const char *, record, field->offset);
      json_builder_add_string_value (builder, text != NULL ? text : "");
      break;
    case SL_FIELD_CHOICE:
      json_builder_add_string_value (
          builder, field->choices[G_STRUCT_MEMBER (guint, record, field->offset)]);
      break;
    case SL_FIELD_BOOLEAN:
      json_builder_add_boolean_value (builder, G_STRUCT_MEMBER (gboolean, record, field->offset));
      break;
    case SL_FIELD_DOUBLE:
      json_builder_add_double_value (builder, get_number (field, record));
      break;
    case SL_FIELD_UINT64:
      json_builder_add_int_value (builder,
                                  (gint64)G_STRUCT_MEMBER (guint64, record, field->offset));
      break;
    case SL_FIELD_INT:
    case SL_FIELD_UINT:
    default:
      json_builder_add_int_value (builder, (gint64)get_number (field, record));
      break;
    }
}

void
sl_fields_write (const SlField *fields, gsize n, gconstpointer record, JsonBuilder *builder)
{
  for (gsize i = 0; i < n; i++)
    {
      json_builder_set_member_name (builder, fields[i].name);
      write_field (&fields[i], record, builder);
    }
}

/* ---- Reading */

static gboolean
read_number (const SlField *field, JsonNode *node, gpointer record, const char *where,
             GError **error)
{
  gpointer at = (guint8 *)record + field->offset;
  double value = field->kind == SL_FIELD_BOOLEAN ? json_node_get_boolean (node)
                                                 : json_node_get_double (node);

  if (!check_number (field, value, where, SL_ERROR_FORMAT, error))
    return FALSE;
  switch (field->kind)
    {
    case SL_FIELD_INT:
      *(int *)at = (int)value;
      break;
    case SL_FIELD_UINT:
      *(guint *)at = (guint)value;
      break;
    case SL_FIELD_UINT64:
      *(guint64 *)at = (guint64)json_node_get_int (node);
      break;
    case SL_FIELD_BOOLEAN:
      *(gboolean *)at = value != 0;
      break;
    case SL_FIELD_DOUBLE:
    case SL_FIELD_STRING:
    case SL_FIELD_NAME:
    case SL_FIELD_CHOICE:
    default:
      *(double *)at = value;
      break;
    }
  return TRUE;
}

static gboolean
read_choice (const SlField *field, const char *text, gpointer record, const char *where,
             GError **error)
{
  g_autofree char *names = NULL;

  for (guint i = 0; field->choices[i] != NULL; i++)
    if (g_str_equal (text, field->choices[i]))
      {
        G_STRUCT_MEMBER (guint, record, field->offset) = i;
        return TRUE;
      }
  names = g_strjoinv (", ", (char **)field->choices);
  g_set_error (error, SL_ERROR, SL_ERROR_FORMAT, "The %s%s is “%s”: choose one of %s", field->what,
               where, text, names);
  return FALSE;
}

static gboolean
has_right_type (const SlField *field, JsonNode *node)
{
  GType type = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : G_TYPE_INVALID;

  switch (field->kind)
    {
    case SL_FIELD_STRING:
    case SL_FIELD_NAME:
    case SL_FIELD_CHOICE:
      return type == G_TYPE_STRING;
    case SL_FIELD_BOOLEAN:
      return type == G_TYPE_BOOLEAN;
    case SL_FIELD_DOUBLE:
      return type == G_TYPE_DOUBLE || type == G_TYPE_INT64;
    case SL_FIELD_INT:
    case SL_FIELD_UINT:
    case SL_FIELD_UINT64:
    default:
      return type == G_TYPE_INT64;
    }
}

static gboolean
read_field (const SlField *field, JsonNode *node, gpointer record, const char *where,
            GError **error)
{
  const char *text;

  if (!has_right_type (field, node))
    {
      g_set_error (error, SL_ERROR, SL_ERROR_FORMAT,
                   "The entry “%s”%s of the recipe is of the wrong kind: correct the file",
                   field->name, where);
      return FALSE;
    }
  switch (field->kind)
    {
    case SL_FIELD_STRING:
      g_free (G_STRUCT_MEMBER (char *, record, field->offset));
      G_STRUCT_MEMBER (char *, record, field->offset) = g_strdup (json_node_get_string (node));
      return TRUE;
    case SL_FIELD_NAME:
      text = json_node_get_string (node);
      G_STRUCT_MEMBER (const char *, record, field->offset) = *text != '\0' ? g_intern_string (text)
                                                                            : NULL;
      return TRUE;
    case SL_FIELD_CHOICE:
      return read_choice (field, json_node_get_string (node), record, where, error);
    case SL_FIELD_INT:
    case SL_FIELD_UINT:
    case SL_FIELD_UINT64:
    case SL_FIELD_DOUBLE:
    case SL_FIELD_BOOLEAN:
    default:
      return read_number (field, node, record, where, error);
    }
}

gboolean
sl_fields_read (const SlField *fields, gsize n, JsonObject *object, gpointer record,
                const char *where, GError **error)
{
  for (gsize i = 0; i < n; i++)
    {
      JsonNode *node = json_object_get_member (object, fields[i].name);

      if (node != NULL && !read_field (&fields[i], node, record, where, error))
        return FALSE;
    }
  return TRUE;
}
