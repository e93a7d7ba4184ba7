#!/usr/bin/env python3
"""Times the colour network in PyTorch eager, channels-last, as 'heirloom-engine bench' times it in Swift.

bench-torch.py [--sizes 256x352,512x704] [--batch 1] [--seconds 5]: for each size (height x width of what the network sees) and
for float32 and bfloat16, one line with milliseconds per frame (the median of the runs) and frames per second.
"""
import argparse
import os
import statistics
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "Tests/Fixtures/color-unet"))

import torch
from color_unet_twin import ColorUNet


def milliseconds(network, luma, seconds):
    """The median duration of a forward pass, after two that warm up."""
    durations = []
    with torch.inference_mode():
        for _ in range(2):
            network(luma)
        end = time.perf_counter() + seconds
        while time.perf_counter() < end or len(durations) < 3:
            start = time.perf_counter()
            network(luma)
            durations.append(time.perf_counter() - start)
    return statistics.median(durations) * 1000


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--sizes", default="256x352,512x704")
    options.add_argument("--batch", type=int, default=1)
    options.add_argument("--seconds", type=float, default=5)
    options = options.parse_args()
    print(f"PyTorch {torch.__version__}, {torch.get_num_threads()} threads, eager, channels-last")
    for size in options.sizes.split(","):
        height, width = map(int, size.split("x"))
        for dtype in (torch.float32, torch.bfloat16):
            torch.manual_seed(1)
            network = ColorUNet().eval().to(dtype).to(memory_format=torch.channels_last)
            luma = torch.rand(options.batch, 1, height, width).to(dtype).to(memory_format=torch.channels_last)
            time_per_frame = milliseconds(network, luma, options.seconds) / options.batch
            name = str(dtype).removeprefix("torch.")
            print(f"  {height}x{width} batch {options.batch} {name:8} {time_per_frame:8.1f} ms/frame "
                  f"{1000 / time_per_frame:7.2f} frames/s", flush=True)


if __name__ == "__main__":
    main()
