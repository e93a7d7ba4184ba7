"""Writes tensors.safetensors: what PyTorch 2.11.0 answers on the CPU to every case of Tests/HeirloomTensorsTests/Cases.

    python make_tensors.py        (needs torch and safetensors)

Names in the file, for a case called NAME:
    NAME:inI      input I
    NAME:outI     output I
    NAME:weightI  gradient that flows into output I, where it has one
    NAME:gradI    gradient of input I, where it has one
An input is wanted a gradient of when it is floating point and not wrapped in `fixed`.
"""

import pathlib

import torch
import torch.nn.functional as F
from safetensors.torch import save_file

random = torch.Generator().manual_seed(20)
file = {}


class fixed:
    """An input that no gradient is asked of."""

    def __init__(self, tensor):
        self.tensor = tensor


def normal(*shape):
    return torch.randn(shape, generator=random)


def uniform(*shape, low=0.0, high=1.0):
    return low + (high - low) * torch.rand(shape, generator=random)


def integers(*shape, high, low=0):
    return torch.randint(low, high, shape, generator=random)


def case(name, function, *inputs):
    assert f"{name}:out0" not in file, name
    wants = [not isinstance(x, fixed) and x.is_floating_point() for x in inputs]
    inputs = [x.tensor if isinstance(x, fixed) else x for x in inputs]
    # Stored before the call, because some functions write into their inputs.
    for i, x in enumerate(inputs):
        file[f"{name}:in{i}"] = x.clone()
    leaves = [x.clone().requires_grad_(want) for x, want in zip(inputs, wants)]
    outputs = function(*leaves)
    outputs = list(outputs) if isinstance(outputs, (tuple, list)) else [outputs]
    differentiable = {j: y for j, y in enumerate(outputs) if y.requires_grad}
    weights = {j: normal(*y.shape) for j, y in differentiable.items()}
    for j, y in enumerate(outputs):
        file[f"{name}:out{j}"] = y.detach().clone().contiguous()
    if not differentiable:
        return
    wanted = [i for i, want in enumerate(wants) if want]
    gradients = torch.autograd.grad(
        list(differentiable.values()), [leaves[i] for i in wanted], list(weights.values()), allow_unused=True)
    for j, weight in weights.items():
        file[f"{name}:weight{j}"] = weight
    for i, gradient in zip(wanted, gradients):
        if gradient is not None:
            file[f"{name}:grad{i}"] = gradient.clone().contiguous()


def as_complex(function):
    """Complex numbers are stored as real ones with a last axis of two."""

    def on_reals(x):
        y = function(torch.view_as_complex(x))
        return torch.view_as_real(y.resolve_conj()) if y.is_complex() else y

    return on_reals


# Creation and randomness

case("zeros", lambda: torch.zeros(2, 3))
case("ones", lambda: torch.ones(2, 3, dtype=torch.int64))
case("full", lambda: torch.full((2, 1), -2.5))
case("full scalar", lambda: torch.full((), 3.25))
case("range", lambda: torch.arange(1, 6.5, 0.75))
case("range of integers", lambda: torch.arange(0, 5, dtype=torch.int64))
case("linspace", lambda: torch.linspace(-1, 2, 7))
case("identity", lambda: torch.eye(3))
case("uniform", lambda: torch.empty(3, 5).uniform_(-2, 5, generator=torch.Generator().manual_seed(7)))
case("normal", lambda: torch.empty(4, 9).normal_(1, 0.5, generator=torch.Generator().manual_seed(7)))
case("integers", lambda: torch.empty(3, 5, dtype=torch.int64).random_(-3, 9, generator=torch.Generator().manual_seed(7)))
case("permutation", lambda: torch.randperm(11, generator=torch.Generator().manual_seed(7)))

# Elementwise

