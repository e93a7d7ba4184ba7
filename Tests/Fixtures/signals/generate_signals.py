"""Writes signals.safetensors: colour conversions and picture metrics in float64, straight from their definitions.

usage: python generate_signals.py            (numpy, safetensors)
"""

import os

import numpy as np
from safetensors.numpy import save_file

random = np.random.default_rng(5)
files = {}


def put(name, value):
    files[name] = np.ascontiguousarray(value, dtype=np.float32)


def linear(v):
    """IEC 61966-2-1, decoding."""
    return np.where(v <= 0.04045, v / 12.92, ((np.maximum(v, 0) + 0.055) / 1.055) ** 2.4)


def encoded(v):
    """IEC 61966-2-1, encoding."""
    return np.where(v <= 0.0031308, v * 12.92, 1.055 * np.maximum(v, 0) ** (1 / 2.4) - 0.055)


# CIE XYZ of linear sRGB, derived from the chromaticities of its primaries and the white D65.
white = np.array([0.95047, 1.0, 1.08883])
xy = np.array([[0.64, 0.33], [0.30, 0.60], [0.15, 0.06]])
primaries = np.array([[x / y, 1, (1 - x - y) / y] for x, y in xy]).T
to_xyz = primaries * np.linalg.solve(primaries, white)


def lab(rgb):
    """CIE 1976 L*a*b* of sRGB pictures [N, 3, H, W]."""
    t = np.einsum("ij,njhw->nihw", to_xyz, linear(rgb)) / white[None, :, None, None]
    f = np.where(t > (6 / 29) ** 3, np.cbrt(t), t / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.stack([116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])], axis=1)


def ycbcr(rgb, red, blue):
    luma = red * rgb[:, 0] + (1 - red - blue) * rgb[:, 1] + blue * rgb[:, 2]
    cb = 0.5 * (rgb[:, 2] - luma) / (1 - blue)
    cr = 0.5 * (rgb[:, 0] - luma) / (1 - red)
    return np.stack([luma, cb, cr], axis=1)


def ssim(x, y):
    """Wang et al. 2004, one window after the other."""
    offsets = np.arange(11) - 5
    bell = np.exp(-(offsets**2) / (2 * 1.5**2))
    window = np.outer(bell, bell)
    window /= window.sum()
    result = []
    for a, b in zip(x, y):
        values = []
        for plane_a, plane_b in zip(a, b):
            for top in range(plane_a.shape[0] - 10):
                for left in range(plane_a.shape[1] - 10):
                    p = plane_a[top : top + 11, left : left + 11]
                    q = plane_b[top : top + 11, left : left + 11]
                    mp, mq = (window * p).sum(), (window * q).sum()
                    vp = (window * (p - mp) ** 2).sum()
                    vq = (window * (q - mq) ** 2).sum()
                    cov = (window * (p - mp) * (q - mq)).sum()
                    values.append(
                        (2 * mp * mq + 1e-4) * (2 * cov + 9e-4) / ((mp**2 + mq**2 + 1e-4) * (vp + vq + 9e-4))
                    )
        result.append(np.mean(values))
    return np.array(result)


def colorfulness(rgb):
    """Hasler and Süsstrunk 2003, M3."""
    x = rgb * 255
    rg = x[:, 0] - x[:, 1]
    yb = 0.5 * (x[:, 0] + x[:, 1]) - x[:, 2]
    deviation = np.sqrt(rg.var(axis=(1, 2)) + yb.var(axis=(1, 2)))
    mean = np.sqrt(rg.mean(axis=(1, 2)) ** 2 + yb.mean(axis=(1, 2)) ** 2)
    return deviation + 0.3 * mean


# float32 values, so that both sides start from the same numbers
rgb = random.random((2, 3, 14, 17), dtype=np.float32).astype(np.float64)
rgb[0, :, 0, :8] *= 0.03  # the straight part of the transfer function
other = np.clip(rgb + 0.2 * random.standard_normal(rgb.shape), 0, 1).astype(np.float32).astype(np.float64)

put("rgb", rgb)
put("other", other)
for name, weights in {"bt601": (0.299, 0.114), "bt709": (0.2126, 0.0722), "bt2020": (0.2627, 0.0593)}.items():
    put(name, ycbcr(rgb, *weights))
put("linear", linear(rgb))
put("encoded", encoded(rgb))
put("lab", lab(rgb))
put("psnr", 10 * np.log10(1 / ((rgb - other) ** 2).mean(axis=(1, 2, 3))))
put("ssim", ssim(rgb, other))
put("colorfulness", colorfulness(rgb))
difference = (lab(rgb) - lab(other))[:, 1:]
put("chroma-error", np.sqrt((difference**2).sum(axis=1)).mean(axis=(1, 2)))
put("mean-chroma", np.sqrt((lab(rgb)[:, 1:] ** 2).sum(axis=1)).mean(axis=(1, 2)))

save_file(files, os.path.join(os.path.dirname(os.path.abspath(__file__)), "signals.safetensors"))
