"""Makes resampling.safetensors: pictures at other sizes and their measures, from the definitions in float64.

Usage: python make_resampling.py (needs numpy and safetensors). Weights are plain loops over taps, independent of the
program's matrix products; the 8-bit passes are computed with fractions, so that exact halves are exact.
"""
import math
from fractions import Fraction
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

rng = np.random.default_rng(7)


def sinc(t):
    return 1.0 if t == 0 else math.sin(math.pi * t) / (math.pi * t)


def cubic(t):
    t = abs(t)
    if t < 1:
        return (3 * t**3 - 5 * t**2 + 2) / 2
    return (-t**3 + 5 * t**2 - 8 * t + 4) / 2 if t < 2 else t * 0


CURVES = {
    "linear": (1, lambda t: max(0.0, 1 - abs(t))),
    "bicubic": (2, cubic),
    "lanczos3": (3, lambda t: sinc(t) * sinc(t / 3) if abs(t) < 3 else 0.0),
    "lanczos4": (4, lambda t: sinc(t) * sinc(t / 4) if abs(t) < 4 else 0.0),
}


def taps(source, target, kernel, antialias, output):
    """(source sample, weight) pairs of one sample of the result; may repeat samples at the border."""
    ratio = source / target
    centre = (output + 0.5) * ratio - 0.5
    if kernel == "area":
        pairs = []
        for j in range(-2, source + 2):
            overlap = min(j + 0.5, centre + ratio / 2) - max(j - 0.5, centre - ratio / 2)
            if overlap > 0:
                pairs.append((j, overlap))
    else:
        radius, curve = CURVES[kernel]
        stretch = max(ratio, 1) if antialias else 1
        reach = math.ceil(radius * stretch) + 1
        pairs = [(j, curve((j - centre) / stretch)) for j in range(math.floor(centre) - reach, math.floor(centre) + reach + 2)]
    total = sum(w for _, w in pairs)
    return [(min(max(j, 0), source - 1), w / total) for j, w in pairs]


def matrix(source, target, kernel, antialias=True):
    m = np.zeros((target, source))
    for i in range(target):
        for j, w in taps(source, target, kernel, antialias, i):
            m[i, j] += w
    return m


def resample(x, height, width, kernel, antialias=True):
    return matrix(x.shape[-2], height, kernel, antialias) @ x @ matrix(x.shape[-1], width, kernel, antialias).T


def paper_axis(rows, target):
    """Bicubic along the first axis of a list of rows of integers, exactly, rounded half up to 8 bits."""
    source = len(rows)
    ratio = Fraction(source, target)
    stretch = max(ratio, Fraction(1))
    out = []
    for i in range(target):
        centre = (Fraction(2 * i + 1, 2)) * ratio - Fraction(1, 2)
        low, high = math.ceil(centre - 2 * stretch), math.floor(centre + 2 * stretch)
        pairs = [(min(max(j, 0), source - 1), cubic((j - centre) / stretch)) for j in range(low, high + 1)]
        total = sum(w for _, w in pairs)
        row = []
        for c in range(len(rows[0])):
            v = sum(w * int(rows[j][c]) for j, w in pairs) / total
            row.append(min(max(math.floor(v + Fraction(1, 2)), 0), 255))
        out.append(row)
    return out


def paper(x, height, width):
    first = paper_axis(x.tolist(), height)
    second = paper_axis([list(c) for c in zip(*first)], width)
    return np.array([list(c) for c in zip(*second)], np.uint8)


def window():
    w = np.exp(-(np.arange(-5, 6) ** 2) / (2 * 1.5**2))
    return np.outer(w, w) / w.sum() ** 2


def valid(x, w):
    v = np.lib.stride_tricks.sliding_window_view(x, w.shape)
    return (v * w).sum((-2, -1))


def ssim(a, b):
    w = window()
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    ma, mb = valid(a, w), valid(b, w)
    va, vb, c = valid(a * a, w) - ma**2, valid(b * b, w) - mb**2, valid(a * b, w) - ma * mb
    return (((2 * ma * mb + c1) * (2 * c + c2)) / ((ma**2 + mb**2 + c1) * (va + vb + c2))).mean()


def plane(rgb, border, rounding):
    c = rgb[:, border:-border, border:-border].astype(np.float64)
    if len(c) == 1:
        return c[0]
    y = 16 + (65.481 * c[0] + 128.553 * c[1] + 24.966 * c[2]) / 255
    return np.round(y) if rounding else y


out = {}
x = rng.random((1, 2, 13, 17)).astype(np.float32)
out["picture"] = x
for kernel in ["area", "linear", "bicubic", "lanczos3", "lanczos4"]:
    for name, (h, w) in {"up": (31, 40), "down": (5, 6), "mixed": (26, 7)}.items():
        out[f"{kernel}-{name}"] = resample(x.astype(np.float64), h, w, kernel).astype(np.float32)
out["bicubic-aliased"] = resample(x.astype(np.float64), 5, 6, "bicubic", False).astype(np.float32)

y, xx = np.mgrid[0:48, 0:56]
smooth = 127 + 90 * np.sin(xx / 3.1 + y / 7) * np.cos(y / 4.3)
bytes_ = np.clip(smooth[None] + rng.normal(0, 25, (3, 48, 56)), 0, 255).astype(np.uint8)
out["bytes"] = bytes_
out["paper-down"] = np.stack([paper(c, 12, 14) for c in bytes_])
out["paper-third"] = np.stack([paper(c, 16, 19) for c in bytes_])
out["paper-up"] = np.stack([paper(c, 48, 56) for c in out["paper-down"]])
lanczos = resample(bytes_.astype(np.float64), 21, 77, "lanczos4", False)
out["opencv-lanczos"] = np.clip(np.round(lanczos), 0, 255).astype(np.uint8)

scores = []
for a, b in [(out["paper-up"], bytes_), (out["paper-up"][:1], bytes_[:1])]:
    for rounding in (False, True):
        p, q = plane(a, 4, rounding), plane(b, 4, rounding)
        scores.append([10 * np.log10(255**2 / ((p - q) ** 2).mean()), ssim(p, q)])
out["scores"] = np.array(scores)
save_file(out, Path(__file__).parent / "resampling.safetensors")
print({k: v.shape for k, v in out.items()}, scores)