x = normal(3, 7)
positive = uniform(3, 7, low=0.2, high=3)
for name, function in {
    "-x": torch.neg, "abs": torch.abs, "exp": torch.exp, "expm1": torch.expm1, "squared": torch.square,
    "sin": torch.sin, "cos": torch.cos, "atan": torch.atan, "erf": torch.erf, "tanh": torch.tanh,
    "sigmoid": torch.sigmoid, "logSigmoid": F.logsigmoid, "relu": torch.relu, "relu6": lambda x: F.relu6(3 * x),
    "silu": F.silu, "gelu": F.gelu, "softplus": F.softplus, "leakyRelu": lambda x: F.leaky_relu(x, 0.2),
    "softmax": lambda x: torch.softmax(x, 1), "logSoftmax": lambda x: torch.log_softmax(x, 0),
    "x + 1.5": lambda x: x + 1.5, "x - 1.5": lambda x: x - 1.5, "x * 1.5": lambda x: x * 1.5,
    "x / 1.5": lambda x: x / 1.5, "1.5 + x": lambda x: 1.5 + x, "1.5 - x": lambda x: 1.5 - x,
    "1.5 * x": lambda x: 1.5 * x, "remainder": lambda x: torch.remainder(x, 0.4),
    "clamped to both": lambda x: x.clamp(-0.5, 0.7), "clamped from": lambda x: x.clamp(min=-0.5),
    "clamped through": lambda x: x.clamp(max=0.7), "power of 3": lambda x: torch.pow(3, x),
    "raised to 2": lambda x: torch.pow(x, 2),
}.items():
    case(name, function, x)
for name, function in {
    "log": torch.log, "log1p": torch.log1p, "log10": torch.log10, "log2": torch.log2, "sqrt": torch.sqrt,
    "rsqrt": torch.rsqrt, "reciprocal": torch.reciprocal, "1.5 / x": lambda x: 1.5 / x,
    "raised to 0.4": lambda x: torch.pow(x, 0.4),
}.items():
    case(name, function, positive)
case("logit", torch.logit, uniform(3, 7, low=0.1, high=0.9))

halves = torch.tensor([-2.5, -1.5, -0.5, -0.2, 0.0, 0.5, 1.5, 2.5, 2.7])
odd = torch.tensor([1.0, float("nan"), float("inf"), -float("inf"), 0.0])
case("floor", torch.floor, fixed(halves))
case("ceil", torch.ceil, fixed(halves))
case("rounded", torch.round, fixed(halves))
case("truncated", torch.trunc, fixed(halves))
case("sign", torch.sign, fixed(halves))
case("isFinite", torch.isfinite, fixed(odd))
case("isNaN", torch.isnan, fixed(odd))

z = normal(3, 4, 2)
case("angle", as_complex(torch.angle), z)
case("abs of complex", as_complex(torch.abs), z)
case("real", as_complex(torch.real), z)
case("imaginary", as_complex(torch.imag), z)
case("conjugate", as_complex(torch.conj), z)

a, b = normal(2, 1, 4), normal(3, 1)
case("a + b", torch.add, a, b)
case("a - b", torch.sub, a, b)
case("a * b", torch.mul, a, b)
case("a / b", torch.div, a, uniform(3, 1, low=0.5, high=2))
case("a += b", torch.add, a, b)
case("a -= b", torch.sub, a, b)
case("a *= b", torch.mul, a, b)
case("raised to tensor", torch.pow, uniform(2, 1, 4, low=0.3, high=2), b)
case("maximum", torch.maximum, a, b)
case("minimum", torch.minimum, a, b)
case("atan2", torch.atan2, a, b)
case("interpolated", lambda a, b: torch.lerp(a, b, 0.3), normal(3, 4), normal(3, 4))

i, j = integers(3, 4, high=4), integers(3, 4, high=4)
for name, function in {
    ".==": torch.eq, ".!=": torch.ne, ".<": torch.lt, ".<=": torch.le, ".>": torch.gt, ".>=": torch.ge,
}.items():
    case(f"i {name} j", function, i, j)
    if name != ".!=":
        case(f"i {name} 2", lambda i: function(i, 2), i)
yes, no = integers(3, 4, high=2).bool(), integers(3, 4, high=2).bool()
case("a .& b", torch.logical_and, yes, no)
case("a .| b", torch.logical_or, yes, no)
case(".! a", torch.logical_not, yes)
case("filled", lambda x, mask: x.masked_fill(mask, -7.5), normal(3, 4), yes)
case("where", torch.where, yes, normal(3, 4), normal(1, 4))
case("integers + 2", lambda i: i + 2, i)
case("integers / 2", lambda i: i / 2, i)
case("integers clamped", lambda i: i.clamp(1, 2), i)

