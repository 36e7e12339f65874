/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/error.h>
#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * SlStore:
 *
 * One connection to a project's database.  Used by one thread at a time; a job opens its own.
 * Errors: %SL_ERROR_FORMAT (not a project, damaged, a table that is not as it should be),
 * %SL_ERROR_NEWER, %SL_ERROR_BUSY, %G_IO_ERROR_READ_ONLY, %G_IO_ERROR_NO_SPACE.
 *
 * An older version's project is brought up to date when it is opened: in its file, or in memory
 * where that may not be written.
 */
typedef struct _SlStore SlStore;

#define SL_STORE_VERSION 7

SlStore *sl_store_create       (const char *path, GError **error);
SlStore *sl_store_open         (const char *path, gboolean read_only, GError **error);
/* Of what can be found again: with @tables, made anew where there is none, or none of this @version. */
SlStore *sl_store_open_cache   (const char *path, const char *tables, int version, GError **error);
void     sl_store_free         (SlStore *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlStore, sl_store_free)

/* @durable: the commit returns only once the data are on the disk. */
gboolean sl_store_begin        (SlStore *self, gboolean durable, GError **error);
gboolean sl_store_commit       (SlStore *self, GError **error);
void     sl_store_rollback     (SlStore *self);
gint64   sl_store_last_id      (SlStore *self);

char    *sl_store_dup_meta     (SlStore *self, const char *key, GError **error); /* %NULL: not there */
gboolean sl_store_set_meta     (SlStore *self, const char *key, const char *value, GError **error);

/**
 * SlQuery:
 *
 * A statement.  What goes wrong while preparing or binding is reported by the next
 * sl_query_next() or sl_query_run(), so that a query reads as one block.  Parameters count from
 * 1, columns from 0.
 */
typedef struct _SlQuery SlQuery;

SlQuery    *sl_query_new   (SlStore *store, const char *sql);
void        sl_query_free  (SlQuery *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlQuery, sl_query_free)
void        sl_query_bind_int  (SlQuery *self, int i, gint64 value);
void        sl_query_bind_real (SlQuery *self, int i, double value); /* NaN is stored as NULL */
void        sl_query_bind_text (SlQuery *self, int i, const char *value); /* copied; nullable */
/* Copied; %NULL is stored as NULL. */
void        sl_query_bind_floats (SlQuery *self, int i, const float *values, guint n);
void        sl_query_bind_bytes  (SlQuery *self, int i, gconstpointer bytes, gsize n); /* copied */
/* %TRUE: a row; %FALSE: the end, or @error. */
gboolean    sl_query_next  (SlQuery *self, GError **error);
/* To the end; ready for the next binding. */
gboolean    sl_query_run   (SlQuery *self, GError **error);
void        sl_query_reset (SlQuery *self);
gboolean    sl_query_is_null (SlQuery *self, int column);
gint64      sl_query_int   (SlQuery *self, int column);
double      sl_query_real  (SlQuery *self, int column); /* NULL is NaN */
const char *sl_query_text  (SlQuery *self, int column); /* until the next step; (nullable) */
/* (transfer full) (nullable): what sl_query_bind_floats() wrote; @n: (out) */
float      *sl_query_dup_floats (SlQuery *self, int column, guint *n);
/* What sl_query_bind_bytes() wrote, until the next step; @n: (out): 0 with %NULL. */
gconstpointer sl_query_bytes (SlQuery *self, int column, gsize *n);
/* As sl_query_int() but outside low … high is %SL_ERROR_FORMAT naming @what. */
gboolean    sl_query_int_in (SlQuery *self, int column, gint64 low, gint64 high, const char *what,
                             gint64 *value, GError **error);

G_END_DECLS
