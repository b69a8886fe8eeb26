"""Scores without labels: do gain, codec and excerpt leave them alone, and do they order pairs whose order is known?"""

import re
import subprocess
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from analysis.engine.analyse import Analysis, analyse, limit_threads, prepare
from bench.analysis_accuracy import truth_of

SCORES = ("energy", "valence", "danceability", "mood_happy", "mood_aggressive", "mood_party", "mood_relaxed",
          "acoustic", "tonal")  # fmt: skip
LUFS_BOUND, PEAK_BOUND_DB = 0.1, 0.2
CHANGES: dict[str, tuple[str, list[str]]] = {
    "gain +12 dB": ("wav", ["-af", "volume=12dB", "-c:a", "pcm_f32le"]),
    "gain -12 dB": ("wav", ["-af", "volume=-12dB", "-c:a", "pcm_f32le"]),
    "mp3 128": ("mp3", ["-c:a", "libmp3lame", "-b:a", "128k"]),
    "opus 96": ("opus", ["-c:a", "libopus", "-b:a", "96k"]),
    "aac 128": ("m4a", ["-c:a", "aac", "-b:a", "128k"]),
    "vorbis q3": ("ogg", ["-c:a", "libvorbis", "-q:a", "3"]),
    "middle half": ("flac", ["-ss", "15", "-t", "30", "-c:a", "flac"]),
}
# Which variant of one song should have more of it.
ORDERS: dict[str, tuple[tuple[str, str], ...]] = {
    "energy": (("fast", "slow"), ("base", "slow"), ("base", "no drums"), ("base", "soft"),
               ("distorted guitar", "clean guitar")),
    "mood_relaxed": (("slow", "fast"), ("soft", "base"), ("no drums", "base"), ("clean guitar", "distorted guitar")),
    "danceability": (("base", "no drums"), ("four on the floor", "base"), ("base", "slow")),
    "mood_party": (("four on the floor", "base"), ("base", "no drums"), ("base", "soft")),
    "mood_aggressive": (("distorted guitar", "clean guitar"), ("base", "soft"), ("fast", "slow")),
    "mood_happy": (("base", "minor"), ("fast", "slow"), ("base", "soft")),
    "acoustic": (("acoustic", "synthesiser"), ("piano", "synthesiser"), ("clean guitar", "distorted guitar")),
    "tonal": (("base", "drums only"), ("no drums", "base"), ("piano", "drums only")),
}  # fmt: skip


def analysed(files: list[Path]) -> list[Analysis]:
    prepare()
    with ProcessPoolExecutor(2, initializer=limit_threads) as pool:
        return list(pool.map(analyse, files))


def loudness(folder: Path) -> bool:
    """Two pieces of each of the five formats, against the program ffmpeg."""
    files = [file for form in ("flac", "mp3", "ogg", "opus", "m4a") for file in sorted(folder.glob(f"*.{form}"))[:2]]
    worst_lufs = worst_db = 0.0
    for file, found in zip(files, analysed(files), strict=True):
        measure = ["ffmpeg", "-hide_banner", "-nostats", "-i", str(file), "-af", "ebur128=peak=true", "-f", "null", "-"]
        said = subprocess.run(measure, check=True, capture_output=True, text=True).stderr.rpartition("Summary")[2]
        lufs, peak = (float(re.findall(rf"{name}:\s+(-?[\d.]+)", said)[0]) for name in ("I", "Peak"))
        worst_lufs = max(worst_lufs, abs(lufs - (found.loudness.integrated_lufs or -70)))
        worst_db = max(worst_db, abs(peak - (found.loudness.true_peak_db or -99)))
    print(f"loudness of {len(files)} files in five formats, against ffmpeg, which says tenths")
    # Its tenths are up to half of one away from what it measured.
    print(f"  integrated: bound {LUFS_BOUND} LU, worst {worst_lufs:.3f}, ratio {worst_lufs / LUFS_BOUND:.2f}")
    print(f"  true peak: bound {PEAK_BOUND_DB} dB, worst {worst_db:.3f}, ratio {worst_db / PEAK_BOUND_DB:.2f}")
    return worst_lufs <= LUFS_BOUND and worst_db <= PEAK_BOUND_DB


def invariance(folder: Path, scratch: Path) -> bool:
    pieces = [folder / truth["file"] for truth in truth_of(folder) if truth["set"] in ("pop", "classical", "folk")]
    pieces = pieces[:: max(1, len(pieces) // 12)]
    plain = analysed(pieces)
    print(f"scores of {len(pieces)} pieces after a change: the mean and the greatest difference")
    print(f"  {'':<12}" + "".join(f"{score.removeprefix('mood_'):>15}" for score in SCORES) + "   tempo    key")
    steady = True
    for name, (form, arguments) in CHANGES.items():
        files = [scratch / f"{number}-{name.replace(' ', '-')}.{form}" for number in range(len(pieces))]
        for piece, file in zip(pieces, files, strict=True):
            subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", str(piece), *arguments, str(file)], check=True)
        changed = analysed(files)
        cells = []
        for score in SCORES:
            apart = [_difference(one, other, score) for one, other in zip(plain, changed, strict=True)]
            cells.append(f"{sum(apart) / len(apart):.3f} {max(apart):.3f}")
            steady &= not name.startswith("gain") or max(apart) < 0.01
        tempi = sum(
            abs((b.tempo.bpm or 0) / (a.tempo.bpm or 1) - 1) < 0.02 for a, b in zip(plain, changed, strict=True)
        )
        keys = sum(a.tonality.camelot == b.tonality.camelot for a, b in zip(plain, changed, strict=True))
        print(
            f"  {name:<12}" + "".join(f"{cell:>15}" for cell in cells) + f"   {tempi}/{len(files)}  {keys}/{len(files)}"
        )
    print(f"  bound: gain changes no score by 0.01: {'kept' if steady else 'not kept'}")
    return steady


def _difference(one: Analysis, other: Analysis, score: str) -> float:
    a, b = getattr(one, score), getattr(other, score)
    return abs(a.value - b.value) if a and b else 0.0 if a is b else 1.0


def pairs(folder: Path, scratch: Path) -> bool:
    """All variants at one loudness, so that no score can be loudness in disguise."""
    truths = truth_of(folder)
    before = analysed([folder / truth["file"] for truth in truths])
    files = []
    for truth, found in zip(truths, before, strict=True):
        level = -23 - (found.loudness.integrated_lufs or -23)
        files.append(scratch / f"level-{truth['file']}.wav")
        matched = ["-af", f"volume={level:.2f}dB", "-c:a", "pcm_f32le", str(files[-1])]
        subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", str(folder / truth["file"]), *matched], check=True)
    found_by = {(truth["pair"], truth["variant"]): found for truth, found in zip(truths, analysed(files), strict=True)}
    songs = sorted({number for number, _ in found_by})
    print(f"level-matched pairs of {len(songs)} songs: how many are in order")
    for score, orders in ORDERS.items():
        said = []
        for more, less in orders:
            right = sum(
                getattr(found_by[song, more], score).value > getattr(found_by[song, less], score).value
                for song in songs
            )
            said.append(f"{more} > {less} {right}/{len(songs)}")
        print(f"  {score:<16} " + ", ".join(said))
    return True