# Reductions

y = normal(3, 4, 5)
case("sum of all", torch.sum, y)
case("sum over axes", lambda y: y.sum((0, -1)), y)
case("sum keeping", lambda y: y.sum(1, keepdim=True), y)
case("sum of bytes", torch.sum, integers(20, high=256).to(torch.uint8))
case("mean of all", torch.mean, y)
case("mean over axes", lambda y: y.mean((1, 2), keepdim=True), y)
case("product of all", torch.prod, y / 2)
case("product over axes", lambda y: y.prod(2).prod(0), y)
case("product keeping", lambda y: y.prod(2, keepdim=True).prod(1, keepdim=True), y)
case("max of all", torch.amax, y)
case("max over axes", lambda y: y.amax((0, 2)), y)
case("min over axes", lambda y: y.amin((0, 2), keepdim=True), y)
case("any", lambda m: m.any(1), yes & no)
case("any of all", torch.any, yes & no)
case("all", lambda m: m.all(0), yes | no)
case("all of all", torch.all, yes | no)
case("standardDeviation", lambda y: y.std((1, 2), correction=0), y)
case("standardDeviation unbiased", lambda y: y.std((0, 1, 2), correction=1), y)
case("variance", lambda y: y.var((0,), correction=0, keepdim=True), y)
case("variance unbiased", lambda y: y.var((1, 2), correction=1), y)
case("logSumExp", lambda y: y.logsumexp((0, 2)), y)
case("norm", lambda y: torch.linalg.vector_norm(y, 2, (1,)), y)
case("norm of all", torch.linalg.vector_norm, y)
case("argmax", lambda y: y.argmax(1), y)
case("argmin", lambda y: y.argmin(-1, keepdim=True), y)
case("median", lambda y: y.median(1).values, y)
case("quantile", lambda y: y.quantile(0.3, 2), y)
case("cumulativeSum", lambda y: y.cumsum(1), y)
case("sorted", lambda y: y.sort(2), y)
case("sorted descending", lambda y: y.sort(0, descending=True), y)
case("top", lambda y: y.topk(3), y)
case("top smallest", lambda y: y.topk(2, 1, largest=False), y)
case("binCounts", lambda i: torch.bincount(i, minlength=9), integers(40, high=7))

# Shape

case("reshaped", lambda y: y.reshape(2, -1, 3), y)
case("reshaped transposed", lambda y: y.permute(2, 0, 1).reshape(-1), y)
case("flattened", lambda y: y.flatten(1), y)
case("flattened in the middle", lambda y: y.flatten(1, 2), normal(2, 3, 2, 2))
case("transposed", lambda y: y.permute(2, 0, 1), y)
case("swappingAxes", lambda y: y.transpose(0, -1), y)
case("expanded", lambda x: x.expand(2, 3, -1), normal(3, 1))
case("unsqueezed", lambda y: y.unsqueeze(-1), y)
case("squeezed", lambda y: y.squeeze(1), normal(3, 1, 2))
case("flipped", lambda y: y.flip((0, 2)), y)
case("rolled", lambda y: y.roll(2, 1), y)
case("repeated", lambda x: x.repeat(2, 1, 3), normal(2, 2))
case("repeatedElements", lambda x: x.repeat_interleave(3, 1), normal(2, 2))
image = normal(1, 2, 4, 5)
case("padded constant", lambda x: F.pad(x, (1, 2, 3, 0), value=0.5), image)
case("padded reflect", lambda x: F.pad(x, (3, 1, 2, 2), mode="reflect"), image)
case("padded replicate", lambda x: F.pad(x, (3, 1, 2, 6), mode="replicate"), image)
case("padded circular", lambda x: F.pad(x, (3, 1, 2, 2), mode="circular"), image)
case("windows", lambda y: y.unfold(2, 3, 2), y)
case("pixelShuffled", lambda x: F.pixel_shuffle(x, 2), normal(1, 8, 2, 3))
case("pixelUnshuffled", lambda x: F.pixel_unshuffle(x, 2), normal(1, 2, 4, 6))
case("triangle upper", lambda x: x.triu(1), normal(2, 4, 3))
case("triangle lower", lambda x: x.tril(-1), normal(2, 4, 3))
case("diagonal", lambda x: x.diagonal(0, -2, -1), normal(2, 4, 3))
case("split", lambda y: y.split(2, 2), y)
case("concatenated", lambda *t: torch.cat(t, 1), normal(2, 3), normal(2, 1), normal(2, 2))
case("stacked", lambda *t: torch.stack(t, 1), normal(2, 3), normal(2, 3))

