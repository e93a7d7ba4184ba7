"""Writes what DeOldify's networks and picture procedure are tested with. Needs torch 2.11, numpy, Pillow 9 to 12, safetensors.

usage: python make_deoldify.py KIT KEYS

  KIT   a folder with the kit of the original program: colorizer-pipeline-artistic.safetensors
  KEYS  a folder with the lists of the published names: colorizer-deoldify-keys-{artistic,stable,critic}.txt

  deoldify.safetensors  outputs (and, in training, gradients) of small networks with the weights that the kit's formulas
                        make of the published names and the seed "deoldify-fixture"; pictures resampled by Pillow; the
                        original's steps for a picture of 37 × 53
  keys-*.txt            name and shape of every published tensor
"""

import math
import os
import sys

import numpy as np
import PIL
import torch
from PIL import Image
from safetensors.torch import load_file, save_file

import deoldify_twin as twin

here = os.path.dirname(os.path.abspath(__file__))
kit, keys = sys.argv[1:3]
os.chdir(here)
assert 9 <= int(PIL.__version__.split(".")[0]) <= 12, "Pillow 13 changed the order of its passes"
torch.set_num_threads(1)
SEED = "deoldify-fixture"


def numbers(name, count):
    h = 0x811C9DC5
    for b in f"{SEED}|{name}".encode():
        h = ((h ^ b) * 0x01000193) & 0xFFFFFFFF
    x = (np.arange(count, dtype=np.uint64) * 0x9E3779B9 + h).astype(np.uint32)
    x ^= x >> 16
    x *= np.uint32(0x7FEB352D)
    x ^= x >> 15
    x *= np.uint32(0x846CA68B)
    x ^= x >> 16
    return ((x >> 8).astype(np.float64) - 8388608) / 8388608


def value(key, shape):
    """The kit's weight formula."""
    n = int(np.prod(shape))
    last = key.rsplit(".", 1)[-1]
    if last == "num_batches_tracked":
        return np.zeros(n)
    r, i = numbers(key, n), np.arange(n)
    sign = lambda k: 1.0 - 2.0 * (k % 2)
    outputs = shape[0]
    inputs = n // outputs
    if last == "weight_orig":
        g = 0.25 if ".query." in key or ".key." in key else 1 if outputs <= 3 else 2
        return 2.5 * (sign(i // inputs + i % inputs) / math.sqrt(n) + math.sqrt(3 * g / inputs) * r)
    if last == "weight_u" or (last == "weight_v" and len(shape) == 1):
        return sign(i) * (1 + 0.5 * r) / math.sqrt(n)
    if last == "weight":
        return 1 + 0.2 * r if len(shape) == 1 else math.sqrt(1.5 / inputs) * r
    return {
        "running_mean": 0.1 * r, "running_var": 1 + 0.5 * r, "weight_v": 0.3 * r, "weight_g": 1.4 + 0.3 * r,
        "gamma": 0.5 + 0.1 * r, "bias": 0.1 * r,
    }[last]


def filled(module):
    with torch.no_grad():
        for key, tensor in module.state_dict().items():
            tensor.copy_(torch.from_numpy(value(key, tuple(tensor.shape)).reshape(tensor.shape)))
    return module


def plain(name, shape, scale=2.0):
    return torch.from_numpy((scale * numbers(name, int(np.prod(shape)))).astype(np.float32).reshape(shape))


out = {}
GRADIENTS = ["layers.0.0.weight", "layers.3.1.0.weight_orig", "layers.8.conv.0.weight_v", "layers.8.conv.0.weight_g",
             "layers.5.{}.3.gamma", "layers.5.{}.3.query.weight_orig", "layers.11.0.bias"]
for name, sizes in {
    "deep": (8, [1, 2, 1, 1], False, 2, [8, 12, 12, 10], [24, 24, 20, 10]),
    "wide": (4, [1, 1, 2, 1], True, 1, [16, 16, 16, 8], [16, 16, 16, 8]),
}.items():
    network = filled(twin.Generator(*sizes)).eval()
    # 48 is no multiple of 32: a map is one row too large on its way up.
    x = plain(f"{name}.input", (2, 3, 48, 80))
    with torch.no_grad():
        out[f"{name}.eval"] = network(x)[:, :, ::4, ::4].contiguous()
    network.train()
    y = network(x)
    (y * plain(f"{name}.weight", y.shape, 1)).mean().backward()
    out[f"{name}.train"] = y.detach()[:, :, ::4, ::4].contiguous()
    parameters = dict(network.named_parameters())
    for key in GRADIENTS:
        key = key.format("conv2" if name == "deep" else "conv")
        gradient = parameters[key].grad.flatten()
        # Its first elements and its length.
        out[f"{name}.gradient.{key}"] = torch.cat([gradient[:64], gradient.norm()[None]])
    state = network.state_dict()
    for key in ["layers.3.0.0.weight_u", "layers.1.running_var", "layers.5.{}.3.value.weight_v"]:
        key = key.format("conv2" if name == "deep" else "conv")
        out[f"{name}.after.{key}"] = state[key][:64].clone()

critic = filled(twin.critic(8)).eval()
with torch.no_grad():
    for h, w in ((64, 64), (96, 80)):
        out[f"critic.{h}x{w}"] = critic(plain(f"critic.{h}x{w}", (2, 3, h, w)))

rng = np.random.default_rng(3)
for index in range(24):
    (w, h), (tw, th) = rng.integers(1, 33, 2), rng.integers(1, 33, 2)
    if index < 3:
        tw, th = [(w, th), (tw, h), (w, h)][index]  # a pass is left out
    picture = rng.integers(0, 256, (h, w, 3), dtype=np.uint8)
    out[f"pillow.{index}.in"] = torch.from_numpy(picture)
    out[f"pillow.{index}.out"] = torch.from_numpy(
        np.asarray(Image.fromarray(picture).resize((int(tw), int(th)), Image.BILINEAR)).copy())

original = load_file(os.path.join(kit, "colorizer-pipeline-artistic.safetensors"))
for key in ("source", "rf4.model_input", "rf4.model_output", "rf4.resized_output", "rf4.final"):
    out[f"original.{key}"] = original[key]
save_file(out, "deoldify.safetensors")
os.chmod("deoldify.safetensors", 0o644)

for name in ("artistic", "stable", "critic"):
    with open(os.path.join(keys, f"colorizer-deoldify-keys-{name}.txt")) as source, open(f"keys-{name}.txt", "w") as f:
        for line in source:
            if not line.startswith("#"):
                key, shape, _, _ = line.rstrip("\n").split("\t")
                f.write(f"{key} {shape}\n")
