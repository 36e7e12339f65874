/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "graph/element-types.h"
#include "graph/pickle.h"

/* The two formats of torch.save(), seen alike: one pickle that refers to storages by key, and
 * the storages' bytes.
 *
 * Zip (since PyTorch 1.6): NAME/data.pkl, NAME/data/KEY, NAME/byteorder, all stored.
 * Older: pickles of a magic number, of the version (1001), of the machine's types, of the object
 * and of the list of keys; then for each key its number of elements (int64) and its bytes.
 * PyTorch's torch/serialization.py, _save() and _legacy_save(). */

typedef struct
{
  const char          *key;  /* borrowed from the pickle */
  const SlElementType *type;
  gsize                n;    /* elements */
  GPtrArray           *tensors; /* borrowed: what the reader wants to fill from it */
  gboolean             seen; /* its bytes were there */
} SlTorchStorage;

typedef struct
{
  const char *file; /* for errors */
  GBytes     *bytes;
  SlPickle   *pickle;
  GHashTable *storages; /* key → SlTorchStorage, all that the pickle names */
  gsize       after;    /* older format: where the list of keys begins */
} SlTorchFile;

/* @data: n × size bytes at any address, valid during the call. */
typedef gboolean (*SlTorchStorageFunc) (const SlTorchStorage *storage, const guint8 *data,
                                        gpointer user_data, GError **error);

/* Reads the pickle and lists the storages; every size is checked against the file's. */
gboolean _sl_torch_open         (SlTorchFile *self, SlPickleFind find, GError **error);
/* Calls @func for each storage that has tensors; all must be there. */
gboolean _sl_torch_each_storage (SlTorchFile *self, SlTorchStorageFunc func, gpointer user_data,
                                 GError **error);
void     _sl_torch_clear        (SlTorchFile *self);
