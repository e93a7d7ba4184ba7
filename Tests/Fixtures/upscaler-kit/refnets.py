"""Independent PyTorch re-statements of the networks and degradation primitives of the published upscalers and of EfficientNet-Lite.

Written from the published papers and facts, not taken from any upstream code base.  Used only to make reference data.
"""
import math
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F


# ----------------------------------------------------------------- deterministic fill
M64 = (1 << 64) - 1


def fnv1a64(text: str) -> int:
    h = 14695981039346656037
    for b in text.encode("utf-8"):
        h = ((h ^ b) * 1099511628211) & M64
    return h


def uniform24(seed: int, key: str, n: int) -> np.ndarray:
    """n values in [-1, 1), each a multiple of 2^-23 (exact in float32), returned as float64."""
    z = np.uint64(fnv1a64(f"{seed}:{key}")) + np.arange(1, n + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z = z ^ (z >> np.uint64(31))
    return (z >> np.uint64(40)).astype(np.float64) / 8388608.0 - 1.0


def fill_tensor(seed, family, key, shape):
    n = int(np.prod(shape)) if len(shape) else 1
    u = uniform24(seed, key, n)
    leaf = key.rsplit(".", 1)[-1]
    if leaf == "num_batches_tracked":
        return torch.zeros(shape, dtype=torch.int64)
    if leaf in ("weight", "weight_orig") and len(shape) >= 2:
        fan_in = int(np.prod(shape[1:]))
        v = GAIN[family] * math.sqrt(3.0 / fan_in) * u
        if family == "rrdb" and key == "conv_body.weight":
            v = v * 0.1
    elif leaf == "weight":                       # 1-D: PReLU slope or BatchNorm scale
        v = 0.25 + 0.15 * u if family == "srvgg" else 1.0 + 0.25 * u
    elif leaf == "bias":
        v = 0.05 * u
    elif leaf == "running_mean":
        v = 0.1 * u
    elif leaf == "running_var":
        v = 1.0 + 0.5 * u
    else:
        raise KeyError(key)
    return torch.from_numpy(v.astype(np.float32).reshape(shape))


GAIN = {"rrdb": 1.1, "srvgg": 1.3, "disc": 1.0, "lite": 1.25, "vgg": 1.4}


def fill_state(seed, family, shapes):
    """shapes: mapping key -> shape.  Spectral-norm vectors are derived, see fill_state."""
    out = {}
    for k, s in shapes.items():
        if not k.endswith((".weight_u", ".weight_v")):
            out[k] = fill_tensor(seed, family, k, tuple(s))
    for k in shapes:
        if k.endswith(".weight_u"):
            base = k[: -len("_u")]
            w = out[base + "_orig"].double().numpy()
            w = w.reshape(w.shape[0], -1)
            u = uniform24(seed, k, w.shape[0])
            u = u / np.linalg.norm(u)
            v = w.T @ u
            v = v / np.linalg.norm(v)
            out[k] = torch.from_numpy(u.astype(np.float32))
            out[base + "_v"] = torch.from_numpy(v.astype(np.float32))
    return {k: out[k] for k in shapes}


def kit_input(seed, name, shape):
    c, h, w = shape[-3:]
    u = uniform24(seed, "input:" + name, int(np.prod(shape))).reshape(shape)
    yy, xx, cc = np.arange(h)[:, None], np.arange(w)[None, :], np.arange(c)[:, None, None]
    t = ((3 * yy[None] + 5 * xx[None] + 17 * cc) % 64) / 63.0
    return torch.from_numpy((0.5 * t + 0.25 * (u + 1.0)).astype(np.float32))


# ----------------------------------------------------------------- generators
def c3(i, o):
    return nn.Conv2d(i, o, 3, 1, 1)


class DenseBlock(nn.Module):
    def __init__(self, nf, g):
        super().__init__()
        for i in range(5):
            setattr(self, f"conv{i + 1}", c3(nf + i * g, g if i < 4 else nf))

    def forward(self, x):
        f = x
        for i in range(1, 5):
            f = torch.cat([f, F.leaky_relu(getattr(self, f"conv{i}")(f), 0.2)], 1)
        return x + 0.2 * self.conv5(f)


class Rrdb(nn.Module):
    def __init__(self, nf, g):
        super().__init__()
        self.rdb1, self.rdb2, self.rdb3 = (DenseBlock(nf, g) for _ in range(3))

    def forward(self, x):
        return x + 0.2 * self.rdb3(self.rdb2(self.rdb1(x)))


class RrdbNet(nn.Module):
    def __init__(self, scale=4, nf=64, nb=23, g=32, cin=3, cout=3):
        super().__init__()
        self.fold = {4: 1, 2: 2, 1: 4}[scale]
        self.conv_first = c3(cin * self.fold ** 2, nf)
        self.body = nn.Sequential(*[Rrdb(nf, g) for _ in range(nb)])
        self.conv_body, self.conv_up1, self.conv_up2, self.conv_hr = (c3(nf, nf) for _ in range(4))
        self.conv_last = c3(nf, cout)

    def forward(self, x, trace=None):
        note = (lambda n, t: trace.__setitem__(n, t)) if trace is not None else (lambda n, t: None)
        x = F.pixel_unshuffle(x, self.fold) if self.fold > 1 else x
        f = self.conv_first(x)
        note("conv_first", f)
        b = f
        for i, blk in enumerate(self.body):
            b = blk(b)
            note(f"body.{i}", b)
        f = f + self.conv_body(b)
        note("trunk", f)
        for conv in (self.conv_up1, self.conv_up2):
            f = F.leaky_relu(conv(F.interpolate(f, scale_factor=2, mode="nearest")), 0.2)
        note("conv_up2", f)
        return self.conv_last(F.leaky_relu(self.conv_hr(f), 0.2))


class Compact(nn.Module):
    def __init__(self, convs=16, nf=64, scale=4, cin=3, cout=3):
        super().__init__()
        self.scale = scale
        seq = [c3(cin, nf), nn.PReLU(nf)]
        for _ in range(convs):
            seq += [c3(nf, nf), nn.PReLU(nf)]
        seq.append(c3(nf, cout * scale * scale))
        self.body = nn.ModuleList(seq)

    def forward(self, x):
        y = x
        for m in self.body:
            y = m(y)
        return F.pixel_shuffle(y, self.scale) + F.interpolate(x, scale_factor=self.scale, mode="nearest")


class SnConv(nn.Module):
    """conv without bias whose weight is divided by a power-iteration estimate of its spectral norm"""

    def __init__(self, i, o, k, s):
        super().__init__()
        self.s, self.p = s, 1
        self.weight_orig = nn.Parameter(torch.zeros(o, i, k, k))
        self.register_buffer("weight_u", torch.zeros(o))
        self.register_buffer("weight_v", torch.zeros(i * k * k))

    def forward(self, x):
        w = self.weight_orig
        m = w.flatten(1)
        if self.training:
            with torch.no_grad():
                v = F.normalize(m.t() @ self.weight_u, dim=0, eps=1e-12)
                u = F.normalize(m @ v, dim=0, eps=1e-12)
                self.weight_u.copy_(u)
                self.weight_v.copy_(v)
        sigma = torch.dot(self.weight_u.clone(), m @ self.weight_v.clone())
        return F.conv2d(x, w / sigma, None, self.s, self.p)


class UNetDisc(nn.Module):
    def __init__(self, cin=3, nf=64, skip=True):
        super().__init__()
        self.skip = skip
        self.conv0 = c3(cin, nf)
        for i in range(3):
            setattr(self, f"conv{i + 1}", SnConv(nf << i, nf << (i + 1), 4, 2))
        for i in range(3):
            setattr(self, f"conv{i + 4}", SnConv(nf << (3 - i), nf << (2 - i), 3, 1))
        self.conv7, self.conv8 = SnConv(nf, nf, 3, 1), SnConv(nf, nf, 3, 1)
        self.conv9 = c3(nf, 1)

    def forward(self, x):
        a = lambda t: F.leaky_relu(t, 0.2)
        up = lambda t: F.interpolate(t, scale_factor=2, mode="bilinear", align_corners=False)
        x0 = a(self.conv0(x))
        x1 = a(self.conv1(x0))
        x2 = a(self.conv2(x1))
        y = a(self.conv3(x2))
        for conv, s in ((self.conv4, x2), (self.conv5, x1), (self.conv6, x0)):
            y = a(conv(up(y)))
            if self.skip:
                y = y + s
        return self.conv9(a(self.conv8(a(self.conv7(y)))))


# ----------------------------------------------------------------- EfficientNet-Lite
LITE = {0: (1.0, 1.0, 224, 0.2), 1: (1.0, 1.1, 240, 0.2), 2: (1.1, 1.2, 260, 0.3), 3: (1.2, 1.4, 280, 0.3), 4: (1.4, 1.8, 300, 0.3)}
STAGES = [(1, 3, 1, 1, 32, 16), (2, 3, 2, 6, 16, 24), (2, 5, 2, 6, 24, 40), (3, 3, 2, 6, 40, 80), (3, 5, 1, 6, 80, 112), (4, 5, 2, 6, 112, 192), (1, 3, 1, 6, 192, 320)]


def round_ch(c, w):
    c = c * w
    r = max(8, int(c + 4) // 8 * 8)
    return r + 8 if r < 0.9 * c else r


def lite_blocks(variant):
    """list of (kernel, stride, expand, cin, cout)"""
    w, d, _, _ = LITE[variant]
    out = []
    for i, (r, k, s, e, ci, co) in enumerate(STAGES):
        ci = 32 if i == 0 else round_ch(ci, w)
        co = round_ch(co, w)
        r = r if i in (0, 6) else math.ceil(d * r)
        for j in range(r):
            out.append((k, s if j == 0 else 1, e, ci if j == 0 else co, co))
    return out


class SameConv(nn.Conv2d):
    def forward(self, x):
        pads = []
        for n, k, s in ((x.shape[3], self.kernel_size[1], self.stride[1]), (x.shape[2], self.kernel_size[0], self.stride[0])):
            t = max((math.ceil(n / s) - 1) * s + k - n, 0)
            pads += [t // 2, t - t // 2]
        return F.conv2d(F.pad(x, pads), self.weight, self.bias, self.stride, 0, 1, self.groups)


def bn(c):
    return nn.BatchNorm2d(c, eps=1e-3, momentum=0.01)


class MbBlock(nn.Module):
    def __init__(self, k, s, e, ci, co):
        super().__init__()
        m = ci * e
        self.res = s == 1 and ci == co
        if e != 1:
            self._expand_conv, self._bn0 = SameConv(ci, m, 1, bias=False), bn(m)
        self._depthwise_conv, self._bn1 = SameConv(m, m, k, s, groups=m, bias=False), bn(m)
        self._project_conv, self._bn2 = SameConv(m, co, 1, bias=False), bn(co)

    def forward(self, x):
        y = x
        if hasattr(self, "_expand_conv"):
            y = F.relu6(self._bn0(self._expand_conv(y)))
        y = F.relu6(self._bn1(self._depthwise_conv(y)))
        y = self._bn2(self._project_conv(y))
        return x + y if self.res else y


class Lite(nn.Module):
    def __init__(self, variant=0, classes=1000):
        super().__init__()
        cfg = lite_blocks(variant)
        self._conv_stem, self._bn0 = SameConv(3, 32, 3, 2, bias=False), bn(32)
        self._blocks = nn.ModuleList([MbBlock(*c) for c in cfg])
        self._conv_head, self._bn1 = SameConv(cfg[-1][4], 1280, 1, bias=False), bn(1280)
        self._fc = nn.Linear(1280, classes)
        # index of the last block at each of the strides 2, 4, 8, 16, 32
        self.taps = [i for i in range(len(cfg)) if i + 1 == len(cfg) or cfg[i + 1][1] == 2]

    def forward(self, x):
        x = F.relu6(self._bn0(self._conv_stem(x)))
        feats = []
        for i, b in enumerate(self._blocks):
            x = b(x)
            if i in self.taps:
                feats.append(x)
        x = F.relu6(self._bn1(self._conv_head(x)))
        return feats, self._fc(x.mean((2, 3)))


# ----------------------------------------------------------------- VGG19 up to conv5_4
VGG = [(64, 2), (128, 2), (256, 4), (512, 4), (512, 4)]


def vgg_shapes():
    out, idx, ci = {}, 0, 3
    for co, n in VGG:
        for _ in range(n):
            out[f"features.{idx}.weight"], out[f"features.{idx}.bias"] = (co, ci, 3, 3), (co,)
            ci, idx = co, idx + 2
        idx += 1
    return out


VGG_TAP = {2: ("conv1_2", 0.1), 7: ("conv2_2", 0.1), 16: ("conv3_4", 1.0), 25: ("conv4_4", 1.0), 34: ("conv5_4", 1.0)}


def vgg_features(sd, x):
    x = (x - torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1)) / torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1)
    out, idx = {}, 0
    for _, n in VGG:
        for _ in range(n):
            x = F.conv2d(x, sd[f"features.{idx}.weight"], sd[f"features.{idx}.bias"], padding=1)
            if idx in VGG_TAP:
                out[VGG_TAP[idx][0]] = x
            x = F.relu(x)
            idx += 2
        x = F.max_pool2d(x, 2, 2)
        idx += 1
    return out


# ----------------------------------------------------------------- degradation primitives
def axis(n):
    return np.arange(n, dtype=np.float64) - (n - 1) / 2


def quad_form(n, sx, sy, th):
    r = np.array([[math.cos(th), -math.sin(th)], [math.sin(th), math.cos(th)]])
    inv = np.linalg.inv(r @ np.diag([sx * sx, sy * sy]) @ r.T)
    x, y = np.meshgrid(axis(n), axis(n))
    return inv[0, 0] * x * x + 2 * inv[0, 1] * x * y + inv[1, 1] * y * y


def blur_kernel(kind, n, sx, sy=None, th=0.0, beta=1.0):
    q = quad_form(n, sx, sx if sy is None else sy, th)
    k = {"gauss": lambda: np.exp(-0.5 * q), "generalized": lambda: np.exp(-0.5 * q ** beta), "plateau": lambda: 1 / (q ** beta + 1)}[kind]()
    return k / k.sum()


def bessel_j1(x):
    """J1 by Simpson integration of (1/pi) * int_0^pi cos(t - x sin t) dt; ample for kernels"""
    t = np.linspace(0, math.pi, 2001)
    w = np.ones(2001)
    w[1:-1:2], w[2:-1:2] = 4, 2
    w *= (t[1] - t[0]) / 3
    return (np.cos(t[None] - np.asarray(x).reshape(-1, 1) * np.sin(t)[None]) @ w / math.pi).reshape(np.shape(x))


def sinc_kernel(n, cutoff, pad_to=0):
    x, y = np.meshgrid(axis(n), axis(n))
    r = np.sqrt(x * x + y * y)
    k = np.where(r > 0, cutoff * bessel_j1(cutoff * r) / (2 * math.pi * np.where(r > 0, r, 1)), cutoff ** 2 / (4 * math.pi))
    k = k / k.sum()
    p = max(0, (pad_to - n) // 2)
    return np.pad(k, p)


def filter2d(img, k):
    """img NxCxHxW, k: one kernel (KxK) or one per sample (NxKxK); correlation with reflect padding"""
    n, c, h, w = img.shape
    k = k if k.dim() == 3 else k[None].expand(n, -1, -1)
    p = k.shape[-1] // 2
    x = F.pad(img, (p, p, p, p), mode="reflect").reshape(1, n * c, h + 2 * p, w + 2 * p)
    return F.conv2d(x, k.repeat_interleave(c, 0)[:, None], groups=n * c).view(n, c, h, w)


def usm(img, weight=0.5, size=51, thr=10):
    s = 0.3 * ((size - 1) * 0.5 - 1) + 0.8
    g = np.exp(-axis(size) ** 2 / (2 * s * s))
    g /= g.sum()
    k = torch.from_numpy(np.outer(g, g).astype(np.float32))
    res = img - filter2d(img, k)
    m = filter2d((res.abs() * 255 > thr).float(), k)
    return m * (img + weight * res).clamp(0, 1) + (1 - m) * img


QY = np.array([[16, 11, 10, 16, 24, 40, 51, 61], [12, 12, 14, 19, 26, 58, 60, 55], [14, 13, 16, 24, 40, 57, 69, 56], [14, 17, 22, 29, 51, 87, 80, 62],
               [18, 22, 37, 56, 68, 109, 103, 77], [24, 35, 55, 64, 81, 104, 113, 92], [49, 64, 78, 87, 103, 121, 120, 101], [72, 92, 95, 98, 112, 100, 103, 99]], np.float64)
QC = np.full((8, 8), 99.0)
QC[:4, :4] = [[17, 18, 24, 47], [18, 21, 26, 66], [24, 26, 56, 99], [47, 66, 99, 99]]


def dct_matrix():
    k, n = np.arange(8)[:, None], np.arange(8)[None]
    d = np.cos((2 * n + 1) * k * math.pi / 16) * 0.5
    d[0] /= math.sqrt(2)
    return d


def soft_jpeg(img, quality, transposed_luma=True):
    """JPEG round trip in floating point; transposed_luma reproduces the published training code's table orientation"""
    n, c, h, w = img.shape
    f = (5000.0 / quality if quality < 50 else 200 - 2 * quality) / 100
    x = F.pad(img, (0, -w % 16, 0, -h % 16)).double() * 255
    m = torch.tensor([[0.299, 0.587, 0.114], [-0.168736, -0.331264, 0.5], [0.5, -0.418688, -0.081312]], dtype=torch.float64)
    ycc = torch.einsum("ij,njhw->nihw", m, x)
    ycc[:, 1:] += 128
    planes = [ycc[:, 0], F.avg_pool2d(ycc[:, 1:2], 2)[:, 0], F.avg_pool2d(ycc[:, 2:3], 2)[:, 0]]
    d = torch.from_numpy(dct_matrix())
    rec = []
    for i, p in enumerate(planes):
        q = torch.from_numpy((QY.T if transposed_luma else QY) if i == 0 else QC) * f
        b = p.unfold(1, 8, 8).unfold(2, 8, 8) - 128
        co = torch.round(d @ b @ d.t() / q) * q
        b = d.t() @ co @ d + 128
        rec.append(b.permute(0, 1, 3, 2, 4).reshape(p.shape))
    y, cb, cr = rec[0], *(F.interpolate(r[:, None], scale_factor=2, mode="nearest")[:, 0] - 128 for r in rec[1:])
    rgb = torch.stack([y + 1.402 * cr, y - 0.344136 * cb - 0.714136 * cr, y + 1.772 * cb], 1)
    return (rgb.clamp(0, 255) / 255)[:, :, :h, :w].float()
