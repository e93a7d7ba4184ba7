"""Every bad film through every command: the part `corpus` of soak.

Each entry of the corpus is a file (or what a stranger takes for one) with what is expected of it:
  refused   no command makes anything of it: exit code 1 (64 for wrong usage), one sentence that names the file, nothing
            written, nothing changed;
  done      an odd film, but a film: every command ends well, and no frame is lost;
  either    damaged: done with what can be read, or refused as above; never a crash, never a wait without end.
"""
import hashlib
import os
import random
import shutil
import socket
import subprocess
import time

LIMIT = 120
CRASHES = ("Fatal error", "Illegal instruction", "Stack dump", "AddressSanitizer", "(null)", "Optional(", "Error Domain=")


def ffmpeg(*words):
    subprocess.run(["ffmpeg", "-nostdin", "-hide_banner", "-loglevel", "error", "-y", *map(str, words)], check=True)


def picture(seconds=1, size="64x48", rate=10):
    return ["-f", "lavfi", "-i", f"testsrc2=size={size}:rate={rate}:duration={seconds},hue=s=0"]


H264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "5"]


def tone(seconds=1):
    return ["-f", "lavfi", "-i", f"sine=frequency=440:duration={seconds}"]


class Corpus:
    """The bad films in a folder, made one after the other."""

    def __init__(self, folder, seed):
        self.folder, self.random = folder, random.Random(seed)
        self.films = []

    def path(self, name):
        return os.path.join(self.folder, name)

    def add(self, name, expected):
        self.films.append((name, expected))
        return self.path(name)

    def write(self, name, expected, content):
        with open(os.fsencode(self.add(name, expected)), "wb") as file:
            file.write(content)

    def read(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def whole(self, name, *options):
        ffmpeg(*picture(), *tone(), *H264, "-c:a", "aac", "-shortest", *options, self.path(name))
        return self.read(name)

    def make(self):
        wholes = {}
        for name, options in {
            "last.mp4": [], "first.mp4": ["-movflags", "+faststart"], "fragments.mp4": ["-movflags", "frag_keyframe+empty_moov"],
            "whole.mkv": [], "live.mkv": ["-live", "1"], "whole.avi": [], "whole.mov": [],
            "whole.ts": [], "whole.mpg": ["-c:v", "mpeg2video", "-r", "25", "-c:a", "mp2"],
        }.items():
            wholes[name] = self.whole(name, *options)
            self.add(name, "done")
        self.no_films()
        self.cuts(wholes)
        self.damage(wholes)
        self.odd()
        self.times()
        self.names(wholes["last.mp4"])
        return self.films

    def no_films(self):
        """What is no film at all."""
        noise = self.random.randbytes(30_000)
        self.add("gone.mp4", "refused")
        for end in ["mp4", "mkv", "avi", "ts", "mpg"]:
            self.write(f"empty.{end}", "refused", b"")
            self.write(f"text.{end}", "refused", b"A letter to my grandmother.\n" * 40)
            self.write(f"zeros.{end}", "refused", bytes(20_000))
            # A few of the formats are found by chance in noise, and broken frames with them.
            self.write(f"noise.{end}", "either", noise)
        os.mkdir(self.add("folder.mp4", "refused"))
        os.mkfifo(self.add("pipe.mp4", "refused"))
        listener = socket.socket(socket.AF_UNIX)
        here = os.getcwd()
        os.chdir(self.folder)
        listener.bind("socket.mp4")
        os.chdir(here)
        self.add("socket.mp4", "refused")
        os.symlink("/dev/zero", self.add("endless.mp4", "refused"))
        os.symlink("/dev/null", self.add("nothing.mp4", "refused"))
        os.symlink("loop.mp4", self.add("loop.mp4", "refused"))
        os.symlink("nowhere.mp4", self.add("broken-link.mp4", "refused"))
        ffmpeg(*tone(), self.add("sound.mp4", "refused"))
        ffmpeg(*tone(), self.add("sound.mkv", "refused"))
        ffmpeg(*tone(), "-f", "wav", self.add("wave.mp4", "refused"))
        ffmpeg(*picture(), "-frames:v", 1, "-f", "image2", "-c:v", "png", self.add("still.mp4", "refused"))
        ffmpeg(*picture(), "-frames:v", 1, "-f", "image2", "-c:v", "mjpeg", self.add("still.mkv", "refused"))
        subtitles = self.path("text.srt")
        with open(subtitles, "w") as file:
            file.write("1\n00:00:00,000 --> 00:00:01,000\nGrandmother\n")
        ffmpeg("-i", subtitles, self.add("subtitles.mkv", "refused"))
        # A header that promises a picture of which no frame comes.
        ffmpeg(*picture(), *H264, "-frames:v", 0, self.add("frameless.mkv", "refused"))
        ffmpeg(*picture(), *H264, "-frames:v", 0, "-movflags", "frag_keyframe+empty_moov", self.add("frameless.mp4", "refused"))
        if os.geteuid() != 0:
            self.write("locked.mp4", "refused", noise)
            os.chmod(self.path("locked.mp4"), 0)

    def cuts(self, wholes):
        for name, content in wholes.items():
            for part in [0.01, 0.1, 0.5, 0.9, 0.99]:
                self.write(f"cut-{part}-{name}", "either", content[:int(len(content) * part)])
            self.write(f"headless-{name}", "either", content[len(content) // 2:])

    def damage(self, wholes):
        for name, content in wholes.items():
            for number in range(3):
                bytes_ = bytearray(content)
                for _ in range(1 + self.random.randrange(20)):
                    place = self.random.randrange(len(bytes_))
                    kind = self.random.randrange(4)
                    if kind == 0:
                        bytes_[place] ^= 1 << self.random.randrange(8)
                    elif kind == 1:
                        bytes_[place:place + 40] = self.random.randbytes(len(bytes_[place:place + 40]))
                    elif kind == 2:
                        bytes_[place:place + 8] = b"\xff" * len(bytes_[place:place + 8])
                    else:
                        del bytes_[place:place + self.random.randrange(1, 200)]
                self.write(f"damaged-{number}-{name}", "either", bytes(bytes_))

    def odd(self):
        """Films that are odd and whole."""
        for size in ["1x1", "2x2", "3x5", "17x16", "1x64", "66x2"]:
            ffmpeg(*picture(), "-vf", f"scale={size.replace('x', ':')}", "-c:v", "ffv1", "-pix_fmt", "yuv444p", self.add(f"size-{size}.mkv", "done"))
        for kind in ["gray", "yuv444p", "yuv420p10le", "rgb24", "monob"]:
            codec = ["rawvideo"] if kind in ("monob", "rgb24") else ["ffv1"]
            ffmpeg(*picture(), "-c:v", *codec, "-pix_fmt", kind, self.add(f"pixels-{kind}.nut", "either"))
        ffmpeg(*picture(), *H264, "-frames:v", 1, self.add("one.mp4", "done"))
        ffmpeg(*picture(), *H264, "-frames:v", 1, self.add("one.mkv", "done"))
        ffmpeg(*picture(), "-c:v", "gif", self.add("moving.gif", "either"))
        ffmpeg(*picture(), *H264, *[word for _ in range(100) for word in ("-map", "0:v")], self.add("many.mkv", "done"))
        a, b = self.path("a.ts"), self.path("b.ts")
        ffmpeg(*picture(size="64x48"), *H264, a)
        ffmpeg(*picture(size="96x64"), *H264, b)
        self.write("size-changes.ts", "refused", self.read("a.ts") + self.read("b.ts"))
        self.write("twice.ts", "either", self.read("a.ts") * 2)
        self.write("tail.mp4", "done", self.whole("tail.mp4") + self.random.randbytes(5000))
        for name in ["a.ts", "b.ts"]:
            os.unlink(self.path(name))
        for rate in ["1/1000", "1000", "90000"]:
            ffmpeg(*picture(), "-vf", f"settb=1/90000,setpts=N/({rate})/TB",
                   "-fps_mode", "passthrough", *H264, self.add(f"rate-{rate.replace('/', '-')}.mkv", "either"))

    def times(self):
        """Timestamps that jump, repeat and are missing."""
        for name, change in {
            "jump": "PTS+if(gte(N\\,5)\\,36000*10\\,0)*1", "back": "if(gte(N\\,5)\\,PTS-3\\,PTS)", "same": "floor(PTS/2)*2",
        }.items():
            for end in ["mkv", "nut", "ts"]:
                # The packets' own times are bent after coding, where no encoder puts them right.
                ffmpeg(*picture(), *H264, "-bf", 0, "-bsf:v",
                       {"jump": "setts=pts=PTS+gte(N\\,5)*3600/TB:dts=DTS+gte(N\\,5)*3600/TB",
                        "back": "setts=pts=PTS-gte(N\\,5)*0.3/TB:dts=DTS-gte(N\\,5)*0.3/TB",
                        "same": "setts=pts=floor(PTS*TB*5)/5/TB:dts=floor(DTS*TB*5)/5/TB"}[name],
                       self.add(f"times-{name}.{end}", "either"))
        ffmpeg(*picture(), *H264, "-f", "h264", self.add("no-times.h264", "either"))
        ffmpeg(*picture(), *H264, "-output_ts_offset", 36000, self.add("late.mkv", "done"))

    def names(self, content):
        for name in ["with space.mp4", "line\nbreak.mp4", "-dash.mp4", "quote'\".mp4", "\u00e9\u6f22\U0001f39e.mp4",
                     "n" * 251 + ".mp4", "http:x.mp4", "concat:a.mp4|b.mp4", "%03d.mp4", "file:a.mp4", "no-ending"]:
            self.write(name, "done", content)
        self.write(os.fsdecode(b"latin-\xe9.mp4"), "either", content)


class CorpusPart:
    """Runs the films through the commands and judges."""

    def __init__(self, program, folder, seed, wrong):
        self.program, self.wrong = program, wrong
        self.films_folder = os.path.join(folder, "films")
        self.out = os.path.join(folder, "out")
        os.makedirs(self.films_folder)
        os.makedirs(self.out)
        self.corpus = Corpus(self.films_folder, seed)

    def commands(self, film):
        small = ["--render-size", "64", "--preset", "ultrafast"]
        fast = ["--preset", "ultrafast"]
        # A name that begins with a dash is an option to every program; strangers write ./ before it.
        film = "./" + film if film.startswith("-") else film
        film = os.path.join("..", "films", film)
        return {
            "info": ["info", film],
            "plan": ["plan", film, "--colorize", "-o", "sheet.png"],
            "colorize": ["colorize", film, "-o", "out.mkv", *small],
            "colorize --report --compare": [
                "colorize", film, "-o", "out.mp4", *small, "--report", "out.html", "--compare", "out.wipe.mp4"],
            "colorize --shard": ["colorize", film, "-o", "out.mkv", *small, "--shard", "1/2"],
            "upscale": ["upscale", film, "-o", "out.mkv", "--scale", "2", *fast],
            "restore": ["restore", film, "-o", "out.mkv", *fast],
            "restore --colorize --clean": ["restore", film, "-o", "out.mkv", "--colorize", "--clean", *fast],
            "resume": ["resume", film],
            "join": ["join", film],
            "slurm": ["slurm", film, "-o", "out.mkv"],
        }

    def run(self, words):
        start = time.monotonic()
        process = subprocess.Popen(
            [self.program] + [os.fsencode(word) for word in words] + ([b"--progress", b"none"] if words[0] not in ("info", "slurm") else []),
            cwd=self.out, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
        try:
            out, errors = process.communicate(timeout=LIMIT)
            code = process.returncode
        except subprocess.TimeoutExpired:
            process.kill()
            out, errors = process.communicate()
            code = None
        return code, out.decode(errors="replace"), errors.decode(errors="replace"), time.monotonic() - start

    def state(self):
        """What lies beside the films: names, sizes, times."""
        with os.scandir(os.fsencode(self.films_folder)) as entries:
            return sorted((e.name, *(lambda s: (s.st_size, s.st_mtime_ns))(e.stat(follow_symlinks=False))) for e in entries)

    def frames(self, path):
        result = subprocess.run(
            ["ffprobe", "-v", "error", "-select_streams", "v:0", "-count_packets", "-show_entries", "stream=nb_read_packets",
             "-of", "csv=p=0", "file:" + path], capture_output=True, text=True)
        text = result.stdout.strip().strip(",").split("\n")[0]
        return int(text) if text.isdigit() else None

    def has_sound(self, name):
        result = subprocess.run(
            ["ffprobe", "-v", "error", "-select_streams", "a", "-show_entries", "stream=index", "-of", "csv=p=0",
             "file:" + os.path.join(self.films_folder, name)], capture_output=True, text=True)
        return bool(result.stdout.strip())

    def verdict(self, name, expected, command, outcome, before):
        """What is wrong; None where nothing is."""
        code, out, errors, _ = outcome
        if code is None:
            return f"not over after {LIMIT} s"
        if code < 0:
            return f"ended by signal {-code}: {errors[-300:]}"
        for word in CRASHES:
            if word in errors + out:
                return f"says {word!r}: {errors[-300:]}"
        left = sorted(os.listdir(self.out))
        if self.state() != before:
            return "something changed beside the film"
        if command in ("resume", "join"):
            expected = "refused"
        if "--clean" in command and expected == "done" and not self.has_sound(name):
            expected = "refused"
        if command == "slurm":
            # It looks at names and at whether a file is there; the shares say what is wrong with a film.
            expected = "either"
        if command == "info" and name.startswith(("sound", "wave", "still", "subtitles", "frameless", "size-changes")):
            # It reads what the file says of itself, not every frame.
            expected = "either"
        if command == "colorize --shard" and name.startswith("size-changes"):
            # The size changes in what the other share does.
            expected = "either"
        # A name may have a line break in it; the sentence about it is one all the same.
        errors = errors.replace(name, name.replace("\n", " "))
        if code != 0:
            if expected == "done":
                return f"refused, exit code {code}: {errors[-400:]}"
            if code not in (1, 64):
                return f"exit code {code}: {errors[-300:]}"
            if left:
                return f"left behind: {', '.join(left)}; {errors[-300:]}"
            if out and command != "info":
                return f"a result is named although it failed: {out}"
            lines = [line for line in errors.splitlines() if line.strip()]
            sentences = [line for line in lines if line.startswith("heirloom: ")]
            if code == 1 and (len(sentences) != 1 or lines[-1] != sentences[0]):
                return f"not one sentence: {errors[-400:]}"
            shown = name.replace("\n", " ").encode(errors="surrogateescape").decode(errors="replace").strip("'\"")[:40]
            if code == 1 and shown.split(".")[0].split("'")[0] not in errors:
                return f"does not name the film: {errors[-300:]}"
            return None
        if expected == "refused":
            return f"accepted: {errors[-300:]}{out[-200:]}"
        if command in ("info", "slurm"):
            return None
        results = [entry for entry in left if entry.startswith("out") or entry.startswith("sheet")]
        if left != results or any(entry.endswith(".heirloom") for entry in left if "--shard" not in command):
            return f"left behind: {', '.join(left)}"
        target = next((entry for entry in left if entry in ("out.mkv", "out.mp4")), None)
        if target and expected == "done":
            given, made = self.frames(os.path.join(self.films_folder, name)), self.frames(os.path.join(self.out, target))
            if given != made:
                return f"{given} frames in, {made} out"
        return None

    def all(self, every=1):
        """Runs every n-th film; returns rows (command, done, good, note)."""
        films = self.corpus.make()[::every]
        counts, slowest = {}, {}
        for name, expected in films:
            for command, words in self.commands(name).items():
                before = self.state()
                outcome = self.run(words)
                wrong = self.verdict(name, expected, command, outcome, before)
                row = counts.setdefault(command, [0, 0, 0, 0])
                row[0] += 1
                row[1] += wrong is None
                row[2 if outcome[0] == 0 else 3] += 1
                slowest[command] = max(slowest.get(command, (0, "")), (outcome[3], name))
                if wrong:
                    self.wrong(f"{command} {ascii(name)} ({expected})", wrong)
                for entry in os.listdir(self.out):
                    path = os.path.join(self.out, entry)
                    shutil.rmtree(path) if os.path.isdir(path) else os.unlink(path)
        return [
            (f"{len(films)} bad films: {command}", done, good,
             f"{accepted} done, {refused} refused; slowest {slowest[command][0]:.1f} s ({ascii(slowest[command][1])[:40]})")
            for command, (done, good, accepted, refused) in counts.items()
        ]
