/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/checkpoint.h>

/* A tensor that is made when it is wanted. */
typedef struct
{
  SlShape shape; /* of float32 */
  SlTensor *(*make) (gconstpointer data); /* (transfer full) */
  gpointer data;
  GDestroyNotify free_data;
} SlTensorSource;

typedef struct
{
  char *name;
  SlTensor *tensor;      /* owned reference; %NULL: of @source */
  SlTensorSource source; /* owned */
} SlStateEntry;

struct _SlStateDict
{
  GArray *entries;   /* SlStateEntry; in the order of the file */
  GHashTable *index; /* name → place + 1 */
  GHashTable *meta;  /* key → value */
};

/* @name must be new.  Takes @source. */
void sl_state_dict_insert_source (SlStateDict *self, const char *name, SlTensorSource source);

#define sl_state_dict_nth(self, i) (&g_array_index ((self)->entries, SlStateEntry, (i)))

/* Key of the header's object that is not a tensor. */
#define SL_SAFETENSORS_META "__metadata__"

/* The readers of each format, which trust nothing in @bytes; errors as sl_state_dict_load(). */
SlStateDict *_sl_safetensors_parse (GBytes *bytes, const char *name_for_errors, GError **error);
SlStateDict *_sl_torch_parse       (GBytes *bytes, const char *name_for_errors, GError **error);
/* Whether @data begins as torch.save() writes: its zip, its older format, or any pickle. */
gboolean     _sl_torch_sniff       (const guint8 *data, gsize n_bytes);
