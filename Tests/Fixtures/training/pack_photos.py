"""Packs photographs into Heirloom's packed store, for machines that have only Python and Pillow.

    pack_photos.py OUT.pack INPUT... [--short-side 160] [--limit N]

INPUT is a tar or a folder of photographs. A `manifest.csv` among them (columns `file`, and where known `source`, `licence`,
`group`) names origin, licence and group of each; without one the folder's name is the source and the licence "not stated".

The format (little endian; HeirloomDatasets reads it as PackedStore):
    header, 64 bytes   "HEIRPACK", uint32 version 1, uint32 kind 1 (RGB pictures), uint64 count, uint64 offset of the
                       index, uint64 offset and uint64 length of the metadata, uint64 file length, 8 zero bytes
    pictures           each at a multiple of 64 bytes: uint8 RGB, rows from top to bottom, no padding in a row
    index              32 bytes a picture: uint64 offset, uint32 width, height, group, label, flags, 0
                       (group and label 0xFFFFFFFF: none; flags 0)
    metadata           JSON: {"groups": [name], "sources": [{"name", "licence", "count"}],
                       "pictures": [{"name", "source": index}]}
"""

import argparse
import csv
import io
import json
import os
import struct
import tarfile

from PIL import Image, ImageOps

NONE = 0xFFFFFFFF
PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".bmp")


def files_of(path):
    """(name, bytes) of everything in a tar or a folder, the manifest first."""
    if os.path.isdir(path):
        names = sorted(os.path.join(folder, f) for folder, _, files in os.walk(path) for f in files)
        names.sort(key=lambda n: not n.endswith("manifest.csv"))
        for name in names:
            with open(name, "rb") as file:
                yield name, file.read()
    else:
        with tarfile.open(path) as tar:
            for member in tar:
                if member.isfile():
                    yield member.name, tar.extractfile(member).read()


def pictures_of(path):
    """(base name, Pillow picture, manifest row) of every picture."""
    rows = {}
    for name, data in files_of(path):
        base = os.path.basename(name)
        if base == "manifest.csv":
            rows = {row["file"]: row for row in csv.DictReader(io.StringIO(data.decode("utf-8")))}
        elif base.lower().endswith(PICTURES):
            try:
                picture = ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert("RGB")
            except (OSError, ValueError) as error:
                print(f"left out {name}: {error}")
                continue
            yield base, picture, rows.get(base, {"source": os.path.basename(os.path.abspath(path))})


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out")
    parser.add_argument("inputs", nargs="+")
    parser.add_argument("--short-side", type=int, default=160)
    parser.add_argument("--limit", type=int, default=None)
    options = parser.parse_args()

    groups, sources, entries, pictures = {}, {}, [], []
    partial = options.out + ".partial"
    with open(partial, "wb") as out:
        out.write(bytes(64))
        for path in options.inputs:
            for name, picture, row in pictures_of(path):
                if options.limit is not None and len(entries) >= options.limit:
                    break
                scale = options.short_side / min(picture.size)
                if scale < 1:
                    size = tuple(max(options.short_side, round(side * scale)) for side in picture.size)
                    picture = picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=3)
                out.write(bytes(-out.tell() % 64))
                group = row.get("group") or None
                group = NONE if group is None else groups.setdefault(group, len(groups))
                entries.append(struct.pack("<QIIIIII", out.tell(), *picture.size, group, NONE, 0, 0))
                source = sources.setdefault((row["source"], row.get("licence") or "not stated"), [len(sources), 0])
                source[1] += 1
                pictures.append({"name": name, "source": source[0]})
                out.write(picture.tobytes())
        out.write(bytes(-out.tell() % 64))
        index = out.tell()
        out.write(b"".join(entries))
        metadata = out.tell()
        text = json.dumps({
            "groups": list(groups),
            "sources": [{"name": n, "licence": l, "count": count} for (n, l), (_, count) in sources.items()],
            "pictures": pictures,
        }, ensure_ascii=False).encode("utf-8")
        out.write(text)
        end = out.tell()
        out.seek(0)
        out.write(struct.pack("<8sIIQQQQQQ", b"HEIRPACK", 1, 1, len(entries), index, metadata, len(text), end, 0))
        out.flush()
        os.fsync(out.fileno())
    os.replace(partial, options.out)
    print(f"{options.out}: {len(entries)} pictures, {len(sources)} sources, {len(groups)} groups, {end / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
