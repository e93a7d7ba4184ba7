"""Writes layers.safetensors: every layer of HeirloomLayers run in PyTorch, forward and backward, on small inputs.

usage: python make_layers.py            (torch 2.11, numpy, safetensors)

For each case NAME: NAME/state/KEY the weights, NAME/x the input, NAME/w the weight of each output element in the loss
sum(w * y), NAME/y the output, NAME/grad/x and NAME/grad/KEY the gradients, NAME/after/KEY the buffers afterwards.
"""

import os

import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional as F
from torch.nn.utils import spectral_norm

torch.manual_seed(20)
torch.set_num_threads(1)
files = {}


def randomised(module):
    """Gives every tensor values that are neither 0 nor 1, so that no term can be forgotten unnoticed."""
    with torch.no_grad():
        for name, p in list(module.named_parameters()) + list(module.named_buffers()):
            if not p.dtype.is_floating_point or name.endswith(("weight_u", "weight_v")):
                continue
            values = torch.randn(p.shape)
            if name.endswith("running_var"):
                values = values.abs() + 0.5
            p.copy_(values)
    return module


def add(name, module, x, forward=None, training=False, repeats=1):
    module.train(training)
    for key, value in module.state_dict().items():
        files[f"{name}/state/{key}"] = value.clone()
    files[f"{name}/x"] = x.clone()
    x = x.clone().requires_grad_()
    for _ in range(repeats):
        y = (forward or module)(x)
    w = torch.randn(y.shape)
    files[f"{name}/w"], files[f"{name}/y"] = w, y.detach().clone()
    (y * w).sum().backward()
    files[f"{name}/grad/x"] = x.grad.clone()
    for key, p in module.named_parameters():
        files[f"{name}/grad/{key}"] = p.grad.clone()
    for key, value in module.named_buffers():
        files[f"{name}/after/{key}"] = value.clone()


def same(x, k, s, d=1):
    """TensorFlow's SAME padding, from its definition."""
    pads = []
    for n in (x.shape[-1], x.shape[-2]):
        total = max((-(-n // s) - 1) * s + (k - 1) * d + 1 - n, 0)
        pads += [total // 2, total - total // 2]
    return F.pad(x, pads)


class Up(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 1, bias=False)
        self.norm = nn.BatchNorm2d(8)

    def forward(self, x):
        return F.pixel_shuffle(F.relu(self.norm(self.conv(x))), 2)


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.query = nn.Conv2d(16, 2, 1, bias=False)
        self.key = nn.Conv2d(16, 2, 1, bias=False)
        self.value = nn.Conv2d(16, 16, 1, bias=False)
        self.gamma = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        q, k, v = self.query(x).flatten(2), self.key(x).flatten(2), self.value(x).flatten(2)
        weights = torch.softmax(q.transpose(1, 2) @ k, -1)
        return x + self.gamma * (v @ weights.transpose(1, 2)).view_as(x)


r = torch.randn
add("conv2d", randomised(nn.Conv2d(3, 4, 3, padding=1)), r(2, 3, 7, 9))
add("conv2d-strided", randomised(nn.Conv2d(4, 6, (3, 5), stride=(2, 1), padding=(0, 2), dilation=(2, 1), groups=2)), r(2, 4, 11, 9))
for n in (8, 9):
    for k, s in ((3, 2), (5, 2), (5, 1)):
        conv = randomised(nn.Conv2d(3, 3, k, stride=s, groups=3, bias=False))
        add(f"conv2d-same-{n}-{k}-{s}", conv, r(1, 3, n, n + 3), lambda x, c=conv, k=k, s=s: c(same(x, k, s)))
add("conv1d", randomised(nn.Conv1d(4, 6, 3, stride=2, padding=2, dilation=2, groups=2)), r(2, 4, 13))
add("transposed", randomised(nn.ConvTranspose2d(4, 6, (3, 2), stride=(2, 3), padding=(1, 0), output_padding=(1, 0), groups=2)), r(2, 4, 5, 6))
add("linear", randomised(nn.Linear(5, 3)), r(2, 4, 5))
add("batchnorm", randomised(nn.BatchNorm2d(4, eps=1e-3, momentum=0.01)), r(3, 4, 5, 6))
add("batchnorm-training", randomised(nn.BatchNorm2d(4, eps=1e-3, momentum=0.01)), r(3, 4, 5, 6), training=True)
add("groupnorm", randomised(nn.GroupNorm(2, 6)), r(2, 6, 4, 3))
add("layernorm", randomised(nn.LayerNorm([4, 3])), r(2, 5, 4, 3))
add("prelu", randomised(nn.PReLU(3)), r(2, 3, 4, 4))
add("prelu-one", randomised(nn.PReLU()), r(2, 3, 4, 4))
add("upsample", randomised(Up()), r(2, 3, 4, 5))
add("upsample-training", randomised(Up()), r(2, 3, 4, 5), training=True)
add("attention", randomised(Attention()), r(2, 16, 4, 5))
add("spectral", randomised(spectral_norm(nn.Conv2d(3, 4, 3, padding=1))), r(2, 3, 6, 6))
add("spectral-training", randomised(spectral_norm(nn.Conv2d(3, 4, 3, stride=2, padding=1, bias=False))), r(2, 3, 6, 6), training=True, repeats=2)
gru = randomised(nn.GRU(5, 4, batch_first=True))
add("gru", gru, r(2, 7, 5), lambda x: gru(x)[0])
both = randomised(nn.GRU(5, 4, batch_first=True, bidirectional=True))
add("gru-both", both, r(2, 7, 5), lambda x: torch.cat([both(x)[0].flatten(1), both(x)[1].transpose(0, 1).flatten(1)], 1))

out = os.path.join(os.path.dirname(os.path.abspath(__file__)), "layers.safetensors")
save_file({k: v.contiguous() for k, v in files.items()}, out)
print(os.path.getsize(out), "bytes,", len(files), "tensors")
