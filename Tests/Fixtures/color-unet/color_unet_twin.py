"""The colour network in PyTorch: the reference twin of Heirloom's `ColorUNet`.

Its decoder, attention and head use the same keys as the Swift module (a Swift property path is a key); its encoder keeps the
published names of EfficientNet-Lite, which `EfficientNetLite.publishedKeys` translates. It serves the parity tests and the
speed comparison; Heirloom itself never runs it.

Exact semantics
---------------
Input    `luma` [N,1,H,W] in 0...1: Y of BT.601 full range, from the gamma-coded sRGB values (no linearisation).
         H and W are multiples of 32, any aspect.
Output   `chroma` [N,2,H,W]: (Cb, Cr), each in -0.5...0.5 (0 is grey).
         R = Y + 1.402 Cr;  B = Y + 1.772 Cb;  G = (Y - 0.299 R - 0.114 B) / 0.587.

Encoder  EfficientNet-Lite0 without its head, keys as the published weights have them. The luma plane is copied to three
         channels and scaled x * 1.9921875 - 0.9921875 (which is (x255 - 127) / 128).
         Convolutions without bias, padding TensorFlow SAME computed from the actual input:
         total = max((ceil(n / s) - 1) * s + k - n, 0), total / 2 (rounded down) before, the rest after.
         Batch norm eps 1e-3, momentum 0.01. ReLU6 after the stem, the expansion and the depthwise convolution; none
         after the projection; identity added where stride is 1 and channels agree. No drop-connect.
         Taps: outputs of blocks 0, 2, 4, 10, 15 (strides 2, 4, 8, 16, 32; channels 16, 24, 40, 112, 320).

Decoder  Four blocks, from stride 32 to stride 2. Batch norm eps 1e-5, momentum 0.1.
         up   = pixelShuffle2(relu(shuffle.norm(shuffle.conv(x))))           1x1 convolution, no bias
         x    = concat(up, relu(skipNorm(tap)))                              in this order, over channels
         x    = relu(norm(conv(x)))                                          3x3, zero padding 1, no bias
         Taps in order 112, 40, 24, 16. After block 0 (stride 16) comes the self-attention.

Attention (SAGAN form), x [N,C,H,W] flattened to [N,C,P]:
         q, k = query(x), key(x) [N,C/8,P], v = value(x) [N,C,P]             1x1 convolutions, no bias
         weights = softmax over keys of (q^T k), no 1/sqrt scaling           [N,P(query),P(key)]
         y = x + gamma * (v weights^T)                                       gamma [1], 0 at the start

Head     3x3 convolution with bias to 8 channels, pixel shuffle by 2 to two channels at full size,
         chroma = 0.5 * tanh(that).

Pixel shuffle is PyTorch's: output channel c at (2y+i, 2x+j) reads input channel 4c + 2i + j at (y, x).

Start    Encoder: the ImageNet weights. New convolutions: Kaiming normal, fan-in, gain sqrt 2; shuffle convolutions ICNR
         (a Kaiming kernel for a quarter of the outputs, each row four times in a row). Head: normal,
         deviation 0.01, ICNR likewise, bias 0. Batch norms weight 1, bias 0. Attention
         convolutions Kaiming normal, gamma 0.
"""

import torch
from torch import nn
from torch.nn import functional as F

# (repeats, kernel, stride, expansion, input channels, output channels) of EfficientNet-Lite0's seven stages.
LITE0_STAGES = [
    (1, 3, 1, 1, 32, 16),
    (2, 3, 2, 6, 16, 24),
    (2, 5, 2, 6, 24, 40),
    (3, 3, 2, 6, 40, 80),
    (3, 5, 1, 6, 80, 112),
    (4, 5, 2, 6, 112, 192),
    (1, 3, 1, 6, 192, 320),
]
TAP_BLOCKS = (0, 2, 4, 10, 15)
TAP_CHANNELS = (16, 24, 40, 112, 320)

