"""Reference values for augmentation, schedules, optimizer and losses, in the form of the colouriser's parity kit, and
transforms with other parameters. Plain PyTorch, written from fastai's formulas (2019); needs torch, numpy, safetensors.

    python make_training_kit.py
"""
import json
import math
import os

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import save_file

SEED = "training-kit-7"
HERE = os.path.dirname(os.path.abspath(__file__))


def unit(key, count):
    """Numbers in -1 ..< 1 from a name: FNV-1a and a 32-bit mixer."""
    h = 0x811C9DC5
    for b in f"{SEED}|{key}".encode():
        h = (h ^ b) * 0x01000193 & 0xFFFFFFFF
    x = (np.arange(count, dtype=np.uint64) * np.uint64(0x9E3779B9) + np.uint64(h)).astype(np.uint32)
    x ^= x >> np.uint32(16)
    x *= np.uint32(0x7FEB352D)
    x ^= x >> np.uint32(15)
    x *= np.uint32(0x846CA68B)
    x ^= x >> np.uint32(16)
    return ((x >> np.uint32(8)).astype(np.float64) - 8388608) / 8388608


def plain(key, shape, scale=1.0):
    return torch.from_numpy((scale * unit(key, int(np.prod(shape)))).astype(np.float32).reshape(shape))


def picture(key, height, width):
    y, x, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(3), indexing="ij")
    r = unit(key, height * width * 3).reshape(height, width, 3)
    value = np.clip(np.floor(128 + 100 * ((x * (c + 1) + y * 2) % 32 - 16) / 16 + 24 * r), 0, 255)
    return torch.from_numpy(value.astype(np.float32)).permute(2, 0, 1) / 255


# ------------------------------------------------------------------ augmentation, step by step as fastai orders it
def augmented(x, size, warp=None, degrees=None, zoom=None, change=None, scale=None, flip=False, crop=(0.5, 0.5)):
    height, width = x.shape[1:]
    ratio = min(height / size, width / size)
    h, w = round(height / ratio), round(width / ratio)
    flow = F.affine_grid(torch.eye(2, 3)[None], [1, 3, h, w], align_corners=True)
    if warp is not None:
        m = warp
        wanted = [[-1, -1], [-1, 1], [1, -1], [1, 1]]
        given = [[-1 - m[3], -1 - m[1]], [-1 - m[2], 1 + m[1]], [1 + m[3], -1 - m[0]], [1 + m[2], 1 + m[0]]]
        rows, right = [], []
        for (px, py), (qx, qy) in zip(given, wanted):
            rows += [[px, py, 1, 0, 0, 0, -qx * px, -qx * py], [0, 0, 0, px, py, 1, -qy * px, -qy * py]]
            right += [qx, qy]
        c = torch.linalg.solve(torch.tensor(rows, dtype=torch.float64), torch.tensor(right, dtype=torch.float64))
        full = torch.cat([c, torch.ones(1, dtype=torch.float64)]).reshape(3, 3).float()
        points = flow.reshape(-1, 2)
        points = torch.cat([points, torch.ones(len(points), 1)], 1) @ full.T
        flow = (points[:, :2] / points[:, 2:]).reshape(1, h, w, 2)
    matrix = torch.eye(3)
    if degrees is not None:
        a = math.radians(degrees)
        matrix = matrix @ torch.tensor([[math.cos(a), -math.sin(a), 0], [math.sin(a), math.cos(a), 0], [0, 0, 1]])
    if zoom is not None:
        s, row, col = zoom
        matrix = matrix @ torch.tensor(
            [[1 / s, 0, (1 - 1 / s) * (2 * col - 1)], [0, 1 / s, (1 - 1 / s) * (2 * row - 1)], [0, 0, 1]])
    matrix[0, 1] *= h / w
    matrix[1, 0] *= w / h
    flow = (flow.reshape(-1, 2) @ matrix[:2, :2].T + matrix[:2, 2]).reshape(1, h, w, 2)
    z = 2 / (flow.max() - flow.min()).item()
    d = min(height / h, width / w) / 2
    if d > 1 and d > z:
        x = F.interpolate(x[None], scale_factor=1 / d, mode="area")[0]
    y = F.grid_sample(x[None], flow, mode="bilinear", padding_mode="reflection", align_corners=True)[0]
    if change is not None or scale is not None:
        y = torch.logit(y.clamp(1e-7, 1 - 1e-7))
        if change is not None:
            y = y + math.log(change / (1 - change))
        if scale is not None:
            y = y * scale
        y = y.sigmoid()
    if flip:
        y = y.flip(2)
    top, left = (min(int((free + 1) * part), free) for free, part in zip((h - size, w - size), crop))
    return y[:, top:top + size, left:left + size].contiguous()


def stats(t):
    d = t.double().flatten()
    return dict(shape=list(t.shape), mean=d.mean().item(), std=d.std(unbiased=False).item(), min=d.min().item(),
                max=d.max().item(), abs_sum=d.abs().sum().item(), first8=[float(v) for v in t.flatten()[:8]],
                last4=[float(v) for v in t.flatten()[-4:]])


def kit_augment():
    x = picture("augment.image", 28, 38)
    warp, zoom = (0.1, -0.2, 0.15, 0.05), (1.15, 0.3, 0.8)
    kinds = dict(
        resize_crop_centre={}, rotate=dict(degrees=7), zoom=dict(zoom=zoom), symmetric_warp=dict(warp=warp),
        brightness=dict(change=0.65), contrast=dict(scale=1.4), flip=dict(flip=True), crop_corner=dict(crop=(0.9, 0.2)),
        all=dict(degrees=7, zoom=zoom, warp=warp, change=0.65, scale=1.4, flip=True, crop=(0.9, 0.2)))
    cases, tensors = [], {}
    for size in (20, 6):
        for name, parameters in kinds.items():
            y = augmented(x, size, **parameters)
            cases.append(dict(size=size, name=name, **stats(y)))
            if name in ("all", "flip"):
                tensors[f"{name}.{size}"] = y
    save_file(tensors, f"{HERE}/kit-augment.safetensors")
    write("kit-augment.json", dict(seed=SEED, image=[28, 38, 3], cases=cases))


