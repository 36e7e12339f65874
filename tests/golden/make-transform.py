#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes transform.f32: what PyTorch's grid_sample makes of a small picture.

usage: make-transform.py        (Debian's python3-torch 1.13, python3-numpy)

The file is a row of little-endian float32: number of cases, then for each case output height and
width, nine numbers of the matrix, brightness, contrast, and height * width * 3 values of 0 ... 1.
The source, 13 wide and 9 high, is value (x, y, c) = (37 x + 59 y + 101 c + 7 x y) mod 256, so that
the test can make it again.  Tolerance 2e-3: the engine's lighting reads a table, and its positions
are float32."""
import math
import os

import numpy as np
import torch

W, H = 13, 9


def source():
    y, x, c = np.meshgrid(np.arange(H), np.arange(W), np.arange(3), indexing='ij')
    return ((37 * x + 59 * y + 101 * c + 7 * x * y) % 256).astype(np.float64) / 255


def scale(x, y):
    return np.diag([x, y, 1.0])


def move(x, y):
    return np.array([[1, 0, x], [0, 1, y], [0, 0, 1.0]])


def turn(degrees):
    a = math.radians(degrees)
    return np.array([[math.cos(a), math.sin(a), 0], [-math.sin(a), math.cos(a), 0], [0, 0, 1.0]])


def tilt(x, y):
    return np.array([[1, 0, 0], [0, 1, 0], [x, y, 1.0]])


def about_middle(m, out_h, out_w, fx, fy):
    return move(W / 2, H / 2) @ scale(fx, fy) @ m @ move(-out_w / 2, -out_h / 2)


def apply(m, out_h, out_w, brightness, contrast):
    y, x = np.meshgrid(np.arange(out_h) + 0.5, np.arange(out_w) + 0.5, indexing='ij')
    at = np.stack([x, y, np.ones_like(x)], -1) @ m.T
    sx, sy = at[..., 0] / at[..., 2], at[..., 1] / at[..., 2]
    # A continuous position in pixels, 0 at the border, is -1 ... 1 with align_corners=False.
    grid = torch.tensor(np.stack([2 * sx / W - 1, 2 * sy / H - 1], -1))[None]
    image = torch.tensor(source()).permute(2, 0, 1)[None]
    out = torch.nn.functional.grid_sample(image, grid, mode='bilinear', padding_mode='reflection',
                                          align_corners=False)
    p = np.clip(out[0].permute(1, 2, 0).numpy(), 1e-7, 1 - 1e-7)
    return 1 / (1 + np.exp(-(np.log(p / (1 - p)) + brightness) * contrast))


CASES = [
    # matrix, height, width, brightness, contrast
    (np.eye(3), H, W, 0.0, 1.0),
    (about_middle(scale(-1, 1), 9, 13, 1, 1), 9, 13, 0.0, 1.0),
    (about_middle(turn(33), 16, 16, 0.7, 0.7), 16, 16, 0.0, 1.0),
    (about_middle(tilt(0.02, -0.03), 10, 70, 0.2, 0.9), 10, 70, 0.0, 1.0),
    (about_middle(turn(-80) @ tilt(-0.02, 0.01), 11, 17, 1.9, 1.9), 11, 17, 0.0, 1.0),
    (move(-31.3, 45.7) @ scale(0.9, 0.8), 7, 130, 0.0, 1.0),
    (about_middle(turn(10), 8, 8, 1.2, 1.1), 8, 8, math.log(0.6 / 0.4), 0.8),
    (about_middle(turn(-10), 8, 8, 1.2, 1.1), 8, 8, math.log(0.4 / 0.6), 1.25),
]

values = [float(len(CASES))]
for m, h, w, brightness, contrast in CASES:
    values += [h, w, *m.ravel(), brightness, contrast]
    values += list(apply(m.astype(np.float64), h, w, brightness, contrast).ravel())
out = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'transform.f32')
np.array(values, dtype='<f4').tofile(out)
