#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the golden values that tests/engine/test-golden-unet.c compares with.

usage: tests/golden/make-unet.py        (Debian: python3-torch; the files are checked in)

unet-weights.safetensors: fast.ai's U-Net (SPEC 1.7) on a narrow ResNet, before a pass.
unet-golden.safetensors: of a training pass of pictures by pattern(): logits (N,H,W,K), losses, loss, the
picture's gradient (N,H,W,C) and the gradients of all parameters.  The size is odd at each halving, so
that every way up but the first is resized.  Tolerances as in manifest.json."""
import torch
import torch.nn as nn
import torch.nn.functional as F

from make import SEED, Block, pattern, save, state

BATCH, H, W, CLASSES = 2, 37, 29, 3


def conv(c, k, size=3):
    return nn.Conv2d(c, k, size, 1, size // 2)


class Shuffle(nn.Module):
    """1x1 convolution to four times as many channels, ReLU, pixel shuffle."""

    def __init__(self, c, k):
        super().__init__()
        self.conv = nn.Sequential(conv(c, 4 * k, 1))

    def forward(self, x):
        return F.pixel_shuffle(F.relu(self.conv(x)), 2)


class Up(nn.Module):
    def __init__(self, c, skip, last):
        super().__init__()
        width = c // 2 + skip
        out = width // 2 if last else width
        self.shuf, self.bn = Shuffle(c, c // 2), nn.BatchNorm2d(skip)
        self.conv1, self.conv2 = nn.Sequential(conv(width, out)), nn.Sequential(conv(out, out))

    def forward(self, x, skip):
        x = self.shuf(x)
        if x.shape[2:] != skip.shape[2:]:
            x = F.interpolate(x, skip.shape[2:], mode='nearest')
        x = F.relu(torch.cat([x, self.bn(skip)], 1))
        return F.relu(self.conv2(F.relu(self.conv1(x))))


class Residual(nn.Module):
    def __init__(self, c, inner):
        super().__init__()
        self.layers = nn.ModuleList([nn.Sequential(conv(c, inner)), nn.Sequential(conv(inner, c))])

    def forward(self, x):
        return x + F.relu(self.layers[1](F.relu(self.layers[0](x))))


class UNet(nn.Module):
    """The numbers of head are places in fast.ai's list of layers."""

    def __init__(self):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(3, 4, 7, 2, 3, bias=False), nn.BatchNorm2d(4)
        self.layer1, self.layer2 = nn.Sequential(Block(4, 4, 1)), nn.Sequential(Block(4, 8, 2))
        middle = nn.Sequential(nn.Sequential(conv(8, 16)), nn.Sequential(conv(16, 8)))
        self.head = nn.ModuleDict({'1': nn.BatchNorm2d(8), '3': middle, '4': Up(8, 4, False), '5': Up(8, 4, True),
                                   '6': Shuffle(4, 4), '8': Residual(7, 3), '9': nn.Sequential(conv(7, CLASSES, 1))})

    def forward(self, picture):
        head = self.head
        stem = F.relu(self.bn1(self.conv1(picture)))
        first = self.layer1(F.max_pool2d(stem, 3, 2, 1))
        x = F.relu(head['1'](self.layer2(first)))
        for layer in head['3']:
            x = F.relu(layer(x))
        x = head['6'](head['5'](head['4'](x, first), stem))
        x = torch.cat([F.interpolate(x, picture.shape[2:], mode='nearest'), picture], 1)
        return head['9'](head['8'](x))


def main():
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    model = UNet()
    with torch.no_grad():
        for k, v in model.named_parameters():
            if v.dim() == 1:  # norms and biases that are not all alike
                v.add_(0.2 * pattern(v.numel(), len(k)))
    save('unet-weights.safetensors', state(model))
    x = pattern(BATCH * H * W * 3, 4).view(BATCH, H, W, 3).permute(0, 3, 1, 2).contiguous().requires_grad_(True)
    i = torch.arange(BATCH * H * W)
    y = ((i // 5 + i // 41) % CLASSES).view(BATCH, H, W)
    logits = model(x)
    losses = F.cross_entropy(logits, y, reduction='none').flatten(1).mean(1)
    losses.mean().backward()
    golden = {k: p.grad for k, p in model.named_parameters()}
    golden.update(logits=logits.permute(0, 2, 3, 1), loss=losses.mean().view(1), losses=losses,
                  picture_grad=x.grad.permute(0, 2, 3, 1))
    save('unet-golden.safetensors', golden)


if __name__ == '__main__':
    main()
