"""What an analysis costs: seconds of CPU by step, beside the decoding alone and librosa's plain pipeline; memory."""

import functools
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import av
from av.audio.resampler import AudioResampler

from analysis.engine import analyse as engine
from analysis.engine import spectra
from analysis.engine.decoding import Mono
from analysis.engine.loudness import Meter
from analysis.engine.rhythm import Rhythm
from analysis.engine.timbre import Timbre
from analysis.engine.tonality import Pitches
from analysis.engine.waveform import Peaks
from bench import analysis_peers
from bench.memory import pss_mb
from bench.processes import family

SECONDS = 240
BEYOND_BOUND, PLAIN_BOUND, MEMORY_BOUND_MB, GROWTH_BOUND = 2.0, 2.5, 450.0, 1.1
FORMATS = {
    "mp3": ["-c:a", "libmp3lame", "-b:a", "192k"],
    "flac": ["-c:a", "flac"],
    "opus": ["-c:a", "libopus", "-b:a", "128k"],
    "m4a": ["-c:a", "aac", "-b:a", "160k"],
}
TURNS = 5
TWO_CHILDREN = """
import os, sys
from analysis.engine.analyse import analyse, limit_threads, prepare
limit_threads(); prepare()
children = []
for _ in range(2):
    child = os.fork()
    if not child:
        analyse(sys.argv[1]); os._exit(0)
    children.append(child)
sys.exit(max(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children))
"""


def run(folder: Path, python: Path, piece: Path) -> bool:
    files = {name: folder / f"long.{name}" for name in FORMATS}
    for name, file in files.items():
        looped("-stream_loop", "-1", "-i", str(piece), "-t", str(SECONDS), *FORMATS[name], str(file))
    engine.limit_threads()
    engine.prepare()
    return all([_beyond_decoding(files), _plain(files["mp3"], python), _memory(folder, files["mp3"])])


def looped(*arguments: str) -> None:
    subprocess.run(["ffmpeg", "-v", "error", "-y", *arguments], check=True)


def _beyond_decoding(files: dict[str, Path]) -> bool:
    print(f"CPU for {SECONDS} s of music, seconds; the best of {TURNS}")
    reference, beyond = 0.0, 0.0
    for name, file in files.items():
        decoding, whole = _best_of_both(functools.partial(_decode, file), functools.partial(engine.analyse, file))
        if name == "mp3":
            reference, beyond = decoding, whole - decoding
        print(f"  {name:<5} mono decode {decoding:.3f}, all {whole:.3f}, beyond decoding {whole - decoding:.3f}, "
              f"as mp3's decode {(whole - decoding) / reference:.2f}")  # fmt: skip
        _profile(file)
    print(f"  bound {BEYOND_BOUND} × mp3's mono decode, ratio {beyond / reference:.2f}")
    return beyond / reference <= BEYOND_BOUND


def _best_of_both(one: Callable[[], object], other: Callable[[], object]) -> tuple[float, float]:
    """By turns, so that whatever else this machine does disturbs both."""
    best = [float("inf"), float("inf")]
    for _ in range(TURNS):
        for place, call in enumerate((one, other)):
            began = time.process_time()
            call()
            best[place] = min(best[place], time.process_time() - began)
    return best[0], best[1]


def _decode(file: Path) -> None:
    with av.open(str(file), mode="r") as container:
        resampler = AudioResampler("flt", "mono", 22_050)
        for frame in container.decode(container.streams.audio[0]):
            for part in resampler.resample(frame):
                part.to_ndarray()


STEPS: dict[str, tuple[Any, str]] = {
    "loudness": (Meter, "add"),
    "waveform": (Peaks, "add"),
    "mono": (Mono, "__call__"),
    "spectra": (spectra, "power"),
    "timbre": (Timbre, "add"),
    "rhythm": (Rhythm, "add"),
    "pitches": (Pitches, "add"),
    "answers": (engine._Music, "told"),
}


def _profile(file: Path) -> None:
    used = dict.fromkeys(STEPS, 0.0)
    with ExitStack() as stack:
        for name, (owner, method) in STEPS.items():
            stack.enter_context(_timed(owner, method, name, used))
        began = time.process_time()
        engine.analyse(file)
        whole = time.process_time() - began
    # Pitches and answers hold spectra of theirs; what is left is decoding and joining.
    rest = whole - sum(used.values())
    print("        " + ", ".join(f"{name} {seconds:.3f}" for name, seconds in [("decoding", rest), *used.items()]))


@contextmanager
def _timed(owner: Any, method: str, name: str, used: dict[str, float]) -> Iterator[None]:
    plain = getattr(owner, method)

    @functools.wraps(plain)
    def timed(*arguments: Any, **named: Any) -> Any:
        began = time.process_time()
        try:
            return plain(*arguments, **named)
        finally:
            used[name] += time.process_time() - began

    with patch.object(owner, method, timed):
        yield


def _plain(file: Path, python: Path) -> bool:
    theirs = analysis_peers.asked(python, "pipeline", file)
    _, ours = _best_of_both(lambda: None, lambda: engine.analyse(file))
    ratio = theirs["cpu_s"] / ours
    print(f"librosa's plain pipeline: {theirs['cpu_s']:.2f} s CPU, {theirs['peak_mb']:.0f} MB; ours {ours:.2f} s")
    print(f"  bound {PLAIN_BOUND} times cheaper, ratio {ratio:.2f}")
    return bool(ratio >= PLAIN_BOUND)


def _memory(folder: Path, mp3: Path) -> bool:
    short, long = folder / "three-minutes.mp3", folder / "three-hours.mp3"
    looped("-i", str(mp3), "-t", "180", "-c", "copy", str(short))
    looped("-stream_loop", "44", "-i", str(mp3), "-t", "10800", "-c", "copy", str(long))
    peaks = [_peak_mb(short), _peak_mb(long)]
    print(f"memory of a parent and two children that analyse, PSS: {peaks[0]:.0f} MB for 3 minutes, "
          f"{peaks[1]:.0f} MB for 3 hours")  # fmt: skip
    print(f"  bound {MEMORY_BOUND_MB:.0f} MB, ratio {max(peaks) / MEMORY_BOUND_MB:.2f}; "
          f"growth bound {GROWTH_BOUND}, ratio {peaks[1] / peaks[0]:.2f}")  # fmt: skip
    return max(peaks) <= MEMORY_BOUND_MB and peaks[1] / peaks[0] <= GROWTH_BOUND


def _peak_mb(file: Path) -> float:
    with subprocess.Popen([sys.executable, "-c", TWO_CHILDREN, str(file)]) as parent:
        peak = 0.0
        while parent.poll() is None:
            peak = max(peak, sum(_weight(pid) for pid in family(parent.pid)))
            time.sleep(0.02)
    if parent.returncode:
        raise SystemExit("A child did not come to its end.")
    return peak


def _weight(pid: int) -> float:
    try:
        return pss_mb(pid)
    except (FileNotFoundError, ProcessLookupError, StopIteration):
        return 0.0
