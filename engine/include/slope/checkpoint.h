/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/graph.h>

G_BEGIN_DECLS

/**
 * SlStateDict:
 *
 * Named tensors and string metadata, as a safetensors file holds them
 * (github.com/huggingface/safetensors, format description).  PyTorch's files bring no metadata.
 */
typedef struct _SlStateDict SlStateDict;

SlStateDict *sl_state_dict_new   (void);
void         sl_state_dict_free  (SlStateDict *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlStateDict, sl_state_dict_free)
void         sl_state_dict_set_meta (SlStateDict *self, const char *key, const char *value);
const char  *sl_state_dict_get_meta (const SlStateDict *self, const char *key);
void         sl_state_dict_insert   (SlStateDict *self, const char *name, SlTensor *tensor); /* takes a ref */
SlTensor    *sl_state_dict_lookup   (SlStateDict *self, const char *name); /* (transfer none) (nullable) */
guint        sl_state_dict_n        (const SlStateDict *self);
const char  *sl_state_dict_name     (const SlStateDict *self, guint i);

/* Written aside, synced, renamed: the old file stays whole until the new one is. */
gboolean     sl_state_dict_save (SlStateDict *self, const char *path, GError **error);
/* Reads safetensors files and what PyTorch's torch.save() writes, in its zip and its older format;
 * the content tells which, not the name.  Nothing in a file is ever run, and every size is checked
 * against its length before use.  F32, F16, BF16, I32 and U8 become F32, I32 or U8 tensors; I64
 * becomes I32, too large numbers the largest; .pth files also F64, I16, I8 and bool.  Of a
 * training's checkpoint in a .pth file the network's dictionary is taken, a "module." before all
 * names is left out.  Errors: %SL_ERROR_NOT_FOUND, %SL_ERROR_FORMAT (damaged),
 * %SL_ERROR_UNSUPPORTED (another type, more than four axes, a pickle that wants anything run),
 * %SL_ERROR_FAILED (cannot be read). */
SlStateDict *sl_state_dict_load (const char *path, GError **error);
SlStateDict *sl_state_dict_parse (GBytes *bytes, const char *name_for_errors, GError **error);

/* Parameters in PyTorch's layout: conv (O,I,KH,KW), linear (out,in).  @moments adds the
 * optimiser's as "optimizer.exp_avg.NAME" and "optimizer.exp_avg_sq.NAME".  Each tensor is made
 * when it is looked up or saved, and a saved one goes again at once, so that saving costs the memory
 * of the largest: it has the values of that moment, and @dict keeps a reference to @params.
 * No entry of @dict may have one of the names. */
void         sl_params_to_state_dict   (SlParams *params, SlStateDict *dict, gboolean moments);
/* @strict: every parameter must be there with the right shape, or nothing is changed
 * (%SL_ERROR_NOT_FOUND, %SL_ERROR_SHAPE); otherwise those that fit are taken.  *@n_loaded
 * (nullable) says how many parameters were, moments not counted.  Other entries of @dict, such as
 * PyTorch's num_batches_tracked, do not matter. */
gboolean     sl_params_from_state_dict (SlParams *params, SlStateDict *dict, gboolean moments,
                                        gboolean strict, guint *n_loaded, GError **error);

G_END_DECLS
