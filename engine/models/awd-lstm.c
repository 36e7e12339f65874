/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <slope/awd-lstm.h>

#include "models/models-private.h"
#include <string.h>

#define N_LAYERS 3

/* As a classifier: embedding and layers.  SPEC 1.10. */
#define N_GROUPS (1 + N_LAYERS)

const SlArch sl_arch_awd_lstm_small = {
  .id = "awd-lstm-small",
  .label = N_ ("AWD-LSTM, small"),
  .hint = N_ ("200-600-600-200: for a computer without an accelerator"),
  .n_features = 200,
  .n_groups = N_GROUPS,
  .stride = 1,
  .texts = TRUE,
};

const SlArch sl_arch_awd_lstm = {
  .id = "awd-lstm",
  .label = N_ ("AWD-LSTM"),
  .hint = N_ ("400-1152-1152-400, as in the course: four times the work"),
  .n_features = 400,
  .n_groups = N_GROUPS,
  .stride = 1,
  .texts = TRUE,
};

static const struct
{
  const char *id;
  guint n_features;
  guint n_hidden;
} presets[] = {
  { "small", 200, 600 },
  { "course", 400, 1152 },
};

gboolean
sl_awd_lstm_preset (const char *id, guint n_words, SlAwdLstm *self)
{
  for (gsize i = 0; i < G_N_ELEMENTS (presets); i++)
    if (g_str_equal (id, presets[i].id))
      {
        *self = (SlAwdLstm){
          .n_words = n_words,
          .n_features = presets[i].n_features,
          .n_hidden = presets[i].n_hidden,
          .n_layers = N_LAYERS,
          .drop_mult = 1.0,
          .embedding_dropout = 0.02,
          .input_dropout = 0.25,
          .hidden_dropout = 0.15,
          .output_dropout = 0.1,
          .weight_dropout = 0.2,
          .alpha = 2.0,
          .beta = 1.0,
        };
        return TRUE;
      }
  return FALSE;
}

void
sl_awd_lstm_use_classifier_dropouts (SlAwdLstm *self)
{
  self->embedding_dropout = 0.05;
  self->input_dropout = 0.4;
  self->hidden_dropout = 0.3;
  self->output_dropout = 0.4;
  self->weight_dropout = 0.5;
}

guint
sl_awd_lstm_n_units (const SlAwdLstm *self, guint layer)
{
  return layer + 1 < self->n_layers ? self->n_hidden : self->n_features;
}

/* ---- The graph */

static SlValue
drop (SlGraph *graph, const SlAwdLstm *self, SlValue x, double p, GError **error)
{
  return p * self->drop_mult > 0 ? sl_locked_dropout (graph, x, p * self->drop_mult, error) : x;
}

/* A layer whose state comes in and goes out. */
static SlValue
add_carrying (SlGraph *graph, const char *name, guint layer, SlValue x, const SlLstmAttrs *attrs,
              GError **error)
{
  g_autofree char *h0_name = g_strdup_printf ("h%u", layer),
                  *c0_name = g_strdup_printf ("c%u", layer);
  g_autofree char *h_name = g_strconcat (h0_name, " after", NULL);
  g_autofree char *c_name = g_strconcat (c0_name, " after", NULL);
  SlShape state = SL_SHAPE2 (sl_graph_shape (graph, x).dim[0], attrs->n_hidden);
  SlValue h0 = sl_graph_input (graph, h0_name, SL_DTYPE_F32, state);
  SlValue c0 = sl_graph_input (graph, c0_name, SL_DTYPE_F32, state), h, c;

  x = sl_lstm (graph, name, x, h0, c0, attrs, &h, &c, error);
  if (x == SL_NO_VALUE)
    return x;
  sl_graph_output (graph, h_name, h);
  sl_graph_output (graph, c_name, c);
  return x;
}

static SlValue
add_layer (SlGraph *graph, const SlAwdLstm *self, guint layer, SlValue x, SlValue starts,
           GError **error)
{
  g_autofree char *name = g_strdup_printf ("rnns.%u.module", layer);
  SlLstmAttrs attrs = { sl_awd_lstm_n_units (self, layer), self->weight_dropout * self->drop_mult };

  return starts != SL_NO_VALUE ? sl_padded_lstm (graph, name, x, starts, &attrs, error)
                               : add_carrying (graph, name, layer, x, &attrs, error);
}

/* @starts: %SL_NO_VALUE: rows go on from batch to batch. */
static SlValue
build_layers (SlGraph *graph, const SlAwdLstm *self, SlValue tokens, SlValue starts,
              guint first_group, guint embedding_group, GError **error)
{
  SlEmbeddingAttrs attrs = { self->n_words, self->n_features,
                             self->embedding_dropout * self->drop_mult };
  SlValue x;

  if (self->n_layers == 0 || self->n_layers > SL_AWD_LSTM_MAX_LAYERS)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_UNSUPPORTED,
                   "A language model of %u layers: use 1 to %d", self->n_layers,
                   SL_AWD_LSTM_MAX_LAYERS);
      return SL_NO_VALUE;
    }
  sl_graph_set_group (graph, embedding_group);
  x = sl_embedding (graph, "encoder", tokens, &attrs, error);
  x = drop (graph, self, x, self->input_dropout, error);
  for (guint layer = 0; layer < self->n_layers && x != SL_NO_VALUE; layer++)
    {
      sl_graph_set_group (graph, first_group + layer);
      x = add_layer (graph, self, layer, x, starts, error);
      if (layer + 1 < self->n_layers)
        x = drop (graph, self, x, self->hidden_dropout, error);
    }
  return x;
}

