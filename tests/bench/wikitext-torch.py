#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The language model of `wikitext`, in PyTorch: the same words, sizes, dropouts and schedule.

usage: wikitext-torch.py FOLDER [--bf16] [--threads N]

FOLDER holds what `wikitext` has left there: train.i32 and test.i32, tokens as numbers, texts one after
the other, each begun by 2; and recipe.json.

Prints one object of JSON: perplexity of the test texts, seconds, tokens a second."""
import argparse
import json
import math
import os
import time

import numpy
import torch
from torch import nn
from torch.nn import functional as F

BEGIN = 2


def locked_dropout(x, p, training):
    """The same units at all times."""
    if not training or p == 0:
        return x
    return x * x.new_empty(x.shape[0], 1, x.shape[2]).bernoulli_(1 - p).div_(1 - p)


class AwdLstm(nn.Module):
    def __init__(self, recipe):
        super().__init__()
        self.p = recipe
        n_words, n_features, n_hidden = (recipe[k] for k in ('n_words', 'n_features', 'n_hidden'))
        sizes = [n_features] + [n_hidden] * (recipe['n_layers'] - 1) + [n_features]
        self.encoder = nn.Embedding(n_words, n_features)
        self.layers = nn.ModuleList(nn.LSTM(a, b, batch_first=True) for a, b in zip(sizes, sizes[1:]))
        self.bias = nn.Parameter(torch.zeros(n_words))
        nn.init.uniform_(self.encoder.weight, -0.1, 0.1)

    def begin(self, n):
        return [(torch.zeros(1, n, l.hidden_size), torch.zeros(1, n, l.hidden_size)) for l in self.layers]

    def embed(self, tokens):
        p, weight = self.p['embedding_dropout'], self.encoder.weight
        if self.training and p > 0:
            weight = weight * weight.new_empty(len(weight), 1).bernoulli_(1 - p).div_(1 - p)
        return F.embedding(tokens, weight)

    def run_layer(self, layer, x, state):
        recurrent = F.dropout(layer.weight_hh_l0, self.p['weight_dropout'], self.training)
        weights = [layer.weight_ih_l0, recurrent, layer.bias_ih_l0, layer.bias_hh_l0]
        y, h, c = torch._VF.lstm(x, state, weights, True, 1, 0.0, self.training, False, True)
        return y, (h.detach(), c.detach())

    def forward(self, tokens, state):
        x = locked_dropout(self.embed(tokens), self.p['input_dropout'], self.training)
        after = []
        for i, layer in enumerate(self.layers):
            x, left = self.run_layer(layer, x, state[i])
            after.append(left)
            if i + 1 < len(self.layers):
                x = locked_dropout(x, self.p['hidden_dropout'], self.training)
        dropped = locked_dropout(x, self.p['output_dropout'], self.training)
        return F.linear(dropped, self.encoder.weight, self.bias), x, dropped, after


def stream(texts, n):
    """(n, length): the texts one after the other, in n rows."""
    tokens = numpy.concatenate(texts)
    return torch.from_numpy(tokens[:len(tokens) // n * n].reshape(n, -1).astype('int64'))


def batches(rows, length):
    for at in range(0, rows.shape[1] - 1, length):
        end = min(at + length, rows.shape[1] - 1)
        yield rows[:, at:end], rows[:, at + 1:end + 1]


def read_texts(path):
    tokens = numpy.fromfile(path, '<i4')
    return numpy.split(tokens, numpy.flatnonzero(tokens == BEGIN)[1:])


def one_cycle(recipe, step, n):
    """SlOneCycle's: factor of the rate, momentum."""
    def between(a, b, part):
        return b + (a - b) / 2 * (1 + math.cos(math.pi * part))
    up = int(n * recipe['pct_start'])
    high, low = recipe['mom_high'], recipe['mom_low']
    if step < up:
        return between(1 / 25, 1, step / up), between(high, low, step / up)
    part = (step - up) / max(1, n - up)
    return between(1, 1 / (25 * 1e4), part), between(low, high, part)


def evaluate(model, texts, recipe):
    model.eval()
    rows, loss, n = stream(texts, recipe['n_streams']), 0.0, 0
    state = model.begin(len(rows))
    with torch.no_grad():
        for x, y in batches(rows, recipe['length']):
            logits, _, _, state = model(x, state)
            loss += F.cross_entropy(logits.flatten(0, 1), y.flatten(), reduction='sum').item()
            n += y.numel()
    model.train()
    return math.exp(loss / n)


def train(model, texts, recipe, bf16):
    rows = stream(texts, recipe['n_streams'])
    total = recipe['n_epochs'] * math.ceil((rows.shape[1] - 1) / recipe['length'])
    optimiser = torch.optim.AdamW(model.parameters(), lr=recipe['lr'], weight_decay=recipe['weight_decay'],
                                  betas=(0.9, 0.99), eps=1e-8)
    step = n = 0
    begun = time.perf_counter()
    for epoch in range(recipe['n_epochs']):
        order = numpy.random.default_rng(recipe['seed'] + epoch).permutation(len(texts))
        rows = stream([texts[i] for i in order], recipe['n_streams'])
        state = model.begin(len(rows))
        for x, y in batches(rows, recipe['length']):
            with torch.autocast('cpu', torch.bfloat16, enabled=bf16):
                logits, raw, dropped, state = model(x, state)
            loss = F.cross_entropy(logits.float().flatten(0, 1), y.flatten())
            loss = loss + recipe['alpha'] * dropped.float().pow(2).mean()
            if raw.shape[1] > 1:
                loss = loss + recipe['beta'] * (raw[:, 1:] - raw[:, :-1]).float().pow(2).mean()
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), recipe['clip'])
            factor, momentum = one_cycle(recipe, step, total)
            for group in optimiser.param_groups:
                group['lr'] = recipe['lr'] * factor
                group['betas'] = (momentum, 0.99)
            optimiser.step()
            step += 1
            n += y.numel()
    return n, time.perf_counter() - begun


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('folder')
    parser.add_argument('--bf16', action='store_true')
    parser.add_argument('--threads', type=int, default=os.cpu_count())
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    with open(os.path.join(args.folder, 'recipe.json')) as file:
        recipe = json.load(file)
    torch.manual_seed(recipe['seed'])
    texts = {part: read_texts(os.path.join(args.folder, part + '.i32')) for part in ('train', 'test')}
    model = AwdLstm(recipe)
    n, seconds = train(model, texts['train'], recipe, args.bf16)
    print(json.dumps({'tokens_per_second': round(n / seconds), 'seconds': round(seconds, 1),
                      'perplexity': round(evaluate(model, texts['test'], recipe), 2)}))


if __name__ == '__main__':
    main()
