"""Writes schedules.json: one-cycle, rate finder, smoothing, rates of groups and Adam as fastai 1.0 computes them.

usage: python generate_schedules.py colorizer-misc.json

The argument is a file of the colouriser's parity kit, which ran fastai's own code (OneCycleScheduler, Scheduler,
SmoothenValue, even_mults, OptimWrapper); this script copies the part that the tests need and adds the values of the toy
network in it, which the kit makes by its formula (hash of "seed|key" and index, 24 bits).
"""

import json
import os
import sys


def unit(key, count):
    """The kit's formula: numbers in -1 ..< 1, exact in float32."""
    mask = 0xFFFFFFFF
    start = 0x811C9DC5
    for byte in f"deoldify-parity-1|{key}".encode():
        start = ((start ^ byte) * 0x01000193) & mask
    values = []
    for index in range(count):
        x = (start + index * 0x9E3779B9) & mask
        x ^= x >> 16
        x = (x * 0x7FEB352D) & mask
        x ^= x >> 15
        x = (x * 0x846CA68B) & mask
        x ^= x >> 16
        values.append(((x >> 8) - 8388608) / 8388608)
    return values


with open(sys.argv[1], encoding="utf-8") as file:
    kit = json.load(file)

adam = kit["adam_decoupled"]
sizes = {key: len(values) for key, values in adam["steps"][0].items()}
adam["start"] = {key: unit(f"misc.opt.{key}", size) for key, size in sizes.items()}
adam["gradients"] = [
    {key: unit(f"misc.opt.grad{t}.{key}", size) for key, size in sizes.items()} for t in range(len(adam["steps"]))
]


def cycle(case):
    rates = [case["max_lr"]] if not isinstance(case["max_lr"], list) else case["max_lr"]
    return {
        "iterations": case["iterations"],
        "warmup": case["pct_start"],
        "largest": rates,
        "rates": case["lr_used"],
        "momenta": case["beta1_used"],
    }


result = {
    "cycles": [cycle(case) for case in kit["one_cycle"]],
    "geometric": kit["discriminative"]["slice_3e7_3e4"],
    "sliced": kit["discriminative"]["slice_stop_1e3"],
    "finder": kit["lr_finder_lrs"],
    "smoothing": kit["smoothing"],
    "adam": adam,
}
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "schedules.json")
with open(path, "w", encoding="utf-8") as file:
    json.dump(result, file, indent=1, sort_keys=True)
    file.write("\n")
