#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the golden values that tests/engine/test-golden.c compares with.

usage: tests/golden/make.py        (Debian: python3-torch; the files are checked in, tests need no Python)

Pictures and, for the large network, weights come from a formula that both sides share; see pattern().
Each file is below 100 KB."""
import json
import math
import os
import struct

import torch
import torch.nn as nn
import torch.nn.functional as F

HERE = os.path.dirname(os.path.abspath(__file__))
SEED = 20
BATCH, SIZE, CLASSES = 6, 17, 5
STEPS = 10
MAX_RATES = [1e-4, 5e-4, 2e-3]
WEIGHT_DECAY = 0.01
SMOOTHING = 0.1


def pattern(n, salt):
    """n numbers in [-1, 1): exact in float32's precision, the same in C."""
    i = torch.arange(n, dtype=torch.int64)
    return (((i * 7919 + salt * 104729 + 17) % 2003).double() / 1001.5 - 1).float()


def save(name, tensors):
    header, data = {}, b''
    for key, t in tensors.items():
        raw = t.detach().float().contiguous().numpy().tobytes()
        header[key] = {'dtype': 'F32', 'shape': list(t.shape), 'data_offsets': [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header, separators=(',', ':')).encode()
    text += b' ' * (-len(text) % 8)
    blob = struct.pack('<Q', len(text)) + text + data
    assert len(blob) < 100_000, (name, len(blob))
    with open(os.path.join(HERE, name), 'wb') as f:
        f.write(blob)


class Block(nn.Module):
    def __init__(self, c, out, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(c, out, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(out)
        self.conv2 = nn.Conv2d(out, out, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(out)
        if stride != 1 or c != out:
            self.downsample = nn.Sequential(nn.Conv2d(c, out, 1, stride, bias=False), nn.BatchNorm2d(out))

    def forward(self, x):
        short = self.downsample(x) if hasattr(self, 'downsample') else x
        y = F.relu(self.bn1(self.conv1(x)))
        return F.relu(self.bn2(self.conv2(y)) + short)


class Bottleneck(nn.Module):
    def __init__(self, c, width, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(c, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, width * 4, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(width * 4)
        if stride != 1 or c != width * 4:
            self.downsample = nn.Sequential(nn.Conv2d(c, width * 4, 1, stride, bias=False), nn.BatchNorm2d(width * 4))

    def forward(self, x):
        short = self.downsample(x) if hasattr(self, 'downsample') else x
        y = F.relu(self.bn1(self.conv1(x)))
        y = F.relu(self.bn2(self.conv2(y)))
        return F.relu(self.bn3(self.conv3(y)) + short)


class ConcatPool(nn.Module):
    def forward(self, x):
        return torch.cat([x.amax((2, 3)), x.mean((2, 3))], 1)


def head(features, classes):
    """fast.ai's, without dropout."""
    return nn.Sequential(ConcatPool(), nn.Flatten(), nn.BatchNorm1d(2 * features), nn.Identity(),
                         nn.Linear(2 * features, 512), nn.ReLU(), nn.BatchNorm1d(512), nn.Identity(),
                         nn.Linear(512, classes))


class Small(nn.Module):
    """The building blocks of a ResNet, narrow: both kinds of block, with and without downsampling."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 4, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(4)
        self.layer1 = nn.Sequential(Block(4, 4, 1))
        self.layer2 = nn.Sequential(Block(4, 8, 2), Bottleneck(8, 2, 1))
        self.head = head(8, CLASSES)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), 3, 2, 1)
        return self.head(self.layer2(self.layer1(x)))

    def groups(self):
        return [[self.conv1, self.bn1, self.layer1], [self.layer2], [self.head]]


def conv_relu6(c, out, kernel, stride, pad, groups=1):
    return nn.Sequential(nn.Conv2d(c, out, kernel, stride, pad, groups=groups, bias=False), nn.BatchNorm2d(out),
                         nn.ReLU6())


class Inverted(nn.Module):
    """An inverted residual with torchvision's names."""

    def __init__(self, c, expansion, out, stride):
        super().__init__()
        wide = c * expansion
        self.conv = nn.Sequential(*([] if expansion == 1 else [conv_relu6(c, wide, 1, 1, 0)]),
                                  conv_relu6(wide, wide, 3, stride, 1, wide),
                                  nn.Conv2d(wide, out, 1, bias=False), nn.BatchNorm2d(out))
        self.adds = stride == 1 and c == out

    def forward(self, x):
        return x + self.conv(x) if self.adds else self.conv(x)


class Fire(nn.Module):
    def __init__(self, c, squeeze, expand):
        super().__init__()
        self.squeeze = nn.Conv2d(c, squeeze, 1)
        self.expand1x1 = nn.Conv2d(squeeze, expand, 1)
        self.expand3x3 = nn.Conv2d(squeeze, expand, 3, 1, 1)

    def forward(self, x):
        x = F.relu(self.squeeze(x))
        return torch.cat([F.relu(self.expand1x1(x)), F.relu(self.expand3x3(x))], 1)


class Mobile(nn.Module):
    """The building blocks of MobileNetV2 and SqueezeNet, narrow."""

    def __init__(self):
        super().__init__()
        self.stem = conv_relu6(3, 8, 3, 2, 0)
        self.first = Inverted(8, 1, 8, 1)
        self.second = Inverted(8, 6, 12, 2)
        self.third = Inverted(12, 6, 12, 1)
        self.fire = Fire(12, 4, 4)
        with torch.no_grad():  # so that its ReLUs cut something; else the head's norm takes the biases away
            self.fire.expand1x1.bias.sub_(0.5)
            self.fire.expand3x3.bias.sub_(0.5)
        self.head = head(8, CLASSES)

    def forward(self, x):
        x = self.third(self.second(self.first(self.stem(x))))
        return self.head(F.max_pool2d(self.fire(x), 3, 2, ceil_mode=True))


class Resnet18(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        c = 64
        for i, out in enumerate([64, 128, 256, 512]):
            setattr(self, f'layer{i + 1}', nn.Sequential(Block(c, out, 1 if i == 0 else 2), Block(out, out, 1)))
            c = out
        self.head = head(512, CLASSES)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), 3, 2, 1)
        for i in range(4):
            x = getattr(self, f'layer{i + 1}')(x)
        return self.head(x)


def state(model):
    return {k: v.clone() for k, v in model.state_dict().items() if not k.endswith('num_batches_tracked')}


def batch(step):
    x = pattern(BATCH * SIZE * SIZE * 3, step).view(BATCH, SIZE, SIZE, 3).permute(0, 3, 1, 2).contiguous()
    return x, torch.tensor([(i * 3 + step) % CLASSES for i in range(BATCH)])


def one_cycle(step, n):
    """fastai v1: floor(0.3 n) steps up from max/25, then down to max/2.5e5; momentum mirrors."""
    def cosine(a, b, t):
        return b + (a - b) / 2 * (math.cos(math.pi * t) + 1)
    rise = int(n * 0.3)
    if step < rise:
        return cosine(1 / 25, 1, step / rise), cosine(0.95, 0.85, step / rise)
    t = (step - rise) / (n - rise)
    return cosine(1, 1 / 25e4, t), cosine(0.85, 0.95, t)


def train_step(model, adam, step, rates, momentum):
    """PyTorch's Adam with its betas edited, after true weight decay (SPEC: fast.ai); returns the loss."""
    x, y = batch(step % 2)
    loss = F.cross_entropy(model(x), y, label_smoothing=SMOOTHING)
    adam.zero_grad()
    loss.backward()
    with torch.no_grad():
        for rate, group in zip(rates, adam.param_groups):
            group['lr'] = rate
            group['betas'] = (momentum, 0.99)
            for p in group['params']:
                p.mul_(1 - group['lr'] * WEIGHT_DECAY)
    adam.step()
    return loss.item()


def make_adam(model, eps=1e-8):
    """By layer groups, those that have anything to train; with their largest rates."""
    groups = [{'params': [p for m in g for p in m.parameters() if p.requires_grad]} for g in model.groups()]
    adam = torch.optim.Adam([g for g in groups if g['params']], lr=0, betas=(0.9, 0.99), eps=eps)
    return adam, [r for r, g in zip(MAX_RATES, groups) if g['params']]


def make_frozen_steps(model):
    """What two steps change in a network whose body is frozen but for its norms, at sliced rates."""
    before = state(model)
    adam, rates = make_adam(model, 1e-3)  # else the sign of a gradient of almost nothing decides
    model.train()
    for step in range(2):
        train_step(model, adam, step, [10 * r for r in rates], 0.9)
    save('small-frozen-steps.safetensors', {k: v - before[k] for k, v in state(model).items()
                                            if not torch.equal(v, before[k])})


def train(model):
    """The losses of a one-cycle."""
    adam, rates = make_adam(model)
    losses = []
    model.train()
    for step in range(STEPS):
        factor, momentum = one_cycle(step, STEPS)
        losses.append(train_step(model, adam, step, [r * factor for r in rates], momentum))
    return losses


def heat_maps(model, x):
    """Grad-CAM as the course's lesson 6 has it, one class for each picture; model in evaluation mode."""
    kept = []
    handle = model.head.register_forward_pre_hook(lambda module, inputs: kept.append(inputs[0]))
    logits = model(x)
    handle.remove()
    chosen = logits[torch.arange(BATCH), [c % CLASSES for c in range(BATCH)]].sum()
    gradient, = torch.autograd.grad(chosen, kept[0])
    maps = F.relu((gradient.mean((2, 3), keepdim=True) * kept[0]).sum(1))
    assert (maps > 0).any() and (maps == 0).any()
    return {'maps': maps}


def make_first_pass(name, model):
    """Weights before training, and what the first pass gives; returns the weights."""
    with torch.no_grad():
        for k, v in model.named_parameters():
            if v.dim() == 1:  # norms and biases that are not all alike
                v.add_(0.2 * pattern(v.numel(), len(k)))
        for module in model.modules():  # so that a part is above 6
            if isinstance(module, nn.Sequential) and isinstance(module[-1], nn.ReLU6):
                module[1].weight.mul_(4)
    start = state(model)
    save(f'{name}-weights.safetensors', start)

    x, y = batch(0)
    x.requires_grad_(True)
    model.train()
    logits = model(x)
    losses = F.cross_entropy(logits, y, label_smoothing=SMOOTHING, reduction='none')
    losses.mean().backward()
    save(f'{name}-grads.safetensors', {k: p.grad for k, p in model.named_parameters()})
    outputs = {'logits': logits, 'losses': losses, 'probabilities': logits.softmax(1),
               'picture_grad': x.grad.permute(0, 2, 3, 1)}
    outputs.update({k: v for k, v in state(model).items() if 'running' in k})
    model.eval()
    outputs['eval_logits'] = model(x)
    save(f'{name}-outputs.safetensors', outputs)
    save(f'{name}-heat.safetensors', heat_maps(model, x))
    return start


def make_small():
    torch.manual_seed(SEED)
    model = Small()
    start = make_first_pass('small', model)
    model.load_state_dict(start, strict=False)
    model.zero_grad()
    full = train(model)
    model.load_state_dict(start, strict=False)
    for module in [m for g in model.groups()[:2] for part in g for m in part.modules()]:
        if isinstance(module, nn.Conv2d):
            module.weight.requires_grad_(False)
    make_frozen_steps(model)
    model.load_state_dict(start, strict=False)
    return full, train(model)


def make_resnet18():
    model = Resnet18()
    with torch.no_grad():
        for salt, (k, v) in enumerate(sorted(state(model).items())):
            values = pattern(v.numel(), salt).view(v.shape)
            if v.dim() > 1:
                values *= math.sqrt(3.0 / v[0].numel())
            elif k.endswith(('running_var', '.weight')):
                values = 1 + values / 2
            model.state_dict()[k].copy_(values)
    x = pattern(2 * 64 * 64 * 3, 1).view(2, 64, 64, 3).permute(0, 3, 1, 2).contiguous()
    model.eval()
    return model(x)


def main():
    torch.set_num_threads(1)
    losses, frozen = make_small()
    torch.manual_seed(SEED)
    make_first_pass('mobile', Mobile())
    save('resnet18-logits.safetensors', {'logits': make_resnet18()})
    save('small-losses.safetensors', {'losses': torch.tensor(losses), 'frozen_losses': torch.tensor(frozen)})
    with open(os.path.join(HERE, 'manifest.json'), 'w') as f:
        json.dump({
            'made_by': 'tests/golden/make.py',
            'torch': torch.__version__,
            'seed': SEED,
            'files': {
                'small-weights': 'a narrow ResNet with fast.ai\'s head, before training',
                'small-outputs': 'its first training pass: logits, losses, probabilities, gradient of the picture '
                                 '(N,H,W,C), running statistics afterwards, logits in evaluation mode with those',
                'small-grads': 'gradients of all parameters in that pass',
                'small-losses': 'ten losses under AdamW and one-cycle, all trained; and with all but norms and head frozen',
                'small-frozen-steps': 'what two steps change when all but norms and head are frozen, at sliced rates',
                'small-heat': 'its heat maps (Grad-CAM) in evaluation mode: of picture i for class i mod 5',
                'mobile-weights, -outputs, -grads, -heat': 'the same of a narrow network of MobileNetV2\'s and SqueezeNet\'s '
                                                    'blocks: depthwise convolutions, ReLU6, pooling rounded up',
                'resnet18-logits': 'ResNet-18 with weights from the formula, two pictures of 64 pixels, evaluation mode',
            },
            'tolerance': {
                'outputs': '1e-4 of the largest value of a tensor: both sides are float32 and sum in another order',
                'gradients': '5e-4 of the largest value: they come back through a dozen layers and norms over few rows',
                'two steps': '1e-2 of the largest change of a tensor: a parameter moves by less than a thousandth',
                'ten losses': '2e-3: Adam divides by the root of small gradients, so that differences grow from step to step',
            },
        }, f, indent=2)
        f.write('\n')


if __name__ == '__main__':
    main()
