#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the golden values that tests/engine/test-golden-segment.c compares with.

usage: tests/golden/make-segment.py        (Debian: python3-torch; the files are checked in)

segment-weights.safetensors: a narrow U-Net with every way up that SPEC and bench have, before a pass.
segment-golden.safetensors: of a training pass of pictures by pattern(): logits and probabilities
(N,H,W,K), losses, loss, the picture's gradient (N,H,W,C), and the gradients of all parameters.
Tolerances as in manifest.json, for the same reasons."""
import torch
import torch.nn as nn
import torch.nn.functional as F

from make import SEED, pattern, save, state

BATCH, H, W, CLASSES, VOID = 3, 13, 11, 5, 3
WEIGHTS = [1.0, 0.5, 2.0]


class Small(nn.Module):
    """An odd size, so that what comes up is resized; pixel shuffle, nearest pixels, two joins."""

    def __init__(self):
        super().__init__()
        self.conv0 = nn.Conv2d(3, 4, 3, 1, 1, bias=False)
        self.bn0 = nn.BatchNorm2d(4)
        self.conv1 = nn.Conv2d(4, 8, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(8)
        self.up = nn.Conv2d(8, 16, 1)
        self.conv2 = nn.Conv2d(8, 6, 3, 1, 1)
        self.out = nn.Conv2d(14, CLASSES, 1)

    def forward(self, x):
        skip = F.relu(self.bn0(self.conv0(x)))
        low = F.relu(self.bn1(self.conv1(F.max_pool2d(skip, 2))))
        up = F.pixel_shuffle(F.relu(self.up(low)), 2)
        x = self.conv2(torch.cat([F.interpolate(up, (H, W), mode='nearest'), skip], 1))
        plain = F.interpolate(F.interpolate(low, scale_factor=2, mode='nearest'), (H, W), mode='nearest')
        return self.out(torch.cat([F.relu(x), plain], 1))


def losses_of(logits, y):
    """Mean over the pixels that are not void, by weight of their items; and each item's own."""
    each = F.cross_entropy(logits, y, ignore_index=VOID, reduction='none').flatten(1)
    counted = (y != VOID).flatten(1).float()
    weights = torch.tensor(WEIGHTS)[:, None]
    assert torch.allclose(each.sum() / counted.sum(), F.cross_entropy(logits, y, ignore_index=VOID))
    return (weights * each).sum() / (weights * counted).sum(), each.sum(1) / counted.sum(1)


def main():
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    model = Small()
    save('segment-weights.safetensors', state(model))
    x = pattern(BATCH * H * W * 3, 2).view(BATCH, H, W, 3).permute(0, 3, 1, 2).contiguous().requires_grad_(True)
    i = torch.arange(BATCH * H * W)
    y = ((i * 3 + i // 7) % CLASSES).view(BATCH, H, W)
    logits = model(x)
    loss, losses = losses_of(logits, y)
    loss.backward()
    golden = {k: p.grad for k, p in model.named_parameters()}
    golden.update(logits=logits.permute(0, 2, 3, 1), probabilities=logits.softmax(1).permute(0, 2, 3, 1), loss=loss.view(1),
                  losses=losses, picture_grad=x.grad.permute(0, 2, 3, 1))
    save('segment-golden.safetensors', golden)


if __name__ == '__main__':
    main()
