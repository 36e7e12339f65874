/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Texts that begin with a language model of other texts: its sizes are taken, its words are translated into those of
 * the texts at hand. */
#include "train/network.h"
#include "train/text-session.h"
#include "train/text-words.h"

SlStateDict *
sl_text_pretrained_open (SlRecipe *recipe, GError **error)
{
  g_autofree char *path = sl_network_find_pretrained (recipe, error);
  g_autoptr (SlStateDict) dict = path != NULL ? sl_network_load_weights (path, error) : NULL;
  g_autoptr (SlVocabulary) words = NULL;
  SlAwdLstm model, found;

  if (dict == NULL)
    return NULL;
  sl_text_network_init (&model, recipe, 1);
  found = model;
  if (!sl_awd_lstm_read_sizes (dict, &found) || found.n_layers != model.n_layers)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_DATA,
                   "“%s” holds no language model of %u layers: choose another file, or train "
                   "without (none)",
                   path, model.n_layers);
      return NULL;
    }
  words = sl_text_vocabulary_read (dict, error);
  if (words == NULL)
    {
      g_prefix_error (error, "“%s”: ", path);
      return NULL;
    }
  recipe->embedding = found.n_features;
  recipe->hidden = found.n_hidden;
  return g_steal_pointer (&dict);
}

SlStateDict *
sl_text_pretrained_translate (SlStateDict *dict, const SlVocabulary *to, GError **error)
{
  g_autoptr (SlVocabulary) from = sl_text_vocabulary_read (dict, error);

  return from != NULL ? sl_awd_lstm_translate (dict, from, to, error) : NULL;
}
