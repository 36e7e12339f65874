#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the small PyTorch files that tests/engine/test-torch-load.c reads, and the numbers in them.

usage: tests/golden/make-torch.py   (Debian: python3-torch; the files are checked in, tests need no Python)

zip.pth, old.pth, old-protocol4.pth: one dictionary in each format; expected.safetensors: its numbers
checkpoint.pth: a training's checkpoint: its tensors are expected.safetensors' too, under other names
model.pth: a whole network, which Slope refuses
parameters-0.3.pth, parameters-0.1.pth: the tensors that PyTorch had before 0.4, as it wrote them then"""
import collections
import copyreg
import json
import os
import pickle
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


class Storage:
    """Data of a tensor, outside the pickle."""

    def __init__(self, key, kind, values):
        self.key, self.kind, self.values = key, kind, values


class Called:
    """Pickled as a call, and what is laid into its result."""

    def __init__(self, function, arguments, state=None):
        self.call = (function, arguments) if state is None else (function, arguments, state)

    def __reduce_ex__(self, protocol):
        return self.call


class Made(Called):
    """The same, made by NEWOBJ, for which pickle wants an object of the kind."""

    def __init__(self, kind, state):
        super().__init__(copyreg.__newobj__, (kind,), state)
        self.kind = kind

    __class__ = property(lambda self: self.kind)


class OldPickler(pickle.Pickler):
    def persistent_id(self, thing):
        if isinstance(thing, Storage):
            return ('storage', thing.kind, thing.key, 'cpu', len(thing.values), None)
        return None


def old_parts():
    """Name, storage's kind, storage and what a tensor says of it."""
    kinds = {torch.float32: torch.FloatStorage, torch.float64: torch.DoubleStorage, torch.int64: torch.LongStorage}
    for i, (name, t) in enumerate((n, t) for n, t in tensors().items() if t.dtype in kinds):
        t = t.detach()
        values = t.flatten() if t.is_contiguous() else t.as_strided((len(t.storage()),), (1,), 0)
        offset = 0 if t.is_contiguous() else t.storage_offset()
        yield name, t, Storage(str(90000 + i), kinds[t.dtype], values), (offset, tuple(t.size()), tuple(t.stride()))


def save_old(path, dictionary, storages):
    """As torch.save() of 2017: magic number, version, machine, the dictionary, keys and data of storages."""
    with open(path, 'wb') as f:
        for part in (0x1950a86a20f9469cfc6c, 1001, {'little_endian': True, 'protocol_version': 1001, 'type_sizes': {}}):
            pickle.dump(part, f, protocol=2)
        OldPickler(f, protocol=2).dump(dictionary)
        pickle.dump([s.key for s in storages], f, protocol=2)
        for storage in storages:
            f.write(struct.pack('<q', len(storage.values)) + storage.values.numpy().tobytes())


def make_old():
    new, older, expected, storages = (collections.OrderedDict(), collections.OrderedDict(), collections.OrderedDict(), [])
    hooks = collections.OrderedDict()
    for name, t, storage, (offset, size, stride) in old_parts():
        storages.append(storage)
        expected[name] = t
        # 0.1.10 to 0.3: a parameter of a tensor, then requires_grad, volatile and hooks.
        tensor = Called(torch._utils._rebuild_tensor, (storage, offset, size, stride))
        new[name] = Called(torch.nn.Parameter, (tensor,), (True, False, hooks)) if 'weight' in name else tensor
        # Before: empty ones, then data, gradient, hooks, requires_grad and volatile; storage, offset, size and stride.
        kind = getattr(torch, storage.kind.__name__.replace('Storage', 'Tensor'))
        tensor = Made(kind, (storage, offset, size, stride))
        older[name] = Made(torch.nn.Parameter, (tensor, None, hooks, True, False)) if 'weight' in name else tensor
    save_old('parameters-0.3.pth', new, storages)
    save_old('parameters-0.1.pth', older, storages)
    save_expected('expected-parameters.safetensors', expected)


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
    make_old()
    for name in os.listdir('.'):
        assert os.path.getsize(name) < 100_000, name


main()
