"""Renders scores whose tempo and key are known: a script for an environment of its own, with music21 and pretty_midi.

python bench/scores.py FOLDER [--seed N] [--sets chorale,classical,folk,pop,drums,pairs] [--share 1.0]

writes FOLDER/<id>.<format> and FOLDER/truth.json. Keys are those of the notation, where it agrees with the last bass
note, or those that a piece was composed in: never what an algorithm found. Needs the programs fluidsynth and ffmpeg,
and a General MIDI soundfont.
"""

import argparse
import itertools
import json
import math
import random
import subprocess
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

Note = tuple[float, float, int, int]  # quarter, quarters, MIDI, channel
Piece = dict[str, Any]
NAMES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
SOUNDFONT = Path("/usr/share/sounds/sf2/FluidR3_GM.sf2")
FORMATS: dict[str, list[str]] = {
    "flac": ["-c:a", "flac"],
    "mp3": ["-c:a", "libmp3lame", "-b:a", "192k"],
    "ogg": ["-c:a", "libvorbis", "-q:a", "5"],
    "opus": ["-c:a", "libopus", "-b:a", "128k"],
    "m4a": ["-c:a", "aac", "-b:a", "160k"],
}
DRUMS, KICK, SNARE, HAT, OPEN, CRASH = 9, 36, 38, 42, 46, 49
# Sixteenths of a bar: kick, snare, closed hat, open hat; how late every second one is; the tempi that are usual.
STYLES: dict[str, tuple[str, str, str, str, float, tuple[int, int]]] = {
    "house": ("x...x...x...x...", "....x.......x...", "..x...x...x...x.", "", 0, (118, 132)),
    "techno": ("x...x...x...x...", "", "x.x.x.x.x.x.x.x.", "..x...x...x...x.", 0, (125, 150)),
    "rock": ("x.......x.x.....", "....x.......x...", "x.x.x.x.x.x.x.x.", "", 0, (90, 160)),
    "hip hop": ("x..x......x.....", "....x.......x...", "x.x.x.x.x.x.x.xx", "", 0.18, (75, 102)),
    "break": ("x.x.......xx....", "....x..x.x..x..x", "x.x.x.x.x.x.x.x.", "", 0, (110, 140)),
    "drum and bass": ("x.........x.....", "....x.......x...", "x.x.x.x.x.x.x.x.", "", 0, (160, 178)),
    "reggae": ("........x.......", "........x.......", "x.x.x.x.x.x.x.x.", "", 0.1, (66, 92)),
    "disco": ("x...x...x...x...", "....x.......x...", "x.x.x.x.x.x.x.x.", "..x...x...x...x.", 0, (105, 126)),
    "half time": ("x.......x.......", "........x.......", "x.x.x.x.x.x.x.x.", "", 0, (70, 85)),
    "latin": ("x..xx..xx..xx..x", "...x..x....x..x.", "x.xxx.xxx.xxx.xx", "", 0, (90, 120)),
    "shuffle": ("x.......x.......", "....x.......x...", "x..xx..xx..xx..x", "", 0, (85, 125)),
}
PROGRESSIONS = {
    "major": ((0, 7, 9, 5), (0, 5, 7, 0), (0, 9, 5, 7), (0, 5, 0, 7), (0, 4, 5, 7), (5, 7, 0, 9), (0, 2, 7, 0)),
    "minor": ((0, 8, 3, 10), (0, 5, 8, 7), (0, 10, 8, 10), (0, 5, 0, 7), (0, 3, 10, 5), (0, 8, 5, 7)),
}
MAJOR_CHORDS = {"major": {0, 5, 7}, "minor": {3, 7, 8, 10}}
DEGREES = {"major": (0, 2, 4, 5, 7, 9, 11), "minor": (0, 2, 3, 5, 7, 8, 10)}
CORPUS = {
    "chorale": (("bach/*.mxl",), 40, (60, 110), (0, 19, 48, 52, 61, 24, 71)),
    "classical": (
        ("haydn/**/*.mxl", "mozart/**/*.mxl", "beethoven/opus18no1/*.mxl", "beethoven/opus59no1/*.mxl",
         "schumann_robert/opus41no1/*.mxl", "schumann_clara/**/*.mxl", "joplin/*.mxl", "handel/**/*.mxl",
         "verdi/*.mxl", "liliuokalani/*.mxl"), 30, (70, 150), (48, 0, 0, 6, 40, 68)),
    "folk": (("ryansMammoth/*.abc",), 30, (80, 132), (40, 110, 73, 21, 105, 22)),
}  # fmt: skip
METERS = {"4/4", "3/4", "2/4", "6/8", "2/2", "9/8", "12/8"}


