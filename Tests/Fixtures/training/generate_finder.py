"""Writes finder.json: noisy curves of searches for a learning rate, and what fastai's two rules say of them.

usage: python generate_finder.py            (numpy)

Each curve: rates, losses (smoothed as fastai does), steepest (fastai 1: numpy's gradient without the first ten and the
last five points), valley (fastai 2: the longest falling subsequence without the first tenth and the last five points).
"""

import json
import os

import numpy as np

random = np.random.default_rng(3)


def search(steps, start, end, noise, falls, explodes):
    mean, best, rates, losses = 0.0, None, [], []
    for k in range(steps):
        rate = start * (end / start) ** (k / steps)
        loss = 1 - 0.6 / (1 + (falls / rate) ** 1.5) + (rate / explodes) ** 2 + noise * random.standard_normal()
        mean = 0.98 * mean + 0.02 * loss
        smooth = mean / (1 - 0.98 ** (k + 1))
        best = smooth if best is None else min(best, smooth)
        rates.append(rate)
        losses.append(smooth)
        if smooth > 4 * best:
            break
    return rates, losses


def valley(rates, losses):
    rates, losses = rates[len(losses) // 10 : -5], losses[len(losses) // 10 : -5]
    length = [1] * len(losses)
    for i in range(len(losses)):
        for j in range(i):
            if losses[i] < losses[j]:
                length[i] = max(length[i], length[j] + 1)
    end = int(np.argmax(length))
    start = max(end - length[end], 0)
    third = (end - start) / 3
    return rates[start + int(third) + int(third / 2)]


curves = []
for steps, noise in [(100, 0), (100, 0.02), (100, 0.1), (60, 0.02), (60, 0.1), (40, 0.05)]:
    rates, losses = search(steps, 1e-7, 10, noise, 2e-3, 0.5)
    losses = [float(f"{v:.7g}") for v in losses]
    steepest = rates[10:-5][int(np.gradient(np.array(losses[10:-5])).argmin())]
    curves.append({"rates": rates, "losses": losses, "steepest": steepest, "valley": valley(rates, losses)})
    print(steps, noise, len(losses), f"steepest {steepest:.2e} valley {curves[-1]['valley']:.2e}")

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "finder.json"), "w") as file:
    json.dump({"curves": curves}, file)
