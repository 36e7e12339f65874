/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as fast.ai's archive of a language model: an error, or a network whose words are a vocabulary. */
#include "fuzz.h"

#include <glib/gstdio.h>
#include <slope/awd-lstm.h>
#include <string.h>

/* What came out of an archive: a word a row. */
static void
check_words (SlStateDict *dict)
{
  const char *text = sl_state_dict_get_meta (dict, "vocabulary");
  SlTensor *encoder = sl_state_dict_lookup (dict, "encoder.weight");
  g_autoptr (SlVocabulary) words = NULL;
  g_autoptr (GError) error = NULL;

  words = sl_vocabulary_from_text (text, strlen (text), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (sl_tensor_get_shape (encoder).dim[0], ==, sl_vocabulary_n_words (words));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *folder = g_dir_make_tmp ("slope-fuzz-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "model.tgz", NULL);
  g_autoptr (SlStateDict) dict = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (path, (const char *)data, (gssize)size, NULL));
  dict = sl_awd_lstm_load_weights (path, &error);
  g_assert_true ((dict == NULL) == (error != NULL));
  g_remove (path);
  g_rmdir (folder);
  if (dict != NULL && size > 1 && data[0] == 0x1f && data[1] == 0x8b)
    check_words (dict);
  return 0;
}
