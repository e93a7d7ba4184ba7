#!/usr/bin/env python3
"""Makes faces.safetensors: a grey portrait, and what the package facenet-pytorch 2.6.0 finds in it.

The portrait is samples/astronaut.jpg at 200 x 200. Beside the faces it keeps what each of the three networks says of a part of it.
"""
import os

import numpy as np
import torch
from facenet_pytorch import MTCNN
from PIL import Image
from safetensors.numpy import save_file
from torch.nn.functional import interpolate

here = os.path.dirname(os.path.abspath(__file__))
picture = Image.open(os.path.join(here, "../../../samples/astronaut.jpg")).convert("L").resize((200, 200), Image.BOX)
grey = np.array(picture)
finder = MTCNN(keep_all=True, min_face_size=20)
boxes, scores, points = finder.detect(picture.convert("RGB"), landmarks=True)

LEFT, TOP, SIDE = 60, 15, 60
part = torch.from_numpy(grey[TOP:TOP + SIDE, LEFT:LEFT + SIDE].astype(np.float32)).expand(1, 3, SIDE, SIDE)
with torch.no_grad():
    sized = [interpolate((part - 127.5) / 128, size=(side, side), mode="area") for side in (SIDE, 24, 48)]
    proposer = finder.pnet(sized[0])
    refiner = finder.rnet(sized[1])
    judge = finder.onet(sized[2])
path = os.path.join(here, "faces.safetensors")
numbers = {
    "boxes": boxes, "scores": scores, "points": points, "proposer.border": proposer[0], "proposer.score": proposer[1],
    "refiner.border": refiner[0], "refiner.score": refiner[1], "judge.border": judge[0], "judge.points": judge[1],
    "judge.score": judge[2],
}
save_file({"picture": grey} | {name: np.ascontiguousarray(value, dtype=np.float32) for name, value in numbers.items()}, path)
print(os.path.getsize(path), "bytes;", boxes, scores)
