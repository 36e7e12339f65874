/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Many small files from the web, several at a time. */

typedef struct
{
  guint most_at_once;
  guint most_per_host;  /* connections */
  guint stall_seconds;  /* without a byte until an attempt counts as cut */
  guint most_seconds;   /* for an attempt in all */
  guint most_tries;     /* where another attempt may help: cut, stalled, 429, 5xx */
  guint pause_ms;       /* before the second attempt; double before each further one */
  guint most_redirects;
  gsize most_bytes;
} SlFetchLimits;

typedef struct
{
  /* What may be wrong with a file that begins like this, told as soon as 512 bytes are here, or all:
   * a reason fit for a list, which goes no further; %NULL: nothing. */
  const char *(*look) (const guint8 *data, gsize size);
  /* Each address once, in any order.  @bytes: (nullable): %NULL with a @reason fit for a list.
   * %FALSE with @error ends it all. */
  gboolean (*done) (guint index, GBytes *bytes, const char *reason, gpointer user_data,
                    GError **error);
  gpointer user_data;
} SlFetchFuncs;

/**
 * _sl_fetch:
 * @addresses: @n, http or https
 * @error: what done() gave, or %G_IO_ERROR_CANCELLED: then some addresses were not told
 *
 * Goes through the proxy of the desktop and follows redirects.  All functions are called from this
 * thread.  Blocks; for any thread.
 */
gboolean _sl_fetch (const char *const *addresses, guint n, const SlFetchLimits *limits,
                    const SlFetchFuncs *funcs, GCancellable *cancellable, GError **error);

G_END_DECLS
