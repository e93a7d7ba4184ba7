"""Writes the small PyTorch files that the checkpoint reader is tested with. Needs torch 2.11, numpy and safetensors.

usage: python make_checkpoints.py

  values.safetensors             the tensors that zip.pth and stream.pth hold
  zip.pth                        the zip form: under "params_ema", names with "module." before them
  stream.pth                     the old stream form: a bare table
  sample-legacy-checkpoint.*     the old stream form as DeOldify's weights have it ("model" beside an optimizer's state with
                                 a Python slice, cuda:0 tags); values by formula, described in the .json beside it
  runs-code.pth                  a zip file whose pickle would call os.system
  compressed.pth                 zip.pth with compressed entries, as no PyTorch writes them
"""

import collections
import io
import json
import os
import pickle
import pickletools
import zipfile

import numpy as np
import torch
import torch.serialization
from safetensors.torch import save_file

here = os.path.dirname(os.path.abspath(__file__))
os.chdir(here)
torch.manual_seed(7)

base = torch.randn(40)
values = collections.OrderedDict(
    plain=torch.randn(2, 3),
    channelsLast=torch.randn(2, 3, 4, 5).to(memory_format=torch.channels_last),
    transposed=torch.randn(3, 4).t(),
    everyOther=torch.randn(4, 6)[:, ::2],
    part=base[8:20].view(3, 4),
    otherPart=base[20:24],
    parameter=torch.nn.Parameter(torch.randn(3, 1, 2)),
    half=torch.randn(5).half(),
    bfloat=torch.randn(3).bfloat16(),
    double=torch.randn(2, dtype=torch.float64),
    counter=torch.tensor(-3),
    integers=torch.arange(4, dtype=torch.int32),
    bytes=torch.tensor([0, 1, 255], dtype=torch.uint8),
    mask=torch.tensor([True, False]),
    empty=torch.zeros(0, 3),
)
save_file({k: v.detach().clone(memory_format=torch.contiguous_format) for k, v in values.items()}, "values.safetensors")
wrapped = collections.OrderedDict((f"module.{k}", v) for k, v in values.items())
torch.save({"params_ema": wrapped, "params": {}, "step": 5}, "zip.pth")
torch.save(values, "stream.pth", _use_new_zipfile_serialization=False)

# The 32-bit formula of the colouriser's parity kit.
SEED = "deoldify-parity-1"


def unit(key, n):
    h = 0x811C9DC5
    for byte in f"{SEED}|{key}".encode():
        h = ((h ^ byte) * 0x01000193) & 0xFFFFFFFF
    with np.errstate(over="ignore"):
        x = np.uint32(h) + np.arange(n, dtype=np.uint32) * np.uint32(0x9E3779B9)
        x ^= x >> np.uint32(16)
        x *= np.uint32(0x7FEB352D)
        x ^= x >> np.uint32(15)
        x *= np.uint32(0x846CA68B)
        x ^= x >> np.uint32(16)
    return ((x >> np.uint32(8)).astype(np.float64) - 8388608.0) / 8388608.0


def alternating(n):
    return 1 - 2 * (np.arange(n) % 2)


