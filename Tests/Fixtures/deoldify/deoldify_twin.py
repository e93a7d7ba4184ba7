"""DeOldify's generator and critic in plain PyTorch, in any size, with the published names. Written from the papers and the
published weights' names and shapes, without the original's code."""

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.nn.utils import spectral_norm, weight_norm


class Block(nn.Module):
    """A residual block, basic or with a bottleneck."""

    def __init__(self, inputs, outputs, stride, bottleneck):
        super().__init__()
        inner = outputs // 4 if bottleneck else outputs
        kernels = (1, 3, 1) if bottleneck else (3, 3)
        strides = (1, stride, 1) if bottleneck else (stride, 1)
        sizes = [inputs] + [inner] * (len(kernels) - 1) + [outputs]
        self.count = len(kernels)
        for i, (k, s) in enumerate(zip(kernels, strides), 1):
            setattr(self, f"conv{i}", nn.Conv2d(sizes[i - 1], sizes[i], k, s, k // 2, bias=False))
            setattr(self, f"bn{i}", nn.BatchNorm2d(sizes[i]))
        self.downsample = None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = x
        for i in range(1, self.count + 1):
            y = getattr(self, f"bn{i}")(getattr(self, f"conv{i}")(y))
            if i < self.count:
                y = y.relu()
        return (y + (x if self.downsample is None else self.downsample(x))).relu()


def encoder(width, depths, bottleneck):
    layers = [nn.Conv2d(3, width, 7, 2, 3, bias=False), nn.BatchNorm2d(width), nn.ReLU(), nn.MaxPool2d(3, 2, 1)]
    inputs = width
    for stage, depth in enumerate(depths):
        outputs = (width << stage) * (4 if bottleneck else 1)
        blocks = []
        for place in range(depth):
            blocks.append(Block(inputs, outputs, 2 if place == 0 and stage > 0 else 1, bottleneck))
            inputs = outputs
        layers.append(nn.Sequential(*blocks))
    return nn.Sequential(*layers), inputs


def sn(conv):
    return spectral_norm(conv)


class Attention(nn.Module):
    """The softmax runs over the query's positions, and nothing is scaled."""

    def __init__(self, channels):
        super().__init__()
        inner = max(1, channels // 8)
        self.query = sn(nn.Conv1d(channels, inner, 1, bias=False))
        self.key = sn(nn.Conv1d(channels, inner, 1, bias=False))
        self.value = sn(nn.Conv1d(channels, channels, 1, bias=False))
        self.gamma = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        flat = x.flatten(2)
        f, g, h = self.query(flat), self.key(flat), self.value(flat)
        beta = F.softmax(f.transpose(1, 2) @ g, dim=1)
        return (self.gamma * (h @ beta) + flat).view(x.shape)


def unit(inputs, outputs, attention=False):
    layers = [sn(nn.Conv2d(inputs, outputs, 3, 1, 1, bias=False)), nn.ReLU(), nn.BatchNorm2d(outputs)]
    return nn.Sequential(*layers, *([Attention(outputs)] if attention else []))


def blurred(x):
    return F.avg_pool2d(F.pad(F.pixel_shuffle(x.relu(), 2), (1, 0, 1, 0), mode="replicate"), 2, 1)


class Shuffle(nn.Module):
    def __init__(self, conv, norm=None):
        super().__init__()
        self.conv = nn.Sequential(*([conv] if norm is None else [conv, norm]))

    def forward(self, x):
        return blurred(self.conv(x))


class Decoder(nn.Module):
    def __init__(self, inputs, skip, up, outputs, convolutions, attention):
        super().__init__()
        self.shuf = Shuffle(sn(nn.Conv2d(inputs, 4 * up, 1, bias=False)), nn.BatchNorm2d(4 * up))
        self.bn = nn.BatchNorm2d(skip)
        self.deep = convolutions == 2
        if self.deep:
            self.conv1 = unit(up + skip, outputs)
            self.conv2 = unit(outputs, outputs, attention)
        else:
            self.conv = unit(up + skip, outputs, attention)

    def forward(self, x, s):
        u = self.shuf(x)
        if u.shape[2:] != s.shape[2:]:
            u = F.interpolate(u, s.shape[2:], mode="nearest")
        c = torch.cat([u, self.bn(s)], 1).relu()
        return self.conv2(self.conv1(c)) if self.deep else self.conv(c)


class Residual(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.layers = nn.ModuleList(nn.Sequential(sn(nn.Conv2d(channels, channels, 3, 1, 1))) for _ in range(2))

    def forward(self, x):
        y = x
        for layer in self.layers:
            y = layer(y).relu()
        return y + x


class Generator(nn.Module):
    def __init__(self, width, depths, bottleneck, convolutions, upsampled, mixed):
        super().__init__()
        body, deepest = encoder(width, depths, bottleneck)
        scale = 4 if bottleneck else 1
        skips = [width * 4 * scale, width * 2 * scale, width * scale, width]
        layers = [body, nn.BatchNorm2d(deepest), nn.ReLU()]
        layers.append(nn.Sequential(unit(deepest, 2 * deepest), unit(2 * deepest, deepest)))
        inputs = deepest
        for i in range(4):
            layers.append(Decoder(inputs, skips[i], upsampled[i], mixed[i], convolutions, i == 1))
            inputs = mixed[i]
        layers.append(Shuffle(weight_norm(nn.Conv2d(inputs, 4 * inputs, 1))))
        layers += [nn.Identity(), Residual(inputs + 3), nn.Sequential(sn(nn.Conv2d(inputs + 3, 3, 1))), nn.Identity()]
        self.layers = nn.ModuleList(layers)

    def forward(self, x):
        taps, y = {}, x
        for i, child in enumerate(self.layers[0]):
            y = child(y)
            taps[i] = y
        for i in (1, 2, 3):
            y = self.layers[i](y)
        for i, tap in zip((4, 5, 6, 7), (6, 5, 4, 2)):
            y = self.layers[i](y, taps[tap])
        y = torch.cat([self.layers[8](y), x], 1)
        return 6 * self.layers[11](self.layers[10](y)).sigmoid() - 3


class Flat(nn.Module):
    def forward(self, x):
        return x.flatten(1)


def critic(f):
    def c(i, o, k, s, attention=False):
        layers = [sn(nn.Conv2d(i, o, k, s, 1)), nn.LeakyReLU(0.2)]
        return nn.Sequential(*layers, *([Attention(o)] if attention else []))

    none = nn.Identity
    return nn.Sequential(
        c(3, f, 4, 2), none(), c(f, f, 3, 1), none(), c(f, 2 * f, 4, 2, True), c(2 * f, 2 * f, 3, 1), none(),
        c(2 * f, 4 * f, 4, 2), c(4 * f, 4 * f, 3, 1), none(), c(4 * f, 8 * f, 4, 2), c(8 * f, 8 * f, 3, 1),
        nn.Sequential(sn(nn.Conv2d(8 * f, 1, 4, bias=False))), Flat())
