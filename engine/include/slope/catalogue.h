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
 *                    "head_md5": (optional) MD5 of the first MiB, as fast.ai publishes it; "sha256" may
 *                                then be missing,
 *                    "file": (in place of "address" and checksums) the name of one that comes with Slope,
 *                    "bytes": (optional),
 *                    "licence": "BSD-3-Clause",
 *                    "terms": (optional) address of what else binds its users }, … ],
 *     "data": [ { "id": "pets", "title": "Oxford-IIIT Pet", "task": "classify",
 *                 "address": "https://…/oxford-iiit-pet.tgz",
 *                 "bytes", "sha256": (optional), "licence": as above,
 *                 "home": (optional) page of its makers,
 *                 "head_md5": (optional) MD5 of the first MiB, as fast.ai publishes it,
 *                 "inside": (optional) folder of the archive that holds the pictures,
 *                 "labels", "split": (optional) as sl_import_scan() takes them }, … ] }
 *
 * "data" may be missing; other members are for later kinds of files and left alone.  Slope carries one catalogue;
 * $SLOPE_CATALOGUE names another file in its place, such as that of a mirror. */
typedef struct _SlCatalogue SlCatalogue;

typedef struct
{
  const char *id, *arch, *trained_on, *licence;
  const char *address;           /* (nullable): %NULL: it comes with Slope, and is here */
  const char *sha256, *head_md5; /* (nullable): one of them at least where there is an address */
  const char *terms;     /* (nullable) */
  const char *file_name; /* the last part of the address */
  guint64     n_bytes;   /* 0: not known */
} SlWeights;

/* An archive of pictures or texts. */
typedef struct
{
  const char *id, *title, *task, *address, *licence;
  const char *home;                     /* (nullable) */
  const char *sha256, *head_md5;        /* (nullable) */
  const char *inside, *labels, *split;  /* (nullable) */
  const char *file_name; /* the last part of the address */
  guint64     n_bytes;   /* 0: not known */
} SlDataSet;

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

guint            sl_catalogue_n_data_sets   (const SlCatalogue *self);
const SlDataSet *sl_catalogue_get_data_set  (const SlCatalogue *self, guint i);
const SlDataSet *sl_catalogue_find_data_set (const SlCatalogue *self, const char *id); /* (nullable) */

/* An entry of a file that should have come with Slope and is not here is left out. */

/* (transfer full) (nullable): where the file @name that comes with Slope is: in $SLOPE_DATA_DIR where that is set,
 * else in share/slope beside the program's folder, else in a system data folder's "slope". */
char    *sl_own_file_dup_path (const char *name);

/* ~/.local/share/slope/weights: fetched files, and those that were put there by hand. */
char    *sl_weights_dup_folder   (void);
char    *sl_weights_dup_path     (const SlWeights *self);
/* Whether the file is there, with the right size. */
gboolean sl_weights_is_here      (const SlWeights *self);
/* What sl_download() takes to put it there; @path: as sl_weights_dup_path(), kept by the caller. */
SlDownload sl_weights_get_download (const SlWeights *self, const char *path);

/* The same of a data set, in the folder of downloads that <slope/source.h> speaks of. */
char      *sl_data_set_dup_path     (const SlDataSet *self);
gboolean   sl_data_set_is_here      (const SlDataSet *self);
SlDownload sl_data_set_get_download (const SlDataSet *self, const char *path);

G_END_DECLS