def triad(root: int, scale: str) -> tuple[int, int, int]:
    return (0, 4, 7) if root in MAJOR_CHORDS[scale] else (0, 3, 7)


# ---- composed pieces


def drum_bar(style: str, start: float) -> list[Note]:
    kick, snare, hat, opened, swing, _ = STYLES[style]
    notes = []
    for pattern, midi in ((kick, KICK), (snare, SNARE), (hat, HAT), (opened, OPEN)):
        for step in (at for at, mark in enumerate(pattern) if mark == "x"):
            late = swing * 0.25 if step % 2 else 0
            if style == "shuffle" and step % 4 == 3:
                late = 2 / 3 - 0.75
            notes.append((start + step / 4 + late, 0.1, midi, DRUMS))
    return notes


def song(
    rng: random.Random,
    tonic: int,
    scale: str,
    style: str,
    bars: int,
    *,
    drums: bool = True,
    arpeggio: bool | None = None,
) -> list[Note]:
    """Chords (channel 1), bass (2), a motif that follows them (3), drums; it ends on its tonic."""
    progression = rng.choice(PROGRESSIONS[scale])
    broken = rng.random() < 0.5 if arpeggio is None else arpeggio
    motif = [
        (rng.choice([x / 2 for x in range(8)]), rng.choice([0.5, 0.5, 1, 1.5]), rng.randrange(-2, 6)) for _ in range(6)
    ]
    steps = rng.choice(((0, 2), (0, 1.5, 2, 3.5), (0, 1, 2, 3), (0, 0.75, 2)))
    notes: list[Note] = []
    for bar in range(bars):
        start = bar * 4.0
        root = progression[bar % len(progression)] if bar < bars - 1 else 0
        chord, base = triad(root, scale), 48 + (tonic + root) % 12
        if broken:
            arpeggiated = itertools.islice(itertools.cycle((*chord, 12)), 8)
            notes += [(start + at / 2, 0.45, base + 12 + step, 1) for at, step in enumerate(arpeggiated)]
        else:
            half = 2 if style in ("rock", "half time", "drum and bass") else 4
            notes += [(start + at, half * 0.95, base + 12 + step, 1) for at in range(0, 4, half) for step in chord]
        notes += [(start + at, 0.45, base - 12, 2) for at in steps]
        if bar >= 2 and bar % 8 != 7:
            notes += melody(motif, start, tonic, scale, root, chord)
        if drums:
            notes += drum_bar(style, start)
            notes += [(start, 0.2, CRASH, DRUMS)] if bar % 8 == 0 else []
    return notes


