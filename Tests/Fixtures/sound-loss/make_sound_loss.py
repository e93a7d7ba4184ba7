"""Values of the loss for cleaned speech, computed with PyTorch: python make_sound_loss.py

Everything is written out from the formulas, in float64: compressed spectra with and without phase, spectral convergence and
log magnitudes at four resolutions, 64 mel bands, samples, and the cross-entropies of the two heads.
"""

import math
import os

import torch
from safetensors.torch import save_file

torch.manual_seed(7)
N, L, RATE = 1, 1800, 16000
FLOOR = 1e-4


def stft(x, n):
    """Silence of a window less a hop before, and enough behind; a sine of amplitude 1 has magnitude 1."""
    hop = n // 4
    frames = (x.shape[1] + n - 1) // hop
    front = n - hop
    x = torch.nn.functional.pad(x, (front, (frames - 1) * hop + n - front - x.shape[1]))
    window = 0.5 - 0.5 * torch.cos(2 * math.pi * torch.arange(n, dtype=torch.float64) / n)
    return torch.fft.rfft(x.unfold(1, n, hop) * window).transpose(1, 2) * (4 / n)


def istft(s, n, length):
    hop = n // 4
    window = 0.5 - 0.5 * torch.cos(2 * math.pi * torch.arange(n, dtype=torch.float64) / n)
    pieces = torch.fft.irfft(s.transpose(1, 2), n) * window
    out = torch.zeros(s.shape[0], (s.shape[2] - 1) * hop + n, dtype=torch.float64)
    weight = torch.zeros_like(out)
    for t in range(s.shape[2]):
        out[:, t * hop : t * hop + n] += pieces[:, t]
        weight[:, t * hop : t * hop + n] += window**2
    return (out / weight.clamp(min=1e-8))[:, n - hop : n - hop + length] * (n / 4)


def compress(s):
    return s * (s.abs() ** 2 + 1e-12) ** -0.35


def expand(s):
    return s * (s.abs() ** 2) ** ((1 / 0.3 - 1) / 2)


def mel(count, bins, highest):
    to_mel = lambda f: 2595 * math.log10(1 + f / 700)
    to_hertz = lambda m: 700 * (10 ** (m / 2595) - 1)
    edges = [to_hertz(to_mel(highest) * i / (count + 1)) / (highest / (bins - 1)) for i in range(count + 2)]
    bank = torch.zeros(count, bins, dtype=torch.float64)
    for b in range(count):
        low, middle, high = edges[b : b + 3]
        for k in range(bins):
            bank[b, k] = max(0.0, min((k - low) / (middle - low), (high - k) / (high - middle)))
        if bank[b].sum() == 0:
            bank[b, min(bins - 1, round(middle))] = 1
    return bank


time = torch.arange(L, dtype=torch.float64) / RATE
truth = 0.3 * torch.sin(2 * math.pi * 300 * time)[None] * torch.rand(N, 1, dtype=torch.float64)
truth = (truth + 0.02 * torch.randn(N, L, dtype=torch.float64)).float()
degraded = (truth + 0.05 * torch.randn(N, L)).float()
T = (L + 511) // 128
noisy = compress(stft(degraded.double(), 512)[:, :256])
scale = 0.5 + 0.5 * torch.rand(N, 256, T, dtype=torch.float64)
guess = noisy * scale
output = torch.stack([guess.real, guess.imag, torch.randn(N, 256, T), torch.randn(N, 256, T)], dim=1).float()

guess = torch.complex(output[:, 0], output[:, 1]).to(torch.complex128)
x, d = truth.double(), degraded.double()
wanted = compress(stft(x, 512)[:, :256])
size = lambda s: (s.abs() ** 2 + 1e-6).sqrt()
spectrum = 0.5 * ((size(guess) - size(wanted)) ** 2).mean() + 0.5 * ((guess - wanted).abs() ** 2).mean()

full = torch.nn.functional.pad(expand(guess), (0, 0, 0, 1))
sound = istft(full, 512, L)
resolution = 0
for n in (256, 512, 1024, 2048):
    a, b = [(stft(s, n).abs() ** 2 + 1e-12).sqrt() for s in (sound, x)]
    resolution = resolution + (a - b).norm() / (b.norm() + 1e-6) + ((a + FLOOR).log() - (b + FLOOR).log()).abs().mean()
    if n == 1024:
        bank = mel(64, 513, 8000.0)
        bands = ((bank @ a + FLOOR).log() - (bank @ b + FLOOR).log()).abs().mean()
resolution = resolution / 4

speech, everything = stft(x, 512)[:, :256], stft(d, 512)[:, :256]
power, other = speech.abs() ** 2, (everything - speech).abs() ** 2
share = (power / (power + other + 1e-12)).sqrt()
entropy = torch.nn.functional.binary_cross_entropy_with_logits
mask = entropy(output[:, 3].double(), (share > 0.7).double()) + entropy(output[:, 2].double(), 1 - share)
samples = (sound - x).abs().mean()
total = 60 * spectrum + 0.3 * resolution + 0.3 * bands + 5.0 * samples + 0.1 * mask

values = {
    "truth": truth,
    "degraded": degraded,
    "output": output,
    "spectrum": spectrum,
    "resolution": resolution,
    "bands": bands,
    "mask": mask,
    "total": total,
}
here = os.path.dirname(os.path.abspath(__file__))
save_file({k: v.float().contiguous() for k, v in values.items()}, os.path.join(here, "sound-loss.safetensors"))
print({k: float(v) for k, v in values.items() if v.ndim == 0})
