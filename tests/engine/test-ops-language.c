/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ops of language models through the processor's backend; see op-check.h. */
#include "op-check.h"

#define EMBED(words, features, p) \
  &(SlEmbeddingAttrs)             \
  {                               \
    (words), (features), (p)      \
  }
#define LSTM(units, p) \
  &(SlLstmAttrs)       \
  {                    \
    (units), (p)       \
  }
#define WORDS(n)  \
  &(SlWordsAttrs) \
  {               \
    (n)           \
  }

static const OpCase cases[] = {
  { "embedding", &sl_op_embedding, EMBED (5, 3, 0), 1, { { 2, { 3, 4 } } }, 0.1, 1e-4, 0 },
  { "embedding/dropout",
    &sl_op_embedding,
    EMBED (7, 5, 0.4),
    1,
    { { 2, { 2, 9 } } },
    0.1,
    1e-4,
    0 },
  { "dropout/locked",
    &sl_op_dropout,
    &(SlDropoutAttrs){ 0.4, TRUE },
    1,
    { { 3, { 2, 3, 5 } } },
    0.1,
    1e-4,
    0 },
  { "lstm",
    &sl_op_lstm,
    LSTM (5, 0),
    3,
    { { 3, { 3, 4, 2 } }, { 2, { 3, 5 } }, { 2, { 3, 5 } } },
    1e-3,
    2e-3,
    0 },
  { "lstm/one-step",
    &sl_op_lstm,
    LSTM (3, 0),
    3,
    { { 3, { 2, 1, 4 } }, { 2, { 2, 3 } }, { 2, { 2, 3 } } },
    1e-3,
    2e-3,
    0 },
  { "lstm/weight-dropout",
    &sl_op_lstm,
    LSTM (7, 0.5),
    3,
    { { 3, { 2, 3, 3 } }, { 2, { 2, 7 } }, { 2, { 2, 7 } } },
    1e-3,
    2e-3,
    0 },
  { "padded-lstm",
    &sl_op_padded_lstm,
    LSTM (5, 0),
    2,
    { { 3, { 3, 4, 2 } }, { 1, { 3 } } },
    1e-3,
    2e-3,
    0 },
  { "padded-lstm/weight-dropout",
    &sl_op_padded_lstm,
    LSTM (7, 0.5),
    2,
    { { 3, { 5, 3, 3 } }, { 1, { 5 } } },
    1e-3,
    2e-3,
    0 },
  { "text-pool", &sl_op_text_pool, NULL, 2, { { 3, { 4, 3, 5 } }, { 1, { 4 } } }, 1e-3, 2e-3, 0 },
  { "text-pool/one-step",
    &sl_op_text_pool,
    NULL,
    2,
    { { 3, { 3, 1, 4 } }, { 1, { 3 } } },
    1e-3,
    2e-3,
    0 },
  { "word-loss",
    &sl_op_word_loss,
    WORDS (7),
    3,
    { { 3, { 2, 3, 4 } }, { 2, { 2, 3 } }, { 2, { 2, 3 } } },
    1e-2,
    2e-3,
    0 },
  { "word-loss/one-token",
    &sl_op_word_loss,
    WORDS (37),
    3,
    { { 3, { 3, 1, 5 } }, { 2, { 3, 1 } }, { 2, { 3, 1 } } },
    1e-2,
    2e-3,
    0 },
  { "activity-loss",
    &sl_op_activity_loss,
    &(SlActivityAttrs){ 2, 1 },
    3,
    { { 1, { 1 } }, { 3, { 2, 4, 3 } }, { 3, { 2, 4, 3 } } },
    1e-2,
    2e-3,
    0 },
  { "activity-loss/one-step",
    &sl_op_activity_loss,
    &(SlActivityAttrs){ 0.5, 3 },
    3,
    { { 1, { 1 } }, { 3, { 5, 1, 7 } }, { 3, { 5, 1, 7 } } },
    1e-2,
    2e-3,
    0 },
  { "next-word", &sl_op_next_word, WORDS (9), 1, { { 3, { 3, 2, 5 } } }, 0.1, 1e-4, 0 },
};

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  op_cases_add (cases, G_N_ELEMENTS (cases));
  return g_test_run ();
}
