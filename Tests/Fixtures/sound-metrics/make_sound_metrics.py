"""Writes sound-metrics.json: measures of sound by pystoi 0.4.1, and by their definitions in numpy and SciPy.

The signals are made by formulas that the test repeats, so that none is stored: a gliding tone with overtones in
syllables, and noise of a linear congruential generator.

usage: python make_sound_metrics.py          (numpy, scipy, pystoi==0.4.1)
"""

import json
import os

import numpy as np
from pystoi import stoi
from scipy.linalg import solve_toeplitz
from scipy.signal import resample_poly, stft


def noise(seed, count):
    """Uniform in -0.5...0.5, 24 bits."""
    state, out = seed, []
    for _ in range(count):
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        out.append((state >> 40) / 2**24 - 0.5)
    return np.array(out)


def voice(rate, seconds, pitch=120.0):
    """Syllables of a gliding tone; every third of them hisses."""
    t = np.arange(int(rate * seconds)) / rate
    phase = 2 * np.pi * (pitch * t + 4 * np.sin(2 * np.pi * 0.7 * t))
    tone = sum(np.sin(h * phase) / h for h in range(1, 25) if h * pitch * 1.2 < rate / 2)
    syllable = np.floor(t * 4.2)
    beat = np.maximum(0, np.sin(2 * np.pi * 2.1 * t)) ** 2 * (t % 1.7 < 1.3)
    hiss = noise(7, len(t)) * (syllable % 6 == 2)
    return 0.2 * beat * (tone * (syllable % 6 != 2) + hiss) + 1e-5 * noise(9, len(t))


def si_sdr(r, e):
    r, e = r - r.mean(), e - e.mean()
    a = r @ e / (r @ r)
    return 10 * np.log10(a * a * (r @ r) / ((e - a * r) ** 2).sum())


def sdr_f(r, e, taps=512, lead=128):
    e = np.concatenate([np.zeros(lead), e, np.zeros(taps)])
    r = np.concatenate([r, np.zeros(len(e) - len(r))])
    size = 1 << int(np.ceil(np.log2(len(r) + taps)))
    spectrum = np.fft.rfft(r, size)
    own = np.fft.irfft(np.abs(spectrum) ** 2, size)[:taps]
    cross = np.fft.irfft(np.fft.rfft(e, size) * spectrum.conj(), size)[:taps]
    own[0] *= 1 + 1e-6
    fit = np.fft.irfft(np.fft.rfft(solve_toeplitz(own, cross), size) * spectrum, size)[: len(e)]
    return 10 * np.log10((fit**2).sum() / ((e - fit) ** 2).sum())


def segmental_snr(r, e, rate):
    """Loizou, Speech Enhancement, 2nd edition, comp_snr."""
    size = round(30 * rate / 1000)
    step = size // 4
    window = 0.5 * (1 - np.cos(2 * np.pi * np.arange(1, size + 1) / (size + 1)))
    eps, values = np.finfo(float).eps, []
    for start in range(0, (len(r) // step - size // step) * step, step):
        a = ((r[start : start + size] * window) ** 2).sum()
        b = (((r - e)[start : start + size] * window) ** 2).sum()
        values.append(min(max(10 * np.log10(a / (b + eps) + eps), -10), 35))
    return np.mean(values)


def lsd(r, e, rate):
    size = 2048 if rate > 30000 else 1024
    a, b = (np.abs(stft(x, rate, nperseg=size)[2]) ** 2 for x in (r, e))
    b, floor = b * a.sum() / b.sum(), a.mean() * 1e-5
    return np.sqrt(((10 * np.log10((a + floor) / (b + floor))) ** 2).mean(0)).mean()


cases = []
for rate, seconds, kind in [
    (16000, 3, "noisy"), (16000, 3, "clipped"), (16000, 3, "echo"), (48000, 2, "noisy"), (44100, 2, "echo"),
    (8000, 2.5, "noisy"), (10000, 2, "echo"), (16000, 0.2, "noisy"),
]:
    r = voice(rate, seconds)
    delay = rate // 200
    if kind == "noisy":
        e = 0.5 * r + 0.03 * noise(11, len(r))
    elif kind == "clipped":
        e = np.clip(r, -0.05, 0.05)
    else:
        late = np.concatenate([np.zeros(delay), r[:-delay]])
        far = np.concatenate([np.zeros(20 * delay), r[: -20 * delay]]) if len(r) > 20 * delay else 0 * r
        e = r - 0.4 * late + 0.3 * far
    cases.append({
        "rate": rate, "seconds": seconds, "kind": kind, "siSDR": si_sdr(r, e), "sdrF": sdr_f(r, e),
        "stoi": stoi(r, e, rate), "estoi": stoi(r, e, rate, extended=True),
        "segmentalSNR": segmental_snr(r, e, rate), "lsd": lsd(r, e, rate),
    })

# A few samples of rate conversion, for a narrower statement than the measures make.
r = voice(16000, 0.5)
resampled = {
    str(target): [float(v) for v in resample_poly(r, target, 16000, window=("kaiser", 10.0))[1000:1008]]
    for target in (10000, 22050, 8000)
}
path = os.path.join(os.path.dirname(__file__), "sound-metrics.json")
json.dump({"cases": cases, "resampled": resampled}, open(path, "w"), indent=1)