def melody(
    motif: list[tuple[float, float, int]], start: float, tonic: int, scale: str, root: int, chord: tuple[int, ...]
) -> list[Note]:
    notes: list[Note] = []
    for at, length, degree in motif:
        step = DEGREES[scale][degree % 7] + 12 * (degree // 7)
        if at in (0, 2):
            step = min((root + tone + octave for tone in chord for octave in (-12, 0, 12)), key=lambda x: abs(x - step))
        notes.append((start + at, length * 0.9, 72 + (tonic + 6) % 12 - 6 + step, 3))
    return notes


def popular(rng: random.Random, share: float) -> list[Piece]:
    pieces = []
    for number in range(round(66 * share)):
        style = list(STYLES)[number % len(STYLES)]
        bpm, scale, tonic = rng.uniform(*STYLES[style][5]), rng.choice(("major", "minor")), rng.randrange(12)
        notes = song(rng, tonic, scale, style, max(8, int(bpm / 4)))
        programs = {1: rng.choice((0, 4, 5, 27, 29, 50, 81, 89, 90)), 2: rng.choice((33, 34, 36, 38, 39)),
                    3: rng.choice((80, 81, 56, 65, 27, 30, 73, 53))}  # fmt: skip
        cents = rng.choice([0] * 8 + [-35, 35])
        pieces.append(piece("pop", notes, bpm, (tonic, scale), programs, cents=cents, kind=style))
    return pieces


def drummed(rng: random.Random, share: float) -> list[Piece]:
    count = round(33 * share)
    pieces = []
    for number in range(count):
        style, bpm = list(STYLES)[number % len(STYLES)], 70 + 110 * rng.random()
        notes = [note for bar in range(max(8, int(45 * bpm / 240))) for note in drum_bar(style, 4.0 * bar)]
        pieces.append(piece("drums", notes, bpm, None, {}, kind=style))
    return pieces


def paired(rng: random.Random, share: float) -> list[Piece]:
    """Variants of one song each, in an order that scores can be held against."""
    pieces = []
    for number in range(max(2, round(10 * share))):
        seed, tonic, bpm = rng.randrange(10**9), rng.randrange(12), rng.uniform(95, 125)
        bars = int(32 * bpm / 240)
        plain = {1: 4, 2: 33, 3: 80}

        def played(scale: str = "major", style: str = "rock", *, drums: bool = True, seed: int = seed,
                   tonic: int = tonic, bars: int = bars) -> list[Note]:  # fmt: skip
            return song(random.Random(seed), tonic, scale, style, bars, drums=drums, arpeggio=False)

        driven = "volume=14dB,alimiter=limit=0.7"
        variants: dict[str, tuple[list[Note], float, dict[int, int], dict[str, Any]]] = {
            "base": (played(), bpm, plain, {}),
            "no drums": (played(drums=False), bpm, plain, {}),
            "minor": (played("minor"), bpm, plain, {}),
            "slow": (played(), bpm * 0.6, plain, {}),
            "fast": (played(), bpm * 1.45, plain, {}),
            "four on the floor": (played(style="house"), bpm, plain, {}),
            "clean guitar": (played(), bpm, {1: 27, 2: 33, 3: 27}, {}),
            "distorted guitar": (played(), bpm, {1: 30, 2: 33, 3: 30}, {"effect": driven}),
            "acoustic": (played(drums=False), bpm, {1: 24, 2: 32, 3: 73}, {}),
            "piano": (played(drums=False), bpm, {1: 0, 2: 0, 3: 0}, {}),
            "synthesiser": (played(drums=False), bpm, {1: 90, 2: 38, 3: 81}, {}),
            "soft": (played(drums=False), bpm * 0.6, {1: 89, 2: 32, 3: 73}, {"velocity": 50}),
            "drums only": ([note for note in played() if note[3] == DRUMS], bpm, {}, {}),
        }
        for name, (notes, tempo, programs, more) in variants.items():
            pieces.append(piece("pairs", notes, tempo, None, programs, form="flac", pair=number, variant=name, **more))
    return pieces


# ---- notated pieces


def notated(rng: random.Random, name: str, share: float) -> list[Piece]:
    import music21

    patterns, wanted, tempi, instruments = CORPUS[name]
    root = Path(music21.__file__).parent / "corpus"
    files = sorted({file for pattern in patterns for file in root.glob(pattern)})
    rng.shuffle(files)
    pieces: list[Piece] = []
    for file in files:
        if len(pieces) >= round(wanted * share):
            break
        if (read := score(file)) is None:
            continue
        notes, key, meter = read
        count, unit = (int(part) for part in meter.split("/"))
        beat = 1.5 if unit == 8 and count % 3 == 0 else 4 / unit
        bpm, instrument = rng.uniform(*tempi), rng.choice(instruments)
        programs = dict.fromkeys(range(DRUMS), instrument)
        if name == "folk":
            notes, programs = accompanied(notes, key, count * 4 / unit, beat), {1: 24, 2: 32, 3: instrument}
        length = math.ceil(max(note[0] + note[1] for note in notes) / 4) * 4
        times = max(1, round(50 / (length * 60 / bpm / beat))) if name != "classical" else 1
        notes = [(at + turn * length, *rest) for turn in range(min(times, 5)) for at, *rest in notes]  # type: ignore[misc]
        pieces.append(
            piece(name, notes, bpm, key, programs, beat=beat, shift=rng.randrange(-5, 7),
                  cents=rng.choice((0, 0, 0, 0, 0, -35, -20, 20, 35)), kind=meter)
        )  # fmt: skip
    return pieces


def score(file: Path) -> tuple[list[Note], tuple[int, str], str] | None:
    """None where the notation leaves open what the key is, or the meter changes."""
    from music21 import corpus

    try:
        read = corpus.parse(str(file))
        read = read.scores[0] if hasattr(read, "scores") and not hasattr(read, "parts") else read
        signatures = list(read.recurse().getElementsByClass("KeySignature"))
        meters = {found.ratioString for found in read.recurse().getElementsByClass("TimeSignature")}
        parts = list(read.stripTies().parts) or [read]
    except Exception:  # some of the corpus cannot be read
        return None
    if not signatures or len(meters) != 1 or not meters <= METERS:
        return None
    notes: list[Note] = [
        (float(sounding.offset), float(sounding.quarterLength), int(pitch.midi), min(number, DRUMS - 1))
        for number, part in enumerate(parts)
        for sounding in part.flatten().notes
        if not sounding.duration.isGrace and sounding.classes[0] != "ChordSymbol"
        for pitch in sounding.pitches
    ]
    if len(notes) < 40:
        return None
    end = max(at + length for at, length, _, _ in notes)
    bass = min(midi for at, length, midi, _ in notes if at + length >= end - 0.01) % 12
    tonic = 7 * signatures[0].sharps % 12
    key = (tonic, "major") if bass == tonic else ((tonic + 9) % 12, "minor") if bass == (tonic + 9) % 12 else None
    mode = getattr(signatures[0], "mode", None)
    return (notes, key, meters.pop()) if key and mode in (None, key[1]) else None


def accompanied(notes: list[Note], key: tuple[int, str], bar: float, beat: float) -> list[Note]:
    """Under a tune in a known key: in each bar the chord that most of its notes belong to, a bass, and a drum."""
    tonic, scale = key
    tune: list[Note] = [(at, length, midi, 3) for at, length, midi, _ in notes]
    end, roots = max(at + length for at, length, _, _ in tune), (0, 5, 7, 9) if scale == "major" else (0, 5, 7, 8, 10)
    out = list(tune)
    for number in range(math.ceil(end / bar - 1e-6)):
        start = number * bar
        inside = [(midi - tonic) % 12 for at, _, midi, _ in tune if start <= at < start + bar]
        belonging = {root: sum(step in {(root + tone) % 12 for tone in triad(root, scale)} for step in inside)
                     for root in roots}  # fmt: skip
        last = start + bar >= end - 1e-6
        root = 0 if last else max(roots, key=lambda root, fits=belonging: fits[root] + (0.2 if root == 0 else 0))
        base = 36 + (tonic + root) % 12
        out.append((start, beat * 0.9, base, 2))
        for number_of_beat in range(round(bar / beat)):
            at = start + number_of_beat * beat
            out += [(at, 0.1, SNARE if number_of_beat % 2 else KICK, DRUMS), (at + beat / 2, 0.1, HAT, DRUMS)]
            if number_of_beat:
                out += [(at, beat * 0.5, base + 12 + tone, 1) for tone in triad(root, scale)]
    return out


# ---- files


def piece(name: str, notes: list[Note], bpm: float, key: tuple[int, str] | None, programs: dict[int, int],
          *, beat: float = 1.0, shift: int = 0, cents: int = 0, **more: Any) -> Piece:  # fmt: skip
    return {"set": name, "notes": notes, "bpm": bpm, "key": key, "programs": programs, "beat": beat, "shift": shift,
            "cents": cents, **more}  # fmt: skip


def render(job: tuple[int, Piece, Path, int, float]) -> Piece:
    import pretty_midi

    number, made, folder, seed, longest_s = job
    rng = random.Random(seed * 10_007 + number)
    quarter_s = 60 / made["bpm"] / made["beat"]
    jitter = rng.choice((0, 0.004, 0.006, 0.01))
    instruments: dict[int, Any] = {}
    for at, length, midi, channel in made["notes"]:
        if at * quarter_s >= longest_s:
            continue
        if channel not in instruments:
            drum = channel == DRUMS
            instruments[channel] = pretty_midi.Instrument(0 if drum else made["programs"].get(channel, 0), is_drum=drum)
            if made["cents"] and not drum:
                instruments[channel].pitch_bends.append(pretty_midi.PitchBend(int(made["cents"] / 200 * 8192), 0.0))
        start = max(0.0, at * quarter_s + rng.gauss(0, jitter))
        loud = int(min(127, max(30, rng.gauss(100 if channel == DRUMS else made.get("velocity", 92), 8))))
        pitch = midi if channel == DRUMS else min(108, max(20, midi + made["shift"]))
        instruments[channel].notes.append(pretty_midi.Note(loud, pitch, start, start + max(0.03, length * quarter_s)))
    form = made.get("form") or list(FORMATS)[number % len(FORMATS)]
    name = f"{made['set']}-{number:04d}.{form}"
    with tempfile.TemporaryDirectory() as scratch:
        midi_file = pretty_midi.PrettyMIDI(initial_tempo=made["bpm"] * made["beat"])
        midi_file.instruments = list(instruments.values())
        midi_file.write(f"{scratch}/piece.mid")
        _run("fluidsynth", "-ni", "-q", "-g", "0.5", "-r", "44100", "-F", f"{scratch}/piece.wav", str(SOUNDFONT),
             f"{scratch}/piece.mid")  # fmt: skip
        effect = ["-af", made["effect"]] if made.get("effect") else []
        _run("ffmpeg", "-v", "error", "-y", "-i", f"{scratch}/piece.wav", *effect, *FORMATS[form], str(folder / name))
    key = made["key"]
    return {"file": name, "set": made["set"], "bpm": made["bpm"], "kind": made.get("kind", ""),
            "key": NAMES[(key[0] + made["shift"]) % 12] if key else None, "scale": key[1] if key else None,
            "cents": made["cents"], "pair": made.get("pair"), "variant": made.get("variant")}  # fmt: skip


def _run(*command: str) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sets", default="chorale,classical,folk,pop,drums,pairs")
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()
    rng, pieces = random.Random(asked.seed), []
    for name in asked.sets.split(","):
        composed = {"pop": popular, "drums": drummed, "pairs": paired}.get(name)
        pieces += composed(rng, asked.share) if composed else notated(rng, name, asked.share)
    asked.folder.mkdir(parents=True, exist_ok=True)
    jobs = [(number, made, asked.folder, asked.seed, asked.seconds) for number, made in enumerate(pieces)]
    with ProcessPoolExecutor(asked.processes) as pool:
        truth = list(pool.map(render, jobs, chunksize=4))
    (asked.folder / "truth.json").write_text(json.dumps(truth, indent=1))
    print(len(truth))


if __name__ == "__main__":
    main()