# Indexing

case("subscript index", lambda y: y[1], y)
case("subscript negative index", lambda y: y[-1, 2], y)
case("subscript ranges", lambda y: y[1:, 1:3, :-1], y)
case("subscript closed range", lambda y: y[:, 0:2 + 1], y)
case("subscript new axis and ellipsis", lambda y: y[None, ..., 2], y)
case("subscript ellipsis first", lambda y: y[..., 1:4, 0], y)
case("subscript step", lambda y: y[:, :, 1::2], y)
case("sliced", lambda y: y[:, 1:100:2], y)
case("selected", lambda y: y.select(1, -2), y)
case("gatheredRows", lambda y, k: y.index_select(1, k), y, torch.tensor([3, 0, 0]))
case("gathered", lambda y, k: y.gather(2, k), y, integers(3, 4, 2, high=5))
case("masked", torch.masked_select, normal(3, 4), yes)
case("scatterAdded", lambda x, k, s: x.scatter_add(1, k, s), normal(3, 4), integers(3, 6, high=4), normal(3, 6))

# Networks

photo = normal(2, 4, 6, 7)
case("conv2d", F.conv2d, photo, normal(3, 4, 3, 2), normal(3))
case("conv2d without bias", F.conv2d, photo, normal(3, 4, 3, 3))
case("conv2d strided, padded, dilated", lambda x, w, b: F.conv2d(x, w, b, (2, 1), (1, 2), (1, 2)), photo,
     normal(3, 4, 3, 2), normal(3))
case("conv2d grouped", lambda x, w, b: F.conv2d(x, w, b, padding=1, groups=2), photo, normal(6, 2, 3, 3), normal(6))
case("conv2d depthwise", lambda x, w: F.conv2d(x, w, padding=1, groups=4), photo, normal(4, 1, 3, 3))
case("conv2d channels last", lambda x, w, b: F.conv2d(x, w, b, (2, 2), (1, 1)), photo, normal(5, 4, 3, 3), normal(5))
case("conv1d", lambda x, w, b: F.conv1d(x, w, b, 2, 3, 2, 2), normal(2, 4, 15), normal(6, 2, 3), normal(6))
case("convTransposed2d", lambda x, w, b: F.conv_transpose2d(x, w, b, (2, 3), (1, 0), (1, 2)), normal(2, 4, 3, 4),
     normal(4, 3, 3, 2), normal(3))
case("convTransposed2d grouped", lambda x, w: F.conv_transpose2d(x, w, stride=2, groups=2), normal(1, 4, 3, 4),
     normal(4, 3, 2, 2))
case("linear", F.linear, normal(2, 3, 5), normal(4, 5), normal(4))
case("linear without bias", F.linear, normal(3, 5), normal(4, 5))


def batch_norm(training):
    def apply(x, w, b, mean, variance):
        mean, variance = mean.clone(), variance.clone()
        return F.batch_norm(x, mean, variance, w, b, training, 0.3, 1e-3), mean, variance

    return apply


