/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/balance.h"
#include <slope/graph.h>

/**
 * sl_first_answer_set:
 * @params: of a whole network, of random weights, whose last layer gives the outputs of @samples' problem
 * @draw: how often training shows each of @samples
 *
 * Makes the last layer say nearly the same of everything: its weights become a tenth of what they are, and its biases, of
 * classes, the logits of how frequent each is in training (SlTask.logit), of anything else 0, which is the middle.  That
 * of a dense task stays as it is.  Private to train/.
 */
void sl_first_answer_set (SlParams *params, SlSampleSet *samples, const SlEpochDraw *draw);
