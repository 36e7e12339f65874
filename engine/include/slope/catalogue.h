/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/download.h>

G_BEGIN_DECLS

/* Public files that Slope can fetch when it is asked to: a JSON object
 *
 *   { "format": 1,
 *     "weights": [ { "id": "resnet18-imagenet", "architecture": "resnet18",
 *                    "trained_on": "ImageNet",
 *                    "address": "https://…/resnet18-f37072fd.pth",
 *                    "sha256": hexadecimal, all or the first 8 digits at least,
 *                    "bytes": (optional),
 *                    "licence": "BSD-3-Clause",
 *                    "terms": (optional) address of what else binds its users }, … ] }
 *
 * Other members are for later kinds of files and left alone.  Slope carries one catalogue;
 * $SLOPE_CATALOGUE names another file in its place, such as that of a mirror. */
typedef struct _SlCatalogue SlCatalogue;

typedef struct
{
  const char *id, *arch, *trained_on, *address, *sha256, *licence;
  const char *terms;     /* (nullable) */
  const char *file_name; /* the last part of the address */
  guint64     n_bytes;   /* 0: not known */
} SlWeights;

/* @path: (nullable): %NULL for the one of $SLOPE_CATALOGUE or Slope's own.
 * @error: %SL_ERROR_NOT_FOUND, %SL_ERROR_FORMAT, %SL_ERROR_NEWER, naming file and entry */
SlCatalogue     *sl_catalogue_load  (const char *path, GError **error);
SlCatalogue     *sl_catalogue_parse (GBytes *bytes, const char *name_for_errors, GError **error);
void             sl_catalogue_free  (SlCatalogue *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlCatalogue, sl_catalogue_free)

guint            sl_catalogue_n_weights    (const SlCatalogue *self);
const SlWeights *sl_catalogue_get_weights  (const SlCatalogue *self, guint i);
/* By id, or the first of an architecture; %NULL if there are none. */
const SlWeights *sl_catalogue_find_weights (const SlCatalogue *self, const char *id);
const SlWeights *sl_catalogue_find_arch    (const SlCatalogue *self, const char *arch);

/* ~/.local/share/slope/weights: fetched files, and those that were put there by hand. */
char    *sl_weights_dup_folder   (void);
char    *sl_weights_dup_path     (const SlWeights *self);
/* Whether the file is there, with the right size. */
gboolean sl_weights_is_here      (const SlWeights *self);
/* What sl_download() takes to put it there; @path: as sl_weights_dup_path(), kept by the caller. */
SlDownload sl_weights_get_download (const SlWeights *self, const char *path);

G_END_DECLS