statistics = fixed(normal(4)), fixed(uniform(4, low=0.5, high=2))
case("batchNormalized in training", batch_norm(True), photo, normal(4), normal(4), *statistics)
case("batchNormalized by running statistics", batch_norm(False), photo, normal(4), normal(4), *statistics)
case("groupNormalized", lambda x, w, b: F.group_norm(x, 2, w, b, 1e-4), photo, normal(4), normal(4))
case("layerNormalized", lambda x, w, b: F.layer_norm(x, (6, 7), w, b, 1e-4), photo, normal(6, 7), normal(6, 7))
case("layerNormalized without weights", lambda x: F.layer_norm(x, (7,), eps=1e-4), photo)
case("prelu", F.prelu, photo, normal(4))
case("prelu with one slope", F.prelu, photo, normal(1))
case("maxPooled", lambda x: F.max_pool2d(x, 2, 2), photo)
case("maxPooled padded, ceil", lambda x: F.max_pool2d(x, 3, 2, 1, ceil_mode=True), photo)
case("meanPooled", lambda x: F.avg_pool2d(x, 3, 2, 1), photo)
case("meanPooled without padding, ceil",
     lambda x: F.avg_pool2d(x, 3, 2, 1, ceil_mode=True, count_include_pad=False), photo)
case("meanPooled to grid", lambda x: F.adaptive_avg_pool2d(x, (4, 3)), photo)

small = normal(1, 2, 5, 6)
for height, width in (9, 4), (3, 13):
    for mode in "nearest", "nearest-exact", "area":
        case(f"resized {mode} {height}x{width}", lambda x: F.interpolate(x, (height, width), mode=mode), small)
    for mode in "bilinear", "bicubic":
        for align in False, True:
            case(f"resized {mode}{' aligned' if align else ''} {height}x{width}",
                 lambda x: F.interpolate(x, (height, width), mode=mode, align_corners=align), small)
        case(f"resized {mode} antialiased {height}x{width}",
             lambda x: F.interpolate(x, (height, width), mode=mode, antialias=True), small)

grid = uniform(1, 3, 4, 2, low=-1.4, high=1.4)
for mode in "bilinear", "nearest", "bicubic":
    for padding in "zeros", "border", "reflection":
        case(f"sampled {mode} {padding}", lambda x, g: F.grid_sample(x, g, mode, padding, False), small, grid)
case("sampled aligned", lambda x, g: F.grid_sample(x, g, align_corners=True), small, grid)
case("affineGrid", lambda t: F.affine_grid(t, (2, 3, 4, 5), False), normal(2, 2, 3))
case("affineGrid aligned", lambda t: F.affine_grid(t, (2, 3, 4, 5), True), normal(2, 2, 3))

q, k, v = normal(2, 3, 5, 4), normal(2, 3, 6, 4), normal(2, 3, 6, 4)
case("attention", lambda q, k, v: F.scaled_dot_product_attention(q, k, v, scale=0.3), q, k, v)
case("attention masked", lambda q, k, v, m: F.scaled_dot_product_attention(q, k, v, m, scale=0.3), q, k, v, normal(5, 6))


def gru(bidirectional):
    def apply(x, state, *weights):
        return torch._VF.gru(x, state, weights, True, 1, 0.0, True, bidirectional, True)

    return apply


def gru_weights(directions):
    return [t for _ in range(directions) for t in (normal(9, 4), normal(9, 3), normal(9), normal(9))]


case("gru", gru(False), normal(2, 5, 4), normal(1, 2, 3), *gru_weights(1))
case("gru bidirectional", gru(True), normal(2, 5, 4), normal(2, 2, 3), *gru_weights(2))

# Losses

guess, truth = 2 * normal(3, 4), normal(3, 4)
for reduction in "none", "mean", "sum":
    case(f"l1Loss {reduction}", lambda a, b: F.l1_loss(a, b, reduction=reduction), guess, truth)
    case(f"squaredLoss {reduction}", lambda a, b: F.mse_loss(a, b, reduction=reduction), guess, truth)
    case(f"huberLoss {reduction}", lambda a, b: F.huber_loss(a, b, reduction=reduction, delta=0.7), guess, truth)
    case(f"binaryCrossEntropy {reduction}",
         lambda a, b: F.binary_cross_entropy_with_logits(a, b, reduction=reduction), guess, fixed(uniform(3, 4)))
case("crossEntropy", F.cross_entropy, normal(5, 3), integers(5, high=3))
case("crossEntropy smoothed", lambda a, b: F.cross_entropy(a, b, label_smoothing=0.2), normal(5, 3), integers(5, high=3))

# Linear algebra

