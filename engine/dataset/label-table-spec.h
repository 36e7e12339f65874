/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/error.h>

G_BEGIN_DECLS

/* "NAME,FIRST[..LAST][,DELIMITER[,OPTION…]]" in parts; what is %NULL, -1 or 0 was left out, or left
 * empty, and is to be guessed.  Options: header=yes|no, separator=…, encoding=…. */
typedef struct
{
  char *name;
  char *first;
  char *last;          /* %NULL: one column */
  char *delimiter;     /* between labels, as written */
  int header;          /* 1: the first row is one */
  char separator;      /* between cells */
  const char *charset; /* interned; iconv knows it */
} SlTableSpec;

/* @text: (nullable).  @error: %SL_ERROR_DATA: no such option.  To be cleared in any case. */
gboolean _sl_table_spec_parse (SlTableSpec *self, const char *text, GError **error);
void     _sl_table_spec_clear (SlTableSpec *self);

/* Appends the delimiter, if there is one, and those options that were given, each after a comma. */
void     _sl_table_spec_append_rest (const SlTableSpec *self, const char *delimiter, GString *text);

/* A character, or space, comma, semicolon, tab, pipe, none (0).  @error: %SL_ERROR_DATA */
gboolean _sl_divider_parse (const char *text, char *divider, GError **error);
char    *_sl_divider_spell (char divider); /* (transfer full) */

G_END_DECLS
