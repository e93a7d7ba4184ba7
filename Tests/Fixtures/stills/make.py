#!/usr/bin/env python3
"""Makes the pictures of this folder: kinds of files that the still writer does not write itself.

Needs Pillow 10 or later and numpy. Run it in this folder; the files are compared by what they decode to, so another
version's bytes will do. Every picture is 8 x 6 (unless its name says otherwise) with red = 30 x, green = 40 y,
blue = 255 - 30 x, which the tests repeat.
"""
import struct

import numpy as np
from PIL import Image

W, H = 8, 6
y, x = np.mgrid[0:H, 0:W]
rgb = np.stack([30 * x, 40 * y, 255 - 30 * x], axis=2).astype(np.uint8)
grey = (30 * x + 2 * y).astype(np.uint8)


def profile(space, tags):
    """An ICC version 2 display profile with the given tags."""
    table, data = b"", b""
    offset = 128 + 4 + 12 * len(tags)
    for name, payload in tags.items():
        payload += b"\0" * (-len(payload) % 4)
        table += name + struct.pack(">II", offset + len(data), len(payload))
        data += payload
    size = offset + len(data)
    head = struct.pack(">I4sI4s4s4s", size, b"none", 0x02100000, b"mntr", space, b"XYZ ")
    head += struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp" + b"\0" * 28
    head += struct.pack(">3I", 0xF6D6, 0x10000, 0xD32D) + b"none"
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + data


def xyz(a, b, c):
    return b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(v * 65536) for v in (a, b, c)))


def gamma(value):
    return b"curv\0\0\0\0" + struct.pack(">IH", 1, round(value * 256))


def desc(text):
    text = text.encode() + b"\0"
    return b"desc\0\0\0\0" + struct.pack(">I", len(text)) + text + b"\0" * 78


WHITE = xyz(0.9642, 1.0, 0.8249)
COPYRIGHT = b"text\0\0\0\0public domain\0"
# sRGB's primaries (adapted to D50) with red and blue exchanged: converting to sRGB exchanges the channels.
SWAPPED = profile(b"RGB ", {
    b"desc": desc("red and blue exchanged"), b"cprt": COPYRIGHT, b"wtpt": WHITE,
    b"rXYZ": xyz(0.14307, 0.06061, 0.71417), b"gXYZ": xyz(0.38515, 0.71687, 0.09708),
    b"bXYZ": xyz(0.43607, 0.22249, 0.01392),
    b"rTRC": gamma(2.2), b"gTRC": gamma(2.2), b"bTRC": gamma(2.2)})
LINEAR_GREY = profile(b"GRAY", {
    b"desc": desc("linear grey"), b"cprt": COPYRIGHT, b"wtpt": WHITE, b"kTRC": gamma(1.0)})

open("swapped.icc", "wb").write(SWAPPED)
open("linear-grey.icc", "wb").write(LINEAR_GREY)

color = Image.fromarray(rgb)
# Large flat patches: JPEG keeps their middles to within a few values.
patches = Image.fromarray(np.repeat(np.repeat(rgb[::3, ::4], 32, axis=0), 32, axis=1))
patches.convert("CMYK").save("cmyk-64x64.jpg", quality=95)
color.convert("CMYK").save("cmyk.tif")
color.quantize(48, dither=0).save("palette.png")
color.quantize(48, dither=0).save("palette.tif")
Image.fromarray(grey > 120).save("one-bit.png")
Image.fromarray(grey > 120).save("one-bit.tif", compression="group4")
Image.fromarray(grey.astype(np.float32) / 255).save("float.tif")
Image.fromarray(grey.astype(np.int32) * 1000).save("int32.tif")
color.save("two-pages.tif", save_all=True, append_images=[color.rotate(180)])
color.save("two-frames.webp", save_all=True, append_images=[color.rotate(180)], lossless=True)
color.save("animated.gif")
color.save("windows.bmp")
color.convert("LAB").save("lab.tif")
patches.save("progressive-64x64.jpg", quality=90, progressive=True)
color.save("tagged.tif", tiffinfo={270: "a drawer of photographs", 271: "Scanner works", 306: "1999:12:31 23:59:59",
                                  33432: "nobody"}, dpi=(300, 300))
# The same 8 x 6 picture, stored as each orientation tag says.
TURNS = {1: None, 2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180,
         4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_90,
         7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_270}
for tag, turn in TURNS.items():
    (color.transpose(turn) if turn is not None else color).save(f"orientation-{tag}.tif", tiffinfo={274: tag})
noise = np.random.default_rng(7).integers(0, 255, (64, 64, 3), dtype=np.uint8)
Image.fromarray(noise).save("noise-64x64.jpg", quality=95, exif=b"Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0")


def png_chunk(kind, payload):
    import zlib
    return struct.pack(">I", len(payload)) + kind + payload + struct.pack(">I", zlib.crc32(kind + payload))


# 60,000 x 60,000 pixels in a hundred bytes.
open("bomb.png", "wb").write(
    b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", struct.pack(">IIBBBBB", 60000, 60000, 8, 2, 0, 0, 0))
    + png_chunk(b"IDAT", b"x\x9c\x63\0\0") + png_chunk(b"IEND", b""))
