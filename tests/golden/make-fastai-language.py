#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes small archives as fast.ai's public language models are, for tests/engine/test-awd-lstm-files.c.

usage: tests/golden/make-fastai-language.py   (Debian: python3-torch; the files are checked in, tests need no Python)

wikitext.tgz: words in fast.ai's order, tensors by its names; encoder.weight[i, j] is 10 i + j, decoder.bias[i] 100 + i
old.tgz: the names of words and tensors from before its version 1
short.tgz: a word less than rows; run.tgz: words that want something run; text.tgz: words that are a text"""
import collections
import io
import os
import pickle
import tarfile

import torch

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'fastai')
WORDS = ['xxunk', 'xxpad', 'xxbos', 'xxfld', 'xxmaj', 'xxup', 'xxrep', 'xxwrep', 'the', ',', '\n', 'a\\b', '',
         'the', 'café']
OLD_WORDS = ['_unk_', '_pad_', 'the', ',', 'xbos', 't_up', 'tk_rep', 'tk_wrep', 'xfld', 'end']
FEATURES, HIDDEN = 3, 5


class Run:
    def __reduce__(self):
        return (os.getcwd, ())


def weights(n_words, old):
    torch.manual_seed(1)
    encoder = torch.arange(n_words).float()[:, None] * 10 + torch.arange(FEATURES).float()
    found = collections.OrderedDict()
    found['0.encoder.weight'] = encoder
    found['0.encoder_with_dropout.embed.weight' if old else '0.encoder_dp.emb.weight'] = encoder
    for i, (a, b) in enumerate([(FEATURES, HIDDEN), (HIDDEN, FEATURES)]):
        layer = torch.nn.LSTM(a, b)
        for name, value in layer.named_parameters():
            found[f'0.rnns.{i}.module.{name}'] = value.detach()
        recurrent = found.pop(f'0.rnns.{i}.module.weight_hh_l0')
        if old:
            found[f'0.rnns.{i}.module.weight_hh_l0_raw'] = recurrent
        else:
            found[f'0.rnns.{i}.weight_hh_l0_raw'] = recurrent
            found[f'0.rnns.{i}.module.weight_hh_l0'] = recurrent * 0
    found['1.decoder.weight'] = encoder
    if not old:
        found['1.decoder.bias'] = 100 + torch.arange(n_words).float()
    return found


def write(name, words, dictionary):
    model = io.BytesIO()
    torch.save(dictionary, model, _use_new_zipfile_serialization=False)
    with tarfile.open(os.path.join(HERE, name), 'w:gz', format=tarfile.USTAR_FORMAT) as archive:
        for path, data in [('wt103-fwd/lstm_wt103.pth', model.getvalue()),
                           ('wt103-fwd/itos_wt103.pkl', pickle.dumps(words, protocol=3))]:
            info = tarfile.TarInfo(path)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))


def main():
    os.makedirs(HERE, exist_ok=True)
    write('wikitext.tgz', WORDS, weights(len(WORDS), False))
    write('old.tgz', OLD_WORDS, weights(len(OLD_WORDS), True))
    write('short.tgz', WORDS[:-1], weights(len(WORDS), False))
    write('run.tgz', [Run()], weights(len(WORDS), False))
    write('text.tgz', 'the words', weights(len(WORDS), False))


if __name__ == '__main__':
    main()