def transforms():
    """A batch of two pictures with transforms of their own, at a size like theirs, at one that shrinks, and with an
    enlargement that is as strong as the shrinking."""
    pictures = torch.stack([picture("a", 20, 16), picture("b", 20, 16)])
    drawn = [
        dict(warp=[-0.2, 0.1, 0.05, -0.15], rotation=-9, zoom=1.1, zoomRow=0.9, zoomColumn=0.1, brightness=0.4,
             contrast=0.7, isMirrored=False, cropRow=0, cropColumn=1),
        dict(warp=[0, 0, 0, 0], rotation=4, zoom=1.9, zoomRow=0.2, zoomColumn=0.6, brightness=0.5, contrast=1.6,
             isMirrored=True, cropRow=0.99, cropColumn=0.3),
    ]
    tensors = dict(pictures=pictures)
    for size in (16, 12, 5, 3):
        tensors[f"side{size}"] = torch.stack([
            augmented(x, size, p["warp"], p["rotation"], (p["zoom"], p["zoomRow"], p["zoomColumn"]), p["brightness"],
                      p["contrast"], p["isMirrored"], (p["cropRow"], p["cropColumn"])) for x, p in zip(pictures, drawn)])
    save_file(tensors, f"{HERE}/transforms.safetensors")
    with open(f"{HERE}/transforms.txt", "w") as file:
        json.dump(drawn, file, indent=1)


# ------------------------------------------------------------------ schedules, optimizer, losses
def cosine(start, end, p):
    return end + (start - end) / 2 * (1 + math.cos(math.pi * p))


def one_cycle(n, pct, top):
    a1 = int(n * pct)
    n1, a2 = max(1, a1), n - a1
    rows = []
    for t in range(n + 1):
        if t <= n1:
            rows.append(([cosine(m / 25, m, t / n1) for m in top], cosine(0.95, 0.85, t / n1)))
        else:
            rows.append(([cosine(m, m / 25e4, (t - n1) / a2) for m in top], cosine(0.85, 0.95, (t - n1) / a2)))
    return dict(iterations=n, pct_start=pct, max_lr=top, lr_used=[r[0] for r in rows[:n]],
                beta1_used=[r[1] for r in rows[:n]], lr_after=rows[n][0])


def adam():
    shapes = {"0.weight": (3, 2, 1, 1), "0.bias": (3,), "1.weight": (3,), "1.bias": (3,)}
    rate, decay = 2e-2, 0.2
    parameters = {name: torch.nn.Parameter(plain("misc.opt." + name, shape)) for name, shape in shapes.items()}
    optimizer = torch.optim.Adam(list(parameters.values()), lr=rate, betas=(0.9, 0.98))
    steps, betas = [], [0.95, 0.9, 0.85, 0.92, 0.95]
    for t, beta in enumerate(betas):
        optimizer.param_groups[0]["betas"] = (beta, 0.98)
        for name, parameter in parameters.items():
            parameter.data.mul_(1 - decay * rate)  # decoupled, before the step, norms and biases too
            parameter.grad = plain(f"misc.opt.grad{t}.{name}", parameter.shape)
        optimizer.step()
        steps.append({name: [float(v) for v in p.detach().flatten()] for name, p in parameters.items()})
    return dict(lr=rate, wd=decay, beta2=0.98, beta1=betas, steps=steps)


def gan():
    real, fake = plain("misc.real_pred", (2, 4), 3), plain("misc.fake_pred", (2, 4), 3)
    pixels = F.l1_loss(plain("misc.fake", (2, 3, 4, 4)), plain("misc.real", (2, 3, 4, 4))).item()
    bce = F.binary_cross_entropy_with_logits
    judged = bce(fake, torch.ones_like(fake)).item()
    right = (fake.sigmoid() > 0.5) == torch.tensor([[False], [True]])
    return dict(loss_G=judged + 1.5 * pixels, bce_fake_as_real=judged, l1=pixels, accuracy=right.float().mean().item(),
                loss_C=(bce(real, torch.ones_like(real)) + bce(fake, torch.zeros_like(fake))).item() / 2)


def misc():
    first, last, count = 2e-6, 3.0, 40
    losses = [float(v) for v in 2 + unit("misc.losses", 12)]
    mean, smooth = 0.0, []
    for n, loss in enumerate(losses, 1):
        mean = 0.98 * mean + 0.02 * loss
        smooth.append(mean / (1 - 0.98 ** n))
    write("kit-misc.json", dict(
        seed=SEED, one_cycle=[one_cycle(9, 0.4, [2e-3]), one_cycle(5, 1e-8, [1e-6, 1e-5, 1e-4]), one_cycle(1, 0.3, [1.0])],
        discriminative=dict(slice_a_b=[1e-5, 1e-4, 1e-3, 1e-2], slice_stop=[2e-4, 2e-4, 2e-3]),
        lr_finder_lrs=[first * (last / first) ** (k / count) for k in range(count + 1)],
        smoothing=dict(losses=losses, smooth=smooth), adam_decoupled=adam(), gan=gan()))


def write(name, content):
    with open(f"{HERE}/{name}", "w") as file:
        json.dump(content, file, indent=1)
        file.write("\n")


kit_augment()
transforms()
misc()
