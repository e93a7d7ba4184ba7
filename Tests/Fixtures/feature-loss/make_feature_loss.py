"""Reference values for the feature loss over a narrow VGG16 with batch norms: maps, parts, gradient. Needs torch and
safetensors.

    python make_feature_loss.py
"""
import os

import torch
import torch.nn as nn
import torch.nn.functional as F
from safetensors.torch import save_file

HERE = os.path.dirname(os.path.abspath(__file__))
CHANNELS, COUNTS, TAPS = [4, 6, 8, 8, 6], [2, 2, 3, 3, 3], [22, 32, 42]

torch.manual_seed(5)
layers, inputs = [], 3
for outputs, count in zip(CHANNELS, COUNTS):
    for _ in range(count):
        layers += [nn.Conv2d(inputs, outputs, 3, padding=1), nn.BatchNorm2d(outputs), nn.ReLU()]
        inputs = outputs
    layers.append(nn.MaxPool2d(2, 2))
net = nn.Sequential(*layers)
for module in net:
    if isinstance(module, nn.BatchNorm2d):
        nn.init.uniform_(module.weight, 0.8, 1.6)
        nn.init.uniform_(module.bias, -0.2, 0.4)
        nn.init.uniform_(module.running_mean, -0.2, 0.2)
        nn.init.uniform_(module.running_var, 0.1, 0.4)
net.eval().requires_grad_(False)


def maps(x):
    found = []
    for number, layer in enumerate(net[:TAPS[-1] + 1]):
        x = layer(x)
        if number in TAPS:
            found.append(x)
    return found


def gram(t):
    rows = t.flatten(2)
    return rows @ rows.transpose(1, 2) / (t.shape[1] * t.shape[2] * t.shape[3])


x = torch.randn(2, 3, 16, 32)
y = torch.randn(2, 3, 16, 32)
out = {"features." + k: v for k, v in net.state_dict().items()}
out.update(input=x.clone(), target=y)
for number, value in enumerate(maps(x)):
    out[f"map{number}"] = value
bases = dict(absolute=F.l1_loss, squared=F.mse_loss, huber=lambda a, b: F.huber_loss(a, b, delta=0.3))
for name, base in bases.items():
    x.grad = None
    x.requires_grad_(True)
    pairs = list(zip(maps(x), maps(y)))
    parts = [base(x, y) * 2]
    parts += [F.l1_loss(a, b) * w / s for (a, b), w, s in zip(pairs, (20, 70, 10), (1, 2, 1))]
    parts += [F.l1_loss(gram(a), gram(b)) * w for (a, b), w in zip(pairs, (125, 0, 20)) if w]
    sum(parts).backward()
    out[f"{name}.parts"] = torch.stack([p.detach() for p in parts])
    out[f"{name}.gradient"] = x.grad.clone()
save_file({k: v.contiguous() for k, v in out.items()}, f"{HERE}/feature-loss.safetensors")
