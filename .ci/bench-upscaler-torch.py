#!/usr/bin/env python3
"""Times the upscaling networks in PyTorch eager, between two runs of 'heirloom-engine bench upscaler', and prints the ratios.

bench-upscaler-torch.py ENGINE [--size 256] [--runs 3] [--models rrdbnet,compact]: for each network one square tile, with the
engine's weights and input. PyTorch runs three times: float32 as everybody runs it (NCHW), float32 and bfloat16 channels-last.
Beside each time stands the largest difference from PyTorch's float32 output, in parts of its range.
"""
import argparse
import json
import os
import statistics
import struct
import subprocess
import sys
import tempfile
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

# Our names of the layers that are called otherwise in the published files.
NAMES = {"first": "conv_first", "trunk": "conv_body", "upsample1": "conv_up1", "upsample2": "conv_up2", "refine": "conv_hr",
         "last": "conv_last"}


def conv(inputs, outputs):
    return nn.Conv2d(inputs, outputs, 3, 1, 1)


class DenseBlock(nn.Module):
    def __init__(self):
        super().__init__()
        for i in range(5):
            self.add_module(f"conv{i + 1}", conv(64 + 32 * i, 32 if i < 4 else 64))
        self.lrelu = nn.LeakyReLU(0.2, inplace=True)

    def forward(self, x):
        seen = [x]
        for i in range(4):
            seen.append(self.lrelu(getattr(self, f"conv{i + 1}")(torch.cat(seen, 1))))
        return self.conv5(torch.cat(seen, 1)) * 0.2 + x


class ResidualBlock(nn.Module):
    def __init__(self):
        super().__init__()
        for i in range(3):
            self.add_module(f"dense{i + 1}", DenseBlock())

    def forward(self, x):
        return self.dense3(self.dense2(self.dense1(x))) * 0.2 + x


class RRDBNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv_first = conv(3, 64)
        self.body = nn.Sequential(*[ResidualBlock() for _ in range(23)])
        self.conv_body, self.conv_up1, self.conv_up2, self.conv_hr = (conv(64, 64) for _ in range(4))
        self.conv_last = conv(64, 3)
        self.lrelu = nn.LeakyReLU(0.2, inplace=True)

    def forward(self, x):
        y = self.conv_first(x)
        y = y + self.conv_body(self.body(y))
        for up in (self.conv_up1, self.conv_up2):
            y = self.lrelu(up(F.interpolate(y, scale_factor=2, mode="nearest")))
        return self.conv_last(self.lrelu(self.conv_hr(y)))


class Compact(nn.Module):
    def __init__(self):
        super().__init__()
        layers = [conv(3, 64), nn.PReLU(64)]
        for _ in range(16):
            layers += [conv(64, 64), nn.PReLU(64)]
        self.body = nn.Sequential(*layers, conv(64, 48))

    def forward(self, x):
        return F.pixel_shuffle(self.body(x), 4) + F.interpolate(x, scale_factor=4, mode="nearest")


NETWORKS = {"rrdbnet": RRDBNet, "compact": Compact}


def read_safetensors(path):
    """The float32 tensors of a file, by name."""
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        data = bytearray(file.read())
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__":
            start, end = entry["data_offsets"]
            flat = torch.frombuffer(data, dtype=torch.float32, count=(end - start) // 4, offset=start)
            tensors[name] = flat.view(entry["shape"])
    return tensors


def seconds(network, tile, runs):
    """The median duration of a forward pass after one that warms up, and the output."""
    durations = []
    with torch.inference_mode():
        output = network(tile)
        for _ in range(runs):
            start = time.perf_counter()
            output = network(tile)
            durations.append(time.perf_counter() - start)
    return statistics.median(durations), output.float()


def ours(engine, name, size, runs, folder):
    """The engine's seconds by precision."""
    command = [engine, "bench", "upscaler", "--model", name, "--size", str(size), "--runs", str(runs), "--device", "cpu",
               "--threads", str(torch.get_num_threads()), "--write", folder, "--json"]
    lines = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return {line["precision"]: line["milliseconds"] / 1000 for line in lines}


def main():
    options = argparse.ArgumentParser()
    options.add_argument("engine")
    options.add_argument("--size", type=int, default=256)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--models", default="rrdbnet,compact")
    options = options.parse_args()
    print(f"Upscaling, one tile of {options.size}x{options.size}, PyTorch {torch.__version__} eager, "
          f"{torch.get_num_threads()} threads")
    for name in options.models.split(","):
        with tempfile.TemporaryDirectory() as folder:
            before = ours(options.engine, name, options.size, options.runs, folder)
            tensors = read_safetensors(os.path.join(folder, "tile.safetensors"))
            weights = {}
            for key, value in read_safetensors(os.path.join(folder, "weights.safetensors")).items():
                layer, rest = key.split(".", 1)
                weights[f"{NAMES.get(layer, layer)}.{rest}"] = value
            times, outputs = {}, {}
            for label, dtype, channels_last in (("float32", torch.float32, False), ("float32 channels-last", torch.float32, True),
                                                ("bfloat16 channels-last", torch.bfloat16, True)):
                network = NETWORKS[name]().eval()
                network.load_state_dict(weights)
                format = torch.channels_last if channels_last else torch.contiguous_format
                network = network.to(dtype).to(memory_format=format)
                tile = tensors["input"].to(dtype).contiguous(memory_format=format)
                times[label], outputs[label] = seconds(network, tile, options.runs)
            after = ours(options.engine, name, options.size, options.runs, folder)
        expected = outputs["float32"]
        span = (expected.max() - expected.min()).item()

        def line(who, label, time_, output, *ratios):
            difference = (output - expected).abs().max().item() / span
            print(f"  {name} {who:8} {label:23} {time_ * 1000:9.1f} ms   difference {difference:.1e}"
                  + "".join(f"   {times[other] / time_:.2f} x PyTorch {other}" for other in ratios), flush=True)

        for label in times:
            line("PyTorch", label, times[label], outputs[label])
        for precision in before:
            line("Heirloom", precision, min(before[precision], after[precision]), tensors[f"output.{precision}"],
                 f"{precision} channels-last", "float32")


if __name__ == "__main__":
    sys.exit(main())
