/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "text/lexicon.h"
#include <slope/vocabulary.h>

G_BEGIN_DECLS

struct _SlVocabulary
{
  gatomicrefcount ref_count;
  SlTokenRules    rules;
  SlLexicon      *words;
  GArray         *counts; /* guint64 */
};

/* No words yet, not even the special ones. */
SlVocabulary *_sl_vocabulary_new (SlTokenRules rules);

G_END_DECLS
