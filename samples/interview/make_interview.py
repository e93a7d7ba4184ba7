#!/usr/bin/env python3
"""Makes the interview of this folder anew: one talker, three recorders, a room that exists in numbers only.

    python3 samples/interview/make_interview.py [--packages FOLDER]

Needs numpy, scipy, soundfile, pyroomacoustics 0.10 and ffmpeg. The speech and the knocks come from two Debian packages; they
are downloaded with apt-get unless FOLDER holds them unpacked, each in a folder of its name. Equal inputs give equal files.
"""

import argparse
import pathlib
import subprocess
import tempfile

import numpy as np
import pyroomacoustics as pra
import scipy.signal as ss
import soundfile as sf

RATE = 16_000
SECONDS = 14.0
SPEECH = "asterisk-core-sounds-it-g722"
KNOCKS = "sonic-pi-samples"
PROMPTS = ["demo-abouttotry", "vm-intro"]
SHOTS = ["perc_snap", "perc_till", "elec_wood", "perc_door", "elec_flip"]
HERE = pathlib.Path(__file__).resolve().parent

# Start in seconds before (negative) or after the scene's begin, clock in parts per million, place in metres.
RECORDERS = [
    {"start": 0.0, "ppm": 0.0, "place": [2.55, 2.35, 0.76]},
    {"start": 0.83, "ppm": 47.0, "place": [3.3, 1.5, 0.80]},
    {"start": 0.31, "ppm": -62.0, "place": [1.2, 3.2, 0.95]},
]


def unpacked(folder, work):
    """Where the packages are, downloaded if need be."""
    if folder:
        return pathlib.Path(folder)
    for package in (SPEECH, KNOCKS):
        subprocess.run(["apt-get", "-qq", "download", package], cwd=work, check=True)
        (archive,) = pathlib.Path(work).glob(package + "_*.deb")
        subprocess.run(["dpkg-deb", "--extract", archive, pathlib.Path(work, package)], check=True)
    return pathlib.Path(work)


def find(root, package, name):
    return sorted(pathlib.Path(root, package).rglob(name))[0]


def speech(root, work):
    """The prompts, one after the other, a second of silence before and some between."""
    parts = [np.zeros(int(1.0 * RATE))]
    for name in PROMPTS:
        wav = pathlib.Path(work, name + ".wav")
        source = find(root, SPEECH, name + ".g722")
        subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", "-f", "g722", "-i", source, wav], check=True)
        sound, rate = sf.read(wav)
        assert rate == RATE
        parts += [sound / np.abs(sound).max(), np.zeros(int(0.5 * RATE))]
    return np.concatenate(parts)[: int(SECONDS * RATE)]


