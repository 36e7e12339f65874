/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/recipe.h>

/* The entries of a recipe as rows of a table: how each is written down, what it may be.  Private to
 * train/. */

typedef enum
{
  SL_FIELD_STRING, /* char *, not empty */
  SL_FIELD_NAME,   /* const char *, interned; "" in JSON is %NULL */
  SL_FIELD_CHOICE, /* an enumeration from 0; in JSON its name */
  SL_FIELD_INT,
  SL_FIELD_UINT,
  SL_FIELD_UINT64,
  SL_FIELD_DOUBLE,
  SL_FIELD_BOOLEAN
} SlFieldKind;

typedef struct
{
  const char *name; /* in JSON */
  const char *what; /* in messages */
  SlFieldKind kind;
  gsize offset;
  double min, max;            /* inclusive; of numbers */
  const char *const *choices; /* %NULL-terminated */
} SlField;

/* @where: " of stage 2" or "".  Numbers out of range are %SL_ERROR_DATA. */
gboolean sl_fields_check (const SlField *fields, gsize n, gconstpointer record, const char *where,
                          GError **error);
/* Adds the members to the object that @builder is in. */
void sl_fields_write (const SlField *fields, gsize n, gconstpointer record, JsonBuilder *builder);
/* Entries that are not there keep their values; unknown ones are passed over.  @error:
 * %SL_ERROR_FORMAT */
gboolean sl_fields_read (const SlField *fields, gsize n, JsonObject *object, gpointer record,
                         const char *where, GError **error);
