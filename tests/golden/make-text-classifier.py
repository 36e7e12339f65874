#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the golden values that tests/engine/test-golden-text-classifier.c compares with.

usage: tests/golden/make-text-classifier.py        (Debian: python3-torch; the files are checked in)

text-classifier-weights.safetensors: a narrow classifier of texts, its parameters named as fast.ai v1's learner names them.
text-classifier-golden.safetensors: of a batch of texts of different lengths: pooled outputs, logits, loss and the
gradients of all parameters of a training pass with the encoder's dropouts; the head's are off,
and the logits in evaluation mode.  PyTorch reads each text by itself, without any padding, so that what Slope's padding changes
would show.  Dropouts by the masks that Slope's kernels draw, as in make-language.py.  Tolerances as in manifest.json, for
the same reasons."""
import importlib
import os
import sys

import torch
import torch.nn as nn
import torch.nn.functional as F

from make import SEED, pattern, save

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
Masks = importlib.import_module('make-awd-lstm').Masks

WORDS, FEATURES, HIDDEN, LAYERS, STEPS, CLASSES, HEAD = 19, 5, 7, 3, 9, 3, 8
LENGTHS = [9, 4, 1, 6, 2]
EMBEDDING_P, INPUT_P, HIDDEN_P, WEIGHT_P = 0.3, 0.4, 0.35, 0.5  # times drop_mult, which is in Masks
SIZES = [(FEATURES if i == 0 else HIDDEN, FEATURES if i == LAYERS - 1 else HIDDEN) for i in range(LAYERS)]
RUN_KEY = 31


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Embedding(WORDS, FEATURES)
        self.rnns = nn.ModuleList([nn.LSTM(c, h, batch_first=True) for c, h in SIZES])
        self.layers = nn.Sequential(nn.BatchNorm1d(3 * FEATURES), nn.Dropout(0), nn.Linear(3 * FEATURES, HEAD), nn.ReLU(),
                                    nn.BatchNorm1d(HEAD), nn.Dropout(0), nn.Linear(HEAD, CLASSES))

    def forward(self, texts, run=None):
        masks = Masks(run)
        words = masks.rows(self.encoder.weight, EMBEDDING_P)
        inputs = masks.locked(torch.ones(len(texts), 1, FEATURES), INPUT_P)
        rows = [F.embedding(t, words)[None] * inputs[i] for i, t in enumerate(texts)]
        for layer, rnn in enumerate(self.rnns):
            hh = masks.weights(rnn.weight_hh_l0, WEIGHT_P)
            zero = torch.zeros(1, 1, rnn.hidden_size)
            rows = [torch._VF.lstm(x, (zero, zero), [rnn.weight_ih_l0, hh, rnn.bias_ih_l0, rnn.bias_hh_l0],
                                   True, 1, 0.0, True, False, True)[0] for x in rows]
            if layer < LAYERS - 1:
                between = masks.locked(torch.ones(len(texts), 1, rnn.hidden_size), HIDDEN_P)
                rows = [x * between[i] for i, x in enumerate(rows)]
        pooled = torch.stack([torch.cat([x[0, -1], x[0].max(0)[0], x[0].mean(0)]) for x in rows])
        return pooled, self.layers(pooled)


def texts():
    i = torch.arange(STEPS)
    return [((i * 7 + i * i // 2 + 3 * row) % WORDS)[STEPS - n:] for row, n in enumerate(LENGTHS)]


def ours(name):
    parts = name.split('.')
    return '.'.join(parts[:2] + ['module'] + parts[2:]) if parts[0] == 'rnns' else name


def fastai_names(model):
    out = {}
    for name, value in model.state_dict().items():
        part = '1' if name.startswith('layers') else '0.module'
        name = name.replace('weight_hh_l0', 'weight_hh_l0_raw') if 'weight_hh' in name else ours(name)
        if 'num_batches' not in name:
            out[f'{part}.{name}'] = value
    return {k: v.detach().clone() for k, v in out.items()}


def main():
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    model = Classifier()
    with torch.no_grad():  # norms that are not what they begin as
        for i, layer in enumerate([model.layers[0], model.layers[4]]):
            layer.weight.add_(pattern(layer.weight.numel(), 70 + i) / 4)
            layer.bias.add_(pattern(layer.bias.numel(), 72 + i) / 4)
            layer.running_mean.add_(pattern(layer.bias.numel(), 74 + i) / 8)
            layer.running_var.add_(pattern(layer.bias.numel(), 76 + i) / 2)
    save('text-classifier-weights.safetensors', fastai_names(model))
    model.eval()
    golden = {'evaluated': model(texts())[1]}
    model.train()
    pooled, logits = model(texts(), RUN_KEY)
    loss = F.cross_entropy(logits, torch.arange(len(LENGTHS)) % CLASSES)
    loss.backward()
    golden.update({'pooled': pooled, 'logits': logits, 'loss': loss.view(1)})
    golden.update({ours(k): p.grad for k, p in model.named_parameters()})
    save('text-classifier-golden.safetensors', golden)


if __name__ == '__main__':
    main()
