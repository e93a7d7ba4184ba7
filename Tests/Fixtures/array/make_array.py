#!/usr/bin/env python3
"""Golden files of the array core: WPE as nara_wpe (MIT) computes it, and a mixture of complex angular central Gaussians
written down step by step in NumPy. Needs numpy, nara_wpe, safetensors.   make_array.py → array.safetensors"""
import os
import numpy as np
from nara_wpe.wpe import wpe
from safetensors.numpy import save_file

rng = np.random.default_rng(5)


def noise(*shape):
    return rng.standard_normal(shape) + 1j * rng.standard_normal(shape)


# Reverberation that depends on the past of both channels: F = 3, D = 2, T = 220.
F, D, T, taps, delay = 3, 2, 220, 4, 3
dry = noise(F, D, T) * np.exp(rng.standard_normal((1, 1, T)))
wet = dry.copy()
for f in range(F):
    g = 0.18 * noise(taps, D, D)
    for t in range(T):
        for k in range(taps):
            if t - delay - k >= 0:
                wet[f, :, t] += g[k] @ wet[f, :, t - delay - k] * 0.5
expected = np.stack([wpe(wet[f], taps=taps, delay=delay, iterations=3, statistics_mode="full") for f in range(F)])


# Two directions and a prior that knows them a little: F = 2, D = 3, T = 80.
def mixture(y, prior, steps, floor=1e-4):
    z = y / np.linalg.norm(y, axis=0)
    D, T = z.shape
    gamma, q = np.stack([prior, 1 - prior]), np.ones((2, T))
    for _ in range(steps):
        logs = np.zeros((2, T))
        for k in range(2):
            B = D * ((gamma[k] / q[k] * z) @ z.conj().T) / gamma[k].sum()
            w, v = np.linalg.eigh((B + B.conj().T) / 2)
            w = np.maximum(w / w.max(), floor)
            B = (v * w) @ v.conj().T
            q[k] = np.maximum(np.einsum("dt,de,et->t", z.conj(), np.linalg.inv(B), z).real, 1e-10)
            logs[k] = -np.log(w).sum() - D * np.log(q[k])
        p = np.stack([prior, 1 - prior]) * np.exp(logs - logs.max(0))
        gamma = p / p.sum(0)
    return gamma[0]


bins, mics, frames = 2, 3, 80
speech = rng.uniform(size=(bins, frames)) < 0.4
a, b = noise(bins, mics, 1), noise(bins, mics, 1)
mixed = np.where(speech[:, None], a * noise(bins, 1, frames), b * noise(bins, 1, frames)) + 0.2 * noise(bins, mics, frames)
prior = np.clip(np.where(speech, 0.7, 0.3) + 0.15 * rng.standard_normal((bins, frames)), 0.05, 0.95).astype(np.float32)
mixed = mixed.astype(np.complex64)
posterior = np.stack([mixture(mixed[f].astype(complex), prior[f].astype(float), 3) for f in range(bins)])


def real(x):
    return np.stack([x.real, x.imag], -1)


save_file(
    {
        "wpe.wet": real(wet).astype(np.float32),  # [F, D, T, 2]
        "wpe.expected": real(expected).astype(np.float32),
        "mixture.y": real(mixed).astype(np.float32),
        "mixture.prior": prior,
        "mixture.posterior": posterior.astype(np.float32),
    },
    os.path.join(os.path.dirname(os.path.abspath(__file__)), "array.safetensors"),
)