def fill(key, shape):
    n = int(np.prod(shape)) if shape else 1
    r, leaf = unit(key, n), key.split(".")[-1]
    inputs = n // shape[0] if shape else 1
    if leaf == "num_batches_tracked":
        return torch.zeros(shape, dtype=torch.int64)
    if leaf == "running_mean":
        v = 0.1 * r
    elif leaf == "running_var":
        v = 1 + 0.5 * r
    elif leaf == "weight_orig":
        gain = 0.25 if ".query." in key or ".key." in key else (1 if shape[0] <= 3 else 2)
        i = np.arange(n)
        sign = 1 - 2 * ((i // inputs + i % inputs) % 2)
        v = 2.5 * (sign / np.sqrt(shape[0] * inputs) + np.sqrt(3 * gain / inputs) * r)
    elif leaf == "weight_u" or (leaf == "weight_v" and len(shape) == 1):
        v = alternating(n) * (1 + 0.5 * r) / np.sqrt(n)
    elif leaf == "weight_v":
        v = 0.3 * r
    elif leaf == "weight_g":
        v = 1.4 + 0.3 * r
    elif leaf == "gamma":
        v = 0.5 + 0.1 * r
    elif leaf == "weight" and len(shape) >= 2:
        v = np.sqrt(3 * 0.5 / inputs) * r
    elif leaf == "weight":
        v = 1 + 0.2 * r
    else:
        v = 0.1 * r
    return torch.from_numpy(v.astype(np.float32).reshape(shape))


shapes = {"layers.0.0.weight": (4, 3, 3, 3)}
for norm, n in (("layers.0.1", 4), ("layers.1.0.2", 8)):
    for leaf in ("weight", "bias", "running_mean", "running_var"):
        shapes[f"{norm}.{leaf}"] = (n,)
    shapes[f"{norm}.num_batches_tracked"] = ()
for layer, shape in (("layers.1.0.0", (8, 4, 3, 3)), ("layers.1.0.3.query", (1, 8, 1)), ("layers.1.0.3.value", (8, 8, 1))):
    shapes[f"{layer}.weight_orig"] = shape
    shapes[f"{layer}.weight_u"] = (shape[0],)
    shapes[f"{layer}.weight_v"] = (int(np.prod(shape[1:])),)
shapes.update({"layers.1.0.3.gamma": (1,), "layers.2.conv.0.bias": (32,), "layers.2.conv.0.weight_g": (32, 1, 1, 1)})
shapes["layers.2.conv.0.weight_v"] = (32, 8, 1, 1)
model = collections.OrderedDict((k, fill(f"checkpoint.{k}", s)) for k, s in shapes.items())
model._metadata = collections.OrderedDict([("", {"version": 1})])
groups = [{"lr": slice(None, 3e-3, None), "betas": (0.9, 0.99), "eps": 1e-8, "amsgrad": False, "params": [140500000000000 + 72 * i]} for i in range(6)]
moment = {"moment": torch.ones(3, dtype=torch.float64)}
real = torch.serialization.location_tag
torch.serialization.location_tag = lambda storage: "".join(["cuda:", "0"])
torch.save({"model": model, "opt": {"state": moment, "param_groups": groups}}, "sample-legacy-checkpoint.pth", _use_new_zipfile_serialization=False)
torch.serialization.location_tag = real
info = {"file": "sample-legacy-checkpoint.pth", "seed": SEED, "tensors": [], "pickle_globals": []}
with open("sample-legacy-checkpoint.pth", "rb") as stream:
    for _ in range(5):
        found = {arg for op, arg, _ in pickletools.genops(stream) if op.name == "GLOBAL"}
        info["pickle_globals"] = sorted(found | set(info["pickle_globals"]))
for k, v in model.items():
    info["tensors"].append({"key": k, "dtype": str(v.dtype).removeprefix("torch."), "shape": list(v.shape)})
with open("sample-legacy-checkpoint.json", "w") as stream:
    json.dump(info, stream, indent=1)
    stream.write("\n")


class RunsCode:
    def __reduce__(self):
        return os.system, ("touch heirloom-was-here",)


with zipfile.ZipFile("runs-code.pth", "w", zipfile.ZIP_STORED) as archive:
    archive.writestr("evil/data.pkl", pickle.dumps({"weight": RunsCode()}, protocol=2))
    archive.writestr("evil/version", "3\n")
with zipfile.ZipFile("zip.pth") as source, zipfile.ZipFile("compressed.pth", "w", zipfile.ZIP_DEFLATED) as archive:
    for entry in source.namelist():
        archive.writestr(entry, source.read(entry))
for name in sorted(os.listdir(here)):
    print(name, os.path.getsize(name))