case("matmul", torch.matmul, normal(3, 4), normal(4, 2))
case("matmul of batches", torch.matmul, normal(2, 1, 3, 4), normal(5, 4, 2))
case("matmul with vector", torch.matmul, normal(3, 4), normal(4))
case("einsum", lambda a, b: torch.einsum("bij,bkj->bik", a, b), normal(2, 3, 4), normal(2, 5, 4))
square = normal(2, 3, 3) + 3 * torch.eye(3)
case("inverse", torch.linalg.inv, square)
case("solve", torch.linalg.solve, square, normal(2, 3, 2))
case("cholesky", lambda a: torch.linalg.cholesky(a @ a.mT + torch.eye(3)), square)


def eigh(a):
    values, vectors = torch.linalg.eigh(a + a.mT)
    # The sign of an eigenvector is the library's choice.
    return values, vectors.abs()


def svd(a):
    u, s, vh = torch.linalg.svd(a, full_matrices=False)
    return u.abs(), s, vh.abs()


case("eigenHermitian", eigh, normal(2, 3, 3))
case("svd", svd, normal(2, 4, 3))

# Fourier

signal = normal(2, 10)
case("fft", as_complex(lambda z: torch.fft.fft(z, dim=1)), normal(3, 4, 2))
case("fft of padded", as_complex(lambda z: torch.fft.fft(z, n=7, dim=0)), normal(3, 4, 2))
case("inverseFFT", as_complex(lambda z: torch.fft.ifft(z, n=3)), normal(3, 4, 2))
case("realFFT", lambda x: torch.view_as_real(torch.fft.rfft(x)), signal)
case("realFFT of cut", lambda x: torch.view_as_real(torch.fft.rfft(x, n=7)), signal)
case("inverseRealFFT", as_complex(lambda z: torch.fft.irfft(z)), normal(2, 6, 2))
case("inverseRealFFT odd", as_complex(lambda z: torch.fft.irfft(z, n=9)), normal(2, 5, 2))
case("realFFT2", lambda x: torch.view_as_real(torch.fft.rfft2(x)), normal(2, 5, 6))
case("inverseRealFFT2", as_complex(lambda z: torch.fft.irfft2(z, s=(5, 7))), normal(2, 5, 4, 2))
window = fixed(torch.hann_window(16))
case("stft", lambda x, w: torch.view_as_real(torch.stft(x, 16, 4, 16, w, return_complex=True)), normal(2, 40), window)
case("stft not centred",
     lambda x, w: torch.view_as_real(torch.stft(x, 16, 4, 16, w, center=False, return_complex=True)), normal(2, 40), window)
case("inverseSTFT", lambda z, w: torch.istft(torch.view_as_complex(z), 16, 4, 16, w, length=37), normal(2, 9, 11, 2), window)

# Conversion

wide = 300 * normal(12)
case("to float16", lambda x: x.half(), fixed(wide))
case("to bfloat16", lambda x: x.bfloat16(), fixed(wide))
case("to float64 and back", lambda x: x.double().float(), normal(12))
case("to int64", lambda x: x.long(), fixed(wide))
case("to bool", lambda x: x.bool(), integers(6, high=2))
case("from float16", lambda x: x.float(), fixed(wide.half()))
case("from bfloat16", lambda x: x.float(), fixed(wide.bfloat16()))

# The optimizer's step

def adamw(p, q, *gradients):
    parameters = [torch.nn.Parameter(p.clone()), torch.nn.Parameter(q.clone())]
    optimizer = torch.optim.AdamW(parameters, lr=0.02, betas=(0.8, 0.95), eps=1e-6, weight_decay=0.1, foreach=False)
    for step in range(3):
        parameters[0].grad, parameters[1].grad = gradients[2 * step], gradients[2 * step + 1]
        optimizer.step()
    states = [optimizer.state[p] for p in parameters]
    return [p.detach() for p in parameters] + [s["exp_avg"] for s in states] + [s["exp_avg_sq"] for s in states]


case("adamWStep", adamw, *[fixed(normal(*shape)) for _ in range(4) for shape in ((5,), (2, 3, 2, 2))])

path = pathlib.Path(__file__).with_name("tensors.safetensors")
save_file(file, path)
print(f"{path}: {sum(':out0' in name for name in file)} cases, {path.stat().st_size} bytes")
