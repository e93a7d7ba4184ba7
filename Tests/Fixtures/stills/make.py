#!/usr/bin/env python3
"""Makes the pictures of this folder: kinds of files that the still writer does not write itself.

Needs Pillow 10 or later and numpy. Run it in this folder; the files are compared by what they decode to, so another
version's bytes will do. Every picture is 8 x 6 (unless its name says otherwise) with red = 30 x, green = 40 y,
blue = 255 - 30 x, which the tests repeat.
"""
import struct
import zlib

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
    return struct.pack(">I", len(payload)) + kind + payload + struct.pack(">I", zlib.crc32(kind + payload))


# 60,000 x 60,000 pixels in a hundred bytes.
open("bomb.png", "wb").write(
    b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", struct.pack(">IIBBBBB", 60000, 60000, 8, 2, 0, 0, 0))
    + png_chunk(b"IDAT", b"x\x9c\x63\0\0") + png_chunk(b"IEND", b""))


def tiff(name, big, tile=None):
    """A TIFF file by hand: BigTIFF with a camera's tags, or one in tiles; Pillow writes neither."""
    size, wide = (8, "Q") if big else (4, "L")
    if tile:
        canvas = np.zeros((tile, tile, 3), np.uint8)
        canvas[:H, :W] = rgb
        data = canvas.tobytes()
    else:
        data = rgb.tobytes()
    head = 16 if big else 8
    tags = {
        256: (3, [W]), 257: (3, [H]), 258: (3, [8, 8, 8]), 259: (3, [1]), 262: (3, [2]), 277: (3, [3]),
    }
    if tile:
        tags |= {322: (3, [tile]), 323: (3, [tile]), 324: (4, [head]), 325: (4, [len(data)])}
    else:
        tags |= {273: (16 if big else 4, [head]), 278: (3, [H]), 279: (16 if big else 4, [len(data)])}
    camera = {0x9003: (2, b"1912:04:15 02:20:00\0"), 0x927C: (7, bytes([0xDE, 0xAD, 0xBE, 0xEF, 1]))}
    if big:
        tags |= {271: (2, b"Boxcamera & sons\0"), 0x8769: (18, None)}

    def directory(tags, at):
        table, values = b"", b""
        behind = at + (8 if big else 2) + len(tags) * (20 if big else 12) + size
        for tag, (kind, value) in sorted(tags.items()):
            if value is None:
                place = behind + len(values)
                values += directory(camera, place)
                count, field = 1, struct.pack("<" + wide, place)
            else:
                count = len(value)
                field = value if isinstance(value, bytes) else struct.pack(
                    "<%d%s" % (count, {3: "H", 4: "L", 16: "Q"}[kind]), *value)
                if len(field) > size:
                    place = behind + len(values)
                    values += field + b"\0" * (len(field) % 2)
                    field = struct.pack("<" + wide, place)
            table += struct.pack("<HH" + wide, tag, kind, count) + field.ljust(size, b"\0")
        return struct.pack("<Q" if big else "<H", len(tags)) + table + b"\0" * size + values

    start = head + len(data)
    header = struct.pack("<2sHHHQ", b"II", 43, 8, 0, start) if big else struct.pack("<2sHL", b"II", 42, start)
    open(name, "wb").write(header + data + directory(tags, start))


tiff("big.tif", True)
tiff("tiled.tif", False, 16)

# Adam7: seven passes, each with its own rows; Pillow reads it and does not write it.
lines = b""
for first_x, first_y, step_x, step_y in [
        (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]:
    for row in rgb[first_y::step_y, first_x::step_x]:
        if len(row):
            lines += b"\0" + row.tobytes()
open("interlaced.png", "wb").write(
    b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", struct.pack(">IIBBBBB", W, H, 8, 2, 0, 0, 1))
    + png_chunk(b"IDAT", zlib.compress(lines)) + png_chunk(b"IEND", b""))
