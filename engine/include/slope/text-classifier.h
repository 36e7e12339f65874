/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/awd-lstm.h>

G_BEGIN_DECLS

/* Of a longer text only the last ones are read, as the course pools no more. */
#define SL_TEXT_CLASSIFIER_MAX_TOKENS 1400

/**
 * SlTextClassifier:
 *
 * A language model's encoder that reads whole texts, what it says of them pooled, and two layers.  Source: Howard and
 * Ruder 2018; SPEC 1.10.
 */
typedef struct
{
  SlAwdLstm encoder;
  guint     n_outputs;    /* classes */
  guint     n_hidden;     /* of the head */
  double    head_dropout; /* before the last layer; not multiplied with drop_mult */
} SlTextClassifier;

/* @encoder with the course's dropouts for a classifier (drop_mult as it is), a head of 50, its dropout 0.1. */
void    sl_text_classifier_init   (SlTextClassifier *self, const SlAwdLstm *encoder, guint n_outputs);
guint   sl_text_classifier_n_groups (const SlTextClassifier *self); /* layers + 2 */

/**
 * sl_text_classifier_build:
 * @tokens: (N,T) int32: each text at the end of its row, before it %SL_SPECIAL_PADDING, or anything
 * @starts: (N) int32, 0 … T-1: where it begins
 *
 * The encoder, as sl_awd_lstm_build_reader(); last, maximum and mean of what it says, padding left out → batch norm,
 * dropout (output_dropout · drop_mult), linear, ReLU → batch norm, dropout, linear.  Layer groups: embedding, each LSTM, head.
 * The encoder's parameters are named as a language model's; the head's are layers.0, .2, .4 and .6, as fast.ai's
 * are, .weight, .bias, .running_mean and .running_var.
 *
 * Padding changes no logits in evaluation mode; in training the norms see the batch.  Memory: some
 * 42 kB for each of the N·T places with the small preset when all of it is trained.
 *
 * Returns: logits (N,n_outputs)
 */
SlValue sl_text_classifier_build  (SlGraph *graph, const SlTextClassifier *self, SlValue tokens,
                                   SlValue starts, GError **error);

G_END_DECLS
