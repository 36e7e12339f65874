#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the golden values that tests/engine/test-golden-losses.c compares with.

usage: tests/golden/make-losses.py        (Debian: python3-torch; the files are checked in)

losses-golden.safetensors: binary cross-entropy and masked mean squared error of numbers by pattern():
loss, losses of the items, and gradients of what goes in; the latter behind a range of outputs."""
import torch
import torch.nn.functional as F

from make import pattern, save

BATCH, CELLS = 5, 7
LOW, HIGH = -1.5, 1.25
SMOOTHING = 0.2
WEIGHTS = [1.0, 0.5, 0.0, 2.0, 1.0]


def mean_of(losses, weights):
    return (weights * losses).sum() / weights.sum()


def binary(golden, name, smoothing):
    z = (6 * pattern(BATCH * CELLS, 1)).view(BATCH, CELLS).requires_grad_(True)
    y = (torch.arange(BATCH * CELLS) % 3 == 0).float().view(BATCH, CELLS)
    each = F.binary_cross_entropy_with_logits(z, y * (1 - smoothing) + smoothing / 2, reduction='none')
    losses, weights = each.mean(1), torch.tensor(WEIGHTS)
    loss = mean_of(losses, weights)
    loss.backward()
    golden.update({f'{name}.loss': loss.view(1), f'{name}.losses': losses * (weights > 0), f'{name}.grad': z.grad})
    golden[f'{name}.probabilities'] = z.sigmoid()


def squared(golden):
    x = (3 * pattern(BATCH * CELLS, 2)).view(BATCH, CELLS).requires_grad_(True)
    y = pattern(BATCH * CELLS, 3).view(BATCH, CELLS)
    counts = (torch.arange(BATCH * CELLS) % 4 != 1).float().view(BATCH, CELLS)
    counts[3] = 0  # nothing of this item is to be seen
    p = LOW + (HIGH - LOW) * x.sigmoid()
    n = counts.sum(1)
    losses = (counts * (p - y) ** 2).sum(1) / n.clamp(min=1)
    weights = torch.tensor(WEIGHTS) * (n > 0)
    loss = mean_of(losses, weights)
    loss.backward()
    golden.update({'mse.loss': loss.view(1), 'mse.losses': losses * (weights > 0), 'mse.grad': x.grad, 'mse.predictions': p})


def main():
    golden = {}
    binary(golden, 'bce', 0)
    binary(golden, 'smoothed', SMOOTHING)
    squared(golden)
    save('losses-golden.safetensors', golden)


if __name__ == '__main__':
    main()