# Of each decoder block: channels after the pixel shuffle, channels after the 3x3 convolution.
DECODER_UP = (128, 64, 48, 32)
DECODER_OUT = (192, 96, 64, 32)


class SameConv2d(nn.Conv2d):
    """A convolution without bias whose zero padding is TensorFlow's SAME for the actual input size."""

    def __init__(self, inputs, outputs, kernel, stride=1, groups=1):
        super().__init__(inputs, outputs, kernel, stride=stride, groups=groups, bias=False)

    def forward(self, x):
        k, s = self.kernel_size[0], self.stride[0]
        pads = []
        for n in (x.shape[-1], x.shape[-2]):
            total = max((-(-n // s) - 1) * s + k - n, 0)
            pads += [total // 2, total - total // 2]
        if pads[0] == pads[1] == pads[2] == pads[3]:
            return F.conv2d(x, self.weight, None, s, pads[0], 1, self.groups)
        return F.conv2d(F.pad(x, pads), self.weight, None, s, 0, 1, self.groups)


def encoder_norm(channels):
    return nn.BatchNorm2d(channels, eps=1e-3, momentum=0.01)


class EncoderBlock(nn.Module):
    """One inverted-residual block of EfficientNet-Lite."""

    def __init__(self, inputs, outputs, kernel, stride, expansion):
        super().__init__()
        middle = inputs * expansion
        self.residual = stride == 1 and inputs == outputs
        self.expands = expansion != 1
        if self.expands:
            self._expand_conv = SameConv2d(inputs, middle, 1)
            self._bn0 = encoder_norm(middle)
        self._depthwise_conv = SameConv2d(middle, middle, kernel, stride, groups=middle)
        self._bn1 = encoder_norm(middle)
        self._project_conv = SameConv2d(middle, outputs, 1)
        self._bn2 = encoder_norm(outputs)

    def forward(self, x):
        y = F.relu6(self._bn0(self._expand_conv(x))) if self.expands else x
        y = F.relu6(self._bn1(self._depthwise_conv(y)))
        y = self._bn2(self._project_conv(y))
        return x + y if self.residual else y


class EfficientNetLite0Encoder(nn.Module):
    """EfficientNet-Lite0 up to its last block; gives the five taps from stride 2 to stride 32."""

    def __init__(self):
        super().__init__()
        self._conv_stem = SameConv2d(3, 32, 3, 2)
        self._bn0 = encoder_norm(32)
        blocks = []
        for repeats, kernel, stride, expansion, inputs, outputs in LITE0_STAGES:
            for i in range(repeats):
                blocks.append(
                    EncoderBlock(inputs if i == 0 else outputs, outputs, kernel, stride if i == 0 else 1, expansion)
                )
        self._blocks = nn.ModuleList(blocks)

    def forward(self, x, last=TAP_BLOCKS[-1]):
        """The taps of the normalised RGB picture `x`, up to block `last`."""
        x = F.relu6(self._bn0(self._conv_stem(x)))
        taps = []
        for i, block in enumerate(self._blocks[: last + 1]):
            x = block(x)
            if i in TAP_BLOCKS:
                taps.append(x)
        return taps


class PixelShuffleUp(nn.Module):
    """1x1 convolution to four times the channels, batch norm, ReLU, pixel shuffle by 2."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.conv = nn.Conv2d(inputs, 4 * outputs, 1, bias=False)
        self.norm = nn.BatchNorm2d(4 * outputs)
        quarter = torch.empty(outputs, inputs, 1, 1)
        nn.init.kaiming_normal_(quarter)
        with torch.no_grad():
            self.conv.weight.copy_(quarter.repeat_interleave(4, 0))

    def forward(self, x):
        return F.pixel_shuffle(F.relu(self.norm(self.conv(x))), 2)


class DecoderBlock(nn.Module):
    """Doubles the size, joins the encoder's tap, mixes with one 3x3 convolution."""

    def __init__(self, inputs, skip, up, outputs):
        super().__init__()
        self.shuffle = PixelShuffleUp(inputs, up)
        self.skipNorm = nn.BatchNorm2d(skip)
        self.conv = nn.Conv2d(up + skip, outputs, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(outputs)
        nn.init.kaiming_normal_(self.conv.weight)

    def forward(self, x, skip):
        x = torch.cat([self.shuffle(x), F.relu(self.skipNorm(skip))], 1)
        return F.relu(self.norm(self.conv(x)))


class SelfAttention(nn.Module):
    """Self-attention over all positions, added with a learned factor that starts at 0."""

    def __init__(self, channels):
        super().__init__()
        self.query = nn.Conv2d(channels, channels // 8, 1, bias=False)
        self.key = nn.Conv2d(channels, channels // 8, 1, bias=False)
        self.value = nn.Conv2d(channels, channels, 1, bias=False)
        self.gamma = nn.Parameter(torch.zeros(1))
        for conv in (self.query, self.key, self.value):
            nn.init.kaiming_normal_(conv.weight)

    def forward(self, x):
        q, k, v = self.query(x).flatten(2), self.key(x).flatten(2), self.value(x).flatten(2)
        weights = torch.softmax(q.transpose(1, 2) @ k, -1)
        return x + self.gamma * (v @ weights.transpose(1, 2)).view_as(x)


class ColorUNet(nn.Module):
    """Luma in, (Cb, Cr) out."""

    def __init__(self):
        super().__init__()
        self.encoder = EfficientNetLite0Encoder()
        blocks, inputs = [], TAP_CHANNELS[-1]
        for skip, up, outputs in zip(TAP_CHANNELS[-2::-1], DECODER_UP, DECODER_OUT):
            blocks.append(DecoderBlock(inputs, skip, up, outputs))
            inputs = outputs
        self.decoder = nn.ModuleList(blocks)
        self.attention = SelfAttention(DECODER_OUT[0])
        self.head = nn.Conv2d(inputs, 8, 3, padding=1)
        quarter = torch.randn(2, inputs, 3, 3) * 0.01
        with torch.no_grad():
            self.head.weight.copy_(quarter.repeat_interleave(4, 0))
            self.head.bias.zero_()

    def forward(self, luma):
        x = luma.expand(-1, 3, -1, -1) * 1.9921875 - 0.9921875
        taps = self.encoder(x)
        x = self.attention(self.decoder[0](taps[4], taps[3]))
        for block, tap in zip(self.decoder[1:], taps[2::-1]):
            x = block(x, tap)
        return 0.5 * torch.tanh(F.pixel_shuffle(self.head(x), 2))


def load_imagenet_encoder(encoder, path):
    """Fills `encoder` from the published EfficientNet-Lite0 weights, whose head it leaves out."""
    state = torch.load(path, map_location="cpu", weights_only=True)
    dropped = ("_conv_head.", "_bn1.", "_fc.")
    encoder.load_state_dict({k: v for k, v in state.items() if not k.startswith(dropped)})


def luma_of(rgb):
    """BT.601 luma [N,1,H,W] of gamma-coded RGB in 0...1."""
    r, g, b = rgb.unbind(1)
    return (0.299 * r + 0.587 * g + 0.114 * b).unsqueeze(1)


def chroma_of(rgb):
    """(Cb, Cr) [N,2,H,W] in -0.5...0.5 of gamma-coded RGB in 0...1."""
    luma = luma_of(rgb)
    return torch.cat([(rgb[:, 2:3] - luma) / 1.772, (rgb[:, 0:1] - luma) / 1.402], 1)


def recombine(luma, chroma):
    """RGB of luma and (Cb, Cr), not clamped."""
    blue = luma + 1.772 * chroma[:, 0:1]
    red = luma + 1.402 * chroma[:, 1:2]
    return torch.cat([red, (luma - 0.299 * red - 0.114 * blue) / 0.587, blue], 1)
