#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the golden values that tests/engine/test-golden-awd-lstm.c compares with.

usage: tests/golden/make-awd-lstm.py        (Debian: python3-torch; the files are checked in)

awd-lstm-weights.safetensors: a narrow AWD-LSTM of three layers under the names that fast.ai v1's learner gives them,
with all its doubles: the embedding three times, recurrent weights as trained and as some pass has dropped them.
awd-lstm-golden.safetensors: of two training passes with all five dropouts and both regularisers, the second from the
first one's state: loss with and without the regularisers, losses, hits, last state; of both passes, the gradients of all
parameters; and the loss and the scores of the next word in evaluation mode.  Dropouts by the masks that Slope's
kernels draw, as in make-language.py.  Tolerances as in manifest.json, for the same reasons."""
import importlib
import os
import sys

import torch
import torch.nn as nn
import torch.nn.functional as F

from make import SEED, pattern, save

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
language = importlib.import_module('make-language')
factors, node_key = language.factors, language.node_key

WORDS, FEATURES, HIDDEN, LAYERS, BATCH, STEPS = 19, 5, 7, 3, 3, 4
MULT, EMBEDDING_P, INPUT_P, HIDDEN_P, OUTPUT_P, WEIGHT_P = 0.8, 0.3, 0.4, 0.35, 0.45, 0.5
ALPHA, BETA = 2.0, 1.0
SIZES = [(FEATURES if i == 0 else HIDDEN, FEATURES if i == LAYERS - 1 else HIDDEN) for i in range(LAYERS)]
RUN_KEYS = [21, 22]  # of the two passes


class Masks:
    """The random ops of a pass, in their order; None: evaluation."""

    def __init__(self, run):
        self.run, self.node = run, 0

    def next(self, n, p):
        self.node += 1
        return factors(node_key(self.run, self.node - 1), n, p * MULT)

    def rows(self, weight, p):
        return weight * self.next(weight.shape[0], p)[:, None] if self.run is not None else weight

    def locked(self, x, p):
        if self.run is None:
            return x
        whole = (x.shape[2] + 3) // 4 * 4
        return x * self.next(x.shape[0] * whole, p).view(x.shape[0], 1, whole)[:, :, :x.shape[2]]

    def weights(self, hh, p):
        return hh * self.next(hh.numel(), p).view(hh.shape[1], hh.shape[0]).t() if self.run is not None else hh


class AwdLstm(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Embedding(WORDS, FEATURES)
        self.rnns = nn.ModuleList([nn.LSTM(c, h, batch_first=True) for c, h in SIZES])
        self.decoder = nn.Linear(FEATURES, WORDS)
        self.decoder.weight = self.encoder.weight

    def forward(self, tokens, state, run=None):
        masks, after = Masks(run), []
        x = masks.locked(F.embedding(tokens, masks.rows(self.encoder.weight, EMBEDDING_P)), INPUT_P)
        for i, (rnn, (h, c)) in enumerate(zip(self.rnns, state)):
            hh = masks.weights(rnn.weight_hh_l0, WEIGHT_P)
            x, h, c = torch._VF.lstm(x, (h[None], c[None]), [rnn.weight_ih_l0, hh, rnn.bias_ih_l0, rnn.bias_hh_l0],
                                     True, 1, 0.0, True, False, True)
            after.append((h[0].detach(), c[0].detach()))
            raw = x
            if i < LAYERS - 1:
                x = masks.locked(x, HIDDEN_P)
        dropped = masks.locked(raw, OUTPUT_P)
        return self.decoder(dropped), raw, dropped, after


def tokens_of(step):
    i = torch.arange(BATCH * STEPS)
    return ((i * 7 + i * i // 2 + step) % WORDS).view(BATCH, STEPS)


def fastai_names(model):
    out = {'0.encoder.weight': model.encoder.weight, '0.encoder_dp.emb.weight': model.encoder.weight,
           '1.decoder.weight': model.encoder.weight, '1.decoder.bias': model.decoder.bias}
    for i, rnn in enumerate(model.rnns):
        out[f'0.rnns.{i}.weight_hh_l0_raw'] = rnn.weight_hh_l0
        for name, value in rnn.named_parameters():
            out[f'0.rnns.{i}.module.{name}'] = value * 0.5 if name == 'weight_hh_l0' else value
    return {k: v.detach().clone() for k, v in out.items()}


def ours(name):
    parts = name.split('.')
    return '.'.join(parts[:2] + ['module'] + parts[2:]) if parts[0] == 'rnns' else name


def main():
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    model = AwdLstm()
    save('awd-lstm-weights.safetensors', fastai_names(model))
    golden = {}
    state = [(pattern(BATCH * h, 40 + i).view(BATCH, h), pattern(BATCH * h, 50 + i).view(BATCH, h))
             for i, (_, h) in enumerate(SIZES)]
    row_weights = 1 + pattern(BATCH * STEPS, 60).view(BATCH, STEPS) / 2
    row_weights[1, 2] = 0
    for step, run in enumerate(RUN_KEYS):
        model.zero_grad()
        logits, raw, dropped, state = model(tokens_of(step), state, run)
        targets = tokens_of(step + 7)
        losses = F.cross_entropy(logits.flatten(0, 1), targets.flatten(), reduction='none').view(BATCH, STEPS)
        loss = (row_weights * losses).sum() / row_weights.sum()
        loss = loss + ALPHA * dropped.pow(2).mean() + BETA * (raw[:, 1:] - raw[:, :-1]).pow(2).mean()
        loss.backward()
        counted = (row_weights > 0).float()
        golden.update({f'loss{step}': loss.view(1), f'losses{step}': losses * counted,
                       f'hits{step}': (logits.argmax(2) == targets) * counted})
        for i, (h, c) in enumerate(state):
            golden.update({f'h{i}{step}': h, f'c{i}{step}': c})
        golden.update({f'{step}.{ours(k)}': p.grad.clone() for k, p in model.named_parameters()
                       if k != 'decoder.weight'})
    logits = model(tokens_of(3), state)[0]
    losses = F.cross_entropy(logits.flatten(0, 1), tokens_of(4).flatten())
    golden.update({'next': logits[:, -1], 'evaluated': losses.view(1)})
    save('awd-lstm-golden.safetensors', golden)


if __name__ == '__main__':
    main()
