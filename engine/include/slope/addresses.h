/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/error.h>
#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * SlAddressList:
 *
 * Addresses of pictures, each with its class, as they come from a browser: the course's
 * download_images.  Nothing is asked for while a list is read.  One thread at a time.
 *
 * A text has an address a line; what follows it after a space or tab is its class, else the whole
 * text has one.  Empty lines and those that begin with # are none.  A table (.csv, .tsv) has a
 * column of addresses and may have one of classes.  "urls_black.txt", "black_urls.csv" and
 * "black.txt" are of the class "black".
 */
typedef struct _SlAddressList SlAddressList;

typedef struct
{
  char    *address; /* as servers are asked for it; of what is none, as it was written */
  char    *label;   /* class, fit to name a folder */
  char    *file;    /* the list, for messages */
  guint    line;    /* from 1 */
  char    *reason;  /* (nullable): why it is not asked for */
  gboolean again;   /* the reason is that a line above says the same */
} SlAddress;

#define SL_ADDRESSES_MOST 100000

SlAddressList   *sl_address_list_new      (void);
void             sl_address_list_free     (SlAddressList *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlAddressList, sl_address_list_free)
/* Whether @path is a text or table mostly of addresses, or a folder of such texts without pictures
 * or folders beside them.  Looks at the beginning of each. */
gboolean         sl_address_list_is       (const char *path);
/* A list, or a folder of lists.  @error: %SL_ERROR_DATA: no address in it, or more than
 * SL_ADDRESSES_MOST; %SL_ERROR_FORMAT; %G_FILE_ERROR */
SlAddressList   *sl_address_list_load     (const char *path, GError **error);
/* @label: class of those that do not name one; @file: for messages.  @error: %SL_ERROR_DATA: too many */
gboolean         sl_address_list_add_text (SlAddressList *self, const char *text, const char *label,
                                           const char *file, GError **error);
/* Lines with something on them, those that cannot be asked for too. */
guint            sl_address_list_n        (const SlAddressList *self);
const SlAddress *sl_address_list_get      (const SlAddressList *self, guint i);
/* (transfer full): the class that a file's name speaks of. */
char            *sl_address_list_label_of (const char *path);

/* ---- Fetching */

typedef struct
{
  guint most_per_class;  /* 0: 1000; as the course takes */
  gsize most_bytes;      /* of a picture; 0: 32 MiB */
  guint stall_seconds;   /* 0: 10 */
  guint most_seconds;    /* for a picture in all; 0: 120 */
  guint pause_ms;        /* before a second attempt, twice as long before a third; 0: 500 */
} SlAddressLimits;

typedef struct
{
  guint asked;    /* lines = fetched + kept + again + failed + left */
  guint fetched;
  guint kept;     /* were here from an earlier time */
  guint again;    /* said a line above: once is enough */
  guint failed;
  guint left;     /* not tried: it was cancelled */
  GPtrArray *failures; /* (nullable) of SlAddress: a copy with the reason of each that failed */
} SlAddressReport;

void sl_address_report_free (SlAddressReport *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlAddressReport, sl_address_report_free)

/**
 * sl_address_list_fetch:
 * @folder: is made; each picture becomes CLASS/NNNNNNNN.SUFFIX in it, the place among the addresses of
 *   its class counted from 0 as the course does, the suffix by what the file is
 * @limits: (nullable)
 * @progress: (nullable): addresses done, of how many; what: the address
 * @error: %SL_ERROR_FAILED: the disk is full or the folder cannot be written; %SL_ERROR_BUSY: another
 *   program fetches into it
 *
 * Eight at a time, at most four connections to one server.  A failure is listed and the rest goes
 * on; what is cut, stalls or is asked to wait is tried three times.  Each file is written aside and
 * renamed; what is here is not asked for again (.slope-addresses in @folder knows which is which), so that
 * after a cancel, which is no error, the next call goes on.  Blocks; for any thread.
 */
SlAddressReport *sl_address_list_fetch (const SlAddressList *self, const char *folder,
                                        const SlAddressLimits *limits, GCancellable *cancellable,
                                        SlProgressFunc progress, gpointer user_data,
                                        GError **error);
/* On a thread.  @self: (transfer full); @progress: in the caller's main context. */
void             sl_address_list_fetch_async  (SlAddressList *self, const char *folder,
                                               const SlAddressLimits *limits,
                                               GCancellable *cancellable, SlProgressFunc progress,
                                               gpointer progress_data,
                                               GAsyncReadyCallback callback, gpointer user_data);
SlAddressReport *sl_address_list_fetch_finish (GAsyncResult *result, GError **error);

G_END_DECLS
