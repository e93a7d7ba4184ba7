"""Writes parity.safetensors: outputs and gradients of the colour network in PyTorch, for weights made by formula.

usage: python make_parity.py            (torch 2.11, numpy, safetensors)

Weights: for the published encoder names and the twin's other names, the numbers of `KeyedNoise64` (seed 1), as in
../efficientnet-lite/refnets.py; `gamma` is 0.7, and the head's weights are divided by 8 to stay clear of tanh's ends.
Inputs: the kit's input formula with one channel, cases `even` [2,1,64,96] and `wide` [1,1,32,160]; in the third, `training`,
the network runs in training mode, in float64 (batch statistics over 8 samples amplify rounding too much for float32), and
the loss is the sum of output times the input formula's numbers of `loss`.
"""

import os
import sys

import torch
from safetensors.torch import save_file

here = os.path.dirname(os.path.abspath(__file__))
sys.path += [here, os.path.join(here, "../efficientnet-lite")]
from color_unet_twin import ColorUNet  # noqa: E402
from refnets import fill_tensor, kit_input  # noqa: E402

torch.set_num_threads(1)


def network():
    net = ColorUNet()
    state = {}
    for key, value in net.state_dict().items():
        if key.endswith("gamma"):
            state[key] = torch.full((1,), 0.7)
            continue
        name = key.removeprefix("encoder.")
        state[key] = fill_tensor(1, "lite", name, tuple(value.shape))
        if key == "head.weight":
            state[key] /= 8
    net.load_state_dict(state)
    return net.eval()


out = {}
with torch.no_grad():
    for case, shape in (("even", (2, 1, 64, 96)), ("wide", (1, 1, 32, 160))):
        out[case] = network()(kit_input(1, case, shape))
        print(case, "deviation", out[case].std().item(), "range", out[case].min().item(), out[case].max().item())
net = network().double().train()
y = net(kit_input(1, "training", (2, 1, 64, 64)).double())
(y * kit_input(1, "loss", (2, 2, 64, 64)).double()).sum().backward()
out["training"] = y.detach()
for key in ("encoder._conv_stem.weight", "encoder._blocks.6._depthwise_conv.weight", "encoder._blocks.15._bn2.weight",
            "decoder.0.shuffle.norm.bias", "decoder.1.skipNorm.weight", "decoder.3.norm.weight", "attention.gamma",
            "attention.query.weight", "head.weight", "head.bias"):
    out[f"gradient/{key}"] = dict(net.named_parameters())[key].grad
for key in ("encoder._blocks.3._bn1.running_var", "decoder.2.norm.running_mean"):
    out[f"after/{key}"] = dict(net.named_buffers())[key].clone()
save_file({k: v.contiguous() for k, v in out.items()}, os.path.join(here, "parity.safetensors"))