SlValue
sl_awd_lstm_build_encoder (SlGraph *graph, const SlAwdLstm *self, SlValue tokens, guint first_group,
                           guint embedding_group, GError **error)
{
  return build_layers (graph, self, tokens, SL_NO_VALUE, first_group, embedding_group, error);
}

SlValue
sl_awd_lstm_build_reader (SlGraph *graph, const SlAwdLstm *self, SlValue tokens, SlValue starts,
                          guint first_group, guint embedding_group, GError **error)
{
  g_return_val_if_fail (starts != SL_NO_VALUE, SL_NO_VALUE);

  return build_layers (graph, self, tokens, starts, first_group, embedding_group, error);
}

/* The encoder as a language model has it, and the decoder's matrix tied to it. */
static SlValue
build_tied (SlGraph *graph, const SlAwdLstm *self, SlValue tokens, GError **error)
{
  SlValue x = sl_awd_lstm_build_encoder (graph, self, tokens, 0, self->n_layers, error);

  if (x == SL_NO_VALUE)
    return x;
  sl_graph_set_group (graph, self->n_layers);
  sl_graph_tie_param (graph, "decoder.weight", "encoder.weight");
  return x;
}

gboolean
sl_awd_lstm_build_language (SlGraph *graph, const SlAwdLstm *self, SlValue tokens, SlValue targets,
                            SlValue weights, GError **error)
{
  SlValue raw = build_tied (graph, self, tokens, error);
  SlValue dropped = drop (graph, self, raw, self->output_dropout, error), loss, losses, hits;

  if (!sl_word_loss (graph, "decoder", dropped, targets, weights, self->n_words, &loss, &losses,
                     &hits, error))
    return FALSE;
  if (self->alpha > 0 || self->beta > 0)
    loss = sl_activity_loss (graph, loss, dropped, raw, self->alpha, self->beta, error);
  if (loss == SL_NO_VALUE)
    return FALSE;
  sl_graph_output (graph, "loss", loss);
  sl_graph_output (graph, "losses", losses);
  sl_graph_output (graph, "hits", hits);
  return TRUE;
}

gboolean
sl_awd_lstm_build_writer (SlGraph *graph, const SlAwdLstm *self, SlValue tokens, GError **error)
{
  SlValue x = build_tied (graph, self, tokens, error);
  SlValue next = sl_next_word (graph, "decoder", x, self->n_words, error);

  if (next == SL_NO_VALUE)
    return FALSE;
  sl_graph_output (graph, "next", next);
  return TRUE;
}

/* ---- Files of fast.ai */

/* The number of the part, as in "0.encoder.weight", where there is one; an encoder inside a classifier is a part of
 * that part, "0.module.encoder.weight". */
static const char *
without_part (const char *name)
{
  gsize digits = strspn (name, "0123456789");

  if (digits == 0 || name[digits] != '.')
    return name;
  name += digits + 1;
  return g_str_has_prefix (name, "module.") ? name + strlen ("module.") : name;
}

/* (transfer full) (nullable): "rnns.0.module.weight_hh_l0" for "rnns.0.weight_hh_l0_raw", and for
 * "rnns.0.module.weight_hh_l0_raw" of older files. */
static char *
recurrent_name (const char *name)
{
  const char *layer = g_str_has_prefix (name, "rnns.") ? name + strlen ("rnns.") : NULL;
  gsize digits = layer != NULL ? strspn (layer, "0123456789") : 0;
  const char *rest = layer != NULL ? layer + digits : NULL;

  if (digits == 0 || !g_str_has_suffix (rest, ".weight_hh_l0_raw"))
    return NULL;
  return g_strdup_printf ("rnns.%.*s.module.weight_hh_l0", (int)digits, layer);
}

/* What stands in the file for another parameter: the embedding as its dropout and the decoder know it. */
static gboolean
is_double (const char *name)
{
  static const char *const doubles[] = { "encoder_dp.emb.weight",
                                         "encoder_with_dropout.embed.weight", "decoder.weight" };

  for (gsize i = 0; i < G_N_ELEMENTS (doubles); i++)
    if (g_str_equal (name, doubles[i]))
      return TRUE;
  return FALSE;
}

SlStateDict *
sl_awd_lstm_from_fastai (SlStateDict *dict)
{
  g_autoptr (GHashTable) trained = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  SlStateDict *out = sl_state_dict_new ();

  for (guint i = 0; i < sl_state_dict_n (dict); i++)
    {
      const char *full = sl_state_dict_name (dict, i);
      char *name = recurrent_name (without_part (full));

      if (name != NULL && g_hash_table_add (trained, name))
        sl_state_dict_insert (out, name, sl_state_dict_lookup (dict, full));
    }
  for (guint i = 0; i < sl_state_dict_n (dict); i++)
    {
      const char *full = sl_state_dict_name (dict, i), *name = without_part (full);

      if (!is_double (name) && !g_str_has_suffix (name, "_raw")
          && !g_hash_table_contains (trained, name))
        sl_state_dict_insert (out, name, sl_state_dict_lookup (dict, full));
    }
  return out;
}