def knocks(root, random, length):
    """Somebody handles things on the table."""
    track = np.zeros(length)
    time = 0.4
    while time < SECONDS - 0.5:
        sound, rate = sf.read(find(root, KNOCKS, SHOTS[random.integers(len(SHOTS))] + ".flac"), always_2d=True)
        sound = ss.resample_poly(sound.mean(axis=1), RATE, rate)[: RATE // 2]
        sound = sound / np.abs(sound).max() * random.uniform(0.3, 1)
        start = int(time * RATE)
        end = min(length, start + len(sound))
        track[start:end] += sound[: end - start]
        time += random.uniform(0.5, 1.6)
    return track


def pink(random, length):
    spectrum = random.normal(size=length // 2 + 1) + 1j * random.normal(size=length // 2 + 1)
    spectrum /= np.sqrt(np.maximum(np.arange(length // 2 + 1), 40 * length / RATE))
    sound = np.fft.irfft(spectrum, length)
    return sound / sound.std()


def room(random):
    """Impulse responses, [recorder][source], and those of the talker up to 50 ms behind the direct sound."""
    size = [4.8, 4.1, 2.6]
    absorption, order = pra.inverse_sabine(0.4, size)
    box = pra.ShoeBox(
        size, fs=RATE, materials=pra.Material(absorption), max_order=order, use_rand_ism=True, max_rand_disp=0.05,
        air_absorption=False)
    box.add_source([2.1, 2.0, 1.2])
    box.add_source([2.9, 1.9, 0.78])
    box.add_microphone_array(np.array([recorder["place"] for recorder in RECORDERS]).T)
    box.compute_rir()
    talker = box.rir[0][0]
    distance = np.linalg.norm(np.array([2.1, 2.0, 1.2]) - RECORDERS[0]["place"])
    end = int((distance / 343 + 0.05) * RATE) + 40
    window = np.clip((end + 64 - np.arange(len(talker))) / 64, 0, 1)
    return box.rir, talker * window


def on_clock(sound, start, ppm):
    """The sound as a recorder samples it that starts late and whose clock is off, by a windowed sinc of 64 taps."""
    length = int((len(sound) / RATE - start) * RATE) - 64
    places = start * RATE + np.arange(length) / (1 + ppm * 1e-6)
    whole = np.floor(places).astype(int)
    taps = np.arange(-31, 33)
    offsets = taps[None, :] - (places - whole)[:, None]
    weights = np.sinc(offsets) * np.cos(np.pi * offsets / 66) ** 2
    padded = np.pad(sound, 40)
    return (padded[whole[:, None] + taps[None, :] + 40] * weights).sum(axis=1)


def automatic_gain(sound):
    """A phone's: 10 ms down, 600 ms up, 14 dB at most, ratio 4 above -24 dB."""
    gain, result = 0.0, np.empty_like(sound)
    piece = RATE // 200
    for start in range(0, len(sound), piece):
        part = sound[start : start + piece]
        level = 10 * np.log10((part**2).mean() + 1e-10)
        wanted = min((-24 - level) * 0.75, 14)
        memory = np.exp(-0.005 / (0.01 if wanted < gain else 0.6))
        gain = memory * gain + (1 - memory) * wanted
        result[start : start + piece] = part * 10 ** (gain / 20)
    return result


def band(sound, low, high, order=2):
    result = ss.sosfilt(ss.butter(order, low, "highpass", fs=RATE, output="sos"), sound)
    return ss.sosfiltfilt(ss.butter(4, high, fs=RATE, output="sos"), result) if high else result


def save(name, sound):
    sf.write(HERE / name, np.round(np.clip(sound, -1, 32767 / 32768) * 32768).astype(np.int16), RATE, format="FLAC")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--packages")
    arguments = parser.parse_args()
    random = np.random.default_rng(1883)
    pra.random.seed(1883, libroom=1883)  # the displacement of images is drawn from these
    with tempfile.TemporaryDirectory() as work:
        root = unpacked(arguments.packages, work)
        voice = speech(root, work)
        things = knocks(root, random, len(voice))
    responses, early = room(random)
    length = len(voice)

    def through(sound, response):
        return ss.fftconvolve(sound, response)[:length]

    heard = [through(voice, responses[i][0]) for i in range(3)]
    active = [np.sqrt((sound**2)[np.abs(sound) > 0.02 * np.abs(sound).max()].mean()) for sound in heard]
    tapped = [through(things, responses[i][1]) for i in range(3)]
    scale = 10 ** (-9 / 20) * np.median(active) / np.median([sound.std() for sound in tapped])
    files = []
    for index, recorder in enumerate(RECORDERS):
        # Ventilation comes from everywhere: each recorder hears its own.
        air = pink(random, length) * 10 ** (-13 / 20) * np.median(active)
        scene = heard[index] + scale * tapped[index] + air
        files.append(on_clock(scene, recorder["start"], recorder["ppm"]))
    scales = [0.08 / value for value in active]

    phone = automatic_gain(band(files[0] * scales[0], 150, 7000))
    phone += random.normal(size=len(phone)) * 10 ** (-62 / 20)
    gain = 0.7 / np.abs(phone).max()
    save("mic1.flac", phone * gain)

    time = np.arange(len(files[1])) / RATE
    laptop = band(files[1] * scales[1], 90, None)
    for harmonic, level in ((1, -37), (3, -42), (5, -49), (7, -55)):
        laptop += 10 ** (level / 20) * np.sin(2 * np.pi * 50 * harmonic * time + harmonic)
    save("mic2.flac", laptop + random.normal(size=len(laptop)) * 10 ** (-60 / 20))

    toy = band(files[2] * scales[2] * -0.5, 250, 5500)
    save("mic3.flac", toy + random.normal(size=len(toy)) * 10 ** (-56 / 20))

    clean = through(voice, early)[: len(phone)] * scales[0]
    save("reference.flac", clean * 0.5 / np.abs(clean).max())


if __name__ == "__main__":
    main()
