#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the small PyTorch files that tests/engine/test-torch-load.c reads, and the numbers in them.

usage: tests/golden/make-torch.py   (Debian: python3-torch; the files are checked in, tests need no Python)

zip.pth, old.pth, old-protocol4.pth: one dictionary in each format; expected.safetensors: its numbers
checkpoint.pth: a training's checkpoint: its tensors are expected.safetensors' too, under other names
model.pth: a whole network, which Slope refuses"""
import collections
import json
import os
import struct

import torch

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'torch')


def numbers(*shape):
    n = 1
    for side in shape:
        n *= side
    return (torch.arange(n, dtype=torch.float64) * 0.37 - 1.9).reshape(shape)


def tensors():
    torch.manual_seed(7)
    base = numbers(6, 5).float()
    found = collections.OrderedDict()
    found['conv.weight'] = torch.nn.Parameter(numbers(4, 3, 3, 3).float())
    found['conv.channels_last'] = numbers(2, 3, 4, 5).float().to(memory_format=torch.channels_last)
    found['half'] = numbers(3, 7).half()
    found['half.special'] = torch.tensor([float('inf'), -float('inf'), 6e-8, 65504, -0.0]).half()
    found['bfloat16'] = numbers(5, 2).bfloat16()
    found['double'] = numbers(11)
    found['long'] = torch.tensor([0, -5, 2 ** 31 - 1, -2 ** 31, 2 ** 40, -2 ** 40])
    found['int'] = torch.tensor([[1, -2], [3, -4]], dtype=torch.int32)
    found['short'] = torch.tensor([300, -300], dtype=torch.int16)
    found['char'] = torch.tensor([-128, 127], dtype=torch.int8)
    found['byte'] = torch.tensor([0, 255, 7], dtype=torch.uint8)
    found['bool'] = torch.tensor([True, False, True])
    found['num_batches_tracked'] = torch.tensor(41)
    found['scalar'] = torch.tensor(2.5)
    found['empty'] = torch.zeros(0, 3)
    found['transposed'] = base.t()
    found['slice'] = base[1:5:2, 1:4]
    found['shared'] = base[2]
    found['expanded'] = torch.tensor([1.0, 2.0, 3.0]).unsqueeze(1).expand(3, 4)
    return found


KINDS = {torch.float32: ('F32', torch.float32), torch.float16: ('F32', torch.float32), torch.bfloat16: ('F32', torch.float32),
         torch.float64: ('F32', torch.float32), torch.uint8: ('U8', torch.uint8), torch.bool: ('U8', torch.uint8)}


def save_expected(path, dictionary):
    header, data = {}, b''
    for key, t in dictionary.items():
        name, kind = KINDS.get(t.dtype, ('I32', torch.int32))
        if kind == torch.int32:
            t = t.clamp(-2 ** 31, 2 ** 31 - 1) if t.dtype == torch.int64 else t
        raw = t.detach().to(kind).contiguous().numpy().tobytes()
        header[key] = {'dtype': name, 'shape': list(t.shape), 'data_offsets': [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header, separators=(',', ':')).encode()
    with open(path, 'wb') as f:
        f.write(struct.pack('<Q', len(text)) + text + data)


def main():
    os.makedirs(HERE, exist_ok=True)
    os.chdir(HERE)
    everything = tensors()
    torch.save(everything, 'zip.pth')
    torch.save(everything, 'old.pth', _use_new_zipfile_serialization=False)
    torch.save(everything, 'old-protocol4.pth', _use_new_zipfile_serialization=False, pickle_protocol=4)
    save_expected('expected.safetensors', everything)
    network = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.BatchNorm2d(4))
    optimizer = torch.optim.AdamW(network.parameters())
    network(torch.ones(2, 3, 8, 8)).sum().backward()
    optimizer.step()
    state = collections.OrderedDict(('module.' + k, v) for k, v in everything.items())
    torch.save({'epoch': 3, 'best': 0.97, 'names': ['a', None, (True, 2)], 'state_dict': state, 'optimizer': optimizer.state_dict()},
               'checkpoint.pth')
    torch.save(network, 'model.pth')
    torch.save(network.state_dict(), 'network.pth')  # OrderedDict with the attribute _metadata
    for name in os.listdir('.'):
        assert os.path.getsize(name) < 100_000, name


main()
