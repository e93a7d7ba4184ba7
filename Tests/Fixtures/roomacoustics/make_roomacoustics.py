"""Makes room.json: what pyroomacoustics hears in a small shoebox room.

Needs pyroomacoustics 0.10.1. Two microphones, reflections up to the third order, walls that absorb 35 % of the energy, no
absorption by air, no displacement of images. Heights are divided by what a free arrival at 1 m has there, so that the file
does not depend on the constant by which versions of the package differ.
"""

import json

import numpy as np
import pyroomacoustics as pra

size, absorption, order, rate, count = [3.1, 4.2, 2.5], 0.35, 3, 8000, 320
source, microphones = [1.3, 0.9, 1.5], [[2.2, 3.1, 1.1], [0.7, 2.0, 0.9]]

pra.constants.set("c", 343.0)
pra.constants.set("rir_hpf_enable", False)
room = pra.ShoeBox(size, fs=rate, materials=pra.Material(absorption), max_order=order, air_absorption=False)
room.add_source(source)
room.add_microphone_array(np.array(microphones).T)
room.compute_rir()

free = pra.AnechoicRoom(3, fs=rate)
free.add_source([0.0, 0.0, 0.0])
free.add_microphone_array(np.array([[343.0 / rate * 24, 0.0, 0.0]]).T)
free.compute_rir()
unit = np.abs(free.rir[0][0]).max() * 343.0 / rate * 24

# Its arrivals come half an interpolation filter late.
late = pra.constants.get("frac_delay_length") // 2
rows = []
for index in range(len(microphones)):
    response = np.zeros(count)
    whole = room.rir[index][0][late:][:count]
    response[: len(whole)] = whole
    rows.append([round(float(value), 7) for value in response / unit])

with open("room.json", "w") as file:
    json.dump(
        {"size": size, "absorption": absorption, "order": order, "rate": rate, "source": source,
         "microphones": microphones, "responses": rows}, file)
    file.write("\n")
