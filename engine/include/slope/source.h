/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/catalogue.h>

G_BEGIN_DECLS

/* Sources of an import that are fetched first: "https://…/name.tgz", an archive anywhere, and
 * "catalogue:NAME", a data set of the catalogue.
 *
 * They are kept in ~/.cache/slope/downloads, as are pictures from lists of addresses: as much as
 * SL_DOWNLOADS_MOST_BYTES besides what was used last; what was used longest ago goes first.  An
 * archive from an address is used again for a day; then the address may hold another one. */
#define SL_DOWNLOADS_MOST_BYTES (G_GUINT64_CONSTANT (4) << 30)
#define SL_SOURCE_CATALOGUE "catalogue:"

typedef struct
{
  SlDownload       download; /* its strings belong to the source */
  char            *name;     /* proposed for the project */
  const SlDataSet *data_set; /* (nullable): of the catalogue */
  SlCatalogue     *catalogue;
} SlSource;

/* Whether @text is such a source, or means to be one. */
gboolean  sl_source_is_web (const char *text);
/**
 * sl_source_new:
 * @error: %SL_ERROR_NOT_FOUND: no such data set; %SL_ERROR_FORMAT: no address; those of
 *   sl_catalogue_load()
 *
 * Says what is to be fetched, and from where to where; sl_download() does it.  Threads: any.
 */
SlSource *sl_source_new     (const char *text, GError **error);
void      sl_source_free    (SlSource *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlSource, sl_source_free)
/* Whether what is kept will do; what is too old stays until a download takes its place. */
gboolean  sl_source_is_here (const SlSource *self);
/* Marks it as used, and makes room as said above: after a download. */
void      sl_source_use     (const SlSource *self);

G_END_DECLS
