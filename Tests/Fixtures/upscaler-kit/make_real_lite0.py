"""Writes upscaler_real_lite0.json: what EfficientNet-Lite0 with its published weights computes for an input made by formula.

usage: python make_real_lite0.py EFFICIENTNET-LITE0.pth        (torch 2.11, numpy)
"""

import json
import os
import sys

import torch

import refnets as R

net = R.Lite(0)
state = torch.load(sys.argv[1], map_location="cpu", weights_only=True)
net.load_state_dict(state, strict=True)
x = (R.kit_input(1, "lite0_64x96", (1, 3, 64, 96)) * 255 - 127) / 128
with torch.no_grad():
    features, logits = net.eval()(x)
top = logits[0].topk(5)
floats = [v for v in state.values() if v.dtype.is_floating_point]
info = {
    "input": "kit_input(seed 1, 'lite0_64x96', 1x3x64x96), then (x*255-127)/128",
    "top5_index": top.indices.tolist(),
    "top5_logit": top.values.tolist(),
    "logit_mean": logits.double().mean().item(),
    "logit_std": logits.double().std(unbiased=False).item(),
    "features": {
        f"s{2 << i}": {
            "shape": list(t.shape),
            "mean": t.double().mean().item(),
            "std": t.double().std(unbiased=False).item(),
            "first4": t.flatten()[:4].tolist(),
        }
        for i, t in enumerate(features)
    },
    "weights": {
        "tensors": len(state),
        "float_parameters_and_buffers_sum": sum(v.double().sum().item() for v in floats),
        "_conv_stem.weight[0,0,0,:]": state["_conv_stem.weight"][0, 0, 0].tolist(),
        "_fc.bias[0:4]": state["_fc.bias"][:4].tolist(),
        "_blocks.1._depthwise_conv.weight[0,0]": state["_blocks.1._depthwise_conv.weight"][0, 0].tolist(),
    },
}
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "upscaler_real_lite0.json")
with open(path, "w") as file:
    json.dump(info, file, indent=1)
