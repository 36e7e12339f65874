/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/* Reads Python's pickles without Python: a pickle is a little program that may call any function
 * of the machine it is read on.  This reader runs none of it.  It builds plain values, notes which
 * of a few named functions is called with what, and refuses every other name.
 * docs.python.org/3/library/pickletools.html; protocols 2 to 5. */

typedef struct _SlPickleValue SlPickleValue;

typedef enum
{
  SL_PICKLE_NONE,
  SL_PICKLE_BOOL,    /* integer: 0 or 1 */
  SL_PICKLE_INT,     /* integer */
  SL_PICKLE_FLOAT,   /* real */
  SL_PICKLE_TEXT,    /* text: UTF-8 */
  SL_PICKLE_BYTES,   /* nothing is kept of them */
  SL_PICKLE_TUPLE,   /* items */
  SL_PICKLE_LIST,    /* items */
  SL_PICKLE_DICT,    /* items: key, value, key, value …; a later key replaces an earlier one */
  SL_PICKLE_GLOBAL,  /* global */
  SL_PICKLE_CALL,    /* global, of: its arguments, a tuple */
  SL_PICKLE_OUTSIDE  /* of: the id of something that lies outside the pickle */
} SlPickleKind;

/* A name that may be used. */
typedef struct
{
  const char   *module, *name;
  gboolean      makes_dict; /* a call gives a dictionary */
  gboolean      has_state;  /* something may be laid into what a call gives */
  gconstpointer data;       /* the caller's */
} SlPickleGlobal;

/* Values refer to each other freely, in circles too: follow them to a fixed depth only. */
struct _SlPickleValue
{
  SlPickleKind          kind;
  union
  {
    gint64              integer;
    double              real;
    char               *text;
    GPtrArray          *items;
    const SlPickleGlobal *global;
  };
  SlPickleValue        *of;
  SlPickleValue        *state; /* of a call: what was laid into its result afterwards, or NULL */
};

/* All values of one pickle. */
typedef struct
{
  GPtrArray     *values; /* owns them */
  SlPickleValue *root;
} SlPickle;

void _sl_pickle_free (SlPickle *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlPickle, _sl_pickle_free)

/* Reads the pickle that begins at data[*at] and sets *@at behind it.
 * @find: (scope call): the global with that name, or %NULL to refuse it
 * Time and memory are bounded by the length of the data and by a limit of some million steps.
 * Errors name @file: %SL_ERROR_FORMAT (damaged), %SL_ERROR_UNSUPPORTED (wants something run). */
typedef const SlPickleGlobal *(*SlPickleFind) (const char *module, const char *name);
SlPickle *_sl_pickle_read (const guint8 *data, gsize n_bytes, gsize *at, SlPickleFind find,
                           const char *file, GError **error);

/* Sets "“FILE” is damaged or no file of weights (…): use another copy"; returns %FALSE. */
gboolean _sl_pickle_fail (const char *file, GError **error, const char *format, ...) G_GNUC_PRINTF (3, 4);

/* @key's value in a dictionary, or %NULL. */
SlPickleValue *_sl_pickle_lookup (const SlPickleValue *dict, const char *key);
/* The items of a tuple of at least @n, or %NULL. */
SlPickleValue **_sl_pickle_tuple (const SlPickleValue *value, guint n);
