"""Writes adversarial.safetensors: a small generator and critic trained against each other by torch, by two rules.

usage: python generate_adversarial.py            (torch 2.11, safetensors)

input/STEP and real/STEP the batches, start/KEY the state of both networks; then for "adaptive" (one network per batch,
DeOldify) and "every" (both on every batch, Real-ESRGAN): RULE/turn 0 critic, 1 generator, 2 both; RULE/critic and
RULE/generator the losses (NaN where there is none); RULE/end/KEY the state afterwards.
"""

import os

import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from torch import nn
from torch.nn.utils import spectral_norm

STEPS, THRESHOLD, RATE = 14, 0.656, 3e-3


class Generator(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(1, 4, 3, padding=1, bias=False)  # before a norm Adam would divide noise by noise
        self.norm = nn.BatchNorm2d(4)
        self.last = nn.Conv2d(4, 3, 3, padding=1)

    def forward(self, x):
        return torch.sigmoid(self.last(torch.relu(self.norm(self.first(x)))))


class Critic(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = spectral_norm(nn.Conv2d(3, 6, 3, stride=2, padding=1))
        self.last = spectral_norm(nn.Conv2d(6, 1, 3))

    def forward(self, x):
        return self.last(F.leaky_relu(self.first(x), 0.2))


torch.manual_seed(5)
generator, critic = Generator(), Critic()
start = {f"{n}.{k}": v.clone() for n, m in (("generator", generator), ("critic", critic)) for k, v in m.state_dict().items()}
batches = [(torch.rand(4, 1, 8, 8), torch.rand(4, 3, 8, 8) * 0.3 + 0.6) for _ in range(STEPS)]
files = {f"input/{t}": a for t, (a, _) in enumerate(batches)} | {f"real/{t}": b for t, (_, b) in enumerate(batches)}
files |= {f"start/{k}": v for k, v in start.items()}


def cross_entropy(logits, label):
    return F.binary_cross_entropy_with_logits(logits, torch.full_like(logits, label))


def critic_loss(made, real):
    return (cross_entropy(critic(real), 1) + cross_entropy(critic(made), 0)) / 2


def generator_loss(made, real):
    return cross_entropy(critic(made), 1) + 1.5 * F.l1_loss(made, real)


def optimizers():
    return [
        torch.optim.AdamW(net.parameters(), lr=rate, betas=(0.0, 0.9), eps=1e-8, weight_decay=1e-3)
        for net, rate in ((generator, RATE), (critic, 5 * RATE))
    ]


def load():
    for name, net in (("generator", generator), ("critic", critic)):
        net.load_state_dict({k[len(name) + 1 :]: v.clone() for k, v in start.items() if k.startswith(name)})


def trains(net, on):
    net.train(on)
    for parameter in net.parameters():
        parameter.requires_grad_(on)


def adaptive():
    for_generator, for_critic = optimizers()
    is_critics = True
    for x, real in batches:
        trains(generator, not is_critics)
        trains(critic, is_critics)
        if is_critics:
            with torch.no_grad():
                made = generator(x)
            loss, optimizer = critic_loss(made, real), for_critic
        else:
            loss, optimizer = generator_loss(generator(x), real), for_generator
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        value = loss.item()
        yield (0, value, float("nan")) if is_critics else (1, float("nan"), value)
        is_critics = not (value < THRESHOLD) if is_critics else True


def every():
    for_generator, for_critic = optimizers()
    trains(generator, True)
    for x, real in batches:
        critic.train()
        for parameter in critic.parameters():
            parameter.requires_grad_(False)
        for_generator.zero_grad()
        made = generator(x)
        loss = generator_loss(made, real)
        loss.backward()
        for_generator.step()
        trains(critic, True)
        for_critic.zero_grad()
        judged = critic_loss(made.detach(), real)
        judged.backward()
        for_critic.step()
        yield 2, judged.item(), loss.item()


for rule in (adaptive, every):
    load()
    turns, judged, made = zip(*rule())
    print(rule.__name__, turns, [round(v, 4) for v in judged], [round(v, 4) for v in made])
    files[f"{rule.__name__}/turn"] = torch.tensor(turns)
    files[f"{rule.__name__}/critic"] = torch.tensor(judged)
    files[f"{rule.__name__}/generator"] = torch.tensor(made)
    for name, net in (("generator", generator), ("critic", critic)):
        files |= {f"{rule.__name__}/end/{name}.{k}": v.detach().clone() for k, v in net.state_dict().items()}

save_file(files, os.path.join(os.path.dirname(os.path.abspath(__file__)), "adversarial.safetensors"))
