"""Writes optimizers.safetensors: twelve steps of torch.optim on four parameters in two groups.

usage: python generate_optimizers.py            (torch 2.11, safetensors)

KEY/start the parameters, grad/STEP/KEY the gradients, factor and momentum what the schedule sets for each step,
adamw/KEY and sgd/KEY the parameters afterwards, adamw/KEY/first and /second the moments, sgd/KEY/velocity.
"""

import os

import torch
from safetensors.torch import save_file

torch.manual_seed(8)
STEPS, RATES, DECAYS = 12, {"matrices": 0.02, "vectors": 0.005}, {"matrices": 0.1, "vectors": 0.0}
SHAPES = {"conv.weight": (4, 3, 1, 2), "linear.weight": (3, 4), "conv.bias": (4,), "linear.bias": (3,)}
start = {key: torch.randn(shape) for key, shape in SHAPES.items()}
# Some gradients are tiny: there epsilon decides.
gradients = [{k: torch.randn(s) * 10.0 ** torch.randint(-8, 1, s) for k, s in SHAPES.items()} for _ in range(STEPS)]
factors = torch.linspace(0.2, 1, STEPS)
momenta = torch.linspace(0.95, 0.85, STEPS)

files = {"factor": factors, "momentum": momenta}
files |= {f"{key}/start": value for key, value in start.items()}
files |= {f"grad/{t}/{key}": value for t, step in enumerate(gradients) for key, value in step.items()}


def run(name, make, decay_apart):
    parameters = {key: torch.nn.Parameter(value.clone()) for key, value in start.items()}
    names = {"matrices": ["conv.weight", "linear.weight"], "vectors": ["conv.bias", "linear.bias"]}
    optimizer = make([{"params": [parameters[k] for k in names[group]], "group": group} for group in names])
    for t, step in enumerate(gradients):
        for key, value in step.items():
            parameters[key].grad = value.clone()
        for group in optimizer.param_groups:
            group["lr"] = RATES[group["group"]] * factors[t].item()
            if decay_apart:
                group["momentum"] = momenta[t].item()
                with torch.no_grad():
                    for p in group["params"]:
                        p.mul_(1 - group["lr"] * DECAYS[group["group"]])
            else:
                group["betas"] = (momenta[t].item(), 0.99)
                group["weight_decay"] = DECAYS[group["group"]]
        optimizer.step()
    for key, parameter in parameters.items():
        files[f"{name}/{key}"] = parameter.detach().clone()
        state = optimizer.state[parameter]
        if decay_apart:
            files[f"{name}/{key}/velocity"] = state["momentum_buffer"].clone()
        else:
            files[f"{name}/{key}/first"] = state["exp_avg"].clone()
            files[f"{name}/{key}/second"] = state["exp_avg_sq"].clone()


run("adamw", lambda groups: torch.optim.AdamW(groups, eps=1e-8, foreach=False, fused=False), False)
# torch's SGD adds the decay to the gradient; ours is decoupled, so it is done by hand before the step.
run("sgd", lambda groups: torch.optim.SGD(groups, lr=0.1, momentum=0.9, foreach=False), True)
save_file(files, os.path.join(os.path.dirname(os.path.abspath(__file__)), "optimizers.safetensors"))
