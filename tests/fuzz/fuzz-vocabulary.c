/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a vocabulary: one that is read is written and read again to the same words. */
#include "fuzz.h"

#include <slope/vocabulary.h>
#include <string.h>

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SlVocabulary) first = sl_vocabulary_from_text ((const char *)data, size, &error);
  g_autoptr (SlVocabulary) second = NULL;
  g_autofree char *once = NULL, *again = NULL;

  if (first == NULL)
    {
      g_assert_nonnull (error);
      return 0;
    }
  once = sl_vocabulary_to_text (first);
  second = sl_vocabulary_from_text (once, strlen (once), &error);
  g_assert_no_error (error);
  again = sl_vocabulary_to_text (second);
  g_assert_cmpstr (once, ==, again);
  return 0;
}
