#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the golden values that tests/engine/test-golden-language.c compares with.

usage: tests/golden/make-language.py        (Debian: python3-torch; the files are checked in)

language-weights.safetensors: a narrow AWD-LSTM, decoder tied to the embedding.
language-golden.safetensors: of two training passes, the second from the first one's state: loss, losses, hits, last
state of both layers; of the second, the gradients of all parameters, which do not reach into the first; and the scores of
the next word in evaluation mode.  Dropout of words, of inputs and of recurrent weights by the masks that Slope's kernels
draw: Philox (Salmon et al. 2011) is written down here a second time.
Tolerances as in manifest.json, for the same reasons."""
import torch
import torch.nn as nn
import torch.nn.functional as F

from make import SEED, pattern, save

WORDS, FEATURES, HIDDEN, BATCH, STEPS = 23, 6, 9, 3, 5
WORD_P, INPUT_P, WEIGHT_P = 0.3, 0.4, 0.5
SIZES = [(FEATURES, HIDDEN), (HIDDEN, FEATURES)]
PURPOSE_DROPOUT = 4
RUN_KEYS = [11, 12]  # of the two passes
MASK32 = 2**32 - 1


def philox(key, counter):
    k, c = [key & MASK32, key >> 32], list(counter)
    for _ in range(10):
        p0, p1 = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(p1 >> 32) ^ c[1] ^ k[0], p1 & MASK32, (p0 >> 32) ^ c[3] ^ k[1], p0 & MASK32]
        k = [(k[0] + 0x9E3779B9) & MASK32, (k[1] + 0xBB67AE85) & MASK32]
    return c


def mix(key, low, high):
    out = philox(key, [low & MASK32, low >> 32, high & MASK32, high >> 32])
    return out[0] | out[1] << 32


def node_key(run, node):
    return mix(mix(run, PURPOSE_DROPOUT, 2**64 - 1), node, 0)


def factors(key, n, p):
    """0 or 1/(1-p) for each of n numbers."""
    bits = [b for i in range((n + 3) // 4) for b in philox(key, [i, 0, 0, 0])][:n]
    return torch.tensor([1 / (1 - p) if b >= p * 2**32 else 0.0 for b in bits])


class Language(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Embedding(WORDS, FEATURES)
        self.rnns = nn.ModuleList([nn.LSTM(c, h, batch_first=True) for c, h in SIZES])
        self.decoder = nn.Linear(FEATURES, WORDS)
        self.decoder.weight = self.encoder.weight

    def forward(self, tokens, state, run=None):
        """run: the pass's key; None: evaluation."""
        weight = self.encoder.weight
        if run is not None:
            weight = weight * factors(node_key(run, 0), WORDS, WORD_P)[:, None]
        x = F.embedding(tokens, weight)
        if run is not None:
            whole = (FEATURES + 3) // 4 * 4
            x = x * factors(node_key(run, 1), BATCH * whole, INPUT_P).view(BATCH, 1, whole)[:, :, :FEATURES]
        after = []
        for i, (rnn, (h, c)) in enumerate(zip(self.rnns, state)):
            hh = rnn.weight_hh_l0
            if run is not None:
                hh = hh * factors(node_key(run, 2 + i), hh.numel(), WEIGHT_P).view(hh.shape[1], hh.shape[0]).t()
            x, h, c = torch._VF.lstm(x, (h[None], c[None]), [rnn.weight_ih_l0, hh, rnn.bias_ih_l0, rnn.bias_hh_l0],
                                     True, 1, 0.0, True, False, True)
            after.append((h[0].detach(), c[0].detach()))
        return self.decoder(x), after


def tokens_of(step):
    i = torch.arange(BATCH * STEPS)
    return ((i * 5 + i * i // 3 + step) % WORDS).view(BATCH, STEPS)


def main():
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    model = Language()
    weights = {k: v.clone() for k, v in model.state_dict().items() if k != 'decoder.weight'}
    save('language-weights.safetensors', weights)
    golden = {}
    state = [(pattern(BATCH * h, 40 + i).view(BATCH, h), pattern(BATCH * h, 50 + i).view(BATCH, h))
             for i, (_, h) in enumerate(SIZES)]
    row_weights = 1 + pattern(BATCH * STEPS, 60).view(BATCH, STEPS) / 2
    row_weights[1, 2] = 0
    for step, run in enumerate(RUN_KEYS):
        model.zero_grad()
        logits, state = model(tokens_of(step), state, run)
        targets = tokens_of(step + 7)
        losses = F.cross_entropy(logits.flatten(0, 1), targets.flatten(), reduction='none').view(BATCH, STEPS)
        loss = (row_weights * losses).sum() / row_weights.sum()
        loss.backward()
        counted = (row_weights > 0).float()
        golden.update({f'loss{step}': loss.view(1), f'losses{step}': losses * counted,
                       f'hits{step}': (logits.argmax(2) == targets) * counted})
        for i, (h, c) in enumerate(state):
            golden.update({f'h{i}{step}': h, f'c{i}{step}': c})
    golden.update({k: p.grad for k, p in model.named_parameters() if k != 'decoder.weight'})
    model.eval()
    golden['next'] = model(tokens_of(3), state)[0][:, -1]
    save('language-golden.safetensors', golden)


if __name__ == '__main__':
    main()
