#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The job planet of `course`, in PyTorch: the same weights, split, pictures as fast.ai v1 makes them, rates and moments.

usage: planet-torch.py [SEED...] [--threads N]

Reads $SLOPE_SHARED (../shared) as `course` does; needs python3-torch, python3-pil and python3-numpy.  Prints F2 and the share of right
labels at 0.2 of each SEED (0), frozen and at the end, and the seconds: a draw of either program lies a hundredth beside the next,
so that only many of them compare."""
import argparse
import csv
import json
import math
import os
import struct
import tarfile
import tempfile
import time

import numpy
import torch
from PIL import Image
from torch import nn
from torch.nn import functional as F

from jobs import DATA, SHARED

SIZE, BATCH, EPOCHS, THRESHOLD = 128, 64, 5, 0.2
MEAN, STD = (torch.tensor(v).view(3, 1, 1) for v in ([.485, .456, .406], [.229, .224, .225]))


# ---- The network

def read_safetensors(path):
    with open(path, 'rb') as file:
        header = json.loads(file.read(*struct.unpack('<Q', file.read(8))))
        data = file.read()
    kinds = {'F32': numpy.float32, 'I64': numpy.int64}
    return {name: torch.from_numpy(numpy.frombuffer(data[slice(*t['data_offsets'])], kinds[t['dtype']]).copy()).view(t['shape'])
            for name, t in header.items() if name != '__metadata__'}


def convolution(n_in, n_out, size=3, stride=1, groups=1):
    return nn.Sequential(nn.Conv2d(n_in, n_out, size, stride, size // 2, groups=groups, bias=False), nn.BatchNorm2d(n_out), nn.ReLU6())


class InvertedResidual(nn.Module):
    def __init__(self, n_in, n_out, stride, expand):
        super().__init__()
        hidden = n_in * expand
        self.adds = stride == 1 and n_in == n_out
        self.conv = nn.Sequential(*([] if expand == 1 else [convolution(n_in, hidden, 1)]), convolution(hidden, hidden, 3, stride, hidden),
                                  nn.Conv2d(hidden, n_out, 1, bias=False), nn.BatchNorm2d(n_out))

    def forward(self, x):
        return x + self.conv(x) if self.adds else self.conv(x)


class ConcatPool(nn.Module):
    def forward(self, x):
        return torch.cat([F.adaptive_max_pool2d(x, 1), F.adaptive_avg_pool2d(x, 1)], 1).flatten(1)


def make_body():
    layers, n = [convolution(3, 32, 3, 2)], 32
    for expand, n_out, repeats, stride in [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2),
                                           (6, 320, 1, 1)]:
        for i in range(repeats):
            layers.append(InvertedResidual(n, n_out, stride if i == 0 else 1, expand))
            n = n_out
    body = nn.Sequential(*layers, convolution(n, 1280, 1))
    weights = read_safetensors(os.path.join(SHARED, 'weights', 'mobilenet_v2_imagenet.safetensors'))
    body.load_state_dict({name[len('features.'):]: t for name, t in weights.items() if name.startswith('features.')}, strict=False)
    return body


def make_head(n_classes):
    head = nn.Sequential(ConcatPool(), nn.BatchNorm1d(2560), nn.Dropout(0.25), nn.Linear(2560, 512), nn.ReLU(), nn.BatchNorm1d(512),
                         nn.Dropout(0.5), nn.Linear(512, n_classes))
    for layer in head:
        if isinstance(layer, nn.Linear):
            nn.init.kaiming_normal_(layer.weight)
            nn.init.zeros_(layer.bias)
    return head


# ---- Pictures

def read_items(folder):
    """Pictures, their labels as zeros and ones, and which of them are held back."""
    with open(os.path.join(folder, 'labels.csv'), encoding='utf-8') as file:
        rows = [(row['image_name'], row['tags'].split()) for row in csv.DictReader(file)]
    with open(os.path.join(DATA, 'splits', 'planet_sample_valid.txt'), encoding='utf-8') as file:
        held_back = set(file.read().split())
    classes = sorted({tag for _, tags in rows for tag in tags})
    names = [name + '.jpg' for name, _ in rows]
    pictures = [torch.from_numpy(numpy.array(Image.open(os.path.join(folder, 'train', name)).convert('RGB'))).permute(2, 0, 1)
                for name in names]
    labels = torch.tensor([[float(c in tags) for c in classes] for _, tags in rows])
    return pictures, labels, [name in held_back for name in names]


def geometry(rng):
    """One of the eight symmetries, then in three of four pictures each a turn and a zoom."""
    m = numpy.eye(3)
    if rng.random() < 0.75:
        a = math.radians(rng.uniform(-10, 10))
        m = m @ numpy.array([[math.cos(a), -math.sin(a), 0], [math.sin(a), math.cos(a), 0], [0, 0, 1]])
    if rng.random() < 0.75:
        zoom = rng.uniform(1, 1.05)
        left = 1 - 1 / zoom
        m = m @ numpy.array([[1 / zoom, 0, left * (2 * rng.random() - 1)], [0, 1 / zoom, left * (2 * rng.random() - 1)], [0, 0, 1]])
    symmetry = rng.integers(8)
    flips = numpy.diag([-1.0 if symmetry & 1 else 1.0, -1.0 if symmetry & 2 else 1.0, 1.0])
    return m @ (flips[[1, 0, 2]] if symmetry & 4 else flips)


def light(y, rng):
    y = y.clamp(1e-7, 1 - 1e-7)
    logit = torch.log(y / (1 - y))
    if rng.random() < 0.75:
        brightness = rng.uniform(0.45, 0.55)
        logit = logit + math.log(brightness / (1 - brightness))
    if rng.random() < 0.75:
        logit = logit * math.exp(rng.uniform(math.log(0.9), -math.log(0.9)))
    return torch.sigmoid(logit)


def picture_for(picture, rng=None):
    """What the network sees; without @rng as it validates."""
    at = torch.linspace(-1, 1, SIZE)
    grid = torch.stack([at[None, :].expand(SIZE, SIZE), at[:, None].expand(SIZE, SIZE), torch.ones(SIZE, SIZE)], -1)
    if rng is not None:
        grid = grid @ torch.tensor(geometry(rng), dtype=torch.float32).T
    y = F.grid_sample(picture[None].float() / 255, grid[None, ..., :2], padding_mode='reflection', align_corners=True)[0]
    return ((y if rng is None else light(y, rng)) - MEAN) / STD


def stack(pictures, rng=None):
    return torch.stack([picture_for(p, rng) for p in pictures]).contiguous(memory_format=torch.channels_last)


# ---- Training

def score(model, x, labels):
    model.eval()
    with torch.no_grad():
        says = torch.cat([torch.sigmoid(model(part)) for part in x.split(BATCH)]) > THRESHOLD
    right = (says * labels).sum(1)
    precision, recall = right / (says.sum(1) + 1e-9), right / (labels.sum(1) + 1e-9)
    return {'fbeta': (5 * precision * recall / (4 * precision + recall + 1e-9)).mean().item(),
            'accuracy_thresh': (says == labels).float().mean().item()}


def cosine(start, end, t):
    return end + (start - end) / 2 * (1 + math.cos(math.pi * t))


def one_cycle(step, n_steps):
    """Factor of the highest rate, and the moment."""
    rise = int(n_steps * 0.3)
    if step < rise:
        return cosine(1 / 25, 1, step / rise), cosine(0.95, 0.85, step / rise)
    t = (step - rise) / (n_steps - rise)
    return cosine(1, 1 / 25e4, t), cosine(0.85, 0.95, t)


def fit(model, pictures, labels, groups, rates, rng):
    optimiser = torch.optim.Adam([{'params': group} for group in groups], betas=(0.95, 0.99), eps=1e-8)
    per_epoch = len(pictures) // BATCH
    for step in range(per_epoch * EPOCHS):
        if step % per_epoch == 0:
            model.train()
            order = rng.permutation(len(pictures))
        factor, moment = one_cycle(step, per_epoch * EPOCHS)
        chosen = order[step % per_epoch * BATCH:][:BATCH]
        loss = F.binary_cross_entropy_with_logits(model(stack([pictures[i] for i in chosen], rng)), labels[chosen])
        optimiser.zero_grad()
        loss.backward()
        for group, rate in zip(optimiser.param_groups, rates):
            group['lr'], group['betas'] = rate * factor, (moment, 0.99)
            with torch.no_grad():
                for p in group['params']:
                    p.mul_(1 - 0.01 * group['lr'])  # apart from Adam's own step
        optimiser.step()


def draw(seed, items):
    pictures, labels, held_back = items
    torch.manual_seed(seed)
    rng = numpy.random.default_rng(seed)
    body, head = make_body(), make_head(labels.shape[1])
    model = nn.Sequential(body, head).to(memory_format=torch.channels_last)
    train, valid = ([i for i, held in enumerate(held_back) if held == which] for which in (False, True))
    x, truth = stack([pictures[i] for i in valid]), labels[valid]
    of_train = [pictures[i] for i in train], labels[train]
    norms = [p for m in body.modules() if isinstance(m, nn.BatchNorm2d) for p in m.parameters()]
    begun = time.monotonic()
    for p in body.parameters():
        p.requires_grad_(any(p is norm for norm in norms))
    fit(model, *of_train, [norms, list(head.parameters())], [1e-2, 1e-2], rng)
    frozen = score(model, x, truth)
    for p in body.parameters():
        p.requires_grad_(True)
    fit(model, *of_train, [list(body.parameters()), list(head.parameters())], [1e-5, 2e-3], rng)
    return {'seed': seed, 'frozen': frozen, 'end': score(model, x, truth), 'seconds': round(time.monotonic() - begun)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('seed', nargs='*', type=int, default=[0], help=argparse.SUPPRESS)
    parser.add_argument('--threads', type=int, default=2)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    with tempfile.TemporaryDirectory() as home:
        with tarfile.open(os.path.join(DATA, 'planet_sample', 'planet_sample.tgz')) as archive:
            archive.extractall(home)
        items = read_items(os.path.join(home, 'planet_sample'))
    for seed in args.seed:
        print(json.dumps(draw(seed, items)), flush=True)


main()
