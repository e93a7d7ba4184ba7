"""Makes burst.safetensors: a drawn scene and eight small frames of it, moved by fractions of a pixel.

Usage: python make_burst.py (needs numpy and safetensors). Frames are the scene shifted and blurred in the frequency domain
(Gaussian of 0.4 of a frame's pixel), averaged over 2 x 2, with noise of deviation 1/255, rounded to 8 bits. "sharp" are
frames of the same shifts without the Gaussian, "soft" with one of 0.6.
"""
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

rng = np.random.default_rng(11)
SIDE, SCALE, OVER = 112, 2, 4


def scene():
    """Discs, bars and gratings on a slope, drawn four times as fine and averaged."""
    n = (SIDE + 32) * OVER
    y, x = np.mgrid[0:n, 0:n] / OVER
    img = np.stack([90 + 60 * x / SIDE, 110 + 30 * y / SIDE, 120 - 40 * x / SIDE])
    for _ in range(45):
        cy, cx, a = rng.uniform(0, SIDE + 32), rng.uniform(0, SIDE + 32), rng.uniform(0, np.pi)
        u = (x - cx) * np.cos(a) + (y - cy) * np.sin(a)
        v = -(x - cx) * np.sin(a) + (y - cy) * np.cos(a)
        kind, color = rng.integers(3), rng.uniform(20, 235, 3)
        if kind == 0:
            mask = u**2 + v**2 < rng.uniform(3, 10) ** 2
        elif kind == 1:
            mask = (np.abs(u) < rng.uniform(6, 30)) & (np.abs(v) < rng.uniform(0.8, 3))
        else:
            mask = (np.abs(u) < 11) & (np.abs(v) < 11) & (np.sin(2 * np.pi * u / rng.uniform(3.2, 6)) > 0)
        img[:, mask] = color[:, None]
    return img.reshape(3, SIDE + 32, OVER, SIDE + 32, OVER).mean((2, 4))


def frame(img, down, right, blur=0.4):
    fy, fx = np.fft.fftfreq(img.shape[1])[:, None], np.fft.fftfreq(img.shape[2])[None]
    sigma = blur * SCALE
    h = np.exp(-2j * np.pi * (fy * down + fx * right) * SCALE - 2 * np.pi**2 * sigma**2 * (fy**2 + fx**2))
    moved = np.fft.ifft2(np.fft.fft2(img) * h).real[:, 16:-16, 16:-16]
    small = moved.reshape(3, SIDE // SCALE, SCALE, SIDE // SCALE, SCALE).mean((2, 4))
    return np.clip(np.round(small + rng.normal(0, 1, small.shape)), 0, 255).astype(np.uint8)


img = scene()
shifts = rng.uniform(-2, 2, (8, 2))
shifts[0] = 0
save_file(
    {
        "scene": np.ascontiguousarray(np.clip(np.round(img[:, 16:-16, 16:-16]), 0, 255).astype(np.uint8)),
        "shifts": shifts,
        "frames": np.stack([frame(img, *s) for s in shifts]),
        "sharp": np.stack([frame(img, *s, blur=0) for s in shifts]),
        "soft": np.stack([frame(img, *s, blur=0.6) for s in shifts]),
    },
    Path(__file__).parent / "burst.safetensors",
)
